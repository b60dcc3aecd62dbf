"""The collection of monthly tables. The database itself refuses to change or delete what was asked, done and taken in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wuzha.web.accounts.kept import keep_rows

TABLES = ("campaign_tablecall", "campaign_tableact", "campaign_tablesheet")
WORDS = "What was done with a table never changes and is never deleted."


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_coming_changes'),
        ('campaign', '0022_inspections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TableCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(max_length=7)),
                ('month_ends', models.PositiveSmallIntegerField(default=0)),
                ('due_on', models.DateField()),
                ('given_as', models.CharField(max_length=200)),
                ('opened_at', models.DateTimeField()),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='table_calls', to='accounts.unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.planversion')),
            ],
            options={
                'ordering': ('-due_on', '-id'),
            },
        ),
        migrations.CreateModel(
            name='TableAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deed', models.CharField(choices=[('typed', 'typed'), ('submitted', 'submitted'), ('returned', 'returned')], max_length=12)),
                ('typed', models.JSONField(default=dict)),
                ('seen', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('given_as', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('on', models.DateField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='campaign.tablecall')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='TableSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('cells', models.JSONField()),
                ('given_as', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('on', models.DateField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='campaign.tablecall')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='TableUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('content', models.BinaryField()),
                ('uploaded_at', models.DateTimeField()),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaign.tablecall')),
                ('uploaded_by', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='table_upload', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='tablecall',
            constraint=models.UniqueConstraint(fields=('unit', 'version', 'month'), name='a_table_is_asked_for_once'),
        ),
        migrations.AddConstraint(
            model_name='tablecall',
            constraint=models.CheckConstraint(condition=models.Q(('month_ends__lte', 28)), name='a_month_ends_on_a_day_of_every_month'),
        ),
        migrations.AddIndex(
            model_name='tableact',
            index=models.Index(fields=['call', 'unit', 'id'], name='acts_of_a_line'),
        ),
        migrations.AddConstraint(
            model_name='tableact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('deed', 'returned'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_line_comes_back_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='tablesheet',
            constraint=models.UniqueConstraint(fields=('call', 'sha256'), name='a_sheet_is_taken_in_once'),
        ),
        keep_rows(*TABLES, function="refuse_table_change", words=WORDS),
    ]
