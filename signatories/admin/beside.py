"""Two entries of the directory side by side."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.shown import DASH, mark
from letters.languages import name_here
from signatories.models import Organisation, OrganisationName

Kind = OrganisationName.Kind
# By the codes of ``matching.Likeness.why``.
WHY = {
    "name": _l("the same name"),
    "spelling": _l("almost the same spelling"),
    "order": _l("the same words in another order"),
    "words": _l("one leaves out words of the other"),
    "translation": _l("the same in another language"),
    "script": _l("the same in another script"),
    "acronym": _l("the same acronym"),
    "country": _l("a like name, in another country"),
    "domain": _l("the same domain"),
}


def why(code: str) -> str:
    """Why two entries may be one, in words."""
    return str(WHY.get(code, ""))


def together(words: list[Any]) -> SafeString | str:
    """Values one below the other; a dash for none."""
    return (
        format_html_join(SafeString("<br>"), "<bdi>{}</bdi>", ((word,) for word in words)) if words else DASH
    )


def facts(organisation: Organisation) -> list[tuple[str, Any]]:
    """What helps to tell whether two entries are one: labels and values, in the same order for each. Three statements."""
    names: dict[str, list[str]] = {}
    for row in organisation.names.order_by("id"):
        words = f"{row.name} ({name_here(row.language)})" if row.language else row.name
        names.setdefault(row.kind, []).append(words)
    signatures = reverse("admin:signatories_signature_changelist")
    signed = organisation.signatures.in_list().count()
    return [
        (_("Name"), format_html("<strong><bdi>{}</bdi></strong>", organisation.name)),
        (_("Acronym"), organisation.acronym or DASH),
        (_("Other names"), together(names.get(Kind.OTHER, []))),
        (_("Former names"), together(names.get(Kind.FORMER, []))),
        (_("In other languages"), together(names.get(Kind.TRANSLATED, []))),
        (_("Recognised by, shown nowhere"), together(names.get(Kind.QUIET, []))),
        (_("Country"), organisation.country.name or DASH),
        (_("Region"), organisation.region or DASH),
        (_("Kind"), organisation.get_kind_display() or DASH),
        (_("Website"), organisation.website or DASH),
        (_("Domains"), together([row.domain for row in organisation.domains.all()])),
        (_("Directory"), mark("known", _("verified")) if organisation.is_known else mark("new", _("new"))),
        (
            _("Accepted signatures"),
            format_html(
                '<a href="{}?state=all&organisation__id__exact={}">{}</a>',
                signatures,
                organisation.pk,
                signed,
            ),
        ),
        (_("Note for editors"), organisation.note or DASH),
        (_("Entered"), date_format(organisation.created_at, "j F Y")),
    ]


def beside(one: Organisation, other: Organisation) -> list[tuple[str, Any, Any, bool]]:
    """Label, the value of each, and whether they are the same; rows in which both have nothing are left out."""
    rows = zip(facts(one), facts(other), strict=True)
    pairs = [(label, mine, theirs, mine == theirs) for (label, mine), (_label, theirs) in rows]
    return [row for row in pairs if not (row[3] and row[1] == DASH)]
