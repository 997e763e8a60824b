"""Pages of the site itself: privacy, errors, health, and what robots read."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from letters.models import Attempt, Letter, Message
from letters.public import moment, public_page
from letters.theme import stylesheet
from signatories.models import Organisation

# A message that waits longer than this says that no worker sends mail.
QUEUE_LATE = timedelta(minutes=15)


@public_page
@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """The operator's accent colour as a style sheet, since the policy of the pages allows no inline style."""
    response = HttpResponse(stylesheet(settings.SITE_ACCENT), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@public_page
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored and for how long, from the same settings that rule it."""
    context = {
        "retention_months": settings.RETENTION_MONTHS,
        "confirm_days": settings.CONFIRM_WITHIN.days,
        "message_days": settings.MESSAGE_DAYS,
        "form_hours": settings.SIGN_FORM_HOURS,
    }
    return render(request, "privacy.html", context)


@public_page
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read by robots; the desk and pages behind keys may not."""
    closed = ("signatures/", "circulation/", "digests/", "invitations/", "letters/*/sign/")
    lines = ["User-agent: *", "Disallow: /admin/"]
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            lines += [f"Disallow: {reverse('letters')}{part}" for part in closed]
    lines += [f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116)."""
    contact = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    expires = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    words = f"Contact: mailto:{contact}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\nCanonical: {settings.SITE_URL}{request.path}\n"
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


class LetterSitemap(Sitemap):
    i18n = alternates = x_default = True

    def items(self) -> QuerySet[Letter]:
        return Letter.objects.public(timezone.now()).order_by("-release_at", "-id")

    def lastmod(self, letter: Letter) -> object:
        return letter.release_at


class OrganisationSitemap(Sitemap):
    def items(self) -> QuerySet[Organisation]:
        return Organisation.objects.public(timezone.now()).order_by("sort_key", "id")


class PageSitemap(Sitemap):
    i18n = alternates = x_default = True

    def items(self) -> list[str]:
        return ["letters", "organisations", "privacy"]

    def location(self, name: str) -> str:
        return reverse(name)


@public_page
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Public pages for search engines."""
    maps = {"pages": PageSitemap, "letters": LetterSitemap, "organisations": OrganisationSitemap}
    response = sitemap_view(request, maps)
    response.render()
    response.headers.pop("X-Robots-Tag", None)
    return HttpResponse(response.content, content_type="application/xml")


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("img/favicon.ico"))


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive."""
    return HttpResponse("alive\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether the site can serve: the database answers, its tables are those of this code, mail is not stuck."""
    found = {"database": False, "migrations": False, "mail": False}
    try:
        executor = MigrationExecutor(connection)
        found["database"] = True
        found["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        found["mail"] = found["migrations"] and not mail_is_stuck(timezone.now() - QUEUE_LATE)
    except DatabaseError:
        found["database"] = False
    return JsonResponse(
        found, status=200 if all(found.values()) else 503, headers={"Cache-Control": "no-store"}
    )


def mail_is_stuck(late: datetime) -> bool:
    """Whether messages wait since ``late`` and none was tried since: a mass mailing at its pace may wait for hours."""
    tried = Attempt.objects.exclude(worker="").order_by("-id").values_list("at", flat=True).first()
    moves = tried is not None and tried > late
    return not moves and Message.objects.due(late).filter(attempts=0).exists()


def error(request: HttpRequest, status: int) -> HttpResponse:
    """An error page in the site's own clothes; never kept."""
    response = render(request, f"{status}.html", {"at": moment(request), "nowhere": True}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 404)


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    return error(request, 500)
