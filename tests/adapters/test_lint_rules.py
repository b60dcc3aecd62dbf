"""The rules of the check against higher rules as data, the page about them, and what ``wuzha check`` says of a plan."""

import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from openpyxl import Workbook

from wuzha.adapters.lint_rules import load_rules, parse_rules
from wuzha.adapters.wording.lint import count_findings, render_finding, render_page, say_bases
from wuzha.cli import cli
from wuzha.core.plan.lint.rule import Finding, Level

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2027, 1, 1)
RULE = """
bases:
  law: {name: 某法, name_en: Some law, number: "", from: 2026-01-01}
words: {app: 'APP|小程序'}
rules:
  plan.some-rule:
    title: 某事
    title_en: Something
    level: warning
    cites: [{base: law, article: 第一条}]
    why: 因为。
    why_en: Because.
    wording: 改成{object}。
    wording_en: Write {object}.
    looks_for: 某词
    touches: [安装]
    finds: ['安装(?P<object><app>)']
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_there_are_more_than_thirty_rules_and_each_names_what_it_rests_on() -> None:
    rules = load_rules()
    assert len(rules) > 30
    for rule in rules.values():
        assert rule.is_proposal or all(basis.name and basis.opens_on.year > 2000 for basis in rule.bases)


def test_the_proposals_of_the_project_are_told_from_the_rules_of_the_state() -> None:
    proposals = {code.removeprefix("plan.") for code, rule in load_rules().items() if rule.is_proposal}
    assert proposals == {
        "above-base", "clue-quota", "full-awareness", "share-above-whole", "small-number-rank", "small-sample",
        "zero-case",
    }  # fmt: skip
    for code, rule in load_rules().items():
        told = say_bases(rule, DAY, "zh")
        assert (told == ("本项目建议（不是国家规定）",)) == (code.removeprefix("plan.") in proposals)


def test_only_a_law_makes_a_must() -> None:
    for rule in load_rules().values():
        assert rule.level != "error" or not rule.is_proposal


def test_a_rule_is_read_with_its_pieces_put_in() -> None:
    rule = parse_rules(RULE)["plan.some-rule"]
    match = rule.finds[0].search("安装小程序")
    assert match is not None
    assert match["object"] == "小程序"
    assert say_bases(rule, date(2026, 1, 1), "zh") == ("《某法》第一条，2026年1月1日起",)
    assert say_bases(rule, date(2026, 1, 1), "en") == ("Some law, 第一条, since 2026-01-01",)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("level: warning", "level: grave", "unknown level"),
        ("    why: 因为。\n", "", "why"),
        ("base: law,", "base: other,", "other"),
        ("touches: [安装]", "touches: []", "needs either"),
        ("<app>", "<nothing>", "nothing"),
        ("(?P<object><app>)", "(", "cannot be read"),
        ("looks_for", "looks", "looks"),
        ("from: 2026-01-01", "from: 2026-01-01, until: 2025-01-01", "in force"),
        ("name: 某法, ", "", "needs a name"),
        ("    finds:", "    check: telepathy\n    finds:", "telepathy"),
        ("rules:", "regels:", "wanted"),
        (
            "  plan.some-rule:\n    title: 某事\n",
            "  plan.some-rule: 某事\n  other:\n    title: 某事\n",
            "must be a mapping",
        ),
    ],
)
def test_a_rule_that_is_written_wrongly_is_refused_with_its_name(before: str, after: str, told: str) -> None:
    assert before in RULE
    with pytest.raises(ValueError, match=told):
        parse_rules(RULE.replace(before, after))


def test_the_page_of_the_rules_is_what_the_data_say() -> None:
    assert (ROOT / "docs/rules/lint.md").read_text(encoding="utf-8") == render_page(load_rules())


def test_no_rule_cites_an_article_that_the_field_notes_do_not_know() -> None:
    articles = (
        "五 六、第二十五 十二、第十四条至第十六 十六、第十八 二十五 二十八 三十一 三十二 三十六 五十一 一百三十六"
    )
    known = {"", *(f"第{article}条".replace("、", "条、") for article in articles.split())}
    assert {basis.article for rule in load_rules().values() for basis in rule.bases} <= known


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        ((), "没有发现与上级规定冲突的地方。"),
        (("error", "warning"), "发现 2 处，其中 1 处必须改。"),
        (("note",), "发现 1 处，没有必须改的。"),
    ],
)
def test_the_answer_comes_in_one_sentence(levels: tuple[Level, ...], told: str) -> None:
    findings = [Finding(code="plan.exit-ban", level=level) for level in levels]
    assert count_findings(findings, "zh") == told


def test_a_finding_is_told_with_its_basis_its_reason_and_a_better_wording() -> None:
    finding = Finding(
        code="plan.install-quota",
        level="warning",
        words="APP安装率",
        clause="一（二）",
        params=(("object", "反诈APP"),),
    )
    lines = render_finding(finding, load_rules(), DAY, "zh").splitlines()
    assert lines[0] == "建议改 条款一（二） “APP安装率”：下达应用安装指标 [plan.install-quota]"
    assert "国办函〔2026〕12号" in lines[1]
    assert "反诈APP" in lines[3]
    assert render_finding(finding, load_rules(), DAY, "en").startswith(
        "should be changed clause 一（二） “APP安装率”: Quota"
    )


DOCUMENT = "石桥县反诈宣传工作方案\n\n一、工作措施\n（一）{text}\n"


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("各村每月开展1次宣讲。", 0, ""),
        ("各村反诈APP安装率达到80%。", 0, "plan.install-quota"),
        ("涉诈重点人员一律不得出境。", 1, "plan.exit-ban"),
    ],
)
def test_a_document_is_checked_before_it_is_issued(tmp_path: Path, text: str, code: int, told: str) -> None:
    file = tmp_path / "方案.txt"
    file.write_text(DOCUMENT.format(text=text), encoding="utf-8")
    result = run("check", file)
    assert result.exit_code == code
    assert told in result.stdout
    assert "《方案.txt》合规体检（按" in result.stderr


def test_a_document_is_held_against_the_rules_of_the_days_that_its_draft_has(tmp_path: Path) -> None:
    file = tmp_path / "方案.txt"
    file.write_text(
        DOCUMENT.format(text="各村反诈APP安装率达到80%。2021年6月30日前，各村开展1次宣讲。"), encoding="utf-8"
    )
    result = run("check", file)
    assert "合规体检（按2021年12月31日有效的规定）：没有发现" in result.stderr
    assert result.stdout == ""
    assert "the higher rules in force on 2021-12-31:" in run("check", file, "--lang", "en").stderr


def test_a_document_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "方案.txt"
    file.write_text(DOCUMENT.format(text="各村每月开展1次宣讲。"), encoding="utf-8")
    opened: list[str] = []
    sys.addaudithook(lambda event, values: opened.extend([event] * (event == "open" and values[0] == str(file))))
    assert run("check", file).exit_code == 0
    assert opened == ["open"]


def test_a_plan_file_is_held_against_the_rules_after_its_mistakes(tmp_path: Path) -> None:
    plan = {
        "title": "石桥县反诈方案",
        "valid": {"from": date(2027, 1, 1), "to": date(2027, 12, 31)},
        "duties": [
            {
                "id": "one",
                "clause": "二",
                "quote": "涉诈人员子女不得就读公办学校",
                "who": {"kind": "village"},
                "vague": True,
            }
        ],
    }
    file = tmp_path / "plan.yaml"
    file.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    result = run("check", file)
    assert result.exit_code == 1, result.stdout + result.stderr
    assert "必须改 条款二 “子女不得”：牵连亲属 [plan.relatives]" in result.stdout
    assert "1 place found, 1 of which must be changed." in run("check", file, "--lang", "en").stderr


def test_a_document_that_cannot_be_opened_ends_with_2(tmp_path: Path) -> None:
    assert run("check", tmp_path / "没有.docx").exit_code == 2


def test_with_a_roster_targets_are_held_against_its_figures(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ("编码", "名称", "类型", "上级编码", "户数", "基数日期"),
        ("SQ", "石桥县", "县", "", "", ""),
        ("SQ01", "柳湾村", "村", "SQ", 640, "2026-01-01"),
    ):
        sheet.append(row)
    book.save(tmp_path / "花名册.xlsx")
    file = tmp_path / "方案.txt"
    file.write_text(DOCUMENT.format(text="2027年6月30日前，各村入户宣传不少于700户。"), encoding="utf-8")
    result = run("check", file, "--units", tmp_path / "花名册.xlsx")
    assert "plan.above-base" in result.stdout, result.stderr
    assert "“柳湾村”名册上只有640，方案要求700。" in result.stdout
    assert "plan.above-base" not in run("check", file).stdout
