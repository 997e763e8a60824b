"""Amending a letter: what becomes of the signatures under the text before. Each is asked to re-affirm or to withdraw;
until then it is listed under the version that it signed, apart from the list and counted apart."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from letters.models import Event, Letter, TextVersion
from letters.services import revising
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked
from signatories import emails
from signatories.models import Key, Signature, Tally
from signatories.models.signature import SignatureQuerySet
from signatories.services import lists
from signatories.services.by_link import relocked_key
from signatories.services.review import MOMENT, is_of_current_text, person_of, relocked

State = Signature.State


@transaction.atomic
def amend(letter: Letter, *, reason: str, actor: Actor, at: datetime) -> TextVersion:
    """A change of substance. The working copy becomes the current text; every accepted signature leaves the list for that of
    the version it signed, in the same transaction. The worker then asks each signatory."""
    letter = locked(letter)
    if not revising.may_revise(letter):
        raise Refused(_("Only a letter that was opened for signing, and not withdrawn, is amended."))
    # Before the new version, whose state of the list has these counts.
    letter.signatures.counted().update(state=State.EARLIER)
    Letter.objects.filter(pk=letter.pk).update(
        earlier_count=F("earlier_count") + F("signature_count"),
        earlier_withheld_count=F("earlier_withheld_count") + F("withheld_count"),
        signature_count=0,
        withheld_count=0,
    )
    Tally.objects.filter(letter=letter).delete()
    return revising.amended(letter, reason=reason, actor=actor, at=at)


def outdated(letter: Letter) -> SignatureQuerySet:
    """Signatures that stand under a text which the letter no longer has: those who are asked, until they answer."""
    current = letter.current_version
    assert current is not None
    standing = Signature.objects.standing().filter(letter=letter)
    return standing.exclude(version__substance=current.substance)


@transaction.atomic
def reaffirm(key: Key, *, version: int, at: datetime) -> Signature:
    """The signatory signs the text as it is now; ``version`` is the number of the one that was shown."""
    key = relocked_key(key)
    if key.used_at is not None:
        raise Refused(_("This link has been used up."))
    return _reaffirm(key.signature, version=version, actor=None, note="", at=at)


@transaction.atomic
def reaffirm_for(signature: Signature, *, note: str, actor: Actor, at: datetime) -> Signature:
    """An editor records that a signatory re-affirmed by another way; the note says how, and stays on record."""
    signature = relocked(signature)
    if not note.strip():
        raise Refused(_("Say how the signatory re-affirmed; it is kept on record."))
    current = signature.letter.current_version
    assert current is not None
    return _reaffirm(signature, version=current.number, actor=actor, note=note.strip(), at=at)


def _reaffirm(signature: Signature, *, version: int, actor: Actor, note: str, at: datetime) -> Signature:
    letter = signature.letter
    current = letter.current_version
    if not signature.is_standing or current is None or not revising.may_revise(letter):
        raise Refused(_("This signature has ended, or its letter was withdrawn."))
    if is_of_current_text(signature):
        raise Refused(_("This signature stands under the present text already."))
    if version != current.number:
        raise Refused(
            _("The text has changed since you opened this page. Read it once more below, then decide.")
        )
    before = {"version": signature.version.number, "state": signature.state}
    if signature.is_earlier:
        lists.count(signature, -1)
        signature.state = State.ACCEPTED
        signature.rejoined_at = _rejoined(letter, current, at)
    signature.version = current
    signature.save(update_fields=["state", "version", "rejoined_at"])
    if signature.is_counted:
        lists.enter(signature, at=at)
    record(
        "signature.reaffirmed",
        at=at,
        letter=letter,
        subject=signature.ref,
        actor=actor,
        before=before,
        after={"version": current.number, "state": signature.state},
        note=note if signature.kind == Signature.Kind.ORGANISATION else "",
    )
    Key.objects.filter(signature=signature, purpose=Key.Purpose.REAFFIRM).update(used_at=at)
    if (person := person_of(signature)) is not None:
        emails.receipt(signature, person, at=at)
    return signature


def _rejoined(letter: Letter, current: TextVersion, at: datetime) -> datetime | None:
    """When it joined those who signed the present text, if that was delivered without it; who stood in the delivery of the
    text before has joined nothing later."""
    last = letter.deliveries.order_by("-number").select_related("version").first()
    if last is None or last.version.substance != current.substance:
        return None
    return max(at, last.created_at + MOMENT)


def amendment(letter: Letter) -> Event | None:
    """The event of the letter's last amendment, if its present text is one's."""
    if letter.current_version is None or letter.current_version.substance == 1:
        return None
    return letter.events.filter(kind="letter.amended").order_by("-id").first()


def withdrawn_since(letter: Letter, event: Event) -> QuerySet[Signature]:
    """Signatures under a text before the amendment of that event which were taken back after it."""
    assert letter.current_version is not None
    gone = letter.signatures.filter(state=State.WITHDRAWN, ended_at__gte=event.at)
    return gone.exclude(version__substance=letter.current_version.substance)


def reminder(letter: Letter) -> Event | None:
    """The event by which those who are silent about the last amendment were reminded, if they were."""
    last = amendment(letter)
    found = letter.events.filter(kind="amendment.reminded", pk__gt=last.pk) if last else Event.objects.none()
    return found.first()


@transaction.atomic
def remind_silent(letter: Letter, *, actor: Actor, at: datetime) -> int:
    """Asks once more those who have not answered an amendment; once for each amendment. How many will get it."""
    letter = locked(letter)
    if amendment(letter) is None or not revising.may_revise(letter):
        raise Refused(_("The letter’s text was not amended."))
    if reminder(letter) is not None:
        raise Refused(_("They were reminded already; once is what they were promised."))
    silent = outdated(letter).filter(representative__isnull=False).count()
    if not silent:
        raise Refused(_("Nobody with an e-mail address has still to answer."))
    record("amendment.reminded", at=at, letter=letter, actor=actor, after={"asked": silent})
    return silent
