"""The monthly table: examples that a clerk can read, and the laws of its sums."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.core.monthly_cases import make_table, read_cell

EXAMPLES = Path(__file__).parent / "monthly"


def list_cases() -> list[Any]:
    found: list[Any] = []
    for path in sorted(EXAMPLES.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        found.extend(pytest.param(document["units"], case, id=case["say"]) for case in document["cases"])
    return found


@pytest.mark.parametrize(("units", "case"), list_cases())
def test_the_table_reads_as_written(units: list[dict[str, Any]], case: dict[str, Any]) -> None:
    table = make_table(units, case)

    found = {name: {code: read_cell(table, name, code) for code in wanted} for name, wanted in case["expect"].items()}
    assert found == {
        name: {code: str(value) for code, value in wanted.items()} for name, wanted in case["expect"].items()
    }
