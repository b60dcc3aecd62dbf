"""What a file of records would do, row by row, before it does it; and the rows of a file that goes out. Reads only."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from wuzha.adapters.record_sheet import RecordFile, read_record_file
from wuzha.adapters.record_template import name_sheet
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.ledger.check import check_correction, check_record, check_withdrawal, list_differences
from wuzha.core.ledger.parse import RecordRow, make_content_id, name_kinds, parse_record, tell_apart
from wuzha.core.ledger.personal import mask_record
from wuzha.core.ledger.record import Kinds, RecordKind
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.core.ledger.sheet import SHEET_HEADS, UNIT_NAME, gather_details, reread
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign import access
from wuzha.web.campaign.kinds import load_kinds, load_kinds_around, load_kinds_at
from wuzha.web.campaign.models import Record, RecordUpload
from wuzha.web.personal.ring import stand_in

NEW, KNOWN, CONFLICT, REFUSED = "new", "known", "conflict", "refused"
RESULTS = (REFUSED, CONFLICT, NEW, KNOWN)
AT_ONCE = 500
CODE_BEHIND = re.compile(r"\(([^()]+)\)$")
# Two rows that agree in these are likely one fact, told anew.
ALIKE = ("unit", "kind", "happened_on", "subject", "place", "change")
# What a later version of a record adds to what it says.
OF_VERSIONS = frozenset({"replaces", "withdrawn"})
# Ids made from a row's content are of this version; those made on a phone or at a desk are not.
BY_CONTENT = 5


@dataclass(slots=True)
class Line:
    """One row of the file: what would become of it. ``kept`` is what the ledger says instead, in a conflict."""

    place: Source
    record: CoreRecord | None
    problems: list[Problem]
    has_id: bool = False
    result: str = REFUSED
    kept: Record | None = None
    first_row: int | None = None
    unit_name: str = ""

    @property
    def is_alike(self) -> bool:
        """In conflict with a record that was likely the same row in an earlier file, not with one of the same id."""
        return self.kept is not None and self.record is not None and self.kept.pk != self.record.id and not self.has_id

    @property
    def changes(self) -> list[tuple[str, object, object]]:
        """Field, what is kept, what the row says, where they differ."""
        if self.kept is None or self.record is None:
            return []
        kept, sent = (reread(_hide(one), load_kinds()) for one in (self.kept.to_core(), self.record))
        return [(name, getattr(kept, name), getattr(sent, name)) for name in _list_changed(kept, sent)]


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as a whole. With ``file.problems`` there are no lines: nothing of it could be read."""

    file: RecordFile
    lines: Sequence[Line] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        counted = Counter(line.result for line in self.lines)
        return {result: counted[result] for result in RESULTS}

    @property
    def has_alike(self) -> bool:
        return any(line.result == CONFLICT and line.is_alike for line in self.lines)

    def list_shown(self) -> list[Line]:
        """What wants a look first: refused, in conflict, new; what is there already comes last."""
        return sorted(self.lines, key=lambda line: RESULTS.index(line.result))


class _Known(NamedTuple):
    """The kinds that a unit can record, by code and by what people write, and the kind that a sheet's name means."""

    kinds: Kinds
    words: Mapping[str, RecordKind]
    sheets: Mapping[str, str]


@dataclass(slots=True)
class _Ground:
    """What rows are held against: the person's units, their kinds, the ledger's rows by id."""

    user: User
    today: date
    units: Mapping[str, Unit]
    names: Mapping[str, str]
    known: dict[str, _Known] = field(default_factory=dict)
    kept: dict[UUID, Record] = field(default_factory=dict)
    foreign: set[UUID] = field(default_factory=set)
    alike: dict[tuple[object, ...], list[Record]] = field(default_factory=dict)
    seen: dict[UUID, Line] = field(default_factory=dict)

    def list_known(self, code: str) -> _Known:
        """What the unit of that code can record; for a code that is not the person's, what they all can."""
        if code not in self.units:
            code = ""
        if code not in self.known:
            kinds = load_kinds_at(self.units[code].path) if code else load_kinds_around(self._list_paths())
            self.known[code] = _Known(
                kinds, name_kinds(kinds), {name_sheet(kind): kind.code for kind in kinds.values()}
            )
        return self.known[code]

    def reread(self, record: CoreRecord) -> CoreRecord:
        """The record as it comes back from a sheet of its unit."""
        known = self.list_known(record.unit)
        return reread(_hide(record), known.kinds, known.words)

    def _list_paths(self) -> list[str]:
        return [unit.path for unit in self.units.values()]


def find_held_records(user: User) -> RecordUpload | None:
    """The file of records that the person has handed in and not yet taken in as a whole."""
    return RecordUpload.objects.filter(uploaded_by=user).first()


def preview_upload(user: User, upload: RecordUpload, today: date) -> Preview:
    """Every row of the file with what would become of it; nothing is written."""
    details = {detail.title for kind in load_kinds().values() for detail in kind.details}
    file = read_record_file(upload.name, bytes(upload.content), details)
    if file.problems:
        return Preview(file)
    ground = _prepare(user, today)
    lines = _read_lines(file, ground)
    _look_up(lines, ground)
    for line in lines:
        _judge(line, ground)
        line.unit_name = _name_unit(line, ground)
    return Preview(file, lines)


def _name_unit(line: Line, ground: _Ground) -> str:
    """The name where the person knows the unit, the code that was read otherwise."""
    if line.record is None:
        return ""
    unit = ground.units.get(line.record.unit)
    return unit.name if unit else line.record.unit


def _prepare(user: User, today: date) -> _Ground:
    units = {unit.code: unit for unit in access.list_recording_units(user, today)}
    names: dict[str, str] = {}
    for unit in units.values():
        names[unit.name] = "" if unit.name in names else unit.code
    return _Ground(user, today, units, names)


def _read_lines(file: RecordFile, ground: _Ground) -> list[Line]:
    in_cells: dict[tuple[str, int | None], list[Problem]] = {}
    for problem in file.cell_problems:
        in_cells.setdefault((problem.source.sheet, problem.source.row), []).append(problem)
    met: Counter[UUID] = Counter()
    lines = [_read_line(row, ground, in_cells, met) for row in file.rows]
    # A line that could not even be parted into cells.
    broken = [Line(found[0].source, None, found) for found in in_cells.values()]
    return sorted(lines + broken, key=lambda line: (list(file.tops).index(line.place.sheet), line.place.row or 0))


def _read_line(
    row: RecordRow,
    ground: _Ground,
    in_cells: dict[tuple[str, int | None], list[Problem]],
    met: Counter[UUID],
) -> Line:
    filled = _fill_in(row, ground)
    known = ground.list_known(filled.cells.get("unit", ""))
    record, problems = parse_record(filled, known.kinds, known.words)
    told = [*in_cells.pop((row.place.sheet, row.place.row), ()), *problems]
    has_id = bool(row.cells.get("id", "").strip())
    if record is not None and record.received_at is not None:
        record = replace(record, received_at=None)
        record = record if has_id else replace(record, id=make_content_id(record))
    if record is not None and not has_id:
        met[record.id] += 1
        record = tell_apart(record, met[record.id])
    return Line(row.place, None if told else record, told, has_id)


def _fill_in(row: RecordRow, ground: _Ground) -> RecordRow:
    """The row with its unit as a code; the kind that its sheet is called by stands for an empty cell."""
    cells = dict(row.cells)
    if code := _find_code(cells.get("unit") or cells.get(UNIT_NAME, ""), ground):
        cells["unit"] = code
    sheets = ground.list_known(cells.get("unit", "")).sheets
    if "kind" not in cells and row.place.sheet in sheets:
        cells["kind"] = sheets[row.place.sheet]
    return replace(row, cells=gather_details(cells))


def _find_code(text: str, ground: _Ground) -> str:
    """The code that a cell means: a code, 柳湾村（SQ0101） or a name; an empty one means the only unit one has."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return next(iter(ground.units)) if len(ground.units) == 1 else ""
    behind = CODE_BEHIND.search(plain)
    if plain in ground.units or not behind:
        return ground.names.get(text.strip()) or plain
    return behind[1].strip()


def _look_up(lines: Sequence[Line], ground: _Ground) -> None:
    """Reads what the ledger has of these ids, and of rows of earlier files that these may tell anew."""
    ids = [line.record.id for line in lines if line.record]
    wanted = [*ids, *(line.record.replaces for line in lines if line.record and line.record.replaces)]
    visible = access.list_visible_records(ground.user, ground.today).select_related("unit", "author", "replaced_by")
    for chunk in (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)):
        ground.kept.update({record.pk: record for record in visible.filter(pk__in=chunk)})
        ground.foreign.update(Record.objects.filter(pk__in=chunk).values_list("pk", flat=True))
    ground.foreign -= ground.kept.keys()
    without = [line.record for line in lines if line.record and not line.has_id and line.record.id not in ground.kept]
    if without:
        _look_for_alike(without, set(ids), ground)


def _look_for_alike(records: Sequence[CoreRecord], own: set[UUID], ground: _Ground) -> None:
    keys, days = {_key(record) for record in records}, [record.happened_on for record in records]
    found = access.list_visible_records(ground.user, ground.today).filter(
        kind__in={record.kind for record in records},
        happened_on__range=(min(days), max(days)),
        replaced_by__isnull=True,
        withdrawn=False,
    )
    # Most records were made on phones: their ids alone say that no file told them.
    ids = (pk for pk in found.values_list("pk", flat=True).iterator(20_000) if pk.version == BY_CONTENT)
    told = [pk for pk in ids if pk not in own]
    for start in range(0, len(told), AT_ONCE):
        for record in found.filter(pk__in=told[start : start + AT_ONCE]):
            if (key := _key(record.to_core())) in keys:
                ground.alike.setdefault(key, []).append(record)


def _key(record: CoreRecord) -> tuple[object, ...]:
    hidden = _hide(record)
    return tuple(getattr(hidden, name) for name in ALIKE)


def _hide(record: CoreRecord) -> CoreRecord:
    """As the ledger would keep it, with numbers of persons masked; what is taken in is the row as it was told."""
    return mask_record(record, stand_in)[0]


def _list_changed(kept: CoreRecord, sent: CoreRecord) -> list[str]:
    return [name for name in list_differences(kept, sent) if name not in OF_VERSIONS]


def _judge(line: Line, ground: _Ground) -> None:
    """Sets what would become of the row. A row that repeats another of the file adds nothing."""
    record = line.record
    if record is None:
        return
    first = ground.seen.setdefault(record.id, line)
    if first is not line and first.record is not None:
        _judge_repeated(line, first.record, first.place.row)
    elif record.id in ground.kept:
        _judge_kept(line, record, ground.kept[record.id], ground)
    elif problems := _check(record, ground):
        line.problems = [_place(problem, line.place) for problem in problems]
    elif not line.has_id and (alike := ground.alike.get(_key(record))):
        _judge_alike(line, ground.reread(record), alike)
    else:
        line.result = NEW


def _judge_repeated(line: Line, first: CoreRecord, first_row: int | None) -> None:
    record = line.record
    differing = list_differences(first, record) if record else ()
    line.result, line.first_row = KNOWN, first_row
    if differing and record:
        line.result = REFUSED
        place, name = _locate(line.place, "id"), differing[0]
        line.problems = [make_problem("record.id-twice", place, first_row=first_row, value=record.id, field=name)]


def _judge_kept(line: Line, sent: CoreRecord, kept: Record, ground: _Ground) -> None:
    """The ledger has this id: with the same content, now or since it was mended; or with another."""
    rounded, latest = ground.reread(sent), _find_latest(kept)
    if any(not list_differences(one, rounded) for one in _list_readings(kept, ground)) or (
        latest.pk != kept.pk and any(not _list_changed(one, rounded) for one in _list_readings(latest, ground))
    ):
        line.result = KNOWN
        return
    problems = [*_check(replace(sent, replaces=None, withdrawn=False), ground)]
    problems = problems or check_correction(sent, latest.to_core())
    if latest.withdrawn or sent.withdrawn:
        problems.append(make_problem("record.row-withdrawn", Source(key="id")))
    line.problems = [_place(problem, line.place) for problem in problems]
    line.result, line.kept = (REFUSED, None) if problems else (CONFLICT, latest)


def _list_readings(kept: Record, ground: _Ground) -> tuple[CoreRecord, CoreRecord]:
    """The record as it is kept, and as it comes back from a sheet, which holds no blanks at the edges of a text."""
    told = _hide(kept.to_core())
    return told, ground.reread(told)


def _find_latest(record: Record) -> Record:
    while (after := getattr(record, "replaced_by", None)) is not None:
        record = after
    return record


def _judge_alike(line: Line, sent: CoreRecord, alike: list[Record]) -> None:
    """A row of an earlier file told this fact otherwise, or just so since it was mended. Each is met once."""
    kept = next((one for one in alike if not _list_changed(_hide(one.to_core()), sent)), alike[0])
    alike.remove(kept)
    line.kept = kept
    line.result = CONFLICT if line.changes else KNOWN
    if line.result == KNOWN:
        line.kept = None


def _check(record: CoreRecord, ground: _Ground) -> list[Problem]:
    """Everything that keeps the record out of the ledger."""
    unit = ground.units.get(record.unit)
    if unit is None:
        return [make_problem("record.unit-not-yours", Source(key="unit"), unit=record.unit)]
    if record.id in ground.foreign:
        return [make_problem("record.id-foreign", Source(key="id"))]
    kind = ground.list_known(record.unit).kinds.get(record.kind)
    problems = check_record(record, kind, unit.to_core(), ground.today)
    return [*problems, *_check_original(record, ground)]


def _check_original(record: CoreRecord, ground: _Ground) -> Iterable[Problem]:
    """Whether what the row corrects is there: in the ledger, or in an earlier row that would be taken in."""
    if record.replaces is None or record.replaces == record.id:
        return []
    kept, before = ground.kept.get(record.replaces), ground.seen.get(record.replaces)
    if kept is not None and _find_latest(kept).pk != kept.pk:
        return [make_problem("record.already-corrected", Source(key="replaces"))]
    if kept is not None:
        return _check_version(record, kept.to_core())
    if before is not None and before.record is not None and before.result == NEW:
        return _check_version(record, before.record)
    return [make_problem("record.original-unlisted", Source(key="replaces"), value=record.replaces)]


def _check_version(record: CoreRecord, original: CoreRecord) -> list[Problem]:
    problems = check_correction(record, original)
    return check_withdrawal(record, original) if record.withdrawn and not problems else problems


def _place(problem: Problem, place: Source) -> Problem:
    """What was told of a field, told of the cell."""
    return replace(problem, source=_locate(place, problem.source.key))


def _locate(place: Source, name: str) -> Source:
    return replace(place, column=SHEET_HEADS.get(name, ""))


def list_wanted(preview: Preview, conflicts: str) -> Iterator[CoreRecord]:
    """The records to take in: the new ones, and those in conflict as corrections or, where they may be, as new."""
    for line in preview.lines:
        if line.record is None:
            continue
        if line.result == NEW or (line.result == CONFLICT and conflicts == "new" and line.is_alike):
            yield line.record
        elif line.result == CONFLICT and conflicts == "correct" and line.kept is not None:
            told = replace(line.record, replaces=line.kept.pk, withdrawn=False)
            yield replace(told, id=make_content_id(told))
