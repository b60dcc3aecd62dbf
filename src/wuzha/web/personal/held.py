"""What a hold is on, in the words of whoever reads the page: the name of the unit or person, the title of the plan."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wuzha.web.accounts.models import User
from wuzha.web.personal.models import LegalHold

Names = Mapping[str, str]


def name_holds(holds: Iterable[LegalHold]) -> dict[int, str]:
    """What each hold is on, by the hold's key. As many questions for many holds as for one."""
    rows = list(holds)
    names = {kind: find(_list_keys(rows, kind)) for kind, find in FINDERS.items() if _list_keys(rows, kind)}
    return {row.pk: _name(row, names) for row in rows}


def _list_keys(rows: Iterable[LegalHold], kind: str) -> list[str]:
    return [row.object_id for row in rows if row.object_type == kind]


def _name(row: LegalHold, names: Mapping[str, Names]) -> str:
    if row.unit is not None:
        return _("%(name)s and everything below it") % {"name": row.unit.name}
    # What is gone, or of a kind that nobody names, is told by its number.
    return names.get(row.object_type, {}).get(row.object_id, str(row))


def _name_people(keys: list[str]) -> Names:
    found = User.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    return {str(one.pk): _("the account of %(name)s") % {"name": str(one)} for one in found}


def _name_plans(keys: list[str]) -> Names:
    found = _list_rows("PlanVersion", [key for key in keys if key.isdecimal()])
    return {str(one.pk): _("the plan “%(title)s”") % {"title": one.title} for one in found}


def _name_records(keys: list[str]) -> Names:
    told = _("a record of %(unit)s of %(day)s (%(number)s)")
    return {
        str(one.pk): told % {"unit": one.unit.name, "day": date_format(one.happened_on), "number": str(one.pk)[:8]}
        for one in _list_rows("Record", keys, "unit")
    }


def _list_rows(model: str, keys: list[str], *related: str) -> Any:
    """Rows of a room above this one, by its name."""
    found = apps.get_model("campaign", model)._default_manager.filter(pk__in=keys)
    return found.select_related(*related) if related else found


FINDERS: Mapping[str, Callable[[list[str]], Names]] = MappingProxyType(
    {"person": _name_people, "planversion": _name_plans, "record": _name_records}
)
