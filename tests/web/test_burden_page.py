"""What a plan costs the units, on its pages; and the county's own minutes."""

import csv
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.plans import BROKEN, NOW, RALLY, TABLE, make_draft, make_issued
from wuzha.web.accounts.models import AuditEntry, Unit
from wuzha.web.accounts.queries import read_tree
from wuzha.web.campaign.actions import burden as actions
from wuzha.web.campaign.actions import plans as plan_actions
from wuzha.web.campaign.actions import review
from wuzha.web.campaign.models import KindMinutes, PlanVersion, Record
from wuzha.web.campaign.queries.burden import forget_burdens, read_registers, weigh_version

FIGURE = {"kind": "rally", "minutes": "120", "valid_from": "2027-03-01", "reason": "跟着两个网格员走了一天"}
VISITS: dict[str, Any] = {
    "id": "visits",
    "quote": "2027年6月30日前，各村（社区）入户宣传覆盖率达到50%以上",
    "who": {"kind": ["village", "community"]},
    "cover": "household",
    "at_least": "50%",
    "by": "2027-06-30",
}


@pytest.fixture(autouse=True)
def _afresh() -> None:
    forget_burdens()


def set_rally(cast: Cast, minutes: int, since: date, unit: Unit | None = None) -> KindMinutes:
    return actions.set_minutes(
        actor=cast.officer,
        unit=unit or cast.county,
        kind="rally",
        minutes=minutes,
        valid_from=since,
        reason="实测",
        now=NOW,
    )


def total(plan: PlanVersion, kind: str, day: date = date(2027, 1, 1)) -> float:
    burden = weigh_version(plan, day)
    found = burden.find_kind(kind) if burden else None
    assert found is not None
    return float(found.needed)


def test_the_answer_stands_first_and_every_duty_has_its_account(cast: Cast, visit: Visit) -> None:
    plan = make_issued(cast)

    page = visit(cast.secretary).get(f"/plans/{plan.pk}/burden/").content.decode()

    assert "一个村每周约 1 小时 9 分，其中集中宣传活动占 80%" in page
    assert "12 个月 × 1 次集中宣传活动 × 240 分钟" in page
    assert "12 个月 × 1 次工作进展情况表 × 60 分钟" in page


def test_each_table_of_a_kind_goes_out_by_itself_and_adds_up(cast: Cast, visit: Visit) -> None:
    twice = {**RALLY, "id": "rally-again", "clause": "三（一）"}
    plan, client = make_draft(cast, RALLY, twice, TABLE), visit(cast.town_officer)
    review.accept_clear(actor=cast.town_officer, plan=plan, now=NOW)
    address = f"/plans/{plan.pk}/burden/"
    page = client.get(address)

    assert any(kind.saved for kind in page.context["burden"].kinds)
    for kind in page.context["burden"].kinds:
        assert f"table=loads-{kind.kind}" in page.content.decode()
        answer = client.get(address, {"table": f"loads-{kind.kind}", "format": "csv"})
        rows = list(csv.reader(b"".join(answer).decode("utf-8-sig").splitlines()))
        heads = next(row for row in rows if "每周用时（分钟）" in row)
        told = [dict(zip(heads, row, strict=False)) for row in rows[rows.index(heads) + 1 :]]
        minutes = [float(row["每周用时（分钟）"]) for row in told if row.get("每周用时（分钟）")]
        assert sum(minutes) == pytest.approx(float(kind.weekly), abs=0.1)


def test_what_is_not_known_is_listed_and_not_shown_as_nothing(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, BROKEN, VISITS | {"cover": "student", "at_least": "100%"})

    page = visit(cast.town_officer).get(f"/plans/{plan.pk}/burden/").content.decode()

    assert "算不出来的，没有当作零" in page
    assert "花名册里没有这一项的基数" in page


def test_a_draft_counts_what_has_not_been_dropped(cast: Cast) -> None:
    plan = make_draft(cast, RALLY, TABLE)
    assert total(plan, "village") == 12 * (240 + 60)

    plan.draft_duties.filter(position=1).update(decision="dropped")

    assert total(plan, "village") == 12 * 240


def test_the_burden_stands_on_the_pages_of_the_plan_before_and_after_it_is_issued(cast: Cast, visit: Visit) -> None:
    draft = make_draft(cast, RALLY, TABLE)
    client = visit(cast.town_officer)
    page = client.get(f"/plans/{draft.pk}/").content.decode()
    assert "一个村每周约 1 小时 9 分" in page
    assert f"/plans/{draft.pk}/burden/" in page

    review.accept_clear(actor=cast.town_officer, plan=draft, now=NOW)
    assert "一个村每周约 1 小时 9 分" in client.get(f"/plans/{draft.pk}/issue/").content.decode()
    plan_actions.issue_plan(actor=cast.town_officer, plan=draft, tree=read_tree(), now=NOW)
    assert "一个村每周约 1 小时 9 分" in client.get(f"/plans/{draft.pk}/").content.decode()


def test_before_issuing_only_what_was_accepted_is_reckoned(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, TABLE)
    plan.draft_duties.filter(position=0).update(decision="accepted")

    page = visit(cast.town_officer).get(f"/plans/{plan.pk}/issue/").content.decode()

    assert "一个村每周约 55 分钟" in page


def test_the_plans_page_says_what_all_plans_in_force_cost_each_unit(cast: Cast, visit: Visit) -> None:
    make_issued(cast)
    make_issued(cast)

    page = visit(cast.secretary).get("/plans/?as_of=2027-05-01").content.decode()

    assert "所有有效方案加起来" in page
    assert "<strong>1 小时 9 分</strong> 村" in page


def test_two_plans_that_ask_the_same_are_told_and_cost_once(cast: Cast, visit: Visit) -> None:
    first, second = make_issued(cast), make_issued(cast)

    page = visit(cast.town_officer).get(f"/plans/{second.pk}/burden/").content.decode()

    assert page.count("一次记录两边都算数，不用多做") == 2
    assert f"/plans/{first.pk}/#rally" in page
    assert "字段已知" in page


def test_a_draft_without_days_says_what_is_missing(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    PlanVersion.objects.filter(pk=plan.pk).update(valid_from=None, valid_to=None)

    page = visit(cast.town_officer).get(f"/plans/{plan.pk}/burden/").content.decode()

    assert "还没有写明从哪天到哪天有效" in page


def test_the_burden_speaks_english(cast: Cast, visit: Visit) -> None:
    plan = make_issued(cast)
    client = visit(cast.secretary)
    client.cookies["django_language"] = "en"

    page = client.get(f"/plans/{plan.pk}/burden/").content.decode()

    assert "Village: about 1 h 9 min a week each, of which Publicity rally 80%" in page
    assert "12 months × 1 × Publicity rally × 240 min" in page


@pytest.mark.parametrize("address", ["burden/", "diff/"])
def test_outsiders_and_people_without_a_post_see_no_such_plan(cast: Cast, visit: Visit, address: str) -> None:
    plan, draft = make_issued(cast), make_draft(cast, RALLY)
    for person in (cast.outsider, cast.nobody):
        assert visit(person).get(f"/plans/{plan.pk}/{address}").status_code == 404
    assert visit(cast.secretary).get(f"/plans/{draft.pk}/{address}").status_code == 404


def test_plans_out_of_sight_are_neither_named_nor_reckoned(cast: Cast, visit: Visit) -> None:
    county = make_draft(cast, RALLY | {"who": {"kind": ["village"]}})
    PlanVersion.objects.filter(pk=county.pk).update(unit=cast.county, title="县方案")
    review.accept_clear(actor=cast.officer, plan=county, now=NOW)
    county.refresh_from_db()
    plan_actions.issue_plan(actor=cast.officer, plan=county, tree=read_tree(), now=NOW)
    town = make_issued(cast)

    page = visit(cast.outsider).get(f"/plans/{county.pk}/burden/").content.decode()
    known = visit(cast.officer).get(f"/plans/{county.pk}/burden/").content.decode()

    assert town.title in known
    assert town.title not in page
    assert "<strong>55 分钟</strong>" in visit(cast.outsider).get("/plans/?as_of=2027-05-01").content.decode()


def test_an_own_figure_holds_from_its_day_and_leaves_older_days_alone(cast: Cast) -> None:
    plan = make_draft(cast, RALLY)
    set_rally(cast, 120, date(2027, 3, 1))

    assert total(plan, "village", date(2027, 2, 28)) == 12 * 240
    assert total(plan, "village", date(2027, 3, 1)) == 12 * 120


def test_the_figure_of_the_nearer_unit_holds(cast: Cast) -> None:
    plan = make_draft(cast, RALLY)
    set_rally(cast, 100, date(2026, 1, 1), cast.town)
    set_rally(cast, 120, date(2026, 6, 1))

    assert total(plan, "village") == 12 * 100


def test_the_officer_of_the_county_adds_a_figure_with_its_reason(cast: Cast, visit: Visit) -> None:
    client = visit(cast.officer)

    answer = client.post("/minutes/", FIGURE)

    row = KindMinutes.objects.get()
    assert answer.status_code == 302
    assert (row.unit, row.kind, row.minutes, row.author) == (cast.county, "rally", 120, cast.officer)
    assert AuditEntry.objects.get(action="minutes.set").details["reason"] == "跟着两个网格员走了一天"
    page = client.get("/minutes/?as_of=2027-03-02").content.decode()
    assert "跟着两个网格员走了一天" in page
    assert "无诈自带的估计：240" in page


def test_the_form_begins_with_today_in_the_form_that_a_browser_reads(cast: Cast, visit: Visit) -> None:
    page = visit(cast.officer).get("/minutes/").content.decode()

    assert f'value="{timezone.localdate().isoformat()}"' in page


def test_a_figure_is_corrected_by_a_later_one_and_both_are_kept(cast: Cast, visit: Visit) -> None:
    client = visit(cast.officer)
    client.post("/minutes/", FIGURE)
    client.post("/minutes/", FIGURE | {"minutes": "90", "reason": "更正：上次多算了路程"})

    page = client.get("/minutes/?as_of=2027-03-02").content.decode()

    assert KindMinutes.objects.count() == 2
    assert page.count("跟着两个网格员走了一天") == 1
    assert page.count("更正：上次多算了路程") == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"minutes": "-1"}, "minutes"),
        ({"minutes": "20000"}, "minutes"),
        ({"kind": "no-such"}, "kind"),
        ({"reason": ""}, "reason"),
        ({"valid_from": "1999-01-01"}, "valid_from"),
    ],
)
def test_what_cannot_be_a_figure_is_told_beside_its_field(
    cast: Cast, visit: Visit, change: dict[str, str], told: str
) -> None:
    answer = visit(cast.officer).post("/minutes/", FIGURE | change)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [told]
    assert not KindMinutes.objects.exists()


def test_only_the_officer_of_the_county_sets_figures(cast: Cast, visit: Visit) -> None:
    for person in (cast.town_officer, cast.secretary, cast.supervisor, cast.outsider, cast.nobody):
        assert visit(person).post("/minutes/", FIGURE).status_code == 403
    assert not KindMinutes.objects.exists()
    assert visit(cast.secretary).get("/minutes/").status_code == 200
    assert visit(cast.nobody).get("/minutes/").status_code == 403


def test_the_database_refuses_a_figure_without_a_reason(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        KindMinutes.objects.create(
            unit=cast.county,
            kind="rally",
            minutes=1,
            valid_from=date(2027, 1, 1),
            reason="",
            author=cast.officer,
            created_at=NOW,
        )


def put_on_register(cast: Cast, number: int, unit: Unit, grade: str, change: str = "enrol") -> None:
    Record.objects.create(
        id=UUID(int=number + (1000 if change == "close" else 0)),
        unit=unit,
        kind="followup",
        happened_on=date(2026, 5, 1 if change == "enrol" else 9),
        subject=f"F{number}",
        change=change,
        grade=grade,
        author=cast.officer,
        recorded_at=datetime(2026, 5, 1, tzinfo=UTC),
        received_at=datetime(2026, 5, 1, tzinfo=UTC),
    )


def test_a_register_is_sized_by_the_files_that_are_on_it(cast: Cast) -> None:
    for number in range(4):
        put_on_register(cast, number, cast.village, "high")
    put_on_register(cast, 0, cast.village, "high", "close")
    put_on_register(cast, 9, cast.community, "high")

    sizes = dict(read_registers(cast.county))

    assert sizes["village", "followup", "high"] == 3
    assert sizes["town", "followup", "high"] == 4
    assert read_registers(cast.other_town) == ()
