"""A document goes in and becomes a draft; a file that is no plan leaves nothing behind."""

import io
import zipfile
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.adapters.papers import make_pdf, show
from tests.adapters.test_documents_pdf import IMAGE, PICTURE, PICTURES
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.plans import TEXT, make_draft, make_issued, upload
from wuzha.web.accounts.models import AuditEntry, Unit
from wuzha.web.campaign.models import Document, DraftDuty, PlanVersion

MEGABYTE = 1024 * 1024


def send(client: Client, unit: Unit, content: bytes, name: str = "方案.txt", year: int = 2027) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/plans/upload/", {"file": file, "unit": unit.pk, "year": year})


def make_package(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize("title", ["青石镇反诈宣传工作方案（试行）", "青石镇2027年反诈宣传工作方案(试行)"])
def test_the_title_stays_as_it_was_typed(cast: Cast, visit: Visit, title: str) -> None:
    send(visit(cast.town_officer), cast.town, TEXT.replace(TEXT.split("\n")[0], title, 1).encode())

    assert PlanVersion.objects.get().title == title


HOSTILE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
BAD_FILES = {
    "empty": (b"", "方案.txt"),
    "blank": ("\n\u3000\n".encode(), "方案.txt"),
    "fifty-megabytes": (b"a" * (50 * MEGABYTE), "方案.txt"),
    "zip-bomb": (
        make_package({"[Content_Types].xml": b"<a/>", "word/document.xml": b" " * (60 * MEGABYTE)}),
        "方案.docx",
    ),
    "external-entity": (make_package({"[Content_Types].xml": b"<a/>", "word/document.xml": HOSTILE}), "方案.docx"),
    "wrong-encoding": (bytes(range(256)) * 8, "方案.txt"),
    "wrong-kind": (b"%PDF-1.7 ...", "方案.pdf"),
    "renamed": (b"%PDF-1.7 ...", "方案.docx"),
    "broken": (b"PK\x03\x04 and nothing more", "方案.docx"),
}


def test_an_uploaded_plan_opens_as_a_draft_with_its_duties(cast: Cast, visit: Visit) -> None:
    answer = send(visit(cast.town_officer), cast.town, TEXT.encode())

    plan = PlanVersion.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/plans/{plan.pk}/"
    assert (plan.state, plan.unit, plan.title) == ("draft", cast.town, "青石镇反诈宣传工作方案")
    assert plan.draft_duties.count() >= 3
    for row in plan.draft_duties.all():
        start, end = row.duty["span"]
        assert plan.document is not None
        assert plan.document.text[start:end].strip() == row.duty["quote"]


def test_a_word_file_is_read_as_well(cast: Cast, visit: Visit) -> None:
    document, held = docx.Document(), io.BytesIO()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(held)

    send(visit(cast.town_officer), cast.town, held.getvalue(), "青石镇方案.docx")

    plan = PlanVersion.objects.get()
    assert plan.document is not None
    assert plan.document.text.strip() == TEXT.strip()
    assert plan.draft_duties.count() >= 3


def test_the_upload_is_in_the_audit_log(cast: Cast, visit: Visit) -> None:
    send(visit(cast.town_officer), cast.town, TEXT.encode())

    entry = AuditEntry.objects.get(action="plan.upload")
    assert (entry.actor, entry.object_id) == (cast.town_officer, str(PlanVersion.objects.get().pk))


def test_the_same_file_sent_twice_gives_one_draft(cast: Cast, visit: Visit) -> None:
    client = visit(cast.town_officer)

    first, second = send(client, cast.town, TEXT.encode()), send(client, cast.town, TEXT.encode())

    assert first.headers["Location"] == second.headers["Location"]
    assert Document.objects.count() == PlanVersion.objects.count() == 1


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_explained_and_leaves_nothing_behind(cast: Cast, visit: Visit, case: str) -> None:
    content, name = BAD_FILES[case]

    answer = send(visit(cast.town_officer), cast.town, content, name)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="field-error"' in page
    assert "请" in page.split('class="field-error"')[1].split("</div>")[0]
    assert not Document.objects.exists()
    assert not PlanVersion.objects.exists()
    assert not DraftDuty.objects.exists()
    assert not AuditEntry.objects.filter(action="plan.upload").exists()


def test_a_text_of_a_whole_book_is_refused(cast: Cast, visit: Visit) -> None:
    answer = send(visit(cast.town_officer), cast.town, ("各村每月开展1次宣传。\n" * 10_000).encode())

    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_a_text_with_thousands_of_demands_is_refused_with_their_number(cast: Cast, visit: Visit) -> None:
    answer = send(visit(cast.town_officer), cast.town, ("各村每月至少开展1次集中宣传活动。\n" * 2_001).encode())

    assert answer.status_code == 422
    assert "读出 2001 条要求，最多审核 2000 条" in answer.content.decode()
    assert not Document.objects.exists()
    assert not PlanVersion.objects.exists()


@pytest.mark.parametrize("address", ["/plans/upload/", "/roster/"])
def test_a_body_over_the_limit_is_answered_in_plain_words(cast: Cast, visit: Visit, address: str) -> None:
    body = b"words=" + b"a" * (30 * MEGABYTE)

    answer = visit(cast.officer).post(address, body, content_type="application/x-www-form-urlencoded")

    page = answer.content.decode()
    assert answer.status_code == 413
    assert "送来的内容超过 30 MB，什么都没有保存" in page
    assert "exceeded" not in page


def test_a_form_with_too_many_fields_is_not_answered_in_the_words_of_the_framework(cast: Cast, visit: Visit) -> None:
    fields = "&".join(f"a{number}=1" for number in range(2_000))

    answer = visit(cast.officer).post("/plans/upload/", fields, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 400
    assert "送来的内容看不懂" in answer.content.decode()
    assert "exceeded" not in answer.content.decode()


def test_an_upload_with_nothing_in_it_names_what_is_missing(cast: Cast, visit: Visit) -> None:
    page = visit(cast.town_officer).post("/plans/upload/").content.decode()

    assert "请选择方案文件（.docx、.doc、.pdf、.html 或 .txt）。" in page
    assert "请填写方案适用哪一年。" in page


def test_what_was_typed_beside_a_bad_file_stays(cast: Cast, visit: Visit) -> None:
    answer = send(visit(cast.town_officer), cast.town, b"", year=2031)

    assert 'value="2031"' in answer.content.decode()


def test_an_upload_without_a_file_says_so(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.town_officer).post("/plans/upload/", {"unit": cast.town.pk, "year": 2027})

    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_a_name_with_a_line_break_cannot_reach_a_head_line(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, name='../方案"\r\nSet-Cookie: a=b.txt')

    answer = visit(cast.town_officer).get(f"/plans/{plan.pk}/document/")

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_original_comes_back_byte_for_byte_and_inert(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town)

    answer = visit(cast.town_officer).get(f"/plans/{plan.pk}/document/")

    assert answer.content == TEXT.encode()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_an_officer_cannot_upload_for_a_unit_elsewhere(cast: Cast, visit: Visit) -> None:
    answer = send(visit(cast.outsider), cast.town, TEXT.encode())

    assert answer.status_code == 422
    assert not Document.objects.exists()


@pytest.mark.parametrize("name", ["secretary", "supervisor", "nobody"])
def test_only_officers_upload(cast: Cast, visit: Visit, name: str) -> None:
    client = visit(cast.people[name])

    assert send(client, cast.village, TEXT.encode()).status_code == 403
    assert 'action="/plans/upload/"' not in client.get("/plans/").content.decode()
    assert not Document.objects.exists()


def test_without_plans_the_list_says_what_will_be_there(cast: Cast, visit: Visit) -> None:
    officer = visit(cast.town_officer).get("/plans/").content.decode()
    secretary = visit(cast.secretary).get("/plans/").content.decode()

    assert 'class="empty"' in officer
    assert 'action="/plans/upload/"' in officer
    assert 'class="empty"' in secretary


def test_a_plan_is_listed_to_those_it_binds(cast: Cast, visit: Visit) -> None:
    plan = make_issued(cast)

    shown = {name: plan.title in visit(user).get("/plans/").content.decode() for name, user in cast.people.items()}

    assert shown == {
        "officer": True,
        "town_officer": True,
        "secretary": True,
        "supervisor": True,
        "outsider": False,
        "nobody": False,
        # Of the posts that came later: those whose role reads plans, where the plan binds what they look after.
        "reviewer": True,
        "analyst": True,
        "publisher": False,
        "administrator": False,
        "deputy": True,
        "line_officer": False,
        "two_posts": True,
    }


def test_a_draft_is_listed_to_its_officers_and_their_reviewers_alone(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast)

    shown = {name: plan.title in visit(user).get("/plans/").content.decode() for name, user in cast.people.items()}

    assert [name for name, seen in shown.items() if seen] == ["officer", "town_officer", "reviewer", "deputy"]


def test_a_plan_whose_last_day_is_past_is_listed_as_ended(cast: Cast, visit: Visit) -> None:
    make_issued(cast)
    client = visit(cast.town_officer)

    assert "已结束" not in client.get("/plans/?as_of=2027-12-31").content.decode()
    assert "已结束" in client.get("/plans/?as_of=2028-01-01").content.decode()


def test_a_page_that_could_not_be_read_is_told_with_the_draft(cast: Cast, visit: Visit) -> None:
    written = show("各村每月至少组织一次集中宣传活动，讲身边的事。", 72, 700)
    content = make_pdf([written, PICTURE], more=[IMAGE], resources=PICTURES)
    client = visit(cast.town_officer)

    answer = send(client, cast.town, content, "方案.pdf")

    assert "第 2 页" in client.get(answer.url).content.decode()


def test_a_line_that_only_dates_a_phase_is_shown_as_one_and_gives_no_duty(cast: Cast, visit: Visit) -> None:
    text = "青石镇反诈宣传月方案\n一、步骤\n（一）动员阶段（2027年3月1日—3月10日）\n各村召开1次动员会。\n"
    client = visit(cast.town_officer)

    page = client.get(send(client, cast.town, text.encode()).url).content.decode()

    assert 'sentence fate-phase" data-mark="段"' in page
    assert PlanVersion.objects.latest("pk").draft_duties.count() == 1
