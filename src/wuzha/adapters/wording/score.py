"""Scorecards and scores in sentences: how an item is counted, what a line is the sum of, how far chance reaches.

It says "unknown" where something is unknown, and names nobody as better or worse.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from wuzha.adapters.wording.words import Language
from wuzha.core.assessment.model import Status
from wuzha.core.score.check import round_points
from wuzha.core.score.model import Counts, Item, Line, Score, Scorecard, Sort, State

SENTENCES: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "met": {
            "zh": "{duties}：本周期内到期的，办成的（逾期补办也算）÷ 已到期的 × {points} 分。"
            "一项任务、一个单位、一个期限算一份，每份一样重；还没到期的不算；判断不了的那一份列为不知道。",
            "en": "{duties}: of the windows due in the period, those done (late ones too) ÷ those due × {points}"
            " points. Each duty, unit and window weighs the same. What is not due yet does not count; what cannot be"
            " told is unknown.",
        },
        "on_time": {
            "zh": "{duties}：本周期内到期的，按时办成的 ÷ 已到期的 × {points} 分。"
            "一项任务、一个单位、一个期限算一份，每份一样重；还没到期的不算；判断不了的那一份列为不知道。",
            "en": "{duties}: of the windows due in the period, those done in time ÷ those due × {points} points."
            " What is not due yet does not count; what cannot be told is unknown.",
        },
        "findings-met": {
            "zh": "督导检查发现的问题，整改期限在本周期内的：回头看确认改好的（逾期改好也算）÷ 已到期的 × {points} 分。"
            "每个问题一样重；还没到期的不算；报了整改还没回头看的、有异议没答复的，列为不知道。",
            "en": "Findings of inspections to be mended in the period: those closed (late ones too) ÷ those due ×"
            " {points} points. Each weighs the same. What was reported and not looked at again, or waits for an"
            " objection, is unknown.",
        },
        "findings-on_time": {
            "zh": "督导检查发现的问题，整改期限在本周期内的：回头看确认按期改好的 ÷ 已到期的 × {points} 分。"
            "每个问题一样重；还没到期的不算；报了整改还没回头看的、有异议没答复的，列为不知道。",
            "en": "Findings of inspections to be mended in the period: those closed in time ÷ those due ×"
            " {points} points. Each weighs the same. What was reported and not looked at again, or waits for an"
            " objection, is unknown.",
        },
        "no-duties": {
            "zh": "方案里没有这一项要算的任务，谁也得不到这 {points} 分，也不算丢分。",
            "en": "The plan has no duty for this: nobody earns these {points} points, and nobody loses them.",
        },
        "share": {
            "zh": "填入的数：办到的 ÷ 应办的 × {points} 分。没有填数就是不知道，不算 0 分，也不算满分。",
            "en": "A figure brought in: done ÷ due × {points} points. Without one it is unknown, neither 0 nor full.",
        },
        "baseline": {
            "zh": "填入的数：本期的数 ÷ 本单位前 {years} 年同期的年均数{shrink}。不超过 {full}% 得 {points} 分，"
            "{none}% 及以上不得分，中间按比例。只同自己比，不同别的单位比。",
            "en": "A figure brought in: this period's number ÷ the yearly mean of the unit's own {years} years before"
            "{shrink}. {full}% or less earns {points} points, {none}% or more none, in between the share."
            " No unit is held against another.",
        },
        "shrink": {
            "zh": "，两边各加 {shrink} 件，让件数少的单位少受偶然影响",
            "en": ", {shrink} added to both, so that chance moves small numbers less",
        },
        "each-bonus": {"zh": "每次加 {each} 分，最多 {points} 分", "en": "{each} each, {points} at most"},
        "each-deduction": {"zh": "每次扣 {each} 分，最多 {points} 分", "en": "{each} off each, {points} at most"},
        "each-points": {"zh": "{points} 分", "en": "{points} points"},
        "bonus": {
            "zh": "由人具名认定，写明事实，每次加 {each} 分，最多 {points} 分。",
            "en": "Granted by a named person on stated facts: {each} points each time, {points} at most.",
        },
        "deduction": {
            "zh": "写明事实、听单位陈述（{days} 天）以后，由人具名决定，每次扣 {each} 分，最多 {points} 分。",
            "en": "Decided by a named person on stated facts after the unit's side was heard ({days} days): {each}"
            " points each time, {points} at most.",
        },
        "windows": {"zh": "已到期 {base} 项，算数的 {hits} 项。", "en": "{hits} of {base} due count."},
        "unknown-part": {
            "zh": "另有 {n} 项判断不了，这一部分 {points} 分不知道。",
            "en": "{n} more cannot be told; {points} points of it are unknown.",
        },
        "unknown-all": {
            "zh": "{n} 项都判断不了，{points} 分不知道。",
            "en": "None of {n} can be told: {points} points unknown.",
        },
        "figure": {"zh": "填入 {done} / {asked}：{source}。", "en": "Brought in: {done} / {asked}, {source}."},
        "figure-baseline": {
            "zh": "填入本期 {done}、前 {years} 年同期合计 {asked}：{source}。",
            "en": "Brought in: {done} now, {asked} in the same days of {years} years before; {source}.",
        },
        "no-figure": {
            "zh": "不知道：等{waits}能由系统计数，或者有人填入数。",
            "en": "Unknown until {waits} can be counted here or somebody brings a figure in.",
        },
        "no-base": {
            "zh": "填入本期 {done}，往年没有，不好比：不知道。",
            "en": "{done} now and nothing in the years before: nothing to compare with, so unknown.",
        },
        "no-findings": {
            "zh": "没有在本周期内到期的督导问题。",
            "en": "No finding of an inspection has fallen due in the period.",
        },
        "findings": {"zh": "已到期的问题 {base} 个，算数的 {hits} 个。", "en": "{hits} of {base} findings due count."},
        "nothing-due": {"zh": "还没有到期的，或者本单位不承担。", "en": "Nothing due yet, or not this unit's."},
        "granted": {"zh": "认定 {n} 次。", "en": "Granted {n} times."},
        "deducted": {"zh": "决定扣分 {n} 次。", "en": "Decided {n} times."},
        "none-granted": {"zh": "没有。", "en": "None."},
        "corrected": {"zh": "申诉采纳，补回 {points} 分。", "en": "{points} points given back on appeal."},
        "reach": {
            "zh": "基数小，单凭偶然也会在 {low} 到 {high} 分之间。",
            "en": "The base is small: chance alone would give {low} to {high} points.",
        },
        "total": {"zh": "已知 {possible} 分中的 {earned} 分", "en": "{earned} of {possible} points known"},
        "total-more": {
            "zh": "，加分 {bonus}，扣分 {deduction}，合计 {sum} 分",
            "en": ", bonus {bonus}, deducted {deduction}, {sum} in all",
        },
        "rest": {
            "zh": "满分 {points} 分：已知 {possible} 分，不知道 {unknown} 分，没有到期的或者不承担的 {idle} 分。",
            "en": "Of {points} points {possible} are known, {unknown} unknown, {idle} not due or not this unit's.",
        },
    }
)


def _say(key: str, language: Language, **values: object) -> str:
    return SENTENCES[key][language].format(**values)


def say_points(points: Fraction) -> str:
    """Points to two places, half up."""
    return round_points(points)


def say_worth(item: Item, language: Language = "zh") -> str:
    """8 分; of a bonus or deduction what one is and the most there can be."""
    return _say(f"each-{item.sort.value}", language, each=item.each, points=item.points)


def say_formula(item: Item, duties: Sequence[str], card: Scorecard, language: Language = "zh") -> str:
    """How the item is counted, in words; ``duties`` are the titles of those it sums."""
    values: dict[str, object] = {"points": item.points, "each": item.each, "days": card.hear_days}
    if item.sort is not Sort.POINTS:
        return _say(item.sort.value, language, **values)
    if item.counts is Counts.BASELINE:
        shrink = _say("shrink", language, shrink=item.shrink) if item.shrink else ""
        scale = {"full": item.full_at, "none": item.none_at, "years": item.years}
        return _say("baseline", language, shrink=shrink, **scale, **values)
    if item.waits_for:
        return _say("share", language, **values)
    if item.is_of_findings:
        return _say(f"findings-{item.counts.value}", language, **values)
    if not duties:
        return _say("no-duties", language, **values)
    named = "、".join(dict.fromkeys(duties)) if language == "zh" else ", ".join(dict.fromkeys(duties))
    return _say(item.counts.value, language, duties=named, **values)


def say_line(line: Line, language: Language = "zh") -> str:
    """What a line is the sum of, with what is unknown and what was given back."""
    told = _say_granted(line, language) if line.item.sort is not Sort.POINTS else _say_counted(line, language)
    if line.corrected:
        told += _say("corrected", language, points=say_points(line.corrected))
    return told


def _say_granted(line: Line, language: Language) -> str:
    if not line.entries:
        return _say("none-granted", language)
    return _say("granted" if line.item.sort is Sort.BONUS else "deducted", language, n=len(line.entries))


def _say_counted(line: Line, language: Language) -> str:
    if line.item.waits_for:
        return _say_figure(line, language)
    if line.state is State.NOTHING_DUE:
        return _say("no-findings" if line.item.is_of_findings else "nothing-due", language)
    unknown = line.totals.count(Status.UNKNOWN)
    points = say_points(line.unknown)
    if line.state is State.UNKNOWN:
        return _say("unknown-all", language, n=unknown, points=points)
    told = _say("findings" if line.item.is_of_findings else "windows", language, hits=line.hits, base=line.base)
    return told + (_say("unknown-part", language, n=unknown, points=points) if unknown else "")


def _say_figure(line: Line, language: Language) -> str:
    figure, item = line.figure, line.item
    if figure is None:
        return _say("no-figure", language, waits=item.waits_for)
    done, asked = (say_points(number) for number in (figure.done, figure.asked))
    if line.state is State.UNKNOWN:
        return _say("no-base", language, done=done)
    key = "figure-baseline" if item.counts is Counts.BASELINE else "figure"
    return _say(key, language, done=done, asked=asked, years=item.years, source=figure.reason)


def say_reach(line: Line, language: Language = "zh") -> str:
    """From where to where chance alone could carry the points; empty for a base that is large."""
    if line.low is None or line.high is None:
        return ""
    return _say("reach", language, low=say_points(line.low), high=say_points(line.high))


def say_total(score: Score, language: Language = "zh") -> str:
    """已知 28 分中的 24.5 分，加分 1，扣分 10，合计 15.5 分."""
    sums = {sort: score.add_up(sort) for sort in Sort}
    told = _say("total", language, possible=say_points(score.possible), earned=say_points(sums[Sort.POINTS]))
    if sums[Sort.BONUS] or sums[Sort.DEDUCTION]:
        bonus, deduction = say_points(sums[Sort.BONUS]), say_points(-sums[Sort.DEDUCTION])
        told += _say("total-more", language, bonus=bonus, deduction=deduction, sum=say_points(score.earned))
    return told


def say_rest(score: Score, points: int, language: Language = "zh") -> str:
    """How the points of the card divide into known, unknown and not due."""
    parts = {name: say_points(getattr(score, name)) for name in ("possible", "unknown", "idle")}
    return _say("rest", language, points=points, **parts)
