"""The list that came with a letter's document, on the letter's page: seen, added once the letter is open, or discarded."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from letters.admin.base import ReasonForm, Step, reason_field
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


def add(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    outcomes = waiting.add_waiting(
        letter,
        text=data["listed"],
        consent=data["reason"],
        actor=request.user,
        at=moment(request),  # type: ignore[arg-type]
    )
    new = sum(item.outcome == "new" for item in outcomes)
    said = ngettext("%(n)s signatory is listed.", "%(n)s signatories are listed.", new) % {"n": new}
    left = {"already": _("stands there already"), "twice": _("stands twice in the list"), "withdrawn": _("was withdrawn earlier"), "withheld": _("a name of this kind is withheld; decide by hand")}  # fmt: skip
    others = [
        _("%(name)s: %(why)s") % {"name": item.entry.person or item.entry.name, "why": left[item.outcome]}
        for item in outcomes
        if item.outcome in left
    ]
    return " ".join([said, *([_("Not added: %(names)s.") % {"names": "; ".join(others)}] if others else [])])


def says_add(letter: Letter, request: HttpRequest) -> Sentences:
    found = waiting_list(letter)
    if found is None:
        return []
    entries = read_list(found.text).signatories
    unsure = [str(entry.person or entry.name) for entry in entries if not entry.sure]
    said: Sentences = [
        ngettext(
            "The %(n)s signatory of the document is listed on the letter, under the text that is signed now.",
            "The %(n)s signatories of the document are listed on the letter, under the text that is signed now.",
            len(entries),
        )
        % {"n": len(entries)},
        _("Who stands there already is left alone; who withdrew is not brought back. Nobody is written to."),
    ]
    if unsure:
        said.append(_("Look at these first, in the list below: %(names)s.") % {"names": "; ".join(unsure)})
    return said


def discard(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    waiting.discard_waiting(letter, actor=request.user, at=moment(request))  # type: ignore[arg-type]
    return _("The list that waited is discarded.")


def says_discard(letter: Letter, request: HttpRequest) -> Sentences:
    return [_("The list that came with the document is deleted. No signature changes.")]


class AddForm(ReasonForm):
    """The list, to be mended once more, and where consent came from."""

    listed = forms.CharField(
        label=_l("Signatories"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField", "dir": "auto"}),
        help_text=_l("One a line. What stands here is what is added."),
        error_messages={"required": _l("The list is empty; discard it instead.")},
    )
    reason = reason_field(
        _l("Say where their consent came from; it is kept on record."),
        label=_l("Where their consent came from"),
        help_text=_l("For example: they signed the letter of 3 May by e-mail. Do not name persons."),
    )
    field_order = ("listed", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = waiting_list(self.options["letter"])
        self.initial["listed"] = found.text if found else ""


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
            "%(n)s signatory of the document can be added now.",
            "%(n)s signatories of the document can be added now.",
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
        _l("Add the document’s signatories"),
        CHANGE,
        add,
        may_add,
        says_add,
        AddForm,
        instead=("discard-listed",),
        group="after",
        seen=lambda letter: [letter.current_version_id, getattr(waiting_list(letter), "text", "")],
    ),
    Step(
        "discard-listed",
        _l("Discard the document’s signatories"),
        CHANGE,
        discard,
        may_discard,
        says_discard,
        instead=("add-listed",),
        group="after",
        grave=True,
    ),
)
