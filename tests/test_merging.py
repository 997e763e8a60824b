"""Two entries of the directory made one, and one made two again."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from letters.models import Event, Letter, Message
from letters.services import life
from letters.services.errors import Refused
from signatories.models import Merge, OldAddress, Organisation, PossibleDouble, Signature, Tally
from signatories.services import (
    by_link,
    delivering,
    directory,
    doubles,
    lists,
    merging,
    review,
    signing,
    unmerging,
)
from signatories.services.merge_plan import better, plan
from tests import factories
from tests.test_amendments import amended
from tests.test_concurrency import at_once

State = Signature.State
ACTIVE = ("unconfirmed", "confirmed", "accepted", "earlier")


def merge(kept, gone, at=None):
    at = at or timezone.now()
    kept, gone = Organisation.objects.get(pk=kept.pk), Organisation.objects.get(pk=gone.pk)
    return merging.merge(kept, gone, actor=None, at=at)


def take_back(row, at=None):
    return unmerging.take_back(Merge.objects.get(pk=row.pk), actor=None, at=at or timezone.now())


def sign(letter, organisation, state, **fields):
    """A signature for the organisation in the state; "earlier" needs an amendment afterwards."""
    made = {"unconfirmed": factories.unconfirmed, "confirmed": factories.confirmed}.get(
        state, factories.accepted
    )
    signature = made(letter, organisation.name, country=str(organisation.country), **fields)
    if state == "refused":
        review.refuse(signature, reason="Twice.", actor=None, at=timezone.now())
    elif state == "withdrawn":
        review.withdraw_for(signature, reason="By telephone.", actor=None, at=timezone.now())
    return Signature.objects.get(pk=signature.pk)


@pytest.fixture
def pair(db):
    kept = factories.organisation("Harbour Circle", acronym="HC", domains=["harbour.example"], country="PT")
    gone = factories.organisation(
        "Cercle du Port",
        acronym="CdP",
        country="PT",
        website="https://cercle.example",
        domains=["cercle.example", "harbour.example"],
        others=["Le Cercle"],
        former=["Amis du Port"],
        translations={"fr": "Cercle du Port", "ar": "دائرة الميناء"},
        note="Asked in May.",
    )
    return kept, gone


def state_of(organisation):
    """Everything of an entry that a person could miss."""
    row = Organisation.objects.get(pk=organisation.pk)
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {
        **{name: str(value) for name, value in columns.items() if name != "compared_at"},
        "names": sorted(row.names.values_list("kind", "name", "language", "key")),
        "domains": sorted(row.domains.values_list("domain", flat=True)),
        "addresses": sorted(row.old_addresses.values_list("slug", flat=True)),
        "signatures": sorted(row.signatures.values_list("id", "state", "rival_of", "name")),
    }


def counts_of(letter):
    """The kept counts, after a proof that they are what the rows say."""
    letter = Letter.objects.get(pk=letter.pk)
    assert not lists.recount(letter, at=timezone.now())
    tallies = sorted(Tally.objects.filter(letter=letter, n__gt=0).values_list("country", "n"))
    return letter.signature_count, letter.withheld_count, letter.earlier_count, tallies


def test_names_domains_and_facts_go_along(pair):
    kept, gone = pair
    merge(kept, gone)
    kept = Organisation.objects.get()
    names = set(kept.names.values_list("kind", "name", "language"))
    assert names == {
        ("name", "Harbour Circle", ""),
        ("acronym", "HC", ""),
        ("other", "Cercle du Port", ""),
        ("other", "CdP", ""),
        ("other", "Le Cercle", ""),
        ("former", "Amis du Port", ""),
        ("language", "دائرة الميناء", "ar"),
    }
    assert sorted(kept.domains.values_list("domain", flat=True)) == ["cercle.example", "harbour.example"]
    assert (kept.acronym, kept.website, kept.note) == ("HC", "https://cercle.example", "Asked in May.")
    for called in ("Cercle du Port", "CdP", "Le Cercle", "Amis du Port", "دائرة الميناء"):
        assert directory.find(called) == kept, called
    assert "amis du port" in kept.search_text


def test_everything_is_as_it_was_when_taken_back(pair):
    kept, gone = pair
    letter = factories.released()
    sign(letter, gone, "accepted")
    sign(factories.released(), kept, "accepted")
    before = state_of(kept), state_of(gone)
    row = merge(kept, gone)
    assert not Organisation.objects.filter(pk=gone.pk).exists()
    assert take_back(row).pk == gone.pk
    assert (state_of(kept), state_of(gone)) == before
    assert not OldAddress.objects.exists()
    row.refresh_from_db()
    assert row.is_undone
    with pytest.raises(Refused, match="already"):
        take_back(row)


def test_both_are_on_record(pair):
    kept, gone = pair
    row = merge(kept, gone)
    take_back(row)
    about = {ref: set(Event.objects.filter(subject=ref).values_list("kind", flat=True)) for ref in
             (f"organisation:{kept.pk}", f"organisation:{gone.pk}")}  # fmt: skip
    assert {"organisation.merged", "organisation.merge_taken_back"} <= about[f"organisation:{kept.pk}"]
    assert {"organisation.merged_into", "organisation.returned"} <= about[f"organisation:{gone.pk}"]


def test_what_the_editor_did_not_see_is_not_done(pair):
    kept, gone = pair
    seen = plan(kept, gone, at=timezone.now()).mark
    sign(factories.released(), gone, "accepted")
    with pytest.raises(Refused, match="changed since"):
        merging.merge(kept, gone, seen=seen, actor=None, at=timezone.now())
    gone.refresh_from_db()
    merging.merge(kept, gone, seen=plan(kept, gone, at=timezone.now()).mark, actor=None, at=timezone.now())
    with pytest.raises(Refused, match="not in the directory"):
        merging.merge(kept, gone, actor=None, at=timezone.now())


def test_one_entry_is_not_merged_with_itself(pair):
    with pytest.raises(Refused):
        merge(pair[0], pair[0])


# --- Both signed the same letter

LIVE = ("unconfirmed", "confirmed", "accepted", "earlier")
ALL = (*LIVE, "refused", "withdrawn")
STANDS = {"accepted": 0, "earlier": 1, "confirmed": 2, "unconfirmed": 3}


def expected(one, other):
    """What becomes of (the kept one's, the gone one's) state; the kept one's was first."""
    if one not in LIVE or other not in LIVE:
        return one, other, None
    winner = 0 if STANDS[one] <= STANDS[other] else 1
    states = [one, other]
    if states[1 - winner] in ("accepted", "earlier"):
        states[1 - winner] = "merged"
    return (*states, winner)


@pytest.mark.parametrize("one", ALL)
@pytest.mark.parametrize("other", ALL)
def test_two_signatures_on_one_letter(pair, one, other):
    kept, gone = pair
    letter = factories.released(policy="review")
    made = {}
    for name, organisation, state in (("kept", kept, one), ("gone", gone, other)):
        if state == "earlier":
            made[name] = sign(letter, organisation, state)
    if made:  # what was accepted before an amendment stands under the earlier text
        letter = amended(letter, timezone.now())
    for name, organisation, state in (("kept", kept, one), ("gone", gone, other)):
        if state != "earlier":
            made[name] = sign(letter, organisation, state)
    rows = [made["kept"], made["gone"]]
    before = [state_of(kept), state_of(gone)]
    counted = counts_of(letter)

    row = merge(kept, gone)
    states = [Signature.objects.get(pk=item.pk) for item in rows]
    first, second, winner = expected(one, other)
    assert [item.state for item in states] == [first, second]
    assert all(item.organisation_id == kept.pk for item in states)
    assert [item.name for item in states] == ["Harbour Circle", "Cercle du Port"]  # as signed
    active = letter.signatures.active()
    assert active.filter(rival_of=None).count() == (1 if active.exists() else 0)
    if winner is not None:
        assert states[winner].rival_of_id is None
        loser = states[1 - winner]
        assert loser.rival_of_id == (None if loser.state == "merged" else states[winner].pk)
    counts_of(letter)
    take_back(row)
    assert [state_of(kept), state_of(gone)] == before
    assert counts_of(letter) == counted


def test_of_two_that_are_listed_the_earlier_counts(pair):
    kept, gone = pair
    letter = factories.released()
    earlier, later = sign(letter, gone, "accepted"), sign(letter, kept, "accepted")
    merge(kept, gone)
    assert list(letter.signatures.listed()) == [earlier]
    later.refresh_from_db()
    assert later.state == State.MERGED and later.ended_at is not None
    assert counts_of(letter)[0] == 1
    event = Event.objects.get(subject=later.ref, kind="signature.merged")
    assert event.letter == letter and event.after == {"state": "merged", "counts": earlier.ref}
    assert Message.objects.filter(kind="withdrawn").count() == 0


def test_an_import_brings_no_second_one_and_no_withdrawn_one_back(pair):
    kept, gone = pair
    letter = factories.released()
    sign(letter, gone, "withdrawn")
    merge(kept, gone)
    tombstone = letter.signatures.get()
    assert (tombstone.organisation_id, tombstone.state) == (kept.pk, State.WITHDRAWN)


def test_later_attempts_of_both_stand_beside_the_one(pair):
    kept, gone = pair
    letter = factories.circulating()
    first, rival = sign(letter, kept, "confirmed"), sign(letter, kept, "unconfirmed")
    accepted, also = sign(letter, gone, "accepted"), sign(letter, gone, "confirmed")
    before = state_of(kept), state_of(gone)
    row = merge(kept, gone)
    beside = letter.signatures.filter(rival_of=accepted)
    assert set(beside) == {first, rival, also}
    take_back(row)
    assert (state_of(kept), state_of(gone)) == before


@pytest.mark.parametrize("hidden", ["kept", "gone"])
def test_a_withheld_and_a_public_one_are_asked_about(pair, hidden):
    kept, gone = pair
    letter = factories.released()
    for name, organisation in (("kept", kept), ("gone", gone)):
        sign(letter, organisation, "accepted", visibility="withheld" if name == hidden else "public")
    with pytest.raises(Refused, match="withheld"):
        merge(kept, gone)
    assert Organisation.objects.count() == 2 and letter.signatures.counted().count() == 2


def test_two_withheld_ones_are_merged_where_nobody_sees_it(pair):
    kept, gone = pair
    letter = factories.released()
    sign(letter, kept, "accepted", visibility="withheld")
    other = sign(letter, gone, "accepted", visibility="withheld")
    directory.verify(gone, actor=None, at=timezone.now(), verified=False)
    row = merge(kept, gone)
    assert counts_of(letter)[:2] == (1, 1)
    take_back(row)
    assert counts_of(letter)[:2] == (2, 2)
    # Known publicly, the merge is seen, and the count falls at the same moment.
    sign(factories.released(), gone, "accepted")
    with pytest.raises(Refused, match="withheld"):
        merge(kept, gone)
    other.refresh_from_db()
    assert other.state == State.ACCEPTED


def test_names_that_nobody_knew_publicly_are_not_shown_by_merging(pair, client):
    kept, _gone = pair
    sign(factories.released(), kept, "accepted")
    secret = sign(
        factories.released(),
        factories.organisation("Withholdia", verified=False),
        "accepted",
        visibility="withheld",
    ).organisation
    merge(kept, secret)
    assert directory.find("Withholdia") == kept
    kept.refresh_from_db()
    for address in (kept.get_absolute_url(), "/organisations/", "/organisations/?q=Withholdia"):
        page = client.get(address).content.decode().replace('value="Withholdia"', "")
        assert "Withholdia" not in page
    assert "No organisation" in client.get("/organisations/?q=Withholdia").content.decode()


def test_words_of_a_hidden_entry_do_not_become_its_face(pair):
    hidden = factories.withheld(factories.released(), "Withholdia").organisation
    public = factories.accepted(factories.released(), "Withholdia Circle").organisation
    with pytest.raises(Refused, match="would become public"):
        merge(hidden, public)
    assert better(hidden, public, at=timezone.now()) == public
    merge(public, hidden)


def test_facts_of_an_entry_that_nobody_may_know_of_are_not_shown_by_merging(letter):
    hidden = factories.withheld(letter, "Withholdia", acronym="WHD", country="PT").organisation
    public = factories.accepted(
        factories.released(), "Withholdia Circle", acronym="", country=""
    ).organisation
    row = merge(public, hidden)
    public.refresh_from_db()
    assert (public.acronym, str(public.country)) == ("", "")
    returned = take_back(row)
    assert (returned.acronym, str(returned.country)) == ("WHD", "PT")


def test_what_a_verified_entry_that_stands_withheld_is_called_is_not_shown_by_merging(pair, letter, client):
    kept, _gone = pair
    factories.accepted(letter, kept.name, country="PT")
    hidden = factories.organisation(
        "Paper Lantern Fund", acronym="PLF", others=["Lantern Street"], country="PT"
    )
    factories.withheld(factories.released(), hidden.name, country="PT")
    kept.acronym = ""
    merge(kept, hidden)
    kept.refresh_from_db()
    assert set(
        kept.names.filter(name__in=["Paper Lantern Fund", "PLF", "Lantern Street"]).values_list(
            "kind", flat=True
        )
    ) == {"quiet"}
    for address in (
        kept.get_absolute_url(),
        "/organisations/?q=Lantern",
        "/organisations/suggest/?q=Paper+Lantern+Fund",
    ):
        page = client.get(address).content.decode()
        assert "Paper Lantern" not in page and "Harbour" not in page.partition("<main")[2] * ("q=" in address)


def test_an_entry_that_became_public_while_it_was_merged_comes_back_with_the_listed_name(
    circulating, now, client
):
    gone = factories.accepted(circulating, "Quay Watch", country="PT").organisation
    assert gone.slug.startswith(directory.HIDDEN)
    row = merge(factories.organisation("Quay Watch Lisbon", country="PT"), gone)
    life.release(circulating, actor=None, at=timezone.now())
    returned = take_back(row)
    assert returned.slug == "quay-watch"
    assert client.get("/organisations/quay-watch/").status_code == 200


# --- Addresses


def test_the_old_address_leads_on(pair, client):
    kept, gone = pair
    sign(factories.released(), kept, "accepted")
    sign(factories.released(), gone, "accepted")
    for row in pair:
        row.refresh_from_db()
    old, new = gone.get_absolute_url(), kept.get_absolute_url()
    row = merge(kept, gone)
    answer = client.get(old + "?page=2")
    assert (answer.status_code, answer["Location"]) == (301, new + "?page=2")
    assert client.get("/fr" + old)["Location"] == "/fr" + new
    # Of a hidden organisation no address tells.
    review.withdraw_for(kept.signatures.first(), reason="Asked.", actor=None, at=timezone.now())
    review.withdraw_for(kept.signatures.last(), reason="Asked.", actor=None, at=timezone.now())
    assert client.get(old).status_code == client.get(new).status_code == 404
    take_back(row)
    assert client.get(old).status_code == 404


def test_an_address_that_nobody_knew_leads_nowhere(pair, client):
    kept, gone = pair
    sign(factories.released(), kept, "accepted")
    merge(kept, gone)
    assert not OldAddress.objects.exists()
    assert client.get(gone.get_absolute_url()).status_code == 404


def test_addresses_lead_on_through_two_merges(pair, client):
    kept, gone = pair
    third = factories.organisation("Lantern Guild")
    for row in (kept, gone, third):
        sign(factories.released(), row, "accepted")
        row.refresh_from_db()
    one = merge(kept, gone)
    two = merge(third, kept)
    for old in (gone, kept):
        assert client.get(old.get_absolute_url())["Location"] == third.get_absolute_url()
    with pytest.raises(Refused, match="first"):
        take_back(one)
    take_back(two)
    assert client.get(gone.get_absolute_url())["Location"] == kept.get_absolute_url()
    assert client.get(kept.get_absolute_url()).status_code == 200
    take_back(one)
    assert client.get(gone.get_absolute_url()).status_code == 200


def test_an_old_address_is_given_to_nobody_else(pair):
    kept, gone = pair
    for row in pair:
        sign(factories.released(), row, "accepted")
    gone.refresh_from_db()
    merge(kept, gone)
    assert directory.new_slug(gone.name) != gone.slug


def test_an_entry_gets_an_address_when_merging_makes_it_public(pair, client):
    kept, gone = pair
    sign(factories.released(), gone, "accepted")
    merge(kept, gone)
    kept.refresh_from_db()
    assert kept.slug == "harbour-circle"
    assert client.get("/organisations/cercle-du-port/")["Location"] == "/organisations/harbour-circle/"


def test_renaming_keeps_the_address(pair, client):
    kept, _gone = pair
    sign(factories.released(), kept, "accepted")
    kept.refresh_from_db()
    kept.name = "Harbour and Coast Circle"
    directory.save_organisation(
        kept, others=[], former=["Harbour Circle"], domains=[], actor=None, at=timezone.now()
    )
    page = client.get("/organisations/harbour-circle/")
    assert page.status_code == 200 and "Harbour and Coast Circle" in page.content.decode()


# --- Deliveries, and what happens in between


def test_a_delivery_stays_as_it_was(pair):
    kept, gone = pair
    letter = factories.released()
    for row in pair:
        sign(letter, row, "accepted")
    now = timezone.now()
    delivery = delivering.deliver(
        letter, delivered_on=now.date(), to_whom="The minister", how="by hand", note="", after=0, version=1,
        actor=None, at=now,
    )  # fmt: skip
    digests = list(delivery.files.order_by("id").values_list("form", "language", "digest"))
    row = merge(kept, gone)
    delivery.refresh_from_db()
    assert delivery.signature_count == 2
    assert list(delivery.files.order_by("id").values_list("form", "language", "digest")) == digests
    # Delivered again without the one that counts no longer: back in the list it joined after that.
    letter.refresh_from_db()
    again = timezone.now()
    delivering.deliver(
        letter, delivered_on=again.date(), to_whom="The minister", how="by post", note="", after=1, version=1,
        actor=None, at=again,
    )  # fmt: skip
    take_back(row)
    back = Signature.objects.get(organisation=gone)
    assert back.state == State.ACCEPTED and back.rejoined_at > again


def test_a_signature_comes_back_under_the_text_that_it_signed(pair):
    kept, gone = pair
    letter = factories.released()
    for row in pair:
        sign(letter, row, "accepted")
    row = merge(kept, gone)
    letter = amended(letter, timezone.now())
    take_back(row)
    assert Signature.objects.get(organisation=gone).state == State.EARLIER
    assert counts_of(letter)[2] == 2


def test_a_signature_waits_when_what_stood_for_it_has_ended(pair):
    kept, gone = pair
    letter = factories.released()
    for row in pair:
        sign(letter, row, "accepted")
    row = merge(kept, gone)
    review.withdraw_for(
        letter.signatures.listed().get(), reason="By telephone.", actor=None, at=timezone.now()
    )
    seen = unmerging.outlook(row)
    assert len(seen.waiting) == 1 and not seen.listed
    take_back(row)
    back = Signature.objects.get(organisation=gone)
    assert back.state == State.CONFIRMED
    assert letter.signatures.listed().count() == 0
    review.accept(back, actor=None, at=timezone.now())
    assert counts_of(letter)[0] == 1


def test_who_signs_meanwhile_stays_with_the_entry(pair):
    kept, gone = pair
    letter = factories.circulating()
    sign(letter, gone, "accepted")
    row = merge(kept, gone)
    new = sign(letter, kept, "confirmed")  # beside the one that came along
    elsewhere = sign(factories.released(), kept, "accepted")
    assert new.rival_of_id is not None
    take_back(row)
    new.refresh_from_db()
    assert (new.organisation_id, new.rival_of_id, new.state) == (kept.pk, None, State.CONFIRMED)
    assert Signature.objects.get(pk=elsewhere.pk).organisation_id == kept.pk
    assert letter.signatures.listed().get().organisation_id == gone.pk


def test_what_an_editor_changed_since_stays(pair):
    kept, gone = pair
    row = merge(kept, gone)
    kept.refresh_from_db()
    kept.website = "https://harbour.example"
    directory.save_organisation(
        kept,
        others=["Cercle du Port"],
        domains=["harbour.example", "new.example"],
        actor=None,
        at=timezone.now(),
    )
    assert unmerging.outlook(row).kept_facts == ("website",)
    take_back(row)
    kept.refresh_from_db()
    assert kept.website == "https://harbour.example"
    assert sorted(kept.domains.values_list("domain", flat=True)) == ["harbour.example", "new.example"]
    assert not kept.names.filter(name="Cercle du Port").exists()


def test_an_entry_written_anew_keeps_the_merged_one_away(pair):
    kept, gone = pair
    row = merge(kept, gone)
    directory.create_organisation(name=gone.name, country="PT", actor=None, at=timezone.now())
    with pytest.raises(Refused, match="written anew"):
        take_back(row)
    assert unmerging.outlook(row).objection


def test_what_was_said_of_a_pair_goes_along_and_comes_back(pair):
    kept, gone = pair
    other = factories.organisation("Port Watch")
    said = PossibleDouble.objects.create(
        first=min(gone, other, key=lambda row: row.pk), second=max(gone, other, key=lambda row: row.pk),
        verdict="maybe", score=60, why="words", found_at=timezone.now(),
    )  # fmt: skip
    doubles.tell_apart(said, actor=None, at=timezone.now())
    row = merge(kept, gone)
    pair_now = PossibleDouble.objects.get()
    assert {pair_now.first_id, pair_now.second_id} == {kept.pk, other.pk} and not pair_now.is_open
    take_back(row)
    assert PossibleDouble.objects.filter(dismissed_at__isnull=False).count() == 2


# --- The database, and many at once


def test_the_database_holds_one_signature_for_each_organisation(pair):
    kept, gone = pair
    letter = factories.released()
    for row in pair:
        sign(letter, row, "accepted")
    merge(kept, gone)
    ended = letter.signatures.get(state="merged")
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.filter(pk=ended.pk).update(state="accepted")


@pytest.fixture
def many(settings, transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("simultaneous writers are PostgreSQL's; SQLite takes one at a time")
    settings.SIGN_LIMIT_LETTER = 10_000


def test_merging_while_both_sign(many):
    """Whoever signs for the one that goes while it goes is with the one that stays, or with an entry of its own."""
    for number in range(6):
        kept = factories.organisation(f"Harbour Circle {number}", country="PT")
        gone = factories.organisation(f"Cercle du Port {number}", country="PT")
        letters = [factories.released(policy="confirmed") for _one in range(3)]
        sign(letters[0], gone, "accepted")
        people = [
            (letter, factories.application(row.name))
            for letter in letters
            for row in (kept, gone)
            for _one in range(2)
        ]
        acts = [
            partial(signing.sign, letter, person, version=1, at=timezone.now()) for letter, person in people
        ]
        results = at_once([partial(merge, kept, gone), *acts])
        assert isinstance(results[0], Merge), results[0]
        assert all(isinstance(row, Signature | signing.AlreadyListed) for row in results[1:]), results
        for letter in letters:
            active = letter.signatures.active().filter(organisation=kept)
            assert active.filter(rival_of=None).count() <= 1
            counts_of(letter)
        assert not Signature.objects.filter(organisation=gone.pk).exists()
        assert directory.find(gone.name, country="PT") == kept


def test_two_merges_and_confirming_at_once(many):
    one, two, three = (factories.organisation(f"Guild {word}", country="PT") for word in ("A", "B", "C"))
    letter = factories.released(policy="confirmed")
    made = [sign(letter, row, "unconfirmed") for row in (one, two, three)]
    acts = [partial(merge, one, two), partial(merge, three, two), partial(merge, two, one)]
    acts += [
        partial(by_link.confirm, row.keys.get(purpose="confirm"), at=timezone.now() + timedelta(seconds=1))
        for row in made
    ]
    results = at_once(acts)
    assert all(result is not None for result in results), results  # nobody was thrown out by the database
    assert sum(isinstance(result, Merge) for result in results[:3]) >= 1
    for row in Organisation.objects.all():
        assert row.signatures.active().filter(letter=letter, rival_of=None).count() <= 1
    counts_of(letter)


def test_taken_back_once(many):
    kept, gone = factories.organisation("Guild A"), factories.organisation("Guild B")
    row = merge(kept, gone)
    results = at_once([partial(take_back, row)] * 4)
    assert sum(isinstance(result, Organisation) for result in results) == 1
    assert threading.active_count() >= 1
