"""All and none: 全覆盖, 逐户, 每人, 不漏一人, 一人一档, 零发案, 一律不得. Patterns hold on one folded comma clause."""

import re
from collections.abc import Iterator
from fractions import Fraction

from wuzha.core.plan.phrases.amount import Hit
from wuzha.core.plan.phrases.quick import Table, list_signs, quick

_POPULATION = (
    r"村|社区|户|学校|校园|网点|单位|企业|公司|学生|师生|员工|职工|教师|群体|场所|小区|商户|门店|店铺|商铺|宾馆|酒店|旅馆|居民|村民|群众|家庭|"
    r"转账|账户|业务|线索|工人|患者|司机|摊位|车辆|出租房|人员|行业|乡镇|街道|网格|楼栋|班级|宿舍|老年人|未成年人|家长|干部|客户|银行|营业厅|医院|市场|商圈|辖区|行政村|车站|点位|新生|病人|病区|家属|业主|租户|从业者|住户|房屋|网约房|工地|老人|受害人|对象|设备|电梯|旅客|乘客|顾客|游客|消费者|代理点|窗口|租客|保安|预警电话|预警指令|警情|车间|班组|科室|寝室|教室|病房|工段|班次|航班|车次|船舶|渔船|港口|码头|楼道|单元|摊区|铺面|柜台|柜面|屏幕|校车|面单|包裹|快件|部门|岗位|渠道|站点|片区|楼宇|园区|教职工|党员|农户|农场|合作社|农资店|药店|网吧|驿站|景区|民宿|厂区"
)
_HAS_POPULATION = quick(_POPULATION)
_LISTABLE = (
    r"(?:人(?!心)|户|家(?!长)|村|社区|校|班|店|企|网点|名[一-龥]{0,12}?|位[一-龥]{0,8}?|户家庭|个(?:[一-龥]{2}(?=小区|企业|商户|市场))?(?:村|社区|行政村|网格|单位|学校|班级?|小区|"
    r"网点|家庭|企业|宿舍|乡镇|部门|楼栋|门店|支部|岗位|院系|商户|网格员|窗口|派出所|楼道|单元|车间|病区|班组|新生|住院病人|病人|业主|住户|租户|出租房|站点)|所学校|栋楼|部电梯|"
    r"台(?:自助|ATM|取款)|辆(?:公交车?|出租车?|客车|校车|车)|间(?:教室|宿舍|办公室|客房)|家(?:企业|单位|银行|酒店|商户|门店|商铺))"
)
_ACTS = (
    r"签|装|注册|下载|关注|训|学习|参加|参与|到场|覆盖|登记|建档|见面|走访|入户|上门|排查|排摸|摸排|宣传|宣讲|发放|张贴|播放|设置|测试|答题|"
    r"回访|劝阻|告知|明确|核查|联系|谈话|约谈|转发|进群|入群|纳入|开展|落实|生成|制作|建立|配备|悬挂|听课|过一遍|讲|开|办|组建|成立|设立|制定|印发|发送|提醒|讲解|推送|写|粘贴|加入|接受|领取|收到|配发|备注|核实|核验|核对|复核|比对|约见|帮扶|评估|见人|走到|走遍|看到|问到|敲到|敲门|讲到"
)
_ONE_EACH = quick(
    r"(?P<all>(?<![统唯同专逐第])一(?P<per>(?![月周日天年季次样般个时旦起直边面定点对一同共些种切致言举草老早升来问查])[一-龥](?=一)|人|户|村|校|企|案|店|网点|楼栋?|栋|车|班|单位|网格|小区|社区|岗|街|行|家|生|宿舍|事|房|台|机|窗|梯|柜|桩|楼道|电梯|船|亭|灶|店铺|商铺|摊位|座|柱|床|门|棚|矿|港|渡口|路|庭|师|教室|寝室|车间|班组|工地|小组|岗位|账户|铺|摊|室|站|厂|客|桌|厅|镇|乡|街道|县|"
    r"屋|院|组|单元|园区|园|馆|点|部门|行业|机构|科室|矿|支部|学院)"
    r"一(?P<unit>档|策|专班|册|卡|表|警|码|员|书|群|方案|台账|案|队|宣|访|案例|阵地|品牌|特色|牌|栏|屏|喇叭|课|份|单|顾问|长|函|包|信|对策|措施|办法|"
    r"贴|标识|图|榜|专栏|团队|专干|民警|骨干|承诺|预案|手册|清单|计划|告知|倒查|复盘|剖析|分析|通报|总结|约谈|督办|研判|反馈|建议|角|张|本|封|块|幅|条|支|站|点(?!一滴)|岗|长制|二维码|海报|折页|立牌|展板|展架|提示|核|谈话?|回访|验|讲(?<!事一讲))案?)"
)
_TOTAL = (
    (
        rf"^(?:全体|所有|全[校院行镇村县区])[一-龥]{{0,4}}?(?:{_POPULATION}|师生|教职工|干部职工|党员)(?=[^,]{{0,16}}?(?:统一|集中)?(?:参加|签|安装|注册|测试|答题|接受|完成|观看|学习))",
        False,
    ),
    (r"(?<!大)(?<!方位)(?<!方位[、,])全覆盖(?!的|、|式|”)", True),
    (
        r"全员(?=[^,]{0,6}?(?:签|装|注册|下载|训|学习|参加|参与|加入|入群|进群|接受|通过|覆盖|测试|答题|上岗|宣誓|到位))",
        False,
    ),
    (r"(?<![\"“])应([一-龥])尽\1", True),
    (r"全量(?=[^,]{0,4}?(?:排查|复核|核验|核实|核查|筛查|清理|登记|建档|走访|回访))", True),
    (r"逐(?:户|人|家|个|村|楼|栋|店|班|校|企|层|门|商户|单位|寝室|宿舍)(?!击|步|级|项|年)", False),
    (
        r"每[张份封本件盒箱袋瓶](?!人)[一-龥]{1,6}?(?:背面|正面|封面|首页|上|里|内|外)?(?=(?:都|均|要|应|须){0,2}(?:印|贴|附|夹|盖|注|加[印贴注附]))",
        False,
    ),
    (r"一([户村家店楼栋人个笔件班车间条组层])一\1地?(?=[一-龥]{1,6})", False),
    (
        r"逐(?:[笔间车单件台摊铺组片生案起宗所座栋岗批份床位梯]|条(?!落实|分解|研究)|项(?=复核|核[查对实验]|检查|验收|打分))(?=[一-龥])",
        False,
    ),
    (
        r"(?<![个种项“])一律(?=[^,]{0,20}[一-龥]{2})(?!不|严禁|禁止|免|平等|取消|追|问责|视为|按|从严|从重|扣|通报|约谈|停|清退|暂停|倒查|依|挂断|拒接|拒绝(?!办理|受理)|解除|开除|是|都是)",
        False,
    ),
    (
        r"(?<!家家)(?:户户|人人|村村|家家|校校|店店|班班|车车|户户人人)(?=签|参加|参训|接受|过关|安装|注册|测试|见面|领|承诺|收到|张贴|学[习完]|训)",
        False,
    ),
    (r"(?:案件|警情|账户)一律倒查", False),
    (rf"逐一(?!落实|分解|细化|研究|推进|整改|压实|对照|破解|解决)(?=[^,]{{0,12}}?(?:{_ACTS}))", False),
    (
        r"挨家挨户|挨户|挨门逐户|"
        r"(?<!家家)(?:户户|村村|校校|店店|组组|班班|楼楼|岗岗|网点网点|院院|厂厂|站站|所所|企企|铺铺|园园|车车|生生|屋屋|屏屏|柜柜|窗窗|站站)(?=[有见设建到开讲上办贴挂播查过学演摆留送问签])",
        False,
    ),
    (r"(?:家家|户户)(?:门口|门上|门前|门框|家中)(?=[一-龥]{0,2}[贴挂张有])", False),
    (
        r"(?:件件|笔笔|单单|起起|条条|案案|张张|台台)"
        r"(?=[一-龥]{0,3}?(?:反馈|回复|核|查|回访|复盘|登记|签收|处置|见面|办结|提醒|问|录入|销号))",
        False,
    ),
    (r"无一例外|全程(?:同步)?(?:录音|录像)", False),
    (r"[两三四五六\d]类[一-龥]{2,6}?(?:均|都|全部)(?:要|须|应当?|必须)(?=[一-龥]{2})", False),
    (r"覆盖(?:到)?每一?[个部台辆栋间处座户家所条][一-龥]{1,8}", False),
    (
        r"每一?[笔起件宗单][^,每]{1,16}?(?:须|均|都|要|应|必须|一律)(?=[^,\d]{0,8}?(?:核|查|问|回访|见面|登记|确认|比对|复盘|录入|上报))",
        False,
    ),
    (r"人手一(?:份|册|本|张|码|卡|单)", False),
    (
        r"不[漏落少]一(?:人|户|家|村|店|个|间|车|校|企|处|楼)|一(?:人|户|家|个|村|间|店|校|企|名|张|份|笔)[一-龥]{0,5}?[都也]?不(?:能|得|可|许|要)?[漏落少](?![于钱])|一[个人名户件笔家条][都也]?不(?:能|得|可)?放过",
        False,
    ),
    (r"到(?:每一?[个名户家位](?:人|户|家庭|村|学生|员工)?)(?!角落)", False),
    (
        r"全部(?=[^,]{0,4}?(?:签|安装|注册|下载|覆盖|见面|培训|参训|参加|关注|张贴|设[置立]|配备|悬挂|播放|走访|完成|[评查讲走签装训考][完到]|登录|答题|观看|收看|收听|到课|听课|学[习完]|纳入|加入|建立|入群|知晓|"
        r"建成|达标|完工|进行|询问|建档|走到|下沉|参与|到岗|到位|上门|发放|回收|登记|核查|排查|清理|接受|通过|注销|更换|粘贴|[核检复排查清][验查对核理]完毕))",
        True,
    ),
    (
        r"(?:^|(?<=[在对向给为将把]))(?:全部|所有)(?!都)[一-龥]{2,6}?(?=(?:都|均|一律|统一|须|要|应|必须){0,3}(?:加[注印贴装盖挂设]|印[有上制]|贴[有上好]|张贴|粘贴|标注|注明|附[有上带]|植入|嵌入|绑定|覆盖|更[换新]|换|接入|纳入|设置?|安装|装|配备?|盖|打上|开通|播放?|摆放|悬挂|挂[上好牌])(?:[^的]|$))",
        False,
    ),
    (rf"(?:全体|所有)(?:{_POPULATION}|教职工|党员|干部职工|干部员工)(?=签|参加|参训|安装|注册|接受|到场)", False),
    (
        rf"(?:面向|组织|对|向|要求|与|动员|督促|确保)?(?:全体|所有|全[校院行镇村县区])[一-龥]{{0,4}}?(?:{_POPULATION}|师生|教职工|干部|干部职工|干部员工|党员)"
        rf"[^,]{{0,9}}?(?:必须|均|都|须|要|应|每人|全部)[^,]{{0,8}}?(?:{_ACTS})",
        False,
    ),
    (
        r"(?:面向|组织|对|向|与)(?:全体|全校|全院|全行|所有)[一-龥]{2,8}?(?:开|签|参加|参与|收看|观看|训|讲|测试|进行|发[送放]|寄|推送|致)",
        False,
    ),
    (
        rf"(?:对|为|向|组织)[一-龥]{{0,6}}?(?:全部|所有)的?[一-龥]{{0,6}}?(?:{_POPULATION})[^,]{{0,4}}?(?:进行|开展|实施|走访|排查|宣传)",
        False,
    ),
    (
        rf"(?:全体|所有)[一-龥、]{{0,16}}?(?:{_POPULATION}|员)(?:\([^)]*\))?(?=(?:必须|均|都|须|要|应)[^,]{{0,20}}?(?:{_ACTS}|完成))",
        False,
    ),
    (r"(?<=[前日底])(?:都|均)(?:要|须|应|得)(?=[一-龥]{1,4})", True),
    (
        r"(?:办理|返乡|回乡|返校|回来|来|到|开户|新增|入职|入住|排查|发现|出现|入网|接待|登记)一(个|户|人|笔|家|单|批|名|例)、?[一-龥]{1,4}一\1",
        False,
    ),
    (rf"(?:在|对|向|为)全部[一-龥]{{0,6}}?(?:{_POPULATION})[^,]{{0,8}}?(?:{_ACTS}|投放|推广)", False),
    (
        rf"(?:给|为|在|把|将)(?:辖区|本[村校行院])?(?:全部|所有)的?[一-龥]{{1,8}}?(?=(?:更换|更新|加装|安装|喷涂|投放|{_ACTS}|贴|挂))",
        False,
    ),
    (r"覆盖(?:到)?(?:全部|所有|全体)(?!人群|角落|群体|领域|方面|环节|年龄)[一-龥]{1,8}", False),
    (rf"\d{{1,6}}[个家所名户座][一-龥]{{1,8}}?(?:全部|均|都)(?=[^,]{{0,8}}?(?:{_ACTS}|设立))", False),
    (rf"(?:走完|走遍|跑遍|完成|覆盖)[^,]{{0,8}}?(?:全部|所有|全体)[一-龥\d]{{0,8}}?(?:{_POPULATION})", False),
    (
        r"每[个部台辆栋间处座扇条][一-龥]{1,6}?(?:[、和及]每[个部台辆栋间处座扇条][一-龥]{1,6}?){0,3}"
        r"(?:旁|口|内|里|上|前|处)?(?=(?:都|均)?(?:须|要|应|必须)(?:都|均)?[有设挂贴放配])",
        False,
    ),
    (
        r"(?:对|向|为|给|与|同|请|让|帮|替|陪)每一?[名位个户家][一-龥]{2,12}?(?=(?:都|均|要|应|须|当面|逐[一项条]|上门|电话|现场|及时|先|再|主动|口头){0,3}"
        r"(?:宣读|宣讲|讲|说|提示|提醒|告知|询问|问|核|查|登记|发|送|赠|贴|签|回访|走访|见面|谈|教|演示|安装|联系|介绍|测|填|做|打|回电|播))",
        False,
    ),
    (rf"(?:为|与|给|对|向|在|针对)?每(?:一)?{_LISTABLE}(?=[^,每]{{0,24}}?(?:{_ACTS}))", False),
)
_TOTALS = Table((pattern, (quick(pattern), needs)) for pattern, needs in _TOTAL)
SOMEBODY = "对象"
"""The population of a totality that does not name it."""

_QUOTED = quick(r"^(?:按照|坚持|遵循|本着|秉持|树立|构建|健全|形成)")
_EACH = quick(r"每(?:一)?(?:人|户|名|位|家|个|村|校|班)")
_PRINCIPLE = quick(r"[^,]{0,8}[”\"]?的?(?:原则|要求|思路|格局|理念|体系|工作机制|模式)")
"""“分级负责、全员参与”的原则: how the work is meant, and nothing counted."""

_SLOGAN = quick(
    r"每个角落|每[一个位]*人(?:的)?心[里中坎]|人心|家喻户晓|人人皆知|人尽皆知|死角|千家万户|正确识别|掌握|全方位[、,]?$|成为[^,]{0,12}者|全天候、|钱袋子"
)
_HARM = (
    r"案|被骗|受骗|涉诈|事件|两卡|银行卡|电话卡|账户|漏报|瞒报|迟报|漏管|失控|脱管|流失|出境|"
    r"出租|出借|出售|买卖|伤亡|自杀"
)
_BLANK = (
    r"空白[村户点校]|遗漏|漏管|失控|脱管|投诉|舆情|发案|案件|案发|被骗|受骗|警情|损失|差错|"
    r"(?:违[规法]|不良)(?:违纪)?记录|挂牌整治情形"
)
"""What a goal of none speaks of; 杜绝形式主义 is discipline and cannot be counted."""
_ZERO = (
    (
        r"(?:发生率?|起数|次数|人数|件数|数量?|案(?=为[零0])|[”\"]案|案件|损失|发案|警情)(?:保持|控制|确保|力争|始终)?(?:为|是|达到|在)(?:0|零)(?![.\d%‰点]|距离|容忍)",
        "零",
    ),
    (r"(?:案件|警情|发案|被骗|涉案|损失|投诉|失误|事故|人员|账户|违规|卡|户数)零(?:发生|发案|新增|增长|出现)", "零"),
    (r"率(?:保持|控制|确保|力争|始终)?(?:为|是|达到|在)(?:0|零)(?![.\d%‰点]|距离|容忍)", "零"),
    (
        r"(?:实现|做到|保持|达到|完成|动态)(?:动态)?清零|(?:案件|警情|发案|窝点|账户|隐患)(?:动态|全部|基本)?清零",
        "清零",
    ),
    (rf"杜绝[^,]{{0,20}}?(?:{_HARM})[^,]{{0,16}}?(?:发生|出现|行为|案件|事件|现象|情况)(?:的?(?:发生|出现))?", "杜绝"),
    (r"坚决(?:防止|避免)(?:再次?)?(?:发生|出现)[^,]{0,14}(?:案件|事件|事故|被骗)", "防止发生"),
    (
        r"(?:不[得许准能]|不允许|绝不)(?:再)?(?:有|新增|出|出现)(?:一|任何|半)?[名个人起例户]?(?=[^,]{0,10}?(?:出境|偷渡|境外|从事|参与|搞))",
        "一律不得",
    ),
    (rf"(?<!一律)不(?:得|准|能|允许)(?:再)?(?:发生|出现|新增)(?=[^,]{{0,24}}?(?:{_HARM}))", "不发生"),
    (rf"(?<![有毫])无(?:新增|重大|有效|负面|电诈|涉诈|电信网络诈骗)?(?:{_BLANK})(?=$|[、的“”])", "没有"),
    (
        r"零(?:发案|案件|案发|被骗|受骗|损失|发生|新增|外流|出境|涉案|犯罪|诈骗|警情|电诈|事故|失误|投诉|参与|差错|超时|"
        r"失控|脱管|漏管|遗漏|落脚|滞留|回流|处罚|涉诈)",
        "零",
    ),
    (r"(?:不|未|没有|无)(?:再)?(?:发生|出现)(?!后|问题)", "不发生"),
    (r"一[起例][都也]?不(?:能|得|许|准)?(?:再)?[发出]", "不发生"),
    (r"不(?:再)?出(?:现)?(?:一|任何|半)[起例件宗](?=[^,]{0,10}?(?:案|骗|事|警情))", "不发生"),
    (
        r"(?<![“\"])不(?:再)?(?:让|使)(?:任何)?(?:一|半)?[名个户人位]{1,2}(?=[^,]{0,10}?(?:被骗|受骗|上当|受损|中招|涉诈|涉案|失守))(?![^,、]*[”\"])",
        "不发生",
    ),
    (r"(?:不|未|没有)(?:再)?发案(?!的|率|地|人|单位)", "不发生"),
    (r"无一(?:人|例(?!外)|起|户|名)", "没有"),
    (
        r"(?:不[得许准能]|不允许|绝不)(?:再)?(?:有|新增|出)(?:一|任何|半)[名个人起例户]{1,2}(?=[^,]{0,10}?(?:被骗|受骗|上当|涉诈|涉案|案|损失|中招))",
        "不发生",
    ),
    (r"(?:无|没有)[一-龥]{1,6}(?:涉诈|涉案|被骗|受骗|上当)$", "没有"),
    (
        r"(?:无|没有|未有)[一-龥]{1,8}?(?:参与|从事|实施)(?:电信网络|电信|网络)?(?:涉诈|诈骗|违法|犯罪|帮信|跑分|洗钱)",
        "没有",
    ),
    (r"一[个人名户件笔][都也]?不(?:能|许|准|得)?(?:放(?!过)|让|准|许|留$)", "一律不得"),
    (r"(?:涉案|受骗|被骗|涉诈|立案)(?:[户人]?数)?(?:均|都|要|须|应)?为[零0]", "零"),
    (r"[未没](?:有)?(?:被骗|受骗|涉案|被诈骗)(?=$|[、,])", "没有"),
    (
        r"(?:没有|无)[一-龥]{0,8}?因[^,]{1,24}?[被受][^,]{0,8}?(?:处理|处罚|查处|打击|立案|惩戒|追究|措施|判刑|逮捕|拘留)",
        "没有",
    ),
    (r"一律不得|一律不准|一律严禁", "一律不得"),
    (r"(?:没有)[一-龥“”、]{0,20}?(?:窝点|黑灰产|犯罪人员|涉诈人员|高危人员|嫌疑人|前科人员|外流人员|滞留人员)", "没有"),
    (
        r"(?:无(?!关|证|照|业|职|牌)|没有)[一-龥\d]{0,16}?(?:案件|警情|人员|被骗|受骗)(?:的?发生|涉案|参与|被骗|被打击|$)",
        "没有",
    ),
)
_ABOUT = quick(
    r"[对给为向将]零[一-龥]{2}(?:企业|村|社区|单位|小区|学校|校园|网点|班级|个人)|"
    r"^(?:对|给|凡|授予)[^,]{0,10}零[一-龥]{2}(?:的[一-龥]{1,8}|企业|村|社区|单位|小区|学校|校园|网点|班级|个人)$"
)
"""对零发案企业, …奖励: whom a reward is for."""
_ZEROS = Table((pattern, (quick(pattern), marker)) for pattern, marker in _ZERO)


_TOTAL_SIGNS = (
    rf"{list_signs('全逐每挨尽漏落律少都均')}|一[个户人笔家单批名例]|所有|人手|"
    r"户户|人人|村村|家家|校校|店店|班班|车车|组组|楼楼|岗岗|网点网点|院院|厂厂|站站|所所|企企|铺铺|园园|例外|全程|"
    r"件件|笔笔|单单|起起|条条|案案|张张|台台"
)
_ZERO_SIGNS = list_signs("零0不未没无清杜防避")
_Total = tuple[re.Pattern[str], bool]
_Zero = tuple[re.Pattern[str], str]
_ANY_TOTAL, _ANY_ZERO = quick(_TOTAL_SIGNS), quick(_ZERO_SIGNS)
_ANY_HIT = quick(rf"{_TOTAL_SIGNS}|{_ZERO_SIGNS}|一.*一")
can_hold_totality = _ANY_HIT.search
"""Clauses without it hold no totality; looking costs less than reading."""
_TEACHES = quick(
    r"(?:教育|引导|提醒|告诫|宣传)(?:引导|教育)?(?:广大|全体|辖区|本单位|所属)?[一-龥]{0,4}?"
    r"(?:群众|师生|学生|居民|村民|职工|员工|客户|老人|老年人|家长|商户|人员|群体|青年|他们)|假如|如果"
)


_RATE = quick(r"[”\"]?[一-龥]{0,3}率")
"""“一人一档”建档率: the share is what is asked."""
_BRACKET = re.compile(r"[^()]{0,6}\([^()]*\)")
_STATE = quick(r"的(?!目标|要求|任务|局面|成绩|标准|承诺)[一-龥()]{1,8}$")
"""被骗案件零发生的学院: which are meant."""


def find_totalities(clause: str, sentence: str) -> tuple[Hit, ...]:
    """Totalities, one-each shares and zero demands of one comma clause; its population may stand in ``sentence``."""
    if not _ANY_HIT.search(clause):
        return ()
    found: list[Hit] = [*_find_one_each(clause)] if "一" in clause else []
    if _ANY_TOTAL.search(clause) and (totals := _TOTALS.choose(clause)):
        found += _find_totals(clause, sentence, totals)
    if _ANY_ZERO.search(clause) and (zeros := _ZEROS.choose(clause)):
        found += _find_zeros(clause, zeros)
    if not found:
        return ()
    hits: list[Hit] = []
    for hit in found:
        if all(hit.end <= other.start or hit.start >= other.end for other in hits):
            hits.append(hit)
    return tuple(_drop_before_bracket(clause, sorted(hits, key=lambda hit: hit.start)))


def _drop_before_bracket(clause: str, hits: list[Hit]) -> list[Hit]:
    """全体职工(含临聘人员)人人签订 says one totality in two words."""
    return [
        hit
        for at, hit in enumerate(hits)
        if at + 1 == len(hits) or hit.sense != "totality" or not _BRACKET.fullmatch(clause, hit.end, hits[at + 1].start)
    ]


def is_state(clause: str, zero: Hit) -> bool:
    """Whether a zero only says which are meant (被骗案件零发生的学院, 年度考核加1分)."""
    return bool(_STATE.match(clause, zero.end))


_NAMED = quick(r"[”\"]?(?:力量|机制|制度|模式|队伍|工程|行动|平台|做法)")
"""“一村一警”力量: the name of something there is."""


_AS_MEANT = quick(r"[”\"]的?(?:要求|原则|思路|理念|方式|布局)(?:[,、深入下沉走进]|$)")
_MEANT_SO = quick(r"(?:按照?|坚持|本着|依照|遵循)[“\"]$")
"""按照“一区一警”的要求深入社区: how it is meant, and nothing counted."""


_EACH_ONE = quick(
    r"(?P<all>每(?P<per>(?![月周日天年季次期场个份张])[一-龥]{1,2}?)一(?P<unit>档|策|专班|卡|表|码|书|牌|栏|屏|贴|榜|图|信|函|包|专干|顾问|警|员)(?![一-龥]))"
)
"""每枪一贴, 每车一卡: units that are no measure words."""


def _list_one_each(clause: str) -> Iterator[re.Match[str]]:
    many = clause.count("一")
    if many > 1:
        yield from _ONE_EACH.finditer(clause)
    if many and "每" in clause:
        yield from _EACH_ONE.finditer(clause)


def _find_one_each(clause: str) -> Iterator[Hit]:
    for match in _list_one_each(clause):
        if _RATE.match(clause, match.end()) or _NAMED.match(clause, match.end()):
            continue
        if _AS_MEANT.match(clause, match.end()) and _MEANT_SO.search(clause[: match.start()]):
            continue
        yield Hit(
            match.start(), match.end(), "share-out", "==", Fraction(1), match["unit"], marker=match["all"],
            per=f"每{match['per']}",
        )  # fmt: skip


def _find_totals(clause: str, sentence: str, rules: tuple[_Total, ...]) -> Iterator[Hit]:
    if _SLOGAN.search(clause) or ("平均" in clause and not re.search(r"不少于|不低于|至少", clause)):
        return
    for pattern, needs_population in rules:
        for match in pattern.finditer(clause):
            meant = _PRINCIPLE.match(clause, match.end()) and _QUOTED.search(clause)
            if not meant and (not needs_population or _HAS_POPULATION.search(sentence)):
                yield _make_total(clause, match)


def _make_total(clause: str, match: re.Match[str]) -> Hit:
    """One object a head (每人生成推广码) is exactly one; reaching everybody is a share of all."""
    words = match[0]
    head = _EACH.search(words)
    base = _name_population(clause, match)
    if head and re.search(r"生成|建|成立|设立|制定|配备|明确|制作|领取", clause[match.end() : match.end() + 6]):
        sign = "==" if re.search(r"每(?:人|户|名)", words) else ">="
        return Hit(match.start(), match.end(), "totality", sign, Fraction(1), "个", "totality", words[:6], base)
    per = base if head else None
    return Hit(
        match.start(), match.end(), "totality", ">=", Fraction(1), f"ratio of {base}", "totality", words[:6], per
    )


_HEADS = quick(
    rf"每一?(?:[名位个户家所栋][一-龥]{{0,8}}?)?(?:{_POPULATION}|人|户|村|校|班|店|企)(?:家长|员工)?"
    rf"|\d{{1,6}}[个家所名户座][一-龥]{{0,6}}?(?:{_POPULATION})"
    rf"|(?:全体|所有|全[校院行镇村])的?[一-龥]{{0,6}}?(?:{_POPULATION}|教职工|干部员工)"
)


_LEADS = quick(
    r"^(?:、|并|且|要|应|须|确保|做到|实现|达到|力争|务必|切实|等|自身|推动|使|督促|年底|年内|在|以及|和|及|各单位要|组织|由|入(?=户$)|万?[名家个户](?=[一-龥]{2}))+"
)


_THINGS_TWICE = frozenset(("件件", "笔笔", "单单", "起起", "条条", "案案", "张张", "台台"))
"""件件反馈: which things they are stands before."""


def _name_population(clause: str, match: re.Match[str]) -> str:
    if "户" in match[0] and match[0][0] in "挨户":
        return "户"
    if match[0] in _THINGS_TWICE:
        return SOMEBODY
    words = clause[match.start() : match.end() + 10]
    if found := _HEADS.search(words):
        return found[0]
    asked = re.sub(r"\([^)]*\)|由[^,]*$", "", clause[: match.start()])  # 由党员逐人上门: not the members are visited
    head = re.split(r"[对向为给把将]", asked)[-1]
    before = re.findall(rf"[\d一-龥、]{{0,12}}(?:{_POPULATION})", head)
    named = _LEADS.sub("", before[-1]) if before else ""
    if match[0].startswith("逐") and len(match[0]) > 1 and match[0][1] != "一":
        if match[0] == "逐人":
            return named or SOMEBODY
        return named if named and head.endswith(named) else match[0][1:]
    return named or SOMEBODY


def _find_zeros(clause: str, rules: tuple[_Zero, ...]) -> Iterator[Hit]:
    if _TEACHES.search(clause) and "一律" not in clause:
        return
    if _ABOUT.search(clause):
        return
    for pattern, marker in rules:
        for match in pattern.finditer(clause):
            yield Hit(match.start(), match.end(), "zero", "==", Fraction(0), "起", "zero", marker)
