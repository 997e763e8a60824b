"""Cutting a pasted text into lines and saying what each line looks like. Knows nothing of names."""

import html
import re
from dataclasses import dataclass, replace

from signatories.matching import fold

from .words import CLOSING, CREDIT, LIST_HEADING, PAGE_FURNITURE

INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e")
)
INVISIBLE |= dict.fromkeys(code for code in range(32) if code != ord("\t"))  # no database takes NUL
INVISIBLE |= {ord("\u00a0"): " ", ord("\u202f"): " ", ord("\u2009"): " ", ord("\u3000"): " "}

BULLET = re.compile(r"^(?:[-*+•·‣▪◦●○■□►➢➤✓✔❖–—]|\\-)\s+(?=\S)|^[•‣▪◦●■►➢✓✔❖](?=\S)")
NUMBER = re.compile(r"^\(?(\d{1,5})(?:\s?[.):、．]|\s?[-–](?!\d)|\\\.)(\s*)(?=\S)|^(\d{1,5})\t\s*(?=\S)")
MARKDOWN_LINK = re.compile(
    r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)?(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])"
)
FOOTNOTE_MARK = re.compile(r"(?<=\w)\[\^?\w{1,3}\]|\^\[[^\]]*\]|[¹²³⁴⁵⁶⁷⁸⁹⁰]+$|(?<=\S)\s?\*+$")
COMMENT = re.compile(r"<!--.*?-->|<!--[^>]*$")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
HEADING = re.compile(r"^#{1,6}\s+")
WHOLLY_BOLD = re.compile(r"^(\*\*|__|_|\*)(?=\S)(.+?)\1\s*:?$")
EMPHASIS = re.compile(r"\*\*|__|(?<![\w*])[*_](?=\w)|(?<=[\w.,;:])[*_](?![\w*])")
SENTENCE_END = re.compile(r"[.!?…۔。؟][\"'”’»)\]]*$")
ABBREVIATED_END = re.compile(r"(?:\b\w|\b(?:Inc|Ltd|Co|Corp|Jr|Sr|etc|org|eV|St))\.$", re.IGNORECASE)
INNER_SENTENCE = re.compile(r"(?:^|\s)[a-zà-ÿа-я]{3,}[.!?。]\s+[A-ZА-ЯÀ-Þ]")


@dataclass(frozen=True, slots=True)
class Line:
    """One non-blank line: `text` without marks and mark-up, `mark` "" | "number" | "bullet"."""

    number: int
    raw: str
    text: str
    folded: str
    mark: str
    value: int | None
    heading: bool
    blank_before: bool


def _bare(text: str) -> str:
    text = MARKDOWN_LINK.sub(r"\1", TAG.sub(" ", COMMENT.sub("", text)))
    text = FOOTNOTE_MARK.sub("", EMPHASIS.sub("", text))
    return " ".join(html.unescape(text).translate(INVISIBLE).split())


def _line(number: int, raw: str, blank_before: bool) -> Line:
    text = raw.translate(INVISIBLE).strip()
    heading, mark, value = bool(HEADING.match(text)), "", None
    text = HEADING.sub("", text).strip("# ") if heading else text
    if bullet := BULLET.match(text):
        mark, text = "bullet", text[bullet.end() :]
    bold = not mark and bool(WHOLLY_BOLD.match(text))
    inner = re.sub(r"^(?:\*\*|__)(?=\d)", "", text)
    if (found := NUMBER.match(inner)) and not (found[1] and not found[2] and inner[found.end()].isdigit()):
        mark, value = "number", int(found[1] or found[3])
        text = inner[found.end() :]
    bare = _bare(text)
    return Line(number, raw.strip(), bare, fold(bare), mark, value, heading or bold, blank_before)


def _without_false_numbers(lines: list[Line]) -> list[Line]:
    """Undo number marks that are part of a name ("350.org"): glued ones count only beside the next number."""
    kept = []
    for i, line in enumerate(lines):
        glued = line.mark == "number" and not re.search(r"\d+\s?(?:[.):、．–-]\s|\t)", line.raw[:14])
        beside = [
            near.value for near in (*lines[max(0, i - 2) : i], *lines[i + 1 : i + 3]) if near.mark == "number"
        ]
        if glued and line.value is not None and not {line.value - 1, line.value + 1} & set(beside):
            mark = "bullet" if BULLET.match(line.raw.translate(INVISIBLE)) else ""
            bare = _bare(BULLET.sub("", line.raw.translate(INVISIBLE)) if mark else line.raw)
            line = replace(line, mark=mark, value=None, text=bare, folded=fold(bare))
        kept.append(line)
    return kept


def cut(text: str) -> list[Line]:
    """The non-blank lines of `text` with their 1-based numbers."""
    lines, blank = [], True
    for number, raw in enumerate(re.split(r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]", text), start=1):
        if not raw.strip():
            blank = True
            continue
        lines.append(_line(number, raw, blank))
        blank = False
    return _without_false_numbers(lines)


def is_prose(line: Line) -> bool:
    """Whether the line is running text rather than a name, a heading or a name with its role."""
    text = line.text
    words = text.count(" ") + 1
    ends = bool(SENTENCE_END.search(text)) and not ABBREVIATED_END.search(text)
    if words > 40 or (words > 24 and ends):
        return True
    if line.mark:
        return words > 16 and ends and bool(INNER_SENTENCE.search(text))
    return (words >= 12 and ends) or (words >= 9 and bool(INNER_SENTENCE.search(text)))


def is_furniture(line: Line) -> bool:
    """Credit, contact, link or other page furniture, or a line with no letter at all."""
    if not any(c.isalnum() for c in line.text):
        return True
    return bool(CREDIT.search(line.folded) or PAGE_FURNITURE.search(line.folded))


def is_credit(line: Line) -> bool:
    """A picture's credit line."""
    return bool(CREDIT.search(line.folded))


def is_closing(line: Line) -> bool:
    """A closing formula ("Yours sincerely,") alone on its line."""
    return bool(CLOSING.match(line.folded))


def is_list_heading(line: Line) -> bool:
    """A short line that says that those who sign follow."""
    if line.mark or len(line.text) > 110 or line.text.count(" ") > 13:
        return False
    if is_closing(line):
        return True
    found = LIST_HEADING.search(line.folded)
    if not found:
        return False
    after = line.folded[found.end() :]
    if ":" in after.rstrip(": ") or SENTENCE_END.search(line.text):
        return False
    return line.heading or line.text.endswith((":", "：", ",")) or line.text.count(" ") <= 6
