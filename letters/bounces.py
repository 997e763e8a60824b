"""What comes back: reports of mail servers about a message, as they are found in the wild.

Delivery status notifications (RFC 3464) in the shapes of Postfix, Sendmail, Exchange, Gmail and others, the plain text of
older Exim (``X-Failed-Recipients``) and of qmail, and feedback reports (RFC 5965). Whatever else comes to the address, an
out-of-office reply above all, is no report. Pure: knows no database.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail

from letters.logs import redact

# What is looked at of a mail: strangers write them, and the time that the parser takes grows with the square of some.
LARGEST = 256 * 1024  # bytes; what a report says stands before what it returns
MOST_BOUNDARIES = 40
LONGEST_WORDS = 500
BOUNCED, DELAYED, COMPLAINED = KINDS = ("bounced", "delayed", "complained")
# A header of ours, for services that replace the Message-ID; else the Message-ID (RFC 5322, 3.6.4).
ID_HEADERS = ("X-Undersigned-ID", "Message-ID")
ID = re.compile(r"<[^\s<>\x00-\x1f\x7f]{3,118}>")
ID_LINE = re.compile(
    r"^[> \t]*(X-Undersigned-ID|Message-ID):\s*(<[^\s<>]{3,118}>)", re.IGNORECASE | re.MULTILINE
)
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\d.])([45])[0-5]\d(?![\d.])")
# Feedback-Type (RFC 5965, 3.1 and 7.3, RFC 6650) that means: the reader does not want it.
UNWANTED = {"abuse", "fraud", "opt-out", "opt-out-list"}
# Permanent failures (RFC 3463) that say nothing about the address: a full mailbox, a message too large, its content, and
# policy, which is as a rule about who sends.
NOT_THE_ADDRESS = re.compile(r"5\.(2\.2|2\.3|3\.4|6\.\d+|7\.\d+)")


@dataclass(frozen=True)
class Report:
    """What was reported of one message: ``kind`` is one of KINDS, ``status`` a code of RFC 3463 or empty, ``words`` the
    server's, without addresses."""

    kind: str
    message_id: str
    status: str = ""
    words: str = ""

    @property
    def says_address_is_dead(self) -> bool:
        """Whether no mail to that address can be delivered, as far as the report goes."""
        return (
            self.kind == BOUNCED
            and not self.status.startswith("4")
            and not NOT_THE_ADDRESS.fullmatch(self.status)
        )


# Half a character, as some charsets give it for hostile bytes: no database and no answer can hold one.
SURROGATE = re.compile("[\ud800-\udfff]")


def read(raw: bytes) -> Report | None:
    """The report that a mail is; None for any other mail, and for one that cannot be read. Never raises."""
    head = raw[:LARGEST]
    if head.lower().count(b"boundary") > MOST_BOUNDARIES:
        return None
    try:
        report = _read(message_from_bytes(head))
        return report if report is None or clean_id(report.message_id) else None
    except (
        Exception
    ):  # strangers write these; the parser has met none that it fails on, and the next one may be it
        return None


def clean_id(typed: str) -> str:
    """A Message-ID in angle brackets, or nothing where it is none."""
    found = ID.fullmatch(f"<{typed.strip().strip('<>')}>")
    return found[0] if found and not SURROGATE.search(found[0]) else ""


def clean_status(typed: str) -> str:
    """The first code of RFC 3463 in some words, or nothing."""
    found = STATUS.search(typed)
    return found[0] if found else ""


def clean_words(words: str) -> str:
    """A server's words on one line, without addresses and keys."""
    short = SURROGATE.sub("\ufffd", words[: 8 * LONGEST_WORDS].replace("\0", " "))
    return redact(" ".join(short.split())[: 2 * LONGEST_WORDS])[:LONGEST_WORDS]


def _read(mail: Mail) -> Report | None:
    parts = list(mail.walk())
    kinds = {part.get_content_type(): part for part in reversed(parts)}  # the first of each kind
    if "message/feedback-report" in kinds:
        return _feedback(kinds["message/feedback-report"], parts)
    if "message/delivery-status" in kinds:
        return _status(kinds["message/delivery-status"], mail, parts)
    return _plain(mail, parts)


def _feedback(part: Mail, parts: list[Mail]) -> Report | None:
    fields = next(_blocks(part), None)
    kind = _field(fields, "Feedback-Type").lower() if fields else ""
    message_id = _original_id(part, parts)
    return (
        Report(COMPLAINED, message_id, words=clean_words(kind)) if kind in UNWANTED and message_id else None
    )


def _status(part: Mail, mail: Mail, parts: list[Mail]) -> Report | None:
    """What is reported of the recipients; of several, what holds for all of them. Our mail has one, which may have been
    forwarded to others."""
    found = [_recipient(block) for block in _blocks(part)]
    known = [one for one in found if one is not None]
    message_id = _original_id(part, parts) or _answered_id(mail)
    if not known or not message_id or any(kind == "" for kind, _status, _words in known):
        return None
    kind = DELAYED if any(kind == DELAYED for kind, _status, _words in known) else BOUNCED
    _same, status, words = next(one for one in known if one[0] == kind)
    return Report(kind, message_id, status, words)


def _recipient(block: Mail) -> tuple[str, str, str] | None:
    """Kind, status and words of one recipient's fields (RFC 3464, 2.3); an empty kind for one that was reached, None for a
    block that is about no recipient."""
    if not (
        _field(block, "Final-Recipient") or _field(block, "Original-Recipient") or _field(block, "Action")
    ):
        return None
    action = _field(block, "Action").lower().partition(" ")[0]
    words = _field(block, "Diagnostic-Code")
    status = clean_status(_field(block, "Status")) or clean_status(words)
    if not action:
        action = {"5": "failed", "4": "delayed"}.get(status[:1], "")
    kind = {"failed": BOUNCED, "delayed": DELAYED}.get(action, "")
    return kind, status, clean_words(re.sub(r"^\s*[\w-]+\s*;", "", words))


def _plain(mail: Mail, parts: list[Mail]) -> Report | None:
    """Reports in words alone: Exim's before it knew RFC 3464, and qmail's (QSBMF)."""
    body = next((_text(part) for part in parts if part.get_content_type() == "text/plain"), "")
    exim = mail["X-Failed-Recipients"] is not None
    qmail = body.lstrip().startswith("Hi. This is the") and "permanent" in body[:2000]
    if not exim and not qmail:
        return None
    said, _line, returned = body.partition("\n------ This is a copy")
    if not returned:
        said, _line, returned = body.partition("\n--- Below this line is a copy")
    message_id = _id_in(returned) or _original_id(mail, parts) or _answered_id(mail)
    status = clean_status(said)
    if not status:
        reply = REPLY.search(said)
        status = f"{reply[1]}.0.0" if reply else ""
    told = [line for line in said.splitlines() if STATUS.search(line) or REPLY.search(line)]
    return Report(BOUNCED, message_id, status, clean_words(" ".join(told[:3]))) if message_id else None


def _blocks(part: Mail) -> Iterator[Mail]:
    """The groups of fields in a part; one that was sent as text is read all the same."""
    payload = part.get_payload()
    if isinstance(payload, list):
        for block in payload:
            if isinstance(block, Mail):
                yield block
                if not block.keys() and isinstance(block.get_payload(), str):
                    yield from _fields(str(block.get_payload()))
    else:
        yield from _fields(_text(part))


def _fields(text: str) -> Iterator[Mail]:
    for block in re.split(r"\r?\n[ \t]*\r?\n", text):
        yield message_from_bytes(block.strip().encode("utf-8", "replace"))


def _original_id(report: Mail, parts: list[Mail]) -> str:
    """The Message-ID of the message that was returned, whole or its headers alone, after the part that reports."""
    place = next(index for index, part in enumerate(parts) if part is report)
    found: dict[str, str] = {}
    for part in parts[place + 1 :]:
        for name in ID_HEADERS:
            given = ID.search(str(part[name] or ""))
            if given:
                found.setdefault(name, given[0])
        if part.get_content_type() in ("text/rfc822-headers", "text/rfc822", "text/plain"):
            for name, value in ID_LINE.findall(_text(part)):
                found.setdefault({"x-undersigned-id": ID_HEADERS[0]}.get(name.lower(), ID_HEADERS[1]), value)
    return next((found[name] for name in ID_HEADERS if found.get(name)), "")


def _id_in(text: str) -> str:
    given = {name.lower(): value for name, value in reversed(ID_LINE.findall(text))}
    return given.get("x-undersigned-id") or given.get("message-id", "")


def _answered_id(mail: Mail) -> str:
    """The message that a report names as the one it answers, where it returns nothing of it."""
    for name in ("In-Reply-To", "References"):
        found = ID.findall(str(mail[name] or ""))
        if found:
            return str(found[-1])
    return ""


def _field(block: Mail, name: str) -> str:
    return " ".join(str(block[name] or "").split())


def _text(part: Mail) -> str:
    """A part's text, whatever it says of its charset."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return payload.decode("latin-1")
