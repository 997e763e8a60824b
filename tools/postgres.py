"""A PostgreSQL of one's own, for tests and benchmarks: started in a temporary folder, on a socket, removed at the end.

    with postgres() as url: ...          # url is a DATABASE_URL
    python3 tools/postgres.py COMMAND…   # runs the command with DATABASE_URL set

Works as any user and as root (the server then runs as the user "postgres" that Debian's package makes). Standard
library only, so that it needs no environment.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Missing(RuntimeError):
    """No PostgreSQL is installed here, or it does not start."""


def programs() -> Path:
    """The folder with initdb and pg_ctl; the newest of Debian's, else what is on the PATH. Raises ``Missing``."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin/initdb") if path.parts[4].isdecimal()]
    if found:
        return max(found, key=lambda path: int(path.parts[4])).parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise Missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def run(*command: str | Path) -> None:
    """Runs a command as the server's user; raises ``Missing`` with what it said."""
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    # The server inherits pg_ctl's output and would hold a pipe open for as long as it lives: hence a file.
    with tempfile.TemporaryFile() as said:
        started = subprocess.Popen(
            [*as_user, *map(str, command)], stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/tmp"
        )
        try:
            started.wait()
        finally:
            started.wait()  # it is short; broken off halfway it would leave a server that nobody stops
        if started.returncode:
            said.seek(0)
            words = " ".join(said.read().decode(errors="replace").split())[-300:]
            raise Missing(f"PostgreSQL does not start: {Path(command[0]).name} said: {words}")


@contextmanager
def told_to_stop() -> Iterator[None]:
    """Within it SIGTERM ends Python as ``SystemExit`` does, so that what was started is stopped."""
    own = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    )
    if own:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        if own:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def postgres(durable: bool = False) -> Iterator[str]:
    """Starts a server and gives its DATABASE_URL; stops and removes it whatever happens. ``durable`` keeps fsync on,
    for measuring; tests do without. Raises ``Missing`` when there is none to start."""
    bin_folder = programs()
    with told_to_stop():
        folder = Path(tempfile.mkdtemp(prefix="undersigned-pg-", dir="/tmp"))
        try:
            give_to_server(folder)
            start(bin_folder, folder, durable)
            yield f"postgres://postgres@/undersigned?host={folder}"
        finally:
            try:
                if (folder / "data" / "postmaster.pid").exists():
                    run(bin_folder / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
            finally:
                shutil.rmtree(folder, ignore_errors=True)


def give_to_server(folder: Path) -> None:
    """Lets the server's user write to the folder; root must give it away, others run the server themselves."""
    if os.getuid() != 0:
        return
    try:
        owner = pwd.getpwnam("postgres")
    except KeyError:
        raise Missing("PostgreSQL refuses to run as root, and there is no user postgres to run it") from None
    os.chown(folder, owner.pw_uid, owner.pw_gid)


def start(bin_folder: Path, folder: Path, durable: bool) -> None:
    """Makes the cluster and an empty database, and waits until it answers on the folder's socket."""
    data = folder / "data"
    run(
        bin_folder / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    )
    safety = "" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    options = f"-k {folder} -c listen_addresses='' -c max_connections=200{safety}"
    run(bin_folder / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    run(bin_folder / "createdb", "-h", folder, "-U", "postgres", "undersigned")


def main() -> int:
    if len(sys.argv) < 2:
        print("usage: python3 tools/postgres.py COMMAND…", file=sys.stderr)
        return 2
    try:
        with postgres() as url:
            return subprocess.call(sys.argv[1:], env=os.environ | {"DATABASE_URL": url})
    except (Missing, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
