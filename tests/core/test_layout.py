"""How a text falls into paragraphs, broken lines and cells, and what of a table asks for something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.plan.layout import read_layout
from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import reading_to_json

PIECES = (
    *(
        "序号",
        "工作任务",
        "频次",
        "责任单位",
        "完成时限",
        "指标",
        "备注",
        "1",
        "各村",
        "县公安局",
        "每月1次",
        "不少于3条",
    ),
    *("\t", "\t", "\t", "\v", "\n", "\r\n", "\n", "3月底前", "逐笔", "一、", "1.", "。", "，", "　　", " "),
    "各乡镇要高度重视反诈宣传工作每月组织不少于两次的集中宣传活动并",
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)

TABLE = (
    "石桥县反诈宣传方案\n一、任务分工\n序号\t工作任务\t频次\t责任单位\n1\t集中宣传\t每月1次\t各村\n"
    "2\t走访商户\v张贴提示\t每周不少于5户\t派出所\n二、要求\n各村每月报送信息1篇。\n"
)


def list_words(text: str) -> list[str]:
    return [text[slice(*line.span)] for line in read_layout(text)]


@given(TEXTS)
def test_lines_are_ordered_disjoint_and_hold_all_that_is_not_blank(text: str) -> None:
    covered: set[int] = set()
    last = 0
    for line in read_layout(text):
        assert last <= line.span[0] < line.span[1] <= len(text)
        covered.update(range(*line.span))
        last = line.span[1]
    assert {at for at, sign in enumerate(text) if not sign.isspace()} <= covered


@given(TEXTS)
def test_every_sentence_of_a_table_has_a_fate_and_every_quote_is_the_text(text: str) -> None:
    reading = read_plan(text)
    covered = {at for fate in reading.coverage for at in range(*fate.span)}
    assert {at for at, sign in enumerate(text) if not sign.isspace()} <= covered
    for demand in (*reading.demands, *reading.vague):
        assert demand.quote == text[slice(*demand.span)] != ""


@given(TEXTS)
def test_a_cell_is_never_part_of_two_lines(text: str) -> None:
    cells = [line.cell for line in read_layout(text) if line.cell]
    assert cells == sorted(cells, key=lambda cell: (cell.table, cell.row, cell.column))


def test_cells_of_a_row_are_lines_with_their_place() -> None:
    cells = [(line.cell.row, line.cell.column) for line in read_layout(TABLE) if line.cell]
    assert cells == [
        (0, 0),
        (0, 1),
        (0, 2),
        (0, 3),
        (1, 0),
        (1, 1),
        (1, 2),
        (1, 3),
        (2, 0),
        (2, 1),
        (2, 1),
        (2, 2),
        (2, 3),
    ]


def test_cells_say_what_became_of_them() -> None:
    reading = reading_to_json(read_plan(TABLE))
    coverage = reading["coverage"]
    assert isinstance(coverage, list)
    fates = [(TABLE[slice(*fate["span"])], fate["fate"]) for fate in coverage]
    assert fates[2:] == [
        *((head, "heading") for head in ("序号", "工作任务", "频次", "责任单位")),
        ("1", "background"), ("集中宣传", "background"), ("每月1次", "duty"), ("各村", "background"),
        ("2", "background"), ("走访商户", "background"), ("张贴提示", "background"), ("每周不少于5户", "duty"),
        ("派出所", "background"), ("二、要求", "heading"), ("各村每月报送信息1篇。", "duty"),
    ]  # fmt: skip


def test_a_cell_goes_on_with_the_act_of_its_row() -> None:
    demand = read_plan(TABLE).demands[0]
    assert (demand.quote, demand.actor, demand.actor_source, demand.cadence) == (
        "每月1次",
        "各村",
        "table_row",
        "monthly",
    )
    assert (demand.verb, demand.object) == ("do", "rally")


@pytest.mark.parametrize(
    "text",
    [
        "一、措施\n\t各村每月宣传1次。\n\t各社区每周广播3次。\n",
        "1.\t每月宣传1次\n2.\t每周广播3次\n",
        "各村要加强宣传工作，做到家喻户晓，\t每月1次。\n各社区要加强广播宣传，做到声声入耳，\t每周3次。\n",
        "工作任务\t责任单位\n",
    ],
)
def test_a_tab_alone_makes_no_table(text: str) -> None:
    assert [line for line in read_layout(text) if line.cell] == []


def test_an_empty_cell_repeats_the_one_above_until_the_next_section() -> None:
    rows = "县公安局\t每月宣传1次\t3月底前\n\t每周巡查1次\t\n二、校园\t\t\n\t每学期授课2次\t\n"
    text = f"石桥县反诈方案\n一、分工\n牵头单位\t工作任务\t完成时限\n{rows}"
    assert [demand.actor for demand in read_plan(text).demands] == ["县公安局", "县公安局", None]


def test_broken_lines_are_one_paragraph_and_items_are_not() -> None:
    first = "（一）各乡镇要充分利用宣传栏、大喇叭、电子屏等现有载体，每天播放反"
    second = "诈音频不少于三次，在村口等显著位置悬挂横幅不少于五条，营造浓厚的宣"
    third = "传氛围。"
    item = "（二）网格员要逐户上门讲解。"
    text = "\n".join((first, second, third, item))
    assert list_words(text) == ["\n".join((first, second, third)), item]


def test_lines_of_different_lengths_stay_apart() -> None:
    text = (
        "县教育局负责全县校园反诈宣传的组织和指导\n县卫健局负责医院宣传\n县民政局负责养老机构、福利机构和救助站的宣传\n"
    )
    assert list_words(text) == text.splitlines()


def test_slogans_of_one_length_are_not_joined() -> None:
    text = (
        "陌生来电要警惕，转账汇款多核实，谨防冒充公检法\n"
        "天上不会掉馅饼，网上刷单是骗局，不贪小利不上当\n"
        "不听不信不转账，遇事先问家里人，及时拨打报警电\n"
    )
    assert list_words(text) == text.splitlines()


def test_a_quote_across_a_line_end_is_the_text_as_it_stands() -> None:
    lines = (
        "各乡镇要充分利用宣传栏、大喇叭、电子屏等现有载体广泛宣传，每天播放反诈",
        "音频不少于三次，营造浓厚的宣传氛围，切实提高群众的防范意识和识骗能力，每",
        "月报送信息一篇。",
    )
    text = "石桥县反诈宣传方案\n" + "\n".join(lines)
    demand = read_plan(text).demands[0]
    assert (demand.quote, demand.actor, demand.cadence) == ("每天播放反诈\n音频不少于三次", "各乡镇", "daily")
    assert text[slice(*demand.span)] == demand.quote


def test_an_indent_begins_a_paragraph_even_behind_a_full_line() -> None:
    first = "　　各乡镇要充分利用宣传栏、大喇叭、电子屏等现有载体广泛宣传，每天播"
    second = "放反诈音频不少于三次，营造浓厚氛围，这几项工作由各村分工落实到位，"
    third = "　　各社区要组织志愿者走村入户，面对面讲解防骗知识，每周不少于两次，"
    fourth = "做好记录。"
    text = "\n".join((first, second, third, fourth))
    assert [line.count("\n") for line in list_words(text)] == [0, 0, 1]


def test_an_empty_act_repeats_the_one_above_for_its_amount() -> None:
    rows = "悬挂横幅\t不少于5条\t各村\n\t不少于3条\t各社区\n"
    text = f"石桥县反诈方案\n一、分工\n工作任务\t数量\t责任单位\n{rows}"
    demands = read_plan(text).demands
    assert [(demand.quote, demand.object, demand.actor) for demand in demands] == [
        ("不少于5条", "banner", "各村"),
        ("不少于3条", "banner", "各社区"),
    ]
