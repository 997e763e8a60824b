"""Taking an applied list off its letter again. What somebody did with a signature or an organisation since, stays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from letters.models import Event, Letter, Message
from letters.rows import portions
from letters.services import states
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked
from signatories.models import ImportBatch, ImportRow, Merge, Organisation, Representative, Signature
from signatories.models.signature import SHOWN
from signatories.services import lists
from signatories.services.importing import AT_ONCE
from signatories.services.review import promote

BatchState, Kind = ImportBatch.State, Signature.Kind
PORTION = 250


@dataclass
class Undoing:
    """What undoing a batch would do: keys of signatures and organisations that go; of signatures that stay, how many for each
    reason ("ended": withdrawn or refused since, "own": its signatory answered since); how many organisations stay; how many of the
    signatures that go stand in a delivered snapshot, and of how many a representative was told by mail."""

    signatures: list[int] = field(default_factory=list)
    ended: int = 0
    own: int = 0
    organisations: list[int] = field(default_factory=list)
    organisations_kept: int = 0
    delivered: int = 0
    told: int = 0


def plan(batch: ImportBatch) -> Undoing:
    """What undoing would do now. A few statements, whatever the size of the list."""
    found = Undoing()
    people = Representative.objects.filter(signature=OuterRef("pk"))
    listed = ImportRow.objects.filter(signature=OuterRef("pk"), has_address=True)
    made = Signature.objects.filter(import_rows__batch=batch).annotate(
        answered=Exists(people) & ~Exists(listed)
    )
    last = max((row.created_at for row in batch.letter.deliveries.all()), default=None)
    # Another one's signature ended for these when two entries were merged: without them that one would stand nowhere.
    merges = Merge.objects.filter(undone_at=None).values_list("taken__settled", flat=True)
    counted = {item["counts"] for settled in merges for item in settled}
    accepted_at: dict[int, Any] = {}
    for pk, state, rejoined, answered, accepted in made.order_by("pk").values_list(
        "pk", "state", "rejoined_at", "answered", "accepted_at"
    ):
        if state == Signature.State.MERGED and not answered:
            accepted_at[pk] = None  # else taking the merge back would bring it back onto the letter
        elif state not in SHOWN:
            found.ended += 1
        elif answered or rejoined or pk in counted:
            found.own += 1
        else:
            accepted_at[pk] = accepted
    acted = _acted(batch.letter, accepted_at.keys())
    found.own += len(acted)
    found.signatures = [pk for pk in accepted_at if pk not in acted]
    subjects = [f"signature:{pk}" for pk in found.signatures]
    sent = Message.objects.filter(letter=batch.letter, kind="listed", state=Message.State.SENT)
    found.told = sum(sent.filter(subject_ref__in=some).count() for some in portions(subjects, PORTION))
    found.delivered = sum(
        bool(last and accepted_at[pk] and accepted_at[pk] <= last) for pk in found.signatures
    )
    _plan_organisations(batch, found)
    return found


OWN_ACTS = ("signature.reaffirmed", "signature.correction_proposed")


def _acted(letter: Letter, signatures: Collection[int]) -> set[int]:
    """Those whose signatories have done something themselves: re-affirmed an amended text, or corrected the name."""
    events = Event.objects.filter(letter=letter, kind__in=OWN_ACTS).values_list("subject", flat=True)
    return {int(subject.partition(":")[2]) for subject in events} & set(signatures)


def _plan_organisations(batch: ImportBatch, found: Undoing) -> None:
    """An organisation goes when this batch made it and nothing was done with it since: not signed for, not edited, not verified."""
    going = set(found.signatures)
    made = Organisation.objects.filter(import_rows__batch=batch, import_rows__made_organisation=True)
    for some in portions(list(made.order_by("pk").values_list("pk", flat=True)), PORTION):
        subjects = {f"organisation:{pk}": pk for pk in some}
        touched = {
            subjects[subject]
            for subject in Event.objects.filter(subject__in=subjects).values_list("subject", flat=True)
        }
        kept = Q(verified_at__isnull=False) | ~Q(note="") | ~Q(website="") | Q(domains__isnull=False)
        touched |= set(Organisation.objects.filter(kept, pk__in=some).values_list("pk", flat=True))
        signed = Signature.objects.filter(organisation__in=some).values_list("organisation", "pk")
        touched |= {organisation for organisation, pk in signed if organisation and pk not in going}
        found.organisations += [pk for pk in some if pk not in touched]
        found.organisations_kept += len(touched)


@transaction.atomic
def undo(batch: ImportBatch, *, actor: Actor, at: datetime) -> ImportBatch:
    """An editor takes the whole list off the letter again: a short one at once, a long one by the worker. Raises ``Refused`` for
    one that is not on a letter."""
    locked(batch.letter)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != BatchState.APPLIED:
        raise Refused(
            _("Only a list that is on a letter can be taken off: %(state)s.")
            % {"state": batch.get_state_display()}
        )
    batch.state, batch.begun_at = BatchState.UNDOING, at
    batch.acted_by_id = getattr(actor, "pk", None)
    batch.save(update_fields=["state", "begun_at", "acted_by"])
    if batch.total <= AT_ONCE:
        carry_out(batch, at=at)
    return batch


@transaction.atomic
def carry_out(batch: ImportBatch, *, at: datetime) -> ImportBatch:
    """Takes the list off the letter, whole; safe to call twice, or to be killed in. Signatures are deleted, so that nothing
    stands in the way of a right list later; the record says which they were."""
    letter = locked(batch.letter)
    batch.refresh_from_db()
    if batch.state != BatchState.UNDOING:
        return batch
    # Held before it is known who signed: else somebody signs for one of them in between.
    made = Organisation.objects.filter(
        pk__in=batch.rows.filter(made_organisation=True).values("organisation")
    ).order_by("pk")
    list(made.select_for_update().values_list("pk", flat=True))
    found, actor = plan(batch), batch.acted_by
    _remove_signatures(letter, found.signatures, actor=actor, at=at)
    _remove_organisations(found.organisations, actor=actor, at=at)
    batch.state, batch.undone_at = BatchState.UNDONE, at
    batch.save(update_fields=["state", "undone_at"])
    after = {
        "signatures_gone": len(found.signatures),
        "signatures_kept": found.ended + found.own,
        "organisations_gone": len(found.organisations),
        "organisations_kept": found.organisations_kept,
    }
    record("list.undone", at=at, letter=letter, subject=batch.ref, actor=actor, after=after)
    return batch


def _remove_signatures(letter: Letter, going: Sequence[int], *, actor: User | None, at: datetime) -> None:
    for some in portions(going, PORTION):
        rows = list(Signature.objects.filter(pk__in=some).order_by("pk"))
        lists.count_many(letter.pk, [row for row in rows if row.is_in_list], -1)
        Event.objects.bulk_create(
            Event(
                kind="signature.undone", at=at, letter=letter, subject=row.ref, actor=actor, before=_facts(row)
            )
            for row in rows
        )  # fmt: skip
        waiting = Message.objects.filter(
            subject_ref__in=[row.ref for row in rows], state=Message.State.QUEUED
        )
        waiting.update(state=Message.State.CANCELLED)
        # Later attempts beside one that goes: the first of them takes its place, once it is no more in the way.
        firsts = list(Signature.objects.filter(pk__in=some, rivals__isnull=False).distinct())
        Signature.objects.filter(pk__in=[row.pk for row in firsts]).update(state=Signature.State.EXPIRED)
        for row in firsts:
            promote(row)
        Signature.objects.filter(pk__in=some).delete()
    if going:
        states.hide_earlier(letter.pk)
        states.note(letter.pk, at=at)


def _facts(signature: Signature) -> dict[str, Any]:
    """What the record may keep for ever: an organisation's name, not a person's."""
    if signature.kind != Kind.ORGANISATION:
        return {"kind": signature.kind, "state": signature.state}
    return {
        "name": signature.name,
        "acronym": signature.acronym,
        "country": str(signature.country),
        "organisation": signature.organisation_id,
        "state": signature.state,
    }


def _remove_organisations(going: Sequence[int], *, actor: User | None, at: datetime) -> None:
    for some in portions(going, PORTION):
        rows = list(Organisation.objects.filter(pk__in=some))
        Event.objects.bulk_create(
            Event(
                kind="organisation.deleted",
                at=at,
                subject=f"organisation:{row.pk}",
                actor=actor,
                before={"name": row.name, "acronym": row.acronym, "country": str(row.country)},
                note=_("made by a list that was taken off its letter"),
            )
            for row in rows
        )
        Organisation.objects.filter(pk__in=some).delete()
