"""Lists inside a sentence: "The letter is signed by A, B and C." """

import re
from itertools import islice

from .countries import is_place
from .lines import Line
from .words import LEGAL_FORM

CUE = re.compile(
    r"(?:signed|endorsed|supported|backed|issued|released|initiated)\s+by\b|\bsignatories[^.:;]{0,40}:"
    r"|\bsign[ée]e?s?\s+par\b|\bà\s+savoir\b"
    r"|\b(?:groups|organi[sz]ations|members|signatories|others|coalition)\b[^.:;,]{0,40}?\b(?:includes?|are"
    r"|comprised\s+of|made\s+up\s+of)\b"
    r"|\bfirmat[oaie]\s+da\b|\bpromoss[oaie]\s+da\b|\baderiscono\b|\bassociazioni\s*:"
    r"|\ble\s+organizzazioni\b|\bfirma(?:n|da\s+por|do\s+por)?\b"
    r"|\bentre\s+otr[oa]s\b|\bassinad[oa]\s+por\b|\bpodpisa\w+\b(?:\s+organizacje)?|\bподписал[аи]?\b"
    r"|\bпідписали\b|\bkoju\s+čine\b"
    r"|\bpotpisal[ei]\b|\bimzala\w+|\bunterzeichnet\s+von\b|\bgezeichnet\s+von\b|\bondertekend\s+door\b"
    r"|\bditandatangani\s+oleh\b"
    r"|\bdinyatakan\s+bersama\s+dengan\b|كل\s+من|صادر\s+عن|署名[^:：]{0,12}[:：]",
    re.IGNORECASE,
)
MOST_CUES = 8  # in one line; no real sentence has more, and each costs a reading of the rest of the line
SENTENCE = re.compile(r"(?<=[^\W\d_]{3})[.!?]|(?<=[)\"»”’])[.!?]|[。۔]")
TAIL = re.compile(
    r",?\s+(?:who\s|which\s|with\s+(?:the\s+)?(?:assistance|support|help)\b|among(?:st)?\s+others"
    r"|entre\s+otr[oa]s\b|tra\s+(?:gli\s+)?altri"
    r"|and\s+(?:many\s+)?others\b|et\s+al\b|hanno\s|ont\s+|have\s+|has\s+|han\s+|lewat\s|melalui\s)",
)
LEAD = re.compile(
    r"^[\s:：,–-]*(?:(?:the\s+)?following(?:\s+\w+)?\s*:|the(?=\s+[A-Z])|entre\s+otr[oa]s\s*,?\s*(?:de\b)?"
    r"|(?:les|le|gli|las|los)\s+(?:organi\w+|associa\w+|ong)"
    r"(?:\s+(?:non\s+governativ\w+|no\s+gubernamental\w+))?(?=\s+[A-Z])|de(?=\s+[A-Z]))[\s:]*",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"^(?:[Tt]he|la|el|los|las|il|gli|lo|os?)\s+(?=[A-ZÀ-Þ\"“«])")
CONJUNCTION = re.compile(r"^(?:and|et|y|e|und|i|oraz|ve|ile|dan|и|та|en|&|a(?=\s+[A-Z]))\s+")
LAST_JOIN = re.compile(r"\s+(?:and|et|y|e|ed|und|i|oraz|ve|ile|dan|и|та|og|och)\s+(?=\S)")
LEADING_OTHERS = re.compile(
    r"^(?:così\s+come|as\s+well\s+as|ainsi\s+que|así\s+como|sowie|bem\s+como)\s+", re.IGNORECASE
)
# A separator that was lost or of another kind: "… (ABC) Other Name (DEF)", "… (ABC), Other Name".
RUN_TOGETHER = re.compile(r"(?<=\))\s+(?=[A-Z][^()]*\([A-Z]{2,}\)$)|(?<=\)),\s+(?=[A-Z]\w+\s\w+\s)")
TOWN = re.compile(r"^(?P<name>.*[^,\s]),\s+(?P<town>[A-ZÀ-ÞА-Я][^,;()]{2,40})$")
QUOTES = re.compile(r"^[\"“”«»„](?P<inner>[^\"“”«»„]*)[\"“”«»„]?$")


def _sentence(text: str) -> str:
    """`text` up to the end of its first sentence (abbreviations of one or two letters do not end one)."""
    for found in SENTENCE.finditer(text):
        rest = text[found.end() :]
        if not rest.strip() or re.match(r"[\"”»]?\s+[^\W\d_a-z]", rest):
            return text[: found.start()]
    return text


def _pieces(text: str) -> list[str]:
    """`text` cut at semicolons if it has two, else at commas; never inside brackets or quotation marks."""
    strong, weak = len(re.findall(r"[;؛；]", text)), len(re.findall(r"[,،、，]", text))
    marks = ";؛；" if strong >= 2 and weak <= 3 * strong else ",;،؛、，；"
    pieces, start, depth, quoted = [], 0, 0, False
    for i, char in enumerate(text):
        if char in "(（[":
            depth += 1
        elif char in ")）]":
            depth = max(0, depth - 1)
        elif char in "«»":
            quoted = char == "«"
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
            pieces = _pieces(part)
            if len(pieces) > 2 and len(pieces) >= 0.8 * len(best):  # a later cue stands nearer
                best, spans[line.number] = pieces, part
        if not whole:
            continue
        part = _sentence(line.text)
        pieces = _pieces(part)
        if len(pieces) >= max(3, 3 * len(best)) and _is_row_of_names(pieces, line.text):
            spans[line.number] = part
    return spans


def _rejoined(pieces: list[str]) -> list[str]:
    """Pieces with the countries and legal forms that belong to the name before them put back."""
    kept: list[str] = []
    for piece in pieces:
        if kept and (LEGAL_FORM.match(piece) or is_place(piece)):
            kept[-1] += ", " + piece
        else:
            kept.append(piece)
    return kept


def _split_last(piece: str) -> list[str]:
    """The two names in the last piece ("B and C"), or the piece alone when it may be one name."""
    joins = list(LAST_JOIN.finditer(piece))
    if not joins:
        return [piece]
    join = joins[-1]
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
    if words <= 5 or lower or not piece[:1].islower():
        return words > 16
    introduced = re.match(r"\S+\s+[A-ZÀ-Þ]", piece) or CONJUNCTION.match(piece) or LEADING_OTHERS.match(piece)
    return not introduced


def split_items(part: str) -> list[tuple[str, str | None]]:
    """The names in the part of a sentence that holds them, each with the place printed beside it, if any."""
    quoted = QUOTES.match(part.strip())
    text = LEAD.sub("", quoted["inner"] if quoted else part).strip(" :：")
    if cut := TAIL.search(text):
        text = text[: cut.start()]
    pieces = [name for piece in _rejoined(_pieces(text)) for name in RUN_TOGETHER.split(piece)]
    lower = sum(p[:1].islower() for p in pieces) * 2 > len(pieces)
    stray = (i for i, p in enumerate(pieces) if i > 1 and _is_clause(p, lower))
    pieces = pieces[: next(stray, len(pieces))]
    if not pieces:
        return []
    pieces[-1:] = _split_last(CONJUNCTION.sub("", pieces[-1]))
    glued = [p.startswith("و") for p in pieces[1:]]
    if glued and sum(glued) * 3 >= 2 * len(glued):
        pieces = [p.removeprefix("و") if i else p for i, p in enumerate(pieces)]
    towns = sum(bool(TOWN.match(p)) for p in pieces) * 10 >= 7 * len(pieces)
    items: list[tuple[str, str | None]] = []
    for piece in pieces:
        piece = LEAD.sub("", LEADING_OTHERS.sub("", CONJUNCTION.sub("", piece)))
        piece = piece if lower else ARTICLE.sub("", piece)
        town = TOWN.match(piece) if towns else None
        if any(c.isalnum() for c in piece):
            items.append((town["name"], town["town"]) if town else (piece.strip(), None))
    return items
