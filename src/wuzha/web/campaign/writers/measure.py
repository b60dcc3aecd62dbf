"""The paper that gives a measure: the form of the step, with the words of the step."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.paper.check import check_paper
from wuzha.core.paper.model import FormCode
from wuzha.core.supervision.life import Named
from wuzha.core.supervision.model import Step
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.actions.papers import Drawn
from wuzha.web.campaign.queries.measures import UnitCase
from wuzha.web.campaign.queries.papers import Days
from wuzha.web.campaign.writers.model import Ask
from wuzha.web.campaign.writers.table import find_writer

# Steps that are called 督办 or 约谈 already; 黄牌 becomes 黄牌督办.
PLAIN = ("督办", "约谈", "提示", "通报")


def draw_measure(
    case: UnitCase, step: Step, named: Sequence[Named], reason: str, office: Unit, now: datetime | None = None
) -> tuple[Drawn | None, tuple[Problem, ...]]:
    """The paper as a draft keeps it, with the measure that it will give when it is issued. ``now`` is told of a case of
    today."""
    found = find_writer(step.paper)
    if found is None:
        raise ValueError(f"no paper of the form {step.paper}")
    form, kind = found
    about = [{"duty": one.duty, "windows": list(one.windows)} for one in named]
    version = case.ladder.version
    told = {"step": step.code, "ladder": version.pk if version else None, "about": about, "reason": reason.strip()}
    days = Days(case.as_of, case.as_of, now)
    writer = kind(Ask(form, office, case.unit, {"plan": case.in_force.version.pk, "measure": told}, days, case.as_of))
    said = _say(dict(writer.propose() or {}), case, step, named, form)
    drawn = writer.draw(said)
    problems = (*drawn.problems, *(check_paper(drawn.paper) if drawn.paper else ()))
    if drawn.paper is None or has_errors(problems):
        return None, problems
    return Drawn(drawn.paper, writer.ask.asked, said, days.as_of, days.known_by), ()


def _say(said: dict[str, Any], case: UnitCase, step: Step, named: Sequence[Named], form: FormCode) -> dict[str, Any]:
    """The words of the form with what the step is for and its days before and behind them."""
    asks = [_say_about(case, step, named), *said["asks"], _say_days(step, form)]
    last = case.as_of + timedelta(days=step.mend_days)
    answer_by = last.isoformat() if form == "supervise" else None
    return said | {"asks": asks, "title": _call(said["title"], step), "answer_by": answer_by}


def _call(title: str, step: Step) -> str:
    """A card is told as a supervision notice that names it."""
    name = step.title if step.title in PLAIN else f"{step.title}督办"
    return title.replace("督办通知", f"{name}通知")


def _say_about(case: UnitCase, step: Step, named: Sequence[Named]) -> str:
    titles = {one.duty.id: one for one in case.duties}
    told = [
        f"{titles[one.duty].title}（{'、'.join(w.said for w in titles[one.duty].windows if w.label in one.windows)}）"
        for one in named
        if one.duty in titles
    ]
    return f"按照《{case.ladder.ladder.title}》，本次{step.title}针对以下到期未完成的事项：{'；'.join(told)}。"


def _say_days(step: Step, form: FormCode) -> str:
    whom = "有关单位" if form == "circular" else "你单位"
    return (
        f"请{whom}自印发之日起{step.answer_days}日内书面答复，{step.mend_days}日内完成整改。"
        f"对事实或者处理有不同意见的，可以在{step.appeal_days}日内申诉；申诉答复之前，不采取下一步措施。"
    )
