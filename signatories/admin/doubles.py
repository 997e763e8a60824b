"""Possible doubles in the desk: pairs of entries with the reason, decided by one click."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.base import ReadOnlyAdmin, Step
from letters.admin.shown import change_link, change_url, in_utc, mark
from letters.public import moment
from signatories.admin.beside import beside, why
from signatories.admin.merging import CHANGE, OfDirectory
from signatories.models import PossibleDouble
from signatories.services import doubles


def tell_apart(pair: PossibleDouble, request: HttpRequest, data: dict[str, Any]) -> str:
    doubles.tell_apart(pair, actor=request.user, at=moment(request))
    return _("“%(first)s” and “%(second)s” are not the same. They do not come up again.") % {
        "first": pair.first,
        "second": pair.second,
    }


def ask_again(pair: PossibleDouble, request: HttpRequest, data: dict[str, Any]) -> str:
    doubles.ask_again(pair, actor=request.user, at=moment(request))
    return _("The pair is open again.")


def merge_url(pair: PossibleDouble) -> str:
    """Where the two are merged."""
    return reverse("admin:signatories_organisation_merge", args=[pair.first_id]) + f"?with={pair.second_id}"


def is_open(pair: PossibleDouble, at: datetime) -> bool:
    return pair.is_open


class DecidedFilter(admin.SimpleListFilter):
    """What nobody has decided on, unless the rest is asked for."""

    title, parameter_name = _l("decided"), "decided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("apart", _("Not the same"))]

    def choices(self, changelist: Any) -> Any:
        for number, choice in enumerate(super().choices(changelist)):
            yield choice | {"display": _("Open")} if number == 0 else choice

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.exclude(dismissed_at=None) if self.value() == "apart" else queryset.open()


@admin.register(PossibleDouble)
class PossibleDoubleAdmin(OfDirectory, ReadOnlyAdmin):
    list_display = ("pair_shown", "why_shown", "found_shown", "decide")
    list_display_links = None
    list_filter = (DecidedFilter, "verdict")
    list_select_related = ("first", "second", "dismissed_by")
    search_fields = ("first__search_text", "second__search_text")
    search_help_text = _l("Name of either entry")
    fields = ("why_shown", "found_shown", "decided_shown")
    change_form_template = "admin/signatories/possibledouble/change_form.html"
    steps = (
        Step("apart", _l("Not the same"), CHANGE, tell_apart, is_open, direct=True),
        Step("again", _l("Ask again"), CHANGE, ask_again, lambda pair, at: not pair.is_open, direct=True),
    )

    def after_step(self, request: HttpRequest, row: PossibleDouble) -> str:
        return reverse("admin:signatories_possibledouble_changelist")

    def links_for(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        if not row.is_open or not request.user.has_perm(CHANGE):
            return []
        return [{"group": "", "url": merge_url(row), "words": _("Merge…")}]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        pair = kwargs["obj"]
        context |= {
            "title": _("Are these one organisation?"),
            "rows": beside(pair.first, pair.second),
            "pair": pair,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_l("two entries"))
    def pair_shown(self, pair: PossibleDouble) -> SafeString:
        rows = [
            format_html('{} <span class="desk-zone">{}</span>', change_link(row), row.country.name)
            for row in (pair.first, pair.second)
        ]
        return format_html("{}<br>{}", *rows)

    @admin.display(description=_l("why"), ordering="score")
    def why_shown(self, pair: PossibleDouble) -> SafeString:
        code = "warn" if pair.verdict == PossibleDouble.Verdict.SAME else "other"
        return format_html("{}<br>{}", mark(code, pair.get_verdict_display()), why(pair.why))

    @admin.display(description=_l("found"), ordering="found_at")
    def found_shown(self, pair: PossibleDouble) -> str:
        return in_utc(pair.found_at)

    @admin.display(description=_l("what to do"))
    def decide(self, pair: PossibleDouble) -> SafeString | str:
        """The list is a form, so a button in it can post to another address."""
        page = format_html('<a href="{}">{}</a>', change_url(pair), _("Side by side"))
        if not pair.is_open:
            return page
        return format_html(
            '<span class="desk-choice">{} <button class="button" formaction="{}">{}</button> <a class="button" href="{}">{}</a></span>',
            page,
            self.step_url(pair, "apart"),
            _("Not the same"),
            merge_url(pair),
            _("Merge…"),
        )

    @admin.display(description=_l("decided"))
    def decided_shown(self, pair: PossibleDouble) -> str:
        if pair.is_open:
            return _("Nobody has decided yet.")
        who = str(pair.dismissed_by or _("an editor"))
        return _("Not the same, said %(who)s on %(day)s.") % {"who": who, "day": in_utc(pair.dismissed_at)}
