"""Indexes that no question asks go: those for patterns on digests, and those that another begins with."""

from django.conf import settings
from django.db import migrations, models


def freeze_again(apps, schema_editor):
    """SQLite alters a table by making a new one, and the trigger that keeps events as they are goes with the old one."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER IF NOT EXISTS letters_event_frozen BEFORE UPDATE ON letters_event "
            "BEGIN SELECT RAISE(ABORT, 'rows of letters_event never change'); END"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0003_order_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='subject',
            field=models.CharField(blank=True, max_length=60, verbose_name='about'),
        ),
        migrations.AlterField(
            model_name='message',
            name='message_id',
            field=models.CharField(max_length=120, verbose_name='Message-ID'),
        ),
        migrations.AlterField(
            model_name='message',
            name='once',
            field=models.CharField(blank=True, help_text='Two messages never share this word.', max_length=100, null=True),
        ),
        migrations.AlterField(
            model_name='message',
            name='subject_ref',
            field=models.CharField(blank=True, max_length=60, verbose_name='about'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['subject'], name='event_subject'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['subject_ref'], name='message_subject'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('message_id',), name='message_id_once'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('once',), name='message_once'),
        ),
        migrations.RunPython(freeze_again, freeze_again, elidable=False),
    ]
