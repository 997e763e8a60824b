"""Indexes that no question asks go: those for patterns on digests and keys, and those that another begins with."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0004_lean_indexes'),
        ('signatories', '0002_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='domain',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='signatories.organisation'),
        ),
        migrations.AlterField(
            model_name='key',
            name='digest',
            field=models.CharField(max_length=64),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='match_key',
            field=models.CharField(editable=False, max_length=260),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='sort_key',
            field=models.CharField(editable=False, max_length=250),
        ),
        migrations.AlterField(
            model_name='organisationname',
            name='key',
            field=models.CharField(editable=False, max_length=250),
        ),
        migrations.AlterField(
            model_name='organisationname',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='names', to='signatories.organisation'),
        ),
        migrations.AlterField(
            model_name='representative',
            name='email_key',
            field=models.CharField(editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name='signature',
            name='organisation',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='signatories.organisation', verbose_name='organisation'),
        ),
        migrations.AlterField(
            model_name='tally',
            name='letter',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='letters.letter'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['sort_key', 'id'], name='organisation_order'),
        ),
        migrations.AddIndex(
            model_name='organisationname',
            index=models.Index(fields=['key'], name='organisation_name_key'),
        ),
        migrations.AddConstraint(
            model_name='key',
            constraint=models.UniqueConstraint(fields=('digest',), name='key_once'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(fields=('match_key',), name='organisation_match_once'),
        ),
    ]
