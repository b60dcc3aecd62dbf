"""What of a record only describes: by the code of the kind's detail. Older records have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("campaign", "0006_draft_changes"),)

    operations = (
        migrations.AddField("record", "extra", models.JSONField(blank=True, default=dict)),
    )
