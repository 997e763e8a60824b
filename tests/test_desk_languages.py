"""The desk: a translation beside the text that decides, its state, and how it becomes public."""

import pytest
from django.urls import reverse

from letters.models import Event, Letter
from letters.services import life, revising, translating, writing
from signatories.models import Organisation
from tests import factories
from tests.test_desk import at as desk_url
from tests.test_desk import desk, post, step  # noqa: F401

pytestmark = pytest.mark.django_db
TITLE, BODY = "Gardez les bacs", "<p>Nous vous demandons de garder les bacs.</p>"


def place(letter, language="fr", name="letters_letter_text"):
    return reverse(f"admin:{name}", args=[letter.pk, language])


def write(client, letter, language="fr", **changed):
    """Sends the page's form as a browser would, with some fields changed."""
    shown = client.get(place(letter, language))
    form = shown.context["form"]
    data = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    words = {"title": TITLE, "body": BODY, "state": "draft", "_continue": "1"}
    return client.post(place(letter, language), data | {"seen": shown.context["seen"]} | words | changed)


def again(letter):
    return Letter.objects.get(pk=letter.pk)


def words_of(response):
    return response.content.decode()


def test_the_letter_s_page_lists_its_languages(desk, letter, now):  # noqa: F811
    writing.write_text(letter, language="ar", words={"title": "أبقوا"}, actor=None, at=now)
    page = words_of(desk.get(desk_url(letter)))
    assert "العربيّة" in page or "العربية" in page
    assert place(letter, "ar") in page and "Draft" in page and "Not public" in page
    assert reverse("admin:letters_letter_add_text", args=[letter.pk]) in page
    assert page.count('name="texts-0-standfirst"') == 1 and "texts-1" not in page


def test_a_language_is_chosen_and_then_written(desk, draft):  # noqa: F811
    add = reverse("admin:letters_letter_add_text", args=[draft.pk])
    choices = dict(desk.get(add).context["form"].fields["language"].choices)
    assert "en" not in choices and {"fr", "ar", "zh"} <= set(choices)
    assert desk.get(add, {"language": "fr"})["Location"] == place(draft)
    assert not draft.texts.filter(language="fr").exists()


def test_both_texts_stand_beside_each_other_each_in_its_own_language(desk, draft):  # noqa: F811
    page = words_of(desk.get(place(draft, "ar")))
    assert 'lang="en" dir="ltr"' in page and "keep the ferries" in page
    assert page.count('dir="rtl"') >= 6 and page.count('lang="ar"') >= 7


def test_saving_and_marking_ready(desk, draft):  # noqa: F811
    assert write(desk, draft).status_code == 302
    text = again(draft).texts.get(language="fr")
    assert (text.title, text.state, text.is_stale(again(draft).text)) == (TITLE, "draft", False)
    write(desk, draft, state="ready", translator_note="Traduit par nous.")
    text.refresh_from_db()
    assert text.is_ready and text.translator_note == "Traduit par nous."
    assert Event.objects.filter(kind="translation.written", actor__username="edda").count() == 2


@pytest.mark.parametrize("missing", ["title", "body"])
def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk, draft, missing):  # noqa: F811
    answer = write(desk, draft, state="ready", closing="Avec respect,", **{missing: ""})
    assert answer.status_code == 422 and answer.context["form"].errors[missing]
    assert "Avec respect," in words_of(answer)
    assert not again(draft).texts.filter(language="fr").exists()


def test_what_somebody_else_saved_is_not_put_over_unseen(desk, draft, now):  # noqa: F811
    shown = desk.get(place(draft))
    writing.write_text(draft, language="fr", words={"title": "Le leur"}, actor=None, at=now)
    data = {"title": TITLE, "body": BODY, "state": "draft", "seen": shown.context["seen"]}
    answer = desk.post(place(draft), data)
    assert answer.status_code == 422 and TITLE in words_of(answer)
    assert again(draft).texts.get(language="fr").title == "Le leur"
    assert desk.post(place(draft), data | {"seen": answer.context["seen"]}).status_code == 302
    assert again(draft).texts.get(language="fr").title == TITLE


def test_a_translation_does_not_hinder_who_writes_the_letter(desk, draft, now):  # noqa: F811
    page = desk.get(desk_url(draft))
    writing.write_text(draft, language="fr", words={"title": "Le leur"}, actor=None, at=now)
    assert page.context["seen"] == desk.get(desk_url(draft)).context["seen"]
    assert post(desk, draft, texts__0__title="A new title").status_code == 302
    assert again(draft).title == "A new title"


def test_a_stale_translation_shows_what_changed_and_follows_again_when_the_editor_says_so(
    desk,  # noqa: F811
    letter,
    now,
):
    write(desk, letter, state="ready")
    translating.publish_translations(letter, actor=None, at=now)
    revising.revise(letter, words={"closing": "Yours truly,"}, actor=None, at=now)
    revising.correct(letter, reason="A better closing.", actor=None, at=now)
    page = words_of(desk.get(place(letter)))
    assert "has changed since" in page and "</span>sincerely</del>" in page and "</span>truly</ins>" in page
    assert "has changed since" in words_of(desk.get(desk_url(letter)))
    write(desk, letter, state="ready", closing="À vous,")
    assert again(letter).texts.get(language="fr").is_stale(again(letter).text)
    write(desk, letter, state="ready", checked="on")
    assert not again(letter).texts.get(language="fr").is_stale(again(letter).text)


def test_ready_follows_the_words_that_stood_beside_it(desk, draft, now):  # noqa: F811
    shown = desk.get(place(draft)).context["form"]
    writing.write_text(draft, language="en", words={"closing": "Yours,"}, actor=None, at=now)
    source = shown["source"].value()
    desk.post(place(draft), {"title": TITLE, "body": BODY, "state": "ready", "seen": 0, "source": source})
    text = again(draft).texts.get(language="fr")
    assert text.source_digest == source and text.is_stale(again(draft).text)


def test_what_is_said_after_saving_leads_to_a_step_that_is_there(desk, letter, now):  # noqa: F811
    write(desk, letter, state="ready")
    said = words_of(desk.get(place(letter)))
    assert "Publish the translations to show it" in said
    revising.revise(letter, words={"closing": "Yours,"}, actor=None, at=now)
    write(desk, letter, state="ready", title="Bacs de nuit")
    said = words_of(desk.get(place(letter)))
    assert "tick the box" in said and "Publish the translations to show" not in said


def test_publishing_is_a_step_that_says_what_it_does(desk, letter):  # noqa: F811
    url = step(letter, "publish-translations")
    assert url not in words_of(desk.get(desk_url(letter)))
    write(desk, letter, state="ready")
    write(desk, letter, "de", state="draft")
    assert url in words_of(desk.get(desk_url(letter)))
    page = words_of(desk.get(url))
    assert "The text in French becomes public" in page and "do not follow the present text: German" in page
    assert factories.press(desk, url, follow=True).status_code == 200
    assert again(letter).current_version.languages == ["en", "fr"]
    assert "This is not possible" in words_of(desk.get(url))


def test_opening_says_which_languages_go_with_it(desk, draft):  # noqa: F811
    write(desk, draft, state="ready")
    write(desk, draft, "de", state="draft")
    page = words_of(desk.get(step(draft, "release")))
    assert "in these languages: English, French." in page and "publish them: German." in page


def test_a_draft_is_previewed_before_it_is_public(desk, letter, client):  # noqa: F811
    write(desk, letter)
    preview = reverse("admin:letters_letter_preview", args=[letter.pk])
    assert TITLE in words_of(desk.get(f"{preview}?in=fr"))
    assert TITLE not in words_of(desk.get(preview))
    assert TITLE not in words_of(client.get(f"/fr/letters/{letter.slug}/"))


def test_removing_asks_first_and_spares_what_is_public(desk, letter, now):  # noqa: F811
    write(desk, letter, state="ready")
    remove = place(letter, name="letters_letter_remove_text")
    assert "Readers never saw it" in words_of(desk.get(remove))
    translating.publish_translations(letter, actor=None, at=now)
    assert "so it stays" in words_of(desk.get(remove))
    desk.post(remove)
    assert letter.texts.filter(language="fr").exists()
    write(desk, letter, "de")
    desk.post(place(letter, "de", "letters_letter_remove_text"))
    assert not letter.texts.filter(language="de").exists()


def test_only_editors_write_translations(client, reviewer, draft):
    for url in (place(draft), reverse("admin:letters_letter_add_text", args=[draft.pk])):
        assert client.get(url).status_code == 302
    client.force_login(reviewer)
    assert client.get(place(draft)).status_code == 403
    assert client.post(place(draft), {"title": TITLE}).status_code == 403


@pytest.mark.parametrize("language", ["xx", "klingon"])
def test_an_unknown_language_has_no_page(desk, draft, language):  # noqa: F811
    assert desk.get(place(draft, language)).status_code == 404


def test_the_text_that_decides_is_written_on_the_letter_s_own_page(desk, draft):  # noqa: F811
    assert desk.get(place(draft, "en"))["Location"] == desk_url(draft)


def test_a_draft_whose_language_changes_keeps_its_words(desk, draft):  # noqa: F811
    write(desk, draft)
    assert post(desk, draft, language="fr").status_code == 302
    letter = again(draft)
    assert letter.text.title == TITLE and letter.texts.get(language="en").title == "Keep the ferries running"
    assert life.problems(letter) == []


# --- Names of organisations


def names(client, organisation, typed):
    url = reverse("admin:signatories_organisation_change", args=[organisation.pk])
    data = {"name": organisation.name, "country": "PT", "names_by_language": typed}
    return client.post(url, data)


def test_an_organisation_has_names_by_language(desk):  # noqa: F811
    made = factories.organisation("Harbour Circle", country="PT")
    assert names(desk, made, "fr: Cercle du port\nar : دائرة المرفأ").status_code == 302
    page = desk.get(reverse("admin:signatories_organisation_change", args=[made.pk]))
    assert (
        page.context["adminform"].form["names_by_language"].value() == "ar: دائرة المرفأ\nfr: Cercle du port"
    )
    assert "cercle du port" in Organisation.objects.get(pk=made.pk).search_text


@pytest.mark.parametrize("typed", ["Cercle du port", "xx: Cercle", "fr: Un\nfr: Deux", "fr:"])
def test_names_that_are_not_understood_are_said(desk, typed):  # noqa: F811
    made = factories.organisation("Harbour Circle", country="PT")
    answer = names(desk, made, typed)
    assert answer.status_code == 200 and answer.context["adminform"].form.errors["names_by_language"]
    assert typed.partition("\n")[0] in words_of(answer)
