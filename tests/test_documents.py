"""One value, three formats: what stands in them, in four languages, short and long, and that no word is a command."""

import dataclasses
import hashlib
import html
import io
import re
import shutil
import subprocess
import time
import zipfile
from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import segno
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from letters.documents import docx, faces, fonts, pdf, text, wordparts
from letters.documents.body import body_of, texts_in
from letters.documents.model import Entry, LetterDocument, Logo, Party, Section, Words, missing_in
from letters.markup import Node
from tests.specimens import NAMES, WORDS, specimen

RENDER = {"pdf": pdf.render, "docx": docx.render, "txt": text.render}
LANGUAGES = ("en", "fr", "ar", "zh")
ISOLATES = dict.fromkeys(range(0x2066, 0x206A))
HOSTILE = (
    '#eval("1+1") $x^2$ @ref <label> \\alpha `raw` *bold* _it_ = heading - item / term: ~ -- --- ... // c /* d */ '
    '#import "x": * #read("/etc/passwd") {{ x }} {% y %} &amp; <b>no</b> ]]> \' " [a](b) \\u{41} #{1+1} \\'
)


def squeezed(words: str) -> str:
    """Without white space and marks of direction: what a PDF's text can be compared by."""
    return re.sub(r"\s", "", words.translate(ISOLATES))


def pdf_words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def docx_words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        notes = parts.read("word/footnotes.xml").decode() if "word/footnotes.xml" in parts.namelist() else ""
    return "\n".join("".join(p._p.xpath(".//w:t/text()")) for p in document.paragraphs) + re.sub(
        "<[^>]+>", "", notes
    )


READ = {"pdf": pdf_words, "docx": docx_words, "txt": lambda content: content.decode().replace("\n> ", "\n")}


def read(document: LetterDocument, form: str) -> str:
    return squeezed(READ[form](RENDER[form](document)))


@pytest.fixture(scope="module")
def english() -> bytes:
    return pdf.render(specimen())


def tool(tmp_path, content: bytes, *command: str) -> str:
    """What a public tool (poppler) says of a PDF."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(content)
    last = ["-"] if command[0] == "pdftotext" else []
    return subprocess.run([*command, str(path), *last], capture_output=True, text=True, check=True).stdout


poppler = pytest.mark.skipif(not shutil.which("pdffonts"), reason="poppler-utils is not installed")
office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


# --- The value


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_value_comes_back_from_json_as_it_was(language):
    document = specimen(language, logo=Logo("png", b"\x89PNG"), earlier=specimen("fr", 3).sections)
    assert LetterDocument.from_json(document.to_json()) == document


def test_notes_stand_apart_in_the_tree():
    (block,) = body_of("<p>Words^[a <em>note</em>] and ^[another [with brackets]].</p>")
    assert block.children == [
        "Words",
        Node("note", children=["a ", Node("em", children=["note"])]),
        " and",
        Node("note", children=["another [with brackets]"]),
        ".",
    ]


def test_words_that_look_like_the_mark_of_a_note_are_words():
    (block,) = body_of("<p>note:0000:1; and note:1;</p>")
    assert block.children == ["note:0000:1; and note:1;"]


# --- What stands in them


@pytest.mark.parametrize("form", RENDER)
@pytest.mark.parametrize("language", ("en", "fr", "zh"))
def test_every_part_of_the_letter_is_there(language, form):
    document, found = specimen(language), read(specimen(language), form)
    w = WORDS[language]
    for expected in (
        w["title"],
        w["place"],
        w["date"],
        w["salutation"],
        *w["closing"],
        *w["groups"],
        w["withheld"],
    ):
        assert squeezed(expected) in found, expected
    for expected in (
        document.list_heading,
        document.as_of_words,
        document.publisher,
        document.address,
        "Orla Venn",
    ):
        assert squeezed(expected) in found, expected
    assert squeezed(document.verify_code) in found
    assert document.digest in found
    for piece in texts_in(body_of(w["body"])):
        assert form != "txt" or squeezed(piece).removeprefix("mailto:") in found or piece.startswith("http")


@pytest.mark.parametrize("form", ("docx", "txt"))
def test_the_arabic_letter_is_whole(form):
    found = read(specimen("ar"), form)
    for expected in (
        WORDS["ar"]["title"],
        WORDS["ar"]["salutation"],
        WORDS["ar"]["withheld"],
        "إبقاء العبّارات الليلية",
    ):
        assert squeezed(expected) in found


@poppler
def test_the_arabic_pdf_reads_in_order(tmp_path):
    words = squeezed(tool(tmp_path, pdf.render(specimen("ar")), "pdftotext"))
    for expected in ("السيدة الوزيرة", "العبور الليلي", "المنظمات", "لم يسألنا أحد"):
        assert squeezed(expected) in words


def placed(tmp_path, content: bytes, *pages: str) -> list[tuple[float, float, str]]:
    """The words of a PDF with the places of their left and upper edges, page after page."""
    found = tool(tmp_path, content, "pdftotext", "-bbox", *pages)
    words = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)".*?>(.*?)</word>', found)
    return [(float(x), float(y), html.unescape(word.translate(ISOLATES))) for x, y, word in words]


DIGEST = hashlib.sha256(b"a letter").hexdigest()


@poppler
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_digest_reads_from_left_to_right_in_every_letter(language, tmp_path):
    """By where it is printed: the order of a PDF's text says nothing of it."""
    words = {"ar": "بصمة SHA-256 للنص بعينه:"}.get(language, "SHA-256 of the exact text:")
    content = pdf.render(specimen(language, digest=DIGEST, digest_words=words))
    groups = [(y, x, word) for x, y, word in placed(tmp_path, content) if re.fullmatch("[0-9a-f]{8}", word)]
    assert "".join(word for _y, _x, word in sorted(groups)) == DIGEST


@poppler
def test_where_a_line_has_no_room_for_the_digest_it_breaks_in_the_middle(tmp_path):
    content = pdf.render(specimen("ar", digest=DIGEST * 2))
    groups = [(y, x, word) for x, y, word in placed(tmp_path, content) if re.fullmatch("[0-9a-f]{8}", word)]
    lines = sorted({y for y, _x, _word in groups})
    assert [sum(y == line for y, _x, _word in groups) for line in lines] == [8, 8]
    assert "".join(word for _y, _x, word in sorted(groups)) == DIGEST * 2


@poppler
def test_addresses_and_codes_in_an_arabic_pdf_read_from_left_to_right(tmp_path):
    link = "https://ministry.example/ar/"
    document = specimen(
        "ar",
        body=tuple(body_of(f'<p>نشرت وزارتكم <a href="{link}">{link}</a> ذلك.</p>')),
        addressees=(Party("Orla Venn", "Minister (Sea)", ""),),
        address="http://127.0.0.1:8131/letters/night/",
    )
    words = [word for _x, _y, word in placed(tmp_path, pdf.render(document))]
    for whole in (link, document.verify_address, document.verify_code, document.address, "127.0.0.1:8131"):
        assert whole in words, whole
    places = {word: x for x, _y, word in placed(tmp_path, pdf.render(document))}
    assert places["Minister"] < places["(Sea)"]


@poppler
def test_a_country_on_a_line_of_its_own_stands_below_the_name(tmp_path):
    names = [f"Union{'i' * (n // 4)}{'.' * (n % 4)}" for n in range(140, 260)]
    entries = tuple(Entry(n, Words(name), None, (), "Bangladesh") for n, name in enumerate(names, 1))
    found = placed(tmp_path, pdf.render(specimen(sections=(Section("", entries),))))
    starts = [x for x, _y, word in found if word.startswith("Union")]
    alone = [
        x
        for (x, y, word), (_x, above, _word) in zip(found[1:], found, strict=False)
        if word == "Bangladesh" and y > above + 5
    ]
    assert alone
    assert all(min(abs(x - start) for start in starts) < 0.7 for x in alone)


def of_length(paragraphs: int, names: int, last: int) -> LetterDocument:
    """A letter of so many lines, whose last group has ``last`` of its names."""
    body = "<p>A line of the letter.</p>" * paragraphs
    entries = [Entry(n, Words(f"Name{n} Society")) for n in range(1, names + 1)]
    sections = (Section("", tuple(entries[:-last])), Section("Individuals", tuple(entries[-last:])))
    return specimen(body=tuple(body_of(body)), sections=tuple(s for s in sections if s.entries))


@pytest.mark.parametrize("last", (1, 4, 8, 1000))
def test_a_list_begins_below_its_heading_and_ends_above_the_sentence_of_those_withheld(last):
    """Wherever the pages break: a heading has names under it, the closing sentence has names over it."""
    for n in range(8):
        document = of_length(9 + n, 40 + 7 * n, min(last, 40 + 7 * n))
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf.render(document))).pages]
        (heading,) = (page for page in pages if document.list_heading in page)
        assert "Name1 " in heading.partition(document.list_heading)[2]
        (end,) = (page for page in pages if document.withheld in page)
        assert "Society" in end.partition(document.withheld)[0]
        assert re.findall(r"Name(\d+) ", "\n".join(pages)) == [str(k) for k in range(1, 41 + 7 * n)]


def test_a_list_begins_on_the_page_on_which_the_letter_ends():
    """Also where the list is longer than what is left of that page."""
    pages = PdfReader(io.BytesIO(pdf.render(of_length(6, 60, 60)))).pages
    assert "21 signatories" in pages[0].extract_text() and "Name60 " in pages[1].extract_text()


@poppler
def test_columns_are_even_where_the_next_name_is_too_high_for_what_is_left_of_the_page(tmp_path):
    entries = [Entry(n, Words(f"Name{n} Society")) for n in range(1, 9)]
    high = Entry(9, Words("High " * 160))
    for paragraphs in range(6, 10):
        body = tuple(body_of("<p>A line of the letter.</p>" * paragraphs))
        content = pdf.render(specimen(body=body, sections=(Section("", (*entries, high)),)))
        found = placed(tmp_path, content)
        columns = Counter(round(x) for x, _y, word in found if word.startswith("Name"))
        assert list(columns.values()) == [4, 4]


def test_every_page_says_of_which_moment_it_is_and_its_code():
    document = specimen("en", 100)
    pages = PdfReader(io.BytesIO(pdf.render(document))).pages
    assert len(pages) > 2
    said = squeezed(f"{document.as_of_words}·{document.verify_code}")
    for page in pages:
        assert said in squeezed(page.extract_text())[-200:]
    foot = Document(io.BytesIO(docx.render(document))).sections[0].footer.paragraphs
    assert squeezed(foot[-1].text) == said
    without = pdf.values(specimen(verify_code="", verify_address="", as_of_words=""))
    assert not without["verify-code"] and not without["as-of"]
    assert pdf.render(specimen(verify_code="", verify_address="", as_of_words="")).startswith(b"%PDF")


@poppler
def test_items_of_a_list_within_a_list_keep_the_distance_of_the_others(tmp_path):
    body = "<ul><li>Oneword</li><li>Twoword<ul><li>Threeword</li><li>Fourword</li></ul></li><li>Fiveword</li></ul>"
    found = placed(tmp_path, pdf.render(specimen(body=tuple(body_of(body)))))
    places = [y for _x, y, word in found if re.fullmatch("(One|Two|Three|Four|Five)word", word)]
    steps = [after - before for before, after in pairwise(places)]
    assert len(steps) == 4 and max(steps) - min(steps) < 0.1


@pytest.mark.parametrize("form", RENDER)
@pytest.mark.parametrize("n", (18, 1200))
def test_every_signatory_stands_in_the_list_once_and_in_order(n, form):
    document, found = specimen("en", n), read(specimen("en", n), form)
    names = [squeezed(entry.name.text) for section in document.sections for entry in section.entries]
    latin = [name for name in names if name.isascii()]
    places = []
    start = 0
    for name in latin:
        place = found.find(name, start)
        assert place >= 0, name
        places.append(place)
        start = place + len(name)
    assert places == sorted(places)
    assert f"{document.signature_count}signatories" in found


def test_numbers_stand_before_names():
    lines = text.render(specimen("en", 1200)).decode().splitlines()
    assert "   1. Harbour Circle (HC), Portugal" in lines
    assert "1200. Quay & Lantern 1200 (Q&L)" in "\n".join(lines) or any(
        line.startswith("1200. ") for line in lines
    )
    words = pdf_words(pdf.render(specimen("en", 18)))
    assert re.search(r"\b17\s+L’Écluse solidaire", words)


@pytest.mark.parametrize("form", RENDER)
def test_a_very_long_name_is_whole(form):
    name = " ".join(f"Association {n} of the Friends of the Harbour" for n in range(6))[:250]
    entry = Entry(1, Words(name), Words("AFH"), (Words("n" * 160),), "Portugal")
    assert squeezed(name) in read(specimen(sections=(Section("Organisations", (entry,)),)), form).replace(
        "-", ""
    )


def test_without_signatories_a_sentence_stands():
    document = specimen("en", 0, sections=(), withheld="", nobody="Nobody has signed this letter yet.")
    for form in RENDER:
        assert squeezed(document.nobody) in read(document, form)


@pytest.mark.parametrize("form", RENDER)
def test_those_of_an_earlier_text_stand_apart(form):
    earlier = (Section("Text version 1", (Entry(1, Words("Former Friends")),)),)
    document = specimen(
        earlier_heading="Signed an earlier text",
        earlier_words="One has not signed this one.",
        earlier=earlier,
    )
    found = read(document, form)
    assert found.index("Signedanearliertext") > found.index("AtalayadelPuerto")
    assert found.index("FormerFriends") > found.index("Signedanearliertext")


# --- No word is a command


@pytest.mark.parametrize("form", RENDER)
def test_hostile_words_are_words(form):
    document = specimen(
        title=HOSTILE,
        subject=f"S {HOSTILE}",
        salutation=HOSTILE,
        place=HOSTILE,
        closing=(HOSTILE,),
        addressees=(Party(HOSTILE, HOSTILE, HOSTILE),),
        body=tuple(body_of(f"<p>{HOSTILE.replace('&', '&amp;').replace('<', '&lt;')}</p>")),
        sections=(Section(HOSTILE, (Entry(1, Words(HOSTILE), Words(HOSTILE), (Words(HOSTILE),), HOSTILE),)),),
        notices=(HOSTILE,),
        withheld=HOSTILE,
        publisher=HOSTILE,
    )
    assert read(document, form).count(squeezed(HOSTILE)) >= 10


@given(st.text(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_words_at_all_can_be_set(words):
    body = (
        Node("p", children=[words, Node("a", href="https://example.org/" + words, children=[words or "x"])]),
    )
    entry = Entry(1, Words(words), Words(words), (Words(words),), words)
    document = specimen(
        title=words, subject=words, body=body, closing=(words,), sections=(Section(words, (entry,)),)
    )
    assert pdf.render(document).startswith(b"%PDF")
    Document(io.BytesIO(docx.render(document)))
    text.render(document).decode()


@pytest.mark.parametrize("form", RENDER)
def test_a_name_cannot_turn_the_line_round(form):
    evil = Words("Evil \u202e\u2067\u202b\u202dHarbour")
    document = specimen(sections=(Section("Organisations", (Entry(1, evil, None, (evil,), "Portugal"),)),))
    found = READ[form](RENDER[form](document))
    assert "Harbour" in found
    for mark in "\u202a\u202b\u202c\u202d\u202e\u2067":
        assert mark not in found
    assert faces.isolated(evil.text, "ltr", "ltr") == f"{faces.LRI}Evil Harbour{faces.PDI}"


# --- The same input, the same bytes


@pytest.mark.parametrize("form", RENDER)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_value_gives_the_same_bytes(language, form):
    document = specimen(language)
    again = LetterDocument.from_json(document.to_json())
    assert RENDER[form](document) == RENDER[form](again)


def test_another_moment_gives_another_file():
    later = dataclasses.replace(specimen(), as_of="2026-10-15T17:00:00+00:00")
    assert pdf.render(specimen()) != pdf.render(later)
    assert docx.render(specimen()) != docx.render(later)


def test_no_clock_is_in_a_file():
    """Bytes do not depend on when they are made; a zip file counts in steps of two seconds."""
    documents = (specimen(), specimen("ar"))
    before = [render(document) for document in documents for render in RENDER.values()]
    time.sleep(2.1)
    assert [render(document) for document in documents for render in RENDER.values()] == before


# --- The PDF as a file


def test_the_pdf_says_what_it_is(english):
    reader = PdfReader(io.BytesIO(english))
    assert reader.metadata.title == WORDS["en"]["title"]
    assert reader.metadata.author == "Night Ferry Alliance"
    assert reader.metadata["/CreationDate"].startswith("D:20261014170000")
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in english or b"pdfuaid" in root["/Metadata"].get_data()


def test_the_pdf_has_bookmarks(english):
    outline = PdfReader(io.BytesIO(english)).outline
    titles = [
        item.title
        for entry in outline
        for item in (entry if isinstance(entry, list) else [entry])
        if hasattr(item, "title")
    ]
    assert WORDS["en"]["title"] in titles
    assert "21 signatories" in str(outline)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_keeps_the_standard_for_accessible_pdf(language):
    root = PdfReader(io.BytesIO(pdf.render(specimen(language)))).trailer["/Root"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert root["/Lang"].split("-")[0] == language


def test_headings_that_skip_a_level_break_nothing():
    document = specimen(body=tuple(body_of("<h3>Lower first</h3><p>x</p><h2>Higher</h2><p>y</p>")))
    root = PdfReader(io.BytesIO(pdf.render(document))).trailer["/Root"]
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_links_are_live_and_their_addresses_are_printed(english):
    reader = PdfReader(io.BytesIO(english))
    targets = {
        a.get_object()["/A"]["/URI"]
        for p in reader.pages
        for a in p.get("/Annots", [])
        if "/URI" in a.get_object().get("/A", {})
    }
    assert {"https://ministry.example/decrees/2026/118?draft=2", "mailto:desk@harbour.example"} <= targets
    assert "https://letters.example.org/verify/7KQ4MX2PV9TD/" in targets
    words = squeezed(pdf_words(english))
    assert "https://ministry.example/decrees/2026/118?draft=2" in words
    assert words.count("ministry.example/notices") == 1


@poppler
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_font_is_inside(language, tmp_path):
    lines = tool(tmp_path, pdf.render(specimen(language)), "pdffonts").splitlines()[2:]
    assert len(lines) > 5
    for line in lines:
        assert re.search(r"\byes\s+yes\s+yes\b", line), line


@poppler
def test_the_structure_is_that_of_a_letter(english, tmp_path):
    structure = tool(tmp_path, english, "pdfinfo", "-struct")
    for tag in ("H1", "H2", "H3", "L (block)", "LI", "Lbl", "LBody", "BlockQuote", "Note", "Link", "Figure"):
        assert re.search(rf"^\s*{re.escape(tag)}", structure, re.M), tag


def test_the_long_list_is_tagged_as_a_list_of_so_many():
    content = pdf.render(specimen("en", 100))
    assert pdf_words(content).count("Portugal") == 6


def test_every_page_has_its_number_and_how_many_there_are():
    pages = PdfReader(io.BytesIO(pdf.render(specimen("en", 100)))).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"{number}/{len(pages)}" in squeezed(page.extract_text())
    with zipfile.ZipFile(io.BytesIO(docx.render(specimen()))) as parts:
        foot = "".join(parts.read(name).decode() for name in parts.namelist() if "footer" in name)
    assert " PAGE " in foot and " NUMPAGES " in foot


def test_the_square_code_leads_to_the_record():
    document = specimen()
    wanted = io.BytesIO()
    code = segno.make(document.verify_address, error="m", micro=False)
    code.save(wanted, kind="svg", border=0, dark="#1d2430", omitsize=True, xmldecl=False)
    assert pdf.sources(document)["qr.svg"] == wanted.getvalue()
    assert "qr.svg" not in pdf.sources(specimen(verify_address="", verify_code=""))


@poppler
def test_signatories_stand_in_two_columns(english, tmp_path):
    words = tool(tmp_path, english, "pdftotext", "-layout")
    assert re.search(r"^ *1 Harbour Circle .*  2 Tide Watch", words, re.M)


def test_no_typeface_but_the_shipped_ones_is_used():
    found = pdf._fonts().fonts()
    assert found and all(str(fonts.FOLDER) in font.path for font in found)


def test_a_logo_stands_in_the_head_and_a_broken_one_breaks_nothing():
    svg = Logo(
        "svg",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    )
    for logo in (svg, Logo("png", b"no picture"), Logo("svg", b"<svg")):
        assert squeezed("Night Ferry Alliance") in read(specimen(logo=logo), "pdf")
        assert squeezed("Night Ferry Alliance") in read(specimen(logo=logo), "docx")


def test_beyond_a_size_another_process_sets_the_pdf(monkeypatch):
    here = pdf.render(specimen("en", 30))
    monkeypatch.setattr(pdf, "BIG", 20)
    assert pdf.render(specimen("en", 30)) == here


# --- Characters that no typeface has


def test_a_character_that_no_typeface_has_is_told_and_written_out():
    document = specimen(sections=(Section("", (Entry(1, Words("Ship 🚢 Aid 𓂀")),)),))
    assert missing_in(document) == ["🚢", "𓂀"]
    assert "[U+1F6A2SHIP]" in read(document, "pdf")
    assert "🚢" in read(document, "txt")


def test_a_character_that_no_typeface_has_is_written_out_wherever_it_stands():
    ship = Words("Ship 🚢")
    document = specimen(
        title="Title 🚢",
        subject="Subject 🚢",
        place="Place 🚢",
        salutation="Salutation 🚢",
        publisher="Publisher 🚢",
        closing=("Closing 🚢",),
        notices=("Notice 🚢",),
        addressees=(Party("Name 🚢", "Function 🚢", "Body 🚢"),),
        copies=(Party("Copy 🚢"),),
        body=tuple(
            body_of(
                "<h2>Heading 🚢</h2><p>Words 🚢^[Note 🚢] <a href='https://example.org/'>link 🚢</a></p><ul><li>Item 🚢</li></ul>"
            )
        ),
        sections=(
            Section("Group 🚢", (Entry(1, ship, Words("Short 🚢"), (Words("Beside 🚢"),), "Country 🚢"),)),
        ),
    )
    found = read(document, "pdf")
    assert "🚢" not in found
    for part in (
        *(
            "Title",
            "Subject",
            "Place",
            "Salutation",
            "Publisher",
            "Closing",
            "Notice",
            "Name",
            "Function",
            "Body",
        ),
        *("Copy", "Heading", "Words", "Note", "link", "Item", "Group", "Ship", "Short", "Beside", "Country"),
    ):
        assert f"{part}[U+1F6A2SHIP]" in found, part


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_typefaces_have_every_script_that_is_promised(language):
    assert missing_in(specimen(language)) == []
    assert fonts.missing("".join(name for name, *_rest in NAMES)) == []


def test_the_list_of_characters_is_that_of_the_typefaces():
    done = subprocess.run([".venv/bin/python", "tools/coverage.py", "--check"], cwd=fonts.FOLDER.parents[2])
    assert done.returncode == 0


# --- The Word document as a file


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_of_the_word_document_is_well_formed(language):
    with zipfile.ZipFile(io.BytesIO(docx.render(specimen(language)))) as parts:
        assert parts.testzip() is None
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(parts.read(name))


def test_the_word_document_has_real_styles_lists_links_and_notes():
    content = docx.render(specimen())
    document = Document(io.BytesIO(content))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles.count("Heading 1") == 1
    assert {"Heading 2", "Heading 3", "Quotation", "List text", "Signatory", "Address"} <= set(styles)
    body = document.element.body
    assert len(body.xpath(".//w:hyperlink")) == 5
    assert len(body.xpath(".//w:footnoteReference")) == 2
    assert body.xpath(".//w:cols[@w:num='2']")
    core = document.core_properties
    assert (core.title, core.author, core.language) == (WORDS["en"]["title"], "Night Ferry Alliance", "en")


def test_the_arabic_word_document_reads_from_right_to_left():
    body = Document(io.BytesIO(docx.render(specimen("ar")))).element.body
    words = [p for p in body.xpath(".//w:p") if p.xpath(".//w:t")]
    assert all(p.xpath("./w:pPr/w:bidi") for p in words)
    assert body.xpath(".//w:r/w:rPr/w:rtl")
    assert body.xpath(".//w:lang[@w:bidi='ar']")


def test_signatories_are_numbered_through_and_those_of_an_earlier_text_anew():
    """Word counts by itself: the numbers are right where all names are items of one list, in their order."""
    earlier = (Section("Text version 1", (Entry(1, Words("Former Friends")),)),)
    document = specimen(
        earlier_heading="Signed an earlier text", earlier_words="Not this one.", earlier=earlier
    )
    paragraphs = Document(io.BytesIO(docx.render(document))).paragraphs
    lists = [p._p.pPr.numPr.numId.val for p in paragraphs if p.style.name == "Signatory"]
    assert len(lists) == 19 and len(set(lists[:18])) == 1 and lists[18] != lists[0]


def test_a_note_reads_in_the_direction_of_the_letter():
    for language, turned in (("ar", True), ("en", False)):
        with zipfile.ZipFile(io.BytesIO(docx.render(specimen(language)))) as parts:
            root = ElementTree.fromstring(parts.read("word/footnotes.xml"))
        space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
        notes = [note for note in root.iter(f"{space}footnote") if int(note.get(f"{space}id")) > 0]
        assert notes
        assert all(bool(list(note.iter(f"{space}bidi"))) is turned for note in notes)


def style_of(content: bytes, name: str):
    return next(style for style in Document(io.BytesIO(content)).styles if style.name == name).element


@pytest.mark.parametrize(
    ("language", "side"), [("en", "left"), ("fr", "left"), ("zh", "left"), ("ar", "right")]
)
def test_a_quotation_in_word_has_a_line_along_its_start(language, side):
    borders = style_of(docx.render(specimen(language)), "Quotation").xpath("./w:pPr/w:pBdr/*")
    assert [border.tag.rpartition("}")[2] for border in borders] == [side]


def test_the_list_in_word_stands_apart_from_the_letter_and_from_the_sentence_after_it():
    document = Document(io.BytesIO(docx.render(specimen())))
    (title,) = (p for p in document.paragraphs if p.text == "21 signatories")
    assert title._p.xpath("./w:pPr/w:pBdr/w:top") and title.paragraph_format.space_before.pt > 20
    (withheld,) = (p for p in document.paragraphs if p.text == WORDS["en"]["withheld"])
    assert withheld.style.paragraph_format.space_before.pt >= 8


@pytest.mark.parametrize("language", ("en", "ar"))
def test_numbers_in_word_take_the_room_of_their_digits(language):
    room = []
    for names in (9, 18, 1200):
        with zipfile.ZipFile(io.BytesIO(docx.render(specimen(language, names)))) as parts:
            found = re.search(
                r'w:abstractNumId="52".*?<w:ind w:start="(\d+)" w:hanging="(\d+)"',
                parts.read("word/numbering.xml").decode(),
                re.S,
            )
        room.append(int(found[1]))
        assert 100 < int(found[2]) < int(found[1])
    assert room[0] < room[1] < room[2] < 600


@pytest.mark.parametrize(
    ("words", "pieces"),
    [
        ("نص (Decree 118) نص", ["نص ", "(Decree 118)", " نص"]),
        ("نص Harbour (HC) نص", ["نص ", "Harbour (HC)", " نص"]),
        ("نص (Decree 118 نص) نص", ["نص (", "Decree 118", " نص) نص"]),
        ("نص Decree 118. نص", ["نص ", "Decree 118", ". نص"]),
        ("Decree", ["Decree"]),
        ("نص", ["نص"]),
    ],
)
def test_latin_words_in_an_arabic_line_are_pieces_of_their_own_with_their_brackets(words, pieces):
    found = list(wordparts.by_direction(words, True))
    assert [piece.strip(wordparts.LRM) for piece, _turned in found] == pieces
    assert [turned for _piece, turned in found] == [not re.search("[A-Z]", piece) for piece in pieces]


def converted(document: LetterDocument, tmp_path) -> bytes:
    """The Word document as an office lays it out."""
    path = tmp_path / "office.docx"
    path.write_bytes(docx.render(document))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (tmp_path / "office.pdf").read_bytes()


@office
@pytest.mark.parametrize("language", ("en", "ar"))
def test_an_office_opens_and_converts_it(language, tmp_path):
    words = squeezed(pdf_words(converted(specimen(language), tmp_path)))
    assert "AtalayadelPuerto" in words
    assert "9f2c41d8" in words


@office
@poppler
def test_an_office_sets_the_arabic_letter_within_its_margins_and_breaks_no_word(tmp_path):
    lines = "".join(
        f"<p>{'ن' * n} كلمة^[حاشية.] {'كلمة ' * 11}(Decree 118) نهاية</p><ol><li>بند</li></ol>"
        for n in range(12)
    )
    content = converted(specimen("ar", body=tuple(body_of(lines))), tmp_path)
    found = placed(tmp_path, content)
    words = [word for _x, _y, word in found]
    assert sum("Decree" in word for word in words) == 12
    last_edge = (210 - 31) / 25.4 * 72
    assert all(x < last_edge for x, _y, _word in found)
    first = placed(tmp_path, content, "-f", "1", "-l", "1")
    foot = next(y for _x, y, word in first if word == "/")
    number = [word for x, y, word in sorted(first) if abs(y - foot) < 4 and x < 150]
    assert number == ["1", "/", str(len(PdfReader(io.BytesIO(content)).pages))]
    assert "https://letters.example.org/verify/7KQ4MX2PV9TD/" in words


# --- Plain text


def test_lines_are_short_where_words_can_be_parted():
    for line in text.render(specimen()).decode().splitlines():
        assert len(line) <= text.WIDTH + 4 or " " not in line.strip(), line


def test_notes_and_links_stand_behind_the_letter_by_their_marks():
    words = text.render(specimen()).decode()
    assert "a draft\ndecree[a] that" in words
    assert "[1] Draft decree 118, article 4, second paragraph;" in words
    assert "[a] https://ministry.example/decrees/2026/118?draft=2" in words


def test_no_control_character_is_in_a_text_file():
    words = "a\x00b\x07c\x1b[31md\x7f"
    found = text.render(
        specimen(title=words, closing=(words,), sections=(Section(words, (Entry(1, Words(words)),)),))
    )
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", found)
