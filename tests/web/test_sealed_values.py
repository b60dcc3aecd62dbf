"""Sealed values: what the database holds tells nothing, opens in its own row only, and outlives its keys."""

import gzip
import json
import logging
import os
import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core import serializers
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.web.cast import Cast
from tests.web.ledger import enter
from wuzha.adapters.archive.seal import make_identity
from wuzha.adapters.sealing import SealingError, find_key_name, make_key, read_ring
from wuzha.cli.keys import keys
from wuzha.core.base.personal import unmask
from wuzha.web.archive.pack import list_lines
from wuzha.web.archive.tables import read_line
from wuzha.web.campaign.actions.seal_existing import seal_existing
from wuzha.web.campaign.models import Record, append_rows
from wuzha.web.personal.actions import set_phone
from wuzha.web.personal.field import Sealed
from wuzha.web.personal.guard import open_parts
from wuzha.web.personal.models import PersonContact, SealedPart
from wuzha.web.personal.ring import KeysError
from wuzha.web.personal.rotation import count_values, reseal_all

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DAY = date(2026, 3, 20)
NUMBER = "13900000001"
OTHER = "13900000002"


def put_phone(cast: Cast, number: str = NUMBER) -> PersonContact:
    set_phone(actor=cast.secretary, person=cast.secretary, phone=number, now=NOW)
    return PersonContact.objects.get(user=cast.secretary)


@pytest.fixture
def own_ring(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ring of the test's own, and commands on the database of the tests."""
    settings.KEYS = tmp_path / "keys"
    for name in ("open_data_folder", "open_running_data"):
        monkeypatch.setattr(f"wuzha.cli.keys.{name}", lambda data, lang: Path(data))
    return tmp_path / "keys"


def test_neither_the_row_nor_any_question_to_the_database_holds_the_number(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        put_phone(cast)
    assert not any(NUMBER in one["sql"] for one in asked.captured_queries)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, finder, masked FROM personal_personcontact")
        phone, finder, masked = cursor.fetchone()
    assert phone.startswith("w1.")
    assert NUMBER not in f"{phone}{finder}{masked}"


def test_no_text_form_of_the_value_or_its_row_shows_the_number(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    contact = put_phone(cast)
    fresh = PersonContact(user=cast.officer, phone=NUMBER, changed_at=NOW)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger(__name__).error("%s %r %s %r", contact, contact.phone, fresh.phone, fresh.__dict__)
    told = [str(contact), repr(contact.phone), str(contact.phone), repr(fresh.__dict__), caplog.text]
    told += [serializers.serialize("json", [contact]), repr(pickle.dumps(contact)), f"{contact.phone}"]
    assert not any(NUMBER in one for one in told)
    assert contact.phone.reveal() == NUMBER


def test_a_value_that_is_not_sealed_never_goes_to_the_database(cast: Cast) -> None:
    put_phone(cast)
    with pytest.raises(TypeError, match="sealed"):
        PersonContact.objects.filter(phone=NUMBER).exists()
    with pytest.raises(TypeError, match="sealed"):
        PersonContact.objects.update(phone=NUMBER)
    with pytest.raises(TypeError, match="sealed"):
        append_rows([PersonContact(user=cast.officer, phone=NUMBER, changed_at=NOW)])


def test_a_value_copied_to_another_row_does_not_open(cast: Cast) -> None:
    token = put_phone(cast).phone.token
    PersonContact(user=cast.officer, phone=OTHER, changed_at=NOW).save()
    PersonContact.objects.filter(user=cast.officer).update(phone=Sealed(token))
    with pytest.raises(KeysError, match="not-its-place"):
        PersonContact.objects.get(user=cast.officer).phone.reveal()


def test_a_sealed_stretch_that_is_said_to_be_of_another_record_does_not_open(cast: Cast) -> None:
    enter(cast.secretary, cast.village, DAY, note=f"联系{NUMBER}")
    SealedPart.objects.update(object_id="018f3c1e-0000-7000-8000-000000000001")
    with pytest.raises(KeysError, match="not-its-place"):
        SealedPart.objects.get().original.reveal()


def test_a_changed_sign_in_the_database_is_noticed(cast: Cast) -> None:
    token = put_phone(cast).phone.token
    swapped = token[:-6] + ("A" if token[-6] != "A" else "B") + token[-5:]
    PersonContact.objects.update(phone=Sealed(swapped))
    with pytest.raises(KeysError, match="not-its-place"):
        PersonContact.objects.get().phone.reveal()


def test_the_same_number_is_sealed_otherwise_each_time(cast: Cast) -> None:
    assert put_phone(cast).phone.token != put_phone(cast).phone.token


def test_a_lost_key_is_named(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    contact = put_phone(cast)
    settings.KEYS = tmp_path / "other"
    make_key(tmp_path / "other", NOW)
    with pytest.raises(KeysError, match=find_key_name(contact.phone.token)):
        contact.phone.reveal()


def test_a_rotation_that_is_killed_half_way_goes_on_where_it_was(cast: Cast, own_ring: Path) -> None:
    for number in range(7):
        enter(cast.secretary, cast.village, DAY, note=f"联系1390000000{number}")
    put_phone(cast)
    (old,) = count_values()
    new = make_key(own_ring, NOW + timedelta(days=365 * 50))

    batches = []

    def die() -> None:
        batches.append(1)
        if len(batches) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal_all(batch=3, after_batch=die)
    half = count_values()
    assert 0 < half[new] < 8
    assert half[old] + half[new] == 8
    assert reseal_all(batch=3) == half[old]
    assert count_values() == {new: 8}
    assert reseal_all(batch=3) == 0
    kept = Record.objects.order_by("note").first()
    assert kept is not None
    assert unmask(kept.note, open_parts("record", [kept.pk])[str(kept.pk)]["note"]) == "联系13900000000"
    field: Any = PersonContact._meta.get_field("phone")
    assert PersonContact.objects.get(finder__in=field.list_indexes(NUMBER)).finder.startswith(new)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(keys, list(arguments))


def test_a_key_is_retired_only_when_nothing_is_sealed_with_it(cast: Cast, own_ring: Path) -> None:
    put_phone(cast)
    (old,) = count_values()
    refused = run("retire", old)
    assert refused.exit_code != 0
    make_key(own_ring, NOW + timedelta(days=365 * 50))
    assert run("retire", old).exit_code != 0
    assert run("reseal").exit_code == 0
    assert run("retire", old).exit_code == 0
    assert old not in read_ring(own_ring).keys
    assert (own_ring / "retired" / f"{old}.key").exists()
    assert PersonContact.objects.get().phone.reveal() == NUMBER
    assert run("list").exit_code == 0


def test_a_backup_holds_no_number_and_no_key_and_opens_with_the_ring_alone(
    cast: Cast, own_ring: Path, settings: Settings, tmp_path: Path
) -> None:
    put_phone(cast)
    enter(cast.secretary, cast.village, DAY, note=f"联系{NUMBER}")
    lines = b"".join(list_lines(PersonContact, "default"))
    assert NUMBER.encode() not in lines
    assert b"w1." in lines
    PersonContact.objects.all().delete()
    append_rows([read_line(PersonContact, lines.rstrip())], with_keys=True)
    assert PersonContact.objects.get().phone.reveal() == NUMBER
    assert b"".join(list_lines(PersonContact, "default")) == lines
    settings.KEYS = tmp_path / "gone"
    with pytest.raises(KeysError, match=r"keys\.(none|missing)"):
        PersonContact.objects.get().phone.reveal()


def test_the_file_of_the_database_and_its_log_hold_no_number(tmp_path: Path) -> None:
    """An installation of its own on the disk: its file, its log of writes, what was deleted in both, its archive."""
    script = f"""
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import UTC, date, datetime
from tests.web.cast import make_cast
from tests.web.ledger import enter
from wuzha.web.personal.actions import set_phone
cast = make_cast()
now = datetime(2026, 11, 22, tzinfo=UTC)
enter(cast.secretary, cast.village, date(2026, 3, 20), note="联系{NUMBER}，备用{OTHER}")
set_phone(actor=cast.officer, person=cast.officer, phone="{NUMBER}", now=now)
set_phone(actor=cast.officer, person=cast.officer, phone="", now=now)
from wuzha.web.archive.pack import write_archive
with open(r"{tmp_path / "archive"}", "wb") as stream:
    write_archive(stream, now=now, version="test")
import os; os._exit(0)
"""
    environment = {**os.environ, "WUZHA_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "wuzha.settings"}
    environment = {key: value for key, value in environment.items() if not key.startswith("WUZHA_DATABASE_URL")}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert any(path.name.endswith("-wal") for path in files)
    content = b"".join(path.read_bytes() for path in files)
    assert "联系139****0001".encode() in content
    archive = gzip.decompress((tmp_path / "archive").read_bytes())
    assert b"personal_personcontact" in archive
    keys_made = [path.read_text().splitlines()[1].encode() for path in (tmp_path / "keys").glob("*.key")]
    assert len(keys_made) == 2
    assert not any(secret in content + archive for secret in (NUMBER.encode(), OTHER.encode(), *keys_made))


def call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program itself on a folder of its own."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("WUZHA_")}
    command = [sys.executable, "-m", "wuzha", *arguments]
    if "--recipient" not in arguments and arguments[0] == "backup-key":
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return subprocess.run(
        [*command, "--data", str(folder)], env=environment, capture_output=True, text=True, check=False
    )


def test_a_restored_backup_says_which_key_it_needs_and_opens_once_the_ring_is_put_back(tmp_path: Path) -> None:
    old, new, identity = tmp_path / "old", tmp_path / "new", tmp_path / "id.txt"
    recipient = call(old, "backup-key", str(identity)).stdout.strip()
    assert call(old, "manage", "migrate", "--verbosity", "0").returncode == 0
    script = (
        "import datetime;from wuzha.web.accounts.models import User;from wuzha.web.personal.actions import set_phone;"
        f"u=User.objects.create(username='a');set_phone(actor=u,person=u,phone='{NUMBER}',"
        "now=datetime.datetime.now(datetime.UTC))"
    )
    assert call(old, "manage", "shell", "-c", script).returncode == 0
    assert call(old, "keys", "copy", str(tmp_path / "ring.age"), "--recipient", recipient).returncode == 0
    assert call(old, "backup", str(tmp_path / "data.age"), "--recipient", recipient).returncode == 0
    (key,) = (path.stem for path in (old / "keys").glob("0*.key"))

    restored = call(new, "restore", str(tmp_path / "data.age"), "--identity", str(identity))
    assert restored.returncode == 1
    assert key in restored.stderr
    assert not (new / "keys").exists()
    assert call(new, "keys", "list").returncode == 1
    assert call(new, "keys", "put", str(tmp_path / "ring.age"), "--identity", str(identity)).returncode == 0
    assert call(new, "keys", "list").returncode == 0
    show = "from wuzha.web.personal.models import PersonContact as P;print(P.objects.get().phone.reveal())"
    assert NUMBER in call(new, "manage", "shell", "-c", show).stdout
    assert call(new, "keys", "rotate").returncode == 0
    assert NUMBER in call(new, "manage", "shell", "-c", show).stdout


def test_texts_from_before_are_sealed_in_batches_and_what_counts_stays(cast: Cast) -> None:
    rows = [enter(cast.secretary, cast.village, DAY, note="x", people=number) for number in range(5)]
    for row in rows:
        Record.objects.filter(pk=row.pk).update(note=f"联系{NUMBER}", subject=NUMBER, extra={"host": f"户主{NUMBER}"})
    before = list(Record.objects.order_by("pk").values("pk", "kind", "quantity", "people", "happened_on"))
    assert seal_existing(batch=2) == {"record": 5, "heldrecord": 0}
    assert seal_existing(batch=2) == {"record": 0, "heldrecord": 0}
    assert list(Record.objects.order_by("pk").values("pk", "kind", "quantity", "people", "happened_on")) == before
    kept = Record.objects.first()
    assert kept is not None
    assert NUMBER not in json.dumps([kept.note, kept.subject, kept.extra])
    parts = open_parts("record", [kept.pk])[str(kept.pk)]
    assert unmask(kept.extra["host"], parts["extra.host"]) == f"户主{NUMBER}"
    assert SealedPart.objects.count() == 15


def test_a_copy_of_the_ring_is_sealed_and_puts_back_what_is_missing(own_ring: Path, tmp_path: Path) -> None:
    make_key(own_ring, NOW)
    identity, recipient = make_identity()
    (tmp_path / "id.txt").write_text(identity)
    kept = tmp_path / "ring.age"
    assert run("copy", str(kept), "--recipient", recipient).exit_code == 0
    secret = next(own_ring.glob("2*.key")).read_text().splitlines()[1]
    assert secret.encode() not in kept.read_bytes()
    before = {path.name: path.read_bytes() for path in own_ring.glob("*.key")}
    for path in own_ring.glob("*.key"):
        path.unlink()
    assert run("put", str(kept), "--identity", str(tmp_path / "id.txt")).exit_code == 0
    assert {path.name: path.read_bytes() for path in own_ring.glob("*.key")} == before
    assert run("put", str(tmp_path / "id.txt"), "--identity", str(tmp_path / "id.txt")).exit_code != 0


def test_a_damaged_key_is_named_and_not_used(own_ring: Path) -> None:
    name = make_key(own_ring, NOW)
    (own_ring / f"{name}.key").write_text("# wuzha\nAAAA\n")
    with pytest.raises(SealingError, match=name):
        read_ring(own_ring)


def test_only_the_owner_may_read_a_key(own_ring: Path) -> None:
    make_key(own_ring, NOW)
    assert {path.stat().st_mode & 0o777 for path in own_ring.glob("*.key")} == {0o600}
