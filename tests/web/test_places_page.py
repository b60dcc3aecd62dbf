"""The page of one figure shows the places below beside each other: unknown is said, and nobody is ranked."""

import re
from datetime import date
from decimal import Decimal

import pytest

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import MORNING, enter, issue_plan, make_record
from wuzha.web.accounts.models import Attribute, Unit
from wuzha.web.campaign.actions.records import correct_record
from wuzha.web.campaign.queries.totals import forget_counts

AS_OF = "as_of=2026-03-25"
DUTIES = """
  - {id: fall, who: {kind: county}, attain: cases, change: {at_most: -20%, against: last_year}}
  - {id: known, who: {kind: town}, attain: awareness, at_least: 90%}
"""
CHANCE = "凭这些数字分不出高低"


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


def enter_cases(cast: Cast, *numbers: tuple[Unit, int]) -> int:
    plan = issue_plan(cast, more=DUTIES)
    for unit, number in numbers:
        enter(cast.officer, unit, date(2026, 2, 3), "cases", quantity=number)
    return plan.pk


def count_people(unit: Unit, number: int) -> None:
    Attribute.objects.create(
        unit=unit, name="population", value=Decimal(number), valid_from=date(2025, 7, 1), source="年报"
    )


def read_section(page: str) -> str:
    """The text of the comparison; empty where there is none."""
    _, _, after = page.partition('<section id="places">')
    return " ".join(re.sub(r"<[^>]+>", " ", after.partition("</section>")[0]).split())


def test_two_towns_with_few_cases_are_said_to_be_indistinguishable_with_base_interval_and_adjusted_rate(
    cast: Cast, visit: Visit
) -> None:
    other = cast.units["SQ02"]
    count_people(other, 12_000)
    plan = enter_cases(cast, (cast.town, 40), (other, 16))

    told = read_section(visit(cast.officer).get(f"/standings/SQ/{plan}/fall/?{AS_OF}").content.decode())

    assert CHANCE in told
    assert "12,000 2025年7月1日" in told
    # 40 of 36.5 thousand and 16 of 12 thousand, each with Garwood's interval; together 56 of 48.5
    # thousand, Gamma(56.5, 48.5).
    assert "1.10 0.78–1.49" in told
    assert "1.33 0.76–2.17" in told
    assert told.count("1.15 0.88–1.49") == 2


def test_a_town_that_differs_by_more_than_chance_is_named_and_the_order_stays_that_of_the_roster(
    cast: Cast, visit: Visit
) -> None:
    other = cast.units["SQ02"]
    count_people(other, 12_000)
    plan = enter_cases(cast, (cast.town, 20), (other, 60))

    told = read_section(visit(cast.officer).get(f"/standings/SQ/{plan}/fall/?{AS_OF}").content.decode())

    assert f"{other.name}比其余各地高" in told
    assert CHANCE not in told
    rows = told[told.index("调整后每千人") :]
    assert rows.index(cast.town.name) < rows.index(other.name)


def test_where_nobody_knows_the_residents_the_page_says_so_and_gives_no_rate(cast: Cast, visit: Visit) -> None:
    Attribute.objects.filter(name="population").delete()
    plan = enter_cases(cast, (cast.town, 40), (cast.units["SQ02"], 16))

    told = read_section(visit(cast.officer).get(f"/standings/SQ/{plan}/fall/?{AS_OF}").content.decode())

    assert "不知道各地的常住人口，算不出每千人多少，比不了高低" in told
    assert told.count("不知道常住人口") == 2
    assert "–" not in told
    assert CHANCE not in told


def test_records_that_lie_in_no_place_are_left_out_and_told(cast: Cast, visit: Visit) -> None:
    plan = enter_cases(cast, (cast.village, 3), (cast.community, 5), (cast.town, 7))

    told = read_section(visit(cast.officer).get(f"/standings/SQ01/{plan}/fall/?{AS_OF}").content.decode())

    assert "另有 7 没有记到这些地方" in told
    assert "3 常住人口 2,140" in told


def test_a_corrected_record_counts_as_corrected_and_other_days_do_not_count(cast: Cast, visit: Visit) -> None:
    plan = enter_cases(cast, (cast.community, 5))
    wrong = enter(cast.officer, cast.village, date(2026, 2, 3), "cases", quantity=30)
    mended = make_record(cast.village, date(2026, 2, 3), "cases", quantity=3)
    correct_record(actor=cast.officer, original=wrong, record=mended, now=MORNING)
    enter(cast.officer, cast.village, date(2026, 3, 26), "cases", quantity=90)
    enter(cast.officer, cast.village, date(2025, 12, 31), "cases", quantity=90)

    told = read_section(visit(cast.officer).get(f"/standings/SQ01/{plan}/fall/?{AS_OF}").content.decode())

    assert "3 常住人口 2,140" in told
    assert "33 常住人口" not in told


def test_places_that_recorded_nothing_are_not_shown_as_noughts(cast: Cast, visit: Visit) -> None:
    plan = enter_cases(cast, (cast.town, 40))

    page = visit(cast.officer).get(f"/standings/SQ01/{plan}/fall/?{AS_OF}").content.decode()

    assert "下面各地都没有这类记录，没有可比的。" in read_section(page)
    assert "<table" not in page.partition('<section id="places">')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    "address", ["/standings/SQ/{plan}/known/", "/standings/SQ/{plan}/", "/standings/SQ0101/{plan}/fall/"]
)
def test_shares_whole_plans_and_a_village_have_no_comparison(cast: Cast, visit: Visit, address: str) -> None:
    plan = enter_cases(cast, (cast.village, 3))

    answer = visit(cast.officer).get(f"{address.format(plan=plan)}?{AS_OF}")

    assert answer.status_code == 200
    assert read_section(answer.content.decode()) == ""


def test_every_number_of_a_place_leads_to_what_it_counts(cast: Cast, visit: Visit) -> None:
    plan = enter_cases(cast, (cast.village, 3), (cast.community, 5))
    client = visit(cast.officer)
    page = client.get(f"/standings/SQ01/{plan}/fall/?{AS_OF}").content.decode()
    section = page.partition('<section id="places">')[2]

    found = re.search(r'href="(/records/\?[^"]*unit=SQ0101[^"]*)"', section)

    assert found is not None
    records = client.get(found[1].replace("&amp;", "&")).content.decode()
    assert cast.village.name in records
    assert len(set(re.findall(r'href="/records/([0-9a-f-]{36})/', records))) == 1
