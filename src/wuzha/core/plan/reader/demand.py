"""One finding made a demand: class, actor, window, cadence and what of them was taken from elsewhere."""

import re
from dataclasses import replace

from wuzha.core.plan.outline import Sentence
from wuzha.core.plan.phrases.amount import Hit
from wuzha.core.plan.phrases.group import Finding, split_pieces
from wuzha.core.plan.phrases.naming import find_per, is_bare, name_action, name_measure
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.phrases.sense import choose_class, find_evidence
from wuzha.core.plan.phrases.totality import SOMEBODY
from wuzha.core.plan.phrases.verb import Asked, choose_verb, find_population
from wuzha.core.plan.phrases.who import choose_who
from wuzha.core.plan.reader.actor import find_actor, say_actor
from wuzha.core.plan.reader.cadence import find_cadence
from wuzha.core.plan.reader.context import Context, find_required, in_criteria, name_subjects, say_before
from wuzha.core.plan.reader.window import find_opening, find_window, say_inferred
from wuzha.core.plan.reading import Class, Demand, Inference, Span

_GOALS = quick(r"目标(?:$|。|:|\()|(?:目标任务|任务目标|预期效果|主要指标)(?:$|。|:|\()")
_JURY = quick(r"(?:评审|考评|验收|评定|评选|考核)(?:小?组|委员会|专家)$")
"""评审组访谈群众15人: the work of who gives the title, and none of its conditions."""
_REWARDS = quick(r"(?:奖励|奖金|奖补|补贴|处罚)(?:标准|金额)?[:分]")


def continue_series(last: Demand | None, finding: Finding, demand: Demand) -> Demand:
    """知晓率6月底达80%, 年底达90%: a share that names nothing is of what the share before it was of."""
    if last is None or finding.hit is None:
        return demand
    if last.class_ == "consequence" and demand.unit in ("元", "万元") and last.unit == demand.unit:
        return replace(demand, class_="consequence")  # 每笔奖励500元, 全年不超过1万元
    if finding.hit.sense != "ratio" or re.match(r"的?[一-龥]{2}", finding.words[finding.hit.end :]):
        return demand
    if finding.words.startswith("其中"):
        whose = last if demand.actor is None else demand
        return replace(demand, class_=last.class_, cadence=last.cadence, deadline=last.deadline, actor=whose.actor,
                       actor_source=whose.actor_source, who=whose.who, verb=last.verb, object=last.object,
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


def make_demand(text: str, context: Context, at: int, finding: Finding) -> Demand:
    sentence = context.outline.sentences[at]
    block = context.outline.blocks[sentence.block]
    span = sentence.locate(finding.start, finding.end)
    hit = finding.hit
    class_ = _find_class(context, at, finding)
    actor, source = find_actor(context, at, finding, class_)
    date_, borrowed = find_window(context, sentence, finding)
    before = (say_before(context, at) + sentence.folded[: finding.start])[-120:]
    context.made += 1
    asked = Asked(
        text[span[0] : span[1]], name_action(finding, actor) or _name_act_before(before), actor, class_,
        name_measure(finding, actor), hit.value if hit else None, _name_unit(hit, before),
        hit.quantifier if hit else "none", hit.marker if hit else None, find_per(finding, actor),
    )  # fmt: skip
    choice = choose_verb(asked, before)
    return Demand(
        id=f"d{context.made}", clause=block.clause, quote=asked.quote, span=span, class_=class_,
        actor=actor, actor_source=source, action=asked.action, measure=asked.measure,
        comparator=hit.comparator if hit else None, value=asked.value, unit=asked.unit,
        cadence=find_cadence(finding, date_) if class_ != "criterion" or finding.cadence or date_ else None,
        deadline=date_.deadline if date_ else None,
        window_start=find_opening(date_, finding),
        evidence=find_evidence(sentence.folded), quantifier=asked.quantifier, marker=asked.marker, per=asked.per,
        inferred=(*say_inferred(context, sentence, finding, date_, borrowed),
                  *say_actor(context, sentence, actor, source)),
        verb=choice.verb, object=choice.object, also=choice.also, who=choose_who(actor),
    )  # fmt: skip


def _name_unit(hit: Hit | None, before: str) -> str | None:
    """The unit, with whom 全覆盖 means where they stand before it."""
    if hit and hit.unit == f"ratio of {SOMEBODY}" and (meant := find_population(before)):
        return f"ratio of {meant}"
    return hit.unit if hit else None


def _name_act_before(before: str) -> str:
    """督促学校设点宣传, 每学期2次: the act stands in the clause before."""
    return before.rstrip(",;").rpartition(",")[2][-60:]


def _is_in_rewards(sentence: Sentence, finding: Finding) -> bool:
    """奖励标准:县级采用每篇50元,市级采用每篇100元: what stands before the sums says what they are."""
    money = finding.hit is not None and finding.hit.unit in ("元", "万元")
    return money and "经费" not in finding.words and bool(_REWARDS.search(sentence.folded, 0, finding.start))


def _find_class(context: Context, at: int, finding: Finding) -> Class:
    sentence = context.outline.sentences[at]
    if finding.qualifies == "penalty":
        return "consequence"
    if finding.qualifies:
        return "criterion"
    if finding.subject and _JURY.search(sentence.folded, *finding.subject):
        return "duty"
    if _is_in_rewards(sentence, finding):
        return "consequence"
    often = finding.cadence is not None and finding.cadence.cadence != "yearly"
    criteria = in_criteria(context, sentence.block) or find_required(context, at, finding.start) is not None
    class_ = choose_class(finding.words, finding.local, finding.hit, criteria=criteria, often=often)
    return "target" if class_ == "duty" and _is_goal(context, sentence, finding) else class_


def _is_goal(context: Context, sentence: Sentence, finding: Finding) -> bool:
    """Under a heading of goals a total that nobody is named for (建成示范点3个) is to be reached, and no single act."""
    hit = finding.hit
    if hit is None or hit.sense != "count" or hit.comparator != ">=" or finding.cadence or finding.subject:
        return False
    above = (*context.outline.blocks[sentence.block].above, sentence.block)
    return any(_GOALS.search(context.headings.get(place, "")) for place in above)


def make_vague(text: str, context: Context, sentence: Sentence, place: Span) -> Demand:
    """One demand that leaves open how much or how often; ``place`` is its clause in the folded sentence."""
    span = sentence.locate(*place)
    pieces = split_pieces(sentence.folded[: place[1]], context.calendar)
    subject = next(name_subjects(sentence, pieces, end=place[1]), None)
    above = [(context.responsible.get(sentence.block), "responsibility_list"),
             (context.labels.get(sentence.block), "heading")]  # fmt: skip
    actor, source = next((pair for pair in ((subject, "same_sentence"), *above) if pair[0]), (None, "implied"))
    asked = Asked(text[span[0] : span[1]], sentence.folded[place[0] : place[1]][:60], actor)
    choice = choose_verb(asked)
    return Demand(
        id="", clause=context.outline.blocks[sentence.block].clause, quote=asked.quote, span=span,
        actor=actor, actor_source=source, action=asked.action, vague=True,
        verb=choice.verb, object=choice.object, also=choice.also,
        who=choose_who(actor), inferred=say_actor(context, sentence, actor, source),
    )  # fmt: skip
