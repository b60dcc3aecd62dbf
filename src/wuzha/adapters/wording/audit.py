"""The audit log in words: what was done, to what, and what was noted beside it.

The actions stand in ``actions.yaml``, with how long an entry of each is kept and whether it tells of a look at data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

import yaml

from wuzha.adapters.wording.words import Language
from wuzha.core.base.unit import LINES

Keep = Literal["network", "personal", "deed"]
Words = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Action:
    """One code of the audit log: its words, which clock of retention it is under, whether it tells of a look."""

    code: str
    group: str
    zh: str
    en: str
    keep: Keep = "deed"
    look: bool = False

    def say(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


GROUPS: Words = MappingProxyType(
    {
        "accounts": ("账号、单位和安全", "Accounts, units and safety"),
        "records": ("台账", "Records"),
        "plans": ("方案", "Plans"),
        "supervision": ("督导", "Supervision"),
        "scores": ("评分和称号", "Scores and titles"),
        "papers": ("公文和报表", "Papers and tables"),
    }
)
# The models that entries are about, by the names that the log knows them by.
OBJECTS: Words = MappingProxyType(
    {
        "user": ("人员", "Person"),
        "unit": ("单位", "Unit"),
        "post": ("岗位", "Post"),
        "apitoken": ("程序密钥", "Key of a program"),
        "log-in": ("登录", "Log-in"),
        "table": ("表格", "Table"),
        "audit": ("审计日志", "Audit log"),
        "auditcut": ("审计日志", "Audit log"),
        "record": ("台账", "Record"),
        "evidence": ("照片或文件", "Photo or paper"),
        "plan": ("方案", "Plan"),
        "planversion": ("方案", "Plan"),
        "comingchange": ("预先登记的单位变动", "Coming change of a unit"),
        "rosterupload": ("花名册", "Roster"),
        "heldupload": ("台账表格", "Table of records"),
        "draftpaper": ("公文草稿", "Draft of a paper"),
        "issuedpaper": ("公文", "Paper"),
        "measure": ("督办", "Measure"),
        "paperevent": ("督办", "Measure"),
        "tablecall": ("月报表", "Monthly table"),
        "scorecard": ("评分表", "Scorecard"),
        "draftscorecard": ("评分表草稿", "Draft of a scorecard"),
        "scoreevent": ("评分", "Score"),
        "titleprogram": ("称号", "Title"),
        "titlestep": ("称号", "Title"),
        "road": ("道路", "Road"),
        "siteplace": ("阵地", "Site"),
        "inspectionround": ("检查", "Inspection"),
        "inspectionvisit": ("检查", "Inspection"),
        "inspectionfinding": ("检查问题", "Finding"),
        "waiver": ("豁免", "Waiver"),
        "session": ("登录", "Log-in"),
        "legalhold": ("保全", "Hold"),
        "retentiondays": ("保存期限", "How long what is kept"),
        "retentionrun": ("到期清理", "What was let go"),
    }
)
# What stands beside an entry, by the names that actions give it.
DETAILS: Words = MappingProxyType(
    {
        "about": ("就哪些事", "About"),
        "address": ("地址", "Address"),
        "addressee": ("送给", "Addressed to"),
        "after": ("改后", "After"),
        "as": ("以什么岗位", "As"),
        "as_of": ("截至", "As of"),
        "before": ("改前", "Before"),
        "browser": ("浏览器", "Browser"),
        "candidates": ("备选单位几个", "Units to draw from"),
        "card": ("评分表", "Scorecard"),
        "change": ("第几处改动", "Change"),
        "changed": ("改动几条", "Changed"),
        "clock": ("期限", "Clock"),
        "closes_on": ("到期日", "Not in force from"),
        "code": ("代码", "Code"),
        "count": ("条数", "Count"),
        "days": ("保存天数", "Days"),
        "decision": ("决定", "Decision"),
        "deputy_for": ("代谁办理", "Acting for"),
        "deputy_of": ("代谁", "For"),
        "device": ("设备", "Device"),
        "devices": ("设备几台", "Devices"),
        "digest": ("摘要", "Digest"),
        "docx": ("Word 文件摘要", "Digest of the Word file"),
        "draft": ("草稿", "Draft"),
        "duties": ("任务几项", "Duties"),
        "duty": ("任务", "Duty"),
        "error": ("没办成的原因", "Error"),
        "expires_at": ("有效期至", "Opens until"),
        "factor": ("验证方式", "Factor"),
        "filters": ("筛选条件", "Filters"),
        "finding": ("问题", "Finding"),
        "findings": ("问题几个", "Findings"),
        "first_at": ("最早一条", "First"),
        "for": ("代谁", "For"),
        "for_whom": ("代谁录入", "For whom"),
        "form": ("文种", "Form"),
        "format": ("文件类型", "File type"),
        "given_as": ("以什么名义", "Given as"),
        "gone": ("并掉的任务", "Merged away"),
        "happened_on": ("发生日期", "Happened on"),
        "held": ("等原记录的更正", "Corrections that wait"),
        "is_below": ("含下级", "With those below"),
        "is_set": ("填了号码", "A number was left"),
        "issuer": ("认证平台", "Central log-in"),
        "item": ("项目", "Item"),
        "job": ("后台任务", "Task"),
        "keys": ("程序钥匙", "Keys"),
        "kind": ("类型", "Kind"),
        "kinds": ("单位类型", "Kinds"),
        "last_at": ("最晚一条", "Last"),
        "left": ("剩下的", "Left"),
        "left_out": ("没列入几项", "Left out"),
        "line": ("条线", "Line"),
        "media_type": ("文件类型", "File type"),
        "month": ("月份", "Month"),
        "name": ("名称", "Name"),
        "new": ("新增几条", "New"),
        "note": ("说明", "Note"),
        "now": ("改后", "After"),
        "number": ("编号", "Number"),
        "of": ("改动方式", "Way of the change"),
        "on": ("日期", "Day"),
        "opens_on": ("起始日", "In force from"),
        "paper": ("公文", "Paper"),
        "papers": ("公文草稿", "Drafts of papers"),
        "parts": ("拆成哪些", "Parts"),
        "pdf": ("PDF 文件摘要", "Digest of the PDF"),
        "plans": ("方案草稿", "Drafts of plans"),
        "post": ("岗位", "Post"),
        "problems": ("问题", "Problems"),
        "reason": ("理由", "Reason"),
        "record": ("台账", "Record"),
        "records": ("台账几条", "Records"),
        "replaces": ("更正哪一笔", "Replaces"),
        "role": ("岗位职责", "Role"),
        "rows": ("行数", "Rows"),
        "scorecards": ("评分表草稿", "Drafts of scorecards"),
        "seed": ("抽取用的数", "Number drawn with"),
        "sha256": ("文件摘要", "Digest of the file"),
        "source": ("依据", "Source"),
        "step": ("措施", "Step"),
        "title": ("标题", "Title"),
        "to": ("改到", "To"),
        "unit": ("单位", "Unit"),
        "units": ("单位", "Units"),
        "user": ("用户名", "User name"),
        "username": ("用户名", "User name"),
        "visits": ("没做的检查", "Inspection visits"),
        "was": ("改前", "Before"),
        "way": ("方式", "Way"),
        "what": ("看了什么", "What"),
        "windows": ("期次", "Periods"),
        "words": ("说明", "In their words"),
        "xlsx": ("Excel 文件摘要", "Digest of the Excel file"),
    }
)

# Values that are codes, by the detail that they stand under.
_ROLES: Words = MappingProxyType(
    {
        "officer": ("专干", "Campaign officer"),
        "secretary": ("记录员", "Recorder"),
        "supervisor": ("督导员", "Supervisor"),
        "reviewer": ("审核员", "Reviewer"),
        "publisher": ("发布员", "Publisher"),
        "analyst": ("分析员", "Analyst"),
        "admin": ("管理员", "Administrator"),
    }
)
VALUES: Mapping[str, Words] = MappingProxyType(
    {
        "role": _ROLES,
        "post": _ROLES,
        "way": MappingProxyType(
            {
                "password": ("密码", "Password"),
                "passkey": ("通行密钥", "Passkey"),
                "code": ("验证码", "Code"),
                "central": ("统一认证", "Central log-in"),
                "nothing": ("没有填", "Nothing typed"),
            }
        ),
        "factor": MappingProxyType(
            {
                "totp": ("验证器", "Authenticator app"),
                "webauthn": ("通行密钥", "Passkey"),
                "recovery_codes": ("备用码", "Recovery codes"),
            }
        ),
        "what": MappingProxyType({"phone": ("手机号", "Phone number"), "numbers": ("遮住的号码", "Covered numbers")}),
        "format": MappingProxyType({"csv": ("CSV", "CSV"), "xlsx": ("Excel", "Excel")}),
        "line": MappingProxyType({code: (word, code) for code, word in LINES.items()}),
    }
)


@cache
def load_actions() -> Mapping[str, Action]:
    """Every action of the audit log by its code, group by group."""
    told = yaml.safe_load(files("wuzha.adapters.wording").joinpath("actions.yaml").read_text("utf-8"))
    found = {code: Action(code, group, **said) for group, actions in told.items() for code, said in actions.items()}
    return MappingProxyType(found)


def describe_action(code: str, language: Language) -> str:
    """What was done, as the end of a sentence that begins with who did it; a code without words stands for itself."""
    action = load_actions().get(code)
    return action.say(language) if action else code


def describe_object(code: str, language: Language) -> str:
    """What it was done to; a model without a word stands for itself."""
    return _say(OBJECTS, code, language)


def list_alike(code: str) -> tuple[str, ...]:
    """The models that have the same word, this one among them: nobody who reads the log tells them apart."""
    word = OBJECTS.get(code)
    return tuple(other for other, told in OBJECTS.items() if told == word) if word else (code,)


def describe_detail(code: str, language: Language) -> str:
    return _say(DETAILS, code, language)


def describe_value(detail: str, value: str, language: Language) -> str:
    """A code in words where the detail has words for it; everything else stands for itself."""
    return _say(VALUES.get(detail, {}), value, language)


def describe_group(code: str, language: Language) -> str:
    return _say(GROUPS, code, language)


def list_looks() -> tuple[str, ...]:
    """The actions that tell of a look at data."""
    return tuple(code for code, action in load_actions().items() if action.look)


def list_kept(keep: Keep) -> tuple[str, ...]:
    """The actions under this clock of retention. One without words is under the clock of deeds."""
    return tuple(code for code, action in load_actions().items() if action.keep == keep)


def _say(words: Words, code: str, language: Language) -> str:
    zh, en = words.get(code, (code, code))
    return zh if language == "zh" else en
