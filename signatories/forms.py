"""The shape of what is typed, and its messages."""

from datetime import datetime, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
from django import forms
from django.conf import settings
from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from letters.models import Letter
from signatories.fields import AddressField, CountryField, Seen, TidyField
from signatories.models import Organisation, Signature
from signatories.services.signing import Application
from signatories.tickets import TICKET_PLACE, new_ticket, read_ticket

TRAP = "fax_extension"
OTHER = "-"  # the answer "none of them"; the address of no organisation


class SignForm(forms.Form):
    """Signing; ``text_version``, ``text_language`` and ``ticket`` say what was shown and when."""

    kind = Signature.Kind.ORGANISATION
    text_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text_language = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)
    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    email = AddressField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Enter your e-mail address; the link to confirm goes there."),
            "invalid": _("Enter an e-mail address such as name@example.org."),
        },
        help_text=Seen(
            public=False,
            words=_(
                "We send one message with a link to confirm. An address of your organisation helps us to recognise it."
            ),
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "dir": "ltr"}),
    )
    visibility = forms.ChoiceField(
        label=_("How should it be listed?"),
        choices=[
            (Signature.Visibility.PUBLIC, _("With its name")),
            (
                Signature.Visibility.WITHHELD,
                _("Counted, but its name withheld, because being named could put people at risk"),
            ),
        ],
        initial=Signature.Visibility.PUBLIC,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it should be listed.")},
    )
    consent = forms.BooleanField(
        label=_("I agree that my details are kept as the privacy page says"),
        error_messages={
            "required": _(
                "Tick the box to agree that your details are kept; without them nothing can be confirmed."
            )
        },
    )

    news = forms.BooleanField(
        label=_("Tell me of delivery, answers and news of this letter"),
        required=False,
        help_text=Seen(public=False, words=_("A few messages; each has a link that stops them.")),
    )

    def __init__(self, *args: Any, letter: Letter, at: datetime, **kwargs: Any) -> None:
        self.letter, self.at = letter, at
        super().__init__(*args, **kwargs)
        self.fields[TRAP] = forms.CharField(
            required=False,
            label=_("Leave this empty"),
            widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
        )
        if not letter.asks_names:
            self.fields.pop("named", None)
        if not self.is_bound:
            version = letter.current_version
            self.initial |= {
                "text_version": version.number if version else "",
                "ticket": TICKET_PLACE,
            }

    @cached_property
    def helper(self) -> FormHelper:
        """How crispy-forms draws it; made when it is drawn."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = self.layout()
        return helper

    def layout(self) -> Layout:
        raise NotImplementedError(type(self))

    def hidden(self) -> list[Any]:
        """Fields that a person does not see: what was shown, when, and the trap for robots."""
        return [
            "text_version",
            "text_language",
            "ticket",
            Div(Field(TRAP), css_class="trap", aria_hidden="true"),
        ]

    def clean_text_language(self) -> str:
        """The language that was read; empty where a form does not say. Only a text that the letter has can be read."""
        read = self.cleaned_data["text_language"]
        version = self.letter.current_version if read not in ("", self.letter.language) else None
        return read if version is None or read in version.languages else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get(TRAP):
            self.renew({TRAP: ""})
            raise forms.ValidationError(
                _(
                    "A field that people do not see was filled in. It is empty again: please send the form once more."
                )
            )
        issued = read_ticket(self.letter, data.get("ticket", ""))
        if issued is None or self.at - issued > timedelta(hours=settings.SIGN_FORM_HOURS):
            self.renew(
                {"ticket": new_ticket(self.letter.pk, self.at - timedelta(seconds=settings.SIGN_MIN_SECONDS))}
            )
            raise forms.ValidationError(
                _(
                    "This page was open for a long time. Everything you typed is still here: please check it and send it again."
                )
            )
        too_fast = self.at - issued < timedelta(seconds=settings.SIGN_MIN_SECONDS)
        if too_fast and not self.errors:  # else there is enough to mend, which takes its time
            raise forms.ValidationError(
                _(
                    "That was faster than a person types. Everything is still here: please check it and send it again."
                )
            )
        return data

    def renew(self, values: dict[str, Any]) -> None:
        """Puts other values into the form that is shown again."""
        self.data = self.data.copy()
        for name, value in values.items():
            self.data[self.add_prefix(name)] = value

    def application(self, *, language: str, address: str) -> Application:
        """What the valid form says, for the service."""
        raise NotImplementedError(type(self))


def _kept(letter: Letter) -> str:
    months = letter.retention_months or settings.RETENTION_MONTHS
    return ngettext(
        "Seen by the editors of this letter only; erased one month after it closes.",
        "Seen by the editors of this letter only; erased %(months)s months after it closes.",
        months,
    ) % {"months": months}


_kept_lazy = lazy(_kept, str)


class OrganisationSignForm(SignForm):
    unlike: Organisation | None = None  # which one the representative says that theirs is not
    organisation = TidyField(
        label=_("Name of the organisation"),
        max_length=250,
        error_messages={"required": _("Enter the name of your organisation.")},
        help_text=Seen(public=True, unless=True, words=_("As it should stand in the list of signatories.")),
        widget=forms.TextInput(
            attrs={"autocomplete": "organization", "list": "organisations", "dir": "auto"}
        ),
    )
    # Hidden until there is something to ask; then ``ask`` puts the choices in its place.
    meant = forms.CharField(
        label=_("Do you mean one of these?"),
        widget=forms.HiddenInput,
        required=False,
        help_text=_(
            "An organisation stands in the list once. If yours is among them, its name is taken as it is known here."
        ),
    )
    acronym = TidyField(
        label=_("Acronym"),
        max_length=40,
        required=False,
        help_text=Seen(public=True, unless=True),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    country = CountryField(
        label=_("Country"),
        empty=_("Choose a country"),
        error_messages={
            "required": _("Choose the country where your organisation is based."),
            "invalid_choice": _("Choose a country from the list."),
        },
        help_text=Seen(public=True, unless=True, words=_("Where it is based.")),
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages={
            "invalid": _("Enter a web address such as https://example.org, or leave the field empty.")
        },
        help_text=Seen(public=False, words=_("Helps us to recognise your organisation.")),
        widget=forms.URLInput(
            attrs={"autocomplete": "url", "inputmode": "url", "type": "text", "dir": "ltr"}
        ),
    )
    representative_name = TidyField(
        label=_("Your name"),
        max_length=160,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    representative_role = TidyField(
        label=_("Your role"),
        max_length=160,
        required=False,
        help_text=Seen(public=False),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
    )
    named = forms.BooleanField(
        label=_("My name and role may stand beside my organisation in the list"), required=False
    )
    authority = forms.BooleanField(
        label=_("I may sign this letter for my organisation"),
        error_messages={"required": _("Tick the box to say that you may sign for your organisation.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words, asked = _kept_lazy(self.letter), "named" in self.fields
        self.fields["representative_name"].help_text = Seen(public=False, unless=asked, words=words)
        self.fields["representative_role"].help_text = Seen(public=False, unless=asked)

    def layout(self) -> Layout:
        own = ["representative_name", "representative_role", "email"]
        return Layout(
            *self.hidden(),
            Fieldset(
                _("Your organisation"),
                "visibility",
                "organisation",
                "meant",
                Div(
                    Div("acronym", css_class="col-sm-5"),
                    Div("country", css_class="col-sm-7"),
                    css_class="row",
                ),
                "website",
            ),
            Fieldset(_("You, who sign for it"), *own, *(["named"] if "named" in self.fields else []), "news"),
            Fieldset(
                _("Before you sign"),
                "authority",
                "consent",
                HTML("{% include 'signatories/_privacy_hint.html' %}"),
            ),
        )

    def settle(self, likely: list[Organisation]) -> bool:
        """Takes the answer to "Do you mean …?", or puts the question; whether nothing is left to ask. ``likely`` are the
        organisations that may be meant. One that is chosen stands in the form with its own name, acronym and country."""
        answer = self.cleaned_data["meant"]
        if not likely:
            return True
        chosen = next((row for row in likely if row.slug == answer), None)
        if chosen is not None:
            own = {"organisation": chosen.name, "acronym": chosen.acronym, "country": str(chosen.country)}
            own = {name: value for name, value in own.items() if value} | {"meant": ""}
            self.cleaned_data |= own
            self.renew(own)
            return True
        if answer == OTHER:
            self.unlike = likely[0]
            return True
        self.ask(likely)
        return False

    def ask(self, likely: list[Organisation]) -> None:
        """Puts the question into the form."""
        choices = [(row.slug, str(row) + (f", {row.country.name}" if row.country else "")) for row in likely]
        none = (OTHER, _("None of them: ours is another organisation"))
        self.fields["meant"].widget = forms.RadioSelect(choices=[*choices, none])
        self.renew({"meant": ""})
        self.add_error(
            "meant",
            _(
                "The directory has an organisation of a similar name. Say whether it is yours, and send the form again."
            ),
        )

    def application(self, *, language: str, address: str) -> Application:
        data = self.cleaned_data
        return Application(
            unlike=self.unlike,
            kind=self.kind,
            name=data["organisation"],
            acronym=data["acronym"],
            country=data["country"],
            website=data["website"],
            representative_name=data["representative_name"],
            representative_role=data["representative_role"],
            email=data["email"],
            visibility=data["visibility"],
            named=data.get("named", False),
            wants_updates=data["news"],
            language=language,
            text_language=data["text_language"],
            address=address,
        )


class InvitedForm(OrganisationSignForm):
    """The form of an invitation whose organisation the directory has: its name stands, and what is known of it is filled in."""

    def __init__(self, *args: Any, known: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {"organisation": known.name, "acronym": known.acronym, "country": str(known.country)}
        self.initial |= {name: value for name, value in own.items() if value} | {"website": known.website}
        del self.fields["meant"]
        for name, value in own.items():
            # A known country or acronym is the directory's; one that it lacks is asked for.
            self.fields[name].disabled = bool(value)
        self.fields["organisation"].help_text = _(
            "This invitation signs for this organisation. If its name is misspelt, you can correct it by your private link once you have signed."
        )
        for name in ("acronym", "country"):
            if self.fields[name].disabled:
                self.fields[name].help_text = ""

    def layout(self) -> Layout:
        layout = super().layout()
        layout[len(self.hidden())].fields.remove("meant")
        return layout

    def settle(self, likely: list[Organisation]) -> bool:
        return True


class IndividualSignForm(SignForm):
    kind = Signature.Kind.INDIVIDUAL
    name = TidyField(
        label=_("Your name"),
        max_length=250,
        error_messages={"required": _("Enter your name.")},
        help_text=Seen(public=True, unless=True, words=_("As it should stand in the list of signatories.")),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    affiliation = TidyField(
        label=_("Function or affiliation"),
        max_length=250,
        required=False,
        help_text=Seen(
            public=True, unless=True, words=_("A few words beside your name, for identification only.")
        ),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
    )
    country = CountryField(
        label=_("Country"),
        required=False,
        empty=_("Prefer not to say"),
        error_messages={"invalid_choice": _("Choose a country from the list.")},
        help_text=Seen(public=True, unless=True),
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visibility"].label = _("How should you be listed?")
        self.fields["visibility"].choices = [
            (Signature.Visibility.PUBLIC, _("With my name")),
            (
                Signature.Visibility.WITHHELD,
                _("Counted, but my name withheld, because being named could put me at risk"),
            ),
        ]

    def layout(self) -> Layout:
        return Layout(
            *self.hidden(),
            Fieldset(_("You"), "visibility", "name", "affiliation", "country", "email", "news"),
            Fieldset(_("Before you sign"), "consent", HTML("{% include 'signatories/_privacy_hint.html' %}")),
        )

    def application(self, *, language: str, address: str) -> Application:
        data = self.cleaned_data
        return Application(
            kind=self.kind,
            name=data["name"],
            affiliation=data["affiliation"],
            country=data["country"],
            email=data["email"],
            visibility=data["visibility"],
            wants_updates=data["news"],
            language=language,
            text_language=data["text_language"],
            address=address,
        )


class CorrectionForm(forms.Form):
    """The spelling of a signatory's name, corrected by its representative. A correction that waits for an editor stands
    in the fields, so that it can be mended further."""

    name = TidyField(
        label=pgettext_lazy("of an organisation or a person", "Name"),
        max_length=250,
        error_messages={"required": _("Enter the name as it should stand in the list.")},
    )
    acronym = TidyField(label=_("Acronym"), max_length=40, required=False)

    def __init__(self, *args: Any, signature: Signature, **kwargs: Any) -> None:
        asked = (signature.proposed_name, signature.proposed_acronym)
        name, acronym = asked if signature.proposed_name else (signature.name, signature.acronym)
        super().__init__(*args, initial={"name": name, "acronym": acronym}, **kwargs)
        if signature.kind == Signature.Kind.INDIVIDUAL:
            del self.fields["acronym"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
