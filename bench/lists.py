"""How well lists are read: each folder of CASES holds a list (source.txt) and its entries as a careful reader
gives them (expected.json). Nothing is needed but the interpreter; run it from the root of the checkout:

    .venv/bin/python bench/lists.py CASES [--worst 10] [--case NAME]

Prints the share of names found (F1), of entries with every field right and of lists with every entry right, the
worst lists with the fields that differ, and the seconds that a list of 10,000 lines and a hostile text take. CASES
may stand in the environment as LIST_CASES; without it they are the made-up lists of the tests.
"""

import argparse
import json
import os
import pathlib
import sys
import time
import unicodedata
from dataclasses import asdict, dataclass, field
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[1]
MADE_UP = ROOT / "tests" / "fixtures" / "lists"
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "1")

import django  # noqa: E402

django.setup()

from signatories.reading import read_file, read_list  # noqa: E402

FIELDS = ("name", "acronym", "country", "person", "role", "kind")
QUOTES = {ord(c): "'" for c in "‘’‛`´ʼ"} | {ord(c): '"' for c in "“”„«»″"}
LINES = 10_000
HOSTILE = 100_000  # characters
PIECES = (
    *(
        ",",
        "(",
        "()",
        "1",
        "and ",
        "a.",
        "[",
        "[](",
        "<",
        '"',
        "*",
        "&amp;",
        "\u0301",
        ";",
        "a: ",
        "\U0001f1eb\U0001f1f7",
    ),
    *(
        "Open Quays, ",
        "Open Quays; ",
        "member of the Board of ",
        "signed by A, B, C. ",
        "Aa ",
        "a\n",
        "1. a\n",
        "abc-\n",
    ),
    *(
        "Ada Pell, Open Quays, Sea Room, and\n",
        "President of ",
        "Ada Pell President ",
        "開放港口、",
        "والنقابة، ",
        "a\tb\n",
    ),
    *(
        "| a | b |\n",
        "Rome, 9 ",
        "de la ",
        "a / b ",
        "<!-- ",
        "Abcdef",
        "ABC – ",
        "Open Quays, Perux\n",
        "Sincerely,\n",
        "1. a ",
    ),
)


def alike(value: Any) -> str:
    """`value` without white space, quotation marks' shape, Unicode form and case: what the comparison ignores."""
    text = unicodedata.normalize("NFKC", str(value or "")).translate(QUOTES)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(text.split()).strip(" .;,\"'").casefold()


def key(entry: dict[str, Any]) -> str:
    """What an entry is found by: the person of an individual, else the name."""
    individual = entry.get("kind") == "individual" and entry.get("person")
    return alike(entry["person"] if individual else entry.get("name"))


@dataclass
class Case:
    """The outcome for one list."""

    name: str
    expected: int = 0
    made: int = 0
    found: int = 0
    exact: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return self.exact == self.expected == self.made

    @property
    def score(self) -> float:
        extra = self.made - self.found
        return self.exact / max(1, self.expected) - extra / max(1, self.made)


def judge(folder: pathlib.Path) -> Case:
    """Read the list in `folder` and compare it with the truth beside it."""
    expected = json.loads((folder / "expected.json").read_text())
    source = folder / "source.txt"
    left = [asdict(entry) for entry in read_file(source.name, source.read_bytes()).signatories]
    case = Case(folder.name, len(expected), len(left))
    for entry in expected:
        match = next((got for got in left if key(got) == key(entry)), None)
        if match is None:
            case.faults.append(f"missing  {describe(entry)}")
            continue
        left.remove(match)
        case.found += 1
        wrong = [name for name in FIELDS if alike(match.get(name)) != alike(entry.get(name))]
        case.exact += not wrong
        if wrong:
            said = "; ".join(f"{name} {match.get(name)!r}, not {entry.get(name)!r}" for name in wrong)
            case.faults.append(f"wrong    {key(entry)}: {said}")
    case.faults += [f"extra    {describe(entry)} (line {entry['line']})" for entry in left]
    return case


def describe(entry: dict[str, Any]) -> str:
    """The filled fields of an entry in a line."""
    return " | ".join(f"{name}={entry[name]}" for name in FIELDS if entry.get(name))


def report(cases: list[Case], worst: int) -> None:
    """Print the figures and the lists that are furthest off."""
    total, made, found, exact = (
        sum(getattr(case, name) for case in cases) for name in ("expected", "made", "found", "exact")
    )
    faulty = sorted((case for case in cases if not case.whole), key=lambda case: case.score)
    for case in faulty[:worst]:
        print(f"{case.name}: {case.expected} expected, {case.made} made, {case.exact} exact")
        print(*(f"    {fault}" for fault in case.faults), sep="\n")
    precision, recall = found / max(1, made), found / max(1, total)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    whole = sum(case.whole for case in cases)
    print(f"names F1 {f1:.3f} (precision {precision:.3f}, recall {recall:.3f})")
    print(f"entries exact {exact / max(1, total):.3f} ({exact} of {total})")
    print(f"lists exact {whole / max(1, len(cases)):.3f} ({whole} of {len(cases)})")


def seconds(text: str, rounds: int = 1) -> float:
    """Seconds of the processor for reading `text`, the best of several rounds."""
    took = []
    for _ in range(rounds):
        start = time.process_time()
        read_list(text)
        took.append(time.process_time() - start)
    return min(took)


def report_times() -> None:
    """Print the seconds of a long list, and of the text of the same kind again and again that takes longest."""
    read_list("Signatories:\n1. Open Quays, Norway\n2. Sea Room, Peru")  # the tables of names are read once
    lines = (f"{i}. Harbour Network of Coast No {i} (HNC{i}), Peru" for i in range(1, LINES + 1))
    text = "Signatories:\n" + "\n".join(lines)
    print(f"{LINES:,} lines read in {seconds(text, rounds=3):.2f} s")
    slowest = max((seconds(piece * (HOSTILE // len(piece))), piece) for piece in PIECES)
    print(
        f"the slowest of {len(PIECES)} hostile texts, {slowest[1]!r} again and again, read in {slowest[0]:.2f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=pathlib.Path, nargs="?", default=os.environ.get("LIST_CASES", MADE_UP))
    parser.add_argument("--worst", type=int, default=10)
    parser.add_argument("--case")
    args = parser.parse_args()
    folders = sorted(p for p in args.cases.iterdir() if (p / "expected.json").exists())
    report([judge(f) for f in folders if args.case in (None, f.name)], args.worst)
    if not args.case:
        report_times()


if __name__ == "__main__":
    main()
