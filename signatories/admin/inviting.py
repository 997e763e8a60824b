"""Invitations in the desk: whom a letter's editors asked, and what became of it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.base import ReadOnlyAdmin, Step
from letters.admin.record import LetterFilter
from letters.admin.shown import DASH, change_link, change_url, in_zone, mark, short
from letters.languages import name_here
from letters.models import Letter, Message
from letters.public import moment
from letters.typed import whole
from signatories.admin.importing import MAY
from signatories.admin.invite_forms import AddressForm, CorrectForm
from signatories.admin.invite_pages import InvitePages
from signatories.models import Invitation
from signatories.services import inviting

State = Invitation.State
MARKS = {
    State.PREPARED: "draft", State.QUEUED: "queued", State.SENT: "sent", State.BOUNCED: "failed", State.OPENED: "open",
    State.SIGNED: "accepted", State.DECLINED: "refused", State.UNSUBSCRIBED: "cancelled", State.REVOKED: "cancelled",
}  # fmt: skip


def state_mark(state: str) -> SafeString:
    return mark(MARKS[State(state)], State(state).label)


def revoke(invitation: Invitation, request: HttpRequest, data: dict[str, Any]) -> str:
    inviting.revoke(invitation, actor=request.user, at=moment(request))
    return _("The invitation is revoked; its link opens nothing any more.")


def readdress(invitation: Invitation, request: HttpRequest, data: dict[str, Any]) -> str:
    new = inviting.readdress(invitation, email=data["email"], actor=request.user, at=moment(request))  # type: ignore[arg-type]
    request.leads_to = change_url(new)  # type: ignore[attr-defined]
    return _("This is the invitation to the other address. It is prepared and not sent yet.")


def correct(invitation: Invitation, request: HttpRequest, data: dict[str, Any]) -> str:
    inviting.correct(invitation, **data, actor=request.user, at=moment(request))  # type: ignore[arg-type]
    return _("The invitation is corrected.")


def says_correct(invitation: Invitation, request: HttpRequest) -> list[str | SafeString]:
    return [_("It is not sent yet. An organisation that the directory has is found by its name.")]


def says_revoke(invitation: Invitation, request: HttpRequest) -> list[str | SafeString]:
    return [
        _("The link in the message stops working, also for a colleague to whom it was forwarded."),
        _("What waits to be sent to this address for this letter is not sent. The person is told nothing."),
    ]


def says_readdress(invitation: Invitation, request: HttpRequest) -> list[str | SafeString]:
    return [
        _("The link that was sent before stops working; the new address gets one of its own."),
        _("Nothing is sent before you send it."),
    ]


def is_unanswered(invitation: Invitation, at: Any) -> bool:
    return not invitation.is_answered and invitation.revoked_at is None


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = _l("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("silent", _("Silent: sent, no answer")), *((str(state), state.label) for state in State)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "silent":
            return queryset.silent()
        return queryset.in_state(self.value()) if self.value() in State.values else queryset


class InvitingLetterFilter(LetterFilter):
    def choosable(self) -> QuerySet[Letter]:
        return Letter.objects.filter(pk__in=Invitation.objects.values("letter"))


class LanguageFilter(admin.SimpleListFilter):
    title, parameter_name = _l("language"), "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        codes = Invitation.objects.order_by("language").values_list("language", flat=True).distinct()
        return [(code, name_here(code)) for code in codes]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(language=self.value()) if self.value() else queryset


@admin.register(Invitation)
class InvitationAdmin(InvitePages, ReadOnlyAdmin):
    list_display = (
        "named",
        "email_shown",
        "state_shown",
        "letter_shown",
        "sent_shown",
        "reminded_shown",
        "word_shown",
    )
    list_display_links = ("named",)
    list_filter = (StateFilter, InvitingLetterFilter, LanguageFilter, "source")
    list_select_related = (
        "letter__current_version",
        "message",
        "reminder",
        "signature",
        "otherwise",
        "organisation",
    )
    search_fields = ("organisation_name", "person_name", "email")
    search_help_text = _l("Organisation, person, e-mail")
    ordering = ("-id",)
    change_list_template = "admin/signatories/invitation/change_list.html"
    actions = ("send_selected", "remind_selected", "revoke_selected")
    fields = (
        "state_shown", "named", "person_name", "email_shown", "language_shown", "letter_shown", "source", "made_shown", "sent_shown",
        "opened_shown", "reminded_shown", "signature_shown", "declined_shown", "word", "mail_shown",
    )  # fmt: skip
    steps = (
        Step(
            "correct",
            _l("Correct names and language"),
            MAY,
            correct,
            lambda invitation, at: invitation.state == State.PREPARED,
            says_correct,
            CorrectForm,
        ),
        Step(
            "readdress", _l("Change the address"), MAY, readdress, is_unanswered, says_readdress, AddressForm
        ),
        Step("revoke", _l("Revoke"), MAY, revoke, is_unanswered, says_revoke, grave=True),
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(MAY)

    has_add_permission = has_view_permission  # type: ignore[assignment]
    has_module_permission = has_view_permission  # type: ignore[assignment]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("letter__texts")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def after_step(self, request: HttpRequest, row: Invitation) -> str:
        return getattr(request, "leads_to", "") or super().after_step(request, row)

    def step_options(self, row: Invitation) -> dict[str, Any]:
        return {"options": {"invitation": row}}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("send/", view(self.send_view), name="signatories_invitation_send"),
            path("export/", view(self.export_view), name="signatories_invitation_export"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        letter = self.letter_of(request)
        context = {
            "letter": letter,
            "query": request.GET.urlencode(),
            "counts": self.counts_of(letter) if letter is not None else [],
            "prepared": letter is not None and letter.invitations.in_state(State.PREPARED).exists(),  # type: ignore[attr-defined]
            "silent": letter is not None and letter.invitations.silent().exists(),  # type: ignore[attr-defined]
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def letter_of(self, request: HttpRequest) -> Letter | None:
        """The letter that the list is filtered by."""
        number = whole(request.GET.get("letter"))
        return Letter.objects.select_related("current_version").filter(pk=number).first() if number else None

    def counts_of(self, letter: Letter) -> list[tuple[str, SafeString, int]]:
        """The states in which some are: code, mark, how many."""
        counts = letter.invitations.by_state()  # type: ignore[attr-defined]
        return [(state, state_mark(state), n) for state, n in counts.items() if n]

    # --- Many at once

    def has_invite_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY)

    @admin.action(description=_l("Send the prepared ones"), permissions=["invite"])
    def send_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self.for_one_letter(request, queryset.in_state(State.PREPARED), again=False)

    @admin.action(description=_l("Remind the silent ones"), permissions=["invite"])
    def remind_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self.for_one_letter(request, queryset.silent(), again=True)

    @admin.action(description=_l("Revoke"), permissions=["invite"])
    def revoke_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self.revoke_many(request, queryset)

    # --- Columns and facts

    @admin.display(description=_l("invited"), ordering="organisation_name")
    def named(self, invitation: Invitation) -> SafeString:
        both = bool(invitation.organisation_name and invitation.person_name)
        return format_html(
            "<bdi>{}</bdi>{}<bdi>{}</bdi>",
            invitation.organisation_name or invitation.person_name or _("(no name)"),
            ", " if both else "",
            invitation.person_name if both else "",
        )

    @admin.display(description=_l("e-mail"), ordering="email")
    def email_shown(self, invitation: Invitation) -> str:
        return invitation.email or _("(erased)")

    @admin.display(description=_l("state"))
    def state_shown(self, invitation: Invitation) -> SafeString:
        words = state_mark(invitation.state)
        return format_html("{} {}", words, _("(another way)")) if self.by_another_way(invitation) else words

    def by_another_way(self, invitation: Invitation) -> bool:
        return invitation.state == State.SIGNED and invitation.signature is None

    @admin.display(description=_l("letter"))
    def letter_shown(self, invitation: Invitation) -> SafeString:
        return change_link(invitation.letter)

    @admin.display(description=_l("language"))
    def language_shown(self, invitation: Invitation) -> str:
        return name_here(invitation.language)

    @admin.display(description=_l("sent"))
    def sent_shown(self, invitation: Invitation) -> Any:
        message = invitation.message
        if message is None:
            return DASH
        if message.state == Message.State.QUEUED:
            return format_html("{} {}", _("goes"), short(message.next_try_at, invitation.letter))
        return short(message.sent_at, invitation.letter)

    @admin.display(description=_l("reminded"), ordering="reminded_at")
    def reminded_shown(self, invitation: Invitation) -> Any:
        times = f" ({invitation.reminders}×)" if invitation.reminders > 1 else ""
        return format_html("{}{}", short(invitation.reminded_at, invitation.letter), times)

    @admin.display(description=_l("their word"))
    def word_shown(self, invitation: Invitation) -> SafeString | str:
        word = invitation.declined_word
        return format_html("<bdi>{}</bdi>", word if len(word) <= 80 else word[:79] + "…") if word else ""

    @admin.display(description=_l("their word"))
    def word(self, invitation: Invitation) -> SafeString | str:
        return (
            format_html('<span class="desk-word" dir="auto">{}</span>', invitation.declined_word)
            if invitation.declined_word
            else DASH
        )

    @admin.display(description=_l("prepared"))
    def made_shown(self, invitation: Invitation) -> str:
        return f"{in_zone(invitation.made_at, invitation.letter)}, {invitation.made_by or DASH}"

    @admin.display(description=_l("opened the form"))
    def opened_shown(self, invitation: Invitation) -> str:
        return in_zone(invitation.opened_at, invitation.letter)

    @admin.display(description=_l("declined"))
    def declined_shown(self, invitation: Invitation) -> str:
        return in_zone(invitation.declined_at, invitation.letter)

    @admin.display(description=_l("signature"))
    def signature_shown(self, invitation: Invitation) -> SafeString | str:
        found = invitation.signature or invitation.otherwise
        return format_html("{} ({})", change_link(found), found.get_state_display()) if found else DASH

    @admin.display(description=_l("mail"))
    def mail_shown(self, invitation: Invitation) -> SafeString | str:
        rows = Message.objects.filter(subject_ref=invitation.ref).order_by("id")
        return (
            format_html_join(
                SafeString("<br>"),
                "{} {}",
                ((change_link(row), mark(row.state, row.get_state_display())) for row in rows),
            )
            or DASH
        )
