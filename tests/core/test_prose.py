"""Numbers in typed words against the figures that a paper has counted."""

import pytest

from wuzha.core.paper.prose import list_doubtful_numbers

READINGS = ("1,204", "85.5%", "12034", "60", "7")


def list_doubts(text: str) -> list[str]:
    return [problem.values["text"] for problem in list_doubtful_numbers(text, READINGS)]


@pytest.mark.parametrize(
    "text",
    [
        "入户1204户", "入户 1,204 户", "入户１２０４户", "覆盖率85.5%", "覆盖率达到85.5", "发放约1.2万份",
        "还差六十户", "七个村",        "完成率百分之六十",
    ],
)  # fmt: skip
def test_a_number_that_is_a_figure_of_the_paper_is_no_doubt(text: str) -> None:
    assert list_doubts(text) == []


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("入户1205户", "1205"), ("覆盖率85%", "85%"), ("发放约1.3万份", "1.3万"), ("还差六十一户", "六十一"),
        ("共12场、60人", "12"), ("平均每村3.5场", "3.5"), ("一百二十名学生", "一百二十"), ("百分之五十", "百分之五十"),
    ],
)  # fmt: skip
def test_a_number_that_is_none_of_them_is_pointed_out(text: str, doubt: str) -> None:
    assert list_doubts(text) == [doubt]


@pytest.mark.parametrize(
    "text",
    [
        "请于2026年12月5日前反馈", "3月5日至12日", "2026-03-05", "上午8:30、9时15分", "5个工作日内",
        "3天内", "石反诈函〔2026〕12号",
        "见第3期、第十二条、第1至3项", "（1）先走访", "1.先走访\n2、再登记", "请拨打96110", "联系电话0570-1234567",
        "2026年3至5月",        "一线民警十分辛苦，千家万户", "通过4G、5G网络", "三个村", "第三季度",
    ],
)  # fmt: skip
def test_days_numbers_of_papers_and_telephones_are_not_looked_at(text: str) -> None:
    assert list_doubts(text) == []


def test_the_place_of_a_doubt_is_told() -> None:
    text = "请抓紧补齐。\n据统计共99场，请核对99场。"
    (doubt,) = list_doubtful_numbers(text, READINGS)

    assert doubt.severity == "warning"
    assert doubt.source.line == 2
    assert doubt.source.span is not None
    assert text[slice(*doubt.source.span)] == "99"
    assert doubt.values["around"] == "据统计共99场，请核对99场"[:14]


def test_without_any_figure_every_number_is_doubtful_and_no_text_has_none() -> None:
    assert [one.values["text"] for one in list_doubtful_numbers("办了3场、40人", ())] == ["3", "40"]
    assert list_doubtful_numbers("", READINGS) == ()


def test_a_long_text_is_read_in_no_time() -> None:
    assert len(list_doubtful_numbers("1" * 20000 + "、" + "（" * 20000 + "2 " * 20000, ("2",))) >= 1
