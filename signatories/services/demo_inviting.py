"""The demo's invitations, made by the same doors as an editor's."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from letters.models import Letter
from signatories.models import Invitation, Organisation, Signature
from signatories.services import contacts, invited, invitees, inviting

ASKED = 8
WORDS = {"en": "Your name would carry weight: the minister’s office has asked who is behind this letter."}


def invite(letter: Letter, *, actor: Any, at: datetime) -> None:
    """Some organisations of the directory are asked to sign a letter in circulation; one opens the form, one declines."""
    signed = Signature.objects.filter(letter=letter).values("organisation")
    rows = list(Organisation.objects.known().exclude(pk__in=signed).order_by("pk")[:ASKED])
    for row in rows:
        domain = row.domains.first()
        address = f"office@{domain.domain if domain else row.slug + '.example'}"
        contacts.write(row, [contacts.Person(address, "Robin Example")], actor=actor, at=at)
    found, _without = invitees.of_organisations(rows)
    day = at - timedelta(days=1)
    inviting.prepare(letter, found, source=Invitation.Source.DIRECTORY, language="en", actor=actor, at=day)
    if settings.EMAIL_BACKEND != "letters.mailfiles.EmailBackend":
        return  # prepared, and for nobody to get
    inviting.send(letter, words=WORDS, per_minute=600, actor=actor, at=day)
    made = list(Invitation.objects.filter(letter=letter).select_related("letter").order_by("pk"))
    if len(made) > 3:
        invited.open_form(made[0], at=at - timedelta(hours=5))
        invited.decline(made[1], word="Our board meets only in spring.", at=at - timedelta(hours=3))
