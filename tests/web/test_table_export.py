"""Every table of every page goes out as Excel and as CSV, with the page's filters and its access."""

import csv
import io
import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

import wuzha.web
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan, make_record
from tests.web.things import ADDRESSES, NUMBER, read_text, things
from wuzha.web.accounts.models import AuditEntry, Placement, Unit, UnitChange
from wuzha.web.accounts.tables import _say_end
from wuzha.web.accounts.views import PAGE
from wuzha.web.campaign.actions.records import correct_record
from wuzha.web.campaign.models import CalendarDay, DutyWaiver, OwnKind, PlanVersion, Record
from wuzha.web.campaign.queries.totals import forget_counts

__all__ = ["things"]
WEB = Path(wuzha.web.__file__).parent


def read_csv(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def read_xlsx(answer: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_a_table_of_units_goes_out_with_its_title_its_day_and_its_number_of_rows(cast: Cast, visit: Visit) -> None:
    rows = read_csv(visit(cast.officer).get(reverse("accounts:unit", args=["SQ"]) + "?format=csv&table=units"))

    assert rows[0][0] == "直属下级单位"
    assert "单位 石桥县" in rows[1][0]
    assert "共 2 行" in rows[1][0]
    assert rows[2] == ["单位", "编码", "类型", "条线", "下级"]
    assert rows[-1][0] == "完，共 2 行"
    assert len(rows) == 3 + 2 + 1


def test_a_workbook_says_what_it_is_above_its_rows_and_that_it_is_whole_below_them(cast: Cast, visit: Visit) -> None:
    rows = read_xlsx(visit(cast.officer).get(reverse("accounts:unit", args=["SQ"]) + "?format=xlsx&table=units"))

    assert rows[0][0] == "直属下级单位"
    assert rows[3][:2] == ("青石镇", "SQ01")
    assert rows[3][4] == 5
    assert rows[-1][0] == "完，共 2 行"


def test_taking_a_table_out_is_written_into_the_audit_log(cast: Cast, visit: Visit) -> None:
    visit(cast.officer).get(reverse("accounts:unit", args=["SQ"]) + "?format=csv&table=units")

    entry = AuditEntry.objects.get(action="table.exported")
    assert (entry.actor, entry.object_id) == (cast.officer, "units")
    assert entry.details == {"address": "/units/SQ/", "format": "csv", "rows": 2}


@pytest.mark.parametrize("asked", ["format=pdf&table=units", "format=csv&table=elsewhere"])
def test_a_table_or_a_format_that_is_not_there_is_not_found(cast: Cast, visit: Visit, asked: str) -> None:
    assert visit(cast.officer).get(reverse("accounts:unit", args=["SQ"]) + f"?{asked}").status_code == 404


def test_the_names_to_log_in_with_do_not_go_out(cast: Cast, visit: Visit) -> None:
    text = read_text(visit(cast.officer).get(reverse("accounts:people", args=["SQ01"]) + "?format=csv"))

    assert "青石镇平安办专干" in text
    assert "town_officer" not in text


def test_a_file_holds_all_rows_and_not_only_those_of_the_page(cast: Cast, visit: Visit) -> None:
    Unit.objects.bulk_create(
        Unit(code=f"SQ01X{n}", name=f"{n}号网点", kind="bank", parent=cast.town, path=f"{cast.town.path}SQ01X{n}/")
        for n in range(PAGE)
    )
    browser, address = visit(cast.officer), reverse("accounts:unit", args=["SQ01"])

    assert len(browser.get(address).context["page"]) == PAGE
    assert len(read_csv(browser.get(f"{address}?format=csv&table=units"))) == 4 + PAGE + 5


def test_a_file_says_what_was_asked_for(cast: Cast, visit: Visit) -> None:
    forget_counts()
    plan = issue_plan(cast)
    address = reverse("campaign:cell", args=["SQ01", plan.pk, "rally"])
    asked = "as_of=2026-03-25&known=2026-03-20&status=missed&format=csv&table=units"
    told = read_csv(visit(cast.officer).get(f"{address}?{asked}"))[1][0]

    for words in ("单位 青石镇", "方案 石桥县试行工作方案", "状态 未完成", "任务 集中宣传活动", "数据截至 2026-03-25"):
        assert words in told
    assert "按 2026-03-20 及以前收到的台账计算" in told
    assert f"网页 {address}?as_of=2026-03-25&known=2026-03-20&status=missed。" in told


def test_a_file_is_in_the_language_of_the_page_although_the_request_is_over(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    rows = read_csv(browser.get(reverse("accounts:unit", args=["SQ"]) + "?format=csv&table=units"))

    assert rows[2][0] == "Unit"
    assert "Town" in rows[3][2]
    assert rows[-1][0] == "End, 2 rows in all"


def test_units_are_called_what_they_were_called_on_the_day(cast: Cast, visit: Visit) -> None:
    today = timezone.localdate()
    Placement.objects.create(unit=cast.town, since=date(2000, 1, 1), name="老青石乡", kind="town", parent=cast.county)
    Placement.objects.create(unit=cast.town, since=today, name="青石镇", kind="town", parent=cast.county)
    UnitChange.objects.create(
        unit=cast.town,
        kind="renamed",
        happened_on=today,
        reason="撤乡设镇",
        made_by=cast.officer,
        made_at=timezone.now(),
    )
    address = reverse("accounts:unit", args=["SQ"])
    before = read_csv(visit(cast.officer).get(f"{address}?as_of=2020-01-01&format=csv&table=units"))

    assert "老青石乡" in [row[0] for row in before]
    assert "青石镇" in [row[0] for row in read_csv(visit(cast.officer).get(f"{address}?format=csv&table=units"))]


def test_asking_what_a_file_would_be_is_not_taking_it_out(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.officer).head(reverse("campaign:plans") + "?format=csv")

    assert answer.status_code == 200
    assert not AuditEntry.objects.filter(action="table.exported").exists()


def test_taking_records_out_is_written_into_the_audit_log_too(cast: Cast, visit: Visit) -> None:
    enter(cast.secretary, cast.village, timezone.localdate())
    visit(cast.officer).get(reverse("campaign:records-xlsx") + "?kind=rally")

    entry = AuditEntry.objects.get(action="table.exported")
    assert (entry.actor, entry.object_id) == (cast.officer, "records")
    assert entry.details == {"address": "/records/export.xlsx?kind=rally", "format": "xlsx", "rows": 1}


def test_a_file_of_records_says_under_which_filters(cast: Cast, visit: Visit) -> None:
    rows = read_csv(visit(cast.officer).get(reverse("campaign:records-csv") + "?kind=rally&unit=SQ01"))

    assert "集中宣传活动" in rows[0][0]
    assert "青石镇" in rows[0][0] or "SQ01" in rows[0][0]


def test_whoever_is_shown_no_papers_takes_none_out(cast: Cast, visit: Visit) -> None:
    assert visit(cast.secretary).get(reverse("campaign:papers") + "?format=csv").status_code == 404


def test_a_table_goes_out_with_the_rows_there_are_and_says_that_they_became_more() -> None:
    assert _say_end(3, 3) == "完，共 3 行"
    assert _say_end(4, 3) == "完，共 4 行，开始导出时是 3 行，其间数据有变动。请再导出一次。"


# --- every table -----------------------------------------------------------------------------------------------------

# Tables that go out otherwise, or are no table of the site's own: each with the reason.
NO_EXPORT = {
    "accounts/links.html": "one-time links, shown this once; a file of them would open accounts to whoever finds it",
    "accounts/people_preview.html": "what the person's own sheet would bring, before it is taken in",
    "audit/own.html": "who looked at one's data and logged in as oneself; for that person alone, on the page",
    "campaign/records/list.html": "the ledger goes out by addresses of its own, in a form that can come in again",
    "campaign/plans/burden_kind.html": "one kind of unit of the table of loads, which goes out beside the burden",
    "campaign/supervision/measures.html": "goes out with the page that holds it, measures under way and ended together",
    "campaign/records/conflict.html": "two versions of one record that is being sent; nothing of it is kept yet",
    "campaign/scores/figures.html": "fields to be filled in; what was kept stands in the table of scores",
    "campaign/sheets/preview.html": "rows of the person's own file, which comes back with a column of reasons",
    "campaign/monthly/grid.html": "the page around it gives its lines as a file, and Excel and Word as printed",
    "campaign/monthly/import.html": "what the person's own sheet would bring, before it is taken in",
    "campaign/phone/queue_file.html": "what became of the person's own file, answered to its upload and kept nowhere",
    "campaign/templatetags/papers.py": "a table within a paper, which is a file itself",
    "campaign/templatetags/review.py": "a table within an uploaded document, which can be downloaded",
}
SOURCES = [*WEB.glob("**/templates/**/*.html"), *WEB.glob("**/templatetags/*.py")]


def name_source(source: Path) -> str:
    return source.as_posix().removeprefix(WEB.as_posix() + "/").split("templates/", 1)[-1]


@pytest.mark.parametrize("source", [pytest.param(one, id=name_source(one)) for one in SOURCES])
def test_each_table_of_a_template_goes_out_or_has_a_reason_not_to(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    tables, exports = text.count("<table"), len(re.findall(r"{% export \"\w+\"", text))

    assert exports >= tables or name_source(source) in NO_EXPORT, "put {% export %} beside it, or say why not"


def test_no_reason_is_kept_for_a_table_that_is_gone() -> None:
    assert {name_source(one) for one in SOURCES if "<table" in one.read_text(encoding="utf-8")} >= set(NO_EXPORT)


def list_links(page: str) -> list[tuple[str, str]]:
    """The addresses of the page's exports, each as CSV and as Excel."""
    found = [unescape(one) for one in re.findall(r'<p class="export">.*?</p>', page, re.DOTALL)]
    links = [re.findall(r'href="([^"]+)"', one) for one in found]
    return [(xlsx, csv_) for xlsx, csv_ in links]


def name_table(link: str) -> str:
    found = re.search(r"table=(\w+)", link)
    assert found
    return found[1]


SPACING = "  - {id: adverts, who: {kind: town}, space: advert, along: main_road, at_most: 200 m}\n"


@pytest.fixture
def county(cast: Cast, things: None) -> PlanVersion:
    """Plans in force and a draft, records that are corrected, put up or returned, days and kinds of its own."""
    forget_counts()
    now = timezone.now()
    day = timezone.localdate(now)
    plan = issue_plan(
        cast, day.year, more="  - {id: adverts, who: {kind: town}, space: advert, along: main_road, at_most: 200 m}\n"
    )
    issue_plan(cast, day.year, unit=cast.town, title="青石镇实施方案")
    banner = enter(cast.secretary, cast.village, day, "banner", subject="001", change="install")
    mended = make_record(cast.village, day, "banner", subject="002", change="install")
    correct_record(actor=cast.secretary, original=banner, record=mended, now=now)
    shared = {"unit": cast.village, "reason": "发大水", "author": cast.officer, "created_at": now}
    DutyWaiver.objects.create(version=plan, duty="rally", opens_on=day, last_on=day, given_as="石桥县", **shared)
    CalendarDay.objects.create(day=day, says=CalendarDay.Says.OFF, **shared | {"unit": cast.county})
    kind = {"code": "own_fair", "title": "赶集宣传", "title_en": "Fair", "shape": "event", "minutes": 30}
    OwnKind.objects.create(valid_from=day, **kind, **shared | {"unit": cast.county})
    return plan


def list_pages(plan: PlanVersion) -> list[str]:
    """The pages of the site that a person can open by a link, with a plan, a unit and a record that are there."""
    known = {
        ("plan", NUMBER): plan.pk,
        ("pk", NUMBER): plan.pk,
        ("duty_id", "rally-1"): "rally",
        ("code", "SQ01"): "SQ",
    }
    pages = []
    for name, values in ADDRESSES:
        told = {key: known.get((key, value), value) for key, value in values.items()}
        told |= {"pk": Record.objects.latest("received_at").pk} if name == "campaign:record" else {}
        pages.append(reverse(name, kwargs=told))
    villages = [reverse(f"campaign:{name}", args=["SQ0101"]) for name in ("unit", "sites")]
    others = [f"/plans/{plan.pk}/diff/?with={one.pk}" for one in PlanVersion.objects.exclude(pk=plan.pk)]
    cell = reverse("campaign:cell", args=["SQ0101", plan.pk, "rally"])
    return [
        *pages,
        *villages,
        *others,
        cell,
        f"{reverse('campaign:work')}?unit=SQ0101",
        f"/units/SQ0101/waivers/{plan.pk}/rally/",
    ]


# The tables that this little county has something for.
SEEN = {
    *("units", "figures", "posts", "matrix", "cells", "windows", "duties", "tasks", "watches", "plans", "papers"),
    *("minutes", "kinds", "burden", "loads", "sites", "versions", "entries", "days", "waivers", "diff", "gaps"),
}


def test_every_link_to_a_file_gives_a_whole_one_as_csv_and_as_excel(
    cast: Cast, visit: Visit, county: PlanVersion
) -> None:
    browser, seen = visit(cast.officer), set()
    for address in list_pages(county):
        answer = browser.get(address)
        if answer.status_code != 200 or answer.streaming or b"<html" not in answer.content:
            continue
        for xlsx, text in list_links(answer.content.decode()):
            seen.add(name_table(text))
            check_file(read_csv(browser.get(text)), read_xlsx(browser.get(xlsx)), text)

    assert seen >= SEEN, SEEN - seen


def check_file(rows: list[list[str]], sheet: list[tuple[Any, ...]], address: str) -> None:
    """Both files tell the same number above and below, and have as many rows."""
    count = len(rows) - 4
    assert count > 0, f"{address} is offered and empty"
    assert f"共 {count} 行" in rows[1][0], address
    assert rows[-1][0] == sheet[-1][0] == f"完，共 {count} 行", address
    assert len(sheet) == len(rows), address
    assert len({len(row) for row in rows}) == 1, address
