"""Briefings: what an event and a month say, what becomes of words that a person typed over, and what is refused."""

from dataclasses import replace
from datetime import date

import pytest

from wuzha.core.base.interval import Interval
from wuzha.core.paper.briefing import (
    EventFacts,
    KindFacts,
    MonthFacts,
    Piece,
    RecordFacts,
    Said,
    Sum,
    UnitFacts,
    keep_lines,
    list_sections,
    propose_title,
    read_all,
    read_lines,
    read_said,
    write_briefing,
)
from wuzha.core.paper.check import check_paper
from wuzha.core.paper.model import Figure, Grid, Paper, Picture, join_spans, list_figures, list_spans

DAY = date(2026, 11, 18)
SAID = Said("标题", "石桥县反诈工作办公室", "反诈工作简报")


def tell(
    name: str, kind: str, shape: str, *pieces: tuple[str, str], unit: str = "柳湾村", on: date = DAY
) -> RecordFacts:
    begun = (Piece("unit", unit), Piece("day", f"{on.month}月{on.day}日"))
    rest = tuple(Piece(field, text) for field, text in pieces)
    return RecordFacts(name, unit, kind, "集中宣传活动", shape, on, (*begun, *rest), "柳湾村", f"/records/{name}/")


RALLY = replace(
    tell(
        "a",
        "rally",
        "event",
        ("", "开展集中宣传活动"),
        ("quantity", "1"),
        ("", "场，"),
        ("people", "120"),
        ("", "人参加"),
    ),
    audience="老年人",
    details={"theme": "“守住养老钱”"},
)
LEAFLETS = tell("b", "leaflet", "handout", ("", "发放宣传资料"), ("quantity", "300"), ("", "份"))
TALK = tell("c", "talk", "event", ("", "开展宣讲"), ("quantity", "2"), ("", "场"), unit="东社区")


def write(facts: EventFacts | MonthFacts, said: Said = SAID) -> Paper:
    paper, problems = write_briefing(facts, said)
    assert problems == ()
    assert paper is not None
    assert check_paper(paper) == ()
    return paper


def say(paper: Paper) -> list[str]:
    return [join_spans(list_spans(block)) for block in paper.blocks if not isinstance(block, Grid)]


def test_an_event_is_told_in_one_paragraph_with_what_went_with_it() -> None:
    assert say(write(EventFacts((RALLY, LEAFLETS)))) == [
        "11月18日，柳湾村开展集中宣传活动1场，120人参加。活动主题为“守住养老钱”，面向老年人。活动中发放宣传资料300份。"
    ]


def test_what_another_unit_did_the_same_day_names_it() -> None:
    assert "同日，东社区开展宣讲2场。" in say(write(EventFacts((RALLY, TALK))))[0]


def test_what_happened_on_another_day_names_the_day() -> None:
    later = replace(TALK, on=date(2026, 11, 19))
    assert "11月19日，东社区开展宣讲2场。" in say(write(EventFacts((RALLY, later))))[0]


def test_every_number_of_a_record_leads_to_that_record() -> None:
    paper = write(EventFacts((RALLY, LEAFLETS)))
    led = {figure.text: paper.find_source(figure.id) for figure in list_figures(paper)}
    assert {text: source.address if source else "" for text, source in led.items()} == {
        "1": "/records/a/",
        "120": "/records/a/",
        "300": "/records/b/",
    }


def test_people_of_two_records_of_one_event_are_never_added_up() -> None:
    twice = replace(RALLY, id="d", unit="东社区", pieces=(Piece("unit", "东社区"), *RALLY.pieces[1:]))
    assert "240" not in "".join(say(write(EventFacts((RALLY, twice)))))


def test_a_pattern_that_begins_otherwise_is_told_as_it_reads() -> None:
    odd = replace(LEAFLETS, pieces=(Piece("", "由"), Piece("unit", "柳湾村"), Piece("", "发放")))
    assert say(write(EventFacts((odd,)))) == ["由柳湾村发放。"]


def test_a_briefing_of_nothing_is_refused() -> None:
    paper, problems = write_briefing(EventFacts(()), SAID)
    assert paper is None
    assert [problem.code for problem in problems] == ["briefing.no-record"]


def test_words_left_as_proposed_are_counted_again() -> None:
    first = EventFacts((RALLY,))
    lead = list_sections(first)[0]
    kept = keep_lines(lead, read_lines(lead, None))
    corrected = EventFacts((replace(RALLY, pieces=(*RALLY.pieces[:5], Piece("people", "98"), RALLY.pieces[6])),))
    assert kept == ["@event"]
    assert "98人参加" in say(write(corrected, replace(SAID, lines={"lead": tuple(kept)})))[0]


def test_a_figure_changed_by_hand_is_a_figure_no_more() -> None:
    facts = EventFacts((RALLY, LEAFLETS))
    kept = keep_lines(list_sections(facts)[0], ["11月18日，柳湾村来了130人，发放宣传资料300份。"])
    paper = write(facts, replace(SAID, lines={"lead": tuple(kept)}))
    assert [figure.text for figure in list_figures(paper)] == ["300"]
    assert "130人" in say(paper)[0]


def test_a_number_of_another_measure_is_not_taken_for_the_figure() -> None:
    facts = EventFacts((RALLY, LEAFLETS))
    kept = keep_lines(list_sections(facts)[0], ["来了300人，发放资料120份。"])
    assert list(list_figures(write(facts, replace(SAID, lines={"lead": tuple(kept)})))) == []


def test_a_paragraph_taken_out_stays_out_and_a_new_one_comes_behind() -> None:
    facts = make_month(news=(RALLY,))
    news = next(section for section in list_sections(facts) if section.name == "news")
    kept = keep_lines(news, ["另写一段。"])
    both = write(make_month(news=(RALLY, TALK)), replace(SAID, lines={"news": tuple(kept)}))
    told = say(both)
    assert kept == ["另写一段。", "-a"]
    assert told[told.index("工作动态") + 1 :] == ["另写一段。", "11月18日，东社区开展宣讲2场。"]


def test_signs_of_a_kept_line_typed_by_a_person_mean_nothing() -> None:
    facts = EventFacts((RALLY,))
    assert keep_lines(list_sections(facts)[0], ["@event", "--", "  "]) == ["event", "-event"]


def test_pictures_stand_behind_what_was_done_in_their_order() -> None:
    pictures = (Picture("1" * 64, "甲", "half"), Picture("2" * 64, "乙", "half"))
    paper = write(EventFacts((RALLY,)), replace(SAID, pictures=pictures, lines={"closing": ("下一步继续宣传。",)}))
    assert [getattr(block, "evidence", "")[:1] for block in paper.blocks] == ["", "1", "2", ""]


def test_what_was_typed_reads_back_from_a_draft() -> None:
    told = {"title": "甲", "signed_by": "乙", "lead": ["@event"], "closing": None, "copies": 50}
    photos = [{"sha256": "1" * 64, "caption": "丙", "half": True, "evidence": "x"}]
    said = read_said({**told, "photos": photos})
    assert said.lines == {"lead": ("@event",)}
    assert said.pictures == (Picture("1" * 64, "丙", "half"),)
    assert said.copies == 50


# --- a month ----------------------------------------------------------------------------------------------------------


def add_up(records: int, quantity: int, people: int | None, name: str) -> Sum:
    return Sum(records, quantity, people, name, f"/records/?{name}")


def make_month(news: tuple[RecordFacts, ...] = (), days: Interval | None = None) -> MonthFacts:
    rally = KindFacts("rally", "集中宣传活动", "次", "event", add_up(3, 4, 12000, "now"), add_up(2, 2, None, "before"))
    visit = KindFacts("visit", "入户宣传", "户", "visit", add_up(0, 0, None, "none"), add_up(5, 9, None, "visits"))
    sums = {"rally": add_up(1, 1, 30, "SQ01")}
    return MonthFacts(
        "石桥县",
        days or Interval(date(2026, 10, 1), date(2026, 11, 1)),
        Interval(date(2026, 9, 1), date(2026, 10, 1)),
        (rally, visit),
        (UnitFacts("SQ02", "河口镇", sums), UnitFacts("SQ01", "青石镇", sums)),
        news,
    )


def test_a_month_stands_beside_the_month_before() -> None:
    grid = next(block for block in write(make_month()).blocks if isinstance(block, Grid))
    assert [[join_spans([cell]) for cell in row] for row in grid.rows] == [
        ["工作", "单位", "10月数量", "9月数量", "10月人次", "9月人次"],
        ["集中宣传活动", "次", "4", "2", "12,000", "—"],
        ["入户宣传", "户", "0", "9", "—", "—"],
    ]


def test_units_come_in_the_order_in_which_they_were_given_and_not_by_rank() -> None:
    grids = [block for block in write(make_month()).blocks if isinstance(block, Grid)]
    assert [row[0] for row in grids[1].rows] == ["单位", "河口镇", "青石镇"]


def test_every_figure_of_a_month_has_its_source_with_its_own_address() -> None:
    paper = write(make_month(news=(RALLY,)))
    for figure in list_figures(paper):
        source = paper.find_source(figure.id)
        assert source is not None
        assert source.address.startswith("/records/")
    assert paper.find_source("before.rally.quantity") != paper.find_source("now.rally.quantity")


def test_a_month_that_is_not_over_names_its_days() -> None:
    words = say(write(make_month(days=Interval(date(2026, 11, 1), date(2026, 11, 23)))))
    assert words[1].startswith("11月1日至22日，石桥县各单位登记的工作有：集中宣传活动4次、12,000人次。")


def test_a_month_without_records_is_refused() -> None:
    facts = make_month()
    empty = replace(facts, kinds=tuple(replace(kind, now=add_up(0, 0, None, "none")) for kind in facts.kinds))
    paper, problems = write_briefing(empty, SAID)
    assert paper is None
    assert [problem.code for problem in problems] == ["briefing.empty-month"]


def test_figures_that_are_not_printed_can_be_read_too() -> None:
    assert read_all(make_month())["now.rally.people"] == "12,000"


@pytest.mark.parametrize("facts", [EventFacts((RALLY, LEAFLETS)), make_month(news=(RALLY,))])
def test_a_briefing_neither_boasts_nor_shouts(facts: EventFacts | MonthFacts) -> None:
    words = "".join([propose_title(facts), *say(write(facts))])
    assert not set("！!") & set(words)
    assert not any(word in words for word in ("第一名", "排名", "圆满", "显著", "热烈", "倒数"))


def test_a_figure_is_never_plain_text_in_the_tables() -> None:
    grids = [block for block in write(make_month()).blocks if isinstance(block, Grid)]
    cells = [cell for grid in grids for row in grid.rows[grid.head_rows :] for cell in row]
    assert not [cell for cell in cells if not isinstance(cell, Figure) and cell.replace(",", "").isdecimal()]
