"""``make test``: the whole suite on SQLite, on a PostgreSQL started for it, and in a real Chromium (what is done there on
both, how pages look on SQLite).

Arguments go to pytest (``make test ARGS="-k outbox"``). What the system lacks is installed where that is allowed;
what stays missing is named at the end, and fails the run where ``CI`` is set.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from postgres import Missing, postgres, programs

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")
CI = os.environ.get("CI", "").lower() not in ("", "0", "false")
PLAIN = ["-m", "not browser", "-n", "2"]
BROWSER = ["-m", "browser", "-n", "2", "--browser", "chromium"]
# How a page looks is the same on every database: once is enough.
DEEDS = ["-m", "browser and not looks", *BROWSER[2:]]
# The suite decides these itself; set here, since whatever is not set would be read from somebody's .env.
OWN = {
    "DEBUG": "1",
    "DATABASE_URL": "",
    "EMAIL_URL": "",
    "CACHE_URL": "",
    "ALLOWED_HOSTS": "",
    "TRUSTED_PROXIES": "",
}
OWN |= {"SITE_URL": "http://127.0.0.1:8000", "STATIC_ROOT": "", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}


def has_postgres() -> bool:
    try:
        programs()
    except Missing:
        return False
    return True


def has_chromium() -> bool:
    return any(shutil.which(name) for name in ("chromium", "chromium-browser"))


def has_fonts() -> bool:
    return any(Path("/usr/share/fonts").rglob("NotoSans*"))


def has_poppler() -> bool:
    return bool(shutil.which("pdffonts"))


NEEDED = {
    "postgresql": has_postgres,
    "chromium": has_chromium,
    "fonts-noto-core": has_fonts,
    "poppler-utils": has_poppler,
}


def install() -> list[str]:
    """Installs what is missing and can be installed; what is missing still, by the name of its Debian package."""
    missing = [package for package, there in NEEDED.items() if not there()]
    if missing and shutil.which("apt-get"):
        print(f"Installing {' '.join(missing)} …", flush=True)
        apt_get("update")  # where it fails, the lists that are there may do
        if not apt_get("install", "-y", "--no-install-recommends", *missing):
            print("apt-get could not, or may not: it needs root, or sudo without a password", flush=True)
    return [package for package in missing if not NEEDED[package]()]


def apt_get(*command: str) -> bool:
    """Whether it may do so, without asking for a password, and did."""
    root = os.getuid() == 0
    if not root and not shutil.which("sudo"):
        return False
    as_root = ["env"] if root else ["sudo", "-n", "env"]
    whole = [*as_root, "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", *command]
    nowhere = subprocess.DEVNULL
    return subprocess.call(whole, stdin=nowhere, stdout=nowhere, stderr=nowhere) == 0


def suite(title: str, options: list[str], database_url: str) -> tuple[str, bool]:
    """Runs pytest once, in a data folder of its own; its title with the time, and whether it passed. No test at all
    is not a pass."""
    print(f"\n== {title}", flush=True)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="undersigned-test-") as var:
        environment = os.environ | OWN | {"VAR_DIR": var, "DATABASE_URL": database_url}
        code = subprocess.call([PYTHON, "-m", "pytest", *options, *sys.argv[1:]], cwd=ROOT, env=environment)
    none = ", no test was found" if code == 5 else ""
    return f"{title} ({time.monotonic() - start:.0f} s{none})", code == 0


def run_all(missing: list[str]) -> list[tuple[str, bool]]:
    """Every part that can run here."""
    results = [suite("SQLite", PLAIN, "")]
    if "chromium" not in missing:
        results.append(suite("Chromium, SQLite", BROWSER, ""))
    if "postgresql" in missing:
        return results
    try:
        with postgres() as url:
            results.append(suite("PostgreSQL", PLAIN, url))
            if "chromium" not in missing:
                results.append(suite("Chromium, PostgreSQL", DEEDS, url))
    except Missing as error:
        print(error, flush=True)
        results.append((f"PostgreSQL ({error})", False))
    return results


def main() -> int:
    missing = install()
    results = run_all(missing)
    print()
    for title, passed in results:
        print(f"{'passed' if passed else 'FAILED'}  {title}")
    for package in missing:
        print(f"{'FAILED' if CI else 'left out'}  what needs {package}: it is not installed and could not be")
    return 1 if any(not passed for _title, passed in results) or (missing and CI) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
