"""Rows written and read with statements built once: the same rows as the models', the same constraints."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from letters import rows
from letters.models import Event, Letter, Message
from signatories.models import Organisation, Signature
from signatories.services import directory, signing
from tests import factories
from tests.test_sign_pages import post


def message(now, **fields):
    given = {
        "kind": "x",
        "recipient": "a@b.example",
        "context": {"n": [1, None, "ü’%s"]},
        "message_id": "<1@x>",
    }
    return Message(**given | {"next_try_at": now, "created_at": now} | fields)


def test_a_row_is_the_one_that_save_writes(db, now, letter):
    ours, own = rows.insert(message(now, letter=letter)), message(now, letter=letter, message_id="<2@x>")
    own.save()
    kept = [Message.objects.get(pk=row.pk) for row in (ours, own)]
    one, other = (model_to_dict(row, exclude=["id", "message_id"]) for row in kept)
    assert one == other
    assert kept[0].context == {"n": [1, None, "ü’%s"]}
    assert ours._state.adding is False


def test_a_constraint_holds(db, now):
    rows.insert(message(now))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(message(now))
    assert rows.insert_or_leave(message(now)) is False
    assert rows.insert_or_leave(message(now, message_id="<3@x>")) is True
    assert Message.objects.count() == 2


def test_what_is_inserted_together_is_written_at_the_end_in_order(db, now, letter):
    before = Event.objects.count()
    with rows.together():
        for n in range(3):
            rows.insert(Event(kind=f"k{n}", at=now, letter=letter, after={"n": n}))
        assert Event.objects.count() == before
    assert list(Event.objects.order_by("id").values_list("kind", flat=True))[before:] == ["k0", "k1", "k2"]


def test_what_waits_is_not_written_when_the_block_fails(db, now):
    with pytest.raises(LookupError), rows.together():
        rows.insert(message(now))
        raise LookupError
    assert not Message.objects.exists()
    rows.insert(message(now))  # and nothing waits any more
    assert Message.objects.count() == 1


@pytest.mark.parametrize("model", [Letter, Organisation, Signature])
def test_a_row_read_is_the_one_that_the_model_reads(letter, model, now):
    signature = factories.accepted(letter, "Tide Watch", country="PT")
    row = {Letter: letter, Organisation: signature.organisation, Signature: signature}[model]
    own = model.objects.get(pk=row.pk)
    ((found, beside),) = rows.select(
        model, "t", f"FROM {model._meta.db_table} t WHERE t.id = %s", [row.pk], beside="1, t.id"
    )
    for field in model._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(own, field.attname), field.name
        assert type(getattr(found, field.attname)) is type(getattr(own, field.attname)), field.name
    assert beside == (1, row.pk)


def test_signing_makes_few_trips_to_the_database(letter, client):
    """Every one is a trip, and trips are what signing costs."""
    post(client, letter, organisation="First Ones", email="a@first.example")
    with CaptureQueriesContext(connection) as caught:
        assert post(client, letter).status_code == 303
    own = [q["sql"] for q in caught.captured_queries if "INSERT" in q["sql"] or "FOR SHARE" in q["sql"]]
    # On PostgreSQL: the counts, the letter under its lock together with who is called so, all rows.
    assert len(own) == (3 if connection.vendor == "postgresql" else 9), own


def test_rows_with_keys_in_reserve_may_point_to_each_other(letter, now):
    """What is reserved is used, and what comes after has other keys."""
    first = signing.sign(letter, factories.application("Tide Watch"), version=1, at=now)
    assert Signature.objects.get(pk=first.pk).organisation.name == "Tide Watch"
    assert first._state.adding is False
    assert Message.objects.get(kind="confirm").subject_ref == first.ref
    other = Organisation.objects.create(name="Other", slug="other", match_key="other|", sort_key="x")
    assert other.pk > first.organisation_id


def test_a_known_name_is_found_in_one_trip(letter, now):
    factories.accepted(letter, "Tide Watch", country="PT")
    with CaptureQueriesContext(connection) as caught:
        assert directory.find("TIDE WATCH", country="PT").name == "Tide Watch"
    assert len(caught) == 1
