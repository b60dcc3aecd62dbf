"""Spacing on real lines: what the database counts for the pages is what the specification says of the same roads."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.grounds import beside, lines
from tests.core.ledgers import DAYS, TREE, records, space_duties, void_some
from tests.web.counted import read_counts
from tests.web.test_standings_counts import LedgerCase
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess
from wuzha.core.base.road import Road as CoreRoad
from wuzha.core.base.unit import LATEST, Tree
from wuzha.core.duty.model import Duty
from wuzha.core.ground.line import locate, measure_line
from wuzha.core.ground.point import Point
from wuzha.core.ledger.record import Record
from wuzha.web.campaign.models import Road, SitePlace
from wuzha.web.campaign.queries.ground import forget_ground
from wuzha.web.campaign.queries.roads import REACH_M
from wuzha.web.campaign.queries.standings import list_unit_standings
from wuzha.web.campaign.queries.totals import count_plan

Line = tuple[Point, ...]
Laid = tuple[dict[str, list[Line]], dict[str, Point]]
OPENS = date(2026, 3, 1)
NONE = Fraction(0)


@st.composite
def grounds(draw: st.DrawFn) -> Laid:
    """One or two roads of a town and of a village, and places of sites of the village beside them."""
    roads = {
        code: draw(st.lists(lines(most=4).filter(lambda line: measure_line(line) > 1), min_size=1, max_size=2))
        for code in ("T1", "V1")
    }
    near = st.sampled_from([line for found in roads.values() for line in found])
    names = draw(st.lists(st.sampled_from("ABC"), unique=True, max_size=3))
    return roads, {name: draw(near.flatmap(lambda line: st.sampled_from(line) | beside(line))) for name in names}


def lay_by_hand(laid: Laid) -> Tree:
    """The tree with its roads marked by the specification, one site and one road at a time."""
    roads, places = laid
    units = tuple(replace(unit, roads=tuple(_mark(roads.get(unit.code, []), places))) for unit in TREE.units)
    return Tree(units)


def _mark(found: list[Line], places: dict[str, Point]) -> list[CoreRoad]:
    made = []
    for number, line in enumerate(found):
        spots = {name: locate(line, place) for name, place in places.items()}
        near = {name: _round(spot.at_m) for name, spot in spots.items() if spot.offset_m <= REACH_M}
        length_m = _round(measure_line(line))
        marks = tuple(sorted((name, min(length_m, at_m)) for name, at_m in near.items()))
        made.append(CoreRoad(str(number), "main_road", length_m, OPENS, LATEST, marks))
    return made


def _round(metres: float) -> Fraction:
    return Fraction(round(metres * 100), 100)


class SpacingEqualsTheSpecification(LedgerCase):
    def lay(self, laid: Laid) -> None:
        roads, places = laid
        for code, found in roads.items():
            for number, line in enumerate(found):
                Road.objects.create(
                    unit=self.units[code],
                    name=str(number),
                    line=[[point.lon, point.lat] for point in line],
                    length_m=Decimal(round(measure_line(line) * 100)) / 100,
                    opens_on=OPENS,
                )
        for name, place in places.items():
            SitePlace.objects.create(unit=self.units["V1"], subject=name, lon=place.lon, lat=place.lat)
        forget_ground()

    @settings(max_examples=60)
    @given(
        space_duties,
        grounds(),
        st.lists(records(("advert",)), max_size=15, unique_by=lambda record: record.id),
        st.lists(st.integers(0, 3), max_size=5),
        DAYS,
    )
    def test_gaps_on_real_lines_are_equal(
        self, duty: Duty, laid: Laid, ledger: list[Record], voided: list[int], as_of: date
    ) -> None:
        ledger = void_some(ledger, voided)
        self.lay(laid)
        self.enter(ledger)
        in_force = self.bind(duty)
        expected = assess(in_force.plan, lay_by_hand(laid), ledger, load_kinds(), as_of)
        counted = read_counts(count_plan(in_force, as_of))
        by_unit: dict[str, Counter[str]] = {}
        for standing in expected:
            by_unit.setdefault(standing.obligation.unit, Counter())[standing.status] += 1

        assert counted == by_unit
        for standing in expected:
            (found,) = list_unit_standings(in_force=in_force, unit_code=standing.obligation.unit, as_of=as_of)
            told, wanted = found[1].tally, standing.tally
            assert (told.of, told.records, told.reason) == (wanted.of, wanted.records, wanted.reason)
            # A mark is kept to the centimetre, and two engines may round the last one differently.
            assert told.value == wanted.value or abs((told.value or NONE) - (wanted.value or NONE)) <= Fraction(1, 50)
