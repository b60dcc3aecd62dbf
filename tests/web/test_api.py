"""The interface for programs: a key of a post, and what it opens."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from wuzha.web.accounts import actions
from wuzha.web.accounts.models import ApiToken, AuditEntry, Post, User
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.totals import forget_counts

CALLS = ("/api/v1/records/", "/api/v1/kinds/", "/api/v1/standings/", "/api/v1/post/")


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


def make_key(cast: Cast, user: User, days: int = 30) -> str:
    now = timezone.now()
    closes_on = timezone.localdate(now) + timedelta(days=days)
    _, key = actions.make_token(
        actor=cast.officer, post=Post.objects.get(user=user), name="网格系统", closes_on=closes_on, now=now
    )
    return key


def ask(key: str, path: str) -> Any:
    return Client().get(path, headers={"Authorization": f"Bearer {key}"})


def send(key: str, told: Any, path: str = "/api/v1/records/") -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    return Client().post(path, json.dumps(told), content_type="application/json", headers=headers)


def make_told(**fields: Any) -> dict[str, Any]:
    now = timezone.now()
    day = timezone.localdate(now).isoformat()
    return {
        "id": str(make_record_id(now)),
        "unit": "SQ0101",
        "kind": "rally",
        "happened_on": day,
        "people": 30,
    } | fields


def test_a_record_that_a_program_sends_is_the_post_holders_and_known_the_second_time(cast: Cast) -> None:
    key, told = make_key(cast, cast.secretary), make_told()

    first, second, other = send(key, told), send(key, told), send(key, told | {"people": 31})

    assert [answer.status_code for answer in (first, second, other)] == [201, 200, 409]
    assert other.json()["answers"][0]["kept"]["people"] == 30
    assert Record.objects.get().author == cast.secretary


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"quantity": 0}, 422), ({"colour": "red"}, 422), ({"replaces": str(make_record_id(timezone.now()))}, 202)],
)
def test_the_status_of_the_answer_tells_what_became_of_the_record(
    cast: Cast, fields: dict[str, Any], status: int
) -> None:
    assert send(make_key(cast, cast.secretary), make_told(**fields)).status_code == status


def test_a_batch_answers_each_record_by_itself(cast: Cast) -> None:
    told = {"records": [make_told(), make_told(unit="SQ0201"), make_told(kind="dance")]}

    answer = send(make_key(cast, cast.secretary), told, "/api/v1/records/batch/")

    assert [one["result"] for one in answer.json()["answers"]] == ["saved", "refused", "refused"]


def test_a_batch_of_more_than_two_hundred_is_refused_whole(cast: Cast) -> None:
    told = {"records": [make_told() for _ in range(201)]}

    assert send(make_key(cast, cast.secretary), told, "/api/v1/records/batch/").status_code == 413
    assert not Record.objects.exists()


@pytest.mark.parametrize("body", ["", "nonsense", "[]", "[" * 100_000])
def test_a_body_that_is_no_record_is_refused_in_words(cast: Cast, body: str) -> None:
    headers = {"Authorization": f"Bearer {make_key(cast, cast.secretary)}"}

    answer = Client().post("/api/v1/records/", body, content_type="application/json", headers=headers)

    assert (answer.status_code, answer.json()["answers"][0]["problems"][0]["code"]) == (422, "wire.not-an-object")


def test_a_program_lists_the_records_of_its_own_holder_alone(cast: Cast) -> None:
    today = timezone.localdate()
    own = enter(cast.secretary, cast.village, today)
    enter(cast.town_officer, cast.village, today)

    told = ask(make_key(cast, cast.secretary), "/api/v1/records/").json()

    assert [record["id"] for record in told["records"]] == [str(own.pk)]
    assert (told["count"], told["next_page"]) == (1, None)


def test_a_program_asks_for_kinds_duties_and_whose_key_it_has(cast: Cast) -> None:
    issue_plan(cast, timezone.localdate().year)
    key = make_key(cast, cast.secretary)

    kinds = {kind["code"] for kind in ask(key, "/api/v1/kinds/").json()}
    standings = ask(key, "/api/v1/standings/").json()

    assert {"rally", "banner"} <= kinds
    assert "losses" not in kinds
    assert standings["unit"] == "SQ0101"
    assert {duty["duty"] for duty in standings["duties"]} >= {"rally"}
    assert ask(key, "/api/v1/post/").json()["unit"] == {"code": "SQ0101", "name": "柳湾村"}


def test_the_outsiders_key_opens_nothing_of_the_county(cast: Cast) -> None:
    issue_plan(cast, timezone.localdate().year)
    enter(cast.secretary, cast.village, timezone.localdate(), place="柳湾村村口")
    key = make_key(cast, cast.outsider)

    refused = send(key, make_told())
    answers = [
        refused,
        *(ask(key, path) for path in CALLS),
        *(ask(key, f"/api/v1/standings/?unit={code}") for code in ("SQ", "SQ0101", "no", "%00")),
    ]

    assert [answer.status_code for answer in answers] == [422, 200, 200, 200, 200, 404, 404, 404, 404]
    assert not any(name in answer.content.decode() for answer in answers for name in ("柳湾村", "青石镇", "东社区"))


def test_a_supervisors_key_looks_and_does_not_record(cast: Cast) -> None:
    key = make_key(cast, cast.supervisor)

    assert send(key, make_told()).status_code == 422
    assert ask(key, "/api/v1/standings/?unit=SQ0101").status_code == 200
    assert not Record.objects.exists()


def test_a_key_opens_no_more_than_its_own_post(cast: Cast) -> None:
    key = make_key(cast, cast.secretary)
    Post.objects.create(user=cast.secretary, unit=cast.other_town, role=Post.Role.OFFICER)

    assert send(key, make_told(unit="SQ0201")).status_code == 422
    assert ask(key, "/api/v1/standings/?unit=SQ0201").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("analyst", 200), ("publisher", 404), ("administrator", 404)])
def test_a_key_tells_standings_only_where_its_role_reads_figures(cast: Cast, who: str, status: int) -> None:
    issue_plan(cast)

    assert ask(make_key(cast, cast.people[who]), "/api/v1/standings/?unit=SQ0101").status_code == status


def refuse_key(answer: Any) -> bool:
    return bool(answer.status_code == 401)


def test_without_a_good_key_every_call_is_refused(cast: Cast, visit: Visit) -> None:
    for key in ("", "wuzha_guess", "\0"):
        assert all(refuse_key(ask(key, path)) for path in CALLS)
        assert refuse_key(send(key, make_told()))
    assert refuse_key(visit(cast.officer).get("/api/v1/kinds/")), "a log-in on the pages is no key"


@pytest.mark.parametrize("end", ["withdrawn", "expired", "post", "person"])
def test_a_key_that_has_ended_opens_nothing(cast: Cast, end: str) -> None:
    key, today = make_key(cast, cast.secretary), timezone.localdate()
    assert ask(key, CALLS[1]).status_code == 200

    if end == "withdrawn":
        actions.withdraw_token(actor=cast.officer, token=ApiToken.objects.get(), now=timezone.now())
    elif end == "expired":
        ApiToken.objects.update(opens_on=today - timedelta(days=3), closes_on=today)
    elif end == "post":
        Post.objects.filter(user=cast.secretary).update(closes_on=today)
    else:
        User.objects.filter(pk=cast.secretary.pk).update(is_active=False)

    assert refuse_key(ask(key, CALLS[1]))


# --- the page of the keys ---


def test_an_officer_makes_a_key_that_is_shown_once_and_works(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.town_officer)
    last_day = (timezone.localdate() + timedelta(days=9)).isoformat()
    post = Post.objects.get(user=cast.secretary)

    page = browser.post("/units/SQ0101/keys/", {"name": "网格系统", "post": post.pk, "last_day": last_day})

    key = page.context["key"]
    assert key in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert key not in browser.get("/units/SQ0101/keys/").content.decode()
    assert ask(key, CALLS[1]).status_code == 200
    assert key not in str(list(ApiToken.objects.values()))
    assert AuditEntry.objects.get(action="token.made").actor == cast.town_officer

    browser.post(f"/units/SQ0101/keys/{ApiToken.objects.get().pk}/withdraw/")
    assert refuse_key(ask(key, CALLS[1]))


def test_a_key_is_made_for_posts_of_the_unit_alone_and_not_for_ever(cast: Cast, visit: Visit) -> None:
    browser, today = visit(cast.town_officer), timezone.localdate()
    foreign = {"name": "x", "post": Post.objects.get(user=cast.officer).pk, "last_day": today.isoformat()}
    endless = {"name": "x", "post": Post.objects.get(user=cast.secretary).pk, "last_day": "9999-12-31"}

    answers = [browser.post("/units/SQ0101/keys/", typed) for typed in (foreign, endless)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 404), ("secretary", 403), ("supervisor", 403), ("nobody", 404)]
)
def test_nobody_but_an_officer_sees_the_keys(cast: Cast, visit: Visit, who: str, status: int) -> None:
    assert visit(cast.people[who]).get("/units/SQ0101/keys/").status_code == status


def test_the_description_of_the_interface_comes_from_this_host_alone(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)

    page = browser.get("/api/v1/docs/").content.decode()
    told = browser.get("/api/v1/openapi.json").json()

    assert "http" not in page.replace("http-equiv", "")
    assert set(told["paths"]) >= {"/api/v1/records/", "/api/v1/records/batch/", "/api/v1/standings/"}
    assert Client().get("/api/v1/openapi.json").status_code == 302
