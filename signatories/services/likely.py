"""Which organisations of the directory a name may be: what is asked before a second entry for one is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from letters.rows import ask
from signatories.matching import Known, Likeness, compare
from signatories.models import Organisation, OrganisationName
from signatories.services import directory


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that it may be, and how like it is."""

    organisation: Organisation
    likeness: Likeness


def known_of(organisation: Organisation) -> Known:
    """What the directory knows of an organisation, for ``compare``. Reads ``names`` and ``domains``: prefetch them."""
    names = [organisation.name]
    acronyms = [organisation.acronym] if organisation.acronym else []
    for row in organisation.names.all():
        (acronyms if row.kind == OrganisationName.Kind.ACRONYM else names).append(row.name)
    domains = tuple(row.domain for row in organisation.domains.all())
    return Known(
        tuple(dict.fromkeys(names)), tuple(dict.fromkeys(acronyms)), str(organisation.country), domains
    )


class Finder:
    """Finds candidates, for one name or for a list of thousands: made once for each list."""

    def __init__(self, *, public_at: datetime | None = None) -> None:
        """With ``public_at`` only organisations that a stranger may know of at that moment."""
        self.public_at = public_at

    def candidates(self, wanted: Known, *, limit: int = 5) -> list[Candidate]:
        """Organisations that are the same or maybe, the likeliest first. Three statements at most, whatever the size of the
        directory."""
        found: Iterable[Organisation] = dict.fromkeys(
            organisation for name in wanted.names for organisation, _kind in ask(directory.calling(name))[0]
        )
        if self.public_at is not None:
            found = Organisation.objects.public(self.public_at).filter(pk__in=[row.pk for row in found])
        judged = [Candidate(row, compare(wanted, known_of(row))) for row in found]
        likely = [item for item in judged if item.likeness.verdict != "different"]
        return sorted(likely, key=lambda item: -item.likeness.score)[:limit]

    def add(self, organisation: Organisation) -> None:
        """Says that the directory has one more entry, made since the finder was."""
