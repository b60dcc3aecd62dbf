"""Backups made while people work, put back and compared; and the way from the embedded database to PostgreSQL."""

import hashlib
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest

from tests.survival.server import (
    LOST,
    POSTGRESQL,
    WUZHA,
    Client,
    Site,
    call,
    make_database,
    make_environment,
    make_told,
    run_site,
)
from wuzha.adapters.archive.seal import read_identity, unseal
from wuzha.adapters.archive.stream import open_reader

PHOTO = b"the bytes of a photo"
on_sqlite = pytest.mark.skipif(bool(POSTGRESQL), reason="one file and one writer")
needs_no_database = pytest.mark.skipif(bool(POSTGRESQL), reason="looks at the file alone, whatever it was made from")


@dataclass(frozen=True, slots=True)
class Kept:
    """A site at work, the key of its backups, and the first of them, made when it held some records and a photo."""

    site: Site
    key: Path
    archive: Path
    photo: str


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("kept")
    key, archive = folder / "key", folder / "first.age"
    run(["backup-key", str(key)], make_environment(folder, ""))
    with run_site(folder / "data") as site:
        with call(site) as client:
            client.post("/api/v1/records/batch/", {"records": [make_told() for _ in range(20)]})
        photo = put_evidence(site, PHOTO)
        made = back_up(site, archive, key)
        assert made.returncode == 0, made.stderr
        yield Kept(site, key, archive, photo)


@pytest.fixture(scope="module")
def restored(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The first backup, put into an empty place."""
    folder = tmp_path_factory.mktemp("restored")
    environment = empty_place(folder / "new")
    done = run(["restore", str(kept.archive), "--identity", str(kept.key)], environment)
    assert done.returncode == 0, done.stderr
    return Site(folder / "new", port=kept.site.port, key=kept.site.key, environment=environment)


def run(arguments: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([str(WUZHA), *arguments], env=environment, capture_output=True, text=True, check=False)


def back_up(site: Site, path: Path, key: Path) -> "subprocess.CompletedProcess[str]":
    recipient = key.read_text().splitlines()[0].removeprefix("# ")
    return run(["backup", str(path), "--recipient", recipient], site.environment)


def empty_place(folder: Path) -> dict[str, str]:
    """The environment of an installation that is not there yet, on the database at hand."""
    return make_environment(folder, make_database() if POSTGRESQL else "")


def list_column(archive: Path, key: Path, table: str, column: str) -> list[str]:
    with unseal(archive, read_identity(key.read_text())) as stream, open_reader(stream) as reader:
        place = reader.head["columns"][table].index(column)
        pieces = [piece.content for piece in reader.read() if piece.name == table]
    return [json.loads(line)[place] for line in b"".join(pieces).splitlines()]


def list_records(archive: Path, key: Path) -> set[UUID]:
    return {UUID(one) for one in list_column(archive, key, "campaign_record", "id")}


def read_end(archive: Path, key: Path) -> dict[str, object]:
    with unseal(archive, read_identity(key.read_text())) as stream, open_reader(stream) as reader:
        for _ in reader.read():
            pass
        return reader.end


def keep_sending(client: Client, acknowledged: list[UUID], stop: Event) -> None:
    while not stop.is_set():
        told = make_told()
        try:
            if client.send(told) == 201:
                acknowledged.append(UUID(told["id"]))
        except LOST:
            return


def put_evidence(site: Site, content: bytes) -> str:
    """A photo in the folder, and a row that names it."""
    name = hashlib.sha256(content).hexdigest()
    folder = site.data / "evidence" / name[:2]
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    record = str(site.list_kept()[0])
    columns = "id,record_id,sha256,size,sent_sha256,sent_size,media_type,name,received_at,uploaded_by_id"
    values = [record.replace("-", ""), record.replace("-", ""), name, len(content), name, len(content)]
    with closing(site.open_database()) as database:
        person = database.execute("SELECT min(id) FROM accounts_user").fetchone()[0]
        values += ["image/jpeg", "photo.jpg", "2026-11-22 00:00:00+00", person]
        signs = ",".join(["%s" if POSTGRESQL else "?"] * len(values))
        database.execute(f"INSERT INTO campaign_evidence ({columns}) VALUES ({signs})", values)
    return name


def test_a_backup_made_while_records_come_in_holds_all_that_was_acknowledged_before_it(
    kept: Kept, tmp_path: Path
) -> None:
    acknowledged: list[UUID] = []
    stop, archive = Event(), tmp_path / "backup.age"
    with call(kept.site) as client:
        sender = Thread(target=keep_sending, args=(client, acknowledged, stop))
        sender.start()
        while len(acknowledged) < 20:
            time.sleep(0.01)
        before = set(acknowledged)
        made = back_up(kept.site, archive, kept.key)
        after = len(acknowledged)
        stop.set()
        sender.join()

    assert made.returncode == 0, made.stderr
    held = list_records(archive, kept.key)
    assert before <= held <= set(kept.site.list_kept())
    assert after > len(before), "nobody could write while the backup was made"
    audited = {UUID(one) for one in list_column(archive, kept.key, "accounts_auditentry", "object_id") if len(one) > 30}
    assert held == audited, "the tables are not of one moment"


def test_what_is_restored_is_to_the_byte_what_was_backed_up(kept: Kept, restored: Site, tmp_path: Path) -> None:
    again = tmp_path / "again.age"

    assert back_up(restored, again, kept.key).returncode == 0

    assert read_end(again, kept.key) == read_end(kept.archive, kept.key)
    assert (restored.data / "evidence" / kept.photo[:2] / kept.photo).read_bytes() == PHOTO
    assert (restored.data / "secret.key").read_text() == (kept.site.data / "secret.key").read_text()


def test_a_restored_site_serves_and_counts_on(kept: Kept, restored: Site) -> None:
    before = len(restored.list_kept())
    kept.site.kill()
    restored.start()
    try:
        with call(restored) as client:
            assert client.send(make_told()) == 201
    finally:
        restored.kill()
    assert len(restored.list_kept()) == before + 1


def test_a_damaged_photo_is_named_and_the_backup_is_good_all_the_same(
    kept: Kept, restored: Site, tmp_path: Path
) -> None:
    archive = tmp_path / "backup.age"
    (restored.data / "evidence" / kept.photo[:2] / kept.photo).write_bytes(b"not what it was")

    made = back_up(restored, archive, kept.key)

    assert made.returncode == 1
    assert kept.photo in made.stderr
    assert read_end(archive, kept.key)["missing"] == [kept.photo]


def test_the_log_of_a_restored_site_is_sealed_and_a_changed_entry_is_told(restored: Site) -> None:
    ticked = run(["tick", "--now", "2099-01-01T00:00:00"], restored.environment)
    assert ticked.returncode == 0, ticked.stderr
    assert run(["audit", "verify"], restored.environment).returncode == 0

    with closing(restored.open_database()) as database:
        kept = "accounts_auditentry_stays" if POSTGRESQL else "accounts_auditentry_stays_on_update"
        database.execute(f"DROP TRIGGER {kept}{' ON accounts_auditentry' if POSTGRESQL else ''}")
        database.execute(
            "UPDATE accounts_auditentry SET action = 'nothing' WHERE id = (SELECT min(id) FROM accounts_auditentry)"
        )
    verified = run(["audit", "verify"], restored.environment)

    assert verified.returncode == 1
    assert "封条对不上" in verified.stdout


@needs_no_database
@pytest.mark.parametrize("harm", ["cut", "changed", "another key"])
def test_a_backup_that_is_not_whole_is_told_apart(kept: Kept, tmp_path: Path, harm: str) -> None:
    archive, key = tmp_path / "backup.age", kept.key
    content = bytearray(kept.archive.read_bytes())
    if harm == "cut":
        del content[len(content) // 2 :]
    if harm == "changed":
        content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    if harm == "another key":
        key = tmp_path / "other"
        run(["backup-key", str(key)], make_environment(tmp_path, ""))

    verified = run(["verify-backup", str(archive), "--identity", str(key)], make_environment(tmp_path, ""))

    assert verified.returncode == 2
    assert "打不开这个文件" in verified.stderr


@needs_no_database
def test_a_whole_backup_is_said_to_be_whole(kept: Kept, tmp_path: Path) -> None:
    verified = run(["verify-backup", str(kept.archive), "--identity", str(kept.key)], make_environment(tmp_path, ""))
    assert verified.returncode == 0
    assert "完整" in verified.stdout


def test_half_a_backup_puts_nothing_in(kept: Kept, tmp_path: Path) -> None:
    archive = tmp_path / "half.age"
    content = kept.archive.read_bytes()
    archive.write_bytes(content[: len(content) - 100])
    environment = empty_place(tmp_path / "new")

    done = run(["restore", str(archive), "--identity", str(kept.key)], environment)

    assert done.returncode == 2
    with closing(Site(tmp_path / "new", environment=environment).open_database()) as database:
        assert database.execute("SELECT count(*) FROM accounts_unit").fetchone()[0] == 0


@on_sqlite
def test_a_place_that_changes_what_is_put_in_keeps_nothing(kept: Kept, tmp_path: Path) -> None:
    environment = make_environment(tmp_path / "new", "")
    run(["manage", "migrate", "--verbosity", "0"], environment)
    spoilt = "CREATE TRIGGER spoil AFTER INSERT ON accounts_unit BEGIN UPDATE accounts_unit SET name = name || '1'; END"
    with closing(sqlite3.connect(tmp_path / "new" / "wuzha.sqlite3")) as database:
        database.execute(spoilt)

    done = run(["restore", str(kept.archive), "--identity", str(kept.key)], environment)

    assert done.returncode == 2
    assert "和备份不一致" in done.stderr
    with closing(sqlite3.connect(tmp_path / "new" / "wuzha.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM accounts_unit").fetchone()[0] == 0


LOOKING = """
import sqlite3, django
django.setup()
from django.conf import settings
from wuzha.web.accounts.models import Unit
from wuzha.web.archive.snapshot import open_snapshot
with open_snapshot() as alias:
    before = Unit.objects.using(alias).count()
    other = sqlite3.connect(settings.DATA / "wuzha.sqlite3", timeout=0, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE accounts_unit SET name = 'x'")
    other.execute("COMMIT")
    assert not Unit.objects.using(alias).filter(name="x").exists()
    print(before)
"""


@on_sqlite
def test_whoever_looks_for_a_backup_locks_nobody_out_and_sees_one_moment(restored: Site) -> None:
    command = [sys.executable, "-c", LOOKING]
    done = subprocess.run(command, env=restored.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1


def test_a_backup_goes_into_no_place_where_there_is_data_already(kept: Kept) -> None:
    before = kept.site.list_kept()

    done = run(["restore", str(kept.archive), "--identity", str(kept.key)], kept.site.environment)

    assert done.returncode == 2
    assert "这里已经有数据" in done.stderr
    assert kept.site.list_kept() == before


@pytest.mark.skipif(not POSTGRESQL, reason="moves to PostgreSQL")
def test_a_move_to_postgresql_takes_every_row_along(tmp_path: Path) -> None:
    data, address = tmp_path / "data", tmp_path / "address"
    data.mkdir()
    environment = make_environment(data, "")
    subprocess.run([sys.executable, "-m", "tests.survival.county"], env=environment, check=True, capture_output=True)
    address.write_text(make_database())

    moved = run(["move", "--to", str(address)], environment)

    assert moved.returncode == 0, moved.stderr
    place = Site(data, environment=make_environment(data, address.read_text()))
    with closing(sqlite3.connect(data / "wuzha.sqlite3")) as old, closing(place.open_database()) as new:
        for table in ("accounts_unit", "accounts_user", "accounts_post", "accounts_auditentry", "accounts_apitoken"):
            asked = f"SELECT count(*), max(id) FROM {table}"
            assert tuple(old.execute(asked).fetchone()) == tuple(new.execute(asked).fetchone())
    again = run(["move", "--to", str(address)], environment)
    assert again.returncode == 2
    assert "这里已经有数据" in again.stderr
