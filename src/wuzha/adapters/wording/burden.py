"""What a plan costs, in words: minutes as people say them, each summand, and why something is not known."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType

from wuzha.adapters.wording.words import Language, describe_attribute, describe_unit_kind
from wuzha.core.duty.model import Duty
from wuzha.core.duty.sentence import Titles
from wuzha.core.plan.burden.load import Term
from wuzha.core.plan.burden.repeat import KnownFiling, Repeat
from wuzha.core.plan.burden.weigh import KindBurden, Load

Words = Mapping[str, Mapping[Language, str]]

REASONS: Words = MappingProxyType(
    {
        "vague": {"zh": "没有能算的数", "en": "nothing in it can be counted"},
        "no-who": {"zh": "没有写明由谁办", "en": "nobody is named to do it"},
        "no-bearer": {"zh": "花名册里没有单位来办", "en": "no unit of the roster bears it"},
        "no-unit-kind": {
            "zh": "没有写明是哪类单位，要有花名册才知道",
            "en": "only a roster tells which kinds of unit bear it",
        },
        "no-base": {"zh": "花名册里没有这一项的基数", "en": "the roster has no figure to reckon with"},
        "no-roster": {
            "zh": "没有给花名册（--units），不知道户数、人数这样的基数",
            "en": "no roster was given (--units) to reckon with",
        },
        "no-kind": {"zh": "没有哪一种台账记录能记它", "en": "no kind of record counts for it"},
        "no-size": {
            "zh": "不知道一次能有多少人或多少面积",
            "en": "nobody knows how many heads or how much area one record has",
        },
        "no-register": {
            "zh": "还没有名册，不知道有多少人要核查",
            "en": "there is no register yet to say how many are to be checked",
        },
    }
)
WINDOWS: Words = MappingProxyType(
    {
        "": {"zh": "", "en": ""},
        "day": {"zh": "天", "en": "days"},
        "week": {"zh": "周", "en": "weeks"},
        "fortnight": {"zh": "个两周", "en": "fortnights"},
        "month": {"zh": "个月", "en": "months"},
        "quarter": {"zh": "个季度", "en": "quarters"},
        "half-year": {"zh": "个半年", "en": "half-years"},
        "semester": {"zh": "个学期", "en": "semesters"},
        "year": {"zh": "年", "en": "years"},
    }
)
PARTS: Words = MappingProxyType(
    {
        "week": {"zh": "一周的 {part}", "en": "{part} of a week"},
        "fortnight": {"zh": "两周的 {part}", "en": "{part} of a fortnight"},
        "month": {"zh": "一个月的 {part}", "en": "{part} of a month"},
        "quarter": {"zh": "一个季度的 {part}", "en": "{part} of a quarter"},
        "half-year": {"zh": "半年的 {part}", "en": "{part} of a half-year"},
        "semester": {"zh": "一个学期的 {part}", "en": "{part} of a semester"},
        "year": {"zh": "一年的 {part}", "en": "{part} of a year"},
    }
)
"""Less than one window, which rounded would be none: a day of a year."""
MOST_DAYS = 366
RELATIONS: Words = MappingProxyType(
    {
        "same-record": {"zh": "一次记录两边都算数，不用多做", "en": "one record serves both; no extra work"},
        "other-form": {
            "zh": "同一件事换个样子又要一遍，一次记录两边都算数",
            "en": "the same asked again in another form; one record serves both",
        },
        "again": {"zh": "同一件事再要一遍，得另做", "en": "the same asked again; it has to be done twice"},
    }
)
DIFFERENCES: Words = MappingProxyType(
    {
        "measure": {"zh": "计法不同", "en": "counted otherwise"},
        "amount": {"zh": "数量不同", "en": "another amount"},
        "cadence": {"zh": "周期不同", "en": "another cadence"},
        "deadline": {"zh": "期限不同", "en": "another deadline"},
        "narrow": {"zh": "地点或对象不同", "en": "other places or people"},
    }
)

# How many kinds of record are named before the rest are only counted.
MANY = 6


def say_minutes(minutes: Fraction, language: Language = "zh") -> str:
    """3 小时 20 分: whole minutes; what is less than one is said to be, and only nothing is 0."""
    whole = round(minutes)
    if minutes and not whole:
        return "不到 1 分钟" if language == "zh" else "under 1 min"
    hours, rest = divmod(whole, 60)
    if language == "en":
        return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"
    if not hours:
        return f"{rest} 分钟"
    return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"


def say_number(number: Fraction) -> str:
    """Whole, or with one decimal: 12, 52.1."""
    return f"{float(number):,.1f}".removesuffix(".0")


def say_reason(code: str, language: Language = "zh") -> str:
    return REASONS[code][language] if code in REASONS else code


def say_term(term: Term, duty: Duty, kinds: Titles, language: Language = "zh") -> str:
    """12 个月 × 1 次 集中宣传活动 × 240 分钟."""
    kind = kinds.get(term.kind)
    title = term.kind if kind is None else kind.title if language == "zh" else kind.title_en
    parts = [_say_often(term, duty, language), _say_number_of(term, title, duty, language)]
    parts.append(f"{say_number(term.minutes)} {'分钟' if language == 'zh' else 'min'}")
    text = " × ".join(part for part in parts if part)
    if not term.base_name or term.base is None:
        return text
    base = f"{describe_attribute(term.base_name, language)} {say_number(term.base)}"
    return f"{text}（{base}）" if language == "zh" else f"{text} ({base})"


def _say_number_of(term: Term, title: str, duty: Duty, language: Language) -> str:
    """12 次集中宣传活动; of a figure that only has to be noted down (发案) that it is."""
    number = say_number(term.number)
    if duty.verb == "attain":
        return f"登记 {number} 次{title}" if language == "zh" else f"{number} × noting down {title}"
    return f"{number} 次{title}" if language == "zh" else f"{number} × {title}"


def _say_often(term: Term, duty: Duty, language: Language) -> str:
    if term.part == "look":
        again = "再看 {n} 遍" if language == "zh" else "{n} looks again"
        return again.format(n=say_number(term.windows))
    if duty.rhythm is None:
        return "" if term.windows == 1 else say_number(term.windows)
    if term.windows < 1:
        return PARTS[duty.rhythm.cadence][language].format(part=term.windows.limit_denominator(MOST_DAYS))
    word = WINDOWS[duty.rhythm.cadence][language]
    return f"{say_number(term.windows)} {word.removesuffix('s') if term.windows == 1 else word}"


def say_terms(load: Load, kinds: Titles, language: Language = "zh") -> str:
    """The whole sum, or that nothing has to be recorded for the duty."""
    if not load.terms:
        return "由已有的记录算出，不另外登记" if language == "zh" else "computed from records that are kept anyway"
    return " + ".join(say_term(term, load.duty, kinds, language) for term in load.terms)


def say_share(load: Load, language: Language = "zh") -> str:
    """How many units of the kind bear the duty, where not all of them do."""
    if load.bearers == load.units:
        return ""
    if language == "zh":
        return f"{load.units} 个里有 {load.bearers} 个承担，摊到每个"
    return f"borne by {load.bearers} of {load.units}, spread over all"


def say_weekly(burden: KindBurden, language: Language = "zh") -> str:
    """The answer for one kind of unit: 一个村每周约 3 小时 20 分，其中入户宣传占一半."""
    kind = describe_unit_kind(burden.kind, language)
    minutes = say_minutes(burden.weekly, language)
    if not burden.known:
        return f"{kind}：算不出来" if language == "zh" else f"{kind}: cannot be told"
    about = round(burden.weekly) >= 1
    if language == "en":
        return f"{kind}: {'about ' if about else ''}{minutes} a week each"
    return f"一个{kind}每周{'约 ' if about else ''}{minutes}"


def say_parted(burden: KindBurden, language: Language = "zh") -> str:
    """That no single unit may carry it all: without a roster, duties of one line or name are added up for the kind."""
    parted = [load for load in burden.known if load.duty.who.line or load.duty.who.name or load.duty.who.area]
    if burden.units or not parted:
        return ""
    kind = describe_unit_kind(burden.kind, language)
    if language == "zh":
        return f"；这是全部加在一起：其中 {len(parted)} 条只由个别{kind}办，没有花名册分不开"
    return f"; all added up: {len(parted)} of the duties fall on some of them only, which a roster would tell"


def list_heaviest(burden: KindBurden) -> tuple[Load, ...]:
    """The known duties of a kind, the most costly first."""
    return tuple(sorted(burden.known, key=lambda load: (-load.average, load.duty.id)))


def say_part(part: Fraction, whole: Fraction, language: Language = "zh") -> str:
    """占一半, 占 37%: rounded, to be said right after what it is a part by."""
    if not whole:
        return ""
    share = round(part * 100 / whole)
    if language == "en":
        return " half" if 45 <= share <= 55 else f" {share}%"
    return "占一半" if 45 <= share <= 55 else f"占 {share}%"


def say_repeat(repeat: Repeat, language: Language = "zh") -> str:
    comma, stop = ("、", "：") if language == "zh" else (", ", ": ")
    differs = comma.join(DIFFERENCES[code][language] for code in repeat.differs)
    told = RELATIONS[repeat.relation][language]
    return f"{told}{stop}{differs}" if differs else told


def say_known(filing: KnownFiling, kinds: Titles, language: Language = "zh") -> str:
    """Which figures of a table the ledger has already."""
    shown = _join((_title(code, kinds, language) for code in filing.kinds[:MANY]), language)
    count = len(filing.kinds)
    if language == "en":
        more = f" and {count - MANY} more" if count > MANY else ""
        return f"known already: the ledger has the figures of {shown}{more}; the table can be made from it"
    more = f" 等 {count} 项" if count > MANY else ""
    return f"字段已知：{shown}{more}的数台账里都有，表可以由无诈自动算出，不用再填"


def _title(code: str, kinds: Titles, language: Language) -> str:
    kind = kinds.get(code)
    return code if kind is None else kind.title if language == "zh" else kind.title_en


def _join(words: Iterable[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(words)
