"""Briefings on the pages: what one is due of, drafted, numbered, issued with photos, recorded; and who may."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import docx
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.adapters.photos import draw_scene, save_jpeg
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan, make_record
from tests.web.test_papers import issue, read_text
from wuzha.core.paper.model import join_spans, list_figures, list_spans
from wuzha.web.accounts.models import AuditEntry, Unit, User
from wuzha.web.accounts.templatetags.wuzha import full_day
from wuzha.web.campaign.actions.evidence import take_in_file
from wuzha.web.campaign.actions.records import add_record, correct_record
from wuzha.web.campaign.models import BriefingStart, DraftPaper, Record
from wuzha.web.campaign.queries.briefings import find_days, find_issue
from wuzha.web.campaign.queries.papers import read_content

ASKING = "  - {id: fair, who: {kind: village}, do: talk, at_least: 1, every: month, proof: [每次宣传撰写简报一份]}\n"
FILED = "  - {id: briefings, who: {kind: county}, do: briefing, at_least: 1, every: month}\n"


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def rally(cast: Cast, today: date) -> Record:
    return enter(cast.secretary, cast.village, today - timedelta(days=2), people=120, place="村口广场")


def send(actor: User, unit: Unit, day: date, kind: str = "rally", **fields: Any) -> Record:
    """A record that comes at this very moment, of whichever day it tells."""
    outcome, problems = add_record(actor=actor, record=make_record(unit, day, kind, **fields), now=timezone.now())
    assert outcome.kept is not None, problems
    return outcome.kept


def attach(cast: Cast, record: Record, seed: int = 1) -> None:
    content = save_jpeg(draw_scene(seed))
    told: dict[str, Any] = {"actor": cast.secretary, "record_id": record.pk, "name": f"{seed}.jpg", "content": content}
    progress, problems = take_in_file(**told, now=timezone.now())
    assert (progress.complete, problems) == (True, [])


def read_fields(page: Any) -> dict[str, Any]:
    """What a browser would send of the page as it stands."""
    form = page.context["form"]
    found: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if name == "photos":
            for number, photo in enumerate(form.fields["photos"].widget.offered):
                chosen = next((one for one in value or () if one["sha256"] == photo["sha256"]), None)
                found |= {f"photos-{number}": "1", f"photos-{number}-caption": chosen["caption"]} if chosen else {}
        elif value not in (None, False, ""):
            found[name] = value
    return found


def start(client: Client, what: str, **typed: Any) -> Any:
    address = f"/papers/new/?form=briefing&{what}"
    page = client.get(address)
    assert page.status_code == 200
    return client.post(address, read_fields(page) | typed)


def draft(client: Client, what: str, **typed: Any) -> DraftPaper:
    answer = start(client, what, **typed)
    assert answer.status_code == 302, read_text(answer.content.decode())
    return DraftPaper.objects.get(pk=answer.headers["Location"].split("/")[-2])


# --- what one is due of -----------------------------------------------------------------------------------------------


def test_where_the_plan_asks_one_each_the_events_without_a_briefing_are_listed(
    cast: Cast, visit: Visit, today: date
) -> None:
    issue_plan(cast, year=today.year, more=ASKING)
    talk = enter(cast.secretary, cast.village, today - timedelta(days=3), "talk", people=40)
    enter(cast.secretary, cast.village, today - timedelta(days=3))
    client = visit(cast.officer)

    page = client.get("/papers/briefings/")

    assert [event.record.pk for event in page.context["wanting"]] == [talk.pk]
    assert "方案要求一次活动一份简报" in page.content.decode()
    draft(client, f"record={talk.pk}")
    assert client.get("/papers/briefings/").context["wanting"] == []


def test_where_no_plan_asks_the_month_is_proposed(cast: Cast, visit: Visit, rally: Record, today: date) -> None:
    issue_plan(cast, year=today.year)
    page = visit(cast.officer).get("/papers/briefings/")
    assert page.context["wanting"] == []
    assert "一个月汇总一期就可以" in page.content.decode()
    assert f"month={today:%Y-%m}" in page.content.decode()
    assert [event.record.pk for event in page.context["events"]] == [rally.pk]


def test_the_list_of_papers_leads_to_the_page_of_new_briefings(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.officer).get("/papers/new/?form=briefing")
    assert answer.headers["Location"] == "/papers/briefings/"


def test_the_page_asks_as_much_of_the_database_for_twenty_events_as_for_two(
    cast: Cast, visit: Visit, today: date
) -> None:
    issue_plan(cast, year=today.year, more=ASKING)
    client = visit(cast.officer)
    counts = []
    for number in (2, 18):
        for _ in range(number):
            enter(cast.secretary, cast.village, today - timedelta(days=3), "talk", people=40)
        client.get("/papers/briefings/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/papers/briefings/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- an event ---------------------------------------------------------------------------------------------------------


def test_an_event_is_drafted_from_its_record_and_what_went_with_it(
    cast: Cast, visit: Visit, rally: Record, today: date
) -> None:
    enter(cast.secretary, cast.village, rally.happened_on, "leaflet", quantity=300)
    paper = read_content(draft(visit(cast.officer), f"record={rally.pk}"))
    text = join_spans(list_spans(paper.blocks[0]))
    day = f"{rally.happened_on.month}月{rally.happened_on.day}日"
    assert text == f"{day}，柳湾村在村口广场开展集中宣传活动1场，120人参加。活动中发放明白纸、手册300份。"
    assert {source.address for source in paper.sources} >= {f"/records/{rally.pk}/"}


def test_every_figure_opens_the_record_that_it_says(cast: Cast, visit: Visit, rally: Record) -> None:
    client = visit(cast.officer)
    for source in read_content(draft(client, f"record={rally.pk}")).sources:
        page = client.get(source.address)
        assert page.status_code == 200
        assert "120人参加" in page.content.decode()


def test_a_number_typed_over_is_pointed_out_and_leads_nowhere(cast: Cast, visit: Visit, rally: Record) -> None:
    client = visit(cast.officer)
    held = draft(client, f"record={rally.pk}", lead="村口广场来了130人，办了1场。")
    page = client.get(f"/papers/drafts/{held.pk}/").content.decode()
    assert "130人" in read_text(page)
    assert re.search(r"field-doubt[^<]*>[^<]*130", page)
    assert [figure.text for figure in list_figures(read_content(held))] == ["1"]


def test_a_corrected_record_shows_in_the_draft_until_it_is_counted_anew(
    cast: Cast, visit: Visit, rally: Record
) -> None:
    client = visit(cast.officer)
    held = draft(client, f"record={rally.pk}")
    correction = replace(rally.to_core(), id=UUID(int=rally.pk.int ^ 1), people=98)
    correct_record(actor=cast.secretary, original=rally, record=correction, now=timezone.now())
    page = client.get(f"/papers/drafts/{held.pk}/")
    assert [(change.before, change.after) for change in page.context["changes"]] == [("120", "98")]
    client.post(f"/papers/drafts/{held.pk}/", read_fields(page) | {"revision": 1})
    held.refresh_from_db()
    assert "98" in [figure.text for figure in list_figures(read_content(held))]


def test_a_month_of_a_year_to_come_and_a_record_out_of_sight_are_not_found(
    cast: Cast, visit: Visit, rally: Record
) -> None:
    client = visit(cast.officer)
    assert client.get("/papers/new/?form=briefing&month=2099-01").status_code == 404
    assert visit(cast.outsider).get(f"/papers/new/?form=briefing&record={rally.pk}").status_code == 404
    assert client.get(f"/papers/new/?form=briefing&month=2026-01&record={rally.pk}").status_code == 302
    assert client.get("/papers/new/?form=briefing&month=2026-13").status_code == 302


# --- photos -----------------------------------------------------------------------------------------------------------


def test_chosen_photos_stand_in_the_order_that_was_typed_with_their_captions(
    cast: Cast, visit: Visit, rally: Record
) -> None:
    for seed in (1, 2, 3):
        attach(cast, rally, seed)
    client = visit(cast.officer)
    typed = {
        **{"photos-0": "1", "photos-0-place": "2", "photos-0-caption": "村口的展板", "photos-0-half": "1"},
        **{"photos-2": "1", "photos-2-place": "1", "photos-2-caption": "网格员讲解", "photos-2-half": "1"},
    }
    held = draft(client, f"record={rally.pk}", **typed)
    assert [photo["caption"] for photo in held.said["photos"]] == ["网格员讲解", "村口的展板"]
    issued = issue(client, held)
    document = docx.Document(BytesIO(client.get(f"/papers/{issued.pk}/files/docx").content))
    assert [cell.paragraphs[-1].text for cell in document.tables[0].rows[0].cells] == ["网格员讲解", "村口的展板"]
    assert client.get(f"/papers/{issued.pk}/files/pdf").content[:5] == b"%PDF-"


def test_a_photo_of_another_record_cannot_be_slipped_in(cast: Cast, visit: Visit, rally: Record, today: date) -> None:
    foreign = enter(cast.officer, cast.units["SQ0201"], today, people=9)
    attach(cast, rally)
    told: dict[str, Any] = {
        "actor": cast.officer,
        "record_id": foreign.pk,
        "name": "f.jpg",
        "content": save_jpeg(draw_scene(9)),
    }
    take_in_file(**told, now=timezone.now())
    held = draft(visit(cast.officer), f"record={rally.pk}", **{"photos-0": "1", "photos-1": "1", "photos-7": "1"})
    assert len(held.said["photos"]) == 1
    answer = start(visit(cast.officer), f"record={rally.pk}", chosen=[str(foreign.pk)])
    assert answer.status_code == 422


def test_a_caption_that_is_too_long_is_told_and_stays_typed(cast: Cast, visit: Visit, rally: Record) -> None:
    attach(cast, rally)
    answer = start(visit(cast.officer), f"record={rally.pk}", **{"photos-0": "1", "photos-0-caption": "长" * 61})
    assert answer.status_code == 422
    assert "长" * 61 in answer.content.decode()


# --- a month ----------------------------------------------------------------------------------------------------------


def test_the_figures_of_a_month_are_those_of_the_lists_they_lead_to(cast: Cast, visit: Visit, today: date) -> None:
    first = today.replace(day=1)
    for day, people in ((first, 30), (first - timedelta(days=1), 1950), (first - timedelta(days=40), 70)):
        send(cast.secretary, cast.village, day, people=people)
    send(cast.officer, cast.units["SQ0201"], first, people=11)
    send(cast.secretary, cast.village, first, "leaflet", quantity=12300)
    client = visit(cast.officer)
    paper = read_content(draft(client, f"month={today:%Y-%m}"))
    assert len(paper.sources) >= 8
    for figure in list_figures(paper):
        source = paper.find_source(figure.id)
        assert source is not None
        head = client.get(source.address).context["head"]
        assert head.count == source.count, source
        shown = head.people if figure.id.endswith(".people") else head.quantity
        assert figure.text == f"{shown or 0:,}", figure


def test_what_an_issued_month_says_its_links_open_whatever_comes_or_is_corrected_that_same_day(
    cast: Cast, visit: Visit, today: date
) -> None:
    gone = send(cast.secretary, cast.village, today, people=30)
    send(cast.secretary, cast.village, today, people=50)
    client = visit(cast.officer)
    issued = issue(client, draft(client, f"month={today:%Y-%m}"))
    send(cast.secretary, cast.village, today, people=70)
    mended = replace(gone.to_core(), id=UUID(int=gone.pk.int ^ 1), people=5)
    correct_record(actor=cast.secretary, original=gone, record=mended, now=timezone.now())

    source = read_content(issued).find_source("now.rally.people")

    assert source is not None
    head = client.get(source.address).context["head"]
    assert (head.count, head.people) == (source.count, 80) == (2, 80)
    assert f"{timezone.localtime(issued.counted_at):%H:%M}以前收到的记录" in source.filter
    assert client.get(f"/records/?unit=SQ&kind=rally&since={today}&until={today}").context["head"].people == 125


def test_the_sources_say_the_figure_and_the_rows_behind_it_apart(cast: Cast, visit: Visit, today: date) -> None:
    send(cast.secretary, cast.village, today, people=1638)
    client = visit(cast.officer)
    issued = issue(client, draft(client, f"month={today:%Y-%m}"))

    page = client.get(f"/papers/{issued.pk}/")
    table = client.get(f"/papers/{issued.pk}/?table=sources&format=csv")

    assert {"文中数字", "对应条数"} <= set(re.findall(r"[一-龥]+", page.content.decode()))
    assert re.search(r'">1,638</a></td><td class="num"><span[^<]*</span>1</td>', page.content.decode())
    answer: Any = table
    assert "1,638" in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_of_a_corrected_record_only_the_correction_counts(cast: Cast, visit: Visit, today: date) -> None:
    enter(cast.secretary, cast.village, today, people=30)
    gone = enter(cast.secretary, cast.village, today, people=50)
    mended = replace(gone.to_core(), id=UUID(int=gone.pk.int ^ 1), people=5)
    correct_record(actor=cast.secretary, original=gone, record=mended, now=timezone.now())
    paper = read_content(draft(visit(cast.officer), f"month={today:%Y-%m}"))
    assert {figure.id: figure.text for figure in list_figures(paper)}["now.rally.people"] == "35"


def test_news_are_the_records_that_a_person_chose(cast: Cast, visit: Visit, rally: Record, today: date) -> None:
    client = visit(cast.officer)
    month = f"{rally.happened_on:%Y-%m}"
    held = draft(client, f"month={month}")
    assert "工作动态" not in read_text(client.get(f"/papers/drafts/{held.pk}/").content.decode()).split("文字")[0]
    page = client.get(f"/papers/drafts/{held.pk}/")
    client.post(f"/papers/drafts/{held.pk}/", read_fields(page) | {"chosen": [str(rally.pk)]})
    held.refresh_from_db()
    assert f"told.rally.{rally.pk.hex}.people" in {figure.id for figure in list_figures(read_content(held))}


def test_a_month_that_is_not_over_stands_beside_the_same_days_of_the_month_before() -> None:
    days, before = find_days("2026-11", date(2026, 11, 22))
    assert (days.opens, days.last_day) == (date(2026, 11, 1), date(2026, 11, 22))
    assert (before.opens, before.last_day) == (date(2026, 10, 1), date(2026, 10, 22))


def test_the_thirty_first_stands_beside_the_whole_of_a_shorter_month() -> None:
    assert find_days("2026-03", date(2026, 3, 30))[1].last_day == date(2026, 2, 28)
    assert find_days("2026-02", date(2026, 6, 1))[1].last_day == date(2026, 1, 31)
    with pytest.raises(ValueError, match="has not begun"):
        find_days("2026-12", date(2026, 11, 22))


def test_a_month_without_records_is_no_draft(cast: Cast, visit: Visit) -> None:
    answer = start(visit(cast.officer), "month=2026-01")
    assert answer.status_code == 422
    assert "没有可以汇总的内容" in answer.content.decode()


# --- numbers and the record -------------------------------------------------------------------------------------------


def test_numbers_are_counted_in_the_year_and_in_all_without_a_gap(cast: Cast, visit: Visit, rally: Record) -> None:
    client = visit(cast.officer)
    issued = [issue(client, draft(client, f"record={rally.pk}")) for _ in range(2)]
    assert [one.number for one in issued] == ["第1期（总第1期）", "第2期（总第2期）"]


def test_the_count_goes_on_from_another_system_and_is_said_once(
    cast: Cast, visit: Visit, rally: Record, today: date
) -> None:
    client = visit(cast.officer)
    client.post("/papers/briefings/", {"before_in_year": "14", "before_in_all": "203"})
    issued = issue(client, draft(client, f"record={rally.pk}"))
    assert issued.number == "第15期（总第204期）"
    assert str(find_issue(cast.county, today.year + 1, 1)) == "第1期（总第205期）"
    again = client.post("/papers/briefings/", {"before_in_year": "1", "before_in_all": "1"}, follow=True)
    assert "不能再设" in again.content.decode()
    assert BriefingStart.objects.count() == 1
    entry = AuditEntry.objects.get(action="briefing.start-set")
    assert (entry.actor, entry.details["before_in_all"]) == (cast.officer, 203)


def test_after_the_first_briefing_the_count_is_not_set(cast: Cast, visit: Visit, rally: Record) -> None:
    client = visit(cast.officer)
    issue(client, draft(client, f"record={rally.pk}"))
    client.post("/papers/briefings/", {"before_in_year": "14", "before_in_all": "203"})
    assert BriefingStart.objects.count() == 0


@pytest.mark.parametrize(("year", "total"), [("5", "3"), ("-1", "3"), ("x", "3"), ("", ""), ("99999999999", "1")])
def test_a_count_that_cannot_be_is_refused(cast: Cast, visit: Visit, year: str, total: str) -> None:
    answer = visit(cast.officer).post("/papers/briefings/", {"before_in_year": year, "before_in_all": total})
    assert answer.status_code == 422
    assert BriefingStart.objects.count() == 0


def test_the_database_keeps_where_the_count_began(cast: Cast, visit: Visit) -> None:
    visit(cast.officer).post("/papers/briefings/", {"before_in_year": "14", "before_in_all": "203"})
    changes: tuple[Callable[[], object], ...] = (
        lambda: BriefingStart.objects.update(before_in_all=1),
        lambda: BriefingStart.objects.all().delete(),
    )
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_issuing_writes_the_record_that_the_plan_counts_once(
    cast: Cast, visit: Visit, rally: Record, today: date
) -> None:
    issue_plan(cast, year=today.year, more=FILED)
    client = visit(cast.officer)
    held = draft(client, f"record={rally.pk}")
    assert held.said["file_record"] is True, "a plan counts briefings, so it is proposed"
    issued = issue(client, held)
    client.post(f"/papers/drafts/{held.pk}/issue/", {"revision": held.revision})
    record = Record.objects.get(kind="briefing")
    assert (record.unit, record.author, record.quantity, record.happened_on) == (cast.county, cast.officer, 1, today)
    assert record.extra["headline"] == issued.title


def test_no_record_is_written_that_nobody_asked_for(cast: Cast, visit: Visit, rally: Record, today: date) -> None:
    issue_plan(cast, year=today.year)
    client = visit(cast.officer)
    issue(client, draft(client, f"record={rally.pk}"))
    assert not Record.objects.filter(kind="briefing").exists()


def test_an_issued_briefing_counts_again_and_stays(cast: Cast, visit: Visit, rally: Record) -> None:
    client = visit(cast.officer)
    issued = issue(client, draft(client, f"record={rally.pk}"))
    client.post(f"/papers/{issued.pk}/restate/")
    assert issued.restatements.get().changes == []


def test_who_writes_no_papers_gets_no_page_of_briefings(cast: Cast, visit: Visit) -> None:
    for user in (cast.secretary, cast.supervisor):
        assert visit(user).get("/papers/briefings/").status_code == 403
        assert visit(user).post("/papers/briefings/", {"before_in_year": "1", "before_in_all": "1"}).status_code == 403


def test_the_day_on_which_a_paper_went_out_is_the_day_in_china() -> None:
    with translation.override("zh-hans"):
        assert "2026年11月23日" in full_day(datetime(2026, 11, 22, 16, 30, tzinfo=UTC))
