"""When a demand is due: the dates of the clause, of the campaign or phase that it stands in, of the goals above it."""

import re

from wuzha.core.plan.outline import Sentence
from wuzha.core.plan.phrases.deadline import DateHit, name_month_end
from wuzha.core.plan.phrases.frame import Frame
from wuzha.core.plan.phrases.group import Finding
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.reader.context import Context
from wuzha.core.plan.reading import Inference

_YEARS_GOALS = quick(r"20\d\d年度?[^,。]{0,8}?(?:指标|目标)(?:任务)?(?:分解|责任|清单|安排|$)")
_DURING = quick(r"(?:活动|行动|会战|攻坚|战役|整治|专项)期[间内]")
CAMPAIGN = quick(r"宣传周|宣传月|活动周|活动月|教育月|宣传日|活动日")


def find_opening(date_: DateHit | None, finding: Finding) -> str | None:
    """The first day of a stretch. A mere month (5月举办) says by when, but 每年6月 is that month and no other."""
    if date_ is None:
        return None
    yearly = finding.cadence is not None and finding.cadence.cadence == "yearly" and date_.kind == "on"
    return date_.window_start if date_.kind in ("range", "recurrent") or yearly else None


def find_window(context: Context, sentence: Sentence, finding: Finding) -> tuple[DateHit | None, str]:
    """The date of the clause, or of the campaign that it names, or of the heading above it."""
    hit = finding.date
    if hit and hit.kind == "season":
        hit, borrowed = _find_season(context, finding, hit)
    else:
        borrowed = ""
    if hit:
        return name_month_end(hit, context.frame.calendar, context.frame.month), borrowed
    above = context.outline.blocks[sentence.block].above
    for place in (sentence.block, *reversed(above)):
        if place in context.windows:
            return context.windows[place], "phase" if _is_stage(context, place) else "heading"
    if context.goal and finding.hit and finding.hit.sense in ("ratio", "change", "zero") and finding.subject is None:
        return context.goal, ""
    return _find_goal(context, sentence, finding)


def _find_goal(context: Context, sentence: Sentence, finding: Finding) -> tuple[DateHit | None, str]:
    if finding.hit is None or finding.cadence or not _is_outcome(finding):
        return None, ""
    above = context.outline.blocks[sentence.block].above
    dated = [context.goals[place] for place in (sentence.block, *reversed(above)) if place in context.goals]
    if not dated and context.frame.year.isdigit() and _YEARS_GOALS.search(context.frame.title):
        return DateHit(0, 0, "by", None, f"{context.frame.year}-12-31", True), ""
    return (dated[0], "heading") if dated else (None, "")


def _is_outcome(finding: Finding) -> bool:
    hit = finding.hit
    if hit is None:
        return False
    return hit.sense in ("ratio", "change", "zero") or (hit.sense == "count" and hit.comparator == "<=")


def _is_stage(context: Context, block: int) -> bool:
    """Whether the dates above belong to a phase by name, and not to any other heading."""
    words = context.headings.get(block, "")
    return context.outline.blocks[block].style == "step" or bool(re.search(r"阶段|步骤|步", words))


def _find_season(context: Context, finding: Finding, hit: DateHit) -> tuple[DateHit | None, str]:
    """宣传月期间 is the days of that campaign; a season beside a cadence (全年每月) says nothing more."""
    for name in CAMPAIGN.findall(hit.deadline or ""):
        if name in context.campaigns:
            return context.campaigns[name], "campaign"
    if _DURING.search(hit.deadline or ""):
        return (context.whole, "campaign") if context.whole else (None, "")
    if finding.cadence is None or (hit.window_start and finding.cadence.cadence == "yearly"):
        return hit, ""
    return None, ""


def say_inferred(
    context: Context, sentence: Sentence, finding: Finding, date_: DateHit | None, borrowed: str
) -> tuple[Inference, ...]:
    """What of the time does not stand in the quote, and where it came from."""
    said = [*say_year(context.frame, date_)]
    if date_ and borrowed:
        said.append(Inference("window", borrowed, _write_window(date_)))
    elif date_ and finding.date and finding.date.deadline != date_.deadline:
        said.append(Inference("deadline", "title", date_.deadline or ""))
    elif date_ and "deadline" in finding.borrowed:
        said.append(Inference("deadline", "same_sentence", date_.deadline or ""))
    elif date_ and finding.date is None:
        said.append(Inference("deadline", "earlier_sentence", date_.deadline or ""))
    if context.whole and date_ and _is_campaign_of_title(context, date_):
        said.append(Inference("window", "campaign", _write_window(context.whole)))
    if finding.cadence and "cadence" in finding.borrowed:
        said.append(Inference("cadence", "same_sentence", finding.cadence.cadence))
    return tuple(said)


def _is_campaign_of_title(context: Context, date_: DateHit) -> bool:
    """宣传月内 in the plan of that month: the words stay the deadline, since no sentence dates the month by its name;
    the plan's own days say which they are."""
    names = CAMPAIGN.findall(date_.deadline or "") if date_.kind == "season" else []
    return any(name in context.frame.title for name in names)


def say_year(frame: Frame, date_: DateHit | None) -> tuple[Inference, ...]:
    if date_ is None or not date_.inferred:
        return ()
    match = re.search(r"(20\d\d)-\d\d-\d\d", date_.deadline or date_.window_start or "")
    if match is None:
        return ()
    return (Inference("year", frame.find_source(match[1]), match[1]),)


def _write_window(hit: DateHit) -> str:
    return "/".join(day for day in (hit.window_start, hit.deadline) if day)
