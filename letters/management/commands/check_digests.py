"""Checks what signatures are bound to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from letters import texts
from letters.models import TextVersion


class Command(BaseCommand):
    help = (
        "Checks every stored text version: that its digest is the SHA-256 of its exact text, and that its parts give that "
        "text. Prints a line for each that does not agree, and exits with 1 if there is one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        checked, wrong = 0, 0
        for version in TextVersion.objects.select_related("letter").iterator(chunk_size=200):
            checked += 1
            for fault in faults(version):
                wrong += 1
                self.stderr.write(f"{version.letter.slug}, version {version.number}: {fault}")
        if wrong:
            raise CommandError(f"{wrong} of {checked} text versions do not agree with their digest.")
        self.stdout.write(f"{checked} text versions, every digest agrees with its text.")


def faults(version: TextVersion) -> list[str]:
    """What is wrong with a version, a line each."""
    found = []
    if texts.digest(version.canonical) != version.digest:
        found.append("the digest is not that of the exact text")
    if texts.canonical(version.number, version.content) != version.canonical:
        found.append("the parts do not give the exact text")
    return found
