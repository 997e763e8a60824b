"""The three roles: editor (letters and lists), reviewer (the queue alone), administrator (people and settings too)."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

REVIEWER = {
    "signatories": ["view_signature", "review_signature", "view_representative"],
}
EDITOR = {
    "signatories": [
        "view_signature",
        "change_signature",
        "review_signature",
        "view_representative",
        "view_organisation",
        "add_organisation",
        "change_organisation",
    ],
    "letters": [
        "view_letter",
        "add_letter",
        "change_letter",
        "delete_letter",
        "release_letter",
        "view_topic",
        "add_topic",
        "change_topic",
        "view_textversion",
        "view_event",
        "view_message",
        "change_message",
        *(f"{verb}_{model}" for model in ("lettertext", "addressee", "relatedlink", "group") for verb in ("view", "add", "change", "delete")),
    ],
}
ADMINISTRATOR = {
    "signatories": [*EDITOR["signatories"], "delete_organisation"],
    "letters": [*EDITOR["letters"], "delete_topic", "view_switch", "change_switch"],
    "auth": ["view_user", "add_user", "change_user", "view_group"],
}
ROLES = {"reviewer": REVIEWER, "editor": EDITOR, "administrator": ADMINISTRATOR}


def make_roles(apps, schema_editor):
    # Permissions are otherwise made only after all migrations have run.
    for label in ("letters", "signatories", "auth"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
        config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, wanted in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        for label, codenames in wanted.items():
            found = Permission.objects.filter(content_type__app_label=label, codename__in=codenames)
            if found.count() != len(set(codenames)):
                missing = set(codenames) - set(found.values_list("codename", flat=True))
                raise LookupError(f"no such permission: {sorted(missing)}")
            group.permissions.add(*found)


def drop_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


def make_switches(apps, schema_editor):
    Switch = apps.get_model("letters", "Switch")
    for name in ("signing", "mail"):
        Switch.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("signatories", "0001_initial"),
        ("letters", "0002_frozen_rows"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(make_roles, drop_roles),
        migrations.RunPython(make_switches, migrations.RunPython.noop),
    ]
