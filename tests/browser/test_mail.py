"""Mail in a real browser: the frames show it, and its links lead out of them."""

import pytest
from django.core import mail as django_mail
from playwright.sync_api import expect

from letters import mailfiles
from letters.mailsamples import SAMPLES, sample
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.looks]


def test_the_desk_shows_how_a_message_looks(page, site, administrator):
    page.goto(f"{site['url']}/admin/login/?next=/admin/letters/message/samples/%3Fkind=confirm%26language=ar")
    page.fill("#id_username", "ada")
    page.fill("#id_password", "a long password 1")
    page.locator("[type=submit]").click()
    words = page.frame_locator("iframe").locator("h1")
    expect(words).to_be_visible()
    assert words.evaluate("element => getComputedStyle(element).fontSize") == "22px"  # its style is allowed


def test_a_link_in_mail_kept_as_a_file_opens_its_page(watched, site, settings, tmp_path):
    settings.DEBUG, settings.EMAIL_FILE_PATH = True, str(tmp_path / "mail")
    factories.unconfirmed(site["letter"], "Waiting Circle", email="w@waiting.example")
    factories.send_mail()
    sent = [message for message in django_mail.outbox if message.to == ["w@waiting.example"]]
    mailfiles.EmailBackend().send_messages(sent)
    settings.EMAIL_BACKEND = "letters.mailfiles.EmailBackend"
    watched.goto(f"{site['url']}/mail/")
    watched.locator(".mails a").first.click()
    link = watched.frame_locator("iframe").locator("a.button")
    expect(link).to_be_visible()
    assert "/confirm/" in link.get_attribute("href")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_message_scrolls_sideways_on_a_telephone(watched, language):
    watched.set_viewport_size({"width": 360, "height": 700})
    for kind in SAMPLES:
        watched.set_content(sample(kind, language).alternatives[0][0])
        wide = watched.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, kind
