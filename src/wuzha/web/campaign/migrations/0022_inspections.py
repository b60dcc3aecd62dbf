"""Inspections: rounds, draws, visits, findings and what was said of them. The database itself refuses to change or
delete any of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wuzha.web.accounts.kept import keep_rows

TABLES = (
    "campaign_checklistentry",
    "campaign_inspectionround",
    "campaign_inspectiondraw",
    "campaign_inspectionvisit",
    "campaign_inspectionreport",
    "campaign_visitcalledoff",
    "campaign_inspectionfinding",
    "campaign_findingevent",
)
WORDS = "What an inspection says never changes and is never deleted."


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_coming_changes'),
        ('campaign', '0021_titles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChecklistEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('title', models.CharField(blank=True, max_length=40)),
                ('look', models.CharField(blank=True, max_length=300)),
                ('minutes', models.PositiveSmallIntegerField(default=0)),
                ('is_dropped', models.BooleanField(default=False)),
                ('opens_on', models.DateField()),
                ('created_at', models.DateTimeField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='InspectionFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('item', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=40)),
                ('words', models.CharField(max_length=300)),
                ('photo', models.UUIDField(blank=True, null=True)),
                ('found_on', models.DateField()),
                ('mend_by', models.DateField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='FindingEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('closed', 'closed'), ('reopened', 'opened again'), ('objected', 'objected to'), ('upheld', 'upheld'), ('struck', 'struck out')], max_length=10)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('post', models.CharField(max_length=20)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('mend_by', models.DateField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='campaign.inspectionfinding')),
            ],
            options={
                'ordering': ('at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='InspectionRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80)),
                ('kinds', models.JSONField()),
                ('line', models.CharField(blank=True, max_length=40)),
                ('opens_on', models.DateField()),
                ('last_on', models.DateField()),
                ('quarter', models.CharField(max_length=10)),
                ('units_asked', models.PositiveSmallIntegerField()),
                ('items_asked', models.PositiveSmallIntegerField()),
                ('records_asked', models.PositiveSmallIntegerField()),
                ('items', models.JSONField()),
                ('candidates', models.JSONField()),
                ('reasons', models.JSONField(default=dict)),
                ('method', models.CharField(choices=[('sealed', 'A sealed number, shown at the draw'), ('public', 'A public number of a later day')], max_length=10)),
                ('sealed', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('source', models.CharField(blank=True, max_length=120)),
                ('source_on', models.DateField(blank=True, null=True)),
                ('post', models.CharField(max_length=20)),
                ('created_at', models.DateTimeField()),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('-created_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='InspectionDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seed', models.CharField(max_length=64)),
                ('spared', models.JSONField()),
                ('post', models.CharField(max_length=20)),
                ('drawn_at', models.DateTimeField()),
                ('drawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='draw', to='campaign.inspectionround')),
            ],
        ),
        migrations.CreateModel(
            name='InspectionVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('quarter', models.CharField(max_length=10)),
                ('turn', models.PositiveSmallIntegerField()),
                ('items', models.JSONField()),
                ('records', models.JSONField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='campaign.inspectionround')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('place',),
            },
        ),
        migrations.CreateModel(
            name='InspectionReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_on', models.DateField()),
                ('answers', models.JSONField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('post', models.CharField(max_length=20)),
                ('made_at', models.DateTimeField()),
                ('inspector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.record')),
                ('visit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='report', to='campaign.inspectionvisit')),
            ],
        ),
        migrations.AddField(
            model_name='inspectionfinding',
            name='visit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='campaign.inspectionvisit'),
        ),
        migrations.CreateModel(
            name='VisitCalledOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200)),
                ('post', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('visit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='called_off', to='campaign.inspectionvisit')),
            ],
        ),
        migrations.AddConstraint(
            model_name='inspectionround',
            constraint=models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('opens_on'))), name='a_round_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='inspectionround',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('digest', ''), _negated=True), models.Q(models.Q(('source', ''), _negated=True), ('source_on__isnull', False)), _connector='OR'), name='a_round_says_how_it_draws'),
        ),
        migrations.AddConstraint(
            model_name='inspectionvisit',
            constraint=models.UniqueConstraint(fields=('round', 'unit'), name='a_unit_is_drawn_once_a_round'),
        ),
        migrations.AddConstraint(
            model_name='inspectionvisit',
            constraint=models.UniqueConstraint(fields=('unit', 'quarter', 'turn'), name='a_unit_is_visited_in_turns'),
        ),
        migrations.AddConstraint(
            model_name='inspectionvisit',
            constraint=models.CheckConstraint(condition=models.Q(('turn', 1), models.Q(('turn__gt', 1), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='a_second_visit_has_a_reason'),
        ),
        migrations.AddIndex(
            model_name='inspectionfinding',
            index=models.Index(fields=['unit', 'found_on'], name='findings_of_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='inspectionfinding',
            constraint=models.UniqueConstraint(fields=('visit', 'item'), name='an_item_is_found_wanting_once'),
        ),
        migrations.AddConstraint(
            model_name='inspectionfinding',
            constraint=models.CheckConstraint(condition=models.Q(('mend_by__gt', models.F('found_on'))), name='there_is_time_to_mend'),
        ),
        migrations.AddConstraint(
            model_name='visitcalledoff',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_visit_is_called_off_for_a_reason'),
        ),
        keep_rows(*TABLES, function="refuse_inspection_change", words=WORDS),
    ]
