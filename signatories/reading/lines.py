"""Cutting a pasted text into lines and saying what each line looks like. Knows nothing of names."""

import html
import re
import unicodedata
from dataclasses import dataclass, replace

from signatories.matching import fold

from .encoding import bounded
from .words import CLOSING, CREDIT, LIST_HEADING, PAGE_FURNITURE

INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e")
)
INVISIBLE |= dict.fromkeys(code for code in range(32) if code != ord("\t"))  # no database takes NUL
INVISIBLE |= {ord("\u00a0"): " ", ord("\u202f"): " ", ord("\u2009"): " ", ord("\u3000"): " "}

BULLET = re.compile(
    r"^(?:[-*+•·‣▪◦●○■□►➢➤✓✔❖–—⁃∙]|\\-)\s+(?=\S)|^[•‣▪◦●■►➢✓✔❖⁃∙](?=\S)|^\(?(?:[a-z]|[ivx]{2,5})\)\s+(?=\S)"
)
NUMBER = re.compile(
    r"^[(（]?(\d{1,5})(?:\s?[.)）:、．]|\s?[-–](?!\d)|\\\.)(\s*)(?=\S)|^(\d{1,5})\s+(?=[^\W\d_])"
    r"|^[(（]?([一二三四五六七八九十百]{1,5})[、．.)）]\s*(?=\S)|^([①-⑳])\s*(?=\S)"
)
HAN_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}
MARKED_UP = re.compile(
    r"[<\[*_^&†‡§¹²³⁴⁵⁶⁷⁸⁹⁰\\]|\d\)$"
)  # without one of these there is nothing to take away
IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()\s]*\)")
PAGE_NUMBER = re.compile(
    r"^[\W_]*(?:(?:page|seite|página|pagina|strona|strana|sayfa|стр\.?|страница|صفحة|p\.|s\.|第)\s*)?\d{1,4}"
    r"\s*(?:(?:of|de|sur|von|di|z|/|из|من|\|)\s*\d{1,4}\s*)?[页頁]?[\W_]*$"
)
# "Rome, 9 July 2018", "Beograd, 11.02.2009. godine": where and when, on a line of its own or glued to a name.
DATELINE = re.compile(
    r"^(?:[^\d,]{2,40},\s*)?(?:(?:le|den|am|dne|on|the)\s+)?"
    r"(?:\d{1,2}(?:st|nd|rd|th|er|º)?\.?\s*(?:(?:de|of)\s+)?(?:[^\W\d_]{3,12}\.?|[./-]\s?\d{1,2}\s?[./-])|[^\W\d_]{3,12}\s+\d{1,2})"
    r"\s*(?:(?:de|del|of)\s+)?,?\s*(?:19|20)\d\d\b\.?\s*(?:godine|roku|года|року|г\.|p\.|yılı|год)?\s*\.?"
)
MARKDOWN_LINK = re.compile(
    r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)?(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])"
)
FOOTNOTE_MARK = re.compile(
    r"(?<=\S)\s?\[\^?(?:\d{1,3}|[a-z]|[ivx]{1,4})\]|\s?\(\d{1,2}\)$|\s?[†‡§]+$|\^\[[^\]]*\]|[¹²³⁴⁵⁶⁷⁸⁹⁰]+$|(?<=\S)\s?\*+$"
)
# A mark of a note within a row of names: "Open Quays¹, Sea Room†, …".
INNER_MARK = re.compile(r"(?<=[^\W\d])[¹²³⁴⁵⁶⁷⁸⁹⁰†‡]+(?=\s*[,;،、]|\s+(?:and|et|y|e|und)\s)")
# The note itself below a list: "¹ Endorses the first part only", "\\* signed later".
NOTE_BELOW = re.compile(r"^\W{0,2}(?:[¹²³⁴⁵⁶⁷⁸⁹⁰†‡]+|\\\*+|\(\*+\))\s*(?=\S+\s\S)")
# A picture of a hand, a globe or a tick is a bullet as well; flags are no symbols of this kind.
SYMBOLS = re.compile(
    r"^(?:[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001f3f3\U0001f3f5-\U0001faff]\ufe0f?\s*)+"
)
SYMBOLS_LAST = re.compile(
    r"(?:\s*[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001f3f3\U0001f3f5-\U0001faff]\ufe0f?)+$"
)
QUOTED_MAIL = re.compile(r"^(?:>\s?)+(?=\s|[^\s>]|$)")
LIST_OF = re.compile(r"(?:^|[–—:-]\s)(?:list\s+of|liste\s+des|lista\s+d[eio])\b")
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
    if not MARKED_UP.search(text):
        return " ".join(text.translate(INVISIBLE).split())
    text = IMAGE.sub("", text)
    text = MARKDOWN_LINK.sub(r"\1", TAG.sub(" ", COMMENT.sub("", text)))
    text = INNER_MARK.sub("", FOOTNOTE_MARK.sub("", EMPHASIS.sub("", text)))
    return " ".join(html.unescape(bounded(text)).translate(INVISIBLE).split())


def _value(found: re.Match[str]) -> int:
    """The number that `NUMBER` found, in any of its scripts."""
    if found[4]:
        tens, ten, ones = found[4].partition("十")
        return (HAN_DIGITS.get(tens, 1) * 10 if ten else 0) + HAN_DIGITS.get(ones if ten else tens, 0)
    return int(unicodedata.numeric(found[5])) if found[5] else int(found[1] or found[3])


def _line(number: int, raw: str, blank_before: bool) -> Line:
    text = SYMBOLS_LAST.sub("", QUOTED_MAIL.sub("", raw.translate(INVISIBLE).strip())).strip()
    heading, mark, value = bool(HEADING.match(text)), "", None
    text = HEADING.sub("", text).strip("# ") if heading else text
    if bullet := BULLET.match(text):
        mark, text = "bullet", text[bullet.end() :]
    elif symbols := SYMBOLS.match(text):
        text = text[symbols.end() :]
    bold = not mark and bool(WHOLLY_BOLD.match(text))
    inner = re.sub(r"^(?:\*\*|__)(?=\d)", "", text)
    if (found := NUMBER.match(inner)) and not (found[1] and not found[2] and inner[found.end()].isdigit()):
        mark, value = "number", _value(found)
        text = inner[found.end() :]
    bare = _bare(text)
    return Line(number, raw.strip(), bare, fold(bare), mark, value, heading or bold, blank_before)


def _without_false_numbers(lines: list[Line]) -> list[Line]:
    """Undo number marks that are part of a name ("350.org"): glued ones count only beside the next number."""
    kept = []
    for i, line in enumerate(lines):
        glued = line.mark == "number" and not re.search(
            r"\d+\s?(?:[.)）:、．–-]\s|\t)|^\W*[一-十①-⑳]", line.raw[:14]
        )
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
        blank = not raw.strip("> \t\u00a0")  # an empty line of a quoted mail
    return _without_false_numbers(lines)


def ends(line: Line) -> bool:
    """Whether the line ends as a sentence does."""
    return bool(SENTENCE_END.search(line.text)) and not ABBREVIATED_END.search(line.text)


def is_prose(line: Line) -> bool:
    """Whether the line is running text rather than a name, a heading or a name with its role."""
    text = line.text
    words = text.count(" ") + 1
    if words > 40 or (words > 24 and ends(line)):
        return True
    if line.mark:
        return words > 16 and ends(line) and bool(INNER_SENTENCE.search(text))
    return (words >= 12 and ends(line)) or (words >= 9 and bool(INNER_SENTENCE.search(text)))


def is_page_number(line: Line) -> bool:
    """A page's number that a copy from a document left between the lines."""
    return len(line.text) < 30 and bool(PAGE_NUMBER.match(line.folded)) and not line.mark


def is_dateline(line: Line) -> bool:
    """Place and date alone on a line."""
    return len(line.text) < 80 and bool(DATELINE.fullmatch(line.text))


def without_dateline(line: Line) -> Line:
    """The line without a place and date that are glued to the name after them."""
    found = DATELINE.match(line.text) if len(line.text) < 200 else None
    after = line.text[found.end() :] if found else ""
    if not found or not after[:1].isupper() or line.text[found.end() - 1].isspace() or "," not in found[0]:
        return line
    return replace(line, text=after, folded=fold(after))


def is_furniture(line: Line) -> bool:
    """Credit, contact, link or other page furniture, or a line with no letter at all."""
    if not any(c.isalpha() for c in line.text) and not line.mark:
        return True
    if is_dateline(line) or NOTE_BELOW.match(line.raw):
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
    named = LIST_OF.search(line.folded)
    return line.heading or bool(named) or line.text.endswith((":", "：", ",")) or line.text.count(" ") <= 6
