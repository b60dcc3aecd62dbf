"""A second plan, of one town, as it comes from a desk: to be read and reviewed; some sentences need a person."""

from datetime import date

from wuzha.adapters.sample.name import TOWNS
from wuzha.adapters.sample.outline import Item, PlanPaper, render_paper
from wuzha.core.paper.model import Grid

TOWN = "SQ03"
PLACE = f"{TOWNS[2]}镇"
TITLE = f"{PLACE}反诈宣传工作方案"


def town_plan_docx(year: int) -> bytes:
    """The town's plan of that year as a .docx."""
    return render_paper(make_town_paper(year))


def make_town_paper(year: int) -> PlanPaper:
    return PlanPaper(
        title=TITLE,
        issuer=f"{PLACE}平安建设办公室",
        valid=(date(year, 1, 15), date(year, 12, 31)),
        opening=(
            f"根据县里的安排，结合{PLACE}外出务工人员多、老年人多、网络购物多的特点，制定本方案。"
            "本方案自印发之日起施行。"
        ),
        items=(*_list_people(), *_list_places(year), *_list_measures()),
        signed_on=date(year, 1, 15),
        annex=Grid(
            (
                ("时段", "人群", "内容"),
                ("春节前后", "返乡务工人员", "虚假招聘、刷单兼职"),
                ("春耕时节", "种养大户", "假农资、假贷款"),
                ("开学前后", "学生和家长", "游戏交易、冒充老师收费"),
                ("重阳节前后", "老年人", "保健品、养老投资"),
            ),
            (36, 46, 74),
            caption="重点时段安排",
        ),
    )


def _list_people() -> tuple[Item, ...]:
    return (
        Item("一、", "把话讲到人"),
        Item(
            "（一）",
            "赶集日宣讲。",
            "各村、社区每月利用赶集日开展反诈宣讲不少于2次，每次讲清一种骗法。（责任单位：各村（社区））",
        ),
        Item(
            "（二）",
            "老年人上门讲。",
            f"网格员每季度走访独居老年人不少于1遍，{PLACE}派出所每月安排民警随访不少于1次。",
        ),
        Item(
            "（三）",
            "学校和家长一起讲。",
            "镇内各学校每学期召开反诈家长会不少于1次，把《致家长的一封信》带回家，覆盖全体学生。（责任单位：各学校）",
        ),
    )


def _list_places(year: int) -> tuple[Item, ...]:
    return (
        Item("二、", "把提示放到眼前"),
        Item(
            "（一）",
            "固定阵地。",
            "各村、社区设置反诈宣传栏不少于6块，村口、集市、车站悬挂横幅不少于3条，并定期更换。",
        ),
        Item(
            "（二）",
            "沿街商户。",
            f"{year}年6月30日前，镇区沿街商户反诈海报张贴率达到80%，年底前全部张贴。（责任单位：市场监管所）",
        ),
        Item(
            "（三）",
            "银行网点。",
            "镇内银行网点每天滚动播放反诈视频，对大额转账的老年客户逐人提醒。（责任单位：各银行网点）",
        ),
    )


def _list_measures() -> tuple[Item, ...]:
    return (
        Item("三、", "把事情做实"),
        Item(
            "（一）",
            "按月报送。",
            "各村、社区每月25日前向镇平安建设办公室报送宣传情况，附现场照片不少于3张。",
        ),
        Item(
            "（二）",
            "推广应用。",
            "各村、社区要做好反诈预警应用的推广，常住居民安装率达到90%，安装情况每周通报。",
        ),
        Item(
            "（三）",
            "结果运用。",
            "全镇电信网络诈骗发案数同比下降10%以上。宣传工作纳入年终评议，镇平安建设办公室定期组织宣传员培训。",
        ),
    )
