"""The ticket of a form: says, signed, of which letter it is and when it was given out."""

from datetime import UTC, datetime

from django.core import signing

from letters.models import Letter

SALT = "undersigned.sign-form"
# Stands in an unsent form until the page goes out (signatories.views.tickets).
TICKET_PLACE = "the-ticket-of-this-visit"


def new_ticket(letter_id: int, at: datetime) -> str:
    """Says, signed, that the form of this letter was given out at ``at``."""
    return signing.dumps([letter_id, int(at.timestamp())], salt=SALT)


def read_ticket(letter: Letter, ticket: str) -> datetime | None:
    """When the ticket was given out; None when it is not one of this letter."""
    try:
        pk, issued = signing.loads(ticket, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return datetime.fromtimestamp(issued, tz=UTC) if pk == letter.pk else None
