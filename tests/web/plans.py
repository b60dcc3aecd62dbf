"""A plan as 青石镇 might have written it, and the steps on the way to issuing it."""

from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

from django.db import connection

from tests.web.cast import Cast
from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.queries import read_tree
from wuzha.web.campaign.actions import plans as actions
from wuzha.web.campaign.actions import review
from wuzha.web.campaign.models import DraftDuty, PlanVersion

GUARDS = ("0003_issued_plans_are_frozen", "0006_draft_changes")
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
YEAR = 2027
TEXT = """青石镇反诈宣传工作方案

为做好全镇反诈宣传工作，结合实际，制定本方案。

一、工作任务
（一）集中宣传。各村（社区）每月至少开展1次集中宣传活动。
（二）入户宣传。2027年6月30日前，各村（社区）入户宣传覆盖率达到50%以上。
（三）氛围营造。各酒店在大厅适时滚动播放提示。

二、工作要求
各村（社区）每月20日前报送工作进展情况表。
"""


def upload(actor: User, unit: Unit, text: str = TEXT, name: str = "青石镇方案.txt") -> PlanVersion:
    plan, problems = actions.upload_plan(actor=actor, unit=unit, name=name, content=text.encode(), now=NOW, year=YEAR)
    assert plan is not None, problems
    return plan


def make_draft(cast: Cast, *duties: dict[str, Any]) -> PlanVersion:
    """A draft of the town with duties given in the plan language, as if they had been read from its document."""
    plan = upload(cast.town_officer, cast.town)
    plan.draft_duties.all().delete()
    DraftDuty.objects.bulk_create(
        DraftDuty(version=plan, position=number, duty=duty) for number, duty in enumerate(duties)
    )
    PlanVersion.objects.filter(pk=plan.pk).update(valid_from=date(YEAR, 1, 1), valid_to=date(YEAR, 12, 31))
    plan.refresh_from_db()
    return plan


RALLY: dict[str, Any] = {
    "id": "rally",
    "clause": "一（一）",
    "quote": "各村（社区）每月至少开展1次集中宣传活动",
    "span": [TEXT.index("各村（社区）每月至少"), TEXT.index("各村（社区）每月至少") + 20],
    "who": {"kind": ["village", "community"]},
    "do": "rally",
    "at_least": 1,
    "every": "month",
}
TABLE: dict[str, Any] = {
    "id": "table",
    "clause": "二",
    "quote": "各村（社区）每月20日前报送工作进展情况表",
    "who": {"kind": ["village", "community"]},
    "file": "progress-table",
    "every": "month",
    "due": {"day": 20},
}
BROKEN: dict[str, Any] = {
    "id": "broken",
    "clause": "一（三）",
    "quote": "各酒店在大厅适时滚动播放提示",
    "who": {"kind": "hotel"},
}


def make_issued(cast: Cast) -> PlanVersion:
    """A plan of the town in force in 2027, with two duties."""
    plan = make_draft(cast, RALLY, TABLE)
    review.accept_clear(actor=cast.town_officer, plan=plan, now=NOW)
    assert actions.issue_plan(actor=cast.town_officer, plan=plan, tree=read_tree(), now=NOW)
    plan.refresh_from_db()
    return plan


def clear_plans() -> None:
    """Takes issued plans out after a test with real transactions, whose flush the database would refuse."""
    guards = [import_module(f"wuzha.web.campaign.migrations.{name}") for name in GUARDS]
    with connection.schema_editor() as editor:
        for guard in guards:
            guard.thaw(None, editor)
    PlanVersion.objects.all().delete()
    with connection.schema_editor() as editor:
        for guard in guards:
            guard.freeze(None, editor)
