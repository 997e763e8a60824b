"""The public list of a letter, as pages and as data."""

import hashlib
import itertools
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_countries import countries

from letters.models import Letter
from letters.pages import sections, shown_signatures
from letters.public import moment, of_one_moment, public_page, with_letter
from letters.templatetags.lettering import count_heading, counted, grown, number
from signatories import export, matching


class ListPaginator(Paginator):
    """Pages of a list whose length is known without counting rows."""

    def __init__(self, *args: object, known_count: int | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.known_count = known_count

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        return super().count if self.known_count is None else self.known_count


TRIES = 5  # a list that changes while its reading begins is read again


@public_page
@require_safe
@with_letter
@of_one_moment
def signatories(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The whole list, searched, filtered by country, paged."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    country = request.GET.get("country", "").upper()
    country = country if country in countries else ""
    rows = (
        letter.signatures.listed()
        .of_text(letter)
        .for_list(named=letter.asks_names, language=get_language() or "")
    )
    found = rows.in_order(letter.order)
    if q:
        found = found.called(q)
    if country:
        found = found.filter(country=country)
    known = None if q or country else letter.listed_count
    page = ListPaginator(found, settings.SIGNATORIES_PER_PAGE, known_count=known).get_page(
        request.GET.get("page")
    )
    # A number is the place in the whole list; in a search it would be another one, so there is none.
    shown = sections(letter, list(page), start=page.start_index() - 1 if page.object_list else 0)
    tallies = [tally for tally in letter.tallies.all() if tally.n]
    context = {
        "letter": letter,
        "page": page,
        "sections": shown,
        "q": q,
        "country": country,
        "numbered": not (q or country),
        "countries": sorted(
            ((t.country.code, t.country.name, t.n) for t in tallies),
            key=lambda item: matching.sort_key(item[1]),
        ),
        "at": moment(request),
    }
    return render(request, "signatories/signatories.html", context)


@public_page
@require_safe
@with_letter
@of_one_moment
def earlier(request: HttpRequest, letter: Letter, *, number: int) -> HttpResponse:
    """Those who signed an earlier text and have not re-affirmed, paged."""
    version = letter.versions.filter(number=number).first()
    if version is None:
        raise Http404
    found = letter.signatures.listed_earlier().filter(version=version)
    found = found.for_list(named=letter.asks_names, language=get_language() or "").in_order(letter.order)
    page = Paginator(found, settings.SIGNATORIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"letter": letter, "version": version, "page": page, "at": moment(request)}
    return render(request, "signatories/earlier.html", context)


@public_page
@require_safe
@with_letter
@of_one_moment
def list_fragment(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The list as the letter's page shows it, alone, for the script that lets it grow."""
    signatures = shown_signatures(letter)
    context = {
        "letter": letter,
        "sections": sections(letter, signatures),
        "shown": len(signatures),
        "at": moment(request),
    }
    return render(request, "letters/_list.html", context)


@public_page
@require_safe
@with_letter
def state(request: HttpRequest, letter: Letter) -> JsonResponse:
    """What a script asks to learn whether the list has grown."""
    signing_open = letter.is_signing_open(moment(request))
    return JsonResponse(
        {
            "signature_count": letter.signature_count,
            "withheld_count": letter.withheld_count,
            "revision": letter.list_revision,
            "signing_open": signing_open,
            # What the page says of them, in its language and in the form that the number asks for.
            "heading": count_heading(letter),
            "count": number(letter.signature_count),
            "counted": counted(letter, signing_open),
            "grown": grown(letter),
        }
    )


@public_page
@require_safe
@with_letter
def as_csv(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The public list as a table, complete at any size."""
    return streamed(request, letter, "csv", "text/csv; charset=utf-8")


@public_page
@require_safe
@with_letter
def as_json(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The public list as JSON, complete at any size."""
    return streamed(request, letter, "json", "application/json")


def begun(letter: Letter) -> tuple[Letter, Iterator[dict[str, Any]]]:
    """The letter with its rows, whose reading has begun: counts and list are of one moment."""
    for again in range(TRIES):
        if again:
            letter = Letter.objects.get(pk=letter.pk)
        rows = export.rows(letter)
        first = list(itertools.islice(rows, 1))
        if Letter.objects.filter(pk=letter.pk, list_revision=letter.list_revision).exists():
            break
    return letter, itertools.chain(first, rows)


def lines(letter: Letter, form: str) -> Iterator[bytes]:
    """The list piece by piece; nothing is asked of the database before the first is taken."""
    letter, rows = begun(letter)
    for line in export.as_csv(rows) if form == "csv" else export.as_json(letter, rows):
        yield line.encode()


def streamed(request: HttpRequest, letter: Letter, form: str, content_type: str) -> HttpResponse:
    """The list in portions, under an ETag that changes with the list."""
    mark = f"{letter.pk}:{letter.list_revision}:{letter.slug}:{letter.order}:{form}"
    etag = f'"{hashlib.blake2b(mark.encode(), digest_size=16).hexdigest()}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = StreamingHttpResponse(lines(letter, form), content_type=content_type)  # type: ignore[assignment]
        response.headers["Content-Disposition"] = f'attachment; filename="{letter.slug}-signatories.{form}"'
        response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["ETag"] = etag
    return response
