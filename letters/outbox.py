"""The outbox: the one door by which mail leaves.

``queue`` writes a message in the caller's transaction. ``send_due`` is what a worker runs: it claims some messages,
hands each to the mail server and writes what came of it, as its state and as a line of its history. It may be killed at any moment: a claim that was not yet being sent is
taken up again after ``MAIL_STALE_SECONDS``; one that was being sent is sent again with the same Message-ID, and counted as
uncertain, since only the mail server knows. Any number of workers may run, on any number of machines.
"""

import logging
import random
import smtplib
import socket
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from letters import mailserver, pace
from letters.compose import compose
from letters.mailserver import describe, is_answer, is_final, plain
from letters.models import Attempt, Letter, Message, Switch
from letters.rows import insert

log = logging.getLogger("undersigned.mail")

BATCH = 20
# After each failed try: 1, 2, 4, ... minutes with jitter, at most 6 hours; 12 tries are about a day and a half.
LONGEST_WAIT, TRIES = timedelta(hours=6), 12
WAIT_FOR_DATABASE = 60.0  # seconds; a restart takes fewer
Outcome = Attempt.Outcome
HELD = (Message.State.CLAIMED, Message.State.SENDING)
ENDED = (Message.State.SENT, Message.State.FAILED, Message.State.BOUNCED, Message.State.CANCELLED)


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


def send_due(
    *,
    worker: str,
    at: datetime | None = None,
    batch: int = BATCH,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Sends up to ``batch`` messages that are due, as the pace allows; how many were tried. ``worker`` names the process,
    ``stopping`` says whether it was told to end: then, or when the switch stops mail, or when the mail server is so slow
    that others might take over what this worker claimed, the rest goes back to the queue at once."""
    moment = at or timezone.now()
    if is_stopped():
        return 0
    mailer = get_connection()
    recover(at=moment, worker=worker)
    claimed = claim(worker=worker, at=moment, batch=batch)
    begun, tried = time.monotonic(), 0
    try:
        for message in claimed:
            slow = time.monotonic() - begun > settings.MAIL_STALE_SECONDS / 2
            if tried and (slow or stopping() or is_stopped()):
                break
            send_one(message, mailer=mailer)
            tried += 1
    finally:
        _close(mailer)
    give_back(claimed[tried:])
    return tried


def is_stopped() -> bool:
    """Whether the switch holds all mail back."""
    return Switch.objects.filter(name=Switch.Name.MAIL, stopped=True).exists()


def claim(*, worker: str, at: datetime, batch: int) -> list[Message]:
    """Takes messages for this worker, no more than the pace allows; no two workers ever take the same one."""
    with transaction.atomic():
        due = Message.objects.due(at)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        ids = list(due.values_list("id", flat=True)[: pace.take(batch, at=at)])
        Message.objects.filter(id__in=ids, state=Message.State.QUEUED).update(
            state=Message.State.CLAIMED, claimed_at=at, claimed_by=worker
        )
        pace.use(len(ids), at=at)
    mine = Message.objects.filter(id__in=ids, state=Message.State.CLAIMED, claimed_by=worker)
    return list(mine.select_related("letter").order_by("priority", "next_try_at", "id"))


def give_back(claimed: Sequence[Message]) -> int:
    """Puts what was claimed and not tried back into the queue; how many."""
    if not claimed:
        return 0
    mine = Message.objects.filter(pk__in=[message.pk for message in claimed], state=Message.State.CLAIMED)
    mine = mine.filter(claimed_by=claimed[0].claimed_by)
    return mine.update(state=Message.State.QUEUED, claimed_by="", claimed_at=None)


def recover(*, at: datetime, worker: str = "") -> int:
    """Gives back what a dead worker had claimed, and what ``worker``, which asks, claimed earlier and could not try (the
    database went away); how many messages."""
    stale = Message.objects.filter(claimed_at__lt=at - timedelta(seconds=settings.MAIL_STALE_SECONDS))
    left = Message.objects.filter(claimed_by=worker) if worker else Message.objects.none()
    unsent = (
        (stale | left)
        .filter(state=Message.State.CLAIMED)
        .update(state=Message.State.QUEUED, claimed_by="", claimed_at=None)
    )
    unknown = 0
    for message in stale.filter(state=Message.State.SENDING):
        unknown += _recover_unknown(message, at=at)
    if unknown:
        log.warning("%s messages were being sent when a worker stopped; they are sent again", unknown)
    return unsent + unknown


@transaction.atomic
def _recover_unknown(message: Message, *, at: datetime) -> int:
    same = Message.objects.filter(pk=message.pk, state=Message.State.SENDING, claimed_at=message.claimed_at)
    taken = same.update(
        state=Message.State.QUEUED, claimed_by="", claimed_at=None, uncertain=message.uncertain + 1
    )
    if taken:
        Attempt.objects.create(message=message, at=at, outcome=Outcome.UNKNOWN, worker=message.claimed_by)
    return taken


def send_one(message: Message, *, mailer: BaseEmailBackend) -> None:
    """Hands one claimed message to the mail server and marks what came of it. Raises nothing that a server does."""
    try:
        mail = compose(message)
        mailserver.address(mail, mailer=mailer)
    except Exception as error:  # whatever is wrong with one message must not hold up the others
        log.exception("message %s (%s) could not be written", message.pk, message.kind)
        _settle(message, Outcome.REFUSED, plain(f"could not be written: {error!r}"))
        return
    mail.connection = mailer
    taken = Message.objects.filter(pk=message.pk, state=Message.State.CLAIMED, claimed_by=message.claimed_by)
    if not taken.update(
        state=Message.State.SENDING, claimed_at=timezone.now(), attempts=message.attempts + 1
    ):
        return  # cancelled, or another worker took it meanwhile
    message.attempts += 1
    try:
        mailer.open()
        mail.send()
        mailserver.check(mail)
    except Exception as error:
        _close(mailer)
        if not is_answer(
            error
        ):  # such as a header that cannot be sent: it is this message's fault, and its end
            log.exception("message %s (%s) cannot be sent", message.pk, message.kind)
        final = is_final(error) or not is_answer(error) or message.attempts >= TRIES
        _settle(message, Outcome.REFUSED if final else Outcome.WAITS, describe(error))
        return
    _settle(message, Outcome.ACCEPTED)


def _settle(message: Message, outcome: Outcome, reply: str = "") -> None:
    """Writes what came of a try. A database that is away is waited for: a message whose acceptance is not written would be
    sent again. (Nobody can take it meanwhile, from a database that does not answer.)"""
    row = Attempt(message=message, at=timezone.now(), outcome=outcome, reply=reply, worker=message.claimed_by)
    end, pause = time.monotonic() + WAIT_FOR_DATABASE, 0.1
    while True:
        try:
            _write(message, row)
            break
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block or time.monotonic() > end:
                raise
            log.warning("the database does not answer (%s); trying again", type(error).__name__)
        connection.close()
        time.sleep(pause)
        pause = min(pause * 2, 2)
    if outcome != Outcome.ACCEPTED:
        ended = "failed" if outcome == Outcome.REFUSED else "waits for another try"
        log.warning("message %s (%s) %s: %s", message.pk, message.kind, ended, reply)


@transaction.atomic
def _write(message: Message, row: Attempt) -> None:
    """The state after a try, and its line in the history; may run twice, when a connection broke while committing.

    Acceptance holds whatever became of the message meanwhile, but that it came back already. A failure changes what this
    worker still holds, and nothing that another one took over.
    """
    seen = Message.objects.filter(pk=message.pk)
    if row.outcome == Outcome.ACCEPTED:
        seen.exclude(state=Message.State.BOUNCED).update(state=Message.State.SENT, error="")
        seen.update(sent_at=row.at, claimed_by="", claimed_at=None)
    else:
        held = seen.filter(claimed_by=message.claimed_by, state__in=HELD)
        held.update(
            state=Message.State.FAILED if row.outcome == Outcome.REFUSED else Message.State.QUEUED,
            error=row.reply,
            next_try_at=row.at + wait_after(message.attempts),
            claimed_by="",
            claimed_at=None,
        )
    if not Attempt.objects.filter(message=message, at=row.at, worker=row.worker).exists():
        row.pk = None
        row.save(force_insert=True)


def resend(message: Message, *, at: datetime) -> bool:
    """Puts a message that ended back into the queue, by an editor's decision; whether it was one."""
    again = Message.objects.filter(pk=message.pk, state__in=ENDED).exclude(recipient="")
    return bool(
        again.update(state=Message.State.QUEUED, next_try_at=at, attempts=0, error="", bounced_at=None)
    )


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
    first = timedelta(seconds=settings.MAIL_FIRST_WAIT_SECONDS)
    span = min(first * 2 ** max(attempts - 1, 0), LONGEST_WAIT)
    return span * random.uniform(0.75, 1.25)


def _close(mailer: BaseEmailBackend) -> None:
    try:
        mailer.close()
    except (smtplib.SMTPException, OSError):
        log.info("the mail server had closed the connection already")
