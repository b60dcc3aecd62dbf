"""A step of a title can be taken in one of the newer posts. Nothing changes in the database, and no trigger is lost."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("campaign", "0031_record_replaced"), ("accounts", "0008_posts_of_a_line"))
    operations = (
        migrations.AlterField(
            model_name="titlestep",
            name="role",
            field=models.CharField(
                choices=[
                    ("officer", "Campaign officer"),
                    ("secretary", "Recorder"),
                    ("supervisor", "Supervisor"),
                    ("reviewer", "Reviewer"),
                    ("publisher", "Publisher"),
                    ("analyst", "Analyst"),
                    ("admin", "Administrator"),
                ],
                max_length=12,
            ),
        ),
    )
