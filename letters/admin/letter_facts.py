"""What stands about a letter to be read, above its form."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.letter_says import counts
from letters.admin.shown import in_zone, mark, stage_of
from letters.models import Letter
from letters.services import editing, life


class LetterFacts:
    """Read-only lines of the letters' page; ``desk_at`` is the request's now, put there by its queryset."""

    @admin.display(description=_l("stage"))
    def stage_fact(self, letter: Letter) -> SafeString:
        return mark(*stage_of(letter, letter.desk_at))  # type: ignore[attr-defined]

    @admin.display(description=_l("release"))
    def release_fact(self, letter: Letter) -> str:
        if letter.stage == Letter.Stage.WITHDRAWN:
            words = _("Withdrawn on %(when)s: %(reason)s")
            return words % {"when": in_zone(letter.withdrawn_at, letter), "reason": letter.withdrawal_reason}
        return in_zone(letter.release_at, letter)

    @admin.display(description=_l("signing window"))
    def window_fact(self, letter: Letter) -> str:
        if letter.opens_at is None:
            opening = _("From the opening of the text")
            until = (
                _("%(opening)s to %(closes)s.") if letter.closes_at else _("%(opening)s, without a close.")
            )
            return until % {"opening": opening, "closes": in_zone(letter.closes_at, letter)}
        if letter.closes_at is None:
            return _("From %(opens)s, without a close.") % {"opens": in_zone(letter.opens_at, letter)}
        return _("From %(opens)s to %(closes)s.") % {
            "opens": in_zone(letter.opens_at, letter),
            "closes": in_zone(letter.closes_at, letter),
        }

    @admin.display(description=_l("text version"))
    def version_fact(self, letter: Letter) -> SafeString | str:
        version = letter.current_version
        if version is None:
            return _("None yet: the text can be changed freely until it is opened for signing.")
        url = reverse("admin:letters_textversion_change", args=[version.pk])
        words = _("Version %(number)s, frozen on %(when)s") % {
            "number": version.number,
            "when": in_zone(version.created_at, letter),
        }
        return format_html(
            '<a href="{}">{}</a><br><span class="desk-digest">SHA-256 {}</span>', url, words, version.digest
        )

    @admin.display(description=_l("signatures"))
    def counts_fact(self, letter: Letter) -> str:
        return counts(letter)

    @admin.display(description=_l("circulation link"))
    def link_fact(self, letter: Letter) -> SafeString | str:
        url = life.circulation_url(letter)
        if not url:
            return _("None.")
        return format_html(
            '<code class="desk-link" id="desk-link">{}</code> <button type="button" class="button" data-copy="desk-link" data-done="{}" hidden>{}</button>',
            url, _("Copied"), _("Copy"),
        )  # fmt: skip

    @admin.display(description=_l("deleting"))
    def delete_fact(self, letter: Letter) -> str:
        return editing.why_kept(letter) or _("This draft can be deleted.")
