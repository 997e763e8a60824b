"""Lists inside a sentence: "The letter is signed by A, B and C." """

import re
from dataclasses import dataclass
from itertools import islice

from signatories.matching import fold

from .countries import is_place
from .cues import (
    ARTICLE,
    CONJUNCTION,
    CUE,
    DESCRIBED,
    DUTCH,
    HEADED,
    INNER_BULLET,
    INNER_NUMBER,
    LAST_JOIN,
    LAST_JOIN_DUTCH,
    LEAD,
    LEADING_OTHERS,
    MOST_CUES,
    OF_ALL,
    QUOTES,
    RUN_TOGETHER,
    SAID_BEFORE,
    SECOND_HALF,
    SENTENCE,
    TAIL,
    TOWN,
)
from .lines import Line
from .model import Kind
from .words import (
    CLOSING,
    GENERIC_NOUNS,
    GROUP_KIND,
    LEGAL_FORM,
    LIST_HEADING,
    ORGANISATION_WORDS,
    SUPPORT_HEADING,
)

# In "A; B; C and D" the last is one name: "A; B; C; and D" would be two.
SEMICOLONS_ALONE = re.compile(r"[^,;]*(?:;[^,;]*){2,}$")


def _sentence(text: str) -> str:
    """`text` up to the end of its first sentence (abbreviations of one or two letters do not end one)."""
    for found in SENTENCE.finditer(text):
        rest = text[found.end() :]
        if not rest.strip() or re.match(r"[\"”»]?\s+[^\W\d_a-z]", rest):
            return text[: found.start()]
    return text


def _numbered(text: str) -> list[str]:
    """`text` cut at the numbers 1, 2, 3 … that stand in it, or nothing when there are no three of them."""
    starts: list[tuple[int, int]] = []
    for mark in INNER_NUMBER.finditer(text):
        if int(mark[1]) == len(starts) + 1:
            starts.append((mark.start(), mark.end()))
    ends = [start for start, _end in starts[1:]] + [len(text)]
    return [text[end:to] for (_start, end), to in zip(starts, ends, strict=True)] if len(starts) > 2 else []


def pieces_of(text: str) -> list[str]:
    """`text` cut at its bullets or numbers if it has some, at semicolons if it has two, else at commas; never inside
    brackets or quotation marks."""
    marked = INNER_BULLET.split(text) if len(INNER_BULLET.findall(text)) > 1 else _numbered(text)
    if marked:
        return [piece.strip(" ,;") for piece in marked if any(c.isalnum() for c in piece)]
    strong, weak = len(re.findall(r"[;؛；]", text)), len(re.findall(r"[,،、，]", text))
    marks = ";؛；" if strong >= 2 and weak <= 3 * strong else ",;،؛、，；"
    pieces, start, depth, quoted = [], 0, 0, False
    for i, char in enumerate(text):
        if char in "(（[":
            depth += 1
        elif char in ")）]":
            depth = max(0, depth - 1)
        elif char in "«»":
            quoted = not quoted
        elif char in marks and not depth and not quoted:
            pieces.append(text[start:i])
            start = i + 1
    return [piece.strip() for piece in [*pieces, text[start:]] if any(c.isalnum() for c in piece)]


def _names_share(pieces: list[str]) -> float:
    short = [p for p in pieces if p.count(" ") < 12 and not p[:1].islower()]
    return len(short) / max(1, len(pieces))


def _is_row_of_names(pieces: list[str], text: str) -> bool:
    """A line that is plainly several names: many, or few but each certainly a name of its own."""
    pieces = [CONJUNCTION.sub("", piece) for piece in pieces]
    share = _names_share(pieces)
    if len(pieces) >= 5 and share > 0.7 and text.count(" ") > 8:
        return True
    enough = len(pieces) >= 4 or len(re.findall(r"[;؛；]", text)) >= 2
    return enough and share == 1 and not any(LEGAL_FORM.match(p) or is_place(p) for p in pieces)


def best_sentences(lines: list[Line], whole: bool) -> dict[int, str]:
    """For each line (by number) that names signatories within a sentence, the part that names them.

    `whole` also takes a line without any cue when it is plainly a row of names.
    """
    spans: dict[int, str] = {}
    for line in lines:
        best: list[str] = []
        for cue in islice(CUE.finditer(line.text), MOST_CUES):
            part = _sentence(line.text[cue.end() :])
            pieces = pieces_of(part)
            if len(pieces) > 2 and len(pieces) >= 0.8 * len(best):  # a later cue stands nearer
                best, spans[line.number] = pieces, part
        if not whole:
            continue
        part = _sentence(line.text)
        pieces = pieces_of(part)
        if len(pieces) >= max(3, 3 * len(best)) and _is_row_of_names(pieces, line.text):
            spans[line.number] = part
    return spans


def rejoined(pieces: list[str]) -> list[str]:
    """Pieces with the countries and legal forms that belong to the name before them put back."""
    kept: list[str] = []
    for piece in pieces:
        if kept and (LEGAL_FORM.match(piece) or is_place(piece)):
            kept[-1] += ", " + piece
        else:
            kept.append(piece)
    return kept


def split_last(piece: str) -> list[str]:
    """The two names in the last piece ("B and C"), or the piece alone when it may be one name."""
    joins = list((LAST_JOIN_DUTCH if DUTCH.search(piece) else LAST_JOIN).finditer(piece))
    if not joins:
        return [piece]
    join = next((join for join in joins if piece[: join.start()].endswith((")", "）"))), joins[-1])
    left, right = piece[: join.start()].strip(), piece[join.end() :].strip()
    short = len(right.split()) < 2 and not (right.isupper() or len(left.split()) < 2 or left.isupper())
    if (
        (short and len(left.split()) > 2)
        or not left
        or (right[:1].islower() and not re.match(r"(?:l['’]|la |le |the |el )", right))
    ):
        return [piece]
    return [left, right]


def _is_clause(piece: str, lower: bool) -> bool:
    """A piece where the sentence goes on after its names: many words, in lower case where names are not."""
    words = piece.count(" ") + 1
    if words <= 5 or lower or not piece[:1].islower() or SAID_BEFORE.match(piece):
        return words > 16
    introduced = (
        re.match(r"\S+\s+[A-ZÀ-ÞА-Я\"«“„]", piece) or CONJUNCTION.match(piece) or LEADING_OTHERS.match(piece)
    )
    return not introduced


def _halves_joined(pieces: list[str]) -> list[str]:
    """Names that list things ("Centre for Memory, Truth and Justice") put back together."""
    kept: list[str] = []
    for i, piece in enumerate(pieces):
        before = kept[-1].split() if kept else []
        begins = 2 <= len(before) <= 4 and fold(before[0]) in GENERIC_NOUNS and "(" not in kept[-1]
        if begins and i < len(pieces) - 1 and SECOND_HALF.match(piece) and not _is_generic(piece):
            kept[-1] += ", " + piece
        else:
            kept.append(piece)
    return kept


def _is_generic(piece: str) -> bool:
    return fold(piece.split()[0]) in ORGANISATION_WORDS


@dataclass(frozen=True, slots=True)
class Named:
    """A name out of a sentence, what is said beside it, and the kind that a word before it gives ("the NGOs X")."""

    text: str
    note: str | None = None
    kind: Kind | None = None


def _kind_before(said: str) -> Kind | None:
    kinds = [kind for kind, pattern in GROUP_KIND if pattern.search(fold(said))]
    return kinds[0] if len(kinds) == 1 else None


def _without_said(piece: str, lower: bool) -> tuple[str, str]:
    """The name in a piece, and the words in small letters said before it."""
    bare = LEADING_OTHERS.sub("", CONJUNCTION.sub("", piece))
    if (found := SAID_BEFORE.match(bare)) and not lower and not _is_generic(bare):
        return bare[found.end() :], found["said"].strip()
    name = LEAD.sub("", bare)
    return (name if lower else ARTICLE.sub("", name)), ""


def heads(words: str) -> bool:
    """Whether the words before a colon say that those who sign follow ("the following organisations support us:")."""
    said = LIST_HEADING.search(words) or SUPPORT_HEADING.search(words) or CLOSING.match(words)
    return bool(said) or (" " in words and _kind_before(words) is not None)


def split_items(part: str) -> tuple[list[Named], str]:
    """The names in the part of a sentence that holds them, and what of the part was not used, if anything."""
    if (heading := HEADED.match(part)) and heads(fold(heading[0]).strip()):
        part = part[heading.end() :]
    quoted = QUOTES.match(part.strip())
    text = LEAD.sub("", quoted["inner"] if quoted else part).strip(" :：")
    rest: list[str] = []
    if cut := TAIL.search(text):
        rest.append(text[cut.start() :].strip(" ,"))
        text = text[: cut.start()]
    pieces = [name for piece in rejoined(pieces_of(text)) for name in RUN_TOGETHER.split(piece)]
    lower = sum(p[:1].islower() for p in pieces) * 2 > len(pieces)
    stray = next((i for i, p in enumerate(pieces) if i > 1 and _is_clause(p, lower)), len(pieces))
    if pieces[stray:]:
        rest.insert(0, ", ".join(pieces[stray:]))
    pieces = _halves_joined(pieces[:stray])
    if not pieces:
        return [], "; ".join(rest)
    if not SEMICOLONS_ALONE.match(text):
        pieces[-1:] = split_last(CONJUNCTION.sub("", pieces[-1]))
    glued = [p.startswith("و") for p in pieces[1:]]
    if glued and sum(glued) * 3 >= 2 * len(glued):
        pieces = [p.removeprefix("و") if i else p for i, p in enumerate(pieces)]
    elif glued and glued[-1] and _is_generic(pieces[-1].removeprefix("و")):
        pieces[-1] = pieces[-1].removeprefix("و")
    return _named(pieces, lower), "; ".join(rest)


def _named(pieces: list[str], lower: bool) -> list[Named]:
    towns = sum(bool(TOWN.match(p)) for p in pieces) * 10 >= 7 * len(pieces)
    items: list[Named] = []
    kind: Kind | None = None
    carried = ""
    for i, piece in enumerate(pieces):
        name, said = _without_said(piece, lower)
        if LEADING_OTHERS.match(CONJUNCTION.sub("", piece)):
            kind = _kind_before(piece[: len(piece) - len(name)]) or kind
        of_all = OF_ALL.search(name) if i == len(pieces) - 1 and len(pieces) > 2 else None
        if of_all and not any(fold(word) in ORGANISATION_WORDS for word in name[: of_all.start()].split()):
            name, said = name[: of_all.start()], of_all["all"]
        town = TOWN.match(name) if towns else None
        if town:
            name, said = town["name"], town["town"]
        if DESCRIBED.match(piece) and i + 1 < len(pieces) and not lower:
            carried = piece  # "of the union, the Open Quays": said of the next name
        elif any(c.isalnum() for c in name):
            items.append(Named(name.strip(), said or carried or None, kind))
            carried = ""
    return items
