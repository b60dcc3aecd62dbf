"""What the check against higher rules says of five real plans: how often each rule, and in which clause."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from wuzha.adapters.documents import read_document
from wuzha.adapters.lint_rules import load_rules
from wuzha.core.plan.lint.lint import lint_plan
from wuzha.core.plan.lint.rule import Finding
from wuzha.core.plan.read import read_plan

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "seeds"
DAY = date(2026, 11, 22)
FOUND = {
    "000": {
        ("plan.follow-screenshot", "三（三）"): 1,
        ("plan.sub-plans", "四"): 1,
        ("plan.sub-plans", "五（一）"): 1,
    },
    "001": {("plan.sub-plans", "6（一）"): 1},
    "002": {("plan.event-briefing", "三"): 2, ("plan.sub-plans", "四（五）"): 1},
    "003": {("plan.progress-reports", "四（六）"): 1, ("plan.name-with-phone", "四（六）"): 1},
    "004": {
        ("plan.exit-ban", "三（一）2"): 1,
        ("plan.sealed-records", "三（一）2"): 1,
        ("plan.forced-install", "三（二）2"): 2,
        ("plan.install-quota", "三（二）2"): 1,
        ("plan.full-awareness", "三（三）"): 1,
        ("plan.sub-plans", "五（一）"): 1,
    },
}

pytestmark = [
    pytest.mark.seeds,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the real plans are not kept beside this checkout"),
]


def lint_seed(number: str, day: date = DAY) -> tuple[str, tuple[Finding, ...]]:
    path = next(FOLDER.glob(f"{number}_*.txt"))
    document, problems = read_document(path.name, path.read_bytes())
    assert document is not None, problems
    return document.text, lint_plan(document.text, read_plan(document.text), load_rules(), day)


@pytest.mark.parametrize("number", sorted(FOUND))
def test_each_real_plan_meets_the_rules_that_a_person_found_in_it(number: str) -> None:
    text, findings = lint_seed(number)
    assert Counter((finding.code, finding.clause) for finding in findings) == FOUND[number]
    personal = {code for code, rule in load_rules().items() if rule.check in ("identity", "phone", "account")}
    for finding in findings:
        assert finding.span is not None
        assert finding.code in personal or text[slice(*finding.span)] == finding.words


def test_only_one_place_in_the_five_must_be_changed() -> None:
    grave = [(number, item.code) for number in FOUND for item in lint_seed(number)[1] if item.level == "error"]
    assert grave == [("004", "plan.exit-ban")]


def test_a_plan_of_2021_is_not_held_against_what_came_later() -> None:
    codes = {item.code for item in lint_seed("003", date(2021, 2, 3))[1]}
    assert codes == set()


def test_what_is_private_in_a_real_plan_is_not_shown_again() -> None:
    text, findings = lint_seed("003")
    private = next(item for item in findings if item.code == "plan.name-with-phone")
    assert private.span is not None
    digits = "".join(sign for sign in text[slice(*private.span)] if sign.isdigit())
    assert len(digits) >= 5
    assert digits not in private.words
