"""What is past its time goes and nothing else; a person gets all that is kept of them, or has their name taken out."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter
from wuzha.web.accounts.models import AuditEntry, Post, RosterUpload, User
from wuzha.web.campaign.actions.door import Result
from wuzha.web.campaign.actions.intake import take_in_records
from wuzha.web.campaign.models import DraftPaper, HeldRecord, Record
from wuzha.web.personal.actions import hold, set_days, set_phone
from wuzha.web.personal.erasure import (
    ABOUT,
    TABLES,
    HeldError,
    StillInPostError,
    erase_person,
    export_person,
    list_columns,
    name_column,
)
from wuzha.web.personal.models import Departure, LegalHold, PersonContact, RetentionRun, SealedPart
from wuzha.web.personal.retention import BY_KIND, RULES, run_if_due, run_retention

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DAY = date(2026, 3, 20)
NUMBER = "13900000001"
ADDRESSES = ("/personal/retention/", "/personal/retention/uploads/", "/personal/holds/")


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def count(kind: str, *, dry: bool = False) -> tuple[int, int]:
    line = next(line for line in run_retention(now=NOW, dry=dry) if line.kind == kind)
    return line.count, line.held


def upload(cast: Cast, days: int) -> None:
    RosterUpload.objects.create(name="a.xlsx", content=b"x", uploaded_at=ago(days), uploaded_by=cast.officer)


def draft(cast: Cast, days: int) -> None:
    plain: dict[str, Any] = {"form": "letter", "unit": cast.town, "title": "稿", "said": {}, "content": {}, "asked": {}}
    acts = {"changed_by": cast.town_officer, "created_by": cast.town_officer, "created_at": ago(days)}
    clocks = {"as_of": DAY, "known_by": DAY, "counted_at": NOW, "changed_at": ago(days)}
    DraftPaper.objects.create(**plain, **acts, **clocks)


@pytest.mark.parametrize(("days", "gone"), [(6, 0), (8, 1)])
def test_a_file_that_nobody_confirmed_goes_after_its_days(cast: Cast, days: int, gone: int) -> None:
    upload(cast, days)
    assert count("uploads", dry=True) == (gone, 0)
    assert RosterUpload.objects.count() == 1
    assert count("uploads") == (gone, 0)
    assert RosterUpload.objects.count() == 1 - gone


def test_a_hold_on_a_unit_keeps_what_stands_below_it(cast: Cast) -> None:
    draft(cast, 400)
    row = hold(actor=cast.officer, reason="信访核查", now=NOW, unit=cast.county)
    assert count("drafts") == (0, 1)
    LegalHold.objects.filter(pk=row.pk).update(lifted_at=NOW, lifted_by=cast.officer, lifted_because="办结")
    assert count("drafts") == (1, 0)


def test_a_hold_on_another_town_keeps_nothing_of_this_one(cast: Cast) -> None:
    draft(cast, 400)
    hold(actor=cast.officer, reason="信访核查", now=NOW, unit=cast.other_town)
    assert count("drafts") == (1, 0)


@pytest.mark.parametrize("on", ["unit", "record", ""])
def test_sealed_originals_go_and_the_masked_record_stays_as_it_was(cast: Cast, on: str) -> None:
    kept = enter(cast.secretary, cast.village, DAY, note=f"联系{NUMBER}", people=7)
    SealedPart.objects.update(made_at=ago(366))
    if on == "unit":
        hold(actor=cast.officer, reason="信访核查", now=NOW, unit=cast.town)
    elif on:
        hold(actor=cast.officer, reason="信访核查", now=NOW, target=("record", str(kept.pk)))
    assert count("numbers") == ((0, 1) if on else (1, 0))
    assert SealedPart.objects.exists() == bool(on)
    before = Record.objects.values().get()
    assert (before["note"], before["people"]) == ("联系139****0001", 7)


def test_a_phone_that_sends_again_after_the_original_went_is_told_that_it_is_known(cast: Cast) -> None:
    kept = enter(cast.secretary, cast.village, DAY, note=f"联系{NUMBER}")
    SealedPart.objects.all().delete()
    told = kept.to_core()
    receipts = take_in_records(
        actor=cast.secretary, records=[replace(told, note=f"联系{NUMBER}")], sent_at=None, now=NOW
    )
    assert [one.result for one in receipts] == [Result.KNOWN]


def test_a_held_correction_goes_after_its_days_and_an_applied_one_stays(cast: Cast) -> None:
    plain = {"unit": cast.village, "author": cast.secretary, "told": {}, "why": "record.original-awaited"}
    for number, applied in ((1, None), (2, NOW)):
        pk = f"018f3c1e-0000-7000-8000-00000000000{number}"
        HeldRecord.objects.create(id=pk, original_id=pk, arrived_at=ago(400), applied_at=applied, **plain)
    assert count("held") == (1, 0)
    assert HeldRecord.objects.get().applied_at == NOW


def test_other_days_hold_within_the_bounds_of_the_rule_and_not_beyond(cast: Cast) -> None:
    upload(cast, 8)
    set_days(actor=cast.officer, kind="uploads", days=10, reason="花名册核对要久一些", now=NOW)
    assert count("uploads") == (0, 0)
    set_days(actor=cast.officer, kind="sign-ins", days=1, reason="想少留", now=NOW)
    line = next(line for line in run_retention(now=NOW) if line.kind == "sign-ins")
    assert line.days == BY_KIND["sign-ins"].least >= 183


def test_every_rule_names_its_source_and_lies_within_its_own_bounds() -> None:
    assert all(rule.source and rule.least <= rule.days <= rule.most for rule in RULES)
    assert len({rule.kind for rule in RULES}) == len(RULES)


def test_the_run_is_done_once_a_day_and_reported(cast: Cast) -> None:
    upload(cast, 8)
    assert run_if_due(NOW) == 1
    upload(cast, 8)
    assert run_if_due(NOW + timedelta(hours=1)) == 0
    assert run_if_due(NOW + timedelta(days=1)) == 1
    line = next(one for one in RetentionRun.objects.order_by("began_at")[0].lines if one["kind"] == "uploads")
    assert line == {"kind": "uploads", "days": 7, "count": 1, "held": 0, "oldest": ago(8).date().isoformat()}
    assert AuditEntry.objects.filter(action="retention.run").count() == 2


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 200), ("town_officer", 403), ("secretary", 403), ("supervisor", 403), ("nobody", 403)],
)
def test_clocks_and_holds_are_for_who_keeps_the_whole(
    cast: Cast, visit: Visit, address: str, who: str, status: int
) -> None:
    hidden = 404 if address.count("/") > 3 and status == 403 else status
    assert visit(cast.people[who]).get(address).status_code == hidden


def test_who_keeps_the_whole_finds_clocks_and_holds_under_their_own_entry(cast: Cast, visit: Visit) -> None:
    for person, is_keeper in ((cast.officer, True), (cast.town_officer, False), (cast.secretary, False)):
        page = visit(person).get("/me/").content.decode()
        assert ('href="/personal/retention/"' in page, 'href="/personal/holds/"' in page) == (is_keeper, is_keeper)


def test_a_keeper_sets_days_places_and_lifts_a_hold(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    assert browser.post("/personal/retention/sign-ins/", {"days": "100", "reason": "想少留"}).status_code == 422
    assert browser.post("/personal/retention/uploads/", {"days": "9", "reason": "要久一些"}).status_code == 302
    typed = {"what": "unit", "number": "SQ01", "reason": "信访核查"}
    assert browser.post("/personal/holds/", typed).status_code == 302
    assert browser.post("/personal/holds/", typed | {"number": "none"}).status_code == 422
    assert browser.post("/personal/holds/", typed | {"what": "record"}).status_code == 422
    row = LegalHold.objects.get()
    browser.post(f"/personal/holds/{row.pk}/lift/", {"reason": ""})
    assert LegalHold.objects.get().lifted_at is None
    browser.post(f"/personal/holds/{row.pk}/lift/", {"reason": "办结"})
    assert LegalHold.objects.get().lifted_because == "办结"
    for table in ("clocks", "runs"):
        assert browser.get(f"/personal/retention/?format=xlsx&table={table}").status_code == 200


# --- what a person may ask for ---


def test_every_column_that_names_a_person_says_what_becomes_of_it() -> None:
    found = {name_column(model, field) for model, field in list_columns()}
    assert found == set(TABLES)


def read_zip(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def test_the_file_of_a_person_holds_what_names_them_and_no_lock(cast: Cast) -> None:
    kept = enter(cast.secretary, cast.village, DAY, note="办了一场")
    enter(cast.town_officer, cast.town, DAY, kind="training")
    set_phone(actor=cast.secretary, person=cast.secretary, phone=NUMBER, now=NOW)
    told = read_zip(export_person(actor=cast.secretary, person=cast.secretary, reason="本人申请", now=NOW))
    assert told["campaign.Record.author.json"][0]["note"] == "办了一场"
    assert [one["id"] for one in told["campaign.Record.author.json"]] == [str(kept.pk)]
    assert told["personal.PersonContact.user.json"][0]["phone"] == NUMBER
    assert told["person.json"][0]["username"] == "secretary"
    assert told["accounts.Post.user.json"][0]["role"] == "secretary"
    assert "password" not in told["person.json"][0]
    assert {f"{name_column(model, field)}.json" for model, field in list_columns()} <= set(told)
    assert told["contents.json"]["tables"]["campaign.Record.author"] == 1
    assert any(one["action"] == "person.exported" for one in told["about-this-person.json"])


@pytest.mark.parametrize("who", ["administrator", "officer"])
def test_somebody_else_gets_what_is_about_the_person_and_only_the_numbers_of_what_they_wrote(
    cast: Cast, visit: Visit, who: str
) -> None:
    kept = enter(cast.town_officer, cast.town, DAY, note="办了一场反诈宣讲", place="镇政府礼堂")
    draft(cast, 3)
    RosterUpload.objects.create(name="别处花名册.xlsx", content=b"x", uploaded_at=NOW, uploaded_by=cast.town_officer)
    set_phone(actor=cast.officer, person=cast.town_officer, phone=NUMBER, now=NOW)
    typed = {"reason": "本人申请", "act": "export"}
    told = read_zip(visit(cast.people[who]).post(f"/people/{cast.town_officer.pk}/data/", typed).content)
    assert told["campaign.Record.author.json"] == [{"id": str(kept.pk)}]
    assert told["contents.json"]["tables"]["campaign.DraftPaper.created_by"] == 1
    assert told["personal.PersonContact.user.json"][0]["phone"] == NUMBER
    assert told["accounts.Post.user.json"][0]["role"] == "officer"
    whole = json.dumps(told, ensure_ascii=False)
    assert not [word for word in ("反诈宣讲", "礼堂", "稿", "别处花名册") if word in whole]


def test_every_table_about_a_person_is_one_that_names_them() -> None:
    assert set(ABOUT) <= set(TABLES)
    assert not [name for name in ABOUT if name.startswith("campaign.")]


@pytest.mark.parametrize(
    ("who", "status"),
    [("secretary", 200), ("officer", 200), ("town_officer", 404), ("outsider", 404), ("supervisor", 404)],
)
def test_a_person_and_the_keepers_get_the_file_and_nobody_else(cast: Cast, visit: Visit, who: str, status: int) -> None:
    address = f"/people/{cast.secretary.pk}/data/"
    assert visit(cast.people[who]).get(address).status_code == status
    answer = visit(cast.people[who]).post(address, {"reason": "本人申请", "act": "export"})
    assert answer.status_code == status
    assert status != 200 or read_zip(answer.content)["person.json"][0]["username"] == "secretary"


def leave(person: User) -> None:
    Post.objects.filter(user=person).update(closes_on=date(2026, 1, 1))


def dump() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield f"{table} {row!r}"


def test_who_has_left_stands_under_a_number_everywhere_and_the_figures_stay(cast: Cast, visit: Visit) -> None:
    visit(cast.secretary).get("/today/")
    kept = enter(cast.secretary, cast.village, DAY, people=9)
    set_phone(actor=cast.secretary, person=cast.secretary, phone=NUMBER, now=NOW)
    leave(cast.secretary)
    departure = erase_person(actor=cast.officer, person=cast.secretary, reason="离任满三年", now=NOW)
    assert not any("柳湾村网格员" in line for line in dump())
    assert {line.split()[0] for line in dump() if "'secretary'" in line} <= {"accounts_auditentry", "accounts_post"}
    assert not PersonContact.objects.exists()
    row = Record.objects.get(pk=kept.pk)
    assert (str(row.author), row.people) == ("已注销人员0001", 9)
    assert "已注销人员0001" in visit(cast.officer).get(f"/records/{kept.pk}/").content.decode()
    assert "柳湾村网格员" not in departure.certificate
    assert "campaign.Record 1 条" in departure.certificate
    assert "个人信息保护法第四十七条" in departure.certificate
    assert not User.objects.get(pk=cast.secretary.pk).is_active


def test_who_still_holds_a_post_keeps_their_name(cast: Cast) -> None:
    with pytest.raises(StillInPostError):
        erase_person(actor=cast.officer, person=cast.secretary, reason="早了", now=NOW)
    assert User.objects.get(pk=cast.secretary.pk).username == "secretary"


@pytest.mark.parametrize(("hour", "is_over"), [(15, False), (16, True), (23, True)])
def test_a_post_that_ended_today_is_over_from_midnight_of_the_place_on(cast: Cast, hour: int, is_over: bool) -> None:
    """Sixteen o'clock of Greenwich is midnight here."""
    Post.objects.filter(user=cast.secretary).update(closes_on=date(2026, 11, 23))
    now = NOW.replace(hour=hour, minute=30)
    if not is_over:
        with pytest.raises(StillInPostError):
            erase_person(actor=cast.officer, person=cast.secretary, reason="离任", now=now)
        return
    departure = erase_person(actor=cast.officer, person=cast.secretary, reason="离任", now=now)
    assert f"时间：2026-11-23 {hour - 16:02d}:30\n" in departure.certificate


def test_a_hold_on_a_person_keeps_their_name_on_the_page_and_from_the_command_line(cast: Cast, visit: Visit) -> None:
    leave(cast.secretary)
    set_phone(actor=cast.officer, person=cast.secretary, phone=NUMBER, now=NOW)
    hold(actor=cast.officer, reason="诉讼保全", now=NOW, target=("person", str(cast.supervisor.pk)))
    row = hold(actor=cast.officer, reason="案件协查", now=NOW, target=("person", str(cast.secretary.pk)))
    browser, typed = visit(cast.officer), {"reason": "离任满三年", "act": "erase"}
    answer = browser.post(f"/people/{cast.secretary.pk}/data/", typed)
    assert answer.status_code == 422
    assert "柳湾村网格员的账号正在保全（案件协查）" in answer.content.decode()
    with pytest.raises(HeldError):
        erase_person(actor=None, person=cast.secretary, reason="离任", now=NOW)
    assert User.objects.get(pk=cast.secretary.pk).username == "secretary"
    assert PersonContact.objects.exists()
    browser.post(f"/personal/holds/{row.pk}/lift/", {"reason": "办结"})
    assert browser.post(f"/people/{cast.secretary.pk}/data/", typed).status_code == 302


@pytest.mark.parametrize("held", ["village", "town", "county"])
def test_a_hold_on_a_unit_keeps_the_names_of_who_worked_there_by_hand_and_by_the_clock(
    cast: Cast, visit: Visit, held: str
) -> None:
    Post.objects.filter(user=cast.secretary).update(closes_on=date(2020, 1, 1))
    hold(actor=cast.officer, reason="别处的事", now=NOW, unit=cast.other_town)
    row = hold(actor=cast.officer, reason="信访核查", now=NOW, unit=getattr(cast, held))
    assert count("accounts") == (0, 1)
    with pytest.raises(HeldError):
        erase_person(actor=None, person=cast.secretary, reason="离任", now=NOW)

    browser, typed = visit(cast.officer), {"reason": "离任满三年", "act": "erase"}
    answer = browser.post(f"/people/{cast.secretary.pk}/data/", typed)
    told = f"{getattr(cast, held).name}和它下面的全部正在保全（信访核查）"
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert User.objects.get(pk=cast.secretary.pk).username == "secretary"

    browser.post(f"/personal/holds/{row.pk}/lift/", {"reason": "办结"})
    assert browser.post(f"/people/{cast.secretary.pk}/data/", typed).status_code == 302


def test_holds_name_what_they_are_on_in_words_on_the_page_and_in_the_file(cast: Cast, visit: Visit) -> None:
    kept = enter(cast.secretary, cast.village, date(2026, 3, 4))
    targets = (("person", str(cast.secretary.pk)), ("record", str(kept.pk)), ("person", "987654"))
    for target in targets:
        hold(actor=cast.officer, reason="案件协查", now=NOW, target=target)
    hold(actor=cast.officer, reason="信访核查", now=NOW, unit=cast.village)
    browser = visit(cast.officer)
    names = ("柳湾村网格员的账号", f"柳湾村2026年3月4日的记录（{str(kept.pk)[:8]}）", "柳湾村和它下面的全部")

    for address in ("/personal/holds/", "/personal/holds/?format=csv"):
        answer: Any = browser.get(address)
        told = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert all(name in told for name in names)
        assert f"person {cast.secretary.pk}" not in told
        assert "person 987654" in told  # nobody has this number any more


def test_to_take_a_name_out_twice_is_once_and_numbers_are_given_once(cast: Cast) -> None:
    for person in (cast.secretary, cast.supervisor):
        leave(person)
        erase_person(actor=cast.officer, person=person, reason="离任", now=NOW)
        erase_person(actor=cast.officer, person=person, reason="离任", now=NOW)
    assert sorted(Departure.objects.values_list("number", flat=True)) == [1, 2]


def test_names_go_by_themselves_once_the_last_post_ended_long_ago_but_not_under_a_hold(cast: Cast) -> None:
    Post.objects.filter(user__in=(cast.secretary, cast.supervisor)).update(closes_on=date(2020, 1, 1))
    hold(actor=cast.officer, reason="案件", now=NOW, target=("person", str(cast.supervisor.pk)))
    assert count("accounts") == (1, 1)
    assert User.objects.get(pk=cast.secretary.pk).display_name == "已注销人员0001"
    assert User.objects.get(pk=cast.supervisor.pk).display_name == "县督导员"


def test_a_keeper_takes_a_name_out_on_the_page_and_gets_the_certificate(cast: Cast, visit: Visit) -> None:
    address = f"/people/{cast.secretary.pk}/data/"
    typed = {"reason": "离任满三年", "act": "erase"}
    assert visit(cast.secretary).post(address, typed).status_code == 403
    assert visit(cast.officer).post(address, typed).status_code == 422
    leave(cast.secretary)
    assert visit(cast.officer).post(address, typed).status_code == 302
    assert "已注销人员0001" in visit(cast.officer).get("/personal/departures/1/").content.decode()
    assert visit(cast.town_officer).get("/personal/departures/1/").status_code == 404
