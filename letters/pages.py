"""What the page of a letter shows, gathered once for the public page, the circulation page and the desk's preview."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from letters import texts
from letters.changes import Comparison, compare
from letters.models import Letter, TextVersion
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


def words_of(letter: Letter) -> Words:
    """The frozen words of the letter; those of the draft while nothing is frozen (for the desk's preview)."""
    content = letter.current_version.content if letter.current_version else frozen_content(letter)
    language = content["language"]
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


def sections(letter: Letter, signatures: list[Any], *, start: int = 0) -> list[Section]:
    """Signatures, in the order of the list, under the headings of their groups; ``start`` came before them."""
    names = {group.position: str(group) for group in letter.groups.all()}
    out: list[Section] = []
    last = None
    for position, signature in enumerate(signatures, start + 1):
        signature.position = position
        if signature.place != last:
            out.append(Section(names.get(signature.place, _("Signatories"))))
            last = signature.place
        out[-1].signatures.append(signature)
    return out


def shown_signatures(letter: Letter) -> list[Any]:
    """The signatures that the letter's own page shows: the first ``SIGNATORIES_SHOWN`` of the list."""
    signatures = letter.signatures.listed().for_list(named=letter.asks_names).in_order(letter.order)
    return list(signatures[: settings.SIGNATORIES_SHOWN])


def letter_context(
    letter: Letter, *, at: datetime, links: dict[str, str], with_list: bool = True
) -> dict[str, Any]:
    """The context of ``letters/letter.html``. ``links`` holds the addresses that differ between the public and the
    circulation page: ``sign``, ``picture``, ``text``."""
    prefetch_related_objects([letter], "topics", "related_links", "groups", "texts")
    signatures = shown_signatures(letter) if with_list else []
    return {
        "letter": letter,
        "words": words_of(letter),
        "note": texts.render(letter.text.standfirst, prefix="note") if letter.text else "",
        "note_direction": letter.text.direction if letter.text else "ltr",
        "version": letter.current_version,
        "links": links,
        "with_list": with_list,
        "sections": sections(letter, signatures),
        "shown": len(signatures),
        "signing_open": letter.is_signing_open(at),
        "opens_later": letter.opens_at is not None and letter.opens_at > at,
        "closed": letter.is_closed(at),
        "is_public": letter.is_public(at),
        "changed": changed_versions(letter),
        "earlier_texts": earlier_signatures(letter) if with_list else [],
        "description": texts.summary(words_body(letter), 200),
        "at": at,
    } | neighbours(letter, at=at)


@dataclass(frozen=True)
class Told:
    """A text version in the history of a letter, and how it differs from the one ``before``."""

    version: TextVersion
    before: TextVersion | None
    comparisons: tuple[Comparison, ...]
    text_url: str

    @property
    def many(self) -> bool:
        """Whether it must be said which language a change is in."""
        return len(self.version.content["texts"]) > 1


def history(letter: Letter, text_url: Callable[[int], str]) -> list[Told]:
    """The letter's text versions, the present one first. ``text_url`` gives the address of a version's exact text."""
    versions = list(letter.versions.order_by("number"))
    out = []
    for before, version in zip([None, *versions[:-1]], versions, strict=True):
        found = compare(before.content, version.content) if before else ()
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
        rows = listed.filter(version=version).for_list(named=letter.asks_names).in_order(letter.order)
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


def words_body(letter: Letter) -> str:
    """The body as stored, for a summary."""
    if letter.current_version:
        content = letter.current_version.content
        return content["texts"][content["language"]]["body"]
    return letter.text.body if letter.text else ""
