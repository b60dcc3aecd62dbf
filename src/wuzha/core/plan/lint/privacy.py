"""Personal data in a text: identity numbers, accounts, names beside private numbers. Found, and never shown again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from wuzha.core.base.numerals import fold
from wuzha.core.plan.reading import Span

_IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{6} ?\d{8} ?\d{3}[\dXx](?![\dA-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_ACCOUNT = re.compile(r"(?<!\d)(?:\d{16,19}|\d{4}(?: \d{4}){3}(?: \d{1,3})?)(?!\d)")
_MOBILE = r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范廖石贾韦夏付邹熊"
    "孟秦邱侯尹薛闫段雷龙史陶贺顾毛郝龚邵钱严覃武戴莫孔汤庞高马"
)
_NAME = rf"(?P<name>[{_SURNAMES}](?!度|效|校|县|镇|村|乡|路|局|院|家|某局)[一-龥]{{1,2}})"
_BEFORE = r"(?:(?<![一-龥])|(?<=[人员长任记警师办局所站部科室社区镇乡校行队院志])|(?<=中心))"
_LABEL = r"(?:[^\d。;\n]{0,12}?)"
_CONTACT = re.compile(
    rf"{_BEFORE}{_NAME}{_LABEL}"
    rf"(?:(?<!\d)(?P<mobile>{_MOBILE})|(?:QQ|[Qq]q|微信)(?:号码?|群)?[: ]*(?P<other>[A-Za-z]?[\w-]{{5,19}}))",
    re.ASCII,
)
_REVERSED = re.compile(rf"(?<!\d)(?P<mobile>{_MOBILE})[ ,、(]{{0,3}}(?:联系人:?)?{_NAME}(?![一-龥])", re.ASCII)
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


def is_identity(number: str) -> bool:
    if not _is_birthday(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17]


def _is_birthday(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def find_accounts(text: str) -> Iterator[Secret]:
    """Card numbers of 16 to 19 digits whose check digit is right and that are no identity numbers."""
    for match in _ACCOUNT.finditer(fold(text)):
        digits = match[0].replace(" ", "")
        if passes_luhn(digits) and not (len(digits) == 18 and is_identity(digits)):
            yield Secret(match.span(), f"{digits[:2]}{'*' * (len(digits) - 6)}{digits[-4:]}")


def passes_luhn(digits: str) -> bool:
    if len(set(digits)) == 1:
        return False
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


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


def _mask_number(number: str) -> str:
    digits = re.sub(r"[ -]", "", number)
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"


def mask_personal(text: str) -> str:
    """The text with every number that could lead to a person masked; for showing what stands around a finding."""
    folded = fold(text)
    spans = [secret.span for find in (find_identities, find_accounts, find_contacts) for secret in find(folded)]
    spans += [match.span() for match in _ANY_MOBILE.finditer(folded)]
    signs = list(text)
    for start, end in spans:
        for at in range(start, end):
            signs[at] = "*" if _leads_on(signs[at]) else signs[at]
    return "".join(signs)


def _leads_on(sign: str) -> bool:
    return sign.isdigit() or (sign.isascii() and sign.isalnum())
