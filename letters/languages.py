"""Languages: which text of a letter a reader is shown, what a language calls itself, and where each text stands.

One text has one address: a text in a language of the interface stands at the letter's page in that interface
(``/fr/letters/SLUG/``), any other at ``/letters/SLUG/in/de/``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError
from babel.lists import format_list
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst

from letters import texts
from letters.models import Letter, TextVersion

# Tags that name one written language: regions of Chinese and the script that is written there.
ALIASES = {"zh-cn": "zh-hans", "zh-sg": "zh-hans", "zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant"}
# Languages that letters are written in, beside those that Django knows by a tag without region or script.
MORE = {"zh", "am", "bn", "ckb", "lo", "ps", "so", "ti", "tl", "si"}
# Open Graph wants a territory (https://ogp.me/); those that its readers know for the six languages of the UN.
TERRITORIES = {"en": "en_US", "fr": "fr_FR", "es": "es_ES", "ar": "ar_AR", "ru": "ru_RU", "zh": "zh_CN"}


def fitting(wanted: str, present: Iterable[str]) -> str | None:
    """The tag among ``present`` that a reader of ``wanted`` reads: the same, else one of which one begins the other, as
    ``fr`` and ``fr-CA``, or ``zh`` and ``zh-hans`` (but not ``zh-hant`` for ``zh-hans``). None when there is none."""
    own = _parts(wanted)
    if not own:
        return None
    near = None
    for tag in present:
        parts = _parts(tag)
        if parts == own:
            return tag
        length = min(len(parts), len(own))
        if near is None and parts[:length] == own[:length]:
            near = tag
    return near


def _parts(tag: str) -> list[str]:
    tag = tag.strip().lower().replace("_", "-")
    return [part for part in ALIASES.get(tag, tag).split("-") if part]


def own_name(language: str) -> str:
    """What a language calls itself, in its own script: "Français", "العربية". The tag where nobody knows."""
    own = _names(language)
    return capfirst(own.get(_key(language)) or own.get(_base(language), "")) or language


def name_here(language: str) -> str:
    """The language's name in the language of the page, as it stands within a sentence: "French", « français ». The tag
    where nobody knows."""
    here = _names(translation.get_language() or settings.LANGUAGE_CODE)
    return here.get(_key(language)) or here.get(_base(language)) or language


def listed(tags: Iterable[str]) -> str:
    """The names of several languages in one phrase of the page's language: "French, Arabic and Chinese"."""
    names = [name_here(tag) for tag in tags]
    return str(format_list(names, locale=_key(translation.get_language() or settings.LANGUAGE_CODE)))


@lru_cache(maxsize=64)
def _names(language: str) -> dict[str, str]:
    """The names of languages in ``language`` (CLDR), by tag; nothing for a language that CLDR does not know."""
    for tag in (_key(language), _base(language)):
        try:
            return dict(Locale.parse(tag).languages)
        except (UnknownLocaleError, ValueError):
            continue
    return {}


def _key(tag: str) -> str:
    """A tag as CLDR writes it: ``zh_Hans``, ``pt_BR``."""
    base, *rest = tag.lower().split("-")
    return "_".join([base, *(part.title() if len(part) == 4 else part.upper() for part in rest)])


def _base(tag: str) -> str:
    return tag.lower().split("-")[0]


def known_languages() -> list[str]:
    """The tags among which the desk lets choose, without those that differ by region or script alone."""
    return sorted({*(code for code, info in LANG_INFO.items() if "name" in info and "-" not in code), *MORE})


def open_graph(language: str) -> str:
    """A language as Open Graph names a locale."""
    return TERRITORIES.get(language.split("-")[0].lower()) or translation.to_locale(language)


def interface_for(language: str, own: list[str]) -> str | None:
    """The interface in which the text in ``language`` is the one that is shown, of a letter that has texts in the languages
    ``own``; None when there is none."""
    found = fitting(language, dict(settings.LANGUAGES))
    return found if found is not None and fitting(found, own) == language else None


@dataclass(frozen=True)
class Heading:
    """A letter's title in one language."""

    language: str
    direction: str
    title: str


def heading(letter: Letter, wanted: str) -> Heading:
    """The title in the language ``wanted`` where the letter's version has it, else in the authoritative one."""
    if letter.current_version is None:
        return Heading(letter.language, texts.direction(letter.language), letter.title)
    return heading_of(letter.current_version, wanted)


def heading_of(version: TextVersion, wanted: str) -> Heading:
    """The same of any version of a text."""
    language = fitting(wanted, version.languages) or version.content["language"]
    return Heading(language, texts.direction(language), version.content["texts"][language]["title"])


# --- Where a text stands


def address(letter: Letter, language: str, languages: list[str]) -> str:
    """The one address of the letter's text in ``language``; ``languages`` are all that it has, the authoritative first."""
    interface = interface_for(language, languages)
    if interface is not None:
        return _page(letter, interface)
    if language == languages[0] and fitting(settings.LANGUAGE_CODE, languages) is None:
        return _page(letter, settings.LANGUAGE_CODE)
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("letter_in", args=[letter.slug, language])


def here(letter: Letter, language: str, languages: list[str]) -> str:
    """The same text, but without leaving the interface's language for a text that the interface has no language for."""
    place = address(letter, language, languages)
    with translation.override(settings.LANGUAGE_CODE):
        beside = place == reverse("letter_in", args=[letter.slug, language])
    return reverse("letter_in", args=[letter.slug, language]) if beside else place


def _page(letter: Letter, interface: str) -> str:
    with translation.override(interface):
        return letter.get_absolute_url()


@dataclass(frozen=True)
class Way:
    """A text among a letter's, as the reader is led to it."""

    language: str
    direction: str
    name: str
    url: str
    is_current: bool


def ways(languages: list[str], shown: str, place: Callable[[str], str]) -> list[Way]:
    """The letter's texts in the order of ``languages``, the one ``shown`` marked; none where there is only one."""
    if len(languages) < 2:
        return []
    return [
        Way(tag, texts.direction(tag), own_name(tag), place(tag), is_current=tag == shown)
        for tag in languages
    ]
