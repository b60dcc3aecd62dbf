"""When somebody was where a site stands, so that a phone that sends late moves nothing back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaign", "0013_roads")]

    operations = [
        migrations.AddField("siteplace", "placed_at", models.DateTimeField(blank=True, null=True)),
    ]
