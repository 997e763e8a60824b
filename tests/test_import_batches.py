"""Batches: long lists in portions, stopping, undoing, what stays of a list and for how long; on both databases."""

import json
import zipfile
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters.models import Event, Letter
from letters.services.errors import Refused
from signatories import export, import_tasks, retention, tasks
from signatories.models import ImportBatch, ImportRow, Organisation, Signature
from signatories.reading import read_file, read_list
from signatories.services import amending, directory, importing, merging, review, undoing, unmerging
from signatories.services.likely import Finder
from tests import factories
from tests.test_amendments import amended

pytestmark = pytest.mark.django_db
NAMES = ("Tide Watch (TW)", "Harbour Circle", "Night Ferry Union")
DAY = timedelta(days=1)


def begin(letter, text, *, name="a.txt", at=None):
    return importing.begin(
        letter, filename=name, data=text.encode(), source_name="A list", actor=None, at=at or timezone.now()
    )


def numbered(names):
    return "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))


def put_on(letter, names=NAMES, *, at=None, **fields):
    """A list that is on the letter."""
    at = at or timezone.now()
    return apply(begin(letter, numbered(names), at=at), at=at)


def apply(batch, *, at=None):
    batch.refresh_from_db()
    return importing.apply(
        batch,
        consent_from="mail",
        consent_note="",
        consent_date=date(2026, 1, 2),
        revision=batch.revision,
        actor=None,
        at=at or timezone.now(),
    )


def work(rounds=500):
    for _round in range(rounds):
        if not import_tasks.work_on_lists(at=timezone.now()):
            return


@pytest.fixture
def long_list(monkeypatch):
    """Lists of more than two lines are the worker's, two at a time."""
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    monkeypatch.setattr(undoing, "AT_ONCE", 2)
    monkeypatch.setattr(importing, "SMALL", 2)
    monkeypatch.setattr(importing, "PORTION", 2)
    monkeypatch.setattr(importing.judge_portion, "__defaults__", (2,))


def counts_agree(letter):
    letter.refresh_from_db()
    return not tasks.check_counts(at=timezone.now())


# --- Long lists


def test_the_worker_reads_in_portions_and_may_be_killed_between_them(letter, long_list):
    batch = begin(letter, numbered([*NAMES, "Tide Watch (TW)"]))
    assert (batch.state, batch.total) == ("reading", 0)
    seen = []
    while import_tasks.read_on(batch.pk, Finder(), at=timezone.now()):
        batch.refresh_from_db()
        seen.append((batch.total, batch.done))
    batch.refresh_from_db()
    assert seen == [(4, 0), (4, 2), (4, 4)]
    assert batch.state == "preview"
    assert importing.counts_of(batch) == {"new": 3, "twice": 1}


def test_a_portion_that_was_cut_off_is_done_again(letter, long_list, monkeypatch):
    batch = begin(letter, numbered(NAMES))
    import_tasks.read_on(batch.pk, Finder(), at=timezone.now())
    judge = importing.judge_portion

    def killed(batch, *args):
        judge(batch, *args)
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "judge_portion", killed)
    with pytest.raises(KeyboardInterrupt):
        import_tasks.read_on(batch.pk, Finder(), at=timezone.now())
    monkeypatch.undo()
    work()
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.rows.exclude(outcome="").count()) == ("preview", 3, 3)


def test_what_the_worker_cannot_read_says_why(letter, long_list):
    batch = begin(letter, '{"no": 1}', name="a.json")
    work()
    batch.refresh_from_db()
    assert batch.state == "failed" and "no list called" in batch.problem and batch.original is None


def test_a_long_list_is_applied_by_the_worker_once(letter, long_list):
    batch = begin(letter, numbered(NAMES))
    work()
    assert apply(batch).state == "applying"
    assert not letter.signatures.exists()
    work()
    importing.carry_out(batch, at=timezone.now())
    batch.refresh_from_db()
    assert batch.state == "applied" and letter.signatures.listed().count() == 3
    assert Event.objects.filter(kind="list.imported").count() == 1
    assert counts_agree(letter)


def test_reading_can_be_stopped(letter, long_list):
    batch = begin(letter, numbered(NAMES))
    import_tasks.read_on(batch.pk, Finder(), at=timezone.now())
    importing.stop(batch, actor=None, at=timezone.now())
    work()
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count(), batch.original) == ("stopped", 0, None)


def test_what_is_stopped_while_it_is_applied_leaves_nothing(letter, long_list):
    batch = begin(letter, numbered(NAMES))
    work()
    apply(batch)
    importing.stop(batch, actor=None, at=timezone.now())
    work()
    batch.refresh_from_db()
    assert batch.state == "preview" and "nothing of this list" in batch.problem
    assert not letter.signatures.exists() and not Organisation.objects.exists()
    assert counts_agree(letter)
    apply(batch)
    work()
    assert letter.signatures.listed().count() == 3


def test_statements_do_not_grow_with_the_list(letter):
    used = []
    for n in (50, 250):
        batch = begin(letter, numbered(f"Circle {n} number {i}, Portugal" for i in range(n)))
        with CaptureQueriesContext(connection) as asked:
            apply(batch)
        used.append(len(asked))
    assert letter.signatures.listed().count() == 300
    assert used[1] - used[0] < 20  # for 200 lines more
    assert counts_agree(letter)


# --- What is put on a letter


def test_one_door_for_the_command_and_the_desk(letter, now):
    entries = read_list(numbered(NAMES)).signatories
    importing.import_list(letter, entries, consent="by mail", actor=None, at=now, source="a.txt")
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.source_name, batch.made_signatures) == ("applied", "a.txt", 3)
    assert {row.signature.name for row in batch.rows.all()} == {
        "Tide Watch",
        "Harbour Circle",
        "Night Ferry Union",
    }
    undoing.undo(batch, actor=None, at=now)
    assert not letter.signatures.exists()


def test_of_two_that_it_may_be_the_command_makes_neither_silently(letter, now):
    for country in ("PT", "ES"):
        factories.organisation("Tide Watch", country=country)
    entries = read_list("1. Tide Watch\n").signatories
    importing.import_list(letter, entries, consent="x", actor=None, at=now)
    row = ImportRow.objects.get()
    assert row.made_organisation and len(row.candidates) == 2


def test_an_attempt_that_nobody_confirmed_keeps_no_list_out(letter):
    attempt = factories.unconfirmed(letter, "Tide Watch", country="")
    put_on(letter)
    attempt.refresh_from_db()
    assert attempt.rival_of.name == "Tide Watch" and attempt.rival_of.source == "import"


def test_organisations_of_a_letter_that_is_not_public_get_no_address_yet(circulating):
    put_on(circulating)
    assert all(row.slug.startswith(directory.HIDDEN) for row in Organisation.objects.all())


def test_after_a_delivery_they_have_joined_later(letter, now):
    factories.accepted(letter, "First Circle")
    deliver(letter, now + DAY)
    put_on(letter, at=now)
    letter = Letter.objects.get(pk=letter.pk)
    new = letter.signatures.filter(source="import")
    assert all(row.accepted_at > letter.last_delivered_at for row in new)


def deliver(letter, at):
    from signatories.services import delivering

    return delivering.deliver(
        letter, delivered_on=at.date(), to_whom="The minister", how="By hand", note="", actor=None, at=at
    )


def test_an_export_of_what_was_imported_reads_back_the_same(letter):
    text = "Organisation,Acronym,Country,Note\n=Tide Watch,TW,Portugal,on behalf of 12 groups\nHarbour Circle,,Chile,\n'Apos Circle,,,\n"
    apply(begin(letter, text, name="a.csv"))
    rows = list(export.rows(Letter.objects.get(pk=letter.pk)))
    for name, lines in (("b.csv", export.as_csv(rows)), ("b.json", export.as_json(letter, rows))):
        reading = read_file(name, "".join(lines).encode())
        found = [(e.name, e.acronym, e.country_code, e.kind, e.note) for e in reading.signatories]
        assert found == [(r["name"], r["acronym"], r["country"], r["kind"], r["note"]) for r in rows], name
        again = begin(
            letter,
            "".join(export.as_csv(rows)) if name == "b.csv" else "".join(export.as_json(letter, rows)),
            name=name,
        )
        assert set(importing.counts_of(again)) <= {"already", "ignored"}


# --- Undoing


def test_undoing_takes_signatures_and_organisations_away_on_record(letter, now):
    batch = put_on(letter)
    revision = Letter.objects.get(pk=letter.pk).list_revision
    done = undoing.undo(batch, actor=None, at=timezone.now())
    letter.refresh_from_db()
    assert done.state == "undone"
    assert not letter.signatures.exists() and not Organisation.objects.exists()
    assert letter.signature_count == 0 and letter.shown_from > revision
    assert counts_agree(letter)
    gone = Event.objects.filter(kind="signature.undone", letter=letter)
    assert {event.before["name"] for event in gone} == {"Tide Watch", "Harbour Circle", "Night Ferry Union"}
    assert Event.objects.filter(kind="organisation.deleted").count() == 3
    assert Event.objects.get(kind="list.undone").after["signatures_gone"] == 3
    with pytest.raises(Refused):
        undoing.undo(batch, actor=None, at=timezone.now())


def test_the_same_list_can_be_put_on_again(letter):
    undoing.undo(put_on(letter), actor=None, at=timezone.now())
    put_on(letter)
    assert letter.signatures.listed().count() == 3
    assert counts_agree(letter)


def test_organisations_used_since_stay(letter):
    batch = put_on(letter, (*NAMES, "Fourth Circle", "Fifth Circle"))
    found = {row.name: row for row in Organisation.objects.all()}
    factories.accepted(factories.released(title="Another"), "Tide Watch", country="")
    directory.verify(found["Harbour Circle"], actor=None, at=timezone.now())
    edited = found["Night Ferry Union"]
    directory.save_organisation(edited, others=["NFU"], domains=[], actor=None, at=timezone.now())
    Organisation.objects.filter(name="Fourth Circle").update(note="Ask Ilse")
    assert undoing.plan(batch).organisations_kept == 4
    undoing.undo(batch, actor=None, at=timezone.now())
    assert set(Organisation.objects.values_list("name", flat=True)) == {*found} - {"Fifth Circle"}
    assert not letter.signatures.exists()


def test_what_was_decided_since_stays(letter, now):
    batch = put_on(letter)
    signature = letter.signatures.get(name="Tide Watch")
    review.withdraw_for(signature, reason="They asked by phone.", actor=None, at=now)
    review.refuse(letter.signatures.get(name="Harbour Circle"), reason="Unknown", actor=None, at=now)
    assert undoing.plan(batch).ended == 2
    undoing.undo(batch, actor=None, at=now)
    assert set(letter.signatures.values_list("name", "state")) == {
        ("Tide Watch", "withdrawn"),
        ("Harbour Circle", "refused"),
    }
    again = put_on(letter)
    assert importing.counts_of(again)["withdrawn"] == 1
    assert counts_agree(letter)


def test_who_re_affirmed_since_stays(letter, now):
    batch = put_on(letter)
    amended(letter, now)
    signature = letter.signatures.get(name="Tide Watch")
    amending.reaffirm_for(signature, note="By mail.", actor=None, at=now)
    assert undoing.plan(batch).own == 1
    undoing.undo(batch, actor=None, at=now)
    assert letter.signatures.get().name == "Tide Watch"
    assert counts_agree(letter)


def test_a_later_attempt_takes_the_place_of_one_that_goes(letter):
    attempts = [factories.unconfirmed(letter, "Tide Watch", country="") for _one in range(2)]
    undoing.undo(put_on(letter), actor=None, at=timezone.now())
    rows = list(Signature.objects.filter(pk__in=[row.pk for row in attempts]).order_by("pk"))
    assert rows[0].rival_of is None and rows[1].rival_of == rows[0]
    assert Organisation.objects.get().name == "Tide Watch"


def test_what_was_delivered_stands(letter, now):
    batch = put_on(letter, at=now)
    delivery = deliver(letter, now + DAY)
    assert undoing.plan(batch).delivered == 3
    undoing.undo(batch, actor=None, at=now + 2 * DAY)
    file = delivery.files.get(form="json")
    found = json.loads(file.file.read())
    assert len(found["signatories"]) == 3
    assert counts_agree(letter)


def test_a_long_list_is_undone_by_the_worker(letter, long_list):
    batch = begin(letter, numbered(NAMES))
    work()
    apply(batch)
    work()
    batch.refresh_from_db()
    assert undoing.undo(batch, actor=None, at=timezone.now()).state == "undoing"
    assert letter.signatures.listed().count() == 3
    work()
    batch.refresh_from_db()
    assert batch.state == "undone" and not letter.signatures.exists()


# --- What is kept, and for how long


def test_the_words_of_a_list_go_after_a_month_what_became_of_it_stays(letter, now):
    data = '[{"name": "Tide Watch", "person": "Ines Quillfeather", "role": "Chair"}, {"kind": "individual", "person": "Ilse Marrow", "name": "Ferry pilot"}]'
    batch = apply(begin(letter, data, name="a.json", at=now), at=now)
    left = begin(letter, numbered(NAMES), at=now)
    import_tasks.erase_words(at=now + 20 * DAY)
    assert batch.rows.filter(person="Ines Quillfeather").exists() and left.rows.exists()
    assert import_tasks.erase_words(at=now + 31 * DAY) == 2
    rows = list(batch.rows.order_by("position"))
    assert [(row.name, row.person, row.role, row.text) for row in rows] == [
        ("Tide Watch", "", "", ""),
        ("", "", "", ""),
    ]
    assert all(row.signature_id for row in rows)
    left.refresh_from_db()
    assert (left.state, left.original, left.rows.count()) == ("stopped", None, 0)
    undoing.undo(batch, actor=None, at=now + 40 * DAY)
    assert not letter.signatures.exists()


def test_retention_erases_the_words_of_lists_too(now):
    letter = factories.released(at=now, closes_at=now + DAY, retention_months=1)
    batch = put_on(letter, at=now)
    batch.rows.update(person="Ines Quillfeather")
    assert retention.erase_due(at=now + 20 * DAY) == 0
    retention.erase_due(at=now + 60 * DAY)
    assert not batch.rows.exclude(person="").exists()


def test_no_event_about_a_list_holds_what_is_said_of_a_person(letter, now):
    data = '[{"kind": "individual", "person": "Ilse Marrow", "name": "Ferry pilot"}]'
    batch = apply(begin(letter, data, name="a.json", at=now), at=now)
    undoing.undo(batch, actor=None, at=now)
    said = " ".join(f"{e.before} {e.after} {e.note}" for e in Event.objects.filter(letter=letter))
    assert "Marrow" not in said and "Ferry pilot" not in said


# --- Lists and merged entries; what changes between looking and doing


def merged(kept, gone, at):
    return merging.merge(kept, gone, actor=None, at=at)


def test_an_undone_list_does_not_come_back_with_a_merge_taken_back(letter, now):
    own = factories.accepted(letter, "Harbour Circle", at=now)
    batch = put_on(letter, ["Quay Reading Club"], at=now + timedelta(seconds=1))
    listed = Signature.objects.get(source="import")
    row = merged(own.organisation, listed.organisation, now + timedelta(seconds=2))
    undoing.undo(batch, actor=None, at=now + timedelta(seconds=3))
    unmerging.take_back(row, actor=None, at=now + timedelta(seconds=4))
    assert list(letter.signatures.values_list("pk", "state")) == [(own.pk, "accepted")]
    assert counts_agree(letter)


def test_undoing_a_list_keeps_the_signature_that_another_was_counted_with(letter, now):
    batch = put_on(letter, ["Quay Reading Club"], at=now)
    listed = Signature.objects.get()
    own = factories.accepted(letter, "Harbour Circle", at=now + timedelta(seconds=1))
    merged(listed.organisation, own.organisation, now + timedelta(seconds=2))
    own.refresh_from_db()
    assert own.state == "merged"
    undoing.undo(batch, actor=None, at=now + timedelta(seconds=3))
    assert letter.signatures.listed().count() == 1
    assert counts_agree(letter)


def test_a_candidate_that_is_gone_cannot_be_chosen(letter, now):
    known = factories.organisation("Harbour Circle of the North", country="PT")
    batch = begin(letter, "1. Harbour Circle of Northern, Portugal", at=now)
    row = batch.rows.get()
    ImportRow.objects.filter(pk=row.pk).update(candidates=[{"id": known.pk, "score": 80, "why": ""}])
    number = known.pk
    known.delete()
    with pytest.raises(Refused):
        importing.decide(row, "this", organisation=number, actor=None, at=now)


def test_a_list_is_not_put_under_a_text_amended_since_it_was_applied(letter, now, long_list):
    batch = begin(letter, numbered(NAMES), at=now)
    work()
    apply(batch, at=now)
    amended(letter, now + timedelta(seconds=1))
    work()
    batch.refresh_from_db()
    assert (batch.state, letter.signatures.count()) == ("preview", 0)
    assert "amended" in batch.problem
    apply(batch, at=now + timedelta(seconds=2))
    work()
    assert letter.signatures.count() == 3


def test_a_list_that_nobody_looks_at_brings_back_no_near_name(letter, now):
    gone = factories.accepted(letter, "Northern Harbour Reading Circle", country="PT", at=now)
    review.withdraw_for(gone, reason="By telephone.", actor=None, at=now)
    entries = read_list("1. Northern Harbour Reading Circles (Portugal)").signatories
    found = importing.import_list(letter, entries, consent="by mail", actor=None, at=now)
    assert [item.outcome for item in found] in (["maybe"], ["withdrawn"])
    assert not letter.signatures.listed().exists()


def test_a_new_entry_of_a_list_does_not_take_the_address_of_one_merged(letter, now):
    kept = factories.accepted(letter, "Harbour Circle", country="PT", at=now).organisation
    other = factories.released(at=now, title="Another letter")
    gone = factories.accepted(other, "Quay Reading Club", country="PT", at=now).organisation
    slug = gone.slug
    row = merged(kept, gone, now)
    made = directory.create_many([("Quay Reading Club", "", "DE")], shown=True)
    assert [entry.slug != slug for entry, _new in made.values()] == [True]
    Organisation.objects.filter(pk__in=[entry.pk for entry, _new in made.values()]).update(slug=slug)
    back = unmerging.take_back(row, actor=None, at=now)  # as if it had the address from before
    assert back.slug.startswith(slug) and back.slug != slug


def test_half_a_character_in_a_list_is_left_out(letter, now):
    batch = begin(letter, '[{"name": "\\ud800Tide Watch"}]', name="a.json", at=now)
    assert batch.rows.get().name == "Tide Watch"


def test_a_row_with_the_number_zero_is_the_first(letter, now):
    book = openpyxl.Workbook()
    book.active.append(["Tide Watch"])
    made, changed = BytesIO(), BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<row r="1"', b'<row r="0"'))
    batch = importing.begin(
        letter, filename="a.xlsx", data=changed.getvalue(), source_name="A list", actor=None, at=now
    )
    assert batch.rows.get().name == "Tide Watch"


def test_a_list_at_which_the_program_fails_keeps_no_other_one_waiting(letter, long_list):
    broken, good = (
        begin(letter, "name,country\nTide Watch,Kenya\n", name="a.csv"),
        begin(letter, numbered(NAMES)),
    )
    ImportBatch.objects.filter(pk=broken.pk).update(columns={"fields": ["nonsense"], "heading": 1})
    work()
    broken.refresh_from_db()
    good.refresh_from_db()
    assert (broken.state, good.state) == ("failed", "preview")
    assert "fault of the program" in broken.problem


def test_what_stops_while_the_database_is_written_is_heeded(letter, long_list):
    """On SQLite nobody else can write while a list is put on: the wish to stop goes by another way, at once."""
    batch = begin(letter, numbered(NAMES))
    work()
    apply(batch)
    importing.stop(batch, actor=None, at=timezone.now())
    with pytest.raises(importing.Stopped):
        importing.heed_stop(batch)
    work()
    batch.refresh_from_db()
    assert (batch.state, letter.signatures.count()) == ("preview", 0)
    apply(batch)  # and it can be put on after all
    work()
    assert letter.signatures.count() == len(NAMES)
