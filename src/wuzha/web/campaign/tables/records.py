"""The tables around records as files: versions of one, corrections that wait, what is unusual, a round.

The ledger itself goes out by :mod:`wuzha.adapters.record_export`, in a form that can come in again.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.core.ledger.reason import Reason
from wuzha.web.accounts.tables import Pieces
from wuzha.web.campaign.models import HeldRecord, Record
from wuzha.web.campaign.queries.looks import Case, Pile, show_cases
from wuzha.web.campaign.templatetags.campaign import amount, record_kind
from wuzha.web.campaign.templatetags.doors import problem_text
from wuzha.web.campaign.templatetags.looks import say_reason

# So many are looked up at a time: each brings its records and photos.
FEW = 50


def tabulate_versions(versions: Collection[Record]) -> Table:
    columns = (
        Column(_("Reached the server"), lambda one: one.received_at),
        Column(_("What it is"), _tell_version),
        Column(_("Day"), lambda one: one.happened_on),
        Column(pgettext_lazy("record", "How much"), amount),
        Column(_("People"), lambda one: one.people, "number"),
        Column(_("Recorded by"), lambda one: str(one.author)),
        Column(_("Remark"), lambda one: one.note),
        Column(_("Record number"), lambda one: str(one.pk)),
    )
    return Table("versions", _("Versions"), columns, versions)


def _tell_version(one: Record) -> str:
    if one.withdrawn:
        return str(_("taken back"))
    return str(_("correction") if one.replaces_id else _("original"))


def tabulate_held(held: "QuerySet[HeldRecord]") -> Table:
    columns = (
        Column(_("Reached the server"), lambda one: one.arrived_at),
        Column(_("Unit"), lambda one: one.unit.name),
        Column(_("Kind"), lambda one: record_kind(one.told["kind"])),
        Column(_("Day"), lambda one: _read_day(one.told.get("happened_on", ""))),
        Column(_("Recorded by"), lambda one: str(one.author)),
        Column(_("What it waits for"), lambda one: problem_text(one.why)),
        Column(_("Record number"), lambda one: str(one.original_id)),
    )
    return Table("held", _("Corrections that wait"), columns, held)


def _read_day(text: str) -> date | str:
    """As it was told; what is no day stays a text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def tabulate_looks(pile: Pile, reasons: Sequence[Reason], today: date) -> Table:
    """What is unusual, each with the record that it is about; photos stay on the page."""

    def show(piece: list[Any]) -> list[Case]:
        return list(show_cases(piece, pile.looks, today))

    columns = (
        Column(_("What is unusual"), say_reason),
        Column(_("Unit"), lambda case: case.sides[0].record.unit.name),
        Column(_("Kind"), lambda case: record_kind(case.sides[0].record.kind)),
        Column(pgettext_lazy("record", "How much"), lambda case: amount(case.sides[0].record)),
        Column(_("It happened"), lambda case: case.sides[0].record.happened_on),
        Column(_("Reached the server"), lambda case: case.sides[0].record.received_at),
        Column(_("Record number"), lambda case: str(case.sides[0].record.pk)),
        Column(pgettext_lazy("table", "Records concerned"), lambda case: len(case.records), "number"),
        Column(pgettext_lazy("table", "Returned with the note"), lambda case: case.last.note if case.last else ""),
    )
    return Table("looks", _("Please have a look"), columns, Pieces(reasons, show, FEW))


def tabulate_round(left: Collection[str]) -> Table:
    """The numbers that are still to be visited: opaque ones, and nothing beside them."""
    columns = (Column(pgettext_lazy("table", "Number still to be visited"), lambda number: number),)
    return Table("left", _("Visit round"), columns, left)
