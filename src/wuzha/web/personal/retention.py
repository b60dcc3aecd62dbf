"""How long each kind of data is kept, and the run that lets go what is past its time.

Records stay, with all that is counted: what goes is what nobody confirmed, what was sealed behind stars, old files and
the names of people who left. What a hold is on stays until the hold is lifted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Min, ProtectedError, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Post, User
from wuzha.web.personal.erasure import erase_person, list_gone
from wuzha.web.personal.models import LegalHold, RetentionDays, RetentionRun, SealedPart

LAW, PRACTICE = "law", "practice"
BATCH = 500
REPORTED = ("days", "count", "held", "oldest")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A table of a kind: since when a row's clock runs, under which unit it stands, and whose it is."""

    table: str
    clock: str
    unit: str = ""
    person: str = ""
    only: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One clock: ``days`` by default, within bounds, and where it comes from (``basis`` is ``law`` or ``practice``)."""

    kind: str
    title: Any
    days: int
    least: int
    most: int
    basis: str
    source: str
    shelves: tuple[Shelf, ...] = ()


RULES: tuple[Rule, ...] = (
    Rule(
        "uploads",
        _("Files between preview and confirmation"),
        *(7, 1, 30, PRACTICE, "个人信息保护法第十九条：保存期限为实现处理目的所必要的最短时间"),
        (
            Shelf("accounts.RosterUpload", "uploaded_at", person="uploaded_by"),
            Shelf("accounts.PeopleUpload", "uploaded_at", person="uploaded_by"),
            Shelf("campaign.RecordUpload", "uploaded_at", person="uploaded_by"),
            Shelf("campaign.TableUpload", "uploaded_at", person="uploaded_by"),
            Shelf("campaign.GroundUpload", "uploaded_at", "unit", "uploaded_by"),
        ),
    ),
    Rule(
        "drafts",
        _("Drafts of papers and scorecards never issued"),
        *(365, 30, 1095, PRACTICE, "个人信息保护法第十九条"),
        (
            Shelf("campaign.DraftPaper", "changed_at", "unit", "created_by"),
            Shelf("campaign.DraftScorecard", "changed_at", "unit", "created_by"),
        ),
    ),
    Rule(
        "held",
        _("Corrections whose record never came"),
        *(365, 90, 1095, PRACTICE, "个人信息保护法第十九条"),
        (Shelf("campaign.HeldRecord", "arrived_at", "unit", "author", {"applied_at": None}),),
    ),
    Rule(
        "sign-ins",
        _("Log-ins and devices not seen any more"),
        *(190, 183, 1095, LAW, "网络安全法：网络日志留存不少于六个月（第二十一条，2016年编号）"),
        (Shelf("signin.SignIn", "seen_at", person="user"),),
    ),
    Rule(
        "attempts",
        _("Counts of wrong log-ins"),
        *(2, 1, 30, PRACTICE, "只用于限速；谁登录失败留在审计日志里"),
        (Shelf("signin.Attempt", "at"),),
    ),
    Rule(
        "links",
        _("One-time links that were used or have run out"),
        *(30, 1, 190, PRACTICE, "个人信息保护法第十九条"),
        (Shelf("accounts.Invitation", "expires_at", person="user"),),
    ),
    Rule(
        "sessions",
        _("Sessions that have ended"),
        *(1, 1, 30, PRACTICE, "个人信息保护法第十九条"),
        (Shelf("sessions.Session", "expire_date"),),
    ),
    Rule(
        "numbers",
        _("Sealed originals of covered numbers"),
        *(365, 90, 1095, PRACTICE, "个人信息保护法第十九条、第四十七条；最短 90 天，便于核对和申诉"),
    ),
    Rule(
        "photos",
        _("Photos and papers of records"),
        *(1095, 365, 3650, PRACTICE, "三年行动期满，核查和申诉已经结束"),
        (Shelf("campaign.Evidence", "received_at", "", "uploaded_by"),),
    ),
    Rule(
        "accounts",
        _("Names of people without a post"),
        *(1095, 183, 3650, PRACTICE, "个人信息保护法第四十七条；三年内留给审计、申诉和影响评估记录（第五十六条）"),
    ),
)
BY_KIND: Mapping[str, Rule] = MappingProxyType({rule.kind: rule for rule in RULES})


@dataclass(frozen=True, slots=True)
class Line:
    """What one run did by one rule. ``held`` were past their time and stayed, because a hold or a paper needs them."""

    kind: str
    days: int
    count: int
    held: int
    oldest: str

    def tell(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("kind", *REPORTED)}


def read_days() -> dict[str, int]:
    """For how many days each kind is kept here: the last entry that somebody made, or what comes with Wuzha."""
    days = {rule.kind: rule.days for rule in RULES}
    for row in RetentionDays.objects.order_by("id"):
        if (rule := BY_KIND.get(row.kind)) is not None:
            days[row.kind] = min(max(row.days, rule.least), rule.most)
    return days


@dataclass(frozen=True, slots=True)
class Holds:
    """What must stay: units with all below, objects by table, people."""

    paths: tuple[str, ...]
    objects: Mapping[str, frozenset[str]]

    def on_units(self, field: str = "path") -> Q:
        """That a unit, whose path stands in the field, is held."""
        return reduce(or_, (is_below(path, field) for path in self.paths), Q(pk__in=()))

    def of(self, table: str) -> frozenset[str]:
        return self.objects.get(table, frozenset())


def read_holds() -> Holds:
    rows = list(LegalHold.objects.filter(lifted_at=None).select_related("unit"))
    paths = []
    objects: dict[str, set[str]] = {}
    for row in rows:
        if row.unit is not None:
            paths.append(row.unit.path)
        else:
            objects.setdefault(row.object_type, set()).add(row.object_id)
    return Holds(tuple(paths), {name: frozenset(found) for name, found in objects.items()})


@dataclass(frozen=True, slots=True)
class Told:
    """One line of one run, as it was reported."""

    began_at: datetime
    title: Any
    source: str
    days: int
    count: int
    held: int
    oldest: str


def list_runs() -> list[Told]:
    """What the runs of the last year let go, the last first."""
    found = RetentionRun.objects.all()[:400]
    return [
        Told(
            run.began_at, BY_KIND[line["kind"]].title, BY_KIND[line["kind"]].source, *(line[name] for name in REPORTED)
        )
        for run in found
        for line in run.lines
        if line["kind"] in BY_KIND and (line["count"] or line["held"])
    ]


def run_retention(*, now: datetime, dry: bool = False) -> list[Line]:
    """Lets go what is past its time and keeps a report of it; ``dry`` only counts. Twice at once does it once."""
    days, holds = read_days(), read_holds()
    lines = [_run_rule(rule, days[rule.kind], holds, now, dry) for rule in RULES]
    if not dry:
        _report(lines, now)
    return lines


@transaction.atomic
def _report(lines: list[Line], now: datetime) -> None:
    run = RetentionRun(began_at=now, lines=[line.tell() for line in lines])
    run.save(force_insert=True)
    gone = {line.kind: line.count for line in lines if line.count}
    write_audit(action="retention.run", actor=None, target=run, at=now, **gone)


def run_if_due(now: datetime) -> int:
    """Once a day; says how much went."""
    last = RetentionRun.objects.order_by("-began_at").first()
    if last is not None and timezone.localdate(last.began_at) >= timezone.localdate(now):
        return 0
    return sum(line.count for line in run_retention(now=now))


def _run_rule(rule: Rule, days: int, holds: Holds, now: datetime, dry: bool) -> Line:
    limit = now - timedelta(days=days)
    if rule.kind == "numbers":
        count, held, oldest = _let_numbers_go(holds, limit, dry)
    elif rule.kind == "accounts":
        count, held, oldest = _let_names_go(holds, limit, now, dry)
    else:
        found = [_clear(shelf, holds, limit, dry) for shelf in rule.shelves]
        count, held = sum(one[0] for one in found), sum(one[1] for one in found)
        oldest = min((one[2] for one in found if one[2]), default="")
    return Line(rule.kind, days, count, held, oldest)


def _clear(shelf: Shelf, holds: Holds, limit: datetime, dry: bool) -> tuple[int, int, str]:
    model = apps.get_model(shelf.table)
    due = model._default_manager.filter(**{f"{shelf.clock}__lt": limit}, **shelf.only)
    all_due = due.count()
    free = _leave_held(due, shelf, holds)
    oldest = free.aggregate(oldest=Min(shelf.clock))["oldest"]
    count = free.count() if dry else _delete(free)
    return count, all_due - count, oldest.date().isoformat() if oldest else ""


def _leave_held(due: "QuerySet[Any]", shelf: Shelf, holds: Holds) -> "QuerySet[Any]":
    name = str(due.model._meta.model_name)
    if shelf.unit:
        held = apps.get_model("accounts.Unit")._default_manager.filter(holds.on_units())
        due = due.exclude(**{f"{shelf.unit}__in": held.values("pk")})
    if shelf.table == "campaign.Evidence":
        records = apps.get_model("campaign.Record")._default_manager.filter(holds.on_units("unit__path"))
        due = due.exclude(record_id__in=records.values("pk")).exclude(record_id__in=list(holds.of("record")))
    if shelf.person and holds.of("person"):
        due = due.exclude(**{f"{shelf.person}_id__in": list(holds.of("person"))})
    return due.exclude(pk__in=list(holds.of(name))) if holds.of(name) else due


def _delete(found: "QuerySet[Any]") -> int:
    """In batches, each kept by itself; what another row still needs stays."""
    gone, last = 0, None
    while some := list((found if last is None else found.filter(pk__gt=last)).order_by("pk")[:BATCH]):
        last = some[-1].pk
        for row in some:
            gone += _delete_one(row)
    return gone


def _delete_one(row: models.Model) -> int:
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        return 0
    return 1


def _let_numbers_go(holds: Holds, limit: datetime, dry: bool) -> tuple[int, int, str]:
    """What stood behind the stars; the masked text stays."""
    due = SealedPart.objects.filter(made_at__lt=limit)
    all_due, oldest = due.count(), due.aggregate(oldest=Min("made_at"))["oldest"]
    gone = 0
    for some in _cut(due):
        kept = _find_held_records([row.object_id for row in some if row.object_type == "record"], holds)
        free = [row.pk for row in some if row.object_id not in kept and row.object_id not in holds.of(row.object_type)]
        gone += len(free)
        if not dry:
            SealedPart.objects.filter(pk__in=free).delete()
    return gone, all_due - gone, oldest.date().isoformat() if oldest and gone else ""


def _cut(due: "QuerySet[SealedPart]") -> Iterator[list[SealedPart]]:
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield list(SealedPart.objects.filter(pk__in=keys[start : start + BATCH]).defer("original"))


def _find_held_records(ids: list[str], holds: Holds) -> set[str]:
    record = apps.get_model("campaign.Record")._default_manager
    return {str(pk) for pk in record.filter(holds.on_units("unit__path"), pk__in=ids).values_list("pk", flat=True)}


def _let_names_go(holds: Holds, limit: datetime, now: datetime, dry: bool) -> tuple[int, int, str]:
    """The names of people whose last post ended so long ago."""
    due: list[tuple[User, Any]] = list_gone(timezone.localdate(limit))
    held = {*map(str, Post.objects.filter(holds.on_units("unit__path")).values_list("user_id", flat=True))}
    held |= holds.of("person")
    free = [(person, ended) for person, ended in due if str(person.pk) not in held]
    for person, _ended in [] if dry else free:
        erase_person(actor=None, person=person, reason="保存期满", now=now)
    oldest = min((ended.isoformat() for _person, ended in free), default="")
    return len(free), len(due) - len(free), oldest
