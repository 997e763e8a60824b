"""A letter that is not public yet, for who has a link to it: what the pages of circulation and of invitations share."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from letters import languages
from letters.models import Letter
from letters.pages import letter_context
from letters.public import moment
from letters.views import asked


@dataclass(frozen=True)
class Door:
    """The addresses below one link: their names in the table of addresses begin with ``name``."""

    name: str
    key: str

    def to(self, page: str = "", **more: Any) -> str:
        """The address of a page behind the link."""
        return reverse(f"{self.name}_{page}" if page else self.name, kwargs={"key": self.key, **more})


def private_page(
    request: HttpRequest, letter: Letter, door: Door, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The letter as the holder of a link reads it: text, window, who leads, and those who signed so far only where the letter
    says so. ``more`` goes into the context; ``sign``, where the button leads."""
    own = letter.current_version.languages if letter.current_version else []
    wanted = request.GET.get("in", "")
    wanted = wanted if wanted in own else ""
    links = {
        "sign": more.pop("sign", "") or door.to("sign") + asked(wanted),
        "picture": door.to("picture") if letter.picture else "",
        "text": door.to("text"),
        "versions": door.to("versions"),
    }

    def place(language: str) -> str:
        interface = languages.interface_for(language, own)
        if interface is None:
            return door.to() + asked(language)
        with translation.override(interface):
            return door.to()

    context = letter_context(
        letter,
        at=moment(request),
        links=links,
        with_list=letter.lists_in_circulation,
        wanted=wanted,
        place=place,
    )
    context["leading"] = list(letter.signatures.leading().for_list().in_order(letter.order))
    context["private"] = True
    return render(request, "letters/letter.html", context | more, status=status)
