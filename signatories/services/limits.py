"""How often something may be done, counted in the database, so that all processes count together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

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
    with the transaction around it); SQLite from 3.35 and PostgreSQL know it."""
    window = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    rows = sorted(((keys.blind(f"rate.{x.what}", x.value), x) for x in limits), key=lambda row: row[0])
    if not rows:
        return []
    table = RateCount._meta.db_table
    values = ", ".join(["(%s, %s, 1)"] * len(rows))
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} (key, "window", n) VALUES {values} '
            f'ON CONFLICT (key, "window") DO UPDATE SET n = {table}.n + 1 RETURNING key, n',
            [part for key, _limit in rows for part in (key, adapt(window))],
        )
        counts = dict(cursor.fetchall())
    return [limit for key, limit in rows if counts[key] > limit.most]


def forget(*, at: datetime) -> int:
    """Deletes counts whose window ended a day ago; how many."""
    return RateCount.objects.filter(window__lt=at - HOUR - timedelta(days=1)).delete()[0]
