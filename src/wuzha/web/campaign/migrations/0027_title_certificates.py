"""The certificate of a title is a paper. The database itself refuses to give it to another award, or to take it away.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration runs ``freeze`` again.
Another choice of form changes nothing in the database.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "campaign_titlecertificate"
SQLITE = tuple(
    f"""
    CREATE TRIGGER {TABLE}_stays_on_{event.lower()} BEFORE {event} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, 'A certificate stays with its award.'); END
    """
    for event in ("UPDATE", "DELETE")
)
POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION refuse_certificate_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'A certificate stays with its award.' USING ERRCODE = 'check_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER {TABLE}_stays BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION refuse_certificate_change()
    """,
)
# The trigger goes with its table.
POSTGRESQL_BACK = ("DROP FUNCTION refuse_certificate_change() CASCADE",)


def freeze(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def thaw(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in () if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0026_score_table_form'),
    ]

    operations = [
        migrations.AlterField(
            model_name='draftpaper',
            name='form',
            field=models.CharField(choices=[('letter', 'Letter of advice'), ('circular', 'Circular'), ('supervise', 'Supervision notice'), ('commend', 'Commendation'), ('talk', 'Record of a talk'), ('notice', 'Notice'), ('briefing', 'Briefing'), ('plan', 'Plan document'), ('policy-note', 'Policy note'), ('monthly-table', 'Monthly progress table'), ('score-table', 'Table of scores'), ('certificate', 'Certificate of a title')], max_length=20),
        ),
        migrations.AlterField(
            model_name='issuedpaper',
            name='form',
            field=models.CharField(choices=[('letter', 'Letter of advice'), ('circular', 'Circular'), ('supervise', 'Supervision notice'), ('commend', 'Commendation'), ('talk', 'Record of a talk'), ('notice', 'Notice'), ('briefing', 'Briefing'), ('plan', 'Plan document'), ('policy-note', 'Policy note'), ('monthly-table', 'Monthly progress table'), ('score-table', 'Table of scores'), ('certificate', 'Certificate of a title')], max_length=20),
        ),
        migrations.CreateModel(
            name='TitleCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='title_certificate', to='campaign.issuedpaper')),
                ('step', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='campaign.titlestep')),
            ],
        ),
        migrations.RunPython(freeze, thaw),
    ]
