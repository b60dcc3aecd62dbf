"""``wuzha diff``, and the burden that ``wuzha check`` says, as a person at a prompt or a script meets them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from wuzha.cli import cli

OLD = """\
title: 石桥县反诈方案
valid: {from: 2026-01-01, to: 2026-12-31}
duties:
  - id: rally
    clause: 三（一）
    quote: 各村每月至少开展1次集中宣传活动
    who: {kind: village}
    do: rally
    at_least: 1
    every: month
  - id: homes
    quote: 6月30日前入户宣传覆盖率达到50%
    who: {kind: village}
    cover: household
    at_least: 50%
    by: 2026-06-30
  - id: screens
    quote: 各银行网点每天播放提示
    who: {kind: bank}
    do: broadcast
    at_least: 1
    every: day
"""
NEW = (
    OLD.replace("2026", "2027")
    .replace("三（一）", "四（二）")
    .replace("开展1次", "开展2次")
    .replace("do: rally\n    at_least: 1", "do: rally\n    at_least: 2")
    .replace("各银行网点每天播放提示\n    who: {kind: bank}", "各通信营业厅每天播放提示\n    who: {kind: carrier}")
)
TOWN = """\
title: 青石镇方案
valid: {from: 2026-01-01, to: 2026-12-31}
duties:
  - {id: rally, who: {kind: village}, do: rally, at_least: 1, every: quarter}
"""
TEXT = """石桥县反诈宣传工作方案

一、工作措施
各村每月至少开展2次集中宣传活动。
"""
UNITS = (
    ("编码", "名称", "类型", "上级编码", "户数", "基数日期"),
    ("SQ", "石桥县", "县", "", "", ""),
    ("SQ01", "青石镇", "乡镇", "SQ", "", ""),
    ("SQ0101", "柳湾村", "村", "SQ01", 200, "2026-01-01"),
    ("SQ02", "河口镇", "乡镇", "SQ", "", ""),
    ("SQ02B1", "河口支行", "银行网点", "SQ02", "", ""),
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for name, text in (("old.yaml", OLD), ("new.yaml", NEW), ("town.yaml", TOWN), ("plan.txt", TEXT)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    book = Workbook()
    assert book.active is not None
    for row in UNITS:
        book.active.append(row)
    book.save(tmp_path / "units.xlsx")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_differences_are_told_with_both_sentences_and_code_1(desk: Path) -> None:
    result = run("diff", desk / "old.yaml", desk / "new.yaml")

    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "加严 1 条、换了承办单位 1 条，1 条没变"
    assert "- 三（一） 各村每月至少办 1 次集中宣传活动" in result.stdout
    assert "+ 四（二） 各村每月至少办 2 次集中宣传活动" in result.stdout
    assert "“各村每月至少开展2次集中宣传活动”" in result.stdout
    assert "由谁办：各银行网点 → 各通信营业厅（不同）" in result.stdout


def test_a_plan_against_itself_ends_with_code_0(desk: Path) -> None:
    result = run("diff", desk / "old.yaml", desk / "old.yaml")

    assert (result.exit_code, result.stdout) == (0, "没有不同，3 条都没变\n")


def test_what_goes_without_saying_is_no_difference(desk: Path) -> None:
    said = OLD.replace("do: rally\n", "do: rally\n    sum: quantity\n")
    (desk / "said.yaml").write_text(said, "utf-8")

    assert run("diff", desk / "old.yaml", desk / "said.yaml").exit_code == 0


def test_what_is_counted_otherwise_is_named(desk: Path) -> None:
    (desk / "heads.yaml").write_text(OLD.replace("do: rally\n", "do: rally\n    sum: people\n"), "utf-8")
    (desk / "rate.yaml").write_text(OLD.replace("1\n    every: month", "4\n    every: quarter"), "utf-8")

    heads, rate = (run("diff", desk / "old.yaml", desk / name).stdout for name in ("heads.yaml", "rate.yaml"))

    assert "按什么计：至少 1（按数量） → 至少 1（按人数）（不同）" in heads
    assert "一年合计次数：每月 至少 1（一年 12） → 每季度 至少 4（一年 16）（加严）" in rate


def test_a_document_is_read_and_drafted_before_it_is_compared(desk: Path) -> None:
    result = run("diff", desk / "old.yaml", desk / "plan.txt", "--year", "2026", "--format", "json")

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {key: count for key, count in told["counts"].items() if count} == {"gone": 2, "tightened": 1}
    assert told["entries"][0]["changes"] == [{"facet": "amount", "turn": "tighter"}]


def test_what_is_gone_and_what_is_added_have_one_side_only(desk: Path) -> None:
    there = json.loads(run("diff", desk / "old.yaml", desk / "town.yaml", "--format", "json").stdout)
    back = json.loads(run("diff", desk / "town.yaml", desk / "old.yaml", "--format", "json").stdout)

    assert [e["old"]["id"] for e in there["entries"] if e["fate"] == "gone"] == ["homes", "screens"]
    assert [e["new"]["id"] for e in back["entries"] if e["fate"] == "added"] == ["homes", "screens"]
    assert all(entry["new"] is None for entry in there["entries"] if entry["fate"] == "gone")


def test_a_town_that_asks_less_is_told_so_with_code_1(desk: Path) -> None:
    result = run("diff", "--covers", desk / "old.yaml", desk / "town.yaml")

    assert result.exit_code == 1
    assert result.stdout.startswith("比上级方案要求低：有 3 条少要了或没有安排。要下级办的有 3 条：")
    assert "多久一次：每月 → 每季度（放宽）" in result.stdout


def test_times_that_may_be_left_to_december_are_less_than_one_a_month(desk: Path) -> None:
    county = "title: 县\nvalid: {from: 2026-01-01, to: 2026-12-31}\nduties:\n"
    county += "  - {id: a, who: {kind: village}, do: rally, at_least: 1, every: month}\n"
    (desk / "county.yaml").write_text(county, "utf-8")
    (desk / "year.yaml").write_text(county.replace("at_least: 1, every: month", "at_least: 12, every: year"), "utf-8")

    result = run("diff", "--covers", desk / "county.yaml", desk / "year.yaml")

    assert result.exit_code == 1
    assert "[要得少了]" in result.stdout
    assert "每月至少 1 改成了 每年合计至少 12，可以集中到年底（放宽）" in result.stdout


def test_who_bears_what_was_asked_of_towns_is_said(desk: Path) -> None:
    county = "title: 县\nvalid: {from: 2026-01-01, to: 2026-12-31}\nduties:\n"
    county += "  - {id: a, who: {kind: town}, do: rally, at_least: 1, every: month}\n"
    (desk / "county.yaml").write_text(county, "utf-8")
    (desk / "below.yaml").write_text(county.replace("kind: town", "kind: village"), "utf-8")

    result = run("diff", "--covers", desk / "county.yaml", desk / "below.yaml")

    assert result.exit_code == 0
    assert "由谁办：上级方案要求各乡镇（街道）办，下级方案交给各村办" in result.stdout


def test_with_a_roster_only_what_falls_on_the_town_is_asked_of_it(desk: Path) -> None:
    asked = ("--units", desk / "units.xlsx", "--unit", "青石镇", "--format", "json")
    told = json.loads(run("diff", "--covers", desk / "old.yaml", desk / "town.yaml", *asked).stdout)

    assert [duty["reach"] for duty in told["duties"]] == ["less", "none", "elsewhere"]
    assert not told["complete"]


def test_a_plan_carries_itself_out_with_code_0(desk: Path) -> None:
    result = run("diff", "--covers", desk / "old.yaml", desk / "old.yaml", "--lang", "en")

    assert result.exit_code == 0
    assert result.stdout.startswith("Carries the higher plan out. 3 duties fall below: 3 as much")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("old.yaml", "none.yaml"), "找不到文件"),
        (("old.yaml", "broken.yaml"), "第 7 行"),
        (("old.yaml", "new.yaml", "--unit", "SQ01"), "--covers"),
        (("--covers", "old.yaml", "town.yaml", "--units", "units.xlsx", "--unit", "无此镇"), "花名册里没有“无此镇”"),
    ],
)
def test_what_cannot_be_compared_ends_with_code_2(desk: Path, arguments: tuple[str, ...], told: str) -> None:
    (desk / "broken.yaml").write_text(
        OLD.replace("do: rally", "do: raly").replace("    clause: 三（一）\n", ""), "utf-8"
    )
    files = {path.name: str(path) for path in desk.iterdir()} | {"none.yaml": str(desk / "none.yaml")}

    result = run("diff", *(files.get(word, word) for word in arguments))

    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_check_says_what_the_plan_costs_each_kind_of_unit(desk: Path) -> None:
    result = run("check", desk / "old.yaml", "--units", desk / "units.xlsx")

    assert "一个村每周约 1 小时 14 分" in result.stderr
    assert "100 次入户宣传 × 10 分钟（户数 200）" in result.stderr
    assert "一个银行网点每周约 35 分钟" in result.stderr
    assert "小时" not in result.stdout


def test_a_plan_of_five_days_costs_in_its_week_what_it_costs_in_all(desk: Path) -> None:
    days = OLD.replace("2026-01-01, to: 2026-12-31", "2026-06-26, to: 2026-06-30").replace(
        "every: month", "every: year"
    )
    (desk / "days.yaml").write_text(days, "utf-8")

    told = run("check", desk / "days.yaml").stderr

    assert "一个银行网点每周约 25 分钟，最忙的一周 25 分钟（2026-06-26 起）" in told
    assert "一年的 1/73 × 1 次集中宣传活动 × 240 分钟" in told


def test_check_tells_what_several_plans_ask_twice(desk: Path) -> None:
    both = run("check", desk / "old.yaml", desk / "town.yaml").stderr
    alone = run("check", desk / "old.yaml").stderr

    assert "几份方案之间重复的任务，1 处：" in both
    assert "同一件事换个样子又要一遍，一次记录两边都算数：周期不同" in both
    assert "《old.yaml》 三（一） 各村每月至少办 1 次集中宣传活动" in both
    assert "《town.yaml》 各村每季度至少办 1 次集中宣传活动" in both
    assert "重复的任务" not in alone
    assert (
        "Asked by more than one of the plans: 1"
        in run("check", desk / "old.yaml", desk / "town.yaml", "--lang", "en").stderr
    )


def test_plans_of_one_name_in_two_folders_are_told_apart(desk: Path) -> None:
    (desk / "镇").mkdir()
    (desk / "镇" / "old.yaml").write_text(OLD, "utf-8")
    told = run("check", desk / "old.yaml", desk / "镇" / "old.yaml").stderr
    assert f"《{desk / 'old.yaml'}》 三（一）" in told
    assert f"《{desk / '镇' / 'old.yaml'}》 三（一）" in told


LINES = """\
title: 石桥县方案
valid: {from: 2026-01-01, to: 2026-12-31}
duties:
  - {id: schools, who: {kind: department, line: education}, do: talk, at_least: 1, every: month}
  - {id: shops, who: {kind: department, line: market}, do: talk, at_least: 1, every: month}
  - {id: cases, who: {kind: county}, attain: cases, at_most: 100, by: 2026-12-31}
"""


def test_without_a_roster_duties_of_single_lines_are_said_to_be_added_up(desk: Path) -> None:
    (desk / "lines.yaml").write_text(LINES, "utf-8")
    told = run("check", desk / "lines.yaml").stderr

    assert "其中 2 条只由个别部门办，没有花名册分不开" in told
    assert "分不开" not in run("check", desk / "old.yaml").stderr


def test_a_figure_to_be_noted_is_not_said_to_be_done(desk: Path) -> None:
    (desk / "lines.yaml").write_text(LINES, "utf-8")
    assert "登记 1 次发案 × 5 分钟" in run("check", desk / "lines.yaml").stderr


def test_without_a_roster_it_is_the_roster_that_is_missing(desk: Path) -> None:
    told = run("check", desk / "old.yaml").stderr
    assert "没有给花名册（--units）" in told
    assert "花名册里没有这一项的基数" not in told


def test_check_without_a_roster_says_what_is_not_known(desk: Path) -> None:
    result = run("check", desk / "old.yaml", "--lang", "en")

    assert "Village: about 55 min a week each" in result.stderr
    assert "not known  homes" in result.stderr


def test_check_reckons_with_the_countys_own_minutes_from_their_day(desk: Path) -> None:
    (desk / "minutes.yaml").write_text(
        "broadcast: 10\nrally:\n  - {minutes: 120, from: 2026-01-01}\n  - {minutes: 60, from: 2027-01-01}\n", "utf-8"
    )
    result = run("check", desk / "old.yaml", desk / "new.yaml", "--minutes", desk / "minutes.yaml")

    assert "12 个月 × 1 次集中宣传活动 × 120 分钟" in result.stderr
    assert "12 个月 × 2 次集中宣传活动 × 60 分钟" in result.stderr
    assert "一个银行网点每周约 1 小时 10 分" in result.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("raly: 3", "没有“raly”这种记录。可以写：rally"),
        ("rally: many", "“rally”的分钟数要写成 0 到 10080 的整数"),
        ("talk: 3\nrally: {minutes: 3, from: soon}", "第 2 行“rally”：“rally”的 from"),
        ("- rally", "一行一种记录"),
        ("", "分钟数的文件里没有内容。请一行写一种记录"),
        ("# 还没有定", "分钟数的文件里没有内容。请一行写一种记录"),
        ("rally: -1", "0 到 10080"),
        ("rally: true", "0 到 10080"),
        ("rally: &a 3", "锚"),
    ],
)
def test_a_file_of_minutes_that_cannot_be_read_ends_with_code_2(desk: Path, text: str, told: str) -> None:
    (desk / "minutes.yaml").write_text(text, "utf-8")

    result = run("check", desk / "old.yaml", "--minutes", desk / "minutes.yaml")

    assert result.exit_code == 2
    assert told in result.stderr
