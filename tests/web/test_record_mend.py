"""A record is corrected or taken back by another record; nothing that was received is changed or lost."""

from datetime import date

import pytest
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, fill_in, issue_plan, list_ids, make_record, read_id
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.actions.door import Result
from wuzha.web.campaign.actions.records import correct_record, withdraw_record
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.totals import forget_counts

DAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


@pytest.fixture
def original(cast: Cast) -> Record:
    return enter(cast.secretary, cast.village, DAY, people=30, place="晒谷场")


def test_a_correction_is_a_new_record_that_names_the_old_one(cast: Cast, visit: Visit, original: Record) -> None:
    client = visit(cast.secretary)
    page = client.get(f"/records/{original.pk}/correct/").content.decode()
    assert "晒谷场" in page

    typed = fill_in(page, happened_on=DAY.isoformat(), quantity="1", people="39", place="晒谷场")
    answer = client.post(f"/records/{original.pk}/correct/", typed)

    mended = Record.objects.get(replaces=original)
    original.refresh_from_db()
    assert answer.headers["Location"] == f"/records/{mended.pk}/?saved=1"
    assert (mended.people, original.people, original.withdrawn) == (39, 30, False)
    assert AuditEntry.objects.get(object_id=str(mended.pk)).action == "record.corrected"


def test_only_the_correction_counts_and_both_pages_lead_to_each_other(
    cast: Cast, visit: Visit, original: Record
) -> None:
    plan = issue_plan(cast)
    client = visit(cast.secretary)
    now = timezone.now()
    outcome, _ = correct_record(
        actor=cast.secretary, original=original, record=make_record(cast.village, DAY, quantity=2), now=now
    )
    assert outcome.kept is not None

    behind = client.get(f"/records/?plan={plan.pk}&duty=rally&unit=SQ0101&window=2026-03&as_of=2026-03-31")
    old, new = (client.get(f"/records/{pk}/").content.decode() for pk in (original.pk, outcome.kept.pk))

    assert list_ids(behind.content.decode()) == {str(outcome.kept.pk)}
    assert str(outcome.kept.pk) in old
    assert str(original.pk) in new


def test_a_record_taken_back_stays_readable_and_counts_no_longer(cast: Cast, visit: Visit, original: Record) -> None:
    client = visit(cast.secretary)
    address = f"/records/{original.pk}/withdraw/"
    page = client.get(address).content.decode()

    client.post(address, {"id": read_id(page), "note": "记错了村"})

    withdrawal = Record.objects.get(replaces=original)
    assert (withdrawal.withdrawn, withdrawal.note) == (True, "记错了村")
    assert str(original.pk) not in list_ids(client.get("/records/?as_of=2026-03-31").content.decode())
    assert client.get(f"/records/{original.pk}/").status_code == 200
    assert AuditEntry.objects.get(object_id=str(withdrawal.pk)).action == "record.withdrawn"


def test_a_withdrawal_says_why(cast: Cast, visit: Visit, original: Record) -> None:
    client = visit(cast.secretary)
    page = client.get(f"/records/{original.pk}/withdraw/").content.decode()

    answer = client.post(f"/records/{original.pk}/withdraw/", {"id": read_id(page), "note": " "})

    assert answer.status_code == 422
    assert Record.objects.count() == 1


def test_taking_back_twice_with_one_page_is_once(cast: Cast, visit: Visit, original: Record) -> None:
    client = visit(cast.secretary)
    address = f"/records/{original.pk}/withdraw/"
    sent = {"id": read_id(client.get(address).content.decode()), "note": "重复"}

    answers = [client.post(address, sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Record.objects.count() == 2


def test_a_record_is_mended_once_and_then_its_latest_version(cast: Cast, original: Record) -> None:
    now = timezone.now()
    first, _ = correct_record(
        actor=cast.secretary, original=original, record=make_record(cast.village, DAY, quantity=2), now=now
    )
    second, problems = correct_record(
        actor=cast.secretary, original=original, record=make_record(cast.village, DAY, quantity=3), now=now
    )
    assert first.kept is not None
    third, _ = withdraw_record(
        actor=cast.secretary, original=first.kept, record_id=make_record_id(now), note="撤", now=now
    )

    assert (first.result, second.result, third.result) == (Result.SAVED, Result.REFUSED, Result.SAVED)
    assert [problem.code for problem in problems] == ["record.already-corrected"]


def test_a_correction_cannot_move_a_fact_to_another_unit_or_kind(cast: Cast, original: Record) -> None:
    moved = make_record(cast.community, DAY, "talk")

    outcome, problems = correct_record(actor=cast.town_officer, original=original, record=moved, now=timezone.now())

    assert outcome.result == Result.REFUSED
    assert {problem.source.key for problem in problems} == {"unit", "kind"}


def test_a_settled_record_leads_back_to_its_page(cast: Cast, visit: Visit, original: Record) -> None:
    withdraw_record(
        actor=cast.secretary, original=original, record_id=make_record_id(timezone.now()), note="撤", now=timezone.now()
    )

    answer = visit(cast.secretary).get(f"/records/{original.pk}/correct/")

    assert answer.headers["Location"] == f"/records/{original.pk}/"


@pytest.mark.parametrize("act", ["", "correct/", "withdraw/"])
def test_the_outsider_meets_no_record_by_page_or_by_post(cast: Cast, visit: Visit, original: Record, act: str) -> None:
    client = visit(cast.outsider)
    address = f"/records/{original.pk}/{act}"

    assert client.get(address).status_code == 404
    assert client.post(address, {"id": str(make_record_id(timezone.now())), "note": "x"}).status_code in (404, 405)
    assert Record.objects.count() == 1


@pytest.mark.parametrize("act", ["correct/", "withdraw/"])
def test_a_supervisor_reads_a_record_and_cannot_mend_it(cast: Cast, visit: Visit, original: Record, act: str) -> None:
    client = visit(cast.supervisor)

    page = client.get(f"/records/{original.pk}/").content.decode()

    assert "/correct/" not in page
    assert client.get(f"/records/{original.pk}/{act}").status_code == 403
    assert client.post(f"/records/{original.pk}/{act}", {}).status_code == 403


def test_the_officer_above_may_mend_a_villages_record(cast: Cast, visit: Visit, original: Record) -> None:
    assert f"/records/{original.pk}/correct/" in visit(cast.officer).get(f"/records/{original.pk}/").content.decode()
