"""The benchmark's nation, small: its totals are those of the specification, read from a file in either order."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from tests.bench import nation
from wuzha.adapters.columns.numbered import list_batches
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Totals
from wuzha.core.assessment.rollup import Cell, roll_up
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.ledger.record import Record, RecordKind
from wuzha.core.plan.model import Plan

SMALL = nation.make_nation((1, 2, 3, 4, 6, 13))
KINDS = {f"kind-{n}": RecordKind(f"kind-{n}", f"第{n}类", "", "event", ()) for n in range(20)}


def make_tree() -> Tree:
    villages = set(SMALL.villages.tolist())
    parents = SMALL.parent.tolist()
    return Tree(
        tuple(
            Unit(str(n), str(n), "village" if n in villages else "county", str(parent) if parent >= 0 else "")
            for n, parent in enumerate(parents)
        )
    )


def make_ledger(words: list[int]) -> list[Record]:
    return [
        Record(
            UUID(int=number + 1),
            str(word >> 32),
            f"kind-{word >> 8 & 255}",
            nation.YEAR.opens + timedelta(days=word >> 16 & 65_535),
            quantity=word & 255,
        )
        for number, word in enumerate(words)
    ]


def ask_specification(ledger: list[Record]) -> Mapping[Cell, Totals]:
    tree, plan = make_tree(), Plan("方案", "", nation.YEAR, (), tuple(duty for duty, _ in nation.make_duties()))
    return roll_up(assess(plan, tree, ledger, KINDS, nation.AS_OF), tree)


@pytest.mark.parametrize("order", ["arrived", "by-unit"])
def test_a_small_nation_has_the_totals_of_the_specification(order: str, tmp_path: Path) -> None:
    words = nation.draw_records(6_000, SMALL)
    path = nation.make_records(6_000, SMALL, tmp_path)[order]
    specified = ask_specification(make_ledger(words.tolist()))

    found = nation.count_dense(SMALL, list_batches(path))

    for one in found:
        for unit in range(SMALL.units):
            totals = specified[str(unit), one.duty]
            expected = totals.expected, totals.met, totals.on_time, totals.missed
            assert (one.expected[unit], one.met[unit], one.on_time[unit], one.missed[unit]) == expected
    assert 0 < np.sum([one.on_time[0] for one in found]) < np.sum([one.met[0] for one in found])


def test_below_a_unit_lies_the_slice_up_to_its_last() -> None:
    for unit, last in enumerate(SMALL.last.tolist()):
        below = {unit}
        for other, parent in enumerate(SMALL.parent.tolist()):
            if parent in below:
                below.add(other)
        assert below == set(range(unit, last + 1))
