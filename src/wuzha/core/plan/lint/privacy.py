"""Personal data in a text: identity numbers, accounts, names beside private numbers. Found, and never shown again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wuzha.core.base.numerals import fold
from wuzha.core.base.personal import find_numbers, is_identity, passes_luhn
from wuzha.core.base.surname import COMMON, DOUBLE, RARER
from wuzha.core.plan.reading import Span

_IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{6} ?\d{8} ?\d{3}[\dXx](?![\dA-Za-z])")
_ACCOUNT = re.compile(r"(?<!\d)(?:\d{16,19}|\d{4}(?: \d{4}){3}(?: \d{1,3})?)(?!\d)")
_MOBILE = r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
_PLACE = r"(?!度|效|校|县|镇|村|乡|路|局|院|家|某局)"
_NO_NAME = (
    r"(?!任[务何职教]|万[元人户]|安[全装排保]|方[案式法便面]|平[安台均常]|金[融额]|常[态务用年见规]|文[化件明体旅书]|路[口段线]|单[位独元个]|"
    r"成[员立果]|全[体员县镇校面天年村部]|上[述报级门午传]|向[全群社]|时[间段长限]|联系|应[急当]|关[于工注键]|连[续带接]|解[答释]|管[理控]|明[确白]|"
    r"和|相[关]|由|来[电信访]|从|代[表办理]|都|化|法[院治制律]|普[法及]|支[行部队]|计[划]|包[村保片联含组]|保[卫安险障]|司法|房[产管]|水[利务电]|"
    r"农|原[因则]|符合|公安|车[站间辆]|党[委政员组支建]|居[民委]|商[务户场会]|楼[长栋宇]|华[为]|游客|富|强[化制]|初[中]|东[区门片部]|米|"
    r"查[询看处]|项目|通信|宣[传讲]|干[部警]|项|权|步|工|消费|热线|警|班|左右|古镇|云[南端]|巴[士]|江[苏西]|海|宁[夏]|充[分电值]|封[停面]|幸福|"
    r"申[报请诉]|费用|简[报介]|景[区点]|尚未|乐|阳[光台]|冷静|母[亲婴]|满|开|接[听警访]|柜|主[任管])"
)
_NO_END = r"(?<![办局所站股科室组部委会队院行司镇乡县村社店处校中心电话机号人员长任群区路街道式线台网])"
_BESIDE = r"(?=[^一-龥]|电话|手机|联系|微信|QQ|同志|老师|主任|警官|民警|所长|科长|股长|书记|校长|村|$)"
_NAME = (
    rf"(?P<name>[{COMMON}]{_PLACE}[一-龥]{{1,2}}"
    rf"|(?:{DOUBLE}){_NO_NAME}[一-龥]{{1,2}}{_BESIDE}"
    rf"|{_NO_NAME}[{''.join(sorted(set(RARER) - set(COMMON)))}]{_PLACE}[一-龥]{{1,2}}{_NO_END}{_BESIDE})"
)
_BEFORE = r"(?:(?<![一-龥])|(?<=[人员长任记警师办局所站部科室社区镇乡校行队院志名])|(?<=中心))"
_LABEL = r"(?:[^\d。;\n]{0,12}?)"
_CONTACT = re.compile(
    rf"{_BEFORE}{_NAME}{_LABEL}"
    rf"(?:(?<!\d)(?P<mobile>{_MOBILE})|(?:QQ|[Qq]q|微信)(?:号码?|群)?[: ]*(?P<other>[A-Za-z]?[\w-]{{5,19}}))",
    re.ASCII,
)
_REVERSED = re.compile(rf"(?<!\d)(?P<mobile>{_MOBILE})[ ,、(]{{0,3}}(?:联系人:?)?{_NAME}(?![一-龥])", re.ASCII)
_WHOLE_NAME = re.compile(_NAME)
_NAME_COLUMN = re.compile(
    r"名字|包保人|(?:联系人|联络员|负责人|责任人|网格员|人员)?姓名|联系人|联络员|负责人|责任人|网格员"
)
_ANY_NAME = re.compile(rf"[一-龥]{{2,4}}{_NO_END}|[一-龥]{{1,8}}·[一-龥]{{1,8}}")
"""What may stand in a column of names; offices have a longer name or are told by their number, which is no mobile's."""
_ANY_MOBILE = re.compile(rf"(?<!\d){_MOBILE}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Secret:
    """Where personal data stand and how they may be shown."""

    span: Span
    masked: str


def find_identities(text: str) -> Iterator[Secret]:
    """Numbers of 18 signs that are identity numbers by their day of birth and their check sign (GB 11643)."""
    for match in _IDENTITY.finditer(fold(text)):
        number = match[0].replace(" ", "").upper()
        if is_identity(number):
            yield Secret(match.span(), f"{number[:3]}{'*' * 13}{number[-2:]}")


def find_accounts(text: str) -> Iterator[Secret]:
    """Card numbers of 16 to 19 digits whose check digit is right and that are no identity numbers."""
    for match in _ACCOUNT.finditer(fold(text)):
        digits = match[0].replace(" ", "")
        if passes_luhn(digits) and not (len(digits) == 18 and is_identity(digits)):
            yield Secret(match.span(), f"{digits[:2]}{'*' * (len(digits) - 6)}{digits[-4:]}")


def find_contacts(text: str) -> Iterator[Secret]:
    """Names that stand right beside a mobile number or the number of a private messenger."""
    folded = fold(text)
    found = sorted((*_CONTACT.finditer(folded), *_REVERSED.finditer(folded)), key=lambda match: match.start())
    reached = 0
    for match in found:
        number = match.groupdict().get("other") or match["mobile"]
        if match.start() < reached or number is None:
            continue
        reached = match.end()
        yield Secret(match.span(), f"{match['name'][0]}某 {_mask_number(number)}")


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a table row, as written, with its place in the text."""

    words: str
    start: int

    @property
    def bare(self) -> str:
        return "".join(fold(self.words).split())

    @property
    def span(self) -> Span:
        """Without the blanks around it."""
        start = self.start + len(self.words) - len(self.words.lstrip())
        return start, start + len(self.words.strip())


def find_listed(text: str) -> Iterator[Secret]:
    """Rows of a table, its cells parted by tabs, that hold a name and a mobile number, however far apart.

    A name is what stands in a column headed so, else a cell that is nothing but a surname and a given name.
    """
    columns: frozenset[int] = frozenset()
    start = 0
    for row in text.split("\n"):
        cells = _cut_cells(row, start)
        start += len(row) + 1
        heads = frozenset(at for at, cell in enumerate(cells) if _NAME_COLUMN.fullmatch(cell.bare))
        columns = heads or (columns if len(cells) > 1 else frozenset())
        if len(cells) > 1 and not heads:
            yield from _find_in_row(cells, columns)


def _cut_cells(row: str, start: int) -> list[_Cell]:
    cells = []
    for words in row.split("\t"):
        cells.append(_Cell(words, start))
        start += len(words) + 1
    return cells


def _find_in_row(cells: list[_Cell], columns: frozenset[int]) -> Iterator[Secret]:
    name = next((cell for at, cell in enumerate(cells) if _is_name(cell.bare, at in columns)), None)
    number = next((cell for cell in cells if _ANY_MOBILE.search(fold(cell.words))), None)
    if name is None or number is None or name is number:
        return
    found = _ANY_MOBILE.search(fold(number.words))
    if found is not None:
        ends = (*name.span, *number.span)
        yield Secret((min(ends), max(ends)), f"{name.bare[0]}某 {_mask_number(found[0])}")


def _is_name(words: str, is_named: bool) -> bool:
    return bool((_ANY_NAME if is_named else _WHOLE_NAME).fullmatch(words))


def _mask_number(number: str) -> str:
    digits = re.sub(r"[ -]", "", number)
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"


def mask_personal(text: str) -> str:
    """The text with every number that could lead to a person masked; for showing what stands around a finding."""
    folded = fold(text)
    spans = [secret.span for find in (find_identities, find_accounts, find_contacts) for secret in find(folded)]
    spans += [match.span() for match in _ANY_MOBILE.finditer(folded)]
    spans += [(found.start, found.end) for found in find_numbers(text)]
    signs = list(text)
    for start, end in spans:
        for at in range(start, end):
            signs[at] = "*" if _leads_on(signs[at]) else signs[at]
    return "".join(signs)


def _leads_on(sign: str) -> bool:
    return sign.isdigit() or (sign.isascii() and sign.isalnum())


def mask_people(text: str) -> str:
    """The text with every such number masked, and of each name beside one the surname alone left; as long as it was.

    For whoever reads the words of a plan and need not ring the people in it.
    """
    folded = fold(text)
    signs = list(mask_personal(text)) if re.search("[0-9０-９]{3}", text) else list(text)
    for pattern in (_CONTACT, _REVERSED):
        for match in pattern.finditer(folded):
            start, end = match.span("name")
            signs[start + 1 : end] = "某" * (end - start - 1)
    return "".join(signs)
