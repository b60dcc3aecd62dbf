"""A phone's queue as a file, taken in at the desk: looked at first, then each record by the door of the phone."""

import json
from base64 import b64encode
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.adapters.photos import make_photo
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, make_record
from wuzha.core.ledger.wire import write_record
from wuzha.web.accounts.models import AuditEntry, Unit
from wuzha.web.campaign.actions.intake import take_in_records
from wuzha.web.campaign.models import Evidence, Record
from wuzha.web.campaign.queries.records import find_for_whom

DAY = date(2026, 3, 20)
PAGE = reverse("campaign:queue-file")


def write_queue(*records: object) -> str:
    told = {
        "format": "wuzha-queue",
        "version": 1,
        "made_at": "2026-03-20T08:00:00Z",
        "user": {"id": 1, "name": "网格员"},
    }
    return json.dumps(told | {"records": records, "photos": []})


def make_wire(unit: Unit, **fields: Any) -> dict[str, Any]:
    return write_record(make_record(unit, DAY, **fields))


def send(client: Client, text: str) -> str:
    file = SimpleUploadedFile("queue.json", text.encode(), "application/json")
    return client.post(PAGE, {"file": file}).content.decode()


def take(client: Client, text: str) -> str:
    return client.post(PAGE, {"text": text, "take": "1"}).content.decode()


def test_the_file_is_shown_before_anything_is_taken_in(cast: Cast, visit: Visit) -> None:
    page = send(visit(cast.town_officer), write_queue(make_wire(cast.village), make_wire(cast.community)))
    assert "2 笔记录" in page
    assert "网格员" in page
    assert not Record.objects.exists()


def test_the_file_shows_units_by_name_and_the_record_says_whose_phone_it_came_from(cast: Cast, visit: Visit) -> None:
    client = visit(cast.town_officer)
    wire = make_wire(cast.village)
    assert "柳湾村" in send(client, write_queue(wire))

    take(client, write_queue(wire))

    record = Record.objects.get()
    assert record.author == cast.town_officer, "whoever handed it in answers for it: the name on a file is no log-in"
    entry = AuditEntry.objects.get(object_id=str(record.pk))
    assert (entry.actor, entry.details["for_whom"]) == (cast.town_officer, "网格员")
    page = client.get(f"/records/{record.pk}/").content.decode()
    assert "代谁交来" in page
    assert "网格员" in page


def test_a_record_that_its_author_sent_names_nobody_else(cast: Cast, visit: Visit) -> None:
    record = enter(cast.secretary, cast.village, DAY)

    assert "代谁交来" not in visit(cast.secretary).get(f"/records/{record.pk}/").content.decode()


def test_a_held_correction_that_comes_free_by_a_file_is_not_said_to_come_from_it(cast: Cast, visit: Visit) -> None:
    original = make_record(cast.village, DAY)
    now = timezone.now()
    fix = make_record(cast.village, DAY, people=9, replaces=original.id)
    take_in_records(actor=cast.secretary, records=[fix], sent_at=None, now=now)

    take(visit(cast.town_officer), write_queue(write_record(original)))

    assert find_for_whom(Record.objects.get(pk=original.id)) == "网格员"
    assert find_for_whom(Record.objects.get(pk=fix.id)) == ""


def test_each_record_is_taken_in_once_however_often_the_file_comes(cast: Cast, visit: Visit) -> None:
    client = visit(cast.town_officer)
    text = write_queue(make_wire(cast.village), make_wire(cast.community))
    assert take(client, text).count("已收下") == 2
    assert take(client, text).count("台账里已有") == 2
    assert Record.objects.count() == 2


def test_a_bad_record_keeps_no_good_one_out_and_says_why(cast: Cast, visit: Visit) -> None:
    bad = make_wire(cast.village) | {"happened_on": "2126-01-01"}
    page = take(visit(cast.town_officer), write_queue(bad, "no record", make_wire(cast.village)))
    assert page.count("没有收下") == 2
    assert page.count("已收下") == 1
    assert Record.objects.count() == 1


def test_records_of_units_that_are_not_theirs_are_refused(cast: Cast, visit: Visit) -> None:
    page = take(visit(cast.outsider), write_queue(make_wire(cast.village)))
    assert "没有收下" in page
    assert not Record.objects.exists()


def test_whoever_makes_no_records_takes_no_file_in(cast: Cast, visit: Visit) -> None:
    assert visit(cast.supervisor).get(PAGE).status_code == 403
    assert visit(cast.nobody).post(PAGE, {"text": write_queue(), "take": "1"}).status_code == 403


def test_a_file_of_something_else_is_refused_in_words(cast: Cast, visit: Visit) -> None:
    client = visit(cast.secretary)
    for text in ("", "[]", "{", '{"format": "wuzha-queue", "version": 2, "records": []}', "[" * 100_000):
        assert "field-error" in send(client, text)
    assert "请先选择文件" in client.post(PAGE, {}).content.decode()


# --- photos in the file ---


@pytest.fixture(autouse=True)
def _keep_files_apart(tmp_path: Path, settings: Settings) -> None:
    settings.EVIDENCE = tmp_path / "evidence"


def write_photo(record: object, *, content: bytes | None = None) -> dict[str, Any]:
    content = content or make_photo()
    return {
        "id": str(uuid4()),
        "record": str(record),
        "name": "IMG_1.jpg",
        "media_type": "image/jpeg",
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
        "base64": b64encode(content).decode(),
    }


def add_photos(text: str, *photos: dict[str, Any]) -> str:
    return json.dumps(json.loads(text) | {"photos": photos})


def test_photos_come_in_with_their_record_and_once(cast: Cast, visit: Visit) -> None:
    wire = make_wire(cast.village)
    text = add_photos(write_queue(wire), write_photo(wire["id"]))
    client = visit(cast.town_officer)
    assert not Evidence.objects.exists(), send(client, text)
    take(client, text)
    take(client, text)
    evidence = Evidence.objects.get()
    assert str(evidence.record_id) == wire["id"]
    assert str(evidence.pk) in client.get(reverse("campaign:record", args=[wire["id"]])).content.decode()


def test_a_photo_whose_record_was_sent_before_comes_in_alone(cast: Cast, visit: Visit) -> None:
    """The phone had sent the record when its network went, and holds nothing but the photo."""
    wire = make_wire(cast.village)
    client = visit(cast.town_officer)
    take(client, write_queue(wire))
    text = add_photos(write_queue(), write_photo(wire["id"]))
    assert "柳湾村" in send(client, text) or "SQ0101" in send(client, text)
    assert not Evidence.objects.exists()
    take(client, text)
    assert str(Evidence.objects.get().record_id) == wire["id"]


def test_a_photo_of_a_record_out_of_reach_is_told_of_and_left_out(cast: Cast, visit: Visit) -> None:
    wire = make_wire(cast.village)
    take(visit(cast.town_officer), write_queue(wire))
    own = make_wire(cast.units["SQ0201"])
    text = add_photos(write_queue(own), write_photo(wire["id"]), write_photo(uuid4()), write_photo(own["id"]))
    page = take(visit(cast.outsider), text)
    assert page.count("这些照片的记录不在台账里") == 2
    assert str(Evidence.objects.get().record_id) == own["id"]
