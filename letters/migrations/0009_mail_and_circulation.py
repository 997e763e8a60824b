"""History of messages, addresses that are dead, a pace for mail, and a list that may be shown in circulation."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0008_documents_shown_from'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('outcome', models.CharField(choices=[('accepted', 'Taken by the mail server'), ('waits', 'Not now; tried again'), ('refused', 'Refused for good'), ('unknown', 'The worker stopped while sending; nobody knows whether it was taken'), ('delayed', 'Delayed further on'), ('bounced', 'Came back'), ('complained', 'Reported as unwanted')], max_length=10, verbose_name='what')),
                ('reply', models.TextField(blank=True, verbose_name='the server’s words')),
                ('worker', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'verbose_name': 'try',
                'verbose_name_plural': 'tries',
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='BouncedAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('status', models.CharField(blank=True, max_length=12, verbose_name='status')),
                ('bounced_at', models.DateTimeField(verbose_name='came back')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Pace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, unique=True)),
                ('free_at', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.RemoveIndex(
            model_name='event',
            name='event_told',
        ),
        migrations.AddField(
            model_name='letter',
            name='lists_in_circulation',
            field=models.BooleanField(default=False, help_text='Whoever has the private link or an invitation sees the list grow before the release. Else they see who leads the letter, and no other name.', verbose_name='show who signed so far'),
        ),
        migrations.AddField(
            model_name='message',
            name='bounced_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='came back'),
        ),
        migrations.AlterField(
            model_name='message',
            name='state',
            field=models.CharField(choices=[('queued', 'Queued'), ('claimed', 'Claimed by a worker'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Failed'), ('bounced', 'Came back'), ('cancelled', 'Cancelled')], default='queued', max_length=10, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('kind__in', ('letter.amended', 'amendment.reminded', 'letter.released', 'letter.delivered', 'response.published', 'update.published'))), fields=['id'], name='event_told'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='letters.message'),
        ),
    ]
