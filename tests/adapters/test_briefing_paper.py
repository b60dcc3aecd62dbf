"""A briefing as a file: its head, its photos side by side and alone, its pages in Word and in PDF."""

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import docx
import pypdfium2
import pytest

from tests.adapters.forms import BRIEFING
from tests.adapters.photos import draw_scene, save_jpeg
from wuzha.adapters.paper.docx import render_docx
from wuzha.adapters.paper.pdf import render_pdf
from wuzha.core.paper.model import Paper, Paragraph, Picture, list_rows, number_headings

ONE, TWO, WIDE = "1" * 64, "2" * 64, "3" * 64
PICTURES = {
    ONE: save_jpeg(draw_scene(1, (1600, 1200))),
    TWO: save_jpeg(draw_scene(2, (1200, 1600))),
    WIDE: save_jpeg(draw_scene(3, (2000, 1200)), note="N31.2304"),
}
PAPER = replace(
    BRIEFING,
    number="第3期（总第15期）",
    blocks=(
        Paragraph(("11月18日，柳湾村在村广场开展集中宣传活动1场，120人参加。",)),
        Picture(ONE, "柳湾村集中宣传活动现场", "half"),
        Picture(TWO, "网格员讲解", "half"),
        Picture(WIDE, "活动现场"),
    ),
    sources=(),
)


def count_pages(paper: Paper, tmp_path: Path) -> int:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here")
    (tmp_path / "paper.docx").write_bytes(render_docx(paper, PICTURES))
    folder = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [
        office,
        folder,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "paper.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return len(pypdfium2.PdfDocument(tmp_path / "paper.pdf"))


def test_two_half_pictures_stand_beside_each_other_and_a_third_alone() -> None:
    blocks = (Picture(ONE, "", "half"), Picture(TWO, "", "half"), Picture(WIDE, "", "half"), Paragraph(("完",)))
    rows = [len(row) for _, row in list_rows(number_headings(blocks))]
    assert rows == [2, 1, 1]


def test_a_half_picture_waits_for_no_other_across_a_paragraph() -> None:
    blocks = (Picture(ONE, "", "half"), Paragraph(("中",)), Picture(TWO, "", "half"))
    assert [len(row) for _, row in list_rows(number_headings(blocks))] == [1, 1, 1]


def test_word_holds_every_photo_with_its_caption_and_none_wider_than_its_room() -> None:
    document = docx.Document(io.BytesIO(render_docx(PAPER, PICTURES)))
    table = document.tables[0]
    captions = [cell.paragraphs[-1].text for cell in table.rows[0].cells]
    widths = [shape.width.mm for shape in document.inline_shapes]
    in_cells = [shape for cell in table.rows[0].cells for shape in cell._tc.iter() if shape.tag.endswith("}inline")]
    assert captions == ["柳湾村集中宣传活动现场", "网格员讲解"]
    assert len(in_cells) == 2
    assert len(widths) == 3
    assert max(widths) <= 156.1
    assert [line.text for line in document.paragraphs if "第3期（总第15期）" in line.text]


def test_a_photo_in_the_file_is_no_finer_than_it_is_printed_and_tells_nothing_of_itself() -> None:
    content = render_docx(PAPER, PICTURES)
    document = docx.Document(io.BytesIO(content))
    sizes = sorted(part.image.px_width for part in document.part.package.image_parts)
    assert sizes[-1] <= 1600
    assert sizes[0] <= 800, "half a width wants half the dots"
    assert all(b"N31.2304" not in part.blob for part in document.part.package.image_parts)


def test_word_and_pdf_have_as_many_pages(tmp_path: Path) -> None:
    made = render_pdf(PAPER, PICTURES)
    assert made.content is not None
    assert len(pypdfium2.PdfDocument(made.content)) == count_pages(PAPER, tmp_path) == 2
