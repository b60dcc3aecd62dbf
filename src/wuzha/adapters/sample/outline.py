"""A plan told once, as an outline whose items have duties, and written twice: as a paper and in the plan language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from wuzha.adapters.paper.docx import render_docx
from wuzha.adapters.plan_yaml import render_plan_yaml
from wuzha.core.paper.model import Grid, Heading, Level, Paper, Paragraph

DutyText = Mapping[str, object]
"""A duty in the plan language, without its clause, which the outline knows."""


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered item: ``head`` closes its own line unless ``text`` goes on in it. ``duties`` come from its text."""

    number: str
    head: str
    text: str = ""
    duties: tuple[DutyText, ...] = ()

    @property
    def level(self) -> Level:
        if self.number.startswith("（"):
            return 2
        return 3 if self.number.endswith(".") else 1


@dataclass(frozen=True, slots=True)
class PlanPaper:
    """A whole plan. ``opening`` stands before the first item, the signature behind the last; then the annex."""

    title: str
    issuer: str
    valid: tuple[date, date]
    opening: str
    items: tuple[Item, ...]
    phases: tuple[DutyText, ...] = ()
    signed_on: date | None = None
    annex: Grid | None = None


def render_paper(paper: PlanPaper) -> bytes:
    """The paper as a .docx; its text, read again, holds every quote of its duties."""
    return render_docx(
        Paper(
            form="plan",
            title=paper.title,
            blocks=(Paragraph((paper.opening,)), *(_make_heading(item) for item in paper.items)),
            issuer=paper.issuer,
            signed_by=paper.issuer,
            signed_on=paper.signed_on,
            attachments=(paper.annex.caption,) if paper.annex else (),
            annex=(paper.annex,) if paper.annex else (),
            sealed=False,
        )
    )


def _make_heading(item: Item) -> Heading:
    """A heading of the first level keeps its line to itself; below it the text runs on."""
    return Heading(item.level, item.head, (item.text,) if item.text else ())


def list_clauses(items: Iterable[Item]) -> Iterator[tuple[str, Item]]:
    """Each item with the clause by which people cite it: 三（二）1."""
    above: dict[Level, str] = {}
    order: tuple[Level, ...] = (1, 2, 3)
    for item in items:
        depth = order.index(item.level)
        above = {level: label for level, label in above.items() if order.index(level) < depth}
        above[item.level] = item.number.rstrip("、.")
        yield "".join(above[level] for level in order if level in above), item


def render_plan_text(paper: PlanPaper) -> str:
    """The plan in the plan language."""
    opens, last = paper.valid
    return render_plan_yaml(
        {
            "title": paper.title,
            "issuer": paper.issuer,
            "valid": {"from": opens, "to": last},
            "phases": paper.phases,
            "duties": _list_duties(paper),
        }
    )


def _list_duties(paper: PlanPaper) -> list[DutyText]:
    return [{"clause": clause, **duty} for clause, item in list_clauses(paper.items) for duty in item.duties]
