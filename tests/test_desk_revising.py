"""Changing a frozen text in the desk: a working copy, the difference, a correction or an amendment, and who has answered."""

import re

import pytest
from django.urls import reverse

from letters.models import Letter
from letters.services import life, revising, translating, writing
from letters.services.errors import Refused
from signatories.services import amending, by_link, review
from tests import factories
from tests.test_amendments import amended

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def page(letter):
    return reverse("admin:letters_letter_revise", args=[letter.pk])


def step(row, verb):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_step", args=[row.pk, verb])


def typed(desk, letter, **changes):
    """What the page's form sends, as it stands there but for ``changes``."""
    context = desk.get(page(letter)).context
    form, rows = context["form"], context["rows"]
    fields = [bound for part in (form, rows.management_form, *rows.forms) for bound in part]
    data = {
        bound.html_name: bound.value()
        for bound in fields
        if bound.value() is not None and bound.value() is not False
    }
    return data | changes


def test_the_page_saves_a_copy_and_shows_the_difference(desk, letter):
    answer = desk.post(page(letter), typed(desk, letter, title="Keep the ferry running"), follow=True)
    assert answer.redirect_chain
    shown = answer.content.decode()
    assert "nothing of it is public yet" in shown and "<del>" in shown
    assert Letter.objects.get(pk=letter.pk).title == "Keep the ferries running"


def test_the_body_of_the_letter_and_the_body_that_it_is_to_have_names_of_their_own(desk, letter):
    for address in (page(letter), reverse("admin:letters_letter_change", args=[factories.letter().pk])):
        shown = desk.get(address).content.decode()
        assert "Body (office or organisation)" in shown and "js/desk-form.js" in shown
        assert 'aria-label="Body (office or organisation), row 1"' in shown


def test_a_correction_goes_from_the_page_to_the_public(desk, letter):
    desk.post(page(letter), typed(desk, letter, title="Keep the ferry running"))
    asked = desk.get(step(letter, "correct")).content.decode()
    assert "Every signature stands as before" in asked and "<del>" in asked
    factories.press(desk, step(letter, "correct"), {"reason": "One ferry is left."})
    letter = Letter.objects.get(pk=letter.pk)
    assert letter.current_version.kind == "correction" and letter.title == "Keep the ferry running"


def test_an_amendment_says_how_many_signatures_leave_the_list(desk, letter):
    factories.accepted(letter, "Tide Watch")
    desk.post(page(letter), typed(desk, letter, title="Keep the ferry running"))
    assert "1 signature leaves the list" in desk.get(step(letter, "amend")).content.decode()
    factories.press(desk, step(letter, "amend"), {"reason": "One ferry is left."})
    shown = desk.get(reverse("admin:letters_letter_change", args=[letter.pk])).content.decode()
    assert "Re-affirmed: 0. Withdrew: 0. Not answered yet: 1." in shown


def test_an_addressee_is_put_right(desk, letter):
    desk.post(page(letter), typed(desk, letter, **{"addressees-0-name": "Orla Vennström"}))
    factories.press(desk, step(letter, "correct"), {"reason": "The name was misspelt."})
    party = Letter.objects.get(pk=letter.pk).current_version.content["addressees"][0]
    assert party["name"] == "Orla Vennström"


def test_what_is_empty_is_refused_and_nothing_typed_is_lost(desk, letter):
    answer = desk.post(page(letter), typed(desk, letter, title="", subject="Ferries"))
    assert answer.status_code == 422
    assert 'value="Ferries"' in answer.content.decode()
    assert letter.texts.get().subject == ""


def test_two_editors_do_not_overwrite_each_other(desk, letter):
    mine = typed(desk, letter, title="Mine")
    desk.post(page(letter), typed(desk, letter, title="Theirs"))
    answer = desk.post(page(letter), mine)
    assert answer.status_code == 422 and 'value="Mine"' in answer.content.decode()
    assert letter.texts.get().title == "Theirs"
    again = mine | {"seen": answer.context["form"]["seen"].value()}
    assert desk.post(page(letter), again).status_code == 302
    assert letter.texts.get().title == "Mine"


def test_the_letters_form_shows_the_words_that_are_signed(desk, letter):
    desk.post(page(letter), typed(desk, letter, title="Keep the Zanzibarite"))
    shown = desk.get(reverse("admin:letters_letter_change", args=[letter.pk])).content.decode()
    assert "Zanzibarite" not in shown and "Keep the ferries running" in shown


def filled(desk, letter):
    """The words of the filled buttons among the steps of a letter's page."""
    shown = desk.get(reverse("admin:letters_letter_change", args=[letter.pk])).content.decode()
    return re.findall(r'class="button default" href="[^"]*">([^<]*)</a>', shown)


def test_one_button_is_filled_the_likely_next_step(desk, draft, letter, circulating, now):
    assert (filled(desk, draft), filled(desk, circulating)) == (["Release now"], ["Release now"])
    assert filled(desk, letter) == []
    factories.accepted(letter)
    assert filled(desk, letter) == ["Record a delivery"]
    revising.revise(letter, words={"title": "Keep the ferry"}, actor=None, at=now)
    assert filled(desk, letter) == ["Change the text"]
    factories.confirmed(letter, "Tide Watch")
    assert filled(desk, letter) == ["Review 1"]


def test_steps_stand_in_groups_and_the_gravest_apart(desk, letter):
    shown = desk.get(reverse("admin:letters_letter_change", args=[letter.pk])).content.decode()
    order = [shown.index(words) for words in (">Text<", ">Change the text<", ">Release and signing<", ">Close signing now<", ">After that<", ">Record a delivery<", "desk-apart", ">Withdraw the letter<")]  # fmt: skip
    assert order == sorted(order)
    assert "English" in shown and "fter the amendment" not in shown


def test_after_an_amendment_nobody_is_said_to_be_missing(desk, client, letter, now):
    factories.accepted(letter)
    amended(letter, now)
    shown = desk.get(reverse("admin:letters_letter_change", args=[letter.pk])).content.decode()
    assert "Nobody stands under the amended text yet. 1 signatory stands under an earlier text." in shown
    assert "Nobody has signed yet" not in shown and "fter the amendment" in shown
    public = client.get(letter.get_absolute_url()).content.decode()
    assert "Be the first to sign the amended text." in public and "Be the first to sign." not in public


def test_changes_are_discarded(desk, letter):
    desk.post(page(letter), typed(desk, letter, title="Other"))
    factories.press(desk, step(letter, "discard-changes"))
    assert "reads as the text that is signed" in desk.get(page(letter)).content.decode()


def test_a_draft_has_no_such_page_and_a_reviewer_neither(desk, client, reviewer, letter):
    assert desk.get(page(factories.letter())).status_code == 302
    client.force_login(reviewer)
    assert client.get(page(letter)).status_code == 403


def test_a_signature_under_an_earlier_text_is_reaffirmed_for_its_signatory(desk, letter, now):
    signature = factories.accepted(letter, "Tide Watch")
    desk.post(page(letter), typed(desk, letter, title="Keep the ferry running"))
    factories.press(desk, step(letter, "amend"), {"reason": "One ferry is left."})
    assert factories.press(desk, step(signature, "reaffirm"), {"reason": ""}).status_code == 422
    factories.press(desk, step(signature, "reaffirm"), {"reason": "By telephone."})
    signature.refresh_from_db()
    assert signature.state == "accepted" and signature.version.number == 2


def test_the_silent_are_reminded_from_the_desk_once(desk, letter):
    factories.accepted(letter, "Tide Watch")
    desk.post(page(letter), typed(desk, letter, title="Keep the ferry running"))
    factories.press(desk, step(letter, "amend"), {"reason": "One ferry is left."})
    factories.press(desk, step(letter, "remind-amended"))
    letter = Letter.objects.get(pk=letter.pk)
    assert amending.reminder(letter) is not None
    assert "not possible" in desk.get(step(letter, "remind-amended")).content.decode()


# --- What somebody else changed after a page was opened


def test_nothing_is_published_but_what_the_page_showed(desk, letter, now):
    desk.post(page(letter), typed(desk, letter, title="Keep the ferry running"))
    shown = re.search(r'name="seen" value="([^"]+)"', desk.get(step(letter, "correct")).content.decode())[1]
    revising.revise(letter, words={"body": "<p>Stop the ferries.</p>"}, actor=None, at=now)
    answer = desk.post(step(letter, "correct"), {"reason": "One ferry is left.", "seen": shown})
    said = answer.content.decode()
    assert answer.status_code == 422 and "changed since you opened the page" in said
    assert "One ferry is left." in said and "Stop" in said
    assert Letter.objects.get(pk=letter.pk).current_version.number == 1
    for verb in ("correct", "amend", "discard-changes"):
        desk.post(step(letter, verb), {"reason": "Unseen."})  # without a page nothing was seen
    assert Letter.objects.get(pk=letter.pk).current_version.number == 1
    assert revising.pending(Letter.objects.get(pk=letter.pk))


def test_a_signatory_is_reaffirmed_under_the_text_that_the_editor_saw(desk, letter, now):
    signature = factories.accepted(letter, "Tide Watch")
    amended(letter, now)
    shown = desk.get(step(signature, "reaffirm")).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', shown)[1]
    amended(Letter.objects.get(pk=letter.pk), now, body="<p>Stop the ferries.</p>")
    answer = desk.post(step(signature, "reaffirm"), {"reason": "By telephone.", "seen": seen})
    assert answer.status_code == 422
    signature.refresh_from_db()
    assert signature.is_earlier and signature.version.number == 1


def test_a_correction_that_changed_meanwhile_is_not_taken_over(desk, letter, now):
    signature = factories.accepted(letter, "Mole Kepers")
    key = signature.keys.filter(purpose="manage").latest("id")
    by_link.propose_correction(key, name="Mole Keepers", acronym="", at=now)
    own = reverse("admin:signatories_signature_change", args=[signature.pk])
    seen = re.search(r'name="seen" value="([^"]+)"', desk.get(own).content.decode())[1]
    by_link.propose_correction(key, name="Mole Keepers against Venn", acronym="", at=now)
    said = desk.post(step(signature, "take-correction"), {"seen": seen}, follow=True).content.decode()
    assert "changed since you opened the page" in said
    signature.refresh_from_db()
    assert signature.name == "Mole Kepers"


def test_a_draft_is_opened_with_the_words_that_the_page_showed(desk, draft, now):
    seen = re.search(r'name="seen" value="([^"]+)"', desk.get(step(draft, "release")).content.decode())[1]
    writing.write_text(draft, language="en", words={"closing": "Yours,"}, actor=None, at=now)
    desk.post(step(draft, "release"), {"seen": seen})
    assert Letter.objects.get(pk=draft.pk).stage == "draft"


def test_after_an_amendment_no_correction_brings_back_what_has_not_followed(desk, letter, now):
    writing.write_text(
        letter,
        language="fr",
        words={"title": "Bacs", "body": "<p>Nuit.</p>", "state": "ready"},
        actor=None,
        at=now,
    )
    translating.publish_translations(letter, actor=None, at=now)
    letter = amended(Letter.objects.get(pk=letter.pk), now)
    assert letter.current_version.languages == ["en"]
    assert not revising.pending(letter)
    assert "not possible" in desk.get(step(letter, "correct")).content.decode()
    with pytest.raises(Refused):
        revising.correct(letter, reason="Again.", actor=None, at=now)


def test_a_translation_alone_is_neither_corrected_nor_amended(desk, letter, now):
    words = {"title": "Bacs", "body": "<p>Nuit.</p>", "state": "ready"}
    writing.write_text(letter, language="fr", words=words, actor=None, at=now)
    for verb in ("correct", "amend", "discard-changes"):
        assert "not possible" in desk.get(step(letter, verb)).content.decode()
    with pytest.raises(Refused, match="Nothing has changed"):
        revising.correct(letter, reason="A translation.", actor=None, at=now)
    assert translating.to_publish(Letter.objects.get(pk=letter.pk)) == ["fr"]


def test_saving_what_was_not_changed_changes_nothing(desk, db, now):
    letter = factories.letter(at=now)
    letter.texts.update(closing="Yours sincerely,\n\nThe coast")  # as an import once stored it
    life.release(letter, actor=None, at=now)
    desk.post(page(letter), typed(desk, letter, closing="Yours sincerely,\r\n\r\nThe coast\r\n"))
    assert not revising.is_changed(Letter.objects.get(pk=letter.pk))
    with pytest.raises(Refused, match="Nothing has changed"):
        amending.amend(letter, reason="None.", actor=None, at=now)


def test_who_is_accepted_is_whom_the_page_showed(desk, letter, now):
    signature = factories.confirmed(letter, "Mole Keepers")
    own = reverse("admin:signatories_signature_change", args=[signature.pk])
    seen = re.search(r'/accept/.*?name="seen" value="([^"]+)"', desk.get(own).content.decode(), re.DOTALL)[1]
    review.arrange(signature, name="Mole Keepers of Ostra", actor=None, at=now)
    desk.post(step(signature, "accept"), {"seen": seen})
    signature.refresh_from_db()
    assert signature.state == "confirmed"
