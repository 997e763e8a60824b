"""Recognising a country as people print it: full and short names in several languages.

The names come from django-countries (ISO 3166-1 and its translation catalogues), read directly from its
catalogue files so that no language has to be activated. Short forms below are the usual ones of the press.
"""

import difflib
import gettext
import re
from functools import lru_cache
from pathlib import Path

import django_countries
from django.utils import translation
from django_countries.base import CountriesBase
from django_countries.data import COUNTRIES

from signatories.matching import fold

CATALOGUES = Path(django_countries.__file__).parent / "locale"

SHORT_FORMS = {
    "GB": "UK, U.K., Great Britain, Britain, England, Scotland, Wales, Northern Ireland, Royaume-Uni, Reino"
    " Unido,"
    " Großbritannien, İngiltere, Великобритания, المملكة المتحدة, Regno Unito, Inghilterra",
    "US": "US, U.S., USA, U.S.A., United States, America, États-Unis, EEUU, EE.UU., EE. UU., EUA, Estados"
    " Unidos, ABD,"
    " США, Stati Uniti, Vereinigte Staaten, الولايات المتحدة",
    "CD": "DRC, D.R. Congo, DR Congo, RDC, RD Congo, Congo-Kinshasa, Democratic Republic of Congo,"
    " Democratic Republic of the Congo, République démocratique du Congo",
    "CG": "Congo-Brazzaville, Republic of the Congo, Congo",
    "KR": "South Korea, Republic of Korea, Korea, Corée du Sud, Corea del Sur, Südkorea",
    "KP": "North Korea, Corée du Nord, Corea del Norte, Nordkorea",
    "AE": "UAE, U.A.E., Emirates, EAU",
    "TR": "Turkey, Türkiye, Turquie, Turquía, Türkei",
    "CZ": "Czech Republic, Czechia, Česko, République tchèque",
    "MK": "Macedonia, North Macedonia, FYROM, Macédoine",
    "PS": "Palestine, occupied Palestinian territory, oPt, State of Palestine, Palestina, فلسطين",
    "RU": "Russia, Russie, Rusia, Россия, Russland",
    "SY": "Syria, Syrie, Siria",
    "IR": "Iran",
    "LA": "Laos",
    "VN": "Vietnam",
    "TZ": "Tanzania",
    "BO": "Bolivia",
    "VE": "Venezuela",
    "MD": "Moldova",
    "BN": "Brunei",
    "CI": "Ivory Coast, Côte d'Ivoire, Côte d’Ivoire",
    "CV": "Cape Verde",
    "SZ": "Swaziland, Eswatini",
    "MM": "Burma, Myanmar, Birmanie",
    "TW": "Taiwan, 台灣",
    "HK": "Hong Kong, Hong Kong SAR, Hong Kong SAR China, 香港",
    "MO": "Macau, Macao, 澳門",
    "CN": "China, PRC, 中國, 中国",
    "JP": "日本",
    "TL": "East Timor, Timor-Leste",
    "NL": "Netherlands, The Netherlands, Holland, Pays-Bas, Países Bajos",
    "BA": "Bosnia, Bosnia and Herzegovina, Bosnia-Herzegovina, BiH",
    "SE": "İsveç",
    "BR": "Brasil",
    "ES": "España",
    "DE": "Deutschland",
    "IT": "Italia",
    "AT": "Österreich",
    "CH": "Schweiz, Suisse, Svizzera",
    "HU": "Magyarország",
    "RS": "Srbija",
    "HR": "Hrvatska",
    "PL": "Polska",
    "VA": "Vatican, Holy See",
}

FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}|\U0001f3f4[\U000e0061-\U000e007f]+")

REGIONS = (
    "Africa, Afrique, África, East Africa, West Africa, Southern Africa, North Africa, Central Africa,"
    " Asia, Asie,"
    " Asia-Pacific, Asia Pacific, South Asia, Southeast Asia, South East Asia, Central Asia, Pacific,"
    " Oceania, Europe,"
    " Europa, Western Europe, Eastern Europe, EU, European Union, CEE, CEE-region, Americas, Latin America,"
    " América Latina, Latinoamérica, Amérique latine, Central America, North America, South America,"
    " Caribbean,"
    " Middle East, MENA, Near East, International, Internacional, Internationale, Global, Worldwide,"
    " Latin America and the Caribbean, América Latina y el Caribe, América Latina e Caribe, Asia and the Pacific,"
    " Asia & Pacific, Middle East and North Africa, MENA region, Sub-Saharan Africa, Eastern Africa, Western Africa,"
    " Northern Africa, Southern Europe, Northern Europe, Eastern Europe and Central Asia, Caucasus, Nordic countries,"
    " Scandinavia, Western Asia, East Asia, Oceanía, Afrika, Asien, Nordamerika, Südamerika, Lateinamerika, Moyen-Orient,"
    " Oriente Medio, Medio Oriente, Nahost, Африка, Азия, Европа, Латинская Америка, أفريقيا, أوروبا, آسيا, الشرق الأوسط,"
    " Regional, Balkans, Kosovo"
)


def _key(text: str) -> str:
    key = fold(text).replace(".", "").strip(" ,;")
    return key.removeprefix("the ").strip()


def _english_names() -> dict[str, list[str]]:
    with translation.override(None):
        names = {code: [str(name)] for code, name in COUNTRIES.items()}
        for code, name in CountriesBase.COMMON_NAMES.items():
            names[code].append(str(name))
    return names


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Folded name to ISO 3166 alpha-2 code; built once, some 10,000 names."""
    codes: dict[str, str] = {}
    for code, forms in SHORT_FORMS.items():
        codes.update({_key(form): code for form in forms.split(", ")})
    english = _english_names()
    catalogues = [gettext.NullTranslations()]
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/django.mo")):
        with path.open("rb") as file:
            catalogues.append(gettext.GNUTranslations(file))
    for catalogue in catalogues:
        for code, names in english.items():
            for name in names:
                printed = catalogue.gettext(name)
                for key in (_key(printed), _key(printed.split("(")[0])):  # "Iran (Islamic Republic of)"
                    if len(key) > 3 or (key and not key.isascii()):  # "Man" is also a word
                        codes.setdefault(key, code)
    return codes


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    return frozenset(_key(region) for region in REGIONS.split(","))


def split_flag(text: str) -> tuple[str, str | None]:
    """`text` without a flag that begins or ends it, and the flag."""
    found = FLAG.search(text)
    if not found or (text[: found.start()].strip() and text[found.end() :].strip()):
        return text, None
    return (text[: found.start()] + text[found.end() :]).strip(" ,–-"), found[0]


def _flag_code(text: str) -> str | None:
    if text[:1] == "\U0001f3f4":
        return "GB"  # the flags of England, Scotland and Wales
    code = "".join(chr(ord(c) - 0x1F1E6 + ord("A")) for c in text)
    return code if code in COUNTRIES else None


def country_code(text: str) -> str | None:
    """ISO 3166 alpha-2 of a country's printed name, usual short form or flag, None for anything else."""
    if FLAG.fullmatch(text):
        return _flag_code(text)
    return _codes().get(_key(text)) if len(text) < 80 else None


def is_place(text: str) -> bool:
    """Whether `text` is a country, a world region, or several of them joined by a slash."""
    if not text or len(text) > 80:
        return False
    parts = [_key(part) for part in text.split("/")]
    known = [part in _codes() or part in _regions() for part in parts]
    return known[0] and (all(known) or len(parts) == 2)


@lru_cache(maxsize=1024)
def nearest_country(text: str) -> str | None:
    """A country's folded name that the single word `text` nearly spells ("Urugauy"), or None."""
    key = _key(text)
    if len(key) < 5 or " " in key or not text[:1].isupper():
        return None
    alike = [name for name in _codes() if name[:1] == key[:1] and abs(len(name) - len(key)) < 3]
    near = difflib.get_close_matches(key, alike, n=1, cutoff=0.84)
    return near[0] if near else None


def by_code(text: str) -> str | None:
    """`text` as an ISO code when it is one ("FR", "fr"), else the code of the country it names."""
    code = text.strip().upper()
    return code if code in COUNTRIES else country_code(text)
