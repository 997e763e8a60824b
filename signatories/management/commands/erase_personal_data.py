"""What retention says is due."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from letters.tasks import erase_messages
from signatories.tasks import erase_due


class Command(BaseCommand):
    help = (
        "Erases representatives' data of letters whose span of keeping is over, and the addresses and words of old "
        "messages; the worker does it every hour. The public lists stay. With --dry-run it only counts."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        erased = erase_due(at=at, dry_run=options["dry_run"])
        self.stdout.write(f"representatives: {erased}")
        if not options["dry_run"]:
            self.stdout.write(f"messages: {erase_messages(at=at)}")
