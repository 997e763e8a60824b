"""Names are put in order without the articles that lists leave out, in more scripts than before: the keys anew."""

from django.db import migrations

from signatories.matching import sort_key

AT_ONCE = 1000


def renew(apps, schema_editor):
    for name in ("Organisation", "Signature"):
        rows = apps.get_model("signatories", name).objects.exclude(name="").only("id", "name", "sort_key")
        changed = []
        for row in rows.order_by("id").iterator(chunk_size=AT_ONCE):
            key = sort_key(row.name)
            if key != row.sort_key:
                row.sort_key = key
                changed.append(row)
            if len(changed) == AT_ONCE:
                rows.model.objects.bulk_update(changed, ["sort_key"])
                changed = []
        rows.model.objects.bulk_update(changed, ["sort_key"])


class Migration(migrations.Migration):
    dependencies = [("signatories", "0006_earlier_and_told")]
    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
