"""The words of a plan with the people in them covered: the surname stays, the number does not."""

from dataclasses import replace

from wuzha.core.plan.lint.privacy import mask_people
from wuzha.core.plan.model import Plan

HEAD = "# 已遮盖联系人的姓名和号码；原文由方案的管理人员说明事由后查看。\n"


def cover_quotes(plan: Plan) -> Plan:
    """The plan with the people in its quotes covered. One that names none comes back itself."""
    duties = tuple(
        duty if (quote := mask_people(duty.quote)) == duty.quote else replace(duty, quote=quote) for duty in plan.duties
    )
    return plan if duties == plan.duties else replace(plan, duties=duties)


def cover_file(text: str) -> str:
    """A plan file with the people in it covered, and a first line that says so; unchanged where it names none."""
    masked = mask_people(text)
    return text if masked == text else HEAD + masked
