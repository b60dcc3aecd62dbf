"""Proposals of measures as JSON: the facts as numbers, for programs and for the paper that a person may issue."""

import json
from dataclasses import dataclass
from fractions import Fraction

from wuzha.adapters.standing_table import Report, write_number
from wuzha.adapters.wording.supervision import say_ground, say_withheld
from wuzha.core.supervision.chance import Signal
from wuzha.core.supervision.life import Measure
from wuzha.core.supervision.model import Ladder, Step
from wuzha.core.supervision.propose import Advice, Ground, Missed, Proposal, Withheld


@dataclass(frozen=True, slots=True)
class Case:
    """What is told of a day: proposals, what was held back, and the measures under way."""

    report: Report
    ladder: Ladder
    advice: Advice
    live: tuple[Measure, ...]


def render_advice_json(case: Case) -> str:
    """``{plan, as_of, known_by, ladder, proposals, withheld, measures}``; what is not known is null."""
    report = case.report
    names = {unit.code: unit.name for unit in report.tree.units}
    document = {
        "plan": report.plan.title,
        "as_of": report.as_of.isoformat(),
        "known_by": report.known_by.isoformat() if report.known_by else None,
        "ladder": case.ladder.title,
        "proposals": [_proposal_to_json(one) | {"name": names[one.unit]} for one in case.advice.proposals],
        "withheld": [_withheld_to_json(one) | {"name": names[one.unit]} for one in case.advice.withheld],
        "measures": [_measure_to_json(one) | {"name": names[one.unit]} for one in case.live],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _proposal_to_json(proposal: Proposal) -> dict[str, object]:
    return {
        "unit": proposal.unit,
        "step": _step_to_json(proposal.step),
        "grounds": [_ground_to_json(one) for one in proposal.grounds],
    }


def _step_to_json(step: Step) -> dict[str, object]:
    return {
        "code": step.code,
        "title": step.title,
        "title_en": step.title_en,
        "answer_days": step.answer_days,
        "mend_days": step.mend_days,
        "appeal_days": step.appeal_days,
        "given_by": list(step.given_by),
    }


def _ground_to_json(ground: Ground) -> dict[str, object]:
    return {
        "duty": ground.duty,
        "missed": [_missed_to_json(one) for one in ground.missed],
        "in_a_row": ground.in_a_row,
        "overdue_days": ground.overdue_days,
        "follows": ground.follows or None,
        "text": say_ground(ground),
    }


def _missed_to_json(missed: Missed) -> dict[str, object]:
    return {
        "window": missed.window,
        "due_on": missed.due_on.isoformat(),
        "value": write_number(missed.value),
        "goal": write_number(missed.goal),
        "signal": _signal_to_json(missed.signal) if missed.signal else None,
    }


def _signal_to_json(signal: Signal) -> dict[str, object]:
    """Counts, and the interval widened by how many windows are looked at together."""
    found = signal.certainty
    return {
        "sort": found.sort.value,
        "now": found.now,
        "of": found.of,
        "asked": list(found.asked) if found.asked else None,
        "low": _write_bound(signal.low),
        "high": _write_bound(signal.high),
        "windows": signal.asked,
    }


def _write_bound(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _withheld_to_json(withheld: Withheld) -> dict[str, object]:
    return {
        "unit": withheld.unit,
        "duty": withheld.duty,
        "why": withheld.why.value,
        "missed": _missed_to_json(withheld.missed),
        "text": say_withheld(withheld),
    }


def _measure_to_json(measure: Measure) -> dict[str, object]:
    last = measure.events[-1]
    return {
        "id": measure.id,
        "unit": measure.unit,
        "step": measure.step,
        "given_on": measure.given.on.isoformat(),
        "given_by": measure.given.by,
        "answer_by": measure.answer_by.isoformat(),
        "mend_by": measure.mend_by.isoformat(),
        "appeal_by": measure.appeal_by.isoformat(),
        "last": {"event": last.kind.value, "on": last.on.isoformat(), "by": last.by},
    }
