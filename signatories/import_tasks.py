"""What the worker does for lists. Each function may run twice, or be killed midway, without harm."""

import logging
import time
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from letters.services.errors import Refused
from signatories.models import ImportBatch
from signatories.models.importing import IN_WORK
from signatories.reading import Unreadable
from signatories.services import importing, undoing
from signatories.services.likely import Finder

logger = logging.getLogger(__name__)
State = ImportBatch.State
# How long the words of a list are kept for an editor to look into, after it was applied, or left lying.
WORDS_KEPT = timedelta(days=30)
IN_A_ROUND = 5.0  # seconds after which mail has its turn again


def work_on_lists(*, at: datetime) -> int:
    """Reads, applies and takes off the lists that wait for it; how many steps were taken."""
    begun, done = time.monotonic(), 0
    waiting = ImportBatch.objects.filter(state__in=[State.READING, State.APPLYING, State.UNDOING])
    for pk, state in list(waiting.order_by("pk").values_list("pk", "state")):
        try:
            if state == State.READING:
                finder = Finder()
                while time.monotonic() - begun < IN_A_ROUND and read_on(pk, finder, at=at):
                    done += 1
            else:
                done += finish(ImportBatch.objects.select_related("letter").get(pk=pk), at=at)
        except OperationalError:  # the database is busy or away: the list waits for the next round
            logger.exception("list %s waits", pk)
        except Exception:  # whatever one list holds, the others have their turn
            logger.exception("list %s came to nothing", pk)
            give_up(pk, at=at)
        if time.monotonic() - begun > IN_A_ROUND:
            break
    return done


@transaction.atomic
def read_on(pk: int, finder: Finder, *, at: datetime) -> bool:
    """Takes one step with a list that is being read: reads it whole into rows, or judges the next of them; whether there was
    one. Another worker that is at it keeps it."""
    batches = ImportBatch.objects.select_for_update(skip_locked=True, of=("self",)).select_related("letter")
    batch = batches.filter(pk=pk, state=State.READING).first()
    if batch is None:
        return False
    if batch.total == 0:
        try:
            importing.store(batch, importing.read_again(batch))
        except Unreadable as error:
            importing.fail(batch, str(error), at=at)
            return False
        if batch.total == 0:
            importing.fail(batch, _("Nothing was found in this list."), at=at)
            return False
    elif not importing.judge_portion(batch, finder):
        importing.finish_reading(batch)
        return False
    return True


@transaction.atomic
def give_up(pk: int, *, at: datetime) -> None:
    """A list at which the program itself failed: it is said so, nothing of it is on the letter, and it can be looked at again
    if it was read."""
    batch = ImportBatch.objects.select_for_update().select_related("letter").get(pk=pk)
    if batch.state == State.READING:
        importing.fail(
            batch, _("This list could not be read, by a fault of the program. It is in its log."), at=at
        )
    elif batch.state == State.APPLYING:
        reason = _("Nothing of this list is on the letter: the program failed. The fault is in its log.")
        importing.called_back(batch, reason=reason, at=at)


def finish(batch: ImportBatch, *, at: datetime) -> bool:
    """Puts a list on its letter, or takes it off; whether that was done."""
    try:
        if batch.state == State.UNDOING:
            undoing.carry_out(batch, at=at)
        else:
            importing.carry_out(batch, at=at)
    except importing.Stopped:
        importing.called_back(
            batch, reason=_("You stopped it: nothing of this list is on the letter."), at=at
        )
    except Refused as refusal:
        importing.called_back(batch, reason=str(refusal), at=at)
    return True


def old_lists(*, at: datetime) -> QuerySet[ImportBatch]:
    """Lists that were applied, stopped or left lying so long ago that their words end."""
    old = ImportBatch.objects.filter(erased_at=None, made_at__lt=at - WORDS_KEPT)
    recent = old.filter(applied_at__gte=at - WORDS_KEPT)
    return old.exclude(pk__in=recent.values("pk")).exclude(state__in=IN_WORK)


def erase_words(*, at: datetime) -> int:
    """Erases the words of old lists, a hundred at a time; how many lists."""
    found = list(old_lists(at=at)[:100])
    for batch in found:
        importing.erase_list(batch, at=at)
    return len(found)
