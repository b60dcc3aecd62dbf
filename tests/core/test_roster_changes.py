"""Changes of the tree from a roster: each from its day on, or, without a day, as what had always been so."""

from datetime import date

from tests.core.test_roster import COUNTY, TOWN, VILLAGE, check, list_places, number_rows
from wuzha.core.base.roster import check_ahead, check_roster, compare_rosters, date_rows, list_doubts, list_undated
from wuzha.core.base.unit import Placement, Tree

OTHER = {"code": "SQ02", "name": "白塔镇", "kind": "镇", "parent": "SQ"}
GRID = {"code": "SQ0101G", "name": "一网格", "kind": "网格", "parent": "SQ0101"}
JULY = date(2026, 7, 1)


def load() -> Tree:
    return check(COUNTY, TOWN, OTHER, VILLAGE, GRID)[0]


def test_a_row_with_a_day_of_change_holds_from_that_day_on() -> None:
    moved = {**VILLAGE, "parent": "SQ02", "changed_on": "2026年7月1日"}
    after, problems = check_roster(number_rows(moved), load())

    assert problems == ()
    assert after.by_code["SQ0101"].parent == "SQ02"
    assert [after.at(day).by_code["SQ0101"].parent for day in (date(2026, 6, 30), JULY)] == ["SQ01", "SQ02"]
    (change,) = compare_rosters(load(), after)
    assert (change.fields, change.since) == (("parent",), (JULY,))
    doubts = list_doubts(number_rows(moved), after)
    assert list_places(doubts) == [("roster.moves-along", 2, "上级编码")]
    assert dict(doubts[0].params) == {"number": "1", "since": "2026-07-01"}


def test_the_same_change_again_changes_nothing() -> None:
    rows = number_rows({**VILLAGE, "parent": "SQ02", "name": "柳湾新村", "changed_on": "2026-07-01"})
    once, _ = check_roster(rows, load())

    assert check_roster(rows, once)[0].units == once.units
    assert list_undated(rows, load(), once) == ()


def test_changes_come_one_after_the_other_in_whatever_order_they_are_read() -> None:
    july = number_rows({**VILLAGE, "parent": "SQ02", "changed_on": "2026-07-01"})
    march = number_rows({**VILLAGE, "name": "大柳湾村", "changed_on": "2026-03-01"})
    after, _ = check_roster(march, check_roster(july, load())[0])

    assert after.by_code["SQ0101"].placements[1:] == (
        Placement(date(2026, 3, 1), "大柳湾村", "village", "SQ01"),
        Placement(JULY, "柳湾村", "village", "SQ02"),
    )


def test_a_change_without_a_day_is_told_and_can_be_given_one() -> None:
    rows = number_rows({**VILLAGE, "parent": "SQ02", "name": "柳湾新村"}, TOWN)
    before = load()
    after, _ = check_roster(rows, before)
    (doubt,) = list_undated(rows, before, after)

    assert (doubt.code, doubt.source.row) == ("roster.change-undated", 2)
    assert dict(doubt.params) == {"before": "柳湾村、SQ01", "after": "柳湾新村、SQ02"}
    assert after.change_days == ()
    dated, _ = check_roster(date_rows(rows, before, after, JULY), before)
    assert dated.change_days == (JULY,)


def test_without_a_day_the_latest_is_corrected_and_the_past_stays() -> None:
    moved, _ = check_roster(number_rows({**VILLAGE, "parent": "SQ02", "changed_on": "2026-07-01"}), load())
    after, _ = check_roster(number_rows({**VILLAGE, "parent": "SQ02", "name": "柳湾新村"}), moved)

    assert [after.at(day).by_code["SQ0101"].name for day in (date(2026, 6, 30), JULY)] == ["柳湾村", "柳湾新村"]


def test_a_day_of_change_lies_inside_the_life_of_the_unit() -> None:
    opened, _ = check(COUNTY, TOWN, {**VILLAGE, "opens_on": "2026-03-01"})
    for day in ("2026-03-01", "2025-01-01"):
        row = {**VILLAGE, "opens_on": "2026-03-01", "name": "柳湾新村", "changed_on": day}
        assert list_places(check_roster(number_rows(row), opened)[1]) == [
            ("roster.changed-outside-life", 2, "变更日期")
        ]


def test_a_cycle_of_earlier_days_is_found() -> None:
    """In July the village went under the other town; what comes later says that until then the town stood below it."""
    moved, _ = check_roster(number_rows({**TOWN, "parent": "SQ02", "changed_on": "2026-07-01"}), load())
    _, problems = check_roster(number_rows({**OTHER, "parent": "SQ01", "changed_on": "2026-08-01"}), moved)

    assert [problem.code for problem in problems] == ["roster.cycle"]
    back, _ = check_roster(number_rows({**TOWN, "parent": "SQ", "changed_on": "2026-09-01"}), moved)
    _, between = check_roster(number_rows({**OTHER, "parent": "SQ01", "changed_on": "2026-08-01"}), back)
    assert "roster.cycle" in [problem.code for problem in between]


def test_a_site_takes_in_no_change_of_days_to_come() -> None:
    rows = number_rows({**VILLAGE, "name": "柳湾新村", "changed_on": "2026-07-02"})

    assert list_places(check_ahead(rows, JULY)) == [("roster.changed-ahead", 2, "变更日期")]
    assert check_ahead(rows, date(2026, 7, 2)) == ()
