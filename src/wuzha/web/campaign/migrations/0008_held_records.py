"""Corrections that came before their originals; how far the sender's clock was off when it sent a record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (
        ("accounts", "0002_paths_sort_by_their_signs"),
        ("campaign", "0007_record_extra"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )

    operations = (
        migrations.AddField("record", "clock_skew_s", models.BigIntegerField(blank=True, null=True)),
        migrations.CreateModel(
            "HeldRecord",
            [
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("original_id", models.UUIDField(db_index=True)),
                ("told", models.JSONField()),
                ("why", models.CharField(max_length=60)),
                ("arrived_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("clock_skew_s", models.BigIntegerField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_records",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_records",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={"ordering": ("-arrived_at", "-id")},
        ),
    )
