"""By when: dates, ranges of dates, days of a month, ends of months and years. Patterns hold on folded text.

A deadline is written as an ISO date, ``XXXX-MM-DD`` without a year, ``monthly day 20``, ``weekly Friday``,
``daily 12:00``, ``about ...`` or ``relative: ...``.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["range", "by", "on", "recurrent", "relative", "season"]
_BASE = re.compile(
    r"(?:环比|同比|较|对比|比|与|低于)(?:20\d\d年|去年|上年)(?:同期|[上下]半年|第?[一二三四]季度|\d{1,2}月份?)?|(?:环比|同比|较|比)(?:[上下]半年|第?[一二三四]季度)"
)
_YEAR = r"(?:(20\d\d)年|20[xX×]{2}年|今年|本年度?|当年)?"
_LOOSE = r"(\d{1,2})月(?:份)?(?:(\d{1,2})(?:[日号]|(?=[-至到起)。,;]|$))|(上旬|中旬|下旬|初|底|末))?"
_POINT = r"(\d{1,2})月(?:份)?(?:(\d{1,2})[日号]|(上旬|中旬|下旬|初|底|末))?"
_TO = r"(?:起|开始)?(?:至|到|-){1,3}"
_BEFORE = r"(?:\d{1,2}[时点:]\d{0,2}分?)?(?:下班)?(?:\(.{1,6}\))?(?:之前|以前|前|截止|为止|止|内)"
_WEEKDAYS = MappingProxyType(
    {"一": "Monday", "二": "Tuesday", "三": "Wednesday", "四": "Thursday", "五": "Friday", "六": "Saturday"}
)
_TENTHS = MappingProxyType({"初": 10, "上旬": 10, "中旬": 20})
_QUARTERS = MappingProxyType({"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12})


@dataclass(frozen=True, slots=True)
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


Maker = Callable[[re.Match[str], str], DateHit | None]


def find_dates(folded: str, year: str) -> tuple[DateHit, ...]:
    """Every date in the order of the text. ``year`` (four digits or ``XXXX``) is taken where the words give none."""
    hits: list[DateHit] = []
    folded = _BASE.sub(lambda base: "#" * len(base[0]), folded)  # 较2023年 is what is compared with, no time to act
    for pattern, make in _RULES:
        for match in pattern.finditer(folded):
            if any(match.start() < hit.end and match.end() > hit.start for hit in hits):
                continue
            if hit := make(match, year):
                hits.append(hit)
    return tuple(sorted(hits, key=lambda hit: hit.start))


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


def _make_range(match: re.Match[str], year: str) -> DateHit | None:
    from_year = match[1] or year
    to_year = match[5] or from_year
    opens = _opening(from_year, match[2], match[3], match[4])
    closes = _closing(to_year, match[6] or match[2], match[7], match[8])
    if not opens or not closes:
        return None
    return DateHit(match.start(), match.end(), "range", opens, closes, not match[1])


def _make_short_range(match: re.Match[str], year: str) -> DateHit | None:
    opens = _opening(match[1] or year, match[2], None, None)
    closes = _closing(match[1] or year, match[3], None, None)
    return DateHit(match.start(), match.end(), "range", opens, closes, not match[1]) if opens and closes else None


def _make_day_range(match: re.Match[str], year: str) -> DateHit | None:
    opens = _write(match[1] or year, int(match[2]), int(match[3]))
    closes = _write(match[1] or year, int(match[2]), int(match[4]))
    return DateHit(match.start(), match.end(), "range", opens, closes, not match[1]) if opens and closes else None


def _make_point(match: re.Match[str], year: str) -> DateHit | None:
    closes = _closing(match[1] or year, match[2], match[3], match[4])
    if not closes:
        return None
    tail = match[5] or ""
    if tail in ("前后", "左右"):
        return DateHit(match.start(), match.end(), "on", None, f"about {closes}", not match[1])
    if tail:
        return DateHit(match.start(), match.end(), "by", None, closes, not match[1])
    opens = _opening(match[1] or year, match[2], match[3], match[4])
    return DateHit(match.start(), match.end(), "on", opens, closes, not match[1])


def _make_start(match: re.Match[str], year: str) -> DateHit | None:
    opens = _opening(match[1] or year, match[2], match[3], match[4])
    return DateHit(match.start(), match.end(), "season", opens, None, not match[1]) if opens else None


def _make_iso(match: re.Match[str], _year: str) -> DateHit | None:
    closes = _write(match[1], int(match[2]), int(match[3]))
    return DateHit(match.start(), match.end(), "by" if match[4] else "on", None, closes) if closes else None


def _make_iso_range(match: re.Match[str], _year: str) -> DateHit | None:
    opens = _write(match[1], int(match[2]), int(match[3]))
    closes = _write(match[4] or match[1], int(match[5]), int(match[6]))
    return DateHit(match.start(), match.end(), "range", opens, closes) if opens and closes else None


def _make_year_end(match: re.Match[str], year: str) -> DateHit | None:
    return DateHit(match.start(), match.end(), "by", None, f"{match[1] or year}-12-31", not match[1])


def _make_half(match: re.Match[str], year: str) -> DateHit | None:
    closes = "06-30" if match[2] == "上" else "12-31"
    return DateHit(match.start(), match.end(), "by", None, f"{match[1] or year}-{closes}", not match[1])


def _make_quarter(match: re.Match[str], year: str) -> DateHit | None:
    closes = _closing(match[1] or year, str(_QUARTERS[match[2]]), None, None)
    return DateHit(match.start(), match.end(), "by", None, closes, not match[1])


def _make_monthly(match: re.Match[str], _year: str) -> DateHit | None:
    first, last, end = match[1], match[2], match[3]
    closes = "monthly last day" if end else f"monthly day {last or first}"
    opens = f"monthly day {first}" if last else None
    return DateHit(match.start(), match.end(), "recurrent", opens, closes)


def _make_last_workday(match: re.Match[str], _year: str) -> DateHit | None:
    often = {"月": "monthly", "周": "weekly", "季": "quarterly"}[match[1]]
    return DateHit(match.start(), match.end(), "recurrent", None, f"{often} last working day")


def _make_quarterly(match: re.Match[str], _year: str) -> DateHit | None:
    closes = f"quarterly last month day {match[1]}" if match[1] else "quarterly last day"
    return DateHit(match.start(), match.end(), "recurrent", None, closes)


def _make_quarter_start(match: re.Match[str], _year: str) -> DateHit | None:
    return DateHit(match.start(), match.end(), "recurrent", None, f"quarterly first month day {match[1]}")


def _make_weekly(match: re.Match[str], _year: str) -> DateHit | None:
    return DateHit(match.start(), match.end(), "recurrent", None, f"weekly {_WEEKDAYS.get(match[1], 'Sunday')}")


def _make_daily(match: re.Match[str], _year: str) -> DateHit | None:
    hour = int(match[2]) + (12 if match[1] == "下午" and int(match[2]) < 12 else 0)
    return DateHit(match.start(), match.end(), "recurrent", None, f"daily {hour:02}:{int(match[3] or 0):02}")


def name_month_end(hit: DateHit, year: str, month: int) -> DateHit:
    """月底前 in the plan of a named month is that month's last day; any other hit stays what it is."""
    if not month or hit.kind != "relative" or not re.search(r"月[底末内]", hit.deadline or ""):
        return hit
    return DateHit(hit.start, hit.end, "by", None, _write(year, month, _last_day(year, month)), inferred=True)


def _make_years(match: re.Match[str], _year: str) -> DateHit | None:
    return DateHit(match.start(), match.end(), "season", f"{match[1]}-01-01", f"{match[2]}-12-31")


def _make_year(match: re.Match[str], year: str) -> DateHit | None:
    return DateHit(match.start(), match.end(), "season", None, f"{match[1] or year}-12-31", not match[1])


def _make_season(match: re.Match[str], _year: str) -> DateHit | None:
    return DateHit(match.start(), match.end(), "season", None, f"relative: {match[0].lstrip('在于')}")


def _make_relative(match: re.Match[str], _year: str) -> DateHit | None:
    return DateHit(match.start(), match.end(), "relative", None, f"relative: {match[0].lstrip('在于')}")


def _rule(pattern: str, make: Maker) -> tuple[re.Pattern[str], Maker]:
    return re.compile(pattern), make


_RULES: tuple[tuple[re.Pattern[str], Maker], ...] = (
    _rule(rf"每个?月(?:的)?(\d{{1,2}})[日号]?(?:{_TO}(\d{{1,2}}))?[日号]()(?:{_BEFORE})?", _make_monthly),
    _rule(rf"(?:次月|下个?月|当月|本月)(\d{{1,2}})()[日号]()(?:{_BEFORE})", _make_monthly),
    _rule(rf"每个?(月|周|季)度?的?最后(?:一|1)?个?工作日(?:{_BEFORE})?", _make_last_workday),
    _rule(rf"每个?月()()(?:月)?(底|末)(?:{_BEFORE})?", _make_monthly),
    _rule(rf"每个?季度?(?:的)?(?:首月|第一个月)的?(\d{{1,2}})[日号](?:{_BEFORE})?", _make_quarter_start),
    _rule(rf"每个?季度?(?:末|最后一个?)月?(?:的)?(?:(\d{{1,2}})[日号])?(?:{_BEFORE})?", _make_quarterly),
    _rule(
        rf"每(?:周|星期)([一二三四五六日天])(?![次场期份个名条篇])(?:[^,]{{0,3}}?{_BEFORE}|(?=[^,]{{0,16}}[报送交填]))",
        _make_weekly,
    ),
    _rule(r"每[天日](上午|下午)?(\d{1,2})[:时点](\d{2})?分?(?:之前|以前|前)", _make_daily),
    _rule(
        rf"{_YEAR}{_LOOSE}{_TO}(?:(20\d\d)年|20[xX×]{{2}}年|今年|本年|当年)?{_LOOSE}"
        r"(?:前|止|结束)?",
        _make_range,
    ),
    _rule(rf"{_YEAR}(\d{{1,2}})月(\d{{1,2}})[日号]?{_TO}(\d{{1,2}})[日号]", _make_day_range),
    _rule(rf"{_YEAR}(\d{{1,2}}){_TO}(\d{{1,2}})月(?:份|底)?", _make_short_range),
    _rule(rf"{_YEAR}{_POINT}(?:起|开始)(?![至到-])", _make_start),
    _rule(rf"{_YEAR}{_POINT}(前后|左右|{_BEFORE})?", _make_point),
    _rule(
        rf"(20\d\d)[-./](\d{{1,2}})[-./](\d{{1,2}})日?{_TO}(?:(20\d\d)[-./])?(\d{{1,2}})[-./](\d{{1,2}})日?",
        _make_iso_range,
    ),
    _rule(rf"(20\d\d)[-./](\d{{1,2}})[-./](\d{{1,2}})({_BEFORE})?", _make_iso),
    _rule(r"(?:(20\d\d)年?|今|本|当)?年(?:度)?(?:底|末)(?:之前|以前|前)?", _make_year_end),
    _rule(
        r"(?:(20\d\d)|今|本|当|(?<![一二两三四五六七八九十\d个])(?<!评定|考核|评选|创建))年(?:度)?内", _make_year_end
    ),
    _rule(r"到(20\d\d)年(?!\d)", _make_year_end),
    _rule(r"(?:(20\d\d)年|今年|本年)?(上|下)半年(?:结束)?(?:之前|以前|前|底)?", _make_half),
    _rule(r"(?:(20\d\d)年|今年|本年)?第?([一二三四1234])季度(?:结束|末|底)?(?:之前|以前|前|内)?", _make_quarter),
    _rule(r"(20\d\d)年?[-至到]+(20\d\d)年", _make_years),
    _rule(r"(20\d\d)年(?!\d|以来|度?工作)", _make_year),
    _rule(r"()(?:全年|今年|(?<!评定|考核|评选|创建)年度)(?!以来|工作|考核|计划)", _make_year),
    _rule(
        r"(?:[自在于]?[^,。;自在于应要须将]{0,12}?后的?|自[^,。;]{1,10}起)?[\d一二两三四五六七八九十半]{1,3}个?(?:工作日|日|天|周|月)(?:时间)?(?:之内|以内|内)",
        _make_relative,
    ),
    _rule(
        r"(?:在|于)?[^,。;在于]{0,6}(?:宣传周|宣传月|活动周|活动月|教育月|宣传日|活动日)(?:期间|内|中)", _make_season
    ),
    _rule(
        r"(?:寒暑?假|暑假|开学|放假|春节|国庆|元旦|中秋|五一|毕业|入学|节假日)[^,。;]{0,3}(?:前|后|期间)", _make_season
    ),
    _rule(r"(?<![每\d上下次当])(?:本月|当月|月)(?:底(?:之前|以前|前)|末(?:之前|以前|前)|内)", _make_relative),
)
