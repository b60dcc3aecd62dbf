"""A record as one sentence, by the pattern of its kind: “柳湾村3月20日在村口广场开展宣讲2场，80人参加”.

A pattern holds the words of the sentence and fields in braces. ``{unit}``, ``{day}`` and ``{title}`` are known of any
record; the others are the record's own fields and the details of its kind. What stands in brackets is left out when a
field in it is not told. ``{quantity:talk|talks}`` says the number with the word for one or for many. A kind that has
a Chinese pattern alone reads in Chinese.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from wuzha.adapters.wording.words import Language
from wuzha.core.ledger.record import Record, RecordKind

FIELD = re.compile(r"\{(\w+)(?::([^|{}\[\]]*)\|([^|{}\[\]]*))?\}")
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
ALWAYS = ("unit", "day", "title")
NUMBERS = ("quantity", "people", "area_m2", "at_m", "loss_yuan")
TEXTS = ("subject", "change", "grade", "place", "audience")
# For a kind that has no pattern of its own: one that reads well whatever the title is.
PLAIN: Mapping[Language, str] = MappingProxyType(
    {
        "zh": "{unit}{day}[在{place}]{title}{quantity}[，{people}人][，{area_m2}平方米]",
        "en": "{unit}, {day}: {title} {quantity}[, {people:person|people}][, {area_m2} m²][, at {place}]",
    }
)
PLAIN_CHANGED: Mapping[Language, str] = MappingProxyType(
    {
        "zh": "{unit}{day}[在{place}]{change}{title}{quantity}[，{area_m2}平方米][，{subject}号]",
        "en": "{unit}, {day}: {title} {quantity}[, {area_m2} m²] {change}[, no. {subject}][, at {place}]",
    }
)
CHANGES: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {
            "install": "设置",
            "seen": "查看",
            "damage": "登记损坏的",
            "replace": "更换",
            "remove": "拆除",
            "enrol": "列管",
            "check": "核查",
            "close": "撤管",
        },
        "en": {
            "install": "put up",
            "seen": "seen in place",
            "damage": "found damaged",
            "replace": "replaced",
            "remove": "taken down",
            "enrol": "put on the register",
            "check": "checked",
            "close": "taken off the register",
        },
    }
)
GRADES: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {"high": "高风险", "medium": "中风险", "low": "低风险"},
        "en": {"high": "high risk", "medium": "medium risk", "low": "low risk"},
    }
)


def render_record(
    record: Record, kind: RecordKind | None, unit_name: str, language: Language = "zh", as_of: date | None = None
) -> str:
    """The record as a sentence without its full stop. With ``as_of`` the day carries its year when that is another."""
    return "".join(text for _, text in split_record(record, kind, unit_name, language, as_of))


def split_record(
    record: Record, kind: RecordKind | None, unit_name: str, language: Language = "zh", as_of: date | None = None
) -> tuple[tuple[str, str], ...]:
    """The same sentence in pieces: each with the field that it says, or none for the words between."""
    if kind and kind.sentence and not kind.sentence_en:
        language = "zh"
    pattern = find_pattern(kind, language)
    told = {
        **{name: (text, None) for name, text in record.extra.items()},
        **_list_values(record, language),
        "unit": (unit_name, None),
        "day": (_say_day(record.happened_on, language, as_of), None),
        "title": (_say_title(record, kind, language), None),
    }
    pattern = OPTIONAL.sub(lambda part: part[1] if _is_told(part[1], told) else "", pattern)
    return tuple(_split(pattern, told))


def _split(pattern: str, told: "Told") -> Iterator[tuple[str, str]]:
    end = 0
    for found in FIELD.finditer(pattern):
        if found.start() > end:
            yield "", pattern[end : found.start()]
        yield found[1], _say_field(found, told)
        end = found.end()
    if end < len(pattern):
        yield "", pattern[end:]


def find_pattern(kind: RecordKind | None, language: Language) -> str:
    """The pattern of the kind, or a plain one where it has none or nobody knows the kind."""
    own = (kind.sentence if language == "zh" else kind.sentence_en) if kind else ""
    return own or (PLAIN_CHANGED if kind and kind.changes else PLAIN)[language]


def list_strange_fields(pattern: str, kind: RecordKind) -> list[str]:
    """The names in a pattern that no record of the kind has; for a pattern with a brace left over, that brace."""
    known = {*ALWAYS, *kind.asks, *(detail.code for detail in kind.details), *(("change",) if kind.changes else ())}
    strange = [name for name, _, _ in FIELD.findall(pattern) if name not in known | {"quantity"}]
    rest = OPTIONAL.sub(r"\1", FIELD.sub("", pattern))
    return strange + [sign for sign in rest if sign in "{}[]"]


# A value as it is said, and the number by which its word is chosen.
Told = Mapping[str, tuple[str, Fraction | None]]


def _list_values(record: Record, language: Language) -> dict[str, tuple[str, Fraction | None]]:
    values: dict[str, tuple[str, Fraction | None]] = {name: (getattr(record, name), None) for name in TEXTS}
    values["change"] = CHANGES[language].get(record.change, record.change), None
    values["grade"] = GRADES[language].get(record.grade, record.grade), None
    for name, number in _list_numbers(record):
        values[name] = _say_number(number), number
    return values


def _list_numbers(record: Record) -> Iterator[tuple[str, Fraction]]:
    for name in NUMBERS:
        value = getattr(record, name)
        if value is not None:
            yield name, Fraction(value)


def _is_told(part: str, told: Told) -> bool:
    return all(told.get(name, ("", None))[0] for name, _, _ in FIELD.findall(part))


def _say_field(found: re.Match[str], told: Told) -> str:
    text, number = told.get(found[1], ("", None))
    if found[2] is None or not text:
        return text
    return f"{text} {found[2] if number == 1 else found[3]}".rstrip()


def _say_number(number: Fraction) -> str:
    if number.denominator == 1:
        return f"{int(number):,}" if number >= 10_000 else str(int(number))
    return f"{float(number):,.2f}".rstrip("0")


def _say_title(record: Record, kind: RecordKind | None, language: Language) -> str:
    if kind is None:
        return record.kind
    return kind.title if language == "zh" else kind.title_en


def _say_day(day: date, language: Language, as_of: date | None) -> str:
    is_other_year = as_of is not None and as_of.year != day.year
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日" if is_other_year else f"{day.month}月{day.day}日"
    return f"{day.day} {day:%B} {day.year}" if is_other_year else f"{day.day} {day:%B}"
