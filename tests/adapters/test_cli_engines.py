"""``wuzha assess --engine``: what is printed and written is the same whoever counts."""

import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wuzha.adapters.columns.engines import ENGINES
from wuzha.adapters.sample.county import find_story_year, make_tree
from wuzha.adapters.sample.files import write_sample_files
from wuzha.cli import cli

QUICK = [name for name in ENGINES if name != "spark"]
TODAY = date(2026, 8, 31)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample county with a plan that has every sort of duty."""
    folder = tmp_path_factory.mktemp("desk")
    write_sample_files(folder, TODAY, count=5_000)
    return folder


def assess(desk: Path, engine: str, *arguments: str) -> Result:
    rosters = [word for name in ("roster.xlsx", "roster-recount.xlsx") for word in ("--units", str(desk / name))]
    files = [str(desk / "plan.yaml"), *rosters, "--records", str(desk / "records.csv"), "--as-of", str(TODAY)]
    return CliRunner().invoke(cli, ["assess", *files, "--engine", engine, *arguments])


@pytest.fixture(scope="module", params=["table", "json", "csv"])
def specified(request: pytest.FixtureRequest, desk: Path) -> tuple[str, str]:
    """A format, and what the specification prints in it."""
    result = assess(desk, "specification", "--format", request.param)
    assert result.exit_code == 0
    return request.param, result.stdout


@pytest.mark.parametrize("engine", QUICK)
def test_every_engine_prints_the_same(desk: Path, specified: tuple[str, str], engine: str) -> None:
    format_, expected = specified
    result = assess(desk, engine, "--format", format_)
    assert (result.exit_code, result.stdout) == (0, expected)


def test_a_branch_is_the_same_by_the_dense_engine(desk: Path) -> None:
    town = next(unit.code for unit in make_tree(find_story_year(TODAY)).units if unit.kind == "town")
    found = [assess(desk, engine, "--unit", town).stdout for engine in ("specification", "dense")]
    assert found[0] == found[1] != ""


def test_an_engine_that_is_not_installed_is_said_with_how_to_install_it(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    result = assess(desk, "duckdb")
    assert result.exit_code == 2
    assert "pip install 'wuzha[engines]'" in result.stderr
