"""Signatures over several lines each, as they stand below a letter: a name, an office and an organisation."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from signatories.matching import fold

from .lines import Line, is_closing, is_furniture, is_list_heading, is_prose
from .offices import has_role, is_organisation
from .people import could_be_person, has_title, is_named, is_person, split_fields, without_title

MOST_LINES = 5  # of one signature
PERIODS = (3, 2)  # lines of each, where no blank line parts them


def _is_name(text: str) -> bool:
    """A person's name alone on a line."""
    return len(text) < 70 and "," not in text and not has_role(without_title(text)) and could_be_person(text)


def _is_surely_name(text: str) -> bool:
    return _is_name(text) and (has_title(text) or is_named(text))


def _is_beside(text: str) -> bool:
    """What stands below a name: an office or an organisation."""
    return (
        len(text) < 120
        and not has_title(text)
        and (has_role(text) or is_organisation(text))
        and not _is_surely_name(text)
    )


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if block and (line.blank_before or line.mark or line.heading or is_closing(line)):
            yield block
            block = []
        block.append(line)
    yield block


def _signed_by_one(block: list[Line]) -> str | None:
    """The signature that a block of lines is, as one line, or None."""
    texts = [line.text.strip(" ,;") for line in block]
    if not 2 <= len(texts) <= MOST_LINES or any(line.mark or line.text.endswith(":") for line in block):
        return None
    first, *others = texts
    if _is_name(first) and any(map(_is_beside, others)) and not any(map(_is_surely_name, others)):
        return ", ".join(texts)
    second = split_fields(others[0])
    person = _is_surely_name(others[0]) or (is_person(others[0]) and _is_name(second[0]))
    if is_organisation(first) and person and not any(map(_is_surely_name, others[1:])):
        return f"{first} – {', '.join(others)}" if any(map(has_role, others)) else None
    return None


def _joined(block: list[Line], text: str) -> Line:
    return replace(block[0], text=text, folded=fold(text))


def _in_turns(block: list[Line], period: int) -> list[Line] | None:
    """The signatures of a block without blank lines in which a name stands in every second or third line."""
    if len(block) < 2 * period or len(block) % period:
        return None
    parts = [block[i : i + period] for i in range(0, len(block), period)]
    read = [_signed_by_one(part) for part in parts]
    names = [part[0].text for part in parts]
    if not all(read) or sum(map(_is_surely_name, names)) * 2 < len(names):
        return None
    return [_joined(part, text) for part, text in zip(parts, read, strict=True) if text]


def _stretches(block: list[Line]) -> Iterator[list[Line]]:
    """A block cut where running text, a heading or page furniture stands in it."""
    part: list[Line] = []
    for line in block:
        if is_prose(line) or is_list_heading(line) or is_furniture(line):
            if part:
                yield part
            yield [line]
            part = []
        else:
            part.append(line)
    if part:
        yield part


def signatures_joined(lines: list[Line]) -> list[Line]:
    """`lines` with every signature over several lines made one: "Name, office, organisation".

    Lines are joined only where two signatures at least stand so, next to one another.
    """
    stretches = [part for block in _blocks(lines) for part in _stretches(block)] if lines else []
    read = [_signed_by_one(part) for part in stretches]
    beside = {i for pair in pairwise(range(len(read))) if all(read[i] for i in pair) for i in pair}
    kept: list[Line] = []
    for i, part in enumerate(stretches):
        text = read[i]
        if i in beside and text:
            kept.append(_joined(part, text))
        else:
            kept += next(filter(None, (_in_turns(part, period) for period in PERIODS)), part)
    return kept
