"""The phone's door: a sending of records over a bad network, and what each of them is answered."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import issue_plan
from wuzha.web.accounts.models import AuditEntry, Post
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.models import HeldRecord, Record
from wuzha.web.campaign.queries.totals import forget_counts

SEND = "/phone/records/"


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


def make_told(**fields: Any) -> dict[str, Any]:
    now = timezone.now()
    plain = {"id": str(make_record_id(now)), "unit": "SQ0101", "kind": "rally", "quantity": 1, "people": 64}
    return plain | {"happened_on": timezone.localdate(now).isoformat(), "recorded_at": now.isoformat()} | fields


def send(client: Client, *told: Any, **more: Any) -> dict[str, Any]:
    body = {"sent_at": timezone.now().isoformat(), "records": told} | more
    answer = client.post(SEND, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    return dict(answer.json())


def read_results(answer: dict[str, Any]) -> list[str]:
    return [one["result"] for one in answer["answers"]]


def read_codes(answer: dict[str, Any], number: int = 0) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in answer["answers"][number]["problems"]]


def test_what_is_sent_is_kept_with_its_three_clocks_and_its_audit_entry(cast: Cast, visit: Visit) -> None:
    told = make_told(place="村口广场", note="散场时又讲了一遍")

    answer = send(visit(cast.secretary), told)

    record = Record.objects.get()
    assert read_results(answer) == ["saved"]
    assert answer["answers"][0]["page"] == f"/records/{record.pk}/"
    assert (str(record.pk), record.unit, record.author) == (told["id"], cast.village, cast.secretary)
    assert (record.people, record.place, record.note) == (64, "村口广场", "散场时又讲了一遍")
    assert record.recorded_at.isoformat() == told["recorded_at"]
    assert answer["received_at"] == record.received_at.isoformat()
    entry = AuditEntry.objects.get(object_type="record")
    assert (entry.action, entry.object_id, entry.actor) == ("record.added", told["id"], cast.secretary)


def test_the_same_sending_again_is_success_and_makes_nothing_new(cast: Cast, visit: Visit) -> None:
    told = [make_told(), make_told(kind="hoarding_advert", area_m2="12.345", change="install", people=None)]
    client = visit(cast.secretary)

    first, second = send(client, *told), send(client, *told)

    assert (read_results(first), read_results(second)) == (["saved", "saved"], ["known", "known"])
    assert Record.objects.count() == AuditEntry.objects.filter(object_type="record").count() == 2


def test_the_same_id_with_other_content_is_a_conflict_with_the_version_that_is_kept(cast: Cast, visit: Visit) -> None:
    told = make_told(note="第一版")
    client = visit(cast.secretary)
    send(client, told)

    answer = send(client, told | {"note": "第二版"})

    assert read_results(answer) == ["conflict"]
    assert answer["answers"][0]["kept"]["note"] == "第一版"
    assert answer["answers"][0]["kept"]["author"] == "柳湾村网格员"
    assert answer["answers"][0]["kept"]["words"] == {"unit": "柳湾村", "kind": "集中宣传活动"}
    assert Record.objects.get().note == "第一版"


def test_a_conflict_with_a_record_out_of_sight_shows_nothing_of_it(cast: Cast, visit: Visit) -> None:
    told = make_told(note="只有本村看得到")
    send(visit(cast.secretary), told)

    answer = send(visit(cast.outsider), told | {"unit": "SQ0201", "note": "别的"})

    assert (read_results(answer), read_codes(answer)) == (["conflict"], [("id", "record.id-taken")])
    assert answer["answers"][0]["kept"] is None
    assert "只有本村" not in json.dumps(answer, ensure_ascii=False)


def test_one_bad_record_keeps_no_other_out_and_each_problem_names_its_field(cast: Cast, visit: Visit) -> None:
    answer = send(visit(cast.secretary), make_told(), make_told(quantity=0), make_told(colour="red"), "nonsense")

    assert read_results(answer) == ["saved", "refused", "refused", "refused"]
    assert read_codes(answer, 1) == [("quantity", "record.nothing")]
    assert read_codes(answer, 2) == [("", "wire.field-unknown")]
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "unit"), [("outsider", "SQ0101"), ("supervisor", "SQ0101"), ("nobody", "SQ0101"), ("secretary", "SQ0102")]
)
def test_nobody_records_where_no_post_of_theirs_records(cast: Cast, visit: Visit, who: str, unit: str) -> None:
    answer = send(visit(cast.people[who]), make_told(unit=unit))
    missing = send(visit(cast.people[who]), make_told(unit="SQ9999"))

    assert read_codes(answer) == read_codes(missing) == [("unit", "record.unit-not-yours")]
    assert not Record.objects.exists()


def test_a_post_that_has_ended_opens_nothing(cast: Cast, visit: Visit) -> None:
    Post.objects.filter(user=cast.secretary).update(closes_on=timezone.localdate())

    assert read_results(send(visit(cast.secretary), make_told())) == ["refused"]


# --- corrections in any order ---


def make_pair(**fields: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    original = make_told(people=64)
    return original, original | {
        "id": str(make_record_id(timezone.now())),
        "people": 46,
        "replaces": original["id"],
    } | fields


def test_a_correction_that_comes_first_is_held_and_applied_when_the_original_comes(cast: Cast, visit: Visit) -> None:
    original, correction = make_pair()
    client = visit(cast.secretary)

    early = send(client, correction)
    again = send(client, correction)
    assert (read_results(early), read_results(again)) == (["held"], ["held"])
    assert early["answers"][0]["page"] == "/records/held/"
    assert Record.objects.count() == 0

    assert read_results(send(client, original)) == ["saved"]

    applied = Record.objects.get(pk=correction["id"])
    held = HeldRecord.objects.get()
    assert (applied.people, str(applied.replaces_id)) == (46, original["id"])
    assert (held.arrived_at, held.applied_at is not None) == (applied.received_at, True)
    assert read_results(send(client, correction)) == ["known"]
    assert "先到" in client.get(f"/records/{correction['id']}/").content.decode()


def test_a_chain_that_comes_in_reverse_is_put_in_order(cast: Cast, visit: Visit) -> None:
    original, first = make_pair()
    second = first | {"id": str(make_record_id(timezone.now())), "people": 45, "replaces": first["id"]}
    third = second | {"id": str(make_record_id(timezone.now())), "withdrawn": True, "replaces": second["id"]}
    client = visit(cast.secretary)

    results = [read_results(send(client, one))[0] for one in (third, second, first, original)]

    assert results == ["held", "held", "held", "saved"]
    assert Record.objects.get(pk=third["id"]).withdrawn
    assert Record.objects.filter(replaced_by=None).get().pk == UUID(third["id"])


def test_a_chain_of_a_thousand_corrections_lets_its_original_in(cast: Cast, visit: Visit) -> None:
    client, ids = visit(cast.secretary), [str(UUID(int=number)) for number in range(1, 1002)]
    chain = [make_told(id=one, replaces=before) for before, one in pairwise(ids)]
    for start in range(0, len(chain), 200):
        send(client, *chain[start : start + 200])

    assert read_results(send(client, make_told(id=ids[0]))) == ["saved"]
    assert Record.objects.count() == len(ids)


def test_a_number_with_more_digits_than_anybody_reckons_with_is_refused_by_itself(cast: Cast, visit: Visit) -> None:
    huge = make_told(kind="refund", loss_yuan="9" * 30)

    answer = send(visit(cast.secretary), huge, make_told())

    assert read_results(answer) == ["refused", "saved"]
    assert read_codes(answer) == [("loss_yuan", "record.too-large")]


def test_in_one_sending_the_order_does_not_matter(cast: Cast, visit: Visit) -> None:
    original, correction = make_pair()

    answer = send(visit(cast.secretary), correction, original)

    assert [(one["id"], one["result"]) for one in answer["answers"]] == [
        (correction["id"], "saved"),
        (original["id"], "saved"),
    ]
    assert not HeldRecord.objects.exists()


def test_records_that_correct_each_other_in_a_circle_are_held_and_harm_nobody(cast: Cast, visit: Visit) -> None:
    one, other = make_pair()

    answer = send(visit(cast.secretary), one | {"replaces": other["id"]}, other)

    assert read_results(answer) == ["held", "held"]


def test_two_corrections_of_one_record_do_not_both_count(cast: Cast, visit: Visit) -> None:
    original, first = make_pair()
    second = first | {"id": str(make_record_id(timezone.now())), "people": 40}
    client = visit(cast.secretary)

    send(client, first)
    send(client, second)
    send(client, original)

    assert Record.objects.filter(replaced_by=None).get().people == 46
    assert HeldRecord.objects.get(applied_at=None).why == "record.already-corrected"
    assert second["replaces"] in client.get("/records/held/").content.decode()


def test_a_held_correction_is_seen_by_its_author_and_the_officers_and_nobody_else(cast: Cast, visit: Visit) -> None:
    _, correction = make_pair()
    send(visit(cast.secretary), correction)

    pages = {name: visit(cast.people[name]).get("/records/held/").content.decode() for name in cast.people}

    seen = {name for name, page in pages.items() if correction["replaces"] in page}
    assert seen == {"secretary", "town_officer", "officer", "deputy"}
    assert "还没有收到" in pages["secretary"]
    assert "1 条更正" in visit(cast.secretary).get("/records/").content.decode()


def test_the_same_id_with_other_content_conflicts_with_what_is_held_too(cast: Cast, visit: Visit) -> None:
    _, correction = make_pair()
    client = visit(cast.secretary)
    send(client, correction)

    answer = send(client, correction | {"people": 1})

    assert (read_results(answer), answer["answers"][0]["kept"]["people"]) == (["conflict"], 46)
    assert "people" not in json.dumps(send(visit(cast.outsider), correction | {"people": 1})["answers"][0]["kept"])


def test_a_withdrawal_says_again_what_it_takes_back(cast: Cast, visit: Visit) -> None:
    original, correction = make_pair(withdrawn=True)
    client = visit(cast.secretary)
    send(client, original)

    altered = send(client, correction)
    right = send(client, correction | {"people": 64, "note": "记错了村"})

    assert (read_results(altered), read_codes(altered)) == (["refused"], [("people", "record.withdrawal-differs")])
    assert read_results(right) == ["saved"]


# --- clocks ---


@pytest.mark.parametrize(("days", "said"), [(365, "快了 365 天"), (-365, "慢了 365 天")])
def test_a_clock_a_year_off_refuses_and_misdates_nothing_and_is_told(
    cast: Cast, visit: Visit, days: int, said: str
) -> None:
    wrong = (timezone.now() + timedelta(days=days, minutes=1)).isoformat()
    told = make_told(recorded_at=wrong)
    client = visit(cast.secretary)

    answer = send(client, told, sent_at=wrong)

    record = Record.objects.get()
    assert (read_results(answer), answer["clock_is_off"]) == (["saved"], True)
    assert abs(answer["clock_skew_s"] - days * 86400) < 120
    assert (record.happened_on.isoformat(), record.recorded_at.isoformat()) == (told["happened_on"], wrong)
    assert record.clock_skew_s == answer["clock_skew_s"]
    assert said in client.get(f"/records/{record.pk}/").content.decode()


def test_a_queue_that_waited_for_days_on_a_good_clock_is_no_wrong_clock(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)
    long_ago = (timezone.now() - timedelta(days=9)).isoformat()

    answer = send(client, make_told(recorded_at=long_ago))

    assert (answer["clock_skew_s"], answer["clock_is_off"]) == (0, False)
    assert "这部手机" not in client.get(answer["answers"][0]["page"]).content.decode()


def test_a_day_that_a_fast_clock_filled_in_is_refused_with_the_reason(cast: Cast, visit: Visit) -> None:
    ahead = timezone.now() + timedelta(days=365)

    answer = send(visit(cast.secretary), make_told(happened_on=ahead.date().isoformat()), sent_at=ahead.isoformat())

    assert read_codes(answer) == [("happened_on", "record.future"), ("happened_on", "record.future-clock")]


@pytest.mark.parametrize("clock", ["1969-12-31T16:00:00Z", "9999-12-31T23:59:59Z"])
def test_an_absurd_clock_keeps_nothing_out(cast: Cast, visit: Visit, clock: str) -> None:
    client = visit(cast.secretary)

    answer = send(client, make_told(recorded_at=clock), sent_at=clock)

    record = Record.objects.get()
    assert read_codes(answer) == [("recorded_at", "record.clock-absurd")]
    assert record.recorded_at == record.received_at
    assert client.get(answer["answers"][0]["page"]).status_code == 200


def test_a_clock_that_says_nothing_is_not_guessed(cast: Cast, visit: Visit) -> None:
    answer = send(visit(cast.secretary), make_told(), sent_at="soon")

    assert (answer["clock_skew_s"], Record.objects.get().clock_skew_s) == (None, None)


# --- refusals ---


def test_an_ended_log_in_is_told_as_json_and_never_sent_elsewhere(cast: Cast) -> None:
    for answer in (Client().post(SEND, "{}", content_type="application/json"), Client().get("/phone/state/")):
        assert (answer.status_code, answer.json()["log_in"]) == (401, True)


def test_a_forged_request_is_refused_as_json(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.secretary)

    answer = client.post(SEND, "{}", content_type="application/json", headers={"Accept": "*/*"})

    assert (answer.status_code, answer.json()["csrf"]) == (403, True)


def test_the_token_of_the_state_opens_the_door(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.secretary)
    token = client.get("/phone/state/").json()["csrf_token"]

    body = json.dumps({"records": [make_told()]})
    answer = client.post(SEND, body, content_type="application/json", headers={"X-CSRFToken": token})

    assert read_results(answer.json()) == ["saved"]


def test_a_queue_never_leaves_under_somebody_elses_log_in(cast: Cast, visit: Visit) -> None:
    body = json.dumps({"records": [make_told()], "user": cast.secretary.pk})

    answer = visit(cast.town_officer).post(SEND, body, content_type="application/json")

    assert (answer.status_code, answer.json()["other_user"]) == (409, True)
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("no json", 400),
        ("[" * 100_000, 400),
        ('{"records": 5}', 400),
        (json.dumps({"records": [None] * 201}), 413),
        (json.dumps({"records": [], "more": "字" * 800_000}), 413),
    ],
)
def test_what_is_no_sending_or_too_large_is_refused(cast: Cast, visit: Visit, body: str, status: int) -> None:
    answer = visit(cast.secretary).post(SEND, body, content_type="application/json")

    assert (answer.status_code, bool(answer.json()["text"])) == (status, True)


@contextmanager
def close_for_writing() -> Iterator[None]:
    """A database that refuses every write, as on a folder or a server that has become read-only."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only = OFF")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
            yield
            transaction.set_rollback(True)  # which opens it again


def test_a_database_that_cannot_be_written_acknowledges_nothing_and_asks_to_come_again(
    cast: Cast, visit: Visit
) -> None:
    client = visit(cast.secretary)
    body = json.dumps({"records": [make_told()]})

    with close_for_writing():
        answer = client.post(SEND, body, content_type="application/json")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")
    assert "answers" not in answer.json()
    assert not Record.objects.exists()


def test_fifty_records_cost_no_more_questions_to_the_database_than_one(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)

    with CaptureQueriesContext(connection) as one:
        send(client, make_told())
    with CaptureQueriesContext(connection) as fifty:
        send(client, *(make_told() for _ in range(50)))

    # A statement holds so many values at most, so that many rows may take some more of them.
    assert len(fifty) <= len(one) + 6
    # PostgreSQL is asked for a lock besides.
    assert len(one) <= 12 + (connection.vendor == "postgresql")


# --- what the phone takes along ---


def test_the_phone_takes_along_who_it_is_its_kinds_and_what_is_owed(cast: Cast, visit: Visit) -> None:
    issue_plan(cast, timezone.localdate().year)

    told = visit(cast.secretary).get("/phone/state/").json()

    assert told["user"] == {"id": cast.secretary.pk, "username": "secretary", "name": "柳湾村网格员"}
    assert told["units"] == [{"code": "SQ0101", "name": "柳湾村"}]
    kinds = {kind["code"]: kind for kind in told["kinds"]}
    assert "losses" not in kinds
    assert (kinds["rally"]["title"], kinds["rally"]["shape"]) == ("集中宣传活动", "event")
    assert {"install", "remove"} <= set(kinds["banner"]["changes"])
    assert told["work"]
    assert all(task["unit"] == "SQ0101" and task["left"] and set(task["kinds"]) <= set(kinds) for task in told["work"])
    assert datetime.fromisoformat(told["server_time"]).tzinfo is not None


def test_what_is_done_is_no_longer_in_the_phones_work(cast: Cast, visit: Visit) -> None:
    issue_plan(cast, timezone.localdate().year)
    client = visit(cast.secretary)
    before = next(task for task in client.get("/phone/state/").json()["work"] if "rally" in task["kinds"])

    send(client, make_told(quantity=500))

    after = [task["title"] for task in client.get("/phone/state/").json()["work"] if task["status"] == "open"]
    assert before["title"] not in after


@pytest.mark.parametrize(("who", "units"), [("supervisor", 0), ("nobody", 0), ("town_officer", 6)])
def test_the_phone_offers_the_units_that_its_owner_may_record_for(
    cast: Cast, visit: Visit, who: str, units: int
) -> None:
    told = visit(cast.people[who]).get("/phone/state/").json()

    assert len(told["units"]) == units
    assert "SQ0201" not in json.dumps(told)
