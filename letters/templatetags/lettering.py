"""Small words of the pages: times in a letter's own zone, counts, digests, addressees, and a letter as linked data."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters import counts, keys, languages, texts, times
from letters.changes import Comparison
from letters.following import Shown
from letters.languages import Heading, heading, name_here
from letters.models import DeliveryFile, Letter, TextVersion
from letters.wording import happened

register = template.Library()
# What could end the script element or be read as markup inside it (as Django's json_script does).
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
ARABIC = {"ar", "ckb", "fa", "prs", "ps", "sd", "ug", "ur"}
FULL_WIDTH = {"zh", "ja"}  # their marks bring their own space
# What a letter writes before those who get a copy, in the six languages of the United Nations. It belongs to the
# letter, so it follows the letter's language and not the page's.
COPY = {"en": "Copy:", "fr": "Copie :", "es": "Copia:", "ar": "نسخة إلى:", "ru": "Копия:", "zh": "抄送："}
PARTS = {
    "date": _l("Date"), "language": _l("The language that decides"), "addressees": _l("To"), "copies": _l("In copy"),
    "title": _l("Title"), "place": _l("Place"), "subject": _l("Subject"), "salutation": _l("Salutation"),
    "body": _l("Body"), "closing": _l("Closing"),
}  # fmt: skip
GROUP = 8  # hex digits of a digest that stand together
GIST = 200  # characters of a letter shown in a list


register.filter(happened)
for words in (times.day, times.day_by, times.day_after_place, times.day_in, times.hour_in, times.moment_in):
    register.filter(words)


@register.filter
def unbroken(words: str) -> str:
    """Words that stay on one line, such as a date in a narrow column."""
    return words.replace(" ", "\u00a0")


@register.filter
def same_day(value: datetime | None, pair: "tuple[Letter, datetime]") -> bool:
    """Whether ``value`` and the pair's moment fall on one day in the letter's zone."""
    letter, at = pair
    return value is not None and value.astimezone(letter.zone).date() == at.astimezone(letter.zone).date()


@register.filter
def beside(letter: Letter, at: datetime) -> "tuple[Letter, datetime]":
    """A letter and a moment together, for a filter that needs both."""
    return letter, at


@register.filter
def open_at(letter: Letter, at: datetime) -> bool:
    """Whether the letter takes signatures at ``at``."""
    return letter.is_signing_open(at)


@register.filter
def public_at(letter: Letter, at: datetime) -> bool:
    """Whether a stranger may read the letter at ``at``."""
    return letter.is_public(at)


@register.filter
def released(letter: Letter | None) -> bool:
    """Whether the letter is public now; for mail, which has no request's moment."""
    return letter is not None and letter.is_public(timezone.now())


number = register.filter(counts.number)
earlier_heading = register.filter("earlier_heading", counts.earlier)
earlier_withheld = register.filter("earlier_withheld", counts.earlier_withheld)
earlier_words = register.simple_tag(counts.earlier_words)


@register.filter
def count_heading(letter: Letter) -> str:
    """How many signed, as the heading of the list; while there is none, what the list is."""
    return counts.signatories(letter.signature_count)


@register.filter
def withheld_words(letter: Letter) -> str:
    """How many names are withheld, in a sentence that stands after those that are listed, if any are."""
    return counts.withheld(letter, letter.withheld_count, listed=bool(letter.listed_count))


@register.filter
def counted(letter: Letter, signing_open: bool) -> str:
    """What stands beside the number of those who signed, in the form that the number asks for."""
    if signing_open:
        # Translators: stands beside or below a number, which is not part of it: "12" "signed so far".
        return ngettext("signed so far", "signed so far", letter.signature_count)
    # Translators: stands beside or below a number, which is not part of it: "12" "signed this letter".
    return ngettext("signed this letter", "signed this letter", letter.signature_count)


def grown(letter: Letter) -> str:
    """What is said aloud when the list has grown while its page was open."""
    n = letter.signature_count
    return ngettext(
        "The list has grown: one signatory in all.", "The list has grown: %(m)s signatories in all.", n
    ) % {"m": number(n)}


@register.filter
def direction(language: str) -> str:
    """``rtl`` or ``ltr`` for a language tag."""
    return texts.direction(language)


@register.filter
def own_name(language: str) -> str:
    """A language's name in itself ("العربية"); the tag where we do not know it."""
    return languages.own_name(language)


@register.filter
def languages_changed(comparisons: Iterable[Comparison]) -> list[str]:
    """Which languages a version has, or has no more, against the one before: a sentence for those that came, and one for
    those that went."""
    added, gone = (
        [item.language for item in comparisons if item.whole == whole] for whole in ("added", "removed")
    )
    said = []
    if len(added) == 1:
        said.append(_("A text in %(language)s was added.") % {"language": name_here(added[0])})
    elif added:
        said.append(_("Texts in %(languages)s were added.") % {"languages": languages.listed(added)})
    if len(gone) == 1:
        said.append(_("The text in %(language)s was left out.") % {"language": name_here(gone[0])})
    elif gone:
        said.append(_("The texts in %(languages)s were left out.") % {"languages": languages.listed(gone)})
    return said


@register.filter
def part_words(part: str) -> str:
    """What a part of a letter is called (``letters.changes``)."""
    return str(PARTS.get(part, part))


@register.filter
def comma(language: str) -> str:
    """The comma that a language writes in a line (U+060C in Arabic script), with the space behind it where it has one."""
    base = _base(language)
    return {"zh": "\uff0c", "ja": "\u3001"}.get(base, "\u060c " if base in ARABIC else ", ")


@register.filter
def semicolon(language: str) -> str:
    """The semicolon that a language writes (U+061B in Arabic script), with the space behind it where it has one."""
    base = _base(language)
    return "\uff1b" if base in FULL_WIDTH else "\u061b " if base in ARABIC else "; "


@register.filter
def colon(language: str) -> str:
    """The colon that a language writes, with the spaces around it: French keeps one before it."""
    base = _base(language)
    return "\uff1a" if base in FULL_WIDTH else "\u00a0: " if base == "fr" else ": "


@register.filter
def full_stop(language: str) -> str:
    """What ends a sentence in a language."""
    base = _base(language)
    return "\u3002" if base in FULL_WIDTH else "\u06d4" if base == "ur" else "."


@register.filter
def copy_word(language: str) -> str:
    """The word before those who get a copy of a letter in ``language``; English where we do not know it."""
    return COPY.get(_base(language), COPY["en"])


@register.filter
def copy_language(language: str) -> SafeString:
    """The attributes of that word where it is not of the letter's language; else nothing."""
    return mark_safe("" if _base(language) in COPY else ' lang="en" dir="ltr"')


def _base(language: str) -> str:
    """The language of a tag, without script and region."""
    return (language or "").split("-")[0].lower()


@register.filter
def grouped(digest: str) -> SafeString:
    """A digest in groups that the eye can follow, which break in the middle first; copied, it is one word without
    spaces."""
    half = len(digest) // 2
    halves = (_groups(digest[:half]), _groups(digest[half:]))
    return format_html_join(mark_safe("<wbr>"), '<span class="half">{}</span>', ((part,) for part in halves))


def _groups(digits: str) -> SafeString:
    parts = [digits[i : i + GROUP] for i in range(0, len(digits), GROUP)]
    return format_html_join(mark_safe("<wbr>"), "<span>{}</span>", ((part,) for part in parts))


@register.filter
def in_plain_words(html: str) -> str:
    """Words with markup as mail has them: a paragraph, a line of a list or a heading stands by itself."""
    return texts.plain_lines(html).replace("\n", "\n\n")


@register.filter
def code(plain: str) -> str:
    """The code of a document as it is printed, in three groups."""
    return keys.grouped_code(plain)


@register.filter
def file_words(file: DeliveryFile) -> SafeString | str:
    """A file of a delivery in words: "The letter as PDF · Français", "The signatories as a table (CSV)"."""
    forms = {
        DeliveryFile.Form.PDF: _("The letter as PDF"),
        DeliveryFile.Form.DOCX: _("The letter as a Word document"),
        DeliveryFile.Form.TXT: _("The letter as plain text"),
        DeliveryFile.Form.CSV: _("The signatories as a table (CSV)"),
        DeliveryFile.Form.JSON: _("The signatories as data (JSON)"),
    }
    words = forms.get(DeliveryFile.Form(file.form), file.name)
    if not file.language:
        return words
    # The language's own name, which may run the other way than the words before it.
    named = format_html('<bdi lang="{}">{}</bdi>', file.language, languages.own_name(file.language))
    return format_html("{} \u00b7 {}", words, named)


@register.filter
def deliveries(following: Iterable[Shown]) -> list[Shown]:
    """The deliveries among what followed a letter, the latest last."""
    return [entry for entry in following if entry.kind == "delivery"]


@register.filter
def delivered_words(found: list[Shown]) -> str:
    """That a letter was delivered, how often, and on which day (last); ``found`` has one delivery or more."""
    last = {"day": times.day(found[-1].day), "m": number(len(found))}
    if len(found) == 1:
        return _("Delivered on %(day)s") % last
    if len(found) == 2:
        return _("Delivered twice, last on %(day)s") % last
    if len(found) == 3:
        return _("Delivered three times, last on %(day)s") % last
    words = ngettext(
        "Delivered %(m)s time, last on %(day)s", "Delivered %(m)s times, last on %(day)s", len(found)
    )
    return words % last


@register.filter
def addressees_in_brief(letter: Letter) -> SafeString | str:
    """To whom a letter is, for a list: the first addressee, and how many others."""
    if letter.current_version is None:
        return ""
    parties = letter.current_version.content["addressees"]
    if not parties:
        return ""
    first = parties[0]
    who = first["name"] or first["function"] or first["body"]
    beside_name = (first["function"] or first["body"]) if first["name"] else ""
    who = f"{who}{comma(letter.language)}{beside_name}" if beside_name else who
    # The name in its own language and direction; the words around it are the page's.
    named = format_html('<bdi lang="{}">{}</bdi>', letter.language, who)
    others = len(parties) - 1
    if not others:
        return named
    if others == 1:
        return format_html(_("{who} and one other"), who=named)
    if others == 2:
        return format_html(_("{who} and two others"), who=named)
    return format_html(ngettext("{who} and {n} other", "{who} and {n} others", others), who=named, n=others)


@register.filter
def gist(letter: Letter) -> str:
    """What a letter is about, for a list, in the language of its title there: the publisher's note, or the first words."""
    shown = here(letter).language
    note = next((text.standfirst for text in letter.texts.all() if text.language == shown), "")
    if not note and letter.current_version:
        note = letter.current_version.content["texts"][shown]["body"]
    return texts.summary(note, GIST)


@register.filter
def here(letter: Letter) -> Heading:
    """The letter's title in the language of the page, where the letter has it."""
    return heading(letter, get_language() or "")


@register.filter
def titled_here(version: TextVersion) -> Heading:
    """The title that a version has in the language of the page, where it has a text in it."""
    return languages.heading_of(version, get_language() or "")


@register.filter
def language_name(language: str) -> str:
    """A language's name in the language of the page."""
    return name_here(language)


@register.simple_tag
def linked_data(letter: Letter, words: Any, description: str, image: str, address: str = "") -> SafeString:
    """The public letter as schema.org data in JSON-LD. ``image`` is a whole address or empty; ``address`` is where the
    text stands."""
    address = address or settings.SITE_URL + letter.get_absolute_url()
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": words.title,
        "description": description,
        "inLanguage": words.language,
        "url": address,
        "mainEntityOfPage": address,
        "datePublished": letter.release_at.isoformat() if letter.release_at else None,
        "image": image or None,
        "about": [topic.name for topic in letter.topics.all()] or None,
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL},
    }
    text = json.dumps({key: value for key, value in data.items() if value is not None}, ensure_ascii=False)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text.translate(ESCAPES)))
