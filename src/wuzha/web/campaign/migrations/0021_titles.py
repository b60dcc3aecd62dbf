"""Titles: programmes, their criteria and the steps of the units. The database itself refuses to change or delete them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wuzha.web.accounts.kept import keep_rows

TABLES = ("campaign_titleprogram", "campaign_titlecriteria", "campaign_titlestep")
WORDS = "What was said of titles never changes and is never deleted."


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_coming_changes'),
        ('campaign', '0020_measures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TitleProgram',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name of the title')),
                ('kinds', models.JSONField()),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='title_programs', to='accounts.unit')),
            ],
            options={
                'ordering': ('unit__path', 'id'),
            },
        ),
        migrations.CreateModel(
            name='TitleCriteria',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('title', models.CharField(max_length=200)),
                ('months', models.PositiveSmallIntegerField()),
                ('since', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.planversion')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='campaign.titleprogram')),
            ],
            options={
                'ordering': ('since', 'id'),
            },
        ),
        migrations.CreateModel(
            name='TitleStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('applied', 'Application'), ('self_checked', 'Self-check confirmed'), ('visited', 'Visit'), ('noticed', 'Public notice'), ('objected', 'Objection'), ('settled', 'Objection settled'), ('awarded', 'Award'), ('paused', 'Pause'), ('resumed', 'Goes on'), ('revoked', 'Revocation'), ('renewed', 'Renewal'), ('refused', 'Refusal')], max_length=16)),
                ('on', models.DateField()),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('findings', models.JSONField(blank=True, default=dict)),
                ('inspection', models.CharField(blank=True, max_length=60)),
                ('role', models.CharField(choices=[('officer', 'Campaign officer'), ('secretary', 'Recorder'), ('supervisor', 'Supervisor')], max_length=12)),
                ('made_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('criteria', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.titlecriteria')),
                ('post_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='campaign.titleprogram')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='title_steps', to='accounts.unit')),
            ],
            options={
                'ordering': ('program', 'unit', 'place'),
            },
        ),
        migrations.AddConstraint(
            model_name='titleprogram',
            constraint=models.UniqueConstraint(fields=('unit', 'name'), name='a_unit_has_one_programme_of_a_name'),
        ),
        migrations.AddConstraint(
            model_name='titleprogram',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='a_title_programme_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='titlecriteria',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('version__isnull', True), models.Q(('text', ''), _negated=True)), models.Q(('version__isnull', False), ('text', '')), _connector='OR'), name='criteria_are_a_plan_or_a_text'),
        ),
        migrations.AddConstraint(
            model_name='titlecriteria',
            constraint=models.CheckConstraint(condition=models.Q(('months__gte', 1), ('months__lte', 12)), name='criteria_look_back_for_months'),
        ),
        migrations.AddConstraint(
            model_name='titlestep',
            constraint=models.UniqueConstraint(fields=('program', 'unit', 'place'), name='one_step_of_a_title_at_a_place'),
        ),
        migrations.AddConstraint(
            model_name='titlestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['objected', 'settled', 'paused', 'resumed', 'revoked', 'refused']), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='a_title_step_says_why'),
        ),
        migrations.AddConstraint(
            model_name='titlestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'revoked'), _negated=True), ('reason__in', ('false_data', 'insider_crime', 'ignored_warnings')), _connector='OR'), name='a_title_is_revoked_for_a_known_reason'),
        ),
        keep_rows(*TABLES, function="refuse_title_change", words=WORDS),
    ]
