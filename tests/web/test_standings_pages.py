"""完成情况 and 单位: who is behind, by how much, down the tree to the records."""

import re
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import WEEKLY, enter, issue_plan, list_ids
from wuzha.core.assessment.model import Status, Totals
from wuzha.web.campaign.forms.standings import find_statuses
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries.standings import Matrix
from wuzha.web.campaign.queries.totals import forget_counts

AS_OF = "as_of=2026-03-25"


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


@pytest.fixture
def plan(cast: Cast) -> PlanVersion:
    return issue_plan(cast)


def read_cell(matrix: Matrix, unit: str, duty: str) -> Totals | None:
    rows = {row.unit.code: row for row in (matrix.whole, *matrix.children)}
    return rows[unit].cells[[one.id for one in matrix.duties].index(duty)]


def open_matrix(client: Client, address: str) -> Matrix:
    matrix: Matrix = client.get(address).context["matrix"]
    return matrix


def test_the_parts_are_the_whole_at_every_level(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    enter(cast.secretary, cast.village, date(2026, 1, 8))
    enter(cast.town_officer, cast.community, date(2026, 2, 8))

    matrix = open_matrix(visit(cast.officer), f"/standings/SQ/?{AS_OF}")

    town, other, whole = (read_cell(matrix, code, "rally") for code in ("SQ01", "SQ02", "SQ"))
    assert town is not None
    assert other is not None
    assert whole is not None
    assert (town.expected, town.met, town.missed) == (6, 2, 2)
    assert (other.expected, other.met, other.missed) == (3, 0, 2)
    assert (whole.expected, whole.met, whole.missed) == (9, 2, 4)


def test_the_page_says_who_is_behind_and_the_furthest_behind_stands_first(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    for day in (date(2026, 1, 8), date(2026, 2, 8)):
        for unit in (cast.village, cast.community):
            enter(cast.town_officer, unit, day)

    answer = visit(cast.officer).get(f"/standings/SQ/?{AS_OF}")
    ordered = visit(cast.officer).get(f"/standings/SQ/?{AS_OF}&order=tree")

    assert [row.unit.code for row in answer.context["rows"]][:2] == ["SQ02", "SQ01"]
    assert [row.unit.code for row in ordered.context["rows"]][:2] == ["SQ01", "SQ02"]
    assert "最多的是" in answer.content.decode()


def test_a_unit_that_bears_nothing_of_the_plan_is_left_out(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    rows = visit(cast.officer).get(f"/standings/SQ01/?{AS_OF}").context["rows"]

    assert {row.unit.code for row in rows} == {"SQ0101", "SQ0102"}


def test_a_duty_that_nobody_here_bears_has_no_column(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    village = open_matrix(visit(cast.officer), f"/standings/SQ0101/?{AS_OF}")
    community = open_matrix(visit(cast.officer), f"/standings/SQ0102/?{AS_OF}")

    assert [duty.id for duty in village.duties] == ["rally", "visits", "shelter-talk"]
    assert [duty.id for duty in community.duties] == ["rally", "visits"]


def test_what_cannot_be_known_is_never_shown_as_a_number(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    cast.village.attributes.all().delete()
    forget_counts()

    matrix = open_matrix(visit(cast.officer), f"/standings/SQ01/?{AS_OF}")
    page = visit(cast.officer).get(f"/standings/SQ0101/?{AS_OF}").content.decode()

    cell = read_cell(matrix, "SQ0101", "visits")
    assert cell is not None
    assert cell.count(Status.UNKNOWN) == cell.expected == 1
    assert "无法判断" in page


def test_the_past_is_shown_as_it_stood(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    enter(cast.secretary, cast.village, date(2026, 2, 20))
    client = visit(cast.officer)

    before = read_cell(open_matrix(client, "/standings/SQ01/?as_of=2026-02-19"), "SQ0101", "rally")
    after = read_cell(open_matrix(client, "/standings/SQ01/?as_of=2026-02-20"), "SQ0101", "rally")

    assert before is not None
    assert after is not None
    assert (before.met, after.met) == (0, 1)


def test_a_period_keeps_what_falls_due_in_it(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)

    month = open_matrix(client, f"/standings/SQ/?{AS_OF}&period=last-month")
    quarter = open_matrix(client, f"/standings/SQ/?{AS_OF}&period=quarter")

    assert [duty.id for duty in month.duties] == ["rally", "monthly-table"]
    assert month.whole.total.expected == 3 + 2
    assert [duty.id for duty in quarter.duties] == ["rally", "shelter-talk", "monthly-table"]


def test_a_figure_leads_to_its_units_and_a_unit_to_its_windows_and_records(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    record = enter(cast.secretary, cast.village, date(2026, 2, 8))
    client = visit(cast.officer)

    matrix = client.get(f"/standings/SQ01/?{AS_OF}").content.decode()
    cell = client.get(f"/standings/SQ01/{plan.pk}/rally/?{AS_OF}").content.decode()
    unit = client.get(f"/standings/SQ0101/{plan.pk}/rally/?{AS_OF}").content.decode()
    behind = client.get(f"/records/?plan={plan.pk}&duty=rally&unit=SQ0101&window=2026-02&{AS_OF}").content.decode()

    assert f"/standings/SQ01/{plan.pk}/rally/?as_of=2026-03-25" in matrix
    assert f"/standings/SQ0101/{plan.pk}/rally/?as_of=2026-03-25" in cell
    assert "window=2026-02" in unit
    assert list_ids(behind) == {str(record.pk)}


def test_the_units_of_a_figure_are_filtered_by_status_and_window(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    enter(cast.secretary, cast.village, date(2026, 3, 8))
    client = visit(cast.officer)

    answer = client.get(f"/standings/SQ/{plan.pk}/rally/?{AS_OF}&window=2026-03&status=open")

    assert [unit.code for unit, _ in answer.context["page"]] == ["SQ0102", "SQ0201"]
    assert answer.context["total"].expected == 3


@pytest.mark.parametrize("address", ["SQ01/{plan}/monthly-table/", "SQ0101/{plan}/", "SQ0101/{plan}/rally/"])
@pytest.mark.parametrize("status", ["done", "met", "late", "missed", "open"])
def test_each_count_of_a_unit_lists_as_many_windows_as_it_says(
    cast: Cast, visit: Visit, plan: PlanVersion, address: str, status: str
) -> None:
    for day in (date(2026, 1, 10), date(2026, 2, 25)):
        enter(cast.town_officer, cast.town, day, "progress_table")
        enter(cast.secretary, cast.village, day)
    place = f"/standings/{address.format(plan=plan.pk)}?{AS_OF}"
    client = visit(cast.officer)
    whole = client.get(place).context["total"]

    listed = client.get(f"{place}&status={status}").context["standings"]

    assert len(listed) == whole.count(*find_statuses(status))
    assert {one.status for _, one in listed} <= set(find_statuses(status))


def test_done_and_on_time_lead_to_different_windows(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    for day in (date(2026, 1, 10), date(2026, 2, 25)):
        enter(cast.town_officer, cast.town, day, "progress_table")
    client = visit(cast.officer)
    place = f"/standings/SQ01/{plan.pk}/monthly-table/?{AS_OF}"

    page = client.get(place).content.decode()
    shown = {
        status: [one.obligation.window.label for _, one in client.get(f"{place}&status={status}").context["standings"]]
        for status in ("done", "met")
    }

    links = re.findall(r'href="([^"]*status=(?:done|met))"><?s?t?r?o?n?g?>?(\d)', page.replace("&amp;", "&"))
    assert links == [(f"{place}&status=done", "2"), (f"{place}&status=met", "1")]
    assert shown == {"done": ["2026-02", "2026-01"], "met": ["2026-01"]}


@pytest.mark.parametrize("duty", ["", "rally/"])
def test_the_columns_of_the_units_lead_to_what_they_count(
    cast: Cast, visit: Visit, plan: PlanVersion, duty: str
) -> None:
    enter(cast.secretary, cast.village, date(2026, 2, 8))
    client = visit(cast.officer)

    page = client.get(f"/standings/SQ/{plan.pk}/{duty}?{AS_OF}").content.decode().replace("&amp;", "&")

    row = next(row for row in page.split("<tr>") if "柳湾村" in row)
    counts = re.findall(r'href="([^"]*status=(\w+))">(?:<span[^>]*><span[^>]*>.</span> \S+ )?(\d+)', row)
    assert {status for _, status, _ in counts} == {"done", "met", "missed", "open"}
    for address, _, number in counts:
        assert len(client.get(address).context["standings"]) == int(number)


def test_all_duties_together_list_each_bearing_unit_once(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    answer = visit(cast.officer).get(f"/standings/SQ/{plan.pk}/?{AS_OF}")

    assert sorted(unit.code for unit, _ in answer.context["page"]) == ["SQ01", "SQ0101", "SQ0102", "SQ02", "SQ0201"]
    assert answer.context["total"] == open_matrix(visit(cast.officer), f"/standings/SQ/?{AS_OF}").whole.total


def test_the_figure_of_a_unit_itself_leaves_out_the_units_below(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    own = client.get(f"/standings/SQ01/?{AS_OF}").context["matrix"].own

    answer = client.get(f"/standings/SQ01/{plan.pk}/?{AS_OF}&own=1")

    assert answer.context["total"] == own.total
    assert [unit.code for unit, _ in answer.context["page"]] == ["SQ01"]


@pytest.mark.parametrize("address", ["/standings/SQ/999/rally/", "/standings/SQ/{plan}/no-such-duty/"])
def test_a_figure_that_is_not_there_is_not_found(cast: Cast, visit: Visit, plan: PlanVersion, address: str) -> None:
    assert visit(cast.officer).get(address.format(plan=plan.pk) + f"?{AS_OF}").status_code == 404


def test_the_units_page_shows_duties_windows_records_and_figures(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    record = enter(cast.secretary, cast.village, date(2026, 2, 8))

    answer = visit(cast.secretary).get(f"/units/SQ0101/standing/?{AS_OF}")

    page = answer.content.decode()
    history = {one.duty.id: one for one in answer.context["duties"]}
    assert [standing.status for standing in history["rally"].past] == [Status.MISSED, Status.MET]
    assert history["rally"].now.status == Status.OPEN
    assert list_ids(page) == {str(record.pk)}
    assert "640" in page
    assert "2026年统计年报" in page


def test_a_plan_that_has_not_begun_is_not_found(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)

    assert client.get(f"/standings/SQ01/?plan={plan.pk}&{AS_OF}").status_code == 200
    assert client.get(f"/standings/SQ01/?plan={plan.pk}&as_of=2025-03-25").status_code == 404


def test_a_plan_that_has_ended_shows_how_it_came_out(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    """What is due on the last day is settled on the day after, when the plan is no longer in force."""
    page = visit(cast.officer).get("/standings/SQ01/?as_of=2027-01-01")

    assert "这是最后的完成情况" in page.content.decode()
    assert page.context["matrix"].whole.total.count(Status.OPEN) == 0
    assert visit(cast.officer).get(f"/standings/SQ01/{plan.pk}/rally/?as_of=2027-01-01").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/standings/SQ01/",
        "/standings/SQ/",
        "/standings/SQ0101/{plan}/",
        "/standings/SQ0101/{plan}/rally/",
        "/units/SQ0101/standing/",
        "/records/?plan={plan}&duty=rally&unit=SQ0101&window=2026-02",
    ],
)
def test_the_outsider_is_refused_on_every_page(cast: Cast, visit: Visit, plan: PlanVersion, address: str) -> None:
    for stranger in (cast.outsider, cast.nobody):
        assert visit(stranger).get(address.format(plan=plan.pk)).status_code == 404


def test_each_opens_the_matrix_at_their_own_area(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    answer = visit(cast.town_officer).get(f"/standings/?{AS_OF}")

    assert answer.context["unit"] == cast.town
    assert visit(cast.nobody).get("/standings/").status_code == 200


def test_without_a_plan_the_matrix_says_what_will_stand_there(cast: Cast, visit: Visit) -> None:
    assert "方案生效后" in visit(cast.officer).get("/standings/").content.decode()


def test_the_number_of_queries_does_not_grow_with_units_and_records(
    cast: Cast, visit: Visit, plan: PlanVersion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = visit(cast.officer)
    client.get(f"/standings/SQ/?{AS_OF}")
    for day in range(1, 25):
        enter(cast.secretary, cast.village, date(2026, 3, day))
    forget_counts()

    with django_assert_max_num_queries(40):
        client.get(f"/standings/SQ/?{AS_OF}")


def test_the_last_week_of_an_ended_plan_is_still_owed_and_said_so(cast: Cast, visit: Visit) -> None:
    """The week of the new year runs to Sunday, 3 January; whoever owes it sees it until then."""
    issue_plan(cast, more=WEEKLY)
    friday, monday = "as_of=2027-01-01", "as_of=2027-01-04"
    officer, secretary = visit(cast.officer), visit(cast.secretary)

    assert "还有 1 项没到期限" in officer.get(f"/standings/SQ01/?{friday}").content.decode()
    assert [task.duty.id for task in secretary.get(f"/today/work/?{friday}").context["work"].open] == ["weekly"]
    assert "这是最后的完成情况" in officer.get(f"/standings/SQ01/?{monday}").content.decode()
    assert not secretary.get(f"/today/work/?{monday}").context["work"].open


def test_a_plan_that_is_over_is_not_taken_for_none(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    officer, later = visit(cast.officer), "as_of=2027-03-01"

    assert "请先上传" not in officer.get(f"/today/?{later}").content.decode()
    assert officer.get(f"/units/SQ0101/standing/?{later}").context["duties"]


def test_nothing_stands_behind_a_figure_that_is_not_judged(cast: Cast, visit: Visit) -> None:
    """A duty without a number counts no record, so that its list says none either."""
    plan = issue_plan(cast, more=WEEKLY)
    counted = enter(cast.secretary, cast.village, date(2026, 3, 10), "showing")
    enter(cast.secretary, cast.village, date(2026, 3, 10), "training")
    address = f"/records/?plan={plan.pk}&unit=SQ&{AS_OF}&duty="
    officer = visit(cast.officer)

    assert list_ids(officer.get(f"{address}weekly").content.decode()) == {str(counted.pk)}
    assert list_ids(officer.get(f"{address}often").content.decode()) == set()


def test_the_day_after_the_last_window_is_behind_no_figure(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    last = enter(cast.secretary, cast.village, date(2026, 12, 31))
    enter(cast.secretary, cast.village, date(2027, 1, 1))
    page = visit(cast.officer).get(f"/records/?plan={plan.pk}&unit=SQ&duty=rally&as_of=2027-02-01")

    assert list_ids(page.content.decode()) == {str(last.pk)}


def test_a_site_found_damaged_is_named_so_among_the_latest_records(cast: Cast, visit: Visit) -> None:
    for change, day in (("install", date(2026, 3, 2)), ("damage", date(2026, 3, 20))):
        enter(cast.secretary, cast.village, day, "board", subject="B-07", change=change)
    page = visit(cast.officer).get(f"/units/SQ0101/standing/?{AS_OF}").content.decode()
    latest = re.sub(r"<[^>]+>", "", page[page.index("最近的记录") :])

    assert latest.index("宣传栏、版面，损坏") < latest.index("宣传栏、版面，设置")
