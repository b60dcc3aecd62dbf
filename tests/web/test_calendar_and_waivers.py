"""Days of a county's own move due days at once; what an officer of the issuer sets aside is owed by nobody else."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import MORNING, enter, issue_plan
from wuzha.core.assessment.model import Standing, Status, Totals
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.models import CalendarDay, DutyWaiver, PlanVersion
from wuzha.web.campaign.queries.ground import list_plans_in_force, load_plan
from wuzha.web.campaign.queries.standings import build_matrix, list_unit_standings
from wuzha.web.campaign.queries.totals import forget_counts
from wuzha.web.campaign.queries.work import keep_windows

MOVING = """
  - {id: moving, who: {kind: village}, file: progress_table, every: month, due: {on_day_off: next_workday}}
"""
END = date(2026, 12, 31)
SAID = {"day": "2026-06-30", "says": "off", "reason": "县庆放假"}
ASIDE = {"opens_on": "2026-03-01", "last_on": "2026-04-16", "reason": "进村道路改造"}


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    forget_counts()
    yield
    forget_counts()


def list_standings(plan: PlanVersion, code: str, duty_id: str, as_of: date = END) -> list[Standing]:
    found = list_unit_standings(in_force=load_plan(plan), unit_code=code, as_of=as_of)
    return [standing for duty, standing in found if duty.id == duty_id]


def find_due(plan: PlanVersion, month: str) -> date:
    (found,) = [one for one in list_standings(plan, "SQ0101", "moving") if one.obligation.window.label == month]
    return found.obligation.due_on


def count_all(plan: PlanVersion, code: str = "SQ") -> Totals:
    return build_matrix(in_force=load_plan(plan), unit_code=code, as_of=END).whole.total


def make_address(plan: PlanVersion, code: str = "SQ0101", duty: str = "rally") -> str:
    return reverse("campaign:waivers", args=[code, plan.pk, duty])


# --- days ---


def test_a_day_off_of_the_county_moves_due_days_at_once_and_back_when_it_is_withdrawn(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast, more=MOVING)
    assert find_due(plan, "2026-06") == date(2026, 6, 30)
    browser = visit(cast.officer)

    page = browser.post(reverse("campaign:calendar"), SAID, follow=True).content.decode()
    assert "县庆放假" in page
    assert find_due(plan, "2026-06") == date(2026, 7, 1)
    assert AuditEntry.objects.filter(action="calendar.said", actor=cast.officer).count() == 1

    row = CalendarDay.objects.get()
    page = browser.post(reverse("campaign:calendar-withdraw", args=[row.pk]), follow=True).content.decode()
    assert find_due(plan, "2026-06") == date(2026, 6, 30)
    assert "县庆放假" in page
    assert "撤回" in page
    assert AuditEntry.objects.filter(action="calendar.withdrawn").count() == 1


@pytest.mark.parametrize("who", ["town_officer", "secretary", "supervisor", "outsider"])
def test_only_an_officer_of_the_county_says_what_a_day_is(cast: Cast, visit: Visit, who: str) -> None:
    visit(cast.officer).post(reverse("campaign:calendar"), SAID)
    row = CalendarDay.objects.get()
    browser = visit(cast.people[who])

    assert "县庆放假" in browser.get(reverse("campaign:calendar")).content.decode()
    assert browser.post(reverse("campaign:calendar"), SAID).status_code == 403
    assert browser.post(reverse("campaign:calendar-withdraw", args=[row.pk])).status_code == 404
    assert CalendarDay.objects.filter(withdrawn_at=None).count() == 1


def test_who_holds_no_post_sees_no_calendar(cast: Cast, visit: Visit) -> None:
    assert visit(cast.nobody).get(reverse("campaign:calendar")).status_code == 403


def test_a_first_school_day_in_june_is_refused_beside_its_field(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.officer).post(reverse("campaign:calendar"), SAID | {"says": "spring"})
    assert answer.status_code == 422
    assert "不像那个学期的开学日" in answer.content.decode()
    assert not CalendarDay.objects.exists()


def test_a_semester_begins_on_the_day_that_the_county_says(cast: Cast, visit: Visit) -> None:
    more = "\n  - {id: class, who: {kind: village}, do: class_meeting, at_least: 1, every: semester}\n"
    plan = issue_plan(cast, more=more)
    visit(cast.officer).post(reverse("campaign:calendar"), {"day": "2026-08-31", "says": "autumn", "reason": "校历"})

    windows = [one.obligation.window for one in list_standings(plan, "SQ0101", "class")]
    assert [window.opens for window in windows] == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 8, 31)]
    assert windows[0].whole.opens == date(2025, 9, 1)


def test_a_year_without_a_published_list_is_told_on_the_pages_until_it_is_entered(cast: Cast, visit: Visit) -> None:
    issue_plan(cast, 2027, more=MOVING)
    browser = visit(cast.officer)
    pages = [reverse("campaign:unit", args=["SQ0101"]), reverse("campaign:standings", args=["SQ"])]
    told = [browser.get(f"{page}?as_of=2027-03-01").content.decode() for page in pages]
    assert all("2027年的放假调休安排还没有录入" in page for page in told)

    browser.post(reverse("campaign:calendar"), {"day": "2027-01-01", "says": "listed", "reason": "通知"})
    told = [browser.get(f"{page}?as_of=2027-03-01").content.decode() for page in pages]
    assert not any("还没有录入" in page for page in told)


def test_a_plan_that_moves_nothing_says_nothing_of_the_calendar(cast: Cast, visit: Visit) -> None:
    issue_plan(cast, 2027)
    page = visit(cast.officer).get(reverse("campaign:unit", args=["SQ0101"]) + "?as_of=2027-03-01").content.decode()
    assert "还没有录入" not in page


def test_one_window_whose_ends_have_moved_is_counted_alone_as_among_the_others(cast: Cast) -> None:
    plan = issue_plan(cast, more=MOVING)
    enter(cast.secretary, cast.village, date(2026, 6, 1), "progress_table")  # 31 May is a Sunday
    in_force = load_plan(plan)
    duty = in_force.plan.find_duty("moving")
    assert duty is not None
    standings = list_standings(plan, "SQ0101", "moving")
    alone = [keep_windows(in_force, [(duty, standing.obligation.window)]) for standing in standings]
    counted = [build_matrix(in_force=one, unit_code="SQ0101", as_of=END).whole.total.counts for one in alone]

    assert counted == [{standing.status: 1} for standing in standings]
    assert [s.obligation.window.label for s in standings if s.status == Status.MET] == ["2026-05"]


def test_a_plan_whose_last_due_day_moves_is_at_work_until_then(cast: Cast) -> None:
    visit_day = date(2027, 1, 1)
    plan = issue_plan(cast, more=MOVING)
    CalendarDay.objects.create(
        unit=cast.county, day=END, says="off", reason="清点", author=cast.officer, created_at=MORNING
    )
    forget_counts()
    assert find_due(plan, "2026-12") == visit_day
    assert [one.version.pk for one in list_plans_in_force(cast.village, visit_day)] == [plan.pk]


# --- waivers ---


def test_what_the_issuers_officer_sets_aside_is_waived_with_its_reason_and_leaves_the_totals(
    cast: Cast, visit: Visit
) -> None:
    plan = issue_plan(cast)
    before = count_all(plan)
    page = visit(cast.officer).post(make_address(plan), ASIDE, follow=True).content.decode()

    assert "已免办 2 期" in page
    assert "进村道路改造" in page
    assert "石桥县" in page
    found = list_standings(plan, "SQ0101", "rally")
    assert [s.obligation.window.label for s in found if s.status == Status.WAIVED] == ["2026-03", "2026-04"]
    assert {s.reason for s in found if s.status == Status.WAIVED} == {"进村道路改造"}
    after = count_all(plan)
    assert (before.expected - after.expected, after.count(Status.WAIVED)) == (2, 2)
    assert sum(before.counts.values()) == sum(after.counts.values())
    assert AuditEntry.objects.filter(action="waiver.given", actor=cast.officer).count() == 1
    shown = visit(cast.secretary).get(reverse("campaign:unit", args=["SQ0101"]) + "?as_of=2026-03-20").content.decode()
    assert "免办" in shown
    assert "进村道路改造" in shown


def test_a_waiver_for_all_below_is_for_them_and_no_others(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    others = list_standings(plan, "SQ0201", "rally")
    visit(cast.officer).post(make_address(plan, "SQ01"), ASIDE | {"is_below": "on"})

    for code in ("SQ0101", "SQ0102"):
        assert [one.status for one in list_standings(plan, code, "rally")].count(Status.WAIVED) == 2
    assert list_standings(plan, "SQ0201", "rally") == others
    assert count_all(plan).count(Status.WAIVED) == 4


def test_a_withdrawn_waiver_sets_nothing_aside_and_stays_listed(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    before = count_all(plan)
    browser = visit(cast.officer)
    browser.post(make_address(plan), ASIDE)
    row = DutyWaiver.objects.get()
    address = reverse("campaign:waiver-withdraw", args=[row.pk])

    browser.post(address, {"reason": ""})
    assert count_all(plan) != before
    page = browser.post(address, {"reason": "路修好了"}, follow=True).content.decode()
    browser.post(address, {"reason": "再撤一次"})

    assert count_all(plan) == before
    assert "进村道路改造" in page
    assert "路修好了" in page
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_because) == (cast.officer, "路修好了")
    assert AuditEntry.objects.filter(action="waiver.withdrawn").count() == 1


@pytest.mark.parametrize(
    ("who", "read", "write"),
    [("town_officer", 200, 403), ("secretary", 200, 403), ("supervisor", 200, 403), ("outsider", 404, 404)],
)
def test_only_an_officer_of_the_issuer_sets_a_duty_aside(
    cast: Cast, visit: Visit, who: str, read: int, write: int
) -> None:
    plan = issue_plan(cast)
    visit(cast.officer).post(make_address(plan), ASIDE)
    row = DutyWaiver.objects.get()
    browser = visit(cast.people[who])

    assert browser.get(make_address(plan)).status_code == read
    assert browser.post(make_address(plan), ASIDE).status_code == write
    withdrawn = browser.post(reverse("campaign:waiver-withdraw", args=[row.pk]), {"reason": "不要了"})
    assert withdrawn.status_code == 403
    assert DutyWaiver.objects.filter(withdrawn_at=None).count() == 1


def test_a_town_sets_aside_what_its_own_plan_asks(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast, unit=cast.town)
    assert visit(cast.town_officer).post(make_address(plan), ASIDE).status_code == 302
    assert DutyWaiver.objects.get().given_as == cast.town.name
    stranger = visit(cast.outsider)
    assert stranger.post(reverse("campaign:waiver-withdraw", args=[DutyWaiver.objects.get().pk])).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_on": "2026-03-05"}, "一项也免不了"),
        ({"last_on": "2026-02-01"}, "最后一天比第一天还早"),
        ({"reason": ""}, "请"),
    ],
)
def test_a_waiver_that_says_nothing_is_refused(cast: Cast, visit: Visit, changes: dict[str, Any], words: str) -> None:
    plan = issue_plan(cast)
    answer = visit(cast.officer).post(make_address(plan), ASIDE | changes)
    assert answer.status_code == 422
    assert re.search(words, answer.content.decode())
    assert not DutyWaiver.objects.exists()


@pytest.mark.parametrize("place", [("SQ0101", "no-such-duty"), ("SQ9", "rally")])
def test_a_duty_or_a_unit_that_is_not_there_has_no_page(cast: Cast, visit: Visit, place: tuple[str, str]) -> None:
    plan = issue_plan(cast)
    assert visit(cast.officer).get(make_address(plan, *place)).status_code == 404


def test_a_plan_of_a_town_sets_nothing_aside_for_another(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast, unit=cast.town)
    assert visit(cast.officer).get(make_address(plan, "SQ0201")).status_code == 404


def test_the_database_keeps_no_waiver_without_a_reason_or_an_end(cast: Cast) -> None:
    plan = issue_plan(cast)
    whole: dict[str, Any] = {
        **{"version": plan, "duty": "rally", "unit": cast.village, "opens_on": date(2026, 3, 1)},
        **{"last_on": date(2026, 3, 31), "reason": "修路", "given_as": "石桥县", "author": cast.officer},
        "created_at": MORNING,
    }
    for wrong in ({"reason": ""}, {"last_on": date(2026, 2, 1)}, {"withdrawn_at": MORNING}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyWaiver.objects.create(**whole | wrong)


def test_the_page_of_waived_figures_lists_them(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    visit(cast.officer).post(make_address(plan), ASIDE)
    address = reverse("campaign:cell", args=["SQ", plan.pk, "rally"]) + "?status=waived&as_of=2026-12-31"
    page = visit(cast.officer).get(address).content.decode()
    assert "柳湾村" in page
    assert "东社区" not in page
