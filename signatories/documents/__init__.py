"""Reading a letter from a document: .txt, .md, .html and .docx. Pure functions; nothing is stored."""

import html
from pathlib import PurePath

from signatories.reading.files import LARGEST, decode

from .blocks import Block, Page, from_markdown, from_text
from .head import Draft, split_salutation, take_credit, take_file_date, take_head, take_title
from .model import PARTS, LeftOut, Mark, ReadAddressee, ReadLetter, Unreadable
from .page import from_html
from .parts import language_of
from .tail import ENDS_SENTENCE, list_text, split_headings, split_list
from .word import from_docx

__all__ = ["ENDINGS", "PARTS", "LeftOut", "Mark", "ReadAddressee", "ReadLetter", "Unreadable", "read_letter"]

READERS = {".txt": from_text, ".text": from_text, ".md": from_markdown, ".markdown": from_markdown}
READERS |= {".html": from_html, ".htm": from_html}
ENDINGS = (".docx", *READERS)
# What people have instead, and what to do with it.
OTHERS = {
    ".doc": "save it as .docx in an office program", ".docm": "save it as .docx, without macros",
    ".dotx": "save it as .docx", ".dotm": "save it as .docx, without macros",
    ".odt": "save it as .docx in an office program", ".rtf": "save it as .docx in an office program",
    ".pages": "export it as .docx", ".pdf": "copy its text and paste it, or use the document that it was made from",
}  # fmt: skip


def _joined(blocks: list[Block]) -> str:
    """The blocks' HTML; a paragraph broken off in mid-sentence is put together with the one that goes on."""
    parts: list[str] = []
    open_end = False
    for block in blocks:
        text = block.text
        if open_end and block.kind == "p" and block.html.startswith("<p>") and text[:1].islower():
            parts[-1] = parts[-1].removesuffix("</p>").rstrip() + " " + block.html.removeprefix("<p>")
        else:
            parts.append(block.html)
        open_end = block.kind == "p" and block.html.startswith("<p>") and not ENDS_SENTENCE.search(text)
    return "\n".join(parts)


def _page(filename: str, data: bytes) -> Page:
    """The blocks of a file that hold words."""
    name, ending = PurePath(filename).name, PurePath(filename).suffix.lower()
    if ending not in ENDINGS:
        advice = OTHERS.get(ending, f"use a file ending in {', '.join(ENDINGS)}")
        raise Unreadable(f"“{name}” cannot be read as a letter: {advice}.")
    if len(data) > LARGEST:
        raise Unreadable(f"“{name}” is larger than 5 MB.")
    if ending == ".docx":
        page = from_docx(name, data)
    else:
        page = READERS[ending](decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
    page.blocks = [block for block in page.blocks if any(c.isalnum() for c in block.text)]
    if not page.blocks:
        raise Unreadable(f"“{name}” holds no text.")
    return page


def read_letter(filename: str, data: bytes) -> ReadLetter:
    """The letter in a file, read by its ending, one of ENDINGS.

    Raises Unreadable, whose text is a sentence for the person who chose the file, for any other ending, for a file
    without text, and for a Word document that is damaged, locked or hostile.
    """
    page = _page(filename, data)
    draft = Draft(left_out=page.left_out)
    blocks = split_headings(split_salutation(take_title(page, draft)))
    body, closing, listed = split_list(blocks, draft)
    standfirst, body = take_head(take_credit(body, draft), draft)
    closing = take_credit(closing, draft)
    signatories, first_line = list_text(listed, draft)
    take_file_date(page, draft)
    if draft.subject and draft.marks["title"].how == "words":
        draft.title, draft.marks["title"] = draft.subject, draft.marks["subject"]
    language = _language(page, [*standfirst, *body], draft)
    _mark_body(draft, standfirst, body, ended=bool(closing or listed))
    return ReadLetter(
        title=draft.title,
        topic=draft.topic,
        date=draft.date,
        place=draft.place,
        language=language,
        standfirst=_joined(standfirst),
        addressees=draft.addressees,
        subject=draft.subject,
        salutation=draft.salutation,
        body=_joined(body),
        closing=_closing(closing, draft),
        signatories=signatories,
        picture_credit=draft.credit.strip(),
        first_list_line=first_line,
        marks={part: draft.marks.get(part, Mark("absent", "")) for part in PARTS},
        left_out=sorted(draft.left_out, key=lambda item: item.line),
        unit=page.unit,
    )


def _language(page: Page, blocks: list[Block], draft: Draft) -> str:
    """The language of the words; where they do not tell, what the file says of itself."""
    found = language_of(" ".join(block.text for block in blocks))
    if found:
        draft.mark("language", "words", sure=False)
        return found
    said = page.language.split("-")[0].lower()
    draft.mark("language", "file" if said else "default", sure=False)
    return said or "en"


def _mark_body(draft: Draft, standfirst: list[Block], body: list[Block], *, ended: bool) -> None:
    begun = bool(draft.salutation)
    if body:
        how = "between" if begun and ended else "after" if begun else "before" if ended else "all"
        draft.mark("body", how, body[0], sure=begun and ended)
    if standfirst:
        draft.mark("standfirst", "above", standfirst[0], sure=False)


def _closing(blocks: list[Block], draft: Draft) -> str:
    """The closing as paragraphs, a line each; it holds no notes."""
    lines = [draft.bare(line, block.line) for block in blocks for line in block.lines]
    return "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)
