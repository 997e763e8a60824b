"""Whole lists in the forms that occur, all made up: every entry is right, and no line is lost."""

import json
from pathlib import Path

import pytest

from signatories.reading import read_list

LISTS = Path(__file__).parent / "fixtures" / "lists"
FIELDS = ("kind", "name", "acronym", "country", "person", "role")


@pytest.mark.parametrize("folder", sorted(LISTS.iterdir()), ids=lambda folder: folder.name)
def test_every_entry_is_as_a_careful_reader_gives_it(folder):
    reading = read_list((folder / "source.txt").read_text())
    expected = json.loads((folder / "expected.json").read_text())
    got = [{field: getattr(entry, field) for field in FIELDS} for entry in reading.signatories]
    assert got == [{field: entry.get(field) for field in FIELDS} for entry in expected]


@pytest.mark.parametrize("folder", sorted(LISTS.iterdir()), ids=lambda folder: folder.name)
def test_every_word_is_in_an_entry_or_in_an_ignored_line(folder):
    lines = (folder / "source.txt").read_text().splitlines()
    reading = read_list("\n".join(lines))
    starts = {entry.line for entry in reading.signatories}
    kept = starts | {ignored.line for ignored in reading.ignored}
    for number, line in enumerate(lines, start=1):
        assert not line.strip() or number in kept or number - 1 in starts, f"line {number} is lost: {line}"
