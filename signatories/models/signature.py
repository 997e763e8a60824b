"""A signature: one signatory's act on one letter."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from letters.models import Group, Letter, TextVersion
from signatories import matching
from signatories.models.organisation import Organisation, name_in

ACTIVE = ("unconfirmed", "confirmed", "accepted", "earlier")
STANDING = ("confirmed", "accepted", "earlier")
SHOWN = ("accepted", "earlier")  # in the list, or in that of an earlier text
# What a signature says of an individual, beside the row of the representative.
OF_PERSON = ("name", "affiliation", "note", "search_text", "sort_key")


class SignatureQuerySet(models.QuerySet["Signature"]):
    """The questions about many signatures; each has a method of the same name on one."""

    def active(self) -> "SignatureQuerySet":
        """Signatures that may still be or are counted: unconfirmed, confirmed or accepted."""
        return self.filter(state__in=ACTIVE)

    def standing(self) -> "SignatureQuerySet":
        """Signatures that stand, whatever attempts that nobody confirmed are beside them: confirmed or accepted."""
        return self.filter(state__in=STANDING)

    def counted(self) -> "SignatureQuerySet":
        """Accepted signatures, the withheld ones included."""
        return self.filter(state=Signature.State.ACCEPTED)

    def listed(self) -> "SignatureQuerySet":
        """Accepted signatures whose names may be shown: the one gate between a name and the public list."""
        return self.filter(state=Signature.State.ACCEPTED, visibility=Signature.Visibility.PUBLIC)

    def leading(self) -> "SignatureQuerySet":
        """Those listed that lead the letter."""
        return self.listed().filter(convener=True)

    def of_text(self, letter: Letter) -> "SignatureQuerySet":
        """Without those under a text newer than that with which ``letter`` was read: between two queries for one page it may
        be amended, and its new list must not stand under the words before it. (Versions of a letter come one by one.)"""
        return self.filter(version__lte=letter.current_version_id) if letter.current_version_id else self

    def in_list(self) -> "SignatureQuerySet":
        """Signatures that count, in the list or in that of an earlier text."""
        return self.filter(state__in=SHOWN)

    def earlier(self) -> "SignatureQuerySet":
        """Signatures under a text that was amended since, which were accepted and are not re-affirmed."""
        return self.filter(state=Signature.State.EARLIER)

    def listed_earlier(self) -> "SignatureQuerySet":
        """Those of them whose names may be shown, apart from the list and under the version that they signed."""
        return self.earlier().filter(visibility=Signature.Visibility.PUBLIC)

    def hidden(self) -> "SignatureQuerySet":
        """Signatures that stand, proved by e-mail, without being shown: waiting for an editor, or withheld."""
        return self.filter(
            Q(state=Signature.State.CONFIRMED) | Q(state__in=SHOWN, visibility=Signature.Visibility.WITHHELD)
        )

    def public(self, at: datetime) -> "SignatureQuerySet":
        """Signatures on public letters whose names may be shown, those under an earlier text included."""
        shown = self.in_list().filter(visibility=Signature.Visibility.PUBLIC)
        return shown.filter(letter__in=Letter.objects.public(at))

    def withdrawn_since(self, moments: Sequence[datetime]) -> list[int]:
        """For each of the moments: how many signatures that stood in the list then have been withdrawn since. Numbers alone:
        who withdrew is told to nobody."""
        gone = self.filter(state=Signature.State.WITHDRAWN, ended_at__gt=min(moments)) if moments else self
        counts = {
            f"since_{n}": Count("pk", filter=Q(accepted_at__lte=moment, ended_at__gt=moment))
            for n, moment in enumerate(moments)
        }
        return list(gone.aggregate(**counts).values()) if moments else []

    def waiting(self) -> "SignatureQuerySet":
        """What an editor has to decide: confirmed signatures, and corrections that a representative asks for."""
        return self.filter(Q(state=Signature.State.CONFIRMED) | Q(state__in=SHOWN) & ~Q(proposed_name=""))

    def called(self, words: str) -> "SignatureQuerySet":
        """Those in whose name ``words`` stand, or in one by which the directory knows their verified organisation."""
        folded = matching.fold(words)
        known = Q(organisation__verified_at__isnull=False, organisation__search_text__contains=folded)
        return self.filter(Q(search_text__contains=folded) | known)

    def in_order(self, order: str) -> "SignatureQuerySet":
        """In the order of the letter's list (a ``Letter.Order``): by group, then by name or by time."""
        if order == Letter.Order.TIME:
            return self.order_by("place", "confirmed_at", "id")
        return self.order_by("place", "sort_key", "id")

    def for_list(self, *, named: bool = False, language: str = "") -> "SignatureQuerySet":
        """Only the columns that a public list shows. A representative's row is not touched, but for ``named``: where
        the letter asks for names, ``named_person`` is the name and role of those who agreed to be shown. For a page in
        ``language``, ``name_here`` is the name that a verified organisation has in it, or None."""
        columns = (
            "id",
            "kind",
            "name",
            "acronym",
            "country",
            "affiliation",
            "note",
            "place",
            "confirmed_at",
            "accepted_at",
            "rejoined_at",
            "source",
        )
        rows = self.only(*columns, "letter_id", "version_id", "organisation__slug").select_related(
            "organisation"
        )
        if language:
            rows = rows.annotate(**name_in(language, "organisation__"))
        if not named:
            return rows
        person = F("representative__name")
        both = Concat(person, Value(", "), F("representative__role"))
        agreed = Q(representative__named=True)
        return rows.annotate(
            named_person=Case(
                When(agreed & ~Q(representative__role=""), then=both),
                When(agreed, then=person),
                default=Value(""),
            )
        )


class Signature(models.Model):
    """One signatory's act on one letter. It points to the text version that was shown to the signatory.

    States: unconfirmed → confirmed (the representative proved the e-mail) → accepted (listed, or counted as
    withheld). An amendment of the text makes accepted ones *earlier*, until they re-affirm. Ends: refused (an editor), withdrawn (the signatory), disowned ("this was not me"), expired (never confirmed, or never decided), merged (its organisation was merged with one
    that had signed the same letter: that signature counts for both).
    A *rival* is a later attempt for an organisation that has an active signature on this letter; it lives like
    any other, so that nobody can tell, but can only be accepted once the first has ended.
    ``place`` and ``sort_key`` are kept by the services, so that a list of any length is read from one index.
    """

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        INDIVIDUAL = "individual", _("Individual")

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Not yet confirmed")
        CONFIRMED = "confirmed", _("Waits for review")
        ACCEPTED = "accepted", _("Accepted")
        EARLIER = "earlier", _("Signed an earlier text")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DISOWNED = "disowned", _("“Not me”")
        EXPIRED = "expired", _("Lapsed")
        MERGED = "merged", _("Counted with another")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("With its name")
        WITHHELD = "withheld", _("Counted, name withheld")

    letter = models.ForeignKey(Letter, models.PROTECT, verbose_name=_("letter"), related_name="signatures")
    version = models.ForeignKey(
        TextVersion, models.PROTECT, verbose_name=_("text version"), related_name="signatures"
    )
    language = models.CharField(_("language read"), max_length=12, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.ORGANISATION)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        db_index=False,  # signature_organisation begins with it
        related_name="signatures",
    )
    name = models.CharField(_("name"), max_length=250, blank=True, help_text=_("As it stands in the list."))
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    country = CountryField(_("country"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    affiliation = models.CharField(_("affiliation"), max_length=250, blank=True)
    note = models.CharField(
        _("capacity note"), max_length=160, blank=True, help_text=_("A few public words beside the name.")
    )
    visibility = models.CharField(
        _("visibility"), max_length=8, choices=Visibility, default=Visibility.PUBLIC
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UNCONFIRMED)
    rival_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name=_("later attempt beside"),
        null=True,
        blank=True,
        related_name="rivals",
    )
    convener = models.BooleanField(_("convener"), default=False)
    group = models.ForeignKey(
        Group, models.SET_NULL, verbose_name=_("group"), null=True, blank=True, related_name="signatures"
    )
    place = models.PositiveSmallIntegerField(default=0, editable=False)
    sort_key = models.CharField(max_length=250, editable=False)
    search_text = models.CharField(max_length=700, editable=False)
    person_key = models.CharField(max_length=64, blank=True, editable=False)
    # A keyed hash of an individual's name. It outlives the name, so that no list brings back who has withdrawn.
    name_key = models.CharField(max_length=64, blank=True, editable=False)
    proposed_name = models.CharField(_("proposed name"), max_length=250, blank=True)
    proposed_acronym = models.CharField(_("proposed acronym"), max_length=40, blank=True)
    refusal_reason = models.TextField(_("reason of the refusal"), blank=True)
    source = models.CharField(
        _("came by"), max_length=12, default="form", choices=[("form", _("form")), ("import", _("import"))]
    )
    signed_at = models.DateTimeField(_("signed"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    # When it came back into the list by re-affirming, after the text had been delivered without it.
    rejoined_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # The organisation of the directory that the form asked about, where its representative said that it is another one.
    unlike = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        verbose_name=_("said to be another than"),
        null=True,
        blank=True,
        editable=False,
        db_index=False,  # signature_unlike is one, of the few that have it
        related_name="+",
    )
    # When those with an earlier attempt were told of this one, or there was nobody to tell.
    first_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    is_new = False  # until it is made; see ``services.signing``

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["-id"]
        permissions = [("review_signature", "Can accept and refuse signatures")]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "organisation"],
                condition=Q(state__in=ACTIVE, rival_of=None, kind="organisation"),
                name="one_signature_per_organisation",
            ),
            models.UniqueConstraint(
                fields=["letter", "person_key"],
                condition=Q(state__in=ACTIVE) & ~Q(person_key=""),
                name="one_signature_per_person",
            ),
            models.CheckConstraint(
                condition=Q(kind="individual") | Q(organisation__isnull=False),
                name="signature_has_organisation",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SHOWN) | Q(rival_of=None), name="signature_rival_not_accepted"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=STANDING) | Q(confirmed_at__isnull=False),
                name="signature_confirmed_first",
            ),
            models.CheckConstraint(
                # A withheld individual's name ends with the other personal data; the signature still counts.
                condition=~Q(state__in=ACTIVE) | ~Q(name="") | Q(kind="individual", visibility="withheld"),
                name="signature_has_name",
            ),
        ]
        indexes = [
            models.Index(
                fields=["letter", "place", "sort_key", "id"],
                condition=Q(state="accepted", visibility="public"),
                name="signature_by_name",
            ),
            models.Index(
                fields=["letter", "place", "confirmed_at", "id"],
                condition=Q(state="accepted", visibility="public"),
                name="signature_by_time",
            ),
            models.Index(
                fields=["letter", "country"],
                condition=Q(state="accepted", visibility="public"),
                name="signature_by_country",
            ),
            models.Index(
                fields=["letter", "version", "place", "sort_key", "id"],
                condition=Q(state="earlier"),
                name="signature_earlier",
            ),
            models.Index(
                fields=["state", "signed_at"], condition=~Q(state="accepted"), name="signature_unsettled"
            ),
            models.Index(fields=["organisation", "state"], name="signature_organisation"),
            models.Index(
                fields=["id"],
                condition=Q(first_told_at=None, state__in=ACTIVE),
                name="signature_untold",
            ),
            models.Index(fields=["unlike"], condition=Q(unlike__isnull=False), name="signature_unlike"),
            models.Index(
                fields=["letter", "name_key"], condition=~Q(name_key=""), name="signature_by_name_key"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name or f"#{self.pk}"

    @property
    def shown_name(self) -> str:
        """The name with its acronym, as a list prints it; empty once a person's withdrawal erased it."""
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING

    @property
    def is_counted(self) -> bool:
        return self.state == self.State.ACCEPTED

    @property
    def is_listed(self) -> bool:
        return self.is_counted and self.visibility == self.Visibility.PUBLIC

    @property
    def is_shown(self) -> bool:
        """Whether the public reads its name, in the list or in that of an earlier text."""
        return self.is_in_list and self.visibility == self.Visibility.PUBLIC

    @property
    def is_in_list(self) -> bool:
        """Whether it counts, in the list or in that of an earlier text."""
        return self.state in SHOWN

    @property
    def is_earlier(self) -> bool:
        return self.state == self.State.EARLIER

    @property
    def is_listed_earlier(self) -> bool:
        return self.is_earlier and self.visibility == self.Visibility.PUBLIC

    @property
    def is_hidden(self) -> bool:
        withheld = self.visibility == self.Visibility.WITHHELD
        return self.state == self.State.CONFIRMED or (self.state in SHOWN and withheld)

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.CONFIRMED or (self.state in SHOWN and self.proposed_name != "")

    def is_public(self, at: datetime) -> bool:
        """Whether a stranger may see its name at ``at``."""
        return (self.is_listed or self.is_listed_earlier) and self.letter.is_public(at)

    @property
    def ref(self) -> str:
        """How events and messages name it."""
        return f"signature:{self.pk}"
