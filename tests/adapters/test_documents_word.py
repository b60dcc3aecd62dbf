"""Word files: everything that the page shows stands in the text, once, and in its place."""

import pytest

from tests.adapters.papers import TYPES, abstract, cell, instance, level, make_word, numbered, p, pack, r, table
from wuzha.adapters.documents import docx


def read(body: str, **parts: str) -> list[str]:
    return docx.read(make_word(body, **parts)).text.split("\n")


OUTLINE = abstract(
    0,
    level(0, "chineseCounting", "%1、"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimalEnclosedCircle", "%4"),
)


def test_automatic_numbers_stand_before_the_words_as_the_page_shows_them() -> None:
    body = (
        numbered("总体要求")
        + numbered("目标", level=1)
        + numbered("任务", level=1)
        + numbered("2027年每月宣传1次", level=2)
        + numbered("挂横幅", level=2)
        + numbered("入户", level=3)
        + numbered("工作要求")
        + numbered("报送", level=1)
        + p("没有编号的一段")
    )

    assert read(body, numbering=OUTLINE + instance(1, 0)) == [
        "一、总体要求",
        "（一）目标",
        "（二）任务",
        "1. 2027年每月宣传1次",
        "2. 挂横幅",
        "① 入户",
        "二、工作要求",
        "（一）报送",
        "没有编号的一段",
    ]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("chineseCounting", ["九", "十", "十一", "二十", "二十一", "一〇〇", "一一〇"]),
        ("chineseCountingThousand", ["九", "十", "十一", "二十", "二十一", "一百", "一百一十"]),
        ("japaneseCounting", ["九", "十", "十一", "二十", "二十一", "一百", "一百一十"]),
        ("chineseLegalSimplified", ["玖", "拾", "拾壹", "贰拾", "贰拾壹", "壹佰", "壹佰壹拾"]),
        ("ideographTraditional", ["壬", "癸", "11", "20", "21", "100", "110"]),
        ("decimalEnclosedCircle", ["⑨", "⑩", "⑪", "⑳", "㉑", "100", "110"]),
        ("decimalEnclosedParen", ["⑼", "⑽", "⑾", "⒇", "21", "100", "110"]),
        ("decimalFullWidth", ["９", "１０", "１１", "２０", "２１", "１００", "１１０"]),
        ("decimalZero", ["09", "10", "11", "20", "21", "100", "110"]),
        ("lowerLetter", ["i", "j", "k", "t", "u", "100", "110"]),
        ("upperRoman", ["IX", "X", "XI", "XX", "XXI", "C", "CX"]),
        ("nobody knows", ["9", "10", "11", "20", "21", "100", "110"]),
    ],
)
def test_each_style_of_number_is_written_as_word_does(style: str, expected: list[str]) -> None:
    numbers = (9, 10, 11, 20, 21, 100, 110)
    numbering = "".join(
        abstract(at, level(0, style, "第%1条", f'<w:start w:val="{at}"/>')) + instance(at, at) for at in numbers
    )

    lines = read("".join(numbered("宣传", at) for at in numbers), numbering=numbering)

    assert lines == [f"第{number}条 宣传" for number in expected]


def test_a_list_goes_on_over_other_text_and_another_instance_starts_where_it_says() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    body = numbered("甲") + p("插话") + numbered("乙") + numbered("丙", 2) + numbered("丁", 2) + numbered("戊", 3)

    lines = read(body, numbering=OUTLINE + instance(1, 0) + instance(2, 0, override) + instance(3, 0))

    assert lines == ["一、甲", "插话", "二、乙", "五、丙", "六、丁", "七、戊"]


def test_an_instance_may_bring_a_level_of_its_own() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "（%1）")}</w:lvlOverride>'

    assert read(numbered("甲"), numbering=OUTLINE + instance(1, 0, override)) == ["（1）甲"]


def test_a_level_that_never_restarts_counts_on() -> None:
    levels = level(0, "chineseCounting", "第%1章"), level(1, "decimal", "第%2条", '<w:lvlRestart w:val="0"/>')
    body = (
        numbered("总则")
        + numbered("甲", level=1)
        + numbered("乙", level=1)
        + numbered("罚则")
        + numbered("丙", level=1)
    )

    lines = read(body, numbering=abstract(0, *levels) + instance(1, 0))

    assert lines == ["第一章 总则", "第1条 甲", "第2条 乙", "第二章 罚则", "第3条 丙"]


def test_numbers_of_the_levels_above_are_written_as_figures_where_the_list_asks_for_it() -> None:
    levels = level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2", "<w:isLgl/>")

    lines = read(numbered("甲") + numbered("乙", level=1), numbering=abstract(0, *levels) + instance(1, 0))

    assert lines == ["一、甲", "1.1 乙"]


STYLES = (
    '<w:style w:type="paragraph" w:styleId="Head1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Head2"><w:basedOn w:val="Head1"/>'
    '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Child"><w:basedOn w:val="Head2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Linked"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
)


def test_a_style_brings_its_number_also_to_the_styles_that_stand_on_it() -> None:
    levels = (
        level(0, "chineseCounting", "%1、"),
        level(1, "chineseCounting", "（%2）"),
        level(2, "decimal", "%3.", '<w:pStyle w:val="Linked"/>'),
    )
    body = "".join(p("宣传", f'<w:pStyle w:val="{name}"/>') for name in ("Head1", "Head2", "Child", "Linked", "A"))
    off = p("宣传", '<w:pStyle w:val="Head1"/><w:numPr><w:numId w:val="0"/></w:numPr>')

    lines = read(body + off, numbering=abstract(0, *levels) + instance(1, 0), styles=STYLES)

    assert lines == ["一、宣传", "（一）宣传", "（二）宣传", "1. 宣传", "宣传", "宣传"]


def test_a_list_style_lends_its_levels() -> None:
    numbering = (
        abstract(0, level(0, "decimal", "%1）"))
        + '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Lent"/></w:abstractNum>'
    )
    styles = (
        '<w:style w:type="numbering" w:styleId="Lent"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )

    assert read(numbered("甲", 2), numbering=numbering + instance(1, 0) + instance(2, 1), styles=styles) == ["1）甲"]


def test_bullets_and_empty_paragraphs_show_no_number() -> None:
    numbering = abstract(0, level(0, "bullet", "\uf0b7")) + OUTLINE.replace('Id="0"', 'Id="1"')
    body = numbered("甲") + numbered(" ", 2) + numbered("乙", 2)

    assert read(body, numbering=numbering + instance(1, 0) + instance(2, 1)) == ["甲", " ", "一、乙"]


SHAPE = "<w:txbxContent>{}</w:txbxContent>"
BOX = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><wps:txbx>{0}</wps:txbx>'
    "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{0}</v:textbox></v:shape>"
    "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def test_a_text_box_is_told_once_behind_the_paragraph_that_holds_it() -> None:
    box = BOX.format(SHAPE.format(p("框里一") + p("框里二")))

    assert read(f"<w:p>{r('正文')}{box}</w:p>" + p("下一段")) == ["正文", "框里一", "框里二", "下一段"]


def test_of_two_ways_to_write_the_same_the_first_with_words_is_told() -> None:
    two = "<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>"

    assert read(f"<w:p>{two.format(r('新'), r('旧'))}</w:p>") == ["新"]
    assert read(f"<w:p>{two.format('<w:r/>', r('旧'))}</w:p>") == ["旧"]


def test_an_old_text_box_and_lettered_shapes_are_told_too() -> None:
    old = f"<w:r><w:pict><v:shape><v:textbox>{SHAPE.format(p('旧框'))}</v:textbox></v:shape></w:pict></w:r>"
    art = '<w:r><w:pict><v:shape><v:textpath string="石桥县  文件"/></v:shape></w:pict></w:r>'

    assert read(f"<w:p>{art}{old}</w:p>") == ["", "石桥县 文件", "旧框"]


def test_what_only_wraps_is_opened() -> None:
    wrapped = (
        f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{p('控件里')}</w:sdtContent></w:sdt>"
        f"<w:p><w:hyperlink>{r('链接')}</w:hyperlink><w:smartTag>{r('标记')}</w:smartTag>"
        f"<w:sdt><w:sdtContent>{r('行内')}</w:sdtContent></w:sdt></w:p>"
        f"<w:customXml>{p('自定')}</w:customXml>"
    )

    assert read(wrapped) == ["控件里", "链接标记行内", "自定"]


def test_inserted_text_counts_and_deleted_or_hidden_text_does_not() -> None:
    body = (
        f"<w:p>{r('每月')}<w:del><w:r><w:delText>1次</w:delText></w:r></w:del><w:ins>{r('2次')}</w:ins>"
        f"<w:moveFrom>{r('移走')}</w:moveFrom><w:moveTo>{r('移来')}</w:moveTo>{r('暗', '<w:vanish/>')}"
        f"{r('明', '<w:vanish w:val=' + chr(34) + '0' + chr(34) + '/>')}</w:p>"
    )

    assert read(body) == ["每月2次移来明"]


def test_paragraphs_whose_parting_was_deleted_are_one() -> None:
    assert read(p("各村", "<w:rPr><w:del/></w:rPr>") + p("每月1次") + p("末", "<w:rPr><w:del/></w:rPr>")) == [
        "各村每月1次",
        "末",
    ]


def test_of_a_field_the_result_is_told_and_not_what_it_is_told_to_do() -> None:
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        f'{r("暗")}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("12")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        f"{r('月')}<w:fldSimple>{r('底')}</w:fldSimple></w:p>"
    )
    open_field = f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{r("暗")}</w:p>'

    assert read(field + open_field + p("后文")) == ["12月底", "", "后文"]


def test_tabs_breaks_and_signs_are_what_they_show() -> None:
    body = (
        f"<w:p>{r('甲')}<w:r><w:tab/></w:r>{r('乙')}<w:r><w:br/></w:r>{r('丙')}<w:r><w:noBreakHyphen/></w:r>{r('丁')}"
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Symbol" w:char="2265"/></w:r></w:p>'
    )

    assert read(body) == ["甲\t乙", "丙-丁≥"]


def test_a_note_follows_its_paragraph_and_leaves_no_mark_in_the_sentence() -> None:
    def note(kind: str, number: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'

    body = (
        f"<w:p>{r('每月不少于2次')}{note('footnote', 2)}{r('，报送。')}{note('endnote', 2)}{note('footnote', 2)}</w:p>"
    )
    notes = '<w:footnote w:type="separator" w:id="0">' + p("线") + '</w:footnote><w:footnote w:id="2">{}</w:footnote>'
    ends = '<w:endnote w:id="2">' + p("尾注") + "</w:endnote>"

    lines = read(body + p("下一段"), footnotes=notes.format(p("含线上。") + p("又一段")), endnotes=ends)

    assert lines == ["每月不少于2次，报送。", "［注1］含线上。", "又一段", "［注2］尾注", "下一段"]


def test_a_row_is_a_line_and_lines_in_a_cell_are_apart_by_a_vertical_tab() -> None:
    rows = table(
        cell("单位") + cell("任务"),
        cell("各村") + cell(p("每月1次") + p("") + "<w:p>" + r("横幅") + "<w:r><w:br/></w:r>" + r("5\t条") + "</w:p>"),
    )

    assert read(p("表") + rows + p("完")) == ["表", "单位\t任务", "各村\t每月1次\v横幅\v5 条", "完"]


def test_merged_cells_keep_the_columns_in_their_place() -> None:
    rows = table(
        cell("甲", '<w:gridSpan w:val="2"/>') + cell("乙") + cell("丙"),
        cell("一", '<w:vMerge w:val="restart"/>') + cell("二") + cell("三") + cell("四"),
        cell("", "<w:vMerge/>") + cell("五") + cell("六", '<w:hMerge w:val="restart"/>') + cell("", "<w:hMerge/>"),
        '<w:trPr><w:gridBefore w:val="2"/></w:trPr>' + cell("七") + cell("八"),
        cell("") + cell("") + cell(""),
    )

    assert read(rows) == ["甲\t\t乙\t丙", "一\t二\t三\t四", "\t五\t六\t", "\t\t七\t八"]


def test_a_table_in_a_cell_is_lines_of_it_and_a_frame_is_its_lines() -> None:
    inner = table(cell("内一") + cell("内二"), cell("内三") + cell("内四"))
    framed = table(cell(p("框内标题") + inner + p("末行")))

    assert read(table(cell("外") + cell(inner + p("尾")))) == ["外\t内一 内二\v内三 内四\v尾"]
    assert read(framed) == ["框内标题", "内一\t内二", "内三\t内四", "末行"]
    assert read(table(cell("甲"), cell("乙"))) == ["甲", "乙"]


def test_numbers_go_on_through_the_cells_of_a_table_and_deleted_rows_are_gone() -> None:
    rows = table(
        cell(numbered("甲")) + cell("村"),
        "<w:trPr><w:del/></w:trPr>" + cell("删") + cell("删"),
        cell(numbered("乙")) + cell("校"),
    )

    assert read(rows, numbering=OUTLINE + instance(1, 0)) == ["一、甲\t村", "二、乙\t校"]


def test_a_file_saved_as_strict_open_xml_is_read_too() -> None:
    body = p("各村每月1次")
    strict = (
        f'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>{body}</w:body></w:document>'
    )

    assert docx.read(pack({"[Content_Types].xml": TYPES, "word/document.xml": strict})).text == "各村每月1次"
