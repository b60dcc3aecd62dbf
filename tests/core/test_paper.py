"""A paper: its headings number themselves, and what nobody could open or print is told."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.base.numerals import parse_number
from wuzha.core.paper.check import check_paper
from wuzha.core.paper.model import (
    FORMS,
    Block,
    Figure,
    FigureSource,
    Grid,
    Heading,
    Level,
    Merge,
    Paper,
    Paragraph,
    Picture,
    join_spans,
    list_figures,
    list_spans,
    number_headings,
    say_day,
    say_ordinal,
)

VISITS = FigureSource("visited", "本月入户宣传的户数", "青石镇，2026年10月21日至11月20日", 412, "/records/?kind=visit")
LEVELS: tuple[Level, ...] = (1, 2, 3, 4)


def make_paper(*blocks: Block, sources: tuple[FigureSource, ...] = (VISITS,)) -> Paper:
    return Paper(form="letter", title="关于加快入户宣传的工作提示函", blocks=blocks, sources=sources)


def list_codes(paper: Paper) -> list[str]:
    return [problem.code for problem in check_paper(paper)]


def make_table(*merged: Merge, head_rows: int = 1) -> Grid:
    return Grid((("单位", "户数"), ("青石镇", Figure("visited", "412"))), (60, 40), head_rows, merged)


def test_a_figure_with_its_source_is_no_problem() -> None:
    paper = make_paper(Paragraph(("本月入户", Figure("visited", "412"), "户。")), make_table(Merge(0, 0, 1, 2)))

    assert check_paper(paper) == ()
    assert [figure.text for figure in list_figures(paper)] == ["412", "412"]


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(("入户", Figure("unknown", "9"), "户")),
        Heading(1, "进展", ("入户", Figure("unknown", "9"))),
        Grid((("户数",), (Figure("unknown", "9"),)), (50,)),
    ],
)
def test_a_figure_that_cannot_be_opened_is_told_wherever_it_stands(block: Block) -> None:
    (problem,) = check_paper(make_paper(block))

    assert (problem.code, problem.source.key, problem.values) == (
        "paper.figure-without-source",
        "unknown",
        {"text": "9"},
    )


def test_the_same_figure_cannot_say_two_things() -> None:
    paper = make_paper(Paragraph((Figure("visited", "412"),)), Paragraph((Figure("visited", "421"),)))

    assert list_codes(paper) == ["paper.figure-differs"]
    assert list_codes(make_paper(sources=(VISITS, VISITS))) == ["paper.source-twice"]


def test_a_heading_that_skips_a_level_is_told_with_its_number() -> None:
    (problem,) = check_paper(make_paper(Heading(1, "进展"), Heading(3, "入户"), Heading(1, "下一步")))

    assert (problem.code, problem.source.clause) == ("paper.level-order", "1.")
    assert list_codes(make_paper(Heading(2, "进展"))) == ["paper.level-order"]


def test_a_title_of_blanks_is_no_title() -> None:
    assert list_codes(replace(make_paper(), title=" 　")) == ["paper.no-title"]


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ud800", "\uffff", "\n"])
@pytest.mark.parametrize("field", ["title", "addressee", "signed_by", "number", "issuer", "masthead"])
def test_a_sign_that_cannot_be_printed_is_told_wherever_it_stands(field: str, sign: str) -> None:
    paper = replace(make_paper(), **{field: f"甲{sign}"})  # type: ignore[arg-type]  # each of these fields is text

    (problem,) = check_paper(paper)

    assert (problem.code, problem.source.key) == ("paper.unprintable-sign", field)
    assert list_codes(make_paper(Picture("ab", f"图{sign}"))) == ["paper.unprintable-sign"]


@pytest.mark.parametrize(
    "grid",
    [
        Grid((), (50,)),
        Grid((("甲",),), ()),
        Grid((("甲", "乙"), ("丙",)), (20, 20)),
        Grid((("甲",),), (0,)),
        Grid((("甲",),), (9,), 2),
    ],
)
def test_a_table_that_does_not_close_is_told(grid: Grid) -> None:
    assert list_codes(make_paper(grid)) == ["paper.grid-uneven"]


@pytest.mark.parametrize(
    "merged",
    [
        (Merge(0, 0, 2, 1),),  # across the end of the head
        (Merge(1, 1, 1, 2),),  # out of the table
        (Merge(0, -1, 1, 2),),
        (Merge(0, 0, 1, 2), Merge(0, 1)),  # one over the other
        (Merge(0, 0, 0, 1),),  # of no cells
    ],
)
def test_merged_cells_that_cannot_be_drawn_are_told(merged: tuple[Merge, ...]) -> None:
    assert list_codes(make_paper(make_table(*merged))) == ["paper.merge-wrong"]


def test_headings_are_numbered_as_the_standard_orders_them() -> None:
    levels: tuple[Level, ...] = (1, 2, 3, 4, 4, 2, 3, 1, 2)
    labels = [label for label, _ in number_headings([Heading(level, "") for level in levels])]

    assert labels == ["一、", "（一）", "1.", "（1）", "（2）", "（二）", "1.", "二、", "（一）"]


@given(st.lists(st.sampled_from(LEVELS)))
def test_one_more_heading_changes_no_number_before_it(levels: list[Level]) -> None:
    blocks: list[Block] = [Heading(level, "甲") for level in levels]
    before = [label for label, _ in number_headings(blocks)]

    assert [label for label, _ in number_headings([*blocks, Paragraph(("乙",)), Heading(1, "丙")])][:-2] == before


@given(st.integers(1, 999))
def test_an_ordinal_read_again_is_its_number(number: int) -> None:
    assert parse_number(say_ordinal(number)) == number


@given(st.lists(st.text() | st.builds(Figure, st.text(), st.text())))
def test_the_text_of_a_paragraph_is_that_of_its_spans(spans: list[str | Figure]) -> None:
    block = Paragraph(tuple(spans))

    assert tuple(list_spans(block)) == block.spans
    assert len(join_spans(spans)) == sum(len(span if isinstance(span, str) else span.text) for span in spans)


def test_a_form_wears_its_head_unless_the_paper_says_otherwise() -> None:
    assert [make_paper().worn_head, replace(make_paper(), head="plain").worn_head] == ["letter", "plain"]
    assert {form.head for form in FORMS.values()} == {"plain", "red", "letter", "briefing"}


def test_a_day_is_written_without_leading_zeros() -> None:
    assert say_day(date(2026, 3, 5)) == "2026年3月5日"
