"""Lists in files: workbooks, documents, tables of any headings, the public list read back."""

import csv
import datetime
import io
import json
from dataclasses import replace

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from signatories import export
from signatories.models import Signature
from signatories.reading import columns_of, read_file, read_list, read_table, rows_of
from signatories.reading.encoding import decoded
from signatories.reading.model import Entry
from signatories.services.importing import import_list
from tests import factories

ROWS = [
    [
        "Timestamp",
        "Email Address",
        "Name of your organisation",
        "Acronym",
        "Country",
        "Representative",
        "Position",
    ],
    ["2025-02-01", "ada@marsh.example", "Marsh & Meadow Trust", "MMT", "France", "Ada Pell", "Director"],
    ["2025-02-01", "x@ocean.example", "Ocean, Coast and Reef Alliance (OCRA)", "", "Belgique", "", ""],
    ["2025-02-02", "", "شبكة المرافئ", "", "مصر", "", ""],
]
READ = [
    ("Marsh & Meadow Trust", "MMT", "FR", "Ada Pell", "Director", "organisation", 2),
    ("Ocean, Coast and Reef Alliance", "OCRA", "BE", None, None, "organisation", 3),
    ("شبكة المرافئ", None, "EG", None, None, "organisation", 4),
]


def saved(thing):
    out = io.BytesIO()
    thing.save(out)
    return out.getvalue()


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    return book


def as_xlsx(rows):
    return saved(workbook(List=rows))


def as_docx(rows):
    paper = docx.Document()
    table = paper.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        for c, words in enumerate(row):
            table.cell(r, c).text = words
    return saved(paper)


def as_html(rows):
    cells = ("".join(f"<td>{words.replace('&', '&amp;')}</td>" for words in row) for row in rows)
    return "".join(["<table>", *(f"<tr>{row}</tr>" for row in cells), "</table>"]).encode()


def as_delimited(delimiter):
    def write(rows):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter).writerows(rows)
        return out.getvalue().encode("utf-8-sig")

    return write


FORMS = {
    "a.xlsx": as_xlsx,
    "a.docx": as_docx,
    "a.html": as_html,
    "a.csv": as_delimited(","),
    "b.csv": as_delimited(";"),
    "a.tsv": as_delimited("\t"),
}


def essence(reading):
    return [
        (e.name, e.acronym, e.country_code, e.person, e.role, e.kind, e.line) for e in reading.signatories
    ]


def names(filename, content):
    return [entry.name or entry.person for entry in read_file(filename, content).signatories]


@pytest.mark.parametrize("filename", FORMS)
def test_a_table_reads_alike_in_every_form(filename):
    content = FORMS[filename](ROWS)
    assert essence(read_file(filename, content)) == READ
    assert [row + [""] * (7 - len(row)) for row in rows_of(filename, content)] == ROWS
    assert essence(read_table(rows_of(filename, content))) == READ


@pytest.mark.parametrize("filename", ["a.xlsx", "a.docx", "a.html", "a.csv"])
def test_ten_thousand_rows_pass_in_every_form(filename):
    rows = [["Organisation", "Country"], *([f"Harbour Circle {n}", "Chad"] for n in range(10_000))]
    if filename == "a.docx":  # a table of that length takes its library a minute to write
        paper = docx.Document()
        body = paper.element.body
        for name, _ in rows[1:]:
            body.append(OxmlElement("w:p"))
            body[-1].append(OxmlElement("w:r"))
            body[-1][0].append(OxmlElement("w:t"))
            body[-1][0][0].text = name
        content = saved(paper)
    else:
        content = FORMS[filename](rows)
    assert len(read_file(filename, content).signatories) == 10_000


def test_a_document_keeps_its_marks_and_headings():
    paper = docx.Document()
    paper.add_heading("Signatories", 1)
    for name in ("Tide Watch (TW), France", "Open Quays Network"):
        paper.add_paragraph(name, style="List Number")
    paper.add_paragraph("Pier Union", style="List Bullet")
    reading = read_file("a.docx", saved(paper))
    assert [(e.name, e.acronym, e.country_code) for e in reading.signatories] == [
        ("Tide Watch", "TW", "FR"),
        ("Open Quays Network", None, None),
        ("Pier Union", None, None),
    ]
    assert [(item.text, item.reason) for item in reading.ignored] == [("# Signatories", "heading")]


def test_what_stands_outside_a_table_is_not_lost():
    paper = docx.Document()
    paper.add_paragraph("Those who agreed by Monday")
    table = paper.add_table(3, 2)
    for r, row in enumerate([["Organisation", "Country"], ["Tide Watch", "Chad"], ["Open Quays", "Peru"]]):
        for c, words in enumerate(row):
            table.cell(r, c).text = words
    reading = read_file("a.docx", saved(paper))
    assert [e.name for e in reading.signatories] == ["Tide Watch", "Open Quays"]
    assert ("Those who agreed by Monday", 0, "outside the table") in [
        (item.text, item.line, item.reason) for item in reading.ignored
    ]


def test_a_list_laid_out_in_columns_loses_no_name():
    grid = [["Tide Watch Trust", "Open Quays Network"], ["Harbour Circle Union", "Pier Workers League"]]
    grid += [["Salt Marsh Alliance", "Lantern Keepers Guild"]]
    assert sorted(names("a.docx", as_docx(grid))) == sorted(name for row in grid for name in row)
    assert sorted(names("a.html", as_html(grid))) == sorted(name for row in grid for name in row)


def test_the_sheet_with_the_list_is_read_and_the_others_are_said():
    book = workbook(
        Notes=[["Please fill in the other sheet"]],
        Countries=[["Name", "Code"], *([name, "XX"] for name in ("France", "Chad", "Peru", "Togo"))],
        Responses=[["Organisation", "Country"], ["Tide Watch", "Chad"], ["Open Quays", "Peru"]],
        Secret=[["Organisation"], *([f"Harbour {n} Trust"] for n in range(20))],
    )
    book["Secret"].sheet_state = "hidden"
    reading = read_file("a.xlsx", saved(book))
    assert [e.name for e in reading.signatories] == ["Tide Watch", "Open Quays"]
    assert [(item.text.partition(":")[0], item.reason) for item in reading.ignored if item.line == 0] == [
        ("“Notes”", "another sheet"),
        ("“Countries”", "another sheet"),
        ("“Secret”", "a hidden sheet"),
    ]


def test_dates_numbers_and_joined_cells_of_a_workbook_are_what_a_person_saw():
    book = workbook(
        List=[
            ["Responses to the form"],
            [],
            ["Timestamp", "Organisation", "Country"],
            [datetime.datetime(2025, 2, 1, 10, 30), "Tide Watch", "Chad"],
            [datetime.datetime(2025, 2, 2), 350, None],
        ]
    )
    book["List"].merge_cells("C4:C5")
    rows = rows_of("a.xlsx", saved(book))
    assert rows[3:] == [["2025-02-01 10:30:00", "Tide Watch", "Chad"], ["2025-02-02 00:00:00", "350", "Chad"]]
    reading = read_table(rows)
    assert [(e.name, e.country_code, e.line) for e in reading.signatories] == [
        ("Tide Watch", "TD", 4),
        ("350", "TD", 5),
    ]
    assert [(item.line, item.reason) for item in reading.ignored] == [
        (1, "above the headings"),
        (3, "heading"),
    ]


# --- Columns


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (
            "Timestamp|Email Address|What is the name of your organisation?|Country where it is based|Name of the representative|I confirm that I may sign",
            "|email|organisation|country|person|consent",
        ),
        (
            "Horodateur|Nom de votre organisation|Sigle|Pays|Nom du représentant|Fonction",
            "|organisation|acronym|country|person|role",
        ),
        (
            "Marca temporal|Nombre de la organización|País|Nombre completo|Cargo|Correo electrónico",
            "|organisation|country|person|role|email",
        ),
        (
            "طابع زمني|اسم المنظمة|البلد|اسم ممثل المنظمة|المنصب|البريد الإلكتروني",
            "|organisation|country|person|role|email",
        ),
        (
            "Отметка времени|Название вашей организации|Страна|ФИО представителя|Должность",
            "|organisation|country|person|role",
        ),
        (
            "时间戳|机构名称|英文缩写|国家|联系人姓名|职务|电子邮箱",
            "|organisation|acronym|country|person|role|email",
        ),
        (
            "Zeitstempel|Name der Organisation|Land|Vorname|Nachname|E-Mail-Adresse",
            "|organisation|country|given|surname|email",
        ),
        (
            "Carimbo de data/hora|Nome da organização|País|Nome do representante",
            "|organisation|country|person",
        ),
        ("Prénom|Nom|Organisation|Do you wish to remain anonymous?", "given|surname|organisation|withhold"),
        ("Name|Affiliation|Would you like to receive our newsletter?", "person|affiliation|"),
    ],
)
def test_columns_are_known_by_their_headings(headings, fields):
    columns = columns_of([headings.split("|"), ["x"] * (headings.count("|") + 1)])
    assert (columns.heading, columns.sure) == (1, True)
    assert "|".join(columns.fields) == fields


@pytest.mark.parametrize(
    "first", ["Organisation mondiale des ports", "NGO Forum on Tides", "Association X", "Group of Six"]
)
def test_a_name_in_the_first_row_is_no_heading(first):
    rows = [[first, "Chad"], ["Tide Watch", "Peru"]]
    assert columns_of(rows).heading is None
    assert len(read_table(rows).signatories) == 2


def test_columns_without_headings_are_told_by_their_content():
    rows = [
        ["1", "TWT", "Tide Watch Trust", "ada@tide.example", "Ada Pell", "Director", "Chad"],
        ["2", "OQN", "Open Quays Network", "bo@quay.example", "Bo Quist", "President", "Peru"],
    ]
    columns = columns_of(rows)
    assert columns.fields == ("", "acronym", "organisation", "email", "person", "role", "country")
    assert not columns.sure and columns.samples[2] == ("Tide Watch Trust", "Open Quays Network")
    assert not any(entry.sure for entry in read_table(rows).signatories)


def test_columns_are_changed_by_hand():
    rows = [["Tide Watch", "Old Pier"], ["Open Quays", "New Pier"]]
    columns = columns_of(rows)
    turned = columns.changed(["", "organisation"], heading=None)
    assert [e.name for e in read_table(rows, turned).signatories] == ["Old Pier", "New Pier"]
    headed = columns.changed(["organisation", "note"], heading=1)
    reading = read_table(rows, headed)
    assert [(e.name, e.note) for e in reading.signatories] == [("Open Quays", "New Pier")]
    assert [item.line for item in reading.ignored] == [1]
    with pytest.raises(ValueError, match="no field"):
        columns.changed(["nonsense", ""], heading=None)


def test_who_refused_or_asked_not_to_be_named_is_left_out():
    rows = [["Organisation", "Do you agree to be listed?", "Stay anonymous?"], ["Tide Watch", "Yes", ""]]
    rows += [
        ["Open Quays", "No, please do not", ""],
        ["Pier Union", "yes", "Yes"],
        ["Harbour Circle", "", "no"],
    ]
    reading = read_table(rows)
    assert [(e.name, e.sure) for e in reading.signatories] == [
        ("Tide Watch", True),
        ("Harbour Circle", False),
    ]
    assert [(item.line, item.reason) for item in reading.ignored] == [
        (1, "heading"),
        (3, "consent was refused"),
        (4, "asked not to be named"),
    ]


def test_a_representatives_name_and_office_in_one_cell_are_two():
    rows = [["Organisation", "Name and title of the representative"], ["Tide Watch", "Ada Pell, Director"]]
    entry = read_table(rows).signatories[0]
    assert (entry.kind, entry.person, entry.role) == ("organisation", "Ada Pell", "Director")


def test_an_e_mail_address_stands_in_its_own_field_alone():
    for entry in read_table(ROWS).signatories:
        assert "@" not in str(replace(entry, email=None))
    assert "ada@marsh.example" in {entry.email for entry in read_table(ROWS).signatories}


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), min_size=1, max_size=6), st.data())
def test_every_filled_row_is_accounted_for_whatever_the_columns_are(rows, data):
    columns = columns_of(rows)
    fields = data.draw(st.lists(st.sampled_from(["", "name", "person", "consent", "role"]), max_size=6))
    reading = read_table(rows, columns.changed(fields, heading=data.draw(st.sampled_from([None, 1]))))
    filled = [n for n, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    assert sorted(item.line for item in [*reading.signatories, *reading.ignored]) == filled


# --- Encodings

LISTS = {
    "cp1252": "1. Réseau régional des ports\n2. Über Hafen e.V.",
    "cp1250": "1. Stowarzyszenie Łódź i Żagiel\n2. Český svaz přístavů",
    "cp1251": "1. Ассоциация портовых рабочих\n2. Общество моряков",
    "koi8-r": "1. Ассоциация портовых рабочих\n2. Общество моряков",
    "cp1256": "1. رابطة عمال الموانئ\n2. جمعية البحارة",
    "gb18030": "1. 港口工人协会\n2. 海员联合会",
    "big5": "1. 港口工人協會\n2. 海員聯合會",
}


@pytest.mark.parametrize("encoding", LISTS)
def test_an_old_encoding_is_told_and_said_where_it_was_guessed(encoding):
    text = LISTS[encoding]
    assert decoded(text.encode(encoding)).text == text
    reading = read_file("a.txt", text.encode(encoding))
    assert [e.name for e in reading.signatories] == [e.name for e in read_list(text).signatories]
    guessed = encoding != "cp1252"
    assert [item.text for item in reading.ignored if item.line == 0] == ([encoding] if guessed else [])
    assert not (guessed and any(entry.sure for entry in reading.signatories))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("text", LISTS.values())
def test_unicode_with_and_without_its_mark_is_read(encoding, text):
    assert decoded(text.encode(encoding)).text == text


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_decoding(data):
    assert isinstance(decoded(data).text, str)


# --- The public list, read back

ODD = [
    "=Zebra Union",
    "+Quay",
    "-Tide-",
    "@Harbour",
    "'Apostrophe",
    'The "Pier" Trust',
    "Sea, Salt; Sand (SSS)",
]
ODD += [
    "a;=b Trust",
    "Reef (Chad), Peru",
    "انجمن ماهی\u200cگیران",
    "Line\nBreak Guild",
    "\u200fجمعية البحارة",
    "|Pipe",
    "%Share",
]


def listed(letter):
    columns = ("name", "acronym", "country", "kind", "affiliation", "note", "state")
    return list(Signature.objects.filter(letter=letter).order_by("pk").values_list(*columns))


def entry(name, **more):
    absent = dict.fromkeys(Entry.__slots__) | {"kind": "organisation", "line": 1, "sure": True}
    return Entry(**absent | {"name": name} | more)


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_import_export_and_import_change_nothing(letter, now, form):
    entries = read_table([["Organisation", "Country"], *([name, "Chad"] for name in ODD)]).signatories
    entries += [entry(name, acronym="XY", note="for 309 members") for name in ("Kept (Whole)", "=Kept, Peru")]
    entries += [entry("Open Quays", person="Ada Pell", role="Director", kind="individual", country_code="FR")]
    first = import_list(letter, entries, consent="x", actor=None, at=now)
    assert {item.outcome for item in first} == {"new"}
    before = listed(letter)
    content = exported(letter, form)
    reading = read_file(f"list.{form}", content)
    again = import_list(letter, reading.signatories, consent="x", actor=None, at=now)
    assert {item.outcome for item in again} == {"already"} and len(again) == len(first)
    assert listed(letter) == before
    elsewhere = factories.released(at=now)
    import_list(elsewhere, reading.signatories, consent="x", actor=None, at=now)
    assert sorted(listed(elsewhere)) == sorted(before)


def exported(letter, form):
    letter.refresh_from_db()
    if form == "json":
        return "".join(export.as_json(letter, export.rows(letter))).encode()
    content = "".join(export.as_csv(export.rows(letter))).encode()
    if form == "csv":
        return content
    return as_xlsx(list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))))


def test_only_the_public_list_has_its_guards_taken_away():
    rows = [["Organisation"], ["'=Zebra Union"]]
    assert [e.name for e in read_table(rows).signatories] == ["'=Zebra Union"]


def test_columns_of_the_public_list_can_be_looked_at_and_changed(letter, now):
    import_list(letter, [entry("Kept (Whole)", note="a note")], consent="x", actor=None, at=now)
    rows = rows_of("list.csv", exported(letter, "csv"))
    columns = columns_of(rows)
    assert columns.exact and columns.fields[1] == "name"
    fields = ["" if field == "note" else field for field in columns.fields]
    assert [(e.name, e.note) for e in read_table(rows, columns.changed(fields, heading=1)).signatories] == [
        ("Kept (Whole)", None)
    ]


def test_the_json_of_a_dry_run_reads_back():
    found = read_list("1. Tide Watch (TW), Chad\n2. Open Quays").signatories
    content = json.dumps(
        {"signatories": [{name: getattr(e, name) for name in Entry.__slots__} for e in found]}
    )
    assert [
        (e.name, e.acronym, e.country_code) for e in read_file("a.json", content.encode()).signatories
    ] == [
        ("Tide Watch", "TW", "TD"),
        ("Open Quays", None, None),
    ]


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("Acceptez-vous de signer ?", ("Oui", "Non")),
        ("Do you wish to sign the letter?", ("Yes", "No, sorry")),
        ("¿Desea firmar la carta?", ("Sí", "No")),
        ("هل توافق على التوقيع؟", ("نعم", "لا")),
    ],
)
def test_who_answered_no_is_not_put_on_a_list(question, answers):
    rows = [
        ["Organisation", "Country", question],
        ["Tide Watch", "Kenya", answers[0]],
        ["Quay Club", "Peru", answers[1]],
    ]
    reading = read_table(rows)
    assert [entry.name for entry in reading.signatories] == ["Tide Watch"]
    assert [item.reason for item in reading.ignored if item.line == 3] == ["consent was refused"]


def test_a_no_to_a_question_that_nobody_knows_waits_for_a_person():
    rows = [
        ["Organisation", "Country", "Ferries?"],
        ["Tide Watch", "Kenya", "Yes"],
        ["Quay Club", "Peru", "No"],
    ]
    assert [(entry.name, entry.sure) for entry in read_table(rows).signatories] == [
        ("Tide Watch", True),
        ("Quay Club", False),
    ]
