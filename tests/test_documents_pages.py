"""The documents of a public letter: addresses, caching, long lists, and who must not be in them."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from letters import kept, keys, pages, papers, tasks
from letters.documents.forms import TYPES
from letters.models import Letter
from letters.services import editing, life, translating
from signatories import export
from signatories.management.commands import worker
from signatories.retention import erase
from signatories.services import amending, review
from tests import factories
from tests.reading import words_of
from tests.test_amendments import amended, corrected
from tests.test_texts_in_languages import write

FORMS = ("pdf", "docx", "txt")


def address(letter, form="pdf"):
    return reverse(f"letter_{form}", args=[letter.slug])


def got(client, letter, form):
    response = client.get(address(letter, form))
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("form", FORMS)
def test_each_document_shows_the_letter_and_its_list(client, letter, form):
    factories.accepted(letter, "Tide Watch Porto")
    found = words_of(got(client, letter, form), form)
    for expected in (
        "Keep the ferries running",
        "Dear Minister,",
        "Orla Venn",
        "Tide Watch Porto",
        "Port Merrow",
    ):
        assert expected in found


@pytest.mark.parametrize("form", FORMS)
def test_the_answer_says_what_it_is(client, letter, form):
    response = client.get(address(letter, form))
    assert response.headers["Content-Type"] == TYPES[form]
    assert f'filename="{letter.slug}-en.{form}"' in response.headers["Content-Disposition"]
    assert response.headers["ETag"]
    assert "public" in response.headers["Cache-Control"]


def test_head_answers_without_a_body(client, letter):
    response = client.head(address(letter))
    assert response.status_code == 200
    assert response.content == b""


def test_a_document_that_is_known_is_not_sent_again(client, letter):
    etag = client.get(address(letter)).headers["ETag"]
    assert client.get(address(letter), headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("form", FORMS)
def test_the_same_letter_gives_the_same_bytes(client, letter, form):
    factories.accepted(letter, "Tide Watch Porto")
    first = got(client, letter, form)
    kept.shelf.clear()
    assert got(client, letter, form) == first


def test_a_document_is_made_once_for_what_it_shows(client, letter, monkeypatch):
    made = []
    monkeypatch.setitem(kept.FORMS, "pdf", lambda paper: made.append(paper) or b"%PDF")
    for _ in range(3):
        got(client, letter, "pdf")
    factories.accepted(letter, "Tide Watch Porto")
    got(client, letter, "pdf")
    assert len(made) == 2


@pytest.mark.parametrize("form", FORMS)
def test_names_that_must_not_be_shown_are_in_no_document(client, letter, form):
    factories.unconfirmed(letter, "Unproved Union")
    factories.confirmed(letter, "Waiting Watch")
    factories.withheld(letter, "Hidden Hands", representative_name="Secret Sayer")
    factories.accepted(letter, "Open Oars", representative_name="Private Person")
    found = words_of(got(client, letter, form), form)
    assert "Open Oars" in found
    for hidden in (
        "Unproved",
        "Waiting Watch",
        "Hidden Hands",
        "Secret",
        "Private Person",
        "ministry.example",
    ):
        assert hidden not in found
    assert "And one organisation whose name is withheld for its safety." in " ".join(found.split())


@pytest.mark.parametrize("form", FORMS)
def test_a_letter_that_is_not_public_has_no_document(client, form, draft, circulating, now):
    scheduled = factories.letter(at=now, title="Later", slug="later")
    life.release(scheduled, actor=None, at=now, release_at=now + timedelta(days=1))
    for hidden in (draft, circulating, scheduled):
        assert client.get(address(hidden, form)).status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_a_withdrawn_letter_has_no_document_any_more(client, letter, form, now):
    life.withdraw(letter, reason="It was wrong.", actor=None, at=now)
    assert client.get(address(letter, form)).status_code == 410


def test_the_letter_page_leads_to_the_documents(client, letter):
    page = client.get(letter.get_absolute_url()).content.decode()
    for form in FORMS:
        assert address(letter, form) in page


def test_the_page_of_a_letter_in_circulation_leads_to_none(client, circulating):
    page = client.get(
        life.circulation_url(circulating).removeprefix("http://127.0.0.1:8000")
    ).content.decode()
    assert "letter.pdf" not in page


def test_queries_do_not_grow_with_the_list(letter, django_assert_num_queries):
    for n in (1, 4):
        for _ in range(n):
            factories.accepted(letter)
        fresh = Letter.objects.select_related("current_version").get(pk=letter.pk)
        with django_assert_num_queries(5):
            paper = papers.paper_of(fresh)
    assert paper.names == 5


# --- Long lists


@pytest.fixture
def long(letter, settings):
    settings.DOCUMENT_AT_ONCE = 2
    for name in ("Anchor Aid", "Buoy Base", "Cable Crew"):
        factories.accepted(letter, name)
    return Letter.objects.get(pk=letter.pk)


def test_a_long_list_is_not_set_while_a_reader_waits(client, long, settings):
    response = client.get(address(long))
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert response.headers["Cache-Control"] == "no-store"
    assert "try again in a minute" in response.content.decode()
    assert not list(kept.all_kept(long.pk))


@pytest.mark.parametrize("form", FORMS)
def test_the_worker_makes_the_documents_of_a_long_list(client, long, form, now):
    assert tasks.make_documents in [task for _every, task in worker.TIMED]
    assert tasks.make_documents(at=now) == 3
    assert "Cable Crew" in words_of(got(client, long, form), form)
    etag = client.get(address(long, form)).headers["ETag"]
    assert client.get(address(long, form), headers={"If-None-Match": etag}).status_code == 304


def test_a_kept_document_is_made_anew_when_the_list_changed_and_the_old_one_goes(client, long, now):
    tasks.make_documents(at=now)
    factories.accepted(long, "Dune Defence")
    assert "Dune Defence" not in words_of(got(client, long, "pdf"), "pdf")
    assert tasks.make_documents(at=now + timedelta(minutes=2)) == 3
    assert "Dune Defence" in words_of(got(client, long, "pdf"), "pdf")
    assert len(list(kept.all_kept(long.pk))) == 3


def test_what_has_not_changed_is_not_made_again(long, now):
    assert tasks.make_documents(at=now) == 3
    assert tasks.make_documents(at=now + timedelta(hours=1)) == 0


def test_a_document_that_a_killed_worker_left_half_written_is_not_served(client, long, now):
    tasks.make_documents(at=now)
    half = kept.newest(long, "en", "pdf")
    with kept.default_storage.open(half.name, "wb") as file:
        file.write(b"%PDF")
    assert client.get(address(long)).status_code == 503
    tasks.make_documents(at=now)
    assert client.get(address(long)).status_code == 200


def test_kept_documents_of_a_withdrawn_letter_are_removed(long, now):
    tasks.make_documents(at=now)
    life.withdraw(long, reason="It was wrong.", actor=None, at=now)
    tasks.make_documents(at=now)
    assert not list(kept.all_kept(long.pk))


def test_a_document_that_cannot_be_made_holds_up_no_other_and_is_not_tried_all_the_time(
    client, long, now, monkeypatch
):
    tried = []

    def too_large(paper):
        tried.append(paper)
        raise RuntimeError

    monkeypatch.setitem(kept.FORMS, "pdf", too_large)
    for minute in range(3):
        tasks.make_documents(at=now + timedelta(minutes=minute))
    assert len(tried) == 1
    assert client.get(address(long, "pdf")).status_code == 503
    assert client.get(address(long, "docx")).status_code == 200


def opened(letter):
    return Letter.objects.select_related("current_version").get(pk=letter.pk)


def test_who_withdraws_is_in_no_document_from_that_moment_on(client, long, now, settings):
    settings.DOCUMENT_AT_ONCE = 1
    tasks.make_documents(at=now)
    review.withdraw_for(
        long.signatures.get(name="Anchor Aid"), reason="Asked by telephone.", actor=None, at=now
    )
    assert client.get(address(long, "txt")).status_code == 503
    tasks.make_documents(at=now)
    assert "Anchor Aid" not in words_of(got(client, long, "txt"), "txt")


def test_a_document_that_was_begun_before_somebody_withdrew_is_not_shown(client, long, now, settings):
    settings.DOCUMENT_AT_ONCE = 1
    read = opened(long)
    tasks.make_documents(at=now)
    review.withdraw_for(
        long.signatures.get(name="Anchor Aid"), reason="Asked by telephone.", actor=None, at=now
    )
    assert kept.newest(read, "en", "txt")
    assert kept.newest(opened(long), "en", "txt") is None


def test_a_name_that_an_editor_puts_right_is_in_no_document_as_it_was(client, long, now):
    tasks.make_documents(at=now)
    signature = long.signatures.get(name="Anchor Aid")
    review.arrange(signature, name="Anker Aid", actor=None, at=now)
    assert client.get(address(long, "txt")).status_code == 503
    tasks.make_documents(at=now)
    kept_names = words_of(got(client, long, "txt"), "txt")
    assert "Anker Aid" in kept_names and "Anchor Aid" not in kept_names


@pytest.fixture
def asking(db, now, settings):
    """A letter that shows the representatives, whose documents the worker has made."""
    settings.DOCUMENT_AT_ONCE = 1
    made = factories.released(at=now, asks_names=True, closes_at=now + timedelta(days=1))
    for name in ("Anchor Aid", "Buoy Base"):
        factories.accepted(made, name, named=True)
    tasks.make_documents(at=now)
    return opened(made)


def test_names_that_a_letter_no_longer_shows_are_in_no_document(client, asking, now):
    assert "Quillfeather" in words_of(got(client, asking, "txt"), "txt")
    asking.asks_names = False
    editing.save_settings(asking, fields=["asks_names"], actor=None, at=now)
    assert client.get(address(asking, "txt")).status_code == 503
    tasks.make_documents(at=now)
    assert "Quillfeather" not in words_of(got(client, asking, "txt"), "txt")


def test_names_that_were_erased_are_in_no_document(client, asking, now):
    assert erase(at=now + timedelta(days=800))["representatives"] == 2
    assert client.get(address(asking, "txt")).status_code == 503
    tasks.make_documents(at=now)
    assert "Quillfeather" not in words_of(got(client, asking, "txt"), "txt")


def test_another_order_has_another_code(client, letter, now):
    for name in ("Zinc Ferry", "Alder Boats"):
        factories.accepted(letter, name)
    before = papers.paper_of(opened(letter))
    letter = opened(letter)
    letter.order = Letter.Order.TIME
    editing.save_settings(letter, fields=["order"], actor=None, at=now)
    after = papers.paper_of(opened(letter))
    assert before.sections != after.sections and before.verify_code != after.verify_code


# --- A letter that changes while it is read


def test_words_list_and_code_on_paper_are_of_one_moment(letter, now):
    signature = factories.accepted(letter, "Anchor Aid")
    read = opened(letter)  # as a page has it that is slow to go on
    amended(letter, now)
    amending.reaffirm_for(signature, note="By telephone.", actor=None, at=now)
    paper = papers.paper_of(read)
    state = letter.list_states.latest("revision")
    assert (paper.version, paper.digest) == (2, state.version.digest)
    assert paper.verify_code == keys.grouped_code(state.code) and paper.names == 1


def test_who_signed_another_text_stands_under_no_page_of_the_one_before(letter, now):
    signature = factories.accepted(letter, "Anchor Aid")
    read = opened(letter)
    amended(letter, now)
    amending.reaffirm_for(signature, note="By telephone.", actor=None, at=now)
    assert pages.shown_signatures(read) == []
    assert list(export.rows(read)) == []
    assert [row.name for row in pages.shown_signatures(opened(letter))] == ["Anchor Aid"]


def test_a_letter_that_was_read_before_the_list_changed_is_read_again(letter, now):
    factories.accepted(letter, "Anchor Aid", named=True)
    amended(letter, now)
    read = opened(letter)  # with one under the earlier text
    amending.reaffirm_for(letter.signatures.get(), note="By telephone.", actor=None, at=now)
    paper = papers.paper_of(read)
    assert (paper.signature_count, paper.earlier_count, paper.names) == (1, 0, 1)


def test_no_cache_goes_on_showing_the_document_of_a_long_list(client, long, now):
    tasks.make_documents(at=now)
    held = client.get(address(long, "txt")).headers["Cache-Control"]
    assert "s-maxage=" in held and "stale" not in held


def test_what_two_workers_wrote_at_once_does_not_stay(long, now):
    tasks.make_documents(at=now)
    stray = kept.newest(opened(long), "en", "txt").name.replace(".txt", "_a1b2C3d.txt")
    kept.default_storage.save(stray, ContentFile(b"Anchor Aid"))
    kept.make(opened(long), "en")
    assert not kept.default_storage.exists(stray)
    kept.default_storage.save(stray, ContentFile(b"Anchor Aid"))
    kept.remove_all(long.pk)
    assert not kept.default_storage.exists(stray)


@pytest.mark.parametrize("form", FORMS)
def test_a_letter_has_no_document_in_a_language_that_it_does_not_have(client, letter, form):
    assert client.get(reverse(f"letter_in_{form}", args=[letter.slug, "en"])).status_code == 200
    assert client.get(reverse(f"letter_in_{form}", args=[letter.slug, "tlh"])).status_code == 404


def test_the_desk_names_the_characters_that_no_typeface_has(client, editor, letter):
    factories.accepted(letter, "Ship 🚢 Aid")
    client.force_login(editor)
    page = client.get(reverse("admin:letters_letter_change", args=[letter.pk])).content.decode()
    assert "[U+1F6A2 SHIP]" in page


def in_french(letter, now):
    write(letter, "fr", now)
    translating.publish_translations(letter, actor=None, at=now)
    return Letter.objects.get(pk=letter.pk)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("at_once", [1000, 0])
def test_each_address_gives_the_text_of_its_language(client, letter, form, at_once, now, settings):
    settings.DOCUMENT_AT_ONCE = at_once
    factories.accepted(letter, "Anchor Aid")
    in_french(letter, now)
    assert tasks.make_documents(at=now) == (0 if at_once else 6)
    own = address(letter, form)
    for place, language, words in (
        (own, "en", "Keep the ferries running"),
        (f"/fr{own}", "fr", "Gardez les bacs"),
        (f"/ru{own}", "en", "Keep the ferries running"),
    ):
        response = client.get(place)
        assert response.headers["Content-Language"] == language
        assert f"-{language}.{form}" in response.headers["Content-Disposition"]
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert words in words_of(content, form)


def test_a_kept_document_of_a_text_that_changed_is_served_no_more(client, long, now):
    tasks.make_documents(at=now)
    corrected(long, now, closing="Yours truly,")
    assert client.get(address(long)).status_code == 503
    tasks.make_documents(at=now)
    assert "Yours truly," in words_of(got(client, long, "txt"), "txt")


def test_names_under_an_earlier_text_make_a_list_long(client, long, now):
    letter = amended(long, now)
    assert letter.listed_count == 0 and kept.is_long(letter)
    assert client.get(address(long)).status_code == 503


def test_a_list_that_grows_all_the_time_is_set_once_a_minute(long, now):
    tasks.make_documents(at=now)
    factories.accepted(long, "Dune Defence")
    assert tasks.make_documents(at=now + kept.PAUSE / 2) == 0
    assert tasks.make_documents(at=now + kept.PAUSE * 2) == 3


def test_what_a_killed_worker_did_not_remove_is_not_served(client, long, now):
    tasks.make_documents(at=now)
    old = kept.newest(long, "en", "txt")
    with kept.default_storage.open(old.name, "rb") as file:
        content = file.read()
    etag = client.get(address(long, "txt")).headers["ETag"]
    factories.accepted(long, "Dune Defence")
    tasks.make_documents(at=now + timedelta(minutes=2))
    kept.default_storage.save(old.name, ContentFile(content))
    assert "Dune Defence" in words_of(got(client, long, "txt"), "txt")
    answer = client.get(address(long, "txt"), headers={"If-None-Match": etag})
    assert answer.status_code == 200 and answer.headers["ETag"] != etag
