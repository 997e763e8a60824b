"""What stands above a letter's body: title, date, subject, addressees, copies, salutation."""

import datetime
import re
from dataclasses import dataclass, field, replace

from signatories.reading.lines import cut, is_credit

from .blocks import Block, Page
from .model import LeftOut, Mark, ReadAddressee
from .parts import (
    SUBJECT,
    TO,
    addressees_of_salutation,
    find_date,
    is_address,
    is_ambiguous,
    is_salutation,
    read_addressee,
    read_dateline,
)

TOPIC = re.compile(r"^(?P<topic>[^|]{2,30}?)\s+\|\s+(?P<title>\S.{8,})$")
CREDIT_LABEL = re.compile(r"^[^:©]{0,30}?(?:[:：]|©)\s*")
COPY = re.compile(r"^(?:c\.?c\.?|copies|copy\s+to|copie|copia|kopie|копия|نسخة)\s*[:：]\s*", re.IGNORECASE)
HEADING_TAG = re.compile(r"^h[1-6]$")
WHOLLY_BOLD = re.compile(r"^<p><strong>(?:(?!</strong>).)*</strong></p>$", re.DOTALL)
NOTE = re.compile(r"\s?\^\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
LONGEST_TITLE, WORDS_OF_MARK = 250, 120
HEAD_BLOCKS = 6  # without a salutation, so many blocks may hold date and subject


@dataclass(slots=True)
class Draft:
    """What has been recognised so far."""

    title: str = ""
    topic: str = ""
    date: datetime.date | None = None
    place: str = ""
    subject: str = ""
    salutation: str = ""
    credit: str = ""
    addressees: list[ReadAddressee] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def mark(self, part: str, how: str, block: Block | None = None, *, sure: bool = True) -> None:
        """Notes how a part was known and where it stands. The first word on a part stands."""
        line, words = (block.line, block.text[:WORDS_OF_MARK]) if block else (0, "")
        self.marks.setdefault(part, Mark("sure" if sure else "guess", how, line, words))

    def leave(self, kind: str, block: Block) -> None:
        self.left_out.append(LeftOut(kind, block.line, block.text))

    def bare_line(self, words: str, line: int) -> str:
        """A line for a part that holds no notes, its gaps as they are; the notes are left out."""
        self.left_out += [LeftOut("note", line, found.strip()) for found in NOTE.findall(words)]
        return NOTE.sub("", words)

    def bare(self, words: str, line: int) -> str:
        """The same with its white space folded."""
        return " ".join(self.bare_line(words, line).split())


def one_line(block: Block) -> bool:
    return len(block.lines) == 1 and block.kind not in ("ul", "ol", "other")


def is_credit_line(block: Block) -> bool:
    """A picture's credit, a short line of its own."""
    return (
        one_line(block) and len(block.text) < 120 and bool(lines := cut(block.text)) and is_credit(lines[0])
    )


def set_aside(block: Block, draft: Draft, kind: str = "after") -> None:
    """A block that is no part of the letter: the picture's credit, if it is the first, or left out."""
    if not is_credit_line(block):
        draft.leave(kind, block)
    elif draft.credit:
        draft.leave("credit", block)
    else:
        draft.credit = draft.bare(CREDIT_LABEL.sub("", block.text), block.line)
        draft.mark("credit", "label", block)


def take_credit(blocks: list[Block], draft: Draft) -> list[Block]:
    """Takes the first credit for the picture's; further ones are left out. Returns the rest."""
    for block in blocks:
        if is_credit_line(block):
            set_aside(block, draft)
    return [block for block in blocks if not is_credit_line(block)]


def _title_at(page: Page, blocks: list[Block]) -> tuple[int | None, str]:
    """Which block is the title, and by which sign."""
    before = next((i for i, block in enumerate(blocks) if is_salutation(block.text)), len(blocks))
    signs = (
        ("style", lambda i, block: block.role == "title"),
        ("heading", lambda i, block: block.kind == "h1"),
        ("heading", lambda i, block: i == 0 and bool(HEADING_TAG.match(block.kind))),
        ("file", lambda i, block: bool(page.title) and i < before and block.text == page.title),
        ("bold", lambda i, block: i < before and _is_bold_line(block)),
    )
    for how, sign in signs:
        found = next((i for i, block in enumerate(blocks) if sign(i, block)), None)
        if found is not None:
            return found, how
    if (page.title and page.unit == "line") or not blocks or not _may_be_title(blocks[0]):
        return None, "file"
    return 0, "first"


def _may_be_title(block: Block) -> bool:
    plain = block.kind == "p" and one_line(block) and block.role in ("", "title")
    label = SUBJECT.match(block.text) or TO.match(block.text) or COPY.match(block.text)
    return (
        plain
        and not label
        and not is_salutation(block.text)
        and read_dateline(block.text) is None
        and len(block.text) <= LONGEST_TITLE
    )


def _is_bold_line(block: Block) -> bool:
    return bool(WHOLLY_BOLD.match(block.html)) and _may_be_title(block) and block.text.count(" ") >= 2


def take_title(page: Page, draft: Draft) -> list[Block]:
    """Takes the title by the document's styles, its first heading, a bold line, its head or its first line. Returns
    the other blocks."""
    blocks = list(page.blocks)
    index, how = _title_at(page, blocks)
    block = blocks.pop(index) if index is not None else None
    title = draft.bare(block.text, block.line) if block else page.title
    if not title and blocks:  # its first words stay where they are, too
        how, title = "words", blocks[0].text[:200]
    if found := TOPIC.match(title):
        draft.topic, title = found["topic"], found["title"]
    draft.title = title
    draft.mark("title", how, block, sure=how in ("style", "heading"))
    return blocks


def split_salutation(blocks: list[Block]) -> list[Block]:
    """A salutation printed as the first line of its paragraph becomes a block of its own."""
    split: list[Block] = []
    for block in blocks:
        breaks = block.kind == "p" and len(block.lines) > 1 and "<br" in block.html
        if breaks and is_salutation(block.lines[0]):
            rest = re.split(r"<br\s*/?>", block.html, maxsplit=1)[1].strip()
            split.append(Block("p", f"<p>{block.lines[0]}</p>", block.lines[:1], block.line))
            split.append(Block("p", f"<p>{rest}", block.lines[1:], block.line + 1))
        else:
            split.append(block)
    return split


def take_head(blocks: list[Block], draft: Draft) -> tuple[list[Block], list[Block]]:
    """Takes date, subject, addressees, copies and salutation out of `blocks`; returns (standfirst, body)."""
    at = next((i for i, block in enumerate(blocks) if block.role == "salutation"), None)
    how = "style"
    if at is None:
        how = "formula"
        at = next(
            (i for i, block in enumerate(blocks) if one_line(block) and is_salutation(block.text)), None
        )
    head, body = (
        (blocks[:at], blocks[at + 1 :]) if at is not None else (blocks[:HEAD_BLOCKS], blocks[HEAD_BLOCKS:])
    )
    rest = [block for block in head if not _take_small(block, draft)]
    rest = _take_addresses(rest, draft, salutation=at is not None)
    draft.addressees.sort(key=lambda party: party.is_copy)
    if at is None:
        return [], rest + body
    said = blocks[at]
    draft.salutation = draft.bare(said.text, said.line)
    draft.mark("salutation", how, said, sure=how == "style" or said.text.rstrip()[-1] in ",:!،，：")
    if not [party for party in draft.addressees if not party.is_copy]:
        named = addressees_of_salutation(draft.salutation)
        draft.addressees = named + draft.addressees
        if named:
            draft.mark("addressees", "salutation", said, sure=False)
    if body and not draft.subject and _take_small(body[0], draft, only="subject"):
        body = body[1:]
    return rest, body


def _take_small(block: Block, draft: Draft, only: str = "") -> bool:
    """Whether the block was a date line, a subject line, a line of copies or a letterhead, which is then taken."""
    if not only and block.role == "letterhead":
        draft.leave("letterhead", block)
        return True
    dated = read_dateline(block.text) if draft.date is None and not only else None
    if dated is not None:
        draft.date, draft.place = dated
        unclear = is_ambiguous(block.text)
        draft.mark("date", "numbers" if unclear else "line", block, sure=not unclear)
        if draft.place:
            draft.mark("place", "line", block)
        return True
    label = SUBJECT.match(block.text) if one_line(block) else None
    if not draft.subject and (label or (block.role == "subject" and one_line(block))):
        draft.subject = draft.bare(label["text"] if label else block.text, block.line)
        draft.mark("subject", "label" if label else "style", block)
        return True
    if not only and block.kind == "p" and (block.role == "copies" or COPY.match(block.lines[0])):
        _take_copies(block, draft, block.lines)
        return True
    return False


def _take_copies(block: Block, draft: Draft, lines: list[str]) -> None:
    """Who gets a copy: parted by semicolons or by lines."""
    for line in lines:
        for part in re.split(r"[;；؛]\s*", COPY.sub("", line)):
            found = read_addressee([draft.bare(part, block.line)])
            draft.addressees += [replace(found, is_copy=True)] if found else []


def _take_addresses(blocks: list[Block], draft: Draft, *, salutation: bool) -> list[Block]:
    """Takes the addresses; returns the rest. Without a salutation below, only what is marked as one."""
    rest: list[Block] = []
    for block in _grouped(blocks) if salutation else blocks:
        styled = block.role == "addressees"
        labelled = bool(block.lines) and bool(TO.match(block.lines[0]))
        if block.kind != "p" or not (styled or (salutation and is_address(block.lines))):
            rest.append(block)
            continue
        copies = [line for line in block.lines if COPY.match(line)]
        found = read_addressee([draft.bare(line, block.line) for line in block.lines if line not in copies])
        draft.addressees += [found] if found else []
        draft.mark(
            "addressees",
            "style" if styled else "label" if labelled else "address",
            block,
            sure=styled or labelled,
        )
        _take_copies(block, draft, copies)
    return _ungrouped(rest, blocks)


def _grouped(blocks: list[Block]) -> list[Block]:
    """An address whose lines are paragraphs, one directly below the other, as one block."""
    made: list[Block] = []
    for block in blocks:
        last = made[-1] if made else None
        short = block.kind == "p" and one_line(block) and is_address([*block.lines, *block.lines])
        if (
            last
            and short
            and last.kind == "p"
            and block.line == last.line + len(last.lines)
            and last.role == block.role
            and is_address([*last.lines, *block.lines])
        ):
            made[-1] = Block("p", "", last.lines + block.lines, last.line, last.role)
        else:
            made.append(replace(block))
    return made


def _ungrouped(rest: list[Block], blocks: list[Block]) -> list[Block]:
    """Those of the first blocks that stand within the rest."""
    lines = {line for block in rest for line in range(block.line, block.line + max(1, len(block.lines)))}
    return [block for block in blocks if block.line in lines]


def take_file_date(page: Page, draft: Draft) -> None:
    """The date that the file's head says, where the letter has none."""
    if draft.date is None and (found := find_date(page.date)):
        draft.date = found[0]
        draft.mark("date", "file", sure=False)
