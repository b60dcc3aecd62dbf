"""The sample's papers: a policy note on the county's plan that has gone out, and the plan itself as a draft."""

from collections.abc import Mapping
from datetime import date, datetime

from wuzha.core.paper.model import FormCode
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.actions.papers import Drawn, draft_paper, issue_paper
from wuzha.web.campaign.models import DraftPaper, PlanVersion
from wuzha.web.campaign.queries.papers import Days
from wuzha.web.campaign.writers.model import Ask
from wuzha.web.campaign.writers.table import WRITERS

CONTACT = "石桥县反诈联席办，县政府大院一号楼，工作日上班时间。"


def write_papers(county: Unit, officer: User, today: date, now: datetime) -> None:
    """Both of the plan that was issued last."""
    plan = PlanVersion.objects.filter(unit=county, state=PlanVersion.State.ISSUED).order_by("-valid_from").first()
    if plan is None:
        return
    ask = Ask("policy-note", county, None, {"plan": plan.pk}, Days(today, today), today)
    note = _draft("policy-note", ask, officer, now, contact=[CONTACT])
    issue_paper(actor=officer, draft=note, now=now)
    _draft("plan", ask, officer, now, head="red")


def _draft(form: FormCode, ask: Ask, officer: User, now: datetime, **typed: object) -> DraftPaper:
    writer = WRITERS[form](Ask(form, ask.office, ask.subject, ask.asked, ask.days, ask.today))
    said: Mapping[str, object] = {**(writer.propose() or {}), **typed}
    paper = writer.draw(said).paper
    if paper is None:
        raise LookupError(form)
    drawn = Drawn(paper, ask.asked, said, ask.days.as_of, ask.days.known_by)
    return draft_paper(actor=officer, unit=ask.office, addressee=None, drawn=drawn, now=now)
