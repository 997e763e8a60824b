"""Mail that comes back: reports read in the shapes of many servers, and noted on the message and its address."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import get_connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from letters import bounces, outbox
from letters.bounces import Report, read
from letters.models import Attempt, BouncedAddress, Message
from letters.services import bouncing, editing
from tests.smtp import queued

SAMPLES = Path(__file__).parent / "fixtures" / "bounces"
ID = "<4f0c6f3a9d@letters.example>"
State, Outcome = Message.State, Attempt.Outcome


def sample(name, message_id=ID):
    return (SAMPLES / f"{name}.eml").read_text().replace("@ID@", message_id).encode()


# name of the sample, kind, status, whether the address is dead, words
SHAPES = [
    ("postfix", "bounced", "5.1.1", True, "550 5.1.1 <***>: Recipient address rejected: User unknown"),
    ("postfix-delay", "delayed", "4.4.1", False, "Connection timed out"),
    ("postfix-expired", "bounced", "4.4.1", False, "Connection timed out"),
    ("policy", "bounced", "5.7.1", False, "blocked using bl.example"),
    ("exim-old", "bounced", "5.0.0", True, "550 No such user here"),
    ("exim", "bounced", "5.0.0", True, ""),
    ("exchange", "bounced", "5.1.10", True, "Recipient *** not found by SMTP address lookup"),
    ("gmail", "bounced", "5.2.1", True, "550-5.2.1 The email account that you tried to reach is inactive."),
    ("qmail", "bounced", "5.2.2", False, "Remote host said: 552 5.2.2 mailbox is full"),
    ("service", "bounced", "5.4.1", True, "Recipient address rejected: Access denied"),
    ("complaint", "complained", "", False, "abuse"),
]


@pytest.mark.parametrize(("name", "kind", "status", "dead", "words"), SHAPES)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_report_is_read_in_every_shape(name, kind, status, dead, words, ends):
    report = read(sample(name).replace(b"\n", ends.encode()))
    assert (report.kind, report.message_id, report.status) == (kind, ID, status)
    assert report.says_address_is_dead is dead
    assert words in report.words
    assert "orla" not in report.words and "elsewhere" not in report.words


@pytest.mark.parametrize("name", ["out-of-office", "read-receipt", "not-spam", "delivered"])
def test_what_is_no_failure_changes_nothing(name):
    assert read(sample(name)) is None


def test_every_sample_is_read():
    named = {shape[0] for shape in SHAPES} | {"out-of-office", "read-receipt", "not-spam", "delivered"}
    assert named == {path.stem for path in SAMPLES.glob("*.eml")}


@pytest.mark.parametrize("name", [shape[0] for shape in SHAPES])
def test_a_report_that_is_cut_anywhere_is_read_or_not(name):
    raw = sample(name)
    for end in range(0, len(raw), 41):
        report = read(raw[:end])
        assert report is None or report.message_id in (ID, "<0102019a@relay.service.example>")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\xff" * 1000,
        b"Content-Type: multipart/report; boundary=x\n\n" + b"--x\n" * 20_000,
        b"Content-Type: message/rfc822\n\n" * 5000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
        b"Content-Type: message/delivery-status; charset=no-such\n\nAction: failed\n",
        b"X-Failed-Recipients: \xff\nContent-Type: text/plain; charset=utf-7\n\n+AAA- 550",
        b"x" * (3 * bounces.LARGEST),
    ],
)
def test_broken_input_is_no_report(raw):
    assert read(raw) is None


@given(st.binary(max_size=300), st.integers(0, 2000), st.sampled_from([shape[0] for shape in SHAPES]))
def test_nothing_makes_it_raise(noise, place, name):
    raw = sample(name)
    read(raw[:place] + noise + raw[place + len(noise) :])


def test_a_large_report_is_read_by_its_head():
    raw = sample("postfix").replace(b"Dear Orla,", b"Dear Orla,\n" + b"words and words\n" * 200_000)
    assert read(raw).message_id == ID


@pytest.fixture
def message(letter, postbox):
    """A sent one."""
    (found,) = queued(letter)
    outbox.send_due(worker="one")
    found.refresh_from_db()
    assert found.state == State.SENT
    return found


def report(message, kind="bounced", status="5.1.1", words="550 5.1.1 unknown"):
    return Report(kind, message.message_id, status, words)


def outcomes(message):
    return [one.outcome for one in message.history.all()]


def test_a_failure_for_good_marks_message_and_address(message, now):
    later = now + timedelta(minutes=1)
    raw = sample("postfix", message.message_id)
    assert bouncing.note_bounce(read(raw), at=later) == message
    message.refresh_from_db()
    assert (message.state, message.bounced_at) == (State.BOUNCED, later)
    assert message.error == "5.1.1 550 5.1.1 <***>: Recipient address rejected: User unknown"
    assert outcomes(message) == [Outcome.ACCEPTED, Outcome.BOUNCED]
    assert bouncing.is_dead(" READER0@example.org")
    assert not bouncing.is_dead("orla.venn@harbour.example")  # who the report names is not whom we wrote to
    assert "reader0" not in BouncedAddress.objects.get().key


def test_the_same_report_twice_changes_nothing(message, now):
    for kind in ("delayed", "delayed", "complained", "complained", "bounced", "bounced", "delayed"):
        status = "4.4.1" if kind == "delayed" else "5.1.1"
        bouncing.note_bounce(report(message, kind, status), at=now)
        now += timedelta(minutes=1)
    assert outcomes(message) == [Outcome.ACCEPTED, Outcome.DELAYED, Outcome.COMPLAINED, Outcome.BOUNCED]
    assert BouncedAddress.objects.count() == 1


@pytest.mark.parametrize("kind", ["delayed", "complained"])
def test_a_delay_and_a_complaint_are_history_alone(message, now, kind):
    assert bouncing.note_bounce(report(message, kind, "4.4.1"), at=now) == message
    message.refresh_from_db()
    assert (message.state, message.bounced_at, message.error) == (State.SENT, None, "")
    assert outcomes(message) == [Outcome.ACCEPTED, kind]
    assert not BouncedAddress.objects.exists()


@pytest.mark.parametrize("status", ["4.4.7", "5.2.2", "5.7.1", "5.7.26", "5.6.0"])
def test_a_failure_that_is_not_of_the_address_leaves_it_alive(message, now, status):
    bouncing.note_bounce(report(message, status=status), at=now)
    message.refresh_from_db()
    assert message.state == State.BOUNCED
    assert not bouncing.is_dead("reader0@example.org")


def test_a_report_of_a_message_that_is_not_ours_is_nothing(message, now):
    assert bouncing.note_bounce(Report("bounced", ID, "5.1.1", ""), at=now) is None
    assert not BouncedAddress.objects.exists()


def test_a_report_about_an_erased_message_keeps_no_words(message, now):
    Message.objects.filter(pk=message.pk).erase()
    bouncing.note_bounce(report(message, words="Orla Venn left"), at=now)
    message.refresh_from_db()
    assert (message.state, message.error) == (State.BOUNCED, "5.1.1")
    assert message.history.last().reply == "5.1.1"
    assert not BouncedAddress.objects.exists()


def test_a_report_faster_than_our_own_note_holds(letter, postbox, now):
    """The mail server accepted and reported before the worker wrote that it had."""
    (message,) = queued(letter)
    (claimed,) = outbox.claim(worker="one", at=timezone.now(), batch=1)
    mailer = get_connection()
    send = mailer.send_messages

    def report_at_once(mails):
        bouncing.note_bounce(report(message), at=now)
        return send(mails)

    mailer.send_messages = report_at_once
    outbox.send_one(claimed, mailer=mailer)
    message.refresh_from_db()
    assert message.state == State.BOUNCED
    assert message.sent_at is not None and message.claimed_by == ""
    assert outcomes(message) == [Outcome.BOUNCED, Outcome.ACCEPTED]


def test_a_report_stops_a_message_that_would_be_sent_again(letter, postbox, now):
    """Its worker died after the server had accepted: it waits, and is reported meanwhile."""
    (message,) = queued(letter)
    Message.objects.update(attempts=1, uncertain=1)
    bouncing.note_bounce(report(message), at=now)
    assert outbox.send_due(worker="one") == 0
    message.refresh_from_db()
    assert message.state == State.BOUNCED


def test_an_editor_sends_it_again(message, now, editor):
    bouncing.note_bounce(report(message), at=now)
    message.refresh_from_db()
    editing.resend(message, actor=editor, at=now)
    message.refresh_from_db()
    assert (message.state, message.bounced_at, message.error) == (State.QUEUED, None, "")
    assert not bouncing.is_dead("reader0@example.org")
    assert bouncing.note_bounce(report(message), at=now) is None  # the old report, come once more
    assert outbox.send_due(worker="one") == 1
    bouncing.note_bounce(report(message), at=now)
    message.refresh_from_db()
    assert message.state == State.BOUNCED


def test_sending_alone_does_not_bring_an_address_back(letter, message, now):
    bouncing.note_bounce(report(message), at=now)
    queued(letter)
    outbox.send_due(worker="one")
    assert bouncing.is_dead("reader0@example.org")


def test_many_addresses_are_asked_for_at_once(db, now, django_assert_num_queries):
    bouncing.remember("Gone@Example.org", status="5.1.1", at=now)
    bouncing.remember("gone@example.org", status="5.1.2", at=now)
    many = [f"reader{n}@example.org" for n in range(600)]
    with django_assert_num_queries(2):
        assert bouncing.dead_among([*many, "GONE@example.org", "gone@example.org "]) == {
            "GONE@example.org",
            "gone@example.org ",
        }
    assert BouncedAddress.objects.get().status == "5.1.2"


def test_the_desk_shows_what_came_back(client, administrator, message, now):
    bouncing.note_bounce(report(message, words="no <b>such</b> box"), at=now)
    client.force_login(administrator)
    page = client.get(f"/admin/letters/message/{message.pk}/change/").content.decode()
    assert "Taken by the mail server" in page and "UTC" in page
    assert "5.1.1 no &lt;b&gt;such&lt;/b&gt; box" in page
    assert "Send again" in page
    listed = client.get("/admin/letters/message/?state__exact=bounced").content.decode()
    assert "is-bounced" in listed and "Came back" in listed
    assert "1 message came back" in client.get("/admin/").content.decode()


POISON = (
    b"X-Failed-Recipients: a@b.example\r\nContent-Type: text/plain; charset=unicode_escape\r\n\r\n"
    b"550 no such box\r\n------ This is a copy\r\nMessage-ID: <ab\\ud800cd@x.example>\r\n"
)


def test_a_mail_of_half_characters_is_no_report():
    assert bounces.read(POISON) is None
    assert bounces.clean_id("<ab\ud800cd@x.example>") == ""
    assert "\ud800" not in bounces.clean_words("550 \ud800 no")
