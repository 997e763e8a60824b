"""The list that came with a letter's document, on the letter's page: seen, looked at line by line once the letter is open, or discarded."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from letters.admin.base import Step
from letters.admin.letter_says import Sentences
from letters.admin.shown import DASH
from letters.models import Letter
from letters.public import moment
from signatories.models import WaitingList
from signatories.reading import read_list
from signatories.services import waiting

CHANGE = "letters.change_letter"


def waiting_list(letter: Letter) -> WaitingList | None:
    return WaitingList.objects.filter(letter=letter).first()


def may_add(letter: Letter, at: datetime) -> bool:
    opened = letter.current_version_id is not None and letter.stage != Letter.Stage.WITHDRAWN
    return opened and waiting_list(letter) is not None


def may_discard(letter: Letter, at: datetime) -> bool:
    return waiting_list(letter) is not None


def look(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    batch = waiting.open_waiting(letter, actor=request.user, at=moment(request))  # type: ignore[arg-type]
    request.leads_to = reverse("admin:signatories_importbatch_change", args=[batch.pk])  # type: ignore[attr-defined]
    return _("The document’s list is read. Nothing is on the letter yet.")


def discard(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    waiting.discard_waiting(letter, actor=request.user, at=moment(request))  # type: ignore[arg-type]
    return _("The list that waited is discarded.")


def says_discard(letter: Letter, request: HttpRequest) -> Sentences:
    return [_("The list that came with the document is deleted. No signature changes.")]


def waiting_fact(letter: Letter) -> SafeString | str:
    """What waits, with its words to be read."""
    found = waiting_list(letter)
    if found is None:
        return DASH
    n = len(read_list(found.text).signatories)
    words = ngettext(
        "%(n)s signatory of the document waits until the letter is open.",
        "%(n)s signatories of the document wait until the letter is open.",
        n,
    )
    if letter.current_version_id is not None:
        words = ngettext(
            "%(n)s signatory of the document can be looked at and added now.",
            "%(n)s signatories of the document can be looked at and added now.",
            n,
        )
    return format_html(
        '<details class="desk-fold"><summary>{}</summary><p>{}</p><pre class="desk-pre" dir="auto">{}</pre></details>',
        words % {"n": n},
        found.source or _("Pasted text"),
        found.text,
    )


STEPS = (
    Step(
        "add-listed",
        _l("Look at the document’s list"),
        CHANGE,
        look,
        may_add,
        group="list",
        direct=True,
    ),
    Step(
        "discard-listed",
        _l("Discard the document’s list"),
        CHANGE,
        discard,
        may_discard,
        says_discard,
        instead=("add-listed",),
        group="list",
        grave=True,
    ),
)
