"""A letter as a Word document (Office Open XML): real styles, lists, footnotes and links, the same bytes for the same
letter. What Word has and python-docx has no call for is made in ``letters.documents.wordparts``."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.shared import Mm, Pt

from letters.documents import faces, wordparts
from letters.documents.body import NOTE, shows_address
from letters.documents.model import Entry, LetterDocument, Party, Section, Words
from letters.documents.wordlook import dress
from letters.markup import BLOCKS, Node, plain

LOGO_KINDS = {"png", "jpg", "gif"}


def render(document: LetterDocument) -> bytes:
    """The letter as the bytes of a DOCX file."""
    writer = _Writer(document)
    writer.write()
    return wordparts.packed(writer.word)


class _Writer:
    """Writes one letter from top to bottom."""

    def __init__(self, d: LetterDocument) -> None:
        self.d = d
        self.word = Document()
        self.rtl = d.direction == "rtl"
        dress(self.word, d)
        self.styles = {style.name: style.style_id for style in self.word.styles}
        self.notes = wordparts.Footnotes(self.word, self.styles)
        last = max((e.number for s in (*d.sections, *d.earlier) for e in s.entries), default=1)
        self.lists = wordparts.Lists(self.word, digits=len(str(last)), rtl=self.rtl)

    def write(self) -> None:
        self.properties()
        self.head()
        self.blocks(self.d.body)
        self.closing()
        self.signatories(self.d.list_heading, self.d.as_of_words, self.d.sections)
        self.lines("Withheld words", self.d.nobody, self.d.withheld)
        if self.d.earlier_heading:
            self.signatories(self.d.earlier_heading, self.d.earlier_words, self.d.earlier)
            self.lines("Withheld words", self.d.earlier_withheld)
        self.proof()
        wordparts.foot(self.word, self.filled, self.d.title, rtl=self.rtl)
        self.moment()

    # --- Parts of the letter

    def properties(self) -> None:
        made = datetime.fromisoformat(self.d.as_of).astimezone(UTC).replace(tzinfo=None)
        core = self.word.core_properties
        title, publisher, subject = (
            wordparts.printable(w)[:255] for w in (self.d.title, self.d.publisher, self.d.subject)
        )
        core.title, core.author, core.subject, core.language = title, publisher, subject, self.d.language
        core.last_modified_by, core.comments, core.revision = publisher, "", 1
        core.created = core.modified = made

    def head(self) -> None:
        d = self.d
        head = self.paragraph("Letterhead", "")
        if d.logo and d.logo.kind in LOGO_KINDS:
            self.logo(head)
        self.run(head, d.publisher)
        if d.place or d.date:
            self.paragraph("Date line", d.comma.join(part for part in (d.place, d.date) if part))
        for party in d.addressees:
            self.party(party)
        if d.copies:
            copies = d.semicolon.join(_in_line(party, d) for party in d.copies)
            self.paragraph("Copies", f"{d.copy_word} {copies}")
        self.paragraph("Heading 1", d.title)
        if d.subject and d.subject != d.title:
            self.paragraph("Subject line", d.subject)
        if d.salutation:
            self.paragraph("Letter text", d.salutation)

    def logo(self, paragraph: Any) -> None:
        run = paragraph.add_run()
        try:
            run.add_picture(io.BytesIO(self.d.logo.data), height=Mm(12))  # type: ignore[union-attr]
        except Exception:  # a picture that the library cannot read stays out; the name stands beside it
            paragraph._p.remove(run._r)
            return
        wordparts.describe_picture(run, self.d.publisher)
        paragraph.add_run("  ")

    def party(self, party: Party) -> None:
        rows = [part for part in (party.name, party.function, party.body) if part]
        paragraph = self.paragraph("Address", "")
        for n, row in enumerate(rows):
            run = self.run(paragraph, row, {"strong"} if party.name and not n else set())
            if n + 1 < len(rows):
                run.add_break()

    def closing(self) -> None:
        for n, line in enumerate(self.d.closing):
            paragraph = self.paragraph("Closing line", line)
            if n:
                paragraph.paragraph_format.space_before = 0

    def lines(self, style: str, *words: str) -> None:
        for line in words:
            if line:
                self.paragraph(style, line, said=True)

    def signatories(self, heading: str, under: str, sections: Iterable[Section]) -> None:
        """A heading over the page and, below each group's heading, two columns that Word balances."""
        title = self.paragraph("Heading 2", heading, said=True)
        title.paragraph_format.space_before = Pt(26)
        wordparts.rule_above(title, space=14)
        self.lines("Small words", under)
        number = self.lists.start("signatories")
        for section in sections:
            if section.heading:
                self.paragraph("Heading 3", section.heading)
            self.section(columns=1)
            for entry in section.entries:
                self.entry(entry, number)
            self.section(columns=2)

    def section(self, *, columns: int) -> None:
        """Ends a part of the page that is set in so many columns; what follows begins on the same page."""
        wordparts.end_section(self.word, WD_SECTION.CONTINUOUS, columns, rtl=self.rtl)

    def entry(self, entry: Entry, number: int) -> None:
        paragraph = self.paragraph("Signatory", "")
        self.lists.number(paragraph, number)
        self.named(paragraph, entry.whole)
        if entry.country:
            self.run(paragraph, f"  {entry.country}", {"quiet"})
        for note in entry.notes:
            paragraph.add_run().add_break()
            self.named(paragraph, note, {"quiet"})

    def proof(self) -> None:
        d = self.d
        first = self.paragraph("Proof", "", said=True)
        wordparts.rule_above(first)
        if d.verify_address:
            self.run(first, f"{d.verify_words} ")
            self.island(first, d.verify_code, {"strong"})
            first.add_run().add_break()
            self.address(first, d.verify_address, d.verify_address)
        self.lines("Proof", *d.notices, d.version_words)
        self.island(self.paragraph("Proof", f"{d.digest_words} ", said=True), d.digest)
        self.address(self.paragraph("Proof", f"{d.address_words} ", said=True), d.address, d.address)

    def moment(self) -> None:
        """At the foot of every page: which list it is of."""
        if not self.d.as_of_words:
            return
        paragraph = self.word.sections[0].footer.add_paragraph()
        paragraph.style = self.word.styles["Footer"]
        self.filled(paragraph, self.d.as_of_words, said=True)
        if self.d.verify_code:
            paragraph.add_run("\u2002·\u2002")
            self.island(paragraph, self.d.verify_code)

    # --- The body

    def blocks(self, blocks: Iterable[Node | str], *, style: str = "Letter text", level: int = 0) -> None:
        for block in blocks:
            if isinstance(block, str) or block.tag == "p":
                self.inline(self.paragraph(style, ""), [block] if isinstance(block, str) else block.children)
            elif block.tag in ("h2", "h3"):
                self.inline(self.paragraph(f"Heading {block.tag[1]}", ""), block.children)
            elif block.tag == "blockquote":
                self.blocks(block.children, style="Quotation", level=level)
            else:
                self.items(block, level)

    def items(self, block: Node, level: int) -> None:
        number = self.lists.start(block.tag)
        for item in block.children:
            if not isinstance(item, Node):
                continue
            inline = [child for child in item.children if isinstance(child, str) or child.tag not in BLOCKS]
            inner = [child for child in item.children if isinstance(child, Node) and child.tag in BLOCKS]
            if not inline and inner and inner[0].tag == "p":
                inline, inner = inner[0].children, inner[1:]
            paragraph = self.paragraph("List text", "")
            self.lists.number(paragraph, number, level=min(level, 8))
            self.inline(paragraph, inline)
            self.blocks(inner, style="List text", level=level + 1)

    def inline(
        self, paragraph: Any, children: Iterable[Node | str], marks: frozenset[str] = frozenset()
    ) -> None:
        for child in children:
            if isinstance(child, str):
                self.run(paragraph, child, marks)
            elif child.tag == "br":
                paragraph.add_run().add_break()
            elif child.tag == NOTE:
                self.notes.add(paragraph, partial(self.note, words=child.children))
            elif child.tag == "a" and child.href and self.rtl and shows_address(child):
                self.address(paragraph, child.href, plain(child.children), marks)
            elif child.tag == "a" and child.href:
                self.link(paragraph, child.href, child.children, marks)
            else:
                self.inline(paragraph, child.children, marks | {child.tag})

    def note(self, paragraph: Any, *, words: list[Node | str]) -> None:
        self.inline(paragraph, words)

    # --- Paragraphs and runs

    def paragraph(self, style: str, words: str, *, said: bool = False) -> Any:
        paragraph = self.word.add_paragraph()
        paragraph._p.get_or_add_pPr().get_or_add_pStyle().val = self.styles[style]
        return self.filled(paragraph, words, said=said)

    def filled(self, paragraph: Any, words: str, *, said: bool = False) -> Any:
        direction = self.d.said_direction if said else self.d.direction
        if direction == "rtl":
            wordparts.right_to_left(paragraph)
        if words:
            language = self.d.said_in if said else self.d.language
            self.run(paragraph, words, language=language, direction=direction)
        return paragraph

    def run(
        self,
        paragraph: Any,
        words: str,
        marks: Iterable[str] = (),
        *,
        language: str = "",
        direction: str = "",
    ) -> Any:
        rtl = (direction or self.d.direction) == "rtl"
        run = None
        for piece, turned in wordparts.by_direction(wordparts.printable(words), rtl):
            run = paragraph.add_run(piece)
            tag = "und" if rtl and not turned else language or self.d.language
            wordparts.mark_run(run, set(marks), tag, turned, self.styles)
        return run

    def named(self, paragraph: Any, words: Words, marks: Iterable[str] = ()) -> None:
        text = faces.isolated(words.text, words.direction, self.d.direction)
        self.run(paragraph, text, marks, language=words.language or "und", direction=words.direction)

    def island(self, paragraph: Any, words: str, marks: Iterable[str] = ()) -> None:
        """An address or a code, which reads from left to right in every letter."""
        if "rtl" in (self.d.direction, self.d.said_direction):
            words = f"{wordparts.LRM}{words}{wordparts.LRM}"
        self.run(paragraph, words, marks, language="und", direction="ltr")

    def address(self, paragraph: Any, href: str, words: str, marks: frozenset[str] = frozenset()) -> None:
        """A link whose words are an address."""
        before = len(paragraph._p)
        self.island(paragraph, words, marks | {"link"})
        wordparts.wrap_link(paragraph, href, before)

    def link(
        self, paragraph: Any, href: str, children: Iterable[Node | str], marks: frozenset[str] = frozenset()
    ) -> None:
        """Words that lead to an address. Word's links hold runs, so they are written into a link where they stand."""
        before = len(paragraph._p)
        self.inline(paragraph, children, marks | {"link"})
        wordparts.wrap_link(paragraph, href, before)


def _in_line(party: Party, d: LetterDocument) -> str:
    return faces.apart(
        d.comma.join(part for part in (party.name, party.function, party.body) if part), d.direction
    )
