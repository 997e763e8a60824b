"""Inviting, on the letter's page: how many stand where, the ways to invite, and the days of reminders."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.base import Step
from letters.admin.letter_says import Sentences
from letters.admin.shown import in_zone
from letters.models import Letter
from letters.public import moment
from signatories.admin.importing import MAY
from signatories.admin.invite_forms import DaysForm
from signatories.admin.inviting import state_mark
from signatories.services import inviting


def invitation_links(letter: Letter, *, at: datetime) -> list[dict[str, Any]]:
    """The ways from the letter to its invitations."""
    listed = reverse("admin:signatories_invitation_changelist") + f"?letter={letter.pk}"
    links = []
    if not inviting.why_not(letter, at=at):
        url = reverse("admin:signatories_invitation_add") + f"?letter={letter.pk}"
        links.append({"group": "invite", "url": url, "words": _("Invite to sign")})
    if letter.invitations.exists():  # type: ignore[attr-defined]
        links.append({"group": "invite", "url": listed, "words": _("See the invitations")})
    return links


def invitations_fact(letter: Letter) -> SafeString | str:
    """How many invitations stand where, and when the silent are reminded."""
    counts = {state: n for state, n in letter.invitations.by_state().items() if n}  # type: ignore[attr-defined]
    if not counts:
        return _("Nobody was invited.")
    listed = reverse("admin:signatories_invitation_changelist")
    rows = (
        (f"{listed}?letter={letter.pk}&state={state}", state_mark(state), n) for state, n in counts.items()
    )
    shown = format_html_join(SafeString(" · "), '<a href="{}">{} {}</a>', rows)
    planned = letter.invitation_reminders.filter(done_at=None)  # type: ignore[attr-defined]
    if letter.closes_at is None or not planned:
        return shown
    days = [in_zone(letter.closes_at - timedelta(days=row.days_before), letter) for row in planned]
    return format_html(
        "{}<br>{}", shown, _("The silent are reminded on %(days)s.") % {"days": "; ".join(days)}
    )


def may_plan(letter: Letter, at: datetime) -> bool:
    return not inviting.why_not(letter, at=at) and letter.closes_at is not None


def plan(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    inviting.plan_reminders(letter, data["days"], actor=request.user, at=moment(request))  # type: ignore[arg-type]
    return _("The days of reminders are set.") if data["days"] else _("Nobody is reminded by itself.")


def says_plan(letter: Letter, request: HttpRequest) -> Sentences:
    return [
        _("Signing closes on %(when)s.") % {"when": in_zone(letter.closes_at, letter)},
        _("On each of the days, at the hour of the close, those who were invited and are silent get one reminder. Nobody who signed, declined or wants no invitations does."),
        _("When the close moves, the days move with it."),
    ]  # fmt: skip


REMINDERS = Step(
    "plan-reminders", _l("Set days of reminders"), MAY, plan, may_plan, says_plan, DaysForm, act=_l("Set them"), group="invite"
)  # fmt: skip
