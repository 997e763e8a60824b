"""The letter, its addressees, and what stands around it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


def check_time_zone(value: str) -> None:
    """Raises ``ValidationError`` unless ``value`` is an IANA time zone of this machine."""
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a time zone; write one such as Europe/Lisbon."), params={"value": value}
        )


class Topic(models.Model):
    """What letters are about; readers filter by it."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LetterQuerySet(models.QuerySet["Letter"]):
    """The questions about many letters; each has a method of the same name on one letter."""

    def public(self, at: datetime) -> "LetterQuerySet":
        """Released letters: the one gate between a letter and everything that a stranger can see."""
        return self.filter(stage=Letter.Stage.PUBLISHED, release_at__lte=at)

    def retracted(self, at: datetime) -> "LetterQuerySet":
        """Letters withdrawn after they had been public: their title and the reason stay to be read."""
        return self.filter(
            stage=Letter.Stage.WITHDRAWN, release_at__lte=F("withdrawn_at"), withdrawn_at__lte=at
        )

    def known(self, at: datetime) -> "LetterQuerySet":
        """What the public may know to exist: public or retracted."""
        return self.public(at) | self.retracted(at)

    def signing_open(self, at: datetime) -> "LetterQuerySet":
        """Letters that take signatures at ``at``, by their public page or their circulation link."""
        return self.filter(
            Q(closes_at=None) | Q(closes_at__gt=at),
            stage__in=[Letter.Stage.CIRCULATING, Letter.Stage.PUBLISHED],
            opens_at__lte=at,
            signing_stopped=False,
        )

    def for_act(self) -> "LetterQuerySet":
        """With what most pages and acts need; the words of the version are read only when asked for."""
        return self.select_related("current_version").defer(
            "current_version__content", "current_version__canonical"
        )

    def for_list(self) -> "LetterQuerySet":
        """With what one entry in a list of letters shows."""
        kind: Any = self.model._meta.get_field("texts").related_model
        texts = models.Prefetch("texts", kind.objects.for_list())
        rows = self.select_related("current_version").defer("current_version__canonical")
        return rows.prefetch_related("topics", texts)


class Letter(models.Model):
    """A joint letter: one or more texts, addressees, a signing window, a life.

    Times are aware; ``time_zone`` says in which zone they are shown. The stored ``stage`` "published" with a
    ``release_at`` in the future is a letter whose release is scheduled: what is public depends on the clock,
    not on a job. Only ``letters.services`` changes ``stage``, the window, the version and the counts.
    """

    class Stage(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CIRCULATING = "circulating", _("Circulating")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Accepts(models.TextChoices):
        ORGANISATIONS = "organisations", _("Organisations")
        INDIVIDUALS = "individuals", _("Individuals")
        BOTH = "both", _("Organisations and individuals")

    class Policy(models.TextChoices):
        REVIEW = "review", _("Review every signature")
        KNOWN_DOMAIN = (
            "known_domain",
            _("Accept when the confirmed e-mail’s domain is one of a known organisation’s; review the rest"),
        )
        CONFIRMED = "confirmed", _("Accept every confirmed signature")

    class Order(models.TextChoices):
        ALPHABETICAL = "alphabetical", _("Alphabetical, conveners first")
        TIME = "time", _("By time of signing, conveners first")

    slug = models.SlugField(
        _("address"),
        max_length=100,
        unique=True,
        help_text=_("The last part of the letter’s web address. Old addresses keep leading here."),
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.DRAFT, editable=False)
    language = models.CharField(_("authoritative language"), max_length=12, default="en")
    date = models.DateField(
        _("date"),
        null=True,
        blank=True,
        help_text=_("As it stands on the letter. Left empty, it is the day of opening."),
    )
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="letters")
    replies_to = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("replies to"), null=True, blank=True, related_name="replies"
    )
    accepts = models.CharField(
        _("who may sign"), max_length=14, choices=Accepts, default=Accepts.ORGANISATIONS
    )
    policy = models.CharField(_("listing policy"), max_length=14, choices=Policy, default=Policy.REVIEW)
    order = models.CharField(_("order of the list"), max_length=14, choices=Order, default=Order.ALPHABETICAL)
    asks_names = models.BooleanField(
        _("show representatives"),
        default=False,
        help_text=_("Ask representatives whether their name and role may stand beside their organisation."),
    )
    lists_in_circulation = models.BooleanField(
        _("show who signed so far"),
        default=False,
        help_text=_(
            "Whoever has the private link or an invitation sees the list grow before the release. Else they see who leads the letter, and no other name."
        ),
    )
    opens_at = models.DateTimeField(
        _("signing opens"),
        null=True,
        blank=True,
        help_text=_("Left empty: as soon as the text is opened for signing."),
    )
    closes_at = models.DateTimeField(_("signing closes"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        default="UTC",
        validators=[check_time_zone],
        help_text=_("Shown beside every time of this letter, for example Europe/Lisbon."),
    )
    release_at = models.DateTimeField(_("release"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    withdrawal_reason = models.TextField(_("reason for withdrawing"), blank=True, editable=False)
    contact_name = models.CharField(_("contact for questions"), max_length=120, blank=True)
    contact_email = models.EmailField(
        _("contact’s e-mail"), blank=True, help_text=_("Public. Replies to the letter’s mail go here.")
    )
    picture = models.ImageField(
        _("picture"),
        upload_to="pictures/",
        blank=True,
        width_field="picture_width",
        height_field="picture_height",
    )
    picture_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    picture_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    picture_alt = models.CharField(
        _("picture in words"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for those who do not see it. Required with a picture."),
    )
    picture_credit = models.CharField(_("picture credit"), max_length=200, blank=True)
    signing_stopped = models.BooleanField(_("signing stopped"), default=False, editable=False)
    retention_months = models.PositiveSmallIntegerField(
        _("keep representatives’ data (months)"),
        null=True,
        blank=True,
        help_text=_("Counted from the close of signing. Left empty: the site’s own span."),
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("editors"), blank=True, related_name="letters"
    )
    current_version = models.ForeignKey(
        "letters.TextVersion",
        models.PROTECT,
        verbose_name=_("text version"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    # Circulation: the link's key is derived from this nonce and the site's secret; only its digest is looked up.
    circulation_nonce = models.CharField(max_length=32, blank=True, editable=False)
    circulation_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    # Kept by the services in the transaction of each change to the list, so that no page counts rows.
    signature_count = models.PositiveIntegerField(_("signatures"), default=0, editable=False)
    withheld_count = models.PositiveIntegerField(_("withheld"), default=0, editable=False)
    # Signatures under a text that was amended since, which nobody has re-affirmed; they are counted apart.
    earlier_count = models.PositiveIntegerField(default=0, editable=False)
    earlier_withheld_count = models.PositiveIntegerField(default=0, editable=False)
    list_revision = models.PositiveIntegerField(default=0, editable=False)
    # The revision at which a name last left the list, or what it shows changed: no document made before it is shown.
    shown_from = models.PositiveIntegerField(default=0, editable=False)
    digest_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-date", "-id"]
        permissions = [("release_letter", "Can open, circulate, release, close and withdraw letters")]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "circulating", "published", "withdrawn"]),
                name="letter_stage_known",
            ),
            models.CheckConstraint(
                condition=Q(stage="draft") | Q(current_version__isnull=False), name="letter_open_has_version"
            ),
            models.CheckConstraint(
                condition=~Q(stage="published") | Q(release_at__isnull=False),
                name="letter_published_has_release",
            ),
            models.CheckConstraint(
                condition=~Q(stage="withdrawn") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="letter_withdrawn_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(picture="") | ~Q(picture_alt=""), name="letter_picture_has_words"
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(opens_at=None) | Q(closes_at__gte=F("opens_at")),
                name="letter_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(withheld_count__lte=F("signature_count")), name="letter_counts_agree"
            ),
            models.CheckConstraint(
                condition=Q(earlier_withheld_count__lte=F("earlier_count")),
                name="letter_earlier_counts_agree",
            ),
        ]
        indexes = [models.Index(fields=["stage", "-release_at"], name="letter_stage_release")]

    def __str__(self) -> str:
        return self.title or self.slug

    def get_absolute_url(self) -> str:
        return reverse("letter", args=[self.slug])

    def is_public(self, at: datetime) -> bool:
        """Whether a stranger may read it at ``at``."""
        return self.stage == self.Stage.PUBLISHED and self.release_at is not None and self.release_at <= at

    def is_retracted(self, at: datetime) -> bool:
        """Whether it was withdrawn after having been public."""
        return (
            self.stage == self.Stage.WITHDRAWN
            and self.release_at is not None
            and self.withdrawn_at is not None
            and self.release_at <= self.withdrawn_at <= at
        )

    def is_known(self, at: datetime) -> bool:
        """Whether the public may know that it exists."""
        return self.is_public(at) or self.is_retracted(at)

    def is_signing_open(self, at: datetime) -> bool:
        """Whether it takes signatures at ``at``."""
        return (
            self.stage in (self.Stage.CIRCULATING, self.Stage.PUBLISHED)
            and self.is_in_window(at)
            and not self.signing_stopped
        )

    def is_in_window(self, at: datetime) -> bool:
        """Whether ``at`` lies in the signing window."""
        return self.opens_at is not None and self.opens_at <= at and not self.is_closed(at)

    def is_closed(self, at: datetime) -> bool:
        """Whether the signing window has ended."""
        return self.closes_at is not None and self.closes_at <= at

    def is_scheduled(self, at: datetime) -> bool:
        """Whether its release is set for a later moment."""
        return self.stage == self.Stage.PUBLISHED and self.release_at is not None and self.release_at > at

    @property
    def is_frozen(self) -> bool:
        """Whether its text was opened for signing and may no longer change in place."""
        return self.current_version_id is not None

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the letter's times are shown."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def text(self) -> "LetterText | None":  # type: ignore[name-defined]  # noqa: F821
        """The text in the authoritative language, or None while none is written."""
        return next((text for text in self.texts.all() if text.language == self.language), None)

    @property
    def title(self) -> str:
        """The title that was frozen, or that of the draft; empty while none is written."""
        if self.current_version is not None:
            return self.current_version.title
        return self.text.title if self.text else ""

    @cached_property
    def last_delivered_at(self) -> datetime | None:
        """When its latest delivery was recorded; who was accepted after that has joined after it. None before a first."""
        return max((row.created_at for row in self.deliveries.all()), default=None)  # type: ignore[attr-defined]

    @property
    def listed_count(self) -> int:
        """Signatures whose names stand in the public list."""
        return self.signature_count - self.withheld_count

    @property
    def accepts_organisations(self) -> bool:
        return self.accepts != self.Accepts.INDIVIDUALS

    @property
    def accepts_individuals(self) -> bool:
        return self.accepts != self.Accepts.ORGANISATIONS
