"""The words of a letter: cleaning, laying out, canonical bytes and their digest. No database.

The canonical bytes are specified in ``docs/text-versions.md``; whoever changes this file changes that one, and
gives the format a new number.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from letters.markup import Node, parse, plain, to_html

FORMAT = "Undersigned text version, format 1"
# Languages written from right to left (ISO 639 codes of the scripts Arabic, Hebrew, Thaana, N'Ko, Syriac).
RIGHT_TO_LEFT = {
    "ar",
    "arc",
    "ckb",
    "dv",
    "fa",
    "he",
    "ks",
    "nqo",
    "prs",
    "ps",
    "sd",
    "syr",
    "ug",
    "ur",
    "yi",
}
# White space in a line, whatever ends a line included; no-break spaces are none.
SPACES = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
OPEN, CLOSE = "^[", "]"
MOST_NOTES, LONGEST_NOTE = 500, 5000  # more are words like any other
TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
SPECIAL = re.compile(r"([\\*_\[\]<>])")
STARTS_LIKE_BLOCK = re.compile(r"^(?=[#>=-]|\d+\.\s)")


def direction(language: str) -> str:
    """``rtl`` or ``ltr`` for a language tag."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def folded(words: str) -> str:
    """Words for searching: casefolded, without accents, white space folded."""
    parts = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())


def languages_of(content: Mapping[str, Any]) -> list[str]:
    """The languages of a version's texts, the authoritative one first, the others by tag."""
    own = content["language"]
    return [own, *sorted(set(content["texts"]) - {own})]


def searched(content: Mapping[str, Any]) -> tuple[str, str]:
    """What a search finds of a version: its titles, and all its words with those of the addressees; both folded."""
    found = [content["texts"][content["language"]], *content["texts"].values()]
    titles = [words["title"] for words in found]
    parties = [party[key] for party in (*content["addressees"], *content["copies"]) for key in party]
    rest = [f"{words['subject']} {plain(parse(words['body']))}" for words in found[1:]]
    return folded(" ".join(titles)), folded(" ".join([*titles, *parties, *rest]))


def clean(html: str | None) -> str:
    """HTML reduced to what a letter may use, in normal form. Idempotent; never raises."""
    return to_html(parse(html or ""))


def summary(html: str, length: int = 200) -> str:
    """The first words of a text without markup and footnotes, cut at a word and marked with an ellipsis."""
    words = _without_notes(plain(parse(html)))
    if len(words) <= length:
        return words
    return words[:length].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _without_notes(words: str) -> str:
    """Plain words without their notes ``^[…]``, in which brackets may stand; one that does not close is words."""
    out, position = [], 0
    while (start := words.find(OPEN, position)) >= 0:
        end, depth = start + len(OPEN), 1
        while end < len(words) and depth:
            depth += (words[end] == "[") - (words[end] == CLOSE)
            end += 1
        if depth:
            break
        out.append(words[position:start])
        position = end
    return "".join(out) + words[position:]


def plain_lines(html: str) -> str:
    """The words of each block and line, one a line, without markup."""
    parts = re.split(r"<br>|</(?:p|h2|h3|li)>", clean(html))
    return "\n".join(line for part in parts if (line := plain(parse(part))))


# --- Laying out


def render(html: str, prefix: str = "fn") -> SafeString:
    """Cleaned HTML with its inline notes ``^[…]`` as numbered footnotes: a mark that links to the note, and the
    notes in a list at the end. ``prefix`` keeps the ids of two texts on one page apart."""
    body, notes = laid_out(html, prefix)
    return mark_safe(body + notes)


def laid_out(html: str, prefix: str = "fn") -> tuple[SafeString, SafeString]:
    """The same in two parts, the body and the list of its notes, for a page on which the closing stands between them.
    Without notes the second part is empty."""
    body, notes = notes_apart(
        clean(html),
        lambda n: (
            # A word joiner: the mark begins no line.
            f'\u2060<sup class="mark"><a id="{prefix}ref-{n}" href="#{prefix}-{n}" role="doc-noteref">{n}</a></sup>'
        ),
    )
    if not notes:
        return mark_safe(body), mark_safe("")
    items = "".join(
        f'<li id="{prefix}-{n}">{note} <a class="back" href="#{prefix}ref-{n}" aria-label="↩ {n}">↩</a></li>'
        for n, note in enumerate(notes, 1)
    )
    return mark_safe(body), mark_safe(
        f'<section class="notes" role="doc-endnotes"><ol>{items}</ol></section>'
    )


def notes_apart(html: str, mark: Callable[[int], str]) -> tuple[str, list[str]]:
    """Cleaned HTML with ``mark(n)`` where its n-th note stood (counted from 1), and the HTML of each note."""
    notes: list[str] = []
    out, position = [], 0
    for _ in range(MOST_NOTES):
        start = html.find(OPEN, position)
        if start < 0:
            break
        # An address may hold anything, also several marks: its tag may have begun before the last of them.
        in_tag = html.rfind("<", 0, start) > html.rfind(">", 0, start)
        end = -1 if in_tag else _note_end(html, start + len(OPEN))
        if end < 0:
            out.append(html[position : start + len(OPEN)])
            position = start + len(OPEN)
            continue
        notes.append(html[start + len(OPEN) : end].strip())
        out.extend([html[position:start].rstrip(" "), mark(len(notes))])
        position = end + len(CLOSE)
    out.append(html[position:])
    return "".join(out), notes


def _note_end(html: str, start: int) -> int:
    """Where the bracket of a note closes, or -1 when it does not close within its own element."""
    depth, open_tags, position = 0, 0, start
    while position < min(len(html), start + LONGEST_NOTE):
        if html[position] == "<":
            tag = TAG.match(html, position)
            if tag is None:
                return -1
            open_tags += 0 if tag[2] == "br" else -1 if tag[1] else 1
            if open_tags < 0:
                return -1
            position = tag.end()
            continue
        if html[position] == CLOSE and depth == 0:
            return position if open_tags == 0 and html[start:position].strip() else -1
        depth += (html[position] == "[") - (html[position] == "]")
        position += 1
    return -1


# --- Canonical bytes


def canonical(number: int, content: Mapping[str, Any]) -> str:
    """The exact text of a version; its UTF-8 bytes are what a digest is made of and what anyone can download.

    ``content`` is a version's parts (see ``letters.models.TextVersion``). Two different contents never give the
    same text: every mark that the format uses is escaped where it stands in words.
    """
    lines = [FORMAT, f"Number: {number}", f"Date: {content['date']}", f"Language: {content['language']}"]
    lines += [f"To: {_party(party)}" for party in content["addressees"]]
    lines += [f"Copy: {_party(party)}" for party in content["copies"]]
    parts = ["\n".join(lines)]
    for language in languages_of(content):
        words = content["texts"][language]
        head = [f"=== {language}"]
        head += [f"{label}: {_line(words[key])}" for label, key in HEAD]
        parts.append("\n".join(head))
        parts.append("=== body")
        parts += _text_blocks(parse(words["body"]))
        parts.append("=== closing")
        parts += [paragraph(line) for line in words["closing"].splitlines() if line.strip()]
    return "\n\n".join(parts) + "\n"


def body_lines(body: str) -> list[str]:
    """The canonical lines of a body, a block's words on one; by which two bodies are compared. Between two bulleted lists
    stands ``-`` alone, which no words give: else they would read as one list."""
    lines: list[str] = []
    before = ""
    for block in parse(body):
        lines += ["-"] if before == block.tag == "ul" else []
        lines += [line for line in _text_block(block).split("\n") if line]
        before = block.tag
    return lines


HEAD = (("Title", "title"), ("Place", "place"), ("Subject", "subject"), ("Salutation", "salutation"))


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _party(party: Mapping[str, str]) -> str:
    return " | ".join(_line(party[key]).replace("|", r"\|") for key in ("name", "function", "body"))


def _line(value: str) -> str:
    return SPECIAL.sub(r"\\\1", one_line(value))


def one_line(value: str) -> str:
    """A line of words with its white space as a body has it: spaces, tabs and line breaks are one space; a no-break space
    is a character like any other."""
    return SPACES.sub(" ", value).strip(" ")


def paragraph(words: str) -> str:
    """Plain words as a paragraph of the canonical bytes: white space folded, what looks like a mark of the format escaped."""
    return STARTS_LIKE_BLOCK.sub(r"\\", _line(words))


def _text_blocks(blocks: list[Node]) -> Iterator[str]:
    for block in blocks:
        yield _text_block(block)


def _text_block(block: Node) -> str:
    if block.tag == "p":
        return STARTS_LIKE_BLOCK.sub(r"\\", _text_inline(block.children))
    if block.tag in ("h2", "h3"):
        return "#" * int(block.tag[1]) + " " + _text_inline(block.children)
    if block.tag == "blockquote":
        inner = "\n\n".join(_text_blocks([child for child in block.children if isinstance(child, Node)]))
        return "\n".join(f"> {line}".rstrip(" ") for line in inner.split("\n"))
    return "\n".join(
        _text_item(item, f"{n}. " if block.tag == "ol" else "- ")
        for n, item in enumerate((child for child in block.children if isinstance(child, Node)), 1)
    )


def _text_item(item: Node, mark: str) -> str:
    """A list item: its words, then inner blocks indented beneath them. An item of whole paragraphs has ``+``."""
    inline = [
        child
        for child in item.children
        if isinstance(child, str) or child.tag not in ("p", "ul", "ol", "blockquote", "h2", "h3")
    ]
    inner = [child for child in item.children if isinstance(child, Node) and child not in inline]
    pieces = [STARTS_LIKE_BLOCK.sub(r"\\", _text_inline(inline))] if inline else []
    if not inline:
        mark = mark.rstrip(" ") + "+ "
    pieces += _text_blocks(inner)
    text = "\n\n".join(pieces)
    indent = " " * len(mark)
    return mark + text.replace("\n", "\n" + indent)


def _text_inline(children: list[Node | str]) -> str:
    r"""Inline content with its marks: _emphasis_, **strong**, <sup>, [words](<address>). The brackets of a note stay
    escaped, ``^\[…\]``, so that they can never be taken for a link's."""
    return "".join(_text_span(child) for child in children)


def _text_span(child: Node | str) -> str:
    if isinstance(child, str):
        return SPECIAL.sub(r"\\\1", child)
    inner = "".join(_text_span(grandchild) for grandchild in child.children)
    if child.tag == "br":
        return "\\\n"
    if child.tag == "a":
        return f"[{inner}](<{child.href.replace('<', '%3C').replace('>', '%3E')}>)"
    mark = {"em": "_", "strong": "**"}.get(child.tag)
    return f"{mark}{inner}{mark}" if mark else f"<{child.tag}>{inner}</{child.tag}>"
