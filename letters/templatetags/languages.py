"""The languages of the interface: the same page in each of them."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from letters import texts

register = template.Library()


@dataclass(frozen=True)
class Tongue:
    """A language of the interface, named in its own script, and where the page stands in it."""

    code: str
    name: str
    direction: str
    address: str
    current: bool


@register.simple_tag(takes_context=True)
def tongues(context: dict[str, Any]) -> list[Tongue]:
    """Every language of the interface, with the address of this page in it, without its query; the start, where
    no page stands at this address. None on the desk, which is in English."""
    request = context.get("request")
    if request is None or request.path_info.startswith("/admin/"):
        return []
    match = None if context.get("nowhere") else getattr(request, "resolver_match", None)
    here = translation.get_language() or settings.LANGUAGE_CODE
    return [
        Tongue(code, name, texts.direction(code), _address(match, code), code == here)
        for code, name in settings.LANGUAGES
    ]


def _address(match: Any, code: str) -> str:
    with translation.override(code):
        if match is not None:
            try:
                return reverse(match.view_name, args=match.args, kwargs=match.kwargs)
            except NoReverseMatch:
                pass
        return reverse("letters")
