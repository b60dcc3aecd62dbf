"""From when to when the plan holds, and what is wrong with the reading as a whole."""

import re
from datetime import date

from wuzha.core.base.numerals import fold
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.plan.phrases.frame import Frame
from wuzha.core.plan.reading import Demand, Inference, ReadPhase

Valid = tuple[date | None, date | None]


def find_validity(frame: Frame, phases: list[ReadPhase]) -> tuple[Valid, tuple[Inference, ...]]:
    """What the paper says of itself; else from the first to the last day of the dated phases; else the title's year."""
    if frame.valid != (None, None):
        return frame.valid, ()
    opens = [day for phase in phases if (day := _parse_day(phase.window_start))]
    closes = [day for phase in phases if (day := _parse_day(phase.deadline))]
    if opens and closes and min(opens) <= max(closes):
        return _infer_validity(min(opens), max(closes), "phases")
    opens_on, closes_on = frame.part
    if opens_on and closes_on:
        return _infer_validity(opens_on, closes_on, "title")
    if frame.year_from == "title":
        last = re.search(r"20\d\d年?[-至到]{1,3}(20\d\d)", fold(frame.title))
        return _infer_validity(date(int(frame.year), 1, 1), date(int(last[1] if last else frame.year), 12, 31), "title")
    return (None, None), ()


def _infer_validity(opens: date, last: date, source: str) -> tuple[Valid, tuple[Inference, ...]]:
    return (opens, last), (Inference("valid", source, f"{opens}/{last}"),)


def _parse_day(words: str | None) -> date | None:
    if words and re.fullmatch(r"\d{4}-\d\d-\d\d", words):
        return date.fromisoformat(words)
    return None


def list_problems(frame: Frame, demands: list[Demand]) -> tuple[Problem, ...]:
    problems = []
    if not demands:
        problems.append(make_problem("reading.report" if frame.is_report else "reading.no-duties", severity="warning"))
    if any((demand.deadline or "").startswith("XXXX") for demand in demands):
        problems.append(make_problem("reading.year-unknown", severity="warning"))
    problems += [
        make_problem(
            "reading.actor-unknown", Source(clause=demand.clause, span=demand.span), severity="warning", duty=demand.id
        )
        for demand in demands
        if demand.actor is None and demand.class_ == "duty"
    ]
    return tuple(problems)
