"""Checks what signatures are bound to."""

import hashlib
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from letters import texts
from letters.models import DeliveryFile, TextVersion


class Command(BaseCommand):
    help = (
        "Checks every stored text version: that its digest is the SHA-256 of its exact text, and that its parts give that "
        "text; and every file of a delivery, that it is the one that was delivered. Prints a line for each that does not agree, and exits with 1 if there is one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        checked, wrong = 0, 0
        for version in TextVersion.objects.select_related("letter").iterator(chunk_size=200):
            checked += 1
            for fault in faults(version):
                wrong += 1
                self.stderr.write(f"{version.letter.slug}, version {version.number}: {fault}")
        files = 0
        for file in DeliveryFile.objects.exclude(digest="").select_related("delivery__letter").iterator(200):
            files += 1
            if fault := fault_of(file):
                wrong += 1
                delivery = file.delivery
                self.stderr.write(f"{delivery.letter.slug}, delivery {delivery.number}, {file.name}: {fault}")
        if wrong:
            raise CommandError(
                f"{wrong} of {checked} text versions and {files} delivered files do not agree with their digest."
            )
        self.stdout.write(
            f"{checked} text versions, every digest agrees with its text. {files} delivered files, every one is as it was."
        )


def fault_of(file: DeliveryFile) -> str:
    """What is wrong with a file of a delivery's snapshot; empty when it is the one that was delivered."""
    try:
        with file.file.open("rb") as stored:
            found = hashlib.file_digest(stored, "sha256").hexdigest()  # type: ignore[arg-type]
    except OSError:
        return "it cannot be read"
    return "" if found == file.digest else "it is not the file that was delivered"


def faults(version: TextVersion) -> list[str]:
    """What is wrong with a version, a line each."""
    found = []
    if texts.digest(version.canonical) != version.digest:
        found.append("the digest is not that of the exact text")
    if texts.canonical(version.number, version.content) != version.canonical:
        found.append("the parts do not give the exact text")
    return found
