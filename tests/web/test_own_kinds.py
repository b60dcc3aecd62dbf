"""Kinds of record that a county adds in the site: every door knows them, and the old records of a closed one read."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

import wuzha.web
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import MORNING, enter, fill_in, issue_plan, make_record
from wuzha.core.ledger.record import Detail, RecordKind
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.actions.intake import Result
from wuzha.web.campaign.actions.kinds import close_kind, set_kind
from wuzha.web.campaign.actions.records import add_record, correct_record
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import OwnKind, Record
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
        ({"code": "rally"}, "这个代号已经有了"),
        ({"title": "宣讲"}, "这个名称已经有了"),
        ({"counts": "area_m2"}, "任务要按它计数"),
        ({"sentence": "{unit}办{weather}"}, "weather"),
        ({"sentence": "{unit}办{quantity"}, "{"),
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


def test_every_page_asks_the_site_for_the_kinds_and_not_the_package_alone() -> None:
    """A page that asked the package would not know the county's own kinds."""
    web = Path(wuzha.web.__file__).parent
    asking = {path.name for path in web.rglob("*.py") if "wuzha.adapters.kinds import" in path.read_text("utf-8")}

    assert asking == set()
