"""From what was read of a document to a draft in the plan language, for a person to confirm.

A draft never guesses: what the words leave open becomes ``vague: true`` with a question. The codes of the questions are
``question.who``, ``.verb``, ``.amount``, ``.base``, ``.cadence``, ``.deadline`` and, of the whole plan, ``.validity``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from types import MappingProxyType

from wuzha.core.base.interval import Interval, make_inclusive
from wuzha.core.base.numerals import fold
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.kinds.cover import BASES as POPULATIONS
from wuzha.core.duty.kinds.verb import Verb
from wuzha.core.duty.model import OnDayOff
from wuzha.core.plan.language import COMMON_KEYS
from wuzha.core.plan.phrases.verb import GATHERED, LENGTHS, NOT_COUNTED, find_heads
from wuzha.core.plan.phrases.who import choose_who
from wuzha.core.plan.reading import Demand, Reading, ReadPhase, Who

CADENCES: Mapping[str, str] = MappingProxyType(
    {
        "daily": "day",
        "weekly": "week",
        "biweekly": "fortnight",
        "monthly": "month",
        "quarterly": "quarter",
        "semester": "semester",
        "half-yearly": "half-year",
        "yearly": "year",
    }
)
UNREPEATED = ("once", "continuous")

DRAFTED = ("duty", "target")
"""Conditions of a title and rewards are read too, but a plan's duties are only these."""

RECAST: Mapping[tuple[str, str], str] = MappingProxyType({("file", "briefing"): "do"})
"""A briefing is written and spread, and there may be several a month; handing in is not what is counted."""

UNNAMED = "未命名方案"
REACH_YEARS = 5
PAPERS = ("份", "册", "本", "张", "封", "卡", "个")
_EACH = re.compile(r"^每(?:[一二两三四五六七八九十半\d]+$|一|个|名|位|家|所|座)?")
_HEADS = re.compile(r"学生|员工|职工|居民|村民|家庭|农户|住户")
_PART_OF_WINDOW = re.compile(
    r"首月|首周|末月|第[一二三]个?月|(?:最后一|第[一二三四])个?(?:星期|周)|[上中下]旬|[月季年]初|月中|周[一二三四五六日天]"
)
"""每季度首月, 每周五: which part of the window is meant, though no day of the month."""

_DAY = re.compile(r"(\d{4}|XXXX)-(\d{2})-(\d{2})")
_DUE = re.compile(r"monthly day (\d{1,2})")
_MOVE = re.compile(r"[遇逢][^,，。;；]{0,10}?(?:假|休息日|双休日|周末)[^,，。;；]{0,8}?(顺延|延后|推迟|提前)")
_PUSHES = re.compile(r"(?:督促|指导|组织|要求|引导|推动|监督|协调)(?:落实)?([^,，。；;]{2,24})")
_ACT = re.compile(r"深入|走进|进[村校社]|通过|开展|落实|做好|加强|制定|张贴|悬挂|设置|组织|对(?!象)|向|在(?!建)|到|于")
"""Where the words for those who are driven end: what stands behind is where they go and what they do."""

_EVERY = re.compile(r"(?:各|每个)[^,。:;]{1,6}")
_PERSONS = re.compile(r"^[^,、]{0,6}(?:员|者|生|干部|民警|群众|教师|家长|居民|党员|骨干)")
"""组织网格员培训: those who come to the event do not bear it."""

_LENGTH = re.compile(r"(\d{1,6}(?:\.\d)?)\s*(米|公里|千米)")
_GRADES = (("high", r"高危|高风险|高等级"), ("medium", r"中危|中风险"), ("low", r"低危|低风险"))
_LEVELS = (("town", r"[镇乡](?!村)|街道"), ("county", r"[县区市旗]"))
_BASES = (
    ("hoarding_m2", r"围挡"),
    ("students", r"学生"),
    ("staff", r"职工|员工|干部"),
    ("outlets", r"网点|营业厅"),
    ("venues", r"场所"),
    ("households", r"户"),
    ("population", r"人口|居民|群众|村民"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole plan as plain values in the plan language, and what a person must answer.

    ``questions`` are by duty id, those of the plan itself under the empty id. ``demands`` says which demand of the
    reading a duty came from; ``phases`` holds the demands that only date a phase and are no duty beside it.
    """

    mapping: Mapping[str, object]
    questions: Mapping[str, tuple[str, ...]]
    demands: Mapping[str, str]
    phases: frozenset[str] = frozenset()


@dataclass(slots=True)
class Frame:
    """What the duties of one draft share. ``year`` is for dates without one, ``level`` is the kind of the issuer."""

    valid: Interval
    year: int
    level: str = ""
    phases: list[dict[str, object]] = field(default_factory=list)

    def find_phase(self, opens: date, last: date, name: str = "") -> str:
        """The phase with these two days, made if there is none."""
        for phase in self.phases:
            if (phase["from"], phase["to"]) == (opens, last):
                return str(phase["id"])
        found = f"phase-{len(self.phases) + 1}"
        self.phases.append({"id": found, "name": name or _name_days(opens, last), "from": opens, "to": last})
        return found


@dataclass(slots=True)
class _Sheet:
    """One duty while it is being drafted."""

    demand: Demand
    frame: Frame
    mapping: dict[str, object] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)

    def ask(self, code: str) -> None:
        if code not in self.questions:
            self.questions.append(code)

    def leave_open(self, code: str) -> None:
        """The duty cannot be counted as it stands; a person must say."""
        self.mapping["vague"] = True
        self.ask(code)


def draft_plan(reading: Reading, fallback_year: int) -> dict[str, object]:
    """A plan in the plan language from what was read. ``fallback_year`` is for a text that names no year at all."""
    return dict(draft_with_questions(reading, fallback_year).mapping)


def draft_with_questions(reading: Reading, fallback_year: int) -> Draft:
    """The draft of :func:`draft_plan` with its questions."""
    frame, asked = _frame_plan(reading, fallback_year)
    duties: list[dict[str, object]] = []
    questions: dict[str, tuple[str, ...]] = {"": asked} if asked else {}
    demands: dict[str, str] = {}
    phases = frozenset(one.id for one in reading.demands if _is_phase_alone(one, reading.phases))
    names: dict[str, int] = {}
    for demand in (*_list_drafted(reading.demands), *reading.vague):
        mapping, open_questions = place_demand(demand, frame)
        if demand.id in phases:
            continue
        duty_id = _name_duty(mapping, names)
        duties.append({"id": duty_id, **mapping})
        demands[duty_id] = demand.id
        if open_questions:
            questions[duty_id] = open_questions
    plan: dict[str, object] = {
        "title": reading.title.strip() or UNNAMED,
        "issuer": reading.issuer,
        "valid": {"from": frame.valid.opens, "to": frame.valid.last_day},
        "phases": frame.phases,
        "duties": duties,
    }
    return Draft({key: value for key, value in plan.items() if value or key == "duties"}, questions, demands, phases)


def _is_phase_alone(demand: Demand, phases: tuple[ReadPhase, ...]) -> bool:
    """A heading that only gives the days of a phase (活动时间：…) is that phase, and no duty beside it."""
    inside = any(phase.span[0] <= demand.span[0] and demand.span[1] <= phase.span[1] for phase in phases)
    return inside and not demand.vague and demand.value is None and demand.cadence == "once"


def place_demand(demand: Demand, frame: Frame) -> tuple[dict[str, object], tuple[str, ...]]:
    """One demand as a duty of the plan language, without its id, and the questions it leaves to a person."""
    sheet = _Sheet(demand, frame)
    sheet.mapping.update(_list_origin(demand))
    _place_who(sheet)
    verb = _place_verb(sheet)
    _place_time(sheet)
    if verb and not demand.vague:
        PLACERS[verb](sheet)
    elif demand.vague:
        sheet.leave_open("question.amount")
    _drop_unused(sheet, verb)
    return sheet.mapping, tuple(sheet.questions)


def _list_drafted(demands: Iterable[Demand]) -> list[Demand]:
    return [demand for demand in demands if demand.class_ in DRAFTED]


def _name_duty(mapping: Mapping[str, object], names: dict[str, int]) -> str:
    verb = next((verb for verb in VERBS if verb in mapping), "")
    objects: object = mapping.get(verb, "open")
    slug = str(objects[0] if isinstance(objects, list) else objects).replace("_", "-")
    names[slug] = names.get(slug, 0) + 1
    return f"{slug}-{names[slug]}"


def _list_origin(demand: Demand) -> dict[str, object]:
    origin: dict[str, object] = {"clause": demand.clause, "quote": demand.quote.strip()}
    if demand.span[0] < demand.span[1]:
        origin["span"] = [*demand.span]
    if demand.evidence:
        origin["proof"] = [demand.evidence.strip()]
    return {key: value for key, value in origin.items() if value}


# --- who ---


def _place_who(sheet: _Sheet) -> None:
    """Who bears it. Where A is to see that B does it, B bears it and A leads."""
    demand = sheet.demand
    driven = _find_driven(demand)
    who = driven or demand.who or _find_head(demand.quote)
    if who is not None and (who.kind or who.line):
        sheet.mapping["who"] = _write_who(who)
    else:
        sheet.ask("question.who")
        _place_goal(sheet)
    if demand.actor and (driven or "who" not in sheet.mapping):
        sheet.mapping["lead"] = demand.actor


def _place_goal(sheet: _Sheet) -> None:
    """A goal that names nobody is the issuer's own, for its whole area; the question stays."""
    if sheet.demand.class_ == "target" and sheet.frame.level:
        sheet.mapping["who"] = {"kind": sheet.frame.level}


def _find_driven(demand: Demand) -> Who | None:
    match = _PUSHES.search(demand.quote) or _PUSHES.search(demand.action)
    who = choose_who(_ACT.split(match[1])[0]) if match and not _PERSONS.match(match[1]) else None
    return who if who and who.kind and demand.verb != "space" else None


def _find_head(quote: str) -> Who | None:
    """各村固定标语…: the words begin with whose things they are, though nobody is said to act."""
    match = _EVERY.match(fold(quote.strip()))
    return choose_who(match[0]) if match else None


def _write_who(who: Who) -> dict[str, object]:
    """A body named by its line alone is the department of that line, not every unit that the line leads."""
    kinds = who.kind or ("department",)
    found: dict[str, object] = {"kind": _unwrap(kinds)}
    if who.line:
        found["line"] = _unwrap(who.line)
    return found


def _unwrap(values: tuple[str, ...]) -> object:
    return values[0] if len(values) == 1 else [*values]


# --- what ---


_UNPLACED: Mapping[tuple[str | None, str | None], str] = MappingProxyType(
    {("cover", None): "question.base", (None, NOT_COUNTED): "question.not-counted"}
)


def _place_verb(sheet: _Sheet) -> str:
    demand = sheet.demand
    verb, object_ = demand.verb or "", demand.object or ""
    verb = RECAST.get((verb, object_), verb)
    if verb not in VERBS or not object_ or (verb == "cover" and object_ not in POPULATIONS):
        sheet.leave_open(_UNPLACED.get((demand.verb, demand.object), "question.verb"))
        return ""
    if object_ == "outlet" and _is_borne_by(sheet, {"bank", "carrier"}):  # they are the outlets themselves
        sheet.leave_open("question.verb")
        return ""
    sheet.mapping[verb] = _unwrap(tuple(code.replace("_", "-") for code in (object_, *demand.also)))
    return verb


def _is_borne_by(sheet: _Sheet, kinds: set[str]) -> bool:
    who = sheet.mapping.get("who")
    named = who.get("kind") if isinstance(who, dict) else None
    return bool(named) and kinds.issuperset([named] if isinstance(named, str) else named or ())


def _place_count(sheet: _Sheet) -> None:
    """Times and things. A cadence or a date without a number asks for one."""
    demand = sheet.demand
    if demand.value is None:
        timed = {"every", "by", "during"} & sheet.mapping.keys()
        _set_amount(sheet, "at_least", 1) if timed else sheet.leave_open("question.amount")
    elif (demand.unit or "").endswith(LENGTHS):
        sheet.leave_open("question.amount")  # so long each time, or in all: no number of records says it
    elif _is_ratio(demand) or _is_shared_out(demand):
        _place_rate(sheet, demand.value)
    elif demand.comparator in (">=", "==") and demand.value.denominator == 1 and demand.value > 0:
        _set_amount(sheet, "at_least", int(demand.value))
        if demand.unit in ("人", "人次") and demand.object in GATHERED:
            sheet.mapping["sum"] = "people"
    else:
        sheet.leave_open("question.amount")


def _place_rate(sheet: _Sheet, value: Fraction) -> None:
    """So many for each thousand, hundred or one of what the unit has."""
    demand = sheet.demand
    if _is_each_worker(demand):
        sheet.leave_open("question.base")
        return
    words = (demand.per or "") if _is_shared_out(demand) else f"{demand.unit or ''}{demand.quote}{demand.action}"
    base = _find(_BASES, demand.unit or "") or find_heads(words) or _find(_BASES, words)
    base = "students" if demand.object == "letter_home" else base
    if base is None or value <= 0:
        sheet.leave_open("question.base")
        return
    for key, scale in (("per", 1), ("percent", 100), ("per_thousand", 1000)):
        if (value * scale).denominator == 1:
            _set_amount(sheet, "at_least", {key: int(value * scale), "of": base})
            return
    sheet.leave_open("question.amount")


def _is_each_worker(demand: Demand) -> bool:
    """网格员每人走访30户: how many of them a unit has is kept nowhere; 每人一册 goes to whom it serves."""
    of_persons = (demand.per or "").startswith(("每人", "每名", "每位"))
    return of_persons and demand.unit not in PAPERS


def _is_shared_out(demand: Demand) -> bool:
    """每户一份, 每个单元2张: so many for each of what the bearer has; 各村 … 每村 is the bearer itself."""
    per = _EACH.sub("", demand.per or "")
    heads = bool(_HEADS.search(per)) or per in ("户", "人")
    return bool(per) and (heads or per not in (demand.actor or "")) and not _LENGTH.search(per)


def _place_share(sheet: _Sheet) -> None:
    demand = sheet.demand
    if demand.value is None or demand.comparator not in (">=", "==") or demand.value <= 0:
        sheet.leave_open("question.amount")
    elif demand.unit == "遍":
        _set_share(sheet, "at_least", Fraction(1))
    elif _is_ratio(demand):
        _set_share(sheet, "at_least", demand.value)
    else:
        _place_count(sheet)


def _place_indicator(sheet: _Sheet) -> None:
    demand = sheet.demand
    comparator, value = demand.comparator or "", demand.value
    if value is None:
        sheet.leave_open("question.amount")
    elif comparator in ("change<=", "change>="):
        side = "at_most" if comparator == "change<=" else "at_least"
        base = "last_period" if re.search("环比|上月|上期|上季", demand.unit or "") else "last_year"
        sheet.mapping["change"] = {side: _write_share(value), "against": base}
    elif comparator == "==" and value == 0:
        _set_amount(sheet, "at_most", 0)
    elif value > 0:
        _place_level(sheet, value)
    else:
        sheet.leave_open("question.amount")


def _place_level(sheet: _Sheet, value: Fraction) -> None:
    """An indicator held against a plain number or a share."""
    side = "at_most" if sheet.demand.comparator == "<=" else "at_least"
    if _is_ratio(sheet.demand):
        _set_share(sheet, side, value)
    elif value.denominator == 1:
        _set_amount(sheet, side, int(value))
    else:
        sheet.leave_open("question.amount")


def _place_filing(sheet: _Sheet) -> None:
    """One paper a window; nothing to count."""


def _place_check(sheet: _Sheet) -> None:
    grade = _find(_GRADES, sheet.demand.quote)
    if grade:
        sheet.mapping["grade"] = grade
    if "every" not in sheet.mapping:
        sheet.leave_open("question.cadence")


def _place_gap(sheet: _Sheet) -> None:
    """``per`` says how far apart: 每200米."""
    match = _LENGTH.search(sheet.demand.per or "") or _LENGTH.search(sheet.demand.quote)
    sheet.mapping["along"] = "main-road"
    if match is None:
        sheet.leave_open("question.amount")
        return
    metres = Fraction(match[1]) * (1 if match[2] == "米" else 1000)
    _set_amount(sheet, "at_most", f"{int(metres)} m") if metres > 0 else sheet.leave_open("question.amount")


PLACERS: Mapping[str, Callable[[_Sheet], None]] = MappingProxyType(
    {
        "do": _place_count,
        "keep": _place_count,
        "cover": _place_share,
        "file": _place_filing,
        "check": _place_check,
        "space": _place_gap,
        "attain": _place_indicator,
    }
)


def _is_ratio(demand: Demand) -> bool:
    return (demand.unit or "").startswith(("ratio", "relative"))


def _set_amount(sheet: _Sheet, side: str, amount: object) -> None:
    sheet.mapping[side] = amount


def _set_share(sheet: _Sheet, side: str, value: Fraction) -> None:
    _set_amount(sheet, side, _write_share(value)) if value <= 1 else sheet.leave_open("question.amount")


def _write_share(value: Fraction) -> str:
    """``50%``; shares finer than a hundred-thousandth are rounded to what the file can hold."""
    percent = round(value * 100, 4)
    return f"{percent.numerator}%" if percent.denominator == 1 else f"{float(percent):.4f}".rstrip("0") + "%"


def _find(table: tuple[tuple[str, str], ...], words: str) -> str | None:
    return next((code for code, pattern in table if re.search(pattern, words)), None)


# --- when ---


def _place_time(sheet: _Sheet) -> None:
    if _is_uncounted(sheet.demand.cadence):
        sheet.leave_open("question.cadence")
        return
    every = CADENCES.get(sheet.demand.cadence or "")
    due = _DUE.fullmatch(sheet.demand.deadline or "")
    if every is None and due:
        every = "month"
    if every is None:
        _place_once(sheet)
        return
    sheet.mapping["every"] = every
    if not due and _PART_OF_WINDOW.search(sheet.demand.quote):
        sheet.ask("question.deadline")
    if due and every not in ("day", "week", "fortnight"):
        sheet.mapping["due"] = {"day": min(max(int(due[1]), 1), 31), **_find_move(sheet.demand.quote)}
    elif not due:
        _place_stretch(sheet)


def _find_move(quote: str) -> dict[str, str]:
    """Where the due day goes on a day off, if the sentence says it (遇节假日顺延)."""
    match = _MOVE.search(quote)
    if match is None:
        return {}
    return {"on_day_off": OnDayOff.NEXT.value if match[1] in ("顺延", "延后", "推迟") else OnDayOff.PREVIOUS.value}


def _is_uncounted(cadence: str | None) -> bool:
    """Whether a plan names a cadence that the plan language has no window for (every ten days, hourly); a person says
    which window to take."""
    return cadence is not None and cadence not in CADENCES and cadence not in UNREPEATED


def _place_once(sheet: _Sheet) -> None:
    opens, last = _find_days(sheet)
    if opens and last:
        sheet.mapping["during"] = sheet.frame.find_phase(opens, last)
    elif last:
        sheet.mapping["by"] = last
        if move := _find_move(sheet.demand.quote):
            sheet.mapping["due"] = move
    elif opens:
        sheet.mapping["from"] = opens


def _place_stretch(sheet: _Sheet) -> None:
    """A cadence that holds between two days is tied to a phase of just those days."""
    opens, last = _find_days(sheet)
    if last:
        sheet.mapping["during"] = sheet.frame.find_phase(opens or sheet.frame.valid.opens, last)
    elif opens:
        sheet.mapping["from"] = opens


def _find_days(sheet: _Sheet) -> tuple[date | None, date | None]:
    """The first and the last day, where the text gives them and they lie inside the plan."""
    first, final = _find_stretch(sheet.demand)
    opens, last = (_read_day(words, sheet.frame.year) for words in (first, final))
    if final and not _is_exact(final):
        sheet.ask("question.deadline")
    if opens and last and last < opens:
        sheet.ask("question.deadline")
        return None, None
    kept = tuple(day if day and day in sheet.frame.valid else None for day in (opens, last))
    if kept != (opens, last):
        sheet.ask("question.deadline")
    return kept[0], kept[1]


def _find_stretch(demand: Demand) -> tuple[str | None, str | None]:
    """The days as the text has them; where it only names a campaign (宣传月内), the days that were inferred for it."""
    if (demand.deadline or "").startswith("relative"):
        for one in demand.inferred:
            if one.what == "window" and "/" in one.value:
                opens, _, last = one.value.partition("/")
                return opens, last
    return demand.window_start, demand.deadline


def _is_exact(words: str) -> bool:
    return bool(_DAY.fullmatch(words)) and not words.startswith("XXXX")


def _read_day(words: str | None, year: int) -> date | None:
    """An ISO day, also after ``about``; ``XXXX`` stands for the plan's year."""
    match = _DAY.search(words or "")
    if match is None or (words or "").startswith("relative"):
        return None
    try:
        return date(year if match[1] == "XXXX" else int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _drop_unused(sheet: _Sheet, verb: str) -> None:
    """Takes out what the verb does not know, and what a vague duty must not claim."""
    rule = VERBS.get(verb)
    _drop_due(sheet, rule)
    for key in [key for key in sheet.mapping if key not in COMMON_KEYS and key not in VERBS]:
        unknown = rule is not None and key not in rule.takes
        claimed = "vague" in sheet.mapping and key in ("at_least", "at_most", "change")
        if unknown or claimed:
            del sheet.mapping[key]
        if unknown:
            sheet.ask("question.cadence" if key == "every" else "question.deadline")
    _drop_due(sheet, rule)


def _drop_due(sheet: _Sheet, rule: Verb | None) -> None:
    """Without a cadence there is no day of the month, and a state that is kept has no due day that could move."""
    due = sheet.mapping.get("due")
    moves_only = isinstance(due, dict) and "day" not in due and rule is not None and "due" in rule.takes
    if due is not None and "every" not in sheet.mapping and not moves_only:
        del sheet.mapping["due"]


# --- the plan around them ---


def _frame_plan(reading: Reading, fallback_year: int) -> tuple[Frame, tuple[str, ...]]:
    year = _find_year(reading, fallback_year)
    first, last = reading.valid
    known = first is not None and last is not None and first <= last
    opens = first or date((last or date(year, 1, 1)).year, 1, 1)
    closes = last if last and last >= opens else date(opens.year, 12, 31)
    level = _find(_LEVELS, f"{reading.issuer} {reading.title}") or ""
    frame = Frame(_stretch(make_inclusive(opens, closes), reading, year), year, level)
    for phase in reading.phases:
        _add_phase(frame, phase)
    return frame, () if known else ("question.validity",)


def _find_year(reading: Reading, fallback_year: int) -> int:
    """The year of the validity, else of the first dated phase or deadline, else the one given."""
    days = [day for day in reading.valid if day]
    found = [words for phase in reading.phases for words in (phase.window_start, phase.deadline)]
    found += [demand.deadline for demand in reading.demands]
    years = [day.year for day in days] + [int(words[:4]) for words in found if words and _is_exact(words)]
    return years[0] if years else fallback_year


def _stretch(valid: Interval, reading: Reading, year: int) -> Interval:
    """Long enough for every day that the plan itself names, within reason."""
    words = [item for phase in reading.phases for item in (phase.window_start, phase.deadline)]
    words += [demand.deadline for demand in reading.demands]
    far = valid.closes + timedelta(days=366 * REACH_YEARS)
    near = valid.opens - timedelta(days=366)
    days = [day for item in words if (day := _read_day(item, year)) and near <= day <= far]
    last = max([valid.last_day, *days])
    return make_inclusive(min([valid.opens, *days]), last)


def _add_phase(frame: Frame, phase: ReadPhase) -> None:
    opens, last = _read_day(phase.window_start, frame.year), _read_day(phase.deadline, frame.year)
    if opens and last and opens <= last and opens in frame.valid and last in frame.valid:
        frame.find_phase(opens, last, phase.name.strip())


def _name_days(opens: date, last: date) -> str:
    return f"{opens.month}月{opens.day}日至{last.month}月{last.day}日"
