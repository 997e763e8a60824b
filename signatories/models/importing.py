"""Lists on their way onto a letter: each import is a batch of rows, one for each thing that was read."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from letters.models import Letter
from signatories.models.organisation import Organisation
from signatories.models.signature import Signature

IN_WORK = ("reading", "applying", "undoing")  # states in which the worker has something to do


class ImportBatch(models.Model):
    """One list put onto one letter: where it came from, how far it is, what became of it.

    States: reading (the worker reads and judges it) → preview (an editor decides) → applying → applied → undoing → undone. Ends
    before that: stopped (an editor), failed (it could not be read). ``revision`` goes up with each change of the rows, so
    that what an editor saw can be told from what stands. ``original`` is the list as it was given, kept until it is applied.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        PREVIEW = "preview", _("To be looked at")
        APPLYING = "applying", _("Being put on the letter")
        APPLIED = "applied", _("On the letter")
        STOPPED = "stopped", _("Stopped")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Could not be read")

    class Consent(models.TextChoices):
        FORM = "form", _("A form that the signatories filled in")
        MAIL = "mail", _("E-mails of the signatories")
        MEETING = "meeting", _("A meeting or a call")
        PARTNER = "partner", _("A partner who collected the signatures")
        DOCUMENT = "document", _("A letter published with these signatories")
        OTHER = "other", _("Something else")

    letter = models.ForeignKey(Letter, models.PROTECT, verbose_name=_("letter"), related_name="imports")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("by"),
        null=True,
        blank=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("when"))
    source_name = models.CharField(_("list"), max_length=250)
    filename = models.CharField(max_length=250, editable=False)
    original = models.BinaryField(null=True, editable=False)
    columns = models.JSONField(default=dict, blank=True, editable=False)  # of a table, as an editor set them
    consent_from = models.CharField(
        _("where consent came from"), max_length=10, choices=Consent, blank=True, default=""
    )
    consent_note = models.TextField(_("more about it"), blank=True)
    consent_date = models.DateField(_("consent given on"), null=True, blank=True)
    tells = models.BooleanField(_("representatives are written to"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.READING)
    revision = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(_("lines"), default=0)
    done = models.PositiveIntegerField(default=0, editable=False)
    stop_asked = models.BooleanField(default=False, editable=False)
    problem = models.TextField(blank=True)
    made_signatures = models.PositiveIntegerField(_("signatures"), default=0)
    made_organisations = models.PositiveIntegerField(_("new organisations"), default=0)
    begun_at = models.DateTimeField(null=True, blank=True, editable=False)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    applied_at = models.DateTimeField(null=True, blank=True, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("list of signatories")
        verbose_name_plural = _("imported lists")
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["applying", "applied"])
                | (~Q(consent_from="") & Q(consent_date__isnull=False)),
                name="import_has_consent",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=["reading", "applying", "undoing"]),
                name="import_in_work",
            )
        ]

    def __str__(self) -> str:
        return self.source_name

    @property
    def ref(self) -> str:
        """How events name it."""
        return f"importbatch:{self.pk}"

    @property
    def is_in_work(self) -> bool:
        """Whether the worker has something to do with it."""
        return self.state in IN_WORK

    @property
    def is_open(self) -> bool:
        """Whether its rows may be changed."""
        return self.state == self.State.PREVIEW


class ImportRow(models.Model):
    """One thing that was read, as edited since, and what becomes of it.

    ``verdict`` is what it is by itself; ``outcome`` what it is in the list, where an earlier row may be the same signatory.
    ``key`` is by what rows of one list are the same signatory. ``candidates`` are organisations that it may be, as
    ``[{"id", "score", "why"}]``. Names of persons are personal data; they go when the batch's words are erased.
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        KNOWN = "known", _("Known")
        MAYBE = "maybe", _("Probably the same")
        UNSURE = "unsure", _("Unsure reading")
        FAULTY = "faulty", _("To be mended")
        TWICE = "twice", _("Twice in this list")
        ALREADY = "already", _("Already on the letter")
        WITHDRAWN = "withdrawn", _("Withdrawn earlier")
        WITHHELD = "withheld", _("Name withheld")
        LEFT_OUT = "left_out", _("Left out")
        IGNORED = "ignored", _("Not a signatory")

    class Decision(models.TextChoices):
        THIS = "this", _("This organisation")
        NEW = "new", _("A new organisation")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField(_("line"))
    text = models.TextField(_("as it was given"), blank=True)
    kind = models.CharField(
        _("kind"), max_length=12, choices=Signature.Kind, default=Signature.Kind.ORGANISATION
    )
    name = models.TextField(_("name"), blank=True)
    acronym = models.TextField(_("acronym"), blank=True)
    country = CountryField(_("country"), blank=True)
    country_read = models.TextField(blank=True)
    person = models.TextField(_("person"), blank=True)
    role = models.TextField(_("role"), blank=True)
    email = models.TextField(_("e-mail"), blank=True)
    group = models.TextField(_("heading"), blank=True)
    note = models.TextField(_("note"), blank=True)
    sure = models.BooleanField(default=True)
    ignored = models.TextField(_("why it is no signatory"), blank=True)
    left_out = models.BooleanField(default=False)
    decision = models.CharField(max_length=4, choices=Decision, blank=True, default="")
    candidates = models.JSONField(default=list, blank=True)
    key = models.CharField(max_length=320, blank=True)
    verdict = models.CharField(max_length=9, choices=Outcome, blank=True, default="")
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default="")
    changed = models.BooleanField(default=False)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="import_rows"
    )
    beside = models.ForeignKey(Signature, models.SET_NULL, null=True, blank=True, related_name="+")
    signature = models.ForeignKey(
        Signature, models.SET_NULL, null=True, blank=True, related_name="import_rows"
    )
    made_organisation = models.BooleanField(default=False)
    # Whether the signature got its representative from this row; outlives the address itself.
    has_address = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("line of a list")
        verbose_name_plural = _("lines of a list")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="import_row_once"),
        ]
        indexes = [models.Index(fields=["batch", "outcome", "position"], name="import_row_outcome")]

    def __str__(self) -> str:
        return self.shown_name or f"#{self.line}"

    @property
    def is_person(self) -> bool:
        return self.kind == Signature.Kind.INDIVIDUAL

    @property
    def shown_name(self) -> str:
        """The signatory as the list will print it; empty for what is none."""
        if self.is_person:
            return self.person
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    @property
    def affiliation(self) -> str:
        """What stands beside a person's name: role and organisation."""
        return ", ".join(part for part in (self.role, self.name) if part) if self.is_person else ""

    @property
    def candidate_ids(self) -> list[int]:
        found: list[dict[str, Any]] = self.candidates
        return [item["id"] for item in found]


# Rows that become signatures; that wait for a person; whose words can still be changed.
GOING = (ImportRow.Outcome.NEW, ImportRow.Outcome.KNOWN)
UNDECIDED = (ImportRow.Outcome.MAYBE, ImportRow.Outcome.UNSURE, ImportRow.Outcome.FAULTY)
# What is said of a person, and the words of lines, which may hold anything.
WORDS = ("text", "person", "role", "email", "note", "country_read")
