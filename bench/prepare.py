"""Letters for the benchmark: ``prepare.py 18 1000 …`` makes one a size; ``prepare.py count`` counts what was signed."""

import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from letters.services import life, writing  # noqa: E402
from signatories.models import Representative  # noqa: E402
from signatories.services.trials import fill_letter  # noqa: E402


def make(size: int) -> None:
    at = timezone.now()
    letter = writing.create_letter(
        actor=None, at=at, title=f"A letter with {size} names", slug=f"bench-{size}"
    )
    body = (
        "<p>"
        + "</p><p>".join(
            "We ask you to keep the night ferries running through the winter. " * 6 for _ in range(6)
        )
        + "</p>"
    )
    words = {
        "title": f"A letter with {size} names",
        "salutation": "Dear Minister,",
        "body": body,
        "closing": "Yours sincerely,",
    }
    writing.write_text(letter, language="en", words=words, actor=None, at=at)
    writing.add_addressee(letter, actor=None, at=at, name="Orla Venn", function="Minister of Crossings")
    life.release(letter, actor=None, at=at)
    fill_letter(letter, size, at=at)


if sys.argv[1] == "count":
    print(Representative.objects.count())
else:
    for size in sys.argv[1:]:
        make(int(size))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_signature (id bigserial PRIMARY KEY, organisation text, email text, at timestamptz)"
        )
        cursor.execute("ANALYZE")
