"""The record of what happened."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from letters.models import Event, Letter


def record(
    kind: str,
    *,
    at: datetime,
    letter: Letter | None = None,
    subject: str = "",
    actor: AbstractBaseUser | AnonymousUser | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> Event:
    """Writes one event, in the caller's transaction. ``before``, ``after`` and ``note`` hold no representative's data."""
    return Event.objects.create(
        kind=kind,
        at=at,
        letter=letter,
        subject=subject,
        actor=actor if actor is not None and actor.is_authenticated else None,
        before=before,
        after=after,
        note=note,
    )
