"""How a public address finds its letter, and what it answers when there is none to show."""

import time
from collections.abc import Callable
from copy import copy
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import get_resolver, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

from letters import keys
from letters.models import Letter, OldSlug
from letters.pagecache import kept_by_caches
from letters.rows import select
from letters.services.life import CIRCULATION
from letters.typed import whole

MOST_LETTERS = 100
TRIES = 3  # a page whose letter changes while it is drawn is drawn again
_letters: dict[str, tuple[float, Letter]] = {}  # until when, and the letter; by address
MOST_SENT = 64 * 1024  # bytes; every field at its longest takes a quarter of it
View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """A page for everybody, that any shared cache may keep."""
    return login_not_required(kept_by_caches(view))  # type: ignore[arg-type]


def machine_key_page(view: View) -> View:
    """A page that a key opens and that a mail program may post to by itself (RFC 8058), from wherever it runs."""
    return key_page(view, from_anywhere=True)


def key_page(view: View, *, from_anywhere: bool = False) -> View:
    """A page that a key opens, or on which something is typed: kept by nobody, found by no search engine, named to
    nobody it links to. It needs no cookie: the key in the address is the authority, so a forged POST has none; one
    that a browser says comes from another site is refused all the same."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and too_large(request):
            response = render(request, "400.html", status=413)
        elif request.method == "POST" and not from_anywhere and comes_from_elsewhere(request):
            response = render(request, "403.html", status=403)
        else:
            try:
                response = view(request, *args, **kwargs)
            except Http404 as missing:  # a page of ours all the same, with the head of one behind a key
                response = get_resolver().resolve_error_handler(404)(request, exception=missing)  # type: ignore[call-arg]
        add_never_cache_headers(response)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return login_not_required(csrf_exempt(wrapper))  # type: ignore[arg-type]


def too_large(request: HttpRequest) -> bool:
    """Whether more is sent than any of our forms holds."""
    length = whole(request.META.get("CONTENT_LENGTH") or "0")
    return length is None or length > MOST_SENT


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site sent this request (Fetch Metadata; else the Origin header, which
    is "null" on pages without a referrer and then says nothing)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin != "null" and origin.partition("//")[2] != request.get_host()


def moment(request: HttpRequest) -> datetime:
    """Now, read once a request."""
    if not hasattr(request, "moment"):
        request.moment = timezone.now()  # type: ignore[attr-defined]
    return request.moment  # type: ignore[attr-defined]


def with_letter(view: View) -> View:
    """Gives the view the public letter of its address. A former address redirects; a letter that was withdrawn after
    it had been public answers 410 with the reason; anything else is 404, the same for what does not exist yet."""

    tries = TRIES if getattr(view, "of_one_moment", False) else 1

    @wraps(view)
    def wrapper(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        at = moment(request)
        for again in range(tries):
            letter = at_address(slug, kept=request.method == "POST")
            if letter is None or not letter.is_known(at):
                return moved(request, slug, at=at, kwargs=kwargs)
            if letter.is_retracted(at):
                return render(request, "letters/withdrawn.html", {"letter": letter}, status=410)
            response = view(request, letter, **kwargs)
            if again == tries - 1 or stands(letter):
                break
        return response

    return wrapper


def of_one_moment(view: View) -> View:
    """Marks a view under ``with_letter`` that reads more of the letter than its row: when the text changes between two of
    its statements, or a name leaves the list, it is drawn once more."""
    view.of_one_moment = True  # type: ignore[attr-defined]
    return view


def stands(letter: Letter) -> bool:
    """Whether text and list are still those with which ``letter`` was read, but for names that came."""
    same = Letter.objects.filter(current_version=letter.current_version_id, shown_from=letter.shown_from)
    return same.filter(pk=letter.pk).exists()


def at_address(slug: str, *, kept: bool = False) -> Letter | None:
    """The letter of that address that is or will be public; a draft and a circulating one are not even read, so that the
    time taken does not tell of them. With ``kept`` it may be as old as a kept page: for a sent form, which shows what it
    can of the letter, while the act itself reads the row anew."""
    now = time.monotonic()
    until, letter = _letters.get(slug, (0.0, None))
    if kept and letter is not None and until > now:
        return copy(letter)
    table, hidden = Letter._meta.db_table, (Letter.Stage.DRAFT, Letter.Stage.CIRCULATING)
    rest = f"FROM {table} l WHERE l.slug = %s AND l.stage NOT IN (%s, %s)"
    found = select(Letter, "l", rest, [slug, *hidden])
    letter = found[0][0] if found else None
    if kept and letter is not None and letter.release_at is not None and settings.PAGE_CACHE_SECONDS:
        if len(_letters) >= MOST_LETTERS:
            _letters.clear()
        _letters[slug] = (now + settings.PAGE_CACHE_SECONDS, copy(letter))
    return letter


def moved(request: HttpRequest, slug: str, *, at: datetime, kwargs: dict[str, Any]) -> HttpResponse:
    """A redirect from a former address of a known letter, or 404."""
    old = (
        OldSlug.objects.filter(slug=slug, letter__in=Letter.objects.known(at))
        .select_related("letter")
        .first()
    )
    if old is None or request.resolver_match is None:
        raise Http404
    address = reverse(request.resolver_match.view_name, kwargs={"slug": old.letter.slug, **kwargs})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(address + (f"?{query}" if query else ""))


def with_circulation(view: View) -> View:
    """Gives the view the letter that a circulation key opens. Once the letter is public, or when the key is not one
    (any more), it is 404 but for a public letter, to which the link then leads."""

    @wraps(view)
    def wrapper(request: HttpRequest, key: str, **kwargs: Any) -> HttpResponse:
        at = moment(request)
        letter = Letter.objects.for_act().filter(circulation_digest=keys.digest(key)).first()
        if (
            letter is None
            or letter.stage == Letter.Stage.WITHDRAWN
            or not keys.same(key, CIRCULATION, letter.circulation_nonce)
        ):
            raise Http404
        if letter.is_public(at):
            return HttpResponseRedirect(letter.get_absolute_url())
        return view(request, letter, key=key, **kwargs)

    return wrapper
