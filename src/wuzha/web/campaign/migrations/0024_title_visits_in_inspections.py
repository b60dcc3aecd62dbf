"""A visit for a title names the inspection that it was part of. Neither change rebuilds the table, so its triggers stay."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0023_table_calls'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='titlestep',
            name='inspection',
        ),
        migrations.AddField(
            model_name='titlestep',
            name='inspection_visit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaign.inspectionvisit'),
        ),
    ]
