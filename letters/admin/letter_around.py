"""What stands around a letter's words in its form: addressees, links, groups of the list."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letters.models import Addressee, Group, Letter, RelatedLink

# The letter has a body too.
LABELS = {"body": gettext_lazy("Body (office or organisation)")}


class NamedFormSet(BaseInlineFormSet):
    """Rows of a table, whose fields have no label of their own: each says its column and its row."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            words = _("Delete") if name == "DELETE" else capfirst(str(field.label))
            number = index + 1 if index is not None else _("new")
            field.widget.attrs["aria-label"] = _("%(column)s, row %(row)s") % {"column": words, "row": number}


class WithUnfrozen:
    """Rows that belong to the signed text: only to be read once the letter is frozen."""

    def has_add_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return not (obj and obj.is_frozen) and super().has_add_permission(request, obj)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return not (obj and obj.is_frozen) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return not (obj and obj.is_frozen) and super().has_delete_permission(request, obj)  # type: ignore[misc]


class AddresseeForm(forms.ModelForm):
    class Meta:
        labels = LABELS


class AddresseeInline(WithUnfrozen, admin.TabularInline):
    is_table = True
    model = Addressee
    form = AddresseeForm
    formset = NamedFormSet
    fields = ("name", "function", "body", "email", "is_copy", "position")
    verbose_name_plural = gettext_lazy("Addressees and copies")

    def get_extra(self, request: HttpRequest, obj: Letter | None = None, **kwargs: Any) -> int:
        return 0 if obj and obj.addressees.exists() else 1


class LinkForm(forms.ModelForm):
    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"size": 50}),
    )


class LinkInline(admin.TabularInline):
    is_table = True
    model = RelatedLink
    form = LinkForm
    formset = NamedFormSet
    fields = ("label", "url", "position")
    extra = 0


class GroupForm(forms.ModelForm):
    """A group; one that is added is always an editor's own heading."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.instance.kind == Group.Kind.OWN and not data.get("heading") and not data.get("DELETE"):
            self.add_error("heading", _("Give the heading under which signatories stand."))
        return data


class GroupFormSet(NamedFormSet):
    """No two groups have the same place, since a signatory's place says under which heading it stands."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if not form.instance.pk:
            form.initial["position"] = self.next_place()
        elif form.instance.kind != Group.Kind.OWN:  # standing groups are not for deleting
            form.fields["DELETE"].widget, form.fields["DELETE"].disabled = forms.HiddenInput(), True

    def next_place(self) -> int:
        """The place after all others, which a new group is offered."""
        return max((group.position for group in self.get_queryset()), default=-1) + 1

    def place_the_new(self) -> None:
        """Several new groups were offered the same place: they stand one after the other."""
        taken = {
            form.cleaned_data.get("position") for form in self.forms if form.instance.pk and form.is_valid()
        }
        for form in self.extra_forms:
            data = getattr(form, "cleaned_data", None)
            if not data or data.get("position") != self.next_place():
                continue
            while data["position"] in taken:
                data["position"] += 1
            form.instance.position = data["position"]
            taken.add(data["position"])

    def clean(self) -> None:
        super().clean()
        self.place_the_new()
        places: dict[int, str] = {}
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data or data.get("DELETE") or data.get("position") is None:
                continue
            name = data.get("heading") or str(form.instance)
            if data["position"] in places:
                first = places[data["position"]]
                raise ValidationError(
                    _(
                        "“%(one)s” and “%(other)s” have the same place %(place)s; give each group a place of its own."
                    )
                    % {"one": first, "other": name, "place": data["position"]}
                )
            places[data["position"]] = name


class GroupInline(admin.TabularInline):
    is_table = True
    model = Group
    form = GroupForm
    formset = GroupFormSet
    fields = ("kind", "heading", "position")
    readonly_fields = ("kind",)
    extra = 0
