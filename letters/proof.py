"""The pages of what proves something: deliveries with the files of their snapshots, answers, and what a printed code stands
for."""

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from letters import attachments, keys
from letters.documents import forms as documents
from letters.following import deliveries_of, files_of
from letters.models import DeliveryFile, Letter, Response
from letters.public import moment, public_page, with_letter
from letters.verifying import looked_up

TYPES = documents.TYPES | {
    DeliveryFile.Form.CSV: "text/csv; charset=utf-8",
    DeliveryFile.Form.JSON: "application/json",
}
# A visitor's own browser need not ask again; a shared cache does, so that a letter that is withdrawn goes there too.
KEPT = f"public, max-age=86400, s-maxage={settings.PAGE_SHARED_SECONDS}, immutable"


@public_page
@require_safe
@with_letter
def delivery(request: HttpRequest, letter: Letter, *, number: int) -> HttpResponse:
    """One delivery: what was handed over, with every file and its digest."""
    found = next((shown for shown in deliveries_of(letter) if shown.row.number == number), None)
    if found is None:
        raise Http404
    context = {
        "letter": letter,
        "entry": found,
        "delivery": found.row,
        "version": found.row.version,
        "files": files_of(found.row),
    }
    return render(request, "letters/delivery.html", context)


@public_page
@require_safe
@with_letter
def delivery_file(
    request: HttpRequest, letter: Letter, *, number: int, name: str
) -> HttpResponse | FileResponse:
    """A file of a delivery's snapshot; once made it is the same for ever."""
    files = DeliveryFile.objects.filter(delivery__letter=letter, delivery__number=number, form__in=TYPES)
    found = next((row for row in files.exclude(digest="") if row.name == name), None)
    if found is None:
        raise Http404
    return download(
        request,
        found.file,
        f"{letter.slug}-delivery-{number}-{name}",
        TYPES[found.form],
        found.digest,
    )


@public_page
@require_safe
@with_letter
def response_file(request: HttpRequest, letter: Letter, *, pk: int, name: str) -> HttpResponse | FileResponse:
    """The file of a published response; its name changes with it."""
    found = letter.responses.shown(moment(request)).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None or not found.file or found.file.name.rpartition("/")[2] != name:
        raise Http404
    return response_download(request, found)


def response_download(request: HttpRequest, response: Response) -> HttpResponse | FileResponse:
    """A response's file, to be kept and not to be opened by the browser."""
    stored = response.file.name
    shown_as = f"{response.letter.slug}-response-{response.dated}.{attachments.extension_of(stored)}"
    answer = download(
        request, response.file, shown_as, attachments.type_of(stored), stored.rpartition("/")[2]
    )
    answer.headers["Content-Language"] = response.language
    return answer


def download(
    request: HttpRequest, file: FieldFile, name: str, content_type: str, mark: str
) -> HttpResponse | FileResponse:
    """A file that never changes under its address; ``mark`` is what its ETag is made of."""
    etag = f'"{mark}"'
    if etag in request.headers.get("If-None-Match", ""):
        answer: HttpResponse | FileResponse = HttpResponseNotModified()
    else:
        answer = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
        answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["ETag"], answer.headers["Cache-Control"] = etag, KEPT
    return answer


@public_page
@require_safe
def verify_form(request: HttpRequest) -> HttpResponse:
    """Where a printed code is typed in."""
    typed = request.GET.get("code", "").replace("\x00", "").strip()[:100]
    code = keys.typed_code(typed)
    if code:
        return leading_to(code)
    return render(request, "letters/verify.html", {"asked": "code" in request.GET})


def leading_to(code: str) -> HttpResponse:
    """To the one address of a code, however it was typed."""
    answer = HttpResponseRedirect(reverse("verify", args=[code[: keys.CODE_LENGTH + 1]]))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public_page
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What a printed code stands for: which letter, which text, as of when, how many, and whether it was delivered. A code
    of a letter that is not public is answered like one that there never was."""
    plain = keys.typed_code(code)
    if plain != code and plain:
        return leading_to(plain)
    found = looked_up(plain, at=moment(request))
    context = {"code": keys.grouped_code(plain), "found": found}
    if found is None:
        answer = render(request, "letters/verify.html", context | {"unknown": True}, status=404)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    if found.retracted:
        return render(
            request, "letters/verified_retracted.html", context | {"letter": found.letter}, status=410
        )
    return render(request, "letters/verified.html", context | {"letter": found.letter})
