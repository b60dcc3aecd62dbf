"""What kind of sentence it is: an act asked for, an open demand, a report of what was done, a consequence."""

import re

from wuzha.core.plan.phrases.amount import Hit
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.reading import Class

_ACT = quick(
    # holding, telling, going
    r"开展|组织|举办|举行|召开|进行|参加|启动|部署|动员|落实|完成|实现|达到|通过|提[出交]|申[请报]|安排|计分|办|开|讲|谈|"
    r"播|宣|推|发|送|交|填|报(?=[^告纸刊])|转|提醒|提示|普及|公布|公开|公示|反馈|曝光|刊|撰写|印|"
    r"走访|入户|上街|进村|进校|巡逻|联系|见面|慰问|回访|约|劝|解答|咨询|值[班守]|"
    # looking after
    r"检查|督|核|巡查|排查|倒查|复查|追查|查处|查实|抽|清查|摸排|梳理|通报|调度|会商|研判|汇总|统计|分析|研究|听取|总结|评|考|审|整改|验收|讨论|点名|排名|"
    # making and putting
    r"张贴|悬挂|摆放|设|建立|创建|成立|组建|制[作定]|拟|更|换|维护|布置|投放|粉刷|挂牌|授牌|表彰|选|签|安装|循环|滚动|上线|"
    r"拉[进入]|加[入进]|[进入建]群|纳入|培训|学习|测试|答题|演练|观看|收看|集中|打卡|打分|筛|核验|补(?![助贴])|敲|贴|挂|问|撤|拆|缴"
)
_ACT_SHAPE = quick(r"[一-龥]{4}")
_NO_ACT = quick(
    r"^(?:因|在|于|对|向|以|通过|利用|结合|按|围绕|针对|从|由|借助|依托|根据|至少|不少于|当)|"
    r"(?:时|期间|之际|[前后中内里上下午晨晚间在于]|的|日|周|月|年|次|场所|人|员|群|户|村|校)$"
)
_TOLD_PERIOD = (
    r"(?:去年|上年度?|上学期|上学年|上个?月|上个?季度|上个?周|上一?阶段|前[一二三两]个?(?:季度|月)|前期|此前|近期|近年来?|"
    r"近[一两三\d]+年来?|往年|过去)"
)
_NUMBER_NEAR = r"[^,不至超达]{0,12}?(?:\d|[一二两三四五六七八九十百]{1,6}(?:余|多)?[起人次万名户场个件笔])"
_SWINDLER = r"(?:骗子|诈骗分子|诈骗团伙|犯罪分子|不法分子|犯罪嫌疑人(?!数)|[张王李赵刘陈某]某)"
_PAST = quick(
    r"已(?:经)?(?:全面|全部|基本|如期|圆满|顺利)?(?:完成|落实|建立|建成|开展|组织|实现|达到)(?![^,]{0,16}的[一-龥])|"
    r"(?<![对向给为将把])已(?!婚|有的)(?![^,]{1,16}的[一-龥])|截至|截止(?:目前|到?\d)|(?<!长期)以来|共计|(?<!每)(?<!每半)年来|(?<!每)(?:[半一两二三四五六七八九十\d]个?多?(?:月|周|季度|星期)|连日|[数近]月)以?来(?![访电信校])|先后|(?:仍|还|依然)占|(?:接连|相继|频频)(?:发生|出现)|[虽尚]未|占比?由\d[^,]{0,8}[至到]\d|"
    rf"(?<![当单])累计(?!不|超过|达到|至少){_NUMBER_NEAR}|(?<![公党])共(?![同产青享建治管商创识用性鸣育防护赢和场]){_NUMBER_NEAR}|"
    rf"^{_TOLD_PERIOD}(?![^,]{{0,4}}每[日天周月季]|的|同期|水平|工作(?:进展|情况|总结)|(?:发案)?情况)|"
    rf"已[占达]|平均(?!每?[周月季年天日]|分|成绩|得分|值|水平|数|[^,]{{0,10}}\d[^,]{{0,6}}的[一-龥])[一-龥]{{0,10}}?\d|^(?:目前|当前|近日|眼下)(?!.*每[周月日天季])|^从[^,]{{1,12}}看$|"
    rf"^据[^,。;]{{2,20}}?(?:通报|统计|显示|反映|监测|介绍)$|(?:通报|统计|数据|监测|研判|分析)(?:显示|表明)$|^该[县市区镇乡校行院][^,]{{0,14}}(?:下降|上升)\d|所称|是指|^某[一-龥]{{1,4}}|[仍尚]有\d|仍处|居高|就有[一两三\d]|是[^,]{{0,14}}(?:经验|做法)$|"
    r"^(?:一些|有的|部分|个别|少数)[^,]{0,12}(?:不够|不足|不到位|不强|不高|薄弱|滞后|缺乏|流于)|"
    rf"^[^,“抓打捣破防]{{0,8}}{_SWINDLER}|(?:同比|环比)(?:分别)?(?:上升|上涨|反弹)\d[\d.]*%(?!以上)|^(?:全[县镇乡市区街])?[^,]{{0,3}}有\d+个?(?:村|社区|乡镇|单位|小区|学校)[^,]{{0,3}}(?:保持|实现|达到|没有|未)|"
    r"避免损失|挽回|(?<!每)成功(?![^,]{0,4}率)[^,不至]{0,10}\d(?![^,]{0,8}以上)|取得了|取得[^,]{0,8}(?:成效|成绩)|发生(?:了)?[^,]{0,12}案件\d|占了|了(?:近|约)?\d|呈[一-龥]{0,4}(?:趋势|态势|上升|下降|高发)"
)
_DID = quick(
    r"(?:作|做|[召打公]?开|[宣]?讲|举办|举行|开展|组织|设置|设立|建立|建成|成立|组建|制定|制作|印发|发放|张贴|悬挂|播放|签订|排查|走访|劝阻|劝住|拦下|抓获|破获|参加|进行|形成|提升|"
    r"增强|营造|打造|推出|投入|收到|通报|部署|介绍|表彰|邀请|安排|配备|覆盖|实现|完成)了(?=[一-龥\d“《])(?![解断结然]|[^,]{0,20}(?:后|的|的话)$)"
)
"""设置了反诈专区: done."""
_FACT = quick(
    r"(?:立案|发案|报案|接警|警情|案件|损失|被骗|受骗|破案|止付|拦截|抓获|涉及|案值)(?:数|量|金额)?(?:共|有|达|约|近|合计|为|高达)*"
    r"\d[\d.,]*(?:余|多)?(?:起|件|人|名|笔|个|次|万元|亿元|元|张|万)(?!元|以[内下上]|的)"
)
_TELLS = quick(
    r"是[^,]{0,16}(?:高发期|高发时段|高峰期?|重灾区|特点|手段|原因|受害群体|突出问题|类型)$"
    r"|(?:较|偏|越来越|更为?|明显|居高|时间|流动性)(?:多|大|长|弱|高|低|少|强|不下|增多|增加|严峻|隐蔽)$"
    r"|(?:都|均|仍)有[^,]{0,8}(?:被骗|受骗|上当)|手[法段][^,]{0,6}(?:翻新|更新|变化|迭代)|(?:印发|出台|下发)了"
    r"|^(?!.*(?:扣|取消|撤销|约谈|通报|否决|得分))[^,]*(?<![每凡若如])发生(?:了)?\d+[起件](?!以上|的)"
)
"""How things are or were: when cases are many, what is typical, what a paper was issued for."""
_TITLED = quick(r"《[^》]{1,60}》")
_FRAUDSTER = quick(
    r"(?<![防对击向住])(?:诈骗分子|骗子|不法分子|犯罪分子|犯罪嫌疑人|诈骗团伙)[^,]{0,4}"
    r"(?:往往|经?常|多(?!名|人)|会|要求|让|叫|诱导|教唆|一般|谎称|冒充|以(?![上下内])|利用|通过|诱骗|自称|声称)"
)
_OFTEN = quick(r"每(?:[日天周月年]|季|学期|半)")
_PERIOD = quick(
    r"^(?:20\d\d年|今年)?(?:\d{1,2}(?:月份?)?(?:[-至到]\d{1,2})?月份?|上半年|[一二三四]季度|第[一二三四]季度|20\d\d年|前[一二三两]季度)(?!底|末|前|内|起|\d)"
)
_AGAINST = quick(
    r"(?:比|较|与|低于|高于|同|对比|不超过|控制在)(?:去年|上年|上月|上季度|上学期)(?:度)?(?:同期)?|"
    r"(?:对|针对|将|把|向|围绕|根据|结合|参照|通报|汇报|总结|报送|报|分析|梳理)[^,]{0,16}?(?:前期|去年|上年|上月|近期|近年|已)[^,]{0,16}?的(?=[一-龥])"
)
_MODAL = quick(
    r"要|应|须|确保|力争|不少于|不低于|不超过|不得|至少|达到|务必|请|完成(?!了|年度|全年|任务)|努力|争取|并于|实现(?!了)|必须|一律|控制在|以内"
)
_REPORT_TITLE = quick(
    r"工作(?:开展|进展|推进)?情况$|简报|总结|小结|汇报|情况报告|工作报告|动态|工作信息|综述|成效|快讯|情况通报|调研报告|纪实|(?<![登日标])[小侧札手]记|走笔|掠影|见闻|花絮|剪影|故事(?!会|大赛|征集|宣讲)|回眸|巡礼|(?<![登日标书])记$"
)
_NEWS_TITLE = quick(r"筑牢|多措并举|多举措|守护|织密|掀起|召开|助力|谱写|见成效|亮点")
_DONE_HEADING = quick(
    r"(?:(?<![看见求重出提抓讲创争])成效|工作进展|进展情况|工作回顾|回顾|主要做法|存在的?问题|形势(?:分析|研判)?|基本情况|现状|背景|数据通报)$"
    r"|^(?:上个?(?:月|周|季度?|半年|年度?|学期)|去年|前期|上一?阶段|近期)[^,]{0,8}(?:小结|情况|总结|进展|工作|数据)$"
)
_FILES = quick(r"每|报送|上报|填报|提交")
_PLAN_TITLE = quick(r"方案|计划|通知|办法|意见|安排|规定|细则|制度|要求|责任书|标准|指引|要点|任务")
_CONSEQUENCE = quick(
    r"奖励|表彰|扣分|加分|扣\d|问责|约谈|通报批评|红黄牌|一票否决|取消.{0,8}资格|挂牌整治|罚款|追责|限期整改"
)
_HONOUR = quick(r"先进|优秀|标兵|能手|[一二三]等奖|最美|十佳|之家|模范|之星|无诈|示范|达标")
_HONOURS = quick(r"评选|评出|评定|表彰|通报表扬|颁发|设(?:立|置)?(?=[特一二三]等奖)")
_SHUTS_OUT = quick(
    r"[年月期内]不得(?:再次?|重新)?(?:参评|参加评|申报|申请|评优|评先|推荐)|取消[^,]{0,16}?(?:资格|称号)|撤销[^,]{0,8}称号|摘牌"
)
_CRITERIA = quick(
    r"(?:创建|达标|评定|命名|认定|验收|评选|申报)(?:的)?(?:标准|条件|要求|指标)|(?<!工作)(?<!服务)(?<!任务)(?<!完成)(?<!质量)(?<!量化)标准$|条件$|无诈.{0,10}标准"
)
_MARKED = quick(r"考核|考评|评分|计分|打分|督查|得分")
_QUALIFIES = quick(
    r"的[一-龥()]{0,8},?(?:年[底末终]|由[^,的]{1,12})?"
    r"(?:(?:均可|方可|可以|可|才能|方能|有资格)[^,的不]{0,8}(?:申报|申请|参评)|"
    r"(?:均可|方可|可以|可|才能|方能|有资格)(?:参加|参与)[^,的]{0,14}评[选比定]|(?:予以|给予)?(?:授予|命名)|"
    r"(?:评[为定]|认定)为?(?=[“先优示合达无])|"
    r"(?:可|均可|于[^,]{2,14}?)?[^,的不]{0,20}?(?:提出|提交|递交)(?:书面)?申请|"
    r"(?:优先|直接)?[列纳]为[^,整治重管挂督黑]{0,8}(?:命名|候选|先进|示范|优秀|无诈|表彰))"
)
_PER_EVENT = quick(
    r"每(?:次|场|期|批)(?:宣传|活动|培训|宣讲|会议)?[^,发印备]{0,12}(?:简报|照片|图片|信息|记录|台账|总结|资料|影像|签到)"
)
_OUTCOME = quick(
    r"(?:率|(?:注册|下载|安装|关注|发案|立案|报案)量|(?<![版页墙路店])面(?!积)|满意度|知晓度|参与度|认知度|信任度|程度|水平|比例|占比|比重|意识)(?:[^,]{0,4})$|(?:[补提升增压下上回][^,]?|控制|保持|稳定)(?:至|到|在)$"
)
_TIMES = quick(
    r"(?:20\d\d年)?(?:\d{1,2}月(?:份|\d{1,2}日|底|末|中旬|初)?|年[底末中]|第?[一二三四]季度末?|[上下]半年)(?:之?前|内)?"
)
_OWN_ACT = quick(
    r"(?:时长|时间|内容|面积|版面|场次|经费|播放量)[^,]{0,14}(?:占比|比例|比重)[^,]{0,4}$|(?:张贴|悬挂|播放|摆放|设置|抽查|检查|走访|更新|发放|巡查|抽检|入户(?:宣传|走访)?|敲门|核查|签订|签收|回访|上门|见人)(?:率|比例)[^,]{0,4}$|(?:排查|摸排|排摸)比例[^,]{0,4}$|"
    r"(?:展架|海报|标语|宣传栏|横幅|提示[牌贴]|展板)[^,]{0,4}覆盖率[^,]{0,4}$|(?:核查|抽查|抽测|抽访|抽检|检查|督查|印制)[^,]{0,6}(?:比例|面)[^,]{0,4}$"
)
_EVIDENCE = quick(
    r"[(（]?(?:须含|附|并附|含|附上|留存|收集|保留)(?:相关|有关|活动)?(?P<what>[^,()。;]{0,24}(?:图片|照片|数据|材料|资料|记录|佐证|截图|视频|影像)[^,()。;]{0,8})"
)


_COUNTS_IN = quick(
    r"^[^,]{0,14}(?:情况|结果|成绩|成效|实绩|工作)(?:将)?(?:[纳计列]入)|"
    r"实现开门红$|^[^,\d]{0,20}(?:下降|上升|提升|减少|好转)$"
)
"""每月工作情况纳入考核: what is counted in elsewhere, and no act."""


_EXCEPT = quick(r"除[^,]{1,30}(?:以外|之外|外)$")
"""除外出的以外: who is left out of what follows."""


_DAY_OF = quick(r"的?[一-龥]{1,4}[日天节]")
"""每月发薪日, …: a day by its name, and no act."""


def has_act(clause: str) -> bool:
    """Whether the clause says something to do, so that a cadence or a date in it is a demand."""
    if _COUNTS_IN.search(clause) or _EXCEPT.match(clause) or _DAY_OF.fullmatch(clause):
        return False
    plain = re.sub(r"宣传(?:月|周|日|栏|标语|重点|工作)|集中宣传|在[^,]{1,30}(?:场所|区域|期间|地)$", "", clause)
    return bool(_ACT.search(plain)) or bool(_ACT_SHAPE.search(plain) and not _NO_ACT.search(plain))


_GIVES_OUT = quick(r"(?:印|下|分|派|配)?发(?![现生案展布起动挥达送票])|发[放送]|赠|带回|寄|送(?![往别])|派送")
_ASIDE = quick(r"\([^)]*\)|《[^》]*》")


def gives_out(words: str) -> bool:
    """Whether papers are handed out there, not counting what stands in brackets and titles."""
    return bool(_GIVES_OUT.search(_ASIDE.sub("", words)))


_LAID_OUT = quick(
    r"((?:设置|设立|悬挂|布置|配备|安排|摆放|竖立|张贴|制作)[^,了已]{1,24}?)共(?=[\d一二两三四五六七八九十])"
)
"""设置横幅、展板共10处: the sum of what is to be put up, and no report."""


def is_past(clause: str) -> bool:
    """Whether the clause tells what has been done or reached, which asks for nothing."""
    plain = _AGAINST.sub("", _TITLED.sub("", clause) if "《" in clause else clause)
    plain = _LAID_OUT.sub(r"\1", plain) if "共" in plain else plain
    if _PAST.search(plain):
        return not _MODAL.search(_PAST.sub("", plain))
    if "了" in plain and _DID.search(plain):
        return not _MODAL.search(_DID.sub("", plain))
    return bool(_PERIOD.search(plain) and _FACT.search(plain)) and not _MODAL.search(plain)


_TOLD_FIGURES = quick(
    r"(?:今年)?(?:\d{1,2}(?:月份?)?[-至到]\d{1,2}月份?|前[一二三四五六七八九十\d]{1,2}个?(?:月|季度)|第?[一二三四]季度|上半年),?"
    r"[^,;。]{0,14}(?:同比|环比|立案|发案|接报|报案|堵截|劝阻|拦截|平均)[^,;。]{0,10}\d[^,;。]{0,6}"
)


def opens_report(folded: str, start: int) -> bool:
    """今年1至9月,我行涉案账户同比减少26户: a period and what happened in it; a goal for it has 以上 or 力争 in it."""
    match = _TOLD_FIGURES.match(folded, start)
    if match is None or folded[start] != "今":
        return False
    return not _MODAL.search(match[0]) and "以上" not in match[0]


def is_consequence(sentence: str) -> bool:
    return bool(_CONSEQUENCE.search(sentence))


def is_report_title(title: str) -> bool:
    """Whether a document of this title tells what was done and asks for nothing."""
    told = _REPORT_TITLE.search(title) or _NEWS_TITLE.search(title)
    return bool(told) and not _PLAN_TITLE.search(title)


def is_fact(clause: str) -> bool:
    """Whether the clause tells of cases (立案8起), of how things are or of what fraudsters do."""
    if _FRAUDSTER.search(clause):
        return True
    told = bool(_TELLS.search(clause) or (_FACT.search(clause) and not _OFTEN.search(clause)))
    return told and not _MODAL.search(_TITLED.sub("", clause))


def is_done_heading(heading: str) -> bool:
    """Whether what stands under a heading (主要成效, 进展情况) tells and does not ask."""
    return bool(_DONE_HEADING.search(heading.rstrip("。:"))) and not _FILES.search(heading)


_PENALISES = quick(
    r"的[一-龥()]{0,8},?(?:由[^,的;。]{1,14})?(?:一律|依法|依规|及时|坚决|将|直接|按规定)?(?:予以|给予|进行|实行|对其|对)?[^,;。\d]{0,10}?"
    r"(?:撤销|取消|约谈|摘牌|摘除|挂牌(?:整治|督办)|暂停|暂缓|(?:予以|进行|全[县镇市区行校])通报|通报批评|问责|追责|追究|一票否决|[黄红]牌|停业|降级|降档|调离|免职|诫勉|限期整改|"
    r"重点管控|列为重点|列入重点)"
)
_OWN_VALUE = quick(r"[^;。]{0,24}?(?:\d(?:\.\d)?分|元|年内不得|[一两三]年[内不])")


def find_penalty(folded: str, start: int, end: int) -> int:
    """Where in the clause the threshold of a penalty ends (发生2起以上的,撤销称号); -1 if none.

    A penalty with a value of its own (扣5分, 两年内不得申报) is measured by that value and not by its threshold.
    """
    match = _PENALISES.search(folded, start, end + 40)
    if match is None or match.start() >= end or _OWN_VALUE.match(folded, match.start()):
        return -1
    return match.start()


def find_qualification(folded: str, start: int, end: int) -> int:
    """Where in the clause from ``start`` to ``end`` a condition of a title ends (30人以上的企业,均可申报); -1 if none.

    The title itself (可申报, 授予, 列为候选) stands behind it in the same clause or opens the next one.
    """
    match = _QUALIFIES.search(folded, start, end + 40) or _find_release(folded, start, end)
    return match.start() if match and match.start() < end else -1


def _find_release(folded: str, start: int, end: int) -> re.Match[str] | None:
    """发案下降40%以上的,方可摘牌: what a place under watch has to reach to be let off; 发案反弹的,予以摘牌 is none."""
    match = _RELEASES.search(folded, start, end + 40)
    better = match and (match["may"] or _BETTER.search(folded, start, match.start()))
    return match if better else None


_RELEASES = quick(
    r"的,?(?P<may>方可|可以|才可|方能|才能|准予)?(?:予以|给予)?(?:摘牌|摘帽|销号|退出整治|解除(?:挂牌|整治|预警|管控))"
)
_BETTER = quick(r"下降|减少|降低|压降|达到[^,]{0,6}[成%]|零|没有发生|未发生")


def is_criteria_heading(heading: str) -> bool:
    """创建标准, 申报条件: conditions of a title. What is marked in an assessment (考核评分标准) are duties."""
    return bool(_CRITERIA.search(heading.rstrip("。:"))) and not _MARKED.search(heading)


def find_event_evidence(clause: str) -> bool:
    """Whether the clause only says what to keep of each event (每次宣传需撰写简报)."""
    return bool(_PER_EVENT.search(clause))


def find_evidence(clause: str) -> str | None:
    match = _EVIDENCE.search(clause)
    return match["what"] if match else None


def choose_class(clause: str, local: str, hit: Hit | None, *, criteria: bool, often: bool) -> Class:
    """duty, target (an outcome), criterion (of a title) or consequence (points, rewards, honours, being shut out).

    ``local`` is the part of ``clause`` that speaks of this measure alone. Choosing the best ``often`` is work.
    """
    rounds = hit is not None and hit.unit in ("次", "批", "轮")  # 每年评定一次 is work, 每年评定10个 an honour
    if (is_honour(clause, local) and not often and not rounds) or _SHUTS_OUT.search(local):
        return "consequence"
    if hit and (hit.sense == "points" or (hit.unit in ("元", "万元") and _is_reward(clause))):
        return "consequence"
    if hit and hit.sense == "ratio" and _DOCKS.search(clause[: hit.start]):
        return "consequence"
    marked = hit is not None and hit.sense == "count" and hit.unit == "分" and "平均" not in clause
    if marked or _ENTITLES.search(clause) or criteria:
        judged = (hit is None and _JUDGES.search(local)) or (rounds and often and _JUDGES_OFTEN.search(local))
        return "duty" if judged else "criterion"
    if hit and is_outcome(clause, hit):
        return "target"
    return "duty"


_JUDGES_OFTEN = quick(r"(?:评审|评定|认定|复评|复核|验收|命名)[一二三四五六七八九十\d]{1,2}[次批轮]")
_ENTITLES = quick(
    r"(?:方可|才可|方能|才能|方得|始得|方算|才算)(?:参评|参加评|申报|推荐|申请|评优|评先|入围|过关|通过验收|验收|命名|达标)"
)
"""完成任务八成方可参评: what is asked of whoever wants the title."""
_JUDGES = quick(r"评审|复评|复核|重评|验收|公布|公示|命名(?!后)")
"""每年6月集中评审: the work of whoever gives the title, and none of its conditions."""
_MAKES_TITLE = quick(
    r"^[^,]{0,12}(?:(?:建成|创成|达到|成功创建)[^,]{0,8}(?:无诈|示范|标准)|(?:实现|保持|做到)[^,]{0,8}零)"
)
_OFFENDERS = quick(r"涉案|违法|涉诈|犯罪人员|被打击|被骗|受骗|上当|中招")
_SOLVES = quick(r"破获|侦破|侦办|破案|打掉|抓获")
_SERIES = quick(
    r"(?:力争|确保)?(?:达到?|至少|不低于|不少于)?[\d.一二三四五六七八九十]{1,6}[%‰成](?:以上)?[、和及][一-龥]{1,8}?"
    r"(?=(?:均|要|须|应|达|为|力争|至少|不低于|不少于|$))"
)
"""城区群众知晓率达到90%、农村群众: the second group is asked for the same rate."""


_DOCKS = quick(r"(?:扣[减发除]?|核减|罚)[^,]{0,8}(?:绩效|奖金|工资|补贴|补助|津贴)[^,]{0,4}$")
_SETS_ASIDE = quick(r"(?:拿出|投入|列支|单列|安排|预算)(?:不少于|专项|资金|经费)?[\d.]+万?元")
_FUNDS = quick(r"(?:安排|列支|设立|预算|保障|落实|筹措|统筹)[^,]{0,8}(?:奖励|奖补|专项|表彰)(?:资金|经费|基金)")
"""每年安排奖励资金20万元: money kept for the work."""


def _is_reward(clause: str) -> bool:
    """Money for the work itself (补助宣传经费) is no reward."""
    if _FUNDS.search(clause) or _SETS_ASIDE.search(clause):
        return False
    return bool(re.search(r"奖|罚", clause) or (re.search(r"给予|补", clause) and "经费" not in clause))


def is_honour(clause: str, local: str) -> bool:
    """评选10个先进集体, 授予牌匾: given to whoever did well, and no work of the plan."""
    return "授予" in local or bool(_HONOURS.search(clause) and _HONOUR.search(local))


def is_outcome(clause: str, hit: Hit) -> bool:
    """Rates, cases and losses are outcomes; what a body can simply do is a duty."""
    if hit.sense == "change" or (hit.sense == "zero" and hit.marker != "一律不得"):
        return True
    if hit.sense == "ratio":
        if _MAKES_TITLE.search(clause[hit.end :]) or clause.endswith(("达标", "创成")):
            return True
        before = re.sub(
            r"(?<!占)达到?[一-龥]{2,10}的$|(?:均|都|分别|要|须|应|达|到|为|力争|争取|确保|至少|不低于|不少于|控制在|不超过|超过|保持在)+$",
            "",
            _SERIES.sub("", _TIMES.sub("", clause[: hit.start])),
        )
        return bool(_OUTCOME.search(before[-12:])) and not _OWN_ACT.search(before[-20:])
    before = clause[: hit.start]
    if hit.sense == "count" and hit.unit == "分":
        return True
    counted = hit.unit in ("起", "件", "元", "万元") or (
        hit.unit in ("户", "张", "个", "人", "名") and bool(_OFFENDERS.search(before))
    )
    if hit.sense != "count" or not counted or hit.comparator != "<=":
        return False
    return bool(hit.unit == "起" or re.search(r"案|损|警情|被骗|犯罪|违法", before)) and not _SOLVES.search(before)
