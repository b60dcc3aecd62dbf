"""A column of sealed text: what stands in the database opens with a key of the ring and in its own row only."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from wuzha.adapters.sealing import SealingError
from wuzha.core.base.personal import tell_number
from wuzha.web.personal.ring import KeysError, open_ring

SHOWN = "●●●●"


class Sealed:
    """One value of such a column. It never shows what it holds; :meth:`reveal` opens it.

    ``token`` is what the database keeps; a value that was set and is not saved yet has none.
    """

    __slots__ = ("_clear", "_find_place", "token")

    def __init__(self, token: str = "", *, clear: str = "", find_place: Callable[[], str] | None = None) -> None:
        self.token = token
        self._clear = clear
        self._find_place = find_place

    def reveal(self) -> str:
        """The text. Raises :class:`KeysError` where the key is missing or the value belongs to another row."""
        if not self.token or self._find_place is None:
            return self._clear
        try:
            return open_ring().open(self.token, self._find_place())
        except SealingError as error:
            raise KeysError(error) from None

    def __bool__(self) -> bool:
        return bool(self.token or self._clear)

    def __str__(self) -> str:
        return SHOWN if self else ""

    def __repr__(self) -> str:
        return "<sealed>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and (self.token, self._clear) == (other.token, other._clear)

    def __hash__(self) -> int:
        return hash((self.token, self._clear))

    def __reduce__(self) -> Any:
        return Sealed, (self.token,)


class _SealedAttribute(DeferredAttribute):
    """Text that is set stays hidden at once; what was read knows the row it belongs to."""

    field: Any

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Sealed) or not value.token:
            return value
        return Sealed(value.token, find_place=lambda: self.field.find_place(instance))

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = Sealed(clear=value) if isinstance(value, str) else value


if TYPE_CHECKING:
    _Text = models.Field[str | Sealed, Sealed]
else:  # Django's own class takes no parameters while it runs
    _Text = models.Field


class SealedText(_Text):
    """``identity`` names the columns that say which row it is; they must be known before the row is saved.

    ``index`` names a text column beside it that takes the blind index of the value, by which equal values are found:
    :meth:`list_indexes` gives what to look for. A number is the same however it is written.
    """

    descriptor_class = _SealedAttribute

    def __init__(self, *args: Any, identity: Sequence[str] = ("pk",), index: str = "", **options: Any) -> None:
        self.identity = tuple(identity)
        self.index = index
        super().__init__(*args, **{**options, "editable": False})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options.pop("editable", None)
        return name, path, args, {**options, "identity": self.identity, "index": self.index}

    def get_internal_type(self) -> str:
        return "TextField"

    def find_place(self, instance: models.Model) -> str:
        """Where the value stands, as the seal binds it. Raises ``ValueError`` for a row without its identity."""
        values = [getattr(instance, name) for name in self.identity]
        if None in values:
            raise ValueError(f"{self.model._meta.label} is saved before {self.name} is set")
        return f"{self._find_column()}:{'/'.join(map(str, values))}"

    def _find_column(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seals what was set since the row was read."""
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Sealed) and not value.token:
            value = self.seal(model_instance, value.reveal())
            model_instance.__dict__[self.attname] = value
        return value

    def seal(self, instance: models.Model, text: str) -> Sealed:
        """The value sealed for that row under the newest key, its index beside it."""
        ring = open_ring()
        if self.index:
            setattr(instance, self.index, ring.index(tell_number(text), self._find_column()) if text else "")
        return Sealed(ring.seal(text, self.find_place(instance)) if text else "")

    def list_indexes(self, text: str) -> list[str]:
        """The indexes that rows with this value have, one a key."""
        return open_ring().list_indexes(tell_number(text), self._find_column())

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        """What an archive holds is sealed already."""
        return Sealed(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """Nothing that is not sealed goes to the database, by no way."""
        if value is None or value == "":
            return value
        if not isinstance(value, Sealed) or (value and not value.token):
            raise TypeError(f"{self.name} takes sealed values; look for one by its index")
        return value.token

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return value.token if isinstance(value, Sealed) else ""


def list_sealed_fields(found: Sequence[type[models.Model]]) -> list[tuple[type[models.Model], SealedText]]:
    return [(model, field) for model in found for field in model._meta.concrete_fields if isinstance(field, SealedText)]
