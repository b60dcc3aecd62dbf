"""The tables of titles as files: the share up the tree, the units, and the windows behind a criterion."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.adapters.wording.words import describe_status
from wuzha.core.assessment.model import Standing
from wuzha.core.title.criteria import CriterionFinding
from wuzha.web.campaign import wording
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.queries.titles import ShareRow, UnitTitle
from wuzha.web.campaign.templatetags.titles import say_next, stage_word


def tabulate_share(name: str, rows: Collection[ShareRow]) -> Table:
    columns = (
        Column(_("Unit"), lambda row: row.unit.name),
        Column(_("Code"), lambda row: row.unit.code),
        Column(pgettext_lazy("title", "With the title"), lambda row: row.share.held, "number"),
        Column(pgettext_lazy("title", "Could hold it"), lambda row: row.share.units, "number"),
    )
    return Table("share", name, columns, rows)


def tabulate_units(name: str, units: Collection[UnitTitle], as_of: date) -> Table:
    """The units in the order of the roster, with where they stand and what comes next."""
    columns = (
        Column(_("Unit"), lambda one: one.unit.name),
        Column(_("Code"), lambda one: one.unit.code),
        Column(pgettext_lazy("title", "State"), lambda one: stage_word(one.stage)),
        Column(pgettext_lazy("title", "Since"), _award(lambda award: award.opens)),
        Column(pgettext_lazy("title", "Until"), _award(lambda award: award.last_day)),
        Column(pgettext_lazy("title", "Next"), lambda one: say_next(one, as_of)),
    )
    return Table("units", name, columns, units)


def _award(read: Callable[[Any], date]) -> Callable[[UnitTitle], date | None]:
    return lambda one: read(one.award) if one.award else None


def tabulate_windows(finding: CriterionFinding, as_of: date) -> Table:
    def tell_window(standing: Standing) -> str:
        return wording.say_window(standing.obligation.window, as_of)

    columns = (
        Column(_("Window"), tell_window),
        Column(_("Standing"), lambda one: describe_status(one.status, wording.language())),
        Column(_("Counted"), lambda one: wording.say_tally(finding.duty, one, load_kinds())),
    )
    return Table("windows", finding.duty.quote or finding.duty.id, columns, finding.looked_at)
