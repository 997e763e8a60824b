"""A signatory list onto a letter."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from letters.models import Letter
from letters.services.errors import Refused
from signatories.reading import Reading, Unreadable, read_file
from signatories.reading.files import LARGEST
from signatories.services.importing import import_list


class Command(BaseCommand):
    help = (
        "Reads a signatory list from FILE (.txt, .md, .html, .csv, .tsv, .xlsx, .docx, .json) and puts it onto the letter SLUG. Names that "
        "stand there already, and those withdrawn earlier, are left alone. With - for SLUG a dry run needs no letter and "
        "no database."
    )
    requires_system_checks: list[str] = []  # a dry run needs no database, so none is looked for

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="store nothing; print what was read")
        parser.add_argument("--json", action="store_true", help="with --dry-run: print JSON")
        parser.add_argument(
            "--consent", default="", help="where the signatories' consent came from; kept on record"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            reading = read_file(path.name, _content(path))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except Unreadable as error:
            raise CommandError(f"{path}: {error}") from error
        letter = None
        if options["slug"] != "-":
            letter = Letter.objects.filter(slug=options["slug"]).first()
            if letter is None:
                raise CommandError(f"There is no letter “{options['slug']}”.")
        if options["dry_run"]:
            self.stdout.write(as_json(reading) if options["json"] else as_words(reading))
            return
        if letter is None:
            raise CommandError("Name a letter, or add --dry-run.")
        consent = options["consent"] or f"list {path.name}, by the command line"
        try:
            outcomes = import_list(
                letter, reading.signatories, consent=consent, source=path.name, actor=None, at=timezone.now()
            )
        except Refused as error:
            raise CommandError(str(error)) from error
        for outcome in ("new", "already", "twice", "withdrawn", "withheld", "maybe", "faulty"):
            of_it = [item.entry for item in outcomes if item.outcome == outcome]
            self.stdout.write(f"{outcome}: {len(of_it)}")
            if outcome in ("withdrawn", "withheld", "maybe", "faulty"):  # a person may have to decide
                for entry in of_it:
                    self.stdout.write(f"  line {entry.line}: {entry.person or entry.name}")
        self.stdout.write(f"ignored: {len(reading.ignored)}")


def _content(path: Path) -> bytes:
    """What is in the file; of one that is too large, as much as shows that."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def as_json(reading: Reading) -> str:
    """What was read, in the form that is promised, which has no e-mail addresses: output of commands ends up in logs."""
    entries = [asdict(entry) for entry in reading.signatories]
    found = {
        "signatories": [{key: entry[key] for key in entry if key != "email"} for entry in entries],
        "ignored": [asdict(item) for item in reading.ignored],
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def as_words(reading: Reading) -> str:
    """What was read, a line each."""
    lines = [
        f"{entry.line}: {entry.person or entry.name}" + (f" ({entry.acronym})" if entry.acronym else "")
        for entry in reading.signatories
    ]
    lines += [f"{item.line}: ignored, {item.reason}: {item.text}" for item in reading.ignored]
    return "\n".join(lines)
