"""Signing: what a representative or an individual does, from the form to the withdrawal.

Signing holds the letter's row as it is, beside others who sign; every other act locks it, so that such acts follow one
another. The database's constraints hold "one organisation, one signature" through all of them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from letters import keys
from letters.models import Letter, Message, Switch
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, held, locked
from signatories import emails, matching
from signatories.domains import belongs, canonical_email
from signatories.models import Key, Organisation, Representative, Signature
from signatories.services import directory, limits, lists
from signatories.services.review import auto_accept, end

State, Kind = Signature.State, Signature.Kind
TRIES = 3


class AlreadyListed(Refused):
    """The organisation stands in the public list already."""


class VersionChanged(Refused):
    """The text is no longer the one that was shown."""


class TooOften(Refused):
    """More signing from one source than a person does."""


class SigningClosed(Refused):
    """The letter does not take signatures now."""


@dataclass(frozen=True, slots=True)
class Application:
    """What the form says. For an individual ``name`` is the person's own and ``affiliation`` may stand beside it."""

    kind: str
    name: str
    email: str
    acronym: str = ""
    country: str = ""
    website: str = ""
    affiliation: str = ""
    representative_name: str = ""
    representative_role: str = ""
    visibility: str = Signature.Visibility.PUBLIC
    named: bool = False
    language: str = "en"
    address: str = ""  # the network address it came from; counted, never stored


def sign(letter: Letter, application: Application, *, version: int, at: datetime) -> Signature:
    """Takes a signature: a committed row and a queued message that asks to confirm, in one transaction.

    ``version`` is the number of the text version that was shown. Sent again by the same person it is the same
    signature, and the mail goes once more. For an organisation with an active signature that is not public the
    answer and the work are those of any first signature: the row is a *rival* (see ``Signature``).
    Raises ``TooOften``, ``SigningClosed``, ``VersionChanged``, ``AlreadyListed`` or another ``Refused``.
    """
    _count(letter, application, at=at)
    for _attempt in range(TRIES):
        try:
            return _sign(letter, application, version=version, at=at)
        except IntegrityError:
            # Somebody signed for the same organisation, or the same person twice, in this very moment: the constraint
            # let one through, and now that one is there to be found.
            continue
    return _sign(letter, application, version=version, at=at)


@transaction.atomic
def _sign(letter: Letter, application: Application, *, version: int, at: datetime) -> Signature:
    letter = held(letter)
    _check_open(letter, application, version=version, at=at)
    if application.kind == Kind.INDIVIDUAL:
        return _sign_individual(letter, application, at=at)
    organisation = directory.find_or_create(
        application.name,
        acronym=application.acronym,
        country=application.country,
        website=application.website,
        at=at,
    )
    return _sign_organisation(letter, organisation, application, at=at)


def _count(letter: Letter, application: Application, *, at: datetime) -> None:
    exceeded = limits.count(
        [
            limits.Limit("address", application.address, settings.SIGN_LIMIT_ADDRESS),
            limits.Limit("email", canonical_email(application.email), settings.SIGN_LIMIT_EMAIL),
            limits.Limit("letter", str(letter.pk), settings.SIGN_LIMIT_LETTER),
        ],
        at=at,
    )
    if exceeded:
        raise TooOften(
            _(
                "There were many signatures from here within the hour. Nothing is lost: please send the form again in a while."
            )
        )


def _check_open(letter: Letter, application: Application, *, version: int, at: datetime) -> None:
    stopped = Switch.objects.filter(name=Switch.Name.SIGNING, stopped=True).exists()
    if stopped or not letter.is_signing_open(at):
        raise SigningClosed(_("This letter does not take signatures at the moment."))
    wanted = (
        letter.accepts_individuals if application.kind == Kind.INDIVIDUAL else letter.accepts_organisations
    )
    if not wanted:
        raise Refused(_("This letter does not take signatures of this kind."))
    if letter.current_version is None or letter.current_version.number != version:
        raise VersionChanged(
            _("The text has changed since you opened this page. Read it once more below, then sign again.")
        )


def _sign_organisation(
    letter: Letter, organisation: Organisation, application: Application, *, at: datetime
) -> Signature:
    email_key = keys.blind("email", canonical_email(application.email))
    active = (
        letter.signatures.active().filter(organisation=organisation, kind=Kind.ORGANISATION).order_by("id")
    )
    rows = list(active.values_list("id", "rival_of", "state", "visibility", "representative__email_key"))
    first = next((row for row in rows if row[1] is None), None)
    if (
        first is not None
        and first[2:4] == (State.ACCEPTED, Signature.Visibility.PUBLIC)
        and letter.is_public(at)
    ):
        raise AlreadyListed(
            _("%(name)s has signed this letter already.") % {"name": Signature.objects.get(pk=first[0]).name}
        )
    own = next((row for row in rows if row[4] == email_key), None)
    if own is not None:
        return _again(active.select_related("representative").get(pk=own[0]), letter, application, at=at)
    signature = _new(letter, application, organisation=organisation, rival_of_id=first[0] if first else None)
    return _receive(signature, application, email_key=email_key, at=at)


def _sign_individual(letter: Letter, application: Application, *, at: datetime) -> Signature:
    email_key = keys.blind("email", canonical_email(application.email))
    person_key = keys.blind(
        "person", f"{canonical_email(application.email)}|{matching.normalise(application.name)}"
    )
    own = letter.signatures.active().filter(person_key=person_key).select_related("representative").first()
    if own is not None:
        return _again(own, letter, application, at=at)
    signature = _new(letter, application, person_key=person_key)
    return _receive(signature, application, email_key=email_key, at=at)


def _new(letter: Letter, application: Application, **fields: object) -> Signature:
    signature = Signature(letter=letter, version=letter.current_version, kind=application.kind, **fields)
    _fill(signature, application)
    return signature


def _fill(signature: Signature, application: Application) -> None:
    for name in ("name", "acronym", "country", "website", "affiliation", "visibility"):
        setattr(signature, name, getattr(application, name))
    lists.derive(signature)


def _receive(signature: Signature, application: Application, *, email_key: str, at: datetime) -> Signature:
    signature.signed_at = at
    signature.save(force_insert=True)
    person = Representative.objects.create(
        signature=signature,
        name=application.representative_name
        or (application.name if application.kind == Kind.INDIVIDUAL else ""),
        role=application.representative_role,
        email=application.email,
        email_key=email_key,
        language=application.language,
        named=application.named,
        authority_at=at if application.kind == Kind.ORGANISATION else None,
        consent_at=at,
    )
    emails.confirm(signature, person, at=at, until=confirm_until(signature, at=at))
    record(
        "signature.received",
        at=at,
        letter=signature.letter,
        subject=signature.ref,
        after={"state": signature.state},
    )
    return signature


def _again(signature: Signature, letter: Letter, application: Application, *, at: datetime) -> Signature:
    """The same person sent the form again: the mail again, with the details as they are now while unconfirmed."""
    signature.letter, person = letter, signature.representative
    if signature.state != State.UNCONFIRMED:
        emails.private_link(signature, person, at=at)
        return signature
    before, hidden = _facts(signature, person), signature.visibility == Signature.Visibility.WITHHELD
    _fill(signature, application)
    if hidden:  # anybody who knows the address can send the form: that never shows a name once withheld
        signature.visibility = Signature.Visibility.WITHHELD
    signature.version_id = letter.current_version_id or signature.version_id  # the text shown this time
    person.name = application.representative_name or person.name
    person.role, person.named = application.representative_role, application.named
    if _facts(signature, person) != before:
        signature.save()
        person.save(update_fields=["name", "role", "named"])
        # A link confirms what stood behind it when it was sent; those sent before end.
        signature.keys.filter(purpose=Key.Purpose.CONFIRM).delete()
    emails.confirm(signature, person, at=at, until=confirm_until(signature, at=at))
    record("signature.sent_again", at=at, letter=signature.letter, subject=signature.ref)
    return signature


def _facts(signature: Signature, person: Representative) -> tuple[object, ...]:
    """What a representative confirms."""
    own = (
        signature.name,
        signature.acronym,
        str(signature.country),
        signature.website,
        signature.affiliation,
    )
    return (*own, signature.visibility, signature.version_id, person.name, person.role, person.named)


def confirm_until(signature: Signature, *, at: datetime) -> datetime:
    """Until when a confirmation asked for at ``at`` is possible: the set span, and a day after signing closes."""
    until = at + settings.CONFIRM_WITHIN
    closes_at = signature.letter.closes_at
    return min(until, closes_at + settings.CONFIRM_GRACE) if closes_at else until


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
    key = _relocked(key)
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
    emails.receipt(signature, person, at=at)
    if signature.rival_of_id is None:
        auto_accept(signature, email=person.email, at=at)
    return signature


def _relocked(key: Key) -> Key:
    """The key read again under its letter's lock."""
    letter = locked(key.signature.letter)
    key = Key.objects.select_related(
        "signature__organisation", "signature__version", "signature__representative"
    ).get(pk=key.pk)
    key.signature.letter = letter
    return key


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
    key = _relocked(key)
    if key.used_at is not None or not key.signature.is_active:
        raise Refused(_("This link has been used up."))
    end(key.signature, State.DISOWNED, actor=None, at=at)
    return key.signature


@transaction.atomic
def propose_correction(key: Key, *, name: str, acronym: str, at: datetime) -> Signature:
    """The representative corrects the spelling; an editor, who may be looking at the old one just now, decides."""
    signature = _relocked(key).signature
    if not signature.is_active:
        raise Refused(_("This signature has ended; there is nothing to correct."))
    if (name, acronym) == (signature.name, signature.acronym):
        raise Refused(_("The name stands like that already."))
    signature.proposed_name, signature.proposed_acronym = name, acronym
    signature.save(update_fields=["proposed_name", "proposed_acronym"])
    record("signature.correction_proposed", at=at, letter=signature.letter, subject=signature.ref)
    return signature


@transaction.atomic
def withdraw(key: Key, *, at: datetime) -> Signature:
    """The signatory takes its signature back, at any time; what stays holds no personal data."""
    signature = _relocked(key).signature
    if not signature.is_active:
        raise Refused(_("This signature has ended already."))
    person = signature.representative
    end(signature, State.WITHDRAWN, actor=None, at=at, farewell=person)
    return signature


@transaction.atomic
def tell_first(rival: Signature, *, actor: Actor = None, at: datetime) -> None:
    """Tells the first representative of a later attempt. Run by the worker, so that the form's answer takes the same
    time for every organisation."""
    locked(rival.letter)
    rows = Signature.objects.select_related(
        "letter__current_version", "rival_of__organisation", "organisation"
    )
    rival = rows.get(pk=rival.pk)
    first = rival.rival_of
    if rival.first_told_at is None and first is not None and may_be_told(first, rival):
        # Once a day at the most: nobody can fill a representative's box by trying again and again.
        word = f"second:{first.pk}:{at:%Y%m%d}"
        if not Message.objects.filter(once=word).exists():
            emails.second_attempt(first, first.representative, at=at, once=word)
    Signature.objects.filter(pk=rival.pk).update(first_told_at=at)


def may_be_told(first: Signature, rival: Signature) -> bool:
    """Whether the first representative may know of a later attempt: having proved the e-mail, and, when the later one
    is withheld, at a domain of the verified organisation. Else signing early would be a way to watch who signs."""
    if first.state not in (State.CONFIRMED, State.ACCEPTED) or not hasattr(first, "representative"):
        return False
    return rival.visibility == Signature.Visibility.PUBLIC or proves(first.representative.email, first)


def proves(email: str, signature: Signature) -> bool:
    """Whether the address is at a domain of the signature's organisation, which an editor verified."""
    organisation = signature.organisation
    if organisation is None or not organisation.is_known:
        return False
    return belongs(email, list(organisation.domains.values_list("domain", flat=True)))
