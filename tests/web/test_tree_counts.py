"""What the pages count over a tree that changed equals the specification, on every day, cell by cell."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import yaml
from hypothesis import given, settings

from tests.core.ledgers import CODES, DAYS, asking_whos, change_tree, changes, histories, questions
from tests.core.test_examples import EXAMPLES, make_record, make_unit
from tests.core.test_examples import make_plan as make_example_plan
from tests.web.counted import read_counts
from tests.web.test_standings_counts import LedgerCase
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess, complete_duty
from wuzha.core.assessment.model import Standing
from wuzha.core.assessment.rollup import add_duties, roll_up
from wuzha.core.base.roster import list_paths
from wuzha.core.base.unit import Placement as CorePlacement
from wuzha.core.base.unit import Tree
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.duty.model import Duty, Who
from wuzha.core.ledger import record as core
from wuzha.web.accounts.models import Attribute, Placement, Unit
from wuzha.web.campaign.models import PlanVersion, Record
from wuzha.web.campaign.queries.behind import list_standing_records
from wuzha.web.campaign.queries.ground import PlanInForce
from wuzha.web.campaign.queries.standings import build_matrix, list_unit_standings
from wuzha.web.campaign.queries.totals import count_plan


class CountsOverAChangedTree(LedgerCase):
    def plant(self, tree: Tree) -> None:
        """The units as the tree has them, with their histories."""
        paths = list_paths(tree.at(date.max))
        for unit in tree.units:
            row = self.units[unit.code]
            parent = self.units.get(unit.parent)
            place = {"name": unit.name, "kind": unit.kind, "line": unit.line, "parent": parent}
            Unit.objects.filter(pk=row.pk).update(**place, path=f"{paths[unit.code]}~")
            for one in unit.placements:
                placed = {"name": one.name, "kind": one.kind, "line": one.line}
                Placement.objects.create(unit=row, since=one.since, parent=self.units.get(one.parent), **placed)
        for code, path in paths.items():
            Unit.objects.filter(code=code).update(path=path)

    def ask(self, tree: Tree, duty: Duty, ledger: list[core.Record], issuer: str, as_of: date) -> PlanInForce:
        """With half of the ledger there when the plan is counted first, and the rest since."""
        self.plant(tree)
        self.enter(ledger[: len(ledger) // 2])
        in_force = self.bind(duty)
        in_force.version.unit = Unit.objects.get(code=issuer)
        count_plan(in_force, as_of)
        self.append(ledger[len(ledger) // 2 :])
        return in_force

    @settings(max_examples=40)
    @given(histories, questions(), DAYS, changes())
    def test_counts_of_a_county_are_equal(
        self, tree: Tree, question: tuple[Duty, list[core.Record]], as_of: date, made: tuple[str, CorePlacement]
    ) -> None:
        tree = change_tree(tree, [made])
        in_force = self.ask(tree, *question, "C", as_of)
        standings = assess(in_force.plan, tree, question[1], load_kinds(), as_of)

        self.hold_counts(in_force, standings, as_of)
        totals = roll_up(standings, tree.at(as_of))
        for code in CODES:
            matrix = build_matrix(in_force=in_force, unit_code=code, as_of=as_of)
            assert matrix.whole.total == add_duties(totals, code)
            self.hold_records(in_force, tree, standings, code, as_of)

    @settings(max_examples=30)
    @given(histories, questions(), DAYS)
    def test_counts_of_a_plan_of_a_town_are_equal(
        self, tree: Tree, question: tuple[Duty, list[core.Record]], as_of: date
    ) -> None:
        in_force = self.ask(tree, *question, "T1", as_of)
        standings = assess(in_force.plan, tree.cut("T1"), question[1], load_kinds(), as_of)

        self.hold_counts(in_force, standings, as_of)
        self.hold_records(in_force, tree.cut("T1"), standings, "T1", as_of)

    @settings(max_examples=20)
    @given(histories, questions(), asking_whos, DAYS)
    def test_counts_for_whoever_has_something_are_equal(
        self, tree: Tree, question: tuple[Duty, list[core.Record]], who: Who, as_of: date
    ) -> None:
        duty = replace(question[0], who=who)
        in_force = self.ask(tree, duty, question[1], "C", as_of)
        standings = assess(in_force.plan, tree, question[1], load_kinds(), as_of)

        self.hold_counts(in_force, standings, as_of)
        self.hold_records(in_force, tree, standings, "C", as_of)

    def hold_counts(self, in_force: PlanInForce, standings: list[Standing], as_of: date) -> None:
        expected: dict[str, Counter[str]] = {}
        for standing in standings:
            expected.setdefault(standing.obligation.unit, Counter())[standing.status] += 1
        counts = read_counts(count_plan(in_force, as_of))
        assert counts == expected
        of_units = [
            one for code in CODES for one in list_unit_standings(in_force=in_force, unit_code=code, as_of=as_of)
        ]
        assert sorted(map(tell, (one for _, one in of_units))) == sorted(map(tell, standings))

    def hold_records(
        self, in_force: PlanInForce, tree: Tree, standings: list[Standing], code: str, as_of: date
    ) -> None:
        below = {unit.code for unit in tree.at(as_of).walk_down(code)}
        counted = {record for s in standings if s.obligation.unit in below for record in s.tally.records}
        duty = in_force.plan.duties[0].id
        listed = list_standing_records(in_force=in_force, duty_id=duty, unit_code=code, window_label=None, as_of=as_of)
        assert {record.pk for record in listed} == counted


class TheExamplesOnThePages(LedgerCase):
    """What the examples of changed units expect, the pages count too."""

    def test_every_example_of_changed_units_is_counted_as_it_is_written(self) -> None:
        self.hold_all("changes.yaml")

    def test_every_example_of_what_units_have_is_counted_as_it_is_written(self) -> None:
        self.hold_all("bases_asked.yaml")

    def test_every_example_of_closed_units_is_counted_as_it_is_written(self) -> None:
        self.hold_all("closed.yaml")

    def hold_all(self, name: str) -> None:
        document = yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))
        for unit in document["units"]:
            self.add(make_unit(unit))
        assert document["cases"]
        for case in document["cases"]:
            self.hold(case)

    def add(self, unit: CoreUnit) -> None:
        """The examples name their units as the laws do; these stand beside them."""
        told = {"name": unit.name, "kind": unit.kind, "line": unit.line}
        parent = self.units.get(f"x{unit.parent}")
        code = f"x{unit.code}"
        path = f"{parent.path if parent else ''}{code}/"
        life = {"opens_on": unit.opens_on, "closes_on": unit.closes_on}
        row = self.units[code] = Unit.objects.create(code=code, parent=parent, path=path, **told, **life)
        for item in unit.attributes:
            Attribute.objects.create(unit=row, name=item.name, value=int(item.value), valid_from=item.valid_from)
        for one in unit.placements:
            placed = {"name": one.name, "kind": one.kind, "line": one.line}
            Placement.objects.create(unit=row, since=one.since, parent=self.units.get(f"x{one.parent}"), **placed)

    def hold(self, case: dict[str, Any]) -> None:
        Record.objects.all().delete()
        asked = dict(case["duty"])
        if "area" in asked["who"]:
            asked["who"] = asked["who"] | {"area": [f"x{code}" for code in asked["who"]["area"]]}
        self.enter([make_record(n, one | {"unit": f"x{one['unit']}"}) for n, one in enumerate(case["records"])])
        plan = make_example_plan(case | {"duty": asked}, Tree())
        plan = replace(plan, duties=tuple(complete_duty(duty, load_kinds()) for duty in plan.duties))
        in_force = PlanInForce(PlanVersion(unit=self.units["xC"], state=PlanVersion.State.ISSUED), plan)

        expected: dict[str, Counter[str]] = {}
        for one in case["expect"]:
            expected.setdefault(f"x{one['unit']}", Counter())[one["status"]] += 1
        counts = read_counts(count_plan(in_force, case["as_of"]))
        assert counts == expected, case["say"]
        for wanted in case.get("totals", ()):
            matrix = build_matrix(in_force=in_force, unit_code=f"x{wanted['unit']}", as_of=case["as_of"])
            total = matrix.whole.total
            assert (total.expected, total.met) == (wanted["expected"], wanted["met"]), case["say"]


def tell(standing: Standing) -> tuple[str, date, str, str]:
    return standing.obligation.unit, standing.obligation.window.opens, standing.status, str(standing.tally.value)
