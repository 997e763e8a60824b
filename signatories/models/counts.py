"""What is counted instead of looked up: attempts within the hour, listed signatures by country."""

from django.db import models
from django_countries.fields import CountryField

from letters.models import Letter


class RateCount(models.Model):
    """How often something was done within one window; shared by all processes, since it is in the database.

    ``key`` is a keyed hash (of an address, an e-mail, a letter), so that the table names nobody; rows are deleted
    a day after their window.
    """

    key = models.CharField(max_length=64)
    window = models.DateTimeField()
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="rate_once")]

    def __str__(self) -> str:
        return f"{self.n}"


class Tally(models.Model):
    """Listed signatures of a letter by country, kept with each change, so that no page counts rows."""

    letter = models.ForeignKey(Letter, models.CASCADE, db_index=False, related_name="tallies")
    country = CountryField()
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "country"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.country} {self.n}"
