"""A real server on a folder of its own, as ``wuzha serve`` starts it, and clients that do not give up.

The database is SQLite, or one of its own on the PostgreSQL that ``WUZHA_DATABASE_URL`` names.
"""

import atexit
import ctypes
import http.client
import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tests.survival.family import list_family
from tests.survival.tables import POSTGRESQL, make_database, make_environment, prepare_place

if TYPE_CHECKING or POSTGRESQL:
    import psycopg


__all__ = [
    "LOST",
    "POSTGRESQL",
    "WUZHA",
    "Client",
    "Site",
    "call",
    "make_database",
    "make_environment",
    "make_told",
    "run_site",
]

WUZHA = Path(sys.executable).with_name("wuzha")
STARTING_S = 60
DROP_CAPABILITY = 24
OVERRIDES_MODES = 1
LOST = (OSError, http.client.HTTPException)


@dataclass(frozen=True, slots=True)
class County:
    """The county made and at rest, to be copied: its data folder, on PostgreSQL its database, its village's key."""

    data: Path
    database: str
    key: str


@cache
def make_county() -> County:
    """Once for all sites of this process, which throws it away at its end."""
    folder = Path(tempfile.mkdtemp(prefix="wuzha-county-"))
    atexit.register(shutil.rmtree, folder)
    command = [sys.executable, "-m", "tests.survival.county"]
    environment = prepare_place(folder)
    key = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return County(folder, environment.get("WUZHA_DATABASE_URL", ""), key)


@dataclass(slots=True)
class Site:
    """A data folder with the county in it, the key of its village, and the server while it runs."""

    data: Path
    port: int = 0
    key: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def prepare(self, **settings: str) -> None:
        county = make_county()
        shutil.copytree(county.data, self.data, dirs_exist_ok=True)
        database = make_database(county.database) if POSTGRESQL else ""
        self.environment = make_environment(self.data, database) | settings
        self.key = county.key
        self.choose_port()

    def choose_port(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def start(self) -> None:
        def limit() -> None:
            # Root writes wherever it likes; without this right it asks the modes of files as everybody does.
            ctypes.CDLL(None).prctl(DROP_CAPABILITY, OVERRIDES_MODES, 0, 0, 0)

        command = [str(WUZHA), "serve", "--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.data)]
        with (self.data.parent / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=limit,  # noqa: PLW1509 - the clients' threads hold no lock that this one call needs
            )
        self._wait()

    def fill_disk(self, largest_file: int) -> None:
        """From now on no file of the server grows beyond that, as on a full disk."""
        for number in self.list_processes():
            resource.prlimit(number, resource.RLIMIT_FSIZE, (largest_file, largest_file))

    def list_processes(self) -> list[int]:
        """All processes of the site, the first one first."""
        assert self.process is not None
        return list_family(self.process.pid)

    def _wait(self) -> None:
        end = time.monotonic() + STARTING_S
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self.process is not None
                assert self.process.poll() is None, (self.data.parent / "serve.log").read_text()
                time.sleep(0.05)
        raise TimeoutError("wuzha serve did not answer")

    def kill(self) -> None:
        """kill -9, as when the power goes: nothing is finished, nothing is tidied."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As a service manager stops it."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(30)

    def list_kept(self) -> list[UUID]:
        """The ids in the database, read past the server."""
        with closing(self.open_database()) as database:
            rows = database.execute("SELECT id FROM campaign_record").fetchall()
        return [UUID(str(row[0])) for row in rows]

    def open_database(self) -> Any:
        """A connection past the server, in which each statement stands for itself."""
        if POSTGRESQL:
            return psycopg.connect(self.environment["WUZHA_DATABASE_URL"], autocommit=True)
        return sqlite3.connect(self.data / "wuzha.sqlite3", timeout=30, isolation_level=None)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Somebody else holds the ledger: nobody can write to it."""
        with closing(self.open_database()) as database:
            database.execute("BEGIN" if POSTGRESQL else "BEGIN IMMEDIATE")
            if POSTGRESQL:
                database.execute("LOCK TABLE campaign_record IN SHARE MODE")
            yield
            database.execute("ROLLBACK")


@contextmanager
def call(site: Site) -> Iterator["Client"]:
    """A client that hangs up at the end."""
    client = Client(site)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def run_site(data: Path, **settings: str) -> Iterator[Site]:
    data.mkdir(exist_ok=True)
    site = Site(data)
    # One key sends here in a minute what a real one sends in a week; how often it may ask is tried elsewhere.
    site.prepare(**{"WUZHA_RATE_FACTOR": "0"} | settings)
    site.start()
    try:
        yield site
    finally:
        site.kill()


class Client:
    """One sender with one connection, which it opens anew whenever it is cut."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.headers = {"Authorization": f"Bearer {site.key}", "Content-Type": "application/json"}
        self.line: http.client.HTTPConnection | None = None

    def post(self, path: str, told: Any) -> tuple[int, dict[str, Any]]:
        """The status and the answer. Raises one of :data:`LOST` when the line is cut."""
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        try:
            self.line.request("POST", path, json.dumps(told), self.headers)
            answer = self.line.getresponse()
            return answer.status, dict(json.loads(answer.read()))
        except LOST:
            self.close()
            raise

    def close(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None

    def send(self, told: dict[str, Any]) -> int:
        """The status of one record."""
        return self.post("/api/v1/records/", told)[0]

    def send_until_kept(self, told: dict[str, Any], *, patience_s: float = 120) -> bool:
        """Sends again and again, as a phone does; whether it was acknowledged."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            try:
                if self.send(told) in (200, 201):
                    return True
            except LOST:
                pass
            time.sleep(0.05)
        return False


def make_told(**fields: Any) -> dict[str, Any]:
    """A record of the village, made now."""
    day = datetime.now(UTC).date().isoformat()
    plain = {"id": str(uuid4()), "unit": "SQ0101", "kind": "rally", "happened_on": day, "people": 30}
    return plain | {"place": "村口广场", "note": "讲了刷单和冒充客服两类"} | fields
