"""The public list: what stands in it and where, and the counts that pages read instead of counting rows.

Every function here runs inside a transaction whose caller has locked the letter's row.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, F

from letters import keys
from letters.models import Group, Letter
from letters.services import states
from signatories import matching
from signatories.models import Signature, Tally
from signatories.reading.people import without_title


def derive(signature: Signature) -> None:
    """Sets what is computed from the name: where it sorts, what a search finds, and by what a list knows a person."""
    signature.sort_key = matching.sort_key(signature.name)
    signature.search_text = matching.fold(f"{signature.name} {signature.acronym}")[:700]
    if signature.kind == Signature.Kind.INDIVIDUAL:
        signature.name_key = keys.blind("name", matching.normalise(without_title(signature.name)))


def place_of(signature: Signature, groups: dict[int, Group]) -> int:
    """The place of the group under which the signature stands; ``groups`` are the letter's, by primary key."""
    if signature.group_id in groups:
        return groups[signature.group_id].position
    kinds = {group.kind: group.position for group in groups.values()}
    if signature.convener:
        return kinds.get(Group.Kind.CONVENERS, 0)
    individual = signature.kind == Signature.Kind.INDIVIDUAL
    return kinds.get(Group.Kind.INDIVIDUALS if individual else Group.Kind.ORGANISATIONS, 0)


def groups_of(letter: Letter) -> dict[int, Group]:
    """The letter's groups by primary key."""
    return {group.pk: group for group in letter.groups.all()}


def rearrange(letter: Letter, *, at: datetime) -> None:
    """Puts every signature of the letter under its group again, after the groups changed."""
    groups = groups_of(letter)
    changed = []
    for signature in (
        letter.signatures.all().only("id", "kind", "convener", "group_id", "place").iterator(chunk_size=2000)
    ):
        place = place_of(signature, groups)
        if place != signature.place:
            signature.place = place
            changed.append(signature)
    Signature.objects.bulk_update(changed, ["place"], batch_size=1000)
    touch(letter, at=at)


def enter(signature: Signature, *, at: datetime) -> None:
    """Counts a signature that was just accepted."""
    count(signature, +1)
    states.note(signature.letter_id, at=at)


def leave(signature: Signature, *, at: datetime) -> None:
    """Takes a counted signature out of the counts, before it ends."""
    count(signature, -1)
    states.hide_earlier(signature.letter_id)
    states.note(signature.letter_id, at=at)


def touch(letter: Letter, *, at: datetime) -> None:
    """Says that what the public list shows has changed."""
    states.step(letter.pk, at=at)


def count(signature: Signature, step: int) -> None:
    """Counts a signature in (1) or out (-1), as its state and visibility say; the caller notes the list's new state."""
    count_many(signature.letter_id, [signature], step)


def count_many(letter: int, signatures: Sequence[Signature], step: int = 1) -> None:
    """Counts many signatures of the letter with that key in (1) or out (-1), as one change of its list."""
    n = Counter(
        (signature.is_earlier, signature.visibility == Signature.Visibility.WITHHELD)
        for signature in signatures
    )
    Letter.objects.filter(pk=letter).update(
        list_revision=F("list_revision") + 1,
        signature_count=F("signature_count") + step * (n[False, False] + n[False, True]),
        withheld_count=F("withheld_count") + step * n[False, True],
        earlier_count=F("earlier_count") + step * (n[True, False] + n[True, True]),
        earlier_withheld_count=F("earlier_withheld_count") + step * n[True, True],
    )
    countries = Counter(
        str(signature.country)
        for signature in signatures
        if signature.is_counted and signature.visibility == Signature.Visibility.PUBLIC
    )
    for country, times in sorted(countries.items()):
        if country:
            row, _made = Tally.objects.get_or_create(letter_id=letter, country=country)
            Tally.objects.filter(pk=row.pk).update(n=F("n") + step * times)


def recount(letter: Letter, *, at: datetime) -> bool:
    """Compares the kept counts with the rows and mends them; whether they had to be mended."""
    counted, earlier = letter.signatures.counted(), letter.signatures.earlier()
    counts = {"signature_count": counted.count(), "earlier_count": earlier.count()}
    counts["withheld_count"] = counts["signature_count"] - letter.signatures.listed().count()
    counts["earlier_withheld_count"] = counts["earlier_count"] - letter.signatures.listed_earlier().count()
    by_country = letter.signatures.listed().exclude(country="").values_list("country").annotate(n=Count("id"))
    tallies = dict(by_country.order_by())
    kept = {
        str(country): n for country, n in Tally.objects.filter(letter=letter).values_list("country", "n") if n
    }
    if all(getattr(letter, name) == n for name, n in counts.items()) and kept == tallies:
        return False
    Letter.objects.filter(pk=letter.pk).update(**counts)
    Tally.objects.filter(letter=letter).delete()
    Tally.objects.bulk_create(Tally(letter=letter, country=country, n=n) for country, n in tallies.items())
    states.step(letter.pk, at=at)
    return True
