"""What all pages of the desk share: steps as buttons, refusals beside the form, the record instead of Django's log."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.forms.utils import ErrorList
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from letters.public import moment
from letters.services.errors import Refused

Run = Callable[[Any, HttpRequest, dict[str, Any]], str]


@dataclass(frozen=True)
class Step:
    """One thing that can be done with a row, as a button. ``run`` calls a service and gives the sentence to say then;
    ``possible`` asks the row; ``says`` tells what will happen, a sentence each. A ``direct`` step acts at once by POST;
    any other first shows a page that says what will happen, with the steps to take ``instead``. ``seen`` gives what that
    page shows of the row (anything that JSON can hold): when it is something else by the time the button is pressed,
    nothing is done and the page is shown anew."""

    verb: str
    label: Any
    permission: str
    run: Run
    possible: Callable[[Any, Any], bool]
    says: Callable[[Any, HttpRequest], Sequence[str | SafeString]] = lambda row, request: []
    form: type[forms.Form] | None = None
    act: Any = ""  # the button that does it, where that is not the label
    instead: tuple[str, ...] = ()
    direct: bool = False
    grave: bool = False
    group: str = ""  # beside which others it stands, where there are many
    seen: Callable[[Any], Any] | None = None

    def mark(self, row: Any) -> str:
        """By which it is known whether what the step shows has changed; empty where it does not matter."""
        if self.seen is None:
            return ""
        return hashlib.sha256(json.dumps(self.seen(row), default=str).encode()).hexdigest()[:32]


class DeskAdmin(admin.ModelAdmin):
    """A page of the desk. Its rows change by forms that call services and by ``steps``; Django's own log is not kept,
    since each service writes an event."""

    actions: Any = ()
    steps: tuple[Step, ...] = ()
    step_groups: tuple[tuple[str, Any], ...] = (
        ("", ""),
    )  # a ``Step.group`` and what it is called, in their order
    view_on_site = False
    change_form_template = "admin/desk_form.html"
    list_per_page = 50
    show_full_result_count = False

    # --- Steps

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<path:object_id>/do/<slug:verb>/",
            self.admin_site.admin_view(self.step_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_step",
        )
        return [own, *super().get_urls()]

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """The row that the address names, for somebody who may see it; else 404 or 403."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return row

    def steps_for(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """The steps that are possible now for this person, each with its address."""
        at = moment(request)
        return [
            {
                "step": step,
                "url": self.step_url(row, step.verb),
                "mark": step.mark(row) if step.direct else "",
            }
            for step in self.steps
            if request.user.has_perm(step.permission) and step.possible(row, at)
        ]

    def groups_for(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """The same in their groups, without the empty ones; before them what leads to a page of its own."""
        items, links = self.steps_for(request, row), self.links_for(request, row)
        groups = [
            {
                "code": code,
                "name": name,
                "links": [link for link in links if link["group"] == code],
                "steps": [item for item in items if item["step"].group == code],
            }
            for code, name in self.step_groups
        ]
        return [group for group in groups if group["links"] or group["steps"]]

    def links_for(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """Pages that stand among the steps: group, url, words."""
        return []

    def next_for(self, request: HttpRequest, row: Any) -> tuple[str, str]:
        """The address of what a person would do next, and the words for it where it is none of the steps."""
        return "", ""

    def step_url(self, row: Model, verb: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_step", args=[row.pk, verb])

    def row_url(self, row: Model) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def step_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """GET says what the step will do; POST does it, through its service."""
        step = next((step for step in self.steps if step.verb == verb), None)
        if step is None:
            raise Http404
        if not request.user.has_perm(step.permission):
            raise PermissionDenied
        row = self.found(request, object_id)
        form = step.form(request.POST or None, **self.step_options(row)) if step.form else None
        if request.method == "POST" and (form is None or form.is_valid()):
            try:
                said = self.done(step, row, request, form.cleaned_data if form else {})
            except Refused as refusal:
                if form is None:
                    self.message_user(request, str(refusal), messages.ERROR)
                    again = step.seen and not step.direct and step.possible(row, moment(request))
                    return redirect(request.path if again else self.row_url(row))
                form.add_error(None, str(refusal))
            else:
                if (answer := getattr(request, "answer", None)) is not None:  # a page of the step's own
                    return answer
                self.message_user(request, said, messages.SUCCESS)
                return redirect(self.after_step(request, row))
        return self.step_page(request, row, step, form)

    def done(self, step: Step, row: Any, request: HttpRequest, data: dict[str, Any]) -> str:
        """Takes the step, unless what its page showed has changed since: then raises ``Refused``."""
        if step.seen is None:
            return step.run(row, request, data)
        with transaction.atomic():  # in which the services lock what is locked here
            held = self.held(row)
            # Of what is not possible any more the service says why.
            if step.possible(held, moment(request)) and request.POST.get("seen", "") != step.mark(held):
                raise Refused(
                    _("This has changed since you opened the page. Look at it once more, then decide.")
                )
            return step.run(row, request, data)

    def held(self, row: Any) -> Any:
        """The row as it is now, kept from changing until the transaction ends."""
        return self.model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)

    def step_options(self, row: Any) -> dict[str, Any]:
        """What the form of a step is made with."""
        return {}

    def after_step(self, request: HttpRequest, row: Any) -> str:
        """Where a step leads when it was done."""
        return self.row_url(row)

    def step_page(self, request: HttpRequest, row: Any, step: Step, form: forms.Form | None) -> HttpResponse:
        possible = step.possible(row, moment(request))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "original": row, "title": step.label, "subtitle": str(row), "step": step, "form": form,
            "possible": possible, "mark": step.mark(row) if possible else "", "says": step.says(row, request) if possible else [], "row_url": self.row_url(row),
            "others": [item for item in self.steps_for(request, row) if item["step"].verb in step.instead and item["step"] is not step],
            "has_view_permission": True,
            **self.step_context(request, row, step),
        }  # fmt: skip
        return TemplateResponse(
            request,
            "admin/step.html",
            context,
            status=200 if form is None or form.is_valid() or not form.is_bound else 422,
        )

    def step_context(self, request: HttpRequest, row: Any, step: Step) -> dict[str, Any]:
        """More for the page of a step."""
        return {}

    # --- The list and the form

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = {"title": capfirst(str(self.opts.verbose_name_plural))}
        return super().changelist_view(request, title | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        context["desk_groups"] = self.groups_for(request, row) if row is not None else []
        if row is not None:
            context["next_url"], context["next_words"] = self.next_for(request, row)
        context["record_url"] = (
            self.record_url(row) if row is not None and request.user.has_perm("letters.view_event") else ""
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def record_url(self, row: Model) -> str:
        """Where the desk shows what happened to the row."""
        return reverse("admin:letters_event_changelist") + f"?subject={self.opts.model_name}:{row.pk}"

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(self.record_url(self.found(request, object_id)))

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """As Django's, but what a service refuses while saving is rolled back and shown in the form as it was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusal = str(refusal)  # type: ignore[attr-defined]
            for upload in request.FILES.values():
                upload.seek(0)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(
            form.__name__, (form,), {"refusal": getattr(request, "refusal", ""), "at": moment(request)}
        )

    # --- The record instead of Django's log

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Each service writes an event; Django's log would be a second record."""

    log_change = log_deletion = log_addition

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """As above."""


class DeskForm(forms.ModelForm):
    """A form that can be told what a service refused."""

    refusal = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.refusal:
            self.add_error(None, self.refusal)
        return data


class ReadOnlyAdmin(DeskAdmin):
    """Rows to be read: nothing is added, changed or deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


REASON, REASON_MISSING = _("Reason"), _("Give the reason.")


def reason_field(
    missing: Any = REASON_MISSING, *, label: Any = REASON, rows: int = 3, **options: Any
) -> forms.CharField:
    """A field for a few sentences; ``missing`` is said where they are needed and not there."""
    widget = forms.Textarea(attrs={"rows": rows, "cols": 60})
    return forms.CharField(
        label=label, max_length=2000, widget=widget, error_messages={"required": missing}, **options
    )


class ReasonForm(forms.Form):
    """A step that asks why."""

    reason = reason_field(rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.options = kwargs.pop("options", {})
        super().__init__(*args, error_class=ErrorList, **kwargs)
