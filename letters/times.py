"""Times in words, in a letter's own zone and the language at hand."""

from datetime import date, datetime
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError, get_global
from django.utils import translation
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from letters.models import Letter

# What a language writes for the first of a month; all others write the number.
FIRST_OF_MONTH = {"fr": r"\1\e\r"}
# What a language puts before the date of a letter where the place stands before it: "Port-Merle, le 28 novembre 2026".
AFTER_PLACE = {"fr": "le "}


def day(value: date | None) -> str:
    """A date in words, "27 November 2026"; empty for none."""
    return _in_words(value, get_format("DATE_FORMAT")) if value else ""


def day_by(value: date, language: str) -> str:
    """A date as a letter in ``language`` writes it, whatever the language of the page."""
    with translation.override(language):
        return day(value)


def day_after_place(value: date, language: str) -> str:
    """The same as it stands behind the letter's place."""
    written = day_by(value, language)
    return AFTER_PLACE.get(language.partition("-")[0].lower(), "") + written if written else ""


def day_in(value: datetime | None, letter: Letter) -> str:
    """The day of a moment in the letter's zone, "27 November 2026"."""
    return day(value.astimezone(letter.zone)) if value else ""


def hour_in(value: datetime, letter: Letter) -> str:
    """The time of a moment in the letter's zone, "18:00, Lisbon time"."""
    return _("%(hour)s, %(zone)s") % {"hour": _hour(value, letter), "zone": zone_words(letter.time_zone)}


def moment_in(value: datetime, letter: Letter) -> str:
    """A moment in the letter's zone, "Friday 27 November 2026 at 18:00, Lisbon time"."""
    # Translators: a date by Django's letters, that stands after "until", "from" or "on": l is the day of the week, j the
    # day, F the month, E the month in the case that a date asks for, Y the year.
    form = _("l j F Y")
    words = {"day": _in_words(value.astimezone(letter.zone), form), "hour": hour_in(value, letter)}
    return _("%(day)s at %(hour)s") % words


def _in_words(value: date, form: str) -> str:
    """A date by a format of Django's letters."""
    first = FIRST_OF_MONTH.get((translation.get_language() or "").partition("-")[0])
    return date_format(value, form.replace("j", first) if first and value.day == 1 else form)


def _hour(value: datetime, letter: Letter) -> str:
    # Translators: a time of day by Django's letters: H is the hour with two digits, G without a zero before it, i the minute.
    return date_format(value.astimezone(letter.zone), _("H:i"))


def zone_words(name: str) -> str:
    """An IANA time zone in words: "America/Argentina/Buenos_Aires" is "Buenos Aires time"; UTC and fixed offsets keep
    their name."""
    if "/" not in name or name.startswith("Etc/"):
        return name.rpartition("/")[2]
    # Translators: a time zone by its city, as in "18:00, Lisbon time"; the name of the city is in your language already.
    return _("%(place)s time") % {"place": _place(name)}


def _place(name: str) -> str:
    """The city of a time zone in the language at hand."""
    return _city(name, translation.get_language() or "en")


@lru_cache(maxsize=512)
def _city(name: str, language: str) -> str:
    """The same by the names of the Unicode locale data, which know some zones by a former name alone."""
    try:
        zones = Locale.parse(language, sep="-").time_zones
    except (UnknownLocaleError, ValueError):
        return _last(name)
    former = (old for old, new in get_global("zone_aliases").items() if new == name)
    found = (zones.get(known, {}).get("city") for known in (name, *former))
    return next((str(city) for city in found if city), _last(name))


def _last(name: str) -> str:
    """The city as the zone's own name has it, in English."""
    return name.rpartition("/")[2].replace("_", " ")
