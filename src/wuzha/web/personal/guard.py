"""What was masked in free text on its way into the database: sealed beside it, and opened for whoever may see it."""

from collections import defaultdict
from collections.abc import Iterable

from wuzha.core.base.personal import Part
from wuzha.web.personal.models import SealedPart

Parts = dict[str, tuple[Part, ...]]


def make_sealed_part(object_type: str, object_id: object, field: str, part: Part) -> SealedPart:
    """The row of one stretch. It is sealed when it is saved; the database tells when that was."""
    return SealedPart(
        object_type=object_type,
        object_id=str(object_id),
        field=field,
        start=part.start,
        length=len(part.original),
        kind=part.kind,
        original=part.original,
    )


def open_parts(object_type: str, object_ids: Iterable[object]) -> dict[str, Parts]:
    """What was masked, opened, by object and field. Raises ``KeysError``. To show it is :mod:`reveal`'s alone."""
    found: dict[str, dict[str, list[Part]]] = defaultdict(lambda: defaultdict(list))
    wanted = [str(one) for one in object_ids]
    for row in SealedPart.objects.filter(object_type=object_type, object_id__in=wanted):
        found[row.object_id][row.field].append(row.to_core())
    return {pk: {name: tuple(parts) for name, parts in fields.items()} for pk, fields in found.items()}


def list_fields(object_type: str, object_id: object) -> frozenset[str]:
    """The fields of an object in which something is masked."""
    found = SealedPart.objects.filter(object_type=object_type, object_id=str(object_id)).order_by()
    return frozenset(found.values_list("field", flat=True))
