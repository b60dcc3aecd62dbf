"""The tables of papers as files: what was issued, who is behind, where figures come from, what changed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.core.paper.model import Paper
from wuzha.web.campaign.models import IssuedPaper
from wuzha.web.campaign.templatetags.papers import form_title, list_sourced


def tabulate_issued(papers: "QuerySet[IssuedPaper]") -> Table:
    columns = (
        Column(pgettext_lazy("paper", "Number"), lambda one: one.number),
        Column(pgettext_lazy("paper", "Title"), lambda one: one.title),
        Column(pgettext_lazy("paper", "Kind of paper"), lambda one: form_title(one.form)),
        Column(_("To"), lambda one: one.said.get("addressee", "")),
        Column(_("Office"), lambda one: one.unit.name),
        Column(_("As of"), lambda one: one.as_of),
        Column(pgettext_lazy("paper", "Issued"), lambda one: one.issued_at),
        Column(pgettext_lazy("table", "Issued by"), lambda one: str(one.issued_by)),
    )
    return Table("papers", pgettext_lazy("table", "Papers issued"), columns, papers)


def tabulate_candidates(candidates: Collection[Any]) -> Table:
    columns = (
        Column(_("Unit"), lambda one: one.unit.name),
        Column(_("Code"), lambda one: one.unit.code),
        Column(_("Plan"), lambda one: one.plan.version.title),
        Column(_("Missed"), lambda one: one.totals.missed, "number"),
        Column(pgettext_lazy("table", "Expected"), lambda one: one.totals.expected, "number"),
        Column(_("Last letter"), lambda one: one.last.number if one.last else ""),
        Column(pgettext_lazy("paper", "Issued"), lambda one: one.last.issued_at if one.last else None),
    )
    return Table("behind", _("Units that are behind"), columns, candidates)


def tabulate_sources(paper: Paper) -> Table:
    """Each figure as it is printed, and apart from it how many rows the page has that it is the sum of."""
    columns = (
        Column(_("What is counted"), lambda row: row[1].definition),
        Column(pgettext_lazy("figure", "Of what"), lambda row: row[1].filter),
        Column(pgettext_lazy("figure", "Printed"), lambda row: row[0]),
        Column(pgettext_lazy("figure", "Rows behind it"), lambda row: row[1].count, "number"),
        Column(pgettext_lazy("table", "Page that lists it"), lambda row: row[1].address),
    )
    return Table("sources", pgettext_lazy("table", "Where its figures come from"), columns, list_sourced(paper))


def tabulate_figure_changes(counted: Iterable[tuple[datetime, Collection[Any]]]) -> Table:
    """Each figure as it was and as it is, by when it was counted again. Changes are values or what was kept of them."""

    def read(row: tuple[datetime, Any], name: str) -> str:
        one = row[1]
        return str((one.get(name) if isinstance(one, dict) else getattr(one, name)) or "")

    columns = (
        Column(pgettext_lazy("table", "Counted again at"), lambda row: row[0]),
        Column(_("Figure"), lambda row: read(row, "definition")),
        Column(pgettext_lazy("figure", "Of what"), lambda row: read(row, "filter")),
        Column(pgettext_lazy("figure", "then"), lambda row: read(row, "before")),
        Column(pgettext_lazy("figure", "now"), lambda row: read(row, "after")),
        Column(pgettext_lazy("table", "Page that lists it"), lambda row: read(row, "address")),
    )
    rows = [(at, one) for at, changes in counted for one in changes]
    return Table("changes", pgettext_lazy("table", "Figures that came out otherwise"), columns, rows)
