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


@pytest.mark.parametrize(
    "written", ["张　伟", "张 伟", "张\u200b伟", "张\u2009\ufeff伟", "张\u00a0伟", "张伟"], ids=ascii
)
def test_a_known_person_is_left_out_however_the_name_is_written(written: str) -> None:
    changes: list[Change] = []
    shown = clean_text(f"资料由{written}整理，{written}校对。", LeftOut(names=("张 伟",)), changes)
    assert shown == "资料由某某整理，某某校对。"
    assert changes[0] == Change("known", "张伟", "某某")


def test_a_longer_name_with_blanks_is_left_out_whole() -> None:
    assert clean("李 建 国到场。", LeftOut(names=("李建国", "李建"))) == "某某到场。"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("责任人：张　伟", "责任人：某某"),
        ("联系人：李 建 国", "联系人：某某"),
        ("负责人：王\u200b小明，各村配合。", "负责人：某某，各村配合。"),
        ("责任人：各村", "责任人：各村"),
        ("受害者赵六六报警。", "受害者某某报警。"),
        ("被骗群众孙小妹说，以后不再轻信。", "被骗群众某某说，以后不再轻信。"),
        ("村民买买提·艾山到场。", "村民某某到场。"),
    ],
)
def test_names_are_found_behind_victims_and_whoever_is_in_charge_and_through_blanks(text: str, shown: str) -> None:
    assert clean(text) == shown


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
        "138　0000　1234",
        "138\u200b00001234",
    ],
)
def test_numbers_that_lead_to_a_person_are_left_out(text: str) -> None:
    shown = clean(f"请找{text}，谢谢")
    assert "略）" in shown
    assert not any(sign.isdigit() for sign in shown)


@pytest.mark.parametrize(
    "text", ["一三八零零零零一一一一", "幺三八〇〇〇〇幺二三四", "三三零一零二一九九零零一零一一二三四"]
)
def test_a_number_in_words_is_left_out_too(text: str) -> None:
    assert clean(f"请找{text}，谢谢") in ("请找（电话略），谢谢", "请找（证件号略），谢谢")


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
        ("被骗群众：1", "被骗群众：不足3"),
        ("受害人2，均已劝返。", "受害人不足3，均已劝返。"),
        ("受害者人数为１。", "受害者人数为不足3。"),
        ("案件（起）：2", "案件（起）：不足3"),
        ("案件（起）：12", "案件（起）：12"),
        ("涉案二起。", "涉案不足3起。"),
        ("接警1起，被骗5万元。", "接警不足3起，被骗5万元。"),
        ("共一人，被骗3万元。", "共不足3人，被骗3万元。"),
        ("2名群众被骗。", "不足3名群众被骗。"),
        ("2名民警到场，劝阻5人。", "2名民警到场，劝阻5人。"),
        ("受害人2026年报案，被骗2.5万元。", "受害人2026年报案，被骗2.5万元。"),
        ("召开会议一次，共2人参加。立案12起。", "召开会议一次，共2人参加。立案12起。"),
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
