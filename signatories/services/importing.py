"""Putting a list that was read onto a letter. No mail is sent; a withdrawn signature is never brought back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from letters import keys
from letters.models import Group, Letter
from letters.services import states
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked
from signatories import matching
from signatories.models import Organisation, Signature
from signatories.reading import Entry
from signatories.services import directory, lists

State, Kind = Signature.State, Signature.Kind


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one entry: "new", "already" (stands on the letter), "withdrawn" (once taken back), "twice", or
    "withheld": one of that name stands with its name withheld, so a person has to decide."""

    entry: Entry
    outcome: str


@transaction.atomic
def import_list(
    letter: Letter, entries: Iterable[Entry], *, consent: str, actor: Actor, at: datetime
) -> list[Imported]:
    """Lists each entry as an accepted signature, in the order of the list; all in one transaction.

    ``consent`` says where the signatories' consent came from and is kept on record. A letter that stands open keeps
    the text: the signatures point to its current version. Raises ``Refused`` for a draft or a withdrawn letter.
    """
    letter = locked(letter)
    if letter.current_version is None or letter.stage == Letter.Stage.WITHDRAWN:
        raise Refused(
            _("Signatories can be put on a letter that was opened for signing, and not on one withdrawn.")
        )
    groups = {group.heading: group for group in letter.groups.all() if group.kind == Group.Kind.OWN}
    outcomes, seen = [], set()
    for entry in entries:
        outcome, signature = _import_one(letter, entry, group=groups.get(entry.group or ""), at=at)
        if signature is not None and signature.pk in seen:
            outcome = "twice"
        if signature is not None:
            seen.add(signature.pk)
        outcomes.append(Imported(entry, outcome))
    made = sum(item.outcome == "new" for item in outcomes)
    if made:
        states.note(letter.pk, at=at)
    record(
        "list.imported",
        at=at,
        letter=letter,
        actor=actor,
        after={"entries": len(outcomes), "new": made},
        note=consent,
    )
    return outcomes


def _import_one(
    letter: Letter, entry: Entry, *, group: Group | None, at: datetime
) -> tuple[str, Signature | None]:
    organisation: Organisation | None = None
    person_key = ""
    if entry.kind == Kind.ORGANISATION:
        organisation, _made = directory.find_or_create(
            (entry.name or "")[:250],
            acronym=(entry.acronym or "")[:40],
            country=entry.country_code or "",
            at=at,
        )
        known = letter.signatures.filter(organisation=organisation, rival_of=None)
    else:
        person_key = imported_person_key(entry)
        known = letter.signatures.filter(person_key=person_key)
    standing = known.standing().first()
    if standing is not None:
        return "already", standing
    signature = Signature(
        letter=letter, version=letter.current_version, organisation=organisation, person_key=person_key
    )
    _fill(signature, entry, group=group, at=at)
    outcome, standing = _by_name(signature)
    if outcome:
        return outcome, standing
    if known.filter(state=State.WITHDRAWN).exists():
        return "withdrawn", None
    _insert(signature, before=known.filter(state=State.UNCONFIRMED).first())
    lists.count(signature, +1)
    directory.give_face(signature, at=at)
    record(
        "signature.imported", at=at, letter=letter, subject=signature.ref, after={"state": signature.state}
    )
    return "new", signature


def _by_name(signature: Signature) -> tuple[str, Signature | None]:
    """What those of the same name, whatever else the entry says of them, make of it: "withheld" when one stands so, since
    the list would show the name; for a person "withdrawn" when one took the signature back, "already" when one
    stands with the same affiliation; empty when nothing is in the way."""
    same = signature.letter.signatures.filter(kind=signature.kind)
    if same.standing().filter(visibility=Signature.Visibility.WITHHELD, sort_key=signature.sort_key).exists():
        return "withheld", None
    if signature.kind == Kind.ORGANISATION:
        return "", None
    namesakes = list(same.filter(name_key=signature.name_key))
    if any(other.state == State.WITHDRAWN for other in namesakes):
        return "withdrawn", None
    affiliation = matching.normalise(signature.affiliation)
    for other in namesakes:
        if other.is_standing and matching.normalise(other.affiliation) == affiliation:
            return "already", other
    return "", None


def _insert(signature: Signature, *, before: Signature | None) -> None:
    """Writes an imported signature; ``before``, an attempt that nobody confirmed, is then the later one beside it, for
    anybody can make one, and no list should be kept out by that."""
    if before is None:
        signature.save(force_insert=True)
        return
    state, signature.state, signature.rival_of = signature.state, State.UNCONFIRMED, before
    signature.save(force_insert=True)
    Signature.objects.filter(Q(pk=before.pk) | Q(rival_of=before)).exclude(pk=signature.pk).update(
        rival_of=signature
    )
    signature.state, signature.rival_of = state, None
    signature.save(update_fields=["state", "rival_of"])


def imported_person_key(entry: Entry) -> str:
    """The keyed hash by which a person on a list is known again: name and affiliation, there being no e-mail."""
    parts = [matching.normalise(entry.person or entry.role or ""), matching.normalise(entry.name or "")]
    return keys.blind("person", "import|" + "|".join(parts))


def _fill(signature: Signature, entry: Entry, *, group: Group | None, at: datetime) -> None:
    individual = entry.kind == Kind.INDIVIDUAL
    signature.kind = entry.kind
    # A list may print an office alone ("President of the Quay Society"): then the office stands for the person.
    signature.name = ((entry.person or entry.role if individual else entry.name) or "")[:250]
    signature.acronym = "" if individual else (entry.acronym or "")[:40]
    beside = (entry.role if entry.person else None, entry.name) if individual else ()
    affiliation = ", ".join(part for part in beside if part)
    signature.affiliation = affiliation[:250]
    signature.country = entry.country_code or ""
    signature.note = (entry.note or "")[:160]
    signature.group = group
    signature.state, signature.source = State.ACCEPTED, "import"
    signature.signed_at = signature.confirmed_at = signature.accepted_at = signature.first_told_at = at
    lists.derive(signature)
    signature.place = lists.place_of(signature, lists.groups_of(signature.letter))
