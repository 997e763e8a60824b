"""The words that organisations share, as ideas that are the same in every language (``lexicon.txt``)."""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from .keys import fold
from .scripts import HAN, plain, simplified

LANGUAGES = ("en", "fr", "es", "pt", "it", "de", "nl", "ru", "ar", "sr", "tr", "pl", "zh", "")
# Words that only join others, by language. They are left out, and tell of the language.
SMALL = {
    "en": "of the for and in on to at by with an from s under its",
    "fr": "de du des la le les l d et pour en sur aux au dans un une a par e s",
    "es": "de del la las los el y e para por en pro al con sobre a un una s",
    "pt": "de da do das dos e para por pelo pela em no na nos nas a o as os pro",
    "it": "di del della dello dei degli delle dell d e per in il lo la i gli le l al alla allo ai agli a su un una con da",
    "de": "der die das des den dem und fur in im an am von vom zu zum zur mit auf ein eine fuer",
    "nl": "van de het voor en in te op een der den met ter",
    "ru": "и в по за на для о с об из при",
    "ar": "في من اجل الي علي عن مع و",
    "sr": "za i u na od o sa iz s",
    "tr": "ve icin ile",
    "pl": "na rzecz w i o dla do z ds",
    "": "og for och i av til a pro o si pentru es ja per dels mot ze v u na di ta i na και για του της των i",
}
# Languages that write a kind of organisation to the end of the word for what it is about ("Flüchtlingsrat").
COMPOUNDING = ("de", "nl", "")
SHORTEST_BACK, SHORTEST_FRONT = 4, 4
ARABIC_FRONT = ("وال", "بال", "كال", "فال", "ولل", "ال", "لل", "و", "ل", "ب")
SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Idea:
    """``names`` are the ideas that a word stands for, ``kind`` one of form, light, extent, part and field, ``languages`` the
    columns that have the word, as bits."""

    names: tuple[str, ...]
    kind: str
    languages: int


def bit(language: str) -> int:
    """The bit of a language in ``Idea.languages``."""
    return 1 << LANGUAGES.index(language)


OTHERS = bit("")  # several languages share the last column: it proves nothing


@cache
def small_words() -> dict[str, int]:
    """Words that join others, with the bits of their languages."""
    found: dict[str, int] = {}
    for language, words in SMALL.items():
        for word in words.split():
            found[plain(fold(word))] = found.get(plain(fold(word)), 0) | bit(language)
    return found


@cache
def _tables() -> tuple[dict[str, Idea], dict[str, Idea]]:
    """Whole words and stems."""
    whole: dict[str, Idea] = {}
    stems: dict[str, Idea] = {}
    text = (Path(__file__).parent / "lexicon.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        head, *cells = line.split("|")
        name, kind = head.split()
        for language, cell in zip(LANGUAGES, cells, strict=False):
            for word in cell.split():
                table = stems if word.endswith("*") else whole
                key = simplified(plain(fold(word.rstrip("*"))))
                before = table.get(key)
                if before is None:
                    table[key] = Idea(tuple(name.split("_")), kind, bit(language))
                elif "_".join(before.names) == name:
                    table[key] = Idea(before.names, kind, before.languages | bit(language))
    return whole, stems


def _look(word: str) -> Idea | None:
    whole, stems = _tables()
    return whole.get(word) or _stem(word, stems)


def _stem(word: str, stems: dict[str, Idea]) -> Idea | None:
    for length in range(len(word), SHORTEST_STEM - 1, -1):
        if (found := stems.get(word[:length])) is not None:
            return found
    return None


def idea(word: str) -> Idea | None:
    """The idea of a folded word, None for a word that only some organisations have: a proper name, a rare word."""
    return _look(word)


@cache
def _backs() -> dict[str, Idea]:
    """Words and stems that may close a compound."""
    wanted = sum(bit(language) for language in COMPOUNDING)
    return {
        word: found
        for table in _tables()
        for word, found in table.items()
        if found.kind in ("form", "light")
        and found.languages & wanted
        and len(word) >= SHORTEST_BACK
        and word.isascii()
    }


@cache
def _closings() -> tuple[str, ...]:
    return tuple(_backs())


@lru_cache(maxsize=20_000)
def compound(word: str) -> tuple[str, str] | None:
    """A folded word as what it is about and the kind of organisation that closes it, None for one that is not so made, or a
    word of its own. What it is about must be an idea itself, so that not every word that ends like one is a compound."""
    if not word.endswith(_closings()) or word in _tables()[0]:
        return None
    for at in range(SHORTEST_FRONT, len(word) - SHORTEST_BACK + 1):
        if word[at:] in _backs():
            for front in (word[:at], word[:at].removesuffix("s"), word[:at].removesuffix("en")):
                if len(front) >= SHORTEST_FRONT and _look(front) is not None:
                    return front, word[at:]
    return None


def bare_arabic(word: str) -> list[str]:
    """What an Arabic word may be without its article and the particles written with it, the word itself first."""
    cut = [
        word[len(front) :] for front in ARABIC_FRONT if word.startswith(front) and len(word) - len(front) >= 3
    ]
    return [word, *cut]


@cache
def _han_words() -> dict[str, None]:
    return dict.fromkeys(word for word in _tables()[0] if len(word) > 1 and HAN.fullmatch(word))


def cut_han(run: str, others: frozenset[str]) -> list[str]:
    """A run of simplified Chinese characters cut at the words of the lexicon and ``others``, the longest first; what lies
    between stays together."""
    words, parts, rest, at = _han_words(), [], "", 0
    while at < len(run):
        for length in range(min(8, len(run) - at), 1, -1):
            piece = run[at : at + length]
            if piece in words or piece in others:
                parts += [rest, piece] if rest else [piece]
                rest, at = "", at + length
                break
        else:
            rest, at = rest + run[at], at + 1
    return [*parts, rest] if rest else parts
