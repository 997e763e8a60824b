"""Starting a server process: with DEBUG off, what cannot work stops it with one clear line."""

import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection


def application_or_exit() -> WSGIHandler:
    """The WSGI application; exits 1 with one line on a setting that cannot be used or a database out of reach."""
    try:
        application = get_wsgi_application()
        debug = settings.DEBUG
    except ImproperlyConfigured as error:
        sys.exit(f"Undersigned cannot start: {error}")
    if not debug:
        check_database()
    return application


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
