"""Small pieces of the desk's pages: times in the letter's zone, marks, addresses of rows."""

from datetime import UTC, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from letters.models import Letter

DASH = "–"


def in_zone(at: datetime | None, letter: Letter) -> str:
    """A time in words in the letter's zone, with the zone's name; a dash for none."""
    if at is None:
        return DASH
    return f"{date_format(at.astimezone(letter.zone), 'j F Y, H:i')} ({letter.time_zone.replace('_', ' ')})"


def short(at: datetime | None, letter: Letter) -> str | SafeString:
    """The same for a column of a table."""
    if at is None:
        return DASH
    zone = letter.time_zone.replace("_", " ")
    return format_html(
        '{} <span class="desk-zone">{}</span>', date_format(at.astimezone(letter.zone), "j M Y, H:i"), zone
    )


def in_utc(at: datetime | None) -> str:
    """A time of the record, which belongs to no letter's zone."""
    return date_format(at.astimezone(UTC), "j M Y, H:i") + " UTC" if at else DASH


def stage_of(letter: Letter, at: datetime) -> tuple[str, str]:
    """The stage as an editor thinks of it: a code for its mark, and the words."""
    if letter.is_scheduled(at):
        return "scheduled", _("Release scheduled")
    if letter.stage == Letter.Stage.PUBLISHED and letter.signing_stopped:
        return "stopped", _("Published, signing stopped")
    if letter.stage == Letter.Stage.PUBLISHED and letter.is_closed(at):
        return "closed", _("Published, signing closed")
    if letter.stage == Letter.Stage.PUBLISHED and letter.is_signing_open(at):
        return "open", _("Published, open for signing")
    return str(letter.stage), str(letter.get_stage_display())


MARKS = {
    "draft": "✎", "circulating": "⇄", "scheduled": "◷", "open": "●", "published": "●", "closed": "○", "stopped": "‖", "withdrawn": "✕",
    "unconfirmed": "…", "confirmed": "?", "accepted": "✓", "earlier": "◷", "refused": "✕", "disowned": "✕", "expired": "✕", "merged": "⇉",
    "queued": "◷", "claimed": "◷", "sending": "◷", "sent": "✓", "failed": "!", "bounced": "↩", "cancelled": "✕",
    "waits": "◷", "unknown": "?", "delayed": "◷", "complained": "!",
    "directory": "✓", "website": "≈", "free": "○", "other": "?", "none": "–", "known": "✓", "new": "+", "warn": "!",
}  # fmt: skip


def mark(code: str, words: Any) -> SafeString:
    """A sign and words; the sign's colour says nothing that the words do not."""
    return format_html(
        '<span class="desk-mark is-{}"><span aria-hidden="true">{}</span> {}</span>',
        code,
        MARKS.get(code, "·"),
        words,
    )


def change_link(row: Any, words: Any = None) -> SafeString:
    """A link to a row's page in the desk."""
    return format_html('<a href="{}">{}</a>', change_url(row), words if words is not None else row)


def change_url(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
