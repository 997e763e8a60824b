"""Putting a list onto a letter: begun, read, looked at line by line, applied whole or not at all. No mail is sent; a withdrawn
signature is never brought back. ``undoing`` takes an applied list off again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letters.models import Group, Letter, TextVersion
from letters.rows import change, portions
from letters.services import editing
from letters.services.errors import Refused
from letters.services.events import record
from letters.services.life import Actor, locked
from signatories.models import ImportBatch, ImportRow, Organisation, Signature
from signatories.models.importing import GOING, UNDECIDED, WORDS
from signatories.reading import (
    Columns,
    Entry,
    Ignored,
    Reading,
    columns_of,
    read_file,
    read_table,
    rows_of,
)
from signatories.reading.columns import NAMED
from signatories.reading.content import Content
from signatories.reading.files import content_of
from signatories.reading.tables import read_row
from signatories.services import lists
from signatories.services.enlisting import enlist, give_representatives
from signatories.services.judging import Judge, settle
from signatories.services.likely import Finder

State, Outcome, Decision = ImportBatch.State, ImportRow.Outcome, ImportRow.Decision
AT_ONCE = 300  # lines that are read and applied while the editor waits; more are the worker's
SMALL = 60_000  # bytes of which no reading takes long
PORTION = 200
# What judging sets, and what settling a list reads.
JUDGED = ("key", "organisation", "candidates", "verdict", "beside", "outcome", "changed")
SETTLED = (
    "position", "key", "kind", "country", "organisation_id", "verdict", "outcome", "ignored", "left_out", "batch_id",
)  # fmt: skip


class Stopped(Exception):
    """An editor asked to stop while the list was being put on the letter; nothing of it is."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one entry: "new" (now on the letter), "already" (stands there), "withdrawn" (once taken back), "twice",
    "withheld": one of that name stands with its name withheld; "maybe" and "faulty" (does not fit): a person has to decide."""

    entry: Entry
    outcome: str


def why_not(letter: Letter) -> str:
    """Why the letter takes no list, in a sentence; empty when it does."""
    if letter.current_version_id is None or letter.stage == Letter.Stage.WITHDRAWN:
        return _("Signatories can be put on a letter that was opened for signing, and not on one withdrawn.")
    return ""


# --- Whole, without anybody looking


@transaction.atomic
def import_list(
    letter: Letter,
    entries: Iterable[Entry],
    *,
    consent: str,
    actor: Actor,
    at: datetime,
    source: str = "",
    consent_from: str = ImportBatch.Consent.OTHER,
) -> list[Imported]:
    """Lists each entry as an accepted signature, in the order of the list; all in one transaction, as a batch that can be
    undone. A name that the directory may have under another spelling becomes a new organisation, marked in the batch, unless
    that one took its signature back or stands with its name withheld: then a person has to decide.

    ``consent`` says where the signatories' consent came from and is kept on record. A letter that stands open keeps
    the text: the signatures point to its current version. Raises ``Refused`` for a draft or a withdrawn letter.
    """
    letter, found = locked(letter), list(entries)
    if reason := why_not(letter):
        raise Refused(reason)
    batch = ImportBatch.objects.create(
        letter=letter,
        made_by=_user(actor),
        made_at=at,
        source_name=(source or _("a list"))[:250],
        consent_from=consent_from,
        consent_note=consent,
        consent_date=at.date(),
        state=State.APPLYING,
        total=len(found),
        acted_by=_user(actor),
    )
    rows = [row_of(batch, entry, position, cut=True) for position, entry in enumerate(found)]
    for row in rows:
        row.sure = True
    judge = Judge(letter, Finder())
    judge.judge(rows)
    doubtful = [
        row for row in rows if row.verdict == Outcome.MAYBE and not judge.standing.forbids(row.candidate_ids)
    ]
    for row in doubtful:
        row.decision = Decision.NEW
    judge.judge(doubtful)
    judge.hold(rows)
    settle(rows)
    _put_on(batch, letter, rows, judge, actor=actor, at=at)
    ImportRow.objects.bulk_create(rows, batch_size=500)
    return [
        Imported(entry, "new" if row.outcome in GOING else str(row.outcome))
        for entry, row in zip(found, rows, strict=True)
    ]


# --- Reading


@transaction.atomic
def begin(
    letter: Letter, *, filename: str, data: bytes, source_name: str, actor: Actor, at: datetime
) -> ImportBatch:
    """Takes a list to be looked at. A short one is read at once, a long one by the worker. Raises ``Refused`` for a letter
    that takes none, and ``Unreadable`` for what is no list."""
    letter = locked(letter)
    if reason := why_not(letter):
        raise Refused(reason)
    reading = read_file(filename, data) if len(data) <= SMALL else None
    batch = ImportBatch.objects.create(
        letter=letter,
        made_by=_user(actor),
        made_at=at,
        source_name=source_name[:250],
        filename=filename[-250:],
        original=data,
    )
    record("list.begun", at=at, letter=letter, subject=batch.ref, actor=actor, after={"bytes": len(data)})
    if reading is not None:
        _take(batch, reading)
    return batch


def _take(batch: ImportBatch, reading: Reading) -> None:
    """Stores what was read; a short list can be looked at at once, a long one when the worker has judged it."""
    store(batch, reading)
    if batch.total <= AT_ONCE:
        judge_portion(batch, Finder(), AT_ONCE)
        finish_reading(batch)


def table_of(batch: ImportBatch) -> Columns | None:
    """What the columns of a list that is a table were taken for, or are as an editor has set them; None for any other list."""
    table = _table(batch)
    return table[1] if table else None


def _table(batch: ImportBatch) -> tuple[list[list[str]], Columns] | None:
    """The rows of a list that is a table, and its columns."""
    rows = rows_of(batch.filename, bytes(batch.original)) if batch.original else None
    if not rows:
        return None
    columns = columns_of(rows)
    if batch.columns:
        columns = columns.changed(batch.columns["fields"], heading=batch.columns["heading"])
    return rows, columns


@transaction.atomic
def set_columns(
    batch: ImportBatch, fields: Sequence[str], *, headed: bool, actor: Actor, at: datetime
) -> ImportBatch:
    """An editor says what each column of a table is ("" for one that is left out), and whether it has a row of headings; the list
    is read anew, and what was decided about its lines is gone. Raises ``Refused``."""
    locked(batch.letter)
    batch = opened(batch)
    columns = table_of(batch)
    if columns is None or len(fields) != len(columns.fields):
        raise Refused(_("This list is no table whose columns could be chosen."))
    if not NAMED & set(fields):
        raise Refused(_("Say in which column the names stand."))
    batch.columns = {"fields": list(fields), "heading": (columns.heading or 1) if headed else None}
    batch.state, batch.revision = State.READING, batch.revision + 1
    batch.save(update_fields=["columns", "state", "revision"])
    note(batch, "list.columns_set", None, {"columns": list(fields)}, actor=actor, at=at)
    _take(batch, read_again(batch))
    return batch


def read_again(batch: ImportBatch) -> Reading:
    """The reading of a list as it was given, by the columns that an editor set. Raises ``Unreadable``."""
    if not batch.columns:
        return read_file(batch.filename, bytes(batch.original or b""))
    rows, columns = _table(batch) or ([], None)
    return read_table(rows, columns)


def store(batch: ImportBatch, reading: Reading) -> None:
    """Writes what was read as rows that nobody has judged yet, in the order of the list; earlier ones of the batch go. Raises
    ``Unreadable``."""
    content = content_of(batch.filename, bytes(batch.original or b""))
    lines = {} if batch.filename.endswith(".json") else _lines(content)
    found = in_order(reading)
    batch.rows.all().delete()
    ImportRow.objects.bulk_create(
        (row_of(batch, item, position, text=lines.get(item.line, "")) for position, item in enumerate(found)),
        batch_size=500,
    )
    batch.total, batch.done = len(found), 0
    batch.save(update_fields=["total", "done"])


def in_order(reading: Reading) -> list[Entry | Ignored]:
    """What was read, by its place in the list."""
    return sorted([*reading.signatories, *reading.ignored], key=lambda item: item.line)


def row_of(
    batch: ImportBatch, item: Entry | Ignored, position: int, *, text: str = "", cut: bool = False
) -> ImportRow:
    """The row of what was read; ``cut``: to the lengths that a list takes."""
    if isinstance(item, Ignored):
        return ImportRow(
            batch=batch,
            position=position,
            line=item.line,
            text=_clean(item.text or text),
            ignored=_clean(item.reason),
        )
    # A list may print an office alone ("President of the Quay Society"): then the office stands for the person.
    alone = item.kind == Signature.Kind.INDIVIDUAL and not item.person
    row = ImportRow(
        batch=batch,
        position=position,
        line=item.line,
        text=_clean(text)[:2000],
        kind=item.kind,
        name=_clean(item.name),
        acronym=_clean(item.acronym),
        country=item.country_code or "",
        country_read=_clean(item.country),
        person=_clean(item.person or (item.role if alone else None)),
        role="" if alone else _clean(item.role),
        email=_clean(item.email),
        group=_clean(item.group),
        note=_clean(item.note),
        sure=item.sure,
    )
    if cut:
        row.name, row.acronym, row.person = row.name[:250], row.acronym[:40], row.person[:250]
        row.note, row.group, row.role = row.note[:160], row.group[:120], row.role[:160]
        if row.is_person and len(row.affiliation) > 250:
            row.name = row.name[: max(248 - len(row.role), 0)]
    return row


def _clean(words: str | None) -> str:
    # Half of a character, which JSON can spell out, cannot be stored either.
    return (words or "").replace("\x00", "").encode(errors="ignore").decode()


def _lines(content: Content) -> dict[int, str]:
    """The lines of the list by number, to be shown beside what they became."""
    if content.rows is not None:
        cells = (" | ".join(cell.strip() for cell in row if cell.strip()) for row in content.rows)
        return dict(enumerate(cells, start=1))
    return dict(enumerate(content.text.splitlines(), start=1))


def judge_portion(batch: ImportBatch, finder: Finder, size: int = PORTION) -> int:
    """Judges the next rows of a batch that is being read; how many there were."""
    rows = list(batch.rows.filter(verdict="").select_related("organisation")[:size])
    if rows:
        Judge(batch.letter, finder).judge(rows)
        change(rows, *JUDGED)
        ImportBatch.objects.filter(pk=batch.pk).update(done=F("done") + len(rows))
    return len(rows)


def finish_reading(batch: ImportBatch) -> None:
    """All rows are judged: the list can be looked at."""
    resettle(batch)
    batch.state, batch.done = State.PREVIEW, batch.total
    batch.save(update_fields=["state", "done"])


def resettle(batch: ImportBatch) -> None:
    """Looks at the whole list again after a row of it was judged anew."""
    changed = settle(batch.rows.only(*SETTLED).order_by("position"))
    change(changed, "outcome")


# --- What an editor decides


def counts_of(batch: ImportBatch) -> Counter[str]:
    """How many rows there are of each outcome."""
    return Counter(batch.rows.values_list("outcome", flat=True))


def going(counts: Counter[str]) -> int:
    return sum(counts[outcome] for outcome in GOING)


def undecided(counts: Counter[str]) -> int:
    return sum(counts[outcome] for outcome in UNDECIDED)


def opened(batch: ImportBatch) -> ImportBatch:
    """The batch, locked until the transaction ends and read anew; raises ``Refused`` when its rows no longer change."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if not batch.is_open:
        raise Refused(
            _("This list is not open for changes any more: %(state)s.") % {"state": batch.get_state_display()}
        )
    return batch


def rejudge(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """Judges rows whose words or decisions changed, then the list that they stand in; the batch is held."""
    Judge(batch.letter, Finder()).judge(rows)
    change(rows, *JUDGED, *EDITED, "sure", "ignored", "left_out", "decision")
    resettle(batch)
    ImportBatch.objects.filter(pk=batch.pk).update(revision=F("revision") + 1, problem="")


EDITED = ("kind", "name", "acronym", "country", "person", "role", "email", "group", "note")


@transaction.atomic
def edit_row(row: ImportRow, *, actor: Actor, at: datetime, **words: str) -> ImportRow:
    """An editor mends what was read of a line; the names of ``words`` are those of ``EDITED``. The reading counts as sure then,
    and a line that was no signatory is one."""
    batch = opened(row.batch)
    row = batch.rows.select_related("organisation").get(pk=row.pk)
    changed = [name for name in EDITED if name in words and words[name] != str(getattr(row, name))]
    for name in changed:
        setattr(row, name, words[name])
    if {"name", "acronym", "country", "kind"} & set(changed):
        row.decision, row.organisation, row.candidates = "", None, []
    row.sure, row.ignored, row.changed = True, "", False
    rejudge(batch, [row])
    note(batch, "list.line_changed", row, changed, actor=actor, at=at)
    return batch.rows.get(pk=row.pk)


@transaction.atomic
def decide(
    row: ImportRow, decision: str, *, organisation: int | None = None, actor: Actor, at: datetime
) -> ImportRow:
    """An editor says of a line: "this" (with the key of one of its candidates), "new" (a new organisation), "right" (the
    reading is right), "out" (left out), "in" (taken after all), "again" (nothing decided: as it was read). Raises ``Refused``."""
    batch = opened(row.batch)
    row = batch.rows.select_related("organisation").get(pk=row.pk)
    if decision == "this":
        _choose(row, organisation)
    elif decision == "new":
        row.decision, row.organisation = Decision.NEW, None
    elif decision in ("right", "in"):
        row.sure, row.left_out = row.sure or decision == "right", False
        if row.ignored:
            _take_after_all(batch, row)
    elif decision == "again":
        _open_again(batch, row)
    elif decision == "out":
        row.left_out = True
    else:
        raise Refused(_("That is no decision."))
    row.changed = False
    rejudge(batch, [row])
    if decision == "new" and row.organisation_id is not None:
        raise Refused(
            _("“%(name)s” is in the directory in the same country, so a second one cannot be made. Choose it, or change the name or the country.")
            % {"name": row.name}
        )  # fmt: skip
    note(batch, "list.line_decided", row, decision, actor=actor, at=at)
    return batch.rows.get(pk=row.pk)


def _open_again(batch: ImportBatch, row: ImportRow) -> None:
    """Takes back what was decided about which organisation a line is; it has the name as it was read again."""
    if row.decision == Decision.THIS:  # which took the directory's spelling over
        found = in_order(read_again(batch))[row.position]
        if isinstance(found, Entry):
            read = row_of(batch, found, row.position)
            row.name, row.acronym, row.country = read.name, read.acronym, read.country
    row.decision, row.organisation, row.candidates = "", None, []


def _take_after_all(batch: ImportBatch, row: ImportRow) -> None:
    """A line that was no signatory is one: of a table its cells by the columns, to be looked at; else its words are the name."""
    table = _table(batch)
    entry = read_row(*table, row.line) if table else None
    row.ignored, row.sure = "", entry is None and "|" not in row.text and "\t" not in row.text
    if entry is None:
        row.name = row.name or " ".join(row.text.split())
        return
    read = row_of(batch, entry, row.position)
    for name in EDITED:
        setattr(row, name, getattr(read, name))


def _choose(row: ImportRow, organisation: int | None) -> None:
    # One that is there: it may have been merged or deleted since the page was drawn. Held, so that it stays until this is written.
    rows = Organisation.objects.select_for_update(no_key=True)
    held = rows.filter(pk=organisation).first() if organisation is not None else None
    if organisation not in row.candidate_ids or held is None:
        raise Refused(_("That organisation is none of those that the line may be."))
    row.decision, row.organisation = Decision.THIS, held
    # Spelled as the directory has it; what was read stays beside it, and can be written in again.
    row.name, row.acronym, row.country = held.name, held.acronym or row.acronym, held.country or row.country
    row.sure = True


@transaction.atomic
def decide_all(batch: ImportBatch, outcome: str, decision: str, *, actor: Actor, at: datetime) -> int:
    """Decides "right" or "out" for all undecided rows of an outcome (empty: of every one that waits); how many."""
    batch = opened(batch)
    wanted = [outcome] if outcome in UNDECIDED else list(UNDECIDED)
    rows = list(batch.rows.filter(outcome__in=wanted).select_related("organisation"))
    for row in rows:
        row.changed = False
        if decision == "out":
            row.left_out = True
        elif row.outcome == Outcome.UNSURE:
            row.sure = True
    if rows:
        _rejudge_lightly(batch, rows)
        note(batch, "list.lines_decided", None, {"what": decision, "lines": len(rows)}, actor=actor, at=at)
    return len(rows)


def _rejudge_lightly(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """Judges rows of which only a mark changed: what they may be was found before."""
    Judge(batch.letter, None).judge(rows)
    change(rows, *JUDGED, "sure", "left_out")
    resettle(batch)
    ImportBatch.objects.filter(pk=batch.pk).update(revision=F("revision") + 1, problem="")


def note(
    batch: ImportBatch, kind: str, row: ImportRow | None, what: Any, *, actor: Actor, at: datetime
) -> None:
    """Leaves an event about a list; it names no person and holds no words of the list."""
    after = what if isinstance(what, dict) else {"what": what}
    if row is not None:
        after = {"line": row.line, **after, "organisation": row.organisation_id, "outcome": row.outcome}
    record(kind, at=at, letter=batch.letter, subject=batch.ref, actor=actor, after=after)


# --- Applying


@transaction.atomic
def add_headings(batch: ImportBatch, *, actor: Actor, at: datetime) -> list[Group]:
    """Adds the headings of the list that the letter does not have, among its organisations, in the order of the list."""
    letter = locked(batch.letter)
    groups = list(letter.groups.all())
    own = {group.heading for group in groups if group.kind == Group.Kind.OWN}
    wanted = batch.rows.filter(outcome__in=GOING).exclude(group="").order_by("position")
    new = [name for name in dict.fromkeys(wanted.values_list("group", flat=True)) if name not in own]
    places = {group.position for group in groups}
    standing = next((group.position for group in groups if group.kind == Group.Kind.ORGANISATIONS), 0)
    free = (place for place in count(standing + 1) if place not in places)
    saved = [Group(letter=letter, heading=name, position=next(free)) for name in new]
    if saved:
        editing.save_rows(letter, Group, saved=saved, deleted=[], actor=actor, at=at)
        lists.rearrange(letter, at=at)
    return saved


@transaction.atomic
def apply(
    batch: ImportBatch,
    *,
    consent_from: str,
    consent_note: str,
    consent_date: date,
    revision: int,
    tells: bool = False,
    actor: Actor,
    at: datetime,
) -> ImportBatch:
    """An editor who saw the list at ``revision`` has it put on the letter: a short one at once, a long one by the worker. When
    a line has become something else since, nothing is done, the lines are marked and ``problem`` says so. ``tells``: the
    representatives whose addresses the list gives are written to. Raises ``Refused``."""
    letter = locked(batch.letter)
    batch = opened(batch)
    if reason := why_not(letter):
        raise Refused(reason)
    if batch.revision != revision:
        raise Refused(
            _("Somebody has changed this list since you opened the page. Look at it once more, then decide.")
        )
    counts = counts_of(batch)
    if n := undecided(counts):
        raise Refused(
            ngettext(
                "%(n)s line waits for your decision. Decide it, or leave it out.",
                "%(n)s lines wait for your decision. Decide them, or leave them out.",
                n,
            )
            % {"n": n}
        )
    if not going(counts):
        raise Refused(_("No line of this list would be put on the letter."))
    if consent_from not in ImportBatch.Consent or consent_date > at.astimezone(letter.zone).date():
        raise Refused(_("Say where consent came from, and on which day: one that has come."))
    batch.consent_from, batch.consent_note, batch.consent_date = consent_from, consent_note, consent_date
    batch.state, batch.begun_at, batch.stop_asked = State.APPLYING, at, False
    batch.acted_by, batch.problem, batch.letter, batch.tells = _user(actor), "", letter, tells
    batch.save()  # it is held
    flag_of(batch).unlink(missing_ok=True)
    if batch.total <= AT_ONCE:
        carry_out(batch, at=at)
    return batch


@transaction.atomic
def carry_out(batch: ImportBatch, *, at: datetime) -> ImportBatch:
    """Puts a list that an editor has decided to apply on the letter, whole; safe to call twice, or to be killed in. Lines that
    have become something else since the editor saw them bring the batch back to be looked at. Raises ``Stopped``."""
    letter = locked(batch.letter)
    batch.refresh_from_db()
    if batch.state != State.APPLYING:
        return batch
    batch.letter = letter
    rows = list(
        batch.rows.exclude(outcome__in=[Outcome.IGNORED, Outcome.LEFT_OUT])
        .select_related("organisation")
        .order_by("position")
    )
    judge = Judge(letter, None)
    changed, reason = _changed(rows, judge), why_not(letter) or _amended(batch)
    if changed or reason:
        return _back_to_preview(batch, changed, reason, at=at)
    heed_stop(batch)
    _put_on(batch, letter, rows, judge, actor=batch.acted_by, at=at)
    return batch


def _amended(batch: ImportBatch) -> str:
    """That the letter says something else than when an editor had the list put on it; empty when it does not."""
    amended = batch.letter.versions.filter(kind=TextVersion.Kind.AMENDMENT, created_at__gt=batch.begun_at)
    if not amended.exists():
        return ""
    return _(
        "Nothing was put on the letter: its text was amended meanwhile. Put the list on it only if its signatories agreed to the text as it is now."
    )


def _changed(rows: Sequence[ImportRow], judge: Judge) -> list[ImportRow]:
    """The rows that are not what the editor saw any more, judged and settled anew."""
    seen = {row.pk: (row.outcome, row.organisation_id) for row in rows}
    judge.judge(rows)
    judge.hold(rows)
    settle(rows)
    return [row for row in rows if (row.outcome, row.organisation_id) != seen[row.pk]]


def _back_to_preview(
    batch: ImportBatch, changed: list[ImportRow], reason: str, *, at: datetime
) -> ImportBatch:
    for row in changed:
        row.changed = True
    change(changed, *JUDGED)
    n = len(changed)
    batch.state, batch.revision = State.PREVIEW, batch.revision + 1
    batch.problem = reason or (
        ngettext(
            "Nothing was put on the letter: the letter or the directory has changed, and %(n)s line is now something else. It is marked below.",
            "Nothing was put on the letter: the letter or the directory has changed, and %(n)s lines are now something else. They are marked below.",
            n,
        )
        % {"n": n}
    )
    batch.save(update_fields=["state", "revision", "problem"])
    record(
        "list.not_applied",
        at=at,
        letter=batch.letter,
        subject=batch.ref,
        actor=batch.acted_by,
        after={"changed": n},
    )
    return batch


def _put_on(
    batch: ImportBatch, letter: Letter, rows: Sequence[ImportRow], judge: Judge, *, actor: Actor, at: datetime
) -> None:
    """Writes the signatures, what became of the rows, and last that the batch is applied: until then it can be stopped."""
    taken = [row for row in rows if row.outcome in GOING]
    made = enlist(letter, taken, judge.standing, pause=lambda: heed_stop(batch), at=at)
    for some in portions(taken, 250):
        heed_stop(batch)
        give_representatives(batch, some, at=at)
        kept = [row for row in some if row.pk]
        change(kept, "organisation", "made_organisation", "signature", "has_address")
    batch.made_organisations, batch.made_signatures = made, len(taken)
    batch.state, batch.applied_at, batch.original = State.APPLIED, at, None
    batch.save(update_fields=["made_organisations", "made_signatures", "state", "applied_at", "original"])
    record(
        "list.imported",
        at=at,
        letter=letter,
        subject=batch.ref,
        actor=actor,
        after={
            "entries": batch.total,
            "new": len(taken),
            "organisations": batch.made_organisations,
            "consent": batch.consent_from,
            "consent_date": str(batch.consent_date),
            "addresses": sum(row.has_address for row in taken),
            "written_to": batch.tells,
        },
        note=batch.consent_note,
    )


def heed_stop(batch: ImportBatch) -> None:
    """Raises ``Stopped`` when an editor has asked for it, also since the transaction began."""
    if ImportBatch.objects.filter(pk=batch.pk, stop_asked=True).exists() or flag_of(batch).exists():
        raise Stopped


def flag_of(batch: ImportBatch) -> Path:
    """The file that says "stop" where the database cannot: on SQLite nobody else writes while a list is being applied, and
    all that work on it are on one machine."""
    return Path(settings.VAR_DIR) / "stops" / str(batch.pk)


def stop(batch: ImportBatch, *, actor: Actor, at: datetime) -> ImportBatch:
    """An editor stops the reading, discards a list that was only looked at, or calls back one that is being put on the letter: then
    nothing of it is, and it can be looked at again. Raises ``Refused`` for one that is applied."""
    if (
        connection.vendor == "sqlite"
        and ImportBatch.objects.filter(pk=batch.pk, state=State.APPLYING).exists()
    ):
        flag_of(batch).parent.mkdir(parents=True, exist_ok=True)
        flag_of(batch).touch()
        return ImportBatch.objects.get(pk=batch.pk)
    return _stop(batch, actor=actor, at=at)


@transaction.atomic
def _stop(batch: ImportBatch, *, actor: Actor, at: datetime) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == State.APPLYING:
        ImportBatch.objects.filter(pk=batch.pk).update(stop_asked=True)
        return batch
    if batch.state not in (State.READING, State.PREVIEW):
        raise Refused(_("This list cannot be stopped: %(state)s.") % {"state": batch.get_state_display()})
    batch.state, batch.original = State.STOPPED, None
    batch.save(update_fields=["state", "original"])
    batch.rows.all().delete()
    record("list.stopped", at=at, letter=batch.letter, subject=batch.ref, actor=actor)
    return batch


def fail(batch: ImportBatch, reason: str, *, at: datetime) -> None:
    """A list that cannot be read ends; its editor reads why. The caller holds the batch."""
    batch.state, batch.problem, batch.original = State.FAILED, reason, None
    batch.save(update_fields=["state", "problem", "original"])
    record("list.failed", at=at, letter=batch.letter, subject=batch.ref)


@transaction.atomic
def called_back(batch: ImportBatch, *, reason: str, at: datetime) -> None:
    """A list that came to nothing while it was applied stands to be looked at, as it was before, and says why."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    flag_of(batch).unlink(missing_ok=True)
    if batch.state != State.APPLYING:
        return
    batch.state, batch.stop_asked = State.PREVIEW, False
    batch.problem = reason
    batch.save(update_fields=["state", "stop_asked", "problem"])
    record("list.stopped", at=at, letter=batch.letter, subject=batch.ref, actor=batch.acted_by)


@transaction.atomic
def erase_list(batch: ImportBatch, *, at: datetime) -> ImportBatch:
    """Erases the words of a list: its original, its lines, and what is said of persons. What became of each line stays, with the
    organisations' names; a list that was never applied goes whole but for its batch."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.erased_at is not None or batch.is_in_work:
        return batch
    batch.original, batch.filename, batch.erased_at = None, "", at
    if batch.state == State.PREVIEW:
        batch.state = State.STOPPED
    batch.save(update_fields=["original", "filename", "erased_at", "state"])
    if batch.applied_at is None:
        batch.rows.all().delete()
    else:
        batch.rows.update(**dict.fromkeys(WORDS, ""))
        batch.rows.filter(kind=Signature.Kind.INDIVIDUAL).update(name="", acronym="")
    record("list.erased", at=at, letter=batch.letter, subject=batch.ref)
    return batch


def _user(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None
