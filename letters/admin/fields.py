"""Fields of the desk's forms: times in a letter's zone, languages, the picture."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import from_current_timezone
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from letters import pictures
from letters.languages import known_languages, name_here

FORMAT = "%Y-%m-%dT%H:%M"


class ZonedTimeField(forms.DateTimeField):
    """A time typed in a letter's zone. Cleaned it is naive: ``in_zone`` makes it aware, once the zone is known."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "desk-time"}, format=FORMAT)
    default_error_messages = {"invalid": _("Write a date and a time, for example 2027-03-01 17:00.")}

    def to_python(self, value: Any) -> datetime | None:
        value = super().to_python(value)
        return timezone.make_naive(value) if value is not None and timezone.is_aware(value) else value

    def prepare_value(self, value: Any) -> Any:
        return value


def in_zone(value: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A naive time as the moment it is in the zone; raises ``ValidationError`` for one that the clock skips or has twice."""
    if value is None:
        return None
    with timezone.override(zone):
        return from_current_timezone(value)


def wall_clock(value: datetime | None, zone: ZoneInfo) -> datetime | None:
    """What the clock in the zone shows at a moment, to the minute."""
    return value.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0) if value is not None else None


def zones() -> list[tuple[str, str]]:
    """The time zones of this machine that are places, and UTC."""
    places = sorted(
        zone
        for zone in available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/"))
    )
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in places)]


def languages(present: str = "") -> list[tuple[str, str]]:
    """Language tags with their names, the one that is ``present`` among them."""
    known = {code: name_here(code) for code in known_languages()}
    if present:
        known.setdefault(present, present)
    return [(code, f"{name} ({code})") for code, name in sorted(known.items(), key=lambda item: item[1])]


@dataclass(frozen=True)
class Shown:
    """The picture that is there, as the file input names and links it."""

    url: str

    def __str__(self) -> str:
        return gettext("the picture in use")


class PictureInput(forms.ClearableFileInput):
    """Links the present picture at the desk; media files have no address of their own."""

    template_name = "admin/widgets/clearable_file_input.html"

    def format_value(self, value: Any) -> Shown | None:
        if not self.is_initial(value) or value.instance.pk is None:
            return None
        return Shown(reverse("admin:letters_letter_picture", args=[value.instance.pk]))


class PictureField(forms.FileField):
    """A picture, decoded and written anew; see ``letters.pictures``."""

    widget = PictureInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        return pictures.checked(upload) if isinstance(upload, UploadedFile) else upload


class TimeForm(forms.Form):
    """A step that asks for a moment, in the zone of the letter that ``options`` names."""

    needed = True
    when = ZonedTimeField(error_messages={"required": _("Give the date and the time.")})

    def __init__(self, *args: Any, options: dict[str, Any], **kwargs: Any) -> None:
        self.letter = options["letter"]
        super().__init__(*args, **kwargs)
        self.fields["when"].label = self.label_of()
        self.fields["when"].help_text = gettext("In the time of %(zone)s.") % {
            "zone": self.letter.time_zone.replace("_", " ")
        }

    def label_of(self) -> str:
        return gettext("Date and time")

    def clean_when(self) -> datetime | None:
        return in_zone(self.cleaned_data["when"], self.letter.zone)


class ReleaseForm(TimeForm):
    def label_of(self) -> str:
        return gettext("Release on")


class ExtendForm(TimeForm):
    """A later close of signing, or none."""

    when = ZonedTimeField(required=False)
    no_close = forms.BooleanField(label=_("No close: signing stays open"), required=False)

    def label_of(self) -> str:
        return gettext("New close of signing")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("when")) == bool(data.get("no_close")):
            raise ValidationError(gettext("Give the new close of signing, or choose no close."))
        return data
