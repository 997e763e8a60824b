"""Mail about a letter is stopped by one press, also by a mail program, and switched on again on the private page."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from letters.compose import ANSWERS, compose
from letters.models import Event, Message
from letters.services import life
from signatories import emails, tasks
from signatories.models import DigestSetting, Representative
from signatories.services import by_link, digests, review
from signatories.services.telling import tell_signatories
from tests import factories

ADDRESS = "robin@harbour.example"


def stop(signature, now):
    """Stops as the link does."""
    emails.mint(signature, "stop", at=now)
    by_link.stop_mail(signature.keys.get(purpose="stop"), at=now)


def kinds(address=ADDRESS):
    waiting = Message.objects.filter(recipient=address, state=Message.State.QUEUED)
    return set(waiting.values_list("kind", flat=True))


def header_link(mail):
    return mail.extra_headers["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE_URL)


def test_whoever_was_not_reminded_yet_never_is(letter, now):
    signature = factories.unconfirmed(letter, email=ADDRESS)
    stop(signature, now)
    later = now + settings.REMIND_AFTER + timedelta(minutes=1)
    assert tasks.remind(at=later) == 0
    signature.refresh_from_db()
    assert signature.reminded_at is None  # so the time to confirm is no longer than it was
    assert kinds() == {"confirm"}


def test_the_reminder_stops_itself(letter, client, now):
    signature = factories.unconfirmed(letter, email=ADDRESS)
    tasks.remind(at=now + settings.REMIND_AFTER + timedelta(minutes=1))
    message = Message.objects.get(kind="reminder")
    answer = client.post(header_link(compose(message)), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and not answer.cookies
    message.refresh_from_db()
    assert message.state == Message.State.CANCELLED
    assert kinds() == {"confirm"}  # the answer to the form still goes
    signature.refresh_from_db()
    assert signature.state == "unconfirmed"


def test_nobody_who_stopped_is_asked_or_told(letter, now):
    first = factories.confirmed(letter, "Tide Watch", email=ADDRESS)
    stop(first, now)
    factories.unconfirmed(letter, "Tide Watch", email="other@elsewhere.example")
    tasks.tell_earlier_representatives(at=now)
    for kind in ("letter.released", "letter.amended"):
        Event.objects.create(kind=kind, at=now + timedelta(days=1), letter=letter)
    tell_signatories(at=now + timedelta(days=1))
    assert kinds() <= ANSWERS


def test_answers_still_come(letter, now):
    signature = factories.confirmed(letter, email=ADDRESS)
    stop(signature, now)
    review.accept(signature, actor=None, at=now)
    assert "accepted" in kinds()


def test_one_press_is_for_every_signature_of_the_letter_with_that_address(letter, now):
    one = factories.accepted(letter, "Tide Watch", email=ADDRESS, wants_updates=True)
    two = factories.accepted(letter, "Harbour Circle", email=ADDRESS, wants_updates=True)
    other = factories.accepted(factories.released(at=now), email=ADDRESS, wants_updates=True)
    stop(one, now)
    assert Representative.objects.get(signature=two).stopped_at == now
    assert Representative.objects.get(signature=other).stopped_at is None


def test_the_private_page_switches_it_on_again(letter, client, now):
    signature = factories.accepted(letter, email=ADDRESS)
    private = factories.link_for(ADDRESS, "/signatures/")
    stop(signature, now)
    assert "You stopped all mail about this letter" in client.get(private).content.decode()
    assert client.post(private, {"act": "news", "wanted": "1"}).status_code == 303
    person = Representative.objects.get(signature=signature)
    assert person.wants_updates and person.stopped_at is None


def test_stopping_news_alone_leaves_the_rest(letter, client, now):
    factories.accepted(letter, email=ADDRESS, wants_updates=True)
    private = factories.link_for(ADDRESS, "/signatures/")
    client.post(private, {"act": "news"})
    person = Representative.objects.get()
    assert not person.wants_updates and person.stopped_at is None


def test_the_form_sent_again_with_a_wish_for_news_counts_once_confirmed(letter, now):
    signature = factories.unconfirmed(letter, "Tide Watch", email=ADDRESS)
    stop(signature, now)
    factories.unconfirmed(letter, "Tide Watch", email=ADDRESS, wants_updates=True)
    assert Representative.objects.get().stopped_at == now  # anybody may send a form with this address
    by_link.confirm(signature.keys.filter(purpose="confirm").latest("id"), at=now)
    assert Representative.objects.get().stopped_at is None


@pytest.fixture
def digest(letter, now):
    """A digest that waits for the one editor of a letter."""
    editor = User.objects.create_user("ed", "ed@letters.example", "x", is_staff=True)
    letter.editors.add(editor)
    factories.confirmed(letter)
    assert tasks.send_digests(at=now) == 1
    return Message.objects.get(kind="digest")


def test_an_editor_stops_digests_by_the_link(letter, digest, client, now):
    link = header_link(compose(digest))
    assert link.startswith("/digests/")
    page = client.get(link)
    assert page.content.decode().count("<button") == 1
    assert DigestSetting.objects.get().stopped_at is None
    for _ in range(2):
        answer = client.post(link, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200 and "No more mail" in answer.content.decode()
    assert Event.objects.filter(kind="person.digests_stopped").count() == 1
    factories.confirmed(letter, at=timezone.now())
    tasks.send_digests(at=now + settings.DIGEST_EVERY + timedelta(hours=1))
    assert Message.objects.filter(kind="digest").count() == 1


def test_an_editor_switches_them_on_again_in_the_desk(letter, client, editor, now):
    client.force_login(editor)
    letter.editors.add(editor)
    page = f"/admin/letters/letter/{letter.pk}/change/"
    assert "Tell me again" not in client.get(page).content.decode()
    factories.confirmed(letter)
    tasks.send_digests(at=now)
    setting = DigestSetting.objects.get(user=editor)
    digests.stop(setting, at=now)
    shown = client.get(page).content.decode()
    assert "Tell me again what waits for review" in shown and "you stopped such mail" in shown
    factories.press(client, f"/admin/letters/letter/{letter.pk}/do/digests/", page=page)
    setting.refresh_from_db()
    assert setting.stopped_at is None


def test_a_wrong_key_stops_nothing(db, client):
    assert client.post("/digests/no-such-key/stop/").status_code == 404


# --- Threads, and the document


def test_messages_about_the_same_signature_are_a_thread(letter, now):
    factories.accepted(letter, email=ADDRESS)
    first, second, third = Message.objects.order_by("pk").select_related("letter")
    assert "References" not in compose(first).extra_headers
    factories.send_mail()
    headers = compose(second).extra_headers
    assert (headers["In-Reply-To"], headers["References"]) == (first.message_id, first.message_id)
    headers = compose(third).extra_headers
    assert headers["In-Reply-To"] == second.message_id
    assert headers["References"] == f"{first.message_id} {second.message_id}"


def test_a_released_letter_goes_with_its_document(db, now, monkeypatch):
    letter = factories.circulating(at=now)
    factories.accepted(letter, "Tide Watch", email=ADDRESS)
    factories.accepted(letter, "Harbour Circle", email="b@x.example")
    made = []
    real = __import__("letters.kept", fromlist=["document"]).document
    monkeypatch.setattr("letters.enclosing.kept.document", lambda *a: made.append(1) or real(*a))
    life.release(letter, actor=None, at=now + timedelta(seconds=1))
    tell_signatories(at=now + timedelta(seconds=1))
    monkeypatch.setattr("letters.enclosing.timezone.now", lambda: now + timedelta(minutes=1))
    released = Message.objects.filter(kind="released").select_related("letter")
    mails = [compose(message) for message in released]
    for mail in mails:
        ((name, content, form),) = mail.attachments
        assert (name, form) == (f"{letter.slug}-en.pdf", "application/pdf")
        assert content.startswith(b"%PDF")
        assert "attached as PDF" in mail.body
        assert f"/letters/{letter.slug}/letter.pdf" in mail.body
    assert len(mails) == 2 and len(made) == 1


@pytest.mark.parametrize("reason", ["long", "large", "broken"])
def test_without_its_document_the_message_does_not_speak_of_one(db, reason, now, monkeypatch, settings):
    letter = factories.circulating(at=now)
    factories.accepted(letter, "Tide Watch", email=ADDRESS)
    life.release(letter, actor=None, at=now + timedelta(seconds=1))
    tell_signatories(at=now + timedelta(seconds=1))
    monkeypatch.setattr("letters.enclosing.timezone.now", lambda: now + timedelta(minutes=1))
    if reason == "long":
        settings.DOCUMENT_AT_ONCE = 0
    elif reason == "large":
        monkeypatch.setattr("letters.enclosing.MOST_BYTES", 100)
    else:
        monkeypatch.setattr("letters.enclosing.kept.document", lambda *a: 1 / 0)
    mail = compose(Message.objects.select_related("letter").get(kind="released"))
    assert not mail.attachments
    assert "attached" not in mail.body
    assert f"/letters/{letter.slug}/letter.pdf" in mail.body
