"""The interface in its languages: every public page says which it is in, and leaves no word in English."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from xml.etree import ElementTree

import messages
import pytest
from django.conf import settings
from django.utils import translation

from letters import times
from letters.models import Letter
from letters.templatetags.lettering import count_heading, number
from signatories.models import Representative
from tests import factories

CODES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def pages(db, now):
    """Every kind of public page, by its path without a language."""
    closes = now + timedelta(days=7)
    letter = factories.released(at=now, closes_at=closes, title="Xylo", slug="xylo", accepts="both")
    signature = factories.accepted(letter, "Zyxo Quorum", email="xyz@zyxo.example")
    factories.unconfirmed(letter, "Wyxo", email="xyz@wyxo.example")
    factories.withheld(letter, "Yxzo")
    confirm = factories.link_for("xyz@wyxo.example", "/confirm/")
    own = factories.link_for("xyz@zyxo.example", "/signatures/")
    return [
        "/", "/?q=x", "/letters/xylo/", "/letters/xylo/sign/", "/letters/xylo/sign/?as=individual",
        "/letters/xylo/sign/received/", "/letters/xylo/signatories/", "/letters/xylo/signatories/?q=x",
        "/organisations/", f"/organisations/{signature.organisation.slug}/", "/organisations/?q=x", "/privacy/",
        "/nowhere/", "/letters/nowhere/", "/signatures/nowhere/", confirm, own, f"{own}?act=withdraw",
    ]  # fmt: skip


def prefixed(code, path):
    return path if code == "en" else f"/{code}{path}"


@pytest.mark.parametrize("code", CODES)
def test_every_page_says_its_language_and_direction(pages, client, code):
    start = f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}">'
    for page in pages:
        answer = client.get(prefixed(code, page))
        assert answer.headers["Content-Language"] == code, page
        assert start in answer.content.decode(), page
        assert ("bootstrap.rtl.min" in answer.content.decode()) is (code == "ar"), page


def visible(html):
    """The words of a page that are seen or read aloud, a line for each piece of text and each such attribute."""
    html = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    attributes = re.findall(r'(?:aria-label|alt|title|content|data-done|placeholder)="([^"]*)"', html)
    pieces = [*attributes, *re.split(r"<[^>]+>", html)]
    return {" ".join(unescape(piece).split()) for piece in pieces}


def english(monkeypatch):
    """Every sentence of the code, also what the catalogues leave out, but for what is the same word in French."""
    monkeypatch.setattr(
        messages,
        "LEFT_OUT",
        ("*/migrations/*", "*/admin/*", "*/management/*", "*/reading/*", "letters/wording.py"),
    )
    catalogue = {messages.key_of(message): message for message in messages.read(messages.po_file("fr"), "fr")}
    same = {
        key[1] for key, message in catalogue.items() if message.id and messages.words_of(message)[0] == key[1]
    }
    same |= {"CSV", "JSON", "SHA-256"}
    found = {
        words for key in messages.said() for words in key[1:] if words and not messages.PLACE.search(words)
    }
    return {" ".join(words.split()) for words in found - same}


def test_no_page_in_french_holds_a_word_of_english(pages, client, monkeypatch):
    words = english(monkeypatch)
    for page in pages:
        assert visible(client.get(prefixed("fr", page)).content.decode()) & words == set(), page


def test_what_a_form_finds_wrong_is_said_in_french(pages, client, monkeypatch):
    answer = client.post("/fr/letters/xylo/sign/", {"email": "x", "website": "x y"})
    assert answer.status_code == 422
    assert visible(answer.content.decode()) & english(monkeypatch) == set()


@pytest.mark.parametrize("code", CODES)
def test_every_page_leads_to_itself_in_each_language(pages, client, code):
    for page in pages[:12]:
        body = client.get(prefixed(code, page)).content.decode()
        nav = re.search(r'<nav class="tongues".*?</nav>', body, re.DOTALL)[0]
        links = re.findall(r'<a href="([^"]+)" lang="([^"]+)"', nav)
        path = page.partition("?")[0]
        assert links == [(prefixed(other, path), other) for other in CODES], page
        assert re.findall(r'lang="([a-z]+)"[^>]* aria-current="true"', nav) == [code]
        for address, _other in links:
            assert client.get(address).status_code == 200, address


def test_the_desk_has_no_switch(editor, client):
    client.force_login(editor)
    assert "tongues" not in client.get("/admin/").content.decode()


def test_each_language_is_named_in_its_own_script():
    assert [name for _code, name in settings.LANGUAGES] == ["English", "Français", "Español", "العربية", "Русский", "中文"]  # fmt: skip


def test_search_engines_are_told_of_every_language(pages, client):
    body = client.get("/fr/organisations/").content.decode()
    found = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', body))
    whole = {code: settings.SITE_URL + prefixed(code, "/organisations/") for code in CODES}
    assert found == whole | {"x-default": whole["en"]}
    assert "hreflang" not in re.sub(r"<nav.*?</nav>", "", client.get("/fr/letters/xylo/sign/").content.decode(), flags=re.DOTALL)  # fmt: skip


def test_the_site_map_has_every_language(pages, client):
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    places = {place.text for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert {f"http://testserver{prefixed(code, '/letters/xylo/')}" for code in CODES} <= places
    assert {link.get("hreflang") for link in tree.iter("{http://www.w3.org/1999/xhtml}link")} == {*CODES, "x-default"}  # fmt: skip


def test_robots_stay_away_from_keys_in_every_language(client, db):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert all(f"Disallow: {prefixed(code, '/signatures/')}" in lines for code in CODES)


DAYS = {
    "en": ("1 January 2026", "27 November 2026"),
    "fr": ("1er janvier 2026", "27 novembre 2026"),
    "es": ("1 de enero de 2026", "27 de noviembre de 2026"),
    "ar": ("1 يناير 2026", "27 نوفمبر 2026"),
    "ru": ("1 января 2026 г.", "27 ноября 2026 г."),
    "zh": ("2026年1月1日", "2026年11月27日"),
    "de": ("1. Januar 2026", "27. November 2026"),
}


@pytest.mark.parametrize("code", DAYS)
def test_a_date_is_written_as_its_language_does(code):
    said = tuple(times.day_by(day, code).lower() for day in (date(2026, 1, 1), date(2026, 11, 27)))
    assert said == tuple(words.lower() for words in DAYS[code])


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "12,345"), ("fr", "12\xa0345"), ("es", "12\xa0345"), ("ar", "12,345"), ("ru", "12\xa0345"), ("zh", "12,345")],
)  # fmt: skip
def test_a_number_is_grouped_as_its_language_does(code, said):
    with translation.override(code):
        assert number(12345) == said


@pytest.mark.parametrize(("code", "city"), [("fr", "Lisbonne"), ("es", "Lisboa"), ("ru", "Лиссабон"), ("ar", "لشبونة"), ("zh", "里斯本"), ("en", "Lisbon")])  # fmt: skip
def test_a_time_zone_has_the_city_s_name_in_the_language(code, city):
    with translation.override(code):
        assert city in times.zone_words("Europe/Lisbon")
        assert times.zone_words("UTC") == "UTC"


def test_a_moment_in_french():
    letter = Letter(time_zone="Europe/Lisbon")
    with translation.override("fr"):
        said = times.moment_in(datetime(2026, 11, 27, 18, 0, tzinfo=UTC), letter)
    assert said == "vendredi 27 novembre 2026 à 18\xa0h\xa000 (heure locale\xa0: Lisbonne)"


def test_a_zone_that_was_renamed_is_known_by_its_former_name():
    with translation.override("ru"):
        assert "Буэнос-Айрес" in times.zone_words("America/Argentina/Buenos_Aires")


def test_what_grows_is_said_in_the_language_of_the_page(pages, client):
    assert client.get("/fr/letters/xylo/state.json").json()["heading"] == "2 signataires"
    assert count_heading(Letter(signature_count=1)) == "1 signatory"


def test_mail_is_in_the_language_of_whoever_signed(db, now):
    letter = factories.released(at=now, title="Xylo", slug="xylo")
    factories.unconfirmed(letter, email="xyz@wyxo.example", language="fr")
    message = factories.send_mail()[-1]
    assert message.subject == "Veuillez confirmer votre signature de «\xa0Xylo\xa0»"
    assert message.extra_headers["Content-Language"] == "fr"
    addresses = re.findall(r"http://\S+", message.body)
    assert addresses and all("/fr/" in address for address in addresses)
    assert "«\xa0Ce n’était pas moi\xa0»" in message.body


def test_the_form_s_language_is_the_reader_s(pages, client):
    form = client.get("/fr/letters/xylo/sign/").content.decode()
    hidden = dict(re.findall(r'name="(text_version|ticket)" value="([^"]*)"', form))
    sent = {"organisation": "Vyxo", "country": "PT", "representative_name": "Xa", "email": "xyz@vyxo.example",
            "visibility": "public", "authority": "on", "consent": "on"}  # fmt: skip
    answer = client.post("/fr/letters/xylo/sign/", sent | hidden)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/fr/letters/xylo/sign/received/"
    assert Representative.objects.get(email="xyz@vyxo.example").language == "fr"
