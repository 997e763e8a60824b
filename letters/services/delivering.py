"""Deliveries: the dated entry, and the files of its snapshot, which are written once.

Who signed is known to another app, which orchestrates (see ``signatories.services.delivering``); this file holds what a
letter knows by itself.
"""

import hashlib
import logging
from dataclasses import replace
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from letters import keys, times
from letters.documents.forms import FORMS
from letters.documents.model import LetterDocument
from letters.models import Delivery, DeliveryFile, Letter
from letters.papers import paper_of, with_code
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor

log = logging.getLogger("undersigned.deliveries")

Form = DeliveryFile.Form


def today(letter: Letter, at: datetime) -> date:
    """The day in the letter's zone."""
    return at.astimezone(letter.zone).date()


def write_delivery(
    letter: Letter,
    *,
    delivered_on: date,
    to_whom: str,
    how: str,
    note: str,
    actor: Actor,
    at: datetime,
    after: int | None = None,
    version: int | None = None,
) -> Delivery:
    """The entry of a delivery, with what stands at this moment frozen into it; the caller holds the letter's lock.
    ``after`` is the number of the last delivery that the editor knew of (0: none), ``version`` that of the text that was seen;
    None where nobody looked.

    Raises ``Refused`` for a letter that is not public, for a day to come or before the letter's own, without whom or how, and when
    another delivery was recorded, or the text changed, since.
    """
    if not letter.is_public(at) or letter.current_version_id is None:
        raise Refused(_("Only a public letter is delivered; release it first."))
    if delivered_on > today(letter, at):
        raise Refused(_("The day of the delivery has not come yet; record it when it is done."))
    if letter.date is not None and delivered_on < letter.date:
        raise Refused(_("The letter is of a later day than that; look at the day of the delivery again."))
    if not to_whom.strip() or not how.strip():
        raise Refused(_("Say to whom the letter was delivered, and how."))
    number = (letter.deliveries.aggregate(last=models.Max("number"))["last"] or 0) + 1
    if after is not None and after != number - 1:
        raise Refused(
            _(
                "Another delivery was recorded since you opened this page. Look at it, then record one more if there was one."
            )
        )
    present = letter.current_version
    if version is not None and present is not None and version != present.number:
        raise Refused(
            _("The text has changed since you opened this page. Look at what was handed over once more.")
        )
    delivery = Delivery.objects.create(
        letter=letter,
        number=number,
        delivered_on=delivered_on,
        to_whom=to_whom.strip(),
        how=how.strip(),
        note=note.strip(),
        version_id=letter.current_version_id,
        code=keys.code("delivery", f"{letter.pk}:{number}"),
        list_revision=letter.list_revision,
        signature_count=letter.signature_count,
        withheld_count=letter.withheld_count,
        earlier_count=letter.earlier_count,
        created_at=at,
        by=actor if actor is not None and actor.is_authenticated else None,  # type: ignore[misc]
    )
    counts = {"signatures": delivery.signature_count, "withheld": delivery.withheld_count}
    said = {"number": number, "on": delivered_on.isoformat(), "to": delivery.to_whom, "how": delivery.how}
    record(
        "letter.delivered",
        at=at,
        letter=letter,
        subject=f"delivery:{delivery.pk}",
        actor=actor,
        after=said | counts | {"revision": delivery.list_revision},
        note=delivery.note,
    )
    return delivery


def freeze_file(delivery: Delivery, form: str, content: bytes, *, language: str = "") -> DeliveryFile:
    """A file of the snapshot, written with the delivery itself."""
    row = DeliveryFile(delivery=delivery, form=form, language=language)
    row.size, row.digest = len(content), hashlib.sha256(content).hexdigest()
    row.file.save(_stored_as(row), ContentFile(content), save=False)
    row.save()
    return row


def freeze_papers(delivery: Delivery) -> None:
    """For each language of the text the document as it stands now, with the delivery's own code and a sentence about it;
    and a place for each file that is made from it later. The caller holds the letter's lock."""
    letter = delivery.letter
    state = letter.list_states.get(revision=delivery.list_revision)
    for language in letter.current_version.content["texts"]:  # type: ignore[union-attr]
        paper = of_delivery(paper_of(letter, language=language, state=state), delivery)
        freeze_file(delivery, Form.PAPER, paper.to_json().encode(), language=language)
        DeliveryFile.objects.bulk_create(
            DeliveryFile(delivery=delivery, form=form, language=language) for form in FORMS
        )


def of_delivery(paper: LetterDocument, delivery: Delivery) -> LetterDocument:
    """The paper as one of the delivery's: with its code, and the sentence that it was delivered."""
    with translation.override(paper.said_in):
        words = {"day": times.day(delivery.delivered_on), "who": delivery.to_whom}
        sentence = _("Delivered on %(day)s to %(who)s.") % words
    return with_code(replace(paper, notices=(*paper.notices, sentence)), delivery.code)


def make_files(delivery: Delivery) -> int:
    """Makes the delivery's files that are not made yet, each from its frozen paper; how many. Run twice, or by two at once,
    each file is kept once; one that cannot be made is tried again later."""
    made = 0
    for row in delivery.files.filter(digest="").order_by("id"):
        try:
            made += _make(row)
        except Exception:  # one file must not hold up the others, nor the delivery itself
            log.exception("delivery %s: %s could not be made", delivery.pk, row.name)
    return made


def _make(row: DeliveryFile) -> bool:
    """Makes one file; whether this call was the one that kept it."""
    source = DeliveryFile.objects.get(delivery=row.delivery_id, language=row.language, form=Form.PAPER)
    with source.file.open("rb") as frozen:
        paper = LetterDocument.from_json(frozen.read().decode())
    content = FORMS[row.form](paper)
    row.file.save(_stored_as(row), ContentFile(content), save=False)
    kept = DeliveryFile.objects.filter(pk=row.pk, digest="").update(
        file=row.file.name, size=len(content), digest=hashlib.sha256(content).hexdigest()
    )
    if not kept:  # another process was quicker
        row.file.storage.delete(str(row.file.name))
    return bool(kept)


def _stored_as(row: DeliveryFile) -> str:
    return f"{row.delivery_id}/{row.name}"


def names_of(delivery: Delivery) -> int:
    """How many names its papers print."""
    return delivery.signature_count - delivery.withheld_count + delivery.earlier_count
