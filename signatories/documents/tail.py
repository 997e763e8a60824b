"""What stands below a letter's body: the closing and the list of those who sign."""

import html
import re

from signatories.reading.lines import cut, is_furniture, is_list_heading, is_prose
from signatories.reading.words import CLOSING

from .blocks import UNTURNED, Block
from .head import HEADING_TAG, Draft, is_credit_line, one_line, set_aside

ENDS_SENTENCE = re.compile(r"[.!?:;…۔。؟][\"'”’»)\]]*$")
FEWEST_UNHEADED = (
    5  # a numbered list without a heading is taken for the signatories from this many entries on
)
HEADING_WITHIN = 3  # blocks between the heading of a list and its first entry


def is_heading_of_list(block: Block) -> bool:
    if not one_line(block):
        return False
    lines = cut(("# " if HEADING_TAG.match(block.kind) else "") + block.text)
    return bool(lines) and is_list_heading(lines[0])


def _is_closing(block: Block) -> bool:
    if block.role == "closing":
        return True
    return one_line(block) and bool(lines := cut(block.text)) and bool(CLOSING.match(lines[0].folded))


def split_headings(blocks: list[Block]) -> list[Block]:
    """A closing formula or the heading of the list, printed as the first line of its paragraph, becomes a block of its
    own; the heading also as the last line, where a colon says that the list follows."""
    split: list[Block] = []
    for block in blocks:
        if block.kind != "p" or len(block.lines) < 2 or block.role:
            split.append(block)
            continue
        first, last = (_plain_block([block.lines[i]], block.line) for i in (0, -1))
        if _is_closing(first) or is_heading_of_list(first):
            split += [first, _plain_block(block.lines[1:], block.line + 1)]
        elif block.lines[-1].endswith((":", "：")) and is_heading_of_list(last):
            last.line += len(block.lines) - 1
            split += [_plain_block(block.lines[:-1], block.line), last]
        else:
            split.append(block)
    return split


def _plain_block(lines: list[str], line: int) -> Block:
    words = "<br>".join(html.escape(one, quote=False) for one in lines)
    return Block("p", f"<p>{words}</p>", list(lines), line)


def _looks_like_signatories(block: Block) -> bool:
    named = [line for line in block.lines if len(line) < 120 and not ENDS_SENTENCE.search(line)]
    return block.kind == "ol" and len(named) == len(block.lines) >= FEWEST_UNHEADED


def split_list(blocks: list[Block], draft: Draft) -> tuple[list[Block], list[Block], list[Block]]:
    """(body, closing, list): the list begins where the document's styles say so, after its heading, after a closing
    formula, or with a long numbered list at the end."""
    styled = next((i for i, block in enumerate(blocks) if block.role == "signatories"), None)
    if styled is not None:
        return _styled_list(blocks, styled, draft)
    for i, block in enumerate(blocks):
        after = blocks[i + 1 :]
        if _is_closing(block):
            return _after_closing(blocks, i, draft)
        if is_heading_of_list(block) and after:
            draft.mark("signatories", "heading", block)
            return blocks[:i], [], after
    for i in range(len(blocks) - 1, max(-1, len(blocks) - 4), -1):
        if _looks_like_signatories(blocks[i]):
            draft.mark("signatories", "numbered", blocks[i], sure=False)
            return blocks[:i], [], blocks[i:]
    return blocks, [], []


def _styled_list(blocks: list[Block], at: int, draft: Draft) -> tuple[list[Block], list[Block], list[Block]]:
    """The list from its first styled entry to its last, with its headings; what follows is left out."""
    last = max(i for i, block in enumerate(blocks) if block.role == "signatories")
    headings = _headings_above(blocks, at)
    begin = headings[0] if headings else at
    own = bool(headings) and (len(headings) > 1 or is_heading_of_list(blocks[begin]))
    groups = headings[1:] if own else headings
    for i in (*range(begin + own, at), *range(last + 1, len(blocks))):
        if i not in groups:
            set_aside(blocks[i], draft)
    draft.mark("signatories", "style", blocks[begin])
    above = blocks[:begin]
    closing = next((i for i, block in enumerate(above) if _is_closing(block)), len(above))
    if closing < len(above):
        draft.mark("closing", "style" if above[closing].role else "formula", above[closing])
    listed = [*(blocks[i] for i in groups), *blocks[at : last + 1]]
    return above[:closing], above[closing:], listed


def _headings_above(blocks: list[Block], at: int) -> list[int]:
    """The headings between the letter's words and the first entry: that of the list, that of a group."""
    found: list[int] = []
    for i in range(at - 1, max(-1, at - 1 - HEADING_WITHIN), -1):
        block = blocks[i]
        if _is_closing(block) or not one_line(block) or ENDS_SENTENCE.search(block.text):
            break
        if HEADING_TAG.match(block.kind):
            found.insert(0, i)
    return found


def _after_closing(
    blocks: list[Block], at: int, draft: Draft
) -> tuple[list[Block], list[Block], list[Block]]:
    """Below a closing formula: its further lines, then the list, with or without a heading."""
    draft.mark("closing", "style" if blocks[at].role else "formula", blocks[at])
    end = at + 1
    while end < len(blocks) and blocks[end].role == "closing":
        end += 1
    after = blocks[end:]
    skip = next((k for k, later in enumerate(after[:HEADING_WITHIN]) if is_heading_of_list(later)), None)
    if skip is not None:
        draft.mark("signatories", "heading", after[skip])
        return blocks[:at], [*blocks[at:end], *after[:skip]], after[skip + 1 :]
    if after:
        draft.mark("signatories", "closing", after[0], sure=False)
    return blocks[:at], blocks[at:end], after


def list_text(blocks: list[Block], draft: Draft) -> tuple[str, int]:
    """The list as `read_list` takes it, up to the page's own text, which is left out; and the line where it starts."""
    lines: list[str] = []
    first = 0
    for number, block in enumerate(blocks):
        if lines and _ends_list(block) and not any(_goes_on(later) for later in blocks[number + 1 :]):
            for later in blocks[number:]:
                set_aside(later, draft)
            break
        if is_credit_line(block):
            set_aside(block, draft)
            continue
        first = first or block.line
        words = [
            draft.bare_line(line, block.line).translate(UNTURNED) for line in block.source or block.lines
        ]
        if block.kind == "ol":
            lines += [f"{n}. {item}" for n, item in enumerate(words, start=1)]
        elif block.kind == "ul":
            lines += [f"- {item}" for item in words]
        else:
            lines += [f"# {' '.join(' '.join(words).split())}"] if HEADING_TAG.match(block.kind) else words
    return "\n".join(lines), first


def _ends_list(block: Block) -> bool:
    """Whether the block is the page's own text again. Names typed a line each are none, however many there are."""
    if len(block.source) > 1 and not any(ENDS_SENTENCE.search(one) for one in block.source):
        return False
    line = cut(block.text)
    return bool(line) and one_line(block) and (is_furniture(line[0]) or is_prose(line[0]))


def _goes_on(block: Block) -> bool:
    """Whether the list goes on here, after words between."""
    return block.kind in ("ol", "ul", "other") or block.role == "signatories" or is_heading_of_list(block)
