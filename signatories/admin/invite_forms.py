"""Forms of inviting: whom, with which words and when, on which days to remind."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.fields import ZonedTimeField, in_zone
from letters.languages import name_here
from letters.models import Letter
from letters.typed import whole, wholes
from signatories.fields import AddressField
from signatories.models import Organisation
from signatories.reading.files import ENDINGS, LARGEST

WIDE = {"dir": "auto"}
MOST_LETTERS, MOST_DAYS, MOST_A_MINUTE = 200, 10, 600
READABLE = tuple(ending for ending in ENDINGS if ending != ".json")


class WhomForm(forms.Form):
    """Whom to invite to a letter: from one or several sources at once."""

    letter = forms.ModelChoiceField(
        Letter.objects.none(),
        label=_l("Letter"),
        error_messages={"required": _l("Choose the letter.")},
    )
    organisations = forms.CharField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_l("Paste addresses"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80, **WIDE}),
        help_text=_l("One a line, with the organisation’s or the person’s name beside it in any order, or a table with headings: e-mail, organisation, name, country, language."),
    )  # fmt: skip
    file = forms.FileField(
        label=_l("Or choose a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(READABLE)}),
        help_text=_l("CSV, a workbook (.xlsx), a text or a document, up to 5 MB."),
    )
    letters = forms.ModelMultipleChoiceField(
        Letter.objects.none(),
        label=_l("All signatories of earlier letters"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_l("Whose representatives’ addresses are still kept. Who asked for no more mail is left out."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_l("Language of the invitation"),
        choices=settings.LANGUAGES,
        help_text=_l("Where the person’s own is not known."),
    )

    def __init__(self, *args: Any, letters: Any, earlier: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["letter"]
        chosen.queryset = letters
        chosen.label_from_instance = lambda letter: Truncator(str(letter)).chars(90)
        past: Any = self.fields["letters"]
        past.queryset = earlier
        past.label_from_instance = lambda letter: Truncator(str(letter)).chars(90)

    def clean_organisations(self) -> list[Organisation]:
        numbers = wholes(self.cleaned_data["organisations"])
        return list(Organisation.objects.filter(pk__in=numbers).order_by("sort_key", "id"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text, file = (data.get("text") or "").strip(), data.get("file")
        if text and file:
            self.add_error("file", _("There are pasted addresses and a file: give one of the two."))
        elif file and file.size > LARGEST:
            self.add_error("file", _("The file is larger than 5 MB."))
        elif not (text or file or data.get("letters") or data.get("organisations") or self.errors):
            self.add_error(
                "text", _("Say whom to invite: paste addresses, choose a file, or tick earlier letters.")
            )
        return data


class SendForm(forms.Form):
    """What goes with invitations or reminders, in each language that they are in, and when they go."""

    when = ZonedTimeField(required=False)
    per_minute = forms.IntegerField(
        label=_l("How many a minute"),
        min_value=1,
        max_value=MOST_A_MINUTE,
        help_text=_l("Mail servers refuse what comes too fast."),
        widget=forms.NumberInput(attrs={"class": "desk-number"}),
    )
    ids = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, letter: Letter, languages: Iterable[str], again: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter
        self.fields["per_minute"].initial = settings.INVITATIONS_PER_MINUTE
        if again:
            del self.fields["when"]
        else:
            self.fields["when"].label = _("Send from")
            self.fields["when"].help_text = _("In the time of %(zone)s. Left empty: now.") % {
                "zone": letter.time_zone.replace("_", " ")
            }
        own = {
            f"words_{code}": forms.CharField(
                label=_("Your own words, in %(language)s") % {"language": name_here(code)},
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 4, "cols": 70, **WIDE, "lang": code}),
                help_text=_("A few sentences at the beginning of the message. Left empty: none."),
            )
            for code in languages
        }
        self.fields = own | self.fields

    def clean_when(self) -> datetime | None:
        return in_zone(self.cleaned_data["when"], self.letter.zone)

    def clean_ids(self) -> list[int] | None:
        """The chosen ones; None for all."""
        given = self.cleaned_data["ids"]
        return wholes(given) if given else None

    def words(self) -> dict[str, str]:
        """The editors' words by language."""
        data = self.cleaned_data if self.is_valid() else {}
        return {name.partition("_")[2]: value for name, value in data.items() if name.startswith("words_")}


class DaysForm(forms.Form):
    """On how many days before the close the silent are reminded by themselves."""

    days = forms.CharField(
        label=_l("Days before the close"),
        required=False,
        max_length=60,
        help_text=_l("Numbers with commas between them, for example 7, 2. Left empty: none by themselves."),
    )

    def __init__(self, *args: Any, options: dict[str, Any], **kwargs: Any) -> None:
        set_now = options["letter"].invitation_reminders.filter(done_at=None)
        days = ", ".join(str(row.days_before) for row in set_now)
        super().__init__(*args, initial={"days": days}, **kwargs)

    def clean_days(self) -> list[int]:
        parts = [part for part in re.split(r"[\s,;]+", self.cleaned_data["days"].strip()) if part]
        numbers = [whole(part) for part in parts]
        if any(n is None or not 1 <= n <= 365 for n in numbers):
            raise ValidationError(_("Write numbers of days from 1 to 365, for example 7, 2."))
        if len(numbers) > MOST_DAYS:
            raise ValidationError(_("At most %(n)s days.") % {"n": MOST_DAYS})
        return [n for n in numbers if n]


class CorrectForm(forms.Form):
    """How one invitation is addressed, while it is not sent."""

    organisation_name = forms.CharField(
        label=_l("Organisation"),
        required=False,
        max_length=250,
        widget=forms.TextInput(attrs={"size": 60, **WIDE}),
    )
    person_name = forms.CharField(
        label=_l("Person"), required=False, max_length=160, widget=forms.TextInput(attrs={"size": 60, **WIDE})
    )
    language = forms.ChoiceField(label=_l("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, options: dict[str, Any], **kwargs: Any) -> None:
        row = options["invitation"]
        own = {name: getattr(row, name) for name in ("organisation_name", "person_name", "language")}
        super().__init__(*args, initial=own, **kwargs)


class AddressForm(forms.Form):
    """Another address for one invitation."""

    email = AddressField(
        label=_l("E-mail"),
        max_length=254,
        error_messages={"required": _l("Give the address."), "invalid": _l("This is no e-mail address.")},
    )

    def __init__(self, *args: Any, options: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial={"email": options["invitation"].email}, **kwargs)
