"""A refusal in words that a person understands."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0004_lean_indexes'),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='addressee',
            name='addressee_is_somebody',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('function', ''), _negated=True), models.Q(('body', ''), _negated=True), _connector='OR'), name='addressee_is_somebody', violation_error_message='Give a name, a function or a body.'),
        ),
    ]
