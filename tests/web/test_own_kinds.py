"""Kinds of record that a county adds in the site: every door knows them, and the old records of a closed one read."""

import re
from contextvars import Context
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import wuzha.web
from tests.web.cast import FAST, Cast
from tests.web.conftest import Visit
from tests.web.ledger import MORNING, PLAN, enter, fill_in, issue_plan, make_record
from wuzha.adapters.wording.record import render_record
from wuzha.core.ledger.record import Detail, RecordKind
from wuzha.web.accounts.actions import make_token
from wuzha.web.accounts.models import AuditEntry, Post, Unit, User
from wuzha.web.campaign.actions.door import Result
from wuzha.web.campaign.actions.kinds import close_kind, set_kind
from wuzha.web.campaign.actions.records import add_record, correct_record
from wuzha.web.campaign.kinds import keep_kinds, load_kinds, load_kinds_at
from wuzha.web.campaign.models import OwnKind, PlanVersion, Record, RecordUpload
from wuzha.web.campaign.queries.burden import read_scales
from wuzha.web.campaign.queries.ground import load_plan
from wuzha.web.campaign.queries.plans import look_at_duties
from wuzha.web.campaign.queries.totals import forget_counts

TYPED = {
    "title": "反诈夜市",
    "title_en": "Night market",
    "code": "night_market",
    "shape": "event",
    "asks": ["quantity", "people", "place"],
    "details": "摊位\n合作单位",
    "counts": "people",
    "minutes": "180",
    "sentence": "{unit}{day}[在{place}]办反诈夜市{quantity}场[，{people}人]",
    "reason": "夏天在夜市上宣传最见效",
}
FAIR = RecordKind(
    "night_market",
    "反诈夜市",
    "Night market",
    "event",
    ("quantity", "people", "place"),
    counts="people",
    countable=("people", "quantity"),
    details=(Detail("d1", "摊位", "摊位"),),
    minutes=180,
    sentence="{unit}{day}办反诈夜市{quantity}场",
)
DUTY = """
  - {id: market, who: {kind: village}, do: night_market, at_least: 200, every: month}
"""


@dataclass(frozen=True)
class Other:
    """Another county."""

    county: Unit
    village: Unit
    officer: User
    secretary: User


@pytest.fixture(autouse=True)
def _afresh() -> None:
    forget_counts()


def add_fair(cast: Cast, **changes: Any) -> OwnKind:
    told: dict[str, Any] = {"actor": cast.officer, "unit": cast.county, "kind": FAIR, "valid_from": date(2026, 3, 1)}
    return set_kind(**told | changes, reason="试行", now=MORNING)


def close_fair(cast: Cast, last_day: date) -> None:
    close_kind(actor=cast.officer, unit=cast.county, kind=FAIR, last_day=last_day, reason="不办了", now=MORNING)


def test_an_officer_of_the_county_adds_a_kind_and_everybody_can_record_it_at_once(cast: Cast, visit: Visit) -> None:
    page = visit(cast.officer).post(reverse("campaign:kinds"), TYPED, follow=True).content.decode()
    assert "除自带的类型外，自己加了 1 个。" in page
    assert load_kinds()["night_market"].countable == ("people", "quantity")
    assert AuditEntry.objects.filter(action="kind.set", actor=cast.officer).count() == 1

    browser = visit(cast.secretary)
    assert "反诈夜市" in browser.get(reverse("campaign:record-new")).content.decode()
    form = browser.get(reverse("campaign:record-new") + "?kind=night_market").content.decode()
    assert "摊位" in form
    assert "合作单位" in form
    typed = fill_in(form, quantity="2", happened_on=str(timezone.localdate()), extra_d1="十二个") | {"people": "300"}
    receipt = browser.post(reverse("campaign:record-new") + "?kind=night_market", typed, follow=True).content.decode()

    assert "办反诈夜市2场，300人。" in receipt
    assert "十二个" in receipt
    assert Record.objects.get().extra == {"d1": "十二个"}
    listed = browser.get(reverse("campaign:records") + "?kind=night_market").content.decode()
    assert "十二个" in listed
    assert "300" in listed


@pytest.mark.parametrize("who", ["town_officer", "secretary", "supervisor", "outsider"])
def test_only_an_officer_of_the_county_changes_the_kinds(cast: Cast, visit: Visit, who: str) -> None:
    browser = visit(cast.people[who])
    assert browser.get(reverse("campaign:kinds")).status_code == 200
    assert browser.post(reverse("campaign:kinds"), TYPED).status_code == 403
    add_fair(cast)
    for name in ("campaign:kind-change", "campaign:kind-close"):
        assert browser.get(reverse(name, args=["night_market"])).status_code == 404
        assert browser.post(reverse(name, args=["night_market"]), TYPED).status_code == 404
    assert OwnKind.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "Night Market"}, "只能用小写字母"),
        ({"code": "rally"}, "这个代号已经有了，是“集中宣传活动”。直接用那个类型，或换一个代号，例如 rally_2"),
        ({"title": "宣讲"}, "这个名称已经有了"),
        ({"counts": "area_m2"}, "任务要按它计数"),
        ({"sentence": "{unit}办{weather}"}, "weather"),
        ({"sentence": "{unit}办{quantity"}, "{"),
        ({"sentence_en": "{unit} held {weather}"}, "weather"),
        ({"shape": "site", "covers": "household"}, "触达不到人"),
        ({"details": "\n".join("一二三四五六七八九")}, "最多八行"),
        ({"reason": ""}, "field-error"),
    ],
)
def test_what_would_not_work_is_told_beside_its_field(
    cast: Cast, visit: Visit, changes: dict[str, str], said: str
) -> None:
    answer = visit(cast.officer).post(reverse("campaign:kinds"), TYPED | changes)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not OwnKind.objects.exists()


def test_a_duty_over_a_kind_of_the_county_counts_its_records(cast: Cast, visit: Visit) -> None:
    add_fair(cast)
    plan = issue_plan(cast, more=DUTY)
    enter(cast.secretary, cast.village, date(2026, 3, 20), "night_market", quantity=1, people=150)
    enter(cast.secretary, cast.village, date(2026, 3, 21), "night_market", quantity=1, people=60)

    page = visit(cast.officer).get(f"/standings/SQ0101/{plan.pk}/market/?as_of=2026-03-31").content.decode()

    assert "210 / 200" in re.sub(r"<[^>]+>", "", page)


def test_a_changed_kind_keeps_the_codes_of_what_was_described_before(cast: Cast, visit: Visit) -> None:
    visit(cast.officer).post(reverse("campaign:kinds"), TYPED)
    changed = TYPED | {"details": "合作单位\n天气", "title": "反诈集市", "reason": "改个名字"}
    answer = visit(cast.officer).post(reverse("campaign:kind-change", args=["night_market"]), changed)

    assert answer.status_code == 302
    kind = load_kinds()["night_market"]
    assert kind.title == "反诈集市"
    assert [(one.code, one.title) for one in kind.details] == [("d2", "合作单位"), ("d3", "天气")]
    assert [(one.code, one.title) for one in kind.gone] == [("d1", "摊位")]
    assert OwnKind.objects.count() == 2


def test_a_closed_kind_takes_nothing_new_in_but_its_old_records_read_and_can_be_mended(
    cast: Cast, visit: Visit
) -> None:
    add_fair(cast)
    old = enter(cast.secretary, cast.village, date(2026, 3, 20), "night_market", extra={"d1": "十二个"})
    close_fair(cast, date(2026, 3, 25))

    late = make_record(cast.village, date(2026, 3, 25), "night_market")
    outcome, problems = add_record(actor=cast.secretary, record=late, now=timezone.now())
    assert (outcome.result, [one.code for one in problems]) == (Result.REFUSED, ["record.kind-closed"])

    page = visit(cast.secretary).get(reverse("campaign:record", args=[old.pk])).content.decode()
    assert "柳湾村3月20日办反诈夜市1场。" in page
    assert "十二个" in page
    assert "反诈夜市" not in visit(cast.secretary).get(reverse("campaign:record-new")).content.decode()
    mended = make_record(cast.village, date(2026, 3, 26), "night_market", quantity=2)
    outcome, _ = correct_record(actor=cast.secretary, original=old, record=mended, now=timezone.now())
    assert outcome.result == Result.SAVED


def test_what_happened_before_a_kind_was_closed_can_still_be_recorded(cast: Cast) -> None:
    add_fair(cast)
    close_fair(cast, date(2026, 3, 25))

    enter(cast.secretary, cast.village, date(2026, 3, 24), "night_market")

    assert Record.objects.count() == 1


def test_a_kind_opened_again_is_offered_again(cast: Cast, visit: Visit) -> None:
    add_fair(cast)
    close_fair(cast, date(2026, 3, 25))
    add_fair(cast)

    assert not load_kinds()["night_market"].is_closed(date(2026, 4, 1))


def test_a_detail_that_was_typed_is_kept_when_the_record_is_corrected(cast: Cast, visit: Visit) -> None:
    record = enter(cast.secretary, cast.village, date(2026, 3, 20), "talk", extra={"speaker": "派出所民警"})
    page = visit(cast.secretary).get(reverse("campaign:record-correct", args=[record.pk])).content.decode()

    assert 'value="派出所民警"' in page


def test_a_request_asks_for_the_kinds_of_the_county_once(
    cast: Cast, visit: Visit, django_assert_max_num_queries: Any
) -> None:
    add_fair(cast)
    for day in range(1, 21):
        enter(cast.secretary, cast.village, date(2026, 3, day), "night_market")
    browser = visit(cast.secretary)
    with django_assert_max_num_queries(40) as asked:
        browser.get(reverse("campaign:records"))

    assert sum("campaign_ownkind" in query["sql"] for query in asked.captured_queries) == 1


def test_a_kind_added_while_a_sending_waited_for_its_turn_is_known_to_the_turn(cast: Cast) -> None:
    """Whoever works for others may have read the kinds before those others came."""
    fact = make_record(cast.village, date(2026, 3, 18), "night_market", people=200)

    def answer(_request: HttpRequest) -> HttpResponse:
        assert "night_market" not in load_kinds()
        Context().run(add_fair, cast)  # in another request
        outcome, problems = add_record(actor=cast.secretary, record=fact, now=timezone.now())
        assert (outcome.result, problems) == (Result.SAVED, [])
        return HttpResponse()

    keep_kinds(answer)(HttpRequest())


def test_every_page_asks_the_site_for_the_kinds_and_not_the_package_alone() -> None:
    """A page that asked the package would not know the county's own kinds."""
    web = Path(wuzha.web.__file__).parent
    asking = {path.name for path in web.rglob("*.py") if "wuzha.adapters.kinds import" in path.read_text("utf-8")}

    assert asking == set()


# A second county, beside the one of the cast: what it adds is its own.


@pytest.fixture
def other(cast: Cast) -> Other:
    """河东县 with a village and its officer; the two counties lie side by side under no common unit."""
    county = Unit.objects.create(code="HD", name="河东县", kind="county", path="HD/", parent=None)
    village = Unit.objects.create(code="HD01", name="沙洲村", kind="village", path="HD/HD01/", parent=county)
    officer = User.objects.create(username="hd_officer", display_name="河东县专干", password=FAST)
    secretary = User.objects.create(username="hd_secretary", display_name="沙洲村网格员", password=FAST)
    for user, unit, role in ((officer, county, Post.Role.OFFICER), (secretary, village, Post.Role.SECRETARY)):
        Post.objects.create(user=user, unit=unit, role=role, opens_on=date(2020, 1, 1))
    return Other(county, village, officer, secretary)


def test_a_kind_is_offered_at_its_county_and_below_and_nowhere_else(cast: Cast, other: Other, visit: Visit) -> None:
    add_fair(cast)
    new, listed, all_kinds = reverse("campaign:record-new"), reverse("campaign:records"), reverse("campaign:kinds")

    near, far = visit(cast.secretary), visit(other.secretary)
    for address in (new, listed, all_kinds):
        assert "反诈夜市" in near.get(address).content.decode()
        assert "反诈夜市" not in far.get(address).content.decode()
    assert near.get(new + "?kind=night_market").status_code == 200
    assert far.get(new + "?kind=night_market").status_code == 404
    assert "night_market" in load_kinds_at(cast.village.path)
    assert "night_market" not in load_kinds_at(other.village.path)
    codes = {kind["code"] for kind in far.get("/phone/state/").json()["kinds"]}
    assert "rally" in codes
    assert "night_market" not in codes
    assert "night_market" in {kind["code"] for kind in near.get("/phone/state/").json()["kinds"]}


def test_a_record_of_another_countys_kind_is_refused_as_one_that_nobody_knows(cast: Cast, other: Other) -> None:
    add_fair(cast)
    record = make_record(other.village, date(2026, 3, 20), "night_market")

    outcome, problems = add_record(actor=other.secretary, record=record, now=timezone.now())

    assert (outcome.result, [one.code for one in problems]) == (Result.REFUSED, ["record.kind-unknown"])


def test_what_stands_in_the_ledger_can_be_mended_where_the_kind_is_not_used_any_more(cast: Cast, other: Other) -> None:
    """A village that moved to another county takes its records along."""
    add_fair(cast)
    old = enter(cast.secretary, cast.village, date(2026, 3, 20), "night_market")
    Record.objects.filter(pk=old.pk).update(unit=other.village)
    old.refresh_from_db()

    mended = make_record(other.village, date(2026, 3, 20), "night_market", quantity=2)
    outcome, _ = correct_record(actor=other.secretary, original=old, record=mended, now=timezone.now())

    assert outcome.result == Result.SAVED


def test_only_officers_of_the_county_that_added_a_kind_or_of_one_above_change_it(
    cast: Cast, other: Other, visit: Visit
) -> None:
    add_fair(cast)
    far = visit(other.officer)
    for name in ("campaign:kind-change", "campaign:kind-close"):
        assert far.get(reverse(name, args=["night_market"])).status_code == 404
        assert far.post(reverse(name, args=["night_market"]), TYPED).status_code == 404
    page = visit(cast.supervisor).get(reverse("campaign:kinds")).content.decode()
    assert "石桥县及以下使用" in page
    assert reverse("campaign:kind-change", args=["night_market"]) not in page


def test_who_changes_a_countys_kind_from_above_leaves_it_the_countys(cast: Cast, visit: Visit) -> None:
    city = Unit.objects.create(code="CS", name="长山市", kind="department", path="CS/", parent=None)
    cast.county.parent = city
    cast.county.save()
    for unit in Unit.objects.exclude(pk=city.pk):
        Unit.objects.filter(pk=unit.pk).update(path=f"{city.path}{unit.path}")
    add_fair(cast)
    above = User.objects.create(username="city", display_name="市专干", password=FAST)
    Post.objects.create(user=above, unit=city, role=Post.Role.OFFICER, opens_on=date(2020, 1, 1))

    answer = visit(above).post(reverse("campaign:kind-change", args=["night_market"]), TYPED | {"title": "反诈集市"})

    assert answer.status_code == 302
    assert {row.unit.code for row in OwnKind.objects.all()} == {"SQ"}
    assert load_kinds()["night_market"].title == "反诈集市"


def test_a_code_that_another_county_uses_is_told_without_telling_what_it_is(
    cast: Cast, other: Other, visit: Visit
) -> None:
    add_fair(cast)
    add_fair(cast, kind=replace(FAIR, code="night_market_2", title="第二个"))

    answer = visit(other.officer).post(reverse("campaign:kinds"), TYPED)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "别的县已经用了这个代号。请换一个，例如 night_market_3。" in page
    assert "石桥县" not in page
    with pytest.raises(ValueError, match="night_market"):
        set_kind(
            actor=other.officer, unit=other.county, kind=FAIR, valid_from=date(2026, 3, 1), reason="试行", now=MORNING
        )


def test_two_counties_may_call_their_own_kinds_by_one_name_and_each_table_means_its_own(
    cast: Cast, other: Other, visit: Visit
) -> None:
    add_fair(cast)
    answer = visit(other.officer).post(reverse("campaign:kinds"), TYPED | {"code": "hd_market"})
    assert answer.status_code == 302
    both = User.objects.create(username="both", display_name="两头跑", password=FAST)
    for unit in (cast.village, other.village):
        Post.objects.create(user=both, unit=unit, role=Post.Role.SECRETARY, opens_on=date(2020, 1, 1))
    table = "单位,日期,类型,数量,人数\nSQ0101,2026-03-20,反诈夜市,1,10\nHD01,2026-03-20,反诈夜市,1,20\n"

    browser = visit(both)
    browser.post(reverse("campaign:records-import"), {"file": SimpleUploadedFile("三月.csv", table.encode())})
    browser.post(reverse("campaign:records-confirm"), {"seen": RecordUpload.objects.get().fingerprint})

    assert set(Record.objects.values_list("unit__code", "kind")) == {("SQ0101", "night_market"), ("HD01", "hd_market")}


def test_a_plan_names_the_kinds_of_its_own_county_alone(cast: Cast, other: Other, visit: Visit) -> None:
    add_fair(cast)
    for user, unit, seen in ((cast.officer, cast.county, True), (other.officer, other.county, False)):
        plan = PlanVersion.objects.create(
            unit=unit,
            title="试行方案",
            valid_from=date(2026, 1, 1),
            valid_to=date(2026, 12, 31),
            created_by=user,
            created_at=MORNING,
        )
        page = visit(user).get(reverse("campaign:plan-duty-new", args=[plan.pk])).content.decode()
        assert ('value="night_market"' in page) is seen
        told = {"id": "fair", "who": {"kind": "village"}, "do": "night_market", "at_least": 1, "every": "month"}
        problems = [problem.code for look in look_at_duties(plan, [told]) for problem in look.problems]
        assert ("plan.object-unknown" not in problems) is seen


REACHING = replace(
    FAIR, code="night_round", title="夜访", covers="household", counts="quantity", countable=("quantity",)
)


def test_a_kind_that_reaches_households_counts_for_the_duty_to_reach_them(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    enter(cast.secretary, cast.village, date(2026, 3, 20), "visit", subject="3")
    page = f"/standings/SQ0101/{plan.pk}/visits/?as_of=2026-03-31"
    browser = visit(cast.officer)
    assert "1 / 320" in re.sub(r"<[^>]+>", "", browser.get(page).content.decode())
    add_fair(cast, kind=REACHING)
    for subject in ("3", "4"):
        enter(cast.secretary, cast.village, date(2026, 3, 21), "night_round", subject=subject)

    assert "2 / 320" in re.sub(r"<[^>]+>", "", browser.get(page).content.decode())


def test_the_plans_of_another_county_stand_as_they_did(cast: Cast, other: Other) -> None:
    """A kind that reaches residents makes a duty countable that no built-in kind serves: in its own county."""
    duty = "  - {id: all, who: {kind: village}, cover: resident, at_least: 50%, by: 2026-12-31}\n"
    ours, theirs = issue_plan(cast, more=duty), issue_plan(cast, more=duty)
    theirs.unit = other.county
    add_fair(cast, kind=replace(FAIR, covers="resident"))

    fed = [next(duty.fed for duty in load_plan(plan).plan.duties if duty.id == "all") for plan in (ours, theirs)]

    assert fed == [True, False]


def test_an_english_sentence_is_used_on_english_pages_and_the_chinese_one_where_there_is_none(cast: Cast) -> None:
    told = make_record(cast.village, date(2026, 3, 20), "night_market", quantity=2)
    with_english = replace(FAIR, sentence_en="{unit} held {quantity:night market|night markets} on {day}")

    assert render_record(told, with_english, "柳湾村", "en") == "柳湾村 held 2 night markets on 20 March"
    assert render_record(told, FAIR, "柳湾村", "en") == "柳湾村3月20日办反诈夜市2场"


def test_an_english_sentence_that_was_typed_is_kept(cast: Cast, visit: Visit) -> None:
    english = "{unit} held {quantity:night market|night markets} on {day}"
    visit(cast.officer).post(reverse("campaign:kinds"), TYPED | {"sentence_en": english})

    assert load_kinds()["night_market"].sentence_en == english
    page = visit(cast.officer).get(reverse("campaign:kind-change", args=["night_market"])).content.decode()
    assert english in page


def test_programs_and_templates_know_the_kinds_of_their_own_county_alone(
    cast: Cast, other: Other, visit: Visit
) -> None:
    add_fair(cast)
    for user, is_near in ((cast.secretary, True), (other.secretary, False)):
        now = timezone.now()
        _, key = make_token(
            actor=user,
            post=Post.objects.get(user=user),
            name="网格系统",
            closes_on=timezone.localdate(now) + timedelta(30),
            now=now,
        )
        told = Client().get("/api/v1/kinds/", headers={"Authorization": f"Bearer {key}"}).json()
        assert ("night_market" in {kind["code"] for kind in told}) is is_near
        template = visit(user).get(reverse("campaign:records-template") + "?kind=night_market")
        assert template.status_code == (200 if is_near else 404)


def test_a_burden_is_reckoned_with_the_kinds_of_its_own_county(cast: Cast, other: Other) -> None:
    add_fair(cast)
    day = date(2026, 3, 20)

    assert [kind.code for kind in read_scales(cast.village, day).kinds] == ["night_market"]
    assert read_scales(other.village, day).kinds == ()


def test_a_duty_with_one_kind_still_leads_to_its_form_where_another_county_has_two(
    cast: Cast, other: Other, visit: Visit
) -> None:
    plans = {}
    for user, unit in ((cast.officer, cast.county), (other.officer, other.county)):
        plans[unit.code] = PlanVersion.objects.create(
            unit=unit,
            title="试行方案",
            valid_from=date(2026, 1, 1),
            valid_to=date(2026, 12, 31),
            state=PlanVersion.State.ISSUED,
            text=PLAN,
            created_by=user,
            created_at=MORNING,
            issued_by=user,
            issued_at=MORNING,
        )
    add_fair(cast, kind=REACHING)
    asked = reverse("campaign:record-new") + "?duty=visits&window=once&plan={plan}&unit={unit}"

    near = visit(cast.secretary).get(asked.format(plan=plans["SQ"].pk, unit="SQ0101")).content.decode()
    far = visit(other.secretary).get(asked.format(plan=plans["HD"].pk, unit="HD01")).content.decode()

    assert "这项任务认这几类" in near
    assert "夜访" in near
    assert "这项任务认这几类" not in far
    assert 'name="subject"' in far


def test_the_kinds_are_linked_from_where_one_looks_for_them(cast: Cast, visit: Visit) -> None:
    plan = PlanVersion.objects.create(unit=cast.county, title="草稿", created_by=cast.officer, created_at=MORNING)
    officer, secretary = visit(cast.officer), visit(cast.secretary)
    kinds = reverse("campaign:kinds")

    for browser, address in (
        (officer, reverse("campaign:plan-duty-new", args=[plan.pk])),
        (officer, reverse("accounts:me")),
        (secretary, reverse("campaign:records")),
        (secretary, reverse("campaign:record-new")),
    ):
        assert f'href="{kinds}' in browser.get(address).content.decode(), address
