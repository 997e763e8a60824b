"""Taking a merge back: the entry returns with its number, address, names, domains and signatures, where nothing since stands
against it. Locks are taken as for merging."""

from dataclasses import dataclass
from datetime import datetime

from django.core import serializers
from django.db import transaction
from django.utils.translation import gettext as _

from letters.models import Letter
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor
from signatories.models import (
    Contact,
    ImportRow,
    Invitation,
    Merge,
    OldAddress,
    Organisation,
    PossibleDouble,
    Signature,
)
from signatories.services import directory, lists, match_keys, rivalry
from signatories.services.merging import TRIES, Overtaken, hold, rewrite
from signatories.services.review import MOMENT, is_of_current_text

State = Signature.State


@dataclass(frozen=True, slots=True)
class Outlook:
    """What taking a merge back would do: ``objection`` says why it cannot be (empty: it can), ``returning`` are the signatures
    that go back, ``lost`` how many are not there any more, ``listed`` those that stand in a list again, ``waiting`` those
    that wait for review, since what stood for them has ended; ``kept_facts`` the facts that were changed since and stay."""

    objection: str
    returning: tuple[int, ...] = ()
    lost: int = 0
    listed: tuple[Signature, ...] = ()
    waiting: tuple[Signature, ...] = ()
    kept_facts: tuple[str, ...] = ()


def outlook(merge: Merge) -> Outlook:
    """What would come back, as things stand."""
    kept = Organisation.objects.filter(pk=merge.kept_id).first()
    reason = objection(merge, kept)
    if reason or kept is None:
        return Outlook(reason)
    wanted = merge.taken["signatures"]
    returning = tuple(kept.signatures.filter(pk__in=wanted).order_by("id").values_list("id", flat=True))
    listed: list[Signature] = []
    waiting: list[Signature] = []
    for item in merge.taken["settled"]:
        rows = Signature.objects.select_related("letter__current_version", "version")
        row = rows.filter(pk=item["signature"], state=State.MERGED).first()
        if row is not None:
            stands = Signature.objects.in_list().filter(pk=item["counts"]).exists()
            (listed if stands else waiting).append(row)
    stays = [
        field for field, (_old, new) in merge.taken["changes"].items() if str(getattr(kept, field)) != new
    ]
    lost = len(wanted) - len(returning)
    return Outlook("", returning, lost, tuple(listed), tuple(waiting), tuple(stays))


def objection(merge: Merge, kept: Organisation | None) -> str:
    """Why it cannot be taken back now, in a sentence; empty when it can."""
    if merge.is_undone:
        return _("This merge was taken back already.")
    later = Merge.objects.filter(undone_at=None, pk__gt=merge.pk)
    onward = later.filter(gone=merge.kept_id).first()
    if onward is not None:
        return _("“%(name)s” itself was merged into “%(other)s” since. Take that back first.") % {
            "name": merge.kept_name,
            "other": onward.kept_name,
        }
    if kept is None:
        return _("“%(name)s”, into which it went, is not in the directory any more.") % {
            "name": merge.kept_name
        }
    newer = later.filter(kept=merge.kept_id).order_by("-pk").first()
    if newer is not None:
        return _("“%(name)s” was merged into the same entry since. Take that back first.") % {
            "name": newer.gone_name
        }
    own = merge.taken["rows"][0]["fields"]
    twin = Organisation.objects.filter(match_key=own["match_key"]).first()
    if twin is not None:
        return _(
            "“%(name)s” stands in the directory in the same country, since it was written anew. Merge that one first, or give it another name."
        ) % {"name": twin.name}
    return ""


def take_back(merge: Merge, *, actor: Actor, at: datetime) -> Organisation:
    """Brings the merged entry back; gives it. What the other entry got from it goes, what was changed since stays, and new
    signatures stay with the other. Raises ``Refused`` when something stands against it."""
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _take_back(merge, actor=actor, at=at)
        except Overtaken:
            continue
    raise Refused(_("The organisation is signing just now. Try again in a moment."))


def _take_back(merge: Merge, *, actor: Actor, at: datetime) -> Organisation:
    ended = [item["signature"] for item in merge.taken["settled"]]
    letters = Signature.objects.filter(pk__in=[*merge.taken["signatures"], *ended]).values_list(
        "letter", flat=True
    )
    held = hold({merge.kept_id}, letters=letters.distinct())
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    seen = outlook(merge)
    if seen.objection:
        raise Refused(seen.objection)
    kept = held[merge.kept_id]
    before = directory.facts(kept)
    _give_up(kept, merge)
    gone = _restore(merge)
    _return(kept, gone, seen, actor=actor, at=at)
    first = gone.signatures.public(at).order_by("pk").first()
    if first is not None and gone.slug.startswith(directory.HIDDEN):  # it became public while it was away
        directory.show_as(gone, first, at=at)
    was, became = merge.taken["slug"]
    if kept.slug == became and not kept.signatures.public(at).exists():
        rewrite(
            kept, {"slug": was}
        )  # the public does not know of it, so no address may tell that it is there
    Merge.objects.filter(pk=merge.pk).update(undone_at=at)
    ref = f"organisation:{kept.pk}"
    after = directory.facts(kept) | {"returned": gone.name, "signatures": len(seen.returning)}
    record("organisation.merge_taken_back", at=at, subject=ref, actor=actor, before=before, after=after)
    record(
        "organisation.returned",
        at=at,
        subject=f"organisation:{gone.pk}",
        actor=actor,
        before={"organisation": ref},
        after=directory.facts(gone),
    )
    return gone


def _give_up(kept: Organisation, merge: Merge) -> None:
    """Takes from the entry that stayed what it got, but for what an editor changed since."""
    taken = merge.taken
    for kind, name, language in taken["names"]:
        kept.names.filter(kind=kind, name=name, language=language).delete()
    kept.domains.filter(domain__in=taken["domains"]).delete()
    old = {field: was for field, (was, new) in taken["changes"].items() if str(getattr(kept, field)) == new}
    if "acronym" in old:
        kept.names.filter(kind=directory.Kind.ACRONYM).delete()
    if "logo" in old:
        old["logo_alt"] = ""
    if "country" in old:
        key = directory.match_key(kept.name, old["country"])
        if Organisation.objects.filter(match_key=key).exclude(pk=kept.pk).exists():
            del old["country"]
    rewrite(kept, old, sizes=(None, None) if "logo" in old else None)


def _restore(merge: Merge) -> Organisation:
    """Writes the entry, its names and domains as they were, its addresses and what was said of it and others."""
    for row in serializers.deserialize("python", merge.taken["rows"], ignorenonexistent=True):
        if isinstance(row.object, Organisation):
            OldAddress.objects.filter(slug=row.object.slug).delete()
            if Organisation.objects.filter(slug=row.object.slug).exists():  # another has its address now
                row.object.slug = directory.new_slug(row.object.name)
        row.save(force_insert=True)
    gone = Organisation.objects.get(pk=merge.gone)
    OldAddress.objects.filter(slug__in=merge.taken["addresses"]).update(organisation=gone)
    Organisation.objects.filter(pk=gone.pk).update(compared_at=None)
    match_keys.renew(gone)
    ImportRow.objects.filter(pk__in=merge.taken["import_rows"], organisation=merge.kept_id).update(
        organisation=gone
    )
    Signature.objects.filter(pk__in=merge.taken["unlike"], unlike=merge.kept_id).update(unlike=gone)
    for model, name in ((Invitation, "invitations"), (Contact, "contacts")):
        # A merge of before there were any names none.
        rows = model.objects.filter(pk__in=merge.taken.get(name, ()), organisation=merge.kept_id)  # type: ignore[attr-defined]
        rows.update(organisation=gone)
    for said in merge.taken["apart"]:
        pair = {said["first_id"], said["second_id"]}
        if Organisation.objects.filter(pk__in=pair).count() == len(pair):
            PossibleDouble.objects.create(**said)
    return gone


def _return(kept: Organisation, gone: Organisation, seen: Outlook, *, actor: Actor, at: datetime) -> None:
    """Gives the signatures back, letter by letter."""
    rows = Signature.objects.filter(pk__in=seen.returning)
    active = rows.active().filter(kind=Signature.Kind.ORGANISATION)
    for letter_id in sorted(set(active.values_list("letter", flat=True))):
        first = rivalry.first_of(active.filter(letter=letter_id))
        here = rivalry.of_organisations(letter_id, [kept.pk]).active().filter(pk__in=seen.returning)
        here.exclude(pk=first.pk).update(rival_of=first, organisation=gone)
        here.filter(pk=first.pk).update(rival_of=None, organisation=gone)
        rivalry.lead(letter_id, [kept.pk])
    rows.update(organisation=gone)
    for row in (*seen.listed, *seen.waiting):
        _stand_again(row.pk, listed=row in seen.listed, actor=actor, at=at)


def _stand_again(number: int, *, listed: bool, actor: Actor, at: datetime) -> None:
    """A signature that another one counted for stands by itself again: in the list, or waiting for an editor."""
    row = Signature.objects.select_related("letter__current_version", "version").get(pk=number)
    letter, before = row.letter, {"state": row.state}
    others = rivalry.of_organisations(letter.pk, [row.organisation_id or 0]).active()
    listed = listed and not others.in_list().exists()
    state = State.CONFIRMED
    if listed:
        state = State.ACCEPTED if is_of_current_text(row) else State.EARLIER
        row.rejoined_at = rejoined(letter, row, at=at)
    row.state, row.ended_at = state, None
    row.place = lists.place_of(row, lists.groups_of(letter))
    row.rival_of = None if listed else others.filter(rival_of=None).first()
    if listed:
        others.update(rival_of=row)
    else:
        row.accepted_at = None
    row.save(update_fields=["state", "ended_at", "accepted_at", "rival_of", "rejoined_at", "place"])
    rivalry.lead(letter.pk, [row.organisation_id or 0])
    if listed:
        lists.enter(row, at=at)
    record(
        "signature.returned",
        at=at,
        letter=letter,
        subject=row.ref,
        actor=actor,
        before=before,
        after={"state": row.state},
    )


def rejoined(letter: Letter, row: Signature, *, at: datetime) -> datetime | None:
    """When it came back into the list, if the text was delivered without it meanwhile."""
    last = letter.deliveries.order_by("-number").first()
    if last is None or row.ended_at is None or last.created_at <= row.ended_at:
        return row.rejoined_at
    return max(at, last.created_at + MOMENT)
