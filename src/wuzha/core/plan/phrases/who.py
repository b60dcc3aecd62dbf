"""Which units an actor's words stand for: kinds (村, 学校, 银行 …) and lines (教育, 公安 …)."""

import re
from functools import lru_cache

from wuzha.core.base.numerals import fold
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.reading import Who

_KINDS = (
    ("village", r"(?<!农)(?<!乡)村(?!镇|级|务|卫生|医)|村组"),
    ("community", r"社区(?!卫生|[民辅]警|警务)|居委会|\(社\)|村社"),
    ("town", r"乡镇(?!卫生院)|街道|(?<!村)镇(?=$|[、,(政党人])|各乡(?!村)"),
    ("grid", r"网格"),
    ("university", r"大学|高校|院校|学院|院系|辅导员|学工"),
    ("school", r"(?<!大)(?<!驾)学校|中小学|小学|中学|幼儿园|校园|初中|高中|班主任|各校|校长|中心校|家委会|家长委员会"),
    ("bank", r"银行|支行|信用社|金融机构|网点|大堂经理|柜[员面]|(?:客户|理财)经理|分理处|信用联社|农商行"),
    ("hotel", r"酒店|宾馆|旅馆|民宿"),
    ("clinic", r"卫生院|医院|诊所|医疗机构|卫生室|卫生服务|村医|护士|病区|医务人员"),
    ("station", r"派出所|(?:社区|驻村|值班)[民辅]警|警务室"),
    ("carrier", r"运营商|通信(?:运营)?企业|移动(?=公司|[、,])|中国移动|联通|电信(?=公司|企业|[、,]|石桥)|营业员|装维"),
    ("estate", r"物业|小区"),
    ("merchant", r"商户|商场|超市|商铺|商家|摊主|店主|门店|店铺|药店"),
    (
        "company",
        r"(?<!物业)(?<!物业服务)(?<!通信)(?<!运营)(?<!移动)(?<!电信)(?:企业|(?<!分)公司)|工地|园区|项目部|项目经理",
    ),
    (
        "department",
        r"部门|局(?!属)|成员单位|机关|中心|办(?:公室)?(?=$|[、,和及(])|委(?=$|[、,和及])|大队|责任单位|各单位",
    ),
)
_LINES = (
    ("education", r"教育|教体|学校"),
    ("police", r"公安|派出所|民警|刑侦|治安|反诈中心|警"),
    ("finance", r"金融|银行|人行|财政"),
    ("health", r"卫健|卫生|医"),
    ("tourism", r"文旅|旅游|文广"),
    ("publicity", r"宣传部|宣传办|宣传委|融媒体|网信|媒体"),
    ("market", r"市场监管|市监"),
    ("housing", r"住建|建设服务|城管|房管|物业"),
    ("telecom", r"运营商|通信|电信企业|移动公司"),
    ("politics_law", r"政法|综治|平安办|平安建设|社会治理|司法|联席办"),
    ("civil", r"民政"),
    ("youth_women", r"团委|妇联|共青团"),
    ("industry", r"经信|工信|经委|经发|经济商务|商务局|工业"),
)
_COMPILED_KINDS = tuple((code, re.compile(pattern)) for code, pattern in _KINDS)
_COMPILED_LINES = tuple((code, re.compile(pattern)) for code, pattern in _LINES)
_LOOSE = ("department",)
_DEPARTMENTS = quick(r"部门|成员单位|[县市区镇乡]直[^、]{0,4}单位|[县市区]级[^、]{0,4}(?:单位|机关)")


@lru_cache(maxsize=256)  # a plan asks the same few bodies over and over
def choose_who(actor: str | None) -> Who | None:
    """Kinds of unit if the words name any; else the line of the body; None where they name neither."""
    if not actor:
        return None
    actor = fold(actor)
    kinds = tuple(code for code, pattern in _COMPILED_KINDS if pattern.search(actor))
    plain = tuple(code for code in kinds if code not in _LOOSE)
    if plain:
        return Who(kind=(*plain, *(_LOOSE if _names_departments(actor) else ())))
    lines = tuple(code for code, pattern in _COMPILED_LINES if pattern.search(actor))
    if lines:
        return Who(line=lines)
    return Who(kind=kinds) if kinds else None


def _names_departments(actor: str) -> bool:
    """Whether departments stand as a part of their own beside other bodies (县级各部门、各乡镇)."""
    parts = re.split(r"[、,，和及与]", actor)
    return any(
        _DEPARTMENTS.search(part)
        and not any(pattern.search(part) for code, pattern in _COMPILED_KINDS if code not in _LOOSE)
        for part in parts
    )
