"""What an editor or a reviewer can do with one signature; each calls one function of ``signatories.services.review``."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.base import ReasonForm, Step, reason_field
from letters.public import moment
from signatories.fields import tidy
from signatories.models import Signature
from signatories.services import review

REVIEW, CHANGE = "signatories.review_signature", "signatories.change_signature"
State = Signature.State
Sentences = list[str]


class RefuseForm(ReasonForm):
    reason = reason_field(
        _l("Give a reason; the representative will read it."),
        rows=4,
        help_text=_l("The representative reads it by e-mail."),
    )


class WithdrawForm(ReasonForm):
    reason = reason_field(
        _l("Say how the signatory asked for it; the reason is kept on record."),
        label=_l("How the signatory asked for it"),
        help_text=_l("For example: by telephone on 3 May. Kept on record; do not name persons."),
    )


class LeaveForm(ReasonForm):
    reason = reason_field(help_text=_l("The representative reads it by e-mail."), required=False)


class ArrangeForm(forms.ModelForm):
    """How a signature stands in the list, and its spelling."""

    class Meta:
        model = Signature
        fields = ("name", "acronym", "country", "affiliation", "note", "convener", "group")
        widgets = {"name": forms.TextInput(attrs={"size": 70})}

    def __init__(self, *args: Any, options: dict[str, Any], **kwargs: Any) -> None:
        signature: Signature = options["signature"]
        super().__init__(*args, instance=Signature.objects.get(pk=signature.pk), **kwargs)
        self.fields["name"].required = True
        self.fields["group"].queryset = signature.letter.groups.filter(kind="own")
        self.fields["group"].empty_label = _("The usual one")
        if signature.kind == Signature.Kind.INDIVIDUAL:
            del self.fields["acronym"], self.fields["convener"]
        else:
            del self.fields["affiliation"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {
            key: tidy(value) if isinstance(value, str) and key != "country" else value
            for key, value in data.items()
        }

    def _post_clean(self) -> None:
        """The service writes the row, under its letter's lock; the form only asks for what was typed."""

    def changed(self) -> dict[str, Any]:
        """What differs from what stands there."""
        return {key: self.cleaned_data[key] for key in self.changed_data if key in self.cleaned_data}


def listed_words(signature: Signature) -> str:
    if signature.visibility == Signature.Visibility.WITHHELD:
        return _("It is counted; its name stays withheld and appears nowhere.")
    if signature.letter.stage == "published":
        return _("Its name appears in the public list at once, or with the release of the letter.")
    return _("Its name stands in the list that becomes public with the letter.")


def says_refuse(signature: Signature, request: HttpRequest) -> Sentences:
    now = [_("Its name leaves the public list at once.")] if signature.is_listed else []
    return [*now, _("The signature is not listed. The representative is told by e-mail, with your reason.")]


def says_withdraw(signature: Signature, request: HttpRequest) -> Sentences:
    return [
        _("Use this when the signatory asked for it by another way than its private link."),
        _(
            "The signature ends for good and leaves the list and the counts. The representative’s data is erased; one last message tells of it."
        ),
    ]


def says_leave(signature: Signature, request: HttpRequest) -> Sentences:
    proposed = (
        f"{signature.proposed_name} ({signature.proposed_acronym})"
        if signature.proposed_acronym
        else signature.proposed_name
    )
    return [
        _("The name stays “%(name)s”; “%(proposed)s” is not taken over. The representative is told.")
        % {"name": signature, "proposed": proposed}
    ]


def says_arrange(signature: Signature, request: HttpRequest) -> Sentences:
    return [
        _(
            "Name, acronym and country only to correct their spelling: who signed stays the same. What stands here is public."
        )
    ]


def accept(signature: Signature, request: HttpRequest, data: dict[str, Any]) -> str:
    review.accept(signature, actor=request.user, at=moment(request))
    return _("“%(name)s” is accepted; its representative is told.") % {"name": signature}


def refuse(signature: Signature, request: HttpRequest, data: dict[str, Any]) -> str:
    review.refuse(signature, reason=data["reason"], actor=request.user, at=moment(request))
    return _("“%(name)s” is refused; its representative is told.") % {"name": signature}


def take(signature: Signature, request: HttpRequest, data: dict[str, Any]) -> str:
    settled = review.settle_correction(signature, taken=True, actor=request.user, at=moment(request))
    return _("The correction is taken over: “%(name)s”.") % {"name": settled}


def leave(signature: Signature, request: HttpRequest, data: dict[str, Any]) -> str:
    review.settle_correction(
        signature, taken=False, actor=request.user, at=moment(request), reason=data["reason"]
    )
    return _("The name stays as it is.")


def withdraw(signature: Signature, request: HttpRequest, data: dict[str, Any]) -> str:
    review.withdraw_for(signature, reason=data["reason"], actor=request.user, at=moment(request))
    return _("The signature is withdrawn.")


def arrange(signature: Signature, request: HttpRequest, data: dict[str, Any]) -> str:
    present = Signature.objects.select_related("group").get(pk=signature.pk)
    changed = {key: value for key, value in data.items() if getattr(present, key) != value}
    if not changed:
        return _("Nothing was changed.")
    review.arrange(signature, actor=request.user, at=moment(request), **changed)
    return _("The list shows it so.")


def may_be_accepted(signature: Signature, at: datetime) -> bool:
    return signature.state == State.CONFIRMED


def has_correction(signature: Signature, at: datetime) -> bool:
    return signature.is_active and signature.proposed_name != ""


def proposed(signature: Signature) -> list[str]:
    """The names between which an editor decides."""
    return [signature.name, signature.acronym, signature.proposed_name, signature.proposed_acronym]


def as_listed(signature: Signature) -> list[Any]:
    """How it stands in the list, or would."""
    columns = ("name", "acronym", "country", "affiliation", "note", "group_id", "convener")
    return [str(getattr(signature, column) or "") for column in columns]


STEPS = (
    Step(
        "accept",
        _l("Accept"),
        REVIEW,
        accept,
        may_be_accepted,
        lambda signature, request: [listed_words(signature), _("Its representative is told by e-mail.")],
        direct=True,
        seen=as_listed,
    ),
    Step(
        "refuse",
        _l("Refuse"),
        REVIEW,
        refuse,
        lambda signature, at: signature.is_standing,
        says_refuse,
        RefuseForm,
        seen=as_listed,
    ),
    Step(
        "take-correction",
        _l("Take over the correction"),
        REVIEW,
        take,
        has_correction,
        direct=True,
        seen=proposed,
    ),
    Step(
        "leave-correction",
        _l("Leave the name"),
        REVIEW,
        leave,
        has_correction,
        says_leave,
        LeaveForm,
        seen=proposed,
    ),
    Step(
        "arrange",
        _l("Place and spelling"),
        CHANGE,
        arrange,
        lambda signature, at: signature.is_active,
        says_arrange,
        ArrangeForm,
        act=_l("Save"),
        seen=as_listed,
    ),
    Step(
        "withdraw",
        _l("Withdraw for the signatory"),
        CHANGE,
        withdraw,
        lambda signature, at: signature.is_active,
        says_withdraw,
        WithdrawForm,
        grave=True,
    ),
)
