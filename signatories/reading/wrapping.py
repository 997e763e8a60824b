"""Paragraphs of names that were wrapped over several lines, as copies from a document are."""

import re
from dataclasses import replace

from signatories.matching import fold

from .cues import CUE, SEPARATOR
from .lines import Line
from .people import is_person


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
