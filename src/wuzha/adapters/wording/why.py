"""Why in words: what a goal is made of, and the role of each record in a standing."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from wuzha.adapters.wording.record import GRADES
from wuzha.adapters.wording.words import ATTRIBUTES_EN, Language
from wuzha.core.assessment.obligations import ONCE
from wuzha.core.assessment.role import Cause, Role
from wuzha.core.assessment.why import Goal, Service, Why
from wuzha.core.base.unit import ATTRIBUTES, EARLIEST
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Duty

ROLES: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "counted": {"zh": "算进来了", "en": "counted"},
        "counted-late": {"zh": "算进来了，但晚于截止日", "en": "counted, though after the due day"},
        "base": {"zh": "是拿来对比的那一期", "en": "belongs to the period compared with"},
        "beside": {"zh": "说明东西或档案还在，不另算数", "en": "says that it is still there; counts nothing itself"},
        "other-kind": {"zh": "这类记录不算这条任务", "en": "records of this kind do not count for the duty"},
        "replaced": {"zh": "已被后来的更正代替", "en": "replaced by a later correction"},
        "withdrawn": {"zh": "已撤回", "en": "withdrawn"},
        "not-received": {"zh": "当时还没有收到", "en": "not yet received then"},
        "ahead": {"zh": "发生在所看的日子以后", "en": "happened after the day asked about"},
        "other-day": {"zh": "日期不在这一期", "en": "its day lies outside the window"},
        "other-unit": {"zh": "当天没有单位要为它办这条任务", "en": "no unit bore the duty for it on that day"},
        "other-unit-named": {"zh": "算在{unit}名下", "en": "counted for {unit}"},
        "left-behind": {
            "zh": "{unit}已经撤销，它的档案和设施没有转给别的单位",
            "en": "{unit} has closed, and what stood in its name went over to nobody",
        },
        "narrowed-place": {"zh": "地点不合，只算：{words}", "en": "wrong place, only: {words}"},
        "narrowed-audience": {"zh": "对象不合，只算：{words}", "en": "wrong audience, only: {words}"},
        "narrowed-grade": {"zh": "等级不合，只算：{words}", "en": "wrong grade, only: {words}"},
        "repeated": {"zh": "同一个编号已经算过一次", "en": "the same number was counted already"},
        "repeated-file": {"zh": "这一期已经交过，以第一次为准", "en": "handed in already; the first one counts"},
        "repeated-check": {"zh": "这份档案这一期已经查过", "en": "the file was checked already in this window"},
        "not-wanted": {
            "zh": "这份档案这一期不用按这个等级查",
            "en": "the file wanted no check of this grade in the window",
        },
        "gone": {"zh": "后来拆除或损坏了", "en": "taken down or damaged since"},
        "stale": {"zh": "超过 {days} 天没有人看过", "en": "not seen for more than {days} days"},
        "unplaced": {"zh": "不知道在路的哪一处", "en": "its place along the road is not known"},
        "uncounted": {"zh": "这一期现在不计数", "en": "nothing is counted in this window now"},
    }
)
GOALS: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "plain": {"zh": "目标 {goal}：方案写明的数。", "en": "Goal {goal}: the plan's own number."},
        "of": {"zh": "目标 {goal}：{base}的 {share}{rounded}。", "en": "Goal {goal}: {share} of {base}{rounded}."},
        "each": {
            "zh": "目标 {goal}：按{base}，每 1 要 {share}。",
            "en": "Goal {goal}: {share} for each of {base}.",
        },
        "beside": {"zh": "目标 {goal}：方案写明的数；{base}。", "en": "Goal {goal}: the plan's own number; {base}."},
        "unknown": {"zh": "没有{name}，目标算不出来。", "en": "Without {name} the goal cannot be worked out."},
        "base": {"zh": "{name} {value}", "en": "{name} {value}"},
        "since": {"zh": "{day}起", "en": "from {day}"},
        "source": {"zh": "来源：{source}", "en": "source: {source}"},
        "rounded": {"zh": "，不足一的进一", "en": ", rounded up"},
    }
)


MOVES: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "next_workday": {
            "zh": "截止日本来是 {plain}，那天休息，按方案顺延到下一个工作日 {due}{note}。",
            "en": "Due on {plain}, a day off; the plan moves it to the next working day, {due}{note}.",
        },
        "previous_workday": {
            "zh": "截止日本来是 {plain}，那天休息，按方案提前到前一个工作日 {due}{note}。",
            "en": "Due on {plain}, a day off; the plan moves it to the working day before, {due}{note}.",
        },
        "unpublished": {
            "zh": "（{year}年的放假安排还没有公布，先按星期算）",
            "en": " (the days off of {year} are not published yet: by the days of the week)",
        },
    }
)


def say_move(why: Why, language: Language = "zh") -> str:
    """Which due day moved, and why; empty where it stands as the plan says."""
    move = why.move
    if move is None:
        return ""
    note = "" if move.is_published else MOVES["unpublished"][language].format(year=move.plain_on.year)
    due_on = why.standing.obligation.due_on
    rule = "next_workday" if due_on > move.plain_on else "previous_workday"
    return MOVES[rule][language].format(plain=move.plain_on.isoformat(), due=due_on.isoformat(), note=note)


def say_role(
    duty: Duty, cause: Cause, names: Mapping[str, str], language: Language = "zh", *, late: bool = False
) -> str:
    """Why the record is where it is, without a full stop. ``names`` are those of the units by their codes."""
    words = {
        "unit": names.get(cause.word, cause.word),
        "words": _list_words(duty, cause, language),
        "days": str(duty.seen_every_days or 0),
    }
    return ROLES[_choose_role(duty, cause, late=late)][language].format(**words)


def _choose_role(duty: Duty, cause: Cause, *, late: bool) -> str:
    match cause.role:
        case Role.COUNTED:
            return "counted-late" if late else "counted"
        case Role.NARROWED:
            return f"narrowed-{cause.word}"
        case Role.OTHER_UNIT:
            return "other-unit-named" if cause.word else "other-unit"
        case Role.REPEATED if f"repeated-{duty.verb}" in ROLES:
            return f"repeated-{duty.verb}"
        case role:
            return role.value


def _list_words(duty: Duty, cause: Cause, language: Language) -> str:
    """What the duty lets count instead."""
    if cause.word == "grade":
        return GRADES[language].get(duty.narrow.grade, duty.narrow.grade)
    wanted = {"place": duty.narrow.place, "audience": duty.narrow.audience}.get(cause.word, ())
    return ("、" if language == "zh" else ", ").join(wanted)


def say_service(service: Service, names: Mapping[str, str], language: Language = "zh") -> str:
    """What the record is to the duty, and in which window."""
    told = say_role(service.duty, service.cause, names, language, late=service.is_late)
    if service.window is None:
        return told
    days = _say_window(service.window, language)
    return (
        f"{told}（{names.get(service.unit, service.unit)}，{days}）"
        if language == "zh"
        else (f"{told} ({names.get(service.unit, service.unit)}, {days})")
    )


def say_period(window: Window, language: Language = "zh") -> str:
    """The window's label, as ``--window`` takes it; of a duty owed once its days."""
    if window.label != ONCE:
        return window.label
    days = _say_window(window, language)
    return f"只办一次（{days}）" if language == "zh" else f"once ({days})"


def say_figure(duty: Duty, value: Fraction) -> str:
    """A tally's value in its own measure: a share or a change as per cent with one decimal at most, else a number."""
    if not _is_share(duty):
        return _say_amount(value)
    sign = "+" if duty.target is not None and duty.target.against and value > 0 else ""
    return f"{sign}{float(value * 100):.1f}%".replace(".0%", "%").replace("-", "−")


def _say_window(window: Window, language: Language) -> str:
    first, last = window.opens.isoformat(), window.interval.last_day.isoformat()
    return f"{first}至{last}" if language == "zh" else f"{first} to {last}"


def say_goal(why: Why, language: Language = "zh") -> str:
    """What the goal is made of; empty where nothing is held against a number of the plan."""
    goal = why.goal
    if goal is None:
        return ""
    if goal.base_name and goal.base is None and goal.value is None:
        return GOALS["unknown"][language].format(name=_name_base(goal, language))
    if goal.value is None:
        return ""
    words = {
        "goal": _say_amount(goal.value, is_share=_is_share(why.duty)),
        "base": _say_base(goal, language),
        "share": _say_amount(goal.amount, is_share=goal.is_share or goal.amount < 1),
        "rounded": GOALS["rounded"][language] if goal.is_rounded else "",
    }
    return GOALS[_choose_goal(why.duty, goal)][language].format(**words)


def _choose_goal(duty: Duty, goal: Goal) -> str:
    """Whether the base makes the goal or, as for a number of households, only lies beside it."""
    if goal.base is None:
        return "plain"
    is_part = duty.target is not None and (goal.is_share or bool(duty.target.of))
    return ("of" if goal.amount < 1 or goal.is_share else "each") if is_part else "beside"


def _is_share(duty: Duty) -> bool:
    target = duty.target
    return duty.verb == "attain" and target is not None and (target.share or bool(target.against))


def _name_base(goal: Goal, language: Language) -> str:
    return (ATTRIBUTES if language == "zh" else ATTRIBUTES_EN).get(goal.base_name, goal.base_name)


def _say_base(goal: Goal, language: Language) -> str:
    """户数 400（2026-01-01起，来源：统计年报）."""
    if goal.base is None:
        return ""
    told = GOALS["base"][language].format(name=_name_base(goal, language), value=_say_amount(goal.base.value))
    since = goal.base.valid_from
    notes = [GOALS["since"][language].format(day=since.isoformat())] if since > EARLIEST else []
    notes += [GOALS["source"][language].format(source=goal.base.source)] if goal.base.source else []
    if not notes:
        return told
    return f"{told}（{'，'.join(notes)}）" if language == "zh" else f"{told} ({', '.join(notes)})"


def _say_amount(value: Fraction, *, is_share: bool = False) -> str:
    """12, 12.5, 50% or, where per cent would be a long number, 1/1000."""
    if not is_share:
        return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.1f}"
    return f"{float(value * 100):g}%".replace("-", "−") if 100 % value.denominator == 0 else str(value)
