"""On PostgreSQL each record tells in which transaction it came in, so that what is new can be found however late it ends.

SQLite needs nothing: it lets one writer in at a time, and its own row numbers rise. The column is the database's own
affair, written by it alone; records that were there before keep none.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ADDED = (
    "ALTER TABLE campaign_record ADD COLUMN arrived_in bigint",
    "ALTER TABLE campaign_record ALTER COLUMN arrived_in SET DEFAULT CAST(CAST(pg_current_xact_id() AS text) AS bigint)",
    "CREATE INDEX campaign_record_arrived_in ON campaign_record (arrived_in)",
)


def add(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in ADDED:
            schema_editor.execute(statement)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE campaign_record DROP COLUMN arrived_in")


class Migration(migrations.Migration):
    dependencies = [("campaign", "0016_calendar_and_waivers")]

    operations = [migrations.RunPython(add, drop)]
