"""What the database counts for the pages equals what the specification says, cell by cell."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.core.ledgers import CODES, DAYS, TREE, YEAR, make_plan, questions, waivers
from tests.web.counted import read_counts
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess, complete_duty
from wuzha.core.assessment.model import Status
from wuzha.core.base.interval import Interval
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.model import Duty, Target, Waiver, Who
from wuzha.core.ledger import record as core
from wuzha.web.accounts.models import Attribute, Unit, User
from wuzha.web.campaign.models import PlanVersion, Record
from wuzha.web.campaign.queries.behind import list_standing_records
from wuzha.web.campaign.queries.ground import PlanInForce
from wuzha.web.campaign.queries.standings import build_matrix, list_unit_standings
from wuzha.web.campaign.queries.totals import count_plan, forget_counts

NOW = datetime(2026, 12, 31, tzinfo=UTC)


class LedgerCase(TestCase):
    """The tree of units, and a ledger and a plan to be put on it; asks nothing itself."""

    author: User
    units: dict[str, Unit]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = User.objects.create(username="author")
        cls.units = {}
        for unit in TREE.units:
            parent = cls.units.get(unit.parent)
            cls.units[unit.code] = Unit.objects.create(
                code=unit.code,
                name=unit.name,
                kind=unit.kind,
                parent=parent,
                path=f"{parent.path if parent else ''}{unit.code}/",
                opens_on=unit.opens_on,
                closes_on=unit.closes_on,
            )
            for item in unit.attributes:
                Attribute.objects.create(
                    unit=cls.units[unit.code],
                    name=item.name,
                    value=Decimal(int(item.value)),
                    valid_from=item.valid_from,
                )

    def enter(self, ledger: list[core.Record]) -> None:
        forget_counts()
        self.append(ledger)

    def append(self, ledger: list[core.Record]) -> None:
        Record.objects.bulk_create(
            Record(
                id=record.id,
                unit=self.units[record.unit],
                kind=record.kind,
                happened_on=record.happened_on,
                quantity=record.quantity,
                people=record.people,
                subject=record.subject,
                at_m=record.at_m,
                change=record.change,
                grade=record.grade,
                place=record.place,
                audience=record.audience,
                author=self.author,
                recorded_at=NOW,
                received_at=record.received_at or NOW,
                replaces_id=record.replaces,
                withdrawn=record.withdrawn,
            )
            for record in ledger
        )

    def bind(self, duty: Duty) -> PlanInForce:
        plan = make_plan(complete_duty(duty, load_kinds()))
        return PlanInForce(PlanVersion(unit=self.units["C"], state=PlanVersion.State.ISSUED), plan)


class CountsEqualTheSpecification(LedgerCase):
    @settings(max_examples=60)
    @given(questions(), st.lists(waivers, max_size=2), DAYS)
    def test_counts_by_status_are_equal(
        self, question: tuple[Duty, list[core.Record]], given_: list[Waiver], as_of: date
    ) -> None:
        duty, ledger = question
        duty = replace(duty, waivers=tuple(given_))
        self.enter(ledger)
        in_force = self.bind(duty)

        expected: dict[str, Counter[str]] = {}
        standings = assess(in_force.plan, TREE, ledger, load_kinds(), as_of)
        for standing in standings:
            expected.setdefault(standing.obligation.unit, Counter())[standing.status] += 1

        counts = read_counts(count_plan(in_force, as_of))
        assert counts == expected

        matrix = build_matrix(in_force=in_force, unit_code="C", as_of=as_of)
        assert matrix.whole.total.counts == sum(expected.values(), Counter())

        of_units = [s for code in CODES for _, s in list_unit_standings(in_force=in_force, unit_code=code, as_of=as_of)]
        by_place = {(s.obligation.unit, s.obligation.window): (s.status, s.tally.value) for s in standings}
        assert {(s.obligation.unit, s.obligation.window): (s.status, s.tally.value) for s in of_units} == by_place

        for code in CODES:
            below = {unit.code for unit in TREE.walk_down(code)}
            counted = {record for s in standings if s.obligation.unit in below for record in s.tally.records}
            listed = list_standing_records(
                in_force=in_force, duty_id=duty.id, unit_code=code, window_label=None, as_of=as_of
            )
            assert {record.pk for record in listed} == counted


class NumbersOfTheirOwn(LedgerCase):
    """Villages and a grid number their households and banners each by itself; the town bears the duty."""

    def hold_equal(self, duty: Duty, ledger: list[core.Record], status: Status, value: int) -> None:
        self.enter(ledger)
        in_force = self.bind(duty)
        for as_of in (date(2026, 3, 31), date(2026, 12, 31)):
            (standing, *_) = assess(in_force.plan, TREE, ledger, load_kinds(), as_of)
            assert (standing.obligation.unit, standing.status, standing.tally.value) == ("T1", status, Fraction(value))
            counts = read_counts(count_plan(in_force, as_of))
            assert counts["T1"] == {status: 1}

    def test_one_number_in_two_units_is_two_households_and_twice_in_one_is_one(self) -> None:
        reached = [visit("V1", 1, "3"), visit("V2", 2, "3"), visit("V1", 3, "3"), visit("G1", 2, "3")]
        for goal, status in ((3, Status.MET), (4, Status.MISSED)):
            target = Target("at_least", Fraction(goal))
            duty = Duty("cover", "cover", "household", Who(kind=("town",)), YEAR, target=target, by=date(2026, 3, 20))
            self.hold_equal(duty, reached, status, 3)
            Record.objects.all().delete()

    def test_a_window_of_its_own_counts_them_so_too(self) -> None:
        duty = Duty(
            *("cover", "cover", "household", Who(kind=("town",)), Interval(date(2026, 3, 1), date(2026, 4, 1))),
            target=Target("at_least", Fraction(2)),
            rhythm=Rhythm(Cadence.MONTH),
        )
        self.hold_equal(duty, [visit("V1", 1, "3"), visit("V2", 2, "3")], Status.MET, 2)

    def test_one_number_of_two_units_is_two_banners(self) -> None:
        target = Target("at_least", Fraction(2))
        duty = Duty("keep", "keep", "banner", Who(kind=("town",)), YEAR, target=target)
        up = [replace(visit(unit, day, "1"), kind="banner", change="install") for unit, day in (("V1", 1), ("G1", 2))]
        self.hold_equal(duty, up, Status.MET, 2)


def visit(unit: str, day: int, subject: str) -> core.Record:
    return core.Record(
        UUID(int=int.from_bytes(f"{unit}{day}".encode())), unit, "visit", date(2026, 3, day), subject=subject
    )
