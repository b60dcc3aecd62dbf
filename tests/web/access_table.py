"""Who may what: the one table, from which a test asks every address of the site and ``scripts/access.py`` writes
``docs/access.md``.

A line is an address (by its name, with what stands in it and what is asked), who may look, who may change, and the
tables that go out of it as files. It is said without the site's own code: a line that asked the site would prove
nothing. The things are those of 青石镇 and its 柳湾村 in :mod:`tests.web.access_world`, named as in its ``ids``.

To add an address, put one line into its room below. ``at`` fills the arguments, ``ask`` is the query, ``sends`` the
form; ``shut(rule)`` answers 403 to all others, ``hide(rule)`` 404, ``gate(sees, may)`` 404 to who does not even see the
thing and 403 to who sees it and may not. ``ok`` is what is answered to who may.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tests.web.access_model import (
    ACCOUNT,
    ADMINISTRATOR,
    COUNTY_OFFICER,
    DRAFTING,
    EVERYBODY,
    HOLDER,
    NO_ONE,
    OFFICER,
    PAGES,
    PUBLISHER,
    PUBLISHING,
    RECORDING,
    REVIEWER,
    REVIEWING,
    ROOT_OFFICER,
    SECRETARY,
    STAFFING,
    SUPERVISING,
    Person,
    Rule,
    Where,
    some,
    some_whole,
)

TOWN, VILLAGE, COUNTY = "SQ01", "SQ0101", Where("SQ", "县级单位")
# Of what the town issues and the village does.
ISSUER, OFFICE, UNIT = Where(TOWN, "制发单位"), Where(TOWN, "所属机关"), Where(VILLAGE, "所涉单位")
# The sort of a page that is neither of records nor of people.
PAGE_OF = {
    f"campaign:{name}": page
    for page, names in (
        ("figures", "standings cell line"),
        ("people", "today hand-over"),
        ("plans", "plans plan-review plan-burden plan-diff plan-lint plan-yaml plan-document"),
        ("papers", "papers paper paper-file briefings briefing-public briefing-picture briefing-photo"),
        ("papers", "briefing-public-file"),
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Gate:
    """Who is let in, with which answer, and what the others are told.

    Whoever is not among the ``first`` is told 403 before anything is looked up.
    Whoever does not see the thing gets 404; whoever sees it and may not, 403, or 404 where it is ``hidden``. Of those
    let in, whom ``moved`` names are led on with 302, and whom ``kept`` names are told what is wrong with 422.
    ``stranger`` is the answer before the log-in, by the line if none.
    """

    may: Rule
    sees: Rule | None = None
    hidden: bool = False
    ok: int = 200
    moved: Rule | None = None
    stranger: int | None = None
    first: Rule | None = None
    kept: Rule | None = None

    def find_status(self, person: Person) -> int:
        if self.first is not None and not self.first.holds(person):
            return 403
        if self.sees is not None and not self.sees.holds(person):
            return 404
        if not self.may.holds(person):
            return 404 if self.hidden else 403
        if self.kept is not None and self.kept.holds(person):
            return 422
        return 302 if self.moved is not None and self.moved.holds(person) else self.ok


def free(ok: int = 200, *, stranger: int | None = None) -> Gate:
    return Gate(EVERYBODY, ok=ok, stranger=ok if stranger is None else stranger)


def own(ok: int = 200) -> Gate:
    """For whoever is logged in: what stands there is only theirs."""
    return Gate(ACCOUNT, ok=ok)


def shut(may: Rule, ok: int = 200) -> Gate:
    return Gate(may, ok=ok)


def hide(may: Rule, ok: int = 200, *, moved: Rule | None = None) -> Gate:
    return Gate(may, hidden=True, ok=ok, moved=moved)


def gate(sees: Rule, may: Rule, ok: int = 200, *, first: Rule | None = None) -> Gate:
    return Gate(may, sees, ok=ok, first=first)


@dataclass(frozen=True, slots=True)
class Line:
    """An address. ``look`` is GET and HEAD, ``change`` is POST; a method without a gate answers 405 to everybody.

    ``told``: a program asks here, and a stranger gets 401 instead of the way to the log-in.
    """

    name: str
    what: str
    look: Gate | None = None
    change: Gate | None = None
    at: Mapping[str, str] = field(default_factory=dict)
    ask: str = ""
    sends: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    told: bool = False
    by_key: bool = False

    @property
    def page(self) -> str:
        """The sort of page: it says whose post counts for anything there."""
        if self.name in PAGE_OF:
            return PAGE_OF[self.name]
        return "records" if self.name.startswith("campaign:") else "people"

    @property
    def address(self) -> tuple[str, frozenset[str]]:
        return self.name, frozenset(self.at)


@dataclass(frozen=True, slots=True)
class Room:
    title: str
    lines: tuple[Line, ...]


def at(**values: str) -> Mapping[str, str]:
    return values


# --- the relations that many lines share ------------------------------------------------------------------------------

SEES_UNIT = UNIT.over()
RUNS_UNIT = UNIT.over(OFFICER)
STAFFS_UNIT = UNIT.over(*STAFFING)
# Nobody who only stands in gives, ends or renews a post, a link or a key.
GIVES_UNIT = UNIT.over_in_own_name(*STAFFING)
STANDS_IN = Rule("只是代理的人", lambda person: STAFFS_UNIT.holds(person) and not GIVES_UNIT.holds(person))
RECORDS_UNIT = UNIT.over(*RECORDING)
RUNS_OFFICE = OFFICE.over(OFFICER)
SUPERVISES_OFFICE = OFFICE.over(*SUPERVISING)
PUBLISHES_OFFICE = OFFICE.over(*PUBLISHING)
READS_ISSUED = OFFICE.over(*SUPERVISING, PUBLISHER)
BOUND = ISSUER.along()
RUNS_ISSUER = ISSUER.over(OFFICER)
ONLY_VILLAGE = Rule("只看得到自己一行的单位", lambda person: not person.is_over(TOWN))
ANY_OFFICER, ANY_RECORDER, ANY_REVIEWER = some_whole(OFFICER), some(*RECORDING), some(*REVIEWING)
NO_FIGURES = Rule(
    "看不到任务数字的人，转到自己的页面",
    lambda person: bool(person.posts) and not person.narrow("figures").posts,
)
WHOLE = some_whole()
ONLY_SECRETARY = Rule(
    "只当记录员的人", lambda person: bool(person.posts) and all(post.role == SECRETARY for post in person.posts)
)

ONLY_LINES = Rule(
    "只管一条线的人，转到那条线的页面",
    lambda person: bool(person.posts) and all(post.line for post in person.posts),
)
LED_ON = ONLY_SECRETARY | NO_FIGURES | ONLY_LINES

V, PLAN, ISSUED = at(code="village"), at(plan="plan"), at(plan="issued")
DUTY, RECORD, EVIDENCE = at(plan="plan", duty="duty"), at(pk="record"), at(pk="evidence")
CARD, PAPER, CALL = at(card="card"), at(paper="paper"), at(call="call")
SCORE_DRAFT, PAPER_DRAFT = at(draft="score_draft"), at(draft="paper_draft")
TITLE, BRIEFING = at(pk="title"), at(paper="briefing")
SPOT = at(card="card", code="village", item="rallies")
UNIT_TITLE = at(pk="title", code="village")

RINGS_UNIT = UNIT.over(OFFICER, REVIEWER, ADMINISTRATOR)
REVEALS_UNIT = UNIT.over(*DRAFTING)
ANY_STAFF = some(*STAFFING)
HELD = at(code="village", number="post")
COLLEAGUE = at(number="colleague")
ACCOUNTS = Room(
    "登录、本人、单位和人员",
    (
        Line("set_language", "切换语言", free(302), free(302)),
        Line("accounts:home", "首页，转到“今日”", own(302), own(302)),
        Line("accounts:log-in", "登录", free(302, stranger=200), free(302, stranger=200)),
        Line("accounts:log-in-second", "登录第二步", free(302), free(302)),
        Line("accounts:log-in-passkey", "用通行密钥登录", None, free(422)),
        Line("accounts:log-in-options", "通行密钥登录要签的内容", None, free()),
        Line("accounts:log-in-central", "去统一身份认证登录（没有接入时没有）", free(302), free(404)),
        Line("accounts:log-in-central-back", "从统一身份认证回来（没有接入时没有）", free(404)),
        Line("accounts:log-out", "退出登录", None, own(302)),
        Line("accounts:me", "本人的职务", own()),
        Line("accounts:change-password", "修改密码", own(), own()),
        Line("accounts:security", "本人的登录方式和设备", own()),
        Line("accounts:factor-app", "设置验证器", own(), own()),
        Line("accounts:factor-passkey", "添加通行密钥", own(), own()),
        Line("accounts:factor-passkey-options", "添加通行密钥要签的内容", None, own()),
        Line("accounts:proof-options", "再次证明身份要签的内容", None, own()),
        Line("accounts:factor-codes", "换新的恢复码", None, shut(NO_ONE)),
        Line("accounts:factor-remove", "去掉别人的登录方式", None, hide(NO_ONE), at(number="post")),
        Line("accounts:session-end", "让别人的设备退出登录", None, hide(NO_ONE), at(number="post")),
        Line("accounts:session-end-others", "让本人的其他设备退出登录", None, own(302)),
        Line("accounts:units", "查找单位", own(), tables=("units", "figures")),
        Line("accounts:units", "按名称查找单位", own(), ask="words=柳湾", tables=("units",)),
        Line("accounts:unit", "一个单位的情况和下级单位", hide(SEES_UNIT), at=V, tables=("units", "figures")),
        Line(
            "accounts:people",
            "人员和岗位",
            gate(SEES_UNIT, STAFFS_UNIT),
            Gate(STAFFS_UNIT, SEES_UNIT, moved=GIVES_UNIT),
            V,
            sends={
                "display_name": "新来的人",
                "username": "newcomer",
                "password": "a-long-enough-password",
                "role": "secretary",
                "opens_on": "2026-01-01",
            },
            tables=("posts",),
        ),
        Line("personal:phone", "打某人的电话，说明理由后显示号码", hide(RINGS_UNIT), hide(RINGS_UNIT, 422), COLLEAGUE),
        Line(
            "personal:change-phone",
            "登记某人的电话",
            gate(RINGS_UNIT, STAFFS_UNIT),
            gate(RINGS_UNIT, STAFFS_UNIT, 302),
            COLLEAGUE,
            sends={"phone": "13900000000"},
        ),
        Line("personal:data", "某人的全部资料，导出和去名", hide(ROOT_OFFICER), hide(ROOT_OFFICER, 422), COLLEAGUE),
        Line("personal:retention", "各类资料保存多久", shut(ROOT_OFFICER), tables=("clocks", "runs")),
        Line(
            "personal:change-days",
            "改保存天数",
            hide(ROOT_OFFICER),
            hide(ROOT_OFFICER, 422),
            at(kind="uploads"),
        ),
        Line("personal:holds", "暂不删除的资料", shut(ROOT_OFFICER), shut(ROOT_OFFICER, 422), tables=("holds",)),
        Line("personal:lift-hold", "解除暂不删除", None, hide(ROOT_OFFICER, 302), at(number="hold")),
        Line("personal:certificate", "离任人员资料删除凭证", hide(ROOT_OFFICER), at=at(number="departure")),
        Line(
            "accounts:factor-reset",
            "为丢了手机的人取消第二步",
            gate(SEES_UNIT, GIVES_UNIT),
            gate(SEES_UNIT, GIVES_UNIT),
            HELD,
        ),
        Line("accounts:choose-post", "选择以哪个职务办事", None, own(302)),
        Line("accounts:welcome", "一次性链接，设置密码", free(410), free(410), at(link="no-such-link")),
        Line("accounts:people-import", "成批导入人员", shut(ANY_STAFF), shut(ANY_STAFF, 422)),
        Line("accounts:people-preview", "人员导入预览", shut(ANY_STAFF, 302)),
        Line("accounts:people-confirm", "确认导入人员，没有待导入的文件", None, shut(ANY_STAFF, 404)),
        Line("accounts:people-template", "人员导入模板", shut(ANY_STAFF)),
        Line("accounts:give-post", "给予职务", gate(SEES_UNIT, STAFFS_UNIT), gate(SEES_UNIT, STAFFS_UNIT, 422), V),
        Line("accounts:deputy", "指定代理", gate(SEES_UNIT, GIVES_UNIT), gate(SEES_UNIT, GIVES_UNIT, 422), HELD),
        Line("accounts:leave", "离任停用账号", gate(SEES_UNIT, GIVES_UNIT), gate(SEES_UNIT, GIVES_UNIT, 302), HELD),
        Line("accounts:renew-link", "重发一次性链接", None, gate(SEES_UNIT, GIVES_UNIT), HELD),
        Line(
            "accounts:end-post",
            "结束一个职务",
            None,
            gate(SEES_UNIT, GIVES_UNIT, 302),
            at(code="village", number="post"),
        ),
        Line(
            "accounts:change",
            "登记单位更名、合并、拆分、撤销等变动",
            gate(SEES_UNIT, STAFFS_UNIT),
            gate(SEES_UNIT, STAFFS_UNIT, 302),
            at(code="village", what="rename"),
            sends={"name": "新柳湾村", "reason": "更名", "happened_on": "2026-11-01"},
        ),
        Line(
            "accounts:withdraw-change",
            "撤回尚未生效的变动",
            None,
            gate(SEES_UNIT, STAFFS_UNIT, 302),
            at(code="village", number="coming"),
            sends={"reason": "登记有误"},
        ),
        Line(
            "accounts:tokens",
            "程序用的钥匙",
            gate(SEES_UNIT, STAFFS_UNIT),
            Gate(STAFFS_UNIT, SEES_UNIT, kept=STANDS_IN),
            V,
            sends={"name": "对接", "post": "post", "last_day": "2099-01-01"},
            tables=("keys",),
        ),
        Line(
            "accounts:withdraw-token",
            "收回一把钥匙",
            None,
            gate(SEES_UNIT, GIVES_UNIT, 302),
            at(code="village", number="token"),
        ),
        Line("accounts:jobs", "本人交办的耗时任务", own()),
        Line("accounts:job", "别人的一项任务", hide(NO_ONE), at=at(job="job")),
        Line("accounts:job-file", "别人的任务做出的文件", hide(NO_ONE), hide(NO_ONE), at(job="job")),
        Line("accounts:roster", "导入花名册", shut(ROOT_OFFICER), shut(ROOT_OFFICER, 422)),
        Line("accounts:roster-preview", "花名册预览", shut(ROOT_OFFICER), tables=("changes",)),
        Line("accounts:roster-confirm", "确认花名册", None, shut(ROOT_OFFICER, 302)),
        Line("accounts:roster-template", "花名册模板", shut(ROOT_OFFICER)),
    ),
)

STANDINGS = Room(
    "今日、任务和进度",
    (
        Line("campaign:today", "今天要办的事", Gate(ACCOUNT, moved=LED_ON), tables=("watches",)),
        Line("campaign:work", "本单位还欠什么", Gate(ACCOUNT, moved=ONLY_LINES), tables=("tasks", "watches")),
        Line("campaign:work", "指定单位还欠什么", hide(SEES_UNIT), ask="unit=SQ0101", tables=("tasks", "watches")),
        Line("campaign:standings", "本级进度", Gate(ACCOUNT, moved=ONLY_LINES), tables=("matrix", "cells")),
        Line("campaign:standings", "指定单位的进度", hide(SEES_UNIT), at=V, tables=("matrix", "cells")),
        Line(
            "campaign:cell",
            "一份方案的一格：全部任务",
            hide(SEES_UNIT),
            at=at(code="village", pk="issued"),
            tables=("units", "windows"),
        ),
        Line(
            "campaign:cell",
            "一项任务的一格",
            hide(SEES_UNIT),
            at=at(code="village", pk="issued", duty_id="rally"),
            tables=("units", "windows"),
        ),
        Line(
            "campaign:cell",
            "一项任务的一格，下级相互比较",
            hide(COUNTY.over()),
            at=at(code="county", pk="county_plan", duty_id="fall"),
            tables=("units", "windows", "places"),
        ),
        Line("campaign:unit", "一个单位做得怎样", hide(SEES_UNIT), at=V, tables=("duties",)),
        Line("campaign:hand-over", "交接职务", gate(SEES_UNIT, GIVES_UNIT), gate(SEES_UNIT, GIVES_UNIT, 422), HELD),
        Line("campaign:line", "别人的一条线", hide(NO_ONE), at=at(number="post")),
        Line(
            "campaign:waivers",
            "免除一项任务",
            hide(SEES_UNIT),
            gate(SEES_UNIT, RUNS_ISSUER, 422),
            at(code="village", pk="issued", duty_id="rally"),
            tables=("waivers",),
        ),
        Line(
            "campaign:waiver-withdraw",
            "收回免除",
            None,
            gate(BOUND, RUNS_ISSUER, 302),
            at(pk="waiver"),
            sends={"reason": "恢复"},
        ),
    ),
)

MERGES = gate(ISSUER.over(*DRAFTING), RUNS_ISSUER, 302)
READS_DRAFT = ISSUER.over(*DRAFTING)
DRAFT_PLAN = hide(READS_DRAFT)
RUNS_DRAFT = gate(READS_DRAFT, RUNS_ISSUER)
PLANS = Room(
    "方案",
    (
        Line("campaign:plans", "方案列表", own(), tables=("plans",)),
        Line("campaign:plan-upload", "上传方案", None, shut(ANY_OFFICER, 422)),
        Line("campaign:plan-review", "方案草稿", DRAFT_PLAN, at=PLAN),
        Line("campaign:plan-review", "已印发的方案", hide(BOUND), at=ISSUED, tables=("duties",)),
        Line("campaign:plan-head", "修改草稿的标题和期限", None, gate(READS_DRAFT, RUNS_ISSUER, 422), PLAN),
        Line("campaign:plan-head", "修改已印发的方案（一律拒绝）", None, gate(BOUND, RUNS_ISSUER, 409), ISSUED),
        Line("campaign:plan-discard", "删除草稿", None, gate(READS_DRAFT, RUNS_ISSUER, 302), PLAN),
        Line("campaign:plan-discard", "删除已印发的方案（一律拒绝）", None, gate(BOUND, RUNS_ISSUER, 409), ISSUED),
        Line("campaign:plan-accept-clear", "接受读得清楚的任务", None, gate(READS_DRAFT, RUNS_ISSUER, 302), PLAN),
        Line("campaign:plan-duty-new", "补一项任务", RUNS_DRAFT, gate(READS_DRAFT, RUNS_ISSUER, 422), PLAN),
        Line(
            "campaign:plan-merge",
            "合并任务",
            gate(READS_DRAFT, RUNS_ISSUER, 302),
            gate(READS_DRAFT, RUNS_ISSUER, 302),
            PLAN,
        ),
        Line("campaign:plan-duty", "修改任务", RUNS_DRAFT, gate(READS_DRAFT, RUNS_ISSUER, 422), DUTY),
        Line("campaign:plan-duty-card", "任务卡片", gate(READS_DRAFT, RUNS_ISSUER, 302), None, DUTY),
        Line(
            "campaign:plan-duty-decide",
            "接受或删去任务",
            None,
            gate(READS_DRAFT, RUNS_ISSUER, 302),
            DUTY,
            sends={"decision": "dropped"},
        ),
        Line("campaign:plan-duty-answer", "回答关于任务的疑问", None, gate(READS_DRAFT, RUNS_ISSUER, 302), DUTY),
        Line("campaign:plan-duty-split", "拆开任务", RUNS_DRAFT, gate(READS_DRAFT, RUNS_ISSUER, 422), DUTY),
        Line("campaign:plan-undo", "撤销一步", None, gate(READS_DRAFT, RUNS_ISSUER, 302), PLAN),
        Line("campaign:plan-redo", "重做一步", None, gate(READS_DRAFT, RUNS_ISSUER, 302), PLAN),
        Line("campaign:plan-history", "修改记录", RUNS_DRAFT, at=PLAN),
        Line("campaign:plan-history", "已印发方案的修改记录", gate(BOUND, RUNS_ISSUER), at=ISSUED),
        Line("campaign:plan-issue", "印发方案", RUNS_DRAFT, gate(READS_DRAFT, RUNS_ISSUER, 409), PLAN),
        Line("campaign:plan-yaml", "方案文件（草稿）", DRAFT_PLAN, at=PLAN),
        Line("campaign:plan-yaml", "方案文件（已印发）", hide(BOUND), at=ISSUED),
        Line("campaign:plan-contacts", "方案里写到的电话", RUNS_DRAFT, gate(READS_DRAFT, RUNS_ISSUER, 422), PLAN),
        Line("campaign:plan-document", "上传的原文件（草稿）", DRAFT_PLAN, at=PLAN),
        Line("campaign:plan-lint", "与上位规定对照（草稿）", DRAFT_PLAN, at=PLAN, tables=("findings",)),
        Line("campaign:plan-lint", "与上位规定对照（已印发）", hide(BOUND), at=ISSUED, tables=("findings",)),
        Line("campaign:plan-lint-stand", "对照发现的问题予以保留", None, gate(READS_DRAFT, RUNS_ISSUER, 422), PLAN),
        Line("campaign:plan-burden", "方案给基层的负担（草稿）", DRAFT_PLAN, at=PLAN, tables=("burden", "loads")),
        Line(
            "campaign:plan-burden",
            "方案给基层的负担",
            hide(BOUND),
            at=ISSUED,
            tables=("burden", "loads", "loads-village", "loads-community", "loads-town"),
        ),
        Line("campaign:plan-diff", "与另一份方案对照", hide(BOUND), at=ISSUED),
        Line(
            "campaign:plan-diff", "与上级方案对照", hide(BOUND), at=ISSUED, ask="with={county_plan}", tables=("diff",)
        ),
        Line(
            "campaign:plan-diff",
            "上级方案的任务是否都有落实",
            hide(BOUND),
            at=ISSUED,
            ask="with={county_plan}&view=covers",
            tables=("coverage",),
        ),
        Line("campaign:plan-diff", "与一份草稿对照", DRAFT_PLAN, at=ISSUED, ask="with={plan}"),
        Line("campaign:minutes", "一条台账要几分钟", shut(WHOLE), shut(COUNTY_OFFICER, 422), tables=("minutes",)),
        Line("campaign:kinds", "台账种类", shut(WHOLE), shut(COUNTY_OFFICER, 422), tables=("kinds", "entries")),
        Line(
            "campaign:kind-change",
            "修改本县自设的种类",
            hide(COUNTY_OFFICER),
            hide(COUNTY_OFFICER, 422),
            at(kind_code="kind"),
        ),
        Line(
            "campaign:kind-close",
            "停用本县自设的种类",
            hide(COUNTY_OFFICER),
            hide(COUNTY_OFFICER, 422),
            at(kind_code="kind"),
        ),
        Line("campaign:calendar", "工作日", shut(WHOLE), shut(COUNTY_OFFICER, 422), tables=("days",)),
        Line("campaign:calendar-withdraw", "收回对某日的说明", None, hide(COUNTY_OFFICER, 302), at(pk="day")),
    ),
)

TEMPLATE = gate(SEES_UNIT, RECORDS_UNIT, first=ANY_RECORDER)
RECORDS = Room(
    "台账和照片",
    (
        Line("campaign:records", "台账列表", own()),
        Line("campaign:records", "指定单位的台账", hide(SEES_UNIT), ask="unit=SQ0101"),
        Line("campaign:records-xlsx", "台账导出 .xlsx", own()),
        Line("campaign:records-xlsx", "指定单位的台账导出 .xlsx", hide(SEES_UNIT), ask="unit=SQ0101"),
        Line("campaign:records-csv", "台账导出 .csv", own()),
        Line("campaign:records-csv", "指定单位的台账导出 .csv", hide(SEES_UNIT), ask="unit=SQ0101"),
        Line("campaign:record-new", "记一条", shut(ANY_RECORDER), shut(ANY_RECORDER)),
        Line(
            "campaign:record-new",
            "为指定单位记一条",
            gate(SEES_UNIT, RECORDS_UNIT),
            gate(SEES_UNIT, RECORDS_UNIT, 302),
            ask="unit=SQ0101&kind=rally",
            sends={"id": "018f3c1e-0000-7000-8000-0000000000aa", "happened_on": "2026-11-01", "quantity": "1"},
        ),
        Line("campaign:records-held", "等待原件的更正", own(), tables=("held",)),
        Line("campaign:record", "一条台账", hide(SEES_UNIT), at=RECORD, tables=("versions",)),
        Line(
            "campaign:record-correct",
            "更正台账",
            gate(SEES_UNIT, RECORDS_UNIT),
            gate(SEES_UNIT, RECORDS_UNIT, 302),
            RECORD,
            sends={"id": "018f3c1e-0000-7000-8000-0000000000ab", "happened_on": "2026-11-01", "quantity": "1"},
        ),
        Line(
            "campaign:record-withdraw",
            "作废台账",
            gate(SEES_UNIT, RECORDS_UNIT),
            gate(SEES_UNIT, RECORDS_UNIT, 302),
            RECORD,
            sends={"id": "018f3c1e-0000-7000-8000-0000000000ac", "note": "重复"},
        ),
        Line(
            "campaign:record-numbers",
            "台账里遮住的号码",
            gate(SEES_UNIT, REVEALS_UNIT),
            gate(SEES_UNIT, REVEALS_UNIT, 422),
            RECORD,
        ),
        Line("campaign:record-attach", "给台账补照片", None, gate(SEES_UNIT, RECORDS_UNIT, 302), RECORD),
        Line("campaign:evidence", "照片收到了多少", hide(SEES_UNIT), at=EVIDENCE, told=True),
        Line("campaign:evidence-file", "照片原件", hide(SEES_UNIT), at=EVIDENCE),
        Line("campaign:evidence-thumbnail", "照片缩略图", hide(SEES_UNIT), at=EVIDENCE),
        Line("campaign:looks", "请再看一眼", shut(ANY_REVIEWER), shut(ANY_REVIEWER, 422), tables=("looks",)),
        Line("campaign:records-import", "导入台账", shut(ANY_RECORDER), shut(ANY_RECORDER, 422)),
        Line("campaign:records-preview", "导入预览", shut(ANY_RECORDER, 302)),
        Line("campaign:records-confirm", "确认导入", None, shut(ANY_RECORDER, 302)),
        Line("campaign:records-drop", "放弃导入", None, shut(ANY_RECORDER, 302)),
        Line("campaign:records-reasons", "未收原因", shut(ANY_RECORDER, 302)),
        Line("campaign:records-template", "台账模板", shut(ANY_RECORDER)),
        Line("campaign:records-template", "指定单位的台账模板", TEMPLATE, ask="unit=SQ0101"),
        Line("campaign:records-template-csv", "台账模板 .csv", shut(ANY_RECORDER)),
        Line(
            "campaign:records-template-csv",
            "指定单位的台账模板 .csv",
            TEMPLATE,
            ask="unit=SQ0101",
        ),
        Line("campaign:rounds", "本单位的走访名单", shut(ANY_RECORDER, 302)),
        Line("campaign:round", "走访名单", hide(SEES_UNIT), gate(SEES_UNIT, RECORDS_UNIT, 302), V, tables=("left",)),
        Line(
            "campaign:round-numbers",
            "改走访名单",
            None,
            gate(SEES_UNIT, RECORDS_UNIT, 302),
            V,
            sends={"numbers": "1-20"},
        ),
    ),
)

PHONE = Room(
    "手机页",
    (
        Line("campaign:phone", "手机页外壳，不含任何人的数据", free()),
        Line("campaign:phone-worker", "手机页的离线程序", free()),
        Line("campaign:phone-manifest", "手机页的名称和图标", free()),
        Line("campaign:phone-file", "手机页的文件", free(404), at=at(version="0", name="app.js")),
        Line("campaign:phone-state", "手机离线要用的内容", own(), told=True),
        Line("campaign:phone-records", "手机发来的台账", None, own(400), told=True),
        Line("campaign:queue-file", "手机积压导出的文件", shut(ANY_RECORDER), shut(ANY_RECORDER)),
    ),
)

SITES = Room(
    "点位和道路",
    (
        Line("campaign:sites", "本单位的点位", own(), tables=("sites", "gaps", "hoardings")),
        Line("campaign:sites", "指定单位的点位", hide(SEES_UNIT), at=V, tables=("sites", "gaps", "hoardings")),
        Line(
            "campaign:site-place",
            "标注点位",
            gate(SEES_UNIT, RECORDS_UNIT),
            gate(SEES_UNIT, RECORDS_UNIT, 422),
            V,
            ask="subject=N1",
        ),
        Line(
            "campaign:roads-upload",
            "上传道路",
            gate(SEES_UNIT, RUNS_UNIT),
            gate(SEES_UNIT, RUNS_UNIT, 422),
            V,
            tables=("roads",),
        ),
        Line("campaign:roads-preview", "道路预览", gate(SEES_UNIT, RUNS_UNIT), at=V, tables=("changes",)),
        Line("campaign:roads-confirm", "确认道路", None, gate(SEES_UNIT, RUNS_UNIT, 302), V),
        Line(
            "campaign:road-close",
            "一条路不再计算",
            None,
            gate(SEES_UNIT, RUNS_UNIT, 302),
            at(code="village", number="road"),
        ),
    ),
)

SCORES = Room(
    "评分",
    (
        Line("campaign:scores", "评分", own(), tables=("scores",)),
        Line("campaign:score-new", "起草评分表", shut(ANY_OFFICER), shut(ANY_OFFICER, 422)),
        Line("campaign:score-new", "为指定单位起草评分表", shut(RUNS_ISSUER), shut(RUNS_ISSUER, 422), ask="unit=SQ01"),
        Line("campaign:score-draft", "评分表草稿", hide(RUNS_ISSUER), hide(RUNS_ISSUER, 422), SCORE_DRAFT),
        Line(
            "campaign:score-adopt",
            "启用评分表",
            None,
            hide(RUNS_ISSUER, 422),
            SCORE_DRAFT,
            sends={"revision": "1"},
        ),
        Line("campaign:score-discard", "删除评分表草稿", None, hide(RUNS_ISSUER, 302), SCORE_DRAFT),
        Line(
            "campaign:score-draft-item",
            "草稿中的一项",
            hide(RUNS_ISSUER),
            hide(RUNS_ISSUER, 422),
            at(draft="score_draft", item="rallies"),
        ),
        Line(
            "campaign:score-draft-remove",
            "去掉草稿中的一项",
            None,
            hide(RUNS_ISSUER, 302),
            at(draft="score_draft", item="rallies"),
        ),
        Line("campaign:score-card", "按一张评分表看得分", hide(BOUND), at=CARD, tables=("scores",)),
        Line(
            "campaign:score-rules",
            "评分表的规则",
            hide(BOUND),
            gate(BOUND, RUNS_ISSUER, 302),
            CARD,
            sends={"text": "备案〔2026〕1号"},
        ),
        Line("campaign:score-copy", "照样起草一张", None, gate(BOUND, RUNS_ISSUER, 302), CARD),
        Line(
            "campaign:score-figures",
            "填报系统算不出的数",
            gate(BOUND, RUNS_ISSUER),
            gate(BOUND, RUNS_ISSUER, 422),
            at(card="card", item="told"),
        ),
        Line(
            "campaign:score-unit",
            "一个单位的得分",
            hide(SEES_UNIT),
            at=at(card="card", code="village"),
            tables=("lines",),
        ),
        Line("campaign:score-item", "一个单位一项的得分", hide(SEES_UNIT), at=SPOT, tables=("pieces",)),
        Line(
            "campaign:score-act",
            "申诉",
            None,
            gate(SEES_UNIT, UNIT.below_of(ISSUER, *RECORDING), 422),
            {**SPOT, "act": "appeal"},
        ),
        Line("campaign:score-act", "加分", None, gate(SEES_UNIT, RUNS_ISSUER, 422), {**SPOT, "act": "bonus"}),
        Line("campaign:score-act", "提出扣分", None, gate(SEES_UNIT, RUNS_ISSUER, 422), {**SPOT, "act": "charge"}),
        Line(
            "campaign:score-act",
            "答复申诉",
            None,
            gate(SEES_UNIT, ISSUER.over(*SUPERVISING), 422),
            {**SPOT, "act": "answer"},
        ),
        Line(
            "campaign:score-act",
            "决定扣分",
            None,
            gate(SEES_UNIT, ISSUER.over(*SUPERVISING), 422),
            {**SPOT, "act": "decide"},
        ),
        Line(
            "campaign:score-act",
            "说明情况",
            None,
            gate(SEES_UNIT, UNIT.below_of(ISSUER, *RECORDING), 422),
            {**SPOT, "act": "reply"},
        ),
    ),
)

PAPERS = Room(
    "公文和简报",
    (
        Line("campaign:papers", "公文列表", own(), tables=("papers", "behind")),
        Line("campaign:paper-new", "起草公文，先选种类", own(302), own(302)),
        Line(
            "campaign:paper-new",
            "给指定单位写提示函",
            gate(SEES_UNIT, UNIT.right_over(OFFICER)),
            gate(SEES_UNIT, UNIT.right_over(OFFICER), 422),
            ask="form=letter&unit=SQ0101&plan={issued}",
        ),
        Line(
            "campaign:paper-draft",
            "公文草稿",
            hide(RUNS_OFFICE),
            hide(RUNS_OFFICE, 422),
            PAPER_DRAFT,
            tables=("changes",),
        ),
        Line("campaign:paper-discard", "删除公文草稿", None, hide(RUNS_OFFICE, 302), PAPER_DRAFT),
        Line("campaign:paper-issue", "印发公文", None, hide(RUNS_OFFICE, 302), PAPER_DRAFT),
        Line("campaign:paper", "发给一个单位的公文", hide(SEES_UNIT), at=PAPER, tables=("sources", "changes")),
        Line("campaign:paper-file", "公文文件", hide(SEES_UNIT), at=at(paper="paper", sort="docx")),
        Line("campaign:paper-file", "公文文件 .pdf", hide(SEES_UNIT), at=at(paper="paper", sort="pdf")),
        Line("campaign:paper-restate", "按现在的台账重算", None, gate(SEES_UNIT, RUNS_OFFICE, 302), PAPER),
        Line("campaign:paper", "一期简报", hide(READS_ISSUED), at=BRIEFING, tables=("sources", "changes")),
        Line("campaign:paper-file", "简报文件", hide(READS_ISSUED), at=at(paper="briefing", sort="docx")),
        Line("campaign:briefings", "该写的简报", shut(ANY_OFFICER), shut(ANY_OFFICER, 422)),
        Line(
            "campaign:briefing-public",
            "准备公开稿",
            gate(READS_ISSUED, PUBLISHES_OFFICE),
            gate(READS_ISSUED, PUBLISHES_OFFICE, 200),
            BRIEFING,
        ),
        Line(
            "campaign:briefing-picture",
            "公开稿照片打码",
            gate(READS_ISSUED, PUBLISHES_OFFICE),
            gate(READS_ISSUED, PUBLISHES_OFFICE, 422),
            at(paper="briefing", place="0"),
        ),
        Line(
            "campaign:briefing-photo",
            "简报照片（未打码）",
            gate(READS_ISSUED, PUBLISHES_OFFICE),
            at=at(paper="briefing", place="0", sort="plain"),
        ),
        Line(
            "campaign:briefing-photo",
            "简报照片（已打码）",
            gate(READS_ISSUED, PUBLISHES_OFFICE),
            at=at(paper="briefing", place="0", sort="masked"),
        ),
        Line(
            "campaign:briefing-public-file",
            "公开稿文件",
            hide(READS_ISSUED),
            at=at(paper="briefing", version="1", sort="docx"),
        ),
    ),
)

MONTHLY = Room(
    "月报",
    (
        Line("campaign:tables", "月报列表", own(), shut(ANY_OFFICER, 422)),
        Line("campaign:table", "一张月报", hide(BOUND, moved=ONLY_VILLAGE), at=CALL, tables=("month",)),
        Line("campaign:table-issue", "印发月报", None, gate(BOUND, RUNS_ISSUER, 302), CALL),
        Line("campaign:table-draft", "月报草稿 .xlsx", hide(BOUND), at=at(call="call", sort="xlsx")),
        Line("campaign:table-draft", "月报草稿 .docx", hide(BOUND), at=at(call="call", sort="docx")),
        Line(
            "campaign:table-import", "导入其他部门的数", gate(BOUND, RUNS_ISSUER), gate(BOUND, RUNS_ISSUER, 422), CALL
        ),
        Line("campaign:table-template", "导入模板", gate(BOUND, RUNS_ISSUER), at=CALL),
        Line("campaign:table-confirm", "确认导入的数", None, gate(BOUND, RUNS_ISSUER, 302), CALL),
        Line(
            "campaign:table-line",
            "一个单位的一行",
            hide(SEES_UNIT),
            gate(SEES_UNIT, RECORDS_UNIT, 302),
            at(call="call", code="village"),
            sends={"last_act": "0"},
        ),
        Line(
            "campaign:table-return",
            "退回一行",
            None,
            gate(SEES_UNIT, UNIT.right_over(OFFICER), 302),
            at(call="call", code="village"),
            sends={"reason": "数字不全"},
        ),
    ),
)

SUPERVISION = Room(
    "督导和措施",
    (
        Line("campaign:supervision", "督导建议", own(), tables=("measures",)),
        Line("campaign:supervision", "对指定单位的督导建议", hide(SEES_UNIT), ask="unit=SQ0101", tables=("measures",)),
        Line("campaign:ladder", "措施阶梯", shut(some_whole(*SUPERVISING)), shut(COUNTY_OFFICER, 422)),
        Line("campaign:measure-new", "采取措施，先选单位", own(302), own(302)),
        Line(
            "campaign:measure-new",
            "对指定单位采取措施",
            gate(SEES_UNIT, UNIT.right_over(*SUPERVISING)),
            gate(SEES_UNIT, UNIT.right_over(*SUPERVISING), 422),
            ask="unit=SQ0101&plan={issued}",
        ),
        Line("campaign:measure", "一项措施", hide(SEES_UNIT), at=at(measure="measure"), tables=("facts",)),
        Line(
            "campaign:paper-answer",
            "答复、报告整改、申诉",
            None,
            gate(SEES_UNIT, UNIT.below_of(OFFICE, *RECORDING), 302),
            PAPER,
            sends={"kind": "answered", "note": "已安排补办"},
        ),
        Line(
            "campaign:measure-decide",
            "对措施作决定",
            None,
            gate(SEES_UNIT, SUPERVISES_OFFICE, 302),
            PAPER,
            sends={"kind": "lifted", "note": "出具有误"},
        ),
    ),
)

SPEAKS_FOR_UNIT = UNIT.over(SECRETARY) | UNIT.at(OFFICER)
SEEN = {"seen": "1"}
TITLES = Room(
    "无诈称号",
    (
        Line("campaign:titles", "称号列表", own()),
        Line("campaign:title-new", "设立称号", shut(ANY_OFFICER), shut(ANY_OFFICER, 422)),
        Line("campaign:title", "一个称号", hide(BOUND), at=TITLE, tables=("share",)),
        Line("campaign:title", "称号在指定单位", hide(SEES_UNIT), at=TITLE, ask="unit=SQ0101", tables=("share",)),
        Line("campaign:title-criteria", "创建标准", hide(BOUND), gate(BOUND, RUNS_ISSUER, 422), TITLE),
        Line("campaign:title-units", "称号的单位", hide(BOUND), at=TITLE, tables=("units",)),
        Line("campaign:title-unit", "一个单位的创建情况", hide(SEES_UNIT), at=UNIT_TITLE),
        Line(
            "campaign:title-criterion",
            "一条标准后面的台账",
            hide(SEES_UNIT),
            at={**UNIT_TITLE, "duty_id": "title-talk"},
            tables=("windows",),
        ),
        Line(
            "campaign:title-step",
            "申报",
            None,
            gate(SEES_UNIT, SPEAKS_FOR_UNIT, 302),
            {**UNIT_TITLE, "what": "apply"},
            sends=SEEN,
        ),
        Line(
            "campaign:title-step",
            "实地查看",
            None,
            gate(SEES_UNIT, UNIT.right_over(OFFICER), 422),
            {**UNIT_TITLE, "what": "visit"},
        ),
        Line(
            "campaign:title-step",
            "登记异议",
            None,
            gate(SEES_UNIT, UNIT.right_over(*SUPERVISING), 422),
            {**UNIT_TITLE, "what": "object"},
        ),
        *(
            Line(
                "campaign:title-step",
                said,
                None,
                gate(SEES_UNIT, RUNS_ISSUER, ok),
                {**UNIT_TITLE, "what": what},
                sends=SEEN,
            )
            for what, said, ok in (
                ("notice", "公示", 422),
                ("settle", "处理异议", 422),
                ("award", "命名", 302),
                ("renew", "续期", 302),
                ("pause", "暂停", 422),
                ("resume", "恢复", 422),
                ("refuse", "不予命名", 422),
                ("revoke", "摘牌", 422),
            )
        ),
        Line(
            "campaign:title-step",
            "确认自查",
            None,
            gate(SEES_UNIT, SPEAKS_FOR_UNIT, 302),
            {**UNIT_TITLE, "what": "self-check"},
            sends=SEEN,
        ),
    ),
)

DRAWS = gate(SUPERVISES_OFFICE, OFFICE.at(OFFICER), 302)
SENDS_CLOSED = {"what": "closed", "note": "已整改"}
INSPECTIONS = Room(
    "检查",
    (
        Line("campaign:inspections", "检查列表", own()),
        Line("campaign:inspection-new", "安排检查", shut(ANY_OFFICER), shut(ANY_OFFICER, 422)),
        Line(
            "campaign:inspection-new",
            "以指定机关名义安排检查",
            gate(OFFICE.over(), OFFICE.at(OFFICER)),
            gate(OFFICE.over(), OFFICE.at(OFFICER), 422),
            ask="unit=SQ01",
        ),
        Line("campaign:checklist", "检查清单", shut(ANY_OFFICER), shut(ANY_OFFICER, 422)),
        Line("campaign:inspection", "进行中的一轮检查", hide(SUPERVISES_OFFICE), at=at(pk="round")),
        Line("campaign:inspection", "结束了的一轮检查", hide(BOUND), at=at(pk="past_round"), tables=("items",)),
        Line("campaign:inspection-draw", "抽签", None, DRAWS, at(pk="round")),
        Line(
            "campaign:inspection-visit",
            "一次检查",
            hide(SEES_UNIT),
            gate(SEES_UNIT, OFFICE.at(*SUPERVISING), 422),
            at(pk="seen_visit"),
        ),
        Line(
            "campaign:inspection-call-off",
            "不去检查",
            None,
            gate(SEES_UNIT, OFFICE.at(*SUPERVISING), 302),
            at(pk="seen_visit"),
            sends={"reason": "停电"},
        ),
        Line("campaign:findings", "问题清单", own(), tables=("findings",)),
        Line("campaign:finding", "一个问题", hide(SEES_UNIT), at=at(pk="finding")),
        Line("campaign:finding-photo", "问题的照片", hide(SEES_UNIT), at=at(pk="finding")),
        Line("campaign:finding-mended", "报告整改", None, gate(SEES_UNIT, RECORDS_UNIT, 422), at(pk="finding")),
        Line(
            "campaign:finding-say",
            "对问题提出异议",
            None,
            gate(SEES_UNIT, RECORDS_UNIT, 302),
            at(pk="finding"),
            sends={"what": "objected", "note": "不属实"},
        ),
        Line(
            "campaign:finding-say",
            "问题销号",
            None,
            gate(SEES_UNIT, OFFICE.at(*SUPERVISING), 302),
            at(pk="finding"),
            sends=SENDS_CLOSED,
        ),
    ),
)


def key(name: str, what: str, look: Gate | None = None, change: Gate | None = None, ask: str = "") -> Line:
    """An address of the interface: a key opens it, no log-in does."""
    return Line(name, what, look, change, ask=ask, told=True, by_key=True)


FIGURES_AT_HOME = Rule(
    "看得到自己单位任务的人",
    lambda person: person.holds(lambda post: person.is_opened(post, post.unit), *PAGES["figures"]),
)
INTERFACE = Room(
    "程序接口",
    (
        Line("api:openapi-json", "接口说明", own(), own()),
        Line("api:openapi-view", "接口说明页", own(), own()),
        Line("api:api-root", "接口的根地址，没有内容", own(404), own(404)),
        key("api:add_record", "报一条台账；查本人报过的台账", shut(HOLDER), shut(HOLDER, 422)),
        key("api:list_records", "查本人报过的台账；报一条台账", shut(HOLDER), shut(HOLDER, 422)),
        key("api:add_records", "成批报台账", None, shut(HOLDER, 400)),
        key("api:list_kinds", "台账种类", shut(HOLDER)),
        key("api:list_standings", "本单位的任务", hide(FIGURES_AT_HOME)),
        key("api:list_standings", "指定单位的任务", hide(UNIT.over(*PAGES["figures"])), ask="unit=SQ0101"),
        key("api:show_post", "这把钥匙是谁的", shut(HOLDER)),
    ),
)

AUDITS = some_whole(ADMINISTRATOR)
AUDIT = Room(
    "操作记录",
    (
        Line("audit:log", "谁做了什么，导出要再次证明身份", shut(AUDITS), shut(AUDITS), tables=("audit",)),
        Line("audit:own", "谁看过我的个人信息，我在哪里登录过", own()),
        Line(
            "audit:entry",
            "一条操作记录",
            hide(OFFICE.over(ADMINISTRATOR)),
            at=at(number="entry"),
        ),
    ),
)

HEALTH = Room(
    "给机器看的运行状况",
    (
        Line("health:live", "进程在不在", free()),
        Line("health:ready", "能不能接待访问，哪一部分不好只告诉本机和有钥匙的程序", free()),
        Line("health:metrics", "运行指标，没有在设置里打开时没有", free(404)),
    ),
)

ROOMS = (
    ACCOUNTS,
    STANDINGS,
    PLANS,
    RECORDS,
    PHONE,
    SITES,
    SCORES,
    PAPERS,
    MONTHLY,
    SUPERVISION,
    TITLES,
    INSPECTIONS,
    AUDIT,
    INTERFACE,
    HEALTH,
)
LINES = tuple(line for room in ROOMS for line in room.lines)

# What stands in a thing, and who may ever read it, on whatever page or in whatever file.
SECRETS: Mapping[str, Rule] = MappingProxyType(
    {
        "暗号草案": READS_DRAFT,
        "暗号县草案": COUNTY.over(*DRAFTING),
        "暗号正文": READS_DRAFT,
        "暗号台账": SEES_UNIT,
        "暗号待补": RECORDS_UNIT,
        "暗号照片1": SEES_UNIT,
        "暗号拟稿": RUNS_OFFICE,
        "暗号提示函": SEES_UNIT,
        "暗号公文正文": SEES_UNIT,
        "暗号简报": READS_ISSUED,
        "暗号公开稿": READS_ISSUED,
        "暗号评分表": RUNS_ISSUER,
        "暗号检查": SUPERVISES_OFFICE | SEES_UNIT,
        "暗号走访": SEES_UNIT,
        "暗号宣传栏": SEES_UNIT,
        "暗号免除": SEES_UNIT,
        "暗号路": SEES_UNIT,
        "暗号更名": SEES_UNIT,
        "暗号新村": SEES_UNIT,
        "暗号钥匙": STAFFS_UNIT,
        "暗号同事": SEES_UNIT,
        "暗号任务": NO_ONE,
        "暗号缘由": ROOT_OFFICER,
        "暗号凭证": ROOT_OFFICER,
        "暗号记录": OFFICE.over(ADMINISTRATOR),
        "渡头台账": Where("SQ0201", "渡头村").over(),
    }
)
