"""What the review queue can be narrowed to."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.record import LetterFilter
from letters.models import Letter
from signatories.models import Signature

State = Signature.State


class StateFilter(SimpleListFilter):
    """What waits for a decision, unless another state is asked for."""

    title, parameter_name = _l("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("all", _("All")),
            *((value, label) for value, label in State.choices if value != State.CONFIRMED),
        ]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield (
                choice | {"display": _("Waiting")}
                if choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name])
                else choice
            )

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset.waiting()
        return queryset.filter(state=self.value()) if self.value() in State else queryset


class QueueLetterFilter(LetterFilter):
    """Letters that were opened for signing: who reviews need not know of drafts."""

    parameter_name = "letter__id__exact"

    def choosable(self) -> QuerySet[Letter]:
        return Letter.objects.exclude(stage=Letter.Stage.DRAFT)


class MarkFilter(SimpleListFilter):
    """Signatures that need a second look."""

    title, parameter_name = _l("marker"), "note"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("rival", _("Second attempts")),
            ("correction", _("Corrections")),
            ("withheld", _("Names withheld")),
            ("new", _("New organisations")),
            ("like", _("Like one in the directory")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        conditions = {
            "rival": Q(rival_of__isnull=False),
            "correction": ~Q(proposed_name=""),
            "withheld": Q(visibility=Signature.Visibility.WITHHELD),
            "new": Q(organisation__verified_at=None),
            "like": Q(unlike__isnull=False),
        }
        return queryset.filter(conditions[self.value()]) if self.value() in conditions else queryset
