"""A letter from a document."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from letters.services.errors import Refused
from signatories.documents import Unreadable, read_letter
from signatories.documents.wording import doubts
from signatories.reading import read_list
from signatories.services.documents import import_document


class Command(BaseCommand):
    help = (
        "Reads a letter from FILE (.docx, .txt, .md, .html): title, topic, date, publisher's note, addressee, body with "
        "links and notes, signatories, picture credit. Makes a draft, for which its signatories wait, or with --publish a "
        "public letter with them. The same file again makes no second letter. Prints the letter's path on the site, and on "
        "the error output what was guessed, not found or left out."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--publish", action="store_true", help="release it at once")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            document = read_letter(path.name, path.read_bytes())
            letter, notes = import_document(
                document, publish=options["publish"], actor=None, at=timezone.now(), source=path.name
            )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except (Unreadable, Refused) as error:
            raise CommandError(f"{path}: {error}") from error
        unsure = [entry for entry in read_list(document.signatories).signatories if not entry.sure]
        for note in doubts(document):
            self.stderr.write(note)
        for entry in unsure:
            self.stderr.write(f"signatory to look at: {entry.person or entry.name}")
        for note in notes:
            self.stderr.write(note)
        if letter.is_signing_open(timezone.now()) and letter.closes_at is None:
            self.stderr.write(
                "It is open for signature, without an end. If it is history, close signing in the desk."
            )
        self.stdout.write(letter.get_absolute_url())
