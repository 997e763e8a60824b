"""Reading a letter from a document: .txt, .md and .html. Pure functions; nothing is stored."""

import datetime
import html
import re
from dataclasses import dataclass, field
from pathlib import PurePath

from signatories.reading.files import LARGEST, decode
from signatories.reading.lines import cut, is_credit, is_furniture, is_list_heading, is_prose
from signatories.reading.words import CLOSING

from .blocks import Block, Page, from_html, from_markdown, from_text
from .model import ReadAddressee, ReadLetter, Unreadable
from .parts import (
    SUBJECT,
    addressees_of_salutation,
    find_date,
    guess_language,
    is_address,
    is_salutation,
    read_addressee,
    read_dateline,
)

__all__ = ["ReadAddressee", "ReadLetter", "Unreadable", "read_letter"]

READERS = {".txt": from_text, ".text": from_text, ".md": from_markdown, ".markdown": from_markdown}
READERS |= {".html": from_html, ".htm": from_html}
TOPIC = re.compile(r"^(?P<topic>[^|]{2,30}?)\s+\|\s+(?P<title>\S.{8,})$")
ENDS_SENTENCE = re.compile(r"[.!?:;…۔。؟][\"'”’»)\]]*$")
CREDIT_LABEL = re.compile(r"^[^:©]{0,30}?(?:[:：]|©)\s*")
COPY = re.compile(r"^c\.?c\.?\s*:", re.IGNORECASE)
HEADING_TAG = re.compile(r"^h[1-6]$")
FEWEST_UNHEADED = (
    5  # a numbered list without a heading is taken for the signatories from this many entries on
)


@dataclass(slots=True)
class _Draft:
    """What has been recognised so far."""

    title: str = ""
    topic: str = ""
    date: datetime.date | None = None
    place: str = ""
    subject: str = ""
    salutation: str = ""
    credit: str = ""
    copies: list[str] = field(default_factory=list)
    addressees: list[ReadAddressee] = field(default_factory=list)


def _one_line(block: Block) -> bool:
    return len(block.lines) == 1 and block.kind not in ("ul", "ol", "other")


def _is_heading_of_list(block: Block) -> bool:
    if block.kind in ("ul", "ol", "other") or len(block.lines) != 1:
        return False
    lines = cut(("# " if HEADING_TAG.match(block.kind) else "") + block.text)
    return bool(lines) and is_list_heading(lines[0])


def _is_closing(block: Block) -> bool:
    return _one_line(block) and bool(lines := cut(block.text)) and bool(CLOSING.match(lines[0].folded))


def _is_credit(block: Block) -> bool:
    return (
        _one_line(block) and len(block.text) < 120 and bool(lines := cut(block.text)) and is_credit(lines[0])
    )


def _take_title(page: Page, draft: _Draft) -> list[Block]:
    """Take the title: first heading, else the page's title, else a first short line. Returns the rest."""
    blocks = list(page.blocks)
    index = next((i for i, block in enumerate(blocks) if block.kind == "h1"), None)
    if index is None and blocks and HEADING_TAG.match(blocks[0].kind):
        index = 0
    if index is None and not page.title and _one_line(blocks[0]) and not is_salutation(blocks[0].text):
        index = 0 if read_dateline(blocks[0].text) is None and len(blocks[0].text) <= 250 else None
    title = blocks.pop(index).text if index is not None else page.title
    if found := TOPIC.match(title):
        draft.topic, title = found["topic"], found["title"]
    draft.title = title
    return blocks


def _split_salutation(blocks: list[Block]) -> list[Block]:
    """A salutation printed as the first line of its paragraph becomes a block of its own."""
    split: list[Block] = []
    for block in blocks:
        if (
            block.kind == "p"
            and len(block.lines) > 1
            and is_salutation(block.lines[0])
            and "<br" in block.html
        ):
            rest = re.split(r"<br\s*/?>", block.html, maxsplit=1)[1].strip()
            split.append(Block("p", f"<p>{block.lines[0]}</p>", block.lines[:1], block.line))
            split.append(Block("p", f"<p>{rest}", block.lines[1:], block.line + 1))
        else:
            split.append(block)
    return split


def _take_head(blocks: list[Block], draft: _Draft) -> tuple[list[Block], list[Block]]:
    """Date, subject, addressees and salutation out of `blocks`; returns (standfirst, body)."""
    at = next((i for i, block in enumerate(blocks) if _one_line(block) and is_salutation(block.text)), None)
    head, body = (blocks[:at], blocks[at + 1 :]) if at is not None else (blocks[:6], blocks[6:])
    standfirst: list[Block] = []
    for block in head:
        dated = read_dateline(block.text) if draft.date is None else None
        subject = SUBJECT.match(block.text) if _one_line(block) else None
        if dated is not None:
            draft.date, draft.place = dated
        elif subject and not draft.subject:
            draft.subject = subject["text"].strip()
        elif at is not None and block.kind == "p" and is_address(block.lines):
            copies = [line for line in block.lines if COPY.match(line)]
            draft.copies += copies
            addressee = read_addressee([line for line in block.lines if line not in copies])
            draft.addressees += [addressee] if addressee else []
        else:
            standfirst.append(block)
    if at is None:
        return [], standfirst + body
    draft.salutation = blocks[at].text
    draft.addressees = draft.addressees or addressees_of_salutation(draft.salutation)
    if body and _one_line(body[0]) and (subject := SUBJECT.match(body[0].text)) and not draft.subject:
        draft.subject, body = subject["text"].strip(), body[1:]
    return standfirst, body


def _looks_like_signatories(block: Block) -> bool:
    named = [line for line in block.lines if len(line) < 120 and not ENDS_SENTENCE.search(line)]
    return block.kind == "ol" and len(named) == len(block.lines) >= FEWEST_UNHEADED


def _split_list(blocks: list[Block]) -> tuple[list[Block], list[Block], list[Block]]:
    """(body, closing, list): the list begins after its heading or a closing formula."""
    for i, block in enumerate(blocks):
        after = blocks[i + 1 :]
        if _is_closing(block):
            skip = next((k for k, later in enumerate(after[:3]) if _is_heading_of_list(later)), None)
            closing = [block, *(after[:skip] if skip is not None else [])]
            return blocks[:i], closing, after[skip + 1 :] if skip is not None else after
        if _is_heading_of_list(block) and after:
            return blocks[:i], [], after
    for i in range(len(blocks) - 1, max(-1, len(blocks) - 4), -1):
        if _looks_like_signatories(blocks[i]):
            return blocks[:i], [], blocks[i:]
    return blocks, [], []


def _list_text(blocks: list[Block], draft: _Draft) -> tuple[str, int]:
    """The list as `read_list` takes it, up to the page's own text; and the line where they start."""
    lines: list[str] = []
    first = 0
    for block in blocks:
        line = cut(block.text)
        if _is_credit(block):
            draft.credit = draft.credit or CREDIT_LABEL.sub("", block.text)
        if lines and line and _one_line(block) and (is_furniture(line[0]) or is_prose(line[0])):
            break
        first = first or block.line
        if block.kind == "ol":
            lines += [f"{number}. {item}" for number, item in enumerate(block.lines, start=1)]
        elif block.kind == "ul":
            lines += [f"- {item}" for item in block.lines]
        else:
            lines += [f"# {block.text}"] if HEADING_TAG.match(block.kind) else block.lines
    return "\n".join(lines), first


def _joined(blocks: list[Block]) -> str:
    """The blocks' HTML; a paragraph broken off in mid-sentence is put together with the one that goes on."""
    parts: list[str] = []
    open_end = False
    for block in blocks:
        text = block.text
        if open_end and block.kind == "p" and text[:1].islower():
            parts[-1] = parts[-1].removesuffix("</p>").rstrip() + " " + block.html.removeprefix("<p>")
        else:
            parts.append(block.html)
        open_end = block.kind == "p" and not ENDS_SENTENCE.search(text)
    return "\n".join(parts)


def read_letter(filename: str, data: bytes) -> ReadLetter:
    """The letter in a file, read by its ending: .txt .md .html .htm.

    Raises Unreadable, whose text is a sentence for the person who chose the file, for any other ending and
    for a file without text.
    """
    name = PurePath(filename).name
    reader = READERS.get(PurePath(filename).suffix.lower())
    if reader is None:
        raise Unreadable(
            f"“{name}” cannot be read as a letter: use a file ending in .txt, .md, .html or .htm."
        )
    if len(data) > LARGEST:
        raise Unreadable(f"“{name}” is larger than 5 MB.")
    page = reader(decode(data).replace("\r\n", "\n").replace("\0", ""))
    page.blocks = [block for block in page.blocks if any(c.isalnum() for c in block.text)]
    if not page.blocks:
        raise Unreadable(f"“{name}” holds no text.")
    draft = _Draft()
    blocks = _split_salutation(_take_title(page, draft))
    for credit in [block for block in blocks if _is_credit(block)][:1]:
        draft.credit = CREDIT_LABEL.sub("", credit.text)
    body, closing, listed = _split_list(blocks)
    standfirst, body = _take_head([block for block in body if not _is_credit(block)], draft)
    signatories, first_line = _list_text(listed, draft)
    if draft.date is None and (found := find_date(page.date)):
        draft.date = found[0]
    return ReadLetter(
        title=draft.title or page.blocks[0].text[:200],
        topic=draft.topic,
        date=draft.date,
        place=draft.place,
        language=guess_language(" ".join(block.text for block in [*standfirst, *body])),
        standfirst=_joined(standfirst),
        addressees=draft.addressees,
        subject=draft.subject,
        salutation=draft.salutation,
        body=_joined(body),
        closing="\n".join(
            [_joined(closing), *(f"<p>{html.escape(copy)}</p>" for copy in draft.copies)]
        ).strip(),
        signatories=signatories,
        picture_credit=draft.credit.strip(),
        first_list_line=first_line,
    )
