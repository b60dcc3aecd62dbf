"""The tables of the pages about personal data, as files too."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.table_export import Column, Table
from wuzha.web.personal.models import LegalHold
from wuzha.web.personal.retention import Rule, Told


def tabulate_clocks(clocks: Sequence[tuple[Rule, int]]) -> Table:
    return Table(
        "clocks",
        _("How long what is kept"),
        (
            Column(_("What"), lambda one: str(one[0].title)),
            Column(_("Days"), lambda one: one[1]),
            Column(_("At least"), lambda one: one[0].least),
            Column(_("At most"), lambda one: one[0].most),
            Column(_("Where it comes from"), lambda one: one[0].source),
        ),
        clocks,
    )


def tabulate_runs(runs: Sequence[Told]) -> Table:
    return Table(
        "runs",
        _("What was let go"),
        (
            Column(_("When"), lambda one: timezone.localtime(one.began_at)),
            Column(_("What"), lambda one: str(one.title)),
            Column(_("After days"), lambda one: one.days),
            Column(_("Let go"), lambda one: one.count),
            Column(_("Kept because of a hold"), lambda one: one.held),
            Column(_("The oldest of"), lambda one: one.oldest),
            Column(_("Where it comes from"), lambda one: one.source),
        ),
        runs,
    )


def tabulate_holds(holds: "QuerySet[LegalHold]", names: Mapping[int, str]) -> Table:
    return Table(
        "holds",
        _("Holds"),
        (
            Column(_("On what"), lambda one: names[one.pk]),
            Column(_("Reason"), lambda one: one.reason),
            Column(_("By whom"), lambda one: str(one.made_by)),
            Column(_("Since"), lambda one: timezone.localtime(one.made_at)),
            Column(_("Lifted"), lambda one: timezone.localtime(one.lifted_at) if one.lifted_at else None),
            Column(_("Why it was lifted"), lambda one: one.lifted_because),
        ),
        holds,
    )
