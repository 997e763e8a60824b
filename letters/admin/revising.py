"""Changing a text that was opened for signing: a page to work on a copy of it, and the steps that make a correction of it."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import inlineformset_factory
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from js_asset import Media, Script

from letters import changes, texts
from letters.admin.base import ReasonForm, Step, reason_field
from letters.admin.letter_around import LABELS, NamedFormSet
from letters.admin.letter_form import TextForm
from letters.admin.letter_says import Sentences
from letters.models import Addressee, Letter, LetterText
from letters.public import moment
from letters.services import editing, revising
from letters.services.errors import Refused
from letters.services.life import locked
from letters.typed import whole

CHANGE, RELEASE = "letters.change_letter", "letters.release_letter"
Kind = revising.Kind


class WordsForm(TextForm):
    """The signed words of the authoritative text."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = LetterText
        fields = revising.WORDS
        widgets = {
            name: forms.TextInput(attrs={"size": 80}) for name in ("title", "place", "subject", "salutation")
        }


Addressees = inlineformset_factory(
    Letter,
    Addressee,
    formset=NamedFormSet,
    fields=("name", "function", "body", "email", "is_copy", "position"),
    labels=LABELS,
    extra=1,
    can_delete_extra=False,
)


class LetterRevising:
    """Adds the page on which a frozen text is worked on to the letters' page of the desk."""

    admin_site: Any
    opts: Any
    found: Any
    row_url: Any
    step_url: Any
    message_user: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.revise_view)
        own = path("<path:object_id>/text/", view, name="letters_letter_revise")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def revise_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form of the working copy, and below it what is different from the text that is signed."""
        letter = self.found(request, object_id)
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        if not revising.may_revise(letter):
            return HttpResponseRedirect(self.row_url(letter))
        latest = editing.latest_edit(letter)
        seen = {"seen": latest.pk if latest else 0}
        form = WordsForm(request.POST or None, instance=letter.text, initial=seen)
        rows = Addressees(request.POST or None, instance=letter, prefix="addressees")
        if request.method == "POST" and form.is_valid() and rows.is_valid():
            if self._saved(request, letter, form, rows):
                return HttpResponseRedirect(request.path)
            form.data = form.data.copy()
            form.data["seen"] = str(seen["seen"])
        return self._page(request, letter, form, rows)

    def _saved(self, request: HttpRequest, letter: Letter, form: WordsForm, rows: Any) -> bool:
        at = moment(request)
        words = {key: form.cleaned_data[key] for key in revising.WORDS}
        try:
            with transaction.atomic():
                self._refuse_overtaken(letter, form.cleaned_data["seen"])
                people = rows.save(commit=False)
                found = revising.revise(
                    letter,
                    words=words,
                    addressees=people,
                    removed=rows.deleted_objects,
                    actor=request.user,
                    at=at,
                )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return False
        said = _("Saved; nothing of it is public yet. What would change stands below.")
        self.message_user(
            request, said if found else _("Saved; it reads as the text that is signed."), messages.SUCCESS
        )
        return True

    def _refuse_overtaken(self, letter: Letter, seen: str) -> None:
        latest, known = editing.latest_edit(locked(letter)), whole(seen)
        if latest is not None and known is not None and latest.pk > known:
            raise Refused(
                _(
                    "%(who)s changed this letter after you opened this page. Nothing of yours is saved yet; to put it in the place of what stands there, save once more."
                )
                % {"who": latest.actor or _("The site itself")}
            )

    def _page(self, request: HttpRequest, letter: Letter, form: WordsForm, rows: Any) -> HttpResponse:
        fresh = Letter.objects.select_related("current_version").get(pk=letter.pk)
        found = revising.pending(fresh)
        scripts = Media(js=[Script("js/desk-form.js", defer=True), Script("js/desk-paste.js", defer=True)])
        media = Media.from_media(form.media + rows.media + scripts).with_nonce(str(request.csp_nonce))  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "original": letter, "title": _("Change the text"), "form": form, "rows": rows,
            "row_url": self.row_url(letter), "media": media, "comparisons": found, "many": len(fresh.texts.all()) > 1,
            "version": fresh.current_version, "hints": hints(found),
            "urls": {verb.partition("-")[0]: self.step_url(letter, verb) for verb in ("correct", "amend", "discard-changes")},
            "may_publish": request.user.has_perm(RELEASE), "has_view_permission": True,
            "rtl": " ".join(sorted(texts.RIGHT_TO_LEFT)),
        }  # fmt: skip
        return TemplateResponse(
            request, "admin/letters/letter/revise.html", context, status=422 if form.is_bound else 200
        )

    def revise_url(self, request: HttpRequest, letter: Letter) -> str:
        """Where this person can change the text; empty where not."""
        allowed = revising.may_revise(letter) and request.user.has_perm(CHANGE)
        return reverse("admin:letters_letter_revise", args=[letter.pk]) if allowed else ""


def hints(found: tuple[changes.Comparison, ...]) -> list[str]:
    """What speaks against calling it typographical, a sentence each."""
    said = []
    if changes.figures(found):
        said.append(_("A figure changes. That is seldom a correction."))
    if any(change.part in ("addressees", "copies") for item in found for change in item.changes):
        said.append(_("To whom the letter is, or how they are named, changes."))
    words = changes.word_count(found)
    if words > 12:
        said.append(
            ngettext("%(n)s word changes.", "%(n)s words change, taken out and put in together.", words)
            % {"n": words}
        )
    return said


# --- Steps


def has_changes(letter: Letter, at: datetime) -> bool:
    """Whether the working copy differs from the text that is signed."""
    return revising.may_revise(letter) and revising.is_changed(letter)


def correct(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    version = revising.correct(letter, reason=data["reason"], actor=request.user, at=moment(request))
    return _("The text is corrected: version %(number)s.") % {"number": version.number}


def discard(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    revising.discard(letter, actor=request.user, at=moment(request))
    return _("The changes are discarded; the working copy reads as the text that is signed.")


def says_correct(letter: Letter, request: HttpRequest) -> Sentences:
    return [
        _("The words below become the next version of the text. Every signature stands as before."),
        _(
            "A correction is for slips: spelling, punctuation, a wrong link. Where the meaning changes, amend instead."
        ),
        _("The letter’s page says “corrected”, with the date, your reason, and the difference word by word."),
        *hints(revising.pending(letter)),
    ]


def says_discard(letter: Letter, request: HttpRequest) -> Sentences:
    return [_("The changes below are thrown away. The text that is signed stays as it is.")]


def seen(letter: Letter, kind: str) -> Any:
    """What a step on the working copy shows: the text that is signed, and the one that it would become."""
    return [
        letter.current_version_id,
        revising.next_content(letter, kind) if letter.current_version_id else None,
    ]


class CorrectForm(ReasonForm):
    reason = reason_field(
        _l("Give the reason; it stands beside the change on the letter’s page."),
        help_text=_l("Public, beside the difference. For example: A misspelt name in the second paragraph."),
    )


STEPS = (
    Step(
        "correct",
        _l("Publish as a correction"),
        RELEASE,
        correct,
        has_changes,
        says_correct,
        CorrectForm,
        instead=("amend", "discard-changes"),
        group="text",
        seen=lambda letter: seen(letter, revising.Kind.CORRECTION),
    ),
    Step(
        "discard-changes",
        _l("Discard the changes"),
        CHANGE,
        discard,
        has_changes,
        says_discard,
        instead=("correct", "amend"),
        group="text",
        grave=True,
        seen=lambda letter: seen(letter, revising.Kind.CORRECTION),
    ),
)
