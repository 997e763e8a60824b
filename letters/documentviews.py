"""The documents of a public letter."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from letters import kept
from letters.documents.forms import TYPES
from letters.models import Letter
from letters.papers import Changing, text_language
from letters.public import public_page, with_letter

AGAIN = 60  # seconds after which a reader may ask again for a document that is being made


@public_page
@require_safe
@with_letter
def letter_document(request: HttpRequest, letter: Letter, *, form: str, language: str = "") -> HttpResponse:
    """The letter with its signatories as ``form`` (pdf, docx, txt), in the page's language or, by its address, in one
    that the interface does not have."""
    if language and language not in letter.current_version.content["texts"]:  # type: ignore[union-attr]
        raise Http404
    language = text_language(letter, language or get_language())
    if kept.is_long(letter):
        return from_storage(request, letter, language, form)
    try:
        response = HttpResponse(kept.document(letter, language, form), content_type=TYPES[form])
    except Changing:
        return waits(request, letter)
    return as_file(response, letter, language, form)


def from_storage(request: HttpRequest, letter: Letter, language: str, form: str) -> HttpResponse:
    """The newest document that the worker made of a long list; 503 while there is none."""
    found = kept.newest(letter, language, form)
    if found is None:
        return waits(request, letter)
    etag = f'"{found.digest}-{found.form}"'
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        file = kept.default_storage.open(found.name, "rb")
        response = FileResponse(file, content_type=TYPES[form])  # type: ignore[assignment]
        as_file(response, letter, language, form)
    response.headers["ETag"] = etag
    # No cache goes on showing it when there is none any more: somebody may have withdrawn.
    response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={settings.PAGE_SHARED_SECONDS}"
    return response


def waits(request: HttpRequest, letter: Letter) -> HttpResponse:
    """That there is no document in this moment, and when to ask again."""
    response = render(request, "letters/document_waits.html", {"letter": letter}, status=503)
    response.headers["Retry-After"] = str(AGAIN)
    response.headers["Cache-Control"] = "no-store"
    return response


def as_file(response: HttpResponse, letter: Letter, language: str, form: str) -> HttpResponse:
    """The answer with a name under which it is kept; a browser shows what it can show."""
    way = "attachment" if form == "docx" else "inline"
    response.headers["Content-Disposition"] = f'{way}; filename="{letter.slug}-{language}.{form}"'
    response.headers["Content-Language"] = language
    return response
