"""Measure words (次, 场, 块, 名 …), each with the signs behind it that make it begin a longer word (次日, 场所)."""

_TABLE = (
    "次:月日数要序性 场:所景合地 期:间限 处:置罚理级于分警 块 条:线件例块款 幅:度 张:贴 份:子额 册 "
    "本:地辖单级村校行乡镇县市区次方年月周日部系 名:义单册称誉 人:民群手才口格心均 位:于置一 "
    "支:部付行队持撑 户:外籍主口 家:庭长人属 篇 部:门署分位 辆 台:账阶 台次 面:对向临积 轮:流换训 "
    "节:点日假目 堂 课时 学时 学分 小时 分钟 天:内前后 元:旦 万元 间 遍 则 组:织长建成 队:伍员长 项 件 起:来点步到草 "
    "例:会如外 所:有在属 座 枚 版:面本 场次 人次 户次 条次 辆次 批次 集:中体合 封:闭 "
    "个:* 栋 只:有要 套:路 字 句:话型半 圈:层子内里 趟 艘:只 艘次 趟次 件次 "
    "回:访复头收款礼馈落流归应执答拨老家校乡村国来去升暖迁避生事 晚:上会间报饭高 平方米 公里 厘米 米 "
    "种:类植子群形方渠手骗诈常情模 年:级度内前底末来初龄以的 课:时堂件程本间题 间:隔断接 笔:记试 秒 页 "
    "门:口店户诊类槛卫面岗市框牌把 个工作日 个小时 个版面 幢 批:评准 档:案次 分:钟类级析别管子发布局行享工散 "
)


def _list_patterns() -> list[str]:
    """One pattern a word, the longest first; 名 before 义务 is a measure word all the same."""
    pairs = [row.partition(":") for row in _TABLE.split()]
    longest_first = sorted(pairs, key=lambda pair: -len(pair[0]))
    return [f"{word}(?![{after}])" if after else word for word, _, after in longest_first]


MEASURES = (
    "|".join(_list_patterns())
    .replace("名(?![义单册称誉])", "名(?!义(?!务)|[单册称誉])")
    .replace("条(?![线件例块款])", "条(?!线(?!索)|[件例块款])")
    .replace("支(?![付部行队持撑])", "支(?!队(?!伍)|[付部行持撑])")
    .replace("年(?![级度内前底末来初龄以的])", "年(?![级度前底末来初龄的]|以(?!上)|内(?!不[得予]|[一-龥]{0,6}资格))")
    .replace(
        "个(?![*])",
        "个(?!月|工作日|[人性体别]|方面|阶段|层[面级]|环节|重点(?!乡镇|村|社区|企业|单位|小区|学校|对象|人员|行业|户|场所|组(?!织)|班|楼|网格|商圈|市场|点位)|维度|意识|自然|小时|季度|学期|百分|年|案(?!例)|区域)",
    )
)
"""The alternatives of a pattern that matches one measure word on folded text."""
