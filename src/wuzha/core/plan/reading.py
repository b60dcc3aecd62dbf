"""What reading a plan gives: demands with their exact place in the text, phases, and the fate of every sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from wuzha.core.base.problem import Problem

Span = tuple[int, int]
Class = Literal["duty", "target", "criterion", "consequence"]
Fate = Literal["duty", "target", "criterion", "consequence", "vague", "background", "heading"]


INFERRED = ("year", "window", "deadline", "actor", "cadence", "unit", "valid")
"""What may be taken from elsewhere; see :class:`Inference`."""

INFERRED_FROM = (
    "title", "validity", "period", "issued", "number", "text", "phases", "heading", "phase", "campaign", "limit",
    "responsibility_list", "table_row", "same_sentence", "earlier_sentence", "later_sentence", "address",
)  # fmt: skip
"""Where it may be taken from: the head of the paper, what it says of its time, the outline, and the neighbours."""


@dataclass(frozen=True, slots=True)
class Inference:
    """One thing that does not stand in the quote: ``what`` it is (a code of ``INFERRED``), the ``source`` it was taken
    from (a code of ``INFERRED_FROM``) and the ``value`` that was taken.

    ``value`` is a year (``2027``), a day or a deadline as demands have it, two days with ``/`` between, a cadence, a
    unit or the words of an actor; empty where it is not known any more.
    """

    what: str
    source: str
    value: str = ""


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
    ``about ...`` or ``relative: ...``. ``also`` are further kinds of record that serve as well as ``object``.
    ``inferred`` says what does not stand in the quote and where it came from; it is empty where all stands there.
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
    inferred: tuple[Inference, ...] = ()
    vague: bool = False
    verb: str | None = None
    object: str | None = None
    also: tuple[str, ...] = ()
    who: Who | None = None


@dataclass(frozen=True, slots=True)
class ReadPhase:
    """A dated stretch of the plan that has a name; both days belong to it, written as a deadline is."""

    name: str
    window_start: str | None
    deadline: str | None
    span: Span
    inferred: tuple[Inference, ...] = ()


@dataclass(slots=True, unsafe_hash=True)  # never changed; made for each sentence, and frozen ones cost twice as much
class SentenceFate:
    """What one sentence of the plan became, and the demands it gave."""

    span: Span
    fate: Fate
    clause: str
    demand_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan as read. ``demands`` can be counted; ``vague`` ask for something but leave the number or the time open.

    ``valid_inferred`` is empty where the paper itself says from when until when it holds.
    """

    title: str
    issuer: str
    valid: tuple[date | None, date | None]
    phases: tuple[ReadPhase, ...]
    demands: tuple[Demand, ...]
    coverage: tuple[SentenceFate, ...]
    problems: tuple[Problem, ...] = ()
    vague: tuple[Demand, ...] = ()
    valid_inferred: tuple[Inference, ...] = ()


def reading_to_json(reading: Reading) -> dict[str, object]:
    """The reading as plain lists and dictionaries; every key is always there, null where nothing was read."""
    return {
        "title": reading.title,
        "issuer": reading.issuer,
        "valid": {
            "from": _iso(reading.valid[0]),
            "to": _iso(reading.valid[1]),
            "inferred": _inferred_to_json(reading.valid_inferred),
        },
        "phases": [_phase_to_json(phase) for phase in reading.phases],
        "duties": [_demand_to_json(demand) for demand in reading.demands],
        "vague": [_demand_to_json(demand) for demand in reading.vague],
        "problems": [_problem_to_json(problem) for problem in reading.problems],
        "coverage": [
            {"span": [*fate.span], "fate": fate.fate, "clause": fate.clause, "duties": [*fate.demand_ids]}
            for fate in reading.coverage
        ],
    }


_OLD_WORDS = re.compile(r"(year|window|actor)(?: (\d{4}))? from (.+)")
_OLD_SOURCES = MappingProxyType(
    {"date of the paper": "issued", "number of the paper": "number", "first date in the text": "text"}
)


def parse_inference(data: Mapping[str, str] | str) -> Inference:
    """One entry of ``inferred`` as a reading's JSON holds it: ``{"what", "from", "value"}``.

    Readings stored before it was data hold English words instead (``year 2027 from title``); these give the same
    values, and words that nobody ever wrote give an inference without ``what``, which is shown as they stand.
    """
    if not isinstance(data, str):
        return Inference(data.get("what", ""), data.get("from", ""), data.get("value", ""))
    match = _OLD_WORDS.fullmatch(data)
    if match is None:
        return Inference("", "", data)
    return Inference(match[1], _OLD_SOURCES.get(match[3], match[3]), match[2] or "")


def _inferred_to_json(inferred: tuple[Inference, ...]) -> list[dict[str, str]]:
    return [{"what": one.what, "from": one.source, "value": one.value} for one in inferred]


def _phase_to_json(phase: ReadPhase) -> dict[str, object]:
    return {
        "name": phase.name,
        "window_start": phase.window_start,
        "deadline": phase.deadline,
        "span": [*phase.span],
        "inferred": _inferred_to_json(phase.inferred),
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
        "inferred": _inferred_to_json(demand.inferred),
        "vague": demand.vague,
        "verb": demand.verb,
        "object": demand.object,
        "also": [*demand.also],
        "who": _who_to_json(demand.who),
    }
