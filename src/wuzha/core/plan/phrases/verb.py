"""Which of the seven verbs of the plan language a demand is, and of what: an event, a site, a filing, an indicator.

A demand that no verb fits gets none, so that a person is asked; a wrong verb would be counted by the wrong records.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from wuzha.core.base.numerals import fold
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.reading import Class

NOT_COUNTED = "not-counted"
"""The object of a demand for installs, followers, likes or screenshots: read and shown, but never counted of anybody.
国办函〔2026〕12号 forbids assessing by installs and by what is uploaded as proof."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``also`` are further kinds of record that serve as well (放映、宣讲等活动1次)."""

    verb: str | None = None
    object: str | None = None
    also: tuple[str, ...] = ()


@dataclass(slots=True)  # never changed; made for each demand, and a frozen one costs twice as much
class Asked:
    """What of a demand says which verb it is, known before the demand is made."""

    quote: str
    action: str
    actor: str | None
    class_: Class = "duty"
    measure: str = ""
    value: Fraction | None = None
    unit: str | None = None
    quantifier: str = "none"
    marker: str | None = None
    per: str | None = None


NOTHING = Choice()
LENGTHS = ("分钟", "小时", "课时", "学时", "字", "秒")
GATHERED = ("rally", "talk", "showing", "training", "class_meeting", "parents_meeting", "meeting")
"""Events that people come to, so that those who came can be counted."""

_INDICATORS = (
    ("high_loss_cases", r"高损|大额案件|(?:损失|案值|金额)[^,]{0,6}\d+万元?以上"),
    ("losses", r"案损|损失|涉案金额|被骗金额|案值"),
    ("cards", r"两卡|银行卡|电话卡|涉案账户"),
    ("return_rate", r"劝返"),
    ("awareness", r"知晓|识骗|识别率"),
    ("cases", r"发案|案件|警情|立案|案发|(?:被骗|受骗|被诈骗)(?!率)"),
    ("coverage_rate", r"覆盖率|覆盖面|宣传面|普及率|宣传率"),
)
_SITES = (
    ("hoarding_advert", r"围挡"),
    ("advert", r"公益广告|广告"),
    ("banner", r"横幅|条幅"),
    ("slogan", r"标语"),
    ("panel", r"展板"),
    ("board", r"宣传栏|版面|公示栏|公告栏|宣传牌|警示牌|提示牌|告示牌|宣传墙|板报|宣传角|专栏"),
    ("poster", r"海报|挂图|张贴画|宣传画"),
    ("screen", r"显示屏|电子屏|LED屏|屏幕"),
)
_FILINGS = (
    ("briefing", r"简报|信息稿|工作信息"),
    ("plan_filing", r"(?:报|送|交|制定|备案).{0,12}(?:方案|计划)|(?:方案|计划).{0,8}(?:报|送|交|备案)"),
    ("summary_filing", r"工作总结|(?<!情况)总结|小结"),
    ("progress_table", r"情况表|活动情况|进展|开展情况|台账|统计表|工作情况|报表|数据|情况"),
)
_TITLES = r"(?:无.单元|无诈(?:村|社区|小区|校园|学校|企业|机关|单位|医院|商圈|园区|家庭))"
_EVENTS = (
    (
        "title_award",
        rf"(?:创建|评选|命名|建成|打造|评定|授牌)[^,，。]{{0,12}}?{_TITLES}|{_TITLES}(?:\d|[^,，。]{{0,6}}?(?:创建|评选|命名|建成|授牌|评定))",
    ),
    ("class_meeting", r"班会|主题班"),
    ("parents_meeting", r"家长会|小手拉大手|家长"),
    ("dissuasion", r"劝阻"),
    ("campaign_month", r"宣传月|宣传周|活动月|活动周|宣传日"),
    ("training", r"培训|轮训|演练"),
    ("showing", r"放映|电影|观看[^,，。]{0,8}片"),
    ("broadcast", r"滚动播放|大喇叭|广播|LED|循环播放|播放|播报|音视频"),
    ("talk", r"宣讲|讲座|授课|讲堂|开讲|课(?![题时])|宣讲会|进校园|进企业"),
    ("inspection", r"督导|检查|督查|抽查|巡查|暗访|核查"),
    (
        "meeting",
        r"会议|例会|联席会|调度会|部署会|动员会|分析会|会商|通报会|研判|调度|召开|考核|评定|季度评|评比|小结|专题会|座谈",
    ),
    ("posting", r"推送|转发|发布|发送|短信|朋友圈|微信|公众号|推文|信息"),
    ("briefing", r"简报"),
    ("circular", r"通报(?!会)"),
    ("pledge", r"承诺书|责任书|倡议书|签订"),
    ("leaflet", r"明白纸|明白卡|手册|一封信|告知书|宣传单|传单|折页|宣传资料|宣传品|宣传材料|发放"),
    ("visit", r"入户|上门|走访|挨家|逐户|扫楼|见面"),
    ("rally", r"集中宣传|宣传活动|上街|设点|摆摊|(?:文艺)?演出|活动|宣传"),
)
_POPULATIONS = (
    ("student", r"(?<!大)学生|师生"),
    ("staff", r"员工|职工|干部|教职工|教师|民警|医务人员|工作人员|店员|柜员"),
    ("outlet", r"网点|营业厅|门店|店|商户|商铺"),
    ("venue", r"场所|小区|社区|学校|单位|企业|酒店|宾馆|商场|行业|村"),
    ("household", r"(?<![客商用账开])户|家庭|挨家|家家|每家"),
    ("resident", r"(?<!重点)(?:居民|群众|村民|常住人口|人口|业主)"),
)
_PER_HEAD = (
    ("students", r"学生|师生|家长|新生|班"),
    ("staff", r"员工|职工|教职工|医务人员"),
    ("households", r"(?<![客商用账开])户|家庭"),
    ("population", r"居民|群众|村民|人口|业主"),
)


def _table(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, re.compile(pattern)) for code, pattern in rows)


_INDICATOR, _SITE, _FILING = _table(_INDICATORS), _table(_SITES), _table(_FILINGS)
_EVENT, _POPULATION = _table(_EVENTS), _table(_POPULATIONS)
_HEAD = _table(_PER_HEAD)
_ANY_SITE = quick("|".join(pattern for _, pattern in _SITES))
_COUNTED = ("cases", "losses", "high_loss_cases", "cards")
_RATE = quick(r"万人|每万|千人|百人|[发涉]案率|被骗率|案发率|比例|占比")
_HANDS_IN = quick(r"报送|上报|报至|(?<![通播预警海])报(?!道|警|案|名|告书)|送(?!达)|交(?!流|通|易)|填写|填报|撰写|发至")
_WATCHES = quick(r"核查|检查|见面|走访|回访|谈话|访谈")
_WATCHED = quick(r"[高中低]危|[高中低]风险|[高中低]等级|(?:重点|前科|刑满|回流|滞留|涉诈)[^,]{0,6}人员|重点人")
_UNLISTED = quick(r"客户|用户|旅客|顾客|患者|转账|账户|线索|of [笔单件案车间台]$")
"""Populations that no unit keeps a figure of, so that a share of them cannot be counted."""

_PART = quick(
    r"新生|新进|新入|新开|老年|老人|岁以上|财务|财会|会计|重点(?!场所)|易受骗|返乡|外出|务工|留守|独居|未[安注参接]|党员|群体|涉诈|前科|试点|规上"
)
"""Some of a population: how many they are stands in no unit's figures, and the whole would be too many."""

_HOUSEHOLD_RATE = quick(r"入户(?:宣传|走访|宣讲|发放)?(?:率|覆盖率|覆盖面|面)")
_REACHES = quick(
    r"宣传|宣讲|走访|入户|上门|培训|轮训|教育|覆盖|讲解|告知|提醒|授课|学习|测试|测评|参训|参加|参与|见面|普及|知晓|张贴|悬挂|播放|摆放|设置|到课|巡查"
    r"|挨家|班会|活动"
)
"""Acts that reach people or places; naming a person in charge of each, or a file on each, is none of them."""

_REACH_RATE = quick(r"(?:覆盖|参训|参与|参学|参会|到课|宣传|走访|培训|教育|受教育|见面|普及)(?:率|面)")
_APPS = r"(?:APP|小程序|公众号|视频号|抖音号|政务号|软件|客户端|微信群|微信号)"
_SPREADS = re.compile(
    rf"(?:安装|下载|注册|激活|扫码|关注|订阅|开启)[^,。]{{0,14}}{_APPS}|{_APPS}[^,。]{{0,10}}(?:安装|注册|下载|关注|推广|覆盖|使用|激活)"
    r"|(?:安装|注册|下载|关注|推广)率|点赞|集赞|打卡|截图|(?:每名|每个|每位|每人|人均|全员|个人|朋友圈)[^,。]{0,10}转发|转发[^,。]{0,6}朋友圈",
    re.IGNORECASE,
)
_ANSWERS_FOR = quick(r"未(?:安装|注册|下载|关注)")
_PLEDGES = quick(r"承诺书|责任书|倡议书")
_HANDS_OUT = quick(r"发放|分发|派发|送达|发送|手册|明白纸|明白卡|一封信|折页|宣传单|告知书|宣传资料|宣传品")
_LETTERS = quick(r"一封信|家长信")
_EACH_ONE = quick(r"人手|每人|每名|每户|每位|逐人|逐户|一人一|一户一|户均|人均|全体|全部|所有|每家")
_PARTING = quick(r"[、或]")
_POSTS = quick(r"组建|成立|配备|选[派聘任]|队|专班|小组|岗")
_TIMES = ("次", "场", "期", "轮", "遍", "堂", "节", "场次", "台", "回", "趟", "批次", "批", "讲", *LENGTHS)
_MEASURED = (
    (("条", "篇", "则", "部", "段"), ("posting", "briefing", "circular", "showing", "broadcast")),
    (("份", "册", "本", "张", "封"), ("leaflet", "pledge", "posting", "briefing", "circular")),
    (("户", "人", "人次", "名", "户次"), ("visit", "dissuasion")),
    (("户", "家", "所", "个"), ("visit", "talk", "inspection", "title_award")),
    (("人", "人次"), GATHERED),
)
"""Which measure words count which kinds of record; a word that is not here counts none of them."""

_PLAIN = ("rally", "meeting", "posting", "inspection", "campaign_month", "leaflet")
"""Events whose words stand in many sentences for something else; beside a plainer one they are not counted along."""


def choose_verb(demand: Asked, before: str = "") -> Choice:
    """The verb and its object; what the quote says comes before what it implies.

    ``before`` is what stands in the same paragraph before the quote: a bare 确保人手一份 takes its object from there.
    """
    words, before = (_leave_out(demand.actor, part) for part in (f"{demand.quote}{demand.action}", before))
    if demand.class_ == "consequence":
        return NOTHING
    if _SPREADS.search(words) or _ANSWERS_FOR.search(words):
        return Choice(None, NOT_COUNTED)
    for choose in (_choose_reach, _choose_outcome, _choose_check, _choose_gap, _choose_each):
        choice = choose(demand, words, before)
        if choice is not None:
            return choice
    return _choose_by_shape(demand, words, before)


def _leave_out(actor: str | None, words: str) -> str:
    """Who does it is not whom it reaches."""
    return words.replace(actor, "").replace(fold(actor), "") if actor else words


def _choose_reach(demand: Asked, words: str, before: str) -> Choice | None:
    """A rate of those reached (参训率, 入户率) counts heads, where the sentence says whose heads."""
    if not _is_ratio(demand):
        return None
    if _HOUSEHOLD_RATE.search(demand.measure or demand.quote):
        return Choice("cover", "household")
    if _REACH_RATE.search(words) and not _UNLISTED.search(words):
        people = _find(_POPULATION, demand.quote) or _find(_POPULATION, before)
        return Choice("cover", people) if people else None
    return None


def _choose_outcome(demand: Asked, words: str, before: str) -> Choice | None:
    if not _is_outcome(demand):
        return None
    indicator = _find(_INDICATOR, demand.measure) or _find(_INDICATOR, words)
    if indicator in _COUNTED and not _is_change(demand) and _RATE.search(words):
        return NOTHING  # 万人发案率低于5起: so many in ten thousand, and no number of cases
    return Choice("attain", indicator) if indicator else NOTHING


def _is_change(demand: Asked) -> bool:
    return (demand.unit or "").startswith("relative")


def _is_outcome(demand: Asked) -> bool:
    if demand.class_ == "target" or (demand.unit or "").startswith("relative change"):
        return True
    return demand.class_ == "criterion" and (demand.quantifier == "zero" or "率" in demand.measure)


def _choose_check(demand: Asked, words: str, before: str) -> Choice | None:
    """Persons of a register, seen again and again; keeping a file on each is no check."""
    known = _WATCHED.search(words)
    return Choice("check", "followup") if known and _WATCHES.search(words) else None


def _choose_gap(demand: Asked, words: str, before: str) -> Choice | None:
    if demand.per and "米" in demand.per:
        return Choice("space", _find(_SITE, words) or "advert")
    return None


def _choose_each(demand: Asked, words: str, before: str) -> Choice | None:
    """Something for each head or household: a pledge signed, a paper handed out."""
    if not (_EACH_ONE.search(f"{words}{demand.marker or ''}") or demand.per):
        return None
    if _PLEDGES.search(words):
        return Choice("do", "pledge")
    around = words if _HANDS_OUT.search(words) else f"{before}{words}"
    if re.search(r"摆放|放置|备足|配备", words):
        return None
    papers = re.search(r"[份册本张封]", demand.quote) or demand.marker in ("人手一份", "人手一册")
    if papers and _HANDS_OUT.search(around) and not _find(_SITE, words):
        return Choice("do", "letter_home" if _LETTERS.search(around) else "leaflet")
    return None


def _choose_by_shape(demand: Asked, words: str, before: str) -> Choice:
    site = _find(_SITE, words) if _ANY_SITE.search(words) else None
    if (demand.unit or "").startswith("ratio of"):
        return _choose_share(demand, words, site, before)
    if site and not re.search(r"滚动|循环|播放|推送|转发|发放", words):
        return Choice("keep", site)
    if filing := _find_filing(words):
        return Choice("file", filing)
    events = _list_events(words) or (_list_events(before) if demand.value is not None else [])
    events = [code for code in events if _suits(demand, code)]
    if events == ["visit"] and demand.unit == "遍":  # each of them once, and not one visit
        return _choose_share(demand, words, None, before)
    return Choice("do", events[0], tuple(events[1:])) if events else NOTHING


def _suits(demand: Asked, code: str) -> bool:
    """Whether records of the kind are counted in the demand's measure word; 1名宣传员 is a person and no event."""
    unit = demand.unit
    if unit is None or unit in _TIMES or unit.startswith(("ratio", "relative")):
        return True
    if unit in ("人", "名") and _POSTS.search(demand.quote):
        return False
    return any(unit in units and code in codes for units, codes in _MEASURED)


def _choose_share(demand: Asked, words: str, site: str | None, before: str) -> Choice:
    if site and demand.value is not None and demand.value < 1:
        return Choice("keep", site)
    if _UNLISTED.search(demand.unit or "") or not (_REACHES.search(words) or _REACHES.search(before)):
        return NOTHING
    base = (demand.unit or "").removeprefix("ratio of ")
    base = "" if base in (demand.actor or "") else base
    for part in (words, base, before):
        if _PART.search(part):
            return Choice("cover")
        if population := _find(_POPULATION, part):
            return Choice("cover", population)
    return Choice("cover")


def _find_filing(words: str) -> str | None:
    """Something handed in: a paper, to somebody or by a day."""
    if not _HANDS_IN.search(words):
        return None
    return _find(_FILING, words)


def _list_events(words: str) -> list[str]:
    """The kind of event; of a list (放映、宣讲等活动) each kind that is named, for any of them will do."""
    found = [(match.start(), code) for code, pattern in _EVENT if (match := pattern.search(words))]
    if not found:
        return []
    first = found[0][1]
    if first in _PLAIN or not re.search(r"[、或]", words):
        return [first]
    named = [(at, code) for at, code in found if code not in _PLAIN or _is_listed(words, at)]
    return _follow_list(words, named) if len(named) > 1 else [first]


def _is_listed(words: str, at: int) -> bool:
    return bool(re.search(r"(?:、|或者?)[^、,]{0,6}$", words[:at]))


def _follow_list(words: str, named: list[tuple[int, str]]) -> list[str]:
    """One kind for each part between 、 and 或, in their order; of two in one part the plainer goes."""
    parts: dict[int, str] = {}
    for at, code in named:
        parts.setdefault(len(_PARTING.findall(words[:at])), code)
    return list(dict.fromkeys(parts[part] for part in sorted(parts)))


def find_population(words: str) -> str | None:
    """The people or places named last, as they stand there: whom 全覆盖 behind them means."""
    found = [match for _, pattern in _POPULATION for match in pattern.finditer(words)]
    return max(found, key=lambda match: match.end())[0] if found else None


def find_heads(words: str) -> str | None:
    """The attribute of a unit that says how many there are of whom the words name (每名员工: staff)."""
    return _find(_HEAD, words)


def _is_ratio(demand: Asked) -> bool:
    return (demand.unit or "").startswith("ratio")


def _find(table: tuple[tuple[str, re.Pattern[str]], ...], words: str) -> str | None:
    return next((code for code, pattern in table if pattern.search(words)), None)
