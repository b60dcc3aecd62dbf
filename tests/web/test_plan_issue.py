"""Issuing a plan: what it says is frozen, by the pages and by the database, and readable to those it binds."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.html import strip_tags

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.plans import BROKEN, NOW, RALLY, TABLE, TEXT, make_draft, make_issued
from wuzha.adapters.plan_yaml import read_plan_yaml
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.actions import review
from wuzha.web.campaign.actions.drafts import IssuedError
from wuzha.web.campaign.models import DraftDuty, PlanVersion


def accept_all(cast: Cast, plan: PlanVersion) -> None:
    review.accept_clear(actor=cast.town_officer, plan=plan, now=NOW)


def issue(client: Client, plan: PlanVersion, **typed: str) -> Any:
    answer = client.post(f"/plans/{plan.pk}/issue/", typed)
    plan.refresh_from_db()
    return answer


def test_issuing_freezes_the_accepted_duties_as_a_plan_file(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, TABLE)
    accept_all(cast, plan)

    answer = issue(visit(cast.town_officer), plan)

    read, problems = read_plan_yaml(plan.text)
    assert answer.headers["Location"] == f"/plans/{plan.pk}/"
    assert (plan.state, plan.issued_by) == ("issued", cast.town_officer)
    assert plan.issued_at is not None
    assert read is not None
    assert problems == ()
    assert [duty.id for duty in read.duties] == ["rally", "table"]
    assert [duty.quote for duty in read.duties] == [RALLY["quote"], TABLE["quote"]]
    assert AuditEntry.objects.get(action="plan.issue").actor == cast.town_officer


def test_the_preview_names_what_will_be_in_force(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, TABLE)
    accept_all(cast, plan)

    page = visit(cast.town_officer).get(f"/plans/{plan.pk}/issue/").content.decode()

    assert RALLY["quote"] in page
    assert TABLE["quote"] in page
    assert " disabled" not in page


def test_an_undecided_duty_stands_in_the_way(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, BROKEN)
    accept_all(cast, plan)

    answer = issue(visit(cast.town_officer), plan)

    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert plan.state == "draft"


def test_undecided_duties_can_be_left_out_on_purpose(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, BROKEN)
    accept_all(cast, plan)

    issue(visit(cast.town_officer), plan, leave_out="on")

    read, _ = read_plan_yaml(plan.text)
    assert plan.state == "issued"
    assert read is not None
    assert [duty.id for duty in read.duties] == ["rally"]
    assert plan.draft_duties.get(position=1).decision == "dropped"


def test_dropped_duties_do_not_come_into_force(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, TABLE)
    row = plan.draft_duties.get(position=1)
    review.decide_duty(actor=cast.town_officer, row=row, decision="dropped", now=NOW)
    accept_all(cast, plan)

    issue(visit(cast.town_officer), plan)

    assert "progress-table" not in plan.text


def test_a_plan_with_a_mistake_is_not_issued_and_the_line_is_named(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY | {"during": "no-such-phase"})
    plan.draft_duties.update(decision="accepted")

    answer = issue(visit(cast.town_officer), plan)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert plan.state == "draft"
    assert "problem-error" in page
    assert "第 " in page.split("problem-error")[1].split("</li>")[0]


def test_a_plan_without_duties_is_not_issued(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast)

    issue(visit(cast.town_officer), plan)

    assert plan.state == "draft"


def test_an_issued_plan_is_shown_with_sentences_beside_the_words_of_the_document(cast: Cast, visit: Visit) -> None:
    plan = make_issued(cast)

    page = visit(cast.secretary).get(f"/plans/{plan.pk}/").content.decode()

    assert RALLY["quote"] in page
    assert "keep the" not in page
    assert "do: rally" in page
    assert f"/plans/{plan.pk}/plan.yaml" in page
    assert f'action="/plans/{plan.pk}' not in page


def test_the_plan_file_is_the_issued_text(cast: Cast, visit: Visit) -> None:
    plan = make_issued(cast)

    answer = visit(cast.secretary).get(f"/plans/{plan.pk}/plan.yaml")

    assert answer.content.decode() == plan.text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


POSTS = ["head/", "discard/", "accept-clear/", "issue/", "duties/new/", "duties/{row}/", "duties/{row}/decide/"]


@pytest.mark.parametrize("address", POSTS)
def test_every_action_refuses_an_issued_plan(cast: Cast, visit: Visit, address: str) -> None:
    plan = make_issued(cast)
    row = plan.draft_duties.get(position=0)
    before = PlanVersion.objects.values().get(), list(DraftDuty.objects.values())
    typed = {"decision": "dropped", "quote": RALLY["quote"], "title": "改", "valid_from": "2027-01-01"}

    client = visit(cast.town_officer)
    answer = client.post(f"/plans/{plan.pk}/{address.format(row=row.pk)}", typed | {"valid_to": "2027-02-01"})

    assert answer.status_code == 409
    assert (PlanVersion.objects.values().get(), list(DraftDuty.objects.values())) == before


def test_a_colleague_who_issued_meanwhile_is_not_overwritten(cast: Cast) -> None:
    plan = make_draft(cast, RALLY)
    stale = PlanVersion.objects.get(pk=plan.pk)
    row = stale.draft_duties.get()
    row.version = stale
    PlanVersion.objects.filter(pk=plan.pk).update(
        state="issued", text="title: x", issued_by=cast.town_officer, issued_at=NOW
    )

    for attempt in (
        lambda: review.decide_duty(actor=cast.town_officer, row=row, decision="dropped", now=NOW),
        lambda: review.mend_duty(actor=cast.town_officer, row=row, duty=TABLE, now=NOW),
        lambda: review.add_duty(actor=cast.town_officer, plan=stale, duty=TABLE, now=NOW),
        lambda: review.accept_clear(actor=cast.town_officer, plan=stale, now=NOW),
    ):
        with pytest.raises(IssuedError):
            attempt()


@pytest.mark.parametrize(
    "change", [{"text": "x"}, {"title": "x"}, {"valid_from": None}, {"valid_to": None}, {"state": "draft"}]
)
def test_the_database_refuses_to_change_an_issued_plan(cast: Cast, change: dict[str, Any]) -> None:
    plan = make_issued(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.filter(pk=plan.pk).update(**change)

    assert PlanVersion.objects.get(pk=plan.pk).text == plan.text


def test_the_database_refuses_to_delete_an_issued_plan(cast: Cast) -> None:
    plan = make_issued(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        plan.delete()

    assert PlanVersion.objects.filter(pk=plan.pk).exists()
    assert plan.draft_duties.count() == 2


def test_a_draft_can_still_be_deleted_from_the_database(cast: Cast) -> None:
    plan = make_draft(cast, RALLY)

    plan.delete()

    assert not PlanVersion.objects.exists()


PAGES = ["", "plan.yaml", "document/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("officer", 200),
        ("town_officer", 200),
        ("secretary", 200),
        ("supervisor", 200),
        ("outsider", 404),
        ("nobody", 404),
    ],
)
def test_an_issued_plan_is_open_to_those_it_binds(cast: Cast, visit: Visit, name: str, status: int, page: str) -> None:
    plan = make_issued(cast)

    assert visit(cast.people[name]).get(f"/plans/{plan.pk}/{page}").status_code == status


@pytest.mark.parametrize("address", POSTS)
@pytest.mark.parametrize(("name", "status"), [("secretary", 403), ("supervisor", 403), ("outsider", 404)])
def test_those_who_only_read_cannot_post(cast: Cast, visit: Visit, name: str, status: int, address: str) -> None:
    plan = make_issued(cast)
    row = plan.draft_duties.get(position=0)

    answer = visit(cast.people[name]).post(f"/plans/{plan.pk}/{address.format(row=row.pk)}", {"decision": "dropped"})

    assert answer.status_code == status


def test_the_original_of_an_issued_plan_can_be_fetched(cast: Cast, visit: Visit) -> None:
    plan = make_issued(cast)

    assert visit(cast.secretary).get(f"/plans/{plan.pk}/document/").content == TEXT.encode()


def test_an_issued_plan_says_its_validity_with_the_years(cast: Cast, visit: Visit) -> None:
    plan = make_issued(cast)

    page = strip_tags(visit(cast.secretary).get(f"/plans/{plan.pk}/").content.decode())
    listed = strip_tags(visit(cast.secretary).get("/plans/?as_of=2027-03-01").content.decode())

    assert "2027年1月1日" in page
    assert "2027年12月31日" in page
    assert "2027年1月1日至2027年12月31日" in listed


RELATIVES: dict[str, Any] = {
    "id": "relatives",
    "clause": "一（四）",
    "quote": "涉诈人员子女不得就读公办学校",
    "who": {"kind": "village"},
    "vague": True,
}


def test_a_duty_against_relatives_is_not_put_in_force(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, RELATIVES)
    accept_all(cast, plan)

    answer = issue(visit(cast.town_officer), plan)

    assert plan.state == "draft"
    assert "牵连到亲属，按规定不能下发" in answer.content.decode()


def test_without_that_duty_the_rest_is_issued(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, RELATIVES)
    row = plan.draft_duties.get(position=1)
    review.decide_duty(actor=cast.town_officer, row=row, decision="dropped", now=NOW)
    accept_all(cast, plan)

    issue(visit(cast.town_officer), plan)

    assert plan.state == "issued"
