"""How many signed, in words: what pages and documents say alike, in the language at hand."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letters.models import Letter


def number(n: int) -> str:
    """A count with its thousands parted, as the language does it."""
    return str(number_format(n, force_grouping=True))


def signatories(n: int) -> str:
    """The heading of a list of ``n``; while there is none, what the list is."""
    if not n:
        return _("Signatories")
    return ngettext("1 signatory", "%(m)s signatories", n) % {"m": number(n)}


def withheld(letter: Letter, n: int, *, listed: bool) -> str:
    """How many names are withheld, in a sentence; empty for none. ``listed`` says that names stand before it."""
    if not n:
        return ""
    organisations = letter.accepts == Letter.Accepts.ORGANISATIONS
    if organisations and listed:
        words = ngettext(
            "And one organisation whose name is withheld for its safety.",
            "And %(m)s organisations whose names are withheld for their safety.",
            n,
        )
    elif organisations:
        words = ngettext(
            "One organisation, whose name is withheld for its safety.",
            "%(m)s organisations, whose names are withheld for their safety.",
            n,
        )
    elif listed:
        words = ngettext(
            "And one signatory whose name is withheld for reasons of safety.",
            "And %(m)s signatories whose names are withheld for their safety.",
            n,
        )
    else:
        words = ngettext(
            "One signatory, whose name is withheld for reasons of safety.",
            "%(m)s signatories, whose names are withheld for their safety.",
            n,
        )
    return words % {"m": number(n)}


def earlier(n: int) -> str:
    """The heading over ``n`` who signed an earlier text."""
    words = ngettext("1 signatory of an earlier text", "%(m)s signatories of an earlier text", n)
    return words % {"m": number(n)}


def earlier_words() -> str:
    """Who they are, in two sentences."""
    return _("They signed the letter before it was amended and have not re-affirmed. They are counted apart.")


def earlier_withheld(n: int) -> str:
    """How many of them are not named; empty for none."""
    words = ngettext(
        "Among them one whose name is withheld.", "Among them %(m)s whose names are withheld.", n
    )
    return words % {"m": number(n)} if n else ""
