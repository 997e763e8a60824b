"""The steps of a letter's life as buttons: each says what will happen and calls one function of ``letters.services.life``."""

from datetime import datetime
from typing import Any

from django.contrib.admin import site
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letters.admin.base import ReasonForm, Step
from letters.admin.fields import ExtendForm, ReleaseForm, TimeForm
from letters.admin.letter_says import (
    says_cancel,
    says_circulate,
    says_close,
    says_extend,
    says_link,
    says_release,
    says_resume,
    says_revoke,
    says_schedule,
    says_set_close,
    says_stop,
    says_withdraw,
)
from letters.admin.shown import in_zone
from letters.models import Letter
from letters.public import moment
from letters.services import life
from letters.services.versions import frozen_content

Stage = Letter.Stage
RELEASE = "letters.release_letter"


def is_draft(letter: Letter, at: datetime) -> bool:
    return letter.stage == Stage.DRAFT


def is_private(letter: Letter, at: datetime) -> bool:
    """Opened, but not public yet."""
    return letter.stage in (Stage.CIRCULATING, Stage.PUBLISHED) and not letter.is_public(at)


def has_link(letter: Letter, at: datetime) -> bool:
    return bool(letter.circulation_digest) and not letter.is_public(at)


def is_live(letter: Letter, at: datetime) -> bool:
    return letter.stage in (Stage.CIRCULATING, Stage.PUBLISHED)


# --- Doing it


def circulate(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    life.circulate(letter, actor=request.user, at=moment(request))
    return _("The letter circulates. Copy its private link, or invite people to sign.")


def release(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    released = life.release(letter, actor=request.user, at=moment(request))
    return _("The letter is public since %(when)s.") % {"when": in_zone(released.release_at, released)}


def schedule(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    set_for = life.release(letter, actor=request.user, at=moment(request), release_at=data["when"])
    return _("The letter is released on %(when)s.") % {"when": in_zone(set_for.release_at, set_for)}


def cancel(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    life.cancel_release(letter, actor=request.user, at=moment(request))
    return _("The release is cancelled; the letter circulates.")


def close(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    closed = life.close_signing(letter, actor=request.user, at=moment(request))
    return _("Signing closed on %(when)s.") % {"when": in_zone(closed.closes_at, closed)}


def extend(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    later = life.extend_signing(letter, closes_at=data["when"], actor=request.user, at=moment(request))
    if later.closes_at is None:
        return _("Signing stays open, without a close.")
    return _("Signing closes on %(when)s.") % {"when": in_zone(later.closes_at, later)}


def set_close(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    later = life.set_close(letter, closes_at=data["when"], actor=request.user, at=moment(request))
    return _("Signing closes on %(when)s.") % {"when": in_zone(later.closes_at, later)}


def withdraw(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    life.withdraw(letter, reason=data["reason"], actor=request.user, at=moment(request))
    return _("The letter is withdrawn.")


def stop(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    life.stop_signing(letter, stopped=True, actor=request.user, at=moment(request))
    return _("Signing is stopped.")


def resume(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    life.stop_signing(letter, stopped=False, actor=request.user, at=moment(request))
    return _("Signing goes on.")


def make_link(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    life.remake_link(letter, actor=request.user, at=moment(request))
    return _("The new private link is made; it can be copied.")


def revoke_link(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    life.revoke_link(letter, actor=request.user, at=moment(request))
    return _("The private link no longer works.")


def copy_link(letter: Letter, request: HttpRequest, data: dict[str, Any]) -> str:
    """Shows the link on a page of its own; its key is in no message and in no other page of the desk."""
    url = life.note_copied(letter, actor=request.user, at=moment(request))
    context = {
        **site.each_context(request),
        "opts": Letter._meta, "original": letter, "title": _("Private link"), "url": url,
        "row_url": reverse("admin:letters_letter_change", args=[letter.pk]),
    }  # fmt: skip
    answer = TemplateResponse(request, "admin/letters/letter/link.html", context)
    add_never_cache_headers(answer)
    request.answer = answer  # type: ignore[attr-defined]
    return ""


_l = gettext_lazy


def words(letter: Letter) -> Any:
    """The text that opening a draft freezes."""
    return frozen_content(letter) if letter.current_version_id is None else letter.current_version_id


OPENING = ("circulate", "release", "schedule", "cancel-release")
STEPS = (
    Step(
        "circulate",
        _l("Circulate by private link"),
        RELEASE,
        circulate,
        is_draft,
        says_circulate,
        instead=OPENING,
        seen=words,
    ),
    Step(
        "release",
        _l("Release now"),
        RELEASE,
        release,
        lambda letter, at: is_draft(letter, at) or is_private(letter, at),
        says_release,
        instead=OPENING,
        seen=words,
    ),
    Step(
        "schedule",
        _l("Release at a time"),
        RELEASE,
        schedule,
        lambda letter, at: is_draft(letter, at) or is_private(letter, at),
        says_schedule,
        ReleaseForm,
        instead=OPENING,
        seen=words,
    ),
    Step(
        "cancel-release",
        _l("Cancel the release"),
        RELEASE,
        cancel,
        lambda letter, at: letter.is_scheduled(at),
        says_cancel,
    ),
    Step(
        "extend",
        _l("Extend signing"),
        RELEASE,
        extend,
        lambda letter, at: is_live(letter, at) and letter.closes_at is not None,
        says_extend,
        ExtendForm,
    ),
    Step(
        "set-close",
        _l("Set a close"),
        RELEASE,
        set_close,
        lambda letter, at: is_live(letter, at) and letter.closes_at is None,
        says_set_close,
        TimeForm,
    ),
    Step(
        "close",
        _l("Close signing now"),
        RELEASE,
        close,
        lambda letter, at: is_live(letter, at) and not letter.is_closed(at),
        says_close,
    ),
    Step(
        "stop",
        _l("Stop signing"),
        RELEASE,
        stop,
        lambda letter, at: is_live(letter, at) and not letter.signing_stopped,
        says_stop,
    ),
    Step(
        "resume",
        _l("Let signing go on"),
        RELEASE,
        resume,
        lambda letter, at: is_live(letter, at) and letter.signing_stopped,
        says_resume,
    ),
    Step(
        "copy-link",
        _l("Show the link to copy it"),
        "letters.change_letter",
        copy_link,
        has_link,
        direct=True,
        group="link",
    ),
    Step("link", _l("Make a new link"), RELEASE, make_link, is_private, says_link, group="link"),
    Step("revoke-link", _l("Revoke the link"), RELEASE, revoke_link, has_link, says_revoke, group="link"),
    Step(
        "withdraw",
        _l("Withdraw the letter"),
        RELEASE,
        withdraw,
        is_live,
        says_withdraw,
        ReasonForm,
        grave=True,
        group="end",
    ),
)


def next_step(letter: Letter, at: datetime, waiting: int) -> tuple[str, str]:
    """What an editor would do next: words, and the address that leads there (both empty when there is nothing)."""

    def step(verb: str) -> str:
        return reverse("admin:letters_letter_step", args=[letter.pk, verb])

    if waiting:
        queue = reverse("admin:signatories_signature_changelist") + f"?letter__id__exact={letter.pk}"
        return _("Review %(n)s") % {"n": waiting}, queue
    if letter.stage == Stage.DRAFT:
        return _("Open for signing"), step("release")
    if letter.stage == Stage.CIRCULATING:
        return _("Release"), step("release")
    if letter.is_scheduled(at):
        return _("Release sooner or later"), step("schedule")
    if letter.stage == Stage.PUBLISHED and letter.signing_stopped:
        return _("Let signing go on"), step("resume")
    if letter.stage == Stage.PUBLISHED and letter.is_closed(at):
        return _("Extend"), step("extend")
    if letter.stage == Stage.PUBLISHED:
        return _("See the page"), letter.get_absolute_url()
    return "", ""
