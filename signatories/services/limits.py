"""How often something may be done, counted in the database, so that all processes count together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import F

from letters import keys
from signatories.models import RateCount

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` of ``what`` within a window of one hour by the clock; ``value`` is hashed before it is stored."""

    what: str
    value: str
    most: int


def count(limits: Iterable[Limit], *, at: datetime) -> list[Limit]:
    """Counts one act against each limit and returns those that it exceeds. One statement, committed on its own (or
    with the transaction around it); SQLite from 3.35 and PostgreSQL know it. On its own PostgreSQL need not wait for
    the disk: a count lost with the power takes nothing from anybody."""
    rows = sorted(((_key(limit), limit) for limit in limits), key=lambda row: row[0])
    if not rows:
        return []
    table = RateCount._meta.db_table
    values = ", ".join(["(%s, %s, 1)"] * len(rows))
    window = connection.ops.adapt_datetimefield_value(_window(at))
    alone = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(
            f"{'SET LOCAL synchronous_commit TO off; ' if alone else ''}"
            f'INSERT INTO {table} (key, "window", n) VALUES {values} '
            f'ON CONFLICT (key, "window") DO UPDATE SET n = {table}.n + 1 RETURNING key, n',
            [part for key, _limit in rows for part in (key, window)],
        )
        if alone:
            cursor.nextset()
        counts = dict(cursor.fetchall())
    return [limit for key, limit in rows if counts[key] > limit.most]


def give_back(limits: Iterable[Limit], *, at: datetime) -> None:
    """Takes one counted act back from each limit: for an act that came to nothing, so that nobody can use up what
    others need."""
    counted = RateCount.objects.filter(key__in=[_key(limit) for limit in limits], window=_window(at), n__gt=0)
    counted.update(n=F("n") - 1)


def _key(limit: Limit) -> str:
    return keys.blind(f"rate.{limit.what}", limit.value)


def _window(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def forget(*, at: datetime) -> int:
    """Deletes counts whose window ended a day ago; how many."""
    return RateCount.objects.filter(window__lt=at - HOUR - timedelta(days=1)).delete()[0]
