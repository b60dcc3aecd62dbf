"""Who is asked: the body at the head of a clause, in a label before a colon, in a list of responsible bodies."""

import re
from dataclasses import dataclass

from wuzha.core.base.numerals import fold

_SUFFIX = (
    r"(?<!农)(?<!乡)(?<!进)村|社区|乡镇|(?<![城村])镇|街道|学校|中小学|小学|中学|高中|初中|高校|大学|院校|幼儿园|校园|银行|派出所|大队|中队|支队|总队|"
    r"局|(?<![举主承开督查交协申补])办|办公室|委|(?<![内全外局大])部|部门|单位|中心|科|室|所|站|院|院系|团|团委|妇联|工会|商会|协会|运营商|企业|公司|集团|物业|小区|酒店|宾馆|旅馆|旅馆业|网吧|"
    r"网点|网格|网格员|网格长|民警|辅导员|班主任|教师|员工|职工|干部|党员|志愿者|协管员|宣传员|宣讲员|联络员|负责人|村委|村委会|居委会|村委员会|小组|"
    r"宣传队|工作队|宣讲队|专班|党委|政府|党支部|支部|支行|分行|网信办|法院|检察院|媒体|机关|医院|卫生院|学院|班级|商户|商场|超市|场所|市场|窗口|"
    r"基层组织|社会组织|党组织|村组|村\(社区\)|村\(社\)|社|园区|景区|车站|楼长|户长|经理|柜员|理事会|联盟|管委会|乡|分局|系统|行业|警务室|学工处|学生处|保卫处|后勤处|教务处|办事处|财务处|处室|(?<=[各每])(?:班|系|院|科|处|校)|信用社|邮政"
)
_FOLLOW = (
    r"要|应|须|需|必|负责|牵头|每|在|于|至少|不少于|原则|对|将|把|以|按|会同|联合|配合|组织|开展|利用|通过|结合|依托|督促|指导|务|均|都|分别|具体|"
    r"主要|定期|适时|及时|成立|组建|建立|制定|拟定|进|深入|上门|走|完成|悬挂|张贴|设|播放|发放|举|召|安排|确定|明确|报|上报|填|向|根据|围绕|面向|"
    r"逐|全|一律|可|协助|统筹|推送|发布|签|印|展|摆|做|办|开|签订|参加|安装|集中|确保|加强|强化|落实|充分|认真|积极|切实|严格|年|周|月|实行|"
    r"为|与|和各|包|是|作为|实现|做到|达到|推动|参与|举行|进行|使用|保持|包括|同|自|承担|协调|制作|撰写|选|聘|培|抽|检查|巡查|走访|入户|排查|摸排|跟进|照|请|自行|持续|先|立即|同步|共同|着重|重点|最|\d"
)
_END = re.compile(rf"(?:{_SUFFIX})(?:\([^()]{{1,40}}\)办?)?(?:等(?:部门|单位|行业|场所|机构|人员)?)?(?={_FOLLOW})")
_LEAD = re.compile(
    r"(?:[一二三四五六七八九十]是|同时|另外|此外|其中|其次|首先|最后|由|请|要求|原则上|并|且|即|\([^)]{1,8}\)|[\"“])*"
)
_NO_ACTOR = re.compile(
    r"(?:要|开展|加强|强化|坚持|充分|深入|积极|全面|进一步|切实|努力|确保|督促|指导|组织|对|以|通过|利用|结合|按照?|围绕|依托|针对|根据|为|把|将|"
    r"从|向|面向|聚焦|在|于|推动|推进|落实|建立|健全|完善|提高|提升|发挥|发动|动员|引导|营造|形成|构建|设立|设置|制定|制作|张贴|悬挂|发放|走进|"
    r"深化|压实|紧密|紧紧|广泛|大力|重点|集中|逐|不|有效|实现|力争|争取|报|送|进|到|成立|组建|选|协调|配合|宣传(?!部|办|股|科|委)|教育引导|"
    r"巡查|检查|排查|抽查|走访|入户|举行|召开|举办|推送|发布|转发|播放|更新|培训|培养|选派|安排|确定|明确|完成|做到|参加|上报|填|收集|梳理|掌握|紧盯|制止|处置|优化|扩大|拓展|丰富|增强|运用|利用|借助|抓住|活动|每[年月周天日季半晚]|年|全年|力|扣|奖|罚|配|评选|选树|启动|开设|打造|接到|公布|实行|执行|邀请|联合|会同|及时|定期|适时|继续|严格|认真|牢固|没有|无|未|凡|若|如|打击|防范|电信|提醒|实行|突出|统筹|抓|做|开|办|讲|播|签|印)"
)
_VERB_INSIDE = re.compile(
    r"要求|[,;:。]|由|[一二两三四五六七八九十\d][名支次场]|担任|进行|负责|开展(?!办)|(?<![层会党益])组织(?!部|委)|确保|通过|利用|必须|宣传[^部办股科委员队]|落实|全面|覆盖|包[镇村片户组]|的(?!单位|行业|部门|企业|场所|成员)"
)
_RESPONSIBLE = re.compile(
    r"[(]?(?:责任|牵头|主办|承办|落实|负责)(?:领导|单位|部门|科室|人)[:：](?P<who>.{1,300}?)[,、。;)]*$"
)
_PLACE = re.compile(
    r"在((?:[一-龥()]{0,6}(?:学校|中学|小学|中小学|幼儿园|校园|企业|银行|网点|医院|酒店|宾馆|社区|小区|(?<!农)村)[、和及]?){1,5})[,内中]?(?=,|每|至少|$)"
)
_COMMAND = re.compile(
    r"(?:组织|安排|发动|动员)(?P<who>[^,;。:]{2,50}?(?:干部|民警|网格员|志愿者|助理|力量|队员|党员|教师|员工))等?(?=,|进|入|深入|上门|开展|对|到|走|逐|每|在|$)"
)


@dataclass(frozen=True, slots=True)
class Actor:
    """``start`` to ``end`` is its place in the folded clause. An ``agent`` (由…推送) acts for somebody else's duty."""

    start: int
    end: int
    agent: bool = False


def find_subject(clause: str, skip: int = 0) -> Actor | None:
    """The body at the head of a comma clause, behind connectives and behind ``skip`` characters of time words."""
    lead = _LEAD.match(clause, skip)
    start = lead.end() if lead else skip
    if place := _PLACE.match(clause, start):
        return Actor(place.start(1), place.end(1))
    if command := _COMMAND.match(clause, start):
        return Actor(command.start("who"), command.end("who"))
    if start >= len(clause) or _NO_ACTOR.match(clause, start):
        return _find_agent(clause)
    for match in _END.finditer(clause, start, start + 90):
        words = clause[start : match.end()]
        if not _is_list_of_bodies(words):
            return _find_agent(clause)
        return Actor(start, match.end(), agent=clause[skip:start].endswith("由"))
    alone = (
        len(clause) - start <= 40 and not re.search(r"[将把报送填完]", clause[start:]) and find_label(clause[start:])
    )
    return Actor(start, len(clause)) if alone else _find_agent(clause)


def _find_agent(clause: str) -> Actor | None:
    """黄色预警由村（社区）走访: the body behind 由 in the middle of a clause."""
    start = clause.find("由") + 1
    match = _END.search(clause, start, start + 60) if start else None
    if match is None or _NO_ACTOR.match(clause, start) or not _is_list_of_bodies(clause[start : match.end()]):
        return None
    return Actor(start, match.end(), agent=True)


def _is_list_of_bodies(words: str) -> bool:
    plain = re.sub(r"\([^()]*\)", "", words)
    parts = re.split(r"[、,]|以及|和|及|与", plain)
    if re.fullmatch(r"[全我本].?[县市区乡镇街道社村]{1,2}", plain):
        return False
    return 0 < len(plain) <= 60 and not _VERB_INSIDE.search(plain) and all(len(part) <= 24 for part in parts)


def find_label(words: str) -> str | None:
    """The body in a heading or before a colon (派出所:, 各乡镇职责), or None when the heading names something else."""
    written = re.sub(r"(?:工作)?(?:职责|任务|分工)$", "", words.strip(" 。：:，,“”"))
    plain = fold(written)
    if not plain or len(plain) > 60 or _NO_ACTOR.match(plain) or _VERB_INSIDE.search(plain.replace(",", "、")):
        return None
    parts = [part for part in re.split(r"[、,]|以及|和|及", re.sub(r"\([^()]*\)", "", plain)) if part]
    return written if parts and len(parts[-1]) <= 30 and _LABEL.fullmatch(parts[-1]) else None


_LABEL = re.compile(rf".{{0,28}}?(?:{_SUFFIX}|成员单位|负责同志|校长|行长|村民|人员)")


def find_responsible(sentence: str) -> str | None:
    """The bodies of （责任单位：…）."""
    match = _RESPONSIBLE.search(fold(sentence))
    return sentence[match.start("who") : match.end("who")].strip("、，,；;。）) ") if match else None
