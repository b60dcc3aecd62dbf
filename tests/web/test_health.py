"""Machines ask how the site is: whether it is well is told to everybody, anything more only next door or for a key."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.web.cast import Cast
from tests.web.conftest import Visit
from wuzha.adapters.sealing import make_key
from wuzha.cli import health as command
from wuzha.web import tick as ticking
from wuzha.web.accounts import tally
from wuzha.web.accounts.marks import leave_mark, read_mark
from wuzha.web.accounts.tally import LIMITS_S, Tally
from wuzha.web.campaign.start import READY
from wuzha.web.health import state
from wuzha.web.personal.actions import set_phone

KEY = "a-long-random-key-of-the-settings"
FAR = "192.0.2.7"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> None:
    settings.DATA = tmp_path
    settings.DISK_LEAST_MB = 0


def ask(path: str, *, address: str = FAR, **headers: str) -> Any:
    return Client(REMOTE_ADDR=address).get(path, **headers)  # type: ignore[arg-type]


def test_everybody_is_told_that_the_process_answers(db: None) -> None:
    answer = ask("/health/live")

    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert answer["Cache-Control"] == "no-store"


def test_a_stranger_is_told_that_the_site_is_well_and_nothing_else(db: None) -> None:
    assert (ask("/health/ready").status_code, ask("/health/ready").json()) == (200, {"ok": True})


def test_the_machine_itself_and_the_key_are_told_each_part(db: None, settings: Settings) -> None:
    settings.HEALTH_KEY = KEY
    parts = {"database": True, "tables": True, "disk": True, "keys": True, "ledger": True}

    assert ask("/health/ready", address="127.0.0.1").json()["parts"] == parts
    assert ask("/health/ready", address="::1").json()["parts"] == parts
    assert ask("/health/ready", HTTP_AUTHORIZATION=f"Bearer {KEY}").json()["parts"] == parts


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_AUTHORIZATION": f"Bearer {KEY}x"},
        {"HTTP_AUTHORIZATION": f"Basic {KEY}"},
        {"HTTP_AUTHORIZATION": "Bearer "},
        {"HTTP_AUTHORIZATION": "Bearer 钥匙"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": FAR},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": FAR},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    ],
)
def test_nobody_else_is_told_more(db: None, settings: Settings, headers: dict[str, str]) -> None:
    settings.HEALTH_KEY = KEY
    assert ask("/health/ready", **headers).json() == {"ok": True}


def test_without_a_key_in_the_settings_an_empty_one_opens_nothing(db: None, settings: Settings) -> None:
    settings.HEALTH_KEY, settings.METRICS = "", "key"

    assert "parts" not in ask("/health/ready", HTTP_AUTHORIZATION="Bearer ").json()
    assert ask("/metrics", HTTP_AUTHORIZATION="Bearer ").status_code == 404


@pytest.fixture
def sealed(cast: Cast, settings: Settings, tmp_path: Path) -> Path:
    """Something is sealed with a ring of the test's own."""
    settings.KEYS = tmp_path / "keys"
    set_phone(actor=cast.officer, person=cast.officer, phone="13800138000", now=timezone.now())
    return tmp_path / "keys"


def ask_keys() -> tuple[int, bool]:
    answer = ask("/health/ready", address="127.0.0.1")
    return answer.status_code, answer.json()["parts"]["keys"]


def test_a_key_that_is_missing_is_told_and_is_well_once_it_was_put_back(sealed: Path, tmp_path: Path) -> None:
    assert ask_keys() == (200, True)
    sealed.rename(tmp_path / "away")
    assert ask_keys() == (503, False)
    make_key(sealed, timezone.now())  # a new one does not open what the old one sealed
    assert ask_keys() == (503, False)

    shutil.copytree(tmp_path / "away", sealed, dirs_exist_ok=True)
    assert ask_keys() == (200, True)
    for path in (tmp_path / "away").glob("0*.key"):
        (sealed / path.name).unlink()
    assert ask_keys() == (503, False)


def test_a_damaged_key_is_not_well_and_no_value_is_told(sealed: Path) -> None:
    for path in sealed.glob("0*.key"):
        path.write_text("damaged")
    assert ask_keys() == (503, False)
    told = ask("/health/ready", address="127.0.0.1").content.decode()
    assert "138" not in told
    assert str(sealed) not in told


def test_an_installation_in_which_nothing_was_sealed_yet_needs_no_key(
    db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.KEYS = tmp_path / "none"
    assert ask_keys() == (200, True)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_without_its_key_the_site_says_what_the_administrator_has_to_do(
    cast: Cast, sealed: Path, tmp_path: Path, accept: str
) -> None:
    sealed.rename(tmp_path / "away")
    client = Visit()(cast.secretary)
    client.raise_request_exception = False
    path = f"/people/{cast.secretary.pk}/phone/change/"

    answer = client.post(path, {"phone": "13912345678"}, headers={"Accept": accept})

    told = answer.content.decode() if accept == "text/html" else answer.json()["text"]
    assert (answer.status_code, "wuzha keys put" in told, "13912345678" in told) == (503, True, False)
    assert "磁盘满" not in told


def test_a_disk_that_is_nearly_full_sends_visitors_elsewhere(db: None, settings: Settings) -> None:
    settings.DISK_LEAST_MB = 1 << 40
    answer = ask("/health/ready", address="127.0.0.1")

    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert [part for part, is_well in answer.json()["parts"].items() if not is_well] == ["disk"]
    assert ask("/health/live").status_code == 200


def test_while_the_ledger_is_being_read_the_site_is_not_ready(db: None) -> None:
    READY.clear()
    try:
        assert ask("/health/ready").status_code == 503
    finally:
        READY.set()
    assert ask("/health/ready").status_code == 200


def _fail() -> bool:
    raise OperationalError("the server is gone")


def _lose() -> bool:
    raise FileNotFoundError("the folder is gone")


@pytest.mark.parametrize("failing", [_fail, _lose, lambda: False])
def test_a_part_that_cannot_answer_is_not_well(
    db: None, monkeypatch: pytest.MonkeyPatch, failing: Callable[[], bool]
) -> None:
    monkeypatch.setattr(state, "PARTS", {**state.PARTS, "database": failing})
    answer = ask("/health/ready", address="127.0.0.1")

    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] is False


def test_where_https_is_all_there_is_a_machine_next_door_is_not_sent_there(db: None, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert [ask(path).status_code for path in ("/health/live", "/health/ready")] == [200, 200]
    assert ask("/log-in/").status_code == 301


# --- metrics ---


@pytest.mark.parametrize(
    ("setting", "headers", "status"),
    [
        ("off", {"REMOTE_ADDR": "127.0.0.1"}, 404),
        ("off", {"HTTP_AUTHORIZATION": f"Bearer {KEY}"}, 404),
        ("key", {"REMOTE_ADDR": "127.0.0.1"}, 404),
        ("key", {"HTTP_AUTHORIZATION": f"Bearer {KEY}"}, 200),
        ("local", {"REMOTE_ADDR": "127.0.0.1"}, 200),
        ("local", {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": FAR}, 404),
        ("local", {"HTTP_AUTHORIZATION": f"Bearer {KEY}"}, 200),
        ("local", {}, 404),
    ],
)
def test_metrics_are_for_whom_the_settings_say(
    db: None, settings: Settings, setting: str, headers: dict[str, str], status: int
) -> None:
    settings.METRICS, settings.HEALTH_KEY = setting, KEY

    assert ask("/metrics", **headers).status_code == status


def test_an_administrator_who_is_logged_in_is_not_the_machine(cast: Cast, visit: Visit, settings: Settings) -> None:
    settings.METRICS = "local"

    assert visit(cast.officer).get("/metrics", REMOTE_ADDR=FAR).status_code == 404


LINE = re.compile(r'[a-z_]+(\{([a-z]+="(?:[^"\\]|\\.)*",?)+\})? [0-9.e+-]+|# (HELP|TYPE) [a-z_]+ .+')


def test_metrics_tell_requests_times_rows_and_when_things_were_last_done(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.METRICS = "local"
    ticking.tick(timezone.now() - timedelta(seconds=90))
    ask("/log-in/")
    ask("/there-is-no/石桥/")
    text = ask("/metrics", address="127.0.0.1").content.decode()

    assert all(LINE.fullmatch(line) for line in text.splitlines()), text
    process = tally.name_process()
    assert f'wuzha_requests_total{{route="accounts:log-in",status="200",process="{process}"}}' in text
    assert 'route="none",status="404"' in text
    assert "石桥" not in text
    assert re.search(r'wuzha_request_seconds_bucket\{route="accounts:log-in",process="\d+",le="\+Inf"\} [1-9]', text)
    assert "wuzha_ledger_rows 0" in text
    assert "wuzha_database_up 1" in text
    age = re.search(r'wuzha_last_done_age_seconds\{what="tick"\} (\d+)', text)
    assert age
    assert 90 <= int(age[1]) < 200
    assert 'what="backup"' not in text


def test_metrics_are_told_also_while_the_database_does_not_answer(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wuzha.web.health import metrics  # noqa: PLC0415 - its name is that of a fixture elsewhere

    settings.METRICS = "local"
    monkeypatch.setattr(metrics, "_list_rows", _fail)

    assert "wuzha_database_up 0" in ask("/metrics", address="127.0.0.1").content.decode()


def test_times_are_sorted_into_classes_that_hold_the_quicker_ones_too() -> None:
    one = Tally()
    for seconds in (0.01, 0.02, 0.3, 99.0):
        one.time("t", seconds, route="x")
    ((name, labels, classes, total),) = one.list_times()

    assert (name, labels) == ("t", (("route", "x"),))
    assert dict(zip([*LIMITS_S, None], classes, strict=True))[0.01] == 1
    assert dict(zip([*LIMITS_S, None], classes, strict=True))[0.25] == 2
    assert dict(zip([*LIMITS_S, None], classes, strict=True))[0.5] == 3
    assert classes[-1] == 4
    assert total == pytest.approx(99.33)


def test_a_mark_that_cannot_be_left_keeps_nothing_from_being_done(tmp_path: Path, settings: Settings) -> None:
    settings.DATA = tmp_path / "file"
    settings.DATA.write_text("no folder")
    leave_mark("tick", timezone.now())

    assert read_mark("tick") is None


# --- the command ---


@pytest.mark.parametrize(
    ("told", "code", "words"),
    [
        ({"ok": True, "parts": {"disk": True}}, 0, "网站正常"),
        ({"ok": False, "parts": {"disk": False}}, 1, "disk: 有问题"),
        (None, 1, "没有回答"),
    ],
)
def test_the_command_tells_by_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, object] | None, code: int, words: str
) -> None:
    monkeypatch.setattr(command, "_ask", lambda _: told)
    result = CliRunner().invoke(command.health, [])

    assert (result.exit_code, words in result.output) == (code, True)


def test_the_command_asks_a_site_that_does_not_run_in_vain() -> None:
    assert CliRunner().invoke(command.health, ["--port", "1"]).exit_code == 1
    assert command._read(b"<html>") is None
    assert command._read(json.dumps([1]).encode()) is None
