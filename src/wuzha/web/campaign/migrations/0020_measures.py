"""Ladders, measures and what happened to papers: all only added. The database itself refuses to change or delete them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wuzha.web.accounts.kept import keep_rows

TABLES = ("campaign_ladderversion", "campaign_measure", "campaign_paperevent")
WORDS = "What happened to a measure is only added to."


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_coming_changes'),
        ('campaign', '0019_scorecards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LadderVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('reason', models.CharField(max_length=200)),
                ('starts_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=40)),
                ('step_title', models.CharField(max_length=40)),
                ('step_title_en', models.CharField(max_length=80)),
                ('about', models.JSONField()),
                ('facts', models.JSONField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('as_of', models.DateField()),
                ('known_by', models.DateField()),
                ('given_on', models.DateField()),
                ('answer_by', models.DateField()),
                ('mend_by', models.DateField()),
                ('appeal_by', models.DateField()),
                ('look_back_days', models.PositiveSmallIntegerField()),
                ('post', models.CharField(max_length=12)),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ladder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.ladderversion')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='measure', to='campaign.issuedpaper')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='accounts.unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.planversion')),
            ],
            options={
                'ordering': ('-given_on', '-id'),
            },
        ),
        migrations.CreateModel(
            name='PaperEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('answered', 'Answered'), ('mended', 'Mending reported'), ('appealed', 'Appealed'), ('upheld', 'Appeal refused'), ('lifted', 'Lifted'), ('cleared', 'Cleared'), ('extended', 'Extended')], max_length=8)),
                ('on', models.DateField()),
                ('note', models.TextField(blank=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('is_alone', models.BooleanField(default=False)),
                ('post', models.CharField(max_length=12)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='campaign.issuedpaper')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('paper', 'number'),
            },
        ),
        migrations.AddConstraint(
            model_name='ladderversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='a_ladder_has_a_reason'),
        ),
        migrations.AddIndex(
            model_name='measure',
            index=models.Index(fields=['unit', 'version'], name='measures_of_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('answer_by__gt', models.F('given_on')), ('appeal_by__gt', models.F('given_on')), ('mend_by__gt', models.F('given_on'))), name='a_measure_leaves_time'),
        ),
        migrations.AddConstraint(
            model_name='paperevent',
            constraint=models.UniqueConstraint(fields=('paper', 'number'), name='events_of_a_paper_are_numbered'),
        ),
        migrations.AddConstraint(
            model_name='paperevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('answered', 'mended', 'appealed', 'upheld', 'lifted', 'extended')), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='an_event_says_what_and_why'),
        ),
        migrations.AddConstraint(
            model_name='paperevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'extended'), _negated=True), ('until__isnull', False), _connector='OR'), name='an_extension_has_its_day'),
        ),
        keep_rows(*TABLES, function="refuse_measure", words=WORDS),
    ]
