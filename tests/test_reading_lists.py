"""Reading of signatory lists: what each line becomes, and that no line is lost."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signatories.reading import Reading, Unreadable, read_file, read_list, read_table
from signatories.reading.countries import country_code

FIXTURES = Path(__file__).parent / "fixtures"
SHARED = Path(__file__).resolve().parents[2] / "shared"


def names(reading: Reading) -> list[str | None]:
    return [entry.name for entry in reading.signatories]


def one(text: str):
    """The only entry of a list of three lines, of which the other two are plain names."""
    reading = read_list(f"Signatories:\n1. Harbour Light Network\n2. {text}\n3. Saltmarsh Friends\n")
    assert [entry.line for entry in reading.signatories] == [2, 3, 4]
    return reading.signatories[1]


def test_whole_letter_gives_only_its_signatories():
    reading = read_file("letter.txt", (FIXTURES / "letter_copied_from_page.txt").read_bytes())
    assert [(e.name, e.acronym) for e in reading.signatories] == [
        ("Alder Valley Fishers' Union", None),
        ("BRIDGE 44", None),
        ("Coalition for Rivers and Wetlands in the East", "CRW-East"),
        ("Deltawacht", None),
        ("Fundación Aguas Vivas", "FAV"),
        ("Lawyers, Engineers and Farmers for Open Hearings", "LEFOH"),
        ("River Women's Circle", None),
    ]
    reasons = {ignored.text: ignored.reason for ignored in reading.ignored}
    assert "credit" in reasons["Photo: Mira Tolland / LRO"]
    assert reasons["LRO"] == "text after the list"
    assert reasons["Dear Minister Okonjo-Vale,"] == "text before the list"
    assert reasons["- an open hearing in Tessen itself;"] == "text before the list"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real letters are not beside this checkout")
def test_first_real_letter_has_its_eighteen_organisations():
    reading = read_file("letter.txt", (SHARED / "seed" / "letter.txt").read_bytes())
    assert len(reading.signatories) == 18
    assert [e.line for e in reading.signatories] == sorted(e.line for e in reading.signatories)
    assert [e.acronym for e in reading.signatories if e.acronym] == (
        ["Forum-Asia", "ALRC", "CELS", "ICJ", "FIDH", "IHEU", "ILGA", "ISHR"]
    )
    assert {e.kind for e in reading.signatories} == {"organisation"}


@pytest.mark.parametrize(
    ("text", "name", "acronym", "country", "code"),
    [
        ("Centre for Quiet Streets (CQS)", "Centre for Quiet Streets", "CQS", None, None),
        ("Open Quays (Norway)", "Open Quays", None, "Norway", "NO"),
        ("Open Quays, Côte d’Ivoire", "Open Quays", None, "Côte d’Ivoire", "CI"),
        ("Artisans, Teachers and Nurses, Peru", "Artisans, Teachers and Nurses", None, "Peru", "PE"),
        ("Red de Puertos Libres (RPL), México", "Red de Puertos Libres", "RPL", "México", "MX"),
        ("Verein für stille Häfen (VSH) e.V.", "Verein für stille Häfen e.V.", "VSH", None, None),
        ("Restore The Quay, Inc.", "Restore The Quay, Inc.", None, None, None),
        ("Harbour Refugee Council – HRC", "Harbour Refugee Council", "HRC", None, None),
        ("HRN: Harbour Rights Network", "Harbour Rights Network", "HRN", None, None),
        ("Quay Society – Bulgaria", "Quay Society – Bulgaria", None, None, None),
        ("Enough Rain (ER) Nigeria", "Enough Rain (ER) Nigeria", None, None, None),
        ("Ligue des Ports / League of Harbours", "Ligue des Ports", None, None, None),
        ("جمعية المرافئ الحرة", "جمعية المرافئ الحرة", None, None, None),
        ("Союз тихих гаваней, Россия", "Союз тихих гаваней", None, "Россия", "RU"),
        ("**[Harbour Watch](https://harbour.example/)**;", "Harbour Watch", None, None, None),
        ("Peoples' Harbour, Middle East", "Peoples' Harbour", None, "Middle East", None),
    ],
)
def test_organisation_as_printed(text, name, acronym, country, code):
    entry = one(text)
    assert (entry.name, entry.acronym, entry.country, entry.country_code) == (name, acronym, country, code)
    assert (entry.kind, entry.person, entry.role) == ("organisation", None, None)


@pytest.mark.parametrize(
    ("text", "person", "role", "name", "country"),
    [
        ("Mara Olden, president of Quiet Streets", "Mara Olden", "president", "Quiet Streets", None),
        (
            "Anaïs Roque, présidente de la Ligue des Ports",
            "Anaïs Roque",
            "présidente",
            "Ligue des Ports",
            None,
        ),
        (
            "Dr Piet Varga, Harbour University, Hungary",
            "Dr Piet Varga",
            None,
            "Harbour University",
            "Hungary",
        ),
        ("Lucía Armengol, escritora", "Lucía Armengol", "escritora", None, None),
        ("Tom Ray, CEO Open Quays", "Tom Ray", "CEO", "Open Quays", None),
    ],
)
def test_person_as_printed(text, person, role, name, country):
    entry = one(text)
    assert (entry.kind, entry.person, entry.role) == ("individual", person, role)
    assert (entry.name, entry.country) == (name, country)


def test_plain_names_are_organisations_and_the_heading_is_no_group():
    reading = read_list(
        "Signatories:\nOpen Quays\nSea Room\nPier Friends\nBlue Coast\nReed Bank, on behalf of 9 members"
    )
    assert names(reading) == ["Open Quays", "Sea Room", "Pier Friends", "Blue Coast", "Reed Bank"]
    assert {(e.kind, e.group) for e in reading.signatories} == {("organisation", None)}
    assert reading.signatories[4].note == "on behalf of 9 members"


def test_a_number_in_a_name_is_no_list_number():
    assert names(read_list("Signatories:\nOpen Quays\n350.example\n7.Quay")) == [
        "Open Quays",
        "350.example",
        "7.Quay",
    ]
    assert names(read_list("1.Open Quays\n2.Sea Room\n3-Blue Coast")) == [
        "Open Quays",
        "Sea Room",
        "Blue Coast",
    ]


def test_bullets_after_the_credit_are_no_signatories():
    text = "Signatories:\n- Open Quays\n- Sea Room\n\nPhoto: Ada Pell\n\n- Another story\n- Sign up\n"
    assert names(read_list(text)) == ["Open Quays", "Sea Room"]


def test_names_in_one_line():
    assert names(read_list("Open Quays; Sea Room; Blue Coast")) == ["Open Quays", "Sea Room", "Blue Coast"]
    four = read_list("Open Quays, Sea Room, Blue Coast, and Reed Bank")
    assert names(four) == ["Open Quays", "Sea Room", "Blue Coast", "Reed Bank"]
    assert names(read_list("Sailors, Cooks and Pilots, Cuba")) == ["Sailors, Cooks and Pilots"]


def test_control_characters_are_dropped():
    assert names(read_list("Signatories:\n1. Open\0 Quays\n2. Sea\x07 Room")) == ["Open Quays", "Sea Room"]
    assert names(read_table([["Organisation"], ["Sea\0 Room"]])) == ["Sea Room"]


def test_pasted_tables():
    for text in (
        "Organisation\tCountry\nSea Room\tMali",
        "| Organisation | Country |\n|---|---|\n| Sea Room | Mali |",
    ):
        assert [(e.name, e.country_code) for e in read_list(text).signatories] == [("Sea Room", "ML")]


def test_position_is_the_place_in_the_list_when_it_is_a_number():
    reading = read_table(
        [["position", "name", "kind"], ["1", "Sea Room", "organisation"], ["2", "Ada Pell", "individual"]]
    )
    assert [(e.name, e.person, e.role) for e in reading.signatories] == [
        ("Sea Room", None, None),
        (None, "Ada Pell", None),
    ]


def test_first_and_last_name_are_one_person():
    rows = [["First name", "Last name", "Organisation"], ["Ada", "Pell", "Sea Room"]]
    assert [(e.name, e.person) for e in read_table(rows).signatories] == [("Sea Room", "Ada Pell")]


def test_groups_set_group_and_kind():
    text = (
        "### Organisations\n- Open Quays\n- Sea Room\n\n### Individuals\n- Ada Pell\n- Jo Petrakis, teacher\n"
    )
    reading = read_list(text)
    assert [(e.group, e.kind, e.name or e.person) for e in reading.signatories] == [
        ("Organisations", "organisation", "Open Quays"),
        ("Organisations", "organisation", "Sea Room"),
        ("Individuals", "individual", "Ada Pell"),
        ("Individuals", "individual", "Jo Petrakis"),
    ]


def test_one_a_line_without_marks_ends_at_running_text():
    text = (
        "We call on the port to open its gates before winter comes to the islands and their people.\n\n"
        "Signed by:\nOpen Quays\n\nSea Room\nHarbour Refugee Council and\nFriends of the Pier\n\n"
        "Open Quays is a charity that has worked for forty years in the harbours of the northern"
        " coast.\nDonate\n"
    )
    reading = read_list(text)
    assert names(reading) == ["Open Quays", "Sea Room", "Harbour Refugee Council and Friends of the Pier"]
    assert [e.line for e in reading.signatories] == [4, 6, 7]
    assert "Donate" in [ignored.text for ignored in reading.ignored]


def test_sentence_that_names_signatories():
    text = "The letter is signed by the Open Quays; Sea Room (SR); Pier, Quay and Dock Union; and Reef UK."
    reading = read_list(text)
    assert names(reading) == ["Open Quays", "Sea Room", "Pier, Quay and Dock Union", "Reef UK"]
    assert not any(entry.sure for entry in reading.signatories)


def test_arabic_sentence_loses_its_glued_conjunction():
    text = "صدر هذا النداء عن كل من الرابطة الأولى للمرافئ، والنقابة الثانية للبحارة، وجمعية السواحل."
    assert names(read_list(text)) == ["الرابطة الأولى للمرافئ", "النقابة الثانية للبحارة", "جمعية السواحل"]


def test_form_export_is_read_by_its_headings():
    reading = read_file("export.csv", (FIXTURES / "list_form_export.csv").read_bytes())
    got = [(e.name, e.acronym, e.country_code, e.person, e.role, e.kind, e.line) for e in reading.signatories]
    assert got == [
        ("Marsh & Meadow Trust", "MMT", "GB", "Ada Pell", "Director", "organisation", 2),
        ("Ocean, Coast and Reef Alliance", "OCRA", "BE", None, None, "organisation", 3),
        ("شبكة المرافئ", None, "EG", None, None, "organisation", 4),
        ("Deltawacht e.V.", None, "DE", "Jörg Hahn", "Vorstand", "organisation", 6),
    ]
    assert [ignored.line for ignored in reading.ignored] == [1]


def test_table_without_headings_is_read_by_content():
    rows = [["1", "Open Quays Network", "France", "a@b.example"], ["2", "Sea Room", "Deutschland", ""]]
    got = [(e.name, e.country, e.country_code) for e in read_table(rows).signatories]
    assert got == [("Open Quays Network", "France", "FR"), ("Sea Room", "Deutschland", "DE")]


@pytest.mark.parametrize(
    "headings", [["Nom", "Pays"], ["Nombre", "País"], ["Название", "Страна"], ["الاسم", "الدولة"]]
)
def test_headings_in_other_languages(headings):
    reading = read_table([headings, ["Open Quays", "Spain"]])
    assert [(e.name, e.country_code) for e in reading.signatories] == [("Open Quays", "ES")]


def test_name_and_affiliation_columns_are_people():
    reading = read_table([["Name", "Affiliation"], ["Ada Pell", "Open Quays"]])
    entry = reading.signatories[0]
    assert (entry.kind, entry.person, entry.name) == ("individual", "Ada Pell", "Open Quays")


def test_own_json_comes_back_as_it_was():
    records = [
        {"name": "Open Quays", "acronym": "OQ", "country": "France", "kind": "organisation"},
        {"name": None, "person": "Ada Pell", "kind": "individual", "country": None},
        {"name": None},
    ]
    reading = read_file("signatories.json", json.dumps({"signatories": records}).encode())
    got = [(e.name, e.acronym, e.country_code, e.person, e.kind) for e in reading.signatories]
    assert got == [
        ("Open Quays", "OQ", "FR", None, "organisation"),
        (None, None, None, "Ada Pell", "individual"),
    ]
    assert [ignored.line for ignored in reading.ignored] == [3]


@pytest.mark.parametrize(
    ("filename", "data"),
    [("list.docx", b"PK"), ("list", b"x"), ("list.json", b"{"), ("list.json", b'{"a": 1}')],
)
def test_what_cannot_be_read_says_so_in_a_sentence(filename, data):
    with pytest.raises(Unreadable, match=r"\.$"):
        read_file(filename, data)


def test_html_list_and_html_table():
    page = "<title>x</title><h2>Signatories</h2><ul><li>Open Quays &amp; Co<li><a href='#'>Sea Room</a></ul>"
    assert names(read_file("a.html", page.encode())) == ["Open Quays & Co", "Sea Room"]
    table = (
        "<table><tr><th>Organisation</th><th>Country</th></tr><tr><td>Sea Room</td><td>Chad</td></tr></table>"
    )
    assert [(e.name, e.country_code) for e in read_file("a.htm", table.encode()).signatories] == [
        ("Sea Room", "TD")
    ]


def test_other_encodings_are_read():
    assert names(read_file("a.txt", "Signatories:\n1. Über Hafen\n2. Ça va".encode("cp1252"))) == [
        "Über Hafen",
        "Ça va",
    ]
    assert names(read_file("a.txt", "Signatories:\n1. Über Hafen\n2. Ça va".encode("utf-16"))) == [
        "Über Hafen",
        "Ça va",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UK", "GB"),
        ("U.S.A.", "US"),
        ("DRC", "CD"),
        ("Allemagne", "DE"),
        ("مصر", "EG"),
        ("Россия", "RU"),
        ("Harbour", None),
    ],
)
def test_country_names(text, code):
    assert country_code(text) == code


def test_ten_thousand_lines_are_all_read():
    text = "Signatories:\n" + "\n".join(
        f"{i}. Harbour Network No {i} (HN{i}), Peru" for i in range(1, 10_001)
    )
    reading = read_list(text)
    assert len(reading.signatories) == 10_000
    assert reading.signatories[-1].line == 10_001


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([".txt", ".md", ".html", ".csv", ".tsv", ".json"]))
def test_no_file_raises_anything_but_unreadable(data, ending):
    try:
        reading = read_file("list" + ending, data)
    except Unreadable as error:
        assert str(error).endswith(".")
    else:
        assert isinstance(reading, Reading)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), max_size=5), max_size=8))
def test_every_filled_row_is_an_entry_or_ignored(rows):
    reading = read_table(rows)
    filled = [i for i, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    assert sorted([e.line for e in reading.signatories] + [i.line for i in reading.ignored]) == filled
