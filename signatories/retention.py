"""Personal data ends: what is due by now, and erasing it. Run by the worker and by ``erase_personal_data``; each step may run
twice, or be killed midway, without harm. Public lists, digests and counts stay, and so does what keeps a wish: tombstones of
withdrawals, and addresses that want no more mail, by keyed hashes."""

import calendar
import logging
from collections import Counter
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from letters.models import Event, Letter, Message
from letters.services.events import erase_facts, erase_notes, record
from letters.services.life import locked
from letters.tasks import erase_messages, old_messages
from signatories.import_tasks import erase_words, old_lists
from signatories.models import Contact, Invitation, Representative, Signature, WaitingList
from signatories.models.importing import IN_WORK
from signatories.models.signature import OF_PERSON
from signatories.services import lists
from signatories.services.importing import erase_list
from signatories.services.review import end, relocked

logger = logging.getLogger(__name__)
State = Signature.State
# What is erased, each with its words for whoever runs the command.
SORTS = {
    "representatives": "representatives",
    "individuals": "names of individuals who are not in a public list",
    "reasons": "reasons and proposed names at signatures",
    "undecided": "signatures that nobody decided, which lapse",
    "lists": "imported lists",
    "waiting_lists": "lists that wait for their letter",
    "invitations": "invitations",
    "contacts": "contacts of organisations",
    "messages": "messages",
    "notes": "details in the record of what happened",
    "failed": "letters at which erasing failed",
}
OF_INVITED = ("person_name", "email", "email_key", "declined_word")
# Names by which the record may call what is said of a person.
NAMING = [*OF_PERSON, *OF_INVITED, "acronym", "role", "representative", "proposed_name"]
ABOUT_PERSONS = Q(subject__startswith="signature:") | Q(subject__startswith="invitation:")
# The note of this act is the rule by which it was done, never somebody's words.
BY_RULE = "signature.accepted"


# --- How long


def months_of(letter: Letter) -> int:
    """For how many months after signing closed the data behind the letter is kept."""
    return letter.retention_months or settings.RETENTION_MONTHS


def kept_until(letter: Letter, *, at: datetime) -> datetime | None:
    """When personal data behind the letter is due to end, as things stand at ``at``: so many months after the close of
    signing or the withdrawal of the letter; None for a letter that has no close."""
    ends = [moment for moment in (letter.closes_at, letter.withdrawn_at) if moment]
    past = [moment for moment in ends if moment < at]
    ended = max(past) if past else letter.closes_at
    return add_months(ended, months_of(letter)) if ended else None


def is_due(letter: Letter, *, at: datetime) -> bool:
    """Whether the span of the letter is over."""
    until = kept_until(letter, at=at)
    return until is not None and until <= at


def is_endless(letter: Letter) -> bool:
    """Whether the letter has no close from which a span could run."""
    return letter.closes_at is None and letter.withdrawn_at is None


def add_months(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months later (earlier, for a negative number), or the month's last day where it has no
    such day."""
    month = moment.month - 1 + months
    year, month = moment.year + month // 12, month % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


# --- What is due


def due_of(letter: Letter, *, at: datetime) -> dict[str, QuerySet[Any]]:
    """What there is to erase behind a letter whose span is over, by its sort (a key of ``SORTS``)."""
    signatures = letter.signatures
    return {
        "representatives": Representative.objects.filter(signature__letter=letter),
        "individuals": unlisted_people(letter),
        "reasons": signatures.exclude(refusal_reason="", proposed_name="", proposed_acronym=""),
        "undecided": signatures.filter(state=State.CONFIRMED),
        "lists": letter.imports.filter(erased_at=None).exclude(state__in=IN_WORK),
        "waiting_lists": WaitingList.objects.filter(letter=letter),
        "invitations": letter.invitations.exclude(**dict.fromkeys(OF_INVITED, "")),
        "messages": letter.messages.erasable(),
        "notes": details(letter, at=at),
    }


def unlisted_people(letter: Letter) -> QuerySet[Signature]:
    """Signatures of individuals whose names still stand, though the public list does not show them."""
    people = letter.signatures.filter(kind=Signature.Kind.INDIVIDUAL).exclude(name="")
    return people.exclude(pk__in=letter.signatures.in_list().filter(visibility="public").values("pk"))


def details(letter: Letter, *, at: datetime) -> QuerySet[Event]:
    """Events of signatures and invitations in which there is something to erase: from before the day on which the letter's
    data is due, or older than its span. (What an editor notes later, of a late withdrawal, has its own span.)"""
    due = kept_until(letter, at=at)
    events = letter.events.filter(
        Q(at__lte=min(due, at) if due else at) | Q(at__lte=add_months(at, -months_of(letter)))
    )
    noted = events.filter(ABOUT_PERSONS).exclude(kind=BY_RULE).exclude(note="")
    return events.filter(Q(pk__in=noted.values("pk")) | Q(pk__in=naming(events, letter).values("pk")))


def naming(events: QuerySet[Event], letter: Letter) -> QuerySet[Event]:
    """Those that say something of a person before or after: of individuals and of whom editors invited. The names of
    organisations stay on record."""
    people = letter.signatures.filter(kind=Signature.Kind.INDIVIDUAL)
    about = Q(subject__in=refs(people, "signature")) | Q(subject__startswith="invitation:")
    return events.filter(about, Q(before__has_any_keys=NAMING) | Q(after__has_any_keys=NAMING))


def refs(rows: QuerySet[Any], word: str) -> QuerySet[Any, Any]:
    """How events and messages name the rows, as a query of one column."""
    number = Cast("pk", CharField())
    return rows.annotate(ref_of_row=Concat(Value(f"{word}:"), number)).values("ref_of_row")


def stirred(since: datetime) -> Q:
    """Invitations about which anything happened since that moment."""
    moments = (
        "made_at",
        "reminded_at",
        "opened_at",
        "form_sent_at",
        "declined_at",
        "stopped_at",
        "message__sent_at",
    )
    return Q(*((f"{moment}__gte", since) for moment in moments), _connector=Q.OR)


def due_of_invited(letter: Letter, *, at: datetime) -> dict[str, QuerySet[Any]]:
    """What there is to erase of invitations to a letter without a close: of each so long after the last that happened."""
    since = add_months(at, -months_of(letter))
    quiet = letter.invitations.exclude(pk__in=letter.invitations.filter(stirred(since)).values("pk"))
    names = refs(quiet, "invitation")
    return {
        "invitations": quiet.exclude(**dict.fromkeys(OF_INVITED, "")),
        "messages": letter.messages.filter(subject_ref__in=names).erasable(),
        "notes": details(letter, at=at).filter(subject__in=names),
    }


def old_contacts(*, at: datetime) -> QuerySet[Contact]:
    """Contacts of organisations that were entered, and last invited, longer ago than the site's span. An invitation whose
    address was erased counts for each contact of its organisation: which of them it was is no longer known."""
    since = add_months(at, -settings.RETENTION_MONTHS)
    theirs = Q(email_key=OuterRef("email_key")) | Q(email_key="")
    used = Invitation.objects.filter(theirs, stirred(since), organisation=OuterRef("organisation"))
    return Contact.objects.filter(~Exists(used), added_at__lt=since)


# --- Erasing


def erase_due(*, at: datetime) -> int:
    """Erases all that is due; how much."""
    done = erase(at=at)
    return done.total() - done["failed"]


def erase(*, at: datetime, dry_run: bool = False) -> Counter[str]:
    """Erases all personal data that is due, each letter in a transaction of its own; how much of each sort. With ``dry_run``
    it only counts. A letter at which it fails is logged and counted, and does not hold up the others."""
    done: Counter[str] = Counter(dict.fromkeys(SORTS, 0))
    if dry_run:
        done["messages"], done["lists"] = old_messages(at=at).count(), old_lists(at=at).count()
        done["contacts"] = old_contacts(at=at).count()
    else:
        done["messages"], done["contacts"] = erase_messages(at=at), erase_contacts(at=at)
        while lists_done := erase_words(at=at):
            done["lists"] += lists_done
    ended = Letter.objects.filter(Q(closes_at__lt=at) | Q(withdrawn_at__lt=at))
    endless = Letter.objects.filter(closes_at=None, withdrawn_at=None, invitations__isnull=False)
    for letter in [*ended, *endless.distinct()]:
        try:
            done.update(_behind(letter, at=at, dry_run=dry_run))
        except DatabaseError:
            raise
        except Exception:  # whatever one letter holds, the data behind the others ends
            logger.exception("personal data behind letter %s could not be erased", letter.pk)
            done["failed"] += 1
    return done


def _behind(letter: Letter, *, at: datetime, dry_run: bool) -> Counter[str]:
    due = due_of(letter, at=at) if is_due(letter, at=at) else {}
    if is_endless(letter):
        due = due_of_invited(letter, at=at)
    counts = counted(due, at=at)
    if dry_run or not counts.total():
        return counts
    with transaction.atomic():
        letter = locked(letter)  # and perhaps extended in this very moment
        if is_due(letter, at=at):
            return erase_letter(letter, at=at)
        return erase_invited(letter, at=at) if is_endless(letter) else Counter()


def counted(due: dict[str, QuerySet[Any]], *, at: datetime) -> Counter[str]:
    """How much there is of each sort, without what goes by its age alone, which is counted apart."""
    by_age: dict[str, QuerySet[Any]] = {"messages": old_messages(at=at), "lists": old_lists(at=at)}
    rest = {
        sort: rows.exclude(pk__in=by_age[sort].values("pk")) if sort in by_age else rows
        for sort, rows in due.items()
    }
    return Counter({sort: rows.count() for sort, rows in rest.items()})


def erase_letter(letter: Letter, *, at: datetime) -> Counter[str]:
    """Erases what is known of the people behind one letter, but for the public list; the caller holds its lock. What
    nobody decided by now lapses. How much of each sort."""
    due = due_of(letter, at=at)
    done = counted(due, at=at)
    for signature in due["undecided"]:
        end(relocked(signature), State.EXPIRED, actor=None, at=at)
    if letter.asks_names and due["representatives"].filter(named=True).exists():
        lists.touch(letter, at=at)  # their names stood beside their organisations
    due["representatives"].delete()
    due["individuals"].update(**dict.fromkeys(OF_PERSON, ""))
    due["reasons"].update(refusal_reason="", proposed_name="", proposed_acronym="")
    due["waiting_lists"].delete()
    for batch in due["lists"]:
        erase_list(batch, at=at)
    _erase_asked(due, letter)
    _record("representatives.erased", done, letter=letter, at=at)
    return done


def erase_invited(letter: Letter, *, at: datetime) -> Counter[str]:
    """Erases whom editors invited to a letter without a close, so long after the last that happened; the caller holds its
    lock. How much of each sort."""
    due = due_of_invited(letter, at=at)
    done = counted(due, at=at)
    _erase_asked(due, letter)
    _record("invitations.erased", done, letter=letter, at=at)
    return done


def _erase_asked(due: dict[str, QuerySet[Any]], letter: Letter) -> None:
    """What was sent, what was noted, and who was asked. An invitation's row stays with its answer, its organisation and its
    times, and so does its message's."""
    due["messages"].filter(state=Message.State.QUEUED).update(state=Message.State.CANCELLED)
    due["messages"].erase()  # type: ignore[attr-defined]
    erase_facts(naming(due["notes"], letter))
    erase_notes(due["notes"])
    due["invitations"].update(**dict.fromkeys(OF_INVITED, ""))


@transaction.atomic
def erase_contacts(*, at: datetime) -> int:
    """Erases contacts of organisations that nobody has used for long; how many."""
    done = old_contacts(at=at).delete()[0]
    _record("contacts.erased", Counter(contacts=done), at=at)
    return done


def _record(kind: str, done: Counter[str], *, at: datetime, letter: Letter | None = None) -> None:
    if done.total():
        record(kind, at=at, letter=letter, after=dict(+done))
