"""The tables of inspections as files, in the order of the checklist and of the days; there is no column of places."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.web.campaign.queries.inspections import FindingStanding, ItemCount
from wuzha.web.campaign.templatetags.inspections import item_title, mending_word


def tabulate_items(counts: Collection[ItemCount]) -> Table:
    """How often each item of a round was seen how."""
    columns = (
        Column(pgettext_lazy("checklist", "What is looked at"), lambda one: item_title(one.item)),
        Column(pgettext_lazy("inspection", "Seen"), lambda one: one.seen, "number"),
        Column(pgettext_lazy("verdict", "Good"), lambda one: one.good, "number"),
        Column(pgettext_lazy("verdict", "Wanting"), lambda one: one.bad, "number"),
        Column(pgettext_lazy("verdict", "Not seen"), lambda one: one.unseen, "number"),
    )
    return Table("items", _("By item"), columns, counts)


def tabulate_findings(standings: Collection[FindingStanding]) -> Table:
    """Each finding and how it stands."""
    columns = (
        Column(pgettext_lazy("finding", "Number"), lambda one: one.finding.number),
        Column(_("Unit"), lambda one: one.finding.unit.name),
        Column(_("Code"), lambda one: one.finding.unit.code),
        Column(pgettext_lazy("checklist", "What is looked at"), lambda one: one.finding.title),
        Column(pgettext_lazy("inspection", "What was seen"), lambda one: one.finding.words),
        Column(pgettext_lazy("finding", "Found"), lambda one: one.finding.found_on),
        Column(pgettext_lazy("inspection", "To be mended by"), lambda one: one.mending.mend_by),
        Column(pgettext_lazy("finding", "How it stands"), lambda one: mending_word(one.mending)),
        Column(pgettext_lazy("finding", "Mended on"), lambda one: one.mending.mended_on),
    )
    return Table("findings", _("Findings"), columns, standings)
