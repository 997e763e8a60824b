"""Editing a letter's settings and what stands around its words, as the desk does it: each change is one function that
locks the letter, asks it, changes it and leaves an event with what was before and after."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from letters import outbox
from letters.models import Addressee, Event, Group, Letter, LetterText, Message, OldSlug, RelatedLink, Switch
from letters.services import bouncing, states
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked
from letters.services.writing import keep_slug

SIGNED = ("language", "date")
WINDOW = ("opens_at", "closes_at")
SHOWN_BY_LIST = ("order", "asks_names", "time_zone")
OPEN_TO_EDIT = (
    "slug", "language", "date", "replies_to", "accepts", "policy", "order", "asks_names", "opens_at", "closes_at", "time_zone",
    "contact_name", "contact_email", "picture", "picture_alt", "picture_credit", "retention_months",
)  # fmt: skip


EDITS = ("letter.", "text.", "addressee", "groups.", "links.")


def latest_edit(letter: Letter) -> Event | None:
    """The latest event that an editor's form may not know of yet: of its words, settings, stage."""
    edits = Q()
    for begins in EDITS:
        edits |= Q(kind__startswith=begins)
    return letter.events.filter(edits).select_related("actor").order_by("-id").first()


@transaction.atomic
def save_settings(letter: Letter, *, fields: Iterable[str], actor: Actor, at: datetime) -> list[str]:
    """Writes the named settings as they stand on ``letter`` (an unsaved copy of the row); the ones that changed.

    Only these columns are written, so a change of stage or counts that happened meanwhile stays. Raises ``Refused``
    for what is part of a frozen text, and for the signing window of a letter that is no longer a draft.
    """
    row = locked(letter)
    wanted = [field for field in OPEN_TO_EDIT if field in set(fields)]
    changed = [
        field for field in wanted if plain_value(getattr(row, field)) != plain_value(getattr(letter, field))
    ]
    if row.is_frozen and set(changed) & set(SIGNED):
        raise Refused(_("Language and date are part of the text that was opened for signing."))
    if row.stage != Letter.Stage.DRAFT and set(changed) & set(WINDOW):
        raise Refused(_("The signing window of an opened letter changes by closing or extending it."))
    before = {field: plain_value(getattr(row, field)) for field in changed}
    for field in changed:
        setattr(row, field, getattr(letter, field))
    columns = changed + (["picture_width", "picture_height"] if "picture" in changed else [])
    if not changed:
        return []
    row.save(update_fields=columns)
    if "language" in changed:
        _move_text(row, before["language"])
    after = {field: plain_value(getattr(row, field)) for field in changed}
    record("letter.changed", at=at, letter=row, actor=actor, before=before, after=after)
    if row.is_frozen and set(changed) & set(SHOWN_BY_LIST):
        states.step(row.pk, at=at)
    if "slug" in changed:
        keep_slug(row, str(before["slug"]), actor=actor, at=at)
    return changed


def _move_text(letter: Letter, before: Any) -> None:
    """A draft with one text keeps it when its language is put right; several texts stay what they are."""
    texts = list(letter.texts.all())
    if len(texts) == 1 and texts[0].language == before:
        LetterText.objects.filter(pk=texts[0].pk).update(language=letter.language)


@transaction.atomic
def set_relations(
    letter: Letter, *, actor: Actor, at: datetime, **wanted: Iterable[models.Model]
) -> list[str]:
    """Sets ``topics`` and ``editors``; the names of those that changed."""
    row = locked(letter)
    before, after = {}, {}
    for name, rows in wanted.items():
        present = {item.pk: str(item) for item in getattr(row, name).all()}
        chosen = {item.pk: str(item) for item in rows}
        if set(present) != set(chosen):
            getattr(row, name).set(list(chosen))
            before[name], after[name] = sorted(present.values()), sorted(chosen.values())
    if after:
        record("letter.changed", at=at, letter=row, actor=actor, before=before, after=after)
    return list(after)


@transaction.atomic
def save_rows(
    letter: Letter,
    model: type[models.Model],
    *,
    saved: Iterable[models.Model],
    deleted: Iterable[models.Model],
    actor: Actor,
    at: datetime,
) -> bool:
    """Writes addressees, related links or groups of a letter and deletes others; whether anything changed.

    Raises ``Refused`` for the addressees of a frozen letter, and for deleting a standing group.
    """
    row, kind = locked(letter), KINDS[model]
    if model is Addressee and row.is_frozen:
        raise Refused(_("The addressees are part of the text that was opened for signing."))
    rows = model._default_manager.filter(letter=row)
    before = [_facts(item) for item in rows.all()]
    for item in deleted:
        if isinstance(item, Group) and item.kind != Group.Kind.OWN:
            raise Refused(_("“%(group)s” is a standing group and cannot be deleted.") % {"group": item})
        rows.filter(pk=item.pk).delete()
    for item in saved:
        item.letter = row  # type: ignore[attr-defined]
        item.save()
    after = [_facts(item) for item in rows.all()]
    if before != after:
        record(kind, at=at, letter=row, actor=actor, before={"rows": before}, after={"rows": after})
    return before != after


KINDS: dict[type[models.Model], str] = {
    Addressee: "addressees.changed",
    RelatedLink: "links.changed",
    Group: "groups.changed",
}


def why_kept(letter: Letter) -> str:
    """Why the letter cannot be deleted, in a sentence; empty when it can."""
    if letter.stage != Letter.Stage.DRAFT or letter.is_frozen:
        return _(
            "Only a draft can be deleted; a letter that was opened for signing can be withdrawn and stays on record."
        )
    if letter.signatures.exists():  # type: ignore[attr-defined]
        return _("The letter has signatures, so it stays.")
    return ""


@transaction.atomic
def delete_draft(letter: Letter, *, actor: Actor, at: datetime) -> None:
    """Deletes a draft that was never opened. What happened to it stays, folded into one event."""
    row = locked(letter)
    if reason := why_kept(row):
        raise Refused(reason)
    happened = [
        [event.at.isoformat(), event.kind, str(event.actor or ""), event.before, event.after]
        for event in row.events.select_related("actor").order_by("id")
    ]
    before = {"letter": row.pk, "slug": row.slug, "title": row.title, "record": happened}
    Event.objects.filter(letter=row).delete()
    OldSlug.objects.filter(letter=row).delete()
    row.delete()
    record("letter.deleted", at=at, subject=f"letter:{before['letter']}", actor=actor, before=before)


@transaction.atomic
def turn(switch: Switch, *, stopped: bool, actor: Actor, at: datetime) -> bool:
    """Stops a part of the site, or lets it go on; whether that was a change."""
    row = Switch.objects.select_for_update().get(pk=switch.pk)
    if row.stopped == stopped:
        return False
    row.stopped = stopped
    row.save(update_fields=["stopped"])
    kind = "switch.stopped" if stopped else "switch.resumed"
    record(
        kind,
        at=at,
        subject=f"switch:{row.name}",
        actor=actor,
        before={"stopped": not stopped},
        after={"stopped": stopped},
    )
    return True


# By the kind of a message: why it is not to be sent again, in a sentence (empty: it may be). Apps say it of their own.
WHY_NOT_AGAIN: dict[str, Callable[[Message], str]] = {}


@transaction.atomic
def resend(message: Message, *, actor: Actor, at: datetime) -> None:
    """Puts a message that ended back into the queue, its address thought to be alive (again); raises ``Refused`` when it waits already, was
    erased, or its reader must not be written to any more."""
    if reason := WHY_NOT_AGAIN.get(message.kind, lambda message: "")(message):
        raise Refused(_("Message %(number)s: %(why)s") % {"number": message.pk, "why": reason})
    if not outbox.resend(message, at=at):
        raise Refused(
            _("Message %(number)s waits already, or its recipient was erased.") % {"number": message.pk}
        )
    bouncing.forget(message.recipient)
    record(
        "message.resent",
        at=at,
        letter=message.letter,
        subject=f"message:{message.pk}",
        actor=actor,
        before={"state": message.state},
    )


@transaction.atomic
def cancel(message: Message, *, actor: Actor, at: datetime) -> None:
    """Takes a waiting message out of the queue; raises ``Refused`` when it does not wait (any more)."""
    if not outbox.cancel(message):
        raise Refused(_("Message %(number)s does not wait to be sent.") % {"number": message.pk})
    record(
        "message.cancelled",
        at=at,
        letter=message.letter,
        subject=f"message:{message.pk}",
        actor=actor,
        before={"state": message.state},
    )


def note_change(
    kind: str,
    subject: models.Model,
    *,
    actor: Actor,
    at: datetime,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """Records a change of a row that has no rules of its own (a topic, a person of the desk)."""
    changed = [key for key in after if before.get(key) != after[key]] if before else list(after)
    if changed:
        record(
            kind,
            at=at,
            subject=f"{subject._meta.model_name}:{subject.pk}",
            actor=actor,
            before={key: before.get(key) for key in changed} if before else None,
            after={key: after[key] for key in changed},
        )


def _facts(row: models.Model) -> dict[str, Any]:
    left_out = {"id", "letter"}
    return {
        field.name: plain_value(getattr(row, field.name))
        for field in row._meta.concrete_fields
        if field.name not in left_out
    }


def plain_value(value: Any) -> Any:
    """A value as an event can hold it and as two can be compared."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, AbstractBaseUser):
        return value.get_username()
    if isinstance(value, models.Model):
        return value.pk
    return str(getattr(value, "name", None) or value or "")
