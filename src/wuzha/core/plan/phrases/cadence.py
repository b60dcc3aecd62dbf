"""How often: 每月, 每两周, 按季, 一周一, 周例会, 全年. Patterns hold on folded text without blanks."""

import re
from dataclasses import dataclass
from types import MappingProxyType

from wuzha.core.base.numerals import parse_number
from wuzha.core.plan.phrases.quick import Table, quick

_CODES = MappingProxyType({
    "天天": "daily", "日日": "daily", "夜夜": "daily", "周周": "weekly", "月月": "monthly", "季季": "quarterly",
    "年年": "yearly", "天": "daily", "日": "daily", "晚": "daily", "早": "daily", "工作日": "daily",
    "营业日": "daily", "交易日": "daily",
    "周": "weekly", "星期": "weekly", "礼拜": "weekly",
    "两周": "biweekly", "二周": "biweekly", "2周": "biweekly", "两星期": "biweekly", "半月": "biweekly",
    "双周": "biweekly", "隔周": "biweekly", "旬": "every ten days", "双月": "bimonthly", "隔月": "bimonthly",
    "两月": "bimonthly", "二月": "bimonthly", "2月": "bimonthly", "三月": "quarterly", "3月": "quarterly",
    "六月": "half-yearly", "6月": "half-yearly", "年终": "yearly", "年末": "yearly",
    "十天": "every ten days", "10天": "every ten days", "十日": "every ten days", "10日": "every ten days",
    "24小时": "continuous", "全天": "continuous", "全天候": "continuous", "不间断": "continuous",
    "早中晚": "daily", "一早一晚": "daily", "早晚": "daily", "单周": "biweekly", "日清": "daily", "月结": "monthly",
    "半学期": "every half semester", "小时": "hourly",
    "隔天": "every two days", "隔日": "every two days", "每两天": "every two days", "每2天": "every two days",
    "每二天": "every two days", "每两日": "every two days", "每2日": "every two days", "每二日": "every two days",
    "月": "monthly", "季": "quarterly", "季度": "quarterly", "学期": "semester",
    "半年": "half-yearly", "年": "yearly", "年度": "yearly", "学年": "yearly",
})  # fmt: skip
MEASURES = MappingProxyType(
    {"分钟": "minutes", "小时": "hours", "钟头": "hours", "天": "days", "日": "days", "周": "weeks", "星期": "weeks",
     "礼拜": "weeks", "月": "months", "学期": "semesters", "年": "years"}
)  # fmt: skip
COUNTS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ODD = re.compile(r"([一两二三四五六七八九十百半\d]{1,4})个?(分钟|小时|钟头|天|日|周|星期|礼拜|月|学期|年)")
CADENCE_CODES = ("once", *dict.fromkeys(_CODES.values()))
"""Every cadence that a demand can have, but for those that count something out (every three days, every 15 minutes)."""

_SPAN = (
    r"(?:半个?月|半年度?|[两二2]个?(?:周|星期)|双[周月]|[两二2三3六6]个?月|(?:十|10)[天日]|旬|个?(?:工作|营业|交易)日|个?星期|礼拜|个?季度|"
    r"个?学期|学年|年度|天|日|晚|早|周|个?月|季|年)"
)
_BODY_END = "部局办室所站处科院校队组行心长员委镇乡村厅会"
_COUNTED = r"[一两二三四五六七八九十\d]{1,3}(?:次|场|遍|期|轮|堂|节|批)"
_MEETING = (
    r"(?:总?(?:考核|考评|评比)|例会|总评|评定?|通报|分析|小结|总结|调度|研判|报告?|汇报|检查|督查|督导|排名|会商|汇总|巡查|巡检|核查|推进|点评|"
    r"复盘|讲评|碰头|简报|统计|清零|晾晒|听)"
)
_RUNS = r"(?:均|播放|播出|播报|滚动|推送|走访|巡逻|更新)"
_NOT_EACH = "定些直步带般旦批体律次场期名篇条个份遍堂轮户家本张节块幅"
_MANY = r"(?:[二两三四五六七八九十]{1,3}|\d{1,3})"
_PATTERNS = (
    (rf"每隔?((?:{_MANY}|半)个?(?:分钟|小时|钟头)|小时|半个?学期)(?!以上|以内|内)", True, False),
    (rf"每隔?({_MANY}(?:天|日(?![常前])|个?(?:周|星期|礼拜)|个月|个?学期|年))(?![级龄内一])", True, False),
    (rf"(?:(?<=^)|(?<=[^\d一二三四五六七八九十第月初]))({_MANY}[天日周])一(?![{_NOT_EACH}日周天])", True, True),
    (rf"每(周)一(?={_MEETING}、每[月季半年])", True, True),
    (r"(?:上、下半年|上下半年|上半年[、和]下半年)各(?=())", True, False),
    (r"(?<![\d一二三四五六七八九十每今当假生节])(日清)(?=[、,]?[周月]|$)", True, True),
    (r"(?<=清)[、,]?(月结)", True, True),
    (r"(?<![一二两三四五六七八九十\d])(单周)(?=[一-龥])", True, False),
    (
        rf"(?<!第)(?:一|每(?=[日天月季年])|(?=[半两二2]))((?:半|[两二2])?个?(?:天|日|周|月|季度?|学期|年))一(?![{_NOT_EACH}])",
        True,
        True,
    ),
    (rf"每[逢到]?隔?[1一]?({_SPAN})(?![级龄轻边岁常节])", True, False),
    (r"(?<!第)一个?(天|日|周|星期|月|季度?|学期|年)(?=[一两二三四五六七八九十\d]{1,3}(?:次|场|遍|期|轮))", True, False),
    (rf"(?<![依遵])按({_SPAN})(?![底末期计薪程历])", True, False),
    (
        rf"(?:^|(?<=[^一-龥])|(?<=[行实持立照格展全{_BODY_END}]))((?:半月|半年|双周|双月|日|周|月|旬|季)度?){_MEETING}",
        True,
        True,
    ),
    (rf"(?<![年当上本前后入为据评以与])(年[终末]){_MEETING}", True, True),
    (rf"(?:^|(?<=[、和及实行]))(年){_MEETING}", True, True),
    (
        rf"(?<![上中下前后第一二三四本当全该\d])(半年|季度|双周|双月|隔周|隔月|旬)(?=(?:[一-龥]{{2,6}}?)?{_COUNTED})",
        True,
        False,
    ),
    (r"(?<![一二两三四五六七八九十\d])(双周|双月|隔周|隔月)(?=[一-龥])", True, False),
    (rf"(?<![上下前后每第个月])(半个月)(?=[一-龥]{{1,6}}?{_COUNTED})", True, False),
    (rf"(?<![一-龥\d])(?:在|于)?(年[终末])(?=[一-龥]{{2,12}}?{_COUNTED})", True, False),
    (rf"(?<![\d今当昨次翌每逐全周节假生工作传动题念集市纪本即同单整首末某近])(日){_RUNS}", True, False),
    (
        rf"(?:^|(?<=[{_BODY_END}屏幕栏台群班警叭箱机架频网])|(?<=公众号)|(?<=视频号))(日|周|月|季)"
        r"(?=(?:播|推送|推|巡|查|访|讲|发|练|更新|报|检|训|清)[^,\d]{0,12}?(?:不少于|不低于|至少|不得少于|\d{1,4}(?:次|条|遍|期|场|户|小时|分钟)))",
        True,
        False,
    ),
    (r"(?<![一二两本上当传动题育每个十\d])(周|月|季度|年度)(?=至少|不少于|不得少于|最少)", True, False),
    (r"逐(日|周|月|季度?|年)", True, False),
    (
        r"(?<![好一])(天天|日日|夜夜|周周|月月|季季|年年)(?=[一-龥]{0,4}?(?:讲|播|发|报|查|巡|推|看|提醒|走|更新|学|练|评|晒|宣|开|转|问|通报)[一-龥“《\d]{2})",
        True,
        False,
    ),
    (r"(?<!每)逢(周|星期)[一二三四五六日天]", True, False),
    (rf"^(周|星期)[一二三四五六日天](?![{_NOT_EACH}至到、和—-]|[^,]{{0,3}}前)", True, False),
    (r"(?<![一-龥\d人])(周|月)均", False, False),
    (r"一(天|日|周|月)(?=[两二三四五六\d]{1,2}(?:播|查|巡|训|讲|练|报|检)(?![一-龥]*率))", True, True),
    (r"单(日)(?=[^,]{0,16}(?:不得?超过|不多于|最多|上限|至多))", True, False),
    (r"(早[、]?中[、]?晚|早[、]?晚(?=各)|一早一晚)(?=各|分别|定时|滚动|循环|播)", True, False),
    (
        r"(24小时|全天候?|不间断)(?:不间断|连续|轮流|专人)?地?"
        r"(?=滚动|循环|播放|播出|值守|值班|在线|在岗|畅通|开通|开放|接听|受理|响应|待命|运转|运行|监测|监控|巡[查逻])",
        True,
        False,
    ),
    (r"(隔[天日]|每[两二2][天日])", True, False),
    (r"(?:(?<=[^\d])|^)(?:全|一)(年)(?!级|龄|来|以上|内不)", False, False),
    (r"(年度)(?=内|至少|不少于)", False, False),
    (r"(?:全|本)(学期)(?!期)", False, False),
)
_TABLE = Table((pattern, (quick(pattern), strong, compact)) for pattern, strong, compact in _PATTERNS)
_CONTINUOUS = re.compile(r"24小时(?!内|之内|以内)|全天候|长期|常年|不间断")


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class CadenceHit:
    """A ``strong`` one makes a demand by itself, a weak one (全年) only times another; a ``compact`` one (周例会) holds
    its act."""

    start: int
    end: int
    cadence: str
    strong: bool
    compact: bool


def find_cadences(folded: str) -> tuple[CadenceHit, ...]:
    """Every cadence in the order of the text; where two patterns overlap the one named first above holds."""
    rules = _TABLE.choose(folded)
    if not rules:
        return ()
    hits: list[CadenceHit] = []
    for pattern, strong, compact in rules:
        for match in pattern.finditer(folded):
            code = _code(match[1])
            free = all(match.end() <= hit.start or match.start() >= hit.end for hit in hits)
            if code and free:
                hits.append(CadenceHit(match.start(), match.end(), code, strong, compact))
    return tuple(sorted(hits, key=lambda hit: hit.start)) if hits else ()


can_hold_cadence = _TABLE.can_match
"""Whether :func:`find_cadences` could find anything at all in the words."""


def is_continuous(folded: str) -> bool:
    """Whether the words ask that something never stops."""
    return bool(_CONTINUOUS.search(folded))


def _code(words: str) -> str | None:
    if not words:
        return "half-yearly"
    plain = words.replace("个", "").replace("、", "")
    return _CODES.get(plain) or _CODES.get(plain.removesuffix("度")) or _name_odd(words)


def _name_odd(words: str) -> str | None:
    """A stretch that the labelling rules have no code for: every three days, every 15 minutes."""
    match = _ODD.fullmatch(words)
    number = parse_number(match[1]) if match else None
    if match is None or number is None:
        return None
    if match[1] == "半":
        return "every 30 minutes" if match[2] in ("小时", "钟头") else None
    if number == 1:
        return _CODES.get(match[2])
    count = int(number)
    return f"every {COUNTS[count] if count <= 10 and match[2] != '分钟' else count} {MEASURES[match[2]]}"
