"""A real SMTP server on loopback that does as it is told, and the worker as a process of its own."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.utils import timezone

from letters import outbox

ROOT = Path(__file__).resolve().parent.parent
started: list[subprocess.Popen] = []


class Postbox:
    """Handles mail for the server: ``answer`` gives the reply to DATA; what got 250 is counted by Message-ID."""

    def __init__(self, answer: Callable[[int], str] | None = None) -> None:
        self.answer = answer or (lambda n: "250 OK")
        self.tries = 0
        self.accepted: Counter[str] = Counter()
        self.messages: list = []
        self.envelopes: list = []

    async def handle_DATA(self, server, session, envelope):
        self.tries += 1
        reply = self.answer(self.tries)
        if reply.startswith("250"):
            message = message_from_bytes(envelope.content)
            self.accepted[message["Message-ID"].strip()] += 1
            self.messages.append(message)
            self.envelopes.append(envelope)
        return reply


class Server(Controller):
    """``with Server(Postbox()) as url:`` serves on a free port; ``url`` is an EMAIL_URL."""

    def __init__(self, postbox: Postbox) -> None:
        super().__init__(postbox, hostname="127.0.0.1", port=0)

    def __enter__(self) -> str:
        self.start()
        return f"smtp://127.0.0.1:{self.port}"

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _trigger_server(self) -> None:
        # Port 0 was a wish for a free one; this is the port that it became.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def postbox(settings):
    """Mail goes to a real server; ``postbox.answer`` may be set to what it replies to DATA."""
    found = Postbox()
    server = Server(found)
    server.__enter__()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    yield found
    server.stop()


def queued(letter, n=1, at=None, **fields):
    """Messages that wait to be sent, each to a reader of its own."""
    return [
        outbox.queue(
            "refused",
            f"reader{i}@example.org",
            at=at or timezone.now(),
            language="en",
            letter=letter,
            context={"signatory": f"Group {i}", "title": "T", "reason": "None."},
            **fields,
        )
        for i in range(n)
    ]


def database_url() -> str:
    """The address of the test database, for a process beside the test."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{settings['NAME']}"))


def worker(email_url: str, *options: str, **environment: str) -> subprocess.Popen:
    """Starts the worker on the test database."""
    own = {
        "DATABASE_URL": database_url(),
        "EMAIL_URL": email_url,
        "DEBUG": "1",
        "MAIL_STALE_SECONDS": "2",
        "DATABASE_POOL_SIZE": "2",
    }
    command = [sys.executable, "manage.py", "worker", "--interval", "0.05", *options]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | own | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    started.append(process)
    return process


def end_workers() -> None:
    """Kills what a test left running: it would take the messages of the next."""
    while started:
        process = started.pop()
        process.kill()
        process.wait()


def wait_for(truth: Callable[[], bool], seconds: float = 30) -> bool:
    """Waits until ``truth`` holds; whether it came to hold in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if truth():
            return True
        time.sleep(0.05)
    return False
