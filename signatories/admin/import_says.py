"""What applying a list will do, and what undoing one will, a sentence each."""

from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letters.models import Letter
from signatories.admin.import_forms import missing_headings, with_address
from signatories.models import ImportBatch, ImportRow, Signature
from signatories.models.importing import GOING
from signatories.services import importing, undoing

Outcome = ImportRow.Outcome
Sentences = list[str | SafeString]
# What is not put on the letter, in the order in which it is said.
NOT_PUT = (
    Outcome.ALREADY, Outcome.TWICE, Outcome.WITHDRAWN, Outcome.WITHHELD, Outcome.LEFT_OUT, Outcome.IGNORED,
)  # fmt: skip


def says_apply(batch: ImportBatch, at: datetime) -> Sentences:
    """What will happen when the list is applied."""
    counts, letter = importing.counts_of(batch), batch.letter
    n = importing.going(counts)
    if waiting := importing.undecided(counts):
        words = ngettext(
            "%(n)s line waits for your decision first.", "%(n)s lines wait for your decision first.", waiting
        )
        return [words % {"n": waiting}]
    number = letter.current_version.number if letter.current_version else 0
    found: Sentences = [
        ngettext(
            "%(n)s signatory is put on the letter’s list, accepted by you, under version %(number)s of the text.",
            "%(n)s signatories are put on the letter’s list, accepted by you, under version %(number)s of the text; all of them at once, or none.",
            n,
        )
        % {"n": n, "number": number},
        when_public(letter, at),
        *_says_directory(batch),
        *_says_people(batch),
    ]
    left = [(Outcome(outcome).label, counts[outcome]) for outcome in NOT_PUT if counts[outcome]]
    if left:
        listed = format_html_join(", ", "{}: {}", left)
        found.append(format_html("{} {}.", _("Not put on the letter:"), listed))
    if counts[Outcome.WITHDRAWN]:
        found.append(_("Who took a signature back is never brought back by a list."))
    if missing := missing_headings(batch):
        words = _("The letter’s list does not have these headings: %(names)s. Unless you add them below, these signatories stand under the usual one.")  # fmt: skip
        found.append(words % {"names": ", ".join(missing)})
    if letter.last_delivered_at:
        found.append(_("The letter was delivered: they are shown as having joined after it."))
    found.append(_says_mail(batch))
    if batch.total > importing.AT_ONCE:
        found.append(
            _("It is a long list, so it is done in the background. You may close the page, or stop it.")
        )
    found.append(_("It can be undone later, as a whole."))
    return found


def when_public(letter: Letter, at: datetime) -> str:
    if letter.is_public(at):
        return _("They are public at once.")
    return _("They become public with the letter.")


def _says_directory(batch: ImportBatch) -> Sentences:
    rows = batch.rows.filter(outcome__in=GOING, kind=Signature.Kind.ORGANISATION)
    new, known = (rows.filter(organisation__isnull=is_new).count() for is_new in (True, False))
    found: Sentences = []
    if known:
        words = ngettext(
            "%(n)s organisation is in the directory.", "%(n)s organisations are in the directory.", known
        )
        found.append(words % {"n": known})
    if new:
        words = ngettext(
            "%(n)s organisation is new: it is entered into the directory, not verified.",
            "%(n)s organisations are new: they are entered into the directory, not verified.",
            new,
        )
        found.append(words % {"n": new})
    return found


def _says_people(batch: ImportBatch) -> Sentences:
    rows = batch.rows.filter(outcome__in=GOING)
    people = rows.filter(kind=Signature.Kind.INDIVIDUAL).count()
    named = rows.filter(kind=Signature.Kind.ORGANISATION, email="").exclude(person="").count()
    found: Sentences = []
    if people and not batch.letter.accepts_individuals:
        words = ngettext(
            "%(n)s of them is an individual, though this letter is for organisations.",
            "%(n)s of them are individuals, though this letter is for organisations.",
            people,
        )
        found.append(words % {"n": people})
    if named:
        words = ngettext(
            "The person named beside %(n)s organisation is not kept with its signature, and is not shown.",
            "The persons named beside %(n)s organisations are not kept with their signatures, and are not shown.",
            named,
        )
        found.append(words % {"n": named})
    return found


def _says_mail(batch: ImportBatch) -> str:
    n = with_address(batch)
    if not n:
        return _("No mail is sent: the list gives nobody’s e-mail address.")
    words = ngettext(
        "%(n)s line gives an e-mail address. It is kept as the representative’s, and is not public; who has it can withdraw by a link, and is asked when the text is amended. No mail is sent now unless you tick the box below.",
        "%(n)s lines give an e-mail address. They are kept as the representatives’, and are not public; who has one can withdraw by a link, and is asked when the text is amended. No mail is sent now unless you tick the box below.",
        n,
    )
    return words % {"n": n}


def says_undo(batch: ImportBatch) -> Sentences:
    """What will happen when the list is undone."""
    plan = undoing.plan(batch)
    n = len(plan.signatures)
    found: Sentences = [
        ngettext(
            "%(n)s signature of this list leaves the letter. The record says which it was.",
            "%(n)s signatures of this list leave the letter. The record says which they were.",
            n,
        )
        % {"n": n},
        _("It is no withdrawal: the same names can be put on the letter again."),
    ]
    if batch.rows.filter(signature__isnull=False).exclude(group="").exists():
        found.append(
            _("Headings that were added to the letter stay; they can be taken out in the letter’s form.")
        )
    if plan.delivered:
        words = ngettext(
            "%(n)s of them stands in a delivery. What was delivered stays as it is, with that name.",
            "%(n)s of them stand in a delivery. What was delivered stays as it is, with these names.",
            plan.delivered,
        )
        found.append(words % {"n": plan.delivered})
    if plan.ended:
        words = ngettext(
            "%(n)s signature was withdrawn or refused since: that stays.",
            "%(n)s signatures were withdrawn or refused since: that stays.",
            plan.ended,
        )
        found.append(words % {"n": plan.ended})
    if plan.own:
        words = ngettext(
            "%(n)s signature stays, since its signatory has answered an amendment, corrected the name or has signed here. End it by itself if it is wrong.",
            "%(n)s signatures stay, since their signatories have answered an amendment, corrected the name or have signed here. End them by themselves if they are wrong.",
            plan.own,
        )
        found.append(words % {"n": plan.own})
    if plan.organisations:
        words = ngettext(
            "%(n)s organisation that this list made leaves the directory.",
            "%(n)s organisations that this list made leave the directory.",
            len(plan.organisations),
        )
        found.append(words % {"n": len(plan.organisations)})
    if plan.organisations_kept:
        words = ngettext(
            "%(n)s organisation that it made stays: it has signed elsewhere, or somebody has edited or verified it since.",
            "%(n)s organisations that it made stay: they have signed elsewhere, or somebody has edited or verified them since.",
            plan.organisations_kept,
        )
        found.append(words % {"n": plan.organisations_kept})
    if plan.told:
        words = ngettext(
            "%(n)s representative was told by mail that the signature stands. Its link ends; write to them yourself.",
            "%(n)s representatives were told by mail that their signatures stand. Their links end; write to them yourself.",
            plan.told,
        )
        found.append(words % {"n": plan.told})
    found.append(_("Nobody is written to."))
    return found
