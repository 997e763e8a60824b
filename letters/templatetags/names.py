"""The language and direction of a name, guessed from its script, so that it is set and read aloud rightly."""

import unicodedata
from functools import lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()

# First word of a letter's Unicode name → tag (BCP 47). A script that serves one living language, or mostly one, is
# taken for that language; the others are named as a script alone ("und" and an ISO 15924 code).
SCRIPTS = {
    "ARABIC": "ar", "HEBREW": "he", "GREEK": "el", "CYRILLIC": "und-Cyrl", "ARMENIAN": "hy", "GEORGIAN": "ka",
    "DEVANAGARI": "und-Deva", "BENGALI": "bn", "GURMUKHI": "pa", "GUJARATI": "gu", "TAMIL": "ta", "TELUGU": "te",
    "KANNADA": "kn", "MALAYALAM": "ml", "SINHALA": "si", "THAI": "th", "LAO": "lo", "MYANMAR": "my", "KHMER": "km",
    "TIBETAN": "bo", "ETHIOPIC": "und-Ethi", "THAANA": "dv", "NKO": "nqo", "SYRIAC": "syr", "TIFINAGH": "und-Tfng",
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "MONGOLIAN": "mn",
}  # fmt: skip
# Letters that only some languages of a script use; the first that fits decides.
TELLING = (
    ("ar", "ٹڈڑںے", "ur"),
    ("ar", "ټډړږښڼ", "ps"),
    ("ar", "ڕڵێۆ", "ckb"),
    ("ar", "پچژگکی", "fa"),
    ("und-Cyrl", "ґєї", "uk"),
    ("und-Cyrl", "ў", "be"),
    ("und-Cyrl", "ѓќѕ", "mk"),
    ("und-Cyrl", "ђћљњџј", "sr"),
    ("und-Cyrl", "ыэё", "ru"),
    ("zh", "ぁあぃいうえおかがきくけこさしじすせそたちつてとなにのはひふへほまみむめもやゆよらりるれろわをん", "ja"),
)  # fmt: skip


@lru_cache(maxsize=4096)
def guess(name: str) -> tuple[str, str]:
    """(language tag or "", direction "rtl" or "ltr") of a name; no tag for Latin letters, which tell nothing."""
    if name.isascii():
        return "", "ltr"
    counts: dict[str, int] = {}
    way = ""
    for character in name:
        if not character.isalpha():
            continue
        way = way or ("rtl" if unicodedata.bidirectional(character) in ("R", "AL") else "ltr")
        tag = SCRIPTS.get(unicodedata.name(character, "").partition(" ")[0].partition("-")[0], "")
        counts[tag] = counts.get(tag, 0) + 1
    found = max(counts, key=lambda tag: counts[tag]) if counts else ""
    lower = name.lower()
    for script, letters, language in TELLING:
        if script == found and any(letter in lower for letter in letters):
            return language, way
    return found, way or "ltr"


@register.filter
def script(name: str) -> SafeString:
    """The attributes ``lang`` and ``dir`` for a name, with a space before each; nothing for plain Latin letters."""
    if not name or name.isascii():
        return mark_safe("")
    language, way = guess(name)
    if not language:
        return mark_safe(' dir="ltr"') if way == "ltr" else mark_safe(' dir="rtl"')
    return format_html(' lang="{}" dir="{}"', language, way)


@register.simple_tag
def signatory_rows(signatures: list[Any], numbered: Any = True) -> SafeString:
    """The items of a list of signatories. In Python and not as a template, since a page shows a thousand of them:
    drawn so, they take a tenth of the time. Every word is escaped here."""
    address = reverse("organisation", args=["-slug-"]).split("-slug-")
    countries: dict[str, str] = {}
    return mark_safe(
        "".join(_row(signature, numbered is not False, address, countries) for signature in signatures)
    )


@register.simple_tag
def whole_name(name: str, acronym: str = "", address: str = "") -> SafeString:
    """A name with its acronym, linked to ``address`` if there is one."""
    return mark_safe(_whole(name, acronym, escape(address)))


def _whole(name: str, acronym: str, href: str) -> str:
    """Name and acronym in one element of the name's direction: else a Latin acronym stands before an Arabic name."""
    attributes = script(name)
    who = f'<a href="{href}">{escape(name)}</a>' if href else escape(name)
    if acronym:
        who += f' <bdi class="short"{script(acronym)}>({escape(acronym)})</bdi>'
    return f"<bdi{attributes}>{who}</bdi>"


def _row(signature: Any, numbered: bool, address: list[str], countries: dict[str, str]) -> str:
    """One item: number, name (linked to the organisation's page), acronym, what stands beside it, country."""
    href = ""
    if signature.organisation_id:
        href = f"{address[0]}{escape(signature.organisation.slug)}{address[1]}"
    who = _whole(getattr(signature, "name_here", None) or signature.name, signature.acronym, href)
    for words in (signature.affiliation, signature.note, getattr(signature, "named_person", "")):
        if words:
            who += f'<span class="what"><bdi{script(words)}>{escape(words)}</bdi></span>'
    code = str(signature.country)
    if code and code not in countries:
        countries[code] = escape(signature.country.name)
    where = countries[code] if code else ""
    if getattr(signature, "joined_later", False):
        later = f'<span class="later">{escape(_("joined after delivery"))}</span>'
        where = f'{where} <span aria-hidden="true">·</span> {later}' if where else later
    if where:
        who += f'<span class="where">{where}</span>'
    number = f'<span class="n">{signature.position}</span>' if numbered else ""
    unnumbered = "" if numbered else ' class="unnumbered"'
    return f'<li{unnumbered} data-id="{signature.pk}">{number}<span class="who">{who}</span></li>\n'
