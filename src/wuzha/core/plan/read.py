"""``read_plan``: the text of a work plan to demands, phases and the fate of every sentence.

document → outline → sentences → clauses → findings → demands. All by rules; the phrases that the rules know are under
``phrases/``. What the words leave open (a year, a body, a window) is taken from headings and neighbours and said in
``Demand.inferred``.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from wuzha.core.base.numerals import fold
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.plan.outline import Outline, Sentence, read_outline
from wuzha.core.plan.phrases.actor import (
    find_bodies,
    find_bracketed,
    find_handed,
    find_label,
    find_responsible,
    is_at_place,
    is_leader,
    is_place,
)
from wuzha.core.plan.phrases.amount import Hit
from wuzha.core.plan.phrases.cadence import is_continuous
from wuzha.core.plan.phrases.deadline import DateHit, find_dates, name_month_end
from wuzha.core.plan.phrases.frame import Frame, read_frame, says_validity
from wuzha.core.plan.phrases.group import Finding, Piece, find_findings, read_subject, split_pieces
from wuzha.core.plan.phrases.idle import presents_paper, tells_story
from wuzha.core.plan.phrases.naming import find_per, is_bare, name_action, name_measure, name_phase
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.phrases.sense import (
    choose_class,
    find_evidence,
    is_consequence,
    is_criteria_heading,
    is_done_heading,
)
from wuzha.core.plan.phrases.totality import SOMEBODY
from wuzha.core.plan.phrases.vague import find_vague
from wuzha.core.plan.phrases.verb import choose_verb, find_population
from wuzha.core.plan.phrases.who import choose_who
from wuzha.core.plan.reading import Class, Demand, Fate, Inference, Reading, ReadPhase, SentenceFate, Span
from wuzha.core.plan.table import CellContext, read_tables

_LIMIT = quick(r"[(,]?(?:完成时限|完成时间|办结时限|时限要求|时限|截止时间|完成期限)[:为](?P<when>[^,;。)]{2,30})")
_LAST_WORD = quick(
    r"^(?:以上|上述)?(?:工作|任务)?[于在]?(?P<when>[^,;。:]{2,16}?前)(?:全部|基本|全面)?(?:完成|到位|落实到位|结束)[。;]?$"
)
_CLOSING = ("）", ")", "〕", "]", "】")
_TOP = -1
"""The place of labels that stand over lines outside all headings."""

_OPENS_LIST = quick(r":$")
_EVENT_UNITS = ("次", "场", "期", "轮", "场次", "遍", "堂", "节")
_FOUNDS = quick(r"成立|组建|建立|安排|确定|指定|明确|任命|[设选配聘](?=[^,]{0,10}?[一二两三\d]{1,2}[名位])|[推选][选派举出配]|配备|聘请|聘任")
_GIVEN_ONCE = ("份", "册", "本", "张", "封", "卡", "课", "堂", "节")
_GIVES = quick(r"发|送|签|寄|带|领|派|递|致|讲|上|印|教|给|交")
_NEVER_FOUNDED = ("分钟", "小时", "课时", "学时", "天", "年", "平方米", "字", "种", "处", "块", "条", "份", "张", "套", "台")
_REWARDS = quick(r"(?:奖励|奖金|奖补|补贴|处罚)(?:标准|金额)?[:分]")
_EACH_HEAD = quick(r"每(?:[户人家生]|[名个位家所][一-龥]{1,8}?)|一[人户家机生店车]一|人手一")
_HOLDS = quick(r"召开|举行|举办|(?<![召展])开(?!展)[^,]{0,8}会|人手一")
_STANDING = quick(r"管控|稳控|监管|看护")
_OWN_RATE = quick(
    r"(?:见面|参训|参与|参学|参会|到课|合格|及格|通过|点击|成功|接通|回收|发送|签订|答题|送达|整改|办结)率"
)
_EVERYBODYS = quick(r"知晓|满意|识别|认知|识骗|案|损失|被骗|受骗|警情")
"""Outcomes that no single body answers for, whatever list stands beside them."""

_SHARES_OUT = quick(r"(?:不少于|不低于|不得少于|至少|不超过)?[\d一二两三四五六七八九十]")
_TITLE_FOR = quick(r"的(?P<who>[一-龥()]{2,10}?),?(?:均|可|方能|才能|有资格|予以|给予|由|列为|评为)")
_SENT = quick(r"(?:组织|安排|发动|动员|在)$")
_SEES_TO = quick(r"(?:并|且|切实)?(?:确保|做到|保证)")
_GIVEN = quick(r",由(?P<who>[^,;。]{2,20}?)(?:具体|统一|分别)?(?:负责|落实|牵头|组织|承担)")
_THING = quick(
    r"^.{0,10}?(?:屏|广播|[”\"]广播|喇叭|公众号|视频号|抖音号|微信群|业主群|家长群|电台|网站|问题清单|问题|隐患|线索|内容)(?=每|日|双|要|应|须|播|推|持|循)"
)
_GOALS = re.compile(r"目标|指标|实现|达到|做到|力争")
_GOAL_YEAR = re.compile(r"(?:(?P<year>20\d\d)年|年)度?(?:总体|主要|工作|宣传|创建|预期)*(?:目标|指标)")
_DURING = quick(r"(?:活动|行动|会战|攻坚|战役|整治|专项)期间")
_CAMPAIGN = quick(r"宣传周|宣传月|活动周|活动月|教育月|宣传日|活动日")
_READ_CELLS = ("act", "other", "amount", "time")
_ASKS = quick(r"要(?!求)|应|须|请")
_OTHER_EACH = quick(r"每(?:[间栋层所座辆台家]|个(?!月|季|星期|学期|工作日))")
_STAGE = quick(r"(?:\d{1,2}\.)?[^,;。:]{0,12}?(?:阶段|步骤|第[一二三四五六]步)")
_FOUNDS_PAPER = quick(
    r"(?:特?制定|制订|印发|拟定|下发|提出)(?:了)?(?:本|此|如下|以下)(?:实施|工作|活动)?(?:方案|计划|办法|通知|意见|细则|安排)"
)
_ASKED = quick(r"要|须|确保|力争|不少于|不低于|至少|务必|[自从]|时间|阶段|启动")
_NAMES_WINDOW = quick(r"时间|阶段|宣传[周月年]|活动[周月年]|教育月|行动|步骤")


@dataclass
class _Context:
    """What a sentence may borrow from around it; kept up to date while the sentences are read in order."""

    frame: Frame
    outline: Outline
    labels: dict[int, str] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)
    windows: dict[int, DateHit] = field(default_factory=dict)
    goals: dict[int, DateHit] = field(default_factory=dict)
    campaigns: dict[str, DateHit] = field(default_factory=dict)
    whole: DateHit | None = None
    responsible: dict[int, str] = field(default_factory=dict)
    earlier: dict[int, str] = field(default_factory=dict)
    heads: frozenset[int] = frozenset()
    criteria: bool = False
    goal: DateHit | None = None
    last: Demand | None = None
    runs: dict[int, str] = field(default_factory=dict)
    asked: dict[int, str] = field(default_factory=dict)
    cells: dict[int, CellContext] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of responsible bodies: whether it stands on a line of its own, else how its line opens."""

    block: int
    bodies: str
    alone: bool
    opening: str
    leader: bool


@dataclass
class _Draft:
    """What has been read so far; lives only while ``read_plan`` runs."""

    demands: list[Demand] = field(default_factory=list)
    vague: list[Demand] = field(default_factory=list)
    phases: list[ReadPhase] = field(default_factory=list)
    coverage: list[SentenceFate] = field(default_factory=list)


def read_plan(text: str) -> Reading:
    """Read any text; what is no plan gives no demands and a problem that says so."""
    outline = read_outline(text)
    frame = read_frame(text, outline)
    context = _Context(frame, outline, heads=_list_heads(outline), criteria=_has_criteria_section(text, outline))
    draft = _Draft()
    context.cells = read_tables(text, outline)
    _note_responsible(context)
    for at in range(len(outline.sentences)):
        _take_sentence(text, context, draft, at)
        _take_limit(text, context, draft, at)
    valid, valid_inferred = _find_validity(frame, draft.phases)
    return Reading(
        frame.title, frame.issuer, valid, tuple(draft.phases), tuple(draft.demands), tuple(draft.coverage),
        _list_problems(frame, draft.demands), tuple(draft.vague), valid_inferred,
    )  # fmt: skip


def _list_heads(outline: Outline) -> frozenset[int]:
    """The blocks under which others stand; a note on a line of its own (责任单位：…) is no such other."""
    notes = {sentence.block for sentence in outline.sentences if sentence.first and _is_note(sentence)}
    return frozenset(block.above[-1] for at, block in enumerate(outline.blocks) if block.above and at not in notes)


def _has_criteria_section(text: str, outline: Outline) -> bool:
    lines = (text[block.body : block.span[1]].strip() for block in outline.blocks if block.style)
    return any(len(line) <= 20 and is_criteria_heading(line) for line in lines)


def _is_note(sentence: Sentence) -> bool:
    """（责任单位：…；完成时限：…）: who and when, and nothing asked for."""
    if find_responsible(sentence.folded) or _find_limit(sentence):
        return True
    return sentence.folded.startswith("(") and bool(find_bracketed(sentence.folded, heading=False))


def _find_limit(sentence: Sentence) -> str | None:
    """The words of a time that holds for the item: 完成时限：5月底, or behind other sentences 5月底前完成。"""
    match = _LIMIT.match(sentence.folded) or (None if sentence.first else _LAST_WORD.match(sentence.folded))
    return match["when"] if match else None


def _take_sentence(text: str, context: _Context, draft: _Draft, at: int) -> None:
    sentence = context.outline.sentences[at]
    found, fate = _read_sentence(text, context, at, draft.phases)
    if fate == "vague":
        open_ = [_make_vague(text, context, sentence, place) for place in find_vague(sentence.folded)]
        found = [replace(demand, id=f"v{len(draft.vague) + place}") for place, demand in enumerate(open_, start=1)]
        draft.vague += found
    else:
        found = [replace(demand, id=f"d{len(draft.demands) + place}") for place, demand in enumerate(found, start=1)]
        draft.demands += found
    clause = context.outline.blocks[sentence.block].clause
    draft.coverage.append(SentenceFate(sentence.span, fate, clause, tuple(demand.id for demand in found)))


def _take_limit(text: str, context: _Context, draft: _Draft, at: int) -> None:
    """（完成时限：11月底） dates the demands of its item; where it has none, what stands before becomes one."""
    sentence = context.outline.sentences[at]
    match = _LIMIT.search(sentence.folded)
    words = match["when"] if match else _find_limit(sentence)
    dates = find_dates(words, context.frame.calendar) if words else ()
    if not dates:
        return
    hit = replace(dates[0], kind="by", window_start=None) if dates[0].kind == "on" else dates[0]
    block = _find_limited(context, sentence)
    if block in context.heads:
        context.windows[block] = hit
        return
    ids = {id_ for fate in draft.coverage if _is_inside(context, fate, block) for id_ in fate.demand_ids}
    if any(demand.id in ids for demand in draft.demands):
        said = (Inference("deadline", "limit", hit.deadline or ""), *_say_year(context.frame, hit))
        draft.demands[:] = [_date_demand(demand, hit, said) if demand.id in ids else demand for demand in draft.demands]
    else:
        _add_limited(text, context, draft, at, hit)


def _find_limited(context: _Context, sentence: Sentence) -> int:
    """The block that a limit speaks of: its own, or on a line of its own the item above."""
    block = context.outline.blocks[sentence.block]
    alone = sentence.first and not block.style and block.above and _LIMIT.match(sentence.folded)
    return block.above[-1] if alone else sentence.block


def _is_inside(context: _Context, fate: SentenceFate, at: int) -> bool:
    block = context.outline.blocks[at]
    return block.span[0] <= fate.span[0] < block.span[1]


def _date_demand(demand: Demand, hit: DateHit, said: tuple[Inference, ...]) -> Demand:
    if demand.deadline:
        return demand
    return replace(
        demand, deadline=hit.deadline, window_start=hit.window_start, cadence=demand.cadence or "once",
        inferred=(*demand.inferred, *said),
    )  # fmt: skip


def _add_limited(text: str, context: _Context, draft: _Draft, at: int, hit: DateHit) -> None:
    sentences = context.outline.sentences
    own = at
    while own and _is_note(sentences[own]) and (sentences[own].block == sentences[at].block):
        own -= 1
    words = sentences[own].folded
    if sentences[own].block < _find_limited(context, sentences[at]) or _is_note(sentences[own]) or not words:
        return
    finding = Finding(0, len(words), words, words, None, None, hit, None, False)
    demand = _make_demand(text, context, own, finding)
    span = (demand.span[0], sentences[at].span[1])
    demand = replace(demand, id=f"d{len(draft.demands) + 1}", span=span, quote=text[span[0] : span[1]])
    draft.demands.append(demand)
    for place in range(own, at + 1):
        draft.coverage[place] = replace(draft.coverage[place], fate="duty", demand_ids=(demand.id,))


def _note_responsible(context: _Context) -> None:
    """（责任单位：…） speaks for its block, and on a line of its own for the block before it and the item above;
    责任领导 only where no body does."""
    listed: list[_Listed] = []
    alone, opening = False, ""
    for at, sentence in enumerate(context.outline.sentences):
        bodies = _find_listed(context, at)
        if sentence.first:
            alone, opening = bodies is not None, sentence.folded
        if bodies:
            listed.append(_Listed(sentence.block, bodies, alone, opening, is_leader(sentence.plain)))
    listed.sort(key=lambda note: note.leader)
    for note in listed:
        context.responsible.setdefault(note.block, note.bodies)
    for note in listed:
        _spread_bodies(context, note)


def _find_listed(context: _Context, at: int) -> str | None:
    sentence = context.outline.sentences[at]
    if bodies := find_responsible(sentence.plain):
        return bodies
    if sentence.plain.rstrip("。；;")[-1:] not in _CLOSING:
        return None
    return find_bracketed(sentence.plain, heading=_is_heading(context, at))


def _spread_bodies(context: _Context, note: _Listed) -> None:
    block = context.outline.blocks[note.block]
    if block.style or block.cell:
        return
    if not note.alone:
        _spread_below(context, note)
    elif note.block:
        context.responsible.setdefault(note.block - 1, note.bodies)
        if block.above:
            context.responsible.setdefault(block.above[-1], note.bodies)


def _spread_below(context: _Context, note: _Listed) -> None:
    """加强校园宣传（责任单位：县教育局） on a line without a number heads the lines up to the next such line."""
    blocks = context.outline.blocks
    if len(note.opening) > 30 or re.search(r"[。;,\d]", note.opening):
        return
    for below in range(note.block + 1, len(blocks)):
        if len(blocks[below].above) < len(blocks[note.block].above) or below in context.frame.skip:
            break
        if blocks[below].style == "han" or (below in context.responsible and not blocks[below].style):
            break
        context.responsible.setdefault(below, note.bodies)


def _is_heading(context: _Context, at: int) -> bool:
    """A numbered line without a full stop, or the short first sentence of a numbered paragraph."""
    sentences = context.outline.sentences
    sentence = sentences[at]
    block = context.outline.blocks[sentence.block]
    if sentence.block <= context.frame.head:
        return True
    if not sentence.first or not block.style:
        return False
    following = at + 1
    while (
        following < len(sentences) and sentences[following].block == sentence.block and _is_note(sentences[following])
    ):
        following += 1
    more = following < len(sentences) and sentences[following].block == sentence.block
    if more:
        return len(sentence.folded) <= 32 and sentence.folded.endswith("。") and "要" not in sentence.folded
    return not re.search(r"[。;!?]$", sentence.folded) and len(sentence.folded) <= 40


def _read_sentence(text: str, context: _Context, at: int, phases: list[ReadPhase]) -> tuple[list[Demand], Fate]:
    sentence = context.outline.sentences[at]
    if sentence.block in context.cells:
        return _read_cell(text, context, at, phases)
    heading = _is_heading(context, at)
    if sentence.first and (heading or len(sentence.folded) <= 24):
        context.headings[sentence.block] = sentence.folded
    if sentence.block in context.frame.skip or _is_note(sentence) or says_validity(sentence.folded):
        return [], "heading" if sentence.block <= context.frame.head else "background"
    goes_on = _goes_on(context, at)
    before = _say_before(context, at) if goes_on else ""
    pieces = split_pieces(sentence.folded, context.frame.calendar, before)
    _note_label(context, sentence, heading)
    opens_list = bool(_OPENS_LIST.search(sentence.folded))
    tells = opens_list or context.frame.is_report or _is_done(context, sentence)
    tells = tells or presents_paper(sentence.folded) or tells_story(sentence.folded)
    criteria = _in_criteria(context, sentence.block)
    findings = () if tells else _drop_told(context, sentence, find_findings(pieces, heading, criteria=criteria))
    if not goes_on:
        context.goal, context.last = None, None
    demands: list[Demand] = []
    for finding in findings:
        demand = _make_demand(text, context, at, finding)
        demands.append(_continue_series(context.last, finding, demand))
        context.last = demands[-1]
    context.goal = _open_goal(findings) or context.goal
    _note_windows(context, sentence, findings, heading, phases, text)
    _note_goals(context, sentence, pieces, heading)
    _note_subject(context, sentence, pieces)
    return demands, _choose_fate(context, sentence, demands, heading)


def _drop_told(context: _Context, sentence: Sentence, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Without what has a day before the plan's year (2025年全县发案…), and the days in 根据…，制定本方案."""
    founds = bool(_FOUNDS_PAPER.search(sentence.folded))
    return tuple(finding for finding in findings if not _is_told(context.frame, finding, founds))


def _is_told(frame: Frame, finding: Finding, founds: bool) -> bool:
    date_ = finding.date
    if founds and finding.hit is None:
        return True
    if date_ is None or date_.inferred or date_.kind not in ("on", "range", "season") or frame.year_from == "text":
        return False
    day = re.match(r"20\d\d", date_.deadline or "")
    return bool(day and frame.year.isdigit() and day[0] < frame.year and not _ASKED.search(finding.words))


def _read_cell(text: str, context: _Context, at: int, phases: list[ReadPhase]) -> tuple[list[Demand], Fate]:
    """A line of a table's cell, read as it goes on with the words that its row puts before it."""
    sentence = context.outline.sentences[at]
    cell = context.cells[sentence.block]
    if cell.kind not in _READ_CELLS or context.frame.is_report or _is_note(sentence):
        return [], "heading" if cell.kind == "head" else "background"
    context.goal, context.last = None, None
    words = cell.before + sentence.folded + cell.after
    findings = find_findings(split_pieces(words, context.frame.calendar), False)
    size = len(sentence.folded)
    moved = [finding for one in findings if (finding := _move_finding(one, len(cell.before), size))]
    demands = [_make_demand(text, context, at, finding) for finding in moved]
    if cell.kind == "time":
        phases += [
            ReadPhase(name_phase(cell.before) or cell.before, demand.window_start, demand.deadline, demand.span)
            for demand in demands
            if demand.window_start
        ]
    return demands, _choose_fate(context, sentence, demands, False)


def _move_finding(finding: Finding, by: int, size: int) -> Finding | None:
    """The finding as it stands in the cell alone; None where it stands in the words put before or behind the cell."""
    if finding.end <= by or finding.start >= by + size:
        return None
    inside = finding.subject and by <= finding.subject[0] and finding.subject[1] <= by + size
    subject = (finding.subject[0] - by, finding.subject[1] - by) if finding.subject and inside else None
    return replace(finding, start=max(finding.start - by, 0), end=min(finding.end - by, size), subject=subject)


def _goes_on(context: _Context, at: int) -> bool:
    """Whether a semicolon binds the sentence to the one before it."""
    sentences = context.outline.sentences
    return at > 0 and sentences[at - 1].block == sentences[at].block and sentences[at - 1].folded.endswith(";")


def _say_before(context: _Context, at: int) -> str:
    """The words of the chain of semicolons that ends here; of a long chain only its last part."""
    first = at
    while at - first < 6 and _goes_on(context, first):
        first -= 1
    return "".join(sentence.folded for sentence in context.outline.sentences[first:at])


def _open_goal(findings: tuple[Finding, ...]) -> DateHit | None:
    """到年底, …; …; …: a day at the head of a paragraph's goals holds up to the full stop."""
    first = findings[0] if findings else None
    date_ = first.date if first and first.start == 0 else None
    return date_ if date_ and date_.kind == "by" and date_.start <= 3 else None


def _continue_series(last: Demand | None, finding: Finding, demand: Demand) -> Demand:
    """知晓率6月底达80%, 年底达90%: a share that names nothing is of what the share before it was of."""
    if last is None or finding.hit is None:
        return demand
    if last.class_ == "consequence" and demand.unit in ("元", "万元") and last.unit == demand.unit:
        return replace(demand, class_="consequence")  # 每笔奖励500元, 全年不超过1万元
    if finding.hit.sense != "ratio" or re.match(r"的?[一-龥]{2}", finding.words[finding.hit.end :]):
        return demand
    if finding.words.startswith("其中"):
        return replace(demand, class_=last.class_, cadence=last.cadence, deadline=last.deadline, actor=last.actor,
                       actor_source=last.actor_source, who=last.who, verb=last.verb, object=last.object,
                       inferred=_say_part(last))  # fmt: skip
    if not is_bare(finding) or not (last.unit or "").startswith("ratio"):
        return demand
    return replace(
        demand, class_=last.class_, measure=last.measure, unit=last.unit, verb=last.verb, object=last.object,
        actor=last.actor, actor_source=last.actor_source, who=last.who,
        inferred=(*demand.inferred, Inference("unit", "earlier_sentence", last.unit or "")),
    )  # fmt: skip


def _say_part(last: Demand) -> tuple[Inference, ...]:
    """其中…: all that a part takes over from the whole before it."""
    taken = (("cadence", last.cadence), ("deadline", last.deadline), ("actor", last.actor))
    return tuple(Inference(what, "earlier_sentence", value) for what, value in taken if value)


def _is_done(context: _Context, sentence: Sentence) -> bool:
    above = (*context.outline.blocks[sentence.block].above, sentence.block)
    if context.headings.get(sentence.block) == sentence.folded and re.search(r"报|送|交|每", sentence.folded):
        above = above[:-1]  # 每周五前报送进展情况 asks for what a heading 进展情况 would tell
    return any(is_done_heading(context.headings.get(place, "")) for place in above)


def _choose_fate(context: _Context, sentence: Sentence, demands: list[Demand], heading: bool) -> Fate:
    if demands:
        return demands[0].class_
    if heading:
        return "heading"
    if context.frame.is_report:
        return "background"
    if is_consequence(sentence.folded):
        return "consequence"
    return "vague" if find_vague(sentence.folded) else "background"


def _note_label(context: _Context, sentence: Sentence, heading: bool) -> None:
    """派出所：… and a heading that is only a body's name say who is meant below."""
    words = sentence.folded
    label = None
    if heading:
        label = find_label(sentence.plain)
    elif sentence.first and ":" in words[:62]:
        label = find_label(sentence.plain[: words.index(":")])
        if is_done_heading(words[: words.index(":")]):
            context.headings[sentence.block] = words[: words.index(":")]
    elif _is_bare_head(context, sentence):
        label = find_label(sentence.plain)
    if label:
        context.labels[sentence.block] = label
        block = context.outline.blocks[sentence.block]
        if not heading and not block.style:
            context.runs[_find_headed(context, sentence.block)] = label


def _find_headed(context: _Context, at: int) -> int:
    """The block under which the lines stand that follow a label without a number."""
    blocks = context.outline.blocks
    following = blocks[at + 1] if at + 1 < len(blocks) and blocks[at + 1].style else blocks[at]
    return following.above[-1] if following.above else _TOP


def _is_bare_head(context: _Context, sentence: Sentence) -> bool:
    """A line without a number that may be only a body's name, over the lines that follow; a name over a date signs."""
    following = sentence.block + 1
    if not sentence.first or len(sentence.folded) > 24 or context.outline.blocks[sentence.block].style:
        return False
    if following >= len(context.outline.blocks) or following in context.frame.skip:
        return False
    return not re.search(r"[。;!?,，:]", sentence.folded)


def _note_windows(
    context: _Context,
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
        for name in _CAMPAIGN.findall(sentence.folded):
            context.campaigns.setdefault(name, hit)
        if window:
            context.whole = context.whole or hit
            block = context.outline.blocks[sentence.block]
            if block.style and (heading or (block.style == "step" and sentence.first)):
                context.windows[sentence.block] = hit
            span = sentence.locate(0, len(sentence.folded))
            name = name_phase(sentence.folded) or _name_above(context, sentence)
            phases.append(ReadPhase(name, hit.window_start, hit.deadline, span, _say_year(context.frame, hit)))


def _note_goals(context: _Context, sentence: Sentence, pieces: tuple[Piece, ...], heading: bool) -> None:
    """到年底，实现以下目标： and a heading 2027年工作目标 date the outcomes listed below them."""
    words = sentence.folded
    if not (heading or words.endswith(":")) or not _GOALS.search(words):
        return
    year = _GOAL_YEAR.search(words)
    days = [hit for piece in pieces for hit in piece.dates if hit.kind in ("by", "on", "season")]
    if year and context.frame.year.isdigit() and not any(hit.kind == "by" for hit in days):
        last = f"{year['year'] or context.frame.year}-12-31"
        days = [DateHit(year.start(), year.end(), "by", None, last, year["year"] is None)]
    if days and re.match(r"\d{4}|XXXX", days[0].deadline or ""):
        block = context.outline.blocks[sentence.block]
        place = sentence.block if block.style or not block.above else block.above[-1]
        context.goals[place] = replace(days[0], kind="by", window_start=None)


def _is_measured_phase(sentence: Sentence, hit: DateHit, phases: list[ReadPhase]) -> bool:
    """第一阶段:5月1日-5月31日,完成30%: a phase that says how far to come in it; its days make one phase."""
    known = bool(phases) and phases[-1].span == sentence.locate(0, len(sentence.folded))
    return hit.kind == "range" and not known and bool(_STAGE.match(sentence.folded))


def _is_window(sentence: Sentence, finding: Finding, hit: DateHit) -> bool:
    """Whether the dates stand alone or beside the name of a campaign, and not beside one body's single act."""
    alone = len(sentence.folded) - (hit.end - hit.start) <= 2
    named = finding.start < 20 and bool(_NAMES_WINDOW.search(sentence.folded)) and not finding.in_clause
    return alone or named


def _name_above(context: _Context, sentence: Sentence) -> str:
    """The heading over a line that holds only dates, else the title."""
    above = (*context.outline.blocks[sentence.block].above, sentence.block)
    named = [context.headings[place] for place in above if place in context.headings]
    return name_phase(named[-1]) if named and name_phase(named[-1]) else context.frame.title[:30]


def _note_subject(context: _Context, sentence: Sentence, pieces: tuple[Piece, ...]) -> None:
    opens_list = bool(_OPENS_LIST.search(sentence.folded))
    subject = _first_subject(sentence, pieces[::-1], agents=opens_list) or _find_handed(sentence, pieces)
    block = context.outline.blocks[sentence.block]
    if subject:
        context.earlier[sentence.block] = subject
        _note_asked(context, sentence, subject)
    if opens_list and sentence.block in context.earlier:
        place = sentence.block if block.style or not block.above else block.above[-1]
        context.labels.setdefault(place, context.earlier[sentence.block])


def _find_handed(sentence: Sentence, pieces: tuple[Piece, ...]) -> str | None:
    for piece in pieces[::-1]:
        if body := find_handed(piece.words):
            return sentence.plain[piece.start + body.start : piece.start + body.end]
    return None


def _note_asked(context: _Context, sentence: Sentence, subject: str) -> None:
    """各单位要高度重视… before the items of a heading: who is asked there is asked in the items too."""
    block = context.outline.blocks[sentence.block]
    if not _ASKS.search(sentence.folded):
        return
    if block.style:
        context.asked[sentence.block] = subject
    elif block.above and block.above[-1] == sentence.block - 1:
        context.asked[block.above[-1]] = subject


def _first_subject(sentence: Sentence, pieces: tuple[Piece, ...], *, agents: bool = False) -> str | None:
    for piece in pieces:
        subject = read_subject(piece)
        if subject and (agents or not subject.agent):
            return sentence.plain[piece.start + subject.start : piece.start + subject.end]
    return None


def _make_demand(text: str, context: _Context, at: int, finding: Finding) -> Demand:
    sentence = context.outline.sentences[at]
    block = context.outline.blocks[sentence.block]
    span = sentence.locate(finding.start, finding.end)
    hit = finding.hit
    class_ = _find_class(context, sentence, finding)
    actor, source = _find_actor(context, at, finding, class_)
    date_, borrowed = _find_window(context, sentence, finding)
    demand = Demand(
        id="", clause=block.clause, quote=text[span[0] : span[1]], span=span, class_=class_,
        actor=actor, actor_source=source,
        action=name_action(finding, actor), measure=name_measure(finding, actor),
        comparator=hit.comparator if hit else None, value=hit.value if hit else None, unit=hit.unit if hit else None,
        cadence=_find_cadence(finding, date_), deadline=date_.deadline if date_ else None,
        window_start=_find_opening(date_, finding),
        evidence=find_evidence(sentence.folded), quantifier=hit.quantifier if hit else "none",
        marker=hit.marker if hit else None, per=find_per(finding, actor),
        inferred=_say_inferred(context, sentence, finding, date_, borrowed),
    )  # fmt: skip
    demand = replace(demand, who=choose_who(actor))
    demand = replace(demand, inferred=(*demand.inferred, *_say_actor(context, sentence, demand)))
    return _place_words(demand, _say_before(context, at) + sentence.folded[: finding.start])


def _place_words(demand: Demand, before: str) -> Demand:
    before = before[-120:]
    if demand.unit == f"ratio of {SOMEBODY}" and (meant := find_population(before)):
        demand = replace(demand, unit=f"ratio of {meant}")
    choice = choose_verb(demand, before)
    return replace(demand, verb=choice.verb, object=choice.object, also=choice.also)


def _find_opening(date_: DateHit | None, finding: Finding) -> str | None:
    """The first day of a stretch. A mere month (5月举办) says by when, but 每年6月 is that month and no other."""
    if date_ is None:
        return None
    yearly = finding.cadence is not None and finding.cadence.cadence == "yearly" and date_.kind == "on"
    return date_.window_start if date_.kind in ("range", "recurrent") or yearly else None


def _is_in_rewards(sentence: Sentence, finding: Finding) -> bool:
    """奖励标准:县级采用每篇50元,市级采用每篇100元: what stands before the sums says what they are."""
    money = finding.hit is not None and finding.hit.unit in ("元", "万元")
    return money and "经费" not in finding.words and bool(_REWARDS.search(sentence.folded, 0, finding.start))


def _find_class(context: _Context, sentence: Sentence, finding: Finding) -> Class:
    if finding.qualifies == "penalty":
        return "consequence"
    if finding.qualifies:
        return "criterion"
    if _is_in_rewards(sentence, finding):
        return "consequence"
    often = finding.cadence is not None and finding.cadence.cadence != "yearly"
    criteria = _in_criteria(context, sentence.block)
    return choose_class(finding.words, finding.local, finding.hit, criteria=criteria, often=often)


def _in_criteria(context: _Context, block: int) -> bool:
    """Under a heading of conditions; in a paper that is called a standard and has no such heading, everywhere."""
    above = (*context.outline.blocks[block].above, block)
    if block in context.cells and context.cells[block].criteria:
        return True
    if any(is_criteria_heading(context.headings.get(place, "")) for place in above):
        return True
    return is_criteria_heading(context.frame.title) and not context.criteria


def _find_actor(context: _Context, at: int, finding: Finding, class_: str) -> tuple[str | None, str]:
    """Same clause, same sentence, responsible bodies, sentence before, heading, address; outcomes only the first."""
    sentence = context.outline.sentences[at]
    if finding.qualifies or class_ == "criterion":
        return _find_candidate(context, sentence, finding)
    label = context.labels.get(sentence.block)
    if finding.subject and not _gives_way(context, at, finding):
        subject = sentence.plain[slice(*finding.subject)]
        if subject == label:
            return subject, "heading"
        if class_ != "target" or _bears_outcome(finding, subject):
            return subject, "same_clause" if finding.in_clause else "same_sentence"
    if class_ == "target":
        return _find_outcome_actor(context, at, finding)
    return _borrow_actor(context, at, finding)


def _find_candidate(context: _Context, sentence: Sentence, finding: Finding) -> tuple[str | None, str]:
    """A condition is for whoever wants the title: 30人以上的企业可申报, 申报单位应符合以下条件:, else the subject."""
    if finding.qualifies:
        match = _TITLE_FOR.search(sentence.folded, finding.start)
        return (match["who"], "same_sentence") if match and find_bodies(match["who"]) else (None, "implied")
    subject = sentence.plain[slice(*finding.subject)] if finding.subject else None
    source = "same_clause" if finding.in_clause else "same_sentence"
    if subject and subject[0] in "各每" and finding.in_clause:
        return subject, source
    for place in (sentence.block, *reversed(context.outline.blocks[sentence.block].above)):
        if place in context.labels:
            return context.labels[place], "heading"
    return (subject, source) if subject else (None, "implied")


def _gives_way(context: _Context, at: int, finding: Finding) -> bool:
    """Whether the subject only acts for, stands in or shares out for a body that is named elsewhere."""
    block = context.outline.sentences[at].block
    if finding.agent and (block in context.labels or _has_list(context, block)):
        return True
    if finding.subject is None:
        return False
    sentence = context.outline.sentences[at]
    words = sentence.plain[slice(*finding.subject)]
    cell = context.cells.get(block)
    if words[0] == "每" and (block in context.labels or (cell and cell.actor)):
        return True
    shares = words[0] == "每" and (words == "每人" or bool(_SHARES_OUT.match(sentence.folded, finding.subject[1])))
    if shares or is_place(words):
        return _borrow_actor(context, at, finding)[0] is not None
    sent = bool(_SENT.search(sentence.folded[: finding.subject[0]]))
    if not sent and not is_at_place(words):
        return False
    body = _borrow_from_headings(context, block)[0]
    return body is not None and not body.startswith("其他")


def _has_list(context: _Context, block: int) -> bool:
    """Whether a row of a table or a list of responsible bodies says whose the duty is."""
    cell = context.cells.get(block)
    return bool((cell and cell.actor) or _find_responsible_above(context, block))


def _find_outcome_actor(context: _Context, at: int, finding: Finding) -> tuple[str | None, str]:
    """Outcomes are everybody's, unless the row or the item names who answers for them; how well an act was done
    (参训率, 接通率) is asked of whoever does the act."""
    sentence = context.outline.sentences[at]
    cell = context.cells.get(sentence.block)
    if cell and cell.actor:
        return cell.actor, "table_row"
    if not _OWN_RATE.search(finding.words):
        bodies = None if _EVERYBODYS.search(finding.words) else context.responsible.get(sentence.block)
        return (bodies, "responsibility_list") if bodies else (None, "implied")
    if finding.subject and not finding.in_clause:
        return sentence.plain[slice(*finding.subject)], "same_sentence"
    bodies = _find_responsible_above(context, sentence.block)
    if bodies:
        return bodies, "responsibility_list"
    earlier = context.earlier.get(sentence.block) if _OWN_RATE.match(finding.words) else None
    return (earlier, "earlier_sentence") if earlier else (None, "implied")


def _find_responsible_above(context: _Context, block: int) -> str | None:
    for place in (block, *reversed(context.outline.blocks[block].above)):
        if place in context.responsible:
            return context.responsible[place]
    return None


def _bears_outcome(finding: Finding, subject: str) -> bool:
    """Whether an outcome is asked of the body before it, and not merely measured on it (商户签约率, 社区创建比例)."""
    if "的" in subject:
        return True
    if finding.hit is None:
        return False
    if not finding.in_clause and finding.hit.sense != "zero":
        return bool(_SEES_TO.match(finding.words)) and not _EVERYBODYS.search(finding.words)
    if subject[0] in "各每":
        return True
    after = finding.words.partition(fold(subject))[2] if finding.in_clause else "要"
    return bool(re.match(r"[要应须需必确实做达力努争以对将年全内在]|\d", after))


def _borrow_actor(context: _Context, at: int, finding: Finding) -> tuple[str | None, str]:
    block = context.outline.sentences[at].block
    cell = context.cells.get(block)
    if cell and cell.actor:
        return cell.actor, "table_row"
    near = [(context.responsible, "responsibility_list"), (context.labels, "heading")]
    if not _THING.match(finding.words) and not _OTHER_EACH.match(finding.words):
        near.append((context.earlier, "earlier_sentence"))
    for bodies, source in near:
        if block in bodies:
            return bodies[block], source
    if finding.hit is None and finding.date and (finding.date.kind == "range" or _is_heading(context, at)):
        return _look_ahead(context, at)
    found = _borrow_from_above(context, block)
    if found[0] is None and (given := _find_given(context.outline.sentences[at], finding)):
        return given, "same_sentence"
    return found


def _find_given(sentence: Sentence, finding: Finding) -> str | None:
    """主干道设置宣传牌12块, 由市政公司负责维护: the body that the clause behind gives the thing to."""
    match = _GIVEN.match(sentence.folded, finding.end)
    return sentence.plain[match.start("who") : match.end("who")] if match and find_bodies(match["who"]) else None


def _borrow_from_above(context: _Context, block: int) -> tuple[str | None, str]:
    """From the nearest heading that names somebody, at last from the address of the letter."""
    found = _borrow_from_headings(context, block)
    address = dict(context.frame.address).get(block)
    if found[0] is None and address:
        return address, "heading"
    return found


def _borrow_from_headings(context: _Context, block: int) -> tuple[str | None, str]:
    far = [(context.runs, "heading"), (context.responsible, "responsibility_list"), (context.labels, "heading"),
           (context.asked, "earlier_sentence")]  # fmt: skip
    own = context.outline.blocks[block]
    above = own.above or (() if own.style in ("han", "article") else (_TOP,))
    for place in reversed(above):
        for bodies, source in far:
            if place in bodies:
                return bodies[place], source
    return None, "implied"


def _look_ahead(context: _Context, at: int) -> tuple[str | None, str]:
    """The body named in the sentence after a phase's heading."""
    sentences = context.outline.sentences
    for following in sentences[at + 1 : at + 3]:
        if following.block != sentences[at].block:
            break
        if subject := _first_subject(following, split_pieces(following.folded, context.frame.calendar)):
            return subject, "later_sentence"
    return _borrow_from_above(context, sentences[at].block)


def _find_window(context: _Context, sentence: Sentence, finding: Finding) -> tuple[DateHit | None, str]:
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


def _find_goal(context: _Context, sentence: Sentence, finding: Finding) -> tuple[DateHit | None, str]:
    if finding.hit is None or finding.cadence or not _is_outcome(finding):
        return None, ""
    above = context.outline.blocks[sentence.block].above
    dated = [context.goals[place] for place in (sentence.block, *reversed(above)) if place in context.goals]
    return (dated[0], "heading") if dated else (None, "")


def _is_outcome(finding: Finding) -> bool:
    hit = finding.hit
    if hit is None:
        return False
    return hit.sense in ("ratio", "change", "zero") or (hit.sense == "count" and hit.comparator == "<=")


def _is_stage(context: _Context, block: int) -> bool:
    """Whether the dates above belong to a phase by name, and not to any other heading."""
    words = context.headings.get(block, "")
    return context.outline.blocks[block].style == "step" or bool(re.search(r"阶段|步骤|步", words))


def _find_season(context: _Context, finding: Finding, hit: DateHit) -> tuple[DateHit | None, str]:
    """宣传月期间 is the days of that campaign; a season beside a cadence (全年每月) says nothing more."""
    for name in _CAMPAIGN.findall(hit.deadline or ""):
        if name in context.campaigns:
            return context.campaigns[name], "campaign"
    if _DURING.search(hit.deadline or ""):
        return (context.whole, "campaign") if context.whole else (None, "")
    if finding.cadence is None or (hit.window_start and finding.cadence.cadence == "yearly"):
        return hit, ""
    return None, ""


def _find_cadence(finding: Finding, date_: DateHit | None) -> str | None:
    if finding.cadence:
        return finding.cadence.cadence
    hit = finding.hit
    if date_ and date_.kind == "recurrent":
        return (date_.deadline or "").split()[0]
    if date_ and not (finding.when_it_happens and finding.date is None):
        return "once"
    if hit is None:
        return "once" if date_ else None
    bans = hit.marker == "一律不得" or (hit.sense in ("zero", "share-out") and _STANDING.search(finding.words))
    if is_continuous(finding.words) or bans:
        return "continuous"
    return "once" if _is_one_off(finding, hit) else None


def _is_one_off(finding: Finding, hit: Hit) -> bool:
    """举行一次, 成立一支, 每人生成: done once and then done. What must stand or be reached, what is owed whenever
    something happens, and a total of several (不少于3轮) have no frequency."""
    if finding.step or finding.when_it_happens or finding.qualifies:
        return False
    if hit.sense == "count" and hit.unit in _EVENT_UNITS:
        return hit.value == 1 or hit.marker == "bare"
    if hit.value == 1 and hit.unit in _GIVEN_ONCE and _EACH_HEAD.search(finding.words):
        return bool(_GIVES.search(finding.words))
    founds = bool(_FOUNDS.search(finding.words)) and hit.per is None and hit.unit not in _NEVER_FOUNDED
    if hit.sense == "totality":
        one_each = hit.unit == "个" and hit.comparator == "=="
        return one_each or bool(_HOLDS.search(finding.local)) or (founds and hit.marker.startswith("逐"))
    return hit.sense == "count" and founds and (hit.comparator == "==" or hit.unit not in ("名", "位"))


def _say_inferred(
    context: _Context, sentence: Sentence, finding: Finding, date_: DateHit | None, borrowed: str
) -> tuple[Inference, ...]:
    """What of the time does not stand in the quote, and where it came from."""
    said = [*_say_year(context.frame, date_)]
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


def _is_campaign_of_title(context: _Context, date_: DateHit) -> bool:
    """宣传月内 in the plan of that month: the words stay the deadline, since no sentence dates the month by its name;
    the plan's own days say which they are."""
    names = _CAMPAIGN.findall(date_.deadline or "") if date_.kind == "season" else []
    return any(name in context.frame.title for name in names)


def _say_year(frame: Frame, date_: DateHit | None) -> tuple[Inference, ...]:
    day = (date_.deadline or date_.window_start or "") if date_ else ""
    match = re.search(r"(20\d\d)-\d\d-\d\d", day)
    if date_ is None or not date_.inferred or match is None:
        return ()
    return (Inference("year", frame.find_source(match[1]), match[1]),)


def _write_window(hit: DateHit) -> str:
    return "/".join(day for day in (hit.window_start, hit.deadline) if day)


def _say_actor(context: _Context, sentence: Sentence, demand: Demand) -> tuple[Inference, ...]:
    """The address of the letter is among the headings for the labels; the reason given tells the two apart."""
    source = demand.actor_source
    if demand.actor is None or source in ("same_clause", "same_sentence", "implied"):
        return ()
    addressed = source == "heading" and dict(context.frame.address).get(sentence.block) == demand.actor
    return (Inference("actor", "address" if addressed else source, demand.actor),)


def _make_vague(text: str, context: _Context, sentence: Sentence, place: Span) -> Demand:
    """One demand that leaves open how much or how often; ``place`` is its clause in the folded sentence."""
    span = sentence.locate(*place)
    subject = _first_subject(sentence, split_pieces(sentence.folded[: place[1]], context.frame.calendar)[::-1])
    above = [(context.responsible.get(sentence.block), "responsibility_list"),
             (context.labels.get(sentence.block), "heading")]  # fmt: skip
    actor, source = next((pair for pair in ((subject, "same_sentence"), *above) if pair[0]), (None, "implied"))
    demand = Demand(
        id="", clause=context.outline.blocks[sentence.block].clause, quote=text[span[0] : span[1]], span=span,
        actor=actor, actor_source=source, action=sentence.folded[place[0] : place[1]][:60], vague=True,
        who=choose_who(actor),
    )  # fmt: skip
    return _place_words(replace(demand, inferred=_say_actor(context, sentence, demand)), "")


Valid = tuple[date | None, date | None]


def _find_validity(frame: Frame, phases: list[ReadPhase]) -> tuple[Valid, tuple[Inference, ...]]:
    """What the paper says of itself; else from the first to the last day of the dated phases; else the title's year."""
    if frame.valid != (None, None):
        return frame.valid, ()
    opens = [day for phase in phases if (day := _parse_day(phase.window_start))]
    closes = [day for phase in phases if (day := _parse_day(phase.deadline))]
    if opens and closes and min(opens) <= max(closes):
        return _infer_validity(min(opens), max(closes), "phases")
    opens_on, closes_on = frame.part
    if opens_on and closes_on:
        return _infer_validity(opens_on, closes_on, "title")
    if frame.year_from == "title":
        last = re.search(r"20\d\d年?[-至到]{1,3}(20\d\d)", fold(frame.title))
        return _infer_validity(date(int(frame.year), 1, 1), date(int(last[1] if last else frame.year), 12, 31), "title")
    return (None, None), ()


def _infer_validity(opens: date, last: date, source: str) -> tuple[Valid, tuple[Inference, ...]]:
    return (opens, last), (Inference("valid", source, f"{opens}/{last}"),)


def _parse_day(words: str | None) -> date | None:
    if words and re.fullmatch(r"\d{4}-\d\d-\d\d", words):
        return date.fromisoformat(words)
    return None


def _list_problems(frame: Frame, demands: list[Demand]) -> tuple[Problem, ...]:
    problems = []
    if not demands:
        problems.append(make_problem("reading.report" if frame.is_report else "reading.no-duties", severity="warning"))
    if any((demand.deadline or "").startswith("XXXX") for demand in demands):
        problems.append(make_problem("reading.year-unknown", severity="warning"))
    problems += [
        make_problem(
            "reading.actor-unknown", Source(clause=demand.clause, span=demand.span), severity="warning", duty=demand.id
        )
        for demand in demands
        if demand.actor is None and demand.class_ == "duty"
    ]
    return tuple(problems)
