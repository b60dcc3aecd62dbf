"""Records as files: templates to fill in, files that come in after a preview, files that go out."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime, time
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.record_export import stream_csv, stream_xlsx
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.models import Record, RecordUpload
from wuzha.web.campaign.queries.exports import PIECE, list_export_rows

DAY = date(2026, 3, 5)
# A sheet keeps a day as its midnight, and knows no zones.
MIDNIGHT = datetime.combine(DAY, time())
HEADS = ("单位", "类型", "日期", "数量（次）", "人数", "地点", "备注")
GOOD = ("柳湾村（SQ0101）", "宣讲", MIDNIGHT, 2, 35, "村委会", "冬季用电和防骗一起讲")


def make_workbook(*rows: tuple[object, ...], heads: tuple[str, ...] = HEADS, title: str = "台账") -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in (heads, *rows):
        sheet.append(row)
    return save(book)


def save(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def upload(browser: Client, content: bytes, name: str = "三月台账.xlsx") -> str:
    """Hands the file in and gives the text of its preview."""
    file = SimpleUploadedFile(name, content)
    answer = browser.post(reverse("campaign:records-import"), {"file": file}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def confirm(browser: Client, **choice: str) -> str:
    held = RecordUpload.objects.get()
    answer = browser.post(reverse("campaign:records-confirm"), {"seen": held.fingerprint, **choice}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def fetch(browser: Client, address: str, query: str = "") -> bytes:
    answer: Any = browser.get(reverse(f"campaign:{address}") + query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def list_rows(content: bytes, sheet: int = 0) -> list[tuple[Any, ...]]:
    book = load_workbook(io.BytesIO(content))
    return list(book.worksheets[sheet].iter_rows(values_only=True))


def test_nothing_is_written_before_it_is_confirmed(cast: Cast, visit: Visit) -> None:
    page = upload(visit(cast.secretary), make_workbook(GOOD))

    assert "“三月台账.xlsx”：新的 1 行" in page
    assert not Record.objects.exists()


def test_a_confirmed_row_stands_in_the_ledger_with_what_it_says(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    upload(browser, make_workbook(GOOD))
    confirm(browser)

    record = Record.objects.get()
    assert (record.unit, record.kind, record.happened_on) == (cast.village, "talk", DAY)
    assert (record.quantity, record.people, record.place) == (2, 35, "村委会")
    assert record.author == cast.secretary
    assert not RecordUpload.objects.exists()
    assert AuditEntry.objects.filter(action="records.imported", actor=cast.secretary).count() == 1


def test_the_preview_is_still_there_after_another_log_in(cast: Cast, visit: Visit) -> None:
    upload(visit(cast.secretary), make_workbook(GOOD))

    page = visit(cast.secretary).get(reverse("campaign:records-preview")).content.decode()
    assert "三月台账.xlsx" in page


def test_the_same_file_twice_adds_nothing(cast: Cast, visit: Visit) -> None:
    browser, content = visit(cast.secretary), make_workbook(GOOD, GOOD)
    upload(browser, content)
    confirm(browser)
    assert Record.objects.count() == 2  # two rows of the same content are two talks

    page = upload(browser, content)
    assert "新的 0 行" in page
    assert "台账里已有 2 行" in page
    confirm(browser)
    assert Record.objects.count() == 2


def test_a_file_changed_in_one_row_tells_of_that_row_only(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    other = ("柳湾村", "培训", "2026年3月6日", 1, 12, "学校", "")
    upload(browser, make_workbook(GOOD, other))
    confirm(browser)

    changed = (*GOOD[:4], 53, *GOOD[5:])
    page = upload(browser, make_workbook(changed, other))
    assert "新的 0 行，台账里已有 1 行，与台账不一致 1 行" in page
    assert "台账里是 35，文件里是 53" in page
    confirm(browser)
    assert Record.objects.count() == 2

    confirm(browser, conflicts="correct")
    kept = Record.objects.get(people=53)
    assert kept.replaces is not None
    assert kept.replaces.people == 35
    assert "台账里已有 2 行" in upload(browser, make_workbook(changed, other))


def test_a_row_like_an_earlier_one_may_be_another_fact(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    upload(browser, make_workbook(GOOD))
    confirm(browser)
    upload(browser, make_workbook((*GOOD[:4], 53, *GOOD[5:])))
    confirm(browser, conflicts="new")

    assert Record.objects.filter(replaces=None).count() == 2


def test_every_wrong_cell_is_told_at_once_by_its_address(cast: Cast, visit: Visit) -> None:
    page = upload(
        visit(cast.secretary),
        make_workbook(
            GOOD,
            ("柳湾村", "宣讲", "三月初", "两", 1, "", ""),
            ("河口镇（SQ02）", "宣讲", "2026-03-05", 1, 1, "", ""),
            ("柳湾村", "讲课", "2026-03-05", 1, 1, "", ""),
            ("柳湾村", "宣讲", "2027-03-05", 1, 1, "", ""),
        ),
    )

    assert "新的 1 行" in page
    assert "要改 4 行" in page
    for cell in ("C3", "D3", "A4", "B5", "C6"):
        assert f"<code>{cell}</code>" in page
    assert "您的岗位不能为“SQ02”记录" in page


def test_the_good_rows_come_in_and_the_bad_ones_stay_told(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    upload(browser, make_workbook(GOOD, ("柳湾村", "宣讲", "三月初", 1, 1, "", "")))
    page = confirm(browser)

    assert Record.objects.count() == 1
    assert "<code>C3</code>" in page


def test_the_file_comes_back_with_the_reasons_beside_its_rows(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    upload(browser, make_workbook(GOOD, ("柳湾村", "宣讲", "三月初", 1, 1, "", "")))
    rows = list_rows(fetch(browser, "records-reasons"))

    assert rows[0][-1] == "未收原因"
    assert rows[1][:5] == (*GOOD[:4], 35)
    assert not rows[1][-1]
    assert "C3" in rows[2][-1]
    assert "不是日期" in rows[2][-1]


def test_a_text_file_comes_back_with_its_reasons_too(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    text = '单位编码,类型,日期,备注\nSQ0101,宣讲,三月初,"两行，\n都在"\nSQ0101,宣讲,2026-03-05,好的\n'
    upload(browser, text.encode("gb18030"), "台账.csv")
    lines = fetch(browser, "records-reasons").decode("utf-8-sig").splitlines()

    assert lines[0].endswith(',"未收原因"')
    assert lines[2].startswith('都在","C2 ')
    assert lines[3] == "SQ0101,宣讲,2026-03-05,好的"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_comes_in_whatever_program_saved_it(cast: Cast, visit: Visit, encoding: str) -> None:
    browser = visit(cast.secretary)
    text = "单位编码,类型,日期,数量\nSQ0101,宣讲,２０２６－３－５,３\n,,,\nSQ0101,宣讲,2026/3/6,1\n"
    upload(browser, text.encode(encoding), "台账.csv")
    confirm(browser)

    assert set(Record.objects.values_list("happened_on", "quantity")) == {(DAY, 3), (date(2026, 3, 6), 1)}


def test_merged_words_hold_for_each_row_and_merged_numbers_are_told(cast: Cast, visit: Visit) -> None:
    book = load_workbook(io.BytesIO(make_workbook(GOOD, (None, None, None, 1, 4, "村委会", ""))))
    sheet = book.worksheets[0]
    for cells in ("A2:A3", "B2:B3", "C2:C3"):
        sheet.merge_cells(cells)
    assert "新的 2 行" in upload(visit(cast.secretary), save(book))

    sheet.merge_cells("E2:E3")
    page = upload(visit(cast.secretary), save(book))
    assert "要改 2 行" in page
    assert "<code>E2</code>" in page


def test_formulas_without_a_value_are_told(cast: Cast, visit: Visit) -> None:
    page = upload(visit(cast.secretary), make_workbook((*GOOD[:3], "=1+1", *GOOD[4:])))

    assert "<code>D2</code>" in page
    assert "公式没有算出值" in page


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a,b\n1,2\n"])
def test_a_file_that_is_none_is_refused_in_a_sentence(cast: Cast, visit: Visit, content: bytes) -> None:
    page = upload(visit(cast.secretary), content)

    assert "读不了" in page
    assert not Record.objects.exists()


def test_a_file_that_unpacks_to_too_much_is_not_read(cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wuzha.adapters.record_sheet.MAX_UNPACKED", 1000)

    assert "record.file-unpacks" in upload(visit(cast.secretary), make_workbook(GOOD))


def test_more_rows_than_a_page_can_answer_for_are_refused(
    cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wuzha.adapters.record_sheet.MAX_ROWS", 1)

    assert "record.file-too-many-rows" in upload(visit(cast.secretary), make_workbook(GOOD, GOOD))


def test_a_page_of_an_older_file_takes_nothing_in(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    upload(browser, make_workbook(GOOD))
    seen = RecordUpload.objects.get().fingerprint
    upload(browser, make_workbook((*GOOD[:4], 99, *GOOD[5:])))
    browser.post(reverse("campaign:records-confirm"), {"seen": seen})

    assert not Record.objects.exists()


def test_a_supervisor_imports_nothing(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.supervisor)

    assert browser.get(reverse("campaign:records-import")).status_code == 403
    assert browser.post(reverse("campaign:records-confirm"), {"seen": ""}).status_code == 403


def test_a_template_names_the_fields_of_its_kind_and_offers_the_units(cast: Cast, visit: Visit) -> None:
    content = fetch(visit(cast.town_officer), "records-template", "?kind=followup&unit=SQ01")
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]

    assert sheet.title == "重点人员核查"
    assert [cell.value for cell in sheet[1]][:4] == ["单位*", "日期*", "对象编号*", "变动*"]
    rules = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules["A2"].startswith("=单位名单!")
    assert rules["D2"] == '"建档,核查,销档"'
    assert rules["E2"] == '"高,中,低"'
    units = [row[0] for row in list_rows(content, 2)]
    assert "柳湾村（SQ0101）" in units
    assert not any(unit and "河口" in unit for unit in units)
    assert sheet.page_setup.paperSize == 9
    assert sheet.freeze_panes == "A2"
    assert sheet["B2"].number_format == "yyyy-mm-dd"


def test_a_filled_in_template_comes_in(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    book = load_workbook(io.BytesIO(fetch(browser, "records-template", "?kind=talk")))
    heads = [cell.value for cell in book.worksheets[0][1]]
    filled: dict[str, Any] = {"单位*": "柳湾村（SQ0101）", "日期*": MIDNIGHT, "数量（次）": 2, "主题": "冒充客服；刷单"}
    for head, value in filled.items():
        book.worksheets[0].cell(2, heads.index(head) + 1).value = value
    upload(browser, save(book))
    confirm(browser)

    record = Record.objects.get()
    assert (record.kind, record.quantity, record.extra) == ("talk", 2, {"theme": "冒充客服，刷单"})
    assert "新的 0 行，台账里已有 1 行" in upload(browser, fetch(browser, "records-xlsx"))


def test_a_template_of_somebody_elses_unit_is_not_there(cast: Cast, visit: Visit) -> None:
    assert visit(cast.outsider).get(reverse("campaign:records-template") + "?unit=SQ0101").status_code == 404


def test_the_text_template_opens_right_in_a_spreadsheet_program(cast: Cast, visit: Visit) -> None:
    content = fetch(visit(cast.secretary), "records-template-csv", "?kind=banner")

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").startswith("单位*,类型*,日期*,数量（处）,变动,对象编号,地点,内容,备注")


ODD = {
    "note": '=1+1\n第二行，“引号”"和,逗号',
    "place": "'-柳湾 大桥 ",
    "audience": "@全体村民",
    "subject": "+００７",
}


def fill_ledger(cast: Cast) -> None:
    enter(cast.secretary, cast.village, DAY, "talk", people=30, **ODD)
    original = enter(cast.secretary, cast.village, DAY, "talk", people=30)
    enter(cast.secretary, cast.village, DAY, "followup", subject="D-1", change="enrol", grade="high")
    enter(cast.secretary, cast.village, DAY, "banner", change="install", quantity=1)
    enter(cast.secretary, cast.village, DAY, "cases", quantity=0, loss_yuan=None)
    for number in (1, 2):
        Record.objects.create(
            id=f"018f3c1e-0000-7000-8000-00000000000{number}",
            unit=cast.village,
            kind="talk",
            happened_on=DAY,
            author=cast.secretary,
            recorded_at=original.recorded_at,
            received_at=original.received_at,
            replaces=Record.objects.get(pk=original.pk if number == 1 else "018f3c1e-0000-7000-8000-000000000001"),
            withdrawn=number == 2,
        )


@pytest.mark.parametrize("address", ["records-xlsx", "records-csv"])
@pytest.mark.parametrize("state", ["", "all"])
def test_what_went_out_comes_in_again_without_a_single_new_record(
    cast: Cast, visit: Visit, address: str, state: str
) -> None:
    fill_ledger(cast)
    browser = visit(cast.secretary)
    content = fetch(browser, address, f"?state={state}")
    number = Record.objects.count() if state else 4
    page = upload(browser, content, f"台账.{address[-4:].strip('-')}")

    assert f"新的 0 行，台账里已有 {number} 行，与台账不一致 0 行，要改 0 行" in page
    confirm(browser, conflicts="correct")
    assert Record.objects.count() == 7


def test_an_export_that_was_mended_comes_in_as_corrections(cast: Cast, visit: Visit) -> None:
    record = enter(cast.secretary, cast.village, DAY, "talk", people=30)
    browser = visit(cast.secretary)
    book = load_workbook(io.BytesIO(fetch(browser, "records-xlsx")))
    heads = [cell.value for cell in book.worksheets[0][2]]
    book.worksheets[0].cell(3, heads.index("人数") + 1).value = 31
    upload(browser, save(book))
    confirm(browser, conflicts="correct")

    assert Record.objects.get(replaces=record).people == 31
    assert "台账里已有 1 行" in upload(browser, save(book))


def test_an_export_says_how_many_it_holds_at_both_ends(cast: Cast, visit: Visit) -> None:
    fill_ledger(cast)
    rows = list_rows(fetch(visit(cast.officer), "records-xlsx"))
    assert rows[0][0].startswith("台账，共 4 条")
    assert rows[-1][0] == "共 4 条"
    assert len(rows) == 4 + 3

    lines = fetch(visit(cast.officer), "records-csv", "?kind=banner").decode("utf-8-sig").splitlines()
    assert lines[0].startswith("台账，共 1 条")
    assert lines[-1].startswith("共 1 条")


def test_an_export_says_so_when_records_came_while_it_was_written(cast: Cast) -> None:
    fill_ledger(cast)
    kinds = load_kinds()

    def list_last_cells(count: int) -> tuple[str, str]:
        rows = [list(list_export_rows(Record.objects.order_by("id"))) for _ in range(2)]
        lines = b"".join(stream_csv(rows[0], "台账", count, kinds)).decode("utf-8-sig").splitlines()
        cells = list_rows(b"".join(stream_xlsx(rows[1], "台账", count, kinds)))
        return lines[-1].rstrip(","), str(cells[-1][0])

    assert list_last_cells(7) == ("共 7 条", "共 7 条")
    changed = "共 7 条，开始导出时是 6 条，其间台账有变动。请再导出一次。"
    assert list_last_cells(6) == (changed, changed)


def test_an_export_of_many_records_takes_no_more_memory_than_one_of_few(cast: Cast) -> None:
    few = measure_export(cast, 3 * PIECE)
    many = measure_export(cast, 9 * PIECE)

    assert many < 1.3 * few


def measure_export(cast: Cast, size: int) -> int:
    """The most bytes at a time while so many records are read as rows of a file."""
    told: dict[str, Any] = {"unit": cast.village, "author": cast.secretary, "kind": "talk", "happened_on": DAY}
    now = timezone.now()
    missing = size - Record.objects.count()
    Record.objects.bulk_create(Record(id=uuid4(), recorded_at=now, received_at=now, **told) for _ in range(missing))
    tracemalloc.start()
    try:
        assert sum(1 for _ in list_export_rows(Record.objects.order_by("id"))) == size
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_no_cell_of_an_export_is_computed_when_it_is_opened(cast: Cast, visit: Visit) -> None:
    enter(cast.secretary, cast.village, DAY, "talk", **ODD)
    browser = visit(cast.officer)
    text = fetch(browser, "records-csv").decode("utf-8-sig")
    for cell in ("\"'=1+1", ",''-柳湾 大桥", ",'@全体村民", ",'+"):
        assert cell in text
    with zipfile.ZipFile(io.BytesIO(fetch(browser, "records-xlsx"))) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_an_export_has_names_beside_codes_beijing_time_and_versions(cast: Cast, visit: Visit) -> None:
    fill_ledger(cast)
    rows = list_rows(fetch(visit(cast.officer), "records-xlsx", "?state=all"))
    told = [dict(zip(rows[1], row, strict=True)) for row in rows[2:-1]]

    assert {row["单位编码"] for row in told} == {"SQ0101"}
    assert {row["单位名称"] for row in told} == {"柳湾村"}
    assert {row["日期"] for row in told} == {MIDNIGHT}
    assert {row["接收时间"] for row in told} == {"2026-03-05 12:00:00"}
    assert {row["状态"] for row in told} == {"有效", "已更正", "已撤回", "撤回说明"}
    assert sum(bool(row["更正编号"]) for row in told) == 2


def test_an_export_keeps_to_what_is_in_sight(cast: Cast, visit: Visit) -> None:
    fill_ledger(cast)

    assert "共 0 条" in fetch(visit(cast.outsider), "records-csv").decode("utf-8-sig")


def test_an_export_is_named_in_chinese(cast: Cast, visit: Visit) -> None:
    answer: HttpResponse = visit(cast.officer).get(reverse("campaign:records-xlsx"))  # type: ignore[assignment]  # a stream

    assert "台账-" in unquote(answer.headers["Content-Disposition"])
