"""Small pieces of the desk's pages of imported lists."""

from django import template
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
