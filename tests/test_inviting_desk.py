"""Inviting in the desk: whom, who is left out, the exact message, sending, reminding, what became of each."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from letters.models import Event, Message
from signatories.models import Contact, Invitation
from signatories.services import inviting
from signatories.services.invitees import Invitee
from tests import factories
from tests.test_invitations import an_invitation, fresh

pytestmark = pytest.mark.django_db
State = Invitation.State
LIST = "/admin/signatories/invitation/"


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def invite(desk, letter, **data):
    return desk.post(
        f"{LIST}add/?letter={letter.pk}",
        {"letter": letter.pk, "language": "en", "text": "", "organisations": ""} | data,
    )


def test_from_the_letters_page_to_the_sent_invitation(desk, circulating, now):
    page = desk.get(f"/admin/letters/letter/{circulating.pk}/change/").content.decode()
    assert f"{LIST}add/?letter={circulating.pk}" in page
    done = invite(
        desk, circulating, text="Noor Salt <noor@quay.example>\nno address\nbroken@\nnoor@quay.example"
    )
    text = done.content.decode()
    assert "1 invitation is prepared" in text and "twice in this list" in text and "no address in it" in text
    assert not Message.objects.exists()
    send = f"{LIST}send/?letter={circulating.pk}"
    page = desk.get(send).content.decode()
    assert "Keep the ferries running" in page and "***" in page
    words = {"words_en": "We met in May; your harbour matters.", "per_minute": "30", "ids": "", "when_0": ""}
    shown = desk.post(send, words | {"act": "preview"}).content.decode()
    assert "your harbour matters" in shown
    assert not Message.objects.exists()
    sent = desk.post(send, words | {"act": "send"}, follow=True)
    assert "1 invitation is queued" in sent.content.decode()
    (mail,) = factories.send_mail()
    assert mail.to == ["noor@quay.example"] and "your harbour matters" in mail.body
    assert Invitation.objects.with_facts().get().state == State.SENT
    again = desk.post(send, words | {"act": "send"})
    assert "No prepared invitation" in again.content.decode()
    assert Message.objects.count() == 1
    kinds = set(Event.objects.filter(letter=circulating).values_list("kind", flat=True))
    assert {"invitations.prepared", "invitations.sent"} <= kinds


def test_a_test_goes_to_oneself_and_opens_nothing(desk, editor, circulating):
    invite(desk, circulating, text="noor@quay.example")
    send = f"{LIST}send/?letter={circulating.pk}"
    answer = desk.post(send, {"per_minute": "30", "ids": "", "act": "test"})
    assert answer.status_code == 200 and editor.email in answer.content.decode()
    (mail,) = factories.send_mail()
    assert mail.to == [editor.email]
    path = factories.link_in(mail, "/invitations/")
    assert desk.get(path).status_code == 404
    assert Invitation.objects.with_facts().get().state == State.PREPARED


def test_sending_at_a_time_is_in_the_letters_zone(desk, now):
    letter = factories.circulating(at=now, closes_at=now + timedelta(days=30), time_zone="Asia/Tokyo")
    invite(desk, letter, text="noor@quay.example")
    day = (now + timedelta(days=3)).strftime("%Y-%m-%d")
    desk.post(
        f"{LIST}send/?letter={letter.pk}",
        {"per_minute": "30", "ids": "", "act": "send", "when": f"{day}T09:00"},
    )
    moment = Message.objects.get().next_try_at
    assert moment.astimezone(letter.zone).strftime("%Y-%m-%d %H:%M") == f"{day} 09:00"
    assert Invitation.objects.with_facts().get().state == State.QUEUED


def test_bad_input_is_said_beside_the_field_and_nothing_typed_is_lost(desk, circulating):
    nothing = invite(desk, circulating)
    assert nothing.status_code == 422 and "Say whom to invite" in nothing.content.decode()
    both = desk.post(
        f"{LIST}add/",
        {
            "letter": circulating.pk,
            "language": "en",
            "text": "noor@quay.example",
            "organisations": "",
            "file": SimpleUploadedFile("a.csv", b"x@y.example"),
        },
    )
    assert both.status_code == 422 and "noor@quay.example" in both.content.decode()
    picture = desk.post(
        f"{LIST}add/",
        {"letter": circulating.pk, "language": "en", "text": "", "organisations": "", "file": SimpleUploadedFile("a.png", b"\x89PNG")},
    )  # fmt: skip
    assert picture.status_code == 422 and "picture" in picture.content.decode()
    invite(desk, circulating, text="noor@quay.example")
    late = desk.post(
        f"{LIST}send/?letter={circulating.pk}",
        {"per_minute": "30", "ids": "", "act": "send", "when": "2001-01-01T09:00", "words_en": "Dear all"},
    )
    assert (
        late.status_code == 422 and "passed" in late.content.decode() and "Dear all" in late.content.decode()
    )
    many = desk.post(f"{LIST}send/?letter={circulating.pk}", {"per_minute": "9999", "ids": "", "act": "send"})
    assert many.status_code == 422
    assert not Message.objects.exists()


def test_a_file_of_addresses(desk, circulating):
    quay = factories.organisation("Quay Circle", country="PT")
    table = "Email,Organisation,Language\nnoor@quay.example,Quay Circle,Français\n".encode("utf-16")
    answer = desk.post(
        f"{LIST}add/",
        {"letter": circulating.pk, "language": "en", "text": "", "organisations": "", "file": SimpleUploadedFile("a.csv", table)},
    )  # fmt: skip
    assert "1 invitation is prepared" in answer.content.decode()
    row = Invitation.objects.get()
    assert (row.organisation, row.language, row.source) == (quay, "fr", "addresses")


def test_organisations_are_ticked_in_the_directory(desk, circulating):
    quay, pier = factories.organisation("Quay Circle"), factories.organisation("Pier Forum")
    Contact.objects.create(
        organisation=quay, email="noor@quay.example", email_key="k", added_at=timezone.now()
    )
    answer = desk.post(
        "/admin/signatories/organisation/",
        {"action": "invite_selected", "_selected_action": [quay.pk, pier.pk]},
        follow=True,
    )
    page = answer.content.decode()
    assert "Quay Circle" in page and "Pier Forum" in page
    chosen = re.search(r'name="organisations" value="([^"]*)"', page)[1]
    done = invite(desk, circulating, organisations=chosen).content.decode()
    assert "1 invitation is prepared" in done
    assert "Pier Forum" in done and "no address is known" in done


def test_signatories_of_earlier_letters_are_invited(desk, letter, circulating):
    factories.accepted(letter, "Quay Circle", email="noor@quay.example")
    done = invite(desk, circulating, letters=[letter.pk])
    assert "1 invitation is prepared" in done.content.decode()
    assert Invitation.objects.get().source == "letters"


def test_contacts_are_written_on_the_organisations_page(desk):
    quay = factories.organisation("Quay Circle", country="PT")
    url = f"/admin/signatories/organisation/{quay.pk}/change/"
    data = {
        "name": "Quay Circle",
        "country": "PT",
        "contacts": "Noor Salt <noor@quay.example> fr\nmira@quay.example",
    }
    assert desk.post(url, data).status_code == 302
    rows = list(Contact.objects.values_list("name", "email", "language"))
    assert rows == [("Noor Salt", "noor@quay.example", "fr"), ("", "mira@quay.example", "")]
    page = desk.get(url).content.decode()
    assert "Noor Salt &lt;noor@quay.example&gt; fr" in page
    event = Event.objects.filter(kind="organisation.contacts_changed").get()
    assert "noor" not in f"{event.before}{event.after}{event.note}"
    wrong = desk.post(url, data | {"contacts": "Noor Salt, nowhere"})
    assert "holds no e-mail address" in wrong.content.decode()
    assert Contact.objects.count() == 2


def test_reminding_from_the_list_leaves_out_who_answered(desk, circulating, now):
    silent, answered = (
        an_invitation(circulating, "a@quay.example"),
        an_invitation(circulating, "b@quay.example"),
    )
    Invitation.objects.filter(pk=answered.pk).update(declined_at=now)
    page = desk.get(f"{LIST}?letter={circulating.pk}").content.decode()
    assert "again=1" in page
    chosen = desk.post(
        f"{LIST}?letter={circulating.pk}",
        {"action": "remind_selected", "_selected_action": [silent.pk, answered.pk]},
    ).content.decode()
    assert "1 person who was sent an invitation" in chosen
    done = desk.post(
        f"{LIST}send/?letter={circulating.pk}&again=1",
        {"per_minute": "30", "ids": str(silent.pk), "act": "send"},
    )
    assert done.status_code == 302
    assert Message.objects.get(kind="invitation_reminder").recipient == "a@quay.example"


def test_days_of_reminders_are_set_on_the_letters_page(desk, circulating):
    an_invitation(circulating)
    url = f"/admin/letters/letter/{circulating.pk}/do/plan-reminders/"
    assert "Write numbers of days" in desk.post(url, {"days": "soon"}).content.decode()
    assert "passed already" in desk.post(url, {"days": "30"}).content.decode()
    assert desk.post(url, {"days": "3, 1"}).status_code == 302
    page = desk.get(f"/admin/letters/letter/{circulating.pk}/change/").content.decode()
    assert "The silent are reminded on" in page
    assert list(circulating.invitation_reminders.values_list("days_before", flat=True)) == [3, 1]


def test_revoking_and_another_address_are_steps_of_one_invitation(desk, circulating):
    row = an_invitation(circulating)
    at = f"{LIST}{row.pk}/do/"
    assert "is no e-mail address" in desk.post(f"{at}readdress/", {"email": "nonsense"}).content.decode()
    answer = factories.press(desk, f"{at}readdress/", {"email": "mira@quay.example"})
    new = Invitation.objects.get(email="mira@quay.example")
    assert answer["Location"] == f"{LIST}{new.pk}/change/"
    assert fresh(row).state == State.REVOKED
    assert factories.press(desk, f"{LIST}{new.pk}/do/revoke/").status_code == 302
    assert fresh(new).state == State.REVOKED
    assert desk.get(f"{LIST}{row.pk}/change/").status_code == 200


def test_the_list_is_filtered_searched_and_exported_safely(desk, circulating, now):
    an_invitation(circulating, "a@quay.example", organisation_name="=cmd|' /C calc'!A0")
    other = an_invitation(circulating, "b@pier.example", organisation_name="Pier Forum")
    Invitation.objects.filter(pk=other.pk).update(declined_at=now, declined_word="Not ours")
    assert "a@quay.example" not in desk.get(f"{LIST}?state=declined").content.decode()
    assert "b@pier.example" not in desk.get(f"{LIST}?state=silent").content.decode()
    assert "b@pier.example" in desk.get(f"{LIST}?q=Pier").content.decode()
    lines = b"".join(desk.get(f"{LIST}export/?letter={circulating.pk}").streaming_content).decode()
    assert "'=cmd" in lines and "Not ours" in lines
    only = b"".join(desk.get(f"{LIST}export/?state=declined").streaming_content).decode()
    assert "b@pier.example" in only and "a@quay.example" not in only


def test_the_list_takes_as_many_queries_for_three_as_for_one(desk, circulating, django_assert_num_queries):
    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as found:
            assert desk.get(f"{LIST}?letter={circulating.pk}").status_code == 200
        return len(found)

    an_invitation(circulating, "a@quay.example")
    one = queries()
    an_invitation(circulating, "b@quay.example", organisation=factories.organisation())
    an_invitation(circulating, "c@quay.example", organisation=factories.organisation())
    assert queries() == one <= 20


def test_who_reviews_only_sees_no_invitations(client, reviewer, circulating):
    row = an_invitation(circulating)
    client.force_login(reviewer)
    for path in (
        "",
        "add/",
        f"send/?letter={circulating.pk}",
        "export/",
        f"{row.pk}/change/",
        f"{row.pk}/do/revoke/",
    ):
        assert client.get(f"{LIST}{path}").status_code in (302, 403), path
        assert client.post(f"{LIST}{path}").status_code in (302, 403), path


def test_ten_thousand_are_prepared_and_queued_in_a_few_statements(
    circulating, django_assert_max_num_queries, now
):
    people = [Invitee(f"p{n}@quay{n % 50}.example") for n in range(1500)]
    with django_assert_max_num_queries(40):
        inviting.prepare(circulating, people, source="addresses", language="en", actor=None, at=now)
    assert Invitation.objects.in_state(State.PREPARED).count() == 1500


def test_how_a_list_was_read_is_shown_and_can_be_mended(desk, circulating):
    quay = factories.organisation("Quay Circle", country="PT")
    text = "Firma;Name;E-Mail;Land;Bevorzugte Sprache\nKüsten e.V.;Anna Meier;anna@kueste.example;Germany;French\n"
    page = invite(desk, circulating, text=text).content.decode()
    assert "Küsten e.V." in page and "Anna Meier" in page and "Germany" in page and "French" in page
    row = Invitation.objects.get()
    assert (str(row.country), row.language, row.organisation) == ("DE", "fr", None)
    url = f"{LIST}{row.pk}/do/correct/"
    data = {"organisation_name": "Quay Circle", "person_name": "A. Meier", "language": "en"}
    assert factories.press(desk, url, data).status_code == 302
    row = fresh(row)
    assert (row.organisation, row.person_name, row.language) == (quay, "A. Meier", "en")
    inviting.send(circulating, words={}, per_minute=60, actor=None, at=timezone.now())
    assert (
        "on its way already" in desk.post(url, data, follow=True).content.decode()
        or "not possible" in desk.get(url).content.decode()
    )


def test_names_as_mail_programs_write_them(desk, circulating):
    text = '"Dubois, Marie" <marie@rive.example>\nمنى الخوري، نقابة البحارة، mona@bahr.example'
    invite(desk, circulating, text=text)
    marie, mona = Invitation.objects.order_by("pk")
    assert (marie.person_name, marie.organisation_name) == ("Marie Dubois", "")
    assert "،" not in mona.organisation_name + mona.person_name


def test_many_are_revoked_after_a_question(desk, circulating):
    rows = [an_invitation(circulating, f"p{n}@quay.example") for n in range(2)]
    chosen = {"action": "revoke_selected", "_selected_action": [row.pk for row in rows]}
    page = desk.post(f"{LIST}?letter={circulating.pk}", chosen).content.decode()
    assert "2 invitations are chosen" in page
    assert fresh(rows[0]).state == State.SENT
    ids = re.search(r'name="ids" value="([^"]*)"', page)[1]
    sure = {"action": "revoke_selected", "sure": "yes", "ids": ids, "_selected_action": 0, "select_across": 1}
    desk.post(f"{LIST}?letter={circulating.pk}", sure)
    assert {fresh(row).state for row in rows} == {State.REVOKED}


@pytest.mark.parametrize("ended", ["declined", "stopped", "revoked"])
def test_an_invitation_is_not_sent_again_to_who_must_not_be_written_to(desk, circulating, now, ended):
    row = an_invitation(circulating)
    Invitation.objects.filter(pk=row.pk).update(**{f"{ended}_at": now})
    answer = desk.post(f"/admin/letters/message/{row.message.pk}/do/resend/", follow=True).content.decode()
    assert "in the queue again" not in answer
    assert Message.objects.get().state == Message.State.SENT


def test_a_letter_without_a_close_gets_one(desk, now):
    letter = factories.circulating(at=now)
    url = f"/admin/letters/letter/{letter.pk}/do/set-close/"
    assert "passed" in desk.post(url, {"when": "2001-01-01T10:00"}).content.decode()
    assert factories.press(desk, url, {"when": "2099-01-01T10:00"}).status_code == 302
    letter.refresh_from_db()
    assert letter.closes_at.year == 2099
