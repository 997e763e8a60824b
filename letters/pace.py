"""The pace of mail: no more messages a minute than the mail server takes, however many workers there are."""

from datetime import datetime, timedelta

from django.conf import settings

from letters.models import Pace

# Seconds' worth of messages that may go at once. A mass mailing takes no more ahead than this, so that an answer to a
# person waits no longer.
BURST_SECONDS = 10
# A row further ahead than any pace leads is of a clock that was wrong.
NEVER_AHEAD = timedelta(hours=1)


def take(wanted: int, *, at: datetime) -> int:
    """How many of ``wanted`` messages may be claimed now; all where no pace is set. The caller is in a transaction, which
    holds the one row until it ends, and calls ``use`` with what it claimed.

    The generic cell rate algorithm (ITU-T I.371, annex A), with ``free_at`` as its theoretical arrival time.
    """
    if not settings.MAIL_PER_MINUTE:
        return wanted
    ahead = _row(at).free_at - at
    if ahead > NEVER_AHEAD:
        ahead = timedelta(0)
    room = burst() * interval() - max(ahead, timedelta(0))
    return max(0, min(wanted, room // interval()))


def use(taken: int, *, at: datetime) -> None:
    """Notes that ``taken`` messages were claimed, in the transaction of ``take``."""
    if not settings.MAIL_PER_MINUTE or not taken:
        return
    row = _row(at)
    begins = row.free_at if at < row.free_at <= at + NEVER_AHEAD else at
    Pace.objects.filter(pk=row.pk).update(free_at=begins + taken * interval())


def interval() -> timedelta:
    """The time that one message takes up."""
    return timedelta(minutes=1) / settings.MAIL_PER_MINUTE


def burst() -> int:
    """How many may go at once after a silence: ten seconds' worth, at least one."""
    return max(1, settings.MAIL_PER_MINUTE * BURST_SECONDS // 60)


def _row(at: datetime) -> Pace:
    """The one row, locked. On SQLite the transaction itself holds the lock to write (BEGIN IMMEDIATE)."""
    rows = Pace.objects.select_for_update().filter(name="mail")
    if not rows.exists():
        Pace.objects.bulk_create([Pace(name="mail", free_at=at)], ignore_conflicts=True)
    return rows.get()
