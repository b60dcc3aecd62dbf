"""The table of scores: counted by the card of a period, issued for good, and counted again as known later."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from wuzha.adapters.paper.score_sheet import render_score_xlsx
from wuzha.core.base.problem import make_problem
from wuzha.core.paper.model import FormCode, Paper
from wuzha.core.paper.score_paper import read_score_said, write_score_table
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign import access
from wuzha.web.campaign.actions.papers import Files, render_files
from wuzha.web.campaign.forms.paper_words import ScoreAskForm, ScoreTableForm
from wuzha.web.campaign.queries.papers import Recount, find_office_words
from wuzha.web.campaign.queries.score_paper import gather_score_facts
from wuzha.web.campaign.writers.model import Ask, Writer


class ScoreTableWriter(Writer):
    """Begun from the page of the scores, which names the card and the day."""

    ask_form = ScoreAskForm
    words_form = ScoreTableForm

    def __init__(self, ask: Ask) -> None:
        super().__init__(ask)
        self.facts = gather_score_facts(ask.asked["card"], ask.days, ask.today)

    @classmethod
    def find_place(
        cls, form: FormCode, user: User, told: Mapping[str, Any], today: date
    ) -> tuple[Unit | None, Unit | None]:
        row = access.get_scorecard(user, told["card"], today)
        return access.find_paper_office(user, row.unit, today, is_above=False), row.unit

    def propose(self) -> Mapping[str, Any] | None:
        if self.facts is None:
            return None
        words = find_office_words(self.ask.office, self.ask.form)
        return {"title": f"{self.facts.card.title}得分情况", "addressee": "各有关单位", "closing": [], **words}

    def draw(self, said: Mapping[str, Any]) -> Recount:
        if self.facts is None:
            return Recount(None, {}, (make_problem("score.card-gone"),))
        return Recount(write_score_table(self.facts, read_score_said(said)), {})

    def render(self, paper: Paper) -> Files:
        """Word and PDF as of every paper, and a workbook with the sums as formulas."""
        return replace(render_files(paper), xlsx=render_score_xlsx(paper))
