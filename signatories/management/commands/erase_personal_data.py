"""What retention says is due."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from signatories.retention import SORTS, erase


class Command(BaseCommand):
    help = (
        "Erases personal data whose span of keeping is over: of representatives and of whom editors invited, with the "
        "addresses and words of old messages and what was noted of persons; the worker does it every hour. The public "
        "lists and all counts stay. Run it after restoring a backup, before the site opens. With --dry-run it only counts."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say how much is due, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        done = erase(at=timezone.now(), dry_run=options["dry_run"])
        for sort, words in SORTS.items():
            if sort != "failed":
                self.stdout.write(f"{words}: {done[sort]}")
        if options["dry_run"]:
            self.stdout.write("Counted only: nothing was changed.")
        if done["failed"]:
            raise CommandError(f"{SORTS['failed']}: {done['failed']}; the log says why. The others are done.")
