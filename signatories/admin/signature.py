"""The review queue: signatures of all letters, with what helps to decide."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django_countries import countries

from letters.admin.base import ReadOnlyAdmin
from letters.admin.shown import DASH, change_url, in_zone, mark, short
from letters.models import Event, Message
from letters.public import moment
from letters.typed import wholes
from signatories import matching
from signatories.admin.amending import SIGNATURE_STEPS
from signatories.admin.signature_filters import MarkFilter, QueueLetterFilter, StateFilter
from signatories.admin.signature_steps import REVIEW, STEPS, RefuseForm
from signatories.admin.verdict import domain_verdict, standing
from signatories.models import Signature
from signatories.services import review
from signatories.services.review import relocked

State = Signature.State
NAMED = 50


def beside(number: int, words: str) -> SafeString:
    """A warning that leads to the other signature that it speaks of."""
    url = reverse("admin:signatories_signature_change", args=[number])
    return mark("warn", format_html('<a href="{}">{}</a>', url, words))


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    list_display = (
        "named",
        "letter_shown",
        "country",
        "domain_shown",
        "directory_shown",
        "of_note",
        "signed_shown",
    )
    list_display_links = ("named",)
    list_filter = (StateFilter, QueueLetterFilter, MarkFilter)
    list_select_related = ("letter__current_version", "organisation", "representative", "unlike")
    search_fields = ("name", "acronym", "representative__email")
    search_help_text = _l("Name, acronym, e-mail, domain")
    ordering = ("signed_at", "id")
    actions = ("accept_selected", "refuse_selected")
    steps = (*SIGNATURE_STEPS, *STEPS)
    change_form_template = "admin/signatories/signature/change_form.html"
    fieldsets = (
        (
            _l("Signature"),
            {
                "fields": (
                    "named",
                    "state_shown",
                    "letter_shown",
                    "version_shown",
                    "country",
                    "website",
                    "affiliation",
                    "of_note",
                    "dates",
                )
            },
        ),
        (
            _l("In the list"),
            {"fields": ("visibility", "convener_shown", "group", "note", "proposed", "refusal_reason")},
        ),
        (_l("Organisation"), {"fields": ("organisation_shown", "known_shown", "earlier_shown")}),
        (
            _l("Representative (personal data: not public)"),
            {"fields": ("person_name", "person_role", "person_email", "domain_shown", "person_agreed")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        others = (
            Signature.objects.in_list()
            .filter(organisation=OuterRef("organisation"))
            .exclude(pk=OuterRef("pk"))
        )
        earlier = others.order_by().values("organisation").annotate(n=Count("pk")).values("n")
        stands = Signature.objects.standing().filter(letter=OuterRef("letter"))
        same = stands.filter(kind=OuterRef("kind"), sort_key=OuterRef("sort_key")).exclude(pk=OuterRef("pk"))
        elsewhere = same.exclude(organisation=OuterRef("organisation")).order_by("id")
        later = Signature.objects.active().filter(rival_of=OuterRef("pk")).order_by("id")
        return (
            super().get_queryset(request)
            .annotate(
                earlier=Coalesce(Subquery(earlier, output_field=IntegerField()), 0),
                namesake=Subquery(elsewhere.values("pk")[:1]), namesake_country=Subquery(elsewhere.values("country")[:1]),
                later=Subquery(later.values("pk")[:1]),
            )
            .prefetch_related("organisation__domains", "letter__texts")
        )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for _title, options in self.fieldsets for name in options["fields"]]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        found, distinct = super().get_search_results(request, queryset, search_term)
        words = matching.fold(search_term.replace("\x00", "")).strip()
        if words:
            found = found | queryset.filter(
                Q(search_text__contains=words)
                | Q(organisation__domains__domain__icontains=search_term.strip())
            )
            return found, True
        return found, distinct

    # --- Deciding on many

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(REVIEW)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = _("Review queue") if "state" not in request.GET else _("Signatures")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.action(description=_l("Accept selected"), permissions=["review"])
    def accept_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self.decide(request, queryset, "accept")

    @admin.action(description=_l("Refuse selected"), permissions=["review"])
    def refuse_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self.decide(request, queryset, "refuse")

    def decide(self, request: HttpRequest, queryset: Any, act: str) -> HttpResponse | None:
        """First says how many and which; then, once sure, does it through the same service as one."""
        form = None
        if request.POST.get("sure"):
            wanted = wholes(request.POST.get("ids", ""))
            form = RefuseForm(request.POST) if act == "refuse" else None
            if form is None or form.is_valid():
                self.do_many(request, wanted, act, form.cleaned_data["reason"] if form else "")
                return None
        else:
            wanted = list(queryset.values_list("pk", flat=True))
        rows = list(
            Signature.objects.filter(pk__in=wanted[:NAMED])
            .select_related("letter__current_version")
            .order_by("pk")
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "title": _("Accept signatures") if act == "accept" else _("Refuse signatures"), "act": act,
            "count": len(wanted), "rows": rows, "more": max(len(wanted) - NAMED, 0), "ids": ",".join(map(str, wanted)),
            "form": form or (RefuseForm() if act == "refuse" else None), "action": f"{act}_selected",
            "checkbox_name": ACTION_CHECKBOX_NAME, "back": request.get_full_path(),
        }  # fmt: skip
        return TemplateResponse(request, "admin/signatories/signature/decide.html", context)

    def do_many(self, request: HttpRequest, wanted: list[int], act: str, reason: str) -> None:
        done, left = 0, []
        for start in range(0, len(wanted), 500):
            rows = (
                Signature.objects.filter(pk__in=wanted[start : start + 500])
                .select_related("letter")
                .order_by("pk")
            )
            some, refusals = review.in_bulk(rows, act, actor=request.user, at=moment(request), reason=reason)
            done, left = done + some, left + refusals
        words = {
            "accept": ngettext("%(n)s signature accepted.", "%(n)s signatures accepted.", done),
            "refuse": ngettext("%(n)s signature refused.", "%(n)s signatures refused.", done),
        }
        self.message_user(request, words[act] % {"n": done}, messages.SUCCESS if done else messages.INFO)
        if left:
            more = [_("And %(n)s more.") % {"n": len(left) - 20}] if len(left) > 20 else []
            self.message_user(request, " ".join([_("Not done:"), *left[:20], *more]), messages.WARNING)

    # --- One signature

    def held(self, row: Signature) -> Signature:
        return relocked(row)

    def step_options(self, row: Signature) -> dict[str, Any]:
        return {"options": {"signature": row}}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        signature = kwargs["obj"]
        context["title"] = _("Signature")
        context["history"] = (
            Event.objects.filter(subject=signature.ref).select_related("actor").order_by("id")
        )
        context["messages_sent"] = Message.objects.filter(subject_ref=signature.ref).order_by("id")
        context["rivals"] = signature.rivals.order_by("id")
        around = [("letters.view_letter", _("The letter"), signature.letter)]
        if signature.organisation is not None:
            around.append(("signatories.view_organisation", _("The organisation"), signature.organisation))
        context["beside"] = [
            (change_url(row), words) for needed, words, row in around if request.user.has_perm(needed)
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Columns and facts

    @admin.display(description=_l("name"), ordering="sort_key")
    def named(self, signature: Signature) -> SafeString:
        return format_html("<bdi>{}</bdi>", signature.shown_name or _("(erased)"))

    @admin.display(description=_l("letter"), ordering="letter")
    def letter_shown(self, signature: Signature) -> SafeString:
        return format_html("<bdi>{}</bdi>", signature.letter)

    @admin.display(description=_l("e-mail’s domain"))
    def domain_shown(self, signature: Signature) -> SafeString:
        code, domain, words = domain_verdict(signature)
        return format_html("{} {}", domain, mark(code, words))

    @admin.display(description=_l("directory"))
    def known_shown(self, signature: Signature) -> SafeString:
        return mark(*standing(signature))

    @admin.display(description=_l("directory"), ordering="earlier")
    def directory_shown(self, signature: Signature) -> SafeString:
        earlier: int = signature.earlier  # type: ignore[attr-defined]
        if not signature.organisation_id:
            return self.known_shown(signature)
        words = _("signed %(n)s before") % {"n": earlier} if earlier else _("signed none before")
        return format_html('{} <span class="desk-zone">{}</span>', self.known_shown(signature), words)

    @admin.display(description=_l("signed before"), ordering="earlier")
    def earlier_shown(self, signature: Signature) -> Any:
        return signature.earlier if signature.organisation_id else DASH  # type: ignore[attr-defined]

    @admin.display(description=_l("of note"))
    def of_note(self, signature: Signature) -> SafeString | str:
        notes = []
        if signature.rival_of_id:
            notes.append(beside(signature.rival_of_id, _("second attempt, beside another")))
        if signature.later:  # type: ignore[attr-defined]
            notes.append(beside(signature.later, _("a second attempt stands beside it")))  # type: ignore[attr-defined]
        if signature.namesake:  # type: ignore[attr-defined]
            country = countries.name(signature.namesake_country) or _("no country")  # type: ignore[attr-defined]
            words = _("the same name is on this letter already: %(country)s") % {"country": country}
            notes.append(beside(signature.namesake, words))  # type: ignore[attr-defined]
        if signature.unlike is not None:
            words = _("its representative says that it is not %(name)s") % {"name": signature.unlike}
            url = reverse("admin:signatories_organisation_change", args=[signature.unlike_id])
            notes.append(mark("warn", format_html('<a href="{}"><bdi>{}</bdi></a>', url, words)))
        if signature.visibility == Signature.Visibility.WITHHELD:
            notes.append(mark("withheld", _("name withheld")))
        if signature.proposed_name:
            notes.append(mark("new", _("correction: %(name)s") % {"name": self.proposed(signature)}))
        if not notes:
            return DASH
        return format_html("{}" + "<br>{}" * (len(notes) - 1), *notes)

    @admin.display(description=_l("signed"), ordering="signed_at")
    def signed_shown(self, signature: Signature) -> Any:
        return short(signature.signed_at, signature.letter)

    @admin.display(description=_l("state"))
    def state_shown(self, signature: Signature) -> SafeString:
        return mark(signature.state, signature.get_state_display())

    @admin.display(description=_l("text version"))
    def version_shown(self, signature: Signature) -> str:
        return f"{signature.version.number} · {signature.version.digest[:16]}…"

    @admin.display(description=_l("proposed correction"))
    def proposed(self, signature: Signature) -> str:
        if signature.proposed_acronym:
            return f"{signature.proposed_name} ({signature.proposed_acronym})"
        return signature.proposed_name or DASH

    @admin.display(description=_l("dates"))
    def dates(self, signature: Signature) -> SafeString:
        known = [
            (_("signed"), signature.signed_at), (_("confirmed"), signature.confirmed_at),
            (_("accepted"), signature.accepted_at), (_("ended"), signature.ended_at),
        ]  # fmt: skip
        rows = [f"{words}: {in_zone(at, signature.letter)}" for words, at in known if at]
        return format_html("{}" + "<br>{}" * (len(rows) - 1), *rows)

    @admin.display(description=_l("organisation"))
    def organisation_shown(self, signature: Signature) -> str:
        return str(signature.organisation or DASH)

    @admin.display(description=_l("convener"))
    def convener_shown(self, signature: Signature) -> str:
        return _("Yes") if signature.convener else _("No")

    @admin.display(description=_l("name"))
    def person_name(self, signature: Signature) -> str:
        return self.of_person(signature, "name")

    @admin.display(description=_l("role"))
    def person_role(self, signature: Signature) -> str:
        return self.of_person(signature, "role")

    @admin.display(description=_l("e-mail"))
    def person_email(self, signature: Signature) -> str:
        return self.of_person(signature, "email")

    @admin.display(description=_l("agreed to be named"))
    def person_agreed(self, signature: Signature) -> str:
        return _("Yes") if getattr(getattr(signature, "representative", None), "named", False) else _("No")

    def of_person(self, signature: Signature, field: str) -> str:
        """A detail of the representative, while it is kept."""
        return getattr(getattr(signature, "representative", None), field, "") or DASH
