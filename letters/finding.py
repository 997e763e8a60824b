"""Finding letters: what the query of the list's address asks for."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from letters import texts
from letters.models import Letter, Topic

STATUSES = (("open", _("Open for signature")), ("closed", _("Closed")), ("withdrawn", _("Withdrawn")))


class Finder:
    """A search over the letters that the public may know of. ``query`` is the request's GET: q, topic, year, status,
    page; values that make no sense are left out, not refused."""

    def __init__(self, query: Any, *, at: datetime) -> None:
        self.at = at
        self.q = query.get("q", "").replace("\x00", "").strip()[:200]
        self.topic = query.get("topic", "").replace("\x00", "")[:80]
        self.year = (
            int(query["year"]) if query.get("year", "").isdecimal() and len(query["year"]) == 4 else None
        )
        self.status = query.get("status", "") if query.get("status") in dict(STATUSES) else ""
        self.page = query.get("page", "1")
        self.base = Letter.objects.known(at)

    @property
    def is_active(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q or self.topic or self.year or self.status)

    def letters(self) -> QuerySet[Letter]:
        """The letters found, those open for signature first, then the newest."""
        found = self.base
        if self.q:
            for word in texts.folded(self.q).split()[:8]:
                # Of a withdrawn letter the public has the title alone.
                words = Q(search_words__words__contains=word) & ~Q(stage=Letter.Stage.WITHDRAWN)
                found = found.filter(Q(search_words__title__contains=word) | words)
        if self.topic:
            found = found.filter(topics__slug=self.topic)
        if self.year:
            found = found.filter(date__year=self.year)
        if self.status:
            found = self._with_status(found)
        opened = Letter.objects.signing_open(self.at).values("pk")
        first = Case(When(pk__in=opened, then=Value(0)), default=Value(1), output_field=IntegerField())
        return found.for_list().annotate(shelf=first).order_by("shelf", "-date", "-id")

    def _with_status(self, found: QuerySet[Letter]) -> QuerySet[Letter]:
        retracted = Letter.objects.retracted(self.at).values("pk")
        if self.status == "withdrawn":
            return found.filter(pk__in=retracted)
        opened = Letter.objects.signing_open(self.at).values("pk")
        if self.status == "open":
            return found.filter(pk__in=opened)
        return found.exclude(pk__in=opened).exclude(pk__in=retracted)

    def topics(self) -> QuerySet[Topic]:
        """Topics that some letter to be found has."""
        return Topic.objects.filter(letters__in=self.base).distinct()

    def years(self) -> list[int]:
        """Years of the letters that can be found, the latest first."""
        years = (
            self.base.exclude(date=None)
            .annotate(y=ExtractYear("date"))
            .order_by("-y")
            .values_list("y", flat=True)
        )
        return list(years.distinct())

    @property
    def statuses(self) -> tuple[tuple[str, Any], ...]:
        return STATUSES

    def query(self) -> str:
        """The search as a query string without the page, beginning with & when it is not empty."""
        parts = {"q": self.q, "topic": self.topic, "year": self.year, "status": self.status}
        from_here = {key: value for key, value in parts.items() if value}
        return "&" + urlencode(from_here) if from_here else ""
