"""What each step of a letter's life will do, said before it is done: a sentence each."""

import copy
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letters.admin.shown import in_zone
from letters.languages import name_here
from letters.models import Letter
from letters.public import moment

Sentences = list[str | SafeString]


def counts(letter: Letter) -> str:
    """The letter's signatures in a sentence."""
    earlier = ngettext(
        "%(n)s signatory stands under an earlier text.",
        "%(n)s signatories stand under an earlier text.",
        letter.earlier_count,
    ) % {"n": letter.earlier_count}
    if not letter.signature_count:
        if letter.earlier_count:
            return _("Nobody stands under the amended text yet.") + " " + earlier
        return _("Nobody has signed yet.")
    now = _now(letter)
    return f"{now} {earlier}" if letter.earlier_count else now


def _now(letter: Letter) -> str:
    """Those who stand under the present text."""
    listed = ngettext("%(n)s name is listed", "%(n)s names are listed", letter.listed_count) % {
        "n": letter.listed_count
    }
    if not letter.withheld_count:
        return _("%(listed)s now.") % {"listed": listed}
    withheld = ngettext(
        "%(listed)s now; %(n)s more signature counts, its name withheld.",
        "%(listed)s now; %(n)s more signatures count, their names withheld.",
        letter.withheld_count,
    )
    return withheld % {"listed": listed, "n": letter.withheld_count}


def page_of(letter: Letter) -> SafeString:
    return format_html("<strong>{}{}</strong>", settings.SITE_URL, letter.get_absolute_url())


def freezing(letter: Letter) -> Sentences:
    if letter.is_frozen:
        return []
    says: Sentences = [
        _("The text, its date and its addressees freeze as version 1. They never change in place after that.")
    ]
    rows = sorted(letter.texts.all(), key=lambda text: (not text.is_authoritative, text.language))
    if len(rows) > 1:
        names = [name_here(text.language) for text in rows if text.is_ready]
        says.append(_("It is opened in these languages: %(languages)s.") % {"languages": ", ".join(names)})
        if drafts := [name_here(text.language) for text in rows if not text.is_ready]:
            says.append(
                _("Still drafts, so left out until you publish them: %(languages)s.")
                % {"languages": ", ".join(drafts)}
            )
    return says


def window(letter: Letter, at: datetime, opens: datetime | None = None) -> Sentences:
    """When signing is possible."""
    opens = letter.opens_at or opens or at
    begins = (
        _("Signing opens at once.")
        if opens <= at
        else _("Signing opens on %(when)s.") % {"when": in_zone(opens, letter)}
    )
    if letter.is_closed(at):
        return [
            _("Signing closed on %(when)s and stays closed.") % {"when": in_zone(letter.closes_at, letter)}
        ]
    if letter.is_frozen and opens <= at:
        begins = (
            _("Signing is open already.")
            if not letter.signing_stopped
            else _("Signing is stopped and stays so.")
        )
    if letter.closes_at is None:
        return [begins, _("It has no close; you can close it at any time.")]
    return [begins, _("It closes on %(when)s.") % {"when": in_zone(letter.closes_at, letter)}]


def listing(letter: Letter) -> Sentences:
    """What the policy means for what is to come; most of all where it takes the decision from the editors."""
    if letter.policy == Letter.Policy.REVIEW:
        return [_("Each signature waits for your review once its e-mail is confirmed.")]
    if letter.policy == Letter.Policy.KNOWN_DOMAIN:
        return [
            _(
                "A signature confirmed from the domain of an organisation that you verified is listed at once; every other waits for your review."
            )
        ]
    return [
        _(
            "Each signature is listed as soon as its e-mail is confirmed, by whoever it is, without your review."
        ),
        _(
            "Once an organisation has signed with its name withheld, further organisations wait for your review: else anybody who signs in an organisation’s name could see whether it is the one that is withheld."
        ),
    ]


def says_circulate(letter: Letter, request: HttpRequest) -> Sentences:
    at = moment(request)
    return [
        *freezing(letter),
        _(
            "A private link is made. Whoever has the link can read the letter and sign it; it is found in no list and by no search engine."
        ),
        *(
            []
            if letter.contact_email
            else [_("The letter has no contact’s e-mail yet, so whoever answers its mail reaches nobody.")]
        ),
        _("Nothing becomes public, neither the letter nor any name, before you release it."),
        *window(letter, at),
        *listing(letter),
    ]


def telling(letter: Letter) -> Sentences:
    """Who is written to when the letter is released."""
    if not letter.signature_count and not letter.earlier_count:
        return []
    return [_("Those who are in the list by then get the letter’s address, and its PDF, by mail.")]


def says_release(letter: Letter, request: HttpRequest) -> Sentences:
    at = moment(request)
    return [
        *freezing(letter),
        format_html(
            _("Everybody can read the letter at {}, from {} on."), page_of(letter), in_zone(at, letter)
        ),
        counts(letter) + " " + _("The list is public with the letter."),
        *telling(letter),
        *window(letter, at),
        *listing(letter),
        *([_("The circulation link then leads to the public page.")] if letter.circulation_digest else []),
    ]


def says_schedule(letter: Letter, request: HttpRequest) -> Sentences:
    present = (
        [_("It is set for %(when)s now.") % {"when": in_zone(letter.release_at, letter)}]
        if letter.is_scheduled(moment(request))
        else []
    )
    opening = (
        [_("Signing opens with the release, unless you gave another time.")]
        if not letter.is_frozen and letter.opens_at is None
        else []
    )
    return [
        *present,
        *freezing(letter),
        format_html(
            _("At the time that you give, everybody can read the letter at {}; nothing is public before."),
            page_of(letter),
        ),
        counts(letter),
        *telling(letter),
        *opening,
    ]


def says_cancel(letter: Letter, request: HttpRequest) -> Sentences:
    return [
        _(
            "The release on %(when)s does not take place. The letter goes back into circulation; its text stays frozen."
        )
        % {"when": in_zone(letter.release_at, letter)},
        _("Nothing becomes public until you release it."),
    ]


def says_close(letter: Letter, request: HttpRequest) -> Sentences:
    grace = int(settings.CONFIRM_GRACE.total_seconds() // 3600)
    return [
        _("No new signature is taken from %(when)s on.") % {"when": in_zone(moment(request), letter)},
        _("Whoever signed before can still confirm for %(hours)s hours.") % {"hours": grace},
        counts(letter),
        _("What was signed stays. You can extend signing later."),
    ]


def says_extend(letter: Letter, request: HttpRequest) -> Sentences:
    closed = letter.is_closed(moment(request))
    present = _("Signing closed on %(when)s.") if closed else _("Signing closes on %(when)s now.")
    return [
        present % {"when": in_zone(letter.closes_at, letter)},
        _("It stays open until the time that you give."),
    ]


def says_set_close(letter: Letter, request: HttpRequest) -> Sentences:
    return [
        _("Signing has no close now."),
        _("It closes by itself at the time that you give; you can extend it later."),
    ]


def says_withdraw(letter: Letter, request: HttpRequest) -> Sentences:
    public = letter.is_public(moment(request))
    shown = (
        format_html(
            _(
                "The letter, its list and its documents leave the site. {} then shows the title and your reason, in public."
            ),
            page_of(letter),
        )
        if public
        else _("The letter was not public, so nothing is shown; the circulation link stops working.")
    )
    return [shown, counts(letter), _("This cannot be taken back.")]


def says_stop(letter: Letter, request: HttpRequest) -> Sentences:
    return [
        _(
            "The form takes no signature until you let signing go on. The letter and its list stay as they are."
        ),
        counts(letter),
    ]


def says_resume(letter: Letter, request: HttpRequest) -> Sentences:
    resumed = copy.copy(letter)
    resumed.signing_stopped = False
    return [_("The form takes signatures again."), *window(resumed, moment(request))]


def says_link(letter: Letter, request: HttpRequest) -> Sentences:
    if letter.circulation_digest:
        return [
            _(
                "A new private link is made. The one before stops working at once, also for those who were sent it."
            )
        ]
    return [_("A private link is made. Whoever has the link can read the letter and sign it.")]


def says_revoke(letter: Letter, request: HttpRequest) -> Sentences:
    return [
        _("The private link stops working at once. Signatures made by it stay. You can make another link.")
    ]
