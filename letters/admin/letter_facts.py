"""What stands about a letter to be read, above its form."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.deliveries import file_table
from letters.admin.letter_says import counts
from letters.admin.shown import change_url, in_zone, mark, stage_of
from letters.documents.fonts import named
from letters.following import heading_of
from letters.languages import name_here
from letters.models import Letter
from letters.papers import missing_characters
from letters.services import editing

MOST_NAMED = 20  # characters that are named one by one


class LetterFacts:
    """Read-only lines of the letters' page; ``desk_at`` is the request's now, put there by its queryset."""

    @admin.display(description=_l("authoritative language"))
    def language_fact(self, letter: Letter) -> str:
        return capfirst(name_here(letter.language))

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

    @admin.display(description=_l("documents"))
    def documents_fact(self, letter: Letter) -> SafeString | str:
        missing = missing_characters(letter)
        said = _("Every character of the letter and of its names can be printed.")
        if missing:
            said = _("No typeface has these characters, so the PDF writes them out: %(characters)s") % {
                "characters": ", ".join(named(character) for character in missing[:MOST_NAMED])
                + (" …" if len(missing) > MOST_NAMED else "")
            }
        if not letter.is_public(letter.desk_at):  # type: ignore[attr-defined]
            return said
        names = (("PDF", "letter_pdf"), ("Word", "letter_docx"), (_("plain text"), "letter_txt"))
        links = format_html_join(
            ", ", '<a href="{}">{}</a>', ((reverse(view, args=[letter.slug]), words) for words, view in names)
        )
        return format_html("{}<br>{}", links, said)

    @admin.display(description=_l("circulation link"))
    def link_fact(self, letter: Letter) -> str:
        if not letter.circulation_digest:
            return _("None.")
        kinds = ("letter.circulated", "letter.link_made", "letter.link_copied")
        last = letter.events.filter(kind__in=kinds).select_related("actor").order_by("-id").first()
        if last is None:
            return _("There is one.")
        words = (
            _("There is one. Last shown to be copied on %(when)s, to %(who)s.")
            if last.kind == "letter.link_copied"
            else _("There is one, made on %(when)s by %(who)s. Nobody has copied it yet.")
        )
        return words % {"when": in_zone(last.at, letter), "who": last.actor or _("the site itself")}

    @admin.display(description=_l("deleting"))
    def delete_fact(self, letter: Letter) -> str:
        return editing.why_kept(letter) or _("This draft can be deleted.")

    @admin.display(description=_l("what followed"))
    def following_fact(self, letter: Letter) -> SafeString | str:
        """Deliveries with their files, responses and updates, and the ways to add one."""
        if letter.stage != Letter.Stage.PUBLISHED and not letter.deliveries.exists():  # type: ignore[attr-defined]
            return _("Nothing: the letter is not public yet.")
        deliveries = list(letter.deliveries.prefetch_related("files"))  # type: ignore[attr-defined]
        for delivery in deliveries:
            delivery.files_table = file_table(delivery)
        entries = [*letter.responses.all(), *letter.updates.all()]  # type: ignore[attr-defined]
        for entry in entries:
            entry.heading, entry.desk_url = heading_of(entry), change_url(entry)
        context = {
            "letter": letter,
            "deliveries": deliveries,
            "entries": sorted(entries, key=lambda entry: (entry.dated, entry.created_at)),
            "may_add": letter.stage == Letter.Stage.PUBLISHED,
        }
        return render_to_string("admin/letters/letter/following.html", context)
