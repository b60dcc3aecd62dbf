"""The ladder of measures as a county has written it down: what each step is, when it may come, and its days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from wuzha.core.base.problem import NOWHERE, Source

POSTS = ("officer", "supervisor")
"""The posts that may give a measure; each step names those of them that may give it."""
PAPERS = ("letter", "circular", "supervise")
"""The forms of paper by which a step may be given: to advise, to tell, to urge."""


class Word(StrEnum):
    """What a condition can speak of, all of one unit; each but ``missed_duties`` of one of its duties."""

    MISSED_WINDOWS = "missed_windows"
    MISSED_IN_A_ROW = "missed_in_a_row"
    MISSED_DUTIES = "missed_duties"
    OVERDUE_DAYS = "overdue_days"
    WORSE_THAN_BASELINE = "worse_than_baseline"


FLAGS = (Word.WORSE_THAN_BASELINE,)


@dataclass(frozen=True, slots=True)
class Condition:
    """``word`` reaches ``least``. A flag has 1."""

    word: Word
    least: int = 1


Trigger = tuple[Condition, ...]
"""All of them must hold."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder. Any one of the ``triggers`` is enough; ``duties`` narrows it to these, none to all.

    ``after`` is the step that must have been given for the same duty, and whose mending day must have passed. Days are
    calendar days from the one on which the measure is given; ``given_by`` are posts.
    """

    code: str
    title: str
    title_en: str
    triggers: tuple[Trigger, ...]
    after: str
    answer_days: int
    mend_days: int
    appeal_days: int
    given_by: tuple[str, ...] = POSTS
    duties: tuple[str, ...] = ()
    paper: str = "supervise"
    source: Source = field(default=NOWHERE, compare=False)

    def concerns(self, duty: str) -> bool:
        return not self.duties or duty in self.duties


@dataclass(frozen=True)
class Ladder:
    """The steps from the mildest to the gravest. Windows that were due longer ago than ``look_back_days`` count only
    where nothing was met since."""

    title: str
    steps: tuple[Step, ...]
    look_back_days: int = 90

    @cached_property
    def by_code(self) -> Mapping[str, Step]:
        return {step.code: step for step in self.steps}

    @cached_property
    def heights(self) -> Mapping[str, int]:
        return {step.code: number for number, step in enumerate(self.steps)}

    def name_codes(self) -> str:
        return "、".join(self.by_code)
