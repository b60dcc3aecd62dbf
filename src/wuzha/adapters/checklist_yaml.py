"""The built-in items of an inspection, from ``core/supervision/checklist.yaml``."""

from functools import cache
from importlib.resources import files

from wuzha.adapters.plan_yaml import parse_plan_file
from wuzha.core.plan.node import Findings, Node
from wuzha.core.supervision.checklist import Item

NEEDS = ("title", "title_en", "look", "look_en", "minutes")
MOST = 240


@cache
def load_checklist() -> tuple[Item, ...]:
    """The items in their order. Raises ``ValueError`` when the file is wrong."""
    text = files("wuzha.core.supervision").joinpath("checklist.yaml").read_text(encoding="utf-8")
    items, problems = read_checklist_yaml(text)
    if problems:
        raise ValueError(f"checklist.yaml: {problems}")
    return items


def read_checklist_yaml(text: str) -> tuple[tuple[Item, ...], tuple[object, ...]]:
    """The items of such a file and what is wrong with it."""
    file = parse_plan_file(text, "checklist.yaml")
    if not isinstance(file.data, dict):
        return (), tuple(file.problems) or ("no items",)
    findings = Findings(file.locate)
    root = Node(file.data, (), findings)
    items = tuple(_read_item(str(code), root.find(str(code))) for code in file.data)
    return items, (*file.problems, *findings.problems)


def _read_item(code: str, node: Node) -> Item:
    for key in NEEDS if node.is_mapping(NEEDS) else ():
        node.find(key).require()
    texts = {key: node.find(key).read_text() for key in NEEDS if key != "minutes"}
    return Item(code=code, minutes=node.find("minutes").read_whole(0, MOST) or 0, **texts)
