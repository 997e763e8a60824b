"""The letter's rows. Import them from here."""

from letters.models.around import Addressee, Group, OldSlug, RelatedLink
from letters.models.letter import Letter, Topic
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
