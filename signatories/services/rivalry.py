"""Of several signatures of one organisation on one letter: which comes first. The caller holds the letter's lock."""

from collections.abc import Iterable
from datetime import datetime

from signatories.models import Signature
from signatories.models.signature import SignatureQuerySet

State = Signature.State
STANDS = (State.ACCEPTED, State.EARLIER, State.CONFIRMED, State.UNCONFIRMED)


def rank(signature: Signature) -> tuple[int, bool, datetime, int]:
    """By which active signatures of one organisation are put in order: who stands in the list goes before who does not, then
    who was first."""
    since = signature.accepted_at or signature.confirmed_at or signature.signed_at
    stands = STANDS.index(State(signature.state))
    return stands, signature.rival_of_id is not None, since, signature.pk


def of_organisations(letter_id: int, organisations: Iterable[int]) -> SignatureQuerySet:
    """Signatures on a letter for any of the organisations, by primary key."""
    rows = Signature.objects.filter(letter=letter_id, organisation__in=list(organisations))
    return rows.filter(kind=Signature.Kind.ORGANISATION)


def first_of(rows: Iterable[Signature]) -> Signature:
    """The first of active signatures of one organisation on one letter; there is one at least."""
    return min(rows, key=rank)


def lead(letter_id: int, organisations: Iterable[int]) -> Signature | None:
    """Makes the first of the active signatures *the* signature and the others later attempts beside it; gives the first.
    At most one of them stands in the list."""
    rows = of_organisations(letter_id, organisations).active()
    found = list(rows)
    if not found:
        return None
    first = first_of(found)
    # In this order: never do two of one organisation stand without being beside another.
    rows.exclude(pk=first.pk).update(rival_of=first)
    rows.filter(pk=first.pk).update(rival_of=None)
    return first
