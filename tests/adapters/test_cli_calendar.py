"""``wuzha assess`` and ``wuzha check`` with a county's own days and with what was set aside."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.test_cli import PLAN, assess, desk, run

__all__ = ("desk",)

DAYS = """
days:
  - {day: 2027-01-20, works: false, reason: 县庆, by: 县联席办, dated: 2026-12-20}
  - {day: 2027-01-23, works: true, reason: 补 20 日的班}
"""
WAIVERS = """
waivers:
  - duty: homes
    unit: SQ01
    below: true
    from: 2027-01-01
    to: 2027-06-30
    reason: 整镇搬迁
    by: 县联席办
"""


def list_rows(folder: Path, *arguments: object) -> list[dict[str, Any]]:
    result = assess(folder, "--format", "json", *arguments)
    return list(json.loads(result.stdout)["standings"])


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def move_tables(folder: Path) -> None:
    write(folder, "plan.yaml", PLAN.replace("due: {day: 20}", "due: {day: 20, on_day_off: next_workday}"))


def find_due_days(rows: list[dict[str, Any]]) -> set[str]:
    return {row["due_on"] for row in rows if row["window"] == "2027-01"}


def test_a_due_day_moves_by_the_countys_own_days(desk: Path) -> None:
    move_tables(desk)
    assert find_due_days(list_rows(desk)) == {"2027-01-20"}
    assert find_due_days(list_rows(desk, "--calendar", write(desk, "days.yaml", DAYS))) == {"2027-01-21"}


def test_a_year_without_a_published_list_is_told_and_ends_nothing(desk: Path) -> None:
    assert "放假" not in assess(desk).stderr
    move_tables(desk)
    for result in (assess(desk), run("check", desk / "plan.yaml")):
        assert "2027年的放假调休安排还没有录入" in result.output
        assert result.exit_code == 0


def test_what_is_set_aside_is_waived_with_its_reason_and_not_expected(desk: Path) -> None:
    rows = list_rows(desk, "--waivers", write(desk, "waivers.yaml", WAIVERS))
    waived = [row for row in rows if row["status"] == "waived"]
    assert {(row["unit"], row["duty"], row["reason"]) for row in waived} == {
        ("SQ0101", "homes", "整镇搬迁"),
        ("SQ0102", "homes", "整镇搬迁"),
    }
    others = [row for row in list_rows(desk) if row["duty"] != "homes"]
    assert [row for row in rows if row["duty"] != "homes"] == others


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("duty: homes", "duty: house", "方案里没有任务“house”"),
        ("unit: SQ01\n", "unit: SQ77\n", "花名册里没有代码“SQ77”"),
        ("from: 2027-01-01\n    to: 2027-06-30", "from: 2029-01-01\n    to: 2029-06-30", "不在方案有效期内"),
        ("    reason: 整镇搬迁\n", "", "reason"),
        ("to: 2027-06-30", "to: 2026-06-30", "2026"),
    ],
)
def test_a_waiver_that_fits_nothing_is_told_with_its_line_and_nothing_is_counted(
    desk: Path, old: str, new: str, told: str
) -> None:
    assert old in WAIVERS
    result = assess(desk, "--format", "json", "--waivers", write(desk, "waivers.yaml", WAIVERS.replace(old, new)))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert told in result.stderr
    assert "waivers.yaml" in result.stderr
