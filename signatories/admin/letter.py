"""The letters' page of the desk, with what only the app of signatures knows: what waits for review, and the list."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.letter import LetterAdmin
from letters.models import Letter
from letters.public import moment
from letters.services.life import locked
from signatories.admin.amending import STEPS as AMENDING
from signatories.admin.amending import amendment_fact
from signatories.admin.delivering import DELIVER
from signatories.admin.digests import DIGESTS, gets_none
from signatories.admin.documents import LetterDocuments
from signatories.admin.importing import MAY, lists_fact
from signatories.admin.letter_inviting import REMINDERS, invitation_links, invitations_fact
from signatories.admin.waiting import STEPS as WAITING
from signatories.admin.waiting import waiting_fact, waiting_list
from signatories.models import Signature
from signatories.services import amending, importing, lists


@admin.register(Letter)
class LetterWithSignaturesAdmin(LetterDocuments, LetterAdmin):
    list_display = ("titled", "stage_shown", "signatures_shown", "waiting_shown", "closes_shown", "next_step")
    steps = (
        *AMENDING,
        *LetterAdmin.steps[:-1],
        *WAITING,
        REMINDERS,
        DELIVER,
        DIGESTS,
        *LetterAdmin.steps[-1:],
    )
    step_groups = (
        *LetterAdmin.step_groups[:3],
        ("invite", _l("Invitations")),
        ("list", _l("Signatories")),
        *LetterAdmin.step_groups[3:],
    )
    facts = (
        "stage_fact",
        "release_fact",
        "window_fact",
        "version_fact",
        "documents_fact",
        "counts_fact",
        "amendment_fact",
        "waiting_shown",
        "invitations_fact",
        "lists_fact",
        "waiting_list_fact",
        "following_fact",
        "digests_fact",
        "link_fact",
        "delete_fact",
    )

    def get_fieldsets(self, request: HttpRequest, obj: Letter | None = None) -> Any:
        found = super().get_fieldsets(request, obj)
        if obj is None:
            return found
        empty = {"amendment_fact"} if amending.amendment(obj) is None else set()
        empty |= set() if gets_none(request.user, obj) else {"digests_fact"}
        empty |= {"waiting_list_fact"} if waiting_list(obj) is None else set()
        heading, shown = found[0]
        own = tuple(name for name in shown["fields"] if name not in empty)
        return [(heading, {"fields": own}), *found[1:]]

    def links_for(self, request: HttpRequest, row: Letter) -> list[dict[str, Any]]:
        found = super().links_for(request, row)
        found += invitation_links(row, at=moment(request)) if request.user.has_perm(MAY) else []
        if importing.why_not(row) or not request.user.has_perm(MAY):
            return found
        url = reverse("admin:signatories_importbatch_add") + f"?letter={row.pk}"
        return [*found, {"group": "list", "url": url, "words": _("Add a list of signatories")}]

    def steps_for(self, request: HttpRequest, row: Letter) -> list[dict[str, Any]]:
        found = super().steps_for(request, row)
        if gets_none(request.user, row):
            return found
        return [item for item in found if item["step"] is not DIGESTS]

    def after_step(self, request: HttpRequest, row: Letter) -> str:
        return getattr(request, "leads_to", "") or super().after_step(request, row)

    def next_for(self, request: HttpRequest, row: Letter) -> tuple[str, str]:
        url, words = super().next_for(request, row)
        if url or not row.is_public(moment(request)) or row.deliveries.exists():  # type: ignore[attr-defined]
            return url, words
        return (self.step_url(row, DELIVER.verb) if row.signature_count else ""), ""

    def get_queryset(self, request: HttpRequest) -> Any:
        waiting = Signature.objects.waiting().filter(letter=OuterRef("pk")).order_by()
        count = waiting.values("letter").annotate(n=Count("pk")).values("n")
        return (
            super()
            .get_queryset(request)
            .annotate(waiting_n=Coalesce(Subquery(count, output_field=IntegerField()), 0))
        )

    def waiting_of(self, letter: Letter) -> int:
        return letter.waiting_n  # type: ignore[attr-defined]

    @admin.display(description=_l("waiting for review"), ordering="waiting_n")
    def waiting_shown(self, letter: Letter) -> SafeString | int:
        if not self.waiting_of(letter):
            return 0
        url = reverse("admin:signatories_signature_changelist") + f"?letter__id__exact={letter.pk}"
        return format_html('<a href="{}">{}</a>', url, self.waiting_of(letter))

    @admin.display(description=_l("mail to you"))
    def digests_fact(self, letter: Letter) -> str:
        return _(
            "You are not told when signatures wait for review: you stopped such mail, for all letters, by the link in it."
        )

    @admin.display(description=_l("after the amendment"))
    def amendment_fact(self, letter: Letter) -> SafeString | str:
        return amendment_fact(letter)

    @admin.display(description=_l("invitations"))
    def invitations_fact(self, letter: Letter) -> SafeString | str:
        return invitations_fact(letter)

    @admin.display(description=_l("imported lists"))
    def lists_fact(self, letter: Letter) -> SafeString | str:
        return lists_fact(letter)

    @admin.display(description=_l("list of the document"))
    def waiting_list_fact(self, letter: Letter) -> SafeString | str:
        return waiting_fact(letter)

    @transaction.atomic
    def groups_changed(self, request: HttpRequest, letter: Letter) -> None:
        lists.rearrange(locked(letter), at=moment(request))
