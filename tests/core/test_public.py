"""The public copy: persons, what leads to them, and counts of few victims are left out; unseen pictures too."""

import pytest

from wuzha.core.paper.model import Colophon, Figure, Grid, Paper, Paragraph, Picture, join_spans, list_spans
from wuzha.core.paper.public import PICTURE_NOTE, PUBLIC_NOTE, Change, LeftOut, clean_text, make_public


def clean(text: str, left_out: LeftOut | None = None) -> str:
    return clean_text(text, left_out or LeftOut(), [])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("驻村民警孙志强、钱进到场。", "驻村民警某某、某某到场。"),
        ("镇党委书记李大力和民警赵刚到场。", "镇党委书记某某和民警某某到场。"),
        ("张红梅老师主讲，欧阳明主任陪同。", "某某老师主讲，某某主任陪同。"),
        ("村民王小明牵头。", "村民某某牵头。"),
        ("王某某介绍。", "某某介绍。"),
        ("联系人：陈平", "联系人：某某"),
        ("（李红 摄）", "（某某 摄）"),
    ],
)
def test_what_looks_like_a_name_is_left_out(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "群众高度认可，居民安全感提升。",
        "全体党员同志参加，学生和家长听讲。",
        "参加活动120人，发放资料300份。",
        "11月18日，东社区在广场开展宣讲2场。",
    ],
)
def test_plain_sentences_stay_as_they_are(text: str) -> None:
    assert clean(text) == text


def test_places_and_offices_are_no_names() -> None:
    left_out = LeftOut(kept=("柳湾村", "平安办"))
    assert clean("柳湾村书记到场，平安办主任到场。", left_out) == "柳湾村书记到场，平安办主任到场。"


def test_a_known_person_is_left_out_wherever_the_name_stands() -> None:
    assert clean("供稿桥东来，桥东来摄", LeftOut(names=("桥东来",))) == "供稿某某，某某摄"


def test_what_a_person_says_is_no_name_stays() -> None:
    assert clean("村民周边到场。", LeftOut(no_names=("周边",))) == "村民周边到场。"


@pytest.mark.parametrize(
    "text",
    [
        "13800001234",
        "138 0000 1234",
        "+86 13800001234",
        "0571-88886666",
        "(0571)88886666",
        "330102199001011234",
        "33010219900101123X",
        "6222 0200 0000 0000 123",
        "微信号：abc_12345",
        "someone@example.org",
        "浙A·12345",
        "１３８００００１２３４",
    ],
)
def test_numbers_that_lead_to_a_person_are_left_out(text: str) -> None:
    shown = clean(f"请找{text}，谢谢")
    assert "略）" in shown
    assert not any(sign.isdigit() for sign in shown)


def test_the_telephone_of_the_state_stays() -> None:
    assert clean("请拨打96110，或者拨打110报警。") == "请拨打96110，或者拨打110报警。"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("本月电诈案件2起、被骗1人。", "本月电诈案件不足3起、被骗不足3人。"),
        ("本月发案0起。", "本月发案不足3起。"),
        ("劝阻两人，止付12人。", "劝阻不足3人，止付12人。"),
        ("发案3起、12起、102起。", "发案3起、12起、102起。"),
        ("宣讲2场，1名民警到场。", "宣讲2场，1名民警到场。"),
    ],
)
def test_counts_of_few_victims_are_hidden(text: str, shown: str) -> None:
    assert clean(text) == shown


PAPER = Paper(
    form="briefing",
    title="柳湾村开展反诈宣传",
    number="第3期",
    issuer="石桥县",
    blocks=(
        Paragraph(
            ("劝阻", Figure("now.dissuasion.quantity", "2"), "人，宣讲", Figure("now.talk.quantity", "2"), "场。")
        ),
        Grid((("工作", "数量"), ("见面劝阻", Figure("now.dissuasion.quantity", "2"))), (50, 50)),
        Picture("a" * 64, "村民王小明在现场"),
        Picture("b" * 64),
    ),
    colophon=Colophon("报：县委", copies=50),
)


def test_a_small_figure_of_cases_is_hidden_in_text_and_table() -> None:
    made = make_public(PAPER, LeftOut()).paper
    assert join_spans(list_spans(made.blocks[0])) == "劝阻不足3人，宣讲2场。"
    grid = made.blocks[1]
    assert isinstance(grid, Grid)
    assert grid.rows[1][1] == "不足3"


def test_only_pictures_that_were_looked_at_go_in_and_others_stand_in_for_them() -> None:
    made = make_public(PAPER, LeftOut(pictures={"a" * 64: "c" * 64})).paper
    pictures = [block for block in made.blocks if isinstance(block, Picture)]
    assert [(one.evidence, one.caption) for one in pictures] == [("c" * 64, "村民某某在现场")]


def test_a_public_copy_says_what_it_is_and_leads_nowhere() -> None:
    made = make_public(PAPER, LeftOut()).paper
    assert made.number == "第3期 公开稿"
    assert join_spans(list_spans(made.blocks[-1])) == PUBLIC_NOTE
    seen = make_public(PAPER, LeftOut(pictures={"a" * 64: "c" * 64})).paper
    assert join_spans(list_spans(seen.blocks[-1])) == PICTURE_NOTE
    assert made.sources == ()
    assert made.colophon is None, "to whom it goes inside is nobody else's business"


def test_what_was_left_out_is_listed_with_why() -> None:
    changes = make_public(PAPER, LeftOut(pictures={"a" * 64: "c" * 64})).changes
    assert Change("looks", "王小明", "某某") in changes
    assert Change("few", "2", "不足3") in changes
