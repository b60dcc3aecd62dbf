"""What the plan pages show: lists of plans, the document in colours, and the duties read from it. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404

from wuzha.adapters.duty_wording import render_duty
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.plan_yaml import check_plan_yaml, read_plan_yaml, render_plan_yaml
from wuzha.adapters.wording import Language
from wuzha.core.base.problem import NOWHERE, Problem, Source, has_errors, make_problem
from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Duty
from wuzha.core.plan.build import sketch_plan
from wuzha.core.plan.check import check_plan
from wuzha.core.plan.node import Path
from wuzha.web.campaign.models import Document, DraftDuty, PlanVersion

State = PlanVersion.State
Decision = DraftDuty.Decision
DAY_KEYS = ("from", "to", "by")
# What the reader asks, and the doubt that the plan language would raise about the same gap.
SAME_QUESTION: Mapping[str, str] = MappingProxyType({"question.who": "plan.who-missing"})
SAID_ON_CARD = ("reading.actor-unknown",)
# How many duties stand on one page of the review, so that a phone can still hold it.
CARDS_ON_A_PAGE = 200
FATES = ("duty", "target", "criterion", "consequence", "vague", "background", "heading")


@dataclass(frozen=True, slots=True)
class Shelves:
    """The plans in sight: under review, and the issued ones by where the day lies in their validity."""

    drafts: Sequence[PlanVersion]
    in_force: Sequence[PlanVersion]
    coming: Sequence[PlanVersion]
    ended: Sequence[PlanVersion]

    @property
    def is_empty(self) -> bool:
        return not (self.drafts or self.in_force or self.coming or self.ended)


def list_shelves(plans: QuerySet[PlanVersion], as_of: date) -> Shelves:
    """Each plan with how many duties it has and how many of them still wait for a decision."""
    proposed = Count("draft_duties", filter=Q(draft_duties__decision=Decision.PROPOSED))
    kept = Count("draft_duties", filter=~Q(draft_duties__decision=Decision.DROPPED))
    counted = list(plans.defer("reading", "text").annotate(waiting=proposed, duty_count=kept))
    shelves: dict[str, list[PlanVersion]] = {"drafts": [], "in_force": [], "coming": [], "ended": []}
    for plan in counted:
        shelves[_choose_shelf(plan, as_of)].append(plan)
    return Shelves(**shelves)


def _choose_shelf(plan: PlanVersion, as_of: date) -> str:
    if plan.state == State.DRAFT:
        return "drafts"
    if plan.valid_from is not None and as_of < plan.valid_from:
        return "coming"
    return "ended" if plan.valid_to is not None and plan.valid_to < as_of else "in_force"


def encode_days(value: Any) -> Any:
    """Plain values of the plan language for a JSON column: days become ISO text."""
    if isinstance(value, Mapping):
        return {str(key): encode_days(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode_days(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def decode_days(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The other way, for a duty or a phase. Text that is no day stays, so that whoever reads it can say so."""
    return {key: _decode_day(item) if key in DAY_KEYS else item for key, item in mapping.items()}


def _decode_day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def list_phases(plan: PlanVersion) -> list[dict[str, Any]]:
    """The phases of a draft in the plan language. They lie beside the reading until the plan is issued."""
    return [decode_days(phase) for phase in plan.reading.get("draft_phases", ())]


def make_mapping(plan: PlanVersion, duties: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A draft with these duties, as a plan file would say it."""
    valid = {"from": plan.valid_from, "to": plan.valid_to}
    return {
        "title": plan.title,
        "issuer": plan.issuer or None,
        "valid": {key: day for key, day in valid.items() if day} or None,
        "phases": list_phases(plan) or None,
        "duties": [decode_days(duty) for duty in duties],
    }


@dataclass(frozen=True, slots=True)
class Look:
    """What the plan language makes of one draft duty: its value, if it has one, and what is wrong with it."""

    duty: Duty | None
    problems: tuple[Problem, ...]


def look_at_duties(plan: PlanVersion, duties: Sequence[Mapping[str, Any]]) -> list[Look]:
    """Every duty by itself, in order, in one pass. Mistakes of the plan's head are not told here."""
    places = {str(duty.get("id", "")): number for number, duty in enumerate(duties)}
    found = _examine(make_mapping(plan, duties), places)
    return [Look(duty, tuple(problems)) for duty, problems in found]


def _examine(mapping: Mapping[str, Any], places: Mapping[str, int]) -> list[tuple[Duty | None, list[Problem]]]:
    def locate(path: Path) -> Source:
        number = path[1] if len(path) > 1 and path[0] == "duties" else None
        row = places.get(number, 0) if isinstance(number, str) else number
        return Source(row=row, key=next((part for part in reversed(path) if isinstance(part, str)), ""))

    sketch = sketch_plan(mapping, locate)
    known = {duty.id: duty for duty in sketch.plan.duties}
    found: list[tuple[Duty | None, list[Problem]]] = [
        (known.get(str(duty.get("id"))), []) for duty in mapping["duties"]
    ]
    for problem in (*sketch.problems, *check_plan(sketch.plan, load_kinds(), None, locate)):
        if problem.source.row is not None:
            source = Source(key=problem.source.key)
            found[problem.source.row][1].append(replace(problem, source=source))
    return found


def ask(codes: Iterable[str]) -> tuple[Problem, ...]:
    """What the words of the document leave open, for a person to say."""
    return tuple(make_problem(code, severity="warning") for code in codes)


@dataclass(frozen=True, slots=True)
class Card:
    """One duty under review, with everything a person needs to decide on it."""

    row: DraftDuty
    sentence: str
    questions: tuple[Problem, ...]

    @property
    def quote(self) -> str:
        return str(self.row.duty.get("quote", ""))

    @property
    def clause(self) -> str:
        return str(self.row.duty.get("clause", ""))

    @property
    def is_broken(self) -> bool:
        """Whether something in it keeps the plan from being issued."""
        return has_errors(self.questions)

    @property
    def is_clear(self) -> bool:
        """Whether it can be accepted without a closer look."""
        return self.row.decision == Decision.PROPOSED and not self.questions


def list_cards(plan: PlanVersion, rows: Sequence[DraftDuty], language: Language) -> list[Card]:
    looks = look_at_duties(plan, [row.duty for row in rows])
    return [_make_card(row, look, language) for row, look in zip(rows, looks, strict=True)]


def _make_card(row: DraftDuty, look: Look, language: Language) -> Card:
    asked = ask(row.questions)
    answered = {SAME_QUESTION[code] for code in row.questions if code in SAME_QUESTION}
    questions = (*asked, *(replace(item, source=NOWHERE) for item in look.problems if item.code not in answered))
    sentence = say_duty(look.duty, language) if look.duty else ""
    return Card(row, sentence, questions if row.decision != Decision.DROPPED else ())


def say_duty(duty: Duty, language: Language) -> str:
    """Wuzha's own sentence for a duty, to hold against the document's."""
    return render_duty(duty, load_kinds(), language)


def list_rows(plan: PlanVersion) -> list[DraftDuty]:
    """The duties of a draft in document order; each knows its plan without a further query."""
    rows = sorted(plan.draft_duties.all(), key=_place_row)
    for row in rows:
        row.version = plan
    return rows


def _place_row(row: DraftDuty) -> tuple[int, int]:
    span = row.duty.get("span") or [10**9]
    return span[0], row.position


@dataclass(frozen=True, slots=True)
class Counts:
    """How far the review has come. ``clear`` wait only for a yes; ``asking`` have a question or a mistake."""

    total: int
    accepted: int
    dropped: int
    clear: int
    asking: int

    @property
    def waiting(self) -> int:
        return self.clear + self.asking


def count_cards(cards: Sequence[Card]) -> Counts:
    decisions = [card.row.decision for card in cards]
    clear = sum(card.is_clear for card in cards)
    return Counts(
        total=len(cards),
        accepted=decisions.count(Decision.ACCEPTED),
        dropped=decisions.count(Decision.DROPPED),
        clear=clear,
        asking=decisions.count(Decision.PROPOSED) - clear,
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the document that the same duties came from; ``start`` counts characters of its text."""

    start: int
    text: str
    duties: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What stands between two ends of sentences. ``fate`` is empty for what lies outside every sentence."""

    fate: str
    pieces: tuple[Piece, ...]

    @property
    def duties(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(pk for piece in self.pieces for pk in piece.duties))


@dataclass(frozen=True, slots=True)
class Mark:
    """The exact span of a duty, by its key."""

    start: int
    end: int
    duty: int


Line = tuple[Sentence, ...]


def list_marks(rows: Iterable[DraftDuty]) -> list[Mark]:
    spans = [(row.pk, row.duty.get("span")) for row in rows]
    return [Mark(span[0], span[1], pk) for pk, span in spans if isinstance(span, list) and len(span) == 2]


def lay_out(text: str, coverage: Sequence[Mapping[str, Any]], marks: Sequence[Mark]) -> list[Line]:
    """The document line by line, its sentences with their fate, and in them the exact spans of the duties."""
    stretches = _list_stretches(coverage, len(text))
    lines: list[Line] = []
    start = at = 0
    ordered = sorted(marks, key=lambda mark: mark.start)
    for line in text.split("\n"):
        end = start + len(line)
        while at < len(stretches) and stretches[at][1] <= start:
            at += 1
        if line.strip():
            inside = [mark for mark in ordered if mark.start < end and mark.end > start]
            lines.append(_lay_out_line(text, (start, end), stretches[at:], inside))
        start = end + 1
    return lines


def _list_stretches(coverage: Sequence[Mapping[str, Any]], length: int) -> list[tuple[int, int, str]]:
    """The sentences in order, inside the text and free of overlaps, whatever the stored reading says."""
    found: list[tuple[int, int, str]] = []
    reached = 0
    for item in sorted(coverage, key=lambda item: item["span"][0]):
        start, end = max(item["span"][0], reached), min(item["span"][1], length)
        if start < end:
            found.append((start, end, item["fate"]))
            reached = end
    return found


def _lay_out_line(
    text: str, line: tuple[int, int], stretches: Sequence[tuple[int, int, str]], marks: Sequence[Mark]
) -> Line:
    reached, end = line
    sentences: list[Sentence] = []
    for first, last, fate in stretches:
        if first >= end:
            break
        opens, closes = max(first, reached), min(last, end)
        if reached < opens:
            sentences.append(Sentence("", _cut(text, (reached, opens), marks)))
        sentences.append(Sentence(fate, _cut(text, (opens, closes), marks)))
        reached = closes
    if reached < end:
        sentences.append(Sentence("", _cut(text, (reached, end), marks)))
    return tuple(sentences)


def _cut(text: str, stretch: tuple[int, int], marks: Sequence[Mark]) -> tuple[Piece, ...]:
    start, end = stretch
    inside = [mark for mark in marks if mark.start < end and mark.end > start]
    edges = {start, end, *(edge for mark in inside for edge in (mark.start, mark.end) if start < edge < end)}
    ordered = sorted(edges)
    return tuple(
        Piece(low, text[low:high], tuple(mark.duty for mark in inside if mark.start <= low and high <= mark.end))
        for low, high in pairwise(ordered)
    )


def count_fates(coverage: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many sentences became what, in the order of the legend; all of them, also those of which there is none."""
    fates = [item["fate"] for item in coverage]
    return {fate: fates.count(fate) for fate in FATES}


@dataclass(frozen=True, slots=True)
class Review:
    """Everything on the review page of a draft: the whole document, and beside it one page of the duties."""

    page: Page[Card]
    counts: Counts
    lines: list[Line]
    fates: dict[str, int]
    problems: tuple[Problem, ...]


def read_review(plan: PlanVersion, language: Language, wanted: Mapping[str, str]) -> Review:
    """Two queries, whatever the number of duties: the rows and the document's text.

    ``wanted`` names the page of the duties, or the ``duty`` that has to be on it; without either it is the first.
    """
    rows = list_rows(plan)
    cards = list_cards(plan, rows, language)
    coverage = plan.reading.get("coverage", ())
    text = read_text(plan)
    lines = lay_out(text, coverage, list_marks(rows))
    problems = (*ask(plan.reading.get("questions", ())), *_list_reading_problems(plan))
    return Review(_choose_page(cards, wanted), count_cards(cards), lines, count_fates(coverage), problems)


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


def read_text(plan: PlanVersion) -> str:
    """The text of the document, without loading the file's bytes; empty for a plan that came without one."""
    if plan.document_id is None:
        return ""
    rows = PlanVersion.objects.filter(pk=plan.pk).values_list("document__text", flat=True)
    return str(rows[0] or "")


def get_document(plan: PlanVersion) -> Document:
    """The file as it was uploaded. Raises ``Http404`` for a plan that came without one."""
    if plan.document is None:
        raise Http404
    return plan.document


def suggest_duty(plan: PlanVersion, words: Mapping[str, str]) -> dict[str, Any]:
    """The beginning of a new duty from words selected in the document: their place and the clause they stand in."""
    quote = words.get("quote", "").strip()
    text, start = read_text(plan), words.get("start", "")
    at = int(start) if start.isdecimal() and len(start) < 9 else -1
    if at < 0 or not text.startswith(quote, at):
        at = text.find(quote)
    return {"quote": quote, "start": at, "clause": _find_clause(plan, at)} if quote and at >= 0 else {"quote": quote}


def _find_clause(plan: PlanVersion, at: int) -> str:
    holds = (item for item in plan.reading.get("coverage", ()) if item["span"][0] <= at < item["span"][1])
    return next((str(item["clause"]) for item in holds), "")


def write_plan(plan: PlanVersion, tree: Tree | None = None) -> tuple[str, tuple[Problem, ...]]:
    """The draft's accepted duties as a plan file, read back and checked; the problems name lines of that text."""
    duties = [row.duty for row in list_rows(plan) if row.decision == Decision.ACCEPTED]
    text = render_plan_yaml(make_mapping(plan, duties))
    _, problems = check_plan_yaml(text, tree=tree)
    return text, problems


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
        text=text,
        problems=problems,
    )


def list_issued_duties(plan: PlanVersion, language: Language) -> list[tuple[Duty, str]]:
    """The duties of an issued plan, read from its frozen text, each with Wuzha's own sentence."""
    read, _ = read_plan_yaml(plan.text)
    return [(duty, say_duty(duty, language)) for duty in (read.duties if read else ())]
