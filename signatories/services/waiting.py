"""The list that came with a letter's document: kept while the letter is a draft, then added or discarded."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from letters.models import Letter
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked
from signatories.models import WaitingList
from signatories.reading import read_list
from signatories.services.importing import Imported, import_list


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
def add_waiting(letter: Letter, *, text: str, consent: str, actor: Actor, at: datetime) -> list[Imported]:
    """Puts the signatories of the waiting list, in the words of ``text`` (as an editor may have mended it), onto the open
    letter, and ends the wait. ``consent`` says where their consent came from. Raises ``Refused`` when no list waits, when
    no signatory is read, and where ``import_list`` does."""
    letter = locked(letter)
    waiting = _waiting(letter)
    entries = read_list(text).signatories
    if not entries:
        raise Refused(_("No signatory was read from this list."))
    outcomes = import_list(letter, entries, consent=consent, actor=actor, at=at)
    waiting.delete()
    return outcomes


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
