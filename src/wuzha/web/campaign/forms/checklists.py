"""A filled checklist as the phone sends it, brought into the form of the desk: what that refuses is refused here too.

``{"id", "visit", "happened_on", "note", "answers": [{"item", "verdict", "words", "mend_by", "photo"}]}``; ``photo`` is
the id of a file that follows, ``mend_by`` and ``photo`` may be null.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard
from uuid import UUID

from wuzha.core.ledger.wire import UNKEEPABLE
from wuzha.core.supervision.checklist import Item
from wuzha.web.campaign.forms.inspections import VisitForm

ANSWERED = ("verdict", "words", "mend_by")
LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Filled:
    """``fields`` are those of the form, ``photos`` the ids by item."""

    id: UUID
    visit: int
    fields: Mapping[str, str]
    photos: Mapping[str, UUID]
    items: frozenset[str]


def is_checklist(told: object) -> TypeGuard[dict[str, Any]]:
    """Whether it is one, and no record: only a checklist has answers."""
    return isinstance(told, dict) and "answers" in told


def read_checklist(told: Mapping[str, Any]) -> Filled | None:
    """None where it is not whole: the page sends nothing else, so that there is no more to say of it."""
    try:
        answers = {_read_text(one, "item"): one for one in told["answers"]}
        fields = {"record_id": _read_text(told, "id"), "made_on": _read_text(told, "happened_on")}
        fields |= {"note": _read_text(told, "note")} | dict(_read_fields(answers))
        photos = {item: UUID(_read_text(one, "photo")) for item, one in answers.items() if one.get("photo")}
        visit = told["visit"]
        if type(visit) is not int or not 0 < visit <= LARGEST_KEY or len(answers) != len(told["answers"]):
            return None
        return Filled(UUID(fields["record_id"]), visit, fields, photos, frozenset(answers))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _read_fields(answers: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for item, one in answers.items():
        for name in ANSWERED:
            yield f"{name}-{item}", _read_text(one, name)


def _read_text(told: Mapping[str, Any], name: str) -> str:
    """Raises ``ValueError`` for what is no text or no database keeps; what is not told is empty."""
    value = told.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or UNKEEPABLE.search(value):
        raise ValueError(name)
    return value


def list_errors(form: VisitForm, items: Sequence[Item], titles: Mapping[str, str]) -> Iterator[str]:
    """Each sentence of the form, with the item's name before it where it does not hold it."""
    for field, errors in form.errors.items():
        named = next((titles[item.code] for item in items if field.endswith(f"-{item.code}")), "")
        for error in errors:
            yield str(error) if not named or named in str(error) else f"{named}：{error}"
