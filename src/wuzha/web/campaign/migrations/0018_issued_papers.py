"""Papers: drafts, issued ones, and restatements. The database itself refuses to change or delete what was issued, and
to leave a number out.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration runs ``freeze`` again.
"""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("campaign_issuedpaper", "campaign_restatement")
NEXT = """(SELECT COALESCE(MAX(serial), 0) + 1 FROM campaign_issuedpaper
    WHERE unit_id = NEW.unit_id AND form = NEW.form AND year = NEW.year)"""
SQLITE = (
    *(
        f"""
        CREATE TRIGGER {table}_stays_on_{event.lower()} BEFORE {event} ON {table}
        BEGIN SELECT RAISE(ABORT, 'What was issued never changes and is never deleted.'); END
        """
        for table in TABLES
        for event in ("UPDATE", "DELETE")
    ),
    f"""
    CREATE TRIGGER campaign_issuedpaper_leaves_no_gap BEFORE INSERT ON campaign_issuedpaper
    WHEN NEW.serial <> {NEXT} BEGIN SELECT RAISE(ABORT, 'The number is not the next one.'); END
    """,
)
POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION refuse_issued_paper() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'What was issued never changes and is never deleted.' USING ERRCODE = 'check_violation';
    END $$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_issued_paper()
        """
        for table in TABLES
    ),
    f"""
    CREATE OR REPLACE FUNCTION refuse_paper_number() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.serial <> {NEXT} THEN
            RAISE EXCEPTION 'The number is not the next one.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER campaign_issuedpaper_leaves_no_gap BEFORE INSERT ON campaign_issuedpaper
    FOR EACH ROW EXECUTE FUNCTION refuse_paper_number()
    """,
)
# The triggers go with their tables.
POSTGRESQL_BACK = ("DROP FUNCTION refuse_issued_paper() CASCADE", "DROP FUNCTION refuse_paper_number() CASCADE")


def freeze(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def thaw(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in () if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement)



class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_coming_changes'),
        ('campaign', '0017_record_arrived_in'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DraftPaper',
            fields=[
                ('form', models.CharField(choices=[('letter', 'Letter of advice'), ('circular', 'Circular'), ('supervise', 'Supervision notice'), ('commend', 'Commendation'), ('talk', 'Record of a talk'), ('notice', 'Notice'), ('briefing', 'Briefing'), ('plan', 'Plan document'), ('policy-note', 'Policy note'), ('monthly-table', 'Monthly progress table')], max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('asked', models.JSONField(default=dict)),
                ('said', models.JSONField(default=dict)),
                ('content', models.JSONField(default=dict)),
                ('as_of', models.DateField()),
                ('known_by', models.DateField()),
                ('counted_at', models.DateTimeField()),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('addressee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('-changed_at',),
            },
        ),
        migrations.CreateModel(
            name='IssuedPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('letter', 'Letter of advice'), ('circular', 'Circular'), ('supervise', 'Supervision notice'), ('commend', 'Commendation'), ('talk', 'Record of a talk'), ('notice', 'Notice'), ('briefing', 'Briefing'), ('plan', 'Plan document'), ('policy-note', 'Policy note'), ('monthly-table', 'Monthly progress table')], max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('asked', models.JSONField(default=dict)),
                ('said', models.JSONField(default=dict)),
                ('content', models.JSONField(default=dict)),
                ('as_of', models.DateField()),
                ('known_by', models.DateField()),
                ('counted_at', models.DateTimeField()),
                ('draft', models.UUIDField(editable=False, unique=True)),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('number', models.CharField(max_length=80)),
                ('docx', models.BinaryField(default=b'')),
                ('docx_sha256', models.CharField(blank=True, max_length=64)),
                ('pdf', models.BinaryField(default=b'')),
                ('pdf_sha256', models.CharField(blank=True, max_length=64)),
                ('pdf_note', models.TextField(blank=True)),
                ('xlsx', models.BinaryField(default=b'')),
                ('xlsx_sha256', models.CharField(blank=True, max_length=64)),
                ('issued_at', models.DateTimeField()),
                ('addressee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('-issued_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Restatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('changes', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restatements', to='campaign.issuedpaper')),
            ],
            options={
                'ordering': ('-made_at', '-id'),
            },
        ),
        migrations.AddIndex(
            model_name='issuedpaper',
            index=models.Index(fields=['unit', '-issued_at'], name='papers_of_an_office'),
        ),
        migrations.AddConstraint(
            model_name='issuedpaper',
            constraint=models.UniqueConstraint(fields=('unit', 'form', 'year', 'serial'), name='a_number_is_given_once'),
        ),
        migrations.AddConstraint(
            model_name='issuedpaper',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('docx_sha256', ''), _negated=True), models.Q(('xlsx_sha256', ''), _negated=True), _connector='OR'), name='an_issued_paper_has_its_bytes'),
        ),
        migrations.AddConstraint(
            model_name='issuedpaper',
            constraint=models.CheckConstraint(condition=models.Q(('serial__gte', 1), models.Q(('number', ''), _negated=True)), name='an_issued_paper_has_a_number'),
        ),
        migrations.RunPython(freeze, thaw),
    ]
