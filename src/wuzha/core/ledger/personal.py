"""Numbers of persons in the free text of a record, masked before the record is kept.

A subject tells things apart: two households must stay two. So the hidden digits of a number in it are replaced by
letters that stand for the number always, and not by stars.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from wuzha.core.base.personal import Part, mask_numbers, mask_text, tell_number
from wuzha.core.ledger.position import POSITION
from wuzha.core.ledger.record import Record

FREE = ("place", "audience", "note", "subject")
EXTRA = "extra."
# The letters that stand for a text, so many of them.
StandIn = Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class FieldPart:
    """A stretch of one field of a record; a detail is the field ``extra.<code>``."""

    field: str
    part: Part


def mask_record(record: Record, stand_in: StandIn) -> tuple[Record, tuple[FieldPart, ...]]:
    """The record as it is kept, and what was masked in it. One without a number comes back itself."""
    found = [FieldPart(name, part) for name, text in _list_texts(record) for part in mask_numbers(text)[1]]
    if not found:
        return record, ()
    extra = {code: text if code == POSITION else mask_text(text) for code, text in record.extra.items()}
    hidden = replace(
        record,
        place=mask_text(record.place),
        audience=mask_text(record.audience),
        note=mask_text(record.note),
        subject=mask_subject(record.subject, stand_in),
        extra=extra,
    )
    return hidden, tuple(found)


def mask_subject(subject: str, stand_in: StandIn) -> str:
    """The subject with letters in the place of what is hidden of a number. It is as long as it was."""
    masked, parts = mask_numbers(subject)
    signs = list(masked)
    for part in parts:
        hidden = [at for at in range(part.start, part.end) if signs[at] == "*" != subject[at]]
        for at, letter in zip(hidden, stand_in(tell_number(part.original), len(hidden)), strict=True):
            signs[at] = letter
    return "".join(signs)


def _list_texts(record: Record) -> Iterator[tuple[str, str]]:
    for name in FREE:
        yield name, getattr(record, name)
    for code, text in record.extra.items():
        if code != POSITION:
            yield EXTRA + code, text


def read_field(record: Record, field: str) -> str:
    """The text of a field; empty for a detail that the record has not."""
    if field.startswith(EXTRA):
        return record.extra.get(field.removeprefix(EXTRA), "")
    return str(getattr(record, field))


def carry_parts(record: Record, original: Record, parts: Mapping[str, tuple[Part, ...]]) -> Iterator[FieldPart]:
    """Of a correction, the stretches that it took over masked from its original: they can be opened there too."""
    for field, some in parts.items():
        text, masked = read_field(record, field), read_field(original, field)
        at = 0
        for part in sorted(some, key=lambda part: part.start):
            stretch = masked[part.start : part.end]
            start = text.find(stretch, at)
            if start >= 0:
                at = start + len(stretch)
                yield FieldPart(field, Part(start, part.original, part.kind))
