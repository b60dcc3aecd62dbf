"""Clauses that ask for work and leave how much or how often open (定期, 及时): kept and shown, not counted."""

import re

from wuzha.core.plan.outline import split_clauses
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.phrases.sense import is_past
from wuzha.core.plan.reading import Span

_OPEN = quick(
    r"适时|定期|及时|经常性?|不定期|常态化?|第一时间|立即|尽快|随时|择机|适当|专人|持续|长期|逐步|反复|多频次|高频次?"
    r"|显著(?:位置|处)|醒目(?:位置|处)|显眼(?:位置|处)"
)
_ACTS = quick(
    r"推送|转发|发布|更新|制作|报道|播放|播报|检查|督导|督查|巡查|抽查|核查|培训|演练|宣讲|讲座|走访|入户|上门|回访|提醒|劝阻"
    r"|张贴|悬挂|设置|摆放|投放|发放|发送|报送|上报|通报|反馈|召开|会商|研判|分析|组织|开展|举办|监测|指定|建立|落实|研究|维护|曝光|排查"
)
_STRONG = quick(r"适时|定期|及时|经常|不定期|常态|第一时间|立即|尽快|随时|择机|专人|显著|醒目|显眼")
_PURPOSE = quick(
    r"^(?:为了?(?!主)|以[^,]{1,40}?为|围绕|紧[扣盯]|紧紧|根据|按照|按|坚持|结合|针对|鉴于|通过|牢固树立|进一步(?:提升|提高|增强|压降|织密|筑牢|营造)"
    r"|切实(?:提升|提高|增强|维护|守护|保障)|努力|不断(?:提升|提高|增强|扩大)|全面(?:提升|提高|增强)|营造|形成|构建|掀起|深刻|充分认识|确保(?:取得|全年))"
)
_GUIDES = quick(r"^(?:[一-龥]{0,6}[:,])?以[^,。]{2,60}?为(?:指导|统领|引领|遵循|目标|抓手|导向|主线|契机|核心)")
_NO_WORK = quick(r"氛围|意识|认识|态势|思想|合力|站位|政治|局面|格局(?:$|,)")


def find_vague(folded: str) -> tuple[Span, ...]:
    """The places of such clauses in a folded sentence, each as long as its act; none for purposes and slogans."""
    if not _OPEN.search(folded) or _GUIDES.match(folded) or _is_purpose_alone(folded):
        return ()
    found = [place for place in split_clauses(folded) if _asks_openly(folded[place[0] : place[1]])]
    if not found or is_past(folded):
        return ()
    return tuple(_trim(folded, place) for place in found)


def _is_purpose_alone(folded: str) -> bool:
    """为…, 特制定本方案: says why the paper is there."""
    return folded.startswith("为") and bool(re.search(r"制定|制订|印发|决定[在于]|通知如下|如下", folded))


def _asks_openly(clause: str) -> bool:
    words = clause.rpartition(":")[2].lstrip("(二一三四五六七八九十)是、")
    if _PURPOSE.match(words) or not _OPEN.search(words) or not _ACTS.search(words):
        return False
    return bool(_STRONG.search(words)) or not _NO_WORK.search(words)


def _trim(folded: str, place: Span) -> Span:
    """Without what stands before a colon and without the mark behind."""
    start, end = place
    start += folded[start:end].rfind(":") + 1
    while end - 1 > start and folded[end - 1] in ",。;!?":
        end -= 1
    return start, end
