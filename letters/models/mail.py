"""The outbox: every message the site owes to somebody."""

from datetime import datetime

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime) -> "MessageQuerySet":
        """Messages whose next try is now, answers to a person's own act first."""
        return self.filter(state=Message.State.QUEUED, next_try_at__lte=at).order_by(
            "priority", "next_try_at", "id"
        )

    def erasable(self) -> "MessageQuerySet":
        """Messages that still say whom they were to, or what a mail server said of it, and are not in a worker's hands."""
        in_hand = [Message.State.CLAIMED, Message.State.SENDING]
        answered = Attempt.objects.filter(message=OuterRef("pk")).exclude(reply="")
        return self.filter(~Q(recipient="") | Exists(answered)).exclude(state__in=in_hand)

    def erase(self) -> int:
        """Erases whom the messages were to and what they said, a mail server's words about it included; how many."""
        with transaction.atomic():
            count = self.count()  # of them all: some are found by their servers' words alone
            Attempt.objects.filter(message__in=self.order_by().values("pk")).exclude(reply="").update(
                reply=""
            )
            self.update(recipient="", context={}, keys={}, error="")
        return count


class Message(models.Model):
    """One message, written in the transaction of the act it tells of and sent by a worker.

    ``context`` holds plain values for the templates ``emails/<kind>.txt``; the keys in its links are not stored:
    ``keys`` maps a name in the template to [address name, purpose, nonce], from which the worker derives the link
    with the site's secret. ``message_id`` stays the same at every try, so a repeated message is recognisable.

    Life: queued → claimed (a worker took it) → sending (being handed to the mail server) → sent. A claim that went
    stale returns to queued; one that went stale while *sending* returns too and ``uncertain`` counts it, since
    nobody can know whether the server had accepted. Failed: the server refused for good, or tries ran out. Bounced: a
    server further on reported, after the message was sent, that it cannot be delivered.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        CLAIMED = "claimed", _("Claimed by a worker")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        BOUNCED = "bounced", _("Came back")
        CANCELLED = "cancelled", _("Cancelled")

    class Priority(models.IntegerChoices):
        ANSWER = 1, _("Answer to a person’s own act")
        NOTICE = 5, _("Notice")
        MASS = 9, _("To many")

    kind = models.CharField(_("kind"), max_length=40)
    letter = models.ForeignKey(
        "letters.Letter",
        models.SET_NULL,
        verbose_name=_("letter"),
        null=True,
        blank=True,
        related_name="messages",
    )
    subject_ref = models.CharField(_("about"), max_length=60, blank=True)
    recipient = models.EmailField(_("to"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    context = models.JSONField(_("context"), default=dict)
    keys = models.JSONField(default=dict, editable=False)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NOTICE)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    uncertain = models.PositiveSmallIntegerField(_("uncertain tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=60, blank=True)
    error = models.TextField(_("last error"), blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=120)
    once = models.CharField(
        max_length=100, null=True, blank=True, help_text=_("Two messages never share this word.")
    )
    created_at = models.DateTimeField(_("queued"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("came back"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="message_id_once"),
            models.UniqueConstraint(fields=["once"], name="message_once"),
        ]
        indexes = [
            models.Index(fields=["subject_ref"], name="message_subject"),
            models.Index(
                fields=["priority", "next_try_at", "id"], condition=Q(state="queued"), name="message_due"
            ),
            models.Index(
                fields=["claimed_at"], condition=Q(state__in=["claimed", "sending"]), name="message_claimed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.get_state_display()}"


class Attempt(models.Model):
    """What came of one try to send a message, or was reported of it later: the history that the desk shows. ``reply`` holds
    the mail server's words, without addresses; it ends with the message's personal data."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Taken by the mail server")
        WAITS = "waits", _("Not now; tried again")
        REFUSED = "refused", _("Refused for good")
        UNKNOWN = "unknown", _("The worker stopped while sending; nobody knows whether it was taken")
        DELAYED = "delayed", _("Delayed further on")
        BOUNCED = "bounced", _("Came back")
        COMPLAINED = "complained", _("Reported as unwanted")

    message = models.ForeignKey(Message, models.CASCADE, related_name="history")
    at = models.DateTimeField(_("when"))
    outcome = models.CharField(_("what"), max_length=10, choices=Outcome)
    reply = models.TextField(_("the server’s words"), blank=True)
    worker = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("try")
        verbose_name_plural = _("tries")
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}"


class BouncedAddress(models.Model):
    """An e-mail address to which mail cannot be delivered, as its server said: by a keyed hash, so that knowing which
    addresses are dead needs no list of them. ``status`` is the code of RFC 3463, such as "5.1.1"."""

    key = models.CharField(max_length=64, unique=True)
    status = models.CharField(_("status"), max_length=12, blank=True)
    bounced_at = models.DateTimeField(_("came back"))

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.status} {self.key[:8]}"


class Pace(models.Model):
    """One row, which workers lock to send no faster together than the mail server takes: ``free_at`` is when what was claimed
    so far is used up."""

    name = models.CharField(max_length=20, unique=True)
    free_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
