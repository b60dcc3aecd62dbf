"""Who opens what is masked, with which reason, and that nothing of it is shown or kept anywhere else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.web.cast import Cast
from tests.web.conftest import Visit, mark_session
from tests.web.ledger import enter, issue_plan
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.models import PlanVersion, Record
from wuzha.web.personal.models import PersonContact

DAY = date(2026, 3, 20)
NUMBER = "13900000001"
WHY = {"reason": "duty", "words": "联系这户约上门时间"}
CONTACT = "  - {id: ring, quote: '联系人：王小例，电话13900000001', who: {kind: village}, do: training, vague: true}\n"


@pytest.fixture
def record(cast: Cast) -> Record:
    return enter(cast.secretary, cast.village, DAY, note=f"联系{NUMBER}")


def ask(browser: Client, address: str, **typed: str) -> Any:
    return browser.post(address, typed)


def count_looks() -> int:
    return AuditEntry.objects.filter(action="personal.looked-at").count()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 200),
        ("town_officer", 200),
        ("secretary", 403),
        ("supervisor", 403),
        ("outsider", 404),
        ("nobody", 404),
    ],
)
def test_officers_of_the_unit_open_what_is_covered_and_nobody_else(
    cast: Cast, visit: Visit, record: Record, who: str, status: int
) -> None:
    address = f"/records/{record.pk}/numbers/"
    browser = visit(cast.people[who])
    assert NUMBER not in browser.get(address).content.decode()
    answer = ask(browser, address, **WHY)
    assert answer.status_code == status
    assert (NUMBER in answer.content.decode()) == (status == 200)
    assert count_looks() == (status == 200)


def test_a_look_is_in_the_audit_log_with_its_reason_and_without_the_number(
    cast: Cast, visit: Visit, record: Record
) -> None:
    ask(visit(cast.officer), f"/records/{record.pk}/numbers/", **WHY)
    entry = AuditEntry.objects.get(action="personal.looked-at")
    assert (entry.actor, entry.object_id) == (cast.officer, str(record.pk))
    assert entry.details == {"what": "numbers", "reason": "duty", "words": WHY["words"]}


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"reason": "duty"},
        {"reason": "", "words": "联系这户约上门时间"},
        {"reason": "duty", "words": "看"},
        {"reason": "curious", "words": "联系这户约上门时间"},
    ],
)
def test_without_a_reason_nothing_is_shown(cast: Cast, visit: Visit, record: Record, typed: dict[str, str]) -> None:
    answer = ask(visit(cast.officer), f"/records/{record.pk}/numbers/", **typed)
    assert answer.status_code == 422
    assert NUMBER not in answer.content.decode()
    assert count_looks() == 0


def test_what_is_shown_is_shown_in_that_answer_only_and_kept_by_no_browser(
    cast: Cast, visit: Visit, record: Record
) -> None:
    browser, address = visit(cast.officer), f"/records/{record.pk}/numbers/"
    answer = ask(browser, address, **WHY)
    assert "no-store" in answer.headers["Cache-Control"]
    assert NUMBER not in browser.get(address).content.decode()
    assert NUMBER not in browser.get(f"/records/{record.pk}/").content.decode()


def test_who_proved_long_ago_who_they_are_proves_it_again_and_what_was_typed_waits(cast: Cast, record: Record) -> None:
    browser, address = Client(), f"/records/{record.pk}/numbers/"
    browser.force_login(cast.officer)
    mark_session(browser, cast.officer, ago=timedelta(hours=2))
    answer: Any = browser.post(address, WHY, headers={"accept": "text/html"})
    assert NUMBER not in answer.content.decode()
    assert WHY["words"] in answer.content.decode()
    assert count_looks() == 0


def test_without_the_key_nothing_is_shown_and_no_look_is_noted(
    cast: Cast, visit: Visit, record: Record, settings: Settings, tmp_path: Any
) -> None:
    settings.KEYS = tmp_path
    browser = visit(cast.officer)
    browser.raise_request_exception = False
    answer = browser.post(f"/records/{record.pk}/numbers/", WHY, headers={"accept": "text/html"})
    assert answer.status_code == 503
    assert count_looks() == 0


def test_a_phone_number_is_sealed_masked_and_shown_for_a_reason(cast: Cast, visit: Visit) -> None:
    own = f"/people/{cast.secretary.pk}/phone/"
    assert visit(cast.secretary).post(f"{own}change/", {"phone": "139 0000 0001"}).status_code == 302
    contact = PersonContact.objects.get()
    assert contact.masked == "139 **** 0001"
    assert contact.phone.reveal() == "139 0000 0001"
    assert NUMBER not in contact.phone.token
    assert "139 **** 0001" in visit(cast.town_officer).get("/units/SQ0101/people/").content.decode()
    assert "139 0000 0001" in ask(visit(cast.town_officer), own, **WHY).content.decode()
    assert "139 0000 0001" not in visit(cast.town_officer).get(own).content.decode()
    assert visit(cast.outsider).get(own).status_code == 404
    assert visit(cast.supervisor).get(own).status_code == 404


def test_a_number_that_is_none_is_refused_and_an_empty_one_takes_it_away(cast: Cast, visit: Visit) -> None:
    address = f"/people/{cast.secretary.pk}/phone/change/"
    assert visit(cast.secretary).post(address, {"phone": "12345"}).status_code == 422
    visit(cast.secretary).post(address, {"phone": NUMBER})
    visit(cast.secretary).post(address, {"phone": ""})
    contact = PersonContact.objects.get()
    assert (contact.masked, contact.finder, contact.phone.token) == ("", "", "")


def test_the_same_number_is_found_by_its_index_however_it_is_written(cast: Cast, visit: Visit) -> None:
    visit(cast.secretary).post(f"/people/{cast.secretary.pk}/phone/change/", {"phone": "+86 139-0000-0001"})
    field: Any = PersonContact._meta.get_field("phone")
    assert PersonContact.objects.filter(finder__in=field.list_indexes(NUMBER)).count() == 1
    assert PersonContact.objects.filter(finder__in=field.list_indexes("13900000002")).count() == 0


def test_the_words_of_a_plan_cover_the_people_in_it_on_every_page_and_in_the_file(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast, more=CONTACT)
    for who in ("officer", "supervisor", "secretary"):
        browser = visit(cast.people[who])
        for address in ("", "plan.yaml", "burden/", "check/", "history/"):
            said = browser.get(f"/plans/{plan.pk}/{address}").content.decode()
            assert NUMBER not in said
            assert "王小例" not in said
    assert "王某某" in visit(cast.supervisor).get(f"/plans/{plan.pk}/plan.yaml").content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("officer", 200), ("supervisor", 403), ("secretary", 403), ("outsider", 403)]
)
def test_who_manages_the_plan_sees_its_people_for_a_reason(cast: Cast, visit: Visit, who: str, status: int) -> None:
    plan = issue_plan(cast, more=CONTACT)
    answer = ask(visit(cast.people[who]), f"/plans/{plan.pk}/contacts/", **WHY)
    assert answer.status_code == status
    assert (NUMBER in answer.content.decode()) == (status == 200)


def test_a_plan_that_names_nobody_is_given_byte_for_byte(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    assert visit(cast.officer).get(f"/plans/{plan.pk}/plan.yaml").content.decode() == PlanVersion.objects.get().text
