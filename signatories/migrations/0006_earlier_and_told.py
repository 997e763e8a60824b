"""Signatures under an amended text, names of organisations by language, and news of a letter."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0006_what_follows'),
        ('signatories', '0005_untold'),
    ]

    operations = [
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reached', models.BigIntegerField(default=0)),
                ('told', models.PositiveIntegerField(default=0)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='organisationname',
            name='organisation_name_once',
        ),
        migrations.RemoveConstraint(
            model_name='signature',
            name='one_signature_per_organisation',
        ),
        migrations.RemoveConstraint(
            model_name='signature',
            name='one_signature_per_person',
        ),
        migrations.RemoveConstraint(
            model_name='signature',
            name='signature_rival_not_accepted',
        ),
        migrations.RemoveConstraint(
            model_name='signature',
            name='signature_confirmed_first',
        ),
        migrations.RemoveConstraint(
            model_name='signature',
            name='signature_has_name',
        ),
        migrations.RemoveIndex(
            model_name='signature',
            name='signature_untold',
        ),
        migrations.AddField(
            model_name='organisationname',
            name='language',
            field=models.CharField(blank=True, max_length=12, verbose_name='language'),
        ),
        migrations.AddField(
            model_name='representative',
            name='wants_updates',
            field=models.BooleanField(default=False, verbose_name='wants news of the letter'),
        ),
        migrations.AddField(
            model_name='signature',
            name='language',
            field=models.CharField(blank=True, max_length=12, verbose_name='language read'),
        ),
        migrations.AlterField(
            model_name='key',
            name='purpose',
            field=models.CharField(choices=[('confirm', 'confirm'), ('manage', 'see, correct, withdraw'), ('reaffirm', 're-affirm or withdraw after an amendment'), ('stop', 'stop news of the letter')], max_length=8),
        ),
        migrations.AlterField(
            model_name='organisationname',
            name='kind',
            field=models.CharField(choices=[('name', 'name'), ('acronym', 'acronym'), ('other', 'other name'), ('language', 'name in another language')], default='other', max_length=8, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='signature',
            name='state',
            field=models.CharField(choices=[('unconfirmed', 'Not yet confirmed'), ('confirmed', 'Waits for review'), ('accepted', 'Accepted'), ('earlier', 'Signed an earlier text'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('disowned', '“Not me”'), ('expired', 'Lapsed')], default='unconfirmed', max_length=12, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(condition=models.Q(('state', 'earlier')), fields=['letter', 'version', 'place', 'sort_key', 'id'], name='signature_earlier'),
        ),
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(condition=models.Q(('first_told_at', None), ('state__in', ('unconfirmed', 'confirmed', 'accepted', 'earlier'))), fields=['id'], name='signature_untold'),
        ),
        migrations.AddConstraint(
            model_name='organisationname',
            constraint=models.UniqueConstraint(fields=('organisation', 'kind', 'key', 'language'), name='organisation_name_once'),
        ),
        migrations.AddConstraint(
            model_name='organisationname',
            constraint=models.UniqueConstraint(condition=models.Q(('language', ''), _negated=True), fields=('organisation', 'language'), name='organisation_language_once'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'organisation'), ('rival_of', None), ('state__in', ('unconfirmed', 'confirmed', 'accepted', 'earlier'))), fields=('letter', 'organisation'), name='one_signature_per_organisation'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('unconfirmed', 'confirmed', 'accepted', 'earlier')), models.Q(('person_key', ''), _negated=True)), fields=('letter', 'person_key'), name='one_signature_per_person'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('accepted', 'earlier')), _negated=True), ('rival_of', None), _connector='OR'), name='signature_rival_not_accepted'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('confirmed', 'accepted', 'earlier')), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='signature_confirmed_first'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('unconfirmed', 'confirmed', 'accepted', 'earlier')), _negated=True), models.Q(('name', ''), _negated=True), models.Q(('kind', 'individual'), ('visibility', 'withheld')), _connector='OR'), name='signature_has_name'),
        ),
        migrations.AddField(
            model_name='telling',
            name='event',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='telling', to='letters.event'),
        ),
    ]
