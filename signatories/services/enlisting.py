"""Writing the signatures of a list that was judged: thousands in a few statements. The caller holds the letter's lock."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Q

from letters import keys
from letters.models import Event, Group, Letter
from letters.rows import insert_many, portions
from letters.services import states
from signatories import emails
from signatories.domains import canonical_email
from signatories.models import ImportBatch, ImportRow, Representative, Signature
from signatories.services import directory, inviting, lists
from signatories.services.judging import Standing

State, Kind = Signature.State, Signature.Kind
MOMENT = timedelta(microseconds=1)
PORTION = 500


def enlist(
    letter: Letter,
    rows: Sequence[ImportRow],
    standing: Standing,
    *,
    pause: Callable[[], None],
    at: datetime,
) -> int:
    """Lists each row as an accepted signature under the letter's present text, and makes the organisations that are new; how
    many organisations were made. Sets ``organisation``, ``made_organisation`` and ``signature`` of the rows. ``pause`` is called
    between the parts of the work, and may raise."""
    if not rows:
        return 0
    made = _organisations(letter, rows, at=at)
    groups = lists.groups_of(letter)
    headings = {group.heading: group for group in groups.values() if group.kind == Group.Kind.OWN}
    # Whom a delivery did not hold comes after it, however long this waited for the lock.
    last = letter.last_delivered_at
    accepted = max(at, last + MOMENT) if last else at
    pause()
    for row in rows:
        row.signature = _signature(
            letter, row, group=headings.get(row.group), groups=groups, at=at, accepted=accepted
        )
    pause()
    attempts = [None if row.made_organisation else standing.attempt(row) for row in rows]
    _insert(rows, attempts)
    pause()
    signatures = [row.signature for row in rows if row.signature is not None]
    for row, signature in zip(rows, signatures, strict=True):
        row.signature = signature  # which has its key only now
    insert_many(
        Event(
            kind="signature.imported", at=at, letter=letter, subject=signature.ref, after={"state": signature.state}
        )
        for signature in signatures
    )  # fmt: skip
    lists.count_many(letter.pk, signatures)
    _give_faces(rows, at=at)
    states.note(letter.pk, at=at)
    return made


def _organisations(letter: Letter, rows: Sequence[ImportRow], *, at: datetime) -> int:
    new = [row for row in rows if not row.is_person and row.organisation_id is None]
    found = directory.create_many(
        ((row.name, row.acronym, str(row.country)) for row in new), shown=letter.is_public(at)
    )
    for row in new:
        row.organisation, row.made_organisation = found[directory.match_key(row.name, str(row.country))]
    return sum(row.made_organisation for row in new)


def _signature(
    letter: Letter,
    row: ImportRow,
    *,
    group: Group | None,
    groups: dict[int, Group],
    at: datetime,
    accepted: datetime,
) -> Signature:
    signature = Signature(
        letter=letter,
        version=letter.current_version,
        organisation=row.organisation,
        person_key=row.key if row.is_person else "",
        kind=row.kind,
        name=row.person if row.is_person else row.name,
        acronym="" if row.is_person else row.acronym,
        affiliation=row.affiliation,
        country=row.country,
        note=row.note,
        group=group,
        state=State.ACCEPTED,
        source="import",
        signed_at=at,
        confirmed_at=at,
        accepted_at=accepted,
        first_told_at=at,
    )
    lists.derive(signature)
    signature.place = lists.place_of(signature, groups)
    return signature


def _insert(rows: Sequence[ImportRow], attempts: Sequence[int | None]) -> None:
    """Writes the signatures. An attempt that nobody confirmed is then the later one beside an imported signature, for anybody
    can make one, and no list should be kept out by that."""
    pairs = [
        (row.signature, before)
        for row, before in zip(rows, attempts, strict=True)
        if row.signature is not None
    ]
    free = [signature for signature, before in pairs if before is None]
    Signature.objects.bulk_create(free, batch_size=PORTION)
    for signature, before in pairs:
        if before is None:
            continue
        signature.state, signature.rival_of_id = State.UNCONFIRMED, before
        signature.save(force_insert=True)
        Signature.objects.filter(Q(pk=before) | Q(rival_of=before)).exclude(pk=signature.pk).update(
            rival_of=signature
        )
        signature.state, signature.rival_of = State.ACCEPTED, None
        signature.save(update_fields=["state", "rival_of"])


def give_representatives(batch: ImportBatch, rows: Sequence[ImportRow], *, at: datetime) -> None:
    """Keeps, for the signatures of rows that give an e-mail address, whose it is: who can correct and withdraw by a private
    link, and is asked when the text is amended. They are written to now only where the batch says so, and never at an address
    that wants no invitations."""
    given = [(row, row.signature) for row in rows if row.email and row.signature is not None]
    language = batch.letter.language if batch.letter.language in dict(settings.LANGUAGES) else "en"
    day = batch.consent_date or at.date()
    consented = datetime.combine(day, time.min, tzinfo=batch.letter.zone)
    people = [
        Representative(
            signature=signature,
            name=row.person[:160],
            role=row.role,
            email=row.email,
            email_key=keys.blind("email", canonical_email(row.email)),
            language=language,
            consent_at=consented,
        )
        for row, signature in given
    ]
    # Who asked, for another signature of this letter, for no more mail about it, is heard here too.
    stopped = dict(
        Representative.objects.filter(signature__letter=batch.letter, stopped_at__isnull=False).values_list(
            "email_key", "stopped_at"
        )
    )
    for person in people:
        person.stopped_at = stopped.get(person.email_key)
    Representative.objects.bulk_create(people, batch_size=PORTION)
    unwanted = inviting.unwanted(row.email for row, _signature in given) if batch.tells else set()
    for (row, signature), person in zip(given, people, strict=True):
        row.has_address = True
        if batch.tells and person.stopped_at is None and row.email not in unwanted:
            emails.listed(signature, person, at=at)


def _give_faces(rows: Sequence[ImportRow], *, at: datetime) -> None:
    """As ``directory.give_face`` does for each; an entry that was just made has its words already, and one that is public
    under an address of its own keeps what it shows."""
    older = {
        row.organisation_id: row.signature
        for row in rows
        if row.organisation is not None
        and row.signature is not None
        and not row.made_organisation
        and (not row.organisation.is_known or row.organisation.slug.startswith(directory.HIDDEN))
    }
    own = {signature.pk for signature in older.values()}
    for some in portions(list(older), PORTION):
        shown = Signature.objects.public(at).filter(organisation__in=some).exclude(pk__in=own)
        for public in set(shown.values_list("organisation", flat=True)):
            older.pop(public)
    for signature in older.values():
        directory.give_face(signature, at=at)
