"""The tables of scores as files. Units stand in the order of the roster; there is no column of places."""

from collections.abc import Collection, Iterable
from fractions import Fraction

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.core.assessment.model import Status
from wuzha.core.plan.model import Plan
from wuzha.core.score.model import Line, Scorecard, Sort
from wuzha.web.campaign import wording
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries.scores import Piece, UnitScore
from wuzha.web.campaign.templatetags.scores import formula, item_title, line_text, reach_text, small_lines


def tabulate_scores(rows: Collection[UnitScore], card: Scorecard) -> Table:
    """What the page shows, and behind it every item by itself; an item of which nothing is known is an empty cell."""
    columns = (
        Column(_("Unit"), lambda row: row.unit.name),
        Column(_("Code"), lambda row: row.unit.code),
        Column(pgettext_lazy("score", "Score"), lambda row: row.score.earned, "number"),
        Column(pgettext_lazy("score", "Of known"), lambda row: row.score.possible, "number"),
        Column(pgettext_lazy("score", "Unknown"), lambda row: row.score.unknown, "number"),
        Column(pgettext_lazy("score", "Not due"), lambda row: row.score.idle, "number"),
        Column(pgettext_lazy("score", "Bonus"), lambda row: row.score.add_up(Sort.BONUS), "number"),
        Column(pgettext_lazy("score", "Deducted"), lambda row: row.score.add_up(Sort.DEDUCTION), "number"),
        Column(pgettext_lazy("score", "Items on a small base"), lambda row: small_lines(row.score), "number"),
        *(_make_item_column(number, item_title(item)) for number, item in enumerate(card.items)),
    )
    return Table("scores", pgettext_lazy("score", "Scores"), columns, rows)


def _make_item_column(number: int, title: str) -> Column:
    return Column(title, lambda row: _find_points(row.score.lines[number]), "number")


def _find_points(line: Line) -> Fraction | None:
    is_known = line.item.sort is not Sort.POINTS or line.possible
    return line.earned if is_known else None


def tabulate_lines(lines: Collection[Line], card: Scorecard, plan: Plan) -> Table:
    """One unit's score, item by item."""
    columns = (
        Column(pgettext_lazy("score", "Item"), lambda line: item_title(line.item)),
        Column(pgettext_lazy("score", "Score"), _find_points, "number"),
        Column(pgettext_lazy("score", "Of known"), lambda line: line.possible, "number"),
        Column(pgettext_lazy("score", "Unknown"), lambda line: line.unknown, "number"),
        Column(pgettext_lazy("score", "Not due"), lambda line: line.idle, "number"),
        Column(pgettext_lazy("score", "What it is the sum of"), line_text),
        Column(pgettext_lazy("score", "Chance"), reach_text),
        Column(pgettext_lazy("score", "How it is counted"), lambda line: formula(line.item, plan, card)),
        Column(pgettext_lazy("score", "Office that answers for it"), lambda line: line.item.owner),
    )
    return Table("lines", pgettext_lazy("score", "Scores"), columns, lines)


def tabulate_pieces(pieces: Iterable[Piece]) -> Table:
    """The duties of an item with each unit that bears them."""
    rows = [(piece.duty, unit, totals) for piece in pieces for unit, totals in piece.bearers]
    columns = (
        Column(_("Duty"), lambda row: wording.title_duty(row[0], load_kinds())),
        Column(_("Unit"), lambda row: row[1].name),
        Column(_("Code"), lambda row: row[1].code),
        Column(pgettext_lazy("score", "Done in time"), lambda row: row[2].count(Status.MET), "number"),
        Column(pgettext_lazy("score", "Done late"), lambda row: row[2].count(Status.LATE), "number"),
        Column(_("Missed"), lambda row: row[2].count(Status.MISSED), "number"),
        Column(pgettext_lazy("score", "Unknown"), lambda row: row[2].count(Status.UNKNOWN), "number"),
        Column(pgettext_lazy("score", "Not due yet"), lambda row: row[2].count(Status.OPEN), "number"),
    )
    return Table("pieces", pgettext_lazy("score", "What it is the sum of"), columns, rows)
