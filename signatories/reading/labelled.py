"""Lists that are laid out as rows of names behind labels: "Peru: Open Quays; Sea Room", "Unions: …"."""

import re

from signatories.matching import fold

from .countries import is_place, split_flag
from .lines import Line, is_furniture
from .runon import heads, pieces_of
from .words import GROUP_KIND

LABEL = re.compile(r"^(?P<label>[^:：,;、]{2,80}?)\s?[:：]\s*(?P<names>\S.*)$")
GROUPS = re.compile(
    r"\b(?:unions?|syndicats?|sindicat\w*|gewerkschaft\w*|part(?:y|ies|is|idos|iti|eien|ei)|asso\w*|aso\w*|organi\w+"
    r"|ngos?|ongs?|collecti\w+|colectiv\w+|coletiv\w+|collettiv\w+|movements?|mouvements?|movimient\w+|movimenti"
    r"|foundations?|fondations?|fundacion\w*|networks?|reseaux|redes|reti|academi\w+|universit\w+|universid\w+"
    r"|churches|iglesias|eglises|chiese|kirchen|cooperativ\w+|initiativen?|vereine|verbande|media|medias|medios"
    r"|youth|jeunesse|juventud\w*|comunidad\w*|communit\w+|institu\w+|conveners?|initiators?|members?|membres|miembros)\b"
)


def _row(line: Line) -> tuple[str, str] | None:
    """The label and the names of a row, or None for any other line."""
    found = LABEL.match(line.text) if len(line.text) < 5_000 else None
    if not found or is_furniture(line):
        return None
    label, names = split_flag(found["label"].strip())[0], found["names"]
    folded = fold(label)
    if label.count(" ") > 7 or names.startswith("//") or names.endswith(":"):
        return None
    place = is_place(label)
    of_group = heads(folded) or GROUPS.search(folded) or any(kind.search(folded) for _, kind in GROUP_KIND)
    several = len(pieces_of(names)) > 1
    return (label, names) if place or (of_group and several) else None


def labelled_rows(lines: list[Line]) -> dict[int, tuple[str, str]]:
    """By a line's number: the label and the names of each row, where two rows at least stand under one another."""
    rows = [_row(line) for line in lines]
    near = [
        i
        for i, row in enumerate(rows)
        if row and any(rows[j] for j in (i - 2, i - 1, i + 1, i + 2) if 0 <= j < len(rows))
    ]
    places = [i for i in near if (row := rows[i]) and is_place(row[0])]
    several = any(len(pieces_of(row[1])) > 1 for i in near if (row := rows[i]))
    if len(near) < 2 or not (several or len(places) > 2):
        return {}
    return {lines[i].number: row for i in near if (row := rows[i])}
