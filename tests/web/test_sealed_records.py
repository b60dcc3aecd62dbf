"""Numbers of persons in the free text of records: masked in the ledger, sealed beside it, and nothing is lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, make_record
from wuzha.core.base.personal import unmask
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.core.ledger.wire import write_record
from wuzha.web.campaign.actions.door import Result
from wuzha.web.campaign.actions.intake import take_in_records
from wuzha.web.campaign.models import HeldRecord, Record
from wuzha.web.personal.guard import open_parts
from wuzha.web.personal.models import SealedPart

DAY = date(2026, 3, 20)
NOON = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
NUMBER, OTHER = "13900000001", "13977770001"
IDENTITY = "11010519491231002X"


def send(cast: Cast, *records: CoreRecord) -> list[Result]:
    receipts = take_in_records(actor=cast.secretary, records=records, sent_at=None, now=NOON)
    return [receipt.result for receipt in receipts]


def list_values() -> Iterator[str]:
    """Everything that stands in the database, as the database itself tells it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield from (
                    bytes(one).decode(errors="replace") if isinstance(one, bytes | memoryview) else str(one)
                    for one in row
                )


def is_anywhere(text: str) -> bool:
    return any(text in value for value in list_values())


def restore(pk: object, field: str, masked: str) -> str:
    return unmask(masked, open_parts("record", [pk]).get(str(pk), {}).get(field, ()))


def test_a_number_in_any_free_text_of_a_record_stands_nowhere_in_the_database(cast: Cast) -> None:
    kept = enter(
        cast.secretary,
        cast.village,
        DAY,
        place=f"村口{NUMBER}",
        audience=f"户主{IDENTITY}",
        note=f"联系{NUMBER}，证{IDENTITY}",
    )
    assert kept.note == "联系139****0001，证110*************2X"
    assert not is_anywhere(NUMBER)
    assert not is_anywhere(IDENTITY)
    assert is_anywhere("139****0001")


def test_the_original_is_had_back_to_the_sign(cast: Cast) -> None:
    typed = "先打１３９－００００－０００１，再打+86 139 0000 0001。"
    kept = enter(cast.secretary, cast.village, DAY, note=typed)
    assert kept.note != typed
    assert restore(kept.pk, "note", kept.note) == typed


def test_the_same_sending_again_is_the_same_and_another_number_is_a_conflict(cast: Cast) -> None:
    record = make_record(cast.village, DAY, note=f"联系{NUMBER}")
    assert send(cast, record) == [Result.SAVED]
    assert send(cast, record, record) == [Result.KNOWN, Result.KNOWN]
    assert send(cast, replace(record, note="联系139****0001")) == [Result.KNOWN]
    assert send(cast, replace(record, note=f"联系{OTHER}")) == [Result.CONFLICT]
    assert SealedPart.objects.count() == 1


def test_two_numbers_under_one_id_in_one_sending_are_a_conflict(cast: Cast) -> None:
    record = make_record(cast.village, DAY, note=f"联系{NUMBER}")
    assert send(cast, record, replace(record, note=f"联系{OTHER}")) == [Result.SAVED, Result.CONFLICT]
    assert restore(record.id, "note", Record.objects.get().note) == f"联系{NUMBER}"


def test_a_record_from_before_numbers_were_masked_is_still_known(cast: Cast) -> None:
    record = make_record(cast.village, DAY, note=f"联系{NUMBER}")
    send(cast, record)
    SealedPart.objects.all().delete()
    Record.objects.update(note=f"联系{NUMBER}")
    assert send(cast, record) == [Result.KNOWN]
    assert send(cast, replace(record, note=f"联系{OTHER}")) == [Result.CONFLICT]


def test_a_correction_that_comes_first_is_held_masked_and_applied_whole(cast: Cast) -> None:
    original = make_record(cast.village, DAY, note="没有号码")
    mended = replace(make_record(cast.village, DAY), replaces=original.id, note=f"联系{NUMBER}")
    assert send(cast, mended) == [Result.HELD]
    assert send(cast, mended) == [Result.HELD]
    assert NUMBER not in json.dumps(HeldRecord.objects.get().told, ensure_ascii=False)
    assert send(cast, original) == [Result.SAVED]
    assert send(cast, mended) == [Result.KNOWN]
    kept = Record.objects.get(pk=mended.id)
    assert restore(kept.pk, "note", kept.note) == f"联系{NUMBER}"
    assert not is_anywhere(NUMBER)


def test_a_correction_typed_over_the_masked_text_keeps_the_number_that_can_be_shown(cast: Cast) -> None:
    original = enter(cast.secretary, cast.village, DAY, note=f"请找户主，电话{NUMBER}")
    mended = replace(
        make_record(cast.village, DAY), replaces=original.pk, note="三组户主 电话139****0001 已回访", people=3
    )
    assert send(cast, mended) == [Result.SAVED]
    kept = Record.objects.get(pk=mended.id)
    assert restore(kept.pk, "note", kept.note) == f"三组户主 电话{NUMBER} 已回访"


def test_a_correction_with_another_number_behind_the_same_stars_keeps_its_own(cast: Cast) -> None:
    original = enter(cast.secretary, cast.village, DAY, note=f"电话{NUMBER}")
    mended = replace(make_record(cast.village, DAY), replaces=original.pk, note=f"电话{OTHER}")
    assert send(cast, mended) == [Result.SAVED]
    assert restore(mended.id, "note", Record.objects.get(pk=mended.id).note) == f"电话{OTHER}"


def test_two_households_told_apart_by_numbers_stay_two(cast: Cast) -> None:
    for number in (NUMBER, OTHER, NUMBER):
        enter(cast.secretary, cast.village, DAY, kind="visit", subject=number)
    subjects = list(Record.objects.values_list("subject", flat=True))
    assert len(set(subjects)) == 2
    assert all(len(subject) == len(NUMBER) and subject.startswith("139") for subject in subjects)
    assert not is_anywhere(NUMBER)


def test_without_a_key_nothing_is_taken_in_and_nothing_is_lost(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    enter(cast.secretary, cast.village, DAY, note=f"联系{NUMBER}")
    settings.KEYS = tmp_path / "gone"
    record = make_record(cast.village, DAY, note=f"联系{OTHER}")
    with pytest.raises(OperationalError, match=r"keys\.none"):
        send(cast, record)
    assert not Record.objects.filter(pk=record.id).exists()
    assert send(cast, make_record(cast.village, DAY, note="没有号码")) == [Result.SAVED]
    assert not (tmp_path / "gone").exists()


def test_a_phone_is_asked_to_come_again_while_the_key_is_missing(
    cast: Cast, visit: Visit, settings: Settings, tmp_path: Path
) -> None:
    enter(cast.secretary, cast.village, DAY, note=f"联系{NUMBER}")
    settings.KEYS = tmp_path / "gone"
    told = write_record(make_record(cast.village, DAY, note=f"联系{OTHER}"))
    answer: Any = visit(cast.secretary).post(
        "/phone/records/", json.dumps({"records": [told], "sent_at": NOON.isoformat()}), content_type="application/json"
    )
    assert answer.status_code == 503
    assert Record.objects.count() == 1


def test_pages_exports_and_the_phone_show_the_masked_number_alone(cast: Cast, visit: Visit) -> None:
    today = datetime.now(UTC).date() - timedelta(days=1)
    kept = enter(cast.secretary, cast.village, today, note=f"联系{NUMBER}")
    browser = visit(cast.officer)
    for address in (f"/records/{kept.pk}/", "/records/", "/records/export.csv", "/records/export.xlsx"):
        answer: Any = browser.get(address)
        if answer.status_code == 404:
            continue
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert NUMBER.encode() not in content, address
    assert "139****0001" in browser.get(f"/records/{kept.pk}/").content.decode()
