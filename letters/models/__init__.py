"""The letter's rows. Import them from here."""

from letters.models.around import Addressee, Group, OldSlug, RelatedLink
from letters.models.following import Delivery, DeliveryFile, ListState, Response, Update
from letters.models.letter import Letter, Topic
from letters.models.mail import Attempt, BouncedAddress, Message, Pace
from letters.models.record import Event, Switch
from letters.models.text import LetterText, SearchWords, TextVersion

__all__ = [
    "Addressee",
    "Attempt",
    "BouncedAddress",
    "Delivery",
    "DeliveryFile",
    "Event",
    "Group",
    "Letter",
    "LetterText",
    "ListState",
    "Message",
    "OldSlug",
    "Pace",
    "RelatedLink",
    "Response",
    "SearchWords",
    "Switch",
    "TextVersion",
    "Topic",
    "Update",
]
