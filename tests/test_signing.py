"""Signing, confirming, reviewing, withdrawing: what each does to the signature, the list, the mail and the record."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from letters.compose import compose
from letters.models import Event, Letter, Message, Switch
from letters.services import life
from letters.services.errors import Refused
from signatories import retention, tasks
from signatories.models import Key, Representative, Signature
from signatories.services import by_link, review, signing
from tests import factories

State = Signature.State


def key_of(signature, purpose):
    return signature.keys.filter(purpose=purpose).latest("id")


def listed(letter):
    return [s.name for s in letter.signatures.listed()]


def test_nothing_is_listed_before_confirming_and_accepting(letter, now):
    signature = factories.unconfirmed(letter, "Tide Watch")
    assert listed(letter) == []
    by_link.confirm(key_of(signature, "confirm"), at=now)
    assert listed(letter) == []
    review.accept(signature, actor=None, at=now)
    assert listed(letter) == ["Tide Watch"]
    letter.refresh_from_db()
    assert (letter.signature_count, letter.withheld_count) == (1, 0)


@pytest.mark.parametrize(
    ("policy", "email", "verified", "state"),
    [
        ("review", "a@tide.example", True, State.CONFIRMED),
        ("known_domain", "a@tide.example", True, State.ACCEPTED),
        ("known_domain", "a@mail.tide.example", True, State.ACCEPTED),
        ("known_domain", "a@tide.example", False, State.CONFIRMED),
        ("known_domain", "a@riptide.example", True, State.CONFIRMED),
        ("known_domain", "a@tide.example.evil.example", True, State.CONFIRMED),
        ("known_domain", "a@gmail.com", True, State.CONFIRMED),
        ("confirmed", "a@gmail.com", False, State.ACCEPTED),
    ],
)
def test_the_policy_decides_who_is_listed_by_itself(db, now, policy, email, verified, state):
    letter = factories.released(at=now, policy=policy)
    factories.organisation("Tide Watch", country="PT", domains=["tide.example"], verified=verified)
    assert factories.confirmed(letter, "Tide Watch", email=email).state == state


def test_free_mail_is_no_domain_of_an_organisation(db):
    with pytest.raises(Refused, match="gives an address to anybody"):
        factories.organisation("Tide Watch", domains=["gmail.com"])


def test_free_mail_never_counts_even_when_it_stands_in_the_directory(db, now):
    letter = factories.released(at=now, policy="known_domain")
    organisation = factories.organisation("Tide Watch", country="PT")
    organisation.domains.create(domain="gmail.com")
    assert factories.confirmed(letter, "Tide Watch", email="a@gmail.com").state == State.CONFIRMED


def test_a_signature_points_to_the_version_that_was_shown(letter):
    signature = factories.unconfirmed(letter)
    assert signature.version == letter.current_version
    with pytest.raises(signing.VersionChanged):
        signing.sign(letter, factories.application(), version=2, at=signature.signed_at)


# --- One organisation, one signature


@pytest.mark.parametrize(
    "again", ["Tide Watch", "  the TIDE watch ", "Tíde Watch", "Tide-Watch", "TW", "Guarda da Maré"]
)
def test_one_organisation_under_any_of_its_names(letter, again):
    factories.organisation("Tide Watch", acronym="TW", others=["Guarda da Maré"], country="PT")
    first = factories.accepted(letter, "Tide Watch")
    with pytest.raises(signing.AlreadyListed):
        factories.unconfirmed(letter, again)
    assert letter.signatures.active().get() == first


def test_an_organisation_is_found_by_its_key_when_its_names_do_not_lead_there(letter):
    """As when another transaction makes it in this very moment: the constraint refuses a second one."""
    organisation = factories.organisation("Tide Watch", country="PT")
    organisation.names.all().delete()
    assert factories.unconfirmed(letter, "Tide Watch").organisation == organisation


def test_the_same_name_in_another_country_is_another_organisation(letter):
    factories.accepted(letter, "Tide Watch", country="PT")
    factories.accepted(letter, "Tide Watch", country="KE")
    assert letter.signatures.listed().count() == 2


def test_sending_twice_is_one_signature_and_one_more_mail(letter):
    one = factories.unconfirmed(letter, "Tide Watch", email="ines@tide.example")
    two = factories.unconfirmed(letter, "tide watch", email="Ines@tide.example", visibility="withheld")
    assert one == two
    assert letter.signatures.get().visibility == "withheld"
    assert Message.objects.filter(kind="confirm").count() == 2


def test_the_database_holds_one_active_signature_per_organisation(letter):
    first = factories.unconfirmed(letter, "Tide Watch")
    second = factories.unconfirmed(letter, "Tide Watch")
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.filter(pk=second.pk).update(rival_of=None)
    assert second.rival_of == first


def test_a_second_attempt_lives_like_any_other_but_is_not_accepted(letter, now):
    factories.confirmed(letter, "Tide Watch", visibility="withheld")
    second = factories.confirmed(letter, "Tide Watch")
    assert second.state == State.CONFIRMED
    assert second.keys.filter(purpose="manage").exists()
    with pytest.raises(Refused, match="another signature"):
        review.accept(second, actor=None, at=now)


def test_of_several_attempts_the_first_confirmed_is_the_signature(letter):
    squatter = factories.unconfirmed(letter, "Tide Watch")
    real = factories.confirmed(letter, "Tide Watch")
    squatter.refresh_from_db()
    assert real.rival_of is None
    assert squatter.rival_of == real


def test_after_the_first_ends_a_confirmed_attempt_takes_its_place(letter, now):
    first = factories.confirmed(letter, "Tide Watch")
    second = factories.confirmed(letter, "Tide Watch")
    by_link.withdraw(key_of(first, "manage"), at=now)
    second.refresh_from_db()
    assert second.rival_of is None
    review.accept(second, actor=None, at=now)
    assert listed(letter) == ["Tide Watch"]


def test_pending_withheld_and_first_take_the_same_work(letter):
    """Nobody can learn from the answer or its timing whether a withheld signature exists."""
    factories.confirmed(letter, "Pending Group")
    factories.withheld(letter, "Hidden Group")
    factories.organisation("Fresh Group", country="PT")
    version = letter.current_version.number
    counts, kinds = {}, {}
    for name in ("Fresh Group", "Pending Group", "Hidden Group"):
        messages = set(Message.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as caught:
            signing.sign(letter, factories.application(name), version=version, at=letter.opens_at)
        counts[name] = len(caught)
        kinds[name] = sorted(Message.objects.exclude(pk__in=messages).values_list("kind", flat=True))
    assert len(set(counts.values())) == 1, counts
    assert kinds == {key: ["confirm"] for key in kinds}


def test_the_first_representative_is_told_once_a_day(letter, now):
    first = factories.confirmed(letter, "Tide Watch", email="first@tide.example")
    for n in range(3):
        factories.unconfirmed(letter, "Tide Watch", email=f"other{n}@elsewhere.example")
    tasks.tell_earlier_representatives(at=now)
    tasks.tell_earlier_representatives(at=now)
    told = Message.objects.get(kind="second_attempt")
    assert told.recipient == "first@tide.example"
    assert "elsewhere" not in str(told.context)
    assert told.subject_ref == first.ref


@pytest.mark.parametrize("visibility", ["public", "withheld"])
@pytest.mark.parametrize(
    ("email", "verified", "told"),
    [("b@tide.example", True, True), ("b@elsewhere.example", True, False), ("b@tide.example", False, False)],
)
def test_a_colleague_at_the_organisations_own_domain_hears_the_rest(
    letter, now, visibility, email, verified, told
):
    factories.organisation("Tide Watch", domains=["tide.example"], verified=verified)
    factories.confirmed(letter, "Tide Watch", email="first@tide.example", visibility=visibility)
    later = factories.unconfirmed(letter, "Tide Watch", email=email)
    tasks.tell_earlier_representatives(at=now)
    tasks.tell_earlier_representatives(at=now)
    found = Message.objects.filter(kind="colleague")
    assert [message.recipient for message in found] == ([email] if told else [])
    for message in found:
        text = compose(message)
        assert message.subject_ref == later.ref
        assert "own" in text.body and "first@" not in text.body and "Ines" not in text.body


# --- Individuals


def test_an_individual_signs_once(db, now):
    letter = factories.released(at=now, accepts="both")
    one = factories.confirmed(letter, "Ilse Marrow", kind="individual", email="ilse@posteo.de")
    two = factories.unconfirmed(letter, "Ilse  Marrow", kind="individual", email="ILSE@posteo.de")
    other = factories.unconfirmed(letter, "Tom Marrow", kind="individual", email="ilse@posteo.de")
    assert one == two != other


def test_a_letter_takes_only_the_kind_it_accepts(letter):
    with pytest.raises(Refused, match="this kind"):
        factories.unconfirmed(letter, "Ilse Marrow", kind="individual")


# --- When signing is possible


@pytest.mark.parametrize("stopped", ["letter", "site", "closed", "withdrawn"])
def test_signing_stops(letter, now, stopped):
    if stopped == "letter":
        life.stop_signing(letter, stopped=True, actor=None, at=now)
    elif stopped == "site":
        Switch.objects.filter(name="signing").update(stopped=True)
    elif stopped == "closed":
        life.close_signing(letter, actor=None, at=now)
    else:
        life.withdraw(letter, reason="An error.", actor=None, at=now)
    with pytest.raises(signing.SigningClosed):
        factories.unconfirmed(letter, at=now + timedelta(seconds=1))


@pytest.mark.parametrize(("hours", "possible"), [(23, True), (25, False)])
def test_confirming_stays_possible_for_a_day_after_closing(letter, now, hours, possible):
    signature = factories.unconfirmed(letter)
    life.close_signing(letter, actor=None, at=now)
    key = Key.objects.get(pk=key_of(signature, "confirm").pk)
    assert by_link.may_confirm(key, at=now + timedelta(hours=hours)) is possible


# --- Keys


def test_a_confirm_key_works_once(letter, now):
    signature = factories.unconfirmed(letter)
    key = key_of(signature, "confirm")
    by_link.confirm(key, at=now)
    with pytest.raises(Refused):
        by_link.confirm(key, at=now)
    with pytest.raises(Refused):
        by_link.disown(key, at=now)


def test_a_key_is_for_one_purpose_and_stored_as_digest(letter):
    signature = factories.confirmed(letter)
    factories.send_mail()
    link = factories.link_in(factories.send_mail()[-1], "/signatures/")
    key = link.strip("/").split("/")[-1]
    assert by_link.find_by_key(key, "manage").signature == signature
    assert by_link.find_by_key(key, "confirm") is None
    for model in (Key, Message, Event, Signature, Representative):
        for row in model.objects.values():
            assert key not in str(row)


def test_not_me_ends_the_attempt_and_erases_it(letter, now):
    signature = factories.unconfirmed(letter, "Tide Watch", email="ines@tide.example")
    by_link.disown(key_of(signature, "confirm"), at=now)
    signature.refresh_from_db()
    assert signature.state == State.DISOWNED
    assert not Representative.objects.filter(signature=signature).exists()
    assert not Message.objects.filter(recipient="ines@tide.example").exists()


# --- Withdrawing


def test_withdrawing_leaves_a_tombstone_without_personal_data(letter, now):
    signature = factories.accepted(letter, "Tide Watch", email="ines@tide.example")
    factories.send_mail()
    by_link.withdraw(key_of(signature, "manage"), at=now)
    signature.refresh_from_db()
    letter.refresh_from_db()
    assert (signature.state, letter.signature_count, listed(letter)) == (State.WITHDRAWN, 0, [])
    assert not Representative.objects.exists()
    left = Message.objects.exclude(recipient="")
    assert [m.kind for m in left] == ["withdrawn"]
    assert not signature.keys.exists()


def test_an_individuals_tombstone_has_no_name(db, now):
    letter = factories.released(at=now, accepts="individuals")
    signature = factories.accepted(letter, "Ilse Marrow", kind="individual", affiliation="Pilot")
    by_link.withdraw(key_of(signature, "manage"), at=now)
    row = Signature.objects.values().get(pk=signature.pk)
    assert "Ilse" not in str(row) and "Pilot" not in str(row)
    assert "Ilse" not in str(list(Event.objects.values()))


@pytest.mark.parametrize("act", ["accept", "refuse"])
def test_no_bulk_act_brings_a_withdrawn_signature_back(letter, now, act):
    signature = factories.accepted(letter)
    by_link.withdraw(key_of(signature, "manage"), at=now)
    done, refusals = review.in_bulk([signature], act, actor=None, at=now, reason="x")
    assert (done, len(refusals)) == (0, 1)
    signature.refresh_from_db()
    assert signature.state == State.WITHDRAWN


def test_who_withdrew_may_sign_again(letter, now):
    signature = factories.accepted(letter, "Tide Watch")
    by_link.withdraw(key_of(signature, "manage"), at=now)
    again = factories.accepted(letter, "Tide Watch")
    assert listed(letter) == ["Tide Watch"]
    assert again != signature


# --- Correcting


def test_a_corrected_name_goes_to_review(letter, now):
    signature = factories.accepted(letter, "Tide Wacht")
    by_link.propose_correction(key_of(signature, "manage"), name="Tide Watch", acronym="TW", at=now)
    assert listed(letter) == ["Tide Wacht"]
    assert letter.signatures.waiting().get() == signature
    review.settle_correction(signature, taken=True, actor=None, at=now)
    assert [s.shown_name for s in letter.signatures.listed()] == ["Tide Watch (TW)"]


def test_refusing_needs_a_reason_and_tells_it(letter, now):
    signature = factories.confirmed(letter)
    with pytest.raises(Refused, match="reason"):
        review.refuse(signature, reason=" ", actor=None, at=now)
    review.refuse(signature, reason="Only organisations of the coast.", actor=None, at=now)
    assert any("Only organisations of the coast." in message.body for message in factories.send_mail())


# --- Abuse


@pytest.mark.parametrize(
    ("limit", "same"),
    [("ADDRESS", {"address": "203.0.113.9"}), ("EMAIL", {"email": "a.b+c@gmail.com"}), ("LETTER", {})],
)
def test_limits_are_counted_in_the_database(letter, settings, limit, same):
    setattr(settings, f"SIGN_LIMIT_{limit}", 2)
    factories.unconfirmed(letter, **same)
    factories.unconfirmed(letter, **(same | ({"email": "ab@googlemail.com"} if limit == "EMAIL" else {})))
    with pytest.raises(signing.TooOften):
        factories.unconfirmed(letter, **same)
    assert letter.signatures.count() == 2


# --- Timed work


def test_a_reminder_goes_once_to_those_who_have_not_confirmed(letter, now, settings):
    factories.unconfirmed(letter, email="late@tide.example")
    factories.confirmed(letter)
    later = now + settings.REMIND_AFTER + timedelta(minutes=1)
    assert tasks.remind(at=now) == 0
    assert tasks.remind(at=later) == 1
    assert tasks.remind(at=later) == 0
    assert Message.objects.get(kind="reminder").recipient == "late@tide.example"


def test_what_is_never_confirmed_expires_without_a_trace_of_the_person(letter, now, settings):
    signature = factories.unconfirmed(letter, "Ghost Group")
    assert tasks.expire(at=now + settings.CONFIRM_WITHIN - timedelta(hours=1)) == 0
    assert tasks.expire(at=now + settings.CONFIRM_WITHIN + timedelta(days=1, hours=1)) == 1
    signature.refresh_from_db()
    assert signature.state == State.EXPIRED
    assert not Representative.objects.exists()
    later = now + timedelta(days=30)
    assert tasks.forget_unused(at=later) == 1
    assert not Signature.objects.exists()


def test_editors_get_one_digest_and_not_a_mail_each(letter, editor, now):
    letter.editors.add(editor)
    for _ in range(3):
        factories.confirmed(letter)
    later = now + timedelta(minutes=5)
    assert tasks.send_digests(at=later) == 1
    assert tasks.send_digests(at=later) == 0
    factories.confirmed(letter, at=later)
    assert tasks.send_digests(at=later + timedelta(hours=1)) == 0
    message = Message.objects.get(kind="digest")
    assert (message.recipient, message.context["waiting"]) == (editor.email, 3)


def test_personal_data_ends_and_the_list_stays(letter, now):
    factories.accepted(letter, "Tide Watch", email="ines@tide.example")
    life.close_signing(letter, actor=None, at=now)
    retention.erase_due(at=now + timedelta(days=364))
    assert retention.erase(at=now + timedelta(days=367), dry_run=True)["representatives"] == 1
    assert Representative.objects.count() == 1
    assert retention.erase(at=now + timedelta(days=367))["representatives"] == 1
    assert not Representative.objects.exists()
    assert not Message.objects.exclude(recipient="").exists()
    assert listed(letter) == ["Tide Watch"]


def test_kept_counts_agree_with_the_rows(letter, now):
    for n in range(3):
        factories.accepted(letter, f"Group {n}", country="PT")
    hidden = factories.withheld(letter, "Hidden")
    gone = factories.accepted(letter, "Gone", country="KE")
    review.refuse(gone, reason="Not on the coast.", actor=None, at=now)
    letter.refresh_from_db()
    assert (letter.signature_count, letter.withheld_count) == (4, 1)
    assert {str(t.country): t.n for t in letter.tallies.all()} == {"PT": 3, "KE": 0}
    assert tasks.check_counts(at=now) == 0
    Letter.objects.filter(pk=letter.pk).update(signature_count=9)
    assert tasks.check_counts(at=now) == 1
    assert hidden.is_counted and not hidden.is_listed


def test_questions_about_one_and_many_signatures_agree(letter, now):
    made = [
        factories.unconfirmed(letter),
        factories.confirmed(letter),
        factories.accepted(letter),
        factories.withheld(letter, "Hidden"),
        review.refuse(factories.confirmed(letter), reason="No.", actor=None, at=now),
    ]
    proposed = factories.accepted(letter, "Speling")
    by_link.propose_correction(key_of(proposed, "manage"), name="Spelling", acronym="", at=now)
    for signature in [*made, proposed]:
        row = Signature.objects.get(pk=signature.pk)
        for word in ("active", "counted", "listed", "waiting"):
            many = getattr(Signature.objects, word)().filter(pk=row.pk).exists()
            assert many == getattr(row, f"is_{word}"), (word, row.state)
        assert Signature.objects.public(now).filter(pk=row.pk).exists() == row.is_public(now)


def test_every_act_is_on_record(letter, editor, now):
    signature = factories.confirmed(letter)
    review.accept(signature, actor=editor, at=now)
    by_link.withdraw(key_of(signature, "manage"), at=now)
    kinds = list(Event.objects.filter(subject=signature.ref).order_by("id").values_list("kind", "actor"))
    assert kinds == [
        ("signature.received", None),
        ("signature.confirmed", None),
        ("signature.accepted", editor.pk),
        ("signature.withdrawn", None),
    ]


def test_a_correction_of_a_waiting_signature_is_settled_while_it_waits(letter, now):
    signature = factories.confirmed(letter, "Tide Wacht")
    by_link.propose_correction(key_of(signature, "manage"), name="Tide Watch", acronym="", at=now)
    settled = review.settle_correction(signature, taken=True, actor=None, at=now)
    assert (settled.name, settled.proposed_name, settled.state) == ("Tide Watch", "", State.CONFIRMED)
    review.accept(signature, actor=None, at=now)
    assert listed(letter) == ["Tide Watch"]
