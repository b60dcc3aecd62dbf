"""A round of inspection from its plan to the mended finding, with everybody who may and may not."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import issue_plan
from wuzha.adapters.checklist_yaml import load_checklist
from wuzha.core.base.windows import find_window
from wuzha.core.supervision.checklist import Answer, Verdict
from wuzha.core.supervision.inspection import QUARTER, Draw, digest_seed, draw_inspection, draw_records
from wuzha.core.supervision.mending import Step
from wuzha.web.accounts.models import AuditEntry, Unit
from wuzha.web.campaign.actions import inspections as actions
from wuzha.web.campaign.actions.inspections import Actor, Said
from wuzha.web.campaign.actions.records import withdraw_record
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.models import (
    ChecklistEntry,
    DraftPaper,
    Evidence,
    FindingEvent,
    InspectionDraw,
    InspectionFinding,
    InspectionReport,
    InspectionRound,
    InspectionVisit,
    IssuedPaper,
    Record,
    VisitCalledOff,
)
from wuzha.web.campaign.queries.totals import forget_counts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _afresh(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.EVIDENCE = tmp_path / "evidence"
    forget_counts()
    yield
    forget_counts()


def now() -> datetime:
    return timezone.now()


def make_said(area: Unit, **other: Any) -> Said:
    today = timezone.localdate()
    quarter = find_window(QUARTER, today)
    plain: dict[str, Any] = {
        "title": "四季度检查",
        "area": area,
        "kinds": ["village", "community"],
        "line": "",
        "opens_on": quarter.opens,
        "last_on": quarter.closes - timedelta(days=1),
        "units": 3,
        "items": 3,
        "records": 3,
        "reasons": {},
        "sealed": "f" * 32,
    }
    return Said(**(plain | other))


CODES = ("SQ0101", "SQ0102", "SQ0201")


def plan(cast: Cast, office: Unit | None = None, codes: tuple[str, ...] = CODES, **said: Any) -> InspectionRound:
    office = office or cast.county
    user = cast.officer if office == cast.county else cast.town_officer
    told = make_said(office, **({"units": len(codes)} | said))
    actor = Actor(user, "officer", now())
    return actions.plan_round(actor=actor, office=office, said=told, items=load_checklist(), candidates=codes)


def draw(row: InspectionRound) -> InspectionRound:
    problems = actions.draw_round(actor=Actor(row.created_by, "officer", now()), row=row)
    assert problems == []
    return InspectionRound.objects.get(pk=row.pk)


def find_visit(row: InspectionRound, unit: Unit) -> InspectionVisit:
    return row.visits.get(unit=unit)


def make_photo(name: str = "现场.jpg") -> SimpleUploadedFile:
    kept = BytesIO()
    Image.new("RGB", (64, 48), (200, 40, 40)).save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")


def fill(visit: InspectionVisit, bad: str = "", **other: Any) -> dict[str, Any]:
    """What the inspector's browser sends: the first item wanting where ``bad`` says how, all else good."""
    today = timezone.localdate()
    told: dict[str, Any] = {"record_id": str(make_record_id(now())), "made_on": str(today), "note": ""}
    for number, item in enumerate(visit.items):
        told[f"verdict-{item}"] = "bad" if bad and number == 0 else "good"
        told[f"words-{item}"] = bad if number == 0 else ""
        told[f"mend_by-{item}"] = str(today + timedelta(days=15))
    return told | other


def inspect(browser: Client, visit: InspectionVisit, bad: str = "宣传栏内容过期", **other: Any) -> Any:
    return browser.post(reverse("campaign:inspection-visit", args=[visit.pk]), fill(visit, bad, **other), follow=True)


@pytest.fixture
def finding(cast: Cast, visit: Visit) -> InspectionFinding:
    """Found by the county's officer at 柳湾村."""
    row = draw(plan(cast))
    inspect(visit(cast.officer), find_visit(row, cast.village))
    return InspectionFinding.objects.get()


def say(browser: Client, finding: InspectionFinding, what: str, note: str = "", **other: str) -> Any:
    address = reverse("campaign:finding-say", args=[finding.pk])
    return browser.post(address, {"what": what, "note": note} | other, follow=True)


def report(browser: Client, finding: InspectionFinding, note: str = "换了新的宣传画") -> Any:
    told = {"record_id": str(make_record_id(now())), "note": note}
    return browser.post(reverse("campaign:finding-mended", args=[finding.pk]), told, follow=True)


def see(browser: Client, name: str, *args: object) -> str:
    return browser.get(reverse(f"campaign:{name}", args=args)).content.decode()


# --- planning and drawing ---


def test_a_round_is_planned_on_the_page_and_its_number_stays_sealed_until_the_draw(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    today = timezone.localdate()
    told = {"title": "冬季检查", "opens_on": str(today), "last_on": str(today), "area": "SQ", "kinds": ["village"]}
    told |= {"units": "1", "items": "4", "records": "2", "method": "sealed", "line": "", "reasons": ""}

    page = browser.post(reverse("campaign:inspection-new"), told, follow=True).content.decode()

    row = InspectionRound.objects.get()
    assert row.candidates == ["SQ0101", "SQ0201"]
    assert digest_seed(row.sealed) == row.digest
    assert row.digest in page
    assert row.sealed not in page
    assert "每个单位最多" in page
    assert (row.post, row.created_by) == ("officer", cast.officer)
    browser.post(reverse("campaign:inspection-draw", args=[row.pk]))
    assert row.sealed in see(browser, "inspection", row.pk)
    told_actions = set(AuditEntry.objects.filter(actor=cast.officer).values_list("action", flat=True))
    assert told_actions >= {"inspection.planned", "inspection.drawn"}


def test_whoever_reads_the_page_can_draw_again_and_gets_the_same(cast: Cast) -> None:
    for number in range(5):
        Record.objects.create(
            id=make_record_id(now()),
            unit=cast.village,
            kind="rally",
            happened_on=timezone.localdate() - timedelta(days=number),
            author=cast.secretary,
            recorded_at=now(),
            received_at=now(),
        )
    row = draw(plan(cast, units=2))
    asked = Draw(row.opens_on, 2, 3)
    codes = [item["code"] for item in row.items]

    again = draw_inspection(row.draw.seed, row.candidates, codes, (), asked)

    drawn = list(row.visits.select_related("unit"))
    assert [one.unit.code for one in drawn] == [one.unit for one in again.visits]
    assert [tuple(one.items) for one in drawn] == [one.items for one in again.visits]
    ids = [str(pk) for pk in Record.objects.values_list("pk", flat=True)]
    for one in drawn:
        wanted = draw_records(row.draw.seed, row.quarter, one.unit.code, ids if one.unit == cast.village else (), 3)
        assert one.records == list(wanted)


def test_a_round_is_drawn_once_however_often_the_button_is_pressed(cast: Cast, visit: Visit) -> None:
    row = plan(cast)
    browser = visit(cast.officer)
    address = reverse("campaign:inspection-draw", args=[row.pk])

    browser.post(address)
    page = browser.post(address, follow=True).content.decode()

    assert InspectionDraw.objects.count() == 1
    assert InspectionVisit.objects.count() == 3
    assert "已经抽过" in page


def test_a_public_number_is_named_beforehand_and_cannot_be_drawn_before_its_day(cast: Cast, visit: Visit) -> None:
    later = timezone.localdate() + timedelta(days=3)
    row = plan(cast, sealed="", source="全国某开奖号码", source_on=later)
    browser = visit(cast.officer)

    page = browser.post(reverse("campaign:inspection-draw", args=[row.pk]), {"seed": "12 5"}, follow=True)
    assert "还没到" in page.content.decode()
    assert not InspectionDraw.objects.exists()
    assert actions.draw_round(actor=Actor(cast.officer, "officer", now() + timedelta(days=3)), row=row, seed=" ") != []
    assert actions.draw_round(actor=Actor(cast.officer, "officer", now() + timedelta(days=3)), row=row, seed="7") == []
    assert InspectionDraw.objects.get().seed == "7"


def test_a_round_that_is_sent_twice_is_planned_once(cast: Cast) -> None:
    first, again = plan(cast, sealed="11"), plan(cast, sealed="22")
    other = plan(cast, title="另一轮检查")
    draw(first)
    after = plan(cast, sealed="33")

    assert again == first
    assert len({first.pk, other.pk, after.pk}) == 3, (
        "another title is another round, and what is drawn is not sent again"
    )
    assert AuditEntry.objects.filter(action="inspection.planned").count() == 3


def test_an_item_of_the_checklist_that_is_sent_twice_is_said_once(cast: Cast, visit: Visit) -> None:
    client, address = visit(cast.officer), reverse("campaign:checklist")
    told = {"title": "夜间巡查", "look": "翻开本子看最近一页", "minutes": "5", "since": str(timezone.localdate())}

    for _n in range(2):
        assert client.post(address, told).status_code == 302
        assert client.post(address, {"drop": "residents"}).status_code == 302

    rows = ChecklistEntry.objects.order_by("pk")
    assert [(row.title, row.is_dropped) for row in rows] == [("夜间巡查", False), (rows[1].title, True)]
    assert client.post(address, told | {"code": rows[0].code, "minutes": "7"}).status_code == 302
    assert ChecklistEntry.objects.count() == 3, "other minutes are another word"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"last_on": "2026-01-01", "opens_on": "2026-02-01"}, "早于开始日期"),
        ({"opens_on": "2026-03-01", "last_on": "2026-04-30"}, "跨了季度"),
        ({"units": "99"}, "请改小"),
        ({"kinds": ["school"], "line": "police"}, "一个单位也没有"),
        ({"items": "40"}, "清单里一共"),
        ({"reasons": "不认识 随便查查"}, "第 1 行看不懂"),
        ({"method": "public", "source": "某号码", "source_on": "2020-01-01"}, "今天之后"),
        ({"title": "检" * 161}, "检"),
    ],
)
def test_what_is_wrong_with_a_round_stands_beside_its_field(
    cast: Cast, visit: Visit, wrong: dict[str, Any], told: str
) -> None:
    today = str(timezone.localdate())
    sent = {"title": "检查", "opens_on": today, "last_on": today, "area": "SQ", "kinds": ["village"], "line": ""}
    sent |= {"units": "1", "items": "3", "records": "3", "method": "sealed", "reasons": ""}

    answer = visit(cast.officer).post(reverse("campaign:inspection-new"), sent | wrong)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not InspectionRound.objects.exists()


def test_a_unit_drawn_by_the_town_is_spared_by_the_county_in_the_same_quarter(cast: Cast, visit: Visit) -> None:
    draw(plan(cast, cast.town, ("SQ0101",)))

    row = draw(plan(cast))

    assert row.draw.spared == ["SQ0101"]
    assert {one.unit.code for one in row.visits.all()} == {"SQ0102", "SQ0201"}
    assert "柳湾村" in see(visit(cast.officer), "inspection", row.pk)


def test_with_a_reason_a_unit_is_visited_once_more_and_the_page_says_why(cast: Cast, visit: Visit) -> None:
    draw(plan(cast, cast.town, ("SQ0101",)))

    row = draw(plan(cast, reasons={"SQ0101": "上次反映问题较多"}))

    again = find_visit(row, cast.village)
    assert (again.turn, again.reason) == (2, "上次反映问题较多")
    assert "上次反映问题较多" in see(visit(cast.officer), "inspection", row.pk)


def test_the_database_refuses_a_second_first_visit_and_one_without_a_reason(cast: Cast) -> None:
    row, other = draw(plan(cast)), plan(cast)
    plain = {"round": other, "unit": cast.village, "place": 1, "quarter": row.quarter, "items": [], "records": []}

    for turn in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            InspectionVisit.objects.create(turn=turn, **plain)
    InspectionVisit.objects.create(turn=2, reason="有群众反映", **plain)


def test_nothing_that_an_inspection_says_can_be_changed_or_deleted(cast: Cast, finding: InspectionFinding) -> None:
    actor = Actor(cast.officer, "officer", now())
    actions.say_of_finding(actor=actor, finding=finding, what=Step.CLOSED, note="")
    other = InspectionVisit.objects.exclude(unit=cast.village).first()
    assert other is not None
    assert actions.call_off_visit(actor=actor, visit=other, reason="道路中断") == []
    actions.set_item(actor=actor, office=cast.county, item=load_checklist()[0], since=timezone.localdate())
    tables = (InspectionRound, InspectionDraw, InspectionVisit, InspectionReport, InspectionFinding, FindingEvent)
    for table in (*tables, VisitCalledOff, ChecklistEntry):
        rows = table._default_manager.all()
        assert rows.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(id=F("id"))
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)


# --- at the place ---


def test_the_result_is_kept_with_its_finding_its_photo_and_one_record_of_the_office(cast: Cast, visit: Visit) -> None:
    row = draw(plan(cast))
    at = find_visit(row, cast.village)
    browser = visit(cast.officer)
    assert "交结果" in see(browser, "inspection-visit", at.pk)

    sent = fill(at, "宣传栏内容过期") | {f"photo-{at.items[0]}": make_photo()}
    page = browser.post(reverse("campaign:inspection-visit", args=[at.pk]), sent, follow=True).content.decode()

    record = Record.objects.get(kind="inspection")
    assert (record.unit, record.place, record.quantity) == (cast.county, "柳湾村", 1)
    assert record.extra == {"found": "宣传栏内容过期"}
    kept = InspectionReport.objects.get()
    assert (kept.record_id, kept.inspector, kept.post) == (record.pk, cast.officer, "officer")
    found = InspectionFinding.objects.get()
    assert (found.unit, found.words, found.item) == (cast.village, "宣传栏内容过期", at.items[0])
    assert Evidence.objects.get().pk == found.photo
    assert "宣传栏内容过期" in page
    assert AuditEntry.objects.filter(action="inspection.reported").count() == 1


def test_sending_the_same_result_twice_keeps_it_once(cast: Cast, visit: Visit) -> None:
    at = find_visit(draw(plan(cast)), cast.village)
    browser, sent = visit(cast.officer), fill(at, "过期")
    address = reverse("campaign:inspection-visit", args=[at.pk])

    first, second = browser.post(address, sent), browser.post(address, sent)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Record.objects.count() == InspectionReport.objects.count() == InspectionFinding.objects.count() == 1
    third = browser.post(address, fill(at, "别的"))
    assert third.status_code == 422
    assert "已经记过结果" in third.content.decode()
    assert Record.objects.count() == 1


def test_what_is_missing_is_said_beside_the_item_and_what_was_typed_stays(cast: Cast, visit: Visit) -> None:
    at = find_visit(draw(plan(cast)), cast.village)
    sent = fill(at, "") | {f"verdict-{at.items[0]}": "bad", f"words-{at.items[1]}": "已经写了一半"}
    del sent[f"verdict-{at.items[2]}"]
    sent[f"mend_by-{at.items[0]}"] = sent["made_on"]

    answer = visit(cast.officer).post(reverse("campaign:inspection-visit", args=[at.pk]), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有写查到了什么" in page
    assert "请留出整改的时间" in page
    assert "已经写了一半" in page
    assert not Record.objects.exists()


def test_a_file_that_is_no_photo_is_refused_before_anything_is_kept(cast: Cast, visit: Visit) -> None:
    at = find_visit(draw(plan(cast)), cast.village)
    wrong = SimpleUploadedFile("现场.jpg", b"MZ" + b"\0" * 400, "image/jpeg")

    answer = visit(cast.officer).post(
        reverse("campaign:inspection-visit", args=[at.pk]), fill(at, "过期") | {f"photo-{at.items[0]}": wrong}
    )

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not Record.objects.exists()
    assert not InspectionFinding.objects.exists()


def test_a_day_outside_the_round_or_still_to_come_is_refused(cast: Cast, visit: Visit) -> None:
    row = draw(plan(cast))
    at = find_visit(row, cast.village)
    for day in (row.opens_on - timedelta(days=1), timezone.localdate() + timedelta(days=1)):
        mend_by = {f"mend_by-{item}": str(day + timedelta(days=9)) for item in at.items}
        answer = inspect(visit(cast.officer), at, made_on=str(day), **mend_by)
        assert "检查的日子要在这一轮的" in answer.content.decode()
    assert not InspectionReport.objects.exists()


def test_a_supervisor_of_the_county_inspects_and_nobody_of_the_unit_or_the_town_does(cast: Cast, visit: Visit) -> None:
    at = find_visit(draw(plan(cast)), cast.village)
    address = reverse("campaign:inspection-visit", args=[at.pk])

    for person in (cast.town_officer, cast.secretary, cast.outsider, cast.nobody):
        assert visit(person).get(address).status_code == 404
        assert visit(person).post(address, fill(at)).status_code == 404
    assert inspect(visit(cast.supervisor), at).status_code == 200
    assert InspectionReport.objects.get().post == "supervisor"
    assert visit(cast.secretary).get(address).status_code == 200
    assert visit(cast.secretary).post(address, fill(at)).status_code == 403


def test_a_visit_called_off_says_why_and_the_unit_may_be_drawn_again(cast: Cast, visit: Visit) -> None:
    row = draw(plan(cast))
    at = find_visit(row, cast.village)
    browser = visit(cast.officer)

    browser.post(reverse("campaign:inspection-call-off", args=[at.pk]), {"reason": ""})
    assert not VisitCalledOff.objects.exists()
    browser.post(reverse("campaign:inspection-call-off", args=[at.pk]), {"reason": "道路中断"})

    assert "道路中断" in see(browser, "inspection", row.pk)
    assert inspect(browser, at).status_code == 422
    again = find_visit(draw(plan(cast, cast.town, ("SQ0101",))), cast.village)
    assert again.turn == 2
    assert "道路中断" in again.reason


def test_the_records_drawn_are_shown_with_what_they_say(cast: Cast, visit: Visit) -> None:
    at_noon = now()
    Record.objects.create(
        id=make_record_id(at_noon),
        unit=cast.village,
        kind="rally",
        happened_on=timezone.localdate(),
        place="村口广场",
        author=cast.secretary,
        recorded_at=at_noon,
        received_at=at_noon,
    )
    at = find_visit(draw(plan(cast)), cast.village)

    assert "村口广场" in see(visit(cast.officer), "inspection-visit", at.pk)


# --- mending ---


def test_the_unit_sees_what_it_owes_reports_it_and_the_inspector_closes_it(
    cast: Cast, visit: Visit, finding: InspectionFinding
) -> None:
    issue_plan(cast, year=timezone.localdate().year)
    village, officer = visit(cast.secretary), visit(cast.officer)
    for page in (see(village, "work"), see(village, "unit", "SQ0101")):
        assert "宣传栏内容过期" in page
        assert "待整改" in page

    report(village, finding)
    record = Record.objects.get(kind="rectification")
    assert (record.unit, record.extra) == (cast.village, {"finding": finding.number})
    assert "已报整改，待核实" in see(village, "work")
    assert "1 条整改待核实" in see(officer, "inspections")
    assert "1 条整改待核实" in see(officer, "today")

    say(officer, finding, "closed")
    assert "按期整改" in see(village, "finding", finding.pk)
    assert "宣传栏内容过期" not in see(village, "work")
    assert FindingEvent.objects.get().by == cast.officer
    assert AuditEntry.objects.filter(action="finding.closed", actor=cast.officer).count() == 1


def test_a_finding_opened_again_is_owed_with_its_new_day(cast: Cast, visit: Visit, finding: InspectionFinding) -> None:
    village, officer = visit(cast.secretary), visit(cast.officer)
    report(village, finding)

    assert "新的整改期限" in say(officer, finding, "reopened", "只换了一半").content.decode()
    later = timezone.localdate() + timedelta(days=7)
    say(officer, finding, "reopened", "只换了一半", mend_by=str(later))

    page = see(village, "work")
    assert "待整改" in page
    assert f"{later.month}月{later.day}日" in page
    report(village, finding, "全换了")
    assert "待核实" in see(village, "work")


def test_an_objection_wants_a_reason_and_is_answered_by_somebody_else(
    cast: Cast, visit: Visit, finding: InspectionFinding
) -> None:
    village = visit(cast.secretary)
    say(village, finding, "objected")
    assert not FindingEvent.objects.exists()
    say(village, finding, "objected", "当天已经换过")
    assert "当天已经换过" in see(visit(cast.officer), "finding", finding.pk)

    say(visit(cast.officer), finding, "upheld", "看过照片")
    say(visit(cast.officer), finding, "closed")
    assert FindingEvent.objects.count() == 1
    say(visit(cast.supervisor), finding, "upheld", "照片上确实没有换")
    assert FindingEvent.objects.count() == 2
    assert "照片上确实没有换" in see(village, "finding", finding.pk)


def test_what_is_struck_out_is_owed_by_nobody_and_counts_nowhere(
    cast: Cast, visit: Visit, finding: InspectionFinding
) -> None:
    say(visit(cast.officer), finding, "struck", "记错了单位")

    assert "宣传栏内容过期" not in see(visit(cast.secretary), "work")
    assert "还没有查出问题" in see(visit(cast.officer), "findings")
    assert "宣传栏内容过期" in see(visit(cast.officer), "findings")
    say(visit(cast.officer), finding, "closed")
    assert FindingEvent.objects.count() == 1


@pytest.mark.parametrize("what", ["closed", "reopened", "upheld", "struck"])
def test_the_unit_cannot_decide_on_its_own_finding(
    cast: Cast, visit: Visit, finding: InspectionFinding, what: str
) -> None:
    for person in (cast.secretary, cast.town_officer):
        assert say(visit(person), finding, what, "我们看没问题").status_code == 403
    assert not FindingEvent.objects.exists()


def test_a_supervisor_cannot_report_or_object_for_the_unit(
    cast: Cast, visit: Visit, finding: InspectionFinding
) -> None:
    assert report(visit(cast.supervisor), finding).status_code == 403
    assert say(visit(cast.supervisor), finding, "objected", "替村里说一句").status_code == 403


def test_a_report_of_another_unit_that_names_the_number_mends_nothing(
    cast: Cast, visit: Visit, finding: InspectionFinding
) -> None:
    # The other unit has a finding of its own, so that its reports are looked at too.
    inspect(visit(cast.officer), find_visit(finding.visit.round, cast.community))
    Record.objects.create(
        id=make_record_id(now()),
        unit=cast.community,
        kind="rectification",
        happened_on=timezone.localdate(),
        author=cast.town_officer,
        recorded_at=now(),
        received_at=now(),
        extra={"finding": finding.number},
    )
    assert "待整改" in see(visit(cast.secretary), "finding", finding.pk)
    assert "待整改 2，" in see(visit(cast.officer), "findings")


def test_a_report_taken_back_leaves_the_finding_open(cast: Cast, visit: Visit, finding: InspectionFinding) -> None:
    village = visit(cast.secretary)
    report(village, finding)
    record = Record.objects.get(kind="rectification")
    withdraw_record(actor=cast.secretary, original=record, record_id=make_record_id(now()), note="还没有改", now=now())
    assert "待整改" in see(village, "work")


def test_the_unit_sees_the_photo_of_its_finding_and_an_outsider_does_not(cast: Cast, visit: Visit) -> None:
    at = find_visit(draw(plan(cast)), cast.village)
    sent = fill(at, "宣传栏内容过期") | {f"photo-{at.items[0]}": make_photo()}
    visit(cast.supervisor).post(reverse("campaign:inspection-visit", args=[at.pk]), sent)
    finding = InspectionFinding.objects.get()
    address = reverse("campaign:finding-photo", args=[finding.pk])

    for person in (cast.outsider, cast.nobody):
        assert visit(person).get(address).status_code == 404
    answer = visit(cast.secretary).get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8")


def test_before_it_is_over_a_round_is_seen_by_its_office_alone(cast: Cast, visit: Visit) -> None:
    row = draw(plan(cast))
    for person in (cast.town_officer, cast.secretary, cast.outsider, cast.nobody):
        assert visit(person).get(reverse("campaign:inspection", args=[row.pk])).status_code == 404
        assert "四季度检查" not in see(visit(person), "inspections")


def test_when_it_is_over_everybody_there_can_draw_again_and_sees_no_others_findings(cast: Cast, visit: Visit) -> None:
    before = find_window(QUARTER, find_window(QUARTER, timezone.localdate()).opens - timedelta(days=1))
    row = draw(plan(cast, opens_on=before.opens, last_on=before.closes - timedelta(days=1)))
    at = find_visit(row, cast.units["SQ0201"])
    actor = Actor(cast.officer, "officer", now())
    answers = [Answer(item, Verdict.BAD, "墙上贴着名单", timezone.localdate()) for item in at.items]
    seen = actions.Seen(make_record_id(now()), before.opens, answers, {})
    assert actions.report_visit(actor=actor, visit=at, seen=seen) == []

    page = see(visit(cast.secretary), "inspection", row.pk)

    assert row.draw.seed in page
    assert "渡头村" in page
    assert "查出" not in page
    assert "墙上贴着名单" not in page


def test_items_and_findings_go_out_as_files_and_an_outsider_gets_neither(
    cast: Cast, visit: Visit, finding: InspectionFinding
) -> None:
    items = reverse("campaign:inspection", args=[finding.visit.round_id]) + "?format=csv&table=items"
    findings = reverse("campaign:findings") + "?format=csv&table=findings"

    told = b"".join(visit(cast.officer).get(findings)).decode("utf-8-sig")
    assert finding.words in told
    assert "待整改" in told
    assert "不合格" in b"".join(visit(cast.officer).get(items)).decode("utf-8-sig")
    assert visit(cast.outsider).get(items).status_code == 404
    assert finding.words not in b"".join(visit(cast.outsider).get(findings)).decode("utf-8-sig")


# --- the checklist ---


def test_a_county_adds_an_item_from_a_day_on_and_drops_another(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    address = reverse("campaign:checklist")
    later = timezone.localdate() + timedelta(days=10)
    told = {"title": "热线牌看得见", "look": "到大厅看96110的牌子在不在", "minutes": "3", "since": str(later)}

    page = browser.post(address, told, follow=True).content.decode()
    assert "已定下、以后起用的" in page
    assert "热线牌看得见" not in see(browser, "inspection-new")
    browser.post(address, told | {"since": str(timezone.localdate()), "title": "今天起看热线牌"})
    assert "今天起看热线牌" in see(browser, "inspection-new")
    browser.post(address, {"drop": "residents"})
    assert "群众听说过" not in see(browser, "inspection-new")
    assert AuditEntry.objects.filter(action__startswith="checklist.").count() == 3


@pytest.mark.parametrize(
    "look",
    ["看国家反诈中心APP安装率", "看群众手机是否安装反诈APP", "要求提供入户截图", "看每天打卡情况", "核对各村排名"],
)
def test_an_item_that_asks_for_what_the_rules_forbid_is_refused(cast: Cast, visit: Visit, look: str) -> None:
    told = {"title": "新项目", "look": look, "minutes": "3", "since": str(timezone.localdate())}

    answer = visit(cast.officer).post(reverse("campaign:checklist"), told)

    assert answer.status_code == 422
    assert "检查清单里不能有" in answer.content.decode()
    assert not ChecklistEntry.objects.exists()


def test_a_planned_round_keeps_the_checklist_it_was_planned_with(cast: Cast, visit: Visit) -> None:
    row = plan(cast, items=10)
    visit(cast.officer).post(reverse("campaign:checklist"), {"drop": "residents"})
    draw(row)
    assert "residents" in find_visit(row, cast.village).items


@pytest.mark.parametrize("who", ["secretary", "supervisor", "nobody"])
@pytest.mark.parametrize("name", ["inspection-new", "checklist"])
def test_only_an_officer_of_an_office_plans_and_words_the_checklist(
    cast: Cast, visit: Visit, who: str, name: str
) -> None:
    browser = visit(cast.people[who])
    assert browser.get(reverse(f"campaign:{name}")).status_code == 403
    assert browser.post(reverse(f"campaign:{name}"), {}).status_code == 403


def test_the_pages_ask_the_database_as_often_for_many_findings_as_for_one(
    cast: Cast, visit: Visit, django_assert_max_num_queries: Any
) -> None:
    row = draw(plan(cast))
    officer = visit(cast.officer)
    for at in row.visits.all():
        inspect(officer, at)
    for address in (reverse("campaign:inspections"), reverse("campaign:findings")):
        officer.get(address)
        with django_assert_max_num_queries(24):
            page = officer.get(address).content.decode()
        assert re.search("待整改", page)


# --- the result as a paper --------------------------------------------------------------------------------------------


def test_the_result_of_a_round_is_a_paper_that_can_be_counted_again(cast: Cast, visit: Visit) -> None:
    row = draw(plan(cast))
    officer = visit(cast.officer)
    for unit in (cast.units["SQ0201"], cast.village):
        inspect(officer, find_visit(row, unit))
    address = f"/papers/new/?form=inspection-report&round={row.pk}"

    page = officer.get(address).content.decode()
    said = {
        "title": "检查情况通报",
        "addressee": "各有关单位",
        "closing": "",
        "signed_by": "石桥县反诈联席办",
        "mark": "",
    }
    officer.post(address, said)
    draft = DraftPaper.objects.get()
    officer.post(reverse("campaign:paper-issue", args=[draft.pk]), {"revision": draft.revision})
    paper = IssuedPaper.objects.get()

    assert row.digest in page.replace(" ", "")
    assert page.index("柳湾村") < page.index("渡头村"), "in the order of the roster, not of the findings"
    figures = {one["id"]: one["count"] for one in paper.content["sources"]}
    assert [figures[name] for name in ("candidates", "drawn", "visited", "findings")] == [3, 3, 2, 2]
    assert {one["address"] for one in paper.content["sources"]} == {f"/inspections/{row.pk}/"}
    assert bytes(paper.docx)[:2] == b"PK"

    finding = InspectionFinding.objects.get(unit=cast.village)
    actor = Actor(cast.officer, "officer", now())
    assert actions.say_of_finding(actor=actor, finding=finding, what=Step.CLOSED, note="看过，已改好。") == []
    officer.post(reverse("campaign:paper-restate", args=[paper.pk]))
    changes = {one["id"]: (one["before"], one["after"]) for one in paper.restatements.get().changes}
    assert changes["findings.open"] == ("2", "1")
    assert changes["findings.in_time"] == ("", "1")


def test_nobody_else_drafts_the_result_of_a_round(cast: Cast, visit: Visit) -> None:
    undrawn = plan(cast)
    address = f"/papers/new/?form=inspection-report&round={undrawn.pk}"

    assert visit(cast.officer).get(address).status_code == 404, "nothing has been drawn"
    draw(undrawn)
    assert visit(cast.officer).get(address).status_code == 200, "before the first visit there is the draw alone"
    assert visit(cast.supervisor).get(address).status_code == 403
    for name in ("outsider", "secretary", "town_officer"):
        assert visit(cast.people[name]).get(address).status_code == 404
