"""A Word document (.docx) as a row of blocks: headings, paragraphs, lists, tables, links, notes; tracked changes as accepted.
What is not words of the letter is said, never lost: comments, deletions, pictures, text boxes, page headers."""

import re
from html import escape
from typing import Any

from signatories.reading.countries import is_place

from .blocks import UNTURNED, Block, Page, plain
from .model import LeftOut, Unreadable
from .package import Package
from .wordstyles import Item, Styles, inner, local, said, toggled

NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
SKIPPED = {"del", "moveFrom"}  # what tracked changes take away
PICTURES = {"drawing", "pict"}
PAGE_BREAKS = {"page", "column"}
LINK_FIELD = re.compile(r'^\s*HYPERLINK\s+"(?P<href>[^"]+)"', re.IGNORECASE)
GAP = re.compile(r"(?<=\S)(?:\t| {2,})(?=\S)")
SEVERAL = 4  # paragraphs in a cell: then the table only sets columns
Lists = list[tuple[Item, list[str]]]


def from_docx(name: str, data: bytes) -> Page:
    """The blocks of a .docx file. Raises Unreadable for one that is damaged, locked, hostile or no document."""
    package = Package(name, data)
    main = next(
        (to for _id, kind, to, out in package.relations("") if kind == "officeDocument" and not out), ""
    )
    if not main or main not in package.members:
        raise Unreadable(f"“{name}” is no Word document, whatever its ending says.")
    root = package.tree(main)
    body = inner(root, "body")
    if local(root) != "document" or body is None:
        raise Unreadable(f"“{name}” is no Word document, whatever its ending says.")
    return _Reader(package, main).read(body)


class _Reader:
    """Reads one document from top to bottom."""

    def __init__(self, package: Package, main: str) -> None:
        self.package, self.main = package, main
        self.page = Page([], unit="paragraph")
        self.number = 0  # of the paragraph, empty ones too
        self.rels: dict[str, dict[str, str]] = {}  # by part: where its outer links lead
        kinds: dict[str, list[str]] = {}
        for _identity, kind, target, outside in package.relations(main):
            if not outside and target in package.members:
                kinds.setdefault(kind, []).append(target)
        self.kinds = kinds
        self.styles = Styles(
            package, *(next(iter(kinds.get(kind, [])), None) for kind in ("styles", "numbering"))
        )
        self.part = main
        self.comments: dict[str, int] = {}
        self.fields: list[dict[str, Any]] = []  # those that are open, links among them
        self.notes: dict[str, dict[str, str]] = {kind: {} for kind in NOTES.values()}
        self.notes = {kind: self._notes(kind) for kind in self.notes}
        self.carried: list[str] = []  # of paragraphs whose end was deleted
        self.lists: Lists = []
        self.items: list[str] = []
        self.list_line, self.list_role = 0, ""

    def read(self, body: Any) -> Page:
        self._blocks(body)
        self._end_list()
        self._around()
        return self.page

    def leave(self, kind: str, words: str, line: int | None = None) -> None:
        tidy = " ".join(words.split())
        self.page.left_out.append(LeftOut(kind, self.number if line is None else line, tidy))

    # --- Blocks

    def _blocks(self, parent: Any) -> None:
        for child in parent:
            name = local(child)
            if name == "p":
                self._paragraph(child)
            elif name == "tbl":
                self._table(child)
            elif name == "altChunk":
                self.leave("embedded", "")
            elif name == "AlternateContent":
                self._blocks(_choice(child))
            elif name in SKIPPED:
                self.leave("deleted", _words(child))
            elif name not in ("sectPr", "tblPr", "tcPr", "sdtPr", "sdtEndPr"):
                self._blocks(child)

    def _paragraph(self, element: Any) -> None:
        self.number += 1
        properties = inner(element, "pPr")
        markup = "".join([*self.carried, *self._inline(element)])
        self.carried = []
        mark = inner(properties, "rPr")
        if inner(mark, "del") is not None or inner(mark, "moveFrom") is not None:
            self.carried = [markup]
            return
        if not plain(markup).strip():
            return
        level, item = self.styles.heading(properties), self.styles.item(properties)
        role = self.styles.role(properties)
        if item is not None and not level:
            self._item(item, markup, role)
            return
        if self.lists and self.styles.goes_on(properties):
            self.items.append(_one_line(markup))
            self.lists[-1][1][-1] += f"<p>{markup}</p>"
            return
        self._end_list()
        tag = f"h{level}" if level else "p"
        whole = f"<{tag}>{markup}</{tag}>"
        if not level and self.styles.is_quote(properties):
            whole = f"<blockquote>{whole}</blockquote>"
        self._add(Block(tag, whole, _lines(markup), self.number, role))

    def _add(self, block: Block) -> None:
        last = self.page.blocks[-1] if self.page.blocks else None
        quoted = "<blockquote>", "</blockquote>"
        if (
            last
            and all(one.html.startswith(quoted[0]) for one in (last, block))
            and block.line == last.line + 1
        ):
            last.html = last.html.removesuffix(quoted[1]) + block.html.removeprefix(quoted[0])
            last.lines += block.lines
            return
        self.page.blocks.append(block)

    def _item(self, item: Item, markup: str, role: str) -> None:
        """Puts an item where it stands: at the end of the list that is open, of one within it, or of a new one."""
        while self.lists and self.lists[-1][0].level > item.level and len(self.lists) > 1:
            self._close_inner()
        if self.lists:
            top = self.lists[-1][0]
            other = top.identity != item.identity or top.ordered != item.ordered
            if top.level > item.level or (top.level == item.level and other and len(self.lists) == 1):
                self._end_list()
            elif top.level == item.level and other:
                self._close_inner()
        if not self.lists or item.level > self.lists[-1][0].level:
            if not self.lists:
                self.list_line, self.list_role = self.number, role
            self.lists.append((item, []))
        self.lists[-1][1].append(markup)
        self.items.append(_one_line(markup))

    def _close_inner(self) -> None:
        item, items = self.lists.pop()
        self.lists[-1][1][-1] += _list(item, items)

    def _end_list(self) -> None:
        while len(self.lists) > 1:
            self._close_inner()
        if not self.lists:
            return
        item, items = self.lists.pop()
        kind = "ol" if item.ordered else "ul"
        self.page.blocks.append(Block(kind, _list(item, items), self.items, self.list_line, self.list_role))
        self.items = []

    def _table(self, table: Any) -> None:
        """A table of data is a block, a row a line with its cells apart; one that only sets columns is what stands in it."""
        self._end_list()
        rows = [_within(row, "tc") for row in _within(table, "tr")]
        sets = len(rows) == 1 or all(len(row) < 2 for row in rows)
        if sets or any(_paragraphs(cell) >= SEVERAL for row in rows for cell in row):
            for cell in (cell for row in rows for cell in row):
                self._blocks(cell)
                self._end_list()
            return
        line = self.number + 1
        drawn, lines = [], []
        for row in rows:
            cells = [self._cell(cell) for cell in row]
            if any(plain(cell).strip() for cell in cells):
                drawn.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
                lines.append("\t".join(_one_line(cell).replace("\t", " ") for cell in cells))
        if drawn:
            self.page.blocks.append(Block("other", f"<table>{''.join(drawn)}</table>", lines, line))

    def _cell(self, cell: Any) -> str:
        words: list[str] = []
        for paragraph in cell.iter():
            if local(paragraph) == "p" and not _in_box(paragraph, cell):
                self.number += 1
                words += [*self._inline(paragraph), " "]
        return "".join(words).strip()

    # --- Words

    def _inline(self, parent: Any) -> list[str]:
        out: list[str] = []
        for child in parent:
            name = local(child)
            if name == "r":
                out += self._run(child)
            elif name == "hyperlink":
                href = self._links().get(said(child, "id"), "")
                out += self._link(href, child) if href else self._inline(child)
            elif name == "fldSimple" and (link := LINK_FIELD.match(said(child, "instr"))):
                out += self._link(link["href"], child)
            elif name in SKIPPED:
                self.leave("deleted", _words(child))
            elif name == "oMath":
                self.leave("formula", _words(child))
                out.append(escape(_words(child), quote=False))
            elif name == "AlternateContent":
                out += self._inline(_choice(child))
            elif name not in ("pPr", "rPr", "sdtPr", "sdtEndPr"):
                out += self._inline(child)
        if local(parent) == "p":
            out += self._close_links()
        return out

    def _link(self, href: str, element: Any) -> list[str]:
        self.fields.append({"words": "", "in_code": False, "open": True, "notes": []})
        words = self._inline(element)
        ended = self._field("end")
        return [f'<a href="{escape(href)}">', *words, ended] if words else [ended.removeprefix("</a>")]

    def _close_links(self) -> list[str]:
        """A link's field that goes on in the next paragraph ends with this one."""
        opened = [one for one in self.fields if one["open"]]
        for one in opened:
            one["open"] = False
        return ["</a>" + "".join(one["notes"]) for one in reversed(opened)]

    def _run(self, run: Any) -> list[str]:
        properties = inner(run, "rPr")
        if toggled(properties, "vanish"):
            self.leave("hidden", _words(run))
            return []
        marks = self.styles.marks(properties)
        opening, closing = "".join(f"<{m}>" for m in marks), "".join(f"</{m}>" for m in reversed(marks))
        out: list[str] = []
        for child in run:
            name, bare = local(child), True
            words = self._piece(child, name)
            if name in ("t", "tab", "noBreakHyphen", "sym"):
                bare = not words.strip()
            out.append(words if bare or not words else opening + words + closing)
        return out

    def _piece(self, child: Any, name: str) -> str:
        """What one element of a run stands for, as markup."""
        if name == "t":
            return escape(child.text or "", quote=False) if not self._in_instruction() else ""
        if name == "instrText" and self.fields:
            self.fields[-1]["words"] += child.text or ""
        elif name == "fldChar":
            return self._field(said(child, "fldCharType"))
        elif name == "tab":
            return "\t"
        elif name == "noBreakHyphen":
            return "\u2011"
        elif name == "sym":
            code = said(child, "char")
            return (
                escape(chr(int(code, 16)))
                if re.fullmatch(r"[0-9A-Ea-e][0-9A-Fa-f]{3}", code) and not re.match("[Dd][89A-Fa-f]", code)
                else ""
            )
        elif name in ("br", "cr"):
            return "" if said(child, "type") in PAGE_BREAKS else "<br>"
        elif name in NOTES:
            note = self.notes[NOTES[name]].get(said(child, "id"), "")
            return self._noted(f"^[{note}]") if note else ""
        elif name == "commentReference":
            self.comments[said(child, "id")] = self.number
        elif name in PICTURES or name == "object":
            self._picture(child, name)
        elif name == "AlternateContent":
            return "".join(self._piece(one, local(one)) for one in _choice(child))
        elif name == "ruby":
            return "".join(
                piece for base in child if local(base) == "rubyBase" for piece in self._inline(base)
            )
        return ""

    def _in_instruction(self) -> bool:
        return bool(self.fields) and self.fields[-1]["in_code"]

    def _field(self, kind: str) -> str:
        """The beginning, middle or end of a field; that of a link has its words between the last two."""
        if kind == "begin":
            self.fields.append({"words": "", "in_code": True, "open": False, "notes": []})
        elif kind == "separate" and self.fields:
            field = self.fields[-1]
            field["in_code"] = False
            if found := LINK_FIELD.match(field["words"]):
                field["open"] = True
                return f'<a href="{escape(found["href"])}">'
        elif kind == "end" and self.fields:
            field = self.fields.pop()
            return "</a>" + "".join(field["notes"]) if field["open"] else ""
        return ""

    def _noted(self, note: str) -> str:
        """A note stands behind the link that its mark stands in: it may hold links of its own."""
        outer = next((one for one in self.fields if one["open"]), None)
        if outer is None:
            return note
        outer["notes"].append(note)
        return ""

    def _picture(self, element: Any, name: str) -> None:
        boxes = [one for one in element.iter() if local(one) == "txbxContent"]
        for box in boxes:
            if words := _words(box):
                self.leave("text box", words)
        if not boxes:
            shown = next((one for one in element.iter() if local(one) == "docPr"), None)
            self.leave(
                "object" if name == "object" else "picture", said(shown, "descr") or said(shown, "title")
            )

    # --- Other parts

    def _links(self) -> dict[str, str]:
        if self.part not in self.rels:
            found = self.package.relations(self.part)
            self.rels[self.part] = {key: to for key, kind, to, out in found if kind == "hyperlink" and out}
        return self.rels[self.part]

    def _notes(self, kind: str) -> dict[str, str]:
        """The notes of a part by their identity, as the words between ``^[`` and ``]``."""
        found: dict[str, str] = {}
        for part in self.kinds.get(kind, [])[:1]:
            self.part = part
            for note in self.package.tree(part):
                if said(note, "type") in ("", "normal"):
                    pieces = ["".join(self._inline(p)).strip() for p in note.iter() if local(p) == "p"]
                    words = " ".join(piece for piece in pieces if piece)
                    found[said(note, "id")] = words if _balanced(words) else words.translate(ROUND)
        self.part = self.main
        return found

    def _around(self) -> None:
        """Says what stands beside the letter: comments, the heads and feet of pages, macros."""
        for part in self.kinds.get("comments", [])[:1]:
            for comment in self.package.tree(part):
                self.leave("comment", _words(comment), self.comments.get(said(comment, "id"), 0))
        edges = [part for kind in ("header", "footer") for part in self.kinds.get(kind, [])]
        words = dict.fromkeys(" ".join(_words(self.package.tree(part)).split()) for part in edges)
        for edge in words:
            if any(c.isalpha() for c in edge):
                self.leave("page edge", edge, 0)
        if self.package.names("vbaproject.bin"):
            self.leave("macros", "", 0)
        for _id, kind, target, outside in self.package.relations(""):
            if kind == "core-properties" and not outside and target in self.package.members:
                properties = self.package.tree(target)
                self.page.title = " ".join((getattr(inner(properties, "title"), "text", "") or "").split())
                self.page.language = (getattr(inner(properties, "language"), "text", "") or "").strip()


ROUND = str.maketrans("[]", "()")


def _balanced(words: str) -> bool:
    """Whether the brackets in a note's words pair, so that the note ends where it should."""
    depth = 0
    for character in plain(words):
        depth += (character == "[") - (character == "]")
        if depth < 0:
            return False
    return depth == 0


def _choice(alternate: Any) -> Any:
    """Of what stands twice, for newer and for older programs, the newer."""
    found = inner(alternate, "Choice")
    return found if found is not None else inner(alternate, "Fallback") or []


def _words(element: Any) -> str:
    """All words in an element, those that were deleted too; of what stands twice, once."""
    parts: list[str] = []
    for child in element.iter():
        if local(child) in ("t", "delText") and not _in_fallback(child, element):
            parts.append(child.text or "")
        elif local(child) in ("p", "br", "tab", "tc"):
            parts.append(" ")
    return "".join(parts).strip()


def _in_fallback(child: Any, top: Any) -> bool:
    for above in child.iterancestors():
        if above is top:
            return False
        if local(above) == "Fallback" and inner(above.getparent(), "Choice") is not None:
            return True
    return False


def _in_box(paragraph: Any, cell: Any) -> bool:
    for above in paragraph.iterancestors():
        if above is cell:
            return False
        if local(above) == "txbxContent":
            return True
    return False


def _within(parent: Any, name: str) -> list[Any]:
    """The rows of a table, or the cells of a row, also those in content controls; not those of inner tables."""
    found = []
    for child in parent:
        if local(child) == name:
            found.append(child)
        elif local(child) in ("sdt", "sdtContent", "customXml", "ins"):
            found += _within(child, name)
    return found


def _paragraphs(cell: Any) -> int:
    return sum(1 for child in cell if local(child) == "p" and _words(child))


def _lines(markup: str) -> list[str]:
    return [line for part in plain(markup).split("\n") if (line := part.strip())]


def _one_line(markup: str) -> str:
    """An item of a list in one line. A country set apart from its name comes after what stands on further lines as a role
    or an affiliation, and before a note in small letters ("for identification only")."""
    lines = [line.translate(UNTURNED) for line in _lines(markup)]
    parts = GAP.split(lines[0]) if lines else []
    if len(parts) == 2 and is_place(parts[1]):
        notes = [line for line in lines[1:] if line[:1].islower()]
        lines = [parts[0], *(line for line in lines[1:] if line not in notes), parts[1], *notes]
    return ", ".join(lines)


def _list(item: Item, items: list[str]) -> str:
    tag = "ol" if item.ordered else "ul"
    return f"<{tag}>{''.join(f'<li>{one}</li>' for one in items)}</{tag}>"
