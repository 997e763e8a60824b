"""What changed from one text version to another, word by word. Pure functions, no database.

Compared are the lines of the canonical bytes (``letters.texts``), so that nothing that is signed can change unseen: not a
link's address, not an emphasis.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Protocol

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from letters import marks, texts

# An escaped character, a single letter of a script that does not part words, a word, white space, or a mark.
TOKEN = re.compile(
    r"\\[\\*_\[\]<>|#=\-0-9]|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+|\s+|[^\w\s]"
)
ALIKE = 0.4  # two paragraphs that share less are shown whole, one taken out and one put in
# Longer ones are compared by a quicker, coarser way: what a malicious editor could make of them must not hold a page.
MOST_LINES = 1000
MOST_TOKENS = 4000
LONGEST = 8_000  # tokens of a paragraph, beyond which it is shown whole
MOST_WORK = 6_000_000  # pairs of tokens in one part of a text, beyond which its paragraphs are shown whole
REMEMBERED, MOST_REMEMBERED = 256, 100_000  # comparisons, and characters of one of them
# What a line of a body begins with: signs of quotations, then of a heading or of an item of a bulleted list.
BEGINS = re.compile(r"(?P<quote>(?: *> ?)*)(?P<kind>#{2,3} | *-\+? )?(?=\S)")
LOOKS = {"##": "heading", "###": "subheading", "-": "item", "-+": "item"}
PARTS = ("title", "place", "subject", "salutation", "body", "closing")


@dataclass(frozen=True, slots=True)
class Span:
    """Words that stayed ("same"), were taken out ("out") or put in ("in"). ``laid_out`` is the same as safe HTML: in words
    that stayed, emphasis, links and notes are shown as what they are; in those that did not, their marks stand as they are
    written, so that a change of them is seen. Of a line that is new or gone as a whole the links alone stand so."""

    kind: str
    words: str
    laid_out: SafeString = field(default=SafeString(), compare=False)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or line with its spans; or, without any, ``unchanged`` paragraphs that are not repeated. ``mark`` is
    what the whole line begins with before and after, such as "### ", and stands in no span; ``look`` says it in words, for
    a page: "heading", "subheading", "item", "quote", or two of them."""

    spans: tuple[Span, ...] = ()
    unchanged: int = 0
    mark: str = ""

    @property
    def look(self) -> str:
        begins = BEGINS.match(self.mark + "x")
        kind = (begins["kind"] or "").strip() if begins else ""
        return " ".join(filter(None, ("quote" if begins and begins["quote"] else "", LOOKS.get(kind, ""))))

    @property
    def before(self) -> str:
        """The words as they were."""
        return self._side("in")

    @property
    def after(self) -> str:
        """The words as they are."""
        return self._side("out")

    def _side(self, other: str) -> str:
        words = "".join(span.words for span in self.spans if span.kind != other)
        return self.mark + words if words else ""


@dataclass(frozen=True, slots=True)
class Change:
    """The changed blocks of one part: a key of ``PARTS``, "addressees" or "copies", "date" or "language"."""

    part: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed in one language, or around the texts (``language`` is empty then). ``whole`` is "added" or "removed"
    for a language that only one of the two versions has."""

    language: str
    changes: tuple[Change, ...]
    whole: str = ""

    @property
    def direction(self) -> str:
        return texts.direction(self.language) if self.language else ""


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Comparison, ...]:
    """What changed between two contents (``TextVersion.content``): around the texts first, then language by language, the
    authoritative one first. Empty when nothing did."""
    found = [Comparison("", tuple(_around(before, after)))]
    old, new = before["texts"], after["texts"]
    for language in sorted({*old, *new}, key=lambda tag: (tag != after["language"], tag)):
        if language not in old or language not in new:
            found.append(Comparison(language, (), "added" if language in new else "removed"))
        elif old[language] != new[language]:
            found.append(Comparison(language, tuple(_in_words(old[language], new[language]))))
    return tuple(item for item in found if item.changes or item.whole)


def touches(comparisons: Sequence[Comparison], language: str) -> bool:
    """Whether the text in ``language`` changed, or what stands around the texts: to whom the letter is, its date."""
    return any(found.language in ("", language) for found in comparisons)


class Stored(Protocol):
    """A text version: its content never changes, and its digest names it."""

    digest: str
    content: Mapping[str, Any]


_remembered: OrderedDict[tuple[str, str], tuple[Comparison, ...]] = OrderedDict()


def between(before: Stored, after: Stored) -> tuple[Comparison, ...]:
    """The same of two stored versions; remembered, since readers ask for it again and again."""
    key = (before.digest, after.digest)
    found = _remembered.get(key)
    if found is None:
        found = compare(before.content, after.content)
        if _size(found) <= MOST_REMEMBERED:
            _remembered[key] = found
            while len(_remembered) > REMEMBERED:
                with suppress(KeyError):  # another thread was quicker
                    _remembered.popitem(last=False)
    return found


def _size(comparisons: Sequence[Comparison]) -> int:
    return sum(
        len(span.words) + len(span.laid_out)
        for comparison in comparisons
        for change in comparison.changes
        for block in change.blocks
        for span in block.spans
    )


def figures(changes: Sequence[Comparison]) -> bool:
    """Whether a number changed, which is seldom typographical."""
    return any(
        sorted(re.findall(r"\d+", block.before)) != sorted(re.findall(r"\d+", block.after))
        for comparison in changes
        for change in comparison.changes
        for block in change.blocks
    )


def word_count(changes: Sequence[Comparison]) -> int:
    """How many words were taken out or put in."""
    return sum(
        len(re.findall(r"\w+", span.words))
        for comparison in changes
        for change in comparison.changes
        for block in change.blocks
        for span in block.spans
        if span.kind != "same"
    )


def _around(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    yield from _change("date", [before["date"]], [after["date"]])
    yield from _change("language", [before["language"]], [after["language"]])
    for part in ("addressees", "copies"):
        yield from _change(part, *([_party(party) for party in side[part]] for side in (before, after)))


def _party(party: Mapping[str, str]) -> str:
    return texts.paragraph(", ".join(party[key] for key in ("name", "function", "body") if party[key]))


def _in_words(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for part in PARTS:
        split = texts.body_lines if part == "body" else _lines
        yield from _change(part, split(before[part]), split(after[part]))


def _lines(words: str) -> list[str]:
    """Lines as the canonical bytes have them: white space folded, what looks like a mark escaped, no empty ones."""
    return [folded for line in words.split("\n") if (folded := texts.paragraph(line))]


def _change(part: str, before: list[str], after: list[str]) -> Iterator[Change]:
    if before != after:
        yield Change(part, tuple(_blocks(before, after)))


def _blocks(before: list[str], after: list[str]) -> Iterator[Block]:
    coarse = len(before) + len(after) > MOST_LINES
    work = [MOST_WORK]
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=coarse).get_opcodes():
        if kind == "equal":
            yield Block(unchanged=a2 - a1)
            continue
        for old, new in zip_longest(before[a1:a2], after[b1:b2]):
            if old is None or new is None:
                yield _whole("in", new) if old is None else _whole("out", old)
            else:
                yield from _words(old, new, work)


def _begins(line: str) -> str:
    """What the line begins with that a page shows otherwise than by its marks; empty for a paragraph."""
    found = BEGINS.match(line)
    return found[0] if found else ""


def _whole(kind: str, line: str, *, marked: bool = False) -> Block:
    """A line that is new, or gone, as a whole; ``marked``: with its mark, since another one stands against it."""
    mark = "" if marked else _begins(line)
    words = line[len(mark) :]
    # Nothing stands against it word by word, so that its emphasis hides no change; where a link leads is always said.
    pairs = {pair for pair in marks.pairs(words) if pair[-1] != "["}
    return Block((Span(kind, marks.shown(words), marks.laid_out(words, pairs)),), mark=mark)


def _words(before: str, after: str, work: list[int]) -> Iterator[Block]:
    differ = _begins(before) != _begins(after)
    mark = "" if differ else _begins(before)
    before, after = before[len(mark) :], after[len(mark) :]
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    work[0] -= len(old) * len(new)
    if len(old) + len(new) > LONGEST or work[0] < 0:
        yield _whole("out", mark + before, marked=differ)
        yield _whole("in", mark + after, marked=differ)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > MOST_TOKENS)
    same = sum(size for _a, _b, size in matcher.get_matching_blocks())
    if 2 * same < ALIKE * (len(old) + len(new)) and min(len(old), len(new)) > 8:
        yield _whole("out", mark + before, marked=differ)
        yield _whole("in", mark + after, marked=differ)
        return
    spans = []
    paired = marks.pairs(before), marks.pairs(after)
    for kind, a1, a2, b1, b2 in _joined(matcher.get_opcodes(), old):
        if kind == "equal":
            words, place = "".join(old[a1:a2]), len("".join(old[:a1]))
            both = marks.within(paired[0], place, len(words)) & marks.within(
                paired[1], len("".join(new[:b1])), len(words)
            )
            spans.append(Span("same", marks.shown(words), marks.laid_out(words, both)))
            continue
        spans += [_span("out", "".join(old[a1:a2]))] if a2 > a1 else []
        spans += [_span("in", "".join(new[b1:b2]))] if b2 > b1 else []
    yield Block(tuple(spans), mark=mark)


Opcode = tuple[str, int, int, int, int]


def _joined(opcodes: Sequence[Opcode], old: list[str]) -> list[Opcode]:
    """Changes that only a space parts read as one: "the old words" → "their new text", not word for word."""
    out: list[Opcode] = []
    for kind, a1, a2, b1, b2 in opcodes:
        gap = (
            out
            and out[-1][0] == "equal"
            and len(out) > 1
            and not "".join(old[out[-1][1] : out[-1][2]]).strip()
        )
        if kind != "equal" and gap:
            out.pop()
            _kind, c1, _c2, d1, _d2 = out.pop()
            out.append(("replace", c1, a2, d1, b2))
        else:
            out.append((kind, a1, a2, b1, b2))
    return out


def _span(kind: str, words: str) -> Span:
    """Words that did not stay, with their marks as they are written."""
    return Span(kind, marks.shown(words), mark_safe(escape(marks.shown(words))))
