"""News of a letter by mail: to those who asked for it, once each, however often the worker is killed."""

import random
import threading
import time
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from django.db import connections
from django.utils import timezone

from letters.models import Event, Message
from letters.services import following, life
from signatories.models import Representative, Signature, Telling
from signatories.retention import erase_due
from signatories.services import by_link, review, telling
from signatories.services.trials import fill_letter
from tests import factories
from tests.smtp import Postbox, Server, wait_for, worker
from tests.test_delivery import deliver
from tests.test_following import response, update

pytestmark = pytest.mark.django_db
NEWS = ("delivered", "response", "update")


def reader(letter, name="", **fields):
    return factories.accepted(letter, name, wants_updates=True, **fields)


def tell(now):
    return telling.tell_signatories(at=now)


def news(kind="update"):
    return Message.objects.filter(kind=kind)


def told(kind="update"):
    return set(news(kind).values_list("recipient", flat=True))


def address(signature):
    return signature.representative.email


def test_who_asked_hears_of_delivery_response_and_update_and_nobody_else(letter, now):
    asked = reader(letter, "Harbour Assembly")
    factories.accepted(letter, "Tide Forum")
    deliver(letter, now)
    response(letter, now)
    update(letter, now)
    assert tell(now) == 3
    for kind in NEWS:
        assert told(kind) == {address(asked)}, kind
    assert tell(now) == 0
    assert Telling.objects.filter(done_at=None).count() == 0


def test_the_mail_says_what_happened_and_how_to_stop(letter, now):
    asked = reader(letter, "Harbour Assembly")
    deliver(letter, now)
    response(letter, now)
    update(letter, now)
    tell(now)
    sent = {mail.subject: mail for mail in factories.send_mail() if mail.to == [address(asked)]}
    delivered = sent["Delivered: “Keep the ferries running”"].body
    assert "Orla Venn" in delivered and f"/letters/{letter.slug}/deliveries/1/" in delivered
    answer = sent["A response to “Keep the ferries running”"].body
    assert "Thank you for your letter." in answer
    new = sent["A hearing is set · “Keep the ferries running”"]
    assert "The ministry listens." in new.body and "<p>" not in new.body
    stop = factories.link_in(new, "/stop/")
    assert new.extra_headers["List-Unsubscribe"].endswith(f"{stop}>")
    assert new.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for mail in (sent[subject].body for subject in sent if "“Keep" in subject and "Accepted" not in subject):
        assert "private" not in mail.lower() or "receipt" in mail.lower() or "/stop/" not in mail


def test_the_waiting_and_those_of_an_earlier_text_hear_and_those_who_ended_do_not(letter, now):
    waiting = factories.confirmed(letter, "Waiting Forum", wants_updates=True)
    earlier = reader(letter, "Earlier Forum")
    Signature.objects.filter(pk=earlier.pk).update(state="earlier")
    factories.unconfirmed(letter, "Unproven League", wants_updates=True)
    refused = factories.confirmed(letter, "Refused Trust", wants_updates=True)
    review.refuse(refused, reason="Not of the coast.", actor=None, at=now)
    gone = reader(letter, "Gone Union")
    by_link.withdraw(gone.keys.filter(purpose="manage").latest("id"), at=now)
    update(letter, now)
    tell(now)
    assert told() == {address(waiting), address(earlier)}
    said = {mail.to[0]: "stands under an earlier text" in mail.body for mail in factories.send_mail()}
    assert said[address(earlier)] and not said[address(waiting)]


def test_each_gets_it_in_the_language_of_its_signature(letter, now):
    reader(letter, "Harbour Assembly", language="fr")
    update(letter, now)
    tell(now)
    assert news().get().language == "fr"


def test_a_draft_and_a_correction_tell_nobody(letter, now):
    reader(letter)
    draft = update(letter, now, publish=False)
    assert tell(now) == 0
    following.publish(draft, actor=None, at=now)
    assert tell(now) == 1
    draft.refresh_from_db()
    draft.title = "Corrected"
    following.write(draft, actor=None, at=now, correction="The title.")
    assert tell(now) == 0


def test_of_a_withdrawn_letter_nothing_is_sent_any_more(letter, now):
    reader(letter)
    update(letter, now)
    tell(now)
    update(letter, now, title="Never told")
    life.withdraw(letter, reason="A figure was wrong.", actor=None, at=now)
    assert tell(now) == 0
    assert news().get().state == Message.State.CANCELLED
    assert not [mail for mail in factories.send_mail() if "A hearing is set" in mail.subject]
    assert Telling.objects.filter(done_at=None).count() == 0


def test_when_the_data_is_erased_telling_finds_nobody(letter, now):
    reader(letter)
    life.close_signing(letter, actor=None, at=now)
    erase_due(at=now + timedelta(days=500))
    assert not Representative.objects.exists()
    update(letter, now)
    assert tell(now) == 0
    assert not news().exclude(recipient="").exists()


def test_it_goes_on_where_it_was_cut_off(letter, now, monkeypatch):
    monkeypatch.setattr(telling, "PORTION", 2)
    readers = [reader(letter) for _ in range(5)]
    event = Event.objects.get(pk=update(letter, now) and Event.objects.latest("id").pk)
    assert telling.tell_portion(event, at=now) == 2
    progress = Telling.objects.get()
    assert (progress.reached, progress.told, progress.done_at) == (readers[1].pk, 2, None)
    assert tell(now) == 3
    assert telling.tell_portion(event, at=now) is None
    progress.refresh_from_db()
    assert (progress.told, progress.done_at) == (5, now)
    assert news().count() == len(told()) == 5


def test_a_portion_that_fails_leaves_no_half(letter, now, monkeypatch):
    [reader(letter) for _ in range(3)]
    update(letter, now)
    real, calls = telling.NEWS["update.published"], []

    def breaks(event, signature, person, **options):
        calls.append(signature)
        if len(calls) == 2:
            raise RuntimeError("killed")
        real.tell(event, signature, person, **options)

    monkeypatch.setitem(telling.NEWS, "update.published", telling.News(real.whom, breaks))
    with pytest.raises(RuntimeError):
        tell(now)
    assert not news().exists()
    monkeypatch.undo()
    assert tell(now) == 3
    assert len(told()) == 3


def test_no_word_once_is_used_twice(letter, now):
    signature = reader(letter)
    update(letter, now)
    update(letter, now)
    tell(now)
    words = list(news().values_list("once", flat=True))
    events = Event.objects.filter(kind="update.published").values_list("pk", flat=True)
    assert sorted(words) == sorted(f"update.published:{pk}:{signature.pk}" for pk in events)


# --- Asking and stopping


def stop_link(now):
    tell(now)
    mail = [mail for mail in factories.send_mail() if "/stop/" in mail.body][-1]
    return factories.link_in(mail, "/stop/")


def test_stopping_takes_a_press_and_a_second_one_does_no_harm(letter, client, now):
    signature = reader(letter)
    update(letter, now)
    link = stop_link(now)
    for _ in range(3):
        shown = client.get(link)
        assert shown.status_code == 200 and "<button" in shown.content.decode()
    assert Representative.objects.get().wants_updates
    for _ in range(2):
        answer = client.post(link)
        assert answer.status_code == 200 and "No more mail" in answer.content.decode()
    assert not Representative.objects.get().wants_updates
    assert Event.objects.filter(kind="signature.mail_stopped", subject=signature.ref).count() == 1
    assert "<button" not in client.get(link).content.decode()
    update(letter, now)
    assert tell(now) == 0
    assert Signature.objects.get().is_listed  # the signature stays


def test_a_mail_program_stops_with_one_click(letter, client, now):
    reader(letter)
    update(letter, now)
    assert client.post(stop_link(now), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Representative.objects.get().wants_updates


def test_what_waits_to_be_sent_is_not_sent_after_stopping(letter, client, now):
    reader(letter)
    update(letter, now)
    link = stop_link(now)
    update(letter, now, title="Second")
    tell(now)
    client.post(link)
    assert news().filter(state=Message.State.QUEUED).count() == 0
    assert not [mail for mail in factories.send_mail() if "Second" in mail.subject]


def test_the_stop_link_opens_nothing_else_and_dies_with_the_signature(letter, client, now):
    signature = reader(letter)
    update(letter, now)
    link = stop_link(now)
    key = link.split("/")[2]
    assert client.get(f"/signatures/{key}/").status_code == 404
    assert client.get(f"/signatures/{key}/confirm/").status_code == 404
    by_link.withdraw(signature.keys.filter(purpose="manage").latest("id"), at=now)
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404


def test_the_private_page_switches_news(letter, client, now):
    signature = factories.accepted(letter, email="robin@harbour.example")
    private = factories.link_for("robin@harbour.example", "/signatures/")
    assert "Send me these messages" in client.get(private).content.decode()
    assert not Representative.objects.get().wants_updates
    assert client.post(private, {"act": "news", "wanted": "1"}).status_code == 303
    assert Representative.objects.get(signature=signature).wants_updates
    assert "Stop these messages" in client.get(private).content.decode()
    client.post(private, {"act": "news"})
    assert not Representative.objects.get().wants_updates


@pytest.mark.parametrize(("ticked", "wanted"), [({}, False), ({"news": "on"}, True)])
def test_the_form_asks_and_is_not_ticked(letter, client, ticked, wanted):
    shown = client.get(f"/letters/{letter.slug}/sign/")
    form = shown.content.decode()
    box = form[form.index('name="news"') - 80 :][:200]
    assert "checked" not in box
    ticket = form.partition('name="ticket" value="')[2].partition('"')[0]
    data = {
        "organisation": "Harbour Assembly", "country": "PT", "representative_name": "Robin", "email": "robin@harbour.example",
        "visibility": "public", "authority": "on", "consent": "on", "text_version": "1", "ticket": ticket,
    }  # fmt: skip
    assert client.post(f"/letters/{letter.slug}/sign/", data | ticked).status_code == 303
    assert Representative.objects.get().wants_updates is wanted


# --- Killed, and many at once


@pytest.mark.django_db(transaction=True)
def test_several_workers_tell_everybody_once():
    letter = factories.released()
    readers = [reader(letter) for _ in range(24)]
    for n in range(3):
        update(letter, timezone.now(), title=f"News {n}")
    failures, portion = [], telling.PORTION
    telling.PORTION = 3

    def work():
        try:
            for _ in range(20):
                telling.tell_signatories(at=timezone.now())
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    try:
        [thread.start() for thread in threads]
        [thread.join(60) for thread in threads]
    finally:
        telling.PORTION = portion
    assert failures == []
    assert news().count() == 3 * len(readers)
    assert Telling.objects.filter(done_at=None).count() == 0


def many_readers(n):
    """A letter with made-up signatures whose representatives want news; the addresses of those."""
    letter = factories.released()
    fill_letter(letter, n, at=timezone.now())
    people = [
        Representative(signature=signature, email=f"reader{signature.pk}@coast.example", wants_updates=True)
        for signature in letter.signatures.all()
    ]
    Representative.objects.bulk_create(people)
    return letter, {person.email for person in people}


@pytest.mark.django_db(transaction=True)
def test_workers_killed_again_and_again_tell_everybody_once():
    """SIGKILL at random moments, between and within portions and while mail goes out: each reader gets each piece of news
    once, and twice only where nobody could know whether the mail server had accepted."""
    letter, readers = many_readers(500)
    postbox = Postbox()
    dice, kills = random.Random(11), 0
    with Server(postbox) as url:
        for n in range(2):
            update(letter, timezone.now(), title=f"News {n}")
            for _ in range(4):
                process, before = worker(url), news().count()
                sent = len(postbox.accepted)
                wait_for(lambda a=before, b=sent: news().count() > a or len(postbox.accepted) > b, 20)
                time.sleep(dice.uniform(0, 0.1))
                process.kill()
                process.wait()
                kills += 1
        last = worker(url)
        assert wait_for(lambda: Telling.objects.exclude(done_at=None).count() == 3, 60)  # the release too
        assert wait_for(lambda: not news().exclude(state=Message.State.SENT).exists(), 120)
        last.terminate()
        last.wait(20)
    assert kills == 8
    assert news().count() == 2 * len(readers)
    received: dict[tuple[str, str], list[str]] = {}
    for mail in postbox.messages:
        subject = str(make_header(decode_header(mail["Subject"])))
        if subject.startswith("Released"):  # they had signed before
            continue
        received.setdefault((mail["To"], subject.partition(" ·")[0]), []).append(mail["Message-ID"].strip())
    assert set(received) == {(reader, f"News {n}") for reader in readers for n in range(2)}
    unknown = set(news().filter(uncertain__gt=0).values_list("message_id", flat=True))
    for copies in received.values():
        assert len(set(copies)) == 1
        assert len(copies) == 1 or copies[0] in unknown


@pytest.mark.django_db(transaction=True)
def test_who_withdraws_while_a_portion_is_queued_gets_no_mail(monkeypatch):
    """Withdrawing waits for the portion that is being queued, and then takes the message out of the queue."""
    letter = factories.released()
    readers = [reader(letter) for _ in range(4)]
    update(letter, timezone.now())
    failures, real = [], telling.NEWS["update.published"]

    def leave():
        try:
            by_link.withdraw(readers[1].keys.filter(purpose="manage").latest("id"), at=timezone.now())
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    leaving = threading.Thread(target=leave)

    def tells(event, signature, person, **options):
        if signature == readers[0]:  # the portion is read; now somebody in it leaves
            leaving.start()
            leaving.join(0.5)
        real.tell(event, signature, person, **options)

    monkeypatch.setitem(telling.NEWS, "update.published", telling.News(real.whom, tells))
    telling.tell_signatories(at=timezone.now())
    leaving.join(60)
    assert failures == []
    assert not Representative.objects.filter(signature=readers[1]).exists()
    waiting = news().filter(state=Message.State.QUEUED)
    stay = [row for row in readers if row != readers[1]]
    assert set(waiting.values_list("recipient", flat=True)) == {address(row) for row in stay}
