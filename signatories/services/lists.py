"""The public list: what stands in it and where, and the counts that pages read instead of counting rows.

Every function here runs inside a transaction whose caller has locked the letter's row.
"""

from django.db.models import Count, F

from letters import keys
from letters.models import Group, Letter
from signatories import matching
from signatories.models import Signature, Tally


def derive(signature: Signature) -> None:
    """Sets what is computed from the name: where it sorts, what a search finds, and by what a list knows a person."""
    signature.sort_key = matching.sort_key(signature.name)
    signature.search_text = matching.fold(f"{signature.name} {signature.acronym}")[:700]
    if signature.kind == Signature.Kind.INDIVIDUAL:
        signature.name_key = keys.blind("name", matching.normalise(signature.name))


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


def rearrange(letter: Letter) -> None:
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
    touch(letter)


def enter(signature: Signature) -> None:
    """Counts a signature that was just accepted."""
    _count(signature, +1)


def leave(signature: Signature) -> None:
    """Takes an accepted signature out of the counts, before it ends."""
    _count(signature, -1)


def touch(letter: Letter) -> None:
    """Says that what the public list shows has changed."""
    Letter.objects.filter(pk=letter.pk).update(list_revision=F("list_revision") + 1)


def _count(signature: Signature, step: int) -> None:
    withheld = step if signature.visibility == Signature.Visibility.WITHHELD else 0
    Letter.objects.filter(pk=signature.letter_id).update(
        signature_count=F("signature_count") + step,
        withheld_count=F("withheld_count") + withheld,
        list_revision=F("list_revision") + 1,
    )
    if signature.country and not withheld:
        row, _made = Tally.objects.get_or_create(letter_id=signature.letter_id, country=signature.country)
        Tally.objects.filter(pk=row.pk).update(n=F("n") + step)


def recount(letter: Letter) -> bool:
    """Compares the kept counts with the rows and mends them; whether they had to be mended."""
    counted = letter.signatures.counted()
    total = counted.count()
    withheld = total - letter.signatures.listed().count()
    by_country = letter.signatures.listed().exclude(country="").values_list("country").annotate(n=Count("id"))
    tallies = dict(by_country.order_by())
    kept = {
        str(country): n for country, n in Tally.objects.filter(letter=letter).values_list("country", "n") if n
    }
    if (letter.signature_count, letter.withheld_count, kept) == (total, withheld, tallies):
        return False
    Letter.objects.filter(pk=letter.pk).update(
        signature_count=total, withheld_count=withheld, list_revision=F("list_revision") + 1
    )
    Tally.objects.filter(letter=letter).delete()
    Tally.objects.bulk_create(Tally(letter=letter, country=country, n=n) for country, n in tallies.items())
    return True
