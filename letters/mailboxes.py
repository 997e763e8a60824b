"""Mailboxes that reports come to: an mbox file, a Maildir, or a folder on an IMAP server (RFC 3501)."""

import imaplib
import logging
import mailbox
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError

from letters import bounces
from letters.services import bouncing

log = logging.getLogger("undersigned.mail")
AT_A_TIME = 500  # mails of a mailbox that are read in one go; the next goes on


class CannotRead(Exception):
    """The mailbox is not there or does not let us in; the words say why, and hold no password."""


@dataclass
class Counts:
    """What was found in a mailbox."""

    read: int = 0
    noted: int = 0
    known: dict[str, int] = field(default_factory=lambda: dict.fromkeys(bounces.KINDS, 0))


def read_bounces(*, at: datetime) -> int:
    """Reads the reports in ``BOUNCE_MAILBOX``, if there is one; how many mails. For the worker: a mailbox that cannot be
    read is logged in a line, and tried again the next time."""
    if not settings.BOUNCE_MAILBOX:
        return 0
    try:
        return read_mailbox(settings.BOUNCE_MAILBOX, at=at).read
    except CannotRead as error:
        log.warning("the mailbox of reports cannot be read: %s", error)
        return 0


def read_mailbox(where: str, *, at: datetime, delete: bool = False) -> Counts:
    """Notes the reports among the mails that were not seen yet, and marks all of them as seen; with ``delete`` those that
    were reports are deleted. Raises ``CannotRead``. Each is marked after it was noted: one that is read twice is noted once."""
    counts = Counts()

    def take(raw: bytes) -> bool:
        counts.read += 1
        report = bounces.read(raw)
        if report is None:
            return False
        counts.known[report.kind] += 1
        try:
            counts.noted += bouncing.note_bounce(report, at=at) is not None
        except DatabaseError:
            raise
        except Exception:  # one mail, which strangers can write, must not keep those after it from being read
            log.exception("a report could not be noted")
            return False
        return delete

    if where.startswith(("imap://", "imaps://")):
        _read_imap(where, take)
    else:
        _read_files(Path(where), take)
    return counts


def _read_files(path: Path, take: Callable[[bytes], bool]) -> None:
    """``take`` says of each mail whether it may be deleted."""
    if not path.exists():
        raise CannotRead(f"there is no {path}")
    try:
        box: mailbox.Mailbox = (
            mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
        )
        with _locked(box):
            for key in _unseen_in(box):
                if take(box.get_bytes(key)):
                    box.remove(key)
                else:
                    _mark_seen(box, key)
    except (OSError, mailbox.Error) as error:
        raise CannotRead(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def _unseen_in(box: mailbox.Mailbox[Any]) -> list[str]:
    """The keys of the first mails that nobody has seen: flag S of a Maildir, R of an mbox."""
    seen = "S" if isinstance(box, mailbox.Maildir) else "R"
    unseen = (key for key in list(box.iterkeys()) if seen not in box[key].get_flags())
    return list(islice(unseen, AT_A_TIME))


def _mark_seen(box: mailbox.Mailbox[Any], key: str) -> None:
    mail = box[key]
    if isinstance(mail, mailbox.MaildirMessage):
        mail.set_subdir("cur")
        mail.add_flag("S")
    else:
        mail.add_flag("RO")
    box[key] = mail


@contextmanager
def _locked(box: mailbox.Mailbox[Any]) -> Iterator[None]:
    """Holds the mail server off an mbox meanwhile, and writes what was changed, also when it breaks off."""
    box.lock()
    try:
        yield
    finally:
        box.flush()
        box.unlock()
        box.close()


def _read_imap(where: str, take: Callable[[bytes], bool]) -> None:
    parts = _split(where)
    password = unquote(parts.password or "")
    try:
        with _signed_in(parts, password) as server:
            deleted = [number for number in _unseen(server) if _take_one(server, number, take)]
            if deleted and "UIDPLUS" in server.capabilities:
                server.uid("EXPUNGE", ",".join(deleted))  # ours alone (RFC 4315)
            elif deleted:
                server.expunge()
    except (imaplib.IMAP4.error, OSError) as error:
        words = " ".join(str(error).split())
        words = words.replace(password, "***") if password else words
        raise CannotRead(f"{parts.hostname}: {words[:300] or type(error).__name__}") from None


def _split(where: str) -> SplitResult:
    try:
        parts = urlsplit(where)
        _ = parts.port
    except ValueError:
        raise CannotRead("its address is not understood; write imaps://user:password@host/folder") from None
    return parts


@contextmanager
def _signed_in(parts: SplitResult, password: str) -> Iterator[imaplib.IMAP4]:
    kind = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    port = parts.port or (993 if parts.scheme == "imaps" else 143)
    server = kind(parts.hostname or "", port, timeout=settings.EMAIL_TIMEOUT or 30)
    try:
        if parts.scheme == "imap" and "STARTTLS" in server.capabilities:
            server.starttls()
        server.login(unquote(parts.username or ""), password)
        folder = unquote(parts.path.strip("/")) or "INBOX"
        quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
        state, said = server.select(f'"{quoted}"')
        if state != "OK":
            raise imaplib.IMAP4.error(f"folder {folder}: {_words(said)}")
        yield server
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _unseen(server: imaplib.IMAP4) -> list[str]:
    state, found = server.uid("SEARCH", "UNSEEN")
    if state != "OK":
        raise imaplib.IMAP4.error(f"it cannot be searched: {_words(found)}")
    return (found[0] or b"").decode("ascii", "replace").split()[:AT_A_TIME]


def _take_one(server: imaplib.IMAP4, number: str, take: Callable[[bytes], bool]) -> bool:
    """Reads a mail as far as it matters, without marking it, and marks it once it is noted; whether it is to be deleted."""
    _state, found = server.uid("FETCH", number, f"(BODY.PEEK[]<0.{bounces.LARGEST}>)")
    raw = next((part[1] for part in found if isinstance(part, tuple)), None)
    deletes = raw is not None and take(raw)
    server.uid("STORE", number, "+FLAGS", "(\\Seen \\Deleted)" if deletes else "(\\Seen)")
    return deletes


def _words(said: list[bytes | None]) -> str:
    return " ".join((line or b"").decode("utf-8", "replace") for line in said)
