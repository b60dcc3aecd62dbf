from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("campaign", "0001_plans_and_records")]

    operations = [
        migrations.AddField(model_name="draftduty", name="questions", field=models.JSONField(default=list)),
    ]
