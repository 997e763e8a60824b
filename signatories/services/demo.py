"""The demo: invented letters in every stage, invented organisations, and people for the desk."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.text import slugify

from letters.models import Group, Letter, Message, RelatedLink, Topic
from letters.services import life, writing
from signatories.models import Organisation, Signature
from signatories.services import by_link, demo_following, demo_inviting, directory, review, signing
from signatories.services.trials import fill_letter

FOLDER = Path(__file__).resolve().parent.parent / "demo"
BIG = 1200
PLAIN = ("place", "subject", "salutation", "body", "closing", "standfirst", "title")


def load(name: str) -> Any:
    """One of the demo's data files."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@transaction.atomic
def load_demo(*, actor: Any, at: datetime) -> int:
    """Makes the demo's organisations and letters that are not there yet; how many letters were made. Run again it
    changes nothing."""
    organisations = {
        item["name"]: make_organisation(item, actor=actor, at=at) for item in load("organisations.json")
    }
    specs = [spec for spec in load("letters.json") if not Letter.objects.filter(slug=spec["slug"]).exists()]
    made = {spec["slug"]: make_letter(spec, actor=actor, at=at) for spec in specs}
    for spec in specs:
        if spec.get("replies_to"):
            Letter.objects.filter(slug=spec["slug"]).update(
                replies_to=Letter.objects.filter(slug=spec["replies_to"]).first()
            )
        advance(made[spec["slug"]], spec, organisations, actor=actor, at=at)
    # The demo's mail is to nobody; it stands in the desk and is never sent,
    Message.objects.filter(letter__in=made.values(), state=Message.State.QUEUED).update(
        state=Message.State.CANCELLED
    )
    # but for invitations where mail is kept as files, whose links a newcomer can follow.
    for spec in specs:
        if spec["stage"] == "circulating":
            demo_inviting.invite(Letter.objects.get(slug=spec["slug"]), actor=actor, at=at)
    return len(made)


def make_organisation(item: dict[str, Any], *, actor: Any, at: datetime) -> Organisation:
    found = Organisation.objects.filter(match_key=directory.match_key(item["name"], item["country"])).first()
    if found is not None:
        return found
    made = directory.create_organisation(
        name=item["name"],
        acronym=item.get("acronym") or "",
        country=item["country"],
        region=item.get("region") or "",
        kind=item.get("kind") or "",
        website=item.get("website") or "",
        others=item.get("other_names") or [],
        former=item.get("former_names") or [],
        translations=item.get("names_by_language") or {},
        domains=item.get("domains") or [],
        verified=item.get("verified", False),
        actor=actor,
        at=at,
    )
    if item.get("logo"):
        made.logo_alt = item["logo_alt"]
        with (FOLDER / "pictures" / item["logo"]).open("rb") as logo:
            made.logo.save(item["logo"], File(logo))
    return made


def make_letter(spec: dict[str, Any], *, actor: Any, at: datetime) -> Letter:
    """A draft with everything that stands in the spec."""
    letter = writing.create_letter(
        actor=actor,
        at=at,
        title=spec["title"],
        slug=spec["slug"],
        language=spec["language"],
        date=(at + timedelta(days=spec["date_offset_days"])).date(),
        accepts=spec["accepts"],
        policy=spec["policy"],
        order=spec["order"],
        time_zone=spec["time_zone"],
        contact_email=spec.get("contact_email") or "",
    )
    writing.write_text(
        letter,
        language=spec["language"],
        words={key: spec.get(key) or "" for key in PLAIN},
        actor=actor,
        at=at,
    )
    for translation in load("translations.json").get(spec["slug"], []):
        words = {key: value for key, value in translation.items() if key != "language"}
        writing.write_text(letter, language=translation["language"], words=words, actor=actor, at=at)
    for is_copy, people in ((False, spec["addressees"]), (True, spec.get("cc") or [])):
        for position, person in enumerate(people):
            fields = {key: person.get(key) or "" for key in ("name", "function", "body", "email")}
            writing.add_addressee(letter, actor=actor, at=at, is_copy=is_copy, position=position, **fields)
    for position, link in enumerate(spec.get("related_links") or []):
        RelatedLink.objects.create(letter=letter, position=position, **link)
    for name in spec["topics"]:
        letter.topics.add(Topic.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0])
    for position, heading in enumerate(spec.get("groups") or []):
        Group.objects.create(letter=letter, kind=Group.Kind.OWN, heading=heading, position=100 + position)
    add_picture(letter, spec)
    return letter


def add_picture(letter: Letter, spec: dict[str, Any]) -> None:
    if not spec.get("picture"):
        return
    letter.picture_alt, letter.picture_credit = spec["picture_alt"], spec.get("picture_credit") or ""
    with (FOLDER / "pictures" / spec["picture"]).open("rb") as picture:
        letter.picture.save(spec["picture"], File(picture), save=False)
    letter.save()


def advance(
    letter: Letter, spec: dict[str, Any], organisations: dict[str, Organisation], *, actor: Any, at: datetime
) -> None:
    """Leads the letter to its stage by the same doors as an editor, as if at the times that the spec says."""
    stage = spec["stage"]
    if stage == "draft":
        return
    opened = at + timedelta(hours=spec["opens_offset_hours"])
    Letter.objects.filter(pk=letter.pk).update(opens_at=opened)
    if stage == "circulating":
        letter = life.circulate(letter, actor=actor, at=opened)
    else:
        letter = life.release(letter, actor=actor, at=opened)
    for n, item in enumerate(spec.get("signatories") or []):
        sign_for(
            letter,
            organisations[item["name"]],
            item,
            at=opened + timedelta(minutes=37 * (n + 1)),
            actor=actor,
        )
        signed_at = opened + timedelta(minutes=37 * (n + 1), hours=1)
        demo_following.deliver_after(letter, n + 1, actor=actor, at=signed_at)
    for n, item in enumerate(spec.get("individuals") or []):
        sign_as(letter, item, at=opened + timedelta(minutes=53 * (n + 1)), actor=actor)
    if stage == "big":
        fill_letter(letter, BIG, at=at)
    if spec.get("closes_offset_hours") is not None:
        local = at.astimezone(letter.zone)
        closes_at = (local + timedelta(hours=spec["closes_offset_hours"])).replace(
            hour=18, minute=0, second=0, microsecond=0
        )
        if stage == "closing_today":
            closes_at = local.replace(hour=23, minute=59, second=0, microsecond=0)
        Letter.objects.filter(pk=letter.pk).update(closes_at=closes_at)
    demo_following.follow(letter, actor=actor, at=at)
    if stage == "withdrawn":
        life.withdraw(letter, reason=spec["withdrawal_reason"], actor=actor, at=at - timedelta(days=2))


def sign_for(
    letter: Letter, organisation: Organisation, item: dict[str, Any], *, at: datetime, actor: Any
) -> None:
    """One organisation signs, and is led to the state that the spec says."""
    domain = organisation.domains.first()
    application = signing.Application(
        kind=Signature.Kind.ORGANISATION,
        name=organisation.name,
        acronym=organisation.acronym,
        country=str(organisation.country),
        website=organisation.website,
        representative_name="Robin Example",
        representative_role="Director",
        email=f"office@{domain.domain if domain else organisation.slug + '.example'}",
        visibility="withheld" if item.get("withheld") else "public",
        address=f"demo-{organisation.pk}",
    )
    lead(signing.sign(letter, application, version=1, at=at), item, at=at, actor=actor)


def sign_as(letter: Letter, item: dict[str, Any], *, at: datetime, actor: Any) -> None:
    application = signing.Application(
        kind=Signature.Kind.INDIVIDUAL,
        name=item["name"],
        affiliation=item.get("affiliation") or "",
        country=item.get("country") or "",
        email=f"{slugify(item['name']) or 'person'}@people.example",
        address=f"demo-{item['name']}",
    )
    lead(signing.sign(letter, application, version=1, at=at), item, at=at, actor=actor)


def lead(signature: Signature, item: dict[str, Any], *, at: datetime, actor: Any) -> None:
    state = item.get("state", "accepted")
    if state == "unconfirmed":
        return
    by_link.confirm(signature.keys.filter(purpose="confirm").latest("id"), at=at + timedelta(minutes=5))
    signature.refresh_from_db()
    group = signature.letter.groups.filter(heading=item.get("group") or "-").first()
    if item.get("convener") or group or item.get("note"):
        review.arrange(
            signature,
            actor=actor,
            at=at,
            convener=bool(item.get("convener")),
            group=group,
            note=item.get("note") or "",
        )
    if state == "refused":
        review.refuse(
            signature,
            reason=item.get("reason") or "The letter is meant for organisations of the region.",
            actor=actor,
            at=at + timedelta(hours=1),
        )
    elif state == "accepted" and signature.state == Signature.State.CONFIRMED:
        review.accept(signature, actor=actor, at=at + timedelta(hours=1))
