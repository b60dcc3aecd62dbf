"""Every table of every page goes out as Excel and as CSV, with the page's filters and its access."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

import wuzha.web
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.test_accounts_outsider import GUARDED, OWN_PAGES, SECRETS, read_text, things
from wuzha.web.accounts.models import AuditEntry

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


@pytest.mark.parametrize(("name", "values"), GUARDED)
@pytest.mark.usefixtures("things")
def test_an_outsider_gets_no_table_of_a_page_that_is_not_theirs(
    cast: Cast, visit: Visit, name: str, values: dict[str, object]
) -> None:
    answer = visit(cast.outsider).get(reverse(name, kwargs=values) + "?format=csv")

    assert answer.status_code in (401, 404, 405)


@pytest.mark.parametrize(("name", "values"), OWN_PAGES)
@pytest.mark.usefixtures("things")
def test_a_table_of_an_outsiders_own_page_says_nothing_of_others(
    cast: Cast, visit: Visit, name: str, values: dict[str, object]
) -> None:
    answer = visit(cast.outsider).get(reverse(name, kwargs=values) + "?format=csv", follow=True)

    assert not any(secret in read_text(answer) for secret in SECRETS)
