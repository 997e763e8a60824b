"""Personal data ends by itself: what goes, what stays, and the record of what happened meanwhile."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from letters.models import Attempt, Event, Letter, Message
from letters.services import life
from letters.services.events import record
from signatories import retention
from signatories.models import (
    Contact,
    Invitation,
    NoInvitations,
    Representative,
    Signature,
)
from signatories.services import by_link, review
from tests import factories

DAY = timedelta(days=1)
State = Invitation.State
counter = itertools.count(1)


# --- Whom editors invited


def invitation(letter, at, *, sent="sent", **fields):
    """One with a message, as the desk makes it: a name, an address, and what ``fields`` say came of it."""
    n = next(counter)
    message = sent and Message.objects.create(
        kind="invitation", letter=letter, recipient=f"iris{n}@reed.example", context={"name": "Iris Reed"},
        state=sent, next_try_at=at, created_at=at, sent_at=at if sent == "sent" else None, message_id=f"<{n}@x>",
    )  # fmt: skip
    given = {
        "organisation_name": f"Reed Bank {n}",
        "person_name": "Iris Reed",
        "email": f"iris{n}@reed.example",
        "email_key": f"key of {n}",
        "source": "addresses",
        "nonce": f"{n}",
        "digest": f"digest {n}",
        "stop_digest": f"stop {n}",
        "made_at": at,
        "message": message or None,
    }
    made = Invitation.objects.create(letter=letter, **given | fields)
    if message:
        Message.objects.filter(pk=message.pk).update(subject_ref=made.ref)
        Attempt.objects.create(message=message, at=at, outcome="accepted", reply="250 Iris has mail")
    return made


def knows(text, *rows):
    """Whether ``text`` stands anywhere in the rows, in their messages, or in the record."""
    tables = [*rows, *Message.objects.all(), *Attempt.objects.all(), *Event.objects.all()]
    return [row for row in tables if text in str(vars(row))]


def test_on_the_due_day_invitations_keep_what_was_answered_and_lose_who_was_asked(letter, now):
    signed = factories.accepted(letter, "Tide Watch")
    withdrawn = factories.accepted(letter, "Night Ferry")
    by_link.withdraw(withdrawn.keys.filter(purpose="manage").latest("id"), at=now)
    rows = {
        State.PREPARED: invitation(letter, now, sent=""),
        State.SENT: invitation(letter, now),
        State.BOUNCED: invitation(letter, now, sent="bounced"),
        State.OPENED: invitation(letter, now, opened_at=now),
        State.SIGNED: invitation(letter, now, signature=signed),
        State.DECLINED: invitation(letter, now, declined_at=now, declined_word="Iris says no."),
        State.UNSUBSCRIBED: invitation(letter, now, stopped_at=now),
        State.REVOKED: invitation(letter, now, revoked_at=now, reminded_at=now, reminders=1),
    }
    taken_back = invitation(letter, now, signature=withdrawn)
    other = invitation(letter, now, otherwise=signed)
    record("invitation.declined", at=now, letter=letter, subject=rows[State.DECLINED].ref, note="Iris rang.",
           after={"state": "declined"})  # fmt: skip
    record("invitation.made", at=now, letter=letter, subject=other.ref, after={"person_name": "Iris Reed"})
    due = letter.closes_at + 366 * DAY
    assert retention.erase(at=due - 2 * DAY)["invitations"] == 0
    assert retention.erase(at=due)["invitations"] == 10
    for state, row in [*rows.items(), (State.DECLINED, taken_back), (State.SIGNED, other)]:
        was, row = row, Invitation.objects.get(pk=row.pk)
        assert row.state == state
        assert row in Invitation.objects.in_state(state)
        assert (row.person_name, row.email, row.email_key, row.declined_word) == ("", "", "", "")
        kept = ("organisation_name", "made_at", "opened_at", "declined_at", "reminders", "message_id")
        assert [getattr(row, name) for name in kept] == [getattr(was, name) for name in kept]
    assert not knows("Iris", *Invitation.objects.all())
    assert not knows("reed.example", *Invitation.objects.all())
    assert Event.objects.get(kind="invitation.declined").after == {"state": "declined"}
    assert retention.erase(at=due).total() == 0


def test_mail_that_still_waits_on_the_due_day_is_never_sent(letter, now):
    queued, in_hand = (invitation(letter, now, sent=state) for state in ("queued", "sending"))
    due = letter.closes_at + 366 * DAY
    retention.erase_due(at=due)
    assert Message.objects.get(pk=queued.message_id).state == Message.State.CANCELLED
    in_hand = Message.objects.get(pk=in_hand.message_id)
    assert in_hand.state == Message.State.SENDING and in_hand.recipient
    Message.objects.filter(pk=in_hand.pk).update(state=Message.State.SENT)
    retention.erase_due(at=due)
    assert not knows("Iris", *Invitation.objects.all())


@pytest.fixture
def endless(db, now):
    """A letter whose signing has no close."""
    return factories.released(at=now, retention_months=3)


MOMENTS = ["made_at", "reminded_at", "opened_at", "declined_at", "stopped_at", "sent_at"]


@pytest.mark.parametrize("last", MOMENTS)
def test_without_a_close_an_invitation_ends_so_long_after_the_last_that_happened(endless, now, last):
    moments = {"made_at": now}
    if last not in moments | {"sent_at": now}:
        moments[last] = now + 30 * DAY
    elif last == "made_at":
        moments["made_at"] = now + 30 * DAY
    row = invitation(endless, now, **moments)
    if last == "sent_at":
        Message.objects.filter(pk=row.message_id).update(sent_at=now + 30 * DAY)
    kept = factories.accepted(endless, "Tide Watch")
    record("invitation.sent", at=now, letter=endless, subject=row.ref, note="Iris rang.")
    retention.erase_due(at=now + 100 * DAY)
    assert Invitation.objects.get(pk=row.pk).email == row.email
    assert retention.erase(at=now + 125 * DAY)["invitations"] == 1
    assert not knows("Iris", *Invitation.objects.all())
    assert Event.objects.get(kind="invitations.erased").letter == endless
    assert Representative.objects.filter(signature=kept).exists()
    assert retention.erase(at=now + 125 * DAY).total() == 0


def test_without_a_close_other_invitations_and_words_about_signatures_stay(endless, now):
    old, new = invitation(endless, now), invitation(endless, now + 90 * DAY)
    record("signature.withdrawn", at=now, letter=endless, subject="signature:1", note="They rang.")
    retention.erase_due(at=now + 100 * DAY)
    assert Invitation.objects.get(pk=old.pk).email == ""
    assert Invitation.objects.get(pk=new.pk).email == new.email
    assert Message.objects.get(pk=new.message_id).recipient
    assert Event.objects.get(kind="signature.withdrawn").note == "They rang."


def test_who_wants_no_invitations_is_remembered_without_an_address(letter, now):
    NoInvitations.objects.create(key="a keyed hash", at=now)
    retention.erase_due(at=now + 4000 * DAY)
    assert NoInvitations.objects.get().key == "a keyed hash"


# --- Whom editors may write to at an organisation


def contact(organisation, at, key="key"):
    return Contact.objects.create(
        organisation=organisation, email="iris@reed.example", email_key=key, name="Iris", added_at=at
    )


@pytest.mark.parametrize(
    ("used", "kept"),
    [
        ({"email_key": "key", "made_at": 200}, True),
        ({"email_key": "key", "made_at": 0, "opened_at": 200}, True),
        ({"email_key": "key", "made_at": 20}, False),
        ({"email_key": "another", "made_at": 200}, False),
        ({"email_key": "", "made_at": 200}, True),  # whose address it was is erased
        ({"email_key": "key", "made_at": 200, "organisation": None}, False),
    ],
    ids=str,
)
def test_a_contact_ends_when_nobody_has_used_it_for_the_sites_span(letter, now, used, kept):
    organisation = factories.organisation()
    contact(organisation, now)
    fields = {key: now + value * DAY if key.endswith("_at") else value for key, value in used.items()}
    invitation(letter, now, sent="", **{"organisation": organisation} | fields)
    assert retention.erase(at=now + 360 * DAY)["contacts"] == 0
    assert retention.erase(at=now + 400 * DAY)["contacts"] == (not kept)
    assert Contact.objects.exists() == kept
    assert Event.objects.filter(kind="contacts.erased", after={"contacts": 1}).exists() == (not kept)


def test_a_contact_entered_anew_counts_from_then(db, now):
    contact(factories.organisation(), now + 100 * DAY)
    assert retention.erase(at=now + 400 * DAY)["contacts"] == 0


# --- What was noted


def test_what_editors_noted_ends_and_who_did_what_stays(letter, editor, now):
    signature = factories.accepted(letter, "Tide Watch")
    review.withdraw_for(signature, reason="Ms Quill rang.", actor=editor, at=now)
    accepted = Event.objects.get(kind="signature.accepted")
    retention.erase_due(at=letter.closes_at + 366 * DAY)
    event = Event.objects.get(kind="signature.withdrawn")
    assert (event.note, event.actor, event.at) == ("", editor, now)
    assert (event.before, event.after) == ({"state": "accepted"}, {"state": "withdrawn"})
    accepted.refresh_from_db()
    assert accepted.note == "review"  # the rule by which it was done
    done = Event.objects.get(kind="representatives.erased").after
    assert done["notes"] == 1 and done["reasons"] == 1
    assert "failed" not in done


def test_names_of_individuals_leave_the_record_those_of_organisations_stay(letter, now):
    Letter.objects.filter(pk=letter.pk).update(accepts="both")
    person = factories.accepted(letter, "Ada Marsh", kind="individual")
    group = factories.accepted(letter, "Tide Watch")
    for signature in (person, group):  # as an earlier release of the program might have recorded it
        record(
            "signature.arranged",
            at=now,
            letter=letter,
            subject=signature.ref,
            before={"name": str(signature)},
        )
        record("signature.returned", at=now, letter=letter, subject=signature.ref, before={"state": "merged"})
    retention.erase_due(at=letter.closes_at + 366 * DAY)
    assert Event.objects.get(kind="signature.arranged", subject=person.ref).before is None
    assert Event.objects.get(kind="signature.arranged", subject=group.ref).before == {"name": "Tide Watch"}
    assert Event.objects.filter(kind="signature.returned", before={"state": "merged"}).count() == 2


def test_what_was_noted_shortly_before_the_due_day_ends_on_it(letter, now):
    signature = factories.accepted(letter, "Tide Watch")
    review.withdraw_for(signature, reason="They rang.", actor=None, at=letter.closes_at + 300 * DAY)
    retention.erase_due(at=letter.closes_at + 366 * DAY)
    assert Event.objects.get(kind="signature.withdrawn").note == ""


def test_what_is_noted_after_the_due_day_has_its_own_span(letter, now):
    signature = factories.accepted(letter, "Tide Watch")
    late = letter.closes_at + 400 * DAY
    retention.erase_due(at=late)
    review.withdraw_for(signature, reason="They rang.", actor=None, at=late)
    retention.erase_due(at=late + 360 * DAY)
    assert Event.objects.get(kind="signature.withdrawn").note == "They rang."
    retention.erase_due(at=late + 370 * DAY)
    assert Event.objects.get(kind="signature.withdrawn").note == ""


# --- When


@pytest.mark.parametrize(
    ("closes", "withdrawn", "due"),
    [
        ("2026-01-31", None, "2026-02-28"),
        (None, None, None),
        (None, "2026-01-10", "2026-02-10"),
        ("2026-01-31", "2026-01-10", "2026-02-28"),
        ("2027-01-31", "2026-01-10", "2026-02-10"),
        ("2027-01-31", None, "2027-02-28"),
    ],
)
def test_until_when_it_is_kept(closes, withdrawn, due):
    def day(word):
        return datetime.fromisoformat(word).replace(tzinfo=UTC) if word else None

    letter = Letter(closes_at=day(closes), withdrawn_at=day(withdrawn), retention_months=1)
    assert retention.kept_until(letter, at=day("2026-06-01")) == day(due)


def test_a_letter_that_is_extended_in_the_very_moment_keeps_its_data(letter, now, monkeypatch):
    factories.accepted(letter, "Tide Watch")
    late = letter.closes_at + 400 * DAY

    def extending(row):
        Letter.objects.filter(pk=row.pk).update(closes_at=late + DAY)
        return locked(row)

    locked = retention.locked
    monkeypatch.setattr(retention, "locked", extending)
    retention.erase_due(at=late)
    assert Representative.objects.exists()


def test_the_sites_span_holds_where_a_letter_has_none(settings):
    settings.RETENTION_MONTHS = 7
    assert retention.months_of(Letter()) == 7
    assert retention.months_of(Letter(retention_months=2)) == 2


@pytest.mark.parametrize(("months", "day"), [(-1, "2026-02-28"), (-3, "2025-12-31"), (-13, "2025-02-28")])
def test_months_are_counted_back_too(months, day):
    moment = datetime(2026, 3, 31, 9, tzinfo=UTC)
    assert retention.add_months(moment, months).date().isoformat() == day


# --- The command


def everything(now):
    """Something of each sort that is due, on letters that closed long ago; and a letter without a close."""
    then = now - 800 * DAY
    letter = factories.released(at=then, closes_at=then + 7 * DAY, accepts="both")
    factories.accepted(letter, "Tide Watch", at=then)
    factories.withheld(letter, "Ada Marsh", kind="individual", at=then)
    factories.confirmed(letter, "Night Ferry", at=then)
    refused = factories.confirmed(letter, "Reed Bank", at=then)
    review.refuse(refused, reason="Ms Quill is unknown to us.", actor=None, at=then)
    invitation(letter, then)
    invitation(factories.released(at=then), then)
    contact(factories.organisation(), then)
    return letter


def said(capsys, **options):
    call_command("erase_personal_data", **options)
    return capsys.readouterr().out.splitlines()


def dump():
    """All that stands in the tables that erasing touches."""
    tables = (Representative, Signature, Invitation, Contact, Message, Attempt, Event)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


def test_a_dry_run_counts_each_sort_and_changes_nothing(db, now, capsys):
    everything(now)
    before = dump()
    lines = said(capsys, dry_run=True)
    assert dump() == before
    assert lines[-1] == "Counted only: nothing was changed."
    counts = dict(line.split(": ") for line in lines[:-1])
    assert set(counts) == {words for sort, words in retention.SORTS.items() if sort != "failed"}
    assert counts["representatives"] == "4" and counts["invitations"] == "2"
    assert counts["contacts of organisations"] == "1"
    assert counts["signatures that nobody decided, which lapse"] == "1"
    assert counts["details in the record of what happened"] == "1"
    assert said(capsys) == lines[:-1]
    assert {line.split(": ")[1] for line in said(capsys, dry_run=True)[:-1]} == {"0"}


def test_a_letter_at_which_it_fails_holds_up_no_other(db, now, capsys, monkeypatch):
    first = everything(now)
    other = everything(now)

    def failing(letter, *, at):
        if letter.pk == first.pk:
            raise RuntimeError("a fault")
        return erase_letter(letter, at=at)

    erase_letter = retention.erase_letter
    monkeypatch.setattr(retention, "erase_letter", failing)
    with pytest.raises(CommandError, match="failed: 1"):
        call_command("erase_personal_data")
    assert Representative.objects.filter(signature__letter=first).count() == 4
    assert not Representative.objects.filter(signature__letter=other).exists()


def test_a_letter_is_erased_whole_or_not_at_all(db, now, monkeypatch):
    letter = everything(now)
    before = dump()

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(retention, "erase_notes", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            retention.erase_letter(letter, at=now)
    assert dump() == before
    retention.erase_due(at=now)
    assert not Representative.objects.filter(signature__letter=letter).exists()


def test_the_public_list_the_digests_and_the_counts_stay(letter, client, now):
    factories.accepted(letter, "Tide Watch")
    factories.withheld(letter, "Hidden Ferry")
    life.close_signing(letter, actor=None, at=now)
    address = f"/letters/{letter.slug}/signatories.json"
    before = b"".join(client.get(address).streaming_content)
    digest = Letter.objects.get(pk=letter.pk).current_version.digest
    retention.erase_due(at=now + 400 * DAY)
    assert b"".join(client.get(address).streaming_content) == before
    after = Letter.objects.get(pk=letter.pk)
    assert (after.current_version.digest, after.signature_count, after.withheld_count) == (digest, 2, 1)


@pytest.mark.parametrize(
    "state", [s for s in Message.State.values if s not in ("claimed", "sending", "queued")]
)
def test_messages_that_ended_lose_their_words_after_a_month(letter, now, state):
    row = invitation(letter, now, sent=state)
    assert retention.erase(at=now + 29 * DAY)["messages"] == 0
    assert retention.erase(at=now + 31 * DAY)["messages"] == 1
    message = Message.objects.get(pk=row.message_id)
    assert (message.recipient, message.context, message.history.get().reply) == ("", {}, "")
    assert message.history.get().outcome == "accepted"


def test_what_a_server_says_of_a_message_later_goes_too(letter, now):
    row = invitation(letter, now)
    retention.erase_due(at=now + 31 * DAY)
    Attempt.objects.create(message=row.message, at=now, outcome="bounced", reply="550 Iris has moved")
    assert retention.erase(at=now + 31 * DAY)["messages"] == 1
    assert not knows("Iris has moved")
