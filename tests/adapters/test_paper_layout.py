"""The measures of a paper, and what follows from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.adapters.paper.layout import (
    break_title,
    find_measure,
    find_pitch,
    fit_mark,
    load_measures,
    measure_text,
    say_copied,
    size_table,
)
from wuzha.core.paper.model import Grid


def test_every_measure_says_how_binding_it_is_and_what_is_fixed_names_its_clause() -> None:
    measures = load_measures()

    assert {measure.strength for measure in measures.values()} == {"规定", "推荐", "实务"}
    assert [name for name, measure in measures.items() if measure.strength != "实务" and not measure.clause] == []
    assert all(name.endswith(("_mm", "_pt")) for name in measures if name not in {"lines", "characters"})


def test_the_measures_of_the_standard_agree_with_each_other() -> None:
    assert find_measure("top_mm") + find_measure("area_height_mm") + 35 == find_measure("paper_height_mm")
    assert find_measure("binding_mm") + find_measure("area_width_mm") + 26 == find_measure("paper_width_mm")
    assert find_measure("lines") * find_measure("pitch_pt") <= find_measure("area_height_mm") / 25.4 * 72
    assert (find_measure("lines") + 0.1) * find_measure("pitch_pt") > find_measure("area_height_mm") / 25.4 * 72


@given(st.text(st.sampled_from("关于反诈宣传的通报和2026年、"), min_size=1, max_size=90))
def test_a_title_loses_nothing_and_no_line_of_it_is_too_long(title: str) -> None:
    lines = break_title(title)

    assert "".join(lines) == title
    assert all(0 < measure_text(line) <= 20 for line in lines)


def test_a_title_of_one_line_is_not_broken() -> None:
    assert break_title("关于做好反诈宣传工作的通知") == ("关于做好反诈宣传工作的通知",)


@given(st.integers(0, 60), st.sampled_from([36, 48]))
def test_a_mark_fits_one_line_whatever_its_length(length: int, size_pt: float) -> None:
    found_pt, width = fit_mark("石" * length, size_pt)

    assert length * found_pt * width / 100 <= find_pitch() * 28 + 0.01
    assert 30 <= found_pt <= size_pt


@pytest.mark.parametrize(("columns", "size_pt"), [(4, 12), (12, 12), (14, 10.5), (30, 7.5)])
def test_a_table_of_many_columns_is_set_in_smaller_type(columns: int, size_pt: float) -> None:
    grid = Grid((("甲",) * columns,), (10,) * columns)

    assert size_table(grid, 156) == pytest.approx(size_pt, abs=0.5)


def test_copies_are_named_once_and_closed_with_a_full_stop() -> None:
    assert say_copied("县委办公室") == "抄送：县委办公室。"
    assert say_copied("报：县委。送：各乡镇。") == "报：县委。送：各乡镇。"
    assert say_copied("") == ""
