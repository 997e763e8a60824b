"""The people of the desk. An administrator gives roles; only a superuser makes or changes superusers."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import admin as django_admin
from django.contrib.auth.models import Group, User
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters.admin.base import DeskAdmin
from letters.public import moment
from letters.services import editing

ROLES = ("editor", "reviewer", "administrator")

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(DeskAdmin, django_admin.UserAdmin):
    """Name, e-mail, role: nothing else can be given here."""

    list_display = ("username", "email", "full_name", "roles", "is_active")
    list_filter = ("is_active", "groups")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_l("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_l("At the desk"), {"fields": ("is_active", "groups", "standing")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "email", "usable_password", "password1", "password2", "groups"),
            },
        ),
    )
    readonly_fields = ("standing",)
    filter_horizontal = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def may_touch(self, request: HttpRequest, obj: User | None) -> bool:
        """A superuser is changed by superusers alone."""
        return obj is None or not obj.is_superuser or request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self.may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody is deleted, since the record names who did what; a person who leaves is made inactive."""
        return False

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            given = Group.objects.all() if request.user.is_superuser else Group.objects.filter(name__in=ROLES)
            kwargs |= {
                "queryset": given,
                "widget": CheckboxSelectMultiple,
                "label": _("Roles"),
                "help_text": "",
            }
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        form.facts_before = facts(User.objects.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        person: User = form.instance
        person.is_staff = person.is_superuser or person.groups.exists()
        person.save(update_fields=["is_staff"])
        kind = "person.changed" if change else "person.created"
        editing.note_change(
            kind,
            person,
            actor=request.user,
            at=moment(request),
            before=form.facts_before,
            after=facts(person),
        )

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            person = self.get_object(request, id)
            editing.note_change(
                "person.password_set",
                person,
                actor=request.user,
                at=moment(request),
                before={},
                after={"username": person.username},
            )
        return response

    @admin.display(description=_l("name"))
    def full_name(self, person: User) -> str:
        return person.get_full_name()

    @admin.display(description=_l("roles"))
    def roles(self, person: User) -> str:
        names = sorted(group.name for group in person.groups.all())
        return ", ".join([_("superuser"), *names] if person.is_superuser else names)

    @admin.display(description=_l("may sign in"))
    def standing(self, person: User) -> str:
        if person.is_superuser:
            return _("Superuser: may do everything here; made and unmade on the command line.")
        return (
            _("Yes, by role.")
            if person.is_staff and person.is_active
            else _("Not before a role is given and the account is active.")
        )


def facts(person: User) -> dict[str, Any]:
    """What the record keeps of a person of the desk."""
    return {
        "username": person.username,
        "name": person.get_full_name(),
        "email": person.email,
        "active": person.is_active,
        "roles": sorted(person.groups.values_list("name", flat=True)),
    }
