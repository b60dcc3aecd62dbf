"""The pages of the audit log: who reads how much of it, in which order, under which filters; and that it is noted."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.web.cast import Cast
from tests.web.conftest import Visit, mark_session
from tests.web.ledger import make_record
from tests.web.tampering import tampering
from wuzha.web.accounts import audit
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.audit import LookReason, Why, note_look
from wuzha.web.accounts.models import AuditEntry, AuditPlace, Post, Unit, User
from wuzha.web.audit import queries
from wuzha.web.audit.actions import note_check
from wuzha.web.audit.places import place_entries
from wuzha.web.campaign.actions.records import add_record

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The officers look after their units as administrators too; nobody else reads the log."""
    for person, unit in ((cast.officer, cast.county), (cast.town_officer, cast.town), (cast.outsider, cast.other_town)):
        Post.objects.create(user=person, unit=unit, role=Post.Role.ADMINISTRATOR)
    return cast


def write(actor: User | None, unit: Unit, at: datetime = NOW, action: str = "unit.renamed", **told: object) -> int:
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    write_audit(action=action, actor=actor, target=unit, at=at, **told)
    return int((set(AuditEntry.objects.values_list("pk", flat=True)) - before).pop())


def read(client: Client, query: str = "") -> str:
    answer = client.get(f"/audit/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def list_numbers(client: Client, query: str = "") -> list[int]:
    return [entry.pk for entry in client.get(f"/audit/{query}").context["page"].entries]


# --- who reads how much ---


def test_an_officer_at_the_root_reads_everything(cast: Cast, visit: Visit) -> None:
    told = [write(cast.outsider, cast.other_town), write(cast.secretary, cast.village), write(None, cast.county)]

    assert list_numbers(visit(cast.officer)) == told[::-1]


def test_an_officer_of_a_town_reads_what_its_people_did_and_what_was_done_to_what_is_theirs(
    cast: Cast, visit: Visit
) -> None:
    by_ours = write(cast.secretary, cast.other_town)
    to_ours = write(cast.officer, cast.village)
    write(cast.outsider, cast.other_town)
    write(cast.officer, cast.county)

    assert list_numbers(visit(cast.town_officer)) == [to_ours, by_ours]


def test_an_entry_of_another_town_is_not_there_for_an_officer(cast: Cast, visit: Visit) -> None:
    foreign, own = write(cast.outsider, cast.other_town), write(cast.town_officer, cast.town)

    assert visit(cast.town_officer).get(f"/audit/{foreign}/").status_code == 404
    assert visit(cast.outsider).get(f"/audit/{own}/").status_code == 404
    place_entries(now=NOW + timedelta(hours=1))
    assert visit(cast.town_officer).get(f"/audit/{foreign}/").status_code == 404
    assert visit(cast.outsider).get(f"/audit/{own}/").status_code == 404
    assert visit(cast.town_officer).get(f"/audit/{own}/").status_code == 200
    assert visit(cast.officer).get("/audit/99999999999999999999999/").status_code == 404


@pytest.mark.parametrize(
    "name", ["secretary", "supervisor", "reviewer", "publisher", "analyst", "line_officer", "two_posts", "nobody"]
)
def test_who_looks_after_nobody_reads_nothing_of_the_log(cast: Cast, visit: Visit, name: str) -> None:
    number = write(cast.officer, cast.county)

    client = visit(cast.people[name])
    assert client.get("/audit/").status_code == 403
    assert client.get(f"/audit/{number}/").status_code == 404
    assert client.get("/audit/?format=csv").status_code == 403
    assert "审计日志" not in client.get("/me/").content.decode()


def test_an_officer_who_is_no_administrator_and_one_of_a_line_alone_read_nothing(cast: Cast, visit: Visit) -> None:
    Post.objects.filter(role=Post.Role.ADMINISTRATOR, user=cast.officer).delete()
    Post.objects.create(user=cast.nobody, unit=cast.county, role=Post.Role.ADMINISTRATOR, line="education")

    assert visit(cast.officer).get("/audit/").status_code == 403
    assert visit(cast.nobody).get("/audit/").status_code == 403


def test_a_post_that_has_ended_opens_nothing(cast: Cast, visit: Visit) -> None:
    cast.town_officer.posts.update(closes_on=timezone.localdate())

    answer = visit(cast.town_officer).get("/audit/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/log-in/")


def test_what_somebody_did_counts_where_they_had_their_post_on_that_day(cast: Cast, visit: Visit) -> None:
    moved_on = NOW.date() + timedelta(days=5)
    cast.secretary.posts.update(closes_on=moved_on)
    Post.objects.create(user=cast.secretary, unit=cast.other_town, role=Post.Role.SECRETARY, opens_on=moved_on)
    before = write(cast.secretary, cast.county)
    after = write(cast.secretary, cast.county, NOW + timedelta(days=6))

    assert before in list_numbers(visit(cast.town_officer))
    assert after not in list_numbers(visit(cast.town_officer))
    assert list_numbers(visit(cast.outsider)) == [after]


def test_a_record_belongs_to_the_unit_it_is_about(cast: Cast, visit: Visit) -> None:
    add_record(actor=cast.officer, record=make_record(cast.village, NOW.date()), now=NOW)

    assert len(list_numbers(visit(cast.town_officer), "?action=record.added")) == 1
    assert list_numbers(visit(cast.outsider), "?action=record.added") == []


def test_places_found_twice_are_the_same_and_late_entries_are_not_missed(cast: Cast) -> None:
    """Of two that were written at once, the one with the lower number may be seen last."""
    young = write(cast.secretary, cast.village, NOW)
    place_entries(now=NOW + timedelta(minutes=1))
    with tampering():
        late = AuditEntry.objects.get(pk=young)
        AuditPlace.objects.all().delete()
        late.delete()
    late.pk = young
    later = write(cast.secretary, cast.village, NOW + timedelta(seconds=1))
    place_entries(now=NOW + timedelta(minutes=2))
    late.save(force_insert=True)
    for _ in range(2):
        place_entries(now=NOW + timedelta(hours=1))

    placed = AuditPlace.objects.filter(unit=cast.town).order_by("entry_id").values_list("entry_id", flat=True)
    assert list(placed) == sorted([young, later])


# --- the order, and the filters ---


def test_pages_follow_each_other_without_a_gap_and_without_anything_twice(
    cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many entries of one moment: a page may end in the middle of it."""
    monkeypatch.setattr(queries, "PAGE", 4)
    told = [write(cast.town_officer, cast.town, NOW + timedelta(seconds=number // 6)) for number in range(15)]
    for person in (cast.officer, cast.town_officer):
        client, seen, query = visit(person), [], f"?person={cast.town_officer.username}&action=unit.renamed"
        while True:
            answer = client.get(f"/audit/{query}")
            seen += [entry.pk for entry in answer.context["page"].entries]
            if not (older := answer.context["older"]):
                break
            query = f"?person={cast.town_officer.username}&action=unit.renamed&before={older}"

        assert seen == told[::-1]


def test_a_page_costs_the_same_number_of_questions_however_long_the_log_is(
    cast: Cast, visit: Visit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = visit(cast.officer)
    write(cast.officer, cast.county)
    client.get("/audit/")
    with CaptureQueriesContext(connection) as first:
        client.get("/audit/")
    for _ in range(30):
        write(cast.town_officer, cast.town)
    with django_assert_num_queries(len(first)):
        client.get("/audit/")


def test_each_filter_leaves_out_the_rest(cast: Cast, visit: Visit) -> None:
    other = write(cast.officer, cast.county, NOW - timedelta(days=3))
    mine = write(cast.town_officer, cast.town, NOW, "unit.moved")
    note_look(actor=cast.officer, target=cast.secretary, what="phone", why=Why(LookReason.DUTY, "联系网格员"), now=NOW)
    look = AuditEntry.objects.latest("id").pk
    client = visit(cast.officer)

    assert list_numbers(client, "?person=town_officer") == [mine]
    assert list_numbers(client, "?person=青石镇平安办") == [mine]
    assert list_numbers(client, "?action=unit.moved") == [mine]
    assert list_numbers(client, f"?about=user&number={cast.secretary.pk}") == [look]
    assert list_numbers(client, "?until=2026-03-19") == [other]
    assert list_numbers(client, "?since=2026-03-18&until=2026-03-20") == [look, mine]
    assert list_numbers(client, "?looks=on&until=2026-03-20") == [look]
    assert list_numbers(client, "?person=nobody-of-this-name") == []


def test_days_are_those_of_beijing(cast: Cast, visit: Visit) -> None:
    late = write(cast.officer, cast.county, datetime(2026, 3, 20, 15, 59, 59, tzinfo=UTC))
    next_day = write(cast.officer, cast.county, datetime(2026, 3, 20, 16, 0, tzinfo=UTC))

    assert list_numbers(visit(cast.officer), "?until=2026-03-20") == [late]
    assert list_numbers(visit(cast.officer), "?since=2026-03-21&until=2026-03-21") == [next_day]


@pytest.mark.parametrize("query", ["before=x", "before=1", "before=-5", f"before={'9' * 23}-1", "before=٣-1"])
def test_the_address_of_no_page_is_refused_in_words(cast: Cast, visit: Visit, query: str) -> None:
    answer = visit(cast.officer).get(f"/audit/?{query}")

    assert answer.status_code == 400
    assert "从最新的日志重新看起" in answer.content.decode()


def test_a_filter_that_cannot_be_asked_says_so_and_shows_nothing(cast: Cast, visit: Visit) -> None:
    write(cast.officer, cast.county)
    page = read(visit(cast.officer), "?since=2026-03-21&until=2026-03-20")

    assert "最后一天比第一天还早" in page
    assert "<tbody>" not in page
    assert "<tbody>" not in read(visit(cast.officer), "?action=never.heard-of")


# --- it is noted ---


def test_reading_the_log_is_noted_with_the_filters_and_asking_only_for_the_head_is_not(
    cast: Cast, visit: Visit
) -> None:
    client = visit(cast.town_officer)
    client.head("/audit/")
    assert not AuditEntry.objects.filter(action="audit.looked-at").exists()

    client.get("/audit/?person=secretary&since=2026-03-01")

    entry = AuditEntry.objects.get(action="audit.looked-at")
    assert (entry.actor, entry.object_id) == (cast.town_officer, str(cast.town.pk))
    assert entry.details == {"filters": {"person": "secretary", "since": "2026-03-01"}}
    assert "人员" in read(visit(cast.officer)) or "secretary" in read(visit(cast.officer))


def test_the_file_holds_what_the_filters_show_and_is_noted(cast: Cast, visit: Visit) -> None:
    write(cast.town_officer, cast.town, reason="=1+1")
    write(cast.outsider, cast.other_town)

    answer = visit(cast.town_officer).get("/audit/?format=csv&action=unit.renamed")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]

    text = "\n".join(",".join(row) for row in rows)
    assert "青石镇平安办专干" in text
    assert "河口镇" not in text
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert AuditEntry.objects.get(action="table.exported").details["rows"] == 1


def test_whoever_logged_in_a_while_ago_proves_anew_who_they_are_before_the_file(cast: Cast) -> None:
    write(cast.town_officer, cast.town, name="红旗村")
    client = Client()
    client.force_login(cast.town_officer)
    mark_session(client, cast.town_officer, timedelta(hours=1))

    asked = client.get("/audit/?format=csv", HTTP_ACCEPT="text/html")

    assert "请确认是您本人" in asked.content.decode()
    assert "红旗村" not in asked.content.decode()
    assert not AuditEntry.objects.filter(action="table.exported").exists()
    assert client.get("/audit/").status_code == 200


# --- one entry ---


def test_an_entry_tells_its_reason_its_request_and_never_that_it_is_right_before_a_check(
    cast: Cast, visit: Visit
) -> None:
    note_look(
        actor=cast.officer, target=cast.secretary, what="phone", why=Why(LookReason.POLICE, "协助核实来电"), now=NOW
    )
    number = AuditEntry.objects.get().pk
    client = visit(cast.officer)

    page = client.get(f"/audit/{number}/").content.decode()
    assert "依法配合公安机关办案" in page
    assert "协助核实来电" in page
    assert "还没有封存" in page

    audit.seal_entries(now=NOW + timedelta(hours=1))
    assert "还没有核对到这个封条" in client.get(f"/audit/{number}/").content.decode()

    note_check(verdict=audit.verify_seals(), now=NOW + timedelta(hours=2))
    page = client.get(f"/audit/{number}/").content.decode()
    assert "封条对得上" in page
    assert "2026年3月20日" in page


def test_a_check_tells_nothing_of_what_was_sealed_after_it(cast: Cast, visit: Visit) -> None:
    first = write(cast.officer, cast.county)
    audit.seal_entries(now=NOW + timedelta(hours=1))
    note_check(verdict=audit.verify_seals(), now=NOW + timedelta(hours=2))
    second = write(cast.officer, cast.county, NOW + timedelta(hours=3))
    audit.seal_entries(now=NOW + timedelta(hours=4))
    client = visit(cast.officer)

    assert "封条对得上" in client.get(f"/audit/{first}/").content.decode()
    assert "还没有核对到这个封条" in client.get(f"/audit/{second}/").content.decode()


def test_from_a_break_on_nothing_is_shown_as_right(cast: Cast, visit: Visit) -> None:
    numbers = []
    for hour in (0, 2, 4):
        numbers.append(write(cast.officer, cast.county, NOW + timedelta(hours=hour)))
        audit.seal_entries(now=NOW + timedelta(hours=hour + 1))
    with tampering():
        AuditEntry.objects.filter(pk=numbers[1]).update(action="unit.moved")
    note_check(verdict=audit.verify_seals(), now=NOW + timedelta(hours=6))
    client = visit(cast.officer)
    pages = [client.get(f"/audit/{number}/").content.decode() for number in numbers]

    assert ["封条对得上" in page for page in pages] == [True, False, False]
    assert ["可能被改过" in page for page in pages] == [False, True, True]
    assert "和封条对不上" in read(client)


def test_to_what_is_asked_in_words_and_finds_all_that_are_called_so(cast: Cast, visit: Visit) -> None:
    numbers = []
    for kind in ("plan", "planversion", "record"):
        entry = AuditEntry(action="plan.issue", actor=cast.officer, object_type=kind, object_id="7", at=NOW)
        entry.save(force_insert=True)
        numbers.append(entry.pk)
    place_entries(now=NOW + timedelta(hours=1))
    client = visit(cast.officer)

    page = read(client)
    assert '<option value="plan">方案</option>' in page
    assert "(planversion)" not in page
    assert page.count(">方案</option>") == 1
    for asked in ("plan", "planversion"):
        assert sorted(list_numbers(client, f"?about={asked}&number=7")) == numbers[:2]
        assert '<option value="plan" selected>方案</option>' in read(client, f"?about={asked}")
    assert list_numbers(client, "?about=record") == numbers[2:]


# --- my own ---


def test_everybody_sees_who_looked_at_their_own_data_and_nobody_elses(cast: Cast, visit: Visit) -> None:
    why = Why(LookReason.SUPERVISION, "抽查值班电话")
    note_look(actor=cast.officer, target=cast.secretary, what="phone", why=why, now=timezone.now())

    own = visit(cast.secretary).get("/audit/mine/").content.decode()
    assert "县联席办专干" in own
    assert "抽查值班电话" in own
    assert "抽查值班电话" not in visit(cast.town_officer).get("/audit/mine/").content.decode()
    assert "近半年没有人看过您的信息" in visit(cast.nobody).get("/audit/mine/").content.decode()


def test_everybody_sees_the_log_ins_that_failed_under_their_name(cast: Cast, visit: Visit) -> None:
    Client().post("/log-in/", {"username": "secretary", "password": "not-the-password"})

    assert "登录没有成功" in visit(cast.secretary).get("/audit/mine/").content.decode()
    assert "登录没有成功" not in visit(cast.town_officer).get("/audit/mine/").content.decode()


def test_what_is_long_past_is_not_shown_as_ones_own(cast: Cast, visit: Visit) -> None:
    why = Why(LookReason.SUPERVISION, "抽查值班电话")
    long_ago = timezone.now() - timedelta(days=200)
    note_look(actor=cast.officer, target=cast.secretary, what="phone", why=why, now=long_ago)

    assert "抽查值班电话" not in visit(cast.secretary).get("/audit/mine/").content.decode()
