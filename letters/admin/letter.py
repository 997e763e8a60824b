"""Letters in the desk: the list with the next step, the form, the preview."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db import models, transaction
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media, Script

from letters.admin import letter_steps, revising
from letters.admin.base import DeskAdmin, Step
from letters.admin.letter_around import AddresseeInline, GroupInline, LinkInline
from letters.admin.letter_facts import LetterFacts
from letters.admin.letter_form import LetterForm, TextInline
from letters.admin.letter_texts import PUBLISH, LetterTexts, tongues
from letters.admin.preview import LetterPreview
from letters.admin.revising import LetterRevising
from letters.admin.shown import DASH, mark, short, stage_of
from letters.changes import compare
from letters.models import Letter, LetterText
from letters.public import moment
from letters.services import editing, life, translating, writing
from letters.services import revising as revise
from letters.services.life import locked

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


def untaken(request: HttpRequest, letter: Letter) -> list[tuple[str, str]]:
    """What was typed into a form that knew nothing of the freezing of the words, to be copied: (field, words)."""
    stored = {name: getattr(letter.text, name, "") for name in writing.SIGNED_WORDS}
    typed = {name: request.POST.get(f"texts-0-{name}") for name in stored}
    label = LetterText._meta.get_field
    return [
        (str(label(name).verbose_name), words)  # type: ignore[union-attr]
        for name, words in typed.items()
        if words and words != stored[name]
    ]


class LetterAdmin(LetterFacts, LetterTexts, LetterPreview, LetterRevising, DeskAdmin):
    form = LetterForm
    inlines: Any = (TextInline, AddresseeInline, LinkInline, GroupInline)
    steps: tuple[Step, ...] = (*revising.STEPS, PUBLISH, *letter_steps.STEPS)
    step_groups = (
        ("text", _l("Text")),
        ("", _l("Release and signing")),
        ("link", _l("Private link")),
        ("after", _l("After that")),
        ("end", ""),
    )
    change_form_template = "admin/letters/letter/change_form.html"
    list_display = ("titled", "stage_shown", "signatures_shown", "closes_shown", "next_step")
    list_display_links = ("titled",)
    list_filter = (StageFilter, MineFilter, "topics")
    search_fields = ("slug", "texts__title", "addressees__name", "addressees__body")
    search_help_text = _l("Title, address, addressee")
    ordering = ("-created_at", "-id")
    facts = (
        "stage_fact",
        "release_fact",
        "window_fact",
        "version_fact",
        "counts_fact",
        "documents_fact",
        "following_fact",
        "link_fact",
        "delete_fact",
    )
    formfield_overrides = {models.ManyToManyField: {"widget": CheckboxSelectMultiple}}

    class Media:
        js = [Script("js/desk-form.js", defer=True), Script("js/desk-paste.js", defer=True)]

    # --- The list

    def get_queryset(self, request: HttpRequest) -> Any:
        now = models.Value(moment(request), output_field=models.DateTimeField())
        return (
            super()
            .get_queryset(request)
            .annotate(desk_at=now)
            .select_related("current_version")
            .prefetch_related("texts")
        )

    @admin.display(description=_l("letter"))
    def titled(self, letter: Letter) -> SafeString:
        return format_html('<bdi lang="{}">{}</bdi>', letter.language, letter)

    @admin.display(description=_l("stage"), ordering="stage")
    def stage_shown(self, letter: Letter) -> SafeString:
        return mark(*stage_of(letter, letter.desk_at))  # type: ignore[attr-defined]

    @admin.display(description=_l("signatures"), ordering="signature_count")
    def signatures_shown(self, letter: Letter) -> str:
        if not letter.withheld_count:
            return str(letter.signature_count)
        return _("%(all)s, %(n)s of them withheld") % {
            "all": letter.signature_count,
            "n": letter.withheld_count,
        }

    @admin.display(description=_l("signing closes"), ordering="closes_at")
    def closes_shown(self, letter: Letter) -> Any:
        return short(letter.closes_at, letter)

    @admin.display(description=_l("next step"))
    def next_step(self, letter: Letter) -> SafeString | str:
        words, url = letter_steps.next_step(letter, letter.desk_at, self.waiting_of(letter))  # type: ignore[attr-defined]
        return format_html('<a class="desk-next" href="{}">{}</a>', url, words) if url else DASH

    def waiting_of(self, letter: Letter) -> int:
        """How many signatures of the letter wait for review."""
        return 0

    # --- The form

    def get_fieldsets(self, request: HttpRequest, obj: Letter | None = None) -> Any:
        window = () if obj and obj.stage != Letter.Stage.DRAFT else ("opens_at", "closes_at")
        settings = [
            (
                _("The letter"),
                {
                    "fields": (
                        "language_fact" if obj and obj.is_frozen else "language",
                        "date",
                        "slug",
                        "topics",
                        "replies_to",
                    )
                },
            ),
            (
                _("Signing"),
                {
                    "fields": (
                        "accepts",
                        "policy",
                        "order",
                        "asks_names",
                        "lists_in_circulation",
                        *window,
                        "time_zone",
                    )
                },
            ),
            (_("Picture"), {"fields": ("picture", "picture_alt", "picture_credit")}),
            (
                _("Contact, data, editors"),
                {"fields": ("contact_name", "contact_email", "retention_months", "editors")},
            ),
        ]
        return [(_("Where it stands"), {"fields": self.facts}), *settings] if obj else settings

    def get_readonly_fields(self, request: HttpRequest, obj: Letter | None = None) -> tuple[str, ...]:
        frozen = ("language_fact", "date") if obj and obj.is_frozen else ()
        window = ("opens_at", "closes_at") if obj and obj.stage != Letter.Stage.DRAFT else ()
        return (*self.facts, *frozen, *window)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("replies_to", "editors"):
            field.widget = (
                field.widget.widget
            )  # without the buttons that add, change and delete rows of their own
        return field

    def get_inlines(self, request: HttpRequest, obj: Letter | None) -> Any:
        return self.inlines if obj else [inline for inline in self.inlines if inline is not GroupInline]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"editors": [request.user.pk], **super().get_changeform_initial_data(request)}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        # The editor's import map is an inline script; the nonce lets it pass the policy of the page.
        context["media"] = Media.from_media(context["media"]).with_nonce(str(request.csp_nonce))  # type: ignore[attr-defined]
        letter = kwargs.get("obj")
        # What is written comes before what is set: the words stand between the first and the later fieldsets.
        fieldsets, inlines, first = (
            list(context["adminform"]),
            list(context["inline_admin_formsets"]),
            2 if letter else 1,
        )
        context |= {
            "front": fieldsets[:first],
            "back": fieldsets[first:],
            "words": inlines[:2],
            "around": inlines[2:],
        }
        if letter is not None:
            latest = editing.latest_edit(letter)
            context["seen"] = latest.pk if latest else 0
            context["untaken"] = untaken(request, letter) if letter.is_frozen else []
            context["problems"] = life.problems(letter) if letter.stage == Letter.Stage.DRAFT else []
            context["preview_url"] = reverse("admin:letters_letter_preview", args=[letter.pk])
            context["tongues"] = tongues(letter)
            context["public_url"] = letter.get_absolute_url() if letter.is_known(moment(request)) else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def record_url(self, row: Any) -> str:
        return reverse("admin:letters_event_changelist") + f"?letter={row.pk}"

    # --- Saving goes through the services

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Letter, form: Any, change: bool) -> None:
        at = moment(request)
        if change:
            editing.save_settings(obj, fields=form.fields, actor=request.user, at=at)
            return
        obj.slug = obj.slug or writing.new_slug(request.POST.get("texts-0-title", ""))
        obj.save()
        writing.prepare(obj, actor=request.user, at=at)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        relations = {
            name: form.cleaned_data[name] for name in ("topics", "editors") if name in form.cleaned_data
        }
        if not change:
            relations["editors"] = [*relations.get("editors", ()), request.user]
        editing.set_relations(form.instance, actor=request.user, at=moment(request), **relations)
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        saved, at = formset.save(commit=False), moment(request)
        if formset.model is LetterText:
            for text in saved:
                self.write(request, form.instance, text, formset)
        elif saved or formset.deleted_objects:
            deleted = formset.deleted_objects
            editing.save_rows(
                form.instance, formset.model, saved=saved, deleted=deleted, actor=request.user, at=at
            )
            if formset.model is GroupInline.model:
                self.groups_changed(request, form.instance)

    def write(self, request: HttpRequest, letter: Letter, text: LetterText, formset: Any) -> None:
        """Writes one text's words that were in the form."""
        stored = (
            LetterText.objects.filter(pk=text.pk, letter=letter).values_list("language", flat=True).first()
        )
        words = {name: getattr(text, name) for name in TextInline.fields if name in formset.forms[0].fields}
        writing.write_text(
            letter, language=stored or letter.language, words=words, actor=request.user, at=moment(request)
        )

    def groups_changed(self, request: HttpRequest, letter: Letter) -> None:
        """After headings or their order changed."""

    # --- Deleting a draft

    def has_delete_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not editing.why_kept(obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return (
            [
                _("The draft “%(title)s”, its text, addressees and links.") % {"title": letter}
                for letter in objs
            ],
            {},
            set(),
            [],
        )

    def delete_model(self, request: HttpRequest, obj: Letter) -> None:
        editing.delete_draft(obj, actor=request.user, at=moment(request))

    # --- Steps

    def held(self, row: Letter) -> Letter:
        return locked(row)

    def links_for(self, request: HttpRequest, row: Letter) -> list[dict[str, Any]]:
        url = self.revise_url(request, row)
        return [{"group": "text", "url": url, "words": _("Change the text")}] if url else []

    def next_for(self, request: HttpRequest, row: Letter) -> tuple[str, str]:
        waiting = self.waiting_of(row)
        words, url = letter_steps.next_step(row, moment(request), waiting)
        if waiting:
            return url, words
        if row.stage != Letter.Stage.PUBLISHED or row.is_scheduled(moment(request)) or row.signing_stopped:
            return url, ""
        return (self.revise_url(request, row) if revising.has_changes(row, moment(request)) else ""), ""

    def step_options(self, row: Letter) -> dict[str, Any]:
        return {"options": {"letter": row}}

    def step_context(self, request: HttpRequest, row: Letter, step: Step) -> dict[str, Any]:
        opening = row.stage == Letter.Stage.DRAFT and step.verb in ("circulate", "release", "schedule")
        context: dict[str, Any] = {"problems": life.problems(row) if opening else [], "checked": opening}
        if step.verb in ("correct", "amend", "discard-changes"):
            kind = revising.Kind.AMENDMENT if step.verb == "amend" else revising.Kind.CORRECTION
            context |= {"comparisons": revise.pending(row, kind), "many": len(row.texts.all()) > 1}
        if step.verb == "publish-translations" and row.current_version is not None:
            found = compare(row.current_version.content, translating.translated_content(row))
            context |= {"comparisons": found, "many": True}
        return context
