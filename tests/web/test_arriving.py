"""What pages count is at any moment what counting anew would give, however the records arrive."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from threading import Event, Thread
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.ledgers import CODES, DAYS, TREE, YEAR, make_plan, questions, waivers
from tests.web.counted import read_counts
from tests.web.test_standings_counts import NOW, LedgerCase
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess, complete_duty
from wuzha.core.assessment.model import Standing, Status
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.model import Duty, Narrow, Target, Waiver, Who
from wuzha.core.ledger import record as core
from wuzha.web.accounts.models import Attribute, Unit, User
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.arriving import forget_ledger, look
from wuzha.web.campaign.queries.ground import PlanInForce
from wuzha.web.campaign.queries.standings import list_unit_cases, list_unit_standings
from wuzha.web.campaign.queries.totals import count_plan, forget_counts

RALLY = Duty("rally", "do", "rally", Who(kind=("village",)), YEAR, rhythm=Rhythm(Cadence.MONTH))


def specify(in_force: PlanInForce, ledger: Sequence[core.Record], as_of: date) -> list[dict[str, dict[str, int]]]:
    """By the specification, duty by duty: how many obligations of each unit stand how."""
    found: dict[str, dict[str, dict[str, int]]] = {duty.id: {} for duty in in_force.plan.duties}
    told = [replace(record, received_at=NOW) for record in ledger]
    for standing in assess(in_force.plan, TREE, told, load_kinds(), as_of, known_by=in_force.known_by):
        of_unit = found[standing.obligation.duty].setdefault(standing.obligation.unit, {})
        of_unit[standing.status] = of_unit.get(standing.status, 0) + 1
    return list(found.values())


def rename(record: core.Record) -> core.Record:
    """The same under an id that no record of another ledger has."""
    high = 1 << 110
    replaces = UUID(int=high + record.replaces.int) if record.replaces else None
    return replace(record, id=UUID(int=high + record.id.int), replaces=replaces)


class CountsFollowWhatArrives(LedgerCase):
    @settings(max_examples=60)
    @given(questions(), questions(), st.lists(waivers, max_size=1), DAYS, st.lists(st.integers(0, 6), max_size=4))
    def test_after_each_arrival_they_are_those_of_the_specification(
        self,
        first: tuple[Duty, list[core.Record]],
        second: tuple[Duty, list[core.Record]],
        given_: list[Waiver],
        as_of: date,
        sizes: list[int],
    ) -> None:
        forget_counts()
        in_force = self.bind(first[0])
        ledger = [*first[1], *map(rename, second[1])]
        aside = tuple(replace(waiver, duty="a") for waiver in given_)
        duties = (replace(first[0], id="a", waivers=aside), replace(second[0], id="b"))
        plan = make_plan(*(complete_duty(duty, load_kinds()) for duty in duties))
        asked = [
            (replace(in_force, plan=plan), as_of),
            (replace(in_force, plan=plan), date(2026, 12, 31)),
            (replace(in_force, plan=plan, known_by=NOW.date() - timedelta(days=1)), as_of),
        ]
        came = 0
        for size in (*sizes, len(ledger)):
            self.append(ledger[came : came + size])
            came = min(len(ledger), came + size)
            for one, day in asked:
                counts = count_plan(one, day)
                told = [read_counts(counts, place) for place in range(2)]
                assert told == specify(one, ledger[:came], day)

    def test_a_record_that_is_taken_back_counts_no_longer_from_the_next_page_on(self) -> None:
        forget_counts()
        in_force, day = self.bind(RALLY), date(2026, 3, 31)
        told = core.Record(UUID(int=1), "V1", "rally", date(2026, 3, 3))
        self.append([told])
        before = count_plan(in_force, day).find(0, "V1")
        self.append([replace(told, id=UUID(int=2), replaces=told.id, withdrawn=True)])
        after = count_plan(in_force, day).find(0, "V1")
        assert (before.get(Status.MET), after.get(Status.MET)) == (1, None)

    def test_what_is_undone_is_forgotten(self) -> None:
        """Seen in the middle of a transaction that is then given up; another record takes its place."""
        forget_counts()
        in_force, day = self.bind(RALLY), date(2026, 3, 31)
        self.append([core.Record(UUID(int=1), "V1", "rally", date(2026, 2, 3))])
        count_plan(in_force, day)
        with transaction.atomic():
            self.append([core.Record(UUID(int=2), "V1", "rally", date(2026, 3, 3))])
            assert count_plan(in_force, day).find(0, "V1")[Status.MET] == 2
            transaction.set_rollback(True)
        self.append([core.Record(UUID(int=3), "V2", "rally", date(2026, 3, 3))])
        counts = count_plan(in_force, day)
        assert [counts.find(0, code)[Status.MET] for code in ("V1", "V2")] == [1, 1]

    def test_thrown_away_and_read_again_it_holds_the_same(self) -> None:
        forget_counts()
        self.append(
            [core.Record(UUID(int=n + 1), CODES[n % 3], "visit", date(2026, 3, 3), subject=f"{n}") for n in range(9)]
        )
        before = look()
        forget_ledger()
        after = look()
        assert (after.size, after.turn) == (before.size, before.turn + 1)
        for name in ("id_low", "unit", "happened_on", "quantity", "people", "received_at", "counts"):
            rows = slice(0, before.size)
            assert before.columns.read(name, rows).tolist() == after.columns.read(name, rows).tolist()

    def test_an_arrival_is_one_question_however_many_duties_it_serves(self) -> None:
        forget_counts()
        day = date(2026, 12, 31)
        few = self.bind(RALLY)
        many = make_plan(*(complete_duty(replace(RALLY, id=f"d{number}"), load_kinds()) for number in range(12)))
        plans = (few, replace(few, plan=many))
        self.append([core.Record(UUID(int=1), "V1", "rally", date(2026, 3, 3))])
        asked = []
        for number, in_force in enumerate(plans, start=2):
            count_plan(in_force, day)
            self.append([core.Record(UUID(int=number), "V1", "rally", date(2026, 3, 3))])
            with CaptureQueriesContext(connection) as queries:
                count_plan(in_force, day)
            asked.append([query["sql"] for query in queries if "campaign_record" in query["sql"]])
        assert [len(one) for one in asked] == [1, 1]


class ManyUnitsBelow(LedgerCase):
    """A town above thirty villages, whose facts are added up day by day."""

    def test_its_standings_are_those_that_each_fact_by_itself_gives(self) -> None:
        town = self.units["T1"]
        for number in range(30):
            code = f"N{number}"
            self.units[code] = Unit.objects.create(
                code=code, name=f"新村{number}", kind="village", parent=town, path=f"{town.path}{code}/"
            )
        Attribute.objects.create(unit=town, name="households", value=500, valid_from=date(2020, 1, 1))
        forget_counts()
        kinds = load_kinds()
        by = Target("at_least", Fraction(20))
        town_bears = Who(kind=("town",))
        duties = (
            Duty("talks", "do", "talk", town_bears, YEAR, target=by, rhythm=Rhythm(Cadence.MONTH)),
            Duty("heard", "do", "talk", town_bears, YEAR, target=by, measure="people", narrow=Narrow(place=("集市",))),
            Duty("homes", "cover", "household", town_bears, YEAR, target=by, by=date(2026, 6, 30)),
        )
        plan = make_plan(*(complete_duty(duty, kinds) for duty in duties))
        in_force = replace(self.bind(RALLY), plan=plan)
        ledger = [
            core.Record(
                *(UUID(int=number + 1), f"N{number % 30}", ("talk", "visit")[number % 2]),
                date(2025, 11, 15) + timedelta(days=number % 300),
                people=number % 5,
                place=("", "河东集市")[number % 3 == 0],
                subject=("", "3", "4")[number % 3] if number % 2 else "",
            )
            for number in range(200)
        ]
        for first, last in ((0, 150), (150, 200)):
            self.append(ledger[first:last])
            for as_of in (date(2026, 5, 17), date(2026, 12, 31)):
                told = list_unit_cases(in_force, "T1", as_of)
                every = list_unit_standings(in_force=in_force, unit_code="T1", as_of=as_of)
                assert {of.id for of, standing in every if standing.tally.value} == {"talks", "heard", "homes"}
                assert [say(case.standing) for case in told] == [say(standing) for _, standing in every]
                for place, duty in enumerate(plan.duties):
                    mine = [standing.status for of, standing in every if of.id == duty.id]
                    assert count_plan(in_force, as_of).find(place, "T1") == Counter(mine)


def say(standing: Standing) -> tuple[object, ...]:
    return standing.obligation, standing.status, standing.tally.value, standing.tally.goal


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time")
class TransactionsThatOverlap(TransactionTestCase):
    """On PostgreSQL whoever began first may end last."""

    def test_a_record_that_was_written_first_and_kept_last_is_found(self) -> None:
        forget_counts()
        author = User.objects.create(username="author")
        unit = Unit.objects.create(code="V1", name="河东村", kind="village", path="V1/")
        with open_late(unit, author) as keep:
            make_record(unit, author, 2)
            assert look().size == 1
            keep()
        assert look().size == 2
        make_record(unit, author, 3)
        assert look().size == 3

    def test_what_our_own_transaction_saw_is_asked_again_when_it_has_ended(self) -> None:
        forget_counts()
        author = User.objects.create(username="author")
        unit = Unit.objects.create(code="V1", name="河东村", kind="village", path="V1/")
        make_record(unit, author, 1)
        with open_late(unit, author, number=2) as keep:
            with transaction.atomic():
                make_record(unit, author, 3)
                assert look().size == 2
                keep()
                assert look().size == 3
                transaction.set_rollback(True)
            assert look().size == 2
        with transaction.atomic():
            make_record(unit, author, 4)
            assert look().size == 3
            make_record(unit, author, 5)
        assert look().size == 4

    def test_numbers_that_came_with_a_restored_ledger_say_nothing(self) -> None:
        forget_counts()
        author = User.objects.create(username="author")
        unit = Unit.objects.create(code="V1", name="河东村", kind="village", path="V1/")
        for number in range(1, 4):
            make_record(unit, author, number)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE campaign_record SET arrived_in = arrived_in + 5000000")
        before = look()
        make_record(unit, author, 4)
        after = look()
        assert (before.size, after.size, after.turn) == (3, 4, before.turn)

    def test_a_ledger_that_was_put_back_from_a_backup_is_read_anew(self) -> None:
        """Another table of the same name, whose records came in under other numbers."""
        forget_counts()
        author = User.objects.create(username="author")
        unit = Unit.objects.create(code="V1", name="河东村", kind="village", path="V1/")
        make_record(unit, author, 1)
        before = look()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE put_back (LIKE campaign_record INCLUDING ALL)")
            cursor.execute("INSERT INTO put_back SELECT * FROM campaign_record")
            cursor.execute("UPDATE put_back SET arrived_in = 1")
            cursor.execute("ALTER TABLE campaign_record RENAME TO set_aside")
            cursor.execute("ALTER TABLE put_back RENAME TO campaign_record")
            try:
                assert look().turn == before.turn + 1
            finally:
                cursor.execute("DROP TABLE campaign_record")
                cursor.execute("ALTER TABLE set_aside RENAME TO campaign_record")
        assert look().size == 1


class AnEmptyLedger(TestCase):
    def test_it_stays_the_same_ledger_until_the_first_record(self) -> None:
        forget_counts()
        first = look()
        assert (look().turn, first.size) == (first.turn, 0)


@contextmanager
def open_late(unit: Unit, author: User, number: int = 1) -> Iterator[Callable[[], None]]:
    """A second writer, whose record is written now and kept when it is told to."""
    written, may_keep = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            make_record(unit, author, number)
            written.set()
            may_keep.wait(30)
        connection.close()

    writer = Thread(target=write)
    writer.start()

    def keep() -> None:
        may_keep.set()
        writer.join()

    try:
        assert written.wait(30)
        yield keep
    finally:
        keep()


def make_record(unit: Unit, author: User, number: int) -> None:
    Record.objects.create(
        id=UUID(int=number), unit=unit, kind="rally", happened_on=date(2026, 3, 3), author=author,
        recorded_at=NOW, received_at=NOW,
    )  # fmt: skip
