"""Finding the list within a text: which lines (or parts of a sentence) are one signatory each."""

import re

from signatories.matching import fold

from .blocks import signatures_joined
from .countries import is_place, split_flag
from .found import AFTER, BEFORE, FURNITURE, HEADING_REASON, LONGEST_NAME, PAGE, REST, Found, Item, group_kind
from .groups import BARE_GROUP
from .labelled import labelled_rows
from .lines import (
    Line,
    ends,
    is_closing,
    is_dateline,
    is_furniture,
    is_list_heading,
    is_page_number,
    is_prose,
    without_dateline,
)
from .model import Ignored
from .runon import best_sentences, split_items
from .subjects import names_before_verb
from .words import CREDIT, PAGE_FURNITURE, SUPPORT_HEADING
from .wrapping import unwrapped

GLUED = re.compile(r"(?<=[a-zà-ÿšžčćđ]{3})(?=[A-ZÀ-ÞŠŽČĆĐ][a-zà-ÿšžčćđ]+\s+\S+\s+\S)")
OPEN_END = re.compile(
    r"(?:[&/–-]|(?<![.\w])(?:and|or|of|for|the|in|on|to|with|de|del|des|du|la|les|et|y|e|pour|para|per|di"
    r"|da|do|und|für|der|die))$",
    re.IGNORECASE,
)
OPEN_START = re.compile(r"^(?:and|of|for|de|del|des|du|et|y|pour|para|per|di|da|do|und|für|&)\s+\S|^[&/]\s")


def _is_place_heading(line: Line) -> bool:
    return not line.mark and is_place(split_flag(line.text)[0].strip(" :："))


def _is_group(line: Line, following: Line | None, found: Found) -> bool:
    if line.mark or len(line.text) > 110 or is_prose(line):
        return False
    if found.places and _is_place_heading(line):
        return True
    if (
        is_list_heading(line)
        or line.heading
        or BARE_GROUP.match(line.folded)
        or line.text.endswith((":", "："))
    ):
        return True
    if following is None or not line.blank_before:
        return False
    return following.value == 1 or (bool(following.mark) and len(line.text) <= 60 and not ends(line))


def _continues(previous: str, line: Line, least: int = 45) -> bool:
    """A wrapped line: what came before stopped in the middle of a phrase, or this starts in the middle of one."""
    if line.blank_before or len(previous) > LONGEST_NAME:
        return False
    if OPEN_END.search(previous) or OPEN_START.match(line.text):
        return True
    if previous.count("(") > previous.count(")") and line.text.count(")") > line.text.count("("):
        return True
    return line.text[:1].islower() and " " in line.text and len(previous) > least


def _join(item: Item, line: Line) -> None:
    """Put a wrapped line after its beginning; a word that was divided at the line's end becomes one again."""
    divided = re.search(r"[^\W\d_]{2}-$", item.text) and line.text[:1].islower()
    item.text = item.text[:-1] + line.text if divided else f"{item.text} {line.text}"


def _read_marked(lines: list[Line], found: Found) -> None:
    """A numbered or bulleted list: only marked lines are signatories, and those below a heading that says whom they are."""
    ended, last_value, bare = False, 0, False
    marked_after = [any(later.mark for later in lines[i + 1 : i + 3]) for i in range(len(lines))]
    for i, line in enumerate(lines):
        following = lines[i + 1] if i + 1 < len(lines) else None
        if line.mark:
            resumes = line.value is not None and line.value == last_value + 1
            if ended and not resumes:
                found.drop(line, AFTER)
            elif is_prose(line) or is_furniture(line):
                found.drop(line, FURNITURE)
            else:
                ended, last_value, bare = False, line.value or last_value, False
                found.add(line)
        elif is_page_number(line):
            found.drop(line, PAGE)
        elif CREDIT.search(line.folded) or PAGE_FURNITURE.search(line.folded):
            found.drop(line, FURNITURE)
            ended = bool(found.items)
        elif _is_group(line, following, found) and not (ended and following and following.mark == "bullet"):
            found.open_group(line)
            ended, last_value = False, 0
            bare = bool(found.items) and found.kind is not None and not (following and following.mark)
        elif bare and not (is_prose(line) or is_furniture(line) or is_closing(line)):
            found.add(line, sure=False)
        elif (
            found.items
            and not ended
            and not line.blank_before
            and len(found.items[-1].text) < LONGEST_NAME
            and (marked_after[i] or _continues(found.items[-1].text, line, least=20))
        ):
            _join(found.items[-1], line)
        else:
            found.drop(line, AFTER if found.items else BEFORE)
            ended = bool(found.items)


def _cut_glued(found: Found) -> None:
    """Before a page's foot the last name may run into the first words of it ("Quay FriendsHarbour Street House")."""
    last = found.items[-1]
    if (glue := GLUED.search(last.text)) and " " in last.text[: glue.start()]:
        found.rests.append(Ignored(last.text[glue.start() :], last.line, AFTER))
        last.text, last.sure = last.text[: glue.start()], False


def _read_plain(lines: list[Line], found: Found) -> None:
    """One signatory a line, until running text or page furniture ends the list."""
    ended = False
    trust_headings = sum(line.heading for line in lines) * 2 < len(lines)
    for line in lines:
        group = _is_group(line, None, found) and (trust_headings or not line.heading)
        if group:
            found.open_group(line)
            ended = False
        elif is_page_number(line):
            found.drop(line, PAGE)
        elif not found.items and is_dateline(line):
            found.drop(line, BEFORE)
        elif ended or is_furniture(line) or is_prose(line) or line.number in found.breaks:
            if found.items and not ended and is_furniture(line):
                _cut_glued(found)
            found.drop(line, AFTER if found.items else BEFORE)
            ended = bool(found.items)
        elif found.items and _continues(found.items[-1].text, line):
            _join(found.items[-1], line)
        else:
            name = without_dateline(line)
            if name is not line:
                found.rests.append(Ignored(line.text.removesuffix(name.text), line.number, BEFORE))
            found.add(name, sure=name is line)


def _read_sentences(lines: list[Line], spans: dict[int, str], found: Found) -> None:
    """Signatories named within sentences; `spans` holds the part of a line (by number) that names them."""
    for line in lines:
        names, rest = split_items(spans[line.number]) if line.number in spans else ([], "")
        if not names:
            found.drop(line, AFTER if found.items else BEFORE)
        elif rest:
            found.rests.append(Ignored(rest, line.number, REST))
        at = 0
        for name in names:
            kind = found.kind or name.kind
            at = max(at, line.text.find(name.text, at))
            number = max(
                (n for start, n in found.wrapped.get(line.number, []) if start <= at), default=line.number
            )
            found.items.append(Item(name.text, number, found.group, kind, False, name.note))


def _read_labelled(lines: list[Line], rows: dict[int, tuple[str, str]], found: Found) -> None:
    """Rows of names behind labels; a line below one that does not end goes on with it."""
    going_on = False
    for line in lines:
        if line.number in rows:
            found.group, text = rows[line.number]
            found.kind = group_kind(fold(found.group))
            found.rests.append(Ignored(found.group, line.number, HEADING_REASON))
        elif going_on and not line.blank_before and not is_furniture(line):
            text = line.text
        else:
            found.drop(line, AFTER if found.items else BEFORE)
            going_on = False
            continue
        names, rest = split_items(text)
        if rest:
            found.rests.append(Ignored(rest, line.number, REST))
        found.items += [
            Item(name.text, line.number, found.group, name.kind or found.kind, False, name.note)
            for name in names
        ]
        going_on = text.endswith((",", ";", "،", "、"))


def _sentences_between(lines: list[Line]) -> frozenset[int]:
    """Numbers of the short lines that end as sentences do, where names do not ("Thank you, Mr President.")."""
    ending = [
        line.number for line in lines if not line.mark and line.text.endswith((".", "!", "?")) and ends(line)
    ]
    return frozenset(ending if len(ending) * 4 < len(lines) else [])


def _longest_run(lines: list[Line], breaks: frozenset[int] = frozenset()) -> tuple[int, int]:
    """First and one-past-last index of the longest stretch without running text."""
    best, start = (0, 0), 0
    for i, line in enumerate([*lines, None]):
        if line is None or is_prose(line) or line.number in breaks:
            if i - start >= best[1] - best[0] and i > start:
                best = (start, i)
            start = i + 1
    return best


def _is_marked_list(lines: list[Line]) -> bool:
    marked = [i for i, line in enumerate(lines) if line.mark and not is_prose(line)]
    return len(marked) >= 2 and (marked[0] < 4 or len(marked) * 5 >= 2 * len(lines))


def _start(lines: list[Line]) -> int | None:
    """Index of the heading of the list, None when there is no heading with names below it."""
    headings = [is_list_heading(line) for line in lines]
    below: list[Line | None] = [None] * len(lines)
    for i in range(len(lines) - 2, -1, -1):
        below[i] = below[i + 1] if headings[i + 1] else lines[i + 1]
    for i, heading in enumerate(headings):
        first = below[i]
        if heading and first and (not is_prose(first) or best_sentences([first], whole=True)):
            return i - _names_above(lines, i)
    return None


def _names_above(lines: list[Line], heading: int) -> int:
    """How many lines directly above a heading of supporters are names: the first who sign, without a heading."""
    if not SUPPORT_HEADING.search(lines[heading].folded) or any(
        line.mark for line in lines[heading + 1 :][:2]
    ):
        return 0
    count = 0
    for line in reversed(lines[:heading]):
        name = without_dateline(line)
        if is_prose(name) or is_furniture(name) or name.mark or name.text.endswith((":", ",", ".")):
            break
        count += 1
        if name is not line or name.text.count(" ") > 9:
            break
    return count if count >= 3 else 0


def find_items(lines: list[Line]) -> Found:
    """The signatories' texts in `lines` and the lines that are none."""
    headings = sum(is_list_heading(line) and not is_closing(line) for line in lines)
    found = Found([], [], one_heading=headings < 2)
    places = sum(_is_place_heading(line) for line in lines)
    marks = any(line.mark for line in lines)
    found.places = (places >= 2 or (places == 1 and marks)) and places * 2 < len(lines)
    for line in lines:
        if not line.text:
            found.drop(line, FURNITURE)
    lines = unwrapped([line for line in lines if line.text], found.wrapped)
    if rows := labelled_rows(lines):
        _read_labelled(lines, rows, found)
        return found
    lines = signatures_joined(lines)
    start = _start(lines)
    if start is not None:
        for line in lines[:start]:
            found.drop(line, BEFORE)
        lines = lines[start:]
        body = [line for line in lines if not is_list_heading(line)]
        if _is_marked_list(lines):
            _read_marked(lines, found)
        elif body and (spans := best_sentences(body[:2], whole=True)) and len(body) <= 12:
            _read_sentences(lines, spans, found)
        else:
            _read_plain(lines, found)
        return found
    marked = [line for line in lines if line.mark and not is_prose(line)]
    first, last = _longest_run(lines)
    found.breaks = _sentences_between(lines)
    if found.breaks:
        first, last = _longest_run(lines, found.breaks)
    if len(marked) < 3 and (spans := best_sentences(lines, whole=last - first <= 3)):
        _read_sentences(lines, spans, found)
    elif len(marked) >= 2 and len(marked) * 5 >= 2 * (last - first):
        _read_marked(lines, found)
    else:
        for line in lines[:first]:
            found.drop(line, BEFORE)
        _read_plain(lines[first:], found)
    if not found.items and (spans := names_before_verb(lines)):
        found.ignored = []
        _read_sentences(lines, spans, found)
    found.ignored.sort(key=lambda ignored: ignored.line)
    return found
