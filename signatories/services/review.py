"""Review: what an editor, or the letter's policy, decides about a signature; and how a signature ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from letters.models import Letter, Message
from letters.services import states
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked
from signatories import emails
from signatories.domains import belongs
from signatories.models import Representative, Signature
from signatories.models.signature import OF_PERSON
from signatories.services import directory, lists

State = Signature.State
MOMENT = timedelta(microseconds=1)


def relocked(signature: Signature) -> Signature:
    """The signature read again under its letter's lock."""
    letter = locked(signature.letter)
    rows = Signature.objects.select_related("organisation", "version", "rival_of")
    signature = rows.get(pk=signature.pk)
    signature.letter = letter
    return signature


def person_of(signature: Signature) -> Representative | None:
    """The representative, or None when there is none (any more)."""
    return Representative.objects.filter(signature=signature).first()


@transaction.atomic
def accept(signature: Signature, *, actor: Actor, at: datetime, tell: bool = True) -> Signature:
    """An editor lets a confirmed signature be listed (a withheld one: be counted); its representative is told."""
    signature = relocked(signature)
    if signature.state != State.CONFIRMED:
        raise Refused(_("“%(name)s” does not wait for review.") % {"name": signature})
    if signature.rival_of_id is not None:
        raise Refused(
            _(
                "“%(name)s” has another signature on this letter (number %(first)s). End that one first, or refuse this one."
            )
            % {"name": signature, "first": signature.rival_of_id}
        )
    if signature.letter.stage == Letter.Stage.WITHDRAWN:
        raise Refused(_("The letter was withdrawn; nothing is listed on it any more."))
    _accept(signature, actor=actor, at=at, how="review")
    person = person_of(signature)
    if tell and person is not None:
        emails.accepted(signature, person, at=at)
    return signature


def auto_accept(signature: Signature, *, email: str, at: datetime) -> bool:
    """Accepts a signature that was just confirmed if the letter's policy says so; whether it did. The caller
    holds the letter's lock.

    What was signed beside a like name of the directory waits under every policy. Where organisations stand hidden, also the policy that accepts every confirmed signature leaves further ones to an
    editor: a second signature for a hidden one cannot be accepted, so that whoever signs for an organisation with an
    address of their own would learn from "at once" or "not yet" whether it is among the hidden.
    """
    policy, organisation = signature.letter.policy, signature.organisation
    if signature.unlike_id is not None:  # one that may be another's second entry is for a person to decide
        return False
    if policy == Letter.Policy.CONFIRMED and not _could_tell(signature):
        _accept(signature, actor=None, at=at, how="policy: every confirmed signature")
        return True
    if policy == Letter.Policy.REVIEW or organisation is None or not organisation.is_known:
        return False
    if belongs(email, list(organisation.domains.values_list("domain", flat=True))):
        _accept(signature, actor=None, at=at, how="policy: known domain")
        return True
    return False


def _could_tell(signature: Signature) -> bool:
    """Whether accepting at once, or not, would tell of another organisation's hidden signature."""
    if signature.kind != Signature.Kind.ORGANISATION:
        return False
    others = signature.letter.signatures.hidden().filter(kind=Signature.Kind.ORGANISATION)
    return others.exclude(pk=signature.pk).exists()


def _accept(signature: Signature, *, actor: Actor, at: datetime, how: str) -> None:
    before = {"state": signature.state}
    # Who is accepted while a delivery is being recorded comes after it: the snapshot was taken before.
    last = signature.letter.last_delivered_at
    signature.state = State.ACCEPTED
    signature.accepted_at = max(at, last + MOMENT) if last else at
    if not is_of_current_text(signature):  # it signed what the letter no longer says
        signature.state = State.EARLIER
    signature.place = lists.place_of(signature, lists.groups_of(signature.letter))
    signature.save(update_fields=["state", "accepted_at", "place"])
    lists.enter(signature, at=at)
    directory.give_face(signature, at=at)
    record(
        "signature.accepted",
        at=at,
        letter=signature.letter,
        subject=signature.ref,
        actor=actor,
        before=before,
        after={"state": signature.state},
        note=how,
    )


def is_of_current_text(signature: Signature) -> bool:
    """Whether the text that it signed still says what the letter says: the same, but for corrections and translations."""
    current = signature.letter.current_version
    return current is None or signature.version.substance == current.substance


@transaction.atomic
def refuse(signature: Signature, *, reason: str, actor: Actor, at: datetime) -> Signature:
    """An editor does not list a signature (also one that was listed); its representative is told why."""
    signature = relocked(signature)
    if not signature.is_standing:
        raise Refused(_("“%(name)s” neither waits for review nor is listed.") % {"name": signature})
    if not reason.strip():
        raise Refused(_("Give a reason; the representative will read it."))
    person = person_of(signature)
    if person is not None:
        emails.refused(signature, person, at=at, reason=reason.strip())
    signature.refusal_reason = reason.strip()
    signature.save(update_fields=["refusal_reason"])
    note = _for_the_record(signature, reason)
    end(signature, State.REFUSED, actor=actor, at=at, note=note, keep_person=True)
    return signature


@transaction.atomic
def settle_correction(
    signature: Signature, *, taken: bool, actor: Actor, at: datetime, reason: str = ""
) -> Signature:
    """An editor takes over the corrected name that a representative proposed, or leaves it."""
    signature = relocked(signature)
    if not signature.proposed_name or not signature.is_active:
        raise Refused(_("No correction is proposed for “%(name)s”.") % {"name": signature})
    before = {"name": signature.name, "acronym": signature.acronym} if _may_keep_name(signature) else None
    if taken:
        refuse_other_organisation(signature, signature.proposed_name)
        signature.name, signature.acronym = signature.proposed_name, signature.proposed_acronym
        lists.derive(signature)
    signature.proposed_name = signature.proposed_acronym = ""
    signature.save(
        update_fields=["name", "acronym", "sort_key", "search_text", "proposed_name", "proposed_acronym"]
    )
    if taken and signature.is_shown:  # the change of a name that is not shown is told to nobody
        lists.touch(signature.letter, at=at)
    after = {"name": signature.name, "acronym": signature.acronym} if _may_keep_name(signature) else None
    kind = "signature.correction_taken" if taken else "signature.correction_left"
    record(
        kind,
        at=at,
        letter=signature.letter,
        subject=signature.ref,
        actor=actor,
        before=before,
        after=after,
        note=_for_the_record(signature, reason),
    )
    person = person_of(signature)
    if person is not None:
        emails.correction_settled(signature, person, at=at, taken=taken, reason=reason)
    return signature


def refuse_other_organisation(signature: Signature, name: str) -> None:
    """Raises ``Refused`` when ``name`` is that of another organisation: a correction changes the spelling, never who
    signed."""
    if signature.kind != Signature.Kind.ORGANISATION:
        return
    other = directory.find(name, country=str(signature.country))
    if other is not None and other.pk != signature.organisation_id:
        raise Refused(
            _("“%(name)s” is another organisation of the directory; a correction cannot change who signed.")
            % {"name": name}
        )


def _may_keep_name(signature: Signature) -> bool:
    """Whether the name may stand in the record for ever: an organisation's may, a person's is personal data."""
    return signature.kind == Signature.Kind.ORGANISATION


def _for_the_record(signature: Signature, reason: str) -> str:
    """The reason as an event may keep it. The record stays for ever; words about a person do not: they stand with the
    signature until they are erased."""
    return reason.strip() if _may_keep_name(signature) else ""


@transaction.atomic
def arrange(signature: Signature, *, actor: Actor, at: datetime, **fields: object) -> Signature:
    """An editor sets how a signature stands in the list: ``convener``, ``group``, ``note``, and for organisations
    ``name``, ``acronym`` and ``country`` as a correction of spelling. Identity, state and visibility stay."""
    signature = relocked(signature)
    if not signature.is_active:
        raise Refused(_("This signature has ended."))
    allowed = {"convener", "group", "note", "name", "acronym", "country", "affiliation"}
    if set(fields) - allowed:
        raise ValueError(f"not an arrangement: {sorted(set(fields) - allowed)}")
    before = {key: str(getattr(signature, key) or "") for key in fields}
    if fields.get("name", signature.name) != signature.name:
        refuse_other_organisation(signature, str(fields["name"]))
    if signature.is_shown:  # no state of its own: nobody sees the list without it
        lists.count(signature, -1)
    for key, value in fields.items():
        setattr(signature, key, value)
    lists.derive(signature)
    signature.place = lists.place_of(signature, lists.groups_of(signature.letter))
    signature.save()
    if signature.is_shown:
        lists.enter(signature, at=at)
        states.hide_earlier(signature.letter_id)
    after = {key: str(getattr(signature, key) or "") for key in fields}
    if not _may_keep_name(signature):
        before = {key: value for key, value in before.items() if key in ("convener", "group")}
        after = {key: value for key, value in after.items() if key in ("convener", "group")}
    record(
        "signature.arranged",
        at=at,
        letter=signature.letter,
        subject=signature.ref,
        actor=actor,
        before=before,
        after=after,
    )
    return signature


@transaction.atomic
def withdraw_for(signature: Signature, *, reason: str, actor: Actor, at: datetime) -> Signature:
    """An editor withdraws a signature because the signatory asked for it by another way; the reason says how."""
    signature = relocked(signature)
    if not signature.is_active:
        raise Refused(_("“%(name)s” has ended already.") % {"name": signature})
    if not reason.strip():
        raise Refused(_("Say how the signatory asked for it; the reason is kept on record."))
    signature.refusal_reason = reason.strip()
    note = _for_the_record(signature, reason)
    end(signature, State.WITHDRAWN, actor=actor, at=at, note=note, farewell=person_of(signature))
    return signature


def end(
    signature: Signature,
    state: str,
    *,
    actor: Actor,
    at: datetime,
    note: str = "",
    farewell: Representative | None = None,
    keep_person: bool = False,
) -> None:
    """Ends a signature in ``state``; the caller holds the letter's lock. Personal data goes at once (but for a
    refusal, whose mail must still find its reader), what stays is a tombstone that no import brings back.
    ``farewell`` gets the last message. A confirmed rival then takes the ended signature's place in the queue."""
    before = {"state": signature.state}
    if signature.is_in_list:
        lists.leave(signature, at=at)
    signature.state, signature.ended_at = state, at
    signature.proposed_name = signature.proposed_acronym = ""
    if not keep_person:
        erase_person(signature)
    signature.rival_of = None
    signature.save()
    if farewell is not None:
        emails.withdrawn(signature, farewell, at=at)
    record(
        f"signature.{state}",
        at=at,
        letter=signature.letter,
        subject=signature.ref,
        actor=actor,
        before=before,
        after={"state": state},
        note=note,
    )
    promote(signature)


def promote(ended: Signature) -> None:
    """After a first signature ended: the earliest confirmed rival (else the earliest) is the first now."""
    rivals = sorted(
        Signature.objects.filter(rival_of=ended, state__in=[State.CONFIRMED, State.UNCONFIRMED]),
        key=lambda rival: (rival.state != State.CONFIRMED, rival.pk),
    )
    if not rivals:
        return
    heir, rest = rivals[0], rivals[1:]
    Signature.objects.filter(pk=heir.pk).update(rival_of=None)
    Signature.objects.filter(pk__in=[rival.pk for rival in rest]).update(rival_of=heir)


def erase_person(signature: Signature) -> None:
    """Erases what is known of the person: the representative, the keys, the messages; an individual's name."""
    Representative.objects.filter(signature=signature).delete()
    signature.keys.all().delete()
    about = Message.objects.filter(subject_ref=signature.ref)
    about.filter(state=Message.State.QUEUED).update(state=Message.State.CANCELLED)
    about.erase()
    if signature.kind == Signature.Kind.INDIVIDUAL:
        for field in OF_PERSON:
            setattr(signature, field, "")


def in_bulk(
    signatures: Iterable[Signature], act: str, *, actor: Actor, at: datetime, reason: str = ""
) -> tuple[int, list[str]]:
    """Accepts or refuses many through the same doors as one; (how many were done, a sentence for each that was not)."""
    done, refusals = 0, []
    for signature in signatures:
        try:
            if act == "accept":
                accept(signature, actor=actor, at=at)
            else:
                refuse(signature, reason=reason, actor=actor, at=at)
            done += 1
        except Refused as refusal:
            refusals.append(str(refusal))
    return done, refusals
