"""A county's own minutes from a file: one kind of record a line, each with a number or with dated figures.

``rally: 180`` holds for every day; ``rally: {minutes: 180, from: 2027-01-01, reason: 实测}`` from that day on; a list
holds several of these. The file is YAML of the plain kind that plan files are.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from wuzha.adapters.plan_yaml import PlanFile, parse_plan_file
from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.base.unit import EARLIEST
from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.burden.minutes import MOST, MinuteFigure
from wuzha.core.plan.node import name_nearest, shorten

Own = tuple[str, MinuteFigure]


def read_minutes_yaml(text: str, kinds: Kinds, name: str = "") -> tuple[tuple[Own, ...], tuple[Problem, ...]]:
    """The figures in the order of the file, and everything wrong with it, by lines."""
    file = parse_plan_file(text, name)
    if any(problem.code == "plan.empty" for problem in file.problems):
        return (), (make_problem("minutes.empty", file.locate(())),)
    if file.data is None or file.problems:
        return (), tuple(file.problems)
    if not isinstance(file.data, Mapping):
        return (), (make_problem("minutes.not-a-table", file.locate(())),)
    read = [item for code, value in file.data.items() for item in _read_kind(file, str(code), value, kinds)]
    return (
        tuple(item for item in read if not isinstance(item, Problem)),
        tuple(item for item in read if isinstance(item, Problem)),
    )


def _read_kind(file: PlanFile, code: str, value: object, kinds: Kinds) -> Iterator[Own | Problem]:
    if code not in kinds:
        known = name_nearest(shorten(code), kinds)
        yield make_problem("minutes.kind-unknown", file.locate((code,)), word=shorten(code), known=known)
        return
    for item in value if isinstance(value, list) else [value]:
        figure = _read_figure(file, code, item)
        yield figure if isinstance(figure, Problem) else (code, figure)


def _read_figure(file: PlanFile, code: str, item: object) -> MinuteFigure | Problem:
    told = item if isinstance(item, Mapping) else {"minutes": item}
    minutes, since = told.get("minutes"), told.get("from", EARLIEST)
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 <= minutes <= MOST:
        return make_problem("minutes.not-minutes", file.locate((code,)), kind=code, most=MOST)
    if not isinstance(since, date):
        return make_problem("minutes.not-a-day", file.locate((code,)), kind=code)
    return MinuteFigure(minutes, since, str(told.get("reason") or file.name or "—"))
