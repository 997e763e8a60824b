"""Whom to invite: from addresses that an editor gives, from the directory, from signatories of earlier letters.

Nothing is stored here; ``inviting.prepare`` decides who is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings

from letters.languages import name_here
from letters.models import Letter
from letters.rows import portions
from signatories import matching
from signatories.domains import domain_of, proves_nothing
from signatories.models import Contact, Domain, Organisation, Representative, Signature
from signatories.reading.addresses import Address
from signatories.services import directory

PORTION = 500


@dataclass(frozen=True, slots=True)
class Invitee:
    """One address and what is known of who reads it; ``language`` is one of the interface's, or empty: the editor's choice."""

    email: str
    organisation: Organisation | None = None
    organisation_name: str = ""
    person_name: str = ""
    language: str = ""
    country: str = ""


def interface_language(written: str) -> str:
    """The interface's language that a tag ("pt-BR", "fr_FR") or a name ("French", "français") means; empty for none."""
    tag = written.strip().lower().replace("_", "-")
    own = dict(settings.LANGUAGES)
    if tag.partition("-")[0] in own:
        return tag.partition("-")[0]
    names = {matching.fold(name): code for code, name in own.items()}
    names |= {matching.fold(name_here(code)): code for code in own}
    return names.get(matching.fold(tag), "")


def of_addresses(found: Iterable[Address]) -> list[Invitee]:
    """With the organisation of the directory that each line names; without a name, the verified one at whose domain the
    address is. A line whose organisation the directory does not know keeps the name as it was written."""
    rows = list(found)
    at_home = _by_domain({domain_of(row.email) for row in rows if not row.organisation})
    out = []
    for row in rows:
        known = directory.find(row.organisation, country=row.country) if row.organisation else None
        if known is None and not row.organisation and row.person:
            known = directory.find(row.person, country=row.country)  # two words that look like a person's
            row = replace(row, person="") if known else row
        if known is None and not row.organisation:
            known = at_home.get(domain_of(row.email))
        out.append(
            Invitee(
                row.email,
                known,
                known.name if known else row.organisation[:250],
                row.person[:160],
                interface_language(row.language),
                row.country,
            )
        )
    return out


def _by_domain(domains: set[str]) -> dict[str, Organisation]:
    """The one verified organisation whose own each domain, or one above it, is."""
    above = {domain: _with_parents(domain) for domain in domains if domain and not proves_nothing(domain)}
    rows: dict[str, list[Organisation]] = {}
    wanted = sorted({parent for parents in above.values() for parent in parents})
    for some in portions(wanted, PORTION):
        known = Domain.objects.filter(domain__in=some, organisation__verified_at__isnull=False)
        for row in known.select_related("organisation"):
            rows.setdefault(row.domain, []).append(row.organisation)
    out = {}
    for domain, parents in above.items():
        found = next((rows[parent] for parent in parents if parent in rows), [])
        if len(found) == 1:
            out[domain] = found[0]
    return out


def _with_parents(domain: str) -> list[str]:
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def of_organisations(organisations: Iterable[Organisation]) -> tuple[list[Invitee], list[Organisation]]:
    """The contacts of each organisation; where editors gave none, the representative of its latest signature whose data
    is still kept. And those for which no address is known."""
    rows = list(organisations)
    known: dict[int, list[Invitee]] = {}
    for some in portions(rows, PORTION):
        contacts = Contact.objects.filter(organisation__in=some).order_by("id")
        for contact in contacts:
            made = Invitee(contact.email, None, "", contact.name, interface_language(contact.language))
            known.setdefault(contact.organisation_id, []).append(made)
        missing = [row.pk for row in some if row.pk not in known]
        people = Representative.objects.filter(
            signature__organisation__in=missing, signature__in=Signature.objects.standing()
        )
        for person in people.select_related("signature").order_by("signature_id"):
            made = Invitee(person.email, None, "", person.name, person.language)
            known[person.signature.organisation_id or 0] = [made]
    out = [
        Invitee(one.email, row, row.name, one.person_name, one.language)
        for row in rows
        for one in known.get(row.pk, ())
    ]
    return out, [row for row in rows if row.pk not in known]


def of_letters(letters: Iterable[Letter]) -> list[Invitee]:
    """The representatives of all signatures that stand on the letters and whose data is still kept, the latest letter's
    words first; each address once."""
    people = (
        Representative.objects.filter(
            signature__letter__in=list(letters), signature__in=Signature.objects.standing()
        )
        .exclude(stopped_at__isnull=False)
        .select_related("signature__organisation")
        .order_by("-signature__letter_id", "signature_id")
    )
    seen: set[str] = set()
    out = []
    for person in people:
        if person.email_key in seen:
            continue
        seen.add(person.email_key)
        own = person.signature.organisation
        name = own.name if own else ""
        out.append(Invitee(person.email, own, name, person.name, person.language))
    return out
