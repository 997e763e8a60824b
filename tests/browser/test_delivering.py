"""Delivering in a real browser: an editor records it, a reader finds it with and without scripts, checks the code, and reads
the answer; everything accessible and narrow enough."""

import hashlib
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from letters.models import Delivery, Response
from letters.services import following
from signatories.services import by_link
from tests import factories
from tests.browser.test_journey import desk, visitor  # noqa: F401
from tests.test_delivery import deliver

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def faults(page):
    return [fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]]


def record_delivery(desk, url, letter):  # noqa: F811
    desk.goto(f"{url}/admin/letters/letter/{letter.pk}/change/")
    desk.get_by_role("link", name="Record a delivery").click()
    expect(desk.get_by_text("A snapshot of the list is kept as it stands now: 2 names")).to_be_visible()
    assert not Delivery.objects.exists()  # looking at the step is not taking it
    assert desk.locator("#id_to_whom").input_value().startswith("Orla Venn")
    desk.fill("#id_how", "by hand")
    desk.get_by_role("button", name="Record a delivery").click()
    desk.wait_for_load_state()
    return Delivery.objects.get()


def answer(desk, url, letter):  # noqa: F811
    """Writes the addressee's answer, looks at it as readers will, publishes it."""
    desk.goto(f"{url}/admin/letters/letter/{letter.pk}/change/")
    desk.get_by_role("link", name="Add a response of the addressee").click()
    area = desk.locator(".field-body [contenteditable=true]")
    area.click()
    desk.keyboard.type("The night ferries stay.")
    desk.set_input_files(
        "#id_file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nx"}
    )
    desk.click("[name=_continue]")
    desk.wait_for_load_state()
    desk.get_by_role("link", name="Preview").click()
    expect(desk.locator(".following").get_by_text("The night ferries stay.")).to_be_visible()
    desk.go_back()
    desk.get_by_role("link", name="Publish").click()
    desk.get_by_role("button", name="Publish").click()
    desk.wait_for_load_state()


def test_a_delivery_from_the_desk_to_the_reader(desk, visitor, live_server):  # noqa: F811
    letter = factories.released(title="Keep the night ferries")
    factories.accepted(letter, "Harbour Assembly")
    leaving = factories.accepted(letter, "Tide Forum")
    delivery = record_delivery(desk, live_server.url, letter)
    factories.accepted(letter, "Late Harbour")
    by_link.withdraw(
        leaving.keys.filter(purpose="manage").latest("id"), at=delivery.created_at.replace(year=2999)
    )
    answer(desk, live_server.url, letter)

    visitor.goto(live_server.url + letter.get_absolute_url())
    visitor.get_by_role("link", name="Delivered on").click()
    followed = visitor.locator("#following")
    expect(followed.get_by_text("With 2 signatories")).to_be_visible()
    expect(followed.get_by_text("Since this delivery one signatory has withdrawn")).to_be_visible()
    expect(followed.get_by_text("The night ferries stay.")).to_be_visible()
    assert (
        visitor.locator(".names li", has_text="Late Harbour")
        .get_by_text("joined after delivery")
        .is_visible()
    )

    followed.get_by_role("link", name="the letter, the list").click()
    with visitor.expect_download() as taken:
        visitor.get_by_role("link", name="The letter as PDF").click()
    content = Path(taken.value.path()).read_bytes()
    assert hashlib.sha256(content).hexdigest() == delivery.files.get(form="pdf").digest

    visitor.get_by_role("link", name="Check a document").click()
    visitor.fill("#code", delivery.code.lower())
    visitor.get_by_role("button", name="Check").click()
    visitor.wait_for_url(f"**/verify/{delivery.code}/")
    expect(visitor.get_by_text("This document is one of those that were delivered on")).to_be_visible()
    expect(visitor.get_by_text("The list has changed.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_followed_is_accessible_and_narrow(scheme, browser, live_server, transactional_db, settings):
    settings.SITE_URL = live_server.url
    letter = factories.released(title="Keep the night ferries")
    delivery = deliver(letter, letter.release_at, to_whom="Ministry" * 25, how="x" * 240)
    row = Response(
        letter=letter,
        dated=delivery.delivered_on,
        from_whom="وزارة العبور",
        language="ar",
        body="<p>" + "شكرا " * 60 + "</p>",
    )
    following.write(row, actor=None, at=letter.release_at)
    following.publish(row, actor=None, at=letter.release_at)
    context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    for address in (
        letter.get_absolute_url(),
        "/ar" + letter.get_absolute_url(),
        f"/letters/{letter.slug}/deliveries/1/",
        f"/verify/{delivery.code}/",
        "/verify/",
        "/verify/000000000000/",
    ):
        page.goto(live_server.url + address)
        assert faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    context.close()
