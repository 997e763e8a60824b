"""Importing lists in the desk: giving one, looking at what each line became, putting it on the letter, undoing it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from letters.admin.base import DeskAdmin, Step
from letters.admin.record import LetterFilter
from letters.admin.shown import DASH, change_link, change_url, mark, short
from letters.models import Letter
from letters.public import moment
from letters.services.errors import Refused
from letters.services.life import locked
from letters.typed import whole
from signatories.admin import import_rows
from signatories.admin.import_columns import ColumnsForm
from signatories.admin.import_forms import ConsentForm, LineForm, ListForm, own_headings
from signatories.admin.import_says import Sentences, says_apply, says_undo
from signatories.models import ImportBatch, ImportRow
from signatories.reading import Unreadable
from signatories.services import importing, undoing

State = ImportBatch.State
# Files that may be tables, whose columns can be set by hand; of a text it is looked whether it is one.
TABLES = (".csv", ".tsv", ".xlsx", ".html", ".htm", ".docx")
# Lists are the work of editors; who reviews has the queue alone.
MAY = "signatories.change_signature"
MARKS = {
    State.READING: "queued", State.PREVIEW: "draft", State.APPLYING: "queued", State.APPLIED: "accepted", State.STOPPED: "cancelled",
    State.UNDOING: "queued", State.UNDONE: "cancelled", State.FAILED: "failed",
}  # fmt: skip


def able(*states: str) -> Any:
    return lambda batch, at: batch.state in states


# --- Steps


def apply(batch: ImportBatch, request: HttpRequest, data: dict[str, Any]) -> str:
    at = moment(request)
    if data.pop("headings", False):
        importing.add_headings(batch, actor=request.user, at=at)
    done = importing.apply(batch, **data, revision=batch.revision, actor=request.user, at=at)
    if done.state == State.APPLIED:
        n = done.made_signatures
        words = ngettext("%(n)s signatory is on the letter.", "%(n)s signatories are on the letter.", n)
        return words % {"n": n}
    if done.state == State.APPLYING:
        return _("The list is being put on the letter.")
    return _("The list is shown anew.")


def stop(batch: ImportBatch, request: HttpRequest, data: dict[str, Any]) -> str:
    done = importing.stop(batch, actor=request.user, at=moment(request))
    if done.state == State.APPLYING:
        return _("It stops as soon as it can. What is on the letter by then can be undone.")
    return _("The import is stopped; nothing of it is on the letter.")


def undo(batch: ImportBatch, request: HttpRequest, data: dict[str, Any]) -> str:
    done = undoing.undo(batch, actor=request.user, at=moment(request))
    return _("The list is off the letter.") if done.state == State.UNDONE else _("The list is being undone.")


def says_stop(batch: ImportBatch, request: HttpRequest) -> Sentences:
    return [
        _("The lines and the list as it was given are erased."),
        _("Nothing of it is on the letter, and nothing was sent to anybody."),
    ]


STEPS = (
    Step(
        "apply",
        _l("Put on the letter"),
        MAY,
        apply,
        able(State.PREVIEW),
        lambda batch, request: says_apply(batch, moment(request)),
        ConsentForm,
        seen=lambda batch: [batch.revision, batch.letter.current_version_id],
    ),
    Step(
        "stop",
        _l("Stop"),
        MAY,
        stop,
        able(State.APPLYING),
        direct=True,
        grave=True,
    ),
    Step(
        "discard",
        _l("Discard this list"),
        MAY,
        stop,
        able(State.READING, State.PREVIEW),
        says_stop,
        grave=True,
    ),
    Step(
        "undo",
        _l("Undo the import"),
        MAY,
        undo,
        able(State.APPLIED),
        lambda batch, request: says_undo(batch),
        grave=True,
        seen=lambda batch: [str(sentence) for sentence in says_undo(batch)],
    ),
)


# --- Pages


@admin.register(ImportBatch)
class ImportBatchAdmin(DeskAdmin):
    list_display = ("named", "letter_shown", "state_shown", "made_shown", "names_shown", "consent_shown")
    list_display_links = ("named",)
    list_filter = (LetterFilter, "state")
    list_select_related = ("letter__current_version", "made_by")
    search_fields = ("source_name", "consent_note")
    search_help_text = _l("List, consent")
    steps = STEPS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(MAY)

    has_add_permission = has_change_permission = has_view_permission  # type: ignore[assignment]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("original").prefetch_related("letter__texts")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/line/<int:line>/", view(self.line_view), name="signatories_importbatch_line"),
            path("<int:pk>/lines/", view(self.lines_view), name="signatories_importbatch_lines"),
            path("<int:pk>/columns/", view(self.columns_view), name="signatories_importbatch_columns"),
        ]
        return [*own, *super().get_urls()]

    # --- The list of imports

    @admin.display(description=_l("list"), ordering="source_name")
    def named(self, batch: ImportBatch) -> SafeString:
        return format_html("<bdi>{}</bdi>", batch.source_name)

    @admin.display(description=_l("letter"))
    def letter_shown(self, batch: ImportBatch) -> SafeString:
        return change_link(batch.letter)

    @admin.display(description=_l("state"), ordering="state")
    def state_shown(self, batch: ImportBatch) -> SafeString:
        return mark(MARKS[State(batch.state)], batch.get_state_display())

    @admin.display(description=_l("by, when"), ordering="made_at")
    def made_shown(self, batch: ImportBatch) -> SafeString:
        return format_html("{}, {}", batch.made_by or _("command line"), short(batch.made_at, batch.letter))

    @admin.display(description=_l("signatures"))
    def names_shown(self, batch: ImportBatch) -> str:
        words = _("%(n)s of %(lines)s lines") % {"n": batch.made_signatures, "lines": batch.total}
        return words if batch.applied_at else DASH

    @admin.display(description=_l("consent"))
    def consent_shown(self, batch: ImportBatch) -> str:
        if not batch.consent_from:
            return DASH
        return f"{batch.get_consent_from_display()}, {date_format(batch.consent_date, 'j M Y')}"

    # --- Giving a list

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        letters = taking_lists()
        wanted = request.GET.get("letter", "")
        initial = {"letter": wanted} if whole(wanted) else {}
        form = ListForm(request.POST or None, request.FILES or None, initial=initial, letters=letters)
        if request.method == "POST" and form.is_valid():
            try:
                batch = importing.begin(
                    form.cleaned_data["letter"], **form.given(), actor=request.user, at=moment(request)
                )
            except Unreadable as error:
                form.add_error("file" if form.cleaned_data["file"] else "text", str(error))
            except Refused as refusal:
                form.add_error("letter", str(refusal))
            else:
                return redirect(self.row_url(batch))
        letter = letters.filter(pk=whole(wanted)).first()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Add a list of signatories"),
            "form": form,
            "letter": letter,
            "back": change_url(letter) if letter else reverse("admin:signatories_importbatch_changelist"),
            "steps": (_("Paste or upload"), _("See what each line became"), _("Put it on the letter")),
        }
        status = 422 if form.is_bound and form.errors else 200
        return TemplateResponse(request, "admin/signatories/importbatch/add.html", context, status=status)

    # --- Looking at it

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self.preview(request, self.found(request, object_id))

    def preview(
        self, request: HttpRequest, batch: ImportBatch, *, line: LineForm | None = None, edited: int = 0
    ) -> HttpResponse:
        """What became of each line, with a line to be mended in its place."""
        chosen, number = request.GET.get("outcome", ""), request.GET.get("page", "1")
        counts = importing.counts_of(batch)
        page = import_rows.page_of(batch, chosen, number)
        edited = edited or whole(request.GET.get("edit")) or 0
        headings = own_headings(batch.letter)
        for row in page.object_list:
            row.form = None
            if row.pk == edited and batch.is_open:
                row.form = line or LineForm(row=row, headings=headings)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": batch.source_name,
            "batch": batch,
            "letter_url": change_url(batch.letter),
            "state": self.state_shown(batch),
            "made": self.made_shown(batch),
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number),
            "tabs": import_rows.tabs(counts, chosen, batch.rows.filter(changed=True).count()),
            "chosen": chosen,
            "here": here(chosen, page.number),
            "undecided": importing.undecided(counts),
            "unsure": counts[ImportRow.Outcome.UNSURE],
            "going": importing.going(counts),
            "consent": self.consent_shown(batch),
            "steps": {item["step"].verb: item for item in self.steps_for(request, batch)},
            "record_url": self.record_url(batch) if request.user.has_perm("letters.view_event") else "",
            "may_set_columns": batch.is_open and is_table(batch),
            "percent": min(batch.done * 100 // batch.total, 100) if batch.total else 0,
        }
        status = 422 if line is not None else 200
        return TemplateResponse(request, "admin/signatories/importbatch/preview.html", context, status=status)

    def line_view(self, request: HttpRequest, pk: int, line: int) -> HttpResponse:
        """POST mends one line, or decides what it is; then the page is where it was."""
        batch = self.found(request, str(pk))
        row = batch.rows.filter(pk=line).first()
        if row is None:
            raise Http404
        place = f"{self.row_url(batch)}?{here(request.GET.get('outcome', ''), request.GET.get('page', '1'))}"
        if request.method != "POST":
            return redirect(place)
        try:
            if "decision" not in request.POST:
                form = LineForm(request.POST, row=row, headings=own_headings(batch.letter))
                if not form.is_valid():
                    return self.preview(request, batch, line=form, edited=row.pk)
                importing.edit_row(row, actor=request.user, at=moment(request), **form.words())
            else:
                importing.decide(
                    row,
                    request.POST["decision"],
                    organisation=whole(request.POST.get("organisation")),
                    actor=request.user,
                    at=moment(request),
                )
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        return redirect(f"{place}#line-{row.pk}")

    def lines_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST decides all lines that wait, or all of one outcome."""
        batch = self.found(request, str(pk))
        if request.method == "POST":
            try:
                n = importing.decide_all(
                    batch,
                    request.POST.get("outcome", ""),
                    request.POST.get("decision", ""),
                    actor=request.user,
                    at=moment(request),
                )
            except Refused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                words = ngettext("%(n)s line is decided.", "%(n)s lines are decided.", n) % {"n": n}
                self.message_user(request, words, messages.SUCCESS)
        return redirect(self.row_url(batch))

    def columns_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Which column of a table is what; POST reads the list anew."""
        batch = self.found(request, str(pk))
        columns = importing.table_of(batch) if batch.is_open else None
        if columns is None:
            raise Http404
        form = ColumnsForm(request.POST or None, columns=columns)
        if request.method == "POST" and form.is_valid():
            try:
                importing.set_columns(
                    batch,
                    form.chosen(),
                    headed=form.cleaned_data["headed"],
                    actor=request.user,
                    at=moment(request),
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect(self.row_url(batch))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Which column is what"),
            "batch": batch,
            "form": form,
            "row_url": self.row_url(batch),
        }
        status = 422 if form.is_bound and form.errors else 200
        return TemplateResponse(request, "admin/signatories/importbatch/columns.html", context, status=status)

    # --- Steps

    def held(self, row: ImportBatch) -> ImportBatch:
        letter = locked(row.letter)  # before the list, as everywhere
        batch = super().held(row)
        batch.letter = letter
        return batch

    def step_options(self, row: ImportBatch) -> dict[str, Any]:
        return {"options": {"batch": row}}


def is_table(batch: ImportBatch) -> bool:
    """Whether the list has columns."""
    return batch.filename.endswith(TABLES) or importing.table_of(batch) is not None


def taking_lists() -> QuerySet[Letter]:
    """Letters that take a list, the newest first."""
    rows = Letter.objects.exclude(current_version=None).exclude(stage=Letter.Stage.WITHDRAWN)
    return rows.select_related("current_version").order_by("-created_at", "-id")


def here(chosen: str, number: Any) -> str:
    """The part of the address that says which lines are shown."""
    return urlencode({"outcome": chosen, "page": number})


def lists_fact(letter: Letter) -> SafeString | str:
    """The lists that were put on a letter, for its page, and the way to add one."""
    n = letter.imports.filter(state=State.APPLIED).count()  # type: ignore[attr-defined]
    open_ones = letter.imports.filter(state__in=[State.READING, State.PREVIEW, State.APPLYING]).count()  # type: ignore[attr-defined]
    words = ngettext("%(n)s list is on the letter.", "%(n)s lists are on the letter.", n) % {"n": n}
    if open_ones:
        more = ngettext("%(n)s waits to be looked at.", "%(n)s wait to be looked at.", open_ones)
        words = f"{words} {more % {'n': open_ones}}"
    if not n and not open_ones:
        return _("None.")
    url = reverse("admin:signatories_importbatch_changelist") + f"?letter={letter.pk}"
    return format_html('{} <a href="{}">{}</a>', words, url, _("See the lists"))
