"""The events of titles (无诈单元) from a YAML file of the plain kind, and the criteria that come with the package::

events:
  - {unit: SQ0101, what: applied, on: 2027-03-01, by: 桥东来}
  - {unit: SQ0101, what: self_checked, on: 2027-03-05, by: 桥东来, unmet: [title-talk]}
  - {unit: SQ0101, what: revoked, on: 2027-09-01, by: 石小桥, reason: false_data, note: 查实两场宣讲没有开展}
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from wuzha.adapters.plan_yaml import PlanFile, check_plan_yaml, parse_plan_file, render_plan_yaml
from wuzha.adapters.supervision_yaml import Problems, has_all, list_wanted, sort_by_line
from wuzha.core.base.problem import has_errors
from wuzha.core.plan.model import Plan
from wuzha.core.plan.node import Findings, Node
from wuzha.core.title.criteria import check_criteria
from wuzha.core.title.life import TitleEvent, TitleEventKind

NEEDED = ("unit", "what", "on")
KEYS = (*NEEDED, "by", "note", "reason", "unmet")


@cache
def load_criteria() -> Plan:
    """The criteria that come with the package. Raises ``ValueError`` when that file is wrong."""
    plan, problems = check_plan_yaml(_read_criteria(), "criteria.yaml")
    if plan is None or has_errors(problems) or check_criteria(plan):
        raise ValueError(f"criteria.yaml: {problems}")
    return plan


def _read_criteria() -> str:
    return files("wuzha.core.title").joinpath("criteria.yaml").read_text(encoding="utf-8")


def write_criteria(year: int, issuer: str) -> tuple[str, str]:
    """The criteria of the package as a plan of that year and issuer: their title, and the text in the plan language."""
    data = parse_plan_file(_read_criteria(), "criteria.yaml").data
    if not isinstance(data, dict):
        raise ValueError("criteria.yaml is no mapping")
    plan = _move_year(data, load_criteria().valid.opens.year, year)
    return str(plan["title"]), render_plan_yaml({**plan, "issuer": issuer})


def _move_year(value: Any, old: int, new: int) -> Any:
    """Every day of the one year in the other. The criteria name no 29 February."""
    if isinstance(value, dict):
        return {key: _move_year(one, old, new) for key, one in value.items()}
    if isinstance(value, list):
        return [_move_year(one, old, new) for one in value]
    return value.replace(year=new) if isinstance(value, date) and value.year == old else value


def read_title_events_yaml(text: str, name: str = "") -> tuple[tuple[TitleEvent, ...], Problems]:
    """The events in the order of the file, and what is wrong with its form, by lines.

    Whether they are in order is asked by :func:`wuzha.core.title.life.replay_titles`.
    """
    file = parse_plan_file(text, name)
    if has_errors(file.problems):
        return (), tuple(file.problems)
    findings = Findings(file.locate)
    root = Node(file.data, (), findings)
    events = tuple(_read_events(root, file)) if root.is_mapping(("events",)) else ()
    return events, sort_by_line(findings.problems)


def _read_events(root: Node, file: PlanFile) -> Iterator[TitleEvent]:
    for item in list_wanted(root, "events"):
        if item.is_mapping(KEYS) and has_all(item, NEEDED):
            event = _read_event(item, file)
            if event is not None:
                yield event


def _read_event(item: Node, file: PlanFile) -> TitleEvent | None:
    what, on = item.find("what").read_text(), item.find("on").read_day()
    if what not in list(TitleEventKind):
        item.find("what").tell("title.event-unknown", what=what, known="、".join(TitleEventKind))
    if on is None or what not in list(TitleEventKind):
        return None
    unit, by, note, reason = (item.find(key).read_text() for key in ("unit", "by", "note", "reason"))
    unmet, place = item.find("unmet").read_texts(), file.locate(item.path)
    return TitleEvent(unit, TitleEventKind(what), on, by, note, reason, unmet, source=place)
