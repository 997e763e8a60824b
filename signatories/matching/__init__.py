"""Names: keys by which they are compared, searched and put in order, and whether two are of one organisation. Pure
functions, any script, no database."""

from .keys import SORT_KEY_LENGTH, UNSEEN, acronym_key, fold, normalise, sort_key
from .likeness import Known, Likeness, Verdict, compare
from .words import index_keys, short_keys

__all__ = [
    "SORT_KEY_LENGTH",
    "UNSEEN",
    "Known",
    "Likeness",
    "Verdict",
    "acronym_key",
    "compare",
    "fold",
    "index_keys",
    "normalise",
    "short_keys",
    "sort_key",
]
