"""Whether mail is lost or sent twice when everything fails: the outbox against a real SMTP server that fails on purpose.

    .venv/bin/python bench/outbox.py [--messages 10000] [--database postgres|sqlite] [--seed 1] [--no-restart]

Three workers send over loopback; every second one of them is killed with SIGKILL and another started; PostgreSQL is
restarted once in the middle as after a crash (pg_ctl -m immediate). At each step a seeded dice decides whether the server
does its part (see ``Failing``); it keeps its own ledger of what it stored, against which the outbox is held at the end.
Exits 1 when a message was lost, or stored twice without a reason that nobody could have known. About a minute for 1,000.
"""

import argparse
import asyncio
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from postgres import postgres, programs  # noqa: E402
from postgres import run as as_server_user  # noqa: E402

WORKERS, PATIENCE, STALE = 3, 3, 10  # how many; seconds of EMAIL_TIMEOUT and of MAIL_STALE_SECONDS
LONGEST = 1800  # seconds after which the run is given up
KEY = "measuring-key-measuring-key-0123456789-abcdefghijklmnopqrstuvwxyz"
ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
# Of a thousand tries, how many end how. What is not named here is answered 250 at once.
GREETING = (("421 too busy", 4),)
SENDER = (("421 going away", 3), ("451 not now", 8))
RECIPIENT = (("450 greylisted", 10),)
CONTENT = (
    ("421 going away", 4),
    ("451 not now", 8),
    ("drop", 5),
    ("store and drop", 5),
    ("hang", 1),
    ("store and hang", 1),
    ("slowly", 15),
)


class Failing:
    """Handles mail for aiosmtpd: rolls the dice at each step, and writes each message that it stores into the ledger."""

    def __init__(self, seed: int, ledger: Path) -> None:
        self.dice = random.Random(seed)
        self.ledger = ledger.open("a", buffering=1)

    def roll(self, table: tuple[tuple[str, int], ...]) -> str:
        number = self.dice.uniform(0, 1000)
        for outcome, weight in table:
            number -= weight
            if number < 0:
                return outcome
        return ""

    def note(self, what: str, message_id: str = "") -> None:
        self.ledger.write(json.dumps([time.time(), what, message_id]) + "\n")

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # type: ignore[no-untyped-def]
        failure = self.roll(GREETING)
        if failure:
            self.note(f"at EHLO: {failure}")
            return [failure]
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # type: ignore[no-untyped-def]
        failure = self.roll(SENDER)
        if failure:
            self.note(f"at MAIL: {failure}")
            return failure
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # type: ignore[no-untyped-def]
        failure = "550 5.1.1 no such box" if address.startswith("gone") else self.roll(RECIPIENT)
        if failure:
            self.note(f"at RCPT: {failure}")
            return failure
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]
        found = ID.search(envelope.content)
        message_id = found[1].decode() if found else ""
        outcome = self.roll(CONTENT)
        if outcome[:1] == "4":
            self.note(f"after DATA: {outcome}")
            return outcome
        if outcome in ("drop", "hang"):
            self.note(f"after DATA, not stored: {outcome}")
        else:
            self.note(f"stored: {outcome or 'at once'}", message_id)
        if outcome == "slowly":
            await asyncio.sleep(self.dice.uniform(0.1, PATIENCE / 2))
        elif "hang" in outcome:
            await asyncio.sleep(PATIENCE + 2)
        if "drop" in outcome or "hang" in outcome:
            server.transport.abort()
            return "421 gone"
        return "250 OK"


def serve(port: int, seed: int, ledger: Path) -> None:
    """The mail server, a process of its own; every few seconds it refuses connections for a while."""
    from aiosmtpd.smtp import SMTP

    handler = Failing(seed, ledger)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, _context: None)  # of clients that were killed
        while True:
            server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", port, backlog=50)
            await asyncio.sleep(handler.dice.uniform(5, 9))
            server.close()
            handler.note("no connections taken for a while")
            await asyncio.sleep(handler.dice.uniform(0.3, 1.2))

    asyncio.run(main())


def fork_workers() -> None:
    """A process that has everything loaded and, for each line it reads, forks a worker and prints its number: a worker that
    had to be started anew every second would spend its life on imports."""
    django_here()
    from django.core.management import call_command

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            call_command("worker", interval=0.05)
            os._exit(0)
        print(child, flush=True)


def django_here() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


class Workers:
    """The workers at work; ``kill_one`` kills one and starts another."""

    def __init__(self, log: Path, seed: int) -> None:
        self.dice = random.Random(seed)
        self.parent = subprocess.Popen(
            [sys.executable, __file__, "--fork-workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log.open("ab"),
            text=True,
            cwd=ROOT,
        )
        self.alive = [self.start() for _ in range(WORKERS)]
        self.killed = 0

    def start(self) -> int:
        assert self.parent.stdin and self.parent.stdout
        print("", file=self.parent.stdin, flush=True)
        return int(self.parent.stdout.readline())

    def kill_one(self) -> None:
        place = self.dice.randrange(WORKERS)
        os.kill(self.alive[place], signal.SIGKILL)
        self.killed += 1
        self.alive[place] = self.start()

    def end(self) -> None:
        for child in self.alive:
            os.kill(child, signal.SIGKILL)
        self.parent.kill()
        self.parent.wait()


def fill(messages: int) -> list[str]:
    """Queues the messages, one in two hundred to somebody who is not there; the Message-IDs of those."""
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from letters import outbox

    call_command("migrate", verbosity=0)
    at, gone = timezone.now(), []
    context = {"signatory": "Harbour Group", "title": "Ferries", "reason": "It is not of the coast."}
    with transaction.atomic():
        for n in range(messages):
            name = "gone" if n % 200 == 7 else "reader"
            made = outbox.queue(
                "refused", f"{name}{n}@example.org", at=at, language="en", context=context, priority=9
            )
            if name == "gone":
                gone.append(made.message_id)
    return gone


def waiting() -> int | None:
    """How many messages have not ended; None while the database is away."""
    from django.db import Error, connection

    from letters import outbox
    from letters.models import Message

    try:
        return Message.objects.exclude(state__in=outbox.ENDED).count()
    except Error:
        connection.close()
        return None


def restart(url: str) -> tuple[float, float]:
    """Restarts PostgreSQL as after a crash; when it began and ended."""
    folder = Path(url.partition("host=")[2])
    began = time.time()
    as_server_user(
        programs() / "pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "-l", folder / "log", "restart"
    )
    return began, time.time()


def drive(workers: Workers, messages: int, url: str, again: bool) -> tuple[float, float]:
    """Kills a worker every second until everything has ended; when the database was restarted."""
    window, begun = (0.0, 0.0), time.monotonic()
    while (left := waiting()) != 0:
        time.sleep(1)
        workers.kill_one()
        if again and not window[0] and left is not None and left < messages / 2:
            window = restart(url)
        if time.monotonic() - begun > LONGEST:
            print(f"given up: {left} messages have not ended")
            break
    return window


def why(tries: list[tuple[float, str]], uncertain: int, window: tuple[float, float]) -> str:
    """Why a message was stored again: how its tries before the last one ended."""
    if any("and" in what for _at, what in tries[:-1]):
        return "stored, connection dropped or hung before the answer"
    if not uncertain:
        return ""
    if any(window[0] - 1 < at < window[1] + 1 for at, _what in tries[:-1]):
        return "worker killed, or cut off, while the database restarted"
    return "worker killed between acceptance and its note"


def judge(ledger: Path, gone: list[str], window: tuple[float, float]) -> tuple[dict[str, object], bool]:
    """The figures, and whether all is well."""
    from django.db import connection

    from letters.models import Attempt, Message

    connection.close()
    stored, told = defaultdict(list), Counter()
    for line in ledger.read_text().splitlines():
        at, what, message_id = json.loads(line)
        told[what] += 1
        if message_id:
            stored[message_id].append((at, what.removeprefix("stored: ")))
    rows = {row.message_id: row for row in Message.objects.all()}
    doubles = {key: tries for key, tries in stored.items() if len(tries) > 1}
    reasons = Counter(why(tries, rows[key].uncertain, window) for key, tries in doubles.items())
    states = Counter(row.state for row in rows.values())
    lost = [
        key for key, row in rows.items() if key not in stored and (row.state != "failed" or key not in gone)
    ]
    unwritten = [key for key in stored if rows[key].state != "sent"]
    figures: dict[str, object] = {
        "accepted at least once": len(stored),
        "accepted twice or more": len(doubles),
    }
    figures |= {f"   {reason or 'WITHOUT A REASON'}": n for reason, n in sorted(reasons.items())}
    figures |= {"   most often": max(map(len, stored.values()), default=0)}
    figures |= {"lost": len(lost), "accepted, and not marked as sent": len(unwritten)}
    figures |= {"refused for good (of those chosen)": f"{states['failed']} ({len(gone)})"}
    figures |= {"marked uncertain": sum(row.uncertain > 0 for row in rows.values())}
    figures |= {
        f"history: {name}": Attempt.objects.filter(outcome=name).count() for name in Attempt.Outcome.values
    }
    figures |= {f"server: {what}": n for what, n in sorted(told.items())}
    return figures, not lost and not unwritten and not reasons[""] and states["failed"] == len(gone)


def measure(messages: int, database: str, seed: int, again: bool) -> bool:
    """One run in a folder of its own; prints the table; whether all is well."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="undersigned-outbox-")))
        url = f"sqlite:///{folder / 'db.sqlite3'}"
        if database == "postgres":
            url = stack.enter_context(postgres(durable=True))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        os.environ |= {
            "DATABASE_URL": url, "EMAIL_URL": f"smtp://127.0.0.1:{port}", "EMAIL_TIMEOUT": str(PATIENCE), "DEBUG": "0",
            "MAIL_STALE_SECONDS": str(STALE), "MAIL_FIRST_WAIT_SECONDS": "1", "MAIL_PER_MINUTE": "0", "BOUNCE_MAILBOX": "",
            "SECRET_KEY": KEY, "ALLOWED_HOSTS": "localhost", "VAR_DIR": str(folder), "LOG_LEVEL": "ERROR",
            "DATABASE_POOL_SIZE": "2",
        }  # fmt: skip
        django_here()
        gone = fill(messages)
        ledger = folder / "ledger"
        command = [
            sys.executable,
            __file__,
            "--serve",
            str(port),
            "--seed",
            str(seed),
            "--ledger",
            str(ledger),
        ]
        server = subprocess.Popen(command, stderr=(folder / "server.log").open("ab"))
        stack.callback(server.wait)
        stack.callback(server.kill)
        begun = time.monotonic()
        workers = Workers(folder / "workers.log", seed)
        stack.callback(workers.end)
        window = drive(workers, messages, url, again and database == "postgres")
        seconds = time.monotonic() - begun
        figures, well = judge(ledger, gone, window)
        said = (folder / "workers.log").read_text().strip()
    print(f"\n{messages} messages, {database}, {WORKERS} workers, {workers.killed} killed, seed {seed}")
    print(f"{'database restarted':<58}{f'{window[1] - window[0]:.1f} s' if window[0] else 'no':>10}")
    print(f"{'seconds':<58}{seconds:>10.0f}\n{'messages a second':<58}{messages / seconds:>10.1f}")
    for name, figure in figures.items():
        print(f"{name:<58}{figure!s:>10}")
    if said and not well:
        print("\nthe workers' log ends:", *said.splitlines()[-15:], sep="\n  ")
    print("all is well" if well else "NOT WELL")
    return well


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--messages", type=int, default=10_000)
    asked.add_argument("--database", choices=("postgres", "sqlite"), default="postgres")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--no-restart", action="store_true")
    for name in ("--serve", "--ledger"):
        asked.add_argument(name, help=argparse.SUPPRESS)
    asked.add_argument("--fork-workers", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.serve:
        serve(int(given.serve), given.seed, Path(given.ledger))
        return 0
    if given.fork_workers:
        fork_workers()
        return 0
    return 0 if measure(given.messages, given.database, given.seed, not given.no_restart) else 1


if __name__ == "__main__":
    sys.exit(main())
