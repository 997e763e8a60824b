"""Small words of the desk's pages: what the record is about, and columns that name themselves."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from letters.admin.about import About, about

register = template.Library()


@register.simple_tag(takes_context=True)
def told(context: Any, events: Iterable[Any]) -> list[tuple[Any, About | None]]:
    """Events, each with what it is about as far as the person may see it."""
    listed = list(events)
    found = about([event.subject for event in listed], context["request"].user)
    return [(event, found.get(event.subject)) for event in listed]


@register.simple_tag
def labelled(cells: Iterable[str], headers: list[dict[str, Any]]) -> SafeString:
    """The cells of a row, each with the words of its column: on a narrow page a row is a card without a head."""
    out = []
    for cell, header in zip(cells, headers, strict=False):
        chosen = "action-checkbox" in cell[:40]
        words = "" if chosen else format_html(' data-label="{}"', capfirst(str(header["text"])))
        out.append(f"{cell[:3]}{words}{cell[3:]}")
    return mark_safe("".join(out))
