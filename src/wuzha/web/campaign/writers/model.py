"""What a form of paper answers: how it is asked for, what is typed into it, what it says, which files it becomes.

A new form is a file with a :class:`Writer` and its line in :mod:`wuzha.web.campaign.writers.table`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.functional import Promise

from wuzha.core.paper.model import FormCode, Paper, list_figures, read_marks
from wuzha.web.accounts.access import find_home
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign import access
from wuzha.web.campaign.actions.papers import Files, Rules, render_files
from wuzha.web.campaign.forms.papers import AskForm, WordsForm
from wuzha.web.campaign.models import DraftPaper, IssuedPaper
from wuzha.web.campaign.queries.papers import Days, Recount


@dataclass(frozen=True, slots=True)
class Ask:
    """Which paper it is to be: its office, the unit it goes to or is about, what it is counted from, its days.

    ``today`` is the day of the request; ``days.known_by`` of today or later asks for all that is known.
    """

    form: FormCode
    office: Unit
    subject: Unit | None
    asked: Mapping[str, Any]
    days: Days
    today: date


class Writer:
    """One form at work on one paper. What it needs of the database it fetches once, in ``__init__``.

    ``ask_form`` is the address of a new paper, ``words_form`` what a person types. ``siblings`` are the forms that can
    be asked for in the same words. ``note`` says what the form is for; with one it is named among what can be newly
    written; ``begin`` names a page of its own on which it is chosen what of. ``rules`` are how it goes out.
    ``is_counted`` says that counting again can give something else.
    """

    ask_form: ClassVar[type[AskForm]] = AskForm
    words_form: ClassVar[type[WordsForm]] = WordsForm
    siblings: ClassVar[tuple[FormCode, ...]] = ()
    note: ClassVar[str | Promise] = ""
    is_counted: ClassVar[bool] = True
    begin: ClassVar[str] = ""
    rules: ClassVar[Rules] = Rules()

    def __init__(self, ask: Ask) -> None:
        self.ask = ask

    @classmethod
    def find_place(
        cls, form: FormCode, user: User, told: Mapping[str, Any], today: date
    ) -> tuple[Unit | None, Unit | None]:
        """The office that writes, none where the person may not, and the unit that it is written to or about.

        Raises ``Http404`` where that unit is out of sight.
        """
        home = find_home(user, today)
        return (access.find_paper_office(user, home, today, is_above=False) if home else None), None

    def propose(self) -> Mapping[str, Any] | None:
        """What stands in the fields of a new paper; none where there is nothing to write a paper from."""
        raise NotImplementedError

    def make_form(self, data: Any, said: Mapping[str, Any], initial: Mapping[str, Any]) -> WordsForm:
        """The fields for a person to type in, with the words that were proposed or kept."""
        return self.words_form(data, paper=self.ask.form, today=self.ask.today, said=said, initial=dict(initial))

    def draw(self, said: Mapping[str, Any]) -> Recount:
        """The paper with these words, counted for the days of the ask."""
        raise NotImplementedError

    def list_readings(self, paper: Paper) -> Iterable[str]:
        """The numbers that may be typed into the words without a doubt: the figures of the paper."""
        return (figure.text for figure in list_figures(paper))

    def render(self, paper: Paper) -> Files:
        """The files of the paper when it goes out."""
        return render_files(paper)


def dress(counted: Recount, said: Mapping[str, Any]) -> Recount:
    """With the marks of the head as they were typed."""
    return replace(counted, paper=replace(counted.paper, marks=read_marks(said))) if counted.paper else counted


def make_ask(held: DraftPaper | IssuedPaper, now: datetime) -> Ask:
    """The same paper once more: for its day, from what is known now."""
    today = timezone.localdate(now)
    # The form of a kept paper is one of the model's choices, which are the codes of the core.
    form: Any = held.form
    return Ask(form, held.unit, held.addressee, held.asked, Days(held.as_of, today, now), today)
