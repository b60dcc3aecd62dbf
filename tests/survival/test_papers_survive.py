"""The power cut in the middle of issuing leaves either no paper or a whole one with its number."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.survival.tables import prepare_place

NO_TITLE = {"awarded": [0, 0]}


def run(data: Path, *words: str) -> Any:
    environment = prepare_place(data)
    command = [sys.executable, "-m", "tests.survival.issuing", *words]
    told = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def test_the_power_cut_at_any_statement_of_issuing_leaves_no_paper_or_a_whole_one(tmp_path: Path) -> None:
    *cut, last = run(tmp_path)

    assert len(cut) >= 6, "it was cut at many places"
    nothing = {"killed": True, "drafts": 1, "issued": [], "entries": 0, "measures": [], "given": 0} | NO_TITLE
    whole = {
        "killed": False,
        "drafts": 0,
        "issued": [[1, True, True]],
        "entries": 1,
        "measures": [],
        "given": 0,
    } | NO_TITLE
    assert all(one == nothing for one in cut)
    assert last == whole, "and the number that nobody got is not lost"


def test_the_power_cut_in_the_middle_of_giving_a_measure_leaves_neither_it_nor_its_paper(tmp_path: Path) -> None:
    *cut, last = run(tmp_path, "measure")

    assert len(cut) >= 15, "it was cut at many places"
    nothing = {"killed": True, "drafts": 1, "issued": [], "entries": 0, "measures": [], "given": 0} | NO_TITLE
    whole = {"killed": False, "drafts": 0, "issued": [[1, True, False]], "entries": 1} | NO_TITLE
    assert all(one == nothing for one in cut)
    assert last == whole | {"measures": [["remind", 2]], "given": 1}


def test_the_power_cut_in_the_middle_of_an_award_leaves_neither_it_nor_its_certificate(tmp_path: Path) -> None:
    *cut, last = run(tmp_path, "certificate")

    assert len(cut) >= 15, "it was cut at many places"
    left = {"drafts": 0, "measures": [], "given": 0}
    nothing = left | {"killed": True, "issued": [], "entries": 0} | NO_TITLE
    whole = left | {"issued": [[1, True, False]], "entries": 1, "awarded": [1, 1]}
    # Once it is kept, the step is read again for the page.
    *before, after = cut
    assert all(one == nothing for one in before)
    assert after == whole | {"killed": True}
    assert last == whole | {"killed": False}


def test_papers_issued_at_the_same_time_get_numbers_of_their_own_without_a_gap(tmp_path: Path) -> None:
    assert run(tmp_path, "together") == [1, 2, 3, 4, 5, 6]
