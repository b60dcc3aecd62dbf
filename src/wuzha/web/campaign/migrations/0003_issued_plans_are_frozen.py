"""The database itself refuses to change or delete an issued plan.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration runs ``freeze`` again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FROZEN = (
    "text, title, issuer, valid_from, valid_to, state, unit_id, document_id, reading, issued_by_id, issued_at"
)
SQLITE = (
    f"""
    CREATE TRIGGER issued_plan_is_not_changed BEFORE UPDATE OF {FROZEN} ON campaign_planversion
    WHEN OLD.state = 'issued' BEGIN SELECT RAISE(ABORT, 'An issued plan never changes.'); END
    """,
    """
    CREATE TRIGGER issued_plan_is_not_deleted BEFORE DELETE ON campaign_planversion
    WHEN OLD.state = 'issued' BEGIN SELECT RAISE(ABORT, 'An issued plan is never deleted.'); END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS issued_plan_is_not_changed",
    "DROP TRIGGER IF EXISTS issued_plan_is_not_deleted",
)
POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION refuse_issued_plan() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'An issued plan never changes and is never deleted.' USING ERRCODE = 'check_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER issued_plan_is_not_changed BEFORE UPDATE OF {FROZEN} ON campaign_planversion
    FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION refuse_issued_plan()
    """,
    """
    CREATE TRIGGER issued_plan_is_not_deleted BEFORE DELETE ON campaign_planversion
    FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION refuse_issued_plan()
    """,
)
POSTGRESQL_BACK = (
    "DROP TRIGGER IF EXISTS issued_plan_is_not_changed ON campaign_planversion",
    "DROP TRIGGER IF EXISTS issued_plan_is_not_deleted ON campaign_planversion",
    "DROP FUNCTION IF EXISTS refuse_issued_plan()",
)
STATEMENTS = {"sqlite": (SQLITE, SQLITE_BACK), "postgresql": (POSTGRESQL, POSTGRESQL_BACK)}


def freeze(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, 0)


def thaw(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, 1)


def _run(schema_editor: BaseDatabaseSchemaEditor, which: int) -> None:
    for statement in STATEMENTS[schema_editor.connection.vendor][which]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("campaign", "0002_draft_duty_questions")]

    operations = [migrations.RunPython(freeze, thaw)]
