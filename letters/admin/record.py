"""What happened, text versions, topics and switches in the desk."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.about import about
from letters.admin.base import DeskAdmin, ReadOnlyAdmin
from letters.admin.shown import DASH, change_link, in_utc, in_zone
from letters.models import Event, Letter, Switch, TextVersion, Topic
from letters.public import moment
from letters.services import editing
from letters.typed import whole
from letters.wording import happened

CHOICES = 300


class LetterFilter(SimpleListFilter):
    """By letter; the titles of the choices cost two queries, however many letters there are."""

    title, parameter_name = _l("letter"), "letter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        letters = self.choosable().select_related("current_version").prefetch_related("texts").order_by("-id")
        return [(str(letter.pk), str(letter)) for letter in letters[:CHOICES]]

    def choosable(self) -> QuerySet[Letter]:
        return Letter.objects.all()

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        return queryset.filter(letter=number) if (number := whole(value)) else queryset


class ActorFilter(SimpleListFilter):
    title, parameter_name = _l("by"), "actor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        people = User.objects.filter(is_staff=True).order_by("username")
        return [("none", _("Nobody of the desk")), *((str(user.pk), user.get_username()) for user in people)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        if value == "none":
            return queryset.filter(actor=None)
        return queryset.filter(actor=number) if (number := whole(value)) else queryset


class KindFilter(SimpleListFilter):
    title, parameter_name = _l("what"), "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        kinds = Event.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, happened(kind)) for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class SubjectFilter(SimpleListFilter):
    """The record of one row, as its page links to it; shown only while it is in use."""

    title, parameter_name = _l("about"), "subject"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        value = self.value()
        return [(value, about([value], request.user)[value].words)] if value else []

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(subject=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("when", "what", "letter_shown", "about_shown", "actor", "note_shown")
    list_filter = (SubjectFilter, KindFilter, LetterFilter, ActorFilter)
    search_fields = ("kind", "subject", "note", "letter__slug", "letter__texts__title", "actor__username")
    search_help_text = _l("What, about, note, letter, person")
    list_select_related = ("actor", "letter__current_version")
    fields = ("when", "what", "letter_shown", "about_shown", "actor", "note", "changes")
    change_form_template = "admin/letters/event/change_form.html"
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("letter__texts")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list with what each event is about, asked for all at once."""
        changelist = super().get_changelist_instance(request)
        changelist.result_list = list(changelist.result_list)
        found = about([event.subject for event in changelist.result_list], request.user)
        for event in changelist.result_list:
            event.about = found.get(event.subject)
        return changelist

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        event = kwargs["obj"]
        event.about = about([event.subject], request.user).get(event.subject)
        context["title"] = happened(event.kind)
        context["subtitle"] = event.about.words if event.about else event.letter or ""
        return super().render_change_form(request, context, *args, **kwargs)

    def record_url(self, row: Event) -> str:
        same = (
            f"?subject={row.subject}" if row.subject else f"?letter={row.letter_id}" if row.letter_id else ""
        )
        return reverse("admin:letters_event_changelist") + same

    @admin.display(description=_l("when"), ordering="at")
    def when(self, event: Event) -> str:
        return in_utc(event.at)

    @admin.display(description=_l("what"), ordering="kind")
    def what(self, event: Event) -> str:
        return happened(event.kind)

    @admin.display(description=_l("letter"))
    def letter_shown(self, event: Event) -> SafeString | str:
        return change_link(event.letter) if event.letter else DASH

    @admin.display(description=_l("about"), ordering="subject")
    def about_shown(self, event: Event) -> SafeString | str:
        return str(event.about or DASH)  # type: ignore[attr-defined]

    @admin.display(description=_l("note"))
    def note_shown(self, event: Event) -> str:
        return event.note if len(event.note) <= 80 else event.note[:79] + "…"

    @admin.display(description=_l("before and after"))
    def changes(self, event: Event) -> SafeString | str:
        before, after = event.before or {}, event.after or {}
        names = [*before, *(name for name in after if name not in before)]
        if not names:
            return DASH
        rows = format_html_join(
            "",
            "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>",
            ((n, plain(before.get(n)), plain(after.get(n))) for n in names),
        )
        head = format_html(
            "<thead><tr><td></td><th scope='col'>{}</th><th scope='col'>{}</th></tr></thead>",
            _("Before"),
            _("After"),
        )
        return format_html('<table class="desk-table">{}<tbody>{}</tbody></table>', head, rows)


def plain(value: Any) -> str:
    """A value of an event, to be read."""
    if value is None or value == "":
        return DASH
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@admin.register(TextVersion)
class TextVersionAdmin(ReadOnlyAdmin):
    list_display = ("letter_shown", "number", "digest", "created_shown")
    list_display_links = ("number",)
    list_select_related = ("letter__current_version",)
    list_filter = (LetterFilter,)
    search_fields = ("digest", "letter__slug")
    search_help_text = _l("Digest, address of the letter")
    ordering = ("-created_at", "number")
    fields = ("letter_shown", "number", "digest", "created_shown", "exact_text")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_l("letter"))
    def letter_shown(self, version: TextVersion) -> SafeString:
        return change_link(version.letter, version.title)

    @admin.display(description=_l("frozen"), ordering="created_at")
    def created_shown(self, version: TextVersion) -> str:
        return in_zone(version.created_at, version.letter)

    @admin.display(description=_l("exact text"))
    def exact_text(self, version: TextVersion) -> SafeString:
        return format_html('<pre class="desk-pre" dir="auto" tabindex="0">{}</pre>', version.canonical)


@admin.register(Topic)
class TopicAdmin(DeskAdmin):
    list_display = ("name", "slug")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        before = Topic.objects.filter(pk=obj.pk).values("name", "slug").first() or {}
        super().save_model(request, obj, form, change)
        kind = "topic.changed" if change else "topic.created"
        after = {"name": obj.name, "slug": obj.slug}
        editing.note_change(kind, obj, actor=request.user, at=moment(request), before=before, after=after)

    def delete_model(self, request: HttpRequest, obj: Topic) -> None:
        facts = {"name": obj.name, "slug": obj.slug, "letters": obj.letters.count()}
        editing.note_change(
            "topic.deleted",
            obj,
            actor=request.user,
            at=moment(request),
            before=facts,
            after=dict.fromkeys(facts),
        )
        super().delete_model(request, obj)


@admin.register(Switch)
class SwitchAdmin(DeskAdmin):
    list_display = ("name", "stopped")
    fields = ("name", "stopped")
    readonly_fields = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Switch, form: Any, change: bool) -> None:
        editing.turn(obj, stopped=obj.stopped, actor=request.user, at=moment(request))

    def record_url(self, row: Any) -> str:
        return super().record_url(row).rpartition(":")[0] + f":{row.name}"
