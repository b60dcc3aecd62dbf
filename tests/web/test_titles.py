"""Titles on the site: from the application to the award, who may do what, and the share of units on any day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter
from wuzha.adapters.title_yaml import write_criteria
from wuzha.core.title.life import Kind, add_months, find_award_day
from wuzha.core.title.share import Stage, TitleShare, find_stage
from wuzha.web.accounts.models import AuditEntry, Placement, Post, Unit, User
from wuzha.web.campaign.actions import papers
from wuzha.web.campaign.actions import titles as actions
from wuzha.web.campaign.models import (
    CalendarDay,
    DraftPaper,
    InspectionRound,
    InspectionVisit,
    IssuedPaper,
    PlanVersion,
    TitleCertificate,
    TitleCriteria,
    TitleProgram,
    TitleStep,
)
from wuzha.web.campaign.queries import titles as queries
from wuzha.web.campaign.queries.calendar import find_calendar
from wuzha.web.campaign.queries.ground import load_tree
from wuzha.web.campaign.queries.totals import forget_counts
from wuzha.web.campaign.title_said import CriteriaSaid, StepSaid

NAME = "石桥县无诈村（社区）"
ROAD = (Kind.APPLIED, Kind.SELF_CHECKED, Kind.VISITED, Kind.NOTICED)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    forget_counts()
    yield
    forget_counts()


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), ZONE)


def set_up(cast: Cast, unit: Unit | None = None, name: str = NAME, since: date = date(2020, 1, 1)) -> TitleProgram:
    """A programme of the county for villages and communities, by the criteria that come with the package."""
    unit = unit or cast.county
    title, text = write_criteria(timezone.localdate().year, unit.name)
    criteria = CriteriaSaid(title, 3, since, text=text)
    kinds = ("village", "community")
    return actions.set_up_program(
        actor=cast.officer, unit=unit, name=name, kinds=kinds, criteria=criteria, now=at(since)
    )


def take(cast: Cast, program: TitleProgram, unit: Unit, kind: Kind, on: date, **said: Any) -> TitleStep:
    """A step on that day by who may take it, entered on that day."""
    is_own = kind in ROAD[:2]
    post = Post.objects.get(user=cast.secretary) if is_own else Post.objects.get(user=cast.officer)
    seen = TitleStep.objects.filter(program=program, unit=unit).count()
    step = StepSaid(kind, on, seen, **said)
    made, problems = actions.take_steps(
        actor=post.user, post=post, program=program, unit=unit, steps=(step,), now=at(on)
    )
    assert problems == ()
    return made[0]


def walk(cast: Cast, program: TitleProgram, unit: Unit, notice_on: date) -> None:
    """The road up to the public notice."""
    for kind, before in zip(ROAD, (30, 20, 10, 0), strict=True):
        take(cast, program, unit, kind, notice_on - timedelta(before))


def award(cast: Cast, program: TitleProgram, unit: Unit, on: date) -> None:
    walk(cast, program, unit, on - timedelta(21))
    take(cast, program, unit, Kind.AWARDED, on)


def work_well(cast: Cast, unit: Unit, today: date) -> None:
    """What the criteria ask of a village of 640 households."""
    for back in range(4):
        month = add_months(today.replace(day=1), -back)
        enter(cast.secretary, unit, month, "talk")
    enter(cast.secretary, unit, today, "visit", quantity=400)
    enter(cast.secretary, unit, today, "awareness", quantity=97, people=100)


def press(browser: Client, program: TitleProgram, unit: Unit, what: str, **typed: Any) -> str:
    seen = TitleStep.objects.filter(program=program, unit=unit).count()
    address = reverse("campaign:title-step", args=[program.pk, unit.code, what])
    answer = browser.post(address, {"seen": seen} | typed, follow=True)
    assert answer.status_code in (200, 422)
    return answer.content.decode()


def list_kinds(unit: Unit) -> list[str]:
    return [step.kind for step in TitleStep.objects.filter(unit=unit)]


def open_unit(browser: Client, program: TitleProgram, unit: Unit, query: str = "") -> str:
    return browser.get(reverse("campaign:title-unit", args=[program.pk, unit.code]) + query).content.decode()


# --- setting up -------------------------------------------------------------------------------------------------------


def test_an_officer_sets_up_a_title_and_another_of_the_same_name_is_refused(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    typed = {"name": NAME, "kinds": ["village", "community"], "source": "built-in", "months": 3}
    page = browser.post(reverse("campaign:title-new"), typed, follow=True).content.decode()

    program = TitleProgram.objects.get()
    assert (program.unit, program.kinds) == (cast.county, ["village", "community"])
    assert NAME in page
    assert AuditEntry.objects.filter(action="title.set-up", actor=cast.officer).count() == 1
    again = browser.post(reverse("campaign:title-new"), typed)
    assert again.status_code == 422
    assert "已经有同名的称号" in again.content.decode()
    assert TitleProgram.objects.count() == 1


def test_criteria_that_ask_nothing_of_a_kind_or_only_for_silence_are_refused(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    typed = {"name": NAME, "kinds": ["bank"], "source": "built-in", "months": 3}
    answer = browser.post(reverse("campaign:title-new"), typed)
    assert "没有要求：银行网点" in answer.content.decode()
    year = timezone.localdate().year
    text = f"""
title: 零发案标准
valid: {{from: {year}-01-01, to: {year}-12-31}}
duties:
  - {{id: none, who: {{kind: village}}, attain: cases, at_most: 0, every: year}}
"""
    plan = issue(cast, text)
    answer = browser.post(reverse("campaign:title-new"), typed | {"kinds": ["village"], "source": plan.pk})
    assert "只看有没有发案" in answer.content.decode()
    assert answer.status_code == 422
    assert not TitleProgram.objects.exists()


def issue(cast: Cast, text: str) -> PlanVersion:
    year = timezone.localdate().year
    return PlanVersion.objects.create(
        unit=cast.county,
        title="零发案标准",
        valid_from=date(year, 1, 1),
        valid_to=date(year, 12, 31),
        state=PlanVersion.State.ISSUED,
        text=text,
        created_by=cast.officer,
        created_at=timezone.now(),
        issued_by=cast.officer,
        issued_at=timezone.now(),
    )


@pytest.mark.parametrize("who", ["secretary", "supervisor"])
def test_only_an_officer_sets_up_a_title(cast: Cast, visit: Visit, who: str) -> None:
    assert visit(cast.people[who]).get(reverse("campaign:title-new")).status_code == 403
    program = set_up(cast)
    typed = {"source": "built-in", "months": 6}
    address = reverse("campaign:title-criteria", args=[program.pk])
    assert visit(cast.people[who]).post(address, typed).status_code == 403
    assert TitleCriteria.objects.count() == 1


def test_criteria_chosen_today_leave_what_held_before(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    visit(cast.officer).post(reverse("campaign:title-criteria", args=[program.pk]), {"source": "built-in", "months": 6})

    before, now = (queries.find_criteria(program, day) for day in (today - timedelta(1), today))
    assert before is not None
    assert now is not None
    assert (before.months, now.months) == (3, 6)
    visit(cast.officer).post(reverse("campaign:title-criteria", args=[program.pk]), {"source": "built-in", "months": 6})
    assert program.criteria.count() == 2, "what was said last is not kept again"


def test_criteria_that_come_with_wuzha_are_asked_of_nobody_who_does_not_apply(cast: Cast, visit: Visit) -> None:
    set_up(cast)
    page = visit(cast.secretary).get(reverse("campaign:work")).content.decode()
    assert "有针对性的反诈宣讲" not in page
    assert NAME in page
    assert "自愿申请" in page


# --- the road ---------------------------------------------------------------------------------------------------------


def test_a_village_applies_sees_what_is_missing_mends_it_and_is_visited(cast: Cast, visit: Visit, today: date) -> None:
    program, village = set_up(cast), visit(cast.secretary)
    assert "已登记：申请" in press(village, program, cast.village, "apply")
    page = open_unit(village, program, cast.village)
    assert "3 条中还有 3 条没达到" in page
    assert "320 户" in page
    refused = press(village, program, cast.village, "self-check")
    assert "还有没达到的标准" in refused
    assert "走访一半以上住户" in refused

    work_well(cast, cast.village, today)
    page = open_unit(village, program, cast.village)
    assert "3 条都达到了" in page
    assert "400 / 320 户" in page
    press(village, program, cast.village, "self-check")
    step = TitleStep.objects.get(kind="self_checked")
    assert step.findings["title-homes"] == {"met": True, "note": ""}
    assert (step.by, step.post_unit, step.role) == (cast.secretary, cast.village, "secretary")

    officer = visit(cast.town_officer)
    found = {"found_0": "met", "found_1": "unmet", "found_2": "met", "on": today.isoformat()}
    page = press(officer, program, cast.village, "visit", **found)
    assert "请写明差什么" in page
    press(officer, program, cast.village, "visit", **found, note_1="二组只走了一半")
    assert "二组只走了一半" in open_unit(village, program, cast.village)
    assert "再去看一次" in open_unit(village, program, cast.village)
    press(visit(cast.officer), program, cast.village, "notice", starts_on=today.isoformat())
    assert "noticed" not in list_kinds(cast.village)

    press(officer, program, cast.village, "visit", **(found | {"found_1": "met"}))
    press(visit(cast.officer), program, cast.village, "notice", starts_on=today.isoformat())
    assert list_kinds(cast.village)[-2:] == ["visited", "noticed"]
    page = press(visit(cast.officer), program, cast.village, "award")
    assert "公示满 5 个工作日才能授予" in page
    assert "awarded" not in list_kinds(cast.village)
    assert AuditEntry.objects.filter(action__startswith="title.", object_type="titlestep").count() == 5


def test_after_five_whole_working_days_the_title_is_awarded_for_twelve_months(
    cast: Cast, visit: Visit, today: date
) -> None:
    program = set_up(cast)
    walk(cast, program, cast.village, today - timedelta(20))
    page = open_unit(visit(cast.officer), program, cast.village)
    assert "公示已满五个工作日" in page
    press(visit(cast.officer), program, cast.village, "award")

    last = add_months(today, 12) - timedelta(1)
    page = open_unit(visit(cast.secretary), program, cast.village)
    assert f"到{last.year}年{last.month}月{last.day}日为止" in page.replace('<span class="nowrap">', "").replace(
        "</span>", ""
    )
    unit_page = visit(cast.secretary).get(reverse("campaign:unit", args=["SQ0101"])).content.decode()
    assert NAME in unit_page
    assert "有效" in unit_page


def test_a_day_off_of_the_county_makes_the_notice_a_day_longer_and_takes_no_title_back(
    cast: Cast, visit: Visit, today: date
) -> None:
    program = set_up(cast)
    walk(cast, program, cast.village, today - timedelta(20))
    title = queries.make_title("SQ0101", queries.list_steps(program, today))
    notice = title.find(Kind.NOTICED)
    assert notice is not None
    first = find_award_day(notice, find_calendar("SQ/").workdays)
    day = first - timedelta(1)
    CalendarDay.objects.create(
        unit=cast.county, day=day, says="off", reason="县庆", author=cast.officer, created_at=at(day)
    )
    assert find_award_day(notice, find_calendar("SQ/").workdays) > first

    take(cast, program, cast.village, Kind.AWARDED, today)
    for n in range(15):
        off = notice.on + timedelta(n)
        CalendarDay.objects.create(
            unit=cast.county, day=off, says="off", reason="补录", author=cast.officer, created_at=at(off)
        )
    assert queries.load_titles(program, today)["SQ0101"].award is not None


def test_an_objection_waits_for_an_officer_and_may_end_the_application(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    for unit in (cast.village, cast.community):
        walk(cast, program, unit, today - timedelta(20))
        press(visit(cast.supervisor), program, unit, "object", note="走访户数对不上")
        assert "还有异议没有处理" in press(visit(cast.officer), program, unit, "award")
    officer = visit(cast.officer)
    press(officer, program, cast.village, "settle", outcome="dismiss", note="抽查十户，都去过")
    press(officer, program, cast.village, "award")
    press(officer, program, cast.community, "settle", outcome="refuse", note="少走了一半")

    assert list_kinds(cast.village)[-3:] == ["objected", "settled", "awarded"]
    assert list_kinds(cast.community)[-3:] == ["objected", "settled", "refused"]
    settled, refused = TitleStep.objects.filter(unit=cast.community)[5:7]
    assert (settled.place, refused.place) == (5, 6)
    assert "未授予" in open_unit(officer, program, cast.community)


@pytest.mark.parametrize("day", [-1, 15])
def test_a_notice_begins_today_or_soon_and_never_before(cast: Cast, visit: Visit, today: date, day: int) -> None:
    program = set_up(cast)
    for kind, before in zip(ROAD[:3], (30, 20, 10), strict=True):
        take(cast, program, cast.village, kind, today - timedelta(before))
    typed = {"seen": 3, "starts_on": (today + timedelta(day)).isoformat()}
    answer = visit(cast.officer).post(reverse("campaign:title-step", args=[program.pk, "SQ0101", "notice"]), typed)
    assert answer.status_code == 422
    assert "两周以内" in answer.content.decode()


def test_a_notice_that_hangs_later_is_counted_from_its_own_first_day(cast: Cast, today: date) -> None:
    program = set_up(cast)
    for kind, before in zip(ROAD[:3], (30, 20, 10), strict=True):
        take(cast, program, cast.village, kind, today - timedelta(before))
    take(cast, program, cast.village, Kind.NOTICED, today, starts_on=today + timedelta(7))
    title = queries.load_titles(program, today)["SQ0101"]
    notice = title.find(Kind.NOTICED)
    assert notice is not None
    assert find_award_day(notice, find_calendar("SQ/").workdays) > today + timedelta(12)


# --- held, paused, revoked, renewed -----------------------------------------------------------------------------------


def test_a_case_pauses_a_title_and_never_revokes_it(cast: Cast, visit: Visit, today: date) -> None:
    program, officer = set_up(cast), visit(cast.officer)
    award(cast, program, cast.village, today - timedelta(40))
    page = press(officer, program, cast.village, "revoke", reason="reported_case", note="五月有一户报案")
    assert "revoked" not in list_kinds(cast.village)
    assert "五月有一户报案" in page
    assert "请" in press(officer, program, cast.village, "pause", note="")
    press(officer, program, cast.village, "pause", note="本月一起案件正在倒查")
    assert "恢复称号" in open_unit(officer, program, cast.village)
    assert find_stage(queries.load_titles(program, today)["SQ0101"], today) is Stage.PAUSED
    press(officer, program, cast.village, "resume", note="该做的都做了")
    press(officer, program, cast.village, "revoke", reason="false_data", note="查实三场宣讲没有开展")

    assert list_kinds(cast.village)[-3:] == ["paused", "resumed", "revoked"]
    page = open_unit(visit(cast.secretary), program, cast.village)
    assert "弄虚作假" in page
    assert "查实三场宣讲没有开展" in page


def test_a_title_is_renewed_within_ninety_days_before_its_end(cast: Cast, visit: Visit, today: date) -> None:
    program, village = set_up(cast), visit(cast.secretary)
    work_well(cast, cast.village, today)
    award(cast, program, cast.village, today - timedelta(200))
    assert "到期前 90 天内" in press(village, program, cast.village, "apply")
    award(cast, program, cast.community, today - timedelta(330))
    walk(cast, program, cast.community, today - timedelta(20))
    press(visit(cast.officer), program, cast.community, "award")
    assert list_kinds(cast.community)[-1] == "noticed"
    press(visit(cast.officer), program, cast.community, "renew")

    title = queries.load_titles(program, today)["SQ0102"]
    assert title.award is not None
    assert title.award.closes == add_months(add_months(today - timedelta(330), 12), 12)


def test_titles_that_end_soon_stand_on_the_day_of_the_officer_and_of_the_unit(
    cast: Cast, visit: Visit, today: date
) -> None:
    program = set_up(cast)
    award(cast, program, cast.village, today - timedelta(300))
    award(cast, program, cast.units["SQ0201"], today - timedelta(100))
    page = visit(cast.officer).get(reverse("campaign:today")).content.decode()
    assert "90 天内到期的称号" in page
    told = page.split('id="ending"')[1]
    assert "柳湾村" in told
    assert "渡头村" not in told
    assert "可以申请延续" in visit(cast.secretary).get(reverse("campaign:work")).content.decode()
    assert "柳湾村" not in visit(cast.outsider).get(reverse("campaign:today")).content.decode()


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "what", "status"),
    [
        ("secretary", "award", 403),
        ("secretary", "visit", 403),
        ("secretary", "notice", 403),
        ("secretary", "object", 403),
        ("town_officer", "award", 403),
        ("town_officer", "pause", 403),
        ("town_officer", "apply", 403),
        ("officer", "apply", 403),
        ("officer", "self-check", 403),
        ("supervisor", "visit", 403),
        ("supervisor", "award", 403),
        ("outsider", "award", 404),
        ("outsider", "apply", 404),
        ("nobody", "apply", 404),
        ("officer", "give-me-one", 404),
    ],
)
def test_each_step_is_for_those_who_hold_the_post(cast: Cast, visit: Visit, who: str, what: str, status: int) -> None:
    program = set_up(cast)
    answer = visit(cast.people[who]).post(
        reverse("campaign:title-step", args=[program.pk, "SQ0101", what]), {"seen": 0}
    )
    assert answer.status_code == status
    assert not TitleStep.objects.exists()


def test_nobody_visits_their_own_unit(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    for kind in ROAD[:2]:
        take(cast, program, cast.village, kind, today - timedelta(3))
    Post.objects.create(user=cast.secretary, unit=cast.village, role="officer")
    address = reverse("campaign:title-step", args=[program.pk, "SQ0101", "visit"])
    assert visit(cast.secretary).post(address, {"seen": 2}).status_code == 403


def test_a_unit_of_another_kind_cannot_apply(cast: Cast, visit: Visit) -> None:
    program = set_up(cast)
    teacher = User.objects.create(username="teacher")
    Post.objects.create(user=teacher, unit=cast.school, role="secretary")
    assert "不是给这一类单位" in press(visit(teacher), program, cast.school, "apply")
    assert not TitleStep.objects.exists()


# --- twice, and two at once -------------------------------------------------------------------------------------------


def test_pressed_twice_a_step_is_taken_once(cast: Cast, visit: Visit, today: date) -> None:
    program, browser = set_up(cast), visit(cast.officer)
    walk(cast, program, cast.village, today - timedelta(20))
    address = reverse("campaign:title-step", args=[program.pk, "SQ0101", "award"])
    for _press in range(2):
        page = browser.post(address, {"seen": 4}, follow=True).content.decode()
        assert "已登记：授予" in page
    assert list_kinds(cast.village).count("awarded") == 1
    assert AuditEntry.objects.filter(action="title.awarded").count() == 1


def test_of_two_persons_at_once_the_second_is_told(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    walk(cast, program, cast.village, today - timedelta(20))
    other = User.objects.create(username="other", display_name="县联席办另一位")
    Post.objects.create(user=other, unit=cast.county, role="officer")
    award_it, refuse_it = (reverse("campaign:title-step", args=[program.pk, "SQ0101", x]) for x in ("award", "refuse"))
    visit(cast.officer).post(award_it, {"seen": 4})
    page = visit(other).post(refuse_it, {"seen": 4, "note": "不同意"}, follow=True).content.decode()

    assert "刚才有人先办了一步" in page
    assert list_kinds(cast.village)[4:] == ["awarded"]


def test_the_database_takes_no_second_step_at_a_place_and_changes_none(cast: Cast, today: date) -> None:
    program = set_up(cast)
    step = take(cast, program, cast.village, Kind.APPLIED, today)
    step.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        step.save(force_insert=True)
    for rows in (TitleStep.objects.all(), TitleCriteria.objects.all(), TitleProgram.objects.all()):
        for write in (rows.delete, lambda rows=rows: rows.update(id=99)):
            with pytest.raises(DatabaseError), transaction.atomic():
                write()
    assert TitleStep.objects.count() == 1


# --- the share up the tree --------------------------------------------------------------------------------------------


def test_the_share_follows_the_tree_and_each_figure_leads_to_its_units(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    award(cast, program, cast.village, today - timedelta(30))
    share = queries.build_share(program, "SQ", today)
    assert share is not None
    assert share.whole.share == TitleShare(1, 3)
    assert {row.unit.code: row.share for row in share.rows} == {"SQ01": TitleShare(1, 2), "SQ02": TitleShare(0, 1)}
    assert sum(share.stages.values()) == 3

    browser = visit(cast.officer)
    held = browser.get(reverse("campaign:title-units", args=[program.pk]) + "?unit=SQ01&stage=held").content.decode()
    assert "柳湾村" in held
    assert "东社区" not in held
    below = browser.get(reverse("campaign:title", args=[program.pk]) + "?unit=SQ01").content.decode()
    rows = below.split("<tbody>")[1].split("</tr>")
    assert [("有效" in row, "没有申请" in row) for row in rows[:2]] == [(True, False), (False, True)]
    every = browser.get(reverse("campaign:title-units", args=[program.pk]) + "?unit=SQ").content.decode()
    assert all(name in every for name in ("柳湾村", "东社区", "渡头村"))
    page = browser.get(reverse("campaign:title", args=[program.pk])).content.decode()
    assert page.index("青石镇") < page.index("河口镇")


def test_a_title_that_ended_yesterday_counts_no_more_and_on_its_last_day_it_did(
    cast: Cast, visit: Visit, today: date
) -> None:
    program = set_up(cast)
    award(cast, program, cast.village, add_months(today, -12))
    counts = []
    for back in (0, 1):
        share = queries.build_share(program, "SQ", today - timedelta(back))
        assert share is not None
        counts.append(share.whole.share.held)
    assert counts == [0, 1]
    page = open_unit(visit(cast.secretary), program, cast.village)
    assert "已到期" in page
    assert "有效期到" in page


def test_a_past_day_is_counted_on_the_tree_of_that_day(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    award(cast, program, cast.village, today - timedelta(60))
    moved = today - timedelta(10)
    for since, parent in ((date(2020, 1, 1), cast.town), (moved, cast.other_town)):
        Placement.objects.create(unit=cast.village, since=since, name="柳湾村", kind="village", parent=parent)
    Unit.objects.filter(pk=cast.village.pk).update(parent=cast.other_town, path="SQ/SQ02/SQ0101/")
    forget_counts()
    found = {}
    for day in (moved - timedelta(1), moved):
        share = queries.build_share(program, "SQ", day)
        assert share is not None
        found[day] = {row.unit.code: row.share.held for row in share.rows}

    assert found == {moved - timedelta(1): {"SQ01": 1, "SQ02": 0}, moved: {"SQ01": 0, "SQ02": 1}}
    address = reverse("campaign:title", args=[program.pk])
    then = visit(cast.officer).get(f"{address}?as_of={moved - timedelta(1)}").content.decode()
    assert "unit=SQ01" in then


def test_a_step_entered_later_was_not_known_before(cast: Cast, today: date) -> None:
    program = set_up(cast)
    walk(cast, program, cast.village, today - timedelta(40))
    post = Post.objects.get(user=cast.officer)
    step = StepSaid(Kind.AWARDED, today - timedelta(20), 4)
    actions.take_steps(actor=cast.officer, post=post, program=program, unit=cast.village, steps=(step,), now=at(today))
    as_of = today - timedelta(10)
    known, now = (queries.build_share(program, "SQ", as_of, day) for day in (as_of, None))
    assert known is not None
    assert now is not None
    assert (known.whole.share.held, now.whole.share.held) == (0, 1)


def test_a_past_day_shows_where_the_unit_stood_and_offers_nothing_to_do(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    award(cast, program, cast.village, today - timedelta(5))
    page = open_unit(visit(cast.officer), program, cast.village, f"?as_of={today - timedelta(10)}")
    assert "公示中" in page
    assert '<form method="post" action="/titles' not in page


def test_a_page_asks_as_much_for_many_units_as_for_few(cast: Cast, visit: Visit, today: date) -> None:
    program, browser = set_up(cast), visit(cast.officer)
    pages = (
        reverse("campaign:title", args=[program.pk]),
        reverse("campaign:title-units", args=[program.pk]),
        reverse("campaign:titles"),
        reverse("campaign:today"),
    )

    def count() -> list[int]:
        found = []
        for page in pages:
            browser.get(page)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert browser.get(page).status_code == 200
            found.append(len(asked))
        return found

    award(cast, program, cast.village, today - timedelta(300))
    few = count()
    award(cast, program, cast.community, today - timedelta(300))
    walk(cast, program, cast.units["SQ0201"], today - timedelta(20))
    assert count() == few


# --- what no case is worth --------------------------------------------------------------------------------------------


def test_no_case_is_shown_with_its_numbers_and_the_chance_of_it(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    assert "碰巧" not in open_unit(visit(cast.officer), program, cast.village)
    enter(cast.officer, cast.county, today, "cases", quantity=288)  # 7 for 10,000 of 412,000
    quiet = queries.find_quiet(program, load_tree().by_code["SQ0101"], today)

    assert quiet is not None
    assert (quiet.own, quiet.area, quiet.population) == (None, 288, 2140)
    assert quiet.expected == pytest.approx(1.496, abs=0.001)
    assert quiet.chance == pytest.approx(0.224, abs=0.001)
    page = open_unit(visit(cast.officer), program, cast.village)
    assert "这里没有人报数，不知道有几起" in page
    assert "这里记有" not in page
    assert "也占 22%" in page
    enter(cast.officer, cast.village, today, "cases", quantity=0)
    assert "这里记有 0 起" in open_unit(visit(cast.officer), program, cast.village), "nought that was told is nought"


def test_the_records_behind_a_criterion_are_listed(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    record = enter(cast.secretary, cast.village, today, "talk")
    address = reverse("campaign:title-criterion", args=[program.pk, "SQ0101", "title-talk"])
    page = visit(cast.secretary).get(address).content.decode()
    assert str(record.pk) in page
    assert visit(cast.secretary).get(address.replace("title-talk", "no-such")).status_code == 404


def test_a_criterion_that_is_met_shows_the_window_by_which_it_is_before_the_open_one(
    cast: Cast, visit: Visit, today: date
) -> None:
    program = set_up(cast)
    first = add_months(today.replace(day=1), -1)
    if first.year < today.year:
        pytest.skip("in January the plan of the year has no month before")
    for back in range(1, 5):
        enter(cast.secretary, cast.village, add_months(today.replace(day=1), -back), "talk")
    page = open_unit(visit(cast.secretary), program, cast.village)
    talk = page.split('id="title-talk"')[1].split("</section>")[0]

    assert talk.index("1 / 1 次") < talk.index("0 / 1 次")
    assert "还差 1 次" in talk


def test_a_visit_may_be_part_of_an_inspection_that_leads_to_its_page(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    for kind in ROAD[:2]:
        take(cast, program, cast.village, kind, today - timedelta(3))
    office = {"unit": cast.county, "area": cast.county, "created_by": cast.officer, "created_at": at(today)}
    asked = {
        "units_asked": 1,
        "items_asked": 1,
        "records_asked": 0,
        "kinds": ["village"],
        "items": [],
        "candidates": [],
    }
    days = {"opens_on": today, "last_on": today, "quarter": "2026-Q4", "source": "福利彩票", "source_on": today}
    drawn = InspectionRound.objects.create(
        title="冬季联合督查", method="public", post="officer", **office, **asked, **days
    )
    part = InspectionVisit.objects.create(
        round=drawn, unit=cast.village, place=1, quarter="2026-Q4", turn=1, items=[], records=[]
    )
    found = {f"found_{n}": "met" for n in range(3)} | {"on": today.isoformat(), "inspection": part.pk}
    page = press(visit(cast.officer), program, cast.village, "visit", **found)

    assert TitleStep.objects.get(kind="visited").inspection_visit == part
    assert reverse("campaign:inspection-visit", args=[part.pk]) in page
    page = open_unit(visit(cast.secretary), program, cast.village)
    assert "冬季联合督查" in page
    assert reverse("campaign:inspection-visit", args=[part.pk]) not in page


def test_the_day_of_entry_is_the_day_in_china(cast: Cast, visit: Visit) -> None:
    program, post = set_up(cast), Post.objects.get(user=cast.secretary)
    day = date(2026, 3, 5)
    early = datetime.combine(day, time(0, 30), ZONE)
    step = StepSaid(Kind.APPLIED, day, 0)
    actions.take_steps(actor=post.user, post=post, program=program, unit=cast.village, steps=(step,), now=early)
    page = open_unit(visit(cast.secretary), program, cast.village)
    assert "2026年3月5日</span>登记" in page


# --- certificates -----------------------------------------------------------------------------------------------------


def open_paper(browser: Client, paper: IssuedPaper) -> str:
    return browser.get(reverse("campaign:paper", args=[paper.pk])).content.decode()


def test_an_award_comes_with_its_certificate_which_is_numbered_without_a_gap(
    cast: Cast, visit: Visit, today: date
) -> None:
    program = set_up(cast)
    award(cast, program, cast.community, today - timedelta(60))
    walk(cast, program, cast.village, today - timedelta(21))

    said = press(visit(cast.officer), program, cast.village, "award")
    press(visit(cast.officer), program, cast.village, "award")

    papers = list(IssuedPaper.objects.order_by("serial"))
    assert [paper.form for paper in papers] == ["certificate", "certificate"], "pressed twice it is one"
    year = [paper.year for paper in papers]
    assert [paper.serial for paper in papers] == ([1, 2] if len(set(year)) == 1 else [1, 1])
    paper = papers[1]
    assert paper.number == f"无诈单元证书〔{today.year}〕{paper.serial}号"
    assert paper.number in said
    assert (paper.unit, paper.addressee, paper.issued_by) == (cast.county, cast.village, cast.officer)
    text = " ".join(str(block) for block in paper.content["blocks"])
    for words in (NAME, "石桥县 专干", str(cast.officer), f"{today.year}年{today.month}月{today.day}日"):
        assert words in text
    last = add_months(today, 12) - timedelta(1)
    assert f"{last.year}年{last.month}月{last.day}日" in text
    assert bytes(paper.docx)[:2] == b"PK"
    assert bytes(paper.pdf)[:4] == b"%PDF"
    assert not DraftPaper.objects.exists()
    assert {entry.action for entry in AuditEntry.objects.filter(actor=cast.officer)} >= {
        "paper.issued",
        "title.awarded",
    }


def test_an_award_out_of_order_has_no_certificate(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    walk(cast, program, cast.village, today)

    press(visit(cast.officer), program, cast.village, "award")

    assert not IssuedPaper.objects.exists()
    assert "awarded" not in list_kinds(cast.village)


def test_an_award_that_finds_another_step_leaves_no_paper_and_no_number(cast: Cast, today: date) -> None:
    """Somebody objects while the files are being made."""
    program = set_up(cast)
    walk(cast, program, cast.village, today - timedelta(21))
    post = Post.objects.get(user=cast.officer)
    said = StepSaid(Kind.AWARDED, today, 4)

    def render(paper: Any) -> Any:
        take(cast, program, cast.village, Kind.OBJECTED, today, note="有人反映台账不实")
        return papers.Files(docx=b"PK")

    made = actions.Award(cast.officer, post, program, cast.village, said, at(today))
    with pytest.raises(actions.ChangedError):
        actions.award_title(award=made, render=render)

    assert not IssuedPaper.objects.exists()
    assert not DraftPaper.objects.exists()
    assert list_kinds(cast.village)[-1] == "objected"


def test_the_certificate_of_a_renewal_runs_on_from_the_last_one(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    first = add_months(today, -12) + timedelta(30)
    award(cast, program, cast.village, first)
    walk(cast, program, cast.village, today - timedelta(14))
    take(cast, program, cast.village, Kind.RENEWED, today)

    later = IssuedPaper.objects.order_by("issued_at").last()
    assert later is not None
    end = add_months(first, 12)
    text = str(later.content["blocks"])
    assert f"有效期：{end.year}年{end.month}月{end.day}日至" in text
    assert "准予续期" in text
    page = open_unit(visit(cast.officer), program, cast.village)
    assert page.count("以后一份为准") == 1
    assert "有效" in page


def test_a_paused_or_revoked_title_says_so_beside_its_certificate(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    award(cast, program, cast.village, today - timedelta(40))
    paper, officer = IssuedPaper.objects.get(), visit(cast.officer)
    own = reverse("campaign:unit", args=["SQ0101"])

    for kind, words, said in (
        (Kind.PAUSED, "称号暂停中，暂不作数", {"note": "有一起案件要查"}),
        (Kind.REVOKED, "称号已撤销，证书作废", {"note": "台账造假", "reason": "false_data"}),
    ):
        before = officer.get(own).content.decode()
        take(cast, program, cast.village, kind, today, **said)
        for page in (
            open_unit(officer, program, cast.village),
            officer.get(own).content.decode(),
            open_paper(officer, paper),
        ):
            assert words in page
            assert paper.number in page
        assert words not in before


def test_a_certificate_is_read_by_its_unit_and_never_changes(cast: Cast, visit: Visit, today: date) -> None:
    program = set_up(cast)
    award(cast, program, cast.village, today - timedelta(40))
    paper = IssuedPaper.objects.get()

    assert "称号现在怎样" in open_paper(visit(cast.secretary), paper)
    address = reverse("campaign:paper", args=[paper.pk])
    assert visit(cast.people["outsider"]).get(address).status_code == 404
    assert visit(cast.officer).get("/papers/new/?form=certificate").status_code == 302, "none without its award"
    for change in (
        lambda: TitleCertificate.objects.update(paper=paper),
        lambda: TitleCertificate.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
