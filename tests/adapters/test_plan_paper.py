"""The sample county's plan rendered as a Word file and read again: a mirror for what is printed."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from wuzha.adapters.documents import read_document
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.paper.docx import render_docx
from wuzha.adapters.paper.pdf import render_pdf
from wuzha.adapters.plan_yaml import read_plan_yaml
from wuzha.adapters.sample.plan import plan_docx, plan_text
from wuzha.core.assessment.assess import complete_duty
from wuzha.core.paper.model import Paper
from wuzha.core.paper.plan_paper import PlanSaid, write_plan
from wuzha.core.paper.plan_text import PlanText, read_surroundings
from wuzha.core.plan.build import sketch_plan
from wuzha.core.plan.diff.compare import Diff, Fate, compare_plans
from wuzha.core.plan.model import Plan
from wuzha.core.plan.place import draft_with_questions
from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import Reading

YEAR = 2026
# What the words of these do not say alone: which one body of a line is meant, and by whom a place or a register counts.
TOLD_OTHERWISE = {"students", "town-events", "detective-talks", "campaign-month", "inspections"}


@pytest.fixture(scope="module")
def told() -> PlanText:
    plan, _ = read_plan_yaml(plan_text(YEAR))
    document, _ = read_document("plan.docx", plan_docx(YEAR))
    assert plan is not None
    assert document is not None
    return PlanText(plan, load_kinds(), read_surroundings(document.text))


def write(told: PlanText, **typed: Any) -> Paper:
    said = PlanSaid(told.plan.title, told.plan.issuer, told.document.purpose)
    return replace(write_plan(told, replace(said, **typed)), signed_on=date(YEAR, 1, 1), number="石反诈办〔2026〕1号")


def read_back(paper: Paper) -> Reading:
    document, problems = read_document("again.docx", render_docx(paper))
    assert document is not None, problems
    return read_plan(document.text)


def hold_against(plan: Plan, reading: Reading) -> Diff:
    kinds = load_kinds()

    def complete(one: Plan) -> Plan:
        return replace(one, duties=tuple(complete_duty(duty, kinds) for duty in one.duties))

    return compare_plans(complete(plan), complete(sketch_plan(draft_with_questions(reading, YEAR).mapping).plan))


def test_the_rendered_plan_read_again_has_the_same_duties(told: PlanText) -> None:
    reading = read_back(write(told, has_annex=False))
    diff = hold_against(told.plan, reading)

    assert reading.title == told.plan.title
    assert reading.valid == (told.plan.valid.opens, told.plan.valid.last_day)
    assert [phase.name for phase in reading.phases] == [phase.name for phase in told.plan.phases]
    assert diff.count(Fate.GONE) == 0
    other = {entry.old.id for entry in diff.differences if entry.old}
    assert other == TOLD_OTHERWISE
    assert diff.count(Fate.SAME) == len(told.plan.duties) - len(TOLD_OTHERWISE) == 25


def test_with_its_annex_no_duty_is_lost_either(told: PlanText) -> None:
    """The table says each duty a second time, and the reader takes it as it finds it."""
    diff = hold_against(told.plan, read_back(write(told)))
    assert diff.count(Fate.GONE) == 0
    assert diff.count(Fate.SAME) == 25


def test_the_annex_begins_a_page_of_its_own_and_its_head_stands_on_every_page(told: PlanText) -> None:
    document = docx.Document(io.BytesIO(render_docx(write(told))))

    marks = [line for line in document.paragraphs if line.text == "附件"]
    assert [line.paragraph_format.page_break_before for line in marks] == [True]
    (table,) = document.tables
    assert table.rows[0]._tr.trPr is not None
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert len(table.rows) == len(told.plan.duties) + 1
    assert any(line.text == "附件：任务分解表" for line in document.paragraphs)


def test_the_plan_is_printed_with_a_red_head_or_without(told: PlanText) -> None:
    plain, red = (render_docx(write(told, head=head)) for head in (None, "red"))

    def list_lines(content: bytes) -> list[str]:
        return [line.text for line in docx.Document(io.BytesIO(content)).paragraphs]

    assert "石桥县反诈联席办文件" in list_lines(red)
    assert "石桥县反诈联席办文件" not in list_lines(plain)
    assert render_pdf(write(told, head="red")).content
