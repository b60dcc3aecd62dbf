"""``wuzha table`` on the files of the sample county."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from wuzha.adapters.sample.files import write_sample_files
from wuzha.cli import cli


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sample")
    write_sample_files(made, date(2026, 11, 22), 400)
    return made


def run(folder: Path, *more: str, month: str = "2026-11") -> Result:
    files = ["--plan", "plan.yaml", "--units", "roster.xlsx", "--records", "records.csv", "--out", "out.xlsx"]
    named = [str(folder / one) if "." in one else one for one in files]
    return CliRunner().invoke(cli, ["table", *named, "--month", month, *more])


def test_the_table_of_a_town_is_written_with_its_sources(folder: Path) -> None:
    result = run(folder, "--ends", "20", "--unit", "SQ01")

    assert result.exit_code == 0, result.output
    book = load_workbook(folder / "out.xlsx")
    assert book.sheetnames == ["工作进展情况表", "来源"]
    sheet = book["工作进展情况表"]
    assert "2026年10月21日至2026年11月20日" in sheet["A2"].value
    names = [sheet.cell(row, 2).value for row in range(6, sheet.max_row + 1)]
    assert "合计" in names
    assert str(len([name for name in names if name]) - 1) in result.output


def test_what_is_no_month_and_a_month_to_come_are_told(folder: Path) -> None:
    assert run(folder, month="十一月").exit_code == 2
    assert "2026-11" in run(folder, month="十一月").output
    ahead = run(folder, "--as-of", "2026-10-01")
    assert ahead.exit_code == 2
    assert "还没有开始" in ahead.output
