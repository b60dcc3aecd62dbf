"""Words with a number, a cadence or a day that ask for nothing: figures of speech, stories, descriptions, bundles."""

from wuzha.core.plan.phrases.amount import Hit
from wuzha.core.plan.phrases.quick import quick

_FIGURE = quick(
    r"一(?:批|系列|大批|整套|套)(?![^,]{0,8}次)|一(?:场|次|轮|波)(?:又一[场次轮波]|[^,、]{0,12}?(?:战争?|硬仗|攻坚|热潮|高潮|攻势|洗礼|浪潮|声势|接力))"
    r"|(?<!包)[打抓]一(?:个|场|批|出)|一盘棋|一张网|一股绳|一条心|一把手|一阵风|一刀切|一竿子|一窝蜂|一道(?:防线|屏障|关|墙)|一份(?:力|责任|心)"
    r"|一个(?:整体|平台|标准|声音|道理|方向|良好|重要)"
)
"""一批, 一场人民战争: one of something that nobody counts."""

_STORY = quick(
    r"某(?![项种类些一])|自称|谎称|来电称|对方(?:称|说|要求|以|告诉)|接到[^,]{0,12}(?:来电|电话|短信)|小[一-龥](?:收到|接到|被|在)"
    r"|信以为真|按照对方|先后转账|发现被骗|意识到|[认添]识?(?:一名|了一)|[赵钱孙李周吴郑王张刘陈杨黄][一-龥]?(?:某|女士|先生|大[爷妈姐])"
)
_HE = quick(r"(?:^|[,;。:“此年日晨晚后时])[他她](?![们人乡处国方])|给[他她][^,]{0,6}了")
_MUST = quick(r"要(?!求)|应当|须|请|确保|不得|务必")
"""A sentence in which he or she acts tells of a person, where nothing says what must be; 帮他走出阴影 does not."""
_DESCRIBES = quick(
    r"(?:很大|频繁|较多|较大|密集|巨大|庞大|集中|复杂|广泛|最近|最[大长旺忙]|最多|最广|较高|很高)$|穿梭|打交道|每[天日周月](?:都)?(?:有|面对|接触|接待|服务)"
    r"|日均[^,]{0,12}?(?:量|人次)|是(?:最|人群|重要|一个|我)"
)
_OPENS = quick(r"现将|特此|请(?:认真|遵照|结合)[^,]{0,12}(?:执行|落实)|印发给你们|转发给你们|下发给你们")
_SETS_DAYS = quick(r"(?:决定|定)(?:于|在|自|从)[^,。]{0,3}\d")
_PAPER = quick(
    r"^《?[^,。;:!?]{4,60}?(?:方案|计划|通知|办法|细则|意见|规定|要点|制度|安排表|标准|预案)》?(?:\(.{1,12}\))?$"
)
_PAPER_ENDS = frozenset("案划知法则见定点度表准》)")
"""The last signs of such a line: nearly every sentence ends in another."""
_PAPER_ACT = quick(r"报送|上报|制定|提交|印发|落实|执行|按照|按|报")
_SMALL = quick(
    r"(?:讲|说|问|送|发|装|贴|留|教|提醒|引导|指导|签|看|查|拍|扫|递|登记)[^,、一]{0,10}?一(?:[个份张条句次遍封声项本册点])"
)
_UNIT = (
    r"(?:村(?:\(社区\)|\(居\)|民)?|社区|学院|院系|商户|单位|网点|支行|班级|住户|家庭|个人|企业|学校|部门|乡镇|街道|客户|小区|派出所|科室|门店"
    r"|地区|地方|账户|人员|民警|干部|职工|员工|楼栋)"
)
_MEANT = quick(rf"的(?:[一-龥]{{0,4}}?、)?{_UNIT}(?:和[一-龥]{{1,6}})?$")
_DEMANDS = quick(
    r"每[周月季日天年]|不少于|不低于|至少|要|应|须|确保|力争|开展|组织|落实|覆盖|走访|入户|完成|建立|发放|张贴|培训|宣传"
)


def is_figure(words: str, hit: Hit) -> bool:
    """Whether the hit is one of something that nobody counts (一批作品, 打一场硬仗)."""
    if hit.sense != "count" or hit.value != 1 or hit.marker != "bare":
        return False
    return any(match.start() <= hit.start < match.end() for match in _FIGURE.finditer(words))


def is_bundle(words: str) -> bool:
    """讲一个案例、送一份折页、留一张卡: what is done at each door, and the name of none of it a number."""
    return len(_SMALL.findall(words)) >= 3


def tells_story(sentence: str) -> bool:
    """A case that is told (5月16日，某公司会计接到来电…)."""
    return len(_STORY.findall(sentence)) >= 2 or (_HE.search(sentence) is not None and not _MUST.search(sentence))


def describes(words: str) -> bool:
    """商户每天收款频繁: how things are."""
    return bool(_DESCRIBES.search(words))


def presents_paper(sentence: str) -> bool:
    """现将…方案印发给你们, or a line that is a paper's title and no more."""
    if _OPENS.search(sentence):
        return not _SETS_DAYS.search(sentence)  # 决定于7月5日至8月31日开展…, 现将有关事项通知如下
    return sentence[-1:] in _PAPER_ENDS and bool(_PAPER.match(sentence)) and not _PAPER_ACT.search(sentence)


def names_whom(words: str, hit: Hit) -> bool:
    """发案高于平均50%的学院: which of them are meant by what follows, where nothing is asked before 的."""
    match = _MEANT.search(words)
    return match is not None and hit.end <= match.start() and not _DEMANDS.search(words[: match.start()])
