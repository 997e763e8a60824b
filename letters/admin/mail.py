"""Outgoing mail in the desk: to be read, sent again, or taken out of the queue."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.urls import NoReverseMatch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from letters import outbox
from letters.admin.base import ReadOnlyAdmin, Step
from letters.admin.mail_shown import MailSamples, shown
from letters.admin.record import LetterFilter
from letters.admin.shown import DASH, change_link, in_utc, mark
from letters.compose import compose
from letters.models import Message
from letters.public import moment
from letters.services import editing
from letters.services.errors import Refused
from letters.wording import MESSAGES, about_mail

CHANGE = "letters.change_message"


def resend(message: Message, request: HttpRequest, data: dict[str, Any]) -> str:
    editing.resend(message, actor=request.user, at=moment(request))
    return _("The message is in the queue again.")


def cancel(message: Message, request: HttpRequest, data: dict[str, Any]) -> str:
    editing.cancel(message, actor=request.user, at=moment(request))
    return _("The message is not sent.")


class KindFilter(SimpleListFilter):
    title, parameter_name = _l("kind"), "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(MESSAGES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() in MESSAGES else queryset


@admin.register(Message)
class MessageAdmin(MailSamples, ReadOnlyAdmin):
    list_display = (
        "number",
        "state_shown",
        "kind_shown",
        "recipient",
        "letter_shown",
        "attempts",
        "next_shown",
        "error_shown",
    )
    list_display_links = ("number",)
    list_filter = ("state", KindFilter, LetterFilter)
    search_fields = ("recipient", "kind", "message_id", "subject_ref")
    search_help_text = _l("Recipient, kind, Message-ID")
    list_select_related = ("letter__current_version",)
    fields = (
        "state_shown", "kind_shown", "recipient", "letter_shown", "subject_ref", "queued_shown", "attempts", "uncertain", "next_shown", "sent_shown",
        "bounced_shown", "error", "history_shown", "message_id", "text",
    )  # fmt: skip
    actions = ("resend_selected", "cancel_selected")
    steps = (
        Step(
            "resend",
            _l("Send again"),
            CHANGE,
            resend,
            lambda message, at: message.state in outbox.ENDED and message.recipient != "",
            direct=True,
        ),
        Step(
            "cancel",
            _l("Do not send"),
            CHANGE,
            cancel,
            lambda message, at: message.state == Message.State.QUEUED,
            direct=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("letter__texts")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CHANGE)

    @admin.action(description=_l("Send again"), permissions=["resend"])
    def resend_selected(self, request: HttpRequest, queryset: Any) -> None:
        self.each(request, queryset, editing.resend)

    @admin.action(description=_l("Do not send"), permissions=["resend"])
    def cancel_selected(self, request: HttpRequest, queryset: Any) -> None:
        self.each(request, queryset, editing.cancel)

    def each(self, request: HttpRequest, queryset: Any, act: Callable[..., None]) -> None:
        """Does the same to many messages, and says how many it was done to and why not to the rest."""
        done, left = 0, []
        for message in queryset:
            try:
                act(message, actor=request.user, at=moment(request))
                done += 1
            except Refused as refusal:
                left.append(str(refusal))
        self.message_user(
            request,
            ngettext("%(n)s message changed.", "%(n)s messages changed.", done) % {"n": done},
            messages.SUCCESS,
        )
        if left:
            self.message_user(request, " ".join(left[:10]), messages.WARNING)

    @admin.display(description=_l("kind"), ordering="kind")
    def kind_shown(self, message: Message) -> str:
        return about_mail(message.kind)

    @admin.display(description=_l("number"), ordering="id")
    def number(self, message: Message) -> str:
        return f"#{message.pk}"

    @admin.display(description=_l("state"), ordering="state")
    def state_shown(self, message: Message) -> SafeString:
        return mark(message.state, message.get_state_display())

    @admin.display(description=_l("letter"))
    def letter_shown(self, message: Message) -> SafeString | str:
        return change_link(message.letter) if message.letter else DASH

    @admin.display(description=_l("next try"), ordering="next_try_at")
    def next_shown(self, message: Message) -> str:
        return in_utc(message.next_try_at) if message.state == Message.State.QUEUED else DASH

    @admin.display(description=_l("queued"), ordering="created_at")
    def queued_shown(self, message: Message) -> str:
        return in_utc(message.created_at)

    @admin.display(description=_l("sent"), ordering="sent_at")
    def sent_shown(self, message: Message) -> str:
        return in_utc(message.sent_at)

    @admin.display(description=_l("came back"))
    def bounced_shown(self, message: Message) -> str:
        return in_utc(message.bounced_at)

    @admin.display(description=_l("history"))
    def history_shown(self, message: Message) -> SafeString | str:
        """Each try, and what was reported later, with the server's words."""
        lines = [
            (in_utc(one.at), mark(one.outcome, one.get_outcome_display()), one.reply or DASH)
            for one in message.history.all()
        ]
        if not lines:
            return DASH
        head = format_html(
            '<thead><tr><th scope="col">{}</th><th scope="col">{}</th><th scope="col">{}</th></tr></thead>',
            _("When"),
            _("What"),
            _("The server’s words"),
        )
        rows = format_html_join("", '<tr><td>{}</td><td>{}</td><td dir="auto">{}</td></tr>', lines)
        return format_html('<table class="desk-table">{}<tbody>{}</tbody></table>', head, rows)

    @admin.display(description=_l("last error"))
    def error_shown(self, message: Message) -> str:
        return message.error if len(message.error) <= 80 else message.error[:79] + "…"

    @admin.display(description=_l("message"))
    def text(self, message: Message) -> SafeString | str:
        try:
            mail = compose(message, redacted=True)
        except (ValueError, KeyError, TemplateDoesNotExist, ObjectDoesNotExist, NoReverseMatch) as error:
            return _("It cannot be shown: %(error)s.") % {"error": error}
        return shown(mail)
