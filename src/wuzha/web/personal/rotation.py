"""From old keys to the newest, in batches and while the site is in use.

What is still under an old key is told by the values themselves, so that whoever was stopped goes on where it was.
"""

from collections import Counter
from collections.abc import Callable

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from wuzha.adapters.sealing import WAY, SealingError, find_key_name
from wuzha.web.personal.field import Sealed, SealedText, list_sealed_fields
from wuzha.web.personal.ring import KeysError, load_ring, open_ring


def count_values() -> dict[str, int]:
    """How many values each key seals."""
    counts: Counter[str] = Counter()
    for model, field in list_sealed_fields(list(apps.get_models())):
        for value in model._default_manager.values_list(field.name, flat=True).iterator(chunk_size=2000):
            if value:
                counts[find_key_name(value.token)] += 1
    return dict(counts)


def list_missing() -> list[str]:
    """The keys that values are sealed with and that the ring has not."""
    return sorted(set(count_values()) - set(load_ring().keys))


def has_all_keys(known: frozenset[str]) -> bool:
    """Whether every sealed value names one of these keys; the first that does not ends the search."""
    return not any(_find_strange(model, field, known) for model, field in list_sealed_fields(list(apps.get_models())))


def _find_strange(model: type[models.Model], field: SealedText, known: frozenset[str]) -> bool:
    """The database looks at the names alone: nothing is opened."""
    token = Cast(models.F(field.attname), models.TextField())
    rows = model._default_manager.annotate(token=token).exclude(token=None).exclude(token="")
    for name in known:
        rows = rows.exclude(token__startswith=f"{WAY}.{name}.")
    return rows.order_by().exists()


def reseal_all(*, batch: int, after_batch: Callable[[], None] = lambda: None) -> int:
    """Seals every value of an older key anew; says how many those were.

    A value that somebody changes meanwhile is left to them. Raises ``KeysError`` at the first value that does not
    open; what was done before stays done.
    """
    done = 0
    for model, field in list_sealed_fields(list(apps.get_models())):
        last: object = None
        while (found := _reseal_some(model, field, last, batch)) is not None:
            last, count = found
            done += count
            after_batch()
    return done


@transaction.atomic
def _reseal_some(model: type[models.Model], field: SealedText, last: object, batch: int) -> tuple[object, int] | None:
    rows = model._default_manager.order_by("pk")
    some = list((rows if last is None else rows.filter(pk__gt=last))[:batch])
    if not some:
        return None
    return some[-1].pk, sum(_reseal(row, field) for row in some)


def _reseal(row: models.Model, field: SealedText) -> bool:
    value = getattr(row, field.attname)
    ring = open_ring()
    if not value or find_key_name(value.token) == ring.newest:
        return False
    try:
        text = ring.open(value.token, field.find_place(row))
    except SealingError as error:
        raise KeysError(error) from None
    changed = {field.name: field.seal(row, text)}
    if field.index:
        changed[field.index] = getattr(row, field.index)
    same = type(row)._default_manager.filter(pk=row.pk, **{f"{field.name}__exact": Sealed(value.token)})
    return bool(same.update(**changed))
