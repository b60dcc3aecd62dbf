"""（完成时限：11月底）: a time on its own that dates the demands of its item, or makes one of what stands before it."""

from dataclasses import replace

from wuzha.core.plan.outline import Sentence
from wuzha.core.plan.phrases.deadline import DateHit, find_dates
from wuzha.core.plan.phrases.group import Finding
from wuzha.core.plan.reader.context import LIMIT, Context, Draft, find_limit
from wuzha.core.plan.reader.demand import make_demand
from wuzha.core.plan.reader.window import say_year
from wuzha.core.plan.reading import Demand, Inference, SentenceFate


def take_limit(text: str, context: Context, draft: Draft, at: int) -> None:
    """（完成时限：11月底） dates the demands of its item; where it has none, what stands before becomes one."""
    sentence = context.outline.sentences[at]
    match = LIMIT.search(sentence.folded) if "时" in sentence.folded or "期限" in sentence.folded else None
    # a limit makes its sentence a note, so that the others need not be looked at once more
    words = match["when"] if match else find_limit(sentence) if sentence.span in context.notes else None
    dates = find_dates(words, context.calendar) if words else ()
    if not dates:
        return
    hit = replace(dates[0], kind="by", window_start=None) if dates[0].kind == "on" else dates[0]
    block = _find_limited(context, sentence)
    if block in context.heads:
        context.windows[block] = hit
        return
    ids = {id_ for fate in draft.coverage if _is_inside(context, fate, block) for id_ in fate.demand_ids}
    if any(demand.id in ids for demand in draft.demands):
        said = (Inference("deadline", "limit", hit.deadline or ""), *say_year(context.frame, hit))
        draft.demands[:] = [_date_demand(demand, hit, said) if demand.id in ids else demand for demand in draft.demands]
    else:
        _add_limited(text, context, draft, at, hit)


def _find_limited(context: Context, sentence: Sentence) -> int:
    """The block that a limit speaks of: its own, or on a line of its own the item above."""
    block = context.outline.blocks[sentence.block]
    alone = sentence.first and not block.style and block.above and LIMIT.match(sentence.folded)
    return block.above[-1] if alone else sentence.block


def _is_inside(context: Context, fate: SentenceFate, at: int) -> bool:
    block = context.outline.blocks[at]
    return block.span[0] <= fate.span[0] < block.span[1]


def _date_demand(demand: Demand, hit: DateHit, said: tuple[Inference, ...]) -> Demand:
    if demand.deadline:
        return demand
    return replace(
        demand, deadline=hit.deadline, window_start=hit.window_start, cadence=demand.cadence or "once",
        inferred=(*demand.inferred, *said),
    )  # fmt: skip


def _add_limited(text: str, context: Context, draft: Draft, at: int, hit: DateHit) -> None:
    sentences = context.outline.sentences
    own = at
    while own and sentences[own].span in context.notes and (sentences[own].block == sentences[at].block):
        own -= 1
    words, note = sentences[own].folded, sentences[own].span in context.notes
    if sentences[own].block < _find_limited(context, sentences[at]) or note or not words:
        return
    finding = Finding(0, len(words), words, words, None, None, hit, None, False)
    demand = make_demand(text, context, own, finding)
    span = (demand.span[0], sentences[at].span[1])
    demand = replace(demand, span=span, quote=text[span[0] : span[1]])
    draft.demands.append(demand)
    for place in range(own, at + 1):
        draft.coverage[place] = replace(draft.coverage[place], fate="duty", demand_ids=(demand.id,))
