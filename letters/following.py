"""What followed a letter, as its page shows it: deliveries, responses of the addressee, updates, in the order of their days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from letters import attachments, texts
from letters.models import Delivery, DeliveryFile, Event, Letter, Response, TextVersion, Update
from letters.models.following import Entry

NO_WORDS = mark_safe("")
# The order in which forms of one language stand beside each other.
FORMS = (DeliveryFile.Form.PDF, DeliveryFile.Form.DOCX, DeliveryFile.Form.TXT)


@dataclass(frozen=True)
class Correction:
    """What was corrected in an entry after it had been published, and when."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Shown:
    """One entry of the page. ``kind`` is delivery, response, update or change (of the text); ``row`` the row; ``words`` safe HTML."""

    kind: str
    day: date
    moment: datetime
    row: Any
    words: SafeString = NO_WORDS
    corrections: Sequence[Correction] = field(default_factory=tuple)
    withdrawn: int = 0
    file_url: str = ""
    file_words: str = ""
    file_size: int = 0  # bytes; none where the file is not at hand

    @property
    def anchor(self) -> str:
        """Its place in the page: ``delivery-1``, ``update-12``."""
        numbered = self.kind in ("delivery", "change")
        return f"{self.kind}-{self.row.number if numbered else self.row.pk}"


def timeline(
    letter: Letter, *, at: datetime, also: Entry | None = None, changed: Iterable[TextVersion] = ()
) -> list[Shown]:
    """What readers of the letter's page see at ``at``, oldest first. ``also`` is an entry to be shown as if it were
    published now, for the desk's preview. ``changed`` are the versions by which the text was corrected or amended: they stand
    in their place among what followed, but by themselves they are no reason to speak of it."""
    entries = [*letter.responses.shown(at), *letter.updates.shown(at)]  # type: ignore[attr-defined]
    if also is not None:
        entries = [entry for entry in entries if entry != also] + [also]
    corrected = corrections_of(letter, entries)
    found = [*deliveries_of(letter), *(_entry(letter, entry, corrected, at=at) for entry in entries)]
    if found:
        found += [_change(letter, version) for version in changed]
    return sorted(found, key=lambda shown: (shown.day, shown.moment))


def _change(letter: Letter, version: TextVersion) -> Shown:
    day = version.created_at.astimezone(letter.zone).date()
    return Shown("change", day, version.created_at, version)


def deliveries_of(letter: Letter) -> list[Shown]:
    """The letter's deliveries, and of each how many of those who stood in its snapshot have withdrawn."""
    rows = list(letter.deliveries.all())  # type: ignore[attr-defined]
    if not rows:
        return []
    gone = letter.signatures.withdrawn_since([row.created_at for row in rows])  # type: ignore[attr-defined]
    return [
        Shown("delivery", row.delivered_on, row.created_at, row, withdrawn=n)
        for row, n in zip(rows, gone, strict=True)
    ]


def files_of(delivery: Delivery) -> list[DeliveryFile]:
    """The files that anyone may have, the documents before the tables; not the frozen papers from which they are made."""
    own = [row for row in delivery.files.all() if row.form != DeliveryFile.Form.PAPER]
    return sorted(own, key=lambda row: (row.form not in FORMS, row.pk))


def anchor_of(entry: Entry) -> str:
    """Where a response or an update stands on the letter's page: ``update-12``."""
    return f"{entry._meta.model_name}-{entry.pk}"


def corrections_of(letter: Letter, entries: Iterable[Entry]) -> dict[str, list[Correction]]:
    """The corrections of entries that have any, by their subject in the record, oldest first."""
    subjects = [ref(entry) for entry in entries if entry.corrected_at is not None]
    found: dict[str, list[Correction]] = {subject: [] for subject in subjects}
    if subjects:
        kinds = ("response.corrected", "update.corrected")
        events = Event.objects.filter(letter=letter, subject__in=subjects, kind__in=kinds).order_by("id")
        for event in events.only("subject", "at", "note"):
            found[event.subject].append(Correction(event.at, event.note))
    return found


def ref(entry: Entry) -> str:
    """How events name an entry: ``update:12``."""
    return f"{entry._meta.model_name}:{entry.pk}"


def _entry(letter: Letter, entry: Entry, corrected: dict[str, list[Correction]], *, at: datetime) -> Shown:
    kind = str(entry._meta.model_name)
    row: Any = entry
    return Shown(
        kind,
        entry.dated,
        entry.published_at or at,
        entry,
        words=texts.render(row.body, prefix=f"{kind}-{entry.pk}-note"),
        corrections=corrected.get(ref(entry), ()),
        file_url=file_url(letter, entry) if isinstance(entry, Response) else "",
        file_words=attachments.words_for(str(entry.file.name))
        if isinstance(entry, Response) and entry.file
        else "",
        file_size=_size(entry) if isinstance(entry, Response) and entry.file else 0,
    )


def _size(response: Response) -> int:
    try:
        return int(response.file.size)
    except OSError:
        return 0


def file_url(letter: Letter, response: Response) -> str:
    """The public address of a response's file, or empty; it changes with the file."""
    if not response.file:
        return ""
    name = str(response.file.name).rpartition("/")[2]
    return reverse("response_file", args=[letter.slug, response.pk, name])


def heading_of(entry: Response | Update) -> str:
    """What an entry is called in a line."""
    return entry.title if isinstance(entry, Update) else entry.from_whom
