"""The letter's rows. Import them from here."""

from letters.models.letter import Addressee, Group, Letter, OldSlug, RelatedLink, Topic
from letters.models.mail import Message
from letters.models.record import Event, Switch
from letters.models.text import LetterText, TextVersion

__all__ = [
    "Addressee",
    "Event",
    "Group",
    "Letter",
    "LetterText",
    "Message",
    "OldSlug",
    "RelatedLink",
    "Switch",
    "TextVersion",
    "Topic",
]
