"""What the audit log needs to be searched, checked and cut; from here on the database keeps its entries as they are.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration runs ``freeze`` again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import wuzha.web.accounts.request_id
from wuzha.web.accounts.kept import keep_rows

TABLE = "accounts_auditentry"
CUT = "(SELECT COALESCE(MAX(last_id), 0) FROM accounts_auditcut)"
STAYS = "An entry of the audit log never changes, and is deleted only where a cut stands for it."
SQLITE = (
    f"CREATE TRIGGER {TABLE}_stays_on_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{STAYS}'); END",
    f"CREATE TRIGGER {TABLE}_stays_on_delete BEFORE DELETE ON {TABLE} WHEN OLD.id > {CUT} "
    f"BEGIN SELECT RAISE(ABORT, '{STAYS}'); END",
)
POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION refuse_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.id <= {CUT} THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION '{STAYS}' USING ERRCODE = 'check_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER {TABLE}_stays BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_entry()
    """,
)


def freeze(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def thaw(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION refuse_audit_entry() CASCADE")
    else:
        for event in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {TABLE}_stays_on_{event}")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_audit_seals'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_at', models.DateTimeField()),
                ('last_id', models.BigIntegerField()),
                ('entries', models.PositiveBigIntegerField()),
                ('seals', models.PositiveBigIntegerField()),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('broken_from', models.BigIntegerField(blank=True, null=True)),
                ('broken_to', models.BigIntegerField(blank=True, null=True)),
                ('knows_expected', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ('-checked_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='AuditCut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_id', models.BigIntegerField(unique=True)),
                ('count', models.PositiveBigIntegerField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('cut_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('last_id',),
            },
        ),
        migrations.CreateModel(
            name='AuditPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-at', '-entry_id'),
            },
        ),
        migrations.CreateModel(
            name='AuditPlaced',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_id', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='auditentry',
            name='request',
            field=models.CharField(blank=True, db_default='', default=wuzha.web.accounts.request_id.read_request_id, max_length=64),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='actor',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['at', 'id'], name='audit_by_time'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['actor', 'at', 'id'], name='audit_by_actor'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['action', 'at', 'id'], name='audit_by_action'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['request'], name='audit_by_request'),
        ),
        migrations.AddConstraint(
            model_name='auditcut',
            constraint=models.CheckConstraint(condition=models.Q(('count__gt', 0)), name='a_cut_stands_for_something'),
        ),
        migrations.AddConstraint(
            model_name='auditcut',
            constraint=models.CheckConstraint(condition=models.Q(('last_at__gte', models.F('first_at'))), name='a_cut_goes_forward'),
        ),
        migrations.AddField(
            model_name='auditplace',
            name='entry',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='places', to='accounts.auditentry'),
        ),
        migrations.AddField(
            model_name='auditplace',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.unit'),
        ),
        migrations.AddIndex(
            model_name='auditplace',
            index=models.Index(fields=['unit', 'at', 'entry'], name='audit_by_place'),
        ),
        migrations.AddConstraint(
            model_name='auditplace',
            constraint=models.UniqueConstraint(fields=('entry', 'unit'), name='an_entry_stands_once_at_a_unit'),
        ),
        keep_rows(
            "accounts_auditcheck",
            "accounts_auditcut",
            function="refuse_audit_kept",
            words="What the audit log says of itself never changes and is never deleted.",
        ),
        migrations.RunPython(freeze, thaw),
    ]
