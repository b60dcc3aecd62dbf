"""What units were called, what they were and where they stood, from a day on; and who said so."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = (("accounts", "0003_api_tokens"),)

    operations = (
        migrations.CreateModel(
            name='UnitChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('moved', 'Moved'), ('renamed', 'Renamed'), ('recast', 'Another kind or line'), ('merged', 'Merged'), ('split', 'Divided'), ('closed', 'Closed')], max_length=10)),
                ('happened_on', models.DateField()),
                ('reason', models.CharField(max_length=200)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('into', models.ManyToManyField(related_name='taken_over', to='accounts.unit')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unit_changes', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='accounts.unit')),
            ],
            options={
                'ordering': ('happened_on', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('county', '县'), ('town', '乡镇（街道）'), ('village', '村'), ('community', '社区'), ('grid', '网格'), ('department', '部门'), ('station', '派出所'), ('school', '学校'), ('university', '高校'), ('bank', '银行网点'), ('carrier', '通信营业厅'), ('hotel', '酒店宾馆'), ('clinic', '医疗机构'), ('estate', '物业小区'), ('company', '企业'), ('merchant', '商户')], max_length=20)),
                ('line', models.CharField(blank=True, max_length=20)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='former_children', to='accounts.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='accounts.unit')),
            ],
            options={
                'ordering': ('unit', 'since'),
                'constraints': [models.UniqueConstraint(fields=('unit', 'since'), name='one_placement_a_unit_and_day'), models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('unit')), _negated=True), _connector='OR'), name='unit_stands_not_below_itself')],
            },
        ),
    )
