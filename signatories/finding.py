"""Finding organisations of the public directory: what the query of its address asks for."""

from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django_countries import countries

from signatories import matching
from signatories.models import Organisation, Signature
from signatories.models.organisation import OrganisationQuerySet

MOST_WORDS = 8


class Finder:
    """A search over the organisations that a stranger may know of. ``query`` is the request's GET: q (words of a name, in any
    language and script, or an acronym), country, page; what makes no sense is left out, not refused."""

    def __init__(self, query: Any, *, at: datetime) -> None:
        self.at = at
        self.q = query.get("q", "").replace("\x00", "").strip()[:200]
        wanted = query.get("country", "").upper()
        self.country = wanted if wanted in countries else ""
        self.page = query.get("page", "1")
        self.base = Organisation.objects.public(at)

    @property
    def is_active(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q or self.country)

    def organisations(self) -> OrganisationQuerySet:
        """Those found, by name, each with ``letters_n``: how many public letters it signed with its name."""
        found = self.base
        for word in matching.fold(self.q).split()[:MOST_WORDS]:
            found = found.filter(search_text__contains=word)
        if self.country:
            found = found.filter(country=self.country)
        signed = Signature.objects.public(self.at).filter(organisation=OuterRef("pk")).order_by()
        letters = signed.values("organisation").annotate(n=Count("letter", distinct=True)).values("n")
        return found.annotate(letters_n=Subquery(letters, output_field=IntegerField()))

    def countries(self) -> list[tuple[str, str]]:
        """The countries that some organisation to be found has, with their names, in the order of the names."""
        codes = self.base.exclude(country="").order_by().values_list("country", flat=True).distinct()
        named = [(code, countries.name(code)) for code in codes]
        return sorted(named, key=lambda item: matching.sort_key(item[1]))
