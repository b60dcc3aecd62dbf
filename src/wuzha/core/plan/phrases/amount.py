"""How much: counts, ranges, shares and changes, with the word that compares; on one folded comma clause."""

import itertools
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from wuzha.core.base.numerals import NUMBER, RATIO, parse_number, parse_ratio
from wuzha.core.plan.phrases.measures import MEASURES
from wuzha.core.plan.phrases.quick import list_signs, quick

Sense = Literal["count", "ratio", "change", "totality", "zero", "share-out", "points"]


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
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


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class _Number:
    """A number with its measure word, and the words of its clause on both sides."""

    start: int
    end: int
    low: str
    value: Fraction
    high: Fraction | None
    more: bool
    unit: str
    post: str | None
    before: str
    after: str


_NO_UNITS: frozenset[str] = frozenset()
_SHARE_SIGN = re.compile("[%‰分成半双过/]")
"""Without one of these a clause holds no share."""
_COUNT = quick(
    rf"(?<![第\d.%〔“‘《])(?<!\d[年月])(?!(?<=[另某这那同任唯专统])一)(?!(?<=周)[一二三四五六][晚早上下])(?![百千万亿](?![零一二两三四五六七八九十]|[人户份场名块次]{{1,2}}以上))(?P<low>{NUMBER})(?:(?:[-至到]){{1,2}}(?P<high>{NUMBER}))?"
    rf"(?P<more>[多余几])?(?P<unit>{MEASURES})(?P<post>\(?[含及]?\)?以上|以下|以内|之内|内(?![容部外心])|左右|封顶)?"
)
_RATIO = quick(
    rf"(?P<low>{RATIO}|\d{{1,3}}(?:\.\d{{1,2}})?(?=个?[百千]分点|-\d{{1,3}}%))"
    rf"(?:(?:[-至到]){{1,2}}(?P<high>{RATIO}))?(?:个?[百千]分点)?(?P<post>[含及]?以上|以下|以内|之内|左右)?"
)
_AT_LEAST = "不短于 不得短于 不得少于 不得低于 不少于 不低于 不小于 不得小于 至少 最少 达到 超过 高于 突破 不下 达 ≥"
_AT_MOST = "不长于 不得超过 不超过 不高于 不得高于 不多于 不大于 最多 最高 控制在 低于 少于 降至 降到 压降至 压减至 "
_AT_MOST += "降低到 降低至 下降到 下降至 ≤"
_BY_WORD = MappingProxyType(dict.fromkeys(_AT_LEAST.split(), ">=") | dict.fromkeys(_AT_MOST.split(), "<="))
_COMPARE = quick("|".join(sorted(_BY_WORD, key=len, reverse=True)))
_POSTS = MappingProxyType({"以上": ">=", "以下": "<=", "以内": "<=", "之内": "<=", "内": "<=", "封顶": "<="})
_DOWN = quick(
    r"(?:下降|降低|减少|压降|压减|回落|下跌|少增|净减)(?:率|幅度?|比例)?$|降幅$|砍[掉去]?$|[压减削]掉$|(?<!核)(?<!缩)[降减]$|[年期月度][再要须应]?少$"
)
_UP = quick(r"(?:上升|提升|提高|增长|增加|增幅|升幅|涨幅|净增|多)(?:率|幅度?|比例)?$")
_BRIDGE = quick(
    r"(?:了|约|力争|达到|达|至少|不少于|不低于|超过|控制在|不超过|为|不得低于|不得超过|不高于|不得高于|不大于|不小于|要|应|须)*$"
)
_MONEY = quick(r"拿出?|拨付?|出资|列支|奖|补助|补贴|罚|经费|给予|发放|兑现|保障|投入|安排")
_TELLS = quick(r"(?:连续|累计|上述|以上|以下|前|后|这|该|近|约|逾|(?<![修上讲学播做走办开])满|逾期)$")
_NEARLY = quick(r"(?:近|约|大约|将近|占了|逾)$")
_LENGTHS = frozenset(
    {"项", "天", "字", "米", "公里", "档", "分钟", "小时", "年", "种", "页", "秒", "平方米", "批次", "厘米"}
)
_STAYS = quick(r"(?:学习|跟班|值守|值班|驻点|驻守|蹲点|培训|轮训|集训|实训|锻炼)(?:时间)?(?:不少于|至少)?$")
_TEACHES = quick(r"(?:讲|上|授|听|学)[好足满够]?$")
_CONDITION = quick(r"(?<!不)(?<!不得)(?:低于|少于|超过?|高于|多于|不足|不到|未达到?|达不到|不满|达到|达|满|逾)(?:了)?$")
_ASKED_AFTER = (
    (("课",), _TEACHES),
    (("学分",), quick(r"(?:修|满|获|取|得|计|记|折)[^,]{0,6}$")),
    (("次", "期", "场", "遍", "场次", "轮", "堂", "节", "课时", "回", "艘次", "趟次"), quick(r"(?<![进每])$")),
    (
        ("分",),
        quick(
            r"[加得计减积][^,]{0,5}$|扣[^,]{0,12}$|记$|奖(?:励[^,]{0,12})?$|(?:得分|成绩|分数|评分|平均分)[^,]{0,4}(?:不低于|不少于|达到|在|高于)$"
        ),
    ),
)
_A_HEAD = quick(r"每[一-龥]{1,4}$")
_MARKS = quick(r"(?:得分|成绩|分数|评分|平均分)[^,]{0,4}(?:不低于|不少于|达到|在|高于)$|(?:成绩|平均分)$")
_PASSES = quick(
    r"(?:的)?(?:方|才|即|方可|视)?(?:算|为|是|能)?(?:合格|通过|及格|达标|过关)|"
    r"(?:及?以上)?(?:方可|才可|才能|方能|始得|方得|才准)(?:上岗|上柜|入职|转正|结业|任教|返岗|执勤|参评|申报)"
)
_ONE_TO = quick(r"(?:楼|小区|村|社区|单元|网点|班|企业|车间|宿舍|商铺|店|学校)?一[名个位块支张](?!不)")
_ONE_OF = quick(
    r"一(?:[栋个户家所层间条座](?:楼|小区|村|社区|单元|网点|班|企业|车间|宿舍|商铺|店|学校|街)?|楼|村|班|组|校|店|企)$"
)
_NONE_LESS = quick(r"[一-龥]{0,5}?[都也]?不(?:能|得|可|许|要|准)?(?:[漏落少]|[放让]|[许准]|留$|[发出](?=$|[一-龥]))")
"""一户也不能落: says of what stands before that it holds for all."""
_OTHERS_NUMBER = quick(
    r"(?P<marker>不少于|不低于|不得少于|不得低于|不超过|不多于)(?P<base>[一-龥]{1,12}?(?:总数|人数|户数|个数|数量|数))(?=$|[(、])"
)
_LEVEL = quick(r"上年|去年|同期|平均|往年|上月|上期")
_TIMES = frozenset({"分钟", "小时", "秒", "天", "个小时", "个工作日"})
_TO = frozenset({"-", "--", "至", "到"})
_WHOLE = frozenset({"次", "场", "期", "条", "份", "人", "户", "名", "个"})
_SERIES = quick(r"[、和及][一-龥]{1,8}")
_ECHO = quick(r"(?!.*(?:辖|有|共|现|其中))[一-龥A-Z]{2,10}?(?:各|内|处)?")
_ANY_NUMBER = quick(rf"{list_signs('0123456789零一二两三四五六七八九十百千万半')}|翻番|翻倍|腰斩|数(?=$|[(、])")
can_hold_number = _ANY_NUMBER.search
"""Clauses without it hold no amount; looking costs less than reading."""
_RUNS = quick(rf"连续(?P<low>{NUMBER})个?(?P<unit>季度|月|学期|周)")
_BUNDLE = quick(r"[两三四五双]个?$")
_GRADE = quick(r"为(?:优秀|良好|合格|不合格|及格|一般|较差|优|良)|重[新测考学]|补[考训]|不[得予合]")
_ANYBODY = quick(
    r"[一-龥]{0,5}?(?:出(?:了|问题|事|漏|错)|多(?:说|问|看|提醒)一?|被骗|受骗|上当|违[诺规纪法约反]|涉[诈案]|出事|疏忽|失守|松懈|点错|带动|影响|能救|也许|往往|可能)"
)
"""一个环节出问题, 一个人多说一句: anybody of whom the sentence reasons."""
_CARRIERS = quick(r"(?:基础)?(?:电信|通信)?运营")
_OF_ALL = quick(r"[一-龥]{1,8}?(?:全部|均|都)(?!为|是|达)")
_DOUBLES = quick(r"翻(?P<times>[一两二三]?)[番倍]|(?:增长|增加|提高|提升|多出?)(?P<more>[一两二三]|\d)倍")
_HALVES = quick(
    r"[案损骗率数额量失情户][^,]{0,14}?(?:[折减砍]半|[降压]一?半)(?!年|个?月|天|小时|[征收缴执径数旗优])|腰斩"
)
_PROPORTION = quick(r"(?P<one>\d|一)[:比](?P<of>\d{1,5}|[一二三四五六七八九十百千两]{1,5})(?![:\d分场])")
_IN_PROPORTION = quick(r"的?(?:[一-龥]{0,4}比例|标准|配|设|派|选|安排|明确|确定)|$")
_AS_PROPORTION = quick(
    r"比例?(?:为|是|达到?|不低于|不少于|应|须|要|按|至少)*$|(?:按|按照|以)(?:不低于|不少于)?[一-龥]{0,8}?$"
)
_BAIT = quick(
    r"(?:骗子|诈骗分子|诈骗团伙|犯罪分子|不法分子|犯罪嫌疑人)[一-龥]{0,6}?(?:以|常|往往|会|先|通|利用|每|冒充|诱|要求)|"
    r"以[^,]{2,40}为(?:诱饵|幌子)|引诱|稳赚|保本|处[^,]{0,20}(?:罚款|罚金|徒刑|拘留|拘役)|就(?:可能|会|构成|属于|涉嫌)|骗走|转走"
)
"""What swindlers do and promise, which leaflets teach: no number in it is asked for."""
_PROMISES = quick(r"(?:收益率?|返利|手续费|年化|利息|利率|回报率?|佣金|提成|中奖率?|返现)(?:高达|达|为|约|到)?$")
_MAKES_UP = quick(r"(?<![须应需要])占(?:到|了)?$|(?:仅|只)(?:为|有|占|达)?$")
_LETTER = quick(r"[一-龥]{0,3}信")
_MEANS = quick(r"平均(?!每?[周月季年天日]|分|成绩|得分)[^,]{0,16}$")
_AGAINST = quick(r"同比|环比|[比较](?:[^,]{0,8}(?:年|月|季度|期|初|基数|前))")
_FALLS = quick(r"[”\"]?的?(?:下降|压降|降幅|减少)(?:目标|任务)")
_ALIKE = quick(r"(?:均|都|分别|双双|各|再|要|应|须|[两双三四]个?|[“\"])+$")
_RISES = quick(r"(?:上升|上涨|反弹|增长|增多|回升)(?:了|约|达)?$")
_GAINS = quick(r"破|抓|打|挽|追|返还|止付|劝|拦|率|度|面|量|人数|播|宣|关注|注册|走访|受众|覆盖")
_DEFINES = quick(r"\([^)]*(?:损失|金额|案值|涉案|指|被骗|面积|规模|人口)[^)]*$")
_IN_BRACKET = quick(r"\((?:须含|包含|包括|含|附|另附|并附)[^()]{0,40}$")
"""(含照片不少于5张): what to send along as proof."""
_MADE_UP = re.compile(r"[^,、]{0,10}?(?:任|为|担任)(?:副?组长|副?主任|成员)")
_WHICH = quick(r"的|案件|老|资金|大额|转账|汇款|取现|交易|(?:员工|职工|学生|教职工|住户|居民|村民|商户|人口)的[一-龥]")
_OWN_RATE = quick(r"[一-龥]{1,6}率")
_GIVEN = quick(r"(?:的?标准)?(?:配备|设置|安排|选配|确定)")
_WALKS = quick(r"(?:敲完|看完|走完|走遍|跑完|跑遍|讲完|查完|访完)(?:辖区|全[县镇乡村区]|本[村组镇])?的?$")
_DOES = quick(
    r"(?:(?<=必)[问讲说看]|(?<![纪登])录|聘|(?<![拘扣])留|印|(?<!上)报|(?<![开案突频多引研])发|寄|装|带|教|拍|(?<![支付突])出|派|(?<!本)领|交|(?<!被)投|订|编|画|刷|摆|"
    r"播|选|练|配|写|送|喊|念|放|递|转|走访|跑|(?<!前)提|添|抽)$"
)
_DONE_UNITS = frozenset("句条张份封幅篇本册块台面支部名套段首则圈趟遍期版")
_LOOKS_AFTER = quick(r"每(?:人|名[一-龥]{1,6}?)(?:包联|包保|认领|挂钩|挂包)$")
_PARTED = quick(r"(?:^|[一-龥]{2}(?<![加出共]))分(?:成|为)?$")
_SAYS = quick(r"[一-龥]{1,8}?(?:说|表示|介绍|回忆|坦言|感慨|告诉)")
_FORBIDS = quick(r"(?:不[得许准能]|不允许|绝不)(?:再)?(?:有|新增|出现?|发生)$")
_A_WORD = quick(r"多[一-龥]{1,3}$|(?:提醒|叮嘱|叮咛|嘱咐|念叨|招呼|[问说劝讲])(?:上|了)?$")
"""多问一句, 帮着提醒一句: a word in passing."""
_ONE_OF_LOT = quick(r"(?:首批|第[一二三四五]批)$")
_HELD = quick(r"(?:持有|拥有|名下有?|办有|开立)$")
_PAID = quick(r"(?:付款|转账|转出|取现|取款|汇款|汇出|支付|支取|交易|退费|退款|充值|消费|借款)(?:金额)?(?:达到?|在)?$")
_TEAM = quick(r"[一-龥]{0,6}?(?:组|队|团|专班)")
_PER_TEAM = quick(r"每(?:个)?(?:组|队|班组?|岗)$")
_THINGS_SENT = quick(r"(?:报送?|上报|交|提交|上交)[^,]{0,10}$")
_STATED = quick(r"(?:^|要|须|应当?|必须)(?:都|均|至少)?有$|(?:剩余的?|其余的?|余下的?|剩下的?)$")
_PLACED = frozenset({"支", "处", "块", "间", "名", "家", "个", "所", "户", "套", "本", "栋"})
"""有一支宣讲队, 剩余3家…讲完: what must be there, or is left to be done."""
_SIZED = quick(r"(?:规模)?(?:企业|单位|学校|小区|村|工地|场所|商场)")
_THRESHOLD = quick(
    r"(?:连续|累计|发生|出现|发现|达到?|超过|高于|满|低于|少于|不足|不到|被[一-龥]{2,6}|扣[分减]?|查实)[一-龥]{0,3}?$"
)
_TO_WHOM = ("对", "向", "给", "与", "为", "跟")
_ONE_BY_ONE = quick(r"[一-龥]{1,8}?(?:逐[一-龥]|挨个)")
"""对12名老人逐人告知: all of them are meant, and how many they are is known."""
_SUFFERS = quick(r"(?:被骗|受骗|损失)(?!起数|人数|件数|户数|笔数|案|[^,]{0,4}(?:压|控|降|不))[^,]{0,6}$")
"""损失10万元以上的: which are meant; 被骗起数压到1起以内 is asked."""
_SHORT = quick(r"(?:(?<!不)低于|(?<!不)少于|不足|不到|不满)$")
_SHUT_OUT = quick(
    r"(?:不得|不予|取消)(?:再次?|重新)?(?:参与|参加)?"
    r"(?:[^,]{0,4}?(?:评|申报|申请|推荐|推选|提拔|晋|享受|命名|授予))"
)
_SERVED = quick(r"(?:满|从事|成立|经营|连续|任职|居住|营业|工作|入职)$")
_LASTS = quick(r"时长|时间|每[次场期堂节课轮]|播|映|讲|训|面积|建设|字数|篇幅|控制在|为")
_KEPT = quick(
    rf"(?P<what>保存|留存|保管|存放|公示|张榜|展示|展出|张贴|悬挂)(?P<time>期限?|时间|时长)?(?:应当?|须|为|要|必须)?(?P<sign>不少于|不得少于|不低于|不短于|至少)?"
    rf"(?P<low>{NUMBER})(?P<unit>个?工作日|日|天|个月|年)(?P<post>以上)?(?![前后内期度月])"
)
"""保存期限不少于90日, 公示5个工作日."""
_FIXED = frozenset({"元", "万元", "分", "名"})
_ONE_EACH = frozenset({"份", "册", "本", "档", "张", "码", "卡", "封"})
_BUILDS = quick(
    r"教会|采购|购置|定制|添置|印刷|发动|动员|吸纳|吸收|带动|劝返|采集|表彰|排演|演出|增加|增设|增配|加装|补充|走进|深入|覆盖|联系|结对|培训|慰问|成立|组建|建立|设立|设置|打造|创建|建成|建设|制作|完成|培养|培育|评选|选树|明确|确定|配备|配齐|安排|举办|举行|召开|开展|组织|发展|"
    r"悬挂|张贴|发放|印制|印发|布置|安装|建好|推送|发送|转发|包联|发布|播放|报送|上报|撰写|刊发|签订|走访|入户|拍摄|展示|摆放|投放|张挂|粉刷|书写|"
    r"征集|评出|放置|张榜|备足|存放|领取|配送|绘制|编印|编写|配发|分发|下发|赠送|招募|搭建|竖起|喷绘|录制|推出|推选|选取|选派|指定|聘请|配置|排查|检查|抽查|督导|更换|更新|编排|巡演|提醒|通报|劝阻|新增|办|开|讲|建|贴|挂|设|选|签|写|看"
)
_STEP = quick(
    rf"(?:每|(?=隔))(?:隔|满|成功[一-龥]{{2}}|涉案|立案|查实|查处|被骗|受骗|流失|劝阻|拦截|堵截|举报|提供|破获|增加|发生|出现|新增|减少|少|多|下降|上升|缺|超|逾期)?(?:{NUMBER}|半(?!年|个?月|学[期年]))(?:余|多)?(?:米|公里|千米|户|人|名|平方米|个|家|万元|元|起|次|例|天|%|个百分点|分钟|小时)?"
)
_INDICATOR = quick(
    r"(?:发案|案损|案件|损失|(?:电话|手机|银行|对公)?卡|账户|两卡[”\"]?|率|数|量|起数|金额|警情|度|值|占比|比例)$"
)
_LEAD = quick(r"^.*?(?:确保|力争|实现|努力|争取|达到|推动|使|保持|年度|全年|今年|全[县镇乡市区街村校]|辖区)+")


def find_amounts(clause: str, *, qualifies: str = "", echo: frozenset[str] = _NO_UNITS) -> tuple[Hit, ...]:
    """Counts, shares and changes of one comma clause; a range gives its low and its high end, each with its sign.

    In a clause that ``qualifies`` somebody for a title or a penalty, a number that tells which (30人以上的企业) is what
    is asked. ``echo`` holds the units of the clause before: after 一类网点3个 a bare 二类网点2个 asks as well.
    """
    if not _ANY_NUMBER.search(clause) or _BAIT.search(clause):
        return ()
    hits = _read_shares(clause, bool(qualifies)) if _SHARE_SIGN.search(clause) else []
    proportions = _read_proportions(clause) if not hits and ("比" in clause or ":" in clause) else []
    hits += _read_doublings(clause) + proportions
    hits += _read_numbers(clause, _list_numbers(clause, hits), qualifies, echo)
    hits = (_drop_terms(clause, hits) if len(hits) > 1 else hits) or _read_kept(clause) or _read_others_number(clause)
    return tuple(sorted(hits, key=lambda hit: hit.start)) if len(hits) > 1 else tuple(hits)


def _read_shares(clause: str, qualifies: bool) -> list[Hit]:
    shares = [hit for match in _RATIO.finditer(clause) for hit in _read_ratio(clause, match, qualifies)]
    return _pair_values(clause, shares) if len(shares) > 1 else shares


def _list_numbers(clause: str, shares: list[Hit]) -> list[re.Match[str]]:
    """The numbers with a measure word that are neither a share nor what an amount is shared out over."""
    taken = [(hit.start, hit.end) for hit in shares]
    if "每" in clause or "隔" in clause:
        taken += [match.span() for match in _STEP.finditer(clause)]
    found = [*_COUNT.finditer(clause)]
    if not taken:
        return found
    return [one for one in found if all(one.end() <= start or one.start() >= end for start, end in taken)]


def _read_kept(clause: str) -> list[Hit]:
    match = _KEPT.search(clause)
    value = parse_number(match["low"]) if match else None
    if match is None or value is None or not (match["sign"] or match["post"] or match["what"] in ("公示", "张榜")):
        return []
    marker = match["sign"] or match["post"] or "bare"
    return [Hit(match.start("low"), match.end(), "count", ">=", value, match["unit"], marker=marker)]


def has_number(clause: str) -> bool:
    """Whether :func:`find_amounts` could find anything at all, in whatever clause these words stand."""
    if not _ANY_NUMBER.search(clause):
        return False
    found = _COUNT.search(clause) or (_SHARE_SIGN.search(clause) and _RATIO.search(clause))
    found = found or _OTHERS_NUMBER.search(clause)
    if found or _read_doublings(clause) or ((":" in clause or "比" in clause) and _PROPORTION.search(clause)):
        return True
    return bool(_RUNS.search(clause) or _KEPT.search(clause))


def _read_doublings(clause: str) -> list[Hit]:
    """翻一番 adds as much again as there was, 翻两番 three times as much, 增加一倍 as much again; 减半 takes half."""
    hits = []
    for match in _DOUBLES.finditer(clause) if "番" in clause or "倍" in clause else ():
        value = (
            2 ** (parse_number(match["times"] or "一") or 1) - 1
            if match["more"] is None
            else parse_number(match["more"])
        )
        hits.append(_make_doubling(match, "change>=", Fraction(value or 1)))
    if "半" in clause or "腰斩" in clause:
        hits += [_make_doubling(match, "change<=", Fraction(-1, 2)) for match in _HALVES.finditer(clause)]
    return hits


def _make_doubling(match: re.Match[str], sign: str, value: Fraction) -> Hit:
    return Hit(match.start(), match.end(), "change", sign, value, "relative change", marker=match[0])


def _read_proportions(clause: str) -> list[Hit]:
    """按不低于1:500的比例配备: one to so many."""
    hits = []
    for match in _PROPORTION.finditer(clause):
        one, of = parse_number(match["one"]), parse_number(match["of"])
        meant = _IN_PROPORTION.match(clause, match.end()) and _AS_PROPORTION.search(clause[: match.start()])
        if one and of and one < of and meant:
            sign, marker = _compare(clause, match.start(), None)
            unit = f"ratio of {_base(clause[: match.start()])}"
            hits.append(Hit(match.start(), match.end(), "ratio", sign or ">=", one / of, unit, marker=marker))
    return hits


def _read_numbers(clause: str, matches: list[re.Match[str]], qualifies: str, echo: frozenset[str]) -> list[Hit]:
    """The counts of a clause; two that are the ends of one range (8场至12场, 1万元以上5万元以下) are read together."""
    hits: list[Hit] = []
    at = 0
    while at < len(matches):
        match, following = matches[at], matches[at + 1] if at + 1 < len(matches) else None
        post = _find_post(clause, matches[at:])
        if following is not None and _are_ends(clause, match, following):
            hits += _read_ends(clause, match, following)
            at += 2
            continue
        number = _make_number(clause, match, post)
        echoed = number.unit in echo and _echoes(number)
        sign = "==" if number.unit in _FIXED else ">="
        sense: Sense = "points" if number.unit == "分" else "count"
        again = [Hit(match.start(), match.end(), sense, sign, number.value, number.unit)] if echoed else []
        hits += again or _read_count(clause, number, qualifies)
        at += 1
    return hits or (_read_runs(clause) if qualifies == "penalty" else [])


def _read_runs(clause: str) -> list[Hit]:
    """连续两个季度排名末位的: how long somebody must have failed."""
    match = _RUNS.search(clause)
    value = parse_number(match["low"]) if match else None
    if match is None or value is None:
        return []
    return [Hit(match.start(), match.end(), "count", ">=", value, match["unit"], marker="连续")]


def _make_number(clause: str, match: re.Match[str], post: str | None) -> _Number:
    value = parse_number(match["low"]) or Fraction(0)
    high = parse_number(match["high"]) if match["high"] else None
    before, after = clause[: match.start()], clause[match.end() :]
    return _Number(
        match.start(), match.end(), match["low"], value, high, bool(match["more"]), match["unit"], post, before, after
    )


def _find_post(clause: str, matches: list[re.Match[str]]) -> str | None:
    """高危10分钟、低危2小时内: the word behind the last time of a series holds for all of it."""
    for one, two in itertools.pairwise(matches):
        joined = _SERIES.fullmatch(clause, one.end(), two.start())
        if one["post"] or one["unit"] not in _TIMES or two["unit"] not in _TIMES or not joined:
            return one["post"]
    return matches[-1]["post"] if matches[0]["unit"] in _TIMES else matches[0]["post"]


def _are_ends(clause: str, low: re.Match[str], high: re.Match[str]) -> bool:
    between = clause[low.end() : high.start()]
    if low["high"] or high["high"] or low["more"]:
        return False
    if between == "" and low["post"] == "以上":
        return high["post"] in ("以下", "以内")
    alike = low["unit"] == high["unit"] or {low["unit"], high["unit"]} <= _TIMES
    return between in _TO and low["post"] is None and alike


def _read_ends(clause: str, low: re.Match[str], high: re.Match[str]) -> list[Hit]:
    number = replace(_make_number(clause, low, None), after=clause[high.end() :], high=parse_number(high["low"]))
    if not _is_asked(clause, number, ">=" if low["post"] else None):
        return []
    sense: Sense = "points" if low["unit"] == "分" else "count"
    first = Hit(low.start(), high.end(), sense, ">=", number.value, low["unit"], marker=low["post"] or "bare")
    last = replace(first, comparator="<=", value=parse_number(high["low"]) or number.value, unit=high["unit"])
    return [first, replace(last, marker=high["post"] or "bare")]


def _echoes(number: _Number) -> bool:
    """Whether nothing but a name stands beside the number."""
    bare = number.post is None and not number.after and not number.more and number.high is None
    return bare and bool(_ECHO.fullmatch(number.before)) and not _COMPARE.search(number.before)


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
    match = _STEP.search(clause) if "每" in clause or "隔" in clause else None
    return match[0].replace("隔", "") if match else None


def _compare(clause: str, start: int, post: str | None) -> tuple[str | None, str]:
    """The sign and the word for it: behind the number, else the nearest one before it."""
    post = (post or "").strip("()含及")
    if post in _POSTS:
        return _POSTS[post], post
    words = _COMPARE.findall(clause, max(0, start - 60), start)
    return (_BY_WORD[words[-1]], words[-1]) if words else (None, "bare")


def _read_count(clause: str, number: _Number, qualifies: str) -> list[Hit]:
    unit, post = number.unit, (number.post or "").strip("()含及")
    sign, marker = _compare(clause, number.start, number.post)
    held = bool(qualifies) and (post == "以上" or bool(_THRESHOLD.search(number.before)))
    if number.more or not (held or _is_asked(clause, number, sign)):
        return []
    marks = (held and qualifies == "title") or _MARKS.search(number.before) or _PASSES.match(number.after)
    points = unit == "分" and not marks
    if points and not post:  # 每低于均值1个百分点扣1分: only a word beside the points compares them
        sign, marker = _compare_points(number.before)
    hit = Hit(number.start, number.end, "points" if points else "count", ">=", number.value, unit, marker=marker)
    if number.high is not None:
        return [hit, replace(hit, comparator="<=", value=number.high)]
    if held:
        return [replace(hit, comparator="<=" if _SHORT.search(number.before) else ">=")]
    if unit == "年" and post:  # 两年内不得申报 lasts two years, no less
        return [replace(hit, comparator="==")] if post == "内" else [hit]
    if change := _read_difference(number, hit):
        return [change]
    sign = sign or ("==" if _is_fixed(number) and not marks else ">=")
    return [hit if sign == hit.comparator else replace(hit, comparator=sign)]


def _compare_points(before: str) -> tuple[str | None, str]:
    match = re.search(r"(最高|最多|至多|不超过|上限|至少|不少于|不低于)[^,\d]{0,5}$", before)
    return (_BY_WORD.get(match[1], "<="), match[1]) if match else (None, "bare")


def _read_difference(number: _Number, hit: Hit) -> Hit | None:
    """比2025年减少100起以上: a change in plain numbers; a fall is negative, as it is for shares."""
    stem = _BRIDGE.sub("", number.before)
    if not (_AGAINST.search(stem) or stem.endswith(("净增", "少增", "净减"))):
        return None
    if _DOWN.search(stem):
        return replace(hit, sense="change", comparator="change<=", value=-number.value)
    return replace(hit, sense="change", comparator="change>=") if _UP.search(stem) else None


def _is_fixed(number: _Number) -> bool:
    """Money, points and posts are fixed amounts; so is one paper a head."""
    before = number.before[-10:]
    if number.unit == "人" and (_TEAM.match(number.after) or _PER_TEAM.search(before)):
        return True
    if number.low in ("一", "1") and _LOOKS_AFTER.search(before):
        return True
    return number.unit in _FIXED or (
        number.unit in _ONE_EACH
        and bool(re.search(r"每(?:[人户生]|家(?=[发送寄贴])|名[一-龥]{1,6}?).{0,2}$|人手$", before))
    )


def _is_asked(clause: str, number: _Number, sign: str | None) -> bool:
    """Not every number asks: 一个重要抓手, 10万元以上的案件 and 连续两次 do not."""
    before, after, unit = number.before, number.after, number.unit
    if _is_described(number) or (_MEANS.search(before) and not sign):
        return False
    if unit in ("元", "万元"):
        if number.post == "以上" and not after and _PAID.search(before):
            return False  # 对外付款五万元以上, …: when the next clause holds
        granted = bool(_MONEY.search(clause) or _A_HEAD.search(before))
        return granted or (sign is not None and not re.match(r"[一-龥]", after))
    if unit == "年":
        return _is_term_asked(number, sign)
    if sign and not _SUFFERS.search(before):
        return True
    return _is_length_asked(number) if unit in _LENGTHS else _is_plain_asked(number)


def _is_term_asked(number: _Number, sign: str | None) -> bool:
    """两年内不得申报 and 从业满两年以上 ask; 近两年 and 2026年 do not."""
    if number.post == "内":
        return bool(_SHUT_OUT.match(number.after)) or number.before.endswith("取消")
    if number.post == "以上":
        return bool(_SERVED.search(number.before)) and not number.after.startswith("的")
    return not number.post and sign is not None and not re.match(r"\d{4}", number.low)


def _is_length_asked(number: _Number) -> bool:
    """How long or how big asks only with a sign, or beside what lasts: 播放20分钟, 跟班学习两天."""
    unit, before = number.unit, number.before
    if number.high is not None and _LASTS.search(before[-12:]):
        return True
    if number.post == "左右" and "(" in before:
        return False
    if unit in ("分钟", "小时", "秒"):
        return number.post is not None or bool(
            re.search(r"播|滚动|讲解?|宣[讲传]|授课|学习|巡查|[表插展上]演|讲足|映$", before[-6:])
        )
    if unit == "平方米":
        return bool(_BUILDS.search(before[-12:])) and not number.after.startswith("的")
    return unit == "天" and bool(_STAYS.search(before)) and not re.search(r"待岗|停岗|离岗|停职", before)


def _is_described(number: _Number) -> bool:
    """Whether the number only tells which (10万元以上的案件, 连续两次, 人手一册)."""
    before, after, unit, post = number.before, number.after, number.unit, number.post
    if before.endswith(("人手", "不漏", "不落", "不掉")) or (_TELLS.search(before) and not post):
        return True
    manner = _is_manner(number.low, unit, before, after) or (number.low == "一" and _is_idiom(number))
    manner = manner or (before.endswith(_TO_WHOM) and bool(_ONE_BY_ONE.match(after)))
    if unit in ("轮", "批", "批次", "期", "组") and number.low != "一" and not post and _PARTED.search(before):
        return True  # 排查分三轮: how an act is parted; each round has its own day
    if number.low == "一" and (_FORBIDS.search(before) or (unit == "句" and _A_WORD.search(before))):
        return True
    if number.low == "一" and (_NONE_LESS.match(after) or _is_each(number)):
        return True
    if is_condition(before, after) or manner or _is_office(before, after):
        return True
    bracket = unit in ("张", "份", "篇", "幅", "个", "段", "条") and bool(_IN_BRACKET.search(before))
    enclosed = bracket or (unit in ("张", "份", "篇", "幅") and _is_enclosed(before, after))
    return enclosed or _is_no_count(number) or (post is not None and _tells_size(number))


def _is_no_count(number: _Number) -> bool:
    """两个100%, 四个一, 三个不低于 name a bundle, and 6.5次 is an average."""
    if number.after[:1].isdecimal() or (
        number.unit == "分" and _GRADE.match(re.sub(r"\(.*?\)(?:以[上下])?", "", number.after))
    ):
        return True
    of_all = number.unit in ("个", "家", "所", "名", "户") and _OF_ALL.match(number.after)  # 50个网点全部设立专区
    if (number.post is None and of_all) or (number.low == "一" and _names_kind(number)):
        return True
    if number.unit == "个" and re.match(r"一|不[低少高]于|以上?$", number.after):
        return True
    if _ANYBODY.match(number.after) and number.low == "一" and not number.before:
        return True
    if number.unit in ("家", "大") and number.low in ("三", "3") and _CARRIERS.match(number.after):
        return True
    return "." in number.low and number.unit in _WHOLE and number.post is None


def _names_kind(number: _Number) -> bool:
    """一人多卡, 一次就搭进, 一位村民说: names what is meant, and counts nothing."""
    if number.unit in ("位", "名") and _SAYS.match(number.after):
        return True
    return number.after.startswith("多") or (number.unit == "次" and number.after.startswith("就"))


def _tells_size(number: _Number) -> bool:
    """5万元以上的转账, 200人以上企业, 大额案件(单案损失50万元以上): which are meant."""
    if number.unit in _TIMES and _OWN_RATE.match(number.after):
        return True
    if number.after.startswith(")"):
        return bool(_DEFINES.search(number.before))
    if _HELD.search(number.before) and "的" in number.after[:12]:
        return True
    return bool(_WHICH.match(number.after) or (number.unit == "人" and _SIZED.match(number.after)))


def _is_office(before: str, after: str) -> bool:
    """下设3个工作组 and 2名副乡长任副组长 say how a body is made up."""
    under = "设" in before and re.search(r"[下分内]设(?![置立])[^,]{0,20}$", before)
    return bool(under or _MADE_UP.match(after))


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


def _is_each(number: _Number) -> bool:
    """一栋楼一名联络员: the first says of what, the second how many."""
    return (
        number.low == "一" and bool(_ONE_TO.match(number.after)) and number.before[-1:] in ("", "按", "、", "行", "到")
    )


def _is_idiom(number: _Number) -> bool:
    """装一户、讲一户: as many as there are, and none counted."""
    same = f"一{number.unit}"
    if number.after.startswith(same) or number.before.endswith(same):
        return True  # 一户一户讲 is each of them, and no one
    if re.match(rf"[一-龥]{{1,4}}{same}(?![一-龥]{{3}})", number.after) or re.search(
        rf"{same}[一-龥]{{1,4}}$", number.before
    ):
        return True  # 迟交一次点名一次
    more = re.match(f"[一-龥]{{0,2}}、[一-龥]{{1,4}}{same}", number.after)
    return bool(more or re.search(f"[一-龥]{same}[一-龥]{{0,2}}、[一-龥]{{1,4}}$", number.before))


def _is_enclosed(before: str, after: str) -> bool:
    """Photos and papers sent along with a report are its evidence (将总结和3张照片报送)."""
    return bool(
        re.search(r"照片|图片|影像|截图", before[-8:] + ("" if after[:1] == "、" else after[:4]))
        and re.search(r"报|交|送|存|上传", before + after)
    )


def _is_plain_asked(number: _Number) -> bool:
    before, after, unit = number.before, number.after, number.unit
    if before.endswith(("“", "《", '"')) or after.startswith(("”", "》")):
        return False
    if (
        unit == "封"
        and number.low == "一"
        and _LETTER.match(after)
        and not before.endswith(("发", "寄", "发送", "寄送"))
    ):
        return False
    if unit in ("起", "例", "件") and not re.search(r"更新|收集|编写|上报|报送|每[^,]{0,14}$", before):
        return bool(re.match(r"(?:真实|典型|本地|身边|警示|现实|新近)?(?:的)?案例", after))
    placed = unit in _PLACED and (_STATED.search(before) or _ONE_OF.search(before) or _WALKS.search(before))
    if placed or (_GIVEN.match(after) and before.endswith("按")) or _is_made(number):
        return True
    for units, pattern in _ASKED_AFTER:
        if unit in units:
            return bool(pattern.search(before))
    shared = not before or _ONE_OF_LOT.match(before) or re.search(r"[各每][^,]{0,14}$", before)
    return bool(shared or _BUILDS.search(before[-24:]))


def _is_made(number: _Number) -> bool:
    """留一张卡, 印一句提示, 报小结1篇: an act right before what it makes, or a paper that is sent in."""
    if number.unit == "分" and _PASSES.match(number.after):
        return True
    if number.unit not in _DONE_UNITS:
        return False
    sent = number.after[:1] in ("", "、", "和", "及", "(") and _THINGS_SENT.search(number.before)
    return bool(sent or _DOES.search(number.before))


def _read_ratio(clause: str, match: re.Match[str], qualifies: bool) -> list[Hit]:
    low, high = _share(match["low"], match[0]), _share(match["high"] or "", match[0])
    before, after = clause[: match.start()], clause[match.end() :]
    sign, marker = _compare(clause, match.start(), match["post"])
    if (
        low is None
        or _is_told_share(before, after, sign)
        or _is_bundle(before, low)
        or (is_condition(before, after) and not qualifies)
    ):
        return []
    if match["post"] and not qualifies and _is_told_of(before, after, match["post"]):
        return []
    stem = _ALIKE.sub("", _BRIDGE.sub("", before))
    falls = _FALLS.match(after)
    if (_DOWN.search(stem) and not stem.endswith("率降")) or falls:
        return _read_change(clause, match, -low, marker)
    if _UP.search(stem):
        return [] if marker == "bare" and _rises_by_itself(stem) else _read_change(clause, match, low, marker)
    hit = Hit(match.start(), match.end(), "ratio", sign or ">=", low, f"ratio of {_base(before)}", marker=marker)
    if high is not None:
        return [replace(hit, comparator=">="), replace(hit, comparator="<=", value=high)]
    names = _split_measures(_name_before(stem))
    return [replace(hit, measure=name, unit=f"ratio of {name}") for name in names] if names else [hit]


def _is_told_of(before: str, after: str, post: str) -> bool:
    """知晓率95%以上的社区: a share that only says which; 抽查三成以上的社区 asks, for an act stands before it."""
    if post.endswith("以下"):
        return bool(re.match(r"的(?!(?:水平|范围|目标))", after))
    return (
        post.endswith("以上")
        and after.startswith("的")
        and bool(re.search(r"(?:[率度比]|上升|下降|增长|减少|反弹|回升)$", before))
    )


def _is_bundle(before: str, low: Fraction) -> bool:
    """一升两降三个百分百: the name of the goals that follow."""
    return low == 1 and bool(_BUNDLE.search(before)) and not re.search(r"[率度面]", before)


def _is_told_share(before: str, after: str, sign: str | None) -> bool:
    """Shares that tell how things stand (近四成, 女性占六成, 仅为71%, 三成多) or what a swindler promises."""
    if _NEARLY.search(before) or re.search(r"[由从]$|(?:权重|分值)[^,]{0,3}$", before) or _PROMISES.search(before):
        return True
    return sign is None and (after.startswith(("多", "余")) or bool(_MAKES_UP.search(before)))


def _rises_by_itself(stem: str) -> bool:
    """案件同比上升12%: nobody asks for more cases; more arrests or more viewers are asked for."""
    return bool(_RISES.search(stem)) and not _GAINS.search(stem)


def _share(text: str, words: str) -> Fraction | None:
    """Of ``words`` that write a share: 50%, 三成, and 5 before 个百分点 or 个千分点."""
    share = parse_ratio(text)
    plain = parse_number(text) if share is None else None
    return plain / (1000 if "千分点" in words else 100) if plain is not None else share


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
    plain = _ALIKE.sub("", _DOWN.sub("", _UP.sub("", _ALIKE.sub("", _BRIDGE.sub("", before)))))
    stem = re.sub(r"(?:同比|环比|均|都|分别|较.{0,4}|比.{0,4}|与.{0,6}相比)*$", "", plain)
    names = _split_measures(_name_before(stem))
    return [replace(hit, measure=name) for name in names] if names else [hit]


def _name_before(stem: str) -> str:
    """The noun that a share or change is said of."""
    cut = re.sub(r"(?:[两三四]个|均|都|分别|要|须|应|全部|力争|争取|确保|必须)+$", "", stem)
    return re.split(r"[,:;]", cut)[-1][-40:]


def _split_measures(name: str) -> list[str]:
    """发案、案损、高损案件 is three measures; 下载、关注和注册率 is one, since not each part can be measured alone."""
    parts = [part for part in re.split(r"[、和及]|以及|(?<!参)与(?![度率])", _LEAD.sub("", name)) if part]
    if len(parts) < 2 or len(parts) > 6 or not all(_INDICATOR.search(part) for part in parts):
        return []
    return parts


def _base(before: str) -> str:
    """What a share is a share of: the nouns before 的, or before 率."""
    parts = [part for part in _COMPARE.split(_BRIDGE.sub("", before)) if part]
    name = re.split(r"[,:;]", _BRIDGE.sub("", parts[-1]) if parts else "")[-1]
    name = _ALIKE.sub("", re.split(r"(?:\d|分之|成)[^、]*、", name)[-1])
    name = re.sub(r"^(?:按照|按|以)|(?:要|应当?|须|需|必须)?在$", "", re.sub(r"\([^)]*\)", "", name))
    name = re.sub(r"(?:提升|提高|补齐|保持|控制|稳定|压降|降低?|升)(?:至|到|在)$", "", name)
    name = re.sub(
        r"^.*(?:完成|覆盖(?![率面])|占(?!比)|对|达|确保|实现|力争|月底前|年底前|[日月]前|前)", "", name
    ).rstrip("的")
    return name[-30:] or "总数"
