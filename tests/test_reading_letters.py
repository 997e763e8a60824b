"""Reading of letter documents: every part in its place, no paragraph and no link lost."""

import datetime
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signatories.documents import ReadAddressee, Unreadable, read_letter
from signatories.documents.parts import find_date, language_of, read_dateline
from signatories.reading import read_list

FIXTURES = Path(__file__).parent / "fixtures"
SHARED = Path(__file__).resolve().parents[2] / "shared"


def read(name: str):
    return read_letter(name, (FIXTURES / name).read_bytes())


def test_text_copied_from_a_page():
    letter = read("letter_copied_from_page.txt")
    assert (letter.topic, letter.title) == (
        "Rivers",
        "The Tessen dam decision belongs to those who live below it",
    )
    assert letter.date == datetime.date(2024, 3, 14)
    assert letter.language == "en"
    assert letter.standfirst == (
        "<p>Read the joint letter below.</p>\n<p>The Lowland Rivers Office has published "
        '<a href="https://rivers.example/study">a longer study of the dam</a> and of what it would flood.</p>'
    )
    assert letter.salutation == "Dear Minister Okonjo-Vale,"
    assert letter.addressees == [ReadAddressee("Minister Okonjo-Vale", "", "")]
    assert letter.picture_credit == "Mira Tolland / LRO"
    assert letter.closing == ""


def test_body_keeps_every_paragraph_and_link_and_mends_the_broken_paragraph():
    body = read("letter_copied_from_page.txt").body
    assert re.findall(r'href="([^"]*)"', body) == ["#", "https://court.example/tessen?id=7&amp;lang=en", "#"]
    assert body.count("<p>") == 3
    assert body.count("<li>") == 3
    assert body.endswith(
        "<p>We remain ready to meet you, and we will go on working with the villages towards that"
        " hearing.</p>"
    )
    assert "Signatories" not in body and "LRO" not in body and "Dear" not in body


def test_list_part_is_handed_on_without_credit_and_publisher():
    letter = read("letter_copied_from_page.txt")
    lines = letter.signatories.splitlines()
    assert len(lines) == 7
    assert lines[0] == "1. Alder Valley Fishers' Union"
    source = (FIXTURES / "letter_copied_from_page.txt").read_text().splitlines()
    assert source[letter.first_list_line - 1] == lines[0]
    assert len(read_list(letter.signatories).signatories) == 7


def test_markdown_with_address_footnote_closing_and_groups():
    letter = read("letter_with_footnotes.md")
    assert letter.title == "Open letter on the night ferries"
    assert (letter.place, letter.date) == ("Marrow Bay", datetime.date(2025, 11, 5))
    assert letter.addressees == [
        ReadAddressee("Ms Ilse Brandvoort", "Director of Ferry Services", "Marrow Bay Port Authority")
    ]
    assert letter.subject == "the last boat of the evening"
    assert letter.salutation == "Dear Ms Brandvoort,"
    assert "Coast Roads Forum on behalf" in letter.standfirst
    assert "^[Counted in <em>August</em>: 312 people a night.]" in letter.body
    assert "<strong>the only way home</strong>" in letter.body
    assert "<h2>What we ask</h2>" in letter.body and "<blockquote>" in letter.body
    assert 'href="https://ports.example/report"' in letter.body
    assert letter.closing == "<p>Yours sincerely,</p>"
    assert letter.picture_credit == "Coast Roads Forum"
    got = [(e.group, e.kind, e.name, e.person, e.acronym) for e in read_list(letter.signatories).signatories]
    assert got == [
        ("Organisations", "organisation", "Association of Night Workers", None, "ANW"),
        ("Organisations", "organisation", "Island Schools Network", None, None),
        ("Individuals", "individual", None, "Dr Tamsin Orrell", None),
        ("Individuals", "individual", "Marrow Bay School", "Jo Petrakis", None),
    ]


def test_html_page_without_its_navigation_scripts_and_footer():
    letter = read("letter_page.html")
    assert letter.title == "Lettre ouverte sur les jardins de la rue Basse"
    assert (letter.place, letter.date, letter.language) == ("Lyre-sur-Orne", datetime.date(2026, 2, 1), "fr")
    assert letter.salutation == "Madame la Maire,"
    assert letter.body.startswith("<p>Les jardins") and "<em>deux cents familles</em>" in letter.body
    assert '<a href="https://jardins.example/charte">la charte</a>' in letter.body
    assert letter.body.count("<li>") == 2
    assert letter.closing == "<p>Veuillez agréer, Madame la Maire, nos salutations les meilleures.</p>"
    assert letter.picture_credit == "Atelier Basse"
    got = [(e.name, e.acronym, e.country_code) for e in read_list(letter.signatories).signatories]
    assert got == [
        ("Jardins Partagés de l’Orne", "JPO", None),
        ("Ligue des Abeilles & des Haies", None, None),
        ("Terre d’En Bas", None, "BE"),
    ]
    assert [item.words for item in letter.left_out] == ["Accueil", "Contact", "Mentions légales"]
    everything = repr(replace(letter, left_out=[]))
    assert "Accueil" not in everything and "Mentions" not in everything
    assert "alert" not in repr(letter)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real letters are not beside this checkout")
def test_first_real_letter():
    letter = read_letter("letter.txt", (SHARED / "seed" / "letter.txt").read_bytes())
    assert letter.topic == "HRC" and letter.title.startswith("US withdrawal")
    assert letter.date == datetime.date(2018, 6, 22)
    assert letter.body.count("<p>") == 4 and letter.body.count("<a ") == 3
    assert letter.body.endswith("towards those goals.</p>")
    assert letter.standfirst.count("<p>") == 2 and letter.standfirst.count("<a ") == 1
    assert letter.salutation == "Dear Ambassador Haley," and letter.picture_credit == "ISHR"
    assert len(read_list(letter.signatories).signatories) == 18


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22.06.2018", (2018, 6, 22)),
        ("22/06/2018", (2018, 6, 22)),
        ("2018-06-22", (2018, 6, 22)),
        ("June 22, 2018", (2018, 6, 22)),
        ("the 22nd of June 2018", (2018, 6, 22)),
        ("le 1er août 2020", (2020, 8, 1)),
        ("3 de marzo de 2021", (2021, 3, 3)),
        ("3. März 2021", (2021, 3, 3)),
        ("31 June 2018", None),
        ("99.99.2018", None),
    ],
)
def test_dates(text, expected):
    found = find_date(text)
    assert (found and found[0]) == (expected and datetime.date(*expected))


def test_a_sentence_with_a_date_is_no_dateline():
    assert read_dateline("Geneva, Friday, 22 June 2018") is not None
    assert read_dateline("We met on 22 June 2018 and agreed.") is None
    assert read_dateline("We met the port's director and her staff on 22 June 2018") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The gates of the port and the sea are for all of us", "en"),
        ("Nous demandons que les ports et les quais soient ouverts pour une année", "fr"),
        ("Pedimos que los puertos y las playas se abran para el pueblo", "es"),
        ("نطالب بفتح المرافئ", "ar"),
        ("Мы просим открыть порт", "ru"),
        ("我們要求開放港口", "zh"),
        ("", ""),
    ],
)
def test_language(text, language):
    assert language_of(text) == language


def test_letter_without_salutation_or_list_keeps_its_text():
    letter = read_letter(
        "a.txt", b"A harbour for all\n\nGeneva, 3 May 2024\n\nWe want a harbour.\n\nAnd soon."
    )
    assert (letter.title, letter.place) == ("A harbour for all", "Geneva")
    assert letter.body == "<p>We want a harbour.</p>\n<p>And soon.</p>"
    assert (letter.salutation, letter.standfirst, letter.signatories, letter.first_list_line) == (
        "",
        "",
        "",
        0,
    )


def test_address_lines_with_a_copy_and_wrapped_text():
    head = "Open letter\n\nTo: Ms A Vale, Minister of Ports, Port House\ncc: Jo Orrell\n\nDear Ms Vale,\n\n"
    text = head + "We\nwrite.\n\nRespectfully,\n\nOpen Quays\nSea Room"
    letter = read_letter("a.txt", text.encode())
    assert letter.addressees == [
        ReadAddressee("Ms A Vale", "Minister of Ports", "Port House"),
        ReadAddressee("Jo Orrell", "", "", is_copy=True),
    ]
    assert letter.body == "<p>We write.</p>"
    assert letter.closing == "<p>Respectfully,</p>"
    assert letter.signatories == "Open Quays\nSea Room"


@pytest.mark.parametrize(
    ("end", "closing", "how"),
    [
        ("Signatories:\nOpen Quays\nSea Room", "", "heading"),
        ("Yours sincerely,\nOpen Quays\nSea Room", "<p>Yours sincerely,</p>", "closing"),
        ("And we will.\nSigned by:\n- Open Quays\n- Sea Room", "", "heading"),
        (
            "A long line that is wrapped and goes on and on as lines of a mail do, and\nends here.\nSignatories:\nOpen Quays\nSea Room",
            "",
            "heading",
        ),
        (
            "Signatories:\n\nOpen Quays\nSea Room\nThe Observatory of all the Rivers and Shores between the Capes and the Delta",
            "",
            "heading",
        ),
    ],
)
def test_a_list_is_found_with_its_heading_right_above_and_names_a_line_each(end, closing, how):
    letter = read_letter("a.txt", f"A harbour for all\n\nDear Ms Vale,\n\nWe write.\n\n{end}".encode())
    found = read_list(letter.signatories).signatories
    assert [entry.name for entry in found][:2] == ["Open Quays", "Sea Room"]
    assert len(found) == (3 if "Observatory" in end else 2)
    assert (letter.closing, letter.marks["signatories"].how) == (closing, how)


def test_headings_without_end_are_read():
    letter = read_letter("a.txt", b"A harbour\n\n" + b"Signatories:\n# Quays\n" * 3000)
    assert letter.title == "Quays"


def test_general_address_names_nobody():
    letter = read_letter("a.txt", b"A harbour for all\n\nDear Sir or Madam,\n\nOpen it.")
    assert letter.addressees == []


@pytest.mark.parametrize(
    ("filename", "data"), [("a.docx", b"PK"), ("a.pdf", b"%PDF"), ("a", b"x"), ("a.txt", b" \n")]
)
def test_what_cannot_be_read_says_so_in_a_sentence(filename, data):
    with pytest.raises(Unreadable, match=r"\.$"):
        read_letter(filename, data)


PIECES = st.sampled_from(
    [
        "\n\n",
        "\n",
        "Dear Ms Vale,",
        "# ",
        "## ",
        "- ",
        "1. ",
        "Signatories:",
        "Sincerely,",
        "Photo: x",
        "22.06.2018",
        "To: ",
        "Re: ",
        "[a](#)",
        "[^1]",
        "[^1]: n",
        "<p>",
        "</p>",
        "<ul>",
        "<li>",
        "</ul>",
        "<table>",
        "<td>",
        "<article>",
        "</article>",
        "<br>",
        "<main>",
        "text that runs on.",
        "lower",
        "Short Line",
        "a ",
        " b",
        "&amp;",
        "<h1>",
        "</h1>",
        "<footer>",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from([".txt", ".md", ".html"]))
def test_any_document_is_read_or_refused(text, ending):
    try:
        letter = read_letter("letter" + ending, text.encode())
    except Unreadable as error:
        assert "holds no text" in str(error)
    else:
        assert letter.title.strip()


LINES = st.sampled_from(
    [
        "alpha", "Beta Gamma", "# Delta", "Dear Ms Epsilon,", "Re: zeta eta", "To: Theta, Iota", "cc: Kappa; Lambda",
        "Marrow Bay, 3 May 2024", "- mu", "1. Nu Xi", "2. Omicron", "Signatories:", "Yours sincerely,", "Photo: Pi Rho",
        "We write about sigma and tau, and go on for a while to be a sentence.", "Photo: Upsilon", "Share this: Phi", "Chi Psi",
    ]
)  # fmt: skip
WORD = re.compile(r"[^\W_]{2,}")
LABELS = {"re", "to", "cc", "photo", "date"}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n"])), min_size=1, max_size=16))
def test_every_word_stands_in_a_part_or_is_said_to_be_left_out(lines):
    text = "".join(line + end for line, end in lines)
    letter = read_letter("letter.txt", text.encode())
    kept = set(WORD.findall(repr(letter).replace("\\n", " "))) | {str(letter.date and letter.date.year)}
    assert set(WORD.findall(text)) - kept - {word.capitalize() for word in LABELS} - LABELS == set()
