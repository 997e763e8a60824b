"""The kinds of field that our forms are made of."""

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from signatories.matching import UNSEEN

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


# The dots are those that browsers take for one (IDNA, RFC 3490, section 3.1).
LINK = re.compile(r"://|\bwww[.。．｡]|@|[.。．｡][a-z]{2,}/|<|>", re.IGNORECASE)


class Seen:
    """A field's help, which begins by saying whether the field is public, or whether that depends on what is chosen
    elsewhere in the form (``unless``); put into words only when it is drawn."""

    def __init__(self, *, public: bool, unless: bool = False, words: "StrOrPromise" = "") -> None:
        self.public, self.unless, self.words = public, unless, words

    def __html__(self) -> SafeString:
        if self.public:
            said = gettext("Public, unless withheld.") if self.unless else gettext("Public.")
            return format_html('<span class="seen public">{}</span> {}', said, self.words)
        said = gettext("Not public, unless you agree below.") if self.unless else gettext("Not public.")
        return format_html('<span class="seen">{}</span> {}', said, self.words)

    def __str__(self) -> str:
        return self.__html__()


def tidy(value: str) -> str:
    """One line of typed text: composed, without control and invisible characters, white space folded."""
    value = unicodedata.normalize("NFC", UNSEEN.sub(" ", value))
    keep = "\u200c\u200d"  # joiners carry meaning in Persian and Indic scripts
    value = "".join(
        c if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") or c in keep else " " for c in value
    )
    return " ".join(value.split()).strip(keep)


def tidy_lines(value: str) -> str:
    """The same of several lines, of which the empty ones at either end go."""
    return "\n".join(tidy(line) for line in value.splitlines()).strip()


class TidyField(forms.CharField):
    """A line of text; a name with a link in it is refused."""

    default_error_messages = {
        "link": _("Write the name without a web or e-mail address."),
        "empty": _("Write a name with letters or digits."),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without ``maxlength``, by which a browser cuts a long name and says nothing: the form says how long it is."""
        return {key: value for key, value in super().widget_attrs(widget).items() if key != "maxlength"}

    def clean(self, value: Any) -> str:
        # What is far too long is refused as it is: composing a long run of marks takes time that grows with its square.
        short = isinstance(value, str) and len(value) <= 4 * (self.max_length or 250)
        value = super().clean(tidy(value) if short else value)
        if LINK.search(unicodedata.normalize("NFKC", value)):
            raise forms.ValidationError(self.error_messages["link"], code="link")
        if value and not any(c.isalnum() for c in value):
            raise forms.ValidationError(self.error_messages["empty"], code="empty")
        return value


class CountryField(forms.ChoiceField):
    """A country by its ISO 3166 code; ``empty`` is the first choice. The list of names is drawn only where it is
    shown: to check a code needs none."""

    def __init__(self, *, empty: Any, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [("", empty), *countries], **kwargs)

    def valid_value(self, value: Any) -> bool:
        return value in countries


class AddressField(forms.EmailField):
    """An e-mail address as people have one: no quoted part, no white space or control character within, which some
    mail programs read as the end of a header."""

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        if '"' in value or any(
            c.isspace() or unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in value
        ):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return value
