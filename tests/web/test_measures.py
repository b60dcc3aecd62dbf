"""A measure from proposal to clearing: given with its paper by a named person, answered, appealed, cleared."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.web.cast import FAST, Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter
from tests.web.measures import ask, draft_measure, give, issue, issue_long_plan, read_text, tell, tick
from wuzha.web.accounts.models import AuditEntry, Post, User
from wuzha.web.campaign.actions.measures import NotGivenError
from wuzha.web.campaign.actions.papers import issue_paper
from wuzha.web.campaign.models import DraftPaper, IssuedPaper, LadderVersion, Measure, PaperEvent, PlanVersion

INDICATOR = """
  - {id: cases-few, who: {kind: [village, community]}, attain: cases, at_most: 1, every: month}
"""


def enter_cases(cast: Cast, number: int) -> str:
    """So many cases of the village last month, all in one record; gives the window."""
    day = timezone.localdate().replace(day=1) - timedelta(days=3)
    enter(cast.secretary, cast.village, day, kind="cases", quantity=number)
    return f"cases-few|{day:%Y-%m}"


@pytest.fixture
def plan(cast: Cast) -> PlanVersion:
    return issue_long_plan(cast)


def test_nothing_is_given_before_a_person_issues(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    draft = draft_measure(client, plan)

    page = read_text(client.get(f"/papers/drafts/{draft.pk}/"))

    assert not Measure.objects.exists()
    assert "签发之前什么都没有出具" in page
    assert "本次提示针对以下到期未完成的事项" in page
    assert "5日内书面答复，15日内完成整改" in page


def test_issuing_gives_the_measure_with_its_facts_its_days_and_a_name(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    measure = give(visit(cast.officer), plan)

    today = timezone.localdate()
    assert (measure.unit, measure.office, measure.given_by, measure.post) == (
        cast.village,
        cast.county,
        cast.officer,
        "officer",
    )
    assert (measure.given_on, measure.answer_by, measure.mend_by) == (
        today,
        today + timedelta(days=5),
        today + timedelta(days=15),
    )
    rally = [one for one in measure.facts if one["duty"] == "rally"]
    assert rally
    assert {one["status"] for one in measure.facts} == {"missed"}
    assert rally[0]["told"].startswith("0 / 1")
    assert measure.about[0]["windows"]
    entry = AuditEntry.objects.get(action="measure.given")
    assert (entry.actor, entry.details["unit"]) == (cast.officer, "SQ0101")


def test_the_whole_life_stands_on_one_page_with_names_days_and_words(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    office, village = visit(cast.officer), visit(cast.secretary)
    measure = give(office, plan)
    tell(village, measure, "answered", "广场在修，已改在祠堂办。")
    tell(office, measure, "extended", "场地要到下月才好。", until=str(measure.mend_by + timedelta(days=10)))
    tell(village, measure, "mended", "缺的已经补办。")
    before = read_text(office.get(f"/supervision/measures/{measure.pk}/"))
    assert f"点名的 {len(measure.facts)} 项，现在已完成 0 项" in before, "who clears sees what was made good"
    tell(office, measure, "cleared", "现场看过，属实。")

    page = read_text(village.get(f"/supervision/measures/{measure.pk}/"))

    for words in ("广场在修", "场地要到下月才好", "缺的已经补办", "现场看过，属实", "柳湾村网格员", "县联席办专干"):
        assert words in page
    assert "销号" in page
    assert [one.kind for one in PaperEvent.objects.order_by("number")] == ["answered", "extended", "mended", "cleared"]
    assert {one.actor for one in AuditEntry.objects.filter(action__startswith="measure.")} == {
        cast.officer,
        cast.secretary,
    }


def test_the_unit_finds_the_paper_among_its_tasks_until_it_is_at_an_end(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    office, village = visit(cast.officer), visit(cast.secretary)
    measure = give(office, plan)
    address = f"/supervision/measures/{measure.pk}/"

    assert address in village.get("/today/work/").content.decode()
    assert village.get(address).status_code == 200
    assert village.get(f"/papers/{measure.paper_id}/").status_code == 200
    assert village.get(f"/papers/{measure.paper_id}/files/docx").status_code == 200
    tell(village, measure, "mended")
    tell(office, measure, "cleared")
    assert address not in village.get("/today/work/").content.decode()


def test_what_was_mended_shows_in_the_standing_itself(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    measure = give(client, plan)
    (fact,) = [one for one in measure.facts if one["duty"] == "rally"][-1:]
    before = [one.is_made_good for one in client.get(f"/supervision/measures/{measure.pk}/").context["facts"]]
    year, month = (int(part) for part in fact["window"].split("-"))

    enter(cast.secretary, cast.village, timezone.localdate().replace(year=year, month=month, day=8), people=20)
    facts = client.get(f"/supervision/measures/{measure.pk}/").context["facts"]

    assert not any(before)
    assert [one.then["window"] for one in facts if one.is_made_good] == [fact["window"]]


def test_an_appeal_is_not_refused_by_whoever_gave_the_measure(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    office, village = visit(cast.officer), visit(cast.secretary)
    measure = give(office, plan)
    tell(village, measure, "appealed", "二月办过，登记在东社区名下。")

    own = tell(office, measure, "upheld", "查过，没有。")
    other = tell(visit(cast.supervisor), measure, "upheld", "查过，没有。")

    assert own.status_code == 422
    assert "不能由本人驳回申诉" in read_text(own)
    assert other.status_code == 302
    assert PaperEvent.objects.get(kind="upheld").made_by == cast.supervisor


def test_where_nobody_else_can_decide_it_is_said_that_the_giver_did(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    office, village = visit(cast.officer), visit(cast.secretary)
    Post.objects.filter(user=cast.supervisor).delete()
    measure = give(office, plan)
    tell(village, measure, "appealed", "二月办过。")

    answer = tell(office, measure, "upheld", "查过台账，没有。")

    assert answer.status_code == 302
    assert "这里没有别的人有这个岗位" in read_text(office.get(f"/supervision/measures/{measure.pk}/"))


def test_an_appeal_accepted_lifts_the_measure_and_it_counts_no_more(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    office, village = visit(cast.officer), visit(cast.secretary)
    measure = give(office, plan)
    tell(village, measure, "appealed", "方案印发时本村还没有人员。")
    tell(office, measure, "lifted", "情况属实。")

    case = office.get(ask(plan)).context["case"]
    windows = {(one.duty.id, window.label) for one in case.duties for window in one.windows}
    assert not windows & {(one["duty"], label) for one in measure.about for label in one["windows"]}
    late = tell(village, measure, "answered", "又来答复")
    assert late.status_code == 422
    assert "已经了结" in read_text(late)


def test_the_same_is_not_given_twice_by_two_persons_at_once(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    one, two = draft_measure(client, plan), draft_measure(client, plan)
    issue(client, one)

    answer = client.post(f"/papers/drafts/{two.pk}/issue/", {"revision": two.revision}, follow=True)

    assert "不要重复出具" in read_text(answer)
    assert (Measure.objects.count(), IssuedPaper.objects.count(), DraftPaper.objects.count()) == (1, 1, 1)


def test_what_was_made_good_before_the_paper_went_out_is_no_ground(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    draft = draft_measure(client, plan, about=[pick(client, plan, "rally")])
    year, month = (int(part) for part in draft.asked["measure"]["about"][0]["windows"][0].split("-"))
    enter(cast.secretary, cast.village, timezone.localdate().replace(year=year, month=month, day=8), people=20)

    page = read_text(client.get(f"/papers/drafts/{draft.pk}/"))
    with pytest.raises(NotGivenError) as refused:
        issue_paper(actor=cast.officer, draft=draft, now=timezone.now())

    assert "现在已经不算没完成" in page
    assert [one.code for one in refused.value.problems][:1] == ["supervision.made-good"]
    assert not IssuedPaper.objects.exists()


def pick(client: Any, plan: PlanVersion, duty: str) -> str:
    """The last window of the duty that can be a ground."""
    about = client.get(ask(plan)).context["form"]["about"].value()
    return str([one for one in about if one.startswith(f"{duty}|")][-1])


def test_a_higher_step_wants_the_one_below_run_out(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    address = ask(plan, step="circular")

    answer = client.post(address, tick(client.get(address), step="circular", reason="多次提醒"))

    assert answer.status_code == 422
    assert "还没有走过“提示”" in read_text(answer)
    assert not DraftPaper.objects.exists()


def test_what_was_not_proposed_wants_a_reason(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    """The community did all its rallies and quarters but is given a reminder for its visits by hand."""
    client = visit(cast.officer)
    LadderVersion.objects.create(
        unit=cast.county,
        text=LADDER,
        reason="试行",
        starts_on=timezone.localdate(),
        made_by=cast.officer,
        made_at=timezone.now(),
    )
    page = client.get(ask(plan))

    without = client.post(ask(plan), tick(page))
    with_reason = client.post(ask(plan), tick(page, reason="群众来信反映，现场核实属实"))

    assert without.status_code == 422
    assert "请写明理由" in read_text(without)
    assert with_reason.status_code == 302


LADDER = """
title: 试行阶梯
steps:
  - code: remind
    title: 提示
    title_en: Reminder
    paper: letter
    when: [missed_in_a_row >= 900]
    answer_days: 3
    mend_days: 9
    appeal_days: 4
"""


def test_a_supervisor_gives_the_steps_that_the_ladder_allows_them(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    measure = give(visit(cast.supervisor), plan)

    assert (measure.given_by, measure.post) == (cast.supervisor, "supervisor")


def test_a_town_gives_its_own_village_a_measure_in_its_own_name(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    assert give(visit(cast.town_officer), plan).office == cast.town


@pytest.mark.parametrize("name", ["outsider", "nobody"])
def test_the_outsider_learns_nothing_of_a_measure(cast: Cast, visit: Visit, plan: PlanVersion, name: str) -> None:
    measure = give(visit(cast.officer), plan)
    client = visit(cast.people[name])

    for address in (f"/supervision/measures/{measure.pk}/", f"/papers/{measure.paper_id}/", ask(plan)):
        assert client.get(address).status_code == 404, address
    for kind in ("answered", "cleared"):
        assert tell(client, measure, kind).status_code == 404
    assert measure.paper.number not in client.get("/supervision/").content.decode()
    assert not PaperEvent.objects.exists()


def test_the_unit_does_not_decide_and_the_office_does_not_answer(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    office, village = visit(cast.officer), visit(cast.secretary)
    measure = give(office, plan)

    assert tell(village, measure, "cleared").status_code == 403
    assert tell(office, measure, "answered").status_code == 403
    assert visit(cast.secretary).get(ask(plan)).status_code == 403
    assert not PaperEvent.objects.exists()


def test_the_town_may_answer_for_its_village(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    measure = give(visit(cast.officer), plan)

    assert tell(visit(cast.town_officer), measure, "answered", "村里没有专人，镇里代答。").status_code == 302
    assert PaperEvent.objects.get().unit == cast.town


def test_a_letter_without_a_measure_is_answered_once(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    office, village = visit(cast.officer), visit(cast.secretary)
    page = office.get(f"/papers/new/?form=letter&unit=SQ0101&plan={plan.pk}")
    form = page.context["form"]
    words = {name: form[name].value() or "" for name in form.fields}
    drafted = office.post(f"/papers/new/?form=letter&unit=SQ0101&plan={plan.pk}", words)
    paper = issue(office, DraftPaper.objects.get(pk=drafted.headers["Location"].split("/")[-2]))
    address = f"/papers/{paper.pk}/"

    assert address in village.get("/today/work/").content.decode()
    village.post(f"{address}answer/", {"kind": "answered", "note": "收到，下周补办。"})
    village.post(f"{address}answer/", {"kind": "answered", "note": "再答一次。"})
    village.post(f"{address}answer/", {"kind": "appealed", "note": "没有措施可申诉。"})

    assert [one.note for one in PaperEvent.objects.all()] == ["收到，下周补办。"]
    assert "收到，下周补办" in office.get(address).content.decode()
    assert address not in village.get("/today/work/").content.decode()


@pytest.mark.parametrize("note", ["", "   ", "字" * 2001])
def test_an_answer_without_words_or_with_far_too_many_is_refused(
    cast: Cast, visit: Visit, plan: PlanVersion, note: str
) -> None:
    measure = give(visit(cast.officer), plan)

    assert tell(visit(cast.secretary), measure, "answered", note).status_code == 422
    assert not PaperEvent.objects.exists()


def test_an_answer_sent_twice_is_kept_once(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    measure, village = give(visit(cast.officer), plan), visit(cast.secretary)

    assert [tell(village, measure, "answered").status_code for _ in range(2)] == [302, 422]
    assert PaperEvent.objects.count() == 1


def test_an_extension_to_an_earlier_day_is_refused(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    measure = give(client, plan)

    answer = tell(client, measure, "extended", until=str(measure.mend_by))

    assert answer.status_code == 422
    assert "更晚的日期" in read_text(answer)


def test_the_unit_page_shows_what_is_in_force_and_calls_ended_ones_history(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    office = visit(cast.officer)
    measure = give(office, plan)
    live = read_text(office.get("/units/SQ0101/standing/"))
    tell(visit(cast.secretary), measure, "mended")
    tell(office, measure, "cleared")
    ended = read_text(office.get("/units/SQ0101/standing/"))

    assert measure.paper.number in live
    assert "已了结，不再计入" not in live
    assert "已了结，不再计入" in ended


@pytest.mark.parametrize("change", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("campaign_measure", "reason"), ("campaign_paperevent", "note"), ("campaign_ladderversion", "text")],
)
def test_the_database_itself_keeps_what_happened(
    cast: Cast, visit: Visit, plan: PlanVersion, change: str, table: str, column: str
) -> None:
    client = visit(cast.officer)
    measure = give(client, plan)
    tell(visit(cast.secretary), measure, "answered")
    LadderVersion.objects.create(
        unit=cast.county,
        text=LADDER,
        reason="试行",
        starts_on=timezone.localdate(),
        made_by=cast.officer,
        made_at=timezone.now(),
    )

    with pytest.raises(DatabaseError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table=table, column=column))


def test_what_chance_explains_is_no_ground_even_by_hand(cast: Cast, visit: Visit) -> None:
    plan, client = issue_long_plan(cast, more=INDICATOR), visit(cast.officer)
    window = enter_cases(cast, 2)
    page = client.get(ask(plan))

    text = read_text(page)
    answer = client.post(ask(plan), tick(page, about=[window], reason="案子多"))

    assert "不能作依据" in text
    assert answer.status_code == 422
    assert not DraftPaper.objects.exists()


def test_a_card_on_an_indicator_shows_its_interval(cast: Cast, visit: Visit) -> None:
    plan, client = issue_long_plan(cast, more=INDICATOR), visit(cast.officer)
    window = enter_cases(cast, 60)
    measure = give(client, plan, about=[window], reason="案件明显多于往年")

    page = read_text(client.get(f"/supervision/measures/{measure.pk}/"))

    assert "区间" in page
    assert "计 60" in page


def test_another_officer_of_the_county_sees_who_gave_it(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    second = User.objects.create(username="second", display_name="县联席办副手", password=FAST)
    Post.objects.create(user=second, unit=cast.county, role=Post.Role.OFFICER)
    measure = give(visit(cast.officer), plan)

    page = read_text(visit(second).get("/supervision/"))

    assert measure.paper.number in page
    assert "待答复" in page


def test_the_measure_of_a_talk_leads_to_the_record_of_the_talk(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client, today = visit(cast.officer), timezone.localdate()
    LadderVersion.objects.create(
        unit=cast.county,
        text=LADDER.replace("remind", "talk").replace("提示", "约谈").replace("900", "1"),
        reason="试行",
        starts_on=today,
        made_by=cast.officer,
        made_at=timezone.now(),
    )
    measure = give(client, plan, step="talk")

    page = client.get(f"/supervision/measures/{measure.pk}/").content.decode()
    address = f"/papers/new/?form=talk&amp;unit=SQ0101&amp;plan={plan.pk}"

    assert address in page
    assert client.get(address.replace("&amp;", "&")).status_code == 200
