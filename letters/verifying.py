"""What a code that stands on a document stands for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from letters.following import files_of
from letters.keys import CODE_LENGTH
from letters.models import Delivery, DeliveryFile, Letter, ListState, TextVersion


@dataclass(frozen=True)
class Found:
    """A document's state of the list: of a delivery, or of any other moment. ``text_since`` says what became of the text
    since: empty (it is the current one), "corrected" (the same substance) or "amended"."""

    letter: Letter
    version: TextVersion
    at: datetime
    signature_count: int
    withheld_count: int
    earlier_count: int
    revision: int
    delivery: Delivery | None = None
    files: tuple[DeliveryFile, ...] = ()
    retracted: bool = False
    withdrawn: int = 0  # signatories of a delivery who have withdrawn since

    @property
    def text_since(self) -> str:
        current = self.letter.current_version
        if current is None or current.pk == self.version.pk:
            return ""
        return "corrected" if current.substance == self.version.substance else "amended"

    @property
    def list_changed(self) -> bool:
        """Whether the list is no longer as the document shows it."""
        return self.letter.list_revision != self.revision


def looked_up(code: str, *, at: datetime) -> Found | None:
    """What ``code`` (in the form in which it is stored) stands for, as far as the public may know at ``at``."""
    if len(code) != CODE_LENGTH:
        return None
    delivery = _rows(Delivery, at).filter(code=code).first()
    if delivery is not None:
        return _found(delivery, delivery.created_at, delivery.list_revision, at=at, delivery=delivery)
    state = _rows(ListState, at).filter(code=code).first()
    return _found(state, state.at, state.revision, at=at) if state is not None else None


def _rows(model: Any, at: datetime) -> Any:
    """Rows of letters that the public may know of, without the long words of their versions."""
    rows = model.objects.filter(letter__in=Letter.objects.known(at))
    rows = rows.select_related("letter__current_version", "version")
    return rows.defer("version__canonical", "letter__current_version__canonical")


def _found(
    row: Delivery | ListState,
    moment: datetime,
    revision: int,
    *,
    at: datetime,
    delivery: Delivery | None = None,
) -> Found:
    letter = row.letter
    retracted = letter.is_retracted(at)
    files = tuple(files_of(delivery)) if delivery is not None and not retracted else ()
    return Found(
        letter,
        row.version,
        moment,
        row.signature_count,
        row.withheld_count,
        row.earlier_count,
        revision,
        delivery,
        files,
        retracted,
        letter.signatures.withdrawn_since([delivery.created_at])[0]
        if delivery is not None and not retracted
        else 0,
    )
