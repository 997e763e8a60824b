"""A signing client: fetches the form, fills it, sends it, checks the answer. Loopback only, bounded by a count.

Several processes, each with one kept connection, so that the client is not the limit before the server is.
"""

import html
import http.client
import multiprocessing
import re
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)"(?: value="([^"]*)")?')


@dataclass(frozen=True)
class Result:
    """``accepted`` of ``tried``; ``rate`` is accepted signatures a second, ``middle`` the median visit in milliseconds."""

    tried: int
    accepted: int
    rate: float
    middle: float
    errors: tuple[str, ...]


def visit(
    connection: http.client.HTTPConnection, path: str, fields: dict[str, str], n: str, address: str
) -> str:
    """One whole visit; empty when it was accepted, else what came instead."""
    connection.request("GET", path, headers={"X-Forwarded-For": address})
    response = connection.getresponse()
    page = response.read().decode()
    cookies = "; ".join(
        value.split(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"
    )
    values = {name: html.unescape(value or "") for name, value in HIDDEN.findall(page)}
    values |= {name: value.replace("{n}", n) for name, value in fields.items()}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": address} | (
        {"Cookie": cookies} if cookies else {}
    )
    connection.request("POST", path, body=urlencode(values), headers=headers)
    response = connection.getresponse()
    body = response.read()
    return "" if response.status in (302, 303) else f"{response.status} {body[:80]!r}"


def work(url: str, fields: dict[str, str], count: int, index: int, start: object, queue: object) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    start.wait()  # type: ignore[attr-defined]
    times, errors = [], []
    for i in range(count):
        begun = time.perf_counter()
        try:
            error = visit(
                connection,
                parts.path,
                fields,
                f"{index}-{i}-{time.time_ns()}",
                f"10.{index}.{i // 250 % 250}.{i % 250}",
            )
        except (OSError, http.client.HTTPException) as problem:
            error = repr(problem)
            connection.close()
        if error:
            errors.append(error)
        else:
            times.append(time.perf_counter() - begun)
    queue.put((times, errors))  # type: ignore[attr-defined]


def sign_many(url: str, fields: dict[str, str], *, clients: int = 8, count: int = 50) -> Result:
    """``clients`` times ``count`` visits to ``url``, which must be on loopback."""
    assert urlsplit(url).hostname == "127.0.0.1", "loopback only"
    context = multiprocessing.get_context("fork")
    start, queue = context.Barrier(clients + 1), context.Queue()
    processes = [
        context.Process(target=work, args=(url, fields, count, n, start, queue)) for n in range(clients)
    ]
    for process in processes:
        process.start()
    start.wait()
    begun = time.perf_counter()
    results = [queue.get(timeout=300) for _ in processes]
    took = time.perf_counter() - begun
    for process in processes:
        process.join()
    times = [one for found, _ in results for one in found]
    errors = tuple(error for _, found in results for error in found)
    return Result(
        clients * count, len(times), len(times) / took, statistics.median(times or [0]) * 1000, errors[:3]
    )
