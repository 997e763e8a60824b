"""Delivering a letter: the snapshot that stands, whatever becomes of the list."""

import csv
import hashlib
import io
import json
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letters.documents.model import LetterDocument
from letters.models import Delivery, DeliveryFile, Event, Letter
from letters.services import delivering as papers
from letters.services import life
from letters.services.errors import Refused
from letters.tasks import make_delivery_files
from signatories.export import unguard
from signatories.models import Signature
from signatories.services import amending, by_link, delivering, directory, review
from tests import factories
from tests.test_amendments import amended

Form = DeliveryFile.Form


def deliver(letter, at, **changed):
    said = {
        "delivered_on": at.date(),
        "to_whom": "Orla Venn, Minister of Crossings",
        "how": "by hand",
        "note": "Taken by her office.",
        "actor": None,
    }
    return delivering.deliver(Letter.objects.get(pk=letter.pk), at=at, **said | changed)


def test_who_reaffirms_after_a_delivery_of_the_new_text_has_joined_after_it(letter, client, now):
    early, late = (factories.accepted(letter, name) for name in ("Early Circle", "Late Circle"))
    amended(letter, now)
    amending.reaffirm_for(early, note="By telephone.", actor=None, at=now)
    delivery = deliver(letter, now)
    assert (delivery.signature_count, delivery.earlier_count) == (1, 1)
    told = "Apart from them, one who signed an earlier text."
    assert told in page(client, letter) and told in client.get(url(delivery)).content.decode()
    amending.reaffirm_for(late, note="By telephone.", actor=None, at=now)
    shown = page(client, letter)
    assert shown.count("joined after delivery") == 1
    assert "joined after" in shown[shown.index("Late Circle") : shown.index("Late Circle") + 300]


def test_who_reaffirms_was_in_the_delivery_of_the_text_before(letter, client, now):
    signature = factories.accepted(letter, "Early Circle")
    deliver(letter, now)
    amended(letter, now)
    amending.reaffirm_for(signature, note="By telephone.", actor=None, at=now)
    assert "joined after delivery" not in page(client, letter)


def test_a_delivery_that_somebody_else_recorded_meanwhile_is_seen_first(letter, now):
    deliver(letter, now, after=0)
    with pytest.raises(Refused, match="Another delivery"):
        deliver(letter, now, after=0)
    assert deliver(letter, now, after=1).number == 2


def test_a_letter_was_not_delivered_before_its_own_day(db, now):
    letter = factories.released(at=now, date=now.date())
    with pytest.raises(Refused, match="later day"):
        deliver(letter, now, delivered_on=now.date() - timedelta(days=1))


def test_two_clicks_on_the_button_record_one_delivery(desk, letter):
    data = {"delivered_on": letter.release_at.date(), "to_whom": "Orla Venn", "how": "by hand"}
    data |= {"after": "0", "version": "1"}
    assert desk.post(step(letter), data).status_code == 302
    answer = desk.post(step(letter), data)
    assert answer.status_code == 422 and "Another delivery was recorded" in answer.content.decode()
    assert 'name="after" value="1"' in answer.content.decode()
    assert Delivery.objects.count() == 1


def test_a_command_finds_a_delivered_file_that_is_not_as_it_was(letter, now, capsys):
    delivery = deliver(letter, now)
    call_command("check_digests")
    assert "6 delivered files" in capsys.readouterr().out
    changed, gone = delivery.files.filter(form__in=("txt", "csv")).order_by("form")
    Path(changed.file.path).write_bytes(b"other")
    Path(gone.file.path).unlink()
    with pytest.raises(CommandError, match="2 of 1 text versions and"):
        call_command("check_digests")
    said = capsys.readouterr().err
    assert "delivery 1" in said and "cannot be read" in said and "not the file that was delivered" in said


def test_who_withdraws_is_told_what_stays(letter, client, now):
    signature = factories.accepted(letter, "Early Circle", email="ines@early.example")
    link = factories.link_for("ines@early.example", "/signatures/")
    told = "stands in the files of that delivery"
    assert told not in client.post(link, {"act": "withdraw"}).content.decode()
    deliver(letter, now)
    assert told in client.post(link, {"act": "withdraw"}).content.decode()
    late = factories.accepted(Letter.objects.get(pk=letter.pk), "Late Circle", email="ines@late.example")
    link = factories.link_for("ines@late.example", "/signatures/")
    assert told not in client.post(link, {"act": "withdraw"}).content.decode()
    assert signature.is_active and late.is_active


def test_a_snapshot_has_no_hidden_address_of_an_organisation(circulating, now):
    factories.accepted(circulating, "Harbour Assembly")  # its address waits for the release
    letter = life.release(circulating, actor=None, at=now)
    files = snapshot(deliver(letter, now))
    assert json.loads(files["signatories.json"])["signatories"][0]["organisation"] is None
    assert b"o-" not in files["signatories.csv"]


def test_what_cannot_be_made_is_not_tried_all_the_time(letter, now, monkeypatch):
    tried = []

    def broken(paper):
        tried.append(paper)
        raise RuntimeError

    monkeypatch.setitem(papers.FORMS, "pdf", broken)
    delivery = deliver(letter, now)
    for _round in range(5):
        make_delivery_files(at=now)
    assert len(tried) == 2  # with the delivery, and once by the worker, which then lets a pause grow
    assert set(delivery.files.exclude(digest="").values_list("form", flat=True)) >= {"docx", "txt"}


def test_what_is_delivered_is_the_text_that_the_editor_saw(desk, letter, now):
    data = {"delivered_on": letter.release_at.date(), "to_whom": "Orla Venn", "how": "by hand"}
    data |= {"after": "0", "version": "1"}
    amended(letter, now)
    answer = desk.post(step(letter), data)
    assert answer.status_code == 422 and "The text has changed" in answer.content.decode()
    assert desk.post(step(letter), data | {"after": ""}).status_code == 422  # a page that showed nothing
    assert not Delivery.objects.exists()
    assert 'name="version" value="2"' in answer.content.decode()


def snapshot(delivery):
    """Name → bytes of every file, as it lies in the store."""
    return {row.name: row.file.open("rb").read() for row in delivery.files.order_by("pk")}


def page(client, letter):
    return client.get(letter.get_absolute_url()).content.decode()


def url(delivery, name=""):
    return f"/letters/{delivery.letter.slug}/deliveries/{delivery.number}/{name}"


def downloaded(response):
    return b"".join(response.streaming_content)


def test_a_delivery_freezes_what_stands_and_is_on_record(letter, editor, now):
    factories.accepted(letter, "Harbour Assembly")
    factories.withheld(letter, "Hidden Circle")
    delivery = deliver(letter, now, actor=editor)
    letter.refresh_from_db()
    assert (delivery.number, delivery.signature_count, delivery.withheld_count) == (1, 2, 1)
    assert (delivery.version, delivery.list_revision) == (letter.current_version, letter.list_revision)
    assert delivery.by == editor
    event = Event.objects.get(kind="letter.delivered")
    assert (event.subject, event.actor, event.letter) == (f"delivery:{delivery.pk}", editor, letter)
    assert deliver(letter, now).number == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"to_whom": " "}, "to whom"),
        ({"how": ""}, "how"),
        ({"delivered_on": None}, "has not come"),
    ],
)
def test_a_delivery_says_when_to_whom_and_how(letter, now, changed, words):
    if "delivered_on" in changed:
        changed = {"delivered_on": (now + timedelta(days=2)).date()}
    with pytest.raises(Refused, match=words):
        deliver(letter, now, **changed)
    assert not Delivery.objects.exists()
    assert not DeliveryFile.objects.exists()


def test_only_a_public_letter_is_delivered(circulating, draft, letter, now):
    withdrawn = life.withdraw(letter, reason="A figure was wrong.", actor=None, at=now)
    scheduled = factories.letter(at=now, title="Later")
    life.release(scheduled, actor=None, at=now, release_at=now + timedelta(days=1))
    for other in (circulating, draft, withdrawn, scheduled):
        with pytest.raises(Refused, match="public"):
            deliver(other, now)


def test_every_file_is_made_at_once_with_its_size_and_digest(letter, now):
    factories.accepted(letter, "Harbour Assembly")
    delivery = deliver(letter, now)
    files = snapshot(delivery)
    assert set(files) == {
        "signatories.csv", "signatories.json", "letter-en.paper", "letter-en.pdf", "letter-en.docx", "letter-en.txt",
    }  # fmt: skip
    for row in delivery.files.all():
        content = files[row.name]
        assert (row.size, row.digest) == (len(content), hashlib.sha256(content).hexdigest())
    assert files["letter-en.pdf"].startswith(b"%PDF")
    assert files["letter-en.docx"].startswith(b"PK")
    text = files["letter-en.txt"].decode()
    assert "Harbour Assembly" in text
    assert "Delivered on" in text and "Orla Venn" in text


def test_the_papers_carry_the_code_of_the_delivery(letter, now):
    delivery = deliver(letter, now)
    paper = LetterDocument.from_json(snapshot(delivery)["letter-en.paper"].decode())
    assert paper.verify_code.replace("-", "") == delivery.code
    assert paper.verify_address == site.SITE_URL + reverse("verify", args=[delivery.code])


def test_the_tables_hold_the_names_as_signed_in_their_order(letter, now):
    factories.accepted(letter, "=Zebra Union")
    factories.accepted(letter, "Älvdalen Forum")
    factories.withheld(letter, "Hidden Circle")
    files = snapshot(deliver(letter, now))
    rows = list(csv.DictReader(io.StringIO(files["signatories.csv"].decode("utf-8-sig"))))
    assert [unguard(row["name"]) for row in rows] == ["Älvdalen Forum", "=Zebra Union"]
    data = json.loads(files["signatories.json"])
    assert [row["position"] for row in data["signatories"]] == [1, 2]
    assert (data["signature_count"], data["withheld_count"]) == (3, 1)
    assert b"Hidden" not in b"".join(files.values())


def test_the_snapshot_stands_whatever_becomes_of_the_list(letter, client, now):
    organisation = factories.organisation("Harbour Assembly", country="PT")
    renamed = factories.accepted(letter, "Harbour Assembly")
    left = factories.accepted(letter, "Tide Forum")
    delivery = deliver(letter, now)
    before, pages = snapshot(delivery), {row.name: downloaded(client.get(url(delivery, row.name))) for row in delivery.files.exclude(form=Form.PAPER)}  # fmt: skip
    review.arrange(renamed, actor=None, at=now, name="Harbour Assembly of the West")
    organisation.name, organisation.acronym = "Western Harbours", "WH"
    directory.save_organisation(organisation, others=[], domains=[], actor=None, at=now)
    by_link.withdraw(left.keys.filter(purpose="manage").latest("id"), at=now)
    factories.accepted(letter, "Late Harbour")
    assert snapshot(delivery) == before
    for name, content in pages.items():
        assert downloaded(client.get(url(delivery, name))) == content == before[name]
    assert b"Tide Forum" in before["signatories.csv"]
    papers.make_files(delivery)
    assert snapshot(delivery) == before


@pytest.mark.parametrize("row", ["delivery", "file"])
def test_the_database_refuses_to_change_what_was_delivered(letter, now, row):
    delivery = deliver(letter, now)
    rows = Delivery.objects.all() if row == "delivery" else DeliveryFile.objects.filter(form=Form.PDF)
    change = {"to_whom": "Somebody else"} if row == "delivery" else {"digest": "0" * 64}
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**change)
    delivery.refresh_from_db()
    assert delivery.to_whom.startswith("Orla Venn")


def test_the_worker_makes_the_files_of_a_long_list(letter, client, now, settings):
    settings.DOCUMENT_AT_ONCE = -1
    factories.accepted(letter, "Harbour Assembly")
    delivery = deliver(letter, now)
    waiting = delivery.files.filter(digest="")
    assert {row.form for row in waiting} == {Form.PDF, Form.DOCX, Form.TXT}
    assert "is being made" in client.get(url(delivery)).content.decode()
    assert client.get(url(delivery, "letter-en.pdf")).status_code == 404
    assert make_delivery_files(at=now) == 3
    assert make_delivery_files(at=now) == 0
    assert client.get(url(delivery, "letter-en.pdf")).status_code == 200
    assert "is being made" not in client.get(url(delivery)).content.decode()


def test_what_the_worker_makes_later_shows_the_list_as_it_was(letter, now, settings):
    settings.DOCUMENT_AT_ONCE = -1
    factories.accepted(letter, "Harbour Assembly")
    delivery = deliver(letter, now)
    factories.accepted(letter, "Late Harbour")
    make_delivery_files(at=now)
    text = snapshot(delivery)["letter-en.txt"].decode()
    assert "Harbour Assembly" in text
    assert "Late Harbour" not in text


def test_a_file_that_cannot_be_made_does_not_hold_up_the_others(letter, now, monkeypatch):
    def broken(paper):
        raise RuntimeError("no typesetter")

    monkeypatch.setitem(papers.FORMS, Form.PDF, broken)
    delivery = deliver(letter, now)
    assert [row.form for row in delivery.files.filter(digest="")] == [Form.PDF]
    monkeypatch.undo()
    assert make_delivery_files(at=now) == 1


def test_two_who_make_the_same_file_keep_one(letter, now, settings):
    settings.DOCUMENT_AT_ONCE = -1
    delivery = deliver(letter, now)
    row = delivery.files.get(form=Form.TXT)
    other = DeliveryFile.objects.get(pk=row.pk)
    assert papers._make(row)
    assert not papers._make(other)
    kept = DeliveryFile.objects.get(pk=row.pk)
    stored = list(Path(settings.MEDIA_ROOT).rglob("*.txt"))
    assert [path.name for path in stored] == [Path(kept.file.name).name]


# --- The public pages


def test_the_page_says_that_the_letter_was_delivered_and_with_how_many(letter, client, now):
    for n in range(3):
        factories.accepted(letter, f"Harbour {n}")
    factories.withheld(letter, "Hidden Circle")
    delivery = deliver(letter, now)
    shown = page(client, letter)
    assert "Delivered to" in shown and "Orla Venn, Minister of Crossings" in shown
    assert "With 4 signatories, one of them withheld" in shown
    assert f'href="{url(delivery)}"' in shown
    for row in delivery.files.exclude(form=Form.PAPER):
        assert url(delivery, row.name) in client.get(url(delivery)).content.decode()


@pytest.mark.parametrize(
    ("times", "words"),
    [(1, "Delivered on 2"), (2, "Delivered twice, last on"), (3, "Delivered three times, last on"), (4, "Delivered 4 times, last on")],
)  # fmt: skip
def test_the_facts_say_how_often_a_letter_was_delivered(letter, client, now, times, words):
    for n in range(times):
        last = deliver(letter, now + timedelta(minutes=n))
    assert f'<a href="#delivery-{last.number}">{words}' in page(client, letter)


def test_a_letter_that_was_not_delivered_says_nothing_of_it(letter, client):
    assert "What followed" not in page(client, letter)


def test_who_signs_later_is_shown_as_having_joined_after(letter, client, now):
    factories.accepted(letter, "Early Harbour", at=now)
    deliver(letter, now)
    factories.accepted(letter, "Late Harbour", at=now + timedelta(hours=1))
    for address in (letter.get_absolute_url(), f"/letters/{letter.slug}/signatories/", f"/letters/{letter.slug}/signatories/list/"):  # fmt: skip
        shown = client.get(address).content.decode()
        early, late = shown.index("Early Harbour"), shown.index("Late Harbour")
        assert "joined after" not in shown[early:late], address
        assert "joined after delivery" in shown[late : late + 300], address
    deliver(letter, now + timedelta(hours=2))
    assert "joined after" not in page(client, letter)


def test_marking_who_joined_later_costs_no_query_a_name(letter, client, now):
    deliver(letter, now)
    factories.accepted(letter, "Late Harbour 0")
    with CaptureQueriesContext(connection) as few:
        page(client, letter)
    for n in range(1, 9):
        factories.accepted(letter, f"Late Harbour {n}")
    with CaptureQueriesContext(connection) as many:
        page(client, letter)
    assert len(few) == len(many)


def test_more_deliveries_cost_the_letters_page_no_more_queries(letter, client, now):
    deliver(letter, now)
    with CaptureQueriesContext(connection) as few:
        page(client, letter)
    for n in range(3):
        deliver(letter, now + timedelta(minutes=n))
    with CaptureQueriesContext(connection) as many:
        page(client, letter)
    assert len(few) == len(many)


def test_a_withdrawal_after_delivery_is_told_as_a_number_alone(letter, client, now):
    gone = [factories.accepted(letter, f"Quiet Harbour {n}", at=now) for n in range(2)]
    factories.accepted(letter, "Staying Harbour", at=now)
    delivery = deliver(letter, now)
    late = factories.accepted(letter, "Quiet Latecomer", at=now + timedelta(minutes=1))
    for signature in [*gone, late]:
        by_link.withdraw(signature.keys.filter(purpose="manage").latest("id"), at=now + timedelta(hours=1))
    again = deliver(letter, now + timedelta(hours=2))
    shown = page(client, letter)
    assert "Since this delivery 2 signatories have withdrawn" in shown
    assert shown.count("Since this delivery") == 1
    assert "Quiet" not in shown
    assert "Since this delivery 2 signatories" in client.get(url(delivery)).content.decode()
    assert "Since this delivery" not in client.get(url(again)).content.decode()


def test_the_files_can_be_kept_for_long_and_are_downloaded(letter, client, now):
    delivery = deliver(letter, now)
    for row in delivery.files.exclude(form=Form.PAPER):
        response = client.get(url(delivery, row.name))
        assert response["Content-Disposition"].startswith("attachment"), row.name
        assert "immutable" in response["Cache-Control"] and "public" in response["Cache-Control"]
        # A shared cache asks soon again, so that a letter that is withdrawn goes there too.
        assert f"s-maxage={site.PAGE_SHARED_SECONDS}," in response["Cache-Control"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["ETag"] == f'"{row.digest}"'
        assert not response.cookies
        downloaded(response)
        assert (
            client.get(url(delivery, row.name), headers={"If-None-Match": response["ETag"]}).status_code
            == 304
        )


def test_the_frozen_paper_and_unknown_names_are_not_given(letter, client, now):
    delivery = deliver(letter, now)
    for name in ("letter-en.paper", "letter-fr.pdf", "../secret", "signatories.xlsx"):
        assert client.get(url(delivery, name)).status_code == 404
    assert client.get(f"/letters/{letter.slug}/deliveries/9/").status_code == 404
    assert client.get(f"/letters/{letter.slug}/deliveries/9/letter-en.pdf").status_code == 404


def test_a_withdrawn_letter_gives_no_file_any_more(letter, client, now):
    delivery = deliver(letter, now)
    life.withdraw(letter, reason="A figure was wrong.", actor=None, at=now)
    for name in ("", "letter-en.pdf", "signatories.csv"):
        assert client.get(url(delivery, name)).status_code == 410


# --- Many at once


@pytest.mark.django_db(transaction=True)
def test_who_is_accepted_while_a_delivery_is_recorded_is_in_it_or_after_it():
    letter = factories.released()
    waiting = [factories.confirmed(letter, f"Harbour {n}") for n in range(12)]
    failures = []

    def accept(rows):
        try:
            for signature in rows:
                review.accept(signature, actor=None, at=signature.confirmed_at + timedelta(milliseconds=1))
                time.sleep(0.01)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=(waiting[n::2],)) for n in range(2)]
    [thread.start() for thread in threads]
    time.sleep(0.03)
    delivery = deliver(letter, letter.created_at + timedelta(seconds=1))
    [thread.join(60) for thread in threads]
    assert failures == []
    data = json.loads(snapshot(delivery)["signatories.json"])
    inside = {row["name"] for row in data["signatories"]}
    later = Signature.objects.listed().filter(accepted_at__gt=delivery.created_at)
    assert inside.isdisjoint(later.values_list("name", flat=True))
    assert len(inside) + later.count() == 12
    assert len(inside) == delivery.signature_count


# --- The desk


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def step(letter):
    return reverse("admin:letters_letter_step", args=[letter.pk, "deliver"])


def test_the_desk_says_what_a_delivery_does_and_does_it(desk, editor, letter):
    factories.accepted(letter, "Harbour Assembly", wants_updates=True)
    factories.withheld(letter, "Hidden Circle")
    shown = desk.get(step(letter))
    text = shown.content.decode()
    assert "1 name, in its order" in text
    assert "1 more is counted without its name" in text
    assert "1 signatory who asked for news is told by mail" in text
    form = shown.context["form"]
    assert form["to_whom"].value() == "Orla Venn, Minister of Crossings, Ministry of Crossings"
    assert form["delivered_on"].value() == papers.today(letter, letter.release_at)
    assert not Delivery.objects.exists()
    data = {
        "delivered_on": letter.release_at.date(),
        "to_whom": form["to_whom"].value(),
        "how": "by post",
        "note": "",
        "after": form["after"].value(),
        "version": form["version"].value(),
    }
    assert desk.post(step(letter), data).status_code == 302
    delivery = Delivery.objects.get()
    assert delivery.by == editor
    row = reverse("admin:letters_letter_change", args=[letter.pk])
    text = desk.get(row).content.decode()
    for file in delivery.files.exclude(form=Form.PAPER):
        assert file.digest in text


def test_the_desk_shows_what_was_refused_beside_what_was_typed(desk, letter):
    data = {"delivered_on": "2999-01-01", "to_whom": "Orla Venn", "how": "by hand", "note": ""}
    data |= {"after": "0", "version": "1"}
    response = desk.post(step(letter), data)
    assert response.status_code == 422
    assert "has not come yet" in response.content.decode()
    assert "Orla Venn" in response.content.decode()
    assert not Delivery.objects.exists()


def test_a_reviewer_records_no_delivery(client, reviewer, letter, now):
    client.force_login(reviewer)
    assert client.get(step(letter)).status_code == 403
    delivery = deliver(letter, now)
    assert client.get(reverse("admin:letters_delivery_change", args=[delivery.pk])).status_code == 403


def test_the_desk_gives_the_files_also_of_a_withdrawn_letter(desk, letter, now):
    delivery = deliver(letter, now)
    life.withdraw(letter, reason="A figure was wrong.", actor=None, at=now)
    response = desk.get(reverse("admin:letters_delivery_file", args=[delivery.pk, "letter-en.pdf"]))
    assert downloaded(response).startswith(b"%PDF")
    assert "letter-en.pdf" in response["Content-Disposition"]
