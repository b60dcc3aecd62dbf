"""Plan files: every mistake with its line, nothing hostile let in, and what is written reads back the same."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.adapters.kinds import load_kinds, parse_kinds
from wuzha.adapters.plan_yaml import (
    MAX_BYTES,
    check_plan_yaml,
    parse_plan_file,
    read_plan_yaml,
    render_plan_yaml,
    resolve_scalar,
)
from wuzha.adapters.wording.problem import describe_problem, load_sentences
from wuzha.core.base.unit import ATTRIBUTES, LINES, UNIT_KINDS, Tree, Unit
from wuzha.core.base.windows import Cadence
from wuzha.core.plan.build import build_plan

PLAN = """\
title: 石桥县全民反诈工作方案
issuer: 石桥县反诈联席办
valid: {from: 2027-01-01, to: 2027-12-31}
phases:
  - {id: launch, name: 动员部署, from: 2027-01-01, to: 2027-01-31}
duties:
  - id: rally
    clause: 三（二）
    quote: 村里每个月办一场宣传
    who: {kind: village}
    do: rally
    at_least: 1
    every: month
  - id: banners
    who: {kind: [village, community]}
    keep: banner
    at_least: {per_thousand: 1, of: population}
  - id: visits
    who: {kind: village}
    cover: household
    at_least: 50%
    by: 2027-06-30
  - id: monthly-table
    who: {line: all}
    file: progress-table
    every: month
    due: {day: 20}
  - id: road-adverts
    who: {kind: town}
    space: advert
    along: main-road
    at_most: 200 m
  - id: check-high
    who: {kind: town}
    check: followup
    grade: high
    every: week
  - id: cases-down
    who: {kind: county}
    attain: cases
    change: {at_most: -20%, against: last_year}
"""
LAST = PLAN.count("\n")


def change(old: str, new: str) -> str:
    assert PLAN.count(old) == 1, old
    return PLAN.replace(old, new)


def list_places(text: str, tree: Tree | None = None) -> list[tuple[int | None, str]]:
    plan, problems = check_plan_yaml(text, "plan.yaml", tree)
    assert (plan is None) == any(problem.severity == "error" for problem in problems)
    return [(problem.source.line, problem.code) for problem in problems]


def test_a_sound_file_has_no_problems_and_is_written_as_it_was() -> None:
    assert list_places(PLAN) == []
    data = parse_plan_file(PLAN).data
    assert isinstance(data, dict)
    assert render_plan_yaml(data) == PLAN


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (change("title: 石桥县全民反诈工作方案", "titel: 石桥县"), (1, "plan.key-unknown")),
        (change("to: 2027-12-31", "to: 2027-13-31"), (3, "plan.not-a-day")),
        (change("to: 2027-12-31", "to: 2026-12-31"), (3, "plan.dates-reversed")),
        (change("to: 2027-01-31", "to: 2028-01-31"), (5, "plan.outside-validity")),
        (change("do: rally", "do: raly"), (11, "plan.object-unknown")),
        (change("do: rally", "do: rally\n    do: talk"), (12, "plan.key-duplicate")),
        (change("    do: rally\n", ""), (7, "plan.verb-missing")),
        (change("of: population", "of: people"), (17, "plan.attribute-unknown")),
        (change("[village, community]", "[village, comunity]"), (15, "plan.unit-kind-unknown")),
        (change("at_least: 50%", "at_least: 150%"), (21, "plan.share-over-100")),
        (change("by: 2027-06-30", "by: 2029-06-30"), (22, "plan.outside-validity")),
        (change("due: {day: 20}", "due: {day: 40}"), (27, "plan.number-range")),
        (change("due: {day: 20}", "due: {day: 20, on_day_off: tomorrow}"), (27, "plan.day-off-unknown")),
        (change("at_most: 200 m", "at_most: 200"), (32, "plan.amount-form")),
        (change("    grade: high\n    every: week\n", "    grade: high\n"), (33, "plan.key-for-verb-missing")),
        (change("against: last_year", "against: last_week"), (LAST, "plan.base-unknown")),
        (change("id: visits", "id: rally"), (18, "plan.id-taken")),
        (PLAN + "  - &x [1]\n", (LAST + 1, "plan.alias")),
        (PLAN + "  - !!python/name:os.system x\n", (LAST + 1, "plan.tag")),
        (PLAN + "---\ntitle: 又一个\n", (LAST + 2, "plan.second-document")),
        (PLAN + "  - id: x: y\n", (LAST + 1, "plan.not-yaml")),
        (PLAN + "? [a]\n: b\n", (LAST + 1, "plan.key-not-text")),
        (PLAN + "# \x07\n", (LAST + 1, "plan.bad-character")),
        (PLAN + "x: " + "[" * 40 + "]" * 40, (LAST + 1, "plan.too-deep")),
    ],
)
def test_every_mistake_has_its_line(text: str, place: tuple[int, str]) -> None:
    assert place in list_places(text)


@pytest.mark.parametrize(
    ("text", "code"), [("", "plan.empty"), ("# 只有说明\n", "plan.empty"), ("x" * (MAX_BYTES + 1), "plan.too-large")]
)
def test_a_file_with_nothing_or_too_much_in_it_is_refused(text: str, code: str) -> None:
    assert list_places(text) == [(None, code)]


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    text = change("do: rally", "do: raly").replace("50%", "150%").replace("2027-06-30", "六月底")
    assert list_places(text) == [(11, "plan.object-unknown"), (21, "plan.share-over-100"), (22, "plan.not-a-day")]


def test_mistakes_in_a_duty_with_a_doubled_id_stand_at_their_own_lines() -> None:
    text = change("id: banners", "id: rally").replace("keep: banner", "keep: baner")
    assert list_places(text) == [(14, "plan.id-taken"), (16, "plan.object-unknown")]


def test_small_files_cannot_grow_large() -> None:
    laughs = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"
    assert list_places(laughs) == [(1, "plan.alias")]


def test_with_a_roster_duties_that_fall_on_nobody_are_told() -> None:
    tree = Tree((Unit("SQ", "石桥县", "county"), Unit("SQ01", "石桥镇", "town", parent="SQ", line="police")))
    assert list_places(PLAN, tree) == [(10, "plan.who-nobody"), (15, "plan.who-nobody"), (19, "plan.who-nobody")]


def test_every_problem_is_a_whole_sentence_with_its_place_in_both_languages() -> None:
    _, problems = check_plan_yaml(change("do: rally", "do: raly"), "方案.yaml")
    place = "《方案.yaml》第 11 行条款三（二）“开展（do）”"
    assert describe_problem(problems[0]) == f"{place}：不认识“raly”。可以写：rally。"
    assert "line 11" in describe_problem(problems[0], "en")


def test_every_code_of_a_plan_file_has_its_sentence() -> None:
    sentences = load_sentences()
    _, problems = check_plan_yaml(change("do: rally", "do: banner\n    evry: week"), "x")
    assert problems
    assert all(problem.code in sentences for problem in problems)


def test_reading_asks_for_form_only_so_that_an_issued_plan_stays_readable() -> None:
    text = change("do: rally", "do: gone_kind")
    plan, problems = read_plan_yaml(text)
    assert plan is not None
    assert problems == ()
    assert read_plan_yaml(change("every: week", "every: weekly"))[0] is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12", 12),
        ("-3", -3),
        ("012", "012"),
        ("1.5", "1.5"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("no", "no"),
        ("true", True),
        ("~", None),
        ("2027-06-30", date(2027, 6, 30)),
        ("2027-02-30", "2027-02-30"),
        ("50%", "50%"),
    ],
)
def test_only_plain_whole_numbers_flags_and_real_days_are_more_than_text(written: str, meant: object) -> None:
    assert resolve_scalar(written, plain=True) == meant
    assert resolve_scalar(written, plain=False) == written


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
tricky = st.sampled_from(["12", "no", "2027-06-30", "~", "- a", "a: b", "#x", "'", '"', "*a", "&a", "{", " a ", "1.5"])
text = words | tricky
day = st.dates(date(2027, 1, 1), date(2027, 12, 31))
kinds = load_kinds()


def list_objects(*shapes: str) -> list[str]:
    return [code for code, kind in kinds.items() if kind.shape in shapes]


count = st.integers(1, 999)
rate = st.fixed_dictionaries({"per_thousand": count, "of": st.sampled_from(list(ATTRIBUTES))})
share = st.integers(1, 100).map(lambda number: f"{number}%")
change_ = st.fixed_dictionaries({"at_most": st.just("-20%"), "against": st.sampled_from(["last_year", "last_period"])})
rhythm = st.fixed_dictionaries({"every": st.sampled_from([cadence.value for cadence in Cadence])})
verbs = st.one_of(
    st.fixed_dictionaries({"do": st.sampled_from(list_objects("event", "visit")), "at_least": count | rate}),
    st.fixed_dictionaries({"keep": st.sampled_from(list_objects("site")), "at_least": count | rate}),
    st.fixed_dictionaries({"cover": st.just("household"), "at_least": share | count}),
    st.fixed_dictionaries({"file": st.just("progress-table"), "every": st.just("month"), "due": st.just({"day": 20})}),
    st.fixed_dictionaries({"check": st.just("followup"), "grade": st.just("high"), "every": st.just("week")}),
    st.fixed_dictionaries({"space": st.just("advert"), "along": st.just("main-road"), "at_most": st.just("200 m")}),
    st.fixed_dictionaries({"attain": st.just("cases"), "change": change_}),
    st.just({"vague": True}),
)
several = st.lists(text, min_size=1, max_size=3)
who = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(list(UNIT_KINDS)) | st.just("all"),
        "line": st.lists(st.sampled_from(list(LINES)), min_size=1, max_size=2),
        "name": several | text,
        "area": text,
    },
)
common = st.fixed_dictionaries(
    {},
    optional={
        "clause": text,
        "quote": st.text(max_size=30),
        "who": who,
        "proof": several,
        "lead": text,
        "with": text,
        "span": st.tuples(st.integers(0, 9), st.integers(10, 99)).map(list),
        "from": day,
    },
)
duties = st.lists(st.tuples(common, verbs), max_size=4).map(
    lambda pairs: [{"id": f"duty-{number}", **one, **two} for number, (one, two) in enumerate(pairs)]
)


@given(title=text, issuer=text, found=duties)
def test_what_is_written_reads_back_as_the_same_plan(title: str, issuer: str, found: list[dict[str, Any]]) -> None:
    valid = {"from": date(2027, 1, 1), "to": date(2027, 12, 31)}
    mapping = {"title": title, "issuer": issuer, "valid": valid, "duties": found}
    meant, mistakes = build_plan(mapping)
    plan, problems = read_plan_yaml(render_plan_yaml(mapping))
    assert plan is not None, (mistakes, problems)
    assert plan == meant


@given(st.text(max_size=200) | st.text("- :[]{}&*!?#'\"\n a1", max_size=80))
def test_no_text_at_all_makes_the_check_fail(anything: str) -> None:
    plan, problems = check_plan_yaml(anything)
    assert plan is not None or problems


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "x: 1",
        "x: {title: 题, shape: event, asks: []}",
        "x: {title: 题, title_en: T, shape: odd, asks: []}",
        "x: {title: 题, title_en: T, shape: event}",
        "x: {title: 题, title_en: T, shape: event, asks: [], odd: 1}",
    ],
)
def test_a_table_of_kinds_with_a_mistake_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"kinds\.yaml"):
        parse_kinds(text)


def test_a_kind_of_unit_that_is_not_known_is_never_taken_for_all_units() -> None:
    text = """\
title: 石桥县反诈方案
valid: {from: 2027-01-01, to: 2027-12-31}
duties:
  - {id: a, who: {kind: mall}, do: rally, at_least: 1, every: month}
"""
    _, problems = check_plan_yaml(text)
    assert [problem.code for problem in problems] == ["plan.unit-kind-unknown"]
    assert "可以写：county、town、village" in describe_problem(problems[0])
