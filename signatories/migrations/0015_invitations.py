"""Invitations, whom to write to, and who wants no more mail. Signatories of letters that are public are told of no release."""

import django.db.models.deletion
import django_countries.fields
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def nobody_is_told_late(apps, schema_editor):
    """The release of a letter is told to its signatories from now on; those of the past are done."""
    Event = apps.get_model("letters", "Event")
    Telling = apps.get_model("signatories", "Telling")
    old = Event.objects.filter(kind="letter.released").values_list("pk", flat=True)
    Telling.objects.bulk_create(
        [Telling(event_id=pk, done_at=timezone.now()) for pk in old], ignore_conflicts=True
    )


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0009_mail_and_circulation'),
        ('signatories', '0014_list_of_signatories'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NoInvitations',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='representative',
            name='stopped_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='wants no more mail since'),
        ),
        migrations.CreateModel(
            name='DigestSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(max_length=32)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='digest_setting', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('email_key', models.CharField(editable=False, max_length=64)),
                ('name', models.CharField(blank=True, max_length=160, verbose_name='name')),
                ('language', models.CharField(blank=True, max_length=12, verbose_name='language')),
                ('added_at', models.DateTimeField(verbose_name='added')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='signatories.organisation')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'ordering': ['id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('organisation', 'email_key'), name='contact_once')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation_name', models.CharField(blank=True, max_length=250, verbose_name='name of the organisation')),
                ('country', django_countries.fields.CountryField(blank=True, max_length=2, verbose_name='country')),
                ('person_name', models.CharField(blank=True, max_length=160, verbose_name='to whom')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('email_key', models.CharField(editable=False, max_length=64)),
                ('language', models.CharField(default='en', max_length=12, verbose_name='language')),
                ('source', models.CharField(choices=[('directory', 'the directory'), ('addresses', 'addresses given'), ('letters', 'signatories of earlier letters')], max_length=10, verbose_name='came from')),
                ('nonce', models.CharField(editable=False, max_length=32)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('stop_digest', models.CharField(editable=False, max_length=64)),
                ('made_at', models.DateTimeField(verbose_name='prepared')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='opened the form')),
                ('form_sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent the form')),
                ('declined_at', models.DateTimeField(blank=True, null=True, verbose_name='declined')),
                ('declined_word', models.TextField(blank=True, verbose_name='their word')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='wants no invitations since')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='reminded')),
                ('reminders', models.PositiveSmallIntegerField(default=0, verbose_name='reminders')),
                ('letter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='letters.letter', verbose_name='letter')),
                ('made_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='letters.message')),
                ('reminder', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='letters.message')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='signatories.organisation', verbose_name='organisation')),
                ('otherwise', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='signatories.signature')),
                ('signature', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitation', to='signatories.signature')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None), models.Q(('email_key', ''), _negated=True)), fields=('letter', 'email_key'), name='invitation_once'), models.UniqueConstraint(fields=('digest',), name='invitation_key_once'), models.UniqueConstraint(fields=('stop_digest',), name='invitation_stop_once')],
            },
        ),
        migrations.CreateModel(
            name='InvitationReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days_before', models.PositiveSmallIntegerField(verbose_name='days before the close')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitation_reminders', to='letters.letter')),
            ],
            options={
                'ordering': ['-days_before'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('letter', 'days_before'), name='invitation_reminder_once')],
            },
        ),
        migrations.RunPython(nobody_is_told_late, migrations.RunPython.noop),
    ]
