"""The outbox, against a real SMTP server on loopback: nothing is lost, nothing that was accepted is sent twice."""

import json
import random
import threading
import time
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import psycopg
import pytest
from django.core.mail import get_connection
from django.db import connection, connections, transaction
from django.utils import timezone

from bench.outbox import Failing
from letters import outbox
from letters.models import Attempt, Message, Switch
from letters.tasks import erase_messages
from tests import factories
from tests.smtp import Postbox, Server, database_url, queued, wait_for, worker

State, Outcome = Message.State, Attempt.Outcome


def history(message):
    return [(line.outcome, line.reply, line.worker) for line in message.history.all()]


@pytest.fixture
def smtp(postbox):
    return postbox


def test_a_message_is_sent_once_with_its_own_headers(letter, smtp):
    letter.contact_email = "desk@letters.example"
    letter.save()
    (message,) = queued(letter)
    assert outbox.send_due(worker="one") == 1
    assert outbox.send_due(worker="two") == 0
    (got,) = smtp.messages
    assert got["Message-ID"] == message.message_id
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Reply-To"] == "desk@letters.example"
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 1)
    assert history(message) == [(Outcome.ACCEPTED, "", "one")]


def test_a_temporary_refusal_is_tried_again_later(letter, smtp):
    smtp.answer = lambda n: "451 later please" if n == 1 else "250 OK"
    (message,) = queued(letter)
    outbox.send_due(worker="one")
    message.refresh_from_db()
    assert message.state == State.QUEUED
    assert message.error.startswith("451")
    assert message.next_try_at > timezone.now() + timedelta(seconds=30)
    outbox.send_due(worker="one", at=message.next_try_at)
    assert smtp.accepted == {message.message_id: 1}
    assert history(message) == [(Outcome.WAITS, "451 later please", "one"), (Outcome.ACCEPTED, "", "one")]


def test_a_refusal_for_good_is_not_tried_again(letter, smtp):
    smtp.answer = lambda n: "550 no such box"
    (message,) = queued(letter)
    outbox.send_due(worker="one")
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.FAILED, 1)
    assert history(message) == [(Outcome.REFUSED, "550 no such box", "one")]
    assert outbox.resend(message, at=timezone.now())
    smtp.answer = lambda n: "250 OK"
    outbox.send_due(worker="one")
    assert smtp.accepted == {message.message_id: 1}


def test_a_mail_server_that_is_away_loses_nothing(letter, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    (message,) = queued(letter)
    outbox.send_due(worker="one")
    message.refresh_from_db()
    assert message.state == State.QUEUED
    assert "refused" in message.error.lower()


def test_tries_run_out_at_last(letter, smtp):
    smtp.answer = lambda n: "451 later"
    (message,) = queued(letter)
    for _ in range(outbox.TRIES + 2):
        message.refresh_from_db()
        outbox.send_due(worker="one", at=message.next_try_at + timedelta(days=1))
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.FAILED, outbox.TRIES)
    outcomes = [line[0] for line in history(message)]
    assert outcomes == [Outcome.WAITS] * (outbox.TRIES - 1) + [Outcome.REFUSED]


def test_a_message_that_cannot_be_written_does_not_hold_up_the_others(letter, smtp):
    outbox.queue("no_such_kind", "a@example.org", at=timezone.now(), language="en", context={})
    queued(letter)
    outbox.send_due(worker="one")
    assert sum(smtp.accepted.values()) == 1
    assert Message.objects.get(kind="no_such_kind").state == State.FAILED


def test_the_switch_keeps_mail_in_the_queue(letter, smtp):
    Switch.objects.filter(name="mail").update(stopped=True)
    queued(letter)
    assert outbox.send_due(worker="one") == 0
    assert not smtp.accepted


def test_answers_go_before_mass_mail(letter, smtp):
    queued(letter, 2, priority=Message.Priority.MASS)
    (answer,) = queued(letter, priority=Message.Priority.ANSWER)
    outbox.send_due(worker="one", batch=1)
    assert list(smtp.accepted) == [answer.message_id]


def test_a_claim_of_a_dead_worker_is_given_back(letter, settings):
    (message,) = queued(letter)
    now = timezone.now()
    (_claimed,) = outbox.claim(worker="dead", at=now, batch=5)
    assert outbox.claim(worker="two", at=now, batch=5) == []
    assert outbox.recover(at=now + timedelta(seconds=settings.MAIL_STALE_SECONDS - 1)) == 0
    assert outbox.recover(at=now + timedelta(seconds=settings.MAIL_STALE_SECONDS + 1)) == 1
    message.refresh_from_db()
    assert (message.state, message.uncertain) == (State.QUEUED, 0)


def test_an_unknown_end_is_counted(letter, settings):
    (message,) = queued(letter)
    Message.objects.update(
        state=State.SENDING, claimed_at=timezone.now() - timedelta(days=1), claimed_by="dead"
    )
    assert outbox.recover(at=timezone.now()) == 1
    message.refresh_from_db()
    assert (message.state, message.uncertain) == (State.QUEUED, 1)
    assert history(message) == [(Outcome.UNKNOWN, "", "dead")]


def test_what_another_worker_took_over_is_left_to_it(letter, smtp, settings):
    """The first worker was held up by its mail server for so long that its claims counted as dead."""
    first, second = queued(letter, 2)
    at = timezone.now()
    slow = outbox.claim(worker="slow", at=at, batch=2)
    later = at + timedelta(seconds=settings.MAIL_STALE_SECONDS + 1)
    assert outbox.recover(at=later) == 2
    assert len(outbox.claim(worker="quick", at=later, batch=2)) == 2
    for message in slow:
        outbox.send_one(message, mailer=get_connection())
    assert not smtp.accepted
    assert set(Message.objects.values_list("state", "claimed_by")) == {(State.CLAIMED, "quick")}
    assert history(first) == history(second) == []


@pytest.mark.parametrize("answer", ["250 OK", "451 later"])
def test_an_end_that_comes_late_harms_nothing(letter, smtp, answer):
    """While the server thought, another worker counted this one as dead and took the message over."""

    def think(n):
        Message.objects.update(state=State.CLAIMED, claimed_by="quick")
        return answer

    (message,) = queued(letter)
    (claimed,) = outbox.claim(worker="slow", at=timezone.now(), batch=1)
    taken = []
    mailer = get_connection()
    plain = mailer.send_messages
    mailer.send_messages = lambda mails: (taken.append(think(1)), plain(mails))[1]
    smtp.answer = lambda n: answer
    outbox.send_one(claimed, mailer=mailer)
    message.refresh_from_db()
    if answer.startswith("250"):
        assert message.state == State.SENT  # and "quick" does not send it again
    else:
        assert (message.state, message.claimed_by) == (State.CLAIMED, "quick")


def test_a_worker_slower_than_its_claims_gives_the_rest_back(letter, smtp, settings, monkeypatch):
    queued(letter, 3)
    clock = iter(range(0, 10_000, settings.MAIL_STALE_SECONDS))
    monkeypatch.setattr(outbox, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert outbox.send_due(worker="one") == 1
    assert sorted(Message.objects.values_list("state", flat=True)) == [State.QUEUED, State.QUEUED, State.SENT]


def test_what_a_worker_could_not_try_it_takes_up_again_at_once(letter, smtp):
    queued(letter)
    outbox.claim(worker="one", at=timezone.now(), batch=1)
    assert outbox.send_due(worker="two") == 0
    assert outbox.send_due(worker="one") == 1


def test_a_worker_told_to_end_finishes_only_what_it_holds(letter, smtp):
    queued(letter, 3)
    assert outbox.send_due(worker="one", stopping=lambda: True) == 1
    assert sorted(Message.objects.values_list("state", flat=True)) == [State.QUEUED, State.QUEUED, State.SENT]


def test_the_switch_stops_a_batch_between_two_messages(letter, smtp):
    queued(letter, 3)
    real = outbox.send_one

    def one_and_stop(message, *, mailer):
        real(message, mailer=mailer)
        Switch.objects.filter(name="mail").update(stopped=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "send_one", one_and_stop)
        assert outbox.send_due(worker="one") == 1
    assert sum(smtp.accepted.values()) == 1
    assert Message.objects.filter(state=State.QUEUED, claimed_by="", claimed_at=None).count() == 2


def test_reports_go_to_an_address_of_their_own(letter, smtp, settings):
    settings.BOUNCE_ADDRESS = "bounces@letters.example"
    queued(letter)
    outbox.send_due(worker="one")
    assert smtp.envelopes[0].mail_from == "bounces@letters.example"
    assert smtp.messages[0]["From"] == settings.DEFAULT_FROM_EMAIL
    assert smtp.messages[0]["Sender"] is None


def test_a_cancelled_message_is_not_sent(letter, smtp):
    (message,) = queued(letter)
    assert outbox.cancel(message)
    assert outbox.send_due(worker="one") == 0
    assert not smtp.accepted


def test_a_message_rolls_back_with_its_act(letter):
    with pytest.raises(RuntimeError), transaction.atomic():
        queued(letter)
        raise RuntimeError
    assert not Message.objects.exists()


def test_old_messages_lose_address_and_words(letter, smtp):
    message, other = queued(letter, 2)
    smtp.answer = lambda n: "550 Group 1 is unknown here"
    outbox.send_due(worker="one")
    assert history(message)[0][1]
    Message.objects.filter(pk=other.pk).update(created_at=timezone.now() + timedelta(days=10))
    assert erase_messages(at=timezone.now() + timedelta(days=29)) == 0
    assert erase_messages(at=timezone.now() + timedelta(days=31)) == 1
    message.refresh_from_db()
    assert (message.recipient, message.context, message.error) == ("", {}, "")
    assert history(message) == [(Outcome.REFUSED, "", "one")]  # the server's words go, what came of it stays
    assert history(other)[0][1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_message(smtp):
    letter = factories.released()
    queued(letter, 60)
    failures = []

    def work(name):
        try:
            while outbox.send_due(worker=name, batch=5):
                pass
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(3)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    assert failures == []
    assert len(smtp.accepted) == 60
    assert set(smtp.accepted.values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_before_the_server_accepted_sends_once():
    """Killed while the server thinks: the message was not accepted, is sent again by the next, and arrives once."""
    letter = factories.released()
    (message,) = queued(letter)
    inside, go = threading.Event(), threading.Event()

    def think(n):
        if n == 1:
            inside.set()
            go.wait(20)
            return "451 the connection is gone"
        return "250 OK"

    postbox = Postbox(think)
    with Server(postbox) as url:
        first = worker(url)
        assert inside.wait(30)
        first.kill()
        first.wait()
        go.set()
        second = worker(url)
        assert wait_for(lambda: sum(postbox.accepted.values()) > 0)
        assert wait_for(lambda: Message.objects.filter(state=State.SENT).exists())
        second.terminate()
        assert second.wait(20) == 0
    assert postbox.accepted == {message.message_id: 1}
    message.refresh_from_db()
    assert message.uncertain == 1


@pytest.mark.django_db(transaction=True)
def test_workers_killed_again_and_again_lose_nothing():
    """SIGKILL at random moments: every message is accepted, and twice only where nobody could know."""
    letter = factories.released()
    messages = queued(letter, 80)
    postbox = Postbox(lambda n: time.sleep(0.01) or "250 OK")
    dice = random.Random(7)
    with Server(postbox) as url:
        kills = 0
        while Message.objects.exclude(state=State.SENT).exists() and kills < 8:
            process = worker(url)
            before = len(postbox.accepted)
            wait_for(lambda seen=before: len(postbox.accepted) > seen, 15)
            time.sleep(dice.uniform(0, 0.3))
            process.kill()
            process.wait()
            kills += 1
        last = worker(url)
        assert wait_for(lambda: not Message.objects.exclude(state=State.SENT).exists(), 60)
        last.terminate()
        last.wait(20)
    assert kills > 2
    assert set(postbox.accepted) == {message.message_id for message in messages}
    twice = {key for key, times in postbox.accepted.items() if times > 1}
    unknown = set(Message.objects.filter(uncertain__gt=0).values_list("message_id", flat=True))
    assert twice <= unknown
    assert connection.is_usable()


class OftenFailing(Failing):
    """The server of the benchmark, which fails ten times as often, and keeps nobody waiting."""

    KEEP_WAITING = ("hang", "store and hang", "slowly")

    def roll(self, table):
        return super().roll(
            tuple((outcome, weight * 10) for outcome, weight in table if "hang" not in outcome)
        )


@pytest.mark.django_db(transaction=True)
def test_a_server_that_fails_in_every_way_loses_nothing(settings, tmp_path):
    """Stored twice is only what the server stored and hung up on, since nobody could know."""
    letter = factories.released()
    messages = queued(letter, 150)
    Message.objects.filter(pk__in=[message.pk for message in messages[::50]]).update(
        recipient="gone@example.org"
    )
    gone = {message.message_id for message in messages[::50]}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    failures = []

    def work(name):
        try:
            while Message.objects.exclude(state__in=outbox.ENDED).exists():
                Message.objects.filter(state=State.QUEUED).update(next_try_at=timezone.now())
                outbox.send_due(worker=name, batch=5)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    ledger = tmp_path / "ledger"
    server = Server(OftenFailing(5, ledger))
    with server:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(3)]
        [thread.start() for thread in threads]
        [thread.join(60) for thread in threads]
    lines = [json.loads(line) for line in ledger.read_text().splitlines()]
    stored = Counter(message_id for _at, _what, message_id in lines if message_id)
    hung_up = Counter(message_id for _at, what, message_id in lines if what == "stored: store and drop")
    assert failures == []
    assert len({what for _at, what, _id in lines}) > 8  # every way
    assert set(stored) == {message.message_id for message in messages} - gone
    assert hung_up and all(times - 1 <= hung_up[key] for key, times in stored.items())
    assert set(Message.objects.filter(message_id__in=gone).values_list("state", flat=True)) == {State.FAILED}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_makes_no_double(smtp):
    """Its connections are cut while the mail server accepts, again and again: what was accepted is written all the same."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connections to cut")
    letter = factories.released()
    messages = queued(letter, 6)
    backends = []

    def cut(n):
        with psycopg.connect(database_url(), autocommit=True) as other:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s"
            backends.append(other.execute(others, [backend[0]]).fetchone()[0])
        return "250 OK"

    def which():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]

    backend = [0]
    real = outbox.send_one

    def known(message, *, mailer):
        backend[0] = which()
        real(message, mailer=mailer)

    smtp.answer = cut
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "send_one", known)
        assert outbox.send_due(worker="one") == 6
    assert backends == [True] * 6
    assert smtp.accepted == {message.message_id: 1 for message in messages}
    assert set(Message.objects.values_list("state", "uncertain")) == {(State.SENT, 0)}
    assert Attempt.objects.filter(outcome=Outcome.ACCEPTED).count() == 6
