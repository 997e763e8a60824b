"""Forms of importing a list: the list itself, one line of it, and where consent came from."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django_countries import countries

from letters.models import Group, Letter
from signatories.models import ImportBatch, ImportRow, Signature
from signatories.models.importing import GOING
from signatories.reading.files import ENDINGS, LARGEST
from signatories.services.importing import EDITED
from signatories.services.judging import LONGEST, faults

WIDE = {"dir": "auto"}


class ListForm(forms.Form):
    """A list, pasted or as a file, and the letter that it is for."""

    letter = forms.ModelChoiceField(
        Letter.objects.none(),
        label=_l("Letter"),
        error_messages={"required": _l("Choose the letter.")},
    )
    text = forms.CharField(
        label=_l("Paste the list"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "cols": 80, **WIDE}),
        help_text=_l("As it stands in a mail, a document or on a page: one a line, numbered, with countries, as a table, in a paragraph. Headings and footers may stay."),
    )  # fmt: skip
    file = forms.FileField(
        label=_l("Or choose a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=_l("Up to 5 MB: text, CSV, a table or a page (%(endings)s)."),
    )
    source_name = forms.CharField(
        label=_l("What to call it"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"size": 50, **WIDE}),
        help_text=_l("For the record, for example “Sign-up form of May”. Left empty: the file’s name, or the first line."),
    )  # fmt: skip

    def __init__(self, *args: Any, letters: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["letter"]
        chosen.queryset = letters
        chosen.label_from_instance = lambda letter: Truncator(str(letter)).chars(90)
        self.fields["file"].help_text = str(self.fields["file"].help_text) % {"endings": " ".join(ENDINGS)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text, file = (data.get("text") or "").strip(), data.get("file")
        if text and file:
            self.add_error("file", _("There is a pasted list and a file: give one of the two."))
        elif not text and not file and "file" not in self.errors:
            self.add_error("text", _("Paste a list here, or choose a file below."))
        elif file and file.size > LARGEST:
            self.add_error("file", _("The file is larger than 5 MB."))
        return data

    def given(self) -> dict[str, Any]:
        """The list as ``importing.begin`` takes it: its file name, its bytes, what to call it."""
        data = self.cleaned_data
        if data["file"]:
            name = PurePath(data["file"].name).name
            return {
                "filename": name,
                "data": data["file"].read(),
                "source_name": data["source_name"] or name,
            }
        first = next((line.strip() for line in data["text"].splitlines() if line.strip()), "")
        called = data["source_name"] or _("Pasted: %(first)s") % {"first": Truncator(first).chars(60)}
        return {"filename": "pasted.txt", "data": data["text"].encode(), "source_name": called}


class LineForm(forms.Form):
    """One line of a list, to be mended."""

    kind = forms.ChoiceField(label=_l("Kind"), choices=Signature.Kind.choices)
    name = forms.CharField(label=_l("Organisation"), required=False, max_length=LONGEST["name"])
    acronym = forms.CharField(label=_l("Acronym"), required=False, max_length=LONGEST["acronym"])
    country = forms.ChoiceField(label=_l("Country"), required=False)
    person = forms.CharField(label=_l("Person"), required=False, max_length=LONGEST["person"])
    role = forms.CharField(label=_l("Role"), required=False, max_length=LONGEST["role"])
    email = forms.CharField(label=_l("E-mail (not public)"), required=False, max_length=254)
    group = forms.ChoiceField(label=_l("Heading"), required=False)
    note = forms.CharField(label=_l("Note beside the name"), required=False, max_length=LONGEST["note"])

    def __init__(self, data: Any = None, *, row: ImportRow, headings: list[str]) -> None:
        initial = {name: str(getattr(row, name)) for name in EDITED}
        super().__init__(data, initial=initial, prefix=f"line{row.pk}")
        country: Any = self.fields["country"]
        country.choices = [("", _("not known")), *countries]
        own = [(name, name) for name in headings]
        if row.group and row.group not in headings:
            own.append((row.group, _("%(heading)s (not on the letter)") % {"heading": row.group}))
        group: Any = self.fields["group"]
        group.choices = [("", _("the usual one")), *own]
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField):
                field.widget.attrs |= WIDE
                field.widget.attrs.pop(
                    "maxlength", None
                )  # by which a browser cuts what is pasted, and says nothing
            if name in self.errors:
                field.widget.attrs |= {
                    "aria-invalid": "true",
                    "aria-describedby": f"{self[name].auto_id}_error",
                }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        words = {name: data.get(name) or "" for name in EDITED}
        for field, sentence in faults(ImportRow(**words)).items():
            if field not in self.errors:
                self.add_error(field, sentence)
        return data

    def words(self) -> dict[str, str]:
        return {name: " ".join(self.cleaned_data[name].split()) for name in EDITED}


class ConsentForm(forms.Form):
    """Where the signatories' consent came from, and on which day."""

    consent_from = forms.ChoiceField(
        label=_l("Where their consent came from"),
        choices=[("", "–"), *ImportBatch.Consent.choices],
        error_messages={"required": _l("Say where the signatories’ consent came from.")},
    )
    consent_date = forms.DateField(
        label=_l("On which date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _l("Give the day, or the last of several."),
            "invalid": _l("Write a day, for example 2027-03-01."),
        },
    )
    consent_note = forms.CharField(
        label=_l("More about it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60, **WIDE}),
        help_text=_l("Kept on record for good; do not name persons."),
    )
    headings = forms.BooleanField(required=False)
    tells = forms.BooleanField(
        label=_l("Write to them: that the signature stands, with a private link to correct or withdraw it"),
        required=False,
    )

    def __init__(self, *args: Any, options: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch: ImportBatch = options["batch"]
        self.missing = missing_headings(self.batch)
        if self.missing:
            self.fields["headings"].label = _("Add these headings to the letter’s list: %(names)s") % {
                "names": ", ".join(self.missing)
            }
        else:
            del self.fields["headings"]
        if not with_address(self.batch):
            del self.fields["tells"]

    def clean_consent_date(self) -> Any:
        day = self.cleaned_data["consent_date"]
        if day > timezone.now().astimezone(self.batch.letter.zone).date():
            raise ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("consent_from") == ImportBatch.Consent.OTHER and not data.get("consent_note", "").strip():
            self.add_error("consent_note", _("Say where it came from."))
        return data


def with_address(batch: ImportBatch) -> int:
    """How many of the lines that go on the letter give an e-mail address."""
    return batch.rows.filter(outcome__in=GOING).exclude(email="").count()


def own_headings(letter: Letter) -> list[str]:
    """The headings of the letter's own groups, in their order."""
    return [group.heading for group in letter.groups.all() if group.kind == Group.Kind.OWN]


def missing_headings(batch: ImportBatch) -> list[str]:
    """Headings under which lines of the list stand, and which the letter's list does not have."""
    wanted = batch.rows.filter(outcome__in=["new", "known"]).exclude(group="").order_by("position")
    own = own_headings(batch.letter)
    return [name for name in dict.fromkeys(wanted.values_list("group", flat=True)) if name not in own]
