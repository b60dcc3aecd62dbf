"""What ``wuzha assess`` and ``wuzha why`` say beside the number: chance, pace, what was known, and why."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from wuzha.cli import cli

PLAN = """\
title: 石桥县反诈方案
valid: {from: 2027-01-01, to: 2027-12-31}
duties:
  - id: homes
    clause: 二
    quote: 各村走访全部住户
    who: {kind: village}
    cover: household
    at_least: 100%
  - id: rally
    who: {kind: village}
    do: rally
    at_least: 1
    every: quarter
  - id: fall
    who: {kind: town}
    attain: cases
    change: {at_most: -20%, against: last_year}
"""
UNITS = (
    ("编码", "名称", "类型", "上级编码", "户数", "基数日期"),
    ("SQ", "石桥县", "县", "", "", ""),
    ("SQ01", "石桥镇", "乡镇", "SQ", "", ""),
    ("SQ0101", "东村", "村", "SQ01", 400, "2026-01-01"),
    ("SQ0102", "西村", "村", "SQ01", 300, "2026-01-01"),
)
CASES = (("SQ01", "cases", "2026-03-02", 12), ("SQ01", "cases", "2027-03-02", 7))
HEAD = ("单位编码", "类型", "日期", "数量")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    book = Workbook()
    assert book.active is not None
    for row in UNITS:
        book.active.append(row)
    book.save(tmp_path / "units.xlsx")
    return tmp_path


def write_records(folder: Path, *rows: tuple[object, ...], head: tuple[str, ...] = HEAD) -> None:
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def run(command: str, desk: Path, *arguments: object) -> Result:
    files = ("--units", desk / "units.xlsx", "--records", desk / "records.csv", "--as-of", "2027-07-10")
    return CliRunner().invoke(cli, [str(one) for one in (command, desk / "plan.yaml", *files, *arguments)])


def read_standing(desk: Path, duty: str, unit: str, *arguments: object) -> dict[str, Any]:
    result = run("assess", desk, "--format", "json", *arguments)
    assert result.exit_code == 0, result.output
    found = [one for one in json.loads(result.stdout)["standings"] if (one["duty"], one["unit"]) == (duty, unit)]
    standing: dict[str, Any] = found[0]
    return standing


def test_an_indicator_carries_its_counts_its_interval_and_the_sentence_of_chance(desk: Path) -> None:
    write_records(desk, *CASES)
    certainty = read_standing(desk, "fall", "SQ01")["certainty"]

    assert (certainty["now"], certainty["of"], certainty["is_chance"]) == (7, 12, True)
    assert certainty["low"] < -0.4167 < certainty["high"]
    assert certainty["say"].endswith("人数少，这个变化分不清是好转还是偶然。")
    assert "certainty" not in read_standing(desk, "rally", "SQ0101")


def test_the_table_and_the_csv_say_it_too(desk: Path) -> None:
    write_records(desk, *CASES)

    assert "有 1 条指标人数少" in run("assess", desk).stdout
    assert "人数少，这个变化分不清是好转还是偶然" in run("assess", desk, "--format", "csv").stdout


def test_work_that_adds_up_says_its_pace_and_the_rest_has_none(desk: Path) -> None:
    visits = [("SQ0101", "visit", f"2027-{month:02}-{day:02}", 8) for month in (4, 5, 6) for day in (6, 13, 20, 27)]
    write_records(desk, *visits)
    pace = read_standing(desk, "homes", "SQ0101")["pace"]

    assert pace["expected"] == 400 * 191 // 365
    assert (pace["weeks"], pace["outlook"]) == (12, "too-late")
    assert "2027-12-31" < pace["first_on"] < pace["last_on"]
    assert pace["say"].startswith("匀着算，到今天应到 209，现在 96，慢了 113。按近12周的进度，大约")
    assert read_standing(desk, "homes", "SQ0102")["pace"]["say"].endswith("近12周没有新增，哪天能完成说不准。")
    assert "pace" not in read_standing(desk, "rally", "SQ0101")


def test_known_by_a_day_a_late_correction_does_not_count_and_its_original_does(desk: Path) -> None:
    head = ("编号", "单位编码", "类型", "日期", "数量", "接收时间", "更正编号")
    one, two = "018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002"
    write_records(
        desk,
        (one, "SQ0101", "visit", "2027-05-03", 40, "2027-05-03 18:00", ""),
        (two, "SQ0101", "visit", "2027-05-03", 14, "2027-06-02 09:00", one),
        head=head,
    )

    assert read_standing(desk, "homes", "SQ0101")["value"] == 14
    assert read_standing(desk, "homes", "SQ0101", "--known-by", "2027-06-01")["value"] == 40
    assert read_standing(desk, "homes", "SQ0101", "--known-by", "2027-05-02")["value"] == 0
    assert "按 2027-06-01 及以前收到的记录" in run("assess", desk, "--known-by", "2027-06-01").stdout


ONE, TWO, THREE = (f"018f0000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
WHY_HEAD = ("编号", "单位编码", "类型", "日期", "数量", "对象编号", "更正编号")
WHY_ROWS = (
    (ONE, "SQ0101", "visit", "2027-05-03", 1, "7", ""),
    (TWO, "SQ0101", "visit", "2027-05-09", 1, "7", ""),
    (THREE, "SQ0101", "rally", "2027-04-09", 1, "", ""),
)


def test_why_names_the_records_that_count_those_left_out_and_where_the_goal_comes_from(desk: Path) -> None:
    write_records(desk, *WHY_ROWS, head=WHY_HEAD)
    result = run("why", desk, "--unit", "SQ0101", "--duty", "homes", "--json")
    told = json.loads(result.stdout)

    assert (told["window"], told["value"], told["goal"]) == ("once", 1, 400)
    assert [part["record"] for part in told["counted"]] == [ONE]
    assert [(part["record"], part["role"], part["other"]) for part in told["left_out"]] == [(TWO, "repeated", ONE)]
    assert told["goal_from"]["say"] == "目标 400：户数 400（2026-01-01起）的 100%。"


def test_why_is_said_in_words_and_takes_a_units_name_and_a_window(desk: Path) -> None:
    write_records(desk, *WHY_ROWS, head=WHY_HEAD)
    homes = run("why", desk, "--unit", "东村", "--duty", "homes").stdout
    spring = run("why", desk, "--unit", "东村", "--duty", "rally", "--window", "2027-Q1").stdout

    assert "截至 2027-07-10：进行中，1 / 400" in homes
    assert f"[{TWO}] 同一个编号已经算过一次（{ONE}）" in homes
    assert "匀着算" in homes
    assert f"[{THREE}] 日期不在这一期" in spring
    assert "2027-Q1，截止 2027-03-31" in spring
    assert "同一个编号" not in run("why", desk, "--unit", "东村", "--duty", "homes", "--lang", "en").stdout


def test_why_of_a_record_names_every_duty_and_what_the_record_is_to_it(desk: Path) -> None:
    write_records(desk, *WHY_ROWS, head=WHY_HEAD)
    told = json.loads(run("why", desk, "--record", TWO, "--json").stdout)

    assert [(one["duty"], one["role"], one["window"]) for one in told["services"]] == [
        ("homes", "repeated", "once"),
        ("rally", "other-kind", None),
        ("fall", "other-kind", None),
    ]
    words = run("why", desk, "--record", THREE).stdout
    assert "rally 各村每季度至少办 1 次集中宣传活动：算进来了（东村，2027-04-01至2027-06-30）" in words


@pytest.mark.parametrize(
    "asked",
    [
        ("--unit", "SQ0101"),
        ("--unit", "SQ0101", "--duty", "nothing"),
        ("--unit", "SQ0101", "--duty", "rally", "--window", "2031-Q1"),
        ("--unit", "西山", "--duty", "rally"),
        ("--record", "nonsense"),
        ("--record", "018f0000-0000-7000-8000-0000000000ff"),
    ],
)
def test_what_why_cannot_find_ends_with_code_2_and_a_sentence(desk: Path, asked: tuple[str, ...]) -> None:
    write_records(desk, *WHY_ROWS, head=WHY_HEAD)
    result = run("why", desk, *asked)
    assert result.exit_code == 2
    assert "。" in result.stderr


def test_why_says_which_due_day_moved_and_who_set_a_duty_aside(desk: Path) -> None:
    plan = (
        PLAN
        + """\
  - id: table
    who: {kind: town}
    file: progress_table
    every: month
    due: {day: 20, on_day_off: next_workday}
"""
    )
    (desk / "plan.yaml").write_text(plan, encoding="utf-8")
    write_records(desk, *CASES)
    told = run("why", desk, "--unit", "SQ01", "--duty", "table", "--window", "2027-06")

    assert told.exit_code == 0
    assert "截止日本来是 2027-06-20，那天休息，按方案顺延到下一个工作日 2027-06-21" in told.stdout
    assert "2027年的放假安排还没有公布" in told.stdout


def test_a_change_is_said_in_per_cent_and_the_window_of_a_duty_owed_once_by_its_days(desk: Path) -> None:
    write_records(desk, *CASES)
    told = run("why", desk, "--unit", "SQ01", "--duty", "fall").stdout
    english = run("why", desk, "--unit", "SQ01", "--duty", "fall", "--lang", "en").stdout

    assert "只办一次（2027-01-01至2027-12-31），截止 2027-12-31；截至 2027-07-10：进行中，−41.7% / −20%" in told
    assert "once (2027-01-01 to 2027-12-31), due 2027-12-31" in english
    assert "once" not in told


def test_a_rise_is_said_with_its_sign_and_a_change_from_nothing_in_its_two_counts(desk: Path) -> None:
    write_records(desk, ("SQ01", "cases", "2026-03-02", 3), ("SQ01", "cases", "2027-03-02", 4))
    assert "进行中，+33.3% / −20%" in run("why", desk, "--unit", "SQ01", "--duty", "fall").stdout

    write_records(desk, ("SQ01", "cases", "2026-03-02", 0), ("SQ01", "cases", "2027-03-02", 4))
    told = run("why", desk, "--unit", "SQ01", "--duty", "fall").stdout
    assert "拿来对比的那一期是 0，比不出百分之几" in told
    assert "现在 4，去年同期 0。" in told
    assert "算进来的记录 2 条" in told
    assert "比不出百分之几。现在 4，去年同期 0。" in run("assess", desk, "--format", "csv").stdout


def test_a_year_that_nobody_reported_is_no_fall_to_nothing(desk: Path) -> None:
    write_records(desk, ("SQ01", "cases", "2026-03-02", 12))

    assert "这一期还没有人报数" in run("why", desk, "--unit", "SQ01", "--duty", "fall").stdout


SURVEY = PLAN.replace("attain: cases", "attain: awareness").replace("at_most: -20%", "at_least: 5%")


def test_a_survey_against_an_earlier_one_tells_both_shares(desk: Path) -> None:
    (desk / "plan.yaml").write_text(SURVEY, encoding="utf-8")
    rows = (("SQ01", "awareness", "2026-03-02", 80, 100), ("SQ01", "awareness", "2027-03-02", 450, 500))
    write_records(desk, *rows, head=(*HEAD, "人数"))
    found = read_standing(desk, "fall", "SQ01")

    assert (found["value"], found["certainty"]["asked"]) == (0.125, [500, 100])
    assert found["certainty"]["say"].startswith("现在 500 人中有 450 人，去年同期 100 人中有 80 人；变化约在 +3%")


def test_the_table_of_sums_goes_to_a_file_as_it_stands_on_the_screen(desk: Path) -> None:
    write_records(desk, *CASES)
    named = [str(desk / "plan.yaml"), "--units", str(desk / "units.xlsx"), "--records", str(desk / "records.csv")]

    CliRunner().invoke(cli, ["assess", *named, "--as-of", "2027-06-30", "-o", str(desk / "sums.txt")])
    shown = CliRunner().invoke(cli, ["assess", *named, "--as-of", "2027-06-30"])

    assert "石桥镇" in shown.stdout
    assert (desk / "sums.txt").read_text(encoding="utf-8") == shown.stdout


def test_why_nothing_is_judged_is_said_in_the_language_asked_for(desk: Path) -> None:
    write_records(desk, ("SQ01", "cases", "2027-03-02", 7))
    asked = ("--unit", "SQ01", "--duty", "fall", "--lang")
    assert "nothing was recorded in the period compared with" in run("why", desk, *asked, "en").stdout
    assert "拿来对比的那一期没有记录" in run("why", desk, *asked, "zh").stdout
