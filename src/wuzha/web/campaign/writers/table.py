"""Which form is written how: a line each."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from wuzha.core.paper.model import FormCode
from wuzha.web.campaign.models import DraftPaper, IssuedPaper
from wuzha.web.campaign.writers.briefing import BriefingWriter
from wuzha.web.campaign.writers.inspection import InspectionReportWriter
from wuzha.web.campaign.writers.model import Writer, make_ask
from wuzha.web.campaign.writers.monthly import MonthlyWriter
from wuzha.web.campaign.writers.notice import NoticeWriter
from wuzha.web.campaign.writers.plan import PlanWriter, PolicyNoteWriter
from wuzha.web.campaign.writers.scores import ScoreTableWriter
from wuzha.web.campaign.writers.standing import CircularWriter, CommendationWriter, LetterWriter, SupervisionWriter
from wuzha.web.campaign.writers.talk import TalkWriter

WRITERS: Mapping[FormCode, type[Writer]] = MappingProxyType(
    {
        "letter": LetterWriter,
        "supervise": SupervisionWriter,
        "circular": CircularWriter,
        "commend": CommendationWriter,
        "talk": TalkWriter,
        "notice": NoticeWriter,
        "plan": PlanWriter,
        "policy-note": PolicyNoteWriter,
        "monthly-table": MonthlyWriter,
        "briefing": BriefingWriter,
        "score-table": ScoreTableWriter,
        "inspection-report": InspectionReportWriter,
    }
)


def find_writer(code: str) -> tuple[FormCode, type[Writer]] | None:
    """The form of that code, and how it is written."""
    return next(((form, writer) for form, writer in WRITERS.items() if form == code), None)


def get_writer(held: DraftPaper | IssuedPaper, now: datetime) -> Writer:
    """The writer of a kept paper, at work on it as known now. Raises KeyError where the site has none of its form."""
    ask = make_ask(held, now)
    return WRITERS[ask.form](ask)


def is_counted(code: str) -> bool:
    """Whether a paper of that form can be counted again."""
    found = find_writer(code)
    return found is not None and found[1].is_counted


def list_offered() -> list[tuple[FormCode, str]]:
    """The forms that can be begun from the list of papers, in the order of the table, each with what it is for."""
    return [(form, str(writer.note)) for form, writer in WRITERS.items() if writer.note]
