"""``wuzha assess`` and ``wuzha why`` read the folder that ``wuzha mirror`` wrote as they read the CSV file."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wuzha.adapters.columns.mirror import append_records, list_parts, read_records
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.sample.files import write_sample_files
from wuzha.adapters.spreadsheets import read_records_csv
from wuzha.cli import cli
from wuzha.core.ledger.parse import parse_records
from wuzha.core.ledger.record import Record

TODAY = date(2026, 8, 31)
LATE = datetime(2026, 8, 1, tzinfo=UTC)


def read_csv(desk: Path) -> tuple[Record, ...]:
    rows, _ = read_records_csv("records.csv", (desk / "records.csv").read_bytes())
    return parse_records(rows, load_kinds())[0]


def write_mirror(folder: Path, records: Iterable[Record]) -> Path:
    append_records(folder, records)
    return folder


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample county with its ledger as a file, and as a mirror of several parts."""
    folder = tmp_path_factory.mktemp("desk")
    write_sample_files(folder, TODAY, count=1_500)
    records = read_csv(folder)
    for end in (600, 1_000, len(records)):
        write_mirror(folder / "mirror", records[:end])
    return folder


def run(desk: Path, command: str, records: str | Path, *arguments: str) -> Result:
    rosters = [word for name in ("roster.xlsx", "roster-recount.xlsx") for word in ("--units", str(desk / name))]
    files = [str(desk / "plan.yaml"), *rosters, "--records", str(desk / records), "--as-of", str(TODAY)]
    return CliRunner().invoke(cli, [command, *files, *arguments])


@pytest.mark.parametrize(
    "arguments",
    [
        ("--engine", "dense"),
        ("--format", "json"),
        ("--known-by", "2026-05-31"),
    ],
)
def test_a_mirror_of_several_parts_is_assessed_as_the_file_is(desk: Path, arguments: tuple[str, ...]) -> None:
    assert len(list_parts(desk / "mirror")) == 3
    by_file, by_folder = (run(desk, "assess", name, *arguments) for name in ("records.csv", "mirror"))
    assert (by_folder.exit_code, by_folder.stdout) == (0, by_file.stdout)


def test_records_come_back_from_the_mirror_as_they_went_in_but_for_what_only_describes(desk: Path) -> None:
    plain = [replace(one, note="", author="", extra={}) for one in read_csv(desk)]
    assert read_records(desk / "mirror") == sorted(plain, key=lambda one: (one.happened_on, one.id))


def test_why_reads_a_mirror_too(desk: Path) -> None:
    asked = ("--unit", "SQ", "--duty", "cases")
    by_file, by_folder = (run(desk, "why", name, *asked) for name in ("records.csv", "mirror"))
    assert (by_folder.exit_code, by_folder.stdout) == (0, by_file.stdout)
    assert "发案" in by_folder.stdout


def test_a_correction_in_the_mirror_counts_in_place_of_its_original(desk: Path, tmp_path: Path) -> None:
    original = next(one for one in read_csv(desk) if one.kind == "cases" and one.quantity > 0)
    mended = replace(original, id=type(original.id)(int=original.id.int + 1), replaces=original.id, quantity=70_001)
    folder = write_mirror(tmp_path / "mirror", [original, replace(mended, received_at=LATE)])
    now, then = (
        run(desk, "why", folder, "--unit", "SQ", "--duty", "cases", *asked).stdout
        for asked in ((), ("--known-by", "2026-07-01"))
    )
    assert "当时还没有收到" in then
    assert "当时还没有收到" not in now
    assert "更正" in now


def test_records_of_units_that_the_roster_does_not_know_are_told_and_do_not_count(desk: Path, tmp_path: Path) -> None:
    first, second, third = read_csv(desk)[:3]
    strange = [replace(first, unit="XX9"), replace(second, unit="XX9"), third]
    result = run(desk, "assess", write_mirror(tmp_path / "mirror", strange))
    assert result.exit_code == 1
    assert "花名册里没有编码为“XX9”的单位，它的 2 条记录没有计入" in result.stderr


def test_a_folder_without_a_mirror_and_one_that_cannot_be_read_are_said(desk: Path, tmp_path: Path) -> None:
    empty = run(desk, "assess", tmp_path)
    assert empty.exit_code == 2
    assert "没有 wuzha mirror 抄的台账" in empty.stderr
    (tmp_path / "part-000001.parquet").write_bytes(b"no parquet at all")
    broken = run(desk, "assess", tmp_path)
    assert broken.exit_code == 2
    assert "wuzha mirror --anew" in broken.stderr


def test_without_pyarrow_the_folder_is_refused_with_what_to_install_and_the_file_is_read(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = run(desk, "assess", "mirror")
    assert result.exit_code == 2
    assert "pip install 'wuzha[engines]'" in result.stderr
    assert run(desk, "assess", "records.csv").exit_code == 0
