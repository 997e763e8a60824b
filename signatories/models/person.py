"""The person who signed, and the keys that mail to that person carries."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from signatories.models.signature import Signature


class Representative(models.Model):
    """The person who signed. Personal data, in a table of its own: no public query joins it (but for a name that
    the letter asked for and the person agreed to show), and erasing it is deleting the row."""

    signature = models.OneToOneField(Signature, models.CASCADE, related_name="representative")
    name = models.CharField(_("name"), max_length=160, blank=True)
    role = models.CharField(_("role"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254)
    email_key = models.CharField(max_length=64, editable=False)
    language = models.CharField(_("language"), max_length=12, default="en")
    named = models.BooleanField(_("agreed to be named"), default=False)
    wants_updates = models.BooleanField(_("wants news of the letter"), default=False)
    # Who asked for no more mail about the letter gets none but answers to an act of their own.
    stopped_at = models.DateTimeField(_("wants no more mail since"), null=True, blank=True)
    authority_at = models.DateTimeField(_("stated authority"), null=True, blank=True)
    consent_at = models.DateTimeField(_("consented"), null=True, blank=True)

    class Meta:
        verbose_name = _("representative")
        verbose_name_plural = _("representatives")

    def __str__(self) -> str:
        return self.name or self.email


class KeyQuerySet(models.QuerySet["Key"]):
    def usable(self, at: datetime) -> "KeyQuerySet":
        """Keys that still open their page."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=at), used_at=None)


class Key(models.Model):
    """What a link in mail opens: one purpose, one signature. Only the digest of the key is stored."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("confirm")
        MANAGE = "manage", _("see, correct, withdraw")
        REAFFIRM = "reaffirm", _("re-affirm or withdraw after an amendment")
        STOP = "stop", _("stop news of the letter")

    signature = models.ForeignKey(Signature, models.CASCADE, related_name="keys")
    purpose = models.CharField(max_length=8, choices=Purpose)
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = KeyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="key_once")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.signature_id}"
