"""Writing a letter: its settings, its words while it is a draft, its address, its groups, its picture."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from letters import pasting, texts
from letters.models import Addressee, Group, Letter, LetterText, OldSlug
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked

# Gaps leave room for an editor's own headings between the standing ones.
STANDING = ((Group.Kind.CONVENERS, 0), (Group.Kind.ORGANISATIONS, 500), (Group.Kind.INDIVIDUALS, 900))
FROZEN = ("language", "date")
LONGEST_STEM = 60  # characters of an address made from a title
SIGNED_WORDS = ("language", "title", "place", "subject", "salutation", "body", "closing")


# Latin letters that are no letter with a mark, so that taking marks off leaves nothing of them.
UNMARKED = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)


def stem_of(name: str) -> str:
    """The words of a name as an address has them; empty when none is Latin."""
    return slugify(name.lower().translate(UNMARKED))


def new_slug(title: str) -> str:
    """An address made from the title that no letter has or had."""
    stem = stem_of(title)
    if len(stem) > LONGEST_STEM:  # cut at a word
        stem = stem[: LONGEST_STEM + 1].rpartition("-")[0] or stem[:LONGEST_STEM]
    stem = stem.strip("-") or "letter"
    slug, n = stem, 1
    while Letter.objects.filter(slug=slug).exists() or OldSlug.objects.filter(slug=slug).exists():
        n += 1
        slug = f"{stem}-{n}"
    return slug


@transaction.atomic
def create_letter(*, actor: Actor, at: datetime, title: str, slug: str = "", **fields: Any) -> Letter:
    """A new draft with the standing groups, and its creator among its editors; ``fields`` are the letter's own."""
    letter = Letter.objects.create(slug=slug or new_slug(title), **fields)
    prepare(letter, actor=actor, at=at)
    return letter


def prepare(letter: Letter, *, actor: Actor, at: datetime) -> None:
    """What every new letter gets: the standing groups, its creator as an editor, the event."""
    Group.objects.bulk_create(Group(letter=letter, kind=kind, position=place) for kind, place in STANDING)
    if actor is not None and actor.is_authenticated:
        letter.editors.add(actor)  # type: ignore[arg-type]
    record("letter.created", at=at, letter=letter, actor=actor, after={"slug": letter.slug})


@transaction.atomic
def write_text(
    letter: Letter, *, language: str, words: Mapping[str, str], actor: Actor, at: datetime, follows: str = ""
) -> LetterText:
    """Writes the working copy of the text in one language. Of a frozen letter the authoritative words no longer change
    by this door, its publisher's note does; a translation is worked on at any time, since it is public only as it stands
    in a version.

    ``words`` has any of the fields of ``LetterText``. ``follows``: the digest of the authoritative words
    (``words_digest``) that the translation is said to follow; a new one follows the present words. Raises ``Refused`` when
    a frozen word would change, and for a translation that is ready without title or body.
    """
    letter = locked(letter)
    text = letter.texts.filter(language=language).first() or LetterText(letter=letter, language=language)
    adding, before = text._state.adding, {key: getattr(text, key) for key in words}
    for key, value in words.items():
        setattr(text, key, tidied(key, value))
    changed = sorted(key for key in words if getattr(text, key) != before[key])
    if letter.is_frozen and text.is_authoritative and (adding or set(changed) & set(SIGNED_WORDS)):
        raise Refused(_("The text was opened for signing and no longer changes."))
    if not text.is_authoritative:
        _check_ready(text)
        present = letter.text.words_digest if letter.text else ""
        source = follows or (present if adding else text.source_digest)
        if source != text.source_digest:
            before["source_digest"], text.source_digest = text.source_digest, source
            changed += [] if adding else ["source_digest"]
    if changed or adding:
        text.save()
        record(
            "text.written" if text.is_authoritative else "translation.written",
            at=at,
            letter=letter,
            actor=actor,
            before={"language": language} | {key: before[key] for key in changed},
            after={"language": language} | {key: getattr(text, key) for key in changed},
        )
    return text


def tidied(key: str, value: str) -> str:
    """What was typed into a field of a text, as it is stored: a body as a letter has it, a line without line breaks, a
    closing without empty lines."""
    if key in ("body", "standfirst"):
        return pasting.tidy(value)
    if key == "closing":
        return "\n".join(line for line in map(texts.one_line, value.splitlines()) if line)
    return texts.one_line(value) if key in ("title", "place", "subject", "salutation") else value


def _check_ready(text: LetterText) -> None:
    if text.is_ready and not (text.title.strip() and texts.clean(text.body)):
        raise Refused(_("A translation is ready once it has a title and a body."))


@transaction.atomic
def add_addressee(letter: Letter, *, actor: Actor, at: datetime, **fields: Any) -> Addressee:
    """One more addressee, or copy, of a draft."""
    letter = locked(letter)
    if letter.is_frozen:
        raise Refused(_("The addressees are part of the text that was opened for signing."))
    addressee = Addressee.objects.create(letter=letter, **fields)
    record("addressee.added", at=at, letter=letter, actor=actor, after={"addressee": str(addressee)})
    return addressee


def keep_slug(letter: Letter, old: str, *, actor: Actor, at: datetime) -> None:
    """After the address changed: the one before leads to the letter. Raises ``Refused`` for one that led to another."""
    if OldSlug.objects.filter(slug=letter.slug).exclude(letter=letter).exists():
        raise Refused(_("This address led to another letter; choose another one."))
    OldSlug.objects.filter(slug=letter.slug).delete()
    if old and old != letter.slug:
        OldSlug.objects.get_or_create(slug=old, defaults={"letter": letter})
        record(
            "letter.moved",
            at=at,
            letter=letter,
            actor=actor,
            before={"slug": old},
            after={"slug": letter.slug},
        )
