"""``make bench``: how fast the letter page and signing are, as ratios against references of the same run.

Starts its own PostgreSQL (with fsync), the site on gunicorn with its page cache on and off, the smallest Django site
that answers the same questions on the same gunicorn, and nginx with a static file and with the shipped configuration.
Everything is on loopback and bounded. Needs wrk, nginx and PostgreSQL (Debian: apt-get install wrk nginx-light postgresql).
"""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "bench")]

from client import sign_many  # noqa: E402
from postgres import postgres  # noqa: E402

PYTHON = str(ROOT / ".venv" / "bin" / "python")
SIZES = (18, 1000, 100_000)
ROUNDS, SECONDS, CONNECTIONS = 3, 4, 16
KEY = "benchmark-key-benchmark-key-0123456789-abcdefghijklmnopqrstuvwxyz"
FIELDS = {
    "organisation": "Bench Group {n}",
    "country": "PT",
    "website": "",
    "acronym": "",
    "representative_name": "Bench Person",
    "representative_role": "",
    "email": "bench{n}@example.org",
    "visibility": "public",
    "authority": "on",
    "consent": "on",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(command: list[str], environment: dict[str, str], port: int, log: Path) -> Iterator[None]:
    """Runs a server until the block ends; raises when it does not answer."""
    with log.open("ab") as output:
        started = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if started.poll() is not None:
                raise RuntimeError(log.read_text()[-2000:])
            time.sleep(0.1)
        yield
    finally:
        started.terminate()
        started.wait(20)


def gunicorn(application: str, port: int) -> list[str]:
    return [
        PYTHON,
        "-m",
        "gunicorn",
        application,
        "-c",
        "deploy/gunicorn.conf.py",
        "-b",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
    ]


def manage(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [PYTHON, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def wrk(url: str) -> float:
    """Requests a second; raises when any was not answered well."""
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "20s", url],
        capture_output=True,
        text=True,
        check=True,
    )
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(done.stdout)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def measure(targets: dict[str, str]) -> dict[str, float]:
    """Median requests a second of each address; rounds are interleaved and every other one runs backwards."""
    rates: dict[str, list[float]] = {name: [] for name in targets}
    for url in targets.values():
        fetch(url)
    for turn in range(ROUNDS):
        for name in list(targets)[:: 1 if turn % 2 == 0 else -1]:
            rates[name].append(wrk(targets[name]))
    return {name: statistics.median(found) for name, found in rates.items()}


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=120) as response:
        return response.read()


def nginx_configuration(folder: Path, port: int, upstream: int, static: int) -> Path:
    """The shipped configuration with this run's places put in, and beside it a plain server of one static file."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for old, new in {
        "pid /run/nginx.pid;": f"pid {folder}/nginx.pid;\ndaemon off;\nuser root;",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "server_name letters.example.org;": "server_name 127.0.0.1;",
        "/var/log/nginx/": f"{folder}/",
        "/var/cache/nginx/undersigned": f"{folder}/cache",
        "/srv/undersigned/var/static/": f"{folder}/static/",
        "include undersigned-proxy.conf;": f"include {ROOT}/deploy/undersigned-proxy.conf;",
    }.items():
        assert old in text, f"deploy/nginx.conf no longer has: {old}"
        text = text.replace(old, new)
    plain = f"server {{ listen 127.0.0.1:{static}; root {folder}/plain; }}\n"
    path = folder / "nginx.conf"
    path.write_text(text.rstrip().removesuffix("}") + plain + "}\n")
    return path


def table(rows: list[tuple[str, float, str, float, str]]) -> None:
    print("\n| what | per second | against | ratio | to reach |\n|---|---|---|---|---|")
    for what, rate, against, ratio, aim in rows:
        print(f"| {what} | {rate:,.1f} | {against} | {ratio:.2f} | {aim} |")


def main() -> None:
    missing = [tool for tool in ("wrk", "nginx") if not shutil.which(tool)]
    if missing:
        sys.exit(f"make bench needs {' and '.join(missing)} (Debian: apt-get install wrk nginx-light)")
    folder = Path(tempfile.mkdtemp(prefix="undersigned-bench-"))
    folder.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = stack.enter_context(postgres(durable=True))
        bench(stack, folder, url)


def bench(stack: ExitStack, folder: Path, database_url: str) -> None:
    base = {key: value for key, value in os.environ.items() if key not in ("DEBUG", "EMAIL_URL")} | {
        "DATABASE_URL": database_url,
        "VAR_DIR": str(folder),
        "DEBUG": "0",
        "SECRET_KEY": KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "STATIC_ROOT": str(folder / "static"),
        "TRUSTED_PROXIES": "127.0.0.1",
        "SIGN_MIN_SECONDS": "0",
        "SIGN_LIMIT_LETTER": "1000000",
        "LOG_LEVEL": "ERROR",
    }
    manage(base, "migrate", "--verbosity", "0")
    manage(base, "collectstatic", "--noinput", "--verbosity", "0")
    subprocess.run([PYTHON, "bench/prepare.py", *map(str, SIZES)], cwd=ROOT, env=base, check=True)
    warm, cold, reference, front, static = (free_port() for _ in range(5))
    log = folder / "servers.log"
    stack.enter_context(process(gunicorn("config.wsgi:application", warm), base, warm, log))
    stack.enter_context(
        process(gunicorn("config.wsgi:application", cold), base | {"PAGE_CACHE_SECONDS": "0"}, cold, log)
    )
    page = fetch(f"http://127.0.0.1:{warm}/letters/bench-1000/")
    (folder / "plain").mkdir()
    (folder / "plain" / "page.html").write_bytes(page)
    own = base | {"BENCH_PAGE": str(folder / "plain" / "page.html"), "PYTHONPATH": str(ROOT)}
    stack.enter_context(process(gunicorn("bench.reference:application", reference), own, reference, log))
    configuration = nginx_configuration(folder, front, warm, static)
    stack.enter_context(
        process([shutil.which("nginx") or "nginx", "-c", str(configuration)], own, front, log)
    )
    print(
        f"letter page with 1,000 names: {len(page):,} bytes; {CONNECTIONS} connections, median of {ROUNDS} rounds of {SECONDS} s"
    )
    pages(warm, cold, reference, front, static)
    signing(warm, reference, base)


def pages(warm: int, cold: int, reference: int, front: int, static: int) -> None:
    at = "http://127.0.0.1:{}/letters/bench-{}/".format
    targets = {f"cold {n}": at(cold, n) for n in SIZES} | {f"warm {n}": at(warm, n) for n in SIZES}
    targets |= {"constant": f"http://127.0.0.1:{reference}/constant/"}
    targets |= {"front": at(front, 1000), "static": f"http://127.0.0.1:{static}/page.html"}
    got = measure(targets)
    constant, plain = "constant view, same server", "nginx static file"
    table(
        [
            ("cold, 18 names", got["cold 18"], "cold, 1,000", got["cold 18"] / got["cold 1000"], ""),
            ("cold, 1,000 names", got["cold 1000"], constant, got["cold 1000"] / got["constant"], ""),
            (
                "cold, 100,000 names",
                got["cold 100000"],
                "cold, 1,000",
                got["cold 100000"] / got["cold 1000"],
                "0.90",
            ),
            *(
                (f"warm, {n:,} names", got[f"warm {n}"], constant, got[f"warm {n}"] / got["constant"], "0.50")
                for n in SIZES
            ),
            ("behind the shipped nginx", got["front"], plain, got["front"] / got["static"], "0.70"),
            (constant, got["constant"], plain, got["constant"] / got["static"], ""),
        ]
    )


def signing(warm: int, reference: int, environment: dict[str, str]) -> None:
    ours, least = f"http://127.0.0.1:{warm}/letters/bench-18/sign/", f"http://127.0.0.1:{reference}/sign/"
    small = {"organisation": "Bench {n}", "email": "bench{n}@example.org"}
    rates: dict[str, list[float]] = {"ours": [], "least": []}
    accepted = tried = 0
    for address, fields in ((least, small), (ours, FIELDS)):
        sign_many(address, fields, count=5)  # the first ones pay for what a process reads once
    for _ in range(ROUNDS):
        rates["least"].append(sign_many(least, small, count=100).rate)
        result = sign_many(ours, FIELDS, count=50)
        rates["ours"].append(result.rate)
        accepted, tried = accepted + result.accepted, tried + result.tried
        if result.errors:
            print("errors:", *result.errors)
    rows = subprocess.run(
        [PYTHON, "bench/prepare.py", "count"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    warming = 5 * 8
    print(
        f"\nsigning: {accepted} of {tried} accepted, {warming} before them; rows in the database: {rows.stdout.strip()}"
    )
    one, other = statistics.median(rates["ours"]), statistics.median(rates["least"])
    table(
        [
            ("signing, whole visit", one, "smallest sign view, whole visit", one / other, "0.25"),
            ("smallest sign view", other, "", 1, ""),
        ]
    )


if __name__ == "__main__":
    main()
