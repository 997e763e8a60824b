"""From the database to paper: a letter with its public list as a ``LetterDocument``."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from letters import counts, keys, logos, times
from letters.documents import fonts
from letters.documents.body import body_of
from letters.documents.model import Entry, LetterDocument, Party, Section, Words
from letters.languages import fitting, name_here
from letters.markup import Node
from letters.models import Letter, ListState, TextVersion
from letters.pages import changed_versions, sections
from letters.services.versions import frozen_content
from letters.templatetags.lettering import comma, copy_word, semicolon
from letters.templatetags.names import guess
from letters.texts import direction
from letters.theme import LIGHT_PAPER, fitted

TRIES = 5  # a letter that changes while it is read is read again


class Changing(Exception):
    """The letter changed each time that it was read; come back in a moment."""


def text_language(letter: Letter, wanted: str | None) -> str:
    """The language of the text that a reader of ``wanted`` gets, as on the letter's page: one that fits, or the
    authoritative one."""
    content = _version(letter).content
    return fitting(wanted or "", content["texts"]) or str(content["language"])


def interface_language(language: str) -> str:
    """The language in which the site speaks around a text in ``language``."""
    return fitting(language, dict(settings.LANGUAGES)) or settings.LANGUAGE_CODE


def paper_of(
    letter: Letter, *, language: str | None = None, state: ListState | None = None
) -> LetterDocument:
    """The letter's current text in ``language`` (the authoritative one where it has none) with its public list, in a
    number of queries that does not grow with the list. The letter has been opened. "As of" is the moment of the list's
    last change, so that a letter that has not changed gives the same value, whenever it is asked.

    ``state`` names the list's state where the caller holds the letter's lock; it is looked up otherwise. Raises
    ``Changing`` when words, list and code were of one moment in none of several readings."""
    if state is not None:
        return _said(letter, language, state)
    for again in range(TRIES):
        if again:
            letter = Letter.objects.select_related("current_version").get(pk=letter.pk)
        current = letter.list_states.order_by("-revision").first()
        if current is None or current.revision != letter.list_revision:
            continue
        document = _said(letter, language, current)
        if not letter.list_states.filter(revision__gt=current.revision).exists():
            return document
    raise Changing


def _said(letter: Letter, language: str | None, state: ListState) -> LetterDocument:
    language = text_language(letter, language)
    with translation.override(interface_language(language)):
        return _paper(letter, language, state)


def missing_characters(letter: Letter) -> list[str]:
    """The characters of the letter's texts, in every language, and of its listed names that no typeface has. On paper
    they are written out; an editor may want to know."""
    content = _version(letter).content if letter.current_version else frozen_content(letter)
    parties = [words for party in content["addressees"] + content["copies"] for words in party.values()]
    written = [words for text in content["texts"].values() for words in text.values()]
    columns = ("name", "acronym", "affiliation", "note")
    shown = (letter.signatures.listed(), letter.signatures.listed_earlier())
    names = (words for rows in shown for row in rows.values_list(*columns).iterator() for words in row)
    return fonts.missing_in([*parties, *written, *(words for words in names if not words.isascii())])


def with_code(document: LetterDocument, code: str) -> LetterDocument:
    """The document with another code, for the snapshot of a delivery."""
    with translation.override(document.said_in):
        return replace(document, **_verifying(code))


def _version(letter: Letter) -> TextVersion:
    version: TextVersion | None = letter.current_version
    assert version is not None, "a letter on paper has been opened"
    return version


def _paper(letter: Letter, language: str, state: ListState | None) -> LetterDocument:
    version = _version(letter)
    content = version.content
    words = content["texts"][language]
    said_in = interface_language(language)
    as_of = state.at if state else version.created_at
    listed = (
        letter.signatures.listed().of_text(letter).for_list(named=letter.asks_names).in_order(letter.order)
    )
    address = settings.SITE_URL + letter.get_absolute_url()
    dated = times.day_after_place if words["place"] else times.day_by
    count = state.signature_count if state else letter.signature_count
    withheld = state.withheld_count if state else letter.withheld_count
    return LetterDocument(
        language=language,
        direction=direction(language),
        said_in=said_in,
        said_direction=direction(said_in),
        publisher=settings.SITE_NAME,
        accent=_accent(settings.SITE_ACCENT),
        logo=logos.site_logo(),
        title=words["title"],
        place=words["place"],
        date=dated(_date(content["date"]), language),
        comma=comma(language),
        semicolon=semicolon(language),
        addressees=tuple(Party(**party) for party in content["addressees"]),
        copies=tuple(Party(**party) for party in content["copies"]),
        copy_word=copy_word(language),
        subject=words["subject"],
        salutation=words["salutation"],
        body=tuple(_absolute(node, address) for node in body_of(words["body"])),
        closing=tuple(line.strip() for line in words["closing"].splitlines() if line.strip()),
        notices=tuple(_notices(letter, language)),
        list_heading=counts.signatories(count),
        as_of=as_of.isoformat(),
        as_of_words=_("As of %(day)s at %(hour)s")
        % {"day": times.day_in(as_of, letter), "hour": times.hour_in(as_of, letter)},
        sections=tuple(_sections(letter, listed)),
        withheld=counts.withheld(letter, withheld, listed=count > withheld),
        nobody="" if count else _("Nobody has signed this letter yet."),
        version=version.number,
        version_words=_("Text version %(number)s of %(day)s")
        % {"number": version.number, "day": times.day_in(version.created_at, letter)},
        digest=version.digest,
        digest_words=_("SHA-256 of the exact text:"),
        address=address,
        address_words=_("This letter on the web:"),
        notes_heading=_("Notes"),
        signature_count=count,
        withheld_count=withheld,
        **_earlier(letter),
        **_verifying(state.code if state else ""),
    )


def _date(iso: str) -> Any:
    return datetime.fromisoformat(iso).date() if iso else None


def _accent(colour: str) -> str:
    red, green, blue = fitted((int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)), LIGHT_PAPER)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _verifying(code: str) -> dict[str, Any]:
    if not code:
        return {"verify_code": "", "verify_address": "", "verify_words": ""}
    return {
        "verify_code": keys.grouped_code(code),
        "verify_address": settings.SITE_URL + reverse("verify", args=[code]),
        "verify_words": _("Compare this document with the record, by this code:"),
    }


def _absolute(node: Node, address: str) -> Node:
    """The node with the addresses of its links whole, since paper stands on no site."""
    children: list[Node | str] = [c if isinstance(c, str) else _absolute(c, address) for c in node.children]
    return Node(node.tag, urljoin(address, node.href) if node.href else "", children)


# --- The list in words


def _sections(letter: Letter, signatures: Iterable[Any]) -> Iterable[Section]:
    countries: dict[str, str] = {}
    for section in sections(letter, list(signatures)):
        yield Section(
            section.heading,
            tuple(_entry(signature, signature.position, countries) for signature in section.signatures),
        )


def _entry(signature: Any, number: int, countries: dict[str, str]) -> Entry:
    code = str(signature.country)
    if code and code not in countries:
        countries[code] = str(signature.country.name)
    beside = (signature.affiliation, signature.note, getattr(signature, "named_person", ""))
    return Entry(
        number,
        _words(signature.name),
        _words(signature.acronym) if signature.acronym else None,
        tuple(_words(words) for words in beside if words),
        countries.get(code, ""),
    )


def _words(text: str) -> Words:
    language, way = guess(text)
    return Words(text, language, way)


def _earlier(letter: Letter) -> dict[str, Any]:
    """Those who signed an earlier text and not this one, under the version that they signed."""
    if not letter.earlier_count:
        return {}
    found = letter.signatures.listed_earlier().for_list(named=letter.asks_names)
    signatures = list(found.order_by("version", "place", "sort_key", "id"))
    versions = letter.versions.only("id", "number", "created_at", "letter_id").in_bulk()
    grouped: dict[int, list[Entry]] = {}
    countries: dict[str, str] = {}
    for number, signature in enumerate(signatures, 1):
        grouped.setdefault(signature.version_id, []).append(_entry(signature, number, countries))
    return {
        "earlier_heading": counts.earlier(letter.earlier_count),
        "earlier_words": counts.earlier_words(),
        "earlier": tuple(
            Section(
                _("Text version %(number)s of %(day)s")
                % {"number": versions[pk].number, "day": times.day_in(versions[pk].created_at, letter)},
                tuple(entries),
            )
            for pk, entries in grouped.items()
        ),
        "earlier_withheld": counts.earlier_withheld(letter.earlier_withheld_count),
        "earlier_count": letter.earlier_count,
    }


def _notices(letter: Letter, language: str) -> Iterable[str]:
    """What a reader has to know of the text: that it is a translation, who made it, when it was changed."""
    version = _version(letter)
    if language != version.content["language"]:
        yield _("This is a translation. The text that decides is the one in this language: %(language)s.") % {
            "language": name_here(version.content["language"])
        }
        note = letter.texts.filter(language=language).values_list("translator_note", flat=True).first()
        if note:
            yield " ".join(note.split())
    changes = []
    for changed in reversed(changed_versions(letter)):
        words = (
            _("Amended on %(day)s")
            if changed.kind == TextVersion.Kind.AMENDMENT
            else _("Corrected on %(day)s")
        )
        changes.append(words % {"day": times.day_in(changed.created_at, letter)})
    yield from dict.fromkeys(changes)  # each day and kind once, however often it was changed on it
