"""The main job in a real browser: an editor publishes, an organisation signs and confirms, an editor accepts, and the
public page shows it; with scripts and without."""

import pytest
from django.contrib.auth.models import User

from letters.models import Letter
from tests import factories
from tests.conftest import person

pytestmark = pytest.mark.browser
PASSWORD = "a long password 1"


@pytest.fixture
def desk(browser, live_server, transactional_db, settings):
    """An editor at the desk, in a browser of their own (the desk needs scripts for its text editor)."""
    settings.SITE_URL = live_server.url
    person("edda", "editor")
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/")
    page.fill("#id_username", "edda")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    yield page
    context.close()


@pytest.fixture(params=["with scripts", "without scripts"])
def visitor(request, browser, live_server):
    context = browser.new_context(java_script_enabled=request.param == "with scripts")
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def publish(desk, url):
    """Writes a letter in the desk and releases it."""
    desk.goto(f"{url}/admin/letters/letter/add/")
    desk.fill("[name=texts-0-title]", "Keep the night ferries")
    desk.fill("[name=texts-0-salutation]", "Dear Minister,")
    body = desk.locator(".field-body [contenteditable=true]")
    body.click()
    desk.keyboard.type("We ask you to keep the night ferries running.^[Ferry act, article 4.]")
    desk.keyboard.press("Enter")
    desk.keyboard.type("They are the only way to the hospital.")
    desk.fill("[name=texts-0-closing]", "Yours sincerely,")
    desk.fill("[name=addressees-0-name]", "Orla Venn")
    desk.fill("[name=addressees-0-function]", "Minister of Crossings")
    desk.click("[name=_continue]")
    letter = Letter.objects.get()
    assert letter.editors.get() == User.objects.get(username="edda")
    desk.goto(f"{url}/admin/letters/letter/{letter.pk}/do/release/")
    assert not Letter.objects.get().is_frozen  # looking at the step is not taking it
    desk.get_by_role("button", name="Release").click()
    desk.wait_for_load_state()
    return Letter.objects.get()


def sign(visitor, url, letter):
    """Signs as a representative who has never seen the site."""
    visitor.goto(url + letter.get_absolute_url())
    assert visitor.get_by_text("They are the only way to the hospital.").is_visible()
    visitor.get_by_role("link", name="Sign this letter").first.click()
    visitor.fill("#id_organisation", "Tide Watch „Gezeiten“, Verein für Küste & Recht")
    visitor.fill("#id_acronym", "TW")
    visitor.select_option("#id_country", "PT")
    visitor.fill("#id_representative_name", "Ines Quillfeather")
    visitor.fill("#id_email", "ines@tide.example")
    visitor.check("#id_authority")
    visitor.locator("form .btn-primary").click()  # consent is missing
    assert visitor.locator("[role=alert]").is_visible()
    assert visitor.locator("#id_email").input_value() == "ines@tide.example"
    visitor.check("#id_consent")
    visitor.locator("form .btn-primary").click()
    visitor.wait_for_url("**/sign/received/")
    visitor.goto(url + factories.link_for("ines@tide.example", "/confirm/"))
    assert letter.signatures.get().state == "unconfirmed"
    visitor.locator("main form .btn-primary").first.click()
    visitor.wait_for_load_state()
    assert letter.signatures.get().state == "confirmed"


def accept(desk, url):
    """Accepts what waits, from the queue."""
    desk.goto(f"{url}/admin/signatories/signature/")
    desk.locator("#result_list input[name=_selected_action]").first.check()
    desk.select_option("select[name=action]", label="Accept selected")
    desk.locator("button[name=index]").click()
    desk.wait_for_load_state()
    if desk.locator("button.default").count():
        desk.locator("button.default").click()
        desk.wait_for_load_state()


def test_from_the_first_word_to_the_list(desk, visitor, live_server):
    url = live_server.url
    letter = publish(desk, url)
    assert letter.current_version.content["texts"]["en"]["body"].startswith(
        "<p>We ask you to keep the night ferries"
    )
    sign(visitor, url, letter)
    visitor.goto(url + letter.get_absolute_url())
    assert visitor.get_by_text("Gezeiten").count() == 0
    accept(desk, url)
    visitor.reload()
    assert visitor.get_by_text("Gezeiten").first.is_visible()
    visitor.goto(url + factories.link_for("ines@tide.example", "/signatures/"))
    assert visitor.get_by_text("Gezeiten").first.is_visible()
    visitor.goto(visitor.url.partition("?")[0] + "?act=withdraw")
    visitor.locator("main form .btn-primary, main form button").first.click()
    visitor.wait_for_load_state()
    visitor.goto(url + letter.get_absolute_url())
    assert visitor.get_by_text("Gezeiten").count() == 0
    assert letter.signatures.get().state == "withdrawn"


def test_sending_twice_is_one_signature(visitor, live_server, transactional_db, settings):
    settings.SITE_URL = live_server.url
    letter = factories.released()
    sign_url = f"{live_server.url}/letters/{letter.slug}/sign/"
    for _ in range(2):  # two tabs, or the back button
        visitor.goto(sign_url)
        visitor.fill("#id_organisation", "Tide Watch")
        visitor.select_option("#id_country", "PT")
        visitor.fill("#id_representative_name", "Ines Quillfeather")
        visitor.fill("#id_email", "ines@tide.example")
        visitor.check("#id_authority")
        visitor.check("#id_consent")
        visitor.locator("form .btn-primary").dblclick()
        visitor.wait_for_url("**/sign/received/")
    assert letter.signatures.count() == 1
