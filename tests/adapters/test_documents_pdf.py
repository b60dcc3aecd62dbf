"""PDF files: the text layer becomes paragraphs again, and what has no text layer is told."""

from itertools import pairwise

import pytest

from tests.adapters.papers import A4, PLAN, draw_grid, join_pdf, make_pdf, print_plan, rule, show
from wuzha.adapters.documents import pdf, read_document
from wuzha.adapters.documents.model import RefusedError

CODECS = {
    "UniGB-UCS2-H": "utf-16-be",
    "UniGB-UTF16-H": "utf-16-be",
    "GB-EUC-H": "gb2312",
    "GBK-EUC-H": "gbk",
    "GBKp-EUC-H": "gbk",
    "GBK2K-H": "gb18030",
}
IMAGE = (
    b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\n"
    b"stream\nx\nendstream"
)
PICTURE = "q 500 0 0 700 40 60 cm /Im1 Do Q\n"
PICTURES = "/XObject << /Im1 5 0 R >>"


def read(*pages: str) -> list[str]:
    return pdf.read(make_pdf(pages)).text.split("\n")


def refuse(content: bytes) -> str:
    with pytest.raises(RefusedError) as refused:
        pdf.read(content)
    return refused.value.problem.code


@pytest.mark.parametrize("encoding", CODECS)
def test_a_chinese_font_outside_the_file_is_read_by_its_character_map(encoding: str) -> None:
    content = make_pdf([show("各村每月宣传１次，悬挂横幅。", 72, 700, codec=CODECS[encoding])], encoding)

    assert pdf.read(content).text == "各村每月宣传１次，悬挂横幅。"


def test_lines_that_the_page_broke_are_paragraphs_again() -> None:
    content = print_plan()

    assert content.count(b"Tj") > len(PLAN) + 6, "the paragraphs must be broken for this to say anything"
    assert pdf.read(content).text.split("\n") == list(PLAN)


@pytest.mark.parametrize("columns", range(18, 29))
def test_the_width_of_the_page_does_not_change_the_paragraphs(columns: int) -> None:
    assert pdf.read(print_plan(columns=columns)).text.split("\n") == list(PLAN)


def test_a_paragraph_goes_on_over_the_end_of_the_page_and_what_every_page_repeats_is_left_out() -> None:
    plan = [PLAN[0], *PLAN[1:] * 4]

    found = pdf.read(print_plan(plan, head="石桥县反诈联席办文件"))

    assert found.text.split("\n") == plan
    assert print_plan(plan).count(b"/Type /Page ") >= 3


@pytest.mark.parametrize("number", ["3", "- 3 -", "—3—", "第3页", "第 3 页 共 12 页", "3/12", "·3·"])
def test_a_page_number_is_left_out_at_the_edge_and_kept_inside(number: str) -> None:
    body = show("各村每月宣传一次。", 72, 700)

    assert read(body + show(number, 280, 40, 10)) == ["各村每月宣传一次。"]
    assert len(read(body + show(number, 280, 400, 10))) == 2


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("words", ["{0}.各村每月至少开展{1}次反诈宣传活动。", "各村每月开展1次反诈宣传活动"])
@pytest.mark.parametrize("gap", [28, 60])
def test_what_the_text_itself_has_at_the_top_of_each_page_stays(count: int, words: str, gap: int) -> None:
    tops = [words.format(number, number + 1) for number in range(1, count + 1)]
    rest = "".join(show("各单位要密切配合，把宣传做到群众身边。", 57, 770 - gap - 28 * at) for at in range(5))

    found = read(*(show(top, 57, 770) + rest for top in tops))

    assert [line for line in found if "各村" in line] == tops


@pytest.mark.parametrize(
    "head", ["石桥县反诈联席办文件", "反诈宣传方案 第{}页", "— {} — 石桥县", "石桥县反诈联席办 {}"]
)
def test_a_head_apart_from_the_text_is_left_out_from_three_pages_on(head: str) -> None:
    pages = [
        show(head.format(number), 72, 800, 10) + show(f"{words}组织宣传。", 72, 740) + show("各校讲课。", 72, 712)
        for number, words in enumerate(("甲村", "乙村", "丙村"), 1)
    ]

    assert [line for line in read(*pages) if "石桥" in line or "方案" in line] == []
    assert len([line for line in read(*pages[:2]) if "石桥" in line or "方案" in line]) == 2, "in doubt it is kept"
    assert len([line for line in read(*pages) if "村" in line]) == 3


def test_without_indents_a_line_that_ends_in_a_stop_or_has_room_ends_the_paragraph() -> None:
    lines = (
        "各村每月至少组织一次集中宣传活动，讲身",
        "边的事，用本地的话，让老人听得懂记得住。",
        "各学校每学期",
        "悬挂横幅不少于五条，优先挂在路口和集市。",
        "一、要求",
    )
    page = "".join(show(line, 72, 700 - 28 * at) for at, line in enumerate(lines))

    assert read(page) == [lines[0] + lines[1], *lines[2:]]


def test_a_title_over_two_lines_is_one() -> None:
    page = show("石桥县二〇二七年全民反诈", 132, 760, 28) + show("宣传工作方案", 214, 722, 28)
    body = "".join(show("各村每月至少组织一次集中宣传活动，讲身边的事，", 72, 660 - 28 * at, 16) for at in range(6))

    assert read(page + body)[0] == "石桥县二〇二七年全民反诈宣传工作方案"


def test_signs_are_told_from_left_to_right_whatever_order_they_were_printed_in() -> None:
    words = [f"<{words.encode('utf-16-be').hex()}>" for words in ("“", "”", "小手拉大", "家长会")]
    back = f"BT /F1 16 Tf 72 700 Td [{words[0]} -4000 {words[1]} 5000 {words[2]} -1000 {words[3]}] TJ ET\n"

    assert read(back) == ["“小手拉大”家长会"]


def test_bold_letters_made_by_printing_twice_are_told_once() -> None:
    assert read(show("宣传", 72, 700) + show("宣传", 72.4, 700)) == ["宣传"]


def test_words_of_letters_keep_their_blanks_and_figures_in_chinese_get_none() -> None:
    page = show("宣传", 72, 700) + show("2", 108, 700) + show("次", 128, 700)

    assert read(page) == ["宣传2次"]


def test_the_row_of_a_table_is_a_line_of_its_own() -> None:
    rows = (("序号", "任务", "单位"), ("一", "宣传", "各村"), ("二", "班会", "学校"))
    page = "".join(
        show(words, 72 + 120 * column, 700 - 28 * at) for at, row in enumerate(rows) for column, words in enumerate(row)
    )

    assert read(page) == ["序号 任务 单位", "一 宣传 各村", "二 班会 学校"]


COLUMNS, ROWS = (72, 132, 292, 400), (720, 660, 600)


def fill(column: int, row: int, *lines: str) -> str:
    """Lines in a cell of the grid."""
    return "".join(show(line, COLUMNS[column] + 4, ROWS[row] - 20 - 20 * at) for at, line in enumerate(lines))


CELLS = fill(0, 0, "一") + fill(1, 0, "各村每月组织集中", "宣传一次", "第二段。") + fill(2, 0, "宣传办")
MORE = fill(0, 1, "二") + fill(1, 1, "主题班会") + fill(2, 1, "教育局")


def test_a_drawn_table_has_its_cells_and_their_lines() -> None:
    drawn = draw_grid(COLUMNS, ROWS)
    before, after = show("附表", 72, 740), show("以上。", 72, 560)

    assert read(before + drawn + CELLS + MORE + after) == [
        "附表",
        "一\t各村每月组织集中宣传一次\v第二段。\t宣传办",
        "二\t主题班会\t教育局",
        "以上。",
    ]


def test_a_table_drawn_cell_by_cell_or_as_boxes_is_the_same() -> None:
    boxes = "".join(
        f"{left} {bottom} {right - left} {top - bottom} re S\n"
        for left, right in pairwise(COLUMNS)
        for top, bottom in pairwise(ROWS)
    )
    thin = "".join(f"{at} 600 0.5 120 re f\n" for at in COLUMNS) + "".join(f"72 {at} 328 0.5 re f\n" for at in ROWS)

    assert read(boxes + CELLS + MORE) == read(thin + CELLS + MORE) == read(draw_grid(COLUMNS, ROWS) + CELLS + MORE)


def test_merged_cells_of_a_drawn_table_keep_the_columns() -> None:
    frame = draw_grid((72, 400), (720, 600)) + rule(292, 720, 292, 600)
    level = rule(132, 660, 400, 660) + rule(132, 660, 132, 600)

    assert read(
        frame + level + fill(1, 0, "一") + fill(2, 0, "宣传办") + fill(1, 1, "班会") + fill(2, 1, "教育局")
    ) == [
        "一\t\t宣传办",
        "\t班会\t教育局",
    ]


def test_a_row_that_the_page_cut_is_one_and_heads_told_again_fall_away() -> None:
    grid = draw_grid(COLUMNS, ROWS)
    head = fill(0, 0, "序号") + fill(1, 0, "任务") + fill(2, 0, "单位")
    cut = fill(1, 1, "和主题班会") + fill(2, 1, "和学校")

    assert read(grid + head + MORE, grid + head + cut)[1:] == ["二\t主题班会和主题班会\t教育局和学校"]
    assert len(read(grid + CELLS + MORE, grid + fill(1, 1, "（三）看") + fill(2, 1, "村"))) == 3


def test_a_frame_around_the_text_is_no_table_and_a_drawing_is_none() -> None:
    line = "各村每月至少组织一次集中宣传活动，讲身边的事。"
    words = show(line, 76, 700)
    drawing = "".join(rule(at, 100, at, 800) + rule(10, at, 500, at) for at in range(100, 600, 3))

    assert read(draw_grid((72, 500), (720, 600)) + words) == [line]
    assert read(drawing + words) == [line]


def test_a_signature_at_the_right_margin_and_its_date_are_two_lines() -> None:
    body = "".join(show("各村每月至少组织一次集中宣传活动，讲身边的事，用本地的", 72, 700 - 28 * at) for at in range(3))
    page = body + show("石桥县反诈联席办", 376, 500) + show("二〇二七年一月一日", 360, 472) + show("附表", 72, 420)

    assert read(page)[-3:] == ["石桥县反诈联席办", "二〇二七年一月一日", "附表"]


def test_a_scan_is_recognised_and_told() -> None:
    pages = [PICTURE + show(f"- {number} -", 280, 40, 10) for number in range(1, 4)]
    content = make_pdf(pages, more=[IMAGE], resources=PICTURES)

    document, problems = read_document("方案.pdf", content)

    assert document is None
    assert (problems[0].code, problems[0].values["pages"]) == ("document.scanned", "3")


@pytest.mark.parametrize(("written", "pictures"), [(1, 1), (2, 2), (3, 2)])
def test_up_to_half_of_the_pages_may_be_pictures(written: int, pictures: int) -> None:
    """A plan with its stamped copies behind it is still worth reading; the pages that are missing are named."""
    pages = [show("各村每月至少组织一次集中宣传活动，讲身边的事。", 72, 700)] * written + [PICTURE] * pictures

    found = pdf.read(make_pdf(pages, more=[IMAGE], resources=PICTURES))

    named = "、".join(str(number) for number in range(written + 1, written + pictures + 1))
    assert [problem.values["pages"] for problem in found.told] == [named]


@pytest.mark.parametrize(("written", "pictures"), [(1, 2), (2, 3), (0, 1)])
def test_more_than_half_of_the_pages_being_pictures_is_a_scan(written: int, pictures: int) -> None:
    pages = [show("各村每月至少组织一次集中宣传活动，讲身边的事。", 72, 700)] * written + [PICTURE] * pictures

    assert refuse(make_pdf(pages, more=[IMAGE], resources=PICTURES)) == "document.scanned"


def test_a_page_of_letters_drawn_as_outlines_is_a_scan() -> None:
    assert refuse(make_pdf(["10 10 m 20 20 l S\n" * 400])) == "document.scanned"


def test_single_pages_that_are_pictures_are_named_and_the_rest_is_read() -> None:
    written = show("各村每月至少组织一次集中宣传活动，讲身边的事。", 72, 700)
    content = make_pdf([written, PICTURE, written], more=[IMAGE], resources=PICTURES)

    document, problems = read_document("方案.pdf", content)

    assert document is not None
    assert [(problem.code, problem.severity, problem.values["pages"]) for problem in problems] == [
        ("document.page-scanned", "warning", "2")
    ]


def test_a_font_that_does_not_say_its_signs_is_told() -> None:
    content = make_pdf([show("\ue000\ue001\ue002\ue003\ue004\ue005" * 5, 72, 700)])

    assert refuse(content) == "document.garbled"


def test_an_empty_page_holds_nothing() -> None:
    assert read_document("方案.pdf", make_pdf([""]))[1][0].code == "document.empty"


ENCRYPT = b"<< /Filter /Standard /V 1 /R 2 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> /P -44 >>"


def test_a_file_with_a_password_is_told() -> None:
    content = join_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", ENCRYPT])
    locked = content.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 3 0 R /ID [<41> <41>]")

    assert refuse(locked) == "document.encrypted"


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.4\n" + bytes(2000), print_plan()[:400]])
def test_a_broken_file_is_told(content: bytes) -> None:
    assert refuse(content) == "document.broken"


def test_more_pages_than_any_plan_has_are_refused() -> None:
    kids = b"3 0 R " * 501
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] >>" % A4
    pages = b"<< /Type /Pages /Kids [" + kids + b"] /Count 501 >>"

    assert refuse(join_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page])) == "document.too-many-pages"
