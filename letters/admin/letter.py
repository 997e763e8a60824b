"""Letters in the desk: the list with the next step, the form, the preview."""

import re
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import CheckboxSelectMultiple
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media

from letters.admin import letter_steps
from letters.admin.base import DeskAdmin, Step
from letters.admin.letter_form import AddresseeInline, GroupInline, LetterForm, LinkInline, TextInline
from letters.admin.shown import DASH, in_zone, mark, short, stage_of
from letters.models import Letter, LetterText
from letters.pages import letter_context
from letters.public import moment
from letters.services import editing, life, writing

BODY = re.compile(r"(<body\b[^>]*>)", re.IGNORECASE)
_l = gettext_lazy


class StageFilter(SimpleListFilter):
    """By stage, as an editor thinks of it."""

    title, parameter_name = _l("stage"), "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Open for signing")), ("scheduled", _("Release scheduled")), *Letter.Stage.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        at = moment(request)
        if self.value() == "open":
            return queryset.filter(pk__in=Letter.objects.signing_open(at).values("pk"))
        if self.value() == "scheduled":
            return queryset.filter(stage=Letter.Stage.PUBLISHED, release_at__gt=at)
        return queryset.filter(stage=self.value()) if self.value() in Letter.Stage else queryset


class MineFilter(SimpleListFilter):
    """Letters that the person edits."""

    title, parameter_name = _l("editors"), "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("My letters"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(editors=request.user.pk) if self.value() == "yes" else queryset


class LetterAdmin(DeskAdmin):
    form = LetterForm
    inlines: Any = (TextInline, AddresseeInline, LinkInline, GroupInline)
    steps: tuple[Step, ...] = letter_steps.STEPS
    change_form_template = "admin/letters/letter/change_form.html"
    list_display = ("titled", "stage_shown", "signatures_shown", "closes_shown", "next_step")
    list_display_links = ("titled",)
    list_filter = (StageFilter, MineFilter, "topics")
    search_fields = ("slug", "texts__title", "addressees__name", "addressees__body")
    search_help_text = _l("Title, address, addressee")
    ordering = ("-created_at", "-id")
    facts = ("stage_fact", "release_fact", "window_fact", "version_fact", "counts_fact", "link_fact", "delete_fact")
    formfield_overrides = {models.ManyToManyField: {"widget": CheckboxSelectMultiple}}

    class Media:
        css = {"all": ["desk.css"]}
        js = ["js/desk-form.js"]

    # --- The list

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("current_version").prefetch_related("texts")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.at = moment(request)
        return super().changelist_view(request, {"title": _("Letters"), **(extra_context or {})})

    @admin.display(description=_l("letter"), ordering="texts__title")
    def titled(self, letter: Letter) -> str:
        return str(letter)

    @admin.display(description=_l("stage"), ordering="stage")
    def stage_shown(self, letter: Letter) -> SafeString:
        return mark(*stage_of(letter, self.now(letter)))

    @admin.display(description=_l("signatures"), ordering="signature_count")
    def signatures_shown(self, letter: Letter) -> SafeString | str:
        parts = [str(letter.signature_count)]
        if letter.withheld_count:
            parts.append(_("%(n)s withheld") % {"n": letter.withheld_count})
        return ", ".join(parts)

    @admin.display(description=_l("signing closes"), ordering="closes_at")
    def closes_shown(self, letter: Letter) -> Any:
        return short(letter.closes_at, letter)

    @admin.display(description=_l("next step"))
    def next_step(self, letter: Letter) -> SafeString | str:
        words, url = letter_steps.next_step(letter, self.now(letter), self.waiting_of(letter))
        return format_html('<a class="desk-next" href="{}">{}</a>', url, words) if url else DASH

    def waiting_of(self, letter: Letter) -> int:
        """How many signatures of the letter wait for review."""
        return 0
