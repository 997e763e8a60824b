"""Recording a delivery: the step of a letter that freezes its list."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from letters.admin.base import Step
from letters.models import Letter
from letters.public import moment
from letters.services.delivering import today
from signatories.models import Representative
from signatories.models.signature import STANDING
from signatories.services import delivering

LONGEST = 250  # characters of whom and how


class DeliverForm(forms.Form):
    """When, to whom, how; offered as it mostly is: today, to those whom the letter is to."""

    delivered_on = forms.DateField(
        label=_l("Delivered on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _l("Give the day."),
            "invalid": _l("Write a day, for example 2027-03-01."),
        },
    )
    to_whom = forms.CharField(
        label=_l("To whom"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"size": 70, "dir": "auto"}),
        error_messages={"required": _l("Say to whom the letter was delivered.")},
    )
    how = forms.CharField(
        label=_l("How"),
        max_length=LONGEST,
        help_text=_l("For example: by hand, by e-mail, by post."),
        widget=forms.TextInput(attrs={"size": 70, "dir": "auto"}),
        error_messages={"required": _l("Say how it was delivered.")},
    )
    note = forms.CharField(
        label=_l("Note"),
        required=False,
        max_length=5000,
        help_text=_l("Public, like the rest. For example who took it, or what was said."),
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60, "dir": "auto"}),
    )

    # What the page showed: how many deliveries there were, and which text.
    after = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, options: dict[str, Any], **kwargs: Any) -> None:
        self.letter: Letter = options["letter"]
        super().__init__(*args, **kwargs)
        people = [str(person) for person in self.letter.addressees.filter(is_copy=False)]
        everybody = "; ".join(people)
        self.initial["delivered_on"] = today(self.letter, timezone.now())
        self.initial["to_whom"] = everybody if len(everybody) <= LONGEST else people[0][:LONGEST]
        self.initial |= self.known()

    def known(self) -> dict[str, int]:
        """What the page says of the letter, by which it is known whether somebody changed it meanwhile."""
        present = Letter.objects.select_related("current_version").get(pk=self.letter.pk)
        number = present.current_version.number if present.current_version else 0
        return {"after": present.deliveries.count(), "version": number}

    def add_error(self, field: str | None, error: Any) -> None:
        """A refusal is shown beside what the editor then knows: to press once more is a decision."""
        super().add_error(None if field in ("after", "version") else field, error)
        if field in (None, "after", "version"):
            self.data = self.data.copy()
            self.data |= {name: str(value) for name, value in self.known().items()}


def deliver(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    delivery = delivering.deliver(letter, **data, actor=request.user, at=moment(request))
    n = delivery.signature_count
    words = ngettext(
        "The delivery is recorded, with its snapshot of %(n)s signature. Its files stand below.",
        "The delivery is recorded, with its snapshot of %(n)s signatures. Its files stand below.",
        n,
    )
    return words % {"n": n}


def is_possible(letter: Letter, at: datetime) -> bool:
    return letter.is_public(at)


def says(letter: Letter, request: HttpRequest) -> list[str | SafeString]:
    """What recording a delivery does."""
    listed, languages = letter.listed_count, len(letter.current_version.content["texts"])  # type: ignore[union-attr]
    snapshot = ngettext(
        "A snapshot of the list is kept as it stands now: %(n)s name, in its order.",
        "A snapshot of the list is kept as it stands now: %(n)s names, in their order.",
        listed,
    ) % {"n": listed}
    found: list[str | SafeString] = [snapshot]
    if letter.withheld_count:
        found.append(
            ngettext(
                "%(n)s more is counted without its name.",
                "%(n)s more are counted without their names.",
                letter.withheld_count,
            )
            % {"n": letter.withheld_count}
        )
    if letter.earlier_count:
        found.append(
            ngettext(
                "%(n)s signatory of an earlier text has not re-affirmed: it stands apart in the documents, and is not counted.",
                "%(n)s signatories of an earlier text have not re-affirmed: they stand apart in the documents, and are not counted.",
                letter.earlier_count,
            )
            % {"n": letter.earlier_count}
        )
    found.append(
        ngettext(
            "The snapshot holds the text as PDF, Word and plain text, and the list as CSV and JSON. Readers can download it, and it never changes.",
            "The snapshot holds the text in %(n)s languages as PDF, Word and plain text, and the list as CSV and JSON. Readers can download it, and it never changes.",
            languages,
        )
        % {"n": languages}
    )
    found.append(
        _("The letter’s page says that it was delivered. Who signs later is shown as having joined after it.")
    )
    people = Representative.objects.filter(
        signature__letter=letter, signature__state__in=STANDING, wants_updates=True
    )
    n = people.count()
    found.append(
        ngettext(
            "%(n)s signatory who asked for news is told by mail.",
            "%(n)s signatories who asked for news are told by mail.",
            n,
        )
        % {"n": n}
        if n
        else _("No signatory has asked for news, so no mail goes out.")
    )
    found.append(_("Once recorded, it stays and cannot be changed or deleted."))
    return found


DELIVER = Step(
    "deliver",
    _l("Record a delivery"),
    "letters.release_letter",
    deliver,
    is_possible,
    says,
    DeliverForm,
    group="after",
)
