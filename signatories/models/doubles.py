"""Two entries for one organisation: those that may be, those that were made one, and the addresses that lead on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from signatories.models.organisation import Organisation


class PossibleDoubleQuerySet(models.QuerySet["PossibleDouble"]):
    def open(self) -> "PossibleDoubleQuerySet":
        """Pairs that nobody has decided on."""
        return self.filter(dismissed_at=None)


class PossibleDouble(models.Model):
    """Two entries of the directory that may be one organisation, until an editor merges them or says that they are not.
    What was said stays, so that the pair never comes up again. ``first`` is the older entry."""

    class Verdict(models.TextChoices):
        SAME = "same", _("The same")
        MAYBE = "maybe", _("Maybe the same")

    first = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name=_("entry"), db_index=False, related_name="doubles_after"
    )
    second = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name=_("other entry"), related_name="doubles_before"
    )
    verdict = models.CharField(_("verdict"), max_length=5, choices=Verdict)
    score = models.PositiveSmallIntegerField(_("likeness"))
    why = models.CharField(_("why"), max_length=40)
    found_at = models.DateTimeField(_("found"))
    dismissed_at = models.DateTimeField(_("not the same, said"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("by"),
        null=True,
        blank=True,
        related_name="+",
    )

    objects = PossibleDoubleQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible double")
        verbose_name_plural = _("possible doubles")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="double_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="double_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided on it."""
        return self.dismissed_at is None


class Merge(models.Model):
    """One entry that went into another, with what it takes to bring it back: the entry and its names as they were
    (``taken``), what the other got from it, which signatures moved, and which of two on one letter ended."""

    kept = models.ForeignKey(
        # The entry may itself be merged later, and come back: what was done stays on record without it.
        Organisation,
        models.DO_NOTHING,
        verbose_name=_("went into"),
        db_constraint=False,
        related_name="merges",
    )
    kept_name = models.CharField(_("went into"), max_length=250)
    gone = models.BigIntegerField(_("number of the entry"))
    gone_name = models.CharField(_("entry"), max_length=250)
    taken = models.JSONField()
    at = models.DateTimeField(_("merged"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("by"),
        null=True,
        blank=True,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.gone_name} → {self.kept_name}"

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back."""
        return self.undone_at is not None


class OldAddress(models.Model):
    """An address at which the public knew an entry that was merged; it leads to the one that stayed."""

    slug = models.SlugField(_("address"), max_length=120, unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="old_addresses")

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.slug
