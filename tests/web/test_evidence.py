"""Files of records: sent in pieces or with a form, kept once, shown to whom the record is shown and to nobody else."""

import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from tests.adapters.photos import draw_scene, make_film, make_photo, make_png_bomb, save, save_jpeg
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, fill_in, make_record, read_id
from tests.web.pieces import FILE, PIECE, ask, is_json, list_files, list_parts, read_body, send_piece, send_whole
from wuzha.adapters.evidence_store import EvidenceStore, hash_content
from wuzha.adapters.uploads import clean_name
from wuzha.web.accounts.models import AuditEntry, Post, User
from wuzha.web.campaign.actions.evidence import sweep_evidence
from wuzha.web.campaign.actions.records import add_record, withdraw_record
from wuzha.web.campaign.forms.records import make_record_id
from wuzha.web.campaign.models import Evidence, Record
from wuzha.web.campaign.queries.evidence import open_store

DAY = date(2026, 3, 20)
OTHER = UUID("018f3c1e-0000-7000-8000-00000000aaaa")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.EVIDENCE = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture
def record(cast: Cast) -> Record:
    return enter(cast.secretary, cast.village, DAY)


@pytest.fixture
def phone(cast: Cast, visit: Visit) -> Client:
    return visit(cast.secretary)


def test_a_photo_in_pieces_is_kept_under_what_it_holds(phone: Client, record: Record) -> None:
    photo = save_jpeg(draw_scene(1), note="31.2304 石桥县")
    assert len(photo) > PIECE, "the sample takes several pieces"

    first = send_piece(phone, photo, record.pk)
    last = send_whole(phone, photo, record.pk)

    assert first.json() == {"received": PIECE, "complete": False, "problems": []}
    assert last.json() == {"received": len(photo), "complete": True, "problems": []}
    kept = Evidence.objects.get()
    (file,) = list_files()
    assert file.name == kept.sha256 == hash_content(file.read_bytes())
    assert (kept.sent_sha256, kept.name, kept.media_type) == (hash_content(photo), "现场.jpg", "image/jpeg")
    assert b"31.2304" not in file.read_bytes()
    assert kept.look is not None
    assert AuditEntry.objects.filter(action="evidence.added", object_id=str(FILE)).count() == 1
    assert not list_parts()


def test_a_last_piece_that_comes_twice_at_once_is_success_both_times(
    phone: Client, cast: Cast, visit: Visit, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line was cut before the answer; the phone sent again while the first sending was still worked on."""
    photo = save_jpeg(draw_scene(1), note="31.2304 石桥县")
    read_upload, again = EvidenceStore.read_upload, visit(cast.secretary)
    answers: list[Any] = []

    def read_after_the_other(store: EvidenceStore, part: str) -> bytes:
        if not answers:
            answers.append(None)
            answers.append(send_piece(again, photo, record.pk, offset=len(photo) - len(photo) % PIECE))
        return read_upload(store, part)

    monkeypatch.setattr(EvidenceStore, "read_upload", read_after_the_other)
    last = send_whole(phone, photo, record.pk)

    whole = {"received": len(photo), "complete": True, "problems": []}
    assert (last.status_code, last.json()) == (200, whole)
    assert answers[1].json() == whole
    assert Evidence.objects.count() == 1
    assert not list_parts()


def test_the_same_piece_again_is_success_before_and_after_the_end(phone: Client, record: Record) -> None:
    photo = make_photo()
    assert send_piece(phone, photo, record.pk).json()["received"] == PIECE
    assert send_piece(phone, photo, record.pk).json()["received"] == PIECE
    send_whole(phone, photo, record.pk)

    again = send_piece(phone, photo, record.pk)

    assert again.json() == {"received": len(photo), "complete": True, "problems": []}
    assert Evidence.objects.count() == 1


def test_a_phone_asks_where_to_go_on(phone: Client, record: Record) -> None:
    photo = make_photo()
    assert phone.get(f"/evidence/{FILE}/").json()["received"] == 0
    send_piece(phone, photo, record.pk)

    assert phone.get(f"/evidence/{FILE}/").json() == {"received": PIECE, "complete": False, "problems": []}
    send_whole(phone, photo, record.pk)
    assert phone.get(f"/evidence/{FILE}/").json()["complete"] is True


def test_a_piece_behind_a_gap_is_told_how_far_it_came(phone: Client, record: Record) -> None:
    photo = make_photo()
    send_piece(phone, photo, record.pk)

    answer = send_piece(phone, photo, record.pk, offset=PIECE + 1000)

    assert answer.status_code == 409
    assert (answer.json()["received"], answer.json()["problems"][0]["code"]) == (PIECE, "evidence.gap")


def test_other_bytes_for_a_finished_id_are_a_conflict(phone: Client, record: Record) -> None:
    send_whole(phone, make_photo(1), record.pk)

    answer = send_whole(phone, make_photo(2), record.pk)

    assert answer.status_code == 409
    assert answer.json()["problems"][0]["code"] == "evidence.conflict"
    assert Evidence.objects.get().sent_sha256 == hash_content(make_photo(1))


def test_nobody_takes_an_id_over_from_somebody_else(phone: Client, visit: Visit, cast: Cast, record: Record) -> None:
    send_piece(phone, make_photo(1), record.pk)
    other = send_whole(visit(cast.outsider), make_photo(2), OTHER)
    assert other.json()["complete"] is True

    answer = send_whole(phone, make_photo(1), record.pk)

    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (409, "evidence.conflict")


def test_what_the_desk_brought_in_already_is_success_for_the_phone(
    phone: Client, visit: Visit, cast: Cast, record: Record
) -> None:
    """The phone's queue came in as a file at the desk, and then its network came back."""
    assert send_whole(visit(cast.town_officer), make_photo(), record.pk).json()["complete"] is True

    answer = send_whole(phone, make_photo(), record.pk)

    assert (answer.status_code, answer.json()["complete"]) == (200, True)
    assert Evidence.objects.count() == 1


def test_a_stranger_who_sent_the_same_ahead_keeps_no_photo_out_in_silence(
    phone: Client, visit: Visit, cast: Cast
) -> None:
    """It would never show with the record, so that the sender is told."""
    ahead = make_record(cast.village, DAY)
    assert send_whole(visit(cast.outsider), make_photo(), ahead.id).json()["complete"] is True
    add_record(actor=cast.secretary, record=ahead, now=timezone.now())

    assert send_whole(phone, make_photo(), ahead.id).json()["problems"][0]["code"] == "evidence.conflict"


def test_a_wrong_hash_is_told_and_the_upload_begins_anew(phone: Client, record: Record) -> None:
    photo = make_photo()
    wrong = hash_content(b"something else")
    for offset in range(0, len(photo), PIECE):
        answer = send_piece(phone, photo, record.pk, offset=offset, X_SHA256=wrong)

    assert answer.status_code == 422
    assert (answer.json()["received"], answer.json()["problems"][0]["code"]) == (0, "evidence.hash-differs")
    assert not list_parts()
    assert not list_files()
    assert send_whole(phone, photo, record.pk).json()["complete"] is True


def test_more_than_was_announced_is_refused(phone: Client, record: Record) -> None:
    answer = send_piece(phone, make_photo(), record.pk, X_Size="100")

    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (400, "evidence.past-end")


@pytest.mark.parametrize(
    "head", [{"X_Record": "none"}, {"X_Size": "-1"}, {"X_Size": "9" * 30}, {"X_SHA256": "../../etc"}, {"X_Offset": "x"}]
)
def test_a_head_that_says_nonsense_is_told(phone: Client, record: Record, head: dict[str, Any]) -> None:
    answer = send_piece(phone, make_photo(), record.pk, **head)

    assert answer.status_code == 400
    assert next(iter(head)).replace("_", "-") in answer.json()["problems"][0]["text"]


def test_a_file_over_the_limit_is_refused_before_it_is_sent(phone: Client, record: Record, settings: Settings) -> None:
    settings.EVIDENCE_LIMIT_MB = 2
    answer = send_piece(phone, make_photo(), record.pk, X_Size=str(2 * 1024 * 1024 + 1))

    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (413, "evidence.too-large")
    assert "2 MB" in answer.json()["problems"][0]["text"]


def test_a_piece_of_more_than_a_megabyte_is_refused(phone: Client, record: Record) -> None:
    answer = send_piece(phone, bytes(2_000_000), record.pk, length=1_100_000)

    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (413, "evidence.piece-too-large")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("假.jpg", b"MZ\x90\0 a program that says it is a photo", "evidence.type-unknown"),
        ("假.jpg", b"<script>alert(1)</script>", "evidence.type-unknown"),
        ("假.jpg", b"%PDF-1.7\n%%EOF", "evidence.type-differs"),
        ("照片.exe", make_photo(), "evidence.type-differs"),
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "evidence.heic"),
        ("短.jpg", make_photo()[:3000], "evidence.broken"),
        ("炸.png", make_png_bomb(30_000, 30_000), "evidence.too-many-pixels"),
    ],
)
def test_what_is_not_what_it_says_is_refused_with_advice(
    phone: Client, record: Record, name: str, content: bytes, code: str
) -> None:
    answer = send_whole(phone, content, record.pk, name=name)

    assert answer.status_code in (415, 422)
    assert answer.json()["problems"][0]["code"] == code
    assert name in answer.json()["problems"][0]["text"]
    assert not Evidence.objects.exists()
    assert not list_files()
    assert not list_parts()


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("聊天图片.jpg", save(draw_scene(2), "PNG"), "聊天图片.png"),
        ("没有后缀", make_photo(), "没有后缀.jpg"),
        ("登记表.pdf", b"%PDF-1.7\n%%EOF", "登记表.pdf"),
        ("录像.mp4", make_film(), "录像.mp4"),
        ("../../etc/passwd", make_photo(), "passwd.jpg"),
    ],
)
def test_what_is_taken_in_has_the_ending_of_what_it_is(
    phone: Client, record: Record, name: str, content: bytes, kept: str
) -> None:
    assert send_whole(phone, content, record.pk, name=name).json()["complete"] is True
    assert Evidence.objects.get().name == kept


def test_a_name_keeps_its_ending_and_no_sign_that_steers() -> None:
    assert clean_name("a\r\nSet-Cookie: x.jpg") == "aSet-Cookie: x.jpg"
    assert clean_name("长" * 300 + ".jpg") == "长" * 116 + ".jpg"
    assert clean_name("C:\\fakepath\\") == "file"


def test_a_seventh_file_of_a_record_is_refused(phone: Client, record: Record) -> None:
    for seed in range(6):
        assert send_whole(phone, make_photo(seed), record.pk, pk=UUID(int=seed + 1)).status_code == 200

    answer = send_whole(phone, make_photo(7), record.pk)

    assert answer.json()["problems"][0]["code"] == "evidence.too-many"


def test_one_content_lies_once_however_often_it_is_sent(phone: Client, cast: Cast, record: Record) -> None:
    second = enter(cast.secretary, cast.village, DAY, "talk")
    send_whole(phone, make_photo(), record.pk)
    send_whole(phone, make_photo(), second.pk, pk=OTHER)

    assert Evidence.objects.count() == 2
    assert len(list_files()) == 1


@pytest.mark.parametrize("who", ["supervisor", "nobody"])
def test_who_does_not_record_sends_no_files(cast: Cast, visit: Visit, record: Record, who: str) -> None:
    answer = send_whole(visit(cast.people[who]), make_photo(), record.pk)

    assert answer.status_code in (403, 404)
    assert not Evidence.objects.exists()


def test_an_outsider_sends_nothing_to_a_record_and_sees_nothing_of_it(
    phone: Client, cast: Cast, visit: Visit, record: Record
) -> None:
    send_whole(phone, make_photo(), record.pk)
    outsider = visit(cast.outsider)

    assert send_whole(outsider, make_photo(3), record.pk, pk=OTHER).status_code == 404
    for address in (f"/evidence/{FILE}/", f"/evidence/{FILE}/file", f"/evidence/{FILE}/thumbnail"):
        assert ask(outsider, address) == 404
    # An id that never was answers in the same words.
    assert outsider.get(f"/evidence/{FILE}/").content == outsider.get(f"/evidence/{OTHER}/").content


def test_a_program_that_is_not_logged_in_is_told_so_as_json(record: Record) -> None:
    answer = send_piece(Client(), make_photo(), record.pk)

    assert (answer.status_code, answer.json()) == (401, {"log_in": True})


def test_a_put_from_another_site_is_refused(cast: Cast, record: Record) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.secretary)

    assert send_piece(strict, make_photo(), record.pk).status_code == 403


def test_a_file_comes_back_as_what_it_is_and_can_do_nothing(phone: Client, record: Record) -> None:
    send_whole(phone, make_photo(), record.pk)

    answer = phone.get(f"/evidence/{FILE}/file")

    kept = phone.get(f"/evidence/{FILE}/file?kept")
    assert hash_content(read_body(kept)) == Evidence.objects.get().sha256
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=utf-8''%E7")
    assert "private" in answer.headers["Cache-Control"]


def test_a_paper_is_to_be_saved_and_never_opened_in_the_page(phone: Client, record: Record) -> None:
    send_whole(phone, b"%PDF-1.7\n%%EOF", record.pk, name="登记表.pdf")

    answer = phone.get(f"/evidence/{FILE}/file")
    assert read_body(answer) == b"%PDF-1.7\n%%EOF"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert ask(phone, f"/evidence/{FILE}/thumbnail") == 404


def test_a_photo_of_forty_megapixels_comes_with_a_small_thumbnail(phone: Client, record: Record) -> None:
    assert send_whole(phone, save(draw_scene(3, (7300, 5500)), "JPEG"), record.pk).json()["complete"] is True

    thumbnail = read_body(phone.get(f"/evidence/{FILE}/thumbnail"))

    assert max(Image.open(io.BytesIO(thumbnail)).size) <= 480
    assert len(thumbnail) < 60_000


def test_a_file_before_its_record_is_held_and_seen_by_its_sender_alone(phone: Client, cast: Cast, visit: Visit) -> None:
    told = make_record(cast.village, DAY)
    assert send_whole(phone, make_photo(), told.id).json()["complete"] is True
    assert ask(phone, f"/evidence/{FILE}/file") == 200
    assert ask(visit(cast.officer), f"/evidence/{FILE}/file") == 404

    add_record(actor=cast.secretary, record=told, now=timezone.now())

    assert ask(visit(cast.officer), f"/evidence/{FILE}/file") == 200
    assert str(FILE) in visit(cast.officer).get(f"/records/{told.id}/").content.decode()


def test_a_file_that_a_stranger_sent_ahead_never_shows_with_the_record(phone: Client, cast: Cast, visit: Visit) -> None:
    told = make_record(cast.village, DAY)
    send_whole(visit(cast.outsider), make_photo(), told.id)
    add_record(actor=cast.secretary, record=told, now=timezone.now())

    assert str(FILE) not in phone.get(f"/records/{told.id}/").content.decode()
    assert ask(phone, f"/evidence/{FILE}/file") == 404
    assert ask(visit(cast.outsider), f"/evidence/{FILE}/file") == 200


def test_photos_stay_with_a_record_after_its_sender_has_left(phone: Client, cast: Cast, visit: Visit) -> None:
    told = make_record(cast.village, DAY)
    send_whole(phone, make_photo(), told.id)
    add_record(actor=cast.secretary, record=told, now=timezone.now())
    Post.objects.filter(user=cast.secretary).update(closes_on=timezone.localdate(timezone.now()) + timedelta(1))

    assert ask(visit(cast.officer), f"/evidence/{FILE}/file") == 200


def test_what_is_taken_back_with_its_record_is_kept_and_said_to_prove_nothing(
    phone: Client, cast: Cast, record: Record
) -> None:
    send_whole(phone, make_photo(), record.pk)
    now = timezone.now()
    outcome, _ = withdraw_record(
        actor=cast.secretary, original=record, record_id=make_record_id(now), note="没有办成", now=now
    )
    assert outcome.kept is not None

    page = phone.get(f"/records/{outcome.kept.pk}/").content.decode()

    assert str(FILE) in page
    assert "记录已经撤回" in page
    assert ask(phone, f"/evidence/{FILE}/file") == 200


def open_form(phone: Client, kind: str = "talk") -> str:
    return phone.get(f"/records/new/?kind={kind}&unit=SQ0101").content.decode()


def send_form(phone: Client, page: str, *files: tuple[str, bytes], **fields: Any) -> Any:
    told = fill_in(page, unit="SQ0101", quantity="1", happened_on="2026-03-20") | fields
    chosen = [SimpleUploadedFile(name, content) for name, content in files]
    return phone.post("/records/new/?kind=talk&unit=SQ0101", told | {"files": chosen}, follow=True)


def test_the_form_takes_photos_with_the_record_and_without_a_script(phone: Client) -> None:
    page = send_form(phone, open_form(phone), ("一.jpg", make_photo(1)), ("二.jpg", make_photo(2))).content.decode()

    assert Evidence.objects.filter(record_id=Record.objects.get().pk).count() == 2
    assert page.count('loading="lazy"') == 2
    assert "一.jpg" in page


def test_photos_are_never_forced(phone: Client) -> None:
    assert "记录" in send_form(phone, open_form(phone)).content.decode()
    assert Record.objects.count() == 1


def test_a_refused_photo_keeps_no_record_out(phone: Client) -> None:
    page = send_form(phone, open_form(phone), ("好.jpg", make_photo()), ("假.jpg", b"no photo at all")).content.decode()

    assert Record.objects.count() == 1
    assert Evidence.objects.get().name == "好.jpg"
    assert "假.jpg不是能收的文件" in page


def test_photos_chosen_once_stay_when_the_form_comes_back(phone: Client) -> None:
    form = open_form(phone)
    again = send_form(phone, form, ("好.jpg", make_photo()), happened_on="2126-01-01").content.decode()

    assert Evidence.objects.count() == 1
    assert not Record.objects.exists()
    assert "好.jpg" in again
    assert read_id(again) == read_id(form)

    assert "好.jpg" in send_form(phone, again).content.decode()
    assert Record.objects.count() == 1


def test_the_form_sent_twice_keeps_each_photo_once(phone: Client) -> None:
    form = open_form(phone)
    for _ in range(2):
        send_form(phone, form, ("好.jpg", make_photo()))

    assert (Record.objects.count(), Evidence.objects.count()) == (1, 1)


def test_photos_are_added_to_a_record_that_is_there(phone: Client, record: Record) -> None:
    files = {"files": [SimpleUploadedFile("后补.jpg", make_photo())]}
    page = phone.post(f"/records/{record.pk}/evidence/", files, follow=True).content.decode()

    assert "后补.jpg" in page
    assert re.search(r"arrived|到达", page)


def test_a_supervisor_sees_the_photos_and_adds_none(phone: Client, cast: Cast, visit: Visit, record: Record) -> None:
    send_whole(phone, make_photo(), record.pk)
    supervisor = visit(cast.supervisor)
    page = supervisor.get(f"/records/{record.pk}/").content.decode()

    assert f"/evidence/{FILE}/thumbnail" in page
    assert f"/records/{record.pk}/evidence/" not in page
    assert supervisor.post(f"/records/{record.pk}/evidence/").status_code == 403


@pytest.mark.parametrize("place", ["a read-only folder", "a file in its way", "a full disk"])
def test_a_folder_that_cannot_be_written_is_a_clear_refusal(
    phone: Client, record: Record, folder: Path, settings: Settings, place: str
) -> None:
    photo = make_photo()
    if place == "a read-only folder":
        settings.EVIDENCE = Path("/proc/evidence")  # even root writes nothing there
    elif place == "a file in its way":
        folder.write_text("")
    else:
        part = str(User.objects.get(username="secretary").pk)
        parts = folder / "parts"
        parts.mkdir(parents=True)
        (parts / f"{part}-{FILE}-{len(photo)}-{hash_content(photo)}").symlink_to("/dev/full")

    answer = send_piece(phone, photo, record.pk)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert is_json(answer)
    assert (answer.json()["received"], answer.json()["problems"][0]["code"]) == (0, "evidence.store")
    assert not Evidence.objects.exists()


def test_a_record_is_kept_though_its_photo_cannot_be(phone: Client, settings: Settings) -> None:
    settings.EVIDENCE = Path("/proc/evidence")

    page = send_form(phone, open_form(phone), ("好.jpg", make_photo())).content.decode()

    assert Record.objects.count() == 1
    assert not Evidence.objects.exists()
    assert "好.jpg没有保存" in page


def test_the_sweep_takes_orphans_older_than_a_day_and_nothing_else(phone: Client, record: Record) -> None:
    send_whole(phone, make_photo(1), record.pk)
    send_piece(phone, make_photo(2), record.pk, pk=OTHER)
    orphan = open_store().keep(b"nobody names this", b"thumbnail")
    now = timezone.now()

    assert sweep_evidence(now=now + timedelta(hours=23)) == 0
    assert sweep_evidence(now=now + timedelta(hours=25)) == 3, "the orphan, its thumbnail, the unfinished upload"

    assert not open_store().find(orphan).exists()
    assert [file.name for file in list_files()] == [Evidence.objects.get().sha256]
    assert ask(phone, f"/evidence/{FILE}/thumbnail") == 200


def correct(phone: Client, record: Record, *files: tuple[str, bytes], **fields: Any) -> Any:
    address = f"/records/{record.pk}/correct/"
    page = phone.get(address).content.decode()
    assert 'enctype="multipart/form-data"' in page
    chosen = [SimpleUploadedFile(name, content) for name, content in files]
    told = fill_in(page, quantity="1", happened_on="2026-03-20") | fields
    return phone.post(address, told | {"files": chosen}, follow=True)


def test_the_form_of_a_correction_takes_photos_too(phone: Client, record: Record) -> None:
    page = correct(phone, record, ("补.jpg", make_photo()), note="补上照片").content.decode()

    assert Evidence.objects.get().record_id == Record.objects.get(replaces=record).pk
    assert "补.jpg" in page


def test_photos_chosen_for_a_correction_stay_when_its_form_comes_back(phone: Client, record: Record) -> None:
    again = correct(phone, record, ("补.jpg", make_photo()), happened_on="2126-01-01").content.decode()

    assert Evidence.objects.count() == 1
    assert not Record.objects.filter(replaces=record).exists()
    assert "补.jpg" in again
