"""The lines of a list as the desk shows them: a page of them, each with what it becomes and whom it may be."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from signatories.admin.beside import why
from signatories.models import ImportBatch, ImportRow, Organisation, OrganisationName
from signatories.models.importing import GOING, UNDECIDED
from signatories.models.signature import SHOWN
from signatories.services.judging import faults

PER_PAGE = 100
Outcome = ImportRow.Outcome
# The order in which an editor looks at them: what waits first.
ORDER = (
    Outcome.MAYBE, Outcome.UNSURE, Outcome.FAULTY, Outcome.NEW, Outcome.KNOWN, Outcome.TWICE, Outcome.ALREADY,
    Outcome.WITHDRAWN, Outcome.WITHHELD, Outcome.LEFT_OUT, Outcome.IGNORED,
)  # fmt: skip
WAITING, CHANGED = "waiting", "changed"


def tabs(counts: Counter[str], chosen: str, changed: int) -> list[dict[str, Any]]:
    """The ways to narrow the list: all, what waits, and each outcome that there is."""
    waiting = sum(counts[outcome] for outcome in UNDECIDED)
    found = [{"code": "", "words": _("All"), "n": sum(counts.values())}]
    if changed:
        found.append({"code": CHANGED, "words": _("Changed meanwhile"), "n": changed})
    if waiting:
        found.append({"code": WAITING, "words": _("Wait for you"), "n": waiting})
    found += [
        {"code": str(outcome), "words": str(Outcome(outcome).label), "n": counts[outcome]}
        for outcome in ORDER
        if counts[outcome]
    ]
    for tab in found:
        tab["current"] = tab["code"] == chosen
    return found


def page_of(batch: ImportBatch, chosen: str, number: str) -> Page:
    """The page of the lines that are asked for, with what is shown of each. The same few statements for any list."""
    rows = batch.rows.order_by("position").select_related("organisation", "signature", "beside")
    if chosen == WAITING:
        rows = rows.filter(outcome__in=UNDECIDED)
    elif chosen == CHANGED:
        rows = rows.filter(changed=True)
    elif chosen in Outcome:
        rows = rows.filter(outcome=chosen)
    page = Paginator(rows, PER_PAGE).get_page(number)
    page.object_list = list(page.object_list)
    dress(page.object_list)
    return page


def dress(rows: Sequence[Any]) -> None:
    """Puts with each row what its line in the table says."""
    ids = {pk for row in rows if row.outcome == Outcome.MAYBE for pk in row.candidate_ids}
    known = {row.pk: row for row in Organisation.objects.filter(pk__in=ids).annotate(
        signed=Count("signatures", filter=Q(signatures__state__in=SHOWN))
    ).prefetch_related("names", "domains")}  # fmt: skip
    for row in rows:
        row.faults = faults(row) if row.outcome == Outcome.FAULTY else {}
        row.is_undecided = row.outcome in UNDECIDED
        row.is_going = row.outcome in GOING
        row.shown = row.shown_name or (row.signature.shown_name if row.signature else "")
        row.possible = []
        for item in row.candidates if row.outcome == Outcome.MAYBE else ():
            if (organisation := known.get(item["id"])) is not None:
                row.possible.append(
                    {
                        "organisation": organisation,
                        "why": why(item["why"]),
                        "others": [
                            name.name
                            for name in organisation.names.all()
                            if name.kind not in (OrganisationName.Kind.NAME, OrganisationName.Kind.ACRONYM)
                        ],
                        "domains": [domain.domain for domain in organisation.domains.all()],
                    }
                )
