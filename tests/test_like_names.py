"""Signing under a name like one of the directory: "Do you mean …?" before a second entry is made."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from letters.models import Letter
from signatories.models import Organisation, Signature
from signatories.services import by_link, directory
from signatories.suggestions import suggest
from tests import factories
from tests.test_sign_pages import post

LISTED = "Lantern Society of Merrow"


@pytest.fixture
def listed(letter):
    """An organisation that anybody can see, for its signature of another letter."""
    earlier = factories.released(title="An earlier letter")
    return factories.accepted(earlier, LISTED, acronym="LSM", country="PT").organisation


def question(page):
    """The choices of "Do you mean one of these?", by their values."""
    html = page.content.decode()
    return dict(re.findall(r'name="meant" value="([^"]+)".*?<label[^>]*>\s*(.*?)</label>', html, re.DOTALL))


def test_a_like_name_is_asked_about_and_nothing_typed_is_lost(letter, listed, client):
    page = post(client, letter, organisation="Lantern Societty of Merrow", acronym="LSM")
    assert page.status_code == 422
    assert list(question(page)) == [listed.slug, "-"]
    assert LISTED in question(page)[listed.slug]
    assert "Portugal" in question(page)[listed.slug]
    html = page.content.decode()
    assert 'value="Lantern Societty of Merrow"' in html
    assert 'value="ines@tide.example"' in html
    assert not letter.signatures.exists()


def test_the_one_that_is_chosen_signs(letter, listed, client):
    answer = post(client, letter, organisation="Lantern Societty of Merrow", acronym="", meant=listed.slug)
    assert answer.status_code == 303
    signature = letter.signatures.get()
    assert (signature.organisation, signature.name, signature.acronym) == (listed, LISTED, "LSM")
    assert signature.unlike is None


def test_who_insists_signs_and_waits_for_an_editor(now, listed, client, django_user_model, admin_client):
    letter = factories.released(at=now, title="Another letter", policy=Letter.Policy.CONFIRMED)
    answer = post(client, letter, organisation="Lantern Societty of Merrow", acronym="LSM", meant="-")
    assert answer.status_code == 303
    signature = letter.signatures.get()
    assert signature.organisation != listed
    assert signature.unlike == listed
    by_link.confirm(signature.keys.get(purpose="confirm"), at=timezone.now())
    signature.refresh_from_db()
    assert signature.state == Signature.State.CONFIRMED
    queue = admin_client.get(
        reverse("admin:signatories_signature_changelist") + "?note=like"
    ).content.decode()
    assert f"its representative says that it is not {LISTED} (LSM)" in queue


@pytest.mark.parametrize("name", [LISTED, f"The {LISTED}, e.V.", LISTED.upper()])
def test_the_same_name_is_not_asked_about(letter, listed, client, name):
    assert post(client, letter, organisation=name, acronym="LSM").status_code == 303
    assert letter.signatures.get().organisation == listed


def test_another_name_that_the_directory_knows_is_not_asked_about(letter, listed, client):
    directory.save_organisation(
        listed, others=["Old Lamp Keepers"], domains=[], actor=None, at=timezone.now()
    )
    directory.verify(listed, actor=None, at=timezone.now())
    assert post(client, letter, organisation="Old Lamp Keepers", acronym="LSM").status_code == 303
    assert letter.signatures.get().organisation == listed


def test_a_name_that_changes_after_the_question_is_asked_about_anew(letter, listed, client):
    other = factories.accepted(
        factories.released(title="A third letter"), "Tideland Watchers of Merrow", acronym="TWM", country="PT"
    ).organisation
    page = post(client, letter, organisation="Tideland Watchrs of Merrow", acronym="TWM", meant=listed.slug)
    assert page.status_code == 422
    assert other.slug in question(page)


def test_hidden_organisations_neither_stand_in_the_question_nor_keep_it_away(letter, client):
    factories.organisation(LISTED, acronym="LSM", country="PT")
    factories.withheld(letter, "Lantern Circle of Merrow", acronym="LCM", country="PT")
    factories.confirmed(letter, "Lantern Ring of Merrow", acronym="LRM", country="PT")
    for name, acronym in [
        (LISTED + "e", "LSM"),
        ("Lantern Circles of Merrow", "LCM"),
        ("Lantern Rings of Merrow", "LRM"),
    ]:
        assert post(client, letter, organisation=name, acronym=acronym).status_code == 303, name
    # A hidden entry of just that name does not keep a question away that a public one brings.
    shown = factories.accepted(
        factories.released(title="An earlier letter"),
        "Ferry Travellers of Merrow",
        acronym="FTM",
        country="PT",
    ).organisation
    factories.organisation("Ferry Travelers of Merrow", acronym="FTM", country="PT")
    page = post(client, letter, organisation="Ferry Travelers of Merrow", acronym="FTM")
    assert list(question(page)) == [shown.slug, "-"]


def test_an_organisation_that_goes_takes_no_signature_with_it(letter, listed, client):
    post(client, letter, organisation="Lantern Societty of Merrow", acronym="LSM", meant="-")
    Signature.objects.filter(organisation=listed).delete()
    Organisation.objects.get(pk=listed.pk).delete()
    assert letter.signatures.get().unlike is None


def test_an_individual_is_not_asked(now, listed, client):
    letter = factories.released(at=now, accepts="both")
    page = client.get(reverse("sign", args=[letter.slug]) + "?as=individual").content.decode()
    assert 'name="meant"' not in page


def test_no_country_tells_where_a_hidden_one_of_a_listed_name_is(letter, client):
    """A public one without a country fits every country; so does the answer, though a hidden one of the name is in one."""
    factories.accepted(letter, "Buoy Keepers", country="")
    hidden = factories.organisation("Buoy Keepers", country="KE", verified=False)
    said = {}
    for country in ("KE", "PT", "FR"):
        page = post(client, letter, organisation="Buoy Keepers", acronym="", country=country)
        said[country] = (page.status_code, "has signed this letter already" in page.content.decode())
    assert set(said.values()) == {(422, True)}
    assert not hidden.signatures.exists()


def test_a_quiet_name_of_a_known_organisation_is_suggested_to_nobody(letter, listed, client):
    directory.verify(listed, actor=None, at=timezone.now())
    listed.refresh_from_db()
    directory.save_organisation(
        listed,
        others=["Merrow Lamps"],
        quiet=["Zebulon Underground"],
        domains=[],
        actor=None,
        at=timezone.now(),
    )
    assert suggest("Merrow Lampps", at=timezone.now())  # the one that anybody may know is found
    assert suggest("Zebulon Underground", at=timezone.now()) == []
    assert suggest("Zebulon Undergroundd", at=timezone.now()) == []
    assert post(client, letter, organisation="Zebulon Undergroundd", country="PT").status_code == 303


def test_a_quiet_name_opens_nothing_to_who_signs(letter, client):
    listed = factories.accepted(letter, "Lowland Rivers Network", country="PT").organisation
    directory.verify(listed, actor=None, at=timezone.now())
    directory.save_organisation(
        listed, others=[], quiet=["Zebulon Underground"], domains=[], actor=None, at=timezone.now()
    )
    assert directory.find("Zebulon Underground", country="PT") == listed  # editors and their lists
    assert post(client, letter, organisation="Zebulon Underground", country="PT").status_code == 303


@pytest.mark.parametrize("typed", ["Loud Cay Hostel", "FSN"])
def test_a_hidden_entry_changes_no_answer_to_another_name_of_a_listed_one(letter, client, typed):
    listed = factories.accepted(
        letter, "Fellowship of Slow Newsrooms", acronym="FSN", country="PT"
    ).organisation
    directory.verify(listed, actor=None, at=timezone.now())
    listed.refresh_from_db()
    directory.save_organisation(listed, others=["Loud Cay Hostel"], domains=[], actor=None, at=timezone.now())
    before = post(client, letter, organisation=typed, acronym="", country="PT", meant="-")
    factories.organisation("Loud Cay Hostel", acronym="FSN", country="PT")
    after = post(client, letter, organisation=typed, acronym="", country="PT", meant="-")
    assert before.status_code == after.status_code == 422
    assert "has signed this letter already" in after.content.decode()


def test_an_acronym_that_somebody_else_typed_is_not_told_once_the_entry_is_verified(letter):
    factories.unconfirmed(
        letter, "Brass Lantern Institute", acronym="GREENPOST", visibility="withheld", country="PT"
    )
    listed = factories.accepted(letter, "Brass Lantern Institute", acronym="BLI", country="PT").organisation
    directory.verify(Organisation.objects.get(pk=listed.pk), actor=None, at=timezone.now())
    assert suggest("GREENPOST", at=timezone.now()) == []
    assert set(listed.names.values_list("kind", "name")) == {
        ("name", "Brass Lantern Institute"),
        ("acronym", "BLI"),
    }
