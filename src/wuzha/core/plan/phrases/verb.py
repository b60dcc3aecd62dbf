"""Which of the seven verbs of the plan language a demand is, and of what: an event, a site, a filing, an indicator."""

import re

from wuzha.core.plan.reading import Demand

Choice = tuple[str | None, str | None]

_INDICATORS = (
    ("high_loss_cases", r"高损|大额案件"),
    ("losses", r"案损|损失|涉案金额|被骗金额"),
    ("cards", r"两卡|银行卡|电话卡|涉案账户"),
    ("return_rate", r"劝返|核减|回流"),
    ("awareness", r"知晓|识骗|满意"),
    ("cases", r"发案|案件|警情|立案|案发|被骗|诈骗行为|涉诈行为"),
    ("coverage_rate", r"覆盖率|覆盖面|宣传面|普及率|率"),
)
_SITES = (
    ("hoarding_advert", r"围挡"),
    ("advert", r"公益广告|广告"),
    ("banner", r"横幅|条幅"),
    ("slogan", r"标语"),
    ("board", r"宣传栏|版面|展板|公示栏|公告栏|宣传牌|警示牌|提示牌|告示牌|宣传墙|板报"),
    ("poster", r"海报|挂图"),
    ("screen", r"显示屏|电子屏|LED屏|屏幕"),
)
_FILINGS = (
    ("briefing", r"简报|信息稿|工作信息"),
    ("plan_filing", r"(?:报|送|交|制定|备案).{0,12}(?:方案|计划)|(?:方案|计划).{0,8}(?:报|送|交|备案)"),
    ("progress_table", r"情况表|活动情况|进展|开展情况|总结|台账|统计表|工作情况|报表|数据|情况"),
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
    ("campaign_month", r"宣传月|宣传周|活动月|阶段|宣传日"),
    ("training", r"培训|演练"),
    ("showing", r"放映|电影"),
    ("broadcast", r"滚动播放|大喇叭|广播|LED|循环播放|播放|音视频"),
    ("talk", r"宣讲|讲座|授课|讲堂|开讲|课|宣讲会|进校园|进企业"),
    ("inspection", r"督导|检查|督查|抽查|巡查|暗访|核查"),
    (
        "meeting",
        r"会议|例会|联席会|调度会|部署会|分析会|会商|通报|研判|调度|召开|考核|评定|季度评|评比|小结|专题会|座谈",
    ),
    ("posting", r"推送|转发|发布|短信|朋友圈|微信|公众号|推文|信息"),
    ("pledge", r"承诺书|责任书|倡议书|签订|签"),
    ("leaflet", r"明白纸|手册|一封信|告知书|宣传单|传单|折页|宣传资料|宣传品|发放"),
    ("visit", r"入户|上门|走访|挨家|逐户|扫楼|见面"),
    ("rally", r"集中宣传|宣传活动|上街|设点|摆摊|活动|宣传"),
)
_POPULATIONS = (
    ("student", r"学生|师生|班级|学校师生"),
    ("staff", r"员工|职工|干部|教职工|民警|员"),
    ("outlet", r"网点|营业厅|门店|店|商户|商铺"),
    ("venue", r"场所|小区|社区|学校|单位|企业|酒店|宾馆|商场|行业|村"),
    ("household", r"(?<![客商用账开])户|家庭"),
    ("resident", r"居民|群众|村民|人|群体|对象"),
)


def _table(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, re.compile(pattern)) for code, pattern in rows)


_INDICATOR, _SITE, _FILING = _table(_INDICATORS), _table(_SITES), _table(_FILINGS)
_EVENT, _POPULATION = _table(_EVENTS), _table(_POPULATIONS)
_HANDS_IN = re.compile(r"报送|上报|报至|报|送|交|填写|填报|撰写")
_REGISTER = re.compile(
    r"(?:高危|中危|低危|[高中低]风险|[高中低]等级|重点人员|人员).{0,12}(?:核查|检查|见面|走访|回访|管控|谈话)|一人一档|一人一策"
)
_UNLISTED = re.compile(r"客户|用户|旅客|顾客|患者|转账|账户|线索|of [笔单件案车间台]$")
"""Populations that no unit keeps a figure of, so that a share of them cannot be counted."""

_HOUSEHOLD_RATE = re.compile(r"入户(?:宣传|走访|宣讲|发放)?(?:率|覆盖率|覆盖面|面)")


def choose_verb(demand: Demand) -> Choice:
    """The verb and its object, each None where nothing fits; what the quote says comes before what it implies."""
    words = f"{demand.quote}{demand.action}"
    if demand.class_ == "consequence":
        return None, None
    if _HOUSEHOLD_RATE.search(demand.measure or demand.quote) and (demand.unit or "").startswith("ratio"):
        return "cover", "household"
    if _is_outcome(demand):
        return "attain", _find(_INDICATOR, demand.measure) or _find(_INDICATOR, words)
    if _REGISTER.search(words):
        return "check", "followup"
    if demand.per and "米" in demand.per:
        return "space", _find(_SITE, words) or "advert"
    return _choose_by_shape(demand, words)


def _is_outcome(demand: Demand) -> bool:
    if demand.class_ == "target" or (demand.unit or "").startswith("relative change"):
        return True
    return demand.class_ == "criterion" and (demand.quantifier == "zero" or "率" in demand.measure)


def _choose_by_shape(demand: Demand, words: str) -> Choice:
    site = _find(_SITE, words)
    if (demand.unit or "").startswith("ratio of"):
        return _choose_share(demand, words, site)
    if site and not re.search(r"滚动|循环|播放|推送|转发|发放", words):
        return "keep", site
    if filing := _find_filing(demand, words):
        return "file", filing
    event = _find(_EVENT, words)
    return ("do", event) if event else (None, None)


def _choose_share(demand: Demand, words: str, site: str | None) -> Choice:
    if site and demand.value is not None and demand.value < 1:
        return "keep", site
    if _UNLISTED.search(demand.unit or ""):
        return None, None
    base = _find(_POPULATION, demand.unit or "") or _find(_POPULATION, words)
    return ("cover", base) if base else (None, None)


def _find_filing(demand: Demand, words: str) -> str | None:
    """Something handed in: a paper, to somebody or by a day."""
    if not _HANDS_IN.search(words) or re.search(r"报道|播报|海报", words):
        return None
    return _find(_FILING, words)


def _find(table: tuple[tuple[str, re.Pattern[str]], ...], words: str) -> str | None:
    return next((code for code, pattern in table if pattern.search(words)), None)
