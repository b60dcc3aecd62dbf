"""Rows of a roster to the tree of units."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.base.problem import Problem, Source
from wuzha.core.base.roster import RosterRow, check_roster, compare_rosters, list_doubts, list_paths, parse_day
from wuzha.core.base.unit import LATEST, Attribute, Tree

COUNTY = {"code": "SQ", "name": "石桥县", "kind": "县", "parent": ""}
TOWN = {"code": "SQ01", "name": "青石镇", "kind": "镇", "parent": "SQ"}
VILLAGE = {"code": "SQ0101", "name": "柳湾村", "kind": "村", "parent": "SQ01"}


def number_rows(*cells: dict[str, str]) -> list[RosterRow]:
    return [RosterRow(row, Source(sheet="花名册", row=number)) for number, row in enumerate(cells, start=2)]


def check(*cells: dict[str, str]) -> tuple[Tree, tuple[Problem, ...]]:
    return check_roster(number_rows(*cells))


def list_places(problems: tuple[Problem, ...]) -> list[tuple[str, int | None, str]]:
    return [(problem.code, problem.source.row, problem.source.column) for problem in problems]


def test_a_clean_roster_is_a_tree_with_parents_before_children() -> None:
    tree, problems = check(VILLAGE, TOWN, COUNTY)

    assert problems == ()
    assert [unit.code for unit in tree.units] == ["SQ", "SQ01", "SQ0101"]
    assert list_paths(tree)["SQ0101"] == "SQ/SQ01/SQ0101/"


def test_an_empty_roster_is_told_as_such() -> None:
    assert [problem.code for problem in check()[1]] == ["roster.empty"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("code", "", "roster.code-missing"),
        ("code", "SQ/01", "roster.code-illegal"),
        ("code", "石桥01", "roster.code-illegal"),
        ("code", "x" * 33, "roster.code-illegal"),
        ("name", " ", "roster.name-missing"),
        ("name", "很" * 121, "roster.too-long"),
        ("kind", "", "roster.kind-missing"),
        ("kind", "联防队", "roster.kind-unknown"),
        ("line", "水利", "roster.line-unknown"),
        ("parent", "SQ99", "roster.parent-missing"),
        ("opens_on", "去年春天", "roster.not-a-date"),
        ("opens_on", "2026-02-30", "roster.not-a-date"),
        ("population", "约两千", "roster.not-a-number"),
        ("population", "2140人", "roster.not-a-number"),
        ("population", "-5", "roster.number-negative"),
        ("population", "9" * 5000, "roster.number-too-large"),
    ],
)
def test_a_bad_cell_is_told_with_its_row_and_column(field: str, value: str, code: str) -> None:
    row = {**VILLAGE, "line": "", "opens_on": "", "population": "", "counted_on": "2026-01-01", field: value}
    _, problems = check(COUNTY, TOWN, row)

    assert code in [problem.code for problem in problems]
    told = next(problem for problem in problems if problem.code == code)
    assert (told.source.sheet, told.source.row) == ("花名册", 4)
    assert told.source.column != ""


def test_every_mistake_is_told_at_once() -> None:
    _, problems = check(
        {**COUNTY, "name": ""},
        {**TOWN, "kind": "片区", "population": "不详", "counted_on": "2026-01-01"},
        {**VILLAGE, "parent": "SQ77", "closes_on": "1990-01-01", "opens_on": "1991-01-01"},
    )

    assert list_places(problems) == [
        ("roster.name-missing", 2, "名称"),
        ("roster.kind-unknown", 3, "类型"),
        ("roster.not-a-number", 3, "常住人口"),
        ("roster.closes-before-opening", 4, "撤销日期"),
        ("roster.parent-missing", 4, "上级编码"),
    ]


def test_a_code_used_twice_names_the_first_row() -> None:
    _, problems = check(COUNTY, TOWN, {**TOWN, "name": "另一个镇"})

    assert list_places(problems) == [("roster.code-duplicate", 4, "编码")]
    assert problems[0].values["first_row"] == "3"


def test_a_cycle_names_its_members_once() -> None:
    _, problems = check(
        COUNTY,
        {**TOWN, "code": "A", "parent": "C"},
        {**TOWN, "code": "B", "parent": "A"},
        {**TOWN, "code": "C", "parent": "B"},
        {**VILLAGE, "parent": "B"},
    )

    assert [problem.code for problem in problems] == ["roster.cycle"]
    assert problems[0].values["members"] == "A → C → B → A"


def test_a_unit_above_itself_is_a_cycle() -> None:
    _, problems = check(COUNTY, {**TOWN, "parent": "SQ01"})

    assert [problem.values.get("members") for problem in problems] == ["SQ01 → SQ01"]


def test_there_is_exactly_one_unit_on_top() -> None:
    _, several = check(COUNTY, {**COUNTY, "code": "HK", "name": "河口县"})
    _, none = check({**TOWN, "parent": "SQ01X"}, {**VILLAGE, "code": "SQ01X", "parent": "SQ99"})

    assert list_places(several) == [("roster.several-roots", 3, "上级编码")]
    assert [problem.code for problem in none] == ["roster.parent-missing", "roster.no-root"]


def test_figures_need_the_day_they_were_counted() -> None:
    _, problems = check({**COUNTY, "population": "412,000"})

    assert list_places(problems) == [("roster.counted-on-missing", 2, "基数日期")]


def test_full_width_figures_and_thousands_are_read() -> None:
    tree, problems = check(
        {**COUNTY, "population": "４１２,０００", "hoarding_m2": "12.50", "counted_on": "2026年1月1日"}
    )

    assert problems == ()
    assert [(item.name, item.value, item.valid_from) for item in tree.units[0].attributes] == [
        ("hoarding_m2", Fraction(25, 2), date(2026, 1, 1)),
        ("population", Fraction(412000), date(2026, 1, 1)),
    ]


@pytest.mark.parametrize("word", ["镇", "乡镇", "街道", "乡镇（街道）", "乡镇(街道)", "town"])
def test_a_kind_may_be_written_as_people_write_it(word: str) -> None:
    tree, problems = check(COUNTY, {**TOWN, "kind": word})

    assert problems == ()
    assert tree.by_code["SQ01"].kind == "town"


def test_the_same_roster_again_changes_nothing() -> None:
    rows = number_rows({**COUNTY, "population": "412000", "counted_on": "2026-01-01"}, TOWN, VILLAGE)
    first, _ = check_roster(rows)
    second, problems = check_roster(rows, first)

    assert problems == ()
    assert compare_rosters(first, second) == ()
    assert len(compare_rosters(Tree(), first)) == 3


def test_a_new_census_stands_beside_the_old_one() -> None:
    known, _ = check({**COUNTY, "population": "412000", "counted_on": "2026-01-01"})
    after, _ = check_roster(number_rows({**COUNTY, "population": "409000", "counted_on": "2027-01-01"}), known)

    county = after.units[0]
    assert [item.value for item in county.attributes] == [412000, 409000]
    assert county.find_attribute("population", date(2026, 12, 31)) == county.attributes[0]
    (change,) = compare_rosters(known, after)
    assert change.figures == ((Attribute("population", date(2027, 1, 1), Fraction(409000)), None),)


def test_another_figure_for_the_same_day_is_a_change_that_shows_both() -> None:
    known, _ = check({**COUNTY, "population": "412000", "counted_on": "2026-01-01"})
    after, _ = check_roster(number_rows({**COUNTY, "population": "409000", "counted_on": "2026-01-01"}), known)

    ((new, old),) = compare_rosters(known, after)[0].figures
    assert (old.value if old else None, new.value) == (Fraction(412000), Fraction(409000))


def test_a_part_of_the_roster_hangs_on_the_units_already_there() -> None:
    known, _ = check(COUNTY, TOWN)
    after, problems = check_roster(number_rows(VILLAGE), known)

    assert problems == ()
    assert [unit.code for unit in after.units] == ["SQ", "SQ01", "SQ0101"]


def test_a_column_that_is_not_in_the_sheet_leaves_what_was_known() -> None:
    school = {"code": "S1", "name": "中心小学", "kind": "学校", "parent": "SQ", "closes_on": "2030-09-01"}
    known, _ = check(COUNTY, {**school, "line": "教育"})
    after, _ = check_roster(number_rows({**school, "name": "青石镇中心小学"}), known)
    cleared, _ = check_roster(number_rows({**school, "line": "", "closes_on": ""}), known)

    assert (after.by_code["S1"].line, after.by_code["S1"].closes_on) == ("education", date(2030, 9, 1))
    assert (cleared.by_code["S1"].line, cleared.by_code["S1"].closes_on) == ("", LATEST)


def test_a_cycle_with_units_already_there_is_found() -> None:
    known, _ = check(COUNTY, TOWN, VILLAGE)
    _, problems = check_roster(number_rows({**TOWN, "parent": "SQ0101"}), known)

    assert [problem.code for problem in problems] == ["roster.cycle"]


def test_a_chain_too_long_for_its_path_is_told() -> None:
    chain = [{**TOWN, "code": f"{'T' * 28}{n:04}", "parent": f"{'T' * 28}{n - 1:04}" if n else "SQ"} for n in range(13)]
    _, problems = check(COUNTY, *chain)

    assert {problem.code for problem in problems} == {"roster.too-deep"}


@pytest.mark.parametrize(
    "text", ["2026-03-20", "2026/3/20", "2026.3.20", "2026年3月20日", "20260320", "2026-03-20 00:00"]
)
def test_a_day_may_be_written_as_people_write_it(text: str) -> None:
    assert parse_day(text) == date(2026, 3, 20)


CELLS = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["A", "B", "C", "D", "", "坏"]),
        "name": st.sampled_from(["甲", ""]),
        "kind": st.sampled_from(["村", "镇", "?"]),
        "parent": st.sampled_from(["", "A", "B", "C", "D", "Z"]),
        "population": st.text(max_size=5),
        "counted_on": st.sampled_from(["2026-01-01", "", "?"]),
    }
)


@given(st.lists(CELLS, max_size=8))
def test_whatever_is_typed_gives_a_tree_whose_parents_come_first(cells: list[dict[str, str]]) -> None:
    tree, problems = check(*cells)
    seen = {""}
    for unit in tree.units:
        assert unit.parent in seen
        seen.add(unit.code)
    assert problems or len(tree.units) == len(cells)


@pytest.mark.parametrize(("one", "other"), [("007", "7"), ("sq0302", "SQ0302"), ("SQ302", "SQ0302"), ("A-1", "a-01")])
def test_codes_that_look_like_one_are_told_with_both_names(one: str, other: str) -> None:
    known, _ = check(COUNTY, {**TOWN, "code": one})
    rows = number_rows({**TOWN, "code": other, "name": "河口镇"})
    after, problems = check_roster(rows, known)
    doubts = list_doubts(rows, after)

    assert problems == ()
    assert list_places(doubts) == [("roster.code-alike", 2, "编码")]
    assert doubts[0].values == {"value": other, "name": "河口镇", "other": f"{one} 青石镇"}
    assert doubts[0].severity == "warning"


def test_two_rows_of_one_file_that_look_like_one_are_told_once() -> None:
    rows = number_rows(COUNTY, {**TOWN, "code": "7"}, {**TOWN, "code": "007"}, {**TOWN, "code": "70"})

    assert list_places(list_doubts(rows, check_roster(rows)[0])) == [("roster.code-alike", 4, "编码")]


def test_the_same_roster_again_raises_no_doubt() -> None:
    rows = number_rows(COUNTY, TOWN, VILLAGE)
    known, _ = check_roster(rows)

    assert list_doubts(rows, check_roster(rows, known)[0]) == ()


def test_closing_a_unit_above_open_ones_names_them() -> None:
    known, _ = check(COUNTY, TOWN, VILLAGE, {**VILLAGE, "code": "SQ0102", "name": "上林村", "closes_on": "2026-06-01"})
    rows = number_rows({**TOWN, "closes_on": "2026-06-01"})
    doubts = list_doubts(rows, check_roster(rows, known)[0])

    assert list_places(doubts) == [("roster.closes-above-open", 2, "撤销日期")]
    assert (doubts[0].values["number"], doubts[0].values["units"]) == ("1", "SQ0101 柳湾村")


def test_a_second_unit_on_top_of_those_already_there_is_told_without_a_row() -> None:
    known, _ = check(COUNTY)
    _, problems = check_roster(number_rows({**TOWN, "parent": ""}), known)

    assert [(problem.code, problem.values) for problem in problems] == [("roster.root-known", {"first": "SQ 石桥县"})]
