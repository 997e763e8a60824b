"""The record of what happened."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from letters.models import Event, Letter
from letters.rows import insert


def record(
    kind: str,
    *,
    at: datetime,
    letter: Letter | None = None,
    subject: str = "",
    actor: User | AnonymousUser | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> Event:
    """Writes one event, in the caller's transaction. ``before`` and ``after`` hold no representative's data; a ``note`` may
    name somebody only where it ends with personal data: about a signature or an invitation."""
    return insert(
        Event(
            kind=kind,
            at=at,
            letter=letter,
            subject=subject,
            actor=actor if isinstance(actor, User) else None,
            before=before,
            after=after,
            note=note,
        )
    )


def erase_notes(events: QuerySet[Event]) -> int:
    """Empties what was noted at events of signatures and invitations, when personal data ends; how many. The database lets
    nothing else of an event be changed, and nothing of any other."""
    return events.exclude(note="").update(note="")


def erase_facts(events: QuerySet[Event]) -> int:
    """The same, with what stood before and after; who, when and what kind of act stay. How many."""
    return events.update(note="", before=None, after=None)
