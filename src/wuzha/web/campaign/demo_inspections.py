"""The sample county's round of inspection: drawn, walked in part, one finding mended and one still to be mended."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType

from wuzha.adapters.checklist_yaml import load_checklist
from wuzha.adapters.sample.book import end_of_work
from wuzha.adapters.sample.habit import SHOWN_VILLAGE
from wuzha.adapters.sample.plan import ISSUER
from wuzha.core.base.windows import Window, find_window
from wuzha.core.supervision.checklist import Answer, Item, Verdict
from wuzha.core.supervision.inspection import QUARTER, Draw, digest_seed, draw_inspection
from wuzha.core.supervision.mending import Step
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.actions.inspections import (
    Actor,
    Said,
    Seen,
    draw_round,
    plan_round,
    say_of_finding,
    write_result,
)
from wuzha.web.campaign.models import InspectionFinding, InspectionRound, Record

UNITS, ITEMS, RECORDS = 6, 5, 3
NOTICE = timedelta(days=3)
FOUND: Mapping[str, str] = MappingProxyType(
    {
        "tasks_done": "台账记了两场活动，问下来只办过一场，另一场改了期没有更正。",
        "sites": "村口宣传栏的内容还是上半年的，下半截被杂物挡住。",
    }
)
PLAIN = "有一件没有说清，请再理一理。"


def write_inspections(units: Mapping[str, Unit], users: Mapping[str, User], today: date, now: datetime) -> None:
    """Its visits are inspections that the ledger holds already; a quarter that has none yet shows the draw alone."""
    office = next(unit for unit in units.values() if unit.name == ISSUER)
    records = list(Record.objects.filter(unit=office, kind="inspection", happened_on__lte=today))
    quarter = find_window(QUARTER, records[0].happened_on if records else today)
    made = sorted((one for one in records if one.happened_on in quarter.interval), key=lambda one: one.happened_on)[-2:]
    first = made[0].happened_on if made else today
    # Planned some days before the draw, so that everybody could have noted the digest of the sealed number.
    drawn_on = max(quarter.opens, first - timedelta(days=7))
    planned_at, drawn_at = (min(now, end_of_work(day)) for day in (drawn_on - NOTICE, drawn_on))
    planning, drawing = (Actor(users["officer"], "officer", at) for at in (planned_at, drawn_at))
    villages = [unit for unit in units.values() if unit.kind == "village" and unit.opens_on <= quarter.opens]
    codes = [unit.code for unit in villages if unit.closes_on > quarter.closes]
    row = _plan(planning, office, units, codes, quarter)
    draw_round(actor=drawing, row=row)
    _visit(row, made, users, today, now)


def _plan(
    actor: Actor, office: Unit, units: Mapping[str, Unit], codes: Sequence[str], quarter: Window
) -> InspectionRound:
    last = quarter.closes - timedelta(days=1)
    opens = max(quarter.opens, actor.today)
    items = load_checklist()
    seed = _find_seed(codes, items, opens)
    area = units[office.path.split("/")[0]]
    title = f"{quarter.opens.month}月至{last.month}月督导检查"
    said = Said(title, area, ["village"], "", opens, last, UNITS, ITEMS, RECORDS, {}, seed)
    return plan_round(actor=actor, office=office, said=said, items=items, candidates=codes)


def _find_seed(codes: Sequence[str], items: Sequence[Item], on: date) -> str:
    """A number by which the village that the sample shows is among the first two. A real one is made by chance."""
    names = [item.code for item in items]
    for number in range(5_000):
        seed = digest_seed(f"sample {number}")[:32]
        drawn = draw_inspection(seed, codes, names, (), Draw(on, 2, ITEMS))
        chosen = {visit.unit: visit.items for visit in drawn.visits}
        if SHOWN_VILLAGE in chosen and "sites" in chosen[SHOWN_VILLAGE]:
            return seed
    return digest_seed("sample")[:32]


def _visit(row: InspectionRound, made: Sequence[Record], users: Mapping[str, User], today: date, now: datetime) -> None:
    """The first two of the lot. The shown village still has time to mend, the other one has been looked at again."""
    visits = sorted(row.visits.select_related("unit", "round")[: len(made)], key=lambda one: one.unit.code)
    for visit, record in zip(visits, made, strict=True):
        is_shown = visit.unit.code == SHOWN_VILLAGE
        on = record.happened_on
        actor = Actor(users["officer"], "officer", min(now, end_of_work(on)))
        bad = next((item for item in ("sites", "tasks_done") if item in visit.items), visit.items[0])
        mend_by = max(today, on) + timedelta(days=12) if is_shown else on + timedelta(days=15)
        answers = [_answer(item, item == bad, mend_by) for item in visit.items]
        write_result(actor=actor, visit=visit, seen=Seen(record.pk, on, answers, {}), photos={})
        looked = on + timedelta(days=9)
        if not is_shown and looked <= today:
            finding = InspectionFinding.objects.get(visit=visit)
            again = Actor(users["supervisor"], "supervisor", min(now, end_of_work(looked)))
            say_of_finding(actor=again, finding=finding, what=Step.CLOSED, note="回头看过，已经改好。")


def _answer(item: str, is_bad: bool, mend_by: date) -> Answer:
    if is_bad:
        return Answer(item, Verdict.BAD, FOUND.get(item, PLAIN), mend_by)
    return Answer(item, Verdict.UNSEEN if item in ("case_review", "last_round") else Verdict.GOOD)
