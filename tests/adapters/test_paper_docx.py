"""Papers as Word files: page, type, order and numbers, as another library and as LibreOffice see them."""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.forms import BRIEFING, CIRCULAR, LETTER, PAPERS, PHOTO, PICTURES, TALK, WIDE
from tests.adapters.pdf import list_page_texts, squeeze
from wuzha.adapters.paper.docx import render_docx
from wuzha.adapters.paper.layout import FONTS, RED, find_measure, list_signature
from wuzha.adapters.paper.picture import UnfinishedPaperError
from wuzha.core.paper.model import Figure, Grid, Heading, Marks, Paper, Paragraph, join_spans, number_headings

NO_OFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice: scripts/bootstrap office")
# What no font carries and no document may hold is refused by a check of its own.
TEXTS = st.text(st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\ufffe\uffff"))


def read(paper: Paper) -> Document:
    return docx.Document(io.BytesIO(render_docx(paper, PICTURES)))


def list_parts(document: Document) -> Iterator[object]:
    section = document.sections[0]
    yield document.element
    for part in (section.footer, section.even_page_footer, section.first_page_header, section.first_page_footer):
        if not part.is_linked_to_previous:
            yield part._element


def list_runs(document: Document) -> Iterator[object]:
    for part in list_parts(document):
        yield from part.iter(qn("w:r"))  # type: ignore[attr-defined]  # lxml is published without types


def read_all_text(document: Document) -> str:
    return squeeze("".join(node.text or "" for node in document.element.iter(qn("w:t"))))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Every form as LibreOffice prints it; one start of the program for all."""
    folder = tmp_path_factory.mktemp("office")
    for name, paper in PAPERS.items():
        (folder / f"{name}.docx").write_bytes(render_docx(paper, PICTURES))
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    files = [f"{name}.docx" for name in PAPERS]
    subprocess.run([*command, *files], cwd=folder, check=True, capture_output=True, timeout=120)
    return {name: (folder / f"{name}.pdf").read_bytes() for name in PAPERS}


@pytest.mark.parametrize("name", sorted(set(PAPERS) - {"monthly-table"}))
def test_the_page_is_that_of_the_standard(name: str) -> None:
    section = read(PAPERS[name]).sections[0]
    grid = section._sectPr.find(qn("w:docGrid"))

    assert (section.page_width, section.page_height) == pytest.approx((Mm(210), Mm(297)), abs=700)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert margins == pytest.approx((Mm(37), Mm(35), Mm(28), Mm(26)), abs=700)
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("linesAndChars", "579")
    # 156 mm in 28 characters of 16 pt, each moved by so many 4096ths of a point.
    assert (16 + int(grid.get(qn("w:charSpace"))) / 4096) * 28 == pytest.approx(156 / 25.4 * 72, abs=0.1)


def test_the_monthly_table_lies_on_its_side_with_its_head_at_the_binding() -> None:
    section = read(WIDE).sections[0]

    assert (section.page_width, section.page_height) == pytest.approx((Mm(297), Mm(210)), abs=700)
    assert section.top_margin == pytest.approx(Mm(28), abs=700)


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_every_run_names_one_font_of_the_standard_for_every_script(name: str) -> None:
    runs = list(list_runs(read(PAPERS[name])))

    assert len(runs) > 20
    for run in runs:
        fonts = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")  # type: ignore[attr-defined]  # as above
        named = {fonts.get(qn(f"w:{script}")) for script in ("eastAsia", "ascii", "hAnsi", "cs")}
        assert len(named) == 1
        assert named <= set(FONTS.values())


# The order in which the schema of Word wants what describes a paragraph, a run, a section and a table (ECMA-376, 17).
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
    "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign "
    "rtl cs em lang",
    "sectPr": "footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
}


@pytest.mark.parametrize("name", sorted(PAPERS))
@pytest.mark.parametrize("described", sorted(ORDERS))
def test_the_parts_stand_in_the_order_without_which_word_mends_or_refuses_a_file(name: str, described: str) -> None:
    order = ORDERS[described].split()
    for part in list_parts(read(PAPERS[name])):
        for element in part.iter(qn(f"w:{described}")):  # type: ignore[attr-defined]  # as above
            names = [child.tag.split("}")[1] for child in element]
            # Heads and feet come first, among themselves in any order.
            places = [-1 if name.endswith("Reference") else order.index(name) for name in names]
            assert places == sorted(places), names


def test_what_is_typed_in_later_is_set_in_the_type_of_the_body() -> None:
    document = read(LETTER)
    styled = list(document.styles.element.iter(qn("w:rFonts")))

    assert styled
    assert {fonts.get(qn("w:eastAsia")) for fonts in styled} == {FONTS["fang"]}
    assert not [name for fonts in styled for name in fonts.attrib if name.endswith("Theme")]
    assert document.styles["Normal"].font.size == Pt(16)


def find_type(document: Document, beginning: str) -> tuple[str, float]:
    paragraph = next(item for item in document.paragraphs if item.text.startswith(beginning))
    run = paragraph.runs[0]
    assert run.font.size is not None
    return str(next(run._r.iter(qn("w:rFonts"))).get(qn("w:eastAsia"))), run.font.size.pt


@pytest.mark.parametrize(
    ("beginning", "font", "size_pt"),
    [
        ("关于加快", "song", 22),
        ("石反诈函", "fang", 16),
        ("青石镇人民政府：", "fang", 16),
        ("为如期", "fang", 16),
        ("一、", "hei", 16),
        ("（一）", "kai", 16),
        ("1.", "fang", 16),
        ("（1）", "fang", 16),
    ],
)
def test_each_level_has_its_type(beginning: str, font: str, size_pt: float) -> None:
    assert find_type(read(LETTER), beginning) == (FONTS[font], size_pt)  # type: ignore[index]  # a role, from the list


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_the_paragraphs_have_the_pitch_of_22_lines_and_an_indent_of_two_characters(name: str) -> None:
    opening = next((join_spans(block.spans) for block in PAPERS[name].blocks if isinstance(block, Paragraph)), "无")
    body = [item for item in read(PAPERS[name]).paragraphs if item.text.startswith((opening[:8], "请于12月"))]

    for paragraph in body:
        assert paragraph.paragraph_format.line_spacing == pytest.approx(Pt(28.95), abs=700)
        assert [ind.get(qn("w:firstLineChars")) for ind in paragraph._p.iter(qn("w:ind"))] == ["200"]
    assert body or name == "monthly-table"


def test_numbers_of_pages_stand_right_on_odd_and_left_on_even_pages() -> None:
    document = read(CIRCULAR)
    section = document.sections[0]

    for footer, edge in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert re.fullmatch("— *1 —", paragraph.text)
        assert [jc.get(qn("w:val")) for jc in paragraph._p.iter(qn("w:jc"))] == [edge]
        assert {run.font.size for run in paragraph.runs} == {Pt(14)}
        assert "PAGE" in "".join(node.text for node in paragraph._p.iter(qn("w:instrText")))
    assert document.settings.odd_and_even_pages_header_footer


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_margins_are_mirrored_on_upright_paper(name: str) -> None:
    settings = [one.tag for one in read(PAPERS[name]).settings.element]
    assert (qn("w:mirrorMargins") in settings) == (name != "monthly-table")
    if name != "monthly-table":
        assert settings.index(qn("w:mirrorMargins")) < settings.index(qn("w:evenAndOddHeaders"))


def test_marks_stand_above_the_number_and_who_signed_beside_it() -> None:
    document = read(replace(CIRCULAR, marks=Marks("000012", "秘密★1年", "特急", "石小桥")))
    lines = [item.text for item in document.paragraphs if item.text]

    assert lines[:3] == ["000012", "秘密★1年", "特急"]
    assert lines[4] == "　石反诈办〔2026〕8号\t签发人：石小桥　"
    assert find_type(document, "秘密") == (FONTS["hei"], 16)
    assert find_type(document, "000012") == (FONTS["fang"], 16)


def test_of_a_letter_the_first_mark_stands_in_the_line_of_the_number() -> None:
    lines = [item.text for item in read(replace(LETTER, marks=Marks("000012", urgency="加急"))).paragraphs if item.text]
    assert lines[:2] == ["000012\t石反诈函〔2026〕12号", "加急"]


def test_a_paper_without_a_head_bears_no_marks() -> None:
    assert "特急" not in [item.text for item in read(replace(TALK, marks=Marks(urgency="特急"))).paragraphs]


def test_a_letter_has_no_number_on_its_first_page_and_its_red_mark_above() -> None:
    section = read(LETTER).sections[0]

    assert section.different_first_page_header_footer
    assert section.first_page_footer.paragraphs[0].text == ""
    mark = section.first_page_header.paragraphs[0]
    assert (mark.text, str(mark.runs[0].font.color.rgb)) == (LETTER.issuer, RED)
    edges = [list_borders(part._element) for part in (section.first_page_header, section.first_page_footer)]
    assert edges == [["thickThinSmallGap"], ["thinThickSmallGap"]]


def list_borders(part: object) -> list[str]:
    borders = part.iter(qn("w:pBdr"))  # type: ignore[attr-defined]  # lxml is published without types
    return [line.get(qn("w:val")) for border in borders for line in border]


def test_a_red_head_has_its_mark_its_number_and_its_rule() -> None:
    document = read(CIRCULAR)
    texts = [item.text for item in document.paragraphs]
    number = document.paragraphs[texts.index(CIRCULAR.number)]
    rule = next(number._p.iter(qn("w:pBdr"))).find(qn("w:bottom"))

    assert document.paragraphs[0].paragraph_format.line_spacing == pytest.approx(Mm(35), abs=700)
    assert texts[1] == f"{CIRCULAR.issuer}文件"
    # 4 mm are 11 of the whole points in which Word counts the distance.
    assert (rule.get(qn("w:color")), rule.get(qn("w:space"))) == (RED, "11")


def test_a_paper_for_pre_printed_sheets_has_no_red_in_it() -> None:
    assert RED in render_xml(LETTER)
    assert RED not in render_xml(replace(LETTER, head="plain"))


def render_xml(paper: Paper) -> str:
    document = read(paper)
    return "".join(part.xml for part in list_parts(document))  # type: ignore[attr-defined]  # as above


def test_the_end_of_a_paper_names_copies_and_printer_but_a_letter_no_printer() -> None:
    assert "抄送：县委办公室" in read_all_text(read(CIRCULAR))
    assert read_all_text(read(CIRCULAR)).endswith("2026年11月22日印发")
    assert "印发" not in read_all_text(read(LETTER))
    assert read_all_text(read(BRIEFING)).endswith("报：县委、县政府。送：各乡镇，县直有关单位。共印50份")


def test_with_a_seal_the_date_stands_four_characters_in_and_the_signature_centred_above_it() -> None:
    for signed_by in ("青石镇", "石桥县反诈工作办公室"):
        (_, by), (_, on) = list_signature(replace(LETTER, signed_by=signed_by, sealed=True))

        assert on == 4
        assert by + len(signed_by) / 2 == on + 7 / 2  # 2026年11月22日 is seven characters long


def test_without_a_seal_the_date_begins_two_characters_to_the_right_of_the_signature() -> None:
    for signed_by in ("青石镇", "石桥县反诈工作办公室", "石桥县打击治理电信网络违法犯罪工作领导小组办公室"):
        (_, by), (date_text, on) = list_signature(replace(TALK, signed_by=signed_by))
        length = sum(0.5 if sign.isdigit() else 1 for sign in date_text)

        assert len(signed_by) + by == length + on + 2
        assert min(by, on) >= 2


def test_the_rows_and_merged_cells_of_a_table_are_kept() -> None:
    table = next(table for table in read(LETTER).tables if table.cell(0, 0).text == "乡镇")

    assert [cell.text for cell in table.rows[2].cells] == ["青石镇", "600", "412", "188"]
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc
    assert table.cell(0, 1).text == table.cell(0, 2).text == "入户宣传"
    assert len(list(table._tbl.iter(qn("w:tblHeader")))) == 2


@pytest.mark.parametrize("pictures", [{}, {PHOTO: b"no photo"}])
def test_a_picture_that_is_not_there_is_a_problem_and_no_file(pictures: dict[str, bytes]) -> None:
    with pytest.raises(UnfinishedPaperError) as caught:
        render_docx(LETTER, pictures)

    assert [problem.code for problem in caught.value.problems] == [
        "paper.picture-broken" if pictures else "paper.picture-missing"
    ]


def test_a_figure_without_a_source_goes_into_no_file() -> None:
    with pytest.raises(UnfinishedPaperError):
        render_docx(replace(TALK, blocks=(Paragraph((Figure("nobody", "7"),)),)))


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_any_text_comes_out_of_the_file_as_it_went_in(title: str, text: str, cell: str) -> None:
    blocks = (Heading(1, text), Paragraph((text, "；", text)), Grid(((cell, text),), (30, 60)))
    document = read(replace(TALK, title=f"题{title}", blocks=blocks, sources=()))

    assert f"一、{text}" in [item.text for item in document.paragraphs]
    assert f"{text}；{text}" in [item.text for item in document.paragraphs]
    assert [item.text for item in document.tables[0].rows[0].cells] == [cell, text]


@NO_OFFICE
@pytest.mark.parametrize("name", sorted(PAPERS))
def test_libreoffice_prints_every_form_whole_and_in_order(name: str, printed: Mapping[str, bytes]) -> None:
    pages = list_page_texts(printed[name])
    text = squeeze("".join(pages))
    places = [text.find(squeeze(words)) for words in list_landmarks(PAPERS[name])]

    assert -1 not in places
    assert places == sorted(places)
    with pypdfium2.PdfDocument(printed[name]) as document:
        wide, high = document[0].get_size()
    expected = (297, 210) if name == "monthly-table" else (210, 297)
    assert (wide / 72 * 25.4, high / 72 * 25.4) == pytest.approx(expected, abs=0.5)


def list_landmarks(paper: Paper) -> list[str]:
    """Words that stand in this order on every paper, whatever its form."""
    if paper is WIDE:
        return ["工作进展情况表", "第13列", "767"]
    if paper.form in ("plan", "policy-note", "notice"):
        labelled = number_headings(paper.blocks)
        heads = [label + block.text for label, block in labelled if isinstance(block, Heading) and block.level == 1]
        return [paper.title, *heads, *(["附件：任务分解表", "序号"] if paper.annex else [])]
    middle = [
        "现将有关情况提示如下",
        "一、工作进展",
        "（一）进度偏慢",
        "1.柳树村",
        "（1）先走访",
        "附表：入户宣传进度",
        "188",
    ]
    return [paper.title, *middle, "青石镇集市上的宣传点", "特此函告"]


@NO_OFFICE
def test_libreoffice_counts_the_pages_that_the_layout_makes(printed: Mapping[str, bytes]) -> None:
    counts = {name: len(list_page_texts(content)) for name, content in printed.items()}

    assert counts == {
        "letter": 2, "circular": 4, "briefing": 2, "talk": 2, "monthly-table": 5,
        "plan": 6, "policy-note": 4, "notice": 2,
    }  # fmt: skip


@NO_OFFICE
def test_libreoffice_prints_no_number_on_the_first_page_of_a_letter(printed: Mapping[str, bytes]) -> None:
    numbers = [re.findall("— ?([0-9]+) ?—", page) for page in list_page_texts(printed["letter"])]

    assert numbers == [[], ["2"]]
    assert [re.findall("— ?([0-9]+) ?—", page) for page in list_page_texts(printed["circular"])] == [
        ["1"], ["2"], ["3"], ["4"],
    ]  # fmt: skip


@NO_OFFICE
def test_22_lines_stand_on_a_page_of_text(tmp_path: Path) -> None:
    (tmp_path / "long.docx").write_bytes(render_docx(replace(TALK, blocks=(Paragraph(("村" * 2000,)),), sources=())))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to"]
    subprocess.run([*command, "pdf", "long.docx"], cwd=tmp_path, check=True, capture_output=True, timeout=120)

    lines = list_page_texts((tmp_path / "long.pdf").read_bytes())[1].splitlines()

    # The first of the page carries on a paragraph, which LibreOffice indents a second time.
    assert [line.count("村") for line in lines[1:22]] == [find_measure("characters")] * 21
    assert (find_measure("lines"), lines[22:]) == (22, ["— 2 —"])


def test_a_long_title_is_broken_between_words_into_even_lines() -> None:
    titles = [item.text for item in read(CIRCULAR).paragraphs if item.runs and item.runs[0].font.size == Pt(22)]

    assert titles == ["关于2026年第三季度全县反诈宣传", "工作开展情况和下一步工作打算的通报"]


def test_two_tables_one_after_the_other_do_not_touch() -> None:
    """Word takes tables that touch for one, with the head of the first over both."""
    grids = tuple(Grid((("栏目", name), ("柳湾村", "1")), (20, 20)) for name in ("入户", "宣讲"))
    document = read(replace(WIDE, blocks=grids))
    parts = [part.tag.rpartition("}")[2] for part in document.element.body]

    assert parts.count("tbl") == 2
    assert ("tbl", "tbl") not in set(pairwise(parts))
