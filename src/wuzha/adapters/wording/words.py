"""The words of the product in Chinese and English: kinds of unit, lines, figures, statuses and fields of a record."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from wuzha.core.base.unit import ATTRIBUTES, LINES, UNIT_KINDS

Language = Literal["zh", "en"]
Words = Mapping[str, str]
Sentences = Mapping[str, Mapping[str, str]]

UNIT_KINDS_EN: Words = MappingProxyType(
    {
        "county": "County",
        "town": "Town or subdistrict",
        "village": "Village",
        "community": "Community",
        "grid": "Grid",
        "department": "Department",
        "station": "Police station",
        "school": "School",
        "university": "University",
        "bank": "Bank branch",
        "carrier": "Telecom shop",
        "hotel": "Hotel",
        "clinic": "Clinic or hospital",
        "estate": "Housing estate",
        "company": "Company",
        "merchant": "Shop",
    }
)
LINES_EN: Words = MappingProxyType(
    {
        "education": "Education",
        "police": "Police",
        "finance": "Finance",
        "health": "Health",
        "tourism": "Culture and tourism",
        "publicity": "Publicity",
        "market": "Market regulation",
        "housing": "Housing and construction",
        "telecom": "Telecom",
        "politics_law": "Political and legal affairs",
        "civil": "Civil affairs",
        "youth_women": "Youth and women's organisations",
        "industry": "Industry",
    }
)
ATTRIBUTES_EN: Words = MappingProxyType(
    {
        "population": "Residents",
        "households": "Households",
        "staff": "Staff",
        "students": "Students",
        "outlets": "Outlets",
        "venues": "Key venues",
        "hoarding_m2": "Hoardings (m²)",
        "main_road_m": "Main roads (m)",
    }
)
# A status in the words of docs/glossary.md: the pages, the tables and the files all say these.
STATUSES: Sentences = MappingProxyType(
    {
        "upcoming": {"zh": "未到时间", "en": "not yet due"},
        "open": {"zh": "进行中", "en": "open"},
        "met": {"zh": "已完成", "en": "met"},
        "late": {"zh": "逾期完成", "en": "met late"},
        "missed": {"zh": "未完成", "en": "missed"},
        "exempt": {"zh": "不适用", "en": "exempt"},
        "waived": {"zh": "免办", "en": "waived"},
        "unknown": {"zh": "无法判断", "en": "cannot be told"},
    }
)
FIELDS: Sentences = MappingProxyType(
    {
        "id": {"zh": "编号", "en": "id"},
        "unit": {"zh": "单位", "en": "unit"},
        "kind": {"zh": "类型", "en": "kind"},
        "happened_on": {"zh": "日期", "en": "date"},
        "quantity": {"zh": "数量", "en": "quantity"},
        "people": {"zh": "人数", "en": "people"},
        "subject": {"zh": "对象编号", "en": "subject number"},
        "area_m2": {"zh": "面积", "en": "area"},
        "at_m": {"zh": "里程", "en": "metres along the road"},
        "change": {"zh": "变动", "en": "change"},
        "grade": {"zh": "等级", "en": "grade"},
        "place": {"zh": "地点", "en": "place"},
        "audience": {"zh": "对象", "en": "audience"},
        "note": {"zh": "备注", "en": "note"},
        "loss_yuan": {"zh": "损失金额", "en": "loss"},
        "replaces": {"zh": "更正编号", "en": "corrected record"},
        "withdrawn": {"zh": "撤回", "en": "withdrawn"},
        "recorded_at": {"zh": "记录时间", "en": "recorded at"},
        "received_at": {"zh": "接收时间", "en": "received at"},
        "extra": {"zh": "其他说明", "en": "other details"},
    }
)

# Why nothing is owed, or why nothing can be said.
REASONS: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "vague": {"zh": "原文没有写明数量", "en": "the plan names no number"},
        "no-base": {"zh": "没有基数", "en": "the base is not known"},
        "no-data": {"zh": "没有数据", "en": "no figures have come in yet"},
        "no-report": {
            "zh": "这一期还没有人报数；一起也没有的，要报 0 才算数",
            "en": "nobody has reported for this period yet; where there was none, a 0 must be entered",
        },
        "no-earlier": {
            "zh": "拿来对比的那一期没有记录，比不出升降",
            "en": "nothing was recorded in the period compared with, so no change can be told",
        },
        "from-nothing": {
            "zh": "拿来对比的那一期是 0，比不出百分之几",
            "en": "the period compared with has 0, so no change can be told in per cent",
        },
        "no-source": {"zh": "没有能算它的记录", "en": "no kind of record can tell this"},
        "no-subjects": {"zh": "没有对象", "en": "there is nobody to check"},
        "unit-short": {
            "zh": "单位存在不到半个周期，或过了截止日才设立",
            "en": "the unit exists for less than half of the window, or not before its due day",
        },
        "duty-short": {
            "zh": "任务生效不到半个周期，或过了截止日才生效",
            "en": "the duty holds for less than half of the window, or not before its due day",
        },
    }
)


def describe_unit_kind(code: str, language: Language = "zh") -> str:
    return (UNIT_KINDS if language == "zh" else UNIT_KINDS_EN).get(code, code)


def describe_line(code: str, language: Language = "zh") -> str:
    return (LINES if language == "zh" else LINES_EN).get(code, code)


def describe_attribute(code: str, language: Language = "zh") -> str:
    return (ATTRIBUTES if language == "zh" else ATTRIBUTES_EN).get(code, code)


def describe_status(code: str, language: Language = "zh") -> str:
    return STATUSES[code][language]


def describe_field(name: str, language: Language = "zh") -> str:
    """A field of a record as the forms call it."""
    words = FIELDS.get(name)
    return words[language] if words else name


def describe_reason(code: str, language: Language = "zh") -> str:
    """Why nothing is owed or nothing can be said; a waiver's own words, and nothing at all, stay as they are."""
    return REASONS[code][language] if code in REASONS else code
