"""Problems as sentences, in Chinese and English: where, which rule, how to mend.

The sentences stand in ``sentences*.yaml``, one entry a code. A value between braces is a parameter of the problem;
values that are themselves codes (a field, a kind of unit) are put into words here.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from wuzha.adapters.wording.supervision import describe_event
from wuzha.adapters.wording.words import Language, Sentences, Words, describe_field
from wuzha.core.base.problem import Problem, Source

NameKey = Callable[[str, Language], str]
# One file a subject: documents and rosters, plans, records, burden, roads, photos and papers, supervision, scores and
# titles, backups, the audit log.
SENTENCES = (
    "sentences.yaml",
    "sentences_plan.yaml",
    "sentences_record.yaml",
    "sentences_burden.yaml",
    "sentences_people.yaml",
    "sentences_roads.yaml",
    "sentences_evidence.yaml",
    "sentences_paper.yaml",
    "sentences_briefing.yaml",
    "sentences_letter.yaml",
    "sentences_supervision.yaml",
    "sentences_score.yaml",
    "sentences_archive.yaml",
    "sentences_keys.yaml",
    "sentences_audit.yaml",
    "sentences_jobs.yaml",
    "sentences_password.yaml",
)
# What the plan language calls it, in the words of the page that asks it. Both are said: a plan may be mended in either.
PLAN_WORDS: Words = MappingProxyType(
    {
        "do": "开展",
        "keep": "保有",
        "cover": "覆盖",
        "file": "报送",
        "check": "核查",
        "space": "间距",
        "attain": "达到",
        "who": "由谁办",
        "kind": "单位类型",
        "line": "条线",
        "area": "辖区",
        "attribute": "基数",
        "name": "名称",
        "at_least": "不少于",
        "at_most": "不超过",
        "change": "升降",
        "every": "多久一次",
        "by": "最晚哪天办完",
        "due": "报送日",
        "month_ends": "按月算到几号",
        "during": "阶段",
        "along": "沿什么路",
        "grade": "等级",
        "of": "基数",
        "through": "通过什么做到",
        "sum": "合计什么",
        "seen_every": "多久看过一次",
        "where": "地点",
        "for": "对象",
        "from": "从哪天开始",
        "to": "到哪天止",
        "against": "与谁比",
        "title": "标题",
        "valid": "有效期",
        "duties": "任务",
    }
)
PLAN_PARAMETERS = frozenset({"verb", "verbs", "key", "needed", "first", "second"})
EVENT_PARAMETERS = frozenset({"event", "event_before"})
WORD = re.compile(r"[a-z_]+")


@cache
def load_sentences() -> Sentences:
    """The table, code to its sentence in each language."""
    table: dict[str, Mapping[str, str]] = {}
    for name in SENTENCES:
        text = files("wuzha.adapters.wording").joinpath(name).read_text(encoding="utf-8")
        table |= yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return MappingProxyType(table)


class _Values(dict[str, str]):
    """A parameter that a problem does not carry shows as a dash: a poorer sentence, never a page that fails."""

    def __missing__(self, name: str) -> str:
        return "—"


def describe_problem(problem: Problem, language: Language = "zh") -> str:
    """The problem as one or two sentences. A code without its sentence is shown as it is, with its values."""
    name_key = name_plan_key if problem.code.split(".")[0] == "plan" else describe_field
    where = describe_source(problem.source, language, name_key)
    values = _Values({name: _put_into_words(name, value, language) for name, value in problem.params})
    template = load_sentences().get(problem.code, {}).get(language, "")
    sentence = template.format_map(values) if template else _list_plainly(problem)
    return f"{where}{'：' if language == 'zh' else ': '}{sentence}" if where else sentence


def name_plan_key(key: str, language: Language = "zh") -> str:
    """A key as it is written in the plan file, in Chinese with its word before it: 单位类型（kind）."""
    return WORD.sub(_name_in_chinese, key) if language == "zh" and "." not in key else key


def _put_into_words(name: str, value: str, language: Language) -> str:
    if name == "field":
        return describe_field(value, language)
    if name in EVENT_PARAMETERS:
        return describe_event(value, language)
    if name in PLAN_PARAMETERS and language == "zh":
        return WORD.sub(_name_in_chinese, value)
    return value


def _name_in_chinese(word: re.Match[str]) -> str:
    return f"{PLAN_WORDS[word[0]]}（{word[0]}）" if word[0] in PLAN_WORDS else word[0]


def _list_plainly(problem: Problem) -> str:
    return " ".join([problem.code, *(f"{name}={value}" for name, value in problem.params)])


def describe_source(source: Source, language: Language = "zh", name_key: NameKey = describe_field) -> str:
    """Where a problem is, from the largest to the smallest: file, sheet, row, column, clause, key."""
    key = name_key(source.key, language)
    return _describe_zh(source, key) if language == "zh" else _describe_en(source, key)


def _describe_zh(source: Source, key: str) -> str:
    parts = [
        f"《{source.document}》" if source.document else "",
        f"“{source.sheet}”表" if source.sheet else "",
        f"第 {source.row} 行" if source.row is not None else "",
        f"“{source.column}”列" if source.column else "",
        f"第 {source.line} 行" if source.line is not None else "",
        f"条款{source.clause}" if source.clause else "",
        f"“{key}”" if key else "",
    ]
    return "".join(parts)


def _describe_en(source: Source, key: str) -> str:
    parts = [
        source.document,
        f"sheet “{source.sheet}”" if source.sheet else "",
        f"row {source.row}" if source.row is not None else "",
        f"column “{source.column}”" if source.column else "",
        f"line {source.line}" if source.line is not None else "",
        f"clause {source.clause}" if source.clause else "",
        f"“{key}”" if key else "",
    ]
    return ", ".join(part for part in parts if part)
