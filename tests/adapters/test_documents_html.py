"""Web pages: the words as the page shows them, line by line."""

import pytest

from wuzha.adapters.documents import html, read_document
from wuzha.adapters.documents.model import RefusedError


def read(body: str) -> list[str]:
    return html.read(f"<html><body>{body}</body></html>".encode()).text.split("\n")


def test_blocks_are_lines_and_what_is_written_in_a_line_stays_in_it() -> None:
    body = (
        "<h1>方案</h1><div>一、<b>要求</b>每月<span>1次</span><p>各村</p>尾</div>"
        "<section><p>二、<a href='x'>报送</a></p></section>"
    )

    assert read(body) == ["方案", "一、要求每月1次", "各村", "尾", "二、报送"]


def test_line_breaks_of_the_file_are_none_of_the_page_and_br_is_one() -> None:
    assert read("<p>各村每月\n宣传1次，\r\n悬挂<br>横幅<br/><br/>5条 and\n more</p>") == [
        "各村每月宣传1次，悬挂",
        "横幅",
        "",
        "5条 and more",
    ]
    assert read("<pre>一行\n二行</pre>") == ["一行", "二行"]


def test_what_is_no_text_of_the_page_is_left_out() -> None:
    body = (
        "<script>var a='暗'</script><style>p{}</style><nav>导航</nav><p>正文</p><!-- 注 --><template>暗</template>"
        "<p hidden>暗</p><div style='display: NONE'>暗</div><select><option>暗</option></select><noscript>暗</noscript>"
        "<div title='footer'>— 3 —</div>"
    )

    assert read(body) == ["正文"]


def test_entities_are_the_signs_they_name() -> None:
    assert read("<p>&ldquo;反诈&rdquo;&nbsp;&#8805;90%&lt;&amp;</p>") == ["“反诈”\xa0≥90%<&"]


def test_lists_show_their_numbers() -> None:
    body = (
        "<ol><li>甲</li><li>乙<ol type='a'><li>子</li><li>丑</li></ol></li></ol><ul><li>点</li></ul>"
        "<ol start='3' style='list-style-type: cjk-ideographic'><li>丙</li><li value='11'>丁</li></ol>"
        "<ol style='list-style:none'><li>一、戊</li></ol><ol type='I'><li>己</li></ol>"
    )

    assert read(body) == ["1. 甲", "2. 乙", "a. 子", "b. 丑", "点", "三、丙", "十一、丁", "一、戊", "I. 己"]


def test_a_row_is_a_line_and_merged_cells_keep_the_columns() -> None:
    body = (
        "<table><caption>分工</caption><thead><tr><th>单位<th>任务<th>次数</tr></thead>"
        "<tr><td rowspan=2>各村<td>宣传<br>横幅<td>1</tr><tr><td colspan=2>班会</tr>"
        "<tr><td>校<td colspan=2>课</tr></table>"
    )

    assert read(body) == ["分工", "单位\t任务\t次数", "各村\t宣传\v横幅\t1", "\t班会\t", "校\t课\t"]


def test_a_cell_that_reaches_down_at_the_end_of_the_row_leaves_its_place_empty() -> None:
    body = (
        "<table><tr><td>甲<td>乙<td rowspan=3>丙</tr><tr><td>丁<td>戊</tr><tr><td>己<td>庚</tr>"
        "<tr><td>辛<td>壬<td>癸</tr></table>"
    )

    assert read(body) == ["甲\t乙\t丙", "丁\t戊\t", "己\t庚\t", "辛\t壬\t癸"]


def test_frames_are_their_lines() -> None:
    page = "<p>各村每月宣传1次。</p>" * 200
    framed = "<table><tr><td><p>甲</p><p>乙</p></td></tr></table>"

    assert read(framed) == ["甲", "乙"]
    assert read(f"<table><tr><td>目录</td><td>{page}</td></tr></table>")[:3] == [
        "目录",
        "各村每月宣传1次。",
        "各村每月宣传1次。",
    ]
    assert read(
        "<table><tr><td>外<td><table><tr><td>内一<td>内二</tr><tr><td>内三<td>内四</tr></table></tr></table>"
    ) == ["外\t内一 内二\v内三 内四"]


PAGE = (
    "<html><head><meta {}><title>题</title></head><body><p>石桥县反诈宣传工作方案，各村每月宣传1次。</p></body></html>"
)


@pytest.mark.parametrize(
    ("said", "codec"),
    [
        ('http-equiv="Content-Type" content="text/html; charset=gb2312"', "gbk"),
        ("charset=GBK", "gb18030"),
        ('charset="utf-8"', "utf-8"),
        ('charset="utf-8"', "utf-8-sig"),
        ('name="x"', "gb18030"),
        ('charset="utf-8"', "gbk"),
        ('charset="gbk"', "utf-8"),
        ('http-equiv="Content-Type" content="text/html; charset=gb2312"', "utf-8"),
        ('charset="unicode"', "utf-16"),
    ],
)
def test_a_saved_page_is_read_in_the_encoding_it_names(said: str, codec: str) -> None:
    document, problems = read_document("方案.htm", PAGE.format(said).encode(codec))

    assert problems == ()
    assert document is not None
    assert (document.text.strip("\ufeff"), document.kind) == ("石桥县反诈宣传工作方案，各村每月宣传1次。", "html")


@pytest.mark.parametrize("said", ["utf-8", "gbk"])
def test_a_page_that_is_in_no_encoding_it_may_be_in_is_refused(said: str) -> None:
    content = PAGE.format(f'charset="{said}"').encode("gbk") + "每月宣传".encode() * 40 + b"\xff\xfe" * 30

    document, problems = read_document("方案.htm", content)

    assert document is None
    assert [problem.code for problem in problems] == ["document.encoding"]


def test_a_page_without_tags_is_its_text() -> None:
    document, _ = read_document("方案.html", "各村每月宣传1次。".encode())

    assert document is not None
    assert document.text == "各村每月宣传1次。"


def test_a_page_nested_deeper_than_any_is_refused_and_not_read_in_half() -> None:
    content = ("<p>各村每月宣传1次。</p>" + "<div>" * 100_000 + "<p>悬挂横幅5条。</p>").encode()

    with pytest.raises(RefusedError) as refused:
        html.read(content)

    assert refused.value.problem.code == "document.too-costly"
