"""The record of a talk with a unit on how it stands in a plan."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuzha.core.base.problem import make_problem
from wuzha.core.paper.letter import read_all
from wuzha.core.paper.model import FormCode
from wuzha.core.paper.talk import propose_talk_title, read_talk_said, write_talk
from wuzha.web.accounts.access import get_area
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign import access
from wuzha.web.campaign.forms.paper_words import TalkForm
from wuzha.web.campaign.queries.papers import Recount, find_office_words
from wuzha.web.campaign.writers.standing import StandingWriter


class TalkWriter(StandingWriter):
    """Held from above the unit; the facts are those of the ledger."""

    words_form = TalkForm
    note = _("Keeps what was said in a talk with a unit below, beside the facts of the ledger.")

    @classmethod
    def find_place(
        cls, form: FormCode, user: User, told: Mapping[str, Any], today: date
    ) -> tuple[Unit | None, Unit | None]:
        subject = get_area(user, told["unit"], today)
        return access.find_paper_office(user, subject, today, is_above=True), subject

    def propose(self) -> Mapping[str, Any] | None:
        if self.facts is None:
            return None
        words = dict.fromkeys(("place", "held_by", "present", "recorder"), "")
        lists: dict[str, Any] = {"answers": [], "agreed": [], "mend_by": None}
        day = {"talked_on": self.ask.today.isoformat(), "title": propose_talk_title(self.facts.subject)}
        return {**words, **lists, **day, **find_office_words(self.ask.office, self.ask.form, self.ask.asked["plan"])}

    def draw(self, said: Mapping[str, Any]) -> Recount:
        if self.facts is None:
            return Recount(None, {}, (make_problem("paper.plan-gone"),))
        return Recount(write_talk(self.facts, read_talk_said(said)), read_all(self.facts))
