"""The pace of mail: kept by all workers on all machines together, and never used up by a mass mailing."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from letters import outbox, pace
from letters.models import Message, Pace
from tests import factories
from tests.smtp import queued

SECOND = timedelta(seconds=1)


def taken(at, batch=100, worker="one"):
    return len(outbox.claim(worker=worker, at=at, batch=batch))


@pytest.mark.parametrize(
    ("a_minute", "at_once", "after_a_second", "after_a_minute"),
    [(0, 50, 0, 0), (1, 1, 0, 1), (6, 1, 0, 1), (60, 10, 1, 10), (120, 20, 2, 20)],
)
def test_at_once_goes_what_ten_seconds_hold(
    letter, settings, a_minute, at_once, after_a_second, after_a_minute
):
    settings.MAIL_PER_MINUTE = a_minute
    at = timezone.now()
    queued(letter, 50, at=at)
    assert taken(at) == at_once
    assert taken(at) == 0
    assert taken(at + SECOND) == after_a_second
    assert taken(at + 61 * SECOND) == after_a_minute


def test_a_minute_holds_no_more_than_its_pace(letter, settings):
    settings.MAIL_PER_MINUTE = 30
    at = timezone.now()
    queued(letter, 120, at=at)
    assert taken(at) == 5  # what a silence left over
    in_a_minute = [taken(at + second * SECOND) for second in range(1, 61)]
    assert sum(in_a_minute) == 30
    assert max(in_a_minute) == 1


def test_an_answer_waits_for_no_mass_mailing(letter, settings):
    settings.MAIL_PER_MINUTE = 60
    at = timezone.now()
    queued(letter, 100, at=at, priority=Message.Priority.MASS)
    assert taken(at) == 10
    (answer,) = queued(letter, at=at, priority=Message.Priority.ANSWER)
    (first,) = outbox.claim(worker="one", at=at + SECOND, batch=100)
    assert first == answer


def test_where_nothing_is_due_nothing_is_used_up(letter, settings):
    settings.MAIL_PER_MINUTE = 60
    at = timezone.now()
    assert [taken(at + n * SECOND) for n in range(30)] == [0] * 30
    queued(letter, 20, at=at)
    assert taken(at + 30 * SECOND, batch=4) == 4
    assert taken(at + 30 * SECOND) == 6


def test_a_clock_that_was_wrong_does_not_stop_mail(letter, settings):
    settings.MAIL_PER_MINUTE = 60
    at = timezone.now()
    Pace.objects.create(name="mail", free_at=at + timedelta(days=400))
    queued(letter, 20, at=at)
    assert taken(at) == 10
    assert Pace.objects.get().free_at == at + 10 * SECOND


def test_a_mass_mailing_at_its_pace_does_not_take_the_site_down(letter, client, postbox, settings):
    """Who asks whether mail is stuck hears of a queue that nobody works on, and not of one that is long."""
    settings.MAIL_PER_MINUTE = 6
    queued(letter, 3, at=timezone.now() - timedelta(hours=1))
    assert client.get("/readyz").json()["mail"] is False
    assert outbox.send_due(worker="one") == 1
    assert client.get("/readyz").json() == {"database": True, "migrations": True, "mail": True}


@pytest.mark.django_db(transaction=True)
def test_workers_keep_the_pace_together(settings):
    """Five at once, also in the very first moment, when there is no row to lock yet."""
    settings.MAIL_PER_MINUTE = 60
    letter, at = factories.released(), timezone.now()
    queued(letter, 60, at=at)
    start, claimed, failures = threading.Barrier(5), [], []

    def work(name):
        try:
            start.wait()
            for second in (0, 0, 1, 2, 2):
                claimed.extend(outbox.claim(worker=name, at=at + second * SECOND, batch=7))
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(5)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    assert failures == []
    assert len(claimed) == len({message.pk for message in claimed}) == 12  # ten at once, one a second
    assert Pace.objects.count() == 1
    assert pace.burst() == 10
