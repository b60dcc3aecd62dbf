"""The plan of the sample county: 石桥县全民反诈工作方案, with duties of all seven verbs."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from wuzha.adapters.sample.county import CRIMINAL_POLICE
from wuzha.adapters.sample.outline import DutyText, Item, PlanPaper, render_paper, render_plan_text
from wuzha.core.paper.model import Grid

TITLE = "石桥县全民反诈工作方案"
ISSUER = "石桥县反诈联席办"
VILLAGES: Mapping[str, tuple[str, ...]] = MappingProxyType({"kind": ("village", "community")})
TOWNS: Mapping[str, str] = MappingProxyType({"kind": "town"})
SCHOOLS: Mapping[str, str] = MappingProxyType({"kind": "school"})
COUNTY: Mapping[str, str] = MappingProxyType({"kind": "county"})
OFFICE: Mapping[str, str] = MappingProxyType({"kind": "department", "name": ISSUER})
DROP: Mapping[str, str] = MappingProxyType({"at_most": "-20%", "against": "last_year"})


def plan_text(year: int) -> str:
    """The plan of that year in the plan language."""
    return render_plan_text(make_paper(year))


def plan_docx(year: int) -> bytes:
    """The plan of that year as issued on paper."""
    return render_paper(make_paper(year))


def make_paper(year: int) -> PlanPaper:
    return PlanPaper(
        title=TITLE,
        issuer=ISSUER,
        valid=(date(year, 1, 1), date(year, 12, 31)),
        opening=(
            "为减少电信网络诈骗给群众造成的损失，把防骗知识送进家庭、校园和网点，结合我县实际，制定本方案。"
            f"本方案自{year}年1月1日起施行，至{year}年12月31日止。"
        ),
        phases=_list_phases(year),
        items=(
            *_list_goals(year),
            *_list_steps(year),
            Item("三、", "重点任务"),
            *_list_village_items(year),
            *_list_school_items(),
            *_list_trade_items(),
            *_list_police_items(),
            *_list_town_items(),
            *_list_register_items(),
            *_list_yearly_items(),
            *_list_rules(),
        ),
        signed_on=date(year, 1, 1),
        annex=_make_grid(),
    )


def _duty(id_: str, quote: str, who: object, **keys: object) -> DutyText:
    """``keys`` in the plan language; ``for_`` and the like lose the mark that Python asks for."""
    named = {"who": who, **{key.rstrip("_"): value for key, value in keys.items()}}
    return {"id": id_, "quote": quote, **{key: _write_plainly(value) for key, value in named.items()}}


def _write_plainly(value: object) -> object:
    """Dicts and lists, which are all that a plan file knows."""
    if isinstance(value, Mapping):
        return {key: _write_plainly(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _list_phases(year: int) -> tuple[DutyText, ...]:
    dates = (("launch", "动员部署", (1, 1), (1, 31)), ("push", "集中推进", (2, 1), (10, 31)))
    last = ("review", "总结评估", (11, 1), (12, 31))
    return tuple(
        {"id": id_, "name": name, "from": date(year, *opens), "to": date(year, *closes)}
        for id_, name, opens, closes in (*dates, last)
    )


def _list_goals(year: int) -> tuple[Item, ...]:
    return (
        Item("一、", "工作目标"),
        Item(
            "（一）",
            "压降案件。",
            "全年全县电信网络诈骗发案数同比下降20%以上，群众损失金额同比下降20%以上，高损案件数同比下降20%以上。"
            "全县被用于诈骗的电话卡、银行卡数量同比下降20%以上。",
            (
                _duty("cases", "全县电信网络诈骗发案数同比下降20%以上", COUNTY, attain="cases", change=DROP),
                _duty("losses", "群众损失金额同比下降20%以上", COUNTY, attain="losses", change=DROP),
                _duty("high-losses", "高损案件数同比下降20%以上", COUNTY, attain="high_loss_cases", change=DROP),
                _duty("cards", "被用于诈骗的电话卡、银行卡数量同比下降20%以上", COUNTY, attain="cards", change=DROP),
            ),
        ),
        Item(
            "（二）",
            "劝返人员。",
            "县公安局会同各乡镇（街道）做好滞留境外涉诈人员的劝返，全县劝返率全年不低于85%。",
            (_duty("returns", "全县劝返率全年不低于85%", COUNTY, attain="return_rate", at_least="85%"),),
        ),
        Item(
            "（三）",
            "提高知晓。",
            "各乡镇（街道）12月31日前群众反诈知晓率达到90%以上，以抽样调查的结果为准。",
            (
                _duty(
                    "awareness",
                    "各乡镇（街道）12月31日前群众反诈知晓率达到90%以上",
                    TOWNS,
                    attain="awareness",
                    at_least="90%",
                    by=date(year, 12, 31),
                ),
            ),
        ),
    )


def _list_steps(year: int) -> tuple[Item, ...]:
    return (
        Item("二、", "实施步骤"),
        Item(
            "（一）",
            f"动员部署（{year}年1月1日至1月31日）。",
            "县级各部门、各乡镇（街道）对照本方案明确分工，配好人员，摸清户数、围挡面积和道路长度等底数。",
        ),
        Item(
            "（二）",
            f"集中推进（{year}年2月1日至10月31日）。",
            "各项宣传任务按本方案第三部分的数量和时限推进，随做随记。",
        ),
        Item(
            "（三）",
            f"总结评估（{year}年11月1日至12月31日）。",
            "县反诈联席办依据台账核对完成情况，补齐短板，形成下一年度的工作建议。",
        ),
    )


def _list_village_items(year: int) -> tuple[Item, ...]:
    rally = "每个村、社区每月至少组织1次集中宣传活动"
    talk = "每个村、社区每周至少组织1次反诈宣讲"
    return (
        Item("（一）", "村（社区）宣传"),
        Item(
            "1.",
            "集中活动。",
            f"{rally}，可以同赶集、文艺演出、志愿服务一起办。",
            (_duty("rally", rally, VILLAGES, do="rally", at_least=1, every="month"),),
        ),
        Item(
            "2.",
            "经常宣讲。",
            f"{talk}，讲身边的事，用本地的话，也可以配合放映短片。",
            (_duty("talk", talk, VILLAGES, do="talk", at_least=1, every="week"),),
        ),
        _make_banner_item(),
        Item(
            "4.",
            "宣传栏和标语。",
            "各村、社区设置反诈宣传栏不少于4块，刷写固定标语不少于4条，内容过时或者破损的要换新。",
            (
                _duty("boards", "设置反诈宣传栏不少于4块", VILLAGES, keep="board", at_least=4),
                _duty("slogans", "刷写固定标语不少于4条", VILLAGES, keep="slogan", at_least=4),
            ),
        ),
        Item(
            "5.",
            "入户宣传。",
            "各村、社区上门讲解，6月30日前覆盖50%的住户，12月31日前覆盖100%的住户，由网格员结合日常走访去讲。"
            "入户记录只写户的编号，不登记家庭成员。（责任单位：各村（社区）、各乡镇（街道））",
            (
                _cover_homes("visits-half", "6月30日前覆盖50%的住户", "50%", date(year, 6, 30)),
                _cover_homes("visits-all", "12月31日前覆盖100%的住户", "100%", date(year, 12, 31)),
            ),
        ),
    )


def _make_banner_item() -> Item:
    quote = "各村、社区悬挂反诈横幅的条数不少于常住人口的1‰"
    goal = {"per_thousand": 1, "of": "population"}
    duty = _duty("banners", quote, VILLAGES, keep="banner", at_least=goal)
    return Item("3.", "悬挂横幅。", f"{quote}，优先挂在路口、集市和公交站点。", (duty,))


def _cover_homes(id_: str, quote: str, share: str, by: date) -> DutyText:
    return _duty(id_, quote, VILLAGES, cover="household", at_least=share, by=by)


def _list_school_items() -> tuple[Item, ...]:
    return (
        Item("（二）", "校园宣传"),
        Item(
            "1.",
            "小手拉大手。",
            "各学校每学期办好“小手拉大手”反诈家长会不少于1次，由学生和家长一起学、一起问。",
            (
                _duty(
                    "parents",
                    "各学校每学期办好“小手拉大手”反诈家长会不少于1次",
                    SCHOOLS,
                    do="parents_meeting",
                    at_least=1,
                    every="semester",
                ),
            ),
        ),
        Item(
            "2.",
            "主题班会。",
            "各学校每学期召开反诈主题班会，覆盖100%的在校学生。（责任单位：县教育局、各学校）",
            (
                _duty(
                    "students",
                    "各学校每学期召开反诈主题班会，覆盖100%的在校学生",
                    SCHOOLS,
                    cover="student",
                    through="class_meeting",
                    at_least="100%",
                    sum="people",
                    every="semester",
                ),
            ),
        ),
    )


def _list_trade_items() -> tuple[Item, ...]:
    bank = "每个银行网点每天在营业厅显示屏播放反诈提示不少于1次"
    hotel = "每家酒店宾馆设置反诈公益广告不少于1处"
    clinic = "每家医疗机构设置反诈公益广告不少于2处"
    return (
        Item("（三）", "行业宣传"),
        Item(
            "1.",
            "银行网点。",
            f"{bank}，没有显示屏的摆放提示牌，大额转账前由柜员多问一句。（责任单位：县金融工作办公室、各银行网点）",
            (_duty("bank-screens", bank, {"kind": "bank"}, do="broadcast", at_least=1, every="day"),),
        ),
        Item(
            "2.",
            "酒店宾馆。",
            f"{hotel}，放在前台或者电梯口等看得见的地方。（责任单位：县文化和旅游局、各酒店宾馆）",
            (_duty("hotel-adverts", hotel, {"kind": "hotel"}, keep="advert", at_least=1),),
        ),
        Item(
            "3.",
            "医疗机构。",
            f"{clinic}，侧重保健品、医保卡两类骗局。（责任单位：县卫生健康局、各医疗机构）",
            (_duty("clinic-adverts", clinic, {"kind": "clinic"}, keep="advert", at_least=2),),
        ),
    )


def _list_police_items() -> tuple[Item, ...]:
    stations = "每个派出所每周至少开展1次反诈宣讲"
    detectives = "县公安局刑侦大队每月至少开展1次反诈宣讲"
    who = {"kind": "department", "name": CRIMINAL_POLICE}
    return (
        Item("（四）", "公安宣传"),
        Item(
            "1.",
            "派出所。",
            f"{stations}，到发案多的村、社区和单位去讲。（责任单位：县公安局、各派出所）",
            (_duty("station-talks", stations, {"kind": "station"}, do="talk", at_least=1, every="week"),),
        ),
        Item(
            "2.",
            "刑侦大队。",
            f"{detectives}，把新出现的手法讲清楚，并提供给各派出所使用。（责任单位：县公安局）",
            (_duty("detective-talks", detectives, who, do="talk", at_least=1, every="month"),),
        ),
    )


def _list_town_items() -> tuple[Item, ...]:
    events = "各乡镇（街道）每月在集镇、车站、农贸市场等人流大的地方组织集中宣传活动不少于2次"
    road = "各乡镇（街道）主要道路沿线每200米至少设置1处反诈公益广告"
    hoarding = "建筑工地围挡上反诈公益广告的面积不少于围挡面积的10%"
    where = ["集镇", "车站", "农贸市场"]
    share = {"percent": 10, "of": "hoarding_m2"}
    return (
        Item("（五）", "乡镇（街道）宣传"),
        Item(
            "1.",
            "集中活动。",
            f"{events}。",
            (_duty("town-events", events, TOWNS, do="rally", at_least=2, where=where, every="month"),),
        ),
        Item(
            "2.",
            "道路广告。",
            f"{road}，破损的由设置单位修复。",
            (_duty("road-adverts", road, TOWNS, space="advert", at_most="200 m", along="main_road"),),
        ),
        Item(
            "3.",
            "工地围挡。",
            f"各乡镇（街道）督促施工单位张贴，{hoarding}。（责任单位：县住房和城乡建设局、各乡镇（街道））",
            (_duty("hoardings", hoarding, TOWNS, keep="hoarding_advert", at_least=share, sum="area_m2"),),
        ),
    )


def _list_register_items() -> tuple[Item, ...]:
    grades = (
        ("high", "高风险的每周核查1次", "week"),
        ("medium", "中风险的每两周核查1次", "fortnight"),
        ("low", "低风险的每月核查1次", "month"),
    )
    duties = tuple(
        _duty(f"check-{grade}", quote, TOWNS, check="followup", grade=grade, every=every)
        for grade, quote, every in grades
    )
    quotes = "，".join(quote for _, quote, _ in grades)
    return (
        Item(
            "（六）",
            "重点人员核查。",
            f"各乡镇（街道）对登记在册的重点人员分级核查，{quotes}。"
            "登记表只记编号、等级和核查日期，不记亲属情况，等级由县公安局依法确定。（责任单位：县公安局、各乡镇（街道））",
            duties,
        ),
    )


def _list_yearly_items() -> tuple[Item, ...]:
    month = "县反诈联席办全年组织反诈宣传月活动不少于1次"
    title = "各乡镇（街道）全年至少建成1个无诈单元"
    return (
        Item(
            "（七）",
            "宣传月和无诈单元。",
            f"{month}。{title}，可以是村、社区、学校、企业或者市场。（责任单位：县反诈联席办、各乡镇（街道））",
            (
                _duty("campaign-month", month, OFFICE, do="campaign_month", at_least=1, every="year"),
                _duty("titles", title, TOWNS, do="title_award", at_least=1, every="year"),
            ),
        ),
    )


def _list_rules() -> tuple[Item, ...]:
    table = "县级各部门、各乡镇（街道）每月20日前报送工作进展情况表"
    inspection = "县反诈联席办适时对进度落后的单位开展督导检查"
    who = {"kind": ["department", "town"]}
    due = {"day": 20}
    return (
        Item("四、", "工作要求"),
        Item(
            "（一）",
            "报送进展。",
            f"{table}，表中数字由台账生成，各单位核对即可，不另行填写。",
            (_duty("monthly-table", table, who, file="progress-table", every="month", due=due),),
        ),
        Item(
            "（二）",
            "减轻负担。",
            "同样的事登记一回，各处都认。不要求群众安装软件、提供截图，不给个人排名，照片自愿上传。",
        ),
        Item(
            "（三）",
            "督导改进。",
            f"{inspection}，先听困难，再提建议，改好了就销号。",
            (_duty("inspections", inspection, OFFICE, do="inspection", vague=True),),
        ),
    )


def _make_grid() -> Grid:
    head = ("序号", "任务", "牵头单位", "落实单位")
    rows = (
        ("村（社区）宣传", "县反诈联席办", "各村（社区）"),
        ("校园宣传", "县教育局", "各学校"),
        ("银行网点宣传", "县金融工作办公室", "各银行网点"),
        ("酒店宾馆宣传", "县文化和旅游局", "各酒店宾馆"),
        ("医疗机构宣传", "县卫生健康局", "各医疗机构"),
        ("公安宣传", "县公安局", "各派出所、刑侦大队"),
        ("道路广告和工地围挡", "县住房和城乡建设局", "各乡镇（街道）"),
        ("重点人员核查", "县公安局", "各乡镇（街道）"),
        ("宣传月和无诈单元", "县反诈联席办", "各乡镇（街道）"),
    )
    numbered = tuple((str(number), *row) for number, row in enumerate(rows, start=1))
    return Grid((head, *numbered), (16, 50, 46, 44), caption="任务分工表")
