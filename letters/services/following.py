"""Responses of the addressee and updates: written as drafts, published, corrected in the open, deleted while drafts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from letters import texts
from letters.following import ref
from letters.models import Event, Letter, Response, Update
from letters.models.following import Entry
from letters.services.delivering import today
from letters.services.editing import plain_value
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked

Kind = TypeVar("Kind", Response, Update)
WORDS = ("language", "dated", "body")
OWN: dict[type[Entry], tuple[str, ...]] = {
    Response: ("from_whom", "file", *WORDS),
    Update: ("title", *WORDS),
}


def latest_change(entry: Entry) -> Event | None:
    """The latest event of the entry, which whoever writes it should know of."""
    events = Event.objects.filter(subject=ref(entry)).select_related("actor")
    return events.order_by("-id").first()


@transaction.atomic
def write(
    entry: Kind, *, actor: Actor, at: datetime, correction: str = "", seen: int | None = None
) -> list[str]:
    """Writes an entry as it stands on ``entry``, a new row or an unsaved copy; what changed. ``seen`` is the latest event
    that the writer knew of.

    Of a published one ``correction`` says what was corrected, and readers see it. Raises ``Refused`` without that, when it
    has nothing to say, when the letter was withdrawn, and when somebody else changed it since ``seen``.
    """
    letter = locked(entry.letter)
    if letter.stage == Letter.Stage.WITHDRAWN:
        raise Refused(_("The letter was withdrawn; nothing follows it any more."))
    row = type(entry).objects.filter(pk=entry.pk).first() if entry.pk else None
    if row is not None:
        _refuse_overtaken(row, seen)
    changed = [name for name in OWN[type(entry)] if row is None or facts(row)[name] != facts(entry)[name]]
    if not changed:
        return []
    _refuse_empty(entry)
    kind = str(entry._meta.model_name)
    published = row is not None and row.published_at is not None
    if published:
        _refuse_day(entry, letter, at)
        if not correction.strip():
            raise Refused(_("Readers have seen this already: say in a sentence what was corrected."))
        entry.corrected_at, entry.correction = at, correction.strip()
    if row is None:
        entry.save()
    else:  # these columns alone: it may have been published in the same moment
        entry.save(update_fields=[*OWN[type(entry)], "corrected_at", "correction"])
    record(
        f"{kind}.corrected" if published else f"{kind}.written",
        at=at,
        letter=letter,
        subject=ref(entry),
        actor=actor,
        before=_some(row, changed) if row is not None else None,
        after=_some(entry, changed),
        note=entry.correction if published else "",
    )
    return changed


@transaction.atomic
def publish(entry: Kind, *, actor: Actor, at: datetime) -> Kind:
    """Shows a draft on the letter's page; those who asked for news are told. Raises ``Refused`` for a letter that is not
    public, and for an entry that is published already."""
    letter = locked(entry.letter)
    row = type(entry).objects.get(pk=entry.pk)
    if row.published_at is not None:
        raise Refused(_("This is published already."))
    if not letter.is_public(at):
        raise Refused(_("The letter is not public, so nothing can follow it yet."))
    _refuse_empty(row)
    _refuse_day(row, letter, at)
    row.published_at = at
    row.save(update_fields=["published_at"])
    kind = str(row._meta.model_name)
    record(
        f"{kind}.published", at=at, letter=letter, subject=ref(row), actor=actor, after=_some(row, ["dated"])
    )
    return row


@transaction.atomic
def delete_draft(entry: Entry, *, actor: Actor, at: datetime) -> None:
    """Deletes an entry that nobody has seen; its words stay in the record. Raises ``Refused`` for a published one."""
    letter = locked(entry.letter)  # type: ignore[attr-defined]
    row = type(entry).objects.get(pk=entry.pk)
    if row.published_at is not None:
        raise Refused(why_kept())
    subject, kind, before = ref(row), str(row._meta.model_name), facts(row)
    row.delete()
    record(f"{kind}.deleted", at=at, letter=letter, subject=subject, actor=actor, before=before)


def why_kept() -> str:
    """Why a published entry is not deleted, in a sentence."""
    return _("What was published stays; it can be corrected, and readers see what was corrected.")


def _refuse_empty(entry: Entry) -> None:
    words = texts.plain_lines(entry.body).strip()  # type: ignore[attr-defined]
    if isinstance(entry, Response) and not words and not entry.file:
        raise Refused(_("A response has words, a file, or both: write the words or add the file."))
    if isinstance(entry, Update) and not words:
        raise Refused(_("The update has no words."))


def _refuse_day(entry: Entry, letter: Letter, at: datetime) -> None:
    """Refuses to show readers a day that has not come, and a response to a letter that was not written yet."""
    if entry.dated > today(letter, at):
        raise Refused(_("Its day has not come yet; look at the date again."))
    if isinstance(entry, Response) and letter.date is not None and entry.dated < letter.date:
        raise Refused(_("The letter is of a later day than this response; look at the date again."))


def _refuse_overtaken(row: Entry, seen: int | None) -> None:
    """Refuses what was written without knowing of somebody's change: nothing is put over it unseen."""
    latest = latest_change(row)
    if seen is None or latest is None or latest.pk <= seen:
        return
    words = {"who": latest.actor or _("The site itself")}
    raise Refused(
        _(
            "%(who)s changed this after you opened the page. Nothing is saved yet, and what you wrote still stands below. Compare it with what is stored; to put yours in its place, save once more."
        )
        % words
    )


def facts(entry: Entry) -> dict[str, Any]:
    """What an entry says, as the record keeps it."""
    return {name: plain_value(getattr(entry, name)) for name in OWN[type(entry)]}


def _some(entry: Entry, names: Iterable[str]) -> dict[str, Any]:
    known = facts(entry)
    return {name: known[name] for name in names}
