"""The key ring of this installation, read from its folder."""

import logging
from functools import lru_cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

from wuzha.adapters.sealing import ENDING, KeyRing, SealingError, make_key, read_ring
from wuzha.web.accounts.refusal import NoKeyError

LOG = logging.getLogger(__name__)


class KeysError(NoKeyError):
    """Nothing can be sealed or opened. To the doors it is what a closed database is: nothing was kept, come again.

    ``code`` and ``key`` say to whoever runs the site which key is missing.
    """

    def __init__(self, error: SealingError) -> None:
        super().__init__(str(error))
        self.code = error.code
        self.key = error.key


def find_folder() -> Path:
    return Path(settings.KEYS)


def load_ring() -> KeyRing:
    """The ring as it lies in the folder now. Raises :class:`SealingError` for a damaged key."""
    folder = find_folder()
    names = tuple(sorted(path.name for path in folder.glob(f"*{ENDING}"))) if folder.is_dir() else ()
    return _read(folder, names)


@lru_cache(maxsize=4)
def _read(folder: Path, _names: tuple[str, ...]) -> KeyRing:
    return read_ring(folder)


def open_ring() -> KeyRing:
    """The ring, which has a key to seal with. Raises :class:`KeysError`, and tells the log why.

    An installation in which nothing has been sealed yet gets its first key here, so that a new one works at once.
    """
    try:
        ring = load_ring()
        if not ring.keys and not is_anything_sealed():
            make_key(find_folder(), None)
            ring = load_ring()
        assert ring.newest
    except SealingError as error:
        LOG.error("the key ring in %s cannot be used: %s", find_folder(), error)
        raise KeysError(error) from None
    return ring


def is_anything_sealed() -> bool:
    """Asked by name, since the tables are made of fields that need the ring."""
    tables = (apps.get_model("personal", name) for name in ("SealedPart", "PersonContact"))
    return any(table._default_manager.exists() for table in tables)


def stand_in(text: str, length: int) -> str:
    """The letters that stand for a number always. Raises :class:`KeysError`."""
    return open_ring().stand_in_for(text, length)
