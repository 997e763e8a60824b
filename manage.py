#!/usr/bin/env python
"""Django's command line for Undersigned; a broken setting is one clear line, not a traceback."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command named in ``sys.argv``; exit 1 with one line when the settings cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Undersigned cannot start: {error}")


if __name__ == "__main__":
    main()
