"""The table of an inspection round as a file: what was seen of each item, and never of whom."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.web.campaign.queries.inspections import ItemCount
from wuzha.web.campaign.templatetags.inspections import item_title


def tabulate_items(counts: Collection[ItemCount]) -> Table:
    columns = (
        Column(pgettext_lazy("checklist", "What is looked at"), lambda one: item_title(one.item)),
        Column(pgettext_lazy("inspection", "Seen"), lambda one: one.seen, "number"),
        Column(pgettext_lazy("verdict", "Good"), lambda one: one.good, "number"),
        Column(pgettext_lazy("verdict", "Wanting"), lambda one: one.bad, "number"),
        Column(pgettext_lazy("verdict", "Not seen"), lambda one: one.unseen, "number"),
    )
    return Table("items", _("By item"), columns, counts)
