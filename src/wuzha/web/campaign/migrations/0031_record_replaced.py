"""A second index for what a record replaces, of those only that replace one. Nothing is rebuilt."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaign", "0030_inspection_report_form")]

    operations = [
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("replaces__isnull", False)), fields=["replaces"], name="record_replaced"
            ),
        ),
    ]
