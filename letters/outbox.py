"""The outbox: the one door by which mail leaves.

``queue`` writes a message in the caller's transaction. ``send_due`` is what a worker runs: it claims some messages,
hands each to the mail server and marks it. It may be killed at any moment: a claim that was not yet being sent is
taken up again after ``MAIL_STALE_SECONDS``; one that was being sent is sent again with the same Message-ID, and counted as
uncertain, since only the mail server knows. Any number of workers may run, on any number of machines.
"""

import logging
import random
import smtplib
import socket
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import timezone

from letters.compose import compose
from letters.logs import redact
from letters.models import Letter, Message, Switch
from letters.rows import insert

log = logging.getLogger("undersigned.mail")

BATCH = 20
# After each failed try: 1, 2, 4, ... minutes with jitter, at most 6 hours; 12 tries are about a day and a half.
FIRST_WAIT, LONGEST_WAIT, TRIES = timedelta(minutes=1), timedelta(hours=6), 12


def queue(
    kind: str,
    recipient: str,
    *,
    at: datetime,
    language: str,
    context: dict[str, Any],
    links: Mapping[str, tuple[str, str, str]] | None = None,
    letter: Letter | None = None,
    subject_ref: str = "",
    priority: int = Message.Priority.NOTICE,
    once: str | None = None,
    send_at: datetime | None = None,
) -> Message:
    """Writes a message to the outbox, in the caller's transaction, to be sent from ``send_at`` on, or from ``at``.

    ``links`` maps a name in the template to (address name, purpose, nonce) of a key. ``once``, when given, is a
    word that no two messages share: a second message with it violates a constraint.
    """
    return insert(
        written(
            kind,
            recipient,
            at=at,
            language=language,
            context=context,
            links=links,
            letter=letter,
            subject_ref=subject_ref,
            priority=priority,
            once=once,
            send_at=send_at,
        )
    )


def written(
    kind: str,
    recipient: str,
    *,
    at: datetime,
    language: str,
    context: dict[str, Any],
    links: Mapping[str, tuple[str, str, str]] | None = None,
    send_at: datetime | None = None,
    **fields: Any,
) -> Message:
    """The message as ``queue`` writes it, not written: to be looked at."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return Message(
        kind=kind,
        recipient=recipient,
        language=language,
        context=context,
        keys={name: list(parts) for name, parts in (links or {}).items()},
        next_try_at=send_at or at,
        created_at=at,
        message_id=f"<{uuid.uuid4().hex}@{domain}>",
        **fields,
    )


def send_due(*, worker: str, at: datetime | None = None, batch: int = BATCH) -> int:
    """Sends up to ``batch`` messages that are due; how many were tried. ``worker`` names the process."""
    moment = at or timezone.now()
    if Switch.objects.filter(name=Switch.Name.MAIL, stopped=True).exists():
        return 0
    recover(at=moment)
    claimed = claim(worker=worker, at=moment, batch=batch)
    if not claimed:
        return 0
    mailer = get_connection()
    try:
        for message in claimed:
            send_one(message, mailer=mailer)
    finally:
        _close(mailer)
    return len(claimed)


def claim(*, worker: str, at: datetime, batch: int) -> list[Message]:
    """Takes messages for this worker; no two workers ever take the same one."""
    with transaction.atomic():
        due = Message.objects.due(at)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        ids = list(due.values_list("id", flat=True)[:batch])
        Message.objects.filter(id__in=ids, state=Message.State.QUEUED).update(
            state=Message.State.CLAIMED, claimed_at=at, claimed_by=worker
        )
    mine = Message.objects.filter(id__in=ids, state=Message.State.CLAIMED, claimed_by=worker)
    return list(mine.select_related("letter").order_by("priority", "next_try_at", "id"))


def recover(*, at: datetime) -> int:
    """Gives back what a dead worker had claimed; how many messages."""
    stale = Message.objects.filter(claimed_at__lt=at - timedelta(seconds=settings.MAIL_STALE_SECONDS))
    unsent = stale.filter(state=Message.State.CLAIMED).update(
        state=Message.State.QUEUED, claimed_by="", claimed_at=None
    )
    unknown = 0
    for message in stale.filter(state=Message.State.SENDING):
        unknown += Message.objects.filter(pk=message.pk, state=Message.State.SENDING).update(
            state=Message.State.QUEUED, claimed_by="", claimed_at=None, uncertain=message.uncertain + 1
        )
    if unknown:
        log.warning("%s messages were being sent when a worker stopped; they are sent again", unknown)
    return unsent + unknown


def send_one(message: Message, *, mailer: BaseEmailBackend) -> None:
    """Hands one claimed message to the mail server and marks what came of it. Raises nothing that a server does."""
    try:
        mail = compose(message)
    except Exception as error:  # whatever is wrong with one message must not hold up the others
        log.exception("message %s (%s) could not be written", message.pk, message.kind)
        _fail(message, redact(f"could not be written: {error!r}")[:500], final=True)
        return
    mail.connection = mailer
    now = timezone.now()
    taken = Message.objects.filter(pk=message.pk, state=Message.State.CLAIMED, claimed_by=message.claimed_by)
    if not taken.update(state=Message.State.SENDING, claimed_at=now, attempts=message.attempts + 1):
        return  # cancelled, or another worker took it meanwhile
    message.attempts += 1
    try:
        mailer.open()
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        _close(mailer)
        _fail(message, describe(error), final=is_final(error))
        return
    except (
        Exception
    ) as error:  # such as a header that cannot be sent: it is this message's fault, and its end
        _close(mailer)
        log.exception("message %s (%s) cannot be sent", message.pk, message.kind)
        _fail(message, describe(error), final=True)
        return
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.SENT, sent_at=timezone.now(), error="", claimed_by="", claimed_at=None
    )


def is_final(error: Exception) -> bool:
    """Whether the server refused for good: an SMTP reply of class 5 to this message or its recipient (RFC 5321,
    4.2.1). A refusal of the session (sign-in, greeting) says nothing about the message and is tried again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return False
    return isinstance(error, smtplib.SMTPResponseException) and 500 <= error.smtp_code < 600


def describe(error: Exception) -> str:
    """The error in a line for the desk and the log, without keys, and without the addresses that mail servers quote."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        error = smtplib.SMTPResponseException(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        words = (
            error.smtp_error.decode("utf-8", "replace")
            if isinstance(error.smtp_error, bytes)
            else error.smtp_error
        )
        return redact(f"{error.smtp_code} {words}")[:500]
    return redact(f"{type(error).__name__}: {error}")[:500]


def resend(message: Message, *, at: datetime) -> bool:
    """Puts a failed, cancelled or sent message back into the queue, by an editor's decision; whether it was one."""
    again = Message.objects.filter(
        pk=message.pk, state__in=[Message.State.FAILED, Message.State.CANCELLED, Message.State.SENT]
    ).exclude(recipient="")
    return bool(again.update(state=Message.State.QUEUED, next_try_at=at, attempts=0, error=""))


def cancel(message: Message) -> bool:
    """Takes a message that waits out of the queue; whether it still waited."""
    return bool(
        Message.objects.filter(pk=message.pk, state=Message.State.QUEUED).update(
            state=Message.State.CANCELLED
        )
    )


def worker_name() -> str:
    """This process, as claims name it."""
    return f"{socket.gethostname()[:30]}:{uuid.uuid4().hex[:12]}"


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the given number of failed tries: doubling, with a jitter of a quarter."""
    span = min(FIRST_WAIT * 2 ** max(attempts - 1, 0), LONGEST_WAIT)
    return span * random.uniform(0.75, 1.25)


def _fail(message: Message, error: str, *, final: bool) -> None:
    final = final or message.attempts >= TRIES
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.FAILED if final else Message.State.QUEUED,
        error=error,
        next_try_at=timezone.now() + wait_after(message.attempts),
        claimed_by="",
        claimed_at=None,
    )
    log.warning(
        "message %s (%s) %s: %s",
        message.pk,
        message.kind,
        "failed" if final else "waits for another try",
        error,
    )


def _close(mailer: BaseEmailBackend) -> None:
    try:
        mailer.close()
    except (smtplib.SMTPException, OSError):
        log.info("the mail server had closed the connection already")
