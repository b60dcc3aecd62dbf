"""What reading a plan gives: demands with their exact place in the text, phases, and the fate of every sentence."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from wuzha.core.base.problem import Problem

Span = tuple[int, int]
Class = Literal["duty", "target", "criterion", "consequence"]
Fate = Literal["duty", "target", "criterion", "consequence", "vague", "background", "heading"]


@dataclass(frozen=True, slots=True)
class Who:
    """Which units an actor's words stand for: unit kinds and lines (条线), as codes."""

    kind: tuple[str, ...] = ()
    line: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One measurable demand of a plan.

    ``span`` is half-open, in characters of the decoded text, and ``quote`` is exactly that piece. ``comparator`` is one
    of ``>=``, ``<=``, ``==``, ``change<=``, ``change>=`` or None; it, ``value`` and ``unit`` are None together.
    ``cadence`` is once, daily, every two days, weekly, every ten days, biweekly, monthly, bimonthly, quarterly,
    semester, half-yearly, yearly, continuous or None.
    ``deadline`` is an ISO date (``XXXX-MM-DD`` where the text gives no year), ``monthly day 20``, ``daily 12:00``,
    ``about ...`` or ``relative: ...``. ``inferred`` says what does not stand in the quote and where it came from.
    """

    id: str
    clause: str
    quote: str
    span: Span
    class_: Class = "duty"
    actor: str | None = None
    actor_source: str = "implied"
    action: str = ""
    measure: str = ""
    comparator: str | None = None
    value: Fraction | None = None
    unit: str | None = None
    cadence: str | None = None
    deadline: str | None = None
    window_start: str | None = None
    evidence: str | None = None
    quantifier: str = "none"
    marker: str | None = None
    per: str | None = None
    inferred: tuple[str, ...] = ()
    vague: bool = False
    verb: str | None = None
    object: str | None = None
    who: Who | None = None


@dataclass(frozen=True, slots=True)
class ReadPhase:
    """A dated stretch of the plan that has a name; both days belong to it, written as a deadline is."""

    name: str
    window_start: str | None
    deadline: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class SentenceFate:
    """What one sentence of the plan became, and the demands it gave."""

    span: Span
    fate: Fate
    clause: str
    demand_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan as read. ``demands`` can be counted; ``vague`` ask for something but leave the number or the time open."""

    title: str
    issuer: str
    valid: tuple[date | None, date | None]
    phases: tuple[ReadPhase, ...]
    demands: tuple[Demand, ...]
    coverage: tuple[SentenceFate, ...]
    problems: tuple[Problem, ...] = ()
    vague: tuple[Demand, ...] = ()


def reading_to_json(reading: Reading) -> dict[str, object]:
    """The reading as plain lists and dictionaries; every key is always there, null where nothing was read."""
    return {
        "title": reading.title,
        "issuer": reading.issuer,
        "valid": {"from": _iso(reading.valid[0]), "to": _iso(reading.valid[1])},
        "phases": [
            {"name": phase.name, "window_start": phase.window_start, "deadline": phase.deadline, "span": [*phase.span]}
            for phase in reading.phases
        ],
        "duties": [_demand_to_json(demand) for demand in reading.demands],
        "vague": [_demand_to_json(demand) for demand in reading.vague],
        "problems": [_problem_to_json(problem) for problem in reading.problems],
        "coverage": [
            {"span": [*fate.span], "fate": fate.fate, "clause": fate.clause, "duties": [*fate.demand_ids]}
            for fate in reading.coverage
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def _who_to_json(who: Who | None) -> dict[str, list[str]] | None:
    if who is None:
        return None
    return {name: [*codes] for name, codes in (("kind", who.kind), ("line", who.line)) if codes}


def _problem_to_json(problem: Problem) -> dict[str, object]:
    span = problem.source.span
    return {
        "code": problem.code,
        "severity": problem.severity,
        "clause": problem.source.clause,
        "span": [*span] if span else None,
        "params": problem.values,
    }


def _demand_to_json(demand: Demand) -> dict[str, object]:
    return {
        "id": demand.id,
        "clause": demand.clause,
        "quote": demand.quote,
        "span": [*demand.span],
        "class": demand.class_,
        "actor": demand.actor,
        "actor_source": demand.actor_source,
        "action": demand.action,
        "measure": demand.measure,
        "comparator": demand.comparator,
        "value": _number(demand.value),
        "unit": demand.unit,
        "cadence": demand.cadence,
        "deadline": demand.deadline,
        "window_start": demand.window_start,
        "evidence": demand.evidence,
        "quantifier": demand.quantifier,
        "marker": demand.marker,
        "per": demand.per,
        "inferred": [*demand.inferred],
        "vague": demand.vague,
        "verb": demand.verb,
        "object": demand.object,
        "who": _who_to_json(demand.who),
    }
