"""Papers that are no letters: a plan, a policy note, the record of a talk, a notice; each from asking to its files."""

from datetime import date
from typing import Any

import pytest

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from tests.web.plans import upload
from tests.web.test_papers import AS_OF, issue, read_fields, read_text
from wuzha.core.paper.model import Marks, list_figures
from wuzha.web.campaign.models import DraftPaper, PlanVersion, Restatement
from wuzha.web.campaign.queries.papers import read_content

PLAN_FORMS = ("plan", "policy-note")


@pytest.fixture
def plan(cast: Cast) -> PlanVersion:
    plan = issue_plan(cast)
    enter(cast.secretary, cast.village, date(2026, 1, 10), people=40)
    return plan


def make_address(form: str, plan: PlanVersion, unit: str = "SQ0101") -> str:
    asked = {"notice": "", "talk": f"&unit={unit}&plan={plan.pk}"}.get(form, f"&plan={plan.pk}")
    return f"/papers/new/?form={form}{asked}&as_of={AS_OF}"


def keep(client: Any, address: str, **typed: str) -> DraftPaper:
    page = client.get(address)
    assert page.status_code == 200
    answer = client.post(address, read_fields(page) | typed)
    assert answer.status_code == 302, read_text(answer.content.decode())
    return DraftPaper.objects.get(pk=answer.headers["Location"].split("/")[-2])


@pytest.mark.parametrize("form", [*PLAN_FORMS, "talk", "notice"])
def test_each_form_goes_from_the_list_to_its_files(cast: Cast, visit: Visit, plan: PlanVersion, form: str) -> None:
    client = visit(cast.officer)
    assert f'href="/papers/new/?form={form}"' in client.get("/papers/").content.decode()

    draft = keep(client, make_address(form, plan))
    shown = client.get(f"/papers/drafts/{draft.pk}/")
    again = client.post(f"/papers/drafts/{draft.pk}/", read_fields(shown) | {"title": "另起的标题"})
    paper = issue(client, draft)

    assert shown.status_code == 200
    assert again.status_code == 302
    assert paper.title == "另起的标题"
    page = client.get(f"/papers/{paper.pk}/").content.decode()
    assert "另起的标题" in page
    assert ("restate/" in page) == (form == "talk"), "only what is counted can be counted again"
    assert client.get(f"/papers/{paper.pk}/files/docx").content[:2] == b"PK"
    assert client.get(f"/papers/{paper.pk}/files/pdf").content[:5] == b"%PDF-"


def test_a_policy_note_says_the_typed_contact_and_invents_no_number(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    client = visit(cast.officer)
    draft = keep(client, make_address("policy-note", plan), contact="县联席办，工作日上班时间。", purpose="")

    text = read_text(client.get(f"/papers/drafts/{draft.pk}/").content.decode())

    assert "县联席办，工作日上班时间。" in text
    assert "方案原文没有写明制定目的。" in text
    assert "各村、社区每个月办一场活动（方案一（一））。" in text
    assert "96110" in text


def test_a_plan_on_paper_has_the_table_of_its_duties_unless_it_is_left_out(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    client, address = visit(cast.officer), make_address("plan", plan)
    fields = read_fields(client.get(address))
    with_annex = keep(client, address, has_annex="on")
    del fields["has_annex"]
    without = client.post(address, fields | {"head": "red"})
    other = DraftPaper.objects.get(pk=without.headers["Location"].split("/")[-2])

    assert len(read_content(with_annex).annex) == 1
    assert read_content(other).annex == ()
    assert read_content(other).worn_head == "red"


def test_marks_of_the_head_are_folded_away_typed_and_printed(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client, address = visit(cast.officer), make_address("notice", plan)
    assert "份号" in client.get(address).content.decode()

    wrong = client.post(address, read_fields(client.get(address)) | {"copy_number": "十二"})
    draft = keep(client, address, copy_number="12", urgency="特急", approved_by="石小桥")
    page = read_text(client.get(f"/papers/drafts/{draft.pk}/").content.decode())

    assert wrong.status_code == 422
    assert wrong.context["form"].errors.keys() == {"copy_number"}
    assert read_content(draft).marks == Marks("000012", "", "特急", "石小桥")
    assert "000012" in page
    assert "签发人：石小桥" in page


@pytest.mark.parametrize("form", PLAN_FORMS)
@pytest.mark.parametrize("name", ["outsider", "secretary", "supervisor", "nobody"])
def test_no_paper_is_made_of_a_plan_that_is_none_of_theirs(
    cast: Cast, visit: Visit, plan: PlanVersion, form: str, name: str
) -> None:
    client, theirs = visit(cast.people[name]), issue_plan(cast, unit=cast.town, title="青石镇工作方案")
    address = make_address(form, theirs)
    assert client.get(address).status_code in (403, 404)
    assert client.post(address, {"title": "标题", "signed_by": "某办"}).status_code in (403, 404)
    assert not DraftPaper.objects.exists()


@pytest.mark.parametrize("form", PLAN_FORMS)
def test_a_plan_that_is_not_issued_is_no_paper_yet(cast: Cast, visit: Visit, form: str) -> None:
    assert visit(cast.town_officer).get(make_address(form, upload(cast.town_officer, cast.town))).status_code == 404


def test_a_talk_is_held_from_above_the_unit_only(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    assert visit(cast.town_officer).get(make_address("talk", plan, "SQ0101")).status_code == 200
    assert visit(cast.town_officer).get(make_address("talk", plan, "SQ01")).status_code == 403
    for name in ("secretary", "supervisor", "outsider", "nobody"):
        assert visit(cast.people[name]).get(make_address("talk", plan)).status_code in (403, 404)


def test_the_facts_of_a_talk_are_counted_and_counted_again(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    draft = keep(client, make_address("talk", plan), place="县联席办会议室", mend_by="2027-04-30")
    printed = {figure.id: figure.text for figure in list_figures(read_content(draft))}
    text = read_text(client.get(f"/papers/drafts/{draft.pk}/").content.decode())
    paper = issue(client, draft)
    enter(cast.secretary, cast.village, date(2026, 2, 12), people=35)

    client.post(f"/papers/{paper.pk}/restate/")

    assert "地点：县联席办会议室" in text
    assert "以上事项于2027年4月30日前办结" in text
    changes = {one["id"]: (one["before"], one["after"]) for one in Restatement.objects.get().changes}
    assert changes["rally.missed"] == (printed["rally.missed"], "0")


def test_a_talk_wants_its_day_and_a_notice_its_text(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    for form, missing in (("talk", "talked_on"), ("notice", "body")):
        address = make_address(form, plan)
        answer = client.post(address, read_fields(client.get(address)) | {missing: ""})
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {missing}
    assert not DraftPaper.objects.exists()


def test_a_notice_whose_headings_are_out_of_order_is_not_kept(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    address = make_address("notice", plan)
    answer = client.post(address, read_fields(client.get(address)) | {"body": "1.先做这个"})
    assert answer.status_code == 422
    assert not DraftPaper.objects.exists()
