"""Who changed what in a draft, in sentences, and which step is the next to be taken back. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _

from wuzha.adapters.wording.words import Language
from wuzha.core.plan.lint.privacy import mask_people
from wuzha.web.campaign.models import DraftChange, DraftDuty, DraftStep, PlanVersion
from wuzha.web.campaign.queries.plans import look_at_duties, say_duty

Action = DraftChange.Action
CHANGES_ON_A_PAGE = 50
STEPS_OF_A_CHANGE = 20


def find_next_undo(plan: PlanVersion) -> DraftChange | None:
    """The last change that still holds."""
    return find_next_changes(plan)[0]


def find_next_redo(plan: PlanVersion) -> DraftChange | None:
    """The change that was taken back last, while nothing else has been changed since."""
    return find_next_changes(plan)[1]


def find_next_changes(plan: PlanVersion) -> tuple[DraftChange | None, DraftChange | None]:
    """What can be taken back, and what can be made again."""
    done, undone = _stack_changes(list(plan.changes.select_related("actor").order_by("number")))
    return (done[-1] if done else None), (undone[-1] if undone else None)


def _stack_changes(changes: Sequence[DraftChange]) -> tuple[list[DraftChange], list[DraftChange]]:
    """Those that hold and those taken back, each with the last one on top. A new change ends what could be redone."""
    done: list[DraftChange] = []
    undone: list[DraftChange] = []
    for change in changes:
        if change.action == Action.UNDO:
            undone.append(done.pop())
        elif change.action == Action.REDO:
            done.append(undone.pop())
        else:
            done.append(change)
            undone.clear()
    return done, undone


@dataclass(frozen=True, slots=True)
class Deed:
    """One change in short: who did what, when, and to which duty. ``row`` is empty for the head."""

    number: int
    action: str
    who: str
    at: datetime
    row: DraftDuty | None
    count: int

    @property
    def words(self) -> str:
        return (
            ""
            if self.row is None
            else f"{self.row.duty.get('clause', '')} {mask_people(self.row.duty.get('quote', ''))}".strip()
        )


def find_next_deeds(plan: PlanVersion) -> tuple[Deed | None, Deed | None]:
    """What can be taken back and what can be made again, in two queries."""
    changes = find_next_changes(plan)
    wanted = [change for change in changes if change is not None]
    steps = list(DraftStep.objects.filter(change__in=wanted).select_related("row").order_by("id")) if wanted else []
    return _tell_deed(changes[0], steps), _tell_deed(changes[1], steps)


def _tell_deed(change: DraftChange | None, steps: Sequence[DraftStep]) -> Deed | None:
    if change is None:
        return None
    rows = [step.row for step in steps if step.change_id == change.pk]
    return Deed(
        number=change.number,
        action=str(change.get_action_display()),
        who=str(change.actor),
        at=change.at,
        row=rows[0] if rows else None,
        count=len(rows),
    )


def find_last_deed(row: DraftDuty) -> Deed | None:
    """What was done to the duty last."""
    step = row.steps.select_related("change__actor").order_by("-id").first()
    return _tell_deed(step.change, [step]) if step else None


def tell_meanwhile(row: DraftDuty) -> str:
    """Who did what to the duty meanwhile, to whoever saw it as it was before."""
    deed = find_last_deed(row)
    if deed is None:
        return _("This duty has been changed meanwhile. What you did was not saved; look at it as it is now.")
    words = {"who": deed.who, "time": timezone.localtime(deed.at).strftime("%H:%M"), "action": deed.action}
    if row.decision == DraftDuty.Decision.GONE:
        return _("At %(time)s %(who)s: %(action)s. This duty is no longer there, so nothing was saved.") % words
    return _("At %(time)s %(who)s: %(action)s. What you did was not saved; look at the duty as it is now.") % words


@dataclass(frozen=True, slots=True)
class Trace:
    """What one change did to one duty: Wuzha's sentence, the words and the decision before and after.

    ``before`` is empty for a duty that was not there.
    """

    row: DraftDuty | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    said_before: str
    said_after: str

    @property
    def has_new_sentence(self) -> bool:
        return self.said_before != self.said_after

    @property
    def has_new_quote(self) -> bool:
        return self.before is not None and self._quote(self.before) != self._quote(self.after)

    @property
    def has_new_decision(self) -> bool:
        return self.before is not None and self.before.get("decision") != self.after.get("decision")

    @property
    def quote_before(self) -> str:
        return self._quote(self.before or {})

    @property
    def quote_after(self) -> str:
        return self._quote(self.after)

    @property
    def clause(self) -> str:
        return str(self.after.get("duty", {}).get("clause", ""))

    @property
    def head_changes(self) -> list[tuple[str, Any, Any]]:
        """Of the head: which part, from what to what."""
        before = self.before or {}
        names = [name for name in self.after if self.row is None and before.get(name) != self.after[name]]
        return [(name, before.get(name), self.after[name]) for name in names if name != "questions"]

    @staticmethod
    def _quote(shape: Mapping[str, Any]) -> str:
        return mask_people(str(shape.get("duty", {}).get("quote", "")))


@dataclass(frozen=True, slots=True)
class Entry:
    """One change with what it did; ``more`` counts the steps that stand on the change's own page alone."""

    change: DraftChange
    traces: Sequence[Trace]
    more: int

    @property
    def size(self) -> int:
        return len(self.traces) + self.more


def read_history(
    plan: PlanVersion, language: Language, wanted: Mapping[str, str], row: DraftDuty | None = None
) -> tuple[Page[DraftChange], list[Entry]]:
    """The changes of a draft, or those that touched one duty, the last one first, one page of them.

    ``wanted`` names the ``page``, or the one ``change`` whose steps are all shown.
    """
    changes = plan.changes.select_related("actor", "undoes").order_by("-number")
    number = wanted.get("change", "")
    alone = number.isdecimal() and len(number) < 9
    if row is not None:
        changes = changes.filter(steps__row=row)
    leaf = Paginator(changes.filter(number=number) if alone else changes, CHANGES_ON_A_PAGE).get_page(
        wanted.get("page")
    )
    steps = DraftStep.objects.filter(change__in=[*leaf])
    own = steps if row is None else steps.filter(row=row)
    sizes = dict(own.values_list("change").annotate(Count("id")).order_by())
    told = _tell_steps(plan, own if alone else _list_first(own), language)
    return leaf, [Entry(one, told.get(one.pk, ()), sizes.get(one.pk, 0) - len(told.get(one.pk, ()))) for one in leaf]


def _list_first(steps: QuerySet[DraftStep]) -> QuerySet[DraftStep]:
    """So many of each change as a page bears, since one change may have decided thousands of duties."""
    place = Window(RowNumber(), partition_by="change", order_by="id")
    return steps.annotate(place=place).filter(place__lte=STEPS_OF_A_CHANGE)


def _tell_steps(plan: PlanVersion, steps: QuerySet[DraftStep], language: Language) -> dict[int, list[Trace]]:
    told: dict[int, list[Trace]] = {}
    for key, trace in _say_steps(plan, list(steps.select_related("row").order_by("id")), language):
        told.setdefault(key, []).append(trace)
    return told


def _say_steps(plan: PlanVersion, steps: Sequence[DraftStep], language: Language) -> list[tuple[int, Trace]]:
    """Each step with the key of its change. All sentences are made in one pass."""
    shapes = [shape for step in steps if _has_new_duty(step) for shape in (step.before, step.after)]
    said = iter(_say_shapes(plan, shapes, language))
    return [(step.change_id, Trace(step.row, step.before, step.after, *_take_pair(said, step))) for step in steps]


def _has_new_duty(step: DraftStep) -> bool:
    """A decision alone needs no sentence, and hundreds may have been decided at once."""
    return step.before is None or step.before.get("duty") != step.after.get("duty")


def _take_pair(said: Iterator[str], step: DraftStep) -> tuple[str, str]:
    return (next(said), next(said)) if _has_new_duty(step) else ("", "")


def _say_shapes(plan: PlanVersion, shapes: Sequence[Mapping[str, Any] | None], language: Language) -> list[str]:
    duties = [(shape or {}).get("duty") or {} for shape in shapes]
    # Names of their own, since the same duty comes in many shapes.
    named = [{**duty, "id": f"shape-{number}"} for number, duty in enumerate(duties)]
    looks = look_at_duties(plan, named)
    return [
        say_duty(look.duty, language) if look.duty and duty else "" for look, duty in zip(looks, duties, strict=True)
    ]
