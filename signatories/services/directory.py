"""The directory: finding an organisation by what it is called, writing it, verifying it."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from letters.rows import Answer, Question, ask, insert, insert_or_leave, portions
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor
from letters.services.writing import stem_of
from signatories import matching
from signatories.domains import ascii_domain, proves_nothing
from signatories.models import Domain, Organisation, OrganisationName, Signature
from signatories.services import match_keys

Kind = OrganisationName.Kind
HIDDEN = "o-"  # begins the address of an organisation that is not public yet


def match_key(name: str, country: str) -> str:
    """What may stand only once in the directory: the normalised name in its country."""
    return f"{matching.normalise(name)[:250]}|{country}"


def find(
    name: str, *, acronym: str = "", country: str = "", called: Answer[Organisation] | None = None
) -> Organisation | None:
    """The organisation that is known by ``name`` (its own, an acronym or another name), or None.

    A country on both sides must agree: a name in another country is another organisation. When several fit, one
    whose own name it is comes first; when there is still no single answer, None: a person has to decide.
    ``acronym`` is used only to choose between several. ``called`` is the answer to ``calling(name)``, where it is at hand.
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
        ((Kind.OTHER, Kind.TRANSLATED), False),
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
    """The organisation of that name, made anew (unverified) when the directory has none; and whether it was. Safe under
    concurrency: the unique match key decides, and the loser finds what the winner made. With ``number``, the key that a
    new one is to have, it is written as ``rows.insert`` does, and the loser's ``IntegrityError`` comes with that.
    ``called`` as for ``find``."""
    found = find(name, acronym=acronym, country=country, called=called)
    if found is not None:
        return found, False
    organisation = Organisation(name=name, acronym=acronym, country=country)
    _derive(organisation)
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
        _derive(organisation)
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
    OrganisationName.objects.bulk_create(
        (name for row in new for name in _names_of(row, ())), batch_size=1000
    )
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
        taken.update(Organisation.objects.filter(slug__in=some).values_list("slug", flat=True))
    for row in rows:
        stem = stems[row.pk]
        free = stem and stem not in taken
        row.slug = stem if free else f"{stem or 'organisation'}-{secrets.token_hex(4)}"
        taken.add(row.slug)
    Organisation.objects.bulk_update(rows, ["slug"], batch_size=500)


def hidden_slug() -> str:
    """An address that tells nothing, for an organisation that is not public yet."""
    return f"{HIDDEN}{secrets.token_hex(8)}"


def new_slug(name: str, own: Organisation | None = None) -> str:
    """An address that no organisation but ``own`` has, with a random tail where the name gives no Latin letters or is taken."""
    stem = stem_of(name)[:100].strip("-")
    others = Organisation.objects.exclude(pk=own.pk) if own else Organisation.objects.all()
    taken = not stem or others.filter(slug=stem).exists()
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
    # The address waits for the letter: whether one is free would tell of an organisation that nobody may know of yet.
    fields = ["slug"] if organisation.slug.startswith(HIDDEN) and signature.is_public(at) else []
    if not organisation.is_known:
        organisation.name, organisation.acronym = signature.name, signature.acronym
        organisation.country = signature.country
        key = organisation.match_key
        _derive(organisation)
        if Organisation.objects.filter(match_key=organisation.match_key).exclude(pk=organisation.pk).exists():
            organisation.match_key = key  # by which it stays apart from the other of that name; shown nowhere
        fields += ["name", "acronym", "country", "match_key", "sort_key", "search_text"]
    if "slug" in fields:
        organisation.slug = new_slug(organisation.name, organisation)
    if fields:
        organisation.save(update_fields=fields)
    if "name" in fields:
        match_keys.renew(organisation)


def _derive(organisation: Organisation, others: Iterable[str] = ()) -> None:
    organisation.match_key = match_key(organisation.name, str(organisation.country))
    organisation.sort_key = matching.sort_key(organisation.name)
    organisation.search_text = matching.fold(" ".join([organisation.name, organisation.acronym, *others]))


def add_names(
    organisation: Organisation, others: Iterable[str], translations: Mapping[str, str] | None = None
) -> None:
    """Adds the rows by which the organisation is recognised: its name, its acronym, ``others``, and its names by language
    (``translations``, by tag)."""
    for row in _names_of(organisation, others):
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
        [organisation.name, *others, *(translations or {}).values()],
        [organisation.acronym] if organisation.acronym else [],
    )


def _names_of(organisation: Organisation, others: Iterable[str]) -> list[OrganisationName]:
    """The rows, not written yet, of its name, its acronym and ``others``."""
    wanted = {(Kind.NAME, matching.normalise(organisation.name)[:250]): organisation.name}
    if organisation.acronym:
        wanted[(Kind.ACRONYM, matching.acronym_key(organisation.acronym)[:250])] = organisation.acronym
    for other in others:
        if other.strip():
            wanted[(Kind.OTHER, matching.normalise(other)[:250])] = other.strip()[:250]
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
    actor: Actor,
    at: datetime,
) -> Organisation:
    """Writes an entry of the directory with its other names and domains, by an editor; ``translations`` are its names by
    language (None: as they are). Raises ``Refused`` when the same name stands in the same country already, or a domain
    is one of a free-mail provider."""
    adding = organisation._state.adding
    before = None if adding else _facts(Organisation.objects.get(pk=organisation.pk))
    others, names = (
        [other.strip() for other in others if other.strip()],
        matching.normalise(organisation.name),
    )
    if not names:
        raise Refused(_("The organisation has no name."))
    own = sorted({ascii_domain(domain) for domain in domains if domain.strip()})
    for domain in own:
        if proves_nothing(domain):
            raise Refused(
                _("%(domain)s gives an address to anybody, so it cannot prove an organisation.")
                % {"domain": domain}
            )
    if translations is None:
        translations = {} if adding else names_by_language(organisation)
    _derive(organisation, [*others, *translations.values()])
    twin = Organisation.objects.filter(match_key=organisation.match_key).exclude(pk=organisation.pk).first()
    if twin is not None:
        raise Refused(_("“%(name)s” is in the directory already, in the same country.") % {"name": twin.name})
    organisation.slug = organisation.slug or hidden_slug()
    organisation.save()
    organisation.names.all().delete()
    organisation.match_keys.all().delete()
    add_names(organisation, others, translations)
    organisation.domains.exclude(domain__in=own).delete()
    Domain.objects.bulk_create(
        (Domain(organisation=organisation, domain=domain) for domain in own), ignore_conflicts=True
    )
    kind = "organisation.created" if adding else "organisation.changed"
    record(
        kind,
        at=at,
        subject=f"organisation:{organisation.pk}",
        actor=actor,
        before=before,
        after=_facts(organisation),
    )
    return organisation


def create_organisation(
    *, name: str, actor: Actor, at: datetime, verified: bool = False, **fields: Any
) -> Organisation:
    """A new entry by an editor or an import; ``fields`` may hold acronym, country, website, others, domains,
    translations, note."""
    others, domains = fields.pop("others", ()), fields.pop("domains", ())
    translations = fields.pop("translations", {})
    organisation = Organisation(name=name, **fields)
    save_organisation(
        organisation, others=others, domains=domains, translations=translations, actor=actor, at=at
    )
    return verify(organisation, actor=actor, at=at) if verified else organisation


@transaction.atomic
def verify(organisation: Organisation, *, actor: Actor, at: datetime, verified: bool = True) -> Organisation:
    """An editor knows the organisation (or, with ``verified`` False, no longer vouches for it)."""
    if organisation.is_known == verified:
        return organisation
    organisation.verified_at = at if verified else None
    organisation.verified_by = actor if verified and isinstance(actor, User) else None
    organisation.save(update_fields=["verified_at", "verified_by"])
    record(
        "organisation.verified" if verified else "organisation.unverified",
        at=at,
        subject=f"organisation:{organisation.pk}",
        actor=actor,
    )
    return organisation


def names_by_language(organisation: Organisation) -> dict[str, str]:
    """Its names in other languages, by tag."""
    rows = organisation.names.filter(kind=Kind.TRANSLATED).order_by("language")
    return dict(rows.values_list("language", "name"))


def _facts(organisation: Organisation) -> dict[str, Any]:
    return {
        "name": organisation.name,
        "acronym": organisation.acronym,
        "country": str(organisation.country),
        "website": organisation.website,
        "other_names": sorted(organisation.names.filter(kind=Kind.OTHER).values_list("name", flat=True)),
        "names_by_language": names_by_language(organisation),
        "domains": sorted(organisation.domains.values_list("domain", flat=True)),
    }
