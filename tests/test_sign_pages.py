"""Signing through the pages, as a browser without scripts does."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from letters.models import Event, Message, Switch
from letters.services import life
from signatories.models import Signature
from signatories.services import limits, review
from signatories.views.tickets import forms
from tests import factories

State = Signature.State


def form_of(client, address):
    """The values that the form would send by itself."""
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return hidden


def typed(**changes):
    words = {
        "organisation": "Tide Watch",
        "acronym": "TW",
        "country": "PT",
        "website": "tide.example",
        "representative_name": "Ines Quillfeather",
        "representative_role": "Coordinator",
        "email": "ines@tide.example",
        "visibility": "public",
        "authority": "on",
        "consent": "on",
    }
    return {key: value for key, value in (words | changes).items() if value is not None}


def post(client, letter, **changes):
    address = reverse("sign", args=[letter.slug])
    return client.post(address, form_of(client, address) | typed(**changes))


def test_the_whole_way_from_the_form_to_the_list(letter, client, editor):
    response = post(client, letter)
    assert response.status_code == 303
    assert response["Location"] == f"/letters/{letter.slug}/sign/received/"
    assert "e-mail" in client.get(response["Location"]).content.decode()
    link = factories.link_in(factories.send_mail()[-1], "/confirm/")
    assert "Tide Watch" in client.get(link).content.decode()
    assert letter.signatures.get().state == State.UNCONFIRMED
    assert client.post(link).status_code == 200
    signature = letter.signatures.get()
    assert signature.state == State.CONFIRMED
    receipt = factories.send_mail()[-1]
    assert "keep the ferries" in receipt.body
    private = factories.link_in(receipt, "/signatures/")

    review.accept(signature, actor=editor, at=timezone.now())
    assert "Tide Watch" in client.get(letter.get_absolute_url()).content.decode()
    assert client.get(private).status_code == 200
    step = client.get(private + "?act=withdraw")
    assert step.status_code == 200
    assert client.post(private, {"act": "withdraw"}).status_code == 200
    assert letter.signatures.listed().exists()  # one step is not enough
    client.post(private, {"act": "withdraw", "sure": "1"})
    assert not letter.signatures.listed().exists()
    assert client.get(private).status_code == 404  # the key is dead


def test_following_links_changes_nothing(letter, client):
    post(client, letter)
    confirm = factories.link_in(factories.send_mail()[-1], "/confirm/")
    before = list(Signature.objects.values()), Message.objects.count(), Event.objects.count()
    for _ in range(3):
        client.get(confirm)
        client.head(confirm)
        client.get(confirm + "?act=disown")
    assert before == (list(Signature.objects.values()), Message.objects.count(), Event.objects.count())
    client.post(confirm)
    private = factories.link_in(factories.send_mail()[-1], "/signatures/")
    before = list(Signature.objects.values()), Message.objects.count(), Event.objects.count()
    for query in ("", "?act=withdraw", "?act=withdraw&sure=1", "?act=correct&name=X", "?act=corrected"):
        client.get(private + query)
    assert before == (list(Signature.objects.values()), Message.objects.count(), Event.objects.count())


def test_confirming_twice_says_so_and_does_nothing_more(letter, client):
    post(client, letter)
    link = factories.link_in(factories.send_mail()[-1], "/confirm/")
    client.post(link)
    messages = Message.objects.count()
    assert client.post(link).status_code == 200
    assert client.get(link).status_code == 200
    assert Message.objects.count() == messages


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("organisation", "", "Enter the name of your organisation."),
        ("organisation", "Visit https://spam.example now", "without a web or e-mail address"),
        ("organisation", "— – —", "letters or digits"),
        ("country", "", "Choose the country"),
        ("country", "XX", "Choose a country from the list."),
        ("website", "not a site", "Enter a web address"),
        ("email", "", "Enter your e-mail address"),
        ("email", "ines@tide", "Enter an e-mail address such as"),
        ("representative_name", "", "Enter your name."),
        ("authority", None, "Tick the box to say that you may sign"),
        ("consent", None, "Tick the box to agree"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(letter, client, field, value, words):
    response = post(client, letter, **{field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count(words) >= 2  # in the summary and beside the field
    assert f'href="#id_{field}"' in page
    for kept in ("Tide Watch", "Ines Quillfeather", "ines@tide.example"):
        if kept != typed().get(field):
            assert kept in page
    assert not Signature.objects.exists()


def test_a_long_name_is_refused_with_a_sentence_not_cut(letter, client):
    response = post(client, letter, organisation="A" * 251)
    assert response.status_code == 422
    assert "A" * 251 in response.content.decode()


def test_the_trap_for_robots_loses_nothing(letter, client):
    response = post(client, letter, fax_extension="buy now")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Tide Watch" in page and "buy now" not in page
    assert not Signature.objects.exists()


def test_too_fast_is_asked_again(letter, client, settings):
    settings.SIGN_MIN_SECONDS = 5
    response = post(client, letter)
    assert response.status_code == 422
    assert "faster than a person" in response.content.decode()
    assert "Tide Watch" in response.content.decode()


def test_a_form_without_its_ticket_or_of_another_letter_is_asked_again(letter, client, now):
    other = factories.released(at=now, title="Another letter")
    address = reverse("sign", args=[letter.slug])
    stolen = form_of(client, reverse("sign", args=[other.slug]))
    assert client.post(address, stolen | typed()).status_code == 422
    page = client.post(address, typed() | {"text_version": "1"})
    assert page.status_code == 422
    assert not Signature.objects.exists()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    assert client.post(address, hidden | typed()).status_code == 303


def test_a_limited_visitor_is_told_politely(letter, client, settings):
    settings.SIGN_LIMIT_ADDRESS = 1
    assert post(client, letter).status_code == 303
    response = post(client, letter, organisation="Second Group", email="b@second.example")
    assert response.status_code == 429
    assert "Second Group" in response.content.decode()
    assert Signature.objects.count() == 1


def test_a_letter_whose_text_changed_meanwhile_is_shown_again(letter, client):
    address = reverse("sign", args=[letter.slug])
    values = form_of(client, address) | typed() | {"text_version": "7"}
    response = client.post(address, values)
    page = response.content.decode()
    assert response.status_code == 422
    assert "The text has changed" in page
    assert 'name="text_version" value="1"' in page
    assert "Tide Watch" in page


def test_an_organisation_that_is_listed_is_told_so(letter, client):
    factories.accepted(letter, "Tide Watch")
    response = post(client, letter)
    assert response.status_code == 422
    assert "has signed this letter already" in response.content.decode()


@pytest.mark.parametrize("made", ["unconfirmed", "confirmed", "withheld"])
def test_a_pending_or_withheld_one_answers_like_a_first(letter, client, made):
    fresh = post(client, letter, organisation="Fresh Group", email="a@fresh.example")
    getattr(factories, made)(letter, "Tide Watch")
    there = post(client, letter)
    assert (there.status_code, there["Location"]) == (fresh.status_code, fresh["Location"])
    # "Expires" is the second of the answer, which differs by itself.
    assert {k: v for k, v in there.headers.items() if k != "Expires"} == {
        k: v for k, v in fresh.headers.items() if k != "Expires"
    }
    assert there.content == fresh.content


def test_a_post_from_another_site_is_refused(letter, client):
    address = reverse("sign", args=[letter.slug])
    values = form_of(client, address) | typed()
    assert client.post(address, values, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(address, values, headers={"Origin": "https://evil.example"}).status_code == 403
    assert (
        client.post(address, values, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"}).status_code
        == 303
    )


def test_a_closed_letter_says_so(letter, client, now):
    life.close_signing(letter, actor=None, at=now)
    response = client.get(reverse("sign", args=[letter.slug]))
    assert response.status_code == 200
    assert "<form" not in response.content.decode().partition("<main")[2]
    assert client.post(reverse("sign", args=[letter.slug]), typed()).status_code == 200
    assert not Signature.objects.exists()


def test_an_individual_signs(client, now, db):
    letter = factories.released(at=now, accepts="both")
    address = reverse("sign", args=[letter.slug]) + "?as=individual"
    values = form_of(client, address)
    values |= {
        "name": "Ilse Marrow",
        "affiliation": "Ferry pilot",
        "email": "ilse@posteo.de",
        "visibility": "public",
        "consent": "on",
    }
    assert client.post(address, values).status_code == 303
    assert letter.signatures.get().kind == "individual"


def test_signing_by_circulation(circulating, client):
    path = "/" + life.circulation_url(circulating).split("/", 3)[3]
    response = client.post(path + "sign/", form_of(client, path + "sign/") | typed())
    assert response.status_code == 303
    assert response["Location"] == path + "sign/received/"
    assert client.get(response["Location"]).status_code == 200
    assert circulating.signatures.get().name == "Tide Watch"


def test_suggestions_know_only_what_is_public(letter, client):
    factories.accepted(letter, "Harbour Circle of Merrow", acronym="HCM")
    factories.withheld(letter, "Harbour of Secrets")
    factories.organisation("Harbour nobody signed for")
    found = client.get("/organisations/suggest/?q=harb").json()["organisations"]
    assert [item["name"] for item in found] == ["Harbour Circle of Merrow"]
    assert "Harbour Circle of Merrow" in client.get(reverse("sign", args=[letter.slug])).content.decode()


def test_what_a_correction_says(letter, client):
    signature = factories.accepted(letter, "Tide Wacht")
    factories.send_mail()
    private = factories.link_in(factories.send_mail()[-1], "/signatures/")
    page = client.post(private, {"act": "correct", "name": "", "acronym": ""})
    assert page.status_code == 422
    assert client.post(private, {"act": "correct", "name": "Tide Watch", "acronym": ""}).status_code == 303
    signature.refresh_from_db()
    assert signature.proposed_name == "Tide Watch"


def test_a_correction_waits_and_can_be_mended_further(letter, client):
    factories.confirmed(letter, "Tide Wacht", acronym="TW")
    private = factories.link_in(factories.send_mail()[-1], "/signatures/")
    before = client.get(private).content.decode()
    assert "An editor looks at the correction before the name changes." in before
    client.post(private, {"act": "correct", "name": "Tide Watch", "acronym": ""})
    after = client.get(private + "?act=corrected").content.decode()
    assert "Your correction was received." in after and "the last one that you send counts" in after
    assert 'value="Tide Watch"' in after and 'value="Tide Wacht"' not in after and 'value="TW"' not in after
    signature = Signature.objects.get()
    review.settle_correction(signature, taken=False, actor=None, at=timezone.now(), reason="")
    settled = client.get(private + "?act=corrected").content.decode()
    assert "Your correction was received." not in settled and 'value="Tide Wacht"' in settled


def test_the_choice_to_be_withheld_comes_before_what_it_withholds(letter, client, now):
    both = factories.released(at=now, accepts="individuals", slug="people")
    for made in (letter, both):
        page = client.get(reverse("sign", args=[made.slug])).content.decode()
        first = 'name="organisation"' if made is letter else 'name="name"'
        assert page.index('name="visibility"') < page.index(first)
        assert "Public, unless withheld." in page and ">Public.<" not in page


def test_a_letter_that_names_representatives_says_so_beside_their_name(client, now, db):
    asking = factories.released(at=now, asks_names=True)
    page = client.get(reverse("sign", args=[asking.slug])).content.decode()
    assert page.count("Not public, unless you agree below.") == 2  # name and role
    assert page.count("Not public.") == 3  # website, e-mail, wish for news


def test_the_pages_of_signing_lead_back_to_form_and_letter(letter, client):
    assert 'href="../"' in client.get(reverse("received", args=[letter.slug])).content.decode()
    factories.confirmed(letter, "Tide Watch")
    private = client.get(factories.link_in(factories.send_mail()[-1], "/signatures/")).content.decode()
    assert f'href="{letter.get_absolute_url()}"' in private
    assert f'href="{letter.current_version.get_absolute_url()}"' in private


def test_limits_count_together(db, now):
    limit = limits.Limit("address", "203.0.113.7", 2)
    assert [bool(limits.count([limit], at=now)) for _ in range(4)] == [False, False, True, True]
    assert limits.count([limit], at=now + timedelta(hours=1)) == []
    assert limits.forget(at=now + timedelta(days=3)) == 2


def test_a_letter_closed_a_moment_ago_takes_nothing_though_the_page_is_kept(letter, client, settings, now):
    settings.PAGE_CACHE_SECONDS = 60
    assert post(client, letter, organisation="First Ones", email="a@first.example").status_code == 303
    life.close_signing(letter, actor=None, at=now)
    response = post(client, letter)
    assert response.status_code == 200
    assert letter.signatures.count() == 1


@pytest.mark.parametrize("where", ["letter", "site"])
def test_while_signing_is_stopped_a_sent_form_comes_back_with_what_was_typed(letter, client, now, where):
    address = reverse("sign", args=[letter.slug])
    sent = form_of(client, address) | typed(organisation="Tide Watch of the North")
    if where == "letter":
        life.stop_signing(letter, stopped=True, actor=None, at=now)
    else:
        Switch.objects.update_or_create(name=Switch.Name.SIGNING, defaults={"stopped": True})
    response = client.post(address, sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Tide Watch of the North" in page
    assert "does not take signatures at the moment" in page
    assert not letter.signatures.exists()


def test_who_is_told_that_the_organisation_signed_learns_whom_to_write_to(db, client, now):
    letter = factories.released(at=now, contact_email="desk@letters.example")
    factories.accepted(letter, "Tide Watch", country="PT")
    assert "write to desk@letters.example" in post(client, letter).content.decode()


def test_the_form_is_drawn_anew_when_the_letter_has_changed(letter, client, settings, now):
    settings.PAGE_CACHE_SECONDS = 1
    address = reverse("sign", args=[letter.slug])
    first = client.get(address).content
    forms.clear()  # a second later
    with CaptureQueriesContext(connection) as caught:
        again = client.get(address).content
    assert len(caught) == 1  # a look at the letter, no drawing
    assert without_ticket(again) == without_ticket(first)
    life.extend_signing(letter, closes_at=now + timedelta(days=400), actor=None, at=now)
    forms.clear()
    assert without_ticket(client.get(address).content) != without_ticket(first)


def without_ticket(page):
    return re.sub(rb'name="ticket" value="[^"]*"', b"", page)
