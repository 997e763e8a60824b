"""Words of any script brought together: one form of a letter, Latin letters for others, and how a word sounds."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

# Letters that Unicode does not take apart, and Arabic ones that are written one for the other.
ONE_FORM = str.maketrans(
    {"ı": "i", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
    | {"ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ٱ": "ا", "ـ": "", "ς": "σ"}
)
_CYRILLIC = (
    "а=a б=b в=v г=g д=d е=e ж=zh з=z и=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=c ч=ch ш=sh щ=sh ъ= ы=y"
    " ь= э=e ю=yu я=ya ђ=d ј=j љ=lj њ=nj ћ=c џ=dz є=e і=i ґ=g ѓ=g ќ=k ѕ=dz ұ=u ү=u қ=k ғ=g ө=o ә=a һ=h ң=n"
)
_GREEK = "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s τ=t υ=y φ=f χ=ch ψ=ps ω=o"
_ARABIC = (
    "ا=a ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z ع=a غ=gh ف=f ق=q ك=k ل=l م=m ن=n ه=h"
    " و=w ي=y ء= پ=p چ=ch ژ=zh گ=g ڤ=v"
)
_HEBREW = "א=a ב=b ג=g ד=d ה=h ו=v ז=z ח=h ט=t י=y כ=k ך=k ל=l מ=m ם=m נ=n ן=n ס=s ע=a פ=p ף=p צ=ts ץ=ts ק=k ר=r ש=sh ת=t"
LATIN_FOR = str.maketrans(
    dict(pair.split("=") for pair in f"{_CYRILLIC} {_GREEK} {_ARABIC} {_HEBREW}".split())
)
# What is written for one sound in one language or another; first longer groups. Vowels, h, w and y say little.
SOUNDS = (
    ("ght", "t"),
    ("sch", "s"),
    ("tch", "s"),
    ("ph", "f"),
    ("kh", "k"),
    ("gh", "k"),
    ("ch", "s"),
    ("sh", "s"),
    ("zh", "s"),
    ("ts", "s"),
    ("dj", "s"),
    ("th", "t"),
    ("dh", "t"),
    ("ck", "k"),
    ("x", "ks"),
)
ONE_SOUND = str.maketrans("pqcgvdzj", "bkkkftss", "aeiouywh")
HAN = re.compile(r"[\u3400-\u9fff]+")


def plain(text: str) -> str:
    """A folded text with one form for each letter."""
    return text.translate(ONE_FORM)


def latin(word: str) -> str:
    """A folded word in Latin letters: Cyrillic, Greek, Arabic and Hebrew letter by letter, others as they are."""
    return word if word.isascii() else word.translate(LATIN_FOR)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """The consonants of a folded word, one sign for those that languages write one for the other. Two spellings of a proper
    name, in whatever scripts, have nearly the same. May be empty."""
    letters = latin(word)
    for group, sign in SOUNDS:
        letters = letters.replace(group, sign)
    return re.sub(r"(.)\1+", r"\1", letters.translate(ONE_SOUND))


@lru_cache(maxsize=4096)
def script(letter: str) -> str:
    """The script of a letter by the first word of its name in Unicode: "LATIN", "ARABIC", "CJK", ..."""
    return unicodedata.name(letter, "").partition(" ")[0]


@cache
def _simplified() -> dict[int, int]:
    lines = (Path(__file__).parent / "han.txt").read_text(encoding="utf-8").splitlines()[1:]
    return str.maketrans("".join(lines[::2]), "".join(lines[1::2]))


def simplified(text: str) -> str:
    """Chinese with simplified characters, character by character."""
    return text.translate(_simplified()) if HAN.search(text) else text
