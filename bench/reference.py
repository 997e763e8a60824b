"""The smallest Django site that answers the same questions: a constant page, and a form that stores one row.

Run by the benchmark on the same server and database as Undersigned, so that its figures can be ratios.
"""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import path

from config.environment import Environment

settings.configure(
    DEBUG=False,
    SECRET_KEY="the benchmark's own key, worth nothing to anybody",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
    DATABASES={"default": Environment(Path(os.environ["VAR_DIR"])).database(Path(os.environ["VAR_DIR"]))},
    USE_TZ=True,
)
PAGE = Path(os.environ["BENCH_PAGE"]).read_bytes()
FORM = '<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{}"><input name="organisation"><input name="email"></form>'


def constant(request: HttpRequest) -> HttpResponse:
    """The same bytes as the page that it is compared with."""
    return HttpResponse(PAGE)


def sign(request: HttpRequest) -> HttpResponse:
    """A form with Django's own protection; one INSERT, committed, and a redirect."""
    if request.method == "GET":
        return HttpResponse(FORM.format(get_token(request)))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_signature (organisation, email, at) VALUES (%s, %s, now())",
            [request.POST["organisation"], request.POST["email"]],
        )
    return HttpResponseRedirect("/received/")


urlpatterns = [path("constant/", constant), path("sign/", sign)]
application = get_wsgi_application()
