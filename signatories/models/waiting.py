"""A list of signatories that came with a letter's document and waits until the letter is open."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from letters.models import Letter


class WaitingList(models.Model):
    """The list as text, one signatory a line, for ``signatories.reading.read_list``. A draft carries no signatures; once
    the letter is open the list is added or discarded, and the row is gone: it may name persons."""

    letter = models.OneToOneField(
        Letter, models.CASCADE, verbose_name=_("letter"), related_name="waiting_list"
    )
    source = models.CharField(_("document"), max_length=200, blank=True)
    text = models.TextField(_("signatories"))
    kept_at = models.DateTimeField(_("kept"))

    class Meta:
        verbose_name = _("waiting list")
        verbose_name_plural = _("waiting lists")

    def __str__(self) -> str:
        return self.source or str(self.letter)
