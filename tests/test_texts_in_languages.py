"""A letter in several languages: who is shown which text, where each stands, and what a translation becomes."""

import json
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from letters import languages, texts
from letters.changes import Comparison
from letters.models import Event, Letter, TextVersion
from letters.services import life, revising, translating, writing
from letters.services.errors import Refused
from letters.templatetags.lettering import languages_changed
from signatories.models import Signature
from signatories.services import amending, directory, telling
from tests import factories

FRENCH = {
    "title": "Gardez les bacs",
    "body": "<p>Nous vous demandons de garder les bacs.</p>",
    "state": "ready",
}
ARABIC = {"title": "أبقوا العبّارات", "body": "<p>نطلب إبقاء العبّارات.</p>", "state": "ready"}
GERMAN = {"title": "Lasst die Fähren fahren", "body": "<p>Die Fähren sollen fahren.</p>", "state": "ready"}
WORDS = {"fr": FRENCH, "ar": ARABIC, "de": GERMAN}


def write(letter, language, at, **more):
    return writing.write_text(letter, language=language, words=WORDS[language] | more, actor=None, at=at)


def again(letter):
    return Letter.objects.get(pk=letter.pk)


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.fixture
def several(draft, now):
    """A public letter in English, French, Arabic and German."""
    for language in WORDS:
        write(draft, language, now)
    life.release(draft, actor=None, at=now)
    return again(draft)


@pytest.mark.parametrize(
    ("wanted", "present", "found"),
    [
        ("fr", ["en", "fr"], "fr"),
        ("fr", ["en", "fr-CA", "fr"], "fr"),
        ("fr", ["en", "fr-CA"], "fr-CA"),
        ("zh", ["zh-hans"], "zh-hans"),
        ("zh-hans", ["zh-hant"], None),
        ("zh-cn", ["zh-hans"], "zh-hans"),
        ("fr", ["fri"], None),
        ("", ["en"], None),
    ],
)
def test_the_text_that_a_reader_reads(wanted, present, found):
    assert languages.fitting(wanted, present) == found


def test_languages_are_named_in_their_own_script_and_in_that_of_the_page():
    assert [languages.own_name(tag) for tag in ("fr", "ar", "zh", "de", "x-none")] == ["Français", "العربية", "中文", "Deutsch", "x-none"]  # fmt: skip
    with translation.override("fr"):
        assert languages.name_here("de") == "allemand"


@pytest.mark.parametrize(
    ("interface", "gone", "sentences"),
    [
        ("en", ["ar"], ["The text in Arabic was left out."]),
        ("en", ["ar", "fr"], ["The texts in Arabic and French were left out."]),
        ("fr", ["ar"], ["Le texte dans une autre langue a été supprimé (arabe)."]),
        ("zh-hans", ["ar", "fr"], ["删去了阿拉伯语和法语文本。"]),
    ],
)
def test_languages_that_came_or_went_are_told_in_one_sentence_of_the_page(interface, gone, sentences):
    found = [Comparison(tag, (), "removed") for tag in gone]
    with translation.override(interface):
        assert languages_changed(found) == sentences


@pytest.mark.parametrize("tag", ["ar", "fa", "ur", "ur-PK", "he", "ps", "ckb", "sd", "ug", "yi", "dv"])
def test_what_is_written_from_the_right_is_laid_out_so(tag):
    assert texts.direction(tag) == "rtl"
    assert texts.direction("en") == texts.direction("ru") == texts.direction("az") == "ltr"


# --- What is frozen


def test_only_ready_texts_are_opened_with_the_letter(draft, now):
    write(draft, "fr", now)
    write(draft, "ar", now, state="draft")
    life.circulate(draft, actor=None, at=now)
    assert again(draft).current_version.languages == ["en", "fr"]


def test_a_ready_translation_of_other_words_keeps_a_draft_closed(draft, now):
    write(draft, "fr", now)
    writing.write_text(draft, language="en", words={"closing": "Yours,"}, actor=None, at=now)
    with pytest.raises(Refused, match="Gardez les bacs"):
        life.release(draft, actor=None, at=now)
    source = again(draft).text.words_digest
    writing.write_text(draft, language="fr", words={}, follows=source, actor=None, at=now)
    life.release(draft, actor=None, at=now)


def test_a_translation_is_ready_with_title_and_body_alone(draft, now):
    with pytest.raises(Refused):
        write(draft, "fr", now, body="<p></p>")


# --- Publishing later


def test_translations_are_published_as_a_version_under_which_signatures_stand(letter, client, now):
    signed = factories.accepted(letter, "Tide Watch")
    revision = again(letter).list_revision
    write(letter, "fr", now)
    assert "Gardez" not in page(client, f"/fr/letters/{letter.slug}/")
    version = translating.publish_translations(letter, actor=None, at=now)
    assert (version.number, version.kind, version.substance) == (2, TextVersion.Kind.TRANSLATION, 1)
    first = again(letter).versions.get(number=1)
    assert version.content["texts"]["en"] == first.content["texts"]["en"]
    assert version.digest == texts.digest(version.canonical)
    assert Signature.objects.get(pk=signed.pk).version_id == first.pk
    state = letter.list_states.latest("revision")
    assert (state.revision, state.version_id) == (revision + 1, version.pk)
    event = Event.objects.get(kind="letter.translated")
    assert event.after["version"] == 2
    french = page(client, f"/fr/letters/{letter.slug}/")
    assert "Gardez les bacs" in french and "Tide Watch" in french


def test_nothing_is_published_where_nothing_is_new(letter, now):
    write(letter, "fr", now, state="draft")
    with pytest.raises(Refused):
        translating.publish_translations(letter, actor=None, at=now)
    write(letter, "fr", now)
    translating.publish_translations(letter, actor=None, at=now)
    with pytest.raises(Refused):
        translating.publish_translations(letter, actor=None, at=now)


def test_neither_a_draft_nor_a_withdrawn_letter_publishes(draft, letter, now):
    write(draft, "fr", now)
    with pytest.raises(Refused):
        translating.publish_translations(draft, actor=None, at=now)
    write(letter, "fr", now)
    life.withdraw(letter, reason="No.", actor=None, at=now)
    with pytest.raises(Refused):
        translating.publish_translations(letter, actor=None, at=now)


def test_what_is_worked_on_is_not_public_and_takes_nothing_away(several, client, now):
    write(several, "fr", now, title="Pas encore public", state="draft")
    write(several, "ar", now, title="عنوان جديد")
    assert "Pas encore public" not in page(client, f"/fr/letters/{several.slug}/")
    assert page(client, "/fr/?q=encore").count("Gardez les bacs") == 0
    with pytest.raises(Refused, match="reason"):  # who read the Arabic and signed will read another one
        translating.publish_translations(several, actor=None, at=now)
    translating.publish_translations(several, reason="A better word.", actor=None, at=now)
    version = again(several).current_version
    assert (version.kind, version.reason, version.substance) == ("correction", "A better word.", 1)
    assert "A better word." in page(client, several.get_absolute_url())
    assert "Translations put right on" in page(client, f"{several.get_absolute_url()}versions/")
    assert version.languages == ["en", "ar", "de", "fr"]
    assert version.content["texts"]["ar"]["title"] == "عنوان جديد"
    assert version.content["texts"]["fr"]["title"] == "Gardez les bacs"


def test_a_correction_makes_translations_stale_and_drops_none(several, now):
    write(several, "de", now, state="draft")
    revising.revise(several, words={"closing": "Yours truly,"}, actor=None, at=now)
    revising.correct(several, reason="A better closing.", actor=None, at=now)
    letter = again(several)
    assert letter.current_version.languages == ["en", "ar", "de", "fr"]
    french = letter.texts.get(language="fr")
    assert french.is_stale(letter.text)
    writing.write_text(letter, language="fr", words={"title": "Gardez-les"}, actor=None, at=now)
    assert translating.to_publish(again(letter)) == []  # it does not follow the present text
    writing.write_text(letter, language="fr", words={}, follows=letter.text.words_digest, actor=None, at=now)
    assert translating.to_publish(again(letter)) == ["fr"]


def test_an_amendment_leaves_out_a_translation_that_does_not_follow(several, now):
    revising.revise(several, words={"closing": "Yours truly,"}, actor=None, at=now)
    source = again(several).text.words_digest
    writing.write_text(several, language="fr", words={}, follows=source, actor=None, at=now)
    amending.amend(again(several), reason="The night line is gone.", actor=None, at=now)
    assert again(several).current_version.languages == ["en", "fr"]


def test_the_words_that_decide_do_not_change_by_this_door(several, now):
    with pytest.raises(Refused):
        writing.write_text(several, language="en", words={"title": "Other"}, actor=None, at=now)


def test_removing_a_working_copy(letter, now):
    write(letter, "de", now, state="draft")
    translating.remove_translation(letter, language="de", actor=None, at=now)
    assert not letter.texts.filter(language="de").exists()
    assert Event.objects.get(kind="translation.removed").before["title"] == GERMAN["title"]
    with pytest.raises(Refused):
        translating.remove_translation(letter, language="de", actor=None, at=now)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_public_text_is_not_removed(several, now, language):
    with pytest.raises(Refused):
        translating.remove_translation(several, language=language, actor=None, at=now)


# --- Who reads what


def test_each_interface_shows_its_text_with_its_direction(several, client):
    for prefix, language, way, title in (
        ("", "en", "ltr", several.title),
        ("/fr", "fr", "ltr", FRENCH["title"]),
        ("/ar", "ar", "rtl", ARABIC["title"]),
    ):
        body = page(client, f"{prefix}/letters/{several.slug}/")
        assert f'<div class="letter" lang="{language}" dir="{way}">' in body
        assert f' lang="{language}" dir="{way}">{title}</h1>' in body
        assert 'class="missing"' not in body
        assert f'"inLanguage": "{language}"' in body


def test_a_missing_text_is_the_one_that_decides_with_a_sentence_that_says_so(several, client):
    body = page(client, f"/ru/letters/{several.slug}/")
    assert re.search(r'<p class="missing">[^<]+</p>', body)
    assert '<div class="letter" lang="en" dir="ltr">' in body and '<html lang="ru"' in body


def test_the_sentence_names_both_languages(letter, several, client):
    with translation.override("en"):
        german = factories.released(language="de", title="Nur deutsch")
    assert "This letter has no text in English; you read it in German." in page(
        client, german.get_absolute_url()
    )
    assert "The text in English decides." in page(client, several.get_absolute_url())
    assert "decides" not in page(client, letter.get_absolute_url())  # one text, nothing to decide between


def test_the_languages_are_listed_in_their_own_script(several, client):
    body = page(client, several.get_absolute_url())
    nav = re.search(r'<nav class="texts-in".*?</nav>', body, re.DOTALL)[0]
    found = re.findall(r'href="([^"]+)" lang="([^"]+)" dir="([^"]+)" hreflang="[^"]+"[^>]*>([^<]+)<', nav)
    slug = several.slug
    assert found == [
        (f"/letters/{slug}/", "en", "ltr", "English"),
        (f"/ar/letters/{slug}/", "ar", "rtl", "العربية"),
        (f"/letters/{slug}/in/de/", "de", "ltr", "Deutsch"),
        (f"/fr/letters/{slug}/", "fr", "ltr", "Français"),
    ]


def test_search_engines_hear_one_address_for_each_text(several, client):
    places = {
        "en": f"/letters/{several.slug}/",
        "fr": f"/fr/letters/{several.slug}/",
        "ar": f"/ar/letters/{several.slug}/",
        "de": f"/letters/{several.slug}/in/de/",
    }
    whole = {tag: settings.SITE_URL + place for tag, place in places.items()}
    asked = {**places, "en ": f"/es/letters/{several.slug}/", "de ": f"/fr/letters/{several.slug}/in/de/"}
    for tag, place in asked.items():
        head = page(client, place).partition("</head>")[0]
        assert re.search(r'rel="canonical" href="([^"]+)"', head)[1] == whole[tag.strip()]
        found = dict(re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', head))
        assert found == whole | {"x-default": whole["en"]}
    assert 'property="og:locale" content="fr_FR"' in page(client, places["fr"])


def test_a_text_outside_the_interface_s_languages_has_an_address_of_its_own(several, client):
    body = page(client, f"/letters/{several.slug}/in/de/")
    assert GERMAN["title"] in body and 'class="missing"' not in body
    assert f"/letters/{several.slug}/sign/?in=de" in body
    assert client.get(f"/letters/{several.slug}/in/pt/").status_code == 404
    for asked, place in (("fr", "/fr/letters/{}/"), ("en", "/letters/{}/"), ("DE", "/letters/{}/in/de/")):
        answer = client.get(f"/letters/{several.slug}/in/{asked}/")
        assert (answer.status_code, answer["Location"]) == (302, place.format(several.slug))


def test_a_letter_in_one_language_that_the_interface_has_not_stands_at_its_own_page(db, client, now):
    german = factories.released(language="de", title="Nur deutsch", at=now)
    answer = client.get(f"/letters/{german.slug}/in/de/")
    assert answer["Location"] == german.get_absolute_url()
    assert f'rel="canonical" href="{settings.SITE_URL}{german.get_absolute_url()}"' in page(
        client, german.get_absolute_url()
    )


def test_lists_and_mails_name_the_letter_in_the_reader_s_language(several, client):
    factories.accepted(several, "Tide Watch", language="fr")
    assert FRENCH["title"] in page(client, "/fr/") and several.title not in page(client, "/fr/")
    assert f'lang="en"><bdi dir="ltr">{several.title}' in page(client, "/ru/")
    assert FRENCH["title"] in page(client, "/fr/organisations/tide-watch/")
    assert FRENCH["title"] in page(client, f"/fr/letters/{several.slug}/signatories/")
    assert all(FRENCH["title"] in mail.body for mail in factories.send_mail() if "example" in mail.to[0])


def test_notes_stand_outside_the_letter_in_its_language_or_in_their_own(several, client, now):
    for language, note in (("en", "<p>The minister answers in May.</p>"), ("fr", "")):
        writing.write_text(several, language=language, words={"standfirst": note}, actor=None, at=now)
    writing.write_text(
        several, language="fr", words={"translator_note": "Traduit par nous."}, actor=None, at=now
    )
    body = page(client, f"/fr/letters/{several.slug}/")
    assert '<div lang="en" dir="ltr"><p>The minister answers in May.</p></div>' in body
    assert body.index("</article>") < body.index("Traduit par nous.")
    assert "Traduit par nous." not in page(client, several.get_absolute_url())
    assert "Traduit" not in again(several).current_version.canonical


def test_the_note_of_a_text_that_is_not_public_is_not_public(letter, client, now):
    write(letter, "fr", now, standfirst="<p>Une note.</p>", translator_note="Un mot.")
    body = page(client, f"/fr/letters/{letter.slug}/")
    assert "Une note." not in body and "Un mot." not in body


def test_a_letter_in_circulation_is_read_in_each_language(draft, client, now):
    for language in WORDS:
        write(draft, language, now)
    life.circulate(draft, actor=None, at=now)
    path = urlsplit(life.circulation_url(again(draft))).path
    body = page(client, path)
    assert 'hreflang="de"' in body and f'href="{path}?in=de"' in body and f'href="/fr{path}"' in body
    assert 'rel="alternate"' not in body and 'rel="canonical"' not in body
    assert FRENCH["title"] in page(client, f"/fr{path}")
    german = page(client, f"{path}?in=de")
    assert GERMAN["title"] in german and f"{path}sign/?in=de" in german
    assert 'lang="en" dir="ltr"' in page(client, f"{path}?in=<x>")


# --- Signing what was read


def send(client, address, letter, **more):
    form = page(client, address)
    ticket = re.search(r'name="ticket" value="([^"]+)"', form)[1]
    read = re.search(r'name="text_language" value="([^"]+)"', form)[1]
    data = {
        "organisation": "Tide Watch", "country": "PT", "representative_name": "Ines", "email": "ines@tide.example",
        "visibility": "public", "authority": "on", "consent": "on", "ticket": ticket, "text_language": read,
        "text_version": letter.current_version.number,
    }  # fmt: skip
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', form)[1]
    return client.post(action.replace("&amp;", "&"), data | more)


@pytest.mark.parametrize(
    ("address", "read"),
    [("/letters/{}/sign/", "en"), ("/fr/letters/{}/sign/", "fr"), ("/ru/letters/{}/sign/", "en"), ("/letters/{}/sign/?in=de", "de")],
)  # fmt: skip
def test_a_signature_records_the_language_that_was_read(several, client, address, read):
    assert send(client, address.format(several.slug), several).status_code == 303
    assert Signature.objects.get().language == read


def test_the_form_shows_the_text_that_is_signed_and_keeps_it_after_a_fault(several, client):
    answer = send(client, f"/letters/{several.slug}/sign/?in=de", several, organisation="")
    body = answer.content.decode()
    assert answer.status_code == 422 and "Die Fähren sollen fahren." in body
    assert 'name="text_language" value="de"' in body
    assert f'href="/letters/{several.slug}/in/de/"' in body


def test_no_language_is_recorded_that_the_letter_has_not(several, client):
    assert send(client, f"/letters/{several.slug}/sign/", several, text_language="ja").status_code == 303
    assert Signature.objects.get().language == ""


def test_kept_forms_of_two_languages_do_not_mix(several, client, settings):
    settings.PAGE_CACHE_SECONDS = 5
    for _time in range(2):
        assert FRENCH["title"] in page(client, f"/fr/letters/{several.slug}/sign/")
        assert GERMAN["title"] in page(client, f"/letters/{several.slug}/sign/?in=de")
        assert several.title in page(client, f"/letters/{several.slug}/sign/")


def test_confirming_and_the_receipt_show_what_was_read(several, client):
    send(client, f"/letters/{several.slug}/sign/?in=de", several)
    link = factories.link_for("ines@tide.example", "/confirm/")
    assert "Die Fähren sollen fahren." in page(client, link)
    client.post(link)
    mail = factories.send_mail()[-1]
    assert "you read it in German" in mail.body and "Die Fähren sollen fahren." in mail.body
    assert "Die Fähren sollen fahren." in page(client, factories.link_in(mail, "/signatures/"))


def test_who_is_asked_again_reads_the_text_in_the_language_that_was_signed(several, client, now):
    factories.accepted(several, "Tide Watch", text_language="fr", email="ines@tide.example")
    revising.revise(several, words={"place": "Marn"}, actor=None, at=now)
    letter = again(several)
    writing.write_text(
        letter,
        language="fr",
        words={"body": "<p>Nous demandons de garder les bacs.</p>"},
        follows=letter.text.words_digest,
        actor=None,
        at=now,
    )
    amending.amend(again(several), reason="The place is named.", actor=None, at=now)
    telling.tell_signatories(at=now)
    body = page(client, factories.link_for("ines@tide.example", "/reaffirm/"))
    whole = re.search(r"<details.*</details>", body, re.DOTALL)[0]
    assert "Nous demandons de garder les bacs." in whole and several.text.title not in whole


def test_a_reader_of_a_translation_that_has_not_followed_a_correction_is_told(several, client, now):
    told = "was made before the text in English was last corrected"
    revising.revise(several, words={"closing": "Yours faithfully,"}, actor=None, at=now)
    revising.correct(again(several), reason="A slip.", actor=None, at=now)
    assert told in page(client, f"/letters/{several.slug}/in/de/")
    assert told not in page(client, several.get_absolute_url())
    assert "anglais" in page(client, f"/fr/letters/{several.slug}/").partition('class="missing">')[2][:120]
    letter = again(several)
    writing.write_text(letter, language="de", words={}, follows=letter.text.words_digest, actor=None, at=now)
    assert told not in page(
        client, f"/letters/{several.slug}/in/de/"
    )  # its translator looked: it follows as it is
    write(letter, "fr", now, title="Gardez tous les bacs")
    writing.write_text(letter, language="fr", words={}, follows=letter.text.words_digest, actor=None, at=now)
    translating.publish_translations(again(letter), reason="It follows.", actor=None, at=now)
    assert 'class="missing"' not in page(client, f"/fr/letters/{several.slug}/")


def test_who_read_a_language_that_an_amendment_left_behind_is_told_so(several, client, now):
    revising.revise(several, words={"place": "Marn"}, actor=None, at=now)
    amending.amend(again(several), reason="The place is named.", actor=None, at=now)
    told = page(client, f"/fr/letters/{several.slug}/").partition('class="missing">')[2][:120]
    assert "ne correspond pas encore au texte actuel" in told
    assert "todavía no sigue" not in page(client, f"/es/letters/{several.slug}/")  # it never had one


# --- Organisations by language


@pytest.fixture
def named(several):
    """A verified organisation with a French name, signed under its own, and one that nobody verified."""
    factories.organisation(
        "Harbour Circle", country="PT", translations={"fr": "Cercle du port", "zh": "港口会"}
    )
    factories.accepted(several, "Harbour Circle")
    factories.accepted(several, "Sea Room")
    return directory.find("Harbour Circle")


def test_a_verified_organisation_is_shown_under_its_name_in_the_page_s_language(named, several, client):
    for address in (
        f"/letters/{several.slug}/",
        f"/letters/{several.slug}/signatories/",
        f"/letters/{several.slug}/signatories/list/",
        "/organisations/",
        f"/organisations/{named.slug}/",
    ):
        assert "Cercle du port" in page(client, f"/fr{address}"), address
        assert "港口会" in page(client, f"/zh{address}"), address
        assert "Harbour Circle" in page(client, address)
        if not address.endswith(f"/{named.slug}/"):  # whose own page has its names in every language
            assert "Cercle du port" not in page(client, address)
    directory.verify(named, actor=None, at=named.created_at, verified=False)
    assert "Cercle du port" not in page(client, f"/fr/letters/{several.slug}/")


def test_data_has_the_name_as_it_was_signed(named, several, client):
    for form in ("csv", "json"):
        body = b"".join(
            client.get(f"/fr/letters/{several.slug}/signatories.{form}").streaming_content
        ).decode()
        assert "Harbour Circle" in body and "Cercle du port" not in body


def test_a_place_in_the_list_is_the_same_in_every_language(named, several, client):
    def order(prefix):
        return re.findall(r'data-id="(\d+)"', page(client, f"{prefix}/letters/{several.slug}/"))

    assert order("") == order("/fr") == order("/zh")


def test_a_name_in_another_language_is_found_and_recognised(named, several, client):
    assert directory.find("Cercle du Port") == named
    assert "Cercle du port" in page(client, f"/fr/letters/{several.slug}/signatories/?q=cercle")
    assert "Cercle du port" in page(client, "/fr/organisations/?q=cercle")
    directory.verify(named, actor=None, at=named.created_at, verified=False)
    assert directory.find("Cercle du Port") is None
    assert "Harbour Circle" not in page(client, f"/letters/{several.slug}/signatories/?q=cercle")


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page(client, address)
    return len(captured)


def test_lists_in_another_language_ask_as_much_for_one_name_as_for_many(named, several, client, now):
    addresses = [
        f"/fr/letters/{several.slug}/",
        f"/fr/letters/{several.slug}/signatories/",
        "/fr/organisations/",
        "/fr/",
    ]
    few = [queries(client, address) for address in addresses]
    for n in range(4):
        factories.organisation(f"Pier {n}", country="PT", translations={"fr": f"Jetée {n}"})
        factories.accepted(several, f"Pier {n}")
        other = factories.letter(at=now, title=f"Another {n}")
        write(other, "fr", now)
        life.release(other, actor=None, at=now)
    assert [queries(client, address) for address in addresses] == few


def test_json_in_the_page_is_of_the_text(several, client):
    body = page(client, f"/fr/letters/{several.slug}/")
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)[1])
    assert data["headline"] == FRENCH["title"]
    assert data["url"] == f"{settings.SITE_URL}/fr/letters/{several.slug}/"
