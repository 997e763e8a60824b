"""What a Word document has and python-docx has no call for: footnotes, lists that begin anew, links, directions, fields,
columns, and a package of fixed bytes. Named by the elements of ECMA-376, part 1."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from lxml import etree

FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# What XML 1.0 does not allow, and what a letter has no use for.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a zip file can name
# Stretches of Latin, Greek or Cyrillic words, with what stands between them, in a text that reads from right to left.
_L = "A-Za-z\u00c0-\u052f"
_R = "\u0590-\u08ff\ufb1d-\ufeff"
_BRACKETED = f"\\([^(){_R}]*\\)"
LEFT_TO_RIGHT = re.compile(
    f"(\\([{_L}][^(){_R}]*\\)|[{_L}](?:(?:{_BRACKETED}|[^(){_R}])*(?:{_BRACKETED}|[{_L}0-9]))?)"
)
LRM = "\u200e"  # a mark that stands for a letter that reads from left to right, and that nobody sees
COLUMN_GAP = 425  # twentieths of a point


def printable(words: str) -> str:
    """Words without characters that XML forbids; tabs and line ends become spaces."""
    return FORBIDDEN.sub("", re.sub(r"[\t\r\n]", " ", words))


def element(tag: str, **attributes: str) -> Any:
    """An element of WordprocessingML, ``w:`` before its tag and its attributes' names."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


# --- Paragraphs and runs


def right_to_left(paragraph: Any) -> None:
    """Lays the paragraph out from right to left."""
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        element("bidi"), "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing",
        "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap",
        "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
    )  # fmt: skip


STYLES = {"em": "Emphasis", "strong": "Strong", "quiet": "Quiet words", "link": "Link words"}


def mark_run(run: Any, marks: set[str], language: str, rtl: bool, styles: dict[str, str]) -> None:
    """Gives a run its emphasis, its language ("und" for one that nobody knows) and its direction, in the order that the
    schema asks for. ``styles`` are the document's styles by name."""
    properties = run._r.get_or_add_rPr()
    style = next((STYLES[mark] for mark in ("link", "quiet", "strong", "em") if mark in marks), "")
    if style:
        properties.append(element("rStyle", val=styles[style]))
    for mark, tags in (("strong", ("b", "bCs")), ("em", ("i", "iCs"))):
        if mark in marks and STYLES[mark] != style:
            for tag in tags:
                properties.append(element(tag))
    if "sup" in marks:
        properties.append(element("vertAlign", val="superscript"))
    if rtl:
        properties.append(element("rtl"))
    if language != "und":
        properties.append(language_of(language, rtl))


def by_direction(words: str, rtl: bool) -> Iterator[tuple[str, bool]]:
    """The words in pieces, each with whether it reads from right to left: a run that is marked so is set whole as complex
    script, which Latin words within Arabic are not. Brackets round Latin words alone go with them, held there by marks,
    else an office breaks lines within the first word."""
    if not rtl:
        yield words, False
        return
    for index, piece in enumerate(LEFT_TO_RIGHT.split(words)):
        if piece:
            yield (f"{LRM}{piece}{LRM}" if index % 2 and piece[0] == "(" else piece), index % 2 == 0


def language_of(language: str, rtl: bool) -> Any:
    """``w:lang``, the tag on the attribute by which Word knows that kind of script."""
    if rtl:
        return element("lang", bidi=language)
    if language.split("-")[0] in ("zh", "ja", "ko"):
        return element("lang", eastAsia=language)
    return element("lang", val=language)


def wrap_link(paragraph: Any, href: str, before: int) -> None:
    """Puts what was added to the paragraph since it had ``before`` children into a link to ``href``."""
    added = list(paragraph._p)[before:]
    if not added:
        return
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(printable(href), RT.HYPERLINK, is_external=True))
    link.set(qn("w:history"), "1")
    paragraph._p.append(link)
    for child in added:
        link.append(child)


def rule_above(paragraph: Any, *, space: int = 8) -> None:
    """A hairline so many points above the paragraph's words."""
    _border(
        paragraph._p.get_or_add_pPr(), element("top", val="single", sz="4", space=str(space), color="CFC6B6")
    )


def rule_beside(style: Any, colour: str, *, rtl: bool) -> None:
    """A line along the side at which the style's lines start."""
    side = "right" if rtl else "left"
    _border(style.element.get_or_add_pPr(), element(side, val="single", sz="10", space="9", color=colour))


def _border(properties: Any, line: Any) -> None:
    borders = element("pBdr")
    borders.append(line)
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
        "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing",
        "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:outlineLvl", "w:rPr",
    )  # fmt: skip


def describe_picture(run: Any, words: str) -> None:
    """Says what the run's picture shows, for those who do not see it."""
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("descr", printable(words))


# --- Sections


def end_section(word: Any, kind: Any, columns: int, *, rtl: bool) -> None:
    """What was written since the last section ended is set in ``columns``; a new section begins on the same page."""
    last = word.element.body[-2]
    ended = word.sections[-1]
    _columns(ended._sectPr, columns, rtl)
    _columns(word.add_section(kind)._sectPr, 1, rtl)
    # python-docx ends a section by an empty paragraph; the last one with words can do so itself.
    added = word.element.body[-2]
    last.get_or_add_pPr().append(added.pPr.find(qn("w:sectPr")))
    word.element.body.remove(added)


def _columns(properties: Any, columns: int, rtl: bool) -> None:
    for old in properties.findall(qn("w:cols")) + properties.findall(qn("w:bidi")):
        properties.remove(old)
    following = [
        child for child in properties if child.tag in (qn("w:docGrid"), qn("w:rtlGutter"), qn("w:titlePg"))
    ]
    made = [element("cols", num=str(columns), space=str(COLUMN_GAP))]
    if rtl:
        made.append(element("bidi"))
    # The schema's order: cols, …, titlePg, textDirection, bidi, rtlGutter, docGrid.
    for child in following:
        properties.remove(child)
    properties.extend(made + following)


def foot(word: Any, fill: Callable[[Any, str], Any], title: str, *, rtl: bool) -> None:
    """The foot of every page: the title, and which page of how many it is."""
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.style = word.styles["Footer"]
    fill(paragraph, title if len(title) <= 76 else title[:76].rsplit(" ", 1)[0] + "…")
    paragraph.add_run("\t")
    mark = LRM if rtl else ""  # the page stands before the number of pages in every letter
    paragraph.add_run(mark)
    _field(paragraph, "PAGE")
    paragraph.add_run(f"{mark} / {mark}")
    _field(paragraph, "NUMPAGES")
    paragraph.add_run(mark)


def _field(paragraph: Any, name: str) -> None:
    """A field that Word fills; "1" until it does."""
    for part in ("begin", None, "separate", "1", "end"):
        run = paragraph.add_run()
        if part in ("begin", "separate", "end"):
            run._r.append(element("fldChar", fldCharType=part))
        elif part is None:
            words = element("instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = f" {name} "
            run._r.append(words)
        else:
            run.text = part


# --- Lists


class Lists:
    """Numbered and bulleted lists. Each list is a numbering of its own, so that it begins at 1."""

    KINDS = {"ul": "50", "ol": "51", "signatories": "52"}

    def __init__(self, word: Any, *, digits: int, rtl: bool) -> None:
        """``digits`` is how many the longest number of a signatory has."""
        self.numbering = word.part.numbering_part.element
        first = self.numbering.find(qn("w:num"))
        for kind, identity in self.KINDS.items():
            made = _levels(kind, identity, digits, rtl)
            if first is None:
                self.numbering.append(made)
            else:
                first.addprevious(made)
        self.last = max((int(n.get(qn("w:numId"))) for n in self.numbering.findall(qn("w:num"))), default=0)

    def start(self, kind: str) -> int:
        """A new list of the kind ``ul``, ``ol`` or ``signatories``; its identity."""
        self.last += 1
        made = element("num", numId=str(self.last))
        made.append(element("abstractNumId", val=self.KINDS[kind]))
        for level in range(9):
            override = element("lvlOverride", ilvl=str(level))
            override.append(element("startOverride", val="1"))
            made.append(override)
        self.numbering.append(made)
        return self.last

    def number(self, paragraph: Any, identity: int, *, level: int = 0) -> None:
        """Makes the paragraph an item of the list."""
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = identity


def _levels(kind: str, identity: str, digits: int, rtl: bool) -> Any:
    made = element("abstractNum", abstractNumId=identity)
    made.append(element("multiLevelType", val="hybridMultilevel"))
    for level in range(9):
        left, hanging, stand = _indent(kind, level, digits, rtl)
        one = element("lvl", ilvl=str(level))
        one.append(element("start", val="1"))
        one.append(element("numFmt", val="bullet" if kind == "ul" else "decimal"))
        one.append(element("suff", val="tab"))
        text = {"ul": "•" if level % 2 == 0 else "–", "ol": f"%{level + 1}.", "signatories": f"%{level + 1}"}[
            kind
        ]
        one.append(element("lvlText", val=text))
        one.append(element("lvlJc", val=stand))
        paragraph = element("pPr")
        paragraph.append(element("ind", start=str(left), hanging=str(hanging)))
        one.append(paragraph)
        if kind == "signatories":
            run = element("rPr")
            run.append(element("color", val="535B68"))
            run.append(element("sz", val="16"))
            run.append(element("szCs", val="16"))
            one.append(run)
        made.append(one)
    return made


def _indent(kind: str, level: int, digits: int, rtl: bool) -> tuple[int, int, str]:
    """Where an item's words begin, how far before them its number stands, in twentieths of a point, and which part of the
    number stands there. In a text from right to left offices do not agree on which side of that place is the number's
    end: its middle is the same to all."""
    if kind == "signatories":
        width, gap = 96 * digits + 20, 110
        return (width + gap, width // 2 + gap, "center") if rtl else (width + gap, gap, "end")
    if rtl:
        return 440 * (level + 1), 260, "center"
    return 397 * (level + 1), 340, "start"


# --- Footnotes


class Footnotes:
    """The part of a Word document that holds its footnotes; made with the first one."""

    def __init__(self, word: Any, styles: dict[str, str]) -> None:
        self.word, self.styles, self.count = word, styles, 0
        self.part: _FootnotesPart | None = None
        self.root: Any = None

    def add(self, paragraph: Any, fill: Callable[[Any], None]) -> None:
        """A mark at the end of the paragraph, and the note, whose words ``fill`` writes into a paragraph."""
        self._make()
        self.count += 1
        run = self._mark(paragraph)
        run._r.append(element("footnoteReference", id=str(self.count)))
        note = element("footnote", id=str(self.count))
        inner = OxmlElement("w:p")
        note.append(inner)
        self.root.append(note)
        words = Paragraph(inner, _Within(self.part))  # type: ignore[arg-type]
        words._p.get_or_add_pPr().get_or_add_pStyle().val = self.styles["Footnote words"]
        mark = self._mark(words)
        mark._r.append(element("footnoteRef"))
        words.add_run(" ")
        if paragraph._p.pPr is not None and paragraph._p.pPr.find(qn("w:bidi")) is not None:
            right_to_left(words)
        fill(words)

    def _mark(self, paragraph: Any) -> Any:
        run = paragraph.add_run()
        run._r.get_or_add_rPr().append(element("rStyle", val=self.styles["Footnote mark"]))
        return run

    def _make(self) -> None:
        if self.part is not None:
            return
        self.root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
        for identity, kind, mark in (
            ("-1", "separator", "separator"),
            ("0", "continuationSeparator", "continuationSeparator"),
        ):
            note = element("footnote", type=kind, id=identity)
            paragraph, run = OxmlElement("w:p"), OxmlElement("w:r")
            run.append(element(mark))
            paragraph.append(run)
            note.append(paragraph)
            self.root.append(note)
        self.part = _FootnotesPart(self.root, self.word.part)
        self.word.part.relate_to(self.part, RT.FOOTNOTES)
        settings = self.word.settings.element
        properties = element("footnotePr")
        properties.append(element("footnote", id="-1"))
        properties.append(element("footnote", id="0"))
        place = settings.find(qn("w:compat"))
        if place is None:
            settings.append(properties)
        else:
            place.addprevious(properties)


class _FootnotesPart(Part):
    """A part whose bytes are the tree as it is when the document is saved."""

    def __init__(self, root: Any, main: Any) -> None:
        super().__init__(PackURI("/word/footnotes.xml"), FOOTNOTES_TYPE, b"", main.package)
        self.root = root

    @property
    def blob(self) -> bytes:
        return bytes(etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True))


class _Within:
    """What a paragraph of a note asks for the part that it stands in."""

    def __init__(self, part: Any) -> None:
        self.part = part


# --- The package


def packed(word: Any) -> bytes:
    """The document as a zip file whose bytes depend on nothing but what is in it."""
    raw, out = io.BytesIO(), io.BytesIO()
    # The picture of the library's own template.
    rels = word.part.package.rels
    for identity in [key for key, rel in rels.items() if rel.reltype.endswith("/thumbnail")]:
        del rels[identity]
    word.save(raw)
    with zipfile.ZipFile(raw) as found, zipfile.ZipFile(out, "w") as made:
        names = sorted(found.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            made.writestr(info, found.read(name), compresslevel=6)
    return out.getvalue()
