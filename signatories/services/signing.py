"""Signing: what a representative or an individual does, from the form to the withdrawal.

Signing holds the letter's row as it is, beside others who sign; every other act locks it, so that such acts follow one
another. The database's constraints hold "one organisation, one signature" through all of them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from letters import keys
from letters.models import Letter
from letters.rows import Answer, Question, ask, insert, insert_now, together
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Held, found_held, holding
from signatories import emails, matching
from signatories.domains import canonical_email, counted_email
from signatories.models import Key, Organisation, Representative, Signature
from signatories.services import directory, limits, lists

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
    wants_updates: bool = False
    language: str = "en"  # of the page, and so of the mail
    text_language: str = ""  # of the text that was read
    address: str = ""  # the network address it came from; counted, never stored
    unlike: Organisation | None = None  # "not this one", where the form asked


def sign(
    letter: Letter,
    application: Application,
    *,
    version: int,
    organisation: Organisation | None = None,
    at: datetime,
) -> Signature:
    """Takes a signature: a committed row and a queued message that asks to confirm, in one transaction.

    ``version`` is the number of the text version that was shown. Sent again by the same person it is the same
    signature, and the mail goes once more. For an organisation with an active signature that is not public the
    answer and the work are those of any first signature: the row is a *rival* (see ``Signature``).
    ``organisation``: for whom it is, where that was settled beforehand by an invitation; else the directory is asked.
    ``is_new`` of what it gives says whether it was made now.
    Raises ``TooOften``, ``SigningClosed``, ``VersionChanged``, ``AlreadyListed`` or another ``Refused``.
    """
    shared = _count(letter, application, at=at)
    try:
        return _sign_or_again(letter, application, version=version, invited=organisation, at=at)
    except Refused:
        limits.give_back(shared, at=at)
        raise


def _sign_or_again(
    letter: Letter,
    application: Application,
    *,
    version: int,
    invited: Organisation | None,
    at: datetime,
) -> Signature:
    reserve: tuple[type[Model], ...] = (Organisation, Signature)
    for _attempt in range(TRIES):
        try:
            return _sign(letter, application, version=version, invited=invited, reserve=reserve, at=at)
        except IntegrityError:
            # Somebody signed for the same organisation, or the same person twice, in this very moment: the constraint
            # let one through, and now that one is there to be found, step by step.
            reserve = ()
    return _sign(letter, application, version=version, invited=invited, reserve=(), at=at)


@transaction.atomic
def _sign(
    letter: Letter,
    application: Application,
    *,
    version: int,
    invited: Organisation | None,
    reserve: tuple[type[Model], ...],
    at: datetime,
) -> Signature:
    """With keys in reserve all rows are written in one trip, without them those first to which others point."""
    organisation = application.kind == Kind.ORGANISATION
    asked: list[Question[Any]] = [holding(letter, reserve=reserve)]
    if organisation and invited is None:
        asked.append(directory.calling(application.name))
    answers = ask(*asked)
    now = found_held(answers[0], reserve)
    _check_open(now, application, version=version, at=at)
    with together():
        if organisation and invited is not None:
            return _sign_known(now, application, invited, at=at)
        if organisation:
            return _sign_organisation(now, application, called=answers[1], at=at)
        return _sign_individual(now, application, at=at)


def _count(letter: Letter, application: Application, *, at: datetime) -> list[limits.Limit]:
    """Counts the attempt; gives the limits that this sender shares with others. Those are charged for a signature alone,
    or one sender could use up a letter's, or somebody else's e-mail address's, by being refused again and again."""
    own = limits.Limit("address", application.address, settings.SIGN_LIMIT_ADDRESS)
    shared = [
        limits.Limit("email", counted_email(application.email), settings.SIGN_LIMIT_EMAIL),
        limits.Limit("letter", str(letter.pk), settings.SIGN_LIMIT_LETTER),
    ]
    if limits.count([own, *shared], at=at):
        limits.give_back(shared, at=at)
        raise TooOften(
            _(
                "There were many signatures from here within the hour. Nothing is lost: please send the form again in a while."
            )
        )
    return shared


def _check_open(now: Held, application: Application, *, version: int, at: datetime) -> None:
    letter = now.letter
    if now.switched_off or not letter.is_signing_open(at):
        raise SigningClosed(
            _(
                "This letter does not take signatures at the moment. Nothing was stored; what you typed is still here: please send it again later."
            )
        )
    wanted = (
        letter.accepts_individuals if application.kind == Kind.INDIVIDUAL else letter.accepts_organisations
    )
    if not wanted:
        raise Refused(_("This letter does not take signatures of this kind."))
    if now.version is None or now.version != version:
        raise VersionChanged(
            _("The text has changed since you opened this page. Read it once more below, then sign again.")
        )


def _sign_organisation(
    now: Held, application: Application, *, called: Answer[Organisation], at: datetime
) -> Signature:
    letter = now.letter
    _check_listed(letter, application, called, at=at)
    organisation, made = directory.find_or_create(
        application.name,
        acronym=application.acronym,
        country=application.country,
        number=now.numbers.get(Organisation),
        called=called,
        at=at,
    )
    if made:  # in this transaction: nobody can have signed for it
        return _receive(_new(now, application, organisation=organisation), application, at=at)
    return _sign_known(now, application, organisation, at=at)


def _sign_known(
    now: Held, application: Application, organisation: Organisation, *, at: datetime
) -> Signature:
    """For an organisation that the directory has."""
    letter = now.letter
    email_key = _email_key(application)
    active = (
        letter.signatures.active().filter(organisation=organisation, kind=Kind.ORGANISATION).order_by("id")
    )
    rows = list(active.values_list("id", "rival_of", "state", "visibility", "representative__email_key"))
    first = next((row for row in rows if row[1] is None), None)
    if first is not None and first[3] == Signature.Visibility.PUBLIC and letter.is_public(at):
        _refuse_listed(first[0], first[2])
    own = next((row for row in rows if row[4] == email_key), None)
    if own is not None:
        return _again(active.select_related("representative").get(pk=own[0]), letter, application, at=at)
    signature = _new(now, application, organisation=organisation, rival_of_id=first[0] if first else None)
    return _receive(signature, application, at=at)


def _check_listed(
    letter: Letter, application: Application, called: Answer[Organisation], *, at: datetime
) -> None:
    """Raises ``AlreadyListed`` where the one that the public directory takes it for is publicly listed. Hidden entries have
    no say: else the answer to a name or a country, unlike that to others, would tell of them."""
    if not called or not letter.is_public(at):
        return
    may_be = Organisation.objects.public(at).filter(pk__in={row.pk for row, _name in called})
    public = set(may_be.order_by().values_list("pk", flat=True))
    found = directory.find(
        application.name,
        acronym=application.acronym,
        country=application.country,
        called=[(row, name) for row, name in called if row.pk in public],
        stranger=True,
    )
    if found is None:
        return
    signed = letter.signatures.in_list().filter(organisation=found)
    listed = signed.filter(visibility=Signature.Visibility.PUBLIC).values_list("id", "state").first()
    if listed is not None:
        _refuse_listed(*listed)


def _refuse_listed(number: int, state: str) -> None:
    """Raises ``AlreadyListed`` for an organisation whose signature of that number anybody can see."""
    said = {
        State.ACCEPTED: _("%(name)s has signed this letter already."),
        State.EARLIER: _(
            "%(name)s signed an earlier text of this letter. Its representative signs the text as it is now by the link in the message about it, or through the letter’s editors."
        ),
    }
    if state in said:
        raise AlreadyListed(said[State(state)] % {"name": Signature.objects.get(pk=number).name})


def _sign_individual(now: Held, application: Application, *, at: datetime) -> Signature:
    letter = now.letter
    person_key = keys.blind(
        "person", f"{canonical_email(application.email)}|{matching.normalise(application.name)}"
    )
    own = letter.signatures.active().filter(person_key=person_key).select_related("representative").first()
    if own is not None:
        return _again(own, letter, application, at=at)
    signature = _new(now, application, person_key=person_key)
    return _receive(signature, application, at=at)


def _email_key(application: Application) -> str:
    """By which the same person's address is recognised."""
    return keys.blind("email", canonical_email(application.email))


def _new(now: Held, application: Application, **fields: object) -> Signature:
    signature = Signature(letter=now.letter, kind=application.kind, pk=now.numbers.get(Signature), **fields)
    signature.version_id = now.letter.current_version_id  # type: ignore[assignment]  # _check_open saw that it has one
    _fill(signature, application)
    return signature


def _fill(signature: Signature, application: Application) -> None:
    for name in ("name", "acronym", "country", "website", "affiliation", "visibility"):
        setattr(signature, name, getattr(application, name))
    signature.unlike = application.unlike
    signature.language = application.text_language
    lists.derive(signature)


def _receive(signature: Signature, application: Application, *, at: datetime) -> Signature:
    signature.signed_at, signature.is_new = at, True
    insert_now(signature)
    person = Representative(
        signature=signature,
        name=application.representative_name
        or (application.name if application.kind == Kind.INDIVIDUAL else ""),
        role=application.representative_role,
        email=application.email,
        email_key=_email_key(application),
        language=application.language,
        named=application.named,
        wants_updates=application.wants_updates,
        authority_at=at if application.kind == Kind.ORGANISATION else None,
        consent_at=at,
    )
    insert(person)
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
    person.wants_updates = application.wants_updates
    if _facts(signature, person) != before:
        signature.save()
        person.save(update_fields=["name", "role", "named", "wants_updates"])
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
    said = (person.name, person.role, person.named, person.wants_updates)
    return (*own, signature.visibility, signature.version_id, signature.language, *said)


def confirm_until(signature: Signature, *, at: datetime) -> datetime:
    """Until when a confirmation asked for at ``at`` is possible: the set span, and a day after signing closes."""
    until = at + settings.CONFIRM_WITHIN
    closes_at = signature.letter.closes_at
    return min(until, closes_at + settings.CONFIRM_GRACE) if closes_at else until
