"""A letter's life: which step is possible in which stage, what it leaves behind."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from letters import texts
from letters.models import Event, Letter, OldSlug, TextVersion
from letters.services import editing, life, writing
from letters.services.errors import Refused
from letters.tasks import note_releases
from tests import factories

DAY = timedelta(days=1)


def in_stage(stage, now):
    if stage == "draft":
        return factories.letter(at=now)
    if stage == "circulating":
        return factories.circulating(at=now, closes_at=now + 7 * DAY)
    if stage == "scheduled":
        made = factories.letter(at=now, closes_at=now + 7 * DAY)
        return life.release(made, actor=None, at=now, release_at=now + DAY)
    made = factories.released(at=now, closes_at=now + 7 * DAY)
    if stage == "withdrawn":
        return life.withdraw(made, reason="A mistake.", actor=None, at=now)
    return made


VERBS = {
    "circulate": lambda letter, at: life.circulate(letter, actor=None, at=at),
    "release": lambda letter, at: life.release(letter, actor=None, at=at),
    "schedule": lambda letter, at: life.release(letter, actor=None, at=at, release_at=at + DAY),
    "cancel_release": lambda letter, at: life.cancel_release(letter, actor=None, at=at),
    "close": lambda letter, at: life.close_signing(letter, actor=None, at=at),
    "extend": lambda letter, at: life.extend_signing(letter, closes_at=at + 30 * DAY, actor=None, at=at),
    "withdraw": lambda letter, at: life.withdraw(letter, reason="An error of fact.", actor=None, at=at),
    "remake_link": lambda letter, at: life.remake_link(letter, actor=None, at=at),
}
POSSIBLE = {
    "draft": {"circulate", "release", "schedule"},
    "circulating": {"release", "schedule", "close", "extend", "withdraw", "remake_link"},
    "scheduled": {"release", "schedule", "cancel_release", "close", "extend", "withdraw", "remake_link"},
    "published": {"close", "extend", "withdraw"},
    "withdrawn": set(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("stage", POSSIBLE)
@pytest.mark.parametrize("verb", VERBS)
def test_each_step_in_each_stage(stage, verb, now):
    letter = in_stage(stage, now)
    before = Letter.objects.values().get(pk=letter.pk)
    events = Event.objects.count()
    if verb in POSSIBLE[stage]:
        VERBS[verb](letter, now)
        assert Event.objects.count() == events + 1
    else:
        with pytest.raises(Refused):
            VERBS[verb](letter, now)
        assert Letter.objects.values().get(pk=letter.pk) == before
        assert Event.objects.count() == events


@pytest.mark.django_db
@pytest.mark.parametrize("stage", POSSIBLE)
@pytest.mark.parametrize("days", [-1, 0, 1, 6, 7, 8])
def test_questions_about_one_and_about_many_agree(stage, days, now):
    letter = Letter.objects.get(pk=in_stage(stage, now).pk)
    at = now + days * DAY
    for word in ("public", "retracted", "known", "signing_open"):
        many = getattr(Letter.objects, word)(at).filter(pk=letter.pk).exists()
        assert many == getattr(letter, f"is_{word}")(at), (word, stage, days)


def test_opening_freezes_version_one(draft, now):
    letter = life.circulate(draft, actor=None, at=now)
    version = letter.current_version
    assert version.number == 1
    assert version.digest == texts.digest(version.canonical)
    assert "keep the ferries" in version.canonical
    assert "Orla Venn" in version.canonical
    assert "orla.venn@ministry.example" not in version.canonical


@pytest.mark.parametrize("words", [{"title": "Another"}, {"body": "<p>Other words</p>"}, {"closing": "Bye"}])
def test_frozen_words_never_change(letter, now, words):
    with pytest.raises(Refused):
        writing.write_text(letter, language="en", words=words, actor=None, at=now)
    writing.write_text(
        letter, language="fr", words=words, actor=None, at=now
    )  # a working copy; nothing of it is public
    assert Letter.objects.get(pk=letter.pk).current_version.languages == ["en"]
    with pytest.raises(Refused):
        writing.add_addressee(letter, name="One more", actor=None, at=now)


def test_the_note_outside_the_text_may_change(letter, now):
    writing.write_text(
        letter, language="en", words={"standfirst": "<p>Delivered today.</p>"}, actor=None, at=now
    )
    assert letter.texts.get().standfirst == "<p>Delivered today.</p>"
    assert letter.versions.count() == 1


@pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"canonical": "other"}, {"content": {}}])
def test_the_database_refuses_to_change_a_version(letter, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        TextVersion.objects.filter(letter=letter).update(**change)


def test_the_database_refuses_to_change_an_event(letter):
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(letter=letter).update(kind="nothing.happened")


def test_the_database_refuses_a_public_letter_without_a_version(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=draft.pk).update(stage="published")


def test_an_empty_draft_is_not_opened(db, now):
    letter = writing.create_letter(actor=None, at=now, title="Nothing yet")
    with pytest.raises(Refused, match="no text"):
        life.release(letter, actor=None, at=now)


@pytest.mark.django_db
def test_release_at_a_time_passes_without_a_worker(now):
    letter = in_stage("scheduled", now)
    assert not letter.is_public(now)
    assert letter.is_public(now + DAY)


@pytest.mark.django_db
def test_the_worker_records_a_release_once(now):
    letter = in_stage("scheduled", now)
    assert note_releases(at=now) == 0
    assert note_releases(at=now + 2 * DAY) == 1
    assert note_releases(at=now + 2 * DAY) == 0
    assert letter.events.filter(kind="letter.released").count() == 1


def test_closing_early_and_extending(letter, now):
    life.close_signing(letter, actor=None, at=now)
    assert not Letter.objects.signing_open(now).exists()
    life.extend_signing(letter, closes_at=now + DAY, actor=None, at=now)
    assert Letter.objects.signing_open(now).exists()


def test_a_withdrawn_embargoed_letter_was_never_public(circulating, now):
    letter = life.withdraw(circulating, reason="Plans changed.", actor=None, at=now)
    assert not letter.is_known(now)
    assert not Letter.objects.known(now).exists()


def test_an_old_slug_is_kept_and_redirects(letter, now, client):
    old = letter.slug
    Letter.objects.filter(pk=letter.pk).update(slug="ferries")
    letter.refresh_from_db()
    writing.keep_slug(letter, old, actor=None, at=now)
    response = client.get(f"/letters/{old}/signatories/?page=2")
    assert response.status_code == 301
    assert response["Location"] == "/letters/ferries/signatories/?page=2"


def test_an_address_that_leads_to_one_letter_is_not_given_to_another(letter, db, now):
    old, other = letter.slug, factories.released(at=now, title="Other ferries")
    letter.slug = "ferries"
    editing.save_settings(letter, fields=["slug"], actor=None, at=now)
    other.slug = old
    with pytest.raises(Refused, match="another letter"):
        editing.save_settings(other, fields=["slug"], actor=None, at=now)
    assert OldSlug.objects.get(slug=old).letter_id == letter.pk


def test_what_happened_says_who(draft, editor, now):
    life.release(draft, actor=editor, at=now)
    event = draft.events.get(kind="letter.released")
    assert (event.actor, event.before["stage"]) == (editor, "draft")
