"""The letter's document as a message carries it: made once for all its readers of one language."""

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.utils import timezone

from letters import kept
from letters.documents.forms import TYPES
from letters.models import Letter
from letters.papers import Changing, text_language

MOST_BYTES = 5 * 1024 * 1024  # many mail servers refuse more than 10 MB, and a file grows by a third in mail
MOST_KEPT = 8
Key = tuple[int, str, str, int | None, int]
log = logging.getLogger("undersigned.mail")
papers: OrderedDict[Key, bytes] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Enclosed:
    """A file that goes with a message."""

    name: str
    content: bytes
    type: str


def enclosed(letter: Letter, language: str, form: str) -> Enclosed | None:
    """The public letter with its list as ``form``, in the text that a reader of ``language`` gets. None when it is not
    public, too large, or not to be had at once: of a long list only what the worker has made is taken."""
    if form not in TYPES or letter.current_version is None or not letter.is_public(timezone.now()):
        return None
    language = text_language(letter, language)
    try:
        content = _long(letter, language, form) if kept.is_long(letter) else _made(letter, language, form)
    except Changing:
        return None
    except Exception:  # whatever is wrong with a document must not hold up the message, which has its address
        log.exception("no %s of letter %s for a message", form, letter.slug)
        return None
    if not content or len(content) > MOST_BYTES:
        return None
    return Enclosed(f"{letter.slug}-{language}.{form}", content, TYPES[form])


def _long(letter: Letter, language: str, form: str) -> bytes:
    found = kept.newest(letter, language, form)
    if found is None or found.size > MOST_BYTES:
        return b""
    with default_storage.open(found.name, "rb") as file:
        content: bytes = file.read()
    return content


def _made(letter: Letter, language: str, form: str) -> bytes:
    """The document, made anew only when text or list have changed: thousands of readers get the same bytes."""
    key = (letter.pk, language, form, letter.current_version_id, letter.list_revision)
    with _lock:
        content = papers.get(key)
        if content is None:
            content = kept.document(letter, language, form)
            papers[key] = content if len(content) <= MOST_BYTES else b""
            while len(papers) > MOST_KEPT:
                papers.popitem(last=False)
    return content
