"""What the desk's pages say: of names and their directions, of what happened, of empty lists, of what a role may not."""

import re

import pytest
from django.urls import reverse

from letters.models import Event
from signatories.services import by_link, review
from tests import factories

pytestmark = pytest.mark.django_db
QUEUE = "admin:signatories_signature_changelist"


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def words_of(client, url):
    """The page's words, without markup."""
    page = client.get(url).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def test_the_first_page_says_what_was_done_to_whom_and_when(desk, editor, letter, now):
    named = factories.confirmed(letter, "Tide Watch")
    hidden = factories.confirmed(letter, "Hidden Circle", visibility="withheld")
    for signature in (named, hidden):
        review.accept(signature, actor=editor, at=now)
    page = desk.get("/admin/").content.decode()
    address = reverse("admin:signatories_signature_change", args=[named.pk])
    assert f'Signature accepted: <a href="{address}"><bdi>Tide Watch</bdi></a>' in page
    assert "a withheld name" in page and "Hidden Circle" not in page
    assert f"<bdi>{letter}</bdi>" in page and re.search(r"minutes? ago", page.replace("\xa0", " "))


def test_an_event_is_headed_by_words_and_a_name(desk, letter, now):
    signature = factories.accepted(letter, "Tide Wacht")
    key = signature.keys.filter(purpose="manage").latest("id")
    by_link.propose_correction(key, name="Tide Watch", acronym="", at=now)
    event = Event.objects.get(kind="signature.correction_proposed")
    page = desk.get(reverse("admin:letters_event_change", args=[event.pk])).content.decode()
    assert "<title>Tide Wacht · Correction asked for ·" in page
    assert "<h1>Correction asked for</h1>" in page and "<h2>Tide Wacht</h2>" in page
    assert "correction_proposed" not in page
    record = desk.get(reverse("admin:letters_event_changelist"), {"subject": signature.ref}).content.decode()
    assert "<bdi>Tide Wacht</bdi></a>" in record and f">{signature.ref}<" not in record


def test_an_event_about_a_row_that_is_gone_still_says_what_it_was_about(desk, letter, now):
    event = Event.objects.create(kind="message.resent", subject="message:12", at=now)
    assert "message #12" in words_of(desk, reverse("admin:letters_event_change", args=[event.pk]))
    gone = Event.objects.create(kind="organisation.deleted", subject="organisation:99", at=now)
    assert "organisation #99" in words_of(desk, reverse("admin:letters_event_change", args=[gone.pk]))


def test_an_empty_list_says_so_and_offers_no_action(desk, letter):
    assert "Nothing waits for review." in words_of(desk, reverse(QUEUE))
    assert 'name="action"' not in desk.get(reverse(QUEUE)).content.decode()
    factories.confirmed(letter, "Tide Watch")
    found = desk.get(reverse(QUEUE), {"q": "nobody"}).content.decode()
    assert "Nothing fits this search" in found and '<a href="?">' in found and 'name="action"' not in found
    assert 'name="action"' in desk.get(reverse(QUEUE)).content.decode()


def test_a_row_of_the_queue_names_its_columns(desk, letter):
    factories.confirmed(letter, "رابطة طريق الملح", acronym="LRS")
    page = desk.get(reverse(QUEUE)).content.decode()
    assert 'data-label="Letter"' in page and 'data-label="Directory"' in page
    assert "<bdi>رابطة طريق الملح (LRS)</bdi>" in page


def test_a_role_that_may_not_is_told_who_may_and_where_to_go(client, reviewer):
    client.force_login(reviewer)
    response = client.get(reverse("admin:letters_letter_changelist"))
    page = response.content.decode()
    assert response.status_code == 403
    assert "Your role does not open this page" in page and "your role is reviewer" in page
    assert f'href="{reverse(QUEUE)}"' in page and 'action="/admin/logout/"' in page
    assert "came from another site" not in page


def test_the_desks_sections_come_before_the_persons_own_links(desk, letter):
    page = desk.get(reverse("admin:letters_letter_changelist")).content.decode()
    assert page.index('class="desk-nav"') < page.index('id="user-tools"')
    assert page.count('aria-current="page"') == 1
    inside = desk.get(reverse("admin:letters_letter_change", args=[letter.pk])).content.decode()
    assert re.search(r'aria-current="true">Letters</a>', inside)


def test_frozen_words_stand_below_the_forms_headings_with_the_notes_last(desk, now):
    made = factories.released(at=now, body="<h2>Why</h2><p>Keep them.^[Article 4.]</p><h3>And how</h3>")
    page = desk.get(reverse("admin:letters_letter_change", args=[made.pk])).content.decode()
    assert "<h4>Why</h4>" in page and "<h5>And how</h5>" in page
    assert page.index("Keep them.") < page.index("Yours sincerely,") < page.index("Article 4.")
    assert page.count('role="region" tabindex="0" aria-labelledby="addressees-heading"') == 1
