"""The desk: who may do what, that every change goes through the services, and that reading changes nothing."""

import ast
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group as Role
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from letters.admin.letter import LetterAdmin
from letters.models import Event, Group, Letter, Message, Switch, TextVersion, Topic
from letters.services import life
from letters.wording import HAPPENED
from signatories.models import Organisation
from signatories.services import by_link
from tests import factories

pytestmark = pytest.mark.django_db
LISTS = [
    "letters_letter", "letters_topic", "letters_message", "letters_event", "letters_textversion", "letters_switch",
    "signatories_signature", "signatories_organisation", "signatories_importbatch", "auth_user",
]  # fmt: skip
SEES = {
    "reviewer": {"signatories_signature"},
    "editor": {*LISTS} - {"letters_switch", "auth_user"},
    "administrator": {*LISTS},
}
DAY = timedelta(days=1)


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def queue(client, reviewer):
    client.force_login(reviewer)
    return client


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    return client


def at(row, page="change", *more):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk, *more])


def step(row, verb):
    return at(row, "step", verb)


def typed(response):
    """What a browser would send back from the form of the page, unchanged."""
    data = {"seen": response.context["seen"]} if "seen" in response.context else {}
    forms = [response.context["adminform"].form]
    for inline in response.context.get("inline_admin_formsets", []):
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is True:
                data[field.html_name] = "on"
            elif hasattr(value, "strftime"):
                data[field.html_name] = value.strftime(
                    "%Y-%m-%dT%H:%M" if hasattr(value, "hour") else "%Y-%m-%d"
                )
            elif value is not None and value is not False and not hasattr(value, "storage"):
                data[field.html_name] = value
    return data


def post(client, row_or_url, **changed):
    """Sends the page's form with some fields changed."""
    url = row_or_url if isinstance(row_or_url, str) else at(row_or_url)
    data = typed(client.get(url)) | {key.replace("__", "-"): value for key, value in changed.items()}
    return client.post(url, data)


def again(row):
    return type(row).objects.get(pk=row.pk)


# --- Who sees what


@pytest.mark.parametrize("role", SEES)
@pytest.mark.parametrize("listed", LISTS)
def test_each_role_sees_its_lists_and_no_other(client, role, listed):
    person = User.objects.create_user("somebody", is_staff=True)
    person.groups.add(Role.objects.get(name=role))
    client.force_login(person)
    response = client.get(reverse(f"admin:{listed}_changelist"))
    assert response.status_code == (200 if listed in SEES[role] else 403)


def test_a_stranger_is_asked_to_sign_in_and_the_page_is_kept_nowhere(client):
    response = client.get("/admin/", follow=True)
    assert b'name="password"' in response.content
    assert "no-store" in response.headers["Cache-Control"]


def test_signing_in_works_with_a_cookie_for_the_desk_alone(client, editor):
    response = client.post(
        "/admin/login/?next=/admin/", {"username": "edda", "password": "a long password 1"}
    )
    assert response.status_code == 302
    assert response.cookies["sessionid"]["path"] == "/admin/"
    assert "no-store" in client.get("/admin/").headers["Cache-Control"]


def test_a_reviewer_opens_no_letter_and_takes_no_step_of_one(queue, letter):
    for url in (at(letter), at(letter, "preview"), step(letter, "close"), at(letter, "delete")):
        assert queue.get(url).status_code == 403
        assert queue.post(url).status_code == 403
    assert again(letter).closes_at == letter.closes_at


def test_a_reviewer_accepts_but_does_not_arrange_or_withdraw(queue, letter):
    signature = factories.confirmed(letter)
    for verb in ("arrange", "withdraw"):
        assert queue.post(step(signature, verb), {"reason": "x", "name": "y"}).status_code == 403
    factories.press(queue, step(signature, "accept"), page=at(signature))
    assert again(signature).state == "accepted"


# --- Writing a letter


def new_letter(client, **changed):
    addressee = {"addressees-0-name": "Orla Venn"}
    words = {"texts-0-title": "Keep the Night Ferry", "texts-0-body": "<p>We ask you.</p>"}
    url = reverse("admin:letters_letter_add")
    return client.post(url, typed(client.get(url)) | words | addressee | changed)


def test_a_new_letter_gets_its_address_groups_editor_and_event(desk, editor):
    assert new_letter(desk).status_code == 302
    letter = Letter.objects.get()
    assert letter.slug == "keep-the-night-ferry"
    assert letter.title == "Keep the Night Ferry"
    assert list(letter.groups.values_list("kind", flat=True)) == ["conveners", "organisations", "individuals"]
    assert list(letter.editors.all()) == [editor]
    assert letter.events.filter(kind="letter.created", actor=editor).count() == 1
    assert letter.addressees.get().name == "Orla Venn"


def test_what_is_pasted_is_cleaned(desk):
    new_letter(desk, **{"texts-0-body": '<p onclick="x()">We <script>bad()</script>ask.</p><img src=x>'})
    assert Letter.objects.get().text.body == "<p>We ask.</p>"


def test_times_are_typed_in_the_zone_of_the_letter(desk):
    new_letter(desk, time_zone="Asia/Jakarta", closes_at="2030-05-01T17:00")
    letter = Letter.objects.get()
    assert letter.closes_at.isoformat() == "2030-05-01T10:00:00+00:00"
    assert 'value="2030-05-01T17:00"' in desk.get(at(letter)).content.decode()


def test_a_new_address_keeps_the_old_one_and_cannot_take_another_letters(desk, draft):
    old = draft.slug
    post(desk, draft, slug="ferries-at-night")
    assert again(draft).slug == "ferries-at-night"
    assert draft.old_slugs.get().slug == old
    other = factories.letter(title="Another letter")
    assert "Another letter had this address" in post(desk, other, slug=old).content.decode()


def test_a_changed_draft_says_what_was_before_and_after(desk, editor, draft):
    topic = Topic.objects.create(name="Harbours", slug="harbours")
    post(desk, draft, policy="confirmed", topics=[topic.pk], texts__0__title="Ferries for all")
    events = {
        event.kind: event for event in draft.events.filter(actor=editor).exclude(after__has_key="topics")
    }
    assert events["letter.changed"].before == {"policy": "review"}
    assert events["letter.changed"].after == {"policy": "confirmed"}
    assert events["text.written"].after == {"language": "en", "title": "Ferries for all"}
    assert draft.events.filter(kind="letter.changed", after={"topics": ["Harbours"]}).exists()


def test_saving_without_a_change_leaves_no_event(desk, draft, letter):
    before = Event.objects.count()
    assert post(desk, draft).status_code == 302
    assert post(desk, letter).status_code == 302
    assert Event.objects.count() == before


def test_a_drafts_text_follows_its_language(desk, draft):
    post(desk, draft, language="ar")
    assert again(draft).text.language == "ar"
    assert 'dir="rtl"' in desk.get(at(draft)).content.decode()


def test_groups_need_a_place_of_their_own_and_rearrange_the_list(desk, letter):
    signature = factories.accepted(letter)
    places = {group.kind: n for n, group in enumerate(letter.groups.all())}
    n = places["organisations"]
    refused = post(desk, letter, **{f"groups__{n}__position": 900})
    assert "have the same place 900" in refused.content.decode()
    post(desk, letter, **{f"groups__{n}__position": 600})
    assert again(signature).place == 600
    assert letter.events.filter(kind="groups.changed").count() == 1


def test_a_standing_group_is_not_deleted(desk, letter):
    post(desk, letter, groups__0__DELETE="on")
    assert letter.groups.count() == 3


# --- What is frozen stays


def test_a_crafted_post_changes_no_frozen_word_date_addressee_stage_or_count(desk, letter):
    before = Letter.objects.values().get(pk=letter.pk)
    rows = list(letter.addressees.values()), list(letter.texts.values()), list(TextVersion.objects.values())
    forged = {
        "language": "fr", "date": "2001-01-01", "stage": "draft", "signature_count": "999", "withheld_count": "9", "current_version": "",
        "release_at": "2001-01-01T00:00", "closes_at": "2040-01-01T00:00", "opens_at": "2001-01-01T00:00", "signing_stopped": "on",
        "texts-0-title": "Forged", "texts-0-body": "<p>Forged</p>", "texts-0-closing": "Forged", "texts-0-language": "fr",
        "addressees-0-name": "Forged", "addressees-0-id": letter.addressees.get().pk, "addressees-0-letter": letter.pk,
        "addressees-TOTAL_FORMS": "1", "addressees-INITIAL_FORMS": "1", "addressees-0-DELETE": "on",
    }  # fmt: skip
    assert desk.post(at(letter), typed(desk.get(at(letter))) | forged).status_code == 302
    assert Letter.objects.values().get(pk=letter.pk) == before
    assert (
        list(letter.addressees.values()),
        list(letter.texts.values()),
        list(TextVersion.objects.values()),
    ) == rows


def test_an_added_text_or_addressee_on_a_frozen_letter_is_not_taken(desk, letter):
    forged = {
        "texts-TOTAL_FORMS": "2", "texts-1-title": "Forged", "texts-1-language": "fr", "texts-1-letter": letter.pk,
        "addressees-TOTAL_FORMS": "2", "addressees-1-name": "Forged", "addressees-1-letter": letter.pk,
    }  # fmt: skip
    desk.post(at(letter), typed(desk.get(at(letter))) | forged)
    assert (letter.texts.count(), letter.addressees.count()) == (1, 1)


def test_the_publishers_note_of_a_frozen_letter_stays_open(desk, letter):
    post(desk, letter, texts__0__standfirst="<p>Delivered soon.</p>", contact_name="Press desk")
    assert again(letter).text.standfirst == "<p>Delivered soon.</p>"
    assert again(letter).contact_name == "Press desk"


def test_a_letter_opened_while_it_is_saved_refuses_and_keeps_what_was_typed(desk, draft, now, monkeypatch):
    def released_meanwhile(self, request, form, change):
        life.release(draft, actor=None, at=now)
        return form.save(commit=False)

    monkeypatch.setattr(LetterAdmin, "save_form", released_meanwhile)
    response = post(desk, draft, texts__0__title="Too late", contact_name="Typed")
    assert response.status_code == 200
    assert "part of the text that was opened for signing" in response.content.decode()
    assert 'value="Typed"' in response.content.decode()
    assert again(draft).contact_name == ""
    assert again(draft).text.title != "Too late"


def test_only_a_draft_without_signatures_is_deleted(desk, draft, letter):
    assert desk.post(at(letter, "delete"), {"post": "yes"}).status_code == 403
    assert "Only a draft can be deleted" in desk.get(at(letter)).content.decode()
    assert desk.post(at(draft, "delete"), {"post": "yes"}).status_code == 302
    assert not Letter.objects.filter(pk=draft.pk).exists()
    event = Event.objects.get(kind="letter.deleted")
    assert event.before["title"] == "Keep the ferries running"
    assert [row[1] for row in event.before["record"]] == ["letter.created", "text.written", "addressee.added"]


# --- The life of a letter


STEPS = {
    "circulate": ("draft", {}, lambda letter: letter.stage == "circulating"),
    "release": ("draft", {}, lambda letter: letter.is_public(timezone.now())),
    "schedule": ("draft", {"when": "2040-01-01T09:00"}, lambda letter: letter.is_scheduled(timezone.now())),
    "cancel-release": ("scheduled", {}, lambda letter: letter.stage == "circulating"),
    "extend": ("letter", {"when": "2040-01-01T09:00"}, lambda letter: letter.closes_at.year == 2040),
    "close": ("letter", {}, lambda letter: letter.is_closed(timezone.now())),
    "stop": ("letter", {}, lambda letter: letter.signing_stopped),
    "resume": ("stopped", {}, lambda letter: not letter.signing_stopped),
    "link": ("circulating", {}, lambda letter: letter.events.filter(kind="letter.link_made").exists()),
    "revoke-link": ("circulating", {}, lambda letter: letter.circulation_digest == ""),
    "withdraw": ("letter", {"reason": "An error of fact."}, lambda letter: letter.stage == "withdrawn"),
}


@pytest.fixture
def scheduled(draft, now):
    return life.release(draft, actor=None, at=now, release_at=now + DAY)


@pytest.fixture
def stopped(letter, now):
    return life.stop_signing(letter, stopped=True, actor=None, at=now)


@pytest.mark.parametrize("verb", STEPS)
def test_a_step_says_what_it_does_by_get_and_does_it_by_post(request, desk, editor, verb):
    stage, data, done = STEPS[verb]
    letter = request.getfixturevalue(stage)
    before, events = Letter.objects.values().get(pk=letter.pk), Event.objects.count()
    page = desk.get(step(letter, verb))
    assert page.status_code == 200
    assert page.context["says"]
    assert (Letter.objects.values().get(pk=letter.pk), Event.objects.count()) == (before, events)
    assert factories.press(desk, step(letter, verb), data).status_code == 302
    assert done(again(letter))
    assert Event.objects.latest("id").actor == editor


def test_a_second_click_does_nothing_and_says_so(desk, draft):
    factories.press(desk, step(draft, "release"))
    events = Event.objects.count()
    response = desk.post(step(draft, "release"), follow=True)
    assert "The letter is public already." in response.content.decode()
    assert Event.objects.count() == events


def test_a_draft_that_lacks_something_is_told_what_and_stays(desk, now):
    letter = factories.letter(at=now, body="")
    letter.addressees.all().delete()
    page = desk.get(step(letter, "release")).content.decode()
    assert "The letter has no body." in page
    assert "name at least one addressee" in page
    desk.post(step(letter, "release"))
    assert again(letter).stage == "draft"


def test_a_step_without_its_reason_or_time_is_refused_beside_the_field(desk, letter):
    response = desk.post(step(letter, "withdraw"), {"reason": " "})
    assert response.status_code == 422
    assert "Give the reason." in response.content.decode()
    late = desk.post(step(letter, "extend"), {"when": "2001-01-01T09:00"})
    assert "has passed" in late.content.decode()
    assert again(letter).stage == "published"


def test_the_time_of_a_step_is_in_the_zone_of_the_letter(desk, now):
    letter = factories.letter(at=now, time_zone="Asia/Jakarta")
    factories.press(desk, step(letter, "schedule"), {"when": "2040-01-01T09:00"})
    assert again(letter).release_at.isoformat() == "2040-01-01T02:00:00+00:00"


def test_the_list_names_the_next_step(desk, draft, letter, circulating):
    factories.confirmed(letter)
    page = desk.get(reverse("admin:letters_letter_changelist")).content.decode()
    for words in ("Open for signing", "Review 1", ">Release<"):
        assert words in page


def test_the_preview_of_a_draft_is_the_public_page_and_stays_private(desk, draft):
    response = desk.get(at(draft, "preview"))
    assert response.status_code == 200
    assert "Keep the ferries running" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "letters/letter.html" in [template.name for template in response.templates]


def test_the_editors_import_map_has_the_nonce_of_the_policy(desk, draft):
    response = desk.get(at(draft))
    policy = response.headers["Content-Security-Policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert nonce
    assert (
        f'nonce="{nonce}"'
        in response.content.decode().partition("importmap")[2][:200]
        + response.content.decode().partition("importmap")[0][-200:]
    )


# --- The picture


def picture(form="JPEG", size=(2600, 1300), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "#2a6f97").save(out, form, **options)
    return out.getvalue()


def upload(client, letter, content, name="harbour.jpg", **fields):
    data = (
        typed(client.get(at(letter)))
        | {"picture": SimpleUploadedFile(name, content), "picture_alt": "A harbour at dusk"}
        | fields
    )
    return client.post(at(letter), data)


def test_a_picture_is_written_anew_without_place_or_camera(desk, letter):
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[1] = "N"
    assert upload(desk, letter, picture(exif=exif)).status_code == 302
    stored = again(letter).picture
    content = stored.read()
    assert b"CameraMaker" not in content
    assert b"Exif" not in content
    assert (stored.width, stored.height) == (2000, 1000)
    assert len(stored.name.removeprefix("pictures/").partition(".")[0]) == 40


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
        ("a.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("a.jpg", picture(size=(20, 20)) + b"<script>alert(1)</script>"),
        ("a.png", picture("PNG", (20, 20)) + b"PK\x05\x06" + bytes(18)),
        ("a.gif", picture("GIF", (20, 20))),
        ("a.jpg", picture(size=(20, 20))[:200]),
    ],
)
def test_what_is_not_a_plain_picture_is_refused_with_a_sentence(desk, letter, name, content):
    response = upload(desk, letter, content, name)
    assert "upload a JPEG, PNG or WebP file" in response.content.decode()
    assert not again(letter).picture


def test_a_picture_needs_its_words(desk, letter):
    response = upload(desk, letter, picture(), picture_alt="")
    assert "Say in words what the picture shows" in response.content.decode()
    assert not again(letter).picture


def test_a_picture_too_large_is_refused(desk, letter, settings):
    settings.PICTURE_MAX_BYTES = 1000
    assert "larger than" in upload(desk, letter, picture(size=(400, 400), quality=100)).content.decode()


# --- The queue


def decide(client, act, ids, **data):
    chosen = {"action": f"{act}_selected", "_selected_action": [str(pk) for pk in ids], "index": "0"}
    page = client.post(reverse("admin:signatories_signature_changelist"), chosen)
    sure = {
        "action": f"{act}_selected",
        "sure": "yes",
        "ids": page.context["ids"],
        "select_across": "1",
        "_selected_action": "0",
    } | data
    return page, client.post(reverse("admin:signatories_signature_changelist"), sure, follow=True)


def test_the_queue_shows_what_waits_and_what_helps_to_decide(queue, letter):
    known = factories.organisation("Harbour Circle", domains=["harbourcircle.example"])
    factories.accepted(factories.released(title="Earlier"), known.name, email="a@harbourcircle.example")
    factories.confirmed(letter, known.name, email="ines@harbourcircle.example")
    factories.confirmed(letter, "Lantern Guild", email="lantern@gmail.com", website="https://lantern.example")
    factories.confirmed(letter, "Mole Keepers", email="x@mole.example", website="https://www.mole.example/")
    factories.confirmed(letter, "Mole Keepers", email="y@elsewhere.example")
    factories.unconfirmed(letter, "Not Confirmed Society")
    page = queue.get(reverse("admin:signatories_signature_changelist")).content.decode()
    for words in (
        "matches the directory",
        "free-mail",
        "matches the website given",
        "</span> other</span>",
        "second attempt, beside another",
        "a second attempt stands beside it",
    ):
        assert words in page
    assert "Not Confirmed Society" not in page
    assert page.count('name="_selected_action"') == 4


@pytest.mark.parametrize("q", ["lantern guild", "LG", "ines@lantern", "lantern.example"])
def test_the_queue_finds_by_name_acronym_email_and_domain(queue, letter, q):
    factories.confirmed(letter, "Lantern Guild", acronym="LG", email="ines@lantern.example")
    factories.confirmed(letter, "Mole Keepers", email="x@mole.example")
    page = queue.get(reverse("admin:signatories_signature_changelist"), {"q": q}).content.decode()
    assert page.count('name="_selected_action"') == 1
    assert "Lantern Guild" in page


def test_bulk_accepting_counts_what_was_done_and_says_why_not(queue, reviewer, letter):
    first, second = factories.confirmed(letter, "Mole Keepers"), factories.confirmed(letter, "Mole Keepers")
    other = factories.confirmed(letter, "Lantern Guild")
    page, done = decide(queue, "accept", [first.pk, second.pk, other.pk])
    assert "3 signatures are chosen." in page.content.decode()
    assert again(first).state == "accepted"
    assert "2 signatures accepted." in done.content.decode()
    assert "has another signature on this letter" in done.content.decode()
    assert Event.objects.filter(kind="signature.accepted", actor=reviewer).count() == 2
    assert again(letter).signature_count == 2


def test_the_page_before_a_bulk_action_changes_nothing(queue, letter):
    signature = factories.confirmed(letter)
    chosen = {"action": "accept_selected", "_selected_action": [signature.pk], "index": "0"}
    queue.post(reverse("admin:signatories_signature_changelist"), chosen)
    assert again(signature).state == "confirmed"


def test_bulk_refusing_needs_a_reason_and_tells_it(queue, letter):
    signature = factories.confirmed(letter)
    _page, missing = decide(queue, "refuse", [signature.pk], reason="")
    assert "Give a reason" in missing.content.decode()
    assert again(signature).state == "confirmed"
    decide(queue, "refuse", [signature.pk], reason="Not an organisation.")
    assert again(signature).refusal_reason == "Not an organisation."
    assert "Not an organisation." in factories.send_mail()[-1].body


def test_one_signature_is_refused_arranged_and_withdrawn_by_post_alone(desk, letter):
    signature = factories.accepted(letter, "Mole Keepers")
    for verb in ("arrange", "refuse", "withdraw"):
        assert desk.get(step(signature, verb)).status_code == 200
    assert again(signature).state == "accepted"
    heading = Group.objects.create(letter=letter, kind="own", heading="Islands", position=700)
    factories.press(
        desk,
        step(signature, "arrange"),
        {"name": "Mole Keepers", "country": "PT", "note": "on behalf of 12", "group": heading.pk},
    )
    assert (again(signature).note, again(signature).place) == ("on behalf of 12", 700)
    desk.post(step(signature, "withdraw"), {"reason": "By telephone."})
    assert again(signature).state == "withdrawn"
    assert again(letter).signature_count == 0


def test_a_correction_is_taken_over_or_left(desk, letter, now):
    signature = factories.accepted(letter, "Mole Kepers")
    key = signature.keys.filter(purpose="manage").latest("id")
    by_link.propose_correction(key, name="Mole Keepers", acronym="", at=now)
    assert "Mole Keepers" in desk.get(reverse("admin:signatories_signature_changelist")).content.decode()
    desk.get(step(signature, "take-correction"))
    assert again(signature).name == "Mole Kepers"
    factories.press(desk, step(signature, "take-correction"), page=at(signature))
    assert again(signature).name == "Mole Keepers"


def test_the_page_of_a_signature_tells_all_and_takes_no_post(desk, letter):
    signature = factories.confirmed(letter, "Mole Keepers", email="ines@mole.example")
    page = desk.get(at(signature)).content.decode()
    for words in ("ines@mole.example", "Ines Quillfeather", "Coordinator", "Signature confirmed", "receipt"):
        assert words in page
    assert desk.post(at(signature), {"state": "accepted", "name": "Forged"}).status_code == 403
    assert desk.get(reverse("admin:signatories_signature_add")).status_code == 403
    assert desk.post(at(signature, "delete"), {"post": "yes"}).status_code == 403
    assert again(signature).state == "confirmed"


# --- The directory


def test_an_organisation_is_written_with_names_and_domains(desk, editor):
    url = reverse("admin:signatories_organisation_add")
    lines = {
        "other_names": "Cercle du port\n\nHafenkreis",
        "domains": "https://www.harbour.example/\n@harbour.test",
    }
    desk.post(url, {"name": "Harbour Circle", "acronym": "HC", "country": "PT", **lines})
    organisation = Organisation.objects.get()
    assert {row.domain for row in organisation.domains.all()} == {"harbour.example", "harbour.test"}
    assert organisation.names.filter(kind="other").count() == 2
    assert Event.objects.filter(kind="organisation.created", actor=editor).exists()
    page = desk.get(
        reverse("admin:signatories_organisation_changelist"), {"q": "hafenkreis"}
    ).content.decode()
    assert "Harbour Circle (HC)" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "Harbour Circle"}, "is in the directory already"),
        ({"domains": "gmail.com"}, "gives an address to anybody"),
        ({"domains": "not a domain"}, "is not a domain"),
    ],
)
def test_what_the_directory_refuses_is_said_and_nothing_typed_is_lost(desk, changed, words):
    factories.organisation("Harbour Circle")
    other = factories.organisation("Lantern Guild")
    response = post(desk, other, **{"note": "Typed note", **changed})
    assert words in response.content.decode()
    assert "Typed note" in response.content.decode()
    assert again(other).name == "Lantern Guild"


def test_an_organisation_is_verified_by_post_and_on_record(desk, editor):
    organisation = factories.organisation("Harbour Circle", verified=False)
    desk.get(step(organisation, "verify"))
    assert not again(organisation).is_known
    desk.post(step(organisation, "verify"))
    assert again(organisation).verified_by == editor
    assert Event.objects.filter(kind="organisation.verified", actor=editor).exists()


def test_an_organisation_is_deleted_only_without_signatures(office, letter):
    signed = factories.accepted(letter).organisation
    unused = factories.organisation("Unused Society")
    assert office.post(at(signed, "delete"), {"post": "yes"}).status_code == 403
    assert "has signatures" in office.get(at(signed)).content.decode()
    office.post(at(unused, "delete"), {"post": "yes"})
    assert not Organisation.objects.filter(pk=unused.pk).exists()
    assert Event.objects.filter(kind="organisation.deleted").exists()


# --- Record, mail, switches


def test_events_and_versions_are_read_and_never_written(office, letter):
    for row in (Event.objects.first(), TextVersion.objects.first()):
        assert office.get(at(row)).status_code == 200
        assert office.post(at(row), {"note": "Forged", "canonical": "Forged"}).status_code == 403
        assert office.post(at(row, "delete"), {"post": "yes"}).status_code == 403


def test_mail_is_shown_without_its_keys(desk, letter):
    factories.unconfirmed(letter)
    message = Message.objects.get(kind="confirm")
    page = desk.get(at(message)).content.decode()
    assert "/signatures/***/confirm/" in page


def test_mail_is_cancelled_and_sent_again_on_record(desk, editor, letter):
    factories.unconfirmed(letter)
    message = Message.objects.get(kind="confirm")
    assert desk.get(step(message, "cancel")).status_code == 200
    assert again(message).state == "queued"
    desk.post(step(message, "cancel"))
    assert again(message).state == "cancelled"
    chosen = {"action": "resend_selected", "_selected_action": [message.pk], "index": "0"}
    desk.post(reverse("admin:letters_message_changelist"), chosen)
    assert again(message).state == "queued"
    assert set(Event.objects.filter(actor=editor).values_list("kind", flat=True)) == {
        "message.cancelled",
        "message.resent",
    }


def test_an_administrator_turns_a_switch_on_record(office, administrator):
    switch = Switch.objects.get(name="signing")
    office.post(at(switch), {"stopped": "on"})
    assert again(switch).stopped
    assert Event.objects.get(kind="switch.stopped").actor == administrator
    assert office.get(reverse("admin:letters_switch_add")).status_code == 403


def test_no_page_offers_to_delete_many(office, draft):
    page = office.get(reverse("admin:letters_letter_changelist")).content.decode()
    assert "delete_selected" not in page
    forged = {"action": "delete_selected", "_selected_action": [draft.pk], "post": "yes", "index": "0"}
    office.post(reverse("admin:letters_letter_changelist"), forged)
    assert Letter.objects.filter(pk=draft.pk).exists()


# --- People


def test_a_role_lets_somebody_in_and_taking_it_shuts_them_out(office, administrator):
    person = User.objects.create_user("nell", password="a long password 1")
    post(office, person, groups=[Role.objects.get(name="editor").pk])
    assert again(person).is_staff
    assert Event.objects.get(kind="person.changed").after == {"roles": ["editor"]}
    office.post(at(person), {"username": "nell", "is_active": "on"})
    assert not again(person).is_staff


def test_an_administrator_makes_no_superuser_and_grants_no_permission(office):
    person = User.objects.create_user("nell")
    forged = {
        "is_superuser": "on",
        "is_staff": "on",
        "user_permissions": ["1"],
        "username": "nell",
        "is_active": "on",
    }
    office.post(at(person), forged)
    person = again(person)
    assert (person.is_superuser, person.is_staff, person.user_permissions.count()) == (False, False, 0)


def test_an_administrator_gives_no_group_that_is_not_a_role(office):
    person, strange = User.objects.create_user("nell"), Role.objects.create(name="wheel")
    office.post(at(person), {"username": "nell", "is_active": "on", "groups": [strange.pk]})
    assert person.groups.count() == 0


def test_an_administrator_does_not_touch_a_superuser(office):
    root = User.objects.create_superuser("root", password="a long password 1")
    forged = {"username": "mine", "password1": "another long word 2", "password2": "another long word 2"}
    assert office.post(at(root), forged).status_code == 403
    assert office.post(reverse("admin:auth_user_password_change", args=[root.pk]), forged).status_code == 403
    assert again(root).check_password("a long password 1")


# --- Cost


def ten(now):
    for n in range(3):
        made = factories.released(at=now, title=f"Letter {n}")
        factories.accepted(made), factories.confirmed(made), factories.withheld(made, f"Quiet {n}")
        factories.confirmed(made, "Lantern Guild", email=f"x@lantern{n}.example")
        Topic.objects.create(name=f"Topic {n}", slug=f"topic-{n}")
        User.objects.create_user(f"p{n}", is_staff=True).groups.add(Role.objects.get(name="editor"))
        factories.letter(at=now, title=f"Draft {n}"), factories.circulating(at=now, title=f"Circulating {n}")


@pytest.mark.parametrize("listed", LISTS)
def test_a_list_costs_the_same_however_long(office, now, listed):
    made = factories.released(at=now)
    factories.confirmed(made, "Harbour Circle", email="a@harbour.example")
    Topic.objects.create(name="Topic", slug="topic")
    url = reverse(f"admin:{listed}_changelist")
    office.get(url)
    with CaptureQueriesContext(
        connection,
    ) as one:
        office.get(url)
    ten(now)
    with CaptureQueriesContext(connection) as many:
        office.get(url)
    assert len(many) == len(one)


def test_every_kind_of_event_has_words():
    kinds = set()
    for path in [*Path("letters").rglob("*.py"), *Path("signatories").rglob("*.py")]:
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("record", "note_change"):
                kinds |= {value.value for value in ast.walk(call.args[0]) if isinstance(value, ast.Constant)}
    assert len(kinds) > 20
    assert {kind for kind in kinds if "." in kind.strip(".")} <= HAPPENED.keys()
    ends = {f"signature.{state}" for state in ("refused", "withdrawn", "disowned", "expired")}
    assert ends <= HAPPENED.keys()
