"""Changing a text that was opened for signing: never in place. The desk works on a copy (the letter's ``LetterText`` and
addressees); a *correction* or an *amendment* makes a new text version of it, with the difference public.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from letters import changes
from letters.changes import Comparison
from letters.models import Addressee, Letter, LetterText, TextVersion
from letters.services import states
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked, problems
from letters.services.versions import frozen_content, make_findable, version_of
from letters.services.writing import tidied

Kind = TextVersion.Kind
WORDS = ("title", "place", "subject", "salutation", "body", "closing")


def may_revise(letter: Letter) -> bool:
    """Whether its text can be corrected or amended: it was opened for signing, and not withdrawn."""
    return letter.stage in (Letter.Stage.CIRCULATING, Letter.Stage.PUBLISHED)


@transaction.atomic
def revise(
    letter: Letter,
    *,
    words: Mapping[str, str],
    addressees: Iterable[Addressee] | None = None,
    removed: Iterable[Addressee] = (),
    actor: Actor,
    at: datetime,
) -> tuple[Comparison, ...]:
    """Writes the working copy of the authoritative text (any of ``WORDS``) and of the addressees; nothing of it is public.
    Gives how the copy then differs from the text that is signed."""
    letter = _live(letter)
    text = letter.text
    assert text is not None  # an opened letter has one
    for key in WORDS:
        if key in words:
            setattr(text, key, tidied(key, words[key]))
    text.save(update_fields=WORDS)
    for person in addressees or ():
        person.letter = letter
        person.save()
    letter.addressees.filter(pk__in=[person.pk for person in removed]).delete()
    record("text.revised", at=at, letter=letter, actor=actor, after=text.words())
    return pending(letter)


def pending(letter: Letter, kind: str = Kind.CORRECTION) -> tuple[Comparison, ...]:
    """How the working copy differs from the text that is signed; empty when it does not, and for a draft."""
    if letter.current_version is None:
        return ()
    return changes.compare(letter.current_version.content, next_content(letter, kind))


def is_changed(letter: Letter) -> bool:
    """Whether the working copy has other words in the language that decides, or other addressees, than what is signed: what
    a correction or an amendment publishes. Translations alone have a step of their own."""
    return changes.touches(pending(letter), letter.language)


def next_content(letter: Letter, kind: str) -> dict[str, Any]:
    """The content of the version that the working copy would become. A translation that has not followed what an
    amendment changes is left out, since it says what the letter no longer says."""
    content = frozen_content(letter)
    public = letter.current_version.content if letter.current_version else content
    content["date"] = public["date"]
    if kind == Kind.CORRECTION:  # a translation that is worked on meanwhile stays as it is public
        content["texts"] = public["texts"] | {
            language: words for language, words in content["texts"].items() if language in _following(letter)
        }
    else:
        for text in left_behind(letter):
            content["texts"].pop(text.language, None)
    return content


def _following(letter: Letter) -> list[str]:
    """The languages whose text says what the letter says: it follows the words that are signed, or those worked on."""
    version, source = letter.current_version, letter.text
    signed = version.source_digest if version else ""
    return [
        text.language
        for text in letter.texts.all()
        if text.is_authoritative or text.source_digest in (signed, source.words_digest if source else "")
    ]


def left_behind(letter: Letter) -> list[LetterText]:
    """Ready translations that do not follow the working copy of the authoritative text."""
    return [text for text in letter.texts.all() if text.is_ready and text.is_stale(letter.text)]


@transaction.atomic
def discard(letter: Letter, *, actor: Actor, at: datetime) -> None:
    """The working copy of the authoritative text and of the addressees is the text that is signed again."""
    letter = _live(letter)
    content = _version(letter).content
    LetterText.objects.filter(letter=letter, language=letter.language).update(
        **{key: content["texts"][letter.language][key] for key in WORDS}
    )
    emails = {_facts(person): person.email for person in letter.addressees.all()}
    letter.addressees.all().delete()
    for copy, parties in ((False, content["addressees"]), (True, content["copies"])):
        for position, party in enumerate(parties):
            person = Addressee(letter=letter, is_copy=copy, position=position, **party)
            person.email = emails.get(_facts(person), "")
            person.save()
    record("text.revision_discarded", at=at, letter=letter, actor=actor)


def _facts(person: Addressee) -> tuple[str, str, str, bool]:
    return person.name, person.function, person.body, person.is_copy


@transaction.atomic
def correct(letter: Letter, *, reason: str, actor: Actor, at: datetime) -> TextVersion:
    """A typographical change: a new version, under which every signature stands as before. The reason and the difference
    are public."""
    letter = _live(letter)
    return _next_version(letter, Kind.CORRECTION, reason=reason, actor=actor, at=at)


def amended(letter: Letter, *, reason: str, actor: Actor, at: datetime) -> TextVersion:
    """A change of substance: the new version, current at once. Only for ``signatories.services.amending.amend``, which in
    the same transaction moves the signatures out of the list; the caller holds the letter's lock."""
    return _next_version(letter, Kind.AMENDMENT, reason=reason, actor=actor, at=at)


def _next_version(letter: Letter, kind: str, *, reason: str, actor: Actor, at: datetime) -> TextVersion:
    """The working copy as the next version of a locked letter."""
    if not is_changed(letter):
        raise Refused(_("Nothing has changed; write the new words first."))
    if not reason.strip():
        raise Refused(_("Give the reason; it stands beside the change on the letter’s page."))
    if found := problems(letter):
        raise Refused(" ".join(found))
    return add_version(letter, kind, next_content(letter, kind), reason=reason.strip(), actor=actor, at=at)


def add_version(
    letter: Letter, kind: str, content: dict[str, Any], *, reason: str = "", actor: Actor, at: datetime
) -> TextVersion:
    """Writes the next version of a locked letter and makes it the current one; its event is "letter.<what was done>"."""
    before = _version(letter)
    number = before.number + 1
    substance = number if kind == Kind.AMENDMENT else before.substance
    version = version_of(letter, number, content, at=at, kind=kind, substance=substance, reason=reason)
    version.save()
    letter.current_version = version
    letter.save(update_fields=["current_version"])
    states.step(letter.pk, at=at)
    make_findable(letter)
    record(
        EVENTS[kind],
        at=at,
        letter=letter,
        actor=actor,
        before={"version": before.number, "digest": before.digest},
        after={"version": number, "digest": version.digest},
        note=reason,
    )
    return version


EVENTS: dict[str, str] = {
    Kind.CORRECTION: "letter.corrected",
    Kind.AMENDMENT: "letter.amended",
    Kind.TRANSLATION: "letter.translated",
}


def _live(letter: Letter) -> Letter:
    letter = locked(letter)
    if not may_revise(letter):
        raise Refused(
            _(
                "Only a letter that was opened for signing, and not withdrawn, is corrected or amended; a draft is simply written."
            )
        )
    return letter


def _version(letter: Letter) -> TextVersion:
    assert letter.current_version is not None  # ``_live`` saw to it
    return letter.current_version
