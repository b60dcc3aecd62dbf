"""What collides with a higher rule, in sentences: which rule, since when, why, and a wording that would do."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from wuzha.adapters.wording.words import Language
from wuzha.core.plan.lint.rule import LEVELS, Basis, Finding, Rule, Rules

LEVEL_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "error": {"zh": "必须改", "en": "must be changed"},
        "warning": {"zh": "建议改", "en": "should be changed"},
        "note": {"zh": "请留意", "en": "worth a look"},
    }
)
PROPOSAL = MappingProxyType(
    {"zh": "本项目建议（不是国家规定）", "en": "A proposal of this project, no rule of the state"}
)


class _Values(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "—"


def say_why(rule: Rule, finding: Finding, language: Language) -> str:
    return (rule.why if language == "zh" else rule.why_en).format_map(_Values(finding.params))


def say_wording(rule: Rule, finding: Finding, language: Language) -> str:
    """A wording that would do, with the clause's own object put in."""
    return (rule.wording if language == "zh" else rule.wording_en).format_map(_Values(finding.params))


def say_title(rule: Rule, language: Language) -> str:
    return rule.title if language == "zh" else rule.title_en


def say_level(level: str, language: Language) -> str:
    return LEVEL_WORDS[level][language]


def say_basis(basis: Basis, language: Language) -> str:
    """《…》（文号）第…条，自2026年1月25日起。"""
    opens = basis.opens_on
    if language == "zh":
        number = f"（{basis.number}）" if basis.number else ""
        return f"《{basis.name}》{number}{basis.article}，{opens.year}年{opens.month}月{opens.day}日起"
    number = f" ({basis.number})" if basis.number else ""
    article = f", {basis.article}" if basis.article else ""
    return f"{basis.name_en}{number}{article}, since {opens.isoformat()}"


def say_bases(rule: Rule, day: date, language: Language) -> tuple[str, ...]:
    """What the rule rests on that day; for a proposal that it is one."""
    if rule.is_proposal:
        return (PROPOSAL[language],)
    return tuple(say_basis(basis, language) for basis in rule.list_bases(day))


def count_findings(findings: Sequence[Finding], language: Language) -> str:
    """发现 6 处，其中 1 处必须改。"""
    grave = sum(finding.level == "error" for finding in findings)
    if not findings:
        return "没有发现与上级规定冲突的地方。" if language == "zh" else "Nothing collides with a higher rule."
    if language == "zh":
        return f"发现 {len(findings)} 处" + (f"，其中 {grave} 处必须改。" if grave else "，没有必须改的。")
    places = "1 place" if len(findings) == 1 else f"{len(findings)} places"
    return f"{places} found, {grave or 'none'} of which must be changed."


def say_summary(name: str, findings: Sequence[Finding], day: date, language: Language) -> str:
    """《方案》合规体检（按 2027 年 1 月 1 日有效的规定）：发现 6 处…"""
    told = count_findings(findings, language)
    if language == "zh":
        return f"《{name}》合规体检（按{day.year}年{day.month}月{day.day}日有效的规定）：{told}"
    return f"{name}, against the higher rules in force on {day.isoformat()}: {told}"


def render_finding(finding: Finding, rules: Rules, day: date, language: Language) -> str:
    """A finding for a terminal: level, clause, words and rule; then the basis, why, and a wording that would do."""
    rule, zh = rules[finding.code], language == "zh"
    clause = (f"条款{finding.clause}" if zh else f"clause {finding.clause}") if finding.clause else ""
    words = f"“{' '.join(finding.words.split())}”" if finding.words else ""
    head = " ".join(part for part in (say_level(finding.level, language), clause, words) if part)
    colon = "：" if zh else ": "
    labels = ("依据", "为什么", "可以写成") if zh else ("Basis", "Why", "Better")
    bases = ("；" if zh else "; ").join(say_bases(rule, day, language))
    told = (bases, say_why(rule, finding, language), say_wording(rule, finding, language))
    lines = [f"{head}{colon}{say_title(rule, language)} [{finding.code}]"]
    return "\n".join([*lines, *(f"    {label}{colon}{text}" for label, text in zip(labels, told, strict=True))])


PAGE_HEAD = """# 合规体检的规则

方案印发前，无诈拿这些规则逐句对照：哪句话和上级规定冲突，依据是什么，怎样写才行。规则是带日期的数据，
写在 `src/wuzha/core/plan/lint.yaml`；本页由它生成，改了规则就重新生成：

```sh
.venv/bin/python scripts/lint_page.py
```

- 每条规则从所依据的文件生效那天起算；方案有效期里离今天最近的一天，哪些规则有效就用哪些。
- “必须改”：法律明令禁止。“建议改”：与国家规定不合，或者数字撑不住。“请留意”：看一眼再定。
- 没有国家规定作依据的，写明“本项目建议”，不当作国家规定使用。
- 方案里写明禁止的（如“不得强制安装”）、讲解骗术的，不会指出。
- 体检不改动方案，多数只提醒；只有牵连亲属这一类，无诈不让对应的任务生效，改写或删掉后才能发布。

English: `wuzha check` and the plan pages give each finding in English too.
"""


def render_page(rules: Rules) -> str:
    """The text of docs/rules/lint.md: every rule with its basis, what gives it away, and what would do."""
    levels = [(level, [rule for rule in rules.values() if rule.level == level]) for level in LEVELS]
    lines = [PAGE_HEAD, f"共 {len(rules)} 条。"]
    for level, members in levels:
        lines += ["", f"## {say_level(level, 'zh')}（{len(members)} 条）"]
        for rule in members:
            lines += ["", *_list_rule_lines(rule)]
    return "\n".join(lines) + "\n"


def _list_rule_lines(rule: Rule) -> Iterator[str]:
    example = Finding(code=rule.code, level=rule.level, params=(*PAGE_VALUES.items(), *_name_object(rule)))
    bases = "；".join(say_basis(basis, "zh") for basis in rule.bases) or PROPOSAL["zh"]
    yield f"### {rule.title} `{rule.code}`"
    yield ""
    yield f"- 依据：{bases}"
    yield f"- 怎样认出：{rule.looks_for}"
    yield f"- 为什么：{say_why(rule, example, 'zh')}"
    yield f"- 可以写成：{say_wording(rule, example, 'zh')}"


PAGE_VALUES: Mapping[str, str] = MappingProxyType(
    {
        "size": "…",
        "limit": "…",
        "over": "…",
        "who": "…",
        "times": "几",
        "base": "…",
        "goal": "…",
        "use": "其他工作",
        "known": "名册上",
    }
)


def _name_object(rule: Rule) -> tuple[tuple[str, str], ...]:
    return (("object", rule.object or "…"),)
