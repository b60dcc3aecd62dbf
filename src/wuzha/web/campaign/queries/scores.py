"""Scores of units from standings and from what persons did. Reads only; nothing is put in the order of points.

The score of a unit is that of the unit and all below it, as a row of the matrix is: the windows of a duty are counted
where they are borne, and summed up the tree. So the number of questions to the database does not grow with the units.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from wuzha.adapters.plan_yaml import render_plan_yaml
from wuzha.adapters.scorecard_yaml import load_scorecard, read_scorecard_yaml, sketch_scorecard_yaml
from wuzha.core.assessment.model import Totals
from wuzha.core.base.interval import Interval
from wuzha.core.base.problem import NOWHERE, Problem
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.duty.model import Duty
from wuzha.core.score import model as core
from wuzha.core.score.count import count_score
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.models import DraftScorecard, PlanVersion, Scorecard, ScoreEvent
from wuzha.web.campaign.queries.ground import PlanInForce, load_bound_tree, load_plan
from wuzha.web.campaign.queries.score_findings import DueFinding, group_findings, list_due_findings
from wuzha.web.campaign.queries.totals import PlanCounts, count_plan
from wuzha.web.campaign.queries.work import keep_period

Kind = ScoreEvent.Kind
HEAD_KEYS = ("title", "from", "to", "points", "appeal_days", "hear_days", "blocks", "items")
ITEM_KEYS = (
    *("code", "block", "title", "title_en", "sort", "points", "each", "of", "duties", "counts"),
    *("full_at", "none_at", "shrink", "years", "kinds", "waits_for", "basis", "owner"),
)


@dataclass(frozen=True, slots=True)
class UnitScore:
    unit: CoreUnit
    score: core.Score


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a unit and of each right below it, in the order of the roster. ``others`` bear nothing of it."""

    card: core.Scorecard
    whole: UnitScore
    children: tuple[UnitScore, ...]
    others: int


@dataclass(frozen=True, slots=True)
class Matter:
    """A charge or an appeal with all that was said to it. ``answer`` is none as long as nobody has decided."""

    event: ScoreEvent
    replies: tuple[ScoreEvent, ...]
    answer: ScoreEvent | None


@dataclass(frozen=True, slots=True)
class Piece:
    """One duty of an item: how the unit stands in it, and what that is the sum of: itself and each right below it."""

    duty: Duty
    totals: Totals
    bearers: tuple[tuple[CoreUnit, Totals], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which card is asked as of which day, and as known by which."""

    row: Scorecard
    as_of: date
    known_by: date | None = None


# --- cards ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _read(text: str) -> core.Scorecard:
    card, _ = sketch_scorecard_yaml(text)
    if card is None:
        raise ValueError("an adopted card cannot be read")
    return card


def read_card(row: Scorecard) -> core.Scorecard:
    """The rules as adopted."""
    return _read(row.text)


def read_draft(draft: DraftScorecard) -> tuple[str, core.Scorecard | None, tuple[Problem, ...]]:
    """The text of the file that the draft would be, the card in it, and what is wrong with it beside its plan."""
    text = render_plan_yaml(read_content(draft))
    card, problems = read_scorecard_yaml(text, plan=load_plan(draft.plan).plan)
    # On a page there is no file, and so no lines.
    return text, card, tuple(replace(problem, source=NOWHERE) for problem in problems)


def read_loosely(draft: DraftScorecard) -> core.Scorecard:
    """The card as far as it has come, right or not."""
    return _read(render_plan_yaml(read_content(draft)))


def read_content(draft: DraftScorecard) -> dict[str, Any]:
    """The content with its days as days, in the order of a file: a database need not keep the order of names.

    Blocks stand in the order of their first items, those without one behind.
    """
    content = _put_in_order(draft.content, HEAD_KEYS)
    content |= {key: date.fromisoformat(content[key]) for key in ("from", "to")}
    used = dict.fromkeys(item["block"] for item in content["items"])
    content["blocks"] = _put_in_order(content["blocks"], used)
    content["items"] = [_put_in_order(item, ITEM_KEYS) for item in content["items"]]
    return content


def _put_in_order(told: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: told[key] for key in keys if key in told} | dict(told)


def write_content(card: core.Scorecard, period: Interval) -> dict[str, Any]:
    """The content of a new draft with the rules of that card, for another period."""
    days = {"from": period.opens.isoformat(), "to": period.last_day.isoformat()}
    blocks = {block.code: [block.title, block.title_en] for block in card.blocks}
    head = {"points": card.points, "appeal_days": card.appeal_days, "hear_days": card.hear_days}
    return {"title": card.title, **days, **head, "blocks": blocks, "items": [write_item(item) for item in card.items]}


def write_item(item: core.Item) -> dict[str, Any]:
    """An item as a file has it, without what is usual or empty."""
    told: dict[str, Any] = {name: getattr(item, name) for name in ("code", "block", "title", "title_en", "points")}
    if item.sort is not core.Sort.POINTS:
        told |= {"sort": item.sort.value, "each": item.each}
    if item.counts is not core.Counts.MET:
        told["counts"] = item.counts.value
    if item.is_of_findings:
        told["of"] = item.of.value
    if item.counts is core.Counts.BASELINE:
        told |= {name: getattr(item, name) for name in ("full_at", "none_at", "shrink", "years")}
    if item.select is not None:
        chosen = (("id", item.select.ids), ("verb", item.select.verbs), ("object", item.select.objects))
        told["duties"] = {key: list(words) for key, words in chosen if words}
    if item.kinds:
        told["kinds"] = list(item.kinds)
    return told | {name: getattr(item, name) for name in ("waits_for", "basis", "owner") if getattr(item, name)}


def load_template() -> core.Scorecard:
    return load_scorecard()


def list_overlapping(unit: Unit, period: Interval) -> list[Scorecard]:
    """The cards of that unit that hold on some of these days and were not replaced."""
    found = Scorecard.objects.filter(unit=unit, opens_on__lt=period.closes, last_on__gte=period.opens)
    return list(found.filter(replaced_by=None).order_by("opens_on"))


def list_cards_of(unit: Unit) -> list[Scorecard]:
    """Every card of that body, the latest first."""
    return list(Scorecard.objects.filter(unit=unit).select_related("adopted_by", "replaced_by"))


def find_card_on(cards: Iterable[Scorecard], day: date) -> Scorecard | None:
    """Of the cards in sight the one that holds on the day, of the nearest body; else the last that held before it."""
    begun = [row for row in cards if row.opens_on <= day and not hasattr(row, "replaced_by")]
    return max(begun, key=lambda row: (row.last_on >= day, len(row.unit.path), row.opens_on), default=None)


def list_scored_plans(unit: Unit) -> QuerySet[PlanVersion]:
    """The issued plans that bind everybody below the unit: its own and those of bodies above, the latest first."""
    issued = PlanVersion.objects.filter(state=PlanVersion.State.ISSUED, unit__code__in=unit.path.strip("/").split("/"))
    return issued.select_related("unit").order_by("-valid_from", "-issued_at")


# --- what persons did -------------------------------------------------------------------------------------------------


def list_events(asked: Asked, *units: str) -> list[ScoreEvent]:
    """What had been done under the card by that day, in order; with units only what concerns them."""
    found = asked.row.events.select_related("unit", "made_by", "about")
    events = list(found.filter(unit__code__in=units) if units else found)
    last = min(asked.as_of, asked.known_by or asked.as_of)
    return [one for one in events if timezone.localdate(one.made_at) <= last]


def was_sent(row: Scorecard, user: User, key: UUID) -> bool:
    """Whether the person has done already what they send under that id."""
    return row.events.filter(key=key, made_by=user).exists()


def gather(events: Sequence[ScoreEvent]) -> core.Given:
    """What counts of it: figures, bonuses, deductions that were decided, appeals that were accepted."""
    return core.Given(
        tuple(_make_entry(one) for one in events if one.kind in (Kind.BONUS, Kind.IMPOSED)),
        tuple(_make_correction(one) for one in events if one.kind == Kind.ACCEPTED),
        tuple(_make_figure(one) for one in events if one.kind == Kind.FIGURE),
    )


def _make_entry(row: ScoreEvent) -> core.Entry:
    reason = row.about.text if row.about else row.text
    return core.Entry(row.item, _code(row), row.happened_on, str(row.made_by), reason)


def _make_correction(row: ScoreEvent) -> core.Correction:
    points = Fraction(row.points or 0)
    return core.Correction(row.item, _code(row), row.happened_on, points, str(row.made_by), row.text)


def _make_figure(row: ScoreEvent) -> core.Figure:
    done, asked = Fraction(row.done or 0), Fraction(row.asked or 0)
    return core.Figure(row.item, _code(row), row.happened_on, done, asked, str(row.made_by), row.text)


def _code(row: ScoreEvent) -> str:
    return row.unit.code if row.unit else ""


def list_matters(events: Sequence[ScoreEvent], item: str = "") -> list[Matter]:
    """Every charge and appeal with what was said to it."""
    asked = [one for one in events if one.kind in (Kind.CHARGE, Kind.APPEAL) and item in ("", one.item)]
    return [_make_matter(one, [two for two in events if two.about_id == one.pk]) for one in asked]


def _make_matter(event: ScoreEvent, said: Sequence[ScoreEvent]) -> Matter:
    answer = next((one for one in said if one.kind in ScoreEvent.ANSWERS), None)
    return Matter(event, tuple(one for one in said if one.kind == Kind.REPLY), answer)


def find_filing(row: Scorecard, events: Iterable[ScoreEvent]) -> str:
    """Where the card was declared: as said at its adoption, or later."""
    named = [one.text for one in events if one.kind == Kind.FILED]
    return named[-1] if named else row.filing


def list_asked_units(row: Scorecard, item: core.Item, day: date) -> list[Unit]:
    """The units right below the card's body of which the item's figure is asked, in the order of the roster."""
    tree = load_bound_tree(load_plan(row.plan)).at(day)
    below = tree.list_children(row.unit.code) if row.unit.code in tree.by_code else ()
    codes = [unit.code for unit in below if item.asks(unit.kind)]
    found = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    return [found[code] for code in codes if code in found]


def find_last_figures(row: Scorecard, item: str) -> dict[str, Decimal | None]:
    """The figures that hold, by the names of their fields."""
    found: dict[str, Decimal | None] = {}
    for one in row.events.filter(kind=Kind.FIGURE, item=item):
        found |= {f"done_{one.unit_id}": _trim(one.done), f"asked_{one.unit_id}": _trim(one.asked)}
    return found


def _trim(number: Decimal | None) -> Decimal | None:
    """28, and not 28.00."""
    return number.to_integral_value() if number is not None and number == number.to_integral_value() else number


# --- scores -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counting:
    """A card laid over the standings of its plan, of the windows that fall due in its period."""

    card: core.Scorecard
    in_force: PlanInForce
    counts: PlanCounts
    findings: Mapping[str, tuple[DueFinding, ...]] = field(default_factory=dict)

    def tally(self, code: str) -> Mapping[str, Totals]:
        """The unit with all below it. A duty that the plan holds in several pieces is one."""
        found: dict[str, Totals] = {}
        for place, duty in enumerate(self.in_force.plan.duties):
            below = self.counts.find_below(place, code)
            if below is not None:
                found[duty.id] = found.get(duty.id, Totals()) + below
        return found


def open_counting(asked: Asked, unit_code: str) -> Counting:
    """Counts the plan as the pages of standings do, with the findings at the unit and below it where an item wants
    them."""
    card = read_card(asked.row)
    cut = replace(keep_period(load_plan(asked.row.plan), card.period), known_by=asked.known_by)
    findings = _list_findings(card, cut, asked, unit_code) if any(one.is_of_findings for one in card.items) else {}
    return Counting(card, cut, count_plan(cut, asked.as_of), findings)


def _list_findings(
    card: core.Scorecard, in_force: PlanInForce, asked: Asked, unit_code: str
) -> Mapping[str, tuple[DueFinding, ...]]:
    """By unit the findings at and below it that are to be mended in the period."""
    tree = load_bound_tree(in_force).at(asked.as_of)
    found = list_due_findings(tree, unit_code, asked.as_of, asked.known_by)
    return group_findings(tree, (one for one in found if one.owed.due_on in card.period))


def build_scores(asked: Asked, unit_code: str, events: Sequence[ScoreEvent]) -> Scores | None:
    """How the unit and each right below it score; none where the unit is not among those the plan binds that day."""
    counting = open_counting(asked, unit_code)
    tree = load_bound_tree(counting.in_force).at(asked.as_of)
    if unit_code not in tree.by_code:
        return None
    below, given = tree.list_children(unit_code), gather(events)
    touched = {_code(one) for one in events}
    children = tuple(
        UnitScore(child, _count(counting, asked, child, given))
        for child in below
        if child.code in touched or any(_is_scored(counting, child.code))
    )
    whole = UnitScore(tree.by_code[unit_code], _count(counting, asked, tree.by_code[unit_code], given))
    return Scores(counting.card, whole, children, len(below) - len(children))


def score_units(asked: Asked, area: str, codes: Collection[str]) -> list[UnitScore]:
    """How these units of an area score, each with all below it, in the order of the roster; without those that bear
    nothing of the card."""
    counting = open_counting(asked, area)
    tree = load_bound_tree(counting.in_force).at(asked.as_of)
    events = list_events(asked, *codes) if codes else []
    given, touched = gather(events), {_code(one) for one in events}
    units = [unit for unit in tree.walk_down(area) if unit.code in codes] if area in tree.by_code else []
    return [
        UnitScore(unit, _count(counting, asked, unit, given))
        for unit in units
        if unit.code in touched or any(_is_scored(counting, unit.code))
    ]


def _is_scored(counting: Counting, code: str) -> Iterator[bool]:
    """Whether the unit bears a duty of an item, or a finding that one counts."""
    yield code in counting.findings
    taken = [item.select for item in counting.card.items if item.select is not None]
    for place, duty in enumerate(counting.in_force.plan.duties):
        if any(select.takes(duty) for select in taken):
            yield counting.counts.find_below(place, code) is not None


def _count(counting: Counting, asked: Asked, unit: CoreUnit, given: core.Given) -> core.Score:
    owed = tuple(one.owed for one in counting.findings.get(unit.code, ()))
    scored = core.Scored(unit.code, unit.kind, counting.tally(unit.code), owed)
    return count_score(counting.card, counting.in_force.plan, scored, given, asked.as_of)


def find_score(asked: Asked, unit_code: str, events: Sequence[ScoreEvent]) -> tuple[Counting, core.Score] | None:
    """One unit's score and what it was counted from."""
    counting = open_counting(asked, unit_code)
    unit = load_bound_tree(counting.in_force).at(asked.as_of).by_code.get(unit_code)
    return None if unit is None else (counting, _count(counting, asked, unit, gather(events)))


@dataclass(frozen=True, slots=True)
class FindingShare:
    """How the findings at a unit stand, with those below it where it is not the unit itself that was asked for."""

    unit: CoreUnit
    totals: Totals


def share_findings(counting: Counting, line: core.Line, unit_code: str, as_of: date) -> list[FindingShare]:
    """What an item's findings are the sum of: the unit's own, and those of each right below it with all below."""
    tree = load_bound_tree(counting.in_force).at(as_of)
    numbers = {one.number for one in line.findings}
    own = [one for one in line.findings if one.unit == unit_code]
    rows = [(tree.by_code[unit_code], own)] + [
        (child, [one.owed for one in counting.findings.get(child.code, ()) if one.owed.number in numbers])
        for child in tree.list_children(unit_code)
    ]
    return [FindingShare(unit, Totals(Counter(one.status for one in held))) for unit, held in rows if held]


def list_pieces(counting: Counting, line: core.Line, unit_code: str, as_of: date) -> list[Piece]:
    """The duties that an item sums, each with what the unit itself bears of it and what each right below it does."""
    tree = load_bound_tree(counting.in_force).at(as_of)
    unit, below = tree.by_code[unit_code], tree.list_children(unit_code)
    pieces: list[Piece] = []
    for part in line.parts:
        places = [n for n, duty in enumerate(counting.in_force.plan.duties) if duty.id == part.duty]
        own = sum((Totals(counting.counts.find(n, unit_code)) for n in places), Totals())
        rows = [(unit, own), *((child, _add_below(counting, places, child.code)) for child in below)]
        kept = tuple((one, totals) for one, totals in rows if totals.counts)
        pieces.append(Piece(counting.in_force.plan.duties[places[0]], part.totals, kept))
    return pieces


def _add_below(counting: Counting, places: Sequence[int], code: str) -> Totals:
    return sum((counting.counts.find_below(n, code) or Totals() for n in places), Totals())
