"""What the worker does for letters. Each function may run twice, or be killed midway, without harm."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from letters import kept
from letters.models import Delivery, DeliveryFile, Event, Letter, Message
from letters.models.mail import MessageQuerySet
from letters.services.delivering import make_files
from letters.services.events import record

DOCUMENTS_AT_A_TIME = 10.0  # seconds after which no further document is begun in a round of the worker
LONGEST_PAUSE = 3600.0  # seconds until what could not be made is tried again
_failed: dict[
    tuple[int, datetime], tuple[int, float]
] = {}  # deliveries: how often, and when (``time.monotonic``) next


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


def old_messages(*, at: datetime) -> MessageQuerySet:
    """Messages that ended a while ago and still have an address or words."""
    waits = [Message.State.QUEUED, Message.State.CLAIMED, Message.State.SENDING]
    return (
        Message.objects.filter(created_at__lt=at - timedelta(days=settings.MESSAGE_DAYS))
        .exclude(state__in=waits)
        .erasable()
    )


def erase_messages(*, at: datetime) -> int:
    """Erases address and words of messages that ended, ``MESSAGE_DAYS`` after they were written; how many."""
    return old_messages(at=at).erase()


def make_documents(*, at: datetime) -> int:
    """Makes the documents of public letters whose lists are long, and removes those of letters that are not, or not any
    more; how many were made or removed."""
    found = Letter.objects.public(at).select_related("current_version")
    more = F("signature_count") - F("withheld_count") + F("earlier_count") - F("earlier_withheld_count")
    long = list(found.alias(names=more).filter(names__gt=settings.DOCUMENT_AT_ONCE))
    done, begun = 0, time.monotonic()
    due = [(letter, language) for letter in long for language in kept.due(letter, at=at)]
    for one, language in due:
        done += kept.make(one, language)
        if time.monotonic() - begun > DOCUMENTS_AT_A_TIME:
            break  # mail waits for nobody's document; the next round goes on
    for letter_id in set(kept.letters_kept()) - {letter.pk for letter in long}:
        done += kept.remove_all(letter_id)
    return done


def make_delivery_files(*, at: datetime) -> int:
    """Makes the files of deliveries that were not made at once; how many. One of which a file cannot be made is tried again
    after a pause that grows, so that mail and the other deliveries do not wait for it."""
    waiting = DeliveryFile.objects.filter(digest="").values("delivery")
    made, begun = 0, time.monotonic()
    for delivery in Delivery.objects.filter(pk__in=waiting).order_by("pk"):
        key = (delivery.pk, delivery.created_at)
        failed, until = _failed.get(key, (0, 0.0))
        if begun < until:
            continue
        made += make_files(delivery)
        if delivery.files.filter(digest="").exists():
            _failed[key] = failed + 1, time.monotonic() + min(30 * 2**failed, LONGEST_PAUSE)
        if time.monotonic() - begun > DOCUMENTS_AT_A_TIME:
            break
    return made
