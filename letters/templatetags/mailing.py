"""Small words of mail as HTML: names that keep their own direction, words with markup, the subject as a variable."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from letters import texts

register = template.Library()


@register.filter
def isolated(name: str) -> SafeString:
    """A name or title whose direction does not disturb the sentence around it."""
    return format_html("<bdi>{}</bdi>", name)


@register.filter
def rich(html: str) -> SafeString:
    """Words with markup, cleaned, with their notes numbered and at the end: a mail has no places to lead to."""
    body, notes = texts.notes_apart(texts.clean(html), lambda number: f"<sup>[{number}]</sup>")
    items = format_html_join("", "<li>{}</li>", ((mark_safe(note),) for note in notes))
    return mark_safe(body + (f'<ol class="notes">{items}</ol>' if notes else ""))


@register.simple_block_tag
def captured(content: str) -> str:
    """What stands in the block, to be kept under a name: ``{% captured as subject %}…{% endcaptured %}``."""
    return content
