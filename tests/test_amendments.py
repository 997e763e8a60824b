"""A text that was opened for signing changes by a correction, under which signatures stand, or by an amendment, after which
each signatory is asked."""

import re

import pytest
from django.core.management import call_command

from letters import keys
from letters.management.commands.check_digests import faults
from letters.models import Letter, TextVersion
from letters.services import life, revising
from letters.services.errors import Refused
from signatories import emails, retention
from signatories.models import Key, Signature
from signatories.services import amending, by_link, lists, review, signing, telling
from tests import factories

State = Signature.State
NEW = "<p>We ask you to keep the ferries running by day.</p>"


def revised(letter, at, **words):
    revising.revise(letter, words=words or {"body": NEW}, actor=None, at=at)
    return Letter.objects.get(pk=letter.pk)


def corrected(letter, at, **words):
    revising.correct(revised(letter, at, **words), reason="A slip of the pen.", actor=None, at=at)
    return Letter.objects.get(pk=letter.pk)


def amended(letter, at, **words):
    amending.amend(revised(letter, at, **words), reason="The night line is gone.", actor=None, at=at)
    return Letter.objects.get(pk=letter.pk)


def reaffirm_key(signature):
    """The key of a link to re-affirm, as the mail about the amendment has it."""
    purpose, nonce = emails.mint(signature, Key.Purpose.REAFFIRM, at=signature.signed_at)
    return keys.derive(purpose, nonce)


def test_work_on_the_text_is_not_public(letter, client, now):
    before = client.get(letter.get_absolute_url()).content
    revised(letter, now, title="Keep the night ferries running", body=NEW)
    assert client.get(letter.get_absolute_url()).content == before


def test_a_correction_is_a_new_version_and_the_one_before_stays(letter, now):
    first = letter.current_version
    letter = corrected(letter, now, title="Keep the ferries running!")
    assert (letter.current_version.number, letter.current_version.kind) == (2, "correction")
    assert letter.current_version.substance == 1
    assert TextVersion.objects.get(pk=first.pk).canonical == first.canonical


def test_after_a_correction_every_signature_stands_as_before(letter, now):
    signature = factories.accepted(letter, "Tide Watch")
    letter = corrected(letter, now)
    signature.refresh_from_db()
    assert (signature.state, signature.version.number) == (State.ACCEPTED, 1)
    assert letter.signature_count == 1


def test_the_page_says_when_and_why_and_shows_the_difference(letter, client, now):
    corrected(letter, now, title="Keep the ferry running")
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "Corrected on" in page and "A slip of the pen." in page
    history = client.get(f"/letters/{letter.slug}/versions/").content.decode()
    assert re.search(r"<del>.*?ferries</del>", history) and re.search(r"<ins>.*?ferry</ins>", history)


def test_the_parts_of_a_difference_stand_below_the_heading_before_them(letter, client, now):
    factories.accepted(letter, email="t@tide.example")
    amended(letter, now)
    telling.tell_signatories(at=now)
    shown = client.get(factories.link_for("t@tide.example", "/reaffirm/")).content.decode()
    assert re.findall(r"<h(\d)", shown)[:3] == ["1", "2", "3"]
    shown = client.get(f"/letters/{letter.slug}/versions/").content.decode()
    assert re.findall(r"<h(\d)", shown)[:4] == ["1", "2", "3", "4"]


def test_the_difference_names_a_link_that_leads_elsewhere(letter, client, now):
    body = letter.text.body.replace("example.org/decree", "example.org/other")
    corrected(letter, now, body=body)
    history = client.get(f"/letters/{letter.slug}/versions/").content.decode()
    assert re.search(r"<del>.*?decree</del>", history) and re.search(r"<ins>.*?other</ins>", history)


def test_a_change_needs_a_reason_and_something_changed(letter, now):
    with pytest.raises(Refused, match="Nothing has changed"):
        revising.correct(letter, reason="Why not.", actor=None, at=now)
    letter = revised(letter, now)
    with pytest.raises(Refused, match="reason"):
        revising.correct(letter, reason=" ", actor=None, at=now)
    assert Letter.objects.get(pk=letter.pk).current_version.number == 1


def test_a_change_that_leaves_the_letter_without_words_is_refused(letter, now):
    letter = revised(letter, now, body="")
    for act in (revising.correct, amending.amend):
        with pytest.raises(Refused, match="no body"):
            act(letter, reason="Cut.", actor=None, at=now)
    assert Letter.objects.get(pk=letter.pk).current_version.number == 1


def test_a_draft_and_a_withdrawn_letter_are_not_amended(letter, now):
    with pytest.raises(Refused):
        revising.revise(factories.letter(), words={"title": "Other"}, actor=None, at=now)
    life.withdraw(letter, reason="Overtaken.", actor=None, at=now)
    with pytest.raises(Refused):
        amending.amend(letter, reason="Late.", actor=None, at=now)


def test_discarding_brings_back_what_is_signed(letter, now):
    letter = revised(letter, now, title="Other", body=NEW)
    letter.addressees.all().delete()
    revising.discard(letter, actor=None, at=now)
    letter = Letter.objects.get(pk=letter.pk)
    assert revising.pending(letter) == ()
    assert letter.text.title == "Keep the ferries running"


def test_after_an_amendment_nobody_stands_under_the_new_text(letter, client, now):
    factories.accepted(letter, "Tide Watch")
    factories.withheld(letter, "Quiet Harbour")
    letter = amended(letter, now)
    assert (letter.signature_count, letter.withheld_count) == (0, 0)
    assert (letter.earlier_count, letter.earlier_withheld_count) == (2, 1)
    assert not letter.signatures.listed().exists() and not letter.tallies.exists()
    page = client.get(letter.get_absolute_url()).content.decode()
    current, earlier = page.split('class="earlier"')
    assert "Tide Watch" not in current.split('id="signatories"')[1] and "Tide Watch" in earlier
    assert "Quiet Harbour" not in page
    assert "Tide Watch" not in client.get(f"/letters/{letter.slug}/signatories/").content.decode()
    data = client.get(f"/letters/{letter.slug}/signatories.json")
    assert b"Tide Watch" not in b"".join(data.streaming_content)


def test_who_reaffirms_stands_under_the_new_text(letter, client, now):
    signature = factories.accepted(letter, "Tide Watch")
    letter = amended(letter, now)
    url = f"/signatures/{reaffirm_key(signature)}/reaffirm/"
    answer = client.get(url)
    page = answer.content.decode()
    assert answer.status_code == 200 and "The night line is gone." in page and "<del>" in page
    signature.refresh_from_db()
    assert signature.state == State.EARLIER  # to look changes nothing
    assert client.post(url, {"act": "reaffirm", "version": "2"}).status_code == 200
    signature.refresh_from_db()
    letter.refresh_from_db()
    assert (signature.state, signature.version.number) == (State.ACCEPTED, 2)
    assert (letter.signature_count, letter.earlier_count) == (1, 0)
    assert letter.tallies.get().n == 1


def test_who_reaffirms_gets_a_receipt_with_the_text_that_is_now_signed(letter, client, now):
    signature = factories.accepted(letter, "Tide Watch", email="ines@tide.example")
    letter = amended(letter, now)
    factories.send_mail()
    client.post(f"/signatures/{reaffirm_key(signature)}/reaffirm/", {"act": "reaffirm", "version": "2"})
    receipt = factories.send_mail()[-1]
    assert receipt.to == ["ines@tide.example"] and receipt.subject.startswith("Your receipt")
    assert letter.current_version.digest in receipt.body and letter.current_version.canonical in receipt.body


def test_who_withdraws_is_in_no_list(letter, client, now):
    signature = factories.accepted(letter, "Tide Watch")
    letter = amended(letter, now)
    client.post(f"/signatures/{reaffirm_key(signature)}/reaffirm/", {"act": "withdraw"})
    signature.refresh_from_db()
    letter.refresh_from_db()
    assert signature.state == State.WITHDRAWN
    assert (letter.signature_count, letter.earlier_count) == (0, 0)
    assert "Tide Watch" not in client.get(letter.get_absolute_url()).content.decode()


def test_a_link_that_was_used_up_does_nothing_more(letter, client, now):
    signature = factories.accepted(letter, "Tide Watch")
    amended(letter, now)
    key = reaffirm_key(signature)
    client.post(f"/signatures/{key}/reaffirm/", {"act": "reaffirm", "version": "2"})
    with pytest.raises(Refused):
        amending.reaffirm(by_link.find_by_key(key, Key.Purpose.REAFFIRM), version=2, at=now)

    assert client.post(f"/signatures/{key}/reaffirm/", {"act": "withdraw"}).status_code == 200
    signature.refresh_from_db()
    assert signature.state == State.ACCEPTED


def test_a_version_that_is_no_number_is_answered_with_a_sentence(letter, client, now):
    signature = factories.accepted(letter, "Tide Watch")
    amended(letter, now)
    for version in ("9" * 5000, "²", "two", ""):
        url = f"/signatures/{reaffirm_key(signature)}/reaffirm/"
        assert client.post(url, {"act": "reaffirm", "version": version}).status_code == 422


def test_the_name_of_one_that_waits_is_corrected_without_a_trace_in_public(letter, client, now):
    waiting = factories.confirmed(letter, "Tide Wach")
    state = client.get(f"/letters/{letter.slug}/state.json").content
    key = waiting.keys.filter(purpose="manage").latest("id")
    by_link.propose_correction(key, name="Tide Watch", acronym="", at=now)
    review.settle_correction(waiting, taken=True, actor=None, at=now)
    assert client.get(f"/letters/{letter.slug}/state.json").content == state


def test_a_link_that_answered_one_amendment_does_not_answer_the_next(letter, client, now):
    signature = factories.accepted(letter, "Tide Watch")
    letter = amended(letter, now)
    key = reaffirm_key(signature)
    client.post(f"/signatures/{key}/reaffirm/", {"act": "reaffirm", "version": "2"})
    amended(letter, now, title="Keep the last ferry running")
    answer = client.post(f"/signatures/{key}/reaffirm/", {"act": "reaffirm", "version": "3"})
    assert answer.status_code == 404
    signature.refresh_from_db()
    assert (signature.state, signature.version.number) == (State.EARLIER, 2)


def test_to_reaffirm_twice_counts_once(letter, now):
    signature = factories.accepted(letter, "Tide Watch")
    letter = amended(letter, now)
    amending.reaffirm_for(signature, note="By telephone.", actor=None, at=now)
    with pytest.raises(Refused, match="already"):
        amending.reaffirm_for(signature, note="By telephone.", actor=None, at=now)
    letter.refresh_from_db()
    assert letter.signature_count == 1


def test_the_version_that_was_shown_is_the_one_that_is_reaffirmed(letter, client, now):
    signature = factories.accepted(letter, "Tide Watch")
    letter = amended(letter, now)
    amended(letter, now, title="Keep the last ferry running")
    url = f"/signatures/{reaffirm_key(signature)}/reaffirm/"
    answer = client.post(url, {"act": "reaffirm", "version": "2"})
    assert answer.status_code == 422 and "The text has changed" in answer.content.decode()
    signature.refresh_from_db()
    assert signature.version.number == 1


def test_who_confirms_after_an_amendment_stands_under_the_text_that_was_shown(letter, now):
    signature = factories.unconfirmed(letter, "Tide Watch")
    letter = amended(letter, now)
    by_link.confirm(signature.keys.get(purpose="confirm"), at=now)
    review.accept(signature, actor=None, at=now)
    signature.refresh_from_db()
    letter.refresh_from_db()
    assert (signature.state, signature.version.number) == (State.EARLIER, 1)
    assert (letter.signature_count, letter.earlier_count) == (0, 1)
    assert "reaffirm" in factories.link_for(signature.representative.email, "/reaffirm/")


def test_one_that_waits_for_review_reaffirms_and_still_waits(letter, now, client):
    signature = factories.confirmed(letter, "Tide Watch")
    amended(letter, now)
    client.post(f"/signatures/{reaffirm_key(signature)}/reaffirm/", {"act": "reaffirm", "version": "2"})
    signature.refresh_from_db()
    assert (signature.state, signature.version.number) == (State.CONFIRMED, 2)


def test_the_form_that_showed_the_text_before_does_not_sign_the_new_one(letter, now):
    number = letter.current_version.number
    letter = amended(letter, now)
    with pytest.raises(signing.VersionChanged):
        signing.sign(letter, factories.application("Tide Watch"), version=number, at=now)


def test_an_organisation_under_an_earlier_text_is_told_so(letter, now):
    factories.accepted(letter, "Tide Watch", country="PT")
    letter = amended(letter, now)
    with pytest.raises(signing.AlreadyListed, match="earlier text"):
        signing.sign(letter, factories.application("Tide Watch", country="PT"), version=2, at=now)


def test_an_editor_records_who_reaffirmed_otherwise(letter, now):
    signature = factories.accepted(letter, "Tide Watch")
    amended(letter, now)
    with pytest.raises(Refused, match="how"):
        amending.reaffirm_for(signature, note="", actor=None, at=now)
    amending.reaffirm_for(signature, note="By telephone.", actor=None, at=now)
    signature.refresh_from_db()
    assert signature.state == State.ACCEPTED
    event = signature.letter.events.get(kind="signature.reaffirmed")
    assert event.note == "By telephone." and event.after["version"] == 2


def test_the_link_is_used_up_when_an_editor_records_the_answer(letter, client, now):
    signature = factories.accepted(letter, "Tide Watch")
    letter = amended(letter, now)
    key = reaffirm_key(signature)
    amending.reaffirm_for(signature, note="By telephone.", actor=None, at=now)
    client.post(f"/signatures/{key}/reaffirm/", {"act": "withdraw"})
    signature.refresh_from_db()
    assert signature.state == State.ACCEPTED


def test_the_silent_are_reminded_once(letter, now):
    factories.accepted(letter, "Tide Watch")
    letter = amended(letter, now)
    assert amending.remind_silent(letter, actor=None, at=now) == 1
    with pytest.raises(Refused, match="once"):
        amending.remind_silent(letter, actor=None, at=now)


def test_every_signatory_is_asked_once_with_the_difference_and_a_link(letter, client, now):
    people = [factories.accepted(letter, name) for name in ("Tide Watch", "Reed Circle")]
    late = factories.confirmed(letter, "Dune Forum")
    letter = amended(letter, now)
    assert telling.tell_signatories(at=now) == 3
    assert telling.tell_signatories(at=now) == 0
    for signature in (*people, late):
        address = signature.representative.email
        (asked,) = [m for m in factories.send_mail() if m.to == [address] and "/reaffirm/" in m.body]
        assert "The night line is gone." in asked.body and "by day" in asked.body
    path = factories.link_for(people[0].representative.email, "/reaffirm/")
    client.post(path, {"act": "reaffirm", "version": "2"})
    amending.remind_silent(letter, actor=None, at=now)
    assert telling.tell_signatories(at=now) == 2  # those who have not answered
    reminded = [m.to for m in factories.send_mail() if "only reminder" in m.body]
    assert reminded == [[s.representative.email] for s in (people[1], late)]


def test_counts_kept_and_counted_agree_after_an_amendment(letter, now):
    for name in ("Tide Watch", "Reed Circle"):
        factories.accepted(letter, name)
    factories.withheld(letter, "Quiet Harbour")
    letter = amended(letter, now)
    amending.reaffirm_for(letter.signatures.first(), note="By mail.", actor=None, at=now)
    assert not lists.recount(Letter.objects.get(pk=letter.pk), at=now)


def test_an_organisation_first_shown_under_an_earlier_text_has_the_words_of_that_signature(
    letter, client, now
):
    """What stood in the directory may be the words of one whose name is withheld."""
    factories.withheld(factories.released(at=now, slug="other"), "Tide watch of the withheld", country="")
    organisation = factories.organisation("Tide Watch", verified=False)
    signature = factories.unconfirmed(letter, "Tide Watch", acronym="TW")
    letter = amended(letter, now)
    by_link.confirm(signature.keys.get(purpose="confirm"), at=now)
    review.accept(signature, actor=None, at=now)
    organisation.refresh_from_db()
    assert (organisation.acronym, organisation.slug) == ("TW", "tide-watch")
    page = client.get(organisation.get_absolute_url()).content.decode()
    assert "Under an earlier text" in page


def test_the_name_of_a_person_under_an_earlier_text_outlives_the_data_behind_it(letter, now):
    Letter.objects.filter(pk=letter.pk).update(accepts="both")
    person = factories.accepted(letter, "Ada Marsh", kind="individual")
    letter = amended(letter, now)
    retention.erase_letter(letter, at=now)
    person.refresh_from_db()
    assert person.name == "Ada Marsh" and not hasattr(person, "representative")


def test_each_change_leaves_a_state_of_the_list_with_a_code_of_its_own(letter, now):
    factories.accepted(letter, "Tide Watch")
    letter = amended(corrected(letter, now, title="Keep the ferry running"), now)
    states = list(letter.list_states.order_by("revision"))
    assert [(s.version.number, s.signature_count, s.earlier_count) for s in states] == [
        (1, 0, 0),
        (1, 1, 0),
        (2, 1, 0),
        (3, 0, 1),
    ]
    assert len({state.code for state in states}) == 4
    assert states[-1].revision == letter.list_revision


def test_what_an_editor_works_on_is_not_found_by_a_search(letter, client, now):
    revised(letter, now, title="Keep the Zanzibarite line")
    assert "No letter" in client.get("/?q=zanzibarite").content.decode()
    assert letter.slug in client.get("/?q=Ferries").content.decode()
    corrected(letter, now, title="Keep the Zanzibarite line")
    assert letter.slug in client.get("/?q=zanzibarite").content.decode()


def test_a_letter_in_circulation_shows_its_changes_behind_its_link_alone(db, client, now):
    letter = factories.circulating()
    letter = corrected(letter, now, title="Keep the ferry running")
    path = life.circulation_url(letter).partition("//")[2].partition("/")[2]
    assert "A slip of the pen." in client.get(f"/{path}versions/").content.decode()
    assert client.get(f"/{path}versions/1/text.txt").content == letter.versions.first().canonical.encode()
    assert client.get(f"/letters/{letter.slug}/versions/").status_code == 404


def test_a_version_that_does_not_agree_with_its_digest_is_named(letter):
    version = letter.current_version
    assert faults(version) == []
    version.canonical += "!"
    assert len(faults(version)) == 2


def test_a_command_checks_every_digest(letter, now, capsys):
    corrected(letter, now)
    call_command("check_digests")
    assert "2 text versions" in capsys.readouterr().out
