"""The public directory: organisations with a listed signature, and what each signed."""

from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from letters.public import moment, public_page
from signatories.finding import Finder
from signatories.models import OldAddress, Organisation
from signatories.models.organisation import base_tag
from signatories.services.directory import Kind
from signatories.suggestions import suggest

AT_ONCE, LETTERS_AT_ONCE = 60, 50


@public_page
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """The directory, searched and paged."""
    finder = Finder(request.GET, at=moment(request))
    found = finder.organisations().named_in(request.LANGUAGE_CODE)  # type: ignore[attr-defined]
    page = Paginator(found, AT_ONCE).get_page(finder.page)
    return render(request, "signatories/organisation_list.html", {"page": page, "finder": finder})


@public_page
@require_safe
def organisation_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation and the public letters that it signed publicly. What an editor entered of it is shown once it is
    verified."""
    at = moment(request)
    rows = Organisation.objects.public(at).named_in(request.LANGUAGE_CODE)  # type: ignore[attr-defined]
    organisation = rows.filter(slug=slug).first()
    if organisation is None:
        return moved(request, slug)
    signatures = (
        organisation.signatures.public(at)
        .select_related("letter__current_version")
        .order_by("-letter__date", "-id")
    )
    page = Paginator(signatures, LETTERS_AT_ONCE).get_page(request.GET.get("page"))
    context = {"organisation": organisation, "page": page, **names_beside(request, organisation)}
    if organisation.is_known and organisation.logo:
        name = organisation.logo.name.rpartition("/")[2]
        context["logo"] = reverse("organisation_logo", args=[organisation.slug, name])
    return render(request, "signatories/organisation.html", context)


def moved(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads on from the address of an entry that was merged, when the one it went into is public; else 404."""
    public = Organisation.objects.public(moment(request))
    old = OldAddress.objects.filter(slug=slug, organisation__in=public).select_related("organisation").first()
    if old is None:
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(old.organisation.get_absolute_url() + (f"?{query}" if query else ""))


def names_beside(request: HttpRequest, organisation: Organisation) -> dict[str, list[object]]:
    """The other names of a verified organisation, by kind, without the one that the page is headed with; of any other, none."""
    if not organisation.is_known:
        return {}
    here = base_tag(request.LANGUAGE_CODE)  # type: ignore[attr-defined]
    kinds = {Kind.TRANSLATED: "translated", Kind.OTHER: "others", Kind.FORMER: "former"}
    found: dict[str, list[object]] = {words: [] for words in kinds.values()}
    for row in organisation.names.filter(kind__in=kinds):
        if row.name != organisation.shown_name and not (row.kind == Kind.TRANSLATED and row.language == here):
            found[kinds[Kind(row.kind)]].append(row)
    found["translated"].sort(key=lambda row: row.language)  # type: ignore[attr-defined]
    return found


@public_page
@require_safe
def organisation_logo(request: HttpRequest, slug: str, name: str) -> FileResponse:
    """The logo of a verified organisation that the public may know of; media files have no address of their own."""
    organisation = Organisation.objects.public(moment(request)).known().filter(slug=slug).first()
    if organisation is None or not organisation.logo or organisation.logo.name.rpartition("/")[2] != name:
        raise Http404
    return FileResponse(organisation.logo.open("rb"))


@public_page
@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Names of the public directory that fit what is typed into the form; nothing that is not public."""
    found = suggest(request.GET.get("q", ""), at=moment(request))
    return JsonResponse({"organisations": found})
