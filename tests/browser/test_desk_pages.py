"""The desk in a real browser: accessible wide and narrow, with every column in sight however long a name is."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User

from tests import factories
from tests.conftest import person

pytestmark = [pytest.mark.browser, pytest.mark.looks]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsverein"
PAGES = [
    "",
    "letters/letter/",
    "signatories/signature/",
    "letters/event/",
    "letters/message/samples/",
    "signatories/organisation/?q=nobody",
    "letter",
    "text",
    "refuse",
]


@pytest.fixture
def desk(browser, live_server, transactional_db):
    if not User.objects.filter(username="edda").exists():
        person("edda", "editor")
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("[name=username]", "edda")
    page.fill("[name=password]", "a long password 1")
    page.click("[type=submit]")
    yield page
    context.close()


def address(name, url, site):
    if name == "letter":
        return f"{url}/admin/letters/letter/{site['letter'].pk}/change/"
    if name == "text":
        return f"{url}/admin/letters/letter/{site['letter'].pk}/text/"
    if name == "refuse":
        waiting = factories.confirmed(site["letter"], "Waiting Circle")
        return f"{url}/admin/signatories/signature/{waiting.pk}/do/refuse/"
    return f"{url}/admin/{name}"


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_the_desk_is_accessible(name, scheme, width, desk, site):
    factories.confirmed(site["letter"], LONG)
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto(address(name, site["url"], site))
    if name == "text":
        desk.locator(".ProseMirror[aria-label=Body]").wait_for()
        fields = desk.locator(".desk-words:visible").all()
        assert all(field.bounding_box()["width"] <= width for field in fields)
    if name == "refuse":
        desk.locator("main button").click()
        error, label = (
            desk.locator(part).bounding_box() for part in ("ul.errorlist li", ".desk-field label")
        )
        assert abs(error["x"] - label["x"]) < 2
    results = Axe().run(desk, options=RULES)
    assert results.violations_count == 0, results.generate_report()
    wide = desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"scrolls sideways by {wide} px"


@pytest.mark.parametrize("width", [1280, 1024, 768, 360])
@pytest.mark.parametrize("listed", ["signatories/signature", "letters/letter"])
def test_no_column_of_a_list_is_out_of_sight(listed, width, desk, site):
    factories.confirmed(site["letter"], LONG)
    factories.letter(title=LONG)
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto(f"{site['url']}/admin/{listed}/")
    box = desk.locator(".results")
    assert box.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
    for cell in desk.locator("#result_list tbody td").all():
        assert cell.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
