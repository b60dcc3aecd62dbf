"""Scorecards, their drafts, and what persons do to a score. The database itself refuses to change or delete what was
adopted or done, and to adopt a card for days for which another holds that has begun.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration runs ``freeze`` again.
"""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


TABLES = ("campaign_scorecard", "campaign_scoreevent")
# A card that holds for some of the same days and was not replaced. It gives way only to a version that says so, and
# only before its own first day.
TAKEN = """EXISTS (
    SELECT 1 FROM campaign_scorecard AS held
    WHERE held.unit_id = NEW.unit_id AND held.opens_on <= NEW.last_on AND held.last_on >= NEW.opens_on
    AND NOT EXISTS (SELECT 1 FROM campaign_scorecard AS later WHERE later.replaces_id = held.id)
    AND (NEW.replaces_id IS NULL OR NEW.replaces_id <> held.id OR held.opens_on <= NEW.adopted_on)
)"""
SAID = "The rules of a scorecard stand for their period; what was done under it is only added."
SQLITE = (
    *(
        f"""
        CREATE TRIGGER {table}_stays_on_{event.lower()} BEFORE {event} ON {table}
        BEGIN SELECT RAISE(ABORT, '{SAID}'); END
        """
        for table in TABLES
        for event in ("UPDATE", "DELETE")
    ),
    f"""
    CREATE TRIGGER campaign_scorecard_keeps_its_period BEFORE INSERT ON campaign_scorecard
    WHEN {TAKEN} BEGIN SELECT RAISE(ABORT, '{SAID}'); END
    """,
)
POSTGRESQL_PERIOD = f"""
    CREATE OR REPLACE FUNCTION refuse_score_period() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {TAKEN} THEN
            RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
"""
POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION refuse_score_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';
    END $$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_score_change()
        """
        for table in TABLES
    ),
    POSTGRESQL_PERIOD,
    """
    CREATE TRIGGER campaign_scorecard_keeps_its_period BEFORE INSERT ON campaign_scorecard
    FOR EACH ROW EXECUTE FUNCTION refuse_score_period()
    """,
)
# The triggers go with their tables.
POSTGRESQL_BACK = ("DROP FUNCTION refuse_score_change() CASCADE", "DROP FUNCTION refuse_score_period() CASCADE")


def freeze(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def thaw(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in () if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_coming_changes'),
        ('campaign', '0018_issued_papers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DraftScorecard',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('content', models.JSONField(default=dict)),
                ('filing', models.CharField(blank=True, max_length=120, verbose_name='filing of the assessment plan')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.planversion')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('-changed_at',),
            },
        ),
        migrations.CreateModel(
            name='Scorecard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draft', models.UUIDField(editable=False, unique=True)),
                ('version', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('opens_on', models.DateField()),
                ('last_on', models.DateField()),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('filing', models.CharField(blank=True, max_length=120)),
                ('adopted_as', models.CharField(max_length=200)),
                ('adopted_on', models.DateField()),
                ('adopted_at', models.DateTimeField()),
                ('adopted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.planversion')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='campaign.scorecard')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scorecards', to='accounts.unit')),
            ],
            options={
                'ordering': ('-opens_on', '-version'),
            },
        ),
        migrations.CreateModel(
            name='ScoreEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('figure', 'Figure brought in'), ('bonus', 'Bonus granted'), ('charge', 'Deduction announced'), ('reply', "The unit's side"), ('imposed', 'Deducted'), ('dropped', 'Not deducted'), ('appeal', 'Appeal'), ('accepted', 'Appeal accepted'), ('refused', 'Appeal refused'), ('filed', 'Filing named')], max_length=10)),
                ('item', models.CharField(blank=True, max_length=64)),
                ('happened_on', models.DateField()),
                ('text', models.CharField(max_length=500)),
                ('points', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True)),
                ('done', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('asked', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('made_as', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='campaign.scoreevent')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='campaign.scorecard')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.UniqueConstraint(fields=('unit', 'version'), name='a_card_version_is_given_once'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('opens_on'))), name='a_card_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('digest', ''), _negated=True), models.Q(('adopted_as', ''), _negated=True)), name='a_card_has_its_rules_and_a_name'),
        ),
        migrations.AddIndex(
            model_name='scoreevent',
            index=models.Index(fields=['card', 'unit'], name='score_events_of_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='scoreevent',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ('imposed', 'dropped', 'accepted', 'refused'))), fields=('about',), name='a_charge_or_appeal_is_answered_once'),
        ),
        migrations.AddConstraint(
            model_name='scoreevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('made_as', ''), _negated=True)), name='a_score_event_has_a_reason_and_a_post'),
        ),
        migrations.AddConstraint(
            model_name='scoreevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'filed'), models.Q(('unit__isnull', False), models.Q(('item', ''), _negated=True)), _connector='OR'), name='a_score_event_has_its_item'),
        ),
        migrations.AddConstraint(
            model_name='scoreevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('about__isnull', True), ('kind__in', ('figure', 'bonus', 'charge', 'appeal', 'filed'))), models.Q(('about__isnull', False), ('kind__in', ('reply', 'imposed', 'dropped', 'accepted', 'refused'))), _connector='OR'), name='a_score_answer_has_its_question'),
        ),
        migrations.AddConstraint(
            model_name='scoreevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'accepted'), ('points__gt', 0)), models.Q(models.Q(('kind', 'accepted'), _negated=True), ('points__isnull', True)), _connector='OR'), name='an_accepted_appeal_gives_points_back'),
        ),
        migrations.AddConstraint(
            model_name='scoreevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked__gte', 0), ('done__gte', 0), ('kind', 'figure')), models.Q(models.Q(('kind', 'figure'), _negated=True), ('asked__isnull', True), ('done__isnull', True)), _connector='OR'), name='a_score_figure_has_its_counts'),
        ),
        migrations.RunPython(freeze, thaw),
    ]
