"""When something was last done on this machine: a small file in the data folder that holds the moment.

Not in the database, which may be the very thing that fails; whoever watches the site asks for it often.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings


def leave_mark(name: str, now: datetime) -> None:
    """``name`` was done now. Where the folder cannot be written the mark stays as it was."""
    folder = _find(name).parent
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
        fresh = folder / f".{name}.new"
        fresh.write_text(now.isoformat())
        fresh.replace(_find(name))


def read_mark(name: str) -> datetime | None:
    """None where it was never done here."""
    try:
        return datetime.fromisoformat(_find(name).read_text().strip())
    except (OSError, ValueError):
        return None


def _find(name: str) -> Path:
    return Path(settings.DATA) / "marks" / name
