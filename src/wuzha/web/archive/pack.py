"""Into an archive: every row as of one moment, every file that a row names, and the key of the installation."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings

from wuzha.adapters.archive.stream import Told, Writer, open_writer
from wuzha.adapters.evidence_store import EvidenceStore, hash_content
from wuzha.web.archive.snapshot import list_migrations, open_snapshot
from wuzha.web.archive.tables import Model, list_columns, list_tables, name_table, read_rows, write_line
from wuzha.web.campaign.models import Evidence
from wuzha.web.campaign.queries.evidence import open_store

Progress = Callable[[str], None]


def write_archive(
    stream: IO[bytes], *, now: datetime, version: str, with_files: bool = True, progress: Progress = lambda _: None
) -> Told:
    """Writes the installation into the stream and says what it comes to. Others may go on writing meanwhile.

    ``missing`` in the answer are files that rows name and the folder has not, or has with other bytes.
    """
    with open_snapshot() as alias:
        head = {"made_at": now.isoformat(), "version": version, "migrations": list_migrations(alias)}
        columns = {name_table(model): list(list_columns(model)) for model in list_tables()}
        with open_writer(stream, {**head, "columns": columns}) as writer:
            for model in list_tables():
                progress(name_table(model))
                writer.add_table(name_table(model), list_lines(model, alias))
            progress("files")
            missing = _add_files(writer, alias) if with_files else []
            if with_files:
                _add_key(writer)
            return writer.end(missing)


def list_lines(model: Model, alias: str) -> Iterator[bytes]:
    return (write_line(values) for values in read_rows(model, alias))


def _add_files(writer: Writer, alias: str) -> list[str]:
    """Each file once, however many records name it."""
    store, missing = open_store(), []
    names = Evidence.objects.using(alias).order_by("sha256").values_list("sha256", flat=True).distinct()
    for name in names.iterator():
        content = _read_file(store, name)
        if content is None:
            missing.append(name)
        else:
            thumbnail = store.find_thumbnail(name)
            writer.add_file(name, content, thumbnail.read_bytes() if thumbnail else b"")
    return missing


def _read_file(store: EvidenceStore, name: str) -> bytes | None:
    try:
        content = store.find(name).read_bytes()
    except OSError:
        return None
    return content if hash_content(content) == name else None


def _add_key(writer: Writer) -> None:
    """The key that signs sessions, where it lies in the data folder; one that the settings bring is kept elsewhere."""
    path = find_key()
    if path.exists():
        writer.add_key(path.read_bytes())


def find_key() -> Path:
    return Path(settings.DATA) / "secret.key"
