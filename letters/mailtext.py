"""The plain text of a message, made from its HTML, so that both say the same."""

import re
from collections.abc import Iterator

from lxml import html as markup
from lxml.html import HtmlElement

from letters.templatetags.lettering import colon

# White space as HTML folds it: a no-break space is a character like any other.
SPACES = re.compile(r"[ \t\r\n\f]+")
BLOCKS = {
    "blockquote", "body", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "table", "tbody", "td",
    "tr", "ul",
}  # fmt: skip
FOOT, RULE = "--", "-" * 70
ENDS_WITH_COLON = (":", "\uff1a")
LEFT_OUT = "data-html-only"  # an element that only the HTML has, since the text says it elsewhere


def parsed(html: str) -> HtmlElement:
    """The message as a tree."""
    return markup.document_fromstring(html, parser=markup.HTMLParser(encoding="utf-8", huge_tree=True))


def subject_of(tree: HtmlElement) -> str:
    """The words of its ``<title>``, on one line."""
    return _folded(tree.findtext(".//title") or "")


def text_of(tree: HtmlElement) -> str:
    """Its body as plain text: a blank line between blocks, ``> `` before what is quoted, ``<pre>`` as it is. The address of
    a link stands alone on a line, after the words of the link and a colon; without them where the words before it
    end with a colon already, or where they are the address. A footer (``role="contentinfo"``) stands under ``--``."""
    body = tree.find(".//body")
    blocks: list[str] = []
    if body is not None:
        _add(blocks, body, _mark(tree))
    return "\n\n".join(blocks).strip("\n") + "\n"


def _mark(tree: HtmlElement) -> str:
    """The colon of its language, without what stands behind it."""
    return colon(tree.get("lang") or "").rstrip()


def _add(blocks: list[str], element: HtmlElement, mark: str) -> None:
    """Adds the blocks of ``element``; words that stand in it beside blocks are blocks of their own."""
    run: list[str | HtmlElement] = [element.text or ""]
    for child in element:
        if child.tag not in BLOCKS:
            run += [child, child.tail or ""]
            continue
        _paragraph(blocks, run, mark)
        _block(blocks, child, mark)
        run = [child.tail or ""]
    _paragraph(blocks, run, mark)


def _block(blocks: list[str], element: HtmlElement, mark: str) -> None:
    if element.get(LEFT_OUT) is not None:
        return
    if element.tag == "hr":
        blocks.append(RULE)
    elif element.tag == "pre":
        blocks.append(element.text_content())
    elif element.tag == "blockquote":
        inner: list[str] = []
        _add(inner, element, mark)
        blocks.append("\n".join(f"> {line}".rstrip() for line in "\n\n".join(inner).split("\n")))
    elif element.tag in ("ul", "ol"):
        blocks.append("\n".join(_items(element, mark)))
    elif element.get("role") == "contentinfo":
        inner = []
        _add(inner, element, mark)
        blocks.append("\n".join([FOOT, "\n\n".join(inner)]))
    else:
        _add(blocks, element, mark)


def _items(element: HtmlElement, mark: str) -> Iterator[str]:
    number = int(element.get("start") or 1)
    for item in element.iterchildren("li"):
        sign = f"{number}. " if element.tag == "ol" else "- "
        number += 1
        inner: list[str] = []
        _add(inner, item, mark)
        yield sign + "\n".join(inner).replace("\n", "\n" + " " * len(sign))


def _paragraph(blocks: list[str], run: list[str | HtmlElement], mark: str) -> None:
    """Adds the words of a run of inline content, then the address of each link in it."""
    links: list[tuple[str, str]] = []
    words = _lines("".join(part if isinstance(part, str) else _inline(part, links) for part in run))
    if not words:
        return
    if len(links) == 1 and links[0][0] == words:  # the link is the whole paragraph, as a button is
        said, address = links[0]
        leads = bool(blocks) and blocks[-1].endswith(ENDS_WITH_COLON)
        blocks.extend([address] if leads or said == address else [said + mark, address])
        return
    blocks.append(words)
    for said, address in links:
        if said != address:
            blocks.extend([said + mark, address])


def _inline(element: HtmlElement, links: list[tuple[str, str]]) -> str:
    if element.tag == "br":
        return "\v"
    if not isinstance(element.tag, str) or element.tag in ("style", "script"):
        return ""
    words = element.text or ""
    for child in element:
        words += _inline(child, links) + (child.tail or "")
    address = element.get("href", "") if element.tag == "a" else ""
    if address and not address.startswith("#"):
        said = _lines(words)
        links.append((said, said if address == f"mailto:{said}" else address))
    return words


def _lines(words: str) -> str:
    """White space folded, but for the line breaks of ``<br>``."""
    return "\n".join(_folded(line) for line in words.split("\v")).strip("\n")


def _folded(words: str) -> str:
    return SPACES.sub(" ", words).strip(" ")
