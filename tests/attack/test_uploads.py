"""Every place that takes a file, sent files that are not what they say: no failure, no long wait, always a word."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attack.ground import NUMBER, RECORD
from tests.attack.seeds import CHANGES, NAMES, SEEDS, Change, spoil
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.pieces import send_whole

MOST_S = 15


@dataclass(frozen=True)
class Door:
    """An address that takes files: the field, who may, which seeds fit, what goes along, and how many are tried."""

    path: str
    who: str
    seeds: Sequence[str]
    field: str = "file"
    more: tuple[tuple[str, str], ...] = ()
    tries: int = 15


DOORS = {
    "roster": Door("/roster/", "officer", ("roster", "xlsx")),
    # Each is read in a process of its own, which takes a while to start.
    "plan": Door("/plans/upload/", "officer", ("docx", "pdf", "txt"), more=(("year", "2026"),), tries=8),
    "records": Door("/records/import/", "officer", ("xlsx", "csv")),
    "roads": Door("/sites/SQ01/roads/", "officer", ("geojson", "zip"), more=(("opens_on", "2026-01-01"),)),
    "month": Door(f"/papers/monthly/{NUMBER}/sheets/", "town_officer", ("xlsx", "csv")),
    "queue": Door("/records/queue-file/", "secretary", ("json",)),
    "photos": Door(f"/records/{RECORD}/evidence/", "secretary", ("jpg", "png", "webp", "mp4", "pdf", "docx"), "files"),
}


def send(browser: Client, door: Door, cast: Cast, name: str, content: bytes) -> tuple[int, bytes]:
    """Past what Django's own client makes of a name: the form as a sender of bytes would write it."""
    told = dict(door.more) | ({"unit": str(cast.county.pk)} if door.path == "/plans/upload/" else {})
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in told.items()]
    head = f'--x\r\nContent-Disposition: form-data; name="{door.field}"; filename="{name}"\r\n\r\n'
    body = "".join([*parts, head]).encode() + content + b"\r\n--x--\r\n"
    begun = time.monotonic()
    answer: Any = browser.generic("POST", door.path, body, "multipart/form-data; boundary=x")
    if answer.status_code == 302:
        answer = browser.get(answer.headers["Location"])
    assert time.monotonic() - begun < MOST_S
    return answer.status_code, answer.content


@pytest.mark.usefixtures("no_rates")
@pytest.mark.parametrize("name", DOORS)
def test_a_spoilt_file_is_refused_or_read_and_nothing_fails(ground: Cast, visit: Visit, name: str) -> None:
    door = DOORS[name]
    browser = visit(ground.people[door.who])
    seeds = {kind: SEEDS[kind]() for kind in door.seeds}

    @settings(max_examples=door.tries, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(sorted(seeds)), CHANGES)
    def hold(kind: str, changes: list[Change]) -> None:
        status, _ = send(browser, door, ground, f"file.{kind}", spoil(seeds[kind], changes))
        assert status < 500

    hold()


@pytest.mark.usefixtures("no_rates")
@pytest.mark.parametrize("name", DOORS)
def test_what_a_file_is_its_bytes_say_and_never_its_name(ground: Cast, visit: Visit, name: str) -> None:
    """Every kind of file under the name of another one."""
    door = DOORS[name]
    browser = visit(ground.people[door.who])
    kinds = sorted(SEEDS) if name != "plan" else ["docx", "jpg", "zip", "json"]
    for kind, ending in zip(kinds, cycle((door.seeds[0], "exe", "")), strict=False):
        status, _ = send(browser, door, ground, f"file.{ending}", SEEDS[kind]())
        assert status < 500, (kind, ending)


@pytest.mark.usefixtures("no_rates")
@pytest.mark.parametrize("name", sorted({*DOORS} - {"plan"}))
def test_no_name_of_a_file_leads_anywhere(ground: Cast, visit: Visit, tmp_path: Path, name: str) -> None:
    door = DOORS[name]
    browser = visit(ground.people[door.who])
    content = SEEDS[door.seeds[0]]()
    for hostile in NAMES:
        status, page = send(browser, door, ground, hostile, content)
        assert status < 500
        assert b"<img src=x" not in page
    inside = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(tmp_path / "evidence") for path in inside)
    assert all(path.name.isascii() and len(path.name) < 200 for path in inside)


@pytest.mark.usefixtures("no_rates")
def test_pieces_of_a_phone_are_judged_by_what_they_make_together(ground: Cast, visit: Visit) -> None:
    phone = visit(ground.secretary)
    seeds = {kind: SEEDS[kind]() for kind in ("jpg", "png", "webp")}

    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(sorted(seeds)), CHANGES, st.uuids(version=4))
    def hold(kind: str, changes: list[Change], pk: Any) -> None:
        content = spoil(seeds[kind], changes)
        answer = send_whole(phone, content, RECORD, pk=pk, name=f"a.{kind}")
        assert answer.status_code < 500
        if answer.status_code != 200:
            assert answer.json()["problems"][0]["text"]

    hold()


@pytest.mark.parametrize("name", DOORS)
def test_a_file_that_is_refused_is_told_why_in_words(ground: Cast, visit: Visit, name: str) -> None:
    door = DOORS[name]
    browser = visit(ground.people[door.who])
    status, page = send(browser, door, ground, f"坏文件.{door.seeds[0]}", b"\x00\x01\x02 this is nothing")
    assert status < 500
    assert any(word in page.decode() for word in ("请", "不是", "没有")), page.decode()[-3000:]
    assert "Traceback" not in page.decode()
