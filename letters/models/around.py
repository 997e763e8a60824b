"""What stands around a letter: former addresses, addressees, links, the headings of its list."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letters.models.letter import Letter


class OldSlug(models.Model):
    """An address that a letter once had; it redirects to the present one."""

    slug = models.SlugField(max_length=100, unique=True)
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="old_slugs")

    def __str__(self) -> str:
        return self.slug


class Addressee(models.Model):
    """One to whom the letter is, or who gets a copy."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="addressees")
    name = models.CharField(_("name"), max_length=160, blank=True)
    function = models.CharField(_("function"), max_length=200, blank=True)
    body = models.CharField(
        _("body"), max_length=200, blank=True, help_text=_("The ministry, company or office.")
    )
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("For delivery; never public."))
    is_copy = models.BooleanField(_("in copy (cc)"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")
        ordering = ["is_copy", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") | ~Q(function="") | ~Q(body=""),
                name="addressee_is_somebody",
                violation_error_message=_("Give a name, a function or a body."),
            )
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.function, self.body) if part)


class RelatedLink(models.Model):
    """A page worth reading beside the letter; not part of the signed text."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="related_links")
    label = models.CharField(_("words"), max_length=160)
    url = models.URLField(_("address"), max_length=500)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("related link")
        verbose_name_plural = _("related links")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


class Group(models.Model):
    """A heading under which signatories stand. Each letter has the three standing ones and any of its own."""

    class Kind(models.TextChoices):
        CONVENERS = "conveners", _("Conveners")
        ORGANISATIONS = "organisations", _("Organisations")
        INDIVIDUALS = "individuals", _("Individuals")
        OWN = "own", _("Own heading")

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="groups")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.OWN)
    heading = models.CharField(
        _("heading"),
        max_length=120,
        blank=True,
        help_text=_("Left empty for the standing groups: their usual name."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("group of the list")
        verbose_name_plural = _("groups of the list")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "kind"], condition=~Q(kind="own"), name="group_standing_once"
            ),
            models.CheckConstraint(condition=~Q(kind="own") | ~Q(heading=""), name="group_own_has_heading"),
        ]

    def __str__(self) -> str:
        return self.heading or self.get_kind_display()
