"""The record of what happened."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

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
    """Writes one event, in the caller's transaction. ``before``, ``after`` and ``note`` hold no representative's data."""
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
