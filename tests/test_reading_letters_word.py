"""Word documents as letters: every part in its place, what is no part said, nothing believed that a file says of itself."""

import datetime
import io
import re
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from docx import Document

from letters import papers, texts
from letters.documents import docx as export
from letters.models import Letter
from letters.services.writing import tidied
from signatories.documents import ReadAddressee, Unreadable, read_letter
from signatories.documents.package import LARGEST_PARTS
from signatories.reading import read_list
from signatories.services import review
from tests import factories
from tests.wordfiles import END, HEAD, LETTER, docx, p, part, r, zipped

ROOT = Path(__file__).resolve().parents[1]


def read(body: str, **options):
    return read_letter("letter.docx", docx(body, **options))


def body_of(middle: str, **options) -> str:
    return tidied("body", read(HEAD + middle + END, **options).body)


def left(letter, kind):
    return [item.words for item in letter.left_out if item.kind == kind]


def test_every_part_is_in_its_place_with_how_sure_it_is():
    letter = read(LETTER)
    assert (letter.title, letter.place, letter.subject) == (
        "Keep the night ferries",
        "Marrow Bay",
        "the last boat",
    )
    assert letter.date == datetime.date(2025, 11, 5)
    assert letter.addressees == [
        ReadAddressee("Ms Ilse Brandvoort", "Director of Ferry Services", "Port Authority"),
        ReadAddressee("Jo Orrell", "Mayor", "", is_copy=True),
        ReadAddressee("Ana Vell", "", "", is_copy=True),
    ]
    assert letter.salutation == "Dear Ms Brandvoort,"
    assert letter.body == "<p>We write about boats.</p>"
    assert letter.closing == "<p>Yours sincerely,</p>"
    assert letter.picture_credit == "Mira Tolland"
    found = read_list(letter.signatories).signatories
    assert [(e.name, e.acronym, e.country_code) for e in found] == [
        ("Tide Watch", "TW", "PT"),
        ("Harbour Circle", None, "KE"),
    ]
    sure = {part: (mark.sure, mark.line) for part, mark in letter.marks.items()}
    assert letter.unit == "paragraph"
    assert sure == {
        "title": ("sure", 1), "date": ("sure", 2), "place": ("sure", 2), "language": ("guess", 0),
        "addressees": ("guess", 3), "subject": ("sure", 8), "salutation": ("sure", 9), "standfirst": ("absent", 0),
        "body": ("sure", 10), "closing": ("sure", 11), "signatories": ("sure", 12), "credit": ("sure", 15),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("middle", "expected"),
    [
        (p(r("one ") + r("two", "<w:b/>") + r(" three", "<w:i/>")), "<p>one <strong>two</strong> <em>three</em></p>"),
        (p(r("not bold", '<w:b w:val="0"/>')), "<p>not bold</p>"),
        (p(r("a") + "<w:r><w:br/></w:r>" + r("b")), "<p>a<br>b</p>"),
        (p("What we ask", style="H2") + p("x."), "<h2>What we ask</h2><p>x.</p>"),
        (
            p("1", item=(1, 0)) + p("1a", item=(2, 1)) + p("1b", item=(2, 1)) + p("2", item=(1, 0)),
            "<ol><li>1<ul><li>1a</li><li>1b</li></ul></li><li>2</li></ol>",
        ),
        (p("a", item=(1, 0)) + p("b", item=(2, 0)), "<ol><li>a</li></ol><ul><li>b</li></ul>"),
        (
            p("a", item=(1, 0)) + p("more of a", style="LC") + p("b", item=(1, 0)),
            "<ol><li><p>a</p><p>more of a</p></li><li>b</li></ol>",
        ),
        (
            "<w:tbl>" + "".join(
                "<w:tr>" + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) + "</w:tr>"
                for row in (("Year", "Trips"), ("2024", "14"))
            ) + "</w:tbl>",
            "<p>Year | Trips</p><p>2024 | 14</p>",
        ),
        (
            p("<w:ins>" + r("new ") + "</w:ins><w:del><w:r><w:delText>old </w:delText></w:r></w:del>" + r("words.")),
            "<p>new words.</p>",
        ),
        (p("Half", more="<w:rPr><w:del/></w:rPr>") + p(" a sentence."), "<p>Half a sentence.</p>"),
        (
            p('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "https://f.example/"</w:instrText></w:r>'
              '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + r("field") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>' + r(".")),
            '<p><a href="https://f.example/">field</a>.</p>',
        ),
        (p(r("١") + r("نص عربي", "<w:rtl/><w:bCs/>")), "<p>١<strong>نص عربي</strong></p>"),
        ("<w:sdt><w:sdtContent>" + p("in a control.") + "</w:sdtContent></w:sdt>", "<p>in a control.</p>"),
    ],
)  # fmt: skip
def test_the_body_keeps_what_a_letter_has(middle, expected):
    assert body_of(middle) == expected


def test_links_and_notes_stand_where_they_stood():
    notes = part(
        "footnotes",
        '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        + f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>" + r(" Act, ") + r("article 4", "<w:i/>") + r("."))}</w:footnote>'
        + f'<w:footnote w:id="3">{p("Open [bracket")}</w:footnote>',
    )
    ends = part("endnotes", f'<w:endnote w:id="2">{p("At the end.")}</w:endnote>')
    middle = p(
        '<w:hyperlink r:id="L1">' + r("the act") + '<w:r><w:footnoteReference w:id="2"/></w:r></w:hyperlink>'
        + r(" and") + '<w:r><w:endnoteReference w:id="2"/></w:r>' + r(" more") + '<w:r><w:footnoteReference w:id="3"/></w:r>'
    )  # fmt: skip
    body = body_of(
        middle, links=("https://act.example/?a=1&amp;b=2",), parts={"footnotes": notes, "endnotes": ends}
    )
    assert body == (
        '<p><a href="https://act.example/?a=1&amp;b=2">the act</a>^[Act, <em>article 4</em>.] and^[At the end.] more^[Open (bracket]</p>'
    )
    assert texts.laid_out(body)[1].count("<li") == 3


def test_what_is_no_part_of_the_letter_is_said():
    picture = '<w:r><w:drawing><x:docPr xmlns:x="urn:x" descr="A ferry at night"/></w:drawing></w:r>'
    box = f"<w:r><w:pict><w:txbxContent>{p('In the margin')}</w:txbxContent></w:pict></w:r>"
    letter = read(
        HEAD
        + p(
            r("We write.")
            + picture
            + box
            + r("secret", "<w:vanish/>")
            + '<w:r><w:commentReference w:id="7"/></w:r>'
        )
        + p("<w:del><w:r><w:delText>Taken out</w:delText></w:r></w:del>" + r("More."))
        + END
        + p("Marrow Bay Office"),
        parts={
            "comments": part("comments", f'<w:comment w:id="7">{p("Is this right?")}</w:comment>'),
            "header": part("hdr", p("Draft of the office")),
            "word/vbaProject.bin": b"\0",
        },
    )
    assert letter.body == "<p>We write.</p>\n<p>More.</p>"
    for kind, words in (
        ("picture", "A ferry at night"), ("text box", "In the margin"), ("hidden", "secret"), ("deleted", "Taken out"),
        ("comment", "Is this right?"), ("page edge", "Draft of the office"), ("macros", ""), ("after", "Marrow Bay Office"),
    ):  # fmt: skip
        assert left(letter, kind) == [words]
    assert next(item.line for item in letter.left_out if item.kind == "comment") == 10


def test_a_table_of_signatories_and_one_that_only_sets_columns():
    def table(rows):
        cells = ("<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>" for row in rows)
        return f"<w:tbl>{''.join(cells)}</w:tbl>"

    heading = p("Signatories", style="H2")
    data = table(
        [(p("Organisation"), p("Country")), (p("Tide Watch"), p("Kenya")), (p("Open Quays"), p("Peru"))]
    )
    columns = table([(p("Tide Watch, Kenya") + p("Sea Room, Fiji"), p("Open Quays, Peru"))])
    for drawn, names in (
        (data, ["Tide Watch", "Open Quays"]),
        (columns, ["Tide Watch", "Sea Room", "Open Quays"]),
    ):
        found = read_list(read(HEAD + p("We write.") + heading + drawn).signatories).signatories
        assert [entry.name for entry in found] == names
        assert all(entry.country_code for entry in found)


def test_a_title_by_style_by_boldness_and_by_the_first_line():
    start, rest = p("Keep the ferries", style="T"), p("Dear Ms Vale,") + p("We write.")
    assert read(start + rest).marks["title"].how == "style"
    bold = p("Coast Forum") + p(r("Keep the night ferries", "<w:b/>")) + rest
    assert (read(bold).title, read(bold).marks["title"].sure) == ("Keep the night ferries", "guess")
    assert read(p("Keep the ferries") + rest).marks["title"].how == "first"
    named = p("Coast Forum") + p("Keep the ferries") + rest
    assert read(named, title="Keep the ferries").title == "Keep the ferries"


def test_a_document_of_a_library():
    made = Document()
    made.add_heading("Keep the ferries", 0)
    made.add_paragraph("Dear Ms Vale,")
    made.add_paragraph("We ask:")
    made.add_paragraph("one", style="List Bullet")
    made.add_paragraph("two", style="List Bullet")
    made.add_paragraph("Said before.", style="Intense Quote")
    out = io.BytesIO()
    made.save(out)
    letter = read_letter("a.docx", out.getvalue())
    assert letter.title == "Keep the ferries"
    assert tidied("body", letter.body) == (
        "<p>We ask:</p><ul><li>one</li><li>two</li></ul><blockquote><p>Said before.</p></blockquote>"
    )


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_sites_own_word_document_reads_back_as_the_same_letter(db, now, language):
    letter = factories.released(at=now, accepts="both", language=language)
    factories.accepted(letter, "Harbour Assembly", acronym="HA", country="PT")
    factories.accepted(letter, "Observatory of the Lower Delta", country="")
    if language != "ar":  # that its heading for individuals says so is a matter of reading lists
        factories.accepted(letter, "Ilse Marrow", kind="individual", affiliation="Ferry pilot", country="KE")
    noted = factories.accepted(letter, "Tide Watch", country="PE")
    review.arrange(noted, actor=None, at=now, note="for identification only")
    factories.withheld(letter, "Hidden Circle")
    letter = Letter.objects.get(pk=letter.pk)
    read = read_letter("letter.docx", export.render(papers.paper_of(letter)))
    text = letter.text
    assert (read.title, read.place, read.salutation) == (text.title, text.place, text.salutation)
    assert read.date == letter.date and read.standfirst == ""
    assert [(who.name, who.function, who.body, who.is_copy) for who in read.addressees] == [
        (who.name, who.function, who.body, who.is_copy) for who in letter.addressees.all()
    ]
    assert tidied("body", read.body) == text.body
    assert texts.plain_lines(read.closing) == text.closing
    signatures = letter.signatures.listed().in_order(letter.order)
    found = read_list(read.signatories).signatories
    assert [(e.person or e.name, e.acronym or "", e.country_code or "", e.kind) for e in found] == [
        (s.name, s.acronym, str(s.country), s.kind) for s in signatures
    ]
    assert "Hidden" not in repr(read)


# --- Hostile files

ENTITIES = '<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY x SYSTEM "file:///etc/passwd">]>'


def whole(**changed):
    """The parts of a sound document, some changed."""
    with zipfile.ZipFile(io.BytesIO(docx(LETTER))) as found:
        parts = {name: found.read(name) for name in found.namelist()}
    return zipped({**parts, **{name.replace("__", "/") + ".xml": value for name, value in changed.items()}})


def locked_by_password():
    data = bytearray(docx(LETTER))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def lying():
    """Its directory says of the largest part that it is small."""
    data = bytearray(whole(word__document=b"<a>" + b"x" * (LARGEST_PARTS + 10) + b"</a>"))
    size = (LARGEST_PARTS + 10 + 7).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


HOSTILE = {
    "no zip": (lambda: b"just words", "no Word document"),
    "an old document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Word file or locked"),
    "cut off": (lambda: docx(LETTER)[:-300], "damaged"),
    "locked": (locked_by_password, "password"),
    "another zip": (lambda: zipped({"a.txt": "words"}), "no Word document"),
    "a bomb": (lambda: whole(word__document=b"<a>" + b"x" * (LARGEST_PARTS + 10) + b"</a>"), "far more than any letter"),
    "a lying bomb": (lying, "damaged|far more"),
    "many marks": (lambda: whole(word__document=b"<a>" + b"<b/>" * 3_000_000 + b"</a>"), "far more than any letter"),
    "a deep tree": (lambda: whole(word__document=b"<a>" * 100_000), "damaged"),
    "entities": (lambda: whole(word__document=ENTITIES + part("document", "<w:body>" + p("&x;&a;") + "</w:body>")), "entities"),
    "broken XML": (lambda: whole(word__document="<w:document>"), "damaged"),
    "nothing in it": (lambda: docx(""), "holds no text"),
    "many parts": (lambda: zipped({f"word/{n}": "" for n in range(6000)}), "far more than any letter"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_one_clear_sentence(kind):
    make, words = HOSTILE[kind]
    with pytest.raises(Unreadable, match=words) as error:
        read_letter("letter.docx", make())
    assert "\n" not in str(error.value) and str(error.value).endswith(".") and len(str(error.value)) < 160


@pytest.mark.parametrize("kind", ["a bomb", "a lying bomb", "many marks", "a deep tree"])
def test_a_hostile_file_takes_bounded_memory(kind, tmp_path):
    (tmp_path / "letter.docx").write_bytes(HOSTILE[kind][0]())
    code = (
        "import sys; from pathlib import Path; from signatories.documents import Unreadable, read_letter\n"
        "try: read_letter('letter.docx', Path(sys.argv[1]).read_bytes())\n"
        "except Unreadable as error: print(error)\n"
    )
    limit = 600 * 1024 * 1024
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "letter.docx")],
        capture_output=True, text=True, cwd=ROOT, check=False,
        env={"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1", "PATH": ""},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stderr


@pytest.mark.parametrize("name", ["a.doc", "a.docm", "a.odt", "a.pdf", "a.rtf", "a.pages"])
def test_another_kind_of_file_is_told_what_to_do(name):
    with pytest.raises(Unreadable, match=r"docx|paste"):
        read_letter(name, b"x")


@pytest.mark.parametrize(("level", "heading"), [("1", True), ("9", False), ("9" * 5000, False)])
def test_an_outline_level_makes_a_heading_and_body_text_is_none(level, heading):
    outline = f'<w:outlineLvl w:val="{level}"/>'
    letter = read_letter(
        "a.docx",
        docx(
            p("Keep the boats") + p("Dear Ms Vale,") + p("The winter", more=outline) + p("We write of boats.")
        ),
    )
    assert "The winter" in letter.body
    assert (re.search(r"<h\d>The winter", letter.body) is not None) is heading
