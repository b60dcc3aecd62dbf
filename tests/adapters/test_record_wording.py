"""Records as sentences."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest

from wuzha.adapters.kinds import load_kinds, parse_kinds
from wuzha.adapters.wording.record import FIELD, OPTIONAL, find_pattern, list_strange_fields, render_record
from wuzha.core.ledger.record import Record, RecordKind

KINDS = load_kinds()
TYPED = [kind for kind in KINDS.values() if not kind.reads]
TALK = Record(UUID(int=1), "V", "talk", date(2026, 3, 20), quantity=2, people=80, place="村口广场")


def say(record: Record, language: str = "zh", as_of: date | None = None) -> str:
    return render_record(record, KINDS.get(record.kind), "柳湾村", "zh" if language == "zh" else "en", as_of)


def test_a_talk_reads_as_a_clerk_would_say_it() -> None:
    assert say(TALK) == "柳湾村3月20日在村口广场开展宣讲2场，80人参加"
    assert say(TALK, "en") == "柳湾村 gave 2 talks with 80 people on 20 March at 村口广场"


def test_what_was_not_told_leaves_no_gap() -> None:
    assert say(replace(TALK, people=None, place="")) == "柳湾村3月20日开展宣讲2场"
    assert say(replace(TALK, people=None, place="", quantity=1), "en") == "柳湾村 gave 1 talk on 20 March"


def test_a_day_of_another_year_carries_its_year() -> None:
    assert say(replace(TALK, people=None, place=""), as_of=date(2027, 1, 5)) == "柳湾村2026年3月20日开展宣讲2场"


def test_a_site_says_what_became_of_it_and_a_hoarding_how_large_it_is() -> None:
    banner = Record(UUID(int=1), "V", "banner", date(2026, 3, 20), quantity=3, change="replace", place="村口")
    hoarding = Record(UUID(int=1), "V", "hoarding_advert", date(2026, 3, 20), change="install", area_m2=Fraction(73, 2))

    assert say(banner) == "柳湾村3月20日在村口更换横幅3条"
    assert say(hoarding) == "柳湾村3月20日设置围挡公益广告36.5平方米"


def test_a_record_of_a_kind_that_nobody_knows_still_reads() -> None:
    assert say(replace(TALK, kind="gone", people=None)) == "柳湾村3月20日在村口广场gone2"


@pytest.mark.parametrize("kind", TYPED, ids=lambda kind: kind.code)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_reads_in_both_languages_with_all_told_and_with_the_least(kind: RecordKind, language: str) -> None:
    least = Record(UUID(int=1), "V", kind.code, date(2026, 3, 20), people=2, area_m2=Fraction(2))
    change = kind.changes[0] if kind.changes else ""
    least = replace(least, change=change)
    told = replace(least, place="广场", audience="老人", subject="7", extra={one.code: "甲" for one in kind.details})
    for record in (least, told):
        sentence = say(record, language)
        assert not set("{}[]") & set(sentence)
        assert "柳湾村" in sentence
        assert "20" in sentence


@pytest.mark.parametrize("kind", TYPED, ids=lambda kind: kind.code)
def test_every_pattern_names_only_what_its_kind_asks_and_leaves_out_only_what_may_be_empty(kind: RecordKind) -> None:
    for pattern in (kind.sentence, kind.sentence_en):
        assert pattern
        assert list_strange_fields(pattern, kind) == []
        needed = {
            "unit",
            "day",
            "quantity",
            "change",
            *(("people", "area_m2") if kind.shape in ("count", "site") else ()),
        }
        assert {name for name, _, _ in FIELD.findall(OPTIONAL.sub("", pattern))} <= needed


def test_a_pattern_that_names_a_field_nobody_fills_in_is_found_out() -> None:
    talk = KINDS["talk"]
    assert list_strange_fields("{unit}{day}宣讲{weather}", talk) == ["weather"]
    assert list_strange_fields("{unit}{day}宣讲{speaker}", talk) == []
    assert list_strange_fields("{unit宣讲", talk) == ["{"]


def test_a_kind_without_a_pattern_reads_by_a_plain_one() -> None:
    kind = RecordKind("fair", "反诈集市", "Fair", "event", ("quantity", "people"))
    assert find_pattern(kind, "zh").startswith("{unit}{day}")
    assert render_record(replace(TALK, kind="fair"), kind, "柳湾村") == "柳湾村3月20日在村口广场反诈集市2，80人"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_duty_may_count_only_what_the_form_of_the_kind_asks(kind: RecordKind) -> None:
    assert kind.counts == kind.countable[0]
    assert kind.reads or set(kind.countable) - {"quantity"} <= set(kind.asks)


def test_a_kind_that_counts_a_field_no_duty_can_count_is_refused() -> None:
    with pytest.raises(ValueError, match="no duty can count"):
        parse_kinds("talk: {title: 宣讲, title_en: Talk, shape: event, asks: [], counts: [place]}")


# What plans of towns, markets, bureaus and counties name, and the kind that a record of it is.
NAMED = {
    "集中宣传": "rally",
    "现场宣讲": "talk",
    "小电影、微视频播放": "showing",
    "大喇叭、LED 滚动播放": "broadcast",
    "岗前培训": "training",
    "主题班会": "class_meeting",
    "家长会、小手拉大手": "parents_meeting",
    "学生暑期宣传": "student_practice",
    "知识竞赛、作品征集": "contest",
    "文体活动": "performance",
    "宣传月": "campaign_month",
    "扫楼扫街": "street_round",
    "摸清底数": "screening",
    "问卷、热线收集意见": "feedback",
    "资金返还": "refund",
    "宣传素材": "material_made",
    "志愿者、专班、劝导员队伍": "team",
    "微信群": "chat_group",
    "督导检查": "inspection",
    "约谈": "talk_to",
    "一案双查": "case_review",
    "会议、动员部署": "meeting",
    "无诈创建": "title_award",
    "表扬奖励": "commendation",
    "入户": "visit",
    "家访": "home_visit",
    "场所走访": "venue_visit",
    "网点走访": "outlet_visit",
    "见面劝阻": "dissuasion",
    "电话劝阻": "phone_dissuasion",
    "柜面提醒": "counter_reminder",
    "横幅": "banner",
    "固定标语": "slogan",
    "宣传栏、版面": "board",
    "展板": "panel",
    "海报": "poster",
    "屏幕": "screen",
    "大喇叭（设施）": "loudspeaker",
    "开机画面、屏保": "startup_notice",
    "转账页面上的警示": "transfer_prompt",
    "公益广告": "advert",
    "围挡广告": "hoarding_advert",
    "明白纸、手册": "leaflet",
    "致家长的一封信": "letter_home",
    "签字收回": "signed_back",
    "安全提示单": "safety_slip",
    "承诺书": "pledge",
    "公众号、群里推送": "posting",
    "公益短信、彩铃": "text_message",
    "直播": "live",
    "影院、电视、网吧的广告": "screen_advert",
    "舆情引导": "opinion_watch",
    "新闻报道": "press",
    "风险提示": "advisory",
    "简报": "briefing",
    "通报": "circular",
    "提示函": "reminder_letter",
    "抄告、挂牌、红黄牌": "warning_notice",
    "进展情况表": "progress_table",
    "实施方案": "plan_filing",
    "总结": "summary_filing",
    "经验报送": "experience",
    "整改": "rectification",
    "网格员名册": "staff_list",
    "重点人员核查": "followup",
    "发案": "cases",
    "案损": "losses",
    "高损案件": "high_loss_cases",
    "涉案两卡": "cards",
    "知晓率": "awareness",
    "劝返率": "return_rate",
    "核减率": "removal_rate",
    "覆盖率": "coverage_rate",
}


def test_all_that_plans_name_has_a_kind_and_no_kind_is_named_by_none() -> None:
    assert set(NAMED.values()) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_kind_has_its_fields_its_minutes_its_sentences_and_what_a_duty_counts(kind: RecordKind) -> None:
    if kind.reads:
        return
    assert kind.asks
    assert kind.minutes > 0
    assert kind.sentence
    assert kind.sentence_en
    assert list_strange_fields(kind.sentence, kind) == list_strange_fields(kind.sentence_en, kind) == []
    assert set(kind.countable) <= {*kind.asks, "quantity"}
    assert kind.title not in {other.title for other in KINDS.values() if other.code != kind.code}
