"""A letter's life: draft → circulating → published → withdrawn. Each step is one function and the only door.

Every function locks the letter's row, asks it, changes it, records an event, in one transaction; each raises
``Refused`` with a sentence when the step is not possible. Times are aware; ``at`` is the moment of the act.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from letters import keys, texts
from letters.models import Letter, Message, Switch, TextVersion
from letters.rows import Answer, Question, next_keys
from letters.services import states
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.versions import first_version, make_findable

Actor = User | AnonymousUser | None
CIRCULATION = "circulation"


def locked(letter: Letter) -> Letter:
    """The letter's row, locked until the transaction ends and read anew."""
    return _with_version(Letter.objects.select_for_update(no_key=True).get(pk=letter.pk), letter)


@dataclass(frozen=True, slots=True)
class Held:
    """A letter's row as it stands, the number of its current version, and whether signing is off on the whole site."""

    letter: Letter
    version: int | None
    switched_off: bool
    numbers: dict[type[models.Model], int]


def holding(letter: Letter, *, reserve: tuple[type[models.Model], ...] = ()) -> Question[Letter]:
    """Asks for the letter's row, read anew and held as it is until the transaction ends: nobody changes it meanwhile, but
    others may hold it too, so that many sign at once. Two who claim the same thing are told apart by a constraint. One
    statement, written out, with all that signing asks of the letter; ``found_held`` reads the answer. ``reserve``:
    models of whose new rows the keys are wanted."""
    switches, letters, versions = (model._meta.db_table for model in (Switch, Letter, TextVersion))
    hold = "FOR SHARE OF l" if connection.features.has_select_for_update else ""
    beside = [
        f"v.number, EXISTS (SELECT 1 FROM {switches} WHERE name = %s AND stopped)",
        *next_keys(*reserve),
    ]
    return Question(
        Letter,
        "l",
        f"FROM {letters} l LEFT JOIN {versions} v ON v.id = l.current_version_id WHERE l.id = %s {hold}",
        [Switch.Name.SIGNING, letter.pk],
        beside=", ".join(beside),
    )


def found_held(answer: Answer[Letter], reserve: tuple[type[models.Model], ...] = ()) -> Held:
    """The letter that is held now; ``numbers`` has the keys in reserve, or nothing where the database gives none."""
    ((fresh, (version, switched_off, *numbers)),) = answer
    return Held(fresh, version, bool(switched_off), dict(zip(reserve, numbers, strict=False)))


def _with_version(fresh: Letter, letter: Letter) -> Letter:
    """The fresh row with the version at hand, when it is still the current one: a version never changes."""
    if (
        fresh.current_version_id == letter.current_version_id
        and "current_version" in letter._state.fields_cache
    ):
        fresh.current_version = letter.current_version
    return fresh


def problems(letter: Letter) -> list[str]:
    """What keeps a draft from being opened for signing, a sentence each; empty when nothing does."""
    text = letter.text
    if text is None:
        return [_("The letter has no text in its authoritative language.")]
    found = []
    if not text.title.strip():
        found.append(_("The letter has no title."))
    if not texts.clean(text.body):
        found.append(_("The letter has no body."))
    found += [
        _(
            "The translation “%(title)s” is ready, but the text that decides has changed since: look at it once more, or set it to draft."
        )
        % {"title": other}
        for other in letter.texts.all()
        if not letter.is_frozen and other.is_ready and other.is_stale(text)
    ]
    if not letter.addressees.filter(is_copy=False).exists():
        found.append(_("The letter is to nobody: name at least one addressee."))
    if letter.opens_at and letter.closes_at and letter.closes_at <= letter.opens_at:
        found.append(_("Signing would close before it opens."))
    return found


@transaction.atomic
def circulate(letter: Letter, *, actor: Actor, at: datetime) -> Letter:
    """Opens a draft for signing by a private link; freezes its text as version 1."""
    letter = locked(letter)
    if letter.stage != Letter.Stage.DRAFT:
        raise Refused(_("Only a draft can be put into circulation."))
    _open(letter, at=at)
    nonce = _new_link(letter)
    letter.stage = Letter.Stage.CIRCULATING
    letter.save(update_fields=["stage", "circulation_nonce", "circulation_digest"])
    record("letter.circulated", at=at, letter=letter, actor=actor, after={"version": 1, "link": nonce[:8]})
    return letter


@transaction.atomic
def release(letter: Letter, *, actor: Actor, at: datetime, release_at: datetime | None = None) -> Letter:
    """Makes the letter public at once, or at ``release_at`` when that is later than ``at``; freezes a draft's text."""
    letter = locked(letter)
    if letter.is_public(at):
        raise Refused(_("The letter is public already."))
    if letter.stage == Letter.Stage.WITHDRAWN:
        raise Refused(_("The letter was withdrawn; start a new one."))
    if release_at is not None and release_at <= at:
        raise Refused(_("The time of release has passed; choose a later one, or release now."))
    before = {"stage": letter.stage, "release_at": _iso(letter.release_at)}
    if letter.stage == Letter.Stage.DRAFT:
        _open(letter, at=at, later=release_at)
    letter.stage = Letter.Stage.PUBLISHED
    letter.release_at = release_at or at
    letter.save(update_fields=["stage", "release_at"])
    kind = "letter.release_scheduled" if release_at else "letter.released"
    record(
        kind, at=at, letter=letter, actor=actor, before=before, after={"release_at": _iso(letter.release_at)}
    )
    return letter


@transaction.atomic
def cancel_release(letter: Letter, *, actor: Actor, at: datetime) -> Letter:
    """Takes back a scheduled release; the letter circulates (its link, if it has one, keeps working)."""
    letter = locked(letter)
    if not letter.is_scheduled(at):
        raise Refused(_("No release is scheduled."))
    before = {"release_at": _iso(letter.release_at)}
    letter.stage, letter.release_at = Letter.Stage.CIRCULATING, None
    letter.save(update_fields=["stage", "release_at"])
    record("letter.release_cancelled", at=at, letter=letter, actor=actor, before=before)
    return letter


@transaction.atomic
def close_signing(letter: Letter, *, actor: Actor, at: datetime) -> Letter:
    """Ends the signing window now."""
    letter = locked(letter)
    if letter.stage not in (Letter.Stage.CIRCULATING, Letter.Stage.PUBLISHED) or letter.is_closed(at):
        raise Refused(_("Signing is not open, so it cannot be closed."))
    before = {"opens_at": _iso(letter.opens_at), "closes_at": _iso(letter.closes_at)}
    letter.closes_at = at
    letter.opens_at = min(letter.opens_at or at, at)
    letter.save(update_fields=["opens_at", "closes_at"])
    record(
        "letter.signing_closed",
        at=at,
        letter=letter,
        actor=actor,
        before=before,
        after={"closes_at": _iso(at)},
    )
    return letter


@transaction.atomic
def extend_signing(letter: Letter, *, closes_at: datetime | None, actor: Actor, at: datetime) -> Letter:
    """Sets a later close of signing (None: no close), also after it had closed."""
    letter = locked(letter)
    if letter.stage not in (Letter.Stage.CIRCULATING, Letter.Stage.PUBLISHED):
        raise Refused(_("Only a letter that circulates or is published can be extended."))
    if closes_at is not None and closes_at <= at:
        raise Refused(_("The new close of signing has passed; choose a later one."))
    if letter.closes_at is None or (closes_at is not None and closes_at <= letter.closes_at):
        raise Refused(_("That would not extend signing; choose a time after the present close."))
    before = {"closes_at": _iso(letter.closes_at)}
    letter.closes_at = closes_at
    letter.save(update_fields=["closes_at"])
    record(
        "letter.signing_extended",
        at=at,
        letter=letter,
        actor=actor,
        before=before,
        after={"closes_at": _iso(closes_at)},
    )
    return letter


@transaction.atomic
def set_close(letter: Letter, *, closes_at: datetime, actor: Actor, at: datetime) -> Letter:
    """Gives a letter that was opened without a close one that lies ahead."""
    letter = locked(letter)
    if letter.stage not in (Letter.Stage.CIRCULATING, Letter.Stage.PUBLISHED):
        raise Refused(_("Only a letter that circulates or is published gets a close."))
    if letter.closes_at is not None:
        raise Refused(_("Signing has a close already; extend it instead."))
    if closes_at <= at or (letter.opens_at is not None and closes_at <= letter.opens_at):
        raise Refused(_("That time has passed, or lies before the opening; choose a later one."))
    letter.closes_at = closes_at
    letter.save(update_fields=["closes_at"])
    record("letter.close_set", at=at, letter=letter, actor=actor, after={"closes_at": _iso(closes_at)})
    return letter


@transaction.atomic
def withdraw(letter: Letter, *, reason: str, actor: Actor, at: datetime) -> Letter:
    """Takes the whole letter back, for good; the reason is public if the letter had been."""
    letter = locked(letter)
    if letter.stage not in (Letter.Stage.CIRCULATING, Letter.Stage.PUBLISHED):
        raise Refused(_("Only a letter that circulates or is published can be withdrawn."))
    if not reason.strip():
        raise Refused(_("Give the reason; readers of the letter's page will see it."))
    before = {"stage": letter.stage}
    letter.release_at = letter.release_at if letter.is_public(at) else None
    letter.stage, letter.withdrawn_at, letter.withdrawal_reason = Letter.Stage.WITHDRAWN, at, reason.strip()
    letter.circulation_nonce = letter.circulation_digest = ""
    letter.save(
        update_fields=[
            "stage",
            "withdrawn_at",
            "withdrawal_reason",
            "release_at",
            "circulation_nonce",
            "circulation_digest",
        ]
    )
    waiting = letter.messages.filter(state=Message.State.QUEUED, priority=Message.Priority.MASS)  # type: ignore[attr-defined]
    waiting.update(state=Message.State.CANCELLED)  # news of a letter that is no more
    record("letter.withdrawn", at=at, letter=letter, actor=actor, before=before, note=reason.strip())
    return letter


@transaction.atomic
def stop_signing(letter: Letter, *, stopped: bool, actor: Actor, at: datetime) -> Letter:
    """Stops signing on this letter at once, or lets it go on; the window stays as it is."""
    letter = locked(letter)
    if letter.signing_stopped == stopped:
        raise Refused(_("Signing is stopped already.") if stopped else _("Signing is not stopped."))
    letter.signing_stopped = stopped
    letter.save(update_fields=["signing_stopped"])
    record(
        "letter.signing_stopped" if stopped else "letter.signing_resumed", at=at, letter=letter, actor=actor
    )
    return letter


@transaction.atomic
def remake_link(letter: Letter, *, actor: Actor, at: datetime) -> Letter:
    """A new circulation link; the one before stops working."""
    letter = locked(letter)
    if letter.stage not in (Letter.Stage.CIRCULATING, Letter.Stage.PUBLISHED) or letter.is_public(at):
        raise Refused(_("Only a letter that is not public yet has a circulation link."))
    nonce = _new_link(letter)
    letter.save(update_fields=["circulation_nonce", "circulation_digest"])
    record("letter.link_made", at=at, letter=letter, actor=actor, after={"link": nonce[:8]})
    return letter


@transaction.atomic
def revoke_link(letter: Letter, *, actor: Actor, at: datetime) -> Letter:
    """The circulation link stops working; another can be made."""
    letter = locked(letter)
    if not letter.circulation_digest:
        raise Refused(_("The letter has no circulation link."))
    before = {"link": letter.circulation_nonce[:8]}
    letter.circulation_nonce = letter.circulation_digest = ""
    letter.save(update_fields=["circulation_nonce", "circulation_digest"])
    record("letter.link_revoked", at=at, letter=letter, actor=actor, before=before)
    return letter


@transaction.atomic
def note_copied(letter: Letter, *, actor: Actor, at: datetime) -> str:
    """Gives the whole address of the circulation link to somebody who is going to pass it on; that they had it is on record."""
    letter = locked(letter)
    if not letter.circulation_digest:
        raise Refused(_("The letter has no circulation link."))
    record(
        "letter.link_copied", at=at, letter=letter, actor=actor, after={"link": letter.circulation_nonce[:8]}
    )
    return circulation_url(letter)


def circulation_key(letter: Letter) -> str:
    """The key of the letter's circulation link, or empty when it has none."""
    return keys.derive(CIRCULATION, letter.circulation_nonce) if letter.circulation_nonce else ""


def circulation_url(letter: Letter) -> str:
    """The whole address of the circulation link, or empty when the letter has none."""
    key = circulation_key(letter)
    return settings.SITE_URL + reverse("circulation", args=[key]) if key else ""


def _new_link(letter: Letter) -> str:
    letter.circulation_nonce = keys.new_nonce()
    letter.circulation_digest = keys.digest(keys.derive(CIRCULATION, letter.circulation_nonce))
    return letter.circulation_nonce


def _open(letter: Letter, *, at: datetime, later: datetime | None = None) -> None:
    """Freezes the text as version 1 and opens the signing window (at the release, when that comes ``later``)."""
    found = problems(letter)
    if found:
        raise Refused(" ".join(found))
    if letter.closes_at is not None and letter.closes_at <= at:
        raise Refused(_("The close of signing has passed; set a later one before opening the letter."))
    letter.opens_at = letter.opens_at or later or at
    letter.date = letter.date or (later or at).astimezone(letter.zone).date()
    letter.current_version = first_version(letter, at=at)
    letter.current_version.save()
    letter.save(update_fields=["opens_at", "date", "current_version"])
    states.note(letter.pk, at=at)
    make_findable(letter)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
