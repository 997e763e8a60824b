"""New attempts are looked at once; what stands already was."""

from django.db import migrations, models
from django.db.models.functions import Now


def looked_at(apps, schema_editor):
    apps.get_model("signatories", "Signature").objects.filter(first_told_at=None).update(first_told_at=Now())


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0005_addressee_words'),
        ('signatories', '0004_name_key'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(condition=models.Q(('first_told_at', None), ('state__in', ('unconfirmed', 'confirmed', 'accepted'))), fields=['id'], name='signature_untold'),
        ),
        migrations.RunPython(looked_at, migrations.RunPython.noop, elidable=True),
    ]
