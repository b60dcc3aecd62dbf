"""Where evidence files lie: stored once by content, in a folder that survives being killed at any moment.

``ab/abcd…`` holds a file under its SHA-256, ``thumbs/ab/abcd….jpg`` its thumbnail, ``parts/`` what has not arrived in
full, ``tmp/`` what is being written. A file gets its final name only once its bytes are on the disk, so that nothing
half written ever has one. Every step may be done again.
"""

import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

try:
    import fcntl as _fcntl
except ImportError:  # Windows has none; there one process serves, and the sweep spares whatever is younger than a day
    _fcntl = None  # type: ignore[assignment]  # the module is optional

ORPHAN_AGE = timedelta(days=1)
HASH = re.compile(r"[0-9a-f]{64}")
UPLOAD = re.compile(r"[\w.-]{1,200}")
FindWanted = Callable[[Collection[str]], Collection[str]]


class StoreError(Exception):
    """The folder cannot be read or written: full disk, read-only, gone. Nothing was acknowledged."""


class GapError(Exception):
    """A piece that begins behind the end of what has arrived; ``received`` bytes are there."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


def hash_content(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _tell_of_the_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(error.strerror or str(error)) from error


@dataclass(frozen=True, slots=True)
class EvidenceStore:
    """The folder at ``root``; it is made when first written to. Every method raises :class:`StoreError` of the disk."""

    root: Path

    def count_received(self, upload: str) -> int:
        """How many bytes of the upload have arrived; none for one that never began."""
        with _tell_of_the_disk():
            part = self._find_part(upload)
            return part.stat().st_size if part.exists() else 0

    def find_longest(self, beginning: str) -> int:
        """How many bytes have arrived of whichever upload with that beginning of its name has most."""
        with _tell_of_the_disk():
            folder = self._find_part(beginning).parent
            found = folder.glob(f"{beginning}*") if folder.exists() else ()
            return max((part.stat().st_size for part in found), default=0)

    def add_piece(self, upload: str, offset: int, piece: bytes) -> int:
        """Write a piece through to the disk and say how much has arrived. The same piece again changes nothing.

        Raises :class:`GapError` for a piece that would leave a hole.
        """
        with _tell_of_the_disk():
            part = self._find_part(upload)
            part.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                return _write_piece(handle, offset, piece)
            finally:
                os.close(handle)

    def read_upload(self, upload: str) -> bytes:
        with _tell_of_the_disk():
            return self._find_part(upload).read_bytes()

    def drop_upload(self, upload: str) -> None:
        with _tell_of_the_disk():
            self._find_part(upload).unlink(missing_ok=True)

    def keep(self, content: bytes, thumbnail: bytes = b"") -> str:
        """Store the content once and give its hash. On return it is on the disk under its final name."""
        name = hash_content(content)
        with _tell_of_the_disk():
            if thumbnail:
                self._keep_under(self._find_thumbnail(name), thumbnail)
            self._keep_under(self.find(name), content)
        return name

    def find(self, name: str) -> Path:
        """Where the content with that hash lies."""
        return self.root / name[:2] / name

    def find_thumbnail(self, name: str) -> Path | None:
        path = self._find_thumbnail(name)
        return path if path.exists() else None

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Between keeping a file and writing its row the sweep must not run: uploads share this, the sweep does not."""
        with self._lock(exclusive=False):
            yield

    def sweep(self, find_wanted: FindWanted, now: datetime) -> int:
        """Remove what nobody names and what is older than a day, and tell how much. ``find_wanted`` gets hashes.

        It runs alone; an upload that is just being written waits for it.
        """
        limit = (now - ORPHAN_AGE).timestamp()
        if not self.root.exists():
            return 0
        with self._lock(exclusive=True), _tell_of_the_disk():
            old = [path for path in self._list_files() if path.stat().st_mtime < limit]
            hashes = {path: path.name.split(".")[0] for path in old}
            named = [name for name in hashes.values() if HASH.fullmatch(name)]
            wanted = frozenset(find_wanted(frozenset(named)))
            orphans = [path for path in old if self._is_passing(path) or hashes[path] not in wanted]
            for path in orphans:
                path.unlink(missing_ok=True)
            (self.root / "swept").touch()
            return len(orphans)

    def is_sweep_due(self, every: timedelta, now: datetime) -> bool:
        """Whether the last sweep that ended lies so long ago; also for a folder that was never swept."""
        mark = self.root / "swept"
        with _tell_of_the_disk():
            return not mark.exists() or mark.stat().st_mtime < (now - every).timestamp()

    def _is_passing(self, path: Path) -> bool:
        return path.parent.name in ("parts", "tmp")

    def _list_files(self) -> list[Path]:
        """Every file in a folder below the root; the lock and the mark of the last sweep lie at the root itself."""
        return [path for path in self.root.rglob("*") if path.is_file() and path.parent != self.root]

    def _find_part(self, upload: str) -> Path:
        if not UPLOAD.fullmatch(upload):
            raise ValueError(upload)
        return self.root / "parts" / upload

    def _find_thumbnail(self, name: str) -> Path:
        return self.root / "thumbs" / name[:2] / f"{name}.jpg"

    def _keep_under(self, path: Path, content: bytes) -> None:
        if path.exists() and path.stat().st_size == len(content):
            os.utime(path)  # it has a new owner to come, so the sweep looks at it as new
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        passing = self.root / "tmp" / uuid4().hex
        passing.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write_through(passing, content)
            passing.replace(path)
        except OSError:
            with suppress(OSError):
                passing.unlink(missing_ok=True)
            raise
        for folder in (path.parent, path.parent.parent):
            _sync_folder(folder)

    @contextmanager
    def _lock(self, *, exclusive: bool) -> Iterator[None]:
        with _tell_of_the_disk():
            self.root.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
            if _fcntl is not None:
                _fcntl.flock(handle, _fcntl.LOCK_EX if exclusive else _fcntl.LOCK_SH)
        try:
            yield
        finally:
            os.close(handle)


def _write_piece(handle: int, offset: int, piece: bytes) -> int:
    if _fcntl is not None:
        _fcntl.flock(handle, _fcntl.LOCK_EX)
    received = os.fstat(handle).st_size
    if offset > received:
        raise GapError(received)
    os.lseek(handle, offset, os.SEEK_SET)
    _write_all(handle, piece)
    os.fsync(handle)
    return max(received, offset + len(piece))


def _write_all(handle: int, content: bytes) -> None:
    """A write may take less than it was given, above all when the disk fills up."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _write_through(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _write_all(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    """A new name is safe once its folder is written; Windows knows no such thing."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
