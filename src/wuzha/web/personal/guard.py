"""Free text on its way into the database: numbers of persons are masked in it, and sealed beside it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models, transaction

from wuzha.core.base.personal import Part, mask_numbers
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


class Guarded(models.Model):
    """A row whose free text is masked when it is saved; ``guarded`` names the columns."""

    guarded: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Masks in the row itself too, so that whoever goes on with it goes on with what is kept."""
        found = self._mask()
        if not found:
            super().save(*args, **options)
            return
        with transaction.atomic():
            super().save(*args, **options)
            self._keep(found)

    def _mask(self) -> Parts:
        found: Parts = {}
        for name in self.guarded:
            masked, parts = mask_numbers(getattr(self, name))
            if parts:
                setattr(self, name, masked)
                found[name] = parts
        return found

    def _keep(self, found: Parts) -> None:
        """A stretch that was sealed at the same place before is another one now."""
        kind = str(self._meta.model_name)
        for name, parts in found.items():
            before = SealedPart.objects.filter(object_type=kind, object_id=str(self.pk), field=name)
            before.filter(start__in=[part.start for part in parts]).delete()
        rows = [make_sealed_part(kind, self.pk, name, part) for name, parts in found.items() for part in parts]
        SealedPart.objects.bulk_create(rows)
