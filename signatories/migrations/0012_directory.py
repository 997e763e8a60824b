"""More facts of an organisation; pairs that may be doubles, merges, and the addresses that lead on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from signatories.matching import fold


def narrow(apps, schema_editor):
    """Search finds an entry that nobody verified by its own name and acronym alone."""
    rows = apps.get_model("signatories", "Organisation").objects.filter(
        verified_at=None, names__kind__in=["other", "language"]
    )
    for row in rows.distinct().iterator(chunk_size=1000):
        row.search_text = fold(f"{row.name} {row.acronym}")
        row.save(update_fields=["search_text"])


class Migration(migrations.Migration):

    dependencies = [
        ('signatories', '0011_import_batches'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept_name', models.CharField(max_length=250, verbose_name='went into')),
                ('gone', models.BigIntegerField(verbose_name='number of the entry')),
                ('gone_name', models.CharField(max_length=250, verbose_name='entry')),
                ('taken', models.JSONField()),
                ('at', models.DateTimeField(verbose_name='merged')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back')),
            ],
            options={
                'verbose_name': 'merge',
                'verbose_name_plural': 'merges',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='OldAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='address')),
            ],
            options={
                'verbose_name': 'old address',
                'verbose_name_plural': 'old addresses',
            },
        ),
        migrations.CreateModel(
            name='PossibleDouble',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('same', 'The same'), ('maybe', 'Maybe the same')], max_length=5, verbose_name='verdict')),
                ('score', models.PositiveSmallIntegerField(verbose_name='likeness')),
                ('why', models.CharField(max_length=40, verbose_name='why')),
                ('found_at', models.DateTimeField(verbose_name='found')),
                ('dismissed_at', models.DateTimeField(blank=True, null=True, verbose_name='not the same, said')),
            ],
            options={
                'verbose_name': 'possible double',
                'verbose_name_plural': 'possible doubles',
                'ordering': ['-score', 'id'],
            },
        ),
        migrations.AddField(
            model_name='organisation',
            name='compared_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='organisation',
            name='kind',
            field=models.CharField(blank=True, choices=[('ngo', 'Non-governmental organisation'), ('network', 'Network or coalition'), ('union', 'Trade union'), ('faith', 'Faith body'), ('academic', 'Academic body'), ('profession', 'Professional association'), ('foundation', 'Foundation'), ('public', 'Public body'), ('business', 'Business'), ('media', 'Media'), ('other', 'Other')], max_length=12, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='logo',
            field=models.ImageField(blank=True, height_field='logo_height', upload_to='logos/', verbose_name='logo', width_field='logo_width'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='logo_alt',
            field=models.CharField(blank=True, help_text='What the logo shows, for those who do not see it. Required with a logo.', max_length=200, verbose_name='logo in words'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='logo_height',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='organisation',
            name='logo_width',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='organisation',
            name='region',
            field=models.CharField(blank=True, help_text='A part of the country, or what it works in where that is more than one: Catalonia, West Africa.', max_length=80, verbose_name='region'),
        ),
        migrations.AlterField(
            model_name='organisationname',
            name='kind',
            field=models.CharField(choices=[('name', 'name'), ('acronym', 'acronym'), ('other', 'other name'), ('former', 'former name'), ('language', 'name in another language'), ('quiet', 'recognised by, shown nowhere')], default='other', max_length=8, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='signature',
            name='state',
            field=models.CharField(choices=[('unconfirmed', 'Not yet confirmed'), ('confirmed', 'Waits for review'), ('accepted', 'Accepted'), ('earlier', 'Signed an earlier text'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('disowned', '“Not me”'), ('expired', 'Lapsed'), ('merged', 'Counted with another')], default='unconfirmed', max_length=12, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(condition=models.Q(('compared_at', None)), fields=['id'], name='organisation_to_compare'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('logo', ''), models.Q(('logo_alt', ''), _negated=True), _connector='OR'), name='organisation_logo_has_words'),
        ),
        migrations.AddField(
            model_name='merge',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='merge',
            name='kept',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='merges', to='signatories.organisation', verbose_name='went into'),
        ),
        migrations.AddField(
            model_name='oldaddress',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='old_addresses', to='signatories.organisation'),
        ),
        migrations.AddField(
            model_name='possibledouble',
            name='dismissed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='possibledouble',
            name='first',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='doubles_after', to='signatories.organisation', verbose_name='entry'),
        ),
        migrations.AddField(
            model_name='possibledouble',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='doubles_before', to='signatories.organisation', verbose_name='other entry'),
        ),
        migrations.AddConstraint(
            model_name='possibledouble',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='double_once'),
        ),
        migrations.AddConstraint(
            model_name='possibledouble',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='double_in_order'),
        ),
        migrations.RunPython(narrow, migrations.RunPython.noop),
    ]
