"""How the record names signatures and organisations."""

from django.utils.translation import gettext as _

from letters.admin.about import KINDS, Kind
from signatories.models import ImportBatch, Invitation, Organisation, Signature


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


def names_of_invitations(wanted: set[int]) -> dict[int, str]:
    """The organisations; the people who are written to are named on the invitation's own page alone."""
    rows = Invitation.objects.filter(pk__in=wanted).only("organisation_name")
    return {row.pk: row.organisation_name or _("Invitation %(n)s") % {"n": row.pk} for row in rows}


KINDS["invitation"] = Kind("signatories_invitation", "signatories.change_signature", names_of_invitations)
KINDS["importbatch"] = Kind("signatories_importbatch", "signatories.change_signature", names_of_lists)
KINDS["signature"] = Kind("signatories_signature", "signatories.view_signature", names_of_signatures)
KINDS["organisation"] = Kind(
    "signatories_organisation", "signatories.view_organisation", names_of_organisations
)
