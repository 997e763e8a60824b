"""Several people at the desk at once, and what the queue warns of: nothing is put over somebody's work unseen."""

import pytest
from django.test import Client
from django.urls import reverse

from letters.models import Addressee, Event, Group, Letter
from letters.services import life, writing
from tests import factories
from tests.conftest import person
from tests.test_concurrency import at_once, many  # noqa: F401
from tests.test_desk import again, at, desk, post, queue, typed  # noqa: F401

pytestmark = pytest.mark.django_db
QUEUE = "admin:signatories_signature_changelist"


def words(letter, **words):
    writing.write_text(letter, language="en", words=words, actor=None, at=letter.created_at)


def test_what_somebody_wrote_meanwhile_is_not_put_over(desk, draft):  # noqa: F811
    stale = typed(desk.get(at(draft)))
    words(draft, body="<p>Written by another.</p>")
    answer = desk.post(at(draft), stale | {"texts-0-place": "Elsewhere"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "changed this letter" in page and "Nothing is saved yet" in page
    assert 'value="Elsewhere"' in page  # what was typed is there
    assert again(draft).text.body == "<p>Written by another.</p>"
    assert again(draft).text.place != "Elsewhere"
    known = typed(answer)  # saving once more is a decision, by somebody who knows
    assert desk.post(at(draft), known).status_code == 302
    assert again(draft).text.place == "Elsewhere"


def test_ones_own_saves_do_not_stand_in_the_way(desk, draft):  # noqa: F811
    for place in ("One", "Two"):
        assert post(desk, draft, texts__0__place=place).status_code == 302
    assert again(draft).text.place == "Two"


def test_signatures_that_come_in_do_not_stand_in_the_way(desk, letter):  # noqa: F811
    stale = typed(desk.get(at(letter)))
    factories.accepted(letter, "Tide Watch")
    assert desk.post(at(letter), stale | {"contact_name": "Desk"}).status_code == 302
    assert again(letter).contact_name == "Desk"


def test_words_typed_while_the_letter_was_opened_are_not_lost(desk, draft, now):  # noqa: F811
    stale = typed(desk.get(at(draft)))
    life.circulate(draft, actor=None, at=now)
    answer = desk.post(at(draft), stale | {"texts-0-title": "A better title", "slug": "moved"})
    page = answer.content.decode()
    assert "Its words are frozen now" in page
    assert "A better title</textarea>" in page
    assert again(draft).slug == draft.slug  # nothing is saved by halves
    assert again(draft).text.title == draft.title


def test_the_record_can_bring_back_what_was_there(desk, draft):  # noqa: F811
    before = draft.text.body
    words(draft, body="<p>New.</p>")
    event = Event.objects.filter(kind="text.written").latest("id")
    assert (event.before["body"], event.after["body"]) == (before, "<p>New.</p>")
    assert "New." in desk.get(at(event)).content.decode()


def test_a_new_group_is_offered_the_place_after_the_others(desk, draft):  # noqa: F811
    page = desk.get(at(draft)).content.decode()
    last = max(Group.objects.filter(letter=draft).values_list("position", flat=True))
    assert f'name="groups-__prefix__-position" value="{last + 1}"' in page
    assert page.count('name="groups-0-DELETE" type="checkbox"') == 0
    new = {f"groups-{n}-heading": name for n, name in ((3, "Africa"), (4, "Asia"))}
    new |= {f"groups-{n}-position": str(last + 1) for n in (3, 4)} | {"groups-TOTAL_FORMS": "5"}
    data = typed(desk.get(at(draft))) | new
    assert desk.post(at(draft), data).status_code == 302
    own = Group.objects.filter(letter=draft, kind="own").order_by("position")
    assert [(group.heading, group.position) for group in own] == [("Africa", last + 1), ("Asia", last + 2)]


def test_an_addressee_of_nothing_but_an_address_is_refused_in_words(desk, draft):  # noqa: F811
    row = {"addressees-1-email": "a@b.example", "addressees-TOTAL_FORMS": "2", "addressees-1-position": "1"}
    page = desk.post(at(draft), typed(desk.get(at(draft))) | row).content.decode()
    assert "Give a name, a function or a body." in page
    assert "Constraint" not in page
    assert Addressee.objects.filter(letter=draft).count() == 1


def test_the_queue_warns_of_the_same_name_from_another_country(queue, letter):  # noqa: F811
    first = factories.accepted(letter, "Alder Clinic", country="IE")
    factories.confirmed(letter, "Alder Clinic", country="GB")
    page = queue.get(reverse(QUEUE)).content.decode()
    assert "the same name is on this letter already: Ireland" in page
    assert at(first) in page


def test_who_reviews_is_told_of_no_draft(queue, draft, letter):  # noqa: F811
    Letter.objects.filter(pk=draft.pk).update(slug="a-secret-plan")
    words(draft, title="A secret plan")
    assert "A secret plan" not in queue.get(reverse(QUEUE)).content.decode()


def test_of_two_who_save_in_one_moment_the_second_is_told(many):  # noqa: F811
    """Both pages were opened before; the letter's row makes one wait for the other."""
    draft, pages = factories.letter(), []
    for name in ("edda", "emil"):
        own = Client()
        own.force_login(person(name, "editor"))
        pages.append((own, typed(own.get(at(draft))) | {"texts-0-place": f"Of {name}"}))
    answers = at_once(
        [lambda own=own, data=data: own.post(at(draft), data).status_code for own, data in pages]
    )
    assert sorted(answers) == [200, 302]


@pytest.mark.parametrize("seen", ["9" * 5000, "x", "-1", ""])
def test_a_made_up_mark_of_what_was_seen_breaks_nothing(desk, draft, seen):  # noqa: F811
    assert desk.post(at(draft), typed(desk.get(at(draft))) | {"seen": seen}).status_code == 302


def test_no_search_for_a_nul(desk):  # noqa: F811
    assert desk.get("/admin/letters/event/?subject=x%00").status_code == 400
