"""A name taken apart into what it says: ideas, places, numbers, and the words that are its own."""

import re
from dataclasses import dataclass
from functools import lru_cache

from .keys import acronym_key, normalise
from .lexicon import OTHERS, bare_arabic, compound, cut_han, idea, small_words
from .places import han_places, place
from .scripts import HAN, latin, plain, script, simplified, sound

LONGEST_PLACE = 4  # words
HAN_OR_NOT = re.compile(rf"{HAN.pattern}|[^\u3400-\u9fff]+")
# Written for longer words, or what is left of an abbreviation when its signs are gone.
GLUED = (
    ("int l", "intl"),
    ("nat l", "natl"),
    ("ass n", "assn"),
    ("dd hh", "ddhh"),
    ("trade union", "tradeunion"),
    ("trade unions", "tradeunions"),
    ("trades union", "tradeunion"),
)
# "Boats 4 Future": between two other words the figure is the word.
FOR = re.compile(r"(?<=[^\W\d]) 4 (?=[^\W\d])")
SHORT_NAME = 12  # letters: what may be an acronym


@dataclass(frozen=True, slots=True)
class Item:
    """One part of a name. ``key`` is what it says whatever the language, ``word`` how it says it; ``kind`` is form, light,
    extent, part or field (see the lexicon), place, number, or word for what only this name has."""

    key: str
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared. ``key`` is its normalised form, ``languages`` the bits of those it may be in (0: unknown),
    ``initials`` with and without small words, ``short`` whether it may be an acronym itself. ``ends`` tells of the first and
    the last word whether it is the acronym of the others; empty where neither can be one."""

    key: str
    items: tuple[Item, ...]
    small: frozenset[str]
    languages: int
    script: str
    initials: frozenset[str]
    short: bool
    ends: tuple[bool, bool] | tuple[()]

    @property
    def letters(self) -> str:
        """The name as an acronym."""
        return self.key.replace(" ", "")


def _tokens(key: str) -> list[str]:
    text = f" {simplified(plain(key))} "
    for apart, together in GLUED:
        text = text.replace(f" {apart} ", f" {together} ")
    return [
        piece
        for word in FOR.sub(" for ", text).split()
        for run in HAN_OR_NOT.findall(word)
        for piece in (cut_han(run, han_places()) if HAN.fullmatch(run) else [run])
    ]


def _items_of(word: str) -> tuple[tuple[Item, ...], int]:
    """What one word says, and the bits of the languages that have it."""
    if word.isdigit():
        return (Item(str(int(word)), "number", word),), 0
    if (parts := compound(word)) is not None:
        front, back = (_items_of(part) for part in parts)
        return front[0] + back[0], front[1] & back[1]
    forms = bare_arabic(word) if script(word[0]) == "ARABIC" else [word]
    for form in forms:
        if (found := idea(form)) is not None:
            return tuple(Item(f"#{name}", found.kind, form) for name in found.names), found.languages
        if (code := place(form)) is not None:
            return (Item(f"@{code}", "place", form),), 0
    if script(word[0]) == "CYRILLIC" and (found := idea(latin(word))) is not None:
        return tuple(Item(f"#{name}", found.kind, word) for name in found.names), found.languages
    own = next((form for form in forms[1:] if word.startswith(("ال", "وال", "لل"))), word)
    return (Item(own, "word", own),), 0


def _languages(seen: list[int]) -> int:
    """The languages that have all the words that are some language's, else those that have most of them."""
    counts: dict[int, int] = {}
    for bits in seen:
        for at in range(bits.bit_length()):
            if bits >> at & 1 and 1 << at != OTHERS:
                counts[1 << at] = counts.get(1 << at, 0) + 1
    most = max(counts.values(), default=0)
    return sum(one for one, count in counts.items() if count == most)


@lru_cache(maxsize=30_000)
def take_apart(name: str) -> Name:
    """What a name says. Never raises; a name without letters has no items."""
    key = normalise(name)
    tokens = [token for token in _tokens(key) if token]
    small = small_words()
    content = [(at, token) for at, token in enumerate(tokens) if token not in small]
    if not content:
        content = list(enumerate(tokens))
    joined = (
        frozenset(token for token in tokens if token in small) if len(content) < len(tokens) else frozenset()
    )
    items: list[Item] = []
    seen = [small[token] for token in joined]
    at = 0
    while at < len(content):
        for length in range(min(LONGEST_PLACE, len(content) - at), 1, -1):
            phrase = " ".join(token for _at, token in content[at : at + length])
            if (code := place(phrase)) is not None:
                items.append(Item(f"@{code}", "place", phrase))
                at += length
                break
        else:
            said, languages = _items_of(content[at][1])
            items += said
            seen += [languages] if languages else []
            at += 1
    words = key.split()
    short = len(tokens) == 1 and len(key) <= SHORT_NAME and not any(item.kind != "word" for item in items)
    return Name(
        key,
        tuple(items),
        joined,
        _languages(seen),
        script(tokens[0][0]) if tokens else "",
        initials(tokens) if tokens == words else initials(tokens) | initials(words),
        short,
        _ends(words, items),
    )


def _ends(words: list[str], items: list[Item]) -> tuple[bool, bool] | tuple[()]:
    if len(words) < 3 or not {words[0], words[-1]} & {item.word for item in items if item.kind == "word"}:
        return ()
    return words[0] in initials(words[1:]), words[-1] in initials(words[:-1])


def initials(tokens: list[str]) -> frozenset[str]:
    """The first letters of words, in Latin ones: with those of small words and without, with those of what closes a compound
    ("Hafenbund": HB), and twice over, as Spanish does it with plurals ("Ferrys Libres": FFLL)."""
    letters = [(latin(token)[:1], token in small_words()) for token in tokens]
    whole = "".join(letter for letter, _small in letters)
    core = "".join(letter for letter, small in letters if not small)
    parts = [part for token in tokens if token not in small_words() for part in compound(token) or (token,)]
    closed = "".join(latin(part)[:1] for part in parts)
    twice = "".join(letter * 2 for letter in core) if len(core) == 2 else ""
    return frozenset(found for found in (whole, core, closed, twice) if len(found) > 1)


def index_keys(name: str) -> set[str]:
    """The few keys under which a name is looked for (at most 64 characters each): what it says, its initials, how it sounds.
    Two names that are the same or maybe nearly always share one."""
    said = take_apart(name)
    strong = [item for item in said.items if item.kind in ("field", "word", "number")]
    telling = (
        strong if len(strong) > 1 else [item for item in said.items if item.kind != "light"] or said.items
    )
    keys = {item.key if item.kind != "word" else f"~{sound(item.word)[:6] or item.word}" for item in telling}
    if {"#human", "#rights"} <= keys:
        keys = (keys - {"#human", "#rights"}) | {"#human_rights"}
    if len(said.items) > 2:
        keys |= {f"={initials}" for initials in said.initials if 3 <= len(initials) <= 10}
    if 1 < len(said.items) < 4 and (whole := sound(said.key.replace(" ", ""))):
        keys.add(f"~{whole[:6]}")
    if said.short:
        keys |= short_keys(name)
    return {key[:64] for key in keys}


def short_keys(acronym: str) -> set[str]:
    """The same for an acronym: it is found by the initials of a name, too."""
    letters = acronym_key(normalise(acronym)) or acronym_key(acronym)
    return {f"={latin(letters)}"[:64]} if letters else set()
