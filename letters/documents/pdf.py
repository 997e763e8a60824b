"""A letter as PDF, typeset by typst: tagged, with its fonts inside, the same bytes for the same letter.

What the template gets is the letter as JSON in a file of its own: words are values there, so no word of a letter can be
a command of the typesetter.
"""

import io
import json
import resource
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst

from letters.documents import faces, fonts
from letters.documents.body import NOTE, address, shows_address
from letters.documents.marks import Marks
from letters.documents.model import Entry, LetterDocument, Party, Section, Words
from letters.markup import Node, plain

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = Path(__file__).resolve().parent / "letter.typ"
LONG = 2500  # names; beyond them columns are filled and not balanced, which takes a fifth of the time
BIG = 20_000  # names; beyond them a process of its own does it, under a bound
MOST_MEMORY = 6 * 1024**3  # bytes of address space of that process
SHORT = 76  # characters of the title at the foot of a page
GROUP = 8  # digits of a digest that stand together
# Typst's settings of the text by what its language needs: size in points, leading in em.
SETTING = {"ar": (13.0, 0.62), "fa": (13.0, 0.62), "ur": (13.0, 0.75), "zh": (11.0, 0.72), "ja": (11.0, 0.72)}
SETTING |= {"ko": (11.0, 0.66), "hi": (11.5, 0.62), "ne": (11.5, 0.62), "mr": (11.5, 0.62)}


def render(document: LetterDocument) -> bytes:
    """The letter as PDF/UA-1; as a plainly tagged PDF where its text breaks a rule of that standard."""
    if document.names > BIG:
        return _elsewhere(document)
    return typeset(document)


def typeset(document: LetterDocument) -> bytes:
    """The same in this process, whatever the size."""
    made = datetime.fromisoformat(document.as_of)
    bare = replace(document, logo=None)
    # First as it should be; then without what may be at fault: a broken logo, a text that the standard has no place for.
    tries = [(document, ["ua-1"]), (bare, ["ua-1"]), (document, []), (bare, [])]
    for paper, standards in tries:
        if paper is document or document.logo:
            try:
                return typst.compile(  # type: ignore[call-overload,no-any-return]
                    sources(paper),
                    font_paths=_fonts(),
                    pdf_standards=standards,
                    timestamp=int(made.timestamp()),
                )
            except typst.TypstError as error:
                failed = error
    raise failed


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """The shipped typefaces and no others, so that a letter looks the same from every machine."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.FOLDER)]
    )


def _elsewhere(document: LetterDocument) -> bytes:
    """Typesets in a process of its own, whose memory is bounded and given back. Raises ``MemoryError`` when that ends
    without a document."""
    done = subprocess.run(
        [sys.executable, "-m", "letters.documents.pdf"],
        input=document.to_json().encode(),
        capture_output=True,
        cwd=ROOT,
    )
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        why = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise MemoryError(f"a list of {document.names} names could not be typeset: {why}")
    return done.stdout


def _child() -> None:
    """That process: a value as JSON comes in, a PDF goes out."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    document = LetterDocument.from_json(sys.stdin.buffer.read().decode())
    sys.stdout.buffer.write(typeset(document))


# --- What the template reads


def sources(document: LetterDocument) -> dict[str, bytes]:
    """The template's files by name: the template, the letter, its pictures."""
    files = {"main": TEMPLATE.read_bytes()}
    data = values(document)
    if document.logo:
        data["logo"] = f"logo.{document.logo.kind}"
        files[data["logo"]] = document.logo.data
    if document.verify_address:
        data["qr"] = "qr.svg"
        files["qr.svg"] = _qr(document.verify_address)
    files["letter.json"] = json.dumps(data, ensure_ascii=False).encode()
    return files


def _qr(words: str) -> bytes:
    out = io.BytesIO()
    segno.make(words, error="m", micro=False).save(
        out, kind="svg", border=0, dark="#1d2430", omitsize=True, xmldecl=False
    )
    return out.getvalue()


def values(d: LetterDocument) -> dict[str, Any]:
    """The letter as the template takes it, every character one that a typeface has."""
    base, region = faces.base(d.language), faces.region(d.language)
    size, leading = SETTING.get(base, (11.5, 0.46))
    made = datetime.fromisoformat(d.as_of).astimezone(UTC)
    units = ("year", "month", "day", "hour", "minute", "second")
    title = fonts.honest(d.title)
    notes = _Marks(d.direction)
    return {
        "language": base or "en",
        "region": region,
        "direction": d.direction,
        "said": {"lang": faces.base(d.said_in) or "en", "region": faces.region(d.said_in)},
        "said-rtl": d.said_direction == "rtl",
        "copy": {},
        "fonts": {"serif": faces.serif(d.language), "sans": faces.sans(d.language)},
        "italics": faces.has_italics(d.language),
        "synthetic": faces.one_weight(d.language),
        "bold": 700 if base in faces.BOLD else 600,
        "size": size,
        "leading": leading,
        "name-size": 0.86 if base not in ("ar", "fa", "ur") else 0.84,
        "title-size": 1.62 if len(title) <= 90 else 1.38,
        "accent": d.accent,
        "made": {unit: getattr(made, unit) for unit in units},
        "logo": None,
        "qr": None,
        "publisher": fonts.honest(d.publisher),
        "site": d.address.partition("//")[2].partition("/")[0],
        "title": title,
        "short": _shortened(title),
        "dateline": fonts.honest(d.comma.join(part for part in (d.place, d.date) if part)),
        "addressees": [_party(party, d.direction) for party in d.addressees],
        "copies": fonts.honest(d.semicolon.join(_in_line(party, d) for party in d.copies)),
        "copy-word": d.copy_word,
        "subject": fonts.honest(d.subject) if d.subject != d.title else "",
        "salutation": fonts.honest(d.salutation),
        "body": [block for node in d.body for block in _block(node, notes)],
        "closing": [fonts.honest(line) for line in d.closing],
        "list-heading": d.list_heading,
        "as-of": d.as_of_words,
        "sections": _sections(d.sections, d.direction),
        "nobody": d.nobody,
        "withheld": d.withheld,
        "earlier-heading": d.earlier_heading,
        "earlier-words": d.earlier_words,
        "earlier": _sections(d.earlier, d.direction),
        "earlier-withheld": d.earlier_withheld,
        "long": d.names > LONG,
        "huge": d.names > BIG,
        "digits": len(str(max((e.number for s in (*d.sections, *d.earlier) for e in s.entries), default=1))),
        "notices": [fonts.honest(notice) for notice in d.notices],
        "version-words": d.version_words,
        "digest-words": d.digest_words,
        "digest": [d.digest[i : i + GROUP] for i in range(0, len(d.digest), GROUP)],
        "address-words": d.address_words,
        "address": d.address,
        "verify-words": d.verify_words,
        "verify-address": d.verify_address,
        "verify-code": d.verify_code,
    }


def _shortened(title: str) -> str:
    return title if len(title) <= SHORT else title[:SHORT].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _party(party: Party, direction: str) -> list[dict[str, Any]]:
    rows = [part for part in (party.name, party.function, party.body) if part]
    return [
        {"text": faces.apart(fonts.honest(row), direction), "strong": bool(party.name) and not n}
        for n, row in enumerate(rows)
    ]


def _in_line(party: Party, d: LetterDocument) -> str:
    return faces.apart(
        d.comma.join(part for part in (party.name, party.function, party.body) if part), d.direction
    )


def _sections(sections: tuple[Section, ...], direction: str) -> list[dict[str, Any]]:
    return [
        {
            "heading": fonts.honest(section.heading),
            "entries": [_entry(entry, direction) for entry in section.entries],
        }
        for section in sections
    ]


def _entry(entry: Entry, direction: str) -> dict[str, Any]:
    return {
        "number": entry.number,
        "name": _words(entry.whole, direction),
        "country": fonts.honest(entry.country),
        "notes": [_words(note, direction) for note in entry.notes],
    }


def _words(words: Words, direction: str) -> dict[str, Any]:
    text = faces.isolated(fonts.honest(words.text), words.direction, direction)
    language = faces.base(words.language)
    larger = words.direction == "rtl" and direction == "ltr"
    if not language:
        return {"text": text, "language": None, "larger": larger}
    return {"text": text, "language": language, "larger": larger, "fonts": faces.serif(words.language)}


class _Marks(Marks):
    def __init__(self, direction: str) -> None:
        super().__init__()
        self.direction = direction
        self.level = 1  # of the last heading


def _block(node: Node, notes: _Marks) -> list[dict[str, Any]]:
    if node.tag == "p":
        return [{"tag": "p", "children": _inline(node.children, notes)}]
    if node.tag in ("h2", "h3"):
        # Levels follow each other without a gap, as PDF/UA asks, also where a letter begins with a lower one.
        notes.level = min(int(node.tag[1]), notes.level + 1)
        return [{"tag": "heading", "level": notes.level, "children": _inline(node.children, notes)}]
    if node.tag in ("ul", "ol"):
        items = [_item(item, notes) for item in node.children if isinstance(item, Node)]
        return [{"tag": node.tag, "items": items}]
    inner = [block for child in node.children if isinstance(child, Node) for block in _block(child, notes)]
    return [{"tag": "blockquote", "children": inner}]


def _item(item: Node, notes: _Marks) -> dict[str, Any]:
    block_tags = ("p", "ul", "ol", "blockquote", "h2", "h3")
    inline = [child for child in item.children if isinstance(child, str) or child.tag not in block_tags]
    rest = [child for child in item.children if isinstance(child, Node) and child.tag in block_tags]
    return {
        "inline": _inline(inline, notes),
        "blocks": [block for child in rest for block in _block(child, notes)],
    }


def _inline(children: Iterable[Node | str], notes: _Marks, *, within: bool = False) -> list[Any]:
    """Inline words for the template; ``within`` a note, the address of a link stands behind it."""
    out: list[Any] = []
    for child in children:
        if isinstance(child, str):
            out.append(fonts.honest(child))
        elif child.tag == NOTE:
            mark = notes.note()
            out.append({"tag": "note", "mark": mark, "children": _inline(child.children, notes, within=True)})
        elif child.tag == "a" and child.href:
            inner = _inline(child.children, notes, within=within)
            if shows_address(child) and notes.direction == "rtl":
                inner = [faces.LRI, *inner, faces.PDI]
            out.append({"tag": "a", "href": child.href, "children": inner})
            if plain(child.children) and not shows_address(child):
                shown = faces.isolated(fonts.honest(address(child.href)), "ltr", notes.direction)
                live = {"tag": "a", "href": child.href, "children": [shown]}
                out += (
                    [" <", live, ">"]
                    if within
                    else [{"tag": "note", "mark": notes.link(), "children": [live]}]
                )
        else:
            out.append({"tag": child.tag, "children": _inline(child.children, notes, within=within)})
    return out


if __name__ == "__main__":
    _child()
