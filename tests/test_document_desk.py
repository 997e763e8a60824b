"""“New letter from a document” in the desk: what was read is shown and mended, a draft made, and its list waits."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from letters.models import Event, Letter, Message
from letters.services import life
from letters.services.errors import Refused
from signatories.models import ImportBatch, Signature, WaitingList
from signatories.retention import erase_due
from signatories.services import importing, waiting
from tests import factories
from tests.wordfiles import END, HEAD, LETTER, docx, p

pytestmark = pytest.mark.django_db
URL = "/admin/letters/letter/from-document/"
TEXT = (
    "Keep the night ferries\n\nDear Ms Vale,\n\nWe write about boats.\n\nYours sincerely,\n\nSignatories:\n\n"
    "1. Tide Watch, Kenya\n2. Harbour Circle, Peru\n"
)


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def upload(desk, data=None, name="letter.docx", **more):
    file = SimpleUploadedFile(name, docx(LETTER) if data is None else data)
    return desk.post(URL, {"file": file, "text": "", **more})


def typed(response, **changed):
    """What a browser would send back from the page of the parts."""
    rows = response.context["people"]
    data = {}
    for form in (response.context["form"], rows.management_form, *rows.forms):
        for field in form:
            value = field.value()
            if value not in (None, False):
                data[field.html_name] = value.isoformat() if hasattr(value, "isoformat") else value
    return data | changed


def made(desk, **changed):
    desk.post(URL, typed(upload(desk), **changed))
    return Letter.objects.get()


def test_the_way_there_is_on_the_first_page_and_on_the_list(desk):
    for page in ("/admin/", reverse("admin:letters_letter_changelist")):
        assert URL in desk.get(page).content.decode()
    assert desk.get(URL).status_code == 200


def test_a_reviewer_has_no_way_there(client, reviewer):
    client.force_login(reviewer)
    assert client.get(URL).status_code == 403
    assert URL not in client.get("/admin/").content.decode()


def test_each_part_is_shown_with_how_sure_it_is_and_nothing_is_stored(desk):
    response = upload(desk)
    page = response.content.decode()
    assert response.status_code == 200
    assert response.context["form"]["title"].value() == "Keep the night ferries"
    assert "by its heading, paragraph 1" in page and "lines set like an address, paragraph 3" in page
    assert "Not found" in page and "2 organisations." in page
    assert [row["name"].value() for row in response.context["people"]][:3] == [
        "Ms Ilse Brandvoort",
        "Jo Orrell",
        "Ana Vell",
    ]
    assert not Letter.objects.exists() and not Event.objects.exists()


def test_what_was_left_out_is_told(desk):
    page = upload(desk, docx(HEAD + p("We write.") + END + p("Marrow Bay Office"))).content.decode()
    assert "Below or beside the list of signatories (paragraph 16): Marrow Bay Office" in page


def test_a_draft_is_made_of_what_was_read_and_mended(desk, editor):
    letter = made(
        desk,
        title="Keep all ferries",
        signatories="1. Tide Watch (TW), Kenya\n2. Ilse Marrow, Ferry pilot\n3. Sea Room\n",
    )
    assert (letter.stage, letter.title, letter.text.subject) == ("draft", "Keep all ferries", "the last boat")
    assert letter.date.isoformat() == "2025-11-05" and letter.picture_credit == "Mira Tolland"
    assert letter.text.body == "<p>We write about boats.</p>" and letter.text.closing == "Yours sincerely,"
    assert [(str(who), who.is_copy) for who in letter.addressees.all()] == [
        ("Ms Ilse Brandvoort, Director of Ferry Services, Port Authority", False),
        ("Jo Orrell, Mayor", True),
        ("Ana Vell", True),
    ]
    assert list(letter.editors.all()) == [editor]
    assert letter.waiting_list.source == "letter.docx" and "Sea Room" in letter.waiting_list.text
    assert not Signature.objects.exists()
    assert {event.actor for event in letter.events.all()} == {editor}


def test_errors_keep_what_was_typed_and_the_document_is_not_asked_for_again(desk):
    first = upload(desk)
    response = desk.post(
        URL, typed(first, title="", salutation="x" * 300, closing="In hope,", date="tomorrow")
    )
    assert response.status_code == 422
    form = response.context["form"]
    assert set(form.errors) == {"title", "salutation", "date"}
    assert form["closing"].value() == "In hope," and form["signatories"].value().startswith("1. Tide Watch")
    page = response.content.decode()
    assert "by its heading, paragraph 1" in page and 'type="file"' not in page
    desk.post(URL, typed(response, title="A title", salutation="Dear all,", date="2025-11-05"))
    assert Letter.objects.get().text.closing == "In hope,"


def test_a_body_that_was_emptied_and_a_broken_page_are_told(desk):
    data = typed(upload(desk))
    assert "body" in desk.post(URL, data | {"body": "<p> </p>"}).context["form"].errors
    assert desk.post(URL, data | {"reading": "{}"}).status_code == 302
    assert desk.post(URL, data | {"reading": json.dumps({"marks": [], "left_out": 1})}).status_code == 302
    assert not Letter.objects.exists()


def test_the_list_is_read_again_without_making_anything(desk):
    response = desk.post(
        URL, typed(upload(desk), signatories="1. One Sea\n2. Two Seas\n3. Three Seas\n", _again="")
    )
    assert response.status_code == 200 and "3 organisations." in response.content.decode()
    assert not Letter.objects.exists()


def test_pasted_text_is_read_too(desk):
    response = desk.post(URL, {"text": TEXT})
    assert response.context["form"]["salutation"].value() == "Dear Ms Vale,"
    assert "from what you pasted" in response.content.decode()
    desk.post(URL, typed(response))
    assert Letter.objects.get().waiting_list.source == ""


def test_of_a_file_and_a_paste_the_file_is_read_and_the_paste_told(desk):
    response = upload(desk, text="Other words")
    assert response.context["form"]["title"].value() == "Keep the night ferries"
    assert "Pasted beside the file, which was read instead: Other words" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("letter.docx", b"PK\x03\x04 no", "damaged"),
        ("letter.pdf", b"%PDF", "paste"),
        ("letter.txt", b"", "holds no text"),
        ("letter.txt", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        ("letter.txt", b"word " * 400_000, "longer than any letter"),
    ],
)
def test_what_cannot_be_read_says_so_beside_the_field(desk, name, data, words):
    response = upload(desk, data, name)
    assert response.status_code == 422
    assert words in str(response.context["form"].errors["file"])


def test_nothing_chosen_is_told(desk):
    response = desk.post(URL, {"text": "  "})
    assert response.status_code == 422 and "Choose a document" in response.content.decode()


def test_the_same_document_twice_leads_to_the_letter_that_is_there(desk):
    letter = made(desk)
    response = upload(desk)
    link = reverse("admin:letters_letter_change", args=[letter.pk])
    assert "Such a letter is there already" in response.content.decode() and link in response.content.decode()
    again = desk.post(URL, typed(response))
    assert again.status_code == 422 and link in again.content.decode()
    assert Letter.objects.count() == 1
    desk.post(URL, typed(response, title="Another title"))
    assert Letter.objects.count() == 2


# --- The list that waits


def opened(desk, now):
    letter = made(desk)
    life.release(letter, actor=None, at=now)
    return Letter.objects.get(pk=letter.pk)


def step(letter, verb):
    return reverse("admin:letters_letter_step", args=[letter.pk, verb])


def test_a_draft_shows_the_list_and_does_not_offer_to_add_it(desk):
    letter = made(desk)
    page = desk.get(reverse("admin:letters_letter_change", args=[letter.pk])).content.decode()
    assert "2 signatories of the document wait until the letter is open." in page
    assert step(letter, "add-listed") not in page and step(letter, "discard-listed") in page


def test_once_open_the_list_is_looked_at_like_any_other_and_then_put_on(desk, now):
    letter = opened(desk, now)
    response = desk.post(step(letter, "add-listed"), follow=True)
    batch = ImportBatch.objects.get()
    assert response.redirect_chain[-1][0] == reverse("admin:signatories_importbatch_change", args=[batch.pk])
    assert [row.name for row in batch.rows.filter(ignored="")] == ["Tide Watch", "Harbour Circle"]
    assert (batch.letter, batch.state) == (letter, ImportBatch.State.PREVIEW)
    assert not letter.signatures.exists() and not WaitingList.objects.exists()
    importing.apply(
        batch,
        revision=batch.revision,
        consent_from="mail",
        consent_date=now.date(),
        consent_note="",
        actor=None,
        at=now,
    )
    assert [s.name for s in letter.signatures.listed().in_order("time")] == ["Tide Watch", "Harbour Circle"]
    assert not Message.objects.exists()
    assert desk.post(step(letter, "add-listed")).status_code == 302  # which says that no list waits
    assert ImportBatch.objects.count() == 1


def test_the_list_is_discarded_for_good(desk, now):
    letter = made(desk)
    desk.post(step(letter, "discard-listed"))
    assert not WaitingList.objects.exists()
    assert letter.events.get(kind="list.discarded").before == {"entries": 2}
    with pytest.raises(Refused, match="added or discarded already"):
        waiting.discard_waiting(letter, actor=None, at=now)


def test_a_list_for_a_draft_is_refused_and_stays(desk, now):
    letter = made(desk)
    with pytest.raises(Refused, match="opened for signing"):
        waiting.open_waiting(letter, actor=None, at=now)
    with pytest.raises(Refused, match="waits for this letter already"):
        waiting.keep_list(letter, "1. Sea Room", source="", actor=None, at=now)
    assert WaitingList.objects.get().letter == letter


def test_the_list_goes_with_its_draft_and_with_the_data_of_its_letter(desk, now):
    letter = opened(desk, now)
    life.withdraw(letter, reason="A wrong figure.", actor=None, at=now)
    erase_due(at=now)
    assert WaitingList.objects.exists()
    erase_due(at=now.replace(year=now.year + 20))
    assert not WaitingList.objects.exists()


def test_no_stranger_sees_the_list(desk, client, now):
    letter = opened(desk, now)
    factories.accepted(letter, "Open Quays")
    client.logout()
    for address in (letter.get_absolute_url(), f"/letters/{letter.slug}/signatories.csv", "/organisations/"):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"Harbour Circle" not in body


@pytest.mark.parametrize("spoilt", ['"sure": "zzz"', '"sure": ["a"]', '"sure": null'])
def test_what_the_page_did_not_send_is_no_error(desk, spoilt):
    data = typed(upload(desk))
    for reading in (data["reading"].replace('"sure": "sure"', spoilt), "[" * 100_000, '{"marks": []}'):
        answer = desk.post(URL, data | {"reading": reading})
        assert answer.status_code == 302 and not Letter.objects.exists()
    answer = desk.post(URL, data | {"language": "../.." * 60})
    assert answer.status_code == 422 and not Letter.objects.exists()


def test_a_character_by_an_endless_number_in_a_page_is_read_as_none(desk):
    page = f"<article><h1>Boats</h1><p>Dear Ms Vale,</p><p>We &#9{'9' * 5000}; write.</p></article>"
    assert upload(desk, page.encode(), "a.html").status_code == 200
