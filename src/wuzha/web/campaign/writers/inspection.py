"""The result of a round of inspection: counted from what was seen, and counted again as known later."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from wuzha.core.base.problem import make_problem
from wuzha.core.paper.inspection_paper import read_report_said, write_inspection_report
from wuzha.core.paper.model import FormCode
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign import access
from wuzha.web.campaign.forms.paper_words import RoundAskForm, ScoreTableForm
from wuzha.web.campaign.queries.inspection_paper import gather_round_facts
from wuzha.web.campaign.queries.papers import Recount, find_office_words
from wuzha.web.campaign.writers.model import Ask, Writer


class InspectionReportWriter(Writer):
    """Begun from the page of the round, by an officer of its office."""

    ask_form = RoundAskForm
    words_form = ScoreTableForm

    def __init__(self, ask: Ask) -> None:
        super().__init__(ask)
        self.facts = gather_round_facts(ask.asked["round"], ask.days)

    @classmethod
    def find_place(
        cls, form: FormCode, user: User, told: Mapping[str, Any], today: date
    ) -> tuple[Unit | None, Unit | None]:
        return access.get_drawable_round(user, told["round"], today).unit, None

    def propose(self) -> Mapping[str, Any] | None:
        if self.facts is None:
            return None
        words = find_office_words(self.ask.office, self.ask.form)
        return {"title": f"关于{self.facts.title}情况的通报", "addressee": "各有关单位", "closing": [], **words}

    def draw(self, said: Mapping[str, Any]) -> Recount:
        if self.facts is None:
            return Recount(None, {}, (make_problem("paper.plan-gone"),))
        return Recount(write_inspection_report(self.facts, read_report_said(said)), {})
