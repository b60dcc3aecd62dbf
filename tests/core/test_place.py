"""From a read demand to a draft duty: what each reading becomes, and what is asked where the words leave it open."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.adapters.kinds import load_kinds
from wuzha.core.base.interval import make_inclusive
from wuzha.core.base.problem import has_errors
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.kinds.cover import BASES
from wuzha.core.plan.build import build_plan
from wuzha.core.plan.check import check_plan
from wuzha.core.plan.place import Frame, draft_plan, draft_with_questions, place_demand
from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import Demand, Reading, ReadPhase, Who

YEAR = make_inclusive(date(2027, 1, 1), date(2027, 12, 31))
VILLAGE = Who(kind=("village",))
NOTHING = Reading("石桥县反诈方案", "石桥县反诈联席办", (date(2027, 1, 1), date(2027, 12, 31)), (), (), ())


def make_demand(**values: Any) -> Demand:
    known: dict[str, Any] = {"id": "d1", "clause": "一", "quote": "各村办宣讲", "span": (3, 8), "actor": "各村"}
    return Demand(**(known | {"who": VILLAGE, "verb": "do", "object": "talk"} | values))


AT_LEAST: dict[str, Any] = {"comparator": ">="}


def place(**values: Any) -> tuple[dict[str, object], tuple[str, ...]]:
    return place_demand(make_demand(**values), Frame(YEAR, 2027))


def test_a_demand_with_everything_becomes_a_duty_without_questions() -> None:
    duty, questions = place(comparator=">=", value=Fraction(2), unit="次", cadence="monthly", evidence="照片")
    assert questions == ()
    assert duty == {
        "clause": "一",
        "quote": "各村办宣讲",
        "span": [3, 8],
        "proof": ["照片"],
        "who": {"kind": "village"},
        "do": "talk",
        "at_least": 2,
        "every": "month",
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"cadence": "daily"}, {"at_least": 1, "every": "day"}),
        (
            {
                "verb": "keep",
                "object": "banner",
                "comparator": ">=",
                "value": Fraction(1, 1000),
                "unit": "ratio of 人口",
            },
            {"at_least": {"per_thousand": 1, "of": "population"}},
        ),
        (
            {
                "verb": "cover",
                "object": "household",
                "comparator": ">=",
                "value": Fraction(1, 2),
                "unit": "ratio of 户",
            },
            {"cover": "household", "at_least": "50%"},
        ),
        (
            {"verb": "file", "object": "progress_table", "cadence": "monthly", "deadline": "monthly day 20"},
            {"file": "progress-table", "every": "month", "due": {"day": 20}},
        ),
        (
            {"verb": "space", "object": "advert", "comparator": ">=", "value": Fraction(1), "per": "每200米"},
            {"along": "main-road", "at_most": "200 m"},
        ),
        (
            {"verb": "check", "object": "followup", "quote": "高危人员每周核查", "cadence": "weekly"},
            {"check": "followup", "grade": "high", "every": "week"},
        ),
        (
            {"verb": "attain", "object": "cases", "comparator": "change<=", "value": Fraction(-1, 5), "unit": "同比"},
            {"change": {"at_most": "-20%", "against": "last_year"}},
        ),
        (
            {"verb": "attain", "object": "cases", "comparator": "change<=", "value": Fraction(-1, 5), "unit": "环比"},
            {"change": {"at_most": "-20%", "against": "last_period"}},
        ),
        ({"verb": "attain", "object": "cases", "comparator": "==", "value": Fraction(0)}, {"at_most": 0}),
        (
            {
                "verb": "attain",
                "object": "awareness",
                "comparator": ">=",
                "value": Fraction(9, 10),
                "unit": "ratio of 人",
            },
            {"at_least": "90%"},
        ),
        (
            {"verb": "do", "object": "leaflet", "comparator": "==", "value": Fraction(1), "per": "每户"},
            {"at_least": {"per": 1, "of": "households"}},
        ),
        ({"verb": "file", "object": "briefing", "cadence": "monthly"}, {"do": "briefing", "at_least": 1}),
        ({"value": Fraction(1), "comparator": ">=", "deadline": "2027-06-30"}, {"by": date(2027, 6, 30)}),
        ({"value": Fraction(1), "comparator": ">=", "deadline": "XXXX-06-30"}, {"by": date(2027, 6, 30)}),
        ({"who": Who(line=("education",)), "cadence": "daily"}, {"who": {"kind": "department", "line": "education"}}),
    ],
)
def test_each_way_of_asking_finds_its_words(values: dict[str, Any], expected: dict[str, object]) -> None:
    duty, _ = place(**values)
    assert "vague" not in duty
    assert expected.items() <= duty.items()


@pytest.mark.parametrize(
    ("values", "question"),
    [
        ({"verb": None}, "question.verb"),
        ({"verb": "cover", "object": "everybody"}, "question.verb"),
        ({"value": None}, "question.amount"),
        ({"value": Fraction(3), "comparator": "<="}, "question.amount"),
        ({"value": Fraction(1, 10), "comparator": ">=", "unit": "ratio of 某物"}, "question.base"),
        ({"verb": "check", "object": "followup"}, "question.cadence"),
        ({"verb": "space", "object": "advert"}, "question.amount"),
        ({"verb": "attain", "object": "cases"}, "question.amount"),
        ({"vague": True}, "question.amount"),
    ],
)
def test_what_cannot_be_counted_is_vague_and_asked_about(values: dict[str, Any], question: str) -> None:
    duty, questions = place(**values)
    assert duty["vague"] is True
    assert question in questions
    assert not {"at_least", "at_most", "change"} & duty.keys()


@pytest.mark.parametrize("cadence", ["every ten days", "every two days", "bimonthly"])
def test_a_cadence_without_a_window_is_asked_about_and_never_counted_otherwise(cadence: str) -> None:
    duty, questions = place(comparator=">=", value=Fraction(1), unit="次", cadence=cadence)
    assert questions == ("question.cadence",)
    assert duty["vague"] is True
    assert not {"every", "at_least"} & duty.keys()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("各村入户率达到95%以上。", {"cover": "household", "at_least": "95%"}),
        ("各镇对高风险的每周核查一次。", {"check": "followup", "grade": "high", "every": "week"}),
        ("各乡镇沿主要道路每隔300米设置1处提示牌。", {"who": {"kind": "town"}, "space": "board", "at_most": "300 m"}),
        ("各银行网点对大额取现客户逐一提醒。", {"who": {"kind": "bank"}, "vague": True}),
    ],
)
def test_a_sentence_is_placed_where_a_clerk_would_put_it(words: str, expected: dict[str, object]) -> None:
    reading = read_plan(f"石桥县2027年反诈宣传工作方案\n一、措施\n{words}\n")
    (duty,) = list_duties(reading)
    assert expected.items() <= duty.items()
    assert "cover" not in duty or "cover" in expected


def list_duties(reading: Reading) -> list[dict[str, object]]:
    duties = draft_plan(reading, 2027)["duties"]
    assert isinstance(duties, list)
    return duties


def test_an_unnamed_bearer_is_asked_for_and_never_guessed() -> None:
    duty, questions = place(quote="每天办宣讲", who=None, actor="有关方面", cadence="daily")
    assert "who" not in duty
    assert duty["lead"] == "有关方面"
    assert questions == ("question.who",)


def test_who_is_driven_to_do_it_bears_it_and_who_drives_leads() -> None:
    duty, _ = place(quote="文旅局督促酒店每月宣传1次", actor="文旅局", who=Who(line=("tourism",)), cadence="monthly")
    assert (duty["who"], duty["lead"]) == ({"kind": "hotel"}, "文旅局")


@pytest.mark.parametrize("deadline", ["about 2027-06-30", "relative: 活动结束后", "XXXX-06-30", "2031-06-30"])
def test_a_day_that_is_not_exact_or_not_in_the_plan_is_asked_about(deadline: str) -> None:
    _, questions = place(value=Fraction(1), comparator=">=", deadline=deadline)
    assert "question.deadline" in questions


def test_a_cadence_between_two_days_is_tied_to_a_phase_of_those_days() -> None:
    frame = Frame(YEAR, 2027)
    demand = make_demand(cadence="weekly", window_start="2027-03-01", deadline="2027-05-31")
    duty, _ = place_demand(demand, frame)
    again, _ = place_demand(demand, frame)
    assert (duty["during"], duty["every"]) == (again["during"], "week")
    assert [(phase["id"], phase["name"]) for phase in frame.phases] == [("phase-1", "3月1日至5月31日")]


def test_a_goal_that_names_nobody_is_the_issuers_own_and_still_asked_about() -> None:
    goal = make_demand(
        class_="target", verb="attain", object="cases", comparator="==", value=Fraction(0), who=None, quote="零发案"
    )
    draft = draft_with_questions(replace(NOTHING, demands=(goal,)), 2027)
    plan, _ = build_plan(draft.mapping)
    assert plan is not None
    assert plan.duties[0].who.kind == ("county",)
    assert draft.questions == {"cases-1": ("question.who",)}
    assert draft.demands == {"cases-1": "d1"}


def test_ids_are_readable_and_told_apart() -> None:
    talks = [make_demand(id=f"d{number}", cadence="daily") for number in range(2)]
    reading = replace(NOTHING, demands=(*talks, make_demand(verb=None)), vague=(make_demand(vague=True),))
    duties = draft_plan(reading, 2027)["duties"]
    assert isinstance(duties, list)
    assert [duty["id"] for duty in duties] == ["talk-1", "talk-2", "open-1", "talk-3"]


def test_rewards_and_conditions_of_a_title_are_no_duties() -> None:
    reading = replace(NOTHING, demands=(make_demand(class_="consequence"), make_demand(class_="criterion")))
    assert draft_plan(reading, 2027)["duties"] == []


def test_an_unknown_validity_is_the_whole_year_and_asked_about() -> None:
    reading = replace(NOTHING, valid=(None, None))
    assert draft_plan(reading, 2030)["valid"] == {"from": date(2030, 1, 1), "to": date(2030, 12, 31)}
    assert draft_with_questions(reading, 2030).questions[""] == ("question.validity",)
    dated = replace(reading, demands=(make_demand(deadline="2026-06-30"),))
    assert draft_plan(dated, 2030)["valid"] == {"from": date(2026, 1, 1), "to": date(2026, 12, 31)}


def test_the_validity_reaches_every_phase_and_deadline_of_the_plan() -> None:
    phase = ReadPhase("收尾", "2028-01-05", "2028-02-10", (0, 5))
    plan = draft_plan(replace(NOTHING, phases=(phase,)), 2027)
    assert plan["valid"] == {"from": date(2027, 1, 1), "to": date(2028, 2, 10)}
    assert plan["phases"] == [{"id": "phase-1", "name": "收尾", "from": date(2028, 1, 5), "to": date(2028, 2, 10)}]


def test_a_heading_that_only_dates_a_phase_is_that_phase_and_no_duty() -> None:
    text = "石桥县反诈宣传方案\n一、活动时间\n2027年5月1日至6月30日。\n二、任务\n各村每周开展1次防骗宣讲。\n"
    draft = draft_plan(read_plan(text), 2027)
    duties, phases = draft["duties"], draft["phases"]
    assert isinstance(duties, list)
    assert isinstance(phases, list)
    assert [duty["id"] for duty in duties] == ["talk-1"]
    assert [(phase["from"], phase["to"]) for phase in phases] == [(date(2027, 5, 1), date(2027, 6, 30))]


DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31)).map(date.isoformat)
WORDS = st.none() | DAYS | st.sampled_from(["monthly day 31", "XXXX-02-30", "about 2027-05-01", "relative: 会后", "x"])
OBJECTS = [*load_kinds(), *BASES, "nothing", None]
demands = st.builds(
    Demand,
    id=st.just("d"),
    clause=st.text(max_size=4),
    quote=st.text(max_size=12),
    span=st.just((0, 5)),
    class_=st.sampled_from(["duty", "target"]),
    actor=st.none() | st.text(max_size=5),
    comparator=st.sampled_from([None, ">=", "<=", "==", "change<=", "change>="]),
    value=st.none() | st.fractions(-3, 3000, max_denominator=1000),
    unit=st.none() | st.sampled_from(["次", "ratio of 人口", "ratio of 户", "relative change vs 同比"]),
    cadence=st.sampled_from([None, "once", "daily", "biweekly", "monthly", "semester", "yearly", "continuous"]),
    deadline=WORDS,
    window_start=WORDS,
    evidence=st.none() | st.text(max_size=5),
    per=st.none() | st.sampled_from(["每村", "每户", "每200米", "每0米"]),
    vague=st.booleans(),
    verb=st.sampled_from([None, *VERBS]),
    object=st.sampled_from(OBJECTS),
    who=st.none() | st.builds(Who, kind=st.just(("village",))) | st.builds(Who, line=st.just(("police",))),
)


@given(st.lists(demands, max_size=4), st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_any_reading_gives_a_draft_without_errors_of_form(found: list[Demand], opens: date | None) -> None:
    reading = replace(NOTHING, demands=tuple(found), valid=(opens, None))
    plan, problems = build_plan(draft_plan(reading, 2027))
    assert plan is not None, problems
    senses = [p for p in check_plan(plan, load_kinds()) if p.code not in ("plan.object-shape", "plan.object-unknown")]
    assert not has_errors(senses), senses
