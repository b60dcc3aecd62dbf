"""How much: counts, ranges, shares and changes, with the word that compares; on one folded comma clause."""

import itertools
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from wuzha.core.base.numerals import NUMBER, RATIO, parse_number, parse_ratio
from wuzha.core.plan.phrases.measures import MEASURES

Sense = Literal["count", "ratio", "change", "totality", "zero", "share-out", "points"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One measure in the words. ``start`` to ``end`` holds the number or the marking word."""

    start: int
    end: int
    sense: Sense
    comparator: str
    value: Fraction
    unit: str
    quantifier: str = "number"
    marker: str = "bare"
    per: str | None = None
    measure: str | None = None


_COUNT = re.compile(
    rf"(?<![第\d.%〔“‘《])(?<!\d[年月])(?!(?<=[另某这那同任唯专统])一)(?![百千万亿](?![零一二两三四五六七八九十]))(?P<low>{NUMBER})(?:(?:[-至到]){{1,2}}(?P<high>{NUMBER}))?"
    rf"(?P<more>[多余几])?(?P<unit>{MEASURES})(?P<post>\(?[含及]?\)?以上|以下|以内|之内|内|左右|封顶)?"
)
_RATIO = re.compile(
    rf"(?P<low>{RATIO}|\d{{1,3}}(?:\.\d{{1,2}})?(?=个?百分点|-\d{{1,3}}%))"
    rf"(?:(?:[-至到]){{1,2}}(?P<high>{RATIO}))?(?:个?百分点)?(?P<post>[含及]?以上|以下|以内|之内|左右)?"
)
_AT_LEAST = "不得少于 不得低于 不少于 不低于 不小于 不得小于 至少 最少 达到 超过 高于 突破 不下 达"
_AT_MOST = "不得超过 不超过 不高于 不得高于 不多于 不大于 最多 最高 控制在 低于 少于 降至 降到 压降至 压减至 "
_AT_MOST += "降低到 降低至 下降到 下降至"
_BY_WORD = MappingProxyType(dict.fromkeys(_AT_LEAST.split(), ">=") | dict.fromkeys(_AT_MOST.split(), "<="))
_COMPARE = re.compile("|".join(sorted(_BY_WORD, key=len, reverse=True)))
_POSTS = MappingProxyType({"以上": ">=", "以下": "<=", "以内": "<=", "之内": "<=", "内": "<=", "封顶": "<="})
_DOWN = re.compile(r"(?:下降|降低|减少|压降|压减|回落|下跌)(?:率|幅度?|比例)?$|降幅$|(?<!核)(?<!缩)[降减]$")
_UP = re.compile(r"(?:上升|提升|提高|增长|增加|增幅|升幅|涨幅|多)(?:率|幅度?|比例)?$")
_BRIDGE = re.compile(r"(?:了|约|力争|达到|达|至少|不少于|不低于|超过|控制在|不超过|为|不得低于|不得超过)*$")
_MONEY = re.compile(r"奖|补助|补贴|罚|经费|给予|发放|兑现|保障|投入|安排")
_TELLS = re.compile(r"(?:连续|累计|上述|以上|以下|前|后|这|该|近|约|逾|满|逾期)$")
_NEARLY = re.compile(r"(?:近|约|大约|将近|占了|逾)$")
_LENGTHS = frozenset({"项", "天", "字", "米", "公里", "档", "分钟", "小时", "年", "种", "页", "秒", "平方米", "批次"})
_STAYS = re.compile(r"(?:学习|跟班|值守|值班|驻点|驻守|蹲点|培训|轮训|集训|实训|锻炼)(?:时间)?(?:不少于|至少)?$")
_TEACHES = re.compile(r"(?:讲|上|授|听|学)[好足满够]?$")
_CONDITION = re.compile(
    r"(?<!不)(?<!不得)(?:低于|少于|超过|高于|多于|不足|不到|未达到?|达不到|不满|达到|达|满|逾)(?:了)?$"
)
_ASKED_AFTER = (
    (("课",), _TEACHES),
    (("次", "期", "场", "遍", "场次", "轮", "堂", "节", "课时"), re.compile(r"(?<![进每])$")),
    (
        ("分",),
        re.compile(
            r"[加得计减][^,]{0,5}$|扣[^,]{0,12}$|记$|奖(?:励[^,]{0,12})?$|(?:得分|成绩|分数|评分|平均分)[^,]{0,4}(?:不低于|不少于|达到|在|高于)$"
        ),
    ),
)
_A_HEAD = re.compile(r"每[一-龥]{1,4}$")
_MARKS = re.compile(r"(?:得分|成绩|分数|评分|平均分)[^,]{0,4}(?:不低于|不少于|达到|在|高于)$|(?:成绩|平均分)$")
_OTHERS_NUMBER = re.compile(
    r"(?P<marker>不少于|不低于|不得少于|不得低于|不超过|不多于)(?P<base>[一-龥]{1,12}?(?:总数|人数|户数|个数|数量|数))(?=$|[(、])"
)
_LEVEL = re.compile(r"上年|去年|同期|平均|往年|上月|上期")
_FIXED = frozenset({"元", "万元", "分", "名"})
_ONE_EACH = frozenset({"份", "册", "本", "档", "张", "码", "卡"})
_BUILDS = re.compile(
    r"走进|深入|覆盖|联系|结对|培训|慰问|成立|组建|建立|设立|设置|打造|创建|建成|建设|制作|完成|培养|培育|评选|选树|明确|确定|配备|配齐|安排|举办|举行|召开|开展|组织|发展|"
    r"悬挂|张贴|发放|印制|印发|布置|安装|建好|推送|发布|播放|报送|上报|撰写|刊发|签订|走访|入户|拍摄|展示|摆放|投放|张挂|粉刷|书写|"
    r"征集|评出|放置|张榜|备足|存放|领取|配送|绘制|编印|编写|配发|分发|下发|赠送|招募|搭建|竖起|喷绘|录制|推出|推选|选取|选派|指定|聘请|配置|排查|检查|抽查|督导|更换|更新|编排|巡演|提醒|通报|劝阻|新增|办|开|讲|建|贴|挂|设|选|签|写|看"
)
_STEP = re.compile(
    rf"(?:每|(?=隔))(?:隔|满|成功[一-龥]{{2}}|劝阻|拦截|堵截|举报|提供|破获|增加|发生|出现|新增|减少|少|多|下降|上升|缺|超|逾期)?(?:{NUMBER}|半(?!年|个?月|学[期年]))(?:余|多)?(?:米|公里|千米|户|人|名|平方米|个|家|万元|元|起|次|例|天|%|个百分点|分钟|小时)?"
)
_INDICATOR = re.compile(r"(?:发案|案损|案件|损失|两卡[”\"]?|率|数|量|起数|金额|警情|度|值|占比|比例)$")
_LEAD = re.compile(r"^.*?(?:确保|力争|实现|努力|争取|达到|推动|使|保持|年度|全年|今年|全[县镇乡市区街村校]|辖区)+")


def find_amounts(clause: str, *, qualifies: bool = False) -> tuple[Hit, ...]:
    """Counts, shares and changes of one comma clause; a range gives its low and its high end, each with its sign.

    In a clause that ``qualifies`` somebody for a title, a number that tells which (30人以上的企业) is asked for.
    """
    hits = _pair_values(clause, [hit for match in _RATIO.finditer(clause) for hit in _read_ratio(clause, match)])
    taken = [(hit.start, hit.end) for hit in hits] + [match.span() for match in _STEP.finditer(clause)]
    for match in _COUNT.finditer(clause):
        if all(match.end() <= start or match.start() >= end for start, end in taken):
            hits.extend(_read_count(clause, match, qualifies))
    hits = _drop_terms(clause, hits)
    if not hits:
        hits = _read_others_number(clause)
    return tuple(sorted(hits, key=lambda hit: hit.start))


def _pair_values(clause: str, hits: list[Hit]) -> list[Hit]:
    """发案、案损分别下降10%、15%以上: the values of one series belong to the measures before it, each to its own."""
    starts = list(dict.fromkeys(hit.start for hit in hits))
    first = [hit for hit in hits if hit.start == starts[0]] if starts else []
    rest = hits[len(first) :]
    series = [first[0], *rest] if first else []
    joined = all(clause[one.end : two.start] in ("、", "和", "及") for one, two in itertools.pairwise(series))
    if len(starts) < 2 or len(series) != len(starts) or not joined or (len(first) == 1 and first[0].sense == "ratio"):
        return hits
    values = [-abs(hit.value) if first[0].value < 0 else hit.value for hit in series]
    if len(first) == 1:
        return [
            replace(first[0], start=one.start, end=one.end, value=value)
            for one, value in zip(series, values, strict=True)
        ]
    if len(first) != len(series):
        return hits
    return [replace(one, end=series[-1].end, value=value) for one, value in zip(first, values, strict=True)]


def _drop_terms(clause: str, hits: list[Hit]) -> list[Hit]:
    """30分钟内见面率达98%: the minutes say what the share is of."""
    shares = [hit for hit in hits if hit.sense == "ratio"]
    return [
        hit
        for hit in hits
        if hit.sense != "count"
        or hit.comparator != "<="
        or not any(re.fullmatch(r"[^,、并]{0,10}率[^,、并]{0,6}", clause[hit.end : share.start]) for share in shares)
    ]


def _read_others_number(clause: str) -> list[Hit]:
    """不少于本村网格员总数: the goal is another number of theirs, so it is all of that number."""
    match = _OTHERS_NUMBER.search(clause)
    if match is None or _LEVEL.search(match["base"]):
        return []
    unit = f"ratio of {match['base']}"
    return [
        Hit(match.start(), match.end(), "ratio", _BY_WORD[match["marker"]], Fraction(1), unit, marker=match["marker"])
    ]


def find_step(clause: str) -> str | None:
    """每200米, 每百户: what an amount is shared out over."""
    match = _STEP.search(clause)
    return match[0].replace("隔", "") if match else None


def _compare(clause: str, match: re.Match[str]) -> tuple[str | None, str]:
    """The sign and the word for it: behind the number, else the nearest one before it."""
    post = (match["post"] or "").strip("()含及")
    if post in _POSTS:
        return _POSTS[post], post
    words = _COMPARE.findall(clause, max(0, match.start() - 60), match.start())
    return (_BY_WORD[words[-1]], words[-1]) if words else (None, "bare")


def _read_count(clause: str, match: re.Match[str], qualifies: bool) -> list[Hit]:
    low, high = parse_number(match["low"]), parse_number(match["high"] or "")
    sign, marker = _compare(clause, match)
    if low is None or match["more"] or not (_is_asked(clause, match, sign) or (qualifies and match["post"] == "以上")):
        return []
    unit = match["unit"]
    held = qualifies and match["post"] == "以上"
    points = unit == "分" and not held and not _MARKS.search(clause[: match.start()])
    hit = Hit(match.start(), match.end(), "points" if points else "count", ">=", low, unit, marker=marker)
    if high is not None:
        return [hit, replace(hit, comparator="<=", value=high)]
    if unit == "年" and match["post"]:  # 两年内不得申报 lasts two years, no less
        return [replace(hit, comparator="==")] if match["post"] == "内" else [hit]
    return [replace(hit, comparator=sign or ("==" if _is_fixed(clause, match) else ">="))]


def _is_fixed(clause: str, match: re.Match[str]) -> bool:
    """Money, points and posts are fixed amounts; so is one paper a head."""
    before = clause[max(0, match.start() - 10) : match.start()]
    return match["unit"] in _FIXED or (
        match["unit"] in _ONE_EACH and bool(re.search(r"每(?:[人户]|名[一-龥]{1,6}?).{0,2}$|人手$", before))
    )


def _is_asked(clause: str, match: re.Match[str], sign: str | None) -> bool:
    """Not every number asks: 一个重要抓手, 10万元以上的案件 and 连续两次 do not."""
    before, after, unit = clause[: match.start()], clause[match.end() :], match["unit"]
    if _is_described(before, after, match):
        return False
    if unit in ("元", "万元"):
        granted = bool(_MONEY.search(clause) or _A_HEAD.search(before))
        return granted or (sign is not None and not re.match(r"[一-龥]", after))
    if unit == "年":
        if match["post"] == "内":
            return after.startswith(("不得", "不予"))
        return not match["post"] and sign is not None and not re.match(r"\d{4}", match["low"])
    if sign and not re.search(r"被骗|受骗|损失", before[-8:]):
        return True
    return _is_length_asked(before, match) if unit in _LENGTHS else _is_plain_asked(before, after, match)


def _is_length_asked(before: str, match: re.Match[str]) -> bool:
    """How long or how big asks only with a sign, or beside what lasts: 播放20分钟, 跟班学习两天."""
    unit = match["unit"]
    if unit in ("分钟", "小时"):
        return match["post"] is not None or bool(re.search(r"播|滚动|讲解?|宣[讲传]|授课|学习|巡查", before[-6:]))
    return unit == "天" and bool(_STAYS.search(before))


def _is_described(before: str, after: str, match: re.Match[str]) -> bool:
    """Whether the number only tells which (10万元以上的案件, 连续两次, 人手一册)."""
    if before.endswith("人手") or (_TELLS.search(before) and not match["post"]):
        return True
    if re.match(r"\d", after) or (match["unit"] == "个" and after.startswith("一")):  # 两个100%, 四个一
        return True
    if is_condition(before, after) or _is_manner(match["low"], match["unit"], before, after):
        return True
    if match["unit"] in ("张", "份", "篇", "幅") and _is_enclosed(before, after):
        return True
    which = bool(match["post"]) and after.startswith(("的", "案件", "老", "资金"))
    return which and not re.search(r"[至最不]", match[0])


def is_condition(before: str, after: str) -> bool:
    """Whether a number only says which are meant: 低于60分的, 签约率不足七成的商圈, 达到90%以上的村."""
    return bool(_CONDITION.search(before)) and bool(re.match(r"[一-龥]{0,6}?的(?!(?:基础|水平|要求|目标))", after))


def _is_manner(low: str, unit: str, before: str, after: str) -> bool:
    """一次通过率, 二次核实: the manner of an act, not how often."""
    if unit != "次" or low not in ("一", "二"):
        return False
    if re.match(r"(?:通过|合格|成功|达标|办结|见面)[^,]{0,2}率", after):
        return True
    return low == "二" and bool(re.match(r"[一-龥]{2}", after)) and not re.search(r"[月周季年日少]$|至少$", before)


def _is_enclosed(before: str, after: str) -> bool:
    """Photos and papers sent along with a report are its evidence (将总结和3张照片报送)."""
    return bool(
        re.search(r"照片|图片|影像|截图", before[-8:] + after[:4]) and re.search(r"报|交|送|存", before + after)
    )


def _is_plain_asked(before: str, after: str, match: re.Match[str]) -> bool:
    unit = match["unit"]
    if before.endswith(("“", "《", '"')) or after.startswith(("”", "》")):
        return False
    if unit == "封" and after.startswith("信") and match["low"] == "一":
        return False
    if unit in ("起", "例", "件") and not re.search(r"更新|收集|编写|上报|报送|每[^,]{0,14}$", before):
        return bool(re.match(r"(?:真实|典型|本地|身边|警示|现实|新近)?(?:的)?案例", after))
    for units, pattern in _ASKED_AFTER:
        if unit in units:
            return bool(pattern.search(before))
    return bool(_BUILDS.search(before[-24:])) or not before or bool(re.search(r"[各每][^,]{0,14}$", before))


def _read_ratio(clause: str, match: re.Match[str]) -> list[Hit]:
    low, high = _share(match["low"]), _share(match["high"] or "")
    before = clause[: match.start()]
    if (
        low is None
        or _NEARLY.search(before)
        or re.search(r"[由从]$|(?:权重|分值)[^,]{0,3}$", before)
        or is_condition(before, clause[match.end() :])
    ):
        return []
    if match["post"] and match["post"].endswith("以上") and _is_told_of(before, clause[match.end() :]):
        return []
    stem = _BRIDGE.sub("", before)
    sign, marker = _compare(clause, match)
    if _DOWN.search(stem) and not stem.endswith("率降"):
        return _read_change(clause, match, -low, marker)
    if _UP.search(stem):
        return _read_change(clause, match, low, marker)
    hit = Hit(match.start(), match.end(), "ratio", sign or ">=", low, f"ratio of {_base(before)}", marker=marker)
    if high is not None:
        return [replace(hit, comparator=">="), replace(hit, comparator="<=", value=high)]
    names = _split_measures(_name_before(stem))
    return [replace(hit, measure=name) for name in names] if names else [hit]


def _is_told_of(before: str, after: str) -> bool:
    """知晓率95%以上的社区: a share that only says which; 抽查三成以上的社区 asks, for an act stands before it."""
    return after.startswith("的") and bool(re.search(r"(?:[率度比]|上升|下降|增长|减少|反弹|回升)$", before))


def _share(text: str) -> Fraction | None:
    share = parse_ratio(text)
    plain = parse_number(text) if share is None else None
    return plain / 100 if plain is not None else share


def _read_change(clause: str, match: re.Match[str], value: Fraction, marker: str) -> list[Hit]:
    """A decrease is at most its negative value; an increase is at least its value unless the words hold it down."""
    before = clause[: match.start()]
    held = bool(re.search(r"控制在|不超过|不得超过|不高于", before)) or (match["post"] or "") in (
        "以内",
        "之内",
        "以下",
    )
    sign = "change<=" if value < 0 or held else "change>="
    base = re.search(r"同比|环比|较去年|较上年|比去年|比上年|较上月|与去年|与上年", clause)
    unit = f"relative change vs {base[0]}" if base else "relative change"
    hit = Hit(match.start(), match.end(), "change", sign, value, unit, marker=marker)
    stem = re.sub(
        r"(?:同比|环比|均|都|分别|较.{0,4}|比.{0,4}|与.{0,6}相比)*$",
        "",
        _DOWN.sub("", _UP.sub("", _BRIDGE.sub("", before))),
    )
    names = _split_measures(_name_before(stem))
    return [replace(hit, measure=name) for name in names] if names else [hit]


def _name_before(stem: str) -> str:
    """The noun that a share or change is said of."""
    cut = re.sub(r"(?:[两三四]个|均|都|分别|要|须|应|全部|力争|争取|确保|必须)+$", "", stem)
    return re.split(r"[,:;]", cut)[-1][-40:]


def _split_measures(name: str) -> list[str]:
    """发案、案损、高损案件 is three measures; 下载、关注和注册率 is one, since not each part can be measured alone."""
    parts = [part for part in re.split(r"[、]|和|及|与|以及", _LEAD.sub("", name)) if part]
    if len(parts) < 2 or len(parts) > 6 or not all(_INDICATOR.search(part) for part in parts):
        return []
    return parts


def _base(before: str) -> str:
    """What a share is a share of: the nouns before 的, or before 率."""
    stem = _BRIDGE.sub("", _COMPARE.sub("", before))
    name = re.split(r"[,:;]", stem)[-1]
    name = re.sub(r"(?:提升|提高|补齐|保持|控制|稳定|压降|降低?|升)(?:至|到|在)$", "", name)
    name = re.sub(
        r"^.*(?:完成|覆盖(?![率面])|占(?!比)|对|达|确保|实现|力争|月底前|年底前|[日月]前|前)", "", name
    ).rstrip("的")
    return name[-24:] or "总数"
