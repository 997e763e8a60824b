"""What holds for any text that is read as a list: nothing raises, nothing is lost, and what does not count does not."""

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signatories.reading import read_list

PIECES = st.sampled_from(
    [
        *(
            "\n",
            "\n\n",
            "1. ",
            "2. ",
            "- ",
            "* ",
            "Signatories:",
            "Signed by ",
            ", ",
            "; ",
            " and ",
            "(",
            ")",
            "[",
            "](#)",
        ),
        *(
            "**",
            "# ",
            " – ",
            ": ",
            "/",
            "France",
            "Dr ",
            "Ada Pell",
            "president of ",
            "Open Quays",
            "HRC",
            "e.V.",
            "350.",
        ),
        *(
            "والنقابة",
            "، ",
            "香港",
            "\t",
            "\u200b",
            "Photo: ",
            ".",
            "<!--",
            "<b>",
            "&amp;",
            "\r\n",
            "\u2028",
            "\x0b",
            '"',
        ),
        *(
            "、",
            "一、",
            "🇫🇷",
            "Director ",
            "Association ",
            "• ",
            "Lisboa",
            "(Norway)",
            " & ",
            "of ",
            "Avocat à la Cour",
        ),
        *(
            "[1]",
            "Page 3 of 4",
            "2018",
            "Sincerely,",
            "Supported by:",
            "Rome, 9 July 2018",
            "https://a.example",
            "|",
            "-",
        ),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join)))
def test_no_text_raises_and_no_entry_is_empty(text):
    reading = read_list(text)
    assert all((entry.name or entry.person or entry.role or "").strip() for entry in reading.signatories)
    assert all(ignored.reason and ignored.text for ignored in reading.ignored)
    assert bool(reading.signatories or reading.ignored) == bool(text.strip())


# Lines with a blank one between, so that none is the continuation of another.
LINES = st.lists(
    st.lists(PIECES.filter(lambda piece: not set(piece) & set('"\t\r\n\x0b\u2028|')), max_size=6), max_size=12
)


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_every_line_ends_in_an_entry_or_is_ignored(pieces):
    lines = ["".join(line) for line in pieces]
    reading = read_list("\n\n".join(lines))
    filled = {2 * i + 1 for i, line in enumerate(lines) if line.strip()}
    assert {e.line for e in reading.signatories} | {i.line for i in reading.ignored} == filled


NAMES = (
    "Alliance of Small Ports (ASP), Kenya",
    "Bürgerverein für stille Häfen e.V.",
    "Comité pour la défense des côtes, des quais et des digues",
    "Κέντρο Θάλασσας, Ελλάδα",
    "Союз тихих гаваней, Россия",
    "جمعية المرافئ الحرة",
    "開放港口協會",
    "Keel & Mast – Norway",
    "HRN: Harbour Rights Network",
    "Ada Pell, director, Open Quays, Perú",
    "Réseau Élan / Elan Network",
    "Dr Zoë Ångström, Harbour University",
)
FEW = st.lists(st.sampled_from(NAMES), min_size=3, max_size=8, unique=True)


def read(names, mark="{n}. "):
    """The entries of a numbered list, or of one with other marks, without their lines."""
    text = "Signatories:\n" + "\n".join(mark.format(n=n) + name for n, name in enumerate(names, start=1))
    return [replace(entry, line=0) for entry in read_list(text).signatories]


MARKS = ["{n}) ", "({n}) ", "{n}.  ", "{n}\t", "- ", "* ", "• ", "•", "{n}、", "1. "]


@settings(max_examples=60, deadline=None)
@given(FEW, st.sampled_from(MARKS))
def test_how_a_list_is_numbered_makes_no_difference(names, mark):
    assert read(names, mark) == read(names)


@settings(max_examples=60, deadline=None)
@given(FEW, st.sampled_from(["NFC", "NFD"]))
def test_the_unicode_form_makes_no_difference(names, form):
    assert read([unicodedata.normalize(form, name) for name in names]) == read(names)


SPACES = ["\u00a0", "  ", "\u202f", " \u200b", "\u3000", "\ufeff "]


@settings(max_examples=60, deadline=None)
@given(FEW, st.sampled_from(SPACES), st.sampled_from(["", " ", "\u00a0"]))
def test_white_space_makes_no_difference(names, space, around):
    assert read([around + name.replace(" ", space) + around for name in names]) == read(names)


@settings(max_examples=40, deadline=None)
@given(FEW, st.sampled_from(["\n", "\r\n", "\r", "\u2028", "\n\n", "\n \n"]))
def test_the_kind_of_line_end_makes_no_difference(names, end):
    text = end.join(["Signatories:", *(f"{n}. {name}" for n, name in enumerate(names, start=1))])
    assert [replace(entry, line=0) for entry in read_list(text).signatories] == read(names)


IN_A_SENTENCE = [
    "Open Quays",
    "Sea Room (SR)",
    "Pier Union",
    "Reef UK",
    "Blue Coast, Peru",
    "a few others of them",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(IN_A_SENTENCE), min_size=4))
def test_no_word_of_the_names_in_a_sentence_vanishes(names):
    text = (
        "This was signed by " + ", ".join(names) + ", and nobody asked them for it until the summer was over."
    )
    reading = read_list(text)
    kept = [ignored.text for ignored in reading.ignored]
    for entry in reading.signatories:
        fields = (entry.name, entry.acronym, entry.country, entry.person, entry.role, entry.note)
        kept += [field for field in fields if field]
    assert set(re.findall(r"\w+", ", ".join(names))) <= set(re.findall(r"\w+", " ".join(kept)))


@pytest.mark.parametrize(
    "piece",
    [
        *(
            ",",
            "(",
            "()",
            "1",
            "and ",
            "[](",
            "<",
            "*",
            "a: ",
            "a\n",
            "abc-\n",
            "Open Quays, ",
            "Open Quays; ",
            "1. a ",
        ),
        *(
            "signed by A, B, C. ",
            "member of the Board of ",
            "Ada Pell, Open Quays, Sea Room, and\n",
            "والنقابة، ",
            "🇫🇷",
        ),
    ],
)
def test_hostile_text_of_any_length_is_read(piece):
    reading = read_list(piece * (30_000 // len(piece)))
    assert reading.signatories or reading.ignored
