"""A letter in circulation: its private link, and that nothing of it is anywhere else."""

import logging
from datetime import timedelta

import pytest

from letters import keys, outbox
from letters.models import Event, Letter, Message
from letters.services import life, writing
from letters.services.errors import Refused
from signatories.models import Invitation, Organisation
from signatories.services import inviting, review, telling
from signatories.services.invitees import Invitee
from tests import factories
from tests.test_public_walk import addresses, bytes_of

pytestmark = pytest.mark.django_db

TEXT = ["Zanzibarite", "Embargina", "Quellmoor", "Vexillum"]
ADDRESSEE = ["Brunhild Ostrander", "Margravine of Sluices", "Chancery of Sluices", "brunhild@sluices.example"]
SIGNATORIES = ["Hushwater Assembly", "Murmuria League", "Stillbrook Union", "Quietus Fund"]
PEOPLE = [
    "Perpetua Privatissima",
    "privatissima@",
    "Keeper of Seals",
    "invitee@murmur.example",
    "Our board Dunno",
]
WORDS = [*TEXT, *ADDRESSEE, *SIGNATORIES, *PEOPLE]


def embargoed(now, **fields):
    """A letter in circulation of whose text, addressee, signatories and invited people every word is known."""
    letter = factories.letter(
        at=now,
        title="Save the Zanzibarite lines",
        slug="zanzibarite-lines",
        body="<p>Embargina lies near Quellmoor.</p>",
        closes_at=now + timedelta(days=5),
        contact_name="Vexillum Press",
        **fields,
    )
    letter.addressees.all().delete()
    name, function, body, email = ADDRESSEE
    writing.add_addressee(letter, actor=None, at=now, name=name, function=function, body=body, email=email)
    life.circulate(letter, actor=None, at=now)
    person = {"representative_name": PEOPLE[0], "representative_role": PEOPLE[2]}
    accepted = factories.accepted(letter, SIGNATORIES[0], email="privatissima@hush.example", **person)
    factories.unconfirmed(letter, SIGNATORIES[1], email="privatissima@murmur.example", **person)
    factories.confirmed(letter, SIGNATORIES[2], email="privatissima@still.example", **person)
    factories.withheld(letter, SIGNATORIES[3], email="privatissima@quiet.example", **person)
    inviting.prepare(
        letter,
        [Invitee("invitee@murmur.example", None, "Murmuria League", PEOPLE[0])],
        source="addresses", language="en", actor=None, at=now,
    )  # fmt: skip
    inviting.send(letter, words={}, per_minute=60, actor=None, at=now)
    factories.send_mail()
    Invitation.objects.update(declined_at=now, declined_word="Our board Dunno")
    return Letter.objects.get(pk=letter.pk), accepted


def test_no_word_of_a_circulating_letter_is_in_any_public_answer_header_or_log_line(
    client, now, caplog, settings
):
    settings.LOGGING_CONFIG = None
    caplog.set_level(logging.DEBUG)
    shown = factories.released(at=now, title="Keep the ferries running", closes_at=now + timedelta(days=7))
    factories.accepted(shown, "Listed Harbour Group")
    letter, accepted = embargoed(now)
    caplog.clear()
    hidden = Organisation.objects.get(pk=accepted.organisation_id)
    queries = [*TEXT, *ADDRESSEE, *SIGNATORIES]
    asked = [f"/?q={word}" for word in queries]
    asked += [f"/organisations/?q={word}" for word in queries]
    asked += [f"/organisations/suggest/?q={word}" for word in queries]
    asked += [f"/letters/{shown.slug}/signatories/?q={word}" for word in SIGNATORIES]
    asked += [
        f"/verify/{keys.code(kind, str(letter.pk))}/" for kind in ("list", "document", "delivery", "state")
    ]
    asked += [f"/media/{letter.picture or 'pictures/x.jpg'}", f"/letters/{letter.slug}/../{letter.slug}/"]
    asked += [f"/{tongue}/letters/{letter.slug}/" for tongue in ("fr", "ar", "es")]
    walked = 0
    for slug in (shown.slug, letter.slug, "no-such-letter"):
        for listed in addresses(slug, organisation=hidden.slug).values():
            for address in [*listed, *(asked if slug == letter.slug else ())]:
                answer = client.get(address)
                query = address.partition("?")[2].lower()
                text = bytes_of(answer).lower()
                found = [word for word in WORDS if word.lower() in text and word.lower() not in query]
                # The address itself may be repeated where a visitor typed it.
                found = [word for word in found if word.lower() not in address.lower()]
                assert found == [], address
                walked += 1
    for data in ({}, {"organisation": SIGNATORIES[0], "email": "x@y.example"}):
        there = client.post(f"/letters/{letter.slug}/sign/", data)
        nowhere = client.post("/letters/no-such-letter/sign/", data)
        assert there.status_code == nowhere.status_code == 404
        assert there.content.replace(letter.slug.encode(), b"") == nowhere.content.replace(
            b"no-such-letter", b""
        )
    assert walked > 150
    lines = "\n".join(record.getMessage() for record in caplog.records).lower()
    typed = [letter.slug, *(word.lower() for word in [*TEXT, *ADDRESSEE, *SIGNATORIES])]
    for line in lines.splitlines():
        if "/" in line and ("get" in line or "not found" in line or "q=" in line):
            continue  # an address that the visitor typed
        assert not [word for word in WORDS if word.lower() in line], (line, typed)


def test_the_letters_name_is_in_no_answer_that_was_not_asked_for_it(client, now):
    embargoed(now)
    for listed in addresses("no-such-letter").values():
        for address in listed:
            if "Zanzibarite" in address:
                continue
            assert "zanzibarite" not in bytes_of(client.get(address)).lower(), address


def page_of(client, letter):
    return client.get(f"/circulation/{life.circulation_key(letter)}/")


def test_the_link_shows_the_text_the_deadline_who_leads_and_the_form(client, now):
    letter, accepted = embargoed(now, time_zone="Europe/Lisbon")
    review.arrange(accepted, convener=True, group=None, note="", actor=None, at=now)
    page = page_of(client, letter)
    text = bytes_of(page)
    for word in (*TEXT[:3], *ADDRESSEE[:3], "Lisbon", 'name="organisation"', 'name="email"', 'name="ticket"'):
        assert word in text, word
    assert "Led by" in text and SIGNATORIES[0] in text
    for word in SIGNATORIES[1:]:
        assert word not in text
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]


def test_who_signed_so_far_is_shown_only_if_the_letter_says_so(client, now):
    letter, _accepted = embargoed(now)
    assert SIGNATORIES[0] not in bytes_of(page_of(client, letter))
    Letter.objects.filter(pk=letter.pk).update(lists_in_circulation=True)
    text = bytes_of(page_of(client, letter))
    assert SIGNATORIES[0] in text
    for word in SIGNATORIES[1:]:  # unconfirmed, waiting, withheld
        assert word not in text
    assert f"/letters/{letter.slug}/" not in text  # no way leads to an address that answers 404


def test_the_form_on_the_page_signs(client, now):
    letter = factories.circulating(at=now, closes_at=now + timedelta(days=7))
    from tests.test_invitations import typed

    path = f"/circulation/{life.circulation_key(letter)}/"
    answer = client.post(f"{path}sign/", typed(client, path))
    assert answer.status_code == 303
    assert letter.signatures.count() == 1


def test_showing_the_link_to_be_copied_is_on_record(client, editor, now):
    letter = factories.circulating(at=now)
    client.force_login(editor)
    key = life.circulation_key(letter)
    page = client.get(f"/admin/letters/letter/{letter.pk}/change/").content.decode()
    assert key not in page
    shown = factories.press(
        client,
        f"/admin/letters/letter/{letter.pk}/do/copy-link/",
        page=f"/admin/letters/letter/{letter.pk}/change/",
    )
    assert key in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    event = Event.objects.get(kind="letter.link_copied")
    assert (event.actor, event.letter) == (editor, letter)
    assert key not in f"{event.after}{event.note}"


def test_the_whole_life_of_a_link_is_on_record(now):
    letter = factories.circulating(at=now)
    life.note_copied(letter, actor=None, at=now)
    life.remake_link(letter, actor=None, at=now)
    life.revoke_link(letter, actor=None, at=now)
    kinds = list(Event.objects.filter(letter=letter).order_by("pk").values_list("kind", flat=True))
    assert kinds[-4:] == [
        "letter.circulated",
        "letter.link_copied",
        "letter.link_made",
        "letter.link_revoked",
    ]
    with pytest.raises(Refused):
        life.note_copied(letter, actor=None, at=now)


@pytest.mark.parametrize("page", ["", "sign/"])
@pytest.mark.parametrize("ending", ["revoke", "withdraw"])
def test_a_link_ends_at_once_however_often_it_is_asked(client, now, settings, page, ending):
    settings.PAGE_CACHE_SECONDS = 1
    letter = factories.circulating(at=now, closes_at=now + timedelta(days=7))
    path = f"/circulation/{life.circulation_key(letter)}/{page}"
    for _ in range(3):
        assert client.get(path).status_code == 200
    if ending == "revoke":
        life.revoke_link(letter, actor=None, at=now)
    else:
        life.withdraw(letter, reason="No.", actor=None, at=now)
    for _ in range(5):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer["Referrer-Policy"] == "no-referrer" and "noindex" in answer["X-Robots-Tag"]


# --- The release


def tell(now):
    telling.tell_signatories(at=now)
    return Message.objects.filter(kind="released")


def test_signatories_hear_of_the_release_once(now):
    letter = factories.circulating(at=now, closes_at=now + timedelta(days=7))
    signed = factories.accepted(letter, "Quay Circle", email="noor@quay.example")
    factories.withheld(letter, "Pier Forum", email="mira@pier.example")
    stopped = factories.accepted(letter, "Reef Union", email="ola@reef.example")
    stopped.representative.stopped_at = now
    stopped.representative.save()
    factories.confirmed(letter, "Waiting Watch", email="waits@watch.example")
    assert not tell(now).exists()
    life.release(letter, actor=None, at=now + timedelta(hours=1))
    factories.accepted(letter, "Late Circle", email="late@late.example", at=now + timedelta(hours=2))
    assert set(tell(now).values_list("recipient", flat=True)) == {"noor@quay.example", "mira@pier.example"}
    assert tell(now).count() == 2
    sent = [m for m in factories.send_mail() if m.to == ["noor@quay.example"] and "Released" in m.subject]
    assert len(sent) == 1
    assert letter.get_absolute_url() in sent[0].body
    assert signed.letter_id == letter.pk


def test_a_scheduled_release_is_told_when_the_worker_comes_back(now, client):
    """The letter is public by the clock alone; the message follows when a worker runs, however late."""
    from letters.tasks import note_releases

    letter = factories.circulating(at=now - timedelta(days=3))
    factories.accepted(letter, "Quay Circle", email="noor@quay.example", at=now - timedelta(days=2))
    life.release(letter, actor=None, at=now - timedelta(days=1), release_at=now - timedelta(hours=5))
    assert client.get(letter.get_absolute_url()).status_code == 200
    assert not tell(now).exists()
    assert note_releases(at=now) == 1
    assert tell(now).count() == 1


def test_nobody_hears_of_the_release_of_a_letter_that_was_withdrawn(now):
    letter = factories.circulating(at=now)
    factories.accepted(letter, "Quay Circle")
    life.release(letter, actor=None, at=now + timedelta(hours=1))
    life.withdraw(letter, reason="No.", actor=None, at=now + timedelta(hours=2))
    assert not tell(now).exists()
    assert outbox.send_due(worker="test") >= 0
