"""One paper of each form, of the invented county, for the tests that lay papers out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tests.adapters.photos import make_photo
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.plan_yaml import read_plan_yaml
from wuzha.adapters.sample.plan import plan_text
from wuzha.core.paper.model import (
    Block,
    Colophon,
    Figure,
    FigureSource,
    Grid,
    Heading,
    Merge,
    Paper,
    Paragraph,
    Picture,
)
from wuzha.core.paper.notice import NoticeSaid, write_notice
from wuzha.core.paper.plan_paper import PlanSaid, write_plan
from wuzha.core.paper.plan_text import PlanText
from wuzha.core.paper.policy_note import NoteSaid, write_policy_note

OFFICE = "石桥县反诈工作办公室"
SOURCES = (
    FigureSource("visited", "本月入户宣传的户数", "青石镇，10月21日至11月20日", 412, "/records/?kind=visit"),
    FigureSource("owed", "本月应入户的户数", "青石镇，10月21日至11月20日", 600, "/standings/"),
)
PHOTO = "5e" * 32
PICTURES: Mapping[str, bytes] = {PHOTO: make_photo()}
TABLE = Grid(
    (
        ("乡镇", "入户宣传", "", "差额"),
        ("", "应办", "已办", ""),
        ("青石镇", Figure("owed", "600"), Figure("visited", "412"), "188"),
        ("白沙镇", "540", "540", "0"),
    ),
    (40, 30, 30, 30),
    head_rows=2,
    merged=(Merge(0, 0, rows=2), Merge(0, 1, columns=2), Merge(0, 3, rows=2)),
    caption="附表：入户宣传进度",
)
DAY = date(2026, 11, 22)


def list_text(times: int = 1) -> tuple[Block, ...]:
    """Headings of all levels, a table and a picture; the middle stands so many times."""
    middle: tuple[Block, ...] = (
        Heading(1, "工作进展"),
        Paragraph(
            ("截至11月20日，青石镇应入户", Figure("owed", "600"), "户，已入户", Figure("visited", "412"), "户。")
        ),
        Heading(2, "进度偏慢的村。", ("柳树村、石门村本月没有一条入户记录，网格员到岗情况请一并核实。",)),
        Heading(3, "柳树村。", ("外出务工人员多，白天家中常常没有人，建议改在傍晚和周末上门。",)),
        Heading(4, "先走访老年人独居的家庭。"),
    )
    return (
        Paragraph(("为如期完成全年反诈宣传任务，现将有关情况提示如下，请认真研究，抓好落实。",)),
        *(middle * times),
        Heading(1, "有关要求"),
        Paragraph(("请于12月5日前把补做的入户记录报齐；确有困难的，书面说明原因和打算。",)),
        TABLE,
        Picture(PHOTO, "青石镇集市上的宣传点"),
        Paragraph(("特此函告。",)),
    )


LETTER = Paper(
    form="letter",
    title="关于加快青石镇入户宣传进度的工作提示函",
    addressee="青石镇人民政府",
    blocks=list_text(),
    number="石反诈函〔2026〕12号",
    issuer=OFFICE,
    signed_by=OFFICE,
    signed_on=DAY,
    sources=SOURCES,
    colophon=Colophon(copied_to="县平安建设办公室"),
    sealed=False,
)
CIRCULAR = Paper(
    form="circular",
    title="关于2026年第三季度全县反诈宣传工作开展情况和下一步工作打算的通报",
    addressee="各乡镇人民政府，县直有关单位：",
    blocks=list_text(3),
    number="石反诈办〔2026〕8号",
    issuer="石桥县打击治理电信网络违法犯罪工作领导小组办公室",
    signed_by="石桥县打击治理电信网络违法犯罪工作领导小组办公室",
    signed_on=DAY,
    attachments=("各乡镇入户宣传进度表", "各乡镇宣传阵地设置情况表"),
    sources=SOURCES,
    colophon=Colophon("县委办公室，县政府办公室，县人大常委会办公室，县政协办公室", OFFICE, DAY),
)
BRIEFING = Paper(
    form="briefing",
    title="青石镇在集市日开展反诈宣传",
    blocks=list_text(),
    number="第3期",
    issuer=OFFICE,
    masthead="反诈工作简报",
    signed_on=DAY,
    sources=SOURCES,
    colophon=Colophon("报：县委、县政府。送：各乡镇，县直有关单位", copies=50),
)
TALK = Paper(
    form="talk",
    title="约谈记录",
    blocks=list_text(),
    signed_by="青石镇",
    signed_on=date(2026, 3, 5),
    sources=SOURCES,
    sealed=False,
)
WIDE = Paper(
    form="monthly-table",
    title="2026年11月反诈宣传工作进展情况表",
    issuer=OFFICE,
    blocks=(
        Grid(
            (tuple(f"第{n}列" for n in range(14)), *(tuple(str(n * row) for n in range(14)) for row in range(60))),
            (20,) * 14,
        ),
    ),
    signed_on=DAY,
)
SAMPLE_PLAN, _ = read_plan_yaml(plan_text(DAY.year))
assert SAMPLE_PLAN is not None
TOLD = PlanText(SAMPLE_PLAN, load_kinds())
PLAN = replace(
    write_plan(TOLD, PlanSaid(SAMPLE_PLAN.title, OFFICE, ("为减少群众损失，制定本方案。",), head="red")),
    number="石反诈办〔2026〕1号",
    signed_on=DAY,
)
NOTE = replace(
    write_policy_note(TOLD, NoteSaid(f"《{SAMPLE_PLAN.title}》政策解读", OFFICE)),
    number="政策解读〔2026〕1号",
    signed_on=DAY,
)
NOTICE = replace(
    write_notice(
        NoticeSaid(
            "关于做好集市日反诈宣传的通知",
            "各乡镇人民政府",
            OFFICE,
            (
                "现将有关事项通知如下。",
                "一、时间",
                "（一）集市日。各乡镇自选一天。",
                "二、地点",
                "集市入口和公交站点。",
            ),
        )
    ),
    number="石反诈办〔2026〕10号",
    signed_on=DAY,
)
PAPERS: Mapping[str, Paper] = {
    "plan": PLAN,
    "policy-note": NOTE,
    "notice": NOTICE,
    "letter": LETTER,
    "circular": CIRCULAR,
    "briefing": BRIEFING,
    "talk": TALK,
    "monthly-table": WIDE,
}
