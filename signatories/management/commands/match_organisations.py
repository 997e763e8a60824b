"""Whether pairs of names are of the same organisation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from signatories.matching import compare
from signatories.reading.parts import known_from


class Command(BaseCommand):
    help = (
        "For each line of FILE, two names with a tab between them, prints one line: same, maybe or different, and a score from "
        "0 to 100, as the directory would judge them. Acronyms, countries and other names may stand beside a name."
    )
    requires_system_checks: list[str] = []  # it needs no database, so none is looked for

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeError) as error:
            raise CommandError(f"{path}: {error}") from error
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            one, tab, other = line.partition("\t")
            if not tab:
                raise CommandError(f"{path}, line {number}: there is no tab between two names.")
            likeness = compare(known_from(one), known_from(other))
            self.stdout.write(f"{likeness.verdict} {likeness.score} {likeness.why}".rstrip())
