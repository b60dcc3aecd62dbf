"""On PostgreSQL the trigger that keeps a scorecard's period called a table by a name that PostgreSQL keeps for itself,
and so refused every card. Nothing changes on SQLite."""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def replace_function(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        before = import_module("wuzha.web.campaign.migrations.0019_scorecards")
        schema_editor.execute(before.POSTGRESQL_PERIOD)


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0027_title_certificates'),
    ]

    operations = [
        migrations.RunPython(replace_function, migrations.RunPython.noop),
    ]
