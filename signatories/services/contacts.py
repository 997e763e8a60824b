"""Whom editors write to at an organisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from letters.services.events import record
from letters.services.life import Actor
from signatories.models import Contact, Organisation
from signatories.services.inviting import email_key


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    name: str = ""
    language: str = ""


def write(organisation: Organisation, people: Iterable[Person], *, actor: Actor, at: datetime) -> None:
    """Makes these the contacts of an organisation. The record says how many there are, and names nobody."""
    wanted = {email_key(person.email): person for person in people}
    rows = {row.email_key: row for row in organisation.contacts.all()}
    changed = [rows[key] for key in rows if key not in wanted]
    Contact.objects.filter(pk__in=[row.pk for row in changed]).delete()
    for key, person in wanted.items():
        row = rows.get(key) or Contact(organisation=organisation, email_key=key, added_at=at)
        if (row.email, row.name, row.language) != (person.email, person.name, person.language):
            row.email, row.name, row.language = person.email, person.name, person.language
            row.save()
            changed.append(row)
    if changed:
        record(
            "organisation.contacts_changed",
            at=at,
            subject=f"organisation:{organisation.pk}",
            actor=actor,
            before={"contacts": len(rows)},
            after={"contacts": len(wanted)},
        )
