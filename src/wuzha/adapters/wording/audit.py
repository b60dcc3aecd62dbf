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
    }
)
# What stands beside an entry, by the names that actions give it.
DETAILS: Words = MappingProxyType(
    {
        "address": ("地址", "Address"),
        "addressee": ("送给", "Addressed to"),
        "as": ("以什么岗位", "As"),
        "before": ("改前", "Before"),
        "after": ("改后", "After"),
        "browser": ("浏览器", "Browser"),
        "card": ("评分表", "Scorecard"),
        "changed": ("改动几条", "Changed"),
        "closes_on": ("到期日", "Not in force from"),
        "code": ("代码", "Code"),
        "count": ("条数", "Count"),
        "device": ("设备", "Device"),
        "digest": ("摘要", "Digest"),
        "error": ("没办成的原因", "Error"),
        "factor": ("验证方式", "Factor"),
        "filters": ("筛选条件", "Filters"),
        "first_at": ("最早一条", "First"),
        "for_whom": ("代谁录入", "For whom"),
        "form": ("文种", "Form"),
        "format": ("文件类型", "File type"),
        "given_as": ("以什么名义", "Given as"),
        "happened_on": ("发生日期", "Happened on"),
        "item": ("项目", "Item"),
        "kind": ("类型", "Kind"),
        "last_at": ("最晚一条", "Last"),
        "media_type": ("文件类型", "File type"),
        "month": ("月份", "Month"),
        "name": ("名称", "Name"),
        "new": ("新增几条", "New"),
        "note": ("说明", "Note"),
        "now": ("改后", "After"),
        "number": ("编号", "Number"),
        "on": ("日期", "Day"),
        "opens_on": ("起始日", "In force from"),
        "paper": ("公文", "Paper"),
        "post": ("岗位", "Post"),
        "reason": ("理由", "Reason"),
        "record": ("台账", "Record"),
        "records": ("台账几条", "Records"),
        "replaces": ("更正哪一笔", "Replaces"),
        "role": ("岗位职责", "Role"),
        "rows": ("行数", "Rows"),
        "sha256": ("文件摘要", "Digest of the file"),
        "source": ("依据", "Source"),
        "title": ("标题", "Title"),
        "to": ("改到", "To"),
        "unit": ("单位", "Unit"),
        "user": ("用户名", "User name"),
        "username": ("用户名", "User name"),
        "was": ("改前", "Before"),
        "way": ("方式", "Way"),
        "what": ("看了什么", "What"),
        "words": ("说明", "In their words"),
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


def describe_detail(code: str, language: Language) -> str:
    return _say(DETAILS, code, language)


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
