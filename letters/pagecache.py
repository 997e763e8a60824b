"""How long public pages may be kept: by any shared cache, and for a moment by this process.

A view marked ``@kept_by_caches`` shows the same bytes to everybody: it reads no cookie and sets none. Its answer gets
``Cache-Control: public`` and an ETag. This process keeps it for ``PAGE_CACHE_SECONDS`` (never longer than a shared
cache may), so that a letter under load is drawn once a second and not once a visitor.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control

MOST_BYTES = 64 * 1024 * 1024
LARGEST = 4 * 1024 * 1024
MOST_ENTRIES, LONGEST_ADDRESS = 500, 300
WHILE_DRAWN = 1.0  # seconds in which an answer out of date may still be given, while one visitor's is drawn
Entry = tuple[float, int, tuple[tuple[str, str], ...], bytes]


def kept_by_caches(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Marks a public view; anything but a 200 of its own to a GET or HEAD is left as it is."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if (
            request.method in ("GET", "HEAD")
            and response.status_code == 200
            and "Cache-Control" not in response.headers
        ):
            shared = settings.PAGE_SHARED_SECONDS
            patch_cache_control(
                response,
                public=True,
                max_age=0,
                s_maxage=shared,
                stale_while_revalidate=shared,
                stale_if_error=shared * 30,
            )
            response._kept = not response.streaming  # type: ignore[attr-defined]
        return response

    return wrapper


class Shelf:
    """Answers by address, bounded in bytes, the oldest leaving first. Safe for threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.entries: OrderedDict[tuple[str, str], Entry] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def get(self, key: tuple[str, str]) -> Entry | None:
        """The answer, unless it is older than it may be. Who first finds it just out of date gets None and draws it anew;
        those who come meanwhile still get the old one, or all of them would draw the same page at once."""
        entry, now = self.entries.get(key), time.monotonic()
        if entry is None or entry[0] > now:
            return entry
        with self.lock:
            current = self.entries.get(key)
            if current is entry and now - entry[0] < WHILE_DRAWN:
                self.entries[key] = (now + WHILE_DRAWN, *entry[1:])
            elif current is entry:
                self.drop(key)
            return None if current is entry else current

    def forget(self, key: tuple[str, str]) -> None:
        """There is no such answer any more."""
        with self.lock:
            self.drop(key)

    def put(self, key: tuple[str, str], entry: Entry) -> None:
        """Keeps an answer, unless it, or the address that somebody made up for it, is too long."""
        if len(entry[3]) > LARGEST or len(key[1]) > LONGEST_ADDRESS:
            return
        with self.lock:
            self.drop(key)
            self.entries[key] = entry
            self.size += len(entry[3])
            while self.size > self.most_bytes or len(self.entries) > MOST_ENTRIES:
                self.drop(next(iter(self.entries)))

    def drop(self, key: tuple[str, str]) -> None:
        entry = self.entries.pop(key, None)
        if entry is not None:
            self.size -= len(entry[3])

    def clear(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.entries.clear()
            self.size = 0


shelf = Shelf()


class PageCacheMiddleware:
    """Stands before everything else: gives a kept answer, or keeps the one that the rest makes, with its ETag."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/admin/"):
            request.META.pop("HTTP_COOKIE", None)  # nothing outside the desk has a use for one
        # Addresses and forms are UTF-8 whatever a Content-Type says: read otherwise, one address would have two meanings.
        request._encoding = None  # type: ignore[attr-defined]
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        key = (request.META.get("HTTP_HOST", ""), request.get_full_path())
        entry = shelf.get(key) if settings.PAGE_CACHE_SECONDS else None
        if entry is None:
            response = self.get_response(request)
            if not getattr(response, "_kept", False) or response.status_code != 200 or response.cookies:
                shelf.forget(key)
                return response
            response.headers["ETag"] = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
            until = time.monotonic() + min(settings.PAGE_CACHE_SECONDS, settings.PAGE_SHARED_SECONDS)
            entry = (until, response.status_code, tuple(response.headers.items()), response.content)
            if settings.PAGE_CACHE_SECONDS:
                shelf.put(key, entry)
        return self.answer(request, entry)

    def answer(self, request: HttpRequest, entry: Entry) -> HttpResponse:
        """The kept answer, or 304 when the visitor has it already."""
        _until, status, headers, content = entry
        etag = dict(headers)["ETag"]
        known = request.META.get("HTTP_IF_NONE_MATCH", "")
        if known == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]:
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = HttpResponse(content, status=status)
        for name, value in headers:
            response.headers[name] = value
        return response
