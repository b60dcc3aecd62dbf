"""Numbers that are guessed, parents that are somebody else's, and fields that no form shows."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.forms import ModelForm
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.attack.ground import ADDRESSES, NUMBER, RECORD, ask, fetch, find_path
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import issue_plan
from tests.web.pieces import send_whole
from tests.web.test_api import make_key
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign.models import DraftDuty, PlanVersion, Record, TableCall

OWN = NUMBER + 90
SECRETS = ("青石镇", "柳湾村", "东社区")
# What a page never asks for and somebody may send all the same.
MORE = {
    **{"is_superuser": "on", "is_staff": "1", "is_active": "on", "role": "officer", "user": "1", "user_id": "1"},
    **{"author": "1", "author_id": "1", "unit": "SQ01", "unit_id": "1", "state": "issued", "status": "met"},
    **{
        "id": str(NUMBER),
        "pk": str(NUMBER),
        "created_by": "1",
        "recorded_at": "2020-01-01",
        "received_at": "2020-01-01",
    },
    **{
        "path": "SQ/",
        "parent": "",
        "post": "officer",
        "line": "",
        "deputy_of": "1",
        "digest": "0",
        "opens_on": "2000-01-01",
    },
}


def list_neighbours(value: object) -> list[object]:
    if isinstance(value, int):
        return [0, value, value + 1]
    return [value, uuid4()] if isinstance(value, UUID) else [value]


@pytest.mark.usefixtures("no_rates")
def test_no_number_that_is_guessed_opens_anything(ground: Cast, visit: Visit) -> None:
    """Each address with the numbers around the right one and the right one itself."""
    browser = visit(ground.outsider)
    opened = []
    for name, values in ADDRESSES:
        for key, value in values.items():
            if not isinstance(value, int | UUID):
                continue
            for guess in list_neighbours(value):
                path = find_path(name, values | {key: guess})
                status, body = ask(browser, "get", path)
                if status == 200 or any(secret.encode() in body for secret in SECRETS):
                    opened.append((path, status))
    assert opened == []


def make_own(cast: Cast) -> None:
    """What the outsider has of their own, under the number after the foreign one."""
    now = timezone.now()
    by = {"created_by": cast.outsider, "created_at": now}
    plan = PlanVersion.objects.create(pk=OWN, unit=cast.other_town, title="河口镇方案", **by)
    DraftDuty.objects.create(pk=OWN, version=plan, position=1, duty={"id": "rally-1", "do": "rally"})
    issued = issue_plan(cast, timezone.localdate(now).year, unit=cast.other_town, title="河口镇月报")
    day = timezone.localdate(now)
    asked = {"unit": cast.other_town, "version": issued, "month": f"{day:%Y-%m}", "due_on": day, "given_as": "河口镇"}
    TableCall.objects.create(pk=OWN, **asked, opened_by=cast.outsider, opened_at=now)


@pytest.mark.usefixtures("no_rates")
@pytest.mark.parametrize("method", ["get", "post"])
def test_ones_own_parent_opens_no_child_of_somebody_else(ground: Cast, visit: Visit, method: str) -> None:
    """The outsider's plan with the town's duty, the outsider's table with the town's line."""
    make_own(ground)
    browser = visit(ground.outsider)
    assert ask(browser, "get", reverse("campaign:plan-review", args=[OWN]))[0] == 200
    before = DraftDuty.objects.get(pk=NUMBER).duty
    opened = []
    for name, values in ADDRESSES:
        if not ({"plan", "call"} & set(values)) or not set(values) - {"plan", "call", "sort"}:
            continue
        own = {key: OWN for key in ("plan", "call") if key in values}
        status, body = ask(browser, method, find_path(name, values | own))
        if status not in (404, 405) or any(secret.encode() in body for secret in SECRETS):
            opened.append((name, status))
    assert opened == []
    assert DraftDuty.objects.get(pk=NUMBER).duty == before


def test_a_photo_is_not_hung_on_a_record_of_somebody_else(ground: Cast, visit: Visit) -> None:
    browser = visit(ground.outsider)
    assert send_whole(browser, b"\xff\xd8\xff", RECORD, pk=uuid4()).status_code in (403, 404)


def snapshot() -> dict[str, Any]:
    """Who is what, and whose each record is."""
    return {
        "users": list(
            User.objects.order_by("pk").values_list("pk", "username", "is_superuser", "is_staff", "is_active")
        ),
        "posts": list(Post.objects.order_by("pk").values_list("pk", "user", "unit", "role", "opens_on", "closes_on")),
        "units": list(Unit.objects.order_by("pk").values_list("pk", "code", "path", "parent")),
        "records": list(Record.objects.order_by("pk").values_list("pk", "author", "unit", "recorded_at")),
    }


@pytest.mark.usefixtures("no_rates")
@pytest.mark.parametrize("who", ["officer", "secretary"])
def test_no_form_takes_a_field_that_it_does_not_show(ground: Cast, visit: Visit, who: str) -> None:
    """Every address, posted to with all that would raise somebody up."""
    browser = visit(ground.people[who])
    before = snapshot()
    failed = []
    for name, values in ADDRESSES:
        if name.endswith(("log-out", "discard")):
            continue
        answer, _ = fetch(browser, "post", find_path(name, values), MORE)
        if answer.status_code >= 500:
            failed.append(name)
    assert failed == []
    assert snapshot() == before


def test_a_record_of_the_form_is_its_writers_whatever_the_form_is_told(ground: Cast, visit: Visit) -> None:
    browser = visit(ground.secretary)
    day = timezone.localdate()
    known = set(Record.objects.values_list("pk", flat=True))
    form = {"id": str(uuid4()), "unit": "SQ0101", "kind": "rally", "happened_on": day, "quantity": 1, "people": 3}
    browser.post("/records/new/?kind=rally", form | {"author": ground.officer.pk, "author_id": ground.officer.pk})
    for record in Record.objects.exclude(pk__in=known):
        assert record.author_id == ground.secretary.pk


@pytest.mark.parametrize("field", ["author", "author_id", "received_at", "is_superuser", "role", "__class__"])
def test_a_call_with_a_field_that_no_record_has_is_refused(ground: Cast, field: str) -> None:
    told = {"id": str(uuid4()), "unit": "SQ0101", "kind": "rally", "happened_on": f"{timezone.localdate()}", field: "1"}
    headers = {"Authorization": f"Bearer {make_key(ground, ground.secretary)}"}
    answer = Client().post("/api/v1/records/", told, "application/json", headers=headers)
    record = Record.objects.filter(pk=told["id"]).first()
    assert answer.status_code == 422 or (record is not None and record.author_id == ground.secretary.pk)
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_roster_raises_nobody_up(ground: Cast, visit: Visit) -> None:
    browser = visit(ground.officer)
    before = snapshot()
    answer, _ = fetch(browser, "post", "/roster/", {"file": "", **MORE})
    assert answer.status_code < 500
    assert snapshot() == before


def test_no_form_takes_all_fields_of_a_table() -> None:
    """A form made from a model would take whatever field the model gets next."""
    assert [form for form in ModelForm.__subclasses__() if form.__module__.startswith("wuzha")] == []
