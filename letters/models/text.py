"""The words of a letter: the drafts in each language, and the frozen versions that were signed."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from letters import pasting, texts
from letters.models.letter import Letter

EDITOR = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Superscript": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "HardBreak": True,
    "History": True,
}
NOTE_EDITOR = {key: EDITOR[key] for key in ("Bold", "Italic", "Link", "HardBreak", "History")}


def words_digest(words: dict[str, str]) -> str:
    """SHA-256, in hex, of the signed words of one language, by which it is known whether they changed."""
    return texts.digest(json.dumps(words, sort_keys=True))


class LetterTextQuerySet(models.QuerySet["LetterText"]):
    def for_list(self) -> "LetterTextQuerySet":
        """Without the long words, which a list of letters reads from the version if at all."""
        return self.defer("body", "closing")


class LetterText(models.Model):
    """A letter's words in one language, as the desk works on them: the public reads the letter's current
    ``TextVersion``, into which they come when the letter is opened, corrected, amended or translated. What stands
    outside the signed text is read from here: ``standfirst``, the publisher's note, and ``translator_note``.

    ``source_digest`` is the digest of the authoritative words from which a translation was made.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        READY = "ready", _("Ready")

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="texts")
    language = models.CharField(
        _("language"), max_length=12, default="en", help_text=_("A language tag such as en, fr or ar.")
    )
    title = models.CharField(_("title"), max_length=250)
    standfirst = ProseEditorField(
        _("publisher’s note"),
        blank=True,
        extensions=NOTE_EDITOR,
        sanitize=pasting.tidy,
        help_text=_("Stands above the letter, marked as yours; it is not part of what is signed."),
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    subject = models.CharField(_("subject line"), max_length=250, blank=True)
    salutation = models.CharField(_("salutation"), max_length=250, blank=True)
    body = ProseEditorField(
        _("body"),
        blank=True,
        extensions=EDITOR,
        sanitize=pasting.tidy,
        help_text=_("For a footnote write ^[the words of the note] where its mark should stand."),
    )
    closing = models.TextField(_("closing"), blank=True, help_text=_("For example: Yours sincerely,"))
    state = models.CharField(_("state"), max_length=5, choices=State, default=State.DRAFT)
    translator_note = models.TextField(
        _("translator’s note"),
        blank=True,
        help_text=_(
            "Public beside this language, for example who translated it. Not part of what is signed."
        ),
    )
    source_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = LetterTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["letter", "language"], name="text_language_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, by the language."""
        return texts.direction(self.language)

    @property
    def is_authoritative(self) -> bool:
        """Whether it is in the language that decides."""
        return self.language == self.letter.language

    @property
    def is_ready(self) -> bool:
        """Whether it may be frozen with the letter; the authoritative text always is."""
        return self.is_authoritative or self.state == self.State.READY

    def is_stale(self, source: "LetterText | None") -> bool:
        """Whether ``source``, the authoritative text, has other words than when this translation was made of it."""
        return not self.is_authoritative and source is not None and self.source_digest != source.words_digest

    @property
    def words_digest(self) -> str:
        """By which it is known whether the words have changed: SHA-256 of the signed words, in hex."""
        return words_digest(self.words())

    def words(self) -> dict[str, str]:
        """The signed words, as they are frozen: cleaned, without the publisher's note."""
        return {
            "title": self.title,
            "place": self.place,
            "subject": self.subject,
            "salutation": self.salutation,
            "body": texts.clean(self.body),
            "closing": self.closing,
        }


class SearchWords(models.Model):
    """The words of a letter's current text version, folded (``texts.folded``), for readers who search: never those of a
    working copy. ``title`` alone is what can be found of a letter that was withdrawn."""

    letter = models.OneToOneField(Letter, models.CASCADE, related_name="search_words")
    title = models.TextField()
    words = models.TextField()

    def __str__(self) -> str:
        return self.title


class TextVersion(models.Model):
    """A frozen, numbered copy of all texts of a letter. It is written once; the database refuses an update.

    ``canonical`` holds the exact bytes (UTF-8) that anyone can download; ``digest`` is their SHA-256 in hex.
    ``content`` is the same in parts, for laying out: {"language", "date" (ISO or ""), "addressees": [{"name",
    "function", "body"}], "copies": [the same], "texts": {language: LetterText.words()}}.
    ``substance`` is the number of the version that began what it says: its own for the opening and for an amendment; a
    correction and a translation say what the version before them says, so signatures carry over.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("Opened for signing")
        CORRECTION = "correction", _("Correction")
        AMENDMENT = "amendment", _("Amendment")
        TRANSLATION = "translation", _("Translation")

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.OPENING)
    substance = models.PositiveSmallIntegerField(default=1)
    reason = models.TextField(_("reason"), blank=True)
    content = models.JSONField(_("content"))
    canonical = models.TextField(_("exact text"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("frozen"))

    class Meta:
        verbose_name = _("text version")
        verbose_name_plural = _("text versions")
        ordering = ["letter_id", "number"]
        constraints = [models.UniqueConstraint(fields=["letter", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Writes a new version; raises ``ValidationError`` for one that already stands."""
        if self.pk and not self._state.adding:
            raise ValidationError(_("A text version that was opened for signing never changes."))
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("version_text", args=[self.letter.slug, self.number])

    @property
    def title(self) -> str:
        """The title in the authoritative language."""
        return self.content["texts"][self.content["language"]]["title"]

    @property
    def languages(self) -> list[str]:
        """The languages of its texts, the authoritative one first."""
        return texts.languages_of(self.content)

    @property
    def source_digest(self) -> str:
        """The digest of the authoritative words, as ``LetterText.source_digest`` holds it."""
        return words_digest(self.content["texts"][self.content["language"]])
