"""Which organisations of the directory a name may be: what is asked before a second entry for one is made."""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection

from signatories.matching import Known, Likeness, Verdict, compare, index_keys, short_keys
from signatories.models import Domain, MatchKey, Organisation, OrganisationName

SHORTLIST = 20  # so many, the likeliest by their keys, are compared in full
ONE_BY_ONE = 20  # so many names are asked of the database; from then on the keys are held in memory
HELD = 20_000  # organisations held with what is known of them
LEAST_SHARE = 0.3  # of the keys of both: with fewer, no names have been found to be the same or maybe
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
    words of somebody who is not; of none a name that is kept quiet."""
    names = [organisation.name]
    acronyms = [organisation.acronym] if organisation.acronym else []
    if public and not organisation.is_known:
        return Known(tuple(names), tuple(acronyms), str(organisation.country))
    for row in organisation.names.all():
        if public and row.kind == OrganisationName.Kind.QUIET:
            continue
        (acronyms if row.kind == OrganisationName.Kind.ACRONYM else names).append(row.name)
    domains = tuple(row.domain for row in organisation.domains.all())
    return Known(
        tuple(dict.fromkeys(names)), tuple(dict.fromkeys(acronyms)), str(organisation.country), domains
    )


def keys_of(wanted: Known) -> tuple[list[str], int]:
    """The keys under which an organisation is looked for, and how many the longest of its names has."""
    found = [index_keys(name) for name in wanted.names] + [short_keys(acronym) for acronym in wanted.acronyms]
    return sorted(set().union(*found)), max(map(len, found), default=0)


class Finder:
    """Finds candidates, for one name or for a list of thousands: made once for each list. It sees what others wrote to the
    directory as long as few names were asked for; for a long list it reads the keys once, and hears of new entries by ``add``.
    """

    def __init__(self, *, public_at: datetime | None = None) -> None:
        """With ``public_at`` only organisations that a stranger may know of at that moment."""
        self.public_at = public_at
        self._asked = 0
        self._index: Index | None = None
        self._known: dict[int, Known] = {}
        self._rows: dict[int, Organisation] = {}

    def candidates(self, wanted: Known, *, limit: int = 5) -> list[Candidate]:
        """Organisations that are the same or maybe, the likeliest first. Three statements, whatever the size of the directory."""
        self._asked += 1
        keys, size = keys_of(wanted)
        if not keys:
            return []
        if self._index is None and self._asked > ONE_BY_ONE:
            self._index = Index(None if self.public_at is None else self._public())
        found = self._index.likeliest(keys, size) if self._index else self._ask(keys, size)
        judged = [(compare(wanted, known), pk) for pk, known in self._facts(found)]
        likely = [(likeness, pk) for likeness, pk in judged if likeness.verdict != Verdict.DIFFERENT]
        best = sorted(likely, key=lambda pair: (-pair[0].score, pair[1]))[:limit]
        rows = self._organisations(pk for _likeness, pk in best)
        return [Candidate(rows[pk], likeness) for likeness, pk in best if pk in rows]

    def add(self, organisation: Organisation) -> None:
        """Says that the directory has one more entry, made since the finder was, or that one was changed."""
        self._known.pop(organisation.pk, None)
        self._rows.pop(organisation.pk, None)
        if self._index is not None and self.public_at is None:
            self._index.put(MatchKey.objects.filter(organisation=organisation))

    def _ask(self, keys: list[str], size: int) -> list[int]:
        """The likeliest organisations, by the share of keys that they have in common with the name."""
        return _ranked(keys, size, SHORTLIST, public_at=self.public_at)

    def _public(self) -> set[int]:
        """All that a stranger may know of."""
        assert self.public_at is not None
        return set(Organisation.objects.public(self.public_at).order_by().values_list("pk", flat=True))

    def _facts(self, ids: list[int]) -> list[tuple[int, Known]]:
        """What is known of the organisations; read where it is not held already."""
        missing = [pk for pk in ids if pk not in self._known]
        if len(self._known) + len(missing) > HELD:
            self._known, self._rows, missing = {}, {}, ids
        if missing:
            self._known |= _known(missing, public=self.public_at is not None)
        return [(pk, self._known[pk]) for pk in ids if pk in self._known]

    def _organisations(self, ids: Iterable[int]) -> dict[int, Organisation]:
        wanted = list(ids)
        missing = [pk for pk in wanted if pk not in self._rows]
        if missing:
            self._rows |= Organisation.objects.in_bulk(missing)
        return self._rows


def _ranked(keys: list[str], size: int, limit: int, *, public_at: datetime | None) -> list[int]:
    """The organisations with the largest share of keys in common, at most ``limit``; with ``public_at`` out of those alone that
    a stranger may know of then, so that hidden ones take nobody's place."""
    places = ", ".join(["%s"] * len(keys))
    public, values = ("1", []) if public_at is None else _public_at(public_at)
    statement = f"""
        SELECT organisation_id FROM (
            SELECT organisation_id, COUNT(*) * 2.0 / (size + %s)
                + MAX(CASE WHEN SUBSTR(key, 1, 1) = '=' THEN {BY_ACRONYM} ELSE 0 END) AS share
            FROM {MatchKey._meta.db_table} WHERE key IN ({places}) GROUP BY organisation_id, size
        ) AS found WHERE share >= {LEAST_SHARE} AND {public} = 1
        GROUP BY organisation_id ORDER BY MAX(share) DESC, organisation_id LIMIT {limit}"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [size, *keys, *values])
        return [row[0] for row in cursor.fetchall()]


def _public_at(at: datetime) -> tuple[str, list[Any]]:
    """An expression that is 1 for a ``found`` row whose organisation is public at ``at``, and its values: what
    ``Organisation.objects.public`` asks, written out, since every signature asks it."""
    clause, values, moments = _public_clause(connection.vendor)
    moment = connection.ops.adapt_datetimefield_value(at)
    filled = [moment if number in moments else value for number, value in enumerate(values)]
    return f"CASE WHEN {clause} THEN 1 ELSE 0 END", filled


@cache
def _public_clause(_vendor: str | None) -> tuple[str, tuple[Any, ...], frozenset[int]]:
    """The condition of ``Organisation.objects.public``, its values, and which of them are the moment."""
    asked = [
        Organisation.objects.public(datetime(year, 1, 1, tzinfo=UTC)).order_by().values("pk").query
        for year in (2001, 2002)
    ]
    (sql, values), (_same, others) = (query.sql_with_params() for query in asked)
    quote = connection.ops.quote_name
    own = f"{quote(Organisation._meta.db_table)}.{quote('id')}"
    clause = sql.partition(" WHERE ")[2].replace(own, "found.organisation_id")
    moments = frozenset(n for n, pair in enumerate(zip(values, others, strict=True)) if pair[0] != pair[1])
    return clause, tuple(values), moments


def _known(ids: list[int], *, public: bool) -> dict[int, Known]:
    """``known_of`` for many, by one statement that makes no models: most of them turn out to be different."""
    places = ", ".join(["%s"] * len(ids))
    table, others, hosts = (kind._meta.db_table for kind in (Organisation, OrganisationName, Domain))
    statement = f"""
        SELECT id, 'own', name, acronym, country, CASE WHEN verified_at IS NULL THEN 0 ELSE 1 END
            FROM {table} WHERE id IN ({places})
        UNION ALL SELECT organisation_id, kind, name, '', '', 0 FROM {others} WHERE organisation_id IN ({places})
        UNION ALL SELECT organisation_id, 'domain', domain, '', '', 0 FROM {hosts} WHERE organisation_id IN ({places})"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [*ids, *ids, *ids])
        found = cursor.fetchall()
    first = {row[0]: row for row in found if row[1] == "own"}
    parts: dict[int, tuple[list[str], list[str], list[str]]] = {
        pk: ([row[2]], [row[3]] if row[3] else [], []) for pk, row in first.items()
    }
    for pk, kind, text, _acronym, _country, _verified in found:
        if kind == "own" or (public and (kind == OrganisationName.Kind.QUIET or not first[pk][5])):
            continue
        listed = parts[pk]
        listed[{OrganisationName.Kind.ACRONYM: 1, "domain": 2}.get(kind, 0)].append(text)
    return {
        pk: Known(tuple(dict.fromkeys(own)), tuple(dict.fromkeys(acronyms)), first[pk][4], tuple(domains))
        for pk, (own, acronyms, domains) in parts.items()
    }


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

    def likeliest(self, keys: list[str], size: int) -> list[int]:
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
            row: count * 2 / (row % SIZES + size) + (BY_ACRONYM if row in named else 0)
            for row, count in common.items()
        }
        likely = (row for row in share if share[row] >= LEAST_SHARE)
        best = heapq.nlargest(SHORTLIST * 2, likely, key=lambda row: (share[row], -row))
        return list(dict.fromkeys(row // SIZES for row in best))[:SHORTLIST]
