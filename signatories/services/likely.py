"""Which organisations of the directory a name may be: what is asked before a second entry for one is made."""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import prefetch_related_objects

from signatories.matching import Known, Likeness, Verdict, compare, index_keys, short_keys
from signatories.models import MatchKey, Organisation, OrganisationName

SHORTLIST = 30  # so many, the likeliest by their keys, are compared in full
ONE_BY_ONE = 20  # so many names are asked of the database; from then on the keys are held in memory
HELD = 20_000  # organisations held with what is known of them
POPULAR = 300  # a key that more have does not make a candidate where a rarer one does
SIZES = 64
BY_ACRONYM = 0.5  # what a common acronym adds to the share of keys in common


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that it may be, and how like it is."""

    organisation: Organisation
    likeness: Likeness


def known_of(organisation: Organisation, *, public: bool = False) -> Known:
    """What the directory knows of an organisation, for ``compare``. Reads ``names`` and ``domains``: prefetch them. With
    ``public`` only what may be told: of one that no editor verified the name it is listed by, since others may be the
    words of somebody who is not."""
    names = [organisation.name]
    acronyms = [organisation.acronym] if organisation.acronym else []
    if public and not organisation.is_known:
        return Known(tuple(names), tuple(acronyms), str(organisation.country))
    for row in organisation.names.all():
        (acronyms if row.kind == OrganisationName.Kind.ACRONYM else names).append(row.name)
    domains = tuple(row.domain for row in organisation.domains.all())
    return Known(
        tuple(dict.fromkeys(names)), tuple(dict.fromkeys(acronyms)), str(organisation.country), domains
    )


def keys_of(wanted: Known) -> set[str]:
    """The keys under which an organisation is looked for."""
    found = [index_keys(name) for name in wanted.names] + [short_keys(acronym) for acronym in wanted.acronyms]
    return set().union(*found)


class Finder:
    """Finds candidates, for one name or for a list of thousands: made once for each list. It sees what others wrote to the
    directory as long as few names were asked for; for a long list it reads the keys once, and hears of new entries by ``add``.
    """

    def __init__(self, *, public_at: datetime | None = None) -> None:
        """With ``public_at`` only organisations that a stranger may know of at that moment."""
        self.public_at = public_at
        self._asked = 0
        self._index: Index | None = None
        self._held: dict[int, tuple[Organisation, Known]] = {}

    def candidates(self, wanted: Known, *, limit: int = 5) -> list[Candidate]:
        """Organisations that are the same or maybe, the likeliest first. Four statements at most, whatever the size of the
        directory."""
        self._asked += 1
        keys = sorted(keys_of(wanted))
        if not keys:
            return []
        if self._index is None and self._asked > ONE_BY_ONE:
            self._index = Index(self._ids())
        found = self._index.likeliest(keys) if self._index else self._ask(keys)
        judged = [
            Candidate(organisation, compare(wanted, known)) for organisation, known in self._hold(found)
        ]
        likely = [item for item in judged if item.likeness.verdict != Verdict.DIFFERENT]
        best = sorted(likely, key=lambda item: (-item.likeness.score, item.organisation.pk))
        return best[:limit]

    def add(self, organisation: Organisation) -> None:
        """Says that the directory has one more entry, made since the finder was, or that one was changed."""
        self._held.pop(organisation.pk, None)
        if self._index is not None and self.public_at is None:
            self._index.put(MatchKey.objects.filter(organisation=organisation))

    def _ids(self) -> set[int] | None:
        """The organisations that may be found; None for all."""
        if self.public_at is None:
            return None
        return set(Organisation.objects.public(self.public_at).values_list("pk", flat=True))

    def _ask(self, keys: list[str]) -> list[int]:
        """The likeliest organisations, by the share of keys that they have in common with the name."""
        places = ", ".join(["%s"] * len(keys))
        public, values = "", []
        if self.public_at is not None:
            sql, values = Organisation.objects.public(self.public_at).values("pk").query.sql_with_params()
            public = f"WHERE organisation_id IN ({sql})"
        table = MatchKey._meta.db_table
        statement = f"""
            SELECT organisation_id FROM (
                SELECT organisation_id, COUNT(*) * 2.0 / (size + %s)
                    + MAX(CASE WHEN SUBSTR(key, 1, 1) = '=' THEN {BY_ACRONYM} ELSE 0 END) AS share
                FROM {table} WHERE key IN ({places}) GROUP BY organisation_id, size
            ) AS found {public} GROUP BY organisation_id ORDER BY MAX(share) DESC, organisation_id LIMIT {SHORTLIST}"""
        with connection.cursor() as cursor:
            cursor.execute(statement, [len(keys), *keys, *values])
            return [row[0] for row in cursor.fetchall()]

    def _hold(self, ids: Iterable[int]) -> list[tuple[Organisation, Known]]:
        """The organisations with what is known of them; read where they are not held already."""
        wanted = list(ids)
        missing = [pk for pk in wanted if pk not in self._held]
        if len(self._held) + len(missing) > HELD:
            self._held.clear()
            missing = wanted
        if missing:
            rows = list(Organisation.objects.filter(pk__in=missing))
            prefetch_related_objects(rows, "names", "domains")
            public = self.public_at is not None
            self._held |= {row.pk: (row, known_of(row, public=public)) for row in rows}
        return [self._held[pk] for pk in wanted if pk in self._held]


class Index:
    """The keys of the directory in memory: each with the organisations that have it, eight bytes a row."""

    def __init__(self, only: set[int] | None) -> None:
        self._rows: dict[str, array[int]] = {}
        rows = MatchKey.objects.values_list("key", "organisation_id", "size")
        for key, organisation, size in rows.iterator(chunk_size=5000):
            if only is None or organisation in only:
                self._put(key, organisation, size)

    def _put(self, key: str, organisation: int, size: int) -> None:
        found = self._rows.get(key)
        if found is None:
            found = self._rows[key] = array("Q")
        found.append(organisation * SIZES + min(size, SIZES - 1))

    def put(self, rows: Iterable[MatchKey]) -> None:
        """Takes in keys that were written since."""
        for row in rows:
            self._put(row.key, row.organisation_id, row.size)

    def likeliest(self, keys: list[str]) -> list[int]:
        """The likeliest organisations, by the share of keys that they have in common with the name."""
        found = sorted(
            ((self._rows[key], key) for key in keys if key in self._rows), key=lambda pair: len(pair[0])
        )
        common: Counter[int] = Counter()
        named: set[int] = set()
        for rows, key in found:
            if len(rows) <= POPULAR or not common:
                common.update(rows)
            else:
                common.update(row for row in rows if row in common)
            if key[0] == "=":
                named.update(rows)
        share = {
            row: count * 2 / (row % SIZES + len(keys)) + (BY_ACRONYM if row in named else 0)
            for row, count in common.items()
        }
        best = heapq.nlargest(SHORTLIST * 2, share, key=lambda row: (share[row], -row))
        return list(dict.fromkeys(row // SIZES for row in best))[:SHORTLIST]
