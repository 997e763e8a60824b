"""What follows a letter in the desk: responses and updates are written as drafts, previewed, published, corrected."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from js_asset import Media, Script

from letters.admin.about import KINDS, Kind
from letters.admin.base import DeskAdmin, Step
from letters.admin.deliveries import VIEW, OfLetters
from letters.admin.entry_forms import ResponseForm, UpdateForm
from letters.admin.preview import page_with
from letters.admin.shown import DASH, change_url, in_zone, mark
from letters.following import anchor_of, corrections_of, ref
from letters.models import Delivery, Letter, Response, Update
from letters.models.following import Entry
from letters.proof import response_download
from letters.public import moment
from letters.services import following
from letters.services.life import locked
from letters.typed import whole

CHANGE, PUBLISH = "letters.change_letter", "letters.release_letter"


def publish(entry: Any, request: HttpRequest, data: dict[str, Any]) -> str:
    following.publish(entry, actor=request.user, at=moment(request))
    return _("It stands on the letter’s page. Signatories who asked for news are told.")


def says_publish(entry: Any, request: HttpRequest) -> list[str | SafeString]:
    return [
        _("It stands on the letter’s page at once, under its date."),
        _("Signatories who asked for news of the letter get it by mail, each once."),
        _("It cannot be taken back; it can be corrected, and readers see what was corrected."),
    ]


def is_ready(entry: Entry, at: Any) -> bool:
    letter: Letter = entry.letter  # type: ignore[attr-defined]
    return entry.published_at is None and letter.is_public(at)


class EntryAdmin(OfLetters, DeskAdmin):
    """Responses and updates: written as drafts, previewed, published, corrected."""

    change_form_template = "admin/letters/following/change_form.html"
    list_select_related = ("letter__current_version",)
    ordering = ("-id",)
    steps = (Step("publish", _l("Publish"), PUBLISH, publish, is_ready, says_publish, seen=following.facts),)
    facts = ("state_fact", "letter_shown", "corrections_fact")

    class Media:
        js = [Script("js/desk-form.js", defer=True), Script("js/desk-paste.js", defer=True)]

    def held(self, row: Any) -> Any:
        """Under the lock of its letter, which the services take first too."""
        locked(row.letter)
        return type(row).objects.get(pk=row.pk)

    # --- Who may

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(CHANGE))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(CHANGE))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(CHANGE)) and (obj is None or obj.published_at is None)

    # --- Pages

    def get_urls(self) -> list[URLPattern]:
        name = f"letters_{self.opts.model_name}_preview"
        return [
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview), name=name),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The letter's page as it will be with this entry published now."""
        entry = self.found(request, str(pk))
        stage = _("Published") if entry.published_at else _("Draft")
        return page_with(request, entry.letter, entry, stage=stage, back=change_url(entry))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        own = [name for name in self.form.Meta.fields if obj is None or name != "letter"]  # type: ignore[attr-defined]
        if obj is not None and obj.published_at is not None:
            own = ["correction", *own]
        return (
            [(_("Where it stands"), {"fields": self.facts}), (None, {"fields": own})]
            if obj
            else [(None, {"fields": own})]
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.facts

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        letter = Letter.objects.filter(pk=whole(request.GET.get("letter"))).first()
        if letter is None:
            return {"dated": timezone.localdate()}
        at = moment(request)
        return {
            "letter": letter.pk,
            "dated": at.astimezone(letter.zone).date(),
            "language": letter.language,
        } | self.offered(letter)

    def offered(self, letter: Letter) -> dict[str, Any]:
        """What a new entry of the letter begins with."""
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = Media.from_media(context["media"]).with_nonce(str(request.csp_nonce))  # type: ignore[attr-defined]
        entry = kwargs.get("obj")
        if entry is not None:
            latest = following.latest_change(entry)
            context["seen"] = latest.pk if latest else 0
            preview = reverse(f"admin:letters_{self.opts.model_name}_preview", args=[entry.pk])
            context["preview_url"] = f"{preview}#{anchor_of(entry)}"
            shown = entry.is_shown(moment(request)) and entry.letter.is_public(moment(request))
            context["public_url"] = f"{entry.letter.get_absolute_url()}#{anchor_of(entry)}" if shown else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "letter" and field is not None and hasattr(field.widget, "can_add_related"):
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = (
                False
            )
        return field

    # --- Saving goes through the service

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        seen = request.POST.get("seen", "")
        following.write(
            obj,
            actor=request.user,
            at=moment(request),
            correction=form.cleaned_data.get("correction") or "",
            seen=whole(seen) if change else None,
        )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return [_("The draft “%(title)s”.") % {"title": row} for row in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        following.delete_draft(obj, actor=request.user, at=moment(request))

    # --- Facts

    @admin.display(description=_l("state"))
    def state_fact(self, entry: Entry) -> SafeString:
        if entry.published_at is None:
            return mark("draft", _("Draft: only the desk sees it"))
        letter: Letter = entry.letter  # type: ignore[attr-defined]
        return mark("published", _("Published on %(when)s") % {"when": in_zone(entry.published_at, letter)})

    @admin.display(description=_l("state"), ordering="published_at")
    def state_shown(self, entry: Entry) -> SafeString:
        return mark("published", _("Published")) if entry.published_at else mark("draft", _("Draft"))

    @admin.display(description=_l("corrections"))
    def corrections_fact(self, entry: Entry) -> SafeString | str:
        letter: Letter = entry.letter  # type: ignore[attr-defined]
        found = corrections_of(letter, [entry]).get(ref(entry), [])
        lines = ((in_zone(item.at, letter), item.words) for item in found)
        return format_html_join("", "<p>{}: {}</p>", lines) or DASH


@admin.register(Response)
class ResponseAdmin(EntryAdmin):
    form = ResponseForm
    list_display = ("from_whom", "dated", "state_shown", "letter_shown")
    search_fields = ("from_whom", "letter__slug")
    search_help_text = _l("From whom, address of the letter")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file)
        return [path("<int:pk>/file/", view, name="letters_response_file"), *super().get_urls()]

    def file(self, request: HttpRequest, pk: int) -> Any:
        """The file of any response, also of a draft, for the desk."""
        response = self.found(request, str(pk))
        if not response.file:
            raise Http404
        answer = response_download(request, response)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def offered(self, letter: Letter) -> dict[str, Any]:
        first = letter.addressees.filter(is_copy=False).first()
        return {"from_whom": str(first)} if first else {}


@admin.register(Update)
class UpdateAdmin(EntryAdmin):
    form = UpdateForm
    list_display = ("title", "dated", "state_shown", "letter_shown")
    search_fields = ("title", "letter__slug")
    search_help_text = _l("Title, address of the letter")


def _names(model: Any) -> Any:
    return lambda wanted: {row.pk: str(row) for row in model.objects.filter(pk__in=wanted)}


for _model in (Delivery, Response, Update):
    _name = str(_model._meta.model_name)
    KINDS[_name] = Kind(f"letters_{_name}", VIEW, _names(_model))
