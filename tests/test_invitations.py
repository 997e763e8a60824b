"""Invitations: who is invited, what becomes of it, and what its link does."""

import itertools
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from letters import bounces, keys, outbox
from letters.models import Attempt, Event, Message
from letters.services import bouncing, life
from letters.services.errors import Refused
from signatories.models import Contact, Invitation, NoInvitations, Representative, Signature
from signatories.reading.addresses import read_address_file, read_addresses
from signatories.services import by_link, invited, invitees, inviting, review
from signatories.services.invitees import Invitee
from tests import factories

pytestmark = pytest.mark.django_db
State = Invitation.State


def prepare(letter, *people, at=None, language="en"):
    rows = [one if isinstance(one, Invitee) else Invitee(one) for one in people]
    return inviting.prepare(
        letter, rows, source="addresses", language=language, actor=None, at=at or timezone.now()
    )


def send(letter, *, at=None, **options):
    options = {"words": {}, "per_minute": 60} | options
    return inviting.send(letter, actor=None, at=at or timezone.now(), **options)


def an_invitation(letter, email="noor@quay.example", **fields):
    prepare(letter, Invitee(email, **fields))
    send(letter)
    factories.send_mail()
    return Invitation.objects.with_facts().select_related("letter").get(letter=letter, email=email)


def fresh(invitation):
    return Invitation.objects.with_facts().select_related("letter").get(pk=invitation.pk)


def address(invitation, page=""):
    return f"/invitations/{keys.derive(inviting.SIGN, invitation.nonce)}/{page}"


def stop_address(invitation):
    return f"/invitations/{keys.derive(inviting.STOP, invitation.nonce)}/stop/"


FORM = {
    "organisation": "Quay Circle",
    "country": "PT",
    "representative_name": "Noor Salt",
    "email": "noor@quay.example",
    "visibility": "public",
    "authority": "on",
    "consent": "on",
}


def typed(client, path, **changes):
    page = client.get(path).content.decode()
    hidden = dict(
        re.findall(r'<input type="hidden" name="(text_version|text_language|ticket)" value="([^"]*)"', page)
    )
    return FORM | hidden | changes


# --- The state, as one row and as a question to many


SIGNED_AS = (
    None,
    "unconfirmed",
    "confirmed",
    "accepted",
    "refused",
    "withdrawn",
    "expired",
    "disowned",
    "merged",
)


def test_every_state_of_an_invitation_is_the_same_of_one_and_of_many(circulating, now):
    """Every combination of what is known of an invitation: the property and the queryset agree, and each has exactly one state."""
    given = itertools.product(
        (None, *Message.State.values), (None, "failed", "sent"), *[(None, now)] * 4, SIGNED_AS, (None, "accepted", "withdrawn")
    )  # fmt: skip
    wanted = [one for one in given if sum(value is not None for value in one[1:6]) <= 2]
    mails = {
        state: outbox.queue("invitation", "a@b.example", at=now, language="en", context={})
        for state in Message.State.values
    }
    for state, message in mails.items():
        Message.objects.filter(pk=message.pk).update(state=state)
    version = circulating.current_version
    made = [
        Signature(
            letter=circulating, version=version, kind="individual", name="X", state=state, signed_at=now, confirmed_at=now
        )
        for one in wanted
        for state in one[6:]
        if state
    ]  # fmt: skip
    Signature.objects.bulk_create(made, batch_size=500)
    rows = iter(Signature.objects.order_by("pk"))
    invitations = []
    for n, (sent, reminded, opened, declined, stopped, revoked, here, elsewhere) in enumerate(wanted):
        invitations.append(
            Invitation(
                letter=circulating, email=f"p{n}@b.example", email_key=f"k{n}", digest=f"d{n}", stop_digest=f"s{n}", nonce="n",
                source="addresses", made_at=now, opened_at=opened, declined_at=declined, stopped_at=stopped, revoked_at=revoked,
                message=mails.get(sent), reminder=mails.get(reminded),
                signature=next(rows) if here else None, otherwise=next(rows) if elsewhere else None,
            )
        )  # fmt: skip
    Invitation.objects.bulk_create(invitations, batch_size=500)
    told = {row.pk: row for row in Invitation.objects.with_facts()}
    assert len(told) == len(wanted) > 4000
    asked = {state: set(Invitation.objects.in_state(state).values_list("pk", flat=True)) for state in State}
    assert all(asked.values())
    for state, found in asked.items():
        assert found == {pk for pk, row in told.items() if row.state == state}, state
    assert Invitation.objects.by_state() == {str(state): len(found) for state, found in asked.items()}
    for question, answer in (("answered", "is_answered"), ("silent", "is_silent")):
        found = getattr(Invitation.objects, question)().values_list("pk", flat=True)
        assert set(found) == {pk for pk, row in told.items() if getattr(row, answer)}, question


# --- Who is invited


def test_who_must_not_be_invited_is_left_out_with_the_reason(circulating, now):
    signed = factories.accepted(circulating, "Tide Forum", email="ana@tide.example")
    NoInvitations.objects.create(key=inviting.stop_key("no@more.example"), at=now)
    bouncing.remember("gone@pier.example", status="5.1.1", at=now)
    done = prepare(
        circulating,
        "noor@quay.example",
        "NOOR@quay.example",
        "no@more.example",
        "gone@pier.example",
        "ana@tide.example",
        Invitee("else@tide.example", signed.organisation, "Tide Forum"),
        "nonsense",
    )
    assert len(done.made) == 1
    assert [why for _who, why in done.left] == [
        "twice in this list",
        "wants no invitations",
        "mail to this address came back",
        "has signed already",
        "has signed already",
        "this is no e-mail address",
    ]
    assert prepare(circulating, "noor@quay.example").left[0][1] == "invited already"


def test_nobody_is_invited_to_a_draft_a_withdrawn_or_a_closed_letter(draft, circulating, now):
    with pytest.raises(Refused):
        prepare(draft, "a@b.example")
    life.close_signing(circulating, actor=None, at=now)
    with pytest.raises(Refused, match="closed"):
        prepare(circulating, "a@b.example", at=now)
    life.withdraw(circulating, reason="No.", actor=None, at=now)
    with pytest.raises(Refused, match="withdrawn"):
        prepare(circulating, "a@b.example", at=now)


def test_addresses_are_read_from_text_tables_and_files():
    text = (
        "Noor Salt <noor@quay.example>\nQuay Circle, ana@quay.example\n\nno address here\nmira@pier.example"
    )
    read = read_addresses(text)
    assert [(a.email, a.organisation, a.person) for a in read.found] == [
        ("noor@quay.example", "", "Noor Salt"),
        ("ana@quay.example", "Quay Circle", ""),
        ("mira@pier.example", "", ""),
    ]
    assert read.without == [(4, "no address here")]
    many = read_addresses("Noor Salt <noor@quay.example>, Mira Foss <mira@pier.example>; x@y.example")
    assert [(a.email, a.person) for a in many.found] == [
        ("noor@quay.example", "Noor Salt"),
        ("mira@pier.example", "Mira Foss"),
        ("x@y.example", ""),
    ]
    table = "Organisation;E-mail;Contact person;Country;Language\nQuay Circle;noor@quay.example;Noor Salt;Portugal;French\nPier Forum;;;Spain;\n"
    read = read_address_file("list.csv", table.encode())
    (row,) = read.found
    assert (row.email, row.organisation, row.person, row.country, row.language, row.line) == (
        "noor@quay.example",
        "Quay Circle",
        "Noor Salt",
        "PT",
        "French",
        2,
    )
    assert read.without == [(3, "Pier Forum Spain")]


def test_an_address_finds_its_organisation_by_name_and_by_domain():
    quay = factories.organisation("Quay Circle", country="PT", domains=["quay.example"])
    rows = read_addresses(
        "Quay Circle <x@elsewhere.example>\nsomeone@mail.quay.example\nPier Forum, a@pier.example"
    )
    found = invitees.of_addresses(rows.found)
    assert [(one.organisation, one.organisation_name) for one in found] == [
        (quay, "Quay Circle"),
        (quay, "Quay Circle"),
        (None, "Pier Forum"),
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [("French", "fr"), ("Français", "fr"), ("fr-CA", "fr"), ("AR", "ar"), ("xx", ""), ("", "")],
)
def test_a_language_is_known_by_its_tag_and_its_name(written, code):
    assert invitees.interface_language(written) == code


def test_organisations_are_written_to_by_contact_else_by_their_last_representative(letter, circulating):
    quay, pier, reef = (factories.organisation(name) for name in ("Quay Circle", "Pier Forum", "Reef Union"))
    Contact.objects.create(
        organisation=quay, email="noor@quay.example", name="Noor Salt", language="fr", added_at=timezone.now()
    )
    factories.accepted(letter, "Quay Circle", email="old@quay.example")
    factories.accepted(letter, "Pier Forum", email="mira@pier.example", language="es")
    found, without = invitees.of_organisations([quay, pier, reef])
    assert [(one.email, one.organisation, one.language) for one in found] == [
        ("noor@quay.example", quay, "fr"),
        ("mira@pier.example", pier, "es"),
    ]
    assert without == [reef]


def test_signatories_of_earlier_letters_are_invited_once_in_their_language(letter, circulating, now):
    other = factories.released(at=now, title="Second letter")
    factories.accepted(letter, "Quay Circle", email="noor@quay.example", language="ar")
    factories.accepted(other, "Quay Circle", email="noor@quay.example", language="fr")
    factories.accepted(other, "Pier Forum", email="mira@pier.example")
    quiet = factories.accepted(other, "Reef Union", email="reef@reef.example")
    Representative.objects.filter(signature=quiet).update(stopped_at=now)
    found = invitees.of_letters([letter, other])
    assert [(one.email, one.organisation_name, one.language) for one in found] == [
        ("noor@quay.example", "Quay Circle", "fr"),
        ("mira@pier.example", "Pier Forum", "en"),
    ]


# --- Sending and reminding


def test_sending_queues_each_once_at_the_pace_and_from_the_time_that_was_set(circulating, now):
    prepare(circulating, *(f"p{n}@quay.example" for n in range(4)))
    start = now + timedelta(hours=2)
    assert send(circulating, at=now, per_minute=2, send_at=start) == 4
    moments = list(Message.objects.order_by("pk").values_list("next_try_at", flat=True))
    assert moments == [start + timedelta(seconds=30 * n) for n in range(4)]
    with pytest.raises(Refused, match="left to send"):
        send(circulating, at=now)
    assert Message.objects.count() == 4
    assert set(Message.objects.values_list("priority", flat=True)) == {Message.Priority.MASS}
    with pytest.raises(Refused, match="passed"):
        send(circulating, at=now, send_at=now - timedelta(hours=1))
    with pytest.raises(Refused, match="closed by then"):
        send(circulating, at=now, send_at=circulating.closes_at + timedelta(hours=1))


def test_the_silent_are_reminded_and_nobody_who_answered(circulating, now):
    names = ("silent", "opened", "signed", "declined", "stopped", "bounced", "revoked", "elsewhere")
    rows = {name: an_invitation(circulating, f"{name}@quay.example") for name in names}
    invited.open_form(rows["opened"], at=now)
    version = circulating.current_version.number
    invited.sign(
        rows["signed"],
        factories.application("Pier Forum", email="signed@quay.example"),
        version=version,
        at=now,
    )
    invited.decline(rows["declined"], word="Not ours.", at=now)
    invited.stop(rows["stopped"], at=now)
    Message.objects.filter(subject_ref=rows["bounced"].ref).update(state="bounced")
    inviting.revoke(rows["revoked"], actor=None, at=now)
    factories.confirmed(circulating, "Reef Union", email="elsewhere@quay.example")
    assert inviting.signed_otherwise(at=now) == 1
    assert inviting.remind(circulating, per_minute=60, actor=None, at=now) == 2
    got = Message.objects.filter(kind="invitation_reminder").values_list("recipient", flat=True)
    assert set(got) == {"silent@quay.example", "opened@quay.example"}
    factories.send_mail()
    with pytest.raises(Refused, match="Nobody is left"):
        inviting.remind(circulating, per_minute=60, actor=None, at=now + timedelta(hours=2))
    later = now + timedelta(days=2)
    assert inviting.remind(circulating, per_minute=60, actor=None, at=later) == 2
    assert {fresh(row).state for row in (rows["signed"], rows["elsewhere"])} == {State.SIGNED}


def test_planned_days_remind_once_each_and_what_passed_unseen_is_one_reminder(circulating, now):
    an_invitation(circulating)
    assert inviting.plan_reminders(circulating, [5, 2, 1], actor=None, at=now) == [5, 2, 1]
    with pytest.raises(Refused, match="passed already"):
        inviting.plan_reminders(circulating, [9], actor=None, at=now)
    run = lambda at: inviting.remind_by_plan(per_minute=60, at=at)  # noqa: E731
    closes = circulating.closes_at
    assert run(closes - timedelta(days=5, minutes=1)) == 0
    assert run(closes - timedelta(days=5)) == 1
    assert run(closes - timedelta(days=4)) == 0
    factories.send_mail()
    assert run(closes - timedelta(hours=3)) == 1  # both other days passed with no worker
    assert Message.objects.filter(kind="invitation_reminder").count() == 2
    assert run(closes - timedelta(hours=2)) == 0
    assert not circulating.invitation_reminders.filter(done_at=None).exists()


def test_what_waits_for_a_closed_letter_is_not_sent(circulating, now):
    prepare(circulating, "noor@quay.example")
    send(circulating, at=now, send_at=now + timedelta(days=1))
    life.close_signing(circulating, actor=None, at=now)
    assert inviting.drop_late_mail(at=now + timedelta(seconds=1)) == 1
    assert Message.objects.get().state == Message.State.CANCELLED


def test_another_address_makes_another_link_and_ends_the_first(circulating, now, client):
    row = an_invitation(circulating)
    old = address(row)
    inviting.readdress(row, email="mira@quay.example", actor=None, at=now)
    assert client.get(old).status_code == 410
    assert fresh(row).state == State.REVOKED
    assert Invitation.objects.with_facts().get(email="mira@quay.example").state == State.PREPARED
    assert send(circulating) == 1
    assert (
        client.post(stop_address(row)).status_code == 200
    )  # the link in the first mail still says "no more"
    assert NoInvitations.objects.get().key == inviting.stop_key("noor@quay.example")


# --- By the link


def test_the_whole_way_from_the_mail_to_the_signature(circulating, client, now):
    quay = factories.organisation("Quay Circle", country="PT", acronym="QC", website="https://quay.example/")
    row = an_invitation(
        circulating, organisation=quay, organisation_name="Quay Circle", person_name="Noor Salt"
    )
    path = factories.link_for("noor@quay.example", "/invitations/")
    assert path == address(row)
    page = client.get(path).content.decode()
    assert "Keep the ferries running" in page and "Quay Circle" in page
    assert fresh(row).state == State.SENT  # looking changes nothing
    answer = client.post(path)
    assert answer.status_code == 303 and answer["Location"] == address(row, "sign/")
    assert fresh(row).state == State.OPENED
    form = client.get(address(row, "sign/")).content.decode()
    for value in ("Quay Circle", "QC", "noor@quay.example", "Noor Salt"):
        assert f'value="{value}"' in form
    data = typed(client, address(row, "sign/"), organisation="Somebody Else", country="DE")
    answer = client.post(address(row, "sign/"), data)
    assert answer.status_code == 303, answer.content.decode()
    row = fresh(row)
    assert (row.state, row.signature.organisation, row.signature.name) == (State.SIGNED, quay, "Quay Circle")
    assert str(row.signature.country) == "PT"
    used = client.get(path)
    assert used.status_code == 410
    assert "confirm by e-mail" in used.content.decode()
    confirm = factories.link_for("noor@quay.example", "confirm/")
    client.post(confirm)
    assert fresh(row).signature.state == Signature.State.CONFIRMED
    assert "has been used" in client.get(path).content.decode()
    assert client.post(address(row, "sign/"), data).status_code == 410
    assert Signature.objects.filter(letter=circulating).count() == 1


def test_a_mistyped_address_is_mended_by_filling_in_anew(circulating, client):
    row = an_invitation(circulating)
    client.post(address(row, "sign/"), typed(client, address(row, "sign/"), email="nor@quay.example"))
    page = client.get(address(row))
    assert page.status_code == 410 and "anew" in page.content.decode()
    answer = client.post(address(row), {"act": "again"})
    assert answer.status_code == 303
    assert client.post(address(row), {"act": "again"}).status_code in (303, 410)
    assert client.post(address(row, "sign/"), typed(client, address(row, "sign/"))).status_code == 303
    signature = fresh(row).signature
    assert signature.representative.email == "noor@quay.example"
    assert Signature.objects.active().count() == 1


def test_a_colleague_signs_by_a_forwarded_link(circulating, client):
    row = an_invitation(circulating)
    data = typed(
        client, address(row, "sign/"), email="colleague@quay.example", representative_name="Mira Foss"
    )
    assert client.post(address(row, "sign/"), data).status_code == 303
    assert factories.link_for("colleague@quay.example", "confirm/")


def test_declining_is_a_page_and_a_button(circulating, client):
    row = an_invitation(circulating)
    page = client.get(address(row, "decline/"))
    assert page.status_code == 200 and fresh(row).state == State.SENT
    long = client.post(address(row, "decline/"), {"act": "decline", "word": "x" * 1001})
    assert long.status_code == 422 and "x" * 1001 in long.content.decode()
    assert client.post(
        address(row, "decline/"), b"nonsense", content_type="multipart/form-data; boundary=x"
    ).status_code in (200, 400)
    assert fresh(row).state == State.SENT  # what cannot be read declines nothing
    done = client.post(address(row, "decline/"), {"act": "decline", "word": "Our board\0 meets later.\u202e"})
    assert "declined" in done.content.decode()
    row = fresh(row)
    assert (row.state, row.declined_word) == (State.DECLINED, "Our board meets later.")
    for page in ("", "sign/", "decline/", "text.txt", "versions/", "picture"):
        assert client.get(address(row, page)).status_code == 410, page
    assert client.post(address(row, "sign/"), FORM).status_code == 410
    assert not Signature.objects.filter(letter=circulating).exists()
    event = Event.objects.get(kind="invitation.declined")
    assert "board" not in f"{event.note}{event.before}{event.after}"


def test_no_more_invitations_holds_for_the_whole_site_and_after_the_link_has_died(circulating, client, now):
    other = factories.circulating(at=now, closes_at=now + timedelta(days=3), title="Another letter")
    row = an_invitation(circulating)
    prepare(other, "noor@quay.example")
    send(other, send_at=now + timedelta(hours=9), at=now)
    inviting.revoke(row, actor=None, at=now)
    assert client.get(stop_address(row)).status_code == 200
    assert not NoInvitations.objects.exists()
    # As a mail program does it (RFC 8058): no cookie, no page before.
    answer = client.post(stop_address(row), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert client.post(stop_address(row)).status_code == 200
    assert NoInvitations.objects.count() == 1
    waiting = Message.objects.get(letter=other)
    assert waiting.state == Message.State.CANCELLED
    assert {one.state for one in Invitation.objects.with_facts()} == {State.UNSUBSCRIBED}
    third = factories.circulating(at=now, title="A third letter")
    assert prepare(third, "Noor@Quay.example").left[0][1] == "wants no invitations"
    factories.accepted(other, "Quay Circle", email="noor@quay.example")  # own acts stay possible


def test_each_key_opens_one_thing(circulating, client):
    row = an_invitation(circulating)
    assert client.get(address(row).replace("/invitations/", "/circulation/")).status_code == 404
    key = keys.derive(inviting.STOP, row.nonce)
    assert client.get(f"/invitations/{key}/").status_code == 404
    assert client.post(f"/invitations/{keys.derive(inviting.SIGN, row.nonce)}/stop/").status_code == 404
    assert not NoInvitations.objects.exists()


@pytest.mark.parametrize(
    ("ending", "says", "title_shown"),
    [
        ("revoked", "taken back", False),
        ("withdrawn", "taken back", False),
        ("closed", "Signing is closed", True),
        ("paused", "Signing is paused", True),
    ],
)
def test_a_link_that_signs_nothing_says_why_and_what_to_do(
    circulating, client, now, ending, says, title_shown
):
    row = an_invitation(circulating)
    status = 410
    if ending == "revoked":
        inviting.revoke(row, actor=None, at=now)
    elif ending == "withdrawn":
        life.withdraw(circulating, reason="No.", actor=None, at=now)
    elif ending == "closed":
        life.close_signing(circulating, actor=None, at=now)
    else:
        life.stop_signing(circulating, stopped=True, actor=None, at=now)
        status = 200
    answer = client.get(address(row))
    page = answer.content.decode()
    assert (answer.status_code, says in page) == (status, True)
    assert ("Keep the ferries running" in page) == title_shown
    assert "We ask you to" not in page
    assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "no-referrer"


def test_a_link_still_signs_once_the_letter_is_public(circulating, client, now):
    row = an_invitation(circulating)
    life.release(circulating, actor=None, at=now)
    assert client.get(address(row)).status_code == 200
    assert client.post(address(row, "sign/"), typed(client, address(row, "sign/"))).status_code == 303


def test_a_withheld_signature_is_not_told_by_an_invitation_of_the_same_organisation(circulating, client, now):
    """Whoever reads the invitation gets the answers of a first signature; the desk knows."""
    quay = factories.organisation("Quay Circle", country="PT")
    row = an_invitation(circulating, organisation=quay, organisation_name="Quay Circle")
    factories.withheld(circulating, "Quay Circle", email="hidden@elsewhere.example")
    assert inviting.signed_otherwise(at=now) == 1
    assert fresh(row).state == State.SIGNED
    assert client.get(address(row)).status_code == 200
    assert client.post(address(row, "sign/"), typed(client, address(row, "sign/"))).status_code == 303


def test_get_changes_nothing_on_any_page_of_an_invitation(circulating, client):
    row = an_invitation(circulating)
    before = list(Invitation.objects.values()), NoInvitations.objects.count(), Event.objects.count()
    for page in ("", "sign/", "decline/", "text.txt", "versions/", "sign/received/"):
        client.get(address(row, page))
        client.head(address(row, page))
    client.get(stop_address(row))
    assert (list(Invitation.objects.values()), NoInvitations.objects.count(), Event.objects.count()) == before


def test_a_signature_that_nobody_confirmed_frees_the_link_again(circulating, client, now):
    row = an_invitation(circulating)
    client.post(address(row, "sign/"), typed(client, address(row, "sign/")))
    key = fresh(row).signature.keys.get(purpose="confirm")
    by_link.disown(key, at=now)
    assert fresh(row).state == State.OPENED
    assert client.get(address(row)).status_code == 410  # "one step is left", whatever became of it
    assert client.post(address(row), {"act": "again"}).status_code == 303
    assert client.get(address(row)).status_code == 200


def test_who_withdraws_what_an_invitation_signed_is_not_reminded(circulating, client, now):
    row = an_invitation(circulating)
    client.post(address(row, "sign/"), typed(client, address(row, "sign/")))
    client.post(factories.link_for("noor@quay.example", "confirm/"))
    signature = fresh(row).signature
    review.accept(signature, actor=None, at=now)
    by_link.withdraw(signature.keys.filter(purpose="manage").latest("id"), at=now)
    assert fresh(row).state == State.DECLINED
    with pytest.raises(Refused):
        inviting.remind(circulating, per_minute=60, actor=None, at=now)


def test_an_invitation_without_an_organisation_says_so_to_nobody(circulating):
    an_invitation(circulating, "x@y.example")
    (mail,) = [m for m in factories.send_mail() if m.to == ["x@y.example"]]
    assert (
        mail.subject == "Invitation to sign “\u2068Keep the ferries running\u2069”"
        or mail.subject == "Invitation to sign “Keep the ferries running”"
    )
    assert " is invited" not in mail.body


def test_whoever_reports_an_invitation_as_unwanted_gets_none_any_more(circulating, now):
    row = an_invitation(circulating)
    Attempt.objects.create(message=row.message, at=now, outcome=Attempt.Outcome.COMPLAINED)
    assert invited.stop_for_complaints(at=now) == 1
    assert invited.stop_for_complaints(at=now) == 0
    assert fresh(row).state == State.UNSUBSCRIBED
    assert NoInvitations.objects.count() == 1


def test_an_invitation_that_comes_back_is_marked_and_its_address_is_not_invited_again(circulating, now):
    row = an_invitation(circulating)
    report = bounces.Report(message_id=row.message.message_id, kind="bounced", status="5.1.1")
    bouncing.note_bounce(report, at=now)
    assert fresh(row).state == State.BOUNCED
    other = factories.circulating(at=now, title="Another letter")
    assert prepare(other, "noor@quay.example").left[0][1] == "mail to this address came back"


def pages_of(client, row):
    """What the link says after the form was sent."""
    out = []
    for page in ("", "sign/", "sign/received/", "decline/"):
        answer = client.get(address(row, page))
        body = re.sub(r'name="ticket" value="[^"]*"', "", answer.content.decode())
        body = re.sub(r'action="[^"]*"|href="[^"]*"', "", body)
        out.append((answer.status_code, body))
    return out


@pytest.mark.parametrize("stands", [None, "withheld", "unconfirmed", "waiting", "own"])
def test_what_a_link_says_after_the_form_tells_nobody_who_signed(circulating, client, now, stands):
    """Whoever holds any invitation types a name and an address that may be those of a hidden signature: the link says the same
    whether there is one or not, and can end nothing but what it made itself."""
    name, email = "Murmur League", "office@murmur.example"
    victim = None
    if stands == "withheld":
        victim = factories.withheld(circulating, name, email=email)
    elif stands == "waiting":
        victim = factories.confirmed(circulating, name, email="other@murmur.example")
    elif stands:
        victim = factories.unconfirmed(circulating, name, email=email)
    reference = an_invitation(circulating, "free@quay.example")
    probe = an_invitation(circulating, "probe@quay.example")
    client.post(
        address(reference, "sign/"),
        typed(client, address(reference, "sign/"), organisation="Nobody Knows", email="x@nobody.example"),
    )
    sent = client.post(
        address(probe, "sign/"), typed(client, address(probe, "sign/"), organisation=name, email=email)
    )
    assert sent.status_code == 303
    assert pages_of(client, probe) == pages_of(client, reference)
    for row in (probe, reference):
        assert client.post(address(row), {"act": "again"}).status_code == 303
        assert client.get(address(row)).status_code == 200
    if victim is not None:
        victim.refresh_from_db()
        assert victim.is_active
        assert Representative.objects.filter(signature=victim).exists()
    assert fresh(probe).signature is None


def test_a_second_invitation_of_the_same_person_leads_to_the_page_that_says_received(circulating, client):
    first, second = an_invitation(circulating, "a@quay.example"), an_invitation(circulating, "b@quay.example")
    for row in (first, second):
        answer = client.post(address(row, "sign/"), typed(client, address(row, "sign/")))
        assert answer.status_code == 303
        assert client.get(answer["Location"]).status_code == 200
        assert client.get(address(row)).status_code == 410
    assert Signature.objects.count() == 1


def test_declining_is_possible_while_signing_is_paused(circulating, client, now):
    row = an_invitation(circulating)
    life.stop_signing(circulating, stopped=True, actor=None, at=now)
    assert client.post(address(row, "decline/"), {"act": "decline", "word": ""}).status_code == 200
    assert fresh(row).state == State.DECLINED


def test_a_mail_program_stops_invitations_from_wherever_it_runs(circulating, client):
    row = an_invitation(circulating)
    answer = client.post(
        stop_address(row),
        {"List-Unsubscribe": "One-Click"},
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 200 and NoInvitations.objects.count() == 1
    other = client.post(address(row), {}, headers={"Sec-Fetch-Site": "cross-site"})
    assert other.status_code == 403


def test_nothing_of_a_withdrawn_letter_is_on_the_page_that_says_received(circulating, client, now):
    row = an_invitation(circulating)
    client.post(address(row, "sign/"), typed(client, address(row, "sign/")))
    life.withdraw(circulating, reason="No.", actor=None, at=now)
    answer = client.get(address(row, "sign/received/"))
    assert answer.status_code == 404 and "ferries" not in answer.content.decode()
