"""The directory: finding an organisation by what it is called, writing it, verifying it."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from letters.rows import Answer, Question, ask, change, insert, insert_many, insert_or_leave, portions
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor
from letters.services.writing import stem_of
from signatories import matching
from signatories.domains import ascii_domain, proves_nothing
from signatories.models import Domain, OldAddress, Organisation, OrganisationName, Signature
from signatories.services import match_keys

Kind = OrganisationName.Kind
SHOWN = (Kind.OTHER, Kind.FORMER, Kind.TRANSLATED)  # names that the public has of a verified organisation
# What an editor writes of an entry, beside its names and domains.
FIELDS = ("name", "acronym", "country", "region", "kind", "website", "logo", "logo_alt", "note")
HIDDEN = "o-"  # begins the address of an organisation that is not public yet


def match_key(name: str, country: str) -> str:
    """What may stand only once in the directory: the normalised name in its country."""
    return f"{matching.normalise(name)[:250]}|{country}"


def find(
    name: str,
    *,
    acronym: str = "",
    country: str = "",
    called: Answer[Organisation] | None = None,
    stranger: bool = False,
) -> Organisation | None:
    """The organisation that is known by ``name`` (its own, an acronym or another name), or None.

    A country on both sides must agree: a name in another country is another organisation. When several fit, one
    whose own name it is comes first; when there is still no single answer, None: a person has to decide.
    ``acronym`` is used only to choose between several. ``called`` is the answer to ``calling(name)``, where it is at hand. With
    ``stranger`` names that are kept quiet count for nothing.
    """
    own = matching.normalise(name)[:250]
    answer = called if called is not None else ask(calling(name))[0]
    rows = [
        (kind, key, organisation)
        for organisation, (kind, key) in answer
        # An acronym or another name counts once an editor verified the organisation: anybody can type one.
        if agree(organisation, country) and (kind == Kind.NAME or organisation.is_known)
    ]
    for wanted, exactly in (
        ((Kind.NAME,), True),
        (SHOWN if stranger else (*SHOWN, Kind.QUIET), False),
        ((Kind.ACRONYM,), False),
    ):
        found = {o for kind, key, o in rows if kind in wanted and (key == own or not exactly)}
        if len(found) > 1:
            exact = {o for o in found if o.country and str(o.country) == country}
            found = (
                exact or {o for o in found if acronym and o.acronym.casefold() == acronym.casefold()} or found
            )
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def calling(name: str) -> Question[Organisation]:
    """Asks for the organisations known by ``name``, each with the kind of that name and its key. Every signature and every
    line of an import asks this, so the statement is written out: building it anew costs several times what it takes."""
    keys = (matching.normalise(name)[:250], matching.acronym_key(name)[:250])
    organisation, name = Organisation._meta.db_table, OrganisationName._meta.db_table
    places = ", ".join(["%s"] * len(keys))
    rest = f"FROM {name} n JOIN {organisation} o ON o.id = n.organisation_id WHERE n.key IN ({places})"
    return Question(Organisation, "o", rest, keys, beside="n.kind, n.key")


def agree(organisation: Organisation, country: str) -> bool:
    """Whether one that is in ``country`` can be the organisation: where both are known they are the same."""
    return not country or not organisation.country or str(organisation.country) == country


def find_or_create(
    name: str,
    *,
    acronym: str = "",
    country: str = "",
    number: int | None = None,
    called: Answer[Organisation] | None = None,
    at: datetime,
) -> tuple[Organisation, bool]:
    """The organisation that a stranger's ``name`` is, made anew (unverified) when there is none; and whether it was. Safe under
    concurrency: the unique match key decides, and the loser finds what the winner made. With ``number``, the key that a
    new one is to have, it is written as ``rows.insert`` does, and the loser's ``IntegrityError`` comes with that.
    ``called`` as for ``find``."""
    found = find(name, acronym=acronym, country=country, called=called, stranger=True)
    if found is not None:
        return found, False
    organisation = Organisation(name=name, acronym=acronym, country=country)
    derive(organisation)
    # No address by its name before it is publicly listed: whether one is free would tell of hidden organisations.
    organisation.slug = hidden_slug()
    if number is not None:
        organisation.pk = number
        insert(organisation)
    elif not insert_or_leave(organisation):
        return Organisation.objects.get(match_key=organisation.match_key), False
    add_names(organisation, ())
    return organisation, True


def create_many(
    wanted: Iterable[tuple[str, str, str]], *, shown: bool
) -> dict[str, tuple[Organisation, bool]]:
    """Entries for many (name, acronym, country) that the directory does not have, by their match keys, each with whether it
    was made here: one of the same key that somebody else made meanwhile is taken instead. ``shown``: they are about to be
    listed on a public letter, so they get addresses made from their names."""
    made: dict[str, Organisation] = {}
    for name, acronym, country in wanted:
        organisation = Organisation(name=name, acronym=acronym, country=country, slug=hidden_slug())
        derive(organisation)
        made.setdefault(organisation.match_key, organisation)
    # In one order, so that two who enter the same names wait for each other instead of both being thrown out.
    rows = [made[key] for key in sorted(made)]
    Organisation.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    found: dict[str, tuple[Organisation, bool]] = {}
    for some in portions(rows, 500):
        own = {row.match_key: row.slug for row in some}
        for row in Organisation.objects.filter(match_key__in=own):
            found[row.match_key] = row, row.slug == own[row.match_key]
    new = [row for row, is_new in found.values() if is_new]
    insert_many(name for row in new for name in _names_of(row))
    match_keys.add_many((row, [row.name]) for row in new)
    if shown:
        _give_slugs(new)
    return found


def _give_slugs(rows: list[Organisation]) -> None:
    """Addresses made from the names of many at once; as ``new_slug`` gives them to one."""
    stems = {row.pk: stem_of(row.name)[:100].strip("-") for row in rows}
    taken: set[str] = set()
    names = [stem for stem in stems.values() if stem]
    for some in portions(names, 500):
        for kind in (Organisation, OldAddress):
            taken.update(kind.objects.filter(slug__in=some).values_list("slug", flat=True))
    for row in rows:
        stem = stems[row.pk]
        free = stem and stem not in taken
        row.slug = stem if free else f"{stem or 'organisation'}-{secrets.token_hex(4)}"
        taken.add(row.slug)
    change(rows, "slug")


def hidden_slug() -> str:
    """An address that tells nothing, for an organisation that is not public yet."""
    return f"{HIDDEN}{secrets.token_hex(8)}"


def new_slug(name: str, own: Organisation | None = None) -> str:
    """An address that no organisation but ``own`` has or had, with a random tail where the name gives no Latin letters or is
    taken."""
    stem = stem_of(name)[:100].strip("-")
    others = Organisation.objects.exclude(pk=own.pk) if own else Organisation.objects.all()
    had = OldAddress.objects.filter(slug=stem)
    taken = not stem or others.filter(slug=stem).exists() or had.exists()
    return f"{stem or 'organisation'}-{secrets.token_hex(4)}" if taken else stem


def give_face(signature: Signature, *, at: datetime) -> None:
    """What the directory shows of an organisation that ``signature`` is the first to list publicly: the name, acronym and
    country of that signature, and an address made from the name. What stood there may be the words of one whose
    name is withheld, or who never confirmed. An entry that an editor knows keeps the editor's words."""
    organisation = signature.organisation
    if organisation is None or not (signature.is_listed or signature.is_listed_earlier):
        return
    if organisation.signatures.public(at).exclude(pk=signature.pk).exists():
        return
    show_as(organisation, signature, at=at)


def show_as(organisation: Organisation, signature: Signature, *, at: datetime) -> None:
    """Gives an entry the face that ``give_face`` describes, whatever else it signed."""
    # The address waits for the letter: whether one is free would tell of an organisation that nobody may know of yet.
    fields = ["slug"] if organisation.slug.startswith(HIDDEN) and signature.is_public(at) else []
    if not organisation.is_known:
        organisation.name, organisation.acronym = signature.name, signature.acronym
        organisation.country = signature.country
        key = organisation.match_key
        derive(organisation)
        organisation.compared_at = None
        _rename(organisation)
        if Organisation.objects.filter(match_key=organisation.match_key).exclude(pk=organisation.pk).exists():
            organisation.match_key = key  # by which it stays apart from the other of that name; shown nowhere
        fields += ["name", "acronym", "country", *DERIVED, "compared_at"]
    if "slug" in fields:
        organisation.slug = new_slug(organisation.name, organisation)
    if fields:
        organisation.save(update_fields=fields)
    if "name" in fields:
        match_keys.renew(organisation)


def _rename(organisation: Organisation) -> None:
    """Writes anew by which name and acronym the entry is known; what others typed for it before is not told, once it is
    verified."""
    old = organisation.names.filter(kind__in=[Kind.NAME, Kind.ACRONYM])
    rows = _names_of(organisation)
    known = {row.key for row in rows} | set(
        organisation.names.filter(kind=Kind.QUIET).values_list("key", flat=True)
    )
    old.filter(kind=Kind.NAME).exclude(key__in=known).update(kind=Kind.QUIET)
    old.delete()
    for row in rows:
        insert(row)


DERIVED = ("match_key", "sort_key", "search_text")


def derive(organisation: Organisation, others: Iterable[str] = ()) -> None:
    """Sets what is computed from the names; ``others`` are those that the public has once the organisation is verified, and
    that search finds then."""
    others = others if organisation.is_known else ()
    organisation.match_key = match_key(organisation.name, str(organisation.country))
    organisation.sort_key = matching.sort_key(organisation.name)
    organisation.search_text = matching.fold(" ".join([organisation.name, organisation.acronym, *others]))


def shown_names(organisation: Organisation) -> list[str]:
    """Its other names, former names and names in other languages, which the public has once it is verified."""
    return list(organisation.names.filter(kind__in=SHOWN).values_list("name", flat=True))


def names_of_kind(organisation: Organisation, kind: str) -> list[str]:
    """Its names of one kind, as they were entered."""
    rows = organisation.names.filter(kind=kind).order_by("id") if organisation.pk else ()
    return [row.name for row in rows]


def add_names(
    organisation: Organisation,
    others: Iterable[str],
    translations: Mapping[str, str] | None = None,
    *,
    former: Iterable[str] = (),
    quiet: Iterable[str] = (),
) -> None:
    """Adds the rows by which the organisation is recognised: its name, its acronym, ``others``, ``former`` and ``quiet`` ones,
    and its names by language (``translations``, by tag)."""
    beside = {Kind.OTHER: tuple(others), Kind.FORMER: tuple(former), Kind.QUIET: tuple(quiet)}
    for row in _names_of(organisation, beside):
        insert(row)
    for language, name in (translations or {}).items():
        key = matching.normalise(name)[:250]
        insert(
            OrganisationName(
                organisation=organisation, kind=Kind.TRANSLATED, key=key, name=name, language=language
            )
        )
    match_keys.add(
        organisation,
        [organisation.name, *chain(*beside.values()), *(translations or {}).values()],
        [organisation.acronym] if organisation.acronym else [],
    )


def _names_of(
    organisation: Organisation, beside: Mapping[Kind, Iterable[str]] | None = None
) -> list[OrganisationName]:
    """The rows, not written yet, of its name, its acronym and the names ``beside`` them, by kind."""
    wanted = {(Kind.NAME, matching.normalise(organisation.name)[:250]): organisation.name}
    if organisation.acronym:
        wanted[(Kind.ACRONYM, matching.acronym_key(organisation.acronym)[:250])] = organisation.acronym
    for given, names in (beside or {}).items():
        for other in names:
            if other.strip():
                wanted[(given, matching.normalise(other)[:250])] = other.strip()[:250]
    return [
        OrganisationName(organisation=organisation, kind=kind, key=key, name=known_as)
        for (kind, key), known_as in wanted.items()
    ]


@transaction.atomic
def save_organisation(
    organisation: Organisation,
    *,
    others: Iterable[str],
    domains: Iterable[str],
    translations: Mapping[str, str] | None = None,
    former: Iterable[str] | None = None,
    quiet: Iterable[str] | None = None,
    actor: Actor,
    at: datetime,
) -> Organisation:
    """Writes an entry of the directory with its other names and domains, by an editor; ``translations`` are its names by
    language, ``former`` what it was called before, ``quiet`` what it is recognised by without showing it (None: as they
    are). Its address stays what it was. Raises ``Refused`` when the same name stands in the same country already, a domain is
    one of a free-mail provider, or the entry was merged or deleted meanwhile."""
    adding = organisation._state.adding
    before = None if adding else facts(held(organisation))
    if not matching.normalise(organisation.name):
        raise Refused(_("The organisation has no name."))
    own = own_domains(domains)
    names: dict[str, Any] = {
        "translations": translations if translations is not None else names_by_language(organisation),
        "former": list(former) if former is not None else names_of_kind(organisation, Kind.FORMER),
        "quiet": list(quiet) if quiet is not None else names_of_kind(organisation, Kind.QUIET),
    }
    others = [other.strip() for other in others if other.strip()]
    derive(organisation, [*others, *names["former"], *names["translations"].values()])
    refuse_twin(organisation)
    organisation.slug, organisation.compared_at = organisation.slug or hidden_slug(), None
    columns = [*FIELDS, *DERIVED, "logo_width", "logo_height", "compared_at"]
    organisation.save(update_fields=None if adding else columns)
    organisation.names.all().delete()
    organisation.match_keys.all().delete()
    add_names(organisation, others, **names)
    organisation.domains.exclude(domain__in=own).delete()
    Domain.objects.bulk_create(
        (Domain(organisation=organisation, domain=domain) for domain in own), ignore_conflicts=True
    )
    record(
        "organisation.created" if adding else "organisation.changed",
        at=at,
        subject=f"organisation:{organisation.pk}",
        actor=actor,
        before=before,
        after=facts(organisation),
    )
    return organisation


def held(organisation: Organisation) -> Organisation:
    """The entry's row, locked until the transaction ends and read anew; raises ``Refused`` when it is gone."""
    row = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation.pk).first()
    if row is None:
        raise Refused(
            _("“%(name)s” is not in the directory any more: it was merged or deleted.")
            % {"name": organisation.name}
        )
    return row


def own_domains(domains: Iterable[str]) -> list[str]:
    """The domains as they are compared, in order; raises ``Refused`` for one at which anybody gets an address."""
    own = sorted({ascii_domain(domain) for domain in domains if domain.strip()})
    for domain in own:
        if proves_nothing(domain):
            raise Refused(
                _("%(domain)s gives an address to anybody, so it cannot prove an organisation.")
                % {"domain": domain}
            )
    return own


def refuse_twin(organisation: Organisation) -> None:
    """Raises ``Refused`` when another entry has its name in its country."""
    twin = Organisation.objects.filter(match_key=organisation.match_key).exclude(pk=organisation.pk).first()
    if twin is not None:
        raise Refused(_("“%(name)s” is in the directory already, in the same country.") % {"name": twin.name})


def create_organisation(
    *, name: str, actor: Actor, at: datetime, verified: bool = False, **fields: Any
) -> Organisation:
    """A new entry by an editor or an import; ``fields`` may hold acronym, country, region, kind, website, note,
    others, domains, translations, former, quiet."""
    names = {key: fields.pop(key, ()) for key in ("others", "domains", "former", "quiet")}
    translations = fields.pop("translations", {})
    organisation = Organisation(name=name, **fields)
    save_organisation(organisation, translations=translations, **names, actor=actor, at=at)
    return verify(organisation, actor=actor, at=at) if verified else organisation


@transaction.atomic
def verify(organisation: Organisation, *, actor: Actor, at: datetime, verified: bool = True) -> Organisation:
    """An editor knows the organisation (or, with ``verified`` False, no longer vouches for it)."""
    if organisation.is_known == verified:
        return organisation
    organisation.verified_at = at if verified else None
    organisation.verified_by = actor if verified and isinstance(actor, User) else None
    derive(organisation, shown_names(organisation))
    organisation.save(update_fields=["verified_at", "verified_by", "search_text"])
    record(
        "organisation.verified" if verified else "organisation.unverified",
        at=at,
        subject=f"organisation:{organisation.pk}",
        actor=actor,
    )
    return organisation


def names_by_language(organisation: Organisation) -> dict[str, str]:
    """Its names in other languages, by tag."""
    rows = organisation.names.filter(kind=Kind.TRANSLATED).order_by("language") if organisation.pk else ()
    return {row.language: row.name for row in rows}


def facts(organisation: Organisation) -> dict[str, Any]:
    """What the record keeps of an entry."""
    named = {
        "other_names": Kind.OTHER,
        "former_names": Kind.FORMER,
        "quiet_names": Kind.QUIET,
    }
    return {
        **{field: str(getattr(organisation, field)) for field in FIELDS if field != "note"},
        **{words: sorted(names_of_kind(organisation, kind)) for words, kind in named.items()},
        "names_by_language": names_by_language(organisation),
        "domains": sorted(organisation.domains.values_list("domain", flat=True)),
    }
