"""The public directory: organisations with a listed signature, and what each signed."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from letters.public import moment, public_page
from signatories import matching
from signatories.models import Organisation
from signatories.suggestions import suggest


@public_page
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """The directory, searched and paged."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = Organisation.objects.public(moment(request)).named_in(request.LANGUAGE_CODE)  # type: ignore[attr-defined]
    if q:
        found = found.filter(search_text__contains=matching.fold(q))
    page = Paginator(found, 60).get_page(request.GET.get("page"))
    return render(request, "signatories/organisation_list.html", {"page": page, "q": q})


@public_page
@require_safe
def organisation_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation and the public letters that it signed publicly."""
    at = moment(request)
    rows = Organisation.objects.public(at).named_in(request.LANGUAGE_CODE)  # type: ignore[attr-defined]
    organisation = rows.filter(slug=slug).first()
    if organisation is None:
        raise Http404
    signatures = (
        organisation.signatures.public(at)
        .select_related("letter__current_version")
        .order_by("-letter__date", "-id")
    )
    page = Paginator(signatures, 50).get_page(request.GET.get("page"))
    return render(request, "signatories/organisation.html", {"organisation": organisation, "page": page})


@public_page
@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Names of the public directory that fit what is typed into the form; nothing that is not public."""
    found = suggest(request.GET.get("q", ""), at=moment(request))
    return JsonResponse({"organisations": found})
