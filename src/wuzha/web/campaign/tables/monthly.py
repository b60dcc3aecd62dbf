"""The monthly progress table as a plain file: every line of the page with those that are folded, a column a figure.

The workbook that is printed, with its merged heads and formulas, stands beside it on the page.
"""

from fractions import Fraction

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.core.paper.column import Column as MonthColumn
from wuzha.core.paper.month import MonthlyRow, MonthlyTable
from wuzha.core.paper.month_words import name_column, say_cell, say_row


def tabulate_month(table: MonthlyTable) -> Table:
    """The columns are named in Chinese, as on paper. A figure that is not known leaves its cell empty."""
    columns = [
        Column(_("Unit"), lambda row: say_row(row, table.question)),
        Column(_("Code"), lambda row: row.unit.code),
        *(_make_column(place, column) for place, column in enumerate(table.columns)),
    ]
    return Table("month", pgettext_lazy("paper", "Monthly progress table"), columns, table.rows)


def _make_column(place: int, column: MonthColumn) -> Column:
    if column.is_text:
        return Column(name_column(column), lambda row: say_cell(row.cells[place], column))
    return Column(name_column(column), lambda row: _read(row, place), "number")


def _read(row: MonthlyRow, place: int) -> Fraction | None:
    return row.cells[place].value
