"""Files made to harm or to break the reading: each is refused with a sentence, or read, in bounded memory."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from django.conf import settings
from PIL import Image

from signatories.reading import Unreadable, read_file

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADINGS = '<row r="1"><c r="A1" t="inlineStr"><is><t>Organisation</t></is></c></row>'
MEMORY = (
    350  # MB beside what the program takes before it reads anything; generous, unbounded would be thousands
)


def packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def relations(*targets):
    found = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{found}</Relationships>'


def cell(address, text):
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(rows, before="", after="", head=""):
    return (
        f'{head}<worksheet xmlns="{MAIN}">{before}<sheetData>{HEADINGS}{rows}</sheetData>{after}</worksheet>'
    )


def workbook(sheets, **more):
    names = [f"worksheets/sheet{n}.xml" for n in range(1, len(sheets) + 1)]
    targets = [("worksheet", name) for name in names]
    if "sharedStrings" in more:
        targets.append(("sharedStrings", "sharedStrings.xml"))
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, len(sheets) + 1))
    parts = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(*targets),
    }
    parts |= {f"xl/{name}": content for name, content in zip(names, sheets, strict=True)}
    return packed(parts | {f"xl/{name}.xml": content for name, content in more.items()})


def document(body, head="", **more):
    return packed(
        {
            "_rels/.rels": relations(("officeDocument", "word/document.xml")),
            "word/document.xml": f'{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        }
        | more
    )


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def lying(data, name):
    """The archive with the part said to be of 100 bytes, in both places where sizes stand."""
    out = bytearray(data)
    for mark, place, of_name in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = data.find(mark)
        while at >= 0:
            if data[at + of_name :].startswith(name.encode()):
                out[at + place : at + place + 4] = (100).to_bytes(4, "little")
            at = data.find(mark, at + 1)
    return bytes(out)


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
GAP = " " * (200 * 1024 * 1024)
TIDE = '<row r="2">' + cell("A2", "Tide Watch") + "</row>"
SHARED = f'<sst xmlns="{MAIN}"><si><t>{"long name " * 3200}</t></si></sst>'
SHARING = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 40_000))


def picture_only():
    picture, out, paper = io.BytesIO(), io.BytesIO(), docx.Document()
    Image.new("RGB", (20, 20)).save(picture, "PNG")
    picture.seek(0)
    paper.add_picture(picture)
    paper.save(out)
    return out.getvalue()


def hostile():
    """Name, content, and words of the refusal."""
    book = workbook([sheet(TIDE)])
    bomb = workbook([sheet(TIDE + GAP)])
    yield "bomb.xlsx", bomb, "unpacks to more"
    yield "lie.xlsx", lying(bomb, "xl/worksheets/sheet1.xml"), "damaged"
    yield "bomb.docx", document(paragraph("Tide Watch") + GAP), "unpacks to more"
    yield "nested.xlsx", packed({"a.zip": packed({"b.zip": bomb})}), "damaged"
    yield "line.txt", b"a" * (100 * 1024 * 1024), "larger than 5 MB"
    yield "line.csv", b"a," * 1_000_000, "60,000"
    yield "line.docx", document(paragraph("name " * 20_000)), "60,000"
    yield "line.html", b"<p>" + b"name " * 20_000, "60,000"
    yield "tags.html", b"<a " * 300_000, "60,000"
    yield "comments.html", b"<!--" * 300_000, "60,000"
    yield "lines.txt", b"Tide\n" * 60_000, "50,000 lines"
    yield "rows.csv", b"a,b\n" * 60_000, "50,000 rows"
    yield "words.docx", document(paragraph("name " * 1000) * 4000), "unpacks to more"
    yield "entity.xlsx", workbook([sheet(TIDE, head=ENTITY)]), "document type"
    yield "laughs.xlsx", workbook([sheet(TIDE, head=LAUGHS)]), "document type"
    yield "entity.docx", document(paragraph("&e;"), head=ENTITY), "document type"
    yield "macros.xlsm", book, "macros"
    yield "macros.docm", document(paragraph("x")), "macros"
    yield (
        "macros.xlsx",
        workbook([sheet(TIDE)], vbaProject="x").replace(b"vbaProject.xml", b"vbaProject.bin"),
        "macros",
    )
    yield "other.xlsx", packed({"readme.txt": "x"}), "damaged"
    yield "corrupt.xlsx", book[: len(book) // 2], "damaged"
    yield "corrupt.docx", b"PK\x03\x04" + b"\0" * 100, "damaged"
    yield "flipped.xlsx", book[:60] + b"\xff\xff\xff\xff" + book[64:], "damaged"
    yield "words.xlsx", document(paragraph("x")), "no sheet of cells"
    yield "locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "password"
    yield (
        "corner.xlsx",
        workbook([sheet(TIDE + '<row r="1048576">' + cell("XFD1048576", "x") + "</row>")]),
        "below row",
    )
    yield "wide.xlsx", workbook([sheet('<row r="2">' + cell("XFD2", "x") + "</row>")]), "right of column"
    yield "shared.xlsx", workbook([sheet(SHARING)], sharedStrings=SHARED), "unpacks to more"
    yield "sheets.xlsx", workbook([sheet(TIDE)] * 1500), "more than 100 sheets"
    yield "parts.xlsx", workbook([sheet(TIDE)] * 3000), "unpacks to more"
    yield "deep.xlsx", workbook([sheet("<x>" * 1_000_000)]), "damaged"
    yield (
        "unsaved.xlsx",
        workbook([sheet('<row r="2"><c r="A2"><f>B2</f></c></row>')]),
        "cell A2 .* not saved",
    )
    yield (
        "empty.xlsx",
        workbook([f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>']),
        "nothing in its cells",
    )
    yield "picture.docx", picture_only(), "pictures only"
    yield "list.txt", b"%PDF-1.7 x", "is a PDF"
    yield "list.csv", book, "workbook"
    for ending, words in (("xls", "xlsx"), ("doc", "docx"), ("ods", "csv"), ("pdf", "copy its text")):
        yield f"list.{ending}", b"x", words
    yield "list.numbers", b"x", "export"
    yield "list.jpeg", b"x", "type the names"


READ = """
import json, os, resource, sys
import django
django.setup()
from signatories.reading import Unreadable, read_file, read_list
read_list("Tide Watch, France")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name in sorted(os.listdir(sys.argv[1])):
    try:
        read_file(name, open(os.path.join(sys.argv[1], name), "rb").read())
        said = ""
    except Unreadable as error:
        said = str(error)
    print(json.dumps([name, said, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux does")
def test_every_hostile_file_is_refused_in_a_sentence_and_little_memory(tmp_path):
    expected = {}
    for name, content, words in hostile():
        name = f"{len(expected):02d}-{name}"
        (tmp_path / name).write_bytes(content)
        expected[name] = words
    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1"},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [name for name, *_ in said] == sorted(expected)
    for name, sentence, memory in said:
        with pytest.raises(Unreadable, match=expected[name]):
            raise Unreadable(sentence)
        assert sentence.endswith(".") and "\n" not in sentence, name
        assert memory < MEMORY, (name, memory)


def names(filename, content):
    return [entry.name for entry in read_file(filename, content).signatories]


@pytest.mark.parametrize(
    "content",
    [
        workbook([sheet(TIDE, before='<dimension ref="A1:XFD1048576"/>')]),
        workbook([sheet(TIDE, after='<mergeCells count="1"><mergeCell ref="A2:XFD1048576"/></mergeCells>')]),
        workbook([sheet(TIDE + "".join(f'<row r="{n}"/>' for n in range(3, 100_000)))]),
        workbook([sheet(TIDE + '<row r="1048576"><c r="XFD1048576" s="1"/></row>')]),
        workbook([sheet('<row><c t="inlineStr"><is><t>Tide Watch</t></is></c></row>')]),
        workbook([sheet(TIDE.replace("Tide", "Ti\n_x0000_de").replace("\n", ""))]),
    ],
    ids=["dimension", "merged", "blank rows", "styled corner", "no addresses", "NUL"],
)
def test_what_a_sheet_claims_of_itself_does_no_harm(content):
    assert names("a.xlsx", content) == ["Tide Watch"]


def test_a_cell_is_never_run_and_a_formula_gives_its_saved_value():
    book = openpyxl.Workbook()
    for value in ("Organisation", "-Tide Watch", "@Harbour Circle", "+Quay"):
        book.active.append([value])
    out = io.BytesIO()
    book.save(out)
    assert names("a.xlsx", out.getvalue()) == ["-Tide Watch", "@Harbour Circle", "+Quay"]
    rows = '<row r="2"><c r="A2" t="str"><f>UPPER("x")</f><v>Tide Watch</v></c></row><row r="3">'
    content = workbook([sheet(rows + cell("A3", "=SUM(B1) Quays") + "</row>")])
    assert names("a.xlsx", content) == ["Tide Watch", "=SUM(B1) Quays"]


def test_an_error_in_place_of_a_name_is_no_name():
    content = workbook(
        [sheet('<row r="2"><c r="A2" t="e"><f>B2</f><v>#REF!</v></c></row>' + TIDE.replace("2", "3"))]
    )
    reading = read_file("a.xlsx", content)
    assert [entry.name for entry in reading.signatories] == ["Tide Watch"]
    assert [(item.line, item.text) for item in reading.ignored] == [(1, "Organisation"), (2, "#REF!")]


def test_a_page_keeps_its_words_whatever_its_tags():
    page = (
        b"<!-- <li>No --><ul class='a>b'><li title=\"x > y\">Tide & Sons < Co<li>Open <b>Quays</b></ul><!-- x"
    )
    assert names("a.html", page)[:2] == ["Tide & Sons < Co", "Open Quays"]


def test_nul_bytes_and_stray_bytes_do_not_stop_a_list():
    assert names("a.txt", b"Signatories:\n1. Tide\0 Watch\n2. Harbour Circle\n") == [
        "Tide Watch",
        "Harbour Circle",
    ]
    assert names("a.csv", b"Organisation,Country\nTide\0 Watch,France\n") == ["Tide Watch"]


def test_the_command_reads_no_more_of_a_file_than_it_takes(tmp_path):
    path = Path(tmp_path / "large.txt")
    with path.open("wb") as file:
        file.truncate(3 * 1024**3)
    done = subprocess.run(
        [sys.executable, "manage.py", "import_signatories", "-", str(path), "--dry-run"],
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        env=os.environ | {"DEBUG": "1"},
    )
    assert done.returncode == 1
    assert "larger than 5 MB" in done.stderr
