"""Makes ``.venv`` and installs the pinned requirements; ``python3 tools/setup.py [requirements file]``.

Does nothing when they are installed already. Whatever is missing is one clear line. Standard library only.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LEAST = (3, 11)


def stop(line: str) -> None:
    sys.exit(f"Undersigned cannot be set up: {line}")


def mark(requirements: Path) -> str:
    """Changes whenever what has to be installed changes."""
    files = sorted({ROOT / "requirements.txt", requirements})
    return hashlib.sha256(b"".join(path.read_bytes() for path in files) + sys.version.encode()).hexdigest()


def own_settings() -> None:
    """A ``.env`` for trying it out, from the documented example, unless there is one: so that the commands of
    ``manage.py`` find the same database as ``make run``. Servers set their environment and never come here."""
    path = ROOT / ".env"
    if not path.exists() and os.access(ROOT, os.W_OK):
        path.write_text((ROOT / ".env.example").read_text())


def main() -> None:
    requirements = ROOT / (sys.argv[1] if len(sys.argv) > 1 else "requirements.txt")
    if sys.version_info < LEAST:
        stop(f"Python {sys.version.split()[0]} is too old; it needs {'.'.join(map(str, LEAST))} or later.")
    own_settings()
    stamp = VENV / f".installed-{requirements.stem}"
    wanted = mark(requirements)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not os.access(ROOT, os.W_OK):
        stop(f"{ROOT} is read-only; clone it to a folder that you may write to.")
    if not (VENV / "bin" / "pip").exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
        if made.returncode:
            if "ensurepip" in made.stdout + made.stderr or "No module named venv" in made.stderr:
                stop("python3 has no venv module (Debian: apt-get install python3-venv).")
            stop((made.stderr or made.stdout).strip().splitlines()[-1])
    print(f"Installing {requirements.name} into .venv (once) …", flush=True)
    pip = [
        str(VENV / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        str(requirements),
    ]
    if subprocess.call(pip):
        stop(f"pip could not install {requirements.name}; what it said stands above.")
    stamp.write_text(wanted)


if __name__ == "__main__":
    main()
