"""What follows: the list as it stood at each change, deliveries with their snapshots, responses, updates."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from letters import pasting, texts
from letters.models.letter import Letter
from letters.models.text import NOTE_EDITOR, TextVersion

FOLLOWING_EDITOR = NOTE_EDITOR | {
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
}


class ListState(models.Model):
    """The public list and the text as they stood from one change to the next. Append-only, written with each change of
    ``Letter.list_revision``. A document made of that state carries its ``code`` and its ``at``, so that the code can be
    looked up, and the same state gives the same file."""

    letter = models.ForeignKey(Letter, models.CASCADE, db_index=False, related_name="list_states")
    revision = models.PositiveIntegerField()
    version = models.ForeignKey(TextVersion, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    signature_count = models.PositiveIntegerField()
    withheld_count = models.PositiveIntegerField()
    earlier_count = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "revision"], name="list_state_once"),
            models.UniqueConstraint(fields=["code"], name="list_state_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id}.{self.revision}"


class Delivery(models.Model):
    """A letter was handed over: a dated entry with a snapshot of the list as it then stood. It is written once.

    ``code`` is printed on the snapshot's documents. The counts and the revision are those of the moment of recording,
    ``created_at``; ``delivered_on`` is the day as the editor says it.
    """

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="deliveries")
    number = models.PositiveSmallIntegerField(_("number"))
    delivered_on = models.DateField(_("delivered on"))
    to_whom = models.CharField(_("to whom"), max_length=250)
    how = models.CharField(_("how"), max_length=250, help_text=_("For example: by hand, by e-mail, by post."))
    note = models.TextField(_("note"), blank=True)
    version = models.ForeignKey(TextVersion, models.PROTECT, related_name="+")
    code = models.CharField(max_length=12)
    list_revision = models.PositiveIntegerField()
    signature_count = models.PositiveIntegerField()
    withheld_count = models.PositiveIntegerField()
    earlier_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("recorded"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["letter_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="delivery_number_once"),
            models.UniqueConstraint(fields=["code"], name="delivery_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.delivered_on} · {self.to_whom}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Writes a new delivery; raises ``ValidationError`` for one that already stands."""
        if self.pk and not self._state.adding:
            raise ValidationError(_("A delivery that was recorded never changes."))
        super().save(*args, **kwargs)


class DeliveryFile(models.Model):
    """One file of a delivery's snapshot. ``form`` "paper" is the frozen value from which the worker makes the others of
    that language; a file that is not made yet has an empty ``digest``. Once made it never changes."""

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"
        TXT = "txt", _("plain text")
        CSV = "csv", "CSV"
        JSON = "json", "JSON"
        PAPER = "paper", _("frozen document")

    delivery = models.ForeignKey(Delivery, models.PROTECT, db_index=False, related_name="files")
    language = models.CharField(max_length=12, blank=True)  # empty: the same in every language
    form = models.CharField(max_length=5, choices=Form)
    file = models.FileField(upload_to="deliveries/", blank=True)
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "language", "form"], name="delivery_file_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As it is downloaded, such as ``letter-fr.pdf`` or ``signatories.csv``."""
        stem = "signatories" if self.form in (self.Form.CSV, self.Form.JSON) else "letter"
        return f"{stem}-{self.language}.{self.form}" if self.language else f"{stem}.{self.form}"


class EntryQuerySet(models.QuerySet[Any]):
    def shown(self, at: datetime) -> "EntryQuerySet":
        """Those that readers of the letter's page see."""
        return self.filter(published_at__lte=at)


class Entry(models.Model):
    """What a response and an update have in common: words, a day, and when they were published (null: a draft)."""

    language = models.CharField(_("language"), max_length=12, default="en")
    dated = models.DateField(_("date"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True, editable=False)
    correction = models.TextField(_("what was corrected"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-dated", "-id"]

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, by the language."""
        return texts.direction(self.language)

    def is_shown(self, at: datetime) -> bool:
        """Whether readers of the letter's page see it."""
        return self.published_at is not None and self.published_at <= at


class Response(Entry):
    """What an addressee answered: as words, as a file, or both."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="responses")
    from_whom = models.CharField(_("from whom"), max_length=250)
    body = ProseEditorField(_("words"), blank=True, extensions=FOLLOWING_EDITOR, sanitize=pasting.tidy)
    file = models.FileField(_("file"), upload_to="responses/", blank=True)

    class Meta(Entry.Meta):
        abstract = False
        verbose_name = _("response")
        verbose_name_plural = _("responses")

    def __str__(self) -> str:
        return f"{self.dated} · {self.from_whom}"


class Update(Entry):
    """News of a letter by its publisher."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="updates")
    title = models.CharField(_("title"), max_length=250)
    body = ProseEditorField(_("words"), extensions=FOLLOWING_EDITOR, sanitize=pasting.tidy)

    class Meta(Entry.Meta):
        abstract = False
        verbose_name = _("update")
        verbose_name_plural = _("updates")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("letter", args=[self.letter.slug]) + f"#update-{self.pk}"
