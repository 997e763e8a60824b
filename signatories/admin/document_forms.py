"""The forms of “New letter from a document”: the document, and the parts that were read, to be mended."""

import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import date
from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters import texts
from letters.admin.fields import languages
from letters.models import Addressee, Letter, LetterText, Topic
from letters.services.writing import tidied
from signatories.documents import (
    ENDINGS,
    PARTS,
    LeftOut,
    Mark,
    ReadAddressee,
    ReadLetter,
    Unreadable,
    read_letter,
)
from signatories.documents.wording import SURENESS, of_left_out, of_mark
from signatories.reading.files import LARGEST

PASTED = "pasted.txt"
LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})?")
LONGEST = 1_500_000  # characters of all parts: what comes back from the page has to fit into one request
LONG = ("standfirst", "body")
SHORT = ("title", "place", "subject", "salutation")


class DocumentForm(forms.Form):
    """A document, chosen or pasted; valid, it has been read: ``document`` and ``source``, its name."""

    file = forms.FileField(
        label=_l("Document"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=_l(
            "A Word document (.docx), a web page (.html), Markdown (.md) or text (.txt), of at most 5 MB. Links and footnotes are kept."
        ),
    )
    text = forms.CharField(
        label=_l("Or paste the text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField", "dir": "auto"}),
        help_text=_l("The letter as it stands, with an empty line between paragraphs."),
    )
    document: ReadLetter
    source = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        upload, text = data.get("file"), data.get("text") or ""
        if not upload and not text.strip():
            if not self.errors:
                raise ValidationError(_("Choose a document, or paste the text of the letter."))
            return data
        field = "file" if upload else "text"
        try:
            self.document = self._read(upload, text)
        except Unreadable as error:
            self.add_error(field, str(error))
        return data

    def _read(self, upload: UploadedFile | None, text: str) -> ReadLetter:
        if upload is None:
            return _fitting(read_letter(PASTED, text.encode()))
        self.source = upload.name or ""
        if (upload.size or 0) > LARGEST:
            raise Unreadable(_("“%(name)s” is larger than 5 MB.") % {"name": self.source})
        found = _fitting(read_letter(self.source, upload.read()))
        if text.strip():  # one of the two is the letter
            found = replace(found, left_out=[*found.left_out, LeftOut("pasted", 0, " ".join(text.split()))])
        return found


def _fitting(document: ReadLetter) -> ReadLetter:
    held = [document.body, document.standfirst, document.closing, document.signatories]
    held += [item.words for item in document.left_out]
    if sum(map(len, held)) > LONGEST:
        raise Unreadable(
            _("The document is longer than any letter: it holds more than 1.5 million characters.")
        )
    return document


@dataclass(frozen=True)
class Account:
    """What is told of a reading beside its parts; it travels with the form."""

    marks: dict[str, Mark]
    left_out: list[LeftOut]
    unit: str
    source: str

    @classmethod
    def of(cls, document: ReadLetter, source: str) -> "Account":
        return cls(document.marks, document.left_out, document.unit, source)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Account":
        """Raises ``ValueError``, ``TypeError`` or ``KeyError`` for what ``to_json`` did not write."""
        text.encode()  # half a character can be spelled out, and not be stored
        data = json.loads(text)
        marks = {part: Mark(**data["marks"][part]) for part in PARTS}
        left_out = [LeftOut(**item) for item in data["left_out"]]
        account = cls(marks, left_out, str(data["unit"]), str(data["source"]))
        account.to_json().encode()
        for mark in marks.values():
            of_mark(mark, account.unit)
            SURENESS[mark.sure]
        for item in left_out:
            of_left_out(item, account.unit)
        return account


class PartsForm(forms.ModelForm):
    """The parts of a letter as they were read, to be mended. ``account`` is what is told of the reading."""

    language = forms.ChoiceField(label=_l("Language"))
    date = forms.DateField(
        label=_l("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_l("As it stands on the letter. Left empty, it is the day of opening."),
    )
    topic = forms.CharField(
        label=_l("Topic"),
        required=False,
        max_length=Topic._meta.get_field("name").max_length,
        help_text=_l("One that is not there yet is made."),
    )
    credit = forms.CharField(
        label=_l("Picture credit"),
        required=False,
        max_length=Letter._meta.get_field("picture_credit").max_length,
        help_text=_l("The picture itself is added in the letter’s form."),
    )
    signatories = forms.CharField(
        label=_l("Signatories"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField", "dir": "auto"}),
        help_text=_l(
            "One a line; groups under a line that begins with #. A draft carries no signatures: the list waits with the draft, and is added once the letter is open."
        ),
    )
    reading = forms.CharField(widget=forms.HiddenInput)
    account: Account | None = None

    class Meta:
        model = LetterText
        fields = (*SHORT, *LONG, "closing")
        widgets = {
            **{name: forms.TextInput(attrs={"size": 80}) for name in SHORT},
            "closing": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = str(self["language"].value() or "en")
        present = present if LANGUAGE_TAG.fullmatch(present) else "en"
        self.fields["language"].choices = languages(present)  # type: ignore[attr-defined]
        self.fields["language"].widget.attrs["data-rtl"] = " ".join(sorted(texts.RIGHT_TO_LEFT))
        for name in (*SHORT, *LONG, "closing"):
            attrs = self.fields[name].widget.attrs
            attrs |= {"dir": texts.direction(present), "lang": present}
            attrs["class"] = f"{attrs.get('class', '')} desk-words vLargeTextField".strip()
        self.fields["title"].error_messages["required"] = _("Write the title.")

    def clean_reading(self) -> Account:
        try:
            self.account = Account.from_json(self.cleaned_data["reading"])
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValidationError(_("This page was not sent whole; choose the document anew.")) from error
        return self.account

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if not texts.clean(body):
            raise ValidationError(_("Write the body; nothing was read as it, or it was emptied."))
        return body

    def document(self, people: list[ReadAddressee]) -> ReadLetter:
        """The letter as it was mended, with its addressees."""
        data = self.cleaned_data
        closing = "".join(f"<p>{escape(line)}</p>" for line in data["closing"].splitlines())
        day: date | None = data["date"]
        return ReadLetter(
            **{name: data[name] for name in (*SHORT, *LONG, "topic", "language", "signatories")},
            date=day,
            addressees=people,
            closing=closing,
            picture_credit=data["credit"],
            first_list_line=0,
        )


class AddresseeForm(forms.ModelForm):
    """One addressee, or who gets a copy."""

    class Meta:
        model = Addressee
        fields = ("name", "function", "body", "is_copy")
        labels = {"is_copy": _l("In copy (cc)")}

    def person(self) -> ReadAddressee | None:
        """As it was mended; None for an empty row."""
        data = self.cleaned_data
        if not any(data.get(name) for name in ("name", "function", "body")):
            return None
        return ReadAddressee(data["name"], data["function"], data["body"], data["is_copy"])

    def _post_clean(self) -> None:
        """A row of nobody is left out, so that it breaks no rule of the stored one."""


AddresseeForms = formset_factory(AddresseeForm, extra=1)


def initial_of(document: ReadLetter, source: str) -> dict[str, Any]:
    """What the form of the parts begins with."""
    words = {name: getattr(document, name) for name in (*SHORT, *LONG)}
    words["closing"] = texts.plain_lines(document.closing)
    return {
        **{name: tidied(name, value) for name, value in words.items()},
        **{name: getattr(document, name) for name in ("language", "date", "topic", "signatories")},
        "credit": document.picture_credit,
        "reading": Account.of(document, source).to_json(),
    }


def people_of(document: ReadLetter) -> list[dict[str, Any]]:
    return [asdict(person) for person in document.addressees]
