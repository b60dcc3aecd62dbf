"""Whether a plan makes sense: every word known, every amount possible, every date inside the plan. Problems only."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from wuzha.core.base.interval import Interval
from wuzha.core.base.problem import Problem, Severity, Source
from wuzha.core.base.unit import ATTRIBUTES, LINES, UNIT_KINDS, Tree
from wuzha.core.base.windows import MONTHS, Cadence
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.kinds.cover import BASES as POPULATIONS
from wuzha.core.duty.model import ALL, Duty, Target, Who
from wuzha.core.duty.who import list_bearers
from wuzha.core.plan.build import Sketch
from wuzha.core.plan.language import BASES, MEASURES, ROADS
from wuzha.core.plan.model import Plan
from wuzha.core.plan.node import Findings, Locate, Path, locate_nothing, name_nearest, shorten


class ObjectKind(Protocol):
    """What must be known of a record kind to say whether a duty can ask for it."""

    @property
    def title(self) -> str: ...
    @property
    def shape(self) -> str: ...
    @property
    def grades(self) -> tuple[str, ...]: ...
    @property
    def countable(self) -> tuple[str, ...]: ...
    def may_count(self, field: str) -> bool: ...


BELOW_A_MONTH = (Cadence.DAY, Cadence.WEEK, Cadence.FORTNIGHT)
ObjectKinds = Mapping[str, ObjectKind]


def check_plan(
    plan: Plan, kinds: ObjectKinds, tree: Tree | None = None, locate: Locate | None = None
) -> tuple[Problem, ...]:
    """Everything that is wrong or doubtful in a plan of sound form. With a tree, also duties that fall on nobody.

    ``locate`` is asked with paths such as ``("duties", 0, "at_least")``: the place in ``plan.duties``, then the key.
    Without it a problem names the duty's id and clause.
    """
    findings = Findings(locate or (lambda path: _name_place(plan, path)))
    _check_phases(plan, findings)
    if not plan.duties:
        findings.tell("plan.no-duties", ("duties",), severity="warning")
    for number, duty in enumerate(plan.duties):
        place = Place(findings, number, plan, kinds)
        for check in CHECKS:
            check(duty, place)
        if tree is not None:
            _check_bearers(duty, tree, place)
    return tuple(findings.problems)


def check_sketch(
    sketch: Sketch, kinds: ObjectKinds, tree: Tree | None = None, locate: Locate = locate_nothing
) -> tuple[Problem, ...]:
    """Every mistake of form and of sense together. ``locate`` is asked with the places of the file itself."""
    return sketch.problems + check_plan(sketch.plan, kinds, tree, lambda path: locate(_find_in_file(sketch, path)))


def _find_in_file(sketch: Sketch, path: Path) -> Path:
    match path:
        case ("duties", int(number), *rest):
            return ("duties", sketch.places[number], *rest)
        case _:
            return path


def _name_place(plan: Plan, path: Path) -> Source:
    match path:
        case ("duties", int(number), *rest):
            duty = plan.duties[number]
            return Source(clause=duty.clause, key=".".join(["duties", duty.id, *map(str, rest)]))
        case _:
            return locate_nothing(path)


@dataclass(frozen=True, slots=True)
class Place:
    """One duty under examination: tells its problems at its own keys."""

    findings: Findings
    number: int
    plan: Plan
    kinds: ObjectKinds

    def tell(self, code: str, *keys: str, severity: Severity = "error", **params: object) -> None:
        self.findings.tell(code, ("duties", self.number, *keys), severity=severity, **params)

    def check_word(self, code: str, word: str, known: Collection[str], *keys: str) -> None:
        """Tells of a word that is not among those known, with the nearest one."""
        if word and word not in known:
            self.tell(code, *keys, word=shorten(word), known=name_nearest(word, known))


def _check_phases(plan: Plan, findings: Findings) -> None:
    for number, phase in enumerate(plan.phases):
        if not _lies_within(phase.interval, plan.valid):
            findings.tell(
                "plan.outside-validity",
                ("phases", number),
                key=phase.id,
                value=f"{phase.interval.opens} – {phase.interval.last_day}",
                opens=plan.valid.opens,
                last=plan.valid.last_day,
            )


def _lies_within(inner: Interval, outer: Interval) -> bool:
    return outer.opens <= inner.opens and inner.closes <= outer.closes


def _check_object(duty: Duty, place: Place) -> None:
    if not duty.object:
        if not duty.vague:
            place.tell("plan.key-missing", duty.verb, key=duty.verb)
    elif VERBS[duty.verb].feeds == "population":
        place.check_word("plan.population-unknown", duty.object, POPULATIONS, duty.verb)
        if duty.also:
            place.tell("plan.one-object", duty.verb, verb=duty.verb)
    else:
        for code in (duty.object, *duty.also):
            _check_kind(code, duty.verb, place)


def _check_kind(code: str, verb: str, place: Place) -> None:
    fitting = [name for name, kind in place.kinds.items() if kind.shape in VERBS[verb].shapes]
    kind = place.kinds.get(code)
    if kind is not None and code not in fitting:
        fits = "、".join(name for name, other in VERBS.items() if kind.shape in other.shapes)
        place.tell("plan.object-shape", verb, word=code, title=kind.title, verb=verb, verbs=fits)
    else:
        place.check_word("plan.object-unknown", code, fitting, verb)


def _check_words(duty: Duty, place: Place) -> None:
    place.check_word("plan.object-unknown", duty.through, place.kinds, "through")
    place.check_word("plan.measure-unknown", duty.measure, MEASURES, "sum")
    _check_countable(duty, place)
    place.check_word("plan.road-unknown", duty.along, ROADS, "along")
    kind = place.kinds.get(duty.object)
    if kind is not None:
        place.check_word("plan.grade-unknown", duty.narrow.grade, kind.grades, "grade")


def _check_countable(duty: Duty, place: Place) -> None:
    """What is added up must be something that records of the kind tell, or the duty would never be met."""
    for code in (duty.through,) if duty.through else (duty.object, *duty.also):
        kind = place.kinds.get(code)
        if kind is not None and duty.measure in MEASURES and not kind.may_count(duty.measure):
            fits = "、".join(kind.countable)
            place.tell("plan.measure-uncounted", "sum", word=duty.measure, title=kind.title, fields=fits)


def _check_who(duty: Duty, place: Place) -> None:
    if duty.who == Who():
        place.tell("plan.who-missing", severity="warning", id=duty.id)
    for word in duty.who.kind:
        place.check_word("plan.unit-kind-unknown", word, (*UNIT_KINDS, ALL), "who", "kind")
    for word in duty.who.line:
        place.check_word("plan.line-unknown", word, (*LINES, ALL), "who", "line")
    for word in duty.who.attribute:
        place.check_word("plan.attribute-unknown", word, ATTRIBUTES, "who", "attribute")


def _check_target(duty: Duty, place: Place) -> None:
    target = duty.target
    if target is None:
        return
    key = "change" if target.against else target.side
    if duty.vague:
        place.tell("plan.vague-target", key, key=key)
    place.check_word("plan.attribute-unknown", target.of, ATTRIBUTES, key, "of")
    place.check_word("plan.base-unknown", target.against, BASES, "change", "against")
    if not target.against:
        _check_amount(duty, target, place)


def _check_amount(duty: Duty, target: Target, place: Place) -> None:
    amount, key = target.amount, target.side
    if amount < 0 or (amount == 0 and (key == "at_least" or duty.verb == "space")):
        place.tell("plan.amount-not-positive", key, key=key)
    elif target.share and amount > 1:
        place.tell("plan.share-over-100", key, key=key)
    elif _counts_whole(duty, target) and amount.denominator != 1:
        place.tell("plan.amount-not-whole", key, key=key)


def _counts_whole(duty: Duty, target: Target) -> bool:
    """Times, things and heads come whole; square metres and yuan need not."""
    return not target.share and not target.of and duty.verb in ("do", "cover") and duty.measure in ("", "quantity")


def _check_rhythm(duty: Duty, place: Place) -> None:
    """Months end on a day only where windows are months; a day of the month is due in any window of a month or more."""
    if duty.rhythm is None:
        return
    cadence = duty.rhythm.cadence
    if duty.by is not None:
        place.tell("plan.by-and-every", "by")
    if duty.rhythm.month_ends and cadence not in MONTHS:
        place.tell("plan.key-needs-months", "month_ends", key="month_ends", cadence=cadence)
    if duty.rhythm.month_ends and duty.due.day > duty.rhythm.month_ends:
        place.tell("plan.due-after-month-end", "due", due=duty.due.day, month_ends=duty.rhythm.month_ends)
    if duty.due.day and cadence in BELOW_A_MONTH:
        place.tell("plan.key-needs-months", "due", key="due", cadence=cadence)
    elif duty.due.on_day_off and cadence in BELOW_A_MONTH:
        place.tell("plan.key-needs-months", "due", key="on_day_off", cadence=cadence)


def _check_days(duty: Duty, place: Place) -> None:
    valid = place.plan.valid
    for key, day in (("from", duty.valid.opens if not duty.during else None), ("by", duty.by)):
        if day is not None and day not in valid:
            place.tell("plan.outside-validity", key, key=key, value=day, opens=valid.opens, last=valid.last_day)
    if duty.valid.opens >= duty.valid.closes:
        place.tell("plan.dates-reversed", "from", opens=duty.valid.opens, last=duty.valid.last_day)
    elif duty.by is not None and duty.by < duty.valid.opens:
        place.tell("plan.dates-reversed", "by", opens=duty.valid.opens, last=duty.by)


CHECKS: tuple[Callable[[Duty, Place], None], ...] = (
    _check_object,
    _check_words,
    _check_who,
    _check_target,
    _check_rhythm,
    _check_days,
)


def _check_bearers(duty: Duty, tree: Tree, place: Place) -> None:
    for word in duty.who.area:
        place.check_word("plan.area-unknown", word, tree.by_code, "who", "area")
    if duty.who != Who() and not list_bearers(duty.who, tree):
        place.tell("plan.who-nobody", "who", severity="warning", id=duty.id)
