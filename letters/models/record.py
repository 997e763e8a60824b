"""What happened, and what is switched off."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# What the worker tells signatories of.
TOLD = (
    "letter.amended",
    "amendment.reminded",
    "letter.released",
    "letter.delivered",
    "response.published",
    "update.published",
)


class Event(models.Model):
    """One thing that happened: who, when, what before, what after. Append-only; the database refuses an update, but for one
    that empties ``note``, and may empty ``before`` and ``after``, of an event about a signature or an invitation.

    ``subject`` names the row in the form "signature:12". ``before`` and ``after`` hold no representative's data,
    so that an event can be kept when personal data ends; ``note``, in which an editor may have named somebody, ends with it.
    """

    letter = models.ForeignKey(
        "letters.Letter",
        models.PROTECT,
        verbose_name=_("letter"),
        null=True,
        blank=True,
        related_name="events",
    )
    subject = models.CharField(_("about"), max_length=60, blank=True)
    kind = models.CharField(_("what"), max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("by"),
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("when"), db_index=True)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject"], name="event_subject"),
            models.Index(fields=["id"], condition=Q(kind__in=TOLD), name="event_told"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Writes a new event; raises ``ValidationError`` for one that already stands."""
        if self.pk and not self._state.adding:
            raise ValidationError(_("The record of what happened never changes."))
        super().save(*args, **kwargs)


class Switch(models.Model):
    """Turns a part of the site off at once, without a restart."""

    class Name(models.TextChoices):
        SIGNING = "signing", _("Signing, on every letter")
        MAIL = "mail", _("Sending mail (it waits in the queue)")

    name = models.CharField(_("what"), max_length=20, choices=Name, unique=True)
    stopped = models.BooleanField(_("stopped"), default=False)

    class Meta:
        verbose_name = _("switch")
        verbose_name_plural = _("switches")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.get_name_display()
