"""What every request passes: the language of its address and the policy of its answer."""

from collections.abc import Callable
from functools import cache

from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware import csrf
from django.shortcuts import render
from django.urls import get_resolver
from django.utils import translation


class LanguageMiddleware:
    """The interface's language is the one in the path, and nothing else: a page is the same for everybody, so a
    shared cache can hold it (Django's own middleware would vary it by the visitor's Accept-Language)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


DESK = "/admin/"


class DeskOnly:
    """Django's middleware for people who are signed in, left out where nobody is: no page outside the desk reads a cookie
    (``PageCacheMiddleware`` takes it away), so there is no session, no message, and nothing that a forged POST could use."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(DESK):
            return super().__call__(request)  # type: ignore[misc, no-any-return]
        return self.get_response(request)  # type: ignore[attr-defined, no-any-return]


class SessionMiddleware(DeskOnly, sessions.SessionMiddleware):
    pass


class AuthenticationMiddleware(DeskOnly, auth.AuthenticationMiddleware):
    pass


class MessageMiddleware(DeskOnly, messages.MessageMiddleware):
    pass


class CsrfViewMiddleware(DeskOnly, csrf.CsrfViewMiddleware):
    def process_view(self, request, callback, callback_args, callback_kwargs):  # type: ignore[no-untyped-def]
        if not request.path_info.startswith(DESK):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class PrivateByDefaultMiddleware(auth.LoginRequiredMiddleware):
    """Every view asks for a login unless it says otherwise; one that does is not even asked who the visitor is, so
    that no public page reads a cookie (Django's own looks at the user first)."""

    def process_view(self, request, view_func, view_args, view_kwargs):  # type: ignore[no-untyped-def]
        if not getattr(view_func, "login_required", True):
            return None
        if not hasattr(request, "user"):  # outside the desk
            return self.handle_no_permission(request, view_func)
        return super().process_view(request, view_func, view_args, view_kwargs)


class PolicyMiddleware(CSPMiddleware):
    """The strict Content-Security-Policy on every page, widened for the desk as its editor needs."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """No column holds a NUL; PostgreSQL refuses to look for one."""
        if "%00" in request.META.get("QUERY_STRING", "") and request.path_info.startswith(DESK):
            return render(request, "400.html", status=400)
        return super().process_request(request)  # type: ignore[no-any-return]

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What a view cannot find is our own page also while DEBUG is on, so that who tries the site out sees it. A
        number in an address that is too large for any row is a bad request, not a fault of the site."""
        if isinstance(exception, Http404):
            return get_resolver().resolve_error_handler(404)(request, exception=exception)
        if isinstance(exception, OverflowError):
            return render(request, "400.html", status=400)
        return None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"
        )
        if request.path_info.startswith(DESK):
            response._csp_update = settings.ADMIN_CSP  # type: ignore[attr-defined]
            return super().process_response(request, response)
        if settings.DEBUG and response.status_code == 404 and request.resolver_match is None:
            # No view has this address: what a visitor sees, and not Django's page about addresses.
            response = get_resolver().resolve_error_handler(404)(request, exception=Http404())
        response.headers.setdefault("Content-Security-Policy", public_policy())
        return response


@cache
def public_policy() -> str:
    """The policy of every page outside the desk: the same each time, so put together once."""
    return build_policy()
