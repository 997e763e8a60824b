"""What the holder of a mailed link does: confirm, say "this was not me", correct the name, withdraw.

Each act locks the letter's row, so that such acts follow one another.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from letters import keys
from letters.compose import ANSWERS
from letters.models import Letter, Message
from letters.models.mail import MessageQuerySet
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import locked
from signatories import emails
from signatories.domains import belongs
from signatories.models import Key, Representative, Signature
from signatories.services.review import auto_accept, end, is_of_current_text, person_of

State = Signature.State
NEWS = ("delivered", "response", "update")  # kinds of messages that only those get who ask for them


def find_by_key(key: str, purpose: str) -> Key | None:
    """The key's row with its signature and letter, whether it still opens anything or not; None for a wrong key."""
    rows = Key.objects.filter(digest=keys.digest(key), purpose=purpose)
    return rows.select_related(
        "signature__letter__current_version", "signature__version", "signature__organisation"
    ).first()


def may_confirm(key: Key, *, at: datetime) -> bool:
    """Whether the key's signature can be confirmed at ``at``."""
    signature, letter = key.signature, key.signature.letter
    in_time = letter.closes_at is None or at < letter.closes_at + settings.CONFIRM_GRACE
    alive = key.used_at is None and (key.expires_at is None or at < key.expires_at)
    lives = letter.stage in (Letter.Stage.CIRCULATING, Letter.Stage.PUBLISHED)
    return alive and in_time and lives and signature.state == State.UNCONFIRMED


@transaction.atomic
def confirm(key: Key, *, at: datetime) -> Signature:
    """The representative proved the e-mail. The letter's policy decides whether that lists the signature."""
    key = relocked_key(key)
    if not may_confirm(key, at=at):
        raise Refused(_("This link no longer confirms anything."))
    signature = key.signature
    _settle_rivalry(signature)
    signature.state, signature.confirmed_at = State.CONFIRMED, at
    signature.save(update_fields=["state", "confirmed_at", "rival_of"])
    Key.objects.filter(signature=signature, purpose=Key.Purpose.CONFIRM).update(used_at=at)
    record(
        "signature.confirmed",
        at=at,
        letter=signature.letter,
        subject=signature.ref,
        after={"state": signature.state},
    )
    person = signature.representative
    if person.stopped_at and person.wants_updates:  # the form was sent again, and asked for news after all
        person.stopped_at = None
        person.save(update_fields=["stopped_at"])
    emails.receipt(signature, person, at=at)
    # It was amended between the form and this click.
    if not is_of_current_text(signature) and person.stopped_at is None:
        emails.amended(signature, person, at=at, once=f"amended-late:{signature.pk}")
    if signature.rival_of_id is None:
        auto_accept(signature, email=person.email, at=at)
    if signature.organisation_id is not None:  # attempts that came after it are news to this one now
        later = signature.letter.signatures.filter(
            organisation=signature.organisation_id, pk__gt=signature.pk
        )
        later.update(first_told_at=None)
    return signature


def relocked_key(key: Key) -> Key:
    """The key read again under its letter's lock."""
    letter = locked(key.signature.letter)
    rows = Key.objects.select_related(
        "signature__organisation", "signature__version", "signature__representative"
    )
    fresh = rows.filter(pk=key.pk).first()
    if fresh is None:  # another act of the same moment ended the signature, and its keys with it
        raise Refused(_("This link has been used up."))
    fresh.signature.letter = letter
    return fresh


def _settle_rivalry(signature: Signature) -> None:
    """Of several attempts for one organisation the first to be confirmed is the signature; but one from the verified
    organisation's own domain goes before one from elsewhere that no editor accepted."""
    first = signature.rival_of
    if first is None:
        return
    beaten = (
        first.state == State.CONFIRMED
        and proves(signature.representative.email, signature)
        and not (hasattr(first, "representative") and proves(first.representative.email, signature))
    )
    if first.is_active and first.state != State.UNCONFIRMED and not beaten:
        return
    if first.is_active:
        Signature.objects.filter(pk=first.pk).update(rival_of=signature)
    Signature.objects.filter(rival_of=first).exclude(pk=signature.pk).update(rival_of=signature)
    signature.rival_of = None


@transaction.atomic
def disown(key: Key, *, at: datetime) -> Signature:
    """“This was not me”: the attempt ends, its data is erased."""
    key = relocked_key(key)
    if key.used_at is not None or not key.signature.is_active:
        raise Refused(_("This link has been used up."))
    end(key.signature, State.DISOWNED, actor=None, at=at)
    return key.signature


@transaction.atomic
def propose_correction(key: Key, *, name: str, acronym: str, at: datetime) -> Signature:
    """The representative corrects the spelling; an editor, who may be looking at the old one just now, decides."""
    signature = relocked_key(key).signature
    if not signature.is_active:
        raise Refused(_("This signature has ended; there is nothing to correct."))
    if (name, acronym) == (signature.name, signature.acronym):
        if signature.proposed_name:  # as it stands, after all: what waits is taken back
            signature.proposed_name = signature.proposed_acronym = ""
            signature.save(update_fields=["proposed_name", "proposed_acronym"])
            record("signature.correction_taken_back", at=at, letter=signature.letter, subject=signature.ref)
            return signature
        raise Refused(_("The name stands like that already."))
    signature.proposed_name, signature.proposed_acronym = name, acronym
    signature.save(update_fields=["proposed_name", "proposed_acronym"])
    record("signature.correction_proposed", at=at, letter=signature.letter, subject=signature.ref)
    return signature


@transaction.atomic
def withdraw(key: Key, *, at: datetime) -> Signature:
    """The signatory takes its signature back, at any time; what stays holds no personal data. The link to re-affirm does so
    until it was used to re-affirm."""
    key = relocked_key(key)
    if key.purpose == Key.Purpose.REAFFIRM and key.used_at is not None:
        raise Refused(_("This link has been used up."))
    signature = key.signature
    if not signature.is_active:
        raise Refused(_("This signature has ended already."))
    person = person_of(signature)  # None once retention erased what is known of the person
    end(signature, State.WITHDRAWN, actor=None, at=at, farewell=person)
    return signature


def gets_mail(key: Key) -> bool:
    """Whether the key's representative gets mail about the letter beside answers to acts of their own."""
    person = person_of(key.signature)
    return person is not None and person.stopped_at is None


@transaction.atomic
def stop_mail(key: Key, *, at: datetime) -> None:
    """The representative gets no mail about the letter any more but answers to acts of their own, for whatever signature of
    it this address was given; what else waits is not sent. Asked again it changes nothing. Raises ``Refused`` when nothing is
    known of the representative any more."""
    signature = relocked_key(key).signature
    person = _known_person(signature)
    if person.stopped_at is not None:
        return
    mine = Q(pk=person.pk)
    if person.email_key:
        mine |= Q(email_key=person.email_key, signature__letter=signature.letter, stopped_at=None)
    for same in Representative.objects.filter(mine).select_related("signature"):
        same.wants_updates, same.stopped_at = False, at
        same.save(update_fields=["wants_updates", "stopped_at"])
        _waiting(same.signature).exclude(kind__in=ANSWERS).update(state=Message.State.CANCELLED)
        record("signature.mail_stopped", at=at, letter=signature.letter, subject=same.signature.ref)


@transaction.atomic
def set_news(key: Key, *, wanted: bool, at: datetime) -> None:
    """The representative asks for news of the letter, and with it for all other mail about it; or stops the news alone:
    what waits of it is not sent then. Asked again it changes nothing. Raises ``Refused`` as ``stop_mail`` does."""
    signature = relocked_key(key).signature
    person = _known_person(signature)
    if person.wants_updates == wanted:
        return
    person.wants_updates = wanted
    person.stopped_at = None if wanted else person.stopped_at
    person.save(update_fields=["wants_updates", "stopped_at"])
    if not wanted:
        _waiting(signature).filter(kind__in=NEWS).update(state=Message.State.CANCELLED)
    kind = "signature.news_asked" if wanted else "signature.news_stopped"
    record(kind, at=at, letter=signature.letter, subject=signature.ref)


def _known_person(signature: Signature) -> Representative:
    person = person_of(signature)
    if person is None:
        raise Refused(_("The data of this signature was erased, so no mail goes out for it any more."))
    return person


def _waiting(signature: Signature) -> MessageQuerySet:
    """The messages about a signature that wait to be sent."""
    return Message.objects.filter(subject_ref=signature.ref, state=Message.State.QUEUED)


@transaction.atomic
def tell_earlier(attempt: Signature, *, at: datetime) -> None:
    """Tells those who confirmed an earlier attempt for the same organisation of this one, whichever of them is the
    signature: so an outsider among them hears the same whether the organisation itself stands hidden or not. And tells
    this one, when its address is the organisation's own, that the organisation has signed. Run by the worker, so
    that the form's answer takes the same time for every organisation."""
    locked(attempt.letter)
    rows = Signature.objects.select_related(
        "letter__current_version", "rival_of", "organisation", "representative"
    )
    attempt = rows.get(pk=attempt.pk)
    if attempt.first_told_at is None and attempt.is_active:
        others = rows.filter(letter=attempt.letter, organisation=attempt.organisation, pk__lt=attempt.pk)
        for earlier in others.standing():
            if may_be_told(earlier, attempt) and earlier.representative.stopped_at is None:
                _tell(earlier, since=attempt.signed_at, at=at)
        _tell_colleague(attempt, at=at)
    Signature.objects.filter(pk=attempt.pk).update(first_told_at=at)


def _tell(earlier: Signature, *, since: datetime, at: datetime) -> None:
    """Once for each attempt, and once a day at the most: nobody can fill a box by trying again and again."""
    sent = Message.objects.filter(kind="second_attempt", subject_ref=earlier.ref)
    word = f"second:{earlier.pk}:{at:%Y%m%d}"
    if not sent.filter(Q(created_at__gte=since) | Q(once=word)).exists():
        emails.second_attempt(earlier, earlier.representative, at=at, once=word)


def _tell_colleague(attempt: Signature, *, at: datetime) -> None:
    first, word = attempt.rival_of, f"colleague:{attempt.pk}"
    if first is None or not first.is_standing:
        return
    person = person_of(attempt)
    if (
        person is not None
        and proves(person.email, attempt)
        and not Message.objects.filter(once=word).exists()
    ):
        emails.colleague(attempt, person, at=at, once=word)


def may_be_told(first: Signature, rival: Signature) -> bool:
    """Whether an earlier representative may know of a later attempt: having proved the e-mail, and, when the later one
    is withheld, at a domain of the verified organisation. Else signing early would be a way to watch who signs."""
    if not first.is_standing or not hasattr(first, "representative"):
        return False
    return rival.visibility == Signature.Visibility.PUBLIC or proves(first.representative.email, first)


def proves(email: str, signature: Signature) -> bool:
    """Whether the address is at a domain of the signature's organisation, which an editor verified."""
    organisation = signature.organisation
    if organisation is None or not organisation.is_known:
        return False
    return belongs(email, list(organisation.domains.values_list("domain", flat=True)))
