"""Who is asked: the body at the head of a clause, in a label before a colon, in a list of responsible bodies."""

import re
from dataclasses import dataclass
from types import MappingProxyType

from wuzha.core.base.numerals import fold
from wuzha.core.plan.phrases.quick import find_last, quick

_SUFFIX = (
    # places with a committee, bodies of government
    r"(?<!农)(?<!乡)(?<!进)村|社区|乡镇|(?<![城村])镇|街道|(?<![返下城回外])乡|局|(?<![举主承开督查交协申补])办|办公室|(?<![内全外局大])部|部门|单位|机关|中心|科|"
    r"(?<![警教])室|(?<=[一-龥])所(?![有属需]|在[的地])|站|院|院系|系统|行业|党委|政府|总支|支部|村委|村委会|居委会|村委员会|委(?![办员会])|(?:(?<=[委组会部])|(?<=[)]))会议(?![室厅]|[每按不定]{0,2}[^,]{0,6}[召举开])|管委会|理事会|办事处|机构|学区|片区|(?:警务|处|科)室|分局|法院|(?<!家)庭(?!审)|检察院|"
    r"(?<=[一-龥])(?<![等之此到各好住何口眼目门墙栏区梯角头边旁侧前后内外上下间位点台楼厅店站场里部暗明高低远近长短坏路益用妙深])处(?![理置罚分所境女]|在(?![每各])|于(?![\d每本下上今明]))|(?:办事|信息)处|团|团委|妇联|残联|科协(?![办助同作调])|侨联|文联|工商联|红十字会|联社|分理处|电视台|广播电台|机场|驾校|(?<=[院校局政委府])办|(?<=中心)校|门[卫岗](?!室)|文书|(?:班子|[小专]组|两委|委会|支委|队|会议)成员(?!单位|名单|部门)|(?<![进到在入下])车间|(?<=各)年级|书[院房屋社]|学部|校区|(?<=[一-龥]{2})厂(?!区|商|家|长|房)|党校|[市县区镇乡]财政(?=安排|拨|列支|保障|承担|每|全额)|(?<=[村社街镇])两委|(?<=女工)委|(?:专业|服务|宣讲|医生|志愿|管理)团队|联席会议|(?:委员|联合|业委|家委|居委|促进|基金|监事|常委|学生|学|商|协|工)会|联盟|媒体|网信办|党组织|基层组织|社会组织|(?:管理|群团)组织|"
    r"派出所|大队|中队|支队|总队|队|小组|组|专班|股|"
    # schools, banks, shops
    r"学校|中小学|小学|中学|(?<=[一-龥][一二三四五六七八九十])[中小](?![小学型于时组])|高中|初中|高校|大学|院校|幼儿园|(?<=各)校园|班级|学院|(?<=[总分本农各商我])行|(?<=我)(?:校|县局|街道|镇|公司)|银行|支行|分行|信用社|邮政|网点|营业厅|(?<![大客餐])厅|运营商|企业|公司|集团|"
    r"物业|保洁|(?<=[保安勤卫装修护调戏剧])班(?![次级会车主组长])|小哥|师傅|大姐|阿姨|(?<=[各每])(?:楼层|楼栋|单元|班组|线路|车队|工区|摊位|铺面|寝室|系部)|[两三四五六七八九十]村|小区|酒店|宾馆|旅馆|旅馆业|民宿|网吧|商户|商场|超市|门店|场所|市场|窗口|服务台|柜台|站点|驿站|医院|卫生院|病区|园区|景区|厂区|社|车站|工地|项目部|馆|店|"
    # people by their post
    r"(?<![成增生特专擅家时身全周])长|(?<![动人成])员|员工|职工|(?<![返离上到在下转待顶站复])岗|(?<=[摊店船车])主|(?<=[办理营建工])方|同志|主任|书记|主管|店主|房东|经营者|从业者|专干|干事|领导|内勤|外勤|辅警|民警|交警|干部|教师|老师|党员|志愿者|工作者|负责人|经理|"
    r"(?:柜[面台]|工作|值班|客服|窗口|前台|安保|医务|护理|执法|管理|驻点|包保|帮扶|值守|巡查|信贷|财务|财会|教职|装维|销售|营销|配送|驾驶|乘务|接待|收银|接警|接线|出警|处警|办案|研判|劝阻|值守|安检|调解|巡防|宣讲|讲解|帮教|监管|业务|服务|检票|票务|物业|社区|辅导)人员|医生|护士|保安|家属|助理|网格|村组|村\(社区\)|村\(社\)|校里|[村镇乡社](?:里|上)|[校院店]方|老板|(?<=[村乡校队厂矿社])医|导游|骑手|水手|导购|教练|保姆|(?<=[厨技药医律讲育])师(?!生|范|傅|德|资|徒|大)|(?<=[一-龥]{2})基地|(?:班子|(?<=每)[名位个]|(?<=[各体])|党委|党组|支部|理事会|专班|小组|团队|委员会)成员|代表人?|骨干|(?:(?:社|义|护|水|电|技|矿|(?<!各)校|(?<![城职员])教)工)(?!作|程|会|业|地)|专家|教授|讲师|律师|导师|中职|职高|高职|[技职夜党驾警艺体函]校|月嫂|司仪|裁判|主播|播音员|船东|店东|房主|带班|领班|领队|领唱|村嫂|族老|会首|乡贤|坐席|座席|管家|宿管|前台|会计|出纳|支书|商家|店家|摊贩|中介|房管|(?:(?<=[各每])|(?<=每个))(?:班|系|院|科|处|校|店|厅|企业|队|组|车间)"
)
_SOFT = (
    r"(?:领奖|申请|申报|举报|经办|承办|责任|监护|当事|经营|承租|出租|报名|推荐|召集|主持|承包|代办|代理|联络|带队|值班|包保)人|"
    r"人员|学生|新生|毕业生|幼儿|小朋友|学员|新兵|战士|师生|家属|患者|家长|全员|工人|司机|(?<!企)业主|村民|居民|(?:零售|经营)户|客户|用户|子女|租户"
)
"""People who act for themselves only when the clause tells them to; elsewhere it is they who are acted on."""

_FOLLOW = (
    r"[一二三四五六七八九十]{1,2}[月日号个]|通报|通知|告知|主持|讲评|评议|比对|随(?=[诊车团船警队访手机])|访谈|决定|拟(?!定)|定于|暑|寒(?!潮)|主侦|侦破|破获|学期|开学|今[年冬春夏秋日天晚]|当[月日天周]|本[月周年季学]|下[月周]|人人|逐|给(?!水|排|养)|让|出(?![入纳租口台境纳])|上交|分[片组批级层头段班](?!长|委|部|公司)|降|统(?=[一计筹])|盯|搞|弄|管(?![理委])|讲(?![师堂解])|交|"
    r"一(?=[村户家店人楼栋班组笔]一)|[早晚晨](?![会上班餐读操间高])|春(?!季|蕾|晖|雨)|中秋|国庆|元旦|清明|五一|端午|重阳|元宵|腊月|正月|节[前后日假]|一对一|班[前后]|课[前后间]|会[前后](?!勤)|付款|开户|办卡|收费(?!站|员|处|所|厅|窗)|结算|报销(?!员)|招聘|招生|接诊|出诊|查房|揽收|派件|收寄|放[款贷](?![中部])|另(?!外)|直接|单独|专门|要|应|须|需|必|负责(?!人|同志|单位|民警)|牵头|每|在|于|至少|不少于|原则|对|将|把|以|按|沿|会同|联合|配合|组织|开展|利用|通过|结合|依托|督促|指导|务|均|都|分别|具体|"
    r"主要(?!领导|负责|成员|责任)|下设|负(?=总责|主责|首责|全责)|[兼担]?任(?=[副组主成指总办])|定期|适时|及时|成立|组建|建(?![设筑委国])|配(?!合|套|电|备率|齐率)|制定|拟|进|深入|上门|走|完成|悬挂|张贴|布置|上(?=[一好满两\d])|设|播|发|举|召|安排|确定|明确|报|上报|填|向|根据|围绕|面向|"
    r"逐|全|一律|可|协助|统筹|推|签(?!约(?:团队|医生|服务|家庭))|印|展|摆|做|办(?!事处|公室|主任|所|\d{1,2}[月日]|每|要|应|须|负责|牵头)|开(?!办[方者单])|当[天日晚面场即](?![一-龥]?[员班])|订|授(?!权)|参[加训会赛]|安装|集中|确保|加强|强化|落实|充分|认真|积极|切实|严格|年(?![会轻级])|周(?!边)|月|双周|双月|"
    r"半年|半月|季(?!节)|隔|旬|日(?![常间])|实行|为|与|和各|各(?=[设配选建派悬张召举开组至安明确])|包|是|作为|实现|达到|动员|参与|进行|使用|保持|包括|同|自|承[担办接]|协调|制作|撰写|选(?![手民])|聘|培|"
    r"抽|检查|巡|入户|排|摸|跟进|照|请|持续|先|立即|共同|着重|重点|最|打造|编(?!办)|演|讲(?![师堂])|群发|宣(?:传(?![部委办队员股科])|讲(?![队员团])|读)|"
    r"送|交(?![警通管易行])|拨|约[谈见]|谈|盯|值守|劝|核|登[记门]|录|盘点|清|审|查|验|评|派(?!出)|挂|贴|放|装(?![修饰卸备])|更换|更新|整改|调[度查]|拍|刊|"
    r"从(?!业)|上好|上(?:、下)?半年|提交|"
    r"(?:[两三四五六]方|[一二三四五]级)(?=包|联|盯|共|协|负|把)|合办|合[开搞讲]|联办|未经|下(?=片|村|乡|到|沉|户|企|组|班[级组])|离(?=校|家|岗|店|站)|"
    r"收(?=车|工|摊|班)|出(?=海|车|发前|摊)|放假|凭|同步|途中|插播|画|念|拉[网起]|初[核审查]|逢(?=周|每|\d|[一二三四五六七八九十])|轮流|[拜家]访|轮训|线上|线下|伴|随访|网上|"
    r"转发|梳理|作(?![用风为业品者])|点[评名]|学习|训练|考[核试评]|测[评试]|带(?!教|班|队[老教干])|驻|联系|结对|帮|邀|收(?![件费银货购发奶]员|银)|汇[总报]|统计|分析|研[判究]|商[议讨]|听|回访|反馈|移送|处置|止付|拦截|提醒|提示|警示|"
    r"督导(?![组员室队]|检查组)|监督(?![管局所员组])|监管(?!局|所|支局|部门|总队|中心|办)|要求|推动|推进|带领|鼓励|支持|压实|抓|整合|传达|"
    r"接[单警案听待诊处]|遇(?!难|害)|指[定派]|采集|录入|维护|加大|深化|拓展|提高|提升|自觉|坚持|继续|亲自|[-—–]|观看|公布|轮|引导|担任|满足|累计|留存|保存|建群|认领|接[到报]|收到|发现|受理|编发|选取|\d"
)
_SELF = (
    r"要|应|须|需|必须|都|均|带|签|交|参加|参与|学习|观看|收看|填|完成|安装|注册|下载|领取|撰写|写|制作|上交|转发|关注|掌握|宣誓|承诺|"
    r"联系|走访|包|结对|动员|劝导|讲"
)
_EACH_SELF = quick(rf"每(?:家每户|户家庭|个家庭|户|人|名(?:(?![每到在])[一-龥]){{1,8}}?)(?={_SELF})")
"""每户签订, 每名学生带: who does it for himself; to whom something is done (每户发放) is not meant."""
_OWNS = (
    r"(?:[“\"][^“”\",]{1,6}[”\"])?"
    r"(?:(?:值班|报警|咨询|举报|服务)(?:电话|热线)(?=[保24全开有])|(?:家长|微信|工作|班级|业主)群|微信公众号|公众号|大?喇叭|黑板报|广播(?![站室台员])|[一-龥A-Z]{0,3}(?:显示|大|电子|LED|门头)屏幕?|宣传栏|叫号机|广告机)"
)
_SPOTS = (
    r"(?:主|主要|各|[一-龥]{1,3}(?=门口|门前|入口|出口|墙))?(?:出?入口处?|门口|墙上|外墙|大门|门前|大厅|厅堂|前台|收银台|候诊区|橱窗|公告栏|食堂|宿舍|车间|会议室|"
    r"显著位置|醒目位置)"
)
"""Where a body puts something up at its own place: 各营业厅入口处须设置."""
_ACCOUNTS = r"的(?:官方)?(?:微信)?(?:公众号|视频号|抖音号|官网|门户网站|微博|客户端|头条号)"
_MODAL = r"要|应|须|需要|必须|务必|均须|均应|每人|人人|不得|一律|全部|每[年月周季]"
_OWN_ACT = (
    r"[两三四]方(?=包|联|盯|共|协|负)|(?:分[批期]|轮流|线上|网上|自愿)(?=听|参|学|签|考|测|答|轮)|未经|(?<=[前时])(?:学|上|签|参加|交|填|完成)|"
    r"[\d一二三四五六七八九十两半]{1,3}(?:分钟|小时|天|日|个工作日)内(?:告知|通知|处置|回访|完成|录入|上报|报|填|到|赶|启动|出具|反馈|上传)|每(?:单|车|趟|班|课|场)[一-龥]{0,4}[后前时]"
)
"""What people do for themselves or as their work, though no modal word tells them to."""

_END = quick(
    rf"(?:(?:{_SUFFIX})(?:\([^()]{{1,40}}\)办?)?”?(?:等(?:部门|单位|行业|场所|机构|人员)?)?(?={_FOLLOW})"
    rf"|(?P<soft>{_SOFT})(?:等人员)?(?=(?:(?:上岗|上班|入职|到岗|离岗|离校|离家|入户|入校|出海|出车|返校|返乡)[前时]|返[岗校乡]|复[工岗学]|入[职学住]|报到)?(?:{_MODAL}|{_OWN_ACT}|(?:对|向|接到|遇|在|于)[^,]{{1,40}}?(?:要|应|须)))"
    rf"|(?P<account>(?:{_SUFFIX})(?:\([^()]{{1,40}}\))?)(?={_ACCOUNTS})"
    rf"|(?P<owns>(?:{_SUFFIX})(?:\([^()]{{1,40}}\))?)(?={_OWNS}|{_SPOTS}))"
)
_LEAD = quick(
    r"(?:[★☆●■□◆◇▲△○◎•·※►▶➤√-]|[A-Ha-h][.、)]|\d{1,2}(?:[、)]|\.(?!\d))|[①-⑳]|(?:凌晨|早上|上午|中午|下午|傍晚|晚上?|夜间)(?:\d{1,2}[时点:]\d{0,2}分?[前后]?)?|【[^】]{1,12}】|[一二三四五六七八九十]是|同时|另外|此外|其中|其次|首先|最后|由|请|要求|原则上|并|且|即|[一二两三四五六七八九十百\d]{1,4}[名位]|\([^)]{1,8}\)|[\"“])*"
)
_NO_ACTOR = quick(
    r"(?!(?:登记|检查|巡查|排查|走访|核查|清理|整理|汇总|推送|发布|处置|拦截|制作|播放|协调|执行|评选|配送|上报|报送|编写|转发)[台处员科室队组站所岗班师](?!织|建))(?:(?:前台|大堂|门厅|服务台|收银台|厅堂|大厅|门口|走廊|楼道)(?=摆|放|张贴|悬挂|设置|粘贴|竖|立|贴|挂|醒目|显眼)|要|通报|通知|告知|给|让|剩余|余下|剩下|帮(?!扶|教|办)|替|用(?!人|户|工)|乘(?!务|警|客)|趁|借|拿|开展|加强|强化|坚持|充分|深入|积极|全面|进一步|切实|努力|确保|督促|指导|组织|对|以|通过|利用|结合|按照?|围绕|依托|针对|根据|为|把|将|与|"
    r"从(?!业)|向|面向|聚焦|在(?!外(?:子|务|人|经))|于|推动|推进|落实|建立|健全|完善|提高|提升|发挥|发动|动员|引导|营造|形成|构建|设立|设置|制定|制作|张贴|悬挂|发放|走进|"
    r"推行|推广(?!员|站|中心)|随机|深化|压实|紧密|紧紧|广泛|大力|重点(?!行业|单位|企业|场所|部门|区域派|村|乡镇|整治(?:村|社区|乡镇|单位|小区|街道))|集中|逐|不(?!动产)|有效|设(?=[在有立置])|实现|力争|争取|报(?![账关]员|社|刊|废)|送(?![水货奶餐]员)|进|到|成立|组建|选|协调|配合|包括|包含|APP|微信(?!群主)|短信|抖音|申[报请](?!单位|人|主体|企业|学校|对象|者|村|社区|小区|医院|银行)|宣传(?!部|办|股|科|委|队|员|组|站|处|中心|系统|文化|统战|思想)|教育引导|听取|研究(?!院|所|生|室|中心)|编[发写]|整理|汇总|学习(?!小组|部)|"
    r"核[查实对]|登记|清理|清查|监督(?!管|局|所|员|组|科|室)|督导(?!组|员|室|队|检查组|专班)|协助|指定|委托|加大|做好|用好|"
    r"巡查|检查|排查|抽|走访|上门|入[户村校企园社区厂店网]|举行|召开|举办|推送|发布|转发|播放|更|培训(?!部|中心|机构|科|学校|学院)|培养|选派|安排|确定|明确|完成|做|参加|上报|填|收(?![银费件寄])|梳理|掌握|紧盯|制止|"
    r"处置|优化|扩大|拓展|丰富|增强|运用|借助|评(?![委标]|审[组委]|估[组中]|议[组会])|抓|活动(?!中心)|每[年月周天日季半晚旬场次期批起条轮件例]|年(?!满|级)|全年|力|扣|奖|罚|配|评选|启动|开设|打造|接到|公布|实行|"
    r"执行(?![局庭科员处组])|邀请|[管守盯抓压把看稳兜防](?=[好住牢紧严实准])|[建设配装开备留存拥含享]有|联合(?!会)|会同|及时|定期|适时|继续|严格|认真|牢固|没有|无|未|凡|若|如|打击|防范|电信(?!运营商|企业|公司|分公司|部门|局|支局|营业)|提醒|突出|统筹|办(?!公|事处|案)|开(?!发)|讲(?!解|师|员)|播(?!音)|签|印|管好|用好|看|群发|问|"
    r"首次|当日|当天|本月|上月|有下列|涉诈|涉案|高危|中危|低危|重点人|前科|回流|嫌疑|高风险|中风险|低风险|新增|参会|参赛|到会|参训|到场|受训|被|陌生|未经|其他(?!企业|单位|部门|行业|学校|乡镇|村|社区|网点|成员)|所有人|这|该|此|驻(?!村(?:干部|工作队|队员|第一书记)|[街地点校企])|带(?!班|队[一-龥]{0,2}(?:领导|老师|教师|教官|干部|民警|人员|负责人))|创(?!建[办单])|招(?!生|商|待所)|吸纳|征集|交(?![警通管易行投])|落|确|经(?![理信发委开济贸营]))"
)
_VERB_INSIDE = quick(
    r"要求|不[得准予能可再]|评[为定选]|列为|纳入|取消|授予|可以|进(?=校园|社区|企业|农村|村|家庭|机关|单位|网点|商场|商圈|宿舍|课堂|课程|军营|工地|园区|市场|学校|医院|班级)|[,;:。]|由|(?<=.)(?<!年级)每|[于在]\d|\d日|[一二两三四五六七八九十\d][名支次场]|担任|进行|负责(?!人|同志|单位|民警)|(?<![重主需紧首])要(?![素点闻客])|督导(?![组员室队]|检查组)|督促|只[发讲能有]|能力|意识|氛围|指导(?![员组站]|教师|老师|教练|中心|服务)|下[发达]|分解|听取|必须|开展(?!办)|(?<![层会党益])组织(?!部|委)|确保|通过|利用|必须|宣传[^部办股科委员队组站处中系文统思]|"
    r"\d{1,3}(?:分钟|小时|天|个?工作日)|(?:^|[县市区镇乡村校行街院])(?:百分之[一-龥]{1,4}|\d{1,3}%|[一二三四五六七八九]成)(?:以上)?的|配备|[加增指]派|抽调|设[置立]|安排|聘请|组建|成立|打造|评选|推选|选派|印制|发放|张贴|悬挂|播放|召开|举办|建成|返乡(?!大?学生|学子|青年|人员|创业|实践|党员|务工|农民)|(?<![针结])对(?!外|口)|把|"
    r"落实|全面|覆盖|包[镇村片户组](?!干部|领导|民警|组长|长)|走访|到课|参加|拦截|发生|申请|工作的|的(?!民警|同志|[一-龥]?干部|领导|老师|教师|医生|护士|志愿者|负责人|主任|书记|村民|居民|人员|客户|学生|员工|单位|行业|部门|企业|场所|成员|科室|村|社区)"
)
_RESPONSIBLE = quick(
    r"(?<![一-龥])[(〔\[【]?(?:责任|牵头|主办|主责|承办|落实|负责|实施|执行)(?:领导|单位|部门|科室|处室|机构|主体|岗位|学院|站所|人|(?<=牵头)|(?<=主办)|(?<=责任)|(?<=承办))[:：](?P<who>.{1,300})$"
)
_LEADER = quick(r"[(（〔\[【]?[一-龥]{2}领导[:：]")
_BRACKETED = quick(r"[(〔\[【](?P<who>(?:[^()〔〕\[\]【】]|\([^()]{1,10}\)){2,90})[)〕\]】][。;,]?$")
_LEADS = quick(
    r"由?(?P<who>.{2,80}?)(?:共同|分别|联合)?(?:牵头|主办|负责|按(?:照)?(?:各自)?职责(?:分工)?(?:负责|落实)?|分工负责)(?:[,、;].{0,60}|实施|落实|推进)?$"
)
_TAIL = quick(r"[,，;；、](?:联系人|联系电话|电话|另行|具体)[^、]{0,40}$")
_CLOSERS = MappingProxyType({"）": "（", ")": "(", "〕": "〔", "]": "[", "】": "【", "”": "“"})
_CLOSES = frozenset("）)]〕】")
_DUTIES = quick(
    r"(?:的)?(?:主要|具体)?(?:工作)?(?:职责|任务|分工)(?:分工)?(?:是|为|如下|包括)?$|要?(?:切实)?(?:做到|做好以下工作|抓好以下工作)$"
)
_ASIDE = quick(r"[（(](?:设在|以下简称|简称|含|包括|挂靠)[^（）()]{1,30}[）)]$")
_HANDED = quick(
    r"(?:分解|下发|下达|交办|分发|传达|分配|印发|转发)(?:下达|下发|落实)?(?:到|至|给|于)?(?P<who>[^,;。:\d]{2,40})$"
)
_HELPS = quick(
    r"(?:代表)?(?:参加|出席|列席|到场|到会)(?:会议|活动|仪式)?$|(?:要|应|积极|密切|共同|协同|分别|负责){0,3}(?:配合|协助|协办|参与|协同|支持|协作)(?:做好|实施|落实|开展|工作|完成){0,2}$"
    r"|[兼担]?任[^,]{0,8}(?:组长|主任|成员|指挥|队长|委员)$"
)
_CHIEF = quick(r"负(?:总责|主责|首责|全责)$|(?:是|为)[^,]{0,6}责任人$|挂帅$|牵头抓总$")
"""各支行成立机构，行长负总责，并指定…: who answers for it as a person gives way to the body."""

_BELONGS = quick(
    rf"(?P<who>(?:各|全体)[^,;:。\d]{{0,16}}?(?:{_SUFFIX}))(?:[一-龥]{{0,6}}(?:情况|进展|总结|小结|台账|报表|材料|名单|档案|作品|方案|计划|信息|照片)(?:\([^()]{{1,60}}\))?)(?=请|于|应|须|要|在|按|每|\d|[年月]底|统一|均|一律|[上下]半年)"
)
"""各校开展情况请于…报: whose papers must go in."""

_WHICH = quick(
    rf"(?P<who>[一-龥、]{{2,12}}?(?:较[多高大]|偏[多高]|高发|多发|密集|集中|反弹|上升|突出|靠[前后]|滞后)的(?:{_SUFFIX}))$"
)
"""返乡人员较多的村, 5月底前…: a body that is named by how things are with it."""
_WHERE = quick(
    rf"(?P<who>[一-龥]{{2,12}}所在(?:地)?的?[一-龥]{{0,4}}?(?:{_SUFFIX}|车间)(?:\([^()]{{1,8}}\))?)"
    rf"(?=,|$|{_FOLLOW})"
)
"""受骗人所在的社区: a body that is named by who belongs to it."""


_SUCH = quick(r"[^,;:]{2,20}的(?P<who>[一-龥、和及]{2,30})$")
_SOME = quick(rf"(?:各|[一-龥、和及]{{2,24}}[两三四五六七八九十])(?:{_SUFFIX})")
"""敲门率不足六成的甲、乙两村, at the end of a clause that only says who is meant."""

_HANDS_OVER = re.compile(r"[将把报送填完交]")
_IN_CHARGE = quick(r"(?:具体|统一|全面|亲自|直接)?(?:负责|主抓|分管|主讲|授课|带队|统筹|把关|落实)$")
_NUMBERS = quick(
    r"(?:总数|人数|规模)?(?:(?:不少于|不低于|不得少于|达到|至少|保持在|控制在|不超过)\d{1,6}[人名支](?!次)|\d{1,6}[人名](?:以上|左右)?$)|每(?![月周旬季年日天半学次晚])(?:个|家)?[一-龥]{1,5}?(?:配备?|设|配齐|选聘|聘请|发展|不少于|至少)?\d{1,3}[人名](?!次)"
)
"""队员不少于40人: how many there must be of them."""

_TITLED = quick(r"【(?P<who>[^】]{2,12})】")
_PLACE = quick(r"在(?P<who>[^,;:。\d]{2,40}?)[,内中]?(?=,|每|至少|$)")
_OPENS_ASIDE = frozenset("在组安发动")
_COMMAND = quick(r"(?:组织|安排|发动|动员)(?P<who>[^,;。:\d]{2,50}?)等?(?=,|$|进|入|深入|上门|开展|对|到|走|逐|每|在)")
_WHOLE_BODY = quick(rf"[^,;:。]{{0,36}}?(?:{_SUFFIX}|力量)")
_A_PLACE = r"(?:营业|服务)?(?:行政村|自然村|集镇|圩镇|门店|网点|小区|窗口|工地|场所|商户|营业厅|市场|园区|车站|校园)"
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_ADDED = re.compile(r"\([^()]{1,20}\)|等$|[“”]")
_BETWEEN = re.compile(r"[、,]|以及|和|及|与")
_BETWEEN_LABELS = re.compile(r"[、,]|以及|和|及")
_BETWEEN_ONES = re.compile(r"[、和及与]")
_BETWEEN_ALL = re.compile(r"[、,;]|以及|和|及|与")
_WHOLE_AREA = re.compile(r"[全我本].?[县市区乡镇街道社村]{1,2}")
_PLACE_NAME = quick(rf"{_A_PLACE}(?:[、和及]{_A_PLACE}){{0,3}}")

_AT_A_PLACE = quick(rf"(?<![各每]){_A_PLACE}$")


_OFTEN = r"(?:每(?:[天日周月季年晚旬]|半[年月]|季度|学期|两[周月])|全年)"
_SHAPED = quick(
    rf"(?P<who>(?![每第来去常一二两三四五六七八九十须应必再先还也仍均都可宜才就且并又])[一-龥]{{2,8}}?(?:[、和及][一-龥]{{2,8}}?){{0,4}})"
    rf"(?={_OFTEN}?(?:主动)?(?:向(?![前后上下])|给(?!予|付|出)|(?<![核查校针比应面反绝相派结])对(?![象口外内])|联合(?![会国])|会同|联手|派人|负责(?!督|监|人|同志|指导|协调)|牵头|带头|到[^,]{{1,6}}[讲宣]|讲(?=[一两\d]|课))"
    rf"|{_OFTEN}(?:至少|不少于)?[张报巡]|要(?:[向对给将把在]|每))"
)
_EACH_SHAPED = quick(
    rf"(?P<who>(?:各|全体|所有)[一-龥]{{2,6}}?(?:[、和及]各?[一-龥]{{2,6}}?){{0,4}})"
    rf"(?=要(?!求|素)|应当?(?!急)|须|负责|{_OFTEN}|组织|开展|张贴|[向将把]|给(?!予|付)|对(?![象口外内]))"
)
_POST_SHAPED = quick(
    r"(?P<who>(?![每第来去常一二两三四五六七八九十各])[一-龥]{0,6}?(?:秘书|管家|老师|专员|干事|助理|组长|队长|园长|站长|主管|班长|委员|校长|班主任))"
    r"(?=于\d|每|到[校班村户岗]|对|在|要|负责|带|\d)"
)
"""研究生秘书每周…: a post by its last signs, before what only somebody does."""
_EACH_MAKES = quick(
    r"(?P<who>各[一-龥]{1,4}?)(?=[挑选推评写画拍办建签带做](?:[一-龥]{0,4}?\d|[一-龥]{0,3}?[一两二三]))"
)
_THING_ENDS = quick(
    r"[幅板牌屏报栏单册页卡信课会赛演片频号群稿书图画语车机播箱点线率数度量额法类项种级款型期间时日天假节季月年前后末中内外上下旁处]$"
    r"|(?:活动|宣传|工作|行动|平台|系统|机制|措施|目标|经费|内容|形式|资料|材料|程序|软件|视频|短信|电话|广播|喇叭|案例|信息|"
    r"线索|台账|档案|问题|隐患|情况|数据|资金|账户|案件|警情|环节|渠道|方面|阶段|场景|板块|题材|节目|课程|教育|培训|"
    r"广场|公园|大厅|门口|路口|楼道|电梯|走访|宣讲|演练|竞赛|讲座|检查|督查|排查|老人|人群|群体|群众|市民|受害人|对象|居民|"
    r"进度|成效|结果|方案|计划|通报|专项|专题|重点|任务|反诈|防诈|力度|行业|领域|产品|业务|服务|风险|知识|意识|能力)"
    r"(?=$|[、和及])"
)
"""Things, acts, times and places, and those to whom something is done: never who acts, however the clause goes on."""


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class Actor:
    """``start`` to ``end`` is its place in the folded clause. An ``agent`` (由…推送, 组织…上门, 学生必须…) acts for
    somebody else's duty wherever that body is named; a ``soft`` one gives way even to a body earlier in the sentence.
    """

    start: int
    end: int
    agent: bool = False
    soft: bool = False


def find_subject(clause: str, skip: int = 0) -> Actor | None:
    """The body at the head of a comma clause, behind connectives and behind ``skip`` characters of time words."""
    lead = _LEAD.match(clause, skip)
    start = lead.end() if lead else skip
    titled = _TITLED.match(clause, skip) if "【" in clause else None
    if described := _find_described(clause, start):
        return described
    first = clause[start : start + 1]
    if first in _OPENS_ASIDE and (sent := _find_sent(clause, start)):
        return sent
    if start < len(clause) and not _NO_ACTOR.match(clause, start):
        return _find_head(clause, skip, start)
    if titled and find_label(titled["who"]):
        return Actor(titled.start("who"), titled.end("who"))
    return _find_agent(clause)


def _find_described(clause: str, start: int) -> Actor | None:
    """A body that is named by what is said of it, or by the papers it must hand in."""
    match = None
    if "所在" in clause:
        match = _WHERE.match(clause, start)
    elif clause[start : start + 1] in ("各", "全"):
        match = _BELONGS.match(clause, start)
    elif "的" in clause and (which := _WHICH.match(clause, start)):
        match = which
    elif "的" in clause and (such := _SUCH.match(clause, start)) and _SOME.fullmatch(such["who"]):
        match = such
    if match is None or _VERB_INSIDE.search(match["who"].replace("的", "").replace("返乡", "")):
        return None
    return Actor(match.start("who"), match.end("who"))


def _find_sent(clause: str, start: int) -> Actor | None:
    """在各村…, 组织网格员…: where it is done and who is sent."""
    for pattern in (_PLACE, _COMMAND):
        if (match := pattern.match(clause, start)) and _names_bodies(match["who"]):
            return Actor(match.start("who"), match.end("who"), agent=True, soft=True)
    return None


def _find_head(clause: str, skip: int, start: int) -> Actor | None:
    """The body that begins at ``start``, where no verb does."""
    if match := _EACH_SELF.match(clause, start):
        return Actor(start, match.end(), agent=True)
    for match in _END.finditer(clause, start, start + 90):
        if match["owns"] and clause[start] not in "各每本":
            continue  # 商场、影院电子屏 are places; 各村大喇叭 is run by each village
        words = clause[start : match.end()]
        if not _is_list_of_bodies(words):
            return _find_agent(clause) or _find_shaped(clause, start)
        if _HELPS.match(clause, match.end()) or (clause[start] not in "各每" and _NUMBERS.match(clause, match.end())):
            return None  # 甲牵头，乙配合; 由丙任组长: the act that follows is not asked of them
        soft = match["soft"] is not None
        place = is_at_place(words)
        given = clause[skip:start].endswith("由")
        aside = bool(_CHIEF.match(clause, match.end())) or (given and bool(_IN_CHARGE.match(clause, match.end())))
        return Actor(start, match.end(), agent=soft or place or given, soft=soft or place or aside)
    alone = len(clause) - start <= 40 and not _HANDS_OVER.search(clause, start) and find_label(clause[start:])
    return Actor(start, len(clause)) if alone else _find_agent(clause) or _find_shaped(clause, start)


def _find_shaped(clause: str, start: int) -> Actor | None:
    """Nobody the lists know: a short name right before what only somebody can do (向…, 联合…), or 各… that acts."""
    if "率" in clause:
        return None  # 客户对骗术的知晓率 is measured on them
    if post := _POST_SHAPED.match(clause, start) or _EACH_MAKES.match(clause, start):
        return Actor(start, post.end())
    match = _EACH_SHAPED.match(clause, start) or _SHAPED.match(clause, start)
    if match is None or _THING_ENDS.search(match["who"]) or not _is_list_of_bodies(match["who"]):
        return None
    return Actor(start, match.end(), agent=True, soft=True)


def is_place(words: str) -> bool:
    """门店, 网点, 小区: where something is done; who does it may stand in a heading, a list or the address."""
    return bool(_PLACE_NAME.fullmatch(words))


def is_at_place(words: str) -> bool:
    """候诊区、取药窗口, 城区门店: a place with its name; it gives way to a body that the heading names."""
    return words[0] not in "各每" and "的" not in words and bool(_AT_A_PLACE.search(words))


def find_handed(clause: str) -> Actor | None:
    """任务分解下发各村: to whom it is handed at the end of a clause; the next sentence is asked of them."""
    match = _HANDED.search(clause)
    if match is None or not _names_bodies(match["who"]):
        return None
    return Actor(match.start("who"), match.end("who"))


def _find_agent(clause: str) -> Actor | None:
    """黄色预警由村（社区）走访: the body behind 由 in the middle of a clause."""
    start = clause.find("由") + 1
    match = _END.search(clause, start, start + 60) if start else None
    if match is None or _NO_ACTOR.match(clause, start) or not _is_list_of_bodies(clause[start : match.end()]):
        return None
    return Actor(start, match.end(), agent=True)


def _names_bodies(words: str) -> bool:
    """Whether every part of an enumeration is a body: what stands in a place or is sent out."""
    parts = [part for part in _BETWEEN_ONES.split(words) if part]
    return bool(parts) and _is_list_of_bodies(words) and all(_WHOLE_BODY.fullmatch(part) for part in parts)


def _is_list_of_bodies(words: str) -> bool:
    plain = _IN_BRACKETS.sub("", words) if "(" in words else words
    parts = _BETWEEN.split(plain)
    if _WHOLE_AREA.fullmatch(plain):
        return False
    return 0 < len(plain) <= 60 and not _VERB_INSIDE.search(plain) and all(len(part) <= 24 for part in parts)


_QUOTES = str.maketrans("", "", '“”"')


def find_label(words: str) -> str | None:
    """The body in a heading or before a colon (派出所:, 各乡镇职责), or None when the heading names something else."""
    stripped = words.strip(" 。：:，,、；;—")
    if _LABEL_ENDS is not None and stripped[-1:] not in _LABEL_ENDS:
        return None
    written = _unwrap(stripped)
    if led := _find_led(written):
        return led
    plain = fold(written).translate(_QUOTES)
    if not plain or len(plain) > 60 or _NO_ACTOR.match(plain) or _VERB_INSIDE.search(plain.replace(",", "、")):
        return None
    parts = [part for part in _BETWEEN_LABELS.split(_IN_BRACKETS.sub("", plain)) if part]
    return written if parts and len(parts[-1]) <= 30 and _LABEL.fullmatch(parts[-1]) else None


def _unwrap(written: str) -> str:
    """Without quotes around it, what it is a heading of (职责) and what a bracket only adds (设在县公安局)."""
    for opening, closing in ("“”", "【】", "《》"):
        if written.startswith(opening) and written.endswith(closing) and written.count(opening) == 1:
            written = written[1:-1]
    written = _ASIDE.sub("", _DUTIES.sub("", written))
    return written[:-1] if written.endswith("”") and "“" not in written else written


def _find_led(written: str) -> str | None:
    """教育系统（县教育局牵头）: the body in the bracket that is said to lead."""
    match = _BRACKETED.search(fold(written)) if written[-1:] in _CLOSES else None
    led = _LEADS.match(match["who"]) if match else None
    if match is None or led is None:
        return None
    start = match.start("who") + led.start("who")
    return find_bodies(written[start : start + len(led["who"])])


_STARRED = r"(?:[一二三四五]星级?|示范|无诈|达标)校园"
_LABEL_ONLY = (
    r"成员单位|负责同志|村民|财政|城管|边检|海事|气象台|移动|联通|电信|租客|广电|人武|民政|司法|供电|[厂矿站]医"
)
_LABEL_END = rf"(?:{_SUFFIX}|{_SOFT}|{_LABEL_ONLY}|{_STARRED})"
_LABEL = quick(rf".{{0,28}}?{_LABEL_END}")
_LABEL_ENDS = find_last(rf"{_LABEL_END}|{_DUTIES.pattern}|以?[及和]|[）)\]】〕”\"“》]")
"""The signs with which the words of a label can end, also those that are taken off before they are looked at."""


def find_bodies(words: str) -> str | None:
    """The words if each part of the enumeration is a body; of 甲牵头、乙配合 the first."""
    written = words.strip(" 、，,；;。")
    led = _LEADS.match(fold(written))
    if led:
        written = written[led.start("who") : led.end("who")]
    plain = _ADDED.sub("", fold(written))
    parts = [part for part in _BETWEEN_ALL.split(plain) if part]
    if not parts or len(plain) > 120 or _NO_ACTOR.match(plain):
        return None
    whole = all(
        len(part) <= 20 and _WHOLE_BODY.fullmatch(part) and not _VERB_INSIDE.search(part) and not _PLACES.search(part)
        for part in parts
    )
    return written if whole else None


_PLACES = quick(r"[\d%:]|^(?:场所|小组|人员|中心|部门)$")


def find_responsible(sentence: str) -> str | None:
    """The bodies of （责任单位：…）."""
    if ":" not in sentence and "：" not in sentence:
        return None
    match = _RESPONSIBLE.search(fold(sentence))
    return _trim(sentence[match.start("who") : match.end("who")]) or None if match else None


def is_leader(sentence: str) -> bool:
    """责任领导：分管副县长 answers for it where no body is named."""
    return bool(_LEADER.match(sentence))


def find_bracketed(sentence: str, *, heading: bool) -> str | None:
    """（县教育局、县公安局负责） at the end of an item or a heading; without such a verb only where it stands alone, or
    in a heading that is no body itself."""
    if sentence.rstrip("。;；,，")[-1:] not in _CLOSES:
        return None
    match = _BRACKETED.search(fold(sentence))
    if match is None:
        return None
    written = sentence[match.start("who") : match.end("who")]
    boxed = match.start() == 0 and sentence.startswith("【")  # 【财务处】 heads what stands below it
    alone = (match.start() == 0 and not boxed) or (heading and not find_label(sentence[: match.start()]))
    return find_bodies(written) if alone or _LEADS.match(match["who"]) else None


def _trim(words: str) -> str:
    """Without marks at the end, a bracket that was opened before the words, and notes such as 联系人另行通知."""
    words = _TAIL.sub("", words.strip("、，,；;。. "))
    while words and words[-1] in _CLOSERS and words.count(words[-1]) > words.count(_CLOSERS[words[-1]]):
        words = _TAIL.sub("", words[:-1].rstrip("、，,；;。. "))
    return words
