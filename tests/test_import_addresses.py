"""Lists that give representatives' e-mail addresses: kept as personal data, written to only when an editor asks for it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from letters import outbox
from letters.models import Event, Message
from signatories.models import ImportBatch, ImportRow, Representative, Signature
from signatories.reading import read_file
from signatories.services import importing, telling, undoing
from tests import factories
from tests.test_amendments import amended

pytestmark = pytest.mark.django_db
FORM = (
    "Timestamp,Email Address,Name of your organisation,Country,Your name,Your role\n"
    "2026/05/02 10:11:12,ines@tide.example,Tide Watch,Portugal,Ines Quillfeather,Coordinator\n"
    "2026/05/02 11:00:00,,Harbour Circle,Spain,Odo Marsh,\n"
)


def begun(letter, text=FORM):
    return importing.begin(
        letter, filename="form.csv", data=text.encode(), source_name="The form", actor=None, at=timezone.now()
    )


def put_on(letter, text=FORM, *, tells=False):
    batch = begun(letter, text)
    importing.decide_all(batch, "", "right", actor=None, at=timezone.now())
    batch.refresh_from_db()
    return importing.apply(
        batch,
        consent_from="form",
        consent_note="",
        consent_date=date(2026, 5, 2),
        revision=batch.revision,
        tells=tells,
        actor=None,
        at=timezone.now(),
    )


def test_the_address_of_a_form_s_export_is_read_and_belongs_to_the_representative():
    first, second = read_file("form.csv", FORM.encode()).signatories
    assert (first.name, first.person, first.email) == ("Tide Watch", "Ines Quillfeather", "ines@tide.example")
    assert second.email is None


def test_a_representative_is_kept_where_there_is_an_address_and_nobody_is_written_to(letter):
    put_on(letter)
    person = Representative.objects.get()
    assert (person.signature.name, person.name, person.role) == (
        "Tide Watch",
        "Ines Quillfeather",
        "Coordinator",
    )
    assert (person.email, person.named, person.wants_updates) == ("ines@tide.example", False, False)
    assert person.consent_at.astimezone(letter.zone).date() == date(2026, 5, 2)
    assert letter.signatures.counted().count() == 2
    assert not Message.objects.exists()


def test_who_is_written_to_on_request_corrects_and_withdraws_by_the_private_link(letter, client):
    put_on(letter, tells=True)
    (message,) = factories.send_mail()
    assert message.to == ["ines@tide.example"] and "Tide Watch stands under" in message.subject
    private = factories.link_in(message, "/signatures/")
    assert "Tide Watch" in client.get(private).content.decode()
    client.post(private, {"act": "withdraw", "sure": "1"})
    tide = Signature.objects.get(organisation__name="Tide Watch")
    assert tide.state == Signature.State.WITHDRAWN
    # ... and no list brings it back.
    again = begun(letter).rows.get(line=2)
    assert again.outcome == ImportRow.Outcome.WITHDRAWN


def test_nothing_of_the_representative_is_public(letter, client):
    put_on(letter, tells=True)
    for path in (
        letter.get_absolute_url(),
        f"/letters/{letter.slug}/signatories/",
        f"/letters/{letter.slug}/signatories.csv",
        f"/letters/{letter.slug}/signatories.json",
        "/organisations/tide-watch/",
    ):
        body = client.get(path)
        words = b"".join(body.streaming_content) if body.streaming else body.content
        assert b"Tide Watch" in words, path
        for secret in (b"Quillfeather", b"tide.example", b"Coordinator", b"Odo Marsh"):
            assert secret not in words, path
    said = str(list(Event.objects.values_list("before", "after", "note")))
    assert "Quillfeather" not in said and "tide.example" not in said
    assert Event.objects.get(kind="list.imported").after["addresses"] == 1


def test_an_amendment_asks_who_came_by_a_list_with_an_address(letter):
    put_on(letter)
    amended(letter, timezone.now())
    while telling.tell_signatories(at=timezone.now()):
        pass
    assert list(Message.objects.values_list("kind", "recipient")) == [("amended", "ines@tide.example")]


def test_undoing_takes_the_address_and_what_waits_to_be_sent(letter):
    batch = put_on(letter, tells=True)
    undoing.undo(batch, actor=None, at=timezone.now())
    assert not Representative.objects.exists() and not letter.signatures.exists()
    assert not outbox.send_due(worker="test")
    assert Message.objects.get().state == Message.State.CANCELLED


def test_undoing_says_how_many_were_told(letter, admin_client):
    batch = put_on(letter, tells=True)
    factories.send_mail()
    assert undoing.plan(batch).told == 1
    page = admin_client.get(reverse("admin:signatories_importbatch_step", args=[batch.pk, "undo"]))
    assert "1 representative was told by mail" in page.content.decode()


def test_who_has_corrected_the_name_since_stays_when_the_list_is_undone(letter, client):
    batch = put_on(letter, tells=True)
    private = factories.link_in(factories.send_mail()[-1], "/signatures/")
    client.post(private, {"act": "correct", "name": "Tide Watchers", "acronym": ""})
    found = undoing.plan(batch)
    assert (len(found.signatures), found.own) == (1, 1)


def test_an_address_that_is_none_waits_to_be_mended(letter, admin_client):
    batch = begun(letter, FORM.replace("ines@tide.example", "ines at tide"))
    row = batch.rows.get(name="Tide Watch")
    assert row.outcome == ImportRow.Outcome.FAULTY
    page = admin_client.get(reverse("admin:signatories_importbatch_change", args=[batch.pk])).content.decode()
    assert "“ines at tide” is not an e-mail address" in page
    words = {name: str(getattr(row, name)) for name in importing.EDITED} | {"email": ""}
    mended = importing.edit_row(row, actor=None, at=timezone.now(), **words)
    assert mended.outcome == ImportRow.Outcome.NEW


def test_the_box_stands_only_where_the_list_gives_addresses(letter, admin_client):
    batch = begun(letter)
    importing.decide_all(batch, "", "right", actor=None, at=timezone.now())
    address = reverse("admin:signatories_importbatch_step", args=[batch.pk, "apply"])
    page = admin_client.get(address).content.decode()
    assert 'name="tells"' in page and "1 line gives an e-mail address" in page
    for row in batch.rows.filter(ignored=""):
        words = {name: str(getattr(row, name)) for name in importing.EDITED} | {"email": ""}
        importing.edit_row(row, actor=None, at=timezone.now(), **words)
    page = admin_client.get(address).content.decode()
    assert 'name="tells"' not in page and "nobody’s e-mail address" in page


def test_the_addresses_of_a_list_are_erased_with_its_words(letter):
    batch = put_on(letter)
    importing.erase_list(ImportBatch.objects.get(pk=batch.pk), at=timezone.now())
    assert set(batch.rows.values_list("email", flat=True)) == {""}
    assert undoing.plan(batch).own == 0  # what came with the list still goes with it
