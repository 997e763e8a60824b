"""The states of a list: one for each change of what the public can see of it, with the code that documents print."""

from datetime import datetime

from django.db.models import F

from letters import keys
from letters.models import Letter, ListState


def step(letter_id: int, *, at: datetime) -> ListState | None:
    """What the public can see of the letter's list has changed: a new state, and documents of those before it are no
    longer shown. The caller holds the letter's lock."""
    following = F("list_revision") + 1
    Letter.objects.filter(pk=letter_id).update(list_revision=following, shown_from=following)
    return note(letter_id, at=at)


def hide_earlier(letter_id: int) -> None:
    """Documents of the states before the present one are no longer shown: a name has left the list."""
    Letter.objects.filter(pk=letter_id).update(shown_from=F("list_revision"))


def note(letter_id: int, *, at: datetime) -> ListState | None:
    """Writes the state in which the list is now, where its revision has none yet; None for a draft, which has no list.
    The caller holds the letter's lock and has just changed the list."""
    letter = Letter.objects.only(
        "current_version_id", "list_revision", "signature_count", "withheld_count", "earlier_count"
    ).get(pk=letter_id)
    if letter.current_version_id is None:
        return None
    return ListState.objects.create(
        letter_id=letter_id,
        revision=letter.list_revision,
        version_id=letter.current_version_id,
        at=at,
        signature_count=letter.signature_count,
        withheld_count=letter.withheld_count,
        earlier_count=letter.earlier_count,
        code=keys.code("list", f"{letter_id}:{letter.list_revision}"),
    )
