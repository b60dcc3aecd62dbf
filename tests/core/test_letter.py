"""Letters and circulars from facts: every number a figure with its source, what is told and what is left out."""

from dataclasses import replace
from datetime import date

import pytest

from wuzha.core.assessment.model import Status, Totals
from wuzha.core.paper.check import check_paper
from wuzha.core.paper.letter import Counted, DutyFacts, Facts, Lapse, Said, UnitFacts, read_all, write_letter
from wuzha.core.paper.model import (
    FORMS,
    Figure,
    FormCode,
    Grid,
    Heading,
    Paper,
    Paragraph,
    join_spans,
    list_figures,
    list_spans,
)
from wuzha.core.paper.restate import compare_figures
from wuzha.core.paper.typed import link_figures
from wuzha.core.paper.wire import read_paper, write_paper

SAID = Said("关于有关情况的工作提示函", "青石镇", "石桥县反诈联席办", answer_by=date(2026, 4, 3))
FORMS_OF_STANDING: tuple[FormCode, ...] = ("letter", "supervise", "circular", "commend")


def count(met: int = 0, missed: int = 0, late: int = 0, name: str = "x") -> Counted:
    totals = Totals({Status.MET: met, Status.MISSED: missed, Status.LATE: late})
    return Counted(totals, "《方案》；青石镇", f"/standings/{name}/1/?as_of=2026-03-20&known=2026-03-20")


def make_lapse(window: str, *, is_missed: bool) -> Lapse:
    value = "0" if is_missed else "1"
    return Lapse(f"rally.{window}", window, value, "1", "次", is_missed, int(value), "柳湾村本身", "/records/?window=x")


def make_duty(number: int, missed: int) -> DutyFacts:
    counted = count(met=2, missed=missed, name=f"d{number}")
    return DutyFacts(f"d{number}", f"任务{number}", "各村每月至少办 1 次", "三（一）", "", counted)


def make_facts(duties: int = 2) -> Facts:
    """A town with two villages: one has done all, the other has missed something of every duty."""
    found = tuple(make_duty(number, missed=1) for number in range(duties))
    done, behind = count(met=2 * duties, name="V1"), count(missed=duties, name="V2")
    units = (UnitFacts("V1", "柳湾村", done), UnitFacts("V2", "渡头村", behind))
    total = count(met=2 * duties, missed=duties)
    return Facts(
        "工作方案", "青石镇", date(2026, 3, 20), total, found, units, units, is_area=True, matrix="/standings/x/"
    )


def write(form: FormCode, facts: Facts, said: Said = SAID) -> Paper:
    paper, problems = write_letter(form, facts, said)
    assert problems == ()
    assert paper is not None
    return paper


def read_text(paper: Paper) -> str:
    return "\n".join(join_spans(list_spans(block)) for block in paper.blocks)


@pytest.mark.parametrize("form", FORMS_OF_STANDING)
def test_every_form_can_be_laid_out_and_each_figure_has_one_source(form: FormCode) -> None:
    paper = write(form, make_facts())

    assert not check_paper(paper)
    assert {figure.id for figure in list_figures(paper)} == {source.id for source in paper.sources}
    assert paper.form in FORMS


@pytest.mark.parametrize("form", FORMS_OF_STANDING)
def test_every_figure_can_be_looked_up_when_the_paper_is_counted_again(form: FormCode) -> None:
    facts = make_facts()
    readings = read_all(facts)
    assert all(readings[figure.id] == figure.text for figure in list_figures(write(form, facts)))


def test_a_letter_advises_and_does_not_threaten() -> None:
    text = read_text(write("letter", make_facts()))
    assert "供工作中参考" in text
    assert "特此函告。" in text
    assert not [word for word in ("追责", "问责", "严肃", "约谈", "排名") if word in text]


def test_what_a_person_typed_takes_the_place_of_the_usual_words() -> None:
    text = read_text(write("letter", make_facts(), replace(SAID, asks=("请来电商量。", "谢谢。"))))
    assert "请来电商量。\n谢谢。" in text
    assert "请对照上述任务" not in text


def test_only_missed_windows_are_named_and_the_last_three_of_them() -> None:
    lapses = tuple(make_lapse(f"{month}月", is_missed=month != 2) for month in range(1, 7))
    facts = make_facts(1)
    facts = replace(facts, duties=(replace(facts.duties[0], lapses=lapses),))

    text = read_text(write("letter", facts))

    assert "其中4月完成 0 次、要求 1 次；5月完成 0 次、要求 1 次；6月完成 0 次、要求 1 次。" in text
    assert "1月" not in text
    assert "2月完成" not in text


@pytest.mark.parametrize(("duties", "told", "tables"), [(6, 6, 0), (7, 0, 1)])
def test_few_duties_are_told_in_words_and_many_in_a_table(duties: int, told: int, tables: int) -> None:
    blocks = write("letter", make_facts(duties)).blocks
    assert sum(isinstance(block, Heading) and block.level == 2 for block in blocks) == told
    assert sum(isinstance(block, Grid) for block in blocks) == tables


def test_a_commendation_leaves_out_whoever_was_late() -> None:
    facts = make_facts()
    late = UnitFacts("V3", "河湾村", count(met=5, late=1, name="V3"))
    text = read_text(write("commend", replace(facts, units=(*facts.units, late))))
    assert "柳湾村" in text
    assert "河湾村" not in text
    assert "渡头村" not in text


@pytest.mark.parametrize(
    ("form", "total", "code"),
    [
        ("letter", count(met=3), "paper.nothing-missed"),
        ("supervise", count(met=3), "paper.nothing-missed"),
        ("circular", count(), "paper.nothing-due"),
        ("commend", count(missed=3), "paper.nobody-done"),
    ],
)
def test_no_paper_is_written_where_there_is_nothing_to_tell(form: FormCode, total: Counted, code: str) -> None:
    paper, problems = write_letter(form, replace(make_facts(), total=total, units=()), SAID)
    assert paper is None
    assert [problem.code for problem in problems] == [code]


@pytest.mark.parametrize("form", FORMS_OF_STANDING)
def test_a_paper_written_as_json_is_read_again_as_it_was(form: FormCode) -> None:
    paper = replace(
        write(form, make_facts(7)), signed_on=date(2026, 3, 21), attachments=("清单",), number="〔2026〕1号"
    )
    assert read_paper(write_paper(paper)) == paper


def test_figures_are_compared_one_by_one_also_those_no_longer_printed() -> None:
    then, later = make_facts(), make_facts()
    mended = replace(later.duties[0], counted=count(met=3, name="d0"))
    later = replace(later, duties=(mended, later.duties[1]))

    changes = compare_figures(write("letter", then), write("letter", later), read_all(later))

    told = {change.id: (change.before, change.after) for change in changes}
    assert told == {"d0.met": ("2", "3"), "d0.missed": ("1", "0")}
    assert all(change.definition and change.address for change in changes)


def test_figures_are_compared_where_no_paper_is_left_to_write() -> None:
    facts = make_facts(1)
    changes = compare_figures(write("letter", facts), None, read_all(facts) | {"all.missed": "0"})
    assert [(change.id, change.before, change.after) for change in changes] == [("all.missed", "1", "0")]


def test_a_large_figure_stands_with_commas_everywhere_and_an_older_paper_without_them_says_the_same() -> None:
    facts = replace(make_facts(), total=count(met=25408, missed=1638))
    paper = write("letter", facts)
    assert "已完成 25,408 项" in read_text(paper)
    assert "到期未完成 1,638 项" in read_text(paper)
    assert read_all(facts)["all.met"] == "25,408"

    plain = tuple(
        Paragraph(
            tuple(Figure(one.id, one.text.replace(",", "")) if isinstance(one, Figure) else one for one in b.spans)
        )
        if isinstance(b, Paragraph)
        else b
        for b in paper.blocks
    )
    assert compare_figures(replace(paper, blocks=plain), paper, read_all(facts)) == ()


def test_a_figure_typed_without_its_commas_is_that_figure_still() -> None:
    proposed = Paragraph(("共", Figure("people", "1,638"), "人次。"))
    assert link_figures("到场1638人次。", [proposed]) == ("到场", Figure("people", "1,638"), "人次。")
    assert link_figures("到场1639人次。", [proposed]) == ("到场1639人次。",)
