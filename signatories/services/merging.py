"""Merging two entries of the directory into one. Locks are taken in one order: the letters that either signed, ascending, then
the two entries, ascending."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core import serializers
from django.db import transaction
from django.utils.translation import gettext as _

from letters.models import Letter
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor
from signatories import matching
from signatories.models import (
    Domain,
    Merge,
    OldAddress,
    Organisation,
    OrganisationName,
    PossibleDouble,
    Signature,
)
from signatories.services import directory, lists, match_keys, rivalry
from signatories.services.merge_plan import Both, Plan, plan

State = Signature.State
TRIES = 3
SAID = ("verdict", "score", "why", "found_at", "dismissed_at")  # of a pair that an editor told apart


class Overtaken(Exception):
    """While the locks were taken, one of the two signed a letter that was not held."""


def merge(
    kept: Organisation, gone: Organisation, *, seen: str | None = None, actor: Actor, at: datetime
) -> Merge:
    """Puts the entry ``gone`` into ``kept``: its names, domains, signatures and address go there, and it is on record so that
    it can come back. Names as signed, and what was delivered, stay as they are; no mail goes out. On a letter that both
    signed the one that stands further, else the earlier, is the signature. ``seen`` is the mark of the plan that the editor
    saw. Raises ``Refused``."""
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _merge(kept, gone, seen=seen, actor=actor, at=at)
        except Overtaken:
            continue
    raise Refused(_("One of the two is signing just now. Try again in a moment."))


def hold(organisations: Iterable[int], *, letters: Iterable[int] = ()) -> dict[int, Organisation]:
    """The entries that are still there, by number, locked and read anew, with every letter that one of them signed and
    ``letters`` locked before them. Raises ``Overtaken`` when another letter comes in meanwhile."""
    numbers = sorted(organisations)
    wanted = set(_letters_of(numbers)) | set(letters)
    held = Letter.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    list(held.values_list("pk", flat=True))
    rows = Organisation.objects.select_for_update().filter(pk__in=numbers).order_by("pk")
    found = {row.pk: row for row in rows}
    if set(_letters_of(numbers)) - wanted:
        raise Overtaken
    return found


def _letters_of(organisations: list[int]) -> list[int]:
    signed = Signature.objects.filter(organisation__in=organisations).order_by()
    return list(signed.values_list("letter", flat=True).distinct())


def _merge(kept: Organisation, gone: Organisation, *, seen: str | None, actor: Actor, at: datetime) -> Merge:
    rows = hold({kept.pk, gone.pk})
    for wanted in (kept, gone):
        if wanted.pk not in rows:
            raise Refused(
                _("“%(name)s” is not in the directory any more: it was merged or deleted.")
                % {"name": wanted.name}
            )
    made = plan(rows[kept.pk], rows[gone.pk], at=at)
    if made.objections:
        raise Refused(made.objections[0])
    if seen is not None and seen != made.mark:
        raise Refused(_("This has changed since you opened the page. Look at it once more, then decide."))
    before, facts_of_gone = directory.facts(made.kept), directory.facts(made.gone)
    taken = _taken(made)
    for item in made.both:
        _settle(item, actor=actor, at=at)
    taken["slug"] = [made.kept.slug, _move(made, at=at)]
    row = Merge.objects.create(
        kept=made.kept, kept_name=made.kept.name, gone=gone.pk, gone_name=made.gone.name, taken=taken, at=at,
        by_id=actor.pk if actor is not None else None,
    )  # fmt: skip
    ref = f"organisation:{made.kept.pk}"
    after = directory.facts(made.kept) | {"merged": made.gone.name, "signatures": len(made.signatures)}
    record("organisation.merged", at=at, subject=ref, actor=actor, before=before, after=after)
    record(
        "organisation.merged_into",
        at=at,
        subject=f"organisation:{row.gone}",
        actor=actor,
        before=facts_of_gone,
        after={"organisation": ref},
    )
    return row


def _taken(made: Plan) -> dict[str, Any]:
    """What brings the entry back: its rows as they are, and what becomes of the other's."""
    gone = made.gone
    entry = serializers.serialize("python", [gone, *gone.names.order_by("id"), *gone.domains.order_by("id")])
    settled = [
        {"signature": item.other.pk, "state": item.other.state, "counts": item.first.pk}
        for item in made.both
        if item.ends
    ]
    apart = [
        {name: exact(getattr(pair, name)) for name in ("first_id", "second_id", "dismissed_by_id", *SAID)}
        for pair in told_apart(gone)
    ]
    return {
        "rows": [
            row | {"fields": {name: exact(value) for name, value in row["fields"].items()}} for row in entry
        ],
        "addresses": list(gone.old_addresses.values_list("slug", flat=True)),
        "signatures": list(made.signatures),
        "import_rows": list(gone.import_rows.values_list("pk", flat=True)),
        "invitations": list(gone.invitations.values_list("pk", flat=True)),
        "contacts": list(gone.contacts.values_list("pk", flat=True)),
        "unlike": list(Signature.objects.filter(unlike=gone).values_list("pk", flat=True)),
        "settled": settled,
        "names": [[name.kind, name.name, name.language] for name in made.names],
        "domains": list(made.domains),
        "changes": {field: [str(getattr(made.kept, field)), new] for field, new in made.changes.items()},
        "apart": apart,
    }


def exact(value: Any) -> Any:
    """A value as JSON keeps it, times to the microsecond."""
    return value.isoformat() if isinstance(value, datetime) else value


def told_apart(organisation: Organisation) -> list[PossibleDouble]:
    """The pairs of which an editor said that this entry and the other are not the same."""
    pairs = PossibleDouble.objects.exclude(dismissed_at=None)
    return [*pairs.filter(first=organisation), *pairs.filter(second=organisation)]


def _settle(item: Both, *, actor: Actor, at: datetime) -> None:
    """On a letter that both signed: one is the signature, the other stands beside it or, where it is in the list, ends."""
    other = item.other
    if item.ends:
        before = {"state": other.state}
        lists.leave(other, at=at)
        other.state, other.ended_at, other.rival_of = State.MERGED, at, None
        other.save(update_fields=["state", "ended_at", "rival_of"])
        record(
            "signature.merged",
            at=at,
            letter=item.letter,
            subject=other.ref,
            actor=actor,
            before=before,
            after={"state": other.state, "counts": item.first.ref},
        )
    rivalry.lead(item.letter.pk, [item.first.organisation_id or 0, other.organisation_id or 0])


def _move(made: Plan, *, at: datetime) -> str:
    """Everything that points to the one entry points to the other; then it goes. Gives the address of the one that stays,
    which gets one when the public knows of it now."""
    kept, gone = made.kept, made.gone
    gone.signatures.update(organisation=kept)
    gone.old_addresses.update(organisation=kept)
    gone.import_rows.update(organisation=kept)
    Signature.objects.filter(unlike=gone).update(unlike=kept)
    gone.invitations.update(organisation=kept)
    had = kept.contacts.values_list("email_key", flat=True)
    gone.contacts.exclude(email_key__in=list(had)).update(organisation=kept)
    for pair in told_apart(gone):
        keep_apart(kept, pair.second_id if pair.first_id == gone.pk else pair.first_id, pair)
    gone.delete()
    if made.address:
        OldAddress.objects.create(slug=made.address, organisation=kept)
    give_names(kept, [(name.kind, name.name, name.language) for name in made.names])
    Domain.objects.bulk_create(Domain(organisation=kept, domain=domain) for domain in made.domains)
    if "acronym" in made.changes:
        give_names(kept, [(OrganisationName.Kind.ACRONYM, made.changes["acronym"], "")])
    new = dict(made.changes)
    if kept.slug.startswith(directory.HIDDEN) and kept.signatures.public(at).exists():
        new["slug"] = directory.new_slug(kept.name, kept)
    sizes = (gone.logo_width, gone.logo_height) if "logo" in new else None
    rewrite(kept, new, sizes=sizes)
    return kept.slug


def rewrite(
    organisation: Organisation, new: dict[str, Any], *, sizes: tuple[int | None, int | None] | None = None
) -> None:
    """Writes facts of an entry, and what is computed from its names as they are now; ``sizes`` are those of its logo. No file
    is opened for it."""
    if sizes is not None:
        new = new | {"logo_width": sizes[0], "logo_height": sizes[1]}
    rows = Organisation.objects.filter(pk=organisation.pk)
    rows.update(**new, compared_at=None)
    organisation.refresh_from_db()
    directory.derive(organisation, directory.shown_names(organisation))
    rows.update(**{name: getattr(organisation, name) for name in directory.DERIVED})
    match_keys.renew(organisation)


def give_names(organisation: Organisation, names: Iterable[tuple[str, str, str]]) -> None:
    """Adds names (kind, name, language) that the entry does not have."""
    for kind, name, language in names:
        acronym = kind == OrganisationName.Kind.ACRONYM
        key = (matching.acronym_key(name) if acronym else matching.normalise(name))[:250]
        OrganisationName.objects.get_or_create(
            organisation=organisation, kind=kind, key=key, language=language, defaults={"name": name}
        )


def keep_apart(organisation: Organisation, other: int, said: PossibleDouble) -> None:
    """What was said of a pair is true of the entry that one of them went into."""
    if other == organisation.pk:
        return
    first, second = sorted((organisation.pk, other))
    told = {name: getattr(said, name) for name in ("dismissed_by_id", *SAID)}
    PossibleDouble.objects.get_or_create(first_id=first, second_id=second, defaults=told)
