"""Scores on the pages: what they are the sum of, what persons do to them, and rules that stand for their period."""

import csv
import re
import shutil
import subprocess
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import load_workbook

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from wuzha.adapters.plan_yaml import render_plan_yaml
from wuzha.core.assessment.model import Totals
from wuzha.core.base.interval import make_inclusive
from wuzha.core.base.problem import Problem
from wuzha.core.score.model import State
from wuzha.core.supervision.mending import Step
from wuzha.web.accounts.models import AuditEntry, Post, Unit, User
from wuzha.web.campaign.actions import scores as actions
from wuzha.web.campaign.actions.scores import Act, AnsweredError, ChangedError, WaitsError
from wuzha.web.campaign.models import (
    DraftPaper,
    DraftScorecard,
    FindingEvent,
    InspectionFinding,
    InspectionReport,
    InspectionRound,
    InspectionVisit,
    IssuedPaper,
    PlanVersion,
    Scorecard,
    ScoreEvent,
)
from wuzha.web.campaign.queries import scores as queries

# The rallies of January and February are due by then, and the town's tables of those months and of March.
AS_OF = date(2026, 3, 25)
NOW = datetime(2026, 3, 25, 2, 0, tzinfo=UTC)
YEAR = make_inclusive(date(2026, 1, 1), date(2026, 12, 31))
CARD: dict[str, Any] = {
    "title": "石桥县试行评分表",
    "from": "2026-01-01",
    "to": "2026-12-31",
    "points": 30,
    "appeal_days": 10,
    "hear_days": 5,
    "blocks": {"work": ["工作", "Work"], "more": ["加分扣分", "More"]},
    "items": [
        {
            "code": "rallies",
            "block": "work",
            "title": "集中宣传",
            "title_en": "Rallies",
            "points": 8,
            "duties": {"id": ["rally"]},
            "owner": "县联席办",
        },
        {
            "code": "tables",
            "block": "work",
            "title": "按时报表",
            "title_en": "Tables",
            "points": 4,
            "duties": {"id": ["monthly-table"]},
            "counts": "on_time",
        },
        {
            "code": "warnings",
            "block": "work",
            "title": "及时见面",
            "title_en": "Met",
            "points": 10,
            "waits_for": "预警",
        },
        {
            "code": "cases",
            "block": "work",
            "title": "发案与往年比",
            "title_en": "Cases",
            "points": 8,
            "counts": "baseline",
            "waits_for": "案件",
        },
        {
            "code": "reused",
            "block": "more",
            "title": "被采用",
            "title_en": "Reused",
            "sort": "bonus",
            "points": 2,
            "each": 1,
        },
        {
            "code": "invented",
            "block": "more",
            "title": "虚报",
            "title_en": "Invented",
            "sort": "deduction",
            "points": 100,
            "each": 10,
        },
    ],
}


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are asked on the day that the tests speak of."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def plan(cast: Cast) -> PlanVersion:
    """柳湾村 did one rally of two, 东社区 none; the town's table came once in time, once late, once not."""
    plan = issue_plan(cast)
    enter(cast.secretary, cast.village, date(2026, 1, 10), people=40)
    enter(cast.town_officer, cast.town, date(2026, 1, 18), kind="progress_table")
    enter(cast.town_officer, cast.town, date(2026, 2, 25), kind="progress_table")
    return plan


def adopt(cast: Cast, plan: PlanVersion, day: datetime = NOW, **changed: Any) -> Scorecard:
    row, problems = try_adopt(cast, plan, day, **changed)
    assert row is not None, problems
    return row


def try_adopt(
    cast: Cast, plan: PlanVersion, day: datetime = NOW, **changed: Any
) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    content = CARD | changed
    draft = actions.draft_card(actor=cast.officer, unit=cast.county, plan=plan, content=content, now=day)
    return actions.adopt_card(act=Act(cast.officer, "石桥县 · 专干", day), draft=draft, revision=1)


def act(user: User, day: datetime = NOW) -> Act:
    return Act(user, "岗位", day)


def note(cast: Cast, card: Scorecard, kind: str, unit: Unit, item: str, **more: Any) -> ScoreEvent:
    user = more.pop("by", cast.officer)
    return actions.add_event(act=act(user), card=card, kind=kind, unit=unit, item=item, text="事实和理由", **more)


def score(card: Scorecard, unit: Unit, as_of: date = AS_OF) -> Any:
    asked = queries.Asked(card, as_of)
    found = queries.find_score(asked, unit.code, queries.list_events(asked))
    assert found is not None
    return found[1]


def read_text(page: Any) -> str:
    return " ".join(unescape(strip_tags(page.content.decode())).split())


def post_act(client: Client, card: Scorecard, unit: Unit, item: str, act: str, **told: str) -> Any:
    """Sent from a page of its own, so with an id of its own, unless the test says which."""
    return client.post(f"/scores/{card.pk}/units/{unit.code}/items/{item}/{act}/", {"key": str(uuid.uuid4())} | told)


# --- what a score is the sum of ---------------------------------------------------------------------------------------


def test_a_score_is_summed_up_the_tree_and_unknown_is_neither_zero_nor_full(cast: Cast, plan: PlanVersion) -> None:
    card = adopt(cast, plan)

    village, town, county = (score(card, unit) for unit in (cast.village, cast.town, cast.county))

    # Two villages and a community; the village of the other town did nothing: 1 of 6 windows in the county.
    assert village.find("rallies").earned == Fraction(8, 2)
    assert town.find("rallies").earned == Fraction(8, 4)
    assert county.find("rallies").earned == Fraction("1.33"), "8/6 to hundredths"
    # Of the town's tables January's was in time, February's late, March's missing; late ones do not count here.
    assert town.find("tables").earned == Fraction("1.33")
    assert village.find("tables").state is State.NOTHING_DUE
    assert (village.possible, village.unknown, village.idle) == (8, 18, 4)
    for one in (village, town, county):
        assert one.possible + one.unknown + one.idle == 30
        assert one.earned == sum((line.earned for line in one.lines), Fraction(0))


MENDED: dict[str, Any] = {
    "code": "mended",
    "block": "work",
    "title": "督导问题按期整改",
    "title_en": "Mended",
    "points": 6,
    "of": "findings",
    "counts": "on_time",
}


def find(cast: Cast, unit: Unit, mend_by: date, place: int = 1) -> InspectionFinding:
    """Something that an inspection of the town found wanting at the unit in January."""
    found_on, at = date(2026, 1, 20), datetime(2026, 1, 20, 2, 0, tzinfo=UTC)
    acts = {"created_by": cast.town_officer, "post": "officer", "created_at": at, "units_asked": 1, "items_asked": 1}
    days = {"opens_on": found_on, "last_on": found_on, "quarter": "2026-Q1", "records_asked": 0}
    more = {"items": [], "candidates": [], "kinds": [], "method": "sealed", "sealed": "1", "digest": "2"}
    row = InspectionRound.objects.create(unit=cast.town, title="检查", area=cast.town, **acts, **days, **more)
    drawn = {"place": 1, "quarter": "2026-Q1", "turn": place, "items": [], "records": [], "reason": "再看"}
    visit = InspectionVisit.objects.create(round=row, unit=unit, **drawn)
    record = enter(cast.town_officer, cast.town, found_on, kind="inspection")
    made = {"made_on": found_on, "answers": [], "inspector": cast.town_officer, "post": "officer", "made_at": at}
    InspectionReport.objects.create(visit=visit, record=record, **made)
    said = {"number": f"查-{row.pk}", "item": "sites", "title": "阵地", "words": f"宣传栏要换{row.pk}"}
    return InspectionFinding.objects.create(visit=visit, unit=unit, found_on=found_on, mend_by=mend_by, **said)


def say(finding: InspectionFinding, what: Step, on: date, by: User, mend_by: date | None = None) -> None:
    at = datetime(on.year, on.month, on.day, 3, 0, tzinfo=UTC)
    told = {"on": on, "at": at, "by": by, "post": "officer", "note": "看过", "mend_by": mend_by}
    FindingEvent.objects.create(finding=finding, what=what.value, **told)


@pytest.fixture
def findings(cast: Cast) -> list[InspectionFinding]:
    """At 柳湾村 one closed in time, one overdue; at 东社区 one reported; one struck out, one due next year."""
    first, late = (find(cast, cast.village, date(2026, 2, 10), place) for place in (1, 2))
    reported = find(cast, cast.community, date(2026, 3, 1))
    struck, after = find(cast, cast.village, date(2026, 2, 1), 3), find(cast, cast.village, date(2027, 2, 1), 4)
    say(first, Step.CLOSED, date(2026, 2, 8), cast.town_officer)
    say(struck, Step.STRUCK, date(2026, 2, 2), cast.town_officer)
    enter(cast.secretary, cast.community, date(2026, 2, 20), kind="rectification", extra={"finding": reported.number})
    return [first, late, reported, struck, after]


def test_an_item_counts_the_findings_due_in_the_period_up_the_tree(
    cast: Cast, plan: PlanVersion, findings: list[InspectionFinding]
) -> None:
    card = adopt(cast, plan, points=36, items=[*CARD["items"], MENDED])

    village, town, county = (score(card, unit).find("mended") for unit in (cast.village, cast.town, cast.county))
    other = score(card, cast.units["SQ0201"]).find("mended")

    assert [(one.hits, one.base, one.possible, one.unknown) for one in (village, town)] == [(1, 2, 6, 0), (1, 2, 4, 2)]
    assert (village.earned, town.earned, county.earned) == (3, 2, 2)
    assert (other.state, other.idle) == (State.NOTHING_DUE, 6)
    assert {one.number for one in town.findings} == {one.number for one in findings[:3]}
    whole = score(card, cast.county)
    assert whole.possible + whole.unknown + whole.idle == 36


def test_a_finding_opened_again_is_counted_by_its_new_day_and_as_known_then(
    cast: Cast, plan: PlanVersion, findings: list[InspectionFinding]
) -> None:
    card = adopt(cast, plan, points=36, items=[*CARD["items"], MENDED])
    say(findings[0], Step.REOPENED, date(2026, 3, 20), cast.town_officer, date(2027, 1, 9))

    now = score(card, cast.village).find("mended")
    asked = queries.Asked(card, AS_OF, date(2026, 3, 19))
    then = queries.find_score(asked, "SQ0101", [])
    before = queries.find_score(queries.Asked(card, AS_OF, date(2026, 1, 19)), "SQ0101", [])

    assert (now.hits, now.base) == (0, 1)
    assert then is not None
    assert (then[1].find("mended").hits, then[1].find("mended").base) == (1, 2)  # type: ignore[union-attr]  # it is there
    assert before is not None
    assert before[1].find("mended").state is State.NOTHING_DUE  # type: ignore[union-attr]  # it is there


def test_the_page_of_the_item_lists_each_finding_with_its_link(
    cast: Cast, visit: Visit, plan: PlanVersion, findings: list[InspectionFinding]
) -> None:
    card = adopt(cast, plan, points=36, items=[*CARD["items"], MENDED])

    page = visit(cast.officer).get(f"/scores/{card.pk}/units/SQ01/items/mended/")
    own = visit(cast.secretary).get(f"/scores/{card.pk}/units/SQ0101/items/mended/")
    file = visit(cast.officer).get(
        f"/scores/{card.pk}/units/SQ01/items/mended/", {"table": "findings", "format": "csv"}
    )

    text = read_text(page)
    assert "已到期的问题 2 个，算数的 1 个。" in text
    assert "报了整改还没回头看的" in text
    for finding in findings[:3]:
        assert f"/findings/{finding.pk}/" in page.content.decode()
    assert f"/findings/{findings[3].pk}/" not in page.content.decode(), "it was struck out"
    assert f"/findings/{findings[4].pk}/" not in page.content.decode(), "it is due next year"
    assert visit(cast.secretary).get(f"/inspections/findings/{findings[0].pk}/").status_code == 200
    assert f"/findings/{findings[2].pk}/" not in own.content.decode(), "that of another unit"
    rows = list(csv.reader(b"".join(file).decode("utf-8-sig").splitlines()))
    assert sum(findings[n].number in str(rows) for n in range(3)) == 3


def test_an_item_of_findings_is_typed_in_and_read_back(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    draft = actions.draft_card(actor=cast.officer, unit=cast.county, plan=plan, content=CARD, now=NOW)
    client = visit(cast.officer)
    address = f"/scores/drafts/{draft.pk}/items/new/"
    told = {"title": "按期整改", "block": "work", "sort": "points", "points": "6", "measure": "findings_on_time"}

    page = client.post(address, told | {"revision": "1"})

    assert page.status_code == 302, read_text(page)
    held = DraftScorecard.objects.get(pk=draft.pk)
    item = held.content["items"][-1]
    assert (item["of"], item["counts"]) == ("findings", "on_time")
    again = client.get(f"/scores/drafts/{draft.pk}/items/{item['code']}/").content.decode()
    assert re.search(r'value="findings_on_time"\s+selected', again)
    _, _card, problems = queries.read_draft(held)
    assert [one.code for one in problems] == ["score.sum-differs"]
    content = queries.write_content(queries.read_loosely(held), YEAR)
    assert content["items"][-1]["of"] == "findings", "a card begun from this one counts the same"


def test_the_page_says_known_of_known_and_where_each_line_leads(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    client = visit(cast.officer)

    page = client.get(f"/scores/{card.pk}/units/SQ01/")
    text = read_text(page)

    assert "已知 12 分中的 3.33 分" in text
    assert "满分 30 分：已知 12 分，不知道 18 分，没有到期的或者不承担的 0 分。" in text
    assert "已到期 4 项，算数的 1 项。" in text
    assert "不知道：等预警能由系统计数，或者有人填入数。" in text
    assert "单凭偶然也会在" in text
    inside = read_text(client.get(f"/scores/{card.pk}/units/SQ01/items/rallies/"))
    assert "柳湾村" in inside
    assert "东社区" in inside


def test_the_county_page_keeps_the_order_of_the_roster_and_has_no_rank(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    card = adopt(cast, plan)
    page = visit(cast.officer).get("/scores/").content.decode()
    table = page.split("<tbody>")[1].split("</tbody>")[0]

    assert table.index("青石镇") < table.index("河口镇"), "the roster's order"
    for unit in (cast.village, cast.community, cast.other_town):
        note(cast, card, "figure", unit, "warnings", done=Decimal(10), asked=Decimal(10))
    again = visit(cast.officer).get("/scores/?order=points&sort=score").content.decode()
    table = again.split("<tbody>")[1].split("</tbody>")[0]
    assert table.index("青石镇") < table.index("河口镇"), "more points move nobody up"
    for word in ("排名", "名次", "第一", "末位", "最好", "最差"):
        assert word not in again


def test_as_of_and_known_by_are_days_of_their_own(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    client = visit(cast.officer)

    early = read_text(client.get(f"/scores/{card.pk}/units/SQ0101/?as_of=2026-02-10"))
    assert "已知 8 分中的 8 分" in early
    enter(cast.secretary, cast.village, date(2026, 2, 20), people=9)  # received at noon of its day
    now = read_text(client.get(f"/scores/{card.pk}/units/SQ0101/"))
    known = read_text(client.get(f"/scores/{card.pk}/units/SQ0101/?known=2026-02-15"))
    assert "已知 8 分中的 8 分" in now
    assert "已知 8 分中的 4 分" in known


def test_a_half_year_counts_only_what_falls_due_in_it(cast: Cast, plan: PlanVersion) -> None:
    card = adopt(cast, plan, NOW, **{"from": "2026-02-01", "to": "2026-06-30"})

    line = score(card, cast.village).find("rallies")

    assert (line.base, line.hits) == (1, 0), "January's rally was due before the period"


def test_a_page_asks_the_database_as_often_for_many_units_as_for_few(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    card = adopt(cast, plan)
    client = visit(cast.officer)
    client.get(f"/scores/{card.pk}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/scores/{card.pk}/")
    Unit.objects.bulk_create(
        Unit(code=f"SQ9{n}", name=f"新镇{n}", kind="town", parent=cast.county, path=f"SQ/SQ9{n}/") for n in range(9)
    )
    for unit in Unit.objects.filter(code__startswith="SQ9"):
        note(cast, card, "figure", unit, "warnings", done=Decimal(1), asked=Decimal(2))
    client.get(f"/scores/{card.pk}/")
    with CaptureQueriesContext(connection) as many:
        page = client.get(f"/scores/{card.pk}/")
    assert "新镇8" in page.content.decode()
    assert len(many) <= len(few)


def test_the_scores_go_out_as_a_table_that_adds_up(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    note(cast, card, "figure", cast.town, "warnings", done=Decimal(9), asked=Decimal(12))
    client = visit(cast.officer)

    answer = client.get(f"/scores/{card.pk}/?format=csv&table=scores")
    rows = list(csv.reader(b"".join(answer).decode("utf-8-sig").splitlines()))
    heads = next(row for row in rows if "得分" in row)
    town = dict(zip(heads, next(row for row in rows if row[:1] == ["青石镇"]), strict=True))

    known = sum(
        float(town[title] or 0) for title in ("集中宣传", "按时报表", "及时见面", "发案与往年比", "被采用", "虚报")
    )
    assert town["发案与往年比"] == "", "unknown is an empty cell and no zero"
    assert float(town["得分"]) == pytest.approx(known)
    assert float(town["已知分值"]) + float(town["不知道"]) + float(town["没到期或不承担"]) == pytest.approx(30)
    assert client.get(f"/scores/{card.pk}/units/SQ01/?format=csv&table=lines").status_code == 200
    assert client.get(f"/scores/{card.pk}/units/SQ01/items/rallies/?format=xlsx&table=pieces").status_code == 200


def test_an_item_leads_down_the_tree_to_the_windows_of_a_unit(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    client = visit(cast.officer)

    for code, below in (("SQ", "SQ01"), ("SQ01", "SQ0101")):
        page = client.get(f"/scores/{card.pk}/units/{code}/items/rallies/")
        assert f"/scores/{card.pk}/units/{below}/items/rallies/" in page.content.decode()
        (piece,) = page.context["pieces"]
        assert sum((totals for _, totals in piece.bearers), Totals()) == piece.totals
    last = client.get(f"/scores/{card.pk}/units/SQ0101/items/rallies/").content.decode()
    address = re.search(r'href="(/standings/SQ0101/[^"]+)"', last)
    assert address is not None
    assert client.get(unescape(address[1])).status_code == 200


# --- rules that stand -------------------------------------------------------------------------------------------------


def test_a_change_in_the_middle_is_refused_with_the_items_that_changed(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    adopt(cast, plan)
    items = [dict(item) for item in CARD["items"]]
    items[0]["points"] = 10
    draft = actions.draft_card(
        actor=cast.officer, unit=cast.county, plan=plan, content=CARD | {"items": items, "points": 32}, now=NOW
    )

    page = visit(cast.officer).get(f"/scores/drafts/{draft.pk}/")
    answer = visit(cast.officer).post(f"/scores/drafts/{draft.pk}/adopt/", {"revision": 1})

    for one in (page, answer):
        assert "不能改，改动的有：集中宣传" in read_text(one)
    assert "草稿没有问题，可以启用" not in read_text(page), "what would be refused is said before it is tried"
    assert answer.status_code == 422
    assert "行：" not in read_text(answer), "on a page there are no lines"
    assert Scorecard.objects.count() == 1
    assert DraftScorecard.objects.filter(pk=draft.pk).exists(), "what was written is kept"


def test_the_database_refuses_a_second_card_for_days_that_have_begun(cast: Cast, plan: PlanVersion) -> None:
    card = adopt(cast, plan)

    with pytest.raises(DatabaseError), transaction.atomic():
        copy_row(card, version=2)
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_row(card, version=2, replaces=card)
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_row(card, version=2, opens_on=date(2026, 12, 31), last_on=date(2027, 6, 30))
    copy_row(card, version=2, opens_on=date(2027, 1, 1), last_on=date(2027, 12, 31))


def copy_row(card: Scorecard, **changed: Any) -> Scorecard:
    told = {field.attname: getattr(card, field.attname) for field in card._meta.concrete_fields}
    del told["id"]
    row = Scorecard(**told | {"draft": uuid.uuid4()})
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def test_the_database_refuses_to_change_or_delete_what_was_adopted_or_done(cast: Cast, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    event = note(cast, card, "bonus", cast.town, "reused")

    for change in (
        lambda: Scorecard.objects.filter(pk=card.pk).update(title="别的"),
        lambda: Scorecard.objects.filter(pk=card.pk).update(text="points: 1"),
        lambda: Scorecard.objects.filter(pk=card.pk)._raw_delete("default"),
        lambda: ScoreEvent.objects.filter(pk=event.pk).update(text="别的"),
        lambda: ScoreEvent.objects.filter(pk=event.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_before_its_first_day_a_card_gives_way_to_a_version_and_only_one(cast: Cast, plan: PlanVersion) -> None:
    december = datetime(2025, 12, 10, tzinfo=UTC)
    first = adopt(cast, plan, december)
    second = adopt(cast, plan, december, title="石桥县评分表（改）")

    assert second.replaces == first
    assert second.version == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_row(first, version=3, replaces=first, adopted_on=date(2025, 12, 11))
    asked = list(Scorecard.objects.select_related("replaced_by"))
    assert queries.find_card_on(asked, AS_OF) == second


def test_the_next_period_can_be_prepared_while_this_one_runs(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    adopt(cast, plan)
    client = visit(cast.officer)

    page = client.get("/scores/new/")
    form = page.context["form"]
    assert form["opens_on"].value() == date(2027, 1, 1)
    told = {name: str(form[name].value()) for name in form.fields}
    answer = client.post("/scores/new/", told)
    draft = DraftScorecard.objects.get()

    assert answer.headers["Location"] == f"/scores/drafts/{draft.pk}/"
    assert len(draft.content["items"]) == 18
    revision = {"revision": str(draft.revision)}
    assert client.post(f"/scores/drafts/{draft.pk}/adopt/", revision).status_code == 302
    assert Scorecard.objects.filter(opens_on=date(2027, 1, 1)).count() == 1
    again = client.post(f"/scores/drafts/{draft.pk}/adopt/", revision)
    assert again.status_code == 302, "pressed twice, the same card"
    assert Scorecard.objects.count() == 2
    assert AuditEntry.objects.filter(action="scorecard.adopted").count() == 2


def test_a_card_is_not_adopted_for_days_that_are_over(cast: Cast, plan: PlanVersion) -> None:
    row, problems = try_adopt(cast, plan, NOW, **{"from": "2025-01-01", "to": "2025-12-31"})

    assert row is None
    assert [one.code for one in problems] == ["score.period-over"]


def test_two_persons_at_once_notice_each_other(cast: Cast, plan: PlanVersion) -> None:
    draft = actions.draft_card(actor=cast.officer, unit=cast.county, plan=plan, content=CARD, now=NOW)
    actions.change_draft(actor=cast.officer, draft=draft, revision=1, told={"filing": "一号"}, now=NOW)

    with pytest.raises(ChangedError):
        actions.change_draft(actor=cast.officer, draft=draft, revision=1, told={"filing": "二号"}, now=NOW)
    with pytest.raises(ChangedError):
        actions.adopt_card(act=act(cast.officer), draft=draft, revision=1)


# --- a card edited on the site ----------------------------------------------------------------------------------------


def test_an_item_is_changed_added_and_taken_out_on_the_site(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    draft = actions.draft_card(actor=cast.officer, unit=cast.county, plan=plan, content=CARD, now=NOW)
    address = f"/scores/drafts/{draft.pk}/items/"

    told = read_fields(client.get(f"{address}rallies/")) | {"points": "10", "basis": "方案一（一）"}
    assert client.post(f"{address}rallies/", told).status_code == 302
    assert "各项分值加起来是 32 分，写的是 30 分" in read_text(client.get(f"/scores/drafts/{draft.pk}/"))
    fresh = read_fields(client.get(f"{address}new/")) | {
        "title": "入户走访",
        "new_block": "走访",
        "block": "work",
        "sort": "points",
        "measure": "met",
        "duties": ["visits"],
        "points": "4",
    }
    assert client.post(f"{address}new/", fresh).status_code == 302
    assert client.post(f"{address}tables/remove/").status_code == 302
    assert client.post(f"{address}tables/remove/").status_code == 404
    draft.refresh_from_db()

    assert [item["code"] for item in draft.content["items"]][-1] == "item1"
    assert draft.content["items"][0]["basis"] == "方案一（一）"
    assert draft.content["blocks"]["block1"] == ["走访", "走访"]
    assert "tables" not in str(draft.content["items"])


def read_fields(page: Any) -> dict[str, Any]:
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in fields.items() if value is not None}


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("反诈APP安装率", "国办函〔2026〕12号"),
        ("朋友圈转发量", "若干意见"),
        ("简报篇数", "减负若干规定"),
        ("网格员积分排名", "只给单位评分"),
    ],
)
def test_a_forbidden_item_is_refused_with_the_rule(
    cast: Cast, visit: Visit, plan: PlanVersion, title: str, rule: str
) -> None:
    client = visit(cast.officer)
    draft = actions.draft_card(actor=cast.officer, unit=cast.county, plan=plan, content=CARD, now=NOW)
    told = read_fields(client.get(f"/scores/drafts/{draft.pk}/items/rallies/")) | {"title": title}
    client.post(f"/scores/drafts/{draft.pk}/items/rallies/", told)

    page = client.get(f"/scores/drafts/{draft.pk}/")
    answer = client.post(f"/scores/drafts/{draft.pk}/adopt/", {"revision": 2})

    assert rule in read_text(page)
    assert answer.status_code == 422
    assert rule in read_text(answer)
    assert Scorecard.objects.count() == 0


def test_the_filing_is_shown_and_where_it_is_missing_that_is_said(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    client = visit(cast.officer)

    assert "还没有写明备案" in read_text(client.get(f"/scores/{card.pk}/rules/"))
    client.post(f"/scores/{card.pk}/rules/", {"text": "石督考备〔2026〕4号"})
    assert "石督考备〔2026〕4号" in read_text(client.get(f"/scores/{card.pk}/rules/"))
    assert "石督考备〔2026〕4号" in read_text(client.get("/scores/"))
    client.post(f"/scores/{card.pk}/rules/", {"text": "石督考备〔2026〕4号"})
    assert ScoreEvent.objects.filter(kind="filed").count() == 1, "what is named already is not named again"


# --- figures that are brought in --------------------------------------------------------------------------------------


def test_figures_are_brought_in_for_units_with_their_source(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    client = visit(cast.officer)
    town, other = cast.town.pk, cast.other_town.pk
    told = {"text": "反诈中心3月表", f"done_{town}": "9", f"asked_{town}": "12", f"done_{other}": "3"}

    half = client.post(f"/scores/{card.pk}/figures/warnings/", told)
    assert half.status_code == 422, "both numbers or none"
    told[f"asked_{other}"] = "2"
    assert client.post(f"/scores/{card.pk}/figures/warnings/", told).status_code == 422, "3 of 2 cannot be"
    told[f"asked_{other}"] = "4"
    assert client.post(f"/scores/{card.pk}/figures/warnings/", told).status_code == 302
    assert client.post(f"/scores/{card.pk}/figures/warnings/", told).status_code == 302

    assert ScoreEvent.objects.filter(kind="figure").count() == 2, "what holds already is not kept again"
    line = score(card, cast.town).find("warnings")
    assert (line.earned, line.possible) == (Fraction(15, 2), 10)
    assert "填入 9 / 12：反诈中心3月表。" in read_text(client.get(f"/scores/{card.pk}/units/SQ01/"))
    assert client.get(f"/scores/{card.pk}/figures/rallies/").status_code == 404


# --- bonus, deduction, appeal -----------------------------------------------------------------------------------------


def test_a_deduction_waits_for_the_units_side_and_a_named_decision(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    officer, town = visit(cast.officer), visit(cast.town_officer)

    assert post_act(officer, card, cast.town, "invented", "charge", text="二月那场活动没有开").status_code == 302
    assert score(card, cast.town).find("invented").earned == 0, "announced is not deducted"
    early = post_act(officer, card, cast.town, "invented", "decide", decision="imposed", text="属实")
    assert early.status_code == 422
    assert "还在陈述期内（到" in read_text(early)
    assert post_act(town, card, cast.town, "invented", "reply", text="那天改到了二十三日").status_code == 302
    assert post_act(town, card, cast.town, "invented", "decide", decision="dropped", text="无").status_code == 403
    assert (
        post_act(officer, card, cast.town, "invented", "decide", decision="imposed", text="签到册没有").status_code
        == 302
    )
    assert score(card, cast.town).find("invented").earned == -10
    text = read_text(town.get(f"/scores/{card.pk}/units/SQ01/items/invented/"))
    for words in ("二月那场活动没有开", "那天改到了二十三日", "签到册没有", "石桥县 · 专干", "青石镇 · 专干"):
        assert words in text


@pytest.mark.parametrize(
    ("by", "item", "name"),
    [("officer", "reused", "bonus"), ("officer", "invented", "charge"), ("town_officer", "tables", "appeal")],
)
def test_what_is_sent_twice_from_one_page_is_done_once(
    cast: Cast, visit: Visit, plan: PlanVersion, by: str, item: str, name: str
) -> None:
    card, client = adopt(cast, plan), visit(getattr(cast, by))
    page = client.get(f"/scores/{card.pk}/units/SQ01/items/{item}/")
    key = str(page.context["forms"][name]["key"].value())
    assert key in page.content.decode()

    sent = [post_act(client, card, cast.town, item, name, key=key, text="事实") for _n in range(3)]
    without = post_act(client, card, cast.town, item, name, key="", text="事实")

    assert [answer.status_code for answer in sent] == [302, 302, 302]
    assert ScoreEvent.objects.filter(kind=name).count() == 1
    assert AuditEntry.objects.filter(action=f"score.{name}").count() == 1
    assert without.status_code == 422
    assert "请重新打开这一页" in read_text(without)


def test_the_database_takes_one_act_under_one_key(cast: Cast, plan: PlanVersion) -> None:
    card, key = adopt(cast, plan), uuid.uuid4()

    first = note(cast, card, "bonus", cast.town, "reused", key=key)
    again = note(cast, card, "bonus", cast.town, "reused", key=key)

    assert again == first
    row = ScoreEvent.objects.get()
    row.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(("kind", "item"), [("charge", "invented"), ("appeal", "tables")])
def test_one_charge_and_one_appeal_wait_under_an_item_at_a_time(
    cast: Cast, plan: PlanVersion, kind: str, item: str
) -> None:
    card = adopt(cast, plan)
    first = note(cast, card, kind, cast.town, item, by=cast.town_officer)

    with pytest.raises(WaitsError):
        note(cast, card, kind, cast.town, item, by=cast.town_officer)
    note(cast, card, kind, cast.other_town, item)  # that of another town is another matter
    answer = "dropped" if kind == "charge" else "refused"
    note(cast, card, answer, cast.town, item, about=first)
    if kind == "charge":
        with pytest.raises(AnsweredError):
            note(cast, card, "reply", cast.town, item, about=first)
    note(cast, card, kind, cast.town, item, by=cast.town_officer)

    assert ScoreEvent.objects.filter(kind=kind, unit=cast.town).count() == 2


def test_a_second_charge_is_refused_on_the_page_while_one_waits(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card, client = adopt(cast, plan), visit(cast.officer)
    post_act(client, card, cast.town, "invented", "charge", text="二月那场活动没有开")

    page = client.get(f"/scores/{card.pk}/units/SQ01/items/invented/")
    again = post_act(client, card, cast.town, "invented", "charge", text="三月那场也没有开")

    assert "charge" not in page.context["forms"]
    assert again.status_code == 422
    assert "已有一条扣分告知还没有决定" in read_text(again)


def test_after_the_days_for_its_side_a_silent_unit_can_be_decided_on(
    cast: Cast, visit: Visit, plan: PlanVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = adopt(cast, plan)
    officer = visit(cast.officer)
    post_act(officer, card, cast.town, "invented", "charge", text="二月那场活动没有开")
    for day, status in ((30, 422), (31, 302)):
        now = datetime(2026, 3, day, 2, 0, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        told = {"decision": "imposed", "text": "查无签到"}
        officer = visit(cast.officer)  # a session of many days ago has run out
        assert post_act(officer, card, cast.town, "invented", "decide", **told).status_code == status, day


def test_an_appeal_is_answered_with_points_and_a_reason_and_both_stay(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    card = adopt(cast, plan)
    town, officer = visit(cast.town_officer), visit(cast.officer)

    assert post_act(town, card, cast.town, "tables", "appeal", text="").status_code == 422
    assert post_act(town, card, cast.town, "tables", "appeal", text="二月那天系统停了").status_code == 302
    twice = post_act(town, card, cast.town, "tables", "appeal", text="再说一次")
    assert twice.status_code == 422
    assert "已有一份申诉" in read_text(twice)
    assert "二月那天系统停了" in read_text(officer.get("/scores/")), "who decides sees what waits"
    too_much = post_act(officer, card, cast.town, "tables", "answer", decision="accepted", points="3", text="属实")
    assert too_much.status_code == 422
    assert "最多可以补回 2.67 分" in read_text(too_much)
    none = post_act(officer, card, cast.town, "tables", "answer", decision="accepted", text="属实")
    assert none.status_code == 422
    told = {"decision": "accepted", "points": "1.33", "text": "停机记录属实"}
    assert post_act(officer, card, cast.town, "tables", "answer", **told).status_code == 302

    line = score(card, cast.town).find("tables")
    assert (line.counted, line.corrected) == (Fraction("1.33"), Fraction("1.33"))
    text = read_text(town.get(f"/scores/{card.pk}/units/SQ01/"))
    assert "申诉采纳，补回 1.33 分" in text
    assert "停机记录属实" in text
    assert score(card, cast.town, date(2026, 3, 24)).find("tables").corrected == 0, "not before it was accepted"


def test_an_appeal_can_be_refused_with_a_reason_and_changes_nothing(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    card = adopt(cast, plan)
    post_act(visit(cast.town_officer), card, cast.town, "tables", "appeal", text="二月那天系统停了")
    before = score(card, cast.town).earned

    told = {"decision": "refused", "text": "停机在二十七日"}
    assert post_act(visit(cast.supervisor), card, cast.town, "tables", "answer", **told).status_code == 302

    assert score(card, cast.town).earned == before
    assert "停机在二十七日" in read_text(visit(cast.town_officer).get(f"/scores/{card.pk}/units/SQ01/"))


def test_appeals_end_with_the_cards_deadline(
    cast: Cast, visit: Visit, plan: PlanVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = adopt(cast, plan)
    for day, status in ((date(2027, 1, 11), 422), (date(2027, 1, 10), 302)):
        now = datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        answer = post_act(visit(cast.town_officer), card, cast.town, "tables", "appeal", text="系统停了")
        assert answer.status_code == status, day


def test_the_county_appeals_for_nobody_and_a_town_for_no_other(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)

    assert post_act(visit(cast.officer), card, cast.town, "tables", "appeal", text="代青石镇提").status_code == 403
    assert post_act(visit(cast.supervisor), card, cast.town, "tables", "appeal", text="代青石镇提").status_code == 403
    assert post_act(visit(cast.outsider), card, cast.town, "tables", "appeal", text="代青石镇提").status_code == 404
    assert ScoreEvent.objects.count() == 0


def test_nobody_answers_their_own_appeal_or_turns_down_one_against_their_own_deduction(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    card = adopt(cast, plan)
    Post.objects.create(user=cast.officer, unit=cast.town, role=Post.Role.OFFICER)
    officer = visit(cast.officer)
    post_act(officer, card, cast.town, "tables", "appeal", text="系统停了")
    own = post_act(officer, card, cast.town, "tables", "answer", decision="accepted", points="1", text="好")
    assert "不能由自己驳回或答复" in read_text(own)

    charge = note(cast, card, "charge", cast.town, "invented")
    note(cast, card, "imposed", cast.town, "invented", about=charge)
    post_act(visit(cast.town_officer), card, cast.town, "invented", "appeal", text="有签到册")
    told = {"decision": "refused", "text": "不看"}
    assert post_act(officer, card, cast.town, "invented", "answer", **told).status_code == 422
    assert post_act(visit(cast.supervisor), card, cast.town, "invented", "answer", **told).status_code == 302


def test_two_answers_at_once_leave_one(cast: Cast, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    appeal = note(cast, card, "appeal", cast.town, "tables", by=cast.town_officer)
    note(cast, card, "refused", cast.town, "tables", about=appeal)

    with pytest.raises(AnsweredError):
        note(cast, card, "accepted", cast.town, "tables", about=appeal, points=Decimal(1))
    assert ScoreEvent.objects.filter(about=appeal).count() == 1


def test_a_bonus_wants_a_bonus_item_and_an_officer_above(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)

    assert post_act(visit(cast.officer), card, cast.town, "reused", "bonus", text="河口镇照着做了").status_code == 302
    assert score(card, cast.town).find("reused").earned == 1
    assert post_act(visit(cast.officer), card, cast.town, "rallies", "bonus", text="好").status_code == 422
    assert post_act(visit(cast.town_officer), card, cast.town, "reused", "bonus", text="好").status_code == 403
    assert post_act(visit(cast.supervisor), card, cast.town, "reused", "bonus", text="好").status_code == 403
    assert post_act(visit(cast.officer), card, cast.town, "reused", "praise", text="好").status_code == 404


# --- who may what -----------------------------------------------------------------------------------------------------


def test_whoever_is_scored_reads_the_rules_and_their_own_score_and_nobody_elses(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    card = adopt(cast, plan)
    village = visit(cast.secretary)

    assert village.get(f"/scores/{card.pk}/rules/").status_code == 200
    assert "柳湾村" in read_text(village.get("/scores/"))
    assert village.get(f"/scores/{card.pk}/units/SQ0101/").status_code == 200
    assert village.get(f"/scores/{card.pk}/units/SQ0102/").status_code == 404
    assert village.get(f"/scores/{card.pk}/?unit=SQ01").status_code == 404
    assert village.get("/scores/new/").status_code == 403
    assert village.get(f"/scores/{card.pk}/figures/warnings/").status_code == 403
    assert village.post(f"/scores/{card.pk}/copy/").status_code == 403
    assert village.post(f"/scores/{card.pk}/rules/", {"text": "无"}).status_code == 403
    assert post_act(village, card, cast.village, "rallies", "appeal", text="开过两场").status_code == 302


def test_an_officer_of_a_town_does_not_touch_the_countys_draft(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    draft = actions.draft_card(actor=cast.officer, unit=cast.county, plan=plan, content=CARD, now=NOW)
    for client in (visit(cast.town_officer), visit(cast.supervisor), visit(cast.outsider)):
        assert client.get(f"/scores/drafts/{draft.pk}/").status_code == 404
        for what in ("adopt", "discard", "items/rallies/remove"):
            assert client.post(f"/scores/drafts/{draft.pk}/{what}/", {"revision": 1}).status_code == 404
    assert DraftScorecard.objects.count() == 1
    assert Scorecard.objects.count() == 0


def test_no_page_of_scores_names_a_person_who_is_scored(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    client = visit(cast.officer)
    for address in ("/scores/", f"/scores/{card.pk}/units/SQ0101/", f"/scores/{card.pk}/units/SQ0101/items/rallies/"):
        page = client.get(address).content.decode().split("<main")[1]
        assert not re.search("柳湾村网格员|青石镇平安办专干", page), address


def test_without_a_card_the_page_says_what_will_stand_there(cast: Cast, visit: Visit) -> None:
    assert "还没有评分表" in read_text(visit(cast.officer).get("/scores/"))
    assert "还没有评分表" in read_text(visit(cast.secretary).get("/scores/"))
    assert visit(cast.nobody).get("/scores/").status_code == 200
    assert "还没有印发方案" in read_text(visit(cast.officer).get("/scores/new/"))


def test_an_adopted_card_reads_as_the_file_it_was(cast: Cast, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    days = {"from": date(2026, 1, 1), "to": date(2026, 12, 31)}

    assert card.text == render_plan_yaml(CARD | days)
    assert queries.read_card(card).digest == card.digest
    assert queries.write_content(queries.read_card(card), YEAR)["items"][0]["duties"] == {"id": ["rally"]}


def test_a_draft_is_put_in_order_whatever_order_the_database_keeps(cast: Cast, plan: PlanVersion) -> None:
    jumbled = {key: CARD[key] for key in sorted(CARD, key=len)}
    jumbled["blocks"] = {key: CARD["blocks"][key] for key in sorted(CARD["blocks"])}
    jumbled["items"] = [dict(sorted(item.items(), key=lambda pair: len(pair[0]))) for item in CARD["items"]]
    tidy = DraftScorecard(unit=cast.county, plan=plan, content=CARD)

    text, card, _problems = queries.read_draft(DraftScorecard(unit=cast.county, plan=plan, content=jumbled))

    assert text == queries.read_draft(tidy)[0]
    assert card is not None
    assert [block.code for block in card.blocks] == ["work", "more"]


# --- the paper of a period --------------------------------------------------------------------------------------------


def issue_table(client: Client, card: Scorecard, **query: str) -> IssuedPaper:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    address = f"/papers/new/?form=score-table&card={card.pk}&{asked}"
    page = client.get(address)
    assert page.status_code == 200
    fields = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    kept = client.post(address, {name: "" if value is None else value for name, value in fields.items()})
    assert kept.status_code == 302, read_text(kept)
    draft = DraftPaper.objects.get(pk=kept.headers["Location"].split("/")[-2])
    answer = client.post(f"/papers/drafts/{draft.pk}/issue/", {"revision": draft.revision})
    assert answer.status_code == 302
    return IssuedPaper.objects.get(draft=draft.pk)


def test_the_scores_are_issued_as_a_paper_whose_workbook_adds_up(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    note(cast, card, "figure", cast.town, "warnings", done=Decimal(9), asked=Decimal(12))
    client = visit(cast.officer)

    paper = issue_table(client, card, as_of=AS_OF.isoformat())

    assert (paper.as_of, paper.known_by) == (AS_OF, AS_OF)
    assert all((paper.docx_sha256, paper.xlsx_sha256))
    shown, held = (load_workbook(BytesIO(bytes(paper.xlsx)), data_only=only)["考核得分表"] for only in (True, False))
    heads = [cell.value for cell in shown[4]]
    town = dict(zip(heads, (cell.value for cell in shown[5]), strict=True))
    formulas = dict(zip(heads, (cell.value for cell in held[5]), strict=True))
    assert town["单位"] == "青石镇"
    assert town["发案与往年比（8分）"] == "不知道"
    assert town["得分"] == pytest.approx(float(score(card, cast.town).earned))
    assert town["合计分值"] == 30
    assert formulas["得分"] == "=SUM(B5:G5)"
    assert (held.page_setup.orientation, held.page_setup.paperSize, held.freeze_panes) == ("landscape", 9, "B5")
    sources = list(load_workbook(BytesIO(bytes(paper.xlsx)))["来源"].values)
    assert len(sources) > 10
    assert all(client.get(str(row[-1])).status_code == 200 for row in sources[1:8])
    text = "\n".join(line.text for line in docx.Document(BytesIO(bytes(paper.docx))).paragraphs)
    assert "单位按花名册的顺序排列，不分高低" in text
    assert "备案还没有写明" in text


def test_a_table_of_scores_that_was_issued_stays_and_can_be_counted_again(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    card = adopt(cast, plan)
    client = visit(cast.officer)
    paper = issue_table(client, card, as_of=AS_OF.isoformat())
    before = bytes(paper.xlsx)
    enter(cast.secretary, cast.village, date(2026, 2, 20), people=9)

    assert client.post(f"/papers/{paper.pk}/restate/").status_code == 302

    changes = {one["id"]: (one["before"], one["after"]) for one in paper.restatements.get().changes}
    assert changes["SQ01.rallies"] == ("2", "4")
    assert changes["SQ01.得分"] == ("3.33", "5.33")
    paper.refresh_from_db()
    assert bytes(paper.xlsx) == before


def test_a_town_issues_no_table_of_the_countys_card(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    card = adopt(cast, plan)
    address = f"/papers/new/?form=score-table&card={card.pk}"

    assert visit(cast.town_officer).get(address).status_code == 403
    assert visit(cast.supervisor).get(address).status_code == 403
    assert visit(cast.nobody).get(address).status_code in (403, 404)
    assert visit(cast.officer).get(f"{address}999").status_code == 404
    assert "起草考核得分表" not in read_text(visit(cast.town_officer).get("/scores/"))


def test_libreoffice_comes_to_the_same_sums(cast: Cast, visit: Visit, plan: PlanVersion, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("there is no LibreOffice on this machine")
    paper = issue_table(visit(cast.officer), adopt(cast, plan), as_of=AS_OF.isoformat())
    (tmp_path / "得分.xlsx").write_bytes(bytes(paper.xlsx))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    told = [soffice, profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir"]
    subprocess.run([*told, str(tmp_path), str(tmp_path / "得分.xlsx")], check=True, capture_output=True, timeout=120)
    rows = list(csv.reader((tmp_path / "得分.csv").read_text("utf-8").splitlines()))
    town = next(row for row in rows if row[:1] == ["青石镇"])
    assert float(town[7]) == pytest.approx(3.33)
    assert float(town[-1]) == 30
