"""Names as the subject of a sentence: "Open Quays, Sea Room and the Reef Trust call for …"."""

import re

from signatories.matching import fold

from .countries import is_place
from .cues import CONJUNCTION
from .lines import Line
from .runon import pieces_of, rejoined, split_last
from .words import GROUP_KIND

LONGEST = 5_000  # characters of a line that are looked at
LEAST = 3  # names that a sentence is about, for them to be those who sign
SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3}[.!?])\s+(?=[^\W\da-z_])|(?<=[)\"»”’][.!?])\s+(?=[^\W\da-z_])")
ARTICLE = re.compile(r"^(?:the|la|le|les|los|las|el|il|lo|gli|i|die|der|das|de|het|o|a|os|as)$")
SMALL = frozenset(
    "of the for and in on to at de del della dei delle di da do dos das des du la le les los las el en et y e für der die"
    " den und van voor het och og för av i a au aux pour per contra contre against with sans sin senza za na w dla по и в"
    " за на & – - / d l ve için".split()
)
NOUNS = re.compile(r"^(?:including|notamment|incluidas?|tra\s+cui|darunter|dont|ngos?|ongs?|als|że|що|что)$")


def _capital(word: str) -> bool:
    letter = next((c for c in word if c.isalnum()), "")
    return letter.isupper() or letter.isdigit() or bool(re.match(r"[dl]['’][A-ZÀ-Þ]", word))


def _name_length(words: list[str]) -> int:
    """How many of the first words are a name: capitalised ones, with small words between them."""
    length = 0
    for i, word in enumerate(words):
        if _capital(word):
            length = i + 1
        elif fold(word) not in SMALL or (not length and not ARTICLE.match(word.lower())):
            break
    return length


def _introduced(words: list[str]) -> str | None:
    """The name at the end of words that lead to it ("The organisations Open Quays"), or None."""
    for i in range(len(words) - 1, 0, -1):
        before = fold(words[i - 1])
        if _name_length(words[i:]) < len(words) - i:
            return None
        if not _capital(words[i]) or _capital(words[i - 1]):
            continue
        if NOUNS.match(before) or any(kind.search(before) for _, kind in GROUP_KIND):
            return " ".join(words[i:])
    return None


def _subjects(pieces: list[str]) -> list[str]:
    """The longest row of pieces that are names, the last followed by the small letters of a verb."""
    best: list[str] = []
    row: list[str] = []
    for piece in pieces:
        joined = bool(CONJUNCTION.match(piece))
        words = CONJUNCTION.sub("", piece).split()
        length = _name_length(words)
        if length and length == len(words):
            row.append(" ".join(words))
            continue
        names = split_last(" ".join(words[:length])) if length else []
        if row and names and (joined or len(names) > 1):
            best = max(best, [*row, *names], key=len)
        introduced = _introduced(words)
        row = [introduced] if introduced else []
    return best


def names_before_verb(lines: list[Line]) -> dict[int, str]:
    """By the number of the line with the most: the names that are the subject of a sentence in it."""
    best: list[str] = []
    spans: dict[int, str] = {}
    for line in lines:
        for sentence in SENTENCE_END.split(line.text[:LONGEST]):
            names = _subjects(rejoined(pieces_of(sentence)))
            if len(names) > max(len(best), LEAST - 1) and sum(map(is_place, names)) * 2 < len(names):
                best, spans = names, {line.number: "; ".join(names)}
    return spans
