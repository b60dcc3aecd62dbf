"""What scorecards, titles, monthly tables and plans say of the units of one line, and of no other unit. Reads only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from wuzha.core.paper.column import Column
from wuzha.core.paper.month import MonthlyRow
from wuzha.core.paper.month_line import Line
from wuzha.core.paper.month_words import say_cell
from wuzha.core.plan.burden.weigh import KindBurden
from wuzha.web.accounts.access import opens_unit
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign.access import list_visible_plans
from wuzha.web.campaign.models import PlanVersion, Scorecard, TableCall, TitleProgram
from wuzha.web.campaign.queries.burden import weigh_year
from wuzha.web.campaign.queries.scores import Asked, UnitScore, find_card_on, score_units
from wuzha.web.campaign.queries.table_calls import open_collection
from wuzha.web.campaign.queries.titles import UnitTitle, list_units


@dataclass(frozen=True, slots=True)
class CardOfLine:
    """A scorecard that holds, with the units of the line that it scores."""

    row: Scorecard
    units: Sequence[UnitScore]


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A unit's line of a monthly table: how it stands, and its figures as they are said."""

    row: MonthlyRow
    line: Line
    figures: Sequence[tuple[Column, str]]


@dataclass(frozen=True, slots=True)
class MonthOfLine:
    """The lines that a table has for the units of the line."""

    call: TableCall
    lines: Sequence[MonthLine]


@dataclass(frozen=True, slots=True)
class LineDesk:
    """All of it. ``kinds`` is what the plans cost the kinds of unit that the line has, a week on average."""

    cards: Sequence[CardOfLine]
    titles: Sequence[UnitTitle]
    months: Sequence[MonthOfLine]
    kinds: Sequence[KindBurden]


def open_line_desk(post: Post, user: User, as_of: date, today: date) -> LineDesk:
    """What there is of the units that the post of a line opens, as of the day."""
    units = list(Unit.objects.filter(opens_unit(post), opens_on__lte=as_of, closes_on__gt=as_of).order_by("path"))
    codes = frozenset(unit.code for unit in units)
    bodies = frozenset(code for unit in units for code in unit.path.strip("/").split("/"))
    return LineDesk(
        cards=_list_cards(post, codes, bodies, as_of),
        titles=_list_titles(post, codes, bodies, as_of),
        months=_list_months(codes, bodies, today),
        kinds=_list_kinds(post, list_visible_plans(user, today), {unit.kind for unit in units}, as_of),
    )


def _list_cards(post: Post, codes: Collection[str], bodies: Collection[str], as_of: date) -> list[CardOfLine]:
    """Of each body over units of the line the card that holds on the day."""
    rows = Scorecard.objects.filter(unit__code__in=bodies).select_related("unit", "plan__unit", "replaced_by")
    by_body: dict[int, list[Scorecard]] = {}
    for row in rows.order_by("unit__path", "opens_on"):
        by_body.setdefault(row.unit_id, []).append(row)
    held = [card for cards in by_body.values() if (card := find_card_on(cards, as_of)) is not None]
    found = [CardOfLine(row, score_units(Asked(row, as_of), _choose_area(row.unit, post), codes)) for row in held]
    return [card for card in found if card.units]


def _choose_area(unit: Unit, post: Post) -> str:
    """The smaller one of the area of a body and that of the post."""
    return unit.code if unit.path.startswith(post.unit.path) else post.unit.code


def _list_titles(post: Post, codes: Collection[str], bodies: Collection[str], as_of: date) -> list[UnitTitle]:
    """How the units of the line stand in each programme that they may take part in."""
    programs = TitleProgram.objects.filter(unit__code__in=bodies).select_related("unit").order_by("pk")
    found = (one for row in programs for one in list_units(row, _choose_area(row.unit, post), as_of))
    return [one for one in found if one.unit.code in codes]


def _list_months(codes: Collection[str], bodies: Collection[str], today: date) -> list[MonthOfLine]:
    """The lines in the newest table of each body and plan."""
    newest: dict[tuple[int, int], TableCall] = {}
    rows = TableCall.objects.filter(unit__code__in=bodies).select_related("unit", "version__unit")
    for call in rows.order_by("month", "pk"):
        newest[call.unit_id, call.version_id] = call
    found = [MonthOfLine(call, _read_lines(call, codes, today)) for call in newest.values()]
    return [month for month in found if month.lines]


def _read_lines(call: TableCall, codes: Collection[str], today: date) -> list[MonthLine]:
    collection = open_collection(call, call.unit, today)
    columns: Sequence[Column] = collection.table.columns
    lines: Mapping[str, Line] = collection.lines
    return [
        MonthLine(
            row,
            lines[row.unit.code],
            [(column, say_cell(cell, column)) for column, cell in zip(columns, row.cells, strict=True)],
        )
        for row in collection.units
        if row.unit.code in codes
    ]


def _list_kinds(post: Post, visible: QuerySet[PlanVersion], kinds: Collection[str], as_of: date) -> list[KindBurden]:
    """Only plans that the person may read are reckoned."""
    burden = weigh_year(post.unit, visible, as_of) if kinds else None
    return [kind for kind in burden.kinds if kind.kind in kinds and kind.known] if burden else []
