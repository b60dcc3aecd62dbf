"""The monthly table from its opening to its issue: who may do what, what counts, and what stays as it is."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import docx
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import load_workbook

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.jobs import do_jobs
from tests.web.ledger import enter, issue_plan, make_record
from tests.web.test_titles import set_up, take
from wuzha.adapters.monthly_columns import load_columns
from wuzha.core.paper.month_words import list_notes, make_source, say_cell
from wuzha.core.title.life import TitleEventKind
from wuzha.web.accounts.models import AuditEntry, Post, Unit, User
from wuzha.web.campaign.actions.monthly import IssuedError, Looked, issue_table, submit_line
from wuzha.web.campaign.actions.papers import ChangedError
from wuzha.web.campaign.actions.records import add_record
from wuzha.web.campaign.models import IssuedPaper, PlanVersion, TableAct, TableCall, TableSheet
from wuzha.web.campaign.queries.ground import load_plan
from wuzha.web.campaign.queries.monthly import link_figure, make_link
from wuzha.web.campaign.queries.papers import Days
from wuzha.web.campaign.queries.table_calls import open_collection
from wuzha.web.campaign.writers.monthly import make_drawn, make_render

TODAY = timezone.localdate()
LAST = TODAY.replace(day=1) - timedelta(days=1)
MONTH = f"{LAST:%Y-%m}"
DAY = timedelta(days=1)
NOTHING = Looked(0, 0)


@pytest.fixture
def plan(cast: Cast) -> PlanVersion:
    """Records of last month of the village, the town and its school; a few later ones that do not count."""
    enter(cast.secretary, cast.village, LAST, "talk", people=30, audience="老年人")
    enter(cast.secretary, cast.village, LAST - 2 * DAY, "visit", quantity=64)
    enter(cast.secretary, cast.village, LAST - 3 * DAY, "rally", people=200, audience="赶集村民")
    enter(cast.officer, cast.community, LAST - 4 * DAY, "banner", quantity=6, change="install")
    enter(cast.officer, cast.community, LAST - 5 * DAY, "followup", subject="7", change="enrol", grade="high")
    enter(cast.officer, cast.town, LAST - 2 * DAY, "cases", quantity=4, loss_yuan=9000)
    enter(cast.officer, cast.school, LAST - DAY, "class_meeting", people=45, audience="在校学生")
    if TODAY.day > 1:
        enter(cast.secretary, cast.village, TODAY, "talk", people=99)
    return issue_plan(cast, LAST.year)


def open_call(cast: Cast, plan: PlanVersion, due_on: date = TODAY, unit: Unit | None = None) -> TableCall:
    told = {"month": MONTH, "due_on": due_on, "given_as": "石桥县", "opened_at": timezone.now()}
    return TableCall.objects.create(unit=unit or cast.county, version=plan, opened_by=cast.officer, **told)


@pytest.fixture
def call(cast: Cast, plan: PlanVersion) -> TableCall:
    return open_call(cast, plan)


def read_text(answer: Any) -> str:
    return " ".join(unescape(strip_tags(answer.content.decode())).split())


def look_at(client: Client, call: TableCall, code: str = "SQ0101") -> dict[str, str]:
    """What the page of the line sends along."""
    page = client.get(f"/papers/monthly/{call.pk}/lines/{code}/")
    if page.status_code != 200:
        return {}
    assert f'name="looked" value="{page.context["line"].fingerprint}"' in page.content.decode() or (
        page.context["form"] is None
    )
    return {"looked": page.context["line"].fingerprint, "last_act": str(page.context["line"].last_act)}


def submit(client: Client, call: TableCall, code: str = "SQ0101", **typed: str) -> Any:
    seen = look_at(client, call, code)
    return client.post(f"/papers/monthly/{call.pk}/lines/{code}/", {"act": "submit", **seen, **typed})


def keep(client: Client, call: TableCall, **typed: str) -> Any:
    told = {"act": "keep", **look_at(client, call), **typed}
    return client.post(f"/papers/monthly/{call.pk}/lines/SQ0101/", told)


def send_back(client: Client, call: TableCall, code: str = "SQ0101", reason: str = "亮点写具体些") -> Any:
    return client.post(f"/papers/monthly/{call.pk}/lines/{code}/return/", {"reason": reason})


def issue(client: Client, call: TableCall) -> IssuedPaper:
    answer = client.post(f"/papers/monthly/{call.pk}/issue/")
    assert answer.status_code == 302, read_text(answer)
    do_jobs()
    return IssuedPaper.objects.get(form="monthly-table")


def read_line(call: TableCall, code: str = "SQ0101") -> Any:
    return open_collection(call, call.unit, TODAY).lines[code]


# --- opening ----------------------------------------------------------------------------------------------------------


def test_an_officer_opens_a_month_and_pressing_twice_opens_it_once(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    asked = {"plan": plan.pk, "month": MONTH, "ends": "20", "due_on": LAST.isoformat()}

    answers = [client.post("/papers/monthly/", asked) for _ in range(2)]
    other = client.post("/papers/monthly/", asked | {"ends": "0"}, follow=True)

    call = TableCall.objects.get()
    assert "仍按开表时定的" in read_text(other)
    assert [answer.headers["Location"] for answer in answers] == [f"/papers/monthly/{call.pk}/"] * 2
    assert (call.month_ends, call.due_on, call.unit, call.opened_by) == (20, LAST, cast.county, cast.officer)
    assert AuditEntry.objects.get(action="table.opened").details["month"] == MONTH
    assert f"{LAST.year}年{LAST.month}月20日" in read_text(client.get(f"/papers/monthly/{call.pk}/"))


@pytest.mark.parametrize(
    "wrong", [{"month": "2026-13"}, {"month": "1999-01"}, {"due_on": "1999-01-01"}, {"plan": "999"}, {"ends": "31"}]
)
def test_what_is_no_month_of_the_plan_is_not_opened(
    cast: Cast, visit: Visit, plan: PlanVersion, wrong: dict[str, str]
) -> None:
    asked = {"plan": plan.pk, "month": MONTH, "ends": "0", "due_on": LAST.isoformat()} | wrong

    assert visit(cast.officer).post("/papers/monthly/", asked).status_code == 422
    assert not TableCall.objects.exists()


def test_a_town_does_not_ask_again_for_what_its_county_has_asked(cast: Cast, visit: Visit, call: TableCall) -> None:
    asked = {"plan": call.version_id, "month": MONTH, "ends": "0", "due_on": LAST.isoformat()}

    answer = visit(cast.town_officer).post("/papers/monthly/", asked)

    assert answer.status_code == 422
    assert "石桥县已经开了这个月的表" in read_text(answer)


@pytest.mark.parametrize("who", ["secretary", "supervisor", "nobody"])
def test_only_officers_open_tables(cast: Cast, visit: Visit, plan: PlanVersion, who: str) -> None:
    asked = {"plan": plan.pk, "month": MONTH, "ends": "0", "due_on": LAST.isoformat()}

    assert visit(cast.people[who]).post("/papers/monthly/", asked).status_code == 403
    assert not TableCall.objects.exists()


# --- a unit's line ----------------------------------------------------------------------------------------------------


def test_a_line_shows_its_figures_and_asks_for_three_fields_at_most(cast: Cast, visit: Visit, call: TableCall) -> None:
    page = visit(cast.secretary).get(f"/papers/monthly/{call.pk}/lines/SQ0101/")

    assert set(page.context["form"].fields) == {"online_reach", "problems", "highlights"}
    assert "64 户次" in read_text(page)
    assert "10.0%" in read_text(page)
    assert "不详" in read_text(page)


def test_the_unit_is_told_two_days_before_and_cannot_hand_in_earlier(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    early = open_call(cast, plan, TODAY + 3 * DAY)
    client = visit(cast.secretary)

    assert "工作进展情况表" not in read_text(client.get("/today/work/"))
    assert submit(client, early).status_code == 422
    assert keep(client, early, problems="人手少").status_code == 302
    assert TableAct.objects.get().deed == "typed"


def test_a_line_that_waits_stands_among_the_units_tasks_until_it_is_handed_in(
    cast: Cast, visit: Visit, call: TableCall
) -> None:
    client = visit(cast.secretary)

    before = read_text(client.get("/today/work/"))
    submit(client, call)

    assert f"柳湾村{LAST.year}年{LAST.month}月的工作进展情况表已预填好" in before
    assert "工作进展情况表" not in read_text(client.get("/today/work/"))


def test_handing_in_is_a_named_persons_act_and_pressing_twice_is_one(cast: Cast, visit: Visit, call: TableCall) -> None:
    client = visit(cast.secretary)
    pressed = {"act": "submit", "online_reach": "1200", "highlights": "赶集日讲反诈"} | look_at(client, call)
    for _ in range(2):
        assert client.post(f"/papers/monthly/{call.pk}/lines/SQ0101/", pressed).status_code == 302

    act = TableAct.objects.get()
    assert (act.deed, act.author, act.given_as, act.on) == ("submitted", cast.secretary, "柳湾村", TODAY)
    assert act.typed == {"online_reach": "1200", "highlights": "赶集日讲反诈"}
    assert act.seen["visits_month"] == "64"
    collection = open_collection(call, cast.county, TODAY)
    row = next(row for row in collection.units if row.unit.code == "SQ0101")
    said = {code: say_cell(collection.table.read(row, code), load_columns()[code]) for code in (
        "online_reach", "highlights", "filled_by", "checked_by", "handed_in")}  # fmt: skip
    assert said == {
        "online_reach": "1,200",
        "highlights": "赶集日讲反诈",
        "filled_by": "柳湾村网格员",
        "checked_by": "柳湾村网格员",
        "handed_in": TODAY.isoformat(),
    }
    assert say_cell(collection.table.read(collection.table.total, "online_reach"), load_columns()["online_reach"]) == (
        "1,200*"
    )


def test_what_is_only_kept_is_not_in_the_table(cast: Cast, visit: Visit, call: TableCall) -> None:
    keep(visit(cast.secretary), call, online_reach="1200")

    collection = open_collection(call, cast.county, TODAY + DAY)
    row = next(row for row in collection.units if row.unit.code == "SQ0101")
    assert collection.table.read(row, "online_reach").is_unknown
    assert collection.table.read(row, "handed_in").text == "未报送，按自动数字计"
    assert collection.table.read(row, "visits_month").value == 64, "the computed figures count all the same"


@pytest.mark.parametrize(
    "typed",
    [
        {"highlights": "讲" * 201},
        {"problems": "讲" * 301},
        {"online_reach": "-1"},
        {"online_reach": "很多"},
        {"problems": "人手\x01少"},
        {"highlights": "人手\ufffe少"},
    ],
)
def test_a_field_that_is_wrong_stays_typed_and_hands_in_nothing(
    cast: Cast, visit: Visit, call: TableCall, typed: dict[str, str]
) -> None:
    answer = submit(visit(cast.secretary), call, **typed)

    assert answer.status_code == 422
    assert next(iter(typed.values())) in unescape(answer.content.decode())
    assert not TableAct.objects.exists()


def test_figures_that_nobody_has_seen_are_not_handed_in(cast: Cast, visit: Visit, call: TableCall) -> None:
    """A sheet comes in, or a record, while the unit has its page open."""
    client, office = visit(cast.secretary), visit(cast.officer)
    address, told = f"/papers/monthly/{call.pk}/lines/SQ0101/", {"act": "submit", "highlights": "赶集日讲反诈"}
    for step in ("sheet", "record"):
        seen = look_at(client, call)
        if step == "sheet":
            take_in(office, call, upload(office, call, "单位,接收\n柳湾村,99\n"))
        else:
            enter(cast.secretary, cast.village, LAST - 6 * DAY, "visit", quantity=10)

        refused = client.post(address, told | seen)

        assert refused.status_code == 422
        assert "您打开这一页以后，本行有数字变了" in read_text(refused)
        assert "赶集日讲反诈" in refused.content.decode(), "what was typed stays"
        assert not TableAct.objects.exists()
    again = {"looked": refused.context["line"].fingerprint, "last_act": "0"}
    assert client.post(address, told | again).status_code == 302
    assert (TableAct.objects.get().seen["warnings_in"], TableAct.objects.get().seen["visits_month"]) == ("99", "74")
    assert client.post(address, {"act": "submit"}).status_code == 422, "a page that told nothing was not looked at"


def test_two_people_at_one_line_do_not_overwrite_each_other(cast: Cast, visit: Visit, call: TableCall) -> None:
    village, town = visit(cast.secretary), visit(cast.town_officer)
    address, seen = f"/papers/monthly/{call.pk}/lines/SQ0101/", look_at(village, call)
    keep(town, call, problems="人手少")

    for act in ("keep", "submit"):
        refused = village.post(address, {"act": act, "problems": "经费少", **seen})
        assert refused.status_code == 422
        assert "您这次没有存进去" in read_text(refused)
        assert all(words in read_text(refused) for words in ("人手少", "经费少")), "both stand side by side"
    assert TableAct.objects.get().typed == {"problems": "人手少"}


def test_what_changes_after_the_line_was_handed_in_is_shown(cast: Cast, visit: Visit, call: TableCall) -> None:
    client = visit(cast.secretary)
    submit(client, call)
    enter(cast.secretary, cast.village, LAST - 6 * DAY, "visit", quantity=10)

    assert "入户宣传 · 本月：64 → 74" in read_text(client.get(f"/papers/monthly/{call.pk}/lines/SQ0101/"))


def test_a_town_hands_in_for_its_village_as_a_town(cast: Cast, visit: Visit, call: TableCall) -> None:
    submit(visit(cast.town_officer), call)

    act = TableAct.objects.get()
    assert (act.author, act.given_as) == (cast.town_officer, "青石镇")


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("supervisor", 403), ("nobody", 404)])
def test_whoever_does_not_record_for_the_unit_hands_nothing_in(
    cast: Cast, visit: Visit, call: TableCall, who: str, status: int
) -> None:
    assert submit(visit(cast.people[who]), call).status_code == status
    assert not TableAct.objects.exists()


def test_a_village_sees_no_line_but_its_own(cast: Cast, visit: Visit, call: TableCall) -> None:
    client = visit(cast.secretary)

    assert client.get(f"/papers/monthly/{call.pk}/lines/SQ0102/").status_code == 404
    assert client.get(f"/papers/monthly/{call.pk}/").headers["Location"].endswith("/lines/SQ0101/")
    assert client.get(f"/papers/monthly/{call.pk}/sheets/").status_code == 403


# --- giving back ------------------------------------------------------------------------------------------------------


def test_a_line_comes_back_with_its_reason_and_can_be_handed_in_again(
    cast: Cast, visit: Visit, call: TableCall
) -> None:
    village, town = visit(cast.secretary), visit(cast.town_officer)
    submit(village, call, highlights="讲课")

    send_back(town, call)

    assert read_line(call).state == "returned"
    assert "亮点写具体些" in read_text(village.get("/today/work/"))
    assert village.get(f"/papers/monthly/{call.pk}/lines/SQ0101/").context["form"]["highlights"].value() == "讲课"
    submit(village, call, highlights="赶集日讲课三场")
    assert [act.deed for act in TableAct.objects.order_by("id")] == ["submitted", "returned", "submitted"]
    assert read_line(call).typed == {"highlights": "赶集日讲课三场"}


def test_a_line_is_not_given_back_without_a_reason_nor_twice(cast: Cast, visit: Visit, call: TableCall) -> None:
    submit(visit(cast.secretary), call)
    town = visit(cast.town_officer)

    send_back(town, call, reason=" ")
    assert TableAct.objects.count() == 1
    for _ in range(2):
        send_back(town, call)
    assert TableAct.objects.count() == 2


@pytest.mark.parametrize(("who", "status"), [("secretary", 403), ("supervisor", 403), ("outsider", 404)])
def test_only_an_officer_above_gives_a_line_back(
    cast: Cast, visit: Visit, call: TableCall, who: str, status: int
) -> None:
    submit(visit(cast.secretary), call)

    assert send_back(visit(cast.people[who]), call).status_code == status
    assert TableAct.objects.count() == 1


def test_a_town_sees_its_own_lines_and_hands_in_its_own(cast: Cast, visit: Visit, call: TableCall) -> None:
    town = visit(cast.town_officer)
    submit(town, call, "SQ01")

    page = town.get(f"/papers/monthly/{call.pk}/")

    assert {line.code for line in page.context["grid"].lines} == {
        "SQ01", "SQ0101", "SQ0102", "SQ01S1", "SQ01P1", "SQ01B1"}  # fmt: skip
    assert page.context["counted"]["submitted"] == 1
    assert "渡头村" not in read_text(page)
    assert send_back(town, call, "SQ01").status_code == 403, "who handed a line in does not give it back"


# --- the office -------------------------------------------------------------------------------------------------------


def test_the_county_sees_sums_first_and_opens_a_towns_lines(cast: Cast, visit: Visit, call: TableCall) -> None:
    submit(visit(cast.secretary), call)
    client = visit(cast.officer)

    closed = client.get(f"/papers/monthly/{call.pk}/").context["grid"].lines
    opened = client.get(f"/papers/monthly/{call.pk}/?open=SQ01").context["grid"].lines

    assert [(line.kind, line.code) for line in closed] == [("subtotal", "SQ01"), ("subtotal", "SQ02"), ("total", "SQ")]
    assert closed[0].counted == {"all": 6, "submitted": 1, "returned": 0, "late": 0, "missing": 5}
    assert [line.code for line in opened[:3]] == ["SQ01", "SQ01", "SQ0101"]


def test_every_line_goes_out_as_a_file_each_figure_as_a_number(cast: Cast, visit: Visit, call: TableCall) -> None:
    address = f"/papers/monthly/{call.pk}/?format=csv&table=month"
    answer = visit(cast.officer).get(address)
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    head = next(number for number, row in enumerate(rows) if row[:1] == ["单位"])
    lines = {row[0]: dict(zip(rows[head], row, strict=False)) for row in rows[head + 1 :] if len(row) > 1}

    assert lines["柳湾村"]["入户宣传·本月"] == "64"
    assert lines["柳湾村"]["发案·本月"] == "", "nobody has reported for the village: that is no 0"
    assert {row["发案·本月"] for name, row in lines.items() if name.startswith("青石镇")} >= {"4"}
    beside = b"".join(visit(cast.outsider).get(address)).decode()
    assert "柳湾村" not in beside, "another town takes out its own lines alone"


def test_the_number_of_questions_does_not_grow_with_the_units(
    cast: Cast, visit: Visit, call: TableCall, django_assert_max_num_queries: Any
) -> None:
    client = visit(cast.officer)
    for code in ("SQ0101", "SQ0102", "SQ0201", "SQ01S1"):
        submit(client, call, code)
    client.get(f"/papers/monthly/{call.pk}/")
    with django_assert_max_num_queries(30):
        client.get(f"/papers/monthly/{call.pk}/?open=SQ01")


def test_every_figure_opens_exactly_its_records(cast: Cast, visit: Visit, call: TableCall) -> None:
    """Of every computed column, on every line and sum."""
    client = visit(cast.officer)
    collection = open_collection(call, cast.county, TODAY)
    table, asked, counted = collection.table, collection.asked, 0
    for row in table.rows:
        for column in table.columns:
            source = make_source(table, row, column, make_link(asked))
            if not table.read(row, column.code).is_known or not source.address:
                continue
            page = client.get(source.address)
            assert page.status_code == 200, source.address
            assert page.context["head"].count == source.count, (source.id, source.address)
            counted += source.count
    assert counted > 40


def test_every_figure_of_the_plan_opens_exactly_its_obligations(cast: Cast, visit: Visit, call: TableCall) -> None:
    client, columns = visit(cast.officer), load_columns()
    collection = open_collection(call, cast.county, TODAY)
    table, counted = collection.table, 0
    for row in table.rows:
        for code in ("rallies_asked", "rallies_met", "duties_expected", "duties_met"):
            cell, address = table.read(row, code), link_figure(collection.asked, table, row, columns[code])
            if not cell.is_known or not address:
                continue
            page = client.get(address)
            total = page.context["total"]
            assert (total.met if code.endswith("met") else total.expected) == cell.value, address
            assert ("status=done" in address) == code.endswith("met")
            counted += 1
    assert counted > 8


def test_obligations_are_shown_of_the_kinds_that_are_asked_for(cast: Cast, visit: Visit, call: TableCall) -> None:
    client, address = visit(cast.officer), f"/standings/SQ/{call.version_id}/?as_of={LAST}"
    whole = client.get(address).context["total"].expected
    objects = {duty.object for duty in load_plan(call.version).plan.duties}
    parts = {one: client.get(f"{address}&kinds={one}").context["total"].expected for one in objects}

    assert len(parts) > 1
    assert sum(parts.values()) == whole
    assert client.get(f"{address}&kinds={'+'.join(objects)}").context["total"].expected == whole
    assert client.get(f"{address}&kinds=%3B").status_code == 404
    page = client.get(f"{address}&kinds=rally")
    assert "只看办集中宣传活动的任务" in read_text(page)
    below = re.findall(rf'href="(/standings/[^/"]+/{call.version_id}/[?][^"]*)"', page.content.decode())
    assert sum("kinds=rally" not in link for link in below) == 1 < len(below), "all but the way back to all duties"


def test_titles_are_counted_from_the_titles_that_are_kept(cast: Cast, visit: Visit, call: TableCall) -> None:
    """Not from records; and a step that comes after the table was looked at is in it at the next look."""
    client, columns = visit(cast.officer), load_columns()
    enter(cast.officer, cast.town, LAST, "title_award", place="社区")
    program = set_up(cast)
    before = open_collection(call, cast.county, TODAY).table
    take(cast, program, cast.village, TitleEventKind.APPLIED, LAST)

    table = (collection := open_collection(call, cast.county, TODAY)).table
    village = next(row for row in table.rows if row.unit.code == "SQ0101")
    school = next(row for row in table.rows if row.unit.code == "SQ01S1")

    assert before.read(before.total, "titles_applied").value == 0
    assert [table.read(row, "titles_applied").value for row in (table.total, village)] == [1, 1]
    assert table.read(table.total, "titles_passed").value == 0
    assert not table.read(school, "titles_applied").is_known
    for row in (village, table.total):
        page = client.get(link_figure(collection.asked, table, row, columns["titles_applied"]))
        assert page.status_code == 200
        assert page.context["program"] == program


def test_the_records_of_a_figure_go_out_as_they_are_listed(cast: Cast, visit: Visit, call: TableCall) -> None:
    client = visit(cast.officer)
    collection = open_collection(call, cast.county, TODAY)
    table = collection.table
    source = make_source(table, table.total, table.columns[table.places["in_villages"]], make_link(collection.asked))

    answer: Any = client.get(f"{reverse('campaign:records-csv')}?{source.address.partition('?')[2]}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert source.count == 2
    assert "共 2 条" in text
    assert "赶集村民" in text
    assert "老年人" in text, "held by a village for nobody elsewhere"
    assert "在校学生" not in text


def test_several_kinds_are_listed_at_once(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)

    assert client.get("/records/?unit=SQ0101&kind=visit&kind=rally").context["head"].count == 2
    assert client.get("/records/?unit=SQ0101&kind=visit").context["head"].count == 1
    assert client.get("/records/?unit=SQ0101&kind=visit&kind=nothing").context["head"].count == 0


@pytest.mark.parametrize(
    "query", ["row=unit&column=nothing", "row=unit&column=population", "row=town&column=visits_month", "column=x"]
)
def test_a_figure_that_is_none_is_not_found(cast: Cast, visit: Visit, plan: PlanVersion, query: str) -> None:
    address = f"/records/?table={plan.pk}&month={MONTH}&ends=0&unit=SQ0101&{query}"

    assert visit(cast.officer).get(address).status_code == 404


def test_drafts_are_marked_and_hold_what_the_page_shows(cast: Cast, visit: Visit, call: TableCall) -> None:
    client = visit(cast.officer)
    submit(client, call, highlights="赶集日讲反诈")

    sheet = load_workbook(io.BytesIO(client.get(f"/papers/monthly/{call.pk}/draft/xlsx").content)).worksheets[0]
    paper = docx.Document(io.BytesIO(client.get(f"/papers/monthly/{call.pk}/draft/docx").content))

    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert "［草稿］" in str(sheet["A1"].value)
    assert {"64", "赶集日讲反诈", "县联席办专干"} <= cells
    assert "［草稿］" in "".join(line.text for line in paper.paragraphs)
    assert "各单位的明细、文字说明和报送情况" in "".join(line.text for line in paper.paragraphs)
    names = [row.cells[1].text for row in paper.tables[0].rows]
    assert names == ["单位", "单位", "青石镇小计", "河口镇小计", "石桥县（本级）", "合计"], "towns as sums"
    tables = [number for number, one in enumerate(paper.element.body) if one.tag.endswith("}tbl")]
    assert len(tables) > 3
    assert not any(number + 1 in tables for number in tables), "tables that touch are one to Word"
    assert client.get(f"/papers/monthly/{call.pk}/draft/pdf").status_code == 404


# --- sheets of other offices ------------------------------------------------------------------------------------------


def upload(client: Client, call: TableCall, text: str) -> Any:
    file = io.BytesIO(text.encode())
    file.name = "十月预警.csv"
    client.post(f"/papers/monthly/{call.pk}/sheets/", {"file": file})
    return client.get(f"/papers/monthly/{call.pk}/sheets/")


def take_in(client: Client, call: TableCall, page: Any) -> Any:
    seen = page.context["upload"].fingerprint
    return client.post(f"/papers/monthly/{call.pk}/sheets/confirm/", {"act": "take", "seen": seen})


def test_a_sheet_is_looked_at_first_taken_in_marked_and_never_doubled(
    cast: Cast, visit: Visit, call: TableCall
) -> None:
    client = visit(cast.officer)
    for _ in range(2):
        page = upload(client, call, "单位,接收,签收\n柳湾村,12,不详\n")
        assert "有 1 个单位的数可以导入" in read_text(page)
        take_in(client, call, page)

    collection = open_collection(call, cast.county, TODAY)
    village = next(row for row in collection.units if row.unit.code == "SQ0101")
    assert TableSheet.objects.count() == 1
    assert collection.table.read(village, "warnings_in").value == 12
    assert collection.table.read(village, "warnings_signed").is_unknown
    assert "十月预警.csv" in "".join(collection.table.notes)
    assert "十月预警.csv" in read_text(client.get(f"/papers/monthly/{call.pk}/"))


def test_a_later_sheet_replaces_its_cells_and_leaves_the_others(cast: Cast, visit: Visit, call: TableCall) -> None:
    client = visit(cast.officer)
    for text in ("单位,接收\n柳湾村,12\n渡头村,5\n", "单位,接收\n柳湾村,13\n"):
        take_in(client, call, upload(client, call, text))

    table = open_collection(call, cast.county, TODAY).table
    assert table.read(table.total, "warnings_in").value == 18


def test_a_sheet_with_a_bad_cell_takes_nothing_in(cast: Cast, visit: Visit, call: TableCall) -> None:
    client = visit(cast.officer)
    page = upload(client, call, "单位,接收\n柳湾村,12\n渡头村,五\n")

    take_in(client, call, page)

    assert "“五”不是数" in read_text(page)
    assert not TableSheet.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("town_officer", 403), ("supervisor", 403), ("outsider", 403)])
def test_only_the_office_takes_sheets_in_and_issues(
    cast: Cast, visit: Visit, call: TableCall, who: str, status: int
) -> None:
    client = visit(cast.people[who])

    for address in ("sheets/", "sheets/template.xlsx"):
        assert client.get(f"/papers/monthly/{call.pk}/{address}").status_code == status
    assert client.post(f"/papers/monthly/{call.pk}/issue/").status_code == status
    assert not IssuedPaper.objects.exists()


# --- issued -----------------------------------------------------------------------------------------------------------


def test_an_issued_table_keeps_its_files_its_days_and_who_said_nothing(
    cast: Cast, visit: Visit, call: TableCall
) -> None:
    client = visit(cast.officer)
    submit(visit(cast.secretary), call)

    paper = issue(client, call)
    again = issue(client, call)

    assert paper == again
    assert (paper.as_of, paper.known_by, paper.unit, paper.issued_by) == (LAST, TODAY, cast.county, cast.officer)
    assert paper.number == f"工作进展情况表〔{TODAY.year}〕1号"
    assert all(bytes(getattr(paper, sort)) for sort in ("xlsx", "docx"))
    text = read_text(client.get(f"/papers/{paper.pk}/?open=SQ01"))
    assert "未报送，按自动数字计" in text
    assert "草稿" not in text
    sheet = load_workbook(io.BytesIO(client.get(f"/papers/{paper.pk}/files/xlsx").content)).worksheets[0]
    assert "草稿" not in str(sheet["A1"].value)


def test_an_issued_table_leads_from_each_figure_to_its_records(cast: Cast, visit: Visit, call: TableCall) -> None:
    client = visit(cast.officer)
    paper = issue(client, call)

    grid = client.get(f"/papers/{paper.pk}/?open=SQ01").context["grid"]

    village = next(line for line in grid.lines if line.label == "柳湾村")
    figures = dict(zip(grid.titles, village.cells, strict=False))
    assert client.get(village.cells[grid.titles.index("本月（户次）")].href).context["head"].count == 1
    assert figures["常住人口（人）"].text == "2,140"
    assert client.get(figures["常住人口（人）"].href).context["unit"] == cast.village
    assert client.get(figures["应办（项）"].href).context["total"].expected == int(figures["应办（项）"].text)
    assert sum(n for _, n in grid.groups) == len(grid.titles) == len(load_columns())


def test_the_figures_of_an_issued_table_open_what_they_counted_whatever_comes_later_that_day(
    cast: Cast, visit: Visit, call: TableCall
) -> None:
    client = visit(cast.officer)
    paper = issue(client, call)
    late = make_record(cast.village, LAST - 7 * DAY, "visit", quantity=6)
    add_record(actor=cast.secretary, record=late, now=timezone.now())

    grid = client.get(f"/papers/{paper.pk}/?open=SQ01").context["grid"]

    village = next(line for line in grid.lines if line.label == "柳湾村")
    cell = village.cells[grid.titles.index("本月（户次）")]
    page = client.get(cell.href)
    assert (cell.text, page.context["head"].count, page.context["head"].quantity) == ("64", 1, 64)
    assert f"{timezone.localtime(paper.counted_at):%H:%M}以前收到的记录算" in page.content.decode()
    assert client.get(cell.href.partition("&known=")[0]).context["head"].count == 2
    assert client.get(village.cells[grid.titles.index("应办（项）")].href).status_code == 200


def test_what_was_once_kept_of_a_line_does_not_stop_the_table(cast: Cast, visit: Visit, call: TableCall) -> None:
    """Lines that end, and signs that no file takes, of a time when a page still took them."""
    typed = {"problems": "一、人手少\r\n二、经费\x01少", "highlights": "甲\ufffe乙"}
    told = {"call": call, "unit": cast.village, "typed": typed, "seen": {}, "given_as": "柳湾村"}
    TableAct.objects.create(deed="submitted", author=cast.secretary, at=timezone.now(), on=TODAY, **told)
    client = visit(cast.officer)

    for sort in ("docx", "xlsx"):
        assert client.get(f"/papers/monthly/{call.pk}/draft/{sort}").status_code == 200
    page = read_text(client.get(f"/papers/{issue(client, call).pk}/?open=SQ01"))
    assert "一、人手少 二、经费少" in page
    assert "甲乙" in page


def test_a_month_that_does_not_end_with_the_calendars_says_what_reports_of_it_are(
    cast: Cast, plan: PlanVersion
) -> None:
    notes = {
        ends: list_notes(open_collection(TableCall(
            unit=cast.county, version=plan, month=MONTH, month_ends=ends, due_on=TODAY, pk=900 + ends
        ), cast.county, TODAY).table)
        for ends in (0, 20)
    }  # fmt: skip

    assert not any("自然月合计" in note for note in notes[0])
    assert any("自然月合计" in note for note in notes[20])


def test_after_the_issue_nothing_is_added(cast: Cast, visit: Visit, call: TableCall) -> None:
    village = visit(cast.secretary)
    submit(village, call)
    client = visit(cast.officer)
    page = upload(client, call, "单位,接收\n柳湾村,12\n")
    issue(client, call)

    assert submit(village, call, problems="又想起一件").status_code == 422
    send_back(visit(cast.town_officer), call)
    take_in(client, call, page)
    assert TableAct.objects.count() == 1
    assert not TableSheet.objects.exists()


def test_a_record_that_arrives_later_is_told_figure_by_figure(cast: Cast, visit: Visit, call: TableCall) -> None:
    client = visit(cast.officer)
    paper = issue(client, call)
    before = bytes(paper.xlsx)
    late = make_record(cast.village, LAST - 7 * DAY, "visit", quantity=6)
    add_record(actor=cast.secretary, record=late, now=timezone.now())

    client.post(f"/papers/{paper.pk}/restate/")

    changes = paper.restatements.get().changes
    told = {change["id"]: (change["before"], change["after"]) for change in changes}
    assert told["unit.SQ0101.visits_month"] == ("64", "70")
    assert told["total.SQ.visits_month"] == ("64", "70")
    assert "unit.SQ0101.talks_month" not in told
    paper.refresh_from_db()
    assert bytes(paper.xlsx) == before
    assert "70" in read_text(client.get(f"/papers/{paper.pk}/"))


def test_a_month_that_still_runs_is_not_issued(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    running = TableCall.objects.create(
        unit=cast.county,
        version=plan,
        month=f"{TODAY + 31 * DAY:%Y-%m}",
        due_on=TODAY + 40 * DAY,
        given_as="石桥县",
        opened_by=cast.officer,
        opened_at=timezone.now(),
    )

    visit(cast.officer).post(f"/papers/monthly/{running.pk}/issue/")
    do_jobs()

    assert not IssuedPaper.objects.exists()


@pytest.mark.parametrize("what", ["line", "sheet"])
def test_what_comes_in_while_the_table_is_made_is_not_left_out(
    cast: Cast, visit: Visit, call: TableCall, what: str
) -> None:
    collection = open_collection(call, cast.county, TODAY, is_final=True)
    drawn, now = make_drawn(collection, Days(LAST, TODAY)), timezone.now()
    client = visit(cast.officer)
    if what == "line":
        hand_in(cast.officer, cast.county, call, cast.village, now)
    else:
        take_in(client, call, upload(client, call, "单位,接收\n柳湾村,12\n"))

    with pytest.raises(ChangedError):
        issue_table(
            actor=cast.officer, call=call, drawn=drawn, looked=Looked(collection.last_act, collection.last_sheet),
            render=make_render(collection), now=now,
        )  # fmt: skip
    assert not IssuedPaper.objects.exists()


def hand_in(actor: User, office: Unit, call: TableCall, unit: Unit, now: datetime, looked: Looked = NOTHING) -> None:
    post = Post.objects.get(user=actor, unit=office)
    submit_line(actor=actor, post=post, call=call, unit=unit, said=({}, {}, looked), now=now)


def test_a_sheet_taken_in_between_the_look_and_the_press_is_noticed_under_the_lock(
    cast: Cast, visit: Visit, call: TableCall
) -> None:
    client = visit(cast.officer)
    take_in(client, call, upload(client, call, "单位,接收\n柳湾村,12\n"))

    with pytest.raises(ChangedError):
        hand_in(cast.officer, cast.county, call, cast.village, timezone.now())


def test_a_monthly_table_is_not_begun_as_other_papers_are(cast: Cast, visit: Visit, call: TableCall) -> None:
    assert visit(cast.officer).get("/papers/new/?form=monthly-table").status_code == 404


def test_handing_in_after_the_issue_is_refused_by_the_action_itself(cast: Cast, visit: Visit, call: TableCall) -> None:
    issue(visit(cast.officer), call)

    with pytest.raises(IssuedError):
        hand_in(cast.officer, cast.county, call, cast.village, timezone.now())


@pytest.mark.parametrize("table", ["campaign_tablecall", "campaign_tableact"])
@pytest.mark.parametrize("change", ["UPDATE {} SET given_as = ''", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_done(
    cast: Cast, visit: Visit, call: TableCall, table: str, change: str
) -> None:
    submit(visit(cast.secretary), call)

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))
