"""Lists, editors and signatories at once, on PostgreSQL: everybody lands once, and nobody is thrown out."""

from datetime import date
from functools import partial

from django.utils import timezone

from letters.models import Event
from letters.services.errors import Refused
from signatories import import_tasks, tasks
from signatories.models import ImportBatch, Merge, Organisation, Signature
from signatories.services import importing, merging, signing, undoing
from tests import factories
from tests.test_concurrency import at_once, many  # noqa: F401

NAMES = [f"Circle {n}" for n in range(40)]


def begun(letter, names):
    text = "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))
    return importing.begin(
        letter, filename="a.txt", data=text.encode(), source_name="A", actor=None, at=timezone.now()
    )


def apply(batch):
    batch = ImportBatch.objects.get(pk=batch.pk)
    return importing.apply(
        batch,
        consent_from="mail",
        consent_note="",
        consent_date=date(2026, 1, 2),
        revision=batch.revision,
        actor=None,
        at=timezone.now(),
    )


def test_two_lists_with_the_same_names_make_each_organisation_once(many):  # noqa: F811
    letters = [factories.released(), factories.released(title="Another")]
    batches = [begun(letters[0], NAMES), begun(letters[1], NAMES[::-1])]
    done = at_once([partial(apply, batch) for batch in batches])
    assert all(isinstance(batch, ImportBatch) for batch in done), done
    for batch in ImportBatch.objects.filter(
        state="preview"
    ):  # the directory had changed: the editor looks again
        apply(batch)
    assert Organisation.objects.count() == len(NAMES)
    assert all(letter.signatures.listed().count() == len(NAMES) for letter in letters)
    assert sum(batch.made_organisations for batch in ImportBatch.objects.all()) == len(NAMES)


def test_a_list_is_applied_by_one_of_many(many):  # noqa: F811
    letter = factories.released()
    batch = begun(letter, NAMES)
    done = at_once([partial(apply, batch)] * 6)
    assert sum(isinstance(found, Refused) for found in done) == 5
    assert letter.signatures.count() == len(NAMES)
    assert Event.objects.filter(kind="list.imported").count() == 1
    done = at_once([partial(undoing.undo, batch, actor=None, at=timezone.now())] * 4)
    assert sum(isinstance(found, ImportBatch) for found in done) == 1
    assert not letter.signatures.exists()


def test_who_signs_while_a_list_is_applied_lands_once(many):  # noqa: F811
    letter = factories.released(policy="confirmed")
    batch = begun(letter, NAMES)
    people = [factories.application(name, country="") for name in NAMES[:8]]
    acts = [partial(signing.sign, letter, person, version=1, at=timezone.now()) for person in people]
    done = at_once([partial(apply, batch), *acts])
    assert isinstance(done[0], ImportBatch), done[0]
    for _look in range(2):  # one who signed between the first answer and now changes a line once more
        if ImportBatch.objects.get(pk=batch.pk).state == "preview":
            apply(batch)
    assert letter.signatures.listed().count() == len(NAMES)
    assert Organisation.objects.count() == len(NAMES)
    active = Signature.objects.active().filter(letter=letter, rival_of=None)
    assert active.count() == len(NAMES)
    assert not tasks.check_counts(at=timezone.now())


def test_two_workers_read_a_list_once(many, monkeypatch):  # noqa: F811
    monkeypatch.setattr(importing, "AT_ONCE", 5)
    letter = factories.released()
    batch = begun(letter, NAMES)
    work = partial(import_tasks.work_on_lists, at=timezone.now())
    at_once([work, work, work])
    while work():
        pass
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.rows.count()) == ("preview", len(NAMES), len(NAMES))
    apply(batch)
    at_once([work, work])
    assert letter.signatures.listed().count() == len(NAMES)


def test_a_list_and_a_merge_of_what_it_names(many):  # noqa: F811
    """The entry that a line is goes into another one in the same moment: the line is that one then, or is looked at again."""
    for number in range(6):
        letter = factories.released(title=f"Letter {number}")
        kept = factories.organisation(f"Harbour Circle {number}", country="PT")
        gone = factories.organisation(f"Cercle du Port {number}", country="PT")
        batch = begun(letter, [gone.name, f"Another one {number}"])
        results = at_once(
            [partial(apply, batch), partial(merging.merge, kept, gone, actor=None, at=timezone.now())]
        )
        assert all(isinstance(found, ImportBatch | Merge) for found in results), results
        batch = ImportBatch.objects.get(pk=batch.pk)
        if batch.state == "preview":
            assert "has changed" in batch.problem
            assert letter.signatures.count() == 0
            apply(batch)
        assert {row.organisation_id for row in letter.signatures.filter(name=gone.name)} == {kept.pk}
        assert letter.signatures.listed().count() == 2
