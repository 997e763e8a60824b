"""Importing a list in a real browser: from the letter's page to the public list and back, with scripts and without."""

import json
import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from letters.models import Letter
from signatories.models import ImportBatch
from signatories.services import importing, undoing
from tests import factories
from tests.browser.test_desk_pages import RULES, desk  # noqa: F401

pytestmark = pytest.mark.browser
LIST = """The following organisations support this letter:
1. Night Harbour Guild
2. Quillhaven Circle (QC), Portugal
3. Alder Valley Fishers' Union, Chile
4. Quillhaven Circle (QC), Portugal
"""


def sign_in(page, url):
    page.goto(f"{url}/admin/login/")
    page.fill("[name=username]", "edda")
    page.fill("[name=password]", "a long password 1")
    page.click("[type=submit]")


def give(page, site):
    """From the letter's page to the lines of a list, two of whose names may be one of the directory."""
    for country in ("PT", "ES"):
        factories.organisation(
            "Night Harbour Guild", country=country, domains=[f"guild-{country.lower()}.example"]
        )
    page.goto(f"{site['url']}/admin/letters/letter/{site['letter'].pk}/change/")
    page.click("text=Add a list of signatories")
    page.fill("[name=text]", LIST)
    page.click("text=Read the list")
    page.wait_for_selector(".lists-table")


def test_a_whole_import(desk, site):  # noqa: F811
    give(desk, site)
    url = desk.url
    assert "Twice in this list" in desk.inner_text(".lists-table")
    put = desk.get_by_role("link", name="Put on the letter", exact=True)
    assert put.count() == 0  # a line waits
    card = desk.locator(".lists-cards li", has_text="Spain")
    assert "guild-es.example" in card.inner_text()
    card.get_by_role("button").click()
    put.wait_for()
    assert desk.url == url  # the page did not move
    line = desk.locator("tr", has_text="Fishers").first
    line.get_by_text("Edit").click()
    desk.fill(".lists-edit [name$=-name]", "")
    desk.click("text=Save this line")
    desk.wait_for_selector("text=Give the name.")
    desk.fill(".lists-edit [name$=-name]", "Alder Valley Fishing Union")
    desk.click("text=Save this line")
    desk.wait_for_selector("tr[id] >> text=Alder Valley Fishing Union")
    put.click()
    desk.select_option("[name=consent_from]", "form")
    desk.fill("[name=consent_date]", "2026-01-02")
    desk.click("main button")
    desk.wait_for_selector("text=were put on the letter")
    desk.goto(f"{site['url']}{site['letter'].get_absolute_url()}")
    for name in ("Night Harbour Guild", "Quillhaven Circle", "Alder Valley Fishing Union"):
        assert desk.locator(f"text={name}").count() == 1
    desk.goto(url)
    desk.click("text=Undo the import")
    desk.click("main button")
    desk.wait_for_selector("text=taken off the letter")
    desk.goto(f"{site['url']}{site['letter'].get_absolute_url()}")
    assert desk.locator("text=Quillhaven Circle").count() == 0


@pytest.mark.skipif("LIST_CASES" not in os.environ, reason="LIST_CASES names no folder of real lists")
def test_a_whole_import_of_a_real_list(desk, site):  # noqa: F811
    """The lists are other people's, so they are not here: each folder of ``LIST_CASES`` has a source.txt."""
    folder = sorted(Path(os.environ["LIST_CASES"]).iterdir())[0]
    desk.goto(f"{site['url']}/admin/letters/letter/{site['letter'].pk}/change/")
    desk.click("text=Add a list of signatories")
    desk.fill("[name=text]", (folder / "source.txt").read_text())
    desk.click("text=Read the list")
    desk.wait_for_selector(".lists-table")
    while desk.locator("button[value=right]").count():
        desk.locator("button[value=right]").first.click()
        desk.wait_for_timeout(300)
    desk.get_by_role("link", name="Put on the letter", exact=True).click()
    desk.select_option("[name=consent_from]", "document")
    desk.fill("[name=consent_date]", "2026-01-02")
    desk.click("main button")
    desk.wait_for_selector("text=were put on the letter")
    expected = {entry["name"] for entry in json.loads((folder / "expected.json").read_text())}
    listed = set(site["letter"].signatures.listed().values_list("name", flat=True))
    assert expected <= listed
    desk.goto(f"{site['url']}{site['letter'].get_absolute_url()}signatories/")
    for name in expected:
        assert desk.get_by_text(name).count()


def test_it_works_without_scripts(browser, desk, site):  # noqa: F811
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site["url"])
    give(page, site)
    page.locator(".lists-cards").get_by_text("A new organisation").click()
    assert page.locator("text=waits for your decision").count() == 0
    page.locator("tr", has_text="Fishers").first.get_by_text("Leave out").click()
    assert "Left out" in page.inner_text(".lists-tabs")
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["add", "preview", "edit", "apply", "list", "columns", "reading", "undo"])
def test_its_pages_are_accessible(name, scheme, width, desk, site):  # noqa: F811
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 900})
    letter = Letter.objects.get(pk=site["letter"].pk)
    for country in ("PT", "ES"):
        factories.organisation("Night Harbour Guild", country=country)
    text, file = LIST, "a.txt"
    if name == "columns":
        text, file = "Organisation,Place\nNight Harbour Guild,Chile\nHarbour Circle,Chile\n", "a.csv"
    batch = importing.begin(
        letter, filename=file, data=text.encode(), source_name="A list", actor=None, at=letter.created_at
    )
    base = f"{site['url']}/admin/signatories/importbatch"
    here = f"{base}/{batch.pk}"
    if name in ("apply", "undo"):
        importing.decide_all(batch, "", "out", actor=None, at=letter.created_at)
    if name == "undo":
        importing.import_list(letter, [], consent="x", actor=None, at=letter.created_at)
        batch = ImportBatch.objects.latest("id")
        here = f"{base}/{batch.pk}"
        assert undoing.plan(batch).signatures == []
    if name == "reading":
        ImportBatch.objects.filter(pk=batch.pk).update(state="reading", done=2)
    edited = batch.rows.filter(name__startswith="Alder").first()
    desk.goto(
        {
            "add": f"{base}/add/?letter={letter.pk}",
            "list": f"{base}/",
            "edit": f"{here}/change/?edit={edited.pk if edited else 0}",
            "apply": f"{here}/do/apply/",
            "columns": f"{here}/columns/",
            "undo": f"{here}/do/undo/",
        }.get(name, f"{here}/change/")
    )
    results = Axe().run(desk, options=RULES)
    assert results.violations_count == 0, results.generate_report()
    wide = desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"scrolls sideways by {wide} px"
