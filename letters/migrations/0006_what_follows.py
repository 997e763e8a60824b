"""Versions that follow a first one, translations, deliveries, responses, updates, and the states of a list."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

from letters import keys

FROZEN = ("letters_delivery", "letters_liststate")


def freeze(apps, schema_editor):
    """Deliveries and the states of lists never change, and a file of a delivery not once it is made. SQLite alters a table
    by making a new one: the triggers on versions and events are made again there."""
    for table in FROZEN:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION undersigned_frozen()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} never change'); END"
            )
    table = "letters_deliveryfile"
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} FOR EACH ROW WHEN (OLD.digest <> '') "
            "EXECUTE FUNCTION undersigned_frozen()"
        )
        return
    schema_editor.execute(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN OLD.digest <> '' "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} never change'); END"
    )
    for table in ("letters_textversion", "letters_event"):
        schema_editor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {table}_frozen BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} never change'); END"
        )


def thaw(apps, schema_editor):
    on = schema_editor.connection.vendor == "postgresql"
    for table in (*FROZEN, "letters_deliveryfile"):
        schema_editor.execute(f"DROP TRIGGER {table}_frozen" + (f" ON {table}" if on else ""))


def fill(apps, schema_editor):
    """Every text so far was frozen with its letter, so each is ready; every opened letter has a state of its list."""
    apps.get_model("letters", "LetterText").objects.update(state="ready")
    letters = apps.get_model("letters", "Letter").objects.filter(current_version__isnull=False)
    states = apps.get_model("letters", "ListState")
    for letter in letters.iterator(chunk_size=500):
        states.objects.create(
            letter=letter,
            revision=letter.list_revision,
            version_id=letter.current_version_id,
            at=timezone.now(),
            signature_count=letter.signature_count,
            withheld_count=letter.withheld_count,
            code=keys.code("list", f"{letter.pk}:{letter.list_revision}"),
        )


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0005_addressee_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('delivered_on', models.DateField(verbose_name='delivered on')),
                ('to_whom', models.CharField(max_length=250, verbose_name='to whom')),
                ('how', models.CharField(help_text='For example: by hand, by e-mail, by post.', max_length=250, verbose_name='how')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('code', models.CharField(max_length=12)),
                ('list_revision', models.PositiveIntegerField()),
                ('signature_count', models.PositiveIntegerField()),
                ('withheld_count', models.PositiveIntegerField()),
                ('earlier_count', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(verbose_name='recorded')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ['letter_id', 'number'],
            },
        ),
        migrations.CreateModel(
            name='DeliveryFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(blank=True, max_length=12)),
                ('form', models.CharField(choices=[('pdf', 'PDF'), ('docx', 'Word'), ('txt', 'plain text'), ('csv', 'CSV'), ('json', 'JSON'), ('paper', 'frozen document')], max_length=5)),
                ('file', models.FileField(blank=True, upload_to='deliveries/')),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ListState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('signature_count', models.PositiveIntegerField()),
                ('withheld_count', models.PositiveIntegerField()),
                ('earlier_count', models.PositiveIntegerField(default=0)),
                ('code', models.CharField(max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(default='en', max_length=12, verbose_name='language')),
                ('dated', models.DateField(verbose_name='date')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published')),
                ('corrected_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='corrected')),
                ('correction', models.TextField(blank=True, verbose_name='what was corrected')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('from_whom', models.CharField(max_length=250, verbose_name='from whom')),
                ('body', models.TextField(blank=True, verbose_name='words')),
                ('file', models.FileField(blank=True, upload_to='responses/', verbose_name='file')),
            ],
            options={
                'verbose_name': 'response',
                'verbose_name_plural': 'responses',
                'ordering': ['-dated', '-id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Update',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(default='en', max_length=12, verbose_name='language')),
                ('dated', models.DateField(verbose_name='date')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published')),
                ('corrected_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='corrected')),
                ('correction', models.TextField(blank=True, verbose_name='what was corrected')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('title', models.CharField(max_length=250, verbose_name='title')),
                ('body', models.TextField(verbose_name='words')),
            ],
            options={
                'verbose_name': 'update',
                'verbose_name_plural': 'updates',
                'ordering': ['-dated', '-id'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='letter',
            name='earlier_count',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='letter',
            name='earlier_withheld_count',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='lettertext',
            name='source_digest',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='lettertext',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('ready', 'Ready')], default='draft', max_length=5, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='lettertext',
            name='translator_note',
            field=models.TextField(blank=True, help_text='Public beside this language, for example who translated it. Not part of what is signed.', verbose_name='translator’s note'),
        ),
        migrations.AddField(
            model_name='textversion',
            name='kind',
            field=models.CharField(choices=[('opening', 'Opened for signing'), ('correction', 'Correction'), ('amendment', 'Amendment'), ('translation', 'Translation')], default='opening', max_length=11, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='textversion',
            name='reason',
            field=models.TextField(blank=True, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='textversion',
            name='substance',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('kind__in', ('letter.amended', 'amendment.reminded', 'letter.delivered', 'response.published', 'update.published'))), fields=['id'], name='event_told'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('earlier_withheld_count__lte', models.F('earlier_count'))), name='letter_earlier_counts_agree'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delivery',
            name='letter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='letters.letter'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='letters.textversion'),
        ),
        migrations.AddField(
            model_name='deliveryfile',
            name='delivery',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='letters.delivery'),
        ),
        migrations.AddField(
            model_name='liststate',
            name='letter',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='list_states', to='letters.letter'),
        ),
        migrations.AddField(
            model_name='liststate',
            name='version',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='letters.textversion'),
        ),
        migrations.AddField(
            model_name='response',
            name='letter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='letters.letter'),
        ),
        migrations.AddField(
            model_name='update',
            name='letter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='letters.letter'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('letter', 'number'), name='delivery_number_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('code',), name='delivery_code_once'),
        ),
        migrations.AddConstraint(
            model_name='deliveryfile',
            constraint=models.UniqueConstraint(fields=('delivery', 'language', 'form'), name='delivery_file_once'),
        ),
        migrations.AddConstraint(
            model_name='liststate',
            constraint=models.UniqueConstraint(fields=('letter', 'revision'), name='list_state_once'),
        ),
        migrations.AddConstraint(
            model_name='liststate',
            constraint=models.UniqueConstraint(fields=('code',), name='list_state_code_once'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(freeze, thaw, elidable=False),
    ]
