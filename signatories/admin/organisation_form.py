"""The form of an entry of the directory."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.base import DeskForm
from letters.admin.fields import PictureField, PictureInput, Shown
from letters.languages import known_languages, name_here
from signatories.domains import ascii_domain, host_of
from signatories.models import Organisation, OrganisationName
from signatories.services import directory
from signatories.services.contacts import Person
from signatories.services.invitees import interface_language

Kind = OrganisationName.Kind
# A host name as the Domain Name System takes it (RFC 1123), of at least two labels.
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


# "Noor Salt <noor@example.org> fr", or without the name, the brackets or the language.
CONTACT = re.compile(
    r"(?P<name>[^<>@]*?)[\s,]*<?(?P<email>[^\s<>,]+@[^\s<>,]+)>?(?:[\s,]+(?P<language>\S+))?"
)


def lines(text: str) -> list[str]:
    """The lines of a text area, tidied, without empty ones."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def names_field(label: Any, help_text: Any) -> forms.CharField:
    """A field for names, one a line."""
    widget = forms.Textarea(attrs={"rows": 3, "cols": 70, "dir": "auto"})
    return forms.CharField(label=label, required=False, widget=widget, help_text=help_text)


class LogoInput(PictureInput):
    """Links the present logo at the desk."""

    def format_value(self, value: Any) -> Shown | None:
        if not self.is_initial(value) or value.instance.pk is None:
            return None
        return Shown(reverse("admin:signatories_organisation_logo", args=[value.instance.pk]))


NAMED = {"other_names": Kind.OTHER, "former_names": Kind.FORMER, "quiet_names": Kind.QUIET}


class OrganisationForm(DeskForm):
    """An entry of the directory."""

    website = forms.URLField(
        label=_l("Website"),
        required=False,
        max_length=300,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"size": 60}),
    )
    logo = PictureField(
        label=_l("Logo"), required=False, widget=LogoInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_l("JPEG, PNG or WebP. Shown on the organisation’s public page once it is verified."),
    )  # fmt: skip
    other_names = names_field(
        _l("Other names"), _l("One a line. The organisation is recognised by each of them; its public page shows them once it is verified."),
    )  # fmt: skip
    former_names = names_field(
        _l("Former names"), _l("One a line: what it was called before. Recognised and shown as the other names are."),
    )  # fmt: skip
    quiet_names = names_field(
        _l("Recognised by, shown nowhere"), _l("One a line: misspellings, and names of merged entries that were never public."),
    )  # fmt: skip
    names_by_language = forms.CharField(
        label=_l("Names in other languages"), required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 70, "dir": "auto", "placeholder": "fr: Réseau des ports"}),
        help_text=_l("One a line, the language’s tag first, for example “fr: Réseau des ports”. Once the organisation is verified, lists in that language show this name, and the organisation is recognised by it. Its place in a list stays the same in every language."),
    )  # fmt: skip
    domains = forms.CharField(
        label=_l("Domains"), required=False, widget=forms.Textarea(attrs={"rows": 3, "cols": 70}),
        help_text=_l("One a line, for example example.org. E-mail from them counts as proof once the organisation is verified."),
    )  # fmt: skip

    contacts = forms.CharField(
        label=_l("Contacts"), required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 70, "dir": "auto", "placeholder": "Noor Salt <noor@example.org> fr"}),
        help_text=_l("To whom invitations go, one a line: name, address in angle brackets, and the tag of a language. Left empty, they go to whoever signed last."),
    )  # fmt: skip

    class Meta:
        model = Organisation
        fields = directory.FIELDS
        widgets = {
            "name": forms.TextInput(attrs={"size": 70}),
            "note": forms.Textarea(attrs={"rows": 3, "cols": 70}),
        }
        error_messages = {
            "name": {"required": _l("Give the name of the organisation.")},
            "website": {"invalid": _l("Write a web address such as https://example.org, or leave it empty.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for field, kind in NAMED.items():
                names = directory.names_of_kind(self.instance, kind)
                self.initial.setdefault(field, "\n".join(names))
            named = directory.names_by_language(self.instance).items()
            self.initial.setdefault(
                "names_by_language", "\n".join(f"{language}: {name}" for language, name in named)
            )
            people = self.instance.contacts.all()
            self.initial.setdefault("contacts", "\n".join(f"{row} {row.language}".strip() for row in people))
            self.initial.setdefault(
                "domains", "\n".join(self.instance.domains.values_list("domain", flat=True))
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("logo") and not (data.get("logo_alt") or "").strip():
            self.add_error("logo_alt", _("Say in words what the logo shows, for those who do not see it."))
        if "logo" in data and not data["logo"]:
            data["logo_alt"] = ""
        return data

    def clean_logo(self) -> Any:
        upload, present = self.cleaned_data["logo"], self.instance.logo
        same = upload and present and upload != present and present.name.endswith("/" + upload.name)
        return present if same else upload

    def names_in(self, field: str) -> list[str]:
        names = lines(self.cleaned_data[field])
        if any(len(name) > 250 for name in names):
            raise ValidationError(_("A name has at most 250 characters; put each name on a line of its own."))
        return names

    def clean_other_names(self) -> list[str]:
        return self.names_in("other_names")

    def clean_former_names(self) -> list[str]:
        return self.names_in("former_names")

    def clean_quiet_names(self) -> list[str]:
        return self.names_in("quiet_names")

    def clean_names_by_language(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in lines(self.cleaned_data["names_by_language"]):
            tag, colon, name = (part.strip() for part in line.partition(":"))
            tag = tag.lower()
            if not colon or not name or tag not in known_languages():
                raise ValidationError(
                    _(
                        "“%(line)s” does not begin with the tag of a language; write, for example, fr: Réseau."
                    ),
                    params={"line": line},
                )
            if tag in found:
                raise ValidationError(
                    _(
                        "There are two names in %(language)s; a list shows one. Put the other under “Other names”."
                    ),
                    params={"language": name_here(tag)},
                )
            if len(name) > 250:
                raise ValidationError(
                    _("A name has at most 250 characters; put each name on a line of its own.")
                )
            found[tag] = name
        return found

    def clean_domains(self) -> list[str]:
        found = []
        for line in lines(self.cleaned_data["domains"]):
            domain = host_of(line) if "/" in line else ascii_domain(line.rpartition("@")[2])
            if not HOST.fullmatch(domain):
                raise ValidationError(
                    _("“%(line)s” is not a domain; write one such as example.org."), params={"line": line}
                )
            found.append(domain)
        return found

    def clean_contacts(self) -> list[Person]:
        found = []
        for line in lines(self.cleaned_data["contacts"]):
            match = CONTACT.fullmatch(line)
            try:
                validate_email(match["email"] if match else "")
            except ValidationError as error:
                raise ValidationError(
                    _("“%(line)s” holds no e-mail address; write one such as Noor Salt <noor@example.org>."),
                    params={"line": line},
                ) from error
            assert match is not None
            language = interface_language(match["language"] or "")
            if match["language"] and not language:
                raise ValidationError(
                    _("“%(tag)s” is none of the languages of this site."), params={"tag": match["language"]}
                )
            found.append(Person(match["email"], (match["name"] or "").strip(' ,"')[:160], language))
        return found
