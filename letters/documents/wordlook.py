"""How a letter looks in Word: page, typefaces and styles. The typefaces are ones that readers' machines have."""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from letters.documents import faces
from letters.documents.model import LetterDocument
from letters.documents.wordparts import element, language_of, rule_beside

SERIF, SANS = "Georgia", "Calibri"
COMPLEX = "Times New Roman"  # Arabic, Hebrew, Devanagari and others that are shaped
EAST = {"ja": "MS Mincho", "ko": "Batang"}
INK, SOFT = RGBColor(0x1D, 0x24, 0x30), RGBColor(0x53, 0x5B, 0x68)
# Style: (based on, face, size in points, bold, soft, points before, points after, line spacing, keep with next)
PARAGRAPHS: dict[str, tuple[str, str, float, bool, bool, float, float, float, bool]] = {
    "Letter text": ("Normal", SERIF, 11, False, False, 0, 8, 1.25, False),
    "Letterhead": ("Normal", SANS, 12, True, False, 0, 20, 1.0, False),
    "Date line": ("Normal", SERIF, 11, False, False, 0, 14, 1.0, False),
    "Address": ("Normal", SERIF, 11, False, False, 0, 8, 1.05, False),
    "Copies": ("Normal", SERIF, 10, False, True, 4, 8, 1.1, False),
    "Subject line": ("Normal", SERIF, 11, True, False, 0, 10, 1.1, True),
    "Closing line": ("Normal", SERIF, 11, False, False, 10, 0, 1.25, False),
    "List text": ("Letter text", SERIF, 11, False, False, 0, 4, 1.2, False),
    "Quotation": ("Letter text", SERIF, 11, False, False, 8, 10, 1.2, False),
    "Withheld words": ("Letter text", SERIF, 11, False, False, 10, 8, 1.25, False),
    "Small words": ("Normal", SANS, 9, False, True, 0, 8, 1.0, True),
    "Signatory": ("Normal", SERIF, 9.5, False, False, 0, 4, 1.0, False),
    "Proof": ("Normal", SANS, 8.5, False, True, 0, 4, 1.1, False),
    "Footnote words": ("Normal", SERIF, 9, False, False, 0, 2, 1.0, False),
    "Heading 1": ("Normal", SERIF, 18, True, False, 22, 12, 1.05, True),
    "Heading 2": ("Normal", SERIF, 13, True, False, 16, 6, 1.1, True),
    "Heading 3": ("Normal", SERIF, 11, True, False, 12, 4, 1.1, True),
    "Footer": ("Normal", SANS, 8.5, False, True, 0, 0, 1.0, False),
}


def dress(word: Any, d: LetterDocument) -> None:
    """Gives an empty document the page and the styles of a letter."""
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(31)
    page.top_margin, page.bottom_margin, page.footer_distance = Mm(24), Mm(27), Mm(14)
    east = EAST.get(faces.base(d.language), "SimSun")
    _defaults(word, d, east)
    for name, look in PARAGRAPHS.items():
        _paragraph_style(word, name, look, east, faces.has_italics(d.language))
    _character_styles(word, d.accent, faces.has_italics(d.language))
    _tab_at_the_end(word.styles["Footer"], page)
    _ends(word.styles["Date line"])
    rule_beside(word.styles["Quotation"], d.accent.lstrip("#").upper(), rtl=d.direction == "rtl")


def _defaults(word: Any, d: LetterDocument, east: str) -> None:
    normal = word.styles["Normal"]
    _faces(normal, SERIF, east)
    normal.font.color.rgb = INK
    run = normal.element.get_or_add_rPr()
    for old in run.findall(qn("w:lang")):
        run.remove(old)
    run.append(language_of(d.language, d.direction == "rtl"))
    # The document's own default language, which checkers and screen readers look at first.
    for language in word.styles.element.iter(qn("w:lang")):
        for name, value in language_of(d.language, d.direction == "rtl").attrib.items():
            language.set(name, value)


def _style(word: Any, name: str, kind: Any) -> Any:
    found = [style for style in word.styles if style.name == name and style.type == kind]
    return found[0] if found else word.styles.add_style(name, kind)


def _paragraph_style(word: Any, name: str, look: tuple[Any, ...], east: str, italics: bool) -> None:
    based, face, size, bold, soft, before, after, line, keep = look
    style = _style(word, name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles[based]
    _faces(style, face, east)
    style.font.size, style.font.bold = Pt(size), bold
    style.font.italic = name == "Quotation" and italics
    style.font.color.rgb = SOFT if soft else INK
    style.font.cs_bold = bold
    _complex_size(style, size * 1.1)
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), line
    form.keep_with_next = keep
    form.keep_together = name in ("Signatory", "Address")
    if name == "Quotation":
        form.left_indent = form.right_indent = Mm(7)


def _faces(style: Any, face: str, east: str) -> None:
    style.font.name = face
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, value in (("ascii", face), ("hAnsi", face), ("cs", COMPLEX), ("eastAsia", east)):
        fonts.set(qn(f"w:{name}"), value)


def _complex_size(style: Any, size: float) -> None:
    run = style.element.get_or_add_rPr()
    for old in run.findall(qn("w:szCs")):
        run.remove(old)
    made = element("szCs", val=str(round(size * 2)))
    run.find(qn("w:sz")).addnext(made)


def _character_styles(word: Any, accent: str, italics: bool) -> None:
    emphasis = _style(word, "Emphasis", WD_STYLE_TYPE.CHARACTER)
    emphasis.font.italic = emphasis.font.cs_italic = italics
    strong = _style(word, "Strong", WD_STYLE_TYPE.CHARACTER)
    strong.font.bold = strong.font.cs_bold = True
    quiet = _style(word, "Quiet words", WD_STYLE_TYPE.CHARACTER)
    quiet.font.name, quiet.font.size, quiet.font.color.rgb = SANS, Pt(8), SOFT
    link = _style(word, "Link words", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb = RGBColor.from_string(accent.lstrip("#").upper())
    link.font.underline = True
    mark = _style(word, "Footnote mark", WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript = True


def _tab_at_the_end(style: Any, page: Any) -> None:
    """One stop at the end of the line, where the page's number stands."""
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:tabs")):
        properties.remove(old)
    width = page.page_width - page.left_margin - page.right_margin
    style.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)


def _ends(style: Any) -> None:
    """Aligned with the end of the line: right in a letter that reads from the left, left in one that reads from the right."""
    properties = style.element.get_or_add_pPr()
    properties.get_or_add_jc().set(qn("w:val"), "end")
