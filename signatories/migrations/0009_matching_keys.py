"""The directory finds what a name may be by keys of what it says, its initials and how it sounds."""

import django.db.models.deletion
from django.db import migrations, models

from signatories.matching import index_keys, short_keys

PORTION = 2000


def fill(apps, schema_editor):
    names = apps.get_model("signatories", "OrganisationName").objects.order_by("organisation_id", "id")
    MatchKey = apps.get_model("signatories", "MatchKey")
    wanted = set()
    for row in names.iterator(chunk_size=PORTION):
        keys = short_keys(row.name) if row.kind == "acronym" else index_keys(row.name)
        wanted |= {(row.organisation_id, key, len(keys)) for key in keys}
        if len(wanted) > PORTION * 10:
            write(MatchKey, wanted)
            wanted = set()
    write(MatchKey, wanted)


def write(MatchKey, wanted):
    rows = [MatchKey(organisation_id=one, key=key, size=size) for one, key, size in sorted(wanted)]
    # The names of one organisation may lie in two portions.
    MatchKey.objects.bulk_create(rows, batch_size=PORTION, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ('signatories', '0008_rejoined_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='MatchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('size', models.PositiveSmallIntegerField()),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='match_keys', to='signatories.organisation')),
            ],
            options={
                'verbose_name': 'match key',
                'verbose_name_plural': 'match keys',
                'indexes': [models.Index(fields=['key', 'organisation', 'size'], name='match_key_found')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key', 'size'), name='match_key_once')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
