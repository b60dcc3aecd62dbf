"""The review page of a draft: the whole document, beside it the duties read from it, and what was done last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from wuzha.adapters.wording.words import Language
from wuzha.core.base.problem import Problem, Source, has_errors, make_problem
from wuzha.core.base.unit import Tree
from wuzha.core.plan.lint.privacy import mask_people
from wuzha.core.plan.personal import cover_file
from wuzha.core.plan.place import draft_with_questions
from wuzha.core.plan.read import read_plan
from wuzha.web.campaign.layout import Block, find_words, lay_out, list_marks
from wuzha.web.campaign.models import DraftDuty, PlanVersion
from wuzha.web.campaign.queries.cards import (
    Card,
    Counts,
    ask,
    choose_cards,
    count_cards,
    list_cards,
    list_waiting,
    say_inferred,
)
from wuzha.web.campaign.queries.history import Deed, find_next_deeds
from wuzha.web.campaign.queries.plans import Decision, list_rows, read_text, write_plan

# A line is read as a demand only below a title and a heading.
FRAME = "方案\n一、工作任务\n（一）"
SAID_ON_CARD = ("reading.actor-unknown",)
# How many duties stand on one page of the review, so that a phone can still hold it.
CARDS_ON_A_PAGE = 200
FATES = ("duty", "target", "phase", "criterion", "consequence", "vague", "background", "heading")


def count_fates(coverage: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many sentences became what, in the order of the legend; all of them, also those of which there is none."""
    fates = [item["fate"] for item in coverage]
    return {fate: fates.count(fate) for fate in FATES}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review is, and the steps that can be taken back and made again."""

    counts: Counts
    undo: Deed | None
    redo: Deed | None


def read_progress(plan: PlanVersion, cards: Sequence[Card]) -> Progress:
    return Progress(count_cards(cards), *find_next_deeds(plan))


@dataclass(frozen=True, slots=True)
class Review:
    """Everything on the review page of a draft. ``page`` holds the duties that ``show`` and ``words`` ask for."""

    page: Page[Card]
    progress: Progress
    filters: Mapping[str, int]
    show: str
    words: str
    blocks: list[Block]
    fates: dict[str, int]
    fate: str
    problems: tuple[Problem, ...]
    inferred: tuple[str, ...]


def read_review(plan: PlanVersion, language: Language, wanted: Mapping[str, str]) -> Review:
    """Four queries, whatever the number of duties: the rows, the document's text and the steps that were done.

    ``wanted`` names what to ``show``, words to look for (``q``), the page of the duties, or the ``duty`` that has to be
    on it; without any it is the first page of all.
    """
    rows = list_rows(plan)
    cards = list_cards(plan, rows, language)
    progress = read_progress(plan, cards)
    show, words = wanted.get("show", ""), wanted.get("q", "").strip()[:100]
    return Review(
        page=_choose_page(choose_cards(cards, show, words), wanted),
        progress=progress,
        filters=list_waiting(progress.counts),
        show=show,
        words=words,
        blocks=lay_out(mask_people(read_text(plan)), plan.reading.get("coverage", ()), list_marks(rows)),
        fates=count_fates(plan.reading.get("coverage", ())),
        fate=wanted.get("fate", "") if wanted.get("fate") in FATES else "",
        inferred=say_inferred(plan.reading.get("valid") or {}, language),
        problems=(*ask(plan.reading.get("questions", ())), *_list_reading_problems(plan)),
    )


def _choose_page(cards: Sequence[Card], wanted: Mapping[str, str]) -> Page[Card]:
    places = {str(card.row.pk): place for place, card in enumerate(cards)}
    beside = places.get(wanted.get("duty", ""), 0) // CARDS_ON_A_PAGE + 1
    return Paginator(cards, CARDS_ON_A_PAGE).get_page(wanted.get("page") or beside)


def _list_reading_problems(plan: PlanVersion) -> list[Problem]:
    """What the reader doubted of the whole document; what it doubted of one duty is asked on that duty's card."""
    found = (item for item in plan.reading.get("problems", ()) if item["code"] not in SAID_ON_CARD)
    return [
        make_problem(item["code"], Source(clause=item["clause"]), severity="warning", **item["params"])
        for item in found
    ]


def suggest_duty(plan: PlanVersion, words: Mapping[str, str]) -> dict[str, Any]:
    """The beginning of a new duty from words of the document: their place and the clause they stand in.

    ``start`` and ``end`` are the place that was selected; without them the ``quote`` is looked for.
    """
    text, quote = read_text(plan), words.get("quote", "").strip()
    start, end = (_read_place(words.get(key, ""), len(text)) for key in ("start", "end"))
    if 0 <= start < end:
        quote = text[start:end].strip() or quote
    spans = find_words(text, quote, start) if quote else []
    if not spans:
        return {"quote": quote}
    return {"quote": quote, "start": spans[0][0], "clause": _find_clause(plan, spans[0][0])}


def read_words(plan: PlanVersion, quote: str) -> dict[str, Any]:
    """What the reader makes of these words alone, in the plan language; empty unless that is one duty to be counted.

    It has no name, place or clause: those follow from where the words stand.
    """
    year = plan.valid_from.year if plan.valid_from else plan.created_at.year
    draft = draft_with_questions(read_plan(f"{FRAME}{quote}"), year)
    duties: Any = draft.mapping["duties"]
    if len(duties) != 1 or duties[0].get("vague"):
        return {}
    return {key: value for key, value in duties[0].items() if key not in ("id", "clause", "quote", "span", "during")}


def _read_place(text: str, length: int) -> int:
    return min(int(text), length) if text.isdecimal() and len(text) < 9 else -1


def _find_clause(plan: PlanVersion, at: int) -> str:
    holds = (item for item in plan.reading.get("coverage", ()) if item["span"][0] <= at < item["span"][1])
    return next((str(item["clause"]) for item in holds), "")


def choose_rows(plan: PlanVersion, keys: Iterable[str]) -> list[DraftDuty]:
    """The duties of the draft with these keys, in document order; keys of anything else are passed over."""
    wanted = set(keys)
    return [row for row in list_rows(plan) if str(row.pk) in wanted]


@dataclass(frozen=True, slots=True)
class Preview:
    """What issuing a draft now would put in force, and what is in the way."""

    accepted: Sequence[Card]
    waiting: Sequence[Card]
    dropped: int
    text: str
    problems: tuple[Problem, ...]

    @property
    def is_sound(self) -> bool:
        return not has_errors(self.problems)

    @property
    def open_questions(self) -> list[Card]:
        """Duties that were accepted although something about them is still asked."""
        return [card for card in self.accepted if card.questions]


def read_preview(plan: PlanVersion, tree: Tree, language: Language) -> Preview:
    cards = list_cards(plan, list_rows(plan), language)
    text, problems = write_plan(plan, tree)
    by_decision = {decision: [card for card in cards if card.row.decision == decision] for decision in Decision}
    return Preview(
        accepted=by_decision[Decision.ACCEPTED],
        waiting=by_decision[Decision.PROPOSED],
        dropped=len(by_decision[Decision.DROPPED]),
        text=cover_file(text),
        problems=problems,
    )
