"""A letter from a document in a real browser: chosen, mended, made a draft; every page read by a checker."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from letters.models import Letter
from tests.browser.test_journey import desk  # noqa: F401
from tests.wordfiles import END, HEAD, docx, p, part, r

pytestmark = pytest.mark.browser
NOTES = part("footnotes", f'<w:footnote w:id="2">{p("Ferry act, article 4.")}</w:footnote>')
WORDS = p(
    r("We ask you to keep ")
    + r("every", "<w:b/>")
    + r(" ferry.")
    + '<w:r><w:footnoteReference w:id="2"/></w:r>'
)
DOCUMENT = docx(HEAD + WORDS + END + p("Marrow Bay Office"), parts={"footnotes": NOTES})


def test_a_document_becomes_a_draft(desk, live_server, tmp_path):  # noqa: F811
    path = tmp_path / "letter.docx"
    path.write_bytes(DOCUMENT)
    desk.goto(f"{live_server.url}/admin/")
    desk.click("text=New letter from a document")
    check(desk)
    desk.set_input_files("[name=file]", path)
    desk.click("text=Read it")
    desk.wait_for_selector(".field-body .ProseMirror[contenteditable]")
    check(desk)
    assert "every" in desk.inner_text(".field-body .ProseMirror[contenteditable]")
    desk.fill("[name=title]", "")
    desk.click("text=Make a draft")
    desk.wait_for_selector(".errornote")
    check(desk)
    desk.fill("[name=title]", "Keep every ferry")
    desk.click("text=Make a draft")
    desk.wait_for_selector("text=The draft is made")
    letter = Letter.objects.get()
    assert letter.title == "Keep every ferry"
    assert (
        letter.text.body == "<p>We ask you to keep <strong>every</strong> ferry.^[Ferry act, article 4.]</p>"
    )
    assert desk.locator("text=2 signatories of the document wait").count() == 1
    for width in (1280, 360):
        desk.set_viewport_size({"width": width, "height": 800})
        desk.goto(f"{live_server.url}/admin/letters/letter/from-document/")
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def check(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
