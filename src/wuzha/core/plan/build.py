"""From the plain values of a plan file to a plan. Here a file can be wrong in its form; ``check`` asks whether it makes
sense. Nothing stops at the first mistake.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wuzha.core.base.interval import Interval, make_inclusive
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.base.unit import EARLIEST, LATEST, LINES, UNIT_KINDS
from wuzha.core.base.windows import Cadence, Rhythm
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import ALL, Due, Duty, Narrow, OnDayOff, Who
from wuzha.core.plan.amount import read_target
from wuzha.core.plan.language import (
    COMMON_KEYS,
    DAY_KEYS,
    DUE_KEYS,
    DUTY_KEYS,
    DUTY_KEYS_LATER,
    NEEDS_ONE,
    PHASE,
    PHASE_KEYS,
    PLAN_KEYS,
    STRETCH_DAYS,
    UNREPEATED,
    WHO_KEYS,
)
from wuzha.core.plan.model import Phase, Plan
from wuzha.core.plan.node import Findings, Locate, Node, locate_nothing, name_nearest, shorten, show

ID = re.compile(r"[^\W_][\w.-]{0,63}")
DAYS = re.compile(r"(\d{1,4})\s*(?:d|days?|天|日)?")
# Ten years: more is a slip of the pen, and a daily duty over it would be counted for ever.
LONGEST_DAYS = 10 * 366
ALWAYS = Interval(EARLIEST, LATEST)
UNSPOKEN_VERB = "do"
CODED = (("line", "plan.line-unknown", LINES), ("kind", "plan.unit-kind-unknown", UNIT_KINDS))
"""The keys of a selector that hold codes, what is told of a code not known, and the words for the codes."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A plan that may be wrong: what could be read of the file, and every problem so far.

    ``places`` says for each duty of the plan which item of the file it was, since items without a verb are left out.
    """

    plan: Plan
    problems: tuple[Problem, ...]
    places: tuple[int, ...] = ()


def build_plan(data: object, locate: Locate = locate_nothing) -> tuple[Plan | None, tuple[Problem, ...]]:
    """The plan that the values say, or None; and what is wrong with their form. Never half a plan."""
    sketch = sketch_plan(data, locate)
    return None if has_errors(sketch.problems) else sketch.plan, sketch.problems


def sketch_plan(data: object, locate: Locate = locate_nothing) -> Sketch:
    """What can be read of a plan in spite of mistakes, so that the sense of the rest can be checked in the same run."""
    findings = Findings(locate)
    root = Node(data, (), findings)
    if not root.is_mapping(PLAN_KEYS):
        return Sketch(Plan("", "", ALWAYS), tuple(findings.problems))
    for key in ("title", "valid"):
        root.find(key).require()
    valid = _read_valid(root.find("valid"))
    phases = _read_phases(root.find("phases"), valid)
    duties = _read_duties(root.find("duties"), Frame(valid, {phase.id: phase for phase in phases}))
    plan = Plan(root.find("title").read_text(), root.find("issuer").read_text(), valid, phases, tuple(duties.values()))
    return Sketch(plan, tuple(findings.problems), tuple(duties))


@dataclass(frozen=True, slots=True)
class Frame:
    """What the duties of a plan stand in: its validity and its phases."""

    valid: Interval
    phases: Mapping[str, Phase]


def _read_valid(node: Node) -> Interval:
    if node.is_absent() or not node.is_mapping(DAY_KEYS):
        return ALWAYS
    return _read_interval(node) or ALWAYS


def _read_interval(node: Node) -> Interval | None:
    """``from`` and ``to``, both days inside."""
    ends = node.find("from"), node.find("to")
    missing = [end for end in ends if not end.require()]
    opens, last = (end.read_day() for end in ends)
    if missing or opens is None or last is None:
        return None
    if last < opens:
        ends[1].tell("plan.dates-reversed", opens=opens, last=last)
        return None
    if (last - opens).days >= LONGEST_DAYS:
        ends[1].tell("plan.too-long-in-force", years=LONGEST_DAYS // 366)
        return None
    return make_inclusive(opens, last)


def _list_entries(node: Node) -> list[Node]:
    if node.is_absent():
        return []
    if not isinstance(node.value, list | tuple):
        node.refuse("plan.not-a-list")
    return list(node.list_items())


def _read_phases(node: Node, valid: Interval) -> tuple[Phase, ...]:
    seen: dict[str, Node] = {}
    return tuple(_read_phase(item, valid, seen) for item in _list_entries(node) if item.is_mapping(PHASE_KEYS))


def _read_phase(item: Node, valid: Interval, seen: dict[str, Node]) -> Phase:
    """A phase with wrong dates takes those of the plan, so that the duties tied to it can still be looked at."""
    phase_id = _read_id(item, seen)
    interval = _read_interval(item) or valid
    return Phase(phase_id, item.find("name").read_text(phase_id), interval)


def _read_id(item: Node, seen: dict[str, Node]) -> str:
    node = item.find("id")
    if not node.require():
        return ""
    found = node.read_text()
    if found and not ID.fullmatch(found):
        node.tell("plan.id-invalid", id=shorten(found))
    elif found in seen:
        first = node.findings.locate(seen[found].path)
        node.tell("plan.id-taken", id=found, first_line=first.line or "")
    seen.setdefault(found, node)
    return found


def _read_duties(node: Node, frame: Frame) -> dict[int, Duty]:
    """The duties by their place in the list."""
    seen: dict[str, Node] = {}
    duties: dict[int, Duty] = {}
    for number, item in enumerate(_list_entries(node)):
        duty = _read_duty(item, frame, seen) if item.is_mapping(DUTY_KEYS, DUTY_KEYS_LATER) else None
        if duty is not None:
            duties[number] = duty
    return duties


def _read_duty(item: Node, frame: Frame, seen: dict[str, Node]) -> Duty | None:
    """The duty, or None where it has no verb. Every key is read all the same, so that each mistake is told."""
    verb, objects = _read_verb(item)
    _check_keys(item, verb)
    duty = Duty(
        id=_read_id(item, seen),
        verb=verb,
        object=objects[0],
        who=_read_who(item.find("who")),
        valid=_read_force(item, frame),
        clause=item.find("clause").read_text(),
        quote=item.find("quote").read_text(),
        span=_read_span(item.find("span")),
        target=read_target(item, verb),
        rhythm=_read_rhythm(item),
        due=_read_due(item),
        by=item.find("by").read_day(),
        narrow=_read_narrow(item),
        measure=item.find("sum").read_text(),
        through=_read_code(item.find("through")),
        along=_read_code(item.find("along")),
        seen_every_days=_read_days(item.find("seen_every")),
        proof=item.find("proof").read_texts(),
        lead=_read_party(item.find("lead")),
        assist=_read_party(item.find("with")),
        during=item.find("during").read_text(),
        vague=item.find("vague").read_flag(),
        also=objects[1:],
    )
    return duty if verb else None


def _read_verb(item: Node) -> tuple[str, tuple[str, ...]]:
    """The one verb and its objects, the first of which names the duty.

    Only a vague duty may leave the verb open: its words do not say what counts.
    """
    spoken = [verb for verb in VERBS if not item.find(verb).is_absent()]
    if len(spoken) > 1:
        item.find(spoken[1]).tell("plan.verb-twice", verbs="、".join(spoken))
    if spoken:
        return spoken[0], _read_objects(item.find(spoken[0]))
    if _is_vague(item):
        return UNSPOKEN_VERB, ("",)
    item.tell("plan.verb-missing", verbs="、".join(VERBS))
    return "", ("",)


def _is_vague(item: Node) -> bool:
    return item.find("vague").value is True


def _check_keys(item: Node, verb: str) -> None:
    """Keys that this verb does not take, and those that it cannot do without. A vague duty may leave out any."""
    rule = VERBS.get(verb)
    if rule is None:
        return
    written = [key for key in DUTY_KEYS if not item.find(key).is_absent()]
    common = {*COMMON_KEYS, *VERBS, "every"} if _is_unrepeated(item) else {*COMMON_KEYS, *VERBS}
    for key in written:
        if key not in rule.takes and key not in common:
            item.find(key).tell("plan.key-not-for-verb", key=key, verb=verb)
    if not _is_vague(item):
        _check_needs(item, verb, written)


def _is_unrepeated(item: Node) -> bool:
    """Whether ``every`` says only what is so without it, which every verb may say."""
    return item.find("every").value in UNREPEATED


def _check_needs(item: Node, verb: str, written: list[str]) -> None:
    for key in sorted(VERBS[verb].needs):
        if key not in written:
            item.tell("plan.key-for-verb-missing", key=key, verb=verb)
    choice = NEEDS_ONE.get(verb, ())
    if choice and not set(choice) & set(written):
        item.tell("plan.key-for-verb-missing", key="/".join(choice), verb=verb)


def _read_objects(node: Node) -> tuple[str, ...]:
    return tuple(_clean_code(text) for text in node.read_texts()) or ("",)


def _read_code(node: Node) -> str:
    return _clean_code(node.read_text())


def _clean_code(text: str) -> str:
    """A code such as ``progress-table``; hyphens are written for the eye, and stand for underscores."""
    return text.strip().replace("-", "_")


def _read_who(node: Node) -> Who:
    if node.is_absent() or not node.is_mapping(WHO_KEYS):
        return Who()
    kind, line, area, name, attribute = (node.find(key).read_texts() for key in WHO_KEYS)
    return Who(kind=kind, line=line, area=area, name=name, attribute=attribute)


def _read_party(node: Node) -> str:
    """Who leads or assists, as shown: their names as written, or selectors like those of ``who`` in words."""
    entries = list(node.list_items()) if isinstance(node.value, list | tuple) else [node]
    return "、".join(filter(None, map(_name_party, entries)))


def _name_party(node: Node) -> str:
    if not isinstance(node.value, Mapping):
        return node.read_text()
    node.is_mapping(WHO_KEYS)
    named = ["、".join(node.find(key).read_texts()) for key in ("area", "name", "attribute")]
    coded = ["、".join(_name_words(node.find(key), code, known)) for key, code, known in CODED]
    return "".join((*named, *coded))


def _name_words(node: Node, code: str, known: Mapping[str, str]) -> list[str]:
    """The Chinese words for the codes; tells of those that are not known."""
    words = node.read_texts()
    for word in words:
        if word != ALL and word not in known:
            node.tell(code, word=shorten(word), known=name_nearest(word, (*known, ALL)))
    return ["各单位" if word == ALL else known.get(word, word) for word in words]


def _read_force(item: Node, frame: Frame) -> Interval:
    """When the duty is in force: in its phase, else as long as the plan; from its own first day if it names one."""
    during = item.find("during")
    phase = frame.phases.get(during.value) if isinstance(during.value, str) else None
    if phase is None and not during.is_absent():
        word = show(during.value)
        during.tell("plan.phase-unknown", word=word, known=name_nearest(word, frame.phases))
    interval = phase.interval if phase else frame.valid
    return Interval(_read_opening(item) or interval.opens, interval.closes)


def _read_opening(item: Node) -> date | None:
    return item.find("from").read_day()


def _read_span(node: Node) -> tuple[int, int] | None:
    if node.is_absent():
        return None
    ends = [item.read_whole(0, 10**8) for item in node.list_items()]
    match ends:
        case [int(opens), int(closes)] if opens < closes:
            return opens, closes
        case _:
            node.refuse("plan.not-a-span")
            return None


def _read_rhythm(item: Node) -> Rhythm | None:
    every, month_ends = item.find("every"), item.find("month_ends").read_whole(1, 28)
    word = every.read_text()
    if not word:
        _tell_unused(item, "month_ends", "every")
        return None
    if word in UNREPEATED:
        _check_unrepeated(item, word)
        return None
    if word not in list(Cadence):
        every.tell("plan.cadence-unknown", word=shorten(word), known=name_nearest(word, (*Cadence, *UNREPEATED)))
        return None
    return Rhythm(Cadence(word), month_ends or 0)


def _check_unrepeated(item: Node, word: str) -> None:
    """A duty owed once has no months, and one owed once in a phase names the phase."""
    if word == PHASE and item.find("during").is_absent():
        item.find("every").tell("plan.key-needs", key=f"every: {PHASE}", needed="during")
    days = (("month_ends", item.find("month_ends")), ("due", item.find("due").find("day")))
    for key, day in days:
        if not day.is_absent():
            item.find(key).tell("plan.key-needs-months", key=key, cadence=word)


def _read_due(item: Node) -> Due:
    """The day, and where it goes on a day off. A duty owed once has its day in ``by``, which may move as well."""
    node = item.find("due")
    if node.is_absent() or not node.is_mapping(DUE_KEYS):
        return Due()
    day, moves = node.find("day"), node.find("on_day_off")
    if not day.is_absent():
        _tell_unused(item, "due", "every")
    elif moves.is_absent():
        day.require()
    return Due(day.read_whole(1, 31) or 0, _read_day_off(moves))


def _read_day_off(node: Node) -> OnDayOff:
    word = node.read_text()
    if word not in list(OnDayOff):
        known = name_nearest(word, [one for one in OnDayOff if one])
        node.tell("plan.day-off-unknown", word=shorten(word), known=known)
        return OnDayOff.STAY
    return OnDayOff(word)


def _tell_unused(item: Node, key: str, needed: str) -> None:
    """Tells of a key that says nothing without another one."""
    if not item.find(key).is_absent() and item.find(needed).is_absent():
        item.find(key).tell("plan.key-needs", key=key, needed=needed)


def _read_days(node: Node) -> int | None:
    if node.is_absent():
        return None
    if isinstance(node.value, str) and node.value.strip() in STRETCH_DAYS:
        return STRETCH_DAYS[node.value.strip()]
    match = DAYS.fullmatch(str(node.value).strip()) if isinstance(node.value, str | int) else None
    if match and int(match[1]):
        return int(match[1])
    node.refuse("plan.not-days")
    return None


def _read_narrow(item: Node) -> Narrow:
    place, audience = item.find("where").read_texts(), item.find("for").read_texts()
    return Narrow(place=place, audience=audience, grade=item.find("grade").read_text())
