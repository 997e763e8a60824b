"""The form of one translation, each field beside what the text that decides says there."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters import texts
from letters.admin.fields import languages as language_choices
from letters.admin.letter_form import HEADING
from letters.changes import Comparison, compare
from letters.models import Letter, LetterText

DIGEST = re.compile(r"[0-9a-f]{64}")
SIGNED = ("title", "place", "subject", "salutation", "body", "closing")
BESIDE = ("translator_note", "standfirst")


class AddTextForm(forms.Form):
    """Which language is added."""

    language = forms.ChoiceField(label=_l("Language"))

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = {text.language for text in letter.texts.all()} | {letter.language}
        free = [item for item in language_choices() if item[0] not in present]
        self.fields["language"].choices = [("", _("Choose a language")), *free]


class TranslationForm(forms.ModelForm):
    """A working copy in one language, written in its direction. ``source`` is the authoritative text; the hidden field of
    that name holds the digest of its words as they stood beside the form."""

    state = forms.ChoiceField(label=_l("State"), choices=LetterText.State.choices, widget=forms.RadioSelect)
    checked = forms.BooleanField(label=_l("It follows the present text"), required=False)
    source = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = LetterText
        fields = (*SIGNED, *BESIDE, "state")
        widgets = {
            **{
                name: forms.TextInput(attrs={"class": "vTextField"})
                for name in ("place", "subject", "salutation")
            },
            "title": forms.Textarea(attrs={"rows": 2}),
            "closing": forms.Textarea(attrs={"rows": 3}),
            "translator_note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, source: LetterText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was_ready = self.instance.pk is not None and self.instance.state == LetterText.State.READY
        self.fields["title"].required = False
        self.initial["source"] = source.words_digest
        language = self.instance.language
        for name in (*SIGNED, *BESIDE):
            attrs = self.fields[name].widget.attrs
            attrs |= {"dir": texts.direction(language), "lang": language}
            attrs["class"] = f"{attrs.get('class', '')} desk-words vLargeTextField".strip()
        self.fields["standfirst"].help_text = _(
            "Stands above the letter for those who read it in this language. Left empty, they see the note of the text that decides."
        )
        self.fields["translator_note"].help_text = _(
            "Stands below the letter in this language, for example who translated it. Not part of what is signed."
        )

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("state") == LetterText.State.READY:
            if not data.get("title") and "title" not in self.errors:
                self.add_error("title", _("Write the title; a text that is ready has one."))
            if not texts.clean(data.get("body")) and "body" not in self.errors:
                self.add_error("body", _("Write the body; a text that is ready has one."))
        return data

    def clean_source(self) -> str:
        digest = self.cleaned_data["source"]
        if digest and not DIGEST.fullmatch(digest):
            raise ValidationError(_("This page was not sent whole; open it anew."))
        return digest

    def words(self) -> dict[str, str]:
        """The fields of ``LetterText`` that were typed."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def follows(self) -> str:
        """The digest of the authoritative words that the editor says the text follows, as they stood beside the form: said
        by the box, by setting it to ready, and by beginning it. Else empty."""
        became_ready = self.cleaned_data["state"] == LetterText.State.READY and not self.was_ready
        said = self.cleaned_data["checked"] or became_ready or self.instance._state.adding
        return self.cleaned_data["source"] if said else ""


@dataclass(frozen=True)
class Pair:
    """A field of the form and what stands there in the text that decides."""

    field: BoundField
    source: SafeString | str
    is_long: bool


def pairs(form: TranslationForm, source: LetterText | None) -> list[Pair]:
    """Field by field, in the order of the letter."""
    return [Pair(form[name], _shown(source, name), name == "body") for name in SIGNED if source is not None]


def _shown(source: LetterText, name: str) -> SafeString | str:
    """A part of the authoritative text as it is read."""
    if name == "body":
        body, notes = texts.laid_out(source.body, prefix="source")
        # Its headings are those of the letter, one level below the page's own.
        return mark_safe(HEADING.sub(lambda tag: f"{tag[1]}{int(tag[2]) + 1}>", body + notes))
    words = getattr(source, name)
    if name == "closing":
        lines = [line for line in words.splitlines() if line.strip()]
        return mark_safe("".join(format_html("<p>{}</p>", line) for line in lines))
    return format_html("<p>{}</p>", words) if words else ""


def since(letter: Letter, text: LetterText | None) -> tuple[Comparison, ...]:
    """How the authoritative words have changed since the translation was said to follow them, word by word; empty when
    they have not, or when what it followed is in no version (a draft's earlier words are not kept)."""
    source = letter.text
    if text is None or source is None or not text.is_stale(source):
        return ()
    versions = letter.versions.defer("canonical").order_by("-number")
    version = next((version for version in versions if version.source_digest == text.source_digest), None)
    if version is None:
        return ()
    language = version.content["language"]
    before = {**version.content, "texts": {language: version.content["texts"][language]}}
    return compare(before, {**before, "texts": {language: source.words()}})
