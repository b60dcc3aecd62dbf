"""The tables of measures as files."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.adapters.wording.words import describe_status
from wuzha.web.campaign import wording
from wuzha.web.campaign.queries.measures import FactLine, MeasureLine
from wuzha.web.campaign.templatetags.supervision import measure_state, measure_title, signal_words


def tabulate_measures(lines: Collection[MeasureLine]) -> Table:
    """Every measure under way and at an end, in the order of the page."""
    columns = (
        Column(_("Unit"), lambda line: line.row.unit.name),
        Column(_("Code"), lambda line: line.row.unit.code),
        Column(pgettext_lazy("supervision", "Step"), lambda line: measure_title(line.row)),
        Column(pgettext_lazy("paper", "Number"), lambda line: line.row.paper.number),
        Column(pgettext_lazy("measure", "How it stands"), measure_state),
        Column(pgettext_lazy("measure", "Given"), lambda line: line.row.given_on),
        Column(pgettext_lazy("table", "Given by"), lambda line: str(line.row.given_by)),
    )
    return Table("measures", pgettext_lazy("supervision", "Measures"), columns, lines)


def tabulate_facts(facts: Collection[FactLine]) -> Table:
    """What a measure is for: then and now."""

    def read(one: Mapping[str, Any] | None, name: str) -> str:
        return str(one[name]) if one else ""

    columns = (
        Column(_("Duty"), lambda one: read(one.then, "title")),
        Column(pgettext_lazy("table", "Window"), lambda one: read(one.then, "said")),
        Column(pgettext_lazy("figure", "then"), lambda one: _tell_fact(one.then)),
        Column(pgettext_lazy("table", "Records"), lambda one: len(one.then["records"]), "number"),
        Column(pgettext_lazy("figure", "now"), lambda one: _tell_fact(one.now)),
        Column(_("Remark"), lambda one: signal_words(one.then["signal"]) if one.then.get("signal") else ""),
    )
    return Table("facts", _("What it is for: then and now"), columns, facts)


def _tell_fact(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return str(_("cannot be told any more"))
    return f"{one['told']} {describe_status(one['status'], wording.language())}"
