"""What may be erased of an event, and that the database lets nothing else of it change."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from letters.models import Event
from letters.services.events import erase_facts, erase_notes, record
from signatories.services import by_link, review
from tests import factories


def event(letter, now, *, subject="signature:1", **fields):
    said = {"before": {"name": "Ada Marsh"}, "after": {"name": "A. Marsh"}, "note": "Ms Marsh rang."}
    return record("signature.arranged", at=now, letter=letter, subject=subject, **said | fields)


def changed(event, **values):
    """Updates the row past the model; whether the database let it."""
    try:
        with transaction.atomic():
            Event.objects.filter(pk=event.pk).update(**values)
    except (IntegrityError, DatabaseError):
        return False
    return True


@pytest.mark.parametrize("subject", ["signature:1", "invitation:1"])
def test_details_of_an_event_can_be_emptied_and_what_proves_it_stays(letter, editor, now, subject):
    noted = event(letter, now, subject=subject, actor=editor)
    bare = event(letter, now, subject=subject, actor=editor)
    assert erase_notes(Event.objects.filter(pk=noted.pk)) == 1
    assert erase_notes(Event.objects.filter(pk=noted.pk)) == 0
    assert erase_facts(Event.objects.filter(pk=bare.pk)) == 1
    noted, bare = Event.objects.get(pk=noted.pk), Event.objects.get(pk=bare.pk)
    assert (noted.note, noted.before, noted.after) == ("", {"name": "Ada Marsh"}, {"name": "A. Marsh"})
    assert (bare.note, bare.before, bare.after) == ("", None, None)
    for row in (noted, bare):
        assert (row.letter, row.subject, row.kind, row.actor, row.at) == (
            letter, subject, "signature.arranged", editor, now,
        )  # fmt: skip
    assert not Event.objects.filter(pk=bare.pk).exclude(before__isnull=True, after__isnull=True).exists()


@pytest.mark.parametrize(
    "values",
    [
        {"note": "Another word."},
        {"before": None},
        {"after": None},
        {"note": "", "before": {"name": "Another"}},
        {"note": "", "after": {"name": "Another"}},
        {"note": "", "kind": "signature.accepted"},
        {"note": "", "subject": "signature:2"},
        {"note": "", "actor": None},
        {"note": "", "letter": None},
        {"note": "", "at": "2020-01-01T00:00:00Z"},
        {"note": "", "before": None, "after": None, "kind": "signature.accepted"},
    ],
    ids=str,
)
def test_the_database_refuses_every_other_change_of_an_event(letter, editor, now, values):
    assert not changed(event(letter, now, actor=editor), **values)


@pytest.mark.parametrize("subject", ["", "message:1", "organisation:1", "list:signature:1"])
def test_events_about_anything_else_stay_whole(letter, now, subject):
    row = event(letter, now, subject=subject)
    assert not changed(row, note="")
    assert not changed(row, note="", before=None, after=None)


def test_an_empty_note_is_no_way_in(letter, now):
    row = event(letter, now, note="", before=None)
    assert not changed(row, before={"name": "Another"}, note="")
    assert not changed(row, note="A word")


def test_versions_of_the_text_are_frozen_as_they_were(letter):
    version = letter.current_version
    with pytest.raises(DatabaseError), transaction.atomic():
        type(version).objects.filter(pk=version.pk).update(digest="")


@pytest.mark.django_db(transaction=True)
def test_the_door_can_be_closed_and_opened_again():
    letter = factories.released()
    row = event(letter, letter.created_at)
    try:
        MigrationExecutor(connection).migrate([("letters", "0009_mail_and_circulation")])
        assert not changed(row, note="")
    finally:
        MigrationExecutor(connection).migrate([("letters", "0010_erasable_details")])
    assert not changed(row, note="A word")
    assert changed(row, note="")


def test_a_reason_given_to_a_person_is_not_in_the_record(letter, now):
    type(letter).objects.filter(pk=letter.pk).update(accepts="both")
    for kind, kept in (("individual", ""), ("organisation", "As Ms Marsh writes it.")):
        signature = factories.accepted(letter, f"Ada {kind}", kind=kind)
        by_link.propose_correction(
            signature.keys.filter(purpose="manage").latest("id"), name=f"Ada {kind}s", acronym="", at=now
        )
        review.settle_correction(signature, taken=True, reason="As Ms Marsh writes it.", actor=None, at=now)
        assert Event.objects.get(kind="signature.correction_taken", subject=signature.ref).note == kept
