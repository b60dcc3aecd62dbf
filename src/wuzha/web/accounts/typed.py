"""Columns of text that people type freely, and may type a number of a person into: it is masked on its way in.

One place for all such text but that of records, whose originals are sealed beside it: the masked words are what is
kept, and the number itself nowhere. What came in before is masked on its way out. So pages, exports and archives show
the masked words alone, whichever of them asks.

To the tables these are Django's own columns, so that none is made anew for it.
"""

from typing import TYPE_CHECKING, Any

from django.db import models

from wuzha.core.base.personal import mask_text
from wuzha.web.accounts.masks import mask_told

if TYPE_CHECKING:
    _Char = models.CharField[Any, str]
    _Text = models.TextField[Any, str]
    _Json = models.JSONField[Any, Any]
else:  # Django's own classes take no parameters while they run
    _Char, _Text, _Json = models.CharField, models.TextField, models.JSONField


class _Typed:
    """What the three have in common. ``plain`` is the column of Django's that they are to the tables."""

    plain: str

    def deconstruct(self) -> Any:
        name, _own, args, options = super().deconstruct()  # type: ignore[misc]  # of the column beside it
        return name, self.plain, args, options

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        read = getattr(super(), "from_db_value", None)
        return _mask(read(value, expression, connection) if read else value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return _keep_masked(self, model_instance)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(_mask(value), connection)  # type: ignore[misc]  # of the column beside it


class TypedText(_Typed, _Text):
    """Words of any length."""

    plain = "django.db.models.TextField"


class TypedChar(_Typed, _Char):
    """A few words: a reason, a title, the name of a file."""

    plain = "django.db.models.CharField"


class TypedJson(_Typed, _Json):
    """Several words by their names, such as the answers of a visit or the parts of a paper."""

    plain = "django.db.models.JSONField"


TYPED = (TypedText, TypedChar, TypedJson)


def _mask(value: Any) -> Any:
    """Words without numbers of persons; an expression of the database is left to it."""
    if isinstance(value, str):
        return mask_text(value)
    return mask_told(value) if isinstance(value, dict | list) else value


def _keep_masked(field: Any, row: models.Model) -> Any:
    """The row in hand holds what the database is given, so that the answer to whoever typed it shows it masked."""
    value = _mask(getattr(row, field.attname))
    setattr(row, field.attname, value)
    return value
