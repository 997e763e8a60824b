"""The worker: sends queued mail and does timed work."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils import timezone

from letters import mailboxes, outbox
from letters import tasks as letter_tasks
from signatories import import_tasks, retention
from signatories import tasks as signatory_tasks
from signatories.services import doubles, telling

log = logging.getLogger("undersigned.worker")

MINUTE, HOUR, DAY = 60, 3600, 86400
TIMED: tuple[tuple[int, Callable[..., int]], ...] = (
    (2, letter_tasks.make_delivery_files),
    (2, telling.tell_signatories),
    (1, import_tasks.work_on_lists),
    (15, letter_tasks.note_releases),
    (15, letter_tasks.make_documents),
    (15, signatory_tasks.follow_invitations),
    (15, signatory_tasks.give_addresses),
    (15, signatory_tasks.tell_earlier_representatives),
    (15, doubles.find_doubles),
    (5 * MINUTE, signatory_tasks.remind),
    (5 * MINUTE, signatory_tasks.expire),
    (5 * MINUTE, signatory_tasks.send_digests),
    (5 * MINUTE, mailboxes.read_bounces),
    (HOUR, retention.erase_due),
    (HOUR, signatory_tasks.forget_unused),
    (DAY, signatory_tasks.check_counts),
)


class Command(BaseCommand):
    help = (
        "Sends queued mail and does timed work (releases, reminders, expiry, digests, news, files of deliveries, possible doubles, erasing) until it is stopped. "
        "It may be killed at any moment, and any number may run at once."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="do everything that is due, once, and stop")
        parser.add_argument(
            "--interval", type=float, default=1.0, help="seconds between looks at the queue (1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = threading.Event()
        if not options["once"]:
            signal.signal(signal.SIGTERM, self.stop)
            signal.signal(signal.SIGINT, self.stop)
        name = outbox.worker_name()
        due = [0.0] * len(TIMED)
        while not self.stopping.is_set():
            sent = self.round(name, due)
            if options["once"]:
                if not sent:
                    return
                continue
            if not sent:
                self.stopping.wait(options["interval"])

    def stop(self, *args: Any) -> None:
        """Finishes what is in hand, then ends."""
        self.stopping.set()

    def round(self, name: str, due: list[float]) -> int:
        """One look at everything; how many messages were tried. A database that is away is waited for."""
        try:
            now = time.monotonic()
            for index, (every, task) in enumerate(TIMED):
                if due[index] <= now:
                    self.timed(task, at=timezone.now())
                    due[index] = now + every
            return outbox.send_due(worker=name, stopping=self.stopping.is_set)
        except DatabaseError as error:
            log.warning("the database does not answer (%s); trying again", type(error).__name__)
            close_old_connections()
            self.stopping.wait(2)
            return 0
        finally:
            close_old_connections()

    def timed(self, task: Callable[..., int], *, at: datetime) -> None:
        """Runs one timed task; what it did is logged when it did something. One that fails is logged and does not hold
        up the others, nor the mail."""
        try:
            done = task(at=at)
        except DatabaseError:
            raise
        except Exception:
            log.exception("%s failed", task.__name__)
            return
        if done:
            log.info("%s: %s", task.__name__, done)
