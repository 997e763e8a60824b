"""Events of signatures and invitations may lose what was said of a person, and nothing else: when personal data ends, the
note becomes empty and what stood before and after may go. Who, when and what kind of act never change."""

from django.db import migrations

TABLE = "letters_event"
REFUSAL = f"rows of {TABLE} never change"
SAME = ("id", "letter_id", "subject", "kind", "actor_id", "at")
EMPTIED = ("before", "after")
ABOUT = "(OLD.subject LIKE 'signature:%' OR OLD.subject LIKE 'invitation:%')"


def erases(same):
    """The condition, in SQL, under which an update only erases; ``same`` compares two values, of which both may be null."""
    stay = [f'NEW."{name}" {same} OLD."{name}"' for name in SAME]
    go = [f'(NEW."{name}" IS NULL OR NEW."{name}" {same} OLD."{name}")' for name in EMPTIED]
    return " AND ".join([ABOUT, "NEW.note = ''", *stay, *go])


POSTGRES_FUNCTION = f"""
CREATE FUNCTION undersigned_event_frozen() RETURNS trigger AS $$
BEGIN
    IF {erases("IS NOT DISTINCT FROM")} THEN RETURN NEW; END IF;
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
END
$$ LANGUAGE plpgsql
"""


def renew(schema_editor, *, erasable):
    """Makes the trigger on events anew."""
    postgres = schema_editor.connection.vendor == "postgresql"
    run = lambda sql: schema_editor.execute(sql, params=None)  # noqa: E731  (% stands for itself)
    run(f"DROP TRIGGER IF EXISTS {TABLE}_frozen" + (f" ON {TABLE}" if postgres else ""))
    if postgres:
        run(POSTGRES_FUNCTION if erasable else "DROP FUNCTION undersigned_event_frozen()")
        function = "undersigned_event_frozen" if erasable else "undersigned_frozen"
        run(
            f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
        return
    unless = f"WHEN NOT ({erases('IS')}) " if erasable else ""
    run(
        f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} {unless}"
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def open_door(apps, schema_editor):
    renew(schema_editor, erasable=True)


def close_door(apps, schema_editor):
    renew(schema_editor, erasable=False)


class Migration(migrations.Migration):
    dependencies = [("letters", "0009_mail_and_circulation")]
    operations = [migrations.RunPython(open_door, close_door, elidable=False)]
