"""What a search finds: the words of the current version, apart from those an editor works on."""

import django.db.models.deletion
from django.db import migrations, models

from letters import texts


def fill(apps, schema_editor):
    rows = apps.get_model("letters", "SearchWords").objects
    letters = apps.get_model("letters", "Letter").objects.filter(current_version__isnull=False)
    for letter in letters.select_related("current_version").iterator(chunk_size=200):
        title, words = texts.searched(letter.current_version.content)
        rows.create(letter=letter, title=title, words=words)


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0006_what_follows'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.TextField()),
                ('words', models.TextField()),
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='search_words', to='letters.letter')),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]
