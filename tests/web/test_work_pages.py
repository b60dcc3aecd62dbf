"""今日 and 我的任务: what wants an act now, in sentences, and nothing else."""

import re
from datetime import date

import pytest
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from wuzha.web.campaign.queries.totals import forget_counts
from wuzha.web.campaign.queries.work import Work

AS_OF = "?as_of=2026-03-25"


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


def list_duties(work: Work, part: str) -> list[str]:
    return [f"{task.duty.id} {task.standing.obligation.window.label}" for task in getattr(work, part)]


def test_a_recorder_is_led_from_today_to_what_their_unit_owes(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.secretary).get(f"/today/{AS_OF}")

    assert answer.headers["Location"] == f"/today/work/{AS_OF}"


def test_what_is_owed_is_said_as_a_clerk_would_say_it(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)
    enter(cast.secretary, cast.village, date(2026, 3, 2), "visit", quantity=41)

    page = visit(cast.secretary).get(f"/today/work/{AS_OF}").content.decode()

    assert "还差 1 次，3月31日前" in page
    assert "41 / 320 户" in page
    assert "还差 279 户，6月30日前" in page
    assert "还差 2 次，3月31日前" in page


def test_the_nearest_due_day_comes_first_and_what_is_done_is_folded_below(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)
    enter(cast.secretary, cast.village, date(2026, 3, 2), "rally")

    work = visit(cast.secretary).get(f"/today/work/{AS_OF}").context["work"]

    assert list_duties(work, "open") == ["shelter-talk 2026-Q1", "visits once"]
    assert list_duties(work, "done") == ["rally 2026-03"]
    assert work.older == 2


def test_what_was_missed_some_days_ago_is_overdue_and_says_what_can_be_done(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)

    answer = visit(cast.secretary).get("/today/work/?as_of=2026-04-03")

    assert list_duties(answer.context["work"], "overdue") == ["rally 2026-03", "shelter-talk 2026-Q1"]
    assert "还差 1 次，3月31日已截止。当时做了没记的，可以补记。" in answer.content.decode()


def test_a_table_past_its_day_can_still_come_in_late(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)

    page = visit(cast.town_officer).get(f"/today/work/{AS_OF}").content.decode()

    assert "还没有报送，3月20日已到期。3月31日前补上，记为逾期完成。" in page


def test_each_task_leads_to_its_record_form_and_to_its_records(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)

    page = visit(cast.secretary).get(f"/today/work/{AS_OF}").content.decode()

    assert f"/records/new/?unit=SQ0101&amp;plan={plan.pk}&amp;duty=rally&amp;window=2026-03" in page
    assert f"plan={plan.pk}&amp;duty=rally&amp;unit=SQ0101&amp;window=2026-03" in page


def test_a_supervisor_sees_tasks_and_no_way_to_record(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)

    answer = visit(cast.supervisor).get(f"/today/work/{AS_OF}&unit=SQ0101")

    assert answer.context["work"].open
    assert "/records/new/?unit=" not in answer.content.decode()


def test_the_work_of_a_unit_out_of_sight_is_not_found(cast: Cast, visit: Visit) -> None:
    assert visit(cast.outsider).get("/today/work/?unit=SQ0101").status_code == 404


def test_today_names_the_units_that_are_behind_and_when(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)
    enter(cast.town_officer, cast.community, date(2026, 3, 3))

    answer = visit(cast.officer).get(f"/today/{AS_OF}")

    soon = {watch.duty.id: watch for watch in answer.context["soon"]}
    overdue = {watch.duty.id: watch for watch in answer.context["overdue"]}
    assert [unit.code for unit in soon["rally"].behind] == ["SQ0101", "SQ0201"]
    assert soon["rally"].bearers == 3
    assert [unit.code for unit in overdue["monthly-table"].behind] == ["SQ01", "SQ02"]
    assert "visits" not in soon
    assert "3 个单位中 2 个还没完成" in answer.content.decode()


@pytest.mark.parametrize(("address", "name"), [("/today/", "officer"), ("/today/work/", "secretary")])
def test_the_counts_over_the_tasks_lead_to_the_tasks(cast: Cast, visit: Visit, address: str, name: str) -> None:
    issue_plan(cast)

    page = visit(cast.people[name]).get(f"{address}?as_of=2026-03-31").content.decode()

    anchors = re.findall(r'href="#(\w+)"', page.split('class="answer"')[1].split("</p>")[0])
    assert anchors
    assert all(f'<h2 id="{anchor}">' in page for anchor in anchors)


def test_what_is_overdue_today_says_how_it_can_still_be_made_good(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)
    client = visit(cast.officer)

    # The table was due on the 20th of a month that is not over; the rallies' month is over.
    within = strip_tags(client.get("/today/?as_of=2026-03-25").content.decode())
    after = strip_tags(client.get("/today/?as_of=2026-04-03").content.decode())

    assert "3月31日（周二）前补上，记为逾期完成。" in within
    assert "可以补记" not in within
    assert "3月31日（周二）已到期。 当时做了没记的，可以补记。" in after


def test_today_of_a_town_is_of_that_town_alone(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)

    answer = visit(cast.town_officer).get(f"/today/{AS_OF}")

    behind = {unit.code for watch in answer.context["soon"] for unit in watch.behind}
    assert behind == {"SQ0101", "SQ0102"}


def test_today_with_nothing_due_says_so(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)
    for unit in (cast.village, cast.community):
        enter(cast.town_officer, unit, date(2026, 1, 12))
    enter(cast.town_officer, cast.town, date(2026, 1, 12), "progress_table")

    page = visit(cast.town_officer).get("/today/?as_of=2026-01-15").content.decode()

    assert "没有逾期的，七天内也没有到期的" in page


def test_without_a_plan_or_a_post_the_pages_say_what_will_stand_there(cast: Cast, visit: Visit) -> None:
    assert "方案生效后" in visit(cast.officer).get("/today/").content.decode()
    assert "方案对本单位的要求会列在这里" in visit(cast.secretary).get("/today/work/").content.decode()
    assert visit(cast.nobody).get("/today/").status_code == 200
    assert visit(cast.nobody).get("/today/work/").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_records(
    cast: Cast, visit: Visit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    issue_plan(cast)
    for number in range(30):
        enter(cast.secretary, cast.village, date(2026, 3, 1 + number % 24))
    client = visit(cast.secretary)

    with django_assert_max_num_queries(34):
        client.get(f"/today/work/{AS_OF}")
