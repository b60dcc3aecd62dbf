"""The public copy of a paper: names, numbers that lead to a person, and counts of few victims are left out.

What is known by name goes for certain; what only looks like a name goes too unless a person says that it is none. The
pictures are others than in the paper: those that a person has looked at.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from wuzha.core.base.numerals import fold
from wuzha.core.base.surname import COMMON, DOUBLE, RARER
from wuzha.core.paper.model import (
    NO_MARKS,
    Block,
    Figure,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Span,
)

SOMEBODY = "某某"
# Counts below this say too much about the few whom they count.
LEAST = 3
FEW = f"不足{LEAST}"
PUBLIC_MARK = "公开稿"
PUBLIC_NOTE = "（本稿为公开稿，姓名、电话、证件和账号等已略去。）"
PICTURE_NOTE = "（本稿为公开稿，姓名、电话、证件和账号等已略去，照片已逐张看过，有人脸的已作遮盖。）"
# The kinds of record that count cases and those who were, or nearly were, defrauded.
CASE_KINDS = frozenset(
    {"cases", "losses", "high_loss_cases", "refund", "dissuasion", "phone_dissuasion", "case_review", "cards"}
)

_HAN = "[一-龥]"
# What no given name holds, since it belongs to the sentence around it; and what belongs to an office rather.
_NO_GIVEN = "(?![的了在和与等为被把向对说是及或将也就都还又很并且、])"
_NO_OFFICE = "(?![办村镇乡县局所校院站区街委会党支部总副的了在和与等为被把向对说是及或将也就都还又很并且])"
# Surnames that are words more often than names, where nothing else tells.
_WORDS = "和都由来从代强化法党车居项权步干全成应时相关连解管明上官安方平常文路单向计包保司房水农原符公商华幸阳任支普初"
_SURNAME = f"(?:{DOUBLE}|[{''.join(sorted(set(COMMON + RARER) - set(_WORDS)))}])"
_GIVEN, _BEFORE_TITLE = f"{_NO_GIVEN}{_HAN}", f"{_NO_OFFICE}{_HAN}"
_NO_PERSON = (
    "马上|高度|高兴|高龄|高危|周边|周围|周[一二三四五六日末]|谢谢|许多|余|金融|钱款|龙头|石料|毛|段|陆续|汤|林业|叶|何时|程"
    "|曾|万"
)
_TITLE = (
    "(?:同志|副?书记|支书|副?主任|副?[镇乡县局所队院校站行科股处社]长|经理|老师|医生|民警|警官|干事|专干|委员"
    "|组长|村长|网格员|志愿者|先生|女士|大爷|大妈|大娘|大伯|奶奶|爷爷|阿姨|叔叔|师傅|老人|同学|摄)"
)
# Whoever was, or nearly was, defrauded.
_VICTIM = "受害人员?|受害者|受害群众|被害人|[被受]骗群众|[被受]骗人员?|[被受]骗者|事主|当事人|报案人|报警人"
_WHO = (
    f"(?:村民|居民|市民|群众|民警|辅警|网格员|志愿者|老人|老师|学生|同学|家长|店主|业主|主任|书记|同志|{_VICTIM}"
    "|[镇所队院校站行]长)"
)
_AFTER = (
    "(?=[^一-龥]|说|表示|介绍|讲|在|为|向|和|与|及|等|到|被|给|对|告诉|通过|带|将|把|也|是|正|收|接|反映|称|来|去"
    "|参|发|做|组|走|入|逐|主|现|听|提|$)"
)
_LABEL = (
    "(?:联系人|供稿人?|撰稿人?|编辑|责任编辑|审核人?|审稿|签发人?|摄影|拍摄|图文?|作者|通讯员|记者|主讲人?|主持人?"
    "|报送人|填报人)"
)
_LISTED = re.compile(f"{_LABEL}[:： ]{{1,3}}(?P<name>{_HAN}{{2,4}}(?:[、 ]{_HAN}{{2,4}})*)(?=[^一-龥]|$)")
_MASKED = re.compile(f"{_SURNAME}某某?(?!某)")
_TITLED = re.compile(f"(?P<name>{_SURNAME}(?:{_BEFORE_TITLE}){{0,2}}?)(?= ?{_TITLE})")
_FOLLOWED = re.compile(f"{_WHO}(?P<name>{_SURNAME}(?:{_GIVEN}){{1,2}}?){_AFTER}")
# Behind these a person nearly always follows; what is taken for a name wrongly a person can leave as it is.
_SURE = re.compile(f"(?:村民|居民|市民|民警|辅警|网格员|{_VICTIM})(?P<name>(?!{_NO_PERSON})[{COMMON}]{_GIVEN}{_GIVEN})")
_NEXT = re.compile(f"{SOMEBODY}[、和与及](?P<name>{_SURNAME}(?:{_GIVEN}){{1,2}}?){_AFTER}")
# 责任人：各村 names nobody, so that behind these a surname is asked for.
_IN_CHARGE = re.compile(
    f"(?:责任人|负责人|经办人|{_VICTIM})[:： ]{{1,3}}(?P<name>{_SURNAME}(?:{_GIVEN}){{1,2}})(?=[^一-龥]|$)"
)
_POINT = "[·•・‧]"
_POINTED = re.compile(f"(?:{_WHO}|{_LABEL})[:： ]{{0,3}}(?P<name>{_HAN}{{1,6}}(?:{_POINT}{_HAN}{{1,6}}?)+){_AFTER}")
NAME_PATTERNS = (_POINTED, _LISTED, _IN_CHARGE, _TITLED, _FOLLOWED, _SURE, _NEXT)
# Signs that are not seen: of no width, of direction, of variation. A name or a number is none the less one.
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_BLANK = r"[^\S\n]"
# 张　伟, 李 建 国: as offices write names so that they stand below each other.
_SPACED = re.compile(f"({_SURNAME}){_BLANK}+({_HAN})(?:{_BLANK}+({_HAN}))?(?![一-龥])")
_WORDED = "[零〇一幺二两三四五六七八九]"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_NUMBERS: Mapping[re.Pattern[str], str] = MappingProxyType(
    {
        re.compile(r"(?<![\dA-Za-z])(?:\d{17}[\dXx]|\d{15})(?![\dA-Za-z])"): "（证件号略）",
        re.compile(r"(?<!\d)(?:\d{16,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?)(?!\d)"): "（账号略）",
        re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"): "（电话略）",
        re.compile(r"(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3}[ -]?)\d{7,8}(?!\d)"): "（电话略）",
        re.compile(r"(?:QQ|qq|微信)(?:号码?|群)?[: ]*[A-Za-z]?[\w-]{5,19}", re.ASCII): "（账号略）",
        re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII): "（邮箱略）",
        re.compile(f"(?<!{_WORDED})[一幺][三四五六七八九]{_WORDED}{{9}}(?!{_WORDED})"): "（电话略）",
        re.compile(f"(?<!{_WORDED})(?:{_WORDED}{{15}}|{_WORDED}{{18}})(?!{_WORDED})"): "（证件号略）",
        re.compile(f"[{_PROVINCES}][A-Z][· ]?[A-Z0-9]{{5,6}}(?![A-Z0-9])"): "（车牌略）",
    }
)
# A clause that speaks of cases or of those who were defrauded; whoever is counted in it is counted as one of them.
_CASE = re.compile(
    r"案件|发案|立案|破案|报案|涉案|涉诈|警情|接警|报警|[被受]骗|受害|被害|事主|上当|止付|劝阻|损失|诈骗案|起案|电诈案"
)
_SENTENCE = re.compile(r"[^。；;！？\n]+")
_CLAUSE = re.compile(r"[^，,。；;！？\n]+")
_FEW_WORD = r"(?<![\d.,零〇一二两三四五六七八九十百千万第])(?:[012]|零|〇|一|二|两)"
_SMALL = re.compile(rf"{_FEW_WORD} ?(?=[起例宗件名人位户])")
# 被骗群众：1, 受害人2, 案件（起）：2: the number behind what is counted, and nothing counted behind the number.
_BEHIND = re.compile(
    rf"(?:{_VICTIM}|案件|发案|立案|破案|报案|涉案|警情|接警|报警|[被受]骗|受害|被害|上当|止付|劝阻)(?:群众|人数|起数|数量|数|量)?"
    rf"(?:\([起例宗件名人位户]\))?[:： 为是共计有]*(?P<few>{_FEW_WORD})(?=\s*(?:$|[，,。;；、！？)\s]))"
)
# 接到报案，共一人: a clause that only counts, in a sentence that speaks of cases. Whoever works there is no victim.
_ONLY = re.compile(
    rf"^\s*(?:一?共|共计|合计|总计|累计|计|其中|仅|只|均|涉及)?[有为是]?\s*(?P<few>{_FEW_WORD} ?)(?=[起例宗件名人位户])"
    r"(?!.?(?:民警|辅警|干部|志愿者|网格员|工作人员|党员|代表|专干|老师|主讲|讲师))"
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is left out and what stays.

    ``names`` are persons known by name. ``kept`` are the names of places and offices, in which no name is looked for;
    ``no_names`` is what looks like a name and, a person says, is none. ``pictures`` gives for each picture that may be
    seen the one to be shown in its place; the others are left out.
    """

    names: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    no_names: tuple[str, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Change:
    """What was left out: ``why`` is ``known``, ``looks`` (like a name), ``number`` or ``few``."""

    why: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PublicCopy:
    paper: Paper
    changes: tuple[Change, ...]


def make_public(paper: Paper, left_out: LeftOut) -> PublicCopy:
    """The paper as everybody may read it. It names itself a public copy, and its figures lead nowhere."""
    changes: list[Change] = []

    def clean(text: str) -> str:
        return clean_text(text, left_out, changes)

    def clean_blocks(blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple(made for block in blocks for made in _clean_block(block, clean, left_out, changes))

    blocks = clean_blocks(paper.blocks)
    has_picture = any(isinstance(block, Picture) for block in blocks)
    public = replace(
        paper,
        title=clean(paper.title),
        issuer=clean(paper.issuer),
        signed_by=clean(paper.signed_by),
        masthead=clean(paper.masthead),
        addressee=clean(paper.addressee),
        number=f"{paper.number} {PUBLIC_MARK}".strip(),
        blocks=(*blocks, Paragraph((PICTURE_NOTE if has_picture else PUBLIC_NOTE,))),
        annex=clean_blocks(paper.annex),
        colophon=None,
        marks=NO_MARKS,
        attachments=tuple(map(clean, paper.attachments)),
        sources=(),
    )
    return PublicCopy(public, tuple(dict.fromkeys(changes)))


def clean_text(text: str, left_out: LeftOut, changes: list[Change]) -> str:
    """The text without persons, their numbers, and counts of few victims; what was changed is added to ``changes``."""
    text = _MASKED.sub(SOMEBODY, _UNSEEN.sub("", text))
    for name in sorted(filter(None, map(fold_name, left_out.names)), key=len, reverse=True):
        written = re.compile(f"{_BLANK}*".join(map(re.escape, name)))
        if written.search(text):
            changes.append(Change("known", name, SOMEBODY))
            text = written.sub(SOMEBODY, text)
    text = _SPACED.sub(lambda found: "".join(filter(None, found.groups())), text)
    text = _drop_numbers(text, changes)
    text = _hide_few(text, changes)
    return _drop_names(text, left_out, changes)


def fold_name(name: str) -> str:
    """The name without blanks and signs that are not seen: as it is looked for, however it is written."""
    return "".join(_UNSEEN.sub("", name).split())


def _drop_numbers(text: str, changes: list[Change]) -> str:
    for pattern, instead in _NUMBERS.items():
        spans = [match.span() for match in pattern.finditer(re.sub(_BLANK, " ", fold(text)))]
        text = _put(text, spans, instead, ("number", changes))
    return text


def _hide_few(text: str, changes: list[Change]) -> str:
    spans = {
        (sentence.start() + clause.start() + start, sentence.start() + clause.start() + end)
        for sentence in _SENTENCE.finditer(fold(text))
        if _CASE.search(sentence[0])
        for clause in _CLAUSE.finditer(sentence[0])
        for start, end in _find_few(clause[0])
    }
    return _put(text, sorted(spans), FEW, ("few", changes))


def _find_few(clause: str) -> Iterator[tuple[int, int]]:
    """Where a clause of a sentence on cases counts few."""
    if not _CASE.search(clause):
        yield from (found.span("few") for found in _ONLY.finditer(clause))
        return
    yield from (found.span() for found in _SMALL.finditer(clause))
    yield from (found.span("few") for found in _BEHIND.finditer(clause))


def _drop_names(text: str, left_out: LeftOut, changes: list[Change]) -> str:
    """Pattern by pattern, each over what the one before it left, until nothing looks like a name any more."""
    for pattern in (*NAME_PATTERNS, _NEXT, _NEXT):
        free = [match.span() for word in left_out.kept if word for match in re.finditer(re.escape(word), text)]
        spans = [match.span("name") for match in pattern.finditer(text)]
        found = [
            (start, end)
            for start, end in spans
            if text[start:end] not in left_out.no_names
            and SOMEBODY not in text[start:end]
            and not any(start < last and first < end for first, last in free)
        ]
        text = _put(text, found, SOMEBODY, ("looks", changes))
    return text


def _put(text: str, spans: Iterable[tuple[int, int]], instead: str, why: tuple[str, list[Change]]) -> str:
    parts, end = [], 0
    for start, stop in spans:
        why[1].append(Change(why[0], text[start:stop].strip(), instead))
        parts += [text[end:start], instead]
        end = stop
    return "".join((*parts, text[end:]))


def _clean_block(
    block: Block, clean: Callable[[str], str], left_out: LeftOut, changes: list[Change]
) -> Iterator[Block]:
    match block:
        case Heading():
            yield replace(block, text=clean(block.text), run_on=(clean(_say(block.run_on, changes)),))
        case Paragraph():
            yield Paragraph((clean(_say(block.spans, changes)),))
        case Grid():
            rows = tuple(tuple(clean(_say((cell,), changes)) for cell in row) for row in block.rows)
            yield replace(block, rows=rows, caption=clean(block.caption))
        case Picture():
            if block.evidence in left_out.pictures:
                yield replace(block, evidence=left_out.pictures[block.evidence], caption=clean(block.caption))


def _say(spans: Iterable[Span], changes: list[Change]) -> str:
    return "".join(_say_figure(span, changes) if isinstance(span, Figure) else span for span in spans)


def _say_figure(figure: Figure, changes: list[Change]) -> str:
    """The figure as it may be told: of cases and victims none that is small."""
    digits = figure.text.replace(",", "")
    is_few = digits.isdecimal() and int(digits) < LEAST
    if not is_few or not CASE_KINDS & set(figure.id.split(".")):
        return figure.text
    changes.append(Change("few", figure.text, FEW))
    return FEW
