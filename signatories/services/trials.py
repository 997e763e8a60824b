"""Made-up signatures in number, for trials of speed and layout. Never for a real letter."""

import itertools
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from letters.models import Letter
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import locked
from signatories import matching
from signatories.models import Organisation, OrganisationName, Signature, Tally
from signatories.services import lists, match_keys
from signatories.services.directory import match_key

NAMES = Path(__file__).resolve().parent.parent / "demo" / "names.json"
PORTION = 2000


@lru_cache(maxsize=1)
def parts() -> dict[str, Any]:
    """The word parts that names are made of."""
    return json.loads(NAMES.read_text())


def made_up_names(seed: int) -> Iterator[tuple[str, str]]:
    """Names with a country code each, all different, in an order that ``seed`` decides; never ends."""
    words, dice = parts(), random.Random(seed)
    countries = [item["code"] for item in words["countries"]]
    weights = [item["weight"] for item in words["countries"]]
    used: set[str] = set()
    for n in itertools.count():
        for _try in range(12):
            name = dice.choice(words["forms"]).format(
                place=dice.choice(words["places"]),
                theme=dice.choice(words["themes"]),
                theme_es=dice.choice(words["themes_es"]),
            )
            if name not in used:
                break
        else:  # the words run out at about 200,000 names
            name = f"{name} {n}"
        used.add(name)
        yield name, dice.choices(countries, weights)[0]


@transaction.atomic
def fill_letter(letter: Letter, n: int, *, at: datetime) -> int:
    """Puts ``n`` more made-up, accepted, public signatures on a letter; how many stand there then."""
    letter = locked(letter)
    if letter.current_version is None:
        raise Refused(_("The letter was not opened for signing."))
    place = lists.place_of(Signature(letter=letter), lists.groups_of(letter))
    start = Organisation.objects.order_by("-id").values_list("id", flat=True).first() or 0
    names = itertools.islice(made_up_names(seed=letter.pk * 1_000_003 + start), n)
    done = 0
    while portion := list(itertools.islice(names, PORTION)):
        _fill_portion(letter, portion, place=place, first=start + done, at=at - timedelta(seconds=n - done))
        done += len(portion)
    Letter.objects.filter(pk=letter.pk).update(signature_count=F("signature_count") + done)
    lists.touch(letter, at=at)
    record("letter.filled", at=at, letter=letter, after={"signatures": done})
    return letter.signature_count + done


def _fill_portion(
    letter: Letter, portion: list[tuple[str, str]], *, place: int, first: int, at: datetime
) -> None:
    organisations = [
        Organisation(
            name=name,
            country=country,
            slug=f"made-up-{first + n}",
            match_key=f"{match_key(name, country)[:230]}|made-up-{first + n}",
            sort_key=matching.sort_key(name),
            search_text=matching.fold(name),
        )
        for n, (name, country) in enumerate(portion)
    ]
    Organisation.objects.bulk_create(organisations)
    OrganisationName.objects.bulk_create(
        OrganisationName(
            organisation=o, kind=OrganisationName.Kind.NAME, name=o.name, key=matching.normalise(o.name)[:250]
        )
        for o in organisations
    )
    match_keys.add_many((o, [o.name]) for o in organisations)
    Signature.objects.bulk_create(
        Signature(
            letter=letter,
            version=letter.current_version,
            organisation=o,
            name=o.name,
            country=o.country,
            state=Signature.State.ACCEPTED,
            source="form",
            place=place,
            sort_key=o.sort_key,
            search_text=o.search_text,
            signed_at=at + timedelta(seconds=n),
            first_told_at=at,
            confirmed_at=at + timedelta(seconds=n),
            accepted_at=at + timedelta(seconds=n),
        )
        for n, o in enumerate(organisations)
    )
    counts: dict[str, int] = {}
    for _name, country in portion:
        counts[country] = counts.get(country, 0) + 1
    for country, n in counts.items():
        row, _made = Tally.objects.get_or_create(letter=letter, country=country)
        Tally.objects.filter(pk=row.pk).update(n=F("n") + n)
