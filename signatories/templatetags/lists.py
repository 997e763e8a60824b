"""Small pieces of the desk's pages of imported lists."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from letters.admin.shown import mark
from signatories.models import ImportRow

register = template.Library()
Outcome = ImportRow.Outcome
MARKS = {
    Outcome.NEW: "new", Outcome.KNOWN: "known", Outcome.MAYBE: "other", Outcome.UNSURE: "other", Outcome.FAULTY: "warn",
    Outcome.WITHDRAWN: "withdrawn", Outcome.TWICE: "none", Outcome.ALREADY: "accepted", Outcome.WITHHELD: "warn",
    Outcome.LEFT_OUT: "cancelled", Outcome.IGNORED: "none",
}  # fmt: skip


@register.simple_tag
def outcome_mark(row: ImportRow) -> SafeString:
    """What a line becomes: a sign and words."""
    return mark(MARKS[Outcome(row.outcome)], row.get_outcome_display()) if row.outcome else SafeString("")


AROUND = 70  # characters of the line on either side of the name


@register.simple_tag
def around(row: ImportRow) -> SafeString:
    """The line as it was given; of a long one, which may hold many names, what stands around this one."""
    text, name = row.text, row.person if row.is_person else row.name
    place = text.find(name) if name else -1
    start = max(place - AROUND, 0)
    end = start + len(name) + 2 * AROUND if place >= 0 else 2 * AROUND + 20
    piece = ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
    return SafeString("") if piece == name else format_html('<bdi class="lists-text quiet">{}</bdi>', piece)
