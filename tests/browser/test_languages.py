"""A letter in several languages in a real browser: read in French and Arabic, and translated side by side at the desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from letters.models import Letter
from letters.services import life, writing
from tests import factories
from tests.browser.conftest import ARABIC
from tests.browser.test_journey import desk  # noqa: F401
from tests.browser.test_pages import RULES

pytestmark = [pytest.mark.browser, pytest.mark.looks]


@pytest.fixture
def several(transactional_db, live_server, settings):
    """A public letter in English, French, Arabic and German, signed by an organisation with a name in each."""
    settings.SITE_URL = live_server.url
    now = timezone.now()
    letter = factories.letter(at=now)
    for language, title, body in (
        (
            "fr",
            "Gardez les bacs de nuit",
            "<p>Nous vous demandons de garder les bacs.</p><ul><li>la nuit</li></ul>",
        ),
        ("ar", "أبقوا العبّارات الليلية", ARABIC),
        ("de", "Lasst die Nachtfähren fahren", "<p>Die Fähren sollen fahren.</p>"),
    ):
        words = {"title": title, "body": body, "state": "ready", "translator_note": title}
        writing.write_text(letter, language=language, words=words, actor=None, at=now)
    life.release(letter, actor=None, at=now)
    factories.organisation("Harbour Circle", translations={"fr": "Cercle du port", "ar": "دائرة المرفأ"})
    factories.accepted(letter, "Harbour Circle")
    return Letter.objects.get(pk=letter.pk)


def faults(page):
    return Axe().run(page, options=RULES).response["violations"]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("place", ["/fr/letters/{}/", "/ar/letters/{}/", "/ru/letters/{}/", "/fr/letters/{}/in/de/", "/ar/letters/{}/sign/"])  # fmt: skip
def test_a_letter_is_read_in_each_language(watched, live_server, several, place, width):
    watched.set_viewport_size({"width": width, "height": 900})
    watched.goto(live_server.url + place.format(several.slug))
    assert faults(watched) == []
    assert watched.evaluate("document.documentElement.scrollWidth") <= width


def test_a_script_has_the_lines_that_it_needs_and_no_slant_that_it_does_not_know(
    watched, live_server, several
):
    factories.accepted(several, "Tide Watch", email="t@tide.example")
    factories.withheld(several, "Hidden Circle")
    style = "(element, name) => getComputedStyle(element)[name]"
    watched.goto(f"{live_server.url}/ar/letters/{several.slug}/")
    latin, arabic = (
        watched.locator(".names bdi", has_text=name).evaluate(style, "lineHeight")
        for name in ("Tide Watch", "دائرة المرفأ")
    )
    row = watched.locator(".names li").first.evaluate(style, "lineHeight")
    assert latin == row and float(arabic[:-2]) > float(latin[:-2])
    for interface, slant in (("ar", "normal"), ("zh", "normal"), ("fr", "italic")):
        watched.goto(f"{live_server.url}/{interface}/letters/{several.slug}/")
        assert watched.locator(".withheld").evaluate(style, "fontStyle") == slant


def test_a_reader_goes_from_one_language_to_another(watched, live_server, several):
    watched.goto(live_server.url + several.get_absolute_url())
    watched.locator(".texts-in").get_by_text("العربية").click()
    assert watched.locator("h1").inner_text() == "أبقوا العبّارات الليلية"
    assert watched.locator("html").get_attribute("dir") == "rtl"
    assert watched.locator(".names").get_by_text("دائرة المرفأ").count() == 1
    watched.locator(".texts-in").get_by_text("Deutsch").click()
    assert watched.locator(".letter").get_attribute("dir") == "ltr"
    watched.locator("a.btn-primary:visible").first.click()
    assert watched.locator("[name=text_language]").get_attribute("value") == "de"


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_translation_is_written_beside_the_text_that_decides(desk, live_server, several, language, width):  # noqa: F811
    desk.set_viewport_size({"width": width, "height": 900})
    place = f"{live_server.url}/admin/letters/letter/{several.pk}/texts/{language}/"
    desk.goto(place)
    area = desk.locator(".field-body [contenteditable=true]")
    assert area.get_attribute("lang") == language
    assert area.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    source, own = desk.locator(".desk-long").bounding_box(), area.bounding_box()
    assert (source["x"] + source["width"] <= own["x"]) is (width == 1280)  # beside, or above on a narrow page
    assert faults(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


def test_a_new_language_is_added_written_and_published(desk, live_server, several):  # noqa: F811
    desk.goto(f"{live_server.url}/admin/letters/letter/{several.pk}/change/")
    assert faults(desk) == []
    desk.get_by_role("link", name="Add a language").click()
    desk.select_option("[name=language]", "es")
    assert faults(desk) == []
    desk.get_by_role("button", name="Write it").click()
    desk.fill("[name=title]", "Mantengan los transbordadores")
    desk.locator(".field-body [contenteditable=true]").click()
    desk.keyboard.type("Les pedimos que mantengan los transbordadores.")
    desk.get_by_label("Ready").check()
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.get_by_role("link", name="Publish the translations").click()
    desk.get_by_role("button", name="Publish the translations").click()
    desk.wait_for_load_state()
    desk.goto(f"{live_server.url}/es/letters/{several.slug}/")
    assert desk.locator("h1").inner_text() == "Mantengan los transbordadores"
