"""The document on the review page: sentences, tables and exact marks, whatever signs the text holds."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.plans import RALLY, make_draft
from wuzha.web.campaign.layout import Block, Mark, find_words, join_words, lay_out
from wuzha.web.campaign.models import Document, PlanVersion

TABLE_TEXT = "任务分解表\n序号\t任务\t责任单位\n1\t每月宣讲\v不少于2次\t各村\n2\t张贴海报\t各社区\n以上按月报送。"


def read_blocks(blocks: list[Block]) -> str:
    """The document's text again, as the page shows it."""
    return "\n".join(
        "\t".join("".join(piece.text for sentence in cell for piece in sentence.pieces) for cell in row)
        for block in blocks
        for row in block.rows
    )


def read_mark(blocks: list[Block], duty: int) -> str:
    pieces = (
        piece
        for block in blocks
        for row in block.rows
        for cell in row
        for sentence in cell
        for piece in sentence.pieces
    )
    return "".join(piece.text for piece in pieces if duty in piece.duties)


def test_lines_with_cells_are_shown_as_one_table() -> None:
    blocks = lay_out(TABLE_TEXT, [], [])

    assert [block.is_table for block in blocks] == [False, True, False]
    assert [len(row) for row in blocks[1].rows] == [3, 3, 3]
    assert read_blocks(blocks) == TABLE_TEXT


def test_an_indent_alone_makes_no_table() -> None:
    blocks = lay_out("\t各村每月宣讲。\n\t各社区张贴海报。", [], [])

    assert not any(block.is_table for block in blocks)


def test_an_empty_cell_keeps_its_place() -> None:
    (block,) = lay_out("任务\t\t责任单位", [], [])

    assert [bool(cell) for cell in block.rows[0]] == [True, False, True]


def test_a_mark_inside_a_cell_holds_exactly_its_words() -> None:
    start = TABLE_TEXT.index("每月宣讲")
    end = TABLE_TEXT.index("2次") + 2

    blocks = lay_out(TABLE_TEXT, [{"span": [start, end], "fate": "duty"}], [Mark(start, end, 7)])

    assert read_mark(blocks, 7) == TABLE_TEXT[start:end] == "每月宣讲\v不少于2次"
    assert blocks[1].rows[1][1][0].fate == "duty"


def test_a_mark_over_several_cells_is_cut_at_the_cells_alone() -> None:
    start, end = TABLE_TEXT.index("张贴"), TABLE_TEXT.index("各社区") + 3

    blocks = lay_out(TABLE_TEXT, [], [Mark(start, end, 7)])

    assert read_mark(blocks, 7) == TABLE_TEXT[start:end].replace("\t", "")


TEXTS = st.text(alphabet="各村每月宣讲2次，。😀\t\v\n ", max_size=60)


@given(text=TEXTS, data=st.data())
def test_whatever_the_text_every_mark_holds_its_span(text: str, data: st.DataObject) -> None:
    place = st.integers(0, len(text))
    spans = [sorted(data.draw(st.tuples(place, place))) for _ in range(data.draw(st.integers(0, 4)))]
    coverage = [{"span": sorted(data.draw(st.tuples(place, place))), "fate": "duty"} for _ in range(2)]

    blocks = lay_out(text, coverage, [Mark(start, end, number) for number, (start, end) in enumerate(spans)])

    for number, (start, end) in enumerate(spans):
        lines = list(re.split(r"\n", text))
        shown = "".join(
            text[max(start, low) : min(end, low + len(line))]
            for line, low in zip(lines, starts(lines), strict=True)
            if line.strip() and max(start, low) < min(end, low + len(line))
        )
        assert read_mark(blocks, number).replace("\t", "") == shown.replace("\t", "")


def starts(lines: list[str]) -> list[int]:
    found, at = [], 0
    for line in lines:
        found.append(at)
        at += len(line) + 1
    return found


def test_the_page_shows_the_table_with_its_marks_in_the_cells(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    start, end = TABLE_TEXT.index("每月宣讲"), TABLE_TEXT.index("2次") + 2
    Document.objects.filter(versions=plan).update(text=TABLE_TEXT)
    row = plan.draft_duties.get()
    row.duty = RALLY | {"quote": TABLE_TEXT[start:end], "span": [start, end]}
    row.save()

    page = visit(cast.town_officer).get(f"/plans/{plan.pk}/").content.decode()

    cells = re.findall(r"<td>(.*?)</td>", page, re.DOTALL)
    assert len(cells) == 9
    assert f'data-duties="{row.pk}">每月宣讲\n不少于2次</mark>' in cells[4]
    assert [unescape(re.sub(r"<[^>]*>", "", cell)) for cell in cells[:3]] == ["序号", "任务", "责任单位"]


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("每月宣讲\n不少于2次", ["每月宣讲\v不少于2次"]),
        ("每月宣讲\r\n不少于2次", ["每月宣讲\v不少于2次"]),
        ("张贴海报 各社区", ["张贴海报\t各社区"]),
        ("每月宣讲……张贴海报", ["每月宣讲", "张贴海报"]),
        ("张贴海报……每月宣讲", []),
        ("没有的话", []),
        ("", []),
    ],
)
def test_words_are_found_whatever_became_of_their_gaps(quote: str, found: list[str]) -> None:
    assert [TABLE_TEXT[start:end] for start, end in find_words(TABLE_TEXT, quote)] == found


def test_words_that_stand_twice_are_found_where_they_were_selected() -> None:
    text = "各村宣讲。各村宣讲。"

    assert find_words(text, "各村宣讲", 5) == [(5, 9)]
    assert find_words(text, "各村宣讲") == [(0, 4)]


def test_near_words_are_quoted_whole_and_far_ones_with_an_ellipsis() -> None:
    text = "各村宣讲2次，张贴海报3张。其余工作照旧。按月报送。"

    assert join_words(text, [(0, 6), (7, 13)]) == "各村宣讲2次，张贴海报3张"
    assert join_words(text, [(7, 13), (21, 25)]) == "张贴海报3张……按月报送"


def test_one_fate_can_be_seen_alone_without_a_script(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    client = visit(cast.town_officer)

    assert 'data-only="heading"' in client.get(f"/plans/{plan.pk}/?fate=heading").content.decode()
    assert "data-only=" not in client.get(f"/plans/{plan.pk}/?fate=<b>").content.decode()


def test_a_sentence_leads_to_its_duty_and_the_duty_to_its_sentence(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    row, start = plan.draft_duties.get(), RALLY["span"][0]

    page = visit(cast.town_officer).get(f"/plans/{plan.pk}/").content.decode()

    assert f'href="?duty={row.pk}#duty-{row.pk}"' in page
    assert f'href="#at-{start}"' in page
    assert page.count(f'id="at-{start}"') == 1


def test_a_plan_without_a_document_is_reviewed_too(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    PlanVersion.objects.filter(pk=plan.pk).update(document=None)

    answer = visit(cast.town_officer).get(f"/plans/{plan.pk}/")

    assert answer.status_code == 200
    assert "<mark" not in answer.content.decode()
