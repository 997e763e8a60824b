"""A question about many rows and the same about one have one answer, for every combination of states and times."""

import itertools
from datetime import timedelta

import pytest

from letters.models import Letter
from signatories.models import Signature
from signatories.models.signature import SHOWN
from tests import factories

State, Stage = Signature.State, Letter.Stage
DAY = timedelta(days=1)


def signatures_of_every_kind(letter, at):
    made = []
    kinds = itertools.product(State.values, Signature.Visibility.values, ("", "Other"), (False, True))
    for n, (state, visibility, proposed, rival) in enumerate(kinds):
        organisation = factories.organisation(f"Of every kind {letter.pk} {n}", country="PT")
        signature = Signature(letter=letter, version=letter.current_version, organisation=organisation)
        signature.name, signature.state, signature.visibility = organisation.name, state, visibility
        signature.proposed_name, signature.signed_at, signature.confirmed_at = proposed, at, at
        if rival and state not in SHOWN:
            signature.rival_of = factories.unconfirmed(letter, organisation.name)
        signature.save()
        made.append(signature)
    return made


@pytest.mark.parametrize(
    "word",
    [
        "active",
        "standing",
        "counted",
        "earlier",
        "listed",
        "listed_earlier",
        "in_list",
        "hidden",
        "waiting",
        "public",
    ],
)
def test_signatures(letter, now, word):
    made = signatures_of_every_kind(letter, now)
    signatures_of_every_kind(factories.released(at=now, release_at=None), now)
    Signature.objects.filter(pk__in=[row.pk for row in made[::2]]).update(letter=factories.letter(at=now))
    for at in (now, now - DAY):
        asked = (at,) if word == "public" else ()
        found = set(getattr(Signature.objects, word)(*asked).values_list("pk", flat=True))
        assert found or at != now
        for signature in Signature.objects.select_related("letter"):
            own = getattr(signature, f"is_{word}")
            assert (own(*asked) if asked else own) == (signature.pk in found), (word, signature.state)


@pytest.fixture
def letters_of_every_kind(db, now):
    version = factories.released(at=now).current_version
    times = (None, now - DAY, now, now + DAY)
    rows = []
    for n, (stage, release, opens, closes, stopped) in enumerate(
        itertools.product(Stage.values, times, times, times, (False, True))
    ):
        row = Letter(slug=f"l{n}", stage=stage, release_at=release, opens_at=opens, closes_at=closes)
        row.signing_stopped, row.current_version = stopped, version
        if stage == Stage.WITHDRAWN:
            row.withdrawn_at, row.withdrawal_reason = now, "Overtaken."
        rows.append(row)
    return Letter.objects.bulk_create(row for row in rows if may_be(row))


def may_be(row):
    """Whether the database's constraints allow it."""
    in_order = not (row.opens_at and row.closes_at) or row.opens_at <= row.closes_at
    return in_order and (row.stage != Stage.PUBLISHED or row.release_at is not None)


@pytest.mark.parametrize("word", ["public", "retracted", "known", "signing_open"])
def test_letters(letters_of_every_kind, now, word):
    for at in (now - DAY, now, now + DAY, now + 2 * DAY):
        found = set(getattr(Letter.objects, word)(at).values_list("pk", flat=True))
        for letter in Letter.objects.all():
            assert getattr(letter, f"is_{word}")(at) == (letter.pk in found), (word, letter.stage, at - now)
