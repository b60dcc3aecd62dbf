"""Papers made from an issued plan: the plan itself as a 方案, and the policy note on it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from wuzha.core.base.problem import make_problem
from wuzha.core.paper.model import FormCode, Paper, join_spans, list_spans
from wuzha.core.paper.plan_paper import read_plan_said, write_plan
from wuzha.core.paper.plan_text import PlanText
from wuzha.core.paper.policy_note import propose_note_title, read_note_said, write_policy_note
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign import access
from wuzha.web.campaign.forms.paper_words import NoteForm, PlanAskForm, PlanForm
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries.papers import Recount, find_office_words
from wuzha.web.campaign.queries.plan_text import find_plan_text
from wuzha.web.campaign.writers.model import Ask, Writer, dress


class PlanTextWriter(Writer):
    """What an issued plan says. It does not change, so that nothing is counted again."""

    ask_form = PlanAskForm
    is_counted = False

    def __init__(self, ask: Ask) -> None:
        super().__init__(ask)
        self.told = find_plan_text(ask.asked["plan"])

    @classmethod
    def find_place(
        cls, form: FormCode, user: User, told: Mapping[str, Any], today: date
    ) -> tuple[Unit | None, Unit | None]:
        """The office where the person is at home; the plan must be in their sight and issued."""
        if access.get_plan(user, told["plan"], today).state != PlanVersion.State.ISSUED:
            raise Http404
        return super().find_place(form, user, told, today)

    def propose(self) -> Mapping[str, Any] | None:
        words = find_office_words(self.ask.office, self.ask.form, self.ask.asked["plan"])
        return {**words, **self.propose_words(self.told)} if self.told else None

    def draw(self, said: Mapping[str, Any]) -> Recount:
        if self.told is None:
            return Recount(None, {}, (make_problem("paper.plan-gone"),))
        return dress(Recount(self.write(self.told, said), {}), said)

    def list_readings(self, paper: Paper) -> Iterable[str]:
        """What stands in the plan: its words as they are printed."""
        told = self.told
        words = [duty.quote for duty in told.plan.duties] if told else []
        return (*words, *(told.document.purpose if told else ()), *(join_spans(list_spans(one)) for one in paper.annex))

    def propose_words(self, told: PlanText) -> Mapping[str, Any]:
        raise NotImplementedError

    def write(self, told: PlanText, said: Mapping[str, Any]) -> Paper:
        raise NotImplementedError


class PlanWriter(PlanTextWriter):
    words_form = PlanForm
    note = _("A plan in force as a well-formed document, with the table of its duties.")

    def propose_words(self, told: PlanText) -> Mapping[str, Any]:
        dress = {"closing": [], "head": "", "has_annex": True}
        return {"title": told.plan.title, "purpose": [*told.document.purpose], **dress}

    def write(self, told: PlanText, said: Mapping[str, Any]) -> Paper:
        return write_plan(told, read_plan_said(said))


class PolicyNoteWriter(PlanTextWriter):
    words_form = NoteForm
    note = _("Tells what a plan is for, how long it holds, who does what and whom to ask.")

    def propose_words(self, told: PlanText) -> Mapping[str, Any]:
        return {"title": propose_note_title(told.plan.title), "purpose": [*told.document.purpose], "contact": []}

    def write(self, told: PlanText, said: Mapping[str, Any]) -> Paper:
        return write_policy_note(told, read_note_said(said))
