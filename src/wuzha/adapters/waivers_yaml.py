"""Waivers of one plan from a file::

    waivers:
      - duty: banners
        unit: V3
        below: true
        from: 2027-06-01
        to: 2027-08-31
        reason: 修路
        by: 县联席办
        dated: 2027-05-28

``from`` and ``to`` are both inside. The file is YAML of the plain kind that plan files are.
"""

from collections.abc import Iterator

from wuzha.adapters.plan_yaml import PlanFile, parse_plan_file
from wuzha.core.base.interval import make_inclusive
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.plan.node import Findings, Node
from wuzha.core.plan.waiver import WaiverSaid

FILE_KEYS = ("waivers",)
WAIVER_KEYS = ("duty", "unit", "below", "from", "to", "reason", "by", "dated")
NEEDED = ("duty", "unit", "from", "to", "reason", "by")


def read_waivers_yaml(text: str, name: str = "") -> tuple[tuple[WaiverSaid, ...], tuple[Problem, ...]]:
    """The waivers in the order of the file, and everything wrong with it, by lines."""
    file = parse_plan_file(text, name)
    if has_errors(file.problems):
        return (), tuple(file.problems)
    findings = Findings(file.locate)
    said = tuple(_read_waivers(Node(file.data, (), findings), file))
    return said, tuple(findings.problems)


def _read_waivers(root: Node, file: PlanFile) -> Iterator[WaiverSaid]:
    if not root.is_mapping(FILE_KEYS):
        return
    for item in root.find("waivers").list_items():
        if item.is_mapping(WAIVER_KEYS):
            said = _read_waiver(item, file)
            if said is not None:
                yield said


def _read_waiver(item: Node, file: PlanFile) -> WaiverSaid | None:
    missing = [key for key in NEEDED if not item.find(key).require()]
    opens, last = item.find("from").read_day(), item.find("to").read_day()
    given_on, is_below = item.find("dated").read_day(), item.find("below").read_flag()
    if missing or opens is None or last is None:
        return None
    if last < opens:
        item.find("to").tell("plan.dates-reversed", opens=opens, last=last)
        return None
    duty, unit, reason, by = (item.find(key).read_text() for key in ("duty", "unit", "reason", "by"))
    return WaiverSaid(duty, unit, make_inclusive(opens, last), reason, is_below, by, given_on, file.locate(item.path))
