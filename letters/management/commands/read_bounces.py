"""Reads reports of mail that came back."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from letters import bounces
from letters.mailboxes import CannotRead, read_mailbox
from letters.services import bouncing


class Command(BaseCommand):
    help = (
        "Reads reports of mail that came back and notes them on the messages: from an mbox file, a Maildir, an address such as "
        "imaps://user:password@mail.example.org/INBOX, or one mail from the standard input (-). What was read is marked as seen."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "mailbox", nargs="?", help="where (BOUNCE_MAILBOX); - for one mail on the standard input"
        )
        parser.add_argument("--delete", action="store_true", help="delete the mails that were reports")

    def handle(self, *args: Any, **options: Any) -> None:
        where = options["mailbox"] or settings.BOUNCE_MAILBOX
        if not where:
            raise CommandError("Name a mailbox, or set BOUNCE_MAILBOX.")
        if where == "-":
            return self.one(sys.stdin.buffer.read(bounces.LARGEST))
        try:
            counts = read_mailbox(where, at=timezone.now(), delete=options["delete"])
        except CannotRead as error:
            raise CommandError(f"The mailbox cannot be read: {error}.") from None
        told = ", ".join(f"{n} {kind}" for kind, n in counts.known.items())
        self.stdout.write(f"{counts.read} mails read: {told}; {counts.noted} new to a message.")

    def one(self, raw: bytes) -> None:
        """One mail, as a mail server pipes it. A mail that is no report is none of our business: the server would send an
        error back to whoever wrote it."""
        if not raw.strip():
            raise CommandError("There is no mail on the standard input.")
        report = bounces.read(raw)
        try:
            noted = report is not None and bouncing.note_bounce(report, at=timezone.now()) is not None
        except DatabaseError as error:
            words = f"The database does not answer ({type(error).__name__})."
            raise CommandError(
                words, returncode=os.EX_TEMPFAIL
            ) from None  # the mail server keeps it and tries again
        self.stdout.write(
            f"1 mail read: {report.kind if report else 'no report'}; {int(noted)} new to a message."
        )
