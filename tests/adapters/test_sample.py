"""The sample county keeps what it promises: its numbers, a plan that can be traced, a ledger that can be believed."""

import shlex
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wuzha.adapters.documents import read_document
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.plan_yaml import check_plan_yaml
from wuzha.adapters.sample.book import end_of_work
from wuzha.adapters.sample.county import (
    FORMER_TOWN,
    MERGED,
    MOVED,
    NEW_SCHOOL,
    NEW_TOWN,
    RECEIVING,
    RECOUNTED,
    find_story_year,
    make_tree,
)
from wuzha.adapters.sample.files import list_roster_rows, render_records, render_roster, write_sample_files
from wuzha.adapters.sample.habit import SHOWN_VILLAGE
from wuzha.adapters.sample.ledger import COUNT, make_records
from wuzha.adapters.sample.people import LOG_INS, RECORDERS
from wuzha.adapters.sample.plan import plan_docx, plan_text
from wuzha.adapters.sample.town_plan import town_plan_docx
from wuzha.adapters.spreadsheets import read_records_csv, read_roster
from wuzha.cli import cli
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.model import Standing, Status
from wuzha.core.base.roster import check_roster
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Duty
from wuzha.core.duty.who import list_bearers
from wuzha.core.ledger.check import check_record
from wuzha.core.ledger.parse import parse_records
from wuzha.core.ledger.record import Record
from wuzha.core.plan.build import build_plan
from wuzha.core.plan.model import Plan
from wuzha.core.plan.outline import read_outline
from wuzha.core.plan.place import draft_plan
from wuzha.core.plan.read import read_plan

TODAY = date(2026, 11, 21)
NEW_YEAR = date(2027, 1, 2)
EARLY = end_of_work(NEW_YEAR).replace(hour=6)
"""Before anybody works: what the phones have not sent yet is not there."""


@pytest.fixture(scope="module")
def tree() -> Tree:
    return make_tree(find_story_year(TODAY))


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return make_records(today=TODAY, now=end_of_work(TODAY))


@pytest.fixture(scope="module")
def new_year_records() -> list[Record]:
    return make_records(today=NEW_YEAR, now=EARLY)


@pytest.fixture(scope="module")
def plan(tree: Tree) -> Plan:
    found, problems = check_plan_yaml(plan_text(TODAY.year), "plan.yaml", tree)
    assert problems == ()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def standings(plan: Plan, tree: Tree, records: list[Record]) -> list[Standing]:
    return assess(plan, tree, records, load_kinds(), TODAY)


def read_value(unit: Unit, name: str, as_of: date) -> Fraction:
    found = unit.find_attribute(name, as_of)
    assert found is not None
    return found.value


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


# The county


def test_the_county_has_the_units_it_promises(tree: Tree) -> None:
    kinds = Counter(unit.kind for unit in tree.units)
    assert (kinds["county"], kinds["town"], kinds["grid"]) == (1, 12, 900)
    assert kinds["village"] + kinds["community"] == 180
    assert kinds["station"] == 12
    assert min(kinds[kind] for kind in ("school", "bank", "hotel", "clinic", "department")) >= 12


def test_no_two_units_share_a_code_or_a_name(tree: Tree) -> None:
    assert len(tree.by_code) == len(tree.units)
    assert len({unit.name for unit in tree.units}) == len(tree.units)


@pytest.mark.parametrize("as_of", [date(2026, 2, 1), TODAY])
@pytest.mark.parametrize("name", ["population", "households"])
def test_the_people_of_a_town_are_those_of_its_villages(tree: Tree, name: str, as_of: date) -> None:
    there = tree.at(as_of)
    for town in (unit for unit in there.units if unit.kind == "town"):
        villages = [unit for unit in there.list_children(town.code) if unit.kind in ("village", "community")]
        living = [unit for unit in villages if as_of in unit.life]
        assert sum(read_value(unit, name, as_of) for unit in living) == read_value(town, name, as_of)


def test_a_merged_village_closes_with_its_grids_and_its_people_count_elsewhere(tree: Tree) -> None:
    merged, receiving = tree.by_code[MERGED], tree.by_code[RECEIVING]
    day = merged.closes_on
    assert day == date(2026, 6, 1)
    assert {unit.closes_on for unit in tree.walk_down(MERGED)} == {day}
    before, after = (read_value(receiving, "households", on) for on in (day - timedelta(days=1), day))
    assert after - before == read_value(merged, "households", day)


def test_a_village_that_went_over_to_another_town_takes_its_people_along(tree: Tree) -> None:
    day = date(2026, 8, 1)
    assert [tree.at(on).by_code[MOVED].parent for on in (day - timedelta(days=1), day)] == [FORMER_TOWN, NEW_TOWN]
    village = read_value(tree.by_code[MOVED], "population", TODAY)
    for town, sign in ((FORMER_TOWN, -1), (NEW_TOWN, 1)):
        before, after = (read_value(tree.by_code[town], "population", on) for on in (day - timedelta(days=1), day))
        assert after - before == sign * village


def test_whoever_writes_for_a_village_stands_in_its_town_of_the_day(records: list[Record]) -> None:
    wrote = {(record.happened_on >= date(2026, 8, 1), record.author) for record in records if record.unit == MOVED}
    assert wrote == {(False, "sq06"), (True, "sq04")}


def test_the_events_of_the_year_lie_before_today_whenever_it_is() -> None:
    for today in (date(2026, 8, 31), date(2026, 9, 1), date(2028, 2, 29)):
        assert make_tree(find_story_year(today)).by_code[NEW_SCHOOL].opens_on <= today


def test_the_roster_comes_back_from_the_spreadsheet_without_a_problem(tree: Tree) -> None:
    first, later = list_roster_rows(tree)
    rows, problems = read_roster("roster.xlsx", render_roster(first))
    read, found = check_roster(rows)
    assert (problems, found) == ((), ())
    assert set(read.by_code) == set(tree.by_code)
    more, _ = read_roster("roster-recount.xlsx", render_roster(later))
    whole, found = check_roster(more, read)
    assert found == ()
    histories = ({unit.code: unit.placements for unit in one.units} for one in (whole, tree))
    assert next(histories) == next(histories)
    for code in (*RECOUNTED, RECEIVING, MERGED, "SQ09"):
        for name in ("population", "households"):
            assert read_value(whole.by_code[code], name, TODAY) == read_value(tree.by_code[code], name, TODAY)


# The plan


def test_the_plan_has_duties_of_all_seven_verbs_and_a_vague_one(plan: Plan) -> None:
    assert {duty.verb for duty in plan.duties} == set(VERBS)
    assert any(duty.vague for duty in plan.duties)


def test_every_quote_stands_once_in_the_paper_under_its_clause(plan: Plan) -> None:
    document, problems = read_document("plan.docx", plan_docx(TODAY.year))
    assert document is not None
    assert problems == ()
    blocks = read_outline(document.text).blocks
    for duty in plan.duties:
        assert document.text.count(duty.quote) == 1, duty.id
        at = document.text.index(duty.quote)
        clause = next(block.clause for block in blocks if block.span[0] <= at < block.span[1])
        assert clause == duty.clause, duty.id


def test_the_plan_in_the_documentation_is_the_one_that_is_made() -> None:
    shown = Path(__file__).parents[2] / "docs" / "sample" / "plan.yaml"
    assert shown.read_text(encoding="utf-8") == plan_text(TODAY.year)


def test_the_reader_finds_the_plan_and_its_phases_in_the_paper() -> None:
    document, _ = read_document("plan.docx", plan_docx(TODAY.year))
    assert document is not None
    reading = read_plan(document.text)
    assert reading.title == "石桥县全民反诈工作方案"
    assert reading.valid == (date(2026, 1, 1), date(2026, 12, 31))
    assert len(reading.demands) >= 20
    assert any(demand.vague for demand in reading.vague)


@pytest.fixture(scope="module")
def draft() -> Plan:
    """The plan as it is read from its paper, before anybody has looked at it."""
    document, _ = read_document("plan.docx", plan_docx(TODAY.year))
    assert document is not None
    found, problems = build_plan(draft_plan(read_plan(document.text), TODAY.year))
    assert found is not None, problems
    return found


def describe_duty(duty: Duty, tree: Tree) -> tuple[str, str, tuple[str, ...]]:
    """What the duty asks, and of whom: the units on which it falls, however they were selected."""
    return duty.verb, duty.object, tuple(unit.code for unit in list_bearers(duty.who, tree))


# What the paper alone does not say: that 县公安局刑侦大队 is one body of the police line and not the whole line.
NEEDS_A_PERSON = {"detective-talks"}
# What the reader does not hear yet: 无诈单元 as something to be counted, and 县级各部门 beside 各乡镇.
NOT_HEARD = {"titles", "monthly-table"}


def test_the_paper_is_read_as_the_plan_says_duty_by_duty(plan: Plan, draft: Plan, tree: Tree) -> None:
    document, _ = read_document("plan.docx", plan_docx(TODAY.year))
    assert document is not None
    wrong = set()
    for duty in plan.duties:
        opens = document.text.index(duty.quote)
        closes = opens + len(duty.quote)
        read = [item for item in draft.duties if item.span and item.span[0] < closes and opens < item.span[1]]
        if describe_duty(duty, tree) not in [describe_duty(item, tree) for item in read]:
            wrong.add(duty.id)
    assert wrong <= NEEDS_A_PERSON | NOT_HEARD
    assert len(plan.duties) - len(wrong) >= 27


def test_the_towns_plan_gives_the_reader_something_to_ask_a_person() -> None:
    document, _ = read_document("town-plan.docx", town_plan_docx(TODAY.year))
    assert document is not None
    reading = read_plan(document.text)
    assert len(reading.demands) >= 8
    assert reading.vague


# The ledger


def test_there_are_exactly_as_many_records_as_promised(records: list[Record], new_year_records: list[Record]) -> None:
    assert len(records) == len(new_year_records) == COUNT == 100_000


def test_no_two_records_share_an_id_and_every_id_is_of_version_seven(records: list[Record]) -> None:
    assert len({record.id for record in records}) == len(records)
    assert {record.id.version for record in records} == {7}


def test_the_time_in_an_id_is_the_time_of_recording(records: list[Record]) -> None:
    for record in records[::97]:
        assert record.recorded_at is not None
        assert record.id.int >> 80 == pytest.approx(record.recorded_at.timestamp() * 1000, abs=1000)


@pytest.mark.parametrize("today", [TODAY, NEW_YEAR])
def test_nothing_happens_outside_a_units_life_or_arrives_from_the_future(
    today: date, records: list[Record], new_year_records: list[Record]
) -> None:
    by_code = make_tree(find_story_year(today)).by_code
    ledger, now = (records, end_of_work(today)) if today == TODAY else (new_year_records, EARLY)
    for record in ledger:
        assert record.happened_on in by_code[record.unit].life
        assert record.happened_on <= today
        assert record.recorded_at is not None
        assert record.received_at is not None
        assert record.happened_on <= record.recorded_at.date()
        assert record.recorded_at < record.received_at <= now


def test_every_record_would_be_taken_in_by_the_front_door(records: list[Record], tree: Tree) -> None:
    kinds = load_kinds()
    for record in records[::7]:
        assert check_record(record, kinds[record.kind], tree.by_code[record.unit], TODAY) == []


def test_a_correction_names_a_record_that_is_there_and_no_record_is_corrected_twice(
    records: list[Record], new_year_records: list[Record]
) -> None:
    for ledger in (records, new_year_records):
        by_id = {record.id: record for record in ledger}
        fixes = [record for record in ledger if record.replaces]
        assert len({fix.replaces for fix in fixes}) == len(fixes) > 100
        for fix in fixes:
            original = by_id[fix.replaces] if fix.replaces else fix
            assert (fix.unit, fix.kind) == (original.unit, original.kind)
            assert original.replaces is None
        assert sum(fix.withdrawn for fix in fixes) >= 10


def test_some_records_arrive_days_after_they_were_written(records: list[Record]) -> None:
    delays = [
        record.received_at - record.recorded_at for record in records if record.received_at and record.recorded_at
    ]
    assert sum(delay >= timedelta(days=1) for delay in delays) > 1000


def test_last_years_cases_are_there_month_by_month(records: list[Record]) -> None:
    months = {
        record.happened_on.month for record in records if record.kind == "cases" and record.happened_on.year == 2025
    }
    assert months == set(range(1, 13))


def test_the_ledger_of_this_year_begins_with_the_year(records: list[Record]) -> None:
    talks = [record.happened_on for record in records if record.kind == "talk"]
    assert min(talks) < date(2026, 1, 1)


def test_every_record_has_an_author_with_a_log_in(records: list[Record]) -> None:
    known = {person.username for person in (*LOG_INS, *RECORDERS)}
    authors = {record.author for record in records}
    assert authors <= known
    assert {"village", "school", "station"} <= authors


# How it stands


def test_every_kind_of_standing_is_met_with(standings: list[Standing]) -> None:
    found = Counter(standing.status for standing in standings)
    assert all(found[status] for status in Status if status is not Status.WAIVED)


def test_the_village_of_the_log_in_has_something_left_to_do(standings: list[Standing]) -> None:
    own = [standing for standing in standings if standing.obligation.unit == SHOWN_VILLAGE]
    still_open = {standing.obligation.duty for standing in own if standing.status is Status.OPEN}
    assert {"rally", "talk", "boards", "visits-all"} <= still_open
    assert sum(standing.status is Status.MET for standing in own) > 30


def test_units_differ_in_how_far_they_have_come(standings: list[Standing]) -> None:
    shares = [
        standing.tally.value / standing.tally.of
        for standing in standings
        if standing.obligation.duty == "visits-all" and standing.tally.value is not None and standing.tally.of
    ]
    assert min(shares) < Fraction(6, 10)
    assert max(shares) == 1


def test_what_cannot_be_known_is_said_to_be_unknown(standings: list[Standing]) -> None:
    unknown = {(item.obligation.duty, item.obligation.unit) for item in standings if item.status is Status.UNKNOWN}
    assert ("hoardings", "SQ09") in unknown


# The files


def test_records_come_back_from_the_file_as_they_went_in(records: list[Record]) -> None:
    chosen = records[:400] + records[50_000:50_400]
    rows, problems = read_records_csv("records.csv", render_records(chosen).encode("utf-8-sig"))
    read, found = parse_records(rows, load_kinds())
    assert (problems, found) == ((), ())
    assert [record.id for record in read] == [record.id for record in chosen]
    assert list(read) == [replace(record, author="") for record in chosen]


def test_the_files_hold_the_same_ledger_when_it_is_made_again(
    records: list[Record], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("files") / "new"
    paths = write_sample_files(folder, TODAY)
    assert {path.name for path in paths} >= {"plan.docx", "plan.yaml", "roster.xlsx", "records.csv", "roads.geojson"}
    written = (folder / "records.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.decode("utf-8-sig") == render_records(records)


def test_the_files_can_be_read_checked_and_assessed_as_the_command_says(tmp_path: Path) -> None:
    """Runs the very lines that the command prints; nothing but the files is made."""
    folder = tmp_path / "样例 文件"
    written = run("demo", "--data", tmp_path / "data", "--files", folder)
    assert written.exit_code == 0, written.output
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    lines = [shlex.split(line) for line in written.stdout.splitlines() if line.startswith("  wuzha ")]
    assert [line[1] for line in lines] == ["read", "check", "assess"]
    for line in lines:
        result = run(*line[1:])
        assert result.exit_code == 0, (line, result.stderr)
    assert "葭浦镇" in result.stdout


def test_the_files_never_replace_what_somebody_has_in_the_folder(tmp_path: Path) -> None:
    own = tmp_path / "plan.docx"
    own.write_bytes(b"mine")
    refused = run("demo", "--files", tmp_path)
    assert refused.exit_code == 2
    assert "新文件夹" in refused.stderr
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"mine"]


@pytest.mark.parametrize("name", ["file", "file/inside"])
def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    refused = run("demo", "--files", tmp_path / name)
    assert refused.exit_code == 2
    assert "写不了" in refused.stderr
