"""Papers as PDF: fonts in the file and said, text whole, numbers of pages, nothing read as markup, no empty box."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.forms import BRIEFING, CIRCULAR, LETTER, PAPERS, PICTURES, TALK, WIDE
from tests.adapters.pdf import list_page_texts, squeeze
from wuzha.adapters.paper.fonts import StandIn, list_families
from wuzha.adapters.paper.layout import FONTS, list_colophon, list_signature
from wuzha.adapters.paper.pdf import PdfPaper, describe_stand_ins, render_pdf
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.paper.model import Grid, Heading, Marks, Paper, Paragraph, Picture, join_spans, list_spans

NO_CONTROL = st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=60)
pytestmark = pytest.mark.skipif(
    not any("CJK SC" in name for name in list_families()), reason="needs Noto CJK, which scripts/bootstrap installs"
)


def render(paper: Paper) -> bytes:
    made = render_pdf(paper, PICTURES)
    assert made.content is not None, made.problems
    return made.content


def list_printed(paper: Paper) -> list[str]:
    """Everything that stands on the paper, a text each."""
    blocks = [join_spans([span]) for block in paper.blocks for span in list_spans(block)]
    number = "" if paper.form == "policy-note" else paper.number  # which is no document of its own
    ends = [text for line in list_colophon(paper) for text in line]
    return [*blocks, *(text for text, _ in list_signature(paper)), *ends, number, paper.issuer]


def list_fonts(content: bytes) -> Iterator[tuple[str, bool]]:
    """The name of the font of each text of the file, and whether the font is in the file."""
    with pypdfium2.PdfDocument(content) as document:
        for number in range(len(document)):
            for item in document[number].get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
                font = item.get_font()
                yield font.get_base_name().split("+")[-1], font.is_embedded


def find_left(page: pypdfium2.PdfPage, words: str) -> float:
    """Where the words begin, in millimetres from the left edge."""
    texts = page.get_textpage()
    place: float = texts.get_charbox(texts.search(words).get_next()[0])[0]
    return place / 72 * 25.4


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_the_text_is_whole(name: str) -> None:
    pages = (squeeze(page) for page in list_page_texts(render(PAPERS[name])))
    text = "".join(re.sub(r"—\d+—", "", page) for page in pages)

    assert [words for words in list_printed(PAPERS[name]) if squeeze(words) not in text] == []
    assert squeeze(PAPERS[name].title) in text


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_every_font_is_in_the_file_and_is_one_that_was_said(name: str) -> None:
    made = render_pdf(PAPERS[name], PICTURES)
    assert made.content is not None
    fonts = set(list_fonts(made.content))
    said = {stand_in.used.replace(" ", "").lower() for stand_in in made.stand_ins} | {"".join(FONTS.values())}

    assert {embedded for _, embedded in fonts} == {True}
    assert [font for font, _ in fonts if not any(font.lower().startswith(used) for used in said)] == []


def test_headings_carry_their_numbers_and_stand_in_order() -> None:
    text = squeeze("".join(list_page_texts(render(LETTER))))
    places = [text.find(words) for words in ("一、工作进展", "（一）进度", "1.柳树村", "（1）先走访", "二、有关要求")]

    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_the_page_is_a4(name: str) -> None:
    with pypdfium2.PdfDocument(render(PAPERS[name])) as document:
        sizes = {tuple(round(side / 72 * 25.4) for side in document[n].get_size()) for n in range(len(document))}

    assert sizes == {(297, 210) if PAPERS[name] is WIDE else (210, 297)}


def test_text_keeps_to_the_type_area_of_22_lines_of_28_characters() -> None:
    paper = replace(TALK, blocks=(Paragraph(("村" * 2000,)),), sources=())
    with pypdfium2.PdfDocument(render(paper)) as document:
        texts = document[1].get_textpage()
        boxes = [texts.get_charbox(n) for n in range(texts.count_chars()) if texts.get_text_range(n, 1) == "村"]
    left, bottom, right, top = (
        edge(box[n] for box in boxes) / 72 * 25.4 for n, edge in enumerate((min, min, max, max))
    )

    # An even page is bound on its right.
    assert len(boxes) == 22 * 28
    assert (left >= 26, bottom >= 35, right <= 210 - 28, top <= 297 - 37) == (True,) * 4


def find_edge(page: pypdfium2.PdfPage, sign: str) -> float:
    """Where the first column of the sign begins, in millimetres from the left edge."""
    texts = page.get_textpage()
    places = [texts.get_charbox(n)[0] for n in range(texts.count_chars()) if texts.get_text_range(n, 1) == sign]
    return float(min(places)) / 72 * 25.4


def test_odd_pages_are_bound_on_the_left_and_even_ones_on_the_right() -> None:
    paper = replace(TALK, blocks=(Paragraph(("村" * 2000,)),), sources=())
    with pypdfium2.PdfDocument(render(paper)) as document:
        first, second, third = (find_edge(document[number], "村") for number in range(3))
    assert first == pytest.approx(third, abs=0.1)
    assert first - second == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("name", ["circular", "letter"])
def test_what_an_office_asks_for_above_the_number_is_printed_and_moves_nothing_below(name: str) -> None:
    marks = Marks("000012", "秘密★1年", "特急", "" if name == "letter" else "石小桥")
    plain, marked = render(PAPERS[name]), render(replace(PAPERS[name], marks=marks))

    text = squeeze(list_page_texts(marked)[0])
    shown = [one for one in (marks.copy_number, marks.secrecy, marks.urgency) if one]
    assert [one for one in shown if one not in text] == []
    assert sorted(text.index(one) for one in shown) == [text.index(one) for one in shown]
    assert ("签发人：石小桥" in text) == (name == "circular")
    if name == "circular":
        with pypdfium2.PdfDocument(plain) as before, pypdfium2.PdfDocument(marked) as after:
            heights = [find_height(one[0], "关于2026") for one in (before, after)]
        assert heights[0] == pytest.approx(heights[1], abs=0.2)


def find_height(page: pypdfium2.PdfPage, words: str) -> float:
    """Where the words stand, in millimetres from the lower edge."""
    texts = page.get_textpage()
    place: float = texts.get_charbox(texts.search(words).get_next()[0])[1]
    return place / 72 * 25.4


def test_numbers_of_pages_stand_right_on_odd_and_left_on_even_pages() -> None:
    with pypdfium2.PdfDocument(render(CIRCULAR)) as document:
        places = [find_left(document[number], f"— {number + 1} —") for number in range(len(document))]

    assert len(places) == 4
    assert [place > 150 for place in places] == [True, False, True, False]
    assert places[1] == pytest.approx(26 + 14 / 72 * 25.4, abs=1.5)


def test_a_letter_has_no_number_on_its_first_page_and_its_rules_in_their_places() -> None:
    content = render(LETTER)
    pages = list_page_texts(content)
    with pypdfium2.PdfDocument(content) as document:
        picture = document[0].render(scale=10 * 25.4 / 72).to_pil()  # ten dots a millimetre

    assert [re.findall("— ([0-9]+) —", page) for page in pages] == [[], ["2"]]
    # Beside the type area, where nothing but the rules of 170 mm stands.
    rows = [y / 10 for y in range(picture.height) if is_red(picture.getpixel((240, y)))]
    assert (min(rows), max(rows)) == pytest.approx((30 + 36 / 72 * 25.4 + 4, 297 - 20 + 1.5), abs=1)
    assert [is_red(picture.getpixel((x, round(rows[1] * 10)))) for x in (190, 210, 1890, 1910)] == [
        False, True, True, False,
    ]  # fmt: skip


def is_red(color: object) -> bool:
    return isinstance(color, tuple) and color[0] > 200 and color[1] < 120


def test_a_briefing_and_a_circular_end_at_the_foot_of_their_last_page() -> None:
    for paper, words in ((BRIEFING, "共印50份"), (CIRCULAR, "印发")):
        with pypdfium2.PdfDocument(render(paper)) as document:
            texts = document[len(document) - 1].get_textpage()
            bottom = texts.get_charbox(texts.search(words).get_next()[0])[1] / 72 * 25.4

        assert 35 <= bottom < 41


MARKUP = (
    '#panic("x")',
    "$x^2$",
    "@somebody",
    "\\",
    "\"quoted\" 'so'",
    "*b* _i_ `c` [d] <e>",
    "// f /* g */",
    "= h",
    "a--b...~c",
    "#{",
    "{{ x }}",
    '#image("/etc/passwd")',
)


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_is_printed_as_it_was_typed(markup: str) -> None:
    blocks = (
        Heading(1, f"甲{markup}乙"),
        Paragraph((f"丙{markup}丁",)),
        Grid(((f"戊{markup}己",),), (100,), caption=f"庚{markup}辛"),
    )
    paper = replace(TALK, title=f"题{markup}目", blocks=blocks, signed_by=f"办{markup}室", sources=())
    text = squeeze("".join(list_page_texts(render(paper))))

    for before, after in ("甲乙", "丙丁", "戊己", "庚辛", "题目", "办室"):
        assert squeeze(f"{before}{markup}{after}") in text


def test_what_stands_in_is_told_to_the_user_and_written_into_the_file() -> None:
    made = render_pdf(TALK, PICTURES, families=("Noto Serif CJK SC", "Noto Sans CJK SC"))
    assert made.content is not None
    with pypdfium2.PdfDocument(made.content) as document:
        subject = document.get_metadata_dict()["Subject"]

    assert StandIn("仿宋_GB2312", "Noto Serif CJK SC") in made.stand_ins
    assert len(made.stand_ins) == len(FONTS)
    assert subject == describe_stand_ins(made.stand_ins)
    assert "黑体由 Noto Sans CJK SC 代替" in subject
    assert {problem.severity for problem in made.problems} == {"warning"}
    assert "仿宋_GB2312由 Noto Serif CJK SC 代替" in describe_problem(made.problems[3], "zh")


def list_codes(made: PdfPaper) -> list[str]:
    return [problem.code for problem in made.problems if problem.severity == "error"]


def test_without_any_type_for_it_there_is_no_file_but_a_problem_a_font() -> None:
    made = render_pdf(TALK, PICTURES, families=("DejaVu Sans",))

    assert made.content is None
    assert list_codes(made) == ["paper.font-missing"] * len(FONTS)


def test_a_sign_that_no_font_has_is_a_problem_and_no_box() -> None:
    paper = replace(TALK, title="约谈\ue123记录")
    made = render_pdf(paper, PICTURES)

    assert (made.content, list_codes(made)) == (None, ["paper.sign-missing"])
    assert made.problems[-1].values["number"] == "U+E123"


def test_a_sign_of_another_font_is_borrowed_and_said() -> None:
    alone = ("Noto Serif CJK SC", "Noto Sans CJK SC")
    paper = replace(TALK, blocks=(Paragraph(("电话：\u0e01",)),), sources=())

    assert list_codes(render_pdf(paper, families=alone)) == ["paper.sign-missing"]
    if (made := render_pdf(paper, families=(*alone, "Droid Sans Fallback"))).content:
        assert StandIn("仿宋_GB2312", "Droid Sans Fallback", "\u0e01") in made.stand_ins


def test_a_paper_with_a_problem_or_without_its_picture_gives_no_file() -> None:
    assert list_codes(render_pdf(LETTER)) == ["paper.picture-missing"]
    assert list_codes(render_pdf(replace(TALK, title=""), PICTURES)) == ["paper.no-title"]
    assert list_codes(render_pdf(replace(TALK, blocks=(Picture("0" * 64),)), {"0" * 64: b"GIF89a"})) == [
        "paper.picture-broken"
    ]


def test_the_same_paper_gives_the_same_bytes_and_names_no_other_day() -> None:
    content = render(LETTER)
    with pypdfium2.PdfDocument(content) as document:
        created = document.get_metadata_dict()["CreationDate"]

    assert content == render(LETTER)
    assert created.startswith("D:20261122")
    assert render(replace(TALK, signed_on=None)) == render(replace(TALK, signed_on=None))
    assert render(replace(TALK, signed_on=date(2026, 1, 1))) != render(TALK)


@settings(max_examples=30, deadline=None)
@given(NO_CONTROL, NO_CONTROL)
def test_any_text_becomes_a_file_or_a_problem_that_can_be_said(title: str, text: str) -> None:
    paper = replace(TALK, title=title, blocks=(Heading(1, text), Paragraph((text, title)), Grid(((text,),), (9,))))
    made = render_pdf(paper)

    assert (made.content is None) == bool(list_codes(made))
    assert set(list_codes(made)) <= {"paper.no-title", "paper.sign-missing", "paper.unprintable-sign"}
    assert all(describe_problem(problem, "zh") for problem in made.problems)


@settings(max_examples=10, deadline=None)
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=300))
def test_any_chinese_text_is_printed_whole(text: str) -> None:
    made = render_pdf(replace(TALK, blocks=(Paragraph((text,)),), sources=()))

    assert made.content is not None
    printed = squeeze("".join(list_page_texts(made.content)))
    assert text in re.sub("—[0-9]+—", "", printed)
