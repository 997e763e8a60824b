"""Amending a letter in the desk: the steps, and who has answered."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from letters import languages
from letters.admin.base import ReasonForm, Step, reason_field
from letters.admin.letter_says import Sentences
from letters.admin.revising import has_changes, seen
from letters.admin.shown import DASH
from letters.models import Letter
from letters.public import moment
from letters.services import revising
from signatories.models import Signature
from signatories.services import amending

RELEASE, CHANGE = "letters.release_letter", "signatories.change_signature"


def amend(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    version = amending.amend(letter, reason=data["reason"], actor=request.user, at=moment(request))
    return _("The text is amended: version %(number)s. The signatories are asked by e-mail now.") % {
        "number": version.number
    }


def says_amend(letter: Letter, request: HttpRequest) -> Sentences:
    asked = letter.signatures.standing()  # type: ignore[attr-defined]
    silent = asked.filter(representative=None).count()
    said: Sentences = [
        _("The words below become the next version of the text, and are what is signed from now on."),
        ngettext(
            "%(n)s signature leaves the list. It is listed under the version that was signed, apart, until its signatory re-affirms.",
            "%(n)s signatures leave the list. They are listed under the version that was signed, apart, until their signatories re-affirm.",
            letter.signature_count,
        )
        % {"n": letter.signature_count},
        _("Each signatory gets the difference by e-mail, and one link to re-affirm or to withdraw."),
        _("The letter’s page says “amended”, with the date, your reason, and the difference word by word."),
    ]
    if silent:
        said.append(
            ngettext(
                "%(n)s signatory has no e-mail address here (it came from a list). Ask it yourself, and record its answer with its signature.",
                "%(n)s signatories have no e-mail address here (they came from a list). Ask them yourself, and record their answers with their signatures.",
                silent,
            )
            % {"n": silent}
        )
    for text in revising.left_behind(letter):
        said.append(
            _(
                "The text in %(language)s has not followed and is left out until it does: it says what the letter no longer says."
            )
            % {"language": languages.name_here(text.language)}
        )
    return said


class AmendForm(ReasonForm):
    reason = reason_field(
        _l("Give the reason; it stands beside the change on the letter’s page."),
        help_text=_l("Public, beside the difference, and in the message to each signatory."),
    )


def may_remind(letter: Letter, at: datetime) -> bool:
    return (
        revising.may_revise(letter)
        and amending.amendment(letter) is not None
        and amending.reminder(letter) is None
        and silent_count(letter) > 0
    )


def silent_count(letter: Letter) -> int:
    """How many have not answered, of those who have an e-mail address."""
    return amending.outdated(letter).filter(representative__isnull=False).count()


def remind(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    n = amending.remind_silent(letter, actor=request.user, at=moment(request))
    return ngettext("%(n)s signatory is reminded.", "%(n)s signatories are reminded.", n) % {"n": n}


def says_remind(letter: Letter, request: HttpRequest) -> Sentences:
    n = silent_count(letter)
    said = ngettext(
        "%(n)s signatory that has not answered the amendment gets one more message.",
        "%(n)s signatories that have not answered the amendment get one more message each.",
        n,
    )
    return [said % {"n": n}, _("It is the only reminder: this step can be taken once for each amendment.")]


def amendment_fact(letter: Letter) -> SafeString | str:
    """Who has answered the last amendment, with the way to those who have not."""
    event = amending.amendment(letter)
    if event is None:
        return DASH
    since = letter.events.filter(pk__gt=event.pk)
    counts = {
        "yes": since.filter(kind="signature.reaffirmed").count(),
        "no": amending.withdrawn_since(letter, event).count(),
        "silent": amending.outdated(letter).count(),
    }
    words = _("Re-affirmed: %(yes)s. Withdrew: %(no)s. Not answered yet: %(silent)s.") % counts
    if amending.reminder(letter) is not None:
        words += " " + _("They were reminded.")
    url = reverse("admin:signatories_signature_changelist") + f"?letter__id__exact={letter.pk}&state=earlier"
    return (
        format_html('{} <a href="{}">{}</a>', words, url, _("See who has not")) if counts["silent"] else words
    )


STEPS = (
    Step(
        "amend",
        _l("Publish as an amendment"),
        RELEASE,
        amend,
        has_changes,
        says_amend,
        AmendForm,
        instead=("correct", "discard-changes"),
        group="text",
        grave=True,
        seen=lambda letter: seen(letter, revising.Kind.AMENDMENT),
    ),
    Step(
        "remind-amended",
        _l("Remind those who have not answered"),
        RELEASE,
        remind,
        may_remind,
        says_remind,
        group="text",
    ),
)


# --- With one signature


class HowForm(ReasonForm):
    reason = reason_field(
        _l("Say how the signatory re-affirmed; it is kept on record."),
        label=_l("How the signatory re-affirmed"),
        help_text=_l("For example: by e-mail on 3 May. Kept on record; do not name persons."),
    )


def reaffirm(signature: Signature, request: HttpRequest, data: dict[str, Any]) -> str:
    amending.reaffirm_for(signature, note=data["reason"], actor=request.user, at=moment(request))
    return _("The signature stands under the present text.")


def says_reaffirm(signature: Signature, request: HttpRequest) -> Sentences:
    return [
        _(
            "Use this when the signatory agreed to the amended text by another way than the link in its message."
        ),
        _("The signature moves to the present text and returns to the list."),
    ]


def may_reaffirm(signature: Signature, at: datetime) -> bool:
    return signature.is_earlier and revising.may_revise(signature.letter)


SIGNATURE_STEPS = (
    Step(
        "reaffirm",
        _l("Re-affirm for the signatory"),
        CHANGE,
        reaffirm,
        may_reaffirm,
        says_reaffirm,
        HowForm,
        seen=lambda signature: signature.letter.current_version_id,
    ),
)
