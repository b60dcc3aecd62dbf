"""Letters and circulars on how units stand in a plan."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from wuzha.core.paper.letter import AREA_FORMS, UNIT_FORMS, USUAL_ASKS, propose_title, read_said
from wuzha.core.paper.model import FormCode, Paper
from wuzha.web.accounts.access import get_area
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign import access
from wuzha.web.campaign.forms.papers import LetterForm, StandingAskForm, WordsForm
from wuzha.web.campaign.queries.papers import Recount, count_letter, find_office_words, gather_facts
from wuzha.web.campaign.writers.model import Ask, Writer, dress


class StandingWriter(Writer):
    """Of a unit with all below it, in one plan."""

    ask_form = StandingAskForm
    words_form: ClassVar[type[WordsForm]] = LetterForm

    def __init__(self, ask: Ask) -> None:
        super().__init__(ask)
        self.facts = gather_facts(ask.subject, ask.asked["plan"], ask.days, ask.today) if ask.subject else None

    @classmethod
    def find_place(
        cls, form: FormCode, user: User, told: Mapping[str, Any], today: date
    ) -> tuple[Unit | None, Unit | None]:
        subject = get_area(user, told["unit"], today)
        return access.find_paper_office(user, subject, today, is_above=form in UNIT_FORMS), subject

    def propose(self) -> Mapping[str, Any] | None:
        if self.facts is None:
            return None
        form = self.ask.form
        return {
            "title": propose_title(form, self.facts.subject, self.facts.plan),
            "addressee": self.facts.subject if form in UNIT_FORMS else "各有关单位",
            "asks": [*USUAL_ASKS[form]],
            **find_office_words(self.ask.office, form, self.ask.asked["plan"]),
        }

    def draw(self, said: Mapping[str, Any]) -> Recount:
        return dress(count_letter(self.ask.form, self.facts, read_said(said)), said)

    def list_readings(self, paper: Paper) -> Iterator[str]:
        """With what the duties ask for, in their own words and as goals."""
        yield from super().list_readings(paper)
        for duty in self.facts.duties if self.facts else ():
            yield from (duty.quote, duty.sentence, *(lapse.goal for lapse in duty.lapses))


class LetterWriter(StandingWriter):
    """To the unit itself, from above it."""

    siblings: ClassVar[tuple[FormCode, ...]] = UNIT_FORMS
    note = _("Tells a unit below what is behind, and advises.")


class SupervisionWriter(LetterWriter):
    note = _("Asks a unit below to make good by a day what is overdue.")


class CircularWriter(StandingWriter):
    """About an area, to all in it."""

    siblings: ClassVar[tuple[FormCode, ...]] = AREA_FORMS
    note = _("Tells all units of an area how each of them stands.")


class CommendationWriter(CircularWriter):
    note = _("Names the units that have done in time all that was due.")
