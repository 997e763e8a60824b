"""What the worker does for letters. Each function may run twice, or be killed midway, without harm."""

from datetime import datetime, timedelta

from django.db import transaction

from letters.models import Event, Letter, Message
from letters.services.events import record

# How long a sent or cancelled message keeps its reader's address and words, for an editor to look into.
MESSAGE_KEPT = timedelta(days=30)


def note_releases(*, at: datetime) -> int:
    """Records the release of each scheduled letter whose time has come. The letter is public by the clock; this is
    the event that others wait for. How many were recorded."""
    scheduled = Event.objects.filter(kind="letter.release_scheduled").values("letter")
    noted = 0
    for letter in Letter.objects.public(at).filter(pk__in=scheduled):
        with transaction.atomic():
            letter = Letter.objects.select_for_update(no_key=True).get(pk=letter.pk)
            released = letter.events.filter(kind="letter.released", at__gte=letter.release_at)
            if letter.release_at and letter.is_public(at) and not released.exists():
                record(
                    "letter.released",
                    at=at,
                    letter=letter,
                    after={"release_at": letter.release_at.isoformat()},
                )
                noted += 1
    return noted


def erase_messages(*, at: datetime) -> int:
    """Erases address and words of messages that ended a while ago; how many."""
    ended = [Message.State.SENT, Message.State.CANCELLED, Message.State.FAILED]
    old = Message.objects.filter(state__in=ended, created_at__lt=at - MESSAGE_KEPT).exclude(recipient="")
    return old.erase()
