"""The roster from an Excel file: shown first, taken in whole or not at all, and never twice."""

import io
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from tests.web.cast import FAST, Cast
from tests.web.conftest import Visit
from wuzha.adapters.spreadsheets import MAX_BYTES
from wuzha.core.base.roster import RosterRow
from wuzha.web.accounts import actions
from wuzha.web.accounts.models import Attribute, AuditEntry, Post, RosterUpload, Unit, User

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HEADS = ("编码", "名称", "类型", "条线", "上级编码", "常住人口", "基数日期")
COUNTY = ("SQ", "石桥县", "县", "", "", 412000, "2026-01-01")
TOWN = ("SQ01", "青石镇", "镇", "", "SQ", 36500, "2026-01-01")
NEW_VILLAGE = ("SQ0103", "上林村", "村", "", "SQ01", 980, "2026-01-01")


def make_file(*rows: tuple[object, ...], name: str = "花名册.xlsx") -> SimpleUploadedFile:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADS, *rows):
        sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile(name, buffer.getvalue())


def upload(browser: Client, file: SimpleUploadedFile) -> str:
    """The page that follows the upload."""
    return browser.post("/roster/", {"file": file}, follow=True).content.decode()


def read_seen(page: str) -> str:
    """What the preview says of the file it shows; nothing where there is nothing to confirm."""
    return next(iter(re.findall(r'name="seen" value="(\w+)"', page)), "")


def confirm(browser: Client, page: str | None = None) -> str:
    """Confirms what that page shows, or the preview as it stands now."""
    seen = read_seen(page if page is not None else browser.get("/roster/preview/").content.decode())
    return browser.post("/roster/confirm/", {"seen": seen, "changed": "always"}, follow=True).content.decode()


def list_state() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    units = Unit.objects.values_list("code", "name", "kind", "line", "path", "opens_on", "closes_on")
    attributes = Attribute.objects.order_by("id").values_list("unit__code", "name", "value", "valid_from", "source")
    return list(units), list(attributes)


def test_what_would_change_is_shown_and_nothing_saved_until_it_is_confirmed(cast: Cast, visit: Visit) -> None:
    before = list_state()
    browser = visit(cast.officer)
    page = upload(browser, make_file(COUNTY, ("SQ01", "青石街道", *TOWN[2:]), NEW_VILLAGE))

    assert "新增 1 个单位，变化 2 个，不变 0 个" in page, "the county's source of its figures is no longer told"
    assert "青石镇 → 青石街道" in page
    assert "上林村" in page
    assert list_state() == before

    page = confirm(browser)
    assert "花名册已导入" in page
    assert Unit.objects.get(code="SQ0103").path == "SQ/SQ01/SQ0103/"
    assert Unit.objects.get(code="SQ01").name == "青石街道"


def test_the_same_roster_again_changes_nothing_and_says_so(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    upload(browser, make_file(COUNTY, TOWN, NEW_VILLAGE))
    confirm(browser)
    after_first = list_state()
    page = upload(browser, make_file(COUNTY, TOWN, NEW_VILLAGE))

    assert "完全一样" in page
    confirm(browser)
    assert list_state() == after_first


def test_every_bad_row_is_told_at_once_and_nothing_is_saved(cast: Cast, visit: Visit) -> None:
    before = list_state()
    browser = visit(cast.officer)
    page = upload(
        browser,
        make_file(
            COUNTY,
            ("SQ03", "南岗镇", "镇", "", "SQ", "约三万", "2026-01-01"),
            ("SQ03", "南岗镇", "镇", "", "SQ", None, None),
            ("SQ0301", "", "村子", "", "SQ77", None, None),
        ),
    )

    for sentence in (
        "第 3 行“常住人口”列：“约三万”不是数字",
        "第 4 行“编码”列：编码“SQ03”在第 3 行已经用过",
        "第 5 行“名称”列：每个单位都要有名称",
        "第 5 行“类型”列：没有“村子”这种类型",
        "第 5 行“上级编码”列：上级编码“SQ77”既不在这份表里",
    ):
        assert sentence in page
    assert "确认导入" not in page
    confirm(browser)
    assert list_state() == before


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("花名册.xlsx", b""), "没有一行单位"),
        (SimpleUploadedFile("花名册.xlsx", b"hello"), "这不是能打开的 .xlsx 表格"),
        (make_file(), "没有一行单位"),
        (make_file(("A", "甲", "镇", "", "B", None, None), ("B", "乙", "镇", "", "A", None, None)), "A → B → A"),
    ],
)
def test_a_roster_that_is_none_is_refused_with_what_to_do(
    cast: Cast, visit: Visit, file: SimpleUploadedFile, sentence: str
) -> None:
    file.seek(0)
    before = list_state()
    page = upload(visit(cast.officer), file)

    assert sentence in page
    assert "确认导入" not in page
    assert list_state() == before


def test_a_figure_that_was_never_computed_is_told_and_not_taken_as_none(cast: Cast, visit: Visit) -> None:
    before = list_state()
    page = upload(visit(cast.officer), make_file((*TOWN[:5], "=1+1", TOWN[6])))

    assert "第 2 行“常住人口”列：公式没有算出来的值，请粘贴为数值" in page
    assert "确认导入" not in page
    assert list_state() == before


def test_codes_that_look_alike_do_not_keep_a_roster_out(cast: Cast, visit: Visit) -> None:
    page = upload(visit(cast.officer), make_file(("sq01", "河湾镇", "镇", "", "SQ", None, None)))

    assert "确认导入" in page


def test_no_file_at_all_is_answered_beside_the_field(cast: Cast, visit: Visit) -> None:
    assert "请先选择花名册文件" in visit(cast.officer).post("/roster/").content.decode()


def test_what_changed_since_the_preview_is_checked_again_at_confirmation(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    upload(browser, make_file(("SQ0103", "上林村", "村", "", "SQ01", None, None)))
    Unit.objects.filter(path__startswith="SQ/SQ01/").exclude(code="SQ01").delete()
    Unit.objects.get(code="SQ01").delete()
    page = confirm(browser)

    assert "既不在这份表里" in page
    assert not Unit.objects.filter(code="SQ0103").exists()


def test_a_failure_half_way_leaves_nothing_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list_state()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actions, "write_audit", fail)
    cells = {"code": "SQ0103", "name": "上林村", "kind": "村", "parent": "SQ01"}
    with pytest.raises(RuntimeError, match="the disk is full"):
        actions.import_roster(actor=cast.officer, rows=[RosterRow(cells)], now=NOW)

    assert list_state() == before
    assert not AuditEntry.objects.exists()


def test_a_unit_that_moves_takes_everything_below_it_along(cast: Cast) -> None:
    cells = {"code": "SQ01", "name": "青石镇", "kind": "镇", "parent": "SQ02"}
    changes, problems = actions.import_roster(actor=cast.officer, rows=[RosterRow(cells)], now=NOW)

    assert problems == ()
    assert [change.fields for change in changes] == [("parent",)]
    assert Unit.objects.get(code="SQ0101").path == "SQ/SQ02/SQ01/SQ0101/"
    assert Unit.objects.get(code="SQ01").parent == cast.other_town


def test_a_new_census_is_a_new_row_and_the_old_one_stays(cast: Cast) -> None:
    cells = {"code": "SQ0101", "name": "柳湾村", "kind": "村", "parent": "SQ01"}
    census = {"population": "2205", "counted_on": "2027-01-01"}
    actions.import_roster(actor=cast.officer, rows=[RosterRow(cells | census)], now=NOW)

    values = cast.village.attributes.filter(name="population").values_list("value", flat=True)
    assert [int(value) for value in values] == [2140, 2205]


def test_an_import_is_written_down_with_who_and_how_much(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    upload(browser, make_file(COUNTY, TOWN, NEW_VILLAGE))
    confirm(browser)

    rows = [(row.action, row.actor, row.details) for row in AuditEntry.objects.order_by("id")]
    assert rows == [
        ("roster.uploaded", cast.officer, {"name": "花名册.xlsx"}),
        ("roster.imported", cast.officer, {"new": 1, "changed": 2}),
    ]
    assert not RosterUpload.objects.exists()


def test_the_first_roster_is_imported_by_whoever_set_the_site_up(db: None, visit: Visit) -> None:
    founder = User.objects.create(username="founder", password=FAST, is_superuser=True)
    stranger = User.objects.create(username="stranger", password=FAST)
    assert visit(stranger).get("/roster/").status_code == 403

    browser = visit(founder)
    assert "还没有任何单位" in browser.get("/me/").content.decode()
    upload(browser, make_file(COUNTY, TOWN))
    confirm(browser)

    post = Post.objects.get()
    assert (post.user, post.unit.code, post.role) == (founder, "SQ", Post.Role.OFFICER)
    assert [row.action for row in AuditEntry.objects.order_by("id")] == [
        "roster.uploaded",
        "roster.imported",
        "post.appointed",
    ]


def test_once_there_are_units_a_founder_without_a_post_imports_nothing(cast: Cast, visit: Visit) -> None:
    founder = User.objects.create(username="founder", password=FAST, is_superuser=True)

    assert visit(founder).get("/roster/").status_code == 403


def test_the_empty_roster_can_be_downloaded_and_opened(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.officer).get("/roster/template.xlsx")
    book = load_workbook(io.BytesIO(answer.content))

    assert "attachment" in answer.headers["Content-Disposition"]
    assert book.sheetnames == ["花名册", "填写说明"]


def test_an_upload_belongs_to_the_person_who_made_it(cast: Cast, visit: Visit) -> None:
    upload(visit(cast.officer), make_file(COUNTY, TOWN, NEW_VILLAGE))
    Post.objects.create(user=cast.nobody, unit=cast.county, role=Post.Role.OFFICER)
    other = visit(cast.nobody)

    assert other.get("/roster/preview/").headers["Location"] == "/roster/"
    assert other.post("/roster/confirm/").status_code == 404


def test_a_long_list_of_changes_is_paged_and_not_cut(cast: Cast, visit: Visit) -> None:
    rows = [(f"SQ01{number:04}", f"第{number}网格", "网格", "", "SQ01", None, None) for number in range(250)]
    browser = visit(cast.officer)
    first = upload(browser, make_file(*rows))
    last = browser.get("/roster/preview/?page=3").content.decode()

    assert "第 1 / 3 页，共 250 行" in first
    assert "第249网格" in last


def test_confirming_the_first_of_two_tabs_does_not_take_in_the_file_of_the_second(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    first = upload(browser, make_file(COUNTY, TOWN, NEW_VILLAGE))
    second = upload(browser, make_file(("SQ0104", "下林村", "村", "", "SQ01", None, None)))
    before = list_state()

    page = confirm(browser, first)

    assert "没有导入" in page
    assert "下林村" in page
    assert list_state() == before
    confirm(browser, second)
    assert set(Unit.objects.filter(code__in=("SQ0103", "SQ0104")).values_list("code", flat=True)) == {"SQ0104"}


def test_a_confirmation_that_names_no_file_takes_nothing_in(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    upload(browser, make_file(COUNTY, TOWN, NEW_VILLAGE))
    before = list_state()

    assert "没有导入" in browser.post("/roster/confirm/", follow=True).content.decode()
    assert list_state() == before


def test_a_roster_of_many_megabytes_is_refused_before_it_is_kept(cast: Cast, visit: Visit) -> None:
    file = SimpleUploadedFile("花名册.xlsx", b"PK" + b"a" * MAX_BYTES)

    answer = visit(cast.officer).post("/roster/", {"file": file})

    assert answer.status_code == 422
    assert "花名册最大 20 MB" in answer.content.decode()
    assert not RosterUpload.objects.exists()


def test_a_code_that_looks_like_another_is_doubted_and_can_still_be_taken_in(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    page = upload(browser, make_file(COUNTY, TOWN, ("sq0101", "柳湾新村", "村", "", "SQ01", 980, "2026-01-01")))

    assert "请留意" in page
    assert "SQ0101" in page

    confirm(browser, page)
    assert Unit.objects.filter(code="sq0101").exists()


def test_a_changed_parent_asks_since_when_and_keeps_the_past(cast: Cast, visit: Visit) -> None:
    moved = ("SQ0101", "柳湾村", "村", "", "SQ02", 2140, "2026-01-01")
    browser = visit(cast.officer)
    page = upload(browser, make_file(moved))
    assert "没有填变更日期" in page

    seen = {"seen": read_seen(page)}
    for typed, sentence in (
        ({}, "没有填变更日期的变更"),
        ({"changed": "since"}, "请填这些变更从哪一天起"),
        ({"changed": "since", "changed_on": "2099-01-01"}, "不能提前登记"),
    ):
        answer = browser.post("/roster/confirm/", seen | typed)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert Unit.objects.get(code="SQ0101").path == "SQ/SQ01/SQ0101/"

    browser.post("/roster/confirm/", seen | {"changed": "since", "changed_on": "2026-07-01"})
    village = Unit.objects.get(code="SQ0101")
    assert village.path == "SQ/SQ02/SQ0101/"
    assert [(row.since.isoformat(), row.parent_id) for row in village.placements.all()] == [
        ("1949-10-01", cast.town.pk),
        ("2026-07-01", cast.other_town.pk),
    ]
    assert [change.kind for change in village.changes.all()] == ["moved"]
    assert "柳湾村" in browser.get("/units/SQ01/?as_of=2026-06-30").content.decode()


def test_what_was_written_wrongly_is_corrected_for_all_days(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    upload(browser, make_file(("SQ0101", "柳弯村", "村", "", "SQ01", 2140, "2026-01-01")))
    confirm(browser)

    assert not Unit.objects.get(code="SQ0101").placements.exists()
    assert "柳弯村" in browser.get("/units/SQ0101/?as_of=2026-01-01").content.decode()
