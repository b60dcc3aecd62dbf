"""Seals on the audit log. The database itself refuses to change or delete one, or to put one before the last.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration runs ``freeze`` again.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "accounts_auditseal"
LAST = f"(SELECT COALESCE(MAX(last_id), 0) FROM {TABLE})"
STAYS = "A seal never changes and is never deleted."
BEHIND = "A seal stands behind the last one."
SQLITE = (
    *(
        f"CREATE TRIGGER {TABLE}_stays_on_{event.lower()} BEFORE {event} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{STAYS}'); END"
        for event in ("UPDATE", "DELETE")
    ),
    f"CREATE TRIGGER {TABLE}_is_the_last BEFORE INSERT ON {TABLE} WHEN NEW.last_id <= {LAST} "
    f"BEGIN SELECT RAISE(ABORT, '{BEHIND}'); END",
)
POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION refuse_audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            RAISE EXCEPTION '{STAYS}' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.last_id <= {LAST} THEN
            RAISE EXCEPTION '{BEHIND}' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER {TABLE}_stays BEFORE INSERT OR UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_seal()
    """,
)


def freeze(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def thaw(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION refuse_audit_seal() CASCADE")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_coming_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_id', models.BigIntegerField(unique=True)),
                ('count', models.PositiveIntegerField()),
                ('before', models.CharField(max_length=64, unique=True)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('sealed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('last_id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('count__gt', 0)), name='a_seal_holds_something')],
            },
        ),
        migrations.RunPython(freeze, thaw),
    ]
