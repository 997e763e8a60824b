"""A list knows a person again who withdrew; a withheld person's name can end with the other personal data."""

from django.db import migrations, models

from letters import keys
from signatories import matching


def fill(apps, schema_editor):
    people = apps.get_model("signatories", "Signature").objects.filter(kind="individual").exclude(name="")
    for signature in people.iterator(chunk_size=2000):
        signature.name_key = keys.blind("name", matching.normalise(signature.name))
        signature.save(update_fields=["name_key"])


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0004_lean_indexes'),
        ('signatories', '0003_lean_indexes'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='signature',
            name='signature_has_name',
        ),
        migrations.AddField(
            model_name='signature',
            name='name_key',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name='signature',
            name='state',
            field=models.CharField(choices=[('unconfirmed', 'Not yet confirmed'), ('confirmed', 'Waits for review'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('disowned', '“Not me”'), ('expired', 'Lapsed')], default='unconfirmed', max_length=12, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(condition=models.Q(('name_key', ''), _negated=True), fields=['letter', 'name_key'], name='signature_by_name_key'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('unconfirmed', 'confirmed', 'accepted')), _negated=True), models.Q(('name', ''), _negated=True), models.Q(('kind', 'individual'), ('visibility', 'withheld')), _connector='OR'), name='signature_has_name'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
