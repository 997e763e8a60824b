"""Delivering a letter: the entry, and the snapshot of the list as it then stood."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from letters.models import Delivery, DeliveryFile, Letter
from letters.services import delivering
from letters.services.life import Actor, locked
from signatories import export


def deliver(
    letter: Letter, *, delivered_on: date, to_whom: str, how: str, note: str, actor: Actor, at: datetime
) -> Delivery:
    """Records that a public letter was handed over. In one transaction the entry is written and the list frozen: as data,
    and as the documents' values in each language; PDF, Word and text are made from those at once for a short list, else by
    the worker. Raises ``Refused``."""
    delivery = _freeze(
        letter, delivered_on=delivered_on, to_whom=to_whom, how=how, note=note, actor=actor, at=at
    )
    if delivering.names_of(delivery) <= settings.DOCUMENT_AT_ONCE:
        delivering.make_files(delivery)
    return delivery


@transaction.atomic
def _freeze(
    letter: Letter, *, delivered_on: date, to_whom: str, how: str, note: str, actor: Actor, at: datetime
) -> Delivery:
    letter = locked(letter)
    # Who was accepted while this waited for the lock is in the snapshot: so nobody in it has joined after it.
    last = letter.signatures.in_list().aggregate(last=Max("accepted_at"))["last"]  # type: ignore[attr-defined]
    delivery = delivering.write_delivery(
        letter,
        delivered_on=delivered_on,
        to_whom=to_whom,
        how=how,
        note=note,
        actor=actor,
        at=max(at, last) if last else at,
    )
    rows = list(export.rows(letter))
    for form, lines in (
        (DeliveryFile.Form.CSV, export.as_csv(rows)),
        (DeliveryFile.Form.JSON, export.as_json(letter, rows)),
    ):
        delivering.freeze_file(delivery, form, "".join(lines).encode())
    delivering.freeze_papers(delivery)
    return delivery
