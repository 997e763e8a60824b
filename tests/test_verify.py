"""What a printed code stands for."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letters import keys
from letters.models import Letter, ListState, TextVersion
from letters.services import life, states, writing
from signatories.services import review
from tests import factories
from tests.test_delivery import deliver

pytestmark = pytest.mark.django_db


def latest(letter):
    return letter.list_states.latest("revision")


def shown(client, code):
    return client.get(f"/verify/{code}/")


def next_version(letter, kind, substance, now):
    """A version that follows the current one, and the list's state with it."""
    first = letter.current_version
    version = TextVersion.objects.create(
        letter=letter,
        number=first.number + 1,
        kind=kind,
        substance=substance,
        content=first.content,
        canonical=first.canonical + "x",
        digest="ab" * 32,
        created_at=now,
    )
    Letter.objects.filter(pk=letter.pk).update(current_version=version)
    states.step(letter.pk, at=now)
    return version


def test_a_document_of_the_list_is_known_by_its_code(letter, client, now):
    factories.accepted(letter, "Harbour Assembly")
    factories.withheld(letter, "Hidden Circle")
    response = shown(client, latest(letter).code)
    text = response.content.decode()
    assert response.status_code == 200
    assert letter.title in text and letter.get_absolute_url() in text
    assert "<dd>2, one of them withheld." in text and "This document is on record" in text
    assert "UTC" in text  # as of when, with its time zone
    assert "The list has not changed" in text
    assert "the text as it stands today" in text
    assert "not that of a delivery" in text
    assert letter.current_version.digest[:8] in text
    assert "Hidden Circle" not in text and "Harbour Assembly" not in text


def test_it_says_when_the_list_has_changed_since(letter, client):
    factories.accepted(letter, "Harbour Assembly")
    code = latest(letter).code
    factories.accepted(letter, "Tide Forum")
    text = shown(client, code).content.decode()
    assert "The list has changed" in text
    assert "<dd>1." in text


def test_the_code_of_a_delivery_leads_to_it_and_its_files(letter, client, now):
    factories.accepted(letter, "Harbour Assembly")
    delivery = deliver(letter, now)
    text = shown(client, delivery.code).content.decode()
    assert "is one of those that were delivered on" in text and "Orla Venn" in text
    assert f"/letters/{letter.slug}/deliveries/1/letter-en.pdf" in text
    for file in delivery.files.exclude(form="paper"):
        assert file.digest[:8] in text


def test_it_says_who_has_left_since_the_delivery_as_a_number(letter, client, now):
    gone = factories.accepted(letter, "Harbour Assembly")
    delivery = deliver(letter, now)
    assert "Since this delivery" not in shown(client, delivery.code).content.decode()
    review.withdraw_for(gone, reason="Asked by telephone.", actor=None, at=now + timedelta(hours=1))
    text = shown(client, delivery.code).content.decode()
    assert "Since this delivery one signatory has withdrawn" in text and "Harbour" not in text


def test_the_title_is_in_the_language_of_the_page_where_the_document_has_it(draft, client, now):
    words = {"title": "Gardez les bacs", "body": "<p>Gardez-les.</p>", "state": "ready"}
    writing.write_text(draft, language="fr", words=words, actor=None, at=now)
    life.release(draft, actor=None, at=now)
    code = latest(draft).code
    assert (
        '<h2 lang="fr" dir="ltr">Gardez les bacs</h2>' in client.get(f"/fr/verify/{code}/").content.decode()
    )
    assert '<h2 lang="en" dir="ltr">' in client.get(f"/ar/verify/{code}/").content.decode()


@pytest.mark.parametrize(
    ("kind", "same", "words"),
    [("correction", True, "corrected or translated since"), ("amendment", False, "amended since")],
)
def test_it_says_what_became_of_the_text(letter, client, now, kind, same, words):
    code = latest(letter).code
    next_version(letter, kind, 1 if same else 2, now)
    text = shown(client, code).content.decode()
    assert words in text
    assert "the text as it stands today" not in text
    assert f"/letters/{letter.slug}/versions/1/text.txt" in text
    assert letter.current_version.digest[:8] in text and "abababab" not in text


def test_a_delivery_and_a_state_of_the_list_never_share_a_code(letter, now):
    for n in range(3):
        factories.accepted(letter, f"Harbour {n}")
    codes = [deliver(letter, now).code for _ in range(3)] + [row.code for row in letter.list_states.all()]
    assert len(codes) > 6 and len(set(codes)) == len(codes)


@pytest.mark.parametrize("change", [str.lower, keys.grouped_code, lambda code: f" {code} "])
def test_a_code_may_be_typed_in_any_way(letter, client, change):
    code = latest(letter).code
    response = client.get("/verify/", {"code": change(code)})
    assert (response.status_code, response["Location"]) == (302, f"/verify/{code}/")
    typed = change(code).strip()
    if typed != code:
        assert client.get(f"/verify/{typed}/")["Location"] == f"/verify/{code}/"


def test_letters_that_are_taken_for_digits_are_read_as_such():
    assert keys.typed_code("oil1-0000-0000") == "011100000000"


def test_an_empty_form_is_asked_again(client, db):
    assert client.get("/verify/").status_code == 200
    text = client.get("/verify/?code=").content.decode()
    assert "Type the code first" in text and "letter by letter" not in text
    assert 'aria-describedby="code-fault code-help" aria-invalid="true"' in text


def test_an_unknown_code_gets_a_page_that_helps(client, db):
    response = shown(client, "0" * 12)
    text = response.content.decode()
    assert response.status_code == 404
    assert "no-store" in response["Cache-Control"]
    assert "not one of ours" in text and "letter by letter" in text and 'name="code"' in text
    assert 'id="code-fault"' in text and 'aria-invalid="true"' in text


@pytest.mark.parametrize("code", ["0", "0" * 13, "0" * 400, "ÄÖÜ", "%00", "0000-0000-000O/.."])
def test_what_is_no_code_is_an_unknown_one(client, db, code):
    assert client.get(f"/verify/{code}/", follow=True).status_code == 404


def test_a_code_of_an_embargoed_letter_is_answered_like_one_that_there_never_was(circulating, client, now):
    factories.accepted(circulating, "Embargina Union")
    scheduled = factories.letter(at=now, title="Save the Zanzibarite lines")
    life.release(scheduled, actor=None, at=now, release_at=now + timedelta(days=1))
    unknown = shown(client, "0" * 12).content.decode().replace("0000-0000-0000", "")
    for hidden in (circulating, scheduled):
        code = ListState.objects.filter(letter=hidden).latest("revision").code
        response = shown(client, code)
        assert response.status_code == 404
        assert response.content.decode().replace(keys.grouped_code(code), "").replace(
            code, ""
        ) == unknown.replace("0" * 12, "")


def test_a_withdrawn_letter_says_so_and_shows_nothing_more(letter, client, now):
    factories.accepted(letter, "Harbour Assembly")
    delivery, code = deliver(letter, now), latest(letter).code
    life.withdraw(letter, reason="A figure was wrong.", actor=None, at=now)
    for one in (delivery.code, code):
        response = shown(client, one)
        text = response.content.decode()
        assert response.status_code == 410
        assert "was withdrawn on" in text and "A figure was wrong." in text
        assert "signator" not in text.replace("its signatories are no longer shown", "")
        assert "/deliveries/" not in text


def test_checking_costs_few_queries_however_long_the_list(letter, client, now):
    for n in range(5):
        factories.accepted(letter, f"Harbour {n}")
    delivery = deliver(letter, now)
    with CaptureQueriesContext(connection) as asked:
        shown(client, delivery.code)
    assert len(asked) <= 3
    with CaptureQueriesContext(connection) as asked:
        shown(client, latest(letter).code)
    assert len(asked) <= 3
    with CaptureQueriesContext(connection) as asked:
        shown(client, "0" * 12)
    assert len(asked) <= 2


def test_every_page_leads_to_where_a_document_is_checked(client, db):
    assert 'href="/verify/"' in client.get("/").content.decode()
