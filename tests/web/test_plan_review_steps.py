"""Merging, splitting, answering, undoing on the review: every step is kept, told and can be taken back."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.plans import NOW, RALLY, TABLE, TEXT, make_draft, make_issued, upload
from wuzha.web.campaign.actions import review
from wuzha.web.campaign.actions.drafts import StaleError
from wuzha.web.campaign.models import DraftChange, DraftDuty, DraftStep, PlanVersion

PART: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}
VISIT: dict[str, Any] = {
    "id": "visits",
    "clause": "一（二）",
    "quote": "2027年6月30日前，各村（社区）入户宣传覆盖率达到50%以上",
    "span": [TEXT.index("2027年6月30日前"), TEXT.index("50%以上") + 5],
    "who": {"kind": ["village", "community"]},
    "cover": "household",
    "at_least": "50%",
    "by": "2027-06-30",
}
MENDED: dict[str, Any] = {
    "quote": RALLY["quote"],
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


def show(plan: PlanVersion) -> list[tuple[str, str, str]]:
    """Every duty as it stands: id, decision, words."""
    rows = plan.draft_duties.order_by("position")
    return [(row.duty["id"], row.decision, row.duty["quote"]) for row in rows]


def undo(client: Client, plan: PlanVersion, step: str = "undo", number: int | None = None) -> Any:
    last = client.get(f"/plans/{plan.pk}/").context["progress"]
    deed = getattr(last, step)
    return client.post(f"/plans/{plan.pk}/{step}/", {"change": number or (deed.number if deed else 0)}, follow=True)


# --- merge ---


def merge(client: Client, plan: PlanVersion, *rows: DraftDuty, **typed: str) -> Any:
    return client.post(f"/plans/{plan.pk}/duties/merge/", {"duty": [row.pk for row in rows], **typed})


def test_two_duties_become_one_that_keeps_the_words_of_both(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    first, second = get_row(plan, "rally"), get_row(plan, "visits")

    answer = merge(visit(cast.town_officer), plan, first, second, keep=str(first.pk), number="3")

    first.refresh_from_db()
    second.refresh_from_db()
    assert answer.headers["Location"].endswith(f"#duty-{first.pk}")
    assert (first.decision, first.duty["at_least"]) == ("accepted", 3)
    assert first.duty["quote"] == f"{RALLY['quote']}……{VISIT['quote']}"
    assert first.spans == [RALLY["span"], VISIT["span"]]
    assert first.duty["span"] == [RALLY["span"][0], VISIT["span"][1]]
    assert second.decision == "gone"


def test_the_page_marks_every_stretch_of_a_merged_duty(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    first, second = get_row(plan, "rally"), get_row(plan, "visits")
    client = visit(cast.town_officer)

    merge(client, plan, first, second, keep=str(first.pk))

    page = read(client, plan)
    for start, end in (RALLY["span"], VISIT["span"]):
        assert f'data-start="{start}" data-duties="{first.pk}">{TEXT[start:end]}</mark>' in page
    assert f'id="duty-{second.pk}"' not in page


def test_the_second_can_be_the_one_that_stays(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    first, second = get_row(plan, "rally"), get_row(plan, "visits")

    merge(visit(cast.town_officer), plan, first, second, keep=str(second.pk))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.decision, second.decision) == ("gone", "accepted")
    assert second.duty["cover"] == "household"
    assert second.duty["at_least"] == "50%"


def test_what_could_be_added_up_is_said_before_merging(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, RALLY | {"id": "rally-2", "at_least": 2})
    keys = [row.pk for row in plan.draft_duties.all()]

    page = visit(cast.town_officer).get(f"/plans/{plan.pk}/duties/merge/", {"duty": keys}).content.decode()

    assert "各条的数字：1、2；合计 3。" in page


def test_numbers_of_different_things_are_not_added_up(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, RALLY | {"id": "talk-2", "do": "talk", "at_least": 2})
    keys = [row.pk for row in plan.draft_duties.all()]

    assert (
        "合计" not in visit(cast.town_officer).get(f"/plans/{plan.pk}/duties/merge/", {"duty": keys}).content.decode()
    )


@pytest.mark.parametrize("typed", [{"number": "两"}, {"keep": "999"}, {"keep": ""}])
def test_a_mistake_while_merging_changes_nothing(cast: Cast, visit: Visit, typed: dict[str, str]) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    rows = [get_row(plan, "rally"), get_row(plan, "visits")]
    before = show(plan)

    answer = merge(visit(cast.town_officer), plan, *rows, **({"keep": str(rows[0].pk)} | typed))

    assert answer.status_code == 422
    assert 'class="field-error"' in answer.content.decode()
    assert show(plan) == before


def test_one_duty_alone_is_not_merged(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    other = upload(cast.outsider, cast.other_town)
    foreign = other.draft_duties.first()
    assert foreign is not None

    answer = merge(visit(cast.town_officer), plan, get_row(plan, "rally"), foreign)

    assert answer.headers["Location"] == f"/plans/{plan.pk}/"
    assert "gone" not in {row.decision for row in DraftDuty.objects.all()}


def make_many(cast: Cast, count: int) -> PlanVersion:
    return make_draft(cast, *(RALLY | {"id": f"rally-{number}"} for number in range(count)))


def test_as_many_as_may_be_merged_become_one_and_none_is_left_out(cast: Cast, visit: Visit) -> None:
    plan = make_many(cast, 20)
    rows = list(plan.draft_duties.order_by("position"))

    merge(visit(cast.town_officer), plan, *rows, keep=str(rows[0].pk))

    assert [decision for _, decision, _ in show(plan)] == ["accepted", *["gone"] * 19]


def test_more_than_may_be_merged_are_refused_and_stay_chosen(cast: Cast, visit: Visit) -> None:
    plan = make_many(cast, 25)
    rows = list(plan.draft_duties.order_by("position"))
    client, before = visit(cast.town_officer), show(plan)

    asked = client.get(f"/plans/{plan.pk}/duties/merge/", {"duty": [row.pk for row in rows]})
    sent = merge(client, plan, *rows, keep=str(rows[0].pk), number="3")
    fewer = client.get(f"/plans/{plan.pk}/duties/merge/", {"duty": [row.pk for row in rows[:20]]})

    for answer in (asked, sent):
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "您选了 25 条任务，一次最多合并 20 条" in page
        assert all(f'name="duty" value="{row.pk}" checked' in page for row in rows)
    assert show(plan) == before
    assert fewer.status_code == 200
    assert "20 条" in fewer.content.decode()


def test_one_more_than_may_be_merged_is_refused(cast: Cast, visit: Visit) -> None:
    plan = make_many(cast, 21)
    before = show(plan)

    merge(visit(cast.town_officer), plan, *plan.draft_duties.all(), keep=str(get_row(plan, "rally-0").pk))

    assert show(plan) == before


@pytest.mark.parametrize(
    ("number", "left"),
    [("", ["question.who", "question.amount", "question.cadence"]), ("3", ["question.who", "question.cadence"])],
)
def test_what_is_asked_of_the_one_that_stays_is_still_asked(
    cast: Cast, visit: Visit, number: str, left: list[str]
) -> None:
    """All but the number, once it is given; and what is still asked is not accepted unseen."""
    vague = {key: value for key, value in RALLY.items() if key not in ("at_least", "every")} | {"vague": True}
    plan = make_draft(cast, vague, VISIT)
    first, second = get_row(plan, "rally"), get_row(plan, "visits")
    asked = ["question.who", "question.amount", "question.cadence"]
    DraftDuty.objects.filter(pk=first.pk).update(questions=asked)
    DraftDuty.objects.filter(pk=second.pk).update(questions=["question.deadline"])

    merge(visit(cast.town_officer), plan, first, second, keep=str(first.pk), number=number)

    first.refresh_from_db()
    assert first.duty["quote"] == f"{RALLY['quote']}……{VISIT['quote']}"
    assert (first.questions, first.decision) == (left, "proposed")


# --- split ---


def test_one_duty_is_cut_into_parts_with_their_own_words(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, VISIT)
    row = get_row(plan, "visits")
    client, address = visit(cast.town_officer), f"/plans/{plan.pk}/duties/{row.pk}/split/"
    cut = client.get(address).context["form"].segments[0].end

    client.post(address, {"cut": [cut]})

    parts = list(plan.draft_duties.order_by("position"))
    assert [part.duty["quote"] for part in parts] == ["2027年6月30日前", "各村（社区）入户宣传覆盖率达到50%以上"]
    assert [TEXT[slice(*part.duty["span"])] for part in parts] == [part.duty["quote"] for part in parts]
    assert [part.duty["id"] for part in parts] == ["visits", "visits-2"]
    assert {part.duty["cover"] for part in parts} == {"household"}
    assert {part.decision for part in parts} == {"proposed"}


def test_each_of_many_parts_has_a_name_of_its_own(cast: Cast, visit: Visit) -> None:
    plan = make_draft(
        cast, TABLE | {"id": "talk", "quote": "入户走访、张贴海报、发放资料、播放短片"}, TABLE | {"id": "talk-3"}
    )
    row = get_row(plan, "talk")
    client, address = visit(cast.town_officer), f"/plans/{plan.pk}/duties/{row.pk}/split/"
    cuts = [segment.end for segment in client.get(address).context["form"].segments[:-1]]

    client.post(address, {"cut": cuts})

    parts = [(name, quote) for name, _, quote in show(plan) if name != "talk-3"]
    assert parts == [("talk", "入户走访"), ("talk-2", "张贴海报"), ("talk-4", "发放资料"), ("talk-5", "播放短片")]


def test_a_part_is_not_accepted_unseen(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")
    client = visit(cast.town_officer)
    client.post(f"/plans/{plan.pk}/duties/{row.pk}/split/", {"copy": "on"})

    client.post(f"/plans/{plan.pk}/accept-clear/")

    assert {part.decision for part in plan.draft_duties.all()} == {"proposed"}
    assert "拆分出来的" in read(client, plan)


def test_a_merged_duty_can_be_cut_between_its_stretches(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    first, second = get_row(plan, "rally"), get_row(plan, "visits")
    client = visit(cast.town_officer)
    merge(client, plan, first, second, keep=str(first.pk))

    client.post(f"/plans/{plan.pk}/duties/{first.pk}/split/", {"cut": [RALLY["span"][1]]})

    rows = plan.draft_duties.exclude(decision="gone").order_by("position")
    assert [row.duty["quote"] for row in rows] == [RALLY["quote"], VISIT["quote"]]


def test_a_merged_duty_whose_stretches_overlapped_is_cut_with_each_word_once(cast: Cast, visit: Visit) -> None:
    opens, last = RALLY["span"]
    inner = RALLY | {"id": "inner", "span": [opens + 2, last + 6], "quote": TEXT[opens + 2 : last + 6]}
    plan = make_draft(cast, RALLY, inner)
    first, second = get_row(plan, "rally"), get_row(plan, "inner")
    client = visit(cast.town_officer)
    merge(client, plan, first, second, keep=str(first.pk))

    segments = client.get(f"/plans/{plan.pk}/duties/{first.pk}/split/").context["form"].segments

    assert "".join(segment.words for segment in segments) == TEXT[opens : last + 6]
    assert len({segment.end for segment in segments}) == len(segments)


@pytest.mark.parametrize("typed", [{}, {"cut": ["3"]}])
def test_a_cut_that_is_none_is_told(cast: Cast, visit: Visit, typed: dict[str, Any]) -> None:
    plan = make_draft(cast, VISIT)
    row = get_row(plan, "visits")

    answer = visit(cast.town_officer).post(f"/plans/{plan.pk}/duties/{row.pk}/split/", typed)

    assert answer.status_code == 422
    assert plan.draft_duties.count() == 1


# --- answers ---


def ask(plan: PlanVersion, duty_id: str, *codes: str, **duty: Any) -> DraftDuty:
    row = get_row(plan, duty_id)
    row.questions, row.duty = list(codes), row.duty | duty
    row.save()
    return row


def answer(client: Client, row: DraftDuty, **typed: str) -> Any:
    return client.post(f"/plans/{row.version_id}/duties/{row.pk}/answer/", {"revision": row.revision, **typed}, **PART)


def test_a_question_stands_on_the_card_with_the_field_that_answers_it(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = ask(plan, "rally", "question.who")

    card = read(visit(cast.town_officer), plan).split(f'id="duty-{row.pk}"')[1].split("</article>")[0]

    assert "由谁办" in card.split('class="answers"')[1]
    assert 'name="kinds"' in card


def test_the_answer_is_put_into_the_duty_and_the_question_is_gone(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = ask(plan, "rally", "question.who")

    answer(visit(cast.town_officer), row, kinds="school")

    row.refresh_from_db()
    assert (row.duty["who"], row.questions, row.decision) == ({"kind": "school"}, [], "accepted")
    assert row.duty["every"] == "month"


def test_the_second_of_two_questions_stays_asked(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = ask(plan, "rally", "question.who", "question.cadence")

    answer(visit(cast.town_officer), row, kinds="school")

    row.refresh_from_db()
    assert (row.questions, row.decision) == (["question.cadence"], "proposed")


def test_a_vague_duty_is_counted_once_its_number_is_given(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, {key: value for key, value in RALLY.items() if key != "at_least"} | {"vague": True})
    row = ask(plan, "rally", "question.amount")

    answer(visit(cast.town_officer), row, number="4", form="count")

    row.refresh_from_db()
    assert row.duty["at_least"] == 4
    assert "vague" not in row.duty


def test_a_person_may_say_that_nothing_is_counted(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, {key: value for key, value in RALLY.items() if key != "at_least"} | {"vague": True})
    row = ask(plan, "rally", "question.amount")

    answer(visit(cast.town_officer), row, keep="1")

    row.refresh_from_db()
    assert (row.duty["vague"], row.questions, row.decision) == (True, [], "accepted")


def test_an_answer_that_does_not_fit_opens_the_whole_form(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = ask(plan, "rally", "question.amount")

    page = answer(visit(cast.town_officer), row, number="viele", form="count").content.decode()

    row.refresh_from_db()
    assert 'class="field-error"' in page
    assert 'value="viele"' in page
    assert row.questions == ["question.amount"]


def test_an_empty_answer_is_told(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = ask(plan, "rally", "question.who")

    assert "请先选好或填好" in answer(visit(cast.town_officer), row).content.decode()


@pytest.mark.parametrize(
    ("inferred", "told"),
    [
        ([{"what": "year", "from": "title", "value": "2027"}], "原文没写年份，依据方案标题定为2027年"),
        (["year 2027 from title"], "2027"),
    ],
    ids=["as data", "as an older draft holds it"],
)
def test_what_was_inferred_is_said_on_the_card_with_its_reason(
    cast: Cast, visit: Visit, inferred: list[object], told: str
) -> None:
    plan = make_draft(cast, RALLY)
    plan.draft_duties.update(demand={"inferred": inferred})

    page = read(visit(cast.town_officer), plan)

    assert told in page.split('class="inferred"')[1].split("</ul>")[0]


# --- undo and redo ---


def test_every_step_can_be_taken_back_to_the_first_and_made_again(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    rally, visits = get_row(plan, "rally"), get_row(plan, "visits")
    client = visit(cast.town_officer)
    seen = [show(plan)]
    steps: list[tuple[str, dict[str, Any]]] = [
        (f"duties/{rally.pk}/decide/", {"decision": "accepted"}),
        (f"duties/{rally.pk}/", MENDED),
        ("duties/new/", MENDED | {"quote": "各酒店在大厅适时滚动播放提示"}),
        (f"duties/{visits.pk}/split/", {"copy": "on"}),
        ("duties/merge/", {"duty": [rally.pk, visits.pk], "keep": rally.pk}),
        (f"duties/{rally.pk}/decide/", {"decision": "dropped"}),
        ("accept-clear/", {}),
    ]
    for address, typed in steps[:-1]:
        client.post(f"/plans/{plan.pk}/{address}", typed)
        seen.append(show(plan))

    for wanted in reversed(seen[:-1]):
        undo(client, plan)
        assert leave_out_gone(show(plan)) == leave_out_gone(wanted)
    for wanted in seen[1:]:
        undo(client, plan, "redo")
        assert leave_out_gone(show(plan)) == leave_out_gone(wanted)


def leave_out_gone(shown: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [row for row in shown if row[1] != "gone"]


def test_accepting_all_is_one_step(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT, TABLE)
    client = visit(cast.town_officer)
    client.post(f"/plans/{plan.pk}/accept-clear/")

    page = undo(client, plan).content.decode()

    assert {row.decision for row in plan.draft_duties.all()} == {"proposed"}
    assert "已撤销：采用全部没有疑问的任务（青石镇平安办专干" in page


def test_the_head_goes_back_too(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    client = visit(cast.town_officer)
    phases = plan.reading["draft_phases"]
    typed = {f"{key}_{n}": phase[key] for n, phase in enumerate(phases) for key in ("name", "from", "to")}
    head = {"title": "新标题", "valid_from": "2027-02-01", "valid_to": "2027-11-30"}
    client.post(f"/plans/{plan.pk}/head/", head | typed)

    undo(client, plan)

    after = PlanVersion.objects.get(pk=plan.pk)
    assert (after.title, after.valid_from, after.reading) == (plan.title, plan.valid_from, plan.reading)


def test_a_step_of_a_colleague_is_named_and_can_be_taken_back(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    review.decide_duty(actor=cast.officer, row=get_row(plan, "rally"), decision="dropped", now=NOW)

    page = read(visit(cast.town_officer), plan)
    undo(visit(cast.town_officer), plan)

    assert "上一步：县联席办专干" in page
    assert get_row(plan, "rally").decision == "proposed"
    assert [change.actor for change in plan.changes.all()] == [cast.officer, cast.town_officer]


def test_a_new_change_ends_what_could_be_made_again(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    client = visit(cast.town_officer)
    review.decide_duty(actor=cast.town_officer, row=get_row(plan, "rally"), decision="dropped", now=NOW)
    undo(client, plan)
    review.decide_duty(actor=cast.town_officer, row=get_row(plan, "visits"), decision="accepted", now=NOW)

    page = undo(client, plan, "redo", number=1).content.decode()

    assert 'data-step="redo"' not in page
    assert get_row(plan, "rally").decision == "proposed"


def test_undoing_what_is_no_longer_the_last_step_is_refused(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    for duty in ("rally", "visits"):
        review.decide_duty(actor=cast.officer, row=get_row(plan, duty), decision="accepted", now=NOW)

    page = undo(visit(cast.town_officer), plan, number=1).content.decode()

    assert "刚才又有了新的改动" in page
    assert get_row(plan, "rally").decision == "accepted"


def test_an_undone_duty_that_was_added_does_not_come_into_the_plan(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, TABLE)
    client = visit(cast.town_officer)
    client.post(f"/plans/{plan.pk}/duties/new/", MENDED)
    undo(client, plan)

    client.post(f"/plans/{plan.pk}/duties/new/", MENDED)

    assert [row.duty["id"] for row in plan.draft_duties.exclude(decision="gone")] == ["table", "added-2"]


# --- two persons at once ---


def test_a_decision_on_an_older_state_is_refused_and_says_what_the_other_did(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")
    review.decide_duty(actor=cast.officer, row=row, decision="dropped", now=NOW)

    part = visit(cast.town_officer).post(
        f"/plans/{plan.pk}/duties/{row.pk}/decide/", {"decision": "accepted", "revision": row.revision}, **PART
    )

    page = part.content.decode()
    assert get_row(plan, "rally").decision == "dropped"
    assert "县联席办专干在" in page
    assert "删去任务" in page
    assert 'data-decision="dropped"' in page


def test_what_was_typed_over_a_colleague_stays_and_can_be_saved_again(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")
    client, address = visit(cast.town_officer), f"/plans/{plan.pk}/duties/{row.pk}/"
    review.mend_duty(actor=cast.officer, row=row, duty=RALLY | {"at_least": 9}, now=NOW)

    refused = client.post(address, MENDED | {"revision": row.revision})
    shown = refused.content.decode()
    again = client.post(address, MENDED | {"revision": refused.context["revision"]})

    assert refused.status_code == 422
    assert refused.context["form"]["number"].value() == "2"
    assert "县联席办专干" in shown
    assert "9 次" in shown
    assert again.status_code == 302
    assert get_row(plan, "rally").duty["at_least"] == 2


@pytest.mark.parametrize("headers", [{}, PART], ids=["page", "part"])
def test_a_duty_that_a_colleague_merged_away_is_told_kindly(cast: Cast, visit: Visit, headers: dict[str, Any]) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    first, second = get_row(plan, "rally"), get_row(plan, "visits")
    client = visit(cast.town_officer)
    merge(visit(cast.officer), plan, first, second, keep=str(first.pk))
    address = f"/plans/{plan.pk}/duties/{second.pk}/"

    told = [
        client.post(f"{address}decide/", {"decision": "accepted"}, follow=True, **headers),
        client.post(address, MENDED, follow=True, **headers),
        client.get(address, follow=True, **headers),
        client.get(f"{address}card/", follow=True, **headers),
        client.post(f"{address}split/", {"copy": "on"}, follow=True, **headers),
    ]

    assert all("合并任务" in page.content.decode() for page in told)
    assert get_row(plan, "visits").decision == "gone"


def test_merging_what_a_colleague_has_changed_is_refused(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    first, second = get_row(plan, "rally"), get_row(plan, "visits")
    review.decide_duty(actor=cast.officer, row=second, decision="dropped", now=NOW)

    merge(visit(cast.town_officer), plan, first, second, keep=str(first.pk), **{f"revision-{second.pk}": "0"})

    assert [row.decision for row in plan.draft_duties.all()] == ["proposed", "dropped"]


def test_an_answer_on_an_older_state_is_refused(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row = ask(plan, "rally", "question.who")
    review.decide_duty(actor=cast.officer, row=row, decision="dropped", now=NOW)

    answer(visit(cast.town_officer), row, kinds="school")

    assert get_row(plan, "rally").duty["who"] == RALLY["who"]


def test_a_stale_action_changes_nothing(cast: Cast) -> None:
    plan = make_draft(cast, RALLY)
    row = get_row(plan, "rally")
    review.decide_duty(actor=cast.officer, row=row, decision="dropped", now=NOW)
    before = list(DraftDuty.objects.values()), DraftChange.objects.count()

    with pytest.raises(StaleError):
        review.split_duty(
            actor=cast.town_officer,
            row=row,
            parts=[{"quote": "甲", "span": None, "spans": []}] * 2,
            now=NOW,
            revision=0,
        )

    assert (list(DraftDuty.objects.values()), DraftChange.objects.count()) == before


# --- who changed what ---


def test_the_history_of_a_duty_says_who_when_and_what_in_sentences(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    row = get_row(plan, "rally")
    review.mend_duty(actor=cast.officer, row=row, duty=RALLY | {"at_least": 9}, now=NOW)
    review.decide_duty(actor=cast.town_officer, row=get_row(plan, "visits"), decision="dropped", now=NOW)

    client = visit(cast.town_officer)
    own = client.get(f"/plans/{plan.pk}/history/?duty={row.pk}").content.decode()
    whole = client.get(f"/plans/{plan.pk}/history/").content.decode()

    assert "县联席办专干" in own
    assert "修改任务" in own
    assert "1 次" in own
    assert "9 次" in own
    assert "2026-11-20 11:00" in own
    assert "删去任务" not in own
    assert "删去任务" in whole


def test_an_untouched_draft_says_that_nothing_was_changed(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)

    page = visit(cast.town_officer).get(f"/plans/{plan.pk}/history/").content.decode()

    assert "还没有改动" in page


def test_the_history_stays_with_the_issued_plan_and_cannot_be_changed(cast: Cast, visit: Visit) -> None:
    plan = make_issued(cast)
    change, step = DraftChange.objects.get(), DraftStep.objects.first()
    assert step is not None

    page = visit(cast.town_officer).get(f"/plans/{plan.pk}/history/").content.decode()

    assert "采用全部没有疑问的任务" in page
    for attempt in (
        lambda: DraftChange.objects.update(actor=cast.officer),
        lambda: DraftStep.objects.update(after={}),
        change.delete,
        step.delete,
        lambda: plan.draft_duties.update(decision="dropped"),
        lambda: plan.draft_duties.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_what_was_noted_in_a_draft_is_never_rewritten_but_leaves_with_it(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    review.decide_duty(actor=cast.town_officer, row=get_row(plan, "rally"), decision="accepted", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        DraftStep.objects.update(after={})

    visit(cast.town_officer).post(f"/plans/{plan.pk}/discard/")

    assert not DraftChange.objects.exists()
    assert not DraftStep.objects.exists()


def test_what_is_left_out_at_issuing_is_noted_too(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, TABLE)
    review.decide_duty(actor=cast.town_officer, row=get_row(plan, "rally"), decision="accepted", now=NOW)

    visit(cast.town_officer).post(f"/plans/{plan.pk}/issue/", {"leave_out": "on"})

    assert [change.action for change in plan.changes.all()] == ["accept", "leave-out"]
    assert get_row(plan, "table").decision == "dropped"


def test_the_issued_plan_leads_those_who_manage_it_to_its_history(cast: Cast, visit: Visit) -> None:
    plan = make_issued(cast)
    way = f'href="/plans/{plan.pk}/history/"'

    assert way in read(visit(cast.town_officer), plan)
    assert way not in read(visit(cast.secretary), plan)


@pytest.mark.parametrize("name", ["secretary", "supervisor", "outsider", "nobody"])
def test_only_who_may_change_a_draft_sees_who_changed_it(cast: Cast, visit: Visit, name: str) -> None:
    plan = make_issued(cast)

    answer = visit(cast.people[name]).get(f"/plans/{plan.pk}/history/")

    assert answer.status_code == (403 if name in ("secretary", "supervisor") else 404)


# --- finding ---


def test_the_duties_can_be_filtered_and_searched(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, VISIT, TABLE)
    review.decide_duty(actor=cast.town_officer, row=get_row(plan, "rally"), decision="accepted", now=NOW)
    client = visit(cast.town_officer)

    def find(query: str) -> list[str]:
        page = client.get(f"/plans/{plan.pk}/?{query}").context["review"].page
        return [card.row.duty["id"] for card in page]

    assert find("show=accepted") == ["rally"]
    assert find("show=waiting") == ["visits", "table"]
    assert find("q=入户 50%") == ["visits"]
    assert find("show=accepted&q=入户") == []
    assert "没有含“入户”的任务" in client.get(f"/plans/{plan.pk}/?show=accepted&q=入户").content.decode()


def add_changes(cast: Cast, plan: PlanVersion, number: int) -> None:
    for turn in range(number):
        decision = "dropped" if turn % 2 else "accepted"
        review.decide_duty(actor=cast.town_officer, row=get_row(plan, "rally"), decision=decision, now=NOW)


@pytest.mark.parametrize("address", ["", "history/"])
def test_many_changes_take_as_many_queries_as_one(cast: Cast, visit: Visit, address: str) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    client = visit(cast.town_officer)
    add_changes(cast, plan, 1)
    few = count_queries(client, f"/plans/{plan.pk}/{address}")

    add_changes(cast, plan, 30)

    assert count_queries(client, f"/plans/{plan.pk}/{address}") == few


@pytest.mark.parametrize("act", ["decide/", "answer/", "card/"])
def test_an_act_on_one_of_many_duties_takes_as_many_queries_as_on_one_of_few(
    cast: Cast, visit: Visit, act: str
) -> None:
    plan = make_draft(cast, RALLY, VISIT)
    row, client = ask(plan, "rally", "question.who"), visit(cast.town_officer)
    address = f"/plans/{plan.pk}/duties/{row.pk}/{act}"
    few = count_queries(client, address)

    DraftDuty.objects.bulk_create(
        DraftDuty(version=plan, position=number, duty=TABLE | {"id": f"table-{number}"}) for number in range(2, 202)
    )

    ask(plan, "rally", "question.who")
    assert count_queries(client, address) == few


def count_queries(client: Client, address: str) -> int:
    """Once what is kept between two visits is there."""
    typed = {"decision": "accepted", "kinds": "school"}
    send = client.get if address.endswith(("history/", "card/")) or address.count("/") == 3 else client.post
    send(address, typed, **PART)
    ask_again(address)
    with CaptureQueriesContext(connection) as seen:
        assert send(address, typed, **PART).status_code == 200
    return len(seen)


def ask_again(address: str) -> None:
    """An answer that was given is asked for once more."""
    if address.endswith("answer/"):
        DraftDuty.objects.filter(pk=int(address.split("/")[-3])).update(questions=["question.who"])


def test_a_part_that_can_be_read_alone_asks_for_its_own_thing(cast: Cast, visit: Visit) -> None:
    text = "青石镇方案\n一、工作任务\n（一）各村每月开展2次集中宣传活动，各学校每学期开展1次主题班会。\n"
    plan = upload(cast.town_officer, cast.town, text)
    whole = text.split("（一）")[1].rstrip("。\n")
    start = text.index(whole)
    plan.draft_duties.exclude(pk=plan.draft_duties.order_by("position")[0].pk).delete()
    row = plan.draft_duties.get()
    row.duty = RALLY | {"quote": whole, "span": [start, start + len(whole)]}
    row.save()

    visit(cast.town_officer).post(f"/plans/{plan.pk}/duties/{row.pk}/split/", {"cut": [start + whole.index("各学校")]})

    first, second = [part.duty for part in plan.draft_duties.order_by("position")]
    assert (first["do"], first["at_least"], first["every"]) == ("rally", 2, "month")
    assert (second["do"], second["at_least"], second["every"]) == ("class-meeting", 1, "semester")
    assert second["who"] == {"kind": "school"}
    assert second["clause"] == RALLY["clause"]


def test_the_form_for_selected_words_says_what_the_reader_makes_of_them(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, TABLE)
    start, end = RALLY["span"]

    form = visit(cast.town_officer).get(f"/plans/{plan.pk}/duties/new/", {"start": start, "end": end}).context["form"]

    assert form["quote"].value() == RALLY["quote"]
    assert (form["kinds"].value(), form["object"].value()) == (["village", "community"], "rally")
    assert (form["number"].value(), form["every"].value()) == ("1", "month")


@pytest.mark.parametrize(
    "wrong",
    [{"number": 1}, {"number": 2, "action": "undo"}, {"number": 2, "action": "accept", "undoes": True}],
    ids=["a number twice", "an undo of nothing", "a decision that undoes"],
)
def test_the_database_refuses_a_change_that_cannot_be(cast: Cast, wrong: dict[str, Any]) -> None:
    plan = make_draft(cast, RALLY)
    review.decide_duty(actor=cast.town_officer, row=get_row(plan, "rally"), decision="accepted", now=NOW)
    first = DraftChange.objects.get()
    values = {"version": plan, "action": "accept", "actor": cast.officer, "at": NOW} | wrong

    with pytest.raises(IntegrityError), transaction.atomic():
        DraftChange.objects.create(**values | ({"undoes": first} if wrong.get("undoes") else {}))


def test_a_change_of_many_duties_shows_the_first_of_them_and_leads_to_all(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, *(TABLE | {"id": f"table-{number}"} for number in range(30)))
    client = visit(cast.town_officer)
    client.post(f"/plans/{plan.pk}/accept-clear/")

    page = client.get(f"/plans/{plan.pk}/history/").content.decode()
    whole = client.get(f"/plans/{plan.pk}/history/?change=1").content.decode()

    assert page.count('class="trace"') == 20
    assert "30 条任务" in page
    assert 'href="?change=1">还有 10 条任务' in page
    assert whole.count('class="trace"') == 30


# --- what the page is told of a form that was sent ---


def test_a_form_that_was_saved_is_named_and_one_that_was_not_is_not(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY, TABLE)
    client, row = visit(cast.officer), get_row(plan, RALLY["id"])
    address = f"/plans/{plan.pk}/duties/{row.pk}/"

    wrong = client.post(address, MENDED | {"number": "viel"}, **PART)
    saved = client.post(address, MENDED, **PART)
    whole = client.post(address, MENDED)

    assert "Wuzha-Saved" not in wrong.headers
    assert saved.headers["Wuzha-Saved"] == str(row.pk)
    assert whole.headers["Location"].endswith(f"?duty={row.pk}&saved={row.pk}#duty-{row.pk}")


def test_without_a_log_in_a_part_opens_the_whole_log_in_and_comes_back_to_the_review(cast: Cast) -> None:
    plan = make_draft(cast, RALLY)
    review_page = f"/plans/{plan.pk}/"
    address = f"{review_page}duties/{get_row(plan, RALLY['id']).pk}/"
    away = Client()

    part = away.post(address, MENDED, HTTP_HX_CURRENT_URL=f"http://testserver{review_page}?page=2#duty-3", **PART)
    outside = away.post(address, MENDED, HTTP_HX_CURRENT_URL="http://elsewhere.test//evil.test/", **PART)

    assert (part.status_code, part.content) == (204, b"")
    assert part.headers["HX-Redirect"] == f"/log-in/?next=%2Fplans%2F{plan.pk}%2F%3Fpage%3D2"
    assert outside.headers["HX-Redirect"] == "/log-in/"
    assert away.post(address, MENDED).status_code == 302, "a whole page is led as ever"
