"""The mail of signing: one function a message, each over the one door that queues it. They do not decide whether."""

from datetime import datetime
from typing import Any

from letters import keys, outbox
from letters.models import Letter, Message
from letters.rows import insert
from signatories.models import DigestSetting, Invitation, Key, Representative, Signature

# Purposes of keys that are no signature's: stopping digests, answering an invitation, wanting no more of them.
DIGEST_STOP, INVITATION, INVITATION_STOP = "digest-stop", "invitation", "invitation-stop"


def mint(
    signature: Signature, purpose: str, *, at: datetime, expires_at: datetime | None = None
) -> tuple[str, str]:
    """A new key of ``signature`` for ``purpose``; gives (purpose, nonce) for a queued message."""
    nonce = keys.new_nonce()
    digest = keys.digest(keys.derive(purpose, nonce))
    insert(Key(signature=signature, purpose=purpose, digest=digest, expires_at=expires_at, created_at=at))
    return purpose, nonce


def _queue(
    kind: str, signature: Signature, person: Representative, *, at: datetime, **options: Any
) -> Message:
    letter: Letter = signature.letter
    context = {"signatory": signature.shown_name} | options.pop("context", {})
    return outbox.queue(
        kind,
        person.email,
        at=at,
        language=person.language,
        context=context,
        letter=letter,
        subject_ref=signature.ref,
        **options,
    )


def confirm(
    signature: Signature, person: Representative, *, at: datetime, until: datetime, once: str | None = None
) -> Message:
    """Asks the representative to confirm, with the link that does it; ``until`` is when the link ends."""
    link = mint(signature, Key.Purpose.CONFIRM, at=at, expires_at=until)
    return _queue(
        "confirm",
        signature,
        person,
        at=at,
        links={"confirm_url": ("confirm", *link)},
        context={"until_at": until.isoformat()},
        priority=Message.Priority.ANSWER,
        once=once,
    )


def reminder(signature: Signature, person: Representative, *, at: datetime, until: datetime) -> Message:
    """Asks once more, with a link of its own."""
    link = mint(signature, Key.Purpose.CONFIRM, at=at, expires_at=until)
    return _queue(
        "reminder",
        signature,
        person,
        at=at,
        links={"confirm_url": ("confirm", *link), **_stop(signature, at=at)},
        context={"until_at": until.isoformat()},
        once=f"reminder:{signature.pk}",
    )


def receipt(signature: Signature, person: Representative, *, at: datetime) -> Message:
    """After confirming or re-affirming: the text that was signed, and the private link."""
    return _manage(
        "receipt",
        signature,
        person,
        at=at,
        context={"version_id": signature.version_id, "read": signature.language},
    )


def accepted(signature: Signature, person: Representative, *, at: datetime) -> Message:
    """Tells that the signature is listed, or counted as withheld."""
    return _manage("accepted", signature, person, at=at, context={"withheld": not signature.is_listed})


def listed(signature: Signature, person: Representative, *, at: datetime) -> Message:
    """Tells whom a list named that the signature stands on the letter, with the private link to correct or withdraw."""
    return _manage(
        "listed",
        signature,
        person,
        at=at,
        links=_stop(signature, at=at),
        priority=Message.Priority.MASS,
        once=f"listed:{signature.pk}",
    )


def amended(
    signature: Signature, person: Representative, *, at: datetime, once: str, again: bool = False
) -> Message:
    """Tells that the text was amended since this signatory signed it, with the difference and the link to re-affirm or
    withdraw; ``again``: the one reminder."""
    letter: Letter = signature.letter
    return _queue(
        "amended_reminder" if again else "amended",
        signature,
        person,
        at=at,
        links={
            "reaffirm_url": ("reaffirm", *mint(signature, Key.Purpose.REAFFIRM, at=at)),
            **_stop(signature, at=at),
        },
        context={"before_id": signature.version_id, "version_id": letter.current_version_id},
        once=once,
    )


def refused(signature: Signature, person: Representative, *, at: datetime, reason: str) -> Message:
    """Tells that an editor does not list the signature, and why."""
    return _queue("refused", signature, person, at=at, context={"reason": reason})


def correction_settled(
    signature: Signature, person: Representative, *, at: datetime, taken: bool, reason: str = ""
) -> Message:
    """Tells what an editor decided about a corrected name."""
    return _manage("correction", signature, person, at=at, context={"taken": taken, "reason": reason})


def withdrawn(signature: Signature, person: Representative, *, at: datetime) -> Message:
    """The last message: the signature was taken back, the data is erased."""
    return _queue("withdrawn", signature, person, at=at, priority=Message.Priority.ANSWER)


def second_attempt(signature: Signature, person: Representative, *, at: datetime, once: str) -> Message:
    """Tells the first representative that somebody else started to sign for the same organisation."""
    return _manage("second_attempt", signature, person, at=at, links=_stop(signature, at=at), once=once)


def colleague(signature: Signature, person: Representative, *, at: datetime, once: str) -> Message:
    """Tells a later representative, at the organisation's own domain, that the organisation has signed already."""
    return _queue("colleague", signature, person, at=at, once=once)


def private_link(signature: Signature, person: Representative, *, at: datetime) -> Message:
    """The private link again, for a representative who signed already and sent the form once more."""
    return _manage("private_link", signature, person, at=at, priority=Message.Priority.ANSWER)


def digest(
    letter: Letter, setting: DigestSetting, *, waiting: int, url: str, at: datetime, once: str
) -> Message:
    """Tells an editor how many signatures of a letter wait for review, with the link that stops such mail."""
    return outbox.queue(
        "digest",
        setting.user.email,
        at=at,
        language="en",
        context={"waiting": waiting, "queue_url": url},
        links={"stop_url": ("digest_stop", DIGEST_STOP, setting.nonce)},
        letter=letter,
        once=once,
    )


def invitation(
    row: Invitation, *, at: datetime, send_at: datetime, words: str, leading: str = "", again: bool = False
) -> Message:
    """Asks an address to sign, by its own link, from ``send_at`` on; ``words`` are the editors' own, ``leading``
    names who leads the letter. ``again``: a reminder."""
    return outbox.queue(**_invitation(row, words=words, leading=leading, again=again), at=at, send_at=send_at)


def invitation_sample(
    row: Invitation, *, words: str, leading: str = "", again: bool = False, to: str = ""
) -> dict[str, Any]:
    """The same message as ``invitation`` queues, for an editor to look at or to have sent ``to`` an own address: with links of a key that nobody has."""
    made = _invitation(row, words=words, leading=leading, again=again)
    nonce = keys.new_nonce()
    made["links"] = {
        name: (address, purpose, nonce) for name, (address, purpose, _n) in made["links"].items()
    }
    return made | {"recipient": to or row.email, "subject_ref": "", "priority": Message.Priority.ANSWER}


def _invitation(row: Invitation, *, words: str, leading: str, again: bool) -> dict[str, Any]:
    context = {
        "signatory": row.organisation_name,
        "person": row.person_name,
        "words": words,
        "leading": leading,
    }
    return {
        "kind": "invitation_reminder" if again else "invitation",
        "recipient": row.email,
        "language": row.language,
        "context": context,
        "links": {
            "invitation_url": ("invitation", INVITATION, row.nonce),
            "decline_url": ("invitation_decline", INVITATION, row.nonce),
            "stop_url": ("invitation_stop", INVITATION_STOP, row.nonce),
        },
        "letter": row.letter,
        "subject_ref": row.ref,
        "priority": Message.Priority.MASS,
    }


def released(signature: Signature, person: Representative, *, at: datetime, once: str) -> Message:
    """The letter is public: its address, and the document as it stands."""
    return _news("released", signature, person, at=at, once=once, context={"document": "pdf"})


def delivered(
    signature: Signature, person: Representative, *, delivery_id: int, at: datetime, once: str
) -> Message:
    """News: the letter was handed over."""
    return _news("delivered", signature, person, at=at, once=once, context={"delivery_id": delivery_id})


def response(
    signature: Signature, person: Representative, *, response_id: int, at: datetime, once: str
) -> Message:
    """News: an addressee answered."""
    return _news("response", signature, person, at=at, once=once, context={"response_id": response_id})


def update(
    signature: Signature, person: Representative, *, update_id: int, at: datetime, once: str
) -> Message:
    """News: the publisher writes about the letter."""
    return _news("update", signature, person, at=at, once=once, context={"update_id": update_id})


def _news(
    kind: str, signature: Signature, person: Representative, *, at: datetime, **options: Any
) -> Message:
    """What happened to the letter."""
    links = _stop(signature, at=at)
    options["context"] |= {"earlier": signature.is_earlier}
    return _queue(kind, signature, person, at=at, links=links, priority=Message.Priority.MASS, **options)


def _stop(signature: Signature, *, at: datetime) -> dict[str, tuple[str, str, str]]:
    """The link that stops mail about the letter: on every message that does not answer an act of the reader's own."""
    return {"stop_url": ("stop_news", *mint(signature, Key.Purpose.STOP, at=at))}


def _manage(
    kind: str, signature: Signature, person: Representative, *, at: datetime, **options: Any
) -> Message:
    link = {"private_url": ("signature", *mint(signature, Key.Purpose.MANAGE, at=at))}
    links = link | options.pop("links", {})
    return _queue(kind, signature, person, at=at, links=links, **options)
