"""The monthly table as a paper: what it says is what was collected; its files are Excel, Word and PDF."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from wuzha.adapters.paper.sheet import render_xlsx
from wuzha.core.base.problem import make_problem
from wuzha.core.paper.model import Paper
from wuzha.core.paper.month import MonthlyTable
from wuzha.core.paper.month_paper import make_brief, make_paper
from wuzha.core.paper.month_words import name_figure
from wuzha.web.campaign.actions.papers import Drawn, Files, Render, render_files
from wuzha.web.campaign.models import TableCall
from wuzha.web.campaign.queries.monthly import link_figure, make_link
from wuzha.web.campaign.queries.papers import Days, Recount
from wuzha.web.campaign.queries.table_calls import Collection, open_collection
from wuzha.web.campaign.writers.model import Ask, Writer


class MonthlyWriter(Writer):
    """It has no draft: until it is issued it is drawn anew at every look. Nor is it begun as other papers are."""

    def __init__(self, ask: Ask) -> None:
        super().__init__(ask)
        found = TableCall.objects.filter(pk=ask.asked.get("call", 0)).select_related("unit", "version__unit").first()
        self.collection = open_collection(found, found.unit, ask.today) if found else None

    def propose(self) -> Mapping[str, Any] | None:
        return None

    def draw(self, said: Mapping[str, Any]) -> Recount:
        if self.collection is None:
            return Recount(None, {}, (make_problem("paper.plan-gone"),))
        return Recount(draw_table(self.collection, ""), {})

    def list_readings(self, paper: Paper) -> Iterable[str]:
        return ()

    def render(self, paper: Paper) -> Files:
        if self.collection is None:
            return super().render(paper)
        return render_table(paper, mark_table(self.collection, ""), self.collection)


def mark_table(collection: Collection, mark: str) -> MonthlyTable:
    return replace(collection.table, mark=mark)


def draw_table(collection: Collection, mark: str) -> Paper:
    """The table as a paper, each figure with its records, or with the page that tells where it comes from."""
    table, asked = mark_table(collection, mark), collection.asked
    paper = make_paper(table, make_link(asked))
    places = {name_figure(row, column): (row, column) for row in table.rows for column in table.columns}
    sources = (
        source if source.address else replace(source, address=link_figure(asked, table, *places[source.id]))
        for source in paper.sources
    )
    return replace(paper, sources=tuple(sources))


def freeze_links(collection: Collection, now: datetime) -> Collection:
    """The same table, whose figures open what had come by now: more may come later that day."""
    asked = collection.asked
    return replace(collection, asked=replace(asked, in_force=replace(asked.in_force, known_by=now)))


def make_drawn(collection: Collection, days: Days) -> Drawn:
    """What is kept of the table when it is issued."""
    call = collection.call
    asked = {"call": call.pk, "plan": call.version_id, "month": call.month, "ends": call.month_ends}
    said = {"title": "", "addressee": "", "mark": "", "signed_by": call.unit.name}
    return Drawn(draw_table(collection, ""), asked, said, days.as_of, days.known_by)


def render_table(paper: Paper, table: MonthlyTable, collection: Collection) -> Files:
    """Word and PDF from the paper, of a county its sums; Excel from the table itself."""
    made = render_files(make_brief(paper, table))
    return Files(docx=made.docx, pdf=made.pdf, xlsx=render_sheet(collection, table), pdf_note=made.pdf_note)


def render_sheet(collection: Collection, table: MonthlyTable) -> bytes:
    """The workbook, with the page of each figure."""
    return render_xlsx(table, make_link(collection.asked), partial(link_figure, collection.asked, table))


def make_render(collection: Collection) -> Render:
    """What makes the files of the table when it goes out."""
    return partial(render_table, table=mark_table(collection, ""), collection=collection)
