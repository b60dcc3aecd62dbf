"""记一笔: a record made on the phone, once, whatever the network does."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, fill_in, issue_plan, read_id
from wuzha.adapters.kinds import load_kinds
from wuzha.web.accounts.models import AuditEntry, Post, User
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.totals import forget_counts

FORM = "/records/new/?kind=rally"


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


def open_form(client: Client, address: str = FORM) -> dict[str, Any]:
    """What the page sends when only the fixed fields are filled in."""
    page = client.get(address).content.decode()
    return fill_in(page, unit="SQ0101", quantity="1", happened_on=timezone.localdate().isoformat())


def test_the_three_kinds_used_most_come_first(cast: Cast, visit: Visit) -> None:
    today = timezone.localdate()
    for kind, times in (("talk", 3), ("pledge", 2), ("broadcast", 4), ("leaflet", 1)):
        for _ in range(times):
            enter(cast.secretary, cast.village, today, kind)

    used = visit(cast.secretary).get("/records/new/").context["choice"].used

    assert [kind.code for kind in used] == ["broadcast", "talk", "pledge"]


def test_an_indicator_that_is_computed_is_not_offered(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)

    assert "kind=losses" not in client.get("/records/new/").content.decode()
    assert client.get("/records/new/?kind=losses").status_code == 404


def test_the_form_asks_for_the_fields_of_the_kind_alone(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)

    rally = client.get(FORM).context["form"].fields
    check = client.get("/records/new/?kind=followup").context["form"].fields

    assert {"quantity", "people", "place", "audience"} <= set(rally)
    assert not {"subject", "grade", "change"} & set(rally)
    assert {"subject", "change", "grade"} <= set(check)
    assert "quantity" not in check


@pytest.mark.parametrize("code", ["visit", "banner", "rally", "followup", "awareness", "hoarding_advert"])
def test_the_form_asks_in_the_order_of_the_kind_the_day_and_the_remark_last(
    cast: Cast, visit: Visit, code: str
) -> None:
    page = visit(cast.secretary).get(f"/records/new/?kind={code}").content.decode()

    shown = re.findall(
        r'<(?:input type="(?:text|number|date)"|select|textarea) name="(\w+)"', page.split("record-form")[1]
    )
    asked = [name for name in load_kinds()[code].asks if name != "note"]
    described = [f"extra_{detail.code}" for detail in load_kinds()[code].details]
    assert shown == [*asked, "happened_on", *described, "note"]


def test_the_number_of_a_door_is_not_called_as_the_quantity_is(cast: Cast, visit: Visit) -> None:
    page = visit(cast.secretary).get("/records/new/?kind=visit").content.decode()

    labels = re.findall(r'<label class="form-label"[^>]*>([^<]*)', page)
    assert [label.strip() for label in labels[:2]] == ["数量（户）", "编号"]


def test_a_record_of_today_needs_one_number_and_gives_a_receipt(cast: Cast, visit: Visit) -> None:
    issue_plan(cast, timezone.localdate().year)
    client = visit(cast.secretary)

    answer = client.post(FORM, open_form(client) | {"people": "64"}, follow=True)

    record = Record.objects.get()
    assert (record.unit, record.kind, record.people, record.author) == (cast.village, "rally", 64, cast.secretary)
    assert answer.redirect_chain == [(f"/records/{record.pk}/?saved=1", 302)]
    page = answer.content.decode()
    assert "计入 1 项任务" in page
    assert "再记一笔" in page
    assert timezone.localtime(record.received_at).strftime("%H:%M:%S") in page


def test_the_write_leaves_its_audit_entry(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)

    client.post(FORM, open_form(client))

    entry = AuditEntry.objects.get(object_type="record")
    assert (entry.action, entry.actor, entry.object_id) == (
        "record.added",
        cast.secretary,
        str(Record.objects.get().pk),
    )


def test_pressing_save_twice_makes_one_record_and_two_receipts(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)
    sent = open_form(client)

    first, second = client.post(FORM, sent), client.post(FORM, sent)

    assert first.headers["Location"] == second.headers["Location"]
    assert Record.objects.count() == 1


def test_the_phones_clock_is_kept_and_no_part_of_the_fact(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)
    sent = open_form(client)

    client.post(FORM, sent | {"recorded_at": "2026-03-01T08:00:00.000Z"})
    again = client.post(FORM, sent | {"recorded_at": "2026-03-01T09:00:00.000Z"})

    assert again.status_code == 302
    assert Record.objects.get().recorded_at.isoformat() == "2026-03-01T08:00:00+00:00"


@pytest.mark.parametrize("told", ["昨天", "x\0", "2026-03-01T08:00:00.000Z" * 4, ""])
def test_a_clock_that_tells_nonsense_does_not_refuse_the_fact(cast: Cast, visit: Visit, told: str) -> None:
    client = visit(cast.secretary)

    client.post(FORM, open_form(client) | {"recorded_at": told})

    record = Record.objects.get()
    assert record.recorded_at == record.received_at


@pytest.mark.parametrize("told", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1970-01-01T00:00:00Z"])
def test_an_absurd_clock_is_not_kept_and_the_receipt_says_so(cast: Cast, visit: Visit, told: str) -> None:
    client = visit(cast.secretary)
    sent = open_form(client) | {"recorded_at": told}

    page = client.post(FORM, sent, follow=True).content.decode()
    again = client.post(FORM, sent, follow=True).content.decode()

    record = Record.objects.get()
    assert record.recorded_at == record.received_at
    assert "记录时间改用服务器的时间" in page
    assert "记录时间改用服务器的时间" in again


def test_a_correction_with_an_absurd_clock_is_taken_in_as_well(cast: Cast, visit: Visit) -> None:
    record = enter(cast.secretary, cast.village, timezone.localdate())
    client = visit(cast.secretary)
    sent = open_form(client, f"/records/{record.pk}/correct/")

    answer = client.post(f"/records/{record.pk}/correct/", sent | {"recorded_at": "0001-01-01T00:00:00+14:00"})

    assert answer.headers["Location"].endswith("?saved=1&clock=absurd")


@pytest.mark.parametrize(("hours", "is_told"), [(-30, True), (30, True), (-5, False), (0, False)])
def test_a_clock_more_than_a_day_off_is_kept_and_told(cast: Cast, visit: Visit, hours: int, is_told: bool) -> None:
    client = visit(cast.secretary)
    clock = timezone.now() + timedelta(hours=hours)

    page = client.post(FORM, open_form(client) | {"recorded_at": clock.isoformat()}, follow=True).content.decode()

    assert Record.objects.get().recorded_at == clock
    assert ("相差一天以上" in page) == is_told
    assert ("自动确定日期和时间" in page) == is_told


def test_the_receipt_tells_the_local_day_also_in_the_early_morning(cast: Cast, visit: Visit) -> None:
    record = enter(cast.secretary, cast.village, date(2026, 3, 20))
    Record.objects.filter(pk=record.pk).update(received_at=datetime(2026, 3, 20, 22, 30, tzinfo=UTC))

    page = visit(cast.secretary).get(f"/records/{record.pk}/?saved=1&as_of=2026-03-21").content.decode()

    assert "3月21日（周六）" in page.split("服务器")[1]


def test_a_sign_that_cannot_be_seen_is_told_plainly(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)

    answer = client.post(FORM, open_form(client) | {"place": "老戏台\0前"})

    assert list(answer.context["form"].errors["place"]) == [
        "里面有一个看不见的字符，存不下来。请清空这一栏，重新输入。"
    ]


def test_what_is_missing_is_named(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)

    answer = client.post(FORM, open_form(client) | {"happened_on": "", "quantity": ""})

    errors = answer.context["form"].errors
    assert list(errors["happened_on"]) == ["请填写日期。"]
    assert list(errors["quantity"]) == ["请填写数量（次）。"]


def test_the_same_id_with_other_content_shows_both_and_keeps_the_first(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)
    sent = open_form(client)
    client.post(FORM, sent | {"people": "40"})

    answer = client.post(FORM, sent | {"people": "46"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert answer.context["differences"] == ("people",)
    assert "<td>40</td>" in page
    assert "46" in page
    assert Record.objects.get().people == 40


def test_out_of_the_conflict_the_second_can_be_saved_beside_or_as_a_correction(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)
    sent = open_form(client)
    client.post(FORM, sent)
    again = sent | {"people": "46"}
    fresh = read_id(client.post(FORM, again).content.decode())

    client.post(f"/records/{sent['id']}/correct/", again | {"id": fresh})

    assert Record.objects.get(pk=fresh).replaces_id == Record.objects.get(people=None).pk


def test_a_conflict_with_a_record_out_of_sight_tells_nothing_of_it(cast: Cast, visit: Visit) -> None:
    theirs = enter(cast.outsider, cast.other_town, timezone.localdate(), place="渡口大榕树下")
    client = visit(cast.secretary)

    answer = client.post(FORM, open_form(client) | {"id": str(theirs.pk), "place": "村口"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "渡口大榕树下" not in page
    assert "村口" in page
    assert read_id(page) != str(theirs.pk)


@pytest.mark.parametrize(
    ("typed", "field", "word"),
    [
        ({"happened_on": "2099-01-01"}, "happened_on", "还没到"),
        ({"quantity": "0"}, "quantity", "等于没有做"),
        ({"quantity": "许多"}, "quantity", ""),
        ({"happened_on": ""}, "happened_on", ""),
        ({"people": "-3"}, "people", ""),
    ],
)
def test_a_mistake_is_told_at_its_field_and_what_was_typed_stays(
    cast: Cast, visit: Visit, typed: dict[str, str], field: str, word: str
) -> None:
    client = visit(cast.secretary)

    answer = client.post(FORM, open_form(client) | {"place": "老戏台前"} | typed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert word in str(answer.context["form"].errors[field])
    assert "老戏台前" in answer.content.decode()
    assert not Record.objects.exists()


def test_more_cannot_know_than_were_asked(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)
    address = "/records/new/?kind=awareness"

    answer = client.post(address, open_form(client, address) | {"quantity": "51", "people": "50"})

    assert "quantity" in answer.context["form"].errors


def test_a_duty_fills_in_what_it_asks_for(cast: Cast, visit: Visit) -> None:
    today = timezone.localdate()
    plan = issue_plan(cast, today.year)
    window = f"{today.year}-Q{(today.month + 2) // 3}"

    answer = visit(cast.secretary).get(f"/records/new/?unit=SQ0101&plan={plan.pk}&duty=shelter-talk&window={window}")

    assert answer.context["kind"].code == "talk"
    assert answer.context["form"]["place"].value() == "养老院"
    assert answer.context["form"]["happened_on"].value() == today
    assert "还差 2 次" in answer.content.decode()


def test_a_window_that_is_over_leaves_the_day_to_be_told(cast: Cast, visit: Visit) -> None:
    today = timezone.localdate()
    plan = issue_plan(cast, today.year, first=today.year - 1)
    past = today.replace(day=1) - timedelta(days=1)

    answer = visit(cast.secretary).get(f"/records/new/?unit=SQ0101&plan={plan.pk}&duty=rally&window={past:%Y-%m}")

    assert answer.context["form"]["happened_on"].value() is None


def test_a_secretary_records_for_units_below_their_own_and_no_other(cast: Cast, visit: Visit) -> None:
    client = visit(cast.town_officer)
    sent = open_form(client)

    below = client.post(FORM, sent | {"unit": "SQ0102"})
    beside = visit(cast.secretary).post(FORM, open_form(visit(cast.secretary)) | {"unit": "SQ0102"})

    assert below.status_code == 302
    assert beside.status_code == 404
    assert Record.objects.get().unit == cast.community


def test_a_supervisor_looks_and_does_not_record(cast: Cast, visit: Visit) -> None:
    client = visit(cast.supervisor)

    assert client.get("/records/new/").status_code == 403
    assert client.post(FORM, {"unit": "SQ0101"}).status_code == 403
    assert not Record.objects.exists()


def test_somebody_without_a_post_cannot_record(cast: Cast, visit: Visit) -> None:
    assert visit(cast.nobody).get(FORM).status_code == 403


def test_a_receipt_names_a_unit_out_of_sight_without_leading_there(cast: Cast, visit: Visit) -> None:
    year = timezone.localdate().year
    issue_plan(cast, year)
    teacher = User.objects.create(username="teacher")
    Post.objects.create(user=teacher, unit=cast.school, role=Post.Role.SECRETARY)
    client = visit(teacher)
    address = "/records/new/?kind=progress_table"

    page = client.post(address, open_form(client, address) | {"unit": "SQ01S1"}, follow=True).content.decode()

    assert "青石镇" in page
    assert "unit=SQ01&amp;" not in page


def test_a_record_lists_the_duties_that_it_served_in_every_plan(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)
    issue_plan(cast, unit=cast.town, title="青石镇实施方案")
    record = enter(cast.secretary, cast.village, date(2026, 3, 20))

    page = visit(cast.secretary).get(f"/records/{record.pk}/").content.decode()
    served = page.partition("计入哪些任务")[2]

    assert "石桥县试行工作方案" in served
    assert "青石镇实施方案" in served
