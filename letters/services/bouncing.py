"""What a report says of a message, noted on it and on the address that it was to."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from letters import bounces, keys
from letters.bounces import Report
from letters.models import Attempt, BouncedAddress, Message
from letters.rows import portions

log = logging.getLogger("undersigned.mail")
State, Outcome = Message.State, Attempt.Outcome


@transaction.atomic
def note_bounce(report: Report, *, at: datetime) -> Message | None:
    """Notes a report on its message, by Message-ID alone: that cannot be guessed, while the address in a report may be one
    that the reader forwards to. The message, or None where there is none, or nothing new to say of it.

    A failure makes it *bounced*, also while our own note of its acceptance is still on the way; a permanent one that is
    about the address (``says_address_is_dead``) is noted of the address too. A delay and a complaint are noted in the
    history alone: who hears a complaint looks for ``Outcome.COMPLAINED``. The same report twice changes nothing.
    """
    message = Message.objects.select_for_update().filter(message_id=report.message_id).first()
    if message is None:
        return None
    reply = f"{report.status} {report.words}".strip() if message.recipient else report.status
    if not is_new(message, report, reply):
        return None
    Attempt.objects.create(message=message, at=at, outcome=report.kind, reply=reply)
    if report.kind == bounces.BOUNCED:
        message.state, message.bounced_at, message.error = State.BOUNCED, at, reply
        message.claimed_by, message.claimed_at = "", None
        message.save(update_fields=["state", "bounced_at", "error", "claimed_by", "claimed_at"])
        if report.says_address_is_dead and message.recipient:
            remember(message.recipient, status=report.status, at=at)
    log.info("message %s (%s) %s: %s", message.pk, message.kind, report.kind, reply)
    return message


def is_new(message: Message, report: Report, reply: str) -> bool:
    """Whether the report says something of the message that is not known, and can be of its present life: one that an
    editor put back and that was not tried since, or that was cancelled, cannot have come back again."""
    if report.kind == bounces.COMPLAINED:
        return not message.history.filter(outcome=Outcome.COMPLAINED).exists()
    untried = (
        message.state in (State.QUEUED, State.CLAIMED) and not message.attempts and not message.uncertain
    )
    if untried or message.state in (State.BOUNCED, State.CANCELLED):
        return False
    if report.kind == bounces.DELAYED:
        since = message.history.filter(outcome=Outcome.BOUNCED).aggregate(last=Max("id"))["last"] or 0
        return not message.history.filter(outcome=Outcome.DELAYED, reply=reply, id__gt=since).exists()
    return True


def remember(email: str, *, status: str, at: datetime) -> None:
    """Notes that mail to this address cannot be delivered."""
    BouncedAddress.objects.update_or_create(
        key=address_key(email), defaults={"status": status[:12], "bounced_at": at}
    )


def forget(email: str) -> None:
    """An editor thinks that mail to this address can be delivered (again)."""
    BouncedAddress.objects.filter(key=address_key(email)).delete()


def is_dead(email: str) -> bool:
    """Whether a server said that mail to this address cannot be delivered."""
    return BouncedAddress.objects.filter(key=address_key(email)).exists()


def dead_among(emails: Iterable[str]) -> set[str]:
    """Those of the addresses, as they were given, for which ``is_dead`` holds; one statement for each 500 of them."""
    by_key: dict[str, list[str]] = {}
    for email in emails:
        by_key.setdefault(address_key(email), []).append(email)
    found: set[str] = set()
    for some in portions(list(by_key), 500):
        dead = BouncedAddress.objects.filter(key__in=some)
        for key in dead.values_list("key", flat=True):
            found.update(by_key[key])
    return found


def address_key(email: str) -> str:
    """By what an address is known without being kept."""
    return keys.blind("address", email.strip().lower())
