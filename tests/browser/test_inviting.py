"""Inviting, signing by invitation and declining in a real browser; accessible, on a phone too, with and without scripts."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from letters.models import Message
from signatories.models import Invitation, NoInvitations, Signature
from signatories.services import inviting
from signatories.services.invitees import Invitee
from tests import factories
from tests.browser.test_journey import desk, visitor
from tests.browser.test_pages import RULES
from tests.smtp import wait_for

pytestmark = pytest.mark.browser
__all__ = ["desk", "visitor"]
PHONE = {"width": 360, "height": 740}
State = Invitation.State


@pytest.fixture
def circulating(live_server, transactional_db, settings):
    settings.SITE_URL = live_server.url
    now = timezone.now()
    return factories.circulating(
        at=now,
        closes_at=now + timedelta(days=5),
        title="Keep the winter lines running",
        contact_email="desk@letters.example",
    )


def invited(letter, email, **fields):
    at = timezone.now()
    inviting.prepare(letter, [Invitee(email, **fields)], source="addresses", language="en", actor=None, at=at)
    inviting.send(letter, words={}, per_minute=600, actor=None, at=at)
    return Invitation.objects.get(email=email)


def state_of(invitation):
    return Invitation.objects.with_facts().get(pk=invitation.pk).state


def check(page):
    """No fault of accessibility, and nothing wider than the page."""
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def test_an_editor_invites_and_looks_at_the_message_first(desk, live_server, circulating):
    desk.goto(f"{live_server.url}/admin/letters/letter/{circulating.pk}/change/")
    desk.get_by_role("link", name="Invite to sign").click()
    desk.fill(
        "#id_text",
        "Noor Salt <noor@quay.example>\nPier Forum; mira@pier.example\nnobody here\nnoor@quay.example",
    )
    check(desk)
    desk.get_by_role("button", name="Prepare the invitations").click()
    assert desk.get_by_text("2 invitations are prepared.").is_visible()
    assert desk.get_by_text("twice in this list").is_visible()
    assert not Message.objects.exists()
    desk.get_by_role("link", name=re.compile("Look at the message")).click()
    desk.fill("#id_words_en", "We met in May.")
    desk.get_by_role("button", name="Show the message with these words").click()
    frame = desk.frame_locator("iframe").first
    assert frame.get_by_text("We met in May.").is_visible()
    assert frame.get_by_role("link", name="Read the letter and answer").is_visible()
    check(desk)
    desk.fill("#id_per_minute", "600")
    desk.get_by_role("button", name="Send the invitations").click()
    expect(desk.get_by_text("2 invitations are queued.")).to_be_visible()
    assert wait_for(lambda: len(factories.send_mail()) == 2, 10)
    assert {mail.to[0] for mail in factories.send_mail()} == {"noor@quay.example", "mira@pier.example"}
    desk.reload()
    assert desk.get_by_role("link", name="Remind the silent ones").is_visible()
    check(desk)


def test_signing_by_invitation(visitor, live_server, circulating):
    url = live_server.url
    quay = factories.organisation("Quay Circle", country="PT")
    row = invited(
        circulating,
        "noor@quay.example",
        organisation=quay,
        organisation_name="Quay Circle",
        person_name="Noor Salt",
    )
    visitor.goto(url + factories.link_for("noor@quay.example", "/invitations/"))
    assert visitor.get_by_text("Quay Circle").first.is_visible()
    assert state_of(row) == State.SENT
    visitor.get_by_role("button", name="Sign: fill in the form").first.click()
    visitor.wait_for_url("**/sign/")
    assert state_of(row) == State.OPENED
    assert visitor.locator("#id_organisation").input_value() == "Quay Circle"
    assert visitor.locator("#id_organisation").is_disabled()
    assert visitor.locator("#id_email").input_value() == "noor@quay.example"
    visitor.check("#id_authority")
    visitor.locator("form .btn-primary").click()  # consent is missing
    assert visitor.locator("[role=alert]").is_visible()
    assert visitor.locator("#id_organisation").input_value() == "Quay Circle"
    visitor.check("#id_consent")
    visitor.locator("form .btn-primary").click()
    visitor.wait_for_url("**/sign/received/")
    visitor.goto(url + factories.link_for("noor@quay.example", "/confirm/"))
    visitor.locator("main form .btn-primary").first.click()
    visitor.wait_for_load_state()
    assert Signature.objects.get().state == Signature.State.CONFIRMED
    visitor.goto(url + factories.link_for("noor@quay.example", "/invitations/"))
    assert visitor.get_by_text("This invitation has been used").is_visible()
    assert state_of(row) == State.SIGNED


def test_declining_and_wanting_no_more(visitor, live_server, circulating):
    row = invited(circulating, "noor@quay.example", organisation_name="Quay Circle")
    visitor.goto(live_server.url + factories.link_for("noor@quay.example", "/decline/"))
    assert state_of(row) == State.SENT
    visitor.fill("#id_word", "Our board meets in June.")
    visitor.get_by_role("button", name="Decline").click()
    assert visitor.get_by_role("heading", name="You have declined").is_visible()
    assert state_of(row) == State.DECLINED
    visitor.get_by_role("button", name="No more invitations").click()
    visitor.wait_for_url("**/stop/")
    assert NoInvitations.objects.count() == 1
    assert state_of(row) == State.UNSUBSCRIBED


@pytest.mark.looks
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("tongue", ["", "/ar"])
def test_the_pages_of_an_invitation_are_accessible_and_narrow(width, tongue, page, live_server, circulating):
    page.set_viewport_size({"width": width, "height": 800})
    invited(
        circulating,
        "noor@quay.example",
        organisation_name="Observatory for the Protection of River and Shoreline Communities in the Greater Delta Region",
    )
    path = factories.link_for("noor@quay.example", "/invitations/")
    stop = factories.link_for("noor@quay.example", "/stop/")
    for address in (path, f"{path}sign/", f"{path}decline/", stop):
        page.goto(f"{live_server.url}{tongue}{address}")
        check(page)
    page.goto(f"{live_server.url}{tongue}{path}decline/")
    page.locator("main form .btn-primary").click()
    page.wait_for_load_state()
    check(page)
    page.goto(f"{live_server.url}{tongue}{path}")
    check(page)
