"""Times in words, in a letter's own zone and the language at hand."""

from datetime import date, datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from letters.models import Letter


def day(value: date | None) -> str:
    """A date in words, "27 November 2026"; empty for none."""
    return date_format(value, _("j F Y")) if value else ""


def day_by(value: date, language: str) -> str:
    """A date as a letter in ``language`` writes it, whatever the language of the page."""
    with translation.override(language):
        return day(value)


def day_in(value: datetime | None, letter: Letter) -> str:
    """The day of a moment in the letter's zone, "27 November 2026"."""
    return day(value.astimezone(letter.zone)) if value else ""


def hour_in(value: datetime, letter: Letter) -> str:
    """The time of a moment in the letter's zone, "18:00, Lisbon time"."""
    return _("%(hour)s, %(zone)s") % {"hour": _hour(value, letter), "zone": zone_words(letter.time_zone)}


def moment_in(value: datetime, letter: Letter) -> str:
    """A moment in the letter's zone, "Friday 27 November 2026 at 18:00, Lisbon time"."""
    words = {"day": date_format(value.astimezone(letter.zone), _("l j F Y")), "hour": hour_in(value, letter)}
    return _("%(day)s at %(hour)s") % words


def _hour(value: datetime, letter: Letter) -> str:
    return date_format(value.astimezone(letter.zone), "H:i")


def zone_words(name: str) -> str:
    """An IANA time zone in words: "America/Argentina/Buenos_Aires" is "Buenos Aires time"; UTC and fixed offsets keep
    their name."""
    if "/" not in name or name.startswith("Etc/"):
        return name.rpartition("/")[2]
    return _("%(place)s time") % {"place": name.rpartition("/")[2].replace("_", " ")}
