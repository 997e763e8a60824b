"""What merging two entries of the directory would do: read before it is done, and again under the locks of doing it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from letters.models import Letter
from signatories import matching
from signatories.models import Organisation, OrganisationName, Signature
from signatories.services import directory, rivalry

Kind = OrganisationName.Kind
WITHHELD = Signature.Visibility.WITHHELD
# What the entry that stays takes over where it has nothing itself. A logo comes with its words.
FILLED = ("acronym", "country", "region", "kind", "website", "logo")


@dataclass(frozen=True, slots=True)
class Carried:
    """A name that the entry which stays gets from the other."""

    kind: str
    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Both:
    """A letter that both signed: ``first`` is the signature then. The ``other`` ends when it stands in the list too, else it
    is a later attempt beside it."""

    letter: Letter
    first: Signature
    other: Signature

    @property
    def ends(self) -> bool:
        return self.other.is_in_list


@dataclass(frozen=True, slots=True)
class Plan:
    """``kept`` stays and ``gone`` goes into it. ``changes`` are the facts of ``kept`` that change, with what they become;
    ``address`` leads on to it then (empty: the public never knew one); ``objections`` say, a sentence each, why not."""

    kept: Organisation
    gone: Organisation
    names: tuple[Carried, ...]
    domains: tuple[str, ...]
    changes: dict[str, str]
    signatures: tuple[int, ...]
    both: tuple[Both, ...]
    address: str
    objections: tuple[str, ...]

    @property
    def mark(self) -> str:
        """By which it is known whether it is still what was shown."""
        shown = [
            [self.kept.pk, self.gone.pk, str(self.kept), str(self.gone), self.address],
            [[name.kind, name.name, name.language] for name in self.names],
            [list(self.domains), self.changes, list(self.signatures), list(self.objections)],
            [[item.letter.pk, item.first.pk, item.other.pk, item.ends] for item in self.both],
        ]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


def plan(kept: Organisation, gone: Organisation, *, at: datetime) -> Plan:
    """What merging ``gone`` into ``kept`` would do at ``at``. Reads alone; the number of statements grows with the letters
    that both signed."""
    known = _known_publicly(kept, at), _known_publicly(gone, at)
    # One that editors entered and that signed nothing hides nothing; one that stands withheld or unconfirmed may.
    told = known[1] or (gone.is_known and not gone.signatures.exists())
    both = tuple(signed_by_both(kept, gone))
    mine = set(kept.domains.values_list("domain", flat=True))
    theirs = gone.domains.values_list("domain", flat=True)
    return Plan(
        kept,
        gone,
        tuple(carried(kept, gone, told=told)),
        tuple(domain for domain in theirs if domain not in mine),
        changes(kept, gone, told=told),
        tuple(gone.signatures.order_by("id").values_list("id", flat=True)),
        both,
        "" if gone.slug.startswith(directory.HIDDEN) else gone.slug,
        tuple(objections(kept, gone, both, known)),
    )


def better(one: Organisation, other: Organisation, *, at: datetime) -> Organisation:
    """Which of the two to offer as the one that stays: verified, known publicly, with more signatures, older."""

    def weight(row: Organisation) -> tuple[bool, bool, int, int]:
        return row.is_known, _known_publicly(row, at), row.signatures.in_list().count(), -row.pk

    return max(one, other, key=weight)


def _known_publicly(organisation: Organisation, at: datetime) -> bool:
    return organisation.signatures.public(at).exists()


def carried(kept: Organisation, gone: Organisation, *, told: bool) -> list[Carried]:
    """The names of ``gone`` by which ``kept`` is not recognised yet. Those that the public did not have of it are carried
    over as ones that are shown nowhere: its name may be the words of one whose name is withheld. ``told``: the public may
    have what is known of it."""
    rows = list(kept.names.all())
    own, languages = {row.key for row in rows}, {row.language for row in rows}
    own |= {matching.normalise(kept.name)[:250]}
    found = []
    for row in gone.names.order_by("id"):
        if row.key in own:
            continue
        own.add(row.key)
        shown = told and (gone.is_known or row.kind in (Kind.NAME, Kind.ACRONYM))
        if row.kind == Kind.ACRONYM and shown and not kept.acronym:
            continue  # it becomes the acronym, among the changes
        if not shown or row.kind == Kind.QUIET:
            found.append(Carried(Kind.QUIET, row.name))
        elif row.kind == Kind.TRANSLATED and row.language not in languages:
            found.append(Carried(Kind.TRANSLATED, row.name, row.language))
        else:
            found.append(Carried(Kind.FORMER if row.kind == Kind.FORMER else Kind.OTHER, row.name))
    return found


def changes(kept: Organisation, gone: Organisation, *, told: bool) -> dict[str, str]:
    """The facts that ``kept`` takes over, where it has none; notes for editors are put one below the other. Of an entry
    that the public may not have (``told``) none: they may be of one whose name is withheld."""
    found = {
        field: str(getattr(gone, field))
        for field in (FILLED if told else ())
        if getattr(gone, field) and not getattr(kept, field)
    }
    if "country" in found:
        key = directory.match_key(kept.name, found["country"])
        if Organisation.objects.filter(match_key=key).exclude(pk__in=[kept.pk, gone.pk]).exists():
            del found["country"]
    if "logo" in found:
        found["logo_alt"] = gone.logo_alt
    if gone.note and gone.note != kept.note:
        found["note"] = "\n".join(filter(None, [kept.note, gone.note]))
    return found


def signed_by_both(kept: Organisation, gone: Organisation) -> list[Both]:
    """The letters on which both have an active signature, by number."""
    active = Signature.objects.active().filter(kind=Signature.Kind.ORGANISATION)
    theirs = active.filter(organisation=gone).values("letter")
    letters = active.filter(organisation=kept, letter__in=theirs).values("letter")
    found = []
    for letter in Letter.objects.filter(pk__in=letters).select_related("current_version").order_by("pk"):
        rows = rivalry.of_organisations(letter.pk, [kept.pk, gone.pk]).active()
        first, *rest = sorted(rows, key=rivalry.rank)
        other = next(row for row in rest if row.organisation_id != first.organisation_id)
        first.letter = other.letter = letter
        found.append(Both(letter, first, other))
    return found


def objections(
    kept: Organisation, gone: Organisation, both: tuple[Both, ...], known: tuple[bool, bool]
) -> list[str]:
    """Why the two cannot be merged so, a sentence each; ``known``: whether the public knows of each."""
    if kept.pk == gone.pk:
        return [_("This is one entry; choose another one to merge it with.")]
    found = []
    if known[1] and not known[0] and not kept.is_known:
        words = _(
            "“%(kept)s” is shown nowhere yet and nobody has verified it; its name would become public. Verify it first, or let “%(gone)s” stay."
        )
        found.append(words % {"kept": kept, "gone": gone})
    seen = known[1] or not gone.slug.startswith(directory.HIDDEN) or (known[0] and gone.is_known)
    for item in both:
        names: dict[str, Any] = {"letter": item.letter}
        if not (item.first.is_standing and item.other.is_standing):
            continue
        if item.first.visibility != item.other.visibility:
            words = _(
                "On “%(letter)s” one of them stands with its name withheld, the other with its name. Ask them which it is to be, and end the other signature first."
            )
            found.append(words % names)
        elif item.ends and item.other.visibility == WITHHELD and seen:
            words = _(
                "On “%(letter)s” both stand with their names withheld. Merging is seen in the directory, and the number of withheld names would fall at the same moment: that tells whose they are. End one of the two signatures first."
            )
            found.append(words % names)
    return found
