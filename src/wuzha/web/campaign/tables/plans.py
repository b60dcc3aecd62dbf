"""The tables of plans as files: what was promised, what it costs, where it collides and differs, what is set aside."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.adapters.table_export import Column, Table
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.record import RecordKind
from wuzha.core.plan.burden.weigh import Burden, KindBurden, Load
from wuzha.core.plan.diff.compare import Diff
from wuzha.core.plan.diff.coverage import Coverage
from wuzha.web.accounts.templatetags.wuzha import kind_title
from wuzha.web.campaign.models import CalendarDay, DutyWaiver, OwnKind, PlanVersion
from wuzha.web.campaign.queries.burden import MinuteRow, Together
from wuzha.web.campaign.queries.kinds import Own
from wuzha.web.campaign.queries.lint import Told
from wuzha.web.campaign.queries.plans import Shelves
from wuzha.web.campaign.templatetags import diff as said
from wuzha.web.campaign.templatetags.burden import heaviest, load_share, load_terms, sentence, unknown_text
from wuzha.web.campaign.templatetags.campaign import record_kind, shape_title


def tabulate_plans(shelves: Shelves) -> Table:
    words = (
        (shelves.drafts, pgettext_lazy("plan", "Under review")),
        (shelves.in_force, pgettext_lazy("plan", "In force")),
        (shelves.coming, pgettext_lazy("plan", "Not in force yet")),
        (shelves.ended, pgettext_lazy("plan", "Ended")),
    )
    rows: list[tuple[Any, PlanVersion]] = [(word, plan) for plans, word in words for plan in plans]
    columns = (
        Column(_("Plan"), lambda row: row[1].title),
        Column(_("Unit"), lambda row: row[1].unit.name),
        Column(_("Issuer"), lambda row: row[1].issuer),
        Column(_("State"), lambda row: str(row[0])),
        Column(pgettext_lazy("table", "From"), lambda row: row[1].valid_from),
        Column(pgettext_lazy("table", "Until"), lambda row: row[1].valid_to),
        Column(pgettext_lazy("table", "Duties"), lambda row: getattr(row[1], "duty_count", None), "number"),
        Column(pgettext_lazy("table", "Of them to decide"), lambda row: getattr(row[1], "waiting", None), "number"),
    )
    return Table("plans", _("What have we promised?"), columns, rows)


def tabulate_duties(duties: Collection[tuple[Duty, str]]) -> Table:
    columns = (
        Column(_("Clause"), lambda row: row[0].clause),
        Column(_("Duty"), lambda row: row[1]),
        Column(pgettext_lazy("table", "The plan's words"), lambda row: row[0].quote),
        Column(pgettext_lazy("table", "Counted"), _tell_counted),
    )
    return Table("duties", _("Duties"), columns, duties)


def _tell_counted(row: tuple[Duty, str]) -> str:
    return str(_("shown, not counted") if row[0].vague else _("yes"))


def tabulate_burden(burden: Burden | None, together: Together | None) -> Table:
    """What a plan costs each kind of unit, in minutes a week."""

    def find_all(kind: KindBurden) -> Any:
        found = together.burden.find_kind(kind.kind) if together else None
        return found.weekly if found and found.known else None

    columns = (
        Column(_("Kind of unit"), lambda kind: kind_title(kind.kind)),
        Column(pgettext_lazy("table", "Units"), lambda kind: kind.units, "number"),
        Column(pgettext_lazy("table", "Minutes a week"), lambda kind: kind.weekly if kind.known else None, "number"),
        Column(pgettext_lazy("table", "Minutes in the heaviest week"), _read_peak, "number"),
        Column(pgettext_lazy("table", "Minutes a week with the other plans in force"), find_all, "number"),
        Column(pgettext_lazy("table", "Duties not known"), lambda kind: len(kind.unknown), "number"),
    )
    return Table("burden", _("What this plan costs"), columns, burden.kinds if burden else ())


def _read_peak(kind: KindBurden) -> Any:
    return kind.peak.minutes if kind.peak else None


def tabulate_loads(burden: Burden | None) -> Table:
    """How each kind of unit's minutes are reckoned, duty by duty."""
    rows = [row for kind in (burden.kinds if burden else ()) for row in _list_loads(kind)]
    return Table("loads", pgettext_lazy("table", "How the minutes are reckoned"), LOADS, rows)


def tabulate_kind_loads(burden: Burden | None) -> list[Table]:
    """The same for each kind of unit by itself, as it stands under its own head: ``loads-village``."""
    kinds = burden.kinds if burden else ()
    return [Table(f"loads-{kind.kind}", kind_title(kind.kind), LOADS, _list_loads(kind)) for kind in kinds]


# A kind of unit with one of its duties, or with none for the time that is saved where a record serves several.
LoadRow = tuple[KindBurden, Load | None]


def _list_loads(kind: KindBurden) -> list[LoadRow]:
    """What is saved stands beside the duties, so that the rows add up to the kind's minutes a week."""
    saved: list[LoadRow] = [(kind, None)] if kind.saved else []
    return [*((kind, load) for load in heaviest(kind)), *saved, *((kind, load) for load in kind.unknown)]


def _tell_duty(row: LoadRow) -> str:
    return sentence(row[1].duty) if row[1] else str(_("One record serves several duties"))


def _read_weekly(row: LoadRow) -> Any:
    kind, load = row
    if load is None:
        return -kind.per_week(kind.saved)
    return None if load.reason else kind.per_week(load.average)


def _tell_load(row: LoadRow) -> str:
    load = row[1]
    if load is None:
        return str(_("What asks most on a day is enough for all that ask the same."))
    return unknown_text(load) if load.reason else " ".join(filter(None, (load_terms(load), load_share(load))))


LOADS = (
    Column(_("Kind of unit"), lambda row: kind_title(row[0].kind)),
    Column(_("Clause"), lambda row: row[1].duty.clause if row[1] else ""),
    Column(_("Duty"), _tell_duty),
    Column(pgettext_lazy("table", "Minutes a week"), _read_weekly, "number"),
    Column(_("How it is reckoned"), _tell_load),
)


def tabulate_minutes(rows: Collection[MinuteRow]) -> Table:
    columns = (
        Column(_("Kind of record"), lambda row: record_kind(row.kind.code)),
        Column(_("Minutes"), lambda row: row.minutes, "number"),
        Column(pgettext_lazy("table", "Estimate that comes with it"), lambda row: row.built_in, "number"),
        Column(pgettext_lazy("table", "Own figure of"), lambda row: row.own.unit.name if row.own else ""),
        Column(pgettext_lazy("table", "From"), lambda row: row.own.valid_from if row.own else None),
        Column(_("Reason"), lambda row: row.own.reason if row.own else ""),
        Column(_("Recorded by"), lambda row: str(row.own.author) if row.own else ""),
    )
    return Table("minutes", pgettext_lazy("table", "Minutes a record"), columns, rows)


def tabulate_findings(told: Collection[Told]) -> Table:
    """Where a plan collides with higher rules. Numbers that lead to a person are masked, as on the page."""
    columns = (
        Column(pgettext_lazy("table", "Weight"), lambda one: one.level),
        Column(_("Clause"), lambda one: one.finding.clause),
        Column(pgettext_lazy("table", "What is found"), lambda one: one.title),
        Column(pgettext_lazy("table", "The plan's words"), _tell_place),
        Column(_("Why"), lambda one: one.why),
        Column(_("Basis"), lambda one: "；".join(one.bases)),
        Column(_("Could read"), lambda one: one.wording),
        Column(pgettext_lazy("table", "Let stand because"), lambda one: one.stand.reason if one.stand else ""),
    )
    return Table("findings", _("Check against higher rules"), columns, told)


def _tell_place(one: Told) -> str:
    return f"{one.place.before}{one.place.words}{one.place.after}" if one.place else ""


def tabulate_diff(diff: Diff | None, names: tuple[str, str]) -> Table:
    """Two plans side by side, duty by duty; what differs stands first."""
    rows: list[tuple[str, Any]] = []
    for group in said.by_fate(diff) if diff else ():
        rows += [(group["word"], entry) for entry in group["entries"]]
    columns = (
        Column(pgettext_lazy("table", "What became of it"), lambda row: row[0]),
        Column(names[0], lambda row: _write_duty(row[1].old)),
        Column(names[1], lambda row: _write_duty(row[1].new)),
        Column(_("Differences"), lambda row: "；".join(said.entry_changes(row[1]))),
    )
    return Table("diff", _("Two plans side by side"), columns, rows)


def _write_duty(duty: Duty | None) -> str:
    return f"{duty.clause} {sentence(duty)}".strip() if duty else ""


def tabulate_coverage(coverage: Coverage | None, names: tuple[str, str]) -> Table:
    """Each duty of the higher plan, and what of the lower one carries it out."""
    rows: list[tuple[str, Any]] = []
    for group in said.by_reach(coverage) if coverage else ():
        rows += [(group["word"], cover) for cover in group["covers"]]
    columns = (
        Column(pgettext_lazy("table", "Is it carried out"), lambda row: row[0]),
        Column(names[0], lambda row: _write_duty(row[1].duty)),
        Column(names[1], lambda row: "\n".join(_write_duty(one.duty) for one in row[1].by)),
        Column(_("Differences"), lambda row: "；".join(_list_cover_changes(row[1]))),
    )
    return Table("coverage", _("Does the lower plan carry the higher one out?"), columns, rows)


def _list_cover_changes(cover: Any) -> Iterator[str]:
    if left := said.left_out(cover):
        yield left
    for carried in cover.by:
        yield from said.carried_changes(cover, carried)


def tabulate_waivers(waivers: Collection[DutyWaiver]) -> Table:
    columns = (
        Column(_("Unit"), lambda one: one.unit.name),
        Column(pgettext_lazy("table", "With all below it"), lambda one: str(_("yes")) if one.is_below else ""),
        Column(pgettext_lazy("table", "From"), lambda one: one.opens_on),
        Column(pgettext_lazy("table", "Until"), lambda one: one.last_on),
        Column(_("Reason"), lambda one: one.reason),
        Column(pgettext_lazy("table", "Given by"), lambda one: f"{one.given_as} {one.author}"),
        Column(pgettext_lazy("table", "Entered at"), lambda one: one.created_at),
        Column(pgettext_lazy("table", "Taken back at"), lambda one: one.withdrawn_at),
        Column(pgettext_lazy("table", "Taken back because"), lambda one: one.withdrawn_because),
    )
    return Table("waivers", _("Set aside"), columns, waivers)


def tabulate_days(days: "QuerySet[CalendarDay]") -> Table:
    columns = (
        Column(_("Day"), lambda one: one.day),
        Column(pgettext_lazy("table", "What it is"), lambda one: str(one.get_says_display())),
        Column(_("Unit"), lambda one: one.unit.name),
        Column(_("Reason"), lambda one: one.reason),
        Column(_("Recorded by"), lambda one: str(one.author)),
        Column(pgettext_lazy("table", "Entered at"), lambda one: one.created_at),
        Column(pgettext_lazy("table", "Taken back at"), lambda one: one.withdrawn_at),
    )
    return Table("days", _("Days of our own"), columns, days)


def tabulate_kinds(own: Sequence[Own], groups: Mapping[str, Sequence[RecordKind]]) -> Table:
    """Every kind that can be recorded: the county's own and those that come with Wuzha."""
    rows: list[tuple[RecordKind, Own | None]] = [(one.kind, one) for one in own]
    rows += [(kind, None) for kinds in groups.values() for kind in kinds]
    columns = (
        Column(_("Kind"), lambda row: record_kind(row[0].code)),
        Column(_("Code"), lambda row: row[0].code),
        Column(pgettext_lazy("table", "Sort"), lambda row: shape_title(row[0].shape)),
        Column(pgettext_lazy("table", "Minutes a record"), lambda row: row[0].minutes, "number"),
        Column(pgettext_lazy("table", "Own kind of"), lambda row: row[1].holder if row[1] else ""),
        Column(pgettext_lazy("table", "Records"), lambda row: row[1].records if row[1] else None, "number"),
        Column(pgettext_lazy("table", "Closed from"), lambda row: row[0].closed_on),
    )
    return Table("kinds", _("Kinds of record"), columns, rows)


def tabulate_kind_entries(entries: "QuerySet[OwnKind]") -> Table:
    columns = (
        Column(_("Kind"), lambda entry: entry.title),
        Column(_("Code"), lambda entry: entry.code),
        Column(pgettext_lazy("table", "From"), lambda entry: entry.valid_from),
        Column(pgettext_lazy("table", "Closed"), lambda entry: str(_("yes")) if entry.is_closed else ""),
        Column(_("Reason"), lambda entry: entry.reason),
        Column(_("Unit"), lambda entry: entry.unit.name),
        Column(_("Recorded by"), lambda entry: str(entry.author)),
        Column(pgettext_lazy("table", "Entered at"), lambda entry: entry.created_at),
    )
    return Table("entries", _("Who added or changed what"), columns, entries)
