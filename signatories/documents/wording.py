"""In words: how sure a part is, by which sign it was known, and why something was left out."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .model import LeftOut, Mark, ReadLetter

SURENESS = {"sure": _("Read"), "guess": _("Guessed"), "absent": _("Not found")}
HOW = {
    "style": _("the document’s own style says so"),
    "heading": _("by its heading"),
    "file": _("from what the file says of itself"),
    "bold": _("a bold line above the letter"),
    "first": _("the first line"),
    "words": _("by its words"),
    "line": _("a line of its own"),
    "numbers": _("numbers, read with the day first"),
    "label": _("by the label before it"),
    "address": _("lines set like an address"),
    "salutation": _("from the salutation"),
    "formula": _("by its formula"),
    "above": _("what else stands above the salutation"),
    "between": _("between the salutation and the end"),
    "after": _("from the salutation to the end of the document; no closing was found"),
    "before": _("up to the closing or the list; no salutation was found"),
    "all": _("everything; neither a salutation nor a closing was found"),
    "closing": _("what stands below the closing"),
    "numbered": _("a numbered list at the end"),
    "default": _("nothing tells; English is assumed"),
}
LEFT_OUT = {
    "after": _("Below or beside the list of signatories"),
    "comment": _("A comment"),
    "credit": _("A further credit; a letter has one picture"),
    "deleted": _("Deleted by a tracked change"),
    "embedded": _("A document within the document; it is not read"),
    "formula": _("A formula, kept as plain words"),
    "hidden": _("Hidden text"),
    "letterhead": _("A letterhead; the site has its own"),
    "macros": _("The document holds macros; they were not run"),
    "note": _("A footnote of a part that holds none"),
    "object": _("An embedded object"),
    "page": _("Around the letter on the web page"),
    "page edge": _("The head or foot of the pages"),
    "pasted": _("Pasted beside the file, which was read instead"),
    "picture": _("A picture; add the letter’s picture by hand"),
    "text box": _("A text box, which stands beside the text"),
}
PART_NAMES = {
    "title": _("title"),
    "date": _("date"),
    "place": _("place"),
    "language": _("language"),
    "addressees": _("addressees"),
    "subject": _("subject line"),
    "salutation": _("salutation"),
    "standfirst": _("publisher’s note"),
    "body": _("body"),
    "closing": _("closing"),
    "signatories": _("signatories"),
    "credit": _("picture credit"),
}


def where(line: int, unit: str) -> str:
    """The place in the document; empty for none."""
    if not line:
        return ""
    words = gettext("paragraph %(n)s") if unit == "paragraph" else gettext("line %(n)s")
    return words % {"n": line}


def of_mark(mark: Mark, unit: str) -> str:
    """How a part was known and where it stands: "by its formula, line 13"; empty for an absent one."""
    return ", ".join(part for part in (str(HOW.get(mark.how, "")), where(mark.line, unit)) if part)


def of_left_out(item: LeftOut, unit: str) -> str:
    """What was left out, where and why."""
    place = where(item.line, unit)
    why = (
        f"{LEFT_OUT.get(item.kind, item.kind)} ({place})"
        if place
        else str(LEFT_OUT.get(item.kind, item.kind))
    )
    return f"{why}: {item.words}" if item.words else f"{why}."


def doubts(document: ReadLetter) -> list[str]:
    """A sentence for each part that was guessed or not found, and for all that was left out."""
    said = []
    for part, mark in document.marks.items():
        if mark.sure != "sure":
            how = of_mark(mark, document.unit)
            words = f"{PART_NAMES[part]}: {SURENESS[mark.sure]}"
            said.append(f"{words} ({how})" if how else words)
    return said + [
        gettext("Left out: %(what)s") % {"what": of_left_out(item, document.unit)}
        for item in document.left_out
    ]
