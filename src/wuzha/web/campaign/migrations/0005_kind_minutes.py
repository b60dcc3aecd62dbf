import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_paths_sort_by_their_signs'),
        ('campaign', '0004_records_in_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KindMinutes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind of record')),
                ('minutes', models.PositiveIntegerField(verbose_name='minutes a record')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('created_at', models.DateTimeField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kind_minutes', to='accounts.unit')),
            ],
            options={
                'ordering': ('kind', 'valid_from', 'id'),
                'indexes': [models.Index(fields=['unit', 'kind', 'valid_from'], name='minutes_of_a_kind')],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__lte', 10080)), name='a_record_takes_a_week_at_most'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='own_minutes_have_a_reason')],
            },
        ),
    ]
