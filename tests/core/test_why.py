"""Why: every record that could be meant has one role, and what is left out makes no figure."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from hypothesis import given

from tests.core.ledgers import DAYS, TREE, YEAR, change_tree, make_plan, questions
from wuzha.adapters.calendar import load_calendar
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess
from wuzha.core.assessment.role import Cause, Role
from wuzha.core.assessment.why import Inquiry, Move, Why, explain_record, explain_standing
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Placement, Tree, Unit
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.base.workdays import Workdays
from wuzha.core.duty.model import Due, Duty, Narrow, OnDayOff, Target, Who
from wuzha.core.ledger.record import Record

KINDS = load_kinds()
VILLAGE, TOWN = Who(kind=("village",)), Who(kind=("town",))
MONTHLY = Rhythm(Cadence.MONTH)
TWO = Target("at_least", Fraction(2))
RALLY = Duty("d", "do", "rally", VILLAGE, YEAR, target=TWO, rhythm=MONTHLY)
COVER = Duty("d", "cover", "household", TOWN, YEAR, target=Target("at_least", Fraction(1, 2), share=True))
BANNERS = Duty("d", "keep", "banner", VILLAGE, YEAR, target=Target("at_least", Fraction(1, 1000), of="population"))
END = date(2026, 12, 31)


def name(word: str) -> UUID:
    return uuid5(NAMESPACE_OID, word)


def make(word: str, day: date, kind: str = "rally", unit: str = "V1", **fields: Any) -> Record:
    return Record(name(word), unit, kind, day, **fields)


def explain(duty: Duty, *ledger: Record, window: str = "once", unit: str = "V1", **asked: Any) -> Why:
    inquiry = Inquiry(make_plan(duty), TREE, ledger, KINDS, asked.pop("as_of", END), **asked)
    why = explain_standing(inquiry, (duty.id, unit, window))
    assert why is not None
    return why


def tell(why: Why) -> dict[UUID, Role]:
    return {part.record.id: part.cause.role for part in why.parts}


def test_what_counts_what_is_late_and_what_lies_on_another_day() -> None:
    duty = replace(RALLY, due=Due(20))
    why = explain(
        duty,
        make("in", date(2026, 3, 5)),
        make("late", date(2026, 3, 25)),
        make("before", date(2026, 2, 28)),
        make("far", date(2026, 1, 2)),
        window="2026-03",
    )

    assert tell(why) == {name("before"): Role.OTHER_DAY, name("in"): Role.COUNTED, name("late"): Role.COUNTED}
    assert [part.is_late for part in why.counted] == [False, True]
    assert why.far == 1


def test_a_record_of_a_later_day_is_not_looked_at_yet() -> None:
    why = explain(RALLY, make("later", date(2026, 3, 25)), window="2026-03", as_of=date(2026, 3, 20))
    assert tell(why) == {name("later"): Role.AHEAD}


def test_replaced_withdrawn_and_not_yet_received_are_told_apart() -> None:
    def at(day: int) -> datetime:
        return datetime(2026, 3, day, tzinfo=UTC)

    ledger = (
        make("old", date(2026, 3, 1), received_at=at(1)),
        make("new", date(2026, 3, 2), received_at=at(3), replaces=name("old")),
        make("wrong", date(2026, 3, 4), received_at=at(4)),
        make("gone", date(2026, 3, 4), received_at=at(20), replaces=name("wrong"), withdrawn=True),
        make("slow", date(2026, 3, 5), received_at=at(25)),
    )
    now = explain(RALLY, *ledger, window="2026-03")
    then = explain(RALLY, *ledger, window="2026-03", known_by=date(2026, 3, 10))

    assert tell(now) == {
        name("old"): Role.REPLACED,
        name("new"): Role.COUNTED,
        name("wrong"): Role.WITHDRAWN,
        name("slow"): Role.COUNTED,
    }
    assert [part.cause.other for part in now.left_out] == [name("new"), name("gone")]
    assert (tell(then)[name("wrong")], tell(then)[name("slow")]) == (Role.COUNTED, Role.NOT_RECEIVED)


def test_the_field_that_narrows_a_record_out_is_named() -> None:
    duty = replace(RALLY, narrow=Narrow(place=("集市",), audience=("老人",)))
    why = explain(
        duty,
        make("where", date(2026, 3, 1), place="村委会", audience="老人"),
        make("whom", date(2026, 3, 2), place="河东集市", audience="学生"),
        window="2026-03",
    )
    assert [(part.cause.role, part.cause.word) for part in why.parts] == [
        (Role.NARROWED, "place"),
        (Role.NARROWED, "audience"),
    ]


def test_what_a_unit_below_bears_itself_is_credited_there() -> None:
    duty = replace(RALLY, who=Who(kind=("town", "village")))
    why = explain(duty, make("village", date(2026, 3, 1)), window="2026-03", unit="T1")
    assert [(part.cause.role, part.cause.word) for part in why.parts] == [(Role.OTHER_UNIT, "V1")]


def test_a_number_counts_once_by_its_first_visit() -> None:
    why = explain(
        COVER,
        make("again", date(2026, 3, 9), "visit", subject="3"),
        make("first", date(2026, 3, 1), "visit", subject="3"),
        make("namesake", date(2026, 3, 5), "visit", "V2", subject="3"),
        unit="T1",
    )
    assert tell(why) == {
        name("first"): Role.COUNTED,
        name("namesake"): Role.COUNTED,
        name("again"): Role.REPEATED,
    }
    assert [part.cause.other for part in why.left_out] == [name("first")]


def test_the_first_paper_counts_and_the_second_does_not() -> None:
    duty = Duty("d", "file", "progress_table", VILLAGE, YEAR, rhythm=MONTHLY)
    one, two = (make(word, date(2026, 3, day), "progress_table") for word, day in (("one", 2), ("two", 9)))
    why = explain(duty, two, one, window="2026-03")
    assert tell(why) == {name("one"): Role.COUNTED, name("two"): Role.REPEATED}


def test_a_paper_of_the_days_by_which_a_month_was_put_off_served_that_month() -> None:
    """Due on 20 February, in the middle of the Spring Festival; from 1 March the village is a community."""
    tree = change_tree(TREE, [("V1", Placement(date(2026, 3, 1), "V1", "community", "T1"))])
    due = Due(0, OnDayOff.NEXT, load_calendar().workdays)
    duty = Duty("d", "file", "progress_table", VILLAGE, YEAR, rhythm=Rhythm(Cadence.MONTH, 20), due=due)
    paper = make("paper", date(2026, 2, 24), "progress_table")
    inquiry = Inquiry(make_plan(duty), tree, [paper], KINDS, END)

    (service,) = explain_record(inquiry, paper.id)
    assert service.window is not None
    assert (service.cause.role, service.unit, service.window.label) == (Role.COUNTED, "V1", "2026-02")


def test_what_was_done_before_the_duty_came_into_force_lies_on_another_day() -> None:
    """In the same month, but eight days too early."""
    duty = replace(RALLY, valid=Interval(date(2026, 3, 10), YEAR.closes))
    early, first = make("early", date(2026, 3, 2)), make("first", date(2026, 3, 10))
    why = explain(duty, early, first, window="2026-03")
    assert tell(why) == {name("early"): Role.OTHER_DAY, name("first"): Role.COUNTED}
    (service,) = explain_record(Inquiry(make_plan(duty), TREE, [early], KINDS, END), early.id)
    assert (service.cause.role, service.unit, service.window) == (Role.OTHER_DAY, "V1", None)


def test_of_a_register_the_enrolment_stands_beside_and_a_check_nobody_wanted_is_left_out() -> None:
    duty = Duty("d", "check", "followup", VILLAGE, YEAR, rhythm=MONTHLY, narrow=Narrow(grade="high"))
    why = explain(
        duty,
        make("high", date(2026, 1, 2), "followup", subject="A", grade="high", change="enrol"),
        make("low", date(2026, 1, 2), "followup", subject="B", grade="low", change="enrol"),
        make("check", date(2026, 3, 2), "followup", subject="A", change="check"),
        make("twice", date(2026, 3, 3), "followup", subject="A", change="check"),
        make("unasked", date(2026, 3, 3), "followup", subject="B", change="check"),
        window="2026-03",
    )
    roles = tell(why)
    assert (roles[name("high")], roles[name("check")]) == (Role.BESIDE, Role.COUNTED)
    assert (roles[name("twice")], roles[name("unasked")]) == (Role.REPEATED, Role.NOT_WANTED)


def test_a_banner_taken_down_one_unseen_and_one_seen_again() -> None:
    duty = replace(BANNERS, seen_every_days=60)
    why = explain(
        duty,
        make("up", date(2026, 1, 1), "banner", subject="A", change="install"),
        make("seen", date(2026, 5, 1), "banner", subject="A", change="seen"),
        make("hung", date(2026, 1, 1), "banner", subject="B", change="install"),
        make("down", date(2026, 2, 1), "banner", subject="B", change="remove"),
        make("forgotten", date(2026, 1, 1), "banner", subject="C", change="install"),
        as_of=date(2026, 6, 1),
    )
    assert tell(why) == {
        name("up"): Role.COUNTED,
        name("seen"): Role.BESIDE,
        name("hung"): Role.GONE,
        name("down"): Role.BESIDE,
        name("forgotten"): Role.STALE,
    }


def test_an_advert_without_its_place_on_the_road_does_not_help() -> None:
    duty = Duty("d", "space", "advert", VILLAGE, YEAR, target=Target("at_most", Fraction(200)), along="main_road")
    why = explain(
        duty,
        make("placed", date(2026, 1, 1), "advert", subject="A", at_m=300, change="install"),
        make("somewhere", date(2026, 1, 1), "advert", subject="B", change="install"),
    )
    assert tell(why) == {name("placed"): Role.COUNTED, name("somewhere"): Role.UNPLACED}


def test_the_year_compared_with_is_told_apart_from_the_year_that_counts() -> None:
    target = Target("at_most", Fraction(-1, 5), share=True, against="last_year")
    duty = Duty("d", "attain", "cases", VILLAGE, YEAR, target=target)
    why = explain(
        duty,
        make("then", date(2025, 3, 1), "cases", quantity=10),
        make("now", date(2026, 3, 1), "cases", quantity=7),
        make("long-ago", date(2024, 3, 1), "cases", quantity=7),
    )
    assert tell(why) == {name("then"): Role.BASE, name("now"): Role.COUNTED}
    assert why.far == 1


def test_the_goal_tells_its_base_with_day_and_source_and_whether_it_was_rounded_up() -> None:
    goal = explain(BANNERS).goal
    assert goal is not None
    assert goal.base is not None
    assert (goal.base_name, goal.base.value, goal.amount) == ("population", Fraction(2_100), Fraction(1, 1000))
    assert goal.value == 3
    assert goal.is_rounded

    june = explain(COVER, unit="T1", as_of=date(2026, 6, 30)).goal
    july = explain(COVER, unit="T1", as_of=date(2026, 7, 1)).goal
    assert june is not None
    assert july is not None
    assert [june.value, july.value] == [10, 13]
    assert july.base is not None
    assert july.base.valid_from == date(2026, 7, 1)


def test_a_due_day_that_moved_off_a_day_off_says_from_where_and_by_which_list() -> None:
    """20 September 2026 is a Sunday that is worked by the published list, and a day off by weekdays alone."""
    duty = replace(RALLY, due=Due(20, OnDayOff.NEXT, Workdays(worked=frozenset(), years=frozenset({2026}))))
    moved = explain(duty, window="2026-09").move
    assert moved == Move(date(2026, 9, 20), OnDayOff.NEXT, is_published=True)
    worked = replace(duty, due=replace(duty.due, workdays=Workdays(worked=frozenset({date(2026, 9, 20)}))))
    assert explain(worked, window="2026-09").move is None
    unknown = replace(duty, due=Due(20, OnDayOff.NEXT))
    assert explain(unknown, window="2026-09").move == Move(date(2026, 9, 20), OnDayOff.NEXT, is_published=False)


def test_a_vague_duty_counts_nothing_and_says_so_of_every_record() -> None:
    why = explain(replace(RALLY, vague=True), make("one", date(2026, 3, 2)), window="2026-03")
    assert tell(why) == {name("one"): Role.UNCOUNTED}
    assert why.goal is None


def test_what_nobody_bears_has_no_answer() -> None:
    inquiry = Inquiry(make_plan(RALLY), TREE, (), KINDS, END)
    assert explain_standing(inquiry, ("d", "T1", "2026-03")) is None
    assert explain_standing(inquiry, ("d", "V1", "2031-03")) is None
    assert explain_standing(inquiry, ("other", "V1", "2026-03")) is None
    assert explain_record(inquiry, name("nothing")) == ()


def test_a_record_says_what_it_is_to_each_duty_of_the_plan() -> None:
    talk = replace(RALLY, id="talk", object="talk")
    far = replace(RALLY, id="far", who=Who(kind=("town",), area=("T2",)))
    late = replace(RALLY, id="late", due=Due(1))
    only_fair = replace(RALLY, id="fair", narrow=Narrow(place=("集市",)))
    plan = make_plan(RALLY, talk, far, late, only_fair)
    ledger = (make("one", date(2026, 3, 2)), make("back", date(2026, 3, 2), replaces=name("two"), withdrawn=True))
    inquiry = Inquiry(plan, TREE, ledger, KINDS, END)

    services = explain_record(inquiry, name("one"))

    assert [(s.duty.id, s.cause.role, s.unit, s.is_late) for s in services] == [
        ("d", Role.COUNTED, "V1", False),
        ("talk", Role.OTHER_KIND, "", False),
        ("far", Role.OTHER_UNIT, "", False),
        ("late", Role.COUNTED, "V1", True),
        ("fair", Role.NARROWED, "V1", False),
    ]
    assert {s.cause.role for s in explain_record(inquiry, name("back"))} == {Role.WITHDRAWN, Role.OTHER_KIND}


@given(questions(), DAYS)
def test_every_record_has_one_role_and_the_counted_ones_make_the_tally(
    question: tuple[Duty, list[Record]], as_of: date
) -> None:
    duty, ledger = question
    for standing in assess(make_plan(duty), TREE, ledger, KINDS, as_of):
        owed = standing.obligation
        why = explain_standing(
            Inquiry(make_plan(duty), TREE, ledger, KINDS, as_of), (duty.id, owed.unit, owed.window.label)
        )
        assert why is not None
        assert why.standing == standing
        ids = [part.record.id for part in why.parts]
        assert len(ids) == len(set(ids))
        roles = tell(why)
        assert {i for i, role in roles.items() if role in (Role.COUNTED, Role.BASE)} <= set(standing.tally.records)
        # Heads of which nobody knows the base are there and make no figure.
        unheld = {Role.UNCOUNTED} if standing.tally.value is None and duty.verb == "cover" else set()
        assert {roles[i] for i in standing.tally.records} <= {Role.COUNTED, Role.BASE, Role.REPEATED} | unheld


@given(questions(), DAYS)
def test_without_what_was_left_out_the_figure_is_the_same(question: tuple[Duty, list[Record]], as_of: date) -> None:
    duty, ledger = question
    standings = assess(make_plan(duty), TREE, ledger, KINDS, as_of)
    for standing in standings[:3]:
        owed = standing.obligation
        place = (duty.id, owed.unit, owed.window.label)
        why = explain_standing(Inquiry(make_plan(duty), TREE, ledger, KINDS, as_of), place)
        assert why is not None
        gone = {part.record.id for part in why.left_out}
        rest = [record for record in ledger if record.id not in gone]
        again = explain_standing(Inquiry(make_plan(duty), TREE, rest, KINDS, as_of), place)
        assert again is not None
        assert (again.standing.tally.value, again.standing.tally.goal) == (standing.tally.value, standing.tally.goal)


@given(questions(), DAYS)
def test_both_ends_tell_the_same(question: tuple[Duty, list[Record]], as_of: date) -> None:
    """What a standing counts, the record says it serves; and what it says it serves, that standing counts."""
    duty, ledger = question
    inquiry = Inquiry(make_plan(duty), TREE, ledger, KINDS, as_of)
    for record in ledger[:4]:
        for service in explain_record(inquiry, record.id):
            if service.window is not None:
                why = explain_standing(inquiry, (duty.id, service.unit, service.window.label))
                assert why is not None
                assert tell(why).get(record.id, Role.OTHER_DAY) is service.cause.role


def test_what_a_closed_village_left_behind_is_left_out_with_that_reason() -> None:
    tree = Tree((Unit("T", "青石镇", "town"), Unit("M", "东岗村", "village", "T", closes_on=date(2026, 6, 10))))
    duty = Duty("d", "keep", "banner", Who(("town",)), YEAR, target=Target("at_least", Fraction(1)))
    hung = Record(UUID(int=1), "M", "banner", date(2026, 3, 1), change="install")

    def list_causes(day: date) -> list[Cause]:
        why = explain_standing(Inquiry(make_plan(duty), tree, [hung], KINDS, day), ("d", "T", "once"))
        assert why is not None
        return [part.cause for part in why.parts]

    assert list_causes(date(2026, 6, 9)) == [Cause(Role.COUNTED)]
    assert list_causes(date(2026, 6, 10)) == [Cause(Role.LEFT_BEHIND, word="M")]


def test_two_villages_files_of_one_number_are_told_apart() -> None:
    duty = Duty("d", "check", "followup", Who(("town",)), YEAR, rhythm=Rhythm(Cadence.MONTH))
    enrolled = [
        Record(UUID(int=n), code, "followup", date(2026, 1, 5), subject="1", change="enrol")
        for n, code in ((1, "V1"), (2, "V2"))
    ]
    checked = [Record(UUID(int=n), "V1", "followup", date(2026, 3, n), subject="1", change="check") for n in (3, 4)]
    stray = Record(UUID(int=5), "V2", "followup", date(2026, 3, 5), subject="9", change="check")
    why = explain_standing(
        Inquiry(make_plan(duty), TREE, [*enrolled, *checked, stray], KINDS, date(2026, 3, 31)), ("d", "T1", "2026-03")
    )
    assert why is not None
    assert why.standing.tally.value == 1
    assert why.standing.tally.goal == 2
    assert {part.record.id.int: part.cause.role for part in why.parts} == {
        1: Role.BESIDE,
        2: Role.BESIDE,
        3: Role.COUNTED,
        4: Role.REPEATED,
        5: Role.NOT_WANTED,
    }


def test_unnumbered_banners_that_nobody_saw_lately_are_told_so_village_by_village() -> None:
    target = Target("at_least", Fraction(5))
    duty = Duty("d", "keep", "banner", Who(("town",)), YEAR, target=target, seen_every_days=30)
    hung = [
        Record(UUID(int=1), "V1", "banner", date(2026, 1, 2), quantity=9, change="install"),
        Record(UUID(int=2), "V2", "banner", date(2026, 5, 20), change="install"),
    ]
    why = explain_standing(Inquiry(make_plan(duty), TREE, hung, KINDS, date(2026, 6, 1)), ("d", "T1", "once"))
    assert why is not None
    assert {part.record.id.int: part.cause.role for part in why.parts} == {1: Role.STALE, 2: Role.COUNTED}


def test_a_change_from_nothing_names_its_records_of_both_periods() -> None:
    target = Target("at_most", Fraction(-1, 5), share=True, against="last_year")
    duty = Duty("d", "attain", "cases", Who(("town",)), YEAR, target=target)
    told = [
        Record(UUID(int=1), "T1", "cases", date(2025, 3, 1), quantity=0),
        Record(UUID(int=2), "T1", "cases", date(2026, 3, 1), quantity=4),
    ]
    why = explain_standing(Inquiry(make_plan(duty), TREE, told, KINDS, date(2026, 12, 31)), ("d", "T1", "once"))
    assert why is not None
    assert why.standing.reason == "from-nothing"
    assert {part.record.id.int: part.cause.role for part in why.parts} == {1: Role.BASE, 2: Role.COUNTED}
