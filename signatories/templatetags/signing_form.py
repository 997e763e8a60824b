"""What the page of a form says about its errors."""

from dataclasses import dataclass

from django import forms, template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@dataclass(frozen=True)
class Fault:
    """One sentence of the summary; ``target`` is the id of its field, empty when it is about the whole form."""

    words: str
    target: str


@register.filter
def faults(form: forms.Form) -> list[Fault]:
    """Everything that is wrong with a form: first what is about the whole, then field by field as the page shows them."""
    found = [Fault(str(error), "") for error in form.non_field_errors()]
    for field in in_order_shown(form):
        # A group of radio buttons has no id of its own; its first button does.
        target = field.id_for_label or f"{field.auto_id}_0"
        found += [Fault(str(error), "" if field.is_hidden else target) for error in field.errors]
    return found


def in_order_shown(form: forms.Form) -> list[forms.BoundField]:
    """The form's fields, in the order of its layout where it has one."""
    layout = getattr(getattr(form, "helper", None), "layout", None)
    shown = [pointer.name for pointer in layout.get_field_names()] if layout else []
    places = {name: place for place, name in enumerate(shown)}
    return sorted(form, key=lambda field: places.get(field.name, len(places)))


@register.filter
def faults_heading(found: list[Fault]) -> str:
    """How many things need attention, as a whole sentence; in words while they can be counted at a glance."""
    few = {
        2: _("Two things need your attention"),
        3: _("Three things need your attention"),
        4: _("Four things need your attention"),
        5: _("Five things need your attention"),
        6: _("Six things need your attention"),
    }
    return few.get(len(found)) or ngettext(
        "One thing needs your attention", "%(n)s things need your attention", len(found)
    ) % {"n": len(found)}
