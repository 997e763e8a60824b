"""Keys by which names are compared, searched and put in order. Pure functions, any script, no database."""

import re
import unicodedata
from functools import lru_cache

from pyuca import Collator

SORT_KEY_LENGTH = 240
# A name that signs is folded, normalised and put in order for its organisation and again for its signature. A list of thousands does so several times.
LATEST = lru_cache(maxsize=16_384)

# Words dropped at the front of a name. "al-" and Arabic "ال" stay: they are part of the word.
ARTICLES = frozenset("the le la les l el los las il lo gli die der das het de o os as".split())
# Articles that lists of signatories leave out of order: words that are nothing else, in the languages whose lists do so.
# Not "as", "os", "de", "a", "an", "den", which are also other words or initials ("AS Roma", "De Montfort", "An Nahar"); nor
# Hebrew "ה" and transliterated "al-", which are written as part of the word, and listed under it ("Al-Haq" under A).
SORT_ARTICLES = re.compile(
    r"(?:(the|le|la|les|el|els|los|las|il|lo|gli|die|der|das|het|ο|η|οι|το|τα)\s+|l['’])", re.IGNORECASE
)
# Places whose article is part of their name: they stand under it in every list.
PLACES = re.compile(
    r"(?:los\s+[aá]ngeles|las\s+(?:vegas|palmas)|la\s+(?:paz|plata|rioja|rochelle|réunion|haye|haya|habana)|el\s+(?:salvador|paso|alto|cairo)"
    r"|le\s+(?:havre|mans|caire)|lo\s+espejo)\b",
    re.IGNORECASE,
)
# The Arabic article is written with its word, and left out of order, as Arabic catalogues and registers do: half of a list
# would else stand under alif ("المركز", "الجمعية"). Words whose own first letters it seems to be keep them; so do
# Persian and Urdu names, which their lists put under alif.
ARABIC_ARTICLE = re.compile(
    r"[اٱ]ل(?!له\b|تزام|تقاء|تماس|تحام|تحاق|تفاف|تفات|تقاط|تهاب|تباس|كترون|ماس\b|بانيا\b|مانيا\b)(?=\w\w)"
)
NOT_ARABIC = re.compile("[پچژگکیٹڈڑںےټډړښڼڕڵێۆ]")

# Legal forms as they remain after punctuation is gone ("e.V." reads "e v" or "ev").
LEGAL_FORMS = frozenset(
    "inc incorporated ltd limited llc plc corp cic ev e v gmbh ggmbh ag asbl aisbl vzw ivzw zs z s ngo ong"
    " ac a c"
    " onlus odv aps stichting bv sarl sa nonprofit npo oy ry rf".split()
)
# Pairs and triples of single letters that are a legal form only together.
SPLIT_FORMS = ("e v", "z s", "a c", "z u", "a s b l", "v z w", "c i c", "i n c", "n p o")
SINGLE_FORMS = LEGAL_FORMS - frozenset("e v z s a c ngo ong sa ag".split())
CONJUNCTIONS = frozenset("and".split())

_NOT_WORD = re.compile(r"[^\w]+|_+")


# Code points that are drawn as nothing, beside those of the categories Cc and Cf (Unicode, Default_Ignorable_Code_Point).
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
# Cyrillic and Greek letters that look like Latin ones (Unicode UTS 39, confusables), folded in words that mix scripts:
# no language writes such words, but somebody who wants a second entry does.
LOOKALIKES = str.maketrans("аеорсухіјѕԁһοανιρτυκχɡ", "aeopcyxijsdhoaviptukxg")
LATIN = re.compile("[a-z]")


def _alike(word: str) -> str:
    """A word that mixes Latin letters with lookalikes, in Latin letters alone; any other word as it is."""
    return word.translate(LOOKALIKES) if LATIN.search(word) and not word.isascii() else word


def _visible(text: str) -> str:
    """NFKC without format and control characters (zero-width marks, direction marks, soft hyphens)."""
    kept = (" " if unicodedata.category(c) == "Cc" else c for c in text if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", UNSEEN.sub(" ", "".join(kept)))


def _plain(text: str) -> str:
    """Casefolded, without combining marks. Repeated until stable, since folding can bring out new marks."""
    if text.isascii() and text.isprintable():
        return text.casefold()  # nothing else to do, and most of a long list is that
    for _ in range(4):
        parts = unicodedata.normalize("NFKD", _visible(text).casefold())
        folded = unicodedata.normalize("NFKC", "".join(c for c in parts if unicodedata.category(c) != "Mn"))
        if folded == text:
            break
        text = folded
    return text


@LATEST
def fold(text: str) -> str:
    """`text` for searching: casefolded, accents stripped, white space folded to single spaces. Idempotent."""
    return " ".join(_plain(text).split())


def _strip_legal_form(words: list[str]) -> list[str]:
    for form in SPLIT_FORMS:
        letters = form.split()
        if len(words) > len(letters) and words[-len(letters) :] == letters:
            return words[: -len(letters)]
    if len(words) > 1 and words[-1] in SINGLE_FORMS:
        return words[:-1]
    return words


@LATEST
def normalise(name: str) -> str:
    """The key under which two spellings are the same organisation.

    Folded for case, accents, punctuation and white space; without conjunction, leading article and closing
    legal forms. Never empty for a name with a visible character. Idempotent; the same for NFC and NFD.
    """
    folded = fold(name)
    text = folded.replace("&", " and ").replace("'", " ").replace("’", " ")
    words = [_alike(word) for word in _NOT_WORD.sub(" ", text).split() if word not in CONJUNCTIONS]
    while True:
        before = len(words)
        if len(words) > 1 and words[0] in ARTICLES:
            words = words[1:]
        words = _strip_legal_form(words)
        if len(words) == before:
            break
    return " ".join(words) or folded or " ".join(name.split())


def acronym_key(acronym: str) -> str:
    """`acronym` casefolded without dots, spaces and hyphens: "S.O.S." and "SOS" are one. May be empty."""
    return "".join(c for c in fold(acronym) if c.isalnum())


@lru_cache(maxsize=1)
def _collator() -> Collator:
    # Loading the collation table takes a sixth of a second: only those who sort pay for it.
    return Collator()


def _without_article(name: str) -> str:
    """The name as it is put in order. "LA Voices" keeps what is an abbreviation beside words that are not in capitals."""
    if (arabic := ARABIC_ARTICLE.match(name)) and not NOT_ARABIC.search(name):
        return name[arabic.end() :]
    found = SORT_ARTICLES.match(name)
    if found is None or PLACES.match(name):
        return name
    initials = found[1] is not None and len(found[1]) > 1 and found[1].isupper() and not name.isupper()
    return name if initials else name[found.end() :]


@LATEST
def sort_key(name: str) -> str:
    """Alphabetical order in every script, as text that any byte order sorts rightly.

    Primary weights of the Unicode collation (pyuca's table) of the name without leading article and leading
    punctuation: four lower-case hexadecimal digits a weight, at most 240 characters. Empty when the name has
    no letter or digit. Digits come before letters, digit by digit and the same in every script; Han characters come last,
    by radical and stroke as Unicode has them. The same in every language of the page, so a signatory has one place.
    """
    visible = " ".join(_visible(name).split())
    start = next((i for i, c in enumerate(visible) if c.isalnum()), len(visible))
    bare = visible[start : start + SORT_KEY_LENGTH * 2]  # more than ever counts
    weights: list[str] = []
    for weight in _collator().sort_key(_without_article(bare) or bare):
        if weight == 0:  # the end of the primary weights
            break
        weights.append(f"{weight:04x}")
        if len(weights) * 4 >= SORT_KEY_LENGTH:
            break
    return "".join(weights)[:SORT_KEY_LENGTH]
