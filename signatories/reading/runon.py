"""Lists inside a sentence: "The letter is signed by A, B and C." """

import re
from dataclasses import dataclass, replace
from itertools import islice

from signatories.matching import fold

from .countries import is_place
from .lines import Line
from .model import Kind
from .people import is_person
from .words import GENERIC_NOUNS, GROUP_KIND, LEGAL_FORM, LIST_HEADING, ORGANISATION_WORDS

CUE = re.compile(
    r"(?:signed|endorsed|supported|backed|issued|released|initiated)\s+by\b|\bsignatories[^.:;]{0,40}:"
    r"|\bsign[ée]e?s?\s+par\b|\bà\s+savoir\b"
    r"|\b(?:groups|organi[sz]ations|members|signatories|others|coalition)\b[^.:;,]{0,40}?\b(?:includes?|are"
    r"|comprised\s+of|made\s+up\s+of)\b"
    r"|\ba\s+firmare\s+sono\b|\b(?:firmat|sottoscritt|sostenut)[oaie]\s+da(?:l|i|gli|lle|lla)?\b|\bpromoss[oaie]\s+da\b|\baderiscono\b|\bassociazioni\s*:"
    r"|\ble\s+organizzazioni\b|\bfirma(?:n|da\s+por|do\s+por)?\b"
    r"|\bentre\s+otr[oa]s\b|\bassinad[oa]\s+por\b|\bpodpisa\w+\b(?:\s+organizacje)?|\bподписал[аи]?\b"
    r"|\bпідписали\b|\bkoju\s+čine\b"
    r"|\bsoutenue?s?\s+par\b|\b(?:suscrit|respaldad|subscrit|apoiad)[oa]s?\s+por\b|\b(?:mitgetragen|unterstützt)\s+von\b"
    r"|\b(?:undertecknat|underskrevet|støttet|stöds)\s+av\b|\bpodepsal[iy]\b|\bpotpisal[ei]\b|\bimzala\w+|\bunterzeichnet\s+von\b|\bgezeichnet\s+von\b|\bondertekend\s+door\b"
    r"|\b(?:bileşenleri|üyeleri)\b|\bditandatangani\s+oleh\b"
    r"|\bdinyatakan\s+bersama\s+dengan\b|كل\s+من|صادر\s+عن|署名[^:：]{0,12}[:：]",
    re.IGNORECASE,
)
INNER_BULLET = re.compile(r"(?:^|\s)[•●▪◦■►]\s*|\s\|\s")
INNER_NUMBER = re.compile(r"(?:^|\s)\(?(\d{1,4})[.)]\s+(?=\S)")
SEPARATOR = re.compile(r"[,;،؛、，；]")
MOST_CUES = 8  # in one line; no real sentence has more, and each costs a reading of the rest of the line
SENTENCE = re.compile(r"(?<=[^\W\d_]{3})[.!?]|(?<=[)\"»”’])[.!?]|[。۔]")
TAIL = re.compile(
    r",?\s+(?:who\s|which\s|with\s+(?:the\s+)?(?:assistance|support|help)\b|among(?:st)?\s+others"
    r"|entre\s+otr[oa]s\b|tra\s+(?:gli\s+)?altri"
    r"|(?:and|et|y|e|und|i|и|ve|en)\s+(?:(?:more|plus|más|mehr|over|über|oltre|mais|bolee|более)\s+(?:than\s+|de\s+|di\s+|als\s+)?)?\d+\s"
    r"|(?:et\s+d['’]autres|y\s+otr[oa]s|e\s+altr[ei]|e\s+outr[oa]s|und\s+(?:weitere|andere)|i\s+(?:drug[ei]|inne)"
    r"|и\s+други[ех]|ve\s+diğer|en\s+andere)\b"
    r"|(?:but|ma|mais|pero|mas|aber)\s+(?:not|non|pas|no|não|nicht)\b|and\s+(?:many\s+)?others\b|et\s+al\b|hanno\s|ont\s+|have\s+|has\s+|han\s+|lewat\s|melalui\s)",
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
TOWN = re.compile(
    r"^(?P<name>.*?[^,\s]),\s+(?P<town>[A-ZÀ-ÞА-Я][^,;()\"«»]{2,40}(?:,\s+[A-ZÀ-ÞА-Я][^,;()\"«»]{2,40}){0,2})$"
)
# "nine branches of X", "dei giudici di X": what is said of a name before it, in small letters.
SAID_BEFORE = re.compile(
    r"^(?P<said>(?:[^\W\d_A-ZÀ-Þ]+\s+){1,3}(?:of|de|del|des|du|di|della|dei|delle|dell['’]|d['’]|do|da|von)\s*)"
    r"(?=[A-ZÀ-ÞА-Я\"«“])"
)
# "… and X of the Y Network": what all names before it belong to.
OF_ALL = re.compile(
    r"\s+(?P<all>(?:del|della|of\s+the|de\s+la|du|do|da)\s+(?:Tavolo|Rete|Coalizione|Coordinamento|Coalition|Network"
    r"|Alliance|Platform|Red|Réseau|Collectif|Plateforme|Plataforma|Coalición|Coalizão|Rede)\b.*)$"
)
# The second half of a name that lists things: "Centre for Memory, | Truth and Justice of Y".
SECOND_HALF = re.compile(r"^[A-ZÀ-Þ][a-zà-ÿ]+\s+(?:and|y|e|et|und|i)\s+[A-ZÀ-Þ][a-zà-ÿ]+\b")
DESCRIBED = re.compile(
    r"^(?:of|de|del|dei|degli|della|delle|du|des|dos|das|do|da)\s+(?:the\s+)?[^\W\d_A-ZÀ-Þ]+$"
)
HEADED = re.compile(r"^[^:：,;]{3,110}[:：]\s+(?=\S)")
QUOTES = re.compile(r"^[\"“”«»„](?P<inner>[^\"“”«»„]*)[\"“”«»„]?$")


def _is_wrapped(texts: list[str]) -> bool:
    """Whether lines under one another are one paragraph of names: a line's end falls anywhere in it."""
    full, last = texts[:-1], texts[-1]
    marks = [len(SEPARATOR.findall(text)) for text in texts]
    if sum(marks) < 2 * len(texts) or not all(
        len(text) >= 50 and n for text, n in zip(full, marks, strict=False)
    ):
        return False
    if sum(map(is_person, texts)) * 2 > len(texts):
        return False  # persons, one a line, with the fields of each
    after_mark = [text.endswith((",", ";", "،", "、")) for text in full]
    if all(after_mark) and last.endswith((",", ";")):
        return False  # a mark at the end of every line is a list of one name a line
    within = [bool(re.match(r"[a-zà-ÿа-я]", text)) for text in texts[1:]]
    return any(within) or (any(after_mark) and (bool(CUE.search(texts[0])) or not all(after_mark)))


def unwrapped(lines: list[Line], wrapped: dict[int, list[tuple[int, int]]]) -> list[Line]:
    """`lines` with every paragraph of names that was wrapped over several made one line.

    `wrapped` receives, by the number of such a line, where in its text each line began: (offset, number).
    """
    kept: list[Line] = []
    block: list[Line] = []
    for line in [*lines, None]:
        follows = line is not None and not (line.blank_before or line.mark or line.heading)
        if line is not None and block and follows and not block[-1].text.endswith((".", ":")):
            block.append(line)
            continue
        if len(block) > 1 and _is_wrapped([part.text for part in block]):
            text, starts = "", []
            for part in block:
                starts.append((len(text), part.number))
                text += part.text + " "
            wrapped[block[0].number] = starts
            kept.append(replace(block[0], text=text.strip(), folded=fold(text)))
        else:
            kept += block
        block = [line] if line is not None else []
    return kept


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


def _pieces(text: str) -> list[str]:
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
    if words <= 5 or lower or not piece[:1].islower() or SAID_BEFORE.match(piece):
        return words > 16
    introduced = re.match(r"\S+\s+[A-ZÀ-Þ]", piece) or CONJUNCTION.match(piece) or LEADING_OTHERS.match(piece)
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


def _heads(words: str) -> bool:
    """Whether the words before a colon say that those who sign follow ("the following organisations support us:")."""
    return bool(LIST_HEADING.search(words)) or (" " in words and _kind_before(words) is not None)


def split_items(part: str) -> tuple[list[Named], str]:
    """The names in the part of a sentence that holds them, and what of the part was not used, if anything."""
    if (heading := HEADED.match(part)) and _heads(fold(heading[0])):
        part = part[heading.end() :]
    quoted = QUOTES.match(part.strip())
    text = LEAD.sub("", quoted["inner"] if quoted else part).strip(" :：")
    rest: list[str] = []
    if cut := TAIL.search(text):
        rest.append(text[cut.start() :].strip(" ,"))
        text = text[: cut.start()]
    pieces = [name for piece in _rejoined(_pieces(text)) for name in RUN_TOGETHER.split(piece)]
    lower = sum(p[:1].islower() for p in pieces) * 2 > len(pieces)
    stray = next((i for i, p in enumerate(pieces) if i > 1 and _is_clause(p, lower)), len(pieces))
    if pieces[stray:]:
        rest.insert(0, ", ".join(pieces[stray:]))
    pieces = _halves_joined(pieces[:stray])
    if not pieces:
        return [], "; ".join(rest)
    pieces[-1:] = _split_last(CONJUNCTION.sub("", pieces[-1]))
    glued = [p.startswith("و") for p in pieces[1:]]
    if glued and sum(glued) * 3 >= 2 * len(glued):
        pieces = [p.removeprefix("و") if i else p for i, p in enumerate(pieces)]
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
