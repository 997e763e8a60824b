"""A letter from a document."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from letters.services.errors import Refused
from signatories.documents import Unreadable, read_letter
from signatories.services.documents import import_document


class Command(BaseCommand):
    help = (
        "Reads a letter from FILE (.txt, .md, .html): title, topic, date, publisher's note, addressee, body with links, "
        "signatories, picture credit. Makes a draft, or with --publish a public letter with its signatories. The same "
        "file again makes no second letter. Prints the letter's path on the site."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--publish", action="store_true", help="release it at once")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            document = read_letter(path.name, path.read_bytes())
            letter, notes = import_document(
                document, publish=options["publish"], actor=None, at=timezone.now()
            )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except (Unreadable, Refused) as error:
            raise CommandError(f"{path}: {error}") from error
        for note in notes:
            self.stderr.write(note)
        if letter.is_signing_open(timezone.now()) and letter.closes_at is None:
            self.stderr.write(
                "It is open for signature, without an end. If it is history, close signing in the desk."
            )
        self.stdout.write(letter.get_absolute_url())
