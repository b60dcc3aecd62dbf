"""Changes of the tree that are entered ahead of their day and wait for it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = (("accounts", "0004_placements_and_changes"),)

    operations = (
        migrations.CreateModel(
            name='ComingChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('moved', 'Moved'), ('renamed', 'Renamed'), ('recast', 'Another kind or line'), ('merged', 'Merged'), ('split', 'Divided'), ('closed', 'Closed')], max_length=10)),
                ('happens_on', models.DateField()),
                ('details', models.JSONField(blank=True, default=dict)),
                ('reason', models.CharField(max_length=200)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'waiting for its day'), ('made', 'made'), ('withdrawn', 'taken back'), ('failed', 'could not be made')], default='waiting', max_length=10)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_because', models.CharField(blank=True, max_length=200)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='coming_to_it', to='accounts.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='coming', to='accounts.unit')),
            ],
            options={
                'ordering': ('happens_on', 'id'),
                'indexes': [models.Index(fields=['state', 'happens_on'], name='coming_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('settled_by__isnull', False), models.Q(('settled_because', ''), _negated=True)), _connector='OR'), name='a_coming_change_is_withdrawn_by_somebody_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='a_coming_change_is_settled_at_a_time')],
            },
        ),
    )
