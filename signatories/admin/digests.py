"""Switching the mail about what waits for review on again, for the editor who stopped it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.base import Step
from letters.models import Letter
from letters.public import moment
from signatories.services import digests


def gets_none(user: Any, letter: Letter) -> bool:
    """Whether this person is one of the letter's editors and stopped the mail to them."""
    return digests.is_stopped(user) and letter.editors.filter(pk=user.pk).exists()


def resume(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    digests.resume(request.user, at=moment(request))  # type: ignore[arg-type]
    return _("You are told again when signatures wait for review.")


DIGESTS = Step(
    "digests",
    _l("Tell me again what waits for review"),
    "letters.view_letter",
    resume,
    lambda letter, at: True,
    direct=True,
    group="list",
)
