"""A sentence or a table's cell to its demands and its fate."""

import re
from dataclasses import replace

from wuzha.core.plan.outline import Sentence
from wuzha.core.plan.phrases.cadence import find_cadences
from wuzha.core.plan.phrases.deadline import find_dates
from wuzha.core.plan.phrases.frame import Frame, says_validity
from wuzha.core.plan.phrases.group import Finding, Piece, find_findings, split_pieces
from wuzha.core.plan.phrases.idle import presents_paper, tells_story
from wuzha.core.plan.phrases.naming import name_phase
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.phrases.sense import is_consequence
from wuzha.core.plan.phrases.vague import find_vague
from wuzha.core.plan.reader.context import (
    Context,
    find_required,
    goes_on,
    in_criteria,
    is_heading,
    note_heading,
    say_before,
)
from wuzha.core.plan.reader.demand import continue_series, make_demand
from wuzha.core.plan.reader.phase import note_goals, note_windows, open_goal
from wuzha.core.plan.reader.subject import note_assessed, note_label, note_speaker, note_subject
from wuzha.core.plan.reading import Demand, Fate, ReadPhase

_MEETING = re.compile(r"[开行][^,]{0,20}会议?。?$")
_READ_CELLS = ("act", "other", "amount", "time")
_FOUNDS_PAPER = quick(
    r"(?:特?制定|制订|印发|拟定|下发|提出)(?:了)?(?:本|此|如下|以下)(?:实施|工作|活动)?(?:方案|计划|办法|通知|意见|细则|安排)"
)
_SECTION = quick(
    r"(?:(?:20\d\d年|今年|明年|本[年月季周])?(?:[上下]半年|第?[一二三四]季度|\d{1,2}月份?|年度?|全年)?)(?:的)?(?:重点|主要|反诈|宣传|工作|下步|下一步|总体){0,3}"
    r"(?:安排|打算|计划|任务|思路|要点|重点|目标|措施|举措|清单)[。:]?"
)
"""二、下半年工作安排: a time for what stands below, and nothing to do by itself."""
_AHEAD = quick(
    r"(?:下一?步|下一?阶段|接下来)(?!举)|(?:会议|大会|推进会|部署会|[一-龥]{0,6}(?:领导|负责人|书记|局长|县长|主任|校长))(?:最后|还|就[^,。:]{2,20}?)?(?:强调|要求|明确|部署|决定|提出|议定|确定)(?:了|如下|以下)?[,:]"
)
"""下一步，… and 会议要求，…: from here on even a report says what is to be done."""
_ASKED = quick(r"要|须|确保|力争|不少于|不低于|至少|务必|[自从]|时间|阶段|启动")


def read_sentence(text: str, context: Context, at: int, phases: list[ReadPhase]) -> tuple[list[Demand], Fate]:
    sentence = context.outline.sentences[at]
    if sentence.block in context.cells:
        return _read_cell(text, context, at, phases)
    heading = is_heading(context, at)
    if sentence.first and (heading or len(sentence.folded) <= 24):
        note_heading(context, sentence.block, sentence.folded)
    if sentence.block in context.frame.skip or sentence.span in context.notes or says_validity(sentence.folded):
        return [], "heading" if sentence.block <= context.frame.head else "background"
    bound = goes_on(context, at)
    before = say_before(context, at) if bound else ""
    pieces = split_pieces(sentence.folded, context.calendar, before)
    note_label(context, sentence, heading)
    note_assessed(context, sentence)
    note_speaker(context, sentence)
    context.ahead = context.ahead or bool(_AHEAD.match(sentence.folded))
    findings = _read_findings(context, at, pieces, heading) if pieces else ()
    if not bound:
        context.goal, context.last = None, None
    note_goals(context, sentence, pieces, heading)
    demands: list[Demand] = []
    for finding in findings:
        demand = make_demand(text, context, at, finding)
        demands.append(continue_series(context.last, finding, demand))
        context.last = demands[-1]
    context.goal = open_goal(findings) or context.goal
    note_windows(context, sentence, findings, heading, phases, text)
    demands = [] if heading and _SECTION.fullmatch(sentence.folded) else demands
    note_subject(context, sentence, pieces)
    return demands, _choose_fate(context, sentence, demands, heading)


def _read_findings(context: Context, at: int, pieces: tuple[Piece, ...], heading: bool) -> tuple[Finding, ...]:
    """What the sentence asks for; nothing where it tells."""
    sentence = context.outline.sentences[at]
    tells = (context.frame.is_report and not context.ahead) or _is_done(context, sentence)
    if tells or presents_paper(sentence.folded) or tells_story(sentence.folded):
        return ()
    criteria = in_criteria(context, sentence.block) or find_required(context, at, len(sentence.folded)) is not None
    findings = find_findings(pieces, heading, criteria=criteria)
    return _drop_told(context, at, findings) if findings else ()


def _drop_told(context: Context, at: int, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Without what has a day before the plan's year (2025年全县发案…), the days in 根据…，制定本方案, and what only
    names the item or the list that follows."""
    sentence = context.outline.sentences[at]
    if _is_slogan(context, at) or _tells_of_meeting(context, at):
        return ()
    if sentence.folded.endswith(":"):
        findings = tuple(finding for finding in findings if _asks_before_list(finding))
    founds = bool(_FOUNDS_PAPER.search(sentence.folded))
    return tuple(finding for finding in findings if not _is_told(context.frame, finding, founds))


def _is_slogan(context: Context, at: int) -> bool:
    """一周一提示。 before a sentence that says what is done every week names the item and is no record beside it."""
    sentences = context.outline.sentences
    own = sentences[at]
    if not own.first or len(own.folded) > 9 or not own.folded.endswith("。") or at + 1 >= len(sentences):
        return False
    following = sentences[at + 1]
    if following.block != own.block:
        return False
    often = {hit.cadence for hit in find_cadences(own.folded) if hit.compact}
    return any(hit.cadence in often for hit in find_cadences(following.folded))


def _tells_of_meeting(context: Context, at: int) -> bool:
    """9月1日下午，县教育局召开部署会。会议要求…: the meeting was held, and only what it asked is to be done."""
    sentences = context.outline.sentences
    if at + 1 >= len(sentences) or not _MEETING.search(sentences[at].folded):
        return False
    return bool(re.match(r"会议(?:通报|要求|指出|强调|认为|传达|明确|听取)", sentences[at + 1].folded))


def _asks_before_list(finding: Finding) -> bool:
    """每年评定一次, 按以下程序进行: how often is said there, and the list says how."""
    hit = finding.hit
    counted = hit is not None and hit.sense == "count" and hit.unit in ("次", "场", "期", "轮", "场次")
    return counted and finding.cadence is not None and finding.cadence.strong


def _is_told(frame: Frame, finding: Finding, founds: bool) -> bool:
    date_ = finding.date
    if founds and finding.hit is None:
        return True
    if date_ is None or date_.inferred or date_.kind not in ("on", "range", "season") or frame.year_from == "text":
        return False
    day = re.match(r"20\d\d", date_.deadline or "")
    return bool(day and frame.year.isdigit() and day[0] < frame.year and not _ASKED.search(finding.words))


def _read_cell(text: str, context: Context, at: int, phases: list[ReadPhase]) -> tuple[list[Demand], Fate]:
    """A line of a table's cell, read as it goes on with the words that its row puts before it."""
    sentence = context.outline.sentences[at]
    cell = context.cells[sentence.block]
    if cell.kind not in _READ_CELLS or context.frame.is_report or sentence.span in context.notes:
        return [], "heading" if cell.kind == "head" else "background"
    context.goal, context.last = None, None
    words = cell.before + sentence.folded + cell.after
    findings = find_findings(split_pieces(words, context.calendar), False)
    size = len(sentence.folded)
    merged = _merge_dated(findings, len(cell.before))
    moved = [finding for one in merged if (finding := _move_finding(one, len(cell.before), size))]
    if cell.dated and sentence.first and not moved:
        moved = _date_act(context, sentence, cell.dated)
    demands = [make_demand(text, context, at, finding) for finding in moved]
    if cell.kind == "time":
        phases += [
            ReadPhase(name_phase(cell.before) or cell.before, demand.window_start, demand.deadline, demand.span)
            for demand in demands
            if demand.window_start
        ]
    return demands, _choose_fate(context, sentence, demands, False)


def _merge_dated(findings: tuple[Finding, ...], by: int) -> tuple[Finding, ...]:
    """开展敲门行动, 见面率不低于85% in a cell that another cell dates: the date makes no record beside the measure."""
    if len(findings) < 2 or findings[1].hit is None:
        return findings
    first, second = findings[:2]
    if first.hit or first.cadence or first.date is None or first.start >= by:
        return findings
    return (replace(second, start=first.start, date=second.date or first.date), *findings[2:])


def _date_act(context: Context, sentence: Sentence, words: str) -> list[Finding]:
    """The whole act of a cell, dated by the time cell of its row."""
    dates = find_dates(words, context.calendar)
    act = sentence.folded.rstrip("。;,")
    return [Finding(0, len(act), act, act, None, None, dates[0], None, False)] if dates and len(act) > 3 else []


def _move_finding(finding: Finding, by: int, size: int) -> Finding | None:
    """The finding as it stands in the cell alone; None where it stands in the words put before or behind the cell."""
    if finding.end <= by or finding.start >= by + size:
        return None
    inside = finding.subject and by <= finding.subject[0] and finding.subject[1] <= by + size
    subject = (finding.subject[0] - by, finding.subject[1] - by) if finding.subject and inside else None
    return replace(finding, start=max(finding.start - by, 0), end=min(finding.end - by, size), subject=subject)


def _is_done(context: Context, sentence: Sentence) -> bool:
    above = (*context.outline.blocks[sentence.block].above, sentence.block)
    if context.done.isdisjoint(above):
        return False
    if context.headings.get(sentence.block) == sentence.folded and re.search(r"报|送|交|每", sentence.folded):
        above = above[:-1]  # 每周五前报送进展情况 asks for what a heading 进展情况 would tell
    return not context.done.isdisjoint(above)


def _choose_fate(context: Context, sentence: Sentence, demands: list[Demand], heading: bool) -> Fate:
    if demands:
        return demands[0].class_
    if heading:
        return "heading"
    if context.frame.is_report and not context.ahead:
        return "background"
    if is_consequence(sentence.folded):
        return "consequence"
    return "vague" if find_vague(sentence.folded) else "background"
