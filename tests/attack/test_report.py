"""The report names tests that there are, and tells of every file of them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPORT = (ROOT / "docs/attack.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(test_\w+\.py)::(test_\w+)`", REPORT)
PLACES = tuple(ROOT / "tests" / folder for folder in ("attack", "web", "e2e", "deploy", "."))


def test_every_test_that_the_report_names_is_there() -> None:
    missing = []
    for file, test in NAMED:
        found = [place / file for place in PLACES if (place / file).exists()]
        if not found or f"def {test}(" not in found[0].read_text(encoding="utf-8"):
            missing.append(f"{file}::{test}")
    assert missing == []
    assert len(NAMED) >= 25


def test_every_file_of_attacks_is_told_of() -> None:
    files = {file.name for file in (ROOT / "tests/attack").glob("test_*.py")}
    assert files - {file for file, _ in NAMED} == {"test_report.py"}


def test_the_report_has_a_date_and_an_outcome_on_every_line() -> None:
    assert re.search(r"As of \d{4}-\d\d-\d\d\.", REPORT)
    rows = [line for line in REPORT.splitlines() if line.startswith("| ") and "::" in line]
    assert len(rows) == len(NAMED)
    assert all(len([cell for cell in row.strip("|").split("|") if cell.strip()]) == 4 for row in rows)
