"""An archive as a stream of parts: a head, pieces of tables, files, and at the end what all of it must come to.

The parts stand in a tar that is packed with gzip, so that whoever has unsealed it can look into it without Wuzha.
Nothing of it is believed before the end, which names every table with its number of rows and their SHA-256.
"""

import gzip
import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

FORMAT = 1
# So many bytes of a table stand in one part: what is in memory at a time.
PIECE = 4 * 1024 * 1024
# A part that is larger than this was not made here; a file is at most a few times what one photo may be.
MOST = 1024 * 1024 * 1024
PART = re.compile(
    r"tables/(?P<table>\w+)/\d{6}\.jsonl|files/(?P<file>[0-9a-f]{64})|thumbs/(?P<thumb>[0-9a-f]{64})"
    r"|(?P<key>secret\.key)|(?P<end>end\.json)"
)
Told = dict[str, Any]


class ArchiveError(Exception):
    """The archive is not whole or none at all. ``code`` says which sentence tells it."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(slots=True)
class Sum:
    """What a table comes to."""

    rows: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def add(self, lines: bytes) -> None:
        self.rows += lines.count(b"\n")
        self.digest.update(lines)

    def tell(self) -> Told:
        return {"rows": self.rows, "sha256": self.digest.hexdigest()}


class Writer:
    """Puts parts into a stream. :meth:`end` must be the last; without it no reader takes the archive for whole."""

    def __init__(self, tar: tarfile.TarFile, head: Told) -> None:
        self._tar = tar
        self._sums: dict[str, Sum] = {}
        self._files = 0
        self._add("head.json", _write(head))

    def add_table(self, name: str, lines: Iterable[bytes]) -> None:
        self._sums[name] = Sum()
        piece = io.BytesIO()
        number = 0
        for line in lines:
            piece.write(line)
            if piece.tell() >= PIECE:
                self._add_piece(name, number, piece.getvalue())
                piece, number = io.BytesIO(), number + 1
        if piece.tell():
            self._add_piece(name, number, piece.getvalue())

    def _add_piece(self, name: str, number: int, lines: bytes) -> None:
        self._sums[name].add(lines)
        self._add(f"tables/{name}/{number:06}.jsonl", lines)

    def add_file(self, sha256: str, content: bytes, thumbnail: bytes = b"") -> None:
        """A file under the SHA-256 of its content; its thumbnail goes before it."""
        self._files += 1
        if thumbnail:
            self._add(f"thumbs/{sha256}", thumbnail)
        self._add(f"files/{sha256}", content)

    def add_key(self, content: bytes) -> None:
        self._add("secret.key", content)

    def end(self, missing: Sequence[str]) -> Told:
        """What the archive comes to, written as its last part. ``missing`` are files that could not be had."""
        tables = {name: one.tell() for name, one in self._sums.items()}
        told: Told = {"tables": tables, "files": self._files, "missing": list(missing)}
        self._add("end.json", _write(told))
        return told

    def _add(self, name: str, content: bytes) -> None:
        part = tarfile.TarInfo(name)
        part.size = len(content)
        part.mode = 0o600
        self._tar.addfile(part, io.BytesIO(content))


@contextmanager
def open_writer(stream: IO[bytes], head: Told) -> Iterator[Writer]:
    """``head`` says what the archive is of; the reader is given it before all else."""
    with (
        gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=4, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield Writer(tar, {"format": FORMAT, **head})


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a ``table``, a ``file``, the ``thumb`` of the file that comes next, or the ``key``.

    ``name`` is that of the table, or the SHA-256 of the file.
    """

    sort: str
    name: str
    content: bytes


@dataclass(slots=True)
class Reader:
    """The parts of a stream, in order. ``head`` is there at once, ``end`` only once :meth:`read` has come to it."""

    head: Told
    _tar: tarfile.TarFile
    end: Told = field(default_factory=dict)

    def read(self) -> Iterator[Piece]:
        """Raises :class:`ArchiveError` for what is not whole; what was read before that must be given up."""
        sums: dict[str, Sum] = {}
        files = 0
        with _tell_of_damage():
            while part := self._tar.next():
                piece = self._read_part(part)
                if piece.sort == "end":
                    self.end = _read(piece.content)
                    break
                if piece.sort == "table":
                    sums.setdefault(piece.name, Sum()).add(piece.content)
                files += piece.sort == "file"
                yield piece
            self._compare(sums, files)

    def _read_part(self, part: tarfile.TarInfo) -> Piece:
        match = PART.fullmatch(part.name)
        if match is None or match.lastgroup is None or not part.isfile() or part.size > MOST:
            raise ArchiveError("archive.strange-part", name=part.name[:80])
        piece = Piece(match.lastgroup, match[match.lastgroup], _take(self._tar, part))
        if piece.sort == "file" and hashlib.sha256(piece.content).hexdigest() != piece.name:
            raise ArchiveError("archive.file-damaged", name=piece.name)
        return piece

    def _compare(self, sums: dict[str, Sum], files: int) -> None:
        if not self.end:
            raise ArchiveError("archive.cut-short")
        for name, asked in self.end["tables"].items():
            if sums.get(name, Sum()).tell() != asked:
                raise ArchiveError("archive.table-damaged", name=name)
        if set(sums) - set(self.end["tables"]) or files != self.end["files"]:
            raise ArchiveError("archive.cut-short")


@contextmanager
def open_reader(stream: IO[bytes]) -> Iterator[Reader]:
    """Raises :class:`ArchiveError` for a stream that is no archive, or one of a later format."""
    with _tell_of_damage():
        tar = tarfile.open(fileobj=gzip.GzipFile(fileobj=stream, mode="rb"), mode="r|")  # noqa: SIM115 - the stream is the caller's
        part = tar.next()
        if part is None or part.name != "head.json" or part.size > PIECE:
            raise ArchiveError("archive.none")
        head = _read(_take(tar, part))
    if head.get("format") != FORMAT:
        raise ArchiveError("archive.format", format=head.get("format"))
    yield Reader(head, tar)


@contextmanager
def _tell_of_damage() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ArchiveError("archive.cut-short") from error


def _take(tar: tarfile.TarFile, part: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(part)
    content = file.read() if file else b""
    if len(content) != part.size:
        raise ArchiveError("archive.cut-short")
    return content


def _write(told: Told) -> bytes:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _read(content: bytes) -> Told:
    try:
        told = json.loads(content)
    except ValueError:
        raise ArchiveError("archive.none") from None
    if not isinstance(told, dict):
        raise ArchiveError("archive.none")
    return told
