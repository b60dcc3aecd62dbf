"""Kinds of record that a county adds itself."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_paths_sort_by_their_signs"),
        ("campaign", "0010_record_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("title", models.CharField(max_length=40, verbose_name="title")),
                ("title_en", models.CharField(max_length=60)),
                ("shape", models.CharField(max_length=10)),
                ("asks", models.JSONField(default=list)),
                ("details", models.JSONField(default=list)),
                ("counts", models.JSONField(default=list)),
                ("minutes", models.PositiveIntegerField(verbose_name="minutes a record")),
                ("sentence", models.CharField(blank=True, max_length=200)),
                ("sentence_en", models.CharField(blank=True, max_length=200)),
                ("is_closed", models.BooleanField(default=False)),
                ("valid_from", models.DateField(verbose_name="from")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("created_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="own_kinds", to="accounts.unit"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["code"], name="own_kind_by_code")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="an_own_kind_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("code", ""), _negated=True)
                        ),
                        name="an_own_kind_has_a_name",
                    ),
                ],
            },
        ),
    ]
