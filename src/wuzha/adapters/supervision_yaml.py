"""The ladder of measures, and the measures and inspections of a county, from YAML files of the plain kind::

    measures:
      - id: 石桥提示〔2027〕3号
        step: remind
        unit: SQ0101
        about:
          - {duty: rally, windows: [2027-03, 2027-04]}
        events:
          - {what: given, on: 2027-05-10, by: 石小桥, post: officer}
          - {what: answered, on: 2027-05-13, by: 桥东来, note: 三月缺的场次五月补上}
    visits:
      - {unit: SQ0102, on: 2027-04-08, items: [台账], reason: ""}

Form and meaning of a ladder are told at the head of ``core/supervision/supervision.yaml``.
"""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TypeVar

from wuzha.adapters.plan_yaml import PlanFile, parse_plan_file
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.plan.node import Findings, Node
from wuzha.core.supervision.inspection import Visit
from wuzha.core.supervision.life import Event, EventKind, Giving, Named
from wuzha.core.supervision.model import PAPERS, POSTS, Ladder, Step, Trigger
from wuzha.core.supervision.trigger import check_ladder, parse_trigger, write_trigger

LADDER_KEYS = ("title", "look_back_days", "steps")
DAY_KEYS = ("answer_days", "mend_days", "appeal_days")
STEP_NEEDS = ("code", "title", "title_en", "when", *DAY_KEYS)
STEP_KEYS = (*STEP_NEEDS, "after", "duties", "given_by", "paper")
MOST_DAYS = 366
DAYS_BACK = 90
FILE_KEYS = ("measures", "visits")
MEASURE_NEEDS = ("id", "step", "unit", "about", "events")
MEASURE_KEYS = (*MEASURE_NEEDS, "mend_by")
ABOUT_KEYS = ("duty", "windows")
EVENT_NEEDS = ("what", "on")
EVENT_KEYS = (*EVENT_NEEDS, "by", "post", "note", "until")
VISIT_NEEDS = ("unit", "on")
VISIT_KEYS = (*VISIT_NEEDS, "items", "reason")

Problems = tuple[Problem, ...]
Read = TypeVar("Read")


@cache
def load_ladder() -> Ladder:
    """The ladder that comes with the package. Raises ``ValueError`` when that file is wrong."""
    text = files("wuzha.core.supervision").joinpath("supervision.yaml").read_text(encoding="utf-8")
    ladder, problems = read_ladder_yaml(text, "supervision.yaml")
    if ladder is None or problems:
        raise ValueError(f"supervision.yaml: {problems}")
    return ladder


def read_ladder_yaml(text: str, name: str = "") -> tuple[Ladder | None, Problems]:
    """The ladder, or None with everything that is wrong with it, by lines."""
    file = parse_plan_file(text, name)
    if has_errors(file.problems):
        return None, tuple(file.problems)
    findings = Findings(file.locate)
    root = Node(file.data, (), findings)
    steps = tuple(_read_steps(root, file)) if root.is_mapping(LADDER_KEYS) else ()
    look_back = root.find("look_back_days").read_whole(1, MOST_DAYS) or DAYS_BACK
    ladder = Ladder(root.find("title").read_text(), steps, look_back)
    problems = (*findings.problems, *check_ladder(ladder))
    return (None if has_errors(problems) else ladder), sort_by_line(problems)


def sort_by_line(problems: Collection[Problem]) -> Problems:
    return tuple(sorted(problems, key=lambda problem: problem.source.line or 0))


def _read_steps(root: Node, file: PlanFile) -> Iterator[Step]:
    for item in list_wanted(root, "steps"):
        if item.is_mapping(STEP_KEYS) and has_all(item, STEP_NEEDS):
            yield _read_step(item, file)


def list_wanted(node: Node, key: str) -> Iterator[Node]:
    """The items of a list that must be there; tells where it is missing or no list."""
    found = node.find(key)
    if found.require() and not isinstance(found.value, list):
        found.refuse("plan.not-a-list")
    yield from found.list_items()


def has_all(item: Node, needed: Collection[str]) -> bool:
    """Whether every key is there; tells of each that is not."""
    return not [key for key in needed if not item.find(key).require()]


def _read_step(item: Node, file: PlanFile) -> Step:
    answer, mend, appeal = (item.find(key).read_whole(1, MOST_DAYS) or 0 for key in DAY_KEYS)
    return Step(
        code=item.find("code").read_text(),
        title=item.find("title").read_text(),
        title_en=item.find("title_en").read_text(),
        triggers=tuple(_read_triggers(item.find("when"))),
        after=item.find("after").read_text(),
        answer_days=answer,
        mend_days=mend,
        appeal_days=appeal,
        given_by=_read_posts(item.find("given_by")),
        duties=item.find("duties").read_texts(),
        paper=_read_paper(item.find("paper")),
        source=file.locate(item.path),
    )


def _read_triggers(node: Node) -> Iterator[Trigger]:
    """Each line of the list, or the one text; a line with a mistake in it triggers nothing."""
    for item in node.list_items() if isinstance(node.value, list) else (node,):
        trigger, problems = parse_trigger(item.read_text())
        node.findings.problems += [replace(one, source=node.findings.locate(item.path)) for one in problems]
        if trigger and not problems:
            yield trigger


def _read_posts(node: Node) -> tuple[str, ...]:
    posts = node.read_texts() or POSTS
    for post in posts:
        if post not in POSTS:
            node.tell("ladder.post-unknown", post=post, known="、".join(POSTS))
    return posts


def _read_paper(node: Node) -> str:
    paper = node.read_text() or PAPERS[-1]
    if paper not in PAPERS:
        node.tell("ladder.paper-unknown", paper=paper, known="、".join(PAPERS))
    return paper


def write_ladder_yaml(ladder: Ladder) -> str:
    """The ladder as a file that :func:`read_ladder_yaml` reads as the same ladder."""
    lines = [f"title: {_quote(ladder.title)}", f"look_back_days: {ladder.look_back_days}", "steps:"]
    for step in ladder.steps:
        told: dict[str, object] = {"code": step.code, "title": step.title, "title_en": step.title_en}
        told |= {"paper": step.paper, "when": [write_trigger(one) for one in step.triggers]}
        told |= {"after": step.after} if step.after else {}
        told |= {key: getattr(step, key) for key in DAY_KEYS} | {"given_by": step.given_by}
        told |= {"duties": step.duties} if step.duties else {}
        lines += [f"  {'-' if number == 0 else ' '} {key}: {_quote(told[key])}" for number, key in enumerate(told)]
    return "\n".join(lines) + "\n"


def _quote(value: object) -> str:
    """JSON is YAML too, whatever signs a name has."""
    return json.dumps(value, ensure_ascii=False)


def read_measures_yaml(text: str, name: str = "") -> tuple[tuple[tuple[Event, ...], ...], tuple[Visit, ...], Problems]:
    """The events of each measure as they stand, the visits, and what is wrong with the form of the file, by lines.

    Whether events are in order is asked by :func:`wuzha.core.supervision.life.replay`.
    """
    file = parse_plan_file(text, name)
    if has_errors(file.problems):
        return (), (), tuple(file.problems)
    findings = Findings(file.locate)
    root = Node(file.data, (), findings)
    if not root.is_mapping(FILE_KEYS):
        return (), (), tuple(findings.problems)
    lives = tuple(_read_each(root.find("measures"), lambda item: _read_life(item, file)))
    visits = tuple(_read_each(root.find("visits"), lambda item: _read_visit(item, file)))
    return lives, visits, sort_by_line(findings.problems)


def _read_each(node: Node, read: Callable[[Node], Read | None]) -> Iterator[Read]:
    if not node.is_absent() and not isinstance(node.value, list):
        node.refuse("plan.not-a-list")
    for item in node.list_items():
        found = read(item)
        if found is not None:
            yield found


def _read_life(item: Node, file: PlanFile) -> tuple[Event, ...] | None:
    if not item.is_mapping(MEASURE_KEYS) or not has_all(item, MEASURE_NEEDS):
        return None
    named = tuple(_read_named(item.find("about")))
    step, unit = item.find("step").read_text(), item.find("unit").read_text()
    giving = Giving(step, unit, named, item.find("mend_by").read_day())
    read = (_read_event(event, item.find("id").read_text(), giving, file) for event in list_wanted(item, "events"))
    return tuple(event for event in read if event is not None)


def _read_named(node: Node) -> Iterator[Named]:
    for item in node.list_items():
        if item.is_mapping(ABOUT_KEYS) and has_all(item, ABOUT_KEYS):
            yield Named(item.find("duty").read_text(), item.find("windows").read_texts())


def _read_event(item: Node, measure: str, giving: Giving, file: PlanFile) -> Event | None:
    if not item.is_mapping(EVENT_KEYS) or not has_all(item, EVENT_NEEDS):
        return None
    what, on = item.find("what").read_text(), item.find("on").read_day()
    if what not in list(EventKind):
        item.find("what").tell("supervision.event-unknown", what=what, known="、".join(EventKind))
    if on is None or what not in list(EventKind):
        return None
    kind = EventKind(what)
    by, post, note = (item.find(key).read_text() for key in ("by", "post", "note"))
    given = giving if kind is EventKind.GIVEN else None
    until = item.find("until").read_day()
    return Event(measure, kind, on, by, post, note, given, until, source=file.locate(item.path))


def _read_visit(item: Node, file: PlanFile) -> Visit | None:
    if not item.is_mapping(VISIT_KEYS) or not has_all(item, VISIT_NEEDS):
        return None
    on, items = item.find("on").read_day(), item.find("items").read_texts()
    if on is None:
        return None
    return Visit(item.find("unit").read_text(), on, items, item.find("reason").read_text(), file.locate(item.path))
