"""The preview of a letter: exactly its public page, for any stage."""

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse

from letters.admin.shown import change_url, stage_of
from letters.models import Letter
from letters.models.following import Entry
from letters.pages import letter_context
from letters.public import moment
from letters.services.versions import as_released, as_translated

BODY = re.compile(r"(<body\b[^>]*>)", re.IGNORECASE)


class LetterPreview:
    """Adds the preview and its picture to the letters' page of the desk."""

    admin_site: Any
    has_view_or_change_permission: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:letter_id>/preview/", view(self.preview), name="letters_letter_preview"),
            path("<int:letter_id>/picture/", view(self.picture), name="letters_letter_picture"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def preview(self, request: HttpRequest, letter_id: int) -> HttpResponse:
        """Exactly the public page of any letter, as if it were released now, under a bar that says so."""
        letter = self.one(request, letter_id)
        stage = stage_of(letter, moment(request))[1]
        return page_with(request, letter, stage=stage, back=change_url(letter))

    def picture(self, request: HttpRequest, letter_id: int) -> FileResponse:
        """The picture of any letter, for the desk."""
        letter = self.one(request, letter_id)
        if not letter.picture:
            raise Http404
        return FileResponse(letter.picture.open("rb"))

    def one(self, request: HttpRequest, letter_id: int) -> Letter:
        """The letter with what its page shows, for somebody who may see it."""
        letter = Letter.objects.for_act().filter(pk=letter_id).first()
        if letter is None:
            raise Http404
        if not self.has_view_or_change_permission(request, letter):
            raise PermissionDenied
        return letter


def page_with(
    request: HttpRequest, letter: Letter, also: Entry | None = None, *, stage: str, back: str
) -> HttpResponse:
    """The letter's public page as it would be now, with an entry that follows it as if it were published; under a bar."""
    at = moment(request)
    if letter.stage == Letter.Stage.WITHDRAWN:
        page = render_to_string("letters/withdrawn.html", {"letter": letter}, request)
    else:
        released = as_released(letter, at)
        picture = reverse("admin:letters_letter_picture", args=[letter.pk]) if letter.picture else ""
        links = {
            "sign": reverse("sign", args=[letter.slug]),
            "picture": picture,
            "text": letter.current_version.get_absolute_url() if letter.is_frozen else "",
            "versions": reverse("versions", args=[letter.slug]) if letter.is_frozen else "",
        }
        wanted = as_translated(released, request.GET.get("in", ""))
        context = letter_context(
            released, at=at, links=links, wanted=wanted, place=lambda tag: f"?in={tag}", also=also
        )
        page = render_to_string("letters/letter.html", context, request)
    bar = render_to_string(
        "admin/letters/letter/preview_bar.html", {"stage": stage, "edit_url": back, "entry": also}, request
    )
    response = HttpResponse(BODY.sub(lambda found: found[1] + bar, page, count=1))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
