"""Scorecards, and the bonus and deductions that persons granted, from YAML files of the plain kind.

The form of a scorecard is told at the head of ``core/score/scorecard.yaml``; entries are::

    entries:
      - {item: reused, unit: SQ0101, on: 2027-05-20, by: 石小桥, reason: 小手拉大手的做法被桥西镇采用}
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from wuzha.adapters.plan_yaml import PlanFile, parse_plan_file
from wuzha.adapters.supervision_yaml import Problems, has_all, list_wanted, sort_by_line
from wuzha.core.base.interval import Interval, make_inclusive
from wuzha.core.base.problem import has_errors
from wuzha.core.plan.model import Plan
from wuzha.core.plan.node import Findings, Node
from wuzha.core.score.check import check_scorecard
from wuzha.core.score.model import Base, Block, Counts, Entry, Item, Scorecard, Select, Sort

CARD_NEEDS = ("title", "from", "to", "points", "blocks", "items")
CARD_KEYS = (*CARD_NEEDS, "appeal_days", "hear_days")
ITEM_NEEDS = ("code", "block", "title", "title_en", "points")
BASELINE_KEYS = ("full_at", "none_at", "shrink", "years")
COUNT_KEYS = ("duties", "of", "counts", "waits_for", *BASELINE_KEYS)
ITEM_KEYS = (*ITEM_NEEDS, "sort", "each", "basis", "owner", "kinds", *COUNT_KEYS)
SELECT_KEYS = ("id", "verb", "object")
ENTRY_KEYS = ("item", "unit", "on", "by", "reason")
MOST_POINTS = 1000
MOST_DAYS = 90
MOST_SHRINK = 1000


@cache
def load_scorecard() -> Scorecard:
    """The template that comes with the package. Raises ``ValueError`` when that file is wrong."""
    text = files("wuzha.core.score").joinpath("scorecard.yaml").read_text(encoding="utf-8")
    card, problems = read_scorecard_yaml(text, "scorecard.yaml")
    if card is None or problems:
        raise ValueError(f"scorecard.yaml: {problems}")
    return card


def read_scorecard_yaml(text: str, name: str = "", plan: Plan | None = None) -> tuple[Scorecard | None, Problems]:
    """The card, or None with everything that is wrong with it, by lines; with a plan held against its duties too."""
    card, told = sketch_scorecard_yaml(text, name)
    problems = sort_by_line([*told, *(check_scorecard(card, plan) if card else ())])
    return (None if has_errors(problems) else card), problems


def sketch_scorecard_yaml(text: str, name: str = "") -> tuple[Scorecard | None, Problems]:
    """The card as far as it can be read, with what is wrong in the form of the file.

    Whether it makes sense is not asked, so that an adopted card can be read for ever.
    """
    file = parse_plan_file(text, name)
    if has_errors(file.problems):
        return None, tuple(file.problems)
    findings = Findings(file.locate)
    root = Node(file.data, (), findings)
    if not root.is_mapping(CARD_KEYS) or not has_all(root, CARD_NEEDS):
        return None, sort_by_line(findings.problems)
    card = _read_card(root, file)
    return card, sort_by_line(findings.problems)


def _read_card(root: Node, file: PlanFile) -> Scorecard | None:
    period = _read_period(root)
    points = root.find("points").read_whole(1, MOST_POINTS)
    blocks, items = tuple(_read_blocks(root.find("blocks"))), tuple(_read_items(root, file))
    if period is None or points is None:
        return None
    return Scorecard(
        root.find("title").read_text(),
        period,
        points,
        blocks,
        items,
        _read_or(root, "appeal_days", (0, MOST_DAYS), 10),
        _read_or(root, "hear_days", (0, MOST_DAYS), 5),
        file.locate(()),
    )


def _read_or(node: Node, key: str, bounds: tuple[int, int], usual: int) -> int:
    """A whole number, or what is usual where none is written."""
    found = node.find(key)
    number = None if found.is_absent() else found.read_whole(*bounds)
    return usual if number is None else number


def _read_period(root: Node) -> Interval | None:
    opens, last = root.find("from").read_day(), root.find("to").read_day()
    if opens is None or last is None:
        return None
    if last < opens:
        root.find("to").tell("plan.dates-reversed", opens=opens, last=last)
        return None
    return make_inclusive(opens, last)


def _read_blocks(node: Node) -> Iterator[Block]:
    """``code: [title, English title]``."""
    if not isinstance(node.value, Mapping):
        node.refuse("plan.not-a-mapping")
        return
    for code in node.value:
        titles = node.find(str(code)).read_texts()
        if len(titles) != 2:
            node.find(str(code)).tell("score.block-titles", block=code)
        else:
            yield Block(str(code), *titles)


def _read_items(root: Node, file: PlanFile) -> Iterator[Item]:
    for node in list_wanted(root, "items"):
        if node.is_mapping(ITEM_KEYS) and has_all(node, ITEM_NEEDS):
            yield _read_item(node, file)


def _read_item(node: Node, file: PlanFile) -> Item:
    code, block, title, title_en = (node.find(key).read_text() for key in ("code", "block", "title", "title_en"))
    return Item(
        code,
        title,
        title_en,
        block,
        points=node.find("points").read_whole(1, MOST_POINTS) or 0,
        sort=Sort(_choose(node.find("sort"), Sort, Sort.POINTS)),
        each=node.find("each").read_whole(1, MOST_POINTS) or 0,
        select=_read_select(node.find("duties")),
        counts=Counts(_choose(node.find("counts"), Counts, Counts.MET)),
        waits_for=node.find("waits_for").read_text(),
        basis=node.find("basis").read_text(),
        owner=node.find("owner").read_text(),
        full_at=_read_or(node, "full_at", (0, MOST_SHRINK), 100),
        none_at=_read_or(node, "none_at", (1, MOST_SHRINK), 150),
        shrink=_read_or(node, "shrink", (0, MOST_SHRINK), 10),
        years=_read_or(node, "years", (1, 10), 3),
        kinds=node.find("kinds").read_texts(),
        of=Base(_choose(node.find("of"), Base, Base.DUTIES)),
        source=file.locate(node.path),
    )


def _choose(node: Node, words: type[Sort | Counts | Base], default: str) -> str:
    word, known = node.read_text(default), [str(one) for one in words]
    if word in known:
        return word
    node.tell("score.word-unknown", word=word, known="、".join(known))
    return default


def _read_select(node: Node) -> Select | None:
    if node.is_absent() or not node.is_mapping(SELECT_KEYS):
        return None
    ids, verbs, objects = (node.find(key).read_texts() for key in SELECT_KEYS)
    return Select(ids, verbs, objects)


def read_entries_yaml(text: str, name: str = "") -> tuple[tuple[Entry, ...], Problems]:
    """What was granted, in the order of the file, and what is wrong with its form, by lines."""
    file = parse_plan_file(text, name)
    if has_errors(file.problems):
        return (), tuple(file.problems)
    findings = Findings(file.locate)
    root = Node(file.data, (), findings)
    entries = tuple(_read_entries(root, file)) if root.is_mapping(("entries",)) else ()
    return entries, sort_by_line(findings.problems)


def _read_entries(root: Node, file: PlanFile) -> Iterator[Entry]:
    for node in list_wanted(root, "entries"):
        if node.is_mapping(ENTRY_KEYS) and has_all(node, ENTRY_KEYS):
            on = node.find("on").read_day()
            item, unit, by, reason = (node.find(key).read_text() for key in ("item", "unit", "by", "reason"))
            if on is not None:
                yield Entry(item, unit, on, by, reason, file.locate(node.path))
