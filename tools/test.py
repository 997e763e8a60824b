"""``make test``: the whole suite on SQLite, on a PostgreSQL started for it, and in a real Chromium on both."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from postgres import Missing, postgres, programs

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")
CI = os.environ.get("CI", "").lower() not in ("", "0", "false")
PLAIN, BROWSER = ["-m", "not browser", "-n", "2"], ["-m", "browser", "--browser", "chromium"]


def has_postgres() -> bool:
    try:
        programs()
    except Missing:
        return False
    return True


def has_chromium() -> bool:
    return any(shutil.which(name) for name in ("chromium", "chromium-browser"))


NEEDED = {"postgresql": has_postgres, "chromium": has_chromium}


def install() -> list[str]:
    """Installs what is missing and can be installed; what is missing still, by the name of its Debian package."""
    missing = [package for package, there in NEEDED.items() if not there()]
    if missing and shutil.which("apt-get"):
        sudo = [] if os.getuid() == 0 else ["sudo", "-n"]
        print(f"Installing {' '.join(missing)} …", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        try:
            subprocess.call([*sudo, "apt-get", "update", "-q"], **quiet)
            fonts = ["fonts-noto-core"] if "chromium" in missing else []
            subprocess.call([*sudo, "apt-get", "install", "-y", "-q", "--no-install-recommends", *missing, *fonts], **quiet)
        except OSError as error:
            print(f"cannot install: {error}", flush=True)
    return [package for package in missing if not NEEDED[package]()]


def suite(title: str, options: list[str], database_url: str | None) -> tuple[str, bool]:
    """Runs pytest once; its title with the time, and whether it passed."""
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "EMAIL_URL", "DEBUG", "SITE_URL")}
    environment["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if database_url:
        environment["DATABASE_URL"] = database_url
    print(f"\n== {title}", flush=True)
    start = time.monotonic()
    passed = subprocess.call([PYTHON, "-m", "pytest", *options, *sys.argv[1:]], cwd=ROOT, env=environment) == 0
    return f"{title} ({time.monotonic() - start:.0f} s)", passed


def main() -> int:
    missing = install()
    results = [suite("SQLite", PLAIN, None)]
    if "chromium" not in missing:
        results.append(suite("Chromium, SQLite", BROWSER, None))
    if "postgresql" not in missing:
        with postgres() as url:
            results.append(suite("PostgreSQL", PLAIN, url))
            if "chromium" not in missing:
                results.append(suite("Chromium, PostgreSQL", BROWSER, url))
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
