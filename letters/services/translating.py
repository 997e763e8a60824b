"""Translations of a letter: when a working copy may be removed, and how the ready ones become public."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from letters.models import Event, Letter, LetterText, TextVersion
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked
from letters.services.revising import add_version


def latest_edit(letter: Letter, language: str) -> Event | None:
    """The latest event of the working copy in ``language``, of which a form may not know yet."""
    events = letter.events.filter(kind__startswith="translation.", after__language=language)
    return events.select_related("actor").order_by("-id").first()


def translated_content(letter: Letter) -> dict[str, Any]:
    """What the current version would hold with the translations as they are now: those that are ready and follow its
    authoritative words. A translation that is worked on meanwhile stays as it is public; none disappears."""
    version = letter.current_version
    assert version is not None
    followed = version.source_digest
    ready = {
        text.language: text.words()
        for text in letter.texts.all()
        if not text.is_authoritative and text.is_ready and text.source_digest == followed
    }
    return {**version.content, "texts": {**version.content["texts"], **ready}}


def to_publish(letter: Letter) -> list[str]:
    """The languages whose text a new version would add or change; none for a letter that was never opened."""
    if letter.current_version is None:
        return []
    public = letter.current_version.content["texts"]
    wanted = translated_content(letter)["texts"]
    return sorted(language for language in wanted if wanted[language] != public.get(language))


def replaced(letter: Letter) -> list[str]:
    """Those of them in which the letter has been read and signed, in other words."""
    public = letter.current_version.content["texts"] if letter.current_version else {}
    return [language for language in to_publish(letter) if language in public]


@transaction.atomic
def publish_translations(letter: Letter, *, actor: Actor, at: datetime, reason: str = "") -> TextVersion:
    """Makes the ready translations public, as a new version: the same authoritative words, date and addressees, so the
    same substance; signatures keep the version that they signed and stand in the list as before. Where one replaces a
    text that was public it is a correction, with the public ``reason``. Raises ``Refused`` without it, for a letter that was never
    opened or is withdrawn, and when no ready translation differs from what is public."""
    letter = locked(letter)
    if letter.current_version is None:
        raise Refused(_("The letter was not opened yet: its ready translations are opened with it."))
    if letter.stage == Letter.Stage.WITHDRAWN:
        raise Refused(_("The letter was withdrawn; its text no longer changes."))
    if not to_publish(letter):
        raise Refused(_("No translation that is ready differs from the public text."))
    content = translated_content(letter)
    if not replaced(letter):
        return add_version(letter, TextVersion.Kind.TRANSLATION, content, actor=actor, at=at)
    if not reason.strip():
        raise Refused(_("Give the reason; it stands beside the change on the letter’s page."))
    kind = TextVersion.Kind.CORRECTION
    return add_version(letter, kind, content, reason=reason.strip(), actor=actor, at=at)


def why_kept(text: LetterText) -> str:
    """Why the text cannot be removed, in a sentence; empty when it can."""
    if text.is_authoritative:
        return _("The text in the language that decides cannot be removed.")
    version = text.letter.current_version
    if version is not None and text.language in version.content["texts"]:
        return _("This text is part of the public version, so it stays.")
    return ""


@transaction.atomic
def remove_translation(letter: Letter, *, language: str, actor: Actor, at: datetime) -> None:
    """Removes the working copy of a translation that is not public. What it said stays on record."""
    letter = locked(letter)
    text = letter.texts.filter(language=language).first()
    if text is None:
        raise Refused(_("There is no such text (any more)."))
    if reason := why_kept(text):
        raise Refused(reason)
    before = {"language": language, **text.words(), "standfirst": text.standfirst}
    text.delete()
    record(
        "translation.removed",
        at=at,
        letter=letter,
        actor=actor,
        before=before,
        after={"language": language},
    )
