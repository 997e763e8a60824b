"""Whom editors ask to sign, person to person; and who wants to be asked no more."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from letters.models import Letter, Message
from signatories.models.organisation import Organisation
from signatories.models.signature import ACTIVE, STANDING, Signature

# A signature that came of an invitation answers it: as signed in these states, as declined once withdrawn; one that nobody
# confirmed, or that its sender disowned, answers nothing.
SIGNED = (*ACTIVE, "refused", "merged")
# What a message that never arrived ended in.
NOT_ARRIVED = (Message.State.FAILED, Message.State.BOUNCED)
# Whoever was reminded within this time is not reminded again by a second press or another day of the plan.
BETWEEN_REMINDERS = timedelta(hours=20)
FACTS = ("message", "reminder", "signature", "otherwise", "organisation")
WAITS = (Message.State.QUEUED, Message.State.CLAIMED, Message.State.SENDING)


class Contact(models.Model):
    """Whom editors write to at an organisation. Personal data of the desk: no public query joins it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    email = models.EmailField(_("e-mail"), max_length=254)
    email_key = models.CharField(max_length=64, editable=False)
    name = models.CharField(_("name"), max_length=160, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organisation", "email_key"], name="contact_once")]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """The questions about many invitations; each has a method or property of the same name on one."""

    def in_state(self, state: str) -> "InvitationQuerySet":
        """Invitations in a ``Invitation.State``; for each state the same as ``state`` says of one."""
        return self.filter(_STATES[Invitation.State(state)])

    def answered(self) -> "InvitationQuerySet":
        """Signed, declined, or no more mail wanted: those who are never reminded."""
        return self.filter(_ANSWERED)

    def by_state(self) -> dict[str, int]:
        """How many there are in each state, in the order of the states; one statement."""
        counts = {str(state): Count("pk", filter=_STATES[state]) for state in Invitation.State}
        return self.order_by().aggregate(**counts)

    def to_remind(self, at: datetime) -> "InvitationQuerySet":
        """The silent ones, but for those who were reminded within a day."""
        return self.silent().filter(Q(reminded_at=None) | Q(reminded_at__lte=at - BETWEEN_REMINDERS))

    def with_facts(self) -> "InvitationQuerySet":
        """With what the state of each is told from."""
        return self.select_related(*FACTS)

    def silent(self) -> "InvitationQuerySet":
        """Invitations that were sent, did not come back, and have no answer."""
        return self.in_state(Invitation.State.SENT) | self.in_state(Invitation.State.OPENED)


class Invitation(models.Model):
    """One address asked to sign one letter, by a link of its own.

    The link's key is derived from ``nonce`` and the site's secret; only digests are stored, one for signing and declining
    and one for "no more invitations". ``organisation`` is for whom the link signs, where the directory has it.
    ``form_sent_at`` is when a form was sent by the link: what its page says hangs on that, not on what the form met, so that
    nobody learns by it who signed. ``signature`` is what this link made; ``otherwise`` a signature of the same organisation or person that came another way: with it
    the invitation counts as answered, and its link still works, so that it tells nobody of a signature that is not public.
    ``message`` is the invitation as it was sent, ``reminder`` the last reminder. The state is what these say, and stored
    nowhere else.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("Prepared")
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        BOUNCED = "bounced", _("Came back")
        OPENED = "opened", _("Opened the form")
        SIGNED = "signed", _("Signed")
        DECLINED = "declined", _("Declined")
        UNSUBSCRIBED = "unsubscribed", _("Wants no invitations")
        REVOKED = "revoked", _("Revoked")

    class Source(models.TextChoices):
        DIRECTORY = "directory", _("the directory")
        ADDRESSES = "addresses", _("addresses given")
        LETTERS = "letters", _("signatories of earlier letters")

    letter = models.ForeignKey(
        Letter, models.PROTECT, verbose_name=_("letter"), db_index=False, related_name="invitations"
    )
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        related_name="invitations",
    )
    organisation_name = models.CharField(_("name of the organisation"), max_length=250, blank=True)
    country = CountryField(_("country"), blank=True)
    person_name = models.CharField(_("to whom"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    email_key = models.CharField(max_length=64, editable=False)
    language = models.CharField(_("language"), max_length=12, default="en")
    source = models.CharField(_("came from"), max_length=10, choices=Source)
    nonce = models.CharField(max_length=32, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    stop_digest = models.CharField(max_length=64, editable=False)
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    reminder = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    signature = models.OneToOneField(
        Signature, models.SET_NULL, null=True, blank=True, editable=False, related_name="invitation"
    )
    otherwise = models.ForeignKey(
        Signature, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    made_at = models.DateTimeField(_("prepared"))
    opened_at = models.DateTimeField(_("opened the form"), null=True, blank=True)
    form_sent_at = models.DateTimeField(_("sent the form"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    declined_word = models.TextField(_("their word"), blank=True)
    stopped_at = models.DateTimeField(_("wants no invitations since"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "email_key"],
                condition=Q(revoked_at=None) & ~Q(email_key=""),
                name="invitation_once",
            ),
            models.UniqueConstraint(fields=["digest"], name="invitation_key_once"),
            models.UniqueConstraint(fields=["stop_digest"], name="invitation_stop_once"),
        ]

    def __str__(self) -> str:
        return self.organisation_name or self.person_name or self.email or f"#{self.pk}"

    @property
    def ref(self) -> str:
        """How events and messages name it."""
        return f"invitation:{self.pk}"

    @property
    def has_signed(self) -> bool:
        """Whether a signature came of it, or came another way."""
        here, elsewhere = self.signature, self.otherwise
        return (here is not None and here.state in SIGNED) or (
            elsewhere is not None and elsewhere.is_standing
        )

    @property
    def has_declined(self) -> bool:
        """Whether its reader declined, or took back what was signed by it."""
        own = (self.signature, self.otherwise)
        taken_back = any(row is not None and row.state == Signature.State.WITHDRAWN for row in own)
        return self.declined_at is not None or taken_back

    @property
    def state(self) -> "Invitation.State":
        """Where it stands: the first that is true, answers before everything else."""
        State, message = Invitation.State, self.message
        for true, state in (
            (self.has_signed, State.SIGNED),
            (self.stopped_at, State.UNSUBSCRIBED),
            (self.has_declined, State.DECLINED),
            (self.revoked_at, State.REVOKED),
            (self.opened_at, State.OPENED),
        ):
            if true:
                return state
        if message is None or message.state == Message.State.CANCELLED:
            return State.PREPARED
        if message.state in NOT_ARRIVED or (self.reminder is not None and self.reminder.state in NOT_ARRIVED):
            return State.BOUNCED
        if message.state in WAITS:
            return State.QUEUED
        return State.SENT

    @property
    def is_answered(self) -> bool:
        return self.state in (State.SIGNED, State.DECLINED, State.UNSUBSCRIBED)

    @property
    def is_silent(self) -> bool:
        return self.state in (State.SENT, State.OPENED)

    def is_open(self, at: datetime) -> bool:
        """Whether its link takes a signature at ``at``."""
        return self.may_answer(at) and self.letter.is_signing_open(at)

    def may_answer(self, at: datetime) -> bool:
        """Whether its reader can still say yes or no at ``at``: also while signing is paused or has not begun."""
        live = self.letter.stage in (Letter.Stage.CIRCULATING, Letter.Stage.PUBLISHED)
        return live and not self.is_used(at) and self.revoked_at is None and not self.letter.is_closed(at)

    def is_used(self, at: datetime) -> bool:
        """Whether its reader declined or sent the form; a form that was never confirmed frees the link with the time to confirm."""
        return self.declined_at is not None or self.has_proved or self.waits_for_confirmation(at)

    @property
    def has_proved(self) -> bool:
        """Whether what the link made was confirmed by e-mail, whatever became of it then."""
        return self.signature is not None and self.signature.confirmed_at is not None

    def waits_for_confirmation(self, at: datetime) -> bool:
        """Whether the form was sent so lately that it may still be confirmed. The same whatever the form met."""
        sent = self.form_sent_at
        return sent is not None and not self.has_proved and at < sent + settings.CONFIRM_WITHIN


State = Invitation.State
_SIGNED = Q(signature__state__in=SIGNED) | Q(otherwise__state__in=STANDING)
_UNSIGNED = ~_SIGNED
_TAKEN_BACK = Signature.State.WITHDRAWN
_DECLINED = Q(declined_at__isnull=False) | Q(signature__state=_TAKEN_BACK) | Q(otherwise__state=_TAKEN_BACK)
_ANSWERED = _SIGNED | Q(stopped_at__isnull=False) | _DECLINED
_BARE = _UNSIGNED & ~_DECLINED & Q(stopped_at=None, revoked_at=None)
_CLOSED = _BARE & Q(opened_at=None)
_BOUNCED = Q(message__state__in=NOT_ARRIVED) | Q(reminder__state__in=NOT_ARRIVED)
_UNSENT = Q(message=None) | Q(message__state=Message.State.CANCELLED)
_STATES: dict[State, Q] = {
    State.SIGNED: _SIGNED,
    State.UNSUBSCRIBED: _UNSIGNED & Q(stopped_at__isnull=False),
    State.DECLINED: _UNSIGNED & _DECLINED & Q(stopped_at=None),
    State.REVOKED: _UNSIGNED & ~_DECLINED & Q(stopped_at=None, revoked_at__isnull=False),
    State.OPENED: _BARE & Q(opened_at__isnull=False),
    State.PREPARED: _CLOSED & _UNSENT,
    State.BOUNCED: _CLOSED & ~_UNSENT & _BOUNCED,
    State.QUEUED: _CLOSED & ~_BOUNCED & Q(message__state__in=WAITS),
    State.SENT: _CLOSED & ~_BOUNCED & Q(message__state=Message.State.SENT),
}


class InvitationReminder(models.Model):
    """A day on which those who are silent are reminded by themselves: so many days before signing closes."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="invitation_reminders")
    days_before = models.PositiveSmallIntegerField(_("days before the close"))
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-days_before"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["letter", "days_before"], name="invitation_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.days_before}"


class NoInvitations(models.Model):
    """An address that wants no more invitations from this site, by a keyed hash: the wish outlives the address."""

    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key[:8]


class DigestSetting(models.Model):
    """Whether an editor gets the digest of what waits; the link in each digest stops it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest_setting")
    nonce = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}"
