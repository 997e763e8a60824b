"""Freezing: the text version that a letter's words become."""

from datetime import datetime
from typing import Any

from letters import texts
from letters.models import Addressee, Letter, SearchWords, TextVersion


def first_version(letter: Letter, *, at: datetime) -> TextVersion:
    """Version 1 of the letter's words as they are now; not saved. The letter has its date."""
    return version_of(letter, 1, frozen_content(letter), at=at)


def version_of(
    letter: Letter, number: int, content: dict[str, Any], *, at: datetime, **fields: Any
) -> TextVersion:
    """A text version with its exact bytes and their digest; not saved. ``fields`` are the version's own."""
    exact = texts.canonical(number, content)
    own = {"content": content, "canonical": exact, "digest": texts.digest(exact), "created_at": at}
    return TextVersion(letter=letter, number=number, **own, **fields)


def make_findable(letter: Letter) -> None:
    """Readers find the letter by the words of its current version from now on."""
    assert letter.current_version is not None
    title, words = texts.searched(letter.current_version.content)
    SearchWords.objects.update_or_create(letter=letter, defaults={"title": title, "words": words})


def as_released(letter: Letter, at: datetime) -> Letter:
    """The letter as its page would show it, were it released at ``at``; never saved. A public letter as it is."""
    if letter.is_public(at):
        return letter
    letter.stage, letter.release_at = Letter.Stage.PUBLISHED, at
    letter.opens_at = letter.opens_at or at
    letter.date = letter.date or at.astimezone(letter.zone).date()
    if not letter.is_frozen and letter.text is not None:
        letter.current_version = first_version(letter, at=at)
    return letter


def as_translated(letter: Letter, language: str) -> str:
    """Puts the working copy in ``language``, which is perhaps not public yet, among the texts of a letter that is never
    saved; gives the language, or empty when the letter has no text in it."""
    text = next((text for text in letter.texts.all() if text.language == language), None)
    version = letter.current_version
    if text is None or version is None:
        return ""
    if not text.is_authoritative:
        content = {**version.content, "texts": {**version.content["texts"], language: text.words()}}
        number, digest = version.number, version.digest
        letter.current_version = TextVersion(letter=letter, number=number, content=content, digest=digest)
    return language


def frozen_content(letter: Letter) -> dict[str, Any]:
    """The parts of the letter that a signature is bound to (the shape is told at ``TextVersion``)."""
    people = list(letter.addressees.all())
    return {
        "language": letter.language,
        "date": letter.date.isoformat() if letter.date else "",
        "addressees": [_party(person) for person in people if not person.is_copy],
        "copies": [_party(person) for person in people if person.is_copy],
        "texts": {text.language: text.words() for text in letter.texts.all() if text.is_ready},
    }


def _party(person: Addressee) -> dict[str, str]:
    return {"name": person.name, "function": person.function, "body": person.body}
