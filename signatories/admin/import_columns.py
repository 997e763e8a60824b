"""Which column of a table is what, shown to an editor and changed by hand."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from signatories.reading import FIELDS, Columns
from signatories.reading.columns import NAMED

# The fields of a list in words.
WORDS = {
    "name": _l("Name of the signatory"),
    "organisation": _l("Organisation"),
    "acronym": _l("Acronym"),
    "country": _l("Country"),
    "person": _l("Person"),
    "given": _l("Given name"),
    "surname": _l("Family name"),
    "role": _l("Role"),
    "affiliation": _l("Affiliation of a person"),
    "kind": _l("Organisation or person"),
    "group": _l("Heading"),
    "note": _l("Note beside the name"),
    "consent": _l("Consent"),
    "withhold": _l("Asked not to be named"),
    "email": _l("E-mail (not public)"),
    "website": _l("Website (not kept)"),
}


class ColumnsForm(forms.Form):
    """For each column of a table what it is; and whether its first row are headings."""

    headed = forms.BooleanField(label=_l("The table has a row of headings"), required=False)

    def __init__(self, data: Any = None, *, columns: Columns) -> None:
        super().__init__(data, initial={"headed": columns.heading is not None})
        choices = [("", _("left out")), *((field, WORDS[field]) for field in FIELDS)]
        self.columns = []
        for number, field in enumerate(columns.fields):
            name, heading = (
                f"column{number}",
                columns.headings[number] if number < len(columns.headings) else "",
            )
            label = heading or _("Column %(n)s") % {"n": number + 1}
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, initial=field)
            samples = columns.samples[number] if number < len(columns.samples) else ()
            self.columns.append({"field": self[name], "samples": samples})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not NAMED & set(self.chosen()):
            raise ValidationError(_("Say in which column the names stand."))
        return data

    def chosen(self) -> list[str]:
        """The field of each column, in their order."""
        return [self.cleaned_data.get(f"column{number}", "") for number in range(len(self.columns))]
