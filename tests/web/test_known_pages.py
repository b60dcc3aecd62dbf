"""As known then on the pages: what came later does not count, and every engine of the pages says the same."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.ledgers import CODES, DAYS, TREE, questions
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.counted import read_counts
from tests.web.ledger import issue_plan, list_ids, make_record
from tests.web.test_standings_counts import LedgerCase
from wuzha.adapters.kinds import load_kinds
from wuzha.core.assessment.assess import assess
from wuzha.core.duty.model import Duty
from wuzha.core.ledger import record as core
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.actions.records import add_record, correct_record, withdraw_record
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.behind import list_standing_records
from wuzha.web.campaign.queries.standings import list_unit_standings
from wuzha.web.campaign.queries.totals import count_plan, forget_counts

Asked = tuple[Duty, list[core.Record]]


@st.composite
def received(draw: st.DrawFn) -> Asked:
    duty, ledger = draw(questions())
    days = draw(st.lists(st.integers(0, 400), min_size=len(ledger), max_size=len(ledger)))
    start = datetime(2026, 1, 1, 15, 59, 59, tzinfo=UTC)
    return duty, [replace(r, received_at=start + timedelta(days=n)) for r, n in zip(ledger, days, strict=True)]


class KnownEqualsTheSpecification(LedgerCase):
    @settings(max_examples=40)
    @given(received(), DAYS, DAYS)
    def test_counts_standings_and_records_known_by_a_day_are_equal(
        self, question: Asked, as_of: date, known: date
    ) -> None:
        duty, ledger = question
        self.enter(ledger)
        in_force = replace(self.bind(duty), known_by=known)

        standings = assess(in_force.plan, TREE, ledger, load_kinds(), as_of, known_by=known)
        expected: dict[str, Counter[str]] = {}
        for standing in standings:
            expected.setdefault(standing.obligation.unit, Counter())[standing.status] += 1

        counts = read_counts(count_plan(in_force, as_of))
        assert counts == expected
        of_units = [s for code in CODES for _, s in list_unit_standings(in_force=in_force, unit_code=code, as_of=as_of)]
        by_place = {(s.obligation.unit, s.obligation.window): (s.status, s.tally.value) for s in standings}
        assert {(s.obligation.unit, s.obligation.window): (s.status, s.tally.value) for s in of_units} == by_place
        listed = list_standing_records(
            in_force=in_force, duty_id=duty.id, unit_code="C", window_label=None, as_of=as_of
        )
        assert {one.pk for one in listed} == {record for s in standings for record in s.tally.records}


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


def receive(actor: User, unit: Unit, day: date, received_on: date, **fields: Any) -> Record:
    record = make_record(unit, day, **fields)
    now = datetime(received_on.year, received_on.month, received_on.day, 4, 0, tzinfo=UTC)
    outcome, problems = add_record(actor=actor, record=record, now=now)
    assert outcome.kept is not None, problems
    return outcome.kept


def test_a_table_of_the_eighteenth_is_seen_again_as_it_was_known_then(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    early = receive(cast.secretary, cast.village, date(2026, 1, 8), date(2026, 1, 8))
    receive(cast.secretary, cast.village, date(2026, 2, 8), date(2026, 3, 19))
    later = datetime(2026, 3, 19, 4, 0, tzinfo=UTC)
    withdraw_record(actor=cast.secretary, original=early, record_id=make_record_id(later), note="记错了", now=later)
    client = visit(cast.secretary)

    def read(query: str) -> tuple[int, int]:
        total = client.get(f"/standings/SQ0101/{plan.pk}/rally/?{query}").context["total"]
        return total.met, total.missed

    assert read("as_of=2026-03-18") == (1, 1)
    assert read("as_of=2026-03-18&known=2026-03-18") == (1, 1)
    january = f"/records/?plan={plan.pk}&duty=rally&unit=SQ0101&window=2026-01&as_of=2026-03-18"
    assert list_ids(client.get(january).content.decode()) == set()
    assert str(early.pk) in list_ids(client.get(f"{january}&known=2026-03-18").content.decode())
    assert read("as_of=2026-03-18&known=2026-01-07") == (0, 2)


def test_every_page_says_that_it_counts_what_was_known_then_and_keeps_the_day_in_its_links(
    cast: Cast, visit: Visit
) -> None:
    plan = issue_plan(cast)
    client = visit(cast.officer)
    asked = "as_of=2026-03-20&known=2026-03-18"
    figure = f"/records/?plan={plan.pk}&duty=rally&unit=SQ0101&window=2026-03"

    for address in ("/standings/SQ/?", f"/standings/SQ/{plan.pk}/rally/?", "/units/SQ0101/standing/?", f"{figure}&"):
        page = client.get(f"{address}{asked}").content.decode()
        assert "及以前收到的记录算" in page
        assert "known=2026-03-18" in page
        assert "及以前收到的记录算" not in client.get(f"{address}as_of=2026-03-20").content.decode()


def test_a_day_that_is_none_is_refused_and_today_is_now(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)
    client = visit(cast.officer)

    assert client.get("/standings/SQ/?known=yesterday").status_code == 400
    assert client.get("/standings/SQ/?known=2099-01-01").context["known"] is None


def test_the_outsider_sees_no_more_of_then_than_of_now(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)
    assert visit(cast.outsider).get("/standings/SQ0101/?known=2026-03-18&as_of=2026-03-20").status_code == 404


def read_file(client: Client, query: str) -> str:
    answer: Any = client.get(f"/records/export.csv?{query}")
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_the_plain_list_of_records_its_count_and_its_file_hold_what_was_known_then(cast: Cast, visit: Visit) -> None:
    """A correction that came later is not known yet, and what it corrected stands as it stood then."""
    early = receive(cast.secretary, cast.village, date(2026, 1, 8), date(2026, 1, 8), people=40)
    late = receive(cast.secretary, cast.village, date(2026, 1, 9), date(2026, 3, 19))
    later = datetime(2026, 3, 19, 4, 0, tzinfo=UTC)
    right = make_record(cast.village, date(2026, 1, 8), people=50)
    outcome, _ = correct_record(actor=cast.secretary, original=early, record=right, now=later)
    assert outcome.kept is not None
    client = visit(cast.officer)
    asked = "unit=SQ0101&kind=rally&since=2026-01-01&until=2026-01-31&as_of=2026-03-31"

    def read(query: str) -> tuple[set[str], int]:
        page = client.get(f"/records/?{asked}{query}")
        listed = {str(one.pk) for one in page.context["page"]}
        assert page.context["head"].count == len(listed)
        return listed, page.context["head"].people or 0

    now = {str(right.id), str(late.pk)}
    assert read("&known=2026-03-18") == ({str(early.pk)}, 40)
    assert read("&known=2026-03-19") == read("") == (now, 50)
    assert read("&known=2026-03-18&state=corrected") == (set(), 0)
    assert read("&known=2026-03-19&state=corrected") == ({str(early.pk)}, 40)
    assert read("&known=2026-03-18&state=all") == ({str(early.pk)}, 40)
    file = read_file(client, f"{asked}&known=2026-03-18")
    assert "共 1 条" in file
    assert "2026-03-18" in file
    assert "共 2 条" in read_file(client, asked)
    page = client.get(f"/records/?{asked}&known=2026-03-18").content.decode()
    assert "及以前收到的记录算" in page
    assert 'name="known" value="2026-03-18"' in page
    assert str(late.pk) not in page


def test_known_may_be_an_instant_and_then_counts_what_had_come_by_then(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    morning, noon = (datetime(2026, 3, 18, hour, 0, tzinfo=UTC) for hour in (2, 4))
    for now in (morning, noon):
        outcome, _ = add_record(actor=cast.secretary, record=make_record(cast.village, date(2026, 3, 18)), now=now)
        assert outcome.is_good
    client = visit(cast.officer)

    def count(known: str) -> int:
        return int(client.get(f"/records/?unit=SQ0101&as_of=2026-03-18&known={known}").context["head"].count)

    assert count("2026-03-18") == 2
    assert [count(f"2026-03-18T{clock}") for clock in ("09:59", "10:00", "11:59:59.999999", "12:00")] == [0, 1, 1, 2]
    assert count("2026-03-18T02:00:00Z") == 1
    page = client.get("/records/?unit=SQ0101&as_of=2026-03-18&known=2026-03-18T11:00").content.decode()
    assert "11:00以前收到的记录算" in page
    assert 'name="known" value="2026-03-18T11:00:00+08:00"' in page
    total = client.get(f"/standings/SQ0101/{plan.pk}/rally/?as_of=2026-03-18&known=2026-03-18T09:00").context["total"]
    then = client.get(f"/standings/SQ0101/{plan.pk}/rally/?as_of=2026-03-18&known=2026-03-18T11:00").context["total"]
    assert then.met == total.met + 1


@pytest.mark.parametrize("known", ["2026-03-18T25:00", "2026-03-18Tnoon", "1200-01-01T00:00", "%00"])
def test_an_instant_that_is_none_is_refused(cast: Cast, visit: Visit, known: str) -> None:
    assert visit(cast.officer).get(f"/records/?known={known}").status_code == 400
