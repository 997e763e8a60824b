"""What merging two entries, and taking that back, will do: a sentence each."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signatories.models import Merge, Organisation, OrganisationName, Signature
from signatories.services.merge_plan import Both, Plan
from signatories.services.unmerging import outlook

Kind = OrganisationName.Kind
Sentences = list[str]
LISTED = 12  # letters that are named one by one


def says_merge(made: Plan) -> Sentences:
    """What merging does, in the order in which an editor asks."""
    words = {"kept": made.kept, "gone": made.gone}
    found = [_("“%(kept)s” stays, “%(gone)s” goes into it. This can be taken back under Merges.") % words]
    found += says_names(made) + says_facts(made)
    n = len(made.signatures)
    found.append(
        ngettext(
            "%(n)s signature moves to it, with the name as it was signed.",
            "%(n)s signatures move to it, with the names as they were signed.",
            n,
        )
        % {"n": n}
        if n
        else _("“%(gone)s” has no signatures.") % words
    )
    found += [says_both(item) for item in made.both[:LISTED]]
    if len(made.both) > LISTED:
        more = len(made.both) - LISTED
        found.append(
            ngettext(
                "So it is on %(n)s more letter that both signed.",
                "So it is on %(n)s more letters that both signed.",
                more,
            )
            % {"n": more}
        )
    if made.address:
        old, new = (reverse("organisation", args=[row]) for row in (made.address, made.kept.slug))
        found.append(_("%(old)s leads to %(new)s from now on.") % {"old": old, "new": new})
    return [*found, _("What was delivered stays as it is, and no mail goes out.")]


def says_names(made: Plan) -> Sentences:
    """Under which names it is known then."""
    kinds = (
        (Kind.OTHER, _("Other names that it gets: %(names)s.")),
        (Kind.FORMER, _("Former names that it gets: %(names)s.")),
        (Kind.TRANSLATED, _("Names in other languages that it gets: %(names)s.")),
        (Kind.QUIET, _("Names by which it is recognised, and which are shown nowhere: %(names)s.")),
    )
    found = []
    for kind, words in kinds:
        names = [f"“{name.name}”" for name in made.names if name.kind == kind]
        found += [words % {"names": ", ".join(names)}] if names else []
    if made.names and not made.kept.is_known:
        found.append(_("It is recognised by them, and shown with them, once it is verified."))
    return found


def says_facts(made: Plan) -> Sentences:
    """What else it gets."""
    found = []
    if made.domains:
        found.append(_("Domains that it gets: %(domains)s.") % {"domains": ", ".join(made.domains)})
    for field, value in made.changes.items():
        label = Organisation._meta.get_field(field).verbose_name  # type: ignore[union-attr]
        if field == "note":
            found.append(_("The notes for editors are put one below the other."))
        elif field == "logo":
            found.append(_("It gets the logo."))
        elif field != "logo_alt":
            found.append(_("It gets the %(what)s: %(value)s.") % {"what": label, "value": value})
    return found


def says_both(item: Both) -> str:
    """What becomes of two signatures on one letter."""
    words = {
        "letter": item.letter,
        "first": item.first,
        "other": item.other,
        "state": item.first.get_state_display().lower(),
    }
    if not item.ends:
        return (
            _(
                "On “%(letter)s” both signed: “%(first)s” (%(state)s) is the signature, “%(other)s” stands beside it as a later attempt."
            )
            % words
        )
    said = (
        _(
            "On “%(letter)s” both signed: “%(first)s” counts, being the earlier one; “%(other)s” leaves the list and the counts, and stays on record. Its representative gets no more news of the letter."
        )
        % words
    )
    if item.other.convener and not item.first.convener:
        said += " " + _(
            "It is marked as a convener, the one that counts is not: mark that one, if it is to be."
        )
    return said


def says_take_back(merge: Merge) -> Sentences:
    """What comes back, and what cannot."""
    seen = outlook(merge)
    if seen.objection:
        return [seen.objection]
    found = [
        _(
            "“%(gone)s” returns to the directory with its address, names and domains; “%(kept)s” gives them back."
        )
        % {"gone": merge.gone_name, "kept": merge.kept_name}
    ]
    n = len(seen.returning)
    if n:
        found.append(
            ngettext("%(n)s signature goes back to it.", "%(n)s signatures go back to it.", n) % {"n": n}
        )
    found += [says_again(row, _("stands in the list again")) for row in seen.listed]
    found += [
        says_again(row, _("waits for review, since the signature that stood for it has ended"))
        for row in seen.waiting
    ]
    if seen.lost:
        found.append(
            ngettext(
                "%(n)s signature is not there any more, so it cannot return.",
                "%(n)s signatures are not there any more, so they cannot return.",
                seen.lost,
            )
            % {"n": seen.lost}
        )
    if seen.kept_facts:
        labels = [str(Organisation._meta.get_field(field).verbose_name) for field in seen.kept_facts]  # type: ignore[union-attr]
        found.append(_("What was changed since stays: %(facts)s.") % {"facts": ", ".join(labels)})
    return [
        *found,
        _("Who signed since stays with “%(kept)s”. No mail goes out.") % {"kept": merge.kept_name},
    ]


def says_again(row: Signature, what: str) -> str:
    """What becomes of a signature for which another one had counted."""
    return _("On “%(letter)s” “%(name)s” %(what)s.") % {"letter": row.letter, "name": row, "what": what}
