"""The check of a plan against higher rules: what is counted, what is dated, what is masked, what it costs."""

import time
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from wuzha.adapters.lint_rules import load_rules
from wuzha.adapters.wording.lint import say_why, say_wording
from wuzha.core.base.unit import Attribute, Tree, Unit
from wuzha.core.duty.model import Duty
from wuzha.core.plan.build import sketch_plan
from wuzha.core.plan.lint.figures import cut_body
from wuzha.core.plan.lint.lint import Quoted, find_forbidden, lint_duties, lint_plan
from wuzha.core.plan.lint.privacy import mask_personal
from wuzha.core.plan.lint.rule import Finding, choose_day
from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import Reading

DAY = date(2027, 1, 1)
RULES = load_rules()


def lint(text: str, day: date = DAY, tree: Tree | None = None) -> tuple[Finding, ...]:
    return lint_plan(text, read_plan(text), RULES, day, tree)


def list_codes(text: str, day: date = DAY) -> list[str]:
    return [finding.code for finding in lint(text, day)]


def write_plan(*sentences: str, title: str = "石桥县反诈宣传工作方案") -> str:
    lines = (f"（{number}）{sentence}" for number, sentence in zip("一二三四五六七八九", sentences, strict=False))
    return f"{title}\n\n一、工作措施\n" + "\n".join(lines) + "\n"


# Length


@pytest.mark.parametrize(
    ("title", "size", "told"),
    [
        ("石桥县反诈宣传工作方案", 4000, False),
        ("石桥县反诈宣传工作方案", 4001, True),
        ("关于开展反诈宣传月活动的通知", 4001, True),
        ("石桥县反诈奖励办法", 4001, False),
        ("石桥县反诈奖励办法", 5000, False),
        ("石桥县反诈奖励办法", 5001, True),
        ("石桥县反诈宣传行动计划", 4100, True),
        ("石桥县无诈社区创建标准", 4500, False),
    ],
)
def test_a_special_task_has_4000_characters_and_anything_else_5000(title: str, size: int, told: bool) -> None:
    text = f"{title}\n" + "做好宣传。" * ((size - len(title)) // 5)
    text += "好" * (size - len(text.replace("\n", "")))
    found = [finding for finding in lint(text) if finding.code == "plan.too-long"]
    assert bool(found) == told
    assert all(finding.span is None and finding.values["size"] == str(size) for finding in found)


def test_blanks_and_annexes_are_not_counted() -> None:
    body = "石桥县反诈宣传工作方案\n" + "　　做 好 宣 传 。\n" * 500
    assert "plan.too-long" not in list_codes(body + "附件1：任务分解表\n" + "柳湾村 每月1次\n" * 480)
    assert "plan.too-long" in list_codes(body + "具体任务如下。\n" + "柳湾村每月1次。\n" * 480)


def test_the_line_that_names_the_annexes_in_the_first_half_does_not_end_the_body() -> None:
    text = "方案\n附件：情况表\n" + "做好宣传。\n" * 20
    assert cut_body(text) == text


# The same figures twice

SAME_TWICE = (
    ("各村每月5日前向镇平安办报送发案数。", "各村每月25日前向派出所填报发案情况表。"),
    ("各村每周五报送入户情况。", "各村每周一上报入户统计表。"),
    ("各社区每月25日前报送工作进展情况表。", "各社区每月20日前填报工作开展情况表。"),
    ("各学校每季度报送宣传场次。", "各学校每季度末填报宣讲场次统计表。"),
    ("各银行网点每月上报劝阻情况。", "各银行网点每月底填报劝阻统计表。"),
    ("各村每月报送明白纸发放情况。", "各村每月填报资料发放统计表。"),
    ("各派出所每周报送案损情况。", "各派出所每周填报案损统计表。"),
    ("各村每月报送重点人员核查情况。", "各村每月底前填报核查情况表。"),
)
NOT_THE_SAME = (
    ("各村每月报送发案数。", "各村每季度报送发案数。"),
    ("各村每月报送发案数。", "各学校每月报送发案数。"),
    ("各村每月报送入户情况。", "各村每月报送劝阻情况。"),
    ("各村每月开展1次宣讲。", "各村每月报送宣讲场次。"),
    ("各村每月报送入户情况。", "各村每月入户宣传100户。"),
    ("各银行网点每周报送劝阻情况。", "各银行网点每月报送开户核查情况。"),
    ("各村每月张贴海报20份。", "各村每月悬挂横幅2条。"),
    ("各村每月报送发案数。", "县联席办每月召开例会通报发案情况。"),
)


@pytest.mark.parametrize(("first", "second"), SAME_TWICE)
def test_the_second_demand_for_the_same_figures_is_told(first: str, second: str) -> None:
    text = write_plan(first, second)
    found = [finding for finding in lint(text) if finding.code == "plan.duplicate-report"]
    assert [(finding.clause, finding.values["times"]) for finding in found] == [("一（二）", "2")]


@pytest.mark.parametrize(("first", "second"), NOT_THE_SAME)
def test_other_figures_units_or_rhythms_are_not_the_same(first: str, second: str) -> None:
    assert "plan.duplicate-report" not in list_codes(write_plan(first, second))


# Plans in the plan language


def make_duties(text: str) -> tuple[Duty, ...]:
    head = "title: 石桥县反诈工作方案\nissuer: 石桥县反诈联席办\nvalid: {from: 2027-01-01, to: 2027-12-31}\nduties:\n"
    sketch = sketch_plan(yaml.safe_load(head + text))
    assert not sketch.problems
    return sketch.plan.duties


COVER = "  - {{id: one, who: {{{who}}}, cover: {what}, at_least: {goal}, by: 2027-06-30}}\n"
VILLAGES = Tree(
    (
        Unit("SQ", "石桥县", "county"),
        Unit("A", "柳湾村", "village", "SQ", attributes=(Attribute("households", date(2026, 1, 1), Fraction(640)),)),
        Unit("B", "渡头村", "village", "SQ", attributes=(Attribute("households", date(2026, 1, 1), Fraction(505)),)),
        Unit("C", "东社区", "community", "SQ"),
        Unit("S", "中心小学", "school", "SQ", attributes=(Attribute("students", date(2026, 1, 1), Fraction(860)),)),
    )
)


@pytest.mark.parametrize(
    ("who", "what", "goal", "told"),
    [
        ("kind: village", "household", "600", "渡头村"),
        ("kind: village", "household", "505", ""),
        ("kind: village", "household", "641", "柳湾村"),
        ("kind: village", "household", "506", "渡头村"),
        ("kind: village", "household", "100%", ""),
        ("kind: community", "household", "9000", ""),
        ("kind: [village, community]", "household", "550", "渡头村"),
        ("kind: school", "student", "861", "中心小学"),
        ("kind: school", "student", "860", ""),
        ("kind: school", "student", "50%", ""),
        ("kind: village", "resident", "5000", ""),
        ("name: 柳湾村", "household", "700", "柳湾村"),
        ("name: 柳湾村", "household", "600", ""),
        ("area: B", "household", "700", "渡头村"),
        ("kind: hotel", "staff", "10", ""),
        ("kind: all", "household", "10000", "柳湾村"),
        ("kind: school", "student", "1000", "中心小学"),
    ],
)
def test_more_than_the_roster_knows_is_told_with_the_first_unit(who: str, what: str, goal: str, told: str) -> None:
    duties = make_duties(COVER.format(who=who, what=what, goal=goal))
    found = [item for item in lint_duties(duties, RULES, DAY, tree=VILLAGES) if item.code == "plan.above-base"]
    assert [finding.values["who"] for finding in found] == ([told] if told else [])


def test_without_a_roster_no_target_is_held_against_it() -> None:
    assert lint_duties(make_duties(COVER.format(who="kind: village", what="household", goal=9999)), RULES, DAY) == ()


def test_a_document_is_held_against_the_roster_too() -> None:
    text = write_plan("2027年6月30日前，各村入户宣传不少于600户。")
    found = lint(text, tree=VILLAGES)
    assert [(item.code, item.values["who"], item.values["base"]) for item in found] == [
        ("plan.above-base", "渡头村", "505")
    ]


VISITS = "  - {{id: one, quote: {quote}, who: {{kind: village}}, do: visit, at_least: {goal}, every: quarter}}\n"


@pytest.mark.parametrize(
    ("quote", "goal", "told"),
    [
        ("各村每季度入户走访不少于5000户", 5000, True),
        ("各村每季度入户走访不少于五百户", 500, False),
        ("各村每季度入户走访不少于5000户次", 5000, False),
        ("各村每季度入户走访不少于5000次", 5000, False),
        ("全县6000户，各村每季度入户走访20次", 20, False),
    ],
)
def test_visits_counted_in_households_are_the_same_demand_as_a_document_and_as_a_duty(
    quote: str, goal: int, told: bool
) -> None:
    duties = make_duties(VISITS.format(quote=quote, goal=goal))
    in_duties = [item.code for item in lint_duties(duties, RULES, DAY, tree=VILLAGES)]
    in_text = [item.code for item in lint(write_plan(quote + "。"), tree=VILLAGES)]
    assert ("plan.above-base" in in_duties, "plan.above-base" in in_text) == (told, told)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("辖区860户，每月入户1000户。", ("860", "1000")),
        ("本村共有1200人，年内宣传不少于1500人。", ("1200", "1500")),
        ("辖区860户，每月入户860户。", None),
        ("辖区860户，每年入户1000户次。", None),
        ("辖区860户，宣传不少于1000人。", None),
        ("辖区860户，去年入户1000户。", None),
    ],
)
def test_more_than_the_sentence_itself_says_there_are_is_told(sentence: str, told: tuple[str, str] | None) -> None:
    found = [item for item in lint(write_plan(sentence)) if item.code == "plan.above-base"]
    assert [(item.values["base"], item.values["goal"]) for item in found] == ([told] if told else [])
    if told:
        assert say_why(RULES["plan.above-base"], found[0], "zh").startswith(f"“同一句里”只有{told[0]}，")


DUTIES = """
  - {id: a, clause: 一, quote: 各村反诈APP安装率达到80%, who: {kind: village}, do: talk, at_least: 1, every: month}
  - {id: b, clause: 二, quote: 各村每月报送发案数, who: {kind: village}, file: progress-table, every: month}
  - {id: c, clause: 三, quote: 各村每月填报发案统计表, who: {kind: village}, file: progress-table, every: month}
"""


def test_a_plan_file_is_checked_by_its_quotes_and_its_duties() -> None:
    found = lint_duties(make_duties(DUTIES), RULES, DAY)
    assert [(item.demands, item.code, item.clause, item.span) for item in found] == [
        (("a",), "plan.install-quota", "一", None),
        (("c",), "plan.progress-reports", "三", None),
        (("c",), "plan.duplicate-report", "三", None),
    ]


def test_without_quotes_only_what_is_counted_is_looked_at() -> None:
    found = lint_duties(make_duties(DUTIES), RULES, DAY, quotes=False)
    assert [item.code for item in found] == ["plan.duplicate-report"]


def test_a_sentence_that_two_duties_quote_is_told_once() -> None:
    duties = make_duties(DUTIES)
    twice = (duties[0], replace(duties[0], id="again"))
    assert [item.demands for item in lint_duties(twice, RULES, DAY)] == [("a",)]


# Days


QUOTA = "各村反诈APP安装率达到80%。"


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2021, 2, 3), []),
        (date(2023, 12, 17), []),
        (date(2023, 12, 18), ["plan.install-quota"]),
        (date(2027, 1, 1), ["plan.install-quota"]),
    ],
)
def test_a_rule_is_not_held_against_a_plan_of_before_it(day: date, codes: list[str]) -> None:
    assert list_codes(write_plan(QUOTA), day) == codes


def test_only_what_is_in_force_that_day_is_cited() -> None:
    rule = RULES["plan.install-quota"]
    numbers = [[basis.number for basis in rule.list_bases(day)] for day in (date(2024, 1, 1), date(2026, 1, 25))]
    assert numbers == [["中央网信委"], ["国办函〔2026〕12号", "中央网信委"]]


# What the reasons call a basis by, and a piece of its name or number.
SHORT = {"办法": "国办函", "若干意见": "若干意见", "若干规定": "若干规定", "备案审查": "备案审查", "两份": "不会有"}


def test_no_reason_names_a_rule_that_is_not_in_force_that_day() -> None:
    for rule in RULES.values():
        for day in (basis.opens_on for basis in rule.bases):
            cited = "".join(basis.name + basis.number for basis in rule.list_bases(day))
            missing = [word for word, known in SHORT.items() if word in rule.why and known not in cited]
            assert not missing, (rule.code, day)


def test_a_rule_ends_with_its_last_basis() -> None:
    rule = RULES["plan.too-long"]
    ended = replace(rule, bases=tuple(replace(basis, closes_on=date(2030, 1, 1)) for basis in rule.bases))
    assert [ended.applies_on(day) for day in (date(2029, 12, 31), date(2030, 1, 1))] == [True, False]


def test_a_proposal_of_the_project_has_no_days() -> None:
    assert list_codes(write_plan("知晓率达到100%。"), date(2000, 1, 1)) == ["plan.full-awareness"]


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 22), date(2027, 1, 1)),
        (date(2027, 3, 1), date(2027, 3, 1)),
        (date(2029, 1, 1), date(2027, 12, 31)),
    ],
)
def test_the_rules_of_the_day_of_the_plan_nearest_to_today_hold(today: date, day: date) -> None:
    assert choose_day(date(2027, 1, 1), date(2027, 12, 31), today) == day


def test_a_plan_without_a_validity_meets_the_rules_of_today() -> None:
    assert choose_day(None, None, DAY) == DAY


# Words and sentences


def test_a_list_of_vices_is_forbidden_to_its_end() -> None:
    text = write_plan("严禁下达APP安装指标，要求群众扫码截图留存，对网格员积分排名。")
    assert list_codes(text) == []


def test_a_new_demand_behind_a_ban_is_found() -> None:
    text = write_plan("不得弄虚作假，网格员每日打卡。", "不要只发传单，要组织干部每天转发朋友圈。")
    assert list_codes(text) == ["plan.check-in", "plan.likes-counted"]


def test_who_does_not_do_it_is_no_negation() -> None:
    assert list_codes(write_plan("对仍不听劝阻的列入黑名单。")) == ["plan.blacklist"]


def test_signs_of_full_width_and_blanks_keep_the_place_exact() -> None:
    text = write_plan("各村反诈ＡＰＰ，即反诈 APP 安 装 率达到８０％。")
    found = lint(text)
    assert [text[slice(*item.span)] for item in found if item.span] == [item.words for item in found]
    assert found[0].words == "反诈 APP 安 装 率"


def test_the_object_of_the_clause_goes_into_the_wording() -> None:
    finding = lint(write_plan("各镇开发反诈小程序。"))[0]
    rule = RULES[finding.code]
    assert "不另行开发小程序" in say_wording(rule, finding, "zh")
    assert "小程序" in say_wording(rule, finding, "en")


def test_every_sentence_of_every_rule_is_whole_in_both_languages() -> None:
    values = tuple(
        (name, "〇")
        for name in ("object", "size", "limit", "over", "who", "times", "base", "goal", "use", "known", "known_en")
    )
    for rule in RULES.values():
        finding = Finding(code=rule.code, level=rule.level, params=values)
        for language in ("zh", "en"):
            assert "—" not in say_why(rule, finding, language) + say_wording(rule, finding, language)


def test_only_the_first_place_of_a_rule_told_once_is_named() -> None:
    sentence = "各乡镇（街道）党委必须加强领导。"
    text = write_plan(sentence, sentence, title="石桥县反诈联席办反诈宣传工作方案")
    assert list_codes(text) == ["plan.directive-downwards"]


def test_only_measures_on_relatives_should_keep_a_plan_from_being_issued() -> None:
    assert [rule.code for rule in RULES.values() if rule.blocks] == ["plan.relatives"]


HALF = "各村每月核查1次涉诈线索，对滞留人员的配偶、子女取消低保。各村每月开展1次宣讲。"


def forbid(words: str, text: str = "") -> tuple[Finding, ...]:
    start = text.find(words)
    span = (start, start + len(words)) if start >= 0 else None
    return find_forbidden((Quoted("一", words, span),), RULES, DAY, text=text, coverage=read_plan(text).coverage)


def test_a_duty_is_forbidden_for_the_sentence_that_it_quotes_by_half() -> None:
    assert [item.code for item in forbid("各村每月核查1次涉诈线索", write_plan(HALF))] == ["plan.relatives"]


def test_the_sentence_beside_it_is_not() -> None:
    assert forbid("各村每月开展1次宣讲", write_plan(HALF)) == ()


def test_without_a_document_the_words_of_the_duty_decide() -> None:
    assert [item.code for item in forbid(HALF)] == ["plan.relatives"]
    assert forbid("各村每月核查1次涉诈线索") == ()


def test_words_that_a_person_mended_are_looked_at_beside_the_document() -> None:
    text = write_plan("各村每月开展1次宣讲。")
    start = text.index("各村")
    mended = Quoted("一", "停发涉诈人员家属低保", (start, start + 10))
    found = find_forbidden((mended,), RULES, DAY, text=text, coverage=read_plan(text).coverage)
    assert [item.code for item in found] == ["plan.relatives"]


def test_what_only_warns_forbids_nothing() -> None:
    assert forbid(QUOTA, write_plan(QUOTA)) == ()


def test_what_is_found_of_relatives_begins_behind_the_number_of_the_clause() -> None:
    found = lint(write_plan("对涉诈人员亲属每月登记一次。"))
    assert [item.words for item in found] == ["对涉诈人员亲属每月登记"]


def test_the_wording_names_every_relative_that_the_sentence_names() -> None:
    finding = lint(write_plan("对涉诈人员的配偶、子女和父母取消低保。"))[0]
    assert "删去对配偶、子女和父母的限制" in say_wording(RULES[finding.code], finding, "zh")


# Personal data

ROSTER = """石桥县方案
一、工作措施
单位\t{head}\t职务\t联系电话
平安办\t{name}\t石桥县反诈联席会议办公室副主任\t13900000006
"""


@pytest.mark.parametrize(
    ("head", "name", "shown"),
    [
        ("姓名", "任例示", "任某 139******06"),
        ("姓 名", "欧阳例示", "欧某 139******06"),
        ("联系人", "冇例", "冇某 139******06"),
        ("人员", "洪例", "洪某 139******06"),
        ("地点", "文化站", ""),
        ("地点", "冇例", ""),
        ("负责人", "平安办", ""),
    ],
)
def test_a_row_of_a_table_with_a_name_and_a_mobile_number_is_found(head: str, name: str, shown: str) -> None:
    text = ROSTER.format(head=head, name=name)
    found = [item for item in lint(text) if item.code == "plan.name-with-phone"]
    assert [item.words for item in found] == ([shown] if shown else [])
    assert all(item.span and text[slice(*item.span)].startswith(name) for item in found)


def test_a_mask_shows_the_first_three_and_the_last_two_digits_of_a_number() -> None:
    found = lint(write_plan("联系人：王例某，139-0000-0001，按时到岗。"))
    assert [item.words for item in found] == ["王某 139******01"]


def test_a_finding_does_not_repeat_the_number_it_found() -> None:
    text = write_plan("联系人王例某，13900000001，身份证000000199003070014，卡号6259000000001235。")
    found = lint(text)
    assert {item.code for item in found} == {"plan.name-with-phone", "plan.id-number", "plan.bank-account"}
    told = "".join(item.words for item in found)
    assert not [number for number in ("13900000001", "000000199003070014", "6259000000001235") if number in told]
    assert "王例" not in told


def test_what_stands_around_a_finding_is_masked_too() -> None:
    shown = mask_personal("网格员王例某13900000001，身份证000000199003070014，卡号6259000000001235，96110")
    assert shown == "网格员王例某***********，身份证******************，卡号****************，96110"


# Hostile and large


@given(st.text(max_size=400))
def test_any_text_is_checked_and_every_place_lies_in_it(text: str) -> None:
    for finding in lint(text):
        if finding.span is not None:
            start, end = finding.span
            assert 0 <= start < end <= len(text)


@given(st.lists(st.sampled_from("不得安装率打卡,，。;APP截图100%家属限制13900000001王每次上传照片 "), max_size=120))
def test_words_of_the_rules_in_any_order_are_checked(signs: list[str]) -> None:
    text = write_plan("".join(signs))
    assert all(item.span is None or text[slice(*item.span)] for item in lint(text))


def test_a_plan_of_5000_characters_is_checked_in_ten_milliseconds() -> None:
    lines = (
        "各村（社区）每月至少开展1次集中宣传活动，每次活动须上传照片，各单位结合实际制定方案。\n",
        "网格员入户时提醒群众不要向陌生人转账，自愿安装国家反诈中心APP，任何单位不得下达安装指标。\n",
        "县公安局要分析辖区发案情况，及时发布风险提示，每月20日前报送工作进展情况表，公布咨询电话。\n",
    )
    text = "石桥县反诈宣传工作方案\n一、工作措施\n" + "".join(lines) * 38
    text = text[:5000]
    reading = read_plan(text)
    best = min(_time_lint(text, reading) for _ in range(5))
    assert best < 0.05, best  # five times the aim, for a machine that is doing other things


def _time_lint(text: str, reading: Reading) -> float:
    start = time.perf_counter()
    lint_plan(text, reading, RULES, DAY)
    return time.perf_counter() - start
