"""Which tables an archive holds, and a row as a line of JSON that reads the same whichever database it came from."""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models

from wuzha.web.personal.field import Sealed

APPS = ("accounts", "campaign", "mfa", "personal", "socialaccount")
# Nobody is a member of a group here and nobody holds a single right of Django's: posts say who may what. Sessions are
# no work of anybody's; after a restore everybody logs in anew. Where an entry of the audit log belongs is found again.
LEFT_OUT = (
    "accounts.User_groups",
    "accounts.User_user_permissions",
    "accounts.AuditPlace",
    "accounts.AuditPlaced",
    # The central log-in is named by the settings, and no key of it is kept.
    "socialaccount.SocialApp",
    "socialaccount.SocialToken",
)
Model = type[models.Model]
Values = Sequence[Any]


def list_tables() -> tuple[Model, ...]:
    """In the order of their names, so that two archives of the same state are the same."""
    found = (model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True))
    kept = (model for model in found if model._meta.label not in LEFT_OUT and model._meta.managed)
    return tuple(sorted(kept, key=lambda model: model._meta.db_table))


def name_table(model: Model) -> str:
    return model._meta.db_table


def list_columns(model: Model) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def read_rows(model: Model, alias: str, most: int = 2000) -> Iterator[Values]:
    """The rows in the order of their keys, so many in memory at a time."""
    rows = model._base_manager.using(alias).order_by("pk").values_list(*list_columns(model))
    return iter(rows.iterator(chunk_size=most))


def write_line(values: Values) -> bytes:
    """The row as a line. The keys of what is JSON itself are put in order: PostgreSQL keeps them in its own."""
    told = [_write_value(value) for value in values]
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _write_value(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case Sealed():
            return value.token  # as it is sealed: the keys are no part of an archive
        case bytes() | memoryview():
            return b64encode(bytes(value)).decode()
        case _:
            return value


def read_line(model: Model, line: bytes) -> models.Model:
    """The row that the line says. Raises ``ValueError`` for a line that is none of this table."""
    told = json.loads(line)
    fields = model._meta.concrete_fields
    if not isinstance(told, list) or len(told) != len(fields):
        raise ValueError(f"{name_table(model)} has {len(fields)} columns")
    values = [_read_value(field, value) for field, value in zip(fields, told, strict=True)]
    return model.from_db(DEFAULT_DB_ALIAS, list_columns(model), values)


def _read_value(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Numbers of other tables' rows are as they are; what is JSON is no text to be read again."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    return field.to_python(value)
