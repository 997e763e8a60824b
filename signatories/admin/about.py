"""How the record names signatures and organisations."""

from django.utils.translation import gettext as _

from letters.admin.about import KINDS, Kind
from signatories.models import ImportBatch, Organisation, Signature


def names_of_signatures(wanted: set[int]) -> dict[int, str]:
    """The names of signatories. The record is no place for a withheld name: it is found on the signature's own page."""
    rows = Signature.objects.filter(pk__in=wanted).only("name", "acronym", "visibility")
    return {
        row.pk: _("a withheld name")
        if row.visibility == Signature.Visibility.WITHHELD
        else row.shown_name or _("(erased)")
        for row in rows
    }


def names_of_organisations(wanted: set[int]) -> dict[int, str]:
    return {row.pk: str(row) for row in Organisation.objects.filter(pk__in=wanted)}


def names_of_lists(wanted: set[int]) -> dict[int, str]:
    return {row.pk: str(row) for row in ImportBatch.objects.filter(pk__in=wanted).only("source_name")}


KINDS["importbatch"] = Kind("signatories_importbatch", "signatories.change_signature", names_of_lists)
KINDS["signature"] = Kind("signatories_signature", "signatories.view_signature", names_of_signatures)
KINDS["organisation"] = Kind(
    "signatories_organisation", "signatories.view_organisation", names_of_organisations
)
