"""Supervision in words: what a step rests on, how sure an indicator is, and what happened to a measure or a title."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType

from wuzha.adapters.wording.words import Language, Sentences
from wuzha.core.assessment.certainty import Sort
from wuzha.core.supervision.chance import Signal
from wuzha.core.supervision.life import Measure
from wuzha.core.supervision.model import Step
from wuzha.core.supervision.propose import Ground, Missed, Why, Withheld

EVENTS: Sentences = MappingProxyType(
    {
        "given": {"zh": "出具", "en": "given"},
        "answered": {"zh": "答复", "en": "answered"},
        "mended": {"zh": "已报整改", "en": "mended"},
        "appealed": {"zh": "申诉", "en": "appealed"},
        "upheld": {"zh": "维持", "en": "upheld"},
        "lifted": {"zh": "撤销", "en": "lifted"},
        "cleared": {"zh": "销号", "en": "cleared"},
        "extended": {"zh": "延期", "en": "extended"},
        "applied": {"zh": "申请", "en": "application"},
        "self_checked": {"zh": "自查", "en": "self-check"},
        "visited": {"zh": "实地核查", "en": "visit"},
        "noticed": {"zh": "公示", "en": "public notice"},
        "objected": {"zh": "异议", "en": "objection"},
        "settled": {"zh": "异议处理", "en": "settling of the objection"},
        "awarded": {"zh": "授予", "en": "award"},
        "paused": {"zh": "暂停", "en": "pause"},
        "resumed": {"zh": "恢复", "en": "end of the pause"},
        "revoked": {"zh": "撤销称号", "en": "revocation"},
        "renewed": {"zh": "延续", "en": "renewal"},
        "refused": {"zh": "不予授予", "en": "refusal"},
    }
)
POSTS: Sentences = MappingProxyType(
    {
        "officer": {"zh": "专班工作人员", "en": "campaign officer"},
        "supervisor": {"zh": "督导人员", "en": "supervisor"},
    }
)
SENTENCES: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "missed": {
            "zh": "{windows} 共 {number} 期未完成",
            "en": "{windows}: {number} missed",
        },
        "row": {
            "zh": "，到现在连续 {row} 期，头一期 {due} 到期，已过 {days} 天",
            "en": ", the last {row} on end; the first of these was due on {due}, {days} days ago",
        },
        "made-good": {"zh": "，最近一期已完成", "en": "; the last one was met"},
        "follows": {"zh": "；“{measure}”整改期限已过", "en": "; the mending day of “{measure}” has passed"},
        "signal": {
            "zh": "{window} 为 {value}，要求 {goal}（{counts}；{asked} 期一起看，区间 {low} 到 {high}）",
            "en": "{window}: {value}, asked {goal} ({counts}; looking at {asked} windows, {low} to {high})",
        },
        "signal-small": {
            "zh": "{window}：{counts}（{asked} 期一起看）",
            "en": "{window}: {counts} (looking at {asked} windows)",
        },
        "open": {"zh": "说不准", "en": "any"},
        "count": {"zh": "计 {now}", "en": "counted {now}"},
        "share": {"zh": "{of} 中有 {now}", "en": "{now} of {of}"},
        "change": {"zh": "现在 {now}，对比期 {of}", "en": "now {now}, then {of}"},
        "rated": {
            "zh": "现在 {asked_now} 人中 {now}，对比期 {asked_then} 人中 {of}",
            "en": "now {now} of {asked_now}, then {of} of {asked_then}",
        },
        "chance": {
            "zh": "没有达到要求，但单凭偶然也会这样，不提措施",
            "en": "missed, but chance explains it: no measure is proposed",
        },
        "no-count": {
            "zh": "没有达到要求，但这是金额或面积，不是一件一件数的，分不出偶然，不提措施",
            "en": "missed, but a sum of money or an area bears no test of chance: no measure is proposed",
        },
        "conditions": {
            "zh": "{answer} 天内答复，{mend} 天内整改，{appeal} 天内可以申诉，由{posts}出具",
            "en": "answer in {answer} days, mend in {mend}, appeal within {appeal}; given by {posts}",
        },
        "state": {
            "zh": "{event}，{by}，{on}；整改期限 {mend_by}",
            "en": "{event} by {by} on {on}; to be mended by {mend_by}",
        },
    }
)


def describe_event(code: str, language: Language = "zh") -> str:
    words = EVENTS.get(code)
    return words[language] if words else code


def describe_posts(step: Step, language: Language = "zh") -> str:
    return ("或" if language == "zh" else " or ").join(POSTS[post][language] for post in step.given_by)


def name_step(step: Step, language: Language = "zh") -> str:
    return step.title if language == "zh" else step.title_en


def say_conditions(step: Step, language: Language = "zh") -> str:
    return SENTENCES["conditions"][language].format(
        answer=step.answer_days,
        mend=step.mend_days,
        appeal=step.appeal_days,
        posts=describe_posts(step, language),
    )


def say_ground(ground: Ground, language: Language = "zh") -> str:
    """The facts: which windows, how long ago, after what; and of an indicator its counts and interval."""
    told = SENTENCES["missed"][language].format(
        windows=_join((one.window for one in ground.missed), language),
        number=len(ground.missed),
    )
    told += SENTENCES["row" if ground.in_a_row else "made-good"][language].format(
        row=ground.in_a_row, due=ground.missed[-ground.in_a_row].due_on, days=ground.overdue_days
    )
    if ground.follows:
        told += SENTENCES["follows"][language].format(measure=ground.follows)
    signals = [say_signal(one, one.signal, language) for one in ground.missed if one.signal]
    return ("；" if language == "zh" else "; ").join([told, *signals]) + ("。" if language == "zh" else ".")


def _join(words: Iterable[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(words)


def say_signal(missed: Missed, signal: Signal, language: Language = "zh") -> str:
    """The number with the interval by which it is judged; on a small base the counts alone, which are no per cent."""
    found = signal.certainty
    asked = found.asked or (0, 0)
    counts = SENTENCES[found.sort.value][language].format(
        now=f"{found.now:,}", of=f"{found.of or 0:,}", asked_now=f"{asked[0]:,}", asked_then=f"{asked[1]:,}"
    )
    return SENTENCES["signal-small" if found.is_small else "signal"][language].format(
        window=missed.window,
        value=_say_number(missed.value, found.sort),
        goal=_say_number(missed.goal, found.sort),
        counts=counts,
        asked=signal.asked,
        low=_say_number(signal.low, found.sort),
        high=SENTENCES["open"][language] if signal.high is None else _say_number(signal.high, found.sort),
    )


def _say_number(value: Fraction | None, sort: Sort) -> str:
    if value is None:
        return "—"
    if sort is Sort.COUNT:
        return f"{float(value):,.1f}".removesuffix(".0")
    sign = "+" if sort in (Sort.CHANGE, Sort.RATED) and value > 0 else ""
    return f"{sign}{float(value * 100):.0f}%".replace("-", "−")


def say_withheld(withheld: Withheld, language: Language = "zh") -> str:
    missed = withheld.missed
    reason = SENTENCES["chance" if withheld.why is Why.CHANCE else "no-count"][language]
    told = say_signal(missed, missed.signal, language) if missed.signal else missed.window
    return f"{told}：{reason}。" if language == "zh" else f"{told}: {reason}."


def say_measure(measure: Measure, language: Language = "zh") -> str:
    """What happened last, by whom and when."""
    last = measure.events[-1]
    return SENTENCES["state"][language].format(
        event=describe_event(last.kind, language), by=last.by, on=last.on, mend_by=measure.mend_by
    )
