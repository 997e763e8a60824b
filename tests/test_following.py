"""Responses of the addressee and updates: drafts, previews, publishing, corrections in the open."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from letters import attachments
from letters.models import Event, Response, Update
from letters.services import following, life, revising
from letters.services.errors import Refused
from letters.services.following import ref
from tests import factories
from tests.test_desk import post, typed

pytestmark = pytest.mark.django_db
WORDS = "<p>The ministry <em>listens</em>.</p>"


def update(letter, at, *, publish=True, **fields):
    said = {"title": "A hearing is set", "body": WORDS, "dated": at.date()}
    row = Update(letter=letter, **said | fields)
    following.write(row, actor=None, at=at)
    return following.publish(row, actor=None, at=at) if publish else row


def response(letter, at, *, publish=True, **fields):
    said = {"from_whom": "Orla Venn", "body": "<p>Thank you for your letter.</p>", "dated": at.date()}
    row = Response(letter=letter, **said | fields)
    following.write(row, actor=None, at=at)
    return following.publish(row, actor=None, at=at) if publish else row


def page(client, letter):
    return client.get(letter.get_absolute_url()).content.decode()


def kinds(entry):
    return list(Event.objects.filter(subject=ref(entry)).order_by("id").values_list("kind", flat=True))


def word_file(*more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", *more):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, "PNG")
    return out.getvalue()


# --- Services


def test_a_draft_is_seen_by_nobody_and_a_published_entry_by_all(letter, client, now):
    draft = update(letter, now, publish=False)
    assert "A hearing is set" not in page(client, letter)
    following.publish(draft, actor=None, at=now)
    shown = page(client, letter)
    assert "A hearing is set" in shown and "<em>listens</em>" in shown
    assert f'id="update-{draft.pk}"' in shown
    assert kinds(draft) == ["update.written", "update.published"]


def test_a_draft_changes_freely_and_is_deleted_with_its_words_on_record(letter, editor, now):
    draft = update(letter, now, publish=False)
    draft.title = "A hearing"
    assert following.write(draft, actor=editor, at=now) == ["title"]
    assert following.write(draft, actor=editor, at=now) == []
    subject = ref(draft)
    following.delete_draft(draft, actor=editor, at=now)
    assert not Update.objects.exists()
    events = Event.objects.filter(subject=subject).order_by("id")
    assert [event.kind for event in events] == ["update.written", "update.written", "update.deleted"]
    assert "listens" in events.last().before["body"]
    assert events[1].before == {"title": "A hearing is set"}


def test_a_published_entry_is_corrected_in_the_open_and_never_deleted(letter, client, editor, now):
    entry = update(letter, now)
    entry.body = "<p>The ministry hears.</p>"
    with pytest.raises(Refused, match="what was corrected"):
        following.write(entry, actor=editor, at=now)
    assert Update.objects.get().body == WORDS
    following.write(entry, correction="“Listens” was wrong.", actor=editor, at=now + timedelta(days=1))
    entry.title = "A hearing is set for May"
    following.write(entry, correction="The month was missing.", actor=editor, at=now + timedelta(days=2))
    shown = page(client, letter)
    assert "The ministry hears." in shown
    assert shown.index("Listens” was wrong.") < shown.index("The month was missing.")
    assert shown.count("Corrected on") == 2
    assert kinds(entry) == ["update.written", "update.published", "update.corrected", "update.corrected"]
    with pytest.raises(Refused, match="stays"):
        following.delete_draft(entry, actor=editor, at=now)


def test_nothing_is_published_twice_or_on_a_letter_that_is_not_public(letter, circulating, now):
    entry = update(letter, now)
    with pytest.raises(Refused, match="already"):
        following.publish(entry, actor=None, at=now)
    early = update(circulating, now, publish=False)
    with pytest.raises(Refused, match="not public"):
        following.publish(early, actor=None, at=now)


def test_a_withdrawn_letter_is_followed_by_nothing(letter, now):
    draft = update(letter, now, publish=False)
    life.withdraw(letter, reason="A figure was wrong.", actor=None, at=now)
    draft.title = "Another"
    with pytest.raises(Refused, match="withdrawn"):
        following.write(draft, actor=None, at=now)
    with pytest.raises(Refused, match="not public"):
        following.publish(draft, actor=None, at=now)


@pytest.mark.parametrize("body", ["", "<p></p>", "<p> <br> </p>"])
def test_an_entry_has_something_to_say(letter, now, body):
    with pytest.raises(Refused):
        update(letter, now, body=body)
    with pytest.raises(Refused):
        response(letter, now, body=body)
    assert not Update.objects.exists() and not Response.objects.exists()


def test_what_somebody_else_wrote_meanwhile_is_not_put_over_unseen(letter, editor, administrator, now):
    entry = update(letter, now, publish=False)
    seen = following.latest_change(entry).pk
    mine, theirs = Update.objects.get(), Update.objects.get()
    theirs.title = "Theirs"
    following.write(theirs, actor=administrator, at=now, seen=seen)
    mine.body = "<p>Mine.</p>"
    with pytest.raises(Refused, match="ada changed this"):
        following.write(mine, actor=editor, at=now, seen=seen)
    assert Update.objects.get().title == "Theirs"
    mine.refresh_from_db()
    mine.body = "<p>Mine.</p>"
    following.write(mine, actor=editor, at=now, seen=following.latest_change(entry).pk)
    assert (mine.title, Update.objects.get().body) == ("Theirs", "<p>Mine.</p>")


def test_a_stale_copy_does_not_unpublish(letter, now):
    stale = update(letter, now, publish=False)
    copy = Update.objects.get()
    following.publish(copy, actor=None, at=now)
    stale.title = "Other"
    with pytest.raises(Refused, match="what was corrected"):
        following.write(stale, actor=None, at=now)
    following.write(stale, actor=None, at=now, correction="The title.")
    assert Update.objects.get().published_at is not None


# --- The public page


def test_what_followed_stands_in_the_order_of_its_days_in_its_own_language(db, client, now):
    letter = factories.released(at=now, date=(now - timedelta(days=5)).date())
    update(letter, now, title="Third", dated=(now - timedelta(days=1)).date())
    response(letter, now, dated=(now - timedelta(days=2)).date(), language="ar", body="<p>شكرا</p>")
    update(letter, now, title="First", dated=(now - timedelta(days=3)).date())
    shown = page(client, letter)
    assert shown.index("First") < shown.index("شكرا") < shown.index("Third")
    assert '<div class="words" lang="ar" dir="rtl"><p>شكرا</p></div>' in shown
    assert shown.index('class="sheet"') < shown.index('id="following"') < shown.index('id="signatories"')
    # Outside of what is signed.
    assert shown.index("</article>") < shown.index('id="following"')


def test_a_change_of_the_text_stands_in_its_place_among_what_followed(letter, client, now):
    revising.revise(letter, words={"closing": "Yours faithfully,"}, actor=None, at=now)
    revising.correct(letter, reason="The closing was another.", actor=None, at=now - timedelta(days=1))
    assert "What followed" not in page(client, letter)  # of itself it is said at the foot of the letter
    update(letter, now, title="Before it", dated=(now - timedelta(days=2)).date())
    update(letter, now, title="After it")
    shown = page(client, letter)
    followed = shown[shown.index('id="following"') :]
    assert (
        followed.index("Before it") < followed.index("The closing was another.") < followed.index("After it")
    )
    assert f"/letters/{letter.slug}/versions/#version-2" in followed


def test_an_entry_is_cleaned_like_every_text(letter, client, now):
    update(letter, now, body="<p onclick='x()'>Fine<script>alert(1)</script></p><img src=x>")
    shown = page(client, letter)
    assert "<p>Fine</p>" in shown
    assert "alert(1)" not in shown and "onclick" not in shown


def test_a_circulating_letter_shows_nothing_of_what_follows(circulating, client, now):
    update(circulating, now, publish=False)
    link = life.circulation_url(circulating).partition("//")[2].partition("/")[2]
    assert "What followed" not in client.get(f"/{link}").content.decode()


# --- Files


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def add(desk, letter, kind="response", **fields):
    address = reverse(f"admin:letters_{kind}_add") + f"?letter={letter.pk}"
    return post(desk, address, **fields)


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("answer.pdf", b"%PDF-1.7\n%answer", "pdf"),
        ("answer.exe", b"%PDF-1.7\n%named otherwise", "pdf"),
        ("answer.docx", word_file(), "docx"),
        ("answer.png", picture(), "png"),
    ],
)
def test_a_response_may_be_a_file_told_by_its_content(desk, letter, name, content, kept):
    assert add(desk, letter, body="", file=SimpleUploadedFile(name, content)).status_code == 302
    row = Response.objects.get()
    assert row.file.name.endswith("." + kept)
    assert row.from_whom.startswith("Orla Venn")  # offered from the addressees


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("answer.pdf", b"MZ\x90\x00 a program"),
        ("answer.pdf", b"<html><script>alert(1)</script></html>"),
        ("answer.docx", b"PK\x03\x04 not really"),
        ("answer.docx", word_file("word/vbaProject.bin")),
        ("answer.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("empty.pdf", b" "),
    ],
)
def test_other_files_are_refused_with_a_sentence(desk, letter, name, content):
    answer = add(desk, letter, body="<p>Words.</p>", file=SimpleUploadedFile(name, content))
    assert answer.status_code == 200
    assert "upload a" in answer.content.decode()
    assert "Words." in answer.content.decode()  # nothing typed is lost
    assert not Response.objects.exists()


def test_a_file_too_large_is_refused(desk, letter, settings):
    settings.RESPONSE_MAX_BYTES = 1024 * 1024
    big = SimpleUploadedFile("answer.pdf", b"%PDF-" + b"0" * 1024 * 1024)
    assert "larger than 1 MB" in add(desk, letter, body="", file=big).content.decode()
    assert not Response.objects.exists()


def test_the_file_of_a_response_is_downloaded_by_its_gate_alone(desk, client, letter, now):
    add(desk, letter, body="", language="fr", file=SimpleUploadedFile("a.pdf", b"%PDF-1.7\nanswer"))
    row = Response.objects.get()
    stored = row.file.name.rpartition("/")[2]
    address = f"/letters/{letter.slug}/responses/{row.pk}/{stored}"
    assert client.get(address).status_code == 404  # a draft
    assert b"".join(
        desk.get(reverse("admin:letters_response_file", args=[row.pk])).streaming_content
    ).startswith(b"%PDF")
    following.publish(row, actor=None, at=now)
    shown = page(client, letter)
    assert f'href="{address}" hreflang="fr"' in shown and "French" in shown and "15\xa0bytes" in shown
    answer = client.get(address)
    assert answer["Content-Language"] == "fr"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert client.get(address.replace(stored, "x.pdf")).status_code == 404
    life.withdraw(letter, reason="A figure was wrong.", actor=None, at=now)
    assert client.get(address).status_code == 410


# --- The desk


def test_writing_previewing_and_publishing_in_the_desk(desk, letter, editor):
    assert add(desk, letter, "update", title="A hearing is set", body=WORDS).status_code == 302
    row = Update.objects.get()
    assert (row.letter, row.published_at) == (letter, None)
    preview = desk.get(reverse("admin:letters_update_preview", args=[row.pk])).content.decode()
    assert "A hearing is set" in preview and "Draft" in preview
    assert "A hearing is set" not in page(desk, letter)
    publish = reverse("admin:letters_update_step", args=[row.pk, "publish"])
    assert "stands on the letter" in desk.get(publish).content.decode()
    assert Update.objects.get().published_at is None
    assert factories.press(desk, publish).status_code == 302
    assert "A hearing is set" in page(desk, letter)
    assert set(Event.objects.filter(subject=ref(row)).values_list("actor", flat=True)) == {editor.pk}


def test_the_preview_is_the_public_page(desk, letter, now):
    entry = update(letter, now)
    shown = desk.get(reverse("admin:letters_update_preview", args=[entry.pk])).content.decode()
    begins, ends = '<section class="following"', "</section>"
    public = page(desk, letter)
    assert (
        shown[shown.index(begins) :].partition(ends)[0] == public[public.index(begins) :].partition(ends)[0]
    )


def test_the_way_to_the_preview_leads_to_the_entry(desk, letter, now):
    entry = update(letter, now)
    preview = reverse("admin:letters_update_preview", args=[entry.pk]) + f"#update-{entry.pk}"
    form = desk.get(reverse("admin:letters_update_change", args=[entry.pk])).content.decode()
    assert f'href="{preview}"' in form
    assert f'id="update-{entry.pk}"' in desk.get(preview).content.decode()


def test_a_correction_in_the_desk_needs_its_words(desk, letter, now):
    entry = update(letter, now)
    address = reverse("admin:letters_update_change", args=[entry.pk])
    answer = post(desk, address, title="Another title")
    assert answer.status_code == 200
    assert "what was corrected" in answer.content.decode()
    assert 'value="Another title"' in answer.content.decode()
    assert post(desk, address, title="Another title", correction="The title.").status_code == 302
    assert "Corrected on" in page(desk, letter) and "Another title" in page(desk, letter)


def test_a_form_that_was_overtaken_comes_back_with_what_was_typed(desk, letter, administrator, now):
    entry = update(letter, now, publish=False)
    address = reverse("admin:letters_update_change", args=[entry.pk])
    old = desk.get(address)
    entry.title = "Theirs"
    following.write(entry, actor=administrator, at=now)
    data = typed(old) | {"title": "Mine"}
    answer = desk.post(address, data)
    assert answer.status_code == 200
    assert "ada changed this" in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()
    assert Update.objects.get().title == "Theirs"
    assert desk.post(address, typed(answer) | {"title": "Mine"}).status_code == 302
    assert Update.objects.get().title == "Mine"


def test_a_draft_is_deleted_and_a_published_entry_offers_no_deleting(desk, letter, now):
    draft, shown = update(letter, now, publish=False), update(letter, now)
    delete = reverse("admin:letters_update_delete", args=[draft.pk])
    assert "A hearing is set" in desk.get(delete).content.decode()
    assert desk.post(delete, {"post": "yes"}).status_code == 302
    assert list(Update.objects.all()) == [shown]
    assert (
        desk.post(reverse("admin:letters_update_delete", args=[shown.pk]), {"post": "yes"}).status_code == 403
    )


def test_the_letters_page_of_the_desk_leads_to_what_followed(desk, letter, now):
    entry, answer = update(letter, now, publish=False), response(letter, now)
    text = desk.get(reverse("admin:letters_letter_change", args=[letter.pk])).content.decode()
    for row in (entry, answer):
        assert reverse(f"admin:letters_{row._meta.model_name}_change", args=[row.pk]) in text
    assert reverse("admin:letters_update_add") + f"?letter={letter.pk}" in text


def test_a_reviewer_sees_none_of_it(client, reviewer, letter, now):
    entry = update(letter, now)
    client.force_login(reviewer)
    for address in (
        reverse("admin:letters_update_changelist"),
        reverse("admin:letters_update_add"),
        reverse("admin:letters_update_change", args=[entry.pk]),
        reverse("admin:letters_update_preview", args=[entry.pk]),
        reverse("admin:letters_update_step", args=[entry.pk, "publish"]),
        reverse("admin:letters_response_changelist"),
        reverse("admin:letters_delivery_changelist"),
    ):
        assert client.get(address).status_code == 403, address


def test_an_entry_cannot_be_moved_to_another_letter(desk, letter, now):
    entry, other = update(letter, now, publish=False), factories.released(at=now, title="Another letter")
    address = reverse("admin:letters_update_change", args=[entry.pk])
    assert post(desk, address, letter=other.pk, title="New").status_code == 302
    assert Update.objects.get().letter == letter


def test_what_follows_bears_a_day_that_has_come(db, now):
    letter = factories.released(at=now, date=now.date())
    for days, sentence in ((2, "has not come yet"), (-1, "later day than this response")):
        answer = response(letter, now, publish=False, dated=now.date() + timedelta(days=days))
        with pytest.raises(Refused, match=sentence):
            following.publish(answer, actor=None, at=now)
    answer = response(letter, now)
    answer.dated = now.date() + timedelta(days=2)
    with pytest.raises(Refused, match="has not come yet"):
        following.write(answer, correction="The day.", actor=None, at=now)


def test_a_file_of_another_kind_is_told_which_kinds_are_taken():
    for name, content in (("answer.pdf", b"MZ not a document"), ("answer.svg", b"<svg/>")):
        with pytest.raises(ValidationError, match="upload a PDF, a Word document"):
            attachments.checked(SimpleUploadedFile(name, content))


def test_stored_files_are_for_this_software_alone(letter, now):
    row = response(letter, now, publish=False, file=SimpleUploadedFile("answer.pdf", b"%PDF-1.7\nx"))
    stored = Path(row.file.path)
    assert stored.stat().st_mode & 0o077 == 0 and stored.parent.stat().st_mode & 0o077 == 0
