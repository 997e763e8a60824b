"""The marks of canonical lines (``letters.texts``), and words shown by what they mean."""

import re
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

ESCAPE = re.compile(r"\\([\\*_\[\]<>|#=\-0-9])")
BREAK = re.compile(r"(?<!\\)((?:\\\\)*)\\$")
MARK = re.compile(r"\^\\\[|\\.|\\$|\*\*|_|\[|\]\(<[^<>]*>\)|</?sup>")
ENDS = {"_": "_", "**": "**", "</sup>": "<sup>", "\\]": "^\\[", "](": "["}
SHOWN_AS = {
    "_": ("<em>", "</em>"),
    "**": ("<strong>", "</strong>"),
    "<sup>": ("<sup>", "</sup>"),
    "^\\[": ("<small>[", "]</small>"),
    "[": ("<u>", "</u>"),
}

# Where the sign before the words begins and ends, where the one behind them does, and the former.
Pair = tuple[int, int, int, int, str]


def shown(words: str) -> str:
    """The words of canonical lines as people read them."""
    return ESCAPE.sub(r"\1", words)


def pairs(line: str) -> list[Pair]:
    """The marks of words in a canonical line, two by two."""
    found: list[Pair] = []
    opened: list[tuple[str, int, int]] = []
    for mark in MARK.finditer(line):
        sign, start, end = mark[0], mark.start(), mark.end()
        begin = ENDS.get(sign[:2] if sign.startswith("](") else sign, "")
        if opened and opened[-1][0] == begin:
            found.append((*opened.pop()[1:], start, end, begin))
        elif sign in SHOWN_AS:
            opened.append((sign, start, end))
        elif sign == r"\[" or (sign == r"\]" and opened and opened[-1][0] == r"\["):
            # A bracket of the words themselves, which may stand in a note.
            opened.append((sign, start, end)) if sign == r"\[" else opened.pop()
    return found


def within(found: Sequence[Pair], place: int, length: int) -> set[Pair]:
    """Those of ``found`` that lie in the ``length`` characters at ``place``, counted from there."""
    return {
        (a - place, b - place, c - place, d - place, sign)
        for a, b, c, d, sign in found
        if a >= place and d <= place + length
    }


def laid_out(words: str, known: set[Pair]) -> SafeString:
    """Words that stayed, as HTML: the marks of ``known`` are elements, and a line that goes on below says nothing."""
    signs = {a: (b, SHOWN_AS[sign][0]) for a, b, _c, _d, sign in known}
    signs |= {c: (d, SHOWN_AS[sign][1]) for _a, _b, c, d, sign in known}
    out, position = [], 0
    for start, (end, html) in sorted(signs.items()):
        out += [escape(shown(words[position:start])), html]
        position = end
    rest = BREAK.sub(r"\1", words[position:])
    return mark_safe("".join([*out, escape(shown(rest))]))
