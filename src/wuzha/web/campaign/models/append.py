"""Rows added as fast as the database takes them, for tables that only grow.

Django's own bulk insert resolves every value of every row as an expression, which takes longer than the database needs
for the whole insert. Rows of a ledger are plain values.
"""

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)
# What these hold goes to every database as it is; the other fields know themselves how a database wants them.
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


def append_rows(rows: Sequence[Row]) -> None:
    """Inserts new rows of one table. A key that the database gives is not read back into them.

    Raises ``IntegrityError`` as any insert does; then the transaction around it is to be given up.
    """
    if not rows:
        return
    # A key that the database counts is the only one that may be left out.
    fields = [field for field in rows[0]._meta.concrete_fields if not isinstance(field, models.AutoField)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join("%s" for _ in fields)
    columns = [_read_column(field, rows) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(rows[0]._meta.db_table)} ({names}) VALUES ({marks})",
            list(zip(*columns, strict=True)),
        )


def _read_column(field: "models.Field[object, object]", rows: Sequence[Row]) -> list[object]:
    values = [getattr(row, field.attname) for row in rows]
    if isinstance(field, PLAIN):
        return values
    if isinstance(field, models.JSONField):
        return [field.get_db_prep_save(value, connection) for value in values]
    # One unit, one author, one moment: most columns of a sending hold few values, many times.
    prepared = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [prepared[value] for value in values]
