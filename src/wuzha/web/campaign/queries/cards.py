"""The duties under review, each as a card with everything a person needs to decide on it. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from wuzha.adapters.wording.inference import describe_inference
from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import Language
from wuzha.core.base.problem import NOWHERE, Problem, has_errors, make_problem
from wuzha.core.plan.lint.privacy import mask_people
from wuzha.web.campaign.layout import list_spans
from wuzha.web.campaign.models import DraftDuty, PlanVersion
from wuzha.web.campaign.queries.plans import PART, Decision, Look, look_at_duties, say_duty

# What the reader asks, and the doubt that the plan language would raise about the same gap.
SAME_QUESTION: Mapping[str, str] = MappingProxyType({"question.who": "plan.who-missing"})


def ask(codes: Iterable[str]) -> tuple[Problem, ...]:
    """What the words of the document leave open, for a person to say."""
    return tuple(make_problem(code, severity="warning") for code in codes if code != PART)


@dataclass(frozen=True, slots=True)
class Card:
    """One duty under review. ``asks`` are the questions of the reader, ``doubts`` what the plan language finds in it.

    ``inferred`` says what does not stand in the quote and where the reader took it from.
    """

    row: DraftDuty
    sentence: str
    asks: tuple[Problem, ...]
    doubts: tuple[Problem, ...]
    inferred: tuple[str, ...] = ()

    @property
    def quote(self) -> str:
        return mask_people(str(self.row.duty.get("quote", "")))

    @property
    def clause(self) -> str:
        return str(self.row.duty.get("clause", ""))

    @property
    def place(self) -> int | None:
        """Where in the document its words begin."""
        return next((start for start, _ in list_spans(self.row)), None)

    @property
    def questions(self) -> tuple[Problem, ...]:
        return (*self.asks, *self.doubts)

    @property
    def is_part(self) -> bool:
        """Whether it was split off and nobody has looked at it since."""
        return PART in self.row.questions and self.row.decision == Decision.PROPOSED

    @property
    def may_stay_uncounted(self) -> bool:
        """Whether the questions could also be answered with: list it, count nothing."""
        return any(item.code != "question.who" for item in self.asks)

    @property
    def is_broken(self) -> bool:
        """Whether something in it keeps the plan from being issued."""
        return has_errors(self.questions)

    @property
    def is_waiting(self) -> bool:
        return self.row.decision == Decision.PROPOSED

    @property
    def is_clear(self) -> bool:
        """Whether it can be accepted without a closer look."""
        return self.is_waiting and not self.questions and not self.is_part


def list_cards(plan: PlanVersion, rows: Sequence[DraftDuty], language: Language) -> list[Card]:
    looks = look_at_duties(plan, [row.duty for row in rows])
    return [_make_card(row, look, language) for row, look in zip(rows, looks, strict=True)]


def _make_card(row: DraftDuty, look: Look, language: Language) -> Card:
    sentence = say_duty(look.duty, language) if look.duty else ""
    if row.decision == Decision.DROPPED:
        return Card(row, sentence, (), ())
    answered = {SAME_QUESTION[code] for code in row.questions if code in SAME_QUESTION}
    doubts = tuple(replace(item, source=NOWHERE) for item in look.problems if item.code not in answered)
    return Card(row, sentence, ask(row.questions), doubts, say_inferred(row.demand, language))


def say_inferred(read: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    """What the reader inferred of a demand, or of the time in which the plan holds, and why."""
    found = read.get("inferred")
    return tuple(describe_inference(item, language) for item in found) if isinstance(found, list) else ()


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


def list_waiting(counts: Counts) -> dict[str, int]:
    """How many cards each filter of the review shows."""
    return {
        "": counts.total,
        "waiting": counts.waiting,
        "asking": counts.asking,
        "accepted": counts.accepted,
        "dropped": counts.dropped,
    }


def choose_cards(cards: Sequence[Card], show: str, words: str) -> list[Card]:
    """Those of one filter whose clause, words or sentence hold what was looked for."""
    kept = [card for card in cards if _is_shown(card, show)]
    wanted = words.casefold().split()
    return [card for card in kept if all(word in _gather_words(card) for word in wanted)] if wanted else kept


def _is_shown(card: Card, show: str) -> bool:
    tests = {
        "waiting": card.is_waiting,
        "asking": card.is_waiting and not card.is_clear,
        "accepted": card.row.decision == Decision.ACCEPTED,
        "dropped": card.row.decision == Decision.DROPPED,
    }
    return tests.get(show, True)


def _gather_words(card: Card) -> str:
    told = (describe_problem(item, "zh") for item in card.asks)
    return " ".join((card.clause, card.quote, card.sentence, *told)).casefold()
