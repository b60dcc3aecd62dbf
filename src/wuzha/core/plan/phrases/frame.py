"""The frame of a document: title, issuer, year, what it is, and which lines are mere head and foot."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wuzha.core.base.numerals import fold
from wuzha.core.plan.layout import drop_blanks
from wuzha.core.plan.outline import Outline
from wuzha.core.plan.phrases.actor import find_label
from wuzha.core.plan.phrases.deadline import Calendar, write_figures
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.phrases.sense import is_fact, is_past, is_report_title

_TITLE = quick(
    r"(?:方案|计划|办法|通知|意见|安排|制度|简报|总结|细则|规定|要点|责任书|标准|倡议书|汇报|通报|解读|汇编|清单)(?:》?的?(?:通知|政策解读))?(?:\(.{1,20}\))?[》]?$"
)
_TO_WHOM = quick(
    r"致(?:全[县市区镇校行院])?(?P<who>[一-龥、]{2,14}?)的(?:反诈|防骗|工作)*(?:一封信|公开信|提示|函|倡议|通知|信)"
)
_DATE = quick(r"(20\d\d)年(\d{1,2})月(?:(\d{1,2})日?)?")
_NUMBER = quick(r"[〔\[(](20\d\d)[〕\])]")
_MONTH = quick(r"(?<!\d)(1[0-2]|[1-9])月(?:份)?(?![\d日至到-])")
_DAY = r"(20\d\d)年(\d{1,2})月(\d{1,2})日"
_IN_FORCE = quick(rf"自{_DAY}起(?:施行|实施|执行|生效|试行)")
_UNTIL = quick(rf"(?:有效期|施行|实施|执行|生效|试行)[^。;]{{0,12}}?[至到]{_DAY}|有效期(?:限)?[至到为]{{1,2}}{_DAY}")
_BETWEEN = quick(rf"有效期(?:限)?[为自从:]{{0,2}}{_DAY}[起]?[至到-]{{1,2}}{_DAY}")
_HOLDS = quick(r"有效期|施行|实施|执行|生效|试行")
_SCHOOL_YEAR = quick(r"(20\d\d)(?:年?[-至到]{1,2}(20\d\d))?(?:年度?)?(?:(?:学年)?[^,。]{0,8}?学期|学年)")
_WINTER = quick(r"(20\d\d)年?[-至到]{1,2}(20\d\d)[^,。]{0,6}冬")
_SPRING_TERM = quick(r"第?二学期|下学期|春季?学期")
_PART = quick(
    r"20\d\d年(?:度)?(?:(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度|(?P<month>1[0-2]|[1-9])月(?![\d底]|份?[-至到]))"
)
_PERIOD = quick(
    r"(?:(?:时间|期限|从|自|定[于在])[^。;,\n\d]{0,8}|^)(20\d\d)年(\d{1,2})月(?:\d{1,2}日|[上中下]旬|底|初)?[^。;,\n\d]{0,4}"
    r"(?:至|到|-){1,2}[^。;,\n\d]{0,3}(?:(20\d\d)年)?(?:(次|翌|明|来)年)?(\d{1,2})[月日]"
)
_STAGE_MONTH = quick(
    r"(?:阶段|步骤?|时期)[^。;\n]{0,12}?[(:为,](?:20\d\d年)?(\d{1,2})月|(?:^|\n)(\d{1,2})月[^。;\n\d]{0,4}阶段"
)
_TOLD = quick(r"通过|印发|会议|以来|同比|案件|讲话|法》|施行")
_ACCORDING = quick(r"(?:根据|按照)[^,]*$")
_GOAL_YEAR = quick(
    r"(20\d\d)年(?:度|内|底)?(?=[,前]?(?![^。;]{0,24}?(?:仍|但|该[县市区]|了))[^。;]{0,24}?(?:下降|压降|减少|折半|达到|不高于|不低于|不少于|不超过|力争|确保|实现|建成|提高到|降至))"
)
_SENTENCE = quick(r"[^。;\n]{1,400}")
_FOOT = quick(r"发布时间|信息来源|阅读次数|印发$|此件|公开|抄送|抄报|^附件|^附:|主题词|\d号[,)]|征求意见稿")
_ISSUER_TAIL = quick(
    r"(?:委员会|人民政府|政府|办公室|公安局|分局|领导小组|联席会议|联席办|局|学校|支行|银行|中心|党委|街道办事处|大队|派出所|公司|学院|管委会|联合社|医院|法院|检察院|大学|中学|小学|联社|联合会)$"
)
_ISSUER_HEAD = quick(
    r"^(?:关于(?:印发|传发|转发|下发)?[《]?)?([一-龥XＸ×]{2,20}?(?:公安局|分局|局|街道|乡|镇|县|市|区|支行|银行|学校|学院|社区|委员会|办公室|中心|管委会))"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """``year`` is four digits or ``XXXX``; ``head`` is the number of the last block of the title; ``skip`` holds blocks
    that are only head or foot; ``address`` maps a block to the bodies that the letter is addressed to. ``turn`` is the
    first month of a plan that runs over new year (see ``Calendar``) and ``turn_from`` says how that is known; ``part``
    is the stretch that the title names (a month, a quarter, a school year)."""

    title: str
    issuer: str
    year: str
    year_from: str
    is_report: bool
    head: int
    skip: frozenset[int]
    address: tuple[tuple[int, str], ...]
    month: int = 0
    valid: tuple[date | None, date | None] = (None, None)
    turn: int = 0
    turn_from: str = ""
    part: tuple[date | None, date | None] = (None, None)

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.year, self.turn)

    def find_source(self, year: str) -> str:
        """Where a year comes from that a date was given: the plan's own, or the one after because it runs over new
        year."""
        return self.turn_from if year != self.year and self.turn_from else self.year_from


def says_validity(folded: str) -> bool:
    """Whether a sentence only says from when until when the paper is in force."""
    return "20" in folded and bool(_IN_FORCE.search(folded) or _UNTIL.search(folded) or _BETWEEN.search(folded))


def _read_validity(lines: list[str]) -> tuple[date | None, date | None]:
    """自…起施行, 至…止; 有效期…: the days between which the paper says that it holds, None where it does not say."""
    folded = "".join(lines)
    if not _HOLDS.search(folded):
        return None, None
    if match := _BETWEEN.search(folded):
        return _make_day(match.groups()[:3]), _make_day(match.groups()[3:])
    opens, closes = _IN_FORCE.search(folded), _UNTIL.search(folded)
    first = _make_day(opens.groups()) if opens else None
    last = _make_day([part for part in closes.groups() if part]) if closes else None
    return (first, last) if not first or not last or first <= last else (None, None)


def _make_day(parts: Sequence[str]) -> date | None:
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def read_frame(text: str, outline: Outline) -> Frame:
    folded = fold(text)
    lines = [drop_blanks(folded[block.span[0] : block.span[1]]).strip("\ufeff") for block in outline.blocks]
    styled = [bool(block.style or block.cell) for block in outline.blocks]
    title, head = _read_title(lines, styled)
    valid = _read_validity(lines)
    figures = [write_figures(line) for line in lines]
    named = write_figures(title)
    year, year_from = _read_year(named, figures, valid)
    month = _MONTH.search(named)
    turn, turn_from = _read_turn(named, figures, year, year_from)
    skip = frozenset(at for at, line in enumerate(figures) if at <= head or _is_frame(line, styled[at]))
    tells = is_report_title(title) or _has_told_subtitle(lines)
    return Frame(
        title, _read_issuer(title, figures), year, year_from, tells, head, skip,
        _read_address(text, title, outline), int(month[1]) if month else 0, valid, turn, turn_from, _read_part(named),
    )  # fmt: skip


def _has_told_subtitle(lines: list[str]) -> bool:
    """——石桥支行下乡侧记 under the first line: a story, whatever the line above it says."""
    return any(line.startswith(("--", "——")) and len(line) <= 40 and is_report_title(line) for line in lines[1:3])


def _read_title(lines: list[str], styled: list[bool]) -> tuple[str, int]:
    """The first lines up to one that names a kind of paper, joined; without such a line, the first line."""
    for at, line in enumerate(lines[:12]):
        if styled[at] and at:
            break
        if _TITLE.search(line) and len(line) <= 60:
            first = _title_start(lines, at)
            return "".join(lines[first : at + 1]), at
    return (lines[0][:80], 0 if len(lines[0]) <= 40 and not lines[0].endswith("。") else -1) if lines else ("", -1)


def _title_start(lines: list[str], at: int) -> int:
    """A title may run over three lines; the lines above it are neither sentences nor the issuer's name alone."""
    first = at
    while (
        first and at - first < 2 and len(lines[first - 1]) <= 40 and not re.search(r"[。:;]$|\d{4}年", lines[first - 1])
    ):
        first -= 1
    if first < at and _ISSUER_TAIL.search(lines[first]):
        first += 1
    return first


def _read_year(title: str, lines: list[str], valid: tuple[date | None, date | None]) -> tuple[str, str]:
    """The year of dates that give none: of the title, of the validity, of the period that the paper names, of its own
    date, of its number, of the first date in it that is no background, of the first year that it sets a goal for."""
    if match := re.search(r"(20\d\d)年?", title):
        return match[1], "title"
    if day := valid[0] or valid[1]:
        return str(day.year), "validity"
    if period := _find_period(lines):
        return period[1], "period"
    if issued := _find_issued(lines):
        return issued[1], "issued"
    if match := _NUMBER.search("\n".join(lines)[:2000]):
        return match[1], "number"
    named = [line for line in lines if "20" in line]
    dated = [found[1] for pattern in (_DATE, _GOAL_YEAR) for line in named for found in _list_undertaken(line, pattern)]
    return (dated[0], "text") if dated else ("XXXX", "")


def _find_issued(lines: list[str]) -> re.Match[str] | None:
    own = [match for line in lines if len(line) <= 60 and (match := _DATE.search(line)) and _is_dateline(line)]
    return own[-1] if own else None


def _find_period(lines: list[str]) -> re.Match[str] | None:
    """The first stretch of days with a year that stands alone or behind 时间, 自, 从, and tells of nothing done."""
    for line in lines:
        if "20" in line and (found := _list_undertaken(line, _PERIOD)):
            return found[0]
    return None


def _list_undertaken(line: str, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """The matches in those sentences of a line that do not tell what was (发案, 通过, 以来)."""
    found = []
    for sentence in _SENTENCE.finditer(line):
        match = pattern.search(sentence[0])
        bare = match and pattern is _PERIOD and match.start(1) == 0
        if match and bare and len(sentence[0]) > match.end() + 8:
            continue  # 2027年10月1日至7日假期内, … is a time in a sentence, and not that of the plan
        if match and not _is_told(sentence[0], match):
            found.append(match)
    return found


def _is_told(sentence: str, year: re.Match[str]) -> bool:
    """Whether the sentence tells what was, or the year is that of a paper which this one follows (按照2025年…要求)."""
    founds = _TOLD.search(sentence) or _ACCORDING.search(sentence, 0, year.start())
    return bool(founds) or is_past(sentence) or is_fact(sentence)


def _read_turn(title: str, lines: list[str], year: str, year_from: str) -> tuple[int, str]:
    """The month with which a stretch over new year begins, and where that is said."""
    if match := _SCHOOL_YEAR.search(title):
        spring = _SPRING_TERM.search(match[0])
        return (0, "") if spring and not match[2] else (9 if spring else 8, "title")
    if _WINTER.search(title):
        return 9, "title"
    period = _find_period(lines)
    if period and (period[4] or (period[3] and int(period[3]) == int(period[1]) + 1)):
        return (max(int(period[2]) - 2, int(period[5]) + 1), "period") if period[1] == year else (0, "")
    if turn := _turn_of_stages(lines):
        return turn, "phases"
    issued = _find_issued(lines)
    late = issued is not None and year_from == "issued" and int(issued[2]) >= 10
    return (int(issued[2]), "issued") if issued and late else (0, "")


def _turn_of_stages(lines: list[str]) -> int:
    """11月, 12月, 1月: the months of the phases go down once, and end before the first one comes again."""
    months = [int(match[1] or match[2]) for line in lines if "月" in line for match in _STAGE_MONTH.finditer(line)]
    drops = [at for at in range(1, len(months)) if months[at] < months[at - 1]]
    return months[0] if len(drops) == 1 and months[0] >= 8 and months[-1] < months[0] else 0


def _read_part(title: str) -> tuple[date | None, date | None]:
    """The stretch that the title names within its year, both days inside; a school year runs to the end of August."""
    year = re.search(r"20\d\d", title)
    if year is None:
        return None, None
    if match := _SCHOOL_YEAR.search(title):
        return _read_school_part(match)
    match = _PART.search(title)
    if match is None:
        return None, None
    first, last = _list_months(match)
    return date(int(year[0]), first, 1), _close_month(int(year[0]), last)


def _list_months(match: re.Match[str]) -> tuple[int, int]:
    if match["half"]:
        return (1, 6) if match["half"] == "上" else (7, 12)
    if match["quarter"]:
        last = ("一二三四".find(match["quarter"]) + 1 or int(match["quarter"])) * 3
        return last - 2, last
    return int(match["month"]), int(match["month"])


def _read_school_part(match: re.Match[str]) -> tuple[date, date]:
    first = int(match[1])
    term = "学期" in match[0]
    if term and _SPRING_TERM.search(match[0]):
        year = int(match[2] or first)
        return date(year, 2, 1), date(year, 8, 31)
    return date(first, 9, 1), date(first + 1, 1, 31) if term else date(first + 1, 8, 31)


def _close_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _is_dateline(line: str) -> bool:
    rest = _DATE.sub("", line)
    return len(rest) <= 6 or bool(_FOOT.search(line)) or bool(re.match(r"\([^()]{0,30}20\d\d年[^()]{0,12}\)?$", line))


def _is_frame(line: str, styled: bool) -> bool:
    """A line that is only a date, a number of a paper, a name under it or a note on publication."""
    if styled:
        return False
    match = _DATE.match(line)
    if match and len(line) <= match.end() + 3 and "-" not in line and "至" not in line:
        return True
    return len(line) <= 90 and not line.rstrip(")").endswith(("。", ";")) and bool(_FOOT.search(line))


def _read_issuer(title: str, lines: list[str]) -> str:
    """The name over the date at the foot of the paper; else the body with which the title begins."""
    for at, line in enumerate(lines[1:], start=1):
        if len(line) <= 14 and _DATE.match(line) and _ISSUER_TAIL.search(lines[at - 1]) and len(lines[at - 1]) <= 40:
            return lines[at - 1]
    match = _ISSUER_HEAD.match(title)
    return match[1] if match else ""


def _read_address(text: str, title: str, outline: Outline) -> tuple[tuple[int, str], ...]:
    """各村、各部门: on a line of its own addresses the letter that follows, up to the next title."""
    found: list[tuple[int, str]] = []
    named = _TO_WHOM.search(title)
    current = named["who"] if named and find_label(named["who"]) else ""
    opened = False
    for at, block in enumerate(outline.blocks[:60]):
        opened = (opened or bool(block.style)) and not found
        line = drop_blanks(text[block.span[0] : block.span[1]])
        if line.endswith((":", "：")) and len(line) <= 80 and find_label(line) and not opened:
            current = line.rstrip(":：")
        elif current and not block.style and len(line) <= 60 and _TITLE.search(line):
            current = ""
        if current:
            found.append((at, current))
    return tuple(found)
