"""By when: dates, ranges of dates, days of a month, ends of months and years. Patterns hold on folded text.

A deadline is written as an ISO date, ``XXXX-MM-DD`` without a year, ``monthly day 20``, ``weekly Friday``,
``daily 12:00``, ``about ...`` or ``relative: ...``.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from wuzha.core.base.numerals import parse_number
from wuzha.core.plan.phrases.quick import Table, list_signs, quick

Kind = Literal["range", "by", "on", "recurrent", "relative", "season"]
_BASE = quick(
    r"(?:环比|同比|较|对比|比|与|低于)(?:20\d\d年|去年|上年)(?:同期|[上下]半年|第?[一二三四]季度|\d{1,2}月份?)?|(?:环比|同比|较|比)(?:[上下]半年|第?[一二三四]季度)"
    r"|在?(?:20\d\d年|去年|上年)?(?:[上下]半年|第?[一二三四]季度|\d{1,2}月份?|20\d\d年)(?:的)?(?:基础|水平|总量)上"
)
_YEAR = r"(?:(20\d\d)年|20[xX×]{2}年|今年|本年度?|当年)?"
_LOOSE = r"(\d{1,2})月(?:份)?(?:(\d{1,2})(?:[日号]|(?=[-至到起)。,;]|$))|(上旬|中旬|下旬|初|底|末))?"
_POINT = r"(\d{1,2})月(?:份)?(?:(\d{1,2})[日号]|(上旬|中旬|下旬|初|底|末))?"
_TO = r"(?:起|开始|启动|开展|干|做|抓|忙)?,?(?:持续到|至|到|-){1,3}"
_BEFORE = r"(?:\d{1,2}[时点:]\d{0,2}分?)?(?:下班)?(?:\(.{1,6}\))?(?:之前|以前|前|截止|为止|止|内|结束(?![后时]))"
_EVENT = r"(?:[一-龥]{0,4}?(?:散学|放学|放假|离校|开学|开工|返校|下班|散场|高考|中考|考试|公布|发布|收假|开业|报到))"
_NOW = r"(?:即日|现在|(?:自|从)?本?(?:通知|方案|文件)?(?:印发|下发|发布|发文)之日)"
_HAN_MONTH = r"(?<![每十两三几数\d个季第])(?:十[一二]?|[一二三四五六七八九])(?=月)"
_HAN_DAY = r"(?<=[月至到、和-])(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[日号](?!内|之内|以内))"
_HAN_DATE = quick(
    rf"(?P<han>(?<![\d百千万美公])元(?=月(?:[底末初上中下前份]|[\d一二三十]))|[二2][〇○Oo零0][一二三四五六七八九〇○Oo零\d]{{2}}(?=年)|{_HAN_DAY}|"
    rf"{_HAN_MONTH}(?=月(?:份|[底末初上中下]|之?前|以前|起|至|到|-|[一二三]?十?[一二三四五六七八九]?[日号]))"
    rf"|(?<=[一二三四五六七八九]月[、和])(?:十[一二]?|[一二三四五六七八九])(?=月))"
    rf"|(?P<next>(?:次|翌|明|来|下一?)年(?=\d|[一二三四五六七八九十]{{1,2}}月))|(?P<quarter>(?<![A-Za-z])Q[1-4](?!\d))"
)
"""五月底, 二〇二七年六月十五日, 次年2月, Q2: what is put into figures before the patterns see it."""
_SPLIT_YEAR = str.maketrans("〇○Oo零一二三四五六七八九", "00000123456789")
_NAMED_DAYS = MappingProxyType(
    {"国家宪法日": (12, 4), "宪法日": (12, 4), "国家安全教育日": (4, 15), "消费者权益日": (3, 15),
     "国际禁毒日": (6, 26), "警察节": (1, 10), "教师节": (9, 10), "儿童节": (6, 1), "劳动节": (5, 1), "青年节": (5, 4)}
)  # fmt: skip
_WEEKDAYS = MappingProxyType(
    {"一": "Monday", "二": "Tuesday", "三": "Wednesday", "四": "Thursday", "五": "Friday", "六": "Saturday"}
)
_TENTHS = MappingProxyType({"初": 10, "上旬": 10, "中旬": 20})
_QUARTERS = MappingProxyType({"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12})


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class Calendar:
    """In which year a month lies that is written without one.

    ``year`` is four digits or ``XXXX``. ``turn`` is the first month of a stretch that runs over new year (9 for a
    school year, 11 for November to February), and the months before it lie in the year after; 0 where there is none.
    """

    year: str
    turn: int = 0

    def find_year(self, month: int) -> str:
        return _add_year(self.year) if month < self.turn else self.year


def _add_year(year: str) -> str:
    return str(int(year) + 1) if year.isdigit() else year


@dataclass(slots=True, unsafe_hash=True)  # never changed; made by the hundred, and frozen ones cost twice as much
class DateHit:
    """A date or stretch in the words; ``inferred`` is true when the year stands elsewhere.

    A ``season`` (2027年, 宣传月期间, 开学前) times what is asked but asks for nothing by itself.
    """

    start: int
    end: int
    kind: Kind
    window_start: str | None
    deadline: str | None
    inferred: bool = False


Maker = Callable[[re.Match[str], Calendar], DateHit | None]


def find_dates(folded: str, calendar_: Calendar) -> tuple[DateHit, ...]:
    """Every date in the order of the text; ``calendar_`` says which year is meant where the words give none."""
    if not can_hold_date(folded):
        return ()
    if _HAN_DATE.search(folded):
        return _find_written(folded, calendar_)
    return _find_plain(folded, calendar_)


def _find_plain(folded: str, calendar_: Calendar) -> tuple[DateHit, ...]:
    rules = _TABLE.choose(folded)
    if not rules:
        return ()
    hits: list[DateHit] = []
    if _BASE.search(folded):  # 较2023年 is what is compared with, no time to act
        folded = _BASE.sub(lambda base: "#" * len(base[0]), folded)
    for pattern, make in rules:
        for match in pattern.finditer(folded):
            if any(match.start() < hit.end and match.end() > hit.start for hit in hits):
                continue
            if hit := make(match, calendar_):
                hits.append(hit)
    return tuple(sorted(hits, key=lambda hit: hit.start)) if hits else ()


def _find_written(folded: str, calendar_: Calendar) -> tuple[DateHit, ...]:
    """Dates in Chinese numerals: they are read in figures, and their places are those in ``folded``."""
    words: list[str] = []
    places: list[int] = []
    moved: set[int] = set()
    at = 0
    for match in _HAN_DATE.finditer(folded):
        figures = _write_figures(match, calendar_)
        words += [folded[at : match.start()], figures]
        places += [*range(at, match.start()), *[match.start()] * len(figures)]
        if match["next"]:
            moved.add(match.start())
        at = match.end()
    places += [*range(at, len(folded) + 1)]
    hits = _find_plain("".join([*words, folded[at:]]), calendar_)
    return tuple(
        replace(
            hit,
            start=places[hit.start],
            end=max(places[hit.end], places[hit.start] + 1),
            inferred=hit.inferred or any(place in moved for place in places[hit.start : hit.end]),
        )
        for hit in hits
    )


def _write_figures(match: re.Match[str], calendar_: Calendar) -> str:
    if match["next"]:
        return f"{_add_year(calendar_.year)}年" if calendar_.year.isdigit() else ""
    if match["quarter"]:
        return f"第{match[0][1]}季度"
    if match[0] == "元":
        return "1"
    if len(match[0]) == 4:
        return match[0].translate(_SPLIT_YEAR)
    return str(parse_number(match[0]))


def write_figures(folded: str) -> str:
    """The same words with 二〇二七年五月 written 2027年5月; their places change."""
    if "年" not in folded and "月" not in folded:
        return folded
    return _HAN_DATE.sub(lambda match: match[0] if match["next"] else _write_figures(match, Calendar("")), folded)


def _last_day(year: str, month: int) -> int:
    return calendar.monthrange(int(year) if year.isdigit() else 2023, month)[1]


def _write(year: str, month: int, day: int) -> str | None:
    if not 1 <= month <= 12 or not 1 <= day <= _last_day(year, month):
        return None
    return f"{year}-{month:02}-{day:02}"


def _closing(year: str, month: str, day: str | None, tenth: str | None) -> str | None:
    """The last day that the words still hold: 5月中旬 is the 20th, 5月 and 5月底 the 31st."""
    number = int(month)
    if not 1 <= number <= 12:
        return None
    return _write(year, number, int(day) if day else _TENTHS.get(tenth or "", _last_day(year, number)))


def _opening(year: str, month: str, day: str | None, tenth: str | None) -> str | None:
    first = {"中旬": 11, "下旬": 21}.get(tenth or "", 1)
    return _write(year, int(month), int(day) if day else first)


def _make_range(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    first, last = int(match[2]), int(match[6] or match[2])
    from_year = match[1] or calendar_.find_year(first)
    to_year = match[5] or (from_year if last >= first else _add_year(from_year))
    opens = _opening(from_year, match[2], match[3], match[4])
    closes = _closing(to_year, match[6] or match[2], match[7], match[8])
    if not opens or not closes:
        return None
    return DateHit(match.start(), match.end(), "range", opens, closes, not match[1])


def _make_range_to(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    """即日起至12月31日: nobody says from which day."""
    closes = _closing(match[1] or calendar_.find_year(int(match[2])), match[2], match[3], match[4])
    return DateHit(match.start(), match.end(), "range", None, closes, not match[1]) if closes else None


def _make_short_range(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    year = match[1] or calendar_.find_year(int(match[2]))
    opens = _opening(year, match[2], None, None)
    closes = _closing(year if int(match[3]) >= int(match[2]) else _add_year(year), match[3], None, None)
    return DateHit(match.start(), match.end(), "range", opens, closes, not match[1]) if opens and closes else None


def _make_day_range(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    year = match[1] or calendar_.find_year(int(match[2]))
    opens = _write(year, int(match[2]), int(match[3]))
    closes = _write(year, int(match[2]), int(match[4]))
    return DateHit(match.start(), match.end(), "range", opens, closes, not match[1]) if opens and closes else None


def _make_point(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    every = match.string[: match.start()].endswith("每年")
    year = match[1] or ("XXXX" if every else calendar_.find_year(int(match[2])))
    closes = _closing(year, match[2], match[3], match[4])
    if not closes:
        return None
    tail = match[5] or ""
    if tail in ("前后", "左右"):
        return DateHit(match.start(), match.end(), "on", None, f"about {closes}", not match[1])
    if tail:
        return DateHit(match.start(), match.end(), "by", None, closes, not match[1])
    opens = _opening(year, match[2], match[3], match[4])
    kind: Kind = "range" if not match[3] and _is_stretch(match) else "on"
    return DateHit(match.start(), match.end(), kind, opens, closes, not match[1])


def _is_stretch(match: re.Match[str]) -> bool:
    """活动时间为5月, 启动阶段(1月), 3月为宣传月: a month that is itself the time of a campaign or a phase."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    return bool(_STRETCH_BEFORE.search(before) or _STRETCH_AFTER.match(after))


def _make_lasting(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    """自4月1日开始, 为期三个月: the last day is reckoned from the first."""
    year = match[1] or calendar_.find_year(int(match[2]))
    opens = _opening(year, match[2], match[3], match[4])
    length = parse_number(match[5])
    if not opens or length is None or length.denominator != 1 or not year.isdigit() or not 0 < length <= 400:
        return None
    closes = _reckon(date.fromisoformat(opens), int(length), match[6])
    return DateHit(match.start(), match.end(), "range", opens, closes.isoformat(), inferred=True)


def _reckon(opens: date, length: int, measure: str) -> date:
    """The last day of a stretch of so many months, weeks or days."""
    if measure in ("月", "年"):
        months = opens.year * 12 + opens.month - 1 + length * (12 if measure == "年" else 1)
        first = date(months // 12, months % 12 + 1, 1)
        last = calendar.monthrange(first.year, first.month)[1]
        return first.replace(day=min(opens.day, last)) - timedelta(days=1)
    return opens + timedelta(days=length * (7 if measure == "周" else 1) - 1)


def _make_named(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    month, day = _NAMED_DAYS[match[2]]
    closes = _write(match[1] or calendar_.find_year(month), month, day)
    about = "" if match[3].startswith("当") else "about "
    return DateHit(match.start(), match.end(), "on", None, f"{about}{closes}", not match[1])


def _make_start(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    opens = _opening(match[1] or calendar_.find_year(int(match[2])), match[2], match[3], match[4])
    return DateHit(match.start(), match.end(), "season", opens, None, not match[1]) if opens else None


def _make_iso(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    closes = _write(match[1], int(match[2]), int(match[3]))
    return DateHit(match.start(), match.end(), "by" if match[4] else "on", None, closes) if closes else None


def _make_iso_range(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    opens = _write(match[1], int(match[2]), int(match[3]))
    closes = _write(match[4] or match[1], int(match[5]), int(match[6]))
    return DateHit(match.start(), match.end(), "range", opens, closes) if opens and closes else None


def _make_dotted(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    """6.1—6.30: months and days of one year."""
    opens = _write(calendar_.find_year(int(match[1])), int(match[1]), int(match[2]))
    closes = _write(calendar_.find_year(int(match[3])), int(match[3]), int(match[4]))
    return DateHit(match.start(), match.end(), "range", opens, closes, True) if opens and closes else None


def _make_year_end(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    return DateHit(match.start(), match.end(), "by", None, f"{match[1] or calendar_.year}-12-31", not match[1])


def _make_half(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    month, closes = (6, "06-30") if match[2] == "上" else (12, "12-31")
    year = match[1] or calendar_.find_year(month)
    return DateHit(match.start(), match.end(), "by", None, f"{year}-{closes}", not match[1])


def _make_quarter(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    month = _QUARTERS[match[2]]
    closes = _closing(match[1] or calendar_.find_year(month), str(month), None, None)
    return DateHit(match.start(), match.end(), "by", None, closes, not match[1])


def _make_monthly(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    first, last, end = match[1], match[2], match[3]
    closes = "monthly last day" if end else f"monthly day {last or first}"
    opens = f"monthly day {first}" if last else None
    return DateHit(match.start(), match.end(), "recurrent", opens, closes)


def _make_monthly_too(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    """每月10日前和25日前: the second day of the same months."""
    often = re.search(r"每个?月", match.string[: match.start()])
    return _make_monthly(match, calendar_) if often else None


def _make_last_workday(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    often = {"月": "monthly", "周": "weekly", "季": "quarterly"}[match[1]]
    return DateHit(match.start(), match.end(), "recurrent", None, f"{often} last working day")


def _make_quarterly(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    closes = f"quarterly last month day {match[1]}" if match[1] else "quarterly last day"
    return DateHit(match.start(), match.end(), "recurrent", None, closes)


def _make_quarter_start(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    return DateHit(match.start(), match.end(), "recurrent", None, f"quarterly first month day {match[1]}")


def _make_weekly(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    return DateHit(match.start(), match.end(), "recurrent", None, f"weekly {_WEEKDAYS.get(match[1], 'Sunday')}")


def _make_daily(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    clock = _CLOCK.search(match[0])
    return DateHit(match.start(), match.end(), "recurrent", None, f"daily {_read_clock(clock)}") if clock else None


def _read_clock(clock: re.Match[str]) -> str:
    """16:00 of 下午4点, 21:00 of 晚9点."""
    hour = int(clock["hour"])
    hour += 12 if clock["part"] and clock["part"][0] not in "早上" and hour < 12 else 0
    return f"{hour:02}:{int(clock['minute'] or 0):02}"


def name_month_end(hit: DateHit, calendar_: Calendar, month: int) -> DateHit:
    """月底前 in the plan of a named month is that month's last day; any other hit stays what it is."""
    if not month or hit.kind != "relative" or not re.search(r"月[底末内]", hit.deadline or ""):
        return hit
    year = calendar_.find_year(month)
    return DateHit(hit.start, hit.end, "by", None, _write(year, month, _last_day(year, month)), inferred=True)


def _make_years(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    return DateHit(match.start(), match.end(), "season", f"{match[1]}-01-01", f"{match[2]}-12-31")


def _make_year(match: re.Match[str], calendar_: Calendar) -> DateHit | None:
    return DateHit(match.start(), match.end(), "season", None, f"{match[1] or calendar_.year}-12-31", not match[1])


def _make_last_day(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    often = "half-yearly" if match[1] == "半年" else "semester"
    return DateHit(match.start(), match.end(), "recurrent", None, f"{often} last day")


_DAYS = quick(
    r"(?P<low>[\d一二两三四五六七八九十]{1,3})(?P<unit>个?工作日|日|天|个月|周|个?星期)(?:时间)?(?:之内|以内|内)$"
)
_CLOCK = re.compile(r"(?P<part>早上?|上午|中午|下午|晚上?|傍晚)?(?P<hour>\d{1,2})[:时点](?P<minute>\d{2})?")
_PHASE = quick(
    r"活动|行动|会战|攻坚|整治|宣传|方案|计划|本通知|通知[印下]发|文件|印发|下发|培训|学期|放假|开学|会议|考试|结束|阶段|每次"
)


def read_limit(hit: DateHit) -> tuple[Fraction, str] | None:
    """How many days an act may take (自接到举报之日起15个工作日内), and their measure word; None for what is tied to
    a phase (活动结束后5日内)."""
    match = _DAYS.search(hit.deadline or "") if hit.kind == "relative" else None
    value = parse_number(match["low"]) if match else None
    if match is None or value is None or _PHASE.search(hit.deadline or ""):
        return None
    if match["unit"][-1] in "月周期" and match.start() <= len("relative: "):
        return None  # 两个月内 counts from now on; 审批后一个月内 from each event
    return value, match["unit"]


def _make_season(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    return DateHit(match.start(), match.end(), "season", None, f"relative: {match[0].lstrip('在于')}")


def _make_relative(match: re.Match[str], _calendar: Calendar) -> DateHit | None:
    return DateHit(match.start(), match.end(), "relative", None, f"relative: {match[0].lstrip('在于')}")


_TIME_SIGN = quick(
    rf"{list_signs('年月季周日天晚')}|{list_signs('收耕校忙汛工考训到届付冬期', '前')}|20\d\d|学期|假期|假前|节|国庆|春"
    r"|元旦|中秋|五一|毕业|开学|入学|放假|期间|期内|Q[1-4]|\.(?<=\d\.)\d{1,2}(?:至|到|-)"
)
can_hold_date = _TIME_SIGN.search
"""Whether :func:`find_dates` could find anything at all in the words."""

_STRETCH_BEFORE = re.compile(
    r"(?:动员|部署|总结|验收|攻坚|启动|推进|整治|巩固|提升|评估|实施|摸底)[:(]$|"
    r"(?:时间|阶段|步骤|期限?)(?:为|定[为在于]|[:(]|为:)?$"
)
_STRETCH_AFTER = re.compile(r"为[“\"]?[^,。;]{0,14}?(?:宣传|活动|教育|行动|集中|攻坚)[月周][”\"]?$")
_RULES: tuple[tuple[str, Maker], ...] = (
    (rf"每个?月(?:的)?(\d{{1,2}})[日号]?(?:{_TO}(\d{{1,2}}))?[日号]()(?:{_BEFORE})?", _make_monthly),
    (rf"(?<=[日号前][和、及])(\d{{1,2}})()[日号]()(?:{_BEFORE})", _make_monthly_too),
    (rf"(?:次月|下个?月|当月|本月)(\d{{1,2}})()[日号]()(?:{_BEFORE})", _make_monthly),
    (rf"每个?(月|周|季)度?的?最后(?:一|1)?个?工作日(?:{_BEFORE})?", _make_last_workday),
    (rf"每个?月()()(?:月)?(底|末)(?:{_BEFORE})?", _make_monthly),
    (
        rf"每个?季度?(?:的)?(?:首月|第一个月)的?(?:\d{{1,2}}日?[至到-])?(\d{{1,2}})[日号](?:{_BEFORE})?",
        _make_quarter_start,
    ),
    (rf"每个?季度?(?:末|最后一个?)月?(?:的)?(?:(\d{{1,2}})[日号])?(?:{_BEFORE})?", _make_quarterly),
    (
        r"每个?学期(?:的)?(?:开学|结束|期末|期初|放假|初|末)(?:之?[前后])?"
        r"(?:的?第?[一两二三四\d]个?(?:周|星期|月)(?:之?内|以内)?|(?:[一两二三\d]{1,3}|十)[天日](?:之?内|以内)?|初)",
        _make_relative,
    ),
    (
        rf"(?:(?<=[于在])每个?(学期)(?:的)?期?末(?:{_BEFORE})?|每个?学期(?:的)?(?:期?末|结束)(?:{_BEFORE}))",
        _make_last_day,
    ),
    (rf"每(半年)度?(?:末|结束)(?:{_BEFORE})?", _make_last_day),
    (
        rf"每(?:周|星期)([一二三四五六日天])(?![次场期份个名条篇])(?:[^,]{{0,3}}?{_BEFORE}|(?=[^,]{{0,16}}[报送交填]))",
        _make_weekly,
    ),
    (
        r"(?<=每)(?:[天日晚])?(?:早上?|上午|中午|下午|晚上?|傍晚)?\d{1,2}[:时点](?:\d{2})?分?(?:之前|以前|前)"
        r"|(?<=每[天日])(?:早上?|上午|下午|晚上?|傍晚)?\d{1,2}[:时点](?:\d{2})?分?(?=由|召开|组织召|开晨|报)",
        _make_daily,
    ),
    (rf"(?:从|自)?{_NOW}起?,?(?:至|到|-){_YEAR}{_POINT}(?:之?前|止|结束)?", _make_range_to),
    (
        rf"{_YEAR}{_POINT}(?:起|开始|启动)?[^,\d]{{0,6}},?(?:为期|历时)约?([一两二三四五六七八九十\d]{{1,3}})个?(月|周|天|年)",
        _make_lasting,
    ),
    (
        rf"{_YEAR}{_LOOSE}{_TO}(?:(20\d\d)年|20[xX×]{{2}}年|今年|本年|当年)?{_LOOSE}(?:前|止|结束)?",
        _make_range,
    ),
    (
        rf"{_YEAR}{_POINT}(?:起|开始|启动|开展),(?:(20\d\d)年)?{_POINT}(?:结束|截止|收官|为止)",
        _make_range,
    ),
    (rf"{_YEAR}(\d{{1,2}})月(\d{{1,2}})[日号]?{_TO}(\d{{1,2}})[日号]", _make_day_range),
    (rf"{_YEAR}(\d{{1,2}})月?{_TO}(\d{{1,2}})月(?:份|底)?", _make_short_range),
    (
        r"(?:20\d\d年)?\d{1,2}月的?第[一二三四五1-5]个?(?:周|星期)[一二三四五六日天]?(?:之?前|内)?",
        _make_relative,
    ),
    (rf"{_YEAR}{_POINT}(?:起|开始)(?![至到-])", _make_start),
    (rf"{_YEAR}{_POINT}(?={_EVENT}前){_EVENT}(前后|前)", _make_point),
    (rf"{_YEAR}{_POINT}(前后|左右|{_BEFORE})?", _make_point),
    (
        rf"(20\d\d)[-./](\d{{1,2}})[-./](\d{{1,2}})日?{_TO}(?:(20\d\d)[-./])?(\d{{1,2}})[-./](\d{{1,2}})日?",
        _make_iso_range,
    ),
    (
        r"(?<=[间期从自:(])(1[0-2]|[1-9])\.(\d{1,2})日?(?:至|到|-){1,2}(1[0-2]|[1-9])\.(\d{1,2})(?![\d.%个万])",
        _make_dotted,
    ),
    (rf"(20\d\d)[-./](\d{{1,2}})[-./](\d{{1,2}})({_BEFORE})?", _make_iso),
    (
        rf"(?:从|自)?{_NOW}起?,?(?:至|到|-)(?:(20\d\d)年?|今|本|当)?年(?:度)?(?:底|末)(?:之?前|止)?",
        _make_year_end,
    ),
    (r"(?:(20\d\d)年?|今|本|当)?年(?:度)?(?:底|末)(?:之前|以前|前)?", _make_year_end),
    (
        r"(?:(20\d\d)|今|本|当|(?<![一二两三四五六七八九十\d个学])(?<!评定|考核|评选|创建))年(?:度)?内",
        _make_year_end,
    ),
    (r"到(20\d\d)年(?!\d)", _make_year_end),
    (r"(?:(20\d\d)年|今年|本年)?(上|下)半年(?:结束)?(?:之前|以前|前|底)?", _make_half),
    (r"(?:(20\d\d)年|今年|本年)?第?([一二三四1234])季度(?:结束|末|底)?(?:之前|以前|前|内)?", _make_quarter),
    (r"(20\d\d)年?[-至到]+(20\d\d)年", _make_years),
    (r"(20\d\d)年(?!\d|以来|度?工作)", _make_year),
    (r"()(?:全年|今年|(?<!评定|考核|评选|创建|上一|前一)年度)(?!以来|工作|考核|计划)", _make_year),
    (
        r"(?:[自在于]?[^,。;自在于应要须将]{0,12}?后的?|开学|放假|返校|自[^,。;]{1,10}起)?(?<!连续)(?<!申报前)(?<!近)(?<!评定前)(?<![\d十])[\d一二两三四五六七八九十半]{1,3}个?(?:工作日|日|天|周|月)(?:时间)?(?:之内|以内|内)",
        _make_relative,
    ),
    (
        rf"(20\d\d年)?({'|'.join(_NAMED_DAYS)})[^,。;]{{0,3}}?(前后|期间|当[天日])",
        _make_named,
    ),
    (
        r"(?:在|于)?[^,。;在于]{0,6}(?:(?:宣传周|宣传月|活动周|活动月|教育月|宣传日|活动日)(?:期间|内|中)"
        r"|(?:活动|行动|会战|攻坚|战役|整治|专项)期[间内])",
        _make_season,
    ),
    (
        r"[一-龥]{0,3}?(?:报到|入职|入学|入院|入住|入网|开户|发案|接警|接报|受理|开工|进场|返校|到岗)(?:的)?(?:当日|当天)(?:之?内)?",
        _make_relative,
    ),
    (
        r"(?<![一-龥\d]{6}于)(?:于|在)?(?:当日|当天)(?:之?内)?(?=[^,。;累计转账交易]{0,10}?(?:完成|报告|上报|报送|录入|反馈|办结|处置|回访|告知|提交|登记|上传|送达|移交|更新|整改|见面|劝阻|核查))",
        _make_relative,
    ),
    (
        r"开学(?:后)?(?:的)?(?:第一|首)(?:个)?(?:周|月|天)(?:之?内)?|开学初|开学当[天日]|开学之初",
        _make_relative,
    ),
    (r"(?:本学期|(?<![每个上])学期)(?:期?末|结束)(?:之?前)|(?<![学每])期末(?:考试)?前", _make_relative),
    (r"(?<![一-龥])第[一二三四五六七八九十\d]{1,3}周(?:之?前|内|结束前|末前)", _make_relative),
    (
        r"(?:离校|返校|麦收|秋收|夏收|春耕|农忙|开考|高考|中考|军训|报到|收假|复工|开工|换届|交付|年关|入冬|汛期)前",
        _make_season,
    ),
    (
        r"(?:寒暑?假|暑假|开学|放假|春节|国庆|元旦|中秋|五一|毕业|入学|节假日)[^,。;]{0,3}(?:前|后|期间)",
        _make_season,
    ),
    (
        r"(?:寒|暑|(?:春节|国庆|元旦|中秋|五一|清明|端午|劳动节)(?:小?长)?)假期?(?:里|中|内)?(?=,|$)",
        _make_season,
    ),
    (
        r"(?<![每\d上下次当个])(?:本月|当月|月)(?:底(?:之前|以前|前)|末(?:之前|以前|前)|内)",
        _make_relative,
    ),
)
_TABLE = Table((pattern, (quick(pattern), make)) for pattern, make in _RULES)
