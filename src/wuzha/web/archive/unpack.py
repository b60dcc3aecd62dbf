"""Out of an archive: into an empty installation of the same shape, whole or not at all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from django.core.management.color import no_style
from django.db import connection, models, transaction

from wuzha.adapters.archive.stream import ArchiveError, Piece, Reader, Sum, Told, open_reader
from wuzha.web.archive.pack import Progress, list_lines
from wuzha.web.archive.snapshot import list_migrations
from wuzha.web.archive.tables import Model, list_columns, list_tables, name_table, read_line
from wuzha.web.campaign.models.append import append_rows
from wuzha.web.campaign.queries.evidence import open_store

SLICE = 2000


@dataclass(slots=True)
class Loaded:
    """What came out: ``head`` and ``end`` as the archive tells them, and the key where it held one."""

    head: Told
    end: Told = field(default_factory=dict)
    key: bytes = b""


def load_archive(stream: IO[bytes], progress: Progress = lambda _: None) -> Loaded:
    """Puts all rows and files of the archive into this installation and compares what stands there with what was read.

    Raises :class:`ArchiveError` when the archive is not whole, when its tables have another shape than these, when
    there are rows here already, or when what was written reads otherwise: then no row is kept.
    """
    with open_reader(stream) as reader:
        _check_shape(reader.head)
        loaded = Loaded(reader.head)
        with transaction.atomic():
            _check_empty()
            _load(reader, loaded, progress)
            loaded.end = reader.end
            count_on()
            _compare(reader.end)
    return loaded


def _check_shape(head: Told) -> None:
    here, there = list_migrations("default"), head.get("migrations", [])
    if here != there:
        ahead = sorted(set(there) - set(here)) or sorted(set(here) - set(there))
        code = "archive.newer" if set(there) - set(here) else "archive.older"
        raise ArchiveError(code, version=head.get("version", ""), first=ahead[0] if ahead else "")
    columns = {name_table(model): list(list_columns(model)) for model in list_tables()}
    if columns != head.get("columns"):
        raise ArchiveError("archive.newer", version=head.get("version", ""), first="")


def _check_empty() -> None:
    for model in list_tables():
        if model._base_manager.exists():
            raise ArchiveError("archive.not-empty", name=name_table(model))


def _load(reader: Reader, loaded: Loaded, progress: Progress) -> None:
    tables = {name_table(model): model for model in list_tables()}
    store, before = open_store(), Piece("", "", b"")
    for piece in reader.read():
        match piece.sort:
            case "table":
                progress(piece.name)
                _insert(_find(tables, piece.name), piece.content)
            case "file":
                is_its_own = (before.sort, before.name) == ("thumb", piece.name)
                store.keep(piece.content, before.content if is_its_own else b"")
            case "key":
                loaded.key = piece.content
        before = piece


def _find(tables: dict[str, Model], name: str) -> Model:
    if name not in tables:
        raise ArchiveError("archive.strange-part", name=name)
    return tables[name]


def _insert(model: Model, lines: bytes) -> None:
    rows = _read_lines(model, lines)
    while some := list(islice(rows, SLICE)):
        append_rows(some, with_keys=True)


def _read_lines(model: Model, lines: bytes) -> Iterator[models.Model]:
    try:
        yield from (read_line(model, line) for line in lines.split(b"\n") if line)
    except (ValueError, TypeError) as error:
        raise ArchiveError("archive.table-damaged", name=name_table(model)) from error


def count_on() -> None:
    """The database's own counters go on behind the highest key that was put in."""
    statements = connection.ops.sequence_reset_sql(no_style(), list(list_tables()))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _compare(end: Told) -> None:
    """What stands in the tables now is what stood in those that the archive was made of, to the byte."""
    for model in list_tables():
        found = Sum()
        for line in list_lines(model, "default"):
            found.add(line)
        if found.tell() != end["tables"].get(name_table(model), Sum().tell()):
            raise ArchiveError("archive.differs", name=name_table(model))
