"""Reviewing a draft: the document beside its duties, each decision kept at once."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.plans import BROKEN, RALLY, TABLE, TEXT, make_draft, make_issued, upload
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.models import Document, DraftDuty, PlanVersion

PART: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}
MENDED: dict[str, Any] = {
    "quote": RALLY["quote"],
    "clause": "一（一）",
    "kinds": ["village"],
    "verb": "do",
    "object": "talk",
    "side": "at_least",
    "number": "2",
    "form": "count",
    "every": "quarter",
}


def get_row(plan: PlanVersion, duty_id: str) -> DraftDuty:
    return next(row for row in plan.draft_duties.all() if row.duty["id"] == duty_id)


def read(client: Client, plan: PlanVersion) -> str:
    return client.get(f"/plans/{plan.pk}/").content.decode()


def decide(client: Client, row: DraftDuty, decision: str, **headers: Any) -> Any:
    return client.post(f"/plans/{row.version_id}/duties/{row.pk}/decide/", {"decision": decision}, **headers)


def test_the_document_stands_beside_the_duties_read_from_it(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town)

    page = read(visit(cast.town_officer), plan)

    shown = "".join(re.findall(r'data-start="\d+"[^>]*>([^<]*)<', page))
    assert shown.replace("\n", "") == TEXT.replace("\n", "")
    for row in plan.draft_duties.all():
        assert f'id="duty-{row.pk}"' in page


def test_every_duty_marks_exactly_its_words(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")

    page = read(visit(cast.town_officer), plan)

    start, end = RALLY["span"]
    assert f'<mark id="at-{start}" data-start="{start}" data-duties="{row.pk}">{TEXT[start:end]}</mark>' in page


def test_each_sentence_says_what_it_became_in_colour_and_in_a_sign(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town)

    page = read(visit(cast.town_officer), plan)

    sentences = re.findall(r'<span class="sentence fate-(\w+)" data-mark="([^"]+)"', page)
    assert {fate for fate, _ in sentences} >= {"duty", "heading"}
    assert len({sign for _, sign in sentences}) == len({fate for fate, _ in sentences})


def test_a_card_says_in_its_own_words_what_was_understood(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)

    page = read(visit(cast.town_officer), plan)

    assert "集中宣传活动" in page.split('class="sentence-made"')[1].split("</p>")[0]


def test_hostile_words_in_a_document_stay_words(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, "方案<script>alert(1)</script>\n各村每月开展1次集中宣传<b>活动</b>。\n")

    page = read(visit(cast.town_officer), plan)

    assert "<script>alert" not in page
    assert "<b>活动" not in page


def test_accepting_a_duty_is_kept_and_noted(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")

    answer = decide(visit(cast.town_officer), row, "accepted")

    row.refresh_from_db()
    assert answer.headers["Location"] == f"/plans/{plan.pk}/?duty={row.pk}#duty-{row.pk}"
    assert (row.decision, row.changed_by) == ("accepted", cast.town_officer)
    assert AuditEntry.objects.filter(action="plan.decide", details__decision="accepted").count() == 1


def test_a_part_answers_with_the_card_and_the_counters_alone(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, TABLE)
    row = get_row(plan, "rally")

    part = decide(visit(cast.town_officer), row, "dropped", **PART).content.decode()

    assert "<html" not in part
    assert f'id="duty-{row.pk}"' in part
    assert 'data-decision="dropped"' in part
    assert 'hx-swap-oob="true"' in part
    assert part.count("<article") == 1


def test_a_dropped_duty_can_be_restored(cast: Cast, visit: Visit) -> None:
    row = get_row(make_draft(cast, RALLY), "rally")
    client = visit(cast.town_officer)

    decide(client, row, "dropped")
    decide(client, row, "proposed")

    row.refresh_from_db()
    assert row.decision == "proposed"


@pytest.mark.parametrize("headers", [{}, PART])
def test_a_duty_that_says_nothing_cannot_be_accepted(cast: Cast, visit: Visit, headers: dict[str, Any]) -> None:
    row = get_row(make_draft(cast, BROKEN), "broken")

    answer = decide(visit(cast.town_officer), row, "accepted", **headers)

    row.refresh_from_db()
    assert row.decision == "proposed"
    assert answer.status_code == (200 if headers else 302)


def test_an_unknown_decision_is_refused(cast: Cast, visit: Visit) -> None:
    row = get_row(make_draft(cast, RALLY), "rally")

    assert decide(visit(cast.town_officer), row, "maybe").status_code == 400


def test_accepting_all_leaves_those_with_a_question(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, TABLE, BROKEN)
    asked = get_row(plan, "table")
    DraftDuty.objects.filter(pk=asked.pk).update(questions=["question.deadline"])

    visit(cast.town_officer).post(f"/plans/{plan.pk}/accept-clear/")

    decisions = {row.duty["id"]: row.decision for row in plan.draft_duties.all()}
    assert decisions == {"rally": "accepted", "table": "proposed", "broken": "proposed"}


def test_mending_in_plain_words_changes_the_duty_and_accepts_it(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")

    visit(cast.town_officer).post(f"/plans/{plan.pk}/duties/{row.pk}/", MENDED)

    row.refresh_from_db()
    assert row.decision == "accepted"
    assert row.duty == {
        "id": "rally",
        "clause": "一（一）",
        "quote": RALLY["quote"],
        "span": RALLY["span"],
        "who": {"kind": "village"},
        "do": "talk",
        "at_least": 2,
        "every": "quarter",
    }


CONTACT = "王小例，电话13900000001"
COVERED = "王某某，电话***********"


def upload_with_contact(cast: Cast) -> tuple[PlanVersion, DraftDuty]:
    """A document that names somebody with a number, and a duty made of these words."""
    words = f"联系人：{CONTACT}，按时上报"
    plan = upload(cast.town_officer, cast.town, f"{TEXT}\n（九）{words}。\n")
    text = str(Document.objects.get().text)
    span = [text.index(words), text.index(words) + len(words)]
    return plan, add_rally(plan, {"quote": words, "span": span})


def add_rally(plan: PlanVersion, words: dict[str, Any]) -> DraftDuty:
    row = plan.draft_duties.all()[0]
    row.duty = {**RALLY, "id": "ring", **words}
    row.save()
    return row


@pytest.mark.parametrize("number", ["2", "3"])
def test_the_form_covers_the_people_in_the_words_and_keeps_the_words_of_the_document(
    cast: Cast, visit: Visit, number: str
) -> None:
    plan, row = upload_with_contact(cast)
    client, address = visit(cast.town_officer), f"/plans/{plan.pk}/duties/{row.pk}/"
    page = client.get(address).content.decode()
    assert (COVERED in page, CONTACT in page, "13900000001" in page) == (True, False, False)

    client.post(address, {**MENDED, "quote": f"联系人：{COVERED}，按时上报", "number": number})

    kept = DraftDuty.objects.get(pk=row.pk)
    assert (kept.duty["quote"], kept.duty["span"]) == (row.duty["quote"], row.duty["span"])
    assert kept.duty["at_least"] == int(number)


def test_words_copied_covered_from_the_page_are_found_in_the_document(cast: Cast, visit: Visit) -> None:
    plan, row = upload_with_contact(cast)
    address = f"/plans/{plan.pk}/duties/{row.pk}/"

    visit(cast.town_officer).post(address, {**MENDED, "quote": f"{COVERED}，按时上报"})

    kept = DraftDuty.objects.get(pk=row.pk).duty
    start = row.duty["span"][0] + len("联系人：")
    assert (kept["quote"], kept["span"]) == (f"{CONTACT}，按时上报", [start, row.duty["span"][1]])


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (
            {
                "verb": "keep",
                "object": "banner",
                "number": "1",
                "form": "per_thousand",
                "base": "population",
                "every": "",
            },
            {"keep": "banner", "at_least": {"per_thousand": 1, "of": "population"}},
        ),
        (
            {
                "verb": "cover",
                "object": "household",
                "number": "50",
                "form": "percent",
                "every": "",
                "by": "2027-06-30",
            },
            {"cover": "household", "at_least": "50%", "by": "2027-06-30"},
        ),
        (
            {"verb": "file", "object": "progress_table", "number": "", "every": "month", "due_day": "20"},
            {"file": "progress_table", "every": "month", "due": {"day": 20}},
        ),
        (
            {"verb": "check", "object": "followup", "number": "", "every": "week", "grade": "high"},
            {"check": "followup", "every": "week", "grade": "high"},
        ),
        (
            {
                "verb": "space",
                "object": "advert",
                "side": "at_most",
                "number": "200",
                "form": "metres",
                "every": "",
                "along": "main_road",
            },
            {"space": "advert", "at_most": "200 m", "along": "main_road"},
        ),
        (
            {"verb": "attain", "object": "cases", "number": "20", "form": "fall", "every": "", "against": "last_year"},
            {"attain": "cases", "change": {"at_most": "-20%", "against": "last_year"}},
        ),
        ({"verb": "", "object": "", "number": "", "every": "", "vague": "on"}, {"vague": True}),
    ],
    ids=["keep", "cover", "file", "check", "space", "attain", "vague"],
)
def test_each_verb_can_be_said_and_comes_back_into_the_form(
    cast: Cast, visit: Visit, typed: dict[str, str], written: dict[str, Any]
) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")
    client = visit(cast.town_officer)
    address = f"/plans/{plan.pk}/duties/{row.pk}/"

    first = client.post(address, MENDED | typed)
    row.refresh_from_db()
    form = client.get(address).context["form"]
    again = {name: form[name].value() for name in form.fields}
    second = client.post(address, {name: value for name, value in again.items() if value not in (None, "", False)})

    kept = {key: value for key, value in row.duty.items() if key not in ("id", "clause", "quote", "span", "who")}
    assert (first.status_code, second.status_code) == (302, 302)
    assert kept == written
    assert get_row(plan, "rally").duty == row.duty


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "两"},
        {"number": "120", "form": "percent", "verb": "cover", "object": "household"},
        {"verb": "keep", "object": "rally"},
        {"number": ""},
        {"verb": "cover", "object": "household", "number": "5", "form": "per_thousand", "base": ""},
        {"by": "2029-01-01", "every": ""},
        {"due_day": "40"},
        {"quote": "文件里没有的一句话"},
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(cast: Cast, visit: Visit, wrong: dict[str, str]) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")

    answer = visit(cast.town_officer).post(f"/plans/{plan.pk}/duties/{row.pk}/", MENDED | wrong)

    row.refresh_from_db()
    form = answer.context["form"]
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.content.decode()
    assert {name: form[name].value() for name in wrong} == wrong
    assert (row.duty, row.decision) == (RALLY, "proposed")


def test_the_form_for_a_part_swaps_in_place(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")
    client = visit(cast.town_officer)
    address = f"/plans/{plan.pk}/duties/{row.pk}/"

    form = client.get(address, **PART).content.decode()
    wrong = client.post(address, MENDED | {"number": "x"}, **PART)
    card = client.get(f"{address}card/", **PART).content.decode()

    assert "<html" not in form
    assert RALLY["quote"] in form
    assert wrong.status_code == 200
    assert 'class="field-error"' in wrong.content.decode()
    assert f'id="duty-{row.pk}"' in card


def test_a_number_of_nothing_is_said_to_be_too_small_and_not_to_be_missing(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")
    answer = visit(cast.town_officer).post(f"/plans/{plan.pk}/duties/{row.pk}/", MENDED | {"number": "0"})
    page = answer.content.decode()
    assert "数量要大于零" in page
    assert "要写明" not in page


def test_what_the_form_does_not_ask_survives_mending(cast: Cast, visit: Visit) -> None:
    duty = RALLY | {"who": {"kind": "village", "area": "SQ01"}}
    plan = make_draft(cast, duty)
    row = get_row(plan, "rally")

    visit(cast.town_officer).post(f"/plans/{plan.pk}/duties/{row.pk}/", MENDED | {"object": "rally"})

    row.refresh_from_db()
    assert row.duty["who"] == {"kind": "village", "area": "SQ01"}


def test_a_duty_that_counts_several_kinds_shows_all_of_them_and_keeps_them(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY | {"do": ["rally", "talk", "class-meeting"]})
    row = get_row(plan, "rally")
    client, address = visit(cast.town_officer), f"/plans/{plan.pk}/duties/{row.pk}/"

    page = client.get(address).content.decode()
    client.post(address, MENDED | {"object": "rally", "also": ["talk", "class_meeting"]})

    row.refresh_from_db()
    assert "同时计入：宣讲、主题班会" in page
    assert row.duty["do"] == ["rally", "talk", "class-meeting"]


@pytest.mark.parametrize(
    ("also", "kept"),
    [
        ([], "rally"),
        (["rally"], "rally"),
        (["talk"], ["rally", "talk"]),
        (["showing", "talk"], ["rally", "showing", "talk"]),
    ],
)
def test_kinds_can_be_added_and_taken_away(cast: Cast, visit: Visit, also: list[str], kept: object) -> None:
    plan = make_draft(cast, RALLY | {"do": ["rally", "talk", "class-meeting"]})
    row = get_row(plan, "rally")

    visit(cast.town_officer).post(f"/plans/{plan.pk}/duties/{row.pk}/", MENDED | {"object": "rally", "also": also})

    row.refresh_from_db()
    assert row.duty["do"] == kept


def test_what_is_rarely_asked_is_folded_until_it_says_something(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, TABLE | {"id": "of-line", "who": {"line": "education"}})
    client = visit(cast.town_officer)

    def find_open(duty_id: str) -> list[str]:
        page = client.get(f"/plans/{plan.pk}/duties/{get_row(plan, duty_id).pk}/").content.decode()
        return re.findall(r'<details class="more" open><summary>([^<]*)', page)

    assert find_open("rally") == []
    assert find_open("of-line") == ["由谁办：哪类单位", "只限某些条线", "更多：阶段、报送日、场所、牵头单位"]


def test_only_doubts_have_an_amber_edge_and_a_mistake_has_a_red_one(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town)
    client = visit(cast.town_officer)
    PlanVersion.objects.filter(pk=plan.pk).update(reading=plan.reading | {"questions": ["question.validity"]})

    page = read(client, plan)
    broken = read(client, make_draft(cast, BROKEN))

    assert 'class="problems problems-warning"' in page
    assert 'class="problems problems-error"' not in page
    assert 'class="problems problems-error"' in broken


def test_the_review_shows_no_code_in_place_of_a_sentence(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    codes = ("reading.year-unknown", "reading.no-duties", "reading.report", "reading.actor-unknown")
    found = [{"code": code, "clause": "二", "params": {"duty": "d11"}} for code in codes]
    PlanVersion.objects.filter(pk=plan.pk).update(reading=plan.reading | {"problems": found})

    told = re.findall(r"<span>([^<]*)</span> <code>(reading[^<]*)</code>", read(visit(cast.town_officer), plan))

    # Who bears a duty is asked on its own card, and not a second time above all of them.
    assert [code for _, code in told] == list(codes[:3])
    assert not any("reading." in sentence or "d11" in sentence for sentence, _ in told)


def test_selected_words_begin_a_new_duty_with_their_place_and_clause(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town)
    words = "各酒店在大厅适时滚动播放提示"
    selected: dict[str, Any] = {"quote": words, "start": TEXT.index(words)}

    answer = visit(cast.town_officer).get(f"/plans/{plan.pk}/duties/new/", selected)

    form = answer.context["form"]
    assert (form["quote"].value(), form["start"].value()) == (words, TEXT.index(words))
    assert form["clause"].value() == "一（三）"


def test_an_added_duty_stands_where_its_words_stand(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, TABLE | {"span": [TEXT.rindex("各村"), TEXT.rindex("各村") + 20]})
    client = visit(cast.town_officer)

    answer = client.post(f"/plans/{plan.pk}/duties/new/", MENDED)

    row = plan.draft_duties.get(duty__id="added-1")
    page = read(client, plan)
    assert answer.headers["Location"].endswith(f"#duty-{row.pk}")
    assert (row.decision, row.duty["span"][0]) == ("accepted", RALLY["span"][0])
    assert page.index(f'id="duty-{row.pk}"') < page.index(f'id="duty-{get_row(plan, "table").pk}"')


def test_words_that_are_not_in_the_document_cannot_be_added(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast)

    answer = visit(cast.town_officer).post(f"/plans/{plan.pk}/duties/new/", MENDED | {"quote": "另一份文件的话"})

    assert answer.status_code == 422
    assert not plan.draft_duties.exists()


def test_the_head_can_be_mended(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    head = {"title": "新标题", "issuer": "青石镇平安办", "valid_from": "2027-02-01", "valid_to": "2027-11-30"}
    phases = plan.reading["draft_phases"]
    typed = {f"{key}_{n}": phase[key] for n, phase in enumerate(phases) for key in ("name", "from", "to")}

    visit(cast.town_officer).post(f"/plans/{plan.pk}/head/", head | typed)

    plan.refresh_from_db()
    assert (plan.title, plan.issuer, str(plan.valid_from), str(plan.valid_to)) == tuple(head.values())
    assert plan.reading["draft_phases"] == phases
    assert AuditEntry.objects.get(action="plan.mend-head").details["title"] == ["青石镇反诈宣传工作方案", "新标题"]


def test_a_head_that_ends_before_it_begins_is_told_and_kept(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    head = {"title": "新标题", "issuer": "", "valid_from": "2027-12-01", "valid_to": "2027-11-30"}

    answer = visit(cast.town_officer).post(f"/plans/{plan.pk}/head/", head)

    plan.refresh_from_db()
    assert answer.status_code == 422
    assert 'value="2027-11-30"' in answer.content.decode()
    assert plan.title == "青石镇反诈宣传工作方案"


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("0001-01-01", "2027-11-30", "不合常理"),
        ("2027-01-01", "9999-12-31", "不合常理"),
        ("2027-01-01", "2090-01-01", "有效期不能超过"),
    ],
)
def test_a_head_with_days_that_no_plan_may_have_is_told(
    cast: Cast, visit: Visit, first: str, last: str, told: str
) -> None:
    plan = make_draft(cast, RALLY)
    head = {"title": "新标题", "issuer": "", "valid_from": first, "valid_to": last}

    answer = visit(cast.town_officer).post(f"/plans/{plan.pk}/head/", head)

    plan.refresh_from_db()
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert plan.title == "青石镇反诈宣传工作方案"


def test_words_over_the_end_of_a_line_are_kept_as_the_document_has_them(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast)
    end = TEXT.index("\n", 60)
    words = TEXT[end - 8 : end + 9]

    visit(cast.town_officer).post(
        f"/plans/{plan.pk}/duties/new/", MENDED | {"quote": words.replace("\n", "\r\n").replace("\t", " ")}
    )

    duty = plan.draft_duties.get().duty
    assert duty["quote"] == words == TEXT[slice(*duty["span"])]


def test_dates_of_a_phase_can_be_mended(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    phase = {"id": "launch", "name": "动员部署", "from": "2027-01-01", "to": "2027-01-31"}
    PlanVersion.objects.filter(pk=plan.pk).update(reading=plan.reading | {"draft_phases": [phase]})
    head = {"title": "标题", "valid_from": "2027-01-01", "valid_to": "2027-12-31"}

    client = visit(cast.town_officer)
    client.post(f"/plans/{plan.pk}/head/", head | {"name_0": "动员", "from_0": "2027-01-05", "to_0": "2027-02-10"})

    plan.refresh_from_db()
    assert plan.reading["draft_phases"] == [phase | {"name": "动员", "from": "2027-01-05", "to": "2027-02-10"}]


def test_mending_the_head_answers_what_was_asked_about_it(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town)
    head = {"title": "标题", "valid_from": "2027-01-01", "valid_to": "2027-12-31"}
    assert plan.reading["questions"] == ["question.validity"]

    visit(cast.town_officer).post(f"/plans/{plan.pk}/head/", head)

    plan.refresh_from_db()
    assert plan.reading["questions"] == []


def test_a_draft_uploaded_by_mistake_can_be_removed(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town)

    answer = visit(cast.town_officer).post(f"/plans/{plan.pk}/discard/")

    assert answer.headers["Location"] == "/plans/"
    assert not PlanVersion.objects.exists()
    assert not Document.objects.exists()
    assert AuditEntry.objects.get(action="plan.discard").details["title"] == plan.title


def add_many(plan: PlanVersion) -> None:
    """Duties beside the two that are there, so that they fill two pages and five places of a third."""
    DraftDuty.objects.bulk_create(
        DraftDuty(version=plan, position=number, duty=RALLY | {"id": f"rally-{number}"}) for number in range(2, 405)
    )


def test_four_hundred_duties_take_as_many_queries_as_two(cast: Cast, visit: Visit) -> None:
    few = make_draft(cast, RALLY, TABLE)
    client = visit(cast.town_officer)
    read(client, few)
    with CaptureQueriesContext(connection) as before:
        read(client, few)
    add_many(few)
    read(client, few)

    with CaptureQueriesContext(connection) as after:
        read(client, few)

    assert len(after) == len(before)


def test_many_duties_are_paged_and_none_is_left_out(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, TABLE)
    add_many(plan)
    client = visit(cast.town_officer)

    pages = [client.get(f"/plans/{plan.pk}/?page={number}").content.decode() for number in (1, 2, 3)]

    shown = [re.findall(r'id="duty-(\d+)"', page) for page in pages]
    assert [len(cards) for cards in shown] == [200, 200, 5]
    assert {int(pk) for cards in shown for pk in cards} == set(plan.draft_duties.values_list("pk", flat=True))
    assert "第 401 至 405 项，共 405 项任务" in pages[2]
    for page in pages:
        text = "".join(re.findall(r'data-start="\d+"[^>]*>([^<]*)<', page))
        assert text.replace("\n", "") == TEXT.replace("\n", "")


def test_a_duty_of_a_later_page_is_found_from_its_address(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, TABLE)
    add_many(plan)
    client, row = visit(cast.town_officer), get_row(plan, "table")

    address = decide(client, row, "accepted").headers["Location"]

    assert f'id="duty-{row.pk}"' in client.get(address).content.decode()
    assert f'id="duty-{row.pk}"' not in read(client, plan)


PAGES = ["", "issue/", "duties/new/", "plan.yaml", "document/", "duties/{row}/", "duties/{row}/card/"]
POSTS = ["head/", "discard/", "accept-clear/", "issue/", "duties/new/", "duties/{row}/", "duties/{row}/decide/"]


@pytest.mark.parametrize("name", ["outsider", "nobody", "secretary", "supervisor"])
@pytest.mark.parametrize("page", PAGES)
def test_a_draft_does_not_exist_for_those_who_cannot_change_it(cast: Cast, visit: Visit, name: str, page: str) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")

    assert visit(cast.people[name]).get(f"/plans/{plan.pk}/{page.format(row=row.pk)}").status_code == 404


@pytest.mark.parametrize("name", ["outsider", "nobody", "secretary", "supervisor"])
@pytest.mark.parametrize("address", POSTS)
def test_nobody_else_changes_a_draft(cast: Cast, visit: Visit, name: str, address: str) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")

    client = visit(cast.people[name])
    answer = client.post(f"/plans/{plan.pk}/{address.format(row=row.pk)}", MENDED | {"decision": "accepted"})

    row.refresh_from_db()
    plan.refresh_from_db()
    assert answer.status_code == 404
    assert (plan.state, row.decision, row.duty) == ("draft", "proposed", RALLY)


def test_a_duty_is_found_only_under_its_own_plan(cast: Cast, visit: Visit) -> None:
    row = get_row(make_draft(cast, RALLY), "rally")
    other = make_issued(cast)

    assert visit(cast.town_officer).get(f"/plans/{other.pk}/duties/{row.pk}/").status_code == 404


def test_somebody_without_a_session_is_sent_to_the_log_in(cast: Cast, client: Client) -> None:
    plan = make_draft(cast, RALLY)

    assert client.get(f"/plans/{plan.pk}/").status_code == 302
