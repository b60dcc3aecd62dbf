"""The mirror is what the ledger is, however it came about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.engine_cases import make_case
from wuzha.adapters.columns import mirror
from wuzha.adapters.columns.ledger import Columns, make_columns
from wuzha.adapters.columns.mirror import append_records, compact, list_parts, read_mirror, rebuild
from wuzha.core.ledger.record import Record

NOON = datetime(2026, 3, 1, 12, 0, 0, 7, tzinfo=UTC)


def make_ledger(seed: int) -> list[Record]:
    """Some received by the server, some not; of some the phone tells when."""
    return [
        replace(
            one,
            received_at=NOON + timedelta(seconds=number) if number % 3 else None,
            recorded_at=NOON - timedelta(seconds=number) if number % 4 else None,
        )
        for number, one in enumerate(make_case(seed, records=60).ledger)
    ]


def list_content(columns: Columns) -> list[object]:
    numbers = range(columns.size)
    clocks = (columns.recorded_at.tolist(), columns.received_at.tolist())
    counts = (columns.in_effect.tolist(), columns.replaces.tolist(), columns.withdrawn.tolist())
    return list(zip(columns.list_rows(numbers), *clocks, *counts, strict=True))


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32), cuts=st.lists(st.integers(0, 80), max_size=4))
def test_appended_in_any_cuts_it_is_what_is_built_anew(seed: int, cuts: list[int]) -> None:
    ledger = make_ledger(seed)
    with TemporaryDirectory() as name:
        cut, whole = Path(name) / "cut", Path(name) / "whole"
        for end in [*sorted(cuts), len(ledger)]:
            append_records(cut, ledger[:end])
        assert rebuild(whole, ledger) == len(ledger)
        assert list_content(read_mirror(cut)) == list_content(read_mirror(whole)) == list_content(make_columns(ledger))
        compact(cut)
        assert [part.read_bytes() for part in list_parts(cut)] == [part.read_bytes() for part in list_parts(whole)]


def test_a_run_writes_one_part_of_what_is_new_and_many_parts_become_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = make_ledger(0)[:8]
    monkeypatch.setattr(mirror, "MOST_PARTS", 4)
    parts = []
    for number in range(len(ledger)):
        assert append_records(tmp_path, ledger[: number + 1]) == 1
        parts.append(len(list_parts(tmp_path)))
    assert parts == [1, 2, 3, 4, 1, 2, 3, 4]
    assert append_records(tmp_path, ledger) == 0


def test_a_run_that_was_cut_off_before_clearing_up_counts_nothing_twice(tmp_path: Path) -> None:
    ledger = make_ledger(5)
    append_records(tmp_path, ledger[:9])
    append_records(tmp_path, ledger)
    kept = {part: part.read_bytes() for part in list_parts(tmp_path)}
    compact(tmp_path)
    for part, content in kept.items():
        part.write_bytes(content)
    (tmp_path / "part-000009.waiting").write_bytes(b"half a part")
    assert list_content(read_mirror(tmp_path)) == list_content(make_columns(ledger))
