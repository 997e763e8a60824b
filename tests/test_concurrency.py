"""One organisation, one signature: under real simultaneous attempts, on PostgreSQL."""

import threading
from functools import partial

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import connection, connections
from django.test import RequestFactory
from django.utils import timezone

from letters.models import Update
from letters.services import following
from letters.services.errors import Refused
from signatories.models import Organisation, Representative, Signature
from signatories.services import by_link, review, signing
from tests import factories

ATTEMPTS = 50


def at_once(acts):
    """Runs all acts at the same moment, each on its own connection; what each gave or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        barrier.wait()
        try:
            results[index] = act()
        except Refused as refusal:
            results[index] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    [thread.start() for thread in threads]
    [thread.join(120) for thread in threads]
    return results


@pytest.fixture
def many(settings, transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("simultaneous writers are PostgreSQL's; SQLite takes one at a time")
    settings.SIGN_LIMIT_LETTER = 10_000


def spelling(n):
    return ["Tide Watch", "tide watch", "The Tide Watch", "Tide  Watch ", "TIDE-WATCH"][n % 5]


def test_fifty_attempts_give_one_signature(many):
    """New to the directory, under five spellings, from fifty people."""
    letter = factories.released(policy="confirmed")
    people = [factories.application(spelling(n)) for n in range(ATTEMPTS)]
    made = at_once([lambda p=p: signing.sign(letter, p, version=1, at=timezone.now()) for p in people])
    assert all(isinstance(row, Signature) for row in made), made
    assert Organisation.objects.count() == 1
    assert letter.signatures.active().filter(rival_of=None).count() == 1

    confirmed = at_once(
        [lambda s=s: by_link.confirm(s.keys.get(purpose="confirm"), at=timezone.now()) for s in made]
    )
    assert all(isinstance(row, Signature) for row in confirmed), confirmed
    assert letter.signatures.listed().count() == 1
    letter.refresh_from_db()
    assert letter.signature_count == 1

    at_once([lambda s=s: review.accept(s, actor=None, at=timezone.now()) for s in made])
    assert letter.signatures.listed().count() == 1
    assert Representative.objects.count() == ATTEMPTS


def test_fifty_different_organisations_are_all_counted(many):
    letter = factories.released(policy="confirmed")
    made = [factories.unconfirmed(letter, f"Group {n}") for n in range(ATTEMPTS)]
    at_once([lambda s=s: by_link.confirm(s.keys.get(purpose="confirm"), at=timezone.now()) for s in made])
    letter.refresh_from_db()
    assert letter.signature_count == letter.signatures.listed().count() == ATTEMPTS


def test_a_double_click_is_one_signature(many):
    letter = factories.released()
    person = factories.application("Tide Watch", email="ines@tide.example")
    made = at_once([lambda: signing.sign(letter, person, version=1, at=timezone.now())] * 8)
    assert {row.pk for row in made} == {letter.signatures.get().pk}


def test_a_confirm_key_is_used_up_by_one_of_many(many):
    letter = factories.released()
    signature = factories.unconfirmed(letter)
    key = signature.keys.get(purpose="confirm")
    results = at_once([lambda: by_link.confirm(key, at=timezone.now())] * 8)
    assert sum(isinstance(result, Signature) for result in results) == 1


def test_a_button_and_a_form_of_the_desk_wait_for_each_other(many):
    """Locks are taken in one order, the letter's first: neither act is thrown out by the database."""
    letter = factories.released()
    desk = admin.site.get_model_admin(Update)
    publish = next(step for step in desk.steps if step.verb == "publish")
    for number in range(8):
        now = timezone.now()
        row = Update(letter=letter, title=f"News {number}", body="<p>Read.</p>", dated=now.date())
        following.write(row, actor=None, at=now)
        request = RequestFactory().post("/", {"seen": publish.mark(row)})
        request.user = AnonymousUser()
        mine, theirs = (Update.objects.get(pk=row.pk) for _one in range(2))
        theirs.title += " again"
        acts = [
            partial(desk.done, publish, mine, request, {}),
            partial(following.write, theirs, correction="The title.", actor=None, at=timezone.now()),
        ]
        assert all(result is not None for result in at_once(acts))
