"""Made-up signatures in number."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from letters.models import Letter
from letters.services.errors import Refused
from signatories.services.trials import fill_letter

MOST = 1_000_000


class Command(BaseCommand):
    help = "Puts N made-up published signatures onto the letter SLUG, for trials. Needs DEBUG=1, or --yes."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--signatures", type=int, required=True, metavar="N")
        parser.add_argument("--yes", action="store_true", help="also with DEBUG off")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["yes"]:
            raise CommandError(
                "These signatures are made up. On a site with DEBUG off add --yes if you mean it."
            )
        if not 0 < options["signatures"] <= MOST:
            raise CommandError(f"--signatures takes a number from 1 to {MOST}.")
        letter = Letter.objects.filter(slug=options["slug"]).first()
        if letter is None:
            raise CommandError(f"There is no letter “{options['slug']}”.")
        try:
            total = fill_letter(letter, options["signatures"], at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{letter.get_absolute_url()} has {total} signatures")
