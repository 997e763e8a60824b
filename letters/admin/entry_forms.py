"""The forms of what follows a letter: a response of the addressee with its file, an update."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters import attachments, texts
from letters.admin.base import DeskForm
from letters.admin.fields import languages
from letters.models import Letter, Response, Update


class EntryForm(DeskForm):
    """An entry's words; of a published one also what was corrected."""

    correction = forms.CharField(
        label=_l("What was corrected"),
        required=False,
        help_text=_l(
            "Readers see it beside the words, with the date. For example: the date of the hearing was wrong."
        ),
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry = self.instance
        published = entry.pk is not None and entry.published_at is not None
        self.initial["correction"] = ""  # what is corrected this time
        if "correction" in self.fields and not published:
            del self.fields["correction"]
        if "letter" in self.fields:
            self.fields["letter"].queryset = Letter.objects.for_list().exclude(current_version=None)
        if "language" in self.fields:
            rtl = " ".join(sorted(texts.RIGHT_TO_LEFT))
            present = entry.language or "en"
            self.fields["language"] = forms.ChoiceField(
                label=_("Language"), choices=languages(present), initial=present, widget=forms.Select(attrs={"data-rtl": rtl}),
            )  # fmt: skip
        for name in ("title", "body", "from_whom"):
            if name in self.fields:
                self.fields[name].widget.attrs |= {"dir": entry.direction, "lang": entry.language}


class ResponseInput(forms.ClearableFileInput):
    """Links the present file at the desk; media files have no address of their own."""

    template_name = "admin/widgets/clearable_file_input.html"

    def format_value(self, value: Any) -> Any:
        if not self.is_initial(value) or value.instance.pk is None:
            return None
        return StoredFile(reverse("admin:letters_response_file", args=[value.instance.pk]))


class StoredFile(str):
    """The address of a stored file, which is named by what it is."""

    @property
    def url(self) -> str:
        return str.__str__(self)

    def __str__(self) -> str:
        return str(_("the file in use"))


class ResponseFileField(forms.FileField):
    """A PDF, a Word document or a picture; see ``letters.attachments``."""

    widget = ResponseInput(attrs={"accept": attachments.ACCEPT})

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        return attachments.checked(upload) if isinstance(upload, UploadedFile) else upload


class ResponseForm(EntryForm):
    file = ResponseFileField(
        label=_l("File"),
        required=False,
        help_text=_l("The response as it came: PDF, Word (.docx) or a picture. Readers can download it."),
    )

    class Meta:
        model = Response
        fields = ("letter", "dated", "from_whom", "language", "body", "file")
        widgets = {
            "dated": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "from_whom": forms.TextInput(attrs={"size": 70}),
        }


class UpdateForm(EntryForm):
    class Meta:
        model = Update
        fields = ("letter", "dated", "title", "language", "body")
        widgets = {
            "dated": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "title": forms.TextInput(attrs={"size": 70}),
        }
