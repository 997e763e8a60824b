"""Merging two entries of the directory: the page that shows what will happen, and the merges that were made."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.base import ReadOnlyAdmin, Step
from letters.admin.shown import DASH, in_utc, mark
from letters.public import moment
from letters.services.errors import Refused
from letters.typed import whole
from signatories.admin.beside import beside, why
from signatories.admin.merging_says import says_merge, says_take_back
from signatories.models import Merge, Organisation, PossibleDouble
from signatories.services import merging, unmerging
from signatories.services.merge_plan import better, plan

CHANGE, VIEW = "signatories.change_organisation", "signatories.view_organisation"
FOUND = 20


class OfDirectory:
    """Rows about the directory: who may see organisations may see them."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(VIEW))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW))


class OrganisationMerging:
    """Adds the page on which an entry is merged with another one to the organisations' page of the desk."""

    admin_site: Any
    opts: Any
    found: Any
    row_url: Any
    message_user: Any
    get_search_results: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)
        own = path("<path:object_id>/merge/", view, name="signatories_organisation_merge")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def links_for(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        if not request.user.has_perm(CHANGE):
            return []
        url = reverse("admin:signatories_organisation_merge", args=[row.pk])
        return [{"group": "", "url": url, "words": _("Merge with another entry")}]

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """First which other entry, then what will happen and which of them stays, then it is done."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        row = self.found(request, object_id)
        asked = request.POST if request.method == "POST" else request.GET
        other = self.one(asked.get("with", ""))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "original": row, "subtitle": str(row), "row_url": self.row_url(row), "has_view_permission": True,
            "title": _("Merge with another entry"),
        }  # fmt: skip
        if other is None:
            return TemplateResponse(
                request,
                "admin/signatories/organisation/merge_with.html",
                context | self.choices(request, row),
            )
        kept = better(row, other, at=moment(request))
        if asked.get("keep", "") in (str(row.pk), str(other.pk)):
            kept = row if asked["keep"] == str(row.pk) else other
        gone = other if kept is row else row
        if request.method == "POST":
            try:
                return self.merged(request, kept, gone)
            except Refused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
                return HttpResponseRedirect(f"{request.path}?with={other.pk}&keep={kept.pk}")
        made = plan(kept, gone, at=moment(request))
        context |= {
            "plan": made, "other": other, "rows": beside(kept, gone), "says": says_merge(made),
            "kept_url": self.row_url(kept), "gone_url": self.row_url(gone),
        }  # fmt: skip
        return TemplateResponse(request, "admin/signatories/organisation/merge.html", context)

    def merged(self, request: HttpRequest, kept: Organisation, gone: Organisation) -> HttpResponse:
        seen = request.POST.get("seen", "")
        merging.merge(kept, gone, seen=seen, actor=request.user, at=moment(request))
        words = _("“%(gone)s” went into “%(kept)s”. It can be taken back under Merges.")
        self.message_user(request, words % {"gone": gone, "kept": kept}, messages.SUCCESS)
        return HttpResponseRedirect(self.row_url(kept))

    def one(self, number: str) -> Organisation | None:
        """The entry of that number; None where none is named; 404 where it is not there."""
        if not number:
            return None
        row = Organisation.objects.filter(pk=whole(number)).first()
        if row is None:
            raise Http404
        return row

    def choices(self, request: HttpRequest, row: Organisation) -> dict[str, Any]:
        """What it may be merged with: what was found by itself, and what a search finds."""
        open_pairs = PossibleDouble.objects.open().select_related("first", "second")
        pairs = [
            (pair.second if pair.first_id == row.pk else pair.first, pair)
            for pair in open_pairs.filter(Q(first=row) | Q(second=row))
        ]
        q = request.GET.get("q", "").replace("\x00", "").strip()[:200]
        found: Any = []
        if q:
            rows, _distinct = self.get_search_results(request, Organisation.objects.exclude(pk=row.pk), q)
            found = list(rows[: FOUND + 1])
        return {
            "q": q, "found": found[:FOUND], "more": len(found) > FOUND,
            "pairs": [(other, pair.get_verdict_display(), why(pair.why)) for other, pair in pairs],
        }  # fmt: skip


def take_back(row: Merge, request: HttpRequest, data: dict[str, Any]) -> str:
    gone = unmerging.take_back(row, actor=request.user, at=moment(request))
    return _("“%(name)s” is in the directory again.") % {"name": gone}


def may_be_taken_back(row: Merge, at: datetime) -> bool:
    return not row.is_undone


@admin.register(Merge)
class MergeAdmin(OfDirectory, ReadOnlyAdmin):
    """Merges that were made, each of which can be taken back."""

    list_display = ("gone_name", "kept_name", "merged_shown", "by", "standing")
    list_display_links = ("gone_name",)
    list_select_related = ("by",)
    search_fields = ("gone_name", "kept_name")
    search_help_text = _l("Name of either entry")
    ordering = ("-id",)
    fields = ("gone_name", "kept_shown", "merged_shown", "by", "standing", "signatures_shown")
    steps = (
        Step(
            "take-back",
            _l("Take back"),
            CHANGE,
            take_back,
            may_be_taken_back,
            lambda row, request: says_take_back(row),
        ),
    )

    @admin.display(description=_l("went into"))
    def kept_shown(self, row: Merge) -> str:
        return row.kept_name

    @admin.display(description=_l("merged"), ordering="at")
    def merged_shown(self, row: Merge) -> str:
        return in_utc(row.at)

    @admin.display(description=_l("where it stands"))
    def standing(self, row: Merge) -> SafeString:
        if row.is_undone:
            return mark("expired", _("taken back on %(day)s") % {"day": in_utc(row.undone_at)})
        return mark("merged", _("merged"))

    @admin.display(description=_l("signatures that moved"))
    def signatures_shown(self, row: Merge) -> Any:
        return len(row.taken["signatures"]) or DASH
