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


def first_lines(rows: Sequence[ImportRow]) -> dict[int, int]:
    """For rows that stand twice in their list: the line that counts, by their keys."""
    twice = [row for row in rows if row.outcome == Outcome.TWICE]
    if not twice:
        return {}
    organisations = {row.organisation_id for row in twice if row.organisation_id}
    same = Q(key__in={row.key for row in twice}) | Q(organisation__in=organisations)
    others = ImportRow.objects.filter(same, batch=twice[0].batch_id).exclude(outcome=Outcome.TWICE)
    counting: dict[object, int] = {}
    for line, kind, key, organisation in others.order_by("position").values_list(
        "line", "kind", "key", "organisation_id"
    ):
        counting.setdefault((kind, key), line)
        if organisation:
            counting.setdefault(organisation, line)
    found = {row.pk: counting.get(row.organisation_id) or counting.get((row.kind, row.key)) for row in twice}
    return {pk: line for pk, line in found.items() if line}


def doubt_of(row: ImportRow) -> str:
    """What to look at in a line that was read without being sure."""
    if row.is_person:
        return _("Taken for a person. Is it one, and are name and role divided rightly?")
    if row.person:
        return _("A person was found beside the name. Are the two divided rightly?")
    return _("Where the name begins and ends is not certain. Compare it with the line as it was given.")


def dress(rows: Sequence[Any]) -> None:
    """Puts with each row what its line in the table says."""
    ids = {pk for row in rows if row.outcome == Outcome.MAYBE for pk in row.candidate_ids}
    known = {row.pk: row for row in Organisation.objects.filter(pk__in=ids).annotate(
        signed=Count("signatures", filter=Q(signatures__state__in=SHOWN))
    ).prefetch_related("names", "domains")}  # fmt: skip
    first = first_lines(rows)
    for row in rows:
        row.first_line = first.get(row.pk)
        row.doubt = doubt_of(row) if row.outcome == Outcome.UNSURE else ""
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
