"""The demo's deliveries, responses and updates, made by the same doors as an editor's."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files import File

from letters.models import Letter, Response, Update
from letters.services import following
from letters.services.delivering import today
from signatories.services.delivering import deliver

FOLDER = Path(__file__).resolve().parent.parent / "demo"
WORDS = ("title", "from_whom", "language", "body")


def entries_of(letter: Letter) -> list[dict[str, Any]]:
    """What the demo's data say that followed the letter."""
    found: dict[str, list[dict[str, Any]]] = json.loads(
        (FOLDER / "following.json").read_text(encoding="utf-8")
    )
    return found.get(letter.slug, [])


def deliver_after(letter: Letter, signed: int, *, actor: Any, at: datetime) -> None:
    """The delivery that is to be recorded once so many have signed, if there is one."""
    for item in entries_of(letter):
        if item.get("after") == signed:
            _deliver(letter, item, actor=actor, at=at)


def follow(letter: Letter, *, actor: Any, at: datetime) -> None:
    """Everything that has a moment of its own, as if at that moment; ``at`` is now."""
    for item in entries_of(letter):
        if "offset_hours" not in item:
            continue
        moment = at + timedelta(hours=item["offset_hours"])
        if item["kind"] == "delivery":
            _deliver(letter, item, actor=actor, at=moment)
        else:
            _publish(letter, item, actor=actor, at=moment, now=at)


def _deliver(letter: Letter, item: dict[str, Any], *, actor: Any, at: datetime) -> None:
    said = {key: item[key] for key in ("to_whom", "how", "note")}
    deliver(letter, delivered_on=today(letter, at), **said, actor=actor, at=at)


def _publish(letter: Letter, item: dict[str, Any], *, actor: Any, at: datetime, now: datetime) -> None:
    kind: Any = Response if item["kind"] == "response" else Update
    words = {key: item[key] for key in WORDS if key in item}
    entry = kind(letter=letter, dated=today(letter, at), **words)
    if item.get("file"):
        with (FOLDER / "answers" / item["file"]).open("rb") as answer:
            entry.file.save(item["file"], File(answer), save=False)
    following.write(entry, actor=actor, at=at)
    entry = following.publish(entry, actor=actor, at=at)
    for correction in item.get("corrections", ()):
        entry.body = entry.body.replace(*correction["replace"])
        moment = now + timedelta(hours=correction["offset_hours"])
        following.write(entry, correction=correction["words"], actor=actor, at=moment)
