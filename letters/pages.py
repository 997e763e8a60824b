"""What the page of a letter shows, gathered once for the public page, the circulation page and the desk's preview."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from letters import languages, texts
from letters.changes import Comparison, between, touches
from letters.following import timeline
from letters.models import Letter, LetterText, TextVersion
from letters.models.following import Entry
from letters.services.versions import frozen_content

EARLIER_SHOWN = 200  # names under an earlier version on the letter's own page


@dataclass(frozen=True)
class Section:
    """A heading of the list and the signatories under it, each with its ``position`` in the whole list."""

    heading: str
    signatures: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Words:
    """The signed words in one language, laid out: ``body`` and its ``notes`` (which stand after the closing) are safe
    HTML, the rest is plain text."""

    language: str
    direction: str
    title: str
    place: str
    subject: str
    salutation: str
    body: str
    notes: str
    closing: str
    addressees: list[dict[str, str]]
    copies: list[dict[str, str]]


def content_of(letter: Letter) -> dict[str, Any]:
    """The frozen parts of the letter; those of the draft while nothing is frozen (for the desk's preview)."""
    return letter.current_version.content if letter.current_version else frozen_content(letter)


def words_of(letter: Letter, wanted: str = "") -> Words:
    """The letter's words in the language ``wanted`` where it has them, else in the one that decides."""
    content = content_of(letter)
    language = languages.fitting(wanted, content["texts"]) or content["language"]
    blank = dict.fromkeys(("title", "place", "subject", "salutation", "body", "closing"), "")
    text = content["texts"].get(language, blank)
    body, notes = texts.laid_out(text["body"])
    return Words(
        language=language,
        direction=texts.direction(language),
        addressees=content["addressees"],
        copies=content["copies"],
        **{**text, "body": body, "notes": notes},
    )


def missing(letter: Letter, words: Words, wanted: str) -> str:
    """A sentence for a reader of ``wanted`` to whom another language is shown, since the letter has no text in theirs."""
    content = content_of(letter)
    if languages.fitting(wanted, [words.language]) or not content["texts"]:
        return ""
    if _had(letter, wanted):
        return _(
            "The text in %(wanted)s does not follow the present one yet; you read the text in %(shown)s."
        ) % {
            "wanted": languages.name_here(wanted),
            "shown": languages.name_here(words.language),
        }
    names = {"wanted": languages.name_here(wanted), "shown": languages.name_here(words.language)}
    if len(content["texts"]) == 1:
        return _("This letter has no text in %(wanted)s; you read it in %(shown)s.") % names
    return (
        _("This letter has no text in %(wanted)s; you read it in %(shown)s, the language that decides.")
        % names
    )


def _had(letter: Letter, wanted: str) -> bool:
    """Whether an earlier version of the letter had a text for a reader of ``wanted``: an amendment left it behind."""
    if letter.current_version is None or letter.current_version.number == 1:
        return False
    texts_of = letter.versions.values_list("content", flat=True)
    return any(languages.fitting(wanted, content["texts"]) for content in texts_of)


def tongues(
    letter: Letter, words: Words, *, at: datetime, wanted: str, place: Callable[[str], str] | None
) -> dict[str, Any]:
    """What a page says of the letter's languages. ``place`` gives the address of a text where that is not the public
    one; ``wanted`` is the language that the reader chose by the page's address, or empty."""
    content = content_of(letter)
    own = texts.languages_of(content)
    public = letter.is_public(at) and place is None

    def stands(language: str) -> str:
        return settings.SITE_URL + languages.address(letter, language, own)

    return {
        "languages": languages.ways(
            own, words.language, place or (lambda tag: languages.here(letter, tag, own))
        ),
        "decides": languages.name_here(own[0]),
        "missing": "" if wanted else missing(letter, words, get_language() or ""),
        "canonical": stands(words.language) if public else "",
        "alternates": [*((tag, stands(tag)) for tag in own), ("x-default", stands(own[0]))]
        if public and len(own) > 1
        else [],
        "og_locale": languages.open_graph(words.language),
    }


def beside(letter: Letter, words: Words) -> dict[str, Any]:
    """What stands beside the words, outside what is signed: the publisher's note in their language, else in the one that
    decides, and the translator's note."""
    rows = {text.language: text for text in letter.texts.all()}
    own = rows.get(words.language)
    noted = next((text for text in (own, letter.text) if text is not None and text.standfirst), None)
    return {
        "note": texts.render(noted.standfirst, prefix="note") if noted else "",
        "note_language": noted.language if noted else "",
        "note_direction": noted.direction if noted else "ltr",
        "translator_note": own.translator_note if isinstance(own, LetterText) else "",
    }


def is_behind(letter: Letter, language: str) -> bool:
    """Whether the public text in ``language`` was made before the one that decides was last corrected, and nobody has said
    since that it follows."""
    version = letter.current_version
    if version is None or version.number == 1 or language in ("", version.content["language"]):
        return False
    row = next((text for text in letter.texts.all() if text.language == language), None)
    if row is None or row.source_digest == version.source_digest:
        return False
    last = {language: 0, version.content["language"]: 0}
    before: Mapping[str, Any] = {}
    for number, content in letter.versions.order_by("number").values_list("number", "content"):
        for tag in last:
            if content["texts"].get(tag) != before.get(tag):
                last[tag] = number
        before = content["texts"]
    return last[version.content["language"]] > last[language]


def sections(letter: Letter, signatures: list[Any], *, start: int = 0) -> list[Section]:
    """Signatures, in the order of the list, under the headings of their groups; ``start`` came before them. Each is told
    whether it joined after the letter's latest delivery."""
    names = {group.position: str(group) for group in letter.groups.all()}
    out: list[Section] = []
    last = None
    for position, signature in enumerate(signatures, start + 1):
        signature.position = position
        signature.joined_later = is_later(signature, letter)
        if signature.place != last:
            out.append(Section(names.get(signature.place, _("Signatories"))))
            last = signature.place
        out[-1].signatures.append(signature)
    return out


def is_later(signature: Any, letter: Letter) -> bool:
    """Whether the signature came into the list after the letter's latest delivery."""
    last, joined = letter.last_delivered_at, signature.rejoined_at or signature.accepted_at
    return last is not None and joined is not None and joined > last


def shown_signatures(letter: Letter) -> list[Any]:
    """The signatures that the letter's own page shows: the first ``SIGNATORIES_SHOWN`` of the list."""
    rows = (
        letter.signatures.listed()
        .of_text(letter)
        .for_list(named=letter.asks_names, language=get_language() or "")
    )
    signatures = rows.in_order(letter.order)
    return list(signatures[: settings.SIGNATORIES_SHOWN])


def letter_context(
    letter: Letter,
    *,
    at: datetime,
    links: dict[str, str],
    with_list: bool = True,
    wanted: str = "",
    place: Callable[[str], str] | None = None,
    also: Entry | None = None,
) -> dict[str, Any]:
    """The context of ``letters/letter.html``. ``links`` holds the addresses that differ between the public and the
    circulation page: ``sign``, ``picture``, ``text``. ``wanted`` and ``place``: see ``tongues``. ``also`` is a draft that
    the desk's preview shows with what followed."""
    prefetch_related_objects([letter], "topics", "related_links", "groups", "texts", "deliveries")
    signatures = shown_signatures(letter) if with_list else []
    words = words_of(letter, wanted or get_language() or "")
    own = {
        **tongues(letter, words, at=at, wanted=wanted, place=place),
        **beside(letter, words),
        **neighbours(letter, at=at),
    }
    changed = changed_versions(letter)
    return own | {
        "letter": letter,
        "words": words,
        "version": letter.current_version,
        "links": links,
        "with_list": with_list,
        "sections": sections(letter, signatures),
        "shown": len(signatures),
        "following": timeline(letter, at=at, also=also, changed=changed) if with_list else [],
        "signing_open": letter.is_signing_open(at),
        "opens_later": letter.opens_at is not None and letter.opens_at > at,
        "closed": letter.is_closed(at),
        "is_public": letter.is_public(at),
        "changed": changed,
        "behind": is_behind(letter, words.language) if changed else False,
        "earlier_texts": earlier_signatures(letter) if with_list else [],
        "description": texts.summary(words_body(letter, words.language), 200),
        "at": at,
    }


@dataclass(frozen=True)
class Told:
    """A text version in the history of a letter, and how it differs from the one ``before``."""

    version: TextVersion
    before: TextVersion | None
    comparisons: tuple[Comparison, ...]
    text_url: str

    @property
    def is_of_translations(self) -> bool:
        """Whether the text that decides, and whom the letter is to, stayed as they were."""
        return self.before is not None and not touches(self.comparisons, self.version.content["language"])

    @property
    def many(self) -> bool:
        """Whether it must be said which language a change is in."""
        return len(self.version.content["texts"]) > 1


def history(letter: Letter, text_url: Callable[[int], str]) -> list[Told]:
    """The letter's text versions, the present one first. ``text_url`` gives the address of a version's exact text."""
    versions = list(letter.versions.order_by("number"))
    out = []
    for before, version in zip([None, *versions[:-1]], versions, strict=True):
        found = between(before, version) if before else ()
        out.append(Told(version, before, found, text_url(version.number)))
    return out[::-1]


def changed_versions(letter: Letter) -> list[TextVersion]:
    """The corrections and amendments of the letter's text, the latest first, without their words."""
    if letter.current_version is None or letter.current_version.number == 1:
        return []
    kinds = (TextVersion.Kind.CORRECTION, TextVersion.Kind.AMENDMENT)
    rows = letter.versions.filter(kind__in=kinds).defer("content", "canonical")
    return list(rows.order_by("-number"))


@dataclass(frozen=True)
class Earlier:
    """Those who signed one earlier version and have not re-affirmed, and how many more there are than shown."""

    version: TextVersion
    signatures: list[Any]
    more: bool


def earlier_signatures(letter: Letter) -> list[Earlier]:
    """Signatories under versions that were amended since, apart from the list: the first of each version."""
    if not letter.earlier_count:
        return []
    listed = letter.signatures.listed_earlier()
    out = []
    for version in letter.versions.filter(pk__in=listed.values("version")).order_by("number"):
        own = listed.filter(version=version).for_list(named=letter.asks_names, language=get_language() or "")
        rows = own.in_order(letter.order)
        found = list(rows[: EARLIER_SHOWN + 1])
        out.append(Earlier(version, found[:EARLIER_SHOWN], len(found) > EARLIER_SHOWN))
    return out


def neighbours(letter: Letter, *, at: datetime) -> dict[str, Any]:
    """The public letter that this one replies to, and the public ones that reply to it."""
    near = Q(replies_to=letter) | Q(pk=letter.replies_to_id) if letter.replies_to_id else Q(replies_to=letter)
    found = list(
        Letter.objects.public(at).filter(near).select_related("current_version").order_by("date", "id")
    )
    return {
        "earlier": next((other for other in found if other.pk == letter.replies_to_id), None),
        "answers": [other for other in found if other.replies_to_id == letter.pk],
    }


def words_body(letter: Letter, language: str) -> str:
    """The body as stored, for a summary."""
    found = content_of(letter)["texts"].get(language)
    return found["body"] if found else ""
