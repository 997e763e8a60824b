"""The languages of a letter in the desk: what there is, and each translation beside the text that decides."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from js_asset import Media, Script

from letters import languages, texts
from letters.admin.base import Step
from letters.admin.revising import CorrectForm
from letters.admin.shown import in_zone
from letters.admin.text_form import AddTextForm, TranslationForm, pairs, since
from letters.models import Letter, LetterText
from letters.public import moment
from letters.services import translating, writing
from letters.services.errors import Refused
from letters.typed import whole
from letters.wording import happened

CHANGE = "letters.change_letter"


@dataclass(frozen=True)
class Tongue:
    """A text among a letter's, as the desk lists it."""

    text: LetterText
    name: str
    own_name: str
    url: str
    is_stale: bool
    is_public: bool  # in the version that readers see
    is_ahead: bool  # and the working copy says something else


def tongues(letter: Letter) -> list[Tongue]:
    """The letter's texts, the authoritative one first."""
    public = letter.current_version.content["texts"] if letter.current_version else {}
    rows = sorted(letter.texts.all(), key=lambda text: (not text.is_authoritative, text.language))
    return [
        Tongue(
            text=text,
            name=languages.name_here(text.language),
            own_name=languages.own_name(text.language),
            url="" if text.is_authoritative else text_url(letter, text.language),
            is_stale=text.is_stale(letter.text),
            is_public=text.language in public,
            is_ahead=text.language in public and text.words() != public[text.language],
        )
        for text in rows
    ]


def text_url(letter: Letter, language: str) -> str:
    return reverse("admin:letters_letter_text", args=[letter.pk, language])


# --- Publishing them


def publish(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    version = translating.publish_translations(
        letter, reason=data.get("reason", ""), actor=request.user, at=moment(request)
    )
    return _("The translations are public, as version %(number)s of the text.") % {"number": version.number}


def says_publish(letter: Letter, request: HttpRequest) -> list[str]:
    waiting = translating.to_publish(letter)
    present = letter.current_version.content["texts"] if letter.current_version else {}
    says = [
        (
            _("The text in %(language)s that readers see is replaced by the one that is ready.")
            if tag in present
            else _("The text in %(language)s becomes public beside the others.")
        )
        % {"language": languages.name_here(tag)}
        for tag in waiting
    ]
    left = [
        languages.name_here(item.text.language)
        for item in tongues(letter)
        if item.text.language not in waiting and item.is_ahead | (not item.is_public)
    ]
    if left:
        says.append(
            _("Left as they are, since they are drafts or do not follow the present text: %(languages)s.")
            % {"languages": ", ".join(left)}
        )
    return [
        *says,
        _(
            "The text gets a new version with the same words in the language that decides. Signatures stay as they are; nobody is written to."
        ),
    ]


def may_publish(letter: Letter, at: Any) -> bool:
    return letter.stage != Letter.Stage.WITHDRAWN and bool(translating.to_publish(letter))


class PublishForm(CorrectForm):
    """Why, where readers see another text than before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not translating.replaced(self.options["letter"]):
            del self.fields["reason"]


PUBLISH = Step(
    "publish-translations",
    _l("Publish the translations"),
    "letters.release_letter",
    publish,
    may_publish,
    says_publish,
    PublishForm,
    group="text",
    seen=lambda letter: (
        [letter.current_version_id, translating.translated_content(letter)]
        if letter.current_version_id
        else None
    ),
)


# --- Writing them


class LetterTexts:
    """Adds the pages of a letter's translations to the letters' page of the desk."""

    admin_site: Any
    opts: Any
    found: Any
    row_url: Any
    message_user: Any
    has_change_permission: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        place = "<int:letter_id>/texts/"
        return [
            path(f"{place}add/", view(self.add_text), name="letters_letter_add_text"),
            path(f"{place}<slug:language>/", view(self.text_page), name="letters_letter_text"),
            path(
                f"{place}<slug:language>/remove/", view(self.remove_text), name="letters_letter_remove_text"
            ),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def written(self, request: HttpRequest, letter_id: int) -> Letter:
        """The letter whose texts are written; only those who may change it write or read working copies."""
        letter = self.found(request, str(letter_id))
        if not self.has_change_permission(request, letter):
            raise PermissionDenied
        return letter

    def add_text(self, request: HttpRequest, letter_id: int) -> HttpResponse:
        """Asks for the language; the text itself begins on its own page, so nothing empty is stored."""
        letter = self.written(request, letter_id)
        form = AddTextForm(request.GET if "language" in request.GET else None, letter=letter)
        if form.is_valid():
            return redirect(text_url(letter, form.cleaned_data["language"]))
        context = self.page(request, letter, _("Add a language")) | {"form": form}
        return TemplateResponse(request, "admin/letters/letter/add_text.html", context)

    def text_page(self, request: HttpRequest, letter_id: int, language: str) -> HttpResponse:
        """One translation beside the text that decides; POST saves the working copy."""
        letter = self.written(request, letter_id)
        if language == letter.language or letter.text is None:
            return redirect(self.row_url(letter))
        text = letter.texts.filter(language=language).first()
        if text is None and language not in languages.known_languages():
            raise Http404
        text = text or LetterText(letter=letter, language=language)
        form = TranslationForm(request.POST or None, instance=text, source=letter.text)
        if request.method == "POST" and form.is_valid() and self.save_text(request, letter, form):
            self.message_user(request, self.saved_words(letter, form), messages.SUCCESS)
            place = request.path if "_continue" in request.POST else self.row_url(letter)
            return redirect(place)
        return self.text_answer(request, letter, text, form)

    def save_text(self, request: HttpRequest, letter: Letter, form: TranslationForm) -> bool:
        """Whether the words were stored; else the form says why not."""
        language = form.instance.language
        try:
            with transaction.atomic():
                translating.locked(letter)
                if refusal := self.overtaken(letter, language, form.data.get("seen", "")):
                    raise Refused(refusal)
                writing.write_text(
                    letter,
                    language=language,
                    words=form.words(),
                    follows=form.follows(),
                    actor=request.user,
                    at=moment(request),
                )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return False
        return True

    def overtaken(self, letter: Letter, language: str, seen: str) -> str:
        """A sentence when somebody saved this text after the page was opened; else empty."""
        latest = translating.latest_edit(letter, language)
        known = whole(seen)
        if latest is None or (known is not None and latest.pk <= known):
            return ""
        return _(
            "%(who)s changed this text at %(when)s, after you opened this page: %(what)s. Nothing is saved yet. Compare with the text as it stands; to put yours in its place, save once more."
        ) % {
            "who": latest.actor or _("The site itself"),
            "what": happened(latest.kind),
            "when": in_zone(latest.at, letter),
        }

    def saved_words(self, letter: Letter, form: TranslationForm) -> str:
        name = {"language": languages.name_here(form.instance.language)}
        if form.cleaned_data["state"] != LetterText.State.READY:
            return _("The text in %(language)s is saved as a draft.") % name
        if not letter.is_frozen:
            return _("The text in %(language)s is ready: it is opened with the letter.") % name
        text = letter.texts.get(language=form.instance.language)
        if text.is_stale(letter.text):
            return (
                _(
                    "The text in %(language)s is saved. It does not follow the text that decides yet: compare the two and tick the box."
                )
                % name
            )
        if letter.text and letter.text.words_digest != letter.current_version.source_digest:  # type: ignore[union-attr]
            return (
                _(
                    "The text in %(language)s is ready: it becomes public with the change of the text that decides."
                )
                % name
            )
        return _("The text in %(language)s is ready. Publish the translations to show it to readers.") % name

    def text_answer(
        self, request: HttpRequest, letter: Letter, text: LetterText, form: TranslationForm
    ) -> HttpResponse:
        stored = None if text.pk is None else LetterText.objects.select_related("letter").get(pk=text.pk)
        latest = translating.latest_edit(letter, text.language)
        scripts = Media(js=[Script("js/desk-form.js", defer=True), Script("js/desk-paste.js", defer=True)])
        title = _("%(language)s text") % {"language": languages.name_here(text.language)}
        context = self.page(request, letter, title) | {
            "form": form,
            "text": text,
            "source": letter.text,
            "source_note": texts.render(letter.text.standfirst, prefix="source-note"),
            "source_name": languages.name_here(letter.language),
            "text_name": languages.name_here(text.language),
            "own_name": languages.own_name(text.language),
            "pairs": pairs(form, letter.text),
            "seen": latest.pk if latest else 0,
            "stale": stored is not None and stored.is_stale(letter.text),
            "comparisons": since(letter, stored),
            "is_revised": letter.current_version is not None
            and letter.text.words_digest != letter.current_version.source_digest,
            "is_new": stored is None,
            "is_public": letter.current_version is not None
            and text.language in letter.current_version.content["texts"],
            "removable": stored is not None and not translating.why_kept(stored),
            "preview_url": reverse("admin:letters_letter_preview", args=[letter.pk]) + f"?in={text.language}",
            # The editor's import map is an inline script; the nonce lets it pass the policy of the page.
            "media": Media.from_media(form.media + scripts).with_nonce(str(request.csp_nonce)),  # type: ignore[attr-defined]
        }
        status = 422 if form.is_bound and form.errors else 200
        return TemplateResponse(request, "admin/letters/letter/text.html", context, status=status)

    def remove_text(self, request: HttpRequest, letter_id: int, language: str) -> HttpResponse:
        """A page that asks, and a POST that removes the working copy."""
        letter = self.written(request, letter_id)
        text = letter.texts.filter(language=language).first()
        if text is None:
            raise Http404
        name = languages.name_here(language)
        if request.method == "POST":
            try:
                translating.remove_translation(
                    letter, language=language, actor=request.user, at=moment(request)
                )
            except Refused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
                return redirect(text_url(letter, language))
            self.message_user(
                request, _("The text in %(language)s is removed.") % {"language": name}, messages.SUCCESS
            )
            return redirect(self.row_url(letter))
        title = _("Remove the text in %(language)s") % {"language": name}
        context = self.page(request, letter, title) | {
            "text": text,
            "why_kept": translating.why_kept(text),
            "back": text_url(letter, language),
        }
        return TemplateResponse(request, "admin/letters/letter/remove_text.html", context)

    def page(self, request: HttpRequest, letter: Letter, title: Any) -> dict[str, Any]:
        """What all these pages share."""
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": letter,
            "letter": letter,
            "title": title,
            "subtitle": format_lazy("{}", str(letter)),
            "row_url": self.row_url(letter),
            "has_view_permission": True,
        }
