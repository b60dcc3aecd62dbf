"""A checklist filled on a phone without a network: taken in by the act of the desk, once, or back with a sentence."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.test_inspections import draw, find_visit, inspect, make_photo, now, plan, say
from tests.web.test_phone_records import make_told, read_results, send
from wuzha.adapters.evidence_store import hash_content
from wuzha.core.supervision.inspection import REPORT
from wuzha.web.accounts.models import AuditEntry, Post
from wuzha.web.campaign.actions.inspections import Actor, call_off_visit
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.models import Evidence, InspectionFinding, InspectionReport, InspectionVisit, Record
from wuzha.web.campaign.queries.totals import forget_counts

pytestmark = pytest.mark.django_db
WORDS = "宣传栏玻璃碎了"


@pytest.fixture(autouse=True)
def _afresh(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.EVIDENCE = tmp_path / "evidence"
    forget_counts()
    yield
    forget_counts()


@pytest.fixture
def drawn(cast: Cast) -> InspectionVisit:
    """柳湾村, drawn by the county and not yet visited."""
    return find_visit(draw(plan(cast)), cast.village)


def fill(place: InspectionVisit, bad: str = WORDS, **other: Any) -> dict[str, Any]:
    """What the phone sends: the first item wanting where ``bad`` says how, all else good."""
    today = timezone.localdate()
    answers = [{"item": item, "verdict": "good", "words": "", "mend_by": None, "photo": None} for item in place.items]
    if bad:
        answers[0] |= {"verdict": "bad", "words": bad, "mend_by": str(today + timedelta(days=15))}
    told = {"id": str(make_record_id(now())), "visit": place.pk, "happened_on": str(today), "note": ""}
    return told | {"answers": answers} | other


def send_list(client: Client, told: dict[str, Any]) -> dict[str, Any]:
    [answer] = send(client, told)["answers"]
    assert answer["id"] == told["id"]
    return dict(answer)


def read_sentences(answer: dict[str, Any]) -> str:
    return " ".join(one["text"] for one in answer["problems"])


def put_photo(client: Client, photo: str, record: str) -> Any:
    content = make_photo().read()
    told = {"X-Record": record, "X-Size": str(len(content)), "X-Offset": "0", "X-SHA256": hash_content(content)}
    return client.put(f"/evidence/{photo}/", content, content_type="image/jpeg", headers={**told, "X-Name": "a.jpg"})


# --- taken in ---


def test_a_list_from_the_phone_is_the_visit_with_its_record_and_its_finding(
    cast: Cast, visit: Visit, drawn: InspectionVisit
) -> None:
    told = fill(drawn, note="村里说下周换")

    answer = send_list(visit(cast.officer), told)

    assert (answer["result"], answer["problems"]) == ("saved", [])
    assert answer["page"] == reverse("campaign:inspection-visit", args=[drawn.pk])
    report = InspectionReport.objects.get(visit=drawn)
    assert (str(report.record_id), report.inspector, report.post) == (told["id"], cast.officer, "officer")
    assert report.note == "村里说下周换"
    finding = InspectionFinding.objects.get()
    assert (finding.unit, finding.item, finding.words) == (cast.village, drawn.items[0], WORDS)
    record = Record.objects.get(pk=told["id"])
    assert (record.kind, record.unit, record.author) == ("inspection", cast.county, cast.officer)
    assert AuditEntry.objects.filter(action="inspection.reported", object_id=str(drawn.pk)).count() == 1


def test_the_same_list_again_is_success_and_makes_nothing_new(cast: Cast, visit: Visit, drawn: InspectionVisit) -> None:
    told, client = fill(drawn), visit(cast.officer)

    results = [send_list(client, told)["result"] for _ in range(3)]

    assert results == ["saved", "known", "known"]
    assert InspectionReport.objects.count() == InspectionFinding.objects.count() == 1
    assert AuditEntry.objects.filter(action="inspection.reported").count() == 1


@pytest.mark.parametrize("change", ["words", "note", "day", "verdict"])
def test_another_content_under_the_same_id_is_a_conflict_and_the_first_one_stays(
    cast: Cast, visit: Visit, drawn: InspectionVisit, change: str
) -> None:
    told, client = fill(drawn), visit(cast.officer)
    send_list(client, told)
    other = fill(drawn, "门口堆了杂物" if change == "words" else WORDS, id=told["id"])
    if change == "day":
        other["happened_on"] = str(timezone.localdate() - timedelta(days=1))
    if change == "note":
        other["note"] = "另外的话"
    if change == "verdict":
        other["answers"][1]["verdict"] = "unseen"

    answer = send_list(client, other)

    assert answer["result"] == "conflict"
    assert answer["kept"]["answers"][0]["words"] == WORDS
    assert answer["kept"]["happened_on"] == told["happened_on"]
    assert InspectionFinding.objects.get().words == WORDS


def test_the_id_of_another_visit_is_a_conflict_that_shows_nothing_of_it(cast: Cast, visit: Visit) -> None:
    row = draw(plan(cast))
    one, other = find_visit(row, cast.village), find_visit(row, cast.community)
    told, client = fill(one), visit(cast.officer)
    send_list(client, told)

    answer = send_list(client, fill(other, id=told["id"]))

    assert (answer["result"], answer["kept"]) == ("conflict", None)
    assert not InspectionReport.objects.filter(visit=other).exists()


def test_the_id_of_an_ordinary_record_is_refused(cast: Cast, visit: Visit, drawn: InspectionVisit) -> None:
    client, told = visit(cast.officer), fill(drawn)
    send(client, make_told(id=told["id"]))

    answer = send_list(client, told)

    assert answer["result"] == "refused"
    assert read_sentences(answer)
    assert not InspectionReport.objects.exists()


def test_records_and_lists_of_one_queue_are_each_answered(cast: Cast, visit: Visit, drawn: InspectionVisit) -> None:
    told = [make_told(), fill(drawn), make_told(kind="no-such-kind")]

    answer = send(visit(cast.officer), *told)

    results = {one["id"]: one["result"] for one in answer["answers"]}
    assert results == {told[0]["id"]: "saved", told[1]["id"]: "saved", told[2]["id"]: "refused"}


# --- not taken in ---


@pytest.mark.parametrize("who", ["outsider", "secretary", "town_officer", "nobody"])
def test_whoever_has_no_post_at_the_office_reports_none_of_its_visits(
    cast: Cast, visit: Visit, drawn: InspectionVisit, who: str
) -> None:
    answer = send_list(visit(cast.people[who]), fill(drawn))

    assert answer["result"] == "refused"
    assert "不是您要去的" in read_sentences(answer)
    assert not InspectionReport.objects.exists()


def test_an_outsider_learns_nothing_from_the_number_of_a_visit(
    cast: Cast, visit: Visit, drawn: InspectionVisit
) -> None:
    client = visit(cast.outsider)
    there, nowhere = send_list(client, fill(drawn)), send_list(client, fill(drawn, visit=drawn.pk + 999))
    assert {**there, "id": ""} == {**nowhere, "id": ""}
    told = fill(drawn)
    send_list(visit(cast.officer), told)
    assert {**send_list(client, told), "id": ""} == {**there, "id": ""}


def test_a_visit_that_a_colleague_has_made_comes_back_with_a_sentence(
    cast: Cast, visit: Visit, drawn: InspectionVisit
) -> None:
    inspect(visit(cast.supervisor), drawn)

    answer = send_list(visit(cast.officer), fill(drawn))

    assert answer["result"] == "refused"
    assert "已经记过结果" in read_sentences(answer)
    assert InspectionReport.objects.get().inspector == cast.supervisor


def test_a_visit_that_was_called_off_comes_back(cast: Cast, visit: Visit, drawn: InspectionVisit) -> None:
    call_off_visit(actor=Actor(cast.officer, "officer", now()), visit=drawn, reason="路断了")
    assert "不去" in read_sentences(send_list(visit(cast.officer), fill(drawn)))


@pytest.mark.parametrize("days", [1, -200])
def test_a_day_outside_the_round_comes_back_and_can_be_mended(
    cast: Cast, visit: Visit, drawn: InspectionVisit, days: int
) -> None:
    client, told = visit(cast.officer), fill(drawn, "")
    wrong = told | {"happened_on": str(timezone.localdate() + timedelta(days=days))}

    answer = send_list(client, wrong)

    assert answer["result"] == "refused"
    assert "检查的日子" in read_sentences(answer)
    assert send_list(client, told)["result"] == "saved"


def test_a_round_that_is_over_takes_no_later_day(cast: Cast, visit: Visit) -> None:
    today = timezone.localdate()
    last = today - timedelta(days=2)
    over = find_visit(draw(plan(cast, opens_on=today - timedelta(days=9), last_on=last)), cast.village)
    client, told = visit(cast.officer), fill(over)

    assert send_list(client, told)["result"] == "refused"

    # What was seen in time is taken in, however late the network is back.
    assert send_list(client, told | {"happened_on": str(last)})["result"] == "saved"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"verdict": ""}, "请选择"),
        ({"verdict": "fine"}, "："),
        ({"verdict": "bad", "words": "  ", "mend_by": "2099-01-01"}, "没有写查到了什么"),
        ({"verdict": "bad", "words": "碎了", "mend_by": None}, ""),
        ({"verdict": "bad", "words": "碎了", "mend_by": "2020-01-01"}, ""),
        ({"words": "字" * 301}, "300"),
        ({"mend_by": "明天"}, "："),
    ],
)
def test_what_the_desk_would_refuse_comes_back_with_the_items_name(
    cast: Cast, visit: Visit, drawn: InspectionVisit, changes: dict[str, Any], sentence: str
) -> None:
    told = fill(drawn, "")
    told["answers"][0] |= changes

    answer = send_list(visit(cast.officer), told)

    title = next(item["title"] for item in drawn.round.items if item["code"] == drawn.items[0])
    assert answer["result"] == "refused"
    assert title in read_sentences(answer)
    assert sentence in read_sentences(answer)
    assert not Record.objects.filter(pk=told["id"]).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"visit": "1"},
        {"visit": True},
        {"visit": 2**70},
        {"answers": None},
        {"answers": ["good"]},
        {"answers": [{"item": "nowhere", "verdict": "good"}]},
        {"note": 7},
        {"note": "\ud800"},
        {"note": "a\0b"},
    ],
)
def test_a_list_that_is_not_whole_is_refused_alone(
    cast: Cast, visit: Visit, drawn: InspectionVisit, changes: dict[str, Any]
) -> None:
    good = make_told()

    answer = send(visit(cast.officer), good, fill(drawn) | changes)

    assert read_results(answer) == ["saved", "refused"]
    assert not InspectionReport.objects.exists()


def test_a_missing_answer_and_one_told_twice_are_refused(cast: Cast, visit: Visit, drawn: InspectionVisit) -> None:
    client = visit(cast.officer)
    short, double = fill(drawn, ""), fill(drawn, "")
    short["answers"].pop()
    double["answers"].append(double["answers"][0])
    assert [send_list(client, told)["result"] for told in (short, double)] == ["refused", "refused"]


def test_a_stranger_is_asked_to_log_in_and_another_persons_queue_is_left(
    cast: Cast, visit: Visit, drawn: InspectionVisit
) -> None:
    body = {"records": [fill(drawn)], "user": cast.officer.pk}
    assert Client().post("/phone/records/", body, content_type="application/json").status_code == 401
    answer = visit(cast.supervisor).post("/phone/records/", body, content_type="application/json")
    assert answer.status_code == 409
    assert not InspectionReport.objects.exists()


# --- the photo that follows ---


@pytest.mark.parametrize("who", ["officer", "supervisor"])
def test_the_photo_follows_the_list_and_shows_with_the_finding(
    cast: Cast, visit: Visit, drawn: InspectionVisit, who: str
) -> None:
    client, photo, told = visit(cast.people[who]), str(make_record_id(now())), fill(drawn)
    told["answers"][0]["photo"] = photo
    assert send_list(client, told)["result"] == "saved"
    address = reverse("campaign:finding-photo", args=[InspectionFinding.objects.get().pk])
    assert client.get(address).status_code == 404

    assert put_photo(client, photo, told["id"]).status_code in (200, 201)

    for person in (client, visit(cast.secretary)):
        shown: Any = person.get(address)
        assert b"".join(shown).startswith(b"\xff\xd8")
    assert visit(cast.outsider).get(address).status_code == 404
    assert send_list(client, told)["result"] == "known"


def test_a_file_of_another_record_never_shows_as_the_photo_of_a_finding(
    cast: Cast, visit: Visit, drawn: InspectionVisit
) -> None:
    photo, record = str(make_record_id(now())), make_told(unit="SQ0201", kind="rally")
    outsider = visit(cast.outsider)
    send(outsider, record)
    assert put_photo(outsider, photo, record["id"]).status_code in (200, 201)
    assert Evidence.objects.filter(pk=photo).exists()
    told = fill(drawn)
    told["answers"][0]["photo"] = photo

    send_list(visit(cast.officer), told)

    address = reverse("campaign:finding-photo", args=[InspectionFinding.objects.get().pk])
    assert visit(cast.secretary).get(address).status_code == 404


def test_a_supervisor_attaches_nothing_to_a_visit_of_somebody_else(
    cast: Cast, visit: Visit, drawn: InspectionVisit
) -> None:
    told = fill(drawn)
    send_list(visit(cast.officer), told)
    assert put_photo(visit(cast.supervisor), str(make_record_id(now())), told["id"]).status_code == 403


def test_more_photos_than_a_record_takes_come_back(cast: Cast, visit: Visit) -> None:
    wide = find_visit(draw(plan(cast, items=8)), cast.village)
    told = fill(wide)
    day = str(timezone.localdate() + timedelta(days=9))
    for answer in told["answers"]:
        answer |= {"verdict": "bad", "words": "缺", "mend_by": day, "photo": str(make_record_id(now()))}
    answer = send_list(visit(cast.officer), told)
    assert answer["result"] == "refused"
    assert "6" in read_sentences(answer)


# --- what the phone takes along ---


def read_state(client: Client) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/phone/state/").json()
    return told


def list_visits(client: Client) -> list[int]:
    return [one["id"] for row in read_state(client)["inspections"] for one in row["visits"]]


def test_the_phone_takes_along_the_visits_to_make_with_their_items(
    cast: Cast, visit: Visit, drawn: InspectionVisit
) -> None:
    [row] = read_state(visit(cast.supervisor))["inspections"]

    told = next(one for one in row["visits"] if one["id"] == drawn.pk)
    assert (told["unit"], told["items"], row["office"]) == ("柳湾村", drawn.items, cast.county.name)
    items = {item["code"]: item for item in row["items"]}
    assert all(items[code]["title"] and items[code]["look"] for code in told["items"])


def test_a_visit_that_was_made_or_called_off_is_not_taken_along(
    cast: Cast, visit: Visit, drawn: InspectionVisit
) -> None:
    client = visit(cast.officer)
    assert len(list_visits(client)) == 3
    send_list(client, fill(drawn))
    other = drawn.round.visits.exclude(pk=drawn.pk)[0]
    call_off_visit(actor=Actor(cast.officer, "officer", now()), visit=other, reason="路断了")
    assert len(list_visits(client)) == 1


@pytest.mark.parametrize("who", ["outsider", "secretary", "town_officer", "nobody"])
def test_nobody_takes_along_the_visits_of_an_office_without_a_post_there(
    cast: Cast, visit: Visit, drawn: InspectionVisit, who: str
) -> None:
    assert list_visits(visit(cast.people[who])) == []


def test_the_visits_of_an_office_below_are_not_ones_own(cast: Cast, visit: Visit) -> None:
    """An officer of the county sees them at the desk; walking them is the town's."""
    below = find_visit(draw(plan(cast, cast.town, ("SQ0101",))), cast.village)
    assert list_visits(visit(cast.officer)) == []
    assert list_visits(visit(cast.town_officer)) == [below.pk]
    assert send_list(visit(cast.officer), fill(below))["result"] == "refused"


def test_a_post_that_has_ended_takes_nothing_along(cast: Cast, visit: Visit, drawn: InspectionVisit) -> None:
    Post.objects.filter(user=cast.supervisor).update(closes_on=timezone.localdate() - timedelta(days=1))

    answer = visit(cast.supervisor).get("/phone/state/")

    assert answer.status_code == 401
    assert "inspections" not in answer.json()


def test_a_post_that_has_ended_takes_nothing_along_beside_one_in_force(
    cast: Cast, visit: Visit, drawn: InspectionVisit
) -> None:
    Post.objects.filter(user=cast.supervisor).update(closes_on=timezone.localdate() - timedelta(days=1))
    Post.objects.create(user=cast.supervisor, unit=cast.other_town, role=Post.Role.SUPERVISOR)

    assert list_visits(visit(cast.supervisor)) == []


def count_queries(client: Client) -> int:
    client.get("/phone/state/")
    with CaptureQueriesContext(connection) as counted:
        client.get("/phone/state/")
    return len(counted)


def test_the_phone_asks_the_database_as_often_for_many_visits_as_for_one(cast: Cast, visit: Visit) -> None:
    client = visit(cast.officer)
    first, *others = draw(plan(cast)).visits.all()
    many = count_queries(client)

    for one in others:
        call_off_visit(actor=Actor(cast.officer, "officer", now()), visit=one, reason="路断了")

    assert count_queries(client) == many
    assert list_visits(client) == [first.pk]


def test_the_village_takes_its_findings_along_until_it_has_reported_them_by_an_ordinary_record(
    cast: Cast, visit: Visit, drawn: InspectionVisit
) -> None:
    send_list(visit(cast.officer), fill(drawn))
    finding = InspectionFinding.objects.get()
    client = visit(cast.secretary)

    [owed] = read_state(client)["mending"]
    assert (owed["number"], owed["words"], owed["unit"]) == (finding.number, WORDS, cast.village.code)
    assert (owed["mend_by"], owed["overdue"]) == (finding.mend_by.isoformat(), False)
    assert read_state(visit(cast.outsider))["mending"] == []

    told = make_told(kind=REPORT, note="换了玻璃", extra={"finding": finding.number})
    told.pop("people")
    assert read_results(send(client, told)) == ["saved"]
    assert read_state(client)["mending"] == []
    page = visit(cast.officer).get(reverse("campaign:finding", args=[finding.pk])).content.decode()
    assert "换了玻璃" in page
    say(visit(cast.supervisor), finding, "reopened", "还没换好", mend_by=str(timezone.localdate() + timedelta(days=5)))
    assert [one["number"] for one in read_state(client)["mending"]] == [finding.number]
