"""What a phone takes along: the same work as the page of one's tasks, and the numbers that a visit round has left."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.cast import FAST, Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from tests.web.test_phone_records import make_told, send
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign.actions.looks import answer_reason
from wuzha.web.campaign.actions.rounds import set_subjects
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.looks import pile_up
from wuzha.web.campaign.queries.phone import list_rounds
from wuzha.web.campaign.queries.rounds import list_calls
from wuzha.web.campaign.queries.totals import forget_counts

TODAY = timezone.localdate()
ELDERLY = """
  - {{id: elderly, who: {{kind: village}}, cover: household, at_least: 100%, for: [老人], by: {year}-12-31}}
"""


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


@pytest.fixture
def worker(cast: Cast) -> User:
    """The recorder of the first grid of 柳湾村."""
    path = f"{cast.village.path}SQ010101/"
    grid = Unit.objects.create(code="SQ010101", name="柳湾村第1网格", kind="grid", parent=cast.village, path=path)
    user = User.objects.create(username="grid-1", display_name="第1网格员", password=FAST)
    Post.objects.create(user=user, unit=grid, role=Post.Role.SECRETARY)
    return user


def read_state(client: Client) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/phone/state/").json()
    return told


def list_page_tasks(place: Any) -> Iterator[tuple[str, str, str]]:
    """Duty, window and whose, as the page shows them with a button to record, in its order."""
    work, shared = place["work"], place["shared"]
    for task in (*work.overdue, *work.open):
        yield task.duty.id, task.standing.obligation.window.label, ""
    for one in (*shared.overdue, *shared.open) if shared else ():
        yield one.task.duty.id, one.task.standing.obligation.window.label, shared.bearer.name


def count_page_settled(place: Any) -> tuple[int, ...]:
    work, shared = place["work"], place["shared"]
    parts = (work.done, work.on_course, work.unknown)
    return (*map(len, parts), work.older, shared.done if shared else 0)


@pytest.mark.parametrize("who", ["secretary", "grid-1", "town_officer"])
def test_the_phone_shows_the_work_that_the_page_shows(cast: Cast, visit: Visit, worker: User, who: str) -> None:
    issue_plan(cast, TODAY.year)
    enter(cast.secretary, cast.village, TODAY, "rally")
    enter(cast.secretary, Unit.objects.get(code="SQ010101"), TODAY, "visit", quantity=30)
    client = visit(worker if who == "grid-1" else cast.people[who])

    place, told = client.get("/today/work/").context, read_state(client)

    assert [(one["duty"], one["window"], one["above"]) for one in told["work"]] == list(list_page_tasks(place))
    [settled] = told["settled"]
    counts = tuple(settled[name] for name in ("done", "on_course", "unknown", "older", "above_done"))
    assert counts == count_page_settled(place)
    assert told["work"] or any(counts)


def test_a_grid_worker_reads_the_same_words_on_the_phone_as_on_the_page(cast: Cast, visit: Visit, worker: User) -> None:
    issue_plan(cast, TODAY.year)
    client = visit(worker)
    enter(worker, Unit.objects.get(code="SQ010101"), TODAY, "rally")
    enter(worker, Unit.objects.get(code="SQ010101"), TODAY, "visit", quantity=30)
    page = re.sub(r"<[^>]+>", "", client.get("/today/work/").content.decode())

    work = read_state(client)["work"]

    assert work
    for one in work:
        assert one["above"] == "柳湾村"
        assert one["unit"] == "SQ010101"
        assert one["figure"] in page
        assert one["text"] in page
    visits = next(one for one in work if one["duty"] == "visits")
    assert (visits["own_records"], visits["own_kind"]) == (1, "visit")
    assert "其中柳湾村第1网格记了 1 条" in page


def test_what_came_back_to_be_mended_stands_on_the_phone_too(cast: Cast, visit: Visit) -> None:
    for _ in range(9):
        enter(cast.secretary, cast.village, TODAY, "rally", people=30)
    now = timezone.now()
    reason = pile_up(cast.town_officer, now).open[0]
    record = Record.objects.get(pk=reason.records[0])
    answer_reason(actor=cast.town_officer, reason=reason, record=record, note="请写明地点", is_fine=False, now=now)

    [one] = read_state(visit(cast.secretary))["returned"]

    assert (one["id"], one["note"], one["unit"]) == (str(record.pk), "请写明地点", "柳湾村")
    assert "请写明地点" in visit(cast.secretary).get("/today/work/").content.decode()
    assert read_state(visit(cast.outsider))["returned"] == []


# --- the visit round ---


def test_a_unit_without_a_list_has_no_round_on_the_phone(cast: Cast, visit: Visit) -> None:
    assert read_state(visit(cast.secretary))["rounds"] == []


def test_the_numbers_left_are_told_and_a_visit_from_the_phone_takes_its_number_off(cast: Cast, visit: Visit) -> None:
    set_subjects(actor=cast.secretary, unit=cast.village, numbers="1-4，9", now=timezone.now())
    client = visit(cast.secretary)
    [before] = read_state(client)["rounds"]
    assert (before["unit"], before["listed"], before["left"]) == ("SQ0101", 5, ["1", "2", "3", "4", "9"])
    assert date.fromisoformat(before["since"]) <= TODAY

    send(client, make_told(kind=before["kind"], subject="3", people=None))

    [after] = read_state(client)["rounds"]
    assert after["left"] == ["1", "2", "4", "9"]


def test_each_duty_that_sends_somebody_round_has_a_round_of_its_own(cast: Cast, visit: Visit) -> None:
    """The same rounds with the same numbers left as the page of rounds shows under the same addresses."""
    plan = issue_plan(cast, TODAY.year, more=ELDERLY.format(year=TODAY.year))
    set_subjects(actor=cast.secretary, unit=cast.village, numbers="1-3", now=timezone.now())
    first = date(TODAY.year, 1, 1)
    enter(cast.secretary, cast.village, first, "visit", subject="2")
    enter(cast.secretary, cast.village, first, "visit", subject="3", audience="独居老人")
    client = visit(cast.secretary)

    rounds = {one["key"]: one for one in read_state(client)["rounds"]}

    assert set(rounds) >= {f"{plan.pk}-elderly"}
    for key, told in rounds.items():
        page = client.get(f"/rounds/SQ0101/?duty={key}").context["round"]
        assert (told["left"], told["kind"], told["since"]) == (list(page.left), page.kind, page.since.isoformat())
    elderly = rounds[f"{plan.pk}-elderly"]
    assert (elderly["left"], elderly["audiences"]) == (["1", "2"], ["老人"])


@pytest.mark.parametrize("today", [date(2026, 3, 2), date(2026, 6, 30), date(2026, 7, 1), date(2026, 11, 22)])
def test_the_phone_heads_its_rounds_with_the_duty_that_the_page_puts_first(cast: Cast, today: date) -> None:
    """Half by June, all by December: the one in force whose day comes next, and what is overdue last."""
    later = "  - {id: all-homes, who: {kind: village}, cover: household, at_least: 100%, by: 2026-12-31}\n"
    issue_plan(cast, 2026, more=later + ELDERLY.format(year=2026))
    set_subjects(actor=cast.secretary, unit=cast.village, numbers="1-3", now=timezone.now())

    desk = [call.key for call in list_calls(cast.village, today)]
    phone = [told["key"] for told in list_rounds(cast.village, today)]

    assert phone[0] == desk[0]
    assert desk[0].endswith("-visits" if today <= date(2026, 6, 30) else "-all-homes")
    assert phone == [key for key in desk if key in phone], "in the same order"
    assert len(phone) == 2, "whom both reach is one round, the elderly are another"


def test_duties_that_the_same_visits_count_for_are_one_round(cast: Cast, visit: Visit) -> None:
    again = "  - {{id: all-homes, who: {{kind: village}}, cover: household, at_least: 100%, by: {year}-12-31}}\n"
    issue_plan(cast, TODAY.year, more=again.format(year=TODAY.year))
    set_subjects(actor=cast.secretary, unit=cast.village, numbers="1-3", now=timezone.now())
    assert len(visit(cast.secretary).get("/rounds/SQ0101/").context["calls"]) == 2
    assert len(read_state(visit(cast.secretary))["rounds"]) == 1


def test_the_numbers_of_a_round_go_to_nobody_else(cast: Cast, visit: Visit) -> None:
    set_subjects(actor=cast.secretary, unit=cast.village, numbers="1-4", now=timezone.now())
    assert read_state(visit(cast.outsider))["rounds"] == []
