"""What the worker does for lists. Each function may run twice, or be killed midway, without harm."""

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from signatories.models import ImportBatch
from signatories.reading import Unreadable
from signatories.services import importing, undoing
from signatories.services.likely import Finder

State = ImportBatch.State
# How long the words of a list are kept for an editor to look into, after it was applied, or left lying.
WORDS_KEPT = timedelta(days=30)
IN_A_ROUND = 5.0  # seconds after which mail has its turn again


def work_on_lists(*, at: datetime) -> int:
    """Reads, applies and takes off the lists that wait for it; how many steps were taken."""
    begun, done = time.monotonic(), 0
    waiting = ImportBatch.objects.filter(state__in=[State.READING, State.APPLYING, State.UNDOING])
    for pk, state in list(waiting.order_by("pk").values_list("pk", "state")):
        if state == State.READING:
            finder = Finder()
            while time.monotonic() - begun < IN_A_ROUND and read_on(pk, finder, at=at):
                done += 1
        else:
            done += finish(ImportBatch.objects.select_related("letter").get(pk=pk), at=at)
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


def finish(batch: ImportBatch, *, at: datetime) -> bool:
    """Puts a list on its letter, or takes it off; whether that was done."""
    try:
        if batch.state == State.UNDOING:
            undoing.carry_out(batch, at=at)
        else:
            importing.carry_out(batch, at=at)
    except importing.Stopped:
        importing.called_back(batch, at=at)
    return True


def erase_words(*, at: datetime) -> int:
    """Erases the words of lists that were applied, stopped or left lying a while ago; how many lists."""
    old = ImportBatch.objects.filter(erased_at=None, made_at__lt=at - WORDS_KEPT)
    recent = old.filter(applied_at__gte=at - WORDS_KEPT)
    done = 0
    for batch in old.exclude(pk__in=recent.values("pk")).exclude(
        state__in=[State.READING, State.APPLYING, State.UNDOING]
    )[:100]:
        importing.erase_list(batch, at=at)
        done += 1
    return done
