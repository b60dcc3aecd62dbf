"""A database with all its tables and nothing in them, made once and copied: to make the tables takes seconds.

For SQLite it is kept in the checkout's ``build`` folder for as long as nothing changes that makes it; for PostgreSQL
beside the databases of the run, which throws them away with their server.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import django

if TYPE_CHECKING or os.environ.get("WUZHA_DATABASE_URL"):
    import psycopg

POSTGRESQL = os.environ.get("WUZHA_DATABASE_URL", "")

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
NAME = "wuzha.sqlite3"
MIGRATE = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]


def prepare_place(data: Path) -> dict[str, str]:
    """The environment of an installation whose tables are there, on the database at hand."""
    data.mkdir(parents=True, exist_ok=True)
    with hold_lock():
        if POSTGRESQL:
            return make_environment(data, make_database(find_template()))
        shutil.copyfile(find_file(), data / NAME)
    return make_environment(data, "")


@contextmanager
def hold_lock() -> Iterator[None]:
    """Whoever comes first makes it, and nobody copies what is only half there."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "tables.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def hash_code() -> str:
    """What the tables follow from: everything that migrations may call, and the library that runs them."""
    files = sorted((ROOT / "src" / "wuzha").rglob("*.py"))
    digest = hashlib.sha256(django.get_version().encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def find_file() -> Path:
    kept = BUILD / f"tables-{hash_code()}.sqlite3"
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            subprocess.run(MIGRATE, env=make_environment(Path(folder), ""), check=True)
            # What the journal still holds belongs to the file; the last one who closes it folds it in.
            assert not (Path(folder) / f"{NAME}-wal").exists()
            for old in BUILD.glob("tables-*.sqlite3"):
                old.unlink()
            (Path(folder) / NAME).rename(kept)
    return kept


def find_template() -> str:
    """The address of the database that the others are copied from."""
    name = f"tables_{hash_code()}"
    address = f"{POSTGRESQL.rpartition('/')[0]}/{name}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if found is None:
        made = make_database()
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(MIGRATE, env=make_environment(Path(folder), made), check=True)
        with psycopg.connect(POSTGRESQL, autocommit=True) as server:
            server.execute(f"ALTER DATABASE {made.rpartition('/')[2]} RENAME TO {name}")
    return address


def make_environment(data: Path, database: str) -> dict[str, str]:
    """What the shell around happens to set must not decide how the site runs."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("WUZHA_", "DJANGO_"))}
    found = clean | {"WUZHA_DATA": str(data), "DJANGO_SETTINGS_MODULE": "wuzha.settings"}
    return found | ({"WUZHA_DATABASE_URL": database} if database else {})


def make_database(copied: str = "") -> str:
    """The address of a new database beside the one that is named: a copy of the other, which nobody uses, or empty."""
    name = f"site_{uuid4().hex}"
    template = f" TEMPLATE {copied.rpartition('/')[2]}" if copied else ""
    with psycopg.connect(POSTGRESQL, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}{template}")
    return f"{POSTGRESQL.rpartition('/')[0]}/{name}"
