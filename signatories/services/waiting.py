"""The list that came with a letter's document: kept while the letter is a draft, then looked at and put on it, or discarded."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from letters.models import Letter
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked
from signatories.models import ImportBatch, WaitingList
from signatories.reading import read_list
from signatories.services.importing import begin


@transaction.atomic
def keep_list(letter: Letter, text: str, *, source: str, actor: Actor, at: datetime) -> WaitingList:
    """Keeps the list, one signatory a line, until the letter is open; ``source`` names the document. One list a letter:
    raises ``Refused`` beside another."""
    letter = locked(letter)
    if WaitingList.objects.filter(letter=letter).exists():
        raise Refused(_("A list waits for this letter already."))
    kept = WaitingList.objects.create(letter=letter, text=text, source=source[:200], kept_at=at)
    record(
        "list.kept", at=at, letter=letter, actor=actor, after={"entries": len(read_list(text).signatories)}
    )
    return kept


@transaction.atomic
def open_waiting(letter: Letter, *, actor: Actor, at: datetime) -> ImportBatch:
    """Takes the waiting list to be looked at line by line, as any list on its way onto an open letter, and ends the wait.
    Raises ``Refused`` when no list waits, and where ``importing.begin`` does."""
    letter = locked(letter)
    waiting = _waiting(letter)
    name = waiting.source or _("List of the letter’s document")
    data = waiting.text.encode()
    waiting.delete()
    return begin(letter, filename="list.txt", data=data, source_name=name, actor=actor, at=at)


@transaction.atomic
def discard_waiting(letter: Letter, *, actor: Actor, at: datetime) -> None:
    """Discards the waiting list. Raises ``Refused`` when none waits."""
    letter = locked(letter)
    waiting = _waiting(letter)
    entries = len(read_list(waiting.text).signatories)
    waiting.delete()
    record("list.discarded", at=at, letter=letter, actor=actor, before={"entries": entries})


def _waiting(letter: Letter) -> WaitingList:
    found = WaitingList.objects.filter(letter=letter).first()
    if found is None:
        raise Refused(_("No list waits for this letter: it was added or discarded already."))
    return found
