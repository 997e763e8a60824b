"""Every public page in a real browser: accessible, without sideways scroll, asking nobody else for anything."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import expect

from letters import keys
from letters.services import life
from signatories import emails
from signatories.services import digests
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.looks]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = [
    "letters",
    "letter",
    "arabic",
    "signatories",
    "sign",
    "sign_individual",
    "sign_errors",
    "received",
    "confirm",
    "confirmed",
    "private",
    "withdraw",
    "stop_mail",
    "mail_stopped",
    "stop_digests",
    "circulation",
    "circulation_sign",
    "withdrawn_letter",
    "amended",
    "versions",
    "earlier",
    "reaffirm",
    "reaffirmed",
    "closed",
    "organisations",
    "organisation",
    "privacy",
    "not_found",
    "dead_link",
    "nothing_found",
]


def open_page(name, page, site):
    """Goes to a page by its name, through whatever leads there."""
    url, letter = site["url"], site["letter"]
    base = f"{url}/letters/{letter.slug}/"
    simple = {
        "letters": f"{url}/",
        "letter": base,
        "arabic": f"{url}/letters/arabic/",
        "signatories": f"{base}signatories/",
        "sign": f"{base}sign/",
        "sign_individual": f"{base}sign/?as=individual",
        "sign_errors": f"{base}sign/",
        "received": f"{base}sign/received/",
        "withdrawn_letter": f"{url}/letters/{site['withdrawn'].slug}/",
        "amended": f"{url}/letters/{site['amended'].slug}/",
        "versions": f"{url}/letters/{site['amended'].slug}/versions/",
        "earlier": f"{url}/letters/{site['amended'].slug}/signatories/versions/1/",
        "closed": f"{url}/letters/{site['closed'].slug}/sign/",
        "organisations": f"{url}/organisations/",
        "organisation": f"{url}/organisations/harbour-assembly/",
        "privacy": f"{url}/privacy/",
        "not_found": f"{url}/letters/no-such-letter/",
        "dead_link": f"{url}/signatures/no-such-key/",
        "nothing_found": f"{url}/?q=nothing-like-it",
        "circulation": life.circulation_url(site["circulating"]),
        "circulation_sign": life.circulation_url(site["circulating"]) + "sign/",
    }
    if name in simple:
        page.goto(simple[name])
    if name == "sign_errors":
        page.locator("form .btn-primary").click()
    if name in ("confirm", "confirmed"):
        factories.unconfirmed(letter, "Waiting Circle", email="w@waiting.example")
        page.goto(url + factories.link_for("w@waiting.example", "/confirm/"))
        if name == "confirmed":
            page.locator("main form .btn-primary").click()
    if name in ("reaffirm", "reaffirmed"):
        signature = site["amended"].signatures.get()
        emails.amended(signature, signature.representative, at=signature.signed_at, once="asked")
        page.goto(url + factories.link_for("t@tide.example", "/reaffirm/"))
        if name == "reaffirmed":
            page.locator("main form .btn-primary").click()
    if name in ("private", "withdraw"):
        factories.accepted(letter, "Known Circle", email="k@known.example")
        page.goto(url + factories.link_for("k@known.example", "/signatures/"))
        if name == "withdraw":
            page.goto(page.url + "?act=withdraw")
    if name in ("stop_mail", "mail_stopped"):
        signature = factories.accepted(letter, "Known Circle", email="k@known.example")
        emails.second_attempt(signature, signature.representative, at=signature.signed_at, once="told")
        page.goto(url + factories.link_for("k@known.example", "/stop/"))
        if name == "mail_stopped":
            page.locator("main form .btn-primary").click()
    if name == "stop_digests":
        (setting,) = digests.wanted([User.objects.create_user("ed", "ed@letters.example")])
        page.goto(f"{url}/digests/{keys.derive(emails.DIGEST_STOP, setting.nonce)}/stop/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_accessible_and_narrow(name, scheme, watched, site):
    watched.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    watched.set_viewport_size({"width": 320 if scheme == "dark" else 1280, "height": 900})
    open_page(name, watched, site)
    results = Axe().run(watched, options=RULES)
    assert results.violations_count == 0, results.generate_report()
    assert watched.locator("h1").count() == 1
    wide = watched.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"scrolls sideways by {wide} px"


def test_errors_are_told_and_lead_to_their_fields(watched, site):
    open_page("sign_errors", watched, site)
    summary = watched.locator("[role=alert]")
    assert summary.evaluate("element => element === document.activeElement")
    assert watched.title().startswith("Error")
    summary.locator("a").first.click()
    focused = watched.evaluate("document.activeElement.id")
    assert focused.startswith("id_")
    assert watched.locator(f"#{focused}").get_attribute("aria-invalid") == "true"


def test_the_letter_stands_in_its_own_language_and_direction(watched, site):
    open_page("arabic", watched, site)
    article = watched.locator("article .letter, article[lang], .letter").first
    assert article.evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert watched.locator("html").get_attribute("dir") == "ltr"
    assert "Noto Naskh Arabic" in article.evaluate("element => getComputedStyle(element).fontFamily")
    assert (
        article.locator("blockquote").evaluate("element => getComputedStyle(element).fontStyle") == "normal"
    )


def test_the_list_grows_without_reloading(watched, site):
    watched.clock.install()
    open_page("letter", watched, site)
    assert "Newcomers" not in watched.content()
    factories.accepted(site["letter"], "Newcomers Circle")
    watched.clock.run_for(60_000)
    watched.get_by_text("Newcomers Circle").wait_for(timeout=10_000)
    assert re.search(r"\d", watched.locator("#grown").inner_text())
    expect(watched.locator("#signatories-heading")).to_contain_text("8 signatories")
    expect(watched.get_by_role("link", name="Search all 7 names")).to_be_visible()


def test_suggestions_fill_the_form(watched, site):
    open_page("sign", watched, site)
    watched.locator("#id_organisation").press_sequentially("harbour as", delay=20)
    watched.locator("#id_organisation").fill("Harbour Assembly")
    expect(watched.locator("#id_acronym")).to_have_value("HA")
    expect(watched.locator("#id_country")).to_have_value("PT")


def test_a_printed_letter_is_a_clean_document(watched, site):
    open_page("letter", watched, site)
    watched.emulate_media(media="print")
    assert not watched.locator(".masthead").is_visible()
    assert not watched.locator("a.btn-primary").first.is_visible()
    assert watched.get_by_text("Harbour Assembly").first.is_visible()
    assert watched.get_by_text("Dear Minister,").is_visible()
    assert watched.get_by_text("7 signatories").is_visible()
    assert watched.get_by_text(f"This letter stands at {site['url']}/letters/").is_visible()
    watched.emulate_media(media="screen")
    assert not watched.get_by_text("This letter stands at").is_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_keyboard_comes_to_signing_before_the_letter_and_to_the_names_last(width, watched, site):
    watched.set_viewport_size({"width": width, "height": 900})
    open_page("letter", watched, site)
    reached = []
    while "Privacy: no cookies, no tracking" not in reached:
        watched.keyboard.press("Tab")
        reached.append(watched.evaluate("(document.activeElement.innerText || '').trim()"))
    assert reached.index("Sign this letter") < reached.index("keep the ferries")
    assert reached.index("CSV") < reached.index("Harbour Assembly")
    assert reached.count("Sign this letter") == (1 if width == 1280 else 2)


def test_the_way_to_sign_stays_beside_the_names(watched, site):
    watched.set_viewport_size({"width": 1280, "height": 700})
    open_page("letter", watched, site)
    panel, sheet, rest, names = (
        watched.locator(part).bounding_box() for part in (".panel", ".sheet", ".beside", ".signatories")
    )
    assert panel["x"] == rest["x"] > sheet["x"] + sheet["width"] and names["x"] == sheet["x"]
    assert panel["y"] + panel["height"] <= rest["y"] < panel["y"] + panel["height"] + 40
    watched.locator(".names li").last.scroll_into_view_if_needed()
    assert 0 <= watched.locator(".panel .btn").bounding_box()["y"] < 700


def test_what_is_chosen_can_be_seen_with_forced_colours(watched, site):
    watched.emulate_media(forced_colors="active")
    open_page("sign", watched, site)
    for part in ("#id_visibility_0", "#id_consent", "#id_country"):
        assert watched.locator(part).evaluate("element => getComputedStyle(element).appearance") != "none"
    dot = "element => getComputedStyle(element, '::before').backgroundColor"
    public, hidden = (
        watched.locator(f"#id_{name}_helptext .seen").evaluate(dot) for name in ("organisation", "email")
    )
    assert public != hidden


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_finders_fields_have_room(width, watched, site):
    watched.set_viewport_size({"width": width, "height": 900})
    for name, part in (("letters", "#status"), ("letters", "#q"), ("signatories", "#country")):
        open_page(name, watched, site)
        assert watched.locator(part).bounding_box()["width"] >= 190
    watched.evaluate("document.documentElement.style.fontSize = '200%'")
    assert (
        watched.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    )
