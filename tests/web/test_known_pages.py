"""As known then on the pages: what came later does not count, and every engine of the pages says the same."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
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
from wuzha.web.campaign.actions.records import add_record, withdraw_record
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
