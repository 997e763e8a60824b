"""The form of a letter and of its words."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letters import texts
from letters.admin.base import DeskForm
from letters.admin.fields import PictureField, ZonedTimeField, in_zone, languages, wall_clock, zones
from letters.admin.shown import DASH
from letters.admin.shown import in_zone as in_zone_words
from letters.models import Letter, LetterText, OldSlug
from letters.services import editing, life
from letters.services.writing import SIGNED_WORDS
from letters.typed import whole
from letters.wording import happened

HEADING = re.compile(r"(</?h)([23])>")
WINDOW = ("opens_at", "closes_at")


class LetterForm(DeskForm):
    """The settings of a letter. Times are typed in its zone."""

    opens_at = ZonedTimeField(
        label=gettext_lazy("Signing opens"),
        required=False,
        help_text=gettext_lazy(
            "In the letter’s time zone. Left empty: as soon as the text is opened for signing."
        ),
    )
    closes_at = ZonedTimeField(
        label=gettext_lazy("Signing closes"),
        required=False,
        help_text=gettext_lazy("In the letter’s time zone. Left empty: no close."),
    )
    picture = PictureField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG or WebP. It is kept without place, time and other data of the camera."
        ),
    )

    class Meta:
        model = Letter
        fields = "__all__"
        widgets = {
            "date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "slug": forms.TextInput(attrs={"size": 60}),
            "picture_alt": forms.Textarea(attrs={"rows": 2, "cols": 60}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        letter = self.instance
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "The last part of the letter’s web address. Left empty, it is made from the title. Old addresses keep leading here."
            )
        if "language" in self.fields:
            rtl = " ".join(sorted(texts.RIGHT_TO_LEFT))
            present = letter.language or "en"
            self.fields["language"] = forms.ChoiceField(
                label=_("Language"), choices=languages(present), initial=present, widget=forms.Select(attrs={"data-rtl": rtl}),
                help_text=_("Of the text that is signed."),
            )  # fmt: skip
        if "time_zone" in self.fields:
            help_text = self.fields["time_zone"].help_text
            self.fields["time_zone"] = forms.ChoiceField(
                label=_("Time zone"), choices=zones(), initial="UTC", help_text=help_text
            )
        if "replies_to" in self.fields:
            self.fields["replies_to"].queryset = Letter.objects.for_list().exclude(pk=letter.pk)
        if "editors" in self.fields:
            self.fields["editors"].queryset = User.objects.filter(is_active=True, is_staff=True).order_by(
                "username"
            )
        for name in WINDOW:
            if name in self.fields and getattr(letter, name):
                self.initial[name] = wall_clock(getattr(letter, name), letter.zone)

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"] or (self.instance.slug if self.instance.pk else "")
        if slug and OldSlug.objects.filter(slug=slug).exclude(letter=self.instance.pk).exists():
            raise ValidationError(
                _("Another letter had this address and its old links still lead there; choose another one.")
            )
        return slug

    def clean_picture(self) -> Any:
        upload, present = self.cleaned_data["picture"], self.instance.picture
        same = upload and present and upload != present and present.name.endswith("/" + upload.name)
        return present if same else upload

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._refuse_overtaken()
        zone = ZoneInfo(data.get("time_zone") or self.instance.time_zone)
        for name in WINDOW:
            if name in self.fields and name not in self.errors:
                self._settle(name, data, zone)
        if data.get("opens_at") and data.get("closes_at") and data["closes_at"] <= data["opens_at"]:
            self.add_error("closes_at", _("Signing would close before it opens; choose a later time."))
        if data.get("picture") and not (data.get("picture_alt") or "").strip():
            self.add_error(
                "picture_alt", _("Say in words what the picture shows, for those who do not see it.")
            )
        return data

    def _refuse_overtaken(self) -> None:
        """Refuses what was written on a page that is older than somebody's change: nothing is put over it unseen. The
        page that comes back knows of the change, so that saving once more is a decision."""
        seen = whole(self.data.get("seen", ""))
        if not self.instance.pk or seen is None:
            return
        # The desk's page is in a transaction: of two who save in one moment, the second sees the first.
        if connection.in_atomic_block:
            life.locked(self.instance)
        latest = editing.latest_edit(self.instance)
        if latest is None or latest.pk <= seen:
            return
        words = {
            "who": latest.actor or _("The site itself"),
            "what": happened(latest.kind),
            "when": in_zone_words(latest.at, self.instance),
        }
        if self.instance.is_frozen and any(f"texts-0-{name}" in self.data for name in SIGNED_WORDS):
            raise ValidationError(
                _(
                    "%(who)s changed this letter at %(when)s, after you opened this page: %(what)s. Its words are frozen now, so yours were not taken; they stand below, to be copied. Nothing is saved."
                )
                % words
            )
        raise ValidationError(
            _(
                "%(who)s changed this letter at %(when)s, after you opened this page: %(what)s. Nothing is saved yet. Compare with the letter as it stands; to put yours in its place, save once more."
            )
            % words
        )

    def _settle(self, name: str, data: dict[str, Any], zone: ZoneInfo) -> None:
        """Makes the typed time a moment; one that nobody touched keeps its seconds."""
        if name in self.changed_data or "time_zone" in self.changed_data:
            try:
                data[name] = in_zone(data.get(name), zone)
            except ValidationError as error:
                self.add_error(name, error)
        else:
            data[name] = getattr(self.instance, name)


class TextForm(forms.ModelForm):
    """The words in one language, written in its direction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.instance.language
        for field in self.fields.values():
            field.widget.attrs |= {
                "dir": texts.direction(language),
                "lang": language,
                "class": "desk-words vLargeTextField",
            }
        if "closing" in self.fields:
            self.fields["closing"].widget.attrs["rows"] = 3


class TextFormSet(BaseInlineFormSet):
    """A letter needs its words: the first text is asked for at once. Of a frozen letter those that are signed are shown,
    whatever the working copy says."""

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        version = self.instance.current_version
        for text in rows if version is not None else ():
            for name, words in version.content["texts"].get(text.language, {}).items():
                setattr(text, name, words)
        return rows

    def _construct_form(self, i: int, **kwargs: Any) -> forms.ModelForm:
        form = super()._construct_form(i, **kwargs)
        form.empty_permitted = False
        form.use_required_attribute = False
        return form


class TextInline(admin.StackedInline):
    """The texts of a letter. Of a frozen one the publisher's note alone is open."""

    model = LetterText
    form = TextForm
    formset = TextFormSet
    fields = ("title", "standfirst", "place", "subject", "salutation", "body", "closing")
    verbose_name_plural = gettext_lazy("Text")
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """The text that decides; translations have pages of their own."""
        return super().get_queryset(request).filter(language=F("letter__language"))

    def get_extra(self, request: HttpRequest, obj: Letter | None = None, **kwargs: Any) -> int:
        return 0 if obj and (obj.is_frozen or obj.text is not None) else 1

    def get_max_num(self, request: HttpRequest, obj: Letter | None = None, **kwargs: Any) -> int:
        return 0 if obj and obj.is_frozen and obj.text is None else 1

    def get_fields(self, request: HttpRequest, obj: Letter | None = None) -> tuple[str, ...]:
        frozen = bool(obj and obj.is_frozen)
        fields = tuple("body_shown" if frozen and field == "body" else field for field in self.fields)
        return (*fields, "notes_shown") if frozen else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Letter | None = None) -> tuple[str, ...]:
        if not (obj and obj.is_frozen):
            return ("body_shown", "notes_shown")
        return (*(field for field in self.fields if field != "standfirst"), "body_shown", "notes_shown")

    @admin.display(description=gettext_lazy("body"))
    def body_shown(self, text: LetterText) -> SafeString:
        """The frozen words as they are read, not as markup."""
        return self.laid_out(text, 0)

    @admin.display(description=gettext_lazy("notes"))
    def notes_shown(self, text: LetterText) -> SafeString | str:
        """The notes, which stand after the closing."""
        return self.laid_out(text, 1) or DASH

    def laid_out(self, text: LetterText, part: int) -> SafeString:
        words = texts.laid_out(text.body, prefix=f"text-{text.pk}")[part]
        # Its headings are those of the letter, two levels below the form's own.
        words = mark_safe(HEADING.sub(lambda tag: f"{tag[1]}{int(tag[2]) + 2}>", words))
        way = (text.language, text.direction)
        return words and format_html('<div class="desk-body" lang="{}" dir="{}">{}</div>', *way, words)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("title", "subject", "salutation", "place"):
            field.widget = forms.TextInput(attrs={"size": 80})
        return field
