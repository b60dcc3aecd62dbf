"""Which changes of the tables the release before can live with, while it still serves beside the new one.

A release only adds. What is no longer needed goes in the release after, when nobody asks for it any more.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml
from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

Key = tuple[str, str]
Found = Iterator[str]
# So many rows that a lock on them is felt by everybody.
LARGE = frozenset({"record", "evidence", "auditentry", "heldrecord", "session"})
TAKES_AWAY = re.compile(r"\b(DROP\s+(TABLE|COLUMN|TYPE)|RENAME|SET\s+NOT\s+NULL|TRUNCATE)\b", re.IGNORECASE)


class AddIndexAside(operations.AddIndex):
    """An index on a table that is in use: PostgreSQL makes it while others write. Its migration has ``atomic = False``,
    and does nothing else."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.add_index(model, self.index, concurrently=True)


def read_released() -> Mapping[str, str]:
    """The last change of each room that the release before knows."""
    text = files("wuzha.web").joinpath("released.yaml").read_text(encoding="utf-8")
    return MappingProxyType(yaml.safe_load(text))


def list_released(loader: MigrationLoader) -> set[Key]:
    """Every change that the release before has made."""
    return {key for room, name in read_released().items() for key in loader.graph.forwards_plan((room, name))}


def find_faults() -> dict[Key, list[str]]:
    """For each new change of our own rooms what the release before could not live with."""
    loader = MigrationLoader(None)
    released = list_released(loader)
    disk = loader.disk_migrations.items()
    rooms = {app for (app, _), one in disk if type(one).__module__.startswith("wuzha.")}
    state, faults = ProjectState(), {}
    new_tables: set[str] = set()
    for key in _list_in_order(loader):
        migration = loader.graph.nodes[key]
        is_new = key not in released and key[0] in rooms
        found = list(check_migration(migration, state, new_tables)) if is_new else []
        if found:
            faults[key] = found
        for operation in migration.operations if is_new else ():
            if isinstance(operation, operations.CreateModel):
                new_tables.add(f"{key[0]}.{operation.name_lower}")
        state = migration.mutate_state(state, preserve=False)
    return faults


def check_migration(migration: Migration, state: ProjectState, new_tables: set[str]) -> Found:
    """What is wrong with it, one sentence each. Tables that no release has had yet may be changed as one likes."""
    state = state.clone()
    fresh = set(new_tables)
    for operation in migration.operations:
        told = f"{type(operation).__name__} {operation.describe()}"
        name = getattr(operation, "model_name", getattr(operation, "name", "")).lower()
        if isinstance(operation, operations.CreateModel):
            fresh.add(f"{migration.app_label}.{name}")
        elif f"{migration.app_label}.{name}" not in fresh:
            for fault in _check(operation, migration.app_label, state):
                yield f"{told}: {fault}"
        operation.state_forwards(migration.app_label, state)


def _check(operation: Operation, room: str, state: ProjectState) -> Found:
    check = CHECKS.get(type(operation))
    if check is not None:
        yield from check(operation, room, state)


def _refuse(operation: Any, room: str, state: ProjectState) -> Found:
    yield "the release before still asks for it; take it away in the release after"


def _check_new_field(operation: Any, room: str, state: ProjectState) -> Found:
    field = operation.field
    if not field.null and field.db_default is NOT_PROVIDED and not field.many_to_many:
        yield "the release before does not fill it in; give it a db_default, or let it be null"


def _check_changed_field(operation: Any, room: str, state: ProjectState) -> Found:
    before = state.models[room, operation.model_name_lower].fields[operation.name]
    after = operation.field
    if before.null and not after.null:
        yield "the release before may still leave it empty; tighten it in the release after"
    if not _is_same_kind(before, after):
        yield "another kind of column; add a new one beside it"


def _is_same_kind(before: "models.Field[Any, Any]", after: "models.Field[Any, Any]") -> bool:
    """A text may become longer; whatever else is kept in another form is another column."""
    if type(before) is not type(after):
        return False
    if isinstance(before, models.CharField):
        return (after.max_length or 0) >= (before.max_length or 0)
    kept = ("max_digits", "decimal_places", "primary_key")
    return all(getattr(before, name, None) == getattr(after, name, None) for name in kept)


def _check_index(operation: Any, room: str, state: ProjectState) -> Found:
    if operation.model_name.lower() in LARGE:
        yield "locks a large table while it is made; use AddIndexAside"


def _check_constraint(operation: Any, room: str, state: ProjectState) -> Found:
    yield "the release before does not know of it and would be refused; add it in the release after"


def _check_sql(operation: Any, room: str, state: ProjectState) -> Found:
    if TAKES_AWAY.search(str(operation.sql)):
        yield "takes away or renames what the release before asks for"


Check = Callable[[Any, str, ProjectState], Found]
CHECKS: Mapping[type[Operation], Check] = MappingProxyType(
    {
        operations.DeleteModel: _refuse,
        operations.RemoveField: _refuse,
        operations.RenameField: _refuse,
        operations.RenameModel: _refuse,
        operations.AlterModelTable: _refuse,
        operations.AddField: _check_new_field,
        operations.AlterField: _check_changed_field,
        operations.AddIndex: _check_index,
        operations.AddConstraint: _check_constraint,
        operations.AlterUniqueTogether: _check_constraint,
        operations.RunSQL: _check_sql,
    }
)


def find_lacks() -> list[str]:
    """What the release before would miss in the database as it is now: tables and columns that it asks for, and new
    columns that it cannot fill in. Asked of a database that is up to date."""
    loader = MigrationLoader(connection)
    before = loader.project_state([*read_released().items()]).apps
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        return [lack for model in before.get_models() for lack in _find_lacks_of(model, tables, cursor)]


def _find_lacks_of(model: Any, tables: set[str], cursor: Any) -> Found:
    table = model._meta.db_table
    if table not in tables:
        yield f"{table} is gone"
        return
    there = {one.name: one for one in connection.introspection.get_table_description(cursor, table)}
    asked = {field.column for field in model._meta.concrete_fields}
    yield from (f"{table}.{column} is gone" for column in sorted(asked - set(there)))
    for name, column in sorted(there.items()):
        if name not in asked and not column.null_ok and column.default is None:
            yield f"{table}.{name} must be filled in and has no default of the database's"


def _list_in_order(loader: MigrationLoader) -> list[Key]:
    order: dict[Key, None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        order |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    return list(order)
