"""Two plans side by side, in words: what became of a duty, in which facet, why two duties are taken for one."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from wuzha.adapters.wording.duty import ENGLISH, render_goal
from wuzha.adapters.wording.words import Language, describe_field, describe_unit_kind
from wuzha.core.base.windows import Cadence
from wuzha.core.duty.model import Duty
from wuzha.core.duty.sentence import CHINESE, Titles, Words, render_number, render_who
from wuzha.core.plan.diff.compare import Diff, Entry, Fate
from wuzha.core.plan.diff.coverage import Carried, Cover, Coverage, Reach
from wuzha.core.plan.diff.facets import Change, Facet, Turn, find_yearly_rate

Table = Mapping[str, Mapping[Language, str]]

FATES: Table = MappingProxyType(
    {
        Fate.ADDED: {"zh": "新增", "en": "added"},
        Fate.GONE: {"zh": "取消", "en": "gone"},
        Fate.TIGHTENED: {"zh": "加严", "en": "tightened"},
        Fate.LOOSENED: {"zh": "放宽", "en": "loosened"},
        Fate.MIXED: {"zh": "有严有宽", "en": "both tighter and looser"},
        Fate.MOVED: {"zh": "换了承办单位", "en": "moved to another actor"},
        Fate.CHANGED: {"zh": "换了做法", "en": "changed otherwise"},
        Fate.SAME: {"zh": "没变", "en": "unchanged"},
    }
)
COUNTS: Table = MappingProxyType(
    {
        Fate.ADDED: {"zh": "多 {n} 条", "en": "{n} added"},
        Fate.GONE: {"zh": "少 {n} 条", "en": "{n} gone"},
        Fate.TIGHTENED: {"zh": "加严 {n} 条", "en": "{n} tightened"},
        Fate.LOOSENED: {"zh": "放宽 {n} 条", "en": "{n} loosened"},
        Fate.MIXED: {"zh": "有严有宽 {n} 条", "en": "{n} both tighter and looser"},
        Fate.MOVED: {"zh": "换了承办单位 {n} 条", "en": "{n} moved to another actor"},
        Fate.CHANGED: {"zh": "换了做法 {n} 条", "en": "{n} changed otherwise"},
    }
)
FACETS: Table = MappingProxyType(
    {
        Facet.OBJECT: {"zh": "做什么", "en": "what is done"},
        Facet.COUNTED: {"zh": "写没写明数量", "en": "whether it is counted"},
        Facet.WORDS: {"zh": "原话", "en": "wording"},
        Facet.MEASURE: {"zh": "按什么计", "en": "what is counted"},
        Facet.AMOUNT: {"zh": "数量", "en": "amount"},
        Facet.CADENCE: {"zh": "多久一次", "en": "how often"},
        Facet.RATE: {"zh": "一年合计次数", "en": "times a year"},
        Facet.BUNCHED: {"zh": "能不能攒到最后办", "en": "may be left to the end"},
        Facet.DEADLINE: {"zh": "期限", "en": "deadline"},
        Facet.STRETCH: {"zh": "管多长时间", "en": "for how long"},
        Facet.WHO: {"zh": "由谁办", "en": "who"},
        Facet.ACTOR: {"zh": "由谁办", "en": "who"},
        Facet.LEAD: {"zh": "牵头和配合", "en": "who leads and assists"},
        Facet.NARROW: {"zh": "什么样的才算", "en": "what counts"},
        Facet.SEEN: {"zh": "多久看一遍", "en": "how often it is looked at"},
        Facet.PROOF: {"zh": "附什么", "en": "proof"},
    }
)
TURNS: Table = MappingProxyType(
    {
        Turn.TIGHTER: {"zh": "加严", "en": "tighter"},
        Turn.LOOSER: {"zh": "放宽", "en": "looser"},
        Turn.OTHER: {"zh": "不同", "en": "otherwise"},
    }
)
REASONS: Table = MappingProxyType(
    {
        "same": {"zh": "内容和说法都一样", "en": "the same in content and words"},
        "same-task": {"zh": "由同样的单位做同一件事", "en": "the same task of the same units"},
        "same-object": {"zh": "同一件事，说法像 {alike}%", "en": "the same task, {alike}% alike in words"},
        "same-words": {"zh": "说法像 {alike}%", "en": "{alike}% alike in words"},
    }
)
REACHES: Table = MappingProxyType(
    {
        Reach.MORE: {"zh": "要得更多", "en": "asks more"},
        Reach.SAME: {"zh": "一样", "en": "as much"},
        Reach.LESS: {"zh": "要得少了", "en": "asks less"},
        Reach.OTHER: {"zh": "换了计法，没法直接比", "en": "in another measure"},
        Reach.NONE: {"zh": "没有安排", "en": "not at all"},
        Reach.ELSEWHERE: {"zh": "不用下级办", "en": "not for the lower unit"},
    }
)
COVERS: Table = MappingProxyType(
    {
        Reach.MORE: {"zh": "要得更多 {n} 条", "en": "{n} more"},
        Reach.SAME: {"zh": "一样 {n} 条", "en": "{n} as much"},
        Reach.LESS: {"zh": "要得少了 {n} 条", "en": "{n} less"},
        Reach.OTHER: {"zh": "没法直接比 {n} 条", "en": "{n} in another measure"},
        Reach.NONE: {"zh": "没有安排 {n} 条", "en": "{n} not at all"},
    }
)
ENDS: Table = MappingProxyType(
    {
        "": {"zh": "期末", "en": "of the plan"},
        Cadence.WEEK: {"zh": "周末", "en": "of the week"},
        Cadence.FORTNIGHT: {"zh": "两周的最后", "en": "of the fortnight"},
        Cadence.MONTH: {"zh": "月底", "en": "of the month"},
        Cadence.QUARTER: {"zh": "季度末", "en": "of the quarter"},
        Cadence.HALF_YEAR: {"zh": "半年末", "en": "of the half-year"},
        Cadence.SEMESTER: {"zh": "学期末", "en": "of the semester"},
        Cadence.YEAR: {"zh": "年底", "en": "of the year"},
    }
)
NOT_SAID: Mapping[Language, str] = MappingProxyType({"zh": "没有写", "en": "not said"})


def _words(language: Language) -> Words:
    return ENGLISH if language == "en" else CHINESE


def say_fate(fate: str, language: Language = "zh") -> str:
    return FATES[fate][language]


def say_reach(reach: str, language: Language = "zh") -> str:
    return REACHES[reach][language]


def say_reason(entry: Entry, language: Language = "zh") -> str:
    """Why the two duties are taken for one; empty where there is only one."""
    if entry.reason is None:
        return ""
    return REASONS[entry.reason][language].format(alike=entry.alike // 10)


def say_diff(diff: Diff, language: Language = "zh") -> str:
    """The answer in one line: 多 4 条、少 2 条、加严 3 条，27 条没变."""
    same = diff.count(Fate.SAME)
    parts = [COUNTS[fate][language].format(n=diff.count(Fate(fate))) for fate in COUNTS if diff.count(Fate(fate))]
    if not parts:
        return f"没有不同，{same} 条都没变" if language == "zh" else f"no difference, {same} unchanged"
    if language == "en":
        return f"{', '.join(parts)}; {same} unchanged"
    return f"{'、'.join(parts)}，{same} 条没变"


def say_coverage(coverage: Coverage, language: Language = "zh") -> str:
    """The answer in one line: how many of the higher duties that fall on the unit are carried out, and how far."""
    parts = [COVERS[reach][language].format(n=coverage.count(Reach(reach))) for reach in COVERS]
    told = [part for part, reach in zip(parts, COVERS, strict=True) if coverage.count(Reach(reach))]
    if language == "en":
        return f"{coverage.falling} duties fall below: {', '.join(told)}" if told else "no duty falls below"
    return f"要下级办的有 {coverage.falling} 条：{'、'.join(told)}" if told else "没有一条要下级办"


def say_verdict(coverage: Coverage, language: Language = "zh") -> str:
    """Whether the lower plan asks less than the higher, plainly."""
    short = coverage.count(Reach.NONE, Reach.LESS)
    if short:
        return (
            f"比上级方案要求低：有 {short} 条少要了或没有安排"
            if language == "zh"
            else f"Asks less than the higher plan: {short} duties"
        )
    if coverage.count(Reach.OTHER):
        unclear = coverage.count(Reach.OTHER)
        return (
            f"没有少要的，有 {unclear} 条换了计法，要人来看"
            if language == "zh"
            else f"Nothing is asked less; {unclear} duties need a look"
        )
    return "上级方案的要求都落实了" if language == "zh" else "Carries the higher plan out"


Show = Callable[[Duty, Titles, Language], str]


def say_change(change: Change, old: Duty, new: Duty, kinds: Titles, language: Language = "zh") -> str:
    """数量：至少 1 → 至少 2（加严）."""
    show = SHOWN[change.facet]
    before, after = (show(duty, kinds, language) or NOT_SAID[language] for duty in (old, new))
    facet, turn = FACETS[change.facet][language], TURNS[change.turn][language]
    if language == "en":
        return f"{facet}: {before} → {after} ({turn})"
    return f"{facet}：{before} → {after}（{turn}）"


def _show_object(duty: Duty, kinds: Titles, language: Language) -> str:
    words = _words(language)
    codes = [code for code in (duty.object, *duty.also) if code]
    titles = [words.title(kinds[code]) if code in kinds else words.populations.get(code, code) for code in codes]
    return words.comma.join(titles)


def _show_counted(duty: Duty, kinds: Titles, language: Language) -> str:
    if duty.vague:
        return "没有数量" if language == "zh" else "no number"
    return render_goal(duty, language) or ("按次计" if language == "zh" else "counted")


def _show_words(duty: Duty, kinds: Titles, language: Language) -> str:
    quote = " ".join(duty.quote.split())
    return f"“{quote}”"


def _show_amount(duty: Duty, kinds: Titles, language: Language) -> str:
    return render_goal(duty, language)


def _show_measure(duty: Duty, kinds: Titles, language: Language) -> str:
    """What the amount is an amount of, since the amounts themselves may be equal."""
    goal, field = render_goal(duty, language), describe_field(duty.measure, language) if duty.measure else ""
    if not field:
        return goal
    return f"{goal}（按{field}）" if language == "zh" else f"{goal} (by {field})"


def _show_cadence(duty: Duty, kinds: Titles, language: Language) -> str:
    if duty.rhythm is None:
        return "只办一次" if language == "zh" else "once"
    return _words(language).rhythms[duty.rhythm.cadence]


def _show_rate(duty: Duty, kinds: Titles, language: Language) -> str:
    told = f"{_show_cadence(duty, kinds, language)} {render_goal(duty, language)}".strip()
    count = render_number(find_yearly_rate(duty))
    return f"{told}（一年 {count}）" if language == "zh" else f"{told} ({count} a year)"


def _show_deadline(duty: Duty, kinds: Titles, language: Language) -> str:
    words = _words(language)
    when = _show_due(duty, language)
    return words.phrases[f"when.{duty.due.on_day_off}"].format(when=when) if duty.due.on_day_off else when


def _show_due(duty: Duty, language: Language) -> str:
    words = _words(language)
    if duty.rhythm is not None:
        day = str(duty.due.day) if duty.due.day else ""
        return words.phrases["when.due"].format(rhythm="", day=day).strip() if day else _show_end(language)
    return words.phrases["when.by"].format(day=words.day(duty.by or duty.valid.last_day))


def _show_end(language: Language) -> str:
    return "期末" if language == "zh" else "the end"


def _show_stretch(duty: Duty, kinds: Titles, language: Language) -> str:
    words = _words(language)
    opens, last = words.day(duty.valid.opens), words.day(duty.valid.last_day)
    return words.phrases["when.days"].format(opens=opens, last=last)


def _show_who(duty: Duty, kinds: Titles, language: Language) -> str:
    return render_who(duty.who, _words(language))


def _show_lead(duty: Duty, kinds: Titles, language: Language) -> str:
    return _words(language).comma.join(part for part in (duty.lead, duty.assist) if part)


def _show_narrow(duty: Duty, kinds: Titles, language: Language) -> str:
    words, narrow = _words(language), duty.narrow
    through = [words.title(kinds[duty.through]) if duty.through in kinds else duty.through]
    parts = [*narrow.place, *narrow.audience, words.grades.get(narrow.grade, narrow.grade), *through]
    parts.append(words.roads.get(duty.along, duty.along))
    return words.comma.join(part for part in parts if part) or ("都算" if language == "zh" else "anything")


def _show_seen(duty: Duty, kinds: Titles, language: Language) -> str:
    if duty.seen_every_days is None:
        return ""
    return f"{duty.seen_every_days} 天" if language == "zh" else f"{duty.seen_every_days} days"


def _show_proof(duty: Duty, kinds: Titles, language: Language) -> str:
    return _words(language).comma.join(duty.proof)


SHOWN: Mapping[str, Show] = MappingProxyType(
    {
        Facet.OBJECT: _show_object,
        Facet.COUNTED: _show_counted,
        Facet.WORDS: _show_words,
        Facet.MEASURE: _show_measure,
        Facet.AMOUNT: _show_amount,
        Facet.CADENCE: _show_cadence,
        Facet.RATE: _show_rate,
        Facet.BUNCHED: _show_rate,
        Facet.DEADLINE: _show_deadline,
        Facet.STRETCH: _show_stretch,
        Facet.WHO: _show_who,
        Facet.ACTOR: _show_who,
        Facet.LEAD: _show_lead,
        Facet.NARROW: _show_narrow,
        Facet.SEEN: _show_seen,
        Facet.PROOF: _show_proof,
    }
)


def say_changes(changes: Sequence[Change], old: Duty, new: Duty, kinds: Titles, language: Language = "zh") -> list[str]:
    return [say_change(change, old, new, kinds, language) for change in changes]


def say_entry_changes(entry: Entry, kinds: Titles, language: Language = "zh") -> list[str]:
    return say_changes(entry.changes, entry.old, entry.new, kinds, language) if entry.old and entry.new else []


def say_carried_changes(cover: Cover, carried: Carried, kinds: Titles, language: Language = "zh") -> list[str]:
    """Each difference; who bears it and what may be left to the end are told in sentences of their own."""
    return [_say_carried_change(change, cover.duty, carried.duty, kinds, language) for change in carried.changes]


def _say_carried_change(change: Change, higher: Duty, lower: Duty, kinds: Titles, language: Language) -> str:
    if change.facet == Facet.BUNCHED:
        return _say_bunched(higher, lower, kinds, language)
    if change.facet == Facet.ACTOR:
        return _say_bearers(higher, lower, language)
    return say_change(change, higher, lower, kinds, language)


def _say_bunched(higher: Duty, lower: Duty, kinds: Titles, language: Language) -> str:
    """每月至少 1 改成了每年合计至少 12，可以集中到年底."""
    (often, amount), (rarely, total) = (
        (_show_cadence(duty, kinds, language), render_goal(duty, language)) for duty in (higher, lower)
    )
    end = ENDS[lower.rhythm.cadence if lower.rhythm else ""][language]
    if language == "en":
        return f"{often} {amount} became {rarely} {total} in all; they may be left to the end {end} (looser)"
    whole = "整期" if lower.rhythm is None else rarely
    return f"{often}{amount} 改成了 {whole}合计{total}，可以集中到{end}（放宽）"


def _say_bearers(higher: Duty, lower: Duty, language: Language) -> str:
    asked, bears = (render_who(duty.who, _words(language)) for duty in (higher, lower))
    if language == "en":
        return f"who: asked of {asked}; the lower plan has {bears} do it"
    return f"由谁办：上级方案要求{asked}办，下级方案交给{bears}办"


def say_left_out(cover: Cover, language: Language = "zh") -> str:
    """Kinds of unit that the higher duty names and the lower plan forgets."""
    kinds = _words(language).comma.join(describe_unit_kind(kind, language) for kind in cover.left_out)
    if not kinds:
        return ""
    return f"没有提到：{kinds}" if language == "zh" else f"left out: {kinds}"
