"""Starting a server process: with DEBUG off, what cannot work stops it with one clear line."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connection
from django.utils.http import parse_header_parameters


class Handler(WSGIHandler):
    """Django's, for which every request is UTF-8: read by another charset, as a Content-Type may ask, an address would
    mean one thing to a cache and another to us, and some are no charset at all."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            kind, options = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        except ValueError:  # what cannot be read says nothing
            kind, options = environ.pop("CONTENT_TYPE", "").partition(";")[0], {}
        if options.keys() - {"boundary"}:
            boundary = options.get("boundary", "")
            environ["CONTENT_TYPE"] = f'{kind}; boundary="{boundary}"' if boundary else kind
        return super().__call__(environ, start_response)


def application_or_exit() -> WSGIHandler:
    """The WSGI application; exits 1 with one line on a setting that cannot be used or a database out of reach."""
    try:
        django.setup(set_prefix=False)
        application = Handler()
        debug = settings.DEBUG
    except ImproperlyConfigured as error:
        sys.exit(f"Undersigned cannot start: {error}")
    check_catalogues()
    if not debug:
        check_database()
    return application


def check_catalogues() -> None:
    """Exits 1 with one line when the words of a language were not compiled: its pages would be English, or missing."""
    for folder in settings.LOCALE_PATHS:
        for source in sorted(folder.glob("*/LC_MESSAGES/django.po")):
            if not source.with_suffix(".mo").exists():
                sys.exit(
                    f"Undersigned cannot start: {source} is not compiled; run: python tools/messages.py compile"
                )


def check_database() -> None:
    """Exits 1 with one line when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, OSError) as error:
        reason = " ".join(str(error).split())[:300]
        sys.exit(f"Undersigned cannot start: the database of DATABASE_URL does not answer ({reason}).")
    finally:
        connection.close()
