"""What the reader of an invitation does by its link: opening the form, signing, declining, wanting no more invitations.

Each act locks the letter's row first and then the invitation's, so that such acts follow one another.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from letters import keys
from letters.models import Attempt
from letters.services.errors import Refused
from letters.services.events import record
from letters.typed import whole
from signatories.fields import tidy_lines
from signatories.models import Invitation, NoInvitations, Signature
from signatories.models.invitation import FACTS, InvitationQuerySet
from signatories.services import signing
from signatories.services.inviting import SIGN, STOP, drop_mail, held, stop_key
from signatories.services.review import end, relocked

LONGEST_WORD = 1000  # characters of what a reader says when declining


class LinkEnded(Refused):
    """The invitation's link signs nothing any more."""


def find(key: str) -> Invitation | None:
    """The invitation that a key opens, whatever became of it; None for a wrong key."""
    row = _rows().filter(digest=keys.digest(key)).first()
    return row if row is not None and keys.same(key, SIGN, row.nonce) else None


def find_to_stop(key: str) -> Invitation | None:
    """The invitation whose reader can say "no more" by the key; None for a wrong one."""
    row = _rows().filter(stop_digest=keys.digest(key)).first()
    return row if row is not None and keys.same(key, STOP, row.nonce) else None


def _rows() -> InvitationQuerySet:
    return Invitation.objects.select_related(*FACTS, "letter__current_version")


@transaction.atomic
def open_form(invitation: Invitation, *, at: datetime) -> None:
    """The reader asked for the form; noted once. Raises ``LinkEnded``."""
    row = _open(invitation, at=at)
    if row.opened_at is None:
        row.opened_at = at
        row.save(update_fields=["opened_at"])


@transaction.atomic
def sign(
    invitation: Invitation, application: signing.Application, *, version: int, at: datetime
) -> Signature:
    """A signature by the link, for the organisation that was invited; as ``signing.sign`` in everything else. The link is used up then.
    Raises ``LinkEnded`` or what that raises."""
    row = _open(invitation, at=at)
    signature = signing.sign(row.letter, application, version=version, organisation=row.organisation, at=at)
    if signature.is_new:  # else the form met one that somebody gave before, which is none of this link's
        row.signature = signature
    row.form_sent_at, row.opened_at = at, row.opened_at or at
    row.save(update_fields=["signature", "form_sent_at", "opened_at"])
    drop_mail(row)
    return signature


def may_fill_in_again(invitation: Invitation, *, at: datetime) -> bool:
    """Whether the form that was sent still waits to be confirmed, so that it can be taken back and sent anew."""
    return (
        invitation.waits_for_confirmation(at)
        and invitation.declined_at is None
        and invitation.revoked_at is None
        and invitation.letter.is_signing_open(at)
    )


@transaction.atomic
def fill_in_again(invitation: Invitation, *, at: datetime) -> None:
    """The reader takes back the form, such as one with a mistyped address; the link works again. Only what this very link made
    ends with it."""
    row = held(invitation)
    if not may_fill_in_again(row, at=at):
        raise LinkEnded(_("This invitation has been used."))
    made = row.signature
    if made is not None and made.state == Signature.State.UNCONFIRMED:
        end(relocked(made), Signature.State.EXPIRED, actor=None, at=at)
    row.signature = row.form_sent_at = None
    row.save(update_fields=["signature", "form_sent_at"])


@transaction.atomic
def decline(invitation: Invitation, *, word: str, at: datetime) -> None:
    """The reader does not sign; ``word`` is what they say about it, for the editors alone. Raises ``LinkEnded``."""
    row = held(invitation)
    if not row.may_answer(at):
        raise LinkEnded(_("This invitation has been used, or signing is closed."))
    row.declined_at, row.declined_word = at, tidy_lines(word)[:LONGEST_WORD]
    row.save(update_fields=["declined_at", "declined_word"])
    drop_mail(row)
    record("invitation.declined", at=at, letter=row.letter, subject=row.ref)


@transaction.atomic
def stop(invitation: Invitation, *, at: datetime) -> None:
    """No more invitations to this address from this site, on any letter; what waits for it is not sent. Asked again it changes
    nothing."""
    row = held(invitation)
    if not row.email:
        return  # erased: nothing goes there any more
    _made, new = NoInvitations.objects.get_or_create(key=stop_key(row.email), defaults={"at": at})
    same = Invitation.objects.filter(email_key=row.email_key, stopped_at=None)
    drop_mail(*same)
    same.update(stopped_at=at)
    if new:
        record("invitations.unwanted", at=at, letter=row.letter, subject=row.ref)


def stop_for_complaints(*, at: datetime) -> int:
    """Whoever reported an invitation as unwanted wants none any more; how many. Run by the worker."""
    reported = Attempt.objects.filter(
        outcome=Attempt.Outcome.COMPLAINED, message__subject_ref__startswith="invitation:"
    )
    refs = reported.values_list("message__subject_ref", flat=True).distinct()
    numbers = [number for ref in refs if (number := whole(ref.partition(":")[2]))]
    rows = Invitation.objects.filter(pk__in=numbers, stopped_at=None).exclude(email="")
    found = list(rows.select_related("letter"))
    for row in found:
        stop(row, at=at)
    return len(found)


def _open(invitation: Invitation, *, at: datetime) -> Invitation:
    """The invitation, locked, if its link still works."""
    row = held(invitation)
    if not row.is_open(at):
        raise LinkEnded(_("This invitation has been used, or signing is closed."))
    return row
