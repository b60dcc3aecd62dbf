"""PostgreSQL sorts the paths of units by their signs, as SQLite does, whatever the language of the database.

Who sees which units is asked as a range of paths. A language's own order puts "a/" next to "A/" and would show one
unit's subtree to the other. A later migration that alters the column loses this order: it runs ``sort_by_signs`` again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TYPE = "ALTER TABLE accounts_unit ALTER COLUMN path TYPE varchar(400) COLLATE"


def sort_by_signs(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _collate(schema_editor, '"C"')


def sort_by_language(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _collate(schema_editor, '"default"')


def _collate(schema_editor: BaseDatabaseSchemaEditor, order: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"{TYPE} {order}")


class Migration(migrations.Migration):

    dependencies = [("accounts", "0001_units_posts_and_audit")]

    operations = [migrations.RunPython(sort_by_signs, sort_by_language)]
