"""``make run``: migrates, loads the demo once, starts the web server and the worker, and stops both together."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")


def from_env_file(name: str) -> str | None:
    """A variable of ``.env``, which the settings will read; None when it is not there."""
    path = ROOT / ".env"
    lines = path.read_text().splitlines() if path.exists() else []
    found = [
        line.partition("=")[2].strip().strip("\"'")
        for line in lines
        if line.partition("=")[0].strip() == name
    ]
    return found[-1] if found else None


def variable(name: str, default: str) -> str:
    return os.environ.get(name) or from_env_file(name) or default


def stop(line: str) -> None:
    sys.exit(f"Undersigned cannot start: {line}")


def check_port(port: str) -> None:
    """Stops with one line when the port cannot be had."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        stop(f"PORT is “{port}”; write a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            stop(
                f"port {port} on 127.0.0.1 is not free ({error.strerror}); choose another: PORT=8001 make run"
            )


def prepare(environment: dict[str, str], *command: str) -> None:
    """Runs a management command; stops with its last line when it fails."""
    done = subprocess.run(
        [PYTHON, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        sys.exit(said[-1] if said else f"manage.py {command[0]} failed")


def main() -> int:
    port = variable("PORT", "8000")
    check_port(port)
    environment = dict(os.environ, PORT=port)
    if variable("DEBUG", "") == "":
        environment["DEBUG"] = "1"
    var = Path(variable("VAR_DIR", "var"))
    var = var if var.is_absolute() else ROOT / var
    try:
        (var / "mail").mkdir(mode=0o700, parents=True, exist_ok=True)
        (var / ".writable").touch()
        (var / ".writable").unlink()
    except OSError as error:
        stop(f"{var} cannot be written to ({error.strerror}).")
    prepare(environment, "migrate", "--verbosity", "0")
    for path in var.glob("*.sqlite3*"):
        path.chmod(0o600)  # people's names and addresses
    if environment.get("DEBUG", variable("DEBUG", "")).strip().lower() not in ("0", "false", "no", "off"):
        prepare(environment, "load_demo")
    else:
        prepare(environment, "collectstatic", "--noinput", "--verbosity", "0")
    return serve(environment, port, var)


def serve(environment: dict[str, str], port: str, var: Path) -> int:
    """Starts both processes and waits; Ctrl-C or SIGTERM stops them (0), and so does the end of either (1). Only a
    worker that was killed is started again: one that cannot start would end again at once."""
    web = subprocess.Popen(
        [
            PYTHON,
            "-m",
            "gunicorn",
            "config.wsgi:application",
            "-c",
            "deploy/gunicorn.conf.py",
            "-b",
            f"127.0.0.1:{port}",
            "--log-level",
            "warning",
        ],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    worker = start_worker(environment)
    try:
        if wait_until_up(web, port):
            welcome(port, var)
        while web.poll() is None:
            if worker.poll() is not None:
                if worker.returncode != -signal.SIGKILL:
                    print(
                        f"The worker ended ({worker.returncode}); stopping the web server.", file=sys.stderr
                    )
                    return 1
                print("The worker was killed; starting it again.", flush=True)
                time.sleep(1)
                worker = start_worker(environment)
            time.sleep(0.5)
        print(f"The web server ended ({web.returncode}); stopping the worker.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C would leave one of them running
        end(web, worker)


def end(*processes: subprocess.Popen) -> None:
    """Asks them to finish what is in hand, and kills what has not after 20 seconds."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with suppress(ProcessLookupError):  # each leads a group: gunicorn's own would outlive it for a moment
            os.killpg(process.pid, signal.SIGKILL)


def start_worker(environment: dict[str, str]) -> subprocess.Popen:
    return subprocess.Popen(
        [PYTHON, "manage.py", "worker"], cwd=ROOT, env=environment, start_new_session=True
    )


def wait_until_up(web: subprocess.Popen, port: str) -> bool:
    """Whether the server answers within half a minute."""
    for _ in range(300):
        if web.poll() is not None:
            return False
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                return True
        time.sleep(0.1)
    return False


def welcome(port: str, var: Path) -> None:
    """The address, who may sign in, and where mail goes."""
    login = var / "demo-login.txt"
    mail = variable("EMAIL_URL", "").rpartition("@")[2] or str(var / "mail")
    print(f"\n  Undersigned    http://127.0.0.1:{port}/")
    print(f"  The desk       http://127.0.0.1:{port}/admin/")
    for line in login.read_text().splitlines() if login.exists() else []:
        print(f"                 {line}")
    print(f"  Mail goes to   {mail}")
    if shows_mail():
        print(f"  and is read at http://127.0.0.1:{port}/mail/")
    print("  Ctrl-C stops both web server and worker.\n", flush=True)


def shows_mail() -> bool:
    """Whether the site has a page of the mail that went out: it is being tried, and mail goes to files."""
    debug = variable("DEBUG", "1").strip().lower() not in ("0", "false", "no", "off")
    return debug and not variable("EMAIL_URL", "")


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupted)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
