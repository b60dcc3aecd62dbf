"""What kind of sentence it is: an act asked for, an open demand, a report of what was done, a consequence."""

import re

from wuzha.core.plan.phrases.amount import Hit
from wuzha.core.plan.reading import Class

_ACT = re.compile(
    r"开展|组织|举办|举行|召开|播放|宣传|宣讲|推送|发布|报送|上报|报(?=[^告纸刊])|送|填|张贴|悬挂|设置|设立|走访|入户|检查|督导|督查|核查|巡查|排查|抽查|通报|"
    r"更新|更换|培训|学习|发放|制作|转发|提醒|会商|研判|调度|汇总|总结|评估|评定|考核|落实|完成|建立|制定|成立|组建|签订|安装|部署|动员|回访|劝阻|"
    r"上街|进村|进校|讲|办|开|发|交|提交|撰写|刊发|统计|分析|研究|听取|集中|摸排|梳理|联系|见面|谈|拟定|印制|印发|布置|整改|验收|启动|进行|参加|推广|"
    r"公布|公开|巡逻|观看|摆放|发送|督办|提示|劝返|清查|核实|约谈|约见|审核|抽检|晾晒|命名|评选|表彰|选树|授牌|挂牌|讨论|点名|慰问|关怀|上线|投放|展播|循环|滚动|打卡|测试|答题|演练|普及|公示|反馈|更|维护|曝光|通过|创建|粉刷|达到|实现"
)
_PAST = re.compile(
    r"已(?!婚|有的)|截至|截止目前|以来|累计|共计|去年|上年|前期|升到|升至|增至|避免损失|成功(?!率)[^,]{0,10}\d|挽回|近年|年来|上半年发|先后|共(?=[^同产青享])|"
    r"取得了?|发生电信网络诈骗案件\d|了\d|呈"
)
_AGAINST = re.compile(r"(?:比|较|与|低于|高于|同|对比)(?:去年|上年)(?:度)?(?:同期)?")
_MODAL = re.compile(r"要|应|须|确保|力争|不少于|不低于|至少|达到|务必|请|完成|努力|争取|并于|实现|必须|一律|不得")
_VAGUE = re.compile(
    r"适时|定期|及时|经常性?|不定期|常态化?|第一时间|立即|尽快|随时|择机|显著|醒目|持续|明显下降|双下降|低于上年|两降|有效(?:遏制|减少|下降)|"
    r"大幅|逐步|专人|长期|适当"
)
_ASKS = re.compile(
    r"要|应|须|负责|牵头|组织|开展|确保|加强|强化|推送|发布|更新|落实|督促|指导|制作|报道|检查|培训|实现|发送|建立|投放|指定|反馈"
)
_REPORT_TITLE = re.compile(r"简报|总结|汇报|情况报告|工作报告|动态|工作信息|综述|成效|快讯|情况通报|调研报告")
_NEWS_TITLE = re.compile(r"筑牢|多措并举|多举措|守护|织密|掀起|召开|助力|谱写|见成效|亮点")
_DONE_HEADING = re.compile(r"(?:成效|工作进展|进展情况|工作回顾|主要做法|存在的?问题|形势分析|基本情况)$")
_PLAN_TITLE = re.compile(r"方案|计划|通知|办法|意见|安排|规定|细则|制度|要求|责任书|标准|指引|要点|任务")
_CONSEQUENCE = re.compile(
    r"奖励|表彰|扣分|加分|扣\d|问责|约谈|通报批评|红黄牌|一票否决|取消.{0,8}资格|挂牌整治|罚款|追责|限期整改"
)
_CRITERIA = re.compile(
    r"(?:创建|达标|评定|命名|认定|验收|评选|申报)(?:的)?(?:标准|条件|要求|指标)|(?:标准|条件)$|无诈.{0,10}标准"
)
_PER_EVENT = re.compile(
    r"每(?:次|场|期|批)(?:宣传|活动|培训|宣讲|会议)?[^,]{0,12}(?:简报|照片|图片|信息|记录|台账|总结|资料|影像|签到)"
)
_OUTCOME = re.compile(r"(?:率|覆盖面|宣传面|度|水平|比例|占比|意识)(?:[^,]{0,4})$")
_EVIDENCE = re.compile(
    r"[(（]?(?:须含|附|并附|含|附上|留存|收集|保留)(?:相关|有关|活动)?(?P<what>[^,()。;]{0,24}(?:图片|照片|数据|材料|资料|记录|佐证|截图|视频|影像)[^,()。;]{0,8})"
)


def has_act(clause: str) -> bool:
    """Whether the clause says something to do, so that a cadence or a date in it is a demand."""
    return bool(
        _ACT.search(
            re.sub(r"宣传(?:月|周|日|栏|标语|重点|工作)|集中宣传|在[^,]{1,30}(?:场所|区域|期间|地)$", "", clause)
        )
    )


def is_past(clause: str) -> bool:
    """Whether the clause tells what has been done or reached, which asks for nothing."""
    plain = _AGAINST.sub("", clause)
    return bool(_PAST.search(plain)) and not _MODAL.search(_PAST.sub("", plain))


def is_vague(sentence: str) -> bool:
    """Whether a sentence asks, but leaves time or amount open."""
    return bool(_VAGUE.search(sentence) and _ASKS.search(sentence) and not is_past(sentence))


def is_consequence(sentence: str) -> bool:
    return bool(_CONSEQUENCE.search(sentence))


def is_report_title(title: str) -> bool:
    """Whether a document of this title tells what was done and asks for nothing."""
    told = _REPORT_TITLE.search(title) or _NEWS_TITLE.search(title)
    return bool(told) and not _PLAN_TITLE.search(title)


def is_done_heading(heading: str) -> bool:
    """Whether what stands under a heading (主要成效, 进展情况) tells and does not ask."""
    return bool(_DONE_HEADING.search(heading.rstrip("。:")))


def is_criteria_heading(heading: str) -> bool:
    return bool(_CRITERIA.search(heading.rstrip("。:")))


def find_event_evidence(clause: str) -> bool:
    """Whether the clause only says what to keep of each event (每次宣传需撰写简报)."""
    return bool(_PER_EVENT.search(clause))


def find_evidence(clause: str) -> str | None:
    match = _EVIDENCE.search(clause)
    return match["what"] if match else None


def choose_class(clause: str, hit: Hit | None, criteria: bool) -> Class:
    """duty, target (an outcome), criterion (of a title) or consequence (points, rewards)."""
    if hit and (hit.sense == "points" or (hit.unit in ("元", "万元") and re.search(r"奖|罚|给予|补", clause))):
        return "consequence"
    if criteria:
        return "criterion"
    if hit and is_outcome(clause, hit):
        return "target"
    return "duty"


def is_outcome(clause: str, hit: Hit) -> bool:
    """Rates, cases and losses are outcomes; what a body can simply do is a duty."""
    if hit.sense == "change" or (hit.sense == "zero" and hit.marker != "一律不得"):
        return True
    if hit.sense == "ratio":
        before = re.sub(
            r"(?:均|都|分别|要|须|应|达|到|为|力争|争取|确保|至少|不低于|不少于|控制在|不超过|超过|保持在)+$",
            "",
            clause[: hit.start],
        )
        return clause.startswith("其中") or bool(_OUTCOME.search(before[-8:]))
    return hit.sense == "count" and hit.unit in ("起", "万元") and bool(re.search(r"案|损", clause))
