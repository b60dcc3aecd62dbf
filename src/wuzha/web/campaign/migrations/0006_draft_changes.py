"""Who changed what in a draft. The database itself refuses to change or lose it once the plan is issued.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration runs ``freeze`` again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

IS_ISSUED = "(SELECT state FROM campaign_planversion WHERE id = {version}) = 'issued'"
OF_STEP = "(SELECT version_id FROM campaign_draftchange WHERE id = OLD.change_id)"
# Table, what is refused, and when; what was changed is never rewritten, not even in a draft.
GUARDS = (
    ("campaign_draftduty", "UPDATE", IS_ISSUED.format(version="OLD.version_id")),
    ("campaign_draftduty", "DELETE", IS_ISSUED.format(version="OLD.version_id")),
    ("campaign_draftchange", "UPDATE", ""),
    ("campaign_draftchange", "DELETE", IS_ISSUED.format(version="OLD.version_id")),
    ("campaign_draftstep", "UPDATE", ""),
    ("campaign_draftstep", "DELETE", IS_ISSUED.format(version=OF_STEP)),
)
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_kept_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN
        RAISE EXCEPTION 'What was changed in a draft stays as it was noted.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
"""


def freeze(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table, event, condition in GUARDS:
        name = f"{table}_is_kept_on_{event.lower()}"
        for statement in _guard(schema_editor.connection.vendor, (name, table, event, condition)):
            schema_editor.execute(statement)


def _guard(vendor: str, guard: tuple[str, str, str, str]) -> list[str]:
    name, table, event, condition = guard
    if vendor == "sqlite":
        when = f"WHEN {condition} " if condition else ""
        told = "SELECT RAISE(ABORT, 'What was changed in a draft stays as it was noted.');"
        return [f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}BEGIN {told} END"]
    function = FUNCTION.replace("refuse_kept_draft", f"refuse_{name}").format(condition=condition or "TRUE")
    return [
        function,
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_{name}()",
    ]


def thaw(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table, event, _ in GUARDS:
        name = f"{table}_is_kept_on_{event.lower()}"
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS refuse_{name}()")


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0005_kind_minutes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='draftduty',
            name='revision',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='draftduty',
            name='spans',
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name='draftduty',
            name='decision',
            field=models.CharField(choices=[('proposed', 'To be confirmed'), ('accepted', 'Accepted'), ('dropped', 'Dropped'), ('gone', 'Gone into another duty')], default='proposed', max_length=8),
        ),
        migrations.CreateModel(
            name='DraftChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('action', models.CharField(choices=[('accept', 'Accepted a duty'), ('drop', 'Dropped a duty'), ('restore', 'Took a decision back'), ('accept-clear', 'Accepted all without a question'), ('mend', 'Mended a duty'), ('answer', 'Answered what was asked'), ('merge', 'Made several duties one'), ('split', 'Made one duty several'), ('add', 'Added a duty'), ('head', 'Mended the head'), ('leave-out', 'Left out what was not decided'), ('undo', 'Took a step back'), ('redo', 'Made a step again')], max_length=12)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undoes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaign.draftchange')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='campaign.planversion')),
            ],
            options={
                'ordering': ('version', 'number'),
            },
        ),
        migrations.CreateModel(
            name='DraftStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField()),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='campaign.draftchange')),
                ('row', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='campaign.draftduty')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.AddConstraint(
            model_name='draftchange',
            constraint=models.UniqueConstraint(fields=('version', 'number'), name='changes_of_a_draft_are_numbered'),
        ),
        migrations.AddConstraint(
            model_name='draftchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('action__in', ('undo', 'redo')), ('undoes__isnull', False)), models.Q(models.Q(('action__in', ('undo', 'redo')), _negated=True), ('undoes__isnull', True)), _connector='OR'), name='only_undo_and_redo_name_a_change'),
        ),
        migrations.AddConstraint(
            model_name='draftstep',
            constraint=models.UniqueConstraint(fields=('change', 'row'), name='a_change_does_one_thing_to_a_duty'),
        ),
        migrations.AddConstraint(
            model_name='draftstep',
            constraint=models.UniqueConstraint(condition=models.Q(('row__isnull', True)), fields=('change',), name='a_change_does_one_thing_to_the_head'),
        ),
        migrations.RunPython(freeze, thaw),
    ]
