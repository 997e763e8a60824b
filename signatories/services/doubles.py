"""Possible doubles of the directory: found in the background, decided by an editor."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor
from signatories.matching import Likeness, Verdict, compare
from signatories.models import Organisation, PossibleDouble
from signatories.services.likely import Finder, known_of

PORTION = 100  # at once: mail waits meanwhile
MOST = 20  # candidates that are looked at for one entry


def find_doubles(*, at: datetime) -> int:
    """Compares entries that are new or were changed with the directory, a portion at a time; how many were compared. What an
    editor decided stays. Run twice it finds the same; killed midway it goes on where it was."""
    due = Organisation.objects.proven().filter(compared_at=None).order_by("id")
    wanted = list(due.values_list("pk", flat=True)[:PORTION])
    if wanted:
        finder = Finder()
        for number in wanted:
            _compare(number, finder, at=at)
    return len(wanted)


def _compare(number: int, finder: Finder, *, at: datetime) -> None:
    """Finds the pairs of one entry, and says that it was compared, unless somebody changed it meanwhile."""
    row = Organisation.objects.filter(pk=number).first()
    if row is None:
        return
    own = known_of(row)
    found = finder.candidates(own, limit=MOST)
    others = {item.organisation.pk: item.likeness for item in found if item.organisation.pk != number}
    with transaction.atomic():
        # Locked in one order, as by everything that locks two entries.
        rows = Organisation.objects.select_for_update(no_key=True).filter(pk__in=[number, *others])
        held = {row.pk: row for row in rows.order_by("pk")}
        if number not in held or known_of(held[number]) != own:
            return
        _renew(held[number])
        proven = Organisation.objects.proven().filter(pk__in=others)
        for other in proven.order_by("pk").values_list("pk", flat=True):
            _pair(number, other, others[other], at=at)
        Organisation.objects.filter(pk=number).update(compared_at=at)


def _pair(one: int, other: int, likeness: Likeness, *, at: datetime) -> None:
    first, second = sorted((one, other))
    judged = {"verdict": likeness.verdict, "score": likeness.score, "why": likeness.why[:40]}
    PossibleDouble.objects.get_or_create(
        first_id=first, second_id=second, defaults={**judged, "found_at": at}
    )


def _renew(row: Organisation) -> None:
    """Judges the open pairs of an entry anew: what makes them alike may have been put right."""
    pairs = PossibleDouble.objects.open().select_related("first", "second")
    for pair in (*pairs.filter(first=row), *pairs.filter(second=row)):
        likeness = compare(known_of(pair.first), known_of(pair.second))
        if likeness.verdict == Verdict.DIFFERENT:
            pair.delete()
        elif (pair.verdict, pair.score, pair.why) != (likeness.verdict, likeness.score, likeness.why):
            pair.verdict, pair.score, pair.why = str(likeness.verdict), likeness.score, likeness.why[:40]
            pair.save(update_fields=["verdict", "score", "why"])


@transaction.atomic
def tell_apart(pair: PossibleDouble, *, actor: Actor, at: datetime) -> PossibleDouble:
    """An editor says that the two are not one organisation; the pair does not come up again. Said twice it is said once.
    Raises ``Refused`` when one of them is gone."""
    row = _held(pair)
    if not row.is_open:
        return row
    return _decide(row, actor, at, "organisation.told_apart", dismissed=at)


@transaction.atomic
def ask_again(pair: PossibleDouble, *, actor: Actor, at: datetime) -> PossibleDouble:
    """Takes that back: the pair is open again."""
    row = _held(pair)
    if row.is_open:
        return row
    return _decide(row, actor, at, "organisation.asked_again", dismissed=None)


def _held(pair: PossibleDouble) -> PossibleDouble:
    row = PossibleDouble.objects.select_for_update(of=("self",)).filter(pk=pair.pk).first()
    if row is None:
        raise Refused(
            _("These two do not stand beside each other any more: one was changed, merged or deleted.")
        )
    return row


def _decide(
    row: PossibleDouble, actor: Actor, at: datetime, kind: str, *, dismissed: datetime | None
) -> PossibleDouble:
    row.dismissed_at = dismissed
    row.dismissed_by_id = actor.pk if dismissed and actor is not None else None
    row.save(update_fields=["dismissed_at", "dismissed_by"])
    for mine, other in ((row.first_id, row.second_id), (row.second_id, row.first_id)):
        record(
            kind, at=at, subject=f"organisation:{mine}", actor=actor, after={"other": f"organisation:{other}"}
        )
    return row
