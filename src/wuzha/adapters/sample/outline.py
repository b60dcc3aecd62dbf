"""A plan told once, as an outline whose items have duties, and written twice: as a paper and in the plan language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from wuzha.adapters.paper.plan import Grid, Level, Line, render_plan_docx
from wuzha.adapters.plan_yaml import render_plan_yaml

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
            return "second"
        return "third" if self.number.endswith(".") else "first"


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole plan. ``opening`` stands before the first item, ``closing`` and the table behind the last."""

    title: str
    issuer: str
    valid: tuple[date, date]
    opening: str
    items: tuple[Item, ...]
    phases: tuple[DutyText, ...] = ()
    signed: str = ""
    caption: str = ""
    grid: Grid | None = None


def render_paper(paper: Paper) -> bytes:
    """The paper as a .docx; its text, read again, holds every quote of its duties."""
    return render_plan_docx(_list_content(paper), title=paper.title, author=paper.issuer)


def _list_content(paper: Paper) -> Iterator[Line | Grid]:
    yield Line("title", paper.title)
    yield Line("issuer", paper.issuer)
    yield Line("body", "")
    yield Line("body", paper.opening)
    for item in paper.items:
        # A heading of the first level keeps its line to itself; below it the text runs on.
        head = f"{item.number}{item.head}"
        yield Line(item.level, item.text, head=head) if item.text else Line(item.level, head)
    if paper.signed:
        yield Line("body", "")
        yield Line("right", paper.issuer)
        yield Line("right", paper.signed)
    if paper.grid:
        yield Line("body", "")
        yield Line("caption", paper.caption)
        yield paper.grid


def list_clauses(items: Iterable[Item]) -> Iterator[tuple[str, Item]]:
    """Each item with the clause by which people cite it: 三（二）1."""
    above: dict[Level, str] = {}
    order: tuple[Level, ...] = ("first", "second", "third")
    for item in items:
        depth = order.index(item.level)
        above = {level: label for level, label in above.items() if order.index(level) < depth}
        above[item.level] = item.number.rstrip("、.")
        yield "".join(above[level] for level in order if level in above), item


def render_plan_text(paper: Paper) -> str:
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


def _list_duties(paper: Paper) -> list[DutyText]:
    return [{"clause": clause, **duty} for clause, item in list_clauses(paper.items) for duty in item.duties]
