"""What somebody tried against us once, each as a test."""

import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from letters import outbox, texts
from letters.models import Message
from letters.network import client_address
from letters.pagecache import shelf
from letters.services.errors import Refused
from signatories import matching, tasks
from signatories.fields import tidy
from signatories.management.commands.worker import Command
from signatories.models import Organisation
from signatories.reading import Unreadable, read_file
from signatories.services import by_link, review
from tests import factories
from tests.smtp import Postbox, Server
from tests.test_sign_pages import post


def key_of(signature, purpose="confirm"):
    return signature.keys.filter(purpose=purpose).latest("id")


def test_a_message_that_cannot_be_sent_does_not_stop_the_others(letter, settings):
    postbox = Postbox()
    with Server(postbox) as url:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(url.rpartition(":")[2])
        for address in ('"a\x0bBcc:v@x.example"@evil.example', "good@fine.example"):
            context = {"signatory": "G", "reason": "R"}
            outbox.queue("refused", address, at=timezone.now(), language="en", letter=letter, context=context)
        while outbox.send_due(worker="w"):
            pass
    states = dict(Message.objects.values_list("recipient", "state"))
    assert states["good@fine.example"] == "sent"
    assert sorted(states.values()) == ["failed", "sent"]


@pytest.mark.parametrize(
    "address", ['"a\x0bBcc:v@x.example"@evil.example', '"quoted words"@evil.example', "a\u2028b@evil.example"]
)
def test_no_address_that_could_break_a_header_is_taken(letter, client, address):
    assert post(client, letter, email=address).status_code == 422


def test_a_monstrous_name_is_refused_at_once(letter, client):
    begun = time.perf_counter()
    assert post(client, letter, organisation="a" + "\u0301\u0323" * 10_000).status_code in (413, 422)
    assert client.post(f"/letters/{letter.slug}/sign/", {"organisation": "x" * 100_000}).status_code == 413
    assert time.perf_counter() - begun < 5  # it was minutes; no figure of speed


def test_sending_the_form_again_never_shows_a_withheld_name(letter):
    first = factories.unconfirmed(letter, "Safe House", email="info@safe.example", visibility="withheld")
    old = key_of(first)
    again = factories.unconfirmed(
        letter, "Safe House", email="INFO@safe.example", visibility="public", representative_name="Mallory"
    )
    assert again == first
    assert again.visibility == "withheld"
    assert not first.keys.filter(
        pk=old.pk
    ).exists()  # a page that stands open confirms nothing it did not show
    by_link.confirm(key_of(first), at=timezone.now())
    first.refresh_from_db()
    assert first.visibility == "withheld"


def test_sending_the_same_again_keeps_the_first_link(letter):
    person = {"email": "info@safe.example", "representative_name": "Ines"}
    first = factories.unconfirmed(letter, "Safe House", **person)
    old = key_of(first)
    factories.unconfirmed(letter, "Safe House", **person)
    assert by_link.confirm(old, at=timezone.now()) == first


def test_signing_early_is_no_way_to_watch_who_signs(letter, now):
    squatter = factories.unconfirmed(letter, "Quiet Lake", email="eve@evil.example")
    factories.confirmed(letter, "Quiet Lake", visibility="withheld", email="director@lake.example")
    tasks.tell_earlier_representatives(at=now)
    assert not Message.objects.filter(kind="second_attempt", recipient="eve@evil.example").exists()
    squatter.refresh_from_db()
    assert squatter.rival_of is not None


def test_a_confirmed_outsider_does_not_hear_of_a_withheld_attempt(letter, now):
    factories.confirmed(letter, "Quiet Lake", email="eve@evil.example")
    factories.confirmed(letter, "Quiet Lake", visibility="withheld", email="director@lake.example")
    tasks.tell_earlier_representatives(at=now)
    assert not Message.objects.filter(kind="second_attempt").exists()


def test_an_acronym_typed_by_anybody_takes_nobodys_name(letter):
    factories.accepted(letter, "Pyramid Promotions", acronym="Civic Lantern Trust")
    real = factories.accepted(letter, "Civic Lantern Trust")
    assert real.organisation.name == "Civic Lantern Trust"
    assert letter.signatures.listed().count() == 2


def test_what_an_editor_accepts_is_what_the_editor_saw(letter, now):
    signature = factories.confirmed(letter, "Kind Bakers")
    by_link.propose_correction(key_of(signature, "manage"), name="Unkind Bakers", acronym="", at=now)
    accepted = review.accept(signature, actor=None, at=now)
    assert accepted.name == "Kind Bakers"


def test_a_correction_cannot_become_another_organisation(letter, now):
    factories.accepted(letter, "Tide Watch")
    signature = factories.accepted(letter, "Zzz Placeholder")
    by_link.propose_correction(key_of(signature, "manage"), name="Tide Watch", acronym="", at=now)
    with pytest.raises(Refused, match="another organisation"):
        review.settle_correction(signature, taken=True, actor=None, at=now)


def test_the_organisations_own_domain_goes_before_a_squatter(db, now):
    letter = factories.released(at=now, policy="known_domain")
    factories.organisation("Ballast Centre", country="PT", domains=["ballast.example"])
    squatter = factories.confirmed(letter, "Ballast Centre", email="squat@evil.example")
    real = factories.confirmed(letter, "Ballast Centre", email="director@ballast.example")
    squatter.refresh_from_db()
    assert (real.state, real.rival_of, squatter.rival_of) == ("accepted", None, real)


@pytest.mark.parametrize(
    "trick",
    [
        "Tide\u3164Watch",
        "Tide\u115fWatch",
        "Tide\u034f Watch",
        "Tide\u200b Watch",
        "T\u0456de Watch",
        "Tide W\u0430tch",
        "\uff34ide Watch",
    ],
)
def test_invisible_and_lookalike_letters_make_no_second_organisation(trick):
    assert matching.normalise(trick) == matching.normalise("Tide Watch")


def test_a_name_of_nothing_visible_is_no_name():
    assert tidy("\u3164\u3164") == ""


def test_the_address_of_an_organisation_tells_nothing_of_hidden_ones(letter):
    factories.withheld(letter, "Night Boat", country="DE")
    listed = factories.accepted(letter, "Night Boat", country="PT")
    assert Organisation.objects.get(pk=listed.organisation_id).slug == "night-boat"


def test_signing_in_at_the_desk_is_limited(client, administrator, settings):
    settings.LOGIN_LIMIT = 3
    for _ in range(3):
        client.post("/admin/login/", {"username": "ada", "password": "wrong"})
    response = client.post("/admin/login/", {"username": "ada", "password": "a long password 1"})
    assert response.status_code == 200
    assert "too many tries" in response.content.decode()
    assert User.objects.get(username="ada").last_login is None


def test_a_visitors_cookie_changes_no_public_page(letter, client):
    client.cookies["sessionid"] = "made-up"
    response = client.get(letter.get_absolute_url())
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_made_up_query_strings_do_not_fill_the_memory(letter, client, settings):
    settings.PAGE_CACHE_SECONDS = 1
    client.get(letter.get_absolute_url() + "?x=" + "y" * 1000)
    assert shelf.entries == {}


def test_deep_markup_and_hostile_notes_are_only_words():
    assert "words" in texts.clean("<blockquote>" * 3000 + "words" + "</blockquote>" * 3000)
    assert texts.render("<p>" + "^[a" * 3000 + "</p>").count("^[") == 3000
    href = texts.render('<p><a href="https://e.example/^[zz]">words</a></p>')
    assert href == '<p><a href="https://e.example/^[zz]">words</a></p>'


def test_a_search_of_many_words_stays_small(letter, client, now):
    for n in range(8):
        letter.addressees.create(name=f"a e i o {n}", body="n t r s", is_copy=True)
    begun = time.perf_counter()
    assert client.get("/?q=a+e+i+o+n+t+r+s").status_code == 200
    assert time.perf_counter() - begun < 5  # it was a quarter of an hour


def test_a_hostile_list_is_refused_with_a_sentence():
    with pytest.raises(Unreadable, match="60,000"):
        read_file("list.txt", b"a, " * 100_000)


def test_dual_stack_addresses_count_as_what_they_are(rf, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    request = rf.get(
        "/", REMOTE_ADDR="::ffff:127.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, ::ffff:1.2.3.4"}
    )
    assert client_address(request) == "1.2.3.4"
    assert (
        client_address(rf.get("/", REMOTE_ADDR="9.9.9.9", headers={"X-Forwarded-For": "1.2.3.4"}))
        == "9.9.9.9"
    )


def test_a_number_too_large_for_any_row_is_a_bad_request(client, editor):
    client.force_login(editor)
    assert client.get("/admin/letters/event/?actor=99999999999999999999999").status_code < 500
    assert client.get("/letters/x/versions/99999999999999999999999/text.txt").status_code == 404


def test_a_timed_task_that_fails_does_not_stop_the_worker(db, monkeypatch):

    def broken(*, at):
        raise RuntimeError

    Command().timed(broken, at=timezone.now() + timedelta(0))
