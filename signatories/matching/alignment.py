"""How far two names say the same: their parts set side by side."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from .lexicon import small_words
from .scripts import latin, sound
from .words import Item, Name

CORE = ("field", "word")
BY_THEMSELVES = ("form", "light", "extent")  # what a short name leaves out
WIDE = ("#international", "#world")  # not of one place
SPELT_TWO_WAYS = ("form", "extent", "light")
# Whom an organisation is made of: the friends, the young, the women, the lawyers of one are another beside it.
PEOPLE = frozenset(
    f"#{name}"
    for name in "friend youth student women child lawyer jurist judge teacher doctor parent mother worker journalist"
    " farmer artist writer lesbian gay volunteer".split()
)
SHORTEST_TYPO, SHORTEST_TWO_TYPOS, SHORTEST_STEM = 5, 9, 5
SHORTEST_WORD, SHORTEST_PLURAL, SHORTEST_CUT, LEAST_CUT = 4, 3, 3, 3
SHORTEST_PLACE_STEM = 7  # "America" and "American", which are not "Austria" and "Australia"
AGREEING = 2  # parts that are the same in both, before one letter in a short word is taken for a slip
LONGEST_ENDING = 3
MOST_LETTERS_MORE = 3  # a letter too many or two, and one written twice
ADJECTIVE = re.compile("(?<=[а-я]{3})(ская|скии|ское|скои|ских|ского|ському|ська|ськии|ське|ськоі|ських)$")
VOWEL, FEWEST_CONSONANTS = re.compile("[aeiouyw]"), 3
DOUBLED = re.compile(r"(.)\1+")
ALIKE_SOUND, SHORTEST_SOUND = 75, 2
MOST_OF_IT = 0.6


@dataclass(frozen=True, slots=True)
class Fit:
    """``score`` is 0 where they do not fit. ``sure`` when only spelling differs that never tells organisations apart, ``whole``
    when neither says more than the other, ``part`` when one is of a piece or a chapter, ``unclear`` when too little of
    them is in a language that is known here."""

    score: int
    why: str = ""
    sure: bool = False
    whole: bool = False
    part: bool = False
    unclear: bool = False


NONE = Fit(0)


def fit(one: Name, other: Name, places: frozenset[str]) -> Fit:
    """Sets two names side by side; symmetric. ``places`` are the countries that the organisations are known to be in."""
    if one.key == other.key:
        return Fit(100, "name", sure=True, whole=True)
    if (glued := one.key.replace(" ", "")) == other.key.replace(" ", "") and len(glued) >= SHORTEST_TYPO:
        return Fit(97, "spelling", sure=True, whole=True)
    mine, theirs = [item.key for item in one.items], [item.key for item in other.items]
    if mine == theirs:
        return _in_step(one, other)
    if sorted(mine) == sorted(theirs):
        return Fit(88, "order", whole=True)
    if len(mine) > len(theirs) or (len(mine) == len(theirs) and one.key > other.key):
        one, other = other, one
    return _side_by_side(one, other, places)


def _in_step(one: Name, other: Name) -> Fit:
    """The same parts in the same order."""
    pairs = list(zip(one.items, other.items, strict=True))
    differing = [(a, b) for a, b in pairs if a.word != b.word]
    joined = one.small <= other.small or other.small <= one.small
    if all(a.kind in SPELT_TWO_WAYS and _spelt_alike(a.word, b.word) for a, b in differing):
        return Fit(96 if joined else 91, "name", sure=joined, whole=True)
    return Fit(90, "script" if one.script != other.script else "translation", whole=True)


def _spelt_alike(one: str, other: str) -> bool:
    """ "centre" and "center", "intl" and "international": one word of one language."""
    return OSA.distance(one, other) <= 2 or (one[:3] == other[:3] and min(len(one), len(other)) <= 5)


def _foreign(one: Name, other: Name) -> bool:
    """Whether the two are in different languages, as far as can be told."""
    known = one.languages and other.languages
    return one.script != other.script or bool(known and not one.languages & other.languages)


def _one_language(one: Name, other: Name) -> bool:
    """Whether a language is known that both are in."""
    return one.script == other.script and bool(one.languages & other.languages)


def _side_by_side(one: Name, other: Name, places: frozenset[str]) -> Fit:
    counts = Counter(item.key for item in other.items)
    rest, matched = [], []
    for item in one.items:
        if counts[item.key]:
            counts[item.key] -= 1
            matched.append(item)
        else:
            rest.append(item)
    left = _leftover(other.items, matched)
    agreeing = len(matched)
    near: list[str] = []
    for item in list(rest):
        likened = ((_near(item, another, agreeing), another) for another in left)
        best = max(likened, key=lambda pair: pair[0], default=("", item))
        if best[0]:
            near.append(best[0])
            rest.remove(item)
            left.remove(best[1])
            matched.append(best[1])
        elif _one_language(one, other):
            return NONE  # as _apart says: the longer one has something else as well
    if not rest and not left:
        return _nearly(near)
    if rest and left:
        return _apart(one, other, rest, left, matched)
    return _longer(one, other, rest or left, matched, places)


def _leftover(items: tuple[Item, ...], matched: list[Item]) -> list[Item]:
    """The items that no item of ``matched`` says, in order."""
    counts = Counter(item.key for item in matched)
    left = []
    for item in items:
        if counts[item.key]:
            counts[item.key] -= 1
        else:
            left.append(item)
    return left


def _near(one: Item, other: Item, agreeing: int) -> str:
    """Whether two parts are one word: "typo", "form" (another ending), "sound" (another script), "space", or nothing.
    ``agreeing`` parts of the names are the same in both: where more are, a slip in a short word is likelier than another
    word."""
    kinds = {one.kind, other.kind}
    a, b = one.word, other.word
    if kinds == {"place"}:
        return "form" if _stem(a, b) >= SHORTEST_PLACE_STEM else ""
    if "word" not in kinds or "number" in kinds:
        return ""
    unlike = abs(len(a) - len(b)) > MOST_LETTERS_MORE and a[:3] != b[:3] and a[-2:] != b[-2:]
    if unlike and a.isascii() and b.isascii():
        return ""  # most pairs, at little cost
    if _lost_space(a, b) or _lost_space(b, a):
        return "space"
    heard = _heard_alike(a, b) if kinds == {"word"} else None
    if heard is not None:
        return "sound" if heard else ""
    if _typo(a, b) or ("place" not in kinds and agreeing and _slip(a, b, agreeing)):
        return "typo"
    shorter = min(len(a), len(b))
    endings = max(len(a), len(b)) - _stem(a, b)
    if kinds == {"word"} and _stem(a, b) >= SHORTEST_STEM and endings <= LONGEST_ENDING:
        return "form"
    cut = agreeing >= AGREEING and _stem(a, b) == shorter >= SHORTEST_CUT
    return "form" if cut and "place" not in kinds and abs(len(a) - len(b)) >= LEAST_CUT else ""


def _stem(a: str, b: str) -> int:
    """How many letters two words have in common from the front."""
    if a[:1] != b[:1]:
        return 0
    shorter = min(len(a), len(b))
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), shorter)


def _heard_alike(a: str, b: str) -> bool | None:
    """Whether two words of other letters than English sound alike; None where that says nothing."""
    if a.isascii() and b.isascii():
        return None
    heard = sound(ADJECTIVE.sub("", a)), sound(ADJECTIVE.sub("", b))
    if not (latin(a).isascii() and latin(b).isascii() and min(map(len, heard)) >= SHORTEST_SOUND):
        return None
    return ratio(*heard) >= ALIKE_SOUND


@lru_cache(maxsize=20_000)
def _once(word: str) -> str:
    return DOUBLED.sub(r"\1", word)


def _typo(a: str, b: str) -> bool:
    """Whether a longer word is another one with a letter wrong, or two; a letter written once or twice is none."""
    shorter = min(len(a), len(b))
    if shorter < SHORTEST_TYPO or abs(len(a) - len(b)) > MOST_LETTERS_MORE:
        return False
    once, again = _once(a), _once(b)
    distance = min(OSA.distance(a, b), OSA.distance(once, again))
    if distance <= 1 + (shorter >= SHORTEST_TWO_TYPOS):
        return True
    # Vowels of another transliteration, between the same consonants.
    bare, same = VOWEL.sub("", once), VOWEL.sub("", again)
    return distance == 2 and bare == same and len(bare) >= FEWEST_CONSONANTS and a[0] == b[0]


def _slip(a: str, b: str, agreeing: int) -> bool:
    """The same of a short word, in a name that agrees otherwise: a plural, one letter, two letters that changed places."""
    short, long = sorted((a, b), key=len)
    if len(short) >= SHORTEST_PLURAL and long in (f"{short}s", f"{short}es"):
        return True
    if agreeing < AGREEING or len(long) <= SHORTEST_WORD - 1 or a[0] != b[0]:
        return False
    moved = len(short) >= SHORTEST_TYPO and sorted(a) == sorted(b)
    return moved or (len(short) >= SHORTEST_WORD and OSA.distance(a, b) == 1)


def _lost_space(glued: str, word: str) -> bool:
    """Whether one is the other with a small word written to it."""
    rest = glued.removeprefix(word) if glued.startswith(word) else glued.removesuffix(word)
    return rest != glued and len(rest) > 1 and rest in small_words()


def _nearly(near: list[str]) -> Fit:
    """Everything has its counterpart, some of it nearly."""
    if "sound" in near:
        return Fit(80, "script", whole=True)
    return Fit(86 - 3 * min(len(near) - 1, 4), "spelling", whole=True)


def _apart(one: Name, other: Name, rest: list[Item], left: list[Item], matched: list[Item]) -> Fit:
    """Each says something that the other does not: two organisations, unless the languages are too different to tell."""
    if _one_language(one, other):
        return NONE
    longer = max(len(one.items), len(other.items))
    kinds = ({item.kind for item in rest}, {item.kind for item in left})
    unknown = "word" in kinds[0] | kinds[1]
    if any(kind in kinds[0] and kind in kinds[1] for kind in ("place", "number", "field", "extent")):
        return NONE
    core = [item for item in matched if item.kind in CORE or item.kind == "place"]
    if _foreign(one, other) and len(matched) >= MOST_OF_IT * longer and len(core) >= 2:
        return Fit(58, "translation")
    contradicted = not matched and all("form" in found for found in kinds)
    return Fit(0, unclear=unknown and not contradicted)


def _longer(one: Name, other: Name, extra: list[Item], matched: list[Item], places: frozenset[str]) -> Fit:
    """One says all that the other does, and more."""
    kinds = {item.kind for item in extra}
    core = [item for item in matched if item.kind in (*CORE, "number")]
    if kinds & {"part", "number"}:
        return Fit(0, part=True)
    if "place" in kinds:
        known = all(item.key in places or item.kind in BY_THEMSELVES for item in extra)
        return Fit(72, "country") if known and core else Fit(0, part=True)
    placed = any(item.kind == "place" for item in matched)
    if not core or (placed and any(item.key in WIDE for item in extra)):
        return NONE
    if kinds <= set(BY_THEMSELVES):
        named = len(core) >= 2 or core[0].kind != "field" or (kinds == {"form"} and len(matched) >= 2)
        return Fit(76, "words") if named and not _wider(one, other, extra) else NONE
    if any(item.key in PEOPLE for item in extra):
        return NONE
    if "word" not in kinds and all(item.kind == "word" for item in matched):
        return Fit(60, "words") if _says_what(extra) else Fit(0, part=True)
    long = max((one, other), key=lambda name: len(name.items))
    at = _where(long, extra)
    if "word" in kinds:
        inside = at == "inside" and len(extra) == 1 and len(matched) >= 3
        return Fit(62, "words") if inside else Fit(0, part=True)
    enough = {"inside": 3, "front": 2, "end": 4}[at]
    return Fit(62, "words") if len(matched) >= enough and len(extra) <= min(2, len(matched)) else NONE


def _wider(one: Name, other: Name, extra: list[Item]) -> bool:
    """Whether "international" or "national" stands before other words: there it tells organisations apart; at the end it is
    left out by many."""
    if {item.kind for item in extra} != {"extent"}:
        return False
    short, long = sorted((one, other), key=lambda name: len(name.items))
    return len(short.items) > 1 and _where(long, extra, ("form", "light")) != "end"


def _says_what(extra: list[Item]) -> bool:
    """Whether what follows a proper name says what kind of organisation it is."""
    return any(item.kind == "form" for item in extra) or {"#human", "#rights"} <= {item.key for item in extra}


def _where(name: Name, extra: list[Item], skip: tuple[str, ...] = BY_THEMSELVES) -> str:
    """Whether what one says more stands at the "front", at the "end" or "inside"; places in the middle count as inside.
    Extra parts of the kinds ``skip`` do not count."""
    keys = {item.key for item in extra if item.kind not in skip}
    spots = [at for at, item in enumerate(name.items) if item.key in keys]
    if max(spots) < len(name.items) - 1:
        return "front" if min(spots) == 0 else "inside"
    return "end"
