"""What events are about, in words: the rows that they name as "signature:12". Each app says how its rows are named."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from letters.typed import whole


@dataclass(frozen=True)
class Kind:
    """A kind of row: its page in the desk (as in ``signatories_signature``), who may see it, and what gives the names
    of many rows by one question."""

    page: str
    permission: str
    names: Callable[[set[int]], dict[int, str]]


@dataclass(frozen=True)
class About:
    """The row that an event is about: its words, and its page where the person may open it."""

    words: str
    url: str = ""

    def __str__(self) -> SafeString:
        # A name has a direction of its own, whatever stands around it.
        named = format_html("<bdi>{}</bdi>", self.words)
        return format_html('<a href="{}">{}</a>', self.url, named) if self.url else named

    __html__ = __str__


KINDS: dict[str, Kind] = {}


def about(subjects: Iterable[str], user: Any) -> dict[str, About]:
    """What each of the ``subjects`` is for this person, who is told no name of a row that is not theirs to see."""
    wanted: dict[str, set[int]] = {}
    for subject in set(subjects):
        kind, _colon, typed = subject.partition(":")
        if kind in KINDS and (number := whole(typed)) and user.has_perm(KINDS[kind].permission):
            wanted.setdefault(kind, set()).add(number)
    found: dict[str, About] = {}
    for kind, numbers in wanted.items():
        for number, words in KINDS[kind].names(numbers).items():
            found[f"{kind}:{number}"] = About(
                words, reverse(f"admin:{KINDS[kind].page}_change", args=[number])
            )
    return {subject: found.get(subject) or About(_plain(subject)) for subject in set(subjects) if subject}


def _plain(subject: str) -> str:
    """A subject without a name: "message #12"."""
    kind, _colon, number = subject.partition(":")
    return f"{kind} #{number}" if number.isdecimal() else number or kind
