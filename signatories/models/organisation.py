"""The directory: organisations, the names they are known by, their domains."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField


def name_in(language: str, path: str = "") -> dict[str, Any]:
    """Annotations by which ``name_here`` is the name that a verified organisation has in ``language``, or None: one join,
    for any number of rows. ``path`` leads from the row to its organisation."""
    join = FilteredRelation(f"{path}names", condition=Q(**{f"{path}names__language": base_tag(language)}))
    known = When(**{f"{path}verified_at__isnull": False}, then=F("own_names__name"))
    return {"own_names": join, "name_here": Case(known)}


def base_tag(language: str) -> str:
    """The tag under which the directory keeps names: the language without script and region."""
    return language.partition("-")[0].lower()


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def public(self, at: datetime) -> "OrganisationQuerySet":
        """Organisations that a stranger may know of: with a listed signature on a public letter."""
        signatures: Any = self.model._meta.get_field("signatures").related_model
        return self.filter(Exists(signatures.objects.public(at).filter(organisation=OuterRef("pk"))))

    def named_in(self, language: str) -> "OrganisationQuerySet":
        """With ``name_here``: the name that a verified one has in ``language``, or None."""
        return self.annotate(**name_in(language)) if language else self

    def proven(self) -> "OrganisationQuerySet":
        """Entries that are more than an attempt: an editor made them, or somebody proved an e-mail for one of their
        signatures. Anybody can make others by filling in a form."""
        signatures: Any = self.model._meta.get_field("signatures").related_model
        own = signatures.objects.filter(organisation=OuterRef("pk"))
        proved = Exists(own.filter(confirmed_at__isnull=False))
        return self.filter(Q(verified_at__isnull=False) | ~Exists(own) | proved)

    def known(self) -> "OrganisationQuerySet":
        """Organisations that an editor verified."""
        return self.filter(verified_at__isnull=False)


class Organisation(models.Model):
    """An entry of the directory. ``verified_at`` is set when an editor knows the organisation.

    Only ``signatories.services.directory`` writes it, so that the names it is matched by stay in step.
    """

    class Sort(models.TextChoices):
        NGO = "ngo", _("Non-governmental organisation")
        NETWORK = "network", _("Network or coalition")
        UNION = "union", _("Trade union")
        FAITH = "faith", _("Faith body")
        ACADEMIC = "academic", _("Academic body")
        PROFESSION = "profession", _("Professional association")
        FOUNDATION = "foundation", _("Foundation")
        PUBLIC = "public", _("Public body")
        BUSINESS = "business", _("Business")
        MEDIA = "media", _("Media")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=250)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    country = CountryField(_("country"), blank=True)
    region = models.CharField(
        _("region"),
        max_length=80,
        blank=True,
        help_text=_(
            "A part of the country, or what it works in where that is more than one: Catalonia, West Africa."
        ),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Sort, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    logo = models.ImageField(
        _("logo"), upload_to="logos/", blank=True, width_field="logo_width", height_field="logo_height"
    )
    logo_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    logo_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    logo_alt = models.CharField(
        _("logo in words"),
        max_length=200,
        blank=True,
        help_text=_("What the logo shows, for those who do not see it. Required with a logo."),
    )
    match_key = models.CharField(max_length=260, editable=False)
    sort_key = models.CharField(max_length=250, editable=False)
    search_text = models.TextField(editable=False)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("verified by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    note = models.TextField(_("note for editors"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # When it was compared with the directory; empty for what is new or was changed since.
    compared_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["match_key"], name="organisation_match_once"),
            models.CheckConstraint(
                condition=Q(logo="") | ~Q(logo_alt=""), name="organisation_logo_has_words"
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="organisation_order"),
            models.Index(fields=["id"], condition=Q(compared_at=None), name="organisation_to_compare"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.slug])

    @property
    def shown_name(self) -> str:
        """Its name on a page: in the page's language where it was asked for and is there."""
        return getattr(self, "name_here", None) or self.name

    @property
    def is_known(self) -> bool:
        """Whether an editor verified it."""
        return self.verified_at is not None


class OrganisationName(models.Model):
    """A name that an organisation is recognised by: its own, its acronym, or another one. Those of a verified
    organisation are public, but for the *quiet* ones: misspellings, and what an entry was called that nobody knew publicly."""

    class Kind(models.TextChoices):
        NAME = "name", _("name")
        ACRONYM = "acronym", _("acronym")
        OTHER = "other", _("other name")
        FORMER = "former", _("former name")
        TRANSLATED = "language", _("name in another language")
        QUIET = "quiet", _("recognised by, shown nowhere")

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="names")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.OTHER)
    name = models.CharField(_("name"), max_length=250)
    key = models.CharField(max_length=250, editable=False)
    # The language of a name "in another language", in whose list it is shown; empty for the others.
    language = models.CharField(_("language"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "key", "language"], name="organisation_name_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "language"],
                condition=~Q(language=""),
                name="organisation_language_once",
            ),
        ]
        indexes = [models.Index(fields=["key"], name="organisation_name_key")]

    def __str__(self) -> str:
        return self.name


class MatchKey(models.Model):
    """One of the keys under which the directory looks for what a name may be (``matching.index_keys``); ``size`` is how
    many the name has. Written by ``signatories.services.match_keys`` alone."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="match_keys")
    key = models.CharField(max_length=64)
    size = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("match key")
        verbose_name_plural = _("match keys")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key", "size"], name="match_key_once"),
        ]
        indexes = [models.Index(fields=["key", "organisation", "size"], name="match_key_found")]

    def __str__(self) -> str:
        return self.key


class Domain(models.Model):
    """An internet domain that belongs to one organisation; mail from it shows who the sender works for."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="domains")
    domain = models.CharField(_("domain"), max_length=253)

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "domain"], name="domain_once"),
            models.CheckConstraint(condition=~Q(domain=""), name="domain_not_empty"),
        ]

    def __str__(self) -> str:
        return self.domain
