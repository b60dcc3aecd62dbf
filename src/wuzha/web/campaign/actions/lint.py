"""A person has looked at what was found in a draft and lets it stand, with a reason; or takes it up again.

Nothing but the audit log is written: who let what stand, when and why is all there is to keep.
"""

from datetime import datetime

from django.db import transaction

from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import User
from wuzha.web.campaign.actions.drafts import hold_draft
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries.lint import LET_STAND_ACTION, TAKEN_UP_ACTION


@transaction.atomic
def let_stand(*, actor: User, plan: PlanVersion, finding: str, reason: str, now: datetime) -> None:
    """``finding`` is its key within the plan. Raises ``IssuedError`` once the plan is issued."""
    hold_draft(plan, actor, now)
    write_audit(action=LET_STAND_ACTION, actor=actor, target=plan, at=now, finding=finding, reason=reason)


@transaction.atomic
def take_up(*, actor: User, plan: PlanVersion, finding: str, now: datetime) -> None:
    """What was let stand is open again. Raises ``IssuedError`` once the plan is issued."""
    hold_draft(plan, actor, now)
    write_audit(action=TAKEN_UP_ACTION, actor=actor, target=plan, at=now, finding=finding)
