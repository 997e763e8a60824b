"""A PostgreSQL of one's own, for tests and benchmarks: started in a temporary folder, on a socket, removed at the end.

    with postgres() as url: ...          # url is a DATABASE_URL
    python3 tools/postgres.py COMMAND…   # runs the command with DATABASE_URL set

Works as any user and as root (the server then runs as the user "postgres" that Debian's package makes). Standard
library only, so that it needs no environment.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Missing(RuntimeError):
    """No PostgreSQL is installed here."""


def programs() -> Path:
    """The folder with initdb and pg_ctl; the newest of Debian's, else what is on the PATH. Raises ``Missing``."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise Missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def run(*command: str | Path) -> None:
    """Runs a command as the server's user; raises ``CalledProcessError`` with its output."""
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*as_user, *map(str, command)], check=True, capture_output=True, text=True, cwd="/tmp")


@contextmanager
def postgres(durable: bool = False) -> Iterator[str]:
    """Starts a server and gives its DATABASE_URL; stops and removes it whatever happens. ``durable`` keeps fsync on,
    for measuring; tests do without."""
    bin_folder = programs()
    folder = Path(tempfile.mkdtemp(prefix="undersigned-pg-", dir="/tmp"))
    try:
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        run(bin_folder / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        safety = "" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        options = f"-k {folder} -c listen_addresses='' -c max_connections=200{safety}"
        run(bin_folder / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start")
        try:
            run(bin_folder / "createdb", "-h", folder, "-U", "postgres", "undersigned")
            yield f"postgres://postgres@/undersigned?host={folder}"
        finally:
            run(bin_folder / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    try:
        with postgres() as url:
            return subprocess.call(sys.argv[1:], env=os.environ | {"DATABASE_URL": url})
    except Missing as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
