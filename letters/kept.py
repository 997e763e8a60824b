"""Documents of public letters: made at once and kept by this process, or, of a long list, made by the worker and kept in
the storage, from which the newest is served."""

import hashlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from letters.documents.forms import FORMS
from letters.models import Letter
from letters.pagecache import Shelf
from letters.papers import Changing, paper_of, text_language
from letters.services.life import locked

FOLDER = "documents"
# A long list that grows all the time is not set again with each name.
PAUSE = timedelta(minutes=1)
FOR_EVER = float("inf")
log = logging.getLogger("undersigned.documents")
shelf = Shelf()
_making = threading.Lock()  # one at a time: the memory of a process stays bounded


def document(letter: Letter, language: str | None, form: str) -> bytes:
    """The letter as ``form`` (pdf, docx, txt), made once for what it shows."""
    paper = paper_of(letter, language=language)
    what = hashlib.blake2b(paper.to_json().encode(), digest_size=16).hexdigest()
    key = (what, form)
    entry = shelf.get(key)
    if entry is None:
        with _making:
            entry = shelf.get(key) or (FOR_EVER, 200, (), FORMS[form](paper))
        shelf.put(key, entry)
    return entry[3]


def is_long(letter: Letter) -> bool:
    """Whether the letter's list is too long for a document to be made while a reader waits."""
    return (
        letter.listed_count + letter.earlier_count - letter.earlier_withheld_count > settings.DOCUMENT_AT_ONCE
    )


@dataclass(frozen=True)
class Kept:
    """A document in the storage. Its name says what it is: text version, state of the list, how many bytes it has (a
    worker may have been killed while it wrote) and a digest of them."""

    language: str
    version: int
    revision: int
    size: int
    digest: str
    form: str
    name: str = ""

    @property
    def file_name(self) -> str:
        return f"{self.language}_{self.version}_{self.revision}_{self.size}_{self.digest}.{self.form}"

    @property
    def is_whole(self) -> bool:
        return bool(default_storage.size(self.name) == self.size)


def folder(letter_id: int) -> str:
    return f"{FOLDER}/{letter_id}"


def _names(letter_id: int) -> list[str]:
    """What lies in the letter's folder, documents or not."""
    try:
        return list(default_storage.listdir(folder(letter_id))[1])
    except FileNotFoundError:
        return []


def all_kept(letter_id: int) -> Iterator[Kept]:
    """Every document of the letter that is kept, in no order."""
    for name in _names(letter_id):
        stem, _, form = name.rpartition(".")
        parts = stem.split("_")
        if len(parts) == 5 and form in FORMS and all(part.isdecimal() for part in parts[1:4]):
            version, revision, size = map(int, parts[1:4])
            yield Kept(parts[0], version, revision, size, parts[4], form, f"{folder(letter_id)}/{name}")


def newest(letter: Letter, language: str | None, form: str) -> Kept | None:
    """The newest kept document of the letter's present text; it says itself of when its list is. One that was made before a
    name left the list is none."""
    last = _last(letter, language, form)
    return last if last and last.size else None


def _last(letter: Letter, language: str | None, form: str) -> Kept | None:
    """The same, or the empty mark of one that could not be made."""
    wanted = text_language(letter, language)
    number = letter.current_version.number  # type: ignore[union-attr]
    found = [
        kept
        for kept in all_kept(letter.pk)
        if (kept.language, kept.version, kept.form) == (wanted, number, form)
        and kept.revision >= letter.shown_from
    ]
    return max((kept for kept in found if kept.is_whole), key=lambda kept: kept.revision, default=None)


def due(letter: Letter, *, at: datetime) -> list[str]:
    """The languages in which the documents of a long list have to be made, or made anew."""
    return [
        language
        for language in letter.current_version.content["texts"]  # type: ignore[union-attr]
        if any(_is_due(letter, _last(letter, language, form), at) for form in FORMS)
    ]


def _is_due(letter: Letter, kept: Kept | None, at: datetime) -> bool:
    if kept is None:
        return True
    return kept.revision < letter.list_revision and default_storage.get_modified_time(kept.name) <= at - PAUSE


def make(letter: Letter, language: str) -> int:
    """Makes the documents of a long list in a language and removes those before them; how many were made. Run twice, or
    by two workers at once, it does no harm."""
    letter = Letter.objects.select_related("current_version").get(pk=letter.pk)
    revision, version = letter.list_revision, letter.current_version.number  # type: ignore[union-attr]
    try:
        paper = paper_of(letter, language=language)
    except Changing:  # it grows faster than it is read: what is read under its lock stands still
        with transaction.atomic():
            letter = locked(letter)
            revision, version = letter.list_revision, letter.current_version.number  # type: ignore[union-attr]
            paper = paper_of(letter, language=language)
    for form, render in FORMS.items():
        try:
            content = render(paper)
        except Exception as error:
            # One that cannot be made holds up no other. An empty file marks it, so that it is tried again with the next
            # change and not all the time.
            log.warning("no %s of letter %s: %r", form, letter.slug, error)
            content = b""
        digest = hashlib.blake2b(content, digest_size=8).hexdigest()
        name = (
            f"{folder(letter.pk)}/{Kept(language, version, revision, len(content), digest, form).file_name}"
        )
        if default_storage.exists(name):
            default_storage.delete(name)  # one that was not written to its end
        default_storage.save(name, ContentFile(content))
    _remove_old(letter)
    return len(FORMS)


def _remove_old(letter: Letter) -> None:
    """Removes what is not the newest of its kind. Who is reading one that is removed reads it to its end."""
    version = letter.current_version.number  # type: ignore[union-attr]
    known = {kept.name for kept in all_kept(letter.pk)}
    for name in {f"{folder(letter.pk)}/{name}" for name in _names(letter.pk)} - known:
        default_storage.delete(name)  # under another name, since two workers wrote it at once
    best: dict[tuple[str, str], Kept] = {}
    for kept in sorted(
        all_kept(letter.pk), key=lambda one: (one.version == version and one.is_whole, one.revision)
    ):
        worse = best.get((kept.language, kept.form))
        best[kept.language, kept.form] = kept
        if worse:
            default_storage.delete(worse.name)


def remove_all(letter_id: int) -> int:
    """Removes every kept document of a letter, and whatever else lies there; how many."""
    names = _names(letter_id)
    for name in names:
        default_storage.delete(f"{folder(letter_id)}/{name}")
    return len(names)


def letters_kept() -> list[int]:
    """The letters of which documents are kept."""
    try:
        folders, _names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return [int(name) for name in folders if name.isdecimal()]
