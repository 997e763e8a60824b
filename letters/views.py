"""The pages of letters."""

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from letters import languages
from letters.finding import Finder
from letters.models import Letter
from letters.pages import history, letter_context
from letters.public import key_page, moment, of_one_moment, public_page, with_circulation, with_letter


@public_page
@require_safe
def letter_list(request: HttpRequest) -> HttpResponse:
    """Letters open for signature, then the archive; searched and filtered by the address's query."""
    at = moment(request)
    finder = Finder(request.GET, at=at)
    page = Paginator(finder.letters(), 20).get_page(finder.page)
    opened = [letter for letter in page if letter.is_signing_open(at)]
    archive = [letter for letter in page if not letter.is_signing_open(at)]
    context = {"finder": finder, "page": page, "opened": opened, "archive": archive, "at": at}
    return render(request, "letters/letter_list.html", context)


@public_page
@require_safe
@with_letter
@of_one_moment
def letter_page(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The letter with its signatories, in the page's language where it has that."""
    return letter_in_full(request, letter)


@public_page
@require_safe
@with_letter
@of_one_moment
def letter_in(request: HttpRequest, letter: Letter, *, language: str) -> HttpResponse:
    """The letter in a language that the interface does not have. A text that stands elsewhere leads there; a language
    that the letter has not is 404."""
    own = letter.current_version.languages if letter.current_version else []
    found = next((tag for tag in own if tag.lower() == language.lower()), None)
    if found is None:
        raise Http404
    if (place := languages.here(letter, found, own)) != request.path:
        return HttpResponseRedirect(place, headers={"Cache-Control": "no-store"})
    return letter_in_full(request, letter, wanted=found)


def letter_in_full(request: HttpRequest, letter: Letter, wanted: str = "") -> HttpResponse:
    links = {
        "sign": reverse("sign", args=[letter.slug]) + asked(wanted),
        "picture": picture_url(letter),
        "text": letter.current_version.get_absolute_url() if letter.current_version else "",
        "versions": reverse("versions", args=[letter.slug]),
    }
    context = letter_context(letter, at=moment(request), links=links, wanted=wanted)
    return render(request, "letters/letter.html", context)


def asked(language: str) -> str:
    """The query that asks for a text in ``language`` on pages where the address does not say it."""
    return f"?in={language}" if language else ""


def picture_url(letter: Letter) -> str:
    """The public address of the letter's picture, or empty; the name changes with the picture."""
    return (
        reverse("picture", args=[letter.slug, letter.picture.name.rpartition("/")[2]])
        if letter.picture
        else ""
    )


@public_page
@require_safe
@with_letter
def version_text(request: HttpRequest, letter: Letter, *, number: int) -> HttpResponse:
    """The exact bytes of a text version; their SHA-256 is its digest."""
    version = letter.versions.filter(number=number).first()
    if version is None:
        raise Http404
    return exact_text(version.canonical)


@public_page
@require_safe
@with_letter
@of_one_moment
def versions(request: HttpRequest, letter: Letter) -> HttpResponse:
    """What was corrected and amended, word by word."""
    told = history(letter, lambda number: reverse("version_text", args=[letter.slug, number]))
    context = {"letter": letter, "history": told, "back": letter.get_absolute_url(), "is_public": True}
    return render(request, "letters/versions.html", context)


@key_page
@require_safe
@with_circulation
def circulation_versions(request: HttpRequest, letter: Letter, *, key: str) -> HttpResponse:
    """The same of a letter in circulation."""
    return versions_page(
        request,
        letter,
        text_url=lambda number: reverse("circulation_version_text", args=[key, number]),
        back=reverse("circulation", args=[key]),
    )


def versions_page(
    request: HttpRequest, letter: Letter, *, text_url: Callable[[int], str], back: str
) -> HttpResponse:
    """The history of a text that is not public."""
    context = {"letter": letter, "history": history(letter, text_url), "back": back}
    return render(request, "letters/versions.html", context)


@key_page
@require_safe
@with_circulation
def circulation_text(
    request: HttpRequest, letter: Letter, *, key: str, number: int | None = None
) -> HttpResponse:
    """The exact bytes of the text in circulation, or of an earlier version of it."""
    wanted = letter.current_version
    version = letter.versions.filter(number=number).first() if number is not None else wanted
    if version is None:
        raise Http404
    return exact_text(version.canonical)


def exact_text(canonical: str) -> HttpResponse:
    """Bytes to download and hash: nothing is added."""
    return HttpResponse(canonical.encode(), content_type="text/plain; charset=utf-8")


@public_page
@require_safe
@with_letter
def picture(request: HttpRequest, letter: Letter, *, name: str) -> FileResponse:
    """The picture of a public letter; media files have no address of their own."""
    if not letter.picture or letter.picture.name.rpartition("/")[2] != name:
        raise Http404
    return FileResponse(letter.picture.open("rb"))


@key_page
@require_safe
@with_circulation
def circulation_picture(request: HttpRequest, letter: Letter, *, key: str) -> FileResponse:
    """The picture of a letter in circulation."""
    if not letter.picture:
        raise Http404
    return FileResponse(letter.picture.open("rb"))
