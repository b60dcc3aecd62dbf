"""The monthly table on a page: what stands in its heads, whose a line is, and its figures as they are printed."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from wuzha.core.paper.column import Column
from wuzha.core.paper.month import MonthlyRow, MonthlyTable
from wuzha.core.paper.month_words import say_cell, say_note, say_period, say_row
from wuzha.web.campaign.queries.monthly import link_figure
from wuzha.web.campaign.queries.table_calls import Collection
from wuzha.web.campaign.wording import language

register = template.Library()


@register.simple_tag
def column_title(column: Column) -> str:
    return column.title if language() == "zh" else column.title_en


@register.simple_tag
def column_group(column: Column) -> str:
    return column.group if language() == "zh" else column.group_en


@register.simple_tag
def column_name(column: Column) -> str:
    """Its title under its group."""
    return f"{column_group(column)} · {column_title(column)}"


@register.simple_tag
def column_says(column: Column) -> str:
    """The definition."""
    return column.says if language() == "zh" else column.says_en


@register.simple_tag
def column_measure(column: Column) -> str:
    return column.measure if language() == "zh" else column.measure_en


@register.simple_tag
def figure_text(table: MonthlyTable, row: MonthlyRow, column: Column) -> str:
    """The figure with its measure."""
    cell = table.read(row, column.code)
    said = say_cell(cell, column)
    measure = column_measure(column) if cell.is_known and not column.is_derived else ""
    return f"{said} {measure}".strip()


@register.simple_tag
def row_name(table: MonthlyTable, row: MonthlyRow) -> str:
    """Whose line it is; of the total the unit that the table is of."""
    return row.unit.name if row.kind == "total" else say_row(row, table.question)


@register.simple_tag
def month_name(month: str) -> str:
    """2026-11 as people say it."""
    year, _dash, number = month.partition("-")
    return pgettext("month", "%(number)s/%(year)s") % {"year": year, "number": int(number)}


@register.simple_tag
def table_period(table: MonthlyTable) -> str:
    """The days that are counted."""
    return say_period(table.question)


@register.simple_tag
def line_figure(collection: Collection, row: MonthlyRow, column: Column) -> SafeString:
    """A figure of a line with its measure, leading to its records, and why it is not known."""
    table = collection.table
    cell = table.read(row, column.code)
    said, note = figure_text(table, row, column), say_note(cell)
    href = link_figure(collection.asked, table, row, column) if cell.is_known else ""
    link = format_html('<a href="{}" title="{}">{}</a>', href, column_says(column), said) if href else said
    return format_html('{} <span class="muted">{}</span>', link, note) if note else format_html("{}", link)
