"""Briefings: where an office's count began, looks at pictures, public copies. None of these is changed or deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wuzha.web.accounts.kept import keep_rows

TABLES = ("campaign_briefingstart", "campaign_picturelook", "campaign_publiccopy")
WORDS = "What was said of a briefing never changes and is never deleted."


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_coming_changes'),
        ('campaign', '0024_title_visits_in_inspections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BriefingStart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('before_in_year', models.PositiveIntegerField()),
                ('before_in_all', models.PositiveIntegerField()),
                ('set_at', models.DateTimeField()),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='briefing_start', to='accounts.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('before_in_all__gte', models.F('before_in_year'))), name='all_briefings_hold_those_of_a_year')],
            },
        ),
        migrations.CreateModel(
            name='PictureLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('boxes', models.JSONField(default=list)),
                ('no_faces', models.BooleanField(default=False)),
                ('post', models.CharField(max_length=120)),
                ('looked_at', models.DateTimeField()),
                ('looked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='campaign.issuedpaper')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('boxes', []), ('no_faces', True)), models.Q(('no_faces', False), models.Q(('boxes', []), _negated=True)), _connector='OR'), name='a_look_finds_faces_or_none')],
            },
        ),
        migrations.CreateModel(
            name='PublicCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField()),
                ('content', models.JSONField()),
                ('left_out', models.JSONField()),
                ('docx', models.BinaryField()),
                ('docx_sha256', models.CharField(max_length=64)),
                ('pdf', models.BinaryField(default=b'')),
                ('pdf_sha256', models.CharField(blank=True, max_length=64)),
                ('pdf_note', models.TextField(blank=True)),
                ('post', models.CharField(max_length=120)),
                ('issued_at', models.DateTimeField()),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='public_copies', to='campaign.issuedpaper')),
            ],
            options={
                'ordering': ('-version',),
                'constraints': [models.UniqueConstraint(fields=('paper', 'version'), name='a_version_of_a_public_copy_is_made_once'), models.CheckConstraint(condition=models.Q(('docx_sha256', ''), _negated=True), name='a_public_copy_has_its_bytes')],
            },
        ),
        keep_rows(*TABLES, function="refuse_briefing_change", words=WORDS),
    ]
