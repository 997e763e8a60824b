"""How mail looks: in the desk, and on a page of one's own while the site is tried out."""

import re
from html import unescape

import pytest
from django.core import mail as django_mail

from letters import mailfiles
from letters.models import Message
from letters.wording import MESSAGES
from tests import factories

SAMPLES = "/admin/letters/message/samples/"


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


def frame_of(page):
    """The document in the page's frame."""
    return unescape(re.search(r'<iframe[^>]* srcdoc="([^"]*)"', page)[1])


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_desk_shows_each_kind(kind, desk, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):  # the session, the person, the navigation
        page = desk.get(SAMPLES, {"kind": kind, "language": "ar"}).content.decode()
    assert 'sandbox=""' in page
    assert '<html lang="ar" dir="rtl">' in frame_of(page)
    assert '<th scope="row">Auto-Submitted</th>' in page
    assert not Message.objects.exists()


def test_an_odd_choice_shows_the_first(desk):
    page = desk.get(SAMPLES, {"kind": "no-such-kind", "language": "xx"})
    assert page.status_code == 200 and '<html lang="en"' in frame_of(page.content.decode())


def test_the_samples_are_linked_and_not_for_strangers(desk, client, db):
    assert SAMPLES in desk.get("/admin/letters/message/").content.decode()
    client.logout()
    assert client.get(SAMPLES).status_code == 302


def test_the_desk_shows_a_message_without_its_keys(desk, letter):
    factories.unconfirmed(letter, email="a@tide.example")
    message = Message.objects.get()
    page = desk.get(f"/admin/letters/message/{message.pk}/change/").content.decode()
    assert "/signatures/***/confirm/" in frame_of(page)
    assert "Please confirm your signature" in page
    key = factories.link_for("a@tide.example", "/confirm/").split("/")[2]
    assert key not in page


@pytest.fixture
def tried(settings, tmp_path, letter):
    """The site as it is tried out, with one message that went out."""
    settings.DEBUG, settings.EMAIL_FILE_PATH = True, str(tmp_path / "mail")
    factories.unconfirmed(letter, "Tide & Co", email="a@tide.example")
    factories.send_mail()
    mailfiles.EmailBackend().send_messages(django_mail.outbox)
    settings.EMAIL_BACKEND = "letters.mailfiles.EmailBackend"
    return settings


def test_who_tries_the_site_reads_its_mail_and_follows_the_links(tried, client):
    page = client.get("/mail/")
    assert "Please confirm your signature" in page.content.decode()
    assert "no-store" in page["Cache-Control"] and "noindex" in page["X-Robots-Tag"]
    link = re.search(r'href="(/mail/[^"]+/)"', page.content.decode())[1]
    one = client.get(link)
    assert "no-store" in one["Cache-Control"]
    assert "default-src 'none'" in one["Content-Security-Policy"]
    text = one.content.decode()
    assert '<base target="_top">' in frame_of(text) and "Tide &amp; Co" in frame_of(text)
    confirm = re.search(r'<pre.*?href="https?://[^/]+(/signatures/[^"]+/confirm/)"', text, re.DOTALL)[1]
    assert client.get(confirm).status_code == 200


def test_no_other_file_is_shown(tried, client, tmp_path):
    (tmp_path / "secret.eml").write_text("Subject: x\n\nsecret")
    for name in ("..%2fsecret", "../secret", ".hidden", "no-such"):
        assert client.get(f"/mail/{name}/").status_code == 404


@pytest.mark.parametrize("change", [{"DEBUG": False}, {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}])  # fmt: skip
def test_on_a_site_in_use_there_is_no_such_page(tried, client, change):
    link = re.search(r'href="(/mail/[^"]+/)"', client.get("/mail/").content.decode())[1]
    for name, value in change.items():
        setattr(tried, name, value)
    nowhere = client.get("/no-such-address/")
    for address in ("/mail/", link):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, nowhere.content)
