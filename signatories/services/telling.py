"""Telling signatories of what happened to their letter: once each, however often the worker is killed.

For each event of a kind in ``NEWS`` the worker goes through the signatures in the order of their keys, in portions: what it
queues and how far it has come (``Telling.reached``) are one transaction. Any number of workers may run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from letters.models import Event, Letter
from letters.models.record import TOLD
from letters.rows import together
from signatories import emails
from signatories.models import Representative, Signature, Telling
from signatories.models.signature import STANDING, SignatureQuerySet
from signatories.services import amending

PORTION = 200
Whom = Callable[[Event], SignatureQuerySet]
Tell = Callable[..., Any]


@dataclass(frozen=True)
class News:
    """Who is told of a kind of event, and by which message: ``tell(event, signature, person, at=…, once=…)``, where ``once``
    is a word that no two messages share. Signatures without a representative (any more) are passed over."""

    whom: Whom
    tell: Tell


def who_want_news(event: Event) -> SignatureQuerySet:
    """Signatures that stand on the event's letter, whose representative asked for news of it."""
    rows = Signature.objects.filter(letter=event.letter_id, state__in=STANDING)
    return rows.filter(representative__wants_updates=True)


def who_signed_before(event: Event) -> SignatureQuerySet:
    """Signatures that are in the event's letter's list, by name or withheld, and were given before it, whether their
    representatives want news or not."""
    return Signature.objects.in_list().filter(letter=event.letter_id, signed_at__lt=event.at)


def who_signed_an_earlier_text(event: Event) -> SignatureQuerySet:
    """Signatures that stand under a text which the letter no longer has, whether their representatives want news or not."""
    letter = Letter.objects.select_related("current_version").get(pk=event.letter_id or 0)
    return amending.outdated(letter)


def _of(message: Callable[..., Any], argument: str) -> Tell:
    """Tells by ``message``, which takes the number of the row that the event is about as ``argument``."""

    def tell(event: Event, signature: Signature, person: Representative, *, at: datetime, once: str) -> None:
        number = int(event.subject.partition(":")[2])
        message(signature, person, at=at, once=once, **{argument: number})

    return tell


def _ask(event: Event, signature: Signature, person: Representative, *, at: datetime, once: str) -> None:
    """Asks to re-affirm or to withdraw; a reminder says that it is one."""
    emails.amended(signature, person, at=at, once=once, again=event.kind == "amendment.reminded")


def _tell_released(
    event: Event, signature: Signature, person: Representative, *, at: datetime, once: str
) -> None:
    emails.released(signature, person, at=at, once=once)


NEWS: dict[str, News] = {
    "letter.amended": News(who_signed_an_earlier_text, _ask),
    "amendment.reminded": News(who_signed_an_earlier_text, _ask),
    "letter.released": News(who_signed_before, _tell_released),
    "letter.delivered": News(who_want_news, _of(emails.delivered, "delivery_id")),
    "response.published": News(who_want_news, _of(emails.response, "response_id")),
    "update.published": News(who_want_news, _of(emails.update, "update_id")),
}


def waiting() -> list[Event]:
    """Events of which somebody may still have to be told, oldest first."""
    known = Event.objects.filter(kind__in=TOLD)  # which has an index of its own
    return list(known.exclude(telling__done_at__isnull=False).order_by("pk")[:50])


def tell_signatories(*, at: datetime) -> int:
    """Queues what is to be told; how many messages."""
    told = 0
    for event in waiting():
        while (n := tell_portion(event, at=at)) is not None:
            told += n
    return told


@transaction.atomic
def tell_portion(event: Event, *, at: datetime) -> int | None:
    """Queues the next portion of one event's messages; how many, or None when there is nothing (more) to do here: everybody
    was told, or another worker is at it."""
    progress = _claimed(event)
    if progress is None:
        return None
    news = NEWS[event.kind]
    # Of a letter that was withdrawn nobody hears anything more.
    letter = Letter.objects.filter(pk=event.letter_id or 0).exclude(stage=Letter.Stage.WITHDRAWN).first()
    people = _next(news.whom(event), progress.reached) if letter is not None else []
    with together():
        for person in people:
            person.signature.letter = letter  # type: ignore[assignment]
            once = f"{event.kind}:{event.pk}:{person.signature_id}"
            news.tell(event, person.signature, person, at=at, once=once)
    progress.told += len(people)
    progress.reached = people[-1].signature_id if people else progress.reached
    progress.done_at = at if len(people) < PORTION else None
    progress.save()
    return len(people)


def _claimed(event: Event) -> Telling | None:
    """The event's progress, held until the transaction ends; None when it is done or held by another."""
    Telling.objects.get_or_create(event=event)
    rows = Telling.objects.filter(event=event, done_at=None)
    skip = connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(skip_locked=skip, of=("self",) if skip else ()).first()


def _next(signatures: SignatureQuerySet, reached: int) -> list[Representative]:
    """The next representatives after ``reached``, held until the transaction ends: whoever withdraws meanwhile waits, and
    then finds the message in the queue to cancel it."""
    rows = Representative.objects.filter(signature__in=signatures, signature__gt=reached, stopped_at=None)
    held = connection.features.has_select_for_update_of
    rows = rows.select_related("signature").order_by("signature_id")
    return list(rows.select_for_update(of=("self",) if held else ())[:PORTION])
