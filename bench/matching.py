"""How long it takes to find which organisation of the directory a name may be, on SQLite and on PostgreSQL.

    .venv/bin/python bench/matching.py [--size 10000] [--list 10000]

Each database is a fresh one with a made-up directory of that size. One name: a new finder for each of 200 names, as a request
makes it (median, 95th of 100, and the first one, which reads the words). A list: one finder for all names, half of them
as they stand and half with a word changed or left out, as an import asks.
"""

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

KEY = "measuring-key-measuring-key-0123456789-abcdefghijklmnopqrstuvwxyz"


def spoilt(name: str, dice: random.Random) -> str:
    """The name as another list might have it."""
    words = name.split()
    at = dice.randrange(len(words))
    change = dice.choice(("letter", "without", "order"))
    if change == "letter" and len(words[at]) > 5:
        words[at] = words[at][:2] + words[at][3:]
    elif change == "without" and len(words) > 3:
        del words[at]
    else:
        words = words[1:] + words[:1]
    return " ".join(words)


def measure(size: int, length: int) -> None:
    """In a process with its database: fills the directory and prints the figures."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from letters.services import life, writing
    from signatories.matching import Known
    from signatories.models import MatchKey, Organisation
    from signatories.services.likely import Finder
    from signatories.services.trials import fill_letter

    call_command("migrate", verbosity=0)
    at = timezone.now()
    letter = writing.create_letter(actor=None, at=at, title="Ferries", language="en")
    words = {
        "title": "Ferries",
        "salutation": "Sirs,",
        "body": "<p>Run.</p>",
        "closing": "Yours,",
        "place": "Port",
    }
    writing.write_text(letter, language="en", words=words, actor=None, at=at)
    writing.add_addressee(letter, actor=None, at=at, name="N", function="F", body="B", email="n@example.org")
    life.release(letter, actor=None, at=at)
    fill_letter(letter, size, at=at)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {size} organisations, {MatchKey.objects.count()} keys")
    dice = random.Random(4)
    names = list(Organisation.objects.order_by("id").values_list("name", flat=True))
    asked = [name if n % 2 else spoilt(name, dice) for n, name in enumerate(dice.choices(names, k=length))]
    for public_at in (None, at):
        times = []
        used = time.process_time()
        for name in asked[:201]:
            started = time.perf_counter()
            Finder(public_at=public_at).candidates(Known((name,)))
            times.append((time.perf_counter() - started) * 1000)
        used = (time.process_time() - used) * 1000 / len(times)
        first, rest = times[0], sorted(times[1:])
        who = "public" if public_at else "all"
        print(
            f"  one name, {who}: first {first:.0f} ms, median {statistics.median(rest):.1f} ms,"
            f" 95th {rest[int(len(rest) * 0.95)]:.1f} ms,"
            f" processor {used:.1f} ms each in this process"
        )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, used, found = time.perf_counter(), time.process_time(), 0
    finder = Finder()
    for name in asked:
        found += bool(finder.candidates(Known((name,))))
    seconds, used = time.perf_counter() - started, time.process_time() - used
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"  list of {length}: {seconds:.1f} s ({used:.1f} s of the processor), {found} with candidates, {grown:.0f} MB more"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--list", type=int, default=10_000, dest="length")
    parser.add_argument("--here", action="store_true", help="measure in this process")
    args = parser.parse_args()
    if args.here:
        measure(args.size, args.length)
        return
    from postgres import postgres

    command = [sys.executable, __file__, "--here", "--size", str(args.size), "--list", str(args.length)]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "VAR_DIR": folder,
            "DEBUG": "0",
            "SECRET_KEY": KEY,
            "ALLOWED_HOSTS": "localhost",
            "SITE_URL": "http://localhost",
        }
        environment.pop("DATABASE_URL", None)
        subprocess.run(command, env=environment, check=True)
        with postgres() as url:
            subprocess.run(command, env=environment | {"DATABASE_URL": url}, check=True)


if __name__ == "__main__":
    main()
