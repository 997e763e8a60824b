"""The directory in the desk: organisations with their other names and domains."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django_countries import countries

from letters.admin.base import DeskAdmin, Step
from letters.admin.shown import DASH, mark
from letters.public import moment
from signatories import matching
from signatories.admin.importing import MAY
from signatories.admin.invite_pages import CHOSEN
from signatories.admin.merging import OrganisationMerging
from signatories.admin.organisation_form import NAMED, OrganisationForm
from signatories.models import Organisation, Signature
from signatories.services import contacts, directory, removing

CHANGE = "signatories.change_organisation"


def verify(organisation: Organisation, request: HttpRequest, data: dict[str, Any]) -> str:
    directory.verify(organisation, actor=request.user, at=moment(request))
    return _("“%(name)s” is verified.") % {"name": organisation.name}


def unverify(organisation: Organisation, request: HttpRequest, data: dict[str, Any]) -> str:
    directory.verify(organisation, actor=request.user, at=moment(request), verified=False)
    return _("“%(name)s” is no longer verified.") % {"name": organisation.name}


def is_new(organisation: Organisation, at: datetime) -> bool:
    return not organisation.is_known


class VerifiedFilter(admin.SimpleListFilter):
    title, parameter_name = _l("verified"), "verified"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Verified")), ("no", _("New"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return (
            queryset.filter(verified_at__isnull=self.value() == "no")
            if self.value() in ("yes", "no")
            else queryset
        )


class CountryFilter(admin.SimpleListFilter):
    title, parameter_name = _l("country"), "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        codes = Organisation.objects.order_by("country").values_list("country", flat=True).distinct()
        return sorted(((code, countries.name(code)) for code in codes if code), key=lambda item: item[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(country=self.value()) if self.value() else queryset


@admin.register(Organisation)
class OrganisationAdmin(OrganisationMerging, DeskAdmin):
    form = OrganisationForm
    list_display = ("named", "country", "verified_shown", "domains_shown", "signed")
    list_display_links = ("named",)
    list_filter = (VerifiedFilter, "kind", CountryFilter)
    search_fields = ("name", "acronym")
    search_help_text = _l("Name, acronym, other name, domain")
    actions = ("invite_selected", "verify_selected", "unverify_selected")
    facts = ("verified_fact", "signed_fact", "delete_fact")
    steps = (
        Step("verify", _l("Verify: we know it"), CHANGE, verify, is_new, direct=True),
        Step(
            "unverify",
            _l("No longer verified"),
            CHANGE,
            unverify,
            lambda organisation, at: organisation.is_known,
            direct=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        accepted = Signature.objects.in_list().filter(organisation=OuterRef("pk")).order_by()
        count = accepted.values("organisation").annotate(n=Count("pk")).values("n")
        signed = Coalesce(Subquery(count, output_field=IntegerField()), 0)
        return (
            super()
            .get_queryset(request)
            .annotate(signatures_n=signed)
            .select_related("verified_by")
            .prefetch_related("domains")
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        words = matching.fold(search_term.replace("\x00", "")).strip()
        if not words:
            return queryset, False
        named = (
            Q(search_text__contains=words)
            | Q(names__key__contains=matching.normalise(search_term) or words)
            | Q(domains__domain__icontains=search_term.strip())
        )
        return queryset.filter(pk__in=Organisation.objects.filter(named).values("pk")), False

    def get_fieldsets(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        entry = (
            None,
            {
                "fields": (
                    "name",
                    "acronym",
                    "country",
                    "region",
                    "kind",
                    "website",
                    "logo",
                    "logo_alt",
                    "note",
                )
            },
        )
        names = (
            _("Names and domains"),
            {"fields": ("other_names", "former_names", "names_by_language", "quiet_names", "domains")},
        )
        people = (_("Contacts (personal data: not public)"), {"fields": ("contacts",)})
        own = [entry, names, people]
        return [(_("Where it stands"), {"fields": self.facts}), *own] if obj else own

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> tuple[str, ...]:
        readonly = self.facts
        typed = (*NAMED, "names_by_language", "domains", "contacts")
        return readonly if self.has_change_permission(request) else (*readonly, *typed)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.logo)
        return [path("<int:pk>/logo/", view, name="signatories_organisation_logo"), *super().get_urls()]

    def logo(self, request: HttpRequest, pk: int) -> FileResponse:
        """The logo of any organisation, for the desk."""
        organisation = self.found(request, str(pk))
        if not organisation.logo:
            raise Http404
        return FileResponse(organisation.logo.open("rb"))

    def other_names(self, organisation: Organisation) -> str:
        return self.names_shown(organisation, "other_names")

    def former_names(self, organisation: Organisation) -> str:
        return self.names_shown(organisation, "former_names")

    def quiet_names(self, organisation: Organisation) -> str:
        return self.names_shown(organisation, "quiet_names")

    def names_shown(self, organisation: Organisation, field: str) -> str:
        """Names of one kind, for somebody who may only read."""
        return "; ".join(directory.names_of_kind(organisation, NAMED[field])) or DASH

    def names_by_language(self, organisation: Organisation) -> str:
        named = directory.names_by_language(organisation).items()
        return "; ".join(f"{language}: {name}" for language, name in named) or DASH

    def domains(self, organisation: Organisation) -> str:
        return self.domains_shown(organisation)

    def contacts(self, organisation: Organisation) -> str:
        return "; ".join(str(row) for row in organisation.contacts.all()) or DASH

    # --- Saving goes through the service

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        data = form.cleaned_data
        directory.save_organisation(
            obj,
            others=data["other_names"],
            domains=data["domains"],
            translations=data["names_by_language"],
            former=data["former_names"],
            quiet=data["quiet_names"],
            actor=request.user,
            at=moment(request),
        )
        contacts.write(obj, data["contacts"], actor=request.user, at=moment(request))

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not removing.why_kept(obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return [_("“%(name)s” with its names and domains.") % {"name": row} for row in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Organisation) -> None:
        removing.delete_organisation(obj, actor=request.user, at=moment(request))

    # --- Inviting many

    def has_invite_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY)

    @admin.action(description=_l("Invite to a letter"), permissions=["invite"])
    def invite_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        """The numbers wait in the session, since they may be many more than an address holds."""
        request.session[CHOSEN] = ",".join(map(str, queryset.order_by("pk").values_list("pk", flat=True)))
        return redirect(reverse("admin:signatories_invitation_add"))

    # --- Verifying many

    def has_verify_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CHANGE)

    @admin.action(description=_l("Verify selected"), permissions=["verify"])
    def verify_selected(self, request: HttpRequest, queryset: Any) -> None:
        self.set_verified(request, queryset, True)

    @admin.action(description=_l("No longer verified"), permissions=["verify"])
    def unverify_selected(self, request: HttpRequest, queryset: Any) -> None:
        self.set_verified(request, queryset, False)

    def set_verified(self, request: HttpRequest, queryset: Any, verified: bool) -> None:
        rows = [row for row in queryset if row.is_known != verified]
        for row in rows:
            directory.verify(row, actor=request.user, at=moment(request), verified=verified)
        words = ngettext("%(n)s organisation changed.", "%(n)s organisations changed.", len(rows))
        self.message_user(request, words % {"n": len(rows)}, messages.SUCCESS)

    # --- Columns and facts

    @admin.display(description=_l("name"), ordering="sort_key")
    def named(self, organisation: Organisation) -> SafeString:
        return format_html("<bdi>{}</bdi>", organisation)

    @admin.display(description=_l("directory"), ordering="verified_at")
    def verified_shown(self, organisation: Organisation) -> SafeString:
        return mark("known", _("verified")) if organisation.is_known else mark("new", _("new"))

    @admin.display(description=_l("domains"))
    def domains_shown(self, organisation: Organisation) -> str:
        return ", ".join(row.domain for row in organisation.domains.all()) or DASH

    @admin.display(description=_l("accepted signatures"), ordering="signatures_n")
    def signed(self, organisation: Organisation) -> int:
        return organisation.signatures_n  # type: ignore[attr-defined]

    @admin.display(description=_l("directory"))
    def verified_fact(self, organisation: Organisation) -> SafeString | str:
        if not organisation.is_known:
            return mark("new", _("new: nobody has verified it"))
        day = date_format(organisation.verified_at, "j F Y")
        return mark(
            "known",
            _("verified on %(day)s by %(who)s") % {"day": day, "who": organisation.verified_by or DASH},
        )

    @admin.display(description=_l("accepted signatures"))
    def signed_fact(self, organisation: Organisation) -> SafeString:
        url = (
            reverse("admin:signatories_signature_changelist")
            + f"?state=all&organisation__id__exact={organisation.pk}"
        )
        return format_html('<a href="{}">{}</a>', url, organisation.signatures_n)  # type: ignore[attr-defined]

    @admin.display(description=_l("deleting"))
    def delete_fact(self, organisation: Organisation) -> str:
        return removing.why_kept(organisation) or _("It has no signatures, so it can be deleted.")
