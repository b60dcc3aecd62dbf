"""Briefings: of one event, or of a month."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from wuzha.core.base.problem import make_problem
from wuzha.core.paper.briefing import (
    BESIDE,
    SECTIONS,
    EventFacts,
    Facts,
    Section,
    list_sections,
    propose_title,
    read_all,
    read_said,
    write_briefing,
)
from wuzha.core.paper.model import FormCode, Paper
from wuzha.web.accounts.access import find_home
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import briefings as actions
from wuzha.web.campaign.actions.papers import Files, Rules
from wuzha.web.campaign.forms.briefings import BriefingAskForm, BriefingForm, EventForm
from wuzha.web.campaign.forms.papers import WordsForm
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import DraftPaper, IssuedPaper, Record
from wuzha.web.campaign.queries import briefings as queries
from wuzha.web.campaign.queries.papers import Recount, find_office_words
from wuzha.web.campaign.writers.model import Ask, Writer

MASTHEAD = "反诈工作简报"


def say_issue(draft: DraftPaper, year: int, serial: int) -> str:
    return str(queries.find_issue(draft.unit, year, serial))


def follow_with_record(issued: IssuedPaper, actor: User, now: datetime) -> None:
    """The record of a briefing for the office, where the person wanted one."""
    if issued.said.get("file_record"):
        actions.record_briefing(actor=actor, paper=issued, now=now)


class BriefingWriter(Writer):
    """One briefing: ``asked`` names the record that tells of the event, or the month."""

    ask_form = BriefingAskForm
    words_form = BriefingForm
    note: ClassVar[Any] = _("Of one event or of a month, drafted from the records, with photos chosen.")
    begin: ClassVar[str] = "campaign:briefings"
    rules: ClassVar[Rules] = Rules(say_issue, follow_with_record)

    def __init__(self, ask: Ask) -> None:
        super().__init__(ask)
        self.known_by = ask.days.known_by if ask.days.known_by < ask.today else None

    @classmethod
    def find_place(
        cls, form: FormCode, user: User, told: Mapping[str, Any], today: date
    ) -> tuple[Unit | None, Unit | None]:
        """Of an event the office nearest to it; of a month the person's own."""
        if told.get("record"):
            record = access.get_record(user, told["record"], today)
            return access.find_paper_office(user, record.unit, today, is_above=False), None
        home = find_home(user, today)
        if home is None:
            raise Http404
        return access.find_paper_office(user, home, today, is_above=False), None

    @property
    def is_month(self) -> bool:
        return "month" in self.ask.asked

    @cached_property
    def offered(self) -> dict[str, Record]:
        """The records that can be chosen, by their ids: what goes with the event, or the events of the month."""
        if self.is_month:
            days, _before = queries.find_days(self.ask.asked["month"], self.ask.days.as_of)
            return {str(record.pk): record for record in queries.list_month_events(self.ask.office, days)}
        found = queries.list_chosen(self.ask.office, [self.ask.asked["record"]], self.known_by)
        for record in tuple(found.values()):
            found |= {str(one.pk): one for one in queries.list_beside_event(record) if one.pk != record.pk}
        return found

    def gather(self, said: Mapping[str, Any]) -> Facts | None:
        """What the briefing tells of; none where the month has not begun."""
        chosen = said.get("chosen", ())
        if not self.is_month:
            kinds = load_kinds()
            records = queries.list_chosen(self.ask.office, chosen, self.known_by)
            return EventFacts(tuple(queries.tell_record(pk, record, kinds) for pk, record in records.items()))
        try:
            month = self.ask.asked["month"]
            return queries.gather_month(self.ask.office, month, self.ask.days, self.ask.today, chosen)
        except (ValueError, KeyError):
            return None

    def propose(self) -> Mapping[str, Any] | None:
        chosen = [] if self.is_month else list(self._list_proposed())
        facts = self.gather({"chosen": chosen})
        if facts is None or not (self.is_month or chosen):
            return None
        words = find_office_words(self.ask.office, self.ask.form)
        last = queries.find_last_words(self.ask.office)
        return {
            "title": propose_title(facts),
            "signed_by": words["signed_by"],
            "masthead": last.get("masthead") or MASTHEAD,
            "copied_to": last.get("copied_to", ""),
            "copies": last.get("copies"),
            "chosen": chosen,
            "photos": [],
            "file_record": queries.wants_record(self.ask.office, self.ask.today),
            **{section.name: None for section in list_sections(facts)},
        }

    def _list_proposed(self) -> Iterator[str]:
        """The event, and of the rest of the day what is handed out or put up at one."""
        kinds = load_kinds()
        for number, (pk, record) in enumerate(self.offered.items()):
            kind = kinds.get(record.kind)
            if number == 0 or (kind and kind.shape in BESIDE):
                yield pk

    def make_form(self, data: Any, said: Mapping[str, Any], initial: Mapping[str, Any]) -> WordsForm:
        facts = self.gather(said)
        sections = list_sections(facts) if facts and (self.is_month or said.get("chosen")) else ()
        kind = BriefingForm if self.is_month else EventForm
        return kind(
            data,
            paper=self.ask.form,
            today=self.ask.today,
            said=said,
            initial=dict(initial),
            sections={name: Section(name) for name in SECTIONS} | {one.name: one for one in sections},
            records=self._list_choices(said),
            offered=self._list_photos(said),
            is_month=self.is_month,
        )

    def _list_choices(self, said: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The records to choose from, as they read. What was chosen once stands under the id by which it was."""
        kinds = load_kinds()
        chosen = queries.list_chosen(self.ask.office, said.get("chosen", ()))
        known = {record.pk for record in chosen.values()}
        others = {pk: record for pk, record in self.offered.items() if record.pk not in known}
        return [(pk, queries.say_record(record, kinds)) for pk, record in (chosen | others).items()]

    def _list_photos(self, said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Photos of the event's records, or of the records chosen as news; what was chosen stays to be seen."""
        chosen = queries.list_chosen(self.ask.office, said.get("chosen", ())) if self.is_month else self.offered
        found = [
            {"sha256": one.evidence.sha256, "evidence": str(one.evidence.pk), "caption": one.caption}
            for one in queries.list_photos(list(chosen.values()))
        ]
        known = {one["sha256"] for one in found}
        return [*found, *(one for one in said.get("photos", ()) if one["sha256"] not in known)]

    def draw(self, said: Mapping[str, Any]) -> Recount:
        facts = self.gather(said)
        if facts is None:
            return Recount(None, {}, (make_problem("briefing.no-month"),))
        paper, problems = write_briefing(facts, read_said(said))
        return Recount(paper, read_all(facts), problems)

    def list_readings(self, paper: Paper) -> Iterable[str]:
        """With what the chosen records say in words, a theme or a place that holds a number."""
        yield from super().list_readings(paper)
        for record in self.offered.values():
            yield from (record.place, record.audience, *map(str, record.extra.values()))

    def render(self, paper: Paper) -> Files:
        return actions.render_with_pictures(paper)
