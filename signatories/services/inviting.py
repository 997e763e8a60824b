"""Inviting: what editors do. Preparing, sending at a pace, reminding, revoking, mending an address.

Every act locks the letter's row first. Nobody is invited who signed, was invited already, wants no invitations, or to whose
address mail came back.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from letters import keys
from letters.models import Letter, Message
from letters.rows import change, insert_many, portions
from letters.services import bouncing, editing
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked
from letters.typed import whole
from signatories import emails
from signatories.domains import canonical_email
from signatories.models import Invitation, InvitationReminder, NoInvitations, Representative, Signature
from signatories.models.invitation import InvitationQuerySet
from signatories.models.signature import STANDING
from signatories.services import directory
from signatories.services.invitees import Invitee

State = Invitation.State
PORTION = 500
SIGN, STOP = emails.INVITATION, emails.INVITATION_STOP  # purposes of keys
_check_address = EmailValidator()


@dataclass(slots=True)
class Prepared:
    """What came of preparing: the invitations, and who was left out with the reason, a sentence each."""

    made: list[Invitation] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def why_not(letter: Letter, *, at: datetime) -> str:
    """Why nobody can be invited to the letter now, in a sentence; empty when it is possible."""
    if letter.current_version_id is None:
        return _(
            "Put the letter into circulation or release it first: who is invited signs a text that stands."
        )
    if letter.stage == Letter.Stage.WITHDRAWN:
        return _("The letter was withdrawn.")
    if letter.is_closed(at):
        return _("Signing is closed; extend it first.")
    return ""


def email_key(email: str) -> str:
    """By which an address is known again."""
    return keys.blind("email", canonical_email(email))


def stop_key(email: str) -> str:
    """By which a wish for no more invitations is kept."""
    return keys.blind("no-invitations", canonical_email(email))


@transaction.atomic
def prepare(
    letter: Letter, invitees: Iterable[Invitee], *, source: str, language: str, actor: Actor, at: datetime
) -> Prepared:
    """Makes an invitation for each address that may be invited; nothing is sent. ``language`` is for those whose own is not
    known. Raises ``Refused``."""
    letter = locked(letter)
    if reason := why_not(letter, at=at):
        raise Refused(reason)
    rows, out = list(invitees), Prepared()
    hurdles = _hurdles(letter, rows)
    here: set[str] = set()
    new: list[Invitation] = []
    for invitee in rows:
        key = email_key(invitee.email)
        words = _("twice in this list") if key in here else hurdles.against(invitee)
        if words:
            out.left.append((named(invitee), words))
            continue
        here.add(key)
        new.append(_new(letter, invitee, source=source, language=language, actor=actor, at=at))
    insert_many(new)
    out.made = new
    if new:
        after = {"prepared": len(new), "left_out": len(out.left), "source": source}
        record("invitations.prepared", at=at, letter=letter, actor=actor, after=after)
    return out


def named(invitee: Invitee) -> str:
    """Who it is, for a person to read."""
    name = invitee.organisation_name or invitee.person_name
    return f"{name} <{invitee.email}>" if name else invitee.email


def _new(
    letter: Letter, invitee: Invitee, *, source: str, language: str, actor: Actor, at: datetime
) -> Invitation:
    invitation = Invitation(
        letter=letter,
        organisation=invitee.organisation,
        organisation_name=invitee.organisation_name,
        person_name=invitee.person_name,
        country=invitee.country,
        language=invitee.language or language,
        source=source,
        made_by=actor if isinstance(actor, User) else None,
        made_at=at,
    )
    _address(invitation, invitee.email)
    return invitation


def _address(invitation: Invitation, email: str) -> None:
    """Gives the invitation an address, and keys of its own that were sent to nobody else."""
    invitation.email, invitation.email_key = email, email_key(email)
    invitation.nonce = keys.new_nonce()
    invitation.digest = keys.digest(keys.derive(SIGN, invitation.nonce))
    invitation.stop_digest = keys.digest(keys.derive(STOP, invitation.nonce))


@dataclass(slots=True)
class Hurdles:
    """What stands against inviting, for many addresses at once."""

    invited: set[str]
    signed: set[str]
    organisations: set[int]
    stopped: set[str]
    dead: set[str]

    def against(self, invitee: Invitee) -> str:
        """Why this one is left out; empty when nothing is against it."""
        try:
            _check_address(invitee.email)
        except ValidationError:
            return _("this is no e-mail address")
        if len(invitee.email) > 254:
            return _("this is no e-mail address")
        key = email_key(invitee.email)
        if key in self.invited:
            return _("invited already")
        if stop_key(invitee.email) in self.stopped:
            return _("wants no invitations")
        if key in self.signed or (invitee.organisation and invitee.organisation.pk in self.organisations):
            return _("has signed already")
        if invitee.email in self.dead:
            return _("mail to this address came back")
        return ""


def _hurdles(letter: Letter, invitees: list[Invitee]) -> Hurdles:
    own = letter.invitations.filter(revoked_at=None).exclude(email_key="")  # type: ignore[attr-defined]
    stands = Signature.objects.filter(letter=letter, state__in=STANDING)
    people = Representative.objects.filter(signature__in=stands)
    emails_ = [invitee.email for invitee in invitees]
    return Hurdles(
        invited=set(own.values_list("email_key", flat=True)),
        signed=set(people.values_list("email_key", flat=True)),
        organisations=set(stands.exclude(organisation=None).values_list("organisation", flat=True)),
        stopped=_present(NoInvitations, map(stop_key, emails_)),
        dead=bouncing.dead_among(emails_),
    )


def _present(model: Any, wanted: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in portions(sorted(set(wanted)), PORTION):
        found.update(model.objects.filter(key__in=some).values_list("key", flat=True))
    return found


def leading(letter: Letter) -> str:
    """Who leads the letter, by the names that its list has."""
    rows = letter.signatures.leading().in_order(letter.order)  # type: ignore[attr-defined]
    return ", ".join(row.shown_name for row in rows)


def unwanted(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses that want no invitations from this site, or whose mail came back."""
    rows = set(addresses)
    stopped = _present(NoInvitations, map(stop_key, rows))
    return {email for email in rows if stop_key(email) in stopped} | bouncing.dead_among(rows)


@transaction.atomic
def send(
    letter: Letter,
    *,
    chosen: Collection[int] | None = None,
    words: Mapping[str, str],
    per_minute: int,
    send_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Queues the prepared invitations (of those ``chosen``; None: all), so many a minute from ``send_at`` on, or from now. ``words`` are
    the editors' own for each language. How many. Pressed twice it sends once: what is queued is not prepared any more."""
    letter = locked(letter)
    if reason := why_not(letter, at=at):
        raise Refused(reason)
    start = send_at or at
    if start < at:
        raise Refused(_("The time to send has passed; choose a later one, or send now."))
    if letter.closes_at is not None and start >= letter.closes_at:
        raise Refused(_("Signing will have closed by then; choose an earlier time."))
    rows = _held(letter.invitations.in_state(State.PREPARED), chosen)  # type: ignore[attr-defined]
    never = unwanted(row.email for row in rows)
    rows = [row for row in rows if row.email and row.email not in never]
    if not rows:
        raise Refused(_("No prepared invitation is left to send."))
    lead = leading(letter)
    for n, row in enumerate(rows):
        moment = start + timedelta(seconds=n * 60 / per_minute)
        row.letter = letter
        own = words.get(row.language, "")
        row.message = emails.invitation(row, at=at, send_at=moment, words=own, leading=lead)
    change(rows, "message")
    after = {"queued": len(rows), "from": start.isoformat(), "per_minute": per_minute}
    record("invitations.sent", at=at, letter=letter, actor=actor, after=after)
    return len(rows)


def _held(rows: InvitationQuerySet, chosen: Collection[int] | None) -> list[Invitation]:
    """The rows, of those ``chosen`` (None: all), held until the transaction ends."""
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    wanted = found if chosen is None else sorted(set(found) & set(chosen))
    held: list[Invitation] = []
    for some in portions(wanted, PORTION):
        held += Invitation.objects.select_for_update().filter(pk__in=some).order_by("pk")
    return held


@transaction.atomic
def remind(
    letter: Letter,
    *,
    chosen: Collection[int] | None = None,
    words: Mapping[str, str] | None = None,
    per_minute: int,
    actor: Actor,
    at: datetime,
) -> int:
    """Queues a reminder to each who was sent an invitation and is silent, but for those reminded within a day. How many."""
    letter = locked(letter)
    if not letter.is_signing_open(at):
        raise Refused(_("Signing is not open, so there is nothing to remind of."))
    rows = _held(letter.invitations.to_remind(at), chosen)  # type: ignore[attr-defined]
    never = unwanted(row.email for row in rows)
    rows = [row for row in rows if row.email and row.email not in never]
    if not rows:
        raise Refused(_("Nobody is left to remind: all have answered, or were reminded within a day."))
    for n, row in enumerate(rows):
        moment = at + timedelta(seconds=n * 60 / per_minute)
        row.letter, row.reminded_at, row.reminders = letter, at, row.reminders + 1
        own = (words or {}).get(row.language, "")
        row.reminder = emails.invitation(row, at=at, send_at=moment, words=own, again=True)
    change(rows, "reminder", "reminded_at", "reminders")
    record("invitations.reminded", at=at, letter=letter, actor=actor, after={"reminded": len(rows)})
    return len(rows)


@transaction.atomic
def plan_reminders(letter: Letter, days: Iterable[int], *, actor: Actor, at: datetime) -> list[int]:
    """Sets the days before the close on which the silent are reminded by themselves; those that are over stay as they are.
    Gives the days that are set now. Raises ``Refused`` for a letter without a close, and for a day that has passed."""
    letter = locked(letter)
    wanted = sorted(set(days), reverse=True)
    if wanted and letter.closes_at is None:
        raise Refused(_("Signing has no close, so there are no days before it. Set a close first."))
    before = list(letter.invitation_reminders.values_list("days_before", flat=True))  # type: ignore[attr-defined]
    for day in set(wanted) - set(before):
        assert letter.closes_at is not None
        if letter.closes_at - timedelta(days=day) <= at:
            raise Refused(_("%(days)s days before the close have passed already.") % {"days": day})
    rows = letter.invitation_reminders.filter(done_at=None)  # type: ignore[attr-defined]
    rows.exclude(days_before__in=wanted).delete()
    for day in wanted:
        InvitationReminder.objects.get_or_create(letter=letter, days_before=day)
    after = list(letter.invitation_reminders.values_list("days_before", flat=True))  # type: ignore[attr-defined]
    if after != before:
        record(
            "invitations.planned",
            at=at,
            letter=letter,
            actor=actor,
            before={"days": before},
            after={"days": after},
        )
    return after


@transaction.atomic
def revoke(invitation: Invitation, *, actor: Actor, at: datetime) -> Invitation:
    """Its link stops working, and nothing more goes out for it; a signature that came of it stays."""
    row = held(invitation)
    if row.revoked_at is not None:
        raise Refused(_("This invitation was revoked already."))
    if row.is_answered or row.is_used(at):
        raise Refused(_("This invitation was answered; its link opens nothing any more."))
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    drop_mail(row)
    record("invitation.revoked", at=at, letter=row.letter, subject=row.ref, actor=actor)
    return row


@transaction.atomic
def correct(
    invitation: Invitation,
    *,
    organisation_name: str,
    person_name: str,
    language: str,
    actor: Actor,
    at: datetime,
) -> Invitation:
    """Mends how a list was read, while the invitation is prepared and unsent: names and language. Another name is that of another
    organisation, which is looked for in the directory. The record names nobody."""
    row = held(invitation)
    if row.state != State.PREPARED:
        raise Refused(_("This invitation is on its way already; only its address can be changed."))
    if organisation_name != row.organisation_name:
        row.organisation = directory.find(organisation_name) if organisation_name else None
        row.organisation_name = row.organisation.name if row.organisation else organisation_name
    row.person_name, row.language = person_name, language
    row.save(update_fields=["organisation", "organisation_name", "person_name", "language"])
    record("invitation.corrected", at=at, letter=row.letter, subject=row.ref, actor=actor)
    return row


def why_not_again(message: Message) -> str:
    """Why a message of an invitation is not sent once more, in a sentence; empty when it may be."""
    number = whole(message.subject_ref.partition(":")[2]) or 0
    row = Invitation.objects.with_facts().select_related("letter").filter(pk=number).first()
    if row is None or row.revoked_at is not None:
        return _("The invitation was revoked or has another address now.")
    if row.is_answered:
        return _("It was answered: %(state)s.") % {"state": State(row.state).label}
    if row.letter.is_closed(timezone.now()):
        return _("Signing is closed.")
    return ""


for _kind in ("invitation", "invitation_reminder"):
    editing.WHY_NOT_AGAIN[_kind] = why_not_again


@transaction.atomic
def readdress(invitation: Invitation, *, email: str, actor: Actor, at: datetime) -> Invitation:
    """Another address instead of that of an invitation that nobody has answered: that one is revoked, so that its link ends
    (but for "no more invitations"), and a new one is prepared, which it gives. Raises ``Refused`` when something stands against
    the address."""
    row = held(invitation)
    if row.is_answered or row.revoked_at is not None:
        raise Refused(_("This invitation was answered or revoked."))
    wanted = Invitee(
        email, row.organisation, row.organisation_name, row.person_name, row.language, str(row.country)
    )
    if row.email.lower() == email.lower():
        raise Refused(_("It has this address already."))
    revoke(row, actor=actor, at=at)
    if words := _hurdles(row.letter, [wanted]).against(wanted):
        raise Refused(_("%(email)s: %(why)s.") % {"email": email, "why": words})
    new = _new(row.letter, wanted, source=row.source, language=row.language, actor=actor, at=at)
    new.save()
    record(
        "invitation.readdressed",
        at=at,
        letter=row.letter,
        subject=new.ref,
        actor=actor,
        before={"invitation": row.ref},
    )
    return new


def held(invitation: Invitation) -> Invitation:
    """The invitation read anew, its letter's row and its own locked until the transaction ends."""
    letter = locked(invitation.letter)
    rows = Invitation.objects.select_for_update(of=("self",)).with_facts()
    row = rows.get(pk=invitation.pk)
    row.letter = letter
    return row


def drop_mail(*invitations: Invitation) -> int:
    """Takes what waits to be sent for invitations out of the queue; how many messages."""
    refs = [row.ref for row in invitations]
    waiting = Message.objects.filter(subject_ref__in=refs, state=Message.State.QUEUED)
    return waiting.update(state=Message.State.CANCELLED)


def signed_otherwise(*, at: datetime) -> int:
    """Notes for invitations without an answer that their organisation, or the same address, has signed another way, and drops
    what waits for those and for letters that take no signatures any more; how many were noted. Run by the worker."""
    noted = 0
    unanswered = Invitation.objects.filter(signature=None, otherwise=None, declined_at=None, stopped_at=None)
    for letter in Letter.objects.filter(pk__in=unanswered.values("letter").distinct()):
        if not _signed_otherwise(letter):
            continue  # as most times: signing need not wait for us
        with transaction.atomic():
            rows = _signed_otherwise(locked(letter))
            change(rows, "otherwise")
            for some in portions(rows, PORTION):
                drop_mail(*some)
        noted += len(rows)
    return noted


def _signed_otherwise(letter: Letter) -> list[Invitation]:
    """The letter's invitations without an answer for which a signature stands that came another way, set in each."""
    stands = Signature.objects.filter(letter=letter, state__in=STANDING)
    by_organisation = dict(stands.exclude(organisation=None).values_list("organisation", "pk"))
    people = Representative.objects.filter(signature__in=stands)
    by_email = dict(people.values_list("email_key", "signature"))
    rows = letter.invitations.filter(signature=None, otherwise=None, declined_at=None)  # type: ignore[attr-defined]
    noted = []
    for row in rows.only("pk", "organisation_id", "email_key", "letter_id"):
        found = by_email.get(row.email_key) or by_organisation.get(row.organisation_id or 0)
        if found:
            row.otherwise_id = found
            noted.append(row)
    return noted


def drop_late_mail(*, at: datetime) -> int:
    """Cancels invitations that still wait though their letter takes no signatures any more; how many. Run by the worker."""
    waiting = Message.objects.filter(
        kind__in=("invitation", "invitation_reminder"), state=Message.State.QUEUED, letter__closes_at__lte=at
    )
    return waiting.update(state=Message.State.CANCELLED)


def remind_by_plan(*, per_minute: int, at: datetime) -> int:
    """Reminds the silent of each letter whose planned day has come; how many. Of several days that passed while no worker ran,
    the last alone is done: nobody gets two in a row."""
    done = 0
    open_ = InvitationReminder.objects.filter(done_at=None, letter__closes_at__isnull=False)
    for letter in Letter.objects.filter(pk__in=open_.values("letter")):
        with transaction.atomic():
            letter = locked(letter)
            assert letter.closes_at is not None
            rows = letter.invitation_reminders.filter(done_at=None)  # type: ignore[attr-defined]
            due = [row for row in rows if letter.closes_at - timedelta(days=row.days_before) <= at]
            if not due:
                continue
            InvitationReminder.objects.filter(pk__in=[row.pk for row in due]).update(done_at=at)
            try:
                done += remind(letter, per_minute=per_minute, actor=None, at=at)
            except Refused:
                continue  # nobody is silent, or signing is stopped: that day is over
    return done
