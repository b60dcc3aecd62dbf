"""Dates that hold for more than their own sentence: phases, campaigns, the days over a list of goals."""

import re
from dataclasses import replace

from wuzha.core.plan.outline import Sentence
from wuzha.core.plan.phrases.deadline import DateHit
from wuzha.core.plan.phrases.group import Finding, Piece
from wuzha.core.plan.phrases.naming import name_phase
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.reader.context import Context
from wuzha.core.plan.reader.window import CAMPAIGN, say_year
from wuzha.core.plan.reading import ReadPhase

_GOALS = re.compile(r"目标|指标|实现|达到|做到|力争")
_GOAL_YEAR = re.compile(r"(?:(?P<year>20\d\d)年|年)度?(?:总体|主要|工作|宣传|创建|预期)*(?:目标|指标)")
_GOAL_LABEL = re.compile(r"(?:20\d\d年)?年?度(?:工作|主要|总体)?(?:目标|指标)(?:任务)?:(?=.)")
_LASTS = quick(r",(?:为期|历时|共计?|持续)约?[一两二三四五六七八九十半\d]{1,3}个?(?:月|周|天|日|年|星期)(?:时间)?")
_STAGE = quick(r"(?:\d{1,2}\.)?[^,;。:]{0,12}?(?:阶段|步骤|第[一二三四五六]步)")
_DATED_LABEL = quick(
    r"(?:\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}\.|[一二三四五六七八九十]{1,2}、)?[^,;。:(]{1,14}\([^()]{4,30}\):"
)
_NAMES_WINDOW = quick(r"时间|阶段|宣传[周月年]|活动[周月年]|教育月|行动|步骤|攻坚|整治|会战")


def open_goal(findings: tuple[Finding, ...]) -> DateHit | None:
    """到年底, …; …; …: a day at the head of a paragraph's goals holds up to the full stop."""
    first = findings[0] if findings else None
    date_ = first.date if first and first.start == 0 else None
    return date_ if date_ and date_.kind == "by" and date_.start <= 3 else None


def note_windows(
    context: Context,
    sentence: Sentence,
    findings: tuple[Finding, ...],
    heading: bool,
    phases: list[ReadPhase],
    text: str,
) -> None:
    """Dates in a heading hold for all below it; those of a campaign for whatever names the campaign later."""
    for finding in findings:
        hit = finding.date
        if hit is None or (finding.hit is not None and not _is_measured_phase(sentence, hit, phases)):
            continue
        if heading and context.outline.blocks[sentence.block].style and hit.kind in ("on", "by"):
            context.windows[sentence.block] = hit
        if hit.kind != "range":
            continue
        window = heading or _is_window(sentence, finding, hit)
        for name in CAMPAIGN.findall(sentence.folded):
            context.campaigns.setdefault(name, hit)
        if window:
            context.whole = context.whole or (None if _STAGE.match(sentence.folded) else hit)
            block = context.outline.blocks[sentence.block]
            if block.style and (heading or (sentence.first and _leads(sentence, block.style))):
                context.windows[sentence.block] = hit
            span = sentence.locate(0, len(sentence.folded))
            name = name_phase(sentence.folded) or _name_above(context, sentence)
            phases.append(ReadPhase(name, hit.window_start, hit.deadline, span, say_year(context.frame, hit)))


def note_goals(context: Context, sentence: Sentence, pieces: tuple[Piece, ...], heading: bool) -> None:
    """到年底，实现以下目标： and a heading 2027年工作目标 date the outcomes listed below them."""
    words = sentence.folded
    label = _GOAL_LABEL.match(words) if sentence.first else None
    if not (heading or words.endswith(":") or label) or not _GOALS.search(words):
        return
    year = _GOAL_YEAR.search(words)
    if label and not heading:
        pieces = ()
    days = [hit for piece in pieces for hit in piece.dates if hit.kind in ("by", "on", "season")]
    if year and context.frame.year.isdigit() and not any(hit.kind == "by" for hit in days):
        last = f"{year['year'] or context.frame.year}-12-31"
        days = [DateHit(year.start(), year.end(), "by", None, last, year["year"] is None)]
    if days and re.match(r"\d{4}|XXXX", days[0].deadline or ""):
        block = context.outline.blocks[sentence.block]
        place = sentence.block if block.style or label or not block.above else block.above[-1]
        context.goals[place] = replace(days[0], kind="by", window_start=None)


def _leads(sentence: Sentence, style: str) -> bool:
    """第二步…, （二）攻坚段（6月8日—6月24日）：…: the days at the head of an item hold for all of it."""
    return style == "step" or bool(_DATED_LABEL.match(sentence.folded))


def _is_measured_phase(sentence: Sentence, hit: DateHit, phases: list[ReadPhase]) -> bool:
    """第一阶段:5月1日-5月31日,完成30%: a phase that says how far to come in it; its days make one phase."""
    known = bool(phases) and phases[-1].span == sentence.locate(0, len(sentence.folded))
    return hit.kind == "range" and not known and bool(_STAGE.match(sentence.folded))


def _is_window(sentence: Sentence, finding: Finding, hit: DateHit) -> bool:
    """Whether the dates stand alone or beside the name of a campaign, and not beside one body's single act."""
    alone = len(_LASTS.sub("", sentence.folded)) - (hit.end - hit.start) <= 2
    named = finding.start < 20 and bool(_NAMES_WINDOW.search(sentence.folded)) and not finding.in_clause
    led = bool(_DATED_LABEL.match(sentence.folded)) and finding.start < 4
    return alone or named or led


def _name_above(context: Context, sentence: Sentence) -> str:
    """The heading over a line that holds only dates, else the title."""
    above = (*context.outline.blocks[sentence.block].above, sentence.block)
    named = [context.headings[place] for place in above if place in context.headings]
    return name_phase(named[-1]) if named and name_phase(named[-1]) else context.frame.title[:30]
