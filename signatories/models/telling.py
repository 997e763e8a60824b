"""How far the worker is with telling signatories of one event."""

from django.db import models

from letters.models import Event


class Telling(models.Model):
    """The progress of one event's mail: signatures up to ``reached`` have had theirs queued. Moved on in the transaction
    that queues the mail, so that a killed worker repeats nothing and leaves nobody out."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="telling")
    reached = models.BigIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.event_id}"
