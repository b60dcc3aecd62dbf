from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("campaign", "0014_site_placed_at"),)

    operations = (migrations.AddField("ownkind", "covers", models.CharField(blank=True, max_length=20)),)
