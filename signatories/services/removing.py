"""Removing an entry of the directory that nothing stands on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor
from signatories.models import Organisation


def why_kept(organisation: Organisation) -> str:
    """Why the entry cannot be deleted, in a sentence; empty when it can."""
    if organisation.signatures.exists():
        return _("“%(name)s” has signatures, so it stays in the directory.") % {"name": organisation.name}
    return ""


@transaction.atomic
def delete_organisation(organisation: Organisation, *, actor: Actor, at: datetime) -> None:
    """Deletes an entry without signatures; raises ``Refused`` for any other."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if reason := why_kept(row):
        raise Refused(reason)
    before = {"name": row.name, "acronym": row.acronym, "country": str(row.country), "website": row.website}
    row.delete()
    record(
        "organisation.deleted", at=at, subject=f"organisation:{organisation.pk}", actor=actor, before=before
    )
