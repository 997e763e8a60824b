"""Delivering a letter: the entry, and the snapshot of the list as it then stood."""

from datetime import date, datetime
from typing import NotRequired, TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from letters.models import Delivery, DeliveryFile, Letter
from letters.services import delivering
from letters.services.life import Actor, locked
from signatories import export


class Said(TypedDict):
    """What an editor says of a delivery, and what was seen before (see ``letters.services.delivering.write_delivery``)."""

    delivered_on: date
    to_whom: str
    how: str
    note: str
    after: NotRequired[int | None]
    version: NotRequired[int | None]


def deliver(letter: Letter, *, actor: Actor, at: datetime, **said: Unpack[Said]) -> Delivery:
    """Records that a public letter was handed over. In one transaction the entry is written and the list frozen: as data,
    and as the documents' values in each language; PDF, Word and text are made from those at once for a short list, else by
    the worker. Raises ``Refused``."""
    delivery = _freeze(letter, said, actor=actor, at=at)
    if delivering.names_of(delivery) <= settings.DOCUMENT_AT_ONCE:
        delivering.make_files(delivery)
    return delivery


@transaction.atomic
def _freeze(letter: Letter, said: Said, *, actor: Actor, at: datetime) -> Delivery:
    letter = locked(letter)
    # Who was accepted while this waited for the lock is in the snapshot: so nobody in it has joined after it.
    joined = letter.signatures.in_list().aggregate(Max("accepted_at"), Max("rejoined_at"))  # type: ignore[attr-defined]
    last = max((moment for moment in joined.values() if moment), default=None)
    delivery = delivering.write_delivery(letter, **said, actor=actor, at=max(at, last) if last else at)
    rows = list(export.rows(letter))
    for form, lines in (
        (DeliveryFile.Form.CSV, export.as_csv(rows)),
        (DeliveryFile.Form.JSON, export.as_json(letter, rows)),
    ):
        delivering.freeze_file(delivery, form, "".join(lines).encode())
    delivering.freeze_papers(delivery)
    return delivery
