"""The command line as a person at a prompt or a script meets it."""

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.plan_yaml import check_plan_yaml
from wuzha.adapters.sample.county import find_story_year, make_tree
from wuzha.adapters.sample.files import write_sample_files
from wuzha.adapters.sample.plan import plan_text
from wuzha.adapters.spreadsheets import read_records_csv
from wuzha.cli import COMMANDS, cli
from wuzha.core.assessment.assess import assess as specify
from wuzha.core.ledger.parse import parse_records

ROOT = Path(__file__).resolve().parents[2]

PLAN = """\
title: 石桥县反诈方案
valid: {from: 2027-01-01, to: 2027-12-31}
duties:
  - id: rally
    clause: 一
    who: {kind: village}
    do: rally
    at_least: 1
    every: quarter
  - id: table
    who: {kind: town}
    file: progress-table
    every: month
    due: {day: 20}
  - id: homes
    who: {kind: village}
    cover: household
    at_least: 50%
    by: 2027-06-30
"""
TEXT = """石桥县反诈宣传工作方案

一、工作措施
各村每月至少开展2次集中宣传活动。各村要适时开展宣讲。
"""
UNITS = (
    ("编码", "名称", "类型", "上级编码", "户数", "基数日期"),
    ("SQ", "石桥县", "县", "", "", ""),
    ("SQ01", "石桥镇", "乡镇", "SQ", "", ""),
    ("SQ0101", "=东村", "村", "SQ01", 10, "2026-01-01"),
    ("SQ0102", "西村", "村", "SQ01", "", ""),
    ("SQ02", "河口镇", "乡镇", "SQ", "", ""),
)
RECORDS = (
    ("单位编码", "类型", "日期", "数量"),
    ("SQ0101", "rally", "2027-02-03", 1),
    ("SQ0101", "visit", "2027-05-03", 6),
    ("SQ01", "progress_table", "2027-01-19", 1),
    ("SQ02", "progress_table", "2027-01-25", 1),
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a plan, a plan as issued, a roster and a ledger."""
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "plan.txt").write_text(TEXT, encoding="utf-8")
    book = Workbook()
    assert book.active is not None
    for row in UNITS:
        book.active.append(row)
    for cell in book.active["B"]:
        cell.data_type = "s"
    book.save(tmp_path / "units.xlsx")
    write_records(tmp_path, *RECORDS)
    return tmp_path


def write_records(folder: Path, *rows: tuple[object, ...]) -> None:
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def assess(desk: Path, *arguments: object, plan: str = "plan.yaml") -> Result:
    files = ("--units", desk / "units.xlsx", "--records", desk / "records.csv")
    return run("assess", desk / plan, *files, "--as-of", "2027-07-10", *arguments)


def run_process(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "wuzha", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0 or command == "manage"
    assert "wuzha" in run("--help").output


def test_reading_as_json_prints_json_alone(desk: Path) -> None:
    done = run_process("read", desk / "plan.txt", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    reading = json.loads(done.stdout)
    duty = reading["duties"][0]
    opens, closes = duty["span"]
    assert TEXT[opens:closes] == duty["quote"]
    assert (duty["value"], duty["cadence"]) == (2, "monthly")
    assert set(reading) >= {"title", "issuer", "valid", "phases", "duties", "problems", "coverage"}


def test_reading_loads_neither_django_nor_the_spreadsheets() -> None:
    probe = "import sys, wuzha.cli.read; print([m for m in ('django', 'openpyxl', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_draft_written_as_yaml_passes_the_check(desk: Path) -> None:
    draft = run("read", desk / "plan.txt", "--format", "yaml", "--year", "2027")
    assert draft.exit_code == 0
    (desk / "draft.yaml").write_text(draft.stdout, encoding="utf-8")
    assert "vague: true" in draft.stdout
    assert "2027-12-31" in draft.stdout
    assert run("check", desk / "draft.yaml").exit_code == 0


def test_a_table_says_each_duty_in_a_sentence_and_what_is_to_be_decided(desk: Path) -> None:
    result = run("read", desk / "plan.txt")
    assert "各村每月至少办 2 次集中宣传活动" in result.stdout
    assert "要人来定" in result.stderr
    assert "at least 2" in run("read", desk / "plan.txt", "--lang", "en").stdout


def test_a_sound_plan_file_checks_with_code_0(desk: Path) -> None:
    result = run("check", desk / "plan.yaml")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "3 条任务" in result.stderr


def test_mistakes_in_several_files_are_all_told_with_code_1(desk: Path) -> None:
    (desk / "a.yaml").write_text(PLAN.replace("do: rally", "do: raly"), encoding="utf-8")
    (desk / "b.yaml").write_text(PLAN.replace("50%", "150%"), encoding="utf-8")
    result = run("check", desk / "a.yaml", desk / "plan.yaml", desk / "b.yaml")
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert "《a.yaml》第 7 行" in first
    assert "可以写：rally" in first
    assert "《b.yaml》第 18 行" in second
    assert "line 7" in run("check", desk / "a.yaml", "--lang", "en").stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [("none.yaml", "找不到文件"), ("folder", "是文件夹"), ("plan.yaml/x", "检查路径"), ("gbk.yaml", "UTF-8")],
)
def test_what_cannot_be_opened_ends_with_code_2_and_a_sentence(desk: Path, name: str, words: str) -> None:
    (desk / "folder").mkdir()
    (desk / "gbk.yaml").write_bytes("title: 方案".encode("gb18030"))
    result = run("check", desk / name)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_a_document_that_is_refused_ends_with_code_2_and_prints_no_json(desk: Path) -> None:
    (desk / "empty.docx").write_bytes(b"")
    done = run_process("read", desk / "empty.docx", "--format", "json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_standings_as_json_lead_to_their_records(desk: Path) -> None:
    result = assess(desk, "--format", "json")
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert (report["plan"]["title"], report["as_of"]) == ("石桥县反诈方案", "2027-07-10")
    found = {(item["unit"], item["duty"], item["window"]): item for item in report["standings"]}
    assert found["SQ0101", "rally", "2027-Q1"]["status"] == "met"
    assert len(found["SQ0101", "rally", "2027-Q1"]["records"]) == 1
    assert found["SQ0102", "rally", "2027-Q1"]["status"] == "missed"
    assert found["SQ02", "table", "2027-01"]["status"] == "late"
    homes = found["SQ0101", "homes", "once"]
    assert (homes["status"], homes["value"], homes["goal"], homes["of"]) == ("met", 6, 5, 10)
    unknown = found["SQ0102", "homes", "once"]
    assert (unknown["status"], unknown["value"], unknown["reason"]) == ("unknown", None, "no-base")


def test_totals_of_a_unit_are_the_sums_of_its_standings(desk: Path) -> None:
    report = json.loads(assess(desk, "--format", "json").stdout)
    for total in report["totals"]:
        below = [
            item
            for item in report["standings"]
            if item["duty"] == total["duty"] and item["unit"].startswith(total["unit"])
        ]
        assert sum(total["counts"].values()) == len(below)
        assert total["met"] == sum(item["status"] in ("met", "late") for item in below)


def test_a_branch_shows_itself_and_what_is_below(desk: Path) -> None:
    report = json.loads(assess(desk, "--format", "json", "--unit", "SQ01").stdout)
    assert {item["unit"] for item in report["standings"]} == {"SQ01", "SQ0101", "SQ0102"}
    assert {item["unit"] for item in report["totals"]} == {"SQ01", "SQ0101", "SQ0102"}
    unknown = assess(desk, "--unit", "SQ9")
    assert (unknown.exit_code, "SQ9" in unknown.stderr) == (2, True)


def test_a_csv_for_excel_holds_no_formula(desk: Path) -> None:
    assess(desk, "--format", "csv", "--output", desk / "out.csv")
    content = (desk / "out.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    east = [row for row in rows if row["单位代码"] == "SQ0101"]
    assert {row["单位"] for row in east} == {"'=东村"}
    assert {row["状态"] for row in rows} >= {"已完成", "逾期完成", "未完成", "无法判断"}
    assert next(row for row in rows if row["状态"] == "无法判断")["数值"] == ""


def test_a_workbook_has_a_sheet_for_each_kind_of_unit_and_one_of_obligations(desk: Path) -> None:
    result = assess(desk, "--format", "xlsx", "-o", desk / "out.xlsx")
    assert result.exit_code == 0, result.stderr
    book = load_workbook(desk / "out.xlsx")
    assert book.sheetnames == ["县", "乡镇街道", "村", "应办事项"]
    villages = list(book["村"].iter_rows(values_only=True))
    assert villages[2][:5] == ("单位代码", "单位", "应完成", "已完成", "按时")
    assert villages[3] == ("SQ0101", "=东村", 3, 1, 1, 1, 1, 1)
    assert book["村"]["B4"].data_type == "s"
    assert [str(merged) for merged in book["村"].merged_cells.ranges][:1] == ["C2:E2"]
    assert book["村"].print_title_cols == "$A:$B"
    for sheet in book:
        assert sheet.freeze_panes
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_a_workbook_must_go_to_a_file(desk: Path) -> None:
    result = assess(desk, "--format", "xlsx")
    assert (result.exit_code, result.stdout) == (2, "")


def test_the_table_of_the_terminal_shows_sums_by_duty_and_by_unit(desk: Path) -> None:
    result = assess(desk)
    assert "各村每季度至少办 1 次集中宣传活动" in result.stdout
    assert "石桥镇" in result.stdout
    assert "On time" in assess(desk, "--lang", "en").stdout


def test_a_plan_as_issued_is_assessed_as_a_draft_and_says_so(desk: Path) -> None:
    result = assess(desk, "--format", "json", plan="plan.txt")
    assert result.exit_code == 0, result.stderr
    assert "草稿" in result.stderr
    assert {item["duty"] for item in json.loads(result.stdout)["standings"]} >= {"rally-1"}


def test_a_record_that_cannot_be_read_is_told_and_the_others_count(desk: Path) -> None:
    write_records(desk, *RECORDS, ("SQ0102", "rally", "三月", 1))
    result = assess(desk, "--format", "json")
    assert result.exit_code == 1
    assert "第 6 行" in result.stderr
    assert json.loads(result.stdout)["standings"]


def test_a_record_of_a_unit_that_the_roster_lacks_is_told(desk: Path) -> None:
    write_records(desk, *RECORDS, ("SQ9999", "rally", "2027-03-01", 1))
    result = assess(desk, "--format", "json")
    assert result.exit_code == 1
    assert "SQ9999" in result.stderr
    assert json.loads(result.stdout)["standings"]


FIRST, SECOND, THIRD = (f"018f3c1e-0000-7000-8000-00000000000{number}" for number in (1, 2, 3))
LEDGER = ("编号", "单位编码", "类型", "日期", "数量", "更正编号", "撤回")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ((SECOND, "SQ0101", "rally", "2027-02-05", 1, SECOND, ""), "不能更正它自己"),
        ((SECOND, "SQ0101", "rally", "2027-02-05", 1, "", "是"), "没有说明撤回的是哪一条"),
        ((SECOND, "SQ0101", "rally", "2027-02-05", 1, THIRD, ""), f"没有编号为 {THIRD} 的记录"),
        ((SECOND, "SQ0102", "rally", "2027-02-05", 1, FIRST, ""), "更正不能改单位"),
        ((FIRST, "SQ0101", "rally", "2027-02-05", 7, "", ""), "第 2 行已经有了，日期和这一行不一样"),
        ((SECOND, "SQ0101", "rally", "2027-02-05", 10**18, "", ""), "太大了"),
    ],
)
def test_a_row_that_the_site_would_refuse_is_told_with_its_place_and_does_not_count(
    desk: Path, row: tuple[object, ...], sentence: str
) -> None:
    write_records(desk, LEDGER, (FIRST, "SQ0101", "rally", "2027-02-03", 1, "", ""), row)
    result = assess(desk, "--format", "json")
    told = [line for line in result.stderr.splitlines() if line.startswith("错误")]

    assert result.exit_code == 1
    assert ["第 3 行" in line and "列：" in line and sentence in line for line in told] == [True]
    met = [item for item in json.loads(result.stdout)["standings"] if item["status"] == "met"]
    assert [(item["unit"], item["value"], item["records"]) for item in met] == [("SQ0101", 1, [FIRST])]


def test_the_same_row_twice_is_no_mistake_and_counts_once(desk: Path) -> None:
    row = (FIRST, "SQ0101", "rally", "2027-02-03", 1, "", "")
    write_records(desk, LEDGER, row, row)
    result = assess(desk, "--format", "json")

    assert (result.exit_code, result.stderr) == (0, "")
    assert [item["value"] for item in json.loads(result.stdout)["standings"] if item["status"] == "met"] == [1]


def test_a_record_after_the_day_is_no_mistake_and_does_not_count(desk: Path) -> None:
    write_records(desk, *RECORDS[:1], ("SQ0101", "rally", "2027-07-11", 1))
    result = assess(desk, "--format", "json")

    assert result.exit_code == 0
    assert not any(item["status"] == "met" for item in json.loads(result.stdout)["standings"])


def test_an_open_quotation_mark_is_told_with_its_row_and_the_rest_counts(desk: Path) -> None:
    lines = ["单位编码,类型,日期,备注", 'SQ0101,rally,2027-02-03,"没有收口', "SQ0102,rally,2027-02-03,", ""]
    (desk / "records.csv").write_text("\n".join(lines), encoding="utf-8")
    result = assess(desk, "--format", "json")

    assert result.exit_code == 1
    assert "第 2 行：这一行的引号没有成对" in result.stderr
    met = {item["unit"] for item in json.loads(result.stdout)["standings"] if item["status"] == "met"}
    assert met == {"SQ0102"}


def test_a_plan_file_that_is_not_utf_8_is_refused_by_assess_as_by_check(desk: Path) -> None:
    (desk / "gbk.yaml").write_bytes(PLAN.encode("gb18030"))
    result = assess(desk, plan="gbk.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == run("check", desk / "gbk.yaml").stderr


def test_a_second_roster_adds_figures_to_the_units_of_the_first(desk: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(UNITS[0])
    book.active.append(("SQ0102", "西村", "村", "SQ01", 20, "2027-01-01"))
    book.save(desk / "recount.xlsx")
    report = json.loads(assess(desk, "--units", desk / "recount.xlsx", "--format", "json").stdout)
    west = [item for item in report["standings"] if (item["unit"], item["duty"]) == ("SQ0102", "homes")]

    assert [(item["status"], item["of"]) for item in west] == [("missed", 20)]


def test_a_second_roster_moves_a_unit_from_a_day_on(desk: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append((*UNITS[0], "变更日期"))
    book.active.append(("SQ0102", "西村", "村", "SQ02", "", "", "2027-07-05"))
    book.save(desk / "moved.xlsx")
    files = ("--units", desk / "units.xlsx", "--units", desk / "moved.xlsx", "--records", desk / "records.csv")
    sums = {}
    for day in ("2027-07-04", "2027-07-05"):
        result = run("assess", desk / "plan.yaml", *files, "--as-of", day, "--format", "json")
        totals = json.loads(result.stdout)["totals"]
        sums[day] = {one["unit"]: one["expected"] for one in totals if one["duty"] == "rally"}

    assert sums["2027-07-04"] == {"SQ0101": 3, "SQ0102": 3, "SQ01": 6, "SQ": 6}
    assert sums["2027-07-05"] == {"SQ0101": 3, "SQ0102": 3, "SQ01": 3, "SQ02": 3, "SQ": 6}


def test_a_change_without_a_day_is_told_as_the_correction_it_is(desk: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(UNITS[0])
    book.active.append(("SQ0102", "西村", "村", "SQ02", "", ""))
    book.save(desk / "moved.xlsx")
    result = assess(desk, "--units", desk / "moved.xlsx")

    assert result.exit_code == 0
    assert "没有填变更日期" in result.stderr


def test_the_mistakes_of_all_rosters_are_told_together(desk: Path) -> None:
    for name, village in (("a.xlsx", "东沟村"), ("b.xlsx", "西沟村")):
        book = Workbook()
        assert book.active is not None
        book.active.append(UNITS[0])
        book.active.append((f"SQ09{name[0]}", village, "乡村", "SQ01", "", ""))
        book.save(desk / name)
    result = assess(desk, "--units", desk / "a.xlsx", "--units", desk / "b.xlsx")

    assert (result.exit_code, result.stdout) == (1, "")
    assert ["《a.xlsx》" in result.stderr, "《b.xlsx》" in result.stderr] == [True, True]


def test_a_doubt_about_the_roster_is_told_and_stops_nothing(desk: Path) -> None:
    book = load_workbook(desk / "units.xlsx")
    book.worksheets[0].append(("sq02", "河湾镇", "乡镇", "SQ", "", ""))
    book.save(desk / "units.xlsx")
    result = assess(desk, "--format", "json")

    assert result.exit_code == 0
    assert "提醒 《units.xlsx》" in result.stderr
    assert "编码“sq02”（河湾镇）和“SQ02 河口镇”" in result.stderr


def test_the_sample_files_give_the_totals_of_the_specification(tmp_path: Path) -> None:
    today = date(2026, 8, 31)
    write_sample_files(tmp_path, today, count=5_000)
    rosters = [word for name in ("roster.xlsx", "roster-recount.xlsx") for word in ("--units", tmp_path / name)]
    records = ("--records", tmp_path / "records.csv", "--as-of", today)
    result = run("assess", tmp_path / "plan.yaml", *rosters, *records, "--format", "json")
    assert result.exit_code == 0
    (told,) = result.stderr.strip().splitlines()
    assert "从 2025-08-01 起划到别的上级" in told, "the roster's one warning"

    tree = make_tree(find_story_year(today))
    plan, _ = check_plan_yaml(plan_text(today.year), "plan.yaml", tree)
    assert plan is not None
    rows, _ = read_records_csv("records.csv", (tmp_path / "records.csv").read_bytes())
    ledger, _ = parse_records(rows, load_kinds())
    found = Counter((item["duty"], item["unit"], item["status"]) for item in json.loads(result.stdout)["standings"])
    assert found == Counter(
        (standing.obligation.duty, standing.obligation.unit, standing.status)
        for standing in specify(plan, tree, ledger, load_kinds(), today)
    )


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1989-12-31", "2200-01-01"])
def test_a_day_outside_all_plans_is_refused_with_a_sentence(desk: Path, day: str) -> None:
    result = assess(desk, "--as-of", day)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "1990-01-01 ～ 2199-12-31" in result.stderr


@pytest.mark.parametrize("day", ["1990-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_can_be_assessed(desk: Path, day: str) -> None:
    assert assess(desk, "--as-of", day).exit_code == 0


@pytest.mark.parametrize("broken", ["plan.yaml", "units.xlsx"])
def test_a_wrong_plan_or_roster_is_told_and_nothing_is_worked_out(desk: Path, broken: str) -> None:
    (desk / "plan.yaml").write_text(PLAN.replace("do: rally", "do: raly"), encoding="utf-8")
    if broken == "units.xlsx":
        (desk / "units.xlsx").write_bytes(b"PK")
    result = assess(desk, "--format", "json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip()


def test_a_day_that_is_none_is_refused(desk: Path) -> None:
    files = ("--units", desk / "units.xlsx", "--records", desk / "records.csv")
    result = run("assess", desk / "plan.yaml", *files, "--as-of", "2027-02-30")
    assert result.exit_code == 2
    assert "不是日期" in result.stderr


def test_an_output_that_cannot_be_written_is_told(desk: Path) -> None:
    result = assess(desk, "--format", "csv", "-o", desk / "no" / "out.csv")
    assert result.exit_code == 2
    assert "out.csv" in result.stderr


def test_a_reader_that_goes_away_leaves_no_traceback(desk: Path) -> None:
    command = f"{sys.executable} -m wuzha read {desk / 'plan.txt'} --format json | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout == "{"
    assert "Traceback" not in done.stderr
