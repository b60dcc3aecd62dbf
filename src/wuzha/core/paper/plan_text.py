"""A confirmed plan with what its document says around the duties: what papers made from a plan are written of."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wuzha.core.base.numerals import NUMBER, RATIO, fold, parse_number, parse_ratio
from wuzha.core.base.unit import UNIT_KINDS
from wuzha.core.duty.model import Duty, Target
from wuzha.core.duty.sentence import CHINESE, Titles, render_duty, render_who
from wuzha.core.paper.model import say_day
from wuzha.core.plan.model import Plan
from wuzha.core.plan.outline import Outline, read_outline
from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import SentenceFate

# What says from when to when the plan holds is said anew from its dates, what names who answers from its duties.
_SAID_ANEW = re.compile(r"本(?:方案|计划|意见|办法)自|有效期|^[（(]?(?:责任|牵头|配合)单位[:：]")
_PARTS = re.compile(r"第[^章节条]+[章节条]|（[^）]+）|[一二三四五六七八九十百]+|\d+|[①-⑳]")
_AMOUNT = re.compile(rf"(?P<ratio>{RATIO})|(?P<number>{NUMBER})")
# By these words a sentence names its bearers besides the titles of the kinds.
_OTHER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "county": ("全县", "县级", "县里"),
        "town": ("乡镇", "镇街", "全镇"),
        "village": ("村",),
        "school": ("学校", "校园"),
        "bank": ("银行", "网点"),
        "hotel": ("酒店", "宾馆", "旅馆"),
        "clinic": ("医院", "医疗机构", "卫生院"),
        "grid": ("网格员",),
        "station": ("派出所",),
    }
)


@dataclass(frozen=True, slots=True)
class Document:
    """What a plan's document says besides its duties.

    ``purpose`` are the sentences before its first number; ``headings`` the words of each numbered place by its clause;
    ``sentences`` those with demands in them, each with how many it has.
    """

    purpose: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sentences: tuple[tuple[str, int], ...] = ()


NO_DOCUMENT = Document()


@dataclass(frozen=True, slots=True)
class PlanText:
    """A plan whose duties a person has confirmed, the titles of what it asks for, and its document where it has one."""

    plan: Plan
    kinds: Titles
    document: Document = NO_DOCUMENT


def read_surroundings(text: str) -> Document:
    """What of a document is not its duties, as the reader tells the fate of each sentence."""
    outline, coverage = read_outline(text), read_plan(text).coverage
    return Document(
        purpose=tuple(_list_purpose(outline, coverage)),
        headings=MappingProxyType(dict(_list_headings(outline, coverage))),
        sentences=tuple(
            (sentence.plain, len(fate.demand_ids))
            for sentence, fate in zip(outline.sentences, coverage, strict=True)
            if fate.demand_ids
        ),
    )


def _list_purpose(outline: Outline, coverage: tuple[SentenceFate, ...]) -> Iterator[str]:
    for sentence, fate in zip(outline.sentences, coverage, strict=True):
        block = outline.blocks[sentence.block]
        if block.clause or block.cell:
            return
        if fate.fate == "background" and sentence.plain.endswith("。") and not _SAID_ANEW.search(sentence.plain):
            yield sentence.plain


def _list_headings(outline: Outline, coverage: tuple[SentenceFate, ...]) -> Iterator[tuple[str, str]]:
    for sentence, fate in zip(outline.sentences, coverage, strict=True):
        block = outline.blocks[sentence.block]
        if fate.fate == "heading" and sentence.first and block.style and not block.cell:
            yield block.clause, sentence.plain.rstrip("。：:")


def split_clause(clause: str) -> tuple[str, ...]:
    """三（二）1 is 三, （二）, 1."""
    return tuple(_PARTS.findall(clause))


def say_validity(plan: Plan) -> str:
    return f"本方案自{say_day(plan.valid.opens)}起施行，至{say_day(plan.valid.last_day)}止。"


def say_duty(duty: Duty, told: PlanText) -> str:
    """The duty in the plan's own words, as a sentence with its full stop.

    The whole sentence of the document where that holds nothing but confirmed duties, else the words of the duty alone.
    Where those do not say the amount that was confirmed, or there are none, the sentence that its parts make.
    """
    return find_sentence(duty, told) or f"{say_own_words(duty, told)}。"


def say_own_words(duty: Duty, told: PlanText) -> str:
    """The words of the duty alone, without a full stop; what its parts say where those do not tell its amount."""
    quote = duty.quote.strip().rstrip("。；;，,")
    return quote if quote and _says_amount(quote, duty.target) else render_duty(duty, told.kinds)


def find_sentence(duty: Duty, told: PlanText) -> str:
    """The sentence of the document that the duty's words stand in, if each of its demands is a duty of the plan."""
    for sentence, demands in told.document.sentences:
        if duty.quote and duty.quote in sentence:
            within = [one for one in told.plan.duties if one.quote and one.quote in sentence]
            right = all(_says_amount(one.quote, one.target) for one in within)
            return f"{sentence.rstrip('。；;')}。" if len(within) >= demands and right else ""
    return ""


def _says_amount(words: str, target: Target | None) -> bool:
    """Whether the amount that counts stands in the words, in any way of writing it. Once need not be said."""
    if target is None or target.amount == 1:
        return True
    wanted = abs(target.amount)
    values = (_read_amount(found) for found in _AMOUNT.finditer(fold(words)))
    return any(value in (wanted, 1 / wanted if wanted else wanted) for value in values) or wanted == 0


def _read_amount(found: re.Match[str]) -> object:
    return parse_ratio(found["ratio"]) if found["ratio"] else parse_number(found["number"])


def names_bearers(words: str, duty: Duty) -> bool:
    """Whether the words say themselves who is to do it. A body may be named without its county: 县公安局."""
    who = duty.who
    if who.name:
        return any(name[cut:] in words for name in who.name for cut in range(max(1, min(4, len(name) - 3))))
    if who.line and not who.kind:
        return False
    return bool(who.kind) and all(
        any(name in words for name in (UNIT_KINDS.get(kind, kind), *_OTHER_NAMES.get(kind, ()))) for kind in who.kind
    )


def say_bearers(duty: Duty) -> str:
    return render_who(duty.who, CHINESE)
