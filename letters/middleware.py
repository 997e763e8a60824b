"""What every request passes: the language of its address and the policy of its answer."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
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


class PolicyMiddleware(CSPMiddleware):
    """The strict Content-Security-Policy on every page, widened for the desk as its editor needs."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith("/admin/"):
            response._csp_update = settings.ADMIN_CSP  # type: ignore[attr-defined]
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()")
        return super().process_response(request, response)
