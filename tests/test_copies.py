"""A representative's copy of what is stored about them: all of it, and nothing of anybody else."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User

from letters import keys
from letters.models import Attempt, Group, Letter, Message
from letters.services.events import record
from signatories import copies, emails, retention
from signatories.models import Contact, ImportBatch, ImportRow, Invitation, Key, Representative, Signature
from signatories.services import by_link, review
from tests import factories
from tests.factories import counter

DAY = timedelta(days=1)
INES = {"email": "ines@tide.example", "representative_name": "Ines Quill", "representative_role": "Chair"}


@pytest.fixture
def signature(letter, now):
    return factories.accepted(letter, "Tide Watch", at=now, website="https://tide.example/", **INES)


def link(signature, now):
    """The private page's address."""
    purpose, nonce = emails.mint(signature, Key.Purpose.MANAGE, at=now)
    return f"/signatures/{keys.derive(purpose, nonce)}/"


def got(client, signature, now):
    answer = client.get(link(signature, now) + "data.json")
    assert answer.status_code == 200
    return answer.json()


def invited(letter, now, **fields):
    n = next(counter)
    given = {
        "organisation_name": "Tide Watch",
        "person_name": "Ines Quill",
        "email": "Ines@tide.example",
        "email_key": f"secret-hash-{n}",
        "source": "addresses",
        "nonce": f"secret-nonce-{n}",
        "digest": f"secret-digest-{n}",
        "stop_digest": f"secret-stop-{n}",
        "made_at": now,
    }
    return Invitation.objects.create(letter=letter, **given | fields)


def imported(signature, now):
    batch = ImportBatch.objects.create(
        letter=signature.letter, made_at=now, source_name="Zelda’s list", consent_from="mail",
        consent_note="Zelda asked them", consent_date=now.date(), state="applied",
    )  # fmt: skip
    return ImportRow.objects.create(
        batch=batch, position=1, line=1, text="Tide Watch, Ines Quill; Zelda Other", name="Tide Watch",
        person="Ines Quill", role="Chair", email="ines@tide.example", signature=signature,
    )  # fmt: skip


# --- The file


def test_the_private_page_leads_to_the_copy_as_a_file(signature, client, now):
    address = link(signature, now)
    assert 'href="data.json"' in client.get(address).content.decode()
    answer = client.get(address + "data.json")
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="signature-data.json"'
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer" and "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies


def test_the_file_is_read_by_people_too(letter, client, now):
    row = factories.accepted(letter, "Ośrodek “Fala”", email="a@fala.example")
    text = client.get(link(row, now) + "data.json").content.decode()
    assert '\n  "signature": {\n    "signed_as": "Organisation",' in text
    assert "Ośrodek “Fala”" in text


def test_its_first_sentence_is_in_the_language_of_the_page(signature, client, now):
    address = link(signature, now)
    french = client.get("/fr" + address + "data.json").json()
    english = client.get(address + "data.json").json()
    assert next(iter(french)) == "about" and french["about"] != english["about"]
    assert french["signature"] == english["signature"]


def test_reading_it_changes_nothing(signature, client, now):
    address = link(signature, now) + "data.json"
    tables = (Signature, Representative, Key, Message, Letter)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    client.get(address)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert client.post(address).status_code == 405


def test_a_wrong_or_ended_key_answers_as_the_private_page_does(signature, client, now):
    address = link(signature, now)
    by_link.withdraw(signature.keys.filter(purpose="manage").latest("id"), at=now)
    confirm = factories.unconfirmed(signature.letter)
    purpose, nonce = emails.mint(confirm, Key.Purpose.CONFIRM, at=now)
    other = f"/signatures/{keys.derive(purpose, nonce)}/"
    for page in (address, "/signatures/no-such-key/", other):
        answer, as_page = client.get(page + "data.json"), client.get(page)
        assert answer.status_code == as_page.status_code == 404
        assert answer.content.decode().replace("data.json", "") == as_page.content.decode()


# --- All of it


@pytest.mark.parametrize(
    ("model", "tables"),
    [
        (Signature, [copies.SIGNATURE, copies.CORRECTION]),
        (Representative, [copies.REPRESENTATIVE]),
        (Invitation, [copies.INVITATION]),
    ],
)
def test_every_field_is_in_the_file_or_left_out_for_a_reason(model, tables):
    name = model.__name__
    places = [*tables, copies.ELSEWHERE[name], copies.LEFT_OUT[name]]
    listed = [field for place in places for field in place]
    assert sorted(listed) == sorted(field.name for field in model._meta.concrete_fields)
    assert all(copies.LEFT_OUT[name].values())


@pytest.mark.parametrize("model", ["Signature", "Representative", "Invitation"])
def test_what_has_a_place_of_its_own_has_it(signature, client, now, model):
    assert set(copies.ELSEWHERE[model].values()) <= got(client, signature, now).keys()


def test_it_says_what_was_signed_by_whom_and_under_which_text(signature, client, now):
    data = got(client, signature, now)
    assert {key: data["signature"][key] for key in ("signed_as", "name_in_the_list", "state", "shown")} == {
        "signed_as": "Organisation",
        "name_in_the_list": "Tide Watch",
        "state": "Accepted",
        "shown": "With its name",
    }
    assert data["signature"]["country"] == {"code": "PT", "name": "Portugal"}
    assert data["signature"]["website"] == "https://tide.example/"
    assert data["signature"]["signed_at"] == now.strftime("%Y-%m-%dT%H:%M:%SZ")
    version = signature.letter.current_version
    assert (data["text_signed"]["version"], data["text_signed"]["sha256"]) == (1, version.digest)
    text = client.get(urlsplit(data["text_signed"]["address"]).path)
    assert text.content.decode() == version.canonical
    person = data["representative"]
    assert (person["name"], person["role"], person["email"]) == ("Ines Quill", "Chair", "ines@tide.example")
    assert person["consented_at"] and person["wants_no_more_mail_since"] is None


def test_it_holds_the_correction_the_mail_the_links_and_what_happened(signature, client, now):
    by_link.propose_correction(
        signature.keys.filter(purpose="manage").latest("id"), name="Tide Watch Group", acronym="TWG", at=now
    )
    message = Message.objects.filter(subject_ref=signature.ref).order_by("id").first()
    Attempt.objects.create(message=message, at=now, outcome="waits", reply="451 a server’s words")
    data = got(client, signature, now)
    assert data["correction_proposed"] == {"name": "Tide Watch Group", "acronym": "TWG"}
    assert [mail["what"] for mail in data["mail"]] == ["Please confirm", "Receipt", "Accepted"]
    assert data["mail"][0]["tries"] == [
        {"at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "what": "Not now; tried again"}
    ]
    assert [event["what"] for event in data["what_happened"]] == [
        "Signature received",
        "Signature confirmed",
        "Signature accepted",
        "Correction asked for",
    ]
    accepted = data["what_happened"][2]
    assert (accepted["before"], accepted["after"]) == ({"state": "confirmed"}, {"state": "accepted"})
    assert {key["for"] for key in data["private_links"]} == {"confirm", "see, correct, withdraw"}
    confirm = next(key for key in data["private_links"] if key["for"] == "confirm")
    assert confirm["used_at"] and confirm["made_at"]


def test_it_holds_the_invitation_that_led_to_it_with_its_mail(signature, client, now):
    invitation = invited(signature.letter, now, signature=signature, opened_at=now, reminders=2)
    Message.objects.create(
        kind="invitation", letter=signature.letter, subject_ref=invitation.ref, recipient="ines@tide.example",
        next_try_at=now, created_at=now, message_id="<i@x>",
    )  # fmt: skip
    data = got(client, signature, now)
    (row,) = data["invitations"]
    assert (row["name"], row["email"], row["number_of_reminders"]) == ("Ines Quill", "Ines@tide.example", 2)
    assert row["form_opened_at"] and row["signed_by_its_link"] is True
    assert len(data["mail"]) == 4


def test_it_holds_the_line_of_a_list_and_the_contact_with_the_same_address(signature, client, now):
    imported(signature, now)
    for name, email in (("Ines Quill", "ines@tide.example"), ("Zelda Other", "zelda@tide.example")):
        Contact.objects.create(
            organisation=signature.organisation, name=name, email=email, email_key=email, added_at=now
        )
    data = got(client, signature, now)
    (line,) = data["imported_lines"]
    assert (line["person"], line["email"]) == ("Ines Quill", "ines@tide.example")
    assert line["where_consent_came_from"] == "E-mails of the signatories"
    assert [contact["name"] for contact in data["contact_of_the_organisation"]] == ["Ines Quill"]
    assert "Zelda" not in json.dumps(data, ensure_ascii=False)


def test_it_says_until_when_and_which_hashes_there_are(letter, client, now):
    Letter.objects.filter(pk=letter.pk).update(accepts="both")
    person = factories.accepted(letter, "Ada Marsh", kind="individual", email="ada@marsh.example")
    data = got(client, person, now)
    due = retention.kept_until(letter, at=now)
    assert data["kept"]["until"] == due.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "12" in data["kept"]["why"]
    assert {"of_the_name", "of_the_address_or_person_with_the_signature"} <= data["keyed_hashes"].keys()
    person.refresh_from_db()
    text = json.dumps(data)
    assert person.name_key not in text and person.person_key not in text
    assert person.representative.email_key not in text


def test_a_letter_without_a_close_says_so(db, client, now):
    letter = factories.released(at=now)
    data = got(client, factories.accepted(letter), now)
    assert data["kept"]["until"] is None and "no close" in data["kept"]["why"]


def test_after_the_span_it_says_that_nothing_is_kept_of_the_person(signature, client, now):
    address = link(signature, now)
    invited(signature.letter, now, signature=signature)
    retention.erase_due(at=now + 500 * DAY)
    data = client.get(address + "data.json").json()
    assert data["representative"] is None
    assert data["invitations"][0]["email"] == "" and data["invitations"][0]["made_at"]
    assert "Quill" not in json.dumps(data) and 'tide.example"' not in json.dumps(data)


# --- Nothing of anybody else


def test_it_names_no_editor_no_rival_and_no_other_representative(letter, signature, client, now):
    zelda = User.objects.create_user("zelda", "zelda@desk.example", first_name="Zelda", last_name="Zachary")
    rival = factories.confirmed(
        letter, "Tide Watch ii", email="rival@elsewhere.example", representative_name="Zelda Rival"
    )
    Signature.objects.filter(pk=rival.pk).update(organisation=signature.organisation, rival_of=signature)
    group = Group.objects.create(letter=letter, heading="North coast")
    review.arrange(signature, actor=zelda, at=now, group=group)
    record("signature.reaffirmed", at=now, letter=letter, subject=signature.ref, actor=zelda,
           note="Zelda Other rang.", after={"version": 1})  # fmt: skip
    record("signature.merged", at=now, letter=letter, subject=signature.ref, actor=zelda,
           after={"state": "merged", "counts": rival.ref})  # fmt: skip
    invited(letter, now, email="zelda@tide.example", person_name="Zelda Other", signature=signature,
            made_by=zelda, declined_word="Zelda says no")  # fmt: skip
    invited(letter, now, email="zoe@tide.example", person_name="Zelda Third", otherwise=signature)
    signature.refresh_from_db()
    data = got(client, signature, now)
    text = json.dumps(data, ensure_ascii=False)
    assert "Zelda" not in text and "zelda" not in text and "zoe" not in text
    assert "elsewhere" not in text and rival.ref not in text
    assert data["invitations"] == []
    assert data["signature"]["heading_in_the_list"] == "North coast"
    happened = {event["what"]: event for event in data["what_happened"]}
    assert happened["Counted with another of its organisation"]["after"] == {"state": "merged"}
    assert happened["Re-affirmed after an amendment"]["note"] == copies.UNTOLD
    assert happened["Signature’s place in the list changed"]["by"] == "an editor"


def test_who_hides_behind_the_same_organisation_is_not_in_the_copy_of_a_later_attempt(letter, client, now):
    factories.withheld(letter, "Tide Watch", email="zelda@tide.example", representative_name="Zelda")
    rival = factories.confirmed(letter, "tide watch", email="ines@elsewhere.example")
    alone = factories.confirmed(letter, "Night Ferry", email="ines@night.example")
    data, other = got(client, rival, now), got(client, alone, now)
    assert "Zelda" not in json.dumps(data) and "Tide Watch" not in json.dumps(data)
    shape = [[event["what"] for event in one["what_happened"]] for one in (data, other)]
    assert shape[0] == shape[1]
    assert data["signature"].keys() == other["signature"].keys()
    assert data["signature"]["state"] == other["signature"]["state"]


def test_the_reason_of_a_refusal_is_told_as_it_was_in_the_mail(letter, editor, client, now):
    signature = factories.confirmed(letter, "Reed Bank")
    review.refuse(signature, reason="Not of the coast.", actor=editor, at=now)
    data = got(client, signature, now)
    assert data["signature"]["reason_given_by_the_editors"] == "Not of the coast."
    assert data["what_happened"][-1]["note"] == "Not of the coast."


def test_an_embargoed_letter_has_no_address_yet(circulating, client, now):
    data = got(client, factories.accepted(circulating, "Tide Watch"), now)
    assert data["letter"]["address"] is None and data["text_signed"]["address"] is None
    assert circulating.slug not in json.dumps(data)


def test_no_key_stands_in_the_file(signature, client, now):
    invitation = invited(signature.letter, now, signature=signature)
    address = link(signature, now)
    text = client.get(address + "data.json").content.decode()
    secrets = [address.split("/")[2], *signature.keys.values_list("digest", flat=True)]
    assert not [secret for secret in secrets if secret in text]
    assert "secret" not in text
    assert invitation.ref not in text


# --- How much work it is


def test_the_number_of_questions_does_not_grow(signature, client, now, django_assert_num_queries):
    def fill():
        message = Message.objects.filter(subject_ref=signature.ref).first()
        Attempt.objects.create(message=message, at=now, outcome="waits")
        invited(signature.letter, now, otherwise=signature, email_key=f"k{next(counter)}")
        imported(signature, now)
        Contact.objects.create(
            organisation=signature.organisation, email="ines@tide.example", email_key=f"{next(counter)}", added_at=now
        )  # fmt: skip
        record("signature.arranged", at=now, letter=signature.letter, subject=signature.ref)

    address = link(signature, now) + "data.json"
    for _ in range(3):
        fill()
        with django_assert_num_queries(9):
            client.get(address)
